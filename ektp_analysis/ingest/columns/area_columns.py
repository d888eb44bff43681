"""A cell that holds an area code -> the code in the register, whatever the cell made of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ektp_analysis.core.area import NATION, AreaCode
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.private import region_names
from ektp_analysis.core.text import T
from ektp_analysis.ingest.cells import names, words
from ektp_analysis.ingest.cells.rowkinds import filled, is_number
from ektp_analysis.ingest.columns.table import Table

WIDTHS = (2, 2, 2, 4)  # digits of a code's parts, from the provinsi down
PAPUA = ("91.", "92.")  # until 2022 all of it, in six provinces since
_LEADING = re.compile(r"^\s*(\d{2}[.\d]{3,11}\d)\s*[-–:|]?\s+[A-Za-z]")
_TWO_PARTS = re.compile(r"\d{2}\.\d{1,2}")
_BLANKS = re.compile(r"\d\d(?:[ _]\d\d){1,2}(?:[ _]\d{4})?")  # '75 05 01', as some programs part a code


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """All codes of the register (91,599)."""
    return frozenset(code for code, _ in region_names())


def code_of(value: object) -> str:
    """'75.05.03', '750503', 750503.0, '7505032001', 75.05 -> the dotted code, which exists.

    A workbook's number 75.1 is 75.10, for its last zero is not kept.

    Raises:
        UserError: no code, or none that the register knows.
    """
    if value in known():
        return str(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value == int(value):
            text = str(int(value))
        elif 11 < value < 100 and round(value, 2) == value:
            text = f"{value:.2f}"
        else:
            text = repr(value)
    else:
        text = str(value).strip().strip("'`’").strip().replace("\u00a0", "")
        text = re.sub(r"(?<=\d)\.0$", "", text) if text.count(".") == 1 and not _TWO_PARTS.fullmatch(text) else text
        text = re.sub(r"\s*([.\-/])\s*", ".", text).rstrip(".") if text[:1].isdigit() else text
    text = re.sub("[ _]", ".", text) if _BLANKS.fullmatch(text) else text
    code = str(AreaCode.parse(text))
    if code != NATION and code not in known():
        if code.startswith(PAPUA):
            raise UserError(T("the code {code} is not in the register of areas; codes of Papua changed in 2022.", code=code))
        raise UserError(T("the code {code} is not in the register of areas.", code=code))
    return code


def part(cell: object) -> str | None:
    """The digits of a part of a code: 5.0 -> '5', "'05" -> '05'; None where it is none."""
    if isinstance(cell, bool) or not filled(cell):
        return None
    if isinstance(cell, (int, float)):
        return str(int(cell)) if cell == int(cell) and 0 <= cell < 10**10 else None
    text = str(cell).strip().strip("'`").strip()
    text = text[:-2] if text.endswith(".0") else text
    return text if text.isascii() and text.isdigit() and len(text) <= 10 else None


def joined(parts: Sequence[str | None]) -> str | None:
    """Parts from the provinsi down -> a code of the register; a part may be the whole code up to its level."""
    code = ""
    for level, text in enumerate(parts):
        if text is None or (text.strip("0") == "" and level):
            return None
        width, full = WIDTHS[level], sum(WIDTHS[: level + 1])
        if len(text) == full and level:
            digits = text
            cuts = [digits[sum(WIDTHS[:i]) : sum(WIDTHS[: i + 1])] for i in range(level + 1)]
            if code and ".".join(cuts[:-1]) != code:
                return None
            code = ".".join(cuts)
        elif len(text) <= width:
            code = f"{code}.{text.zfill(width)}" if code else text.zfill(width)
        else:
            return None
    return code if code in known() else None


def whole_code(cell: object) -> str | None:
    """A cell's whole code, if the register has it."""
    if not filled(cell) or isinstance(cell, bool):
        return None
    if isinstance(cell, str) and (leading := _LEADING.match(cell)):
        cell = leading.group(1)
    try:
        return code_of(cell)
    except UserError:
        return None


SAMPLE = 400  # body rows that are looked at

# Whole codes, as shares of a column's cells
CODE_LIKE = 0.5  # half of the filled cells look like a code: rows of totals and notes show none
CODES_KNOWN = 0.9  # of these the register knows nearly all, for any number of four digits may be a code by chance
CODES_KNOWN_NAMED = 0.6  # fewer where the header says so and they are as deep as a kecamatan: offices keep codes that lapsed
CODES_DOTTED = 0.8  # dots in that many prove a code without a header
CODES_APART, FEWEST_CODES, DEEP = 0.5, 3, 2  # so do different ones, of so many, as deep as a kecamatan (dots)

# Split codes
PARTS_FILLED = 0.5  # a column of parts may be filled once per block
PARTS_JOIN = 0.8  # of the rows that show all parts four of five are a code of the register
PARTS_WHOLE = 0.5  # and half of all rows show all parts
PARTS_BESIDE = 0.8  # a column of parts beside a column of provinsi codes, which then is a part itself

# Names
TEXTS = 0.3  # a column of names may be filled once per block
NAMES_ELSEWHERE, NAMES_HERE = 0.2, 0.7  # a header's level is wrong if the register has hardly a name there, but most at another
NAMES_KNOWN = 0.6  # without a header that says the level, the register has most names at one
NAMES_NEAR = 0.1  # levels that far apart are told apart by other signs

_LEVELS = (1, 2, 3, 4)
_LIKELIEST = (3, 2, 1, 4)  # where names fit several levels as well: a desa is called like its kecamatan, seldom the reverse


@dataclass(frozen=True)
class AreaColumns:
    """``whole``: column of whole codes; ``parts``: level -> column of a part of the code; ``names``: level -> column;
    ``mixed``: column whose names are of several levels. -1 and {} where there is none."""

    whole: int = -1
    parts: Mapping[int, int] = field(default_factory=dict)
    names: Mapping[int, int] = field(default_factory=dict)
    mixed: int = -1

    @property
    def used(self) -> frozenset[int]:
        """All columns that say something of the area."""
        return frozenset({self.whole, self.mixed, *self.parts.values(), *self.names.values()} - {-1})


class _Sampled(NamedTuple):
    """What is looked at: the first body rows, their filled cells by column, and the columns of BPS, which are left."""

    headers: Sequence[Sequence[str]]
    rows: Sequence[Sequence[object]]
    cells: Sequence[Sequence[object]]
    bps: frozenset[int]


def find(table: Table) -> AreaColumns:
    """The area columns of a table."""
    seen = _sampled(table)
    whole = _whole(seen)
    dotted = whole >= 0 and any("." in (whole_code(cell) or "") for cell in seen.cells[whole])
    chain = [] if dotted else under_one_header(table)
    parts = {} if dotted else (dict(enumerate(chain, 1)) if chain and _joins(seen.rows, chain) else _parts(seen))
    whole = -1 if len(parts) > 1 or whole in chain else whole
    taken = {whole, *parts.values()} | seen.bps
    texts = {place: found for place in range(len(seen.cells)) if place not in taken and (found := _area_texts(seen, place))}
    mixed = next((place for place in texts if _is_mixed(words.level_of(seen.headers[place]))), -1)
    by_level = _names_by_level(seen, texts)
    return AreaColumns(whole, parts, by_level, -1 if {3, 4} <= by_level.keys() else mixed)


def _names_by_level(seen: _Sampled, texts: Mapping[int, Sequence[str]]) -> dict[int, int]:
    """Level -> column of names, of several the one of which the register has most."""
    best: dict[int, tuple[int, float]] = {}
    for place, found in texts.items():
        level, share = _level_of_names(seen.headers[place], found)
        if level and (level not in best or share > best[level][1]):
            best[level] = place, share
    return {level: place for level, (place, _) in best.items()}


def _sampled(table: Table) -> _Sampled:
    rows, width = table.rows[:SAMPLE], range(len(table.headers))
    cells = [[row[place] for row in rows if filled(row[place])] for place in width]
    return _Sampled(table.headers, rows, cells, frozenset(place for place in width if words.is_bps(table.headers[place])))


def _is_count(header: Sequence[str]) -> bool:
    """Whether a header names a count of recording."""
    return words.meaning(header).measure in (words.ELIGIBLE, words.RECORDED, words.UNRECORDED)


def _area_texts(seen: _Sampled, place: int) -> list[str]:
    """The texts of a column that may be names of areas; [] where it is a column of something else."""
    cells = seen.cells[place]
    texts = [cell for cell in cells if isinstance(cell, str) and not is_number(cell) and not words.TOTAL_ROW.search(cell)]
    return [] if len(texts) < max(1, TEXTS * len(cells)) or _is_count(seen.headers[place]) else texts


def _is_mixed(levels: Sequence[int]) -> bool:
    """Whether a header names levels whose areas stand below each other in one column."""
    return tuple(levels) == (3, 4) or {2, 3} <= set(levels)


def _level_of_names(header: Sequence[str], texts: Sequence[str]) -> tuple[int, float]:
    """The level of a column's names (0 where none is likely), and the share of them that the register has there."""
    levels = words.level_of(header)
    if _is_mixed(levels):
        return 0, 0.0
    shares = {level: _share(texts, level) for level in _LEVELS}
    best = max(shares, key=lambda one: shares[one])
    if levels:
        elsewhere = shares[levels[0]] < NAMES_ELSEWHERE and shares[best] > NAMES_HERE
        level = best if elsewhere else levels[0]
        return level, shares[level]
    if shares[best] < NAMES_KNOWN:
        return 0, 0.0
    level = _best_level(texts, shares)
    return level, shares[level]


def _best_level(texts: Sequence[str], shares: Mapping[int, float]) -> int:
    """Of the levels that fit about as well: the one whose word most texts bear, then several kabupaten, then the likeliest."""
    best = max(shares.values())
    near = [level for level, share in shares.items() if share >= best - NAMES_NEAR]
    for level in near:
        if level > 1 and sum(words.level_of([text]) == (level,) for text in texts) * 2 > len(texts):
            return level
    several = 1 not in near and len(set(texts)) > 1 and shares[2] > shares[3]
    return next(level for level in ((2,) if several else ()) + _LIKELIEST if level in near)


def _share(texts: Sequence[str], level: int) -> float:
    """How much of the distinct names the register has at a level, anywhere in the country."""
    distinct = set(texts)
    return sum(_is_name(text, level) for text in distinct) / len(distinct)


def _is_name(text: str, level: int) -> bool:
    if level == 1:
        return names.compact(text, 1) in names.keyed("")[0]
    if level == 2:
        return names.regency(text)[1] in names.everywhere(2)
    return names.compact(text, level) in names.everywhere(level) or names.loose(text, level) in names.loosely(level)


def _whole(seen: _Sampled) -> int:
    """The column of whole codes, of several the one whose codes go deepest; -1 where there is none."""
    depths = {place: depth for place in range(len(seen.cells)) if (depth := _code_depth(seen, place)) is not None}
    if not depths:
        return -1
    best = max(depths, key=lambda place: depths[place])
    return best if depths[best] >= 1 or _alone(seen, best) else -1


def _code_depth(seen: _Sampled, place: int) -> float | None:
    """The mean number of dots of a column's codes (0 for a provinsi), None where it is no column of whole codes."""
    header = seen.headers[place]
    candidates = [] if place in seen.bps or _is_count(header) else list(filter(_like_code, seen.cells[place]))
    if not candidates or len(candidates) < CODE_LIKE * len(seen.cells[place]):
        return None
    codes = list(filter(None, map(whole_code, candidates)))
    depth = sum(code.count(".") for code in codes) / max(1, len(codes))
    named = words.is_code(header) or bool(words.level_of(header))
    enough = CODES_KNOWN_NAMED if named and depth >= DEEP else CODES_KNOWN
    if not depth and words.is_row_number(header):
        return None  # the twelfth row is not the provinsi of code 12
    proven = named or (depth >= 1 and (_is_dotted(candidates) or _tell_apart(codes, depth)))
    return depth if proven and len(codes) >= enough * len(candidates) else None


def _like_code(cell: object) -> bool:
    """Whether a cell begins as a code does: a number, a digit, or the mark by which a number is kept as text."""
    return is_number(cell) or (isinstance(cell, str) and (cell.strip()[:1].isdigit() or cell.strip()[:1] == "'"))


def _is_dotted(candidates: Sequence[object]) -> bool:
    return sum(isinstance(cell, str) and "." in cell for cell in candidates) > CODES_DOTTED * len(candidates)


def _tell_apart(codes: Sequence[str], depth: float) -> bool:
    return depth >= DEEP and len(codes) >= FEWEST_CODES and len(set(codes)) >= CODES_APART * len(codes)


def _alone(seen: _Sampled, place: int) -> bool:
    """Whether a column of provinsi codes is the only code column (else it is a part of a split code)."""
    return not any(
        other != place
        and words.is_code(seen.headers[other])
        and words.level_of(seen.headers[other])
        and sum(part(cell) is not None for cell in cells) > PARTS_BESIDE * len(cells)
        for other, cells in enumerate(seen.cells)
    )


def holds_parts(cells: Sequence[object]) -> bool:
    """Whether so many of a column's cells may be parts of codes that it is a column of them."""
    shown = [cell for cell in cells[:SAMPLE] if filled(cell)]
    return bool(shown) and sum(part(cell) is not None for cell in shown) >= PARTS_FILLED * len(shown)


def under_one_header(table: Table) -> list[int]:
    """A column of parts that is called one of codes, and those right of it that share its header or have none; [] where there is
    none beside it."""
    for first, path in enumerate(table.headers):
        if not words.is_code(path) or words.is_row_number(path) or words.is_bps(path) or words.meaning(path).measure:
            continue
        chain = [first]
        while len(chain) < len(WIDTHS) and chain[-1] + 1 < len(table.headers) and table.headers[chain[-1] + 1] in ((), path):
            chain.append(chain[-1] + 1)
        if len(chain) > 1 and all(holds_parts(table.columns[place].all) for place in chain):
            return chain
    return []


def _parts(seen: _Sampled) -> dict[int, int]:
    """Level -> column of a split code; {} where there is none."""
    numeric = [
        place
        for place, cells in enumerate(seen.cells)
        if cells and place not in seen.bps and sum(part(cell) is not None for cell in cells) >= PARTS_FILLED * len(cells)
    ]
    named: dict[int, int] = {}
    for place in numeric:
        levels = words.level_of(seen.headers[place])
        if len(levels) == 1 and not words.meaning(seen.headers[place]).measure:
            named.setdefault(levels[0], place)
    return next((found for rule in _PART_RULES if (found := rule(seen, numeric, named))), {})


def _parts_by_headers(seen: _Sampled, _: Sequence[int], named: Mapping[int, int]) -> dict[int, int]:
    """Headers name every part from the provinsi down, and the parts join."""
    for depth in (4, 3, 2):
        chain = [named.get(level, -1) for level in range(1, depth + 1)]
        if -1 not in chain and _joins(seen.rows, chain):
            return dict(enumerate(chain, start=1))
    return {}


def _whole_in_last(seen: _Sampled, _: Sequence[int], named: Mapping[int, int]) -> dict[int, int]:
    """The header names a part, but its cells are whole codes."""
    depths = (depth for depth in (4, 3) if depth in named and _joins_whole(seen.rows, named[depth], depth))
    return next(({depth: named[depth]} for depth in depths), {})


def _parts_in_a_row(seen: _Sampled, numeric: Sequence[int], _: Mapping[int, int]) -> dict[int, int]:
    """A run of columns that begins with provinsi and whose cells join, one column (the row's number, a name) left out."""
    for position, first in enumerate(numeric):
        texts = [text for text in map(part, seen.cells[first]) if text is not None]
        if not all(text.zfill(2) in names.children("") for text in texts):
            continue
        rest = numeric[position:]
        for depth, shift in itertools.product((4, 3), (0, 1)):
            chain = [first, *rest[1 + shift : depth + shift]]
            if len(chain) == depth and _joins(seen.rows, chain):
                return dict(enumerate(chain, start=1))
    return {}


def _parts_below(_: _Sampled, __: Sequence[int], named: Mapping[int, int]) -> dict[int, int]:
    """Headers name a kecamatan's and a desa's part; the kecamatan's may be its whole code."""
    return {level: named[level] for level in (3, 4)} if {3, 4} <= named.keys() else {}


_PartRule = Callable[[_Sampled, Sequence[int], Mapping[int, int]], dict[int, int]]
_PART_RULES: tuple[_PartRule, ...] = (_parts_by_headers, _whole_in_last, _parts_in_a_row, _parts_below)  # strongest first


def _joins(rows: Sequence[Sequence[object]], chain: Sequence[int]) -> bool:
    parts = [[part(row[place]) for place in chain] for row in rows]
    whole = [texts for texts in parts if None not in texts]
    codes = sum(joined(texts) is not None for texts in whole)
    return bool(whole) and codes >= PARTS_JOIN * len(whole) and len(whole) >= PARTS_WHOLE * len(rows)


def _joins_whole(rows: Sequence[Sequence[object]], place: int, depth: int) -> bool:
    texts = [text for text in (part(row[place]) for row in rows) if text is not None]
    full = sum(WIDTHS[:depth])
    codes = sum(len(text) == full and whole_code(text) is not None for text in texts)
    return bool(texts) and codes >= PARTS_JOIN * len(texts)
