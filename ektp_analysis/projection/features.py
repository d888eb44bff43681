"""What a history looks like, free of scale: the same for ten times the people or half the days.

Pure numpy. Pace and share are seen over windows that reach back by fractions of the span, relative to one reference
hazard, so that a campaign of a week and one of two years are the same kind of thing.
"""

from __future__ import annotations

import numpy as np

from ektp_analysis.projection.paths import Floats

LOOK_BACK: Floats = np.array([0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0])  # fractions of the span
COUNT = 2 * (len(LOOK_BACK) - 1) + 14 + 8
UNKNOWN_SHARE = -2.0  # log of the share unrecorded, where the eligible are not known


def describe(days: Floats, remaining: Floats, eligible: Floats | None) -> tuple[Floats, float]:
    """(features, reference hazard per day) of one history; see :func:`describe_many`."""
    features, hazard = describe_many(days, remaining[None, :], None if eligible is None else eligible[None, :])
    return features[0], float(hazard[0])


def describe_many(days: Floats, remaining: Floats, eligible: Floats | None) -> tuple[Floats, Floats]:
    """(features (n, COUNT), reference hazards per day (n,)) of n histories seen on the same days.

    ``days`` (t >= 2) increase to 0; ``remaining`` (n, t) ends above 0; ``eligible`` likewise, or None where unknown.
    The features are: hazard per window, pace per window, what the names at the end say, and :func:`_shape`.
    """
    n, span = len(remaining), float(-days[0])
    now = remaining[:, -1:]
    ratio = np.maximum(remaining / now, 1e-3)
    logs = np.log(ratio)
    gaps, steps, falls = np.diff(days), -np.diff(logs), -np.diff(ratio)
    whole = np.maximum(logs[:, 0], 0.0) / span
    weight = 0.5 ** (-(days[1:] + days[:-1]) / (0.5 * span))
    recent = np.maximum(rowwise(steps, weight) / (weight @ gaps), 0.0)
    hazard = np.maximum(0.5 * (whole + recent), 0.02 / span)
    per_hazard = hazard[:, None]

    look = _interpolation(days, -span * LOOK_BACK)
    widths = np.diff(LOOK_BACK) * span
    by_share = np.diff(rowwise(logs, look)) / widths / per_hazard
    by_pace = np.diff(rowwise(ratio, look)) / widths / per_hazard
    rates = steps / gaps
    mean_rate = (rowwise(rates, gaps) / span)[:, None]
    rough = np.sqrt(rowwise((rates - mean_rate) ** 2, gaps) / span) / hazard
    moving = falls > 0
    last_moving = len(gaps) - 1 - np.argmax(moving[:, ::-1], axis=1)
    silent = np.where(moving.any(axis=1), -days[last_moving + 1] / span, 1.0)
    total = ratio[:, 0] - 1.0
    largest = np.divide(falls.max(axis=1), total, out=np.ones(n), where=total > 0)
    if eligible is None:
        level, growth, unknown = np.full(n, UNKNOWN_SHARE), np.zeros(n), np.ones(n)
        first_level = level + logs[:, 0]
    else:
        level = np.log(np.maximum(now[:, 0] / eligible[:, -1], 1e-5))
        first_level = np.log(np.maximum(remaining[:, 0], 1e-5 * now[:, 0]) / eligible[:, 0])
        growth, unknown = (eligible[:, -1] - eligible[:, 0]) / now[:, 0], np.zeros(n)
    features = np.column_stack(
        [
            _squeeze(by_share),
            _squeeze(by_pace),
            np.log(hazard * span),
            logs[:, 0],
            np.full(n, np.log(len(days))),
            level,
            (~moving).mean(axis=1),
            silent,
            np.log1p(rough),
            np.clip(largest, 0.0, 2.0),
            np.full(n, np.log(gaps[-1] / span)),
            _squeeze(rates[:, -1] / hazard),
            np.arcsinh(growth),
            first_level,
            np.full(n, gaps.max() / span),
            unknown,
            _shape(days, ratio),
        ]
    )
    return np.clip(features, -12.0, 12.0), hazard


def _shape(days: Floats, ratio: Floats) -> Floats:
    """What tells a constant pace from a constant share and from a rest that never comes, and how clearly: (n, 8).

    The pace is regressed on those left, both relative to their means: a slope of 0 is a constant pace, 1 a constant
    share, above 1 a decline that levels off. Beside it: its error, the correlation, a straight line against an
    exponential, the noise that is left and whether it persists.
    """
    span, gaps = float(-days[0]), np.diff(days)
    weight = gaps / span
    left = ratio[:, 1:] + ratio[:, :-1]  # twice as many, of which only the ratio to their mean counts
    pace = -np.diff(ratio) / gaps * span
    pace = pace / np.maximum(rowwise(pace, weight), 1e-3)[:, None]
    about = left / rowwise(left, weight)[:, None] - 1.0
    faster = pace - rowwise(pace, weight)[:, None]
    spread, joint = rowwise(about**2, weight) + 1e-6, rowwise(about * faster, weight)
    noise = rowwise(faster**2, weight)
    slope = joint / spread
    rest = faster - slope[:, None] * about
    left_over = np.maximum(rowwise(rest**2, weight), 0.0)
    error = np.sqrt(left_over / max(len(gaps) - 2, 0.5) / spread)
    persists = rowwise(rest[:, 1:] * rest[:, :-1], np.sqrt(weight[1:] * weight[:-1])) / (left_over + 1e-6)
    straight, bent = _misfit(days / span, weight, ratio), _misfit(days / span, weight, np.log(ratio))
    return np.column_stack(
        [
            _squeeze(slope),
            np.log(error + 0.02),
            joint / np.sqrt(spread * noise + 1e-9),
            np.log((straight + 1e-5) / (bent + 1e-5)),
            np.log(straight + 1e-5),
            np.log(left_over + 1e-3),
            persists,
            np.clip((slope - 0.5) / (error + 0.1), -6.0, 6.0),
        ]
    )


def _misfit(time: Floats, weight: Floats, values: Floats) -> Floats:
    """Mean squared distance from a straight line in time, relative to the fall squared: (n,) from values (n, t)."""
    cell = (np.r_[0.0, weight] + np.r_[weight, 0.0]) / 2
    about = time - time @ cell
    off = values - rowwise(values, cell)[:, None]
    off = off - (rowwise(off, cell * about) / (about**2 @ cell))[:, None] * about
    return np.asarray(rowwise(off**2, cell) / np.maximum(values[:, 0] - values[:, -1], 1e-3) ** 2)


def rowwise(rows: Floats, by: Floats) -> Floats:
    """``rows`` (n, t) times ``by`` (t,) or (t, k), each row as if it were the only one: of several rows at once BLAS adds up
    in another order, and the last bits differ."""
    return np.asarray((rows[:, None, :] @ by)[:, 0])


def _interpolation(days: Floats, at: Floats) -> Floats:
    """Matrix (t, k) that takes values on ``days`` to values at ``at``, linear between the days."""
    right = np.clip(np.searchsorted(days, at), 1, len(days) - 1)
    share = (at - days[right - 1]) / (days[right] - days[right - 1])
    out = np.zeros((len(days), len(at)))
    columns = np.arange(len(at))
    out[right, columns], out[right - 1, columns] = share, 1.0 - share
    return out


def describe_target(fraction: Floats) -> Floats:
    """Features of remaining fractions (0 to below 1) of today's count: array (n, 5)."""
    f = np.asarray(fraction, float)
    none, few = (f <= 0).astype(float), (f < 0.02).astype(float)
    return np.stack([np.log(np.maximum(f, 0.01)), f, none, few, np.log(-np.log(np.clip(f, 0.005, 0.995)))], axis=-1)


def base_log_time(fraction: Floats, hazard: Floats | float) -> Floats:
    """Log of the days to a fraction at a constant share: what the learnt map corrects."""
    return np.asarray(np.log(-np.log(np.clip(fraction, 0.01, 0.995))) - np.log(hazard))


def _squeeze(relative: Floats) -> Floats:
    """A relative rate, its large values drawn in."""
    return np.asarray(np.arcsinh(3.0 * relative) / 1.8)
