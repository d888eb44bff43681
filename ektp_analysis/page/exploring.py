"""What the map shows: measure, day, level, classes and shape as they are chosen, and the rows that follow from them.

The choices are read here before their widgets are placed (see :mod:`ektp_analysis.page.controls`), so that the map is
on its way to the browser first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import pandas as pd
import streamlit as st

from ektp_analysis import boundaries, measures
from ektp_analysis.area import Level, level_of
from ektp_analysis.boundaries import Boundaries
from ektp_analysis.breaks import METHODS
from ektp_analysis.classes import Classes, classify_rows, frozen, older_than
from ektp_analysis.map_measures import ALL, MapMeasure
from ektp_analysis.office import boundaries as outlines
from ektp_analysis.page.choosing import LATEST, choice, set_choice
from ektp_analysis.page.forecasts import deadline
from ektp_analysis.page.mapping import chosen_inside
from ektp_analysis.page.viewing import View
from ektp_analysis.projection.answers import MOST, Ground, by_level, histories
from ektp_analysis.settings import settings
from ektp_analysis.targets import ZERO, Target
from ektp_analysis.text import T

OUTLINES, CIRCLES, SQUARES = "outlines", "circles", "squares"
PROJECTED = ("days", "probability")
MOST_DAYS = 60  # over so many days a measure that is costly to compute keeps its bounds
EVERY, SHOWN, PREVIOUS = "all", "shown", "previous"
SHAPES, STEPS, BASES = (OUTLINES, CIRCLES, SQUARES), tuple(str(n) for n in range(2, 8)), (LATEST, EVERY, SHOWN)
TICK = 1.5  # seconds a day is shown while playing
Asked = tuple[Target, date | None] | None


@dataclass(frozen=True)
class Seen:
    """The map as it is chosen: what is drawn, and the frame behind it in the order of the table. ``key`` names all of it
    but what is chosen inside the map."""

    measure: MapMeasure
    day: date | None
    days: tuple[date, ...]
    level: Level
    rows: pd.DataFrame
    classes: Classes
    shapes: Boundaries
    outlines: Boundaries | None
    shape: str
    chosen: str
    largest: int | None
    since: date | None
    online: bool
    ask: Asked
    key: str

    @property
    def codes(self) -> list[str]:
        """The areas in the order of the table."""
        return [str(code) for code in self.rows["area_code"]]


def levels(view: View) -> list[Level]:
    """The levels below the area for which there are figures."""
    found = sorted({Level(int(level)) for level in view.rolled["level"].unique()})
    at = level_of(view.area)
    below = [level for level in found if level > at and (at >= Level.KABUPATEN or level < Level.DESA)]
    return below or [Level(at + 1)]


def playing() -> float | None:
    """Seconds until the next day is shown; None while nothing plays. For ``run_every`` of the map's fragment."""
    return TICK if st.session_state.get("playing") else None


def seen(view: View) -> Seen:
    """What is chosen, and all that follows from it. The widgets are placed after the map, by :mod:`page.controls`."""
    offered = levels(view)
    level = Level[choice("level", [one.name for one in offered], offered[0].name)]
    measure = ALL[choice("show", offered_measures(view, level), "unrecorded")]
    ask = _asked(view, measure)
    days = known_days(view)
    options = day_options(days)
    advance(options)
    chosen_day = choice("day", options, LATEST)
    day = None if chosen_day == LATEST else date.fromisoformat(chosen_day)
    since = None
    if measure.key == "change":
        value = choice("since", since_options(days, day), PREVIOUS)
        since = None if value == PREVIOUS else date.fromisoformat(value)
    shape, method = choice("shape", SHAPES, OUTLINES), choice("method", METHODS, "natural")
    steps, basis = int(choice("steps", STEPS, "5")), choice("bounds", BASES, LATEST)
    own, carry = own_breaks(kept(f"own_{measure.key}", ""), measure), kept("carry", False)
    asking = _Asking(view, measure, level, days, day, since, shape, method, steps, basis, own, carry, ask)
    return _found(asking, chosen_inside, settings().base_map and kept("online", False))


def first(view: View, level: Level) -> Seen:
    """The map as a first visitor sees it at a level; needs no session."""
    measure = ALL["unrecorded"]
    asking = _Asking(view, measure, level, known_days(view), None, None, OUTLINES, "natural", 5, LATEST,
                     own_breaks("", measure), False, None)
    return _found(asking, lambda _codes: "", False)


@dataclass(frozen=True)
class _Asking:
    """What was chosen, as :func:`seen` read it."""

    view: View
    measure: MapMeasure
    level: Level
    days: list[date]
    day: date | None
    since: date | None
    shape: str
    method: str
    steps: int
    basis: str
    own: tuple[float, ...] | None
    carry: bool
    ask: Asked


def _found(asking: _Asking, inside: Callable[[Sequence[str]], str], online: bool) -> Seen:
    view, day = asking.view, asking.day
    drawn = outlines.find(view.area, asking.level, day or view.standing.as_of_date)
    key = repr((view.office.url, view.office.token, view.area, view.on, asking.measure.key, asking.level, day, asking.since,
                asking.shape, asking.method, asking.steps, asking.basis, asking.own, asking.carry, asking.ask,
                drawn.digest if drawn else ""))
    found = _classed(key, asking, drawn)
    return Seen(asking.measure, day, tuple(asking.days), asking.level, found.rows, found.classes, found.shapes, drawn,
                found.shape, inside(found.codes), found.largest, asking.since, online, asking.ask, key)


@dataclass(frozen=True)
class _Classed:
    """What follows from it; kept as it is, so it is read and never changed."""

    rows: pd.DataFrame
    classes: Classes
    shapes: Boundaries
    shape: str
    codes: tuple[str, ...]
    largest: int | None


@st.cache_resource(show_spinner=False, max_entries=24)
def _classed(key: str, _asking: _Asking, _drawn: Boundaries | None) -> _Classed:
    chosen, view, measure, day = _asking, _asking.view, _asking.measure, _asking.day
    rows = frame(view, chosen.level, day, chosen.since, chosen.carry, chosen.ask)
    codes = tuple(str(code) for code in rows["area_code"])
    known = sorted(_drawn.codes if _drawn else codes)
    projected = measure.key in PROJECTED
    pooled = rows if projected or chosen.basis == SHOWN else _every(view, chosen.level, chosen.days, chosen.since, chosen.carry,
                                                                    measure, day, rows)
    if chosen.basis == LATEST and day is not None and not projected:
        first = frame(view, chosen.level, None, chosen.since, chosen.carry, chosen.ask)
    else:
        first = pooled if chosen.basis == EVERY else rows
    bounds = frozen(first, pooled, measure=measure, steps=chosen.steps, method=chosen.method,  # type: ignore[arg-type]
                    own=chosen.own or ())
    at = day or view.standing.as_of_date
    stale = older_than(rows, at) if at is not None else frozenset()
    classes = classify_rows(rows, measure=measure, areas=known, stale=stale if measure.key != "age" else (), bounds=bounds)
    outlined = _drawn is not None and chosen.shape != SQUARES and covers(_drawn, rows)
    shapes = _drawn if outlined and _drawn is not None else squares(view.area, codes, _drawn)
    most = pd.concat([rows["unrecorded"], pooled["unrecorded"]]).max()
    return _Classed(rows, classes, shapes, chosen.shape, codes, None if pd.isna(most) else int(most))


Kept = TypeVar("Kept", str, bool)


def kept(key: str, default: Kept) -> Kept:
    """A choice of this session alone, which a link does not carry; it stays where its widget is folded away."""
    value: Kept = st.session_state.get(f"kept_{key}", default)
    return value


def offered_measures(view: View, level: Level) -> list[str]:
    """The measures that can be shown: projections only where few enough histories stand behind them."""
    return [key for key in ALL if key not in PROJECTED or foreseen(view, level)]


def foreseen(view: View, level: Level) -> bool:
    """Whether the projections of the areas of a level can be had while a reader waits."""
    return _histories(view.office.url, view.office.token, view.area, view.on, level, view.rolled) <= MOST


def known_days(view: View) -> list[date]:
    """The real days of the area's figures up to the chosen one, in order; nothing is invented between them."""
    heads = view.rolled.loc[view.rolled["area_code"] == view.area, "as_of_date"]
    return [stamp.date() for stamp in sorted(heads.unique())]


def day_options(days: list[date]) -> list[str]:
    """The days as options; the last one is 'latest', so that a link goes on to newer figures."""
    return [*(day.isoformat() for day in days[:-1]), LATEST]


def since_options(days: Sequence[date], day: date | None) -> list[str]:
    """The earlier days of a difference, latest first; 'previous' is each area's snapshot before."""
    return [PREVIOUS, *(one.isoformat() for one in reversed(days) if one < (day or days[-1]))]


def advance(options: list[str]) -> None:
    """While playing: the next day, once its time has come; at the last one the play ends."""
    state = st.session_state
    if not state.get("playing") or time.monotonic() - state.get("played_at", 0.0) < 0.8 * TICK:
        return
    state["played_at"] = time.monotonic()
    place = options.index(choice("day", options, LATEST))
    if place + 1 < len(options):
        set_choice("day", options[place + 1])
    else:
        state["playing"] = False
        st.rerun()


def own_breaks(typed: str, measure: MapMeasure) -> tuple[float, ...] | None:
    """Breaks that a reader typed, in people or per cent; None where something in it is no number."""
    found = []
    for part in filter(None, (part.strip().rstrip("%").strip() for part in typed.split(";"))):
        try:
            found.append(float(part.replace(",", ".")) / (100 if measure.unit == "share" else 1))
        except ValueError:
            return None
    return tuple(sorted(set(found)))


def frame(view: View, level: Level, day: date | None, since: date | None, carry: bool, ask: Asked) -> pd.DataFrame:
    """One row an area on one day, with the column of the measure."""
    rows = _mapped(view.office.url, view.office.token, view.area, view.on, level, day, since, carry, view.rolled)
    if ask is None:
        return rows
    target, by = ask
    with st.spinner(view.say(T("Projecting each area …"))):
        found = _ahead(view.office.url, view.office.token, view.area, view.on, level, day, target.key, by, view.around)
    return rows.merge(found, on="area_code", how="left")


def _asked(view: View, measure: MapMeasure) -> Asked:
    """The target and the day that a projected measure is about: the national target until it is reached, then zero."""
    if measure.key not in PROJECTED:
        return None
    national = Target.national()
    reached = view.project(national).reason
    target = ZERO if reached is not None and reached.code == "already_reached" else national
    return target, deadline(view, view.standing.as_of_date or date.today()) if measure.key == "probability" else None


@st.cache_data(show_spinner=False, max_entries=256)
def _mapped(url: str, token: str, area: str, on: date | None, level: Level, day: date | None, since: date | None, carry: bool,
            _rolled: pd.DataFrame) -> pd.DataFrame:
    return measures.mapped(_rolled, area, level=level, on=day, since=since, carry=carry)


@st.cache_data(show_spinner=False, max_entries=64)
def _ahead(url: str, token: str, area: str, on: date | None, level: Level, day: date | None, target: str, by: date | None,
           _near: pd.DataFrame) -> pd.DataFrame:
    """Median days to the target (inf: not within the horizon) and its chance by a day, for each area inside."""
    near = _near if day is None else _near[_near["as_of_date"] <= pd.Timestamp(day)]
    return by_level(Ground(near), area, level, Target.parse(target), by)


@st.cache_data(show_spinner=False, max_entries=64)
def _histories(url: str, token: str, area: str, on: date | None, level: Level, _rolled: pd.DataFrame) -> int:
    return histories(_rolled, area, level)


def _every(view: View, level: Level, days: list[date], since: date | None, carry: bool, measure: MapMeasure, day: date | None,
           rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of all days, which the bounds of the classes have to hold; cheap where the figures themselves are shown."""
    if measure.column in ("unrecorded", "coverage"):
        return view.rolled[(view.rolled["level"] == int(level)) & view.rolled["headline"]]
    return pd.concat([rows if one == day else frame(view, level, one, since if since is None or since < one else None, carry,
                                                    None) for one in days[-MOST_DAYS:]])


@st.cache_data(show_spinner=False, max_entries=32)
def _squares(area: str, codes: tuple[str, ...], digest: str, _drawn: Boundaries | None) -> Boundaries:
    points = {shape.code: shape.label for shape in _drawn.shapes} if _drawn else None
    return boundaries.tile_map(area, codes, points=points)


def covers(drawn: Boundaries, rows: pd.DataFrame) -> bool:
    """Whether at least half of the areas that have figures have an outline; a map of fewer would hide more than it shows."""
    return 2 * int(rows.loc[rows["reported"], "area_code"].isin(drawn.codes).sum()) >= int(rows["reported"].sum())


def squares(area: str, codes: tuple[str, ...], drawn: Boundaries | None) -> Boundaries:
    """Equal squares for the areas, placed by their outlines where there are some."""
    return _squares(area, codes, drawn.digest if drawn else "", drawn)
