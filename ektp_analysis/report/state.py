"""What a report is made from: one area on one day as known at one moment, and the short name of that state."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from math import ceil

import pandas as pd

from ektp_analysis.boundaries.layer import Boundaries
from ektp_analysis.core import contract
from ektp_analysis.core.aims import Aim
from ektp_analysis.core.area import AreaCode, Level
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures.cleaning import Cleaning
from ektp_analysis.figures.standing import Standing
from ektp_analysis.figures.timeline import NOTHING, Along
from ektp_analysis.planning.proposal import Plan
from ektp_analysis.projection.result import Projection

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_FINGERPRINT = re.compile(r"(id|\d{2,10})-(\d{6})-([0-9a-z]{5,8})-([0-9a-f]{6})")


@dataclass(frozen=True)
class TeamPlan:
    """A plan of visits under its name; ``number`` and ``version`` are the store's."""

    name: str
    plan: Plan = field(hash=False)
    number: int
    version: int


@dataclass(frozen=True)
class State:
    """An area on a day. ``known_at`` is the moment that was asked for (None: what holds now), ``made_at`` the present.

    ``rolled`` and ``history`` are those of :mod:`ektp_analysis.figures` up to the day; ``rows`` the ranking of the areas
    of ``level`` inside, None for a desa; ``before`` the standing on the snapshot before, and ``revised`` what was
    corrected since that came in (area_code, as_of_date, old, new). ``dates`` are the days whose chances are asked for;
    ``aim`` is the office's, ``along`` what stands beside the figures over time, ``by_plan`` what is said of the aim and its plan;
    ``heading`` the sentence with both dates, as the page Posisi says it; ``trail`` the name of the last entry of the store's
    trail ('': of the sample), ``told_at`` its moment; ``teams`` the plan of visits that was saved last, if one was;
    ``cleaning`` who of the unrecorded is to be cleaned off the list, where figures or visits say so.
    """

    area: str
    level: Level | None
    known_at: date | datetime | None
    made_at: datetime
    today: date
    version: str
    sample: bool
    source: Text
    rolled: pd.DataFrame
    history: pd.DataFrame
    standing: Standing
    rows: pd.DataFrame | None
    before: Standing | None
    revised: pd.DataFrame
    target: Target
    to_target: Projection
    to_zero: Projection
    dates: tuple[tuple[date, Text], ...]
    boundaries: Boundaries | None
    aim: Aim | None = None
    along: Along = NOTHING
    by_plan: tuple[Text, ...] = ()
    heading: Text | None = None
    trail: str = ""
    told_at: datetime | None = None
    teams: TeamPlan | None = None
    cleaning: Cleaning | None = field(default=None, hash=False)

    @property
    def as_of(self) -> date:
        """The day of the figures."""
        assert self.standing.as_of_date is not None
        return self.standing.as_of_date

    @cached_property
    def fingerprint(self) -> str:
        """Area, day, moment and a check of the figures: '7505-230620-m3k2x9a-1f0c9e'; :func:`parse` reads it."""
        area = self.area.replace(".", "").lower()
        return f"{area}-{self.as_of:%y%m%d}-{_in_36(ceil(self.moment.timestamp()))}-{digest(self.rolled)}"

    @property
    def moment(self) -> datetime:
        """The moment from which the same figures can be had again."""
        known = self.known_at
        if isinstance(known, datetime):
            return known.replace(tzinfo=known.tzinfo or self.made_at.tzinfo)
        if known is None:  # what was stored by a clock that has gone back since is known already
            return self.made_at if self.told_at is None else max(self.made_at, self.told_at)
        return datetime(known.year, known.month, known.day, 23, 59, 59, tzinfo=self.made_at.tzinfo)


@dataclass(frozen=True)
class Named:
    """What a fingerprint says: the area, the day, the moment (UTC), and the check of the figures."""

    area: str
    as_of: date
    known_at: datetime
    check: str


def parse(fingerprint: str) -> Named:
    """The state that a fingerprint names.

    Raises:
        UserError: it is not one.
    """
    found = _FINGERPRINT.fullmatch(fingerprint.strip().lower())
    if found is None:
        raise UserError(
            T("'{text}' is not the short name of a report, such as 7505-230620-m3k2x9a-1f0c9e.", text=fingerprint[:40])
        )
    area = str(AreaCode.parse(found[1].upper()))
    try:
        day = datetime.strptime(found[2], "%y%m%d").date()
    except ValueError as error:
        raise UserError(
            T("'{text}' is not the short name of a report, such as 7505-230620-m3k2x9a-1f0c9e.", text=fingerprint[:40])
        ) from error
    return Named(area, day, datetime.fromtimestamp(int(found[3], 36), UTC), found[4])


def digest(rolled: pd.DataFrame) -> str:
    """Six digits that change with any figure."""
    columns = ["area_code", "as_of_date", "eligible", "recorded", "unrecorded", "coverage_reported", "status", "source"]
    columns += contract.further(rolled)
    rows = rolled[columns].sort_values([*columns[:2], "source"])
    return hashlib.sha256(rows.to_csv(index=False, date_format="%Y-%m-%d").encode()).hexdigest()[:6]


def _in_36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text
