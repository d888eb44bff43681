"""Plans held against all plans there are, and against worlds whose yields are known: `python -m tests.plans 300`.

Small problems are looked through whole, by a code of its own: every team, every day, every place it may be. Worlds are made by
yields drawn as other offices report them; a plan is made from what was seen there, and then carried out there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.core import contract
from ektp_analysis.core.targets import Target
from ektp_analysis.core.visit import CLEANING
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.planning import ready as ready_of
from ektp_analysis.planning.bounding import divide
from ektp_analysis.planning.dividing import by_gain, fill
from ektp_analysis.planning.judging import Table
from ektp_analysis.planning.pools import Pool, Standing, desa_in
from ektp_analysis.planning.proposal import Infeasible, Solver, Why
from ektp_analysis.planning.ready import Ready
from ektp_analysis.planning.request import HALL, Bounds, Fixed, Forbidden, Goal, Request, Shut, Travel
from ektp_analysis.planning.solving import Case, Refused, Solved, ruled, solve
from ektp_analysis.planning.yields import learn, priors
from ektp_analysis.projection.answers import Ground

START = date(2023, 6, 19)  # a Monday
CODES = ("75.05.01", "75.05.02", "75.05.03", "75.05.04")
DRAWS = 60
NEAR = 1e-6

Vector = tuple[int, ...]


@dataclass(frozen=True)
class Small:
    """A problem that can be looked through whole: the request, those left, and what days bring."""

    request: Request
    standing: Standing
    table: Table

    def ready(self) -> Ready:
        """The same as the planner has it."""
        count = len(self.standing.pools)
        yields = learn([], [], count, draws=DRAWS)
        return Ready(self.request, Target.parse("99"), self.standing, yields, np.ones(count), self.table, 0)

    def case(self) -> Case:
        """The same as it is solved."""
        made = self.ready().case(self.request)
        assert isinstance(made, Case), made
        return made


def small(seed: int, goal: Goal, *, travel: bool = False) -> Small:
    """A problem of up to four areas, two teams and five days, some shut, bound or fixed."""
    rng = np.random.default_rng([seed, 5])
    areas = CODES[: int(rng.integers(2, 5))]
    teams, days = int(rng.integers(1, 3)), int(rng.integers(4 if travel else 2, 6))
    by = START + timedelta(days=days - 1)
    people, gains, pools = [], [], []
    for area in areas:
        rate, most = rng.uniform(0.2, 0.6), rng.uniform(10, 80)
        ideal = most * (1 - np.exp(-rate * np.arange(9)))
        drawn = np.maximum.accumulate(ideal[:, None] * rng.lognormal(0, 0.4, DRAWS)[None, :], axis=0)
        people.append(drawn)
        gains.append(np.minimum.accumulate(np.diff(drawn.mean(axis=1))))
        left = int(rng.integers(60, 150))
        allowed = int(rng.integers(max(left - 45, 0), left - 5))
        pools.append(
            Pool(area, left, np.full(DRAWS, float(left)), None, 0, (allowed, allowed), 0.0, 0.0, 5, START - timedelta(days=1))
        )
    left = sum(pool.unrecorded for pool in pools)
    whole = int(left - rng.uniform(5, 90))
    standing = Standing(tuple(pools), 0.0, (whole, whole), 0.0, None, START - timedelta(days=1), 0, None)
    request = Request("75.05", teams, START, by, goal, holidays=False)
    return Small(
        replace(request, **_conditions(rng, areas, days, teams, travel=travel)), standing, Table(tuple(people), tuple(gains))
    )


def _conditions(rng: np.random.Generator, areas: Sequence[str], days: int, teams: int, *, travel: bool) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if rng.random() < 0.5:
        first = START + timedelta(days=int(rng.integers(days)))
        made["shut"] = (Shut(areas[0], first, first + timedelta(days=1)),)
    if rng.random() < 0.3:
        made["bounds"] = (Bounds(areas[-1], int(rng.integers(0, 2)), int(rng.integers(1, 4))),)
    if rng.random() < 0.3 and not travel:
        made["fixed"] = (Fixed(teams, START + timedelta(days=days - 1), areas[1]),)
    if rng.random() < 0.3:
        made["forbidden"] = (Forbidden(1, areas[1] if rng.random() < 0.5 else None, START, START),)
    if travel:
        boats = tuple(int(d) for d in np.flatnonzero(rng.random(5) < 0.6)) if rng.random() < 0.5 else ()
        made["travel"] = (Travel("isle", tuple(areas[1:3]) if len(areas) > 2 else (areas[1],), int(rng.integers(0, 2)), boats),)
    return made


# Every schedule there is, by a code of its own.


def _may(request: Request, team: int, day: date, area: str) -> bool:
    """Whether a team (1, 2, ...) may be in an area on a day, read from the request."""
    for one in request.shut:
        if one.area == area and one.first <= day <= one.last:
            return False
    for ban in request.forbidden:
        if ban.team in (None, team) and ban.area in (None, area) and (ban.first or day) <= day <= (ban.last or day):
            return False
    return True


def _works(request: Request, team: int, day: date) -> bool:
    return not any(
        ban.area is None and ban.team in (None, team) and (ban.first or day) <= day <= (ban.last or day)
        for ban in request.forbidden
    )


def _boat(one: Travel, day: date) -> bool:
    return not (one.boats or one.boat_days) or day.weekday() in one.boats or day in one.boat_days


def _one_team(request: Request, areas: Sequence[str], team: int, days: Sequence[date], last: int) -> set[Vector]:
    """Team-days in each area, and days in all, of every schedule of one team up to the day number ``last``."""
    fixed = {one.day: one.area for one in request.fixed if one.team == team}
    group = {area: one for one in request.travel for area in one.areas if one.lost or one.boats or one.boat_days}
    states: set[tuple[Any, Vector, int]] = {("home", (0,) * len(areas), 0)}
    for n, day in enumerate(days):
        fresh: set[tuple[Any, Vector, int]] = set()
        for where, done, busy in states:
            if day in fixed:
                at = areas.index(fixed[day])
                fresh.add((where, tuple(x + (i == at) for i, x in enumerate(done)), busy + 1))
                continue
            fresh.add((where, done, busy)) if not (isinstance(where, tuple) and where[0] in ("out", "back")) else None
            if n >= last or not _works(request, team, day):
                if isinstance(where, tuple) and where[0] in ("out", "back"):
                    fresh.add((where, done, busy))
                continue
            fresh |= set(_steps(request, areas, team, day, (where, done, busy), group))
        states = fresh
    return {(*done, busy) for where, done, busy in states if where == "home"}


def _steps(
    request: Request, areas: Sequence[str], team: int, day: date, state: tuple[Any, Vector, int], group: Mapping[str, Travel]
) -> Iterator[tuple[Any, Vector, int]]:
    where, done, busy = state

    def visit(named: Sequence[str]) -> Iterator[Vector]:
        for i, area in enumerate(areas):
            if area in named and _may(request, team, day, area):
                yield tuple(x + (i == j) for j, x in enumerate(done))

    if where == "home":
        for more in visit([area for area in areas if area not in group]):
            yield "home", more, busy + 1
        for one in set(group.values()):
            if not _boat(one, day):
                continue
            if one.lost:
                yield (("out", one, one.lost - 1) if one.lost > 1 else ("in", one)), done, busy + 1
                continue
            for more in visit(one.areas):
                yield ("in", one), more, busy + 1
                yield "home", more, busy + 1  # there and back on one boat day
            yield ("in", one), done, busy + 1
        return
    kind, one = where[0], where[1]
    if kind == "out":
        yield (("in", one) if where[2] == 1 else ("out", one, where[2] - 1)), done, busy + 1
    elif kind == "back":
        yield ("home" if where[2] == 1 else ("back", one, where[2] - 1)), done, busy + 1
    else:
        for more in visit(one.areas):
            yield where, more, busy + 1
            if not one.lost and _boat(one, day):
                yield "home", more, busy + 1
        if _boat(one, day):
            if one.lost:
                yield ("home" if one.lost == 1 else ("back", one, one.lost - 1)), done, busy + 1
            else:
                yield "home", done, busy + 1


def every_schedule(problem: Small, last: int | None = None) -> set[Vector]:
    """Team-days in each area, and days in all, of every plan that keeps the request, up to the day number ``last``."""
    request, areas = problem.request, problem.standing.codes
    span = (request.by - request.start).days + 1
    days = [request.start + timedelta(days=n) for n in range(span)]
    days = [day for day in days if day.weekday() < 5 or day in {one.day for one in request.fixed}]
    last = len(days) if last is None else last
    found: set[Vector] = {(0,) * (len(areas) + 1)}
    for team in range(1, request.teams + 1):
        own = _one_team(request, areas, team, days, last)
        found = {tuple(a + b for a, b in zip(one, other, strict=True)) for one in found for other in own}
    bound = {one.area: one for one in request.bounds}
    return {
        one
        for one in found
        if all(
            (area not in bound)
            or (bound[area].least <= n and (bound[area].most is None or n <= bound[area].most or n == _locked(request, area)))
            for area, n in zip(areas, one, strict=False)
        )
    }


def _locked(request: Request, area: str) -> int:
    return sum(one.area == area for one in request.fixed)


def best(problem: Small) -> float | None:
    """The best value of the goal among all schedules; None where none reaches it."""
    goal, pools, gains = problem.request.goal, problem.standing.pools, problem.table.gains

    def people(days: Vector) -> float:
        return float(sum(gain[:n].sum() for gain, n in zip(gains, days, strict=False)))

    left = sum(pool.unrecorded for pool in pools)
    allowed = problem.standing.allowed
    assert allowed is not None
    need = left - allowed[0]
    every = every_schedule(problem)
    if goal is Goal.MOST:
        return max((people(one) for one in every), default=None)
    if goal is Goal.FEWEST:
        return min((float(one[-1]) for one in every if people(one) >= need - NEAR), default=None)
    if goal is Goal.PROBABILITY:
        chances = []
        for one in every:
            sums = sum(part[min(n, len(part) - 1)] for part, n in zip(problem.table.people, one, strict=False))
            chances.append(float((sums >= need - NEAR).mean()))
        return max(chances, default=None)

    def met(one: Vector) -> bool:
        if goal is Goal.TARGET:
            return people(one) >= need - NEAR
        return all(
            float(gain[:n].sum()) >= pool.unrecorded - pool.allowed[0] - NEAR
            for gain, n, pool in zip(gains, one, pools, strict=False)
            if pool.allowed is not None
        )

    days = (problem.request.by - problem.request.start).days + 1
    return next((float(n) for n in range(1, days + 1) if any(met(one) for one in every_schedule(problem, n))), None)


def _as_laid(problem: Small, found: Solved) -> float:
    """The value of the goal as the calendar has it."""
    goal, sheet, gains = problem.request.goal, found.sheet, problem.table.gains
    pools, allowed = problem.standing.pools, problem.standing.allowed
    assert allowed is not None
    if goal is Goal.MOST:
        return float(sum(gain[:n].sum() for gain, n in zip(gains, sheet.days, strict=True)))
    if goal is Goal.FEWEST:
        return float((sheet.area >= 0).sum())
    if goal is Goal.PROBABILITY:
        sums = sum(part[min(n, len(part) - 1)] for part, n in zip(problem.table.people, sheet.days, strict=True))
        return float((sums >= sum(pool.unrecorded for pool in pools) - allowed[0] - NEAR).mean())
    need = [sum(pool.unrecorded for pool in pools) - allowed[0]]
    if goal is Goal.EVERY:
        need = [pool.unrecorded - pool.allowed[0] for pool in pools if pool.allowed]
    for n in range(1, len(sheet.grid.days) + 1):
        days = [sum(area == a and day < n for day, _team, area in sheet.visits) for a in range(len(pools))]
        # what is fixed on a later day counts wherever it is: it is there in any plan
        days = [x + sum(one == a and day >= n for _team, day, one in sheet.grid.fixed) for a, x in enumerate(days)]
        people = [float(gain[:x].sum()) for gain, x in zip(gains, days, strict=True)]
        if all(x >= y - NEAR for x, y in zip(people if goal is Goal.EVERY else [sum(people)], need, strict=True)):
            return float(n)
    return float("inf")


def check(seed: int, goal: Goal, *, travel: bool = False) -> str | None:
    """What is wrong with the plan of a small problem, beside all plans there are; None where nothing is."""
    problem = small(seed, goal, travel=travel)
    known = best(problem)
    found = solve(problem.case())
    if isinstance(found, Refused):
        if known is None or (travel and found.why is Why.NOT_FOUND):  # missed, and said to be no more than that
            return None
        return f"{seed} {goal}: refused ({found.why}), though {known} can be had"
    if known is None:
        return f"{seed} {goal}: {found.quality}, though nothing can be had"
    value, bound = found.quality.value, found.quality.bound
    laid = _as_laid(problem, found)
    # the least days that are asked for are given before the target's day: by chance the target may be met before them
    if laid > value + NEAR or (laid < value - NEAR and goal not in (Goal.TARGET, Goal.EVERY)):
        return f"{seed} {goal}: {value} is said, and {laid} stands on the calendar"
    larger = goal in (Goal.MOST, Goal.PROBABILITY)
    if travel:
        low, high = (value, bound) if larger else (bound, value)
        slack = 1e-4 * max(abs(bound), 1)
        return None if low - slack <= known <= high + slack else f"{seed} {goal} travel: {low} <= {known} <= {high} is not so"
    proven = found.quality.solver is not Solver.EXCHANGE  # exchanges find a plan, and no proof that it is the best
    if abs(value - known) > NEAR or bound < known - NEAR or (proven and bound > known + NEAR):
        return f"{seed} {goal}: {value} (bound {bound}), and {known} can be had"
    return None


def agrees(seed: int, goal: Goal) -> str | None:
    """Where nobody loses days on the way, days given one by one and the linear programme divide equally well; None where so."""
    problem = small(seed, goal).case().problem
    standing = small(seed, goal).standing
    assert standing.allowed is not None
    need = float(sum(pool.unrecorded for pool in standing.pools) - standing.allowed[0]) if goal is Goal.FEWEST else None
    room, divided = fill(problem, by_gain(problem), need=need), divide(problem, (), need=need)
    days = None if room is None else room.days()
    if days is None or (need is not None and problem.value(days) < need - NEAR):
        return None if divided is None else f"{seed} {goal}: HiGHS finds {divided.value} where there is nothing"
    value = problem.value(days) if need is None else float(days.sum())
    if divided is None or abs(divided.value - value) > NEAR or abs(divided.bound - value) > NEAR:
        return f"{seed} {goal}: one by one {value}, HiGHS {divided}"
    return None


# What a plan must keep, read from the request alone.


def broken(request: Request, codes: Sequence[str], rows: Sequence[tuple[int, date, str, bool]]) -> list[str]:
    """What a plan breaks of its request; rows are (team, day, area, on the way)."""
    wrong = []
    fixed = {(one.team, one.day, one.area) for one in request.fixed if request.start <= one.day <= request.by}
    if len({(team, day) for team, day, _area, _way in rows}) < len(rows):
        wrong.append("a team is in two places")
    if missing := fixed - {(team, day, area) for team, day, area, way in rows if not way}:
        wrong.append(f"what is fixed is not there: {missing}")
    for team, day, area, way in rows:
        here = f"team {team} on {day} in {area}"
        if not 1 <= team <= request.able or not request.start <= day <= request.by or area not in codes:
            wrong.append(f"{here}: outside")
        if (team, day, area) in fixed and not way:
            continue
        if day not in request.opened and (day.weekday() not in request.weekdays or day in request.closed):
            wrong.append(f"{here}: no working day")
        if not _works(request, team, day):
            wrong.append(f"{here}: the team does not work")
        if not way and (not _may(request, team, day, area) or _held_off(request, day, area)):
            wrong.append(f"{here}: not open")
    for bound in request.bounds:
        days = sum(area == bound.area and not way for _team, _day, area, way in rows)
        if days < bound.least or (bound.most is not None and days > max(bound.most, _locked(request, bound.area))):
            wrong.append(f"{bound.area}: {days} team-days, from {bound.least} to {bound.most} are asked for")
    for team in {row[0] for row in rows}:
        wrong += _tours_wrong(request, sorted((row[1], row[2], row[3]) for row in rows if row[0] == team))
    return wrong


def _held_off(request: Request, day: date, area: str) -> bool:
    late = any(one.area == area and day > one.by for one in request.deadlines)
    school = any(one.area == area and one.place == "school" for one in request.places)
    holiday = school and bool(request.terms) and not any(term.first <= day <= term.last for term in request.terms)
    return late or holiday or (area in request.no_connection and not request.offline)


def _tours_wrong(request: Request, rows: Sequence[tuple[date, str, bool]]) -> list[str]:
    """What is wrong with the tours of one team: the way there and back, and the boats."""
    group = {area: one for one in request.travel for area in one.areas if one.lost or one.boats or one.boat_days}
    wrong = []
    at = 0
    while at < len(rows):
        one = group.get(rows[at][1])
        end = at
        while end < len(rows) and group.get(rows[end][1]) == one:
            end += 1
        run = rows[at:end]
        if one is None:
            wrong += [f"{day}: on the way to nowhere" for day, _area, way in run if way]
        elif not one.lost:
            if not _boat(one, run[0][0]) or not _boat(one, run[-1][0]):
                wrong.append(f"{one.name}: {run[0][0]} to {run[-1][0]} without a boat")
        else:
            ways = "".join("w" if way else "v" for _day, _area, way in run)
            tour = re.compile(f"w{{{one.lost}}}v+w{{{one.lost}}}")
            place = 0
            while place < len(run) and (found := tour.match(ways, place)):
                if not _boat(one, run[place][0]) or not _boat(one, run[found.end() - one.lost][0]):
                    wrong.append(f"{one.name}: a tour from {run[place][0]} without a boat")
                place = found.end()
            if place < len(run):
                wrong.append(f"{one.name}: days on the way are missing: {ways}")
        at = end
    return wrong


# Worlds whose yields are known.


@dataclass(frozen=True)
class World:
    """A world: figures and visits that were seen there, and how it goes on: by area the true numbers."""

    ground: Ground
    visits: pd.DataFrame
    request: Request
    capacity: float
    reach: float
    gone: Mapping[str, float]  # people who never come
    size: float
    factor: Mapping[str, float]
    left: Mapping[str, float]


KECAMATAN = tuple(f"75.05.{n:02}" for n in range(1, 7))
ELIGIBLE = 6000


def _drawn(rng: np.random.Generator, key: str, place: str = "") -> float:
    prior = priors()[(key, place)]
    if key == "absent":
        turn = lambda share: np.log(share / (1 - share))  # noqa: E731
        z = turn(prior.middle) + (turn(prior.high) - turn(prior.low)) / 3.29 * rng.standard_normal()
        return float(1 / (1 + np.exp(-z)))
    return float(np.exp(np.log(prior.middle) + np.log(prior.high / prior.low) / 3.29 * rng.standard_normal()))


def _day(rng: np.random.Generator, world: tuple[float, float, float], factor: float, desa: int, comers: float) -> int:
    """People recorded on one team-day where so many can come."""
    capacity, reach, size = world
    share = (1 - np.exp(-reach * factor / desa)) * max(comers, 0.0)
    mean = share / (1 + share / (capacity * factor))
    return int(min(rng.poisson(mean * rng.gamma(size) / size), max(comers, 0.0)))


def world(seed: int) -> World:
    """Six kecamatan with thirty visits behind them."""
    rng = np.random.default_rng([seed, 9])
    truth = _drawn(rng, "capacity", HALL), _drawn(rng, "reach"), _drawn(rng, "spread")
    absent = _drawn(rng, "absent")
    first = {code: float(rng.integers(60, 500)) for code in KECAMATAN}
    left, factor = dict(first), {code: float(np.exp(0.35 * rng.standard_normal())) for code in KECAMATAN}
    gone = {code: absent * first[code] for code in KECAMATAN}
    before, visits = START - timedelta(days=21), []
    for n in range(30):
        code = KECAMATAN[int(rng.integers(6))]
        done = _day(rng, truth, factor[code], desa_in(code), left[code] - gone[code])
        visits.append({"day": pd.Timestamp(before + timedelta(days=1 + n * 19 // 30)), "area_code": code, "recorded": done})
        left[code] -= done
    rows = [
        {"area_code": code, "as_of_date": str(day), "eligible": ELIGIBLE, "unrecorded": int(some[code])}
        for day, some in ((before, first), (START - timedelta(days=1), left))
        for code in KECAMATAN
    ]
    frame = contract.frame(pd.DataFrame(rows).assign(recorded=lambda rows: rows["eligible"] - rows["unrecorded"]))
    ground = Ground(roll_up(frame), today=START - timedelta(days=1))
    request = Request("75.05", int(rng.integers(1, 4)), START, START + timedelta(days=int(rng.integers(7, 26))), Goal.MOST)
    log = pd.DataFrame(visits).assign(place=HALL, teams=1, hours=pd.NA, **dict.fromkeys(CLEANING, pd.NA))
    return World(ground, log, request, truth[0], truth[1], gone, truth[2], factor, left)


@dataclass(frozen=True)
class Outcome:
    """What was said of a plan and what came: its chance, whether the target was reached, and people fewer left than with
    largest first; said and come."""

    chance: float
    reached: bool
    said: float
    came: float


def carried_out(seed: int) -> Outcome | None:
    """A plan made in a world and carried out there, with a target at a chance drawn at random; None where there is no plan."""
    made_in = world(seed)
    made = ready_of.ready(made_in.ground, made_in.visits, made_in.request)
    if isinstance(made, Infeasible):
        return None
    case = made.case(made_in.request)
    assert isinstance(case, Case)
    solved = solve(case)
    assert isinstance(solved, Solved)
    starts = [float(pool.start.mean()) for pool in made.standing.pools]
    largest = ruled(
        case,
        lambda a, n: starts[a] - float(made.table.means[a][min(n, len(made.table.means[a]) - 1)]),
        int(solved.sheet.days.sum()),
    )
    assert largest is not None
    other, judged = made.judged(case, largest), made.judged(case, solved.sheet)
    allowed = int(np.quantile(judged.left, np.random.default_rng([seed, 2]).random()))
    told = replace(made, standing=replace(made.standing, allowed=(allowed, allowed))).judged(case, solved.sheet)
    left, beside = (_left_then(made_in, made, sheet.days, seed) for sheet in (solved.sheet, largest))
    assert told.chance is not None
    reached = left + sum(pool.newcomers for pool in made.standing.pools) * case.after[-1] <= allowed
    return Outcome(told.chance, bool(reached), float((other.left - judged.left).mean()), beside - left)


def _left_then(made_in: World, made: Ready, days: Sequence[int], seed: int) -> float:
    """People left in the world after so many team-days in each area: the same luck for every plan."""
    left = 0.0
    for area, n in zip(made.standing.codes, days, strict=True):
        rng, here = np.random.default_rng([seed, int(area[-2:]), 3]), made_in.left[area]
        for _ in range(int(n)):
            here -= _day(
                rng,
                (made_in.capacity, made_in.reach, made_in.size),
                made_in.factor[area],
                desa_in(area),
                here - made_in.gone[area],
            )
        left += here
    return left


def calibration(outcomes: Sequence[Outcome], bins: int = 5) -> list[tuple[float, float, int]]:
    """(chance said on average, share that came, how many) for each fifth of the chances."""
    found = []
    for n in range(bins):
        inside = [one for one in outcomes if n / bins <= one.chance < (n + 1) / bins or (n == bins - 1 and one.chance == 1)]
        if inside:
            found.append(
                (float(np.mean([one.chance for one in inside])), float(np.mean([one.reached for one in inside])), len(inside))
            )
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    wrong = []
    for goal in Goal:
        wrong += [said for seed in range(count) if (said := check(seed, goal)) is not None]
        print(f"{goal.value}: {count} small problems without travel", flush=True)
    for goal in Goal:
        wrong += [said for seed in range(count // 3) if (said := check(seed, goal, travel=True)) is not None]
        print(f"{goal.value}: {count // 3} small problems with travel", flush=True)
    for goal in (Goal.MOST, Goal.FEWEST):
        wrong += [said for seed in range(count) if (said := agrees(seed, goal)) is not None]
        print(f"{goal.value}: {count} divided one by one and by HiGHS", flush=True)
    for said in wrong:
        print(said)
    outcomes = [one for seed in range(count * 2 // 3) if (one := carried_out(seed)) is not None]
    for said_chance, came, n in calibration(outcomes):
        print(f"said {said_chance:.2f}, came {came:.2f} ({n})")
    came_more = np.array([one.came for one in outcomes])
    error = came_more.std() / np.sqrt(len(came_more))
    print(f"{len(outcomes)} worlds: {came_more.mean():.1f} people fewer left than with largest first (+- {2 * error:.1f})")
    print(f"{len(wrong)} plans that are not the best there is")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
