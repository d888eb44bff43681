"""Polygons of areas: read, find for an area and level, match to codes."""

from ektp_analysis.boundaries.layer import Boundaries, Shape, read
from ektp_analysis.boundaries.match import Matched, match
from ektp_analysis.boundaries.shelf import available, find, remove
from ektp_analysis.boundaries.tiles import tile_map

__all__ = ["Boundaries", "Matched", "Shape", "available", "find", "match", "read", "remove", "tile_map"]
