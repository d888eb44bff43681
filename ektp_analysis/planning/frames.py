"""A plan as rows: its blocks of days by team, its areas in the order in which they are visited, what is left from day to day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ektp_analysis.core.area import register
from ektp_analysis.planning.proposal import Against, Assignment, Plan, Work


@dataclass(frozen=True)
class Block:
    """Days that a team spends in one area, one after the other but for days off; ``days`` at work or on the way, ``expected``
    people recorded."""

    team: int
    area: str
    work: Work
    first: date
    last: date
    days: int
    expected: float
    fixed: bool


def blocks(made: Plan) -> tuple[Block, ...]:
    """The blocks of each team, in order of team and day."""
    found: list[Block] = []
    for one in sorted(made.assignments, key=lambda one: (one.team, one.day)):
        last = found[-1] if found else None
        if last is not None and (last.team, last.area, last.work) == (one.team, one.area, one.work):
            found[-1] = _longer(last, one)
        else:
            found.append(Block(one.team, one.area, one.work, one.day, one.day, 1, one.expected, one.fixed))
    return tuple(found)


def _longer(block: Block, by: Assignment) -> Block:
    return Block(
        block.team,
        block.area,
        block.work,
        block.first,
        by.day,
        block.days + 1,
        block.expected + by.expected,
        block.fixed and by.fixed,
    )


def order(made: Plan) -> dict[str, int]:
    """The areas that are visited -> their number, from 1: team by team, each in the order in which it comes to them."""
    visited = [one.area for one in blocks(made) if one.work is Work.VISIT]
    return {area: n for n, area in enumerate(dict.fromkeys(visited), 1)}


def people(number: float) -> int:
    """Whole people, of whom none is recorded in part; the one way in which an expectation is rounded."""
    return round(number)


def areas(made: Plan) -> pd.DataFrame:
    """One row an area, those that are visited in their order, then the others by their code.

    Columns: plan_order (Int64, <NA>: not visited), name, area_code, unrecorded, plan_days (Int64), plan_first, plan_last
    (datetime64[s]), plan_teams (str), expected, expected_low, expected_high, plan_left (Int64), probability (float, missing: not
    to be said).
    """
    numbers, teams = order(made), _teams(made)
    rows = [
        {
            "plan_order": numbers.get(one.area),
            "name": register().name(one.area),
            "area_code": one.area,
            "unrecorded": one.unrecorded,
            "plan_days": one.days,
            "plan_first": one.first,
            "plan_last": one.last,
            "plan_teams": ", ".join(str(team) for team in teams.get(one.area, ())),
            "expected": people(one.recorded.mean),
            "expected_low": people(one.recorded.low),
            "expected_high": people(one.recorded.high),
            "plan_left": people(one.left.mean),
            "probability": one.chance,
        }
        for one in made.areas
    ]
    frame = pd.DataFrame(rows).sort_values(["plan_order", "area_code"], na_position="last", ignore_index=True)
    counts = ["plan_order", "unrecorded", "plan_days", "expected", "expected_low", "expected_high", "plan_left"]
    frame[counts] = frame[counts].astype("Int64")
    for name in ("plan_first", "plan_last"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    frame["probability"] = frame["probability"].astype(float)
    return frame


def _teams(made: Plan) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for one in made.assignments:
        if one.work is Work.VISIT and one.team not in found.setdefault(one.area, []):
            found[one.area].append(one.team)
    return {area: tuple(sorted(teams)) for area, teams in found.items()}


def calendar(made: Plan) -> pd.DataFrame:
    """One row a block. Columns: plan_team (Int64), plan_order (Int64), name, area_code, work (str), place (str), plan_first,
    plan_last (datetime64[s]), plan_days, expected (Int64)."""
    numbers = order(made)
    rows = [
        {
            "plan_team": one.team,
            "plan_order": numbers.get(one.area),
            "name": register().name(one.area),
            "area_code": one.area,
            "work": one.work.value,
            "place": made.request.place(one.area),
            "plan_first": one.first,
            "plan_last": one.last,
            "plan_days": one.days,
            "expected": people(one.expected),
        }
        for one in blocks(made)
    ]
    names = ("plan_team", "plan_order", "name", "area_code", "work", "place", "plan_first", "plan_last", "plan_days", "expected")
    frame = pd.DataFrame(rows, columns=list(names))
    counts = ["plan_team", "plan_order", "plan_days", "expected"]
    frame[counts] = frame[counts].astype("Int64")
    for name in ("plan_first", "plan_last"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    return frame


def done(found: Against) -> pd.DataFrame:
    """Planned against done, one row an area in which something was planned or done: name, area_code, planned_days, done_days,
    expected, done_recorded (Int64, <NA>: there were visits, but none says how many), unsaid (Int64)."""
    rows = [
        {
            "name": register().name(one.area),
            "area_code": one.area,
            "planned_days": one.planned_days,
            "done_days": one.done_days,
            "expected": people(one.expected),
            "done_recorded": pd.NA if one.unsaid and not one.recorded else one.recorded,
            "unsaid": one.unsaid,
        }
        for one in found.areas
        if one.planned_days or one.done_days or one.unsaid
    ]
    names = ["name", "area_code", "planned_days", "done_days", "expected", "done_recorded", "unsaid"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype(dict.fromkeys(("planned_days", "done_days", "expected", "done_recorded", "unsaid"), "Int64"))
