"""The papers of a plan on a page: sheets, letters, texts and calendar to take away, and the templates of the letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.text import LANGUAGES, T, Text
from ektp_analysis.narrative import on_papers
from ektp_analysis.office import identity, ledger
from ektp_analysis.office import papers as files
from ektp_analysis.office.makers import Job
from ektp_analysis.page import handing, whose
from ektp_analysis.page.choices import View
from ektp_analysis.page.parts import file_box, plain
from ektp_analysis.planning.proposal import Plan

TONGUES = {"id": "Bahasa Indonesia", "en": "English"}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def papers(view: View, plan: Plan, name: str = "") -> None:
    """The papers of a plan, behind a click. ``name`` is that under which it is saved, '' for none. Nothing is sent from here."""
    with st.expander(view.say(T("Papers for the teams")), key="papers", icon=":material/print:", on_change="rerun") as opened:
        if opened.open:
            _papers(view, plan, name)
    with st.expander(
        view.say(T("Templates of the letters")), key="letters", icon=":material/edit_document:", on_change="rerun"
    ) as more:
        if more.open:
            _templates(view)


@st.fragment
def _papers(view: View, plan: Plan, name: str) -> None:
    first, last = on_papers.days(plan)
    try:
        files.between(plan, None, None)
    except EktpError as error:
        st.info(plain(view.sentence(error.message)), icon=":material/info:")
        return
    given = st.date_input(
        view.say(T("Days of the papers")), (first, last), first, last, format="DD/MM/YYYY", key="papers_days", width=320
    )
    try:
        chosen = files.between(plan, *_ends(given, first, last))
        files.few_enough(chosen)
    except EktpError as error:
        st.error(plain(view.sentence(error.message)), icon=":material/block:")
        return
    asked: handing.Asked = st.session_state.setdefault("papers_asked", {})
    text = chosen.to_json()
    with st.container(horizontal=True):
        for one in files.PAPERS:
            job = Job(one.key, view.area, None, view.office.sample, view.lang, plan=(text, name))
            st.download_button(
                view.say(one.label),
                handing.taker(view, one.key, partial(handing.made, asked, job)),
                files.file_name(one, chosen),
                one.mime,
                key=f"take_{one.key}",
                icon=":material/download:",
                help=view.say(one.about),
                on_click=handing.begin,
                args=(asked, job),
            )
    for one in files.PAPERS:
        if one.key in asked:
            handing.progress(view, asked, one.key, view.say(one.label))
    handing.told(view)
    st.caption(view.sentence(on_papers.expectation(plan)))
    _message(view, chosen)


def _ends(given: object, first: date, last: date) -> tuple[date, date]:
    """The first and the last day that were chosen; while only one is, that day alone."""
    days = [one for one in given if isinstance(one, date)] if isinstance(given, tuple) else []
    return (days[0], days[-1]) if days else (first, last)


def _message(view: View, plan: Plan) -> None:
    """The text for the group of an area, in the language of its readers, with a button that copies it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        area = st.selectbox(
            view.say(T("Text for the group of")),
            files.areas(plan),
            key="papers_area",
            format_func=register().full_name,
            width=320,
        )
        tongue = st.segmented_control(
            view.say(T("Language of the text")), LANGUAGES, default="id", format_func=TONGUES.__getitem__, key="papers_tongue"
        )
    try:
        st.code(files.message(plan, area, tongue or "id"), language=None, wrap_lines=True)
    except EktpError as error:  # the office's name cannot be read
        st.error(plain(view.sentence(error.message)), icon=":material/error:")


@st.fragment
def _templates(view: View) -> None:
    """The templates: to be taken, changed in Word or LibreOffice, and given back; or the one of the program again."""
    state = st.session_state
    if (wrong := state.pop("letters_wrong", None)) is not None:
        st.error(plain(view.sentence(wrong)), icon=":material/block:")
    if (done := state.pop("letters_told", None)) is not None:
        st.success(view.sentence(done), icon=":material/check:")
    kind, lang = st.selectbox(
        view.say(T("Letter")),
        list(identity.LETTERS),
        key="letters_kind",
        format_func=lambda key: f"{files.label(key[0], view.lang)}, {TONGUES[key[1]]}",
        width=420,
    )
    st.caption(
        view.say(
            T("The office's own template is used.") if files.is_own(kind, lang) else T("The template of the program is used.")
        )
        + " "
        + view.say(T("Change its words in Word or LibreOffice, leave the fields as they are, and give it back here."))
        + " "
        + plain(view.say(files.fields(kind)))
    )
    with st.container(horizontal=True):
        data, _ = files.template(kind, lang)
        st.download_button(
            view.say(T("The template (DOCX)")),
            data,
            identity.LETTERS[kind, lang],
            _DOCX,
            key="letters_take",
            icon=":material/download:",
            on_click="ignore",
        )
        offer = whose.offered(view.lang, whose.lacking(Role.ADMIN))
        if files.is_own(kind, lang) and st.button(view.say(T("Use that of the program again")), key="letters_away", **offer):
            _tried(lambda: ledger.remove_letter(kind, lang), T("the template of the program is used again"))
    if not whose.may(view.lang, whose.lacking(Role.ADMIN)):
        return
    turn = state.setdefault("letters_turn", 0)
    with file_box(view, "letters_uploader", T("at most {n} MB", n=2)):
        given = st.file_uploader(
            view.say(T("Drop the changed template here (DOCX)")), ["docx"], key=f"letters_{turn}", max_upload_size=2
        )
    if given is None:
        return
    state["letters_turn"] = turn + 1
    _tried(
        lambda: ledger.keep_letter(kind, lang, given.getvalue(), given.name),
        T("template kept: {file}; letters are made from it now", file=plain(given.name)),
    )


def _tried(change: Callable[[], None], done: Text) -> None:
    """Change what is kept; the next run says what became of it."""
    try:
        change()
    except EktpError as error:
        st.session_state["letters_wrong"] = error.message
    else:
        st.session_state["letters_told"] = done
    st.rerun()
