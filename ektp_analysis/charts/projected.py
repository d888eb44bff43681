"""Charts about projections: the day as equally likely outcomes, how it moved, the areas side by side, and whether what was
said came true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from ektp_analysis.charts.axes import (
    Look,
    Mark,
    Rows,
    data,
    day_axis,
    finish,
    headroom,
    marked,
    stacked,
    stamp,
    tips,
    unchecked,
    x_at,
    y_at,
)
from ektp_analysis.charts.drawing import config
from ektp_analysis.charts.joined import Joined
from ektp_analysis.core.area import register
from ektp_analysis.core.text import T, Text, number
from ektp_analysis.core.text import day as day_text
from ektp_analysis.projection.result import Projection

_SHAPES = {"first": "circle", "data": "circle", "revision": "diamond", "break": "square"}
LINE = 18  # pixels of a line of text
PANEL = (190, 120)  # pixels of a panel in a picture of all areas


@unchecked
def dot_chart(found: Projection, look: Look, *, by: Mark | None = None, n: int = 20) -> Any:
    """The day as ``n`` equally likely outcomes, one dot each; those not within the horizon stand apart, as crosses.

    Dots up to ``by`` are filled, later ones hollow.
    """
    look, outcomes = look.of_height(260), found.dots(n)
    days = [day for day in outcomes if isinstance(day, date)]
    missing = len(outcomes) - len(days)
    ends = [*days, *([by.day] if by else []), *([found.origin] if found.origin else [])]
    first, last = min(ends, default=date.min), max(ends, default=date.min)
    edge = max((last - first) // 25, timedelta(days=1))
    x = day_axis(first - edge, last + edge * (5 if missing else 1)) if ends else day_axis()
    places = stacked(days, first, last, columns=20) if days else []
    tallest = max([place.height for place in places] + [missing, 7])
    # Above the dots each sentence has a line of its own, and the day's line begins below the first: nothing crosses.
    said = LINE if missing else 0
    top = said + (LINE if by else 0) + 4
    size = min(0.7 * (look.pixels - 40 - top) / tallest, 12) ** 2
    y = alt.Y("stack:Q", axis=None, scale=alt.Scale(domain=[0.2, tallest + 0.6], range=[alt.ExprRef("height"), top], nice=False))
    values = [
        {
            "day": stamp(place.day),
            "stack": place.height,
            "reached": by is None or day <= by.day,
            "day_text": day_text(day, look.lang),
        }
        for place, day in zip(places, days, strict=True)
    ]
    layers = _stacks(values, alt.Chart(data(values)).encode(x=x, y=y, tooltip=tips(look, day_text=T("Day"))), look, size)
    # Near the right edge the label of the day stands left of it.
    layers += marked([by] if by else [], look, x, before=by is not None and by.day - first > (last - first) * 0.6, top=said)
    return finish([*layers, *_crosses(missing, len(outcomes), y, look, size)], look)


def _stacks(values: Rows, base: Any, look: Look, size: float) -> list[Any]:
    """The dots of the days: filled where the target is reached by the day that is asked about."""
    made = {
        True: base.transform_filter("datum.reached").mark_circle(size=size, opacity=1, color=look.colours.accent),
        False: base.transform_filter("!datum.reached").mark_point(size=size * 0.8, color=look.colours.muted),
    }
    there = {value["reached"] for value in values}  # a layer of nothing would be a picture without words to a screen reader
    return [layer for reached, layer in made.items() if reached in there]


def _crosses(missing: int, every: int, y: Any, look: Look, size: float) -> list[Any]:
    """The outcomes that are not within the horizon, at the right end, and a sentence that counts them."""
    if not missing:
        return []
    never = alt.Chart(data([{"stack": i + 1} for i in range(missing)])).encode(x=x_at("width"), y=y)
    text = T("{n} in {all} beyond the projection", n=missing, all=every)
    return [
        never.mark_point(shape="cross", size=size * 0.6, color=look.colours.muted, xOffset=-12),
        alt.Chart(data([{"text": look.say(text)}]))
        .mark_text(align="right", baseline="top", color=look.colours.muted, fontSize=alt.ExprRef("min(12, width / 17)"))
        .encode(  # in a narrow column smaller, but never cut off
            x=x_at("width"), y=y_at(2), text=alt.Text("text:N")
        ),
    ]


@unchecked
def river_chart(rows: pd.DataFrame, look: Look, *, horizon: Text, words: Mapping[str, Text]) -> Any:
    """The projected day at each snapshot: the band of 8 chances in 10, the day with even chances, and what moved it.

    ``rows`` has origin, q10, q50, q90, came (dates; missing is past ``horizon``, drawn at the upper edge) and moved_by,
    whose values ``words`` puts into words.
    """
    look = look.of_height(320)
    known = [value.date() for name in ("q10", "q50", "q90", "came") for value in rows[name].dropna()]
    first = min(known, default=rows["origin"].min().date())
    last = max(known, default=rows["origin"].max().date())
    edge = last + max((last - first) // 6, timedelta(days=7)) if rows[["q10", "q50", "q90"]].isna().any(axis=None) else last
    values = [_crossing(row, edge, look, horizon, words) for row in rows.itertuples()]
    axis = alt.Axis(
        title=look.say(T("projected day")),
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=0,
        titleY=-10,
        tickCount=5,
        labelExpr="timeFormat(datum.value, '%-d %b %Y')",
    )
    scale = alt.Scale(domain=[stamp(first - (edge - first) // 20), stamp(edge + (edge - first) // 20)], clamp=True)
    base = alt.Chart(data(values)).encode(x=day_axis(days=[value.date() for value in rows["origin"]]))
    layers: list[Any] = [
        base.mark_area(color=look.colours.accent, opacity=0.22).encode(
            y=alt.Y("q10:T", axis=axis, scale=scale), y2=alt.Y2("q90:T")
        ),
        base.mark_line(color=look.colours.accent, strokeWidth=2, invalid="break-paths-filter-domains").encode(
            y=alt.Y("even:T", axis=axis, scale=scale)
        ),
    ]
    came = sorted({value.date() for value in rows["came"].dropna()})
    layers += [_came(day, look, axis, scale) for day in came[-1:]]
    moved = {kind: text for kind, text in words.items() if kind in set(rows["moved_by"])}
    layers += _snapshots(base, values, alt.Y("q50:T", axis=axis, scale=scale), look, moved)
    return finish([*layers, *_beyond(values, look, horizon)], look)


def _snapshots(base: Any, values: Rows, y: Any, look: Look, moved: Mapping[str, Text]) -> list[Any]:
    """A mark at each snapshot, in the shape of what moved the day; a cross where even chances lie past the horizon."""
    said = tips(
        look,
        origin_text=T("Snapshot"),
        q10_text=T("1 chance in 10 by"),
        q50_text=T("Even chances on"),
        q90_text=T("9 chances in 10 by"),
        why=T("Moved by"),
    )
    legend = (
        None
        if not {"revision", "break"} & set(moved)
        else alt.Legend(title=None, orient="top", symbolFillColor=look.colours.accent, symbolStrokeWidth=0)
    )
    shape = alt.Shape(
        "why:N",
        legend=legend,
        scale=alt.Scale(domain=[look.say(text) for text in moved.values()], range=[_SHAPES[kind] for kind in moved]),
    )
    made = [
        base.transform_filter("!datum.never")
        .mark_point(filled=True, size=70, opacity=1, color=look.colours.accent)
        .encode(y=y, tooltip=said, shape=shape)
    ]
    if any(value["never"] for value in values):
        made.append(
            base.transform_filter("datum.never")
            .mark_point(shape="cross", size=60, color=look.colours.muted)
            .encode(y=y, tooltip=said)
        )
    return made


def _beyond(values: Rows, look: Look, horizon: Text) -> list[Any]:
    """What the upper edge means, where something lies past it."""
    if not any(value["beyond"] for value in values):
        return []
    above = alt.Chart(data([{"text": look.say(T("above: not within {horizon}", horizon=horizon))}]))
    return [
        above.mark_text(align="right", baseline="bottom", color=look.colours.muted, fontSize=11).encode(
            x=x_at("width"), y=y_at(-4), text=alt.Text("text:N")
        )
    ]


def _crossing(row: Any, edge: date, look: Look, horizon: Text, words: Mapping[str, Text]) -> dict[str, Any]:
    made = {
        "day": stamp(row.origin),
        "origin_text": day_text(row.origin.date(), look.lang),
        "why": look.say(words[row.moved_by]),
        "beyond": bool(pd.isna(row.q90)),
        "never": bool(pd.isna(row.q50)),
        "even": None if pd.isna(row.q50) else stamp(row.q50),
    }
    for name in ("q10", "q50", "q90"):
        value = getattr(row, name)
        missing = pd.isna(value)
        made[name] = stamp(edge) if missing else stamp(value)
        made[name + "_text"] = (
            look.say(T("not within {horizon}", horizon=horizon)) if missing else day_text(value.date(), look.lang)
        )
    return made


def _came(day: date, look: Look, axis: Any, scale: Any) -> Any:
    base = alt.Chart(data([{"came": stamp(day), "text": look.say(T("reached on {date}", date=day))}]))
    y = alt.Y("came:T", axis=axis, scale=scale)
    line = base.mark_rule(color=look.colours.calm, strokeWidth=1.5).encode(y=y)
    words = base.mark_text(align="left", dx=4, dy=-8, color=look.colours.calm).encode(x=x_at(0), y=y, text=alt.Text("text:N"))
    return Joined("layer", (line, words))


@unchecked
def panel(
    rows: pd.DataFrame,
    found: Projection,
    look: Look,
    *,
    first: date,
    until: date,
    by: Mark | None = None,
    width: int | None = None,
) -> Any:
    """One of many: what was seen and what may come of one area, on days that all panels share.

    ``rows`` is the solved history of the area. Where the projection has no answer, only what was seen is drawn.
    """
    look = look.of_height(PANEL[1])
    return finish(_panel_layers(rows, found, first, until, look, by), look, width=width)


@unchecked
def panels(
    items: Iterable[tuple[str, pd.DataFrame, Projection, Text]],
    look: Look,
    *,
    first: date,
    until: date,
    by: Mark | None = None,
    columns: int = 4,
) -> Any:
    """All panels in one picture, in the order given: (area code, history, projection, what stands under its name)."""
    made = [
        Joined(
            "layer",
            _panel_layers(rows, found, first, until, look, by),
            width=PANEL[0],
            height=PANEL[1],
            title=alt.TitleParams(register().name(code), subtitle=[look.say(under)], fontSize=13, subtitleFontSize=11, offset=6),
        )
        for code, rows, found, under in items
    ]
    said = {"title": alt.TitleParams(look.say(look.title), subtitle=look.under)} if look.title or look.under else {}
    return Joined("concat", made, columns=columns, spacing=24, config=alt.Config(**config(look.theme, look.lang)), **said)


def _panel_layers(rows: pd.DataFrame, found: Projection, first: date, until: date, look: Look, by: Mark | None) -> list[Any]:
    seen: list[dict[str, Any]] = [
        {
            "day": stamp(day),
            "value": (low + high) / 2,
            "day_text": day_text(day, look.lang),
            "value_text": number(round((low + high) / 2), look.lang),
        }
        for day, (low, high) in zip(found.inputs.dates, found.inputs.unrecorded, strict=True)
        if found.inputs.unit == "people"
    ] or _counted(rows, look)
    ahead = found.fan()
    ahead = ahead[ahead["as_of_date"] <= pd.Timestamp(until)]
    bands: list[dict[str, Any]] = [
        {"day": stamp(row.as_of_date), **{name: float(getattr(row, name)) for name in ("q10", "q25", "q50", "q75", "q90")}}
        for row in ahead.itertuples()
    ]
    top = headroom([*(row["value"] for row in seen), *(row["q90"] for row in bands)])
    x = alt.X(
        "day:T",
        scale=alt.Scale(domain=[stamp(first), stamp(until)]),
        axis=alt.Axis(
            title=None, tickCount=3, labelExpr="timeFormat(datum.value, '%b %y')", labelOverlap="greedy", labelFlush=True
        ),
    )
    scale = alt.Scale(domain=[0, top], nice=False)

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=scale, axis=alt.Axis(title=None, tickCount=2, format=",d", tickMinStep=1))

    layers: list[Any] = []
    if bands:
        base = alt.Chart(data(bands)).encode(x=x)
        layers = [
            base.mark_area(color=look.colours.accent, opacity=0.22).encode(y=y(low), y2=alt.Y2(high))
            for low, high in (("q10", "q90"), ("q25", "q75"))
        ]
        layers.append(base.mark_line(color=look.colours.accent, strokeWidth=1.2, strokeDash=[4, 2]).encode(y=y("q50")))
    layers += marked([by] if by else [], look, x)[:1]
    points = alt.Chart(data(seen)).encode(x=x, y=y("value"))
    layers += [
        points.mark_line(color=look.colours.accent, strokeWidth=2),
        points.mark_circle(color=look.colours.accent, size=22, opacity=1).encode(
            tooltip=tips(look, day_text=T("As of"), value_text=T("Unrecorded"))
        ),
    ]
    return layers


def _counted(rows: pd.DataFrame, look: Look) -> list[dict[str, Any]]:
    known = rows.dropna(subset=["unrecorded"])
    return [
        {
            "day": stamp(row.as_of_date),
            "value": float(row.unrecorded),
            "day_text": day_text(row.as_of_date.date(), look.lang),
            "value_text": number(int(row.unrecorded), look.lang),
        }
        for row in known.itertuples()
    ]


@unchecked
def calibration(rows: pd.DataFrame, look: Look) -> Any:
    """Said and come: of the days given with a chance (across), how many outcomes came by then (up). On the line is right.

    ``rows`` has level (per cent) and share (0 to 1).
    """
    look = look.of_height(300)
    values = [
        {
            "said": float(row.level),
            "came": 100 * float(row.share),
            "text": look.say(T("said {said} in 100, happened {came} in 100", said=int(row.level), came=round(100 * row.share))),
        }
        for row in rows.itertuples()
    ]
    scale = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X("said:Q", scale=scale, axis=alt.Axis(title=look.say(T("said: chances in 100")), tickCount=5, grid=True))
    y = alt.Y(
        "came:Q",
        scale=scale,
        axis=alt.Axis(
            title=look.say(T("happened: times in 100")),
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleX=0,
            titleY=-10,
            tickCount=5,
        ),
    )
    right = (
        alt.Chart(data([{"said": at, "came": at} for at in (0, 100)]))
        .mark_line(color=look.colours.muted, strokeDash=[4, 3])
        .encode(x=x, y=y)
    )
    base = alt.Chart(data(values)).encode(x=x, y=y)
    layers = [
        right,
        base.mark_line(color=look.colours.accent, strokeWidth=2),
        base.mark_circle(color=look.colours.accent, size=50, opacity=1).encode(
            tooltip=[alt.Tooltip("text:N", title=look.say(T("Chance")))]
        ),
    ]
    return finish(layers, look)


def span(found: Sequence[Projection], by: date) -> tuple[date, date]:
    """The first and the last day that all panels share: from the first snapshot until nine chances in ten are past.

    A quantile past the horizon does not widen it, and it reaches the day asked about.
    """
    seen = [day for one in found for day in one.inputs.dates]
    ends = [by, *(day for one in found for level in (50, 75, 90) if isinstance(day := one.quantiles.get(level), date))]
    first = min(seen, default=by)
    return first, max([*ends, *seen[-1:], first + timedelta(days=7)])
