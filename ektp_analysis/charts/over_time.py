"""Charts over time: what was seen, and what may come; and the areas in order of their unrecorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ektp_analysis.charts.along import happened, plan_line
from ektp_analysis.charts.axes import (
    Look,
    Mark,
    Rows,
    Unit,
    amount_axis,
    apart,
    data,
    day_axis,
    finish,
    headroom,
    level,
    marked,
    observed,
    settled,
    stamp,
    tips,
    unchecked,
)
from ektp_analysis.core.area import register
from ektp_analysis.core.contract import MODELLED
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, Text, number, percent
from ektp_analysis.core.text import day as day_text
from ektp_analysis.figures.classes import Classes, known_coverage
from ektp_analysis.figures.timeline import NOTHING, Along
from ektp_analysis.projection.examples import Nearest
from ektp_analysis.projection.history import Break, breaks_in
from ektp_analysis.projection.result import Projection

BANDS = (("q05", "q95", 0.18), ("q10", "q90", 0.18), ("q25", "q75", 0.28))
WORDS = {MODELLED: T("modelled")}
PALE = 0.5  # of a bar whose figure is of an earlier day
BROKEN: Mapping[str, Text] = {
    "basis": T("another basis"),
    "eligible": T("the eligible jump"),
    "recorded": T("figures revised"),
    "revision": T("figures revised"),
    "areas": T("other areas counted"),
}
MOST_MARKED = 3  # breaks that are named, the latest; the line is parted at each


@unchecked
def trend(
    rows: pd.DataFrame, look: Look, *, target: Target | None = None, marks: Sequence[Mark] = (), along: Along = NOTHING
) -> Any:
    """Unrecorded people of one area: points on their real days, joined; a missing figure breaks the line.

    ``rows`` is the history of one area in a rolled-up frame, one row per day. Modelled points are hollow. The people whom
    ``target`` allows come from the latest eligible count; where that is an interval, so are they. A break of the series parts
    the line and is named; people who are counted as of earlier days stand grey below. ``along`` is what stands beside.
    """
    look = look.of_height(280)
    days = [row.date() for row in rows["as_of_date"]]
    first, last = (min(days), max(days)) if days else (date.min, date.min)
    until = along.until(first, last) if days else last
    broken = breaks_in(rows)
    points, marks = _parted(_points(rows, look), [one.on for one in broken], look, "people"), [*marks, *_broken(broken)]
    allowed = _allowed(rows, target)
    planned = [] if along.plan is None or not days or along.plan.start >= until else [along.plan.unrecorded]
    top = headroom([*(point["value"] for point in points if point["value"] is not None), *allowed, *planned, look.most])
    layers = (
        []
        if target is None or not allowed or target.is_zero
        else level(
            allowed[0], allowed[1], _target_label(target, allowed, look), top, look, right=_clear_on_the_right(points, allowed[1])
        )
    )
    x = day_axis(days=days if until == last else [*days, until])
    y = amount_axis("value", top, look)
    below = _older(rows, look, y=amount_axis("older", top, look), x=x)
    if days:
        below += happened(along, first, until, look, x=x)
        layers += plan_line(along, first, until, look, x=x, y=lambda field: amount_axis(field, top, look), top=top)
    return finish([*below, *layers, *marked(marks, look, x), *observed(points, y, look, ends=True, x=x)], look)


@unchecked
def history_chart(rows: pd.DataFrame, look: Look, along: Along = NOTHING) -> Any:
    """The history of one area in little room: a :func:`trend` without target."""
    return trend(rows, look.of_height(180), along=along)


def _clear_on_the_right(points: Sequence[Mapping[str, Any]], at: float) -> bool:
    """Whether the line of the points ends farther from a level than it begins, so that words there are not crossed."""
    known = [point["value"] for point in points if point["value"] is not None]
    return bool(known) and abs(known[-1] - at) > abs(known[0] - at)


@dataclass(frozen=True)
class _Scale:
    """The upright axis of a chart of people or of their share: what it counts in, and where it ends."""

    look: Look
    unit: Unit
    top: float

    def axis(self, field: str) -> Any:
        """The axis for a field."""
        return amount_axis(field, self.top, self.look, self.unit)


@dataclass(frozen=True)
class Behind:
    """Simulated campaigns to be drawn behind a fan, and the words of their kinds."""

    nearest: Nearest
    words: Mapping[str, Text]


@unchecked
def fan(
    rows: pd.DataFrame,
    quantiles: pd.DataFrame,
    look: Look,
    *,
    target: Projection,
    marks: Sequence[Mark] = (),
    behind: Behind | None = None,
    along: Along = NOTHING,
) -> Any:
    """What was seen and what may come: bands first, then the median, the target, and the observed points on top.

    It ends where nothing moves any more, and not before the last of ``marks`` and the day of the plan; ``behind`` all of it are
    simulated campaigns, ``along`` is what stands beside on the axis of days.
    ``rows`` is the solved history of the area; ``quantiles`` has as_of_date, q05, q10, q25, q50, q75, q90, q95 in the
    unit of ``target.inputs`` (people, or per eligible).
    """
    look = look.of_height(340 if behind is None else 420)  # the words of the kinds stand below
    unit: Unit = "share" if target.inputs.unit == "share" else "people"
    points, marks = _seen(rows, target, look, unit), [*marks, *_broken(target.inputs.breaks)]
    drawn, allowed = quantiles.dropna().sort_values("as_of_date"), _left_by(target, unit)
    scale = _Scale(
        look, unit, headroom([*drawn["q95"], *(point["high"] for point in points if point["high"] is not None), *allowed])
    )
    plan = along.plan if unit == "people" else None
    asked = marks if plan is None else [*marks, Mark(plan.by, T("{date}", date=plan.by))]
    drawn = drawn.head(_ahead(drawn, asked, scale.top))
    values = [_fan_row(row, look, unit) for row in drawn.itertuples()]
    layers = [] if unit == "share" else _older(rows, look, y=scale.axis("older"), x=day_axis())
    days = [*target.inputs.dates, *(day.date() for day in drawn["as_of_date"])]
    if days:
        layers += happened(along, min(days), max(days), look, x=day_axis())
    layers += [*_courses(behind, drawn, sum(target.inputs.unrecorded[-1]) / 2, scale), *_bands(values, scale)]
    if allowed and not target.target.is_zero:
        layers += level(allowed[0], allowed[1], _target_label(target.target, allowed, look, unit), scale.top, look, unit)
    if days and plan is not None:
        layers += plan_line(along, min(days), max(days), look, x=day_axis(), y=scale.axis, top=scale.top)
    layers += [*marked(marks, look, day_axis()), *observed(points, scale.axis("value"), look, ends=False, x=day_axis())]
    return finish([*layers, *_fan_ends(values[-1:], scale)], look)


def _broken(breaks: Sequence[Break]) -> list[Mark]:
    """The latest breaks of a series, each with what changed."""
    return [Mark(one.on, BROKEN[one.kind]) for one in breaks[-MOST_MARKED:]]


def _older(rows: pd.DataFrame, look: Look, *, y: Any, x: Any) -> list[Any]:
    """Of the unrecorded of each day those that are counted as of earlier days, as a grey ground; nothing where there are none."""
    if "unrecorded_older" not in rows or not rows["unrecorded_older"].any():
        return []
    late = [
        {
            "day": stamp(row.as_of_date.date()),
            "older": float(row.unrecorded_older),
            "day_text": day_text(row.as_of_date.date(), look.lang),
            "older_text": number(int(row.unrecorded_older), look.lang),
        }
        for row in rows.sort_values("as_of_date").itertuples()
    ]
    said = tips(look, day_text=T("As of"), older_text=T("Of these from earlier days"))
    return [
        alt.Chart(data(late))
        .mark_area(color=look.colours.context, opacity=0.35, interpolate="step-after")
        .encode(x=x, y=y, tooltip=said)
    ]


def _seen(rows: pd.DataFrame, target: Projection, look: Look, unit: Unit) -> Rows:
    """The points that a projection rests on, parted where the series breaks."""
    status = {row.as_of_date.date(): row.status for row in rows.itertuples()}
    points: list[Mapping[str, Any]] = [
        _point(day, low, high, status.get(day, ""), look, unit)
        for day, (low, high) in zip(target.inputs.dates, target.inputs.unrecorded, strict=True)
    ]
    return _parted(points, [found.on for found in target.inputs.breaks], look, unit)


def _left_by(target: Projection, unit: Unit) -> tuple[float, ...]:
    """The least and the most that the target leaves unrecorded; () where that is unknown."""
    if unit == "people":
        return target.inputs.allowed or ()
    share = target.target.share
    return () if share is None else (float(1 - share),) * 2


def _ahead(drawn: pd.DataFrame, marks: Sequence[Mark], top: float) -> int:
    """How many days to draw: until nothing moves any more, and past the last of the marked days."""
    kept = settled(drawn[["q05", "q50", "q95"]].to_numpy(float).tolist(), top)
    asked = [i for i, day in enumerate(drawn["as_of_date"]) for mark in marks if stamp(day) <= stamp(mark.day)]
    return max([kept, *(i + 2 for i in asked)])


def _bands(values: Rows, scale: _Scale) -> list[Any]:
    """What may come: the bands, the widest first, and the median."""
    base, look = alt.Chart(data(values)).encode(x=day_axis()), scale.look
    bands = [
        base.mark_area(color=look.colours.accent, opacity=opacity).encode(y=scale.axis(low), y2=alt.Y2(f"{high}:Q"))
        for low, high, opacity in BANDS
    ]
    return [
        *bands,
        base.mark_line(color=look.colours.accent, strokeWidth=1.5, strokeDash=[5, 3]).encode(
            y=scale.axis("q50"), tooltip=tips(look, day_text=T("Day"), range=T("9 chances in 10"), middle=T("Median"))
        ),
    ]


DASHES = ([1, 0], [8, 3, 1, 3], [1, 3])  # the two most frequent kinds, all others: told apart without colour, none the median's
POINTS = 40  # of each course


def _courses(behind: Behind | None, drawn: pd.DataFrame, now: float, scale: _Scale) -> list[Any]:
    """How simulated campaigns went on from today's count, as thin lines; a line ends where its simulation did."""
    if behind is None or drawn.empty:
        return []
    look, found = scale.look, behind.nearest
    named = list(found.counted)[: len(DASHES) - 1]
    others = look.say(T("other kinds"))
    picks = np.unique(np.linspace(0, len(drawn) - 1, POINTS).astype(int))
    at, days = drawn["days"].to_numpy(float)[picks], [stamp(day) for day in drawn["as_of_date"].iloc[picks]]
    rows = []
    for place, (kind, left) in enumerate(zip(found.kinds, found.left, strict=True)):
        group, words = look.say(behind.words[kind]) if kind in named else others, look.say(behind.words[kind])
        known = int(np.isfinite(left).sum())
        shares = np.interp(at, found.days[:known], left[:known])
        rows += [
            {"line": place, "group": group, "kind": words, "day": day, "left": float(now * share)}
            for day, when, share in zip(days, at, shares, strict=True)
            if when <= found.days[known - 1]
        ]
    groups = [look.say(behind.words[kind]) for kind in named] + ([others] if len(found.counted) > len(named) else [])
    dash = alt.StrokeDash(
        "group:N",
        scale=alt.Scale(domain=groups, range=list(DASHES[: len(named)]) + [DASHES[-1]] * (len(groups) - len(named))),
        legend=alt.Legend(
            title=None, orient="bottom", columns=1, labelLimit=0, symbolStrokeColor=look.colours.ink, symbolSize=600
        ),
    )
    base = alt.Chart(data(rows)).encode(x=day_axis(), y=scale.axis("left"), detail="line:N", strokeDash=dash)
    return [base.mark_line(color=look.colours.ink, strokeWidth=1, opacity=0.75).encode(tooltip=tips(look, kind=T("Kind")))]


def _points(rows: pd.DataFrame, look: Look) -> list[dict[str, Any]]:
    made = []
    for row in rows.sort_values("as_of_date").itertuples():
        count = None if pd.isna(row.unrecorded) else float(row.unrecorded)
        made.append(_point(row.as_of_date.date(), count, count, row.status, look, "people"))
    return made


def _point(day: date, low: float | None, high: float | None, status: str, look: Look, unit: Unit) -> dict[str, Any]:
    value = None if low is None or high is None else (low + high) / 2
    return {
        "day": stamp(day),
        "day_text": day_text(day, look.lang),
        "value": value,
        "low": low,
        "high": high,
        "value_text": _range(low, high, look, unit),
        "status_text": look.say(WORDS.get(status, T("reported"))),
        "fill": look.colours.paper if status == MODELLED else look.colours.accent,
    }


def _parted(points: Rows, breaks: Sequence[date], look: Look, unit: Unit) -> list[Mapping[str, Any]]:
    """The points with a gap before each day on which the series breaks: the step over it is nobody's work."""
    gaps = {stamp(day): _point(day - timedelta(days=1), None, None, "", look, unit) for day in breaks}
    return [one for point in points for one in ([gaps[point["day"]], point] if point["day"] in gaps else [point])]


def _range(low: float | None, high: float | None, look: Look, unit: Unit) -> str:
    """One amount, or an interval, written out; '' where there is none."""
    if low is None or high is None:
        return ""
    written = [percent(value, look.lang) if unit == "share" else number(round(value), look.lang) for value in (low, high)]
    return written[0] if written[0] == written[1] else look.say(T("{low} to {high}", low=written[0], high=written[1]))


def _allowed(rows: pd.DataFrame, target: Target | None) -> tuple[float, ...]:
    """The fewest and the most people whom a target allows by the latest eligible count; () where that is unknown."""
    known = rows.dropna(subset=["eligible_low", "eligible_high"]).sort_values("as_of_date")
    if target is None or known.empty:
        return ()
    last = known.iloc[-1]
    return target.remaining(int(last["eligible_low"])), target.remaining(int(last["eligible_high"]))


def _target_label(target: Target, allowed: Sequence[float], look: Look, unit: Unit = "people") -> Text:
    assert target.percent is not None  # zero has no line: it is the axis
    if unit == "share":
        return T("Target {share}", share=target.percent)
    return T("Target {share}: {people} unrecorded", share=target.percent, people=_range(allowed[0], allowed[1], look, unit))


def _fan_row(row: Any, look: Look, unit: Unit) -> dict[str, Any]:
    return {
        "day": stamp(row.as_of_date),
        "day_text": day_text(row.as_of_date.date(), look.lang),
        "q50": float(row.q50),
        "middle": _range(row.q50, row.q50, look, unit),
        "range": _range(row.q05, row.q95, look, unit),
        **{name: float(getattr(row, name)) for low, high, _opacity in BANDS for name in (low, high)},
    }


def _fan_ends(last: Rows, scale: _Scale) -> list[Any]:
    """At the right end: the median, and the bounds between which 9 chances in 10 lie; never over each other."""
    if not last:
        return []
    look = scale.look
    words = (("q05", T("good scenario (1 in 20)")), ("q50", T("median")), ("q95", T("bad scenario (1 in 20)")))
    # In the axis' own unit, for the page may give the plot less height than was asked for.
    places = apart([float(last[0][name]) for name, _text in words], gap=scale.top * 15 / (0.8 * look.pixels))
    rows = [
        {"day": last[0]["day"], "at": place, "text": look.say(text)} for place, (_name, text) in zip(places, words, strict=True)
    ]
    return [
        alt.Chart(data(rows))
        .mark_text(align="left", dx=6, color=look.colours.muted, fontSize=11)
        .encode(x=day_axis(), y=scale.axis("at"), text=alt.Text("text:N"))
    ]


@unchecked
def ranked(rows: pd.DataFrame, look: Look, *, classes: Classes, chosen: str | None = None) -> Any:
    """Areas by unrecorded people, the most first, in the colours of the map, paler where the figure is of an earlier day; those
    without a figure last, with why.

    ``rows`` is a solved frame with one row per area, in any order; ``classes`` are those of the map beside it.
    """
    look = look.of_height(24 * max(len(rows), 1))
    values = [_bar(row, share, classes, look, chosen) for row, share in zip(rows.itertuples(), known_coverage(rows), strict=True)]
    values.sort(key=lambda value: (value["value"] is None, -(value["value"] or 0), value["code"]))
    y = alt.Y(
        "name:N",
        sort=[value["name"] for value in values],
        axis=alt.Axis(title=None, labelColor=look.colours.ink, labelLimit=220, domain=False, ticks=False, grid=False),
    )
    scale = alt.Scale(domain=[0, headroom([value["at"] for value in values]) * 1.1])
    x, at = alt.X("value:Q", axis=None, scale=scale), alt.X("at:Q", axis=None, scale=scale)
    base = alt.Chart(data(values)).encode(
        y=y, tooltip=tips(look, name=T("Area"), value_text=T("Unrecorded"), coverage_text=T("Coverage"), day_text=T("As of"))
    )
    layers = [
        base.mark_bar(height=16, cornerRadiusEnd=2).encode(
            x=x, fill=alt.Fill("fill:N", scale=None), opacity=alt.Opacity("opacity:Q", scale=None)
        ),
        base.mark_text(align="left", dx=6).encode(x=at, text=alt.Text("value_text:N"), color=alt.Color("ink:N", scale=None)),
    ]
    if chosen:
        layers.append(
            base.transform_filter("datum.chosen")
            .mark_bar(height=16, cornerRadiusEnd=2, filled=False, stroke=look.colours.chosen, strokeWidth=2)
            .encode(x=x)
        )
    return finish(layers, look)


def _bar(row: Any, share: Any, classes: Classes, look: Look, chosen: str | None) -> dict[str, Any]:
    code, missing = str(row.area_code), bool(pd.isna(row.unrecorded))
    why = T("unknown: above 100%") if not pd.isna(share) and share > 1 else T("no data")
    return {
        "code": code,
        "name": register().name(code),
        "value": None if missing else int(row.unrecorded),
        "at": 0 if missing else int(row.unrecorded),
        "chosen": code == chosen,
        "value_text": look.say(why) if missing else number(int(row.unrecorded), look.lang),
        "coverage_text": "–" if pd.isna(share) else percent(float(share), look.lang),
        "day_text": "–" if pd.isna(row.as_of_date) else day_text(row.as_of_date.date(), look.lang),
        "opacity": PALE if code in classes.older else 1.0,
        "fill": classes.fill(code, look.theme),
        "ink": look.colours.muted if missing else look.colours.ink,
    }
