"""All that a plan is made from, once: who is left, what days bring, the calendar; or why there can be no plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from ektp_analysis.core.targets import Target
from ektp_analysis.planning.judging import Judged, Table, judge, table_of, together
from ektp_analysis.planning.laying import Sheet, way_through
from ektp_analysis.planning.pools import Standing, falls_in, seen_in, stand
from ektp_analysis.planning.proposal import Assumption, Basis, Infeasible, Why
from ektp_analysis.planning.request import Goal, Key, Request, Typed
from ektp_analysis.planning.solving import Case
from ektp_analysis.planning.workdays import LONGEST_DAYS, grid_of
from ektp_analysis.planning.yields import Seen, Yields, learn
from ektp_analysis.projection.answers import Ground
from ektp_analysis.projection.paths import Floats

# Told of the share that is done (0 to 1); says whether to go on: False stops with the best plan so far.
Progress = Callable[[float], bool]
MOST_DAYS = 400  # team-days in one area: what more would bring is not worth a day long before


@dataclass(frozen=True)
class Ready:
    """What a plan is made from. ``firsts``: per area those of whom the absent are a share; ``unused`` visits told nothing."""

    request: Request
    target: Target | None
    standing: Standing
    yields: Yields
    firsts: Floats
    table: Table
    unused: int

    @property
    def every(self) -> bool:
        """Whether each area has to reach the target by itself."""
        return self.request.goal is Goal.EVERY

    def case(self, request: Request, go_on: Callable[[], bool] = lambda: True) -> Case | tuple[Why, str | None]:
        """What is solved for a request that differs in teams or days; why it cannot be."""
        grid = grid_of(request, self.standing.codes)
        if isinstance(grid, tuple):
            return grid
        positions = {one.area: (one.lon, one.lat) for one in request.positions}
        return Case(request, self.standing, self.table, grid, way_through(self.standing.codes, positions), go_on)

    def judged(self, case: Case, sheet: Sheet, table: Table | None = None) -> Judged:
        """What comes of a sheet of visits, looked at on every day of the grid and on the request's day."""
        days = sheet.grid.days
        visits = [(days[d], area) for d, _team, area in sheet.visits]
        looked = tuple(sorted({*days, case.request.by}))
        return judge(self.standing, table or self.table, case.request, visits, looked, every=self.every)

    def weaker(self, share: float, sheet: Sheet) -> Table:
        """What the days of a sheet bring if a team records only so much of what is expected."""
        return table_of(self.standing, self.yields.weaker(share), self.request, sheet.days, self.firsts)


def refused(request: Request) -> Infeasible | None:
    """Why a request cannot be planned whatever the figures are; None where it may."""
    if request.teams < 1:
        return Infeasible(request, Why.NO_TEAMS)
    if request.able < 1:
        return Infeasible(request, Why.NO_EQUIPMENT)
    if request.by < request.start:
        return Infeasible(request, Why.END_BEFORE_START)
    if (request.by - request.start).days >= LONGEST_DAYS:
        return Infeasible(request, Why.TOO_LONG, day=request.start + timedelta(days=LONGEST_DAYS - 1))
    return None


def ready(ground: Ground, visits: pd.DataFrame | None, request: Request, *, unsaid: bool = False) -> Ready | Infeasible:
    """What a plan for the request is made from, or why there is none. ``unsaid``: nobody has said who worked until now, and the
    number that the request gives is only the most that may have."""
    if (no := refused(request)) is not None:
        return no
    target = request.target if request.goal is Goal.MOST else request.target or Target.national()
    standing = stand(ground, visits, request, target)
    if standing is None:
        return Infeasible(request, Why.NO_FIGURES)
    if (no := _standing_no(request, standing)) is not None:
        return no
    seen, unused = seen_in(ground, visits, standing.codes, request.start, standing.never)
    told: list[Seen] = seen or falls_in(ground, standing, request)
    places = [request.place(code) for code in standing.codes]
    typed = request.assumed if unsaid or request.teams_now is None else (Typed(Key.BUSY, 1.0), *request.assumed)
    yields = learn(told, places, len(standing.pools), typed=typed, draws=len(standing.pools[0].start), seed=request.seed)
    yields = together(standing, yields, request)
    firsts = np.array([pool.can_come.mean() for pool in standing.pools])
    for one in told:
        for area, first in zip(one.area, one.first, strict=True):
            firsts[area] = max(firsts[area], first if len(one.area) > 1 or one.desa[0] > 1 else 0.0)
    table = table_of(standing, yields, request, np.full(len(standing.pools), MOST_DAYS), firsts)
    return Ready(request, target, standing, yields, firsts, table, unused)


def _standing_no(request: Request, standing: Standing) -> Infeasible | None:
    if request.start < standing.origin:
        return Infeasible(request, Why.STARTS_BEFORE_FIGURES, day=standing.origin)
    if not any(pool.unrecorded and pool.can_come.any() for pool in standing.pools):
        return _nobody(request, standing)
    if request.goal is Goal.MOST:
        return None
    if request.goal is Goal.EVERY:
        unknown = next((pool.area for pool in standing.pools if pool.allowed is None), None)
        if unknown is not None:
            return Infeasible(request, Why.UNKNOWN_ELIGIBLE, area=unknown)
        if all(pool.allowed is not None and pool.unrecorded <= pool.allowed[0] for pool in standing.pools):
            return Infeasible(request, Why.REACHED, since=standing.origin, left=_left(standing))
        return None
    if standing.allowed is None:
        return Infeasible(request, Why.UNKNOWN_ELIGIBLE)
    if _left(standing) <= standing.allowed[0]:
        since = standing.since or standing.origin
        return Infeasible(request, Why.REACHED, since=since, left=_left(standing), allowed=standing.allowed[0])
    return None


def _nobody(request: Request, standing: Standing) -> Infeasible:
    """Nobody is left, or nobody who could come."""
    if not any(pool.unrecorded for pool in standing.pools):
        return Infeasible(request, Why.NOBODY_LEFT, since=standing.origin)
    return Infeasible(request, Why.ONLY_CLEANING, left=_left(standing), to_clean=standing.to_clean)


def _left(standing: Standing) -> int:
    return round(sum(pool.unrecorded for pool in standing.pools) + standing.elsewhere)


def assumptions(made: Ready) -> tuple[Assumption, ...]:
    """What the plan takes for granted: yields, teams until now, the office's own service, newcomers, and those in no area."""
    request, standing = made.request, made.standing

    def one(key: str, value: float, basis: Basis) -> Assumption:
        return Assumption(key, value, value, value, basis)

    found = list(made.yields.assumptions)
    if any(a.basis is Basis.FALLS for a in found):
        now = request.able if request.teams_now is None else request.teams_now
        found.append(one("teams_now", float(now), Basis.DEFAULT if request.teams_now is None else Basis.TYPED))
    found.append(one("office", request.office, Basis.TYPED if request.office else Basis.DEFAULT))
    found.append(one("newcomers", sum(pool.newcomers for pool in standing.pools), Basis.DEFAULT))
    if round(standing.elsewhere):
        found.append(one("elsewhere", standing.elsewhere, Basis.LEARNT))
    if made.unused:
        found.append(one("visits_unused", float(made.unused), Basis.LEARNT))
    return tuple(found)


def later(request: Request, day: date) -> Request:
    """The request with a later end, as far as plans go."""
    return replace(request, by=min(day, request.start + timedelta(days=LONGEST_DAYS - 1)))
