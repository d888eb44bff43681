"""What a team records in a day: learnt from visits, else from how figures fell, else as other offices report.

Of R people who can come in an area, a team-day records on average q R / (1 + q R / c): a share q of few, at most c of many.
c is the capacity at the kind of place, q = 1 - exp(-reach / desa). A share of those left never comes. Days differ as a negative
binomial does, areas by a factor of their own around what is common to all.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import gammaln, logsumexp

from ektp_analysis.core.settings import OUTREACH
from ektp_analysis.planning.proposal import Assumption, Basis
from ektp_analysis.planning.request import HALL, Key, Typed
from ektp_analysis.projection.paths import Floats

NINETY = 1.6449  # standard deviations from the middle to the bounds that 90 of 100 lie between
NODES, NODES_REACH = 9, 2.5  # where the factor of an area is looked at: so many points up to so many standard deviations
MOST_SEEN = 150  # the latest observations: what is older tells of other times, and costs the same
MOVES = 4  # steps of each draw at each temperature
STEADY = 0.5  # of the draws stay different when the next observations are let in
FINE, FINE_REACH = 33, 3.5  # the same where one factor is drawn
FALL_DAYS = 4.0  # a step of the figures tells at most as much as so many team-days: nobody knows who was where
NOBODY = 0.02  # people who can still come where more are absent than are left
BETWEEN = "between"
SHARES = (Key.ABSENT, Key.BUSY)  # numbers between 0 and 1


@dataclass(frozen=True)
class Seen:
    """What was recorded once: ``recorded`` people by ``effort`` team-days in one area, or in several at once as figures fell.

    Per area: ``area`` its position, ``effort`` team-days, ``left`` unrecorded before it, ``first`` those of whom the absent are a
    share, ``desa``. ``place``: the kind of place. ``fall``: a step of the figures, of which nobody knows who was where.
    """

    area: tuple[int, ...]
    effort: tuple[float, ...]
    left: tuple[float, ...]
    first: tuple[float, ...]
    desa: tuple[int, ...]
    recorded: float
    place: str = HALL
    fall: bool = False


@dataclass(frozen=True)
class Prior:
    """A number before it is learnt: middle, and bounds of 90 of 100, with its source."""

    middle: float
    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Yields:
    """Draws of what yields rest on. ``capacity``: by place (draws,); ``reach``, ``absent``, ``size`` (draws,); ``factor``
    (areas, draws). ``assumptions`` say where each comes from."""

    capacity: Mapping[str, Floats]
    reach: Floats
    absent: Floats
    size: Floats
    factor: Floats
    assumptions: tuple[Assumption, ...]

    @property
    def count(self) -> int:
        """Number of draws."""
        return len(self.reach)

    def weaker(self, share: float) -> Yields:
        """The same where a team records only so much of it."""
        return replace(self, factor=self.factor * share)

    def pick(self, order: Any) -> Yields:
        """The draws in another order."""
        return replace(
            self,
            capacity={place: drawn[order] for place, drawn in self.capacity.items()},
            reach=self.reach[order],
            absent=self.absent[order],
            size=self.size[order],
            factor=self.factor[:, order],
        )

    def mean(self, area: int, place: str, desa: int, left: Floats) -> Floats:
        """People whom one team-day records on average where ``left`` can come, one per draw."""
        factor = self.factor[area]
        return np.asarray(a_day(self.capacity[place] * factor, self.reach * factor / desa, left))


def a_day(capacity: Any, reach: Any, left: Any) -> Any:
    """People recorded on average: a share of few, at most the capacity of many. ``reach`` is per desa."""
    share = -np.expm1(-reach) * left
    return share / (1 + share / capacity)


@lru_cache(maxsize=1)
def priors() -> Mapping[tuple[str, str], Prior]:
    """What data/outreach.csv says: (key, place) -> prior; the place is '' where it does not matter."""
    with OUTREACH.open(encoding="utf-8", newline="") as file:
        return {
            (row["key"], row["place"]): Prior(float(row["middle"]), float(row["low"]), float(row["high"]), row["source"])
            for row in csv.DictReader(file)
        }


def _logit(share: Any) -> Any:
    return np.log(share / (1 - share))


def _normal(key: str, prior: Prior) -> tuple[float, float]:
    """Middle and standard deviation where the number is taken as normal: its logarithm, of a share its logit."""
    turn = _logit if key in SHARES else np.log
    return float(turn(prior.middle)), float((turn(prior.high) - turn(prior.low)) / (2 * NINETY))


@dataclass(frozen=True)
class _Space:
    """The numbers that are learnt: by name, normal before anything is seen; those typed in have no spread."""

    names: tuple[tuple[str, str], ...]
    middle: Floats
    spread: Floats

    def values(self, z: Floats) -> Mapping[tuple[str, str], Floats]:
        """The numbers of draws (draws, names)."""
        return {name: 1 / (1 + np.exp(-z[:, n])) if name[0] in SHARES else np.exp(z[:, n]) for n, name in enumerate(self.names)}


def _space(places: Sequence[str], typed: Sequence[Typed], *, falls: bool) -> _Space:
    names = [*((Key.CAPACITY.value, place) for place in dict.fromkeys((HALL, *places)))]
    names += [(Key.REACH.value, ""), (Key.ABSENT.value, ""), (Key.SPREAD.value, "")]
    names += [(Key.BUSY.value, "")] if falls else []
    given = {one.key.value: one.value for one in typed}
    middle, spread = [], []
    for key, place in names:
        prior = priors()[(key, place)]
        if key in given and place in ("", HALL):
            value = min(max(given[key], 1e-6), 1 - 1e-6) if key in SHARES else max(given[key], 1e-6)
            prior = Prior(value, value, value, "")
        at, sd = _normal(key, prior)
        middle.append(at)
        spread.append(sd)
    return _Space(tuple(names), np.array(middle), np.array(spread))


def learn(
    seen: Sequence[Seen], places: Sequence[str], areas: int, *, typed: Sequence[Typed] = (), draws: int = 1000, seed: int = 0
) -> Yields:
    """What yields rest on after ``seen``, as equally likely draws; without any, as other offices report.

    Observations are let in little by little; at each step the draws are picked by how well they foresee them, and moved
    (sequential Monte Carlo). ``places``: the kinds of place of interest; ``areas``: how many there are.
    """
    seen = seen[-MOST_SEEN:]
    rng = np.random.default_rng([seed, 16])
    space = _space([*places, *(one.place for one in seen)], typed, falls=any(one.fall for one in seen))
    z = space.middle + space.spread * rng.standard_normal((draws, len(space.names)))
    table = _Table.of(seen)
    if seen:
        z = _tempered(space, table, z, rng)
    values = space.values(z)
    factor = table.factors(values, areas, rng)
    place_of = {place: values[(Key.CAPACITY.value, place)] for key, place in space.names if key == Key.CAPACITY}
    return Yields(
        place_of,
        values[(Key.REACH.value, "")],
        values[(Key.ABSENT.value, "")],
        values[(Key.SPREAD.value, "")],
        factor,
        _assumptions(space, values, seen),
    )


def _tempered(space: _Space, table: _Table, z: Floats, rng: np.random.Generator) -> Floats:
    heat, fits = 0.0, table.fit(space.values(z))
    moving = space.spread > 0
    while heat < 1.0:
        step = _step(fits, 1.0 - heat)
        weight = np.exp(step * (fits - fits.max()))
        picks = np.searchsorted(np.cumsum(weight / weight.sum()), (np.arange(len(z)) + rng.random()) / len(z))
        picks = np.minimum(picks, len(z) - 1)
        z, fits, heat = z[picks], fits[picks], heat + step
        for move in range(MOVES if heat < 1.0 else 2 * MOVES):
            scale = (2.38 / np.sqrt(max(moving.sum(), 1))) * (1.0 if move % 2 else 0.4)
            cover = np.atleast_2d(np.cov(z[:, moving], rowvar=False)) + 1e-9 * np.eye(int(moving.sum()))
            to = z.copy()
            to[:, moving] += scale * rng.standard_normal((len(z), int(moving.sum()))) @ np.linalg.cholesky(cover).T
            better = table.fit(space.values(to))
            before = -0.5 * (((z - space.middle)[:, moving] / space.spread[moving]) ** 2).sum(axis=1)
            after = -0.5 * (((to - space.middle)[:, moving] / space.spread[moving]) ** 2).sum(axis=1)
            go = np.log(rng.random(len(z))) < heat * (better - fits) + after - before
            z, fits = np.where(go[:, None], to, z), np.where(go, better, fits)
    return z


def _step(fits: Floats, most: float) -> float:
    """How much more of the observations can be let in while so many draws stay different."""

    def alive(step: float) -> bool:
        weight = np.exp(step * (fits - fits.max()))
        return bool(weight.sum() ** 2 / (weight**2).sum() >= STEADY * len(fits))

    if alive(most):
        return most
    low, high = 0.0, most
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if alive(middle) else (low, middle)
    return max(low, most * 1e-6)


@dataclass(frozen=True)
class _Table:
    """Observations as arrays. Visits, sorted by area: one row each, areas numbered as they come in ``areas``; falls: one row for
    each area of each step, ``step`` says of which."""

    areas: Any  # the area of each group of visits
    starts: Any  # where each group begins
    visits: _Rows
    falls: _Rows
    step: Any
    between: float

    @classmethod
    def of(cls, seen: Sequence[Seen]) -> _Table:
        """The observations, in arrays."""
        visits = sorted((one for one in seen if not one.fall), key=lambda one: one.area[0])
        area = np.array([one.area[0] for one in visits], int)
        areas, starts = np.unique(area, return_index=True)
        falls = [one for one in seen if one.fall]
        step = np.repeat(np.arange(len(falls)), [len(one.area) for one in falls])
        return cls(areas, starts, _Rows.of(visits), _Rows.of(falls), step, priors()[(BETWEEN, "")].middle)

    def fit(self, values: Mapping[tuple[str, str], Floats]) -> Floats:
        """The logarithm of how well each draw foresees the observations; what areas have of their own is averaged over."""
        found = np.zeros(len(values[(Key.REACH.value, "")]))
        if len(self.falls.recorded):
            found += self._of_falls(values)
        if len(self.areas):
            nodes = np.linspace(-NODES_REACH, NODES_REACH, NODES)
            found += np.asarray(logsumexp(self._of_areas(values, nodes), axis=2)).sum(axis=1)
        return found

    def factors(self, values: Mapping[tuple[str, str], Floats], areas: int, rng: np.random.Generator) -> Floats:
        """The factor of each area for each draw (areas, draws): where there were visits, by them."""
        out = rng.standard_normal((areas, len(values[(Key.REACH.value, "")])))
        known = self.areas < areas
        if known.any():
            nodes, cell = np.linspace(-FINE_REACH, FINE_REACH, FINE, retstep=True)
            fits = self._of_areas(values, nodes)
            chance = np.exp(fits - fits.max(axis=2, keepdims=True))
            below = np.cumsum(chance, axis=2)
            at = (below < rng.random(below.shape[:2])[:, :, None] * below[:, :, -1:]).sum(axis=2)
            drawn = nodes[np.minimum(at, FINE - 1)] + cell * (rng.random(at.shape) - 0.5)
            out[self.areas[known]] = drawn.T[known]
        return np.exp(self.between * out)

    def _of_areas(self, values: Mapping[tuple[str, str], Floats], nodes: Floats) -> Floats:
        """(draws, areas seen, nodes): the logarithm of the chance of the visits to an area, and of such a factor there."""
        factor = np.exp(self.between * nodes)[None, None, :]
        capacity, reach, left = self.visits.taken(values, self.visits.effort)
        mean = a_day(capacity[:, :, None] * factor, reach[:, :, None] * factor, left[:, :, None])
        size = values[(Key.SPREAD.value, "")][:, None] * np.maximum(self.visits.effort, 1.0)
        fits = _negative_binomial(self.visits.recorded[None, :, None], mean, size[:, :, None])
        return np.asarray(np.add.reduceat(fits, self.starts, axis=1) - 0.5 * nodes**2)

    def _of_falls(self, values: Mapping[tuple[str, str], Floats]) -> Floats:
        capacity, reach, left = self.falls.taken(values, values[(Key.BUSY.value, "")][:, None] * self.falls.effort)
        means = a_day(capacity, reach, left)
        firsts = np.flatnonzero(np.r_[True, np.diff(self.step) > 0])
        mean = np.add.reduceat(means, firsts, axis=1)
        days = np.clip(np.add.reduceat(self.falls.effort, firsts), 1.0, FALL_DAYS)
        size = values[(Key.SPREAD.value, "")][:, None] * days
        return np.asarray(_negative_binomial(self.falls.recorded[None, :], mean, size).sum(axis=1))


@dataclass(frozen=True)
class _Rows:
    """One row for each area of each observation; ``recorded`` has one an observation."""

    place: tuple[str, ...]
    effort: Floats
    left: Floats
    first: Floats
    desa: Floats
    recorded: Floats

    @classmethod
    def of(cls, seen: Sequence[Seen]) -> _Rows:
        """The rows of some observations."""

        def column(name: str) -> Floats:
            return np.array([value for one in seen for value in getattr(one, name)], float)

        return cls(
            tuple(one.place for one in seen for _ in one.area),
            column("effort"),
            column("left"),
            column("first"),
            column("desa"),
            np.array([one.recorded for one in seen], float),
        )

    def taken(self, values: Mapping[tuple[str, str], Floats], effort: Floats) -> tuple[Floats, Floats, Floats]:
        """Capacity, reach per desa, and those who can come, (draws, rows). ``effort``: team-days, (rows,) or (draws, rows)."""
        capacity = np.stack([values[(Key.CAPACITY.value, place)] for place in self.place], axis=1) * effort
        reach = values[(Key.REACH.value, "")][:, None] * (effort / self.desa)
        left = np.maximum(self.left - values[(Key.ABSENT.value, "")][:, None] * self.first, NOBODY)
        return capacity, reach, left


def _negative_binomial(recorded: Any, mean: Any, size: Any) -> Any:
    """The logarithm of the chance of a count."""
    ways = gammaln(recorded + size) - gammaln(size) - gammaln(recorded + 1)
    return ways + size * np.log(size / (size + mean)) + recorded * np.log(mean / (size + mean))


def _assumptions(space: _Space, values: Mapping[tuple[str, str], Floats], seen: Sequence[Seen]) -> tuple[Assumption, ...]:
    visits = sum(not one.fall for one in seen)
    found = []
    for n, (key, place) in enumerate(space.names):
        low, high = np.quantile(values[(key, place)], [0.05, 0.95])
        at_place = sum(not one.fall and one.place == place for one in seen) if place else visits
        falls = len(seen) - visits if place in ("", HALL) else 0
        basis = Basis.LEARNT if at_place else Basis.FALLS if falls else Basis.PRIOR
        basis = Basis.TYPED if space.spread[n] == 0 else basis
        source = "" if basis is Basis.TYPED else priors()[(key, place)].source
        name = f"{key}:{place}" if place else key
        middle = float(np.median(values[(key, place)]))
        used = {Basis.LEARNT: at_place, Basis.FALLS: falls}.get(basis, 0)
        found.append(Assumption(name, middle, float(low), float(high), basis, source, used))
    between = priors()[(BETWEEN, "")]
    found.append(Assumption(BETWEEN, between.middle, between.middle, between.middle, Basis.PRIOR, between.source))
    return tuple(found)
