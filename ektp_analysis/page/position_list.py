"""The list of the page Posisi: what its component is sent, a row for each area inside, as it is read and as it sorts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

import streamlit as st

from ektp_analysis.core import text
from ektp_analysis.core.text import T, Text
from ektp_analysis.core.theme import palette
from ektp_analysis.figures.series import Gap
from ektp_analysis.maps.legend import MARKS
from ektp_analysis.narrative import chances, counts, forecasts, position
from ektp_analysis.page import map_ahead, position_parts
from ektp_analysis.page.choices import View, set_choice
from ektp_analysis.page.position_parts import Shown
from ektp_analysis.projection.abreast import Goal, Line
from ektp_analysis.projection.result import ARRIVED, NotReached

FRONTEND = Path(__file__).parent / "frontend"
HEIGHT = 326  # pixels: eleven rows, as many kecamatan as a kabupaten mostly has; more scroll inside
TRAIL_WIDTH, TRAIL_HEIGHT = 72, 20
CLEAR = "-"  # what the list sends where nothing is chosen any more


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
            "caption": view.say(T("The areas inside, one row each; choosing a row shows its area in the chart")),
            "columns": _columns(view, found.goal, found.lines),
            "rows": [_row(view, found, line) for line in found.lines],
            "chosen": found.map_.chosen,
            "height": HEIGHT,
            "waiting": not position_parts.map_is_painted(),
            "sorting": view.say(T("Sort by")),
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
        on_painted_change=_painted,
    )


def _picked() -> None:
    """A row was chosen, or chosen no more."""
    code = st.session_state["areas"].picked
    if code:
        set_choice("inside", "" if code == CLEAR else code)


def _painted() -> None:
    st.session_state[position_parts.PAINTED] = True


def _below(view: View, found: Shown) -> str:
    """What the list leaves out, and why."""
    said = []
    if not found.answered:
        said.append(position.too_many(position_parts.PROMPT, map_ahead.few(view, found.map_.choices.level)))
    if found.own:
        said.append(T("* by the aim of the area itself"))
    if len(found.map_.codes) > len(found.lines):
        said.append(T("The {n} with the most unrecorded; all of them are on the page Map.", n=len(found.lines)))
    return " ".join(view.say(one) for one in said)


def _columns(view: View, goal: Goal, lines: Sequence[Line]) -> list[dict[str, Any]]:
    day = text.day(goal.by, view.lang, short=True).replace(" ", text.NBSP)
    named = counts.target_name(goal.target)
    level = T("Area")
    heads: list[tuple[str, Text, Text, bool, bool]] = [
        ("name", level, level, True, False),
        ("unrecorded", T("Unrecorded"), T("Unrecorded"), True, True),
        ("trail", T("One year"), T("One year"), False, False),
        ("pace", position.pace_over(lines), T("pace"), True, True),
        ("required", T("Required by {date}", date=day), T("required"), True, True),
        ("expected", T("Expected {target}", target=named), T("expected"), True, True),
        ("last", T("Last report"), T("last report"), True, False),
    ]
    return [
        {"key": key, "label": _together(view.sentence(label)), "brief": view.say(brief), "sorts": sorts, "number": number}
        for key, label, brief, sorts, number in heads
    ]


def _together(label: str) -> str:
    """A heading whose words in brackets are not parted by the end of a line."""
    head, bracket, rest = label.partition("(")
    return head + bracket + rest.replace(" ", text.NBSP)


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
            _required(view, line, line.code in found.own),
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


def _required(view: View, line: Line, own: bool) -> dict[str, Any]:
    need = line.required.per_day
    if need is None:
        return {"sort": 0 if line.required.gap is Gap.REACHED else None, "text": "–"}
    beside = forecasts.beside(line.required, line.pace)
    return {
        "sort": need,
        "text": _a_day(view, need),
        "strong": line.short,
        "note": view.say(T("faster than now")) if line.short else None,
        "mark": "*" if own else None,
        "title": view.say(T("by the aim of this area itself")) if own else None if beside is None else view.sentence(beside),
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
