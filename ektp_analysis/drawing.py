"""Vega-Lite and SVG drawn as SVG or PNG, aside: the drawing engine holds the interpreter while it works, and dies alone."""

from __future__ import annotations

import contextlib
from typing import Any, Literal

import vl_convert

from ektp_analysis import aside
from ektp_analysis.errors import StoreError
from ektp_analysis.text import T

SECONDS = 120.0  # the largest map on a slow machine takes a tenth of it
Kind = Literal["svg", "png", "svg to png"]
_engine = aside.Aside(__name__)
_EMPTY = '{"mark": "point", "data": {"values": []}}'


def warm() -> None:
    """Let the engine start while something else is done; it takes most of a second."""
    with contextlib.suppress(aside.Broken):  # the first picture will say so
        _engine.start()


def drawn(kind: Kind, source: str, scale: float = 1) -> bytes:
    """A Vega-Lite chart (JSON) as SVG or PNG, or an SVG as PNG; one that dies on the way is tried once more.

    Raises:
        ValueError: the source is not what it should be.
        StoreError: the engine cannot be started, or died twice.
    """
    for left in (1, 0):
        warm()
        try:
            return bytes(_engine.ask((kind, source, scale), SECONDS))
        except aside.Broken as error:
            if not left:
                raise StoreError(T("The pictures cannot be drawn: {reason}.", reason=str(error))) from error
    raise AssertionError


def serve() -> None:
    """The engine itself."""
    vl_convert.vegalite_to_svg(_EMPTY)  # the first chart is the slow one
    aside.serve(_draw)


def _draw(request: tuple[Kind, str, float], _tell: Any) -> bytes:
    kind, source, scale = request
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(source)).encode()
    return bytes((vl_convert.svg_to_png if kind == "svg to png" else vl_convert.vegalite_to_png)(source, scale=scale))
