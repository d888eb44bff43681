"""The Leaflet map of the page: a base map that never changes, and a layer of areas that carries colours and numbers.

Both are made anew on each run, as streamlit-folium writes into them; while their inputs stay, zoom and place do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import branca.element
import folium
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import JsCode
from shapely import get_parts
from shapely.geometry import mapping
from xstatic.pkg import leaflet

from ektp_analysis.boundaries.layer import Boundaries, Shape
from ektp_analysis.core import inline, private
from ektp_analysis.core.text import T, render, some
from ektp_analysis.core.theme import FONT, Theme, palette, readable_on
from ektp_analysis.figures.classes import HATCHED, Classes
from ektp_analysis.maps.legend import MARKS, NOTHING, PATTERNS, footnotes, legend_html, lined, lines, missing, patterns
from ektp_analysis.maps.lettering import radii
from ektp_analysis.maps.seen import AreaMap, Caption

private.written_once(branca.element)

TILE_HOST = "https://tile.openstreetmap.org"
TILE_CREDIT = "© OpenStreetMap"
DECIMALS = 3  # of the land around, in degrees: about 100 m
MOST_FAR = 2  # areas outside the first view that its button names
ZOOM_IN, ZOOM_OUT, ALL_AREAS = T("Zoom in"), T("Zoom out"), T("Show all areas")

# Each area takes the keyboard's focus, says its figures to a screen reader, and Enter or Space acts as a click; the
# focus is kept when the click brings a new layer. An area that lies below its circle leaves the keyboard to the circle.
# A click bears its moment, so that a second one on the same area is another answer; and it is answered at once: st_folium would
# wait a quarter of a second, and then finds that the same was sent already.
_EACH_AREA = """
function (feature, layer) {
    const said = feature.properties;
    const middle = function () { return layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter(); };
    layer.bindTooltip(said.tip, {sticky: true, opacity: 1, className: "ektp-tip"});
    layer.on("click", function () {
        said.at = Date.now();
        if (!window.Streamlit || !window.__GLOBAL_DATA__) { return; }
        const sent = {last_active_drawing: layer.toGeoJSON()};
        window.__GLOBAL_DATA__.previous_data = sent;
        window.Streamlit.setComponentValue(sent);
    });
    layer.on("add", function () {
        const path = layer.getElement();
        if (!path) { return; }
        Object.assign(path.dataset, {code: said.code, class: said.class});
        if (said.chosen && layer._map.ektpWhole && layer.getBounds && !layer._map.getBounds().intersects(layer.getBounds())) {
            layer._map.fitBounds(layer._map.ektpWhole);  // an area that the first view leaves out
        }
        if (said.below) { return; }
        const told = {tabindex: "0", role: "button", "aria-label": said.label, "aria-pressed": String(said.chosen)};
        Object.entries(told).forEach(([name, value]) => path.setAttribute(name, value));
        path.addEventListener("focus", function () { layer.openTooltip(middle()); });
        path.addEventListener("blur", function () { layer.closeTooltip(); });
        path.addEventListener("keydown", function (event) {
            if (event.key !== "Enter" && event.key !== " ") { return; }
            event.preventDefault();
            window.ektpFocus = said.code;
            layer.fire("click", {latlng: middle()}, true);
        });
        if (window.ektpFocus === said.code) {
            window.ektpFocus = null;
            setTimeout(function () { path.focus(); }, 0);
        }
    });
}
"""


class _Furniture(MacroElement):  # type: ignore[misc]
    """Zoom buttons with names, the land around, the hatch pattern, and name labels that give way to each other."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        (function (map) {
            L.control.zoom({position: "bottomright", zoomInTitle: {{ this.zoom_in|tojson }},
                            zoomOutTitle: {{ this.zoom_out|tojson }}}).addTo(map);
            const holder = document.createElement("div");
            holder.innerHTML = {{ this.pattern|tojson }};
            map.getContainer().appendChild(holder);
            if ({{ this.land|tojson }}.length) {
                L.polygon({{ this.land|tojson }}, {{ this.look|tojson }}).addTo(map).bringToBack();
            }
            document.addEventListener("keydown", function (event) { // what is chosen is undone by the page
                if (event.key === "Escape" && window.parent !== window) {
                    window.parent.document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
                }
            });
            map.ektpWhole = {{ this.whole|tojson }};
            if (map.ektpWhole) { // the first view leaves some areas out: a button shows all
                const all = L.control({position: "topright"});
                all.onAdd = function () {
                    const button = L.DomUtil.create("button", "ektp-whole");
                    [button.title, button.textContent] = {{ this.all_areas|tojson }};
                    L.DomEvent.on(button, "click", L.DomEvent.stop).on(button, "click", () => map.fitBounds(map.ektpWhole));
                    return button;
                };
                all.addTo(map);
            }
            let waiting = null;
            function tidy() {
                const taken = new Map(), labels = [...document.querySelectorAll(".ektp-name")];
                function placed(label) {
                    const name = label.firstElementChild, box = name.getBoundingClientRect();
                    const code = name.dataset.within, near = name.querySelector("i") ? 0 : 4; // a square: its name stays on it
                    const square = code && document.querySelector(`path[data-code="${code}"]`);
                    const wide = square && box.width > square.getBoundingClientRect().width + 2;
                    const clash = wide || [...taken].some(([of, other]) => of !== label &&
                        box.left + near < other.right && other.left + near < box.right &&
                        box.top + 2 < other.bottom && other.top + 2 < box.bottom);
                    if (!clash) { taken.set(label, box); }
                    return !clash;
                }
                const rest = label => label.querySelector("i"); // a name after its number: where it has no room, the number
                labels.filter(rest).forEach(label => { rest(label).hidden = true; }); // stands alone
                labels.forEach(label => { label.style.visibility = placed(label) ? "visible" : "hidden"; });
                labels.filter(rest).forEach(function (label) {
                    rest(label).hidden = false;
                    if (placed(label)) { label.style.visibility = "visible"; } else { rest(label).hidden = true; }
                });
            }
            map.on("zoomend resize layeradd", function () { clearTimeout(waiting); waiting = setTimeout(tidy, 30); });
        })({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, theme: Theme, lang: str, land: Sequence[Any], boundaries: Boundaries) -> None:
        super().__init__()
        (west, south, east, north), far = boundaries.bounds, boundaries.far
        self.whole = [[south, west], [north, east]] if far else None
        named = T("{all}, {areas} too", all=ALL_AREAS, areas=some([one.name for one in far], MOST_FAR))
        self.all_areas = render(named, lang), render(ALL_AREAS, lang)
        colours = palette(theme)
        self._name = "Furniture"
        self.pattern, self.zoom_in, self.zoom_out = patterns(theme), render(ZOOM_IN, lang), render(ZOOM_OUT, lang)
        self.land = [_rings(part) for shape in land for part in get_parts(shape)]
        self.look = {"interactive": False, "fillColor": colours.land, "fillOpacity": 1, "color": colours.shore, "weight": 0.7}


def _rings(part: Any) -> list[list[list[float]]]:
    """The rings of a polygon as Leaflet wants them: latitude before longitude."""
    return [
        [[round(lat, DECIMALS), round(lon, DECIMALS)] for lon, lat in line.coords[:-1]]
        for line in (part.exterior, *part.interiors)
    ]


def base_map(boundaries: Boundaries, *, leaflet: str, lang: str, theme: Theme = "light", online: bool = False) -> Any:
    """An empty ``folium.Map`` fitted to the boundaries, far islands left to a button; it asks for nothing from the network.

    ``online`` puts the tiles of OpenStreetMap below the areas: only where a person has switched them on.

    ``leaflet`` is the address of the folder that serves leaflet.js and leaflet.css, relative to the map's frame:
    ``f"../{component.name}"`` of a component declared over ``xstatic.pkg.leaflet.BASE_DIR``.
    """
    west, south, east, north = boundaries.first_view
    made = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_control=False,
        attribution_control=online,
        scroll_wheel_zoom=False,
        zoom_snap=0.1,
        zoom_delta=0.5,
    )
    made.default_js = [("leaflet", f"{leaflet}/leaflet.js")]
    made.default_css = [("leaflet_css", f"{leaflet}/leaflet.css")]
    if online:  # the tile server asks to be told who asks, and is told no more than the app's address
        folium.TileLayer(f"{TILE_HOST}/{{z}}/{{x}}/{{y}}.png", attr=TILE_CREDIT, referrer_policy="origin", max_zoom=19).add_to(
            made
        )
    made.fit_bounds([[south, west], [north, east]], padding=(6, 6))
    made.add_child(_Furniture(theme, lang, () if online else boundaries.behind, boundaries))
    made.get_root().header.add_child(folium.Element(_style(theme)), name="ektp-style")
    return made


def area_layer(drawn: AreaMap, *, lang: str, theme: Theme = "light", chosen: str | None = None, opacity: float = 1) -> Any:
    """The areas as a ``folium.FeatureGroup``: fill by class, name, tooltip, keyboard; ``chosen`` is outlined.

    A click gives back the feature, see :func:`clicked`.
    """
    said, classes, boundaries = lines(drawn.rows, drawn.classes), drawn.classes, drawn.boundaries
    group = folium.FeatureGroup(name="areas")
    # The chosen area comes last, so that its outline lies on top.
    shapes = sorted(boundaries.shapes, key=lambda shape: (shape.code == chosen, shape.code))
    features = [
        _feature(
            shape,
            [render(line, lang) for line in said.get(shape.code, NOTHING)],
            shape.code == chosen,
            classes.item(shape.code).key,
        )
        for shape in shapes
    ]
    colours = palette(theme)
    sizes = radii(drawn.rows, drawn.largest) if drawn.circles else {}

    def style(feature: Mapping[str, Any]) -> dict[str, object]:
        code = str(feature["id"])
        pattern = PATTERNS.get(classes.item(code).kind)
        fill = colours.grid if code in sizes else classes.fill(code, theme)
        if code in classes.older:
            pattern = lined(fill)
        return {
            "fillColor": f"url(#{pattern})" if pattern else fill,
            "fillOpacity": opacity,
            "color": colours.chosen if code == chosen else colours.outline,
            "weight": 3 if code == chosen else 1,
            "opacity": 1,
            "lineJoin": "round",
        }

    def lit(_feature: Mapping[str, Any]) -> dict[str, object]:
        return {"color": colours.chosen, "weight": 3}

    below = [{**feature, "properties": {**feature["properties"], "below": feature["id"] in sizes}} for feature in features]
    group.add_child(
        folium.GeoJson(
            {"type": "FeatureCollection", "features": below},
            style_function=style,
            highlight_function=lit,
            on_each_feature=JsCode(_EACH_AREA),
            smooth_factor=0,
        )
    )
    if drawn.circles:
        group.add_child(_circles(shapes, features, sizes, classes, theme, chosen))
    by_weight = sorted(shapes, key=lambda shape: (shape.code != chosen, -classes.item(shape.code).rank, shape.code))
    for shape in by_weight:
        group.add_child(_label(shape, classes, theme, sizes.get(shape.code), -1 if boundaries.tiles else 1))
    return group


def map_height(boundaries: Boundaries, *, width: int = 800, least: int = 200, most: int = 560) -> int:
    """Height in pixels at which the areas fill a map of that width."""
    west, south, east, north = boundaries.first_view
    return int(min(max(width * (north - south) / (east - west) + 40, least), most))


def clicked(returned: Mapping[str, Any] | None) -> tuple[str, int] | None:
    """The area code of the last click in what st_folium gave back and the moment of the click (ms), or None."""
    drawing = (returned or {}).get("last_active_drawing") or {}
    said = drawing.get("properties") or {}
    return (str(said["code"]), int(said.get("at") or 0)) if said.get("code") else None


def _feature(shape: Shape, said: list[str], chosen: bool, key: str) -> dict[str, Any]:
    tip = f"<strong>{escape(shape.name)}</strong>" + "".join(f"<br>{escape(line)}" for line in said)
    return {
        "type": "Feature",
        "id": shape.code,
        "geometry": mapping(shape.geometry),
        "properties": {"code": shape.code, "tip": tip, "label": ". ".join([shape.name, *said]), "chosen": chosen, "class": key},
    }


def _circles(
    shapes: Sequence[Shape],
    features: Sequence[Mapping[str, Any]],
    sizes: Mapping[str, float],
    classes: Classes,
    theme: Theme,
    chosen: str | None,
) -> Any:
    """Circles at the label points, the large ones first, so that none is covered whole."""
    colours = palette(theme)
    points = [
        {**feature, "geometry": {"type": "Point", "coordinates": shape.label}}
        for shape, feature in zip(shapes, features, strict=True)
        if shape.code in sizes
    ]
    points.sort(key=lambda point: -sizes[str(point["id"])])

    def style(feature: Mapping[str, Any]) -> dict[str, object]:
        code = str(feature["id"])
        return {
            "radius": sizes[code],
            "fillColor": classes.fill(code, theme),
            "fillOpacity": 0.9,
            "color": colours.chosen if code == chosen else colours.muted,
            "weight": 3 if code == chosen else 1,
        }

    return folium.GeoJson(
        {"type": "FeatureCollection", "features": points},
        style_function=style,
        marker=folium.CircleMarker(fill=True),
        on_each_feature=JsCode(_EACH_AREA),
    )


def _label(shape: Shape, classes: Classes, theme: Theme, circle: float | None, breaks: int) -> Any:
    """The name at its label point or below its circle, with the mark of its class; it gives way where names collide.

    ``breaks`` is after how many words it goes to a new line; -1 after each, for squares.
    """
    item, fill, colours = classes.item(shape.code), classes.fill(shape.code, theme), palette(theme)
    ink, halo = (colours.ink, colours.paper) if item.kind in HATCHED else (readable_on(fill), fill)
    below = ""
    if circle is not None:
        ink, halo, below = colours.ink, colours.grid, f";margin-top:{circle + 9:.0f}px"
    mark = f"{MARKS[item.kind]} " if item.kind in MARKS else ""
    shadow = ", ".join([f"0 0 3px {halo}"] * 4)
    first, _, rest = shape.name.partition(" ")  # a number before the name is a place in an order
    name = escape(rest if first.isdigit() else shape.name).replace(" ", "<br>", breaks)
    name = f'{first}<i style="font-style:normal"> {name}</i>' if first.isdigit() else name
    within = f' data-within="{escape(shape.code)}"' if breaks < 0 else ""
    html = f'<span aria-hidden="true"{within} style="color:{ink};text-shadow:{shadow}{below}">{mark}{name}</span>'
    lon, lat = shape.label
    return folium.Marker(
        [lat, lon], icon=folium.DivIcon(html=html, icon_size=(0, 0), class_name="ektp-name"), interactive=False, keyboard=False
    )


def _style(theme: Theme) -> str:
    colours = palette(theme)
    return f"""<style>
    div.leaflet-container {{ background: {colours.paper}; font-family: {FONT}; }}
    .leaflet-container path:focus {{ outline: none; stroke: {colours.chosen}; stroke-width: 4px; stroke-dasharray: 6 3; }}
    @media (prefers-reduced-motion: reduce) {{ .leaflet-zoom-animated {{ transition: none !important; }} }}
    :focus-visible {{ outline: 2px solid {colours.calm}; }}
    .ektp-name {{ pointer-events: none; white-space: nowrap; }}
    .ektp-name span {{ position: absolute; transform: translate(-50%, -50%); font-size: 12px;
        line-height: 1.1; text-align: center; }}
    .ektp-tip {{ background: {colours.surface}; color: {colours.ink}; border: 1px solid {colours.grid}; font-size: 13px;
        font-variant-numeric: tabular-nums; box-shadow: 0 1px 6px rgb(0 0 0 / 25%); }}
    .ektp-tip::before {{ display: none; }}
    .ektp-whole {{ font: 12px {FONT}; padding: 4px 8px; background: {colours.surface}; color: {colours.ink}; cursor: pointer; }}
    .leaflet-bar a, .leaflet-bar a:hover, .leaflet-bar a:focus, .leaflet-bar a.leaflet-disabled {{ background: {colours.surface};
        color: {colours.ink}; border-color: {colours.grid}; }}
    </style>"""


# Nothing but what is in the file itself may run or load: its scripts, which are known by their hashes once it is made.
POLICY = "default-src 'none'; script-src SCRIPTS; style-src 'unsafe-inline'; img-src data:"


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
    under = "".join(
        f"<p>{escape(text)}</p>"
        for text in (*missing(boundaries, classes, lang), *footnotes(boundaries, drawn.rows, caption.source, lang))
        if text
    )
    made = f"""<!DOCTYPE html>
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
    return made.replace(POLICY, POLICY.replace("SCRIPTS", inline.named(inline.scripts(made))), 1)
