"""Posisi: how many are unrecorded, where, and when that ends; map, list and chart share one chosen area."""

import streamlit as st

from ektp_analysis.narrative import position
from ektp_analysis.page import aim_parts, alert_parts, choices, parts, position_list, position_parts

view = choices.view()
position_parts.look()
if view.empty:
    parts.empty(view, position.heading(view.standing, position_parts.dates_of(view)))
    st.stop()
position_parts.home(view)
with st.container(key="position", gap="xsmall"):
    place = position_parts.heading(view, alert_parts.at_hand(view))


@st.fragment
def explore() -> None:
    """What is chosen in one of the three is chosen in all."""
    found = position_parts.shown(view)
    if found is not None:
        left, right = st.columns([43, 61], gap="medium")
        with left:
            position_parts.measures(view, found)
            position_parts.area_map(view, found)
        with right:
            position_list.area_list(view, found)
    position_parts.area_chart(view, found)


with st.container(key="explore", gap="xsmall"):
    explore()
alert_parts.alert_list(view, place)
aim_parts.office_aim(view)
position_parts.more(view)
aim_parts.happenings(view, choices.today())
