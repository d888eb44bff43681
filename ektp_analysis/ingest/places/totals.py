"""Which rows are areas, which are totals of them, and which are neither; and whether each total is what its members give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.column import Floats, Mask
from ektp_analysis.ingest.cells.rowkinds import filled, is_number
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.places.row_names import Placed

AREA, TOTAL, NOTE, BARE, UNPLACED = "area", "total", "note", "bare", "unplaced"
MOST_LOOKED_AT = 200  # more rows without an area are no totals; each is held against all others
FEWEST_SUMMED, FEWEST_OF_ONE = 2, 3  # areas whose sum a total without a word is, by several figures or by a single one
_BLOCK = 2  # among the sets of rows a total may stand for: the block above, which a sub-total gives


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
    for number, (label, code, shows) in enumerate(zip(total_labels, placed.codes, has_figure, strict=True)):
        if code and area_rows[number] and not label:
            made.append(AREA)
        elif not shows:
            made.append(NOTE)
        elif label or code or 0 < placed.levels[number] < min(level, 3):
            made.append(TOTAL)
        else:
            made.append(UNPLACED if placed.labels[number] or _has_text(table.rows[number]) else BARE)
    return _noted_below(made)


def _noted_below(made: Sequence[str]) -> list[str]:
    """The kinds of rows with those below the grand total that are nothing else as notes."""
    last_area = max((number for number, kind in enumerate(made) if kind == AREA), default=-1)
    grand = next((number for number in range(last_area + 1, len(made)) if made[number] == TOTAL), len(made))
    return [NOTE if number > grand and kind in (UNPLACED, BARE) else kind for number, kind in enumerate(made)]


def _has_text(row: Sequence[object]) -> bool:
    return any(isinstance(cell, str) and filled(cell) and not is_number(cell) and len(cell.strip()) > 1 for cell in row)


def positions(made: Sequence[str], kind: str) -> list[int]:
    """The rows of a kind."""
    if made.count(kind) in (0, len(made)):
        return list(range(made.count(kind)))
    return [number for number, one in enumerate(made) if one == kind]


def settle(made: Sequence[str], figures: Mapping[str, Floats]) -> list[str]:
    """The kinds of rows, in which rows that no register knows and no word calls a total, but that are to the digit what other
    rows give, are totals. A row without a label is one also if it is the last; otherwise it is not placed."""
    settled = list(made)
    unplaced, bare = positions(made, UNPLACED), positions(made, BARE)
    if not unplaced and not bare:
        return settled
    areas = np.array([kind == AREA for kind in made], dtype=bool)
    for number in unplaced if len(unplaced) <= MOST_LOOKED_AT else ():
        if _gives_all(number, settled, areas, figures):
            settled[number] = TOTAL
    last = max((number for number, kind in enumerate(settled) if kind != NOTE), default=-1)
    for number in bare:
        if not any(values[number] > 0 for values in figures.values()):
            settled[number] = NOTE  # formulas copied below the table
            continue
        ends = number == last and areas.sum() > 1
        gives = len(bare) <= MOST_LOOKED_AT and _gives_one(number, settled, areas, figures)
        settled[number] = TOTAL if gives or ends else UNPLACED
    return settled


def _gives_one(number: int, made: Sequence[str], areas: Mask, figures: Mapping[str, Floats]) -> bool:
    """Whether a figure of a row is a sum over other rows."""
    return any(
        np.nansum(values[scope]) == values[number] for scope in _scopes(number, made, areas) for values in figures.values()
    )


def _gives_all(number: int, made: Sequence[str], areas: Mask, figures: Mapping[str, Floats]) -> bool:
    """Whether all figures of a row are sums over the same rows: of two areas at least, of three for a single figure."""
    there = [values for values in figures.values() if not np.isnan(values[number])]
    fewest = FEWEST_SUMMED if len(there) > 1 else FEWEST_OF_ONE
    return bool(there) and any(
        scope.sum() >= fewest and all(values[number] > 0 and np.nansum(values[scope]) == values[number] for values in there)
        for scope in _scopes(number, made, areas)
    )


def _scopes(number: int, made: Sequence[str], areas: Mask) -> list[Mask]:
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


def compare(
    table: Table, placed: Placed, made: Sequence[str], total_labels: Sequence[str], figures: Mapping[str, Floats]
) -> tuple[list[Difference], int]:
    """The totals that differ from the sum of their members, and how many figures of totals agree."""
    total_rows = positions(made, TOTAL)
    areas = np.array([kind == AREA for kind in made], dtype=bool)
    differences: list[Difference] = []
    agree = 0
    for number in total_rows:
        label = total_labels[number]
        scopes = [] if words.NOT_A_SUM.search(label) else _summed(number, placed.codes, made, areas)
        for role, values in figures.items() if scopes else ():
            if np.isnan(values[number]):
                continue
            if any(np.nansum(values[scope]) == values[number] for scope in scopes):
                agree += 1
                continue
            meant = values[scopes[0] if number == total_rows[-1] or len(scopes) <= _BLOCK else scopes[_BLOCK]]
            if not np.isnan(meant).all():
                row, printed, summed = int(table.row_numbers[number]), int(values[number]), int(np.nansum(meant))
                differences.append(Difference(row, label or placed.labels[number], role, printed, summed))
    return differences, agree


def _summed(number: int, codes: Sequence[str], made: Sequence[str], areas: Mask) -> list[Mask]:
    """The sets of rows that a total row may be the sum of: the members of its area where it says one."""
    if not codes[number]:
        return _scopes(number, made, areas)
    members = areas & np.array([one.startswith(codes[number] + ".") for one in codes], dtype=bool)
    return [members] if members.any() else []
