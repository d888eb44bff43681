"""What is laid on the draws: newcomers, by the meaning of zero (everyone eligible on the day, or everyone who was on the
list of the origin), and the rhythm of the week.

Residents turn 17 every day and use the same capacity. A path that serves the list alone at b people a day serves it
at b - inflow when newcomers queue as well; a path that does not outpace the inflow never arrives.

The outlook is in average days. Where daily figures are dense enough to show a rhythm (closed offices on Saturday and
Sunday), they are laid on the calendar, so that nobody is promised a Sunday.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ektp_analysis.projection.history import History
from ektp_analysis.projection.paths import Floats, Paths, of_columns
from ektp_analysis.projection.result import Meaning

# 1.46 % of the population turn 17 in a year; about 1.35 residents stand behind one eligible person.
PER_YEAR = 0.0146 * 1.35
CENTURY, BISECTIONS = 36_525.0, 28
NOBODY = 0.05  # people in a century: an allowance that grows by less, as of a list that is all but surely closed, stays
TELLING = 5.0  # so many newcomers who do or do not show in the eligible tell what the figures count, to 1 - 1 / e
TELLING_SHARE = 0.005  # of the eligible, where only a percentage is known
WEEKS = 4  # so many of each weekday are needed
SEEN = 84  # the last days that are looked at
CHANCE = 0.01  # of so clear a rhythm where there is none (Kruskal and Wallis 1952)
PRIOR_WEEKS = 1.0  # of an even week, added to what was seen


def per_day(past: History, given: float | None) -> float:
    """Newcomers a day, in the unit of the history: as given, or by the usual rate from the eligible; 0 if unknown."""
    if given is not None:
        return given
    if past.unit == "share":
        return PER_YEAR / 365.25
    low, high = past.eligible_now()
    return 0.0 if np.isnan(low) else PER_YEAR / 365.25 * (low + high) / 2


def told(past: History) -> float:
    """How surely the figures themselves say what becomes of newcomers, 0 to 1: by now so many would show in the eligible.

    Either they are in the figures, whose pace is then a net one, or the figures count a closed list. Over a few days, or where
    the eligible are known roughly, neither can be seen.
    """
    if not past.dates:
        return 0.0
    expected = per_day(past, None) * -float(past.days[0])
    if past.unit == "share":
        return float(1 - np.exp(-expected / TELLING_SHARE))
    low, high = past.eligible_now()
    return 0.0 if np.isnan(low) else float(1 - np.exp(-expected / (TELLING + high - low)))


def closed(past: History) -> float:
    """How surely the history counts a closed list, 0 to 1: its eligible are counted and stay the same."""
    same = (past.eligible_low == past.eligible_high).all() and (past.eligible_low == past.eligible_low[:1]).all()
    return told(past) if same else 0.0


def meaning_of(past: History) -> Meaning:
    """What the figures themselves mean rather: a closed list, or everyone eligible on the day."""
    return "list" if closed(past) >= 0.5 else "eligible"


def beside(past: History, meaning: Meaning | None) -> float:
    """The share of the newcomers who queue beside those on the paths of a history; below 0 where the paths hold too many.

    Without a meaning it is that of the figures, so far as they tell it: nothing changes with one more day or person.
    """
    known = told(past)
    if meaning is None or closed(past) == 0.0:
        return -known if meaning == "list" else 1.0 - known
    return 1.0 if meaning == "eligible" else 0.0


def allowance_grows(past: History, meaning: Meaning | None) -> float:
    """The share of the newcomers by whom the eligible grow, of whom a coverage target lets some remain."""
    if meaning is None:
        return 1.0 - closed(past)
    return 1.0 if meaning == "eligible" else 0.0


def newcomers_queue(paths: Paths, inflow: float) -> Paths:
    """Paths delayed by so many newcomers a day, or hastened where they are not asked for (below 0)."""
    return paths if inflow == 0 else _stretch(paths, inflow)


def _stretch(paths: Paths, inflow: float) -> Paths:
    served = ((1.0 - paths.fractions[1:]) * paths.now)[:, None]
    columns = np.zeros((len(paths.fractions), paths.count))
    rest, slow = paths.times.T[1:], columns[1:]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        np.multiply(rest, inflow, out=slow)
        slow /= served
        np.subtract(1.0, slow, out=slow)  # the slack: what of a day's work is left for the list
        arrives = slow > 1e-9 if inflow >= 0 else np.isfinite(rest)
        np.divide(rest, slow, out=slow)
    slow[~arrives] = np.inf
    # Who has reached less has passed more on the way: a slow first step must not hold a draw at today's count.
    for after, before in pairwise(slow[::-1]):
        np.minimum(after, before, out=before)
    return of_columns(paths.now, columns)


def growing_hits(paths: Paths, allowed: Floats, growth: float) -> Floats:
    """Days until at most ``allowed`` + ``growth`` * days remain, one per draw.

    A coverage target allows more people as the eligible grow; past a century growth is not counted on.
    """
    first = paths.hitting(allowed)
    met = _meeting(paths, allowed, growth) if paths.week is None else _by_halves(paths, allowed, growth, first)
    return np.where(met <= CENTURY, met, first)


def _meeting(paths: Paths, allowed: Floats, growth: float) -> Floats:
    """Where each path meets the line ``allowed`` + ``growth`` * days; beyond its last day a path stays where it is."""
    left, times = paths.fractions * paths.now, paths.times
    low = np.broadcast_to(np.asarray(allowed, float), (paths.count,))
    below = np.isfinite(times) & (left <= low[:, None] + growth * np.where(np.isfinite(times), times, 0.0))
    after = np.where(below.any(axis=1), below.argmax(axis=1), np.isfinite(times).sum(axis=1))
    rows, last = np.arange(paths.count), len(left) - 1
    start, end = times[rows, np.maximum(after - 1, 0)], times[rows, np.minimum(after, last)]
    upper, lower = left[np.maximum(after - 1, 0)], left[np.minimum(after, last)]
    falling = np.isfinite(end) & (end > start)
    slope = np.divide(upper - lower, end - start, out=np.zeros(paths.count), where=falling)
    with np.errstate(divide="ignore", invalid="ignore"):  # a path that stays, above an allowance that stays: never
        met = (upper + slope * start - low) / (growth + slope)
    return np.where(after == 0, 0.0, np.where(np.isfinite(end) & (end <= start), end, met))


def _by_halves(paths: Paths, allowed: Floats, growth: float, first: Floats) -> Floats:
    """The same on the calendar, where a path is not straight between its days: by bisection."""
    early, late = np.zeros(paths.count), np.minimum(first, CENTURY)
    reached = paths.hitting(allowed + growth * late) <= late
    for _ in range(BISECTIONS):
        middle = (early + late) / 2
        met = paths.hitting(allowed + growth * middle) <= middle
        early, late = np.where(met, early, middle), np.where(met, middle, late)
    return np.where(reached, late, np.inf)


def week(past: History) -> Floats | None:
    """Pace of each weekday (Monday first) relative to the average day, or None where none shows."""
    days, counts = past.days, past.middle
    recent = (np.diff(days) == 1) & (days[1:] > -SEEN)
    falls, which = -np.diff(counts)[recent], np.array([day.weekday() for day in past.dates[1:]], dtype=int)[recent]
    seen = np.bincount(which, minlength=7)
    if seen.min() < WEEKS or falls.sum() <= 0:
        return None
    if _alike(falls, which) > CHANCE:
        return None
    average = max(float(falls.mean()), 1e-12)
    pace = (np.bincount(which, falls, minlength=7) / average + PRIOR_WEEKS) / (seen + PRIOR_WEEKS)
    pace = np.maximum(pace, 1e-3)
    return np.asarray(pace * 7 / pace.sum())


def _alike(falls: Floats, which: npt.NDArray[np.intp]) -> float:
    """The chance that weekdays which are alike differ so much by luck: the rank test of Kruskal and Wallis."""
    _values, place, ties = np.unique(falls, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]  # equal falls share the mean of their ranks
    n, seen = len(ranks), np.bincount(which, minlength=7)
    spread = 1 - (ties**3 - ties).sum() / (n**3 - n)
    means = np.bincount(which, ranks, minlength=7) / seen
    statistic = 12 / (n * (n + 1)) * (seen * (means - (n + 1) / 2) ** 2).sum() / max(spread, 1e-12)
    return _above(statistic)


def _above(statistic: float) -> float:
    """The chance of a chi-square of six degrees of freedom above ``statistic``; closed, for they are even."""
    half = statistic / 2
    return float(np.exp(-half) * (1 + half + half * half / 2))


def on_calendar(paths: Paths, pace: Floats, last_weekday: int) -> Paths:
    """The paths laid on the calendar after a day of the given weekday (Monday 0): quiet days pass with little done."""
    return replace(paths, week=np.concatenate([[0.0], np.cumsum(np.roll(pace, -(last_weekday + 1)))]))
