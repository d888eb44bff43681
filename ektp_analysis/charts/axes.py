"""The parts that charts share: axes, marks, tooltips, and where labels and dots go, in pixels. No figure is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import wraps
from itertools import pairwise
from math import ceil
from typing import Any, Literal, ParamSpec, TypeVar

import altair as alt
from altair.utils.schemapi import debug_mode

from ektp_analysis.charts.drawing import Values, config
from ektp_analysis.charts.joined import Joined
from ektp_analysis.core.text import T, Text, render
from ektp_analysis.core.theme import Palette, Theme, palette

P = ParamSpec("P")
R = TypeVar("R")


def headroom(values: Sequence[float]) -> float:
    """Top of an axis that begins at zero: a little above the largest value, and never zero."""
    return max([float(value) for value in values], default=0.0) * 1.08 or 1.0


def apart(places: Sequence[float], *, gap: float = 15) -> list[float]:
    """The same places (pixels from the top) in the same order, moved down until neighbours are ``gap`` apart."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for one, other in pairwise(order):
        moved[other] = max(moved[other], moved[one] + gap)
    return moved


@dataclass(frozen=True)
class Dot:
    """One of the dots: the middle day of its bin, and its height in the stack, from 1."""

    day: date
    height: int


def stacked(days: Sequence[date], first: date, last: date, *, columns: int = 30) -> list[Dot]:
    """Days (in order) gathered into at most ``columns`` equal bins from ``first`` to ``last`` and stacked."""
    width = max(1, ceil(((last - first).days + 1) / columns))
    heights: dict[int, int] = {}
    dots = []
    for day in days:
        column = (day - first).days // width
        heights[column] = heights.get(column, 0) + 1
        dots.append(Dot(first + timedelta(days=column * width + width // 2), heights[column]))
    return dots


def settled(series: Sequence[Sequence[float]], top: float) -> int:
    """How many of the first rows to draw: until no line moves any more by more than a hundredth of the axis."""
    last = series[-1] if series else ()
    moving = [i for i, row in enumerate(series) if any(abs(a - b) > top / 100 for a, b in zip(row, last, strict=True))]
    return min(len(series), int((moving[-1] + 2) * 1.1) + 1) if moving else min(len(series), 2)


Unit = Literal["people", "share"]
DENSE = 30  # points, above which they are a line and not each a dot
FEW = 6  # so many days are labelled each
HALF = 30  # pixels: half of the longest label of a day, which nearer to an end would reach beyond the picture
_TITLES = {"people": T("people not yet recorded"), "share": T("share not yet recorded")}
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Mark:
    """A day drawn as an upright line, with its label."""

    day: date
    label: Text


@dataclass(frozen=True)
class Look:
    """How a chart is written and coloured, what stands over it (``method``: of a picture that leaves the page, by which method
    its projection was made), its height in pixels (None: that of its kind), and what its axis of people reaches at least (of
    charts that are compared)."""

    lang: str
    theme: Theme = "light"
    title: Text | str = ""
    note: Text | None = None
    method: Text | None = None
    height: int | None = None
    most: float = 0.0

    def of_height(self, usual: int) -> Look:
        """The same with the height of its kind, where none is given."""
        return self if self.height is not None else replace(self, height=usual)

    @property
    def pixels(self) -> int:
        """Its height."""
        assert self.height is not None  # each chart begins by :meth:`of_height`
        return self.height

    @property
    def colours(self) -> Palette:
        """The colours of its theme."""
        return palette(self.theme)

    @property
    def under(self) -> list[str]:
        """What stands under its title."""
        return [self.say(text) for text in (self.note, self.method) if text]

    def say(self, text: Text | str) -> str:
        """The text in its language."""
        return render(text, self.lang)


# A place in pixels, as the class itself: what comes from ``alt.value`` is looked for among all of Altair's schemas, each time.
x_at: Callable[[Any], Any] = alt.XValue
y_at: Callable[[Any], Any] = alt.YValue
y2_at: Callable[[Any], Any] = alt.Y2Value


def data(values: Rows) -> Any:
    """Rows as inline data (altair's own Data has no types)."""
    return alt.Data(values=Values(values))  # type: ignore[no-untyped-call]


def stamp(day: date) -> str:
    """Local midnight: the same day in every time zone."""
    return f"{day:%Y-%m-%d}T00:00:00"


# The year stands at the first label and in January, else day and month are enough.
_DAY_LABEL = "timeFormat(datum.value, datum.index === 0 || month(datum.value) === 0 ? '%-d %b %Y' : '%-d %b')"


def day_axis(first: date | None = None, last: date | None = None, *, days: Sequence[date] = ()) -> Any:
    """The axis of days; it begins and ends with the data unless a day is given. A few ``days`` are all labelled."""
    few = {"values": [stamp(day) for day in days]} if 0 < len(days) <= FEW else {"tickCount": 6}
    axis: dict[str, Any] = {
        "title": None,
        "labelExpr": _DAY_LABEL,
        "labelOverlap": "greedy",
        "labelSeparation": 6,
        "labelFlush": HALF,
        **few,
    }
    if first is None or last is None:
        return alt.X("day:T", axis=alt.Axis(**axis))
    return alt.X("day:T", axis=alt.Axis(**axis), scale=alt.Scale(domain=[stamp(first), stamp(last)]))


def amount_axis(field: str, top: float, look: Look, unit: Unit = "people") -> Any:
    """The axis of people (or of their share): from zero, its unit written once above it."""
    return alt.Y(
        f"{field}:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(
            title=look.say(_TITLES[unit]),
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleX=0,
            titleY=-10,
            tickCount=5,
            format=".2%" if unit == "share" else ",d",
            tickMinStep=0.0001 if unit == "share" else 1,
        ),
    )


def tips(look: Look, **fields: Text) -> list[Any]:
    """Tooltips from fields that are written out already."""
    return [alt.Tooltip(f"{field}:N", title=look.say(text)) for field, text in fields.items()]


def observed(points: Rows, y: Any, look: Look, *, ends: bool, x: Any) -> list[Any]:
    """Points (value, low, high, fill and texts) joined by a line that a missing value breaks.

    ``ends`` writes the figure at the first and the last point. A value known only as an interval is an upright bar.
    """
    known = [point for point in points if point["value"] is not None]
    spread = [point for point in known if point["low"] != point["high"]]
    said = tips(look, day_text=T("As of"), value_text=T("Unrecorded"), status_text=T("Status"))
    layers = [
        alt.Chart(data(points))
        .mark_line(color=look.colours.accent, strokeWidth=2.5, invalid="break-paths-filter-domains")
        .encode(x=x, y=y)
    ]
    if spread:
        layers.append(
            alt.Chart(data(spread))
            .mark_rule(color=look.colours.accent, strokeWidth=5, opacity=0.45)
            .encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
        )
    layers.append(
        alt.Chart(data(known))
        .mark_point(size=56 if len(known) <= DENSE else 12, filled=True, opacity=1, stroke=look.colours.accent, strokeWidth=2)
        .encode(x=x, y=y, fill=alt.Fill("fill:N", scale=None), tooltip=said)
    )
    labels: list[tuple[Rows, Literal["left", "right"]]] = [(known[:1], "left"), (known[1:][-1:], "right")]
    return layers + [
        alt.Chart(data(point))
        .mark_text(align=align, dy=-14, fontWeight=600, fontSize=13, color=look.colours.ink)
        .encode(x=x, y=y, text=alt.Text("value_text:N"))
        for point, align in labels
        if ends and point
    ]


def level(
    low: float, high: float, label: Text, top: float, look: Look, unit: Unit = "people", *, right: bool = False
) -> list[Any]:
    """A target across the chart: a line, or a band where it is known only as an interval; its label above it, on the left
    or on the ``right``."""
    rows = [{"low": low, "high": high, "text": look.say(label)}]
    base, colour = alt.Chart(data(rows)), look.colours.calm
    return [
        base.mark_rect(color=colour, opacity=0.25).encode(y=amount_axis("low", top, look, unit), y2=alt.Y2("high:Q")),
        base.mark_rule(color=colour, strokeWidth=1.5).encode(y=amount_axis("high", top, look, unit)),
        *legible(
            base,
            look,
            align="right" if right else "left",
            dy=-8,
            dx=-4 if right else 4,
            color=colour,
            x=x_at("width" if right else 0),
            y=amount_axis("high", top, look, unit),
        ),
    ]


def marked(marks: Sequence[Mark], look: Look, x: Any, *, before: bool = False, top: int = 0) -> list[Any]:
    """Upright lines at days from ``top`` (pixels) down, each with its label there, right of it or (``before``) left of it."""
    if not marks:
        return []
    base = alt.Chart(data([{"day": stamp(mark.day), "text": look.say(mark.label)} for mark in marks]))
    return [
        base.mark_rule(color=look.colours.muted, strokeDash=[3, 3]).encode(x=x, y=y_at(top), y2=y2_at("height")),
        *legible(
            base,
            look,
            align="right" if before else "left",
            dx=-5 if before else 5,
            color=look.colours.muted,
            baseline="top",
            x=x,
            y=y_at(top + 2),
        ),
    ]


def legible(base: Any, look: Look, *, x: Any, y: Any, **mark: Any) -> list[Any]:
    """The field ``text`` as words that can be read over bands, lines and dots: a rim of the paper's colour lies behind."""
    at = {"x": x, "y": y, "text": alt.Text("text:N")}
    return [
        base.mark_text(**mark, stroke=look.colours.paper, strokeWidth=4, strokeJoin="round").encode(**at),
        base.mark_text(**mark).encode(**at),
    ]


def finish(layers: Sequence[Any], look: Look, *, height: Any = None, width: int | None = None) -> Joined:
    """The layers as one chart of its container's width or as wide as is said, with what stands over it."""
    title, under = look.say(look.title), look.under
    said = {"title": alt.TitleParams(title, subtitle=under)} if title or under else {}
    sizes = {"width": width or "container", "height": height or look.pixels}
    return Joined("layer", layers, **sizes, config=config(look.theme, look.lang), **said)


def unchecked(draw: Callable[P, R]) -> Callable[P, R]:
    """The function without Altair holding each part of a chart against its schema; the tests hold the whole chart against it."""

    @wraps(draw)
    def drawn(*given: P.args, **named: P.kwargs) -> R:
        with debug_mode(False):
            return draw(*given, **named)

    return drawn
