"""What all pages share, and the only part of the library that knows Streamlit.

choosing: what is chosen, kept in the URL. viewing: the figures behind it, cached until the store changes. placing:
heading, cards, charts, tables, downloads, errors. mapping: the map. uploads: a file's report. questions: what
a file leaves open. batches: what was taken in.
"""

from ektp_analysis.page.batches import batches, source_switch, whole_store
from ektp_analysis.page.choosing import choice, choose, choose_day, language, set_choice, sidebar
from ektp_analysis.page.mapping import area_map, chosen_inside
from ektp_analysis.page.placing import (
    ICON,
    card,
    cards,
    chart,
    dated,
    downloads,
    empty,
    frame,
    heading,
    listing,
    mismatch,
    name,
    quantiles,
    table,
    unexpected,
    warnings,
)
from ektp_analysis.page.uploads import upload
from ektp_analysis.page.viewing import View, today, view

__all__ = [
    "ICON", "View", "area_map", "batches", "card", "cards", "chart", "choice", "choose", "choose_day", "chosen_inside",
    "dated", "downloads", "empty", "frame", "heading", "language", "listing", "mismatch", "name", "quantiles",
    "set_choice", "sidebar", "source_switch", "table", "today", "unexpected", "upload", "view", "warnings", "whole_store",
]
