"""PDF from a template and data: tagged for screen readers (PDF/UA-1), fonts embedded, nothing fetched from anywhere."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import typst

from ektp_analysis.errors import StoreError
from ektp_analysis.report.logo import Logo
from ektp_analysis.text import T

FONT = "Source Sans Pro"
FONT_PACKAGE = "font_source_sans_pro"
STANDARD: Literal["ua-1"] = "ua-1"
HERE = Path(__file__).parent


def fonts() -> Path:
    """The folder of the fonts that are embedded.

    Raises:
        StoreError: they are not installed.
    """
    found = find_spec(FONT_PACKAGE)
    folders = [] if found is None else [Path(place) / "files" for place in found.submodule_search_locations or ()]
    for folder in folders:
        if any(folder.glob("SourceSansPro-Regular.*")):
            return folder
    raise StoreError(T("The font {font} is missing, so no PDF can be made; install the program's requirements again.", font=FONT))


def pdf(template: str, data: Mapping[str, Any], pictures: Mapping[str, str], made_at: datetime, logo: Logo | None) -> bytes:
    """The PDF of a template (a file beside this module) with data.json and pictures (name -> SVG) in its folder.

    Raises:
        StoreError: the fonts are missing, the disk is full, or the text cannot be set.
    """
    folder = fonts()
    try:
        with tempfile.TemporaryDirectory(prefix="ektp-") as name:
            place = Path(name)
            for file, drawing in pictures.items():
                (place / file).write_text(drawing, encoding="utf-8")
            if logo is not None:
                (place / "logo.png").write_bytes(logo.png)
            whole = {"font": FONT, "logo": "" if logo is None else "logo.png", **data}
            (place / "data.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
            (place / "main.typ").write_bytes((HERE / template).read_bytes())
            moment = made_at.astimezone(UTC).replace(microsecond=0)
            return bytes(typst.compile(str(place / "main.typ"), root=str(place), font_paths=[str(folder)], timestamp=moment,
                                       ignore_system_fonts=True, pdf_standards=STANDARD))
    except OSError as error:
        raise StoreError(T("The PDF cannot be made: {reason}.", reason=error.strerror or type(error).__name__)) from error
    except typst.TypstError as error:
        raise StoreError(T("The PDF cannot be made: {reason}.", reason=error.message)) from error
