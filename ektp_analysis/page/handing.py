"""Downloads of which the trail is told; where it cannot be, the log has it, and the page says so after the click. Those that take
long are made aside, and the page says how far they are."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

import streamlit as st

from ektp_analysis.access import gate
from ektp_analysis.core.text import T, Text
from ektp_analysis.office import ledger, makers
from ektp_analysis.office.makers import Job, Making
from ektp_analysis.page.choices import View

SECONDS = 5.0  # that a page waits, after the click, for its file to be handed out
_LOG = logging.getLogger("ektp_analysis")
Asked = dict[str, tuple[Job, Making]]  # files that this reader asked for, by kind
Waiting = dict[str, SimpleQueue[Text | None]]


def taker(view: View, what: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What a download button asks for: makes a file and tells the trail of it, by the short name ``what``."""
    told = _waiting().setdefault(what, SimpleQueue())
    acting = gate.reference()  # the server asks in a thread that knows no session

    def take() -> bytes:
        untold = None
        try:
            with gate.acting_as(acting):
                data = make()
                untold = ledger.handed_out(view.office, what, data)
            if untold is not None:
                _LOG.warning("%s: %s", what, untold)
        finally:
            told.put(untold)
        return data

    return take


def clicked(what: str) -> None:
    """For the click on the button: the next run waits for what becomes of it."""
    st.session_state["handed_clicked"] = what


def told(view: View) -> None:
    """Say which files are not in the trail, of those that were handed out since the run before."""
    awaited = st.session_state.pop("handed_clicked", None)
    for what, one in _waiting().items():
        try:
            untold = one.get(timeout=SECONDS if what == awaited else 0)
        except Empty:
            continue
        if untold is not None:
            st.warning(view.sentence(untold), icon=":material/history:")


def progress(view: View, asked: Asked, kind: str, label: str) -> None:
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


def begin(asked: Asked, job: Job) -> None:
    """For the click on the button of a file that is made aside: it begins to be made."""
    _begun(asked, job)
    clicked(job.kind)


def made(asked: Asked, job: Job) -> bytes:
    """The file, made aside; waits for it. Raises as :meth:`Making.result`."""
    return bytes(_begun(asked, job).result())


def _waiting() -> Waiting:
    found: Waiting = st.session_state.setdefault("handed", {})
    return found
