"""Figures and polygons joined by code, with what is left over on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ektp_analysis.boundaries.layer import Boundaries


@dataclass(frozen=True)
class Matched:
    """Codes on both sides, codes with figures but no polygon, codes with a polygon but no figures; each in order."""

    matched: tuple[str, ...]
    unmatched_figures: tuple[str, ...]
    unmatched_polygons: tuple[str, ...]


def match(codes: Iterable[str], boundaries: Boundaries) -> Matched:
    """Match areas that have figures to polygons, by code alone: names and positions never join."""
    figures, polygons = {str(code) for code in codes}, set(boundaries.codes)
    return Matched(tuple(sorted(figures & polygons)), tuple(sorted(figures - polygons)),
                   tuple(sorted(polygons - figures)))
