"""A layer at the level of detail that a picture of so many pixels can show, kept by the content of its file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely

from ektp_analysis.boundaries import geometry
from ektp_analysis.boundaries.layer import Boundaries, as_geojson, read


def at_detail(boundaries: Boundaries, pixels: int, *, cache: Path | None = None) -> Boundaries:
    """The layer simplified as one coverage for ``pixels`` across; neighbours stay neighbours.

    ``cache`` is a folder in which it is kept under the digest of the layer's file, its area and the pixels: the second
    call reads it. Labels and codes do not change.
    """
    kept = None if cache is None else cache / f"{boundaries.digest[:16]}_{boundaries.area.replace('.', '')}_{pixels}.geojson"
    if kept is not None and kept.exists():
        return replace(read(kept), digest=boundaries.digest)
    every = (*boundaries.shapes, *boundaries.others)
    drawn = shapely.orient_polygons(
        geometry.simplify(np.array([shape.geometry for shape in every], dtype=object), pixels=pixels), exterior_cw=True)
    made = [replace(shape, geometry=shaped) for shape, shaped in zip(every, drawn, strict=True)]
    count = len(boundaries.shapes)
    found = replace(boundaries, shapes=tuple(made[:count]), others=tuple(made[count:]))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        part.write_bytes(as_geojson(found))
        part.replace(kept)
    return found
