"""Where an area should stand by its aim: the straight line from its figure on the day the aim was set to what may remain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ektp_analysis.core.aims import Aim
from ektp_analysis.figures.series import eligible_estimate, one_series


@dataclass(frozen=True)
class Plan:
    """The line from ``unrecorded`` people on the day ``start`` to ``allowed`` people on the day ``by``, of the aim ``aim``.

    ``start`` is later than the aim where the figures that can be compared with the latest one begin later.
    """

    aim: Aim
    start: date
    unrecorded: int
    allowed: int

    @property
    def by(self) -> date:
        """The day on which it ends."""
        return self.aim.by

    @property
    def per_day(self) -> float:
        """People a day, net of newcomers."""
        return (self.unrecorded - self.allowed) / (self.by - self.start).days

    @property
    def points(self) -> tuple[tuple[date, int], tuple[date, int]]:
        """Both ends: day and people unrecorded."""
        return (self.start, self.unrecorded), (self.by, self.allowed)

    def on(self, day: date) -> int | None:
        """How many may be unrecorded on a day by the plan: whole people, of whom none is recorded in part.

        What may remain after its last day; None before its first.
        """
        if day < self.start:
            return None
        past = min((day - self.start).days, (self.by - self.start).days)
        return self.unrecorded - (self.unrecorded - self.allowed) * past // (self.by - self.start).days

    def behind(self, unrecorded: int, day: date) -> int | None:
        """People by which an area lies behind the plan on a day, negative where it is ahead; None before its first day."""
        planned = self.on(day)
        return None if planned is None else unrecorded - planned

    def days_behind(self, unrecorded: int, day: date) -> int | None:
        """Days between ``day`` and that on which the plan has ``unrecorded`` people left: positive where the area is behind.

        None before the plan's first day and after its last.
        """
        if not self.start <= day <= self.by:
            return None
        done = min(max(self.unrecorded - unrecorded, 0), self.unrecorded - self.allowed)
        return (day - self.start).days - round(done / self.per_day)


def plan_of(history: pd.DataFrame, aim: Aim, *, broken_on: date | None = None) -> Plan | None:
    """The plan of an aim for an area with this history (:func:`~ektp_analysis.figures.series.history_of`).

    It begins with the last figure known on the day the aim was set; where the figures before a break of the series, on the day
    ``broken_on``, or over other areas cannot be compared with the latest, with the first that can. What may remain is that of
    the least eligible that the figures allow.

    None where the unrecorded or what may remain are unknown, where no more were left than may remain, and where the figures
    begin after the aim's day.
    """
    rows = one_series(history)
    if broken_on is not None:
        rows = rows[rows["as_of_date"] >= pd.Timestamp(broken_on)]
    known = rows[rows["unrecorded"].notna()]
    allowed = _allowed(history, aim)
    if known.empty or allowed is None:
        return None
    before = known[known["as_of_date"] <= pd.Timestamp(aim.set_on)]
    first = known.iloc[0] if before.empty else before.iloc[-1]
    start = max(first["as_of_date"].date(), aim.set_on)
    unrecorded = int(first["unrecorded"])
    return None if start >= aim.by or unrecorded <= allowed else Plan(aim, start, unrecorded, allowed)


def planned(history: pd.DataFrame, aim: Aim, on: date) -> int | None:
    """How many may be unrecorded on a day by the plan of the aim; None where there is no plan, or before it begins."""
    plan = plan_of(history, aim)
    return None if plan is None else plan.on(on)


def _allowed(history: pd.DataFrame, aim: Aim) -> int | None:
    if aim.target.is_zero:
        return 0
    least = eligible_estimate(history).low
    return None if least is None else aim.target.remaining(least)
