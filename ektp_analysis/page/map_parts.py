"""The map on a page: Leaflet for a kabupaten, a canvas for thousands of areas; both installed here, never from a network."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import streamlit as st
import streamlit_folium
from streamlit import runtime
from streamlit.components.v1 import declare_component
from xstatic.pkg import leaflet

from ektp_analysis.boundaries.layer import Boundaries
from ektp_analysis.core.private import register_component, sender_of, unsent
from ektp_analysis.maps import canvas
from ektp_analysis.maps.leaflet import area_layer, base_map, clicked, map_height
from ektp_analysis.maps.legend import legend_html
from ektp_analysis.maps.seen import MOST_TICK, AreaMap, MapView
from ektp_analysis.office import boundary_files
from ektp_analysis.page.choices import LATEST, View, choice, set_choice
from ektp_analysis.page.parts import run
from ektp_analysis.page.scripts import HOVER


@dataclass(frozen=True)
class Size:
    """Pixels of the frame: its width where there is room, and between what its height follows the shape of the area."""

    width: int = 560
    least: int = 200
    most: int = 560


USUAL = Size()
LEAST_TICK = 0.3  # seconds: a page can follow no faster
_SEND = sender_of(streamlit_folium)
_RENDERING = Lock()


def _served(component: Any) -> Any:
    """Let the server answer for a component, also for one that was declared before any visit, when the server prepares."""
    if runtime.exists():
        register_component(component)
    return component


@st.cache_resource(show_spinner=False)
def _leaflet() -> str:
    """Serve the folder of the installed Leaflet; gives its address relative to the map's frame."""
    return f"../{_served(declare_component('leaflet', path=leaflet.BASE_DIR)).name}"


@st.cache_resource(show_spinner=False)
def _canvas(folder: str) -> tuple[Any, str]:
    """The canvas component, and the address of the folder with the outlines that it asks for."""
    component = _served(declare_component("area_canvas", path=str(canvas.FRONTEND)))
    return component, f"../{_served(declare_component('outlines', path=folder)).name}"


def many(boundaries: Boundaries) -> bool:
    """Whether the layer is drawn on the canvas."""
    return len(boundaries.shapes) > boundary_files.MANY


def chosen_inside(codes: Sequence[str], key: str = "inside") -> str:
    """The area that is chosen inside the map: by its last click, by the table, by the URL; '' for none. A click on what is chosen
    already chooses nothing."""
    state, options = st.session_state, ["", *codes]
    drawn = state.get("canvas") or {}
    answers = (("kept_click", clicked(state.get("map"))), ("kept_canvas", (drawn["code"], drawn["at"]) if drawn else None))
    for place, last in answers:
        if last and last != state.get(place) and last[0] in codes:
            set_choice(key, "" if choice(key, options, "") == last[0] else last[0])
        state[place] = last
    return choice(key, options, "")


def playing() -> float | None:
    """Seconds until the next day is shown; None while nothing plays. For ``run_every`` of the map's fragment."""
    return max(float(st.session_state.get("tick", MOST_TICK)), LEAST_TICK) if st.session_state.get("playing") else None


def advance(options: list[str], tick: float) -> None:
    """While playing: the day whose time has come, so that a slow page leaves days out and does not fall behind; at the last one
    the play ends. ``tick``: seconds for each day."""
    state = st.session_state
    if not state.get("playing"):
        return
    now, place = time.monotonic(), options.index(choice("day", options, LATEST))
    if state.get("tick") != tick or place < state.get("played_from", 0):
        state["tick"], state["played_from"], state["played_at"] = tick, place, now
    due = state["played_from"] + int((now - state["played_at"]) / tick)
    if due < len(options):
        set_choice("day", options[due])
    elif place < len(options) - 1:
        set_choice("day", options[-1])
    else:
        state["playing"] = False
        st.rerun()


def area_map(view: View, map_: MapView, size: Size = USUAL) -> Any:
    """The map; a click is one rerun of the fragment around it, and zoom and place stay.

    With the same ``key`` of the map nothing is drawn anew.
    """
    component, sent = ready(view, map_, size)
    return component(**sent)


def ready(view: View, map_: MapView, size: Size = USUAL) -> tuple[Any, dict[str, Any]]:
    """The component that draws the map, and what it is sent."""
    drawn = map_.drawn
    height = map_height(drawn.boundaries, width=size.width, least=size.least, most=size.most)
    if many(drawn.boundaries):
        sent = _figures(repr((map_.key, view.lang, view.theme, height)), view, drawn, height)
        return _canvas(str(boundary_files.prepared()))[0], {**sent, "chosen": map_.chosen, "key": "canvas", "default": None}

    def draw() -> dict[str, Any]:
        return {
            "fig": base_map(drawn.boundaries, leaflet=_leaflet(), lang=view.lang, theme=view.theme, online=map_.online),
            "feature_group_to_add": area_layer(
                drawn, lang=view.lang, theme=view.theme, chosen=map_.chosen or None, opacity=0.75 if map_.online else 1
            ),
        }

    return _served(_SEND), _sent(repr((map_.key, view.lang, view.theme, map_.chosen, map_.online, height)), draw, height)


@st.cache_resource(show_spinner=False, max_entries=64)
def _sent(key: str, _draw: Callable[[], dict[str, Any]], height: int) -> dict[str, Any]:
    """What st_folium sends to its frame. Rendering a folium map takes longer than all else on the page, so it is done once.

    st_folium renders and sends in one call; here its sender only takes note of what it is given.
    """
    with _RENDERING, unsent(streamlit_folium):
        return dict(
            streamlit_folium.st_folium(
                **_draw(), key="map", height=height, use_container_width=True, returned_objects=["last_active_drawing"]
            )
        )


@st.cache_resource(show_spinner=False, max_entries=24)
def _figures(key: str, _view: View, _drawn: AreaMap, height: int) -> dict[str, Any]:
    """What the canvas is sent, without what is chosen inside it."""
    _, address = _canvas(str(boundary_files.prepared()))
    return canvas.arguments(
        _drawn,
        geometry=f"{address}/{boundary_files.outlines_file(_drawn.boundaries)}",
        lang=_view.lang,
        theme=_view.theme,
        height=height,
    )


def legend(view: View, map_: MapView) -> None:
    """The classes as a histogram; the one under the pointer or the focus lights up on the map."""
    drawn = frozenset(map_.drawn.boundaries.codes)
    run(HOVER, beside=legend_html(map_.drawn.classes, view.lang, view.theme, live=True, drawn=drawn))
