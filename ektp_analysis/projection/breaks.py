"""Where a series does not continue: a change of basis, a cleansing of the register, a revision upwards.

A break is shown, and the step over it is never taken for recording.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from ektp_analysis.projection.paths import Floats
from ektp_analysis.text import T, Text

Kind = Literal["basis", "eligible", "recorded", "revision"]
ELIGIBLE_JUMP = 0.004  # of the eligible, beyond what residents turning 17 explain
JUMP_OF_UNRECORDED = 0.15  # and at least this share of the unrecorded, or it does not matter
GROWTH_PER_YEAR = 0.04  # of the eligible: twice the usual inflow, still no break
RISE = 0.25  # of the unrecorded between two snapshots, beyond the inflow: a revision, not people


@dataclass(frozen=True)
class Break:
    """Between snapshot ``position - 1`` and ``position`` the figures do not measure the same thing."""

    position: int
    on: date
    kind: Kind
    text: Text


def find(dates: tuple[date, ...], low: Floats, high: Floats, eligible_low: Floats, eligible_high: Floats,
         recorded: Floats, basis: tuple[str, ...], *, share: bool = False) -> tuple[Break, ...]:
    """The breaks of one series, in order. Arrays as in :class:`~ektp_analysis.projection.history.History`."""
    found = []
    for i in range(1, len(dates)):
        made = _between(i, dates, low, high, eligible_low, eligible_high, recorded, basis, share)
        if made is not None:
            found.append(Break(i, dates[i], *made))
    return tuple(found)


def _between(i: int, dates: tuple[date, ...], low: Floats, high: Floats, eligible_low: Floats, eligible_high: Floats,
             recorded: Floats, basis: tuple[str, ...], share: bool) -> tuple[Kind, Text] | None:
    years = (dates[i] - dates[i - 1]).days / 365.25
    if basis[i] and basis[i - 1] and basis[i] != basis[i - 1]:
        return "basis", T("on {date} the basis changes from {old} to {new}", date=dates[i], old=basis[i - 1],
                          new=basis[i])
    up = eligible_low[i] - eligible_high[i - 1]
    down = eligible_low[i - 1] - eligible_high[i]
    allowed = max(ELIGIBLE_JUMP * eligible_high[i - 1], JUMP_OF_UNRECORDED * low[i - 1])
    if max(up - GROWTH_PER_YEAR * years * eligible_high[i - 1], down) > allowed:
        return "eligible", T("on {date} the eligible jump from {old} to {new}", date=dates[i],
                             old=round(float(np.mean([eligible_low[i - 1], eligible_high[i - 1]]))),
                             new=round(float(np.mean([eligible_low[i], eligible_high[i]]))))
    if recorded[i - 1] - recorded[i] > max(ELIGIBLE_JUMP * recorded[i - 1], JUMP_OF_UNRECORDED * low[i - 1]):
        return "recorded", T("on {date} the recorded fall from {old} to {new}", date=dates[i],
                             old=round(float(recorded[i - 1])), new=round(float(recorded[i])))
    size = eligible_high[i - 1] if np.isfinite(eligible_high[i - 1]) else (1.0 if share else 100.0 * high[i - 1])
    if low[i] - high[i - 1] > RISE * high[i - 1] + GROWTH_PER_YEAR * years * size:
        if share:
            return "revision", T("on {date} the unrecorded rise against the trend", date=dates[i])
        return "revision", T("on {date} the unrecorded rise from {old} to {new}", date=dates[i],
                             old=round(float(high[i - 1])), new=round(float(low[i])))
    return None
