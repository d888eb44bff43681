"""What columns are doubted on: the columns that were picked with all that stands around them, and the doubts that there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells.column import Floats, Mask, Values
from ektp_analysis.ingest.columns.day import BELOW, NOTED
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.places.totals import Difference

MOST_SHOWN = 0.5  # of the rows: where more of them show figures, the empty ones are silent areas
FEWEST_BLOCKS = 2  # one kecamatan whose first desa alone reports is chance, two are merged cells
Columns = Mapping[str, tuple[int, ...]]


class Doubt(StrEnum):
    """Why columns must be asked."""

    NO_SUCH_COLUMN = "no such column"
    ONE_SEX = "one sex"
    OTHER = "other"
    PART = "part"
    PLANNED = "planned"
    VOID = "void"
    WHILE = "while"
    REACHED = "reached"
    AIMED = "aimed"
    MERGED = "merged"
    FRACTIONS = "fractions"
    NO_SUM = "no sum"
    GROUPS = "groups"
    SEVERAL = "several"
    THOUSANDS = "thousands"
    TOTALS = "totals"
    NARROWED = "narrowed"
    ELIGIBLE_ALONE = "eligible alone"
    RECORDED_ALONE = "recorded alone"
    UNLIKELY = "unlikely"
    GENERIC_WORDS = "generic words"
    UNKNOWN_WORDS = "unknown words"
    NOTHING = "nothing"


class Unread(StrEnum):
    """Why a column that stands beside those of recording is not read; it is told."""

    FEW_PRINTED = "few_printed"  # cards of a while
    SEVERAL_TO_CLEAN = "several_to_clean"  # they differ
    SOME_TO_CLEAN = "some_to_clean"  # of one kind each


class Quote(NamedTuple):
    """A text of the file, and where it stands."""

    where: Text
    text: str


@dataclass(frozen=True)
class Ground:
    """What columns are doubted on. ``columns``: those picked, by role; ``proven``: eligible, recorded and unrecorded add up;
    ``known``: the doubts with which they were picked; ``parsed`` and ``figures``: numbers of all body rows, by column and by
    role; ``areas``: the body rows that are areas; ``codes``: the area of each row; ``agree``: how many totals agree;
    ``file``: the file's name."""

    table: Table
    columns: Columns
    proven: bool
    known: frozenset[Doubt]
    parsed: Mapping[int, Values]
    figures: Mapping[str, Floats]
    areas: Mask
    codes: Sequence[str]
    differences: Sequence[Difference] = ()
    agree: int = 0
    file: str = ""

    @property
    def around(self) -> list[Quote]:
        """What stands around the figures: titles, the sheet's name, the file's."""
        titles = [Quote(T("the title"), str(title)) for title in self.table.titles if isinstance(title, str)]
        names = [Quote(T("the name of the sheet"), self.table.sheet), Quote(T("the name of the file"), self.file)]
        return [*titles, *names, *self._the_same_in_all_rows()]

    @property
    def below(self) -> list[Quote]:
        """The texts below the last area."""
        last = int(np.flatnonzero(self.areas).max(initial=-1))
        return [Quote(NOTED, cell) for row in self.table.rows[last + 1 :][:BELOW] for cell in row if isinstance(cell, str)]

    def _the_same_in_all_rows(self) -> list[Quote]:
        """Texts that stand in every row of a column, as where a list was filtered by them."""
        found = []
        for place, column in enumerate(self.table.columns):
            if column.kinds == {str} and len(column.texts) == 1 and place not in self.chosen:
                found.append(Quote(T("every row"), next(iter(column.texts))))
        return found

    @property
    def chosen(self) -> list[int]:
        """The columns that were picked."""
        return [place for places in self.columns.values() for place in places]

    def header(self, place: int) -> Quote:
        """What heads a column."""
        return Quote(T("a header"), self.table.name(place))

    @cached_property
    def spoken(self) -> str:
        """Titles and headers as one text."""
        return " ".join([*(str(title) for title in self.table.titles), *(" ".join(path) for path in self.table.headers)])


def merged(ground: Ground) -> bool:
    """Whether figures stand in cells merged over several areas, or did before they were saved as a text."""
    return _spans(ground) or _heads(ground)


def _spans(ground: Ground) -> bool:
    """Whether a figure stands in a cell merged over several areas: it is that of them all, not of the first."""
    if not ground.table.spans:
        return False
    chosen = {place for places in ground.columns.values() for place in places}
    there = {int(ground.table.row_numbers[int(row)]) for row in np.flatnonzero(ground.areas)}
    return any(
        sum(number in there for number in range(top, bottom + 1)) > 1
        for place, top, bottom in ground.table.spans
        if place in chosen
    )


def _heads(ground: Ground) -> bool:
    """Whether only the first area of each larger one shows figures, and most show none: those of merged cells whose merging
    was lost on the way (a text, an old format)."""
    rows, figures = np.flatnonzero(ground.areas), ground.figures
    shows = np.any([~np.isnan(values[rows]) for values in figures.values()], axis=0) if figures else np.zeros(0, dtype=bool)
    if not shows.any() or shows.sum() > MOST_SHOWN * len(rows):
        return False
    blocks: dict[str, list[bool]] = {}
    for row, shown in zip(rows, shows, strict=True):
        blocks.setdefault(ground.codes[int(row)].rpartition(".")[0], []).append(bool(shown))
    several = [block for block in blocks.values() if len(block) > 1]
    return len(several) >= FEWEST_BLOCKS and all(block[0] and sum(block) == 1 for block in several)
