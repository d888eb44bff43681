"""Findings about the quality of figures, told and never mended: against each other, and against what was held before.

Each has a name, a level (error, warning, note), the rows and areas concerned, and a sentence.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis import snapshot
from ektp_analysis.ingest.report import Check
from ektp_analysis.text import TN, Percent, T, Text

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
                n=int(mask.sum()),
            )
            return (listed("round_numbers", text, solved, rows, mask),)
    return ()


def listed(name: str, text: Text, solved: pd.DataFrame, rows: Any, mask: Any) -> Check:
    """A warning with the first of the rows and areas that it is about."""
    areas = tuple(solved["area_code"][mask].head(MOST_AREAS))
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
    now = snapshot.solve(snapshot.frame(rows[rows["as_of_date"] == day])).assign(
        row=rows.loc[rows["as_of_date"] == day, "row"].to_numpy()
    )
    held = current[current["as_of_date"] < day]
    if held.empty:
        return ()
    before_day = held["as_of_date"].max()
    before = snapshot.solve(snapshot.frame(held[held["as_of_date"] == before_day]))
    both = now.merge(before, on="area_code", suffixes=("", "_before"))
    days = max(1, (day - before_day).days)
    found = [*_areas(now, before, before_day)]
    if len(both) < 1:
        return tuple(found)
    found += [*_same(both, before_day), *_jump(both, days), *_rose(both, days)]
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
            areas=", ".join(gone[:MOST_IN_WORDS]),
        )
        made.append(Check("vanished", "warning", text, (), tuple(gone[:MOST_CHANGED])))
    if fresh:
        text = TN(
            "{n} area did not report on {day}: {areas}.",
            "{n} areas did not report on {day}: {areas}.",
            n=len(fresh),
            day=day,
            areas=", ".join(fresh[:MOST_IN_WORDS]),
        )
        made.append(Check("appeared", "note", text, (), tuple(fresh[:MOST_CHANGED])))
    return made


def _same(both: pd.DataFrame, before_day: Any) -> list[Check]:
    if len(both) < FEWEST_SAME:
        return []
    known = [name for name in snapshot.COUNTS if both[name].notna().any()]
    equal = all((both[name].fillna(-1) == both[f"{name}_before"].fillna(-1)).all() for name in known)
    if not known or not equal:
        return []
    return [Check("identical", "warning", T("Every figure is the same as on {day}; is it the old file?", day=before_day.date()))]


def _jump(both: pd.DataFrame, days: int) -> list[Check]:
    pair = both[both["eligible"].notna() & both["eligible_before"].notna()]
    old, new = int(pair["eligible_before"].sum()), int(pair["eligible"].sum())
    if not old or abs(new - old) / old <= JUMP + GENEROUS * INFLOW * days / 365:
        return []
    text = T(
        "The eligible went from {old} to {new} ({change}) in {days} "
        "days; a new basis is likely, and the series breaks there.",
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
        "In {n} area the unrecorded rose by more than those who turned 17 explain: {areas}.",
        "In {n} areas the unrecorded rose by more than those who turned 17 explain: {areas}.",
        n=int(mask.sum()),
        areas=", ".join(pair["area_code"][mask].head(MOST_IN_WORDS)),
    )
    rows = tuple(int(row) for row in pair["row"][mask][:MOST_ROWS])
    return [Check("unrecorded_rose", "warning", text, rows, tuple(pair["area_code"][mask].head(MOST_CHANGED)))]
