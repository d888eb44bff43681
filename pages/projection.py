"""Proyeksi: when the target and zero are reached, and how sure that is."""

from datetime import date

import streamlit as st

from ektp_analysis import charts, measures, narrative, page
from ektp_analysis.narrative import chance, headings
from ektp_analysis.targets import ZERO, Target
from ektp_analysis.text import T

view = page.view()
targets = {target.key: target for target in (Target.national(), ZERO)}
if view.empty:
    page.empty(view, headings.overview(view.standing, Target.national(), measures.reached_on(view.history, ZERO)))
    st.stop()
title = st.container()
key = page.choose(st.segmented_control, T("Target"), list(targets), "target", default=ZERO.key, required=True,
                  show=lambda name: view.sentence(narrative.figures.target_name(targets[name])))
found, reached = view.project(targets[key]), measures.reached_on(view.history, targets[key])
with title:
    page.heading(view, headings.projection(found, reached), below=chance.basis(found))
for note in found.notes:
    st.caption(view.sentence(note))

if found.answered:
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(view.say(T("What was seen, and what may come")), anchor=False)
        draw = charts.fan(view.history, found.fan(), target=found, lang=view.lang, theme=view.theme, note=view.note)
        page.chart(draw, "fan", alt=view.sentence(chance.when(found, reached)))
    with right:
        st.subheader(view.say(T("Twenty equally likely outcomes")), anchor=False)
        page.chart(charts.dots(found, lang=view.lang, theme=view.theme, note=view.note), "dots",
                   alt=view.sentence(chance.chance_never(found)))
    by = page.choose_day(T("Chance by"), "by", default=date(found.origin.year, 12, 31), earliest=found.origin)
    st.markdown("**" + view.sentence(chance.chance_by(found, by)) + "**")
    st.write(view.sentence(chance.chance_never(found)))
    quantiles = page.quantiles(view, found)
    page.table(view, quantiles, "quantiles")
    page.downloads(view, "projection", frames={view.say(T("Projection")): quantiles}, pictures={
        view.say(T("Fan")): lambda: charts.png(
            charts.fan(view.history, found.fan(), target=found, lang=view.lang, note=view.note))})
