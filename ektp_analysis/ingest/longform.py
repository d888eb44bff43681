"""Tables in long form (one row per area and category: jenis_kelamin, status) -> one row per area, a column per category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ektp_analysis.ingest import words
from ektp_analysis.ingest.rowkinds import filled, is_number
from ektp_analysis.ingest.table import Table

LOOKED_AT, FEWEST_ROWS = 2000, 4  # body rows that are looked at; of fewer nothing is told
MOST_CATEGORY_COLUMNS, MOST_CATEGORIES, MOST_VALUES = 2, 8, 12  # sex and status; their words; columns of figures
EACH_TWICE = 2  # a category stands in so many rows on average
CATEGORIES_KNOWN = 0.5  # half of a column's categories, and two, are words of recording or sex: others say "not known" or "all"
NUMERIC = 0.8  # a column of figures, but for a few rows of totals and notes
KEYS_REPEAT = 0.6  # what names an area stands in several rows: more distinct cells are figures or notes
AREAS_REPEAT = 0.7  # else the table has one row an area already

_VALUE = ("jumlah", "nilai", "total", "value", "banyak", "jml", "count")
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
    texts = [str(row[place]).strip() for row in sample if filled(row[place])]
    distinct = set(texts)
    if not 2 <= len(distinct) <= MOST_CATEGORIES or len(texts) < EACH_TWICE * len(distinct) or any(map(is_number, distinct)):
        return False
    known = sum(bool(words.sex_alone(text, total=True)) or words.meaning([text]).measure in _COUNTS for text in distinct)
    return known >= max(2, CATEGORIES_KNOWN * len(distinct))


def _groups(table: Table, categories: Sequence[int], keys: Sequence[int]) -> list[tuple[object, ...]]:
    """What tells the area of each row apart. An area that is written once for its rows of categories counts for them all."""
    found: list[tuple[object, ...]] = []
    block, seen, current = 0, set[tuple[str, ...]](), list[str]()
    for row in table.rows:
        category = tuple(str(row[place]).strip() for place in categories)
        own = [str(row[place]).strip() if filled(row[place]) else "" for place in keys]
        goes_on = current and category not in seen and all(text in ("", held) for text, held in zip(own, current, strict=True))
        if not goes_on:
            block, seen, current = block + 1, set(), own
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
