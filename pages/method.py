"""Metode: how the projection works, how often it was right here, and how it does on public countdowns."""

import streamlit as st

from ektp_analysis.core.text import T
from ektp_analysis.narrative import notes
from ektp_analysis.page import choices, forecast_choices, method_parts, parts
from ektp_analysis.projection.result import METHOD

view = choices.view()
parts.heading(
    view,
    T("The projection works out a thousand possible continuations and counts how many reach the target"),
    below=T("Method version: {version}", version=METHOD),
)
with st.grid(2, min_column_width=330, gap="large"):
    for section in notes.SECTIONS:
        with st.container(gap="xsmall"):
            st.markdown("**" + view.say(section.title) + "**")
            for paragraph in section.paragraphs:
                st.markdown(view.say(paragraph))

st.header(view.say(T("Which campaigns is this one like?")), anchor=False)
if view.empty:
    st.write(view.say(T("No figures for this area yet, so there is nothing to compare.")))
else:
    method_parts.campaigns_alike(view)
st.header(view.say(T("Was it right here?")), anchor=False)
here = st.container()
st.header(view.say(T("Was it right elsewhere?")), anchor=False)
method_parts.benchmark(view)


@st.fragment
def look_back() -> None:
    """The past answers about the chosen area; last, for the first time takes a while."""
    method_parts.past_answers(view, forecast_choices.choose_tested(view))


with here:
    if view.empty:
        st.write(view.say(T("No figures for this area yet, so there is nothing to look back on.")))
    else:
        look_back()
