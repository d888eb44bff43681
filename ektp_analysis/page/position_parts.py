"""The page Posisi: the strip and the sentence, then map, list and chart that share one chosen area."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.drawing import as_png
from ektp_analysis.charts.over_time import BROKEN, fan, trend
from ektp_analysis.core.aims import aim_for
from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.core.theme import both
from ektp_analysis.figures import tables
from ektp_analysis.figures.measure import Measure
from ektp_analysis.figures.rollup import opens
from ektp_analysis.figures.series import change_between, history_of, pace_of_now, reached_on
from ektp_analysis.figures.side_by_side import ranking
from ektp_analysis.figures.standing import Standing, standing_of
from ektp_analysis.figures.timeline import Along
from ektp_analysis.maps.legend import ALL_DAYS, legend
from ektp_analysis.maps.seen import MapView
from ektp_analysis.narrative import by_plan, chances, counts, notes, position
from ektp_analysis.narrative.position import Chip, Dates
from ektp_analysis.office import identity, ledger, stores
from ektp_analysis.page import aim_parts, joint_answers, map_ahead, map_choices, map_parts, whose
from ektp_analysis.page.choices import View, set_choice
from ektp_analysis.page.forecast_choices import deadline, usual_deadline
from ektp_analysis.page.parts import chart, dated, downloads, table, warnings
from ektp_analysis.projection import abreast
from ektp_analysis.projection.abreast import Goal, Line
from ektp_analysis.projection.answers import MOST, plan_for
from ektp_analysis.projection.history import breaks_in
from ektp_analysis.projection.result import Projection

STYLE = Path(__file__).parent / "frontend" / "position.css"
COLOURED = ("muted", "doubt", "doubted", "hatch")  # colours that it names
MEASURES = ("unrecorded", "coverage", "pace", "days")  # of the map, as chips; the others are chosen on the page Peta
SIZE = map_parts.Size(480, 200, 292)  # of the map: with the list beside it, all of the page is seen at 1366 x 768
CHART_HEIGHT, CHART_ALONE = 190, 360  # of the plot, below map and list or by itself
CHART_MORE = 46  # of what stands around it
PAINTED = "map_is_painted"
MOST_LINES = 150  # of the list: 2 ms each; a level directly below has at most 60
LATELY = 3600.0  # seconds for which the first page of an area is made ready again: who has looked at it comes back
_looked_at: dict[str, float] = {}  # area -> when
PROMPT = 250  # histories, about a second and a half, for which nobody asked: above it the list has no dates


# ---- what is said


def dates_of(view: View) -> Dates:
    """What is said of the future of the area: a target's date, that of zero, and the plan."""
    target, zero = position.said_target(view.aim), view.project(ZERO)
    recent = pace_of_now(view.history, zero.inputs.even_since)
    plan = aim_parts.plan(view)
    planned = None if plan is None or view.today is None else plan.on(view.today)
    return Dates(view.project(target), zero, reached_on(view.history, target), recent, planned)


def heading(view: View, alerts: Sequence[Chip] = ()) -> Any:
    """The strip above, with what is at hand of alerts, and the sentence as the heading of the page; gives the strip's place."""
    place = st.empty()
    _looked_at[view.area] = time.monotonic()
    strip(view, place, alerts)
    st.title(view.sentence(position.heading(view.standing, dates_of(view))), anchor=False)
    return place


def strip(view: View, place: Any, alerts: Sequence[Chip]) -> None:
    """What the figures stand on, what makes them doubtful, and alerts, in a few words each."""
    at = view.standing
    chips = position.strip(
        at,
        dated(view),
        old=view.today is not None and (at.age(view.today) or 0) > notes.OLD_AFTER_DAYS,
        banner=notes.brief(at, sample=view.office.sample),
        broken=_broken(view, view.project(ZERO)),
        cleaning=stores.cleaning_of(view.office, at),
    )
    items = "".join(
        f"<li{' class=doubt' if chip.doubtful else ''}>{escape(view.sentence(chip.text))}</li>" for chip in (*chips, *alerts)
    )
    label = escape(view.say(T("What the figures stand on")))
    place.html(f'<ul class="strip" role="list" aria-label="{label}">{items}</ul>')


def _broken(view: View, zero: Projection) -> Text | None:
    """Where the series of the area breaks last, or those of areas inside after that."""
    steps, broken = zero.inputs.broken_inside, breaks_in(view.history)
    if steps:
        return position.broken_inside(steps)
    return None if not broken else T("break on {date}: {what}", date=broken[-1].on, what=BROKEN[broken[-1].kind])


# ---- map, list and chart


@dataclass(frozen=True)
class Shown:
    """The map and the list of the areas inside, what is chosen in both, and the measures that are offered. ``own`` are the areas
    that have an aim of their own, which their lines are about; ``answered``: whether the lines have dates."""

    map_: MapView
    offered: Mapping[str, Measure]
    lines: tuple[Line, ...]
    goal: Goal
    own: frozenset[str] = frozenset()
    answered: bool = True


def shown(view: View) -> Shown | None:
    """What map, list and chart share; None where nothing inside has ever reported, which is said."""
    if view.standing.child_level is None:
        return None
    if (view.rolled["area_code"] == view.area).all():
        st.caption(view.sentence(counts.silence(view.standing)) + ".")
        return None
    map_, offered = map_choices.latest(view, MEASURES)
    return _shown(view, map_, offered, deadline(view, _origin(view)))


def _origin(view: View) -> date:
    return view.standing.as_of_date or date.today()


def _shown(view: View, map_: MapView, offered: Mapping[str, Measure], by: date) -> Shown:
    """The same for a map, and for a day by which the target is wanted."""
    level, since = map_.choices.level, view.today or _origin(view)
    goal = Goal(aim_parts.open_target(view), by, since)
    aims = aim_parts.every(view)
    own = {
        code: Goal(aim.target, aim.by, since)
        for code in map_.codes[:MOST_LINES]
        if aims and (aim := aim_for(aims, code)) is not None and aim != view.aim and aim.by > since
    }
    dated_too = map_ahead.few(view, level, MOST if map_.measure.projected else PROMPT)
    key = repr((view.named, view.area, view.on, view.today, level, goal, sorted(own.items()), dated_too))
    lines = _lines(key, view, level, (goal, own, dated_too))
    return Shown(map_, offered, lines, goal, frozenset(own), dated_too)


def answers(view: View, level: Level, target: Target) -> Mapping[str, Projection]:
    """The answers of the areas of a level; read, never changed. Of those not directly below without what a picture needs."""
    if level != level_of(view.area) + 1:
        return joint_answers.deep(view.basis, view.area, level, target)
    found = joint_answers.inside(view.basis, view.area, target)
    return {} if found is None else found.children


@st.cache_resource(show_spinner=False, max_entries=32)
def _lines(key: str, _view: View, _level: Level, _asked: tuple[Goal, Mapping[str, Goal], bool]) -> tuple[Line, ...]:
    goal, own, answered = _asked
    rows = map_choices.first(_view, _level).rows
    inside = _view.rolled[_view.rolled["level"] == int(_level)]
    found: Mapping[str, Projection] = {}
    if answered:
        found = answers(_view, _level, goal.target)
        own = {code: replace(one, answer=answers(_view, _level, one.target).get(code)) for code, one in own.items()}
    goals = {str(code): own.get(str(code), goal) for code in rows["area_code"]}
    return abreast.lines(rows.head(MOST_LINES), inside, goals, found, {one.area_code: one for one in _view.standing.silent})


def looked_at() -> set[str]:
    """The areas whose first page somebody has looked at within :data:`LATELY`."""
    now = time.monotonic()
    return {area for area, then in list(_looked_at.items()) if now - then < LATELY}


def warm(view: View, level: Level) -> None:
    """Compute what the page says of an area, for the first visitor; many projections only when somebody asks for them."""
    _drawn(_whole(view)).fan()  # kept with the answer
    map_ = map_choices.first(view, level)
    map_parts.ready(view, map_, SIZE)
    if level_of(view.area) >= Level.KABUPATEN:
        _shown(view, map_, {}, usual_deadline(view, _origin(view)))


def measures(view: View, found: Shown) -> None:
    """What the map shows, as a few chips."""
    map_choices.choose_measure(view, found.offered, label_visibility="collapsed")


def area_map(view: View, found: Shown) -> None:
    """The map of Peta, as large as the list beside it; its classes in a line, and whose outlines these are."""
    map_parts.area_map(view, found.map_, SIZE)
    shapes = found.map_.drawn.boundaries
    credit = T("Equal squares stand in for outlines; upload outlines on the page Data.") if shapes.tiles else shapes.credited
    told = map_ahead.awaited(found.map_)
    said = view.say(credit) if told is None else f"{view.sentence(told)}. {view.say(credit)}"
    items = "".join(
        f'<li><span class="swatch {"hatched" if row.hatched else ""}" style="--fill:{row.colour}"></span>{escape(row.label)}</li>'
        for row in legend(found.map_.drawn.classes, view.lang, view.theme)
        if row.areas and row.kind != "older"
    )
    if found.map_.drawn.classes.wider:
        items += f"<li>{escape(view.say(ALL_DAYS))}</li>"
    name = escape(view.sentence(found.map_.measure.label))
    st.html(f'<ul class="key" role="list" aria-label="{name}">{items}</ul><p class="credit">{escape(said)}</p>')


# ---- the chart


@dataclass(frozen=True)
class Subject:
    """What the chart is about: an area with its history, its dates, and what stands beside on the axis of days."""

    area: str
    at: Standing
    history: Any
    dates: Dates
    along: Along


def area_chart(view: View, found: Shown | None) -> None:
    """What was seen and what may come, of the chosen area or of the whole; with the plan, holidays and events."""
    code = found.map_.chosen if found is not None else ""
    about = _whole(view) if found is None or not code else _of_chosen(view, found, code)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="chart_heading"):
        st.header(view.sentence(_chart_heading(view, about)), anchor=False, width="content")
        if code:
            if st.button(view.say(T("Show all")), key="show_all", type="tertiary", icon=":material/close:"):
                set_choice("inside", "")
                st.rerun(scope="fragment")
            _open(view, code)
    plan, target = about.along.plan, _drawn(about)
    along = about.along if plan is None or plan.aim.target == target.target else replace(about.along, plan=None)
    look = Look(view.lang, view.theme, note=view.note, height=CHART_ALONE if found is None else CHART_HEIGHT)
    drawn = (
        fan(about.history, target.fan(), look, target=target, along=along)
        if target.answered
        else trend(about.history, look, target=target.target, along=along)
    )
    if found is None or map_is_painted():
        chart(drawn, "seen_and_ahead", alt=view.sentence(chances.when(target)))
    else:
        st.html(f'<div data-testid="stSkeleton" style="height: {CHART_HEIGHT + CHART_MORE}px"></div>')


def _drawn(about: Subject) -> Projection:
    """The answer that the chart shows: about the target, or about zero where that is aimed at."""
    on, aimed, plan = about.at.as_of_date, about.dates.target, about.along.plan
    at_zero = about.dates.reached.on is not None if plan is None else plan.aim.target.is_zero
    at_zero = at_zero or (on is not None and aimed.ends_before(on))  # the chart ends with the number above it
    return about.dates.zero if at_zero else aimed


def map_is_painted() -> bool:
    """Whether the browser of this session has painted a map on this page: on a first visit the chart waits for it."""
    return PAINTED in st.session_state


def _chart_heading(view: View, about: Subject) -> Text:
    """How the whole stands by its plan, or how it moved; of an area inside how many are left, and about when."""
    if about.area != view.area:
        return position.chosen(about.area, about.at, about.dates)
    on, plan = about.at.as_of_date, about.along.plan
    by_now = None if on is None else by_plan.where(plan, about.at.unrecorded, on, None)  # the page's heading says today's
    return position.whole(view.area, by_now or position.moved(change_between(about.history), about.dates.zero))


def _whole(view: View) -> Subject:
    return Subject(view.area, view.standing, view.history, dates_of(view), aim_parts.along(view))


def _of_chosen(view: View, found: Shown, code: str) -> Subject:
    """An area inside, with the same answers as on its own page."""
    aim, history = stores.aim_of(view.office, code), history_of(view.rolled, code)
    target = position.said_target(aim)
    to_target, zero = (_answer(view, found, one, code) for one in (target, ZERO))
    recent, plan = pace_of_now(history, zero.inputs.even_since), None if aim is None else plan_for(history, aim)
    planned = None if plan is None or view.today is None else plan.on(view.today)
    dates = Dates(to_target, zero, reached_on(history, target), recent, planned)
    along = Along(plan, stores.events_of(view.office, code))
    return Subject(code, standing_of(view.rolled, code), history, dates, along)


def _answer(view: View, found: Shown, target: Target, code: str) -> Projection:
    level = found.map_.choices.level
    if not found.answered or level != level_of(view.area) + 1:
        return view.project(target, code)
    return answers(view, level, target).get(code) or view.project(target, code)


def _open(view: View, code: str) -> None:
    """The way into the chosen area."""
    if opens(view.rolled, code):
        label = view.say(T("Open {area}", area=register().name(code)))
        st.button(label, key="down", type="tertiary", icon=":material/zoom_in:", on_click=_go, args=(code,))


def _go(code: str) -> None:
    set_choice("area", code)
    set_choice("inside", "")


# ---- around it


def look() -> None:
    """Less space than on other pages, so that all of it is seen at once; in the colours of either theme."""
    st.html(f"<style>{_style()}</style>")


@st.cache_resource(show_spinner=False)
def _style() -> str:
    return Template(STYLE.read_text(encoding="utf-8")).substitute({name: both(name) for name in COLOURED})


def home(view: View) -> None:
    """Where figures of several kabupaten are held and nobody has said which is the office's own: asked once, and kept."""
    if whose.lacking(Role.ADMIN) is not None:
        return
    offered = _homes(view.office.url, view.office.store.token(), identity.home_is_chosen(), view.office)
    if not offered:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="home"):
        st.selectbox(
            view.say(
                TN(
                    "Figures of {n} regency or city are held here. Which one opens first?",
                    "Figures of {n} regencies and cities are held here. Which one opens first?",
                    n=len(offered),
                )
            ),
            offered,
            index=offered.index(view.area) if view.area in offered else 0,
            format_func=register().full_name,
            key="home_area",
            width=420,
        )
        st.button(view.say(T("Open this one first")), key="home_kept", on_click=_keep_home)
        usual = identity.home_area()
        label = view.say(T("Keep {area}", area=register().name(usual)))
        st.button(label, key="home_left", type="tertiary", on_click=ledger.keep_home, args=(usual,))


def _keep_home() -> None:
    chosen = st.session_state["home_area"]
    ledger.keep_home(chosen)
    set_choice("area", chosen)
    set_choice("inside", "")


@st.cache_data(show_spinner=False, max_entries=16)
def _homes(url: str, token: str, chosen: bool, _office: stores.Office) -> tuple[str, ...]:
    return stores.homes(_office)


def more(view: View) -> None:
    """What limits the figures, in full; their tables; and all of it to take away."""
    with st.expander(view.say(T("Details, tables and downloads")), key="details", on_change="rerun") as opened:
        if not opened.open:
            return
        warnings(view)
        at, dates, along = view.standing, dates_of(view), aim_parts.along(view)
        target = dates.target.target
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
            pictures={view.say(T("Trend")): lambda: as_png(trend(view.history, drawn, target=target, along=along))},
        )
