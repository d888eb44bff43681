"""A draft -> the report: the contract's rules, whole-file refusals, warnings, and what the accepted rows say together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd

from ektp_analysis import snapshot
from ektp_analysis.area import AreaCode, register
from ektp_analysis.ingest import figures, quality
from ektp_analysis.ingest.choices import Choices
from ektp_analysis.ingest.column import constant
from ektp_analysis.ingest.draft import Distinct, Draft, Mask, shown
from ektp_analysis.ingest.report import ACCEPTED, NEEDS_CHOICE, REFUSED, Check, ImportReport
from ektp_analysis.text import TN, Percent, T, Text

MOST_NAMED = 5


def finish(draft: Draft, report: ImportReport) -> ImportReport:
    """The report over the rows of a draft. Accepts nothing where a row is refused, unless the rest was asked for, and
    nothing while a question is open."""
    choices = report.choices
    open_questions = [one for one in report.questions if not (one.topic == "alias" and choices.take_good_rows)]
    if open_questions:
        undated = next((one for one in open_questions if one.topic == "date" and not one.readings), None)
        return replace(
            report,
            status=NEEDS_CHOICE if undated is None else REFUSED,  # no day to choose from: it must be given
            reason=(undated or open_questions[0]).text,
            questions=tuple(open_questions),
            warnings=tuple(check.text for check in report.checks if check.level == "warning"),
        )
    _keep_inside(draft, choices)
    keys = figures.keys_of(draft.frame, draft.areas, draft.days, draft.places) if not draft.bad.any() else None
    _keep_contract(draft, keys)
    faults = tuple(replace(fault, file=report.file) for _, fault in sorted(draft.faults, key=lambda item: item[0]))
    refused = int(draft.bad.sum())
    whole = _whole_file(draft)
    report = replace(report, refused_rows=faults, refused_count=refused, questions=())
    good = draft.frame[~draft.bad].reset_index(drop=True) if refused else draft.frame
    if whole is not None or good.empty:
        reason = whole or (
            faults[0].text()
            if len(faults) == 1
            else T("no row can be taken; the first: {first}", first=faults[0].text())
            if faults
            else T("The file has no rows below its header.")
        )
        return replace(report, status=REFUSED, reason=reason)
    solved = snapshot.solve(good)
    row_numbers = draft.row_numbers[~draft.bad] if refused else draft.row_numbers
    if keys is None or refused:
        keys = figures.keys_of(good, _taken(draft.areas, ~draft.bad), _taken(draft.days, ~draft.bad), draft.places)
    with ThreadPoolExecutor(1) as beside:
        content_key = beside.submit(figures.content_key, solved, keys)
        report = replace(
            report,
            totals=figures.totals(solved, keys),
            areas=int((np.bincount(keys.area) > 0).sum()),
            silent=figures.silent(keys, choices.area),
            checks=(*report.checks, *checks(solved, row_numbers)),
        )
        report = replace(report, content_key=content_key.result())
    report = replace(report, warnings=(*report.warnings, *(c.text for c in report.checks if c.level == "warning")))
    if refused and not choices.take_good_rows:
        first = faults[0].text()
        reason = (
            first
            if refused == 1
            else TN("{n} row is refused; the first: {first}", "{n} rows are refused; the first: {first}", n=refused, first=first)
        )
        return replace(report, status=REFUSED, reason=reason)
    good["sheet"] = constant(draft.sheet, len(good))
    good["row"] = pd.Series(row_numbers, index=good.index, copy=False)
    return replace(report, status=ACCEPTED, rows=good)


def _taken(column: Distinct | None, rows: Mask) -> Distinct | None:
    """The distinct values and positions of a column, of some rows; None where they are not at hand."""
    if column is None or len(column[1]) != len(rows):
        return None
    return column if rows.all() else (column[0], column[1][rows])


def _keep_inside(draft: Draft, choices: Choices) -> None:
    if not choices.area or "area_code" not in draft.frame:
        return
    wanted = AreaCode(choices.area)
    codes = draft.frame["area_code"]
    inside = {code: wanted.contains(AreaCode(code)) for code in codes.dropna().unique()}
    outside = codes.map(inside).eq(False).fillna(False).to_numpy(dtype=bool) & ~draft.bad
    draft.mark(
        outside,
        "outside",
        lambda position: (
            T(
                "{area} does not lie in {wanted}.",
                area=f"{codes.iloc[position]} {register().name(codes.iloc[position])}",
                wanted=f"{wanted} {register().name(wanted)}",
            ),
            T("Choose another area, or remove the row."),
            draft.headers.get("area_code", "area_code"),
            shown(codes.iloc[position]),
        ),
    )


def _keep_contract(draft: Draft, keys: figures.Keys | None) -> None:
    repeated = None
    if keys is not None:
        repeated = figures.repeated(keys)
        if not repeated.any() and snapshot.sound(draft.frame):
            return
    for column, mask, make in snapshot.breaches(draft.frame, repeated=repeated):
        fresh = mask.fillna(False).to_numpy(dtype=bool) & ~draft.bad
        kind = "sum" if column == "unrecorded" else "contract"

        def named(position: int, column: str = column, make: object = make) -> tuple[Text, Text, str, str]:
            fault, mend = make(draft.frame.iloc[position])  # type: ignore[operator]
            return fault, mend, draft.headers.get(column, column), ""

        draft.mark(fresh, kind, named)


def _whole_file(draft: Draft) -> Text | None:
    """A fault that most rows have is the file's, not the rows'."""
    length = len(draft.bad)
    if length >= 3 and draft.kinds.get("sum", 0) * 2 > length:
        return T(
            "In {n} of {all} rows the three counts do not add up: {first} Check which columns are meant.",
            n=draft.kinds["sum"],
            all=length,
            first=next(fault.fault for _, fault in draft.faults if fault.column == draft.headers.get("unrecorded")),
        )
    return None


def checks(solved: pd.DataFrame, rows: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> tuple[Check, ...]:
    """Findings that do not need the past: a percentage that contradicts its counts, a coverage above 100 %."""
    if solved["coverage_reported"].isna().all():
        return (*_above(solved, (solved["coverage"] > 1), rows), *quality.round_numbers(solved, rows))
    found: list[Check] = []
    printed = pd.to_numeric(solved["coverage_reported"], errors="coerce")
    point = solved["coverage_reported"].str.find(".")
    decimals = (solved["coverage_reported"].str.len() - point - 1).where(point >= 0, 0).fillna(0)
    share = solved["coverage"].astype("float64") * 100
    unit = 10.0 ** -decimals.clip(upper=6).astype("float64")
    off = ((share - printed).abs() >= unit + 1e-9).fillna(False).to_numpy(dtype=bool)
    for position in np.flatnonzero(off)[:MOST_NAMED]:
        row = solved.iloc[position]
        found.append(
            Check(
                "percentage",
                "warning",
                T(
                    "Row {row}, {area}: {recorded} of {eligible} is {computed}, but {printed} is printed.",
                    row=str(rows[position]),
                    area=row.area_code,
                    recorded=int(row.recorded),
                    eligible=int(row.eligible),
                    computed=Percent(float(row.coverage), max(2, int(decimals.iloc[position]))),
                    printed=Percent(float(row.coverage_reported) / 100, int(decimals.iloc[position])),
                ),
                (int(rows[position]),),
                (str(row.area_code),),
            )
        )
    if int(off.sum()) > MOST_NAMED:
        found.append(
            Check(
                "percentage",
                "warning",
                TN(
                    "In {n} row the printed percentage does not follow from the counts.",
                    "In {n} rows the printed percentage does not follow from the counts.",
                    n=int(off.sum()),
                ),
                tuple(int(row) for row in rows[off][:1000]),
            )
        )
    return (*found, *_above(solved, (solved["coverage"] > 1) | (printed > 100), rows), *quality.round_numbers(solved, rows))


def _above(solved: pd.DataFrame, mask: pd.Series, rows: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> tuple[Check, ...]:
    above = mask.to_numpy(dtype=bool, na_value=False)
    if not above.any():
        return ()
    return (
        Check(
            "above_100",
            "warning",
            TN(
                "{n} row is above 100%: who is recorded there and lives elsewhere is counted; unrecorded is unknown there.",
                "{n} rows are above 100%: who is recorded there and lives elsewhere is counted; unrecorded is unknown there.",
                n=int(above.sum()),
            ),
            tuple(int(row) for row in rows[above][:1000]),
            tuple(solved["area_code"][above].head(50)),
        ),
    )
