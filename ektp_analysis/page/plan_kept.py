"""Saved plans on the page Rencana: opened, saved under a name, side by side, held against what was done, planned anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, Text
from ektp_analysis.narrative import no_plan
from ektp_analysis.narrative import teams as said
from ektp_analysis.office import planning
from ektp_analysis.office.planning import Scenario
from ektp_analysis.page import choices, plan_choices, plan_parts, whose
from ektp_analysis.page.choices import SAMPLE, View, choice, choose, set_choice
from ektp_analysis.page.parts import plain
from ektp_analysis.planning.proposal import Infeasible, Plan
from ektp_analysis.store.memory import LONGEST_DECK_NAME

NEW = ""
AT_ONCE = 4  # plans side by side


class _Numbers:
    """Numbers of plans, as options."""

    def __contains__(self, value: object) -> bool:
        return value == NEW or (str(value).isdecimal() and len(str(value)) < 10)


def follow_link() -> None:
    """Where a link names a plan and no area, stand where the plan is: its area, its figures."""
    number = st.query_params.get("scenario", "")
    if number not in _Numbers() or not number or "area" in st.query_params:
        return
    found = planning.scenario(int(number))
    if found is not None:
        set_choice("area", found.area)
        if found.sample:
            set_choice("data", SAMPLE)


def chosen(view: View, kept: Sequence[Scenario]) -> Scenario | None:
    """The plan that is open: by the link or its box; None for a new one. One that is not there is said so."""
    asked = choice("scenario", _Numbers(), NEW)
    by_key = {str(one.id): one for one in kept}
    if asked and asked not in by_key:
        st.warning(
            view.say(T("The plan of this link is not saved for this area, or was forgotten; a new one is shown.")),
            icon=":material/link_off:",
        )
        set_choice("scenario", NEW)
    if not kept:
        return None
    picked = choose(
        st.selectbox,
        T("Plan"),
        [NEW, *by_key],
        "scenario",
        default=NEW,
        show=lambda key: plain_name(view, by_key.get(key)),
        width=400,
    )
    return by_key.get(picked)


def plain_name(view: View, one: Scenario | None) -> str:
    """How a plan is called in a list."""
    return view.say(T("a new plan")) if one is None else one.name


def basis(one: Scenario) -> Text:
    """What a saved plan starts from, and who saved it when."""
    if one.at is None:
        return said.basis(one.plan)
    at = one.at.astimezone(settings().zone)
    return T("{basis}; saved by {who} on {at}", basis=said.basis(one.plan), who=plain(one.by) or "-", at=at)


def opened(view: View, one: Scenario) -> None:
    """What can be done with the plan that is open: plan anew from it, forget it."""
    with st.container(horizontal=True):
        if st.button(view.say(T("Plan anew from this one")), key="plan_from_this", icon=":material/edit_calendar:"):
            plan_choices.take_over(one.plan.request)
            st.session_state["plan_over"] = (one.name, one.version)
            plan_choices.go(**plan_choices.few(one.plan.request), scenario=NEW)
        if st.button(
            view.say(T("Forget this plan")),
            key="plan_forget",
            icon=":material/delete:",
            **whose.offered(view.lang, whose.lacking(Role.UPLOADER, one.area), help=view.say(T("Nothing is deleted."))),
        ):
            _tried(lambda: planning.forget(one.id), T("plan forgotten: {name}", name=plain(one.name)))
            plan_choices.go(scenario=NEW)


def save(view: View, made: Plan, key: str = "plan") -> None:
    """Save the plan under a name; under that of the plan that it begins from, as its next version."""
    if not whose.may(view.lang, whose.lacking(Role.UPLOADER, view.area)):
        return
    name, version = st.session_state.get("plan_over", ("", None))
    with st.form(f"{key}_save", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        given = st.text_input(view.say(T("Name of the plan")), name, max_chars=LONGEST_DECK_NAME, key=f"{key}_name", width=320)
        pressed = st.form_submit_button(view.say(T("Save this plan")), type="primary", icon=":material/save:")
    if not pressed:
        return
    over = version if " ".join(given.split()).casefold() == name.casefold() else None
    try:
        kept = planning.save(view.office, given, made, over=over)
    except EktpError as error:
        st.session_state["plan_wrong"] = error.message
    else:
        st.session_state["plan_told"] = T("plan saved: {name}", name=plain(kept.name))
        for name in ("plan_over", "plan_rest"):
            st.session_state.pop(name, None)
        plan_choices.go(scenario=str(kept.id))
    st.rerun()


def told(view: View) -> None:
    """What became of what was asked last."""
    if (wrong := st.session_state.pop("plan_wrong", None)) is not None:
        st.error(plain(view.sentence(wrong)), icon=":material/block:")
    if (done := st.session_state.pop("plan_told", None)) is not None:
        st.success(view.sentence(done), icon=":material/check:")


def _tried(change: object, done: Text) -> None:
    try:
        change()  # type: ignore[operator]
    except EktpError as error:
        st.session_state["plan_wrong"] = error.message
    else:
        st.session_state["plan_told"] = done


def side_by_side(view: View, kept: Sequence[Scenario]) -> None:
    """Up to four saved plans beside each other."""
    if len(kept) < 2:
        return
    with st.expander(view.say(T("Saved plans side by side")), key="plan_side", icon=":material/compare:"):
        names = {str(one.id): one for one in kept}
        picked = st.multiselect(
            view.say(T("Up to four plans")),
            [*names],
            [*names][:AT_ONCE],
            key="plan_compare",
            max_selections=AT_ONCE,
            format_func=lambda key: plain_name(view, names[key]),
        )
        if picked:
            plan_parts.compared(view, [names[key] for key in picked])


def done(view: View, one: Scenario) -> None:
    """The open plan against what was done, and its rest planned anew beside it."""
    latest = planning.latest_day(view.office, one.plan)
    if latest < one.plan.request.start:
        st.caption(
            view.say(T("No figure or visit is later than the start of this plan yet; then it is held against what was done."))
        )
        return
    on = choices.choose_day(T("Up to"), "plan_on", default=latest, earliest=one.plan.request.start)
    plan_parts.against(view, one.plan, on)
    _rest(view, one, on)


def _rest(view: View, one: Scenario, on: date) -> None:
    """What is proposed for the rest, with what is known now; what was planned up to a chosen day stays."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        keep = choices.choose_day(T("Keep as planned up to"), "plan_keep", default=on, earliest=on)
        if st.button(view.say(T("Plan the rest anew")), key="plan_anew", type="primary", icon=":material/update:"):
            st.session_state["plan_rest"] = (one.id, one.version, on, keep)
    if st.session_state.get("plan_rest") != (one.id, one.version, on, keep):
        return
    found = planning.anew(view.office, one.plan, on, keep=keep)
    with st.container(border=True, key="plan_rest_shown"):
        st.header(view.say(T("The rest, planned anew")), anchor=False)
        if isinstance(found, Infeasible):
            st.error(plain(view.sentence(no_plan.none(found))), icon=":material/block:")
            return
        st.markdown("**" + view.sentence(said.heading(found)) + "**")
        st.caption(view.sentence(said.basis(found)))
        plan_parts.calendar(view, found, "rest")
        st.caption(view.say(T("The plan above stays as it was saved; this one is kept once it has a name.")))
        save(view, found, "rest")
