"""What a history looks like, free of scale: the same for ten times the people or half the days.

Pure numpy. Pace and share are seen over windows that reach back by fractions of the span, relative to one reference
hazard, so that a campaign of a week and one of two years are the same kind of thing.
"""

from __future__ import annotations

import numpy as np

from ektp_analysis.projection.paths import Floats

LOOK_BACK: Floats = np.array([0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0])  # fractions of the span
COUNT = 2 * (len(LOOK_BACK) - 1) + 14
TARGET_COUNT = 5
UNKNOWN_SHARE = -2.0  # log of the share unrecorded, where the eligible are not known


def describe(days: Floats, remaining: Floats, eligible: Floats | None) -> tuple[Floats, float]:
    """(features, reference hazard per day) of one history.

    ``days`` increase to 0, ``remaining`` has the same length (>= 2) and ends above 0; ``eligible`` likewise or None.
    The features are: hazard per window, pace per window, then what the names at the end say; see the code.
    """
    now, span = float(remaining[-1]), float(-days[0])
    ratio = np.maximum(remaining / now, 1e-3)
    logs = np.log(ratio)
    gaps, steps, falls = np.diff(days), -np.diff(logs), -np.diff(ratio)
    whole = max(float(logs[0]), 0.0) / span
    weight = 0.5 ** (-(days[1:] + days[:-1]) / (0.5 * span))
    recent = max(float((weight * steps).sum() / (weight * gaps).sum()), 0.0)
    hazard = max(0.5 * (whole + recent), 0.02 / span)

    widths = np.diff(LOOK_BACK) * span
    by_share = np.diff(np.interp(-span * LOOK_BACK, days, logs)) / widths / hazard
    by_pace = np.diff(np.interp(-span * LOOK_BACK, days, ratio)) / widths / hazard
    rates = steps / gaps
    mean_rate = float((rates * gaps).sum() / span)
    rough = float(np.sqrt((gaps * (rates - mean_rate) ** 2).sum() / span)) / hazard
    moving = np.flatnonzero(falls > 0)
    silent = float(-days[moving[-1] + 1]) / span if len(moving) else 1.0
    total = float(ratio[0]) - 1.0
    largest = float(falls.max()) / total if total > 0 else 1.0
    if eligible is None:
        level, first_level, growth, unknown = UNKNOWN_SHARE, UNKNOWN_SHARE + float(logs[0]), 0.0, 1.0
    else:
        level = float(np.log(max(now / eligible[-1], 1e-5)))
        first_level = float(np.log(max(float(remaining[0]), 1e-5 * now) / eligible[0]))
        growth, unknown = float(eligible[-1] - eligible[0]) / now, 0.0
    features = np.concatenate([_squeeze(by_share), _squeeze(by_pace), [
        np.log(hazard * span), float(logs[0]), np.log(len(days)), level, float((falls <= 0).mean()), silent,
        np.log1p(rough), min(max(largest, 0.0), 2.0), np.log(gaps[-1] / span), float(_squeeze(rates[-1] / hazard)),
        np.arcsinh(growth), first_level, float(gaps.max()) / span, unknown]])
    return np.clip(features, -12.0, 12.0), hazard


def describe_target(fraction: Floats) -> Floats:
    """Features of remaining fractions (0 to below 1) of today's count: array (n, 5)."""
    f = np.asarray(fraction, float)
    return np.stack([np.log(np.maximum(f, 0.01)), f, (f <= 0) * 1.0, (f < 0.02) * 1.0,
                     np.log(-np.log(np.clip(f, 0.005, 0.995)))], axis=-1)


def base_log_time(fraction: Floats, hazard: Floats | float) -> Floats:
    """Log of the days to a fraction at a constant share: what the learnt map corrects."""
    return np.asarray(np.log(-np.log(np.clip(fraction, 0.01, 0.995))) - np.log(hazard))


def _squeeze(relative: Floats) -> Floats:
    """A relative rate, its large values drawn in."""
    return np.asarray(np.arcsinh(3.0 * relative) / 1.8)
