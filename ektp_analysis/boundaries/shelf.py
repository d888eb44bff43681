"""The boundary files at hand, and which of them serves an area and a level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ektp_analysis.area import AreaCode, Level
from ektp_analysis.boundaries.layer import Boundaries, read
from ektp_analysis.datafiles import BOUNDARIES

SHIPPED = (BOUNDARIES,)


def available(folders: Sequence[Path] = SHIPPED) -> tuple[Path, ...]:
    """The boundary files of the folders, folder by folder, by name; a folder that is not there has none."""
    return tuple(path for folder in folders for path in sorted(folder.glob("*.geojson")))


def find(area: str, level: Level | None = None, *, folders: Sequence[Path] = SHIPPED,
         on: date | None = None) -> Boundaries | None:
    """Polygons of the areas of ``level`` inside ``area``, or None where there are none.

    The level is by default the one below the area. Earlier folders win; within one, the layer with the most shapes. For
    figures of a day ``on``, a layer that was valid then comes before one that was not yet; of those that hold about as many
    areas the latest one is taken, also where a later folder has it and both say from when they hold.
    """
    outer = AreaCode(area)
    wanted = Level(min(outer.level + 1, Level.DESA)) if level is None else level
    offers = [offer for folder in folders if (offer := _offer(folder, outer, wanted, on)) is not None]
    usable = [offer.layer for offer in offers if offer.valid] or [offer.layer for offer in offers]
    chosen = usable[0] if usable else None
    for layer in usable[1:]:
        if chosen is not None and on is not None and "" < chosen.valid_from < layer.valid_from and _alike(layer, chosen):
            chosen = layer
    return chosen


@dataclass(frozen=True)
class _Offer:
    """The layer that a folder has for an area, and whether it was valid on the day that is asked about."""

    layer: Boundaries
    valid: bool


def _offer(folder: Path, outer: AreaCode, level: Level, on: date | None) -> _Offer | None:
    """The best layer of one folder; None where it has none of the level with shapes inside the area."""
    near = [layer for layer in map(read, available([folder])) if layer.level is level and _meet(outer, AreaCode(layer.area))]
    inside = [found for layer in near if (found := layer.within(str(outer))).shapes]
    if not inside:
        return None
    if on is None:
        return _Offer(_largest(inside), True)
    valid = [layer for layer in inside if layer.valid_from <= on.isoformat()]
    return _Offer(_latest(valid), True) if valid else _Offer(_largest(inside), False)


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


def remove(name: str, folder: Path) -> bool:
    """Delete one imported boundary file of a folder by its file name; False where there is no such file in it."""
    path = next((path for path in available([folder]) if path.name == name), None)
    if path is not None:
        path.unlink()
    return path is not None
