"""Tables in long form (one row per area and category: jenis_kelamin, status) -> one row per area, a column per category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ektp_analysis.ingest import words
from ektp_analysis.ingest.rowkinds import filled, is_number
from ektp_analysis.ingest.table import Table

MOST_CATEGORIES = 8
_VALUE = ("jumlah", "nilai", "total", "value", "banyak", "jml", "count")


def widened(table: Table) -> Table:
    """The table itself, unless a column names categories of recording or sex while its areas repeat."""
    sample = table.rows[:2000]
    if len(sample) < 4:
        return table
    categories = [place for place in range(len(table.headers)) if _is_category(sample, place)]
    if not categories or len(categories) > 2:
        return table
    numeric = [
        place
        for place in range(len(table.headers))
        if place not in categories and sum(is_number(row[place]) for row in sample) > 0.8 * len(sample)
    ]
    worth = [
        place
        for place in numeric
        if words.meaning(table.headers[place]).measure in (words.ELIGIBLE, words.RECORDED, words.UNRECORDED)
    ] or [place for place in numeric if words.tidy(" ".join(table.headers[place])).split(" ")[0] in _VALUE]
    if len(worth) != 1:
        return table
    value = worth[0]
    keys = [
        place
        for place in range(len(table.headers))
        if place not in (*categories, value) and len({str(row[place]) for row in sample}) <= 0.6 * len(sample)
    ]
    return _pivoted(table, categories, value, keys)


def _is_category(sample: Sequence[Sequence[object]], place: int) -> bool:
    texts = {str(row[place]).strip() for row in sample if filled(row[place])}
    if not 2 <= len(texts) <= MOST_CATEGORIES or any(is_number(text) for text in texts):
        return False
    known = [words.meaning([text]) for text in texts]
    return sum(bool(one.sex) or one.measure in (words.ELIGIBLE, words.RECORDED, words.UNRECORDED) for one in known) >= 2


def _pivoted(table: Table, categories: Sequence[int], value: int, keys: Sequence[int]) -> Table:
    groups: dict[tuple[str, ...], int] = {}
    columns: dict[tuple[str, ...], int] = {}
    cells: dict[tuple[int, int], object] = {}
    first: list[int] = []
    for number, row in enumerate(table.rows):
        group = tuple(str(row[place]) for place in keys)
        if group not in groups:
            groups[group] = len(groups)
            first.append(number)
        category = tuple(str(row[place]).strip() for place in categories)
        columns.setdefault(category, len(columns))
        where = (groups[group], columns[category])
        if where in cells:
            return table  # not one row per area and category after all
        cells[where] = row[value]
    head = tuple(table.headers[value])
    headers = (*(table.headers[place] for place in keys), *((*head, *category) for category in columns))
    rows = [
        [*(table.rows[number][place] for place in keys), *(cells.get((group, column), "") for column in range(len(columns)))]
        for group, number in enumerate(first)
    ]
    return replace(table, headers=headers, rows=rows, row_numbers=[table.row_numbers[number] for number in first], whole=None)
