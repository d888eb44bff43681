"""Land masses: areas whose outlines hang together. They are simplified and measured together; the sea divides the work.

A line that two areas share is simplified for both, and may not cross another line nearby. So what is made of an area depends on
those whose boxes its own box meets, on those beside them, and on no others: across such a gap nothing is asked. Java is one land
mass, however many work on it. Small ones are put together until they are worth handing on. How a file is divided follows from its
outlines alone, so that every number of workers makes the same of it, to the bit.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ektp_analysis.boundaries import geometry
from ektp_analysis.boundaries.layer import as_bytes, from_bytes

TOGETHER = 200_000  # points of islands that make a part: less is not worth the way to another process


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the areas of a file: their places in it (n,), rising, their polygons (n,) in degrees, and the tolerance in degrees
    with which all of the file is simplified."""

    places: Any
    shapes: Any
    tolerance: float

    def packed(self) -> bytes:
        """As bytes, to be handed to another process."""
        return _packed(places=self.places, tolerance=np.float64(self.tolerance), **as_bytes(self.shapes))

    @classmethod
    def unpacked(cls, data: bytes) -> Part:
        """What :meth:`packed` gave, to the bit."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return cls(file["places"], from_bytes(file), float(file["tolerance"]))


@dataclass(frozen=True, eq=False)
class Drawn:
    """What is made of a part: for each area its outline as it is kept (n,), rings as a map wants them, and its label point (n, 2)
    in degrees; and what was measured of the outlines as they were, with places in the file."""

    places: Any
    shapes: Any
    labels: Any
    measured: geometry.Measured

    def packed(self) -> bytes:
        """As bytes, to be kept and handed back."""
        pairs, km2 = [one[:2] for one in self.measured.overlaps], [one[2] for one in self.measured.overlaps]
        return _packed(
            places=self.places,
            labels=self.labels,
            pairs=np.array(pairs, dtype=np.int64).reshape(-1, 2),
            km2=np.array(km2, dtype=float),
            holes=np.array(self.measured.holes, dtype=float),
            own=np.array(self.measured.own, dtype=float),
            **as_bytes(self.shapes),
        )

    @classmethod
    def unpacked(cls, data: bytes) -> Drawn:
        """What :meth:`packed` gave, to the bit."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            overlaps = zip(*file["pairs"].T.tolist(), file["km2"].tolist(), strict=True)
            measured = geometry.Measured(tuple(overlaps), tuple(file["holes"].tolist()), tuple(file["own"].tolist()))
            return cls(file["places"], from_bytes(file), file["labels"], measured)


def divided(shapes: Any) -> list[Part]:
    """The areas of a file (n,) in parts that do not depend on each other, the heaviest first."""
    tolerance, points = geometry.tolerance_of(shapes), shapely.get_num_coordinates(shapes)
    parts: list[list[Any]] = []
    islands: list[Any] = []
    weight = 0
    for mass in _masses(shapes):
        heavy = int(points[mass].sum())
        if heavy >= TOGETHER:
            parts.append([mass])
            continue
        if not islands or weight + heavy > TOGETHER:
            islands, weight = [], 0
            parts.append(islands)
        islands.append(mass)
        weight += heavy
    places = [np.sort(np.concatenate(masses)) for masses in parts]
    places.sort(key=lambda one: (-int(points[one].sum()), int(one[0])))
    return [Part(one, shapes[one], tolerance) for one in places]


def _masses(shapes: Any) -> list[Any]:
    """Places of the areas of each land mass, rising: the boxes of their polygons meet, directly or by others between."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components  # a slow import that only this needs

    polygons, of = shapely.get_parts(shapes, return_index=True)
    left, right = shapely.STRtree(polygons).query(polygons)  # of boxes alone
    size = len(shapes)
    count, mass = connected_components(coo_array((np.ones(len(left), dtype=bool), (of[left], of[right])), shape=(size, size)))
    order = np.argsort(mass, kind="stable")
    found = np.split(order, np.cumsum(np.bincount(mass, minlength=count))[:-1])
    return sorted(found, key=lambda one: int(one[0]))


def drawn(part: Part) -> Drawn:
    """Simplified as one coverage, turned as a map wants it, with label points; overlaps and gaps measured before."""
    simpler = shapely.orient_polygons(geometry.simplified(part.shapes, part.tolerance), exterior_cw=True)
    measured = geometry.measured(part.shapes)
    at = part.places.tolist()
    overlaps = tuple((at[one], at[other], km2) for one, other, km2 in measured.overlaps)
    labels = shapely.get_coordinates(shapely.point_on_surface(simpler))
    return Drawn(part.places, simpler, labels, geometry.Measured(overlaps, measured.holes, measured.own))


def joined(made: Iterable[Drawn], count: int) -> Drawn:
    """All parts of a file of so many areas as one, in the order of the file.

    Raises:
        ValueError: an area is missing, or there twice.
    """
    every = list(made)
    places = np.concatenate([one.places for one in every]) if every else np.empty(0, dtype=np.int64)
    if len(places) != count or len(np.unique(places)) != count:
        raise ValueError(f"{len(np.unique(places))} of {count} areas")
    order = np.argsort(places)
    shapes = np.concatenate([one.shapes for one in every])[order] if every else np.empty(0, dtype=object)
    labels = np.concatenate([one.labels for one in every])[order] if every else np.empty((0, 2))
    return Drawn(places[order], shapes, labels, geometry.together([one.measured for one in every]))


def _packed(**arrays: Any) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()
