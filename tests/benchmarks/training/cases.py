"""From simulated campaigns to training cases: what was seen on a day, and when each fraction was reached."""

from __future__ import annotations

import numpy as np

from ektp_analysis.projection.features import describe

FRACTIONS = (0.9, 0.75, 0.5, 0.25, 0.10, 0.05, 0.0)
COVERAGES = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
LONGEST = 365.0
NEVER = 3000.0  # what stands still for good is known not to have come for so long
UNKNOWN_ELIGIBLE = 0.1  # share of the cases in which the eligible are withheld


def schedule(rng, i):
    """Positions of the snapshots seen on day ``i``, the last of them ``i``."""
    kind = rng.integers(6)
    if kind == 0:
        return np.arange(max(0, i - 59), i + 1)
    if kind == 1:
        return np.arange(i, -1, -7)[::-1][-60:]
    if kind in (2, 5):
        window = min(i, int(rng.choice([20, 90, 90, 200])))
        few = min(window, rng.integers(1, 8 if kind == 2 else 20))
        return np.r_[np.sort(rng.choice(np.arange(i - window, i), few, replace=False)), i]
    if kind == 3:
        return np.arange(i, -1, -int(rng.choice([2, 3, 5, 14, 30])))[::-1][-rng.integers(3, 60) :]
    return np.arange(max(0, i - rng.integers(2, 60)), i + 1)


def origins(rng, remaining, eligible, end):
    """Days from which to look ahead: a random one, the day a coverage is reached, and two amid activity."""
    chosen = {int(rng.uniform(0.03, 0.7) * end)}
    reached = np.flatnonzero(1 - remaining / eligible >= rng.choice(COVERAGES))
    if len(reached) and reached[0] >= 5:
        chosen.add(int(reached[0]))
    moving = np.flatnonzero(np.diff(remaining) < 0)
    if len(moving) > 6:
        chosen.update(int(day) for day in np.quantile(moving, rng.random(2)))
    return [i for i in sorted(chosen) if i >= 4 and end - 1 - i >= 8 and remaining[i] >= 2]


def first_passage(future, targets):
    """Days until the series is at or below each target; inf where it never is."""
    at = np.searchsorted(-np.minimum.accumulate(future), -targets, side="left")
    return np.where(at < len(future), at + 1.0, np.inf)


def known_for(future):
    """Days for which it is known what came: the length of the series, or NEVER where it stands still for good."""
    quiet = len(future) * 2 // 5
    return NEVER if quiet >= 100 and future[-quiet] == future[-1] else float(len(future))


def cases(rng, generate, n, steps=700):
    """Cases of ``n`` campaigns: features (m, d), hazard, horizon and known (m,), fraction and days (m, 8; NaN none).

    ``horizon`` is that of the score; ``known`` how long the campaign was watched.
    """
    all_remaining, all_eligible = generate(rng, n, steps)
    found = {name: [] for name in ("features", "hazard", "fraction", "days", "horizon", "known")}
    for remaining, eligible in zip(all_remaining, all_eligible, strict=True):
        end = int(steps * rng.choice([1, 1, 0.7, 0.5])) if rng.random() < 0.6 else steps
        for i in origins(rng, remaining, eligible, end):
            seen = schedule(rng, i)
            if len(seen) < 2 or remaining[seen[0]] - remaining[i] < max(1, 0.01 * remaining[i]):
                continue
            known = None if rng.random() < UNKNOWN_ELIGIBLE else eligible[seen]
            features, hazard = describe((seen - i).astype(float), remaining[seen], known)
            odd = rng.random() if rng.random() < 0.5 else 10 ** rng.uniform(-2.5, 0)
            targets = np.floor(np.array([*FRACTIONS, odd]) * remaining[i])
            below = targets < remaining[i]
            found["features"].append(features)
            found["hazard"].append(hazard)
            found["fraction"].append(np.where(below, targets / remaining[i], np.nan))
            found["days"].append(np.where(below, first_passage(remaining[i + 1 :], targets), np.nan))
            found["horizon"].append(min(end - 1 - i, LONGEST))
            found["known"].append(known_for(remaining[i + 1 :]))
    return {name: np.array(values) for name, values in found.items()}
