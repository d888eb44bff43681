"""The cells of a column of a sheet, and what is known of them as a whole: found once, for every step that asks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ektp_analysis.ingest.rowkinds import filled

TOP = 64  # so many rows may be title and header; what stands below them is looked at once, whatever is cut off above


class Cells:
    """``top``: the first cells, ``rest``: what is known of those below, shared by all that begin elsewhere in the top."""

    def __init__(self, top: Sequence[object], rest: Cells | None = None) -> None:
        self.top = tuple(top)
        self.rest = rest

    @cached_property
    def all(self) -> tuple[object, ...]:
        """Every cell, from the top down."""
        return self.top if self.rest is None else self.top + self.rest.all

    @cached_property
    def kinds(self) -> frozenset[type]:
        """The types of the cells."""
        own = frozenset(map(type, self.top))
        return own if self.rest is None else own | self.rest.kinds

    @cached_property
    def numbers(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The cells as numbers; only where all of them are (``kinds`` is float alone)."""
        own = np.array(self.top, dtype=np.float64)
        return own if self.rest is None else np.concatenate([own, self.rest.numbers])

    @cached_property
    def distinct(self) -> frozenset[object]:
        """Every value that stands in a cell."""
        own = frozenset(self.top)
        return own if self.rest is None else own | self.rest.distinct

    @cached_property
    def gaps(self) -> bool:
        """Whether a cell shows nothing."""
        if self.kinds == {float}:
            return False
        if self.rest is not None:
            return not all(map(filled, self.top)) or self.rest.gaps
        return None in self.distinct or "" in self.texts or any(map(str.isspace, self.texts))

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every text that stands in a cell."""
        if str not in self.kinds:
            return frozenset()
        if len(self.kinds) == 1:
            return self.distinct  # type: ignore[return-value]
        return frozenset(cell for cell in self.distinct if isinstance(cell, str))

    @property
    def parts(self) -> tuple[Cells, ...]:
        """The cells in one or two pieces, the large one the same for all that share it."""
        return (self,) if self.rest is None else (Cells(self.top), self.rest)

    def below(self, start: int) -> Cells:
        """The cells from a row on."""
        return Cells(self.top[start:], self.rest) if start <= len(self.top) else Cells(self.all[start:])


def columns_of(rows: Sequence[Sequence[object]]) -> list[Cells] | None:
    """The cells of rows column by column; None where the rows differ in length."""
    if len(set(map(len, rows))) != 1:
        return None
    tops = [Cells(top) for top in zip(*rows[:TOP], strict=True)]
    if len(rows) <= TOP:
        return tops
    rests = zip(*rows[TOP:], strict=True)
    return [Cells(top.top, Cells(rest)) for top, rest in zip(tops, rests, strict=True)]
