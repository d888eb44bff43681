"""Polygons made fit for a map: repaired and counted, measured for overlaps and gaps, simplified as one coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

INDONESIA = (94.0, -12.0, 142.0, 7.0)  # west, south, east, north, with some sea
EQUAL_AREA = "EPSG:6933"
ENGINES = f"shapely {shapely.__version__}, GEOS {shapely.geos_version_string}, PROJ {pyproj.__proj_version__}"  # what draws here
LEAST_KM2 = 0.0001  # smaller overlaps and gaps are rounding


@dataclass(frozen=True)
class Flaws:
    """Where neighbours do not meet: overlapping pairs (positions, km2) and gaps between areas, the largest first.

    A gap is a hole in the whole that no area fills; a lake that is left out on purpose is one too.
    """

    overlaps: tuple[tuple[int, int, float], ...]
    gaps: tuple[float, ...]

    @property
    def overlap_km2(self) -> float:
        """All overlaps together."""
        return sum(pair[2] for pair in self.overlaps)

    @property
    def gap_km2(self) -> float:
        """All gaps together."""
        return sum(self.gaps)


def polygons_only(shapes: Sequence[Any]) -> tuple[Any, int]:
    """The polygonal part of each shape, valid, without a third dimension; and how many had to be repaired.

    A shape without any polygon becomes None.
    """
    array = shapely.force_2d(np.asarray(shapes, dtype=object))
    broken = ~shapely.is_valid(array) & ~shapely.is_missing(array)
    array[broken] = shapely.make_valid(array[broken], method="structure", keep_collapsed=False)
    for i, shape in enumerate(array):
        if shape is None or shape.geom_type in ("Polygon", "MultiPolygon"):
            array[i] = None if shape is None or shape.is_empty else shape
            continue
        parts = [part for part in getattr(shape, "geoms", []) if part.geom_type in ("Polygon", "MultiPolygon")]
        array[i] = shapely.union_all(parts) if parts else None
    return array, int(broken.sum())


def swapped(shapes: Any) -> bool:
    """Whether latitude and longitude stand in each other's place: outside Indonesia, inside once exchanged."""
    west, south, east, north = shapely.total_bounds(shapes)
    return not _inside(west, south, east, north) and _inside(south, west, north, east)


def inside_indonesia(shapes: Any) -> bool:
    """Whether all shapes lie within Indonesia's surroundings."""
    return _inside(*shapely.total_bounds(shapes))


def outside(shapes: Any) -> Any:
    """Positions of the shapes that do not lie within Indonesia's surroundings."""
    return np.flatnonzero([not _inside(*bounds) for bounds in shapely.bounds(shapes)])


def _inside(west: float, south: float, east: float, north: float) -> bool:
    return bool(INDONESIA[0] <= west <= east <= INDONESIA[2] and INDONESIA[1] <= south <= north <= INDONESIA[3])


def exchange(shapes: Any) -> Any:
    """Latitude and longitude exchanged."""
    return shapely.transform(shapes, lambda points: points[:, ::-1])


@dataclass(frozen=True)
class Measured:
    """What was measured of some areas, before it is known what is a gap: overlapping pairs (positions, km2), the holes of the
    whole and those of single areas (km2)."""

    overlaps: tuple[tuple[int, int, float], ...]
    holes: tuple[float, ...]
    own: tuple[float, ...]

    @property
    def flaws(self) -> Flaws:
        """Overlaps, and gaps: holes of the whole that are not holes of a single area; the largest first."""
        gaps = sorted(_without(self.holes, self.own), reverse=True)
        return Flaws(tuple(sorted(self.overlaps, key=lambda pair: (-pair[2], pair))), tuple(gaps))


def measured(shapes: Any) -> Measured:
    """Overlaps and holes in an equal-area projection."""
    flat = np.asarray(gpd.GeoSeries(shapes, crs="EPSG:4326").to_crs(EQUAL_AREA), dtype=object)
    found = []
    left, right = shapely.STRtree(flat).query(flat, predicate="intersects")
    for i, j in zip(left, right, strict=True):
        if i < j and (area := _common(flat[i], flat[j])) > LEAST_KM2:
            found.append((int(i), int(j), area))
    whole = shapely.union_all(flat)
    holes = [shapely.Polygon(ring).area / 1e6 for part in shapely.get_parts(whole) for ring in part.interiors]
    own = [shapely.Polygon(ring).area / 1e6 for shape in shapely.get_parts(flat) for ring in shape.interiors]
    return Measured(tuple(found), tuple(holes), tuple(own))


def together(parts: Iterable[Measured]) -> Measured:
    """What was measured of parts that do not meet, as of the whole; positions are those of the whole already."""
    every = list(parts)
    return Measured(
        tuple(pair for one in every for pair in one.overlaps),
        tuple(hole for one in every for hole in one.holes),
        tuple(hole for one in every for hole in one.own),
    )


def flaws(shapes: Any) -> Flaws:
    """Measure overlaps and gaps in an equal-area projection."""
    return measured(shapes).flaws


def _common(one: Any, other: Any) -> float:
    if shapely.relate_pattern(one, other, "F********"):  # interiors do not meet
        return 0.0
    return float(shapely.intersection(one, other).area) / 1e6


def _without(holes: Sequence[float], own: Sequence[float]) -> list[float]:
    """Holes of the whole that are not holes of a single area (a lake drawn as a hole in its district)."""
    left = sorted(own)
    gaps = []
    for hole in holes:
        same = next((area for area in left if abs(area - hole) <= 1e-6 * max(area, 1)), None)
        if same is not None:
            left.remove(same)
        elif hole > LEAST_KM2:
            gaps.append(hole)
    return gaps


PIXELS = 4000  # across all areas: what an outline that is kept can show


def tolerance_of(shapes: Any, pixels: int = PIXELS) -> float:
    """Degrees that are one of so many pixels across all shapes."""
    west, south, east, north = shapely.total_bounds(shapes)
    return float(max(east - west, north - south) / pixels)


def simplify(shapes: Any, *, pixels: int = PIXELS) -> Any:
    """All shapes simplified together, so that neighbours stay neighbours, to what that many pixels across can show.

    A shape that would vanish keeps its outline.
    """
    return simplified(shapes, tolerance_of(shapes, pixels))


def simplified(shapes: Any, tolerance: float) -> Any:
    """As :func:`simplify`, with a tolerance in degrees."""
    if not tolerance:
        return shapes
    exact = shapely.coverage_simplify(shapes, tolerance)
    # Rounded point by point: the points that neighbours share stay the same.
    made = shapely.transform(exact, lambda points: np.round(points, 5 if tolerance < 0.001 else 4))
    made = np.where(shapely.is_valid(made), made, exact)
    return np.where(shapely.is_empty(made) | shapely.is_missing(made), shapes, made)


def vertices(shapes: Any) -> int:
    """Points of all rings."""
    return int(shapely.get_num_coordinates(shapes).sum())
