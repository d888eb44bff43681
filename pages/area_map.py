"""Peta: where the unrecorded are; a click, the list or the keyboard opens what is known of one area."""

import streamlit as st

from ektp_analysis.core.text import T
from ektp_analysis.figures.side_by_side import ranking
from ektp_analysis.narrative import notes
from ektp_analysis.page import choices, map_choices, map_files, map_parts, overview_parts, parts

view = choices.view()
above = st.container()
if view.empty or view.standing.child_level is None:
    with above:
        overview_parts.breadcrumb(view)
    parts.empty(
        view,
        notes.area_map(ranking(view.rolled, view.area), view.area)
        if view.standing.child_level is not None
        else T("A desa has no areas inside: choose a larger one"),
    )
    st.stop()


def explore() -> None:
    """The map first, then the choices around it, what is chosen on it, and the same as a table."""
    map_ = map_choices.seen(view)
    parts.heading(view, map_files.title(view, map_), below=notes.stands(view.standing, parts.dated(view)))
    left, right = st.columns([5, 3], gap="medium")
    with left:
        map_files.standing_in(view, map_)
        map_parts.area_map(view, map_)
        map_files.credit(view, map_)
        map_choices.when(view, map_)
    with right:
        with st.container(key="glance"):  # beside the map: a click there shows here what is known of the area
            overview_parts.glance(view, map_)
        map_choices.what(view, map_)
        map_parts.legend(view, map_)
        st.caption(view.say(T("{good} {hides}", good=map_.measure.good_for, hides=map_.measure.hides)))
        map_choices.advanced(view, map_)
    map_files.figures(view, map_)
    for key, label, place in (
        ("compare", T("Compare two areas"), overview_parts.compare),
        ("multiples", T("All days side by side"), map_files.multiples),
        ("more", T("Sortable table and downloads"), map_files.take_away),
    ):
        with st.expander(view.say(label), key=key, on_change="rerun") as opened:
            if opened.open:
                place(view, map_)


st.fragment(explore, run_every=map_parts.playing())()
with above:  # on its way after the map, although it stands above it
    overview_parts.breadcrumb(view)
