"""The answer about an area replayed on its own past, as it was known then; and how it did on public series."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from ektp_analysis.core import settings
from ektp_analysis.core.recent import Recent
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T
from ektp_analysis.projection.ahead import restored, sealed, stored, unsealed
from ektp_analysis.projection.answers import Ground, answer
from ektp_analysis.projection.backtest import Backtest, Said, Verdict, look_back
from ektp_analysis.projection.history import Break, History
from ektp_analysis.projection.result import LEVELS, NOT_REACHED, Inputs, NotReached, Projection, Reason

STEPS = (Decimal("0.001"), Decimal("0.002"), Decimal("0.005"), Decimal("0.01"), Decimal("0.02"), Decimal("0.05"), Decimal("0.1"))
RIVER = ("origin", "q10", "q50", "q90", "came", "moved_by")
BENCHMARK = settings.DATA / "benchmark.csv"
BENCHMARK_COLUMNS = ("family", "kind", "ratio", "cover80", "late", "wrong_never", "false_promise")
KEPT = 2048  # past answers, about 12 kB each
_UNSAID = T("")
_NONE: Mapping[str, Projection] = MappingProxyType({})
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


Pasts = Mapping[str, Projection]  # past answers about an area and a target, by a name for the figures that each rests on


class _Said:
    """Past answers without their paths, kept by all that they rest on: what comes in changes few of them, or none."""

    def __init__(self) -> None:
        self._made = Recent[tuple[str, str, str], Projection](KEPT)

    def of(self, ground: Ground, area: str, target: Target, day: date, at_hand: Pasts) -> tuple[str, Projection]:
        """The past answer, and its name; ``at_hand``: those that another process made before."""
        name = f"{day.isoformat()} {ground.digest(day)}"
        key = area, target.key, name
        found = self._made.get(key) or at_hand.get(name)
        if found is None:
            found = replace(answer(ground, area, target, upto=day), paths=None)
        return name, self._made.put(key, found)


_SAID = _Said()


def replay(
    ground_at: GroundAt,
    area: str,
    target: Target,
    step: Callable[[float], object] | None = None,
    at_hand: Pasts = _NONE,
    asked: dict[str, Projection] | None = None,
) -> Replay:
    """What would have been said at each snapshot of the area, with what was known when it came in; beside what came.

    ``ground_at(day)`` gives the figures of the area and of those around it as they were known when its snapshot of that day
    first came in, ``ground_at(None)`` the present ones. ``step`` hears how much is done, 0 to 1. ``at_hand``: past answers that
    need not be made again; ``asked`` is given all that were asked for, in their order.
    """
    now = ground_at(None)
    present = now.history(area)

    def ask(day: date) -> tuple[Projection, History]:
        if step is not None:
            step(present.dates.index(day) / len(present.dates))
        then = ground_at(day)
        name, said = _SAID.of(then, area, target, day, at_hand)
        if asked is not None:
            asked[name] = said
        return said, then.history(area, day)

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


def packed(pasts: Mapping[str, Projection]) -> bytes:
    """Past answers as bytes, as far as a replay looks at them: :func:`unpacked` gives what is replayed to the same."""
    heads, draws = [], []
    for name, one in pasts.items():
        seen = one.inputs
        kept, short = stored(np.sort(one.draws))
        heads.append(
            {
                "name": name,
                "meaning": one.meaning,
                "origin": _ordinal(one.origin),
                "horizon": one.horizon_days,
                "quantiles": [[level, _ordinal(day)] for level, day in one.quantiles.items()],
                "method": one.method,
                "seed": one.seed,
                "reason": None if one.reason is None else [one.reason.code, _ordinal(one.reason.on)],
                "dates": [day.toordinal() for day in seen.dates],
                "unrecorded": seen.unrecorded,
                "unit": seen.unit,
                "allowed": seen.allowed,
                "breaks": [[one.position, one.on.toordinal(), one.kind] for one in seen.breaks],
                "draws": [len(one.draws), short],
            }
        )
        draws.append(kept)
    return sealed(heads, b"".join(draws))


def unpacked(data: bytes, area: str, target: Target) -> dict[str, Projection]:
    """The past answers in bytes of :func:`packed`, by name, in their order; sentences are not kept, nor the order of draws.

    Raises:
        ValueError: the bytes are not whole.
    """
    heads, kept = unsealed(data)
    found = {}
    for one in heads:
        count, short = one["draws"]
        draws, kept = restored(kept, count, short=short)
        quantiles = {level: NOT_REACHED if day is None else date.fromordinal(day) for level, day in one["quantiles"]}
        inputs = Inputs(
            tuple(map(date.fromordinal, one["dates"])),
            tuple((low, high) for low, high in one["unrecorded"]),
            one["unit"],
            None,
            None if one["allowed"] is None else tuple(one["allowed"]),
            tuple(Break(at, date.fromordinal(on), kind, _UNSAID) for at, on, kind in one["breaks"]),
        )
        reason = None if one["reason"] is None else Reason(one["reason"][0], _UNSAID, _day(one["reason"][1]))
        asked = one["meaning"], _day(one["origin"]), one["horizon"], quantiles, inputs, one["method"], one["seed"], reason
        found[one["name"]] = Projection(area, target, *asked, draws=draws)
    return found


def _ordinal(day: date | NotReached | None) -> int | None:
    return None if day is None or isinstance(day, NotReached) else day.toordinal()


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


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
