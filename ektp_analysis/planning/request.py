"""What is asked of a plan: where, with whom, from when, by when and what for; and what must be kept on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ektp_analysis.core.targets import Target
from ektp_analysis.planning import saving


class Goal(StrEnum):
    """What a plan is for."""

    MOST = "most"  # as many recorded as possible by the day
    TARGET = "target"  # the area at its target as early as possible
    EVERY = "every"  # every area inside at the target, the last of them as early as possible
    PROBABILITY = "probability"  # the best chance of the target by the day
    FEWEST = "fewest"  # the target by the day with the fewest team-days


WEEKDAYS = (0, 1, 2, 3, 4)  # Monday 0: the days on which offices of five days work
DEVICES_A_TEAM = 1  # recording sets without which a team records nobody
OPERATORS_A_TEAM = 2  # one records, one looks up and prints
CARDS_A_RIBBON = 500  # mercusuar.web.id: a ribbon makes 500 cards
HALL = "village_hall"  # where a visit is, if nothing else is said
SCHOOL = "school"


@dataclass(frozen=True)
class Travel:
    """Areas that are reached together: going there takes a team ``lost`` working days, coming back as many again.

    ``boats``: the weekdays (Monday 0) on which there is a boat, ``boat_days`` single days besides. Where either is given, a team
    sets out and sets out back on such a day only: with ``lost`` 0 the first and the last day of work there are boat days.
    """

    name: str
    areas: tuple[str, ...]
    lost: int = 0
    boats: tuple[int, ...] = ()
    boat_days: tuple[date, ...] = ()


@dataclass(frozen=True)
class Bounds:
    """The least and the most team-days that an area gets; ``most`` None: no bound."""

    area: str
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Shut:
    """An area in which nobody is visited from ``first`` to ``last``, both included."""

    area: str
    first: date
    last: date


@dataclass(frozen=True)
class Term:
    """Days on which schools can be visited, both ends included."""

    first: date
    last: date


@dataclass(frozen=True)
class Deadline:
    """The last day on which an area is visited."""

    area: str
    by: date


@dataclass(frozen=True)
class Fixed:
    """A team (1, 2, ...) that is in an area on a day, whatever else is planned. It is so also on a day off."""

    team: int
    day: date
    area: str


@dataclass(frozen=True)
class Forbidden:
    """What must not be: of team, area and days each that is given; None is every one. Both ends are included."""

    team: int | None = None
    area: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class At:
    """Where visits to an area are, by the key of the place (village_hall, school, prison, home, office, other)."""

    area: str
    place: str


@dataclass(frozen=True)
class Position:
    """Where an area is, in degrees: longitude and latitude of WGS 84."""

    area: str
    lon: float
    lat: float


class Key(StrEnum):
    """What a yield rests on."""

    CAPACITY = "capacity"  # people that a team records in a day where many come
    REACH = "reach"  # desa that a team serves in a day, times the share that comes
    ABSENT = "absent"  # share of the unrecorded who never come, 0 to 1
    SPREAD = "spread"  # size of the negative binomial: the smaller, the more the days differ
    BUSY = "busy"  # share of the time that the teams were out while the figures fell, 0 to 1


@dataclass(frozen=True)
class Typed:
    """An assumption that the office has typed in, instead of what is learnt or taken from elsewhere.

    ``value`` in the unit of its key.
    """

    key: Key
    value: float


@dataclass(frozen=True)
class Request:
    """What is asked for.

    ``area``: whose plan it is; visited are ``areas``, or without any those directly below it that have figures (itself where
    none lies below). ``teams`` work from ``start`` to ``by``, both included. ``target``: None is the
    national one, where the goal is most none.

    ``devices`` and ``operators``: how many there are, None: enough; a team needs :data:`DEVICES_A_TEAM` and
    :data:`OPERATORS_A_TEAM`. ``prints``: cards printed a day, ``blanks`` cards and ``ribbons`` in stock; None: enough.
    ``weekdays`` are worked on (Monday 0), except ``closed`` days and, if ``holidays``, public holidays and announced joint leave;
    ``opened`` days are worked on whatever they are. ``terms``: without any, schools can be visited always. ``no_connection``:
    areas without a network, which are visited only if recording works ``offline``.

    ``teams_now``: how many worked while the figures fell until now, None: nobody says, so at most as many as are asked for, for a
    part of the time that is learnt. ``office``: the share (0 to 1) of the present pace that goes on without the teams.
    """

    area: str
    teams: int
    start: date
    by: date
    goal: Goal = Goal.MOST
    target: Target | None = None
    areas: tuple[str, ...] = ()
    devices: int | None = None
    operators: int | None = None
    prints: int | None = None
    blanks: int | None = None
    ribbons: int | None = None
    weekdays: tuple[int, ...] = WEEKDAYS
    holidays: bool = True
    closed: tuple[date, ...] = ()
    opened: tuple[date, ...] = ()
    travel: tuple[Travel, ...] = ()
    bounds: tuple[Bounds, ...] = ()
    shut: tuple[Shut, ...] = ()
    terms: tuple[Term, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    places: tuple[At, ...] = ()
    positions: tuple[Position, ...] = ()
    no_connection: tuple[str, ...] = ()
    offline: bool = True
    teams_now: int | None = None
    office: float = 0.0
    assumed: tuple[Typed, ...] = ()
    seed: int = 0

    @property
    def able(self) -> int:
        """Teams that have a device and their operators."""
        by_device = self.teams if self.devices is None else self.devices // DEVICES_A_TEAM
        by_operator = self.teams if self.operators is None else self.operators // OPERATORS_A_TEAM
        return max(0, min(self.teams, by_device, by_operator))

    def place(self, area: str) -> str:
        """Where the visits to an area are."""
        return next((one.place for one in self.places if one.area == area), HALL)

    def to_json(self) -> str:
        """The request as one line of JSON."""
        return saving.to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Request:
        """The request in a text that :meth:`to_json` made.

        Raises:
            ValueError: there is none in it.
        """
        return saving.from_json(cls, text)
