"""From a draft to a report: faulty rows refused, and findings about the quality of figures, told and never mended.

Each has a name, a level (error, warning, note), the rows and areas concerned, and a sentence.
"""

from __future__ import annotations

import contextlib
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
from ektp_analysis.ingest import losses, quality, summary
from ektp_analysis.ingest.cells.column import constant
from ektp_analysis.ingest.report import ACCEPTED, NEEDS_CHOICE, REFUSED, Check, Choices, ImportReport, Question
from ektp_analysis.ingest.rows import Draft, Mask, shown
from ektp_analysis.ingest.summary import Distinct

INFLOW = 0.0146  # of the population turns 17 in a year
GENEROUS = 2  # times the inflow: the eligible are fewer than the population, and a year's births do not come evenly
JUMP = 0.02  # of the eligible, beyond the inflow: deaths and moves are less between two snapshots
SLACK = 10  # people by whom the unrecorded of an area may rise beyond the inflow: those who move in
NEAR, MOST_NEAR = 0.1, 0.8  # of the eligible that is held of an area, and of the areas: a target of a campaign is far from it
CHANCE = 0.01  # of any kecamatan in a file: what is as unlikely as that is told
FEWEST_SAME = 3  # areas with the same figures as before: of fewer it is chance
SOON, FEW_LEFT = 92, 0.2  # days in which no office records four of five of those who are left
FEWEST_EXCHANGED = 2  # areas
MOST_CHANGED, MOST_IN_WORDS = 200, 8  # areas that a finding lists, or names in its sentence


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
    found += [*_same(both, before_day), *_jump(both, days), *_rose(both, days), *_fell(both, days), *_exchanged(both, before_day)]
    return tuple(found)


def eligible_is_near(rows: pd.DataFrame, current: pd.DataFrame) -> bool:
    """Whether the eligible of most areas are near the latest that are held of them, and most areas are held."""
    if rows.empty or current.empty:
        return False
    held = current.dropna(subset=["eligible"]).sort_values("as_of_date").groupby("area_code")["eligible"].last()
    now = rows.dropna(subset=["eligible"]).sort_values("as_of_date").groupby("area_code")["eligible"].last()
    both = now.to_frame().join(held.rename("held"), how="inner").astype(float)
    near = ((both["eligible"] - both["held"]).abs() <= NEAR * both["held"]).sum()
    return bool(near > MOST_NEAR * rows["area_code"].nunique())


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
    alike = pd.Series(bool(known), index=both.index)
    for name in known:
        alike &= both[name].fillna(-1) == both[f"{name}_before"].fillna(-1)
    if not alike.all():
        return _copied(both["area_code"], alike, before_day)
    return [Check("identical", "warning", T("Every figure is the same as on {day}. Is it an old file?", day=before_day.date()))]


def _copied(codes: pd.Series, alike: pd.Series, before_day: Any) -> list[Check]:
    """The areas all of whose parts have the figures of before, where so many of the others have others that this is no chance."""
    parents = codes.str.rpartition(".")[0]
    counted = pd.DataFrame({"alike": alike.groupby(parents).sum(), "parts": parents.groupby(parents).size()})
    others = len(codes) - counted["parts"]
    kept = (int(alike.sum()) - counted["alike"]) / others.where(others > 0)  # share of the others that did not change
    chance = kept.pow(counted["parts"]) * len(counted)
    found = sorted(counted.index[(counted["alike"] == counted["parts"]) & (counted["parts"] >= FEWEST_SAME) & (chance < CHANCE)])
    if not found:
        return []
    text = T(
        "In {areas} every figure is the same as on {day}, while others changed. Were the old figures copied?",
        areas=some((f"{code} {register().name(code)}" for code in found), MOST_IN_WORDS),
        day=before_day.date(),
    )
    return [Check("copied", "warning", text, (), tuple(found[:MOST_CHANGED]))]


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
    rows = tuple(int(row) for row in pair["row"][mask][: quality.MOST_ROWS])
    return [Check("unrecorded_rose", "warning", text, rows, tuple(pair["area_code"][mask].head(MOST_CHANGED)))]


def _fell(both: pd.DataFrame, days: int) -> list[Check]:
    """Unrecorded that are but a few of those before, as where they are shares and no longer counts."""
    pair = both[both["unrecorded"].notna() & both["unrecorded_before"].notna()]
    old, new = int(pair["unrecorded_before"].sum()), int(pair["unrecorded"].sum())
    if len(pair) < FEWEST_SAME or days > SOON or new >= FEW_LEFT * old:
        return []
    text = T(
        "The unrecorded went from {old} to {new} in {days} days. Do the figures count persons, and everyone?",
        old=old,
        new=new,
        days=days,
    )
    return [Check("unrecorded_fell", "warning", text)]


def _exchanged(both: pd.DataFrame, before_day: Any) -> list[Check]:
    """Areas whose eligible are far from those before but near those of others, as where names were sorted and figures not."""
    pair = both[both["eligible"].notna() & both["eligible_before"].notna()]
    now, held = (pair[name].to_numpy(dtype="float64") for name in ("eligible", "eligible_before"))
    far = np.abs(now - held) > NEAR * held
    ordered, others = np.sort(now[far]), np.sort(held[far])
    if far.sum() < FEWEST_EXCHANGED or (np.abs(ordered - others) > JUMP * others).any():
        return []
    text = T(
        "The eligible of {areas} are far from those of {day}, but near those of each other then. Do the names stand beside their "
        "own figures?",
        areas=some(pair["area_code"][far], MOST_IN_WORDS),
        day=before_day.date(),
    )
    return [Check("exchanged", "warning", text, (), tuple(pair["area_code"][far].head(MOST_CHANGED)))]


MOST_OFF, FEWEST_ROWS = 0.5, 3  # of the rows, in at least so many: counts that do not add up are then of other columns


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


def _summed(report: ImportReport, solved: pd.DataFrame, rows: quality.Rows, keys: summary.Keys) -> ImportReport:
    """The report with what the good rows say together; ``rows``: their numbers in the file."""
    silent = summary.silent(keys, report.choices.area)
    together = any(one.topic == "together" for one in report.evidence)  # its days are held against each other
    with contextlib.ExitStack() as stack:
        content_key: Callable[[], str] = partial(summary.content_key, solved, keys)
        if len(solved) >= contract.MANY:  # sooner taken beside than a thread is started
            content_key = stack.enter_context(ThreadPoolExecutor(1)).submit(content_key).result
        report = replace(
            report,
            totals=summary.totals(solved, keys),
            areas=int((np.bincount(keys.area) > 0).sum()),
            silent=silent,
            checks=(*report.checks, *quality.checks(solved, rows), *(() if together else losses.absent(keys, silent))),
        )
        report = replace(report, content_key=content_key())
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
