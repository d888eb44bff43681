"""The boundary files at hand, and which of them serves an area and a level."""

from __future__ import annotations

from collections.abc import Sequence
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
    best = []
    for folder in folders:
        inside = [found for layer in map(read, available([folder])) if layer.level is wanted
                  and _meet(outer, AreaCode(layer.area)) and (found := layer.within(area)).shapes]
        valid = inside if on is None else [layer for layer in inside if layer.valid_from <= on.isoformat()]
        if inside:
            best.append((bool(valid), _latest(valid or inside) if on is not None and valid else _largest(inside)))
    usable = [layer for valid, layer in best if valid] or [layer for _valid, layer in best]
    chosen: Boundaries | None = None
    for layer in usable:
        newer = chosen is not None and on is not None and "" < chosen.valid_from < layer.valid_from and _alike(layer, chosen)
        if chosen is None or newer:
            chosen = layer
    return chosen


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
