"""Charts of a plan of visits: who is where when, what more teams reach, and what is left beside what should be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from ektp_analysis.charts.axes import (
    Look,
    amount_axis,
    data,
    day_axis,
    finish,
    headroom,
    legible,
    stamp,
    tips,
    unchecked,
    y_at,
)
from ektp_analysis.core.text import T, Text, number
from ektp_analysis.core.text import day as day_text
from ektp_analysis.core.theme import ramp, readable_on
from ektp_analysis.planning.frames import people
from ektp_analysis.planning.proposal import ByTeams, Plan, Work

ROW = 34  # pixels of a team
LETTER = 7.2  # pixels of a letter: a name stands in its block where it finds room, else the number of its area
TINTS = 5  # of the ramp, of which two take turns, so that neighbours differ


@unchecked
def calendar_chart(rows: pd.DataFrame, start: date, by: date, look: Look) -> Any:
    """Each team's days as blocks, by area; days on the way are hollow. ``rows`` as ``planning.frames.calendar`` gives them."""
    teams = max(int(rows["plan_team"].max()) if len(rows) else 1, 1)
    look = look.of_height(ROW * teams + 46)
    values = [_block(row, look, (by - start).days + 1) for row in rows.itertuples()]
    x = day_axis(start, by + timedelta(days=1))
    y = alt.Y(
        "team:N",
        sort=[look.say(T("Team {n}", n=n)) for n in range(1, teams + 1)],
        axis=alt.Axis(title=None, domain=False, ticks=False),
        scale=alt.Scale(paddingInner=0.18, paddingOuter=0.1),
    )
    said = tips(
        look, team=T("Team"), name=T("Area"), days_text=T("Days"), team_days=T("Team-days"), expected_text=T("Expected recorded")
    )
    base = alt.Chart(data(values)).encode(x=x, y=y)
    bars = base.mark_bar(stroke=look.colours.paper, strokeWidth=1.5).encode(
        x2=alt.X2("end:T"), fill=alt.Fill("fill:N", scale=None), tooltip=said
    )
    names = base.mark_text(align="left", dx=5, fontSize=12).encode(text=alt.Text("shown:N"), color=alt.Color("ink:N", scale=None))
    room = "datum.wide * width > {letter} * length(datum.{field}) + {rim}"
    name, short = (room.format(letter=LETTER, field=field, rim=rim) for field, rim in (("name", 10), ("number", 6)))
    return finish(
        [
            bars,
            names.transform_calculate(shown=f"{name} ? datum.name : {short} ? datum.number : ''"),
        ],
        look,
    )


def _block(row: Any, look: Look, days: int) -> dict[str, Any]:
    steps, first, last = ramp(TINTS, look.theme), row.plan_first.date(), row.plan_last.date()
    way = row.work == Work.TRAVEL
    fill = look.colours.grid if way else steps[1 + (0 if pd.isna(row.plan_order) else int(row.plan_order)) % 2]
    text = T("{one}", one=first) if first == last else T("{first} to {last}", first=first, last=last)
    shown = "" if pd.isna(row.plan_order) else str(int(row.plan_order))
    return {
        "team": look.say(T("Team {n}", n=int(row.plan_team))),
        "day": stamp(first),
        "end": stamp(last + timedelta(days=1)),
        "wide": ((last - first).days + 1) / (days + 1),
        "name": look.say(T("on the way")) if way else f"{shown} {row.name}".strip(),
        "number": "→" if way else shown,
        "fill": fill,
        "ink": readable_on(fill),
        "days_text": look.say(text),
        "team_days": number(int(row.plan_days), look.lang),
        "expected_text": number(int(row.expected), look.lang),
    }


@unchecked
def teams_chart(rows: Sequence[ByTeams], chosen: int, by: date, look: Look) -> Any:
    """What each number of teams reaches: the day of the target where there is one, else who is left; the band holds 8 in 10."""
    look = look.of_height(250)
    dated = any(one.even is not None for one in rows)
    values = [_reached(one, chosen, by, look, dated) for one in rows]
    x = alt.X(
        "teams:Q", axis=alt.Axis(title=look.say(T("teams")), tickMinStep=1, format="d"), scale=alt.Scale(nice=False, padding=14)
    )
    if dated:
        y = alt.Y("mid:T", axis=alt.Axis(title=None, format="%-d %b", tickCount=5), scale=alt.Scale(nice=False, padding=10))
        low, high = alt.Y("low:T"), alt.Y2("high:T")
    else:
        y = amount_axis("mid", headroom([float(one["high"]) for one in values]), look)
        low, high = alt.Y("low:Q"), alt.Y2("high:Q")
    said = tips(look, teams_text=T("Teams"), mid_text=T("Even chances by") if dated else T("Left"), span_text=T("8 in 10"))
    known = [one for one in values if one["mid"] is not None]
    missing = [one for one in values if one["mid"] is None]
    colours = look.colours
    base = alt.Chart(data(known)).encode(x=x)
    layers: list[Any] = [
        base.mark_rule(color=colours.accent, opacity=0.35, strokeWidth=9).encode(y=low, y2=high),
        base.mark_line(color=colours.accent, strokeWidth=2).encode(y=y),
        base.mark_point(filled=True, size=70, opacity=1, stroke=colours.accent, strokeWidth=2).encode(
            y=y, fill=alt.Fill("fill:N", scale=None), tooltip=said
        ),
    ]
    if missing:
        without = alt.Chart(data(missing)).encode(x=x)
        layers += [
            without.mark_point(shape="cross", size=70, color=colours.muted).encode(y=y_at(10), tooltip=said),
        ]
    return finish(layers, look)


def _reached(one: ByTeams, chosen: int, by: date, look: Look, dated: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "teams": one.teams,
        "teams_text": number(one.teams, look.lang),
        "fill": look.colours.accent if one.teams == chosen else look.colours.paper,
    }
    if not dated:
        low, mid, high = (people(value) for value in (one.left.low, one.left.mean, one.left.high))
        span = T("{low} to {high}", low=low, high=high)
        return {**made, "low": low, "mid": mid, "high": high, "mid_text": number(mid, look.lang), "span_text": look.say(span)}
    early, late = one.early or one.even, one.late
    if one.even is None or early is None:
        never = look.say(T("not by {date}", date=by))
        return {**made, "low": None, "mid": None, "high": None, "mid_text": never, "span_text": never}
    span = T("{first} to {last}", first=early, last=late) if late else T("from {first}; later than {last}", first=early, last=by)
    ends = {"low": stamp(early), "mid": stamp(one.even), "high": stamp(late or by)}
    return {**made, **ends, "mid_text": day_text(one.even, look.lang), "span_text": look.say(span)}


@unchecked
def left_chart(made: Plan, history: pd.DataFrame, look: Look) -> Any:
    """What should be left by the plan, with the band of 8 in 10, beside what the figures since its start say.

    ``history`` has as_of_date and unrecorded.
    """
    look = look.of_height(260)
    seen = history[(history["as_of_date"] >= pd.Timestamp(made.origin)) & history["unrecorded"].notna()]
    points = [(row.as_of_date.date(), int(row.unrecorded)) for row in seen.itertuples()]
    line = [
        {
            "day": stamp(one.day),
            "low": one.left.low,
            "high": one.left.high,
            "mid": one.left.mean,
            **_said(one.day, one.left.mean, look),
        }
        for one in made.line
    ]
    start = {"day": stamp(made.origin), "low": made.unrecorded, "high": made.unrecorded, "mid": made.unrecorded}
    line = [{**start, **_said(made.origin, made.unrecorded, look)}, *line]
    dots = [{"day": stamp(day), "mid": n, **_said(day, n, look)} for day, n in points]
    last = max([made.request.by, *(day for day, _n in points)])
    x, top = day_axis(made.origin, last), headroom([float(str(one["high"])) for one in line] + [float(n) for _day, n in points])
    y, colours = amount_axis("mid", top, look), look.colours
    base = alt.Chart(data(line)).encode(x=x)
    tip = tips(look, day_text=T("Day"), n_text=T("Left by the plan"))
    layers: list[Any] = [
        base.mark_area(color=colours.calm, opacity=0.25).encode(y=amount_axis("low", top, look), y2=alt.Y2("high:Q")),
        base.mark_line(color=colours.calm, strokeWidth=2.5, strokeDash=[6, 3]).encode(y=y, tooltip=tip),
    ]
    if dots:
        shown = alt.Chart(data(dots)).encode(x=x, y=y)
        layers += [
            shown.mark_line(color=colours.accent, strokeWidth=2),
            shown.mark_point(filled=True, size=60, color=colours.accent, opacity=1).encode(
                tooltip=tips(look, day_text=T("As of"), n_text=T("Unrecorded"))
            ),
        ]
    words = [{"day": line[-1]["day"], "mid": line[-1]["mid"], "text": look.say(_PLANNED)}]
    layers += legible(alt.Chart(data(words)), look, x=x, y=y, align="right", dy=-10, color=colours.calm)
    return finish(layers, look)


_PLANNED: Text = T("by the plan")


def _said(day: date, n: float, look: Look) -> dict[str, str]:
    return {"day_text": day_text(day, look.lang), "n_text": number(people(n), look.lang)}
