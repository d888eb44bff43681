"""A sheet of cells -> a table: which rows are its header, which its body, and what stands above.

The body begins where rows with numbers begin; the header is what stands directly above it, over one to five rows.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ektp_analysis.ingest.cells import ages, rowkinds, words
from ektp_analysis.ingest.cells.column import Cells, columns_of
from ektp_analysis.ingest.cells.rowkinds import Merged, Row, filled, is_number
from ektp_analysis.ingest.opening.containers import Sheet

LOOK, LOOK_DOWN = 80, 480  # rows with cells among which header and first figures stand, of so many with the empty ones
NUMBERED = 2  # first rows of a body among which a row of column numbers may stand
AREA_PLACES = 4  # first columns, of which one repeats its header where a header is repeated
REPEATED, FEWEST_REPEATED = 0.8, 3  # of a row's texts, and texts: so many are those of the header where it is repeated
MEASURED = 2_000  # rows that say how wide a table is
CELL_LETTERS = 120  # of a header cell


@dataclass(frozen=True)
class Table:
    """``headers``: for each column its header cells, top to bottom; ``rows``: body rows of equal length, ``row_numbers``
    as the file counts them; ``titles``: the texts above the header or between it and the body, top to bottom;
    ``header_rows`` count from 1; ``spans``: cells merged over several body rows, as (column, first row, last row)."""

    sheet: str
    hidden: bool
    headers: tuple[tuple[str, ...], ...]
    header_rows: tuple[int, ...]
    rows: Sequence[Sequence[object]]
    row_numbers: Sequence[int]
    titles: tuple[object, ...]
    whole: Sequence[Cells] | None = None
    spans: Sequence[tuple[int, int, int]] = ()

    @cached_property
    def columns(self) -> Sequence[Cells]:
        """The body cells column by column; ``whole`` where they are at hand."""
        if self.whole is not None:
            return self.whole
        return columns_of(self.rows) or [Cells(())] * len(self.headers)

    def column(self, position: int) -> Sequence[object]:
        """The body cells of a column."""
        return self.columns[position].all

    def name_of(self, row: int) -> str:
        """The texts of a body row as one, as a person sees them."""
        return " ".join(str(cell) for cell in self.rows[row] if filled(cell))[:CELL_LETTERS]

    def name(self, position: int) -> str:
        """The header of a column as one text, as a person sees it."""
        return " ".join(part for part in self.headers[position] if part) or "-"


def table_of(sheet: Sheet) -> Table | None:
    """The table of a sheet, or None where no row holds numbers below a row of texts."""
    rows = sheet.rows
    shown = [number for number, row in enumerate(rows[:LOOK_DOWN]) if any(map(filled, row))][:LOOK]
    start = rowkinds.body_start(rows, shown)
    if start is None:
        return None
    header_rows = rowkinds.header_rows(rows, [number for number in shown if number < start], sheet.merged)
    if not header_rows:
        return None
    body = _filled_rows(sheet, start)
    width = max(len(rows[number]) for number in (*header_rows, *body[:MEASURED]))
    made = Table(
        sheet.name,
        sheet.hidden,
        _headers(rows, header_rows, width, sheet.merged),
        tuple(number + 1 for number in header_rows),
        [_of_width(rows[number], width) for number in body],
        [number + 1 for number in body],
        tuple(
            filter(
                filled, itertools.chain.from_iterable(rows[number] for number in shown if _is_title(number, header_rows, start))
            )
        ),
        _whole_columns(sheet, body, width),
        [(left, top + 1, bottom + 1) for top, left, bottom, _ in sheet.merged if bottom > top >= start],
    )
    return _without_column_numbers(made)


def _is_title(number: int, header_rows: Sequence[int], start: int) -> bool:
    """Whether a row stands above the header, or below it and above the body."""
    return number < header_rows[0] or header_rows[-1] < number < start


def _of_width(row: Row, width: int) -> Row:
    return row if len(row) == width else [*row[:width], *[""] * (width - len(row))]


def _whole_columns(sheet: Sheet, body: Sequence[int], width: int) -> list[Cells] | None:
    """The body column by column, where the sheet has them so and no row between is left out."""
    if sheet.columns is None or len(sheet.columns) != width or len(body) != len(sheet.rows) - body[0]:
        return None
    return [column.below(body[0]) for column in sheet.columns]


def _filled_rows(sheet: Sheet, start: int) -> list[int]:
    """The rows from ``start`` on that show anything."""
    for column in sheet.columns or ():
        if not column.below(start).gaps:  # a column without an empty cell speaks for all rows
            return list(range(start, len(sheet.rows)))
    return [number for number in range(start, len(sheet.rows)) if any(filled(cell) for cell in sheet.rows[number])]


def _headers(rows: Sequence[Row], header_rows: Sequence[int], width: int, merged: Merged) -> tuple[tuple[str, ...], ...]:
    """For each column its header cells, top to bottom, with the names of groups over all of their columns."""
    first, last = header_rows[0], header_rows[-1]
    texts = {number: [_text(cell) for cell in _of_width(rows[number], width)] for number in range(first, last + 1)}
    areas = [
        (top, left, min(bottom, last), min(right, width - 1))
        for top, left, bottom, right in merged
        if first <= top <= last and left < width
    ]
    grid = _with_merged(texts, areas)
    spread = {one for top, left, *end in areas for one in itertools.product(range(top, end[0] + 1), range(left, end[1] + 1))}
    grid = _with_groups({number: row for number, row in grid.items() if not rowkinds.is_sequence(row)}, spread)
    paths = zip(*grid.values(), strict=True) if grid else [()] * width
    return tuple(tuple(text for text, _ in itertools.groupby(filter(None, path))) for path in paths)


def _with_merged(texts: Mapping[int, Sequence[str]], merged: Merged) -> dict[int, list[str]]:
    """The rows of a header with the text of merged cells in each of their columns."""
    grid = {number: list(row) for number, row in texts.items()}
    for top, left, _, right in merged:
        grid[top][left : right + 1] = [grid[top][left]] * (right + 1 - left)
    return grid


def _with_groups(texts: Mapping[int, Sequence[str]], spread: set[tuple[int, int]]) -> dict[int, list[str]]:
    """The rows of a header with a group's name over all of its columns, where no merged cell says how far it goes: to the
    right, over empty cells with texts below and none above."""
    grid = {number: list(row) for number, row in texts.items()}
    for number in list(grid)[:-1]:
        row, under = grid[number], [grid[line] for line in grid if line > number]
        above = [grid[line] for line in grid if line < number]
        for place in range(1, len(row)):
            alone = not row[place] and not {(number, place), (number, place - 1)} & spread
            between = row[place - 1] and _stand_below(under, place)
            if alone and between and not any(line[place] for line in above):
                row[place] = row[place - 1]
    return grid


def _stand_below(under: Sequence[Sequence[str]], place: int) -> bool:
    """Whether the first row below that shows anything here shows a text in this column and in the one on its left; a word for
    age is no such text, for it stands once over several ages."""
    pairs = ([cell if cell and not ages.only_words([cell]) else "" for cell in line[place - 1 : place + 1]] for line in under)
    return all(next(filter(any, pairs), [""]))


def _text(cell: object) -> str:
    if not filled(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())[:CELL_LETTERS]


def _without_column_numbers(table: Table) -> Table:
    """The body without a row of column numbers at its top and without repetitions of the header."""
    numbered = (place for place, row in enumerate(table.rows[:NUMBERED]) if rowkinds.is_sequence(row))
    left_out = {*numbered, *_repetitions(table)}
    if not left_out:
        return table
    keep = [place for place in range(len(table.rows)) if place not in left_out]
    whole = table.whole if keep and len(keep) == len(table.rows) - keep[0] else None  # only rows at the top are left out
    return replace(
        table,
        whole=None if whole is None else [column.below(keep[0]) for column in whole],
        rows=[table.rows[place] for place in keep],
        row_numbers=[table.row_numbers[place] for place in keep],
    )


def _repetitions(table: Table) -> list[int]:
    """The rows of the body that are its header once more; all rows are looked at only where texts of the header stand in them."""
    first = {path[-1] for path in table.headers[:AREA_PLACES] if path}
    last = {path[-1] for path in table.headers if path}
    like_headers = any(first & column.texts for column in table.columns[:AREA_PLACES])
    looked = table.rows if like_headers else table.rows[:NUMBERED]
    return [place for place, row in enumerate(looked) if _repeats(row, first, last)]


def _repeats(row: Row, first: Collection[str], last: Collection[str]) -> bool:
    """Whether a row of the body is its header once more. ``first``: lowest header cells of the first columns, ``last``: of
    all."""
    if not any(cell in first for cell in row[:AREA_PLACES] if isinstance(cell, str)):
        return False
    texts = [_text(cell) for cell in row if isinstance(cell, str) and cell.strip() and not is_number(cell)]
    return len(texts) >= FEWEST_REPEATED and sum(text in last for text in texts) >= REPEATED * len(texts)


_NUMBERED_NAME = re.compile(r"\s*(\d{1,3})(?:\s*[-–:|]\s*|\s+)(?=[^\W\d_])(.+)", re.DOTALL)  # '16 KWANDANG'
FEWEST_NUMBERED, BEGINNING = 3, 20  # rows that count themselves, of so many at the beginning


def without_row_numbers(table: Table) -> Table:
    """The table with the names of its areas without the numbers of their rows, where one of its first columns counts them before
    each name."""
    for place in range(min(AREA_PLACES, len(table.headers))):
        if sum(bool(_NUMBERED_NAME.match(str(cell))) for cell in table.column(place)[:BEGINNING]) < FEWEST_NUMBERED:
            continue
        numbered = {row: found for row, cell in enumerate(table.column(place)) if (found := _NUMBERED_NAME.match(str(cell)))}
        if _count_rows(list(numbered.values())):
            rows = [list(row) for row in table.rows]
            for row, found in numbered.items():
                rows[row][place] = found[2]
            return replace(table, rows=rows, whole=None)
    return table


def _count_rows(numbered: Sequence[re.Match[str]]) -> bool:
    """Whether numbers before names count their rows, once or in each block. Kelurahan called '1 Ulu', '2 Ulu' would all have one
    name without theirs."""
    numbers, bare = [int(found[1]) for found in numbered], {found[2].strip().lower() for found in numbered}
    rising = numbers[0] == 1 and all(after in (1, before + 1) for before, after in itertools.pairwise(numbers))
    return rising and len(bare) > len(numbered) / 2


MOST_ROWS, MOST_COLUMNS = 120, 700  # a longer sheet has its areas below each other; no area has more kecamatan or desa beside


def turned(sheet: Sheet) -> Sheet | None:
    """The sheet with rows and columns exchanged; None where it is too long to be one of areas side by side."""
    filled = [number for number, row in enumerate(sheet.rows) if any(str(cell).strip() for cell in row)]
    if not filled or filled[-1] >= MOST_ROWS or not 2 <= max(map(len, sheet.rows)) <= MOST_COLUMNS:
        return None
    rows = [list(row) for row in itertools.zip_longest(*sheet.rows[: filled[-1] + 1], fillvalue="")]
    merged = tuple((left, top, right, bottom) for top, left, bottom, right in sheet.merged if bottom <= filled[-1])
    return Sheet(sheet.name, rows, sheet.hidden, merged)


LOOKED_AT, FEWEST_ROWS = 2000, 4  # body rows that are looked at; of fewer nothing is told
MOST_CATEGORY_COLUMNS, MOST_CATEGORIES, MOST_VALUES = 2, 8, 12  # sex and status; their words; columns of figures
EACH_TWICE = 2  # a category stands in so many rows on average
CATEGORIES_KNOWN = 0.5  # half of a column's categories, and two, are words of recording or sex: others say "not known" or "all"
NUMERIC = 0.8  # a column of figures, but for a few rows of totals and notes
KEYS_REPEAT = 0.6  # what names an area stands in several rows: more distinct cells are figures or notes
AREAS_REPEAT = 0.7  # else the table has one row an area already

_VALUE = ("jumlah", "nilai", "total", "value", "banyak", "banyaknya", "jml", "count", "jiwa", "orang", "angka", "volume", "isi")
_COUNTS = (words.ELIGIBLE, words.RECORDED, words.UNRECORDED)


def widened(table: Table) -> Table:
    """The table itself, unless a column names categories of recording or sex while its areas repeat."""
    sample, places = table.rows[:LOOKED_AT], range(len(table.headers))
    if len(sample) < FEWEST_ROWS:
        return table
    categories = [place for place in places if _is_category(sample, place)]
    if not 1 <= len(categories) <= MOST_CATEGORY_COLUMNS:
        return table
    rest = [place for place in places if place not in categories]
    numeric = [place for place in rest if sum(is_number(row[place]) for row in sample) > NUMERIC * len(sample)]
    worth = _value_columns(table, numeric)
    if not 1 <= len(worth) <= MOST_VALUES:
        return table
    keys = [place for place in rest if place not in worth and _is_key(table, sample, place, place in numeric)]
    return _pivoted(table, categories, worth, keys)


def _value_columns(table: Table, numeric: Sequence[int]) -> list[int]:
    """The columns of numbers that are counts of recording; where none is, those of values without a word of what they count."""
    counts = [place for place in numeric if words.meaning(table.headers[place]).measure in _COUNTS]
    return counts or [place for place in numeric if words.tidy(" ".join(table.headers[place])).split(" ")[0] in _VALUE]


def _is_key(table: Table, sample: Sequence[Sequence[object]], place: int, numeric: bool) -> bool:
    """Whether a column may tell areas apart: no other figure, and its cells repeat."""
    if numeric and words.meaning(table.headers[place]).measure in (words.PERCENT, words.NOISE):
        return False
    return len({str(row[place]) for row in sample if filled(row[place])}) <= KEYS_REPEAT * len(sample)


def _is_category(sample: Sequence[Sequence[object]], place: int) -> bool:
    first = next((row[place] for row in sample if filled(row[place])), "")
    if is_number(str(first).strip()):  # as most columns are: the others need not be looked at
        return False
    texts = [str(row[place]).strip() for row in sample if filled(row[place])]
    distinct = set(texts)
    if not 2 <= len(distinct) <= MOST_CATEGORIES or len(texts) < EACH_TWICE * len(distinct) or any(map(is_number, distinct)):
        return False
    known = sum(bool(words.sex_alone(text, total=True)) or words.meaning([text]).measure in _COUNTS for text in distinct)
    return known >= max(2, CATEGORIES_KNOWN * len(distinct))


def _groups(table: Table, categories: Sequence[int], keys: Sequence[int]) -> list[tuple[object, ...]]:
    """What tells the area of each row apart. An area that is written once for its rows of categories counts for them all."""
    found: list[tuple[object, ...]] = []
    block: int | None = None  # the row with which one begins
    seen, current = set[tuple[str, ...]](), list[str]()
    for number, row in enumerate(table.rows):
        category = tuple(str(row[place]).strip() for place in categories)
        own = [str(row[place]).strip() if filled(row[place]) else "" for place in keys]
        goes_on = current and category not in seen and all(text in ("", held) for text, held in zip(own, current, strict=True))
        if not goes_on:
            block, seen, current = number, set(), own
        seen.add(category)
        found.append((block, *current) if not all(current) else tuple(current))
    return found


def _pivoted(table: Table, categories: Sequence[int], worth: Sequence[int], keys: Sequence[int]) -> Table:
    groups: dict[tuple[object, ...], int] = {}
    columns: dict[tuple[int, tuple[str, ...]], int] = {}
    cells: dict[tuple[int, int], object] = {}
    first: list[int] = []
    for number, (row, group) in enumerate(zip(table.rows, _groups(table, categories, keys), strict=True)):
        if group not in groups:
            groups[group] = len(groups)
            first.append(number)
        category = tuple(str(row[place]).strip() for place in categories)
        for place in worth:
            where = (groups[group], columns.setdefault((place, category), len(columns)))
            if where in cells:
                return table  # not one row per area and category after all
            cells[where] = row[place]
    if len(groups) > AREAS_REPEAT * len(table.rows):
        return table
    headers = (
        *(table.headers[place] for place in keys),
        *((*table.headers[place], *(text for text in category if text)) for place, category in columns),
    )
    rows = [
        [*(table.rows[number][place] for place in keys), *(cells.get((group, column), "") for column in range(len(columns)))]
        for group, number in enumerate(first)
    ]
    numbers = [table.row_numbers[number] for number in first]
    return replace(table, headers=headers, rows=rows, row_numbers=numbers, whole=None, spans=())
