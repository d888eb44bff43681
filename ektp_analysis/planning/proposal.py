"""What is proposed: who is where on which day, what is expected of it and how surely; or why there is no plan, and what would do.

All counts are people, all chances 0 to 1. Modelled numbers stand with the assumptions that they rest on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ektp_analysis.planning import saving
from ektp_analysis.planning.request import Goal, Request

LOW, HIGH = 0.1, 0.9  # the chances between which a spread lies: four outcomes of five


@dataclass(frozen=True)
class Spread:
    """A number that is not known for sure: what is expected, and the bounds below and above which lies one outcome of ten."""

    mean: float
    low: float
    high: float


class Work(StrEnum):
    """What a team does on a day."""

    VISIT = "visit"
    TRAVEL = "travel"


@dataclass(frozen=True)
class Assignment:
    """A team (1, 2, ...) on a day: at work in an area, at a place of this kind, or on the way to it or back (``work``).

    ``expected``: people it is expected to record there that day, 0 on the way. ``fixed``: so asked for.
    """

    team: int
    day: date
    area: str
    place: str
    work: Work
    expected: float
    fixed: bool = False


@dataclass(frozen=True)
class AreaPlan:
    """One area in the plan. ``unrecorded``: today's; ``allowed``: how many may remain by its target, None: not known.

    ``days``: team-days at work there, the first and last of them on ``first`` and ``last`` (None: none). ``recorded`` by the
    visits and ``left`` (newcomers and the office's own service included) on the plan's day. ``chance`` that the area is at the
    target by then, None where that cannot be said. ``to_clean``: how many of those left leave the list only by being cleaned off
    it, at least and at most, as visits before the plan found out; None: no visit says so.
    """

    area: str
    unrecorded: int
    allowed: int | None
    days: int
    recorded: Spread
    left: Spread
    first: date | None
    last: date | None
    chance: float | None
    to_clean: tuple[int, int] | None = None


class Rule(StrEnum):
    """What a plan is held against."""

    EQUAL = "equal"  # every area gets the same number of team-days
    LARGEST = "largest"  # each team-day goes where most are left
    AS_NOW = "as_now"  # nothing changes: the projection itself


class Verdict(StrEnum):
    """How the plan does beside a rule."""

    BETTER = "better"
    UNSURE = "unsure"  # fewer left on average, but not in nine outcomes of ten
    NOT_BETTER = "not_better"


@dataclass(frozen=True)
class Comparison:
    """The plan beside a rule, draw by draw. ``recorded``, ``left`` and ``chance`` are the rule's own on the plan's day.

    ``difference``: how many fewer are left with the plan than with the rule (positive: the plan does better). ``chance_gain``: by
    how much the chance of the target is higher, None where there is none. ``verdict``: by what the goal asks for.
    """

    rule: Rule
    recorded: Spread
    left: Spread
    chance: float | None
    difference: Spread
    chance_gain: float | None
    verdict: Verdict


class More(StrEnum):
    """What one more of is asked about."""

    TEAM = "team"
    DEVICE = "device"
    OPERATOR = "operator"
    DAY = "day"  # one more working day at the end
    WEEK = "week"  # a start seven days earlier


@dataclass(frozen=True)
class Worth:
    """What one more would bring: people more recorded, chance gained, days by which the target's day is earlier.

    ``chance`` and ``days`` are None where the plan has none.
    """

    more: More
    people: float
    chance: float | None
    days: int | None


@dataclass(frozen=True)
class Weaker:
    """The same plan where yields are only ``share`` of what is expected; ``day``: None where the target is not expected then."""

    share: float
    recorded: Spread
    left: Spread
    chance: float | None
    day: date | None


@dataclass(frozen=True)
class Hinge:
    """The area on which the result hangs most: its share of the spread of what is left, 0 to 1."""

    area: str
    share: float


@dataclass(frozen=True)
class Printing:
    """Printing as the second stage: cards expected to be printed by the plan's day, recorded people who wait for one then, and
    the day on which stock ends (None: it lasts). ``done``: the day on which nobody waits any more, None: not foreseeable."""

    printed: float
    waiting: float
    stock_ends: date | None
    done: date | None


class Basis(StrEnum):
    """Where a number that the plan rests on comes from."""

    PRIOR = "prior"  # what other offices report: see its source
    TYPED = "typed"  # typed in by the office
    LEARNT = "learnt"  # from the office's own visits
    FALLS = "falls"  # from how the figures fell
    DEFAULT = "default"  # nobody said otherwise


@dataclass(frozen=True)
class Assumption:
    """What the plan takes for granted: a number with its bounds (90 of 100, equal where it is one number), and where from.

    ``key`` names it (capacity, reach, absent, spread, teams_now, office, newcomers, ...); ``source`` the publication, '' none;
    ``used`` how many visits or falls it is learnt from.
    """

    key: str
    value: float
    low: float
    high: float
    basis: Basis
    source: str = ""
    used: int = 0


class Solver(StrEnum):
    """How the days were divided."""

    GREEDY = "greedy"  # optimal as it stands
    HIGHS = "highs"  # the bound of HiGHS, laid on the calendar
    LOOKED_THROUGH = "looked_through"  # every division looked at
    EXCHANGE = "exchange"  # exchanges until none helps; the bound is that of each draw by itself


@dataclass(frozen=True)
class Quality:
    """How good a plan is proven to be: ``value`` reached, ``bound`` that none passes, ``gap`` between them (0: none is better).

    In the unit of the goal: people recorded (most), working days until the target (target, every), chance (probability),
    team-days (fewest). The gap is a share of the bound; of a chance, the difference. ``stopped``: it was cut short.
    """

    solver: Solver
    value: float
    bound: float
    gap: float
    stopped: bool = False


@dataclass(frozen=True)
class Point:
    """What is left of the whole on a day by the plan."""

    day: date
    left: Spread


@dataclass(frozen=True)
class Plan:
    """A plan. ``origin``: the day of the figures that it begins from. ``unrecorded`` and ``allowed`` are the whole's.

    ``day``: the day on which the target is expected to be reached, None where it is not by ``request.by`` or none is asked for;
    ``early`` and ``late``: the same in one outcome of ten earlier, or later (None: not by then), ``even`` the day by which half
    of the outcomes have reached it. ``chance`` of the target by
    ``request.by``; ``team_days`` at work, ``travel_days`` on the way. ``line``: what is left, working day by working day.
    ``to_clean``: how many of those left are to be cleaned off the list, at least and at most, as in its areas.
    """

    request: Request
    origin: date
    unrecorded: int
    allowed: int | None
    assignments: tuple[Assignment, ...]
    areas: tuple[AreaPlan, ...]
    recorded: Spread
    left: Spread
    chance: float | None
    day: date | None
    early: date | None
    late: date | None
    team_days: int
    travel_days: int
    quality: Quality
    comparisons: tuple[Comparison, ...]
    worth: tuple[Worth, ...]
    weaker: Weaker | None
    hinge: Hinge | None
    printing: Printing | None
    assumptions: tuple[Assumption, ...]
    line: tuple[Point, ...]
    even: date | None = None
    to_clean: tuple[int, int] | None = None

    @property
    def goal(self) -> Goal:
        """What it is for."""
        return self.request.goal

    def comparison(self, rule: Rule) -> Comparison | None:
        """The plan beside a rule; None where the rule cannot be followed."""
        return next((one for one in self.comparisons if one.rule is rule), None)

    def of(self, area: str) -> AreaPlan | None:
        """An area in it; None where it is none of the plan's."""
        return next((one for one in self.areas if one.area == area), None)

    def to_json(self) -> str:
        """The plan as one line of JSON."""
        return saving.to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """The plan in a text that :meth:`to_json` made.

        Raises:
            ValueError: there is none in it.
        """
        return saving.from_json(cls, text)


class Why(StrEnum):
    """Why there is no plan."""

    NO_TEAMS = "no_teams"
    NO_EQUIPMENT = "no_equipment"  # teams, but no device or operators for one
    END_BEFORE_START = "end_before_start"
    TOO_LONG = "too_long"  # more days than are planned ahead
    NO_WORKING_DAY = "no_working_day"
    NO_FIGURES = "no_figures"
    STARTS_BEFORE_FIGURES = "starts_before_figures"
    UNKNOWN_ELIGIBLE = "unknown_eligible"  # what may remain cannot be said
    UNKNOWN_AREA = "unknown_area"  # a constraint names an area that is not planned
    REACHED = "reached"  # the target is reached already
    NOBODY_LEFT = "nobody_left"
    ONLY_CLEANING = "only_cleaning"  # all who are left are to be cleaned off the list
    NOWHERE_TO_GO = "nowhere_to_go"  # no area may be visited on any day
    FIXED_CLASH = "fixed_clash"  # what is fixed contradicts itself or what is forbidden
    LEAST_TOO_MUCH = "least_too_much"  # the least days asked for do not fit
    TARGET_TOO_FAR = "target_too_far"  # not by the day with these teams
    NOT_FOUND = "not_found"  # no calendar was found that holds it; with days on the way not all are looked through
    NEVER = "never"  # not with any number of teams: too many never come


@dataclass(frozen=True)
class Infeasible:
    """Why there is no plan, and the nearest thing that there is.

    ``area``: which area it is about; ``day``: with these teams the target is expected then; ``teams``: so many reach it by the
    day asked for; ``left``: expected on the day asked for with these teams; ``allowed``: how many may be left; ``since``: since
    when the target holds; ``to_clean``: how many leave the list only by cleaning it, at least and at most. Each None where it
    says nothing.
    """

    request: Request
    why: Why
    area: str | None = None
    day: date | None = None
    teams: int | None = None
    left: int | None = None
    allowed: int | None = None
    since: date | None = None
    to_clean: tuple[int, int] | None = None


@dataclass(frozen=True)
class ByTeams:
    """What a number of teams reaches: people left on the day asked for, the chance of the target by then, and its day; ``even``:
    that by which half of the outcomes have reached it."""

    teams: int
    left: Spread
    chance: float | None
    day: date | None
    early: date | None
    late: date | None
    even: date | None = None


@dataclass(frozen=True)
class AreaDone:
    """Planned against done in an area up to and with a day: team-days and people.

    ``done_days`` and ``recorded`` come from visits; ``unsaid`` of them do not say how many were recorded, and are in no sum.
    """

    area: str
    planned_days: int
    done_days: int
    expected: float
    recorded: int
    unsaid: int


@dataclass(frozen=True)
class Against:
    """A plan against what was done, up to and with ``on``. ``planned_left``: what should be left of the whole by the plan on the
    day of the latest figure, ``as_of``, and ``unrecorded``, what is; None where nothing later than the plan's start is known."""

    on: date
    areas: tuple[AreaDone, ...]
    planned_left: Spread | None
    unrecorded: int | None
    as_of: date | None

    @property
    def planned_days(self) -> int:
        """Team-days planned by then."""
        return sum(one.planned_days for one in self.areas)

    @property
    def done_days(self) -> int:
        """Team-days done by then."""
        return sum(one.done_days for one in self.areas)

    @property
    def expected(self) -> float:
        """People expected by then."""
        return sum(one.expected for one in self.areas)

    @property
    def recorded(self) -> int:
        """People recorded by then, where visits say so."""
        return sum(one.recorded for one in self.areas)
