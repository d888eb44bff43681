"""``read``: bytes, a name and choices -> ImportReport. Pure: opens no file, keeps nothing, asks nobody."""

from __future__ import annotations

import contextlib
import csv
import gc
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pandas as pd

from ektp_analysis.core import contract, visit
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.errors import RefusedError
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest import day_first, doubts, evidence, finish, losses, parts_told, signs, summary, together, units
from ektp_analysis.ingest.book import RAGGED, read_book, settled, wanted_sheets
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.column import Cells, Column, from_cells
from ektp_analysis.ingest.finish import conclude
from ektp_analysis.ingest.opening import containers, markup, own_layout, package, personal, searching, texts
from ektp_analysis.ingest.report import REFUSED, UNDECIDED, Changes, Check, Choices, ImportReport, Part, Preview
from ektp_analysis.ingest.rows import Draft, build, check_day, joined, shown

SMALL = 500_000  # bytes below which a digest is sooner taken than a thread started
PREVIEW_ROWS, PREVIEW_COLUMNS = 12, 60  # below the header; more is no longer looked at
PREVIEW_ABOVE = 3  # rows above the header of one of several tables
HEADED = 20  # rows among which the header of a table of visits is looked for
HEAD = 4_000  # bytes of a large text that hold its header
MOST_LETTERS = 120  # of a file's name
NO_ROWS = contract.frame().assign(sheet=pd.Series([], dtype="str"), row=pd.Series([], dtype="int64"))


def read_file(
    data: bytes, name: str, choices: Choices = UNDECIDED, *, current: pd.DataFrame | None = None, today: date | None = None
) -> ImportReport:
    """Read one file.

    ``current``: figures that hold now (contract columns), to tell new, same and revised apart. ``today``: no figure may
    be about a later day; the clock's day where it is not given.

    Whatever the file holds, the answer is a report: accepted with ``rows``, refused with a reason, or needs_choice.
    """
    if len(data) < SMALL:
        return replace(_read(data, name, choices, current, today), sha256=hashlib.sha256(data).hexdigest())
    with _without_collecting(), ThreadPoolExecutor(1) as beside:  # the digest is taken while the file is read
        digest = beside.submit(hashlib.sha256, data)
        report = _read(data, name, choices, current, today)
        return replace(report, sha256=digest.result().hexdigest())


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """No search for cycles of garbage meanwhile: there are none in millions of cells, and each search walks over them all."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read(data: bytes, name: str, choices: Choices, current: pd.DataFrame | None, today: date | None) -> ImportReport:
    shown_name = file_name(name)
    report = ImportReport(shown_name, "", len(data), REFUSED, NO_ROWS, choices=choices)
    try:
        check_name(name)
        draft, report = _draft(data, report, choices, today or date.today())
    except RefusedError as error:
        return replace(report, reason=error.message, faults=error.faults)
    report = conclude(draft, report)
    if current is not None and doubts.is_of_aim(report.questions) and (held := _as_held(data, name, report, current, today)):
        return held
    if not report.rows.empty and any(one.topic == "together" for one in report.evidence):
        found = finish.between_days(report.rows)
        warnings = (*report.warnings, *(one.text for one in found if one.level == "warning"))
        report = replace(report, checks=(*report.checks, *found), warnings=warnings)
    return day_first.asked(compared(signs.answered(report, data), current), current, today or date.today())


def _as_held(data: bytes, name: str, report: ImportReport, current: pd.DataFrame, today: date | None) -> ImportReport | None:
    """The report of a file whose eligible is called a target, read as such where it is near what is held; else None."""
    answer = report.questions[0].readings[0].choices
    read = _read(data, name, report.choices.but(answer), current, today)
    if not finish.eligible_is_near(read.rows, current):
        return None
    near = T("the eligible are near those that are stored")
    told = [replace(one, reasons=tuple(near if why == evidence.CHOSEN else why for why in one.reasons)) for one in read.evidence]
    return replace(read, evidence=tuple(told))


def check_name(name: str) -> None:
    """Raise RefusedError where a file's name holds a personal number, or is that of a temporary copy."""
    if personal.in_text(name):
        raise holds_personal(T("its name"))
    if file_name(name).startswith("~$"):
        raise containers.refuse(
            T("This is a temporary file of Excel, not the workbook."),
            T("Close Excel and choose the file without ~$ at the start of its name."),
        )


def compared(report: ImportReport, current: pd.DataFrame | None) -> ImportReport:
    """The report with what it would change in the figures that hold now, and the findings that need them."""
    if report.rows.empty:
        return report
    if current is None or current.empty:
        return replace(report, changes=Changes(len(report.rows), 0))
    found = finish.against(report.rows, current)
    changes = summary.changes(solve(report.rows), current)
    if changes.nothing:
        found = (*found, Check("nothing_new", "note", T("All these figures are stored already; nothing is new.")))
    return replace(
        report,
        changes=changes,
        checks=(*report.checks, *found),
        warnings=(*report.warnings, *(check.text for check in found if check.level == "warning")),
    )


def file_name(name: str) -> str:
    """A file name as it may be shown and kept: no folder, no control characters, no markup, no personal number, at most
    120 letters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    if personal.in_text(base):
        base = re.sub("[0-9]", "x", personal.plain(base))
    kept = "".join(letter for letter in base if letter.isprintable() and letter not in '<>"|:*?\u202e\u202d')
    return kept[:MOST_LETTERS] or "-"


def holds_personal(place: Text) -> RefusedError:
    """The refusal of a file with a personal number in this place."""
    return containers.refuse(
        T("The file holds a personal number (NIK) in {place}; nothing of the file is kept.", place=place),
        T("Only figures per area belong here: remove the list of persons."),
    )


def _draft(data: bytes, report: ImportReport, choices: Choices, today: date) -> tuple[Draft, ImportReport]:
    kind = containers.kind_of(data)
    if kind == "csv" and len(data) >= own_layout.LARGE:
        found = own_layout.read(data, dated=choices.date is not None)
        if found is not None:
            columns, header, length, hit = found
            if hit is not None:
                raise holds_personal(T("column {column}, row {row}", column=hit[0][:40], row=str(hit[1])))
            draft, report = _canonical(columns, header, range(2, length + 2), "", report, choices, today)
            report = replace(report, checks=(*report.checks, *signs.open_end(draft, not data.endswith((b"\n", b"\r")))))
            head = texts.decode(data[:HEAD])
            marks = texts.delimiter_of(head.rpartition("\n")[0])
            return draft, replace(report, preview=_preview([next(csv.reader(io.StringIO(head), delimiter=marks))], header))
    book = searched(data, kind)
    if any(visit.heads_visits(row) for sheet in book.sheets for row in sheet.rows[:HEADED]):
        raise containers.refuse(
            T("The file is a table of visits, not of figures per area."),
            T("Take it in under Visits on the page Data, or with the command: visits import"),
        )
    return _from_book(book, report, choices, today)


def book_of(data: bytes, kind: str = "") -> containers.Book:
    """The sheets of a file, its container searched for personal numbers where no cell shows them.

    Raises:
        RefusedError: no table, damaged, too large, or a personal number in a part that is no cell.
    """
    kind = kind or containers.kind_of(data)
    if kind == "csv":
        try:
            return containers.read_text(data)
        except RefusedError:
            if searching.in_markup(texts.decode(data)):  # the refusal may quote the row
                raise holds_personal(T("the text")) from None
            raise
    if kind == "html":
        if searching.in_markup(texts.decode(data)):
            raise holds_personal(T("the markup"))
        return markup.read_html(data)
    collected, formulas = containers.Collected(), list[str]()

    def noted() -> Iterator[tuple[str, bytes]]:  # the parts are unpacked once, for the guard and for the errors alike
        for name, content in package.parts(data):
            collected.note(name, content)
            formulas.extend(searching.formulas_in(name, content))
            yield name, content

    if kind == "xls":
        place = T("the workbook") if searching.in_old_workbook(data) else None
    else:
        place = searching.in_container(data) or searching.in_parts(noted())
    if place is not None:
        raise holds_personal(place)
    book = containers.read_workbook(data, kind)
    place = searching.in_formulas(formulas, book)
    if place is not None:
        raise holds_personal(place)
    return containers.with_errors(
        book, containers.in_xls(data, book.sheets) if kind == "xls" else collected.by_sheet(book.sheets)
    )


def searched(data: bytes, kind: str = "") -> containers.Book:
    """The sheets of a file that holds no personal number and no list of persons. Raises RefusedError as :func:`book_of`, or for
    one that does."""
    book = book_of(data, kind)
    place = personal.numbers_in_book(book)
    if place is not None:
        raise holds_personal(place)
    place = personal.persons_in_book(book)
    if place is not None:
        raise containers.refuse(
            T("The file holds a list of persons ({place}); nothing of the file is kept.", place=place),
            T("Only figures per area belong here: remove the list of persons."),
        )
    return book


def _from_book(book: containers.Book, report: ImportReport, choices: Choices, today: date) -> tuple[Draft, ImportReport]:
    """The draft of a book: of the sheets in the project's own layout, else of the sheets that say most."""
    own = [(sheet, header) for sheet in wanted_sheets(book, choices) if (header := _own_header(sheet, choices)) is not None]
    if own:
        return _from_own(book, own, report, choices, today)
    found = read_book(book, report, choices, today)
    end = signs.of_text(found.draft, book, confirmed=bool(found.candidate.totals_agree))
    sheets = {one.name: one for one in reversed(book.sheets)}
    shown_sheet = found.turned or sheets[found.candidate.table.sheet]
    members = found.members if len(found.members) > 1 else {}
    report = replace(
        found.report,
        preview=_preview_of_found(shown_sheet, found.candidate),
        previews={key: _preview_of_found(sheets[one.table.sheet], one, near=True) for key, one in members.items()},
        checks=(*found.report.checks, *end),
    )
    if not report.questions:
        report = replace(report, choices=found.choices or settled(found.candidate, choices))
    return found.draft, report


def _own_header(sheet: containers.Sheet, choices: Choices) -> own_layout.Header | None:
    """The header of a sheet in the project's own layout."""
    header = own_layout.header_of(sheet.rows, dated=choices.date is not None)
    return None if header is None or header.ignored or _has_totals(sheet, header) else header


def _from_own(
    book: containers.Book,
    own: Sequence[tuple[containers.Sheet, own_layout.Header]],
    report: ImportReport,
    choices: Choices,
    today: date,
) -> tuple[Draft, ImportReport]:
    """The draft of sheets in the project's own layout, and what else holds figures and is not read."""
    drafts, names = [], [sheet.name for sheet, _ in own]
    for sheet, header in own:
        columns, numbers = _own_columns(sheet, header)
        draft, report = _canonical(columns, header, numbers, sheet.name, report, choices, today)
        if book.kind in RAGGED:
            draft = losses.uneven(draft, sheet.rows, max(header.columns.get(name, 0) for name in contract.COUNTS))
        drafts.append(draft)
    others = [one for one in wanted_sheets(book, choices) if one.name not in names and units.shows_numbers(one)]
    end = signs.of_text(drafts[-1], book, confirmed=False)
    checks = (*map(parts_told.unlike, (one.name for one in others)), *parts_told.left(choices), *end)
    report = replace(report, preview=_preview(own[0][0].rows, own[0][1]), checks=(*report.checks, *checks))
    if len(drafts) == 1:
        return drafts[0], report
    parts = tuple(_part_of(draft) for draft in drafts)
    previews = {sheet.name: _preview(sheet.rows, header) for sheet, header in own}
    evidence = (together.evidence_of(names),)
    return joined(drafts), replace(report, sheet="", parts=parts, previews=previews, evidence=evidence)


def _part_of(draft: Draft) -> Part:
    """What a sheet in the project's own layout holds."""
    frame = draft.frame
    days = set(frame["as_of_date"].dropna()) if "as_of_date" in frame else set()
    totals = {name: None if frame[name].isna().all() else int(frame[name].sum()) for name in contract.COUNTS}
    return Part(draft.sheet, draft.sheet, days.pop().date() if len(days) == 1 else None, len(frame), totals)


def _own_columns(sheet: containers.Sheet, header: own_layout.Header) -> tuple[dict[str, Column], list[int]]:
    """Columns by contract name and the numbers of their rows in the file; empty rows are left out."""
    top, body, whole = header.row + 1, sheet.rows[header.row + 1 :], _whole(sheet, header)
    shows = list(range(len(body)))
    if whole is None:
        shows = [number for number in shows if any(cell is not None and str(cell).strip() for cell in body[number])]

    def cells(position: int) -> Cells:
        if whole is not None:
            return whole[position]
        return Cells([body[number][position] if position < len(body[number]) else "" for number in shows])

    words_of = sheet.rows[header.row]
    columns = {
        role: from_cells(str(words_of[position]).strip(), cells(position), count=role in contract.COUNTED)
        for role, position in header.columns.items()
    }
    return columns, [top + 1 + number for number in shows]


def _preview_of_found(sheet: containers.Sheet, one: Candidate, *, near: bool = False) -> Preview:
    """The preview of a sheet in any layout, with the roles that its columns were given; ``near``: from just above the header on,
    for other tables may stand above it."""
    table, picked = one.table, one.picked
    roles = dict.fromkeys(one.area_columns.used, "area")
    roles |= {place: role for role, places in picked.columns.items() for place in places}
    beside = ((picked.percent, "coverage_reported"), (one.when.column, "date"))
    roles |= {place: role for place, role in beside if place >= 0}
    first, start = int(table.row_numbers[0]), max(1, min(table.header_rows) - PREVIEW_ABOVE) if near else 1
    return preview_of(sheet.rows, table.header_rows, first, roles, start)


def _whole(sheet: containers.Sheet, header: own_layout.Header) -> Sequence[Cells] | None:
    """The cells below the header column by column, where no row is empty: some column has a number or text in each."""
    if sheet.columns is None:
        return None
    below = [column.below(header.row + 1) for column in sheet.columns]
    return below if any(not column.gaps for column in below if column.kinds) else None


def _has_totals(sheet: containers.Sheet, header: own_layout.Header) -> bool:
    place = header.columns["area_code"]
    cells = {row[place] for row in sheet.rows if place < len(row)}
    return any(words.TOTAL_ROW.search(text) for text in words.may_be_totals({cell for cell in cells if isinstance(cell, str)}))


def _canonical(
    columns: dict[str, Column],
    header: own_layout.Header,
    row_numbers: range | list[int],
    sheet: str,
    report: ImportReport,
    choices: Choices,
    today: date,
) -> tuple[Draft, ImportReport]:
    if len(row_numbers) > containers.MAX_ROWS:
        raise containers.refuse(T("The file has more than {limit} rows.", limit=containers.MAX_ROWS))
    if choices.date is not None:
        check_day(choices.date, today)
    draft = build(columns, row_numbers, sheet, today, day=choices.date)
    warnings = (T("Not read: the columns {columns}.", columns=", ".join(header.ignored)),) if header.ignored else ()
    return draft, replace(report, sheet=sheet, warnings=warnings)


def _preview(rows: Sequence[Sequence[object]], header: own_layout.Header) -> Preview:
    kinds = {"area_code": "area", "as_of_date": "date", **{name: name for name in (*contract.COUNTED, "coverage_reported")}}
    roles = {position: kinds.get(name, "other") for name, position in header.columns.items()}
    return preview_of(rows, (header.row + 1,), header.row + 2, roles)


def preview_of(
    rows: Sequence[Sequence[object]], header_rows: tuple[int, ...], first: int, roles: dict[int, str], start: int = 1
) -> Preview:
    """The first rows of a sheet as text, from the row ``start`` on, with the roles of its columns."""
    top = rows[start - 1 : first + PREVIEW_ROWS]
    cells = tuple(tuple("" if cell is None else shown(cell) for cell in row[:PREVIEW_COLUMNS]) for row in top)
    at = max(header_rows, default=0) - start
    return Preview(cells, header_rows, first, roles, cells[at] if 0 <= at < len(cells) else (), start)
