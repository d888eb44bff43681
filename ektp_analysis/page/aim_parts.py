"""The office's aim and its events on a page: what follows from the aim, where it is set and withdrawn, and its events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.core import text
from ektp_analysis.core.aims import FARTHEST_YEARS, LONGEST_NAME, Aim, Event, first_day, outwards
from ektp_analysis.core.errors import EktpError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures.planned import Plan
from ektp_analysis.figures.series import history_of
from ektp_analysis.figures.timeline import Along
from ektp_analysis.narrative import by_plan, counts
from ektp_analysis.office import decisions, held, stores
from ektp_analysis.page import choices, whose
from ektp_analysis.page.choices import View, set_choice
from ektp_analysis.page.parts import listing, name, plain
from ektp_analysis.projection.answers import plan_for, still_open

FIRST_EVENT, LAST_EVENT = date(2000, 1, 1), date(2099, 12, 31)  # that can be given to an event here
ANOTHER = "another"
Kept = TypeVar("Kept", Aim, Event)


def every(view: View) -> list[Aim]:
    """All aims in force; none in the sample."""
    return [] if view.office.sample else held.once(("aims", view.office.store), view.office.store.aims)


def target(view: View) -> Target:
    """What is asked about unless something else is chosen: what the office aims at here, else the national target."""
    aim = view.aim
    return Target.national() if aim is None else aim.target


def open_target(view: View) -> Target:
    """The same until it is reached, then zero; zero too where the figures of the day are over too few areas to judge it."""
    return still_open(view.project(target(view)), view.standing.as_of_date)


def follow(view: View, key: str, value: str, default: str) -> str:
    """The value of a choice that has stood at its default and follows it where an aim changes it (another area, an aim set), or
    where own data take the sample's place.

    What a reader or a link chose otherwise stays. Without an aim before or now, and among the same data, nothing follows.
    """
    aimed, sample = view.aim is not None, view.office.sample
    before, was_aimed, was_sample = st.session_state.get("default_" + key, (None, False, sample))
    st.session_state["default_" + key] = default, aimed, sample
    if before is None or value != before or before == default or not (aimed or was_aimed or sample != was_sample):
        return value
    set_choice(key, default)
    return default


def plan(view: View, area: str | None = None) -> Plan | None:
    """The line that the aim draws for the chosen area, or for one inside it, None where there is none."""
    aim = view.aim if area is None else stores.aim_of(view.office, area)
    if aim is None:
        return None
    return plan_for(view.history if area is None else history_of(view.rolled, area), aim)


def along(view: View, area: str | None = None) -> Along:
    """What stands beside the figures of the chosen area, or of one inside it, on an axis of days: its plan, holidays, and the
    office's events."""
    return Along(plan(view, area), stores.events_of(view.office, area or view.area))


def stands(view: View) -> Text | None:
    """Where the area stands by the plan, and by how much it is behind or ahead; None where there is no plan."""
    at = view.standing
    return None if at.as_of_date is None else by_plan.where(plan(view), at.unrecorded, at.as_of_date, view.today)


def where(view: View) -> None:
    """The same as a line of the page."""
    said = stands(view)
    if said is not None:
        st.markdown("**" + view.sentence(said) + "**")


def office_aim(view: View) -> None:
    """The office's aim as a button; it opens the window in which aims are set, listed with who and when, and withdrawn.

    What was just withdrawn can be taken up again beside it. Nothing in the sample, which is nobody's office.
    """
    if view.office.sample:
        return
    st.session_state.pop("aim_changed", None)
    aim, said = view.aim, st.session_state.pop("aim_said", None)
    label = T("Office's aim") if aim is None else T("Office's aim: {aim}", aim=_short(view, aim))
    if st.button(view.sentence(label), icon=":material/flag:", key="aim"):
        st.dialog(view.say(T("Office's aim")), width="medium")(_window)(view)
    if area := st.session_state.get("aim_withdrawn"):
        st.button(view.say(T("Undo")), key="aim_undo", icon=":material/undo:", on_click=_undo, args=(area,))
    _told_wrong(view, "aim")
    if said is not None:
        st.toast(plain(view.sentence(said)), icon=":material/check:")


def _window(view: View) -> None:
    if st.session_state.pop("aim_changed", False):
        st.rerun()  # which closes the window: the page behind it starts from the aim
    # A window stands beside the page, so it has not the page's colour scheme, by which the style sheet chooses its colours.
    st.html(f'<style>[data-testid="stDialog"] {{ color-scheme: {view.theme}; }}</style>')
    _told_wrong(view, "aim")
    for one in view.office.store.aims():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(_line(view, one)))
            st.button(
                view.say(T("Withdraw")),
                key=f"aim_withdraw_{one.area_code}",
                icon=":material/close:",
                on_click=_withdraw,
                args=(one.area_code,),
                **whose.offered(
                    view.lang,
                    whose.lacking(Role.APPROVER, one.area_code),
                    help=view.say(T("Withdraw this aim; nothing is deleted")),
                ),
            )
    if whose.may(view.lang, whose.lacking(Role.APPROVER, view.area)):
        _new_aim(view)
    st.caption(
        view.say(
            T("Every page, slide and command starts from the aim of its area; without one, from that of the area around it.")
        )
    )


def _new_aim(view: View) -> None:
    _asked(view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        around = _where(view, Role.APPROVER)
        st.selectbox(view.say(T("For")), around, key=f"aim_area_{view.area}", format_func=name, width=300)
        st.button(
            view.say(T("Set this aim")),
            type="primary",
            key="aim_set",
            icon=":material/flag:",
            on_click=_set,
            args=(view.area,),
        )


def _where(view: View, role: Role) -> list[str]:
    """The chosen area and those around it in which whoever acts has a role."""
    return [code for code in outwards(view.area) if whose.lacking(role, code) is None]


def _set(near: str) -> None:
    """Set what the window asks for as it stands now: a field may have changed with the same click."""
    given = st.session_state
    area, key = str(given[f"aim_area_{near}"]), given["aim_target"]

    def change() -> Aim:
        if given["aim_by"] is None:
            raise UserError(T("An aim needs a day by which it is to be reached."))
        chosen = Target.parse(f"{given['aim_coverage']:.2f}" if key == ANOTHER else key)
        return decisions.set_aim(area, chosen, given["aim_by"], given["aim_name"])

    if _done("aim", change, lambda _made: T("aim set for {area}", area=name(area))):
        given.pop("aim_withdrawn", None)


def _withdraw(area: str) -> None:
    if _done(
        "aim",
        lambda: decisions.withdraw_aim(area),
        lambda _made: T("aim withdrawn for {area}", area=name(area)),
    ):
        st.session_state["aim_withdrawn"] = area


def _undo(area: str) -> None:
    st.session_state.pop("aim_withdrawn", None)
    _done(
        "aim",
        lambda: decisions.restore_aim(area),
        lambda _made: T("aim set for {area}", area=name(area)),
    )


def _done(key: str, change: Callable[[], Kept], said: Callable[[Kept], Text]) -> bool:
    """Change what is kept, and remember for the next run what is to be said of it, or why it could not be."""
    try:
        made = change()
    except EktpError as error:
        st.session_state[key + "_wrong"] = error.message
        return False
    st.session_state[key + "_said"], st.session_state[key + "_changed"] = said(made), True
    return True


def _told_wrong(view: View, key: str) -> None:
    wrong = st.session_state.pop(key + "_wrong", None)
    if wrong is not None:
        st.error(plain(view.say(wrong)), icon=":material/block:")


def _asked(view: View) -> None:
    """The fields of a new aim: target, day, name. They begin as the aim that holds here."""
    held, first = view.aim, first_day(settings().day)
    national = Target.national()
    offered = {one.key: one for one in (national, ZERO, *(() if held is None else (held.target,)))}
    key = st.segmented_control(
        view.say(T("Target")),
        [*offered, ANOTHER],
        default=national.key if held is None else held.target.key,
        required=True,
        key="aim_target",
        format_func=lambda one: view.say(T("another")) if one == ANOTHER else view.sentence(counts.target_name(offered[one])),
    )
    if key == ANOTHER:
        st.number_input(
            view.say(T("Another coverage as target (%)")), 1.0, 100.0, 99.0, 0.1, format="%.2f", key="aim_coverage", width=260
        )
    usual = date(first.year + (first.month == 12), 12, 31) if held is None or held.by < first else held.by
    with st.container(horizontal=True):
        st.date_input(
            view.say(T("To be reached by")),
            usual,
            first,
            max(usual, date(first.year + FARTHEST_YEARS, 12, 31)),  # it was set by another clock
            key="aim_by",
            format="DD/MM/YYYY",
            width=170,
        )
        st.text_input(
            view.say(T("Name, such as: before the election")),
            "" if held is None else held.name,
            max_chars=LONGEST_NAME,
            key="aim_name",
            width=300,
        )


def _short(view: View, aim: Aim) -> Text:
    said = by_plan.short(aim.target, text.day(aim.by, view.lang, short=True))
    return said if aim.by >= choices.today() else T("{aim}, passed", aim=said)


def _line(view: View, aim: Aim) -> str:
    return view.say(
        T(
            "{area}: {aim}; set by {who} on {date}",
            area=name(aim.area_code),
            aim=by_plan.aim(aim),
            who=aim.set_by or "-",
            date=aim.set_on,
        )
    )


@st.fragment
def happenings(view: View, last: date) -> None:
    """Holidays and events from the first figure to a day as a table, the office's own with who and when, and a new one;
    behind one click."""
    with st.expander(view.say(T("Holidays and events")), key="happenings", on_change="rerun") as happened:
        if happened.open:
            _happenings(view, last)


def _happenings(view: View, last: date) -> None:
    if st.session_state.pop("event_changed", False):
        st.rerun()  # the pictures above show it too
    first = view.history["as_of_date"].min().date()
    shown = along(view).table(first, max(last, choices.today()), view.lang)
    if len(shown):
        listing(view, shown)
    else:
        st.write(view.say(T("No holiday or event falls on these days.")))
    if view.office.sample:
        return
    _told_wrong(view, "event")
    said = st.session_state.pop("event_said", None)
    if said is not None:
        st.success(plain(view.sentence(said)), icon=":material/check:")
    if number := st.session_state.get("event_withdrawn"):
        st.button(view.say(T("Undo")), key="event_undo", icon=":material/undo:", on_click=_undo_event, args=(number,))
    for one in stores.events_of(view.office, view.area):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(_event_line(view, one)))
            st.button(
                view.say(T("Withdraw")),
                key=f"event_{one.id}",
                icon=":material/close:",
                on_click=_withdraw_event,
                args=(one.id,),
                **whose.offered(view.lang, whose.lacking(Role.UPLOADER, one.area_code)),
            )
    if whose.may(view.lang, whose.lacking(Role.UPLOADER, view.area)):
        _new_event(view)


def _new_event(view: View) -> None:
    with st.form("event_form", border=False, clear_on_submit=True), st.container(horizontal=True, vertical_alignment="bottom"):
        called = st.text_input(
            view.say(T("Own event, such as: jemput bola")), max_chars=LONGEST_NAME, key="event_name", width=300
        )
        # Two fields: one for both days forgets the first where it is typed and lies after the last that stands there.
        bounds: dict[str, Any] = {"min_value": FIRST_EVENT, "max_value": LAST_EVENT, "format": "DD/MM/YYYY"}
        first = st.date_input(view.say(T("First day")), choices.today(), key="event_first", width=150, **bounds)
        last = st.date_input(view.say(T("Last day, if it is another")), None, key="event_last", width=230, **bounds)
        around = _where(view, Role.UPLOADER)
        area = st.selectbox(view.say(T("For")), around, key=f"event_area_{view.area}", format_func=name, width=260)
        pressed = st.form_submit_button(view.say(T("Add event")), icon=":material/event:")
    if not pressed:
        return
    begun = first or choices.today()
    try:
        made = decisions.add_event(str(area), begun, last or begun, called)
    except UserError as error:
        st.error(plain(view.say(error.message)), icon=":material/block:")
        return
    st.session_state["event_said"] = T("added: {event}", event=made.name)
    st.rerun()


def _withdraw_event(number: int) -> None:
    if _done("event", lambda: decisions.withdraw_event(number), lambda made: T("withdrawn: {event}", event=made.name)):
        st.session_state["event_withdrawn"] = number


def _undo_event(number: int) -> None:
    st.session_state.pop("event_withdrawn", None)
    _done("event", lambda: decisions.restore_event(number), lambda made: T("added: {event}", event=made.name))


def _event_line(view: View, event: Event) -> str:
    days = (
        T("{one}", one=event.first) if event.first == event.last else T("{first} to {last}", first=event.first, last=event.last)
    )
    return view.say(
        T(
            "{event}, {days}, {area}; set by {who} on {date}",
            event=event.name,
            days=days,
            area=name(event.area_code),
            who=event.set_by or "-",
            date=event.set_at.date(),
        )
    )
