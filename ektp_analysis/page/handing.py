"""Downloads of which the trail is told; where it cannot be, the log has it, and the page says so after the click."""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import Empty, SimpleQueue

import streamlit as st

from ektp_analysis.core.text import Text
from ektp_analysis.office import ledger
from ektp_analysis.page.choices import View

SECONDS = 5.0  # that a page waits, after the click, for its file to be handed out
_LOG = logging.getLogger("ektp_analysis")
Waiting = dict[str, SimpleQueue[Text | None]]


def taker(view: View, what: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What a download button asks for: makes a file and tells the trail of it, by the short name ``what``."""
    told = _waiting().setdefault(what, SimpleQueue())  # the server asks in a thread that knows no session

    def take() -> bytes:
        untold = None
        try:
            data = make()
            if (untold := ledger.handed_out(view.office, what, data)) is not None:
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


def _waiting() -> Waiting:
    found: Waiting = st.session_state.setdefault("handed", {})
    return found
