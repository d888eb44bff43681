"""Import of boundaries in two steps: ``read`` says what a file holds, ``save`` keeps exactly that."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ektp_analysis.area import AreaCode, Level, register
from ektp_analysis.boundaries import geometry
from ektp_analysis.boundaries.columns import CodeColumn, code_columns, label, mixed, name_column
from ektp_analysis.boundaries.formats import Table, head, open_table, refuse
from ektp_analysis.boundaries.layer import Boundaries, Shape
from ektp_analysis.boundaries.matching import (
    Row,
    area_rows,
    by_names,
    common_area,
    disagreeing,
    gather,
    of_another_system,
)
from ektp_analysis.boundaries.report import Choices, Named, Report
from ektp_analysis.text import TN, T, Text

MOST_NAMED = 5  # rows named in a sentence


def read(data: bytes, name: str, choices: Choices | None = None) -> Report:
    """What the file holds and what would be kept; keeps nothing.

    Raises:
        RefusedError: no polygons, no code column, outside Indonesia, and what else makes a file useless; in words.
    """
    choices = choices or Choices()
    table = open_table(data, name, layer=choices.layer, crs=choices.crs)
    shapes, repaired = geometry.polygons_only(table.rows.geometry.to_numpy())
    empty = shapely.is_missing(shapes)
    if empty.all():
        counts = table.rows.geom_type.dropna().value_counts()
        kinds = ", ".join(f"{kind} ({count})" for kind, count in counts.items()) or "-"
        raise refuse(name, T("there are no polygons in it, only: {kinds}.", kinds=kinds),
                     T("Choose the file with the outlines of the areas."), layer=table.layer)
    warnings = [] if not empty.any() else [TN(
        "{n} row without a polygon is left out: {rows}.", "{n} rows without a polygon are left out: {rows}.",
        n=int(empty.sum()), rows=_labels(table.rows, np.flatnonzero(empty)))]
    rows, shapes = table.rows[~empty], shapes[~empty]
    if geometry.swapped(shapes):
        shapes = geometry.exchange(shapes)
        warnings.append(T("Latitude and longitude stood in each other's place; they were exchanged."))
    elif not geometry.inside_indonesia(shapes):
        west, south, east, north = (str(round(edge, 2)) for edge in shapely.total_bounds(shapes))
        raise refuse(name, T("the coordinates lie outside Indonesia: {west} to {east} east, {south} to {north} north; "
                             "rows: {rows}.", west=west, east=east, south=south, north=north,
                             rows=_labels(rows, geometry.outside(shapes))),
                     T("Check the coordinate system of the file."), layer=table.layer)
    column = _code_column(rows, name, table, choices)
    codes = [row.code for row in area_rows(rows, shapes, column, "", choices)]
    named = choices.name_column or name_column(rows, codes, skip=column.pieces or (column.name,))
    found = area_rows(rows, shapes, column, named, choices)
    if not any(row.code for row in found):
        raise refuse(name, T("not one code of the column {column} is known.", column=column.name),
                     T("Name the column that holds the codes of Kemendagri."), layer=table.layer)
    other = of_another_system(found)
    if other is not None and not choices.by_name:
        raise refuse(name, T("most names belong to other codes: {code} is {name} in the file and {known} in the register.",
                             code=other[0], name=other[1], known=other[2]),
                     T("The codes may be of BPS: give those of Kemendagri, or choose to take areas by their names."),
                     layer=table.layer)
    areas, gathered, doubtful = gather(by_names(found) if other is not None else found)
    strange = [row for row in found if row.written and row.code is None and len(row.written) in (6, 7)
               and (len(row.written) == 7) != (column.system == "bps")]
    if strange:
        warnings.append(TN("{n} code is of the other system and was not mixed in: {rows}.",
                           "{n} codes are of the other system and were not mixed in: {rows}.", n=len(strange),
                           rows=", ".join(f"{row.number} {row.name} {row.written}" for row in strange[:MOST_NAMED])))
    if (doubtful and choices.duplicates != "gather") or (gathered and choices.duplicates == "refuse"):
        raise refuse(name, T("a code stands for several areas: {codes}.", codes=", ".join((doubtful or gathered)[:8])),
                     T("Correct the codes, or choose to gather the parts of one code."), layer=table.layer)
    return _report(data, name, table, choices, column, named, len(table.rows), areas, gathered, repaired, warnings)


def save(report: Report, folder: Path) -> Path:
    """Write the boundaries of a report into a folder of boundary files; the same file again replaces itself."""
    folder.mkdir(parents=True, exist_ok=True)
    level = report.level.name.lower()
    path = folder / f"{report.area.replace('.', '')}_{level}_{report.sha256[:12]}.geojson"
    part = path.with_suffix(".part")
    part.write_bytes(as_geojson(report.boundaries))
    part.replace(path)
    return path


def as_geojson(boundaries: Boundaries) -> bytes:
    """A layer as the GeoJSON that :func:`ektp_analysis.boundaries.read` takes."""
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


def _labels(rows: Any, places: Any) -> str:
    """The first of some rows by number and name."""
    said = ", ".join(label(rows, int(place)) for place in places[:MOST_NAMED])
    return said if len(places) <= MOST_NAMED else said + ", …"


def _code_column(rows: Any, name: str, table: Table, choices: Choices) -> CodeColumn:
    columns = code_columns(rows, level=choices.level)
    if choices.code_column:
        if choices.code_column not in rows.columns:
            raise refuse(name, T("there is no column {column}.", column=choices.code_column),
                         T("Choose one of: {columns}.", columns=", ".join(map(str, rows.columns[:-1]))[:200]))
        columns = [column for column in columns if column.name == choices.code_column]
    if not columns:
        if len(rows.columns) < 2:
            raise refuse(name, T("the areas have no attributes, so nothing says which area is which."),
                         T("Add a column with the codes."), layer=table.layer)
        both = mixed(rows)
        if both:
            raise refuse(name, T("the column {column} mixes codes of Kemendagri (6 digits) with codes of BPS (7 digits).",
                                 column=both), T("Give the codes of one system."), layer=table.layer)
        raise refuse(name, T("no column holds the codes of areas."),
                     T("Add a column with codes such as 75.05.03, or name it."), layer=table.layer)
    return columns[0]


def _report(data: bytes, name: str, table: Table, choices: Choices, column: CodeColumn, named: str, features: int,
            rows: list[Row], gathered: list[str], repaired: int, warnings: list[Text]) -> Report:
    known, level = register(), column.level
    areas = [row for row in rows if row.code]
    others = [row for row in rows if not row.code]
    different = disagreeing(areas)
    if len(different) > len(areas) / 2:
        warnings.append(T("Most names do not fit their codes: the codes may be of another system."))
    shapes = np.array([row.shape for row in rows], dtype=object)
    measured = geometry.flaws(shapes)
    drawn = shapely.orient_polygons(geometry.simplify(shapes), exterior_cw=True)
    codes = [str(row.code) for row in areas]
    area = common_area(codes, level)
    made = [_shape(row, shape) for row, shape in zip(rows, drawn, strict=True)]
    said = head(data)
    layer = Boundaries(
        area, level, tuple(sorted((s for s in made if s.code), key=lambda s: s.code)),
        credit=choices.credit or said.get("credit", "") or choices.source, source=choices.source or said.get("source", name),
        licence=choices.licence or said.get("licence", ""), valid_from=choices.valid_from or said.get("valid_from", ""),
        digest=hashlib.sha256(data).hexdigest(), others=tuple(s for s in made if not s.code))
    inside = [code for code in known.codes(level) if AreaCode(area).contains(AreaCode(code))] if level > Level.NATION else []
    names = [row.name or row.written for row in rows]
    return Report(
        file=name, sha256=layer.digest, size=len(data), format=table.format, layer=table.layer, crs=table.crs, level=level,
        area=area, code_column=column.name, system=column.system, name_column=named, features=features,
        matched=tuple(code for code in codes if code in known),
        unmatched_polygons=tuple(Named(str(row.code), row.name) for row in areas if row.code not in known),
        unmatched_areas=tuple(Named(code, known.name(code)) for code in sorted(set(inside) - set(codes))),
        suggestions=tuple(Named(row.written, row.name, row.suggested) for row in others if row.suggested),
        disagreements=different, others=tuple(row.name or row.written for row in others), gathered=tuple(gathered),
        repaired=repaired, overlaps=tuple((names[i], names[j], km2) for i, j, km2 in measured.overlaps), gaps=measured.gaps,
        vertices_before=geometry.vertices(shapes), vertices_after=geometry.vertices(drawn),
        size_after=len(as_geojson(layer)), boundaries=layer, warnings=tuple(warnings))


def _shape(row: Row, drawn: Any) -> Shape:
    point = drawn.representative_point()
    return Shape(row.code or "", row.name, drawn, (float(point.x), float(point.y)))
