"""Alerts on the page Posisi: a few words in the strip; below the chart the list, in which they are seen, closed, opened again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.core.aims import Aim
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.narrative import alerting
from ektp_analysis.narrative.position import Chip
from ektp_analysis.office import held, watch
from ektp_analysis.office.watch import Watched
from ektp_analysis.page import aim_parts, joint_answers, map_ahead, position_parts, whose
from ektp_analysis.page.choices import View
from ektp_analysis.page.parts import plain
from ektp_analysis.projection.alerts import Alert, Kind
from ektp_analysis.projection.rules import Earlier
from ektp_analysis.store.records import AlertEvent

LIST = "alerts"  # the key under which it is known whether the list is open
MOST_ROWS = 20  # with their buttons: each is five elements of the page
MOST_KEPT = 64  # areas whose alerts are kept, as many as have their figures kept
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class _State:
    """What alerts of an area hang on beside its figures: what became of earlier ones, the aims, and what its date is compared
    with: what an earlier alert keeps, until the list was opened and the answer of four weeks ago asked for. ``asked`` names what
    that answer rests on, ``named`` what the alerts do: where its figures carry the date of the area, nothing of its sisters."""

    events: Sequence[AlertEvent]
    aims: Sequence[Aim]
    asked: str
    named: str
    before: Earlier | None

    @classmethod
    def of(cls, view: View) -> _State:
        """As the store has it now."""
        office = view.office
        events = held.once(("alerts", office.store), office.store.alert_events)
        aims = aim_parts.every(view)
        slips = [one.id for one in events if (one.kind, one.area) == (Kind.SLIPPED, view.area)]
        asked = repr((office.url, office.token, view.area, view.today, aims, slips))
        files = held.once(("token", office.store, view.area), lambda: office.store.token(view.area))  # whose reports warn
        rests = joint_answers.rests_on(view.basis, view.area, aim_parts.open_target(view))
        named = repr((office.url, files, view.named, rests, view.today, aims))
        compared = _compared()
        return cls(events, aims, asked, named, compared[asked] if asked in compared else watch.kept_before(events, view.area))

    @property
    def key(self) -> str:
        """Under which its alerts are kept."""
        return f"{self.named} {self.before}"


def at_hand(view: View) -> tuple[Chip, ...]:
    """The words for the strip, where they cost nothing: what was found since the figures last changed."""
    if not _looked_for(view):
        return ()
    state = _State.of(view)
    kept = _kept().get(state.key)
    return () if kept is None else _chips(watch.states(kept, state.events))


def alert_list(view: View, place: Any) -> None:
    """The alerts of the area and of those inside it behind one click, with who saw each and who closed it, or that there are
    none. The strip, in its ``place``, is told where it did not know of them yet."""
    if not _looked_for(view):
        return
    if st.session_state.get(LIST):
        _compare(view)
    state = _State.of(view)
    knew = state.key in _kept()
    found = watch.states(_found(view, state), state.events)
    if not knew and (chips := _chips(found)):
        position_parts.strip(view, place, chips)
    if wrong := st.session_state.pop("alert_wrong", None):
        st.error(plain(view.say(wrong)), icon=":material/block:")
    # Its label stays while alerts are seen and closed in it: under another label it would be another one, which is shut.
    with st.expander(view.say(T("Alerts")), key=LIST, icon=":material/notifications:", on_change="rerun") as opened:
        if opened.open:
            _rows(view, [one for one in found if one.closed is None], [one for one in found if one.closed is not None])


def _looked_for(view: View) -> bool:
    """Whether alerts are looked for: of what holds now, in the office's own figures."""
    return not view.office.sample and view.on is None and not view.empty


def _waits(one: Watched) -> bool:
    return one.closed is None and one.seen is None


def _chips(found: tuple[Watched, ...]) -> tuple[Chip, ...]:
    number = sum(_waits(one) for one in found)
    return (Chip(alerting.waiting(number), True),) if number else ()


# ---- what is found


@st.cache_resource(show_spinner=False)
def _kept() -> dict[str, tuple[Alert, ...]]:
    """What was found, by the state of the figures."""
    return {}


@st.cache_resource(show_spinner=False)
def _compared() -> dict[str, Earlier | None]:
    """What the dates of areas are compared with, as far as it was asked for."""
    return {}


def _compare(view: View) -> None:
    """Ask for the answer of four weeks ago, which no page has: only for who opens the list."""
    state, compared = _State.of(view), _compared()
    if state.asked not in compared:
        whole = view.project(aim_parts.open_target(view))
        _keep(compared, state.asked, watch.said_before(view.office, view.around, whole, state.events))


def _keep(kept: dict[str, Kept], key: str, found: Kept) -> None:
    """Keep it, and no more than :data:`MOST_KEPT`."""
    for old in list(kept)[: len(kept) - MOST_KEPT + 1]:
        kept.pop(old, None)
    kept[key] = found


def warm(view: View) -> None:
    """Find the alerts of an area for the first visitor."""
    if _looked_for(view):
        _found(view, _State.of(view))


def _found(view: View, state: _State) -> tuple[Alert, ...]:
    """The alerts by what the page has: its figures, its answers, the dates of its list."""
    kept = _kept()
    found = kept.get(state.key)
    if found is None:
        found = watch.found(_known(view, state))
        _keep(kept, state.key, found)
    return found


def _known(view: View, state: _State) -> watch.Known:
    at, target = view.standing, aim_parts.open_target(view)
    level = at.child_level if _dated(view) else None
    return watch.Known(
        view.rolled,
        at,
        view.project(target),
        {} if level is None else position_parts.answers(view, level, target),
        state.aims,
        state.before,
        0 if at.as_of_date is None else watch.warnings(view.office, view.area, at.as_of_date),
    )


def _dated(view: View) -> bool:
    """Whether so few areas lie inside that the page has their dates, and with them their stalls."""
    level = view.standing.child_level
    return level is None or map_ahead.few(view, level, position_parts.PROMPT)


# ---- the list


def _rows(view: View, shown: list[Watched], closed: list[Watched]) -> None:
    st.markdown(f"**{view.sentence(alerting.heading(len(shown), sum(_waits(one) for one in shown)))}**")
    if not _dated(view):
        st.caption(view.say(alerting.UNASKED))
    for one in shown[:MOST_ROWS]:
        _row(view, one)
    if len(shown) > MOST_ROWS:
        more = TN(
            "{n} more is listed by the command alerts --all.",
            "{n} more are listed by the command alerts --all.",
            n=len(shown) - MOST_ROWS,
        )
        st.caption(view.say(more))
    for one in closed[:MOST_ROWS]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":gray[{_sentence(view, one)}]  \n:small[{_became(view, one)}]", width="stretch")
            _button(view, one, T("Open again"), watch.REOPENED, ":material/undo:")


def _row(view: View, one: Watched) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{_sentence(view, one)}  \n:small[{_became(view, one)}]", width="stretch")
        if one.seen is None:
            _button(view, one, T("Seen"), watch.SEEN, ":material/visibility:")
        close = view.say(T("Close"))
        opened = st.popover(close, key=f"alert_close_{one.alert.key}", icon=":material/check:", **_offered(view, one))
        with opened, st.form(f"alert_form_{one.alert.key}", border=False):
            st.text_input(view.say(T("Why it is closed")), max_chars=watch.LONGEST_REASON, key=_reason(one.alert))
            st.form_submit_button(view.say(T("Close this alert")), on_click=_close, args=(one.alert,))


def _button(view: View, one: Watched, label: Text, event: str, icon: str) -> None:
    key = f"alert_{event}_{one.alert.key}"
    st.button(
        view.say(label), key=key, icon=icon, type="tertiary", on_click=_mark, args=(one.alert, event), **_offered(view, one)
    )


def _offered(view: View, one: Watched) -> dict[str, Any]:
    return whose.offered(view.lang, whose.lacking(Role.UPLOADER, one.alert.area))


def _sentence(view: View, one: Watched) -> str:
    return plain(view.sentence(alerting.said(one.alert)))


def _became(view: View, one: Watched) -> str:
    """When such an alert is given, or who has seen and who closed it."""
    zone, said = settings().zone, []
    if one.closed is not None:
        said.append(alerting.closed(one.closed.by, one.closed.at.astimezone(zone).date(), one.closed.reason))
    elif one.seen is not None:
        said.append(alerting.seen(one.seen.by, one.seen.at.astimezone(zone).date()))
    if one.before is not None:
        said.append(alerting.before(one.before.by, one.before.at.astimezone(zone).date(), one.before.reason))
    said = said or [alerting.asked(one.alert.kind)]
    return plain("; ".join(view.say(text) for text in said))


def _reason(alert: Alert) -> str:
    return f"alert_reason_{alert.key}"


def _close(alert: Alert) -> None:
    _done(lambda: watch.mark(alert, watch.CLOSED, reason=st.session_state[_reason(alert)]))


def _mark(alert: Alert, event: str) -> None:
    _done(lambda: watch.mark(alert, event))


def _done(change: Callable[[], object]) -> None:
    """Keep what became of an alert; where it cannot be kept, the next run says why."""
    try:
        change()
    except EktpError as error:
        st.session_state["alert_wrong"] = error.message
