"""What a date rests on, as figures: whether the campaign stalls, the line's day, what the median asks for, and its tail.

A stall is a last stretch, of two steps and two weeks at least and lasting until now, in which less than a third was recorded
a day of the pace of all the time before. It is none if as little was done in as long a time before, if the scatter of the steps
explains it, or if a pace that changes smoothly explains the course about as well as one that drops: such a campaign slows down.
What lies before a break is another count. All of it is computed from what an answer holds, so no answer changes by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np

from ektp_analysis.projection.paths import Floats
from ektp_analysis.projection.result import NotReached, Projection

SLOW = 1 / 3  # of the pace before: below it the campaign stalls; a half is an ordinary bad month
STEPS, DAYS = 2, 14.0  # a stall has at least so many: a single low figure may be a late report
STEPS_BEFORE, DAYS_BEFORE = 4, 28.0  # and so many before it, else there is no pace of its own to compare with
CHANCE = 2.5  # times the scatter of so long a time: less may be chance
CLEARLY = 8.0  # by so many times its scatter a drop must explain the steps better than a smooth change: four that are free, twice
MOST_TRIED = 40  # beginnings of a stall that are compared, evenly spread
LAST = 0.1  # the tail: the last tenth of those left
BAND = (0.45, 0.55)  # the draws around the median, by rank, that stand for the median outcome


@dataclass(frozen=True)
class Stall:
    """Since which snapshot a campaign stalls, its pace since then and before, net in the unit of the inputs a day."""

    since: date
    pace_since: float
    pace_before: float


@dataclass(frozen=True)
class Middle:
    """The median outcome: ``days`` from the origin; ``per_day`` the average pace that it implies, net people a day (None where
    only shares are known); ``tail_days`` what the last tenth of those left takes of the days (None where that is nobody)."""

    days: int
    per_day: float | None
    tail_days: float | None


def stall(found: Projection) -> Stall | None:
    """The stall that the answer's own history ends in; None without one, and where there is no date that could depend on it."""
    inputs = found.inputs
    if not found.answered:
        return None
    start = inputs.breaks[-1].position if inputs.breaks else 0
    return _stall(inputs.dates[start:], inputs.unrecorded[start:], inputs.unit == "people")


@lru_cache(maxsize=512)  # asked for in every sentence with a date
def _stall(dates: tuple[date, ...], unrecorded: tuple[tuple[float, float], ...], people: bool) -> Stall | None:
    days = np.array([(day - dates[-1]).days for day in dates], float)
    low, high = np.array(unrecorded, float).T
    at = stalled_at(days, low, high, people=people)
    if at is None:
        return None
    middle = (low + high) / 2
    since, before = (middle[at] - middle[-1]) / -days[at], (middle[0] - middle[at]) / (days[at] - days[0])
    return Stall(dates[at], float(since), float(before))


def stalled_at(days: Floats, low: Floats, high: Floats, *, people: bool = True) -> int | None:
    """The position of the snapshot since which a series stalls, None where it does not.

    ``days`` increase to 0; ``low`` and ``high`` bound the unrecorded. An interval counts against a stall: as little as it may be
    is taken to have been done before, as much as it may be since. ``people``: in people, whose coming is itself by chance.
    """
    n = len(days)
    if n <= STEPS + STEPS_BEFORE:
        return None
    at = np.arange(STEPS_BEFORE, n - STEPS)
    at = at[(days[at] <= -DAYS) & (days[at] - days[0] >= DAYS_BEFORE)]
    length, before = -days[at], days[at] - days[0]
    done, was = (high[at] - low[-1]) / length, (low[0] - high[at]) / before
    at = at[(was > 0) & (done < SLOW * was)]
    series = _Series(days, (low + high) / 2)
    at = at[[_stalls(series, int(k), float(high[k] - low[-1]), people) for k in at]]
    if not len(at):
        return None
    tried = at[:: -(-len(at) // MOST_TRIED)]
    misfits = [_dropping(series, int(k)) for k in tried]
    best = int(np.argmin(misfits))
    unit = max(misfits[best] / max(n - 5, 1), 1.0 if people else 0.0)
    return int(tried[best]) if _smooth(series) - misfits[best] > CLEARLY * unit else None


@dataclass(frozen=True)
class _Series:
    days: Floats
    left: Floats

    @cached_property
    def steps(self) -> tuple[Floats, Floats, Floats]:
        """(days, people recorded, time from -1 to 1) of each step; what rose counts as nobody."""
        gaps, middle = np.diff(self.days), (self.days[1:] + self.days[:-1]) / 2
        return gaps, np.maximum(-np.diff(self.left), 0.0), np.asarray(1 - 2 * middle / self.days[0])

    def fall(self, start: Floats | float, end: Floats | float) -> Floats:
        """By how many the unrecorded fell between two days, linear between the snapshots."""
        return np.asarray(np.interp(start, self.days, self.left) - np.interp(end, self.days, self.left))


def _stalls(series: _Series, k: int, done: float, people: bool) -> bool:
    """Whether the series stalls since snapshot ``k``, with ``done`` recorded at most since then."""
    days, start = series.days, float(series.days[k])
    length = -start
    expected = float(series.left[0] - series.left[k]) / (start - float(days[0]))
    lately = min(-DAYS, float(days[-1 - STEPS]))
    if not series.fall(lately, 0.0) < SLOW * expected * -lately:
        return False  # it has resumed
    ends = days[: k + 1]
    ends = ends[ends - length >= days[0]]
    if (series.fall(ends - length, ends) <= done).any():
        return False
    scatter = _scatter(series, k) * expected**2 * length + (expected * length if people else 0.0)
    return bool(expected * length - done > CHANCE * np.sqrt(scatter))


def _smooth(series: _Series) -> float:
    """Misfit of the steps to a pace that changes smoothly throughout: the logarithm of it is a parabola in time."""
    gaps, falls, time = series.steps
    return _misfit(gaps, falls, np.stack([np.ones_like(time), time, time**2], axis=1))


def _dropping(series: _Series, k: int) -> float:
    """Misfit of the steps to a pace that changes evenly up to snapshot ``k``, drops there and stays."""
    gaps, falls, time = series.steps
    before = _misfit(gaps[:k], falls[:k], np.stack([np.ones(k), time[:k]], axis=1))
    return before + _misfit(gaps[k:], falls[k:], np.ones((len(gaps) - k, 1)))


def _misfit(gaps: Floats, falls: Floats, terms: Floats) -> float:
    """Deviance of the steps from the pace whose logarithm is the best sum of the ``terms`` (steps, k): Poisson's, by Newton."""
    total = falls.sum()
    if total <= 0:
        return 0.0
    by = np.zeros(terms.shape[1])
    by[0] = np.log(total / gaps.sum())
    for _ in range(12):
        log_pace = np.clip(terms @ by, by[0] - 30.0, by[0] + 30.0)
        expected = np.exp(log_pace) * gaps
        curved = terms.T @ (expected[:, None] * terms) + 1e-6 * total * np.eye(len(by))
        step = np.linalg.solve(curved, terms.T @ (falls - expected))
        by = by + step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < 1e-4:
            break
    expected = np.maximum(np.exp(np.clip(terms @ by, -60.0, 60.0)) * gaps, 1e-9)
    logs = np.log(np.where(falls > 0, falls, expected) / expected)
    return float(2 * (falls * logs - falls + expected).sum())


def _scatter(series: _Series, k: int) -> float:
    """How uneven the steps before snapshot ``k`` are: variance of the people of a day, in squares of the pace.

    From neighbouring steps, so that a pace that slows down or speeds up is not taken for scatter.
    """
    gaps, falls = np.diff(series.days[: k + 1]), -np.diff(series.left[: k + 1])
    paces = falls / gaps
    apart = np.diff(paces) ** 2 / (1 / gaps[1:] + 1 / gaps[:-1])
    pooled = (falls[1:] + falls[:-1]) / (gaps[1:] + gaps[:-1])
    return float(apart.sum() / max((pooled**2).sum(), 1e-12))


def line_days(found: Projection, per_day: float | None) -> float | None:
    """Days to the target at a pace in people a day; None where that says nothing, as on a day after the line's."""
    inputs = found.inputs
    if not found.answered or inputs.unit != "people" or inputs.allowed is None or not per_day or per_day < 0:
        return None
    left = sum(inputs.unrecorded[-1]) / 2 - sum(inputs.allowed) / 2
    days = left / per_day if left > 0 else None
    passed = 0 if found.seen is None or found.origin is None else (found.seen - found.origin).days
    return None if days is not None and days <= passed else days


def middle(found: Projection) -> Middle | None:
    """What the median outcome is made of, from the answer's own draws; None where half of the outcomes have no day."""
    days = median_days(found)
    if days is None or found.paths is None:
        return None
    return Middle(days, median_pace(found), _tail(found, days))


def median_days(found: Projection) -> int | None:
    """Days from the origin until half of the outcomes have come; None where they have no day."""
    if found.origin is None or found.median is None or isinstance(found.median, NotReached):
        return None
    return (found.median - found.origin).days or None


def median_pace(found: Projection) -> float | None:
    """The average pace that the median implies, net people a day; None without one, or where only shares are known."""
    days, one = median_days(found), line_days(found, 1.0)
    return None if days is None or one is None else one / days


def _tail(found: Projection, days: int) -> float | None:
    """Days of the median outcome in which the last tenth of those left is recorded."""
    paths, inputs = found.paths, found.inputs
    if paths is None:
        return None
    by_share = 0.0 if found.target.share is None else float(1 - found.target.share)
    end = sum(inputs.allowed or (0, 0)) / 2 if inputs.unit == "people" else by_share
    tenth = LAST * (paths.now - end)
    if tenth <= 0 or (inputs.unit == "people" and tenth < 1):
        return None
    low, high = (round(rank * len(found.draws)) for rank in BAND)
    near = paths.pick(np.argsort(found.draws, kind="stable")[low:high])
    whole, until = near.hitting(end), near.hitting(end + tenth)
    known = np.isfinite(whole) & (whole > 0)
    return float(days * np.mean(1 - until[known] / whole[known])) if known.any() else None
