"""Peta: where the unrecorded are; a click, the list or the keyboard opens what is known of one area."""

import streamlit as st

from ektp_analysis import narrative, page
from ektp_analysis.measures import ranking
from ektp_analysis.text import T

view = page.view()
above = st.container()
if view.empty or view.standing.child_level is None:
    with above:
        page.breadcrumb(view)
    page.empty(view, narrative.headings.area_map(ranking(view.rolled, view.area), view.area)
               if view.standing.child_level is not None else T("A desa has no areas inside: choose a larger one"))
    st.stop()


def explore() -> None:
    """The map first, then the choices around it, what is chosen on it, and the same as a table."""
    map_ = page.seen(view)
    page.heading(view, page.map_title(view, map_), below=page.dated(view))
    left, right = st.columns([5, 3], gap="medium")
    with left:
        page.standing_in(view, map_)
        page.area_map(view, map_)
        page.credit(view, map_)
        page.map_day(view, map_)
        with st.container(key="glance"):
            page.glance(view, map_)
    with right:
        page.map_measure(view, map_)
        page.legend(view, map_)
        st.caption(view.say(T("{good} {hides}", good=map_.measure.good_for, hides=map_.measure.hides)))
        page.map_advanced(view, map_)
    page.map_figures(view, map_)
    for key, label, place in (
            ("compare", T("Compare two areas"), page.compare), ("multiples", T("All days side by side"), page.multiples),
            ("more", T("Sortable table and downloads"), page.take_away)):
        with st.expander(view.say(label), key=key, on_change="rerun") as opened:
            if opened.open:
                place(view, map_)


st.fragment(explore, run_every=page.playing())()
with above:  # on its way after the map, although it stands above it
    page.breadcrumb(view)
