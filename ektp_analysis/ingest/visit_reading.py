"""``read_visits``: bytes, a name and choices -> VisitReport. Pure, as :mod:`ektp_analysis.ingest.reading` is.

The header is found by the words of the contract in either language, in any order. Nothing is mended: a cell that is not
understood is a fault with file, sheet, row and column, and a file with a fault is refused whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from ektp_analysis.core import visit
from ektp_analysis.core.contract import folded
from ektp_analysis.core.errors import Fault, RefusedError
from ektp_analysis.core.text import TN, T, Text, some
from ektp_analysis.ingest import visit_places
from ektp_analysis.ingest.cells import numerals, words, written
from ektp_analysis.ingest.cells.rowkinds import filled
from ektp_analysis.ingest.opening.containers import Book, Sheet, refuse
from ektp_analysis.ingest.opening.package import column_letters
from ektp_analysis.ingest.reading import check_name, file_name, searched
from ektp_analysis.ingest.report import ACCEPTED, NEEDS_CHOICE, REFUSED, Question, Reading
from ektp_analysis.ingest.rows import shown
from ektp_analysis.ingest.units import shows_numbers
from ektp_analysis.ingest.visit_places import Placed, Said
from ektp_analysis.ingest.visit_report import NO_VISITS, YES, VisitChoices, VisitReport, refused

LOOKED_AT = 20  # rows in which a header is looked for
MOST_ROWS = 20_000  # of one file: fifty visits a day for a year
MOST_A_TEAM = 400  # recorded by a team on a day: twice what any office has reported (tests have the sources)
MOST_NAMED = 12  # cells in a note
SILENT = frozenset({"no", "no.", "nomor", "#", "batch", "sheet", "row"})  # columns of which nobody asks why they are not read
_ALIKE = {"area_code": ("area_code", "village", "district")}
# Further words for the area beside those of the contract, by what they say of it
_VILLAGE, _DISTRICT = frozenset({"desa", "kelurahan", "desa/kelurahan", "nama desa"}), frozenset({"kecamatan", "nama kecamatan"})


@dataclass(frozen=True)
class _Header:
    """The header of a sheet: its row (from 0), column by role ('village' and 'district' beside the contract's names), its words,
    and the columns that nothing reads."""

    row: int
    columns: dict[str, int]
    words: tuple[str, ...]
    unread: tuple[str, ...]

    def word(self, role: str) -> str:
        """The word of the file for a column; that of the template where the file does not have it."""
        places = [self.columns[one] for one in _ALIKE.get(role, (role,)) if one in self.columns]
        return self.words[places[0]] if places else visit.BY_NAME[role].headers[1] if role else ""


@dataclass
class _Found:
    """What reading the rows has given so far."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    open_: dict[str, Placed] = field(default_factory=dict)
    totals: list[tuple[str, int, dict[str, int]]] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    headers: dict[str, _Header] = field(default_factory=dict)


def read_visits(data: bytes, name: str, choices: VisitChoices = VisitChoices(), *, today: date | None = None) -> VisitReport:  # noqa: B008
    """Read one file of visits.

    ``today``: no visit may be on a later day; the clock's day where it is not given. Whatever the file holds, the answer is a
    report.
    """
    file, sha256 = file_name(name), hashlib.sha256(data).hexdigest()
    try:
        check_name(name)
        book = searched(data)
        found = _all_rows(book, choices)
    except RefusedError as error:
        return refused(file, sha256, len(data), choices, error.message, error.faults)
    rows = _frame(found.rows)
    faults = [*found.faults, *_broken(rows, found.headers, today or date.today()), *_twice(rows)]
    faults += [] if found.faults else _sums(rows, found)
    notes = (*found.notes, *_uninvited(rows))
    report = VisitReport(file, sha256, len(data), ACCEPTED, rows, choices=choices, notes=notes)
    if faults:
        faults = sorted((replace(one, file=file) for one in faults), key=lambda one: (one.sheet, one.row or 0))
        reason = TN(
            "There is {n} fault in the rows; correct it in the file.",
            "There are {n} faults in the rows; correct them in the file.",
            n=len(faults),
        )
        return replace(report, status=REFUSED, rows=NO_VISITS, reason=reason, faults=tuple(faults))
    if rows.empty and not found.open_:
        return refused(file, sha256, len(data), choices, T("The file has no visits, so nothing was stored."))
    asked = [*visit_places.questions(found.open_), *_unlikely(rows, choices)]
    if asked:
        return replace(report, status=NEEDS_CHOICE, questions=tuple(asked))
    kept = rows[[f"{one.sheet}!{one.row}" not in choices.without for one in rows.itertuples()]]
    if kept.empty:
        return refused(file, sha256, len(data), choices, T("All visits of the file are stored already; nothing was added."))
    return replace(report, rows=kept.reset_index(drop=True))


def _all_rows(book: Book, choices: VisitChoices) -> _Found:
    """The rows of every sheet that has a header. Raises RefusedError where none has, or one is not whole."""
    headed = [(sheet, header) for sheet in book.sheets if not sheet.hidden and (header := _header(sheet)) is not None]
    if not headed:
        raise refuse(
            T("No table of visits was found: a header with the date and the area of each visit is missing."),
            T("Use the template, or name the columns tanggal, wilayah, tempat, datang and terekam."),
        )
    found = _Found()
    for sheet, header in headed:
        if header.unread:
            found.notes.append(T("Not read: the columns {columns}.", columns=", ".join(header.unread)))
        found.headers[sheet.name] = header
        _sheet_rows(sheet, header, choices, found)
    left = [one.name for one in book.sheets if all(one is not sheet for sheet, _ in headed) and shows_numbers(one)]
    if left:
        found.notes.append(T("Not read, for they have no header of visits: the sheets {sheets}.", sheets=", ".join(left)))
    if found.marked:
        found.notes.append(
            T("Read without their marks and units (in brackets the row): {cells}", cells=some(found.marked, MOST_NAMED))
        )
    if book.cut:
        found.notes.append(T("The text ends without an end of line; if it was cut off there, the rows after it are missing."))
    if len(found.rows) > MOST_ROWS:
        raise refuse(T("The file has more than {limit} rows.", limit=MOST_ROWS))
    return found


def _header(sheet: Sheet) -> _Header | None:
    """The first row that names the day and the area of visits. Raises RefusedError where two columns claim to be the same."""
    for number, row in enumerate(sheet.rows[:LOOKED_AT]):
        roles = [_role(cell) for cell in row]
        if "day" in roles and {"area_code", "village", "district"} & set(roles):
            unread = _unread(row, sheet.rows[number + 1 :], roles)
            return _Header(number, _columns(row, roles), tuple(shown(cell) for cell in row), tuple(unread))
    return None


def _columns(row: Sequence[object], roles: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for position, role in enumerate(roles):
        if role and role in columns:
            one, other = shown(row[columns[role]]), shown(row[position])
            raise refuse(
                T("The columns '{one}' and '{other}' both mean the same.", one=one, other=other),
                T("Keep one of them, or give the other another header."),
            )
        if role:
            columns[role] = position
    return columns


def _unread(row: Sequence[object], below: Sequence[Sequence[object]], roles: Sequence[str]) -> Iterator[str]:
    """The columns that hold something and have no role, by their header or letter."""
    for position, cell in enumerate(_wide(row, below)):
        known = (position < len(roles) and roles[position]) or folded(cell) in SILENT
        if not known and any(position < len(one) and filled(one[position]) for one in below):
            yield shown(cell) if filled(cell) else column_letters(position + 1)


def _wide(row: Sequence[object], below: Sequence[Sequence[object]]) -> list[object]:
    """The header with an empty cell for each column that only the rows below have."""
    return [*row, *[""] * (max(map(len, below), default=0) - len(row))]


def _role(cell: object) -> str:
    text = folded(cell) if isinstance(cell, str) else ""
    if text in _VILLAGE:
        return "village"
    return "district" if text in _DISTRICT else visit.column_of(text)


def _sheet_rows(sheet: Sheet, header: _Header, choices: VisitChoices, found: _Found) -> None:
    for number, row in enumerate(sheet.rows[header.row + 1 :], start=header.row + 2):
        cells = {role: row[at] for role, at in header.columns.items() if at < len(row) and filled(row[at])}
        if not cells or set(cells) == {"note"}:
            continue
        one = _Row(sheet.name, number, header, cells)
        if one.is_total(row):
            found.totals.append((sheet.name, number, {name: count for name, count in one.counts() if count is not None}))
            found.notes.append(T("Row {row} is a total; it agrees with the rows and is no visit.", row=str(number)))
            continue
        found.marked += one.marked()
        values, faults, open_ = one.read(choices)
        found.faults += faults
        found.open_.update(open_)
        if not faults:
            found.rows.append(values)


@dataclass(frozen=True)
class _Row:
    """One row of a sheet: its filled cells by role."""

    sheet: str
    number: int
    header: _Header
    cells: dict[str, object]

    def said(self) -> Said:
        """What it says of its area."""
        code, desa, kecamatan = (_text(self.cells.get(role, "")) for role in ("area_code", "village", "district"))
        return Said(code or desa, kecamatan, desa)

    def is_total(self, row: Sequence[object]) -> bool:
        """Whether it sums up the rows: it has no day, and a word of totals where its area would be or before it."""
        area = [_text(self.cells[role]) for role in ("area_code", "village", "district") if role in self.cells]
        others = [_text(cell) for cell in row if isinstance(cell, str) and cell != self.cells.get("note")]
        return written.parse(self.cells.get("day")) is None and any(words.TOTAL_ROW.search(text) for text in area or others)

    def marked(self) -> list[str]:
        """The counts that were written with a mark or a unit, and where."""
        given = {name: self.cells.get(name) for name in visit.COUNTED}
        return [f"{shown(cell)} ({self.number})" for cell in given.values() if numerals.marked(cell)]

    def counts(self) -> Iterator[tuple[str, int | None]]:
        """The counts that can be read."""
        for name in visit.COUNTED:
            try:
                yield name, numerals.count(self.cells.get(name))
            except numerals.NotANumber:
                continue

    def read(self, choices: VisitChoices) -> tuple[dict[str, Any], list[Fault], dict[str, Placed]]:
        """Its values by column of the contract; what is wrong; the name of an area that is asked about."""
        values: dict[str, Any] = {"sheet": self.sheet, "row": self.number}
        faults: list[Fault] = []
        for column in visit.COLUMNS:
            given = self.cells.get(column.name)
            if column.kind == "count":
                try:
                    values[column.name] = numerals.count(given)
                except numerals.NotANumber:
                    fault = T("'{value}' is not a whole number from 0 upwards.", value=shown(given))
                    faults.append(
                        self.fault(column.name, fault, T("Write the number alone; leave it empty where nobody knows it."))
                    )
        values["note"] = _text(self.cells.get("note", ""))
        place = visit.place_of(_text(self.cells.get("place", "")))
        values["place"] = place.value if place is not None else ""  # a fault below
        day = written.parse(self.cells.get("day"))
        if day is None:
            faults.append(
                self.fault(
                    "day",
                    T("the date is missing or cannot be read.")
                    if "day" not in self.cells
                    else T("'{value}' is no date.", value=shown(self.cells["day"])),
                    T("Write it as 21/06/2023 or 2023-06-21, in every row."),
                )
            )
        values["day"] = None if day is None else pd.Timestamp(day)
        said = self.said()
        if not said.key:
            return (
                values,
                [*faults, self.fault("area_code", T("the area is missing."), T("Write its code or its name in every row."))],
                {},
            )
        placed = visit_places.place(said, choices)
        if placed.fault is not None:
            faults.append(self.fault("area_code", *placed.fault))
        values["area_code"] = placed.code
        return values, faults, {} if placed.code or placed.fault else {said.key: placed}

    def fault(self, role: str, fault: Text, mend: Text) -> Fault:
        """A fault of one cell; the column by the word of the file."""
        column, value = self.header.word(role), shown(self.cells.get(role, ""))
        return Fault(fault, mend, sheet=self.sheet, row=self.number, column=column, value=value)


def _text(cell: object) -> str:
    """A cell as a text on one line; a whole number without decimals, as codes are written."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(cell)).split()).strip("'")


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    if not rows:
        return NO_VISITS
    given = pd.DataFrame(rows)
    made = visit.frame(given)
    return made.assign(sheet=given["sheet"].astype("str"), row=given["row"].astype("int64"))


def _broken(rows: pd.DataFrame, headers: Mapping[str, _Header], today: date) -> list[Fault]:
    """The rows that break the contract."""
    made = []
    for at, fault in visit.check(rows, today=today):
        sheet = str(rows["sheet"].iloc[at])
        made.append(replace(fault, sheet=sheet, row=int(rows["row"].iloc[at]), column=headers[sheet].word(fault.column)))
    return made


def _twice(rows: pd.DataFrame) -> list[Fault]:
    """Rows that repeat another in every cell."""
    made: list[Fault] = []
    first: dict[tuple[Any, ...], int] = {}
    for *cells, sheet, number in rows[[*visit.BY_NAME, "sheet", "row"]].itertuples(index=False, name=None):
        key = tuple(None if pd.isna(cell) else cell for cell in cells)
        if key in first:
            fault = T("the same visit stands in row {row} already.", row=str(first[key]))
            mend = T("Remove one of the two, or say in the note what tells them apart.")
            made.append(Fault(fault, mend, sheet=str(sheet), row=int(number)))
        first.setdefault(key, int(number))
    return made


def _sums(rows: pd.DataFrame, read: _Found) -> list[Fault]:
    """Rows of totals that are not what the rows above them add up to."""
    found = []
    for sheet, number, sums in read.totals:
        above = rows[(rows["sheet"] == sheet) & (rows["row"] < number)]
        for name, said in sums.items():
            summed = int(above[name].sum())
            if name not in ("teams", "devices", "hours") and said != summed:
                found.append(
                    Fault(
                        T("the total says {said}, but the rows above it make {sum}.", said=said, sum=summed),
                        T("Find the row that is missing or wrong, or remove the total."),
                        sheet=sheet,
                        row=number,
                        column=read.headers[sheet].word(name),
                    )
                )
    return found


def _uninvited(rows: pd.DataFrame) -> list[Text]:
    """That more came than had been invited: it happens, and may be a slip."""
    more = rows[rows["came"] > rows["invited"]]
    if more.empty:
        return []
    listed = some([f"{one.row}: {one.came} > {one.invited}" for one in more.itertuples()], MOST_NAMED)
    return [T("More came than were invited (row: came > invited): {rows}", rows=listed)]


def _unlikely(rows: pd.DataFrame, choices: VisitChoices) -> list[Question]:
    """Whether more were recorded than a team is likely to record in a day."""
    many = rows[rows["recorded"] > MOST_A_TEAM * rows["teams"].fillna(1)]
    if choices.unlikely == YES or many.empty:
        return []
    listed = ", ".join(f"{one.row}: {one.recorded}" for one in many.head(5).itertuples())
    text = T(
        "More than {most} were recorded by a team in a day (row and number: {rows}). Is that right?",
        most=MOST_A_TEAM,
        rows=listed,
    )
    return [Question("unlikely", text, (Reading(T("yes, it is right"), {"unlikely": YES}),))]
