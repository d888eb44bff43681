"""Where a series does not continue: a change of basis, a cleansing of the register, a revision upwards.

A break is shown, and the step over it is never taken for recording.
"""

from __future__ import annotations

from collections.abc import Callable
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
UNKNOWN_SIZE = 100.0  # times the unrecorded: how many are taken to be eligible where that is not known


@dataclass(frozen=True)
class Break:
    """Between snapshot ``position - 1`` and ``position`` the figures do not measure the same thing."""

    position: int
    on: date
    kind: Kind
    text: Text


@dataclass(frozen=True)
class Snapshots:
    """The snapshots in which breaks are sought, oldest first; arrays as in :class:`~ektp_analysis.projection.history.History`.

    ``recorded`` and ``basis`` have one entry a snapshot, NaN and '' where unknown; ``share``: figures are per eligible.
    """

    dates: tuple[date, ...]
    low: Floats
    high: Floats
    eligible_low: Floats
    eligible_high: Floats
    recorded: Floats
    basis: tuple[str, ...]
    share: bool = False

    def years(self, i: int) -> float:
        """Years from the snapshot before to snapshot ``i``."""
        return (self.dates[i] - self.dates[i - 1]).days / 365.25


def find(seen: Snapshots) -> tuple[Break, ...]:
    """The breaks of one series, in order; of each step the first kind of :data:`RULES` that it shows."""
    found = []
    for i in range(1, len(seen.dates)):
        shown = ((kind, rule(seen, i)) for kind, rule in RULES)
        first = next(((kind, text) for kind, text in shown if text is not None), None)
        if first is not None:
            found.append(Break(i, seen.dates[i], *first))
    return tuple(found)


def _basis(seen: Snapshots, i: int) -> Text | None:
    old, new = seen.basis[i - 1], seen.basis[i]
    if not old or not new or old == new:
        return None
    return T("on {date} the basis changes from {old} to {new}", date=seen.dates[i], old=old, new=new)


def _eligible(seen: Snapshots, i: int) -> Text | None:
    low, high = seen.eligible_low, seen.eligible_high
    grown = low[i] - high[i - 1] - GROWTH_PER_YEAR * seen.years(i) * high[i - 1]
    if not max(grown, low[i - 1] - high[i]) > max(ELIGIBLE_JUMP * high[i - 1], JUMP_OF_UNRECORDED * seen.low[i - 1]):
        return None
    return T("on {date} the eligible jump from {old} to {new}", date=seen.dates[i],
             old=round(float(np.mean([low[i - 1], high[i - 1]]))), new=round(float(np.mean([low[i], high[i]]))))


def _recorded(seen: Snapshots, i: int) -> Text | None:
    old, new = seen.recorded[i - 1], seen.recorded[i]
    if not old - new > max(ELIGIBLE_JUMP * old, JUMP_OF_UNRECORDED * seen.low[i - 1]):
        return None
    return T("on {date} the recorded fall from {old} to {new}", date=seen.dates[i], old=round(float(old)),
             new=round(float(new)))


def _revision(seen: Snapshots, i: int) -> Text | None:
    old, new = seen.high[i - 1], seen.low[i]
    known = seen.eligible_high[i - 1]
    size = known if np.isfinite(known) else (1.0 if seen.share else UNKNOWN_SIZE * old)
    if not new - old > RISE * old + GROWTH_PER_YEAR * seen.years(i) * size:
        return None
    if seen.share:
        return T("on {date} the unrecorded rise against the trend", date=seen.dates[i])
    return T("on {date} the unrecorded rise from {old} to {new}", date=seen.dates[i], old=round(float(old)),
             new=round(float(new)))


# The strongest sign first; comparisons with what is unknown (NaN) are never met.
RULES: tuple[tuple[Kind, Callable[[Snapshots, int], Text | None]], ...] = (
    ("basis", _basis), ("eligible", _eligible), ("recorded", _recorded), ("revision", _revision))
