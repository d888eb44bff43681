"""A map of equal squares for areas without polygons, or where true sizes mislead; a layer like any other.

Squares stand in rough geographic order: by label points where there are some, else by the order of the codes. The same
input gives the same map on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from math import ceil, cos, radians, sqrt

import numpy as np
import shapely

from ektp_analysis.area import Level, level_of, register
from ektp_analysis.boundaries.layer import Boundaries, Shape

SIDE = 0.1  # degrees; the squares stand where no one takes them for places
GAP = 0.04  # of a side
SPARE = 1.25  # cells per area, so that the outline can be recognised
MOST_PLACED = 700  # more areas are filled in by order: the best placing would take too long
WIDE = 1.6


def tile_map(area: str, codes: Sequence[str], *, points: Mapping[str, tuple[float, float]] | None = None) -> Boundaries:
    """One square for each code. ``points`` are (longitude, latitude) of label points; all codes need one to be placed
    by it. Rows run from north to south."""
    ordered = sorted(set(codes))
    if points and all(code in points for code in ordered) and 1 < len(ordered) <= MOST_PLACED:
        cells = _by_place([points[code] for code in ordered])
    else:
        across = max(1, ceil(sqrt(len(ordered) * WIDE)))
        cells = [(i % across, i // across) for i in range(len(ordered))]
    shapes = tuple(_square(code, column, row) for code, (column, row) in zip(ordered, cells, strict=True))
    text = ";".join(f"{code}:{cell}" for code, cell in zip(ordered, cells, strict=True))
    level = level_of(ordered[0]) if ordered else Level.KECAMATAN
    return Boundaries(area, level, shapes, credit="", source="", licence="", valid_from="",
                      digest=hashlib.sha256(text.encode()).hexdigest(), tiles=True)


def _by_place(points: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Cells (column, row) of a grid of the points' proportions, each point in its own, as near as can be in all."""
    at = np.array(points, dtype=float)
    at[:, 0] *= cos(radians(float(at[:, 1].mean())))
    low, span = at.min(axis=0), np.maximum(np.ptp(at, axis=0), 1e-9)
    cells = len(points) * SPARE
    across = int(min(max(round(sqrt(cells * span[0] / span[1])), 1), len(points)))
    down = max(1, ceil(cells / across))
    grid = np.array([(column, row) for row in range(down) for column in range(across)], dtype=float)
    wanted = (at - low) / span * [across - 1, down - 1]
    wanted[:, 1] = down - 1 - wanted[:, 1]
    cost = ((wanted[:, None, :] - grid[None, :, :]) ** 2).sum(axis=2)
    # Ties are broken by the order of points and cells, so that every machine places alike.
    cost += np.arange(len(points))[:, None] * 1e-9 + np.arange(len(grid))[None, :] * 1e-10
    from scipy.optimize import linear_sum_assignment  # a slow import that only these maps need

    _rows, taken = linear_sum_assignment(cost)
    return [(int(grid[cell][0]), int(grid[cell][1])) for cell in taken]


def _square(code: str, column: int, row: int) -> Shape:
    west, north = column * SIDE, -row * SIDE
    inset = SIDE * GAP / 2
    box = shapely.box(west + inset, north - SIDE + inset, west + SIDE - inset, north - inset, ccw=False)
    return Shape(code, register().name(code), box, (west + SIDE / 2, north - SIDE / 2))
