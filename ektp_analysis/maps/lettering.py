"""Where words and patterns go in a picture: estimated text boxes that do not overlap, lines and dots that fill an area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ektp_analysis.boundaries.layer import Shape

FONT_SIZE = 12
LETTER = 6.4  # mean width of a letter at that size, in pixels
LINE = 15
MOST_RADIUS, LEAST_RADIUS = 30.0, 3.0
SHIFTS = (0, -LINE, LINE, -2 * LINE, 2 * LINE)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Place:
    """Where a name stands: its centre and its box in degrees, before a vertical shift in pixels that is in the box."""

    code: str
    lon: float
    lat: float
    shift: int
    box: Box


def degree_in_pixels(bounds: Box, width: int, height: int) -> float:
    """Pixels per degree of a map that is fitted into width and height."""
    west, south, east, north = bounds
    return min(width / (east - west), height / (north - south))


def name_places(
    names: Sequence[tuple[str, str, tuple[float, float]]],
    bounds: Box,
    width: int,
    height: int,
    *,
    shifts: Mapping[str, Sequence[int]] | None = None,
    obstacles: Mapping[str, Box] | None = None,
) -> list[Place]:
    """Places for (code, text, label point), so that no two overlap. ``bounds`` are west, south, east, north.

    Earlier names choose first; a name that finds no free place is left out. ``shifts`` are the vertical places that a
    code may take, in pixels (by default up to two lines away); ``obstacles`` are boxes of codes that others better keep
    clear of, and cover only where there is no other place. A text may have several lines; moved, it stays within the bounds.
    """
    west, south, east, north = bounds
    scale = degree_in_pixels(bounds, width, height)
    placed: list[Place] = []
    for code, text, (lon, lat) in names:
        rows = text.split("\n")
        half, tall = max(map(len, rows)) * LETTER / 2 / scale, len(rows) * LINE / 2 / scale
        # A name at the edge moves inwards, so that it is not cut off.
        x = min(max(lon, west + half), max(east - half, west + half))
        found = [
            Place(code, x, lat, shift, (x - half, lat - shift / scale - tall, x + half, lat - shift / scale + tall))
            for shift in (shifts or {}).get(code, SHIFTS)
        ]
        free = [
            place
            for place in found
            if (place.shift == 0 or (south <= place.box[1] and place.box[3] <= north))
            and not any(_meet(place.box, other.box) for other in placed)
        ]
        clear = [
            place for place in free if not any(_meet(place.box, box) for other, box in (obstacles or {}).items() if other != code)
        ]
        placed += (clear or free)[:1]
    return placed


def fits(text: str, shape: Shape, degree: float) -> bool:
    """Whether a name finds room on its area, at so many pixels a degree."""
    west, south, east, north = shape.geometry.bounds
    rows = text.split("\n")
    return bool(max(map(len, rows)) * LETTER <= 1.1 * (east - west) * degree and len(rows) * LINE <= (north - south) * degree)


def legend_places(texts: Sequence[str], width: int) -> tuple[list[tuple[float, float]], int]:
    """Places (x, y in pixels) of swatches that flow in lines of at most ``width``, and the height of all."""
    places: list[tuple[float, float]] = []
    x = y = 0.0
    for text in texts:
        need = 31 + len(text) * LETTER + 14
        if x and x + need > width:
            x, y = 0.0, y + 22
        places.append((x, y))
        x += need
    return places, int(y + 20)


def radii(rows: pd.DataFrame, largest: int | None = None) -> dict[str, float]:
    """Radius in pixels of a circle per area code, its surface in proportion to the unrecorded; unknown has none.

    ``largest`` is the count of the largest circle. Nobody unrecorded is the smallest circle, still to be seen.
    """
    known = rows[["area_code", "unrecorded"]].dropna()
    most = largest or max([int(count) for count in known["unrecorded"]], default=0) or 1
    return {
        str(code): max(MOST_RADIUS * sqrt(int(count) / most), LEAST_RADIUS)
        for code, count in zip(known["area_code"], known["unrecorded"], strict=True)
    }


def hatch(shape: Shape, step: float) -> Any:
    """Parallel slanting lines that fill a shape, ``step`` degrees apart: a hatch for a format that has none."""
    west, south, east, north = shape.geometry.bounds
    rise, first = north - south, int((west - (north - south)) / step)
    slants = shapely.MultiLineString(
        [[(step * i, south), (step * i + rise, north)] for i in range(first, int(east / step) + 1)]
        or [[(west, south), (east, north)]]
    )
    return slants.intersection(shape.geometry)


def dots(shape: Shape, step: float) -> Any:
    """Points in rows that fill a shape, two ``step`` degrees apart: too old a figure, told from no data on grey paper too."""
    west, south, east, north = shape.geometry.bounds
    x, y = np.meshgrid(np.arange(west, east, 2 * step) + step, np.arange(south, north, 2 * step) + step)
    inside = shapely.contains_xy(shape.geometry, x, y)
    return shapely.MultiPoint(np.c_[x[inside], y[inside]] if inside.any() else [shape.label])


def _meet(one: Box, other: Box) -> bool:
    slack = 1e-9  # boxes that touch do not overlap
    return one[0] < other[2] - slack and other[0] < one[2] - slack and one[1] < other[3] - slack and other[1] < one[3] - slack
