"""One layer of polygons: the areas of one level with code, name, shape and label point, and where they came from.

The file is GeoJSON in WGS 84 whose head carries area, level, credit, source, licence and valid_from beside the
features; each feature has the properties code and name, and may have label_lon and label_lat.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape as to_shape

from ektp_analysis.area import AreaCode, Level
from ektp_analysis.errors import UserError
from ektp_analysis.i18n import render
from ektp_analysis.text import T, Text

# The credit of the outlines that come with the app; the head of their file says it in Indonesian.
SHIPPED = T("Boundaries: BPS via OCHA/HDX COD-AB (2020), CC BY 3.0 IGO, simplified; not the official boundaries.")
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
    shapes are equal squares, not outlines.
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

    def within(self, area: str) -> Boundaries:
        """The shapes that lie in an area, by code."""
        outer = AreaCode(area)
        kept = tuple(shape for shape in self.shapes if outer.contains(AreaCode(shape.code)))
        return replace(self, area=area, shapes=kept, others=self.others if outer.contains(AreaCode(self.area)) else ())


def read(path: Path) -> Boundaries:
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
        raise UserError(T("{file} is not a boundary file of this app: {reason}.", file=path.name,
                          reason=f"{type(error).__name__} {error}"[:80])) from error
    credit, source, licence, valid_from = (str(head.get(key, "")) for key in ("credit", "source", "licence", "valid_from"))
    coded = tuple(sorted((shape for shape in shapes if shape.code), key=lambda shape: shape.code))
    return Boundaries(str(area), level, coded, credit, source, licence, valid_from, digest=hashlib.sha256(data).hexdigest(),
                      others=tuple(shape for shape in shapes if not shape.code))


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
    """A layer as the GeoJSON that :func:`read` takes."""
    said = {"type": "FeatureCollection", "area": boundaries.area, "level": boundaries.level.name.lower(),
            "credit": boundaries.credit, "source": boundaries.source, "licence": boundaries.licence,
            "valid_from": boundaries.valid_from}
    features = ",\n".join(_feature(shape) for shape in (*boundaries.shapes, *boundaries.others))
    return (json.dumps(said, ensure_ascii=False)[:-1] + ', "features": [\n' + features + "\n]}\n").encode("utf-8")


def _feature(shape: Shape) -> str:
    said = {"code": shape.code or None, "name": shape.name, "label_lon": round(shape.label[0], 5),
            "label_lat": round(shape.label[1], 5)}
    return (f'{{"type":"Feature","properties":{json.dumps(said, ensure_ascii=False)},'
            f'"geometry":{shapely.to_geojson(shape.geometry)}}}')
