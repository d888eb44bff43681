"""The slides to look at, in a strip and large, and the files to take away: made aside, with how far they are; name and logo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.text import T, sentence
from ektp_analysis.office import identity, ledger
from ektp_analysis.office import presentation as on_screen
from ektp_analysis.office.makers import Job
from ektp_analysis.page import handing, whose
from ektp_analysis.page.choices import View
from ektp_analysis.page.parts import file_box, plain
from ektp_analysis.report import formats, screen
from ektp_analysis.report.deck import Deck, edited
from ektp_analysis.store.records import Edit

FRONTEND = Path(__file__).parent / "frontend"


@lru_cache(maxsize=1)
def component() -> Any:
    """What shows the slides, small or large."""
    script, own = ((FRONTEND / f"slides.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    return st.components.v2.component("ektp_slides", html='<div class="desk"></div>', css=screen.style() + own, js=script)


def strip(view: View, deck: Deck, seen: Sequence[Edit], chosen: str) -> dict[str, Any]:
    """What the strip is sent: every slide as it is edited, and where their pictures are asked for."""
    brand = identity.current()
    made = edited(deck, [replace(edit, shown=True) for edit in seen])
    frame = screen.Frame(brand.name, brand.logo, view.theme, "", None, "")
    drawn = screen.sheets(made, view.lang, frame, [edit.key for edit in seen if not edit.shown])
    slides = []
    for number, (slide, edit) in enumerate(zip(made.slides, seen, strict=True), 1):
        said = T("{number}. {title}", number=str(number), title=sentence(slide.title, view.lang))
        said = said if edit.shown else T("{one} ({other})", one=said, other=T("not shown"))
        slides.append(
            {
                "key": slide.key,
                "number": str(number),
                "html": drawn[slide.key],
                "said": view.say(said),
                "hidden": not edit.shown,
            }
        )
    return {
        "place": "strip",
        "slides": slides,
        "chosen": chosen,
        "label": view.say(T("Slides")),
        "colours": screen.colours(made, view.theme),
        "address": on_screen.pictures_address(view.area, view.on, sample=view.office.sample, lang=view.lang),
        "state": on_screen.named(view.office, deck),
        "waits": view.say(T("The picture is being drawn …")),
        "failed": view.say(T("The pictures could not be fetched from the server; load the page again.")),
    }


@st.fragment
def downloads(view: View, edits: Sequence[Edit], *, ready: bool) -> None:
    """The files, which can be had when the slides are ``ready``; each from the figures of the moment of asking."""
    asked: handing.Asked = st.session_state.setdefault("files_asked", {})
    day = view.standing.as_of_date
    with st.container(horizontal=True):
        for one in formats.FORMATS:
            job = Job(one.key, view.area, view.on, view.office.sample, view.lang, tuple(edits))
            st.download_button(
                one.label,
                handing.taker(view, one.key, partial(handing.made, asked, job)),
                f"evaluasi_{view.area}_{day.isoformat() if day else ''}{one.tail}.{one.ending}",
                one.mime,
                key=f"take_{one.label}",
                icon=":material/download:",
                on_click=handing.begin,
                args=(asked, job),
                disabled=not ready,
            )
    for one in formats.FORMATS:
        if one.key in asked:
            handing.progress(view, asked, one.key, one.label)
    handing.told(view)


def edit_identity(view: View) -> None:
    """Name and logo behind one click; what cannot be used is said in a sentence and changes nothing."""
    if whose.lacking(Role.ADMIN) is not None:
        return
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
            st.button(view.say(T("Remove the logo")), key="logo_away", on_click=ledger.remove_logo)


def _form(view: View, held: identity.Identity) -> None:
    with st.form("office", border=False):
        name = st.text_input(view.say(T("Name of the office")), value=held.name, max_chars=identity.MOST_LETTERS)
        with file_box(view, "logo_uploader", T("at most {n} MB", n=2)):
            file = st.file_uploader(view.say(T("Logo: PNG or SVG, at most 2 MB")), type=["png", "svg"], max_upload_size=2)
        if not st.form_submit_button(view.say(T("Keep for all who use this data folder"))):
            return
        try:
            if name.strip() != held.name:
                ledger.keep_name(name)
            if file is not None:
                ledger.keep_logo(file.getvalue(), file.name)
        except EktpError as error:
            st.error(plain(view.say(error.message)), icon=":material/error:")
            return
    st.rerun()
