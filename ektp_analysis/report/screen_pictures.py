"""Charts and maps for the screen: one SVG each that takes the theme's colours, with words for the pointer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import fields
from typing import Any
from xml.etree import ElementTree

from ektp_analysis.classes import Classes
from ektp_analysis.report import pictures
from ektp_analysis.report.deck import Deck, Dots, Fan, Map, Ranking, Trend
from ektp_analysis.report.layout import BOTTOM, MARGIN, TOP, WIDTH
from ektp_analysis.theme import Theme, palette

ACROSS, DOWN = WIDTH - 2 * MARGIN, BOTTOM - TOP - 0.1  # inches
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
    for classes in _classes(deck):
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
            if isinstance(block, (Trend, Fan, Dots, Map)):
                width = {Trend: 6.9, Map: 8.0}.get(type(block), 6.6 if isinstance(block, Dots) and block.chances else ACROSS)
                made = pictures.spec(block, lang, width, DOWN)
                told(made)
                sizes = [made] if width <= 8 else [made, _narrow(made)]
                found[slide.key] = tuple(_themed(pictures.svg(one), known, f"{slide.key}{i}") for i, one in enumerate(sizes))
    return found


def _classes(deck: Deck) -> Iterable[Classes]:
    return (block.classes for slide in deck.slides for block in slide.blocks if isinstance(block, (Map, Ranking)))


def _narrow(made: Mapping[str, Any]) -> dict[str, Any]:
    return {**made, "width": int(PHONE * pictures.SLIDE), "height": int(0.8 * PHONE * pictures.SLIDE)}


def told(part: Any) -> None:
    """In a Vega-Lite chart, each mark that has tooltips gets them as its description; a line gets them at every point."""
    if isinstance(part, list):
        for one in part:
            told(one)
        return
    if not isinstance(part, dict):
        return
    if isinstance(part.get("layer"), list):
        part["layer"] = [made for layer in part["layer"] for made in (layer, *_points_of(layer))]
    tips = part.get("encoding", {}).get("tooltip")
    if isinstance(tips, list) and "mark" in part:
        lines = [f"{json.dumps(SEPARATOR + (title + ': ' if (title := str(tip.get('title', '')).strip()) else ''))}"
                 f" + datum[{json.dumps(tip['field'])}]" for tip in tips]
        part["transform"] = [*part.get("transform", []), {"calculate": " + ".join(lines), "as": "told"}]
        part["encoding"]["description"] = {"field": "told", "type": "nominal"}
    for key in ("layer", "hconcat", "vconcat", "concat"):
        told(part.get(key))


def _points_of(layer: Any) -> list[dict[str, Any]]:
    """For a line with tooltips: unseen upright lines at its points, and the line itself without."""
    kind = layer.get("mark") if isinstance(layer, dict) else None
    if not isinstance(kind, dict) or kind.get("type") != "line" or "tooltip" not in layer.get("encoding", {}):
        return []
    points = deepcopy(layer)
    points["mark"] = {"type": "rule", "opacity": 0, "strokeWidth": 6}
    points["encoding"] = {key: value for key, value in points["encoding"].items() if key in ("x", "tooltip")}
    del layer["encoding"]["tooltip"]
    return [points]


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
