"""PDF from a template and data: tagged for screen readers (PDF/UA-1), fonts embedded, nothing fetched from anywhere."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
PARTS = "parts.typ"  # what the templates share
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


def set_pdf(template: str, data: Mapping[str, Any], pictures: Mapping[str, str], made_at: datetime, logo: Logo | None) -> bytes:
    """The PDF of a template (a file beside this module) with data.json and pictures (name -> SVG) in its folder.

    Raises:
        StoreError: the fonts are missing, the disk is full, or the text cannot be set.
    """
    moment = made_at.astimezone(UTC).replace(microsecond=0)
    with _folder(template, data, pictures, logo) as (main, root, font):
        return bytes(typst.compile(main, root=root, font_paths=[font], timestamp=moment, ignore_system_fonts=True,
                                   pdf_standards=STANDARD))


def set_pngs(template: str, data: Mapping[str, Any], pictures: Mapping[str, str], logo: Logo | None, *, ppi: int) -> list[bytes]:
    """The pages of the same as pictures, ``ppi`` pixels an inch.

    Raises:
        StoreError: as for :func:`set_pdf`.
    """
    with _folder(template, data, pictures, logo) as (main, root, font):
        found: Any = typst.compile(main, root=root, font_paths=[font], ignore_system_fonts=True, format="png", ppi=float(ppi))
        return [bytes(one) for one in found] if isinstance(found, list) else [bytes(found)]


@contextmanager
def _folder(template: str, data: Mapping[str, Any], pictures: Mapping[str, str],
            logo: Logo | None) -> Iterator[tuple[str, str, str]]:
    """A folder with all that the template needs: its main file, itself, the folder of the fonts."""
    font = fonts()
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
            (place / PARTS).write_bytes((HERE / PARTS).read_bytes())
            yield str(place / "main.typ"), str(place), str(font)
    except OSError as error:
        raise StoreError(T("The PDF cannot be made: {reason}.", reason=error.strerror or type(error).__name__)) from error
    except typst.TypstError as error:
        raise StoreError(T("The PDF cannot be made: {reason}.", reason=error.message)) from error
