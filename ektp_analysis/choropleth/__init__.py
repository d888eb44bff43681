"""The map of areas: a Leaflet map for the page, a picture for paper, a legend; all from the same classes.

What needs folium or Altair is loaded when it is first asked for, so that a command without a map starts sooner.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ektp_analysis.choropleth.legend import HOVER, LegendRow, legend, legend_html
from ektp_analysis.choropleth.seen import AreaMap, Caption, geojson
from ektp_analysis.choropleth.words import TILES, footnotes

if TYPE_CHECKING:
    from ektp_analysis.choropleth.leaflet import TILE_HOST, area_layer, base_map, chosen_code, map_height
    from ektp_analysis.choropleth.picture import small_multiples, static_map
    from ektp_analysis.choropleth.standalone import standalone_html

__all__ = [
    "HOVER", "TILES", "TILE_HOST", "AreaMap", "Caption", "LegendRow", "area_layer", "base_map", "chosen_code", "footnotes",
    "geojson", "legend", "legend_html", "map_height", "small_multiples", "standalone_html", "static_map",
]
_LATER = {"TILE_HOST": "leaflet", "area_layer": "leaflet", "base_map": "leaflet", "chosen_code": "leaflet",
          "map_height": "leaflet", "small_multiples": "picture", "static_map": "picture",
          "standalone_html": "standalone"}


def __getattr__(name: str) -> Any:
    """What is loaded when it is first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
