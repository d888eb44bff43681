"""From a goal to a sheet of visits, with how good it is proven to be: each goal one way, with days on the way and without."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ektp_analysis.planning.bounding import Tours, divide
from ektp_analysis.planning.dividing import (
    ENOUGH,
    Drawn,
    Order,
    Problem,
    by_gain,
    fill,
    first_that,
    likeliest,
    needed,
    placed,
    with_least,
)
from ektp_analysis.planning.judging import Table
from ektp_analysis.planning.laying import Sheet, classes, lay, lay_on, refill, settled, travels
from ektp_analysis.planning.pools import Standing
from ektp_analysis.planning.proposal import Quality, Solver, Why
from ektp_analysis.planning.request import Goal, Request
from ektp_analysis.planning.workdays import Grid, Ints
from ektp_analysis.projection.paths import Floats

TIE = 1e-6  # a person weighs so much against the logarithm of a chance
LATER = 10  # days more than the bound says that are tried one by one where the calendar does not hold it


@dataclass(frozen=True)
class Solved:
    """A sheet of visits and how good it is."""

    sheet: Sheet
    quality: Quality


@dataclass(frozen=True)
class Refused:
    """Why there is none, and the area it is about."""

    why: Why
    area: str | None = None


@dataclass(frozen=True)
class Case:
    """All that a plan is solved from; ``order`` is that of a round through the areas, ``go_on`` says whether to go on."""

    request: Request
    standing: Standing
    table: Table
    grid: Grid
    order: tuple[int, ...]
    go_on: Callable[[], bool]

    @cached_property
    def problem(self) -> Problem:
        """The areas and the slots of the calendar."""
        grid, kinds = self.grid, classes(self.grid)
        fixed = np.zeros((len(grid.areas), len(kinds)), np.int64)
        open_ = np.zeros((len(grid.areas), len(kinds)), bool)
        for c, (day, teams) in enumerate(kinds):
            if (teams[0], day) in grid.taken:
                for team in teams:
                    fixed[grid.taken[(team, day)], c] += 1
            else:
                open_[:, c] = grid.open[teams[0], day]
        room = np.array([len(teams) for _day, teams in kinds], np.int64)
        least = np.maximum(grid.least, fixed.sum(axis=1))
        return Problem(self.table.gains, room, np.array([day for day, _ in kinds], np.int64), open_, fixed, least, grid.most)

    @cached_property
    def travels(self) -> bool:
        """Whether days are lost on the way, or boats matter."""
        return travels(self.grid)

    @cached_property
    def after(self) -> Floats:
        """Days after the eve of each day of the grid, and at last of the request's day."""
        start = self.request.start.toordinal()
        return np.array([day.toordinal() - start + 1 for day in (*self.grid.days, self.request.by)], float)

    @cached_property
    def tours(self) -> tuple[Tours, ...]:
        """What tours cost, and how long one is at most."""
        days = len(self.grid.days)
        return tuple(Tours(one.areas, 2 * one.lost, max(days - 2 * one.lost, 0)) for one in self.grid.groups)

    def needs(self) -> tuple[Floats, Floats]:
        """People whom visits must record, on average, for the target by each of ``after``: (days,) of the whole, and (areas,
        days); infinite where what may remain is not known."""
        kept = 1.0 - self.request.office * self._served
        start = np.array([pool.start.mean() for pool in self.standing.pools])
        comes = np.array([pool.newcomers for pool in self.standing.pools])[:, None] * self.after
        left = start[:, None] * kept + comes
        may = [pool.may_remain(self.after) for pool in self.standing.pools]
        areas = np.stack([np.full(len(self.after), np.inf) if m is None else left[a] - m.mean(axis=0) for a, m in enumerate(may)])
        whole = self.standing.may_remain(self.after)
        total = np.inf if whole is None else left.sum(axis=0) + self.standing.elsewhere - whole.mean(axis=0)
        mean_kept = (start[:, None] * kept).sum(axis=0) / max(float(start.sum()), ENOUGH)
        return np.broadcast_to(total / mean_kept, self.after.shape), areas / kept

    @cached_property
    def _served(self) -> Floats:
        """The share of those whom no team visits that the pace of now would have recorded: (areas, days)."""
        out = np.zeros((len(self.standing.pools), len(self.after)))
        for a, pool in enumerate(self.standing.pools):
            if self.request.office > 0 and pool.path is not None:
                path = pool.as_now(np.r_[0.0, self.after]).mean(axis=0)
                out[a] = 1 - np.minimum(path[1:] / max(path[0], ENOUGH), 1.0)
        return out

    def drawn(self) -> Drawn:
        """What days bring draw by draw, and what the target needs on the last day."""
        pools, after = self.standing.pools, self.after[-1:]
        kept = float(1.0 - self.request.office * self._served[:, -1].mean())
        comes = sum(pool.newcomers for pool in pools) * after[0]
        whole = self.standing.may_remain(after)
        assert whole is not None
        start = np.asarray(sum(pool.start for pool in pools))
        return Drawn(self.table.people, (start * kept + comes + self.standing.elsewhere - whole[:, 0]) / kept)


def solve(case: Case) -> Solved | Refused:
    """The best sheet for the goal of the request."""
    if not case.problem.open.any() and not case.problem.fixed.any():
        return Refused(Why.NOWHERE_TO_GO)
    if settled(case.grid) is None:
        return Refused(Why.FIXED_CLASH)
    short = with_least(case.problem)
    if isinstance(short, int):
        return Refused(Why.LEAST_TOO_MUCH, case.grid.areas[short])
    return WAYS[case.request.goal](case)


def _most(case: Case) -> Solved | Refused:
    problem = case.problem
    if not case.travels:
        room = fill(problem, by_gain(problem))
        assert room is not None
        days = room.days()
        value = problem.value(days)
        return Solved(_laid(case, days), Quality(Solver.GREEDY, value, value, 0.0))
    divided = divide(problem, case.tours)
    sheet = None if divided is None else _toured(case, len(case.grid.days), divided.days)
    if divided is None or sheet is None:
        return Refused(Why.LEAST_TOO_MUCH)
    sheet = refill(sheet, problem.gains, problem.most)
    value = problem.value(sheet.days)
    return Solved(sheet, Quality(Solver.HIGHS, value, divided.bound, _gap(divided.bound, value)))


def _gap(bound: float, value: float) -> float:
    return max(abs(bound - value) / abs(bound), 0.0) if abs(bound) > ENOUGH and abs(bound - value) > ENOUGH else 0.0


def _target(case: Case) -> Solved | Refused:
    need, problem = case.needs()[0], case.problem

    def possible(n: int) -> bool:
        part = problem.until(n)
        if not case.travels:
            room = fill(part, by_gain(part), need=float(need[n - 1])) if n else None
            return room is not None and part.value(room.days()) >= need[n - 1] - ENOUGH
        found = divide(part, case.tours) if n else None
        return found is not None and found.bound >= need[n - 1] - ENOUGH

    first = first_that(possible, len(case.grid.days))
    if first is None:
        return Refused(Why.TARGET_TOO_FAR)
    if not case.travels:
        part = problem.until(first)
        room = fill(part, by_gain(part))
        assert room is not None
        quality = Quality(Solver.GREEDY, float(first), float(first), 0.0)
        return Solved(_gone_on(case, _laid(case, room.days(), first), by_gain(problem)), quality)

    def reached(n: int) -> Sheet | None:
        part = problem.until(n)
        found = divide(part, case.tours)
        sheet = None if found is None else _toured(case, n, found.days)
        sheet = None if sheet is None else refill(sheet, problem.gains, problem.most)
        return sheet if sheet is not None and problem.value(sheet.days) >= need[n - 1] - ENOUGH else None

    return _later(case, first, reached, by_gain(problem))


def _later(case: Case, first: int, reached: Callable[[int], Sheet | None], order: Order) -> Solved | Refused:
    """The sheet of the first number of days, from the bound on, that the calendar holds."""
    last = len(case.grid.days)
    for n in [*range(first, min(first + LATER, last)), last]:
        sheet = reached(n)
        if sheet is not None:
            quality = Quality(Solver.HIGHS, float(n), float(first), _gap(float(first), float(n)))
            return Solved(_gone_on(case, sheet, order), quality)
    return Refused(Why.NOT_FOUND)  # the bound does not rule it out


def _every(case: Case) -> Solved | Refused:
    needs, problem = case.needs()[1], case.problem
    at_last = needed(problem, needs[:, len(case.grid.days) - 1])
    if isinstance(at_last, int):
        possible_at_all = len(problem.gains[at_last]) <= problem.most[at_last]
        return Refused(Why.NEVER if possible_at_all else Why.TARGET_TOO_FAR, case.grid.areas[at_last])

    def days_for(n: int) -> Ints | None:
        found = needed(problem, needs[:, n - 1]) if n else 0
        return None if isinstance(found, int) else found

    def possible(n: int) -> bool:
        days = days_for(n)
        part = problem.until(n)
        if days is None:
            return False
        if not case.travels:
            return placed(part, days) is not None
        return divide(replace(part, least=days), case.tours) is not None

    first = first_that(possible, len(case.grid.days))
    if first is None:
        return Refused(Why.TARGET_TOO_FAR)
    if not case.travels:
        days = days_for(first)
        assert days is not None
        quality = Quality(Solver.GREEDY, float(first), float(first), 0.0)
        return Solved(_gone_on(case, _laid(case, days, first), _surer(case)), quality)

    def reached(n: int) -> Sheet | None:
        days = days_for(n)
        sheet = None if days is None else _toured(case, n, days)
        return sheet if sheet is not None and days is not None and (sheet.days >= days).all() else None

    return _later(case, first, reached, _surer(case))


def _probability(case: Case) -> Solved | Refused:
    problem, drawn = case.problem, case.drawn()
    slots = int(problem.room.sum())
    if case.travels:
        most = _most(case)
        if isinstance(most, Refused):
            return most
        value, bound = drawn.chance(most.sheet.days), drawn.most(slots)
        return Solved(most.sheet, Quality(Solver.HIGHS, value, bound, max(bound - value, 0.0)))
    found = likeliest(problem, drawn, case.go_on)
    if found is None:
        return Refused(Why.LEAST_TOO_MUCH)
    room, exact = found
    value = drawn.chance(room.days())
    bound = value if exact else max(drawn.most(slots), value)
    return Solved(
        _laid(case, room.days()), Quality(Solver.LOOKED_THROUGH if exact else Solver.EXCHANGE, value, bound, bound - value)
    )


def _fewest(case: Case) -> Solved | Refused:
    problem, need = case.problem, float(case.needs()[0][-1])
    if not case.travels:
        room = fill(problem, by_gain(problem), need=need)
        assert room is not None
        if problem.value(room.days()) < need - ENOUGH:
            return Refused(Why.TARGET_TOO_FAR)
        count = float(room.days().sum())
        return Solved(_laid(case, room.days()), Quality(Solver.GREEDY, count, count, 0.0))
    divided = divide(problem, case.tours, need=need)
    if divided is None:
        return Refused(Why.TARGET_TOO_FAR)
    sheet = _toured(case, len(case.grid.days), divided.days)
    if sheet is not None and problem.value(sheet.days) < need - ENOUGH:
        sheet = refill(sheet, problem.gains, problem.most)
    if sheet is None or problem.value(sheet.days) < need - ENOUGH:
        return Refused(Why.NOT_FOUND)
    count = float((sheet.area >= 0).sum())
    return Solved(sheet, Quality(Solver.HIGHS, count, divided.bound, _gap(divided.bound, count)))


WAYS: dict[Goal, Callable[[Case], Solved | Refused]] = {
    Goal.MOST: _most,
    Goal.TARGET: _target,
    Goal.EVERY: _every,
    Goal.PROBABILITY: _probability,
    Goal.FEWEST: _fewest,
}


def _laid(case: Case, days: Sequence[int] | Ints, first: int | None = None) -> Sheet:
    """The days on the calendar, in its first ``first`` days, or in as few as hold them."""
    problem = case.problem
    if first is None:
        first = first_that(lambda n: placed(problem.until(n), days) is not None, len(case.grid.days))
    sheet = settled(case.grid.until(len(case.grid.days) if first is None else first))
    assert sheet is not None
    return lay(sheet, problem.until(len(case.grid.days) if first is None else first), days, case.order)


def _surer(case: Case) -> Order:
    """The area first whose next day makes it likeliest that all are at their targets, of equal ones that with most people."""
    after = case.after[-1:]
    chances = []
    for pool, people in zip(case.standing.pools, case.table.people, strict=True):
        may = pool.may_remain(after)
        left = pool.start[None, :] + pool.newcomers * after[0] - people
        met = np.zeros(len(people)) if may is None else (left <= may[None, :, 0]).mean(axis=1)
        chances.append(np.log(np.maximum(met, 1 / (2 * people.shape[1]))))
    gains = by_gain(case.problem)

    def order(area: int, n: int) -> float:
        log = chances[area]
        return float(log[min(n + 1, len(log) - 1)] - log[min(n, len(log) - 1)]) + TIE * gains(area, n)

    return order


def _gone_on(case: Case, sheet: Sheet, order: Order) -> Sheet:
    """The sheet with the teams going on to the end of the request, so that the target is reached if days bring less."""
    whole = sheet.on(case.grid)
    if not case.travels:
        room = fill(replace(case.problem, least=np.maximum(case.problem.least, whole.days)), order)
        whole = whole if room is None else lay_on(whole, room.days(), case.order)
    return refill(whole, case.problem.gains, case.problem.most)


def _toured(case: Case, n: int, days: Sequence[int] | Ints) -> Sheet | None:
    """The days on the calendar of the first n days, as many of them as find a place, the least ones of each area among them."""
    sheet = settled(case.grid.until(n))
    if sheet is None:
        return None
    laid = lay(sheet, case.problem, days, case.order)
    if (laid.days < np.asarray(days)).any():
        laid = max(
            laid, lay(sheet, case.problem, days, case.order, home_first=True), key=lambda one: case.problem.value(one.days)
        )
    if (laid.days >= case.problem.least).all():
        return laid
    laid = lay(sheet, case.problem, case.problem.least, case.order)
    return lay(laid, case.problem, days, case.order) if (laid.days >= case.problem.least).all() else None


def ruled(case: Case, order: Callable[[int, int], float], most: int) -> Sheet | None:
    """The sheet by a rule instead: days go one by one to the area that comes first, so many in all."""
    room = fill(case.problem, order, most=most)
    if room is None:
        return None
    return _toured(case, len(case.grid.days), room.days()) if case.travels else _laid(case, room.days())
