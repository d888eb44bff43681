"""A book in any layout -> a draft and what is known of it: the best sheet, its evidence, its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from ektp_analysis.ingest import asking, containers, evidence, names, turning
from ektp_analysis.ingest.cells import Cells
from ektp_analysis.ingest.choices import LEVELS, Choices
from ektp_analysis.ingest.column import Column, from_cells
from ektp_analysis.ingest.containers import Book, Sheet
from ektp_analysis.ingest.draft import Draft, Unplaced, build, check_day
from ektp_analysis.ingest.layout import Candidate, candidate
from ektp_analysis.ingest.report import ImportReport, Question, Reading
from ektp_analysis.text import T

_LEVEL_NAMES = {int(level): name for name, level in LEVELS.items()}


@dataclass(frozen=True)
class Found:
    """The reading of a book: the chosen candidate, its draft, and the report so far; its sheet where that was turned."""

    candidate: Candidate
    draft: Draft
    report: ImportReport
    turned: Sheet | None = None


def read_book(book: Book, report: ImportReport, choices: Choices, today: date) -> Found:
    """Read the best sheet of a book.

    Raises:
        RefusedError: no sheet holds figures of recording per area; the sentence says what was found instead.
    """
    wanted = [sheet for sheet in book.sheets if not choices.sheet or sheet.name.strip() == choices.sheet.strip()]
    if not wanted:
        raise containers.refuse(
            T("The workbook has no sheet '{sheet}'.", sheet=choices.sheet[:60]),
            T("Its sheets: {sheets}.", sheets=", ".join(sheet.name for sheet in book.sheets)[:300]),
        )
    hints = names.find_regencies(report.file)
    candidates = [one for one in (candidate(sheet, choices, report.file, hints) for sheet in wanted) if one is not None]
    good = [one for one in candidates if _promises(one, choices)]
    side_by_side: dict[str, Sheet] = {}
    if not good:
        side_by_side = {sheet.name: other for sheet in wanted if (other := turning.turned(sheet)) is not None}
        across = [candidate(sheet, choices, report.file, hints) for sheet in side_by_side.values()]
        good = [one for one in across if one is not None and one.rows and _promises(one, choices)]
    if not good:
        raise _nothing(book, candidates)
    good.sort(key=lambda one: -one.score)
    best, rivals = _best(good)
    asked = list(asking.questions(best))
    if rivals:
        asked.insert(
            0,
            Question(
                "sheet",
                T("More than one sheet holds figures, and they differ. Which one is meant?"),
                tuple(
                    Reading(
                        T("sheet {sheet}", sheet=one.table.sheet),
                        {"sheet": one.table.sheet},
                        asking.sums(one, one.picked.columns) if one.rows else {},
                    )
                    for one in (best, *rivals)[:6]
                ),
            ),
        )
    report = replace(
        report,
        sheet=best.table.sheet,
        questions=tuple(asked),
        layout=best.fingerprint() if best.level else "",
        evidence=evidence.of(best, book, len(good), turned=best.table.sheet in side_by_side),
        checks=evidence.checks(best),
    )
    nothing = best.unfitting or not (best.rows or best.unplaced)
    draft = build({}, [], best.table.sheet, today) if nothing else _draft(best, choices, today)
    return Found(best, draft, report, side_by_side.get(best.table.sheet))


def _promises(one: Candidate, choices: Choices) -> bool:
    return bool(one.picked.columns or one.picked.percent >= 0 or choices.columns or "one sex" in one.picked.doubts)


def _best(good: Sequence[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """The best candidate, and those that say something else and are as good."""
    best = good[0]
    rivals = []
    for other in good[1:]:
        complete = len(other.picked.columns) >= min(2, len(best.picked.columns)) and not set(other.picked.doubts)
        if not other.rows or not complete or len(other.unplaced) > len(other.rows):
            continue
        if not _agrees(best, other):
            rivals.append(other)
    if best.picked.doubts and rivals and len(rivals) == 1 and not rivals[0].picked.doubts:
        return rivals[0], []
    return best, rivals


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
    if not any(any(str(cell).strip() for cell in row) for sheet in book.sheets for row in sheet.rows[:2000]):
        return containers.refuse(T("The file has no filled cell."))
    need = T("A table is needed with an area (code or name) and wajib KTP, sudah rekam or belum rekam in each row.")
    if candidates:
        return containers.refuse(
            T(
                "The sheet {sheet} holds figures per area, but none of eligible, recorded or unrecorded.",
                sheet=candidates[0].table.sheet or "-",
            ),
            need,
        )
    return containers.refuse(T("No sheet holds figures of recording per area."), need)


def _draft(found: Candidate, choices: Choices, today: date) -> Draft:
    table, rows = found.table, sorted([*found.rows, *found.unplaced]) if found.unplaced else found.rows
    headers = {place: table.name(place) for place in range(len(table.headers))}
    columns: dict[str, Column] = {}
    area_header = headers[found.area_columns.whole if found.area_columns.whole >= 0 else max(found.area_columns.used)]
    cells: list[object] = [found.placed.codes[number] for number in rows]
    unplaced = set(found.unplaced)
    for position in [position for position, number in enumerate(rows) if number in unplaced] if unplaced else ():
        label = found.placed.labels[rows[position]]
        cells[position] = Unplaced(label, tuple(found.placed.unmatched.get(label, ())))
    columns["area_code"] = from_cells(area_header, Cells(cells))
    for role, places in found.picked.columns.items():
        header = " + ".join(headers[place] for place in places)
        if len(places) == 1:
            columns[role] = from_cells(header, _taken(table.columns[places[0]], rows), count=True)
        else:
            columns[role] = from_cells(header, Cells([_cell(found, places, number) for number in rows]))
    if found.picked.percent >= 0:
        columns["coverage_reported"] = from_cells(
            headers[found.picked.percent], _taken(table.columns[found.picked.percent], rows)
        )
    if found.when.cells:
        columns["as_of_date"] = from_cells(headers[found.when.column], Cells([found.when.cells[number] for number in rows]))
    basis = found.when.basis or choices.basis
    if basis:
        columns["basis"] = from_cells("", Cells([basis] * len(rows)))
    day = choices.date or found.when.day
    if day is not None:
        check_day(day, today)
    return build(columns, [int(table.row_numbers[number]) for number in rows], table.sheet, today, day=day, style=choices.numbers)


def _taken(column: Cells, rows: Sequence[int]) -> Cells:
    return column if len(rows) == len(column.all) else Cells([column.all[number] for number in rows])


def _cell(found: Candidate, places: Sequence[int], number: int) -> object:
    cells = [found.table.rows[number][place] for place in places]
    if len(cells) == 1:
        return cells[0]
    for place, cell in zip(places, cells, strict=True):
        if found.parsed[place].wrong[number]:
            return cell
    numbers = [found.parsed[place].counts[number] for place in places]
    return "" if any(np.isnan(one) for one in numbers) else int(sum(numbers))


def settled(found: Candidate, choices: Choices) -> Choices:
    """The choices that make this reading repeatable: what was decided by evidence, beside what a person chose."""
    values: dict[str, object] = {"level": _LEVEL_NAMES.get(found.level, "")}
    if found.table.sheet:
        values["sheet"] = found.table.sheet
    if found.when.day is not None:
        values["date"] = found.when.day.isoformat()
    if found.when.basis:
        values["basis"] = found.when.basis
    columns = asking.column_choice(found, found.picked.columns)
    if found.picked.percent >= 0:
        columns["coverage_reported"] = asking.column_key(found, found.picked.percent)
    values["columns"] = columns
    if not choices.area and len(found.placed.regencies) == 1 and not found.placed.by_code:
        values["area"] = found.placed.regencies[0]
    return choices.but(values)
