"""The learnt map: features of a history in, quantiles of the day on which fractions of today's count are reached out.

Five small networks were fitted to simulated campaigns of many kinds (tests/benchmarks/training makes the constants), no
real series among them. Their quantiles of the log time are averaged, recalibrated by two numbers that were chosen on real
series with whole groups left out, and mixed with a steady pace. At run time this is a few matrix products.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.special import ndtri

from ektp_analysis.projection import steady
from ektp_analysis.projection.features import base_log_time, describe_many, describe_target
from ektp_analysis.projection.paths import Floats

CONSTANTS = Path(__file__).with_name("constants.npz")
LEVELS: Floats = np.arange(5, 100, 5) / 100.0
LARGEST_LOG_TIME = 40.0
SPREAD = 1.05  # of the log days about their median: for kinds of campaigns that the library lacks (tests/benchmarks/training)
# Where many of the eligible are left and the history is closely followed, the library's campaigns end sooner than real ones:
# per share left, up to the most that counts, the log days are so much longer and their spread so much narrower; from the
# first number of snapshots on a little, from the second on in full.
LATER_PER_SHARE, NARROWER_PER_SHARE, MOST_SHARE = 2.0, 3.0, 0.4
CLOSELY = (20, 40)
MOST_SNAPSHOTS = 60
# A list that grows or shrinks by so much of itself a year does as a people does (about 2 % turn 17): its pace is a net one, and
# no queue that fills. From the second on it is taken as the networks learnt it; also over fewer than so many days, in which
# nobody can tell.
AS_A_PEOPLE, TELLING_DAYS = (0.03, 0.06), (90, 180)
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
    each = np.split(inputs, areas)  # as if each were asked alone: of more rows at once the products differ in their last bits
    corrections = [np.concatenate([network(rows) for rows in each]) for network in (load() if by is None else by)]
    base = base_log_time(wanted, hazard[:, None])
    out = base[:, :, None] + np.mean(corrections, axis=0).reshape(areas, k, len(LEVELS))
    middle = out[:, :, len(LEVELS) // 2, None]
    out = middle + SPREAD * (out - middle)
    return np.minimum(_ordered(out), LARGEST_LOG_TIME)


def _ordered(log_quantiles: Floats) -> Floats:
    """The farthest target speaks for itself: a nearer one is not later than it."""
    return np.asarray(np.minimum.accumulate(log_quantiles[:, ::-1], axis=1)[:, ::-1])


def of_history(days: Floats, remaining: Floats, eligible: Floats | None, fractions: Floats) -> Floats:
    """Quantiles of the log days of one history: (fractions, 19)."""
    rows = remaining[None, :], None if eligible is None else eligible[None, :]
    return np.asarray(of_histories(days, *rows, np.atleast_1d(fractions))[0])


def of_histories(
    days: Floats,
    remaining: Floats,
    eligible: Floats | None,
    fractions: Floats,
    *,
    by: Sequence[Callable[[Floats], Floats]] | None = None,
) -> Floats:
    """Quantiles of the log days (n, fractions, 19) of n histories seen on the same days.

    ``days`` (t >= 2) increase to 0; ``remaining`` and ``eligible`` are (n, t), the latter None where unknown; ``fractions``
    (k,) or (n, k). At most :data:`MOST_SNAPSHOTS` are looked at, spread over all the time. What the networks say is
    recalibrated by the share left and mixed with a steady pace as far as the history shows one (:mod:`.steady`). ``by`` as in
    :func:`log_times`.
    """
    days, remaining, eligible = thinned(days, remaining, eligible)
    features, hazard = describe_many(days, remaining, None if eligible is None else queued(days, remaining, eligible))
    found = log_times(features, hazard, fractions, by=by)
    if eligible is not None:
        found = recalibrated(found, remaining[:, -1] / np.maximum(eligible[:, -1], 1e-9), len(days))
    weight, pace, error = steady.evidence(days, remaining, eligible)
    at = np.flatnonzero(weight >= steady.LEAST)
    if len(at):
        asked = np.atleast_2d(fractions)
        mean, spread = steady.log_days(
            asked if len(asked) == 1 else asked[at], remaining[at, -1], -float(days[0]), pace[at], error[at]
        )
        found[at] = steady.pooled(found[at], LEVELS, mean, spread, weight[at], LARGEST_LOG_TIME)
    return _ordered(found)


def thinned(days: Floats, remaining: Floats, eligible: Floats | None) -> tuple[Floats, Floats, Floats | None]:
    """At most :data:`MOST_SNAPSHOTS` snapshots, evenly spread over the time, the first and the last among them."""
    if len(days) <= MOST_SNAPSHOTS:
        return days, remaining, eligible
    wanted = np.searchsorted(days, np.linspace(days[0], 0.0, MOST_SNAPSHOTS) - 1e-9)
    kept = np.unique(np.clip(wanted, 0, len(days) - 1))
    seen = np.ascontiguousarray(remaining[:, kept])
    return days[kept], seen, None if eligible is None else np.ascontiguousarray(eligible[:, kept])


def queued(days: Floats, remaining: Floats, eligible: Floats) -> Floats:
    """The eligible (n, t) without what they change by as a people does: today's, as far as they change no faster."""
    (slow, fast), (short, long) = AS_A_PEOPLE, TELLING_DAYS
    span = max(-float(days[0]), 1e-9)
    change = np.abs(np.log(np.maximum(eligible[:, -1], 1e-9) / np.maximum(eligible[:, 0], 1e-9))) * 365.25 / span
    told = np.clip((span - short) / (long - short), 0.0, 1.0)
    share = 1 - told * (1 - np.clip((change - slow) / (fast - slow), 0.0, 1.0))[:, None]
    return np.asarray(np.maximum(share * eligible + (1 - share) * eligible[:, -1:], remaining))


def recalibrated(log_quantiles: Floats, share: Floats, snapshots: int) -> Floats:
    """Quantiles (n, k, 19) for areas of which a share (n,) of the eligible is left after so many snapshots."""
    few, many = CLOSELY
    left = (np.clip(share, 0.0, MOST_SHARE) * np.clip((snapshots - few) / (many - few), 0.0, 1.0))[:, None, None]
    middle = log_quantiles[:, :, len(LEVELS) // 2, None]
    out = middle + LATER_PER_SHARE * left + np.exp(-NARROWER_PER_SHARE * left) * (log_quantiles - middle)
    return np.asarray(np.minimum(out, LARGEST_LOG_TIME))


def at(log_quantiles: Floats, chances: Floats) -> Floats:
    """Days at the given chances (n,) from quantiles of the log days (..., 19): (n, ...).

    Between the levels log time is linear in the normal score; beyond 5 and 95 % the outermost slope goes on.
    """
    scores = np.asarray(ndtri(chances))
    right = np.clip(np.searchsorted(_SCORES, scores), 1, len(LEVELS) - 1)
    weight = (scores - _SCORES[right - 1]) / (_SCORES[right] - _SCORES[right - 1])
    below, out = log_quantiles.take(right - 1, axis=-1), log_quantiles.take(right, axis=-1)
    out -= below
    out *= weight
    out += below
    np.minimum(out, LARGEST_LOG_TIME, out=out)
    return np.moveaxis(np.exp(out, out=out), -1, 0)


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
    listed = np.maximum(np.asarray(eligible, float), 1e-5 * remaining[-1])  # a day of nobody eligible
    times = np.exp(of_history(np.asarray(days, float), remaining, listed, fractions))
    return np.where(times > horizon, np.inf, times)
