"""What others hand in, on the page Data: files that wait for a second person, approved or sent back there; and whose figures of a
week are awaited, with a reminder to copy."""

from __future__ import annotations

from typing import NoReturn

import pandas as pd
import streamlit as st

from ektp_analysis.core.area import around, register
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, Text, day
from ektp_analysis.figures.weekly import Week
from ektp_analysis.ingest.report import UNDECIDED
from ektp_analysis.narrative import awaited
from ektp_analysis.office import awaiting, imports, reviewing
from ektp_analysis.office.arrivals import Waiting
from ektp_analysis.office.reviewing import Handed, Looked
from ektp_analysis.page import upload_parts
from ektp_analysis.page.choices import View, stand
from ektp_analysis.page.parts import fitted, plain

MOST_DECIDED = 20  # of the files about which somebody has decided, the latest
WEEKS = 9  # this one and those before it
SAID, LOOKED = "review_said", "review_looked"


def section(view: View) -> None:
    """What waits and what became of what was handed in; nothing where four eyes are off and never were on."""
    switched, waiting, decided = reviewing.areas(), reviewing.waiting(), reviewing.decided(MOST_DECIDED)
    if not (switched or waiting or decided):
        return
    st.header(view.say(T("Waiting for approval")), anchor=False)
    for kind, text in st.session_state.pop(SAID, ()):
        getattr(st, kind)(plain(text))
    if switched:
        said = T(
            "Four eyes are switched on for {areas}: a file counts nowhere until somebody else has approved it.",
            areas=reviewing.named(switched),
        )
        st.caption(view.say(said))
    open_ = {one.submission.id: one for one in waiting}
    if open_:
        fitted(view, pd.DataFrame([_line(view, one) for one in open_.values()]).astype({"unrecorded": "Int64"}), "handed_in")
        chosen = st.selectbox(
            view.say(T("Look at a file and decide")),
            list(open_),
            index=0 if len(open_) == 1 else None,
            key="review_chosen",
            format_func=lambda number: f"{number} · {open_[number].submission.name}" if number in open_ else "",
            placeholder=view.say(T("choose a file")),
        )
        if chosen in open_:
            _box(view, chosen)
    else:
        st.caption(view.say(T("No file waits for approval.")))
    if decided:
        with st.expander(view.say(T("What became of the files that were handed in")), icon=":material/history:"):
            rows = [{**_line(view, one), "state": view.sentence(one.state)} for one in decided]
            fitted(view, pd.DataFrame(rows).astype({"unrecorded": "Int64"}), "decided")


def _line(view: View, one: Handed) -> dict[str, object]:
    handed = one.submission
    return {
        "file": f"{handed.id}\u00a0·\u00a0{handed.name}",
        "area": register().name(around(handed.areas)),
        "handed_in": view.say(T("{at}, {who}", at=handed.at.astimezone(settings().zone), who=handed.by)),
        "as_of_date": "–" if one.day is None else day(one.day, view.lang, short=True),
        "unrecorded": one.unrecorded,
    }


def _box(view: View, number: int) -> None:
    """One file with what it would change now, and the decision."""
    try:
        with st.spinner(view.say(T("Reading the file again …"))):
            looked = _looked(number)
    except EktpError as error:
        st.error(plain(view.say(error.message)), icon=":material/error:")
        return
    with st.container(border=True, key=f"review_{number}"):
        waiting = Waiting.of(b"", looked.report, UNDECIDED)
        st.markdown("**" + view.say(T("What the file would change now")) + "**")
        upload_parts.found(view, waiting, f"review_{number}")
        if looked.warning is not None:
            st.warning(view.say(looked.warning), icon=":material/history:")
        if looked.hindrance is not None:
            st.info(plain(view.say(looked.hindrance)), icon=":material/lock:")
            return
        label = T("Approve and store") if not looked.later else T("Approve and replace the later figures")
        if st.button(view.say(label), type="primary", key=f"approve_{number}", icon=":material/check:"):
            _approve(view, looked)
        with st.form(f"back_{number}", border=False):
            reason = st.text_input(view.say(T("Reason for sending it back")), key=f"back_reason_{number}")
            if st.form_submit_button(view.say(T("Send back"))):
                _send_back(view, number, reason)


def _looked(number: int) -> Looked:
    """As the file stands against what holds now; its bytes are read once for as long as the figures stay the same."""
    key = (number, imports.held_token())
    kept: tuple[object, Looked] | None = st.session_state.get(LOOKED)
    if kept is None or kept[0] != key:
        kept = st.session_state[LOOKED] = (key, reviewing.look(number))
    return kept[1]


def _approve(view: View, looked: Looked) -> None:
    handed = looked.handed.submission
    try:
        done = reviewing.approve(handed.id, seen=looked.later)
    except EktpError as error:
        _again(view, "error", error.message)
    rows = looked.report.rows
    at = rows["as_of_date"].max().date()
    where = T("{area} as of {date}", area=register().full_name(stand(rows["area_code"].unique(), at)), date=at)
    said = T(
        "{file} is approved and stored as upload {batch}: every page now shows {where}.",
        file=handed.name,
        batch=str(done.batch.id),
        where=where,
    )
    _again(view, "success", said)


def _send_back(view: View, number: int, reason: str) -> None:
    try:
        found = reviewing.send_back(number, reason)
    except EktpError as error:
        _again(view, "error", error.message)
    _again(view, "info", T("{file} is sent back; {who} sees the reason here.", file=found.name, who=found.by))


def _again(view: View, kind: str, text: Text) -> NoReturn:
    st.session_state.pop(LOOKED, None)
    st.session_state[SAID] = [(kind, view.say(text))]
    st.rerun()


def missing(view: View) -> None:
    """The section, folded; looked for only when it is opened."""
    if view.office.sample:
        return
    label = view.say(T("Who has not submitted this week"))
    with st.expander(label, key="missing", icon=":material/event_busy:", on_change="rerun") as opened:
        if opened.open:
            _missing(view)


@st.fragment
def _missing(view: View) -> None:
    now = Week.of(awaiting.today())
    weeks = [now.before(back) for back in range(WEEKS)]
    chosen = st.selectbox(
        view.say(T("Week")),
        weeks,
        key="missing_week",
        format_func=lambda week: view.say(T("{first} to {last}", first=week.monday, last=week.sunday)),
    )
    found = awaiting.look(view.office, view.area, chosen.monday)
    st.markdown("**" + plain(view.say(found.headline)) + "**")
    if found.left_out is not None:
        st.caption(view.say(found.left_out))
    if found.missing:
        rows = [{"area": register().full_name(one.area), "state": view.sentence(awaited.said(one))} for one in found.missing]
        fitted(view, pd.DataFrame(rows), "missing_areas")
    if found.reminder is not None:
        st.caption(view.say(T("A reminder to copy")))
        st.code(view.say(found.reminder), language=None, wrap_lines=True)
