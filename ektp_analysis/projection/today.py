"""What a projection says today, when its last figure is some days old: nothing has come since, or nobody has told.

The answer is then that of the draws that have not arrived yet, so that no day before today is promised. Figures are old when
they are older than three of their own gaps, and a month; where a date would be idle, there is none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from ektp_analysis.core.text import T, Text
from ektp_analysis.projection.result import Inputs, Inside, Projection, Reason, date_quantiles

OLD_GAPS, OLD_DAYS = 3, 30  # figures older than so many of their usual gaps, and so many days, are called old
IDLE_DAYS, IDLE_CHANCE = 365, 0.9  # of an age, or of an arrival that nobody has told, from which on a date is idle


def seen_from(found: Projection, today: date | None) -> Projection:
    """The projection as it is said on ``today``; as it is where no day is given, or none has passed since its origin."""
    if today is None or found.origin is None or not found.answered or today <= found.origin:
        return found
    age = (today - found.origin).days
    unseen = float((found.draws <= age).mean())
    old = age > max(OLD_GAPS * usual_gap(found.inputs), OLD_DAYS)
    if old and (age > IDLE_DAYS or unseen >= IDLE_CHANCE):
        text = T("The latest figure is of {date}, {n} days ago: any date would be idle.", date=found.origin, n=age)
        return replace(found, quantiles={}, reason=Reason("too_old", text), notes=(), draws=np.empty(0), paths=None)
    waiting = np.flatnonzero(found.draws > age)
    if not len(waiting):
        return found
    picks = np.arange(len(found.draws))
    arrived = np.flatnonzero(found.draws <= age)
    picks[arrived] = waiting[np.arange(len(arrived)) * len(waiting) // max(len(arrived), 1)]
    draws = found.draws[picks]
    said = T(
        "The latest figure is of {date}, {n} days ago; the chance that the target has been reached since, unseen, is {chance}.",
        date=found.origin,
        n=age,
        chance=_frequency(unseen),
    )
    return replace(
        found,
        quantiles=date_quantiles(draws, found.origin, found.horizon_days),
        notes=(said, *found.notes) if old else found.notes,
        draws=draws,
        paths=None if found.paths is None else found.paths.pick(picks),
    )


def _frequency(chance: float) -> Text:
    """A chance as outcomes of 20; none of them is all or nothing."""
    n = min(round(20 * chance), 19)
    return T("less than 1 in {all}", all=20) if n == 0 else T("{n} in {all}", n=n, all=20)


def all_seen_from(found: Inside, today: date | None) -> Inside:
    """The areas inside and the whole, each as it is said on ``today``."""
    children = {code: seen_from(child, today) for code, child in found.children.items()}
    return replace(found, whole=seen_from(found.whole, today), children=children)


def usual_gap(inputs: Inputs) -> float:
    """Days between two snapshots, half of the gaps being shorter; 0 for one snapshot."""
    gaps = np.diff(np.array(inputs.dates, "datetime64[D]")).astype(float)
    return float(np.median(gaps)) if len(gaps) else 0.0
