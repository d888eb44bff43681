"""The map as a picture for paper and slides: finding, map, legend, source, day and credit in one Vega-Lite chart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isinf
from typing import Any

import altair as alt
import pandas as pd
import shapely
from shapely.geometry import mapping

from ektp_analysis.boundaries.layer import Boundaries, Shape
from ektp_analysis.charts.axes import unchecked
from ektp_analysis.charts.drawing import Values, config
from ektp_analysis.charts.joined import Joined
from ektp_analysis.core.text import day as day_text
from ektp_analysis.core.text import number, render
from ektp_analysis.core.theme import Theme, palette, readable_on
from ektp_analysis.figures.classes import Classes
from ektp_analysis.maps.legend import NOTHING, footnotes, heading, legend, lines, missing
from ektp_analysis.maps.lettering import (
    FONT_SIZE,
    LINE,
    Place,
    degree_in_pixels,
    dots,
    fits,
    hatch,
    legend_places,
    name_places,
    radii,
)
from ektp_analysis.maps.seen import AreaMap, Caption

MOST_DAYS = 12
HATCH_LINES = 110  # across the map
DOT = 1.2  # pixels
INSIDE = 0.8  # of a name must lie on its area to be written for it
# The marks of the legend as paths: a picture must not depend on a font that has the sign.
SHAPES: Mapping[str, str] = {"done": "M-0.8,0L-0.25,0.6L0.8,-0.7", "over": "M-0.7,0.6L0,-0.7L0.7,0.6Z"}
SIGN: dict[str, Any] = {"filled": False, "size": 60, "strokeWidth": 2, "opacity": 1}


@dataclass(frozen=True)
class _Frame:
    """A map within its picture: the areas, the language, the colours, and width and height in pixels.

    ``sizes`` are the radii of circles in pixels, by area.
    """

    drawn: AreaMap
    lang: str
    theme: Theme
    width: int
    height: int
    sizes: Mapping[str, float] = field(default_factory=dict)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The areas' shapes."""
        return self.drawn.boundaries.shapes

    @property
    def degree(self) -> float:
        """Pixels of a degree."""
        return degree_in_pixels(self.drawn.boundaries.bounds, self.width, self.height)


@unchecked
def static_map(drawn: AreaMap, caption: Caption, *, lang: str, theme: Theme = "light", width: int = 900) -> Any:
    """A chart that says everything about itself; the day comes from the figures, the credit from the boundaries."""
    boundaries = drawn.boundaries
    west, south, east, north = boundaries.bounds
    height = int(min(max(width * (north - south) / (east - west), 200), 720))
    frame = _Frame(drawn, lang, theme, width, height, radii(drawn.rows, drawn.largest) if drawn.circles else {})
    under = [*missing(boundaries, drawn.classes, lang), *footnotes(boundaries, drawn.rows, caption.source, lang)]
    parts = (_map(frame), _legend(drawn.classes, lang, theme, width, drawn=boundaries.codes), _footer(under, theme, width))
    return Joined("vconcat", parts, spacing=6, **_titled(drawn.classes, caption, lang, theme))


@unchecked
def small_multiples(
    boundaries: Boundaries,
    days: Mapping[date, tuple[Classes, pd.DataFrame]],
    caption: Caption,
    *,
    lang: str,
    theme: Theme = "light",
    columns: int = 3,
    width: int = 300,
) -> Any:
    """The same map on up to 12 days, with one legend. The classes of all days must have the same inner bounds.

    Raises:
        ValueError: no day, more than 12, or classes that differ between days.
    """
    if not 0 < len(days) <= MOST_DAYS:
        raise ValueError(f"1 to {MOST_DAYS} days, not {len(days)}")
    latest = days[max(days)][0]
    if len({classes.bounds[1:-1] for classes, _rows in days.values()}) > 1:
        raise ValueError("the days have different classes: a colour would not mean one thing")
    west, south, east, north = boundaries.bounds
    height = int(min(max(width * (north - south) / (east - west), 60), 2 * width))
    frames = {
        day: _Frame(AreaMap(boundaries, classes, rows), lang, theme, width, height)
        for day, (classes, rows) in sorted(days.items())
    }
    maps = [
        _fills(
            frame,
            projection=alt.Projection(type="mercator", pointRadius=DOT),
            width=width,
            height=height,
            title=alt.TitleParams(day_text(day, lang), fontSize=13, fontWeight="normal", offset=4),
        )
        for day, frame in frames.items()
    ]
    whole = columns * (width + 20)
    every = pd.concat([rows for _classes, rows in days.values()])
    parts = (
        Joined("concat", maps, columns=columns, spacing=20),
        _legend(latest, lang, theme, whole, counts=False),
        _footer(footnotes(boundaries, every, caption.source, lang), theme, whole),
    )
    return Joined("vconcat", parts, spacing=10, **_titled(latest, caption, lang, theme))


def _titled(classes: Classes, caption: Caption, lang: str, theme: Theme) -> dict[str, Any]:
    subtitle = [render(heading(classes), lang)] + ([render(caption.note, lang)] if caption.note else [])
    padding = dict.fromkeys(("left", "right", "top", "bottom"), 16)
    title = alt.TitleParams(render(caption.title, lang), subtitle=subtitle)
    return {"title": title, "padding": padding, "config": alt.Config(**config(theme, lang))}


def _map(frame: _Frame) -> Any:
    layers = [*_land(frame), _fills(frame), *([_bubbles(frame)] if frame.sizes else []), *_names(frame)]
    west, south, east, north = frame.drawn.boundaries.bounds
    points: dict[str, Any] = {"type": "MultiPoint", "coordinates": [[west, south], [east, north]]}
    corners: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": points}],
    }
    # Without land around, the areas alone are drawn, and all that is drawn is fitted in.
    fit: dict[str, Any] = {"fit": corners} if frame.drawn.boundaries.behind else {}
    seen = alt.Projection(type="mercator", pointRadius=DOT, **fit)
    return Joined("layer", layers, projection=seen, width=frame.width, height=frame.height)


def _land(frame: _Frame) -> list[Any]:
    """The land around, as far as the picture reaches; none where it is not known."""
    colours, land = palette(frame.theme), frame.drawn.boundaries.behind
    values = [{"type": "Feature", "geometry": mapping(shape)} for shape in land]
    look: dict[str, Any] = {"fill": colours.land, "stroke": colours.shore, "strokeWidth": 0.7, "clip": True}
    return [alt.Chart(_data(values)).mark_geoshape(**look)] if values else []


def _fills(frame: _Frame, **given: Any) -> Joined:
    """The areas, the lines over those without data or with a figure of an earlier day, the dots over those with too old a one."""
    classes, boundaries, theme = frame.drawn.classes, frame.drawn.boundaries, frame.theme
    colours, said = palette(theme), lines(frame.drawn.rows, classes)
    areas = [
        {
            "type": "Feature",
            "geometry": mapping(shape.geometry),
            "code": shape.code,
            "name": shape.name,
            "class": classes.item(shape.code).key,
            "fill": colours.grid if shape.code in frame.sizes else classes.fill(shape.code, theme),
            "said": "; ".join(render(line, frame.lang) for line in said.get(shape.code, NOTHING)),
        }
        for shape in boundaries.shapes
    ]
    fills = (
        alt.Chart(_data(areas))
        .mark_geoshape(stroke=colours.outline, strokeWidth=1)
        .encode(
            fill=alt.Fill("fill:N", scale=None), tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("said:N", title="  ")]
        )
    )
    step = (boundaries.bounds[2] - boundaries.bounds[0]) / HATCH_LINES
    kinds = {shape.code: "older" if shape.code in classes.older else classes.item(shape.code).kind for shape in boundaries.shapes}
    marks = []
    for kind, made, filled, colour in (
        ("older", hatch, False, colours.paper),
        ("none", hatch, False, colours.hatch),
        ("stale", dots, True, colours.muted),
    ):
        drawn = [mapping(made(shape, step)) for shape in boundaries.shapes if kinds[shape.code] == kind]
        base = alt.Chart(_data([{"type": "Feature", "geometry": one} for one in drawn]))
        marks += [base.mark_geoshape(filled=filled, color=colour, strokeWidth=0 if filled else 1)] if drawn else []
    return Joined("layer", (fills, *marks), **given)


def _bubbles(frame: _Frame) -> Any:
    classes, sizes, theme = frame.drawn.classes, frame.sizes, frame.theme
    values = sorted(
        (
            {
                "lon": shape.label[0],
                "lat": shape.label[1],
                "size": 3.1416 * sizes[shape.code] ** 2,
                "fill": classes.fill(shape.code, theme),
                "code": shape.code,
            }
            for shape in frame.shapes
            if shape.code in sizes
        ),
        key=lambda value: -float(str(value["size"])),
    )
    return (
        alt.Chart(_data(values))
        .mark_circle(opacity=0.9, stroke=palette(theme).muted, strokeWidth=1)
        .encode(
            longitude=alt.Longitude("lon:Q"),
            latitude=alt.Latitude("lat:Q"),
            size=alt.Size("size:Q", scale=None),
            fill=alt.Fill("fill:N", scale=None),
        )
    )


def _texts(frame: _Frame) -> dict[str, str]:
    """Names, with the figure where the map shows people; on squares a word a line."""
    measure, rows = frame.drawn.classes.measure, frame.drawn.rows
    counted = measure.unit == "people" and measure.column in rows
    figures = dict(zip(rows["area_code"], measure.values(rows), strict=True)) if counted else {}
    known = {code: number(int(value), frame.lang) for code, value in figures.items() if not pd.isna(value) and not isinf(value)}
    texts = {shape.code: f"{shape.name} {known.get(shape.code, '')}".strip() for shape in frame.shapes}
    return {code: text.replace(" ", "\n") for code, text in texts.items()} if frame.drawn.boundaries.tiles else texts


def _names(frame: _Frame) -> list[Any]:
    """Names beside their points (below or above a circle), first the worst; none overlap.

    A name is written in ink that can be read on its area, over a halo of the area's fill; outside of it on paper.
    """
    classes, shapes, texts = frame.drawn.classes, {shape.code: shape for shape in frame.shapes}, _texts(frame)
    alike: dict[tuple[int, int], list[dict[str, Any]]] = {}  # names of as many lines, moved as far
    for place in _name_places(frame, texts):
        value = _name(place, shapes[place.code], texts[place.code], classes, frame.theme, place.code in frame.sizes)
        alike.setdefault((texts[place.code].count("\n"), place.shift), []).append(value)
    return [
        layer
        for (breaks, shift), values in sorted(alike.items(), key=lambda item: item[0])
        for layer in _lettering(values, shift - breaks * LINE / 2)
    ]


def _name_places(frame: _Frame, texts: Mapping[str, str]) -> list[Place]:
    """Where each name stands, the worst area first; one that finds no room is left out, as is one too wide for its square."""
    boundaries, classes, sizes, degree = frame.drawn.boundaries, frame.drawn.classes, frame.sizes, frame.degree
    shapes = sorted(boundaries.shapes, key=lambda shape: (-classes.item(shape.code).rank, shape.code))
    below = {shape.code: sizes[shape.code] + 9 if shape.code in sizes else 0.0 for shape in shapes}
    if boundaries.tiles:
        shapes = [shape for shape in shapes if fits(texts[shape.code], shape, degree)]
        shifts: dict[str, tuple[int, ...]] = {shape.code: (0,) for shape in shapes}
    else:
        shifts = {code: (0, round(-2 * below[code]), LINE, 2 * LINE) for code in sizes}
    around = {}
    for shape in boundaries.shapes:
        if shape.code in sizes:
            (x, y), r = shape.label, sizes[shape.code] / degree
            around[shape.code] = (x - r, y - r, x + r, y + r)
    named = [(shape.code, texts[shape.code], (shape.label[0], shape.label[1] - below[shape.code] / degree)) for shape in shapes]
    return name_places(named, boundaries.bounds, frame.width, frame.height, shifts=shifts, obstacles=around)


def _lettering(values: Sequence[Mapping[str, Any]], dy: float) -> list[Any]:
    """Names that are moved alike: over their halo, then the marks of classes."""
    base = alt.Chart(_data(values)).encode(longitude=alt.Longitude("lon:Q"), latitude=alt.Latitude("lat:Q"))
    look: dict[str, Any] = {"dy": dy, "fontSize": FONT_SIZE, "lineBreak": "\n", "lineHeight": LINE}
    ink, halo = alt.Color("ink:N", scale=None), alt.Stroke("halo:N", scale=None)
    made = [
        base.mark_text(**look, strokeWidth=3, strokeJoin="round").encode(text=alt.Text("text:N"), stroke=halo, color=ink),
        base.mark_text(**look).encode(text=alt.Text("text:N"), color=ink),
    ]
    signs = [value for value in values if value["mark"]]
    if signs:
        made.append(
            alt.Chart(_data(signs))
            .mark_point(**SIGN)
            .encode(
                longitude=alt.Longitude("sign_lon:Q"),
                latitude=alt.Latitude("sign_lat:Q"),
                shape=alt.Shape("mark:N", scale=None),
                stroke=ink,
            )
        )
    return made


def _name(place: Place, shape: Shape, text: str, classes: Classes, theme: Theme, circled: bool) -> dict[str, Any]:
    """One name as it is drawn: its place, ink and halo, and the mark of its class where that finds room on the area."""
    colours, (west, south, _, north) = palette(theme), place.box
    fill = colours.grid if circled else classes.fill(place.code, theme)
    inside = shapely.box(*place.box).intersection(shape.geometry).area
    on_fill = inside > INSIDE * shapely.box(*place.box).area and not classes.hatched(place.code)
    line = (north - south) / (text.count("\n") + 1)
    spots = ((place.lon, north + line / 2), (place.lon, south - line / 2), (west - line / 2, (south + north) / 2))
    sign = next((spot for spot in spots if shapely.contains_xy(shape.geometry, *spot)), spots[0])
    return {
        "text": text,
        "mark": SHAPES.get(classes.item(place.code).kind, ""),
        "lon": place.lon,
        "lat": place.lat,
        "sign_lon": sign[0],
        "sign_lat": sign[1],
        "ink": readable_on(fill) if on_fill else colours.ink,
        "halo": fill if on_fill else colours.paper,
    }


def _data(values: Sequence[Mapping[str, Any]]) -> Any:
    return alt.Data(values=Values(values))  # type: ignore[no-untyped-call]


def _legend(
    classes: Classes, lang: str, theme: Theme, width: int, *, counts: bool = True, drawn: Collection[str] | None = None
) -> Joined:
    colours = palette(theme)
    rows = legend(classes, lang, theme, drawn)
    texts = [f"{row.label} ({row.areas})" if counts else row.label for row in rows]
    places, height = legend_places(texts, width)
    boxes = [
        {
            "x": x,
            "x2": x + 24,
            "y": y,
            "y2": y + 14,
            "fill": row.colour,
            "text": text,
            "tx": x + 31,
            "ty": y + 7,
            "mark": SHAPES.get(row.kind, ""),
            "mx": x + 12,
            "ink": readable_on(row.colour),
        }
        for row, text, (x, y) in zip(rows, texts, places, strict=True)
    ]
    slants = [
        {"x": x + i, "x2": x + min(i + 14, 24), "y": y + 14, "y2": y + 14 - (min(i + 14, 24) - i)}
        for row, (x, y) in zip(rows, places, strict=True)
        if row.kind in ("none", "older")
        for i in range(0, 24, 5)
    ]
    spots = [
        {"x": x + i, "y": y + j}
        for row, (x, y) in zip(rows, places, strict=True)
        if row.kind == "stale"
        for i in (4, 9.5, 15, 20.5)
        for j in (4, 10)
    ]

    def across(field: str, size: int) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [0, size], "nice": False}}

    x, y = alt.X(**across("x", width)), alt.Y(**{**across("y", height), "sort": "descending"})
    base, hatched = alt.Chart(_data(boxes)), alt.Chart(_data(slants)).mark_rule(color=colours.hatch)
    hatched = hatched.encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"))
    layers = (
        base.mark_rect(stroke=colours.grid).encode(
            x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"), fill=alt.Fill("fill:N", scale=None)
        ),
        *([hatched] if slants else []),
        *(
            [
                alt.Chart(_data(spots))
                .mark_circle(color=colours.muted, size=7, opacity=1)
                .encode(x=alt.X("x:Q", axis=None), y=alt.Y("y:Q", axis=None))
            ]
            if spots
            else []
        ),
        base.mark_text(align="left", color=colours.ink, fontSize=FONT_SIZE).encode(
            x=alt.X("tx:Q", axis=None), y=alt.Y("ty:Q", axis=None), text=alt.Text("text:N")
        ),
        base.transform_filter("datum.mark")
        .mark_point(**SIGN)
        .encode(
            x=alt.X("mx:Q", axis=None),
            y=alt.Y("ty:Q", axis=None),
            shape=alt.Shape("mark:N", scale=None),
            stroke=alt.Color("ink:N", scale=None),
        ),
    )
    return Joined("layer", layers, width=width, height=height)


def _footer(texts: Iterable[str], theme: Theme, width: int) -> Any:
    values = [{"text": text, "line": i} for i, text in enumerate(texts)]
    return (
        alt.Chart(_data(values))
        .mark_text(align="left", x=0, fontSize=11, color=palette(theme).muted)
        .encode(y=alt.Y("line:O", axis=None), text=alt.Text("text:N"))
        .properties(width=width, height=17 * len(values))
    )
