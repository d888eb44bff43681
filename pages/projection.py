"""Proyeksi: when the target and zero are reached, and how sure that is."""

import streamlit as st

from ektp_analysis.charts.axes import Mark
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T
from ektp_analysis.figures import tables
from ektp_analysis.figures.series import reached_on
from ektp_analysis.narrative import chances, forecasts, grounds, notes
from ektp_analysis.page import aim_parts, choices, forecast_choices, forecast_parts, parts

view = choices.view()
if view.empty:
    parts.empty(view, notes.overview(view.standing, Target.national(), reached_on(view.history, Target.national())))
    st.stop()
title = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    target = forecast_choices.choose_target(view)
    meaning = forecast_choices.choose_meaning(view, target)
    found, reached = forecast_choices.forecast(view, target, meaning), reached_on(view.history, target)
    by = forecast_choices.choose_deadline(view, found.origin or view.standing.as_of_date)
    aim_parts.office_aim(view)
with title:
    parts.heading(view, notes.projection(found, reached), below=forecasts.stands(view.standing, parts.dated(view), found))
stalled = grounds.stalled(found)
if stalled is not None:
    st.warning(view.sentence(stalled), icon=":material/pause_circle:")
for note in filter(None, (forecasts.zero_means(found), *found.notes)):
    st.caption(view.sentence(note))

forecast_parts.cleaned(view)
aim_parts.where(view)
forecast_parts.missing(view, found)
if found.answered:
    mark = Mark(by, T("{date}", date=by))
    st.markdown("**" + view.sentence(chances.chance_by(found, by)) + "**  \n" + view.sentence(chances.chance_never(found)))
    forecast_parts.reason(view, found)
    forecast_parts.pictures(view, found, reached, mark)
forecast_parts.paces(view, found, by)


# What takes longer, or is asked less often: computed when it is opened, each part by itself.


@st.fragment
def inside_areas() -> None:
    with st.expander(view.say(T("The areas inside, the most at risk first")), key="inside_areas", on_change="rerun") as inside:
        if inside.open:
            forecast_parts.together(view, target, meaning, by)


@st.fragment
def river_of_dates() -> None:
    with st.expander(view.say(T("How the projected day moved")), key="river_of_dates", on_change="rerun") as moved:
        if moved.open:
            forecast_parts.show_river(view, target)


@st.fragment
def what_if() -> None:
    with st.expander(view.say(T("What if: people recorded a day")), key="what_if", on_change="rerun") as assumed:
        if assumed.open:
            forecast_parts.assumption(view, found, by)


if view.standing.child_level is not None:
    inside_areas()
river_of_dates()
what_if()
aim_parts.happenings(view, by)
with st.expander(view.say(T("Advanced")), key="advanced"):
    forecast_choices.choose_coverage(view, target)
    if found.answered:
        st.caption(view.say(T("The whole distribution: the chance that the target is reached by each day.")))
        parts.table(view, parts.quantiles(view, found), "quantiles")
        parts.table(view, tables.pick(view.history, tables.HISTORY), "seen_table")
if found.answered:
    forecast_parts.take_away(view, found, mark)
