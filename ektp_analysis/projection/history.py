"""From the rows of one area to the arrays that a forecaster needs, with what is only known as an interval.

The count may be missing where a percentage is printed: then the unrecorded are an interval. Where no row has a count
at all, the unrecorded are held per eligible person (``unit`` is 'share'); time does not care about the scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.projection.breaks import Break, find
from ektp_analysis.projection.paths import Floats
from ektp_analysis.snapshot import frame, solve


@dataclass(frozen=True)
class History:
    """Snapshots of one area, oldest first, up to the origin. All arrays have one entry per snapshot in ``dates``.

    ``days`` end in 0. ``low`` and ``high`` bound the unrecorded (equal where counted). ``eligible`` (low, high) of
    each snapshot, NaN where unbounded. ``coverage_low`` is the printed or computed coverage's lower bound, ``printed``
    its value as printed (NaN where none). ``breaks`` are the places at which the series does not continue.
    """

    area_code: str
    dates: tuple[date, ...]
    days: Floats
    low: Floats
    high: Floats
    eligible_low: Floats
    eligible_high: Floats
    printed: Floats
    unit: str
    breaks: tuple[Break, ...] = ()
    over: bool = False

    @property
    def middle(self) -> Floats:
        """Unrecorded, the middle of its interval."""
        return (self.low + self.high) / 2

    @property
    def exact(self) -> bool:
        """Whether every unrecorded is a count."""
        return bool((self.low == self.high).all())

    def eligible_now(self) -> tuple[float, float]:
        """Bounds of the eligible at the last snapshot, narrowed by earlier snapshots of the same basis; NaN unknown."""
        start = max((b.position for b in self.breaks), default=0)
        low, high = self.eligible_low[start:], self.eligible_high[start:]
        known = ~np.isnan(low) & ~np.isnan(high)
        if not known.any():
            return float("nan"), float("nan")
        if known[-1] and low[-1] == high[-1]:
            return float(low[-1]), float(high[-1])
        best = float(np.max(low[known])), float(np.min(high[known]))
        last = int(np.flatnonzero(known)[-1])
        return best if best[0] <= best[1] else (float(low[last]), float(high[last]))


def read(rows: pd.DataFrame, *, origin: date | None = None) -> History:
    """The history in ``rows`` (contract columns, one area, any order) up to and with ``origin``.

    Raises:
        ValueError: rows of more than one area.
    """
    solved = solve(frame(rows)).sort_values("as_of_date", kind="stable").drop_duplicates("as_of_date", keep="last")
    codes = solved["area_code"].unique()
    if len(codes) > 1:
        raise ValueError(f"the history of one area is needed, not of {len(codes)}")
    if origin is not None:
        solved = solved[solved["as_of_date"] <= pd.Timestamp(origin)]
    more = (solved["recorded"] > solved["eligible"]) | (solved["unrecorded"].isna() & (solved["coverage_low"] > 1))
    over = bool(more.fillna(False).tail(1).any())
    low, high = _floats(solved["unrecorded"]), _floats(solved["unrecorded"])
    eligible_low, eligible_high = _floats(solved["eligible_low"]), _floats(solved["eligible_high"])
    printed = pd.to_numeric(solved["coverage_reported"], errors="coerce").to_numpy(float, na_value=np.nan) / 100
    above, below = 1 - _floats(solved["coverage_high"]), 1 - _floats(solved["coverage_low"])
    only_share = np.isnan(low) & (below > 0)
    unit = "people"
    if only_share.any():
        if np.isnan(low).all() and np.isnan(eligible_low).all():
            unit, scale_low, scale_high = "share", np.ones_like(low), np.ones_like(low)
        else:
            scale_low, scale_high = _filled(eligible_low), _filled(eligible_high)
        low = np.where(only_share, np.maximum(above, 0) * scale_low, low)
        high = np.where(only_share, below * scale_high, high)
    keep = ~np.isnan(low) & ~np.isnan(high)
    kept = solved[keep]
    dates = tuple(stamp.date() for stamp in kept["as_of_date"])
    days = np.array([(day - dates[-1]).days for day in dates], float)
    recorded = _floats(kept["recorded"])
    found = find(dates, low[keep], high[keep], eligible_low[keep], eligible_high[keep], recorded,
                 tuple(kept["basis"]), share=unit == "share")
    return History(str(codes[0]) if len(codes) else "", dates, days, low[keep], high[keep], eligible_low[keep],
                   eligible_high[keep], printed[keep], unit, found, over)


def _floats(values: Any) -> Floats:
    return np.asarray(values.astype("Float64").to_numpy(float, na_value=np.nan), dtype=float)


def _filled(values: Floats) -> Floats:
    """The nearest known value for each missing one, earlier first."""
    return np.asarray(pd.Series(values).ffill().bfill().to_numpy(float))
