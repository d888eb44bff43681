"""Peta: where the unrecorded are; a click or the list opens the history of one area."""

import streamlit as st

from ektp_analysis import boundaries, charts, choropleth, classes, measures, narrative, page, tables
from ektp_analysis.map_measures import MEASURES
from ektp_analysis.text import T

view = page.view()
at = view.standing
shapes = boundaries.find(view.area)
if view.empty or at.child_level is None:
    page.empty(view, narrative.headings.area_map(measures.ranking(view.rolled, view.area), view.area)
               if at.child_level is not None else T("A desa has no areas inside: choose a larger one"))
    st.stop()
rows = measures.ranking(view.rolled, view.area, on=view.on)
page.heading(view, narrative.headings.area_map(rows, view.area), below=page.dated(view))


@st.fragment
def explore() -> None:
    """The map, what is chosen on it, and the same as a table."""
    codes = list(rows["area_code"])
    measure = MEASURES[page.choose(st.segmented_control, T("Show"), list(MEASURES), "show", default="unrecorded",
                                   show=lambda key: view.sentence(MEASURES[key].label), required=True)]
    found = classes.classify_rows(rows, measure=measure, areas=shapes.codes if shapes else codes)
    chosen = page.chosen_inside(codes)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        if shapes is None:
            st.info(view.say(T("No boundaries for this area yet: the list and the bars below show the same figures.")))
            page.chart(charts.ranked(rows, lang=view.lang, theme=view.theme, note=view.note), "ranked_map",
                       alt=view.sentence(narrative.areas.ranking(rows)))
        else:
            page.area_map(view, shapes, found, rows, chosen)
            st.caption(shapes.credit)
            page.mismatch(view, shapes, rows)
    with right:
        st.html(choropleth.legend_html(found, view.lang, view.theme))
        st.caption(view.say(T("{good} {hides}", good=measure.good_for, hides=measure.hides)))
        page.choose(st.selectbox, T("Area on the map"), ["", *codes], "inside", default="",
                    show=lambda code: page.name(code) if code else view.say(T("choose an area")))
        if chosen:
            inside = measures.history(view.rolled, chosen)
            st.subheader(page.name(chosen), anchor=False)
            st.write(view.sentence(narrative.figures.unrecorded(measures.standing(view.rolled, chosen))) + ". "
                     + view.sentence(narrative.figures.change(measures.change(inside))) + ".")
            page.chart(charts.history(inside, lang=view.lang, theme=view.theme, note=view.note), "inside_history",
                       alt=view.sentence(narrative.figures.change(measures.change(inside))))
    page.listing(view, tables.pick(rows, ("name", "unrecorded", "coverage")))
    with st.expander(view.say(T("Sortable table and downloads")), key="more", on_change="rerun") as more:
        if more.open:
            shown, title = tables.pick(rows, tables.RANKING), narrative.headings.area_map(rows, view.area)
            page.table(view, shown, "map_table")
            page.downloads(view, "map", frames={view.say(T("Areas")): shown}, pictures={} if shapes is None else {
                view.say(T("Map")): lambda: charts.png(choropleth.static_map(
                    shapes, found, rows, title=title, source=view.source, lang=view.lang, note=view.note))})


explore()
