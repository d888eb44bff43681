"""The map to take away: one HTML file that works offline, and the areas with their figures as GeoJSON."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from shapely import orient_polygons
from shapely.geometry import mapping
from xstatic.pkg import leaflet

from ektp_analysis.area import register
from ektp_analysis.boundaries import Boundaries
from ektp_analysis.choropleth.leaflet import area_layer, base_map, map_height
from ektp_analysis.choropleth.legend import legend_html, undrawn
from ektp_analysis.choropleth.picture import footnotes, missing
from ektp_analysis.classes import Classes
from ektp_analysis.i18n import render
from ektp_analysis.text import Text
from ektp_analysis.theme import FONT, Theme, palette

# Nothing but what is in the file itself may run or load.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
FIGURES = ("as_of_date", "eligible", "recorded", "unrecorded", "coverage", "coverage_reported", "basis", "status", "change",
           "share")


def standalone_html(boundaries: Boundaries, classes: Classes, rows: pd.DataFrame, *, title: Text | str,
                    source: Text | str, lang: str, theme: Theme = "light", note: Text | None = None,
                    circles: bool = False) -> str:
    """One HTML document with Leaflet inside it: zoom, tooltips and keyboard work without any network."""
    base = base_map(boundaries, leaflet="", lang=lang, theme=theme)
    base.default_js, base.default_css = [], []
    area_layer(boundaries, classes, rows, lang=lang, theme=theme, circles=circles).add_to(base)
    root = base.get_root()
    root.render()
    folder = Path(leaflet.BASE_DIR)
    styles = (folder / "leaflet.css").read_text(encoding="utf-8")
    script = (folder / "leaflet.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    colours, heading = palette(theme), escape(render(title, lang))
    under = "".join(f"<p>{escape(text)}</p>" for text in (
        *missing(boundaries, classes, lang), *footnotes(boundaries, rows, source, lang)) if text)
    return f"""<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{heading}</title>
<style>{styles}</style>{root.header.render()}
<style>html body {{ width: auto; height: auto; margin: 1.5rem auto; max-width: 60rem;
       padding: 0 1rem; background: {colours.paper}; color: {colours.ink};
       font-family: {FONT}; }}
h1 {{ font-size: 1.4rem; }} p {{ color: {colours.muted}; font-size: .85rem; margin: .3rem 0; }}
.map {{ position: relative; height: {map_height(boundaries, width=940)}px; }} .legend {{ max-width: 30rem; }}</style></head>
<body><h1>{heading}</h1>
{f"<p><strong>{escape(render(note, lang))}</strong></p>" if note else ""}
<div class="map">{root.html.render()}</div>
<div class="legend">{legend_html(classes, lang, theme, drawn=boundaries.codes)}</div>{under}
<script>{script}</script><script>{root.script.render()}</script></body></html>
"""


def geojson(boundaries: Boundaries, classes: Classes, rows: pd.DataFrame) -> bytes:
    """The areas with figures and class; a missing figure is null, and so is the geometry of an area without an outline, so
    that totals stay whole. The credit of the boundaries comes along."""
    given = [name for name in FIGURES if name in rows]
    figures = {str(row["area_code"]): {name: _plain(row[name]) for name in given} for row in rows.to_dict("records")}
    features = [{"type": "Feature", "id": shape.code, "geometry": mapping(orient_polygons(shape.geometry)), "properties": {
        "code": shape.code, "name": shape.name, **figures.get(shape.code, dict.fromkeys(given)),
        "class": classes.item(shape.code).key}} for shape in boundaries.shapes]
    features += [{"type": "Feature", "id": code, "geometry": None, "properties": {
        "code": code, "name": register().name(code), **figures.get(code, dict.fromkeys(given)),
        "class": classes.item(code).key}} for code in sorted(undrawn(classes, boundaries.codes))]
    said = {"type": "FeatureCollection", "credit": boundaries.credit, "source": boundaries.source,
            "licence": boundaries.licence, "features": features}
    return json.dumps(said, ensure_ascii=False).encode("utf-8")


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value
