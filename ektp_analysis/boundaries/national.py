"""The outlines of Indonesia that come with the app: kecamatan of 2020, kabupaten and provinsi made from them, the land around.

One file of shared lines (arcs): each border is stored once, so neighbours share it exactly on every level. It is made by
``python -m tests.nation_outlines``; what of it has no code of today, and which code of today no outline, stands beside it.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import secrets
import zipfile
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ektp_analysis.boundaries.layer import SHIPPED, Boundaries, Shape, as_bytes, from_bytes
from ektp_analysis.core.area import NATION, AreaCode, Level, register
from ektp_analysis.core.settings import NATIONAL, UNJOINED
from ektp_analysis.core.text import render

GRID = 10_000  # whole-number places of a degree: the source is rounded to 4 decimals
YEAR = "2020"
LEVELS = (Level.PROVINSI, Level.KABUPATEN, Level.KECAMATAN)
MANY_PARTS = 2_000  # polygons from which on outlines that were made are kept: fewer are there in a tenth of a second
PIXELS = 600  # the land around is as detailed as so many pixels across the areas can show: it is a ground
SPECK = 4  # square pixels; smaller islands around are left out
DETAIL = 4000  # pixels across that the outlines of an area are made for, as those that an office brings
TRIANGLE = 3  # points that a ring has at least
MOST_AROUND = 60  # areas; where more lie around, the borders between provinsi are enough
AROUND = 0.75  # of the areas' longer side: so far the land around is known on each side
SOURCE, LICENCE = "BPS, via OCHA/HDX COD-AB Indonesia", "CC BY 3.0 IGO"


@dataclass(frozen=True, eq=False)
class Table:
    """The shapes of one level in the order of ``keys``: the code, or for what has none the code of its parent and '~'. ``names``
    are those of the source, of 2020.

    ``refs`` are arcs (~n: arc n backwards); ``rings`` says where the arcs of a ring begin, ``parts`` the rings of a polygon,
    ``shapes`` the polygons of a shape. ``labels`` (n, 2) and ``boxes`` (n, 4: west, south, east, north) are in degrees.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    refs: Any
    rings: Any
    parts: Any
    shapes: Any
    labels: Any
    boxes: Any

    def inside(self, area: str) -> range:
        """Places of the shapes in an area, the area itself included."""
        if area == NATION:
            return range(len(self.keys))
        return range(bisect_left(self.keys, area), bisect_left(self.keys, area + "~~"))


@dataclass(frozen=True, eq=False)
class Outlines:
    """The whole file: points (n, 2) in degrees, where each arc begins in them, and a table for each level."""

    points: Any
    arcs: Any
    tables: Mapping[Level, Table]
    bps: Mapping[str, str]
    digest: str

    def geometry(self, level: Level, places: Sequence[int], tolerance: float = 0.0) -> Any:
        """Polygons of these places, as an array. With a ``tolerance`` in degrees each border is drawn with fewer points, the
        same for both neighbours; where lines so drawn cross each other, the loops are cut off."""
        table = self.tables[level]
        parts, of_shape = _ranges(table.shapes, np.asarray(places, dtype=np.int64))
        rings, of_part = _ranges(table.parts, parts)
        refs, of_ring = _ranges(table.rings, rings)
        offsets, arcs = (of_ring, of_part, of_shape), table.refs[refs]
        if not tolerance or not len(arcs):
            return _polygons(self.points, self.arcs, arcs, offsets)
        drawn = _polygons(*_fewer(self.points, self.arcs, arcs, of_ring, tolerance), offsets)
        crossed = ~shapely.is_valid(drawn)
        drawn[crossed] = shapely.make_valid(drawn[crossed], method="structure", keep_collapsed=False)
        if (lost := shapely.is_empty(drawn)).any():
            drawn[lost] = _polygons(self.points, self.arcs, arcs, offsets)[lost]
        return drawn


def _drawn(level: Level, places: Sequence[int], tolerance: float, cache: Path | None) -> Any:
    """As :meth:`Outlines.geometry`; of many shapes kept in the folder ``cache`` under all that they are made from, for to cut off
    the loops of a whole nation takes a second. The folder may be emptied at any time."""
    found, chosen = outlines(), np.asarray(places, dtype=np.int64)
    if cache is None or not tolerance or _ranges(found.tables[level].shapes, chosen)[0].size < MANY_PARTS:
        return found.geometry(level, places, tolerance)
    sha = hashlib.sha256(f"{found.digest} {level.name} {tolerance.hex()} {shapely.geos_version_string}".encode())
    sha.update(chosen.tobytes())
    path = cache / f"{sha.hexdigest()[:32]}.npz"
    lost = contextlib.suppress(OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, shapely.errors.GEOSException)
    with lost, np.load(path, allow_pickle=False) as kept:
        return from_bytes(kept)
    made = found.geometry(level, places, tolerance)
    partial = path.with_name(f"{path.stem}.{secrets.token_hex(4)}.part")
    with contextlib.suppress(OSError):
        cache.mkdir(exist_ok=True)
        with partial.open("wb") as file:
            np.savez(file, **as_bytes(made))
        partial.replace(path)
    return made


def _polygons(points: Any, starts: Any, arcs: Any, offsets: tuple[Any, Any, Any]) -> Any:
    """Polygons of arcs (~n: backwards); ``offsets`` say where the rings, polygons and shapes begin."""
    of_ring, of_part, of_shape = offsets
    back = arcs < 0
    arcs = np.where(back, ~arcs, arcs)
    counts = starts[arcs + 1] - starts[arcs] - 1  # the last point of an arc is the first of the next
    first = np.where(back, starts[arcs + 1] - 1, starts[arcs])
    steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    line = points[np.repeat(first, counts) + np.where(np.repeat(back, counts), -steps, steps)]
    ends = np.concatenate(([0], np.cumsum(counts)))[of_ring]
    closed = np.insert(line, ends[1:], line[ends[:-1]], axis=0)
    made = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, closed, (ends + np.arange(len(ends)), of_part, of_shape))
    single = shapely.get_num_geometries(made) == 1
    return np.where(single, shapely.get_geometry(made, 0), made)


def _fewer(points: Any, starts: Any, arcs: Any, of_ring: Any, tolerance: float) -> tuple[Any, Any, Any]:
    """Points, where arcs begin, and the arcs themselves, simplified; a ring that would be less than a triangle stays."""
    back = arcs < 0
    used, places = np.unique(np.where(back, ~arcs, arcs), return_inverse=True)
    spots, begins = _ranges(starts, used)
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, points[spots], (begins,))
    simpler = shapely.simplify(lines, tolerance, preserve_topology=False)
    left = np.add.reduceat((shapely.get_num_coordinates(simpler) - 1)[places], of_ring[:-1])
    small = np.repeat(left < TRIANGLE, np.diff(of_ring))
    simpler[places[small]] = lines[places[small]]
    counts = shapely.get_num_coordinates(simpler)
    fewer = np.concatenate(([0], np.cumsum(counts)))
    return shapely.get_coordinates(simpler), fewer, np.where(back, ~places, places)


def _ranges(starts: Any, places: Any) -> tuple[Any, Any]:
    """The places one level down that belong to each of these, one after the other, and where each begins among them."""
    counts = starts[places + 1] - starts[places]
    begins = np.concatenate(([0], np.cumsum(counts)))
    return np.repeat(starts[places], counts) + np.arange(begins[-1]) - np.repeat(begins[:-1], counts), begins


@lru_cache(maxsize=1)
def outlines(path: Path = NATIONAL) -> Outlines:
    """The file, read once (about 50 ms)."""
    data = path.read_bytes()
    with np.load(path, allow_pickle=False) as file:
        lengths = file["lengths"].astype(np.int64)
        arcs = np.concatenate(([0], np.cumsum(lengths)))
        steps = file["steps"].astype(np.int64)
        steps[arcs[:-1]] = file["starts"]
        whole = np.cumsum(steps, axis=0)
        before = np.concatenate(([[0, 0]], whole[arcs[1:-1] - 1]))  # what the arcs before have summed up to
        points = (whole - np.repeat(before, lengths, axis=0)) / GRID
        tables = {level: _table(file, level.name.lower()) for level in LEVELS}
        bps = dict(zip(file["bps"].tolist(), file["kecamatan_keys"].tolist(), strict=True))
    coded = {theirs: ours for theirs, ours in bps.items() if "~" not in ours}
    return Outlines(points, arcs, tables, coded, hashlib.sha256(data).hexdigest())


def _table(file: Any, name: str) -> Table:
    starts = {
        key: np.concatenate(([0], np.cumsum(file[f"{name}_{key}"].astype(np.int64)))) for key in ("rings", "parts", "shapes")
    }
    return Table(
        tuple(file[f"{name}_keys"].tolist()),
        tuple(file[f"{name}_names"].tolist()),
        file[f"{name}_refs"],
        **starts,
        labels=file[f"{name}_labels"] / GRID,
        boxes=file[f"{name}_boxes"] / GRID,
    )


@lru_cache(maxsize=64)
def layer(area: str, level: Level, pixels: int = 0, cache: Path | None = None) -> Boundaries | None:
    """The outlines of the areas of a level inside an area; None where there are none (all desa, and provinsi in a kabupaten).

    ``pixels``: as detailed as so many across the area can show; 0: as they are. ``cache``: a folder that keeps what is long to
    make.
    """
    if level not in LEVELS or not NATIONAL.is_file():
        return None
    found, known = outlines(), register()
    table = found.tables[level]
    places = table.inside(area)
    if not any("~" not in table.keys[place] for place in places):
        return None
    boxes = table.boxes[places.start : places.stop]
    across = float((boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)).max())
    drawn = _drawn(level, places, across / pixels if pixels else 0.0, cache)
    made = [
        Shape("" if "~" in key else key, table.names[place] if "~" in key else known.name(key), shape, _pair(table.labels[place]))
        for place, shape in zip(places, drawn, strict=True)
        if (key := table.keys[place])
    ]
    return Boundaries(
        area,
        level,
        tuple(shape for shape in made if shape.code),
        credit=render(SHIPPED, "id"),
        source=SOURCE,
        licence=LICENCE,
        valid_from=YEAR,
        digest=hashlib.sha256(f"{found.digest} {level.name}".encode()).hexdigest(),
        others=tuple(shape for shape in made if not shape.code),
    )


def _pair(point: Any) -> tuple[float, float]:
    return float(point[0]), float(point[1])


@lru_cache(maxsize=64)
def _around(bounds: tuple[float, float, float, float], level: Level, cache: Path | None) -> tuple[Any, ...]:
    west, south, east, north = bounds
    wide, high = east - west, north - south
    longer = max(wide, high)
    x, y = (AROUND * max(side, longer / 2) for side in (wide, high))
    frame = (west - x, south - y, east + x, north + y)
    near = _near(frame, level)
    if len(near) > MOST_AROUND:
        level = Level.PROVINSI
        near = _near(frame, level)
    pixel = longer / PIXELS
    cut = _clipped(_drawn(level, near, pixel, cache), frame)
    parts = [shapely.get_parts(shape) for shape in cut]
    seen = [part[shapely.area(part) > SPECK * pixel * pixel] for part in parts]
    return tuple(shapely.orient_polygons([shapely.multipolygons(part) for part in seen if len(part)], exterior_cw=True))


def _clipped(shapes: Any, frame: tuple[float, float, float, float]) -> Any:
    """What lies in the frame; the quick way makes rings of three points of some shapes, and then stops."""
    try:
        return shapely.clip_by_rect(shapes, *frame)
    except shapely.errors.GEOSException:
        return shapely.intersection(shapely.make_valid(shapes), shapely.box(*frame))


def _near(frame: tuple[float, float, float, float], level: Level) -> Any:
    """Places of the areas of a level whose boxes meet the frame."""
    boxes = outlines().tables[level].boxes
    meet = (boxes[:, 0] < frame[2]) & (boxes[:, 2] > frame[0]) & (boxes[:, 1] < frame[3]) & (boxes[:, 3] > frame[1])
    return np.flatnonzero(meet)


def around(boundaries: Boundaries, cache: Path | None = None) -> Boundaries:
    """The layer with the land on which its areas lie: whole areas of the level above, as far as a map of it may show; ``cache``
    as for :func:`layer`."""
    if boundaries.tiles or not boundaries.shapes or not NATIONAL.is_file():
        return boundaries
    return replace(boundaries, behind=_around(boundaries.bounds, Level(max(boundaries.level - 1, Level.PROVINSI)), cache))


def label_points(codes: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Where these areas lie (longitude, latitude); of one without an outline, where the smallest area around it lies that has
    one. Areas that the file does not know at all are left out."""
    if not NATIONAL.is_file():
        return {}
    found, points = outlines(), {}
    for code in codes:
        for one in (AreaCode(code), *reversed(AreaCode(code).ancestors)):
            table = found.tables.get(one.level)
            place = bisect_left(table.keys, str(one)) if table else 0
            if table and place < len(table.keys) and table.keys[place] == str(one):
                points[code] = _pair(table.labels[place])
                break
    return points


@lru_cache(maxsize=1)
def former_names() -> Mapping[str, str]:
    """Code of a kecamatan -> what it was called in 2020."""
    table = outlines().tables[Level.KECAMATAN]
    return dict(zip(table.keys, table.names, strict=True))


@dataclass(frozen=True)
class Unjoined:
    """A kecamatan on one side only: of 2020 without a code of today (``bps_code``), or of today without an outline (``code``).

    ``inside`` is the code of its kabupaten today, or of its provinsi where it lies in none.
    """

    inside: str
    code: str
    bps_code: str
    name: str


@lru_cache(maxsize=1)
def unjoined() -> tuple[Unjoined, ...]:
    """What could not be joined, as the file beside the outlines lists it."""
    with UNJOINED.open(encoding="utf-8", newline="") as file:
        return tuple(Unjoined(row["inside"], row["code"], row["bps_code"], row["name"]) for row in csv.DictReader(file))
