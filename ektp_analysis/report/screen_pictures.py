"""Charts and maps for the screen: one SVG each that takes the theme's colours, with words for the pointer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from xml.etree import ElementTree

from ektp_analysis.report import pictures
from ektp_analysis.report.blocks import Classed, Picture, compose
from ektp_analysis.report.deck import Deck
from ektp_analysis.report.layout import DOWN, Sheet
from ektp_analysis.theme import Theme, palette

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
                found[slide.key] = tuple(_themed(pictures.svg(one), known, f"{slide.key}{i}") for i, one in enumerate(sizes))
    return found


class _Pictured(Sheet[list[dict[str, Any]]]):
    """The picture alone of what stands on a slide, as Vega-Lite; a second one for phones where the first is too wide."""

    def picture(self, block: Picture, width: float) -> list[dict[str, Any]]:
        made: dict[str, Any] = told(pictures.spec(block, self.lang, width, DOWN))
        return [made] if width <= WIDE else [made, _narrow(made)]

    def beside(self, first: list[dict[str, Any]], second: list[dict[str, Any]],
               left: float) -> list[dict[str, Any]]:  # noqa: ARG002 - pictures alone need no places
        return [*first, *second]

    def _none(self, *_part: Any, **_more: Any) -> list[dict[str, Any]]:
        return []

    figure = sentences = grid = key = bars = chances = _none


def _narrow(made: Mapping[str, Any]) -> dict[str, Any]:
    return {**made, "width": int(PHONE * pictures.SLIDE), "height": int(0.8 * PHONE * pictures.SLIDE)}


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
    points = {**layer, "mark": {"type": "rule", "opacity": 0, "strokeWidth": 6},
              "encoding": {key: value for key, value in encoding.items() if key in ("x", "tooltip")}}
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
