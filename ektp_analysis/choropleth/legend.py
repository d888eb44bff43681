"""The legend of a map as data, and as an HTML list that needs no script."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from ektp_analysis.classes import Classes
from ektp_analysis.i18n import percent, render
from ektp_analysis.map_measures import Kind
from ektp_analysis.text import TN
from ektp_analysis.theme import Theme, palette, readable_on

MARKS: dict[Kind, str] = {"done": "✓", "over": "▲"}


@dataclass(frozen=True)
class LegendRow:
    """One class as a reader sees it. ``held`` is the share of the unrecorded people that its areas hold, written out."""

    key: str
    kind: Kind
    label: str
    areas: int
    areas_text: str
    held: str
    colour: str
    mark: str


def legend(classes: Classes, lang: str, theme: Theme = "light") -> list[LegendRow]:
    """One row per class: the worst step first, then complete, above 100 %, outdated, no data (also where empty)."""
    steps = [item for item in classes.items if item.kind == "step"][::-1]
    others = [item for item in classes.items if item.kind != "step"]
    return [LegendRow(item.key, item.kind, render(item.label, lang), len(item.codes),
                      render(TN("{n} area", "{n} areas", n=len(item.codes)), lang),
                      "" if item.held_share is None else percent(item.held_share, lang, 0),
                      classes.colour(item, theme), MARKS.get(item.kind, "")) for item in [*steps, *others]]


# Which class the pointer or the keyboard is on is told to the map's frame: its other areas fade.
HOVER = """<script>(() => {
  if (window.ektpLegend) { return; }
  window.ektpLegend = true;
  function light(key) {
    for (const frame of document.querySelectorAll("iframe")) {
      let inner = null;
      try { inner = frame.contentWindow && frame.contentDocument && frame.contentWindow; } catch (_) { continue; }
      if (!inner) { continue; }
      if (inner.ektpLight) { inner.ektpLight(key); }
      for (const path of frame.contentDocument.querySelectorAll("path[data-class]")) {
        path.style.opacity = key && path.dataset.class !== key ? "0.2" : "";
      }
    }
  }
  for (const [type, on] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
    document.addEventListener(type, event => {
      const row = event.target.closest && event.target.closest("[data-legend-class]");
      if (row) { light(on ? row.dataset.legendClass : ""); }
    });
  }
})();</script>"""


def legend_html(classes: Classes, lang: str, theme: Theme = "light", *, live: bool = False) -> str:
    """The legend as an escaped HTML list: swatch, bounds, bar of areas, number, share of the people.

    ``live`` makes each class take the focus and light up its areas; :data:`HOVER` then belongs on the page once.
    """
    rows = legend(classes, lang, theme)
    most = max((row.areas for row in rows), default=0) or 1
    colours = palette(theme)
    title = escape(render(classes.measure.label, lang))
    items = "".join(_item(row, most, theme, live) for row in rows)
    return (f'<div style="font-size:0.8125rem;line-height:1.3;color:{colours.ink};font-variant-numeric:tabular-nums">'
            f'<div style="font-weight:600;margin-bottom:.35rem">{title}</div>'
            f'<ul style="list-style:none;margin:0;padding:0">{items}</ul></div>')


def _item(row: LegendRow, most: int, theme: Theme, live: bool) -> str:
    colours = palette(theme)
    ground = row.colour
    if row.kind == "none":
        ground = f"repeating-linear-gradient(45deg,{colours.hatch} 0 1.5px,{row.colour} 1.5px 5px)"
    elif row.kind == "stale":
        ground = f"radial-gradient({colours.muted} 22%,{row.colour} 26%) 0 0/6px 6px"
    ink = colours.ink if row.areas else colours.muted
    swatch = (f'<span aria-hidden="true" style="flex:none;width:1.5rem;height:1rem;line-height:1rem;text-align:center;'
              f'font-size:.75rem;border:1px solid {colours.grid};background:{ground};color:{readable_on(row.colour)}">'
              f'{row.mark}</span>')
    bar = (f'<span aria-hidden="true" style="flex:none;width:2.5rem"><span style="display:block;height:.5rem;'
           f'width:{row.areas / most:.0%};background:{colours.context}"></span></span>')
    held = f" · {escape(row.held)}" if row.held and row.areas else ""
    hook = f' tabindex="0" data-legend-class="{escape(row.key)}"' if live else ""
    return (f'<li{hook} style="display:flex;align-items:center;gap:.5rem;margin:0;padding:.15rem 0;font-size:.8125rem;'
            f'color:{ink}">{swatch}'
            f'<span style="flex:1">{escape(row.label)}</span>{bar}'
            f'<span style="flex:none;min-width:6.5rem;color:{colours.muted}">{escape(row.areas_text)}{held}</span></li>')

