"""Many areas in one go: the same learnt map, all areas of a chunk in one product of matrices, in single precision.

A second, coarser answer, kept to measure what the country costs: without draws, sisters, newcomers and breaks it is not
what the product says of an area.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from ektp_analysis.projection.networks import LEVELS, Network, load, of_histories
from ektp_analysis.projection.paths import Floats

CHUNK = 4096


def in_single(network: Network) -> Callable[[Floats], Floats]:
    """The network in single precision: half the time, for a change of the days below a thousandth."""
    small = Network(
        network.mean.astype(np.float32),
        network.scale.astype(np.float32),
        tuple((weight.astype(np.float32), bias.astype(np.float32)) for weight, bias in network.layers),
    )
    return lambda inputs: small(np.asarray(inputs, np.float32))


@lru_cache(maxsize=1)
def networks() -> tuple[Callable[[Floats], Floats], ...]:
    return tuple(in_single(network) for network in load())


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
    seen = ~np.isnan(remaining)
    falling = (seen.sum(axis=1) > 1) & (now > 0) & (now < np.nanmax(remaining, axis=1))
    patterns, which = np.unique(np.packbits(seen, axis=1), axis=0, return_inverse=True)
    for k in range(len(patterns)):
        rows = np.flatnonzero(falling & (which.ravel() == k))
        if len(rows):
            known = seen[rows[0]]
            fractions = np.clip(allowed[rows] / now[rows, None], 0.0, 0.999)
            found = of_histories(days[known], remaining[rows][:, known], eligible[rows][:, known], fractions, by=networks())
            out[rows] = np.exp(found)
    out[now[:, None] <= allowed] = 0.0
    return out
