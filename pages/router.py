"""Navigation, language, and what is chosen. The pages it names are reached only through it."""

import streamlit as st

from ektp_analysis.core.text import render
from ektp_analysis.page import choices, parts, registry, whose

st.set_page_config(page_title="e-KTP", page_icon=parts.ICON, layout="wide", initial_sidebar_state=parts.SIDEBAR)
with parts.frame(), choices.at_once():
    lang = choices.language()
    pages = [
        st.Page(one.path, title=render(one.title, lang), icon=one.icon, default=place == 0)
        for place, one in enumerate(registry.PAGES)
    ]
    pages += [
        st.Page(one.path, title=render(one.title, lang), url_path=name, visibility="hidden")
        for one in registry.PAGES
        for name in one.former
    ]
    chosen = st.navigation(pages)
    parts.style()
    with whose.beside(lang), choices.beside():
        chosen.run()
