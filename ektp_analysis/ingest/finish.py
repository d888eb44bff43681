"""From a draft to a report: faulty rows refused, and findings about the quality of figures, told and never mended.

Each has a name, a level (error, warning, note), the rows and areas concerned, and a sentence.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.core import contract
from ektp_analysis.core.area import AreaCode, register
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.errors import Fault
from ektp_analysis.core.text import TN, Percent, T, Text, some
from ektp_analysis.ingest import losses, summary
from ektp_analysis.ingest.cells.column import constant
from ektp_analysis.ingest.report import ACCEPTED, NEEDS_CHOICE, REFUSED, Check, Choices, ImportReport, Question
from ektp_analysis.ingest.rows import Draft, Mask, shown
from ektp_analysis.ingest.summary import Distinct

INFLOW = 0.0146  # of the population turns 17 in a year
GENEROUS = 2  # times the inflow: the eligible are fewer than the population, and a year's births do not come evenly
JUMP = 0.02  # of the eligible, beyond the inflow: deaths and moves are less between two snapshots
SLACK = 10  # people by whom the unrecorded of an area may rise beyond the inflow: those who move in
ROUND = 0.6  # of the counts: one in ten is round by chance
FEWEST, SMALLEST = 10, 10  # counts that are looked at; a smaller one is not called round
FEWEST_SAME = 3  # areas with the same figures as before: of fewer it is chance
MOST_ROWS, MOST_AREAS, MOST_CHANGED, MOST_IN_WORDS = 1_000, 50, 200, 8  # that a finding lists, or names in its sentence
_BLOCK = 1 << 14


def round_numbers(solved: pd.DataFrame, rows: Any) -> tuple[Check, ...]:
    """Tens of areas whose unrecorded are round numbers were estimated rather than counted."""
    for name in ("unrecorded", "eligible"):
        values = solved[name].to_numpy(dtype="int64", na_value=0)
        if _mostly_round(values):
            mask = (values >= SMALLEST) & (values % 10 == 0)
            text = TN(
                "{n} area has a round number; it looks estimated, not counted.",
                "{n} areas have round numbers; they look estimated, not counted.",
                n=int(solved["area_code"][mask].nunique()),
            )
            return (listed("round_numbers", text, solved, rows, mask),)
    return ()


def listed(name: str, text: Text, solved: pd.DataFrame, rows: Any, mask: Any) -> Check:
    """A warning with the first of the rows and areas that it is about."""
    areas = tuple(solved["area_code"][mask].drop_duplicates().head(MOST_AREAS))
    return Check(name, "warning", text, tuple(int(row) for row in rows[mask][:MOST_ROWS]), areas)


def _mostly_round(values: Any) -> bool:
    """Whether most of the counts that are not small are round, of ten or more; in blocks, for there may be many."""
    counted = odd = 0
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK]
        large = block[block >= SMALLEST] if block.min() < SMALLEST else block
        counted += len(large)
        odd += int(np.count_nonzero(large // 10 * 10 != large))
        if odd > (1 - ROUND) * (counted + len(values) - start - len(block)):
            return False
    return counted >= FEWEST and counted - odd >= ROUND * counted


def against(rows: pd.DataFrame, current: pd.DataFrame | None) -> tuple[Check, ...]:
    """Findings that need the past: each area's latest figure against the one held for the last earlier day."""
    if current is None or current.empty or rows.empty:
        return ()
    day = rows["as_of_date"].max()
    now = solve(contract.frame(rows[rows["as_of_date"] == day])).assign(row=rows.loc[rows["as_of_date"] == day, "row"].to_numpy())
    held = current[current["as_of_date"] < day]
    if held.empty:
        return ()
    before_day = held["as_of_date"].max()
    before = solve(contract.frame(held[held["as_of_date"] == before_day]))
    both = now.merge(before, on="area_code", suffixes=("", "_before"))
    days = (day - before_day).days
    found = [*_areas(now, before, before_day)]
    if len(both) < 1:
        return tuple(found)
    found += [*_same(both, before_day), *_jump(both, days), *_rose(both, days)]
    return tuple(found)


def between_days(rows: pd.DataFrame) -> tuple[Check, ...]:
    """Findings of :func:`against` of each day of the rows against the day before it."""
    days = sorted(rows["as_of_date"].unique())
    found: list[Check] = []
    for before, day in itertools.pairwise(days):
        two = rows[rows["as_of_date"] == day], rows[rows["as_of_date"] == before]
        found += [replace(one, text=T("{day}: {what}", day=day.date(), what=one.text)) for one in against(*two)]
    return tuple(found)


def _areas(now: pd.DataFrame, before: pd.DataFrame, before_day: Any) -> list[Check]:
    here, there = set(now["area_code"]), set(before["area_code"])
    levels = {code.count(".") for code in here}
    parents = {code.rpartition(".")[0] for code in here}
    gone = sorted(code for code in there - here if code.count(".") in levels and code.rpartition(".")[0] in parents)
    fresh = sorted(here - there) if here & there else []
    day, made = before_day.date(), []
    if gone:
        text = TN(
            "{n} area that reported on {day} is missing: {areas}.",
            "{n} areas that reported on {day} are missing: {areas}.",
            n=len(gone),
            day=day,
            areas=some(gone, MOST_IN_WORDS),
        )
        made.append(Check("vanished", "warning", text, (), tuple(gone[:MOST_CHANGED])))
    if fresh:
        text = TN(
            "{n} area did not report on {day}: {areas}.",
            "{n} areas did not report on {day}: {areas}.",
            n=len(fresh),
            day=day,
            areas=some(fresh, MOST_IN_WORDS),
        )
        made.append(Check("appeared", "note", text, (), tuple(fresh[:MOST_CHANGED])))
    return made


def _same(both: pd.DataFrame, before_day: Any) -> list[Check]:
    if len(both) < FEWEST_SAME:
        return []
    known = [name for name in contract.COUNTS if both[name].notna().any()]
    equal = all((both[name].fillna(-1) == both[f"{name}_before"].fillna(-1)).all() for name in known)
    if not known or not equal:
        return []
    return [Check("identical", "warning", T("Every figure is the same as on {day}. Is it an old file?", day=before_day.date()))]


def _jump(both: pd.DataFrame, days: int) -> list[Check]:
    pair = both[both["eligible"].notna() & both["eligible_before"].notna()]
    old, new = int(pair["eligible_before"].sum()), int(pair["eligible"].sum())
    if not old or abs(new - old) / old <= JUMP + GENEROUS * INFLOW * days / 365:
        return []
    text = T(
        "The eligible went from {old} to {new} ({change}) in {days} days. A new basis is likely, and the series breaks there.",
        old=old,
        new=new,
        change=Percent((new - old) / old),
        days=days,
    )
    return [Check("eligible_jump", "warning", text)]


def _rose(both: pd.DataFrame, days: int) -> list[Check]:
    """Unrecorded may rise by those who turn 17, no more."""
    pair = both[both["unrecorded"].notna() & both["unrecorded_before"].notna()]
    rise = (pair["unrecorded"] - pair["unrecorded_before"]).astype("float64")
    people = pair["eligible"].fillna(pair["eligible_before"]).astype("float64").fillna(np.inf)
    mask = (rise > GENEROUS * INFLOW * people * days / 365 + SLACK).to_numpy(dtype=bool)
    if not mask.any():
        return []
    text = TN(
        "In {n} area the unrecorded rose by more than the number who turned 17: {areas}.",
        "In {n} areas the unrecorded rose by more than the number who turned 17: {areas}.",
        n=int(mask.sum()),
        areas=some(pair["area_code"][mask], MOST_IN_WORDS),
    )
    rows = tuple(int(row) for row in pair["row"][mask][:MOST_ROWS])
    return [Check("unrecorded_rose", "warning", text, rows, tuple(pair["area_code"][mask].head(MOST_CHANGED)))]


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
    keys = summary.keys_of(draft.frame, draft.areas, draft.days, draft.places) if not draft.bad.any() else None
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
        keys = summary.keys_of(good, _taken(draft.areas, fine), _taken(draft.days, fine), draft.places)
    report = _summed(report, solve(good), rows, keys)
    if refused and not choices.take_good_rows:
        return replace(report, status=REFUSED, reason=_some_refused(faults, refused))
    numbered = pd.Series(rows, index=good.index, copy=False)
    return replace(report, status=ACCEPTED, rows=good.assign(sheet=_sheets(draft, fine), row=numbered))


def _sheets(draft: Draft, fine: Mask) -> pd.Series:
    """The sheet of each good row."""
    return constant(draft.sheet, int(fine.sum())) if draft.sheets is None else pd.Series(draft.sheets[fine], dtype="str")


def _asking(report: ImportReport, asked: Sequence[Question]) -> ImportReport:
    """The report of a file that leaves questions open. Where there is no day to choose from, it must be given first."""
    undated = next((one for one in asked if one.refuses), None) or next(
        (one for one in asked if one.topic == "date" and not one.readings), None
    )
    return replace(
        report,
        status=NEEDS_CHOICE if undated is None else REFUSED,
        reason=(undated or asked[0]).text,
        questions=tuple(asked),
        warnings=_warnings(report),
    )


def _warnings(report: ImportReport) -> tuple[Text, ...]:
    return tuple(check.text for check in report.checks if check.level == "warning")


def _summed(report: ImportReport, solved: pd.DataFrame, rows: Rows, keys: summary.Keys) -> ImportReport:
    """The report with what the good rows say together; ``rows``: their numbers in the file."""
    silent = summary.silent(keys, report.choices.area)
    together = any(one.topic == "together" for one in report.evidence)  # its days are held against each other
    with ThreadPoolExecutor(1) as beside:
        content_key = beside.submit(summary.content_key, solved, keys)
        report = replace(
            report,
            totals=summary.totals(solved, keys),
            areas=int((np.bincount(keys.area) > 0).sum()),
            silent=silent,
            checks=(*report.checks, *checks(solved, rows), *(() if together else losses.absent(keys, silent))),
        )
        report = replace(report, content_key=content_key.result())
    return replace(report, warnings=(*report.warnings, *_warnings(report)))


def _nothing_left(faults: Sequence[Fault]) -> Text:
    if not faults:
        return T("The file has no rows below its header.")
    first = faults[0].text()
    return first if len(faults) == 1 else T("no row can be accepted; the first: {first}", first=first)


def _some_refused(faults: Sequence[Fault], refused: int) -> Text:
    first = faults[0].text()
    if refused == 1:
        return first
    return TN("{n} row is refused; the first: {first}", "{n} rows are refused; the first: {first}", n=refused, first=first)


def _taken(column: Distinct | None, rows: Mask) -> Distinct | None:
    """The distinct values and positions of a column, of some rows; None where they are not at hand."""
    if column is None:
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
        fault = T("{area} is not in {wanted}.", area=f"{code} {register().name(code)}", wanted=around)
        return fault, T("Choose another area, or remove the row."), header, shown(code)

    return draft.marked(outside, "outside", named)


def _by_contract(draft: Draft, keys: summary.Keys | None) -> Draft:
    """The draft with those rows faulty that break a rule of the contract."""
    repeated = None
    if keys is not None:
        repeated = summary.repeated(keys)
        if not repeated.any() and contract.sound(draft.frame):
            return draft
    for column, mask, make in contract.breaches(draft.frame, repeated=repeated):
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
    """Findings that do not need the past: a percentage that contradicts its counts, a coverage above 100 % or hardly any, more
    cards printed than people recorded."""
    return (*_low(solved), *_of_shares(solved, rows), *_more_printed(solved, rows), *losses.odd_basis(solved, rows))


def _low(solved: pd.DataFrame) -> tuple[Check, ...]:
    """Fewer recorded than unrecorded over all areas, as where two headers were exchanged."""
    both = solved[solved["recorded"].notna() & solved["unrecorded"].notna()]
    done, left = int(both["recorded"].sum()), int(both["unrecorded"].sum())
    if left <= done:
        return ()
    text = T(
        "Only {done} are recorded and {left} are not. Are the columns of recorded and unrecorded swapped?", done=done, left=left
    )
    return (Check("low", "warning", text),)


def _more_printed(solved: pd.DataFrame, rows: Rows) -> tuple[Check, ...]:
    """Cards are printed anew when lost or changed, so that more of them than people is told and not refused."""
    if solved["printed"].isna().all():
        return ()
    more = (solved["printed"] > solved["recorded"]).to_numpy(dtype=bool, na_value=False)
    if not more.any():
        return ()
    text = TN(
        "In {n} row more cards are printed than people are recorded; perhaps reprinted cards are counted.",
        "In {n} rows more cards are printed than people are recorded; perhaps reprinted cards are counted.",
        n=int(more.sum()),
    )
    return (listed("more_printed", text, solved, rows, more),)


def _of_shares(solved: pd.DataFrame, rows: Rows) -> tuple[Check, ...]:
    """A percentage that contradicts its counts, coverage above 100 %, round numbers."""
    if solved["coverage_reported"].isna().all():
        return (*_above(solved, (solved["coverage"] > 1), rows), *round_numbers(solved, rows))
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
            "Row {row}, {area}: {recorded} of {eligible} is {computed}, but the file says {printed}.",
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
            "In {n} row the percentage in the file does not agree with the counts.",
            "In {n} rows the percentage in the file does not agree with the counts.",
            n=int(off.sum()),
        )
        found.append(Check("percentage", "warning", text, tuple(int(row) for row in rows[off][:MOST_ROWS])))
    return (*found, *_above(solved, (solved["coverage"] > 1) | (printed > 100), rows), *round_numbers(solved, rows))


def _above(solved: pd.DataFrame, mask: pd.Series, rows: Rows) -> tuple[Check, ...]:
    above = mask.to_numpy(dtype=bool, na_value=False)
    if not above.any():
        return ()
    text = TN(
        "{n} row is above 100%: people recorded there but living elsewhere are counted; the unrecorded are unknown there.",
        "{n} rows are above 100%: people recorded there but living elsewhere are counted; the unrecorded are unknown there.",
        n=int(above.sum()),
    )
    return (listed("above_100", text, solved, rows, above),)
