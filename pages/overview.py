"""Ringkasan: how many are unrecorded, how far the target is, who has not reported."""

import streamlit as st

from ektp_analysis import charts, measures, narrative, page, tables
from ektp_analysis.choropleth.measures import UNRECORDED
from ektp_analysis.classes import classify_rows
from ektp_analysis.narrative import figures, headings
from ektp_analysis.targets import ZERO, Target
from ektp_analysis.text import T

view = page.view()
target = Target.national()
at, history = view.standing, view.history
reached = measures.reached_on(history, target)
if view.empty:
    page.empty(view, headings.overview(at, target, reached))
    st.stop()
to_target, to_zero = view.project(target), view.project(ZERO)
page.heading(view, headings.overview(at, target, reached, to_target), below=page.dated(view))

with page.cards(4):
    page.card(view, T("Unrecorded"), view.number(at.unrecorded), figures.change(measures.change(history)))
    page.card(view, T("Coverage"), view.percent(figures.percent_of(at.figure, target)), figures.against(target, reached))
    page.card(view, T("Target {share}", share=target.percent), view.about_when(to_target),
              narrative.chance.when(to_target, reached))
    page.card(view, T("Complete (zero unrecorded)"), view.about_when(to_zero), narrative.chance.when(to_zero))
page.warnings(view)

rows = measures.ranking(view.rolled, view.area, on=view.on) if at.child_level else None
left, right = st.columns([3, 2], gap="large")
with left:
    st.header(view.say(T("How the unrecorded have fallen")), anchor=False)
    page.chart(charts.trend(history, charts.Look(view.lang, view.theme, note=view.note), target=target), "trend",
               alt=view.sentence(figures.change(measures.change(history))))
with right:
    if rows is not None:
        st.header(view.sentence(narrative.areas.ranking(rows)), anchor=False)
        page.chart(charts.ranked(rows, charts.Look(view.lang, view.theme, note=view.note),
                                 classes=classify_rows(rows, UNRECORDED)), "ranked",
                   alt=view.sentence(narrative.areas.ranking(rows)))
        st.caption(view.sentence(narrative.areas.silence(at)))

before = tables.pick(history, tables.HISTORY)
inside = before if rows is None else tables.pick(rows, tables.RANKING)
page.behind(view, "overview_table", *([inside] if rows is None else [inside, before]))
page.downloads(view, "overview", frames={view.say(T("Areas")): inside,
                                         view.say(T("History")): before}, pictures={
    view.say(T("Trend")): lambda: charts.png(charts.trend(history, charts.Look(view.lang, note=view.note), target=target))})
