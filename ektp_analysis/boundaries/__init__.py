"""Polygons of areas: read, find for an area and level, match to codes."""
