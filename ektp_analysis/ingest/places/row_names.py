"""What each row of a table says of its area: names by level with blocks filled down, and codes, whole or joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ektp_analysis.ingest.cells import names, words
from ektp_analysis.ingest.cells.rowkinds import filled, is_number
from ektp_analysis.ingest.columns.area_columns import WIDTHS, AreaColumns, joined, known, part, whole_code
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.places import nearness


class Told(NamedTuple):
    """Why a name was read as another: the name as the file writes it, the code, and how (as a match says it)."""

    name: str
    code: str
    how: str


class Disagreement(NamedTuple):
    """A row whose name is not that of its code; ``other``: the sister area that bears the name, '' where none does;
    ``elsewhere``: the other areas of that level that bear it in the country, which no renaming makes of it."""

    row: int
    name: str
    code: str
    other: str
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placed:
    """What is known of each row's area. ``codes``: code or ''; ``labels``: the texts that say the area; ``levels``: the level
    that the row speaks of (0 where it says none); ``regencies``: those within which names were looked up; ``unmatched``: label
    -> codes that may be meant; ``at_odds``: rows whose name is another area's than their code's, where it is asked."""

    codes: Sequence[str]
    labels: Sequence[str]
    levels: Sequence[int]
    regencies: tuple[str, ...] = ()
    inferred: bool = False
    rivals: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    unmatched: Mapping[str, list[str]] = field(default_factory=dict)
    disagree: tuple[Disagreement, ...] = ()
    by_code: bool = False
    foreign_codes: bool = False
    at_odds: tuple[Disagreement, ...] = ()
    contradicted: bool = False


class Said(NamedTuple):
    """The texts of a row by level (1 to 4), blocks filled down; ``own``: the deepest level that the row itself states."""

    texts: Mapping[int, str]
    own: int
    code: str
    bare_code: str

    @property
    def label(self) -> str:
        """What a person is shown of the row: its own name, and for a desa the kecamatan's; else what stands for a code."""
        levels = [level for level in sorted(self.texts) if level in (0, self.own) or level >= 3]
        return " / ".join(self.texts[level] for level in levels) or self.bare_code


_DISTRICT = re.compile(r"^(?:[ivxlc\d]{1,5}[.)]?\s+)?(kecamatan|kec\.?|distrik)\s*[:.]?\s+(\S.{1,40})$", re.IGNORECASE)

_NO_NAME = r"(?!(?:kab|kabupaten|prov|provinsi|propinsi|di|dan|se|dalam|atau|yang|per|wilayah|tahun|desa|kelurahan|pada|untuk)\b)"
_TITLED = re.compile(
    rf"\b(?:kecamatan|kec|distrik)\b\s*[:.]?\s*{_NO_NAME}"
    r"([a-z](?:[a-z' .]|(?<=[a-z])-(?=[a-z])){2,40}?)\s*(?:$|[,;:(/–—]|-(?![a-z])|(?<=\s)-|-(?=kab|kota|prov)|\d|"
    r"\b(?:kab|kabupaten|prov|provinsi|propinsi|per|tahun|thn|bulan|semester|keadaan|posisi|tanggal|tgl|data|triwulan)\b"
    r"|\bkota (?!\w+ kab))",
    re.IGNORECASE,
)


def said_by(table: Table, columns: AreaColumns) -> tuple[list[str], dict[int, Said]]:
    """The code of each body row, '' where it has none, and what those rows say that do not speak by their code alone."""
    if columns.whole >= 0 or columns.parts:
        codes = _whole_codes(table, columns.whole) if columns.whole >= 0 else _joined_codes(table, columns.parts)
        known = {depth_of(length) for length in set(map(len, codes))}
        # codes that go as deep as the names: one of a larger area is then such an area's row
        whole = all(any(depth >= level for depth in known) for level in columns.names)
        silent = [number for number, code in enumerate(codes) if not code] if whole else range(len(codes))
        spoken = {number: _spoken(table, columns, number, codes[number]) for number in silent}
        return _overlaid(codes, {number: one.code for number, one in spoken.items()}), spoken
    return [""] * len(table.rows), dict(enumerate(_by_names(table, columns)))


def _overlaid(codes: Sequence[str], rows: Mapping[int, str]) -> list[str]:
    return [rows.get(number, code) for number, code in enumerate(codes)]


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
            if type(cell) is float and 1e9 <= cell < 1e10:  # as whole_code reads it, but quicker
                text = str(int(cell))
                code = f"{text[:2]}.{text[2:4]}.{text[4:6]}.{text[6:]}"
                code = code if code in register else ""
            else:
                code = whole_code(cell) or ""
            cache[cell] = code
        found.append(code)
    return found


def _joined_codes(table: Table, parts: Mapping[int, int]) -> list[str]:
    """The code of each row from its parts; parts written once per block count for the rows below."""
    if len(parts) == 1:
        return _whole_codes(table, next(iter(parts.values())))
    places = [parts.get(level, -1) for level in range(1, max(parts) + 1)]
    usual = _all_written(table, places)
    if usual is not None:
        return usual
    chains = list(_filled_down([_column_parts(table, place) for place in places]))
    codes = {chain: _chain_code(chain) for chain in set(chains)}
    return [codes[chain] for chain in chains]


def _column_parts(table: Table, place: int) -> list[str | None]:
    """The part of a code in each row of a column; None for a column that is not there."""
    if place < 0:
        return [None] * len(table.rows)
    cells = [row[place] for row in table.rows]
    texts = {cell: part(cell) for cell in set(cells)}
    return [texts[cell] for cell in cells]


def _filled_down(columns: Sequence[Sequence[str | None]]) -> Iterator[tuple[str | None, ...]]:
    """Of each row the parts down to the last that it states; those above which it leaves out are the last ones stated."""
    running: tuple[str | None, ...] = (None,) * len(columns)
    for texts in zip(*columns, strict=True):
        if None in texts:
            running = tuple(text or held for text, held in zip(texts, running, strict=True))
            yield running[: max((level for level, text in enumerate(texts, start=1) if text), default=0)]
        else:
            running = texts
            yield texts


def _chain_code(chain: Sequence[str | None]) -> str:
    """The code of the register that parts from the provinsi down give, '' where they give none."""
    if not chain or None in chain:
        return ""
    code = ".".join(text.zfill(WIDTHS[level]) for level, text in enumerate(chain) if text)
    return code if code in known() else joined(chain) or ""


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
        widths = {cell: text.zfill(WIDTHS[level]) for cell, text in texts.items() if text}
        padded.append([widths[cell] for cell in cells])
    codes = list(map(".".join, zip(*padded, strict=True)))
    return codes if known().issuperset(codes) else None


def _spoken(table: Table, columns: AreaColumns, number: int, code: str) -> Said:
    """A row of a table with codes that has none, or only that of a larger area: its names, blocks filled down."""
    texts = _stated(table.rows[number], columns)
    own = max(texts, default=0)
    for level, place in columns.names.items():
        if level < own and level not in texts and (above := _name_above(table, number, place)):
            texts[level] = above
    if not code:
        return Said(texts, own, "", _bare_code(table.rows[number], columns))
    depth = code.count(".") + 1
    if own <= depth or depth < 2:
        return Said(texts, max(own, depth), code, "")
    register = names.register()  # a coarse code beside finer names: the names are placed below it
    return Said(texts | {level: register.get(code[: _LENGTHS[level]], "") for level in (2, 3) if level <= depth}, own, "", "")


def _stated(row: Sequence[object], columns: AreaColumns) -> dict[int, str]:
    """Level -> name that a row itself states, from the largest area down."""
    return {level: text for level, place in sorted(columns.names.items()) if (text := _name(row[place]))}


def _name_above(table: Table, number: int, place: int) -> str:
    """The nearest name above a row in a column, '' where there is none."""
    return next((text for back in range(number - 1, -1, -1) if (text := _name(table.rows[back][place]))), "")


def _bare_code(row: Sequence[object], columns: AreaColumns) -> str:
    """What stands in a row's place for a code though the register does not know it, '' where nothing like a code does."""
    cell = row[columns.whole] if columns.whole >= 0 else row[columns.parts[max(columns.parts)]]
    text = str(cell).strip() if filled(cell) else ""
    return text if text and (part(cell) or text[:1].isdigit()) else ""


def _name(cell: object) -> str:
    """The name in a cell; '' where it is empty, a number or the label of a total."""
    if not isinstance(cell, str) or not cell.strip() or is_number(cell):
        return ""
    text = " ".join(cell.split())
    return "" if words.TOTAL_ROW.search(text) else text


def _by_names(table: Table, columns: AreaColumns) -> list[Said]:
    """Rows of a table without codes. Kecamatan without a column of their own may head blocks of desa."""
    blocks = 4 in columns.names and 3 not in columns.names
    running = _district_of_titles(table) if blocks else {}
    found: list[Said] = []
    for row in table.rows:
        stated = _stated(row, columns)
        running = _carried(running, stated)
        heading = _heading(row, columns) if blocks else ""
        if heading:
            running, stated = running | {3: heading}, {3: heading}
        own = max(stated, default=0)
        texts = {level: text for level, text in running.items() if level < own} | stated
        if not texts and columns.mixed >= 0 and (text := _name(row[columns.mixed])):
            texts, own = {0: text}, 4
        found.append(Said(texts, own, "", ""))
    return found


def _district_of_titles(table: Table) -> dict[int, str]:
    """The kecamatan that the titles name, if they name one: {3: its name}."""
    spoken = (" ".join(title.split()) for title in table.titles if isinstance(title, str))
    titled = [match.group(1).strip(" .'") for title in spoken for match in _TITLED.finditer(title)]
    titled = list(dict.fromkeys(titled))
    return {3: titled[0]} if len(titled) == 1 else {}


def _carried(running: Mapping[int, str], stated: Mapping[int, str]) -> dict[int, str]:
    """The names that hold from a row on: another name of a larger area ends those of the smaller ones."""
    held = dict(running)
    for level, text in stated.items():
        if held.get(level) != text:
            held = {one: name for one, name in held.items() if one < level} | {level: text}
    return held


def _heading(row: Sequence[object], columns: AreaColumns) -> str:
    """The kecamatan that a row names as the head of the rows below, '' where it names none."""
    cells = (cell.strip() for cell in row[: columns.names[4] + 1] if isinstance(cell, str))
    return next((" ".join(match.group(2).split()) for cell in cells if (match := _DISTRICT.match(cell))), "")


def names_beside(table: Table, columns: AreaColumns, codes: Sequence[str]) -> tuple[int, tuple[Disagreement, ...]]:
    """How many rows have a code and a name, and those in which the name is not the register's in any spelling."""
    if not columns.names:
        return 0, ()
    level, register = max(columns.names), names.register()
    column, width = table.columns[columns.names[level]], _LENGTHS[level]
    above = codes if set(map(len, codes)) == {width} else [code[:width] if len(code) >= width else "" for code in codes]
    registered = [register.get(code, "") for code in above]
    if column.kinds == {str} and all(above) and list(map(str.lower, column.all)) == list(map(str.lower, registered)):  # type: ignore[arg-type]
        return len(codes), ()
    both, differ = 0, []
    for number, (code, cell, name) in enumerate(zip(above, column.all, registered, strict=True)):
        if code and isinstance(cell, str):
            both += 1
            if cell.lower() != name.lower() and (text := _name(cell)) and not _same_name(text, name, level):
                differ.append(_disagreement(number, text, code, level))
    return both, tuple(differ)


def _disagreement(number: int, text: str, code: str, level: int) -> Disagreement:
    """A row whose name is not its code's, with the areas that bear it: a sister, else those elsewhere."""
    found = nearness.match([text], code.rpartition(".")[0], {}, fuzzy=False).get(text)
    sister = found.code if found else ""
    return Disagreement(number, text, code, sister, (sister,) if sister else _elsewhere(text, level))


def _elsewhere(text: str, level: int) -> tuple[str, ...]:
    """The kabupaten or kecamatan of a name; of desa the same names stand everywhere, and say nothing."""
    if level == 2:
        kind, key = names.regency(text)
        return tuple(one for one in names.everywhere(2).get(key, ()) if not kind or names.is_city(one) == (kind == "kota"))
    return names.everywhere(3).get(names.compact(text, 3), ()) if level == 3 else ()


def _same_name(one: str, other: str, level: int) -> bool:
    """Whether two names of a level are the same as written or in another spelling."""
    if level == 2:
        return names.regency(one)[1] == names.regency(other)[1] or names.loose_regency(one) == names.loose_regency(other)
    return names.compact(one, level) == names.compact(other, level) or names.loose(one, level) == names.loose(other, level)
