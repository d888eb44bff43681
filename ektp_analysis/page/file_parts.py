"""Files to take away, and the slides to look at: made aside, with how far they are, and one sentence where one cannot be."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

import streamlit as st

from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.text import T, Text
from ektp_analysis.office import identity, makers, stores
from ektp_analysis.office.makers import SLIDES, Job, Making
from ektp_analysis.page.choices import View
from ektp_analysis.page.parts import file_box, plain
from ektp_analysis.report import formats
from ektp_analysis.report.deck import Deck
from ektp_analysis.store.records import Edit

MOST_KEPT = 8
Asked = dict[str, tuple[Job, Making]]


def slides(view: View) -> tuple[Deck, dict[str, bytes]]:
    """The deck and a picture (PNG) of each slide by its key; who asks for the same waits for the same.

    Raises:
        EktpError: they cannot be made.
    """
    kept = _kept()
    planned = view.aim, stores.events_of(view.office, view.area)
    key = (view.office.url, view.office.token, view.area, view.on, view.lang, identity.stamp(), view.today, planned)
    if key not in kept or (kept[key].done and kept[key].error is not None):
        kept[key] = makers.submit(Job(SLIDES, view.area, view.on, view.office.sample, view.lang))
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    found = kept[key]
    _watch(view, found, T("The slides are drawn …"))
    deck, drawn = found.result()
    return deck, drawn


@st.fragment
def downloads(view: View, edits: Sequence[Edit], *, ready: bool) -> None:
    """The files, which can be had when the slides are ``ready``; each from the figures of the moment of asking."""
    asked: Asked = st.session_state.setdefault("files_asked", {})
    day = view.standing.as_of_date
    with st.container(horizontal=True):
        for one in formats.FORMATS:
            job = Job(one.key, view.area, view.on, view.office.sample, view.lang, tuple(edits))
            st.download_button(
                one.label,
                _taker(asked, job),
                f"evaluasi_{view.area}_{day.isoformat() if day else ''}{one.tail}.{one.ending}",
                one.mime,
                key=f"take_{one.label}",
                icon=":material/download:",
                on_click=_begin,
                args=(asked, job),
                disabled=not ready,
            )
    for one in formats.FORMATS:
        if one.key in asked:
            _told_progress(view, asked, one.key, one.label)


def _told_progress(view: View, asked: Asked, kind: str, label: str) -> None:
    """How far a file is; after that nothing, or why it could not be made."""
    found = asked[kind][1]
    _watch(view, found, T("{kind} is being made …", kind=label))
    if found.error is None:
        asked.pop(kind, None)
    else:
        st.error(view.say(found.error), icon=":material/error:")


def _watch(view: View, found: Making, said: Text) -> None:
    """A bar until it is done. Only this reader's page waits; everyone else is answered meanwhile."""
    if found.done:
        return
    bar = st.progress(0.0, text=view.say(said))
    while not found.done:
        time.sleep(0.1)
        bar.progress(min(found.progress, 1.0), text=view.say(said))
    bar.empty()


def _begun(asked: Asked, job: Job) -> Making:
    """The file that is being made for this click: begun by whichever comes first, the page or the download."""
    known = asked.get(job.kind)
    if known is None or known[0] != job or known[1].done:
        known = asked[job.kind] = job, makers.submit(job)
    return known[1]


def _begin(asked: Asked, job: Job) -> None:
    _begun(asked, job)


def _taker(asked: Asked, job: Job) -> Callable[[], bytes]:
    def take() -> bytes:
        return bytes(_begun(asked, job).result())

    return take


@st.cache_resource(show_spinner=False)
def _kept() -> OrderedDict[tuple[object, ...], Making]:
    return OrderedDict()


def edit_identity(view: View) -> None:
    """Name and logo behind one click; what cannot be used is said in a sentence and changes nothing."""
    with st.expander(view.say(T("Name and logo of the office")), icon=":material/badge:", key="office_box"):
        try:
            held = identity.current()
        except EktpError as error:
            st.error(plain(view.say(error.message)), icon=":material/error:")
            held = identity.Identity("", None)
        _form(view, held)
        if held.logo is not None:
            st.image(held.logo.png, width=160, alt=view.say(T("The logo on slides and pages")))
        if identity.has_own_logo():
            st.button(view.say(T("Remove the logo")), key="logo_away", on_click=identity.remove_logo)


def _form(view: View, held: identity.Identity) -> None:
    with st.form("office", border=False):
        name = st.text_input(view.say(T("Name of the office")), value=held.name, max_chars=identity.MOST_LETTERS)
        with file_box(view, "logo_uploader", T("at most {n} MB", n=2)):
            file = st.file_uploader(view.say(T("Logo: PNG or SVG, at most 2 MB")), type=["png", "svg"], max_upload_size=2)
        if not st.form_submit_button(view.say(T("Keep for all who use this data folder"))):
            return
        try:
            if name.strip() != held.name:
                identity.keep_name(name)
            if file is not None:
                identity.keep_logo(file.getvalue(), file.name)
        except EktpError as error:
            st.error(plain(view.say(error.message)), icon=":material/error:")
            return
    st.rerun()
