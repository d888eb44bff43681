"""A draft -> the report: the contract's rules, whole-file refusals, warnings, and what the accepted rows say together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from ektp_analysis import snapshot
from ektp_analysis.area import AreaCode, register
from ektp_analysis.errors import Fault
from ektp_analysis.ingest import figures, quality
from ektp_analysis.ingest.choices import Choices
from ektp_analysis.ingest.column import constant
from ektp_analysis.ingest.draft import Draft, Mask, shown
from ektp_analysis.ingest.figures import Distinct
from ektp_analysis.ingest.report import ACCEPTED, NEEDS_CHOICE, REFUSED, Check, ImportReport, Question
from ektp_analysis.text import TN, Percent, T, Text

Rows = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

MOST_NAMED = 5  # rows whose percentage is off that are told one by one
MOST_OFF, FEWEST_ROWS = 0.5, 3  # of the rows, in at least so many: counts that do not add up are then of other columns
ROUNDING, MOST_DECIMALS = 1e-9, 6  # what binary fractions may be off; decimals of a printed percentage that are looked at


def conclude(draft: Draft, report: ImportReport) -> ImportReport:
    """The report over the rows of a draft. Accepts nothing where a row is refused, unless the rest was asked for, and
    nothing while a question is open."""
    choices = report.choices
    asked = [one for one in report.questions if not (one.topic == "alias" and choices.take_good_rows)]
    if asked:
        return _asking(report, asked)
    draft = _inside(draft, choices)
    keys = figures.keys_of(draft.frame, draft.areas, draft.days, draft.places) if not draft.bad.any() else None
    draft = _by_contract(draft, keys)
    faults = tuple(replace(fault, file=report.file) for _, fault in sorted(draft.faults, key=lambda item: item[0]))
    refused, fine = int(draft.bad.sum()), ~draft.bad
    report = replace(report, refused_rows=faults, refused_count=refused, questions=())
    good = draft.frame[fine].reset_index(drop=True) if refused else draft.frame
    reason = _whole_file(draft) or (_nothing_left(faults) if good.empty else None)
    if reason is not None:
        return replace(report, status=REFUSED, reason=reason)
    rows = draft.row_numbers[fine] if refused else draft.row_numbers
    if keys is None or refused:
        keys = figures.keys_of(good, _taken(draft.areas, fine), _taken(draft.days, fine), draft.places)
    report = _summed(report, snapshot.solve(good), rows, keys)
    if refused and not choices.take_good_rows:
        return replace(report, status=REFUSED, reason=_some_refused(faults, refused))
    numbered = pd.Series(rows, index=good.index, copy=False)
    return replace(report, status=ACCEPTED, rows=good.assign(sheet=constant(draft.sheet, len(good)), row=numbered))


def _asking(report: ImportReport, asked: Sequence[Question]) -> ImportReport:
    """The report of a file that leaves questions open. Where there is no day to choose from, it must be given first."""
    undated = next((one for one in asked if one.topic == "date" and not one.readings), None)
    return replace(
        report,
        status=NEEDS_CHOICE if undated is None else REFUSED,
        reason=(undated or asked[0]).text,
        questions=tuple(asked),
        warnings=_warnings(report),
    )


def _warnings(report: ImportReport) -> tuple[Text, ...]:
    return tuple(check.text for check in report.checks if check.level == "warning")


def _summed(report: ImportReport, solved: pd.DataFrame, rows: Rows, keys: figures.Keys) -> ImportReport:
    """The report with what the good rows say together; ``rows``: their numbers in the file."""
    with ThreadPoolExecutor(1) as beside:
        content_key = beside.submit(figures.content_key, solved, keys)
        report = replace(
            report,
            totals=figures.totals(solved, keys),
            areas=int((np.bincount(keys.area) > 0).sum()),
            silent=figures.silent(keys, report.choices.area),
            checks=(*report.checks, *checks(solved, rows)),
        )
        report = replace(report, content_key=content_key.result())
    return replace(report, warnings=(*report.warnings, *_warnings(report)))


def _nothing_left(faults: Sequence[Fault]) -> Text:
    if not faults:
        return T("The file has no rows below its header.")
    first = faults[0].text()
    return first if len(faults) == 1 else T("no row can be taken; the first: {first}", first=first)


def _some_refused(faults: Sequence[Fault], refused: int) -> Text:
    first = faults[0].text()
    if refused == 1:
        return first
    return TN("{n} row is refused; the first: {first}", "{n} rows are refused; the first: {first}", n=refused, first=first)


def _taken(column: Distinct | None, rows: Mask) -> Distinct | None:
    """The distinct values and positions of a column, of some rows; None where they are not at hand."""
    if column is None or len(column[1]) != len(rows):
        return None
    return column if rows.all() else (column[0], column[1][rows])


def _inside(draft: Draft, choices: Choices) -> Draft:
    """The draft with those rows faulty that do not lie in the area that the file is about."""
    if not choices.area or "area_code" not in draft.frame:
        return draft
    wanted = AreaCode(choices.area)
    codes = draft.frame["area_code"]
    inside = {code: wanted.contains(AreaCode(code)) for code in codes.dropna().unique()}
    outside = codes.map(inside).eq(False).fillna(False).to_numpy(dtype=bool) & ~draft.bad
    header, around = draft.headers.get("area_code", "area_code"), f"{wanted} {register().name(wanted)}"

    def named(position: int) -> tuple[Text, Text, str, str]:
        code = codes.iloc[position]
        fault = T("{area} does not lie in {wanted}.", area=f"{code} {register().name(code)}", wanted=around)
        return fault, T("Choose another area, or remove the row."), header, shown(code)

    return draft.marked(outside, "outside", named)


def _by_contract(draft: Draft, keys: figures.Keys | None) -> Draft:
    """The draft with those rows faulty that break a rule of the contract."""
    repeated = None
    if keys is not None:
        repeated = figures.repeated(keys)
        if not repeated.any() and snapshot.sound(draft.frame):
            return draft
    for column, mask, make in snapshot.breaches(draft.frame, repeated=repeated):
        fresh = mask.fillna(False).to_numpy(dtype=bool) & ~draft.bad
        named = partial(_breach, draft.frame, make, draft.headers.get(column, column))
        draft = draft.marked(fresh, "sum" if column == "unrecorded" else "contract", named)
    return draft


def _breach(
    frame: pd.DataFrame, make: Callable[[pd.Series], tuple[Text, Text]], header: str, position: int
) -> tuple[Text, Text, str, str]:
    """What is wrong with a row by a rule of the contract."""
    fault, mend = make(frame.iloc[position])
    return fault, mend, header, ""


def _whole_file(draft: Draft) -> Text | None:
    """A fault that most rows have is the file's, not the rows'."""
    length = len(draft.bad)
    if length >= FEWEST_ROWS and draft.kinds.get("sum", 0) > MOST_OFF * length:
        return T(
            "In {n} of {all} rows the three counts do not add up: {first} Check which columns are meant.",
            n=draft.kinds["sum"],
            all=length,
            first=next(fault.fault for _, fault in draft.faults if fault.column == draft.headers.get("unrecorded")),
        )
    return None


def checks(solved: pd.DataFrame, rows: Rows) -> tuple[Check, ...]:
    """Findings that do not need the past: a percentage that contradicts its counts, a coverage above 100 %."""
    if solved["coverage_reported"].isna().all():
        return (*_above(solved, (solved["coverage"] > 1), rows), *quality.round_numbers(solved, rows))
    found: list[Check] = []
    printed = pd.to_numeric(solved["coverage_reported"], errors="coerce")
    point = solved["coverage_reported"].str.find(".")
    decimals = (solved["coverage_reported"].str.len() - point - 1).where(point >= 0, 0).fillna(0)
    share = solved["coverage"].astype("float64") * 100
    unit = 10.0 ** -decimals.clip(upper=MOST_DECIMALS).astype("float64")
    off = ((share - printed).abs() >= unit + ROUNDING).fillna(False).to_numpy(dtype=bool)
    for position in np.flatnonzero(off)[:MOST_NAMED]:
        row, places = solved.iloc[position], int(decimals.iloc[position])
        text = T(
            "Row {row}, {area}: {recorded} of {eligible} is {computed}, but {printed} is printed.",
            row=str(rows[position]),
            area=row.area_code,
            recorded=int(row.recorded),
            eligible=int(row.eligible),
            computed=Percent(float(row.coverage), max(2, places)),
            printed=Percent(float(row.coverage_reported) / 100, places),
        )
        found.append(Check("percentage", "warning", text, (int(rows[position]),), (str(row.area_code),)))
    if int(off.sum()) > MOST_NAMED:
        text = TN(
            "In {n} row the printed percentage does not follow from the counts.",
            "In {n} rows the printed percentage does not follow from the counts.",
            n=int(off.sum()),
        )
        found.append(Check("percentage", "warning", text, tuple(int(row) for row in rows[off][: quality.MOST_ROWS])))
    return (*found, *_above(solved, (solved["coverage"] > 1) | (printed > 100), rows), *quality.round_numbers(solved, rows))


def _above(solved: pd.DataFrame, mask: pd.Series, rows: Rows) -> tuple[Check, ...]:
    above = mask.to_numpy(dtype=bool, na_value=False)
    if not above.any():
        return ()
    text = TN(
        "{n} row is above 100%: who is recorded there and lives elsewhere is counted; unrecorded is unknown there.",
        "{n} rows are above 100%: who is recorded there and lives elsewhere is counted; unrecorded is unknown there.",
        n=int(above.sum()),
    )
    return (quality.listed("above_100", text, solved, rows, above),)
