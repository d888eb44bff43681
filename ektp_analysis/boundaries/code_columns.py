"""Which column of a file of boundaries holds the codes, which the names; codes in pieces (KDPROV, KDKAB, KDKEC) put together."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

import pandas as pd

from ektp_analysis.boundaries import national
from ektp_analysis.core.area import AreaCode, Level, register
from ektp_analysis.core.settings import KECAMATAN, NATIONAL

System = Literal["kemendagri", "bps"]
WIDTHS: dict[System, tuple[int, ...]] = {"kemendagri": (2, 2, 2, 4), "bps": (2, 2, 3, 3)}
LEVELS = (Level.PROVINSI, Level.KABUPATEN, Level.KECAMATAN, Level.DESA)
FILLED = 0.8  # of the rows must have a number in a column of pieces; the rest are pseudo-areas
_WORDS = (
    "PROV(?:INSI)?|PROP(?:INSI)?",
    "KAB(?:UPATEN|KOTA?)?|KOTA?",
    "KEC(?:AMATAN)?|DISTRIK",
    "DESA(?:KEL)?|DESKEL|KEL(?:URAHAN)?",
)
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
    made = [
        Split(names, LEVELS[len(chain) - 1], system, tuple(_code(pieces, system) for pieces in zip(*used, strict=True)))
        for system in systems
        if _fits(used, system)
    ]
    return tuple(one for one in made if any(one.codes))


@dataclass(frozen=True)
class _Pieces:
    """A column that holds the pieces of one level; without a name where no column does."""

    name: str
    pieces: Sequence[str]


def _chain(rows: Any) -> list[_Pieces]:
    """The columns from the province down, as far as they go without a gap; the province itself may be missing."""
    numbers = {
        str(name): [piece(value) for value in rows[name]]
        for name in rows.columns.drop(rows.geometry.name)
        if any(header.fullmatch(_letters(name)) for header in _HEADERS)
    }
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
    return bool((lengths >= sum(WIDTHS["kemendagri"][: place + 1])).mean() > 0.5)


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
        elif not value and any(pieces[place + 1 :]) and not code:
            continue  # a level that a later column holds whole
        elif not value or len(value) > width or len(code) != above:
            return ""
        else:
            code += value.zfill(width)
    return code


_LEVEL_OF_DIGITS = {2: Level.PROVINSI, 4: Level.KABUPATEN, 6: Level.KECAMATAN, 7: Level.KECAMATAN, 10: Level.DESA}
_CUTS = {2: (2,), 4: (2, 4), 6: (2, 4, 6), 10: (2, 4, 6, 10)}
_KIND = re.compile(r"^(provinsi|kabupaten|kab|kota administrasi|kota adm|kota|kecamatan|kec|distrik|desa|kelurahan|kel)\b\.?\s*")
_CODED = 0.8  # a code column may have this share of codes at least; the rest are pseudo-areas


@dataclass(frozen=True)
class CodeColumn:
    """A column that holds codes: of which level, in which system, and the share of its rows that the register knows.

    ``pieces`` are the columns that hold the code in pieces; ``name`` then lists them.
    """

    name: str
    level: Level
    system: System
    known: float
    pieces: tuple[str, ...] = ()

    def written(self, rows: Any) -> list[str]:
        """The digits of the code of each row; '' where it has none."""
        if not self.pieces:
            return [digits(value) for value in rows[self.name]]
        return list(next(found.codes for found in find(rows) if found.system == self.system))


@lru_cache(maxsize=1)
def bps_codes() -> Mapping[str, str]:
    """BPS code -> Kemendagri code, of the areas whose pair is on file: the kecamatan of 2020 that are kecamatan of today."""
    with KECAMATAN.open(encoding="utf-8", newline="") as file:
        own = {row["bps_code"]: row["code"] for row in csv.DictReader(file)}
    return {**national.outlines().bps, **own} if NATIONAL.is_file() else own


@lru_cache(maxsize=1)
def bps_parents() -> Mapping[str, str]:
    """BPS code of a kabupaten -> its Kemendagri code, where the pairs of all its kecamatan say the same."""
    found: dict[str, set[str]] = {}
    for theirs, ours in bps_codes().items():
        found.setdefault(theirs[:4], set()).add(ours[:5])
    return {theirs: next(iter(ours)) for theirs, ours in found.items() if len(ours) == 1}


def digits(value: object) -> str:
    """The digits of a code as files write it: 'ID7505030', '75.05.03', 750503.0, '750503.0'; '' where it is none."""
    text = str(value).strip().upper()
    if isinstance(value, float):
        text = str(int(value)) if value == value and value.is_integer() else ""
    text = re.sub(r"^(\d+)\.0$", r"\1", re.sub(r"^ID(?=\d)", "", text)).replace(".", "").replace(" ", "")
    return text if text.isascii() and text.isdigit() and len(text) in _LEVEL_OF_DIGITS else ""


def dotted(code: str) -> str:
    """'750503' -> '75.05.03'."""
    cuts = (0, *_CUTS[len(code)])
    return ".".join(code[a:b] for a, b in pairwise(cuts))


def plain(name: object) -> str:
    """A name without the word of its kind, its case and all that is not a letter or a digit."""
    text = re.sub(r"\s+", " ", str(name)).strip().lower()
    return re.sub(r"[^a-z0-9]", "", _KIND.sub("", text))


def code_columns(rows: Any, *, level: Level | None = None) -> list[CodeColumn]:
    """The columns that hold codes, the best first: the smallest areas, then Kemendagri before BPS, then the best known."""
    pieces = find(rows)
    found = [
        _code_column("+".join(one.names), len(next(filter(None, one.codes))), [code for code in one.codes if code], one)
        for one in pieces
        if level is None or one.level is level
    ]
    if len(found) == 2:  # the pieces fit both systems: the register decides
        found = [found[0] if found[0].known >= 0.5 else found[1]]
    taken = {name for one in pieces for name in one.names[1:]}
    found += [
        column
        for name in rows.columns.drop(rows.geometry.name)
        if name not in taken and (column := _whole_codes(rows, name, level)) is not None
    ]
    return sorted(found, key=lambda c: (-c.level, c.system == "bps", -c.known, c.name))


def _whole_codes(rows: Any, name: Any, level: Level | None) -> CodeColumn | None:
    """A column that holds whole codes, nearly all of one length and of the level that is asked for; else None."""
    values = [written for written in (digits(value) for value in rows[name]) if written]
    if not values:
        return None
    length = int(pd.Series([len(value) for value in values]).mode()[0])
    codes = [value for value in values if len(value) == length]
    if len(codes) < _CODED * len(rows) or (level is not None and _LEVEL_OF_DIGITS[length] is not level):
        return None
    return _code_column(str(name), length, codes)


def mixed(rows: Any) -> str:
    """The column that holds codes of both systems, six digits and seven; '' where there is none."""
    for name in rows.columns.drop(rows.geometry.name):
        lengths = [len(digits(value)) for value in rows[name]]
        if sum(length in (6, 7) for length in lengths) >= _CODED * len(lengths) and {6, 7} <= set(lengths):
            return str(name)
    return ""


def _code_column(name: str, length: int, codes: Sequence[str], pieces: Split | None = None) -> CodeColumn:
    known = register()
    if pieces is not None:
        share = sum(code in bps_codes() if pieces.system == "bps" else dotted(code) in known for code in codes) / len(codes)
        return CodeColumn(name, pieces.level, pieces.system, share, pieces.names)
    mine = 0.0 if length == 7 else sum(dotted(code) in known for code in codes) / len(codes)
    if length == 7 or (length == 10 and mine < 0.5):
        theirs = sum(code in bps_codes() for code in codes) / len(codes)
        return CodeColumn(name, _LEVEL_OF_DIGITS[length], "bps", theirs)
    return CodeColumn(name, _LEVEL_OF_DIGITS[length], "kemendagri", mine)


def name_column(rows: Any, codes: Sequence[str | None], skip: Iterable[str] = ()) -> str:
    """The text column that agrees most often with the register's names of the codes, those of kabupaten also read as codes of
    BPS; '' where none agrees at all.

    Without codes: the column whose values are most often names of areas of any level.
    """
    known = register()
    meant = [{code, bps_parents().get(code.replace(".", ""), code)} if code else set() for code in codes]
    expected = [{plain(known.name(code)) for code in both} for both in meant]
    best, share = "", 0.0
    for name in rows.columns.drop([rows.geometry.name, *skip]):
        if not pd.api.types.is_string_dtype(rows[name]) and rows[name].dtype != object:
            continue
        pairs = [(plain(value), want) for value, want in zip(rows[name], expected, strict=True) if want]
        agree = sum(value in want for value, want in pairs) / max(len(pairs), 1)
        if agree > share:
            best, share = str(name), agree
    return best or _named(rows, skip)


def label(rows: Any, place: int) -> str:
    """How a row is called in a sentence: its number in the file from 1, and what its column of names says."""
    named = _named(rows, ())
    name = str(rows[named].iloc[place]).strip()[:40] if named else ""
    return f"{int(rows.index[place]) + 1} {name}".strip()


def _named(rows: Any, skip: Iterable[str]) -> str:
    """The column whose header says that it holds names."""
    words = re.compile(r"nama|name|namobj|nmkec|nmdesa|wadmk|adm\d_(en|id)|kecamatan|desa|kelurahan", re.IGNORECASE)
    taken = {*skip, rows.geometry.name}
    named = [str(name) for name in rows.columns if name not in taken and words.search(str(name))]
    return named[-1] if named else ""


def by_name(name: str, parent: str, level: Level) -> str | None:
    """The one area of ``level`` in ``parent`` with this name, or None: a suggestion, never a join."""
    known = register()
    inside = [parent]
    while inside and AreaCode(inside[0]).level < level - 1:
        inside = [child for code in inside for child in known.children(code)]
    found = [code for outer in inside for code in known.children(outer) if plain(known.name(code)) == plain(name)]
    return found[0] if len(found) == 1 else None
