"""Scores of intervals that benchmarks are told by, written here because a usual library has one of them wrong."""

from __future__ import annotations

import numpy as np

from ektp_analysis.projection.outlook import Floats


def interval_score(low: Floats, high: Floats, observed: Floats, alpha: float) -> Floats:
    """Score of a central (1 - alpha) interval: width + 2 / alpha times the distance by which it was missed.

    Gneiting and Raftery (2007), eq. 43. Arrays of one shape, in days.
    """
    missed = np.maximum(low - observed, 0.0) + np.maximum(observed - high, 0.0)
    return np.asarray(high - low + 2.0 / alpha * missed)


def weighted_interval_score(quantiles: Floats, levels: Floats, observed: Floats) -> Floats:
    """Weighted interval score of central intervals and the median: (n,) from quantiles (n, k) at ``levels`` (k,).

    (|observed - median| / 2 + sum over intervals of alpha / 2 * interval score) / (intervals + 1 / 2).
    Bracher et al. (2021), eq. 2. ``levels`` are symmetric about 0.5, which is among them.

    Raises:
        ValueError: levels that are not symmetric or lack the median.
    """
    order = np.argsort(levels)
    q, p = np.asarray(quantiles, float)[:, order], np.asarray(levels, float)[order]
    middle = len(p) // 2
    if len(p) % 2 == 0 or not np.isclose(p[middle], 0.5) or not np.allclose(p, 1 - p[::-1]):
        raise ValueError("levels must be symmetric about 0.5 and contain it")
    total = 0.5 * np.abs(observed - q[:, middle])
    for i in range(middle):
        alpha = 2 * p[i]
        total = total + alpha / 2 * interval_score(q[:, i], q[:, -1 - i], observed, float(alpha))
    return np.asarray(total / (middle + 0.5))
