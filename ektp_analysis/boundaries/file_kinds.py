"""Bytes of a boundary file -> a table of polygons: GeoJSON, TopoJSON, GeoPackage, zipped shapefile, FlatGeobuf,
GeoParquet, KML. What a file does not say (its layer, its coordinate system) is asked, never guessed."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from ektp_analysis.core.errors import Fault, RefusedError
from ektp_analysis.core.text import T, Text

MOST_BYTES = 200 * 1024 * 1024
MOST_UNZIPPED = 800 * 1024 * 1024
MOST_LETTERS = 120  # of a name: none of an area or a file is longer
WGS84 = "EPSG:4326"
_ENDINGS = {
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".topojson": "TopoJSON",
    ".gpkg": "GeoPackage",
    ".fgb": "FlatGeobuf",
    ".parquet": "GeoParquet",
    ".geoparquet": "GeoParquet",
    ".kml": "KML",
    ".zip": "ZIP",
}
_INSIDE = (".shp", ".gpkg", ".geojson", ".fgb", ".kml", ".json")
_POLYGONS = ("Polygon", "MultiPolygon", "GeometryCollection", "Unknown", None)


@dataclass(frozen=True)
class Table:
    """What a file holds: rows with geometry in WGS 84, the name of the format, the layer, the file's own CRS."""

    rows: Any
    format: str
    layer: str
    crs: str


def shown(text: str, most: int = MOST_LETTERS) -> str:
    """A name as it may be said and kept: without control characters, which a terminal or a page would obey, and not too long."""
    text = text if text.isprintable() else " ".join("".join(c if c.isprintable() else " " * c.isspace() for c in text).split())
    return text if len(text) <= most else text[:most] + "…"


def _said(rows: Any) -> Any:
    """The rows with every name in them, and every header, as it may be said."""
    heads = {head: shown(head) for head in rows.columns if isinstance(head, str) and shown(head) != head}
    if heads and not set(heads.values()) & set(rows.columns) and len(set(heads.values())) == len(heads):
        rows = rows.rename(columns=heads)
    for place, kind in enumerate(rows.dtypes):
        if kind == object or pd.api.types.is_string_dtype(kind):  # noqa: E721
            column = rows.iloc[:, place]
            wrong = column.map(lambda cell: isinstance(cell, str) and shown(cell) != cell).astype(bool)
            if wrong.any():
                rows = rows.assign(**{str(rows.columns[place]): column.where(~wrong, column[wrong].map(shown))})
    return rows


def refuse(name: str, fault: Text, mend: Text, *, layer: str = "") -> RefusedError:
    """The refusal of a whole file."""
    found = Fault(fault, mend, file=f"{name} ({layer})" if layer else name)
    return RefusedError(found.text(), (found,))


def too_large(name: str) -> RefusedError:
    """The refusal of a file of more than :data:`MOST_BYTES`."""
    return refuse(
        name,
        T("the file is larger than {n} MB.", n=MOST_BYTES // 2**20),
        T("Simplify the boundaries, or cut out the areas that are needed."),
    )


def open_table(data: bytes, name: str, *, layer: str = "", crs: str = "") -> Table:
    """Read the polygons of a file.

    ``layer`` chooses one of several layers; ``crs`` is used only where the file names none.

    Raises:
        RefusedError: what is wrong with the file, and how to mend it.
    """
    if not data:
        raise refuse(name, T("the file is empty."), T("Choose the file that holds the boundaries."))
    if len(data) > MOST_BYTES:
        raise too_large(name)
    kind = _kind(data, name)
    if kind == "GeoParquet":
        rows, found = _parquet(data, name), ""
    else:
        rows, found = _ogr(data, name, kind, layer)
    if not len(rows):
        raise refuse(name, T("there is nothing in the file."), T("Choose the file that holds the boundaries."), layer=found)
    own = _crs(rows, kind, name, crs, found)
    return Table(_said(rows.set_crs(own, allow_override=True).to_crs(WGS84)), kind, shown(found), own)


def _kind(data: bytes, name: str) -> str:
    """The format by content where the content tells it, else by the ending of the name."""
    ending = PurePosixPath(name.lower()).suffix
    if data[:4] == b"PK\x03\x04":
        return "ZIP"
    if data[:16] == b"SQLite format 3\x00":
        return "GeoPackage"
    if data[:4] == b"PAR1":
        return "GeoParquet"
    if data[:3] == b"fgb":
        return "FlatGeobuf"
    if data.lstrip()[:1] == b"{":
        return "TopoJSON" if b'"Topology"' in data[:4096] else "GeoJSON"
    if b"<kml" in data[:2048]:
        return "KML"
    if ending in (".shp", ".dbf", ".shx", ".prj"):
        raise refuse(name, T("a shapefile is several files."), T("Pack its .shp, .shx, .dbf and .prj into one .zip."))
    raise refuse(
        name,
        T("this is not a boundary file that can be read."),
        T("Give GeoJSON, TopoJSON, GeoPackage, a zipped shapefile, FlatGeobuf, GeoParquet or KML."),
    )


def _parquet(data: bytes, name: str) -> Any:
    try:
        return gpd.read_parquet(io.BytesIO(data))
    except (ValueError, OSError) as error:
        raise refuse(name, T("the file is not GeoParquet."), T("Save the table with its geometry column.")) from error


def _ogr(data: bytes, name: str, kind: str, layer: str) -> tuple[Any, str]:
    ending = next(end for end, of in _ENDINGS.items() if of == kind)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"boundaries{ending}"
        path.write_bytes(data)
        source = str(path) if kind != "ZIP" else f"/vsizip/{path}/{_member(data, name)}"
        try:
            chosen = _layer(source, name, layer)
            return pyogrio.read_dataframe(source, layer=chosen), chosen
        except (DataSourceError, pyogrio.errors.GeometryError, pyogrio.errors.FeatureError, ValueError) as error:
            raise refuse(
                name, T("the file is damaged or is not what its name says."), T("Save it again as GeoJSON or GeoPackage.")
            ) from error


def _member(data: bytes, name: str) -> str:
    """The one boundary file in a ZIP; nothing is unpacked to disk."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise refuse(name, T("the ZIP is damaged."), T("Pack it again.")) from error
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            raise refuse(name, T("the ZIP holds a path that leads out of it."), T("Pack it again, with plain file names."))
    if sum(entry.file_size for entry in entries) > MOST_UNZIPPED:
        raise refuse(
            name,
            T("unpacked, the file is larger than {n} MB.", n=MOST_UNZIPPED // 2**20),
            T("Simplify the boundaries, or cut out the areas that are needed."),
        )
    names = [entry.filename for entry in entries if not PurePosixPath(entry.filename).name.startswith((".", "__"))]
    for ending in _INSIDE:
        found = sorted(member for member in names if member.lower().endswith(ending) and "__MACOSX" not in member)
        if len(found) > 1:
            raise refuse(
                name,
                T("the ZIP holds several boundary files: {files}.", files=", ".join(map(shown, found[:5]))),
                T("Pack one of them alone."),
            )
        if found:
            return str(found[0])
    raise refuse(name, T("the ZIP holds no boundary file."), T("Pack the .shp, .shx, .dbf and .prj of the shapefile."))


def _layer(source: str, name: str, wanted: str) -> str:
    """The layer that is wanted, or the only one with polygons."""
    layers = {str(layer): kind for layer, kind in pyogrio.list_layers(source)}
    if wanted:
        if wanted not in layers:
            raise refuse(
                name,
                T("there is no layer {layer}.", layer=shown(wanted)),
                T("Choose one of: {layers}.", layers=", ".join(map(shown, list(layers)[:8]))),
            )
        return wanted
    shapes = [layer for layer, kind in layers.items() if kind is None or any(kind.startswith(word) for word in _POLYGONS if word)]
    if not shapes:
        kinds = (
            ", ".join(
                f"{shown(layer)}: {kind or '-'} ({pyogrio.read_info(source, layer=layer)['features']})"
                for layer, kind in layers.items()
            )
            or "-"
        )
        raise refuse(
            name,
            T("there are no polygons in it, only: {kinds}.", kinds=kinds),
            T("Choose the file with the outlines of the areas."),
        )
    if len(shapes) > 1:
        raise refuse(
            name,
            T("there are several layers with polygons: {layers}.", layers=", ".join(map(shown, shapes[:8]))),
            T("Name the layer."),
        )
    return shapes[0]


def _crs(rows: Any, kind: str, name: str, given: str, layer: str) -> str:
    if kind in ("GeoJSON", "KML", "TopoJSON") and rows.crs is None:
        return given or WGS84  # these formats are WGS 84 by their standards
    if rows.crs is not None:
        return str(rows.crs.to_string())
    if not given:
        raise refuse(
            name,
            T("the file does not say which coordinate system it uses."),
            T("Name it, for example EPSG:4326 (degrees) or EPSG:32651 (UTM 51 N)."),
            layer=layer,
        )
    try:
        return str(CRS.from_user_input(given).to_string())
    except CRSError as error:
        raise refuse(
            name,
            T("{crs} is not a coordinate system.", crs=given[:40]),
            T("Name it, for example EPSG:4326 (degrees) or EPSG:32651 (UTM 51 N)."),
        ) from error


def head(data: bytes) -> dict[str, str]:
    """What a GeoJSON says of itself beside its features: source, licence, credit, valid_from; else nothing."""
    try:
        found = json.loads(data) if data.lstrip()[:1] == b"{" else {}
    except ValueError:
        return {}
    keys = ("source", "licence", "credit", "valid_from")
    return {key: shown(found[key], 400) for key in keys if isinstance(found.get(key), str)}
