"""A plan against what was done, and the rest of it anew: what is fixed stays fixed, what was learnt counts from now on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from ektp_analysis.planning.making import plan
from ektp_analysis.planning.pools import owner_of, rows_of
from ektp_analysis.planning.proposal import Against, AreaDone, Infeasible, Plan, Spread, Work
from ektp_analysis.planning.ready import Progress
from ektp_analysis.planning.request import Bounds, Request
from ektp_analysis.projection.answers import Ground


def against(made: Plan, ground: Ground, visits: pd.DataFrame | None, on: date) -> Against:
    """The plan against what was done, up to and with ``on``.

    Args:
        made: the plan as it was known.
        ground: the figures as they are known now.
        visits: as ``Store.visits`` gives them; those in none of the plan's areas are not counted, one that does not say how many
            teams were there counts as one.
        on: the day that is looked at.
    """
    codes = [one.area for one in made.areas]
    planned_days: dict[str, int] = defaultdict(int)
    expected: dict[str, float] = defaultdict(float)
    for one in made.assignments:
        if one.day <= on and one.work is Work.VISIT:
            planned_days[one.area] += 1
            expected[one.area] += one.expected
    days, recorded, unsaid = _done(made.request, visits, codes, on)
    rows = tuple(AreaDone(code, planned_days[code], days[code], expected[code], recorded[code], unsaid[code]) for code in codes)
    as_of, unrecorded = _now(made, ground, on)
    return Against(on, rows, None if as_of is None else planned_left(made, as_of), unrecorded, as_of)


def _done(
    request: Request, visits: pd.DataFrame | None, codes: list[str], on: date
) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Team-days, people recorded, and visits that do not say how many, by area, from the plan's start to a day."""
    known = set(codes)
    days: dict[str, int] = defaultdict(int)
    recorded: dict[str, int] = defaultdict(int)
    unsaid: dict[str, int] = defaultdict(int)
    for row in rows_of(visits):
        area = owner_of(row.area_code, known)
        if area is None or not request.start <= row.day.date() <= on:
            continue
        days[area] += 1 if pd.isna(row.teams) else int(row.teams)
        if pd.isna(row.recorded):
            unsaid[area] += 1
        else:
            recorded[area] += int(row.recorded)
    return days, recorded, unsaid


def planned_left(made: Plan, day: date) -> Spread:
    """What should be left of the whole on a day by the plan: that of its last working day until then."""
    before = [point.left for point in made.line if point.day <= day]
    return before[-1] if before else Spread(float(made.unrecorded), float(made.unrecorded), float(made.unrecorded))


def _now(made: Plan, ground: Ground, on: date) -> tuple[date | None, int | None]:
    """The latest figure of the whole after the plan's own, up to a day: its day and the unrecorded; None where there is none.

    Of a plan for chosen areas, the sum of theirs on the latest day for which all of them have one.
    """
    if not made.request.areas:
        past = ground.history(made.request.area, on)
        if not past.dates or past.dates[-1] <= made.origin or past.unit != "people":
            return None, None
        return past.dates[-1], round(float(past.middle[-1]))
    pasts = [ground.history(one.area, on) for one in made.areas]
    shared = set.intersection(*(set(past.dates) for past in pasts))
    later = sorted(day for day in shared if day > made.origin)
    if not later or any(past.unit != "people" for past in pasts):
        return None, None
    return later[-1], round(sum(float(past.middle[past.dates.index(later[-1])]) for past in pasts))


def rest_of(made: Plan, visits: pd.DataFrame | None, on: date) -> Request:
    """What is asked for the rest of a plan after ``on``: the same, less the team-days that were done.

    What is fixed on later days stays so; of the least and the most team-days of an area those done are taken off.
    """
    request = made.request
    days, _recorded, _unsaid = _done(request, visits, [one.area for one in made.areas], on)
    bounds = tuple(
        Bounds(one.area, max(one.least - days[one.area], 0), None if one.most is None else max(one.most - days[one.area], 0))
        for one in request.bounds
    )
    start = max(request.start, on + timedelta(days=1))
    return replace(
        request,
        start=start,
        bounds=bounds,
        fixed=tuple(one for one in request.fixed if one.day >= start),
    )


def replan(
    made: Plan, ground: Ground, visits: pd.DataFrame | None, on: date, *, progress: Progress | None = None
) -> Plan | Infeasible:
    """The rest of a plan anew, from the day after ``on``: with the figures and visits of now, by which yields are learnt anew.

    The plan that was made stays as it is. Where nothing is left of its days, the answer says that its end lies before its start.
    """
    return plan(ground, visits, rest_of(made, visits, on), progress=progress)
