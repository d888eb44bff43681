"""The tables of a file that may be one reading, what each of them gives, and which of them are made alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from ektp_analysis.ingest import asking
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.cells import written
from ektp_analysis.ingest.report import Choices, Part
from ektp_analysis.ingest.units import Unit

Key = tuple[str, date | None]  # an area and a day


@dataclass(frozen=True)
class Member:
    """A unit that is read, without the rows that another one gives alike."""

    unit: Unit
    found: Candidate

    @cached_property
    def figures(self) -> dict[Key, dict[str, float]]:
        """What it gives: area and day -> role -> count."""
        made = {}
        for number in self.found.rows:
            key = (self.found.placed.codes[number], day_of(self, number))
            made[key] = {
                role: float(values[number]) for role, values in self.found.figures.items() if not np.isnan(values[number])
            }
        return made

    @property
    def part(self) -> Part:
        """What came in with it."""
        sums = asking.sums(self.found, self.found.picked.columns) if self.found.rows else {}
        day = None if self.unit.month else self.unit.day  # a month's day is asked for
        return Part(self.unit.key, self.unit.sheet, day, len(self.found.rows), sums)


def day_of(member: Member, number: int) -> date | None:
    cells = member.found.when.cells
    return written.parse(cells[number]) if cells else member.unit.day


@dataclass(frozen=True)
class Pile:
    """All units of a file, and those of them that are read together or compared with those."""

    units: Sequence[Unit]
    members: tuple[Member, ...]
    recaps: tuple[Member, ...]
    rest: tuple[Unit, ...]
    choices: Choices
    summed: bool = False

    @property
    def days(self) -> list[date]:
        return sorted({day for member in self.members for _, day in member.figures if day is not None})


def blank(unit: Unit, members: Sequence[Member]) -> bool:
    """Whether a table shows neither a number nor, in most rows, something right of the columns of areas in its place."""
    return unit.empty and unit.width <= max(max(one.found.area_columns.used) for one in members)


def alike(unit: Unit, members: Sequence[Member]) -> bool:
    """Whether a sheet is named by a day or a kecamatan as the members are, or has their header."""
    prints = {one.found.fingerprint() for one in members}
    by_day = unit.said is not None and any(one.unit.said is not None for one in members)
    by_area = bool(unit.area) and any(one.unit.area for one in members)
    heads = {tuple(one.found.table.headers) for one in members}
    built = unit.found is not None and (unit.found.fingerprint() in prints or tuple(unit.found.table.headers) in heads)
    return by_day or by_area or built or (unit.grouped and any(one.unit.sheet == unit.sheet for one in members))
