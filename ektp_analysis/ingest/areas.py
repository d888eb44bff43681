"""Which columns of a table say the area: codes whole or split, names by level. Judged by the register, then by words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ektp_analysis.errors import UserError
from ektp_analysis.ingest import names, words
from ektp_analysis.ingest.areacodes import code_of, known
from ektp_analysis.ingest.rowkinds import filled, is_number
from ektp_analysis.ingest.table import Table

SAMPLE = 400
_WIDTHS = (2, 2, 2, 4)
_LEADING = re.compile(r"^\s*(\d{2}[.\d]{3,11}\d)\s*[-–:|]?\s+[A-Za-z]")


@dataclass(frozen=True)
class AreaColumns:
    """``whole``: column of whole codes; ``parts``: level -> column of a part of the code; ``names``: level -> column;
    ``mixed``: column whose names are of several levels. -1 and {} where there is none."""

    whole: int = -1
    parts: dict[int, int] = field(default_factory=dict)
    names: dict[int, int] = field(default_factory=dict)
    mixed: int = -1

    @property
    def used(self) -> frozenset[int]:
        """All columns that say something of the area."""
        return frozenset({self.whole, self.mixed, *self.parts.values(), *self.names.values()} - {-1})


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
        width, full = _WIDTHS[level], sum(_WIDTHS[: level + 1])
        if len(text) == full and level:
            digits = text
            cuts = [digits[sum(_WIDTHS[:i]) : sum(_WIDTHS[: i + 1])] for i in range(level + 1)]
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


def find(table: Table) -> AreaColumns:
    """The area columns of a table."""
    width, sample = len(table.headers), table.rows[:SAMPLE]
    columns = [[row[place] for row in sample if filled(row[place])] for place in range(width)]
    bps = {place for place in range(width) if words.is_bps(table.headers[place])}
    whole = _whole(table, columns, bps)
    parts = (
        {}
        if whole >= 0 and any("." in (whole_code(cell) or "") for cell in columns[whole])
        else _parts(table, sample, columns, bps)
    )
    whole = -1 if len(parts) > 1 else whole
    taken = {whole, *parts.values()} | bps
    by_level: dict[int, int] = {}
    mixed = -1
    scores: dict[int, float] = {}
    for place, cells in enumerate(columns):
        texts = [
            str(cell) for cell in cells if isinstance(cell, str) and not is_number(cell) and not words.TOTAL_ROW.search(cell)
        ]
        if place in taken or len(texts) < max(1, 0.3 * len(cells)) or not texts:
            continue
        if words.meaning(table.headers[place]).measure in (words.ELIGIBLE, words.RECORDED, words.UNRECORDED):
            continue
        levels = words.level_of(table.headers[place])
        shares = {level: _share(texts, level) for level in (1, 2, 3, 4)}
        level = 0
        if (len(levels) == 2 and levels == (3, 4)) or (2 in levels and 3 in levels):
            if mixed < 0:
                mixed = place
            continue
        if levels:
            level = levels[-1] if len(levels) == 1 else levels[0]
            if shares[level] < 0.2 and max(shares.values()) > 0.7:
                level = max(shares, key=lambda one: shares[one])
        elif max(shares.values()) >= 0.6:
            level = _best_level(texts, shares)
        if level and (level not in by_level or shares[level] > scores[level]):
            by_level[level], scores[level] = place, shares[level]
    if mixed >= 0 and by_level.get(3) is not None and by_level.get(4) is not None:
        mixed = -1
    return AreaColumns(whole, parts, by_level, mixed)


def _best_level(texts: Sequence[str], shares: dict[int, float]) -> int:
    best = max(shares.values())
    near = [level for level, share in shares.items() if share >= best - 0.1]
    explicit = [
        level
        for level in near
        if level in (2, 3, 4) and sum(words.level_of([text]) == (level,) for text in texts) * 2 > len(texts)
    ]
    if explicit:
        return explicit[0]
    return (
        2
        if 2 in near and 1 not in near and len(set(texts)) > 1 and shares[2] > shares.get(3, 0)
        else next((level for level in (3, 2, 1, 4) if level in near), near[0])
    )


def _share(texts: Sequence[str], level: int) -> float:
    """How much of the distinct names the register has at a level, anywhere in the country."""
    distinct = set(texts)
    if level == 1:
        keys, _ = names.keyed("")
        hits = sum(names.compact(text, 1) in keys for text in distinct)
    elif level == 2:
        hits = sum(names.regency(text)[1] in names.everywhere(2) for text in distinct)
    else:
        hits = sum(
            names.compact(text, level) in names.everywhere(level) or names.loose(text, level) in names.loosely(level)
            for text in distinct
        )
    return hits / len(distinct)


def _whole(table: Table, columns: Sequence[Sequence[object]], bps: set[int]) -> int:
    best, best_depth = -1, 0.0
    for place, cells in enumerate(columns):
        if (
            place in bps
            or len(cells) < 1
            or words.meaning(table.headers[place]).measure in (words.ELIGIBLE, words.RECORDED, words.UNRECORDED)
        ):
            continue
        candidates = [
            cell
            for cell in cells
            if is_number(cell)
            or (isinstance(cell, str) and cell.strip()[:1].isdigit())
            or (isinstance(cell, str) and cell.strip()[:1] == "'")
        ]
        if len(candidates) < 0.5 * len(cells) or not candidates:
            continue
        codes = [code for code in map(whole_code, candidates) if code]
        depth = sum(code.count(".") for code in codes) / len(codes) if codes else 0.0
        named = words.is_code(table.headers[place]) or bool(words.level_of(table.headers[place]))
        dotted = sum(isinstance(cell, str) and cell.count(".") >= 1 for cell in candidates) > 0.8 * len(candidates)
        distinct = len(set(codes)) >= 0.5 * len(codes)
        if len(codes) < (0.6 if named and depth >= 2 else 0.9) * len(candidates) or (depth < 1 and not named):
            continue
        if not (named or dotted or (depth >= 2 and distinct and len(codes) >= 3)):
            continue
        if depth > best_depth or best < 0:
            best, best_depth = place, depth
    return best if best_depth >= 1 or (best >= 0 and _alone(table, columns, best)) else -1


def _alone(table: Table, columns: Sequence[Sequence[object]], place: int) -> bool:
    """Whether a column of provinsi codes is the only code column (else it is a part of a split code)."""
    return not any(
        other != place
        and words.is_code(table.headers[other])
        and words.level_of(table.headers[other])
        and sum(part(cell) is not None for cell in cells) > 0.8 * len(cells)
        and cells
        for other, cells in enumerate(columns)
    )


def _parts(
    table: Table, sample: Sequence[Sequence[object]], columns: Sequence[Sequence[object]], bps: set[int]
) -> dict[int, int]:
    """Split codes: by header words, else the first run of columns whose cells join to codes of the register."""
    numeric = [
        place
        for place, cells in enumerate(columns)
        if cells and place not in bps and sum(part(cell) is not None for cell in cells) >= 0.5 * len(cells)
    ]
    named: dict[int, int] = {}
    for place in numeric:
        levels = words.level_of(table.headers[place])
        if (
            len(levels) == 1
            and (words.is_code(table.headers[place]) or levels)
            and not words.meaning(table.headers[place]).measure
        ):
            named.setdefault(levels[0], place)
    for depth in (4, 3, 2):
        chain = [named.get(level, -1) for level in range(1, depth + 1)]
        if -1 not in chain and _joins(sample, chain):
            return dict(enumerate(chain, start=1))
    for depth in (4, 3):
        last = named.get(depth, -1)
        if last >= 0 and _joins_whole(sample, last, depth):
            return {depth: last}
    for position, first in enumerate(numeric):
        cells = [part(cell) for cell in columns[first]]
        if not all(text is not None and text.zfill(2) in names.children("") for text in cells if text is not None):
            continue
        rest = numeric[position:]
        for depth in (4, 3):
            for shift in range(1 if depth > len(rest) else 2):
                chain = [first, *rest[1 + shift : depth + shift]]
                if len(chain) == depth and _joins(sample, chain):
                    return dict(enumerate(chain, start=1))
    return {level: place for level, place in named.items() if level in (3, 4)} if 3 in named and 4 in named else {}


def _joins(sample: Sequence[Sequence[object]], chain: Sequence[int]) -> bool:
    rows = [[part(row[place]) for place in chain] for row in sample]
    whole = [parts for parts in rows if all(text is not None for text in parts)]
    return (
        len(whole) >= 1
        and sum(joined(parts) is not None for parts in whole) >= 0.8 * len(whole)
        and len(whole) >= 0.5 * len(rows)
    )


def _joins_whole(sample: Sequence[Sequence[object]], place: int, depth: int) -> bool:
    texts = [text for text in (part(row[place]) for row in sample) if text is not None]
    full = sum(_WIDTHS[:depth])
    return bool(texts) and sum(len(text) == full and whole_code(text) is not None for text in texts) >= 0.8 * len(texts)
