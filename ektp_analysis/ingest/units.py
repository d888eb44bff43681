"""The sheets of a book -> units: each table that may be a part of one reading, with its day and its kecamatan."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ektp_analysis.core.text import T
from ektp_analysis.ingest.candidate import Candidate, read_table, table_in, without_areas
from ektp_analysis.ingest.cells import names, numerals, words, written
from ektp_analysis.ingest.cells.months import MONTHS
from ektp_analysis.ingest.cells.rowkinds import filled, is_number
from ektp_analysis.ingest.columns import by_hand, day, day_groups, tables_apart
from ektp_analysis.ingest.columns.day import Decided
from ektp_analysis.ingest.columns.day_groups import DayTable
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.report import LEFT_OUT, MONTH_END, MONTH_START, Choices

LOOKED_AT, BESIDE = 2_000, 2  # rows that show whether a sheet holds numbers; columns of row numbers and codes before them
INSTEAD = 0.5  # of a sheet's rows: a column of texts in more, where numbers belong, is no table that is not filled in yet
FEWEST_TABLES, SAME_AREAS = 2, 0.5  # of one sheet; the share of the areas of the smaller that makes two tables of the same areas
ROWS = "rows"  # how choices name the table of a file without sheets
FEWEST_NAMED = 2  # sheets named by kecamatan that say which kabupaten they lie in, where nothing else says it

_DISTRICT = re.compile(r"^\W*(?:kecamatan|kec|distrik)\b[\s.:]*(.+)$", re.IGNORECASE)
_RECAP = re.compile(r"\b(?:rekap\w*|total|jumlah|gabungan|keseluruhan|semua|summary|recap|kabupaten|kab)\b", re.IGNORECASE)
_GIVEN = re.compile(r"(?:sheet|lembar|table|tabel|data)?\s*\d*", re.IGNORECASE)  # names that programs give
_MARKS = re.compile(r"[_\s]+")


@dataclass(frozen=True)
class Unit:
    """One table of a file.

    key: how choices name it.
    found: what it can be read as, None where as nothing.
    day: the one day of its rows, None where they say it each or nothing does; ``month``: only its month is said.
    said: the day or month of its sheet's name.
    area: the kecamatan it is read within.
    empty: it shows no number; ``width``: the last column that is filled in most rows.
    shared: headers of its figures that stand once for several days.
    grouped: other tables stand on its sheet; ``beside``: one on its left or right.
    days: its rows are days of ``area``; ``months``: they are months, each read as its last day, and which day is not said.
    alone: it was read as a file of this sheet alone would be.
    """

    key: str
    sheet: str
    found: Candidate | None
    day: date | None = None
    month: bool = False
    said: written.Found | None = None
    area: str = ""
    empty: bool = False
    width: int = -1
    grouped: bool = False
    beside: bool = False
    shared: tuple[str, ...] = ()
    days: bool = False
    months: bool = False
    alone: bool = False

    @property
    def dated(self) -> bool:
        """Whether a day of its rows is known."""
        return self.day is not None or bool(self.found and self.found.when.cells)

    @property
    def is_recap(self) -> bool:
        """Whether its sheet is named as one that sums others up."""
        return bool(_RECAP.search(_MARKS.sub(" ", self.sheet)))


def of(sheets: Sequence[Sheet], choices: Choices, file: str) -> list[Unit]:
    """The units of these sheets; the tables of one sheet, and several days beside each other, one by one."""
    wanted = [sheet for sheet in sheets if choices.part(sheet.name) != LEFT_OUT]
    tables = [table_in(sheet) for sheet in wanted]
    beside = _beside(wanted, tables, choices, file) if len(wanted) > 1 else _Beside(names.find_regencies(file), {}, 0)
    fitting = [table is not None and by_hand.chosen(table, choices.columns) is not None for table in tables]
    made: list[tuple[Unit, Table | None]] = []
    for sheet, table, fits in zip(wanted, tables, fitting, strict=True):
        own = choices if fits or not any(fitting) else replace(choices, columns={})
        around = _Around(own, file, beside, beside.areas.get(sheet.name, ""), own is choices)
        made += [(one, None if one.grouped else table) for one in _of_sheet(sheet, table, around)]
    return [one for one in _by_their_desa(made, choices) if choices.part(one.key) != LEFT_OUT]


@dataclass(frozen=True)
class _Beside:
    """What the sheets of a file say of each other: ``hints``: the kabupaten that they lie in; ``areas``: sheet -> kecamatan;
    ``year``: the one that titles and the file's name say, 0 where none."""

    hints: tuple[str, ...]
    areas: Mapping[str, str]
    year: int


def _beside(sheets: Sequence[Sheet], tables: Sequence[Table | None], choices: Choices, file: str) -> _Beside:
    hints = names.find_regencies(file)
    titled = [(sheet.name, _titles(table)) for sheet, table in zip(sheets, tables, strict=True)]
    areas = districts(titled, choices, hints)
    regencies = {code.rpartition(".")[0] for code in areas.values()}
    year = _year([*(title for _, titles in titled for title in titles), file])
    return _Beside(tuple(regencies) if len(regencies) == 1 else tuple(hints), areas, year)


def _by_their_desa(made: Sequence[tuple[Unit, Table | None]], choices: Choices) -> list[Unit]:
    """The units with those that no name says the kecamatan of, among others that it does: of the one in which their desa lie."""
    taken = {one.area for one, _ in made} - {""}
    found = []
    for one, table in made:
        placed = one.found.placed.codes if one.found is not None and len(taken) >= FEWEST_NAMED and not one.area else ()
        lie_in = {".".join(code.split(".")[:3]) for code in placed if code.count(".") == 3}
        if len(lie_in) == 1 and table is not None and not lie_in & taken:
            area = lie_in.pop()
            read = read_table(table, replace(choices, area=area), one.found.file if one.found else "")
            one = _dated(replace(one, found=read, area=area, alone=False), choices)
        found.append(one)
    return found


@dataclass(frozen=True)
class _Around:
    """What is known of a sheet before it is read. ``area``: its kecamatan; ``as_given``: the choices are those of all sheets."""

    choices: Choices
    file: str
    beside: _Beside
    area: str
    as_given: bool

    @property
    def hints(self) -> tuple[str, ...]:
        """The kabupaten that the sheets lie in."""
        return self.beside.hints

    @property
    def alone(self) -> bool:
        """Whether nothing but the sheet and the file's name say anything of it."""
        return self.as_given and not self.area and self.hints == tuple(names.find_regencies(self.file))

    @property
    def within(self) -> Choices:
        """The choices, with the kecamatan of the sheet as the area."""
        return replace(self.choices, area=self.area) if self.area else self.choices

    def read(self, table: Table | None) -> Candidate | None:
        """What a table can be read as."""
        return None if table is None else read_table(table, self.within, self.file, self.hints)


def _of_sheet(sheet: Sheet, table: Table | None, around: _Around) -> list[Unit]:
    """The units of a sheet: its days, else its tables, else the sheet as one."""
    if table is None:
        return [_unit(sheet, sheet.name.strip(), None, around)]
    if (days := _of_days(sheet, table, around)) or (days := _of_tables(sheet, around)):
        return days
    found = around.read(table)
    if (found is None or found.unfitting) and day_groups.is_of_one_area(table):
        return [_of_one_area(sheet, table, around)]
    return [_unit(sheet, sheet.name.strip(), found, around)]


def _of_one_area(sheet: Sheet, table: Table, around: _Around) -> Unit:
    """The unit of a table whose rows are days: of the area that a person, the sheet's name or a title says, else of one that must
    be asked for."""
    key = sheet.name.strip() or ROWS
    said = around.choices.part(key)
    area = said if "." in said else around.within.area or _titled_area(_titles(table), around.hints)
    if not area:
        return _unit(sheet, key, without_areas(table, around.file, around.hints), around)
    made, months = day_groups.of_one_area(table, area, start=said == MONTH_START)
    found = read_table(made, replace(around.within, area=area), around.file, around.hints)
    asked = months and said not in (MONTH_START, MONTH_END)
    return replace(_unit(sheet, key, found, around), months=asked, area=area, alone=False, grouped=True, days=True)


def _titled_area(titles: Sequence[str], hints: Sequence[str]) -> str:
    """The kecamatan that titles name, else their kabupaten; '' where they name none or several."""
    regencies = list(dict.fromkeys(code for title in titles for code in names.find_regencies(title))) or list(hints)
    called = [match.group(1) for title in titles if (match := _DISTRICT.match(title))]
    if not called:
        return regencies[0] if len(regencies) == 1 else ""
    codes = (
        {_district(called[0], regency) for regency in regencies}
        if regencies
        else set(names.everywhere(3).get(names.compact(called[0], 3), ()))
    )
    return codes.pop() if len(codes) == 1 and len(called) == 1 else ""


def _unit(sheet: Sheet, key: str, found: Candidate | None, around: _Around) -> Unit:
    said, empty = _said(sheet.name, around.beside.year, _titles(found.table if found else None)), not shows_numbers(sheet)
    made = Unit(
        key,
        sheet.name,
        found,
        said=said,
        area=around.area,
        empty=empty,
        width=_width(sheet) if empty else -1,
        alone=around.alone,
    )
    return _dated(made, around.choices)


def _of_days(sheet: Sheet, table: Table, around: _Around) -> list[Unit]:
    """The days that stand beside each other, where each can be read."""
    days = [] if around.choices.date else day_groups.by_day(table)
    read = [(one, around.read(one.table)) for one in days if one.filled]
    if len(read) < FEWEST_TABLES or not all(found is not None and found.picked.columns for _, found in read):
        return []
    return [_of_group(sheet, one, found, around) for one, found in read if found is not None] + [
        Unit(_key(sheet, one.text), sheet.name, None, one.day, empty=True, grouped=True) for one in days if not one.filled
    ]


def _of_tables(sheet: Sheet, around: _Around) -> list[Unit]:
    """The tables below or beside each other, where they hold the same areas, or stand side by side and count the same."""
    made = []
    for one in tables_apart.apart(sheet):
        table = table_in(one.sheet)
        found = around.read(tables_apart.titled(table)) if table is not None else None
        made.append(replace(_unit(one.sheet, _key(sheet, one.place), found, around), grouped=True, beside=one.beside))
    return made if _are_apart(made) else []


def _are_apart(made: Sequence[Unit]) -> bool:
    """Whether tables of a sheet are several indeed, and no list that goes on under its header written again."""
    read = [one.found for one in made if one.found is not None and any(one.found.placed.codes)]
    codes = [set(one.placed.codes) - {""} for one in read]
    roles = {frozenset(one.picked.columns) for one in read if one.picked.columns}
    if len(read) < FEWEST_TABLES:
        return False
    if _headed_otherwise(read):
        return True
    if len(roles) > 1:
        return False
    alike = all(len(codes[0] & one) >= SAME_AREAS * min(len(codes[0]), len(one)) for one in codes)
    return alike or all(one.beside for one in made)


def _headed_otherwise(read: Sequence[Candidate]) -> bool:
    """Whether in a column of figures of one of these tables another counts something else, so that no list goes on there."""
    first = next((one for one in read if one.picked.columns), read[0])
    places = [place for columns in first.picked.columns.values() for place in columns]
    meant = [[words.meaning(path).measure for path in one.table.headers] for one in read]
    mine = next(one for found, one in zip(read, meant, strict=True) if found is first)
    return any(place < len(one) and one[place] and one[place] != mine[place] for one in meant for place in places)


def _key(sheet: Sheet, part: str) -> str:
    """How choices name a part of a sheet."""
    return f"{sheet.name.strip()} / {part}" if sheet.name.strip() else part


def _of_group(sheet: Sheet, one: DayTable, found: Candidate, around: _Around) -> Unit:
    when = Decided(one.day, basis=one.basis or found.when.basis, where=T("header"))
    chosen = {place for places in found.picked.columns.values() for place in places}
    made = Unit(_key(sheet, one.text), sheet.name, replace(found, when=when), one.day, one.month, area=around.area, grouped=True)
    shared = tuple(found.table.name(place) for place in sorted(chosen - set(one.places)))
    return _chosen(replace(made, shared=shared), around.choices)


def _dated(unit: Unit, choices: Choices) -> Unit:
    """A unit with the day that its table says, else the month that its sheet is named by."""
    found = unit.found
    if found is None:
        return unit
    if found.when.day is not None or found.when.cells:
        return _chosen(replace(unit, day=found.when.day), choices)
    offered = {day for day, _ in found.when.readings}
    if unit.said is not None and unit.said.kind == "month":
        return _chosen(replace(unit, day=unit.said.day, month=True), choices)
    if len(offered) == 1 and found.when.readings[0][1] not in day.UNSURE:  # the end of a month that a title says
        return _chosen(replace(unit, day=offered.pop(), month=True), choices)
    return _chosen(unit, choices)


def _chosen(unit: Unit, choices: Choices) -> Unit:
    """A unit with the day that a person gave it."""
    day = choices.day_of(unit.key)
    if day is None or unit.found is None:
        return unit
    return replace(
        unit, day=day, month=False, said=None, found=replace(unit.found, when=replace(unit.found.when, day=day, cells=()))
    )


def _said(name: str, year: int, titles: Iterable[str] = ()) -> written.Found | None:
    """The day or the month that a sheet is named by."""
    hits = [hit for hit in written.search(name) if hit.kind in ("day", "semester", "month")]
    if len(hits) == 1:
        return hits[0]
    month = MONTHS.get(words.tidy(name))
    if month is None or not year:
        return _week_of(name, titles)
    return written.Found(written.last_day(year, month), "month", name)


def _week_of(name: str, titles: Iterable[str]) -> written.Found | None:
    """The week that a sheet is named by ('Minggu 2', 'M3'), of the one month that its titles say."""
    months = {hit.day for title in titles for hit in written.search(title) if hit.kind == "month"}
    return next(iter(written.week_of(name, months)), None)


def _year(texts: Sequence[str]) -> int:
    found = {hit.day.year for text in texts for hit in written.search(text)}
    return found.pop() if len(found) == 1 else 0


def _titles(table: Table | None) -> list[str]:
    return [title for title in table.titles if isinstance(title, str)] if table is not None else []


def shows_numbers(sheet: Sheet) -> bool:
    """Whether a sheet shows a number that may count something, right of the numbers of its rows and of codes."""
    return any(is_number(cell) for row in sheet.rows[:LOOKED_AT] for cell in row[BESIDE:])


def _width(sheet: Sheet) -> int:
    """The last column in which most rows show something that is no dash."""
    shown = [row for row in sheet.rows[:LOOKED_AT] if any(map(filled, row))]
    columns = Counter(place for row in shown for place, cell in enumerate(row) if _says_something(cell))
    return max((place for place, many in columns.items() if many > INSTEAD * len(shown)), default=-1)


def _says_something(cell: object) -> bool:
    return filled(cell) and str(cell).strip() not in numerals.NO_FIGURE


def districts(sheets: Sequence[tuple[str, Sequence[str]]], choices: Choices, hints: Sequence[str]) -> dict[str, str]:
    """Sheet -> the kecamatan that it is named by, else its title, in the one kabupaten that holds them all; ``sheets``: names and
    titles. Where a person said which kecamatan a sheet is about, that."""
    called = {name: text for name, titles in sheets if (text := _called(name, titles))}
    regency = _regency_of(called.values(), [choices.area] if choices.area.count(".") == 1 else hints, sheets)
    found = {name: _district(text, regency) for name, text in called.items()} if regency else {}
    said = {name: choices.part(name) for name, _ in sheets}
    return {**{name: code for name, code in found.items() if code}, **{name: code for name, code in said.items() if "." in code}}


def _regency_of(called: Iterable[str], hints: Sequence[str], sheets: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The one kabupaten that holds kecamatan of these names: one that hints or titles say, else that which holds most of them."""
    near = [*hints] or [code for _, titles in sheets for title in titles for code in names.find_regencies(title)]
    counted: Counter[str] = Counter()
    for text in called:
        counted.update({code.rpartition(".")[0] for code in names.everywhere(3).get(names.compact(text, 3), ())})
    best = [code for code in dict.fromkeys(near) if counted[code]] or _most(counted)
    return best[0] if len(best) == 1 else ""


def _district(text: str, regency: str) -> str:
    """The one kecamatan of a kabupaten that is called so; '' where there is none."""
    exact, loose = names.keyed(regency)
    codes = exact.get(names.compact(text, 3)) or loose.get(names.loose(text, 3)) or ()
    return codes[0] if len(codes) == 1 else ""


def _most(counted: Mapping[str, int]) -> list[str]:
    """The kabupaten that holds most of the names, where it is one and holds enough of them."""
    best = [code for code, hits in counted.items() if hits == max(counted.values())]
    return best if len(best) == 1 and counted[best[0]] >= FEWEST_NAMED else []


def _called(name: str, titles: Sequence[str]) -> str:
    """What may be the kecamatan of a sheet: its name; the title that says so where the name is one that programs give."""
    if not _GIVEN.fullmatch(name.strip()):
        return "" if _RECAP.search(_MARKS.sub(" ", name)) and not _DISTRICT.match(name) else name
    hits = [match.group(1) for title in titles if (match := _DISTRICT.match(title))]
    return hits[0] if len(hits) == 1 else ""
