"""The layers that there are, found by area, level and day; and what changed from one of them to the next, told only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely

from ektp_analysis.boundaries import national
from ektp_analysis.boundaries.code_columns import plain
from ektp_analysis.boundaries.layer import Boundaries, Shape, read_layer
from ektp_analysis.core.area import AreaCode, Level
from ektp_analysis.core.settings import BOUNDARIES

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
        kind: Literal["split", "recoded"] = (
            "recoded" if other.code not in after and plain(other.name) == plain(shape.name) else ("split")
        )
        found.append(Change(kind, shape.code, shape.name, other.code, other.name, share, **years))
    known = {change.other for change in found if change.kind == "recoded"}
    found += [
        Change("merged", shape.code, shape.name, other.code, other.name, share, **years)
        for shape, other, share in _inside(gone, new.shapes)
        if shape.code not in known
    ]
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


SHIPPED = (BOUNDARIES,)


def available(folders: Sequence[Path] = SHIPPED) -> tuple[Path, ...]:
    """The boundary files of the folders, folder by folder, by name; a folder that is not there has none."""
    return tuple(path for folder in folders for path in sorted(folder.glob("*.geojson")))


def find_layer(
    area: str,
    level: Level | None = None,
    *,
    folders: Sequence[Path] = SHIPPED,
    on: date | None = None,
    cache: Path | None = None,
) -> Boundaries | None:
    """Polygons of the areas of ``level`` inside ``area``, or None where there are none.

    The level is by default the one below the area. Earlier folders win; within one, the layer with the most shapes. For
    figures of a day ``on``, a layer that was valid then comes before one that was not yet; of those that hold about as many
    areas the latest one is taken, also where a later folder has it and both say from when they hold.

    With the shipped folder, the outlines of Indonesia stand in where the folders have none, or but those of a smaller area
    and of fewer than half as many (a kabupaten's own, where its provinsi is asked for); ``cache`` as for :func:`national.layer`.
    """
    outer = AreaCode(area)
    wanted = Level(min(outer.level + 1, Level.DESA)) if level is None else level
    offers = [offer for folder in folders if (offer := _offer(folder, outer, wanted, on)) is not None]
    usable = [offer for offer in offers if offer.valid] or offers
    chosen = _newest(usable, on) if usable else None
    if BOUNDARIES in folders and (chosen is None or not chosen.whole):
        nation = national.layer(str(outer), wanted, national.DETAIL, cache)
        if nation is not None and (chosen is None or not _alike(chosen.layer, nation)):
            return nation
    return None if chosen is None else chosen.layer


def _newest(offers: Sequence[_Offer], on: date | None) -> _Offer:
    """The first, unless for the figures of a day a later one holds from a later year."""
    chosen = offers[0]
    for other in offers[1:]:
        since = chosen.layer.valid_from
        if on is not None and "" < since < other.layer.valid_from and _alike(other.layer, chosen.layer):
            chosen = other
    return chosen


@dataclass(frozen=True)
class _Offer:
    """The layer that a folder has for an area, whether it was valid on the day that is asked about, and whether its file is of
    the ``whole`` area, not of a part."""

    layer: Boundaries
    valid: bool
    whole: bool


def _offer(folder: Path, outer: AreaCode, level: Level, on: date | None) -> _Offer | None:
    """The best layer of one folder; None where it has none of the level with shapes inside the area."""
    layers = [layer for layer in map(read_layer, available([folder])) if layer.level is level]
    near = [layer for layer in layers if _meet(outer, AreaCode(layer.area))]
    inside = [found for layer in near if (found := layer.within(str(outer))).shapes]
    if not inside:
        return None
    of_all = any(AreaCode(layer.area).contains(outer) for layer in near)
    if on is None:
        return _Offer(_largest(inside), True, of_all)
    valid = [layer for layer in inside if layer.valid_from <= on.isoformat()]
    return _Offer(_latest(valid), True, of_all) if valid else _Offer(_largest(inside), False, of_all)


def _largest(layers: Sequence[Boundaries]) -> Boundaries:
    return max(layers, key=lambda layer: len(layer.shapes))


def _latest(layers: Sequence[Boundaries]) -> Boundaries:
    """The latest of those that hold about as many areas as the largest."""
    largest = _largest(layers)
    return max((layer for layer in layers if _alike(layer, largest)), key=lambda layer: layer.valid_from)


def _alike(layer: Boundaries, other: Boundaries) -> bool:
    return 2 * len(layer.shapes) > len(other.shapes)


def _meet(one: AreaCode, other: AreaCode) -> bool:
    return one.contains(other) or other.contains(one)


def remove_layer(name: str, folder: Path) -> bool:
    """Delete one imported boundary file of a folder by its file name; False where there is no such file in it."""
    path = next((path for path in available([folder]) if path.name == name), None)
    if path is not None:
        path.unlink()
    return path is not None
