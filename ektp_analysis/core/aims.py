"""What an office wants to reach by when, and what happens meanwhile: its aims, and events on the time axis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ektp_analysis.core.area import AreaCode
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T

LONGEST_NAME = 60  # letters: what a label beside a line in a chart has room for
_PERSONAL = re.compile(r"\d(?:[ .\-']?\d){15,}")  # a NIK has 16 digits; no name of an aim or a campaign has
FARTHEST_YEARS = 20  # from the day it is set: what the date fields of the pages offer


@dataclass(frozen=True)
class Aim:
    """A target by a day, for an area and the areas in it that have none of their own. ``name`` may be ''.

    ``set_at`` is the moment from which its plan counts, aware, in the store's time zone; a new name alone does not change it.
    """

    area_code: str
    target: Target
    by: date
    name: str
    set_at: datetime
    set_by: str

    @property
    def set_on(self) -> date:
        """The day on which it was set."""
        return self.set_at.date()


@dataclass(frozen=True)
class Event:
    """What happened in an area from ``first`` to ``last``, both included: a campaign, an election.

    ``id`` names it in the store; ``set_at`` is aware, in the store's time zone.
    """

    id: int
    area_code: str
    first: date
    last: date
    name: str
    set_at: datetime
    set_by: str


def set_now(clock: datetime, today: date) -> datetime:
    """The moment from which a plan counts that is set now: the clock's time on the day that is today for every answer.

    ``clock`` is aware, in the office's time zone; ``today`` may be another day than the clock's where a setting says so.
    """
    return clock.replace(year=today.year, month=today.month, day=today.day)


def first_day(today: date) -> date:
    """The first day that an aim can be for."""
    return today + timedelta(days=1)


def outwards(area: str) -> list[str]:
    """An area and those around it, the nearest first, up to the nation."""
    code = AreaCode(area)
    return [str(code), *(str(one) for one in reversed(code.ancestors))]


def aim_for(aims: Sequence[Aim], area: str) -> Aim | None:
    """The aim of an area: its own, else that of the nearest area around it, else none."""
    by_area = {one.area_code: one for one in aims}
    return next((by_area[code] for code in outwards(area) if code in by_area), None)


def events_for(events: Sequence[Event], area: str) -> list[Event]:
    """The events of an area and of those around it, by their days."""
    near = set(outwards(area))
    return sorted((one for one in events if one.area_code in near), key=lambda one: (one.first, one.last, one.id))


def checked_aim(wanted: Aim) -> Aim:
    """The aim as it may be kept, its name on one line.

    Raises:
        UserError: no area code, a day that is not after the one on which it is set or too far off, a name that is too
            long or holds a personal number.
    """
    if wanted.by < first_day(wanted.set_on):
        raise UserError(
            T("An aim needs a day in the future: {date} is not after {today}.", date=wanted.by, today=wanted.set_on),
        )
    _near(wanted.by, wanted.set_on)
    return Aim(str(AreaCode(wanted.area_code)), wanted.target, wanted.by, _named(wanted.name), wanted.set_at, wanted.set_by)


def checked_event(wanted: Event) -> Event:
    """The event as it may be kept, its name on one line.

    Raises:
        UserError: no area code, an end before its beginning or too far off, a name that is empty, too long or holds a
            personal number.
    """
    if wanted.last < wanted.first:
        raise UserError(T("An event cannot end ({last}) before it begins ({first}).", first=wanted.first, last=wanted.last))
    _near(wanted.last, wanted.set_at.date())
    name = _named(wanted.name)
    if not name:
        raise UserError(T("An event needs a name, such as: jemput bola."))
    return Event(wanted.id, str(AreaCode(wanted.area_code)), wanted.first, wanted.last, name, wanted.set_at, wanted.set_by)


def _near(day: date, today: date) -> None:
    if day.year > today.year + FARTHEST_YEARS:
        raise UserError(T("{date} is more than {n} years ahead; check the year.", date=day, n=FARTHEST_YEARS))


def _named(name: str) -> str:
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if _PERSONAL.search(line):
        raise UserError(T("A name holds a personal number (NIK); it is not kept."))
    if len(line) > LONGEST_NAME:
        raise UserError(T("A name has at most {most} characters; this one has {n}.", most=LONGEST_NAME, n=len(line)))
    return line
