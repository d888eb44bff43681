"""What changed between two outline sets of one level: areas split off, merged, or given another code. Told, never mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from ektp_analysis.boundaries.columns import plain
from ektp_analysis.boundaries.layer import Boundaries, Shape

LEAST = 0.5  # share of an area that must lie in another one


@dataclass(frozen=True)
class Change:
    """An area that only one of two sets has, and the area of the other set in which most of it lies.

    ``split``: it is in the newer set only, and ``other`` is what it was split off from; ``merged``: it is in the older set
    only, and ``other`` is what it was merged into; ``recoded``: it has the code ``code`` in the newer set and ``other`` in
    the older one. ``share`` (0 to 1) of the area lies in the other one. ``old`` and ``new`` say from when the sets hold.
    """

    kind: Literal["split", "merged", "recoded"]
    code: str
    name: str
    other: str
    other_name: str
    share: float
    old: str
    new: str


def between(old: Boundaries, new: Boundaries) -> tuple[Change, ...]:
    """All changes from an older set to a newer one, in the order of the codes; shapes are compared, names only for codes."""
    before, after = {shape.code: shape for shape in old.shapes}, {shape.code: shape for shape in new.shapes}
    gone = [shape for code, shape in before.items() if code not in after]
    come = [shape for code, shape in after.items() if code not in before]
    years = {"old": old.valid_from, "new": new.valid_from}
    found = []
    for shape, other, share in _inside(come, old.shapes):
        kind: Literal["split", "recoded"] = "recoded" if other.code not in after and plain(other.name) == plain(shape.name) else (
            "split")
        found.append(Change(kind, shape.code, shape.name, other.code, other.name, share, **years))
    known = {change.other for change in found if change.kind == "recoded"}
    found += [Change("merged", shape.code, shape.name, other.code, other.name, share, **years)
              for shape, other, share in _inside(gone, new.shapes) if shape.code not in known]
    return tuple(sorted(found, key=lambda change: (change.code, change.kind)))


def _inside(shapes: Sequence[Shape], others: Sequence[Shape]) -> Iterator[tuple[Shape, Shape, float]]:
    """Each shape with the other in which most of it lies, where that is at least half of it."""
    if not shapes or not others:
        return
    grounds = np.array([other.geometry for other in others], dtype=object)
    tree = shapely.STRtree(grounds)
    for shape in shapes:
        near = tree.query(shape.geometry, predicate="intersects")
        shares = [_common(shape.geometry, grounds[place]) for place in near]
        if shares and max(shares) >= LEAST:
            best = int(np.argmax(shares))
            yield shape, others[int(near[best])], float(shares[best])


def _common(one: Any, other: Any) -> float:
    return float(shapely.intersection(shapely.make_valid(one), shapely.make_valid(other)).area) / float(one.area)
