"""The plain forecaster: a mixture of a constant pace and a constant share, with drift and a hard core.

Pure numpy. Half of the draws let the same number of people come each day, half the same share of those who remain,
down to a hard core of unknown size. The pace itself is uncertain (few snapshots), and it drifts: the farther the day,
the wider the spread.
"""

from __future__ import annotations

import numpy as np

from ektp_analysis.projection.paths import FRACTIONS, Floats, Paths, monotone

PACE_SPREAD = 0.35  # of the log pace, with endless snapshots
FEW_SPREAD = 0.6  # added spread, falling with the root of the intervals seen
DRIFT = 0.45  # growth of the log spread with the root of the log of (time ahead / time seen)
HARD_CORE_CHANCE = 0.3
STOPS_CHANCE = 0.06  # the campaign ends before it is done, whatever the pace was
LAST_PERSON = 1e-3  # the fraction at which a shrinking share counts as zero


def draw_paths(days: Floats, remaining: Floats, rng: np.random.Generator, *, draws: int = 2000) -> Paths:
    """Paths from one history: ``days`` increasing to 0, ``remaining`` of the same length (>= 2), last above 0."""
    now, span = float(remaining[-1]), float(-days[0])
    intervals = len(days) - 1
    pace, share = _rates(days, remaining)
    spread = np.hypot(PACE_SPREAD, FEW_SPREAD / np.sqrt(intervals))
    z = rng.standard_normal(draws)
    is_pace = rng.random(draws) < 0.5
    core = np.where((rng.random(draws) < HARD_CORE_CHANCE) & ~is_pace, rng.random(draws) ** 2, 0.0)
    linear = (1.0 - FRACTIONS)[None, :] * now / pace
    above = (np.maximum(FRACTIONS, LAST_PERSON)[None, :] - core[:, None]) / (1.0 - core[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        shrinking = np.where(above > 0, -np.log(np.clip(above, 1e-300, 1.0)) / share, np.inf)
        base = np.where(is_pace[:, None], linear, shrinking)
        drift = DRIFT * np.sqrt(np.log1p(base / span)) * rng.standard_normal(draws)[:, None]
        stretch = np.exp(spread * z[:, None] + np.where(np.isfinite(drift), drift, 0.0))
        times = np.where(np.isfinite(base), base * stretch, np.inf)
    stops = np.where(rng.random(draws) < STOPS_CHANCE, rng.random(draws), -1.0)
    times[FRACTIONS[None, :] < stops[:, None]] = np.inf
    return monotone(now, times)


def _rates(days: Floats, remaining: Floats) -> tuple[float, float]:
    """People a day, and share of the remaining a day; recent intervals count more (half-life: a third of the span)."""
    gaps, falls = np.diff(days), -np.diff(remaining)
    middle = (days[1:] + days[:-1]) / 2
    weight = 0.5 ** (-middle / max(-days[0] / 3.0, 1e-9))
    floor = 0.02 * max(remaining[0] - remaining[-1], remaining[-1] * 0.01) / max(-days[0], 1e-9)
    pace = max(float((weight * falls).sum() / (weight * gaps).sum()), floor)
    logs = -np.diff(np.log(np.maximum(remaining, 0.5)))
    share = max(float((weight * logs).sum() / (weight * gaps).sum()), floor / max(remaining[-1], 1.0))
    return pace, share
