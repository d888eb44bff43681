"""``read``: bytes, a name and choices -> ImportReport. Pure: opens no file, keeps nothing, asks nobody."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pandas as pd

from ektp_analysis.errors import RefusedError
from ektp_analysis.ingest import bulk, canonical, containers, flexible, guard, markup, package, words
from ektp_analysis.ingest.choices import Choices
from ektp_analysis.ingest.column import Column, from_cells
from ektp_analysis.ingest.draft import Draft, build
from ektp_analysis.ingest.finish import finish
from ektp_analysis.ingest.report import REFUSED, UNDECIDED, ImportReport
from ektp_analysis.snapshot import frame
from ektp_analysis.text import T, Text

NO_ROWS = frame().assign(sheet=pd.Series([], dtype="str"), row=pd.Series([], dtype="int64"))


def read(data: bytes, name: str, choices: Choices = UNDECIDED, *, current: pd.DataFrame | None = None,
         today: date | None = None) -> ImportReport:
    """Read one file.

    ``current``: figures that hold now (contract columns), to tell new, same and revised apart. ``today``: no figure may
    be about a later day; the clock's day where it is not given.

    Whatever the file holds, the answer is a report: accepted with ``rows``, refused with a reason, or needs_choice.
    """
    shown = file_name(name)
    report = ImportReport(shown, hashlib.sha256(data).hexdigest(), len(data), REFUSED, NO_ROWS, choices=choices)
    try:
        if shown.startswith("~$"):
            raise containers.refuse(T("This is a temporary file of Excel, not the workbook."), T("Close Excel and choose the "
                                    "file without ~$ at the start of its name."))
        draft, report = _draft(data, report, choices, today or date.today())
    except RefusedError as error:
        return replace(report, reason=error.message, faults=error.faults)
    return finish(draft, report, current)


def file_name(name: str) -> str:
    """A file name as it may be shown and kept: no folder, no control characters, no markup, at most 120 letters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in base if letter.isprintable() and letter not in "<>\"|:*?\u202e\u202d")[:120] or "-"


def _personal(place: Text) -> RefusedError:
    return containers.refuse(T("The file holds a personal number (NIK) in {place}; nothing of it is kept.", place=place),
                             T("Only figures per area belong here: remove the list of persons."))


def _draft(data: bytes, report: ImportReport, choices: Choices, today: date) -> tuple[Draft, ImportReport]:
    kind = containers.kind_of(data)
    if kind == "csv" and len(data) >= bulk.LARGE:
        found = bulk.read(data, dated=choices.date is not None)
        if found is not None:
            columns, header, length, hit = found
            if hit is not None:
                raise _personal(T("column {column}, row {row}", column=hit[0][:40], row=str(hit[1])))
            return _canonical(columns, header, range(2, length + 2), "", report, choices, today)
    if kind == "xlsx":
        place = guard.in_parts(package.parts(data))
        if place is not None:
            raise _personal(place)
    book = (containers.read_text(data) if kind == "csv" else markup.read_html(data) if kind == "html"
            else containers.read_workbook(data, kind))
    place = guard.in_book(book)
    if place is not None:
        raise _personal(place)
    return _from_book(book, report, choices, today)


def _from_book(book: containers.Book, report: ImportReport, choices: Choices, today: date) -> tuple[Draft, ImportReport]:
    wanted = [sheet for sheet in book.sheets if not choices.sheet or sheet.name.strip() == choices.sheet.strip()]
    for sheet in wanted:
        header = canonical.header_of(sheet.rows, dated=choices.date is not None)
        if header is None or header.ignored or _has_totals(sheet, header):
            continue
        body = sheet.rows[header.row + 1:]
        filled = [number for number, row in enumerate(body) if any(cell is not None and str(cell).strip() for cell in row)]
        columns = {role: from_cells(str(sheet.rows[header.row][position]).strip(), [
            body[number][position] if position < len(body[number]) else "" for number in filled])
            for role, position in header.columns.items()}
        return _canonical(columns, header, [header.row + 2 + number for number in filled], sheet.name, report, choices, today)
    found = flexible.read_book(book, report, choices, today)
    if not found.report.questions:
        found = replace(found, report=replace(found.report, choices=flexible.settled(found.candidate, choices)))
    return found.draft, found.report


def _has_totals(sheet: containers.Sheet, header: canonical.Header) -> bool:
    place = header.columns["area_code"]
    cells = (row[place] for row in sheet.rows[header.row + 1:] if place < len(row))
    return any(isinstance(cell, str) and words.TOTAL_ROW.search(cell) for cell in cells)


def _canonical(columns: dict[str, Column], header: canonical.Header, row_numbers: range | list[int], sheet: str,
               report: ImportReport, choices: Choices, today: date) -> tuple[Draft, ImportReport]:
    if len(row_numbers) > containers.MAX_ROWS:
        raise containers.refuse(T("The file has more than {limit} rows.", limit=containers.MAX_ROWS))
    draft = build(columns, row_numbers, sheet, today, day=choices.date)
    warnings = (T("Not read: the columns {columns}.", columns=", ".join(header.ignored)),) if header.ignored else ()
    return draft, replace(report, sheet=sheet, warnings=warnings)
