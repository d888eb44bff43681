"""Charts and maps as pictures of a given size in inches, whose smallest text is as large as the paper asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from xml.etree import ElementTree

from ektp_analysis.charts import drawing
from ektp_analysis.charts.axes import Look, Mark, unchecked
from ektp_analysis.charts.over_time import fan, trend
from ektp_analysis.charts.projected import dot_chart
from ektp_analysis.charts.team_days import ROW, calendar_chart
from ektp_analysis.core.text import T
from ektp_analysis.core.theme import Theme, palette
from ektp_analysis.maps.lettering import FONT_SIZE
from ektp_analysis.maps.picture import static_map
from ektp_analysis.maps.seen import AreaMap, Caption
from ektp_analysis.planning import frames
from ektp_analysis.report.blocks import Classed, Dots, Fan, Map, Picture, Teams, Trend, compose, draw
from ektp_analysis.report.deck import Deck
from ektp_analysis.report.fitting import DOWN, Sheet

SLIDE, PAPER = 48, 96  # pixels an inch: text of 12 pixels is 18 points on a slide, 9 points on paper
SHARP = 3  # dots for each of these pixels: sharp on a large screen


@unchecked
def spec(block: Picture, lang: str, width: float, height: float, *, pixels: int = SLIDE) -> dict[str, Any]:
    """The chart of a block as Vega-Lite, ``width`` by at most ``height`` inches at so many pixels an inch."""
    return _legible(draw(block, _Charts(lang, int(width * pixels), int(height * pixels))))


class _Charts:
    """Pictures as Vega-Lite, ``wide`` by at most ``high`` pixels."""

    def __init__(self, lang: str, wide: int, high: int) -> None:
        self._lang, self._wide, self._high = lang, wide, high

    def trend(self, block: Trend) -> dict[str, Any]:
        return self._sized(trend(block.history, Look(self._lang), target=block.target, along=block.along))

    def fan(self, block: Fan) -> dict[str, Any]:
        look, found = Look(self._lang, height=self._high), block.projection
        return self._sized(fan(block.history, found.fan(), look, target=found, along=block.along))

    def dots(self, block: Dots) -> dict[str, Any]:
        by = None if block.by is None else Mark(block.by[0], T("{date}", date=block.by[0]))
        return self._sized(dot_chart(block.projection, Look(self._lang, height=self._high), by=by))

    def map(self, block: Map) -> dict[str, Any]:
        """The map alone: its title, legend and footnotes are text beside it."""
        west, south, east, north = block.boundaries.bounds
        wide = int(max(min(self._wide - 14, (self._high - 14) * (east - west) / (north - south)), 120))
        drawn = AreaMap(block.boundaries, block.classes, block.rows)
        whole = static_map(drawn, Caption("", ""), lang=self._lang, width=wide).to_dict(validate=False)
        kept = {key: value for key, value in whole.items() if key not in ("vconcat", "title", "spacing")}
        found = {**kept, **whole["vconcat"][0], "padding": 4}
        found["height"] = min(found["height"], self._high - 14)
        return found

    def teams(self, block: Teams) -> dict[str, Any]:
        """The calendar, no higher than its teams take."""
        asked = block.plan.request
        drawn = self._sized(calendar_chart(frames.calendar(block.plan), asked.start, asked.by, Look(self._lang)))
        drawn["height"] = min(self._high, ROW * max(asked.able, 1) + 60)
        return drawn

    def _sized(self, drawn: Any) -> dict[str, Any]:
        found: dict[str, Any] = drawn.to_dict(validate=False)
        found.update(width=self._wide, height=self._high, autosize={"type": "fit", "contains": "padding"}, padding=4)
        return found


def png(found: dict[str, Any]) -> bytes:
    """The picture as PNG."""
    return drawing.as_png(found, scale=SHARP)


def svg(found: dict[str, Any]) -> str:
    """The picture as SVG."""
    return drawing.as_svg(found)


_SIZES = ("fontSize", "labelFontSize", "titleFontSize", "subtitleFontSize")


def _legible(found: dict[str, Any]) -> dict[str, Any]:
    """The same with no text below the usual size."""

    def raised(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: of(key, one) for key, one in value.items()}
        return [raised(one) for one in value] if isinstance(value, list) else value

    def of(key: str, one: Any) -> Any:
        if key == "values":  # rows and the points of a map: most of a chart, and no text has its size there
            return one
        return max(one, FONT_SIZE) if key in _SIZES and isinstance(one, (int, float)) else raised(one)

    whole: dict[str, Any] = json.loads(json.dumps(raised(found), default=str))
    return whole


WIDE = 8  # inches above which a picture needs another for phones
PHONE = 7.4  # inches at which a picture's text has its full size on a phone
SEPARATOR = "\N{INVISIBLE SEPARATOR}"  # begins each line of what is said at the pointer
WHITE_LETTERS = ("text", "#ffffff")  # they stand on a dark area, in both themes
_NAMESPACES = (' xmlns="http://www.w3.org/2000/svg"', ' xmlns:xlink="http://www.w3.org/1999/xlink"')


def colours(deck: Deck) -> dict[str, str]:
    """Every colour of the light theme that the slides may use -> the same in the dark theme."""
    found: dict[str, str] = {}
    light, dark = palette("light"), palette("dark")
    for field in fields(light):  # two names may share a light colour; the first, which pictures draw with, decides
        found.setdefault(getattr(light, field.name), getattr(dark, field.name))
    for classes in (block.classes for slide in deck.slides for block in slide.blocks if isinstance(block, Classed)):
        for item in classes.items:
            by: dict[Theme, str] = {theme: classes.colour(item, theme) for theme in ("light", "dark")}
            found.setdefault(by["light"], by["dark"])
    return found


def variable(colour: str) -> str:
    """The CSS variable that holds a colour of :func:`colours` in the theme on screen."""
    return f"var(--h{colour.removeprefix('#')})"


def drawn(deck: Deck, lang: str) -> dict[str, tuple[str, ...]]:
    """By slide: its picture as SVG, and the one for phones where that has to be another."""
    known, found = colours(deck), {}
    for slide in deck.slides:
        for block in slide.blocks:
            sizes = compose(block, _Pictured(lang))
            if sizes:
                found[slide.key] = tuple(_themed(svg(one), known, f"{slide.key}{i}") for i, one in enumerate(sizes))
    return found


class _Pictured(Sheet[list[dict[str, Any]]]):
    """The picture alone of what stands on a slide, as Vega-Lite; a second one for phones where the first is too wide."""

    def picture(self, block: Picture, width: float) -> list[dict[str, Any]]:
        made: dict[str, Any] = told(spec(block, self.lang, width, DOWN))
        return [made] if width <= WIDE else [made, _narrow(made)]

    def beside(self, first: list[dict[str, Any]], second: list[dict[str, Any]], left: float) -> list[dict[str, Any]]:  # noqa: ARG002 - pictures alone need no places
        return [*first, *second]

    def _none(self, *_part: Any, **_more: Any) -> list[dict[str, Any]]:
        return []

    figure = sentences = grid = key = bars = chances = _none


def _narrow(made: Mapping[str, Any]) -> dict[str, Any]:
    return {**made, "width": int(PHONE * SLIDE), "height": int(0.8 * PHONE * SLIDE)}


def told(part: Any) -> Any:
    """The same Vega-Lite, where each mark that has tooltips has them as its description; a line has them at every point."""
    if isinstance(part, list):
        return [told(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = dict(part)
    if isinstance(made.get("layer"), list):
        made["layer"] = [one for layer in made["layer"] for one in _apart(layer)]
    tips = made.get("encoding", {}).get("tooltip")
    if isinstance(tips, list) and "mark" in made:
        said = {"calculate": " + ".join(_tip(tip) for tip in tips), "as": "told"}
        made["transform"] = [*made.get("transform", []), said]
        made["encoding"] = {**made["encoding"], "description": {"field": "told", "type": "nominal"}}
    return {key: told(value) if key in ("layer", "hconcat", "vconcat", "concat") else value for key, value in made.items()}


def _tip(tip: Mapping[str, Any]) -> str:
    """One line of a tooltip as a Vega expression."""
    title = str(tip.get("title", "")).strip()
    return f"{json.dumps(SEPARATOR + (title + ': ' if title else ''))} + datum[{json.dumps(tip['field'])}]"


def _apart(layer: Any) -> list[Any]:
    """A line with tooltips as the line without, and unseen upright lines at its points that have them."""
    kind, encoding = (layer.get("mark"), layer.get("encoding", {})) if isinstance(layer, dict) else (None, {})
    if not isinstance(kind, dict) or kind.get("type") != "line" or "tooltip" not in encoding:
        return [layer]
    points = {
        **layer,
        "mark": {"type": "rule", "opacity": 0, "strokeWidth": 6},
        "encoding": {key: value for key, value in encoding.items() if key in ("x", "tooltip")},
    }
    return [{**layer, "encoding": {key: value for key, value in encoding.items() if key != "tooltip"}}, points]


def _themed(svg: str, known: Mapping[str, str], name: str) -> str:
    """The SVG for an HTML page: colours as variables, names of its own, and of Vega's labels only what we said."""
    for namespace in _NAMESPACES:
        svg = svg.replace(namespace, "", 1)
    root = ElementTree.fromstring(svg)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    for one in root.iter():
        said = one.attrib.get("aria-label", "")
        for key in [key for key in one.attrib if key.startswith("aria-") or key in ("role", "class")]:
            del one.attrib[key]
        if said.startswith(SEPARATOR):
            one.set("data-tip", said[1:])
        for key, value in list(one.attrib.items()):
            if key == "id":
                one.set(key, f"{name}-{value}")
            elif value.startswith("url(#"):
                one.set(key, value.replace("url(#", f"url(#{name}-", 1))
            elif value in known and (key == "stroke" or (key == "fill" and (one.tag, value) != WHITE_LETTERS)):
                one.set(key, variable(value))
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return ElementTree.tostring(root, encoding="unicode")
