"""A table with the figures of several days beside each other -> one table a day: groups of columns under a day, or a column a month.

Each keeps the places of its columns, with those of the other days emptied, so that letters and rows are those of the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ektp_analysis.ingest.cells import words, written
from ektp_analysis.ingest.columns.table import Table

FEWEST_DAYS, MOST_DAYS = 2, 62  # beside each other: of one day nothing is parted; more are no days but a register
MOST_CELLS = 3_000_000  # that the tables of all days may hold together
ROLES = frozenset({words.ELIGIBLE, words.RECORDED, words.UNRECORDED})

_TYPED = re.compile(r"\d{4}-\d{2}-\d{2}(?: 00:00:00)?")  # as a cell is shown that holds a day
_TIME = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")
_SAID_OF_DAYS = re.compile(r"per|pada|tanggal|tgl|posisi|keadaan|kondisi|data|bulan|bln|tahun|thn|th|s|d|sd|sampai|dengan|hingga")


@dataclass(frozen=True)
class DayTable:
    """The table of one day. ``text``: the day as the header writes it; ``month``: only a month is said, ``day`` is its last;
    ``basis``: the semester, where that is said."""

    table: Table
    text: str
    day: date
    month: bool = False
    basis: str = ""


@dataclass(frozen=True)
class _Said:
    day: date
    month: bool
    basis: str
    text: str
    typed: bool = False


def by_day(table: Table) -> list[DayTable]:
    """The tables of the days that the header names, in order; none where it names fewer than two, or where the days head
    different counts: an eligible of one day beside the recorded of another are figures of one table."""
    named = [_said(path, table.titles) for path in table.headers]
    said = {place: one[0] for place, one in enumerate(named) if len(one) == 1}
    days = sorted({one.day for one in said.values()})
    if any(len(one) > 1 for one in named):
        return []
    if not FEWEST_DAYS <= len(days) <= MOST_DAYS or len(days) * len(table.rows) * len(table.headers) > MOST_CELLS:
        return []
    heads = {place: _without(table.headers[place], one.text) for place, one in said.items()}
    groups = [[place for place, one in said.items() if one.day == day] for day in days]
    counted = [sorted(filter(None, map(_counts, (heads[place] for place in group)))) for group in groups]
    if not counted[0]:
        heads, counted = _titled(table, groups, heads)
    if not counted or not counted[0] or any(one != counted[0] for one in counted):
        return []
    if _may_be_of_a_while(counted[0], list(said.values())):
        return []
    if all(one.day.day == 1 and one.typed for one in said.values()):  # as a workbook keeps a month that it shows as such
        said = {place: replace(one, day=written.last_day(one.day.year, one.day.month), month=True) for place, one in said.items()}
    return [_of_day(table, group, heads, said) for group in groups]


def _said(path: Sequence[str], titles: Sequence[object]) -> list[_Said]:
    """The days or else the months that the cells of a header name."""
    hits = [hit for text in path for hit in written.search(text)]
    typed = any(_TYPED.fullmatch(text) for text in path)
    for kinds in (("day", "semester"), ("month",)):
        found = {hit.day: _Said(hit.day, hit.kind == "month", hit.basis, hit.text, typed) for hit in hits if hit.kind in kinds}
        if found:
            return list(found.values())
    named = [text for text in path if words.tidy(text) in written.MONTHS]
    years = {hit.day.year for hit in hits if hit.kind == "year"} or _years(titles)
    if len(named) != 1 or len(years) != 1:
        return []
    return [_Said(written.last_day(years.pop(), written.MONTHS[words.tidy(named[0])]), True, "", named[0])]


def _years(titles: Sequence[object]) -> set[int]:
    """The years that titles name alone or within a day."""
    return {hit.day.year for title in titles if isinstance(title, str) for hit in written.search(title)}


def _without(path: Sequence[str], text: str) -> tuple[str, ...]:
    """The cells of a header without the day, and without those that say nothing else."""
    rest = (" ".join(_TIME.sub(" ", cell.replace(text, " ")).split()) for cell in path)
    return tuple(cell for cell in rest if not all(_SAID_OF_DAYS.fullmatch(word) or word.isdigit() for word in _spoken(cell)))


def _spoken(cell: str) -> list[str]:
    return words.tidy(cell).split()


def _counts(path: Sequence[str]) -> str:
    """The role that a header without its day names, with the sex; '' where none."""
    found = words.meaning(path)
    return f"{found.measure} {found.sex}" if found.measure in ROLES else ""


Heads = Mapping[int, tuple[str, ...]]


def _titled(table: Table, groups: Sequence[Sequence[int]], heads: Heads) -> tuple[dict[int, tuple[str, ...]], list[list[str]]]:
    """The headers of one column a day with the title that says what all of them count; no counts where none does."""
    title = next((one for one in table.titles if isinstance(one, str) and _counts((one,)).startswith(words.UNRECORDED)), None)
    bare = all(len(group) == 1 and not heads[group[0]] for group in groups)
    if title is None or not bare:
        return dict(heads), []
    return dict.fromkeys(heads, (title,)), [[words.UNRECORDED] for _ in groups]


def _may_be_of_a_while(counted: Sequence[str], said: Sequence[_Said]) -> bool:
    """Whether recorded without anything to hold them against stand under months: those of a month, or those up to it."""
    roles = {one.split()[0] for one in counted}
    return roles == {words.RECORDED} and any(one.month for one in said)


def _of_day(table: Table, group: Sequence[int], heads: Heads, said: Mapping[int, _Said]) -> DayTable:
    """The table with the columns of one day and those of none."""
    others = said.keys() - set(group)
    headers = tuple(() if place in others else heads.get(place, path) for place, path in enumerate(table.headers))
    rows = [["" if place in others else cell for place, cell in enumerate(row)] for row in table.rows]
    one = said[group[0]]
    made = replace(table, headers=headers, rows=rows, whole=None, spans=[span for span in table.spans if span[0] not in others])
    return DayTable(made, one.text, one.day, one.month, one.basis)
