"""The sheets of a book -> units: each table that may be a part of one reading, with its day and the kecamatan that it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ektp_analysis.core.text import T
from ektp_analysis.ingest.candidate import Candidate, read_table, table_in
from ektp_analysis.ingest.cells import names, words, written
from ektp_analysis.ingest.columns import day, day_groups, pick
from ektp_analysis.ingest.columns.day import Decided
from ektp_analysis.ingest.columns.day_groups import DayTable
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.report import LEFT_OUT, Choices

FEWEST_NAMED = 2  # sheets named by kecamatan that say which kabupaten they lie in, where nothing else says it

_DISTRICT = re.compile(r"^\W*(?:kecamatan|kec|distrik)\b[\s.:]*(.+)$", re.IGNORECASE)
_RECAP = re.compile(r"\b(?:rekap\w*|total|jumlah|gabungan|keseluruhan|semua|summary|recap|kabupaten|kab)\b", re.IGNORECASE)
_MARKS = re.compile(r"[_\s]+")


@dataclass(frozen=True)
class Unit:
    """One table of a file. ``key``: how choices name it; ``found``: what it can be read as, None where as nothing; ``day``: the
    one day of its rows, None where they say it each or nothing does; ``month``: whether only the month of that day is said;
    ``said``: the day or month of its sheet's name; ``area``: the kecamatan it is read within; ``empty``: it shows no number; ``grouped``: other days stand beside it; ``alone``: it was
    read as a file of this sheet alone would be."""

    key: str
    sheet: str
    found: Candidate | None
    day: date | None = None
    month: bool = False
    said: written.Found | None = None
    area: str = ""
    empty: bool = False
    grouped: bool = False
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
    """The units of these sheets, those of a sheet with several days beside each other one by one."""
    tables = [(sheet, table_in(sheet)) for sheet in sheets if choices.parts.get(sheet.name) != LEFT_OUT]
    hints = names.find_regencies(file)
    around = districts([(sheet.name, _titles(table)) for sheet, table in tables], choices, hints) if len(tables) > 1 else {}
    regencies = {code.rpartition(".")[0] for code in around.values()}
    near = tuple(regencies) if len(regencies) == 1 else tuple(hints)
    year = _year([*(title for _, table in tables for title in _titles(table)), file]) if len(tables) > 1 else 0
    fitting = [table for _, table in tables if table is not None and pick.chosen(table, choices.columns) is not None]
    made = []
    for sheet, table in tables:
        own = replace(choices, columns={}) if fitting and table not in fitting else choices
        made += _of_sheet(sheet, table, _Around(own, file, near, around.get(sheet.name, ""), year))
    return [
        replace(unit, alone=not unit.area and near == tuple(hints) and (not choices.columns or not fitting))
        for unit in made
        if choices.parts.get(unit.key) != LEFT_OUT
    ]


@dataclass(frozen=True)
class _Around:
    """What is known of a sheet before it is read: ``year``: the one that titles and the file's name say, 0 where none."""

    choices: Choices
    file: str
    hints: tuple[str, ...]
    area: str
    year: int


def _of_sheet(sheet: Sheet, table: Table | None, around: _Around) -> list[Unit]:
    said = _said(sheet.name, around.year)
    if table is None:
        return [Unit(sheet.name, sheet.name, None, said=said, empty=not _shows_numbers(sheet))]
    choices = replace(around.choices, area=around.area) if around.area else around.choices
    days = [] if choices.date else day_groups.by_day(table)
    read = [(one, read_table(one.table, choices, around.file, around.hints)) for one in days]
    if read and all(found is not None and found.picked.columns for _, found in read):
        return [_of_group(sheet, one, found, around) for one, found in read if found is not None]
    found = read_table(table, choices, around.file, around.hints)
    return [_dated(Unit(sheet.name, sheet.name, found, said=said, area=around.area, empty=not _shows_numbers(sheet)), choices)]


def _of_group(sheet: Sheet, one: DayTable, found: Candidate, around: _Around) -> Unit:
    key = f"{sheet.name} / {one.text}" if sheet.name else one.text
    when = Decided(one.day, basis=one.basis or found.when.basis, where=T("header"))
    return _chosen(
        Unit(key, sheet.name, replace(found, when=when), one.day, one.month, area=around.area, grouped=True), around.choices
    )


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
    if len(offered) == 1 and found.when.readings[0][1] != day.NOTED:  # the end of a month that a title says
        return _chosen(replace(unit, day=offered.pop(), month=True), choices)
    return _chosen(unit, choices)


def _chosen(unit: Unit, choices: Choices) -> Unit:
    """A unit with the day that a person gave it."""
    day = choices.day_of(unit.key)
    if day is None or unit.found is None:
        return unit
    return replace(unit, day=day, month=False, said=None, found=replace(unit.found, when=replace(unit.found.when, day=day, cells=())))


def _said(name: str, year: int) -> written.Found | None:
    """The day or the month that a sheet is named by."""
    hits = [hit for hit in written.search(name) if hit.kind in ("day", "semester", "month")]
    if len(hits) == 1:
        return hits[0]
    month = written.MONTHS.get(words.tidy(name))
    if hits or month is None or not year:
        return None
    return written.Found(written.last_day(year, month), "month", name)


def _year(texts: Sequence[str]) -> int:
    found = {hit.day.year for text in texts for hit in written.search(text)}
    return found.pop() if len(found) == 1 else 0


def _titles(table: Table | None) -> list[str]:
    return [title for title in table.titles if isinstance(title, str)] if table is not None else []


def _shows_numbers(sheet: Sheet) -> bool:
    """Whether a sheet shows a number that may count something: none of a row's number or of a code."""
    return any(isinstance(cell, float) and cell >= 0 for row in sheet.rows for cell in row[2:]) or any(
        isinstance(cell, str) and cell.strip()[:1].isdigit() for row in sheet.rows for cell in row[2:]
    )


def districts(sheets: Sequence[tuple[str, Sequence[str]]], choices: Choices, hints: Sequence[str]) -> dict[str, str]:
    """Sheet -> the kecamatan that it is named by, else its title, in the one kabupaten that holds them all; ``sheets``: names and
    titles. Where a person said which kecamatan a sheet is about, that."""
    called = {name: _called(name, titles) for name, titles in sheets}
    near = [choices.area] if choices.area.count(".") == 1 else [*hints]
    near = near or [code for _, titles in sheets for title in titles for code in names.find_regencies(title)]
    counted: Counter[str] = Counter()
    for text in called.values():
        counted.update({code.rpartition(".")[0] for code in names.everywhere(3).get(names.compact(text, 3), ())} if text else ())
    best = [code for code in dict.fromkeys(near) if counted[code]] or _most(counted)
    made = {}
    if len(best) == 1:
        exact, loose = names.keyed(best[0])
        for name, text in called.items():
            codes = exact.get(names.compact(text, 3)) or loose.get(names.loose(text, 3)) or ()
            if text and len(codes) == 1:
                made[name] = codes[0]
    said = {name: choices.parts[name] for name in called if choices.parts.get(name, "").count(".") == 2}
    return {**made, **said}


def _most(counted: Mapping[str, int]) -> list[str]:
    """The kabupaten that holds most of the names, where it is one and holds enough of them."""
    top = max(counted.values(), default=0)
    best = [code for code, hits in counted.items() if hits == top]
    return best if top >= FEWEST_NAMED and len(best) == 1 else []


def _called(name: str, titles: Sequence[str]) -> str:
    """What may be the kecamatan of a sheet: its name; the title that says so where the name is one that programs give."""
    if not re.fullmatch(r"(?:sheet|lembar|table|tabel|data)?\s*\d*", name.strip(), re.IGNORECASE):
        return "" if _RECAP.search(_MARKS.sub(" ", name)) and not _DISTRICT.match(name) else name
    hits = [match.group(1) for title in titles if (match := _DISTRICT.match(title))]
    return hits[0] if len(hits) == 1 else ""
