"""What an import of boundaries found: choices, matches on both sides, what was mended, what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ektp_analysis.area import Level
from ektp_analysis.boundaries.layer import Boundaries
from ektp_analysis.boundaries.split import System
from ektp_analysis.i18n import render
from ektp_analysis.text import Text


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
    """An import, before anything is kept. ``boundaries`` is what :func:`save` writes."""

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
            "status": "accepted", "file": self.file, "sha256": self.sha256, "format": self.format, "layer": self.layer,
            "crs": self.crs, "level": self.level.name.lower(), "area": self.area, "code_column": self.code_column,
            "code_system": self.system, "name_column": self.name_column, "features": self.features,
            "matched": len(self.matched), "repaired": self.repaired, "gathered": list(self.gathered),
            "unmatched_polygons": [{"code": n.code, "name": n.name} for n in self.unmatched_polygons],
            "unmatched_areas": [{"code": n.code, "name": n.name} for n in self.unmatched_areas],
            "suggestions": [{"code": n.code, "name": n.name, "suggested": n.register} for n in self.suggestions],
            "disagreements": [{"code": n.code, "name": n.name, "register": n.register} for n in self.disagreements],
            "others": list(self.others),
            "overlaps": [{"areas": [a, b], "km2": round(km2, 4)} for a, b, km2 in self.overlaps],
            "overlap_km2": round(sum(km2 for _a, _b, km2 in self.overlaps), 4),
            "gaps_km2": [round(gap, 4) for gap in self.gaps], "gap_km2": round(sum(self.gaps), 4),
            "vertices": {"before": self.vertices_before, "after": self.vertices_after},
            "bytes": {"before": self.size, "after": self.size_after},
            "warnings": [render(text, lang) for text in self.warnings],
        }
