"""What a map can show: each measure once, with its unit, its direction, and what it is good for and hides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log10
from typing import Literal

from ektp_analysis.text import Percent, T, Text

Unit = Literal["people", "share", "days", "per_day"]
Kind = Literal["step", "done", "over", "same", "beyond", "stale", "none"]


@dataclass(frozen=True)
class MapMeasure:
    """One measure. ``column`` is its column in a frame with one row per area.

    ``precision`` is the smallest difference that is shown and classed, in the unit of the column. ``worse`` says which
    end is drawn dark, or, where the measure is ``diverging`` about zero, which side is drawn warm. ``done`` is the value
    that means 'nothing left to do', a class of its own (None: there is none); so is zero of a diverging measure
    ('same'), and infinity of an ``endless`` one ('beyond'). ``least`` and ``most``, in units of the precision, are
    bounds that no step may cross. ``words`` name special classes where the usual words do not fit.
    """

    key: str
    label: Text
    column: str
    unit: Unit
    precision: float
    worse: Literal["high", "low"]
    good_for: Text
    hides: Text
    done: float | None = None
    least: int | None = None
    most: int | None = None
    diverging: bool = False
    endless: bool = False
    words: Mapping[Kind, Text] = field(default_factory=dict, hash=False)

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


UNRECORDED = MapMeasure(
    "unrecorded", T("Unrecorded"), "unrecorded", "people", 1, "high",
    good_for=T("Where the people are whom a team has to visit."),
    hides=T("A count follows population: a large district is dark even where coverage is good."),
    done=0, least=1)
COVERAGE = MapMeasure(
    "coverage", T("Coverage"), "coverage", "share", 0.0001, "low",
    good_for=T("How far each area is from the target, whatever its size."),
    hides=T("A share hides size: a small district is dark even where few people are missing."),
    done=1, least=0, most=9_999)
SHARE = MapMeasure(
    "share", T("Share of the unrecorded"), "share", "share", 0.001, "high",
    good_for=T("How the work is spread: which areas together hold most of those who are left."),
    hides=T("The shares add up to 100% however few are left: no progress can be seen."),
    done=0, least=1)
CHANGE = MapMeasure(
    "change", T("Change of the unrecorded"), "change", "people", 1, "high",
    good_for=T("Where the number has fallen and where it has risen since the earlier day."),
    hides=T("Large areas change most; a rise may be new residents or corrected records."),
    diverging=True)
PACE = MapMeasure(
    "pace", T("Pace: fewer unrecorded a day"), "per_day", "per_day", 0.1, "low",
    good_for=T("Where recording runs and where it stands still."),
    hides=T("A fast pace in a large area may still be too slow for its number."),
    diverging=True)
DAYS = MapMeasure(
    "days", T("Days to the target (median)"), "days", "days", 1, "high",
    good_for=T("Which areas reach the target last at the present pace."),
    hides=T("The day is uncertain: the projection shows how much."),
    done=0, least=1, endless=True, words={"done": T("Target reached")})
PROBABILITY = MapMeasure(
    "probability", T("Chance of the target by the day asked about"), "probability", "share", 0.01, "low",
    good_for=T("Where the target is likely to be missed without more effort."),
    hides=T("A chance says nothing of how many people are left."),
    least=0, most=100)
AGE = MapMeasure(
    "age", T("Age of the figure in days"), "age", "days", 1, "high",
    good_for=T("Whose figures are too old to decide by."),
    hides=T("A fresh figure is not yet a right one."),
    least=0)

MEASURES = {measure.key: measure for measure in (UNRECORDED, COVERAGE)}
ALL = {measure.key: measure for measure in (UNRECORDED, COVERAGE, SHARE, CHANGE, PACE, DAYS, PROBABILITY, AGE)}


def available(columns: Iterable[str]) -> dict[str, MapMeasure]:
    """The measures that a frame with these columns can show, in their order."""
    given = set(columns)
    return {key: measure for key, measure in ALL.items() if measure.column in given}
