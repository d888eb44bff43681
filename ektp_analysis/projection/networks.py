"""The learnt map: features of a history in, quantiles of the day on which fractions of today's count are reached out.

Five small networks were fitted to simulated campaigns of many kinds (tests/benchmarks/training makes the constants);
no real series was used. Their quantiles of the log time are averaged. At run time this is a few matrix products.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.special import ndtri

from ektp_analysis.projection.features import base_log_time, describe, describe_target
from ektp_analysis.projection.paths import Floats

CONSTANTS = Path(__file__).with_name("constants.npz")
LEVELS: Floats = np.arange(5, 100, 5) / 100.0
LARGEST_LOG_TIME = 40.0
SPREAD = 1.05  # of the log days about their median: for kinds of campaigns that the library lacks (tests/benchmarks/training)
_SCORES: Floats = np.asarray(ndtri(LEVELS))


@dataclass(frozen=True)
class Network:
    """Standardisation, then layers of x * sigmoid(x); the last gives a first quantile and positive steps."""

    mean: Floats
    scale: Floats
    layers: tuple[tuple[Floats, Floats], ...]

    def __call__(self, inputs: Floats) -> Floats:
        x = np.clip((inputs - self.mean) / self.scale, -4.0, 4.0)
        for weight, bias in self.layers[:-1]:
            z = x @ weight + bias
            x = z / (1.0 + np.exp(-np.clip(z, -60.0, 60.0)))
        weight, bias = self.layers[-1]
        out = x @ weight + bias
        steps = np.logaddexp(0.0, out[:, 1:])
        return np.concatenate([out[:, :1], out[:, :1] + np.cumsum(steps, axis=1)], axis=1)


@lru_cache(maxsize=1)
def load() -> tuple[Network, ...]:
    """The networks of the constants file."""
    with np.load(CONSTANTS) as file:
        found = []
        for k in range(sum(name.startswith("mean") for name in file.files)):
            layers = tuple(
                (file[f"w{k}{i}"].astype(float), file[f"b{k}{i}"].astype(float))
                for i in range(sum(name.startswith(f"w{k}") for name in file.files))
            )
            found.append(Network(file[f"mean{k}"].astype(float), file[f"scale{k}"].astype(float), layers))
    return tuple(found)


def log_times(
    features: Floats, hazard: Floats, fractions: Floats, *, by: Sequence[Callable[[Floats], Floats]] | None = None
) -> Floats:
    """Quantiles of the log days: (areas, fractions, 19) from features (areas, d), hazards (areas,), fractions.

    ``fractions`` are those of today's count, (k,) for all areas alike or (areas, k), decreasing along k. Along k and
    along the levels the result does not decrease. ``by`` are other networks than those of the constants file.
    """
    wanted = np.broadcast_to(np.atleast_2d(fractions), (len(features), np.shape(fractions)[-1]))
    areas, k = wanted.shape
    inputs = np.concatenate([np.repeat(features, k, axis=0), describe_target(wanted.ravel())], axis=1)
    corrections = [network(inputs) for network in (load() if by is None else by)]
    base = base_log_time(wanted, hazard[:, None])
    out = base[:, :, None] + np.mean(corrections, axis=0).reshape(areas, k, len(LEVELS))
    middle = out[:, :, len(LEVELS) // 2, None]
    out = middle + SPREAD * (out - middle)
    # the farthest target speaks for itself: a nearer one is not later than it
    ordered = np.minimum.accumulate(out[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(np.minimum(ordered, LARGEST_LOG_TIME))


def of_history(days: Floats, remaining: Floats, eligible: Floats | None, fractions: Floats) -> Floats:
    """Quantiles of the log days of one history: (fractions, 19)."""
    features, hazard = describe(days, remaining, eligible)
    return np.asarray(log_times(features[None, :], np.array([hazard]), fractions)[0])


def at(log_quantiles: Floats, chances: Floats) -> Floats:
    """Days at the given chances (n,) from quantiles of the log days (..., 19): (n, ...).

    Between the levels log time is linear in the normal score; beyond 5 and 95 % the outermost slope goes on.
    """
    scores = np.asarray(ndtri(chances))
    right = np.clip(np.searchsorted(_SCORES, scores), 1, len(LEVELS) - 1)
    weight = (scores - _SCORES[right - 1]) / (_SCORES[right] - _SCORES[right - 1])
    below, above = np.moveaxis(log_quantiles, -1, 0)[right - 1], np.moveaxis(log_quantiles, -1, 0)[right]
    weight = weight.reshape(-1, *([1] * (log_quantiles.ndim - 1)))
    return np.asarray(np.exp(np.minimum(below + weight * (above - below), LARGEST_LOG_TIME)))


def forecast(
    days: Floats,
    eligible: Floats,
    recorded: Floats,
    targets: Sequence[float] | Floats,
    *,
    horizon: float,
    rng: np.random.Generator | None = None,
) -> Floats:
    """Quantiles (5 to 95 %) of the days until at most each of ``targets`` remain: (targets, 19); never is inf.

    ``days`` increase to 0; ``targets`` are remaining counts, decreasing, below today's. Deterministic: ``rng`` is not
    used. A day past ``horizon`` is inf; nothing else depends on it.
    """
    del rng
    remaining = np.asarray(eligible, float) - np.asarray(recorded, float)
    fractions = np.asarray(targets, float) / remaining[-1]
    listed = np.maximum(np.asarray(eligible, float), np.maximum(remaining, 1e-5 * remaining[-1]))
    times = np.exp(of_history(np.asarray(days, float), remaining, listed, fractions))
    return np.where(times > horizon, np.inf, times)
