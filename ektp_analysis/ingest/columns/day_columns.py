"""Columns that say the day of each row: of days, of serial numbers, of semesters, or of years, months and days side by side."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ektp_analysis.ingest.cells import months, words, written
from ektp_analysis.ingest.cells.rowkinds import filled
from ektp_analysis.ingest.columns.table import Table

SAMPLE = 200  # rows that show what a column holds
MOSTLY = 0.6  # of a column's cells: with fewer days among them the column is one of remarks
HEADING_CELLS = 3  # of a row that heads others with a day: a label, a colon, the day
MONTHS = 12  # of a year: a larger number beside a smaller one is the day
WEEK, MOST_WEEKS = 7, 3  # days; four weeks are also from 2 to 3 April, read with the month first

_DAY = re.compile(r"\b(?:tanggal|tgl|date|per|posisi)\b")
_MONTH = re.compile(r"\b(?:bulan|bln|month)\b")
_YEAR = re.compile(r"\b(?:tahun|thn|th|year)\b")
_SEMESTER = re.compile(r"\b(?:semester|smt|smstr|sem)\b")
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-]20\d\d(?![\d/-])")
_MONTH_FIRST = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)\s*")
_HALF = dict.fromkeys(("1", "i", "satu", "semester 1", "semester i"), 1)
_HALF |= dict.fromkeys(("2", "ii", "dua", "semester 2", "semester ii"), 2)


@dataclass(frozen=True)
class DayColumn:
    """A column that says the day of each row. ``basis``: that of all rows, where they name one semester."""

    place: int
    cells: tuple[object, ...]
    basis: str


def days_of(table: Table, area_columns: frozenset[int]) -> list[date | None] | None:
    """The day of each row where a column says it, else None."""
    found = column(table, area_columns, range(len(table.rows)))
    return None if found is None else [written.parse(cell) for cell in found.cells]


def column(table: Table, taken: frozenset[int], rows: Sequence[int]) -> DayColumn | None:
    """A column of days, else one of years beside one of semesters, or beside one of months and one of days."""
    parts: dict[str, int] = {}
    for place, header, sample in _samples(table, taken, rows):
        for holds, day in _COLUMN_RULES:
            if holds(header, sample):
                texts = set(map(str, sample))
                named = written.search(texts.pop()) if len(texts) == 1 else []
                cells = _with_merged(table, place, [day(row[place]) for row in table.rows], rows)
                return DayColumn(place, cells, named[0].basis if named else "")
        parts |= {name: place for name, (word, read) in _PARTS.items() if word.search(header) and all(map(read, sample))}
    if parts.keys() >= {"year", "month", "day"}:
        return _of_parts(table, parts["year"], parts["month"], parts["day"])
    return _of_halves(table, rows, parts["year"], parts["half"]) if parts.keys() >= {"year", "half"} else None


def heading(row: Sequence[object]) -> str:
    """The text of a row that may head the rows below it with a day, as a person reads it; '' where it shows a figure."""
    shown = [cell for cell in row if filled(cell)]
    if not 1 <= len(shown) <= HEADING_CELLS or not all(isinstance(cell, (str, date)) for cell in shown):
        return ""
    days = (written.parse(cell) for cell in shown)
    return " ".join(str(cell).strip() if day is None else day.isoformat() for cell, day in zip(shown, days, strict=True))


def _samples(table: Table, taken: frozenset[int], rows: Sequence[int]) -> Iterator[tuple[int, str, list[object]]]:
    """The columns that may hold days: position, header, filled cells of the first rows."""
    for place, path in enumerate(table.headers):
        if place not in taken and not words.is_named(path):  # a count that the sheet shows as a date is no day
            sample = [table.rows[row][place] for row in rows[:SAMPLE] if filled(table.rows[row][place])]
            if sample and not _apart(table, taken, place):
                yield place, words.tidy(" ".join(path)), sample


def _with_merged(table: Table, place: int, cells: Sequence[object], rows: Sequence[int]) -> tuple[object, ...]:
    """The cells of a column of days, a day that stands once for the rows below it in each of these: in merged cells, or where
    each day stands above as many rows, more than one."""
    found = list(cells)
    tops = [position for position, row in enumerate(rows) if filled(cells[row])]
    apart = {right - left for left, right in itertools.pairwise([*tops, len(rows)])}
    if len(apart) == 1 and min(apart) > 1 and tops[0] == 0:
        for position, row in enumerate(rows):
            found[row] = cells[rows[position - position % min(apart)]]
        return tuple(found)
    for column, first, last in table.spans:
        at = (
            {number: position for position, number in enumerate(table.row_numbers) if first <= number <= last}
            if column == place
            else {}
        )
        if first in at:
            found = [found[at[first]] if row in at.values() else cell for row, cell in enumerate(found)]
    return tuple(found)


def _are_days(_: str, sample: Sequence[object]) -> bool:
    return sum(written.parse(cell) is not None for cell in sample) >= MOSTLY * len(sample)


def _are_serials(header: str, sample: Sequence[object]) -> bool:
    return bool(_DAY.search(header)) and all(map(_serial, sample))


def _are_semesters(_: str, sample: Sequence[object]) -> bool:
    return all(hits and hits[0].kind == "semester" for hits in (written.search(str(cell)) for cell in sample))


def _as_it_is(cell: object) -> object:
    return cell


def _counted(cell: object) -> object:
    """The day of a serial number, which counts from the end of 1899."""
    number = _serial(cell)
    return written.of_serial(number) if number else cell


def _serial(cell: object) -> int:
    """The serial number that a cell holds, also as text without a mark; 0 where it holds none."""
    number = int(cell) if isinstance(cell, float) or (isinstance(cell, str) and re.fullmatch(r"\s*\d{5}\s*", cell)) else 0
    return number if written.SERIALS[0] <= number <= written.SERIALS[1] else 0


def _first_day(cell: object) -> object:
    hits = written.search(str(cell))
    return hits[0].day if hits else str(cell)


# How a column may say days, the strongest first: whether it does, by its header and a sample; and the day of a cell.
_COLUMN_RULES: tuple[tuple[Callable[[str, Sequence[object]], bool], Callable[[object], object]], ...] = (
    (_are_days, _as_it_is),
    (_are_serials, _counted),
    (_are_semesters, _first_day),
)


def _of_halves(table: Table, rows: Sequence[int], years: int, halves: int) -> DayColumn:
    """The ends of the half-years that a column of years and one of semesters give together."""
    named = [(year_of(row[years]), _half(row[halves])) for row in table.rows]
    days = [(date(year, 6, 30) if half == 1 else date(year, 12, 31)) if year and half else "" for year, half in named]
    one = {named[row] for row in rows}
    year, half = one.pop() if len(one) == 1 else (0, 0)
    return DayColumn(years, tuple(days), f"DKB {year}-{half}" if year else "")


def _apart(table: Table, columns: frozenset[int], place: int) -> bool:
    """Whether an empty column parts this one from the areas and figures on its left: it is of another table beside them."""
    left = max((one for one in columns if one < place), default=place)
    return any(not table.headers[one] and not any(map(filled, table.column(one)[:SAMPLE])) for one in range(left + 1, place))


def year_of(cell: object) -> int:
    text = _whole(cell).strip()
    return int(text) if re.fullmatch(r"20[12]\d", text) else 0


def _half(cell: object) -> int:
    return _HALF.get(words.tidy(_whole(cell)), 0)


def _whole(cell: object) -> str:
    """A cell as text, a number without its '.0'."""
    plain = isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell == int(cell)
    return str(int(cell)) if plain else str(cell)  # type: ignore[call-overload]


def _month(cell: object) -> int:
    text = _whole(cell).strip().lower().rstrip(".")
    return int(text) if re.fullmatch(r"0?[1-9]|1[0-2]", text) else months.MONTHS.get(text, 0)


def _day_number(cell: object) -> int:
    text = _whole(cell).strip()
    return int(text) if re.fullmatch(r"0?[1-9]|[12]\d|3[01]", text) else 0


_PARTS: dict[str, tuple[re.Pattern[str], Callable[[object], int]]] = {  # of a day: the word of its column, and its number
    "year": (_YEAR, year_of),
    "half": (_SEMESTER, _half),
    "month": (_MONTH, _month),
    "day": (_DAY, _day_number),
}


def _of_parts(table: Table, years: int, months: int, days: int) -> DayColumn:
    """The days that three columns give together; one that the calendar does not know stays as it is written."""
    found: list[object] = []
    for row in table.rows:
        text = f"{_day_number(row[days]):02d}/{_month(row[months]):02d}/{year_of(row[years])}"
        found.append(written.parse(text) or (text if filled(row[days]) else ""))
    return DayColumn(days, tuple(found), "")


def turned(cell: object) -> date | None:
    """The day of a cell with the month before the day, None where it is written otherwise or is no such day."""
    one = _MONTH_FIRST.fullmatch(str(cell))
    return written.parse(f"{one[3]}-{int(one[1]):02d}-{int(one[2]):02d}") if one else None


def shows_month_first(texts: Iterable[str]) -> bool:
    """Whether days in these texts can only have the month before the day, and none of them can only have it after."""
    numbers = [(int(one[1]), int(one[2])) for text in texts for one in _NUMBERS.finditer(text)]
    return any(day > MONTHS >= month for month, day in numbers) and all(month <= MONTHS for month, _ in numbers)


def weeks_if_turned(cells: Iterable[object]) -> bool:
    """Whether several days, any of which may have the month first, are whole weeks apart only if they have it."""
    ways = [(written.parse(cell), turned(cell)) for cell in set(cells) if filled(cell)]
    if any(one is None or other is None for one, other in ways):
        return False
    as_read, otherwise = ([day for pair in ways if (day := pair[way]) is not None] for way in (0, 1))
    return len(set(otherwise)) > 1 and _weeks_apart(otherwise) and not _weeks_apart(as_read)


def partly_turned(table: Table, taken: frozenset[int], rows: Sequence[int]) -> int:
    """A column in which a program kept as text the days with the month first that it could not read, and the others as days, with
    day and month exchanged; -1 where there is none."""
    for place, _, sample in _samples(table, taken, rows):
        texts = [cell for cell in sample if isinstance(cell, str)]
        days = [cell for cell in sample if isinstance(cell, date)]
        whole = texts and days and len(texts) + len(days) == len(sample)
        if whole and all(map(turned, texts)) and shows_month_first(texts) and all(day.day <= MONTHS for day in days):
            return place
    return -1


def _weeks_apart(days: Sequence[date]) -> bool:
    gaps = [(right - left).days for left, right in itertools.pairwise(sorted(days))]
    return all(gap % WEEK == 0 and gap <= MOST_WEEKS * WEEK for gap in gaps)


def month_first(table: Table, taken: frozenset[int], rows: Sequence[int]) -> tuple[int, list[date]] | None:
    """A column whose cells can only be days with the month before the day ('06/30/2023'): its place and its days, in order."""
    for place, _, sample in _samples(table, taken, rows):
        parts = [_MONTH_FIRST.fullmatch(str(cell)) for cell in sample]
        if not all(parts):
            continue
        numbers = [(int(one[1]), int(one[2])) for one in parts if one]
        if any(day > MONTHS for _, day in numbers) and all(month <= MONTHS and 1 <= day <= 31 for month, day in numbers):
            return place, sorted({day for cell in sample if (day := turned(cell)) is not None})
    return None
