"""Recording of electronic identity cards: read, keep, measure, project, draw. Useful without Streamlit."""

__version__ = "0.2.0"
