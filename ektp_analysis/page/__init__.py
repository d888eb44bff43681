"""What all pages share, and the only part of the library that knows Streamlit.

choosing: what is chosen, kept in the URL. viewing: the figures behind it, cached until the store changes. placing:
heading, cards, charts, tables, downloads, errors. mapping: the map. forecasts: what is asked of the future, and the
heavy answers. outlook and past: how those are placed. uploads: a file's report. questions: what a file leaves open. batches: what
was taken in.
"""

from ektp_analysis.page.batches import batches, source_switch, whole_store
from ektp_analysis.page.choosing import choice, choose, choose_day, language, set_choice, sidebar
from ektp_analysis.page.forecasts import (
    choose_coverage,
    choose_deadline,
    choose_meaning,
    choose_target,
    choose_tested,
    forecast,
)
from ektp_analysis.page.mapping import area_map, chosen_inside
from ektp_analysis.page.outlook import assumption, missing, paces, river, together
from ektp_analysis.page.past import benchmark, past_answers
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
    style,
    table,
    unexpected,
    warnings,
)
from ektp_analysis.page.remembering import remembered
from ektp_analysis.page.uploads import upload
from ektp_analysis.page.viewing import View, today, view

__all__ = [
    "ICON",
    "View",
    "area_map",
    "assumption",
    "batches",
    "benchmark",
    "card",
    "cards",
    "chart",
    "choice",
    "choose",
    "choose_coverage",
    "choose_day",
    "choose_deadline",
    "choose_meaning",
    "choose_target",
    "choose_tested",
    "chosen_inside",
    "dated",
    "downloads",
    "empty",
    "forecast",
    "frame",
    "heading",
    "language",
    "listing",
    "mismatch",
    "missing",
    "name",
    "paces",
    "past_answers",
    "quantiles",
    "remembered",
    "river",
    "set_choice",
    "sidebar",
    "source_switch", "style",
    "table",
    "today",
    "together",
    "unexpected",
    "upload",
    "view",
    "warnings",
    "whole_store",
]
