"""The choices of the map as widgets: measure and level, the day and the play button, and the rest under 'Advanced'."""

from __future__ import annotations

import time
from datetime import date
from typing import Any, cast

import streamlit as st

from ektp_analysis import i18n, narrative
from ektp_analysis.area import Level
from ektp_analysis.breaks import Method
from ektp_analysis.choropleth.seen import (
    BASES,
    METHODS,
    NEWEST,
    POLYGONS,
    PREVIOUS,
    SHAPES,
    MapView,
    day_options,
    levels_of,
    own_breaks,
    since_options,
)
from ektp_analysis.page.choosing import LATEST, choose, set_choice
from ektp_analysis.page.exploring import (
    STEPS,
    foreseen,
    kept,
    offered_measures,
)
from ektp_analysis.page.forecasts import choose_deadline
from ektp_analysis.page.viewing import View
from ektp_analysis.projection.answers import MOST
from ektp_analysis.settings import settings
from ektp_analysis.text import T, Text


def what(view: View, map_: MapView) -> None:
    """The measure, the level where there are several, and what a projected measure is about."""
    offered, level = levels_of(view.rolled, view.area), map_.choices.level
    shown = {one.key: one for one in offered_measures(view, level)}
    choose(st.pills, T("Show"), list(shown), "show", default=next(iter(shown)), required=True, wrap=True,
           show=lambda one: view.sentence(shown[one].short))
    if len(offered) > 1:
        choose(st.segmented_control, T("Level"), [one.name for one in offered], "level", default=offered[0].name,
               required=True, wrap=True, show=lambda name: view.sentence(Level[name].label))
    if not foreseen(view, level):
        st.caption(view.say(T("Days to the target and its chance are projected for at most {n} areas at a time, kecamatan "
                              "behind them included: open a smaller area to see them.", n=MOST)))
    if map_.request.target is not None:
        st.caption(view.sentence(narrative.figures.target_name(map_.request.target)))
        if map_.request.by is not None:
            choose_deadline(view, view.standing.as_of_date or date.today())


def when(view: View, map_: MapView) -> None:
    """The day on the map and the play button; the earlier day of a difference."""
    days = list(map_.choices.days)
    if len(days) > 1:
        _days(view, days)
    if "since" in map_.measure.asks:
        choose(st.selectbox, T("Change since"), since_options(days, map_.choices.day), "since", default=PREVIOUS,
               show=lambda one: view.say(T("the snapshot before")) if one == PREVIOUS else i18n.day(
                   date.fromisoformat(one), view.lang))


def _days(view: View, days: list[date]) -> None:
    options = day_options(days)
    short = dict(zip(options, (i18n.day(day, view.lang, short=True) for day in days), strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        value = choose(st.select_slider, T("As of"), options, "day", default=LATEST, show=short.__getitem__)
        running = bool(st.session_state.get("playing"))
        if st.button(view.say(T("Stop") if running else T("Play")), key="play",
                     icon=":material/stop:" if running else ":material/play_arrow:"):
            st.session_state["playing"] = not running
            st.session_state["played_at"] = time.monotonic()
            if not running and value == LATEST:
                set_choice("day", options[0])
            st.rerun()


def advanced(view: View, map_: MapView) -> None:
    """How it is drawn and classed; placed only when it is opened."""
    with st.expander(view.say(T("Advanced")), key="advanced", on_change="rerun") as opened:
        if not opened.open:
            return
        choose(st.segmented_control, T("Drawn as"), list(SHAPES), "shape", default=POLYGONS, required=True, wrap=True,
               show=lambda one: view.say(SHAPES[one]))
        choose(st.selectbox, T("Classes"), list(METHODS), "method", default="natural",
               show=lambda one: view.say(METHODS[cast(Method, one)]))
        choose(st.segmented_control, T("At most so many classes"), STEPS, "steps", default="5", required=True, wrap=True,
               show=str)
        _keep(st.text_input, T("Own class breaks"), f"own_{map_.measure.key}", view, "",
              placeholder=view.say(T("for example 50; 100; 250")))
        typed = kept(f"own_{map_.measure.key}", "")
        if own_breaks(typed, map_.measure) is None:
            st.warning(view.say(T("'{text}' is not a number; breaks are written like 50; 100; 250.", text=typed[:40])))
        choose(st.selectbox, T("Class bounds found on"), list(BASES), "bounds", default=NEWEST,
               show=lambda one: view.say(BASES[one]))
        _keep(st.toggle, T("Fill the silent with their last figure"), "carry", view, False)
        if settings().base_map:
            _keep(st.toggle, T("Online base map"), "online", view, False, help=view.say(
                T("Sends this computer's network address, the address of this app and the part of the map that is looked at "
                  "to openstreetmap.org. Figures are not sent.")))


def _keep(widget: Any, label: Text, key: str, view: View, default: Any, **arguments: Any) -> None:
    """A widget whose value outlives it: folded away, it still holds."""
    st.session_state[f"widget_{key}"] = kept(key, default)
    widget(view.say(label), key=f"widget_{key}", on_change=_take, args=(key,), **arguments)


def _take(key: str) -> None:
    st.session_state[f"kept_{key}"] = st.session_state[f"widget_{key}"]
