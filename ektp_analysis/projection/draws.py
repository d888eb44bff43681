"""Days as equally likely outcomes: which of them are still ahead on a later day, when they are complete, and how old is old."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ektp_analysis.projection.paths import Floats

OLD_GAPS, OLD_DAYS = 3, 30  # figures older than so many of their usual gaps, and so many days, are called old
IDLE_DAYS, IDLE_CHANCE = 365, 0.9  # of an age, or of an arrival that nobody has told, from which on a date is idle


def old_by(age: int, gap: float) -> int | None:
    """The age in days of figures that are old, None of others; ``gap``: days between two of them, as usual there."""
    return age if age > max(OLD_GAPS * gap, OLD_DAYS) else None


def still_ahead(draws: Floats, age: int, *, old: bool) -> npt.NDArray[np.intp] | None:
    """For each draw the one that stands for it ``age`` days after the origin: itself where it is still ahead, else one that is;
    None where any date would be a guess. ``old``: the figures are called so."""
    passed = draws <= age
    waiting, arrived = np.flatnonzero(draws > age), np.flatnonzero(passed)
    if not len(waiting) or (old and (age > IDLE_DAYS or float(passed.mean()) >= IDLE_CHANCE)):
        return None
    picks = np.arange(len(draws))
    picks[arrived] = waiting[np.arange(len(arrived)) * len(waiting) // max(len(arrived), 1)]
    return picks


def whole_days(days: float) -> int:
    """The number of days after which ``days`` are complete."""
    return int(np.ceil(days - 1e-9))
