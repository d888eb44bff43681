"""The office's name and logo, entered on the page Presentasi and kept for everyone who uses this data folder."""

from __future__ import annotations

import streamlit as st

from ektp_analysis.errors import EktpError
from ektp_analysis.office import identity
from ektp_analysis.page.placing import file_box, plain
from ektp_analysis.page.viewing import View
from ektp_analysis.text import T


def edit(view: View) -> None:
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
