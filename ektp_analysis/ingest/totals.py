"""Which rows are areas, which are totals of them, and which are neither; and whether each total is what its members give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ektp_analysis.ingest import words
from ektp_analysis.ingest.rowkinds import filled, is_number
from ektp_analysis.ingest.said import Placed
from ektp_analysis.ingest.table import Table
from ektp_analysis.ingest.values import Floats, Mask

AREA, TOTAL, NOTE, BARE, UNPLACED = "area", "total", "note", "bare", "unplaced"
MOST_LOOKED_AT = 200  # more rows without an area are no totals; each is held against all others


@dataclass(frozen=True)
class Difference:
    """A total row that is not what its members give: ``column`` is the role, ``row`` as the file counts."""

    row: int
    label: str
    role: str
    printed: int
    summed: int


def labels(table: Table, before: int) -> list[str]:
    """For each row the first text that says it is a total, '' where none does, from the columns before the figures."""
    found = [""] * len(table.rows)
    for place in range(max(before, 1) - 1, -1, -1):
        hits = {text for text in words.may_be_totals(table.columns[place].texts) if words.TOTAL_ROW.search(text.strip())}
        if hits:
            for number, cell in enumerate(table.column(place)):
                if cell in hits:
                    found[number] = " ".join(str(cell).split())
    return found


def kinds(
    table: Table, placed: Placed, total_labels: Sequence[str], has_figure: Sequence[bool], level: int, area_rows: Mask
) -> list[str]:
    """What each row is. Rows of a larger area than those of ``area_rows`` are totals; what stands below the grand total and is no
    area is a note."""
    if area_rows.all() and all(placed.codes) and not any(total_labels):
        return [AREA] * len(table.rows)
    made = []
    for number in range(len(table.rows)):
        code = placed.codes[number]
        if total_labels[number]:
            made.append(TOTAL if has_figure[number] else NOTE)
        elif code:
            made.append(AREA if area_rows[number] else TOTAL if has_figure[number] else NOTE)
        elif not has_figure[number]:
            made.append(NOTE)
        elif placed.levels[number] and placed.levels[number] < level and placed.levels[number] < 3:
            made.append(TOTAL)
        elif not placed.labels[number] and not _has_text(table.rows[number]):
            made.append(BARE)
        else:
            made.append(UNPLACED)
    last_area = max((number for number, kind in enumerate(made) if kind == AREA), default=-1)
    grand = next((number for number in range(last_area + 1, len(made)) if made[number] == TOTAL), None)
    if grand is not None:
        for number in range(grand + 1, len(made)):
            if made[number] in (UNPLACED, BARE):
                made[number] = NOTE
    return made


def _has_text(row: Sequence[object]) -> bool:
    return any(isinstance(cell, str) and filled(cell) and not is_number(cell) and len(cell.strip()) > 1 for cell in row)


def positions(made: Sequence[str], kind: str) -> list[int]:
    """The rows of a kind."""
    if made.count(kind) in (0, len(made)):
        return list(range(made.count(kind)))
    return [number for number, one in enumerate(made) if one == kind]


def settle(made: list[str], figures: dict[str, Floats]) -> None:
    """Rows that no register knows and no word calls a total, but that are to the digit what other rows give: totals. A row
    without a label is one also if it is the last; otherwise it is not placed."""
    unplaced, bare = positions(made, UNPLACED), positions(made, BARE)
    if not unplaced and not bare:
        return
    areas = np.array([kind == AREA for kind in made], dtype=bool)
    for number in unplaced if len(unplaced) <= MOST_LOOKED_AT else ():
        if _gives_all(number, made, areas, figures):
            made[number] = TOTAL
    last = max((number for number, kind in enumerate(made) if kind != NOTE), default=-1)
    for number in bare:
        if not any(values[number] > 0 for values in figures.values()):
            made[number] = NOTE  # formulas copied below the table
            continue
        matches = len(bare) <= MOST_LOOKED_AT and any(
            _scope(number, made, areas, values) is not None for values in figures.values() if not np.isnan(values[number])
        )
        made[number] = TOTAL if matches or (number == last and areas.sum() > 1) else UNPLACED


def _gives_all(number: int, made: Sequence[str], areas: Mask, figures: dict[str, Floats]) -> bool:
    """Whether all figures of a row are sums over the same rows: of two areas at least, of three for a single figure."""
    there = [values for values in figures.values() if not np.isnan(values[number])]
    fewest = 2 if len(there) > 1 else 3
    return bool(there) and any(
        scope.sum() >= fewest and all(values[number] > 0 and np.nansum(values[scope]) == values[number] for values in there)
        for scope in _scopes(number, made, areas)
    )


def _scopes(number: int, made: Sequence[str], areas: np.ndarray) -> list[np.ndarray]:
    """The sets of rows that a total row may stand for: all, all above, the block above, the block below."""
    everything = areas.copy()
    above = areas.copy()
    above[number:] = False
    start = max((other for other in range(number) if made[other] == TOTAL), default=-1)
    block = above.copy()
    block[: start + 1] = False
    end = next((other for other in range(number + 1, len(made)) if made[other] == TOTAL), len(made))
    below = areas.copy()
    below[: number + 1] = False
    below[end:] = False
    return [scope for scope in (everything, above, block, below) if scope.any()]


def _scope(number: int, made: Sequence[str], areas: np.ndarray, values: Floats) -> np.ndarray | None:
    for scope in _scopes(number, made, areas):
        if np.nansum(values[scope]) == values[number]:
            return scope
    return None


def compare(
    table: Table, placed: Placed, made: Sequence[str], total_labels: Sequence[str], figures: dict[str, Floats]
) -> tuple[list[Difference], int]:
    """The totals that differ from the sum of their members, and how many figures of totals agree."""
    differences, agree, total_rows = [], 0, positions(made, TOTAL)
    if not total_rows:
        return [], 0
    areas = np.array([kind == AREA for kind in made], dtype=bool)
    for number in total_rows:
        if words.NOT_A_SUM.search(total_labels[number] or ""):
            continue
        code = placed.codes[number]
        members = None
        if code:
            members = areas & np.array([one.startswith(code + ".") for one in placed.codes], dtype=bool)
            if not members.any():
                continue
        for role, values in figures.items():
            printed = values[number]
            if np.isnan(printed):
                continue
            if (members is not None and np.nansum(values[members]) == printed) or (
                members is None and (_scope(number, made, areas, values) is not None)
            ):
                agree += 1
                continue
            scopes = [members] if members is not None else _scopes(number, made, areas)
            scope = scopes[0] if number == total_rows[-1] or len(scopes) < 3 else scopes[2]
            if scope is not None and not np.isnan(values[scope]).all():
                differences.append(
                    Difference(
                        int(table.row_numbers[number]),
                        total_labels[number] or placed.labels[number],
                        role,
                        int(printed),
                        int(np.nansum(values[scope])),
                    )
                )
    return differences, agree
