"""One layer of polygons: the areas of one level with code, name, shape and label point, and where they came from.

The file is GeoJSON in WGS 84 whose head carries area, level, credit, source, licence and valid_from beside the
features; each feature has the properties code and name, and may have label_lon and label_lat.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from math import ceil, cos, radians, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape as to_shape

from ektp_analysis.core.area import AreaCode, Level, level_of, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T, Text, render

# The credit of the outlines that come with the app; the head of their file says it in Indonesian.
SHIPPED = T("Boundaries: BPS via OCHA/HDX COD-AB (2020), CC BY 3.0 IGO, simplified; not the official boundaries.")
# A first view leaves far islands out where the rest would else be small: at most such a share of the areas, each only where it
# alone would make the longer side of the others less than such a share of the view, and lies apart by such a share of that side.
FAR, SHRUNK, APART = 0.2, 0.6, 0.1
LEVEL_NAMES = {level.name.lower(): level for level in Level}


@dataclass(frozen=True)
class Shape:
    """One area: polygons in WGS 84 with exterior rings clockwise (as d3 and Vega want them), and a label point."""

    code: str
    name: str
    geometry: Any
    label: tuple[float, float]


@dataclass(frozen=True)
class Boundaries:
    """A layer. ``area`` is the area that contains all shapes; ``digest`` is the SHA-256 of the file it came from.

    ``others`` are shapes that no code names (a lake, a forest): drawn, never joined to figures. ``tiles`` says that the
    shapes are equal squares, not outlines; ``placed``, that these stand roughly where the areas lie. ``behind`` is the land
    around (polygons): a ground without names and figures.
    """

    area: str
    level: Level
    shapes: tuple[Shape, ...]
    credit: str
    source: str
    licence: str
    valid_from: str
    digest: str
    others: tuple[Shape, ...] = ()
    tiles: bool = False
    placed: bool = True
    behind: tuple[Any, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the shapes, in order."""
        return tuple(shape.code for shape in self.shapes)

    @property
    def credited(self) -> Text:
        """The credit line in the reader's language where its wording is ours; that of others stays as it was given."""
        return SHIPPED if self.credit == render(SHIPPED, "id") else T("{one}", one=self.credit)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        west, south, east, north = shapely.total_bounds([shape.geometry for shape in self.shapes])
        return float(west), float(south), float(east), float(north)

    @cached_property
    def far(self) -> tuple[Shape, ...]:
        """The areas, few and far from the others, without which a first view shows the others at twice the size or more."""
        if self.tiles or not self.shapes:
            return ()
        boxes, places = shapely.bounds([shape.geometry for shape in self.shapes]), np.array([one.label for one in self.shapes])
        away = np.hypot(*(places - np.median(places, axis=0)).T)
        near = boxes[np.argsort(away, kind="stable")[: ceil((1 - FAR) * len(boxes))]]
        core, out = _around(near), np.zeros(len(boxes), dtype=bool)
        for place, box in enumerate(boxes):
            out[place] = _longer(core) < SHRUNK * _longer(_around(np.array([core, box])))
        while out.any():  # what lies beside an area that is shown is no island far away
            beside = _gaps(boxes[out], boxes[~out]) <= APART * _longer(core)
            if not beside.any():
                break
            out[np.flatnonzero(out)[beside]] = False
        return tuple(shape for shape, left in zip(self.shapes, out, strict=True) if left)

    @property
    def first_view(self) -> tuple[float, float, float, float]:
        """As :attr:`bounds`, of all areas but the :attr:`far` ones."""
        left = {shape.code for shape in self.far}
        return (
            replace(self, shapes=tuple(shape for shape in self.shapes if shape.code not in left)).bounds if left else self.bounds
        )

    def within(self, area: str) -> Boundaries:
        """The shapes that lie in an area, by code."""
        outer = AreaCode(area)
        kept = tuple(shape for shape in self.shapes if outer.contains(AreaCode(shape.code)))
        return replace(self, area=area, shapes=kept, others=self.others if outer.contains(AreaCode(self.area)) else ())


def _around(boxes: Any) -> Any:
    return np.array([*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)])


def _longer(box: Any) -> float:
    return float(max(box[2] - box[0], box[3] - box[1]))


def _gaps(boxes: Any, others: Any) -> Any:
    """Degrees from each box to the nearest of the others; 0 or less where they meet."""
    one, other = boxes[:, None], others[None]
    apart = np.maximum(one[..., :2] - other[..., 2:], other[..., :2] - one[..., 2:]).max(axis=2)
    return apart.min(axis=1)


def read_layer(path: Path) -> Boundaries:
    """The layer of a boundary file; read once as long as the file does not change.

    Raises:
        UserError: the file is missing or is not such a file.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise UserError(T("The boundary file {file} cannot be read.", file=path.name)) from error
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int, _size: int) -> Boundaries:
    data = path.read_bytes()
    try:
        head = json.loads(data)
        shapes = tuple(_shape(feature) for feature in head["features"])
        level, area = LEVEL_NAMES[head["level"]], AreaCode(head["area"])
    except (UserError, ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise UserError(
            T(
                "{file} is not a boundary file of this app: {reason}.",
                file=path.name,
                reason=f"{type(error).__name__} {error}"[:80],
            )
        ) from error
    credit, source, licence, valid_from = (str(head.get(key, "")) for key in ("credit", "source", "licence", "valid_from"))
    coded = tuple(sorted((shape for shape in shapes if shape.code), key=lambda shape: shape.code))
    return Boundaries(
        str(area),
        level,
        coded,
        credit,
        source,
        licence,
        valid_from,
        digest=hashlib.sha256(data).hexdigest(),
        others=tuple(shape for shape in shapes if not shape.code),
    )


def _shape(feature: Mapping[str, Any]) -> Shape:
    properties = feature["properties"]
    geometry = shapely.orient_polygons(to_shape(feature["geometry"]), exterior_cw=True)
    if "label_lon" in properties:
        label = (float(properties["label_lon"]), float(properties["label_lat"]))
    else:
        point = geometry.representative_point()
        label = (float(point.x), float(point.y))
    code = "" if properties["code"] is None else str(AreaCode(properties["code"]))
    return Shape(code, str(properties["name"]), geometry, label)


def as_geojson(boundaries: Boundaries) -> bytes:
    """A layer as the GeoJSON that :func:`read_layer` takes."""
    said = {
        "type": "FeatureCollection",
        "area": boundaries.area,
        "level": boundaries.level.name.lower(),
        "credit": boundaries.credit,
        "source": boundaries.source,
        "licence": boundaries.licence,
        "valid_from": boundaries.valid_from,
    }
    features = ",\n".join(_feature(shape) for shape in (*boundaries.shapes, *boundaries.others))
    return (json.dumps(said, ensure_ascii=False)[:-1] + ', "features": [\n' + features + "\n]}\n").encode("utf-8")


def _feature(shape: Shape) -> str:
    said = {
        "code": shape.code or None,
        "name": shape.name,
        "label_lon": round(shape.label[0], 5),
        "label_lat": round(shape.label[1], 5),
    }
    return (
        f'{{"type":"Feature","properties":{json.dumps(said, ensure_ascii=False)},'
        f'"geometry":{shapely.to_geojson(shape.geometry)}}}'
    )


@dataclass(frozen=True)
class Matched:
    """Codes on both sides, codes with figures but no polygon, codes with a polygon but no figures; each in order."""

    matched: tuple[str, ...]
    unmatched_figures: tuple[str, ...]
    unmatched_polygons: tuple[str, ...]


def match(codes: Iterable[str], boundaries: Boundaries) -> Matched:
    """Match areas that have figures to polygons, by code alone: names and positions never join."""
    figures, polygons = {str(code) for code in codes}, set(boundaries.codes)
    return Matched(tuple(sorted(figures & polygons)), tuple(sorted(figures - polygons)), tuple(sorted(polygons - figures)))


SIDE = 0.1  # degrees; the squares stand where no one takes them for places
GAP = 0.04  # of a side
SPARE = 1.25  # cells per area, so that the outline can be recognised
MOST_PLACED = 700  # more areas are filled in by order: the best placing would take too long
WIDE = 1.6


def tile_map(area: str, codes: Sequence[str], *, points: Mapping[str, tuple[float, float]] | None = None) -> Boundaries:
    """One square for each code. ``points`` are (longitude, latitude) of label points; all codes need one to be placed
    by it. Rows run from north to south."""
    ordered = sorted(set(codes))
    known = [points[code] for code in ordered if code in points] if points else []
    placed = len(known) == len(ordered) and 1 < len(ordered) <= MOST_PLACED
    if placed:
        cells = _by_place(known)
    else:
        across = max(1, ceil(sqrt(len(ordered) * WIDE)))
        cells = [(i % across, i // across) for i in range(len(ordered))]
    shapes = tuple(_square(code, column, row) for code, (column, row) in zip(ordered, cells, strict=True))
    text = ";".join(f"{code}:{cell}" for code, cell in zip(ordered, cells, strict=True))
    level = level_of(ordered[0]) if ordered else Level.KECAMATAN
    return Boundaries(
        area,
        level,
        shapes,
        credit="",
        source="",
        licence="",
        valid_from="",
        digest=hashlib.sha256(text.encode()).hexdigest(),
        tiles=True,
        placed=placed,
    )


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


def as_bytes(shapes: Any) -> dict[str, Any]:
    """Shapes (n,) as arrays of a file of numpy: their bytes, and how many of these each has."""
    known = [bytes(one) for one in shapely.to_wkb(shapes)]
    return {"wkb": np.frombuffer(b"".join(known), dtype=np.uint8), "sizes": np.array([len(one) for one in known], dtype=np.int64)}


def from_bytes(file: Any) -> Any:
    """The shapes (n,) that :func:`as_bytes` gave, to the bit.

    Raises:
        KeyError, ValueError, GEOSException: they are not in the file, or not whole.
    """
    data, ends = file["wkb"].tobytes(), np.cumsum(file["sizes"]).tolist()
    return shapely.from_wkb(np.array([data[begin:end] for begin, end in pairwise([0, *ends])], dtype=object))
