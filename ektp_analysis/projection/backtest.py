"""The projection on its own past: at each snapshot, what would have been said then, and what came.

Beside it stand the straight line through the last snapshots and 'as in the last interval'. What has not come yet is
censored: the day is at least as far as the last snapshot, and counts so in every score.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ektp_analysis.projection.history import History
from ektp_analysis.projection.paths import Floats
from ektp_analysis.projection.result import LEVELS, NOT_REACHED, NotReached, Projection

CHANCES = np.array(LEVELS) / 100.0
LINE_SNAPSHOTS = 5
Ask = Callable[[date], tuple[Projection, History]]


@dataclass(frozen=True)
class Said:
    """What was said on ``origin``, and what came.

    ``came`` is the day on which the target was first met, NOT_REACHED while it is not; ``watched`` the days from the
    origin to the last snapshot. ``line`` and ``last_pace`` are what the two simple rules would have said.
    """

    origin: date
    projection: Projection
    came: date | NotReached
    watched: int
    line: date | NotReached
    last_pace: date | NotReached


@dataclass(frozen=True)
class Verdict:
    """One forecaster over the whole past. Shares are 0 to 1; None where nothing can be judged yet.

    ``cover80`` and ``cover50``: share of the days inside the interval (what has not come yet is inside as long as the
    interval goes on); ``hit_rate``: share of the answers whose median
    was on the right side of the last snapshot; ``bias_days``: median of what came minus what was said (above 0: too
    early); ``crps_days``: mean score.
    """

    cases: int
    cover80: float | None
    cover50: float | None
    hit_rate: float | None
    bias_days: float | None
    crps_days: float | None


@dataclass(frozen=True)
class Backtest:
    """Every past answer, oldest first, and the verdicts on the projection and on the two simple rules."""

    said: tuple[Said, ...]
    projection: Verdict
    line: Verdict
    last_pace: Verdict

    def river(self) -> pd.DataFrame:
        """How the projected day moved: origin, q10, q50, q90 (dates; <NA> past the horizon), came, what moved it."""
        rows = []
        for before, item in zip((None, *self.said), self.said, strict=False):
            q = item.projection.quantiles
            rows.append(
                {
                    "origin": pd.Timestamp(item.origin),
                    **{f"q{k}": _stamp(q.get(k, NOT_REACHED)) for k in (10, 50, 90)},
                    "came": _stamp(item.came),
                    "moved_by": _moved_by(before, item),
                }
            )
        return pd.DataFrame(rows, columns=["origin", "q10", "q50", "q90", "came", "moved_by"])


def look_back(present: History, ask: Ask, *, horizon_days: int = 730) -> Backtest:
    """What was said of one area at each of its snapshots but the last, and what came, by its present history.

    ``ask(day)`` gives what was said on that day, and the history that it was said of.
    """
    said = []
    for i, origin in enumerate(present.dates[:-1]):
        found, then = ask(origin)
        if not found.answered or found.origin != origin:
            continue
        line, last = _line(then, _allowed(found), LINE_SNAPSHOTS), _line(then, _allowed(found), 2)
        said.append(
            Said(
                origin, found, _came(present, i, found), int(present.days[-1] - present.days[i]), found.day(line), found.day(last)
            )
        )
    watched = np.array([min(item.watched, horizon_days) for item in said], float)
    outcome = np.array([_days(item.came, item.origin) for item in said])
    quantiles = np.array([[_days(item.projection.quantiles[round(100 * p)], item.origin) for p in CHANCES] for item in said])
    lines, lasts = (
        np.array([[_days(getattr(item, name), item.origin)] * len(CHANCES) for item in said]) for name in ("line", "last_pace")
    )
    return Backtest(
        tuple(said), *(_verdict(q.reshape(len(said), len(CHANCES)), outcome, watched) for q in (quantiles, lines, lasts))
    )


def _verdict(quantiles: np.ndarray, outcome: np.ndarray, watched: np.ndarray) -> Verdict:
    if not len(outcome):
        return Verdict(0, None, None, None, None, None)
    middle = len(CHANCES) // 2
    came = outcome <= watched
    both = came & (quantiles[:, middle] <= watched)

    def inside(low: int, high: int) -> float:
        held = (outcome >= quantiles[:, low]) & (outcome <= quantiles[:, high])
        return float(np.where(came, held, quantiles[:, high] > watched).mean())

    return Verdict(
        len(outcome),
        inside(1, 17),
        inside(4, 14),
        float((came == (quantiles[:, middle] <= watched)).mean()),
        float(np.median((outcome - quantiles[:, middle])[both])) if both.any() else None,
        float(capped_crps(quantiles, CHANCES, outcome, watched).mean()),
    )


def _allowed(found: Projection) -> float:
    if found.inputs.unit == "share":
        return 0.0 if found.target.share is None else float(1 - found.target.share)
    return 0.0 if found.inputs.allowed is None else float(np.mean(found.inputs.allowed))


def _line(past: History, allowed: float, snapshots: int) -> float:
    """Days until a straight line through the last snapshots is at ``allowed``; inf where it does not fall."""
    days, counts = past.days[-snapshots:], past.middle[-snapshots:]
    if len(days) < 2:
        return float("inf")
    slope = float(np.polyfit(days, counts, 1)[0])
    return float(max(counts[-1] - allowed, 0.0) / -slope) if slope < 0 else float("inf")


def _came(present: History, i: int, found: Projection) -> date | NotReached:
    """The first snapshot after position ``i`` at or below what the target allowed."""
    met = np.flatnonzero(present.low[i + 1 :] <= _allowed(found))
    return present.dates[i + 1 + int(met[0])] if len(met) else NOT_REACHED


def _days(day: date | NotReached, origin: date) -> float:
    return float("inf") if isinstance(day, NotReached) else float((day - origin).days)


def _stamp(day: date | NotReached) -> pd.Timestamp:
    return pd.NaT if isinstance(day, NotReached) else pd.Timestamp(day)


def _moved_by(before: Said | None, now: Said) -> str:
    """'first', 'break', 'revision' (an earlier figure changed) or 'data' (a new snapshot)."""
    if before is None:
        return "first"
    if any(found.on > before.origin for found in now.projection.inputs.breaks):
        return "break"
    earlier = dict(zip(before.projection.inputs.dates, before.projection.inputs.unrecorded, strict=True))
    later = dict(zip(now.projection.inputs.dates, now.projection.inputs.unrecorded, strict=True))
    return "revision" if any(later.get(day) != value for day, value in earlier.items()) else "data"


def capped_crps(quantiles: Floats, levels: Floats, observed: Floats, horizon: Floats) -> Floats:
    """Twice the mean pinball loss over the levels, forecast and outcome capped at the horizon: (n,) from (n, k)."""
    cap = np.asarray(horizon, float)
    q, y = np.minimum(quantiles, cap[:, None]), np.minimum(observed, cap)[:, None]
    return np.asarray(2 * np.maximum(levels * (y - q), (levels - 1) * (y - q)).mean(axis=1))
