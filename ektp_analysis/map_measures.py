"""What a map can show: each measure once, with its unit, its direction, and what it is good for and hides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ektp_analysis.text import Percent, T, Text

Unit = Literal["people", "share", "days"]


@dataclass(frozen=True)
class MapMeasure:
    """One measure. ``column`` is its column in a solved frame.

    ``precision`` is the smallest difference that is shown and classed, in the unit of the column. ``worse`` says which
    end is drawn dark. ``done`` is the value that means 'nothing left to do', a class of its own (None: there is none).
    ``least`` and ``most``, in units of the precision, are bounds that no step may cross.
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

    def units(self, value: float) -> int:
        """A value in units of the precision, kept off the ends that mean something else (99.998 % is not 100 %)."""
        number = round(value / self.precision)
        number = number if self.least is None else max(number, self.least)
        return number if self.most is None else min(number, self.most)

    def shown(self, units: int) -> object:
        """A number of units as a value for a sentence."""
        return Percent(units * self.precision) if self.unit == "share" else units


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
MEASURES = {measure.key: measure for measure in (UNRECORDED, COVERAGE)}
