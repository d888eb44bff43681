"""Draws of the future as first-passage times: one structure from which dates, chances and the fan all come.

A draw is a path of the unrecorded, held by the days on which it first falls to given fractions of today's count.
Pure numpy; days are floats counted from the last snapshot, inf is never.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Dense near 1 (the next days) and near 0 (the last people), with zero itself at the end.
FRACTIONS: Floats = np.concatenate([np.linspace(1.0, 0.1, 37), np.geomspace(0.1, 0.002, 18)[1:], [0.0]])


@dataclass(frozen=True)
class Paths:
    """``times[i, k]`` is the day on which draw i first has at most ``fractions[k]`` of ``now`` remaining.

    ``fractions`` decrease from 1 to 0, so ``times`` do not decrease along a row; the first column is 0. ``week`` are
    the average days done after 0, 1, ... 7 calendar days (0 to 7), where a rhythm of the week is known.
    """

    now: float
    fractions: Floats
    times: Floats
    week: Floats | None = None

    @property
    def count(self) -> int:
        """Number of draws."""
        return int(self.times.shape[0])

    def pick(self, draws: npt.NDArray[np.intp]) -> Paths:
        """The paths of some draws."""
        return replace(self, times=self.times[draws])

    def hitting(self, remaining: Any) -> Floats:
        """Days until at most ``remaining`` people are left, one per draw; ``remaining`` is a number or one per draw."""
        if self.now <= 0:  # nobody is left
            return np.zeros(self.count)
        wanted = np.broadcast_to(np.asarray(remaining, float), (self.count,)) / self.now
        right = np.clip(np.searchsorted(-self.fractions, -wanted, side="left"), 1, len(self.fractions) - 1)
        rows = np.arange(self.count)
        upper, lower = self.fractions[right - 1], self.fractions[right]
        early, late = self.times[rows, right - 1], self.times[rows, right]
        share = np.clip((upper - wanted) / (upper - lower), 0.0, 1.0)
        with np.errstate(invalid="ignore"):
            days = np.where(share >= 1.0, late, np.where(share <= 0.0, early, early + share * (late - early)))
        days = np.where(wanted >= 1.0, 0.0, np.where(np.isnan(days), np.inf, days))
        return days if self.week is None else _along(days, self.week, np.arange(8.0))

    def remaining(self, days: Any) -> Floats:
        """Unrecorded of each draw on each of ``days`` (>= 0): array (draws, days). A path that stalls stays there."""
        at = np.atleast_1d(np.asarray(days, float))
        if self.week is not None:
            at = _along(at, np.arange(8.0), self.week)
        out, rows = np.empty((self.count, len(at))), np.ascontiguousarray(self.times)
        reached = np.isfinite(rows).sum(axis=1)
        for i, last in enumerate(reached):
            out[i] = np.interp(at, rows[i, :last], self.fractions[:last])
        return out * self.now

    def left(self, days: Floats) -> Floats:
        """Unrecorded of each draw on a day of its own (one of ``days`` per draw), as :meth:`remaining` gives them."""
        at = days if self.week is None else _along(days, np.arange(8.0), self.week)
        columns, rows = self.times.T, np.arange(self.count)
        passed = np.add.reduce((columns <= at).view(np.uint8), axis=0, dtype=np.intp if len(columns) > 255 else np.uint8)
        after = np.maximum(passed, 1).astype(np.intp)
        before, after = after - 1, np.minimum(after, len(columns) - 1)
        early, late = columns[before, rows], columns[after, rows]
        upper, lower = self.fractions[before], self.fractions[after]
        moving = np.isfinite(late) & (late > early)
        step = np.divide(at - early, late - early, out=np.zeros(self.count), where=moving)
        return np.asarray((upper - step * (upper - lower)) * self.now)


def _along(days: Floats, known: Floats, wanted: Floats) -> Floats:
    """Days of one clock on the other: whole weeks alike, the rest of the week by the table; a full week ends on its end."""
    finite = np.where(np.isfinite(days), days, 0.0)
    weeks = np.maximum(np.ceil(finite / 7) - 1, 0)
    laid = np.where(finite > 0, 7 * weeks + np.interp(finite - 7 * weeks, known, wanted), 0.0)
    return np.where(np.isfinite(days), laid, np.inf)


@dataclass(frozen=True)
class SummedPaths:
    """Draws of a whole as the sum of the draws of its parts, times a factor: part i of draw j belongs to draw j.

    ``lags`` are the days by which the last snapshot of each part lies before the origin of the whole.
    ``factor`` spreads what the whole reports beyond the sum of its parts over them; 1 where both agree.
    """

    parts: tuple[Paths, ...]
    lags: tuple[int, ...]
    horizon: int
    factor: float = 1.0

    @property
    def count(self) -> int:
        """Number of draws."""
        return self.parts[0].count

    def pick(self, draws: npt.NDArray[np.intp]) -> SummedPaths:
        """The paths of some draws."""
        return replace(self, parts=tuple(part.pick(draws) for part in self.parts))

    @property
    def now(self) -> float:
        """The whole's count today."""
        return sum(part.now for part in self.parts) * self.factor

    def remaining(self, days: Any) -> Floats:
        """Unrecorded of each draw on each of ``days``: array (draws, days)."""
        at = np.atleast_1d(np.asarray(days, float))
        parts = zip(self.parts, self.lags, strict=True)
        return np.asarray(sum(part.remaining(at + lag) for part, lag in parts)) * self.factor

    def left(self, days: Floats) -> Floats:
        """Unrecorded of each draw on a day of its own."""
        parts = zip(self.parts, self.lags, strict=True)
        return np.asarray(sum((part.left(days + lag) for part, lag in parts), np.zeros(self.count)) * self.factor)

    def hitting(self, remaining: Any, growth: float = 0.0) -> Floats:
        """The first whole day on which at most ``remaining`` are left, one per draw; inf past the horizon.

        ``growth`` are people a day by which the number that may remain rises. Found by bisection, for no draw rises;
        nobody is left when the last part has nobody left.
        """
        wanted = np.broadcast_to(np.asarray(remaining, float), (self.count,)) + 1e-9
        if growth == 0 and not np.any(remaining):
            ends = np.max(
                [np.ceil(part.hitting(0.0) - lag - 1e-9) for part, lag in zip(self.parts, self.lags, strict=True)], axis=0
            )
            return np.where(ends <= self.horizon, np.maximum(ends, 0.0), np.inf)
        early, late = np.full(self.count, -1), np.full(self.count, self.horizon + 1)
        while (late - early > 1).any():
            middle = (early + late) // 2
            met = (self.left(middle.astype(float)) <= wanted + growth * middle) & (late - early > 1)
            open_ = ~met & (late - early > 1)
            early, late = np.where(open_, middle, early), np.where(met, middle, late)
        return np.where(late <= self.horizon, late.astype(float), np.inf)


def monotone(now: float, times: Floats) -> Paths:
    """Paths on the standard fractions from raw passage times (draws, fractions), made non-decreasing along each row."""
    return of_columns(now, np.array(np.transpose(times), float, order="C"))


def of_columns(now: float, columns: Floats) -> Paths:
    """As :func:`monotone`, from (fractions, draws), which are changed and kept: new memory costs more than what is done in it."""
    columns[np.isnan(columns)] = np.inf
    np.maximum(columns, 0.0, out=columns)
    for before, after in pairwise(columns):
        np.maximum(before, after, out=after)
    columns[0] = 0.0
    return Paths(now, FRACTIONS, columns.T)
