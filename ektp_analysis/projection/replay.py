"""The answer about an area replayed on its own past, as it was known then; and how it did on public series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from ektp_analysis.core import settings
from ektp_analysis.core.recent import Recent
from ektp_analysis.core.targets import Target
from ektp_analysis.projection.answers import Ground, answer
from ektp_analysis.projection.backtest import Backtest, Said, Verdict, look_back
from ektp_analysis.projection.history import History
from ektp_analysis.projection.result import LEVELS, NOT_REACHED, NotReached, Projection

STEPS = (Decimal("0.001"), Decimal("0.002"), Decimal("0.005"), Decimal("0.01"), Decimal("0.02"), Decimal("0.05"), Decimal("0.1"))
RIVER = ("origin", "q10", "q50", "q90", "came", "moved_by")
BENCHMARK = settings.DATA / "benchmark.csv"
BENCHMARK_COLUMNS = ("family", "kind", "ratio", "cover80", "late", "wrong_never", "false_promise")
KEPT = 2048  # past answers, about 12 kB each
GroundAt = Callable[[date | None], Ground]


@dataclass(frozen=True)
class Replay:
    """The past answers about one area and target.

    ``river`` has a row for each answer, the present one last (origin, q10, q50, q90, came, moved_by); ``came`` counts
    the answers whose day has come since. ``calibration`` has level (5 to 95) and share (0 to 1, of the outcomes that
    came by the day given with that chance); it is empty while no outcome is known.
    """

    river: pd.DataFrame
    projection: Verdict
    line: Verdict
    last_pace: Verdict
    calibration: pd.DataFrame
    came: int


class _Said:
    """Past answers without their paths, kept by all that they rest on: what comes in changes few of them, or none."""

    def __init__(self) -> None:
        self._made = Recent[tuple[str, str, date, str], Projection](KEPT)

    def of(self, ground: Ground, area: str, target: Target, day: date) -> Projection:
        key = area, target.key, day, ground.digest(day)
        found = self._made.get(key)
        if found is None:
            found = self._made.put(key, replace(answer(ground, area, target, upto=day), paths=None))
        return found


_SAID = _Said()


def replay(ground_at: GroundAt, area: str, target: Target, step: Callable[[float], object] | None = None) -> Replay:
    """What would have been said at each snapshot of the area, with what was known when it came in; beside what came.

    ``ground_at(day)`` gives the figures of the area and of those around it as they were known when its snapshot of that day
    first came in, ``ground_at(None)`` the present ones. ``step`` hears how much is done, 0 to 1.
    """
    now = ground_at(None)
    present = now.history(area)

    def ask(day: date) -> tuple[Projection, History]:
        if step is not None:
            step(present.dates.index(day) / len(present.dates))
        then = ground_at(day)
        return _SAID.of(then, area, target, day), then.history(area, day)

    found = look_back(present, ask)
    last, said = answer(now, area, target), found.said
    if last.answered and last.origin is not None:
        said = (*said, Said(last.origin, last, NOT_REACHED, 0, NOT_REACHED, NOT_REACHED))
    river = replace(found, said=said).river() if said else pd.DataFrame(columns=list(RIVER))
    return Replay(
        river,
        found.projection,
        found.line,
        found.last_pace,
        calibration(found),
        sum(not isinstance(one.came, NotReached) for one in found.said),
    )


def calibration(found: Backtest) -> pd.DataFrame:
    """Level (per cent) and share of the outcomes that came by the day that had been given with that chance.

    Kaplan and Meier's estimate over the chances at which the outcomes fell: an answer whose day has not come yet counts
    as later than the last snapshot, no more and no less. A level beyond all that is known is left out.
    """
    chances, events = [], []
    for one in found.said:
        came = not isinstance(one.came, NotReached)
        days = (one.came - one.origin).days if not isinstance(one.came, NotReached) else one.watched
        draws = one.projection.draws
        # The day itself counts half: days are whole, so a chance jumps there.
        chances.append(float((draws <= days).mean() + ((draws <= days - 1).mean() if came else (draws <= days).mean())) / 2)
        events.append(came)
    at, event = np.array(chances), np.array(events, bool)
    rows = []
    for level in LEVELS:
        if not event.any() or not (at >= level / 100).any():
            continue
        survival = 1.0
        for point in np.unique(at[event & (at <= level / 100)]):
            survival *= 1 - (event & (at == point)).sum() / (at >= point).sum()
        rows.append({"level": level, "share": 1 - survival})
    return pd.DataFrame(rows, columns=["level", "share"])


def milestones(history: pd.DataFrame, most: int = 3) -> tuple[Target, ...]:
    """Round coverages that the history has passed, lowest first: targets whose outcome is known."""
    known = history["coverage"].dropna()
    if known.empty:
        return ()
    first, last = (Decimal(str(round(float(value), 6))) for value in (known.iloc[0], known.iloc[-1]))
    for step in STEPS:
        shares = _between(first, min(last, Decimal("0.9999")), step)
        if len(shares) <= most:
            return tuple(Target.of(share) for share in shares)
    return ()


def benchmark(path: Path = BENCHMARK) -> pd.DataFrame:
    """The projection on public countdown series, by family: columns BENCHMARK_COLUMNS and source; empty where not there.

    ``ratio`` is the error (CRPS) over that of the straight line; the others are shares, 0 to 1.
    """
    columns = [*BENCHMARK_COLUMNS, "source"]
    return pd.read_csv(path).reindex(columns=columns) if path.is_file() else pd.DataFrame(columns=columns)


def _between(first: Decimal, last: Decimal, step: Decimal) -> Sequence[Decimal]:
    begin = (first // step + 1) * step
    return [begin + i * step for i in range(int((last - begin) // step) + 1)] if begin <= last else []
