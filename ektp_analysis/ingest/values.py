"""The numbers of a column, each distinct cell understood once; its number style decided for the column as a whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.ingest import numbers
from ektp_analysis.ingest.cells import Cells
from ektp_analysis.ingest.rowkinds import filled

Floats = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Values:
    """``counts``: the whole numbers, NaN where there is none; ``wrong``: cells that hold something else; ``style``: dot,
    comma, both or ''; ``floats``: numbers with a fraction as they stand (percentages, or thousands misread by a program)."""

    cells: Sequence[object]
    counts: Floats
    wrong: Mask
    style: str
    floats: Floats

    @property
    def usable(self) -> bool:
        """Whether the column may be one of counts: some counts, and at least as many as cells that are none."""
        found = int((~np.isnan(self.counts)).sum())
        return found > 0 and found >= int(self.wrong.sum())

    def taken(self, rows: Any) -> Values:
        """The same of some rows."""
        if rows.all():
            return self
        return Values(
            [self.cells[int(row)] for row in np.flatnonzero(rows)],
            self.counts[rows],
            self.wrong[rows],
            self.style,
            self.floats[rows],
        )


def values_of(column: Cells, style: str = "") -> Values:
    """Understand a column. ``style`` ('dot' or 'comma') says which mark stands between thousands, where a person chose."""
    cells = column.all
    if column.kinds == {float}:
        numbers_ = column.numbers
        whole = (numbers_ == np.floor(numbers_)) & (numbers_ >= 0)
        return Values(cells, np.where(whole, numbers_, np.nan), ~whole & ~np.isnan(numbers_), "", numbers_)
    if not cells:
        empty = np.zeros(0)
        return Values(cells, empty, empty.astype(bool), "", empty)
    mixed = np.empty(len(cells), dtype=object)
    mixed[:] = [str(cell) if type(cell) is bool else cell for cell in cells] if bool in column.kinds else cells
    where, distinct = pd.factorize(mixed, use_na_sentinel=False)
    styles = {numbers.style(value) for value in distinct} & numbers.MARKED
    refused = styles - {style} if len(styles) > 1 or style else set()
    read = [_understood(value, refused) for value in distinct]
    counts, wrong, floats = (np.array(one, dtype=kind) for one, kind in zip(zip(*read, strict=True), "d?d", strict=True))
    named = "both" if len(styles) > 1 else next(iter(styles), "")
    return Values(cells, counts[where], wrong[where], named, floats[where])


def _understood(value: object, refused: Collection[str]) -> tuple[float, bool, float]:
    """What a cell holds: its count, whether it is something else, its number with a fraction. A count whose thousands are
    marked in a ``refused`` style is something else."""
    try:
        if numbers.style(value) in refused:
            raise numbers.NotANumber
        found = numbers.count(value) if filled(value) else None
    except numbers.NotANumber:
        return np.nan, True, _with_fraction(value)
    count = np.nan if found is None else found
    return count, False, count


def _with_fraction(value: object) -> float:
    try:
        text = numbers.percent(value)
    except numbers.NotANumber:
        return value if isinstance(value, float) else np.nan
    return np.nan if text is None else float(text)


def adds_up(whole: Floats, *parts: Floats) -> tuple[int, int]:
    """In how many rows ``whole`` is the sum of ``parts``, of how many in which all stand and not all are 0."""
    total = np.sum(parts, axis=0)
    there = ~np.isnan(whole) & ~np.isnan(total) & ((whole != 0) | (total != 0))
    return int((whole[there] == total[there]).sum()), int(there.sum())
