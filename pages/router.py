"""Navigation, language, and what is chosen. The pages it names are reached only through it."""

import streamlit as st

from ektp_analysis import page
from ektp_analysis.i18n import render
from ektp_analysis.text import T

st.set_page_config(page_title="e-KTP", page_icon=page.ICON, layout="wide")
with page.frame(), page.at_once():
    lang = page.language()
    pages = [
        st.Page("overview.py", title=render(T("Overview"), lang), icon=":material/dashboard:", default=True),
        st.Page("area_map.py", title=render(T("Map"), lang), icon=":material/map:"),
        st.Page("projection.py", title=render(T("Projection"), lang), icon=":material/event_upcoming:"),
        st.Page("slides.py", title=render(T("Presentation"), lang), icon=":material/slideshow:"),
        st.Page("data.py", title=render(T("Data"), lang), icon=":material/upload_file:"),
        st.Page("method.py", title=render(T("Method"), lang), icon=":material/menu_book:"),
    ]
    chosen = st.navigation(pages)
    page.style()
    with page.beside():
        chosen.run()
