"""Ringkasan: how many are unrecorded, how far the target is, who has not reported."""

from datetime import date

import streamlit as st

from ektp_analysis import charts, measures, narrative, page
from ektp_analysis.narrative import figures, headings
from ektp_analysis.targets import ZERO, Target
from ektp_analysis.text import T

view = page.view()
target = Target.national()
at, history = view.standing, view.history
if view.empty:
    page.empty(view, headings.overview(at, target, measures.reached_on(history, target)))
    st.stop()
reached = measures.reached_on(history, target)
to_target, to_zero = view.project(target), view.project(ZERO)
page.heading(view, headings.overview(at, target, reached, to_target), below=figures.as_of(at, date.today()))

with st.grid(4, min_column_width=220):
    page.card(view, T("Unrecorded"), view.number(at.unrecorded), figures.change(measures.change(history)))
    page.card(view, T("Coverage"), view.percent(figures.percent_of(at.figure, target)), figures.against(target, reached))
    page.card(view, T("Target {share}", share=target.percent), view.day_of(to_target), narrative.chance.when(to_target))
    page.card(view, T("Complete (zero unrecorded)"), view.day_of(to_zero), narrative.chance.when(to_zero))

rows = measures.ranking(view.rolled, view.area, on=view.on) if at.child_level else None
left, right = st.columns([3, 2], gap="large")
with left:
    st.subheader(view.say(T("How the unrecorded have fallen")), anchor=False)
    page.chart(view, charts.trend(history, target=target, lang=view.lang, theme=view.theme, note=view.note), "trend")
with right:
    if rows is not None:
        st.subheader(view.say(narrative.areas.ranking(rows)), anchor=False)
        page.chart(view, charts.ranked(rows, lang=view.lang, theme=view.theme, note=view.note), "ranked")
        st.caption(view.sentence(narrative.areas.silence(at)))

page.warnings(view)
with st.expander(view.say(T("The figures as a table"))):
    page.table(view, rows if rows is not None else history, "overview_table")
    page.downloads(view, "overview", frames={
        view.say(T("Districts")): page.columns(rows, "ranking") if rows is not None else history,
        view.say(T("History")): page.columns(history, "history")}, pictures={
        view.say(T("Trend")): lambda: charts.png(charts.trend(history, target=target, lang=view.lang, note=view.note))})
