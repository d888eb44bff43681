"""The boundary files at hand, and which of them serves an area and a level."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ektp_analysis.area import AreaCode, Level
from ektp_analysis.boundaries.layer import Boundaries, read
from ektp_analysis.datafiles import BOUNDARIES

SHIPPED = (BOUNDARIES,)


def available(folders: Sequence[Path] = SHIPPED) -> tuple[Path, ...]:
    """The boundary files of the folders, folder by folder, by name; a folder that is not there has none."""
    return tuple(path for folder in folders for path in sorted(folder.glob("*.geojson")))


def find(area: str, level: Level | None = None, *, folders: Sequence[Path] = SHIPPED) -> Boundaries | None:
    """Polygons of the areas of ``level`` inside ``area``, or None where there are none.

    The level is by default the one below the area. Earlier folders win; within one, the layer with the most shapes.
    """
    outer = AreaCode(area)
    wanted = Level(min(outer.level + 1, Level.DESA)) if level is None else level
    for folder in folders:
        layers = (read(path) for path in available([folder]))
        found = [layer.within(area) for layer in layers if layer.level is wanted and _meet(outer, AreaCode(layer.area))]
        best = max(found, key=lambda layer: len(layer.shapes), default=None)
        if best is not None and best.shapes:
            return best
    return None


def _meet(one: AreaCode, other: AreaCode) -> bool:
    return one.contains(other) or other.contains(one)


def remove(name: str, folder: Path) -> bool:
    """Delete one imported boundary file of a folder by its file name; False where there is no such file in it."""
    path = next((path for path in available([folder]) if path.name == name), None)
    if path is not None:
        path.unlink()
    return path is not None
