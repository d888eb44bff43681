"""The map of areas: a Leaflet map for the page, a picture for paper, a legend; all from the same classes."""

from ektp_analysis.choropleth.leaflet import TILE_HOST, area_layer, base_map, chosen_code, map_height
from ektp_analysis.choropleth.legend import HOVER, LegendRow, legend, legend_html
from ektp_analysis.choropleth.picture import footnotes, small_multiples, static_map
from ektp_analysis.choropleth.standalone import geojson, standalone_html
from ektp_analysis.choropleth.words import TILES

__all__ = [
    "HOVER", "TILES", "TILE_HOST", "LegendRow", "area_layer", "base_map", "chosen_code", "footnotes", "geojson", "legend",
    "legend_html", "map_height", "small_multiples", "standalone_html", "static_map",
]
