"""The map to take away: one HTML file that works offline."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path

from xstatic.pkg import leaflet

from ektp_analysis.choropleth.leaflet import area_layer, base_map, map_height
from ektp_analysis.choropleth.legend import legend_html
from ektp_analysis.choropleth.seen import AreaMap, Caption
from ektp_analysis.choropleth.words import footnotes, missing
from ektp_analysis.i18n import render
from ektp_analysis.theme import FONT, Theme, palette

# Nothing but what is in the file itself may run or load.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


def standalone_html(drawn: AreaMap, caption: Caption, *, lang: str, theme: Theme = "light") -> str:
    """One HTML document with Leaflet inside it: zoom, tooltips and keyboard work without any network."""
    boundaries, classes = drawn.boundaries, drawn.classes
    base = base_map(boundaries, leaflet="", lang=lang, theme=theme)
    base.default_js, base.default_css = [], []
    area_layer(replace(drawn, largest=None), lang=lang, theme=theme).add_to(base)
    root = base.get_root()
    root.render()
    folder = Path(leaflet.BASE_DIR)
    styles = (folder / "leaflet.css").read_text(encoding="utf-8")
    script = (folder / "leaflet.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    colours, heading = palette(theme), escape(render(caption.title, lang))
    under = "".join(f"<p>{escape(text)}</p>" for text in (
        *missing(boundaries, classes, lang), *footnotes(boundaries, drawn.rows, caption.source, lang)) if text)
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
{f"<p><strong>{escape(render(caption.note, lang))}</strong></p>" if caption.note else ""}
<div class="map">{root.html.render()}</div>
<div class="legend">{legend_html(classes, lang, theme, drawn=boundaries.codes)}</div>{under}
<script>{script}</script><script>{root.script.render()}</script></body></html>
"""
