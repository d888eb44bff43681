"""A book in any layout -> a draft and what is known of it: the best sheet, its evidence, its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from ektp_analysis.area import register
from ektp_analysis.ingest import asking, containers, names, totals
from ektp_analysis.ingest.choices import LEVELS, Choices
from ektp_analysis.ingest.column import Column, from_cells
from ektp_analysis.ingest.containers import Book
from ektp_analysis.ingest.draft import Draft, Unplaced, build
from ektp_analysis.ingest.layout import Candidate, candidate
from ektp_analysis.ingest.report import Check, Evidence, ImportReport, Question, Reading
from ektp_analysis.text import TN, T, Text

_LEVEL_NAMES = {int(level): name for name, level in LEVELS.items()}


@dataclass(frozen=True)
class Found:
    """The reading of a book: the chosen candidate, its draft, and the report so far."""

    candidate: Candidate
    draft: Draft
    report: ImportReport


def read_book(book: Book, report: ImportReport, choices: Choices, today: date) -> Found:
    """Read the best sheet of a book.

    Raises:
        RefusedError: no sheet holds figures of recording per area; the sentence says what was found instead.
    """
    wanted = [sheet for sheet in book.sheets if not choices.sheet or sheet.name.strip() == choices.sheet.strip()]
    if not wanted:
        raise containers.refuse(T("The workbook has no sheet '{sheet}'.", sheet=choices.sheet[:60]), T("Its sheets: {sheets}.", sheets=", ".join(
            sheet.name for sheet in book.sheets)[:300]))
    hints = names.find_regencies(report.file)
    candidates = [one for one in (candidate(sheet, choices, report.file, hints) for sheet in wanted) if one is not None]
    good = [one for one in candidates if one.picked.columns or one.picked.percent >= 0 or choices.columns or "one sex" in one.picked.doubts]
    if not good:
        raise _nothing(book, candidates)
    good.sort(key=lambda one: -one.score)
    best, rivals = _best(good)
    asked = list(asking.questions(best))
    if rivals:
        asked.insert(0, Question("sheet", T("More than one sheet holds figures, and they differ. Which one is meant?"), tuple(
            Reading(T("sheet {sheet}", sheet=one.table.sheet), {"sheet": one.table.sheet}, asking.sums(one, one.picked.columns) if one.rows else {})
            for one in (best, *rivals)[:6])))
    report = replace(report, sheet=best.table.sheet, questions=tuple(asked), layout=best.fingerprint() if best.level else "",
                     evidence=_evidence(best, book), checks=_checks(best))
    if best.unfitting or not (best.rows or best.unplaced):
        draft = build({}, [], best.table.sheet, today)
        return Found(best, draft, report)
    return Found(best, _draft(best, choices, today), report)


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
        return containers.refuse(T("The sheet {sheet} holds figures per area, but none of eligible, recorded or unrecorded.",
                                   sheet=candidates[0].table.sheet or "-"), need)
    return containers.refuse(T("No sheet holds figures of recording per area."), need)


def _draft(found: Candidate, choices: Choices, today: date) -> Draft:
    table, rows = found.table, sorted([*found.rows, *found.unplaced])
    headers = {place: table.name(place) for place in range(len(table.headers))}
    columns: dict[str, Column] = {}
    area_header = headers[found.area_columns.whole if found.area_columns.whole >= 0 else max(found.area_columns.used)]
    unplaced = set(found.unplaced)
    cells: list[object] = [Unplaced(found.placed.labels[number], tuple(found.placed.unmatched.get(found.placed.labels[number], ())))
                           if number in unplaced else found.placed.codes[number] for number in rows]
    columns["area_code"] = from_cells(area_header, cells)
    for role, places in found.picked.columns.items():
        header = " + ".join(headers[place] for place in places)
        columns[role] = from_cells(header, [_cell(found, places, number) for number in rows])
    if found.picked.percent >= 0:
        columns["coverage_reported"] = from_cells(headers[found.picked.percent], [table.rows[number][found.picked.percent] for number in rows])
    if found.when.cells:
        columns["as_of_date"] = from_cells(headers[found.when.column], [found.when.cells[number] for number in rows])
    basis = found.when.basis or choices.basis
    if basis:
        columns["basis"] = from_cells("", [basis] * len(rows))
    day = choices.date or found.when.day
    return build(columns, [int(table.row_numbers[number]) for number in rows], table.sheet, today, day=day, style=choices.numbers)


def _cell(found: Candidate, places: Sequence[int], number: int) -> object:
    cells = [found.table.rows[number][place] for place in places]
    if len(cells) == 1:
        return cells[0]
    for place, cell in zip(places, cells, strict=True):
        if found.parsed[place].wrong[number]:
            return cell
    numbers = [found.parsed[place].counts[number] for place in places]
    return "" if any(np.isnan(one) for one in numbers) else int(sum(numbers))


def _evidence(found: Candidate, book: Book) -> tuple[Evidence, ...]:
    table = found.table
    made = [Evidence("sheet", T("sheet {sheet}", sheet=table.sheet) if table.sheet else T("the only table"), (
        T("{n} of {all} sheets hold figures per area", n=1, all=len(book.sheets)),) if len(book.sheets) > 1 else ())]
    made.append(Evidence("header", T("rows {rows}", rows=", ".join(map(str, table.header_rows)))))
    for role, places in found.picked.columns.items():
        reasons = [T("adds up with the others in {hits} of {rows} rows", hits=hits, rows=rows) for _, _, hits, rows in found.picked.proofs]
        if len(places) == 2:
            reasons.append(T("the sum of the columns of men and of women, for there is no total"))
        if found.totals_agree:
            reasons.append(TN("{n} printed total agrees", "{n} printed totals agree", n=found.totals_agree))
        made.append(Evidence("columns", T("{role}: {column}", role=asking.ROLE_NAMES[role], column=" + ".join(
            table.name(place) for place in places)), tuple(reasons)))
    if found.picked.percent >= 0:
        made.append(Evidence("columns", T("{role}: {column}", role=asking.ROLE_NAMES["coverage_reported"],
                                          column=table.name(found.picked.percent))))
    styles = {found.parsed[place].style for places in found.picked.columns.values() for place in places} - {""}
    if styles:
        made.append(Evidence("numbers", T("thousands are marked with {mark}", mark=T("a dot") if styles == {"dot"} else T("a comma"))))
    where = found.when.where or T("the person's choice")
    if found.when.day:
        made.append(Evidence("date", T("{day} ({where})", day=found.when.day, where=where)))
    elif found.when.cells:
        made.append(Evidence("date", T("each row says its day ({where})", where=where)))
    made += _area_evidence(found)
    left = sum(kind == totals.TOTAL for kind in found.kinds)
    if left:
        made.append(Evidence("totals", TN("{n} row is a total and counts as no area", "{n} rows are totals and count as no area", n=left)))
    return tuple(made)


def _area_evidence(found: Candidate) -> list[Evidence]:
    placed, made = found.placed, []
    if placed.by_code:
        made.append(Evidence("areas", T("by code")))
    for code in placed.regencies[:5]:
        reasons: tuple[Text, ...] = (T("the only kabupaten that holds these names as a set"),) if placed.inferred else ()
        made.append(Evidence("areas", T("by name within {code} {name}", code=code, name=register().name(code)), reasons))
    how = {"spelling": T("other spelling"), "near": T("resembles it alone"), "alias": T("as decided before")}
    made += [Evidence("areas", T("'{name}' is {code} {register}", name=name, code=code, register=register().name(code)), (how[kind],))
             for name, code, kind in placed.told[:60] if kind in how]
    return made


def _checks(found: Candidate) -> tuple[Check, ...]:
    made: list[Check] = []
    for one in found.differences[:20]:
        made.append(Check("total", "warning", T(
            "Row {row} ({label}): the printed total of {role} is {printed}, its members give {summed}.", row=str(one.row),
            label=one.label or "-", role=asking.ROLE_NAMES[one.role], printed=one.printed, summed=one.summed), (one.row,)))
    if found.when.other is not None and found.when.day is not None:
        made.append(Check("date", "warning", T("The file says {inside}, its name {named}; what the file says is taken.",
                                               inside=found.when.day, named=found.when.other)))
    if found.without:
        codes = [found.placed.codes[number] for number in found.without]
        made.append(Check("no_figure", "warning", TN("{n} area stands without a figure and counts as silent: {areas}.",
                                                     "{n} areas stand without a figure and count as silent: {areas}.", n=len(codes),
                                                     areas=", ".join(f"{code} {register().name(code)}" for code in codes[:8])),
                          tuple(int(found.table.row_numbers[number]) for number in found.without), tuple(codes)))
    made += [Check("renamed", "note", T("Row {row}: the code {code} is {register} in the register, the file writes '{name}'.",
                                        row=str(found.table.row_numbers[number]), code=code, register=register().name(code), name=name),
                   (int(found.table.row_numbers[number]),), (code,)) for number, name, code in found.placed.disagree[:30]]
    return tuple(made)


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

