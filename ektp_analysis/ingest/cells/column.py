"""A column of a file as its distinct values and where each stands, so that every value is understood once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ektp_analysis.core import contract
from ektp_analysis.core.contract import MOST_RESIDENTS
from ektp_analysis.ingest.cells import numerals
from ektp_analysis.ingest.cells.rowkinds import filled

Outcome = TypeVar("Outcome")
BOTH = "both"  # the style of a column that marks thousands with dots and with commas
_PIECE = 1 << 16  # rows of a piece that a constant column repeats


@dataclass(frozen=True)
class Column:
    """``values[where[i]]`` is the cell of row i; '' is an empty cell."""

    header: str
    values: Sequence[object]
    where: np.ndarray[Any, np.dtype[np.int64]]
    whole: pd.Series | None = None  # where every cell is a plain whole number or empty: the numbers, understood in bulk
    texts: pa.ChunkedArray | None = None  # the cells as they were read in bulk

    def __len__(self) -> int:
        return len(self.where)

    def cell(self, position: int) -> object:
        """The cell of a row."""
        return self.values[self.where[position]]

    def empty(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which rows have nothing in this column."""
        blank = np.array([value is None or (isinstance(value, str) and not value.strip()) for value in self.values] or [True])
        return np.asarray(blank[self.where] if len(self.where) else np.zeros(0, dtype=bool), dtype=bool)

    def understood(self, read: Callable[[object], Outcome]) -> list[Outcome]:
        """``read`` of each distinct value."""
        return [read(value) for value in self.values]


def from_cells(header: str, given: Cells, *, count: bool = False) -> Column:
    """A column from the cells of a sheet. Booleans become text, for True would be the same value as 1. ``count`` says that
    whole numbers are expected."""
    kinds, cells = given.kinds, given.all
    if kinds == {float}:
        floats = given.numbers
        if count and ((floats >= 0) & (floats <= MOST_RESIDENTS) & (floats == np.floor(floats))).all():
            whole = pd.arrays.IntegerArray(floats.astype(np.int64), np.zeros(len(floats), dtype=bool))
            return Column(header, (), np.zeros(len(floats), dtype=np.int64), pd.Series(whole, copy=False))
        distinct, where = np.unique(floats, return_inverse=True)
        return Column(header, ["" if value != value else value for value in distinct.tolist()], where.astype(np.int64))
    if bool in kinds:
        cells = tuple(str(cell).upper() if type(cell) is bool else cell for cell in cells)
    mixed = np.empty(len(cells), dtype=object)
    mixed[:] = cells
    where, values = pd.factorize(mixed, use_na_sentinel=False)
    return Column(header, ["" if value is None or value != value else value for value in values], where.astype(np.int64))


def from_arrow(header: str, cells: pa.ChunkedArray, *, count: bool = False) -> Column:
    """A column from text read in bulk. ``count`` says that whole numbers are expected; they are then read as such."""
    if pa.types.is_integer(cells.type):
        filled = pc.fill_null(cells, 0) if cells.null_count else cells
        whole = np.concatenate([np.zeros(0, dtype=np.int64), *(chunk.to_numpy() for chunk in filled.chunks)], dtype=np.int64)
        missing = pc.is_null(cells).to_numpy() if cells.null_count else np.zeros(len(cells), dtype=bool)
        counts = pd.Series(pd.arrays.IntegerArray(whole, missing), copy=False)
        return Column(header, (), np.zeros(len(cells), dtype=np.int64), counts)
    if count and not pc.any(pc.match_substring(cells, "x", ignore_case=True)).as_py():  # 0x1F is no count, but a cast takes it
        try:
            numbers = pc.cast(pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells), pa.int64()).combine_chunks()
        except pa.ArrowInvalid:
            pass
        else:
            bounds = pc.min_max(numbers).as_py().values()
            if all(one is None or 0 <= one <= MOST_RESIDENTS for one in bounds):
                known = numbers.is_valid().to_numpy(zero_copy_only=False)
                whole = pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False)
                counts = pd.Series(pd.arrays.IntegerArray(whole.copy(), ~known), copy=False)
                return Column(header, (), np.zeros(len(cells), dtype=np.int64), counts)
    block = _block(cells)
    coded = cells.unify_dictionaries() if pa.types.is_dictionary(cells.type) else pc.dictionary_encode(cells.slice(0, block))
    where = np.concatenate([np.zeros(0, dtype=np.int64), *(chunk.indices.to_numpy() for chunk in coded.chunks)], dtype=np.int64)
    values = coded.chunk(0).dictionary.to_pylist() if coded.num_chunks else []
    return Column(header, values, where if len(where) == len(cells) else np.resize(where, len(cells)), texts=cells)


def _block(cells: pa.ChunkedArray) -> int:
    """How many rows there are before the texts repeat, in the same order down to the last row (the areas of each day); all
    of them where they do not."""
    if pa.types.is_dictionary(cells.type) or not len(cells):
        return len(cells)
    again = pc.index(cells.slice(1), cells[0]).as_py() + 1
    repeats = 0 < again <= len(cells) // 2 and cells.slice(again).equals(cells.slice(0, len(cells) - again))
    return again if repeats else len(cells)


def take_text(column: Column, texts: Sequence[str | None]) -> pd.Series:
    """A text column of the frame from what each distinct value means."""
    if texts is column.values and column.texts is not None:  # every cell means what it says
        return _series(column.texts.cast(pa.large_string()))
    table = pd.array(list(texts), dtype=contract.texts(len(column.where)))
    return pd.Series(table.take(column.where) if len(column.where) else table[:0], copy=False)


def take_counts(column: Column, numbers: Sequence[int | None]) -> pd.Series:
    """A count column of the frame from what each distinct value means."""
    known = np.array([number is not None for number in numbers], dtype=bool)
    whole = np.array([0 if number is None else number for number in numbers], dtype=np.int64)
    return pd.Series(pd.arrays.IntegerArray(whole[column.where], ~known[column.where]), copy=False)


def take_dates(column: Column, days: Sequence[date | None]) -> pd.Series:
    """A date column of the frame from what each distinct value means."""
    table = np.array([np.datetime64("NaT") if day is None else np.datetime64(day) for day in days], dtype="datetime64[s]")
    return pd.Series(table[column.where], copy=False)


def constant(text: str | None, length: int) -> pd.Series:
    """A text column of one text, or of none."""
    if length < contract.MANY:
        return pd.Series(pd.array([text] * length, dtype=contract.texts(length)), copy=False)
    piece = pa.repeat(pa.scalar(text, pa.large_string()), min(length, _PIECE))
    return _series(pa.chunked_array([*[piece] * (length // _PIECE), piece[: length % _PIECE]]))  # the same piece over and over


def _series(texts: pa.ChunkedArray) -> pd.Series:
    if len(texts) < contract.MANY:
        return pd.Series(pd.array(texts.to_pylist(), dtype=contract.texts(len(texts))), copy=False)
    return pd.Series(pd.arrays.ArrowStringArray(texts, dtype=pd.StringDtype(na_value=np.nan)), copy=False)


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
    styles = {numerals.style(value) for value in distinct} & numerals.MARKED
    refused = styles - {style} if len(styles) > 1 or style else set()
    odd = numerals.odd_blanks(distinct)
    read = [_understood(value, refused) if value not in odd else (np.nan, True, np.nan) for value in distinct]
    counts, wrong, floats = (np.array(one, dtype=kind) for one, kind in zip(zip(*read, strict=True), "d?d", strict=True))
    named = BOTH if len(styles) > 1 else next(iter(styles), "")
    return Values(cells, counts[where], wrong[where], named, floats[where])


def _understood(value: object, refused: Collection[str]) -> tuple[float, bool, float]:
    """What a cell holds: its count, whether it is something else, its number with a fraction. A count whose thousands are
    marked in a ``refused`` style is something else."""
    try:
        if numerals.style(value) in refused:
            raise numerals.NotANumber
        found = numerals.count(value) if filled(value) else None
    except numerals.NotANumber:
        return np.nan, True, _with_fraction(value)
    count = np.nan if found is None else found
    return count, False, count


def _with_fraction(value: object) -> float:
    try:
        text = numerals.percent(value)
    except numerals.NotANumber:
        return value if isinstance(value, float) else np.nan
    return np.nan if text is None else float(text)


def adds_up(whole: Floats, *parts: Floats) -> tuple[int, int]:
    """In how many rows ``whole`` is the sum of ``parts``, of how many in which all stand and not all are 0."""
    total = np.sum(parts, axis=0)
    there = ~np.isnan(whole) & ~np.isnan(total) & ((whole != 0) | (total != 0))
    return int((whole[there] == total[there]).sum()), int(there.sum())


_DIGIT = re.compile("[^\\x00-/:-\\x7f]")  # 0 to 9, and whatever is not ASCII
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

    @cached_property
    def with_digits(self) -> Collection[str]:
        """Those of the texts that hold a digit, or a letter that may mean one, found in one go."""
        whole = "\n".join(self.texts)
        if whole.count("\n") >= max(1, len(self.texts)):
            return self.texts
        found, digit = [], _DIGIT.search(whole)
        while digit is not None:
            start, end = whole.rfind("\n", 0, digit.start()) + 1, whole.find("\n", digit.end())
            end = end if end >= 0 else len(whole)
            found.append(whole[start:end])
            digit = _DIGIT.search(whole, end)
        return found

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
