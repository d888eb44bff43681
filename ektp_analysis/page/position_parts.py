"""The page Posisi: the strip and the sentence, then map, list and chart that share one chosen area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import streamlit as st

from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.drawing import as_png
from ektp_analysis.charts.over_time import BROKEN, fan, trend
from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.core.theme import both
from ektp_analysis.figures import tables
from ektp_analysis.figures.measure import Measure
from ektp_analysis.figures.series import change_between, history_of, pace_of_now, reached_on
from ektp_analysis.figures.side_by_side import ranking
from ektp_analysis.figures.standing import Standing, standing_of
from ektp_analysis.maps.legend import legend
from ektp_analysis.maps.seen import MapView, upto
from ektp_analysis.narrative import chances, counts, notes, position
from ektp_analysis.narrative.position import Dates
from ektp_analysis.office import identity, stores
from ektp_analysis.page import choices, map_choices, map_parts
from ektp_analysis.page.choices import View, choose, set_choice
from ektp_analysis.page.forecast_choices import deadline
from ektp_analysis.page.parts import chart, dated, downloads, table, warnings
from ektp_analysis.projection import abreast
from ektp_analysis.projection.abreast import Goal, Line
from ektp_analysis.projection.answers import Ground, of_level
from ektp_analysis.projection.history import breaks_in
from ektp_analysis.projection.result import ARRIVED, Projection

STYLE = Path(__file__).parent / "frontend" / "position.css"
COLOURED = ("muted", "doubt", "doubted", "hatch")  # colours that it names
MEASURES = ("unrecorded", "coverage", "pace", "days")  # of the map, as chips; the others are chosen on the page Peta
MAP_WIDTH, LEAST, MOST_HEIGHT = 480, 200, 292  # pixels: with the list beside it, all of the page is seen at 1366 x 768
CHART_HEIGHT = 190
MOST_LINES = 700  # of the list: the kecamatan of the largest provinsi are 666


# ---- what is said


def target_of(view: View) -> Target:
    """The target that the page is about: the national one until it is reached, then zero."""
    national = Target.national()
    reached = view.project(national).reason
    return ZERO if reached is not None and reached.code == ARRIVED else national


def dates_of(view: View) -> Dates:
    """What is said of the future of the area: as everywhere, the national target and zero."""
    national, zero = Target.national(), view.project(ZERO)
    recent = pace_of_now(view.history, zero.inputs.broken_on)
    return Dates(view.project(national), zero, reached_on(view.history, national), recent)


def heading(view: View) -> Text:
    """The strip above, and the sentence as the heading of the page; gives the sentence."""
    at, today = view.standing, choices.today()
    broken = breaks_in(view.history)
    last = broken[-1] if broken else None
    chips = position.strip(
        at,
        dated(view),
        old=not view.office.sample and (at.age(today) or 0) > notes.OLD_AFTER_DAYS,
        banner=notes.brief(at, sample=view.office.sample),
        broken=None if last is None else T("break on {date}: {what}", date=last.on, what=BROKEN[last.kind]),
    )
    said = position.heading(at, dates_of(view))
    items = "".join(f"<li{' class=doubt' if chip.doubtful else ''}>{escape(view.sentence(chip.text))}</li>" for chip in chips)
    label = escape(view.say(T("What the figures stand on")))
    st.html(f'<ul class="strip" role="list" aria-label="{label}">{items}</ul>')
    st.title(view.sentence(said), anchor=False)
    return said


# ---- map, list and chart


@dataclass(frozen=True)
class Shown:
    """The map and the list of the areas inside, what is chosen in both, and the measures that are offered."""

    map_: MapView
    offered: Mapping[str, Measure]
    lines: tuple[Line, ...]
    goal: Goal


def shown(view: View) -> Shown:
    """What map, list and chart share."""
    map_, offered = map_choices.latest(view, MEASURES)
    level, target = map_.choices.level, target_of(view)
    origin = view.standing.as_of_date or date.today()
    goal = Goal(target, deadline(view, origin), view.today or origin)
    answers = _answers(view, level, target) if map_choices.foreseen(view, level) else {}
    key = repr((*_key(view, level), target.key, goal.by, view.today))
    return Shown(map_, offered, _lines(key, view, level, goal, answers), goal)


def _key(view: View, level: Level) -> tuple[object, ...]:
    return view.office.url, view.office.token, view.area, view.on, level


def _answers(view: View, level: Level, target: Target) -> Mapping[str, Projection]:
    return _answered(repr((*_key(view, level), target.key, view.today)), view, level, target)


@st.cache_resource(show_spinner=False, max_entries=32)
def _answered(key: str, _view: View, _level: Level, _target: Target) -> Mapping[str, Projection]:
    """The answers of the areas of a level; read, never changed."""
    return of_level(Ground(upto(_view.around, _view.on), today=_view.today), _view.area, _level, _target)


@st.cache_resource(show_spinner=False, max_entries=32)
def _lines(key: str, _view: View, _level: Level, _goal: Goal, _found: Mapping[str, Projection]) -> tuple[Line, ...]:
    rows = map_choices.first(_view, _level).rows
    inside = _view.rolled[_view.rolled["level"] == int(_level)]
    return abreast.lines(rows.head(MOST_LINES), inside, _goal, _found, {one.area_code: one for one in _view.standing.silent})


def warm(view: View, level: Level) -> None:
    """Compute what the page says of an area, for the first visitor."""
    dates_of(view)
    if map_choices.foreseen(view, level):
        _answers(view, level, target_of(view))


def measures(view: View, found: Shown) -> None:
    """What the map shows, as a few chips."""
    few = found.offered
    choose(
        st.pills,
        T("Show"),
        list(few),
        "show",
        default=next(iter(few)),
        required=True,
        wrap=True,
        label_visibility="collapsed",
        show=lambda one: view.sentence(few[one].short),
    )


def area_map(view: View, found: Shown) -> None:
    """The map of Peta, as large as the list beside it; its classes in a line, and whose outlines these are."""
    map_parts.area_map(view, found.map_, map_parts.Size(MAP_WIDTH, LEAST, MOST_HEIGHT))
    shapes = found.map_.drawn.boundaries
    credit = (
        T("Equal squares stand in for outlines, which can be taken in on the page Data.") if shapes.tiles else shapes.credited
    )
    said = view.say(credit)
    items = "".join(
        f'<li><span class="swatch {"hatched" if row.hatched else ""}" style="--fill:{row.colour}"></span>{escape(row.label)}</li>'
        for row in legend(found.map_.drawn.classes, view.lang, view.theme)
        if row.areas and row.kind != "older"
    )
    name = escape(view.sentence(found.map_.measure.label))
    st.html(f'<ul class="key" role="list" aria-label="{name}">{items}</ul><p class="credit">{escape(said)}</p>')


# ---- the chart


def area_chart(view: View, found: Shown | None) -> None:
    """What was seen and what may come, of the chosen area or of the whole."""
    code = found.map_.chosen if found is not None else ""
    area = code or view.area
    at, history, dates = (
        (view.standing, view.history, dates_of(view)) if not code or found is None else _of_chosen(view, found, code)
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="chart_heading"):
        said = position.chosen(area, at, dates) if code else position.whole(area, change_between(history))
        st.header(view.sentence(said), anchor=False, width="content")
        if code:
            if st.button(view.say(T("Show all")), key="show_all", type="tertiary", icon=":material/close:"):
                set_choice("inside", "")
                st.rerun(scope="fragment")
            _open(view, code)
    target = dates.target if found is None or not found.goal.target.is_zero else dates.zero
    look = Look(view.lang, view.theme, note=view.note, height=CHART_HEIGHT)
    drawn = fan(history, target.fan(), look, target=target) if target.answered else trend(history, look, target=target.target)
    chart(drawn, "seen_and_ahead", alt=view.sentence(chances.when(target)))


def _of_chosen(view: View, found: Shown, code: str) -> tuple[Standing, Any, Dates]:
    """Standing, history and dates of an area inside; the same answers as on its own page."""
    history, national = history_of(view.rolled, code), Target.national()
    to_target, zero = (_answer(view, found, target, code) for target in (national, ZERO))
    recent = pace_of_now(history, zero.inputs.broken_on)
    return standing_of(view.rolled, code), history, Dates(to_target, zero, reached_on(history, national), recent)


def _answer(view: View, found: Shown, target: Target, code: str) -> Projection:
    level = found.map_.choices.level
    if not map_choices.foreseen(view, level):
        return view.project(target, code)
    return _answers(view, level, target).get(code) or view.project(target, code)


def _open(view: View, code: str) -> None:
    """The way into the chosen area."""
    inside = view.rolled["area_code"].str.startswith(code + ".").any()
    if (
        inside
        and level_of(code) < Level.DESA
        and st.button(
            view.say(T("Open {area}", area=register().name(code))), key="down", type="tertiary", icon=":material/zoom_in:"
        )
    ):
        set_choice("area", code)
        set_choice("inside", "")
        st.rerun()


# ---- around it


def look() -> None:
    """Less space than on other pages, so that all of it is seen at once; in the colours of either theme."""
    st.html(f"<style>{_style()}</style>")


@st.cache_resource(show_spinner=False)
def _style() -> str:
    return Template(STYLE.read_text(encoding="utf-8")).substitute({name: both(name) for name in COLOURED})


def home(view: View) -> None:
    """Where figures of several kabupaten are held and nobody has said which is the office's own: asked once, and kept."""
    offered = _homes(view.office.url, view.office.token, identity.home_is_chosen(), view.office)
    if not offered:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", key="home"):
        chosen = st.selectbox(
            view.say(
                TN(
                    "Figures of {n} regency or city are held here. Which one opens first?",
                    "Figures of {n} regencies and cities are held here. Which one opens first?",
                    n=len(offered),
                )
            ),
            offered,
            format_func=register().full_name,
            key="home_area",
        )
        if st.button(view.say(T("Open this one first")), key="home_kept"):
            identity.keep_home(chosen)
            set_choice("area", chosen)
            set_choice("inside", "")
            st.rerun()


@st.cache_data(show_spinner=False, max_entries=16)
def _homes(url: str, token: str, chosen: bool, _office: stores.Office) -> tuple[str, ...]:
    return stores.homes(_office)


def more(view: View) -> None:
    """What limits the figures, in full; their tables; and all of it to take away."""
    with st.expander(view.say(T("Details, tables and downloads")), key="details", on_change="rerun") as opened:
        if not opened.open:
            return
        warnings(view)
        target, at, dates = Target.national(), view.standing, dates_of(view)
        st.markdown("  \n".join(view.sentence(chances.when(one, dates.reached)) + "." for one in (dates.target, dates.zero)))
        rows = None if at.child_level is None else ranking(view.rolled, view.area, on=view.on)
        if rows is not None:
            st.markdown("**" + view.sentence(counts.ranking(rows)) + "**  \n" + view.sentence(counts.silence(at)))
        before = tables.pick(view.history, tables.HISTORY)
        inside = before if rows is None else tables.pick(rows, tables.RANKING)
        for place, one in enumerate([inside] if rows is None else [inside, before]):
            table(view, one, f"overview_table_{place}")
        drawn = Look(view.lang, note=view.note)
        downloads(
            view,
            "overview",
            frames={view.say(T("Areas")): inside, view.say(T("History")): before},
            pictures={view.say(T("Trend")): lambda: as_png(trend(view.history, drawn, target=target))},
        )
