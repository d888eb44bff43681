"""Charts and maps as pictures of a given size in inches, whose smallest text is as large as the paper asks."""

from __future__ import annotations

import json
from typing import Any

from ektp_analysis import charts, choropleth, vega
from ektp_analysis.charts import Mark
from ektp_analysis.choropleth.layout import FONT_SIZE
from ektp_analysis.report.blocks import Dots, Fan, Map, Picture, Trend, draw
from ektp_analysis.text import T

SLIDE, PAPER = 48, 96  # pixels an inch: text of 12 pixels is 18 points on a slide, 9 points on paper


def spec(block: Picture, lang: str, width: float, height: float, *, pixels: int = SLIDE) -> dict[str, Any]:
    """The chart of a block as Vega-Lite, ``width`` by at most ``height`` inches at so many pixels an inch."""
    with charts.unchecked():
        return _legible(draw(block, _Charts(lang, int(width * pixels), int(height * pixels))))


class _Charts:
    """Pictures as Vega-Lite, ``wide`` by at most ``high`` pixels."""

    def __init__(self, lang: str, wide: int, high: int) -> None:
        self._lang, self._wide, self._high = lang, wide, high

    def trend(self, block: Trend) -> dict[str, Any]:
        return self._sized(charts.trend(block.history, charts.Look(self._lang), target=block.target))

    def fan(self, block: Fan) -> dict[str, Any]:
        return self._sized(charts.fan(block.history, block.projection.fan(), charts.Look(self._lang, height=self._high),
                                      target=block.projection))

    def dots(self, block: Dots) -> dict[str, Any]:
        by = None if block.by is None else Mark(block.by[0], T("{date}", date=block.by[0]))
        return self._sized(charts.dots(block.projection, charts.Look(self._lang, height=self._high), by=by))

    def map(self, block: Map) -> dict[str, Any]:
        """The map alone: its title, legend and footnotes are text beside it."""
        west, south, east, north = block.boundaries.bounds
        wide = int(max(min(self._wide - 14, (self._high - 14) * (east - west) / (north - south)), 120))
        drawn = choropleth.AreaMap(block.boundaries, block.classes, block.rows)
        whole = choropleth.static_map(drawn, choropleth.Caption("", ""), lang=self._lang, width=wide).to_dict(validate=False)
        kept = {key: value for key, value in whole.items() if key not in ("vconcat", "title", "spacing")}
        found = {**kept, **whole["vconcat"][0], "padding": 4}
        found["height"] = min(found["height"], self._high - 14)
        return found

    def _sized(self, drawn: Any) -> dict[str, Any]:
        found: dict[str, Any] = drawn.to_dict(validate=False)
        found.update(width=self._wide, height=self._high, autosize={"type": "fit", "contains": "padding"}, padding=4)
        return found


def png(found: dict[str, Any]) -> bytes:
    """The picture as PNG, sharp on a large screen."""
    return vega.png(found, scale=3)


def svg(found: dict[str, Any]) -> str:
    """The picture as SVG."""
    return vega.svg(found)


def _legible(found: dict[str, Any]) -> dict[str, Any]:
    """The same with no text below the usual size."""
    def raised(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: max(one, FONT_SIZE) if key in ("fontSize", "labelFontSize", "titleFontSize", "subtitleFontSize")
                    and isinstance(one, (int, float)) else raised(one) for key, one in value.items()}
        return [raised(one) for one in value] if isinstance(value, list) else value

    whole: dict[str, Any] = json.loads(json.dumps(raised(found), default=str))
    return whole
