"""Many areas in one go: the same learnt map, all areas of a chunk in one product of matrices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ektp_analysis.projection.features import COUNT, describe
from ektp_analysis.projection.learnt import LEVELS, log_times
from ektp_analysis.projection.paths import Floats

CHUNK = 4096


def project_many(days: Floats, remaining: Floats, eligible: Floats, shares: Sequence[float]) -> Floats:
    """Quantiles of the days to coverage targets: (areas, targets, 19) from arrays (snapshots,), (areas, snapshots).

    ``days`` increase to 0 and hold for all areas; ``remaining`` may have NaN where an area is silent, but not in the
    last column; ``shares`` are coverages (1 is zero unrecorded), rising. Already reached is 0; NaN where there is no
    pace to learn from (fewer than two snapshots, not falling).
    """
    out = np.full((len(remaining), len(shares), len(LEVELS)), np.nan)
    for start in range(0, len(remaining), CHUNK):
        part = slice(start, start + CHUNK)
        out[part] = _chunk(days, remaining[part], eligible[part], np.asarray(shares, float))
    return out


def _chunk(days: Floats, remaining: Floats, eligible: Floats, shares: Floats) -> Floats:
    out = np.full((len(remaining), len(shares), len(LEVELS)), np.nan)
    now = remaining[:, -1]
    allowed = np.floor((1 - shares)[None, :] * eligible[:, -1:] + 1e-9)
    described = list(_described(days, remaining, eligible))
    if described:
        rows = np.array([i for i, _, _ in described])
        features, hazard = np.stack([f for _, f, _ in described]), np.array([h for _, _, h in described])
        fractions = np.clip(allowed[rows] / now[rows, None], 0.0, 0.999)
        out[rows] = np.exp(log_times(features, hazard, fractions))
    out[now[:, None] <= allowed] = 0.0
    return out


def _described(days: Floats, remaining: Floats, eligible: Floats) -> Iterator[tuple[int, Floats, float]]:
    seen = ~np.isnan(remaining)
    for i in range(len(remaining)):
        known = seen[i]
        counts = remaining[i] if known.all() else remaining[i][known]
        if len(counts) < 2 or not counts[-1] > 0 or counts[-1] >= counts.max():
            continue
        features, hazard = describe(days if known.all() else days[known], counts,
                                    eligible[i] if known.all() else eligible[i][known])
        assert len(features) == COUNT
        yield i, features, hazard
