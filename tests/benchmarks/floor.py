"""The floor that our page is measured against: the same 11 polygons by st_folium, and a switch of the metric."""

import json
from pathlib import Path

import folium
import streamlit as st
from streamlit_folium import st_folium
from xstatic.pkg import leaflet

root = Path(__file__).resolve().parents[2]
component = st.components.v1.declare_component("floor_leaflet", path=leaflet.BASE_DIR)
folium.Map.default_js = [("leaflet", f"../{component.name}/leaflet.js")]
folium.Map.default_css = [("leaflet_css", f"../{component.name}/leaflet.css")]
shapes = json.loads((root / "data/boundaries/gorontalo_utara_kecamatan.geojson").read_text(encoding="utf-8"))
metric = st.radio("metric", ["one", "two"], horizontal=True)
drawn = folium.Map(location=[0.85, 122.6], zoom_start=9, tiles=None)
colour = {"one": "#b5433f", "two": "#1f6f8b"}[metric]
folium.GeoJson(shapes, style_function=lambda _shape: {"fillColor": colour, "weight": 1, "fillOpacity": 0.8}).add_to(drawn)
st_folium(drawn, key="floor", height=520, returned_objects=["last_active_drawing"], use_container_width=True)
st.caption(f"metric {metric}")
