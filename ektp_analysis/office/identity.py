"""The office's name and logo on slides and printed pages, its area and its letters: kept in the data folder, else those of the
settings.

What was entered in the app comes before EKTP_OFFICE_NAME, EKTP_LOGO and EKTP_HOME_AREA, and holds for everyone who uses this
data folder.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ektp_analysis.access import gate
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import LANGUAGES, T
from ektp_analysis.office import kept
from ektp_analysis.report import logo
from ektp_analysis.report.logo import Logo

MOST_LETTERS = 90
_NAME, _LOGO, _HOME = "name.txt", "logo.png", "home_area.txt"
LETTERS: dict[tuple[str, str], str] = {
    (kind, lang): f"letter-{kind}-{lang}.docx" for kind in ("village", "task") for lang in LANGUAGES
}
FILES = (_NAME, _LOGO, _HOME, *LETTERS.values())


@dataclass(frozen=True)
class Identity:
    """Name ('' where none is set) and logo (None: none)."""

    name: str
    logo: Logo | None


def current() -> Identity:
    """The name and the logo that hold now.

    Raises:
        UserError: the logo of the settings is no picture, or cannot be read.
        StoreError: the data folder cannot be read.
    """
    name, picture = kept.read(_NAME), kept.read(_LOGO)
    return Identity(
        settings().office_name if name is None else name.decode("utf-8", "replace"),
        logo.load(settings().logo) if picture is None else logo.read(picture, _LOGO),
    )


def kept_here() -> dict[str, str | None]:
    """What is kept in the data folder, whatever the settings say: name and area as text, of logo and letters the SHA-256; None:
    nothing.

    Raises:
        StoreError: the data folder cannot be read.
    """
    name, home = kept.read(_NAME), kept.read(_HOME)
    return {
        "office_name": None if name is None else name.decode("utf-8", "replace"),
        "logo": _hash(_LOGO),
        "home_area": None if home is None else home.decode("utf-8", "replace"),
        **{Path(file).stem: _hash(file) for file in LETTERS.values()},
    }


def _hash(file: str) -> str | None:
    data = kept.read(file)
    return None if data is None else hashlib.sha256(data).hexdigest()


def stamp() -> tuple[object, ...]:
    """Something that changes when the name or the logo does, had without reading them."""

    def changed(file: str) -> int | None:
        try:
            return (kept.folder() / file).stat().st_mtime_ns
        except OSError:
            return None

    return settings().office_name, settings().logo, changed(_NAME), changed(_LOGO)


def has_own_logo() -> bool:
    """Whether a logo was taken in that can be removed again."""
    return (kept.folder() / _LOGO).is_file()


def keep_name(name: str) -> None:
    """Keep a name, its blanks and control characters mended; an empty one gives way to that of the settings.

    Raises:
        StoreError: the data folder cannot be written.
    """
    written = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:MOST_LETTERS]
    if written:
        kept.write(_NAME, written.encode())
    else:
        kept.remove(_NAME)


def keep_logo(data: bytes, file: str) -> Logo:
    """Keep a logo, drawn as PNG, from the bytes of a PNG or SVG.

    Raises:
        UserError: it is not such a picture, is too large, or asks for something outside of itself.
        StoreError: the data folder cannot be written.
    """
    found = logo.read(data, file)
    kept.write(_LOGO, found.png)
    return found


def remove_logo() -> None:
    """Forget the logo that was taken in; that of the settings holds again."""
    kept.remove(_LOGO)


def home_area() -> str:
    """The area that opens first: what was chosen in the app, else the setting.

    Raises:
        StoreError: the data folder cannot be read.
    """
    chosen = (kept.read(_HOME) or b"").decode("utf-8", "replace").strip()
    return chosen if chosen in register() else settings().home_area


def home_is_chosen() -> bool:
    """Whether somebody said which area opens first, in the app or by the setting."""
    return (kept.folder() / _HOME).is_file() or "home_area" in settings().model_fields_set


def keep_home(area: str) -> None:
    """Keep the area that opens first.

    Raises:
        UserError: it is no area of the register.
        StoreError: the data folder cannot be written.
    """
    if area not in register():
        raise UserError(T("'{text}' is not an area in the register.", text=area[:20]))
    kept.write(_HOME, area.encode())


def who() -> str:
    """Who is recorded with an import: the person who is logged in; in local mode the setting, else the name of the operating
    system's user."""
    return gate.who()
