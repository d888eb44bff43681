"""The map on a page: Leaflet from the package that is installed, never from a network."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium
from xstatic.pkg import leaflet

from ektp_analysis import choropleth
from ektp_analysis.boundaries import Boundaries
from ektp_analysis.classes import Classes
from ektp_analysis.page.choosing import choice, set_choice
from ektp_analysis.page.viewing import View

WIDTH = 700  # pixels: the frame follows the shape of the area


@st.cache_resource(show_spinner=False)
def _leaflet() -> str:
    """Serve the folder of the installed Leaflet; gives its address relative to the map's frame."""
    component = declare_component("leaflet", path=leaflet.BASE_DIR)
    return f"../{component.name}"


def chosen_inside(codes: list[str], key: str = "inside") -> str:
    """The area that is chosen inside the map: by its last click, by the table, by the URL; '' for none."""
    state = st.session_state
    clicked = choropleth.chosen_code(state.get("map"))
    if clicked and clicked != state.get("kept_click") and clicked in codes:
        set_choice(key, clicked)
    state["kept_click"] = clicked
    return choice(key, ["", *codes], "")


def area_map(view: View, boundaries: Boundaries, classes: Classes, rows: pd.DataFrame, chosen: str) -> Any:
    """The map; a click is one rerun of the fragment around it, and zoom and place stay."""
    return st_folium(
        choropleth.base_map(boundaries, leaflet=_leaflet(), lang=view.lang, theme=view.theme),
        feature_group_to_add=choropleth.area_layer(boundaries, classes, rows, lang=view.lang, theme=view.theme,
                                                   chosen=chosen or None),
        key="map", height=choropleth.map_height(boundaries, width=WIDTH), use_container_width=True, returned_objects=["last_active_drawing"])
