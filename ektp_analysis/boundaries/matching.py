"""Polygons of a file and areas of the register, put together by codes or names: the report of what fits and what does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import shapely

from ektp_analysis.boundaries.code_columns import CodeColumn, System, bps_codes, bps_parents, by_name, dotted, plain
from ektp_analysis.boundaries.layer import Boundaries
from ektp_analysis.boundaries.national import former_names
from ektp_analysis.core.area import AreaCode, Level, register
from ektp_analysis.core.text import Text, render


@dataclass(frozen=True)
class Choices:
    """What a person settles where the file does not. ``duplicates``: parts of one area are gathered, or refused;
    '' gathers them where they neither overlap nor carry different names. ``by_name`` takes the suggested matches."""

    layer: str = ""
    crs: str = ""
    level: Level | None = None
    code_column: str = ""
    name_column: str = ""
    duplicates: Literal["", "gather", "refuse"] = ""
    by_name: bool = False
    source: str = ""
    licence: str = ""
    credit: str = ""
    valid_from: str = ""


@dataclass(frozen=True)
class Named:
    """An area as the file has it: its code there ('' for none) and its name; ``register`` is what it is called there,
    or, for a suggestion, the code that is suggested."""

    code: str
    name: str
    register: str = ""


@dataclass(frozen=True)
class Report:
    """An import, before anything is kept. ``boundaries`` is what :func:`~ektp_analysis.boundaries.importing.save` writes."""

    file: str
    sha256: str
    size: int
    format: str
    layer: str
    crs: str
    level: Level
    area: str
    code_column: str
    system: System
    name_column: str
    features: int
    matched: tuple[str, ...]
    unmatched_polygons: tuple[Named, ...]
    unmatched_areas: tuple[Named, ...]
    suggestions: tuple[Named, ...]
    disagreements: tuple[Named, ...]
    others: tuple[str, ...]
    gathered: tuple[str, ...]
    named: tuple[str, ...]  # codes that were joined by the name alone, inside a parent that is sure
    repaired: int
    overlaps: tuple[tuple[str, str, float], ...]
    gaps: tuple[float, ...]
    vertices_before: int
    vertices_after: int
    size_after: int
    boundaries: Boundaries
    warnings: tuple[Text, ...]

    def as_dict(self, lang: str = "en") -> dict[str, Any]:
        """Plain values for JSON; areas in km2."""
        return {
            "status": "accepted",
            "file": self.file,
            "sha256": self.sha256,
            "format": self.format,
            "layer": self.layer,
            "crs": self.crs,
            "level": self.level.name.lower(),
            "area": self.area,
            "code_column": self.code_column,
            "code_system": self.system,
            "name_column": self.name_column,
            "features": self.features,
            "matched": len(self.matched),
            "repaired": self.repaired,
            "gathered": list(self.gathered),
            "joined_by_name": list(self.named),
            "unmatched_polygons": [{"code": n.code, "name": n.name} for n in self.unmatched_polygons],
            "unmatched_areas": [{"code": n.code, "name": n.name} for n in self.unmatched_areas],
            "suggestions": [{"code": n.code, "name": n.name, "suggested": n.register} for n in self.suggestions],
            "disagreements": [{"code": n.code, "name": n.name, "register": n.register} for n in self.disagreements],
            "others": list(self.others),
            "overlaps": [{"areas": [a, b], "km2": round(km2, 4)} for a, b, km2 in self.overlaps],
            "overlap_km2": round(sum(km2 for _a, _b, km2 in self.overlaps), 4),
            "gaps_km2": [round(gap, 4) for gap in self.gaps],
            "gap_km2": round(sum(self.gaps), 4),
            "vertices": {"before": self.vertices_before, "after": self.vertices_after},
            "bytes": {"before": self.size, "after": self.size_after},
            "warnings": [render(text, lang) for text in self.warnings],
        }


PART = 0.01  # parts of one area may overlap by this share of the smaller


@dataclass(frozen=True)
class Row:
    """One row of the file: its code there, the Kemendagri code it stands for (None: none), its name, its polygons. ``named``:
    the code follows from the name."""

    written: str
    code: str | None
    name: str
    shape: Any
    suggested: str = ""
    number: int = 0  # of the row in the file, from 1
    named: bool = False


def area_rows(table: Any, shapes: Any, column: CodeColumn, name_column: str, choices: Choices) -> list[Row]:
    """Each row with its code. BPS codes go through the table of pairs; without a pair, or against its name, the name decides
    inside a parent that is sure, and else suggests one."""
    names = [
        str(value).strip() if value == value and value is not None else ""
        for value in (table[name_column] if name_column else [""] * len(table))
    ]
    read = zip(column.written(table), names, shapes, table.index, strict=True)
    made = [_row(written, name, shape, int(place) + 1, column) for written, name, shape, place in read]
    if column.system != "bps":
        return made
    sure = _named_in_parents(made, column.level)
    if not choices.by_name:
        return sure
    taken = {row.code for row in sure}
    return [replace(row, code=row.suggested, suggested="") if row.suggested not in {"", *taken} else row for row in sure]


def _row(written: str, name: str, shape: Any, number: int, column: CodeColumn) -> Row:
    """One row of the file by its code alone; what its name suggests stands beside it."""
    code, suggested = None, ""
    if column.system == "bps":
        code = bps_codes().get(written)
        suggested = "" if code or not written else _suggestion(written, name, column.level) or ""
    elif written and dotted_level(written) is column.level:
        code = dotted(written)
    return Row(written, code, name or (register().name(code) if code else ""), shape, suggested, number)


def _named_in_parents(rows: Sequence[Row], level: Level) -> list[Row]:
    """Rows of BPS codes whose name is that of one area of their parent which no other row is, joined to it."""
    told = [replace(row, code=None, suggested=other) if (other := _contradicted(row, level)) else row for row in rows]
    taken = {row.code for row in told if row.code}
    meant = Counter(code for row in told if (code := _meant(row, level)))
    return [
        replace(row, code=code, suggested="", named=True)
        if (code := _meant(row, level)) and code not in taken and meant[code] == 1
        else row
        for row in told
    ]


def _meant(row: Row, level: Level) -> str:
    """The one area that a row without a code is by its name, where its parent is sure; else ''."""
    parent = _parent(row.written, level)
    return by_name(row.name, parent, level) or "" if row.code is None and row.written and parent else ""


def _contradicted(row: Row, level: Level) -> str:
    """The other area of the same parent that a row with a code is by its name; '' where there is none."""
    if row.code is None or not row.name or _known_as(row.code, row.name):
        return ""
    parent = _parent(row.written, level)
    return by_name(row.name, parent, level) or "" if parent else ""


def _parent(bps: str, level: Level) -> str:
    """The parent of a BPS code, where pairs say which it is; else ''."""
    return (bps_codes().get(bps[:7]) if level is Level.DESA else bps_parents().get(bps[:4])) or ""


def _known_as(code: str, name: str) -> bool:
    """Whether an area is called so, today or in 2020."""
    return plain(name) in {plain(register().name(code)), plain(former_names().get(code, ""))}


def dotted_level(written: str) -> Level | None:
    """The level of a Kemendagri code by its digits."""
    return {2: Level.PROVINSI, 4: Level.KABUPATEN, 6: Level.KECAMATAN, 10: Level.DESA}.get(len(written))


def _suggestion(bps: str, name: str, level: Level) -> str | None:
    """By name within the parent; where no pair says which it is, the same four digits are tried, which mostly mean the same."""
    parent = _parent(bps, level) or ("" if level is Level.DESA else dotted(bps[:4]))
    return by_name(name, parent, level) if parent and parent in register() else None


def of_another_system(rows: Sequence[Row]) -> tuple[str, str, str] | None:
    """Whether names belong to areas with other codes: most of them, or more as BPS numbers kabupaten than as the register does.
    The codes are then not those of the register.

    Gives the first such row: its code as written, its name, and what the register calls that code.
    """
    known, coded = register(), [row for row in rows if row.code and row.code in register()]
    other = [row for row in coded if (found := _elsewhere(row)) is not None and found != row.code]
    theirs = [row for row in coded if _of_bps(row) not in ("", row.code)]
    ours = sum(_of_bps(row) == "" and _known_as(str(row.code), row.name) for row in coded if row.written in bps_parents())
    if len(other) * 2 <= len(coded) and len(theirs) <= ours:
        return None
    first = (other or theirs)[0]
    return str(first.code), first.name, known.name(str(first.code))


def by_names(rows: Sequence[Row]) -> list[Row]:
    """Rows whose names say which areas they are, where their codes do not; the others without a code."""
    return [replace(row, code=_of_bps(row) or _elsewhere(row)) if row.code else row for row in rows]


def _of_bps(row: Row) -> str:
    """The kabupaten that the code of a row is as BPS numbers them, where its name says so too; else ''."""
    code = bps_parents().get(row.written, "")
    return code if code and row.name and plain(row.name) == plain(register().name(code)) else ""


def _elsewhere(row: Row) -> str | None:
    """The area of the same level and name: within the parent, of a kabupaten anywhere."""
    code = AreaCode(str(row.code))
    if code in register() and plain(row.name) == plain(register().name(code)):
        return str(code)
    parent = str(code.parent) if code.level > Level.KABUPATEN else "ID"
    return by_name(row.name, parent, code.level) if parent in register() else None


def gather(rows: Sequence[Row]) -> tuple[list[Row], list[str], list[str]]:
    """Rows of one code made one; the codes so gathered; and what is in doubt: codes whose rows overlap or have different
    names, each with the numbers and names of its rows."""
    by_code: dict[str, list[Row]] = {}
    for row in rows:
        by_code.setdefault(row.code or "", []).append(row)
    single = by_code.pop("", [])
    kept, gathered, doubtful = [], [], []
    for code, parts in sorted(by_code.items()):
        if len(parts) > 1:
            gathered.append(code)
            if len({plain(part.name) for part in parts}) > 1 or _overlap([part.shape for part in parts]):
                doubtful.append(f"{code} ({', '.join(f'{part.number} {part.name}'.strip() for part in parts[:4])})")
        shape = parts[0].shape if len(parts) == 1 else shapely.union_all([part.shape for part in parts])
        kept.append(replace(parts[0], shape=shape, suggested=""))
    return [*kept, *single], gathered, doubtful


def _overlap(shapes: Sequence[Any]) -> bool:
    whole = float(shapely.union_all(shapes).area)
    parts = [float(shape.area) for shape in shapes]
    return sum(parts) - whole > PART * min(parts)


def common_area(codes: Sequence[str], level: Level) -> str:
    """The smallest area that contains all codes, above their level."""
    ends = {min(codes), max(codes)}  # what they share, all in between share, as codes of one level are equally long
    lines = [[*(str(a) for a in AreaCode(code).ancestors)] for code in ends]
    shared = [step[0] for step in zip(*lines, strict=True) if len(set(step)) == 1]
    return shared[-1] if shared and level is not Level.NATION else "ID"


def disagreeing(rows: Sequence[Row]) -> tuple[Named, ...]:
    """Areas that have another name in the file than today and in 2020."""
    known = register()
    return tuple(
        Named(row.code, row.name, known.name(row.code))
        for row in rows
        if row.code and row.name and row.code in known and not _known_as(row.code, row.name)
    )
