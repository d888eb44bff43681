"""What every Vega-Lite picture shares: type, colours, Indonesian numbers and dates; and its export as PNG or SVG."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import vl_convert

from ektp_analysis.core import aside
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.text import T
from ektp_analysis.core.theme import FONT, RAMP, Theme, palette

# d3 locale definitions; Vega carries en-US only.
_NUMBERS: Mapping[str, Mapping[str, Any]] = {
    "id": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""], "percent": "\N{NO-BREAK SPACE}%"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["Rp", ""]},
}
_DAYS_ID = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"]
_MONTHS_ID = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
_SHORT_ID = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
_DAYS_EN = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _times(days: list[str], months: list[str], short: list[str]) -> Mapping[str, Any]:
    return {
        "dateTime": "%A %e %B %Y %X",
        "date": "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["", ""],
        "days": days,
        "shortDays": [name[:3] for name in days],
        "months": months,
        "shortMonths": short,
    }


_TIMES = {"id": _times(_DAYS_ID, _MONTHS_ID, _SHORT_ID), "en": _times(_DAYS_EN, _MONTHS_EN, [name[:3] for name in _MONTHS_EN])}


class Values:
    """The rows of a chart, handed through Altair as they are: it would copy and search them at every step of a chart."""

    _schema: ClassVar[Mapping[str, Any]] = {"type": "array"}  # by this Altair knows what has a ``to_dict``

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = list(rows)

    def to_dict(self) -> list[Any]:
        """The rows themselves."""
        return self._rows


def config(theme: Theme, lang: str) -> dict[str, Any]:
    """The ``config`` of a picture: transparent ground, quiet axes, the theme's ink, the language's locale."""
    colours = palette(theme)
    text = {
        "labelColor": colours.muted,
        "titleColor": colours.muted,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return {
        "background": "transparent",
        "font": FONT,
        "locale": {"number": _NUMBERS[lang], "time": _TIMES[lang]},
        "view": {"stroke": None},
        "range": {"ramp": list(RAMP)},
        "axis": {
            **text,
            "gridColor": colours.grid,
            "domainColor": colours.grid,
            "tickColor": colours.grid,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
        },
        "axisX": {"grid": False, "domain": True, "ticks": True},
        "legend": text,
        "header": text,
        "title": {
            "color": colours.ink,
            "fontSize": 16,
            "fontWeight": 600,
            "anchor": "start",
            "offset": 14,
            "subtitleColor": colours.muted,
            "subtitleFontSize": 12,
            "subtitlePadding": 5,
        },
        "text": {"color": colours.ink, "fontSize": 12},
    }


def as_png(chart: Any, *, theme: Theme = "light", scale: float = 2) -> bytes:
    """A chart (or its dict) as PNG on the theme's paper, drawn on this machine without a browser."""
    return drawn("png", _on_paper(chart, theme), scale)


def as_svg(chart: Any, *, theme: Theme = "light") -> str:
    """A chart (or its dict) as SVG on the theme's paper."""
    return drawn("svg", _on_paper(chart, theme)).decode()


def _on_paper(chart: Any, theme: Theme) -> str:
    spec = dict(chart if isinstance(chart, dict) else chart.to_dict(validate=False))
    spec["background"] = palette(theme).paper
    spec.setdefault("padding", 16)
    if spec.get("width") == "container":
        spec["width"] = 860
    return json.dumps(spec)


SECONDS = 120.0  # the largest map on a slow machine takes a tenth of it
Kind = Literal["svg", "png", "svg to png"]
_engine = aside.Aside(__name__)
_EMPTY = '{"mark": "point", "data": {"values": []}}'


def warm() -> None:
    """Let the engine start while something else is done; it takes most of a second."""
    with contextlib.suppress(aside.Broken):  # the first picture will say so
        _engine.start()


def drawn(kind: Kind, source: str, scale: float = 1, *, seconds: float | None = None) -> bytes:
    """A Vega-Lite chart (JSON) as SVG or PNG, or an SVG as PNG; one that dies on the way is tried once more, but not one of
    which is said how many ``seconds`` it may take.

    Raises:
        ValueError: the source is not what it should be.
        StoreError: the engine cannot be started, or died twice.
    """
    for left in (1, 0) if seconds is None else (0,):
        warm()
        try:
            return bytes(_engine.ask((kind, source, scale), seconds or SECONDS))
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
