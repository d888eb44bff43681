"""The map as a picture for paper and slides: finding, map, legend, source, day and credit in one Vega-Lite chart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping

from ektp_analysis.area import register
from ektp_analysis.boundaries import Boundaries, Shape
from ektp_analysis.choropleth.layout import (
    FONT_SIZE,
    LETTER,
    LINE,
    Place,
    degree_in_pixels,
    legend_places,
    name_places,
    radii,
)
from ektp_analysis.choropleth.legend import legend, undrawn
from ektp_analysis.choropleth.words import NOTHING, TILES, lines
from ektp_analysis.classes import Classes
from ektp_analysis.i18n import day as day_text
from ektp_analysis.i18n import number, render
from ektp_analysis.text import TN, T, Text
from ektp_analysis.theme import Theme, palette, readable_on
from ektp_analysis.vega import Values, config

MOST_DAYS = 12
MOST_MISSING = 6  # areas without an outline that are named
HATCH_LINES = 110  # across the map
DOT = 1.2  # pixels
INSIDE = 0.8  # of a name must lie on its area to be written for it
# The marks of the legend as paths: a picture must not depend on a font that has the sign.
SHAPES: Mapping[str, str] = {"done": "M-0.8,0L-0.25,0.6L0.8,-0.7", "over": "M-0.7,0.6L0,-0.7L0.7,0.6Z"}
SIGN: dict[str, Any] = {"filled": False, "size": 60, "strokeWidth": 2, "opacity": 1}


def static_map(boundaries: Boundaries, classes: Classes, rows: pd.DataFrame, *, title: Text | str, source: Text | str,
               lang: str, theme: Theme = "light", note: Text | None = None, width: int = 900, circles: bool = False,
               largest: int | None = None) -> Any:
    """A chart that says everything about itself: ``title`` is the finding, ``source`` says where figures come from.

    ``note`` (a sample, a model) stands under the title; the day comes from ``rows``, the credit from the boundaries.
    ``circles`` and ``largest`` as for the map of the page.
    """
    west, south, east, north = boundaries.bounds
    height = int(min(max(width * (north - south) / (east - west), 200), 720))
    sizes = radii(rows, largest) if circles else {}
    shown = alt.vconcat(
        _map(boundaries, classes, rows, lang, theme, width, height, sizes),
        _legend(classes, lang, theme, width, drawn=boundaries.codes),
        _footer([*missing(boundaries, classes, lang), *footnotes(boundaries, rows, source, lang)], theme, width), spacing=6)
    return _titled(shown, classes, title, note, lang, theme)


def small_multiples(boundaries: Boundaries, days: Mapping[date, tuple[Classes, pd.DataFrame]], *, title: Text | str,
                    source: Text | str, lang: str, theme: Theme = "light", note: Text | None = None, columns: int = 3,
                    width: int = 300) -> Any:
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
    maps = [_fills(boundaries, classes, rows, lang, theme, {}).project(type="mercator", pointRadius=DOT).properties(
        width=width, height=height, title=alt.TitleParams(day_text(day, lang), fontSize=13, fontWeight="normal", offset=4))
        for day, (classes, rows) in sorted(days.items())]
    whole = columns * (width + 20)
    every = pd.concat([rows for _classes, rows in days.values()])
    shown = alt.vconcat(alt.concat(*maps, columns=columns, spacing=20), _legend(latest, lang, theme, whole, counts=False),
                        _footer(footnotes(boundaries, every, source, lang), theme, whole), spacing=10)
    return _titled(shown, latest, title, note, lang, theme)


def _titled(shown: Any, classes: Classes, title: Text | str, note: Text | None, lang: str, theme: Theme) -> Any:
    subtitle = [render(classes.measure.label, lang)] + ([render(note, lang)] if note else [])
    padding = dict.fromkeys(("left", "right", "top", "bottom"), 16)
    return shown.properties(title=alt.TitleParams(render(title, lang), subtitle=subtitle), padding=padding).configure(
        **config(theme, lang))


def _map(boundaries: Boundaries, classes: Classes, rows: pd.DataFrame, lang: str, theme: Theme, width: int,
         height: int, sizes: Mapping[str, float]) -> Any:
    names = _names(boundaries, classes, _texts(boundaries, classes, rows, lang), theme, width, height, sizes)
    layers = [_fills(boundaries, classes, rows, lang, theme, sizes),
              *([_circles(boundaries, classes, sizes, theme)] if sizes else []), *names]
    return alt.layer(*layers).project(type="mercator", pointRadius=DOT).properties(width=width, height=height)


def _fills(boundaries: Boundaries, classes: Classes, rows: pd.DataFrame, lang: str, theme: Theme,
           sizes: Mapping[str, float]) -> Any:
    """The areas, the hatch over those without data, and the dots over those with too old a figure."""
    colours, said = palette(theme), lines(rows, classes)
    areas = [{"type": "Feature", "geometry": mapping(shape.geometry), "code": shape.code, "name": shape.name,
              "class": classes.item(shape.code).key,
              "fill": colours.grid if shape.code in sizes else classes.fill(shape.code, theme),
              "said": "; ".join(render(line, lang) for line in said.get(shape.code, NOTHING))}
             for shape in boundaries.shapes]
    step = (boundaries.bounds[2] - boundaries.bounds[0]) / HATCH_LINES
    strokes, points = ([{"type": "Feature", "geometry": mapping(made(shape, step))} for shape in boundaries.shapes
                        if classes.item(shape.code).kind == kind] for kind, made in (("none", hatch), ("stale", dots)))
    fills = alt.Chart(_data(areas)).mark_geoshape(stroke=colours.outline, strokeWidth=1).encode(
        fill=alt.Fill("fill:N", scale=None),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("said:N", title="  ")])
    lines_over = [alt.Chart(_data(strokes)).mark_geoshape(filled=False, stroke=colours.hatch, strokeWidth=1)]
    dots_over = [alt.Chart(_data(points)).mark_geoshape(filled=True, color=colours.muted, stroke=None)]
    return alt.layer(fills, *(lines_over if strokes else []), *(dots_over if points else []))


def _circles(boundaries: Boundaries, classes: Classes, sizes: Mapping[str, float], theme: Theme) -> Any:
    values = sorted(({"lon": shape.label[0], "lat": shape.label[1], "size": 3.1416 * sizes[shape.code] ** 2,
                      "fill": classes.fill(shape.code, theme), "code": shape.code}
                     for shape in boundaries.shapes if shape.code in sizes), key=lambda value: -float(str(value["size"])))
    return alt.Chart(_data(values)).mark_circle(opacity=0.9, stroke=palette(theme).muted, strokeWidth=1).encode(
        longitude="lon:Q", latitude="lat:Q", size=alt.Size("size:Q", scale=None), fill=alt.Fill("fill:N", scale=None))


def _texts(boundaries: Boundaries, classes: Classes, rows: pd.DataFrame, lang: str) -> dict[str, str]:
    """Names, with the figure where the map shows people; on squares a word a line."""
    column = classes.measure.column
    figures = dict(zip(rows["area_code"], rows[column], strict=True)) if (
        classes.measure.unit == "people" and column in rows) else {}
    known = {code: number(int(value), lang) for code, value in figures.items() if not pd.isna(value)}
    texts = {shape.code: f"{shape.name} {known.get(shape.code, '')}".strip() for shape in boundaries.shapes}
    return {code: text.replace(" ", "\n") for code, text in texts.items()} if boundaries.tiles else texts


def _names(boundaries: Boundaries, classes: Classes, texts: Mapping[str, str], theme: Theme, width: int, height: int,
           sizes: Mapping[str, float]) -> list[Any]:
    """Names beside their points (below or above a circle), first the worst; none overlap.

    A name is written in ink that can be read on its area, over a halo of the area's fill; outside of it on paper.
    """
    shapes = {shape.code: shape for shape in sorted(
        boundaries.shapes, key=lambda shape: (-classes.item(shape.code).rank, shape.code))}
    degree = degree_in_pixels(boundaries.bounds, width, height)
    below = {code: sizes[code] + 9 if code in sizes else 0.0 for code in shapes}
    points = {code: (shape.label[0], shape.label[1] - below[code] / degree) for code, shape in shapes.items()}
    around = {code: (x - r, y - r, x + r, y + r) for code, (x, y), r in (
        (code, shapes[code].label, size / degree) for code, size in sizes.items() if code in shapes)}
    shifts: dict[str, tuple[int, ...]] = {code: (0, round(-2 * below[code]), LINE, 2 * LINE) for code in sizes}
    if boundaries.tiles:  # a name that does not fit on its square is left out
        texts = {code: text for code, text in texts.items() if _fits(text, shapes[code], degree)}
        shifts = dict.fromkeys(texts, (0,))
    places = name_places([(code, texts[code], points[code]) for code in shapes if code in texts], boundaries.bounds, width,
                         height, shifts=shifts, obstacles=around)
    made = []
    for lines_, shift in sorted({(texts[place.code].count("\n"), place.shift) for place in places}):
        values = [_name(place, shapes[place.code], texts[place.code], classes, theme, place.code in sizes) for place in places
                  if (texts[place.code].count("\n"), place.shift) == (lines_, shift)]
        base = alt.Chart(_data(values)).encode(longitude="lon:Q", latitude="lat:Q")
        look: dict[str, Any] = {"dy": shift - lines_ * LINE / 2, "fontSize": FONT_SIZE, "lineBreak": "\n", "lineHeight": LINE}
        ink, halo = alt.Color("ink:N", scale=None), alt.Stroke("halo:N", scale=None)
        made += [base.mark_text(**look, strokeWidth=3, strokeJoin="round").encode(text="text:N", stroke=halo, color=ink),
                 base.mark_text(**look).encode(text="text:N", color=ink)]
        signs = [value for value in values if value["mark"]]
        made += [alt.Chart(_data(signs)).mark_point(**SIGN).encode(
            longitude="sign_lon:Q", latitude="sign_lat:Q", shape=alt.Shape("mark:N", scale=None), stroke=ink)] if signs else []
    return made


def _fits(text: str, shape: Shape, degree: float) -> bool:
    west, south, east, north = shape.geometry.bounds
    rows = text.split("\n")
    return bool(max(map(len, rows)) * LETTER <= 1.1 * (east - west) * degree and len(rows) * LINE <= (north - south) * degree)


def _name(place: Place, shape: Shape, text: str, classes: Classes, theme: Theme, circled: bool) -> dict[str, Any]:
    """One name as it is drawn: its place, ink and halo, and the mark of its class where that finds room on the area."""
    colours, (west, south, _, north) = palette(theme), place.box
    fill = colours.grid if circled else classes.fill(place.code, theme)
    inside = shapely.box(*place.box).intersection(shape.geometry).area
    on_fill = inside > INSIDE * shapely.box(*place.box).area and not classes.hatched(place.code)
    line = (north - south) / (text.count("\n") + 1)
    spots = ((place.lon, north + line / 2), (place.lon, south - line / 2), (west - line / 2, (south + north) / 2))
    sign = next((spot for spot in spots if shapely.contains_xy(shape.geometry, *spot)), spots[0])
    return {"text": text, "mark": SHAPES.get(classes.item(place.code).kind, ""), "lon": place.lon, "lat": place.lat,
            "sign_lon": sign[0], "sign_lat": sign[1], "ink": readable_on(fill) if on_fill else colours.ink,
            "halo": fill if on_fill else colours.paper}


def _data(values: Sequence[Mapping[str, Any]]) -> Any:
    return alt.Data(values=Values(values))  # type: ignore[no-untyped-call]


def hatch(shape: Shape, step: float) -> Any:
    """Parallel slanting lines that fill a shape, ``step`` degrees apart: a hatch for a format that has none."""
    west, south, east, north = shape.geometry.bounds
    rise, first = north - south, int((west - (north - south)) / step)
    slants = shapely.MultiLineString([[(step * i, south), (step * i + rise, north)]
                                      for i in range(first, int(east / step) + 1)] or [[(west, south), (east, north)]])
    return slants.intersection(shape.geometry)


def dots(shape: Shape, step: float) -> Any:
    """Points in rows that fill a shape, two ``step`` degrees apart: too old a figure, told from no data on grey paper too."""
    west, south, east, north = shape.geometry.bounds
    x, y = np.meshgrid(np.arange(west, east, 2 * step) + step, np.arange(south, north, 2 * step) + step)
    inside = shapely.contains_xy(shape.geometry, x, y)
    return shapely.MultiPoint(np.c_[x[inside], y[inside]] if inside.any() else [shape.label])


def _legend(classes: Classes, lang: str, theme: Theme, width: int, *, counts: bool = True,
            drawn: Collection[str] | None = None) -> Any:
    colours = palette(theme)
    rows = legend(classes, lang, theme, drawn)
    texts = [f"{row.label} ({row.areas})" if counts else row.label for row in rows]
    places, height = legend_places(texts, width)
    boxes = [{"x": x, "x2": x + 24, "y": y, "y2": y + 14, "fill": row.colour, "text": text, "tx": x + 31, "ty": y + 7,
              "mark": SHAPES.get(row.kind, ""), "mx": x + 12, "ink": readable_on(row.colour)}
             for row, text, (x, y) in zip(rows, texts, places, strict=True)]
    slants = [{"x": x + i, "x2": x + min(i + 14, 24), "y": y + 14, "y2": y + 14 - (min(i + 14, 24) - i)}
              for row, (x, y) in zip(rows, places, strict=True) if row.kind == "none" for i in range(0, 24, 5)]
    spots = [{"x": x + i, "y": y + j} for row, (x, y) in zip(rows, places, strict=True) if row.kind == "stale"
             for i in (4, 9.5, 15, 20.5) for j in (4, 10)]

    def across(field: str, size: int) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [0, size], "nice": False}}

    x, y = alt.X(**across("x", width)), alt.Y(**{**across("y", height), "sort": "descending"})
    base = alt.Chart(_data(boxes))
    return alt.layer(
        base.mark_rect(stroke=colours.grid).encode(x=x, x2="x2:Q", y=y, y2="y2:Q", fill=alt.Fill("fill:N", scale=None)),
        *([alt.Chart(_data(slants)).mark_rule(color=colours.hatch).encode(x=x, x2="x2:Q", y=y, y2="y2:Q")]
          if slants else []),
        *([alt.Chart(_data(spots)).mark_circle(color=colours.muted, size=7, opacity=1).encode(
            x=alt.X("x:Q", axis=None), y=alt.Y("y:Q", axis=None))] if spots else []),
        base.mark_text(align="left", color=colours.ink, fontSize=FONT_SIZE).encode(
            x=alt.X("tx:Q", axis=None), y=alt.Y("ty:Q", axis=None), text="text:N"),
        base.transform_filter("datum.mark").mark_point(**SIGN).encode(
            x=alt.X("mx:Q", axis=None), y=alt.Y("ty:Q", axis=None), shape=alt.Shape("mark:N", scale=None),
            stroke=alt.Color("ink:N", scale=None)),
    ).properties(width=width, height=height)


def missing(boundaries: Boundaries, classes: Classes, lang: str) -> list[str]:
    """A line that names the areas without an outline, with the people whom the map so leaves out; none where all are drawn."""
    left = undrawn(classes, boundaries.codes)
    if not left:
        return []
    people = classes.people
    names = [register().name(code) + (f" ({number(people[code], lang)})" if code in people else "") for code in left]
    listed = ", ".join(names[:MOST_MISSING]) + (" …" if len(names) > MOST_MISSING else "")
    return [render(TN("{n} area without an outline, not on the map: {areas}", "{n} areas without an outline, not on the map: "
                      "{areas}", n=len(left), areas=listed), lang)]


def footnotes(boundaries: Boundaries, rows: pd.DataFrame, source: Text | str, lang: str) -> Sequence[str]:
    """Day and source of the figures, and the credit of the boundaries (of tiles: what they are)."""
    days = sorted({day.date() for day in rows["as_of_date"].dropna()})
    when = [] if not days else [T("As of {day}", day=days[0])] if len(days) == 1 else [
        T("As of {first} to {last}", first=days[0], last=days[-1])]
    about = " · ".join(render(text, lang) for text in [*when, T("Source: {source}", source=source)])
    return [about, render(TILES if boundaries.tiles else boundaries.credited, lang)]


def _footer(texts: Iterable[str], theme: Theme, width: int) -> Any:
    values = [{"text": text, "line": i} for i, text in enumerate(texts)]
    return alt.Chart(_data(values)).mark_text(
        align="left", x=0, fontSize=11, color=palette(theme).muted).encode(
        y=alt.Y("line:O", axis=None), text="text:N").properties(width=width, height=17 * len(values))
