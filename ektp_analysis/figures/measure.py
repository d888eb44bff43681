"""What a measure of the map is: its unit, its direction, its words, its sentence, what it asks for and what it costs.

The measures themselves stand in :mod:`ektp_analysis.maps.measures`, each as one entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import log10
from typing import Literal, get_args

import pandas as pd

from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import Percent, Text

Unit = Literal["people", "share", "days", "per_day"]
Kind = Literal["step", "done", "over", "same", "beyond", "stale", "awaited", "none"]
Direction = Literal["high", "low"]
Asks = Literal["since", "target", "by"]
Cost = Literal["figures", "projection"]
AWAITED = "awaited"  # a column of the rows of a map: whether the answer of the area is still to come
AHEAD = ("days", "probability", "old", "stalled")  # the columns that a projection of each area adds to the frame of a map


@dataclass(frozen=True)
class MapRequest:
    """What a map is asked about: the day shown, the day that a change is counted from (None: each area's snapshot before),
    and the target and the day that a projection is about."""

    day: date | None = None
    since: date | None = None
    target: Target | None = None
    by: date | None = None


@dataclass(frozen=True)
class MapFigures:
    """What a measure is computed from: one row an area, as :func:`ektp_analysis.figures.side_by_side` gives them (with
    :data:`AHEAD` where the measure is projected), the rolled-up figures up to the day, and what is asked."""

    rows: pd.DataFrame
    history: pd.DataFrame
    request: MapRequest


@dataclass(frozen=True)
class Measure:
    """One measure. ``column`` is its column in a frame with one row per area.

    Args:
        precision: the smallest difference that is shown and classed, in the unit of the column.
        worse: which end is drawn dark, or, where the measure is ``diverging`` about zero, which side is drawn warm.
        finding: the sentence of the map, as a clause, from the frame and what is asked.
        asks: what the reader is asked for; target and day only where a projection answers.
        cost: 'projection' takes a projection of each area: for few enough areas, one day alone, and not played.
        compute: one value a row, in the order of the rows; None where the frame of a map has the column anyway.
        read: the values in a frame, where they are more than the column (a printed share for a missing one).
        done: the value that means 'nothing left to do', a class of its own (None: there is none); so is zero of a
            ``diverging`` measure ('same'), and infinity of an ``endless`` one ('beyond').
        over: a value above this one cannot be, and is a class of its own (None: any can be).
        least, most: in units of the precision, bounds that no step may cross.
        reported: it is a figure that is said of each area whatever the map shows.
        dated: an area whose figure is too old is hatched, not coloured.
        words: names of special classes where the usual words do not fit.
        needs: a column of the figures without which it is not offered, and ``lacking`` the sentence that then says so.
    """

    key: str
    label: Text
    short: Text
    column: str
    unit: Unit
    precision: float
    worse: Direction
    good_for: Text
    hides: Text
    finding: Callable[[pd.DataFrame, MapRequest], Text]
    asks: tuple[Asks, ...] = ()
    cost: Cost = "figures"
    compute: Callable[[MapFigures], pd.Series] | None = None
    read: Callable[[pd.DataFrame], pd.Series] | None = None
    done: float | None = None
    over: float | None = None
    least: int | None = None
    most: int | None = None
    diverging: bool = False
    endless: bool = False
    reported: bool = False
    dated: bool = True
    words: Mapping[Kind, Text] = field(default_factory=dict, hash=False)
    needs: str = ""
    lacking: Text | None = None

    @property
    def projected(self) -> bool:
        """Whether it takes a projection of each area."""
        return self.cost == "projection"

    def values(self, rows: pd.DataFrame) -> pd.Series:
        """The values in a frame that has the column."""
        return rows[self.column] if self.read is None else self.read(rows)

    def units(self, value: float) -> int:
        """A value in units of the precision, kept off the ends that mean something else (99.998 % is not 100 %)."""
        number = round(value / self.precision)
        if self.diverging and number == 0 and value != 0:
            number = 1 if value > 0 else -1
        number = number if self.least is None else max(number, self.least)
        return number if self.most is None else min(number, self.most)

    def shown(self, units: int) -> object:
        """A number of units as a value for a sentence."""
        if self.unit == "share":
            return Percent(units * self.precision, max(0, round(-log10(self.precision)) - 2))
        return units if self.precision == 1 else round(units * self.precision, 6)


def checked(entries: Iterable[Measure], columns: Iterable[str]) -> tuple[Measure, ...]:
    """The measures as they are offered, in this order; ``columns`` are those of the frame of a map.

    Raises:
        ValueError: an entry is incomplete, or two stand in each other's way; the sentence says which and why.
    """
    found, given = tuple(entries), frozenset(columns)
    faults = [f"The measure {measure.key!r} {fault}." for measure in found for fault in _faults(measure, given)]
    for name in ("key", "column"):
        values = [str(getattr(measure, name)) for measure in found]
        faults += [f"Two measures have the {name} {value!r}." for value in sorted(set(values)) if values.count(value) > 1]
    if not found or found[0].projected or found[0].asks:
        faults.append("The first measure is shown where no other is chosen, so it may ask for nothing and project nothing.")
    if faults:
        raise ValueError(" ".join(faults))
    return found


def _faults(measure: Measure, given: frozenset[str]) -> list[str]:
    """What an entry lacks, each as the rest of a sentence that begins with its name."""
    words = {
        "label": measure.label,
        "short label": measure.short,
        "sentence on what it is good for": measure.good_for,
        "sentence on what it hides": measure.hides,
        **{f"word for {kind!r}": text for kind, text in measure.words.items()},
    }
    known = given | set(AHEAD) if measure.projected else given
    rules = {
        "has no key of small letters, digits and underscores": not measure.key.isidentifier() or not measure.key.islower(),
        "has no column": not measure.column,
        "has no finding": not callable(measure.finding),
        f"has the unit {measure.unit!r}, which nobody can write": measure.unit not in get_args(Unit),
        f"has the precision {measure.precision}, which is not above zero": not measure.precision > 0,
        f"gets worse to {measure.worse!r}, which is neither high nor low": measure.worse not in get_args(Direction),
        f"costs {measure.cost!r}, which is neither figures nor projection": measure.cost not in get_args(Cost),
        f"asks for {', '.join(measure.asks)}, of which not all can be asked": not set(measure.asks) <= set(get_args(Asks)),
        "asks for a target or a day, which only a projection answers": not measure.projected
        and bool({"target", "by"} & set(measure.asks)),
        "is projected, but asks for no target": measure.projected and "target" not in measure.asks,
        f"is not computed, and no frame has its column {measure.column!r}": measure.compute is None
        and (measure.column not in known),
        f"computes the column {measure.column!r}, which the frame has already": measure.compute is not None
        and (measure.column in known),
        f"needs {measure.needs!r}, but not with a sentence for figures that lack it": bool(measure.needs)
        != isinstance(measure.lacking, Text),
        f"names classes that there are not: {', '.join(measure.words)}": not set(measure.words) <= set(get_args(Kind)),
    }
    return [f"has no {name}" for name, text in words.items() if not (isinstance(text, Text) and text.msgid.strip())] + [
        rule for rule, broken in rules.items() if broken
    ]
