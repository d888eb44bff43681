"""Navigation, language, and what is chosen. The pages it names are reached only through it."""

import streamlit as st

from ektp_analysis import page, page_registry
from ektp_analysis.i18n import render

st.set_page_config(page_title="e-KTP", page_icon=page.ICON, layout="wide")
with page.frame(), page.at_once():
    lang = page.language()
    pages = [st.Page(one.path, title=render(one.title, lang), icon=one.icon, default=place == 0)
             for place, one in enumerate(page_registry.PAGES)]
    chosen = st.navigation(pages)
    page.style()
    with page.beside():
        chosen.run()
