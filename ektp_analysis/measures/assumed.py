"""What would follow if a fixed number of people were recorded every day: arithmetic on an assumption, not a projection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil, isnan


class Course(StrEnum):
    """What an assumed pace leads to."""

    ARRIVES = "arrives"
    REACHED = "reached"
    TOO_SLOW = "too_slow"  # newcomers come as fast as people are recorded
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Assumed:
    """``per_day`` people recorded a day, of whom ``newcomers`` a day only keep up with those who join.

    ``day`` is the day on which the target would be met; there is one only where ``course`` is ARRIVES.
    """

    course: Course
    per_day: int
    newcomers: float
    day: date | None = None


def assume(per_day: int, unrecorded: float | None, allowed: float | None, start: date, *, newcomers: float = 0.0,
           share: float = 1.0) -> Assumed:
    """The day on which at most ``allowed`` are left if ``per_day`` people are recorded every day after ``start``.

    ``newcomers`` people a day join the eligible, and all of them are unrecorded at first; a coverage target of ``share``
    (1 is zero unrecorded) lets (1 - share) of them stay so. All counts in people, paces in people a day.

    Raises:
        ValueError: a negative pace.
    """
    if per_day < 0 or newcomers < 0:
        raise ValueError("a pace is not negative")
    kept_up = share * newcomers
    if unrecorded is None or allowed is None or isnan(unrecorded):
        return Assumed(Course.UNKNOWN, per_day, kept_up)
    if unrecorded <= allowed:
        return Assumed(Course.REACHED, per_day, kept_up)
    net = per_day - kept_up
    days = ceil(round((unrecorded - allowed) / net, 9)) if net > 0 else 0
    if net <= 0 or days > (date.max - start).days:
        return Assumed(Course.TOO_SLOW, per_day, kept_up)
    return Assumed(Course.ARRIVES, per_day, kept_up, start + timedelta(days=days))
