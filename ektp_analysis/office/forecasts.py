"""The projection on what the store holds: replayed on its own past as it was known then, and jointly for all areas inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from ektp_analysis import datafiles
from ektp_analysis.area import Level, level_of
from ektp_analysis.office.families import Figures, project_area, scope, together
from ektp_analysis.office.stores import Office
from ektp_analysis.projection import (
    NOT_REACHED,
    Backtest,
    History,
    Meaning,
    NotReached,
    Projection,
    Said,
    Together,
    Verdict,
    backtest,
)
from ektp_analysis.projection.single import date_quantiles
from ektp_analysis.targets import Target

STEPS = (Decimal("0.001"), Decimal("0.002"), Decimal("0.005"), Decimal("0.01"), Decimal("0.02"), Decimal("0.05"), Decimal("0.1"))
RIVER = ("origin", "q10", "q50", "q90", "came", "moved_by")
BENCHMARK = datafiles.DATA / "benchmark.csv"
BENCHMARK_COLUMNS = ("family", "kind", "ratio", "cover80", "late", "wrong_never", "false_promise")


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


@dataclass(frozen=True)
class Jointly:
    """The areas directly below an area, projected jointly; ``all_of_them`` is the day on which the last one arrives.

    ``without`` are the areas of which nothing can be said yet; where there are any, nothing is said of all of them.
    """

    together: Together
    all_of_them: Projection
    without: tuple[str, ...] = ()


def replay(now: Office, rolled: pd.DataFrame, area: str, target: Target,
           step: Callable[[float], object] | None = None) -> Replay:
    """What would have been said at each snapshot of the area, with what was known when it came in; beside what came.

    ``rolled`` holds the present figures of the area and of those around it, up to the day that is chosen (see
    :func:`~ektp_analysis.office.families.around`). ``step`` hears how much is done, 0 to 1.
    """
    known = Known(now, rolled, area)
    present = known.present.history(area)

    def ask(day: date) -> tuple[Projection, History]:
        if step is not None:
            step(present.dates.index(day) / len(present.dates))
        then = known.on(day)
        return project_area(then, area, target, upto=day), then.history(area, day)

    found = backtest(present, target, ask=ask)
    last, said = project_area(known.present, area, target), found.said
    if last.answered and last.origin is not None:
        said = (*said, Said(last.origin, last, NOT_REACHED, 0, NOT_REACHED, NOT_REACHED))
    river = replace(found, said=said).river() if said else pd.DataFrame(columns=list(RIVER))
    return Replay(river, found.projection, found.line, found.last_pace,
                  calibration(found), sum(not isinstance(one.came, NotReached) for one in found.said))


class Known:
    """The figures that an answer about an area rests on, as they were known when its snapshot of a day first came in."""

    def __init__(self, now: Office, rolled: pd.DataFrame, area: str) -> None:
        self._store, self._area = now.store, area
        self.present = Figures.of(rolled, area)
        self._then: dict[datetime, Figures] = {}
        self._moments: dict[date, list[datetime]] = {}
        batches = sorted(now.store.batches(), key=lambda batch: (batch.received_at, batch.id))
        for batch in batches:
            for day in batch.as_of_dates:
                self._moments.setdefault(day, []).append(batch.received_at)
        first = [self._moments[day][0] for day in sorted(self._moments)]
        # Each day in one file, the files in the order of their days, none taken back: then nothing was ever known otherwise.
        self._plain = (all(len(moments) == 1 for moments in self._moments.values()) and first == sorted(first)
                       and not any(batch.retracted for batch in batches))

    def on(self, day: date) -> Figures:
        """The figures as known then, to be looked at up to ``day``; none where the area never had a figure for that day."""
        if self._plain:
            return self.present
        for moment in self._moments.get(day, []):
            if moment not in self._then:
                if not self._gave(day, moment):
                    continue
                figures = self._store.figures(within=scope(self._area), known_at=moment)
                self._then[moment] = Figures.of(figures, self._area)
            if day in self._then[moment].days(self._area):
                return self._then[moment]
        return Figures.of(self._store.figures(within=self._area).iloc[:0], self._area)

    def _gave(self, day: date, moment: datetime) -> bool:
        """Whether the area, or one in it, had a figure for the day by then: looked at before all its sisters are read."""
        return bool((self._store.figures(within=self._area, known_at=moment)["as_of_date"] == pd.Timestamp(day)).any())


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
    for level in range(5, 100, 5):
        if not event.any() or not (at >= level / 100).any():
            continue
        survival = 1.0
        for point in np.unique(at[event & (at <= level / 100)]):
            survival *= 1 - (event & (at == point)).sum() / (at >= point).sum()
        rows.append({"level": level, "share": 1 - survival})
    return pd.DataFrame(rows, columns=["level", "share"])


def jointly(rolled: pd.DataFrame, area: str, target: Target, meaning: Meaning | None = None, *,
            horizon_days: int = 730) -> Jointly | None:
    """The areas directly below, projected with joint draws; None where none of them has a figure of the unrecorded.

    ``rolled`` is what :func:`~ektp_analysis.office.families.around` gives; each area is what it is when asked for alone.
    """
    found = None if level_of(area) is Level.DESA else together(
        rolled, area, target, meaning=meaning, horizon_days=horizon_days)
    if found is None:
        return None
    whole, days = found.whole, np.sort(found.all_reached)
    quantiles = {} if found.origin is None else date_quantiles(days, found.origin, whole.horizon_days)
    without = tuple(code for code, child in found.children.items()
                    if child.reason is not None and child.reason.code != "already_reached")
    return Jointly(found, replace(whole, origin=found.origin, quantiles=quantiles, reason=None, draws=days, paths=None,
                                  notes=()), without)


def by_risk(found: Jointly, by: date) -> pd.DataFrame:
    """The areas below, the one most at risk first: the least chance by ``by``, then the most chance of being last.

    Columns: area_code, unrecorded (today), q10, q50, q90 (dates; missing past the horizon), chance_by (0 to 1, missing
    where nothing can be said), chance_last (missing where something is unknown of any area), answered.
    """
    last = found.together.last()
    rows = []
    for code, child in found.together.children.items():
        dates = {f"q{level}": _stamp(child, level) for level in (10, 50, 90)}
        low, high = child.inputs.unrecorded[-1]
        rows.append({"area_code": code, "unrecorded": round((low + high) / 2) if child.inputs.unit == "people" else pd.NA,
                     **dates, "chance_by": child.probability_by(by), "chance_last": pd.NA if found.without else last[code],
                     "answered": child.answered})
    out = pd.DataFrame(rows).astype({"unrecorded": "Int64", "chance_by": "Float64", "chance_last": "Float64"})
    return out.sort_values(["chance_by", "chance_last", "unrecorded"], ascending=[True, False, False], na_position="first",
                           kind="stable", ignore_index=True)


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


def _stamp(child: Projection, level: int) -> pd.Timestamp:
    day = child.quantiles.get(level, NOT_REACHED)
    return pd.NaT if isinstance(day, NotReached) else pd.Timestamp(day)
