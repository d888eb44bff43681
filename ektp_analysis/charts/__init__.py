"""Frames -> Altair charts. Computes no figures: what is drawn is what the frame says.

Every chart has the width of its container, a transparent ground, colours by ``theme``, and numbers and days written in
its language, as its ``Look`` says. The title is the finding; the note (a sample, a model) is drawn under it, so that it
stays in every picture.
In Streamlit: ``st.altair_chart(chart, theme=None)``.
"""
