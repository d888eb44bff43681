"""The plan, holidays and events beside the figures of a chart over time, drawn: a thin line, and dotted ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt

from ektp_analysis.charts.axes import Look, data, legible, stamp, tips, x_at, y2_at, y_at
from ektp_analysis.core.occasions import Occasion
from ektp_analysis.core.text import T, number
from ektp_analysis.core.text import day as day_text
from ektp_analysis.figures.timeline import Along
from ektp_analysis.narrative import by_plan

POINTS = 40  # of the plan, at which its number is said
ROOM = 320  # pixels that a plot is taken to be wide: the least that a page gives it on a laptop
LETTER = 6.2  # pixels of a letter of a label


def plan_line(along: Along, first: date, last: date, look: Look, *, x: Any, y: Callable[[str], Any], top: float) -> list[Any]:
    """The plan as a thin line, up to ``last``, with its aim written beside it.

    ``x`` goes from ``first`` to ``last``; ``y`` is the axis of people for a field, up to ``top``.
    """
    plan = along.plan
    end = None if plan is None else min(plan.by, last)
    if plan is None or end is None or end <= plan.start:
        return []
    step = max(1, (end - plan.start).days // POINTS)
    days = [*(plan.start + timedelta(days=n) for n in range(0, (end - plan.start).days, step)), end]
    rows = [
        {
            "day": stamp(day),
            "plan": plan.unrecorded - plan.per_day * (day - plan.start).days,  # straight, where whole people go in steps
            "day_text": day_text(day, look.lang),
            "plan_text": number(left, look.lang),
        }
        for day in days
        if (left := plan.on(day)) is not None
    ]
    label = T("plan: {aim}", aim=by_plan.short(plan.aim.target, day_text(plan.by, look.lang, short=True)))
    text, middle = look.say(label), rows[len(rows) // 2]
    # Right of its middle a falling line leaves room; where that is too narrow, above its beginning up to the right edge.
    free = (last - days[len(rows) // 2]).days / max((last - first).days, 1) * ROOM >= LETTER * len(text)
    beside = (
        {**middle, "at": middle["plan"], "text": text} if free else {**rows[-1], "at": (plan.unrecorded + top) / 2, "text": text}
    )
    said = tips(look, day_text=T("Day"), plan_text=T("By the plan"))
    base, colour = alt.Chart(data(rows)), look.colours.muted
    return [
        base.mark_line(color=colour, strokeWidth=1.25).encode(x=x, y=y("plan")),
        base.mark_point(size=90, opacity=0, filled=True).encode(x=x, y=y("plan"), tooltip=said),
        *legible(
            alt.Chart(data([beside])),
            look,
            align="left" if free else "right",
            dx=6 if free else 0,
            dy=-7,
            color=colour,
            x=x if free else x_at("width"),
            y=y("at"),
        ),
    ]


def happened(along: Along, first: date, last: date, look: Look, *, x: Any) -> list[Any]:
    """Holidays and events between two days as thin dotted lines where they begin and a pale ground for as long as they last.

    A label stands at the foot of the line where there is room for it; the pointer names each.
    """
    shown = along.occasions(first, last)
    if not shown:
        return []
    named = _with_room(shown, first, last, look)
    rows = [
        {
            "day": stamp(max(one.first, first)),
            "day2": stamp(min(one.last + timedelta(days=1), last)),
            "text": look.say(one.name) if one in named else "",
            "event_text": look.say(one.name),
            "day_text": _from_to(one, look),
            "lasting": one.days > 1,
            "begins": one.first >= first,
        }
        for one in shown
    ]
    # Each layer of its own rows, and none without any: it would be a picture without words to a screen reader.
    lasting, begun, written = ([row for row in rows if row[key]] for key in ("lasting", "begins", "text"))
    colour, said = look.colours.muted, tips(look, event_text=T("Event"), day_text=T("Day"))
    upright = {"x": x, "y": y_at(0), "y2": y2_at("height")}
    grounds = alt.Chart(data(lasting)).mark_rect(color=colour, opacity=0.1).encode(**upright, x2=alt.X2("day2:T"), tooltip=said)
    dotted, unseen = alt.Chart(data(begun)).encode(**upright), alt.Chart(data(rows)).encode(**upright, tooltip=said)
    look_of_label = {"align": "left", "dx": 4, "dy": -3, "fontSize": 11, "color": colour, "baseline": "bottom"}
    return [
        *([grounds] if lasting else []),
        *([dotted.mark_rule(color=colour, strokeWidth=1, strokeDash=[1, 3])] if begun else []),
        unseen.mark_rule(strokeWidth=9, opacity=0),
        *(legible(alt.Chart(data(written)), look, x=x, y=y_at("height"), **look_of_label) if written else []),
    ]


def _with_room(shown: Sequence[Occasion], first: date, last: date, look: Look) -> set[Occasion]:
    """Those whose names stand beside each other: own events before holidays, the latest before the earlier ones."""
    whole = max((last - first).days, 1)
    taken: list[tuple[float, float]] = []
    named = set()
    for one in sorted(shown, key=lambda one: (one.own, one.first), reverse=True):
        left = (max(one.first, first) - first).days / whole * ROOM
        right = left + LETTER * len(look.say(one.name)) + 8
        if right <= ROOM and all(right < start or left > end for start, end in taken):
            taken.append((left, right))
            named.add(one)
    return named


def _from_to(one: Occasion, look: Look) -> str:
    if one.days == 1:
        return day_text(one.first, look.lang)
    return look.say(
        T("{low} to {high}", low=day_text(one.first, look.lang, short=True), high=day_text(one.last, look.lang, short=True))
    )
