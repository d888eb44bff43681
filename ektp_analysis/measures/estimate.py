"""How many are eligible, where no count but printed percentages say so: an interval, never a made-up digit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

RECENT_DAYS = 31


@dataclass(frozen=True)
class Estimate:
    """Whole-number bounds of the eligible. ``high`` None: no upper bound; ``low`` None: nothing is known.

    ``days`` are the snapshots whose intervals were intersected; one day with ``low`` equal ``high`` is a count.
    """

    low: int | None = None
    high: int | None = None
    days: tuple[date, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether it is a count."""
        return self.low is not None and self.low == self.high

    @property
    def mid(self) -> int | None:
        """The middle of the interval (rounded down), for drawing; None where it is not bounded on both sides."""
        return None if self.low is None or self.high is None else (self.low + self.high) // 2


def eligible_estimate(rows: pd.DataFrame) -> Estimate:
    """The eligible at the last snapshot of a history.

    Its count where there is one. Otherwise the intersection of the intervals that the snapshots of the same basis in
    the 31 days up to it allow (650 at 99.30 % and 554 at 99.40 %: 92,199 to 93,109), on the ground that the eligible
    hardly move in a month. Where the intersection is empty they did move, and the latest interval stands alone.
    """
    known = rows[rows["eligible_low"].notna() & rows["complete"]]
    if known.empty:
        return Estimate()
    last = known.iloc[-1]
    since = last["as_of_date"] - timedelta(days=RECENT_DAYS)
    recent = known[(known["as_of_date"] >= since) & (known["basis"] == last["basis"])]
    latest = _estimate(known.iloc[-1:])
    if latest.exact:
        return latest
    joint = _estimate(recent)
    if joint.low is None or (joint.high is not None and joint.high < joint.low):
        return latest
    return joint


def _estimate(rows: pd.DataFrame) -> Estimate:
    high = rows["eligible_high"].min()
    return Estimate(int(rows["eligible_low"].max()), None if pd.isna(high) else int(high),
                    tuple(day.date() for day in rows["as_of_date"]))
