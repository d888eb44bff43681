"""Presentasi: the slides of the evaluation, and the files to take away."""

import streamlit as st

from ektp_analysis import measures, page
from ektp_analysis.narrative import headings
from ektp_analysis.targets import Target

view = page.view()
if view.empty:
    target = Target.national()
    page.empty(view, headings.overview(view.standing, target, measures.reached_on(view.history, target)))
    st.stop()
page.presentation(view)
