"""Visits on a page: one typed in from the field, on a phone too; files of them; what was taken in, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.core import text, visit
from ektp_analysis.core.area import AreaCode, Level, register
from ektp_analysis.core.errors import EktpError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.core.visit import PLACE_LABELS, Place
from ektp_analysis.ingest.report import Question
from ektp_analysis.ingest.visit_report import VisitChoices, VisitReport
from ektp_analysis.narrative import notes
from ektp_analysis.office import identity, stores, visiting
from ektp_analysis.page import handing, whose
from ektp_analysis.page.choices import View
from ektp_analysis.page.parts import file_box, fitted, plain
from ektp_analysis.store.visits import VisitBatch

FIRST = ("came", "recorded")  # that everybody in the field knows; the other counts stand behind one click
LATER = tuple(name for name in visit.COUNTED if name not in FIRST)
SHOWN_FAULTS = 30
NARROW = 130  # pixels of a field of which two stand side by side on a phone
TYPES = ["csv", "xlsx", "xlsm", "xls", "xlsb", "ods"]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def section(view: View) -> None:
    """The log of visits on the page Data: typed in, from files, what was taken in; each behind a click."""
    for key, label, icon, show in (
        ("visit_form", T("Enter a visit from the field"), ":material/edit_note:", form),
        ("visit_files", T("Visits from a file"), ":material/upload_file:", files),
        ("visit_batches", T("Visits taken in"), ":material/list_alt:", taken_in),
    ):
        if show is not taken_in and whose.lacking(Role.UPLOADER, None) is not None:
            continue
        with st.expander(view.say(label), key=key, icon=icon, on_change="rerun") as opened:
            if opened.open:
                show(view)


@st.fragment
def form(view: View) -> None:
    """One visit, typed in: its day (today), area, place, and how many came and were recorded; the rest behind 'More'."""
    state = st.session_state
    if (saved := state.pop("visit_saved", None)) is not None:
        _saved(view, saved)
    if (wrong := state.pop("visit_wrong", None)) is not None:
        st.error(plain(view.sentence(wrong)), icon=":material/block:")
    if (waiting := state.get("visit_waiting")) is not None:
        _asked(view, *waiting)
        return
    today, codes = visiting.today(), _areas(view)
    with st.form("visit_form_fields", border=False, clear_on_submit=False):
        day = st.date_input(view.say(T("Day of the visit")), today, visit.FIRST_DAY, today, key="visit_day", format="DD/MM/YYYY")
        area = st.selectbox(
            view.say(T("Area")),
            codes,
            None,
            key="visit_area",
            format_func=_short,
            placeholder=view.say(T("Type the first letters")),
        )
        place = st.segmented_control(
            view.say(T("Place")),
            [*Place],
            key="visit_place",
            format_func=lambda one: view.say(PLACE_LABELS[one]),
        )
        counts: dict[str, int | None] = {name: _count(view, name) for name in FIRST}
        with st.expander(view.say(T("More")), key="visit_more"):
            with st.container(horizontal=True):
                counts |= {name: _count(view, name, width=NARROW) for name in LATER}
            note = st.text_input(
                view.say(T("Note (no names of persons, no NIK)")), max_chars=visit.LONGEST_NOTE, key="visit_note"
            )
        pressed = st.form_submit_button(view.say(T("Save the visit")), type="primary", icon=":material/save:")
    if pressed:
        _submit({"day": day, "area_code": area, "place": place, **counts, "note": note})


def _count(view: View, name: str, *, width: Any = "stretch") -> int | None:
    """A whole number, empty until somebody says it."""
    column = visit.BY_NAME[name]
    value = st.number_input(
        view.say(column.label),
        int(column.minimum or 0),
        int(column.maximum or 0),
        None,
        1,
        key=f"visit_{name}",
        width=width,
        help=view.say(column.about),
        placeholder=view.say(T("not said")),
    )
    return None if value is None else int(value)


def _areas(view: View) -> list[str]:
    """The desa and kecamatan of the chosen area, those of the office where it is larger than a kabupaten."""
    near = view.area if AreaCode(view.area).level >= Level.KABUPATEN else identity.home_area()
    if AreaCode(near).level < Level.KABUPATEN:
        return list(register().codes(Level.KECAMATAN, near))
    around = ".".join(near.split(".")[:2])
    inside = [code for level in (Level.KECAMATAN, Level.DESA) for code in register().codes(level, around)]
    return sorted(inside, key=lambda code: (not code.startswith(near), code))


@st.cache_data(show_spinner=False, max_entries=2000)
def _short(code: str) -> str:
    """'Moluo (Desa, Kwandang)': its own name first, which is what somebody types."""
    known, parent = register(), AreaCode(code).parent
    kind = known.full_name(code).removesuffix(known.name(code)).strip()
    return f"{known.name(code)} ({kind}, {known.name(parent)})" if parent is not None else known.name(code)


def _submit(values: Mapping[str, Any], *, again: bool = False) -> None:
    state = st.session_state
    try:
        if None in (values["day"], values["area_code"], values["place"]):
            raise UserError(T("A visit needs its day, its area and its kind of place."))
        done = visiting.typed(values, again=again)
    except EktpError as error:
        state["visit_wrong"] = error.message
        st.rerun()
    report = done.report
    if done.status == "needs_choice":
        state["visit_waiting"] = (dict(values), report.questions[0].text)
    elif done.batch is None:
        state["visit_wrong"] = report.faults[0].text() if report.faults else done.reason
    else:
        state["visit_saved"] = (done.batch.id, values["area_code"], values["recorded"], done.status)
        for name in (*visit.COUNTED, "note"):  # day, area and place stay: the next one is near
            state.pop(f"visit_{name}", None)
    st.rerun()


def _saved(view: View, saved: tuple[int, str, int | None, str]) -> None:
    number, area, recorded, status = saved
    said = T("visit saved: {area}", area=register().full_name(area))
    if recorded is not None:
        said = T("visit saved: {area}, {n} recorded", area=register().full_name(area), n=recorded)
    if status == "already_there":
        said = T("this visit is stored already (batch of visits {batch}); nothing was added", batch=str(number))
    st.success(plain(view.sentence(said)), icon=":material/check:")


def _asked(view: View, values: Mapping[str, Any], question: Text) -> None:
    """What must be said before a visit that is like another may be saved."""
    st.warning(plain(view.say(question)), icon=":material/content_copy:")
    with st.container(horizontal=True):
        other = st.button(view.say(T("It is another visit: save it")), type="primary", key="visit_again")
        same = st.button(view.say(T("It is the same: do not save it")), key="visit_same")
    if other or same:
        st.session_state.pop("visit_waiting", None)
        if other:
            _submit(values, again=True)
        st.rerun()


@st.fragment
def files(view: View) -> None:
    """Files of visits: the template, the report of each before anything is stored, its questions, accept or leave."""
    state = st.session_state
    with st.container(horizontal=True):
        for kind, mime in (("csv", "text/csv"), ("xlsx", _XLSX)):
            st.download_button(
                view.say(T("Template of visits ({kind})", kind=kind.upper())),
                stores.template(kind, visits=True),
                f"templat-kunjungan.{kind}",
                mime,
                key=f"visit_template_{kind}",
                icon=":material/description:",
                on_click="ignore",
            )
    for kind, said in state.pop("visit_told", []):
        getattr(st, kind)(plain(view.sentence(said)))
    turn = state.setdefault("visit_turn", 0)
    with file_box(view, "visit_uploader", T("at most 200 MB (workbooks 20 MB)")):
        given = st.file_uploader(view.say(T("Drop a file of visits here")), TYPES, key=f"visit_upload_{turn}")
    if given is not None:
        data = given.getvalue()
        with st.spinner(view.say(T("Reading {file} …", file=plain(given.name)))):
            state["visit_read"] = (data, visiting.read(data, given.name, VisitChoices()))
        state["visit_turn"] = turn + 1
        st.rerun()
    if "visit_read" in state:
        _report(view, *state["visit_read"])


def _report(view: View, data: bytes, report: VisitReport) -> None:
    """What a file says, and what may be done with it."""
    with st.container(border=True, key="visit_report"):
        found = TN("{n} visit", "{n} visits", n=len(report.rows))
        st.markdown(f"**{plain(report.file)}**: {view.say(found)}")
        if report.reason is not None:
            st.error(plain(view.sentence(report.reason)), icon=":material/block:")
        for fault in report.faults[:SHOWN_FAULTS]:
            st.markdown("- " + plain(view.say(fault.text())))
        if len(report.faults) > SHOWN_FAULTS:
            st.caption(view.say(T("... and {n} more.", n=len(report.faults) - SHOWN_FAULTS)))
        for note in report.notes:
            st.info(plain(view.sentence(note)), icon=":material/info:")
        if not report.rows.empty:
            sums = {name: total for name, total in report.sums().items() if total is not None}
            words = "; ".join(
                f"{view.say(visit.BY_NAME[name].label)} {text.number(total, view.lang)}" for name, total in sums.items()
            )
            st.markdown(plain(words))
        answers = _answers(view, report)
        with st.container(horizontal=True):
            if report.accepted and st.button(view.say(T("Accept")), type="primary", key="visit_accept", icon=":material/check:"):
                _accept(data, report)
            if report.questions and st.button(
                view.say(T("Read with these answers")), type="primary", key="visit_answered", disabled=answers is None
            ):
                _again(data, report, answers or {})
            if st.button(view.say(T("Store none")), key="visit_leave", icon=":material/close:"):
                st.session_state.pop("visit_read", None)
                st.rerun()


def _answers(view: View, report: VisitReport) -> dict[str, Any] | None:
    """What was answered so far, in the form of :meth:`VisitChoices.but`; None while a question is open."""
    made: dict[str, Any] = {}
    still_open = False
    for place, question in enumerate(report.questions):
        given = _answer(view, question, f"visit_question_{place}")
        still_open = still_open or not given
        aliases = {**made.get("aliases", {}), **given.get("aliases", {})}
        made |= {**given, **({"aliases": aliases} if aliases else {})}
    return None if still_open else made


def _answer(view: View, question: Question, key: str) -> Mapping[str, Any]:
    ways = {view.say(way.label): way.choices for way in question.readings}
    if question.topic == "alias":
        others = {_short(code): {"aliases": {question.subject: code}} for code in _areas(view)}
        ways |= {label: choices for label, choices in others.items() if label not in ways}
        chosen = st.selectbox(plain(view.say(question.text)), [*ways], None, key=key)
    else:
        chosen = st.radio(plain(view.say(question.text)), [*ways], None, key=key)
    return ways[chosen] if chosen is not None else {}


def _again(data: bytes, report: VisitReport, answers: Mapping[str, Any]) -> None:
    state = st.session_state
    state["visit_read"] = (data, visiting.read(data, report.file, report.choices.but(answers)))
    for name in [name for name in state if str(name).startswith("visit_question_")]:
        del state[name]
    st.rerun()


def _accept(data: bytes, report: VisitReport) -> None:
    done = visiting.take_in(report, data)
    if done.status == "accepted":
        said: tuple[str, Text] = ("success", TN("{n} visit stored", "{n} visits stored", n=len(report.rows)))
    else:
        said = ("info", done.reason or T("These visits are stored already; nothing was added."))
    st.session_state["visit_told"] = [said]
    st.session_state.pop("visit_read", None)
    st.rerun()


@st.fragment
def taken_in(view: View) -> None:
    """The batches of visits with who and when; take one back with a reason, or undo that; all visits as CSV."""
    office = stores.own()
    found = office.store.visit_batches()
    if not found:
        st.caption(view.say(T("No visit has been taken in yet.")))
        return
    if (found_out := stores.cleaning_of(view.office, view.standing)) is not None:
        st.markdown(plain(view.sentence(notes.cleaning(found_out))) + ".")
    fitted(view, _listed(view, found), "visit_list")
    by_id = {one.id: one for one in found}
    chosen = by_id[
        st.selectbox(
            view.say(T("Batch of visits")), list(by_id), key="visit_batch", format_func=lambda key: f"{key} · {by_id[key].name}"
        )
    ]
    name, data = office.store.visits_original(chosen.id)
    _mark(view, chosen, office.store.cannot_mark(chosen))
    with st.container(horizontal=True):
        st.download_button(
            view.say(T("The file as it was received")),
            data,
            name,
            key="visit_original",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            view.say(T("All visits (CSV)")),
            handing.taker(view, "visits", partial(visiting.export_csv, office)),
            "kunjungan.csv",
            "text/csv",
            key="visit_all",
            icon=":material/table:",
            on_click=handing.clicked,
            args=("visits",),
        )
    handing.told(view)


def _mark(view: View, chosen: VisitBatch, lacks: Text | None) -> None:
    """Take a batch of visits back with a reason, or undo that; for whom ``lacks`` a right, what became of it alone."""
    said = T("Withdraw {file}: its visits no longer count; nothing is deleted.", file=plain(chosen.name))
    if chosen.retracted is not None:
        said = T("Withdrawn by {who}: {reason}", who=plain(chosen.retracted.by), reason=plain(chosen.retracted.reason))
    if not whose.may(view.lang, lacks, None if chosen.retracted is None else said):
        return
    with st.form(f"visit_mark_{chosen.id}", border=True):
        st.write(view.say(said))
        reason = st.text_input(view.say(T("Reason")), key=f"visit_reason_{chosen.id}")
        pressed = st.form_submit_button(view.say(T("Withdraw these visits") if chosen.retracted is None else T("Undo")))
    if pressed:
        _marked(view, lambda: visiting.mark("retract" if chosen.retracted is None else "restore", chosen.id, reason))


def _marked(view: View, change: Callable[[], VisitBatch]) -> None:
    try:
        change()
    except UserError as error:
        st.error(plain(view.say(error.message)), icon=":material/block:")
        return
    st.rerun()


def _listed(view: View, found: list[VisitBatch]) -> pd.DataFrame:
    """The batches in few columns."""
    zone = settings().zone
    return pd.DataFrame(
        [
            {
                "file": f"{one.id}\u00a0·\u00a0{one.name}",
                "received_at": view.say(T("{at}, {who}", at=one.received_at.astimezone(zone), who=one.uploader)),
                "last_visit": text.day(one.last, view.lang, short=True),
                "visits": one.rows,
                "state": view.say(T("withdrawn") if one.retracted else T("in force")),
            }
            for one in found
        ]
    )
