"""Proyeksi: when the target and zero are reached, and how sure that is."""

import streamlit as st

from ektp_analysis import charts, measures, narrative, page, tables
from ektp_analysis.narrative import chance, headings
from ektp_analysis.targets import Target
from ektp_analysis.text import T

view = page.view()
if view.empty:
    page.empty(view, headings.overview(view.standing, Target.national(), measures.reached_on(view.history, Target.national())))
    st.stop()
title = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    target = page.choose_target(view)
    meaning = page.choose_meaning(view, target)
    found, reached = page.forecast(view, target, meaning), measures.reached_on(view.history, target)
    by = page.choose_deadline(view, found.origin or view.standing.as_of_date)
with title:
    page.heading(view, headings.projection(found, reached), below=chance.basis(found))
for note in filter(None, (narrative.forecast.zero_means(found), *found.notes)):
    st.caption(view.sentence(note))

page.missing(view, found)
if found.answered:
    mark = charts.Mark(by, T("{date}", date=by))
    st.markdown("**" + view.sentence(chance.chance_by(found, by)) + "**  \n" + view.sentence(chance.chance_never(found)))
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.header(view.say(T("Twenty equally likely outcomes")), anchor=False)
        page.chart(charts.dots(found, charts.Look(view.lang, view.theme, note=view.note), by=mark), "dots",
                   alt=view.sentence(chance.chance_by(found, by)))
        st.caption(view.say(T("Each dot is 1 in 20. Filled: by {date}; hollow: later; a cross: not within {horizon}.",
                              date=by, horizon=chance.horizon(found.horizon_days))))
    with right:
        st.header(view.say(T("What was seen, and what may come")), anchor=False)
        page.chart(charts.fan(view.history, found.fan(), charts.Look(view.lang, view.theme, note=view.note), target=found),
                   "fan", alt=view.sentence(chance.when(found, reached)))
page.paces(view, found, by)


@st.fragment
def more() -> None:
    """What takes longer, or is asked less often: computed when it is opened."""
    if view.standing.child_level is not None:
        with st.expander(view.say(T("The areas inside, the most at risk first")), key="inside_areas",
                         on_change="rerun") as inside:
            if inside.open:
                page.together(view, target, meaning, by)
    with st.expander(view.say(T("How the projected day moved")), key="river_of_dates", on_change="rerun") as moved:
        if moved.open:
            page.river(view, target)
    with st.expander(view.say(T("What if: people recorded a day")), key="what_if", on_change="rerun") as assumed:
        if assumed.open:
            page.assumption(view, found, by)


more()
with st.expander(view.say(T("Advanced")), key="advanced"):
    page.choose_coverage(view, target)
    if found.answered:
        st.caption(view.say(T("The whole distribution: with which chance the target is reached by which day.")))
        page.table(view, page.quantiles(view, found), "quantiles")
        page.table(view, tables.pick(view.history, tables.HISTORY), "seen_table")
if found.answered:
    page.downloads(view, "projection", frames={view.say(T("Projection")): page.quantiles(view, found)}, pictures={
        view.say(T("Fan")): lambda: charts.png(charts.fan(
            view.history, found.fan(), charts.Look(view.lang, title=headings.projection(found), note=view.note), target=found)),
        view.say(T("Dots")): lambda: charts.png(charts.dots(
            found, charts.Look(view.lang, title=chance.chance_by(found, by), note=view.note), by=mark))})
