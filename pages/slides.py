"""Presentasi: the slides of the evaluation, and the files to take away."""

import streamlit as st

from ektp_analysis.core.targets import Target
from ektp_analysis.figures.series import reached_on
from ektp_analysis.narrative import notes
from ektp_analysis.page import choices, parts, slides_parts

view = choices.view()
if view.empty:
    target = Target.national()
    parts.empty(view, notes.overview(view.standing, target, reached_on(view.history, target)))
    st.stop()
slides_parts.presentation(view)
