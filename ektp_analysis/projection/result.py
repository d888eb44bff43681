"""What is asked and what is said: quantiles of the day, chances, the fan, the reason where there is no answer, and several
areas together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, Text, render
from ektp_analysis.projection.draws import old_by, still_ahead, whole_days
from ektp_analysis.projection.history import Break
from ektp_analysis.projection.paths import Floats, Paths, SummedPaths

METHOD = "learnt campaigns 3.3"
LEVELS = tuple(range(5, 100, 5))
FAN_LEVELS = (5, 10, 25, 50, 75, 90, 95)
Code = Literal[
    "too_few", "not_falling", "basis_break", "already_reached", "no_figures", "above_hundred", "unknown_eligible", "too_old"
]
Meaning = Literal["eligible", "list"]
ARRIVED: Code = "already_reached"
TOO_OLD: Code = "too_old"


class NotReached(Enum):
    """The value that stands where a date would: the target is not reached within the horizon."""

    NOT_REACHED = "not_reached"

    def __repr__(self) -> str:
        return "NOT_REACHED"


NOT_REACHED = NotReached.NOT_REACHED


@dataclass(frozen=True)
class Question:
    """What is asked of a history: the target, what zero means, and how far and with how many draws it is looked ahead.

    ``meaning`` is everyone eligible on the day ('eligible'), everyone on the list of the origin ('list'), or None for what
    the figures themselves count: a list where the eligible stay the same for long, else 'eligible'. The same history,
    question and seed give the same answer to the bit.

    Raises:
        ValueError: a horizon below one day.
    """

    target: Target
    meaning: Meaning | None = None
    horizon_days: int = 730
    seed: int = 0
    draws: int = 1000

    def __post_init__(self) -> None:
        if self.horizon_days < 1:
            raise ValueError("the horizon is at least one day")

    @property
    def meant(self) -> Meaning:
        """The meaning, once it is settled."""
        assert self.meaning is not None
        return self.meaning


@dataclass(frozen=True)
class Reason:
    """Why there is no distribution: a code for programs, the sentence, and the day if it was already reached."""

    code: Code
    text: Text
    on: date | None = None


@dataclass(frozen=True)
class Inputs:
    """What a projection was computed from.

    ``unrecorded`` are (low, high) per snapshot, equal where counted; in people, or per eligible where ``unit`` is
    'share'. ``eligible`` are the bounds at the origin, None where unknown. ``pooled`` counts the other areas used;
    ``parts`` the areas inside whose draws add up to these, 0 where the area's own series was projected. ``beside`` names
    the bases of figures that are another series and were not used; ``broken_inside`` the areas inside whose figures break,
    with the day of the last break of each, where the total's own series does not.
    """

    dates: tuple[date, ...]
    unrecorded: tuple[tuple[float, float], ...]
    unit: str
    eligible: tuple[float, float] | None
    allowed: tuple[int, int] | None
    breaks: tuple[Break, ...] = ()
    pooled: int = 0
    inflow_per_day: float = 0.0
    parts: int = 0
    beside: tuple[str, ...] = ()
    broken_inside: tuple[tuple[str, date], ...] = ()

    @property
    def even_since(self) -> date | None:
        """The day from which on a change is recording alone: that of the last break, here or in an area inside; None: always."""
        return max((on for on in (self.broken_on, *(day for _code, day in self.broken_inside)) if on is not None), default=None)

    @property
    def broken_on(self) -> date | None:
        """The day of the last break, None where the series is whole."""
        return self.breaks[-1].on if self.breaks else None

    @property
    def snapshots(self) -> int:
        """How many snapshots were used."""
        return len(self.dates)


@dataclass(frozen=True)
class Projection:
    """The distribution of the day on which ``area_code`` first reaches ``target``, as seen on ``origin``.

    ``quantiles`` maps 5, 10, ... 95 (per cent) to a date or :data:`NOT_REACHED`; it is empty where ``reason`` stands.
    ``draws`` are days from the origin, inf is never; ``paths`` are the same draws as paths of the unrecorded. ``seen`` is the
    day on which it is said, where that is later than the origin.
    """

    area_code: str
    target: Target
    meaning: Meaning
    origin: date | None
    horizon_days: int
    quantiles: Mapping[int, date | NotReached]
    inputs: Inputs
    method: str
    seed: int
    reason: Reason | None = None
    notes: tuple[Text, ...] = ()
    draws: Floats = field(default_factory=lambda: np.empty(0), repr=False, compare=False)
    paths: Paths | SummedPaths | None = field(default=None, repr=False, compare=False)
    seen: date | None = field(default=None, compare=False)

    @property
    def answered(self) -> bool:
        """Whether there is a distribution."""
        return self.reason is None

    def ends_before(self, day: date) -> bool:
        """Whether there is a distribution, and the figures that it rests on end before a day."""
        return self.answered and bool(self.inputs.dates) and self.inputs.dates[-1] < day

    @property
    def since(self) -> date | None:
        """The day from which on what is said lies ahead: the origin, or the later day on which it is said."""
        return self.seen or self.origin

    @property
    def old(self) -> int | None:
        """Days by which its figures are old on the day on which it is said; None where they are not called old."""
        if self.seen is None or self.origin is None:
            return None
        return old_by((self.seen - self.origin).days, usual_gap(self.inputs))

    @property
    def median(self) -> date | NotReached | None:
        """The day with even chances; None where there is no answer."""
        return self.quantiles.get(50)

    @property
    def probability_never(self) -> float | None:
        """Chance that the target is not reached within the horizon; None where there is no answer."""
        if self.reason is not None:
            return 0.0 if self.reason.code == "already_reached" else None
        return float((self.draws > self.horizon_days).mean())

    def probability_by(self, day: date) -> float | None:
        """Chance that the target is reached on ``day`` or before; None where nothing can be said.

        A day past the horizon counts as the horizon's end: nothing is said about what lies beyond.
        """
        if self.reason is not None:
            return 1.0 if self.reason.on is not None and self.reason.on <= day else None
        assert self.origin is not None
        ahead = min((day - self.origin).days, self.horizon_days)
        return float((self.draws <= ahead).mean()) if ahead >= 0 else 0.0

    def day(self, days: float) -> date | NotReached:
        """The calendar day on which ``days`` after the origin are complete."""
        if self.origin is None or not days <= self.horizon_days:
            return NOT_REACHED
        return self.origin + timedelta(days=whole_days(days))

    def dots(self, n: int = 20) -> tuple[date | NotReached, ...]:
        """``n`` equally likely outcomes, earliest first: the quantiles at (i + 1/2) / n."""
        if not len(self.draws):
            return ()
        ordered = np.sort(self.draws)
        picks = np.ceil((np.arange(n) + 0.5) / n * len(ordered)).astype(int) - 1
        return tuple(self.day(float(ordered[i])) for i in picks)

    def fan(self, days: Sequence[int] | None = None, levels: Sequence[int] = FAN_LEVELS) -> pd.DataFrame:
        """Quantiles of the unrecorded on days after the origin (default: a day to 60, then wider, up to the horizon).

        Columns: as_of_date, days, and q05 ... q95 in the unit of the inputs. Empty where there is no answer.
        """
        return self._usual_fan.copy() if days is None and levels == FAN_LEVELS else self._fan(days, levels)

    @cached_property
    def _usual_fan(self) -> pd.DataFrame:
        """The fan that every picture and page asks for."""
        return self._fan(None, FAN_LEVELS)

    def _fan(self, days: Sequence[int] | None, levels: Sequence[int]) -> pd.DataFrame:
        names = [f"q{level:02d}" for level in levels]
        if self.paths is None or self.origin is None:
            return pd.DataFrame(columns=["as_of_date", "days", *names])
        at = np.arange(0, self.horizon_days + 1) if days is None else np.asarray(days)
        if days is None and len(at) > 200:
            at = np.unique(np.r_[at[:61], np.linspace(61, self.horizon_days, 140).astype(int)])
        values = np.quantile(self.paths.remaining(at), np.asarray(levels) / 100, axis=0)
        out = pd.DataFrame({"as_of_date": pd.Timestamp(self.origin) + pd.to_timedelta(at, unit="D"), "days": at})
        return out.assign(**dict(zip(names, values, strict=True)))

    def as_dict(self, *, by: Sequence[date] = (), lang: str = "en") -> dict[str, Any]:
        """The answer as plain values, for JSON: the same input and seed give the same."""
        reason = self.reason
        return {
            "area_code": self.area_code,
            "target": self.target.key,
            "meaning": self.meaning,
            "origin": self.origin.isoformat() if self.origin else None,
            "horizon_days": self.horizon_days,
            "quantiles": {f"{level / 100:.2f}": _plain(day) for level, day in sorted(self.quantiles.items())},
            "probability_by": {day.isoformat(): _rounded(self.probability_by(day)) for day in sorted(set(by))},
            "probability_never": _rounded(self.probability_never),
            "reason": None
            if reason is None
            else {"code": reason.code, "text": render(reason.text, lang), "on": reason.on.isoformat() if reason.on else None},
            "notes": [render(note, lang) for note in self.notes],
            "inputs": {
                "dates": [day.isoformat() for day in self.inputs.dates],
                "unrecorded": [[_number(low), _number(high)] for low, high in self.inputs.unrecorded],
                "unit": self.inputs.unit,
                "eligible": None if self.inputs.eligible is None else [_number(v) for v in self.inputs.eligible],
                "allowed": None if self.inputs.allowed is None else list(self.inputs.allowed),
                "breaks": [{"on": b.on.isoformat(), "kind": b.kind, "text": render(b.text, lang)} for b in self.inputs.breaks],
                "pooled": self.inputs.pooled,
                "parts": self.inputs.parts,
                "inflow_per_day": round(self.inputs.inflow_per_day, 3),
            },
            "method": self.method,
            "seed": self.seed,
        }

    def to_json(self, *, by: Sequence[date] = (), lang: str = "en") -> str:
        """:meth:`as_dict` as one line of JSON with sorted keys."""
        return json.dumps(self.as_dict(by=by, lang=lang), ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Inside:
    """The areas directly below ``whole``, projected jointly: draw i of every child and of the whole belong together.

    ``silent`` have no figure on or before the origin. ``difference`` is what the whole reports for itself minus the
    sum of its parts on the same day, None where it reports nothing then. ``origin`` is the day from which all count.
    """

    whole: Projection
    children: Mapping[str, Projection]
    silent: tuple[str, ...] = ()
    difference: int | None = None
    draws: int = 0
    origin: date | None = None

    @property
    def without(self) -> tuple[str, ...]:
        """The areas with figures of which nothing can be said yet; where there are any, nothing is said of all of them."""
        return tuple(code for code, child in self.children.items() if child.reason is not None and child.reason.code != ARRIVED)

    def broken_after(self, on: date | None) -> tuple[tuple[str, date], ...]:
        """The areas inside whose figures break after a day (None: at all), with the day of the last break of each."""
        last = ((code, child.inputs.broken_on) for code, child in self.children.items())
        return tuple((code, day) for code, day in last if day is not None and (on is None or day > on))

    @property
    def all_reached(self) -> Floats:
        """Days until the last child has reached the target, one per draw; inf is never."""
        return np.asarray(self._days().max(axis=0))

    @cached_property
    def all_of_them(self) -> Projection:
        """The day on which the last child arrives, as a projection."""
        days = np.sort(self.all_reached)
        quantiles = {} if self.origin is None else date_quantiles(days, self.origin, self.whole.horizon_days)
        return replace(self.whole, origin=self.origin, quantiles=quantiles, reason=None, draws=days, paths=None, notes=())

    def last(self) -> dict[str, float]:
        """Chance of each child to be the last one; draws in which several never arrive are shared among them."""
        days = self._days()
        latest = days == days.max(axis=0)
        shares = (latest / latest.sum(axis=0)).mean(axis=1)
        return {code: float(share) for code, share in zip(self.children, shares, strict=True)}

    def _days(self) -> Floats:
        """Days from the origin, (children, draws): 0 where arrived already, never where no answer."""
        return np.stack([self._days_of(child) for child in self.children.values()])

    def _days_of(self, child: Projection) -> Floats:
        if child.answered and child.origin is not None and self.origin is not None:
            return np.asarray(np.maximum(child.draws - (self.origin - child.origin).days, 0.0))
        arrived = child.reason is not None and child.reason.code == ARRIVED
        return np.full(self.draws, 0.0 if arrived else np.inf)


def seen_from(found: Projection, today: date | None) -> Projection:
    """The projection as it is said on ``today``; as it is where no day is given, or none has passed since its origin."""
    origin = found.origin
    if today is None or origin is None or not found.answered or today <= origin:
        return found
    age = (today - origin).days
    unseen = float((found.draws <= age).mean())
    found = replace(found, seen=today)
    old = found.old is not None
    picks = still_ahead(found.draws, age, old=old)
    if picks is None:
        text = T("The latest figure is of {date}, {n} days ago: any date would be a guess.", date=origin, n=age)
        return replace(found, quantiles={}, reason=Reason(TOO_OLD, text), notes=(), draws=np.empty(0), paths=None)
    draws = found.draws[picks]
    said = T(
        "The latest figure is of {date}, {n} days ago; the chance that the target has been reached since "
        "then, unreported, is {chance}.",
        date=origin,
        n=age,
        chance=_frequency(unseen),
    )
    return replace(
        found,
        quantiles=date_quantiles(draws, origin, found.horizon_days),
        notes=(said, *found.notes) if old else found.notes,
        draws=draws,
        paths=None if found.paths is None else found.paths.pick(picks),
    )


def _frequency(chance: float) -> Text:
    """A chance as outcomes of 20; none of them is all or nothing."""
    n = min(round(20 * chance), 19)
    return T("less than 1 in {all}", all=20) if n == 0 else T("{n} in {all}", n=n, all=20)


def all_seen_from(found: Inside, today: date | None) -> Inside:
    """The areas inside and the whole, each as it is said on ``today``."""
    children = {code: seen_from(child, today) for code, child in found.children.items()}
    return replace(found, whole=seen_from(found.whole, today), children=children)


def usual_gap(inputs: Inputs) -> float:
    """Days between two snapshots, half of the gaps being shorter; 0 for one snapshot."""
    gaps = np.diff(np.array(inputs.dates, "datetime64[D]")).astype(float)
    return float(np.median(gaps)) if len(gaps) else 0.0


def date_quantiles(days: Floats, last: date, horizon: int) -> dict[int, date | NotReached]:
    """The 5 to 95 % quantiles of the draws as calendar days; NOT_REACHED past the horizon."""
    ordered = np.sort(days)
    picks = np.ceil(np.asarray(LEVELS) / 100 * len(ordered)).astype(int) - 1
    stamps = [float(ordered[i]) for i in picks]
    return {
        level: last + timedelta(days=whole_days(d)) if d <= horizon else NOT_REACHED
        for level, d in zip(LEVELS, stamps, strict=True)
    }


def _plain(day: date | NotReached) -> str:
    return day.value if isinstance(day, NotReached) else day.isoformat()


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, 4)


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else round(float(value), 6)
