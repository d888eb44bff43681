"""A book in any layout -> a draft and what is known of it: the best sheet, its evidence, its questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from ektp_analysis.core.area import level_of, register
from ektp_analysis.core.errors import RefusedError
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest import asking, day_first, evidence, halves, losses, parts_asked, parts_told, together, units
from ektp_analysis.ingest.candidate import Candidate, read_sheet, table_in
from ektp_analysis.ingest.cells import names, topics
from ektp_analysis.ingest.cells.column import Cells, Column, from_cells
from ektp_analysis.ingest.columns import table
from ektp_analysis.ingest.ground import Doubt
from ektp_analysis.ingest.opening import containers
from ektp_analysis.ingest.opening.containers import Book, Sheet
from ektp_analysis.ingest.places import lapsed, placement
from ektp_analysis.ingest.report import LEFT_OUT, LEVELS, Check, Choices, Evidence, ImportReport, Question, Reading
from ektp_analysis.ingest.rows import Draft, Unplaced, build, check_day, joined
from ektp_analysis.ingest.together import Together
from ektp_analysis.ingest.units import Unit

_LEVEL_NAMES = {int(level): name for name, level in LEVELS.items()}
MOST_RIVALS = 6  # sheets to choose from in one question
ROLES_OF_A_RIVAL = 2  # a sheet that gives fewer of the counts than the best one is no rival of it, but a part
LOOKED_AT = 2_000  # rows of a sheet in which some cell is filled, if it holds a table at all

RAGGED = ("csv", "html")  # kinds of files whose rows have each as many cells as were written


@dataclass(frozen=True)
class BookFound:
    """The reading of a book: the chosen candidate, its draft, and the report so far; its sheet where that was turned;
    the choices that make it repeatable, where they are those of several tables; ``members``: these by their keys."""

    candidate: Candidate
    draft: Draft
    report: ImportReport
    turned: Sheet | None = None
    choices: Choices | None = None
    members: Mapping[str, Candidate] = field(default_factory=dict)


def wanted_sheets(book: Book, choices: Choices) -> list[Sheet]:
    """The sheets that may be meant: all of them, or the one that a person named."""
    kept = [sheet for sheet in book.sheets if choices.part(sheet.name) != LEFT_OUT]
    return [sheet for sheet in kept if not choices.sheet or sheet.name.strip() == choices.sheet.strip()]


def read_book(book: Book, report: ImportReport, choices: Choices, today: date) -> BookFound:
    """Read the best sheet of a book.

    Raises:
        RefusedError: no sheet holds figures of recording per area; the sentence says what was found instead.
    """
    wanted = wanted_sheets(book, choices)
    if not wanted:
        raise containers.refuse(
            T("The workbook has no sheet '{sheet}'.", sheet=choices.sheet[:60]),
            T("Its sheets: {sheets}.", sheets=", ".join(sheet.name for sheet in book.sheets)[:300]),
        )
    found = units.of(wanted, choices, report.file)
    several = together.of(found, choices)
    if several is not None and several.members:
        return _joined(book, several, report, today)
    good, side_by_side = _good(book, wanted, found, report.file, choices)
    best, rivals = _best(sorted(good, key=lambda one: -one.score))
    _check_end(book, best)
    turned = side_by_side.get(best.table.sheet)
    keys = {id(one.found): one.key for one in found if one.found is not None}
    mine = [one for one in found if one.found is best]
    report = replace(
        report,
        sheet=best.table.sheet,
        questions=(*_which_sheet(best, rivals, keys), *parts_asked.month_rows(mine), *asking.questions(best)),
        layout=best.fingerprint() if best.level else "",
        evidence=(*_of_days(mine), *evidence.of(best, book, len(good), turned=turned is not None)),
        checks=(
            *evidence.checks(best),
            *day_first.told(best),
            *_lost(best, book, turned),
            *parts_told.left(choices),
            *_not_read(best, rivals, found),
        ),
    )
    nothing = best.unfitting or not (best.rows or best.unplaced)
    draft = build({}, [], best.table.sheet, today) if nothing else _whole(_draft(best, choices, today), best, book, turned)
    around = next((one.area for one in mine if one.days), "")
    return BookFound(best, draft, report, turned, settled(best, choices).but({"area": around}) if around else None)


def _of_days(units: Sequence[Unit]) -> tuple[Evidence, ...]:
    """That the rows of a table are days of one area."""
    return tuple(
        Evidence("together", T("each row is a day of {code} {name}", code=one.area, name=register().name(one.area)))
        for one in units
        if one.days
    )


def _joined(book: Book, several: Together, report: ImportReport, today: date) -> BookFound:
    """The reading of several tables together; what was decided of each is among its choices."""
    first, choices = several.members[0].found, report.choices
    _check_end(book, several.members[-1].found)
    sheets = {one.unit.sheet for one in several.members}
    report = replace(
        report,
        sheet=first.table.sheet if len(sheets) == 1 else "",
        questions=several.questions,
        layout=first.fingerprint() if first.level else "",
        evidence=(*several.evidence, *evidence.of(first, book, len(several.members))),
        checks=several.checks,
        parts=tuple(one.part for one in several.members),
    )
    drafts = [_whole(_draft(one.found, choices, today), one.found, book) for one in several.members]
    draft = halves.summed(*drafts) if several.summed and not several.questions else joined(drafts)
    members = {one.unit.key: one.found for one in several.members}
    return BookFound(first, draft, report, choices=choices.but(several.choices), members=members)


def _good(
    book: Book, wanted: Sequence[Sheet], read: Sequence[Unit], file: str, choices: Choices
) -> tuple[list[Candidate], dict[str, Sheet]]:
    """The candidates that hold figures, those of sheets that speak of KTP before others; and the sheets that were turned for it.

    Raises:
        RefusedError: there are none.
    """
    candidates = _each(wanted, read, file, choices)
    good = [one for one in candidates if _promises(one, choices)]
    side_by_side: dict[str, Sheet] = {}
    if not good:
        side_by_side = {sheet.name: other for sheet in wanted if (other := table.turned(sheet)) is not None}
        across = _candidates(side_by_side.values(), file, choices)
        good = [one for one in across if one.rows and _promises(one, choices)]
    if not good:
        raise _nothing(book, candidates)
    return [one for one in good if topics.speaks_of_ktp(one.spoken)] or good, side_by_side


def _each(wanted: Sequence[Sheet], read: Sequence[Unit], file: str, choices: Choices) -> list[Candidate]:
    """What each table can be read as by itself; those that were read with what other sheets say are read again."""
    again = {one.sheet for one in read if not (one.alone or one.grouped)}
    at_hand = [one.found for one in read if one.found is not None and one.sheet not in again]
    return [*at_hand, *_candidates([sheet for sheet in wanted if sheet.name in again], file, choices)]


def _check_end(book: Book, best: Candidate) -> None:
    """Refuse a text whose last row has neither an end nor a figure.

    Raises:
        RefusedError: so.
    """
    last = len(best.table.rows) - 1
    if not book.ends and last in best.without:
        row = int(best.table.row_numbers[last])
        fault = T("Row {row} ({area}) has no figure and breaks off.", row=str(row), area=best.table.name_of(last))
        raise containers.incomplete(fault, row - 1)


def _candidates(sheets: Iterable[Sheet], file: str, choices: Choices) -> list[Candidate]:
    """What the sheets can be read as, where there is something to read."""
    hints = names.find_regencies(file)
    return [one for one in (read_sheet(sheet, choices, file, hints) for sheet in sheets) if one is not None]


def _which_sheet(best: Candidate, rivals: Sequence[Candidate], keys: Mapping[int, str]) -> tuple[Question, ...]:
    """The question which of several sheets is meant, or which table of one; none where there is one. ``keys``: of their units."""
    if not rivals:
        return ()
    all_of_them = (best, *rivals)
    apart = len({one.table.sheet for one in all_of_them}) == len(all_of_them)
    named = [one.table.sheet if apart else keys.get(id(one), one.table.sheet) for one in all_of_them]
    readings = tuple(
        Reading(
            T("sheet {sheet}", sheet=name) if apart else T("{part}", part=name),
            {"sheet": name} if apart else {"parts": {other: LEFT_OUT for other in named if other != name}},
            asking.sums(one, one.picked.columns) if one.rows else {},
        )
        for name, one in list(zip(named, all_of_them, strict=True))[:MOST_RIVALS]
    )
    return (Question("sheet", T("More than one sheet holds figures, and they differ. Which one is meant?"), readings),)


def _not_read(best: Candidate, rivals: Sequence[Candidate], found: Sequence[Unit]) -> list[Check]:
    """The other tables of the sheet, which are not read."""
    read = [best, *rivals]
    rest = [one for one in found if one.grouped and not any(one.found is candidate for candidate in read)]
    return [parts_told.unlike(one.key) for one in rest]


def _promises(one: Candidate, choices: Choices) -> bool:
    return bool(one.picked.columns or one.picked.percent >= 0 or choices.columns or Doubt.ONE_SEX in one.doubts)


def _best(good: Sequence[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """The best candidate (the first), and those that say something else and are as good."""
    best = good[0]
    enough = min(ROLES_OF_A_RIVAL, len(best.picked.columns))
    rivals = [other for other in good[1:] if _complete(other, enough) and not _agrees(best, other)]
    if best.doubts and len(rivals) == 1:
        return rivals[0], []
    return best, rivals


def _complete(other: Candidate, enough: int) -> bool:
    """Whether a candidate gives enough of the counts, without doubt, for areas of which most are known."""
    sure = len(other.picked.columns) >= enough and not other.doubts
    return bool(other.rows) and sure and len(other.unplaced) <= len(other.rows)


def _agrees(one: Candidate, other: Candidate) -> bool:
    """Whether two sheets say the same: equal sums of what both give for the areas that both hold, on the same day."""
    if one.when.day != other.when.day and one.when.day and other.when.day:
        return False
    level = min(one.level, other.level)
    for role in set(one.picked.columns) & set(other.picked.columns):
        left, right = _rolled(one, role, level), _rolled(other, role, level)
        shared = set(left) & set(right)
        if not shared or any(left[code] != right[code] for code in shared):
            return False
    return bool(set(one.picked.columns) & set(other.picked.columns))


def _rolled(found: Candidate, role: str, level: int) -> dict[str, float]:
    made: dict[str, float] = {}
    for number in found.rows:
        code = ".".join(found.placed.codes[number].split(".")[:level])
        value = found.figures[role][number]
        made[code] = made.get(code, 0.0) + (0.0 if np.isnan(value) else float(value))
    return made


def _nothing(book: Book, candidates: Sequence[Candidate]) -> Exception:
    if not any(any(str(cell).strip() for cell in row) for sheet in book.sheets for row in sheet.rows[:LOOKED_AT]):
        return containers.refuse(T("The file has no filled cell."))
    formula = next((cell for sheet in book.sheets for row in sheet.rows[:LOOKED_AT] for cell in row if _is_formula(cell)), None)
    if formula is not None:
        return containers.refuse(
            T("The figures are formulas whose values the file does not keep: '{cell}'.", cell=str(formula)),
            T("Open the file in Excel, save it, and upload it again."),
        )
    need = T("A table is needed with an area (code or name) and wajib KTP, sudah rekam or belum rekam in each row.")
    months = next(filter(None, map(asking.of_months, candidates)), None)
    if months is not None:
        return RefusedError(months)
    fraction = next(filter(None, map(asking.of_fractions, candidates)), None)
    if fraction is not None:
        raise containers.refuse(*fraction)
    if candidates:
        return containers.refuse(_none_named(candidates[0]), need)
    tables = filter(None, map(table_in, book.sheets))
    unknown = next(filter(None, map(lapsed.unknown, tables)), None)
    if unknown is not None:
        return containers.refuse(unknown, T("Write the names of the areas beside the codes, or the codes in force."))
    return containers.refuse(T("No sheet holds figures of recording per area."), need)


def _none_named(found: Candidate) -> Text:
    """The refusal of a table of areas and figures none of which is named as one of recording."""
    if topics.speaks_of_recording(found.spoken):
        return asking.unnamed(found)
    sheet, what = found.table.sheet, asking.held(found)
    if not sheet:
        return T(
            "The file holds figures per area, but none of eligible, recorded or unrecorded; it seems to hold {what}.", what=what
        )
    return T(
        "The sheet {sheet} holds figures per area, but none of eligible, recorded or unrecorded; it seems to hold {what}.",
        sheet=sheet,
        what=what,
    )


def _is_formula(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith("=") and len(cell) > 1


def _draft(found: Candidate, choices: Choices, today: date) -> Draft:
    table, rows = found.table, sorted([*found.rows, *found.unplaced]) if found.unplaced else found.rows
    headers = {place: table.name(place) for place in range(len(table.headers))}
    columns = {"area_code": _areas(found, rows, headers)}
    columns |= {role: _figures(found, places, rows, headers) for role, places in found.picked.columns.items()}
    percent = found.picked.percent
    if percent >= 0:
        columns["coverage_reported"] = from_cells(headers[percent], _taken(table.columns[percent], rows))
    if found.when.cells:
        columns["as_of_date"] = from_cells(
            headers.get(found.when.column, ""), Cells([found.when.cells[number] for number in rows])
        )
    basis = found.when.basis or choices.basis
    if basis:
        columns["basis"] = from_cells("", Cells([basis] * len(rows)))
    day = choices.date or found.when.day
    if day is not None:
        check_day(day, today)
    numbers = [int(table.row_numbers[number]) for number in rows]
    draft = build(columns, numbers, table.sheet, today, day=day, style=choices.numbers)
    return losses.run_together(found, rows, draft)


def _whole(draft: Draft, found: Candidate, book: Book, turned: Sheet | None = None) -> Draft:
    """The draft with those rows faulty that are not whole, by their cells. In a workbook every row has as many."""
    sheet = next((one for one in book.sheets if one.name == found.table.sheet), None)
    if book.kind not in RAGGED or turned is not None or sheet is None or not found.picked.columns:
        return draft
    return losses.uneven(draft, sheet.rows, max(place for places in found.picked.columns.values() for place in places))


def _lost(found: Candidate, book: Book, turned: Sheet | None = None) -> list[Check]:
    """What shows that a table that is read alone has lost rows; of one that is ``turned`` the rows are columns of the file."""
    sheet = next((one for one in book.sheets if one.name == found.table.sheet), None)
    ragged = sheet is not None and book.kind in RAGGED and sheet.columns is None and turned is None
    return [
        *losses.told(found, alone=True),
        *losses.headed(found),
        *(losses.unlike(found, sheet.rows) if ragged and sheet is not None else []),
    ]


def _areas(found: Candidate, rows: Sequence[int], headers: Mapping[int, str]) -> Column:
    """The codes of the rows; where there is none, what the file calls the area and what it may be."""
    whole, unplaced = found.area_columns.whole, set(found.unplaced)
    cells: list[object] = [found.placed.codes[number] for number in rows]
    for position in [position for position, number in enumerate(rows) if number in unplaced] if unplaced else ():
        label = found.placed.labels[rows[position]]
        called = placement.called(found.table, found.placed, rows[position])
        cells[position] = Unplaced(called, tuple(found.placed.unmatched.get(label, ())))
    return from_cells(headers[whole if whole >= 0 else max(found.area_columns.used)], Cells(cells))


def _figures(found: Candidate, places: Sequence[int], rows: Sequence[int], headers: Mapping[int, str]) -> Column:
    """The cells of a role, summed where it stands in two columns."""
    header = " + ".join(headers[place] for place in places)
    if len(places) == 1:
        return from_cells(header, _taken(found.table.columns[places[0]], rows), count=True)
    return from_cells(header, Cells([_cell(found, places, number) for number in rows]))


def _taken(column: Cells, rows: Sequence[int]) -> Cells:
    return column if len(rows) == len(column.all) else Cells([column.all[number] for number in rows])


def _cell(found: Candidate, places: Sequence[int], number: int) -> object:
    """The sum of the cells of a row; the first that is no number, or empty, where they give none."""
    cells = [found.table.rows[number][place] for place in places]
    for place, cell in zip(places, cells, strict=True):
        if found.parsed[place].wrong[number]:
            return cell
    numbers = [found.parsed[place].counts[number] for place in places]
    return "" if any(np.isnan(one) for one in numbers) else int(sum(numbers))


def settled(found: Candidate, choices: Choices) -> Choices:
    """The choices that make this reading repeatable: what was decided by evidence, beside what a person chose."""
    several = len({level_of(found.placed.codes[number]) for number in found.rows}) > 1  # by one of these, only its rows are read
    values: dict[str, object] = {} if several else {"level": _LEVEL_NAMES.get(found.level, "")}
    if found.table.sheet:
        values["sheet"] = found.table.sheet
    if found.when.day is not None:
        values["date"] = found.when.day.isoformat()
    if found.when.basis:
        values["basis"] = found.when.basis
    percent = found.picked.percent
    coverage = {"coverage_reported": asking.column_key(found, percent)} if percent >= 0 else {}
    values["columns"] = {**asking.column_choice(found, found.picked.columns), **coverage}
    if not choices.area and len(found.placed.regencies) == 1 and not found.placed.by_code:
        around = found.placed.regencies[0]
        inside = all(found.placed.codes[number].startswith(around) for number in found.rows)  # a person may have said another
        values |= {"area": around} if inside else {}
    return choices.but(values)
