"""A sheet with several tables below or beside each other -> one sheet a table, each cell where it stood, the others empty; and a
list that rows part by kabupaten -> one that says it in each row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ektp_analysis.ingest.cells import names, words
from ektp_analysis.ingest.cells.rowkinds import Merged, Row, filled, is_number, is_total_row, numbers_in
from ektp_analysis.ingest.columns.table import Table, widened, without_row_numbers
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.opening.package import column_letters

MOST_ROWS, MOST_COLUMNS = (
    1_500,
    60,
)  # of a sheet that is looked at: who writes tables below or beside each other writes short ones
MOST_TABLES = 12  # of one sheet; more are blocks of one table under headers of their own
AREA_PLACES = 3  # first columns, of which one is of codes where no word names the areas
UNDER = 2  # rows below a header's first in which its words may stand


@dataclass(frozen=True)
class TableApart:
    """``place``: its range as a workbook writes it, 'A5:F20'; ``beside``: another table stands on its left or right."""

    sheet: Sheet
    place: str
    beside: bool


def apart(sheet: Sheet) -> list[TableApart]:
    """The tables of a sheet, each as a sheet of its own; none where there is one."""
    if len(sheet.rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in sheet.rows):
        return []
    found = [TableApart(made, _range(made), beside) for below in _below(sheet) for made, beside in _beside(below)]
    return found if 1 < len(found) <= MOST_TABLES else []


def titled(table: Table) -> Table:
    """The table with what heads all of its columns, those of the areas among them, as a title: 'LAKI-LAKI' above one of two."""
    first = {path[0] for path in table.headers if path}
    if len(first) != 1 or any(len(path) == 1 for path in table.headers):
        return table
    return replace(table, headers=tuple(path[1:] for path in table.headers), titles=(*table.titles, *first))


def _heads(rows: Sequence[Row]) -> list[int]:
    """The rows at which a header begins: a word of areas in them, and in them or just below one of what is counted."""
    found: list[int] = []
    for number, row in enumerate(rows):
        if any(map(is_number, row)):  # most rows are left at their first number
            continue
        named = bool(_names_areas(row)) or any(isinstance(cell, str) and words.is_code((cell,)) for cell in row[:AREA_PLACES])
        speaks = named and any(map(_counts, rows[number : number + UNDER]))
        if speaks and (not found or any(map(numbers_in, rows[found[-1] : number]))):
            found.append(number)
    return found


def _names_areas(row: Row) -> list[int]:
    """The places of the words of areas of a row."""
    return [place for place, cell in enumerate(row) if isinstance(cell, str) and _level(cell)]


def _level(cell: object) -> tuple[int, ...]:
    """The level that a header cell names and nothing else: 'KECAMATAN', 'NAMA DESA', not the name of an area or a count."""
    if not isinstance(cell, str) or not (levels := words.level_of((cell,))) or words.meaning((cell,)).measure:
        return ()
    return levels if all(one in ("nama", "dan") or words.level_of((one,)) for one in words.tidy(cell).split()) else ()


def _counts(row: Row) -> bool:
    """Whether a row names what is counted."""
    return any(isinstance(cell, str) and (words.meaning((cell,)).measure or words.sex_alone(cell)) for cell in row)


def _below(sheet: Sheet) -> list[Sheet]:
    """The tables below each other, each with the titles that stand above all of them and its own."""
    rows, heads = sheet.rows, _heads(sheet.rows)
    if len(heads) < 2:
        return [sheet]
    tops = [0, *(_top(rows, head) for head in heads[1:])]
    own = sum(any(map(filled, row)) for row in rows[tops[1] : heads[1]])
    titles = [number for number in range(heads[0]) if any(map(filled, rows[number]))]
    common = set(titles[: max(0, len(titles) - own)])
    ends = [*tops[1:], len(rows)]
    return [
        _part(sheet, common if top else set(), range(top, end), range(MOST_COLUMNS)) for top, end in zip(tops, ends, strict=True)
    ]


def _top(rows: Sequence[Row], head: int) -> int:
    """The first row of the titles directly above a header; an empty row may stand between."""
    top = head - 1 if head and not any(map(filled, rows[head - 1])) else head
    while top and any(map(filled, rows[top - 1])) and not numbers_in(rows[top - 1]) and not is_total_row(rows[top - 1]):
        top -= 1
    return top


def _beside(sheet: Sheet) -> list[tuple[Sheet, bool]]:
    """The tables beside each other, each with the titles that no other table has for itself."""
    heads = _heads(sheet.rows)
    starts = _starts(sheet.rows, heads[0]) if heads else []
    if len(starts) < 2:
        return [(sheet, False)]
    spans = [range(left, right) for left, right in zip(starts, [*starts[1:], MOST_COLUMNS], strict=True)]
    common = {number for number in range(heads[0]) if not any(map(filled, sheet.rows[number][starts[1] :]))}
    return [(_part(sheet, common, range(len(sheet.rows)), span), True) for span in spans]


def _starts(rows: Sequence[Row], head: int) -> list[int]:
    """The columns at which the tables beside each other begin: where the areas are named again right of what is counted."""
    row, under = rows[head], rows[head + 1] if head + 1 < len(rows) else ()
    places = _names_areas(row)
    if not places:
        return []
    starts, last = [0], places[0]
    for place in places[1:]:
        start = place
        while start - 1 > last and _leads(row[start - 1]):
            start -= 1
        counted = any(_counts([cell]) for line in (row, under) for cell in line[last + 1 : start])
        if _level(row[place]) == _level(row[places[0]]) and counted:
            starts.append(start)
        last = place
    return starts


def _leads(cell: object) -> bool:
    """Whether a header stands left of that of the areas: of a row's number, of a code, of a larger area."""
    return (
        isinstance(cell, str)
        and bool(cell.strip())
        and (words.is_row_number((cell,)) or words.is_code((cell,)) or bool(_level(cell)))
    )


def _part(sheet: Sheet, common: set[int], rows: range, columns: range) -> Sheet:
    """The sheet with the cells of these rows and columns alone, and with the whole rows that are common."""
    kept = [
        list(row)
        if number in common
        else ["" if number not in rows or place not in columns else cell for place, cell in enumerate(row)]
        for number, row in enumerate(sheet.rows)
    ]
    return Sheet(sheet.name, kept, sheet.hidden, _merged_in(sheet.merged, rows, columns))


def _merged_in(merged: Merged, rows: range, columns: range) -> tuple[tuple[int, int, int, int], ...]:
    return tuple(one for one in merged if one[0] in rows and one[2] in rows and one[1] in columns and one[3] in columns)


def _range(sheet: Sheet) -> str:
    """Where the table of a sheet stands, from its header on."""
    head = next(iter(_heads(sheet.rows)), 0)
    rows = [number for number, row in enumerate(sheet.rows) if number >= head and any(map(filled, row))]
    columns = [place for row in sheet.rows[head:] for place, cell in enumerate(row) if filled(cell)]
    if not columns:
        return ""
    return f"{column_letters(min(columns) + 1)}{rows[0] + 1}:{column_letters(max(columns) + 1)}{rows[-1] + 1}"


FEWEST_BLOCKS, LIE_INSIDE = 2, 0.7  # kabupaten in one table; of its rows: so many name a kecamatan of the one they stand below
_REGENCY = re.compile(r"\s*(?:(?:sub ?)?(?:total|jumlah|jml)\s*)?((?:kabupaten|kab\b\.?|kota)\s+.+)", re.IGNORECASE)


def whole_rows(table: Table) -> Table:
    """The table with a row for each area that says by itself which it is and what is counted of it."""
    return widened(with_regency_of_each_block(without_row_numbers(table)))


def with_regency_of_each_block(table: Table) -> Table:
    """The table with a column that says the kabupaten of each row, where rows that name one head or end the kecamatan of at least
    two; rows that only head them are left out."""
    heads = _kabupaten_in(table)
    codes = _regencies_of_rows(table, heads) if heads else {}
    if not codes:
        return table
    kept = [row for row in range(len(table.rows)) if row not in heads or any(map(is_number, table.rows[row][1:]))]
    made = [[*table.rows[row], names.register()[codes[row]] if codes[row] else ""] for row in kept]
    numbers = [table.row_numbers[row] for row in kept]
    return replace(table, headers=(*table.headers, ("KABUPATEN/KOTA",)), rows=made, row_numbers=numbers, whole=None)


def _kabupaten_in(table: Table) -> dict[int, str]:
    """The rows that name a kabupaten, with it; none where most rows do, as in a list of kabupaten or below a column of them."""
    named = {text for column in table.columns for text in column.texts if _REGENCY.match(text)}
    rows = [row for row, cells in enumerate(table.rows) if named and not named.isdisjoint(cells)]
    few = 2 * len(rows) <= len(table.rows)
    return {row: code for row in rows if few and (code := _regency_of(table.rows[row]))}


def _regencies_of_rows(table: Table, heads: Mapping[int, str]) -> Mapping[int, str]:
    """The kabupaten of each row, which ``heads`` name above or below their kecamatan, whichever fits; none where neither does."""
    above = (*table.headers, *([title] for title in reversed(table.titles)))  # a head right below the header is taken for one
    titled = next(filter(None, map(_regency_of, above)), "")
    places = range(len(table.rows))
    ways = (_filled_down(heads, places, titled), _filled_down(heads, reversed(places)))
    inside = [[codes[row] for row in places if _lies_in(table.rows[row], codes[row])] for codes in ways]
    codes, fits = max(zip(ways, inside, strict=True), key=lambda way: len(way[1]))
    several = len({*fits}) >= FEWEST_BLOCKS and {*fits} == {*codes.values()} - {""}
    return codes if several and len(fits) >= LIE_INSIDE * (len(table.rows) - len(heads)) else {}


def _regency_of(cells: Sequence[object]) -> str:
    """The kabupaten or kota that a row names with the word of its kind, alone or behind that of a total; '' where none."""
    said = (_REGENCY.match(cell) for cell in cells if isinstance(cell, str))
    found = {code for one in said if one for code in names.find_regencies(one[1])}
    return found.pop() if len(found) == 1 else ""


def _filled_down(heads: Mapping[int, str], rows: Iterable[int], first: str = "") -> dict[int, str]:
    """The kabupaten of each row: that of the last head among the rows so far."""
    made, code = {}, first
    for row in rows:
        code = heads.get(row, code)
        made[row] = code
    return made


def _lies_in(cells: Sequence[object], regency: str) -> bool:
    """Whether a row names a kecamatan of a kabupaten."""
    inside = names.keyed(regency)[0] if regency else {}
    return any(names.compact(cell, 3) in inside for cell in cells if isinstance(cell, str))
