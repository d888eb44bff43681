"""Areas side by side: bars in the colours of the map."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from ektp_analysis.area import register
from ektp_analysis.charts.layout import headroom
from ektp_analysis.charts.parts import Look, data, finish, tips
from ektp_analysis.classes import Classes, known_coverage
from ektp_analysis.i18n import number, percent
from ektp_analysis.text import T


def ranked(rows: pd.DataFrame, look: Look, *, classes: Classes, chosen: str | None = None) -> Any:
    """Areas by unrecorded people, the most first, in the colours of the map; those without a figure last, with why.

    ``rows`` is a solved frame with one row per area, in any order; ``classes`` are those of the map beside it.
    """
    look = look.of_height(24 * max(len(rows), 1))
    values = [_bar(row, share, classes, look, chosen) for row, share in zip(
        rows.itertuples(), known_coverage(rows), strict=True)]
    values.sort(key=lambda value: (value["value"] is None, -(value["value"] or 0), value["code"]))
    y = alt.Y("name:N", sort=[value["name"] for value in values], axis=alt.Axis(
        title=None, labelColor=look.colours.ink, labelLimit=220, domain=False, ticks=False, grid=False))
    scale = alt.Scale(domain=[0, headroom([value["at"] for value in values]) * 1.1])
    x, at = alt.X("value:Q", axis=None, scale=scale), alt.X("at:Q", axis=None, scale=scale)
    base = alt.Chart(data(values)).encode(y=y, tooltip=tips(
        look, name=T("Area"), value_text=T("Unrecorded"), coverage_text=T("Coverage")))
    layers = [
        base.mark_bar(height=16, cornerRadiusEnd=2).encode(x=x, fill=alt.Fill("fill:N", scale=None)),
        base.mark_text(align="left", dx=6).encode(x=at, text=alt.Text("value_text:N"), color=alt.Color("ink:N", scale=None))]
    if chosen:
        layers.append(base.transform_filter("datum.chosen").mark_bar(
            height=16, cornerRadiusEnd=2, filled=False, stroke=look.colours.chosen, strokeWidth=2).encode(x=x))
    return finish(layers, look)


def _bar(row: Any, share: Any, classes: Classes, look: Look, chosen: str | None) -> dict[str, Any]:
    code, missing = str(row.area_code), bool(pd.isna(row.unrecorded))
    why = T("unknown: above 100%") if not pd.isna(share) and share > 1 else T("no data")
    return {"code": code, "name": register().name(code), "value": None if missing else int(row.unrecorded),
            "at": 0 if missing else int(row.unrecorded), "chosen": code == chosen,
            "value_text": look.say(why) if missing else number(int(row.unrecorded), look.lang),
            "coverage_text": "–" if pd.isna(share) else percent(float(share), look.lang),
            "fill": classes.fill(code, look.theme), "ink": look.colours.muted if missing else look.colours.ink}
