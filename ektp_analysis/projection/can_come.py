"""When those of a list who can come are recorded: its projection down to those who leave it only by being cleaned off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ektp_analysis.figures.cleaning import Cleaning
from ektp_analysis.projection.result import Projection, date_quantiles, seen_from


def can_come(zero: Projection, found: Cleaning) -> Projection | None:
    """The day on which no more than those who are to be cleaned off the list are left on it.

    Args:
        zero: the projection of the list to zero, whose draws these are.
        found: how many are to be cleaned off, at least and at most; each draw has a number between.

    Returns:
        None where the projection has no draws in people, or nobody is to be cleaned off.
    """
    if zero.origin is None or zero.paths is None or not zero.target.is_zero or zero.inputs.unit != "people" or not found.high:
        return None
    ends = np.linspace(found.low, found.high, zero.paths.count)
    left = np.round(np.random.default_rng([zero.seed, 19]).permutation(ends))
    days = zero.paths.hitting(left)
    days = np.where(days <= zero.horizon_days, days, np.inf)
    made = replace(zero, quantiles=date_quantiles(days, zero.origin, zero.horizon_days), draws=days, notes=(), seen=None)
    return seen_from(made, zero.seen)
