"""When who may be where: the working days of a request, and for each team and area the days that its constraints leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ektp_analysis.core.occasions import days_off
from ektp_analysis.planning.proposal import Why
from ektp_analysis.planning.request import SCHOOL, Forbidden, Request, Travel

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

LONGEST_DAYS = 366  # from the start to the end: nothing is known of a team's days further ahead


def working_days(request: Request, first: date, last: date) -> tuple[date, ...]:
    """The days from ``first`` to ``last``, both included, on which teams work by the request."""
    off = set(request.closed) | (set(days_off(first, last)) if request.holidays else set())
    opened, weekdays = set(request.opened), set(request.weekdays)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if day in opened or (day.weekday() in weekdays and day not in off))


@dataclass(frozen=True)
class Group:
    """Areas that are reached together, by their positions; ``lost`` days each way, ``boat[d]``: whether teams may set out on the
    d-th day of the grid."""

    areas: tuple[int, ...]
    lost: int
    boat: Bools
    tied: bool  # whether there are boat days at all


@dataclass(frozen=True)
class Grid:
    """Teams, days and areas by position. ``open[t, d, a]``: whether team t may be in area a on day d; ``free[t, d]``: whether the
    team works that day at all (its fixed days off the calendar are not free). ``fixed``: (team, day, area) that must be.

    ``group[a]`` is the position of the area's group in ``groups``, -1 for none. ``least`` and ``most`` are team-days an area.
    """

    days: tuple[date, ...]
    areas: tuple[str, ...]
    open: Bools
    free: Bools
    fixed: tuple[tuple[int, int, int], ...]
    groups: tuple[Group, ...]
    group: Ints
    least: Ints
    most: Ints

    @property
    def teams(self) -> int:
        """How many teams there are."""
        return int(self.open.shape[0])

    @cached_property
    def taken(self) -> Mapping[tuple[int, int], int]:
        """The area in which a team is fixed on a day."""
        return {(team, day): area for team, day, area in self.fixed}

    def until(self, days: int) -> Grid:
        """The grid as it is if work ends after its first ``days`` days; what is fixed later stays."""
        cut = np.arange(len(self.days)) < days
        return Grid(
            self.days,
            self.areas,
            self.open & cut[None, :, None],
            self.free & cut[None, :],
            self.fixed,
            self.groups,
            self.group,
            self.least,
            self.most,
        )


def grid_of(request: Request, areas: Sequence[str]) -> Grid | tuple[Why, str | None]:
    """The grid of a request for these areas; why there is none, and the area it is about."""
    unknown = _unknown(request, areas)
    if unknown is not None:
        return Why.UNKNOWN_AREA, unknown
    fixed = [one for one in request.fixed if request.start <= one.day <= request.by]
    worked_on = working_days(request, request.start, request.by)
    if not fixed and not worked_on:
        return Why.NO_WORKING_DAY, None
    days = tuple(sorted({*worked_on, *(one.day for one in fixed)}))
    open_, free = _open(request, days, areas)
    placed = _placed(request, days, areas)
    if not isinstance(placed, tuple):
        return placed.why, placed.area
    worked = np.isin(np.array([day.toordinal() for day in days]), [day.toordinal() for day in worked_on])
    free &= worked[None, :]
    open_ &= free[:, :, None]
    for team, day, _area in placed:
        free[team, day] = False
        open_[team, day] = False
    where = {area: n for n, area in enumerate(areas)}
    group = np.full(len(areas), -1)
    for n, one in enumerate(request.travel):
        group[[where[area] for area in one.areas]] = n
    groups = tuple(Group(tuple(where[a] for a in one.areas), one.lost, _boats(one, days), _tied(one)) for one in request.travel)
    return Grid(days, tuple(areas), open_, free, placed, groups, group, *_bounds(request, areas, len(days)))


def _bounds(request: Request, areas: Sequence[str], days: int) -> tuple[Ints, Ints]:
    """The least and the most team-days of each area; without a bound, all there are."""
    found = {one.area: one for one in request.bounds}
    all_days = days * request.able
    least = [found[area].least if area in found else 0 for area in areas]
    most = [found[area].most if area in found else None for area in areas]
    return np.array(least, np.int64), np.array([all_days if one is None else one for one in most], np.int64)


@dataclass(frozen=True)
class _Clash:
    """Why what is fixed cannot be, and the area it is about."""

    why: Why
    area: str | None = None


def _placed(request: Request, days: Sequence[date], areas: Sequence[str]) -> tuple[tuple[int, int, int], ...] | _Clash:
    """What is fixed on these days, as (team, day, area)."""
    at, where = {day: n for n, day in enumerate(days)}, {area: n for n, area in enumerate(areas)}
    placed = tuple(sorted((one.team - 1, at[one.day], where[one.area]) for one in request.fixed if one.day in at))
    if len({(team, day) for team, day, _area in placed}) < len(placed):
        return _Clash(Why.FIXED_CLASH)
    for team, day, area in placed:
        if not 0 <= team < request.able or _prohibited(request, team, days[day], areas[area]):
            return _Clash(Why.FIXED_CLASH, areas[area])
    return placed


def _unknown(request: Request, areas: Sequence[str]) -> str | None:
    """An area that a constraint names and that is not planned."""
    named = [
        *(one.area for part in (request.bounds, request.shut, request.deadlines, request.fixed) for one in part),
        *(one.area for one in request.places),
        *request.no_connection,
        *(area for one in request.travel for area in one.areas),
        *(one.area for one in request.forbidden if one.area is not None),
    ]
    return next((area for area in named if area not in set(areas)), None)


def _prohibited(request: Request, team: int, day: date, area: str) -> bool:
    """Whether something that the request itself says forbids a team to be in an area on a day, days off apart."""
    return (
        any(_bans(one, team, day, area) for one in request.forbidden)
        or any(one.area == area and one.first <= day <= one.last for one in request.shut)
        or any(one.area == area and day > one.by for one in request.deadlines)
        or (not request.offline and area in request.no_connection)
        or (request.place(area) == SCHOOL and not _in_term(request, day))
    )


def _bans(one: Forbidden, team: int, day: date, area: str) -> bool:
    who, where = one.team in (None, team + 1), one.area in (None, area)
    return who and where and (one.first or day) <= day <= (one.last or day)


def _in_term(request: Request, day: date) -> bool:
    return not request.terms or any(one.first <= day <= one.last for one in request.terms)


def _open(request: Request, days: Sequence[date], areas: Sequence[str]) -> tuple[Bools, Bools]:
    """Where each team may be on each day, and on which days it works, days off apart."""
    open_ = np.ones((request.able, len(days), len(areas)), bool)
    where = {area: n for n, area in enumerate(areas)}
    for shut in request.shut:
        open_[:, _between(days, shut.first, shut.last), where[shut.area]] = False
    for one in request.deadlines:
        open_[:, ~_between(days, None, one.by), where[one.area]] = False
    holidays = np.array([not _in_term(request, day) for day in days], bool)
    schools = np.array([where[area] for area in areas if request.place(area) == SCHOOL], int)
    open_[np.ix_(np.arange(request.able), np.flatnonzero(holidays), schools)] = False
    if not request.offline:
        open_[:, :, [where[area] for area in request.no_connection]] = False
    free = np.ones((request.able, len(days)), bool)
    for ban in request.forbidden:
        everyone = np.arange(request.able)
        teams = everyone if ban.team is None else everyone[everyone == ban.team - 1]
        at = np.flatnonzero(_between(days, ban.first, ban.last))
        which = np.arange(len(areas)) if ban.area is None else np.array([where[ban.area]])
        open_[np.ix_(teams, at, which)] = False
        if ban.area is None:
            free[np.ix_(teams, at)] = False
    return open_, free


def _between(days: Sequence[date], first: date | None, last: date | None) -> Bools:
    """Which of the days lie between two, both included; None bounds nothing."""
    return np.array([(first or day) <= day <= (last or day) for day in days], bool)


def _tied(one: Travel) -> bool:
    return bool(one.boats or one.boat_days)


def _boats(one: Travel, days: Sequence[date]) -> Bools:
    return np.array([not _tied(one) or day.weekday() in one.boats or day in one.boat_days for day in days], bool)
