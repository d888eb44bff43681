"""The unrecorded in two stocks: those who can come, and those who leave the list by being cleaned off it.

Teams find out who has died, moved away, stands there twice or is known to nobody. These are never recorded; they stay among the
unrecorded until the list is cleaned, and nobody says when that was. So their number has two ends, and both are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from ektp_analysis.core.visit import CLEANING

# The population data are consolidated every half year; who was found out before the last time is taken as gone from the list.
STAYS = timedelta(days=184)


@dataclass(frozen=True)
class Cleaning:
    """What visits say of those among the unrecorded of a day who are to be cleaned off the list.

    ``low``: who was found out since that day, of visits to one area the largest, for two visits may have met the same names;
    ``high``: all who were found out since the half year before it. Both are at most ``unrecorded``. ``kinds``: dead, moved,
    duplicate, unknown, as far as said, added up as in ``high`` and not cut; ``visits``: how many say so; ``since``: the first.
    """

    unrecorded: int
    day: date
    low: int
    high: int
    visits: int
    since: date
    kinds: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def can_come(self) -> tuple[int, int]:
        """How many of the unrecorded can still come: at least, at most."""
        return self.unrecorded - self.high, self.unrecorded - self.low

    @property
    def too_many(self) -> bool:
        """Whether more were found out than are unrecorded: some were met twice, or are off the list already."""
        return sum(self.kinds.values()) > self.unrecorded


def split(visits: pd.DataFrame, area: str, unrecorded: int | None, day: date | None) -> Cleaning | None:
    """The unrecorded of an area on a day, split by what visits to it and in it have found out.

    None where no visit of that time says anything about cleaning, or the figure itself is not known: not said is not 0.

    Args:
        visits: as the store gives them (day, area_code, dead, moved, duplicate, unknown; <NA>: not said).
        area: code of the area; 'ID' is all.
        unrecorded, day: its figure, and the day that it is about.
    """
    if unrecorded is None or day is None or visits.empty:
        return None
    codes = visits["area_code"]
    inside = (codes == area) | codes.str.startswith(area + ".") if area != "ID" else codes.notna()
    said = visits[inside & (visits["day"] > pd.Timestamp(day - STAYS)) & visits[list(CLEANING)].notna().any(axis=1)]
    if said.empty:
        return None
    found = said[list(CLEANING)].sum(axis=1)
    since = said["day"] >= pd.Timestamp(day)
    kinds = {name: int(said[name].sum()) for name in CLEANING if said[name].notna().any()}
    return Cleaning(
        unrecorded,
        day,
        min(unrecorded, _least(said.loc[since, "area_code"], found[since])),
        min(unrecorded, int(found.sum())),
        len(said),
        said["day"].min().date(),
        kinds,
    )


def _least(codes: pd.Series, found: pd.Series) -> int:
    """How many different names these visits have met at least: of one area the largest number; of an area and those in it its
    own, or the sum of theirs, whichever is more; of areas beside each other the sum."""
    own: dict[str, int] = {}
    for code, number in zip(codes, found, strict=True):
        own[code] = max(own.get(code, 0), int(number))
    below: defaultdict[str, int] = defaultdict(int)
    for code in sorted(own.keys() | {one.rpartition(".")[0] for one in own if one.count(".") > 2}, key=len, reverse=True):
        whole = max(own.get(code, 0), below.pop(code, 0))
        below[code.rpartition(".")[0] if code.count(".") > 2 else ""] += whole
    return below[""]
