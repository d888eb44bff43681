"""What visits lead to, draw by draw: the same futures for every plan and every rule, so that they differ by the plan."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from ektp_analysis.planning.laying import Sheet
from ektp_analysis.planning.pools import Pool, Standing
from ektp_analysis.planning.proposal import HIGH, LOW, Spread
from ektp_analysis.planning.request import Request
from ektp_analysis.planning.workdays import Ints
from ektp_analysis.planning.yields import Yields
from ektp_analysis.projection.paths import Floats

LEAST_GAIN = 0.2  # people: a team-day that is expected to bring fewer is not planned
GONE = 0.001  # people left of whom nobody is asked how many the office has recorded


@dataclass(frozen=True)
class Table:
    """What team-days bring in each area. ``people[a][n]`` (draws,): recorded by the first n; ``gains[a][j]``: what the (j + 1)-th
    is expected to bring, not growing."""

    people: tuple[Floats, ...]
    gains: tuple[Floats, ...]

    def recorded(self, area: int, days: int) -> Floats:
        """People recorded by so many team-days, one per draw; more days than are worth it bring nothing more."""
        part = self.people[area]
        return np.asarray(part[min(days, len(part) - 1)])

    @cached_property
    def means(self) -> tuple[Floats, ...]:
        """People expected to be recorded by n team-days, for each area."""
        return tuple(part.mean(axis=1) for part in self.people)


def table_of(standing: Standing, yields: Yields, request: Request, most: Ints, firsts: Floats) -> Table:
    """What up to ``most[a]`` team-days bring in each area, of those who can come; ``firsts``: those of whom the absent are a
    share."""
    people: list[Floats] = []
    gains: list[Floats] = []
    for n, pool in enumerate(standing.pools):
        rng = np.random.default_rng([request.seed, 17, zlib.crc32(pool.area.encode())])
        place = request.place(pool.area)
        capacity, reach = yields.capacity[place] * yields.factor[n], yields.reach * yields.factor[n] / pool.desa
        left = np.maximum(pool.can_come - yields.absent * firsts[n], 0.0)
        done: list[Any] = [np.zeros(yields.count, np.float32)]
        share = -np.expm1(-reach)
        for _ in range(int(most[n])):
            mean = share * left / (1 + share * left / capacity)
            here = np.minimum(rng.poisson(mean * rng.standard_gamma(yields.size) / yields.size), left)
            left = left - here
            done.append((done[-1] + here).astype(np.float32))
            if here.mean() < LEAST_GAIN:
                break
        people.append(np.stack(done))
        gain = np.minimum.accumulate(np.diff(people[-1].mean(axis=1, dtype=float)))
        gains.append(gain[gain >= LEAST_GAIN])
    return Table(tuple(people), tuple(gains))


@dataclass(frozen=True)
class Judged:
    """What comes of visits. By draw: ``recorded`` by them and ``left`` of the whole on the last day, ``hits``: the number of days
    after the eve on which the target is first met (inf: not by the last day).

    ``of_areas`` (areas, draws): left there on the last day; ``met`` (areas, draws): the day on which its target is first met.
    ``day``: that on which the target is expected, None: not by then. ``line`` (days, draws): left on each of ``days``.
    """

    recorded: Floats
    left: Floats
    hits: Floats | None
    of_areas: Floats
    visited: Floats
    met: Floats
    expected: Floats
    means: float | None
    days: Floats
    line: Floats

    @property
    def chance(self) -> float | None:
        """Chance that the target is reached by the last day."""
        return None if self.hits is None else float(np.isfinite(self.hits).mean())


def judge(
    standing: Standing, table: Table, request: Request, visits: Sequence[tuple[date, int]], days: Sequence[date], *, every: bool
) -> Judged:
    """What comes of ``visits``: (day, position of the area), in order of the day. ``days``: those that are looked at, in order;
    ``every``: whether the target is that of every area."""
    after = np.array([(day - request.start).days + 1 for day in days], float)
    ends = np.array([day.toordinal() for day in days])
    draws, count = len(standing.pools[0].start), len(standing.pools)
    line = np.full((len(days), draws), standing.elsewhere)
    of_areas, visited = np.empty((count, draws)), np.empty((count, draws))
    met, expected = np.full((count, draws), np.inf), np.full(count, np.inf)
    whole, known = standing.may_remain(after), True
    for a, pool in enumerate(standing.pools):
        on = np.sort([day.toordinal() for day, area in visits if area == a])
        so_far = np.searchsorted(on, ends, side="right")
        people = table.people[a]
        done = people[np.minimum(so_far, len(people) - 1)]
        left = (pool.start[None, :] - done) * _office(pool, request, after) + pool.newcomers * after[:, None]
        line += left
        of_areas[a], visited[a] = left[-1], done[-1]
        may = pool.may_remain(after)
        known &= may is not None
        if may is not None:
            met[a] = _first(left <= may.T, after)
            expected[a] = _first(left.mean(axis=1, keepdims=True) <= may.mean(axis=0)[:, None], after)[0]
    if every:
        hits, mean = (met.max(axis=0), float(expected.max())) if known else (None, np.inf)
    else:
        hits = None if whole is None else _first(line <= whole.T, after)
        mean = np.inf if whole is None else float(_first(line.mean(axis=1)[:, None] <= whole.mean(axis=0)[:, None], after)[0])
    means = mean if np.isfinite(mean) else None
    return Judged(visited.sum(axis=0), line[-1], hits, of_areas, visited, met, expected, means, after, line)


def _first(met: Any, after: Floats) -> Floats:
    """The first of the days (days, draws) on which something is met, one per draw; inf where on none."""
    return np.where(met.any(axis=0), after[met.argmax(axis=0)], np.inf)


def _office(pool: Pool, request: Request, after: Floats) -> Any:
    """The share of those whom no team visits that the office's own service leaves: (days, draws), 1 without one."""
    if request.office <= 0 or pool.path is None:
        return 1.0
    path = pool.path.remaining(np.r_[0.0, after] + pool.lag)
    left = np.minimum(path[:, 1:] / np.maximum(path[:, :1], GONE), 1.0)
    return (1.0 - request.office * (1.0 - left)).T


def as_now(standing: Standing, after: Floats) -> Floats:
    """What is left of the whole if nothing changes: (draws, days)."""
    return np.asarray(sum(pool.as_now(after) for pool in standing.pools) + standing.elsewhere)


def spread(values: Floats) -> Spread:
    """What is expected, and the bounds of four outcomes of five."""
    low, high = np.quantile(values, [LOW, HIGH])
    return Spread(float(values.mean()), float(low), float(high))


def together(standing: Standing, yields: Yields, request: Request) -> Yields:
    """The yields with their good draws beside the projection's good ones: what makes campaigns quick makes days rich."""
    ahead = np.array([float(max((request.by - request.start).days + 1, 1))])
    rank = np.argsort(np.argsort(as_now(standing, ahead)[:, 0], kind="stable"), kind="stable")
    firsts = [pool.can_come.mean() for pool in standing.pools]
    days = sum(
        yields.mean(n, request.place(pool.area), pool.desa, np.maximum((1 - yields.absent) * firsts[n], 0.0))
        for n, pool in enumerate(standing.pools)
    )
    best = np.argsort(-np.asarray(days), kind="stable")
    return yields.pick(best[rank])


def expected_of(table: Table, sheet: Sheet) -> dict[tuple[int, int], float]:
    """(team, day) -> people expected to be recorded then."""
    so_far: dict[int, int] = defaultdict(int)
    found = {}
    for day, team, area in sheet.visits:
        means: Floats = table.means[area]
        n = so_far[area]
        found[(team, day)] = float(means[min(n + 1, len(means) - 1)] - means[min(n, len(means) - 1)])
        so_far[area] += 1
    return found
