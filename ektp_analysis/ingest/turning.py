"""A sheet whose areas stand side by side, one a column, turned so that each is a row."""

from __future__ import annotations

import itertools

from ektp_analysis.ingest.containers import Sheet

MOST_ROWS, MOST_COLUMNS = 120, 700  # a longer sheet has its areas below each other; no area has more kecamatan or desa beside


def turned(sheet: Sheet) -> Sheet | None:
    """The sheet with rows and columns exchanged; None where it is too long to be one of areas side by side."""
    filled = [number for number, row in enumerate(sheet.rows) if any(str(cell).strip() for cell in row)]
    width = max((len(row) for row in sheet.rows), default=0)
    if not filled or filled[-1] >= MOST_ROWS or not 2 <= width <= MOST_COLUMNS:
        return None
    rows = [list(row) for row in itertools.zip_longest(*sheet.rows[: filled[-1] + 1], fillvalue="")]
    merged = tuple((left, top, right, bottom) for top, left, bottom, right in sheet.merged if bottom <= filled[-1])
    return Sheet(sheet.name, rows, sheet.hidden, merged)
