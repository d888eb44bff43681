"""How many team-days each area gets. Without travel, days are given one by one to where they bring most, which is optimal:
what can be kept of a calendar is a polymatroid, and what a day more brings never grows.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ektp_analysis.planning.workdays import Bools, Ints
from ektp_analysis.projection.paths import Floats

ENOUGH = 1e-9  # people: what sums of floats may differ by
LOOKED_THROUGH = 4000  # divisions that are all looked at, where a chance is wanted
EXCHANGES = 400  # exchanges that are tried at most; each is kept only if it helps


@dataclass(frozen=True)
class Problem:
    """Areas, and the slots of the calendar, by position.

    ``gains[a][j]``: people that the (j + 1)-th team-day in area a brings, not growing with j. ``room[c]``: team-days of class c:
    a day, and teams that may be in the same areas on it; classes are in the order of their ``day``. ``open[a, c]``: whether area
    a may be visited then. ``fixed[a, c]``: team-days that are settled, part of the room. ``least`` and ``most`` hold them too.
    """

    gains: tuple[Floats, ...]
    room: Ints
    day: Ints
    open: Bools
    fixed: Ints
    least: Ints
    most: Ints

    @property
    def areas(self) -> int:
        """How many areas there are."""
        return len(self.gains)

    def until(self, days: int) -> Problem:
        """The same if work ends after the first ``days`` days; what is fixed later stays."""
        late = self.day >= days
        return replace(self, room=np.where(late, self.fixed.sum(axis=0), self.room))

    def bound(self, area: int) -> int:
        """The most team-days that can bring anything in an area, or must be there."""
        return int(min(self.most[area], max(len(self.gains[area]), self.least[area], self.fixed[area].sum())))

    def value(self, days: Sequence[int] | Ints) -> float:
        """People recorded with so many team-days in each area."""
        return float(sum(gain[:n].sum() for gain, n in zip(self.gains, days, strict=True)))


class Room:
    """Team-days placed on the calendar: one more is placed wherever others can be moved so that it fits."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.placed: Ints = np.zeros_like(problem.fixed)
        self._free = problem.room - problem.fixed.sum(axis=0)
        self._days: Ints = np.asarray(problem.fixed.sum(axis=1), np.int64)
        self._full = np.zeros(len(self._free), bool)  # classes out of which nothing can be moved any more

    def days(self) -> Ints:
        """Team-days of each area."""
        return self._days.copy()

    def add_many(self, area: int, wanted: int) -> bool:
        """Place so many more team-days in an area; False where not all of them can be."""
        for c in np.flatnonzero(self._problem.open[area] & (self._free > 0)):
            n = min(wanted, int(self._free[c]))
            self.placed[area, c] += n
            self._free[c] -= n
            self._days[area] += n
            wanted -= n
            if not wanted:
                break
        return all(self.add(area) for _ in range(wanted))

    def add(self, area: int) -> bool:
        """Place one more team-day in an area; False where it cannot be."""
        open_, came, waiting = self._problem.open, {area: (-1, -1)}, [area]
        seen = self._full.copy()
        for one in waiting:
            to = open_[one] & ~seen
            free = np.flatnonzero(to & (self._free > 0))
            if len(free):
                self._move(one, int(free[0]), came)
                self._days[area] += 1
                return True
            seen |= to
            for c in np.flatnonzero(to):
                for other in np.flatnonzero(self.placed[:, c]):
                    if int(other) not in came:
                        came[int(other)] = (one, int(c))
                        waiting.append(int(other))
        self._full = seen
        return False

    def _move(self, area: int, c: int, came: dict[int, tuple[int, int]]) -> None:
        self._free[c] -= 1
        while True:
            self.placed[area, c] += 1
            before, freed = came[area]
            if before < 0:
                return
            self.placed[area, freed] -= 1
            area, c = before, freed


def with_least(problem: Problem) -> Room | int:
    """The calendar with the least days of each area; the area whose days do not fit."""
    room = Room(problem)
    for area, short in enumerate(problem.least - room.days()):
        if short > 0 and not room.add_many(area, int(short)):
            return area
    return room


Order = Callable[[int, int], float]  # (area, its team-days so far) -> the larger, the sooner it gets another


def fill(problem: Problem, order: Order, *, need: float | None = None, most: int | None = None) -> Room | None:
    """Days given one by one to the area that comes first, the least ones before; None where these do not fit.

    It ends when ``need`` people are recorded or ``most`` team-days given, or when no area can have more.
    """
    room = with_least(problem)
    if isinstance(room, int):
        return None
    days = room.days()
    value, given = problem.value(days), int(days.sum())
    heap = [(-order(a, int(days[a])), a) for a in range(problem.areas) if days[a] < problem.bound(a)]
    heapq.heapify(heap)
    while heap and (need is None or value < need - ENOUGH) and (most is None or given < most):
        _first, area = heapq.heappop(heap)
        if not room.add(area):
            continue
        gains = problem.gains[area]
        value, given = value + (float(gains[days[area]]) if days[area] < len(gains) else 0.0), given + 1
        days[area] += 1
        if days[area] < problem.bound(area):
            heapq.heappush(heap, (-order(area, int(days[area])), area))
    return room


def by_gain(problem: Problem) -> Order:
    """The area in which the next day brings most comes first."""
    return lambda area, n: float(problem.gains[area][n]) if n < len(problem.gains[area]) else 0.0


def first_that(holds: Callable[[int], bool], most: int) -> int | None:
    """The least number from 0 to ``most`` for which something holds that goes on holding; None where it never does."""
    if not holds(most):
        return None
    low, high = -1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def soonest_that(holds: Callable[[int], bool], most: int) -> int | None:
    """The least number from 1 to ``most`` found for which something holds that may stop holding far on, looked for in steps that
    double; None where it holds at none of them."""
    below, n = 0, 1
    while not holds(n):
        if n >= most:
            return None
        below, n = n, min(2 * n, most)
    found = first_that(lambda more: holds(below + 1 + more), n - below - 1)
    return None if found is None else below + 1 + found


def needed(problem: Problem, needs: Floats) -> Ints | int:
    """The fewest team-days with which each area gets what it needs (people); an area that never does."""
    days = np.zeros(problem.areas, np.int64)
    for area, need in enumerate(needs):
        reached = np.flatnonzero(np.cumsum(problem.gains[area]) >= need - ENOUGH)
        wanted = 0 if need <= ENOUGH else int(reached[0]) + 1 if len(reached) else -1
        if wanted < 0 or wanted > problem.most[area]:
            return area
        days[area] = max(wanted, problem.least[area])
    return days


@dataclass(frozen=True)
class Drawn:
    """What days bring draw by draw: ``people[a][n]`` (draws,) recorded by n team-days, and the ``need`` of each draw."""

    people: tuple[Floats, ...]
    need: Floats

    def chance(self, days: Sequence[int] | Ints) -> float:
        """Share of the draws in which the need is met."""
        sums = sum((part[min(n, len(part) - 1)] for part, n in zip(self.people, days, strict=True)), np.zeros_like(self.need))
        return float((sums >= self.need - ENOUGH).mean())

    def most(self, slots: int) -> float:
        """A chance that no division of so many team-days passes: each draw with the division best for it."""
        steps = np.concatenate([np.diff(part, axis=0) for part in self.people])
        # what a day brings may grow by chance from one to the next: the best of all days bounds any beginning of them
        best = -np.partition(-steps, min(slots, len(steps)) - 1, axis=0)[:slots] if slots and len(steps) else steps[:0]
        return float((best.sum(axis=0) >= self.need - ENOUGH).mean())


def divisions(problem: Problem, most: int) -> Iterator[tuple[int, ...]] | None:
    """All divisions that are open to nobody's more; None where they are more than ``most`` to look at."""
    spans = [range(int(problem.least[a]), problem.bound(a) + 1) for a in range(problem.areas)]
    slots, count = int(problem.room.sum()), 1
    for span in spans:
        count *= max(min(len(span), slots + 1), 1)
        if count > most:
            return None
    return _divided(spans, slots)


def _divided(spans: Sequence[range], slots: int) -> Iterator[tuple[int, ...]]:
    if not spans:
        yield ()
        return
    for n in spans[0]:
        if n <= slots:
            for rest in _divided(spans[1:], slots - n):
                yield (n, *rest)


def placed(problem: Problem, days: Sequence[int] | Ints) -> Room | None:
    """The calendar with exactly so many team-days in each area; None where they do not fit."""
    room = with_least(replace(problem, least=np.asarray(days, np.int64)))
    return None if isinstance(room, int) or (room.days() != np.asarray(days)).any() else room


def likeliest(problem: Problem, drawn: Drawn, go_on: Callable[[], bool]) -> tuple[Room, bool] | None:
    """The calendar with the best chance, and whether no other can be better; of equal chances the one with the most people.

    All divisions are looked at where they are few; else days are exchanged between two areas as long as that helps.
    """

    def score(days: Sequence[int] | Ints) -> tuple[float, float]:
        return drawn.chance(days), problem.value(days)

    every = divisions(problem, LOOKED_THROUGH)
    if every is not None:
        for days in sorted(every, key=score, reverse=True):
            room = placed(problem, days)
            if room is not None:
                return room, True
        return None
    best = fill(problem, by_gain(problem))
    if best is None:
        return None
    now = score(best.days())
    for _ in range(EXCHANGES):
        step = _exchange(problem, best, score, now) if go_on() else None
        if step is None:
            break
        best, now = step
    return best, False


def _exchange(
    problem: Problem, room: Room, score: Callable[[Ints], tuple[float, float]], now: tuple[float, float]
) -> tuple[Room, tuple[float, float]] | None:
    """The best exchange of one day between two of the areas that matter most; None where none helps."""
    days = room.days()
    giving = [a for a in range(problem.areas) if days[a] > problem.least[a] and room.placed[a].any()]
    taking = [a for a in range(problem.areas) if days[a] < problem.bound(a)]
    gains = by_gain(problem)
    giving = sorted(giving, key=lambda a: gains(a, int(days[a]) - 1))[:WORTH_TRYING]
    taking = sorted(taking, key=lambda a: -gains(a, int(days[a])))[:WORTH_TRYING]
    tried = []
    for one in giving:
        for other in taking:
            if one != other:
                moved = days.copy()
                moved[one] -= 1
                moved[other] += 1
                tried.append((score(moved), tuple(moved.tolist())))
    for found, moved_days in sorted(tried, reverse=True):
        if found[0] <= now[0]:
            return None
        made = placed(problem, moved_days)
        if made is not None:
            return made, found
    return None


WORTH_TRYING = 12  # areas on either side of an exchange: those where a day more or less matters least and most
