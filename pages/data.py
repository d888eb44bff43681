"""Data: take files in, see what was taken in, take it back, take it out."""

import streamlit as st

from ektp_analysis import narrative, page
from ektp_analysis.text import T

view = page.view()
uploads = [batch for batch in view.office.store.batches() if batch.retracted is None]
last = max((max(batch.as_of_dates) for batch in uploads), default=None)
page.heading(view, narrative.headings.data(len(uploads), last, sample=view.office.sample))
page.source_switch(view)

st.header(view.say(T("Take in files")), anchor=False)
page.upload(view)
st.header(view.say(T("What was taken in")), anchor=False)
page.batches(view)
page.remembered(view)
page.outlines(view)
st.header(view.say(T("Take away and check")), anchor=False)
page.whole_store(view)
