"""What the map shows: measure, day, level, classes and shape as they are chosen, and the rows that follow from them.

The choices are read here before their widgets are placed (see :mod:`ektp_analysis.page.map_choices`), so that the map is
on its way to the browser first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st

from ektp_analysis.boundaries.layer import Boundaries, tile_map
from ektp_analysis.boundaries.national import label_points
from ektp_analysis.core import text
from ektp_analysis.core.area import Level
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures.class_bounds import Method
from ektp_analysis.figures.classes import Cuts
from ektp_analysis.figures.measure import MapFigures, MapRequest, Measure
from ektp_analysis.figures.series import PACE_DAYS
from ektp_analysis.figures.side_by_side import mapped
from ektp_analysis.maps import measures as map_measures
from ektp_analysis.maps.seen import (
    BASES,
    CIRCLES,
    METHODS,
    MOST_TICK,
    NEWEST,
    POLYGONS,
    PREVIOUS,
    SHAPES,
    SPEEDS,
    SQUARES,
    YEAR,
    AreaMap,
    MapChoices,
    MapView,
    classes_of,
    covers,
    day_options,
    days_of,
    levels_of,
    own_breaks,
    pace,
    since_options,
    upto,
)
from ektp_analysis.narrative import counts
from ektp_analysis.office import boundary_files
from ektp_analysis.page import aim_parts, map_ahead
from ektp_analysis.page.choices import LATEST, View, choice, choose, set_choice
from ektp_analysis.page.forecast_choices import choose_deadline, deadline
from ektp_analysis.page.map_parts import advance, chosen_inside
from ektp_analysis.projection.answers import MOST
from ektp_analysis.projection.history import last_breaks

STEPS = tuple(str(n) for n in range(2, 8))


def seen(view: View) -> MapView:
    """What is chosen, and all that follows from it. The widgets are placed after the map, by the page."""
    level = _level(view)
    shown = {one.key: one for one in offered_measures(view, level)}
    st.session_state["not_to_be_had"] = not_to_be_had(view, level)
    measure = shown[choice("show", shown, next(iter(shown)))]
    request = _asked(view, measure)
    days = days_of(view.rolled, view.area)
    options = day_options(days)
    advance(options, pace(days, choice("speed", YEAR, "fast")) if len(days) > 1 else MOST_TICK)
    chosen_day = choice("day", options, LATEST)
    day = None if chosen_day == LATEST else date.fromisoformat(chosen_day)
    if "since" in measure.asks:
        value = choice("since", since_options(days, day), PREVIOUS)
        request = replace(request, since=None if value == PREVIOUS else date.fromisoformat(value))
    shape, method = choice("shape", SHAPES, POLYGONS), cast(Method, choice("method", METHODS, "natural"))
    steps, basis = int(choice("steps", STEPS, "5")), choice("bounds", BASES, NEWEST)
    own = own_breaks(kept(f"own_{measure.key}", ""), measure) or ()
    choices = MapChoices(measure, level, days, day, _dated(view, request, day), shape, Cuts(steps, method, own), basis)
    found = _found(view, choices)
    return replace(found, chosen=chosen_inside(found.codes), online=settings().base_map and kept("online", False))


def latest(view: View, keys: Collection[str]) -> tuple[MapView, dict[str, Measure]]:
    """The map of the latest figures, where little is chosen: one of these measures, or the one that the address names; and the
    measures that are so offered."""
    level = _level(view)
    shown = {one.key: one for one in offered_measures(view, level)}
    measure = shown[choice("show", shown, next(iter(shown)))]
    request = _dated(view, _asked(view, measure), None)
    found = _found(view, MapChoices(measure, level, days_of(view.rolled, view.area), None, request))
    few = {key: one for key, one in shown.items() if key in keys or one is measure}
    return replace(found, chosen=chosen_inside(found.codes)), few


def _level(view: View) -> Level:
    """The level that is chosen. Where there is one alone nobody chooses: who comes back from there finds the one of before."""
    offered = [one.name for one in levels_of(view.rolled, view.area)]
    return Level[choice("level", offered, offered[0]) if len(offered) > 1 else offered[0]]


def first(view: View, level: Level) -> MapView:
    """The map as a first visitor sees it at a level; needs no session."""
    request = _dated(view, MapRequest(), None)
    return _found(view, MapChoices(map_measures.MEASURES[0], level, days_of(view.rolled, view.area), None, request))


def _dated(view: View, request: MapRequest, day: date | None) -> MapRequest:
    """What is asked, about the day that is shown."""
    return replace(request, day=day or view.standing.as_of_date)


def _found(view: View, choices: MapChoices) -> MapView:
    """The map of the choices, with no area chosen on it."""
    polygons = boundary_files.find(view.area, choices.level, choices.request.day)
    key = repr(
        (
            view.named,  # what comes in elsewhere draws no map anew
            view.area,
            choices.measure.key,
            choices.level,
            choices.day,
            choices.request,
            choices.shape,
            choices.cuts,
            choices.basis,
            polygons.digest if polygons else "",
            (view.on, view.today) if choices.measure.projected else None,
            map_ahead.state(view, choices),
        )
    )
    return MapView(choices, _drawn(key, view, choices, polygons), polygons, "", False, key)


@st.cache_resource(show_spinner=False, max_entries=24)
def _drawn(key: str, _view: View, _choices: MapChoices, _polygons: Boundaries | None) -> AreaMap:
    """What is drawn; kept as it is, so it is read and never changed."""
    rows = frame(_view, _choices, _choices.day)
    reported = _view.rolled[(_view.rolled["level"] == int(_choices.level)) & _view.rolled["headline"]]
    classes, largest = classes_of(
        _choices, reported, lambda day: rows if day == _choices.day else frame(_view, _choices, day), _polygons
    )
    fits = _polygons is not None and _choices.shape != SQUARES and covers(_polygons, rows)
    shapes = (
        _polygons
        if fits and _polygons is not None
        else _squares(
            _view.area, tuple(str(code) for code in rows["area_code"]), _polygons.digest if _polygons else "", _polygons
        )
    )
    return AreaMap(shapes, classes, rows, _choices.shape == CIRCLES, largest)


Kept = TypeVar("Kept", str, bool)


def kept(key: str, default: Kept) -> Kept:
    """A choice of this session alone, which a link does not carry; it stays where its widget is folded away."""
    value: Kept = st.session_state.get(f"kept_{key}", default)
    return value


def offered_measures(view: View, level: Level) -> list[Measure]:
    """The measures that can be shown: projections only where few enough histories stand behind them, others only where some
    figure has the column that they need."""
    return [
        measure
        for measure in map_measures.MEASURES
        if (not measure.projected or map_ahead.offered(view, level))
        and (not measure.needs or bool(view.rolled.loc[view.rolled["level"] == int(level), measure.needs].notna().any()))
    ]


def not_to_be_had(view: View, level: Level) -> Text | None:
    """Why the measure that an address asks for is not shown, where no figure has what it needs."""
    asked = next((one for one in map_measures.MEASURES if one.key == st.query_params.get("show")), None)
    return None if asked is None or asked in offered_measures(view, level) else asked.lacking


def frame(view: View, choices: MapChoices, day: date | None) -> pd.DataFrame:
    """One row an area on one day (None: the latest), with the column of the measure."""
    measure, request = choices.measure, _dated(view, replace(choices.request, since=choices.since(day)), day)
    asked = (view.named, view.area, choices.level, day)
    rows = _mapped(repr((*asked, request.since)), view, choices, day)
    if request.target is not None:
        with st.spinner(view.say(T("Projecting each area …"))):
            found = map_ahead.shown(view, replace(choices, request=request), day)
        rows = rows.merge(found, on="area_code", how="left")
    if measure.compute is None:
        return rows
    return rows.assign(**{measure.column: measure.compute(MapFigures(rows, upto(view.rolled, day), request))})


def _asked(view: View, measure: Measure) -> MapRequest:
    """What a projected measure is about: the office's aim, else the national target, until it is reached, then zero; and the
    day asked about."""
    if "target" not in measure.asks:
        return MapRequest()
    target = aim_parts.open_target(view)
    by = deadline(view, view.standing.as_of_date or date.today()) if "by" in measure.asks else None
    return MapRequest(target=target, by=by)


@st.cache_data(show_spinner=False, max_entries=256)
def _mapped(key: str, _view: View, _choices: MapChoices, _day: date | None) -> pd.DataFrame:
    day = _day or _view.standing.as_of_date
    broken = {} if day is None else last_breaks(_view.rolled, _choices.level, day, PACE_DAYS)
    return mapped(_view.rolled, _view.area, level=_choices.level, on=_day, since=_choices.since(_day), broken=broken)


@st.cache_data(show_spinner=False, max_entries=32)
def _squares(area: str, codes: tuple[str, ...], digest: str, _polygons: Boundaries | None) -> Boundaries:
    """Equal squares for the areas, placed by their polygons, else by the smallest area around each that has one."""
    own = {shape.code: shape.label for shape in _polygons.shapes} if _polygons else {}
    return tile_map(area, codes, points=label_points(codes) | own)


def choose_measure(view: View, offered: Mapping[str, Measure], **given: Any) -> None:
    """What the map shows, as chips: measures by their keys, the first where none is chosen."""
    choose(
        st.pills,
        T("Show"),
        list(offered),
        "show",
        default=next(iter(offered)),
        required=True,
        wrap=True,
        show=lambda one: view.sentence(offered[one].short),
        **given,
    )


def what(view: View, map_: MapView) -> None:
    """The measure, the level where there are several, and what a projected measure is about."""
    offered, level = levels_of(view.rolled, view.area), map_.choices.level
    shown = {one.key: one for one in offered_measures(view, level)}
    choose_measure(view, shown)
    if len(offered) > 1:
        choose(
            st.segmented_control,
            T("Level"),
            [one.name for one in offered],
            "level",
            default=offered[0].name,
            required=True,
            wrap=True,
            show=lambda name: view.sentence(Level[name].label),
        )
    if lacking := st.session_state.get("not_to_be_had"):
        st.warning(view.say(lacking), icon=":material/info:")
    if not map_ahead.offered(view, level):
        st.caption(
            view.say(
                T(
                    "Days to the target and its chance are projected for at most {n} areas at a time, the kecamatan "
                    "inside them included: open a smaller area to see them.",
                    n=MOST,
                )
            )
        )
    if map_.request.target is not None:
        st.caption(view.sentence(counts.target_name(map_.request.target)))
        if map_.request.by is not None:
            choose_deadline(view, view.standing.as_of_date or date.today())


def when(view: View, map_: MapView) -> None:
    """The day on the map and the play button; the earlier day of a difference."""
    days = list(map_.choices.days)
    if len(days) > 1:
        _days(view, days)
    if "since" in map_.measure.asks:
        choose(
            st.selectbox,
            T("Change since"),
            since_options(days, map_.choices.day),
            "since",
            default=PREVIOUS,
            show=lambda one: (
                view.say(T("the snapshot before")) if one == PREVIOUS else text.day(date.fromisoformat(one), view.lang)
            ),
        )


def _days(view: View, days: list[date]) -> None:
    options = day_options(days)
    short = dict(zip(options, (text.day(day, view.lang, short=True) for day in days), strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        value = choose(st.select_slider, T("As of"), options, "day", default=LATEST, show=short.__getitem__)
        running = bool(st.session_state.get("playing"))
        if st.button(
            view.say(T("Stop") if running else T("Play")),
            key="play",
            icon=":material/stop:" if running else ":material/play_arrow:",
        ):
            st.session_state["playing"] = not running
            if not running and value == LATEST:
                set_choice("day", options[0])
            st.session_state["tick"] = 0.0  # it begins to count anew
            st.rerun()
        choose(
            st.selectbox,
            T("Speed"),
            list(YEAR),
            "speed",
            default="fast",
            show=lambda one: view.say(SPEEDS[one]),
            label_visibility="collapsed",
            width=190,
        )


def advanced(view: View, map_: MapView) -> None:
    """How it is drawn and classed; placed only when it is opened."""
    with st.expander(view.say(T("Advanced")), key="advanced", on_change="rerun") as opened:
        if not opened.open:
            return
        choose(
            st.segmented_control,
            T("Drawn as"),
            list(SHAPES),
            "shape",
            default=POLYGONS,
            required=True,
            wrap=True,
            show=lambda one: view.say(SHAPES[one]),
        )
        choose(
            st.selectbox,
            T("Classes"),
            list(METHODS),
            "method",
            default="natural",
            show=lambda one: view.say(METHODS[cast(Method, one)]),
        )
        choose(
            st.segmented_control, T("Number of classes, at most"), STEPS, "steps", default="5", required=True, wrap=True, show=str
        )
        _keep(
            st.text_input,
            T("Own class breaks"),
            f"own_{map_.measure.key}",
            view,
            "",
            placeholder=view.say(T("for example 50; 100; 250")),
        )
        typed = kept(f"own_{map_.measure.key}", "")
        if own_breaks(typed, map_.measure) is None:
            st.warning(view.say(T("'{text}' is not a number; breaks are written like 50; 100; 250.", text=typed[:40])))
        choose(
            st.selectbox, T("Class bounds found on"), list(BASES), "bounds", default=NEWEST, show=lambda one: view.say(BASES[one])
        )
        if settings().base_map:
            _keep(
                st.toggle,
                T("Online base map"),
                "online",
                view,
                False,
                help=view.say(
                    T(
                        "Sends this computer's network address, the address of this app and the part of the map that is looked "
                        "at to openstreetmap.org. Figures are not sent."
                    )
                ),
            )


def _keep(widget: Any, label: Text, key: str, view: View, default: Any, **arguments: Any) -> None:
    """A widget whose value outlives it: folded away, it still holds."""
    st.session_state[f"widget_{key}"] = kept(key, default)
    widget(view.say(label), key=f"widget_{key}", on_change=_take, args=(key,), **arguments)


def _take(key: str) -> None:
    st.session_state[f"kept_{key}"] = st.session_state[f"widget_{key}"]
