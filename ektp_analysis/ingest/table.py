"""A sheet of cells -> a table: which rows are its header, which its body, and what stands above.

The body begins where rows with numbers begin; the header is what stands directly above it, over one to five rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ektp_analysis.ingest import rowkinds, words
from ektp_analysis.ingest.cells import Cells, columns_of
from ektp_analysis.ingest.containers import Sheet
from ektp_analysis.ingest.rowkinds import filled, is_number

LOOK, MOST_HEADERS = 80, 6


@dataclass(frozen=True)
class Table:
    """``headers``: for each column its header cells, top to bottom; ``rows``: body rows of equal length, ``row_numbers``
    as the file counts them; ``titles``: the texts above the header, top to bottom; ``header_rows`` count from 1;
    ``spans``: cells merged over several body rows, as (column, first row, last row)."""

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

    def name(self, position: int) -> str:
        """The header of a column as one text, as a person sees it."""
        return " ".join(part for part in self.headers[position] if part) or "-"


def table_of(sheet: Sheet) -> Table | None:
    """The table of a sheet, or None where no row holds numbers below a row of texts."""
    rows = sheet.rows
    shown = [number for number, row in enumerate(rows[: LOOK * 6]) if any(filled(cell) for cell in row)][:LOOK]
    if not shown:
        return None
    start = rowkinds.body_start(rows, shown)
    if start is None:
        return None
    header_rows = _header_rows(rows, shown, start, sheet.merged)
    if not header_rows:
        return None
    body = _filled_rows(sheet, start)
    width = max(len(rows[number]) for number in (*header_rows, *body[:2000]))
    headers = _headers(rows, header_rows, width, sheet.merged)
    cells = [
        rows[number] if len(rows[number]) == width else [*rows[number][:width], *[""] * (width - len(rows[number]))]
        for number in body
    ]
    titles = tuple(cell for number in shown if number < header_rows[0] for cell in rows[number] if filled(cell))
    whole = None
    if sheet.columns is not None and len(sheet.columns) == width and body and len(body) == len(rows) - body[0]:
        whole = [column.below(body[0]) for column in sheet.columns]
    made = Table(
        sheet.name,
        sheet.hidden,
        headers,
        tuple(number + 1 for number in header_rows),
        cells,
        [number + 1 for number in body],
        titles,
        whole,
        [(left, top + 1, bottom + 1) for top, left, bottom, _ in sheet.merged if bottom > top >= start],
    )
    return _without_column_numbers(made)


def _filled_rows(sheet: Sheet, start: int) -> list[int]:
    """The rows from ``start`` on that show anything."""
    for column in sheet.columns or ():
        if not column.below(start).gaps:  # a column without an empty cell speaks for all rows
            return list(range(start, len(sheet.rows)))
    return [number for number in range(start, len(sheet.rows)) if any(filled(cell) for cell in sheet.rows[number])]


def _header_rows(
    rows: Sequence[Sequence[object]], shown: Sequence[int], start: int, merged: Sequence[tuple[int, int, int, int]]
) -> list[int]:
    above = [number for number in shown if number < start]
    if not above:
        return []
    width = max(sum(map(filled, rows[number])) for number in above[-MOST_HEADERS:])
    found: list[int] = []
    real = False
    below: list[int] = []  # rows of a few words ("L", "P") between header and body; taken if a header stands above them
    for number in reversed(above):
        row = rows[number]
        count = sum(map(filled, row))
        last = min([*found, *below], default=number + 1)
        if last - number > 1 and not any(top <= number < last <= bottom for top, _, bottom, _ in merged):
            break  # a blank row parts titles from the header
        if rowkinds.is_sequence(row) and len(found) < 2:
            found.append(number)
            continue
        groups = any(top <= number <= bottom and right > left for top, left, bottom, right in merged)
        first = next(place for place, cell in enumerate(row) if filled(cell))
        key_value = any(isinstance(cell, str) and cell.strip().startswith(":") for cell in row)
        enough = count >= max(2, 0.3 * width) or (bool(found) and count >= 1 and groups and first >= 2 and count < width)
        enough |= bool(found) and any(isinstance(cell, str) and words.sex_alone(cell) for cell in row)
        if width == 1 and not found:
            enough = True
        key_value |= count <= 4 and rowkinds.is_key_value(row)
        if key_value or not enough or _is_title(row, count, width):
            if real:
                break
            if not real and not key_value and max(len(str(cell)) for cell in row if filled(cell)) < 30 and len(below) < 3:
                below.append(number)
            continue
        if below and not real:
            found += below
        found.append(number)
        real = True
        if len(found) == MOST_HEADERS:
            break
    return sorted(found)


def _is_title(row: Sequence[object], count: int, width: int) -> bool:
    texts = [str(cell) for cell in row if filled(cell)]
    return count <= 2 < width and max(map(len, texts)) > 45


def _headers(
    rows: Sequence[Sequence[object]], header_rows: Sequence[int], width: int, merged: Sequence[tuple[int, int, int, int]]
) -> tuple[tuple[str, ...], ...]:
    top, bottom = header_rows[0], header_rows[-1]
    grid = {
        number: [_text(rows[number][place]) if place < len(rows[number]) else "" for place in range(width)]
        for number in range(top, bottom + 1)
    }
    spread: set[tuple[int, int]] = set()
    for first, left, last, right in merged:
        if first < top or first > bottom or left >= width:
            continue
        for number in range(first, min(last, bottom) + 1):
            for place in range(left, min(right, width - 1) + 1):
                spread.add((number, place))
                if number == first:
                    grid[number][place] = grid[first][left]
    lines = [number for number in range(top, bottom + 1) if not rowkinds.is_sequence(grid[number])]
    for number, below in itertools.pairwise(lines):
        for place in range(1, width):
            alone = not grid[number][place] and (number, place) not in spread and (number, place - 1) not in spread
            own = any(grid[line][place] for line in lines if line < number)
            if alone and not own and grid[number][place - 1] and grid[below][place] and grid[below][place - 1]:
                grid[number][place] = grid[number][place - 1]
    made = []
    for place in range(width):
        path: list[str] = []
        for number in lines:
            text = grid[number][place]
            if text and (not path or path[-1] != text):
                path.append(text)
        made.append(tuple(path))
    return tuple(made)


def _text(cell: object) -> str:
    if not filled(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())[:120]


def _without_column_numbers(table: Table) -> Table:
    """The body without a row of column numbers at its top and without repetitions of the header."""
    last = {header[-1] for header in table.headers if header}
    first = {table.headers[place][-1] for place in range(min(4, len(table.headers))) if table.headers[place]}
    keep = []
    like_headers = any(first & column.texts for column in table.columns[:4])
    rows = table.rows if like_headers else table.rows[:2]
    if not like_headers:
        keep = list(range(2, len(table.rows)))
    for place, row in enumerate(rows):
        if place < 2 and rowkinds.is_sequence(row):
            continue
        if not any(cell in first for cell in row[:4] if isinstance(cell, str)):
            keep.append(place)
            continue
        texts = [_text(cell) for cell in row if isinstance(cell, str) and cell.strip() and not is_number(cell)]
        if len(texts) >= 3 and sum(text in last for text in texts) >= 0.8 * len(texts):
            continue
        keep.append(place)
    keep.sort()
    if len(keep) == len(table.rows):
        return table
    if keep and len(keep) == len(table.rows) - keep[0] and table.whole is not None:
        table = replace(table, whole=[column.below(keep[0]) for column in table.whole])
    else:
        table = replace(table, whole=None)
    return replace(table, rows=[table.rows[place] for place in keep], row_numbers=[table.row_numbers[place] for place in keep])
