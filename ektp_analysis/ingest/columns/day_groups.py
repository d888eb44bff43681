"""Figures of several days beside each other -> a table a day; rows that are days of one area -> a table that says the area.

Each keeps the places of its columns, with those of the other days emptied, so that letters and rows are those of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from ektp_analysis.ingest.cells import column, topics, words, written
from ektp_analysis.ingest.cells.months import MONTHS
from ektp_analysis.ingest.cells.rowkinds import filled
from ektp_analysis.ingest.columns import day_columns
from ektp_analysis.ingest.columns.table import Table

FEWEST_DAYS, MOST_DAYS = 2, 62  # beside each other: of one day nothing is parted; more are no days but a register
MOST_CELLS = 3_000_000  # that the tables of all days may hold together
ROLES = frozenset({words.ELIGIBLE, words.RECORDED, words.UNRECORDED})

_TYPED = re.compile(r"\d{4}-\d{2}-\d{2}(?: 00:00:00)?")  # as a cell is shown that holds a day
_EACH_MONTH = re.compile(r"\b(?:(?:per|tiap|setiap)\s+)?(?:bulan|bln|tahun|thn)\b(?:\s*:?\s*20\d\d)?|\b20\d\d\b", re.IGNORECASE)
_TIME = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")
_SHORT_DAY = re.compile(rf"\d{{1,2}}[-. ]*(?:{'|'.join(MONTHS)})\.?|\d{{1,2}}[-./]\d{{1,2}}", re.IGNORECASE)
_DAY_NUMBER = re.compile(r"((?:tgl|tanggal)\.?\s*)?(\d{1,2})(?:\.0)?", re.IGNORECASE)
_PAIR = re.compile(r"\d{1,2}[-./]\d{1,2}")
MOST_WEEKS = 5  # of a month: headers 1, 2, 3, 4 may be its weeks
_SAYS_DAYS = re.compile(r"(?:per )?(?:tgl|tanggal)\.?", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:belum|blm)(?: \w+)? (?:pe)?rekam(?:an)?\b")
_DONE = re.compile(r"\b(?:sudah|sdh|telah)\b", re.IGNORECASE)
FEWEST_ADDING = 3  # rows in which columns add up
_SAID_OF_DAYS = re.compile(r"per|pada|tanggal|tgl|posisi|keadaan|kondisi|data|bulan|bln|tahun|thn|th|s|d|sd|sampai|dengan|hingga")


@dataclass(frozen=True)
class DayTable:
    """The table of one day. ``text``: the day as the header writes it; ``month``: only a month is said, ``day`` is its last;
    ``basis``: the semester, where that is said; ``filled``: its columns,
    ``places``, show anything."""

    table: Table
    text: str
    day: date
    month: bool = False
    basis: str = ""
    filled: bool = True
    places: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Said:
    day: date
    month: bool
    basis: str
    text: str
    typed: bool = False
    short: bool = False  # completed from the titles


def by_day(table: Table) -> list[DayTable]:
    """The tables of the days that the header names, in order; none where it names fewer than two, or where the days head
    different counts: an eligible of one day beside the recorded of another are figures of one table."""
    table = _with_days_in_order(table)
    said = _named(table)
    days = sorted({one.day for one in said.values()})
    if not FEWEST_DAYS <= len(days) <= MOST_DAYS or len(days) * len(table.rows) * len(table.headers) > MOST_CELLS:
        return []
    heads = {place: _without(table.headers[place], one.text) for place, one in said.items()}
    groups = [[place for place in said if said[place].day == day] for day in days]
    counted = [_counted(heads[place] for place in group) for group in groups]
    if not counted[0]:
        heads, counted = _titled(table, groups, heads)
    if not counted[0] or any(one != counted[0] for one in counted) or _is_of_one_table(table, said, counted[0]):
        return []
    return [_of_day(table, group, heads, said) for group in groups]


def _with_days_in_order(table: Table) -> Table:
    """The table with the days of its headers as 2023-06-19, where one can only have the month before the day ('06/19/2023')."""
    found = {cell: day for path in table.headers for cell in path if (day := day_columns.turned(cell)) is not None}
    if not day_columns.shows_month_first(found):
        return table
    headers = (tuple(found[cell].isoformat() if cell in found else cell for cell in path) for path in table.headers)
    return replace(table, headers=tuple(headers))


def months_in(table: Table) -> list[str]:
    """The headers that name a month each, where they name different ones, at least two, and no day."""
    said = _named(table)
    months = {place: one.day for place, one in said.items()}
    if not said:
        months = {place: date(1, month, 1) for place, path in enumerate(table.headers) if (month := _month_of(path))}
    several = FEWEST_MONTHS <= len(set(months.values())) == len(months) and all(one.month for one in said.values())
    return [table.name(place) for place in sorted(months)] if several else []


def days_in(table: Table) -> list[str]:
    """The headers that name a day each and no measure, where they name at least two days."""
    said = _named(table)
    bare = all(not _counts(_without(table.headers[place], one.text)) for place, one in said.items())
    several = len({one.day for one in said.values()}) >= FEWEST_DAYS and not any(one.month for one in said.values())
    return [table.name(place) for place in sorted(said)] if several and bare else []


def _month_of(path: Sequence[str]) -> int:
    """The month that a header names without a year, 0 where it names none or several."""
    named = {MONTHS[word] for cell in path for word in _spoken(cell) if word in MONTHS}
    return named.pop() if len(named) == 1 else 0


def _named(table: Table) -> dict[int, _Said]:
    """The columns whose header names a day, with it; none where one names several, as a span of days does."""
    bare = _are_days(table)
    named = {place: _said(path, table.titles, bare) for place, path in enumerate(table.headers)}
    if any(len(one) > 1 for one in named.values()):
        return {}
    said = {place: one[0] for place, one in named.items() if one}
    short = [said[place].day for place in sorted(said) if said[place].short]
    if short != sorted(short):  # over the end of a month or year the titles say too little
        return {}
    if _are_no_days(table, said):
        return {}
    if all(one.day.day == 1 and one.typed for one in said.values()):  # as a workbook keeps a month that it shows as such
        return {place: replace(one, day=written.last_day(one.day.year, one.day.month), month=True) for place, one in said.items()}
    return said


def _are_no_days(table: Table, said: Mapping[int, _Said]) -> bool:
    """Whether pairs of numbers such as '5-9' are groups by age, for some are no days, or have the month first."""
    pairs = {place: path[-1].strip() for place, path in enumerate(table.headers) if path and _PAIR.fullmatch(path[-1].strip())}
    dated = [_with_year(one, year) for one in pairs.values() for year in _years(table.titles)]
    return not pairs.keys() <= said.keys() or bool(dated and day_columns.weeks_if_turned(dated))


def _counted(heads: Iterable[Sequence[str]]) -> list[str]:
    """The roles that headers name, in an order of their own."""
    return sorted(filter(None, map(_counts, heads)))


def _are_days(table: Table) -> bool:
    """Whether headers that are numbers are those of days of a month: they rise, and are no numbers of weeks or of columns."""
    shown = [written.day_number(path[-1]) for path in table.headers if path]
    numbers = [number for number in shown if 1 <= number <= written.DAYS_OF_A_MONTH]
    rising = numbers == sorted(set(numbers))
    return rising and len(numbers) >= FEWEST_DAYS and not (numbers[-1] <= MOST_WEEKS and numbers[-1] == len(numbers))


def _said(path: Sequence[str], titles: Sequence[object], bare: bool) -> list[_Said]:
    """The days or else the months that the cells of a header name; ``bare``: numbers alone are days."""
    hits = [hit for text in path for hit in written.search(text)]
    typed = any(_TYPED.fullmatch(text) for text in path)
    for kinds in (("day", "semester"), ("month",)):
        found = {hit.day: _Said(hit.day, hit.kind == "month", hit.basis, hit.text, typed) for hit in hits if hit.kind in kinds}
        if found:
            return list(found.values())
    if short := _completed(path, titles, bare):
        return short
    named = [text for text in path if words.tidy(text) in MONTHS]
    years = {hit.day.year for hit in hits if hit.kind == "year"} or _years(titles)
    if len(named) != 1 or len(years) != 1:
        return []
    return [_Said(written.last_day(years.pop(), MONTHS[words.tidy(named[0])]), True, "", named[0])]


def _completed(path: Sequence[str], titles: Sequence[object], bare: bool) -> list[_Said]:
    """The day that a header names as workbooks count days (45234), without its year ('14 Juni', '14/6'), or by its number
    ('Tgl 14', '14' below 'TANGGAL', or a ``bare`` 14), with the one year or month that the titles say."""
    lowest = path[-1].strip() if path else ""
    if (serial := written.day_number(lowest)) >= written.SERIALS[0]:
        return [_Said(written.of_serial(serial), False, "", lowest, short=True)]
    years = _years(titles)
    if len(years) != 1:
        return []
    said = [hit for title in titles if isinstance(title, str) for hit in written.search(title)]
    if number := _DAY_NUMBER.fullmatch(lowest):
        below = any(_SAYS_DAYS.fullmatch(cell.strip()) for cell in path[:-1])
        hits = written.of_month(int(number[2]), said, lowest) if number[1] or below or bare else []
        return [_Said(hit.day, False, "", lowest, short=True) for hit in hits]
    return _short_day(path, min(years)) or _week(path, said)


def _short_day(path: Sequence[str], year: int) -> list[_Said]:
    """The day that a cell of a header names without its year."""
    cells = [cell.strip() for cell in path if _SHORT_DAY.fullmatch(cell.strip())]
    found = [(hit.day, cell) for cell in cells for hit in written.search(_with_year(cell, year)) if hit.kind == "day"]
    return [_Said(day, False, "", cell, short=True) for day, cell in found]


def _week(path: Sequence[str], said: Sequence[written.Found]) -> list[_Said]:
    """The week of the one month that titles say ('Minggu 2'), by its last day."""
    months = {hit.day for hit in said if hit.kind == "month"}
    weeks = [(hit, cell) for cell in path for hit in written.week_of(cell, months)]
    return [_Said(hit.day, True, "", cell) for hit, cell in weeks]


def _with_year(text: str, year: int) -> str:
    """A day without its year ('14 Juni', '14-6') with it."""
    return re.sub("[-.]", "/", f"{text}/{year}") if _PAIR.fullmatch(text) else f"{text} {year}"


def _years(titles: Sequence[object]) -> set[int]:
    """The years that titles name alone or within a day."""
    return {hit.day.year for title in titles if isinstance(title, str) for hit in written.search(title)}


def _without(path: Sequence[str], text: str) -> tuple[str, ...]:
    """The cells of a header without the day, and without those that say nothing else."""
    rest = (" ".join(_TIME.sub(" ", cell.replace(text, " ")).split()) for cell in path)
    return tuple(cell for cell in rest if not all(_SAID_OF_DAYS.fullmatch(word) or word.isdigit() for word in _spoken(cell)))


def _spoken(cell: str) -> list[str]:
    return words.tidy(cell).split()


def _counts(path: Sequence[str]) -> str:
    """The role that a header without its day names, with the sex; '' where none."""
    found = words.meaning(path)
    return f"{found.measure} {found.sex}" if found.measure in ROLES else ""


Heads = Mapping[int, tuple[str, ...]]


def _titled(table: Table, groups: Sequence[Sequence[int]], heads: Heads) -> tuple[dict[int, tuple[str, ...]], list[list[str]]]:
    """The headers of one column a day with the title that says what all of them count; no counts where none does."""
    said = (_EACH_MONTH.sub(" ", one) for one in table.titles if isinstance(one, str))
    title = next((one for one in said if _counts((one,)).startswith(words.UNRECORDED)), None)
    bare = all(len(group) == 1 and not heads[group[0]] for group in groups)
    if title is None or not bare:
        return dict(heads), [[]]
    return dict.fromkeys(heads, (" ".join(title.split()),)), [[words.UNRECORDED] for _ in groups]


_TOTAL = re.compile(r"(?:jumlah|jml|jlh|total|banyak(?:nya)?)(?: (?:jiwa|orang|org|total|l ?\+ ?p))?|jiwa|l ?\+ ?p")
MOST_OF_ALL = 0.5  # of the eligible: the unrecorded are fewer
ADDS_UP = 0.95  # of the rows: a total of what stands beside it is no chance


def with_titled_total(table: Table) -> Table:
    """The table with its one column of totals headed as the unrecorded, where a title says that these are counted and no header
    says otherwise: it is all that is counted, or what the columns beside it (men and women, ages, years of birth) add up to."""
    said = [words.meaning(path).measure for path in table.headers]
    totals = [place for place, path in enumerate(table.headers) if path and _TOTAL.fullmatch(words.tidy(path[-1]))]
    titled = any(_titles_unrecorded(title) for title in table.titles if isinstance(title, str))
    if not titled or len(totals) != 1 or {words.RECORDED, words.UNRECORDED, words.PRINTED} & set(said):
        return table
    if not _is_of_all(table, totals[0], said):
        return table
    headers = [("BELUM REKAM", *path) if place == totals[0] else path for place, path in enumerate(table.headers)]
    return replace(table, headers=tuple(headers), whole=None)


def _is_of_all(table: Table, total: int, said: Sequence[str]) -> bool:
    """Whether a column is the only one of counts, or what the others that are no more than it add up to; and no eligible beside
    it is near."""
    counts = [column.values_of(cells).counts for cells in table.columns]
    names, whole = min(_places_of_text(table), default=0), counts[total]
    places = [place for place in range(names + 1, len(counts)) if place != total and said[place] != words.PERCENT]
    if any(np.nansum(whole) >= MOST_OF_ALL * np.nansum(counts[place]) for place in places if said[place] == words.ELIGIBLE):
        return False
    there = ADDS_UP * np.count_nonzero(~np.isnan(whole))
    parts = [counts[place] for place in places if np.nansum(counts[place]) <= np.nansum(whole)]
    parts = [one for one in parts if np.count_nonzero(~np.isnan(one)) >= there]
    hits, rows = column.adds_up(whole, *parts) if parts else (FEWEST_ADDING, FEWEST_ADDING)
    return rows >= FEWEST_ADDING and hits >= ADDS_UP * rows


def _titles_unrecorded(title: str) -> bool:
    """Whether a title says that the unrecorded are counted, and nothing else."""
    return bool(_LEFT.search(words.tidy(title))) and not (_DONE.search(title) or topics.other_in(title))


def _places_of_text(table: Table) -> list[int]:
    """The columns of texts, such as the names of areas."""
    first = table.rows[:FEWEST_ADDING]
    return [
        place
        for place in range(len(table.headers))
        if all(isinstance(cell := row[place], str) and not cell[:1].isdigit() for row in first)
    ]


def _may_be_of_a_while(counted: Sequence[str], said: Sequence[_Said]) -> bool:
    """Whether recorded without anything to hold them against stand under months: those of a month, or those up to it."""
    roles = {one.split()[0] for one in counted}
    return roles == {words.RECORDED} and any(one.month for one in said)


def _is_of_one_table(table: Table, said: Mapping[int, _Said], counted: Sequence[str]) -> bool:
    """Whether what the days head may be counts of a while, or of one of the days with what stands beside them."""
    return _may_be_of_a_while(counted, list(said.values())) or _counts_once(table, said, counted)


def _counts_once(table: Table, said: Mapping[int, _Said], counted: Sequence[str]) -> bool:
    """Whether the recorded or the unrecorded stand beside the days in a column of none, and under none of them: they are those of
    one of the days, while the eligible may hold for all."""
    beside = _counted(path for place, path in enumerate(table.headers) if place not in said)
    roles = {one.split()[0] for one in beside} & {words.RECORDED, words.UNRECORDED}
    return bool(roles - {one.split()[0] for one in counted})


def _of_day(table: Table, group: Sequence[int], heads: Heads, said: Mapping[int, _Said]) -> DayTable:
    """The table with the columns of one day and those of none."""
    others = said.keys() - set(group)
    headers = tuple(() if place in others else heads.get(place, path) for place, path in enumerate(table.headers))
    rows = [["" if place in others else cell for place, cell in enumerate(row)] for row in table.rows]
    one = said[group[0]]
    made = replace(table, headers=headers, rows=rows, whole=None, spans=[span for span in table.spans if span[0] not in others])
    shows = any(filled(row[place]) for row in table.rows for place in group)
    return DayTable(made, one.text, one.day, one.month, one.basis, shows, tuple(group))


CODE = "KODE WILAYAH"  # heads the column of the area that is added to a table of days
FEWEST_MONTHS = 2  # of a column; one alone may be a word


def with_area_of_each_day(table: Table) -> Table:
    """The table with the area in each of its rows, where it is written once for rows of the same days: in merged cells, or above
    empty ones."""
    rows = table.rows
    once = [
        place for place in range(len(table.headers)) if len(rows) > 1 and filled(rows[0][place]) and not filled(rows[1][place])
    ]
    found = day_columns.column(table, frozenset(), range(len(rows))) if once else None
    if found is None:
        return table
    tops = _blocks_of_days(found.cells)
    areas = [place for place in once if _names_once(table, place, tops)]
    made = [list(row) for row in rows]
    for number, top in tops.items():
        for place in areas:
            made[number][place] = rows[top][place]
    spans = [span for span in table.spans if span[0] not in areas]
    return replace(table, rows=made, whole=None, spans=spans) if areas else table


def _blocks_of_days(cells: Sequence[object]) -> dict[int, int]:
    """Row -> the top row of its block, where all rows with a day are in blocks of the same days; else none."""
    days = {number: day for number, cell in enumerate(cells) if (day := written.parse(cell)) is not None}
    dated = list(days)
    size = next((position for position, number in enumerate(dated) if position and days[number] == days[dated[0]]), 0)
    if size < FEWEST_DAYS or any(days[number] != days[dated[position % size]] for position, number in enumerate(dated)):
        return {}
    return {number: dated[position - position % size] for position, number in enumerate(dated)}


def _names_once(table: Table, place: int, tops: Mapping[int, int]) -> bool:
    """Whether a column names, in the top row of each block alone, what is no count and no number of a row."""
    path = table.headers[place]
    plain = words.meaning(path).measure not in ROLES and not words.is_row_number(path)
    return plain and bool(tops) and all(filled(table.rows[number][place]) == (number == top) for number, top in tops.items())


def is_of_one_area(table: Table) -> bool:
    """Whether the rows of a table without areas are days or months."""
    return day_columns.column(table, frozenset(), range(len(table.rows))) is not None or _month_column(table) >= 0


def of_one_area(table: Table, code: str, *, start: bool = False) -> tuple[Table, bool]:
    """A table whose rows are days with a column that says the area of each; a month of the titles' one year as its last day, or
    its first where that is the ``start``; and whether the days are such."""
    months = day_columns.column(table, frozenset(), range(len(table.rows))) is None
    place, years = _month_column(table), _years(table.titles)
    rows = [list(row) for row in table.rows]
    for row in rows if months and len(years) == 1 else ():
        month = MONTHS.get(words.tidy(row[place]))
        last = written.last_day(min(years), month) if month else None
        row[place] = row[place] if last is None else last.replace(day=1) if start else last
    dated = [any(written.parse(cell) is not None for cell in row) for row in rows]
    made = [[*row, code if day else ""] for row, day in zip(rows, dated, strict=True)]
    return replace(table, headers=(*table.headers, (CODE,)), rows=made, whole=None, spans=()), months


def _month_column(table: Table) -> int:
    """The column whose cells name months, each another one; -1 where there is none."""
    for place in range(len(table.headers)):
        named = [text for row in table.rows if (text := words.tidy(row[place])) in MONTHS]
        if len(named) >= FEWEST_MONTHS and len({MONTHS[text] for text in named}) == len(named):
            return place
    return -1
