"""The way in: a plan for a request, from what answers rest on and the visits there were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from ektp_analysis.planning.dividing import soonest_that
from ektp_analysis.planning.judging import Judged, expected_of, spread
from ektp_analysis.planning.laying import Sheet
from ektp_analysis.planning.proposal import (
    HIGH,
    LOW,
    AreaPlan,
    Assignment,
    ByTeams,
    Infeasible,
    Plan,
    Point,
    Why,
    Work,
)
from ektp_analysis.planning.ready import Progress, Ready, assumptions, later, ready, refused
from ektp_analysis.planning.request import Goal, Request
from ektp_analysis.planning.solving import Case, Refused, Solved, solve
from ektp_analysis.planning.worth import compared, hinge, printing, weaker, worth
from ektp_analysis.projection.answers import Ground

MOST_TEAMS = 500  # looked at where a target needs more than there are
READY, DIVIDED, JUDGED = 0.3, 0.5, 0.6  # shares of the work that are done then


def plan(ground: Ground, visits: pd.DataFrame | None, request: Request, *, progress: Progress | None = None) -> Plan | Infeasible:
    """A plan for the request, or why there is none.

    Args:
        ground: what answers rest on: ``Ground(rolled)`` or ``Ground.of(figures, area)``.
        visits: as ``Store.visits`` gives them, None: none are known.
        request: what is asked for.
        progress: called now and then with the share that is done; returns False to stop with what there is.
    """
    told = _Told(progress)
    made = ready(ground, visits, request)
    if isinstance(made, Infeasible):
        return made
    told.done(READY)
    case = made.case(request, told.go_on)
    if isinstance(case, tuple):
        return Infeasible(request, *case)
    solved = solve(case)
    if isinstance(solved, Refused):
        return _refused(made, case, solved)
    told.done(DIVIDED)
    return _proposed(made, case, solved, told)


def by_teams(ground: Ground, visits: pd.DataFrame | None, request: Request, teams: Sequence[int]) -> tuple[ByTeams, ...]:
    """What other numbers of teams reach by the request's day, with devices and operators for all of them."""
    now = request.able if request.teams_now is None else request.teams_now  # who worked until now does not change with the answer
    most = replace(_equipped(request, max(teams, default=1)), teams_now=now)
    made = ready(ground, visits, most, unsaid=request.teams_now is None)
    if isinstance(made, Infeasible):
        return ()
    found = []
    for n in teams:
        asked = _equipped(request, n)
        case = made.case(asked) if refused(asked) is None else None
        if not isinstance(case, Case):
            continue
        solved = solve(case)
        if isinstance(solved, Refused):  # what it reaches all the same: as many as possible by the day
            solved = solve(replace(case, request=replace(asked, goal=Goal.MOST)))
        if isinstance(solved, Solved):
            judged = made.judged(case, solved.sheet)
            early, even, late = _edges(judged, asked)
            found.append(ByTeams(n, spread(judged.left), judged.chance, _day(judged.means, asked), early, late, even))
    return tuple(found)


class _Told:
    """What is told of the work, and whether somebody has asked to stop."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._share, self.stopped = progress, 0.0, False

    def done(self, share: float) -> None:
        """So much is done."""
        self._share = share
        self.go_on()

    def go_on(self) -> bool:
        """Whether to go on."""
        if self._progress is not None and not self.stopped:
            self.stopped = not self._progress(self._share)
        return not self.stopped


def _equipped(request: Request, teams: int) -> Request:
    return replace(request, teams=teams, devices=None, operators=None)


def _refused(made: Ready, case: Case, no: Refused) -> Infeasible:
    """Why the goal cannot be met, and what is nearest to it: by when these teams reach it, how many teams reach it in time."""
    request = case.request
    if no.why not in (Why.TARGET_TOO_FAR, Why.NOT_FOUND, Why.NEVER):
        return Infeasible(request, no.why, no.area)
    most = solve(replace(case, request=replace(request, goal=Goal.MOST)))
    left = round(float(made.judged(case, most.sheet).left.mean())) if isinstance(most, Solved) else None
    allowed = None if made.standing.allowed is None else made.standing.allowed[0]

    unsure = no.why is Why.NOT_FOUND

    def met(asked: Request) -> bool:
        nonlocal unsure
        one = made.case(asked)
        found = solve(one) if isinstance(one, Case) else None
        unsure |= isinstance(found, Refused) and found.why is Why.NOT_FOUND
        return isinstance(found, Solved)

    goal = Goal.EVERY if made.every else Goal.FEWEST
    sooner = replace(request, goal=goal)
    farthest = (later(request, date.max) if request.start.year < date.max.year - 2 else request).by
    span = (farthest - request.by).days
    extra = soonest_that(lambda n: met(later(sooner, request.by + timedelta(days=n))), span)
    teams = (
        soonest_that(lambda n: met(_equipped(sooner, request.able + n)), MOST_TEAMS - request.able)
        if request.able < MOST_TEAMS
        else None
    )
    never = extra is None and teams is None and not unsure
    return Infeasible(
        request,
        Why.NEVER if never else Why.NOT_FOUND if no.why is Why.NOT_FOUND else Why.TARGET_TOO_FAR,
        no.area,
        None if extra is None else request.by + timedelta(days=extra),
        None if teams is None else request.able + teams,
        left,
        allowed,
        to_clean=made.standing.to_clean,
    )


def _proposed(made: Ready, case: Case, solved: Solved, told: _Told) -> Plan:
    request, sheet, standing = case.request, solved.sheet, made.standing
    judged = made.judged(case, sheet)
    told.done(JUDGED)
    early, even, late = _edges(judged, request)
    rules = compared(made, case, solved, judged)
    more = worth(made, case, judged, told.go_on)
    day = _day(judged.means, request)
    proposed = Plan(
        request=request,
        origin=standing.origin,
        unrecorded=round(sum(pool.unrecorded for pool in standing.pools) + standing.elsewhere),
        allowed=None if standing.allowed is None else standing.allowed[0],
        assignments=_assignments(made, sheet),
        areas=_areas(made, sheet, judged),
        recorded=spread(judged.recorded),
        left=spread(judged.left),
        chance=judged.chance,
        day=day,
        early=early,
        late=late,
        team_days=len(sheet.visits),
        travel_days=int(sheet.way.sum()),
        quality=solved.quality,
        comparisons=rules,
        worth=more,
        weaker=weaker(made, case, sheet) if told.go_on() else None,
        hinge=hinge(standing.codes, judged),
        printing=printing(request, made.table, sheet),
        assumptions=assumptions(made),
        even=even,
        line=tuple(
            Point(request.start + timedelta(days=int(after) - 1), spread(left))
            for after, left in zip(judged.days, judged.line, strict=True)
        ),
        to_clean=standing.to_clean,
    )
    told.done(1.0)
    return replace(proposed, quality=replace(solved.quality, stopped=told.stopped))


def _day(after: float | None, request: Request) -> date | None:
    return None if after is None else request.start + timedelta(days=int(after) - 1)


def _edges(judged: Judged, request: Request) -> tuple[date | None, date | None, date | None]:
    """The days by which the target is reached in one outcome of ten, in half of them, and in nine; None: not by the end."""
    if judged.hits is None:
        return None, None, None
    ordered = np.sort(judged.hits)
    found = [float(ordered[int(np.ceil(share * len(ordered))) - 1]) for share in (LOW, 0.5, HIGH)]
    early, even, late = (_day(one if np.isfinite(one) else None, request) for one in found)
    return early, even, late


def _assignments(made: Ready, sheet: Sheet) -> tuple[Assignment, ...]:
    grid, expected = sheet.grid, expected_of(made.table, sheet)
    rows = []
    for team, day in np.argwhere(sheet.area >= 0):
        area = grid.areas[int(sheet.area[team, day])]
        way = bool(sheet.way[team, day])
        rows.append(
            Assignment(
                int(team) + 1,
                grid.days[int(day)],
                area,
                made.request.place(area),
                Work.TRAVEL if way else Work.VISIT,
                0.0 if way else expected[(int(team), int(day))],
                (int(team), int(day)) in grid.taken,
            )
        )
    return tuple(sorted(rows, key=lambda one: (one.day, one.team)))


def _areas(made: Ready, sheet: Sheet, judged: Judged) -> tuple[AreaPlan, ...]:
    when: dict[int, list[int]] = defaultdict(list)
    for day, _team, area in sheet.visits:
        when[area].append(day)
    return tuple(
        AreaPlan(
            pool.area,
            pool.unrecorded,
            None if pool.allowed is None else pool.allowed[0],
            len(when[n]),
            spread(judged.visited[n]),
            spread(judged.of_areas[n]),
            sheet.grid.days[when[n][0]] if when[n] else None,
            sheet.grid.days[when[n][-1]] if when[n] else None,
            None if pool.allowed is None else float(np.isfinite(judged.met[n]).mean()),
            pool.to_clean,
        )
        for n, pool in enumerate(made.standing.pools)
    )
