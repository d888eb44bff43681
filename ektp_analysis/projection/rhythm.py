"""The rhythm of the week, where daily figures are dense enough to show one: closed offices on Saturday and Sunday.

The outlook is in average days. With a rhythm they are laid on the calendar, so that nobody is promised a Sunday.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ektp_analysis.projection.history import History
from ektp_analysis.projection.paths import Floats, Paths

WEEKS = 4  # so many of each weekday are needed
SEEN = 84  # the last days that are looked at
CHANCE = 0.01  # of so clear a rhythm where there is none (Kruskal and Wallis 1952)
PRIOR_WEEKS = 1.0  # of an even week, added to what was seen


def week(past: History) -> Floats | None:
    """Pace of each weekday (Monday first) relative to the average day, or None where none shows."""
    days, counts = past.days, past.middle
    recent = (np.diff(days) == 1) & (days[1:] > -SEEN)
    falls, which = -np.diff(counts)[recent], np.array([day.weekday() for day in past.dates[1:]], dtype=int)[recent]
    seen = np.bincount(which, minlength=7)
    if seen.min() < WEEKS or falls.sum() <= 0:
        return None
    _values, place, ties = np.unique(falls, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]  # equal falls share the mean of their ranks
    n = len(ranks)
    spread = 1 - (ties**3 - ties).sum() / (n**3 - n)
    means = np.bincount(which, ranks, minlength=7) / seen
    statistic = 12 / (n * (n + 1)) * (seen * (means - (n + 1) / 2) ** 2).sum() / max(spread, 1e-12)
    if _above(statistic) > CHANCE:
        return None
    average = max(float(falls.mean()), 1e-12)
    pace = (np.bincount(which, falls, minlength=7) / average + PRIOR_WEEKS) / (seen + PRIOR_WEEKS)
    pace = np.maximum(pace, 1e-3)
    return np.asarray(pace * 7 / pace.sum())


def _above(statistic: float) -> float:
    """The chance of a chi-square of six degrees of freedom above ``statistic``; closed, for they are even."""
    half = statistic / 2
    return float(np.exp(-half) * (1 + half + half * half / 2))


def on_calendar(paths: Paths, pace: Floats, last_weekday: int) -> Paths:
    """The paths laid on the calendar after a day of the given weekday (Monday 0): quiet days pass with little done."""
    return replace(paths, week=np.concatenate([[0.0], np.cumsum(np.roll(pace, -(last_weekday + 1)))]))
