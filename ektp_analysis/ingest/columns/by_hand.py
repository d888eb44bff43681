"""The columns that a person chose, by header or letter."""

from __future__ import annotations

from collections.abc import Mapping

from ektp_analysis.core.contract import folded
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.opening import package


def chosen(table: Table, wanted: Mapping[str, str]) -> dict[str, tuple[int, ...]] | None:
    """Columns that a person named by header or letter; None where a name fits no column or several."""
    found: dict[str, tuple[int, ...]] = {}
    for role, text in wanted.items():
        if text.lower() == "none":
            continue
        summed: list[int] = []
        for piece in text.split(" + ") if " + " in text else [text]:
            hits = named(table, piece)
            if len(hits) != 1:
                return None
            summed.append(hits[0])
        found[role] = tuple(summed)
    return found


def named(table: Table, text: str) -> list[int]:
    """Columns whose whole header, or lowest header cell, is the text; else the column with that letter."""
    wanted = folded(text)
    for whole in (True, False):
        hits = [
            place for place, path in enumerate(table.headers) if path and folded(" ".join(path) if whole else path[-1]) == wanted
        ]
        if hits:
            return hits
    if text.isascii() and text.isalpha() and text.isupper() and len(text) <= 3:
        place = package.column_number(text) - 1
        return [place] if place < len(table.headers) else []
    return []
