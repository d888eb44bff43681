"""Codes that a file holds in pieces: KDPROV, KDKAB, KDKEC or PROVNO, KABKOTNO, KECNO, as text or as numbers without zeros."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from ektp_analysis.area import Level

System = Literal["kemendagri", "bps"]
WIDTHS: dict[System, tuple[int, ...]] = {"kemendagri": (2, 2, 2, 4), "bps": (2, 2, 3, 3)}
LEVELS = (Level.PROVINSI, Level.KABUPATEN, Level.KECAMATAN, Level.DESA)
FILLED = 0.8  # of the rows must have a number in a column of pieces; the rest are pseudo-areas
_WORDS = ("PROV(?:INSI)?|PROP(?:INSI)?", "KAB(?:UPATEN|KOTA?)?|KOTA?", "KEC(?:AMATAN)?|DISTRIK",
          "DESA(?:KEL)?|DESKEL|KEL(?:URAHAN)?")
_HEADERS = tuple(re.compile(f"(?:KD|KODE|NO|ID)?(?:{words})(?:NO|KD|KODE|ID)?") for words in _WORDS)


@dataclass(frozen=True)
class Split:
    """Columns from the province down, and the codes that they make together ('' where a piece is missing)."""

    names: tuple[str, ...]
    level: Level
    system: System
    codes: tuple[str, ...]


def find(rows: Any) -> tuple[Split, ...]:
    """The codes that the pieces make, in each system in which they fit; () where there are no pieces."""
    chain = _chain(rows)
    if len(chain) < 2 or _whole(chain[-1].pieces, len(chain) - 1):
        return ()
    used = [column.pieces for column in chain]
    names = tuple(column.name for column in chain if column.name)
    systems: tuple[System, ...] = ("kemendagri", "bps") if len(chain) > 2 else ("kemendagri",)  # the same four digits in both
    made = [Split(names, LEVELS[len(chain) - 1], system, tuple(_code(pieces, system) for pieces in zip(*used, strict=True)))
            for system in systems if _fits(used, system)]
    return tuple(one for one in made if any(one.codes))


@dataclass(frozen=True)
class _Pieces:
    """A column that holds the pieces of one level; without a name where no column does."""

    name: str
    pieces: Sequence[str]


def _chain(rows: Any) -> list[_Pieces]:
    """The columns from the province down, as far as they go without a gap; the province itself may be missing."""
    numbers = {str(name): [piece(value) for value in rows[name]] for name in rows.columns.drop(rows.geometry.name)
               if any(header.fullmatch(_letters(name)) for header in _HEADERS)}
    filled = {name: values for name, values in numbers.items() if sum(map(bool, values)) >= FILLED * len(values) > 0}
    found: list[_Pieces] = []
    for header in _HEADERS:
        name = next((name for name in filled if header.fullmatch(_letters(name))), "")
        if found and not name:
            break
        found.append(_Pieces(name, filled.get(name, [""] * len(rows))))
    return found


def piece(value: object) -> str:
    """The digits of a piece as they are written: '010', '5' of 5.0; '' where it is none."""
    text = str(int(value)) if isinstance(value, float) and value == value and value.is_integer() else str(value).strip()
    text = re.sub(r"\.0+$", "", text)
    return text if text.isascii() and text.isdigit() and len(text) <= 10 else ""


def _letters(name: object) -> str:
    return re.sub(r"[^A-Z]", "", str(name).upper())


def _whole(values: Sequence[str], place: int) -> bool:
    """Whether the column holds the whole code of its level, not only its piece."""
    lengths = pd.Series([len(value) for value in values if value])
    return bool((lengths >= sum(WIDTHS["kemendagri"][:place + 1])).mean() > 0.5)


def _fits(used: Sequence[Sequence[str]], system: System) -> bool:
    """Whether the pieces of the last two levels are no longer than the system's, and not padded to another width."""
    for place, values in enumerate(used):
        width = WIDTHS[system][place]
        own = [len(value) for value in values if value and len(value) < 5]
        padded = any(value.startswith("0") for value in values)
        if own and not _whole(values, place) and (max(own) > width or (padded and max(own) < width)):
            return False
    return True


def _code(pieces: Sequence[str], system: System) -> str:
    code = ""
    for place, value in enumerate(pieces):
        width = WIDTHS[system][place]
        above = sum(WIDTHS[system][:place])
        if len(value) > width and len(value) == above + width:
            code = value  # a column that holds the whole code of its level
        elif not value and any(pieces[place + 1:]) and not code:
            continue  # a level that a later column holds whole
        elif not value or len(value) > width or len(code) != above:
            return ""
        else:
            code += value.zfill(width)
    return code
