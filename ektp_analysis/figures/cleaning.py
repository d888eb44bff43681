"""The unrecorded in two stocks: those who can come, and those who leave the list by being cleaned off it.

A snapshot may say how many of its unrecorded are to be cleaned off the list; teams find out who has died, moved away, stands
there twice or is known to nobody. These are never recorded; they stay among the unrecorded until the list is cleaned, and nobody
says when that was. So their number has two ends, and both are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import pandas as pd

from ektp_analysis.core.area import NATION
from ektp_analysis.core.visit import CLEANING
from ektp_analysis.figures.rollup import OWN, select

# The population data are consolidated every half year; who was found out before the last time is taken as gone from the list.
STAYS = timedelta(days=184)
_ASKED = ["area_code", "as_of_date", "unrecorded", "to_clean", "source"]


@dataclass(frozen=True)
class Stock:
    """How many of the unrecorded of an area its own figure of a day says are to be cleaned off the list."""

    area: str
    day: date
    people: int


@dataclass(frozen=True)
class Listed:
    """What snapshots say of an area and those in it: ``stocks``, none within another; ``silent``: the areas whose figures say
    nothing of it, with ``unsaid`` unrecorded."""

    stocks: tuple[Stock, ...]
    silent: tuple[str, ...] = ()
    unsaid: int = 0

    @property
    def people(self) -> int:
        """How many they are together."""
        return sum(stock.people for stock in self.stocks)

    @property
    def since(self) -> date:
        """The oldest of the days on which they were said."""
        return min(stock.day for stock in self.stocks)

    def until(self, area: str) -> date | None:
        """The day up to which the list holds all that was found out in an area; None where it says nothing, or not of all."""
        around = [stock.day for stock in self.stocks if _within(area, stock.area)]
        if around or any(_within(one, area) for one in self.silent):
            return min(around, default=None)
        return min((stock.day for stock in self.stocks if _within(stock.area, area)), default=None)


@dataclass(frozen=True)
class Cleaning:
    """What snapshots and visits say of those among the unrecorded of a day who are to be cleaned off the list.

    ``low``: who was found out since that day, of visits to one area the largest, for two visits may have met the same names;
    ``high``: all who were found out since the half year before it. Both are at most ``unrecorded``. ``kinds``: dead, moved,
    duplicate, unknown, as far as said, added up as in ``high`` and not cut; ``visits``: how many say so; ``since``: the first.
    ``listed``: what snapshots say, None where they do not; then these visits are those that the list cannot hold.
    """

    unrecorded: int
    day: date
    low: int
    high: int
    visits: int
    since: date | None
    kinds: Mapping[str, int] = field(default_factory=dict, hash=False)
    listed: Listed | None = None

    @property
    def can_come(self) -> tuple[int, int]:
        """How many of the unrecorded can still come: at least, at most."""
        return self.unrecorded - self.high, self.unrecorded - self.low

    @property
    def too_many(self) -> bool:
        """Whether more were found out than are unrecorded: some were met twice, or are off the list already."""
        return (self.listed.people if self.listed else 0) + sum(self.kinds.values()) > self.unrecorded


def listed(rolled: pd.DataFrame, area: str, on: date) -> Listed | None:
    """What the figures of an area up to a day say of those to be cleaned off the list: its own figure, else those of the areas in
    it, each of its last day, as its sum has them. None where none says so.

    Args:
        rolled: as :func:`~ektp_analysis.figures.rollup.roll_up` gives it.
    """
    if rolled["to_clean"].isna().all():
        return None
    rows = select(rolled.loc[rolled["headline"] & (rolled["as_of_date"] <= pd.Timestamp(on)), _ASKED], area)
    last = {row.area_code: row for row in rows[~rows["area_code"].duplicated(keep="last")].itertuples(index=False)}
    below: defaultdict[str, list[Any]] = defaultdict(list)
    for code, row in last.items():
        if code != NATION:
            below[_above(code)].append(row)
    stocks: list[Stock] = []
    silent: list[Any] = []
    asked = [last[area]] if area in last else []
    while asked:
        row = asked.pop()
        if pd.isna(row.unrecorded):
            continue  # in no sum of the unrecorded
        if row.source == OWN and not pd.isna(row.to_clean):
            stocks.append(Stock(row.area_code, row.as_of_date.date(), int(row.to_clean)))
        elif parts := _parts(row, below[row.area_code]):
            asked += parts
        elif row.unrecorded:  # of nobody there is nothing to say
            silent.append(row)
    if not stocks:
        return None
    names = tuple(sorted(row.area_code for row in silent))
    return Listed(tuple(sorted(stocks, key=lambda one: one.area)), names, sum(int(row.unrecorded) for row in silent))


def _parts(row: Any, below: list[Any]) -> list[Any]:
    """The figures that say it in the place of this one: those that its sum rests on; beside an own figure those of its day, where
    one of them says so."""
    if row.source != OWN:
        return below
    same = [one for one in below if one.as_of_date == row.as_of_date]
    return same if any(not pd.isna(one.to_clean) for one in same) else []


def split(
    visits: pd.DataFrame | None, area: str, unrecorded: int | None, day: date | None, said: Listed | None = None
) -> Cleaning | None:
    """The unrecorded of an area on a day, split by what its snapshots say and visits to it and in it have found out.

    None where neither says anything about cleaning, or the figure itself is not known: not said is not 0.

    Args:
        visits: as the store gives them (day, area_code, dead, moved, duplicate, unknown; <NA>: not said); None: none.
        area: code of the area; 'ID' is all.
        unrecorded, day: its figure, and the day that it is about.
        said: what :func:`listed` gives of it up to that day.
    """
    if unrecorded is None or day is None:
        return None
    met = _not_in_list(visits, area, day, said)
    if met is None and said is None:
        return None
    stocks = () if said is None else said.stocks
    least, most = _least((stock.area, stock.people) for stock in stocks), sum(stock.people for stock in stocks)
    if met is None:
        return Cleaning(unrecorded, day, min(unrecorded, least), min(unrecorded, most), 0, None, {}, said)
    found = met[list(CLEANING)].sum(axis=1)
    sure = zip(met.loc[met["sure"], "area_code"], found[met["sure"]], strict=True)
    least = _least([*((stock.area, stock.people) for stock in stocks), *sure])
    return Cleaning(
        unrecorded,
        day,
        min(unrecorded, least),
        min(unrecorded, most + int(found.sum())),
        len(met),
        met["day"].min().date(),
        {name: int(met[name].sum()) for name in CLEANING if met[name].notna().any()},
        said,
    )


def _not_in_list(visits: pd.DataFrame | None, area: str, day: date, said: Listed | None) -> pd.DataFrame | None:
    """The visits to an area and in it that say something of cleaning and are not in the list already; None where there is none.

    The rule that adds nobody twice: what a list says on its day is the whole stock then, with all that visits had found out by
    that day. Visits after it add what they found, at most all of it; at least nothing, for they may have met names of the list.
    Where a list says nothing, visits of the half year before its day count. ``sure``: those who were found out since that day.
    """
    if visits is None or visits.empty:
        return None
    codes = visits["area_code"]
    inside = (codes == area) | codes.str.startswith(area + ".") if area != NATION else codes.notna()
    met = visits[inside & visits[list(CLEANING)].notna().any(axis=1)]
    held = {code: None if said is None else said.until(code) for code in met["area_code"].unique()}
    until = pd.to_datetime(met["area_code"].map(held))
    met = met.assign(sure=(met["day"] >= pd.Timestamp(day)) | until.notna())
    met = met[met["day"] > until.fillna(pd.Timestamp(day - STAYS))]
    return None if met.empty else met


def _least(found: Iterable[tuple[str, int]]) -> int:
    """How many different names were found out at least: of one area the largest number; of an area and those in it its own, or
    the sum of theirs, whichever is more; of areas beside each other the sum."""
    own: dict[str, int] = {}
    for code, number in found:
        own[code] = max(own.get(code, 0), int(number))
    every = {whole for code in own for whole in accumulate(code.split("."), "{}.{}".format)}
    below: defaultdict[str, int] = defaultdict(int)
    for code in sorted(every - {NATION}, key=len, reverse=True):
        below[_above(code)] += max(own.get(code, 0), below[code])
    return max(own.get(NATION, 0), below[NATION])


def _above(code: str) -> str:
    return code.rpartition(".")[0] or NATION


def _within(code: str, area: str) -> bool:
    return area == NATION or code == area or code.startswith(area + ".")
