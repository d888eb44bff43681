"""Rencana: where the teams go next, what that reaches and how surely, and what was done of it."""

import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.core.text import T
from ektp_analysis.narrative import position
from ektp_analysis.office import planning
from ektp_analysis.page import (
    choices,
    paper_parts,
    parts,
    plan_choices,
    plan_kept,
    plan_parts,
    position_parts,
    visit_parts,
    whose,
)
from ektp_analysis.planning.proposal import Infeasible

plan_kept.follow_link()
view = choices.view()
if view.empty:
    parts.empty(view, position.heading(view.standing, position_parts.dates_of(view)))
    st.stop()
title = st.container()
kept = planning.scenarios(view.area, sample=view.office.sample)
open_ = plan_kept.chosen(view, kept)
if open_ is None:
    asks = plan_choices.asked(view)
    found = plan_parts.made(view, asks)
else:
    found, asks = open_.plan, open_.plan.request
with title:
    plan_parts.answer(view, found, below=None if open_ is None else plan_kept.basis(open_))
plan_kept.told(view)
if view.on is not None:
    st.caption(view.say(T("Plans are made from the latest figures; the day on the left does not count here.")))
if not isinstance(found, Infeasible):
    plan_parts.today(view, found, choices.today())
    plan_parts.stocks(view)
    plan_parts.warned(view, found)
    if open_ is not None:
        plan_kept.opened(view, open_)
        plan_kept.done(view, open_)
    plan_parts.calendar(view, found)
    plan_parts.area_map(view, found)
    plan_parts.areas(view, found)
    plan_parts.beside(view, found)
    plan_parts.more(view, found)
    plan_parts.assumptions(view, found)
    if open_ is None:
        plan_kept.save(view, found)
    plan_parts.take_away(view, found)
    paper_parts.papers(view, found, "" if open_ is None else open_.name)
if asks.able:
    plan_parts.teams_against(view, asks)
plan_kept.side_by_side(view, kept)
if not view.office.sample and whose.lacking(Role.UPLOADER, None) is None:
    with st.expander(
        view.say(T("Enter a visit from the field")), key="visit_form", icon=":material/edit_note:", on_change="rerun"
    ) as seen:
        if seen.open:
            visit_parts.form(view)
