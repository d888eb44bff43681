"""The day that a table is about: in a column, in the title, in the header, in the sheet's name, in the file's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ektp_analysis.ingest import dates, words
from ektp_analysis.ingest.rowkinds import filled
from ektp_analysis.ingest.table import Table
from ektp_analysis.text import T, Text

_PRINTED = re.compile(
    r"dicetak|tanggal cetak|tgl cetak|di ?unduh|download|diakses|printed|generated|nomor|undang|permendagri|perpres|"
    r"peraturan|perda|\buu\b|\bno\. ?\d",
    re.IGNORECASE,
)
_RANGE = re.compile(r"s\.?\s?/?\s?d\.?|sampai(?: dengan)?|hingga|[-–—]", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:data|keadaan|posisi|kondisi|per|s\.?\s?/?\s?d|sampai|update|pemutakhiran)\b", re.IGNORECASE)
_DAY = re.compile(r"\b(?:tanggal|tgl|date|per|posisi)\b")
_SERIALS = (40544, 55153)  # days as workbooks count them, 2011 to 2050, where a program lost that they are days
_YEAR = re.compile(r"\b(?:tahun|thn|th|year)\b")
_SEMESTER = re.compile(r"\b(?:semester|smt|smstr|sem)\b")
_HALF = {
    "1": 1,
    "i": 1,
    "satu": 1,
    "2": 2,
    "ii": 2,
    "dua": 2,
    "semester 1": 1,
    "semester i": 1,
    "semester 2": 2,
    "semester ii": 2,
}


@dataclass(frozen=True)
class Decided:
    """``day`` for all rows, or ``cells`` for each; ``readings``: days to choose from where it is not certain; ``where``:
    the place that says it; ``other``: what the file's name says otherwise."""

    day: date | None = None
    cells: tuple[object, ...] = ()
    basis: str = ""
    where: Text | None = None
    readings: tuple[tuple[date, Text], ...] = ()
    other: date | None = None
    column: int = -1


def decide(table: Table, file: str, area_columns: frozenset[int], rows: Sequence[int]) -> Decided:
    """The day, by the order of evidence: column, title, header, sheet's name, file's name. Exact days and semesters are
    certain; a month or a year alone is a question, and so are places inside the file that disagree."""
    from_column = _column(table, area_columns, rows)
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", file)
    places: list[tuple[Text, list[dates.Found]]] = [
        (T("title"), _titles(table)),
        (T("header"), _header(table)),
        (T("name of the sheet"), dates.search(table.sheet)),
        (T("name of the file"), dates.search(stem)),
    ]
    semester = next((hit for _, hits in places for hit in hits if hit.kind == "semester"), None)
    basis = semester.basis if semester else ""
    titled = list(dict.fromkeys((hit.day, where) for where, hits in places[:3] for hit in hits if hit.kind == "day"))
    if from_column is not None and titled:
        listed = {day for row in rows if (day := dates.parse(from_column[1][row])) is not None}
        if listed and listed != {titled[0][0]}:
            column = T("column {column}", column=table.name(from_column[0]))
            return Decided(basis=basis, readings=(*titled[:3], (max(listed), column)))
    if from_column is not None:
        return Decided(
            cells=from_column[1],
            basis=basis or from_column[2],
            where=T("column {column}", column=table.name(from_column[0])),
            column=from_column[0],
        )
    inside = [(where, _latest_kind(hits)) for where, hits in places[:3]]
    named = _latest_kind(places[3][1])
    for kind in ("day", "semester"):
        found = [(where, hit) for where, hits in inside for hit in hits if hit.kind == kind]
        distinct = list(dict.fromkeys(hit.day for _, hit in found))
        if len(distinct) == 1:
            other = next((hit.day for hit in named if hit.kind in ("day", "semester") and hit.day != distinct[0]), None)
            if kind == "semester" and any(hit.kind == "day" for hit in named):
                break  # a day in the name beside a semester in the file: the semester is the basis
            return Decided(distinct[0], basis=basis, where=found[0][0], other=other)
        if len(distinct) > 1:
            return Decided(basis=basis, readings=tuple((hit.day, where) for where, hit in found))
    for kind in ("day", "semester"):
        distinct = list(dict.fromkeys(hit.day for hit in named if hit.kind == kind))
        if len(distinct) == 1:
            inside_semester = [hit.day for _, hits in inside for hit in hits if hit.kind == "semester"]
            if kind == "day" and inside_semester and abs((inside_semester[0] - distinct[0]).days) > 200:
                return Decided(basis=basis, readings=((inside_semester[0], T("title")), (distinct[0], T("name of the file"))))
            return Decided(distinct[0], basis=basis, where=T("name of the file"))
        if len(distinct) > 1:
            return Decided(basis=basis, readings=tuple((day, T("name of the file")) for day in distinct))
    below = _below(table, rows)
    told = list(dict.fromkeys(day for day, about in below if about))
    years = {hit.day.year for _, hits in inside for hit in hits}
    if len(told) == 1 and years <= {told[0].year}:
        return Decided(told[0], basis=basis, where=T("note below the table"))
    if below:
        return Decided(basis=basis, readings=tuple((day, T("note below the table")) for day in dict(below))[:4])
    yearly = _years(table, rows, area_columns)
    if yearly:
        return Decided(basis=basis, readings=tuple((day, T("year alone")) for day in yearly))
    loose = [(hit.day, where) for where, hits in [*inside, (T("name of the file"), named)] for hit in hits if hit.kind == "month"]
    loose += (
        [
            (date(hit.day.year, month, 30 if month == 6 else 31), T("year alone"))
            for where, hits in places
            for hit in hits
            if hit.kind == "year"
            for month in (12, 6)
        ]
        if not loose
        else []
    )
    return Decided(basis=basis, readings=tuple(dict(loose).items())[:4])


def _below(table: Table, rows: Sequence[int]) -> list[tuple[date, bool]]:
    """Days that stand below the last area, and whether their text says that the data are of that day: a signature names
    only the day on which it was signed."""
    found: list[tuple[date, bool]] = []
    for row in table.rows[max(rows, default=-1) + 1 :][:60]:
        for cell in row:
            if isinstance(cell, str) and not _PRINTED.search(cell):
                found += [(hit.day, bool(_ABOUT.search(cell))) for hit in dates.search(cell) if hit.kind == "day"]
    return found


def days_of(table: Table, area_columns: frozenset[int]) -> list[date | None] | None:
    """The day of each row where a column says it, else None."""
    found = _column(table, area_columns, range(len(table.rows)))
    return None if found is None else [dates.parse(cell) for cell in found[1]]


def _latest_kind(hits: Sequence[dates.Found]) -> list[dates.Found]:
    return list(hits)


def _titles(table: Table) -> list[dates.Found]:
    found: list[dates.Found] = []
    for title in table.titles:
        if isinstance(title, (date, datetime)):
            day = title.date() if isinstance(title, datetime) else title
            found.append(dates.Found(day, "day", day.isoformat()))
        elif isinstance(title, str):
            hits = dates.search(title)
            days = [hit for hit in hits if hit.kind == "day"]
            if _PRINTED.search(title):
                hits = [hit for hit in hits if hit.kind == "semester"]
            elif len(days) == 2:
                first, last = sorted(days, key=lambda hit: title.find(hit.text))
                between = title[title.find(first.text) + len(first.text) : title.find(last.text)]
                if _RANGE.fullmatch(between.strip()) and first.day < last.day:
                    hits = [hit for hit in hits if hit is not first]
            found += hits
    spoken = " ".join(
        str(int(title)) if isinstance(title, float) else str(title)
        for title in table.titles
        if (isinstance(title, str) and not _PRINTED.search(title)) or (isinstance(title, float) and title.is_integer())
    )
    if not any(hit.kind in ("day", "semester") for hit in found):
        found += [hit for hit in dates.search(spoken) if hit.kind in ("day", "semester")]
    return found


def _header(table: Table) -> list[dates.Found]:
    texts = dict.fromkeys(text for path in table.headers for text in path)
    return [hit for text in texts for hit in dates.search(text) if hit.kind != "year"]


def _column(table: Table, area_columns: frozenset[int], rows: Sequence[int]) -> tuple[int, tuple[object, ...], str] | None:
    """A column of days, or of years and semesters."""
    years = halves = -1
    for place, path in enumerate(table.headers):
        if place in area_columns:
            continue
        sample = [table.rows[row][place] for row in rows[:200] if filled(table.rows[row][place])]
        if not sample or _apart(table, area_columns, place):
            continue
        if sum(dates.parse(cell) is not None for cell in sample) >= 0.6 * len(sample):
            return place, tuple(row[place] for row in table.rows), ""
        header = words.tidy(" ".join(path))
        if _DAY.search(header) and all(isinstance(cell, float) and _SERIALS[0] <= cell <= _SERIALS[1] for cell in sample):
            return place, tuple(_counted(row[place]) for row in table.rows), ""
        texts = [str(cell) for cell in sample]
        if all(hits and hits[0].kind == "semester" for hits in map(dates.search, texts)):
            cells = tuple(_first_day(str(row[place])) for row in table.rows)
            return place, cells, dates.search(texts[0])[0].basis if len(set(texts)) == 1 else ""
        if _YEAR.search(header) and all(_year(cell) for cell in sample):
            years = place
        if _SEMESTER.search(header) and all(_half(cell) for cell in sample):
            halves = place
    if years >= 0 and halves >= 0:
        made: list[object] = []
        for row in table.rows:
            year, half = _year(row[years]), _half(row[halves])
            made.append(date(year, 6, 30) if year and half == 1 else date(year, 12, 31) if year and half else "")
        one = {(_year(table.rows[row][years]), _half(table.rows[row][halves])) for row in rows}
        year, half = next(iter(one)) if len(one) == 1 else (0, 0)
        return years, tuple(made), f"DKB {year}-{half}" if year else ""
    return None


def _apart(table: Table, columns: frozenset[int], place: int) -> bool:
    """Whether an empty column parts this one from the areas and figures on its left: it is of another table beside them."""
    left = max((one for one in columns if one < place), default=place)
    return any(not table.headers[one] and not any(map(filled, table.column(one)[:200])) for one in range(left + 1, place))


def _counted(cell: object) -> object:
    """The day of a serial number, which counts from the end of 1899."""
    if not isinstance(cell, float) or not _SERIALS[0] <= cell <= _SERIALS[1]:
        return cell
    return date(1899, 12, 30) + timedelta(days=int(cell))


def _first_day(text: str) -> object:
    hits = dates.search(text)
    return hits[0].day if hits else text


def _year(cell: object) -> int:
    text = (
        str(int(cell))
        if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell == int(cell)
        else str(cell).strip()
    )
    return int(text) if re.fullmatch(r"20[12]\d", text) else 0


def _half(cell: object) -> int:
    text = str(int(cell)) if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell == int(cell) else str(cell)
    return _HALF.get(words.tidy(text), 0)


def _years(table: Table, rows: Sequence[int], area_columns: frozenset[int]) -> list[date]:
    """The year of a column of years, as its two likely days."""
    for place, path in enumerate(table.headers):
        if place not in area_columns and _YEAR.search(words.tidy(" ".join(path))):
            found = {_year(table.rows[row][place]) for row in rows}
            if len(found) == 1 and 0 not in found:
                year = found.pop()
                return [date(year, 12, 31), date(year, 6, 30)]
    return []
