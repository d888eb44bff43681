"""What all pages share, and the only part of the library that knows Streamlit.

choosing: what is chosen, kept in the URL. viewing: the figures behind it, cached until the store changes. placing:
heading, cards, charts, tables, downloads, errors. mapping: the map. exploring: what it shows. controls: its choices
as widgets. places: from area to area.
glance: the chosen area. taking: table, days side by side, downloads. forecasts: what is asked of the future, and the
heavy answers. outlook and past: how those are placed. presenting: the slides. uploads: a file's report. questions: what
a file leaves open. batches: what was taken in.
"""

from ektp_analysis.page.batches import batches, source_switch, whole_store
from ektp_analysis.page.choosing import at_once, beside, choice, choose, choose_day, language, set_choice
from ektp_analysis.page.controls import advanced as map_advanced
from ektp_analysis.page.controls import what as map_measure
from ektp_analysis.page.controls import when as map_day
from ektp_analysis.page.exploring import playing, seen
from ektp_analysis.page.forecasts import (
    choose_coverage,
    choose_deadline,
    choose_meaning,
    choose_target,
    choose_tested,
    forecast,
)
from ektp_analysis.page.glance import compare, glance
from ektp_analysis.page.mapping import area_map, chosen_inside, legend
from ektp_analysis.page.outlines import outlines
from ektp_analysis.page.outlook import assumption, missing, paces, river, together
from ektp_analysis.page.past import benchmark, past_answers
from ektp_analysis.page.places import breadcrumb
from ektp_analysis.page.placing import (
    ICON,
    behind,
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
from ektp_analysis.page.presenting import presentation
from ektp_analysis.page.remembering import remembered
from ektp_analysis.page.taking import credit, multiples, standing_in, take_away
from ektp_analysis.page.taking import figures as map_figures
from ektp_analysis.page.taking import title as map_title
from ektp_analysis.page.uploads import upload
from ektp_analysis.page.viewing import View, today, view
from ektp_analysis.page.warming import warm

__all__ = [
    "ICON",
    "View",
    "area_map",
    "assumption",
    "at_once",
    "batches",
    "behind",
    "benchmark",
    "beside",
    "breadcrumb",
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
    "compare",
    "credit",
    "dated",
    "downloads",
    "empty",
    "forecast",
    "frame",
    "glance",
    "heading",
    "language",
    "legend",
    "listing",
    "map_advanced",
    "map_day",
    "map_figures",
    "map_measure",
    "map_title",
    "mismatch",
    "missing",
    "multiples",
    "name",
    "outlines",
    "paces",
    "past_answers",
    "playing",
    "presentation",
    "quantiles",
    "remembered",
    "river",
    "seen",
    "set_choice",
    "source_switch",
    "standing_in",
    "style",
    "table",
    "take_away",
    "today",
    "together",
    "unexpected",
    "upload",
    "view",
    "warm",
    "warnings",
    "whole_store",
]
