"""A file of boundaries -> a report, and what is kept of it: a layer, also at the detail that so many pixels can show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import shapely

from ektp_analysis.boundaries import geometry, landmasses
from ektp_analysis.boundaries.code_columns import CodeColumn, code_columns, label, mixed, name_column
from ektp_analysis.boundaries.file_kinds import Table, head, open_table, refuse, shown
from ektp_analysis.boundaries.layer import Boundaries, Shape, as_geojson, read_layer
from ektp_analysis.boundaries.matching import (
    Choices,
    Named,
    Report,
    Row,
    area_rows,
    by_names,
    common_area,
    disagreeing,
    gather,
    of_another_system,
)
from ektp_analysis.core.area import NATION, Level, register
from ektp_analysis.core.errors import RefusedError
from ektp_analysis.core.text import TN, T, Text


def at_detail(boundaries: Boundaries, pixels: int, *, cache: Path | None = None) -> Boundaries:
    """The layer simplified as one coverage for ``pixels`` across; neighbours stay neighbours.

    ``cache`` is a folder in which it is kept under the digest of the layer's file, its area and the pixels: the second
    call reads it. Labels and codes do not change.
    """
    kept = None if cache is None else cache / f"{boundaries.digest[:16]}_{boundaries.area.replace('.', '')}_{pixels}.geojson"
    if kept is not None and kept.exists():
        return replace(read_layer(kept), digest=boundaries.digest, behind=boundaries.behind)
    every = (*boundaries.shapes, *boundaries.others)
    drawn = shapely.orient_polygons(
        geometry.simplify(np.array([shape.geometry for shape in every], dtype=object), pixels=pixels), exterior_cw=True
    )
    made = [replace(shape, geometry=shaped) for shape, shaped in zip(every, drawn, strict=True)]
    count = len(boundaries.shapes)
    found = replace(boundaries, shapes=tuple(made[:count]), others=tuple(made[count:]))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        part.write_bytes(as_geojson(found))
        part.replace(kept)
    return found


MOST_NAMED = 5  # rows named in a sentence


def read(data: bytes, name: str, choices: Choices | None = None) -> Report:
    """What the file holds and what would be kept; keeps nothing.

    Raises:
        RefusedError: no polygons, no code column, outside Indonesia, and what else makes a file useless; in words.
    """
    found = opened(data, name, choices)
    return reported(found, map(landmasses.drawn, found.parts))


@dataclass(frozen=True)
class Opened:
    """A file whose areas are known and whose outlines are mended, before these are simplified and measured part by part."""

    name: str
    size: int
    sha256: str
    says: Mapping[str, str]
    choices: Choices
    format: str
    layer: str
    crs: str
    features: int
    repaired: int
    areas: _Areas
    warnings: tuple[Text, ...]

    @property
    def shapes(self) -> Any:
        """The outlines of the areas (n,)."""
        return np.array([row.shape for row in self.areas.rows], dtype=object)

    @property
    def parts(self) -> list[landmasses.Part]:
        """The areas in parts that do not depend on each other: :func:`landmasses.drawn` makes each, in whatever order."""
        return landmasses.divided(self.shapes)


def opened(data: bytes, name: str, choices: Choices | None = None) -> Opened:
    """What stands in a file. Raises as :func:`read`."""
    choices, name = choices or Choices(), shown(PurePosixPath(name.replace("\\", "/")).name)
    file = _File(name, choices, open_table(data, name, layer=choices.layer, crs=choices.crs))
    polygons = _polygons(file)
    areas = _areas(file, polygons)
    return Opened(
        name,
        len(data),
        hashlib.sha256(data).hexdigest(),
        head(data),
        choices,
        file.table.format,
        file.table.layer,
        file.table.crs,
        len(file.table.rows),
        polygons.repaired,
        areas,
        (*polygons.warnings, *areas.warnings),
    )


@dataclass(frozen=True)
class _File:
    """A file that is read, with what was chosen and the table that it holds."""

    name: str
    choices: Choices
    table: Table

    def refuse(self, fault: Text, mend: Text) -> RefusedError:
        """The refusal of the layer that is read."""
        return refuse(self.name, fault, mend, layer=self.table.layer)


@dataclass(frozen=True)
class _Polygons:
    """The rows that have polygons, these in degrees and valid, how many were mended, and what is to be said of it."""

    rows: Any
    shapes: Any
    repaired: int
    warnings: tuple[Text, ...]


@dataclass(frozen=True)
class _Areas:
    """Which area each row is: the columns that say so, an area a row, the codes whose parts were gathered, warnings."""

    column: CodeColumn
    name_column: str
    rows: Sequence[Row]
    gathered: Sequence[str]
    warnings: tuple[Text, ...]

    @property
    def coded(self) -> list[Row]:
        """The rows that are areas."""
        return [row for row in self.rows if row.code]

    @property
    def others(self) -> list[Row]:
        """The rows that no code names."""
        return [row for row in self.rows if not row.code]


def _polygons(file: _File) -> _Polygons:
    table = file.table
    shapes, repaired = geometry.polygons_only(table.rows.geometry.to_numpy())
    empty = shapely.is_missing(shapes)
    if empty.all():
        counts = table.rows.geom_type.dropna().value_counts()
        kinds = ", ".join(f"{kind} ({count})" for kind, count in counts.items()) or "-"
        raise file.refuse(
            T("there are no polygons in it, only: {kinds}.", kinds=kinds), T("Choose the file with the outlines of the areas.")
        )
    warnings = (
        []
        if not empty.any()
        else [
            TN(
                "{n} row without a polygon is left out: {rows}.",
                "{n} rows without a polygon are left out: {rows}.",
                n=int(empty.sum()),
                rows=_labels(table.rows, np.flatnonzero(empty)),
            )
        ]
    )
    rows, shapes = table.rows[~empty], shapes[~empty]
    if geometry.swapped(shapes):
        shapes = geometry.exchange(shapes)
        warnings.append(T("Latitude and longitude were swapped; they were put right."))
    elif not geometry.inside_indonesia(shapes):
        west, south, east, north = (str(round(edge, 2)) for edge in shapely.total_bounds(shapes))
        raise file.refuse(
            T(
                "the coordinates lie outside Indonesia: {west} to {east} east, {south} to {north} north; rows: {rows}.",
                west=west,
                east=east,
                south=south,
                north=north,
                rows=_labels(rows, geometry.outside(shapes)),
            ),
            T("Check the coordinate system of the file."),
        )
    return _Polygons(rows, shapes, repaired, tuple(warnings))


def _areas(file: _File, polygons: _Polygons) -> _Areas:
    choices, column = file.choices, _code_column(file, polygons.rows)
    codes = [row.code for row in area_rows(polygons.rows, polygons.shapes, column, "", choices)]
    named = choices.name_column or name_column(polygons.rows, codes, skip=column.pieces or (column.name,))
    found = area_rows(polygons.rows, polygons.shapes, column, named, choices)
    if not any(row.code for row in found):
        raise file.refuse(
            T("not one code of the column {column} is known.", column=column.name),
            T("Name the column that holds the codes of Kemendagri."),
        )
    other = of_another_system(found)
    if other is not None and not choices.by_name:
        raise file.refuse(
            T(
                "names belong to other codes: {code} is {name} in the file and {known} in the register.",
                code=other[0],
                name=other[1],
                known=other[2],
            ),
            T("The codes may be of BPS: give those of Kemendagri, or choose to take areas by their names."),
        )
    areas, gathered, doubtful = gather(by_names(found) if other is not None else found)
    if (doubtful and choices.duplicates != "gather") or (gathered and choices.duplicates == "refuse"):
        raise file.refuse(
            T("a code stands for several areas: {codes}.", codes=", ".join((doubtful or gathered)[:8])),
            T("Correct the codes, or choose to merge the parts of one code."),
        )
    return _Areas(column, named, areas, gathered, _mixed_in(found, column))


def _mixed_in(rows: Sequence[Row], column: CodeColumn) -> tuple[Text, ...]:
    """A warning where codes of the other system stand among those of the column."""
    strange = [
        row
        for row in rows
        if row.written and row.code is None and len(row.written) in (6, 7) and (len(row.written) == 7) != (column.system == "bps")
    ]
    if not strange:
        return ()
    return (
        TN(
            "{n} code is of the other system and was not mixed in: {rows}.",
            "{n} codes are of the other system and were not mixed in: {rows}.",
            n=len(strange),
            rows=", ".join(f"{row.number} {row.name} {row.written}" for row in strange[:MOST_NAMED]),
        ),
    )


def save(report: Report, folder: Path) -> Path:
    """Write the boundaries of a report into a folder of boundary files; the same file again replaces itself."""
    folder.mkdir(parents=True, exist_ok=True)
    level = report.level.name.lower()
    path = folder / f"{report.area.replace('.', '')}_{level}_{report.sha256[:12]}.geojson"
    part = path.with_suffix(".part")
    part.write_bytes(as_geojson(report.boundaries))
    part.replace(path)
    return path


def _labels(rows: Any, places: Any) -> str:
    """The first of some rows by number and name."""
    said = ", ".join(label(rows, int(place)) for place in places[:MOST_NAMED])
    return said if len(places) <= MOST_NAMED else said + ", …"


def _code_column(file: _File, rows: Any) -> CodeColumn:
    wanted, layer = file.choices.code_column, file.table.layer
    columns = code_columns(rows, level=file.choices.level)
    if wanted:
        if wanted not in rows.columns:
            raise refuse(
                file.name,
                T("there is no column {column}.", column=wanted),
                T("Choose one of: {columns}.", columns=", ".join(map(str, rows.columns[:-1]))[:200]),
            )
        columns = [column for column in columns if column.name == wanted]
    if columns:
        return columns[0]
    if len(rows.columns) < 2:
        raise refuse(
            file.name,
            T("the areas have no attributes, so nothing says which area is which."),
            T("Add a column with the codes."),
            layer=layer,
        )
    both = mixed(rows)
    if both:
        raise refuse(
            file.name,
            T("the column {column} mixes codes of Kemendagri (6 digits) with codes of BPS (7 digits).", column=both),
            T("Give the codes of one system."),
            layer=layer,
        )
    raise refuse(
        file.name,
        T("no column holds the codes of areas."),
        T("Add a column with codes such as 75.05.03, or name it."),
        layer=layer,
    )


def reported(file: Opened, made: Iterable[landmasses.Drawn]) -> Report:
    """The report on a file, of all its parts."""
    areas, known = file.areas, register()
    coded, others = areas.coded, areas.others
    drawn = landmasses.joined(made, len(areas.rows))
    layer = _layer(file, [_shape(*one) for one in zip(areas.rows, drawn.shapes, drawn.labels.tolist(), strict=True)])
    measured, different = drawn.measured.flaws, disagreeing(coded)
    doubt = (
        [T("Most names do not fit their codes: the codes may be of another system.")] if (len(different) > len(coded) / 2) else []
    )
    return Report(
        file=file.name,
        sha256=file.sha256,
        size=file.size,
        format=file.format,
        layer=file.layer,
        crs=file.crs,
        level=layer.level,
        area=layer.area,
        code_column=areas.column.name,
        system=areas.column.system,
        name_column=areas.name_column,
        features=file.features,
        matched=tuple(str(row.code) for row in coded if row.code in known),
        unmatched_polygons=tuple(Named(str(row.code), row.name) for row in coded if row.code not in known),
        unmatched_areas=_without_polygon(layer),
        suggestions=tuple(Named(row.written, row.name, row.suggested) for row in others if row.suggested),
        disagreements=different,
        others=_called(others),
        gathered=tuple(areas.gathered),
        named=tuple(sorted(str(row.code) for row in coded if row.named)),
        repaired=file.repaired,
        overlaps=_overlaps(measured, _called(areas.rows)),
        gaps=measured.gaps,
        vertices_before=geometry.vertices(file.shapes),
        vertices_after=geometry.vertices(drawn.shapes),
        size_after=len(as_geojson(layer)),
        boundaries=layer,
        warnings=(*file.warnings, *doubt),
    )


def _layer(file: Opened, shapes: Sequence[Shape]) -> Boundaries:
    """The layer that would be kept, with what the file says of itself where nobody said otherwise."""
    said, choices, level = file.says, file.choices, file.areas.column.level
    return Boundaries(
        common_area([str(row.code) for row in file.areas.coded], level),
        level,
        tuple(sorted((shape for shape in shapes if shape.code), key=lambda shape: shape.code)),
        credit=choices.credit or said.get("credit", "") or choices.source,
        source=choices.source or said.get("source", file.name),
        licence=choices.licence or said.get("licence", ""),
        valid_from=choices.valid_from or said.get("valid_from", ""),
        digest=file.sha256,
        others=tuple(shape for shape in shapes if not shape.code),
    )


def _called(rows: Sequence[Row]) -> tuple[str, ...]:
    """Rows by name, else by what stands for their code."""
    return tuple(row.name or row.written for row in rows)


def _overlaps(measured: geometry.Flaws, names: Sequence[str]) -> tuple[tuple[str, str, float], ...]:
    return tuple((names[one], names[other], km2) for one, other, km2 in measured.overlaps)


def _without_polygon(layer: Boundaries) -> tuple[Named, ...]:
    """The areas of the register inside the layer's area that have no polygon."""
    if layer.level <= Level.NATION:
        return ()
    known = register()
    inside = {code for code in known.codes(layer.level) if layer.area == NATION or f"{code}.".startswith(f"{layer.area}.")}
    return tuple(Named(code, known.name(code)) for code in sorted(inside - set(layer.codes)))


def _shape(row: Row, drawn: Any, label: Sequence[float]) -> Shape:
    return Shape(row.code or "", row.name, drawn, (float(label[0]), float(label[1])))
