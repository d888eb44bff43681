"""Polygons of areas: read, find for an area and level, match to codes."""

from ektp_analysis.boundaries.layer import Boundaries, Shape, read
from ektp_analysis.boundaries.match import Matched, match
from ektp_analysis.boundaries.shelf import available, find

__all__ = ["Boundaries", "Matched", "Shape", "available", "find", "match", "read"]
