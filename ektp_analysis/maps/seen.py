"""What a map shows: what was chosen, and the areas with their classes and figures that follow from it. Needs no page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from shapely import orient_polygons
from shapely.geometry import mapping

from ektp_analysis.boundaries.layer import Boundaries
from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures.class_bounds import Method
from ektp_analysis.figures.classes import CUTS, Classes, Cuts, classify, classify_rows, frozen, older_than, reach_beyond
from ektp_analysis.figures.measure import MapRequest, Measure
from ektp_analysis.maps.legend import undrawn
from ektp_analysis.maps.measures import VISITS

# Choices as they stand in links, with their words.
POLYGONS, CIRCLES, SQUARES = "outlines", "circles", "squares"
SHAPES = {POLYGONS: T("Outlines"), CIRCLES: T("Circles"), SQUARES: T("Squares")}
METHODS: Mapping[Method, Text] = {
    "natural": T("Natural breaks"),
    "quantiles": T("Equally many areas"),
    "equal": T("Equally wide"),
    "round": T("Round numbers"),
}
NEWEST, EVERY, SHOWN = "latest", "all", "shown"
BASES = {NEWEST: T("The latest figures"), EVERY: T("All days together"), SHOWN: T("The day shown")}
PREVIOUS = "previous"
BOUND_DAYS = 60  # over so many days a measure that is costly to compute keeps its bounds
YEAR = {"fast": 20.0, "medium": 40.0, "slow": 80.0}  # seconds in which a year is shown while playing
SPEEDS = {"fast": T("a year in 20 seconds"), "medium": T("a year in 40 seconds"), "slow": T("a year in 80 seconds")}
MOST_TICK = 1.6  # seconds that a day is shown at most while playing
FIGURES = (
    "as_of_date",
    "eligible",
    "recorded",
    "unrecorded",
    "coverage",
    "coverage_reported",
    "basis",
    "status",
    "change",
    "share",
)


@dataclass(frozen=True)
class AreaMap:
    """The areas as they are drawn: polygons, the classes that colour them, and the frame of figures behind the classes.

    ``circles`` draws a circle of the class's colour on each area instead of the fill, its surface in proportion to the
    unrecorded; ``largest`` is the count that has the largest circle (None: the largest in ``rows``; given, sizes stay the
    same over time).
    """

    boundaries: Boundaries
    classes: Classes
    rows: pd.DataFrame
    circles: bool = False
    largest: int | None = None


@dataclass(frozen=True)
class Caption:
    """What stands around a picture of a map: the finding, where the figures come from, and what limits them (a sample)."""

    title: Text | str
    source: Text | str
    note: Text | None = None


@dataclass(frozen=True)
class MapChoices:
    """What was chosen. ``day`` None is the latest of ``days``; ``basis`` says on which days the class bounds are found."""

    measure: Measure
    level: Level
    days: tuple[date, ...]
    day: date | None
    request: MapRequest
    shape: str = POLYGONS
    cuts: Cuts = CUTS
    basis: str = NEWEST

    def since(self, day: date | None) -> date | None:
        """The day that a change is counted from on another day: the chosen one where it lies before."""
        since = self.request.since
        return since if since is None or day is None or since < day else None


@dataclass(frozen=True)
class MapView:
    """The map as it is chosen: what is drawn, with the frame behind it in the order of the table.

    ``boundaries`` are those of the areas, where there are some; what is drawn may be squares. ``chosen`` is the area that is
    chosen inside the map ('' for none); ``key`` names all but this one and whether tiles lie below (``online``).
    """

    choices: MapChoices
    drawn: AreaMap
    boundaries: Boundaries | None
    chosen: str
    online: bool
    key: str

    @property
    def measure(self) -> Measure:
        """The measure that is shown."""
        return self.choices.measure

    @property
    def request(self) -> MapRequest:
        """What the map is asked about; its day is a real one where there are figures."""
        return self.choices.request

    @property
    def rows(self) -> pd.DataFrame:
        """The figures, one row an area."""
        return self.drawn.rows

    @property
    def codes(self) -> list[str]:
        """The areas in the order of the table."""
        return [str(code) for code in self.rows["area_code"]]


def classes_of(
    choices: MapChoices, reported: pd.DataFrame, frame: Callable[[date | None], pd.DataFrame], boundaries: Boundaries | None
) -> tuple[Classes, int | None]:
    """The classes of the day that is shown, and the count of the largest circle (None: none is known).

    ``frame`` gives the rows of a day (None: the latest); ``reported`` are the figures of the areas on all days, which bound
    the classes of a reported measure without a frame for each day.
    """
    measure, rows = choices.measure, frame(choices.day)
    pooled, first = _pooled(choices, reported, frame, rows), rows
    if choices.basis == EVERY:
        first = pooled
    elif choices.basis == NEWEST and choices.day is not None and not measure.projected:
        first = frame(None)
    at = choices.request.day
    stale = older_than(rows, at) if at is not None and measure.dated else frozenset()
    if measure.projected and "old" in rows:
        stale |= frozenset(rows.loc[rows["old"].notna() & rows[measure.column].isna(), "area_code"])
    known = sorted(boundaries.codes if boundaries else (str(code) for code in rows["area_code"]))
    bounds = frozen(first, pooled, measure, choices.cuts)
    most = pd.concat([rows["unrecorded"], pooled["unrecorded"]]).max()
    found = classify_rows(rows, measure, areas=known, stale=stale, cuts=Cuts(bounds=bounds))
    return (
        replace(found, wider=reach_beyond(pooled, rows, measure)),
        None if pd.isna(most) else int(most),
    )


def _pooled(
    choices: MapChoices, reported: pd.DataFrame, frame: Callable[[date | None], pd.DataFrame], rows: pd.DataFrame
) -> pd.DataFrame:
    """The rows that the bounds have to hold: of all days, but of the day shown where that is chosen or days are costly."""
    if choices.measure.projected or choices.basis == SHOWN:
        return rows
    if choices.measure.reported and choices.measure.column in reported:
        return reported
    return pd.concat([rows if day == choices.day else frame(day) for day in choices.days[-BOUND_DAYS:]])


def visits_map(planned: pd.DataFrame, rows: pd.DataFrame, boundaries: Boundaries) -> AreaMap:
    """The areas of a plan by their team-days, each with its number in the order of the visits before its name.

    ``planned`` as ``planning.frames.areas`` gives it, ``rows`` the figures of the areas; others are not drawn.
    """
    numbers = dict(zip(planned["area_code"], planned["plan_order"], strict=True))
    shapes = tuple(
        shape if pd.isna(numbers[shape.code]) else replace(shape, name=f"{int(numbers[shape.code])} {shape.name}")
        for shape in boundaries.shapes
        if shape.code in numbers
    )
    days = planned.set_index("area_code")["plan_days"]
    known = rows[rows["area_code"].isin(days.index)]
    held = known.set_index("area_code")["unrecorded"]
    found = classify(days.astype("Float64"), VISITS, held=held)
    return AreaMap(replace(boundaries, shapes=shapes), found, known.assign(plan_days=known["area_code"].map(days)))


def covers(boundaries: Boundaries, rows: pd.DataFrame) -> bool:
    """Whether at least half of the areas that have figures have polygons; a map of fewer would hide more than it shows."""
    reported = rows.loc[rows["reported"], "area_code"]
    return 2 * int(reported.isin(boundaries.codes).sum()) >= len(reported)


def levels_of(figures: pd.DataFrame, area: str) -> list[Level]:
    """The levels below an area for which there are figures; the next one where there are none."""
    found = sorted({Level(int(level)) for level in figures["level"].unique()})
    at = level_of(area)
    below = [level for level in found if level > at and (at >= Level.KABUPATEN or level < Level.DESA)]
    return below or [Level(at + 1)]


def days_of(figures: pd.DataFrame, area: str) -> tuple[date, ...]:
    """The real days of the area's figures, in order; nothing is invented between them."""
    heads = figures.loc[figures["area_code"] == area, "as_of_date"]
    return tuple(stamp.date() for stamp in sorted(heads.unique()))


def upto(figures: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """The figures up to a day; None: all."""
    return figures if day is None else figures[figures["as_of_date"] <= pd.Timestamp(day)]


def pace(days: Sequence[date], speed: str) -> float:
    """Seconds for which each of the days is shown while playing, so that a year takes as long as the speed says."""
    years = (days[-1] - days[0]).days / 365.25
    return min(YEAR[speed] * years / max(len(days) - 1, 1), MOST_TICK)


def sheets(days: Sequence[date], most: int) -> list[Sequence[date]]:
    """The days in order, at most so many together; the last sheet is full, the first may not be."""
    return [days[max(end - most, 0) : end] for end in range(len(days), 0, -most)][::-1]


def day_options(days: Sequence[date]) -> list[str]:
    """The days as options; the last one is 'latest', so that a link goes on to newer figures."""
    return [*(day.isoformat() for day in days[:-1]), NEWEST]


def since_options(days: Sequence[date], day: date | None) -> list[str]:
    """The earlier days of a difference, latest first; 'previous' is each area's snapshot before."""
    return [PREVIOUS, *(one.isoformat() for one in reversed(days) if one < (day or days[-1]))]


def own_breaks(typed: str, measure: Measure) -> tuple[float, ...] | None:
    """Breaks that a reader typed, in people or per cent; None where something in it is no number."""
    found = []
    for part in filter(None, (part.strip().rstrip("%").strip() for part in typed.split(";"))):
        try:
            found.append(float(part.replace(",", ".")) / (100 if measure.unit == "share" else 1))
        except ValueError:
            return None
    return tuple(sorted(set(found)))


def geojson(boundaries: Boundaries, classes: Classes, rows: pd.DataFrame, method: str = "") -> bytes:
    """The areas with figures and class; a missing figure is null, and so is the geometry of an area without boundaries, so
    that totals stay whole. The credit of the boundaries comes along, and the ``method`` of what is projected."""
    given = [name for name in FIGURES if name in rows]
    figures = {str(row["area_code"]): {name: _plain(row[name]) for name in given} for row in rows.to_dict("records")}
    features = [
        {
            "type": "Feature",
            "id": shape.code,
            "geometry": mapping(orient_polygons(shape.geometry)),
            "properties": {
                "code": shape.code,
                "name": shape.name,
                **figures.get(shape.code, dict.fromkeys(given)),
                "class": classes.item(shape.code).key,
            },
        }
        for shape in boundaries.shapes
    ]
    features += [
        {
            "type": "Feature",
            "id": code,
            "geometry": None,
            "properties": {
                "code": code,
                "name": register().name(code),
                **figures.get(code, dict.fromkeys(given)),
                "class": classes.item(code).key,
            },
        }
        for code in sorted(undrawn(classes, boundaries.codes))
    ]
    said = {
        "type": "FeatureCollection",
        "credit": boundaries.credit,
        "source": boundaries.source,
        "licence": boundaries.licence,
        **({"projection_method": method} if method else {}),
        "features": features,
    }
    return json.dumps(said, ensure_ascii=False).encode("utf-8")


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value
