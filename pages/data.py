"""Data: take files in, see what was taken in, take it back, take it out."""

import streamlit as st

from ektp_analysis.core.text import T
from ektp_analysis.narrative import notes
from ektp_analysis.page import choices, data_parts, parts, review_parts, upload_parts, visit_parts

view = choices.view()
uploads = [batch for batch in view.office.store.batches() if batch.retracted is None]
last = max((max(batch.as_of_dates) for batch in uploads), default=None)
parts.heading(view, notes.data(len(uploads), last, choices.today(), sample=view.office.sample))
data_parts.source_switch(view)

st.header(view.say(T("Upload files")), anchor=False)
upload_parts.upload(view)
review_parts.section(view)
review_parts.missing(view)
st.header(view.say(T("What was uploaded")), anchor=False)
data_parts.batches(view)
data_parts.remembered(view)
data_parts.outlines(view)
st.header(view.say(T("Visits")), anchor=False)
visit_parts.section(view)
st.header(view.say(T("Download and check")), anchor=False)
data_parts.whole_store(view)
data_parts.backup(view)
