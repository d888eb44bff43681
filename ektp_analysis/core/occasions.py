"""What happened when, beside the figures: the long holidays and elections of Indonesia, and the office's own events.

Holidays come from the package holidays, which knows them offline: of years ahead those that follow the moon are estimates,
and the joint leave is that which was announced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from ektp_analysis.core.aims import Event
from ektp_analysis.core.text import T, Text

APART = 60  # days between two holidays of one name: by the moon, one may come twice in a year

ESTIMATED = "(perkiraan)"  # so the package marks a day that is reckoned and not announced


@dataclass(frozen=True)
class Occasion:
    """Days with a name, both ends included; ``own``: the office's own event."""

    first: date
    last: date
    name: Text
    own: bool = False

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Long:
    """A holiday that shows in figures: the days off whose names hold one of ``words`` (as the package writes them in
    Indonesian, joint leave included), from the first to the last."""

    name: Text
    words: tuple[str, ...]


# What stops recording for days, or is what offices work towards. Single days off do not show in figures of a week.
LONG = (
    Long(T("Eid al-Fitr"), ("Idul Fitri",)),
    Long(T("Christmas and New Year"), ("Hari Raya Natal", "Tahun Baru Masehi")),
    Long(T("general election"), ("Hari Pemilihan Umum",)),
    Long(T("regional elections"), ("Hari Pemilihan Kepala Daerah",)),
)


def between(own: Sequence[Event], first: date, last: date) -> tuple[Occasion, ...]:
    """What lies between two days, in part at least, by its days: own events, and the holidays that none of them names."""
    mine = [Occasion(one.first, one.last, T("{one}", one=one.name), own=True) for one in own]
    named = {(one.first, one.last) for one in mine}
    found = [*mine, *(one for one in _of_years(first.year - 1, last.year + 1) if (one.first, one.last) not in named)]
    return tuple(
        sorted(
            (one for one in found if one.first <= last and one.last >= first),
            key=lambda one: (one.first, one.last, str(one.name)),
        )
    )


def days_off(first: date, last: date) -> Mapping[date, str]:
    """The public holidays and days of announced joint leave from ``first`` to ``last``, both included, with their names."""
    return {day: "; ".join(names) for day, names in _off(first.year, last.year).items() if first <= day <= last}


@lru_cache(maxsize=32)
def _off(first: int, last: int) -> Mapping[date, list[str]]:
    # Loaded when a time axis is drawn or a plan made: what only reads files or answers a command does without.
    from holidays.countries.indonesia import Indonesia

    days = Indonesia(years=range(first, last + 1), language="id", categories=("public", "government"))
    return {day: days.get_list(day) for day in sorted(days)}


@lru_cache(maxsize=32)
def _of_years(first: int, last: int) -> tuple[Occasion, ...]:
    days = _off(first, last)
    by_name = [(day, name) for day, names in days.items() for name in names]
    unsure = {day for day, name in by_name if ESTIMATED in name}
    return tuple(
        Occasion(run[0], run[-1], T("{holiday} (estimated)", holiday=one.name) if unsure & {*run} else one.name)
        for one in LONG
        for run in _runs([day for day, name in by_name if any(word in name for word in one.words)])
    )


def _runs(days: Sequence[date]) -> Iterator[list[date]]:
    """The days, in order, in groups that lie apart."""
    run: list[date] = []
    for day in days:
        if run and day - run[-1] > timedelta(days=APART):
            yield run
            run = []
        run.append(day)
    if run:
        yield run
