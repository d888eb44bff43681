"""Who has figures of a week: of each area one level below, whether there are any, and whether from all who usually report.

A week is Monday to Sunday. An area has reported where a figure of a day of that week is there, of itself or of areas in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import pandas as pd

# Who has reported at least once in so many weeks before is expected in a week as well; two months, so that one holiday or one
# month of silence does not make an office forgotten.
USUAL_WEEKS = 8


class Lack(StrEnum):
    """What is lacking of an area in a week, in the order in which it is listed."""

    NONE = "none"  # nothing, and there were figures before
    PARTLY = "partly"  # some of those who usually report
    HANDED_IN = "handed_in"  # nothing that counts, but a file that waits for approval
    NEVER = "never"  # nothing, and never was


@dataclass(frozen=True)
class Week:
    """Monday to Sunday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        """The week in which a day lies."""
        return cls(day - timedelta(days=day.weekday()))

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    def before(self, weeks: int) -> Week:
        """The week so many weeks before."""
        return Week(self.monday - timedelta(weeks=weeks))


@dataclass(frozen=True)
class Missing:
    """An area that lacks figures of a week. ``last``: the last day with a figure up to its end, None where there never was one;
    ``absent``: the areas in it that usually report and have not."""

    area: str
    lack: Lack
    last: date | None
    absent: tuple[str, ...] = ()


def missing(figures: pd.DataFrame, areas: Sequence[str], week: Week, handed_in: Iterable[str] = ()) -> tuple[Missing, ...]:
    """Those of the areas that lack figures of a week, by what is lacking and by code.

    Args:
        figures: columns area_code and as_of_date; one row an area and day.
        areas: none of them inside another.
        handed_in: the areas of files of that week that wait for approval.
    """
    days = pd.to_datetime(figures["as_of_date"]).dt.date
    known = figures.assign(day=days)[(days <= week.sunday).to_numpy()]
    by_code = {str(code): frozenset(of) for code, of in known.groupby("area_code")["day"]}
    waits = tuple(handed_in)
    found = [one for area in areas if (one := _lacking(area, by_code, week)) is not None]
    found = [replace(one, lack=Lack.HANDED_IN) if _any_meets(one.area, waits) else one for one in found]
    order = list(Lack)
    return tuple(sorted(found, key=lambda one: (order.index(one.lack), one.area)))


def _lacking(area: str, by_code: Mapping[str, Collection[date]], week: Week) -> Missing | None:
    """What is lacking of an area; ``by_code``: the days of each code with a figure, none after the week."""
    mine = {code: days for code, days in by_code.items() if code == area or code.startswith(area + ".")}
    present = [code for code, days in mine.items() if max(days) >= week.monday]
    begin = week.before(USUAL_WEEKS).monday
    usual = [code for code, days in mine.items() if any(begin <= day < week.monday for day in days)]
    absent = tuple(code for code in usual if not _any_meets(code, present))
    last = max((max(days) for days in mine.values()), default=None)
    if present:
        return Missing(area, Lack.PARTLY, last, absent) if absent else None
    return Missing(area, Lack.NEVER if last is None else Lack.NONE, last)


def _any_meets(code: str, others: Iterable[str]) -> bool:
    """Whether an area is one of the others, or lies in one, or has one in it."""
    return any(code == one or code.startswith(one + ".") or one.startswith(code + ".") for one in others)
