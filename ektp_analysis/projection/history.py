"""From the rows of one area to the arrays that a forecaster needs, with what is only known as an interval.

The count may be missing where a percentage is printed: then the unrecorded are an interval. Where no row has a count
at all, the unrecorded are held per eligible person (``unit`` is 'share'); time does not care about the scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ektp_analysis.projection.breaks import Break, Snapshots, find
from ektp_analysis.projection.paths import Floats
from ektp_analysis.snapshot import MODELLED, frame, solve


@dataclass(frozen=True)
class History:
    """Snapshots of one area, oldest first, up to the origin. All arrays have one entry per snapshot in ``dates``.

    ``days`` end in 0. ``low`` and ``high`` bound the unrecorded (equal where counted). ``eligible`` (low, high) of
    each snapshot, NaN where unbounded. ``coverage_low`` is the printed or computed coverage's lower bound, ``printed``
    its value as printed (NaN where none). ``breaks`` are the places at which the series does not continue. ``over``:
    more are recorded than eligible at the last one. ``modelled``: no row was counted, all were split from a total.
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
    modelled: bool = False

    @property
    def middle(self) -> Floats:
        """Unrecorded, the middle of its interval."""
        return (self.low + self.high) / 2

    @property
    def exact(self) -> bool:
        """Whether every unrecorded is a count."""
        return bool((self.low == self.high).all())

    def first(self, n: int) -> History:
        """The history as it was after its first ``n`` snapshots (at least one)."""
        return replace(self, dates=self.dates[:n], days=self.days[:n] - self.days[n - 1], low=self.low[:n], high=self.high[:n],
                       eligible_low=self.eligible_low[:n], eligible_high=self.eligible_high[:n], printed=self.printed[:n],
                       breaks=tuple(found for found in self.breaks if found.position < n), over=False)

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
    table = Table.of(rows)
    if len(set(table.area)) > 1:
        raise ValueError(f"the history of one area is needed, not of {len(set(table.area))}")
    return table.history(origin=origin)


@dataclass(frozen=True)
class Table:
    """The rows of one area or many, solved once, in the order of their days; one row an area and a day, the last given.

    A history is cut from it in about a millisecond, so the same rows can be read up to many origins.
    """

    area: npt.NDArray[np.object_]
    day: npt.NDArray[np.datetime64]
    basis: npt.NDArray[np.object_]
    modelled: npt.NDArray[np.bool_]
    values: Mapping[str, Floats]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Table:
        """The table of rows in the contract's columns."""
        solved = solve(frame(rows)).sort_values("as_of_date", kind="stable").drop_duplicates(
            ["area_code", "as_of_date"], keep="last")
        values = {name: _floats(solved[name]) for name in _NUMBERS}
        values["printed"] = pd.to_numeric(solved["coverage_reported"], errors="coerce").to_numpy(float, na_value=np.nan) / 100
        return cls(solved["area_code"].to_numpy(object), solved["as_of_date"].to_numpy("datetime64[D]"),
                   solved["basis"].to_numpy(object), solved["status"].eq(MODELLED).to_numpy(bool), values)

    def upto(self, origin: date | None) -> Table:
        """The rows up to and with a day."""
        return self if origin is None else self.rows(np.flatnonzero(self.day <= np.datetime64(origin)))

    def history(self, *, area: str = "", origin: date | None = None) -> History:
        """The history of the one area in it, up to and with ``origin``; ``area`` names it where there are no rows."""
        return _history(self.upto(origin), str(self.area[0]) if len(self.area) else area)

    def rows(self, at: npt.NDArray[np.intp]) -> Table:
        """The rows at some positions, in the order of their days."""
        return Table(self.area[at], self.day[at], self.basis[at], self.modelled[at],
                     {name: column[at] for name, column in self.values.items()})


_NUMBERS = ("eligible", "recorded", "unrecorded", "coverage_low", "coverage_high", "eligible_low", "eligible_high")


def _history(rows: Table, area: str) -> History:
    eligible, recorded, unrecorded, coverage_low, coverage_high, eligible_low, eligible_high, printed = (
        rows.values[name] for name in (*_NUMBERS, "printed"))
    more = (recorded > eligible) | (np.isnan(unrecorded) & (coverage_low > 1))
    low, high = unrecorded.copy(), unrecorded.copy()
    above, below = 1 - coverage_high, 1 - coverage_low
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
    kept = rows.day[keep]
    dates = tuple(kept.astype(object).tolist())
    days = (kept - kept[-1]).astype(float) if len(kept) else np.empty(0)
    found = find(Snapshots(dates, low[keep], high[keep], eligible_low[keep], eligible_high[keep], recorded[keep],
                           tuple(rows.basis[keep]), share=unit == "share"))
    return History(area, dates, days, low[keep], high[keep], eligible_low[keep], eligible_high[keep], printed[keep], unit,
                   found, bool(more[-1:].any()), bool(len(rows.modelled) and rows.modelled.all()))


def _floats(values: Any) -> Floats:
    return np.asarray(values.astype("Float64").to_numpy(float, na_value=np.nan), dtype=float)


def _filled(values: Floats) -> Floats:
    """The nearest known value for each missing one, earlier first."""
    return np.asarray(pd.Series(values).ffill().bfill().to_numpy(float))
