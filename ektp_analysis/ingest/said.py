"""What each row of a table says of its area: names by level with blocks filled down, and codes, whole or joined."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ektp_analysis.ingest import names, words
from ektp_analysis.ingest.areacodes import known
from ektp_analysis.ingest.areas import AreaColumns, joined, part, whole_code
from ektp_analysis.ingest.rowkinds import filled, is_number
from ektp_analysis.ingest.table import Table


@dataclass
class Placed:
    """What is known of each row's area. ``codes``: code or ''; ``labels``: the texts that say the area; ``levels``: the level
    that the row speaks of (0 where it says none); ``told``: why a name was read as another (name, code, how)."""

    codes: list[str]
    labels: list[str]
    levels: list[int]
    parents: list[str]
    regencies: tuple[str, ...] = ()
    inferred: bool = False
    rivals: tuple[str, ...] = ()
    told: list[tuple[str, str, str]] = field(default_factory=list)
    unmatched: dict[str, list[str]] = field(default_factory=dict)
    disagree: list[tuple[int, str, str, str]] = field(default_factory=list)
    by_code: bool = False
    foreign_codes: bool = False
    contradicted: bool = False


class Said(NamedTuple):
    """The texts of a row by level (1 to 4), blocks filled down; ``own``: the deepest level that the row itself states."""

    texts: Mapping[int, str]
    own: int
    code: str
    bare_code: str


_DISTRICT = re.compile(r"^(?:[ivxlc\d]{1,5}[.)]?\s+)?(kecamatan|kec\.?|distrik)\s*[:.]?\s+(\S.{1,40})$", re.IGNORECASE)


def said_by(table: Table, columns: AreaColumns) -> tuple[list[str], dict[int, Said]]:
    """The code of each body row, '' where it has none, and what those rows say that do not speak by their code alone."""
    finest = max(columns.names, default=0)
    if columns.whole >= 0 or columns.parts:
        codes = _whole_codes(table, columns.whole) if columns.whole >= 0 else _joined_codes(table, columns.parts)
        deepest = max(map(depth_of, set(map(len, codes))), default=0)
        whole = deepest >= finest  # codes go as deep as the names; a code of a larger area is then such an area's row
        silent = [number for number, code in enumerate(codes) if not code] if whole else range(len(codes))
        spoken = {number: _spoken(table, columns, number, codes[number]) for number in silent}
        for number, one in spoken.items():
            codes[number] = one.code
        return codes, spoken
    return [""] * len(table.rows), dict(enumerate(_by_names(table, columns, finest)))


def depth_of(length: int) -> int:
    """The level of a code of so many letters: 2, 5, 8 and 13 for 1 to 4, 0 for none."""
    return _DEPTHS.get(length, 0)


def depths(codes: Sequence[str]) -> list[int]:
    """The level of each code."""
    table = {length: depth_of(length) for length in set(map(len, codes))}
    return list(map(table.__getitem__, map(len, codes)))


_LENGTHS = {1: 2, 2: 5, 3: 8, 4: 13}
_DEPTHS = {length: level for level, length in _LENGTHS.items()}


def _whole_codes(table: Table, place: int) -> list[str]:
    """The code of each row from one column, '' where it has none."""
    cache: dict[object, str] = {}
    register, found = known(), []
    for row in table.rows:
        cell = row[place]
        code = cache.get(cell)
        if code is None:
            code = ""
            if type(cell) is float and 1e9 <= cell < 1e10:
                text = str(int(cell))
                code = f"{text[:2]}.{text[2:4]}.{text[4:6]}.{text[6:]}"
            if code not in register:
                code = whole_code(cell) or ""
            cache[cell] = code
        found.append(code)
    return found


def _joined_codes(table: Table, parts: Mapping[int, int]) -> list[str]:
    """The code of each row from its parts; parts written once per block count for the rows below."""
    if len(parts) == 1:
        return _whole_codes(table, next(iter(parts.values())))
    places = [parts.get(level, -1) for level in range(1, max(parts) + 1)]
    caches: list[dict[object, str | None]] = [{} for _ in places]
    running: list[str | None] = [None] * len(places)
    register, found = known(), list[str]()
    usual = _all_written(table, places)
    if usual is not None:
        return usual
    pads: list[dict[str, str]] = [{} for _ in places]
    for row in table.rows:
        texts: list[str | None] = []
        for level, place in enumerate(places):
            cell = row[place] if place >= 0 else ""
            cache = caches[level]
            if cell not in cache:
                cache[cell] = part(cell)
            texts.append(cache[cell])
        if None not in texts:  # the usual row: every part written
            running = texts
            code = ".".join([pads[level].get(text) or _pad(pads[level], text, level) for level, text in enumerate(texts) if text])
            if code in register:
                found.append(code)
                continue
            texts = list(texts)
        own = max((level for level, text in enumerate(texts, start=1) if text), default=0)
        for level, text in enumerate(texts):
            if text:
                running[level] = text
            elif level < own:
                texts[level] = running[level]
        chain = texts[:own]
        if not own or None in chain:
            found.append("")
            continue
        code = ".".join(text.zfill(4 if level == 3 else 2) for level, text in enumerate(chain) if text)
        found.append(code if code in register else joined(chain) or "")
    return found


def _all_written(table: Table, places: Sequence[int]) -> list[str] | None:
    """The codes where every row has every part and the register has every code; else None."""
    padded: list[list[str]] = []
    for level, place in enumerate(places):
        if place < 0:
            return None
        cells = table.column(place)
        texts = {cell: part(cell) for cell in set(cells)}
        if not all(texts.values()):
            return None
        widths = {cell: text.zfill(4 if level == 3 else 2) for cell, text in texts.items() if text}
        padded.append([widths[cell] for cell in cells])
    codes = list(map(".".join, zip(*padded, strict=True)))
    return codes if known().issuperset(codes) else None


def _pad(pads: dict[str, str], text: str, level: int) -> str:
    pads[text] = text.zfill(4 if level == 3 else 2)
    return pads[text]


def _spoken(table: Table, columns: AreaColumns, number: int, code: str) -> Said:
    """A row of a table with codes that has none, or only that of a larger area: its names, blocks filled down."""
    row = table.rows[number]
    texts: dict[int, str] = {}
    own = 0
    for level, place in sorted(columns.names.items()):
        text = _name(row[place])
        if text:
            texts[level], own = text, level
    for level, place in columns.names.items():
        if level not in texts and level < own:
            above = next((text for back in range(number - 1, -1, -1) if (text := _name(table.rows[back][place]))), "")
            if above:
                texts[level] = above
    bare = ""
    if not code:
        cell = row[columns.whole] if columns.whole >= 0 else row[columns.parts[max(columns.parts)]]
        bare = str(cell).strip() if filled(cell) and (part(cell) or str(cell).strip()[:1].isdigit()) else ""
    if code and own > code.count(".") + 1 >= 2:  # a coarse code beside finer names: the names are placed below it
        texts[2] = names.children(code[:2]).get(code[:5], "")
        if code.count(".") == 2:
            texts[3] = names.children(code[:5]).get(code, "")
        code = ""
    return Said(texts, max(own, code.count(".") + 1 if code else 0), code, bare)


def _name(cell: object) -> str:
    """The name in a cell; '' where it is empty, a number or the label of a total."""
    if not isinstance(cell, str) or not cell.strip() or is_number(cell):
        return ""
    text = " ".join(cell.split())
    return "" if words.TOTAL_ROW.search(text) else text


def _by_names(table: Table, columns: AreaColumns, finest: int) -> list[Said]:
    """Rows of a table without codes."""
    found: list[Said] = []
    running: dict[int, str] = {}
    blocks = 3 not in columns.names and 4 in columns.names
    if blocks:
        titled = [
            match.group(2) for title in table.titles if isinstance(title, str) and (match := _DISTRICT.match(title.strip()))
        ]
        running |= {3: titled[0]} if len(titled) == 1 else {}
    for row in table.rows:
        texts: dict[int, str] = {}
        own = 0
        for level, place in sorted(columns.names.items()):
            text = _name(row[place])
            if text:
                if running.get(level) != text:
                    for deeper in [one for one in running if one > level]:
                        del running[deeper]
                running[level] = text
                texts[level], own = text, level
        if blocks:
            heading = next(
                (
                    match.group(2)
                    for cell in row[: columns.names[4] + 1]
                    if isinstance(cell, str) and (match := _DISTRICT.match(cell.strip()))
                ),
                "",
            )
            if heading:
                running[3], texts, own = " ".join(heading.split()), {3: " ".join(heading.split())}, 3
            elif own == 4 and 3 in running:
                texts[3] = running[3]
        for level in columns.names:
            if level not in texts and level < finest and level in running and own > level:
                texts[level] = running[level]
        if columns.mixed >= 0 and not texts:
            text = _name(row[columns.mixed])
            if text:
                texts[0], own = text, own or 4
        found.append(Said(texts, own, "", ""))
    return found


def names_beside(table: Table, columns: AreaColumns, codes: Sequence[str]) -> list[tuple[int, int, str, str]]:
    """Rows with a code and a name: (row, level of the name, name, the register's name), only where they are not the same
    letter by letter; the first entry is (number of rows with both, 0, '', '')."""
    if not columns.names:
        return [(0, 0, "", "")]
    level, register = max(columns.names), names.register()
    column, width = table.columns[columns.names[level]], _LENGTHS[level]
    above = codes if set(map(len, codes)) == {width} else [code[:width] if len(code) >= width else "" for code in codes]
    registered = [register.get(code, "") for code in above]
    if column.kinds == {str} and all(above) and list(map(str.lower, column.all)) == list(map(str.lower, registered)):  # type: ignore[arg-type]
        return [(len(codes), 0, "", "")]
    both, differ = 0, []
    for number, (code, cell, name) in enumerate(zip(above, column.all, registered, strict=True)):
        if code and isinstance(cell, str):
            both += 1
            if cell.lower() != name.lower() and (text := _name(cell)):
                differ.append((number, level, text, name))
    return [(both, 0, "", ""), *differ]
