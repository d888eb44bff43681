"""The measures of the map, each as one entry, and the sentence that heads the map of one.

A new measure is a new entry here and the translations of its words; page, table, legend, picture and file follow.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ektp_analysis.core.area import register
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures.classes import known_coverage
from ektp_analysis.figures.measure import MapRequest, Measure, checked
from ektp_analysis.figures.side_by_side import COLUMNS
from ektp_analysis.narrative import on_map

UNRECORDED = Measure(
    "unrecorded",
    T("Unrecorded"),
    T("Unrecorded"),
    "unrecorded",
    "people",
    1,
    "high",
    good_for=T("Where the people are that a team has to visit."),
    hides=T("A count follows population: a large district is dark even where coverage is good."),
    finding=on_map.unrecorded,
    done=0,
    least=1,
    reported=True,
)
COVERAGE = Measure(
    "coverage",
    T("Coverage"),
    T("Coverage"),
    "coverage",
    "share",
    0.0001,
    "low",
    good_for=T("How far each area is from the target, whatever its size."),
    hides=T("A share hides size: a small district is dark even where few people are missing."),
    finding=on_map.coverage,
    read=known_coverage,
    done=1,
    over=1,
    least=0,
    most=9_999,
    reported=True,
)
SHARE = Measure(
    "share",
    T("Share of the unrecorded"),
    T("Share"),
    "share",
    "share",
    0.001,
    "high",
    good_for=T("How the work is spread: which areas together hold most of those who are left."),
    hides=T("The shares add up to 100% however few are left: no progress can be seen."),
    finding=on_map.share,
    done=0,
    least=1,
)
CHANGE = Measure(
    "change",
    T("Change of the unrecorded"),
    T("Change"),
    "change",
    "people",
    1,
    "high",
    good_for=T("Where the number has fallen and where it has risen since the earlier day."),
    hides=T("Large areas change most; a rise may be new residents or corrected records."),
    finding=on_map.change,
    asks=("since",),
    diverging=True,
)
PACE = Measure(
    "pace",
    T("Pace: fewer unrecorded a day"),
    T("Pace"),
    "per_day",
    "per_day",
    0.1,
    "low",
    good_for=T("Where recording runs and where it stands still."),
    hides=T("A fast pace in a large area may still be too slow for its number."),
    finding=on_map.pace,
    diverging=True,
)
DAYS = Measure(
    "days",
    T("Days to the target (median)"),
    T("Days to the target"),
    "days",
    "days",
    1,
    "high",
    good_for=T("Which areas reach the target last at the present pace."),
    hides=T("The day is uncertain; the page Projection shows by how much."),
    finding=on_map.days,
    asks=("target",),
    cost="projection",
    done=0,
    least=1,
    endless=True,
    words={"done": T("Target reached")},
)
PROBABILITY = Measure(
    "probability",
    T("Chance of the target by the day asked about"),
    T("Chance"),
    "probability",
    "share",
    0.01,
    "low",
    good_for=T("Where the target is likely to be missed without more effort."),
    hides=T("A chance says nothing about how many people are left."),
    finding=on_map.chance,
    asks=("target", "by"),
    cost="projection",
    least=0,
    most=100,
)
STALL = Measure(
    "stall",
    T("Days for which recording has stalled"),
    T("Stall"),
    "stalled",
    "days",
    1,
    "high",
    good_for=T("Where recording was running and has come to a halt, and since when."),
    hides=T("An area that was always slow is not called stalled, nor is a halt of less than two weeks."),
    finding=on_map.stalled,
    asks=("target",),
    cost="projection",
    done=0,
    least=1,
    words={"done": T("Recording goes on")},
)
AGE = Measure(
    "age",
    T("Age of the figure in days"),
    T("Age of the figure"),
    "age",
    "days",
    1,
    "high",
    good_for=T("Whose figures are too old to decide by."),
    hides=T("A recent figure is not necessarily a correct one."),
    finding=on_map.age,
    least=0,
    dated=False,
)
UNPRINTED = Measure(
    "unprinted",
    T("Recorded, card not yet printed"),
    T("Not yet printed"),
    "unprinted",
    "people",
    1,
    "high",
    good_for=T("Where recorded residents wait for their card, and blank cards are needed."),
    hides=T("Reprinted cards hide people who still wait; an area with more cards than people recorded has no number."),
    finding=on_map.unprinted,
    compute=lambda figures: (left := figures.rows["recorded"] - figures.rows["printed"]).where(left >= 0),
    done=0,
    least=1,
    words={"done": T("All printed")},
    needs="printed",
    lacking=T("No figure here says how many cards are printed; the unrecorded are shown instead."),
)
# Of a plan, not of figures: shown where the plan is, and not offered among the others.
VISITS = Measure(
    "visits",
    T("Team-days planned"),
    T("Team-days"),
    "plan_days",
    "days",
    1,
    "high",
    good_for=T("Where the teams spend their days by the plan, and in which order they come."),
    hides=T("A day more brings less the fewer are left: days say nothing about how many are recorded."),
    finding=on_map.unrecorded,
    done=0,
    least=1,
    words={"done": T("Not visited")},
)

MEASURES = checked((UNRECORDED, COVERAGE, SHARE, CHANGE, PACE, DAYS, PROBABILITY, STALL, AGE, UNPRINTED), COLUMNS)


def by_key(key: str) -> Measure:
    """The measure of a key; the first one for a key that no measure has."""
    return next((measure for measure in MEASURES if measure.key == key), MEASURES[0])


def available(columns: Iterable[str]) -> tuple[Measure, ...]:
    """The measures that a frame with these columns can show, in their order."""
    given = set(columns)
    return tuple(measure for measure in MEASURES if measure.column in given)


def columns() -> tuple[str, ...]:
    """The columns of all measures: first those of the figures, then those of projections."""
    return tuple(measure.column for measure in sorted(MEASURES, key=lambda measure: measure.projected))


def finding(rows: pd.DataFrame, measure: Measure, request: MapRequest) -> Text:
    """What the map of a measure shows, as a clause; without the target or the day that it asks for, that of the first."""
    whole = all(getattr(request, name) is not None for name in measure.asks if name != "since")
    return (measure if whole else MEASURES[0]).finding(on_map.told_apart(rows), request)


def heading(rows: pd.DataFrame, area: str, measure: Measure, request: MapRequest) -> Text:
    """The area, and what the map of the measure shows."""
    return T("{area}: {finding}", area=register().name(area), finding=finding(rows, measure, request))
