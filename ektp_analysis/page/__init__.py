"""What all pages share, and the only part of the library that knows Streamlit.

choosing: what is chosen, kept in the URL. viewing: the figures behind it, cached until the store changes. placing:
heading, cards, charts, tables, downloads, errors. mapping: the map. uploads: a file's report, and the batches.
"""

from ektp_analysis.page.choosing import choice, choose, language, set_choice, sidebar
from ektp_analysis.page.mapping import area_map
from ektp_analysis.page.placing import card, cards, chart, downloads, empty, frame, heading, table, unexpected, warnings
from ektp_analysis.page.uploads import batches, upload, whole_store
from ektp_analysis.page.viewing import View, view

__all__ = ["View", "area_map", "batches", "card", "cards", "chart", "choice", "choose", "downloads", "empty", "frame",
           "heading", "language", "set_choice", "sidebar", "table", "unexpected", "upload", "view", "warnings",
           "whole_store"]
