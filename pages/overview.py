"""Ringkasan: how many are unrecorded, how far the target is, who has not reported."""

import streamlit as st

from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.drawing import as_png
from ektp_analysis.charts.over_time import ranked, trend
from ektp_analysis.core.targets import ZERO
from ektp_analysis.core.text import T
from ektp_analysis.figures import tables
from ektp_analysis.figures.classes import classify_rows
from ektp_analysis.figures.series import change_between, reached_on
from ektp_analysis.figures.side_by_side import ranking
from ektp_analysis.maps.measures import UNRECORDED
from ektp_analysis.narrative import chances, counts, notes
from ektp_analysis.page import aim_parts, choices, parts

view = choices.view()
target = aim_parts.target(view)
at, history = view.standing, view.history
reached = reached_on(history, target)
if view.empty:
    parts.empty(view, notes.overview(at, target, reached))
    st.stop()
along = aim_parts.along(view)
to_target, to_zero = view.project(target), view.project(ZERO)
parts.heading(view, notes.overview(at, target, reached, to_target), below=parts.dated(view))

with parts.cards(4):
    parts.card(view, T("Unrecorded"), view.number(at.unrecorded), counts.change(change_between(history)))
    parts.card(view, T("Coverage"), view.percent(counts.percent_of(at.figure, target)), counts.against(target, reached))
    parts.card(view, T("Target {share}", share=target.percent), view.about_when(to_target), chances.when(to_target, reached))
    parts.card(view, T("Complete (zero unrecorded)"), view.about_when(to_zero), chances.when(to_zero))
parts.warnings(view)

rows = ranking(view.rolled, view.area, on=view.on) if at.child_level else None
left, right = st.columns([3, 2], gap="large")
with left:
    st.header(view.say(T("How the unrecorded have fallen")), anchor=False)
    parts.chart(
        trend(history, Look(view.lang, view.theme, note=view.note), target=target, along=along),
        "trend",
        alt=view.sentence(counts.change(change_between(history))),
    )
with right:
    if rows is not None:
        st.header(view.sentence(counts.ranking(rows)), anchor=False)
        parts.chart(
            ranked(rows, Look(view.lang, view.theme, note=view.note), classes=classify_rows(rows, UNRECORDED)),
            "ranked",
            alt=view.sentence(counts.ranking(rows)),
        )
        st.caption(view.sentence(counts.silence(at)))

before = tables.pick(history, tables.HISTORY)
inside = before if rows is None else tables.pick(rows, tables.RANKING)
parts.behind(view, "overview_table", *([inside] if rows is None else [inside, before]))
parts.downloads(
    view,
    "overview",
    frames={view.say(T("Areas")): inside, view.say(T("History")): before},
    pictures={view.say(T("Trend")): lambda: as_png(trend(history, Look(view.lang, note=view.note), target=target, along=along))},
)
