"""Frames -> Altair charts. Computes no figures: what is drawn is what the frame says.

Every chart has the width of its container, a transparent ground, colours by ``theme``, and numbers and days written in
its language, as its ``Look`` says. The title is the finding; the note (a sample, a model) is drawn under it, so that it
stays in every picture.
In Streamlit: ``st.altair_chart(chart, theme=None)``.
"""

from ektp_analysis.charts.forecast import calibration, panel, panels, river, span
from ektp_analysis.charts.over_time import dots, fan, history, sparkline, trend
from ektp_analysis.charts.parts import Look, Mark, unchecked
from ektp_analysis.charts.ranking import ranked
from ektp_analysis.vega import png, svg

__all__ = [
    "Look", "Mark", "calibration", "dots", "fan", "history", "panel", "panels", "png", "ranked", "river", "span", "sparkline",
    "svg", "trend", "unchecked",
]
