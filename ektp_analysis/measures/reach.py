"""Whether a figure reaches a target: said only as far as the figure carries."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

import pandas as pd

from ektp_analysis.targets import Target


class Reach(StrEnum):
    """What can be said about a figure and a target."""

    REACHED = "reached"  # the counts say so
    PRINTED = "printed"  # the printed percentage says so, the counts neither confirm nor deny it
    NOT_REACHED = "not_reached"
    UNSURE = "unsure"  # what the figure allows lies on both sides of the target
    OVER = "over"  # above 100 %: the unrecorded are unknown, so nothing follows
    INCOMPLETE = "incomplete"  # a sum over some of the areas only
    UNKNOWN = "unknown"


HELD = (Reach.REACHED, Reach.PRINTED)


class FigureRow(Protocol):
    """What :func:`reach_of` reads: a row of a rolled-up frame, or a Figure."""

    @property
    def unrecorded(self) -> Any: ...

    @property
    def eligible_low(self) -> Any: ...

    @property
    def eligible_high(self) -> Any: ...

    @property
    def coverage_low(self) -> Any: ...

    @property
    def coverage_high(self) -> Any: ...

    @property
    def coverage_reported(self) -> Any: ...

    @property
    def complete(self) -> Any: ...


def reach_of(row: FigureRow, target: Target) -> Reach:
    """The verdict on one figure.

    Exact counts decide by whole people (``target.remaining``). A count beside a printed percentage decides where the
    whole interval lies on one side; where it straddles, the percentage as printed is named as what it is.
    """
    unrecorded = _int(row.unrecorded)
    if not row.complete:
        return Reach.NOT_REACHED if target.is_zero and unrecorded else Reach.INCOMPLETE
    if unrecorded is None:
        return _by_coverage(row, target)
    if target.is_zero:
        return Reach.NOT_REACHED if unrecorded else Reach.REACHED
    low, high = _int(row.eligible_low), _int(row.eligible_high)
    if low is not None and unrecorded <= target.remaining(low):
        return Reach.REACHED
    if high is not None and unrecorded > target.remaining(high):
        return Reach.NOT_REACHED
    return _by_print(row, target)


def _by_coverage(row: FigureRow, target: Target) -> Reach:
    if target.share is None or pd.isna(row.coverage_low):
        over = not pd.isna(row.coverage_low) and row.coverage_low >= 1
        return Reach.OVER if over else Reach.UNKNOWN
    if row.coverage_high > 1:
        return Reach.OVER
    if row.coverage_high < float(target.share):
        return Reach.NOT_REACHED
    return _by_print(row, target)


def _by_print(row: FigureRow, target: Target) -> Reach:
    printed = row.coverage_reported
    if pd.isna(printed) or not printed or target.share is None:
        return Reach.UNKNOWN
    return Reach.PRINTED if Decimal(str(printed)) / 100 >= target.share else Reach.UNSURE


def _int(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
