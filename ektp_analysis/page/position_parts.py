"""The page Posisi: the strip and the sentence, then map, list and chart that share one chosen area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from math import inf
from pathlib import Path
from typing import Any

import streamlit as st

from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.over_time import BROKEN, fan, trend
from ektp_analysis.core import text
from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.core.theme import palette
from ektp_analysis.figures.measure import Measure
from ektp_analysis.figures.series import Gap, change_between, history_of, pace_of_now, reached_on
from ektp_analysis.figures.standing import Standing, standing_of
from ektp_analysis.maps.legend import MARKS
from ektp_analysis.maps.seen import MapView, upto
from ektp_analysis.narrative import chances, counts, forecasts, notes, position
from ektp_analysis.narrative.position import Dates
from ektp_analysis.page import choices, map_choices, map_parts
from ektp_analysis.page.choices import View, choose, set_choice
from ektp_analysis.page.forecast_choices import deadline
from ektp_analysis.page.parts import chart, dated
from ektp_analysis.projection import abreast
from ektp_analysis.projection.abreast import Goal, Line
from ektp_analysis.projection.answers import MOST, Ground, of_level
from ektp_analysis.projection.history import breaks_in
from ektp_analysis.projection.result import ARRIVED, NotReached, Projection

FRONTEND = Path(__file__).parent / "frontend"
MEASURES = ("unrecorded", "coverage", "pace", "days")  # of the map, as chips; the others are chosen on the page Peta
MAP_WIDTH, LEAST, MOST_HEIGHT = 480, 200, 292  # pixels: with the list beside it, all of the page is seen at 1366 x 768
LIST_HEIGHT, CHART_HEIGHT = 326, 190
TRAIL_WIDTH, TRAIL_HEIGHT = 72, 20
MOST_LINES = 700  # of the list: the kecamatan of the largest provinsi are 666
CLEAR = "-"  # what the list sends where nothing is chosen any more


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
    """The map of Peta, as large as the list beside it."""
    map_parts.area_map(view, found.map_, map_parts.Size(MAP_WIDTH, LEAST, MOST_HEIGHT))


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    """The list, installed with the app."""
    return st.components.v2.component(
        "ektp_areas",
        html='<div class="areas"></div>',
        css=(FRONTEND / "areas.css").read_text(encoding="utf-8"),
        js=(FRONTEND / "areas.js").read_text(encoding="utf-8"),
        isolate_styles=False,
    )


def area_list(view: View, found: Shown) -> None:
    """One row for each area inside; a row is chosen as an area on the map is."""
    colours = palette(view.theme)
    _component()(
        key="areas",
        data={
            "caption": view.say(T("The areas inside, one row each; a row that is chosen shows the area in the chart")),
            "columns": _columns(view, found.goal),
            "rows": [_row(view, found, line) for line in found.lines],
            "chosen": found.map_.chosen,
            "height": LIST_HEIGHT,
            "below": _below(view, found),
            "colours": {
                "ink": colours.ink,
                "muted": colours.muted,
                "grid": colours.grid,
                "paper": colours.paper,
                "surface": colours.surface,
                "accent": colours.accent,
                "accent-ink": colours.accent,
                "rim": colours.shore,
                "hatch": colours.hatch,
                "chosen-ground": colours.picked,
                "doubt": colours.doubt,
                "doubt-ground": colours.doubted,
            },
        },
        on_picked_change=_picked,
    )


def _picked() -> None:
    """A row was chosen, or chosen no more."""
    code = st.session_state["areas"].picked
    if code:
        set_choice("inside", "" if code == CLEAR else code)


def _below(view: View, found: Shown) -> str:
    """What the list leaves out, and why."""
    said = []
    if not map_choices.foreseen(view, found.map_.choices.level):
        said.append(position.too_many(MOST))
    if len(found.map_.codes) > len(found.lines):
        said.append(T("The {n} with the most unrecorded; all of them stand on the page Map.", n=len(found.lines)))
    return " ".join(view.say(one) for one in said)


def _columns(view: View, goal: Goal) -> list[dict[str, Any]]:
    day = text.day(goal.by, view.lang, short=True)
    named = counts.target_name(goal.target)
    level = T("Area")
    heads: list[tuple[str, Text, Text, bool, bool]] = [
        ("name", level, level, True, False),
        ("unrecorded", T("Unrecorded"), T("Unrecorded"), True, True),
        ("trail", T("One year"), T("One year"), False, False),
        ("pace", T("Pace a day"), T("pace"), True, True),
        ("required", T("Required by {date}", date=day), T("required"), True, True),
        ("expected", T("Expected {target}", target=named), T("expected"), True, True),
        ("last", T("Last report"), T("last report"), True, False),
    ]
    return [
        {"key": key, "label": view.sentence(label), "brief": view.say(brief), "sorts": sorts, "number": number}
        for key, label, brief, sorts, number in heads
    ]


def _row(view: View, found: Shown, line: Line) -> dict[str, Any]:
    """A row as it is read: each cell its words, and what it is sorted by (None: not known, last)."""
    classes = found.map_.drawn.classes
    item, stalled = classes.item(line.code), position.stalled_since(line)
    pattern = "hatched" if classes.hatched(line.code) else "lined" if line.code in classes.older else ""
    return {
        "code": line.code,
        "name": line.name,
        "fill": classes.fill(line.code, view.theme),
        "pattern": pattern,
        "mark": None if stalled is None else view.say(T("stalled")),
        "markTitle": None if stalled is None else view.say(stalled),
        "cells": [
            {"sort": line.name, "text": line.name},
            {"sort": line.unrecorded, "text": _people(view, line, MARKS.get(item.kind, ""))},
            {"sort": None, "path": _path(line)},
            _pace(view, line),
            _required(view, line),
            _expected(view, line),
            _last(view, line),
        ],
    }


def _people(view: View, line: Line, mark: str) -> str:
    said = view.number(line.unrecorded)
    return f"{mark} {said}" if mark else said


def _pace(view: View, line: Line) -> dict[str, Any]:
    per_day = line.pace.per_day
    if per_day is None:
        return {"sort": None, "text": "–", "title": view.sentence(counts.change(line.pace))}
    return {"sort": per_day, "text": _a_day(view, per_day), "title": view.sentence(forecasts.pace(line.pace))}


def _required(view: View, line: Line) -> dict[str, Any]:
    need = line.required.per_day
    if need is None:
        return {"sort": 0 if line.required.gap is Gap.REACHED else None, "text": "–"}
    beside = forecasts.beside(line.required, line.pace)
    return {
        "sort": need,
        "text": _a_day(view, need),
        "strong": line.short,
        "note": view.say(T("faster than now")) if line.short else None,
        "title": None if beside is None else view.sentence(beside),
    }


def _a_day(view: View, per_day: float) -> str:
    """People a day, a decimal only below ten; what is too small to be said is not nothing."""
    if 0 < abs(per_day) < counts.SMALL_PACE:
        return "< " + text.number(0.1, view.lang)
    shown = round(per_day, 1) if abs(per_day) < 10 else round(per_day)
    return text.number(shown, view.lang).replace("-", "\N{MINUS SIGN}")


def _expected(view: View, line: Line) -> dict[str, Any]:
    found = line.found
    if found is None:
        return {"sort": None, "text": "–"}
    if found.reason is not None and found.reason.code != ARRIVED:
        return {"sort": None, "text": view.say(forecasts.SHORT[found.reason.code]), "title": view.sentence(found.reason.text)}
    day = found.reason.on if found.reason is not None else found.median
    order = inf if isinstance(day, NotReached) else 0 if day is None else day.toordinal()
    said = view.say(forecasts.SHORT[ARRIVED]) if found.reason is not None else view.about_when(found)
    return {"sort": min(order, 1e9), "text": said, "title": view.sentence(chances.when(found))}


def _last(view: View, line: Line) -> dict[str, Any]:
    today = view.today or view.standing.as_of_date or date.today()
    silent = position.silent_for(line)
    said = view.say(position.last_report(line.last, today))
    cell: dict[str, Any] = {"sort": None if line.last is None else line.last.toordinal(), "text": said}
    if line.last is not None:
        cell["title"] = text.day(line.last, view.lang)
    if silent is not None:
        cell["chip"] = view.say(silent)
    return cell


def _path(line: Line) -> dict[str, Any] | None:
    """The figures of a year as a line in little room, from the most down to zero."""
    known = [people for _, people in line.trail if people is not None]
    if not known:
        return None
    first, last, most = line.trail[0][0], line.trail[-1][0], max(known) or 1
    days = max((last - first).days, 1)
    moves, broken, end = [], True, (0.0, 0.0)
    for day, people in line.trail:
        if people is None:
            broken = True
            continue
        end = (
            round(2 + (TRAIL_WIDTH - 5) * (day - first).days / days, 1),
            round(2 + (TRAIL_HEIGHT - 4) * (1 - people / most), 1),
        )
        moves.append(f"{'M' if broken else 'L'}{end[0]} {end[1]}")
        broken = False
    return {"line": "".join(moves), "end": end}


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
        st.header(view.sentence(said), anchor=False)
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
