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
    figures of a day ``on``, a layer that was valid then comes before one that was not yet; of those of a folder that
    hold about as many areas the latest one is taken.
    """
    outer = AreaCode(area)
    wanted = Level(min(outer.level + 1, Level.DESA)) if level is None else level
    found = []
    for place, folder in enumerate(folders):
        for layer in map(read, available([folder])):
            if layer.level is wanted and _meet(outer, AreaCode(layer.area)) and (inside := layer.within(area)).shapes:
                valid = on is None or layer.valid_from <= on.isoformat()
                found.append((valid, -place, len(inside.shapes), inside))
    if not found:
        return None
    valid, place, most, best = max(found, key=lambda one: one[:3])
    alike = [one for one in found if one[:2] == (valid, place) and 2 * one[2] > most] if on is not None else []
    return max(alike, key=lambda one: (one[3].valid_from if valid else "", one[2]))[3] if alike else best


def _meet(one: AreaCode, other: AreaCode) -> bool:
    return one.contains(other) or other.contains(one)


def remove(name: str, folder: Path) -> bool:
    """Delete one imported boundary file of a folder by its file name; False where there is no such file in it."""
    path = next((path for path in available([folder]) if path.name == name), None)
    if path is not None:
        path.unlink()
    return path is not None
