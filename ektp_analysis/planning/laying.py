"""Team-days on the calendar: which team is where on which day, in blocks, with the days on the way where areas lie apart.

What is laid keeps every constraint of the grid. Where days are lost on the way, not all days that were divided may find a place;
what is laid is then worth less than the bound, and the gap is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ektp_analysis.planning.dividing import Problem, placed
from ektp_analysis.planning.workdays import Bools, Grid, Group, Ints
from ektp_analysis.projection.paths import Floats

NOWHERE, HOME = -1, -1
STEPS = 300  # of the search for a short way: the same way every time, a second for five hundred areas
METRES_A_DEGREE = 111_195.0  # along a meridian, and along the equator


@dataclass
class Sheet:
    """Where each team is: ``area[t, d]`` (-1: nowhere), ``way[t, d]``: whether it is on the way there or back; ``zone[t, d]`` is
    the group in which it stays between (-1: not away)."""

    grid: Grid
    area: Ints
    way: Ints
    zone: Ints
    days: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.days = np.zeros(len(self.grid.areas), np.int64)

    @classmethod
    def empty(cls, grid: Grid) -> Sheet:
        """Nobody is anywhere."""
        shape = (grid.teams, len(grid.days))
        return cls(grid, np.full(shape, NOWHERE), np.zeros(shape, np.int64), np.full(shape, HOME))

    def on(self, grid: Grid) -> Sheet:
        """The same on a grid that leaves more open."""
        made = Sheet(grid, self.area.copy(), self.way.copy(), self.zone.copy())
        made.days = self.days.copy()
        return made

    def put(self, team: int, day: int, area: int) -> None:
        """A team is at work in an area on a day."""
        self.area[team, day] = area
        self.days[area] += 1

    def idle(self, team: int, day: int) -> bool:
        """Whether a team works on a day and is not yet anywhere."""
        return bool(self.grid.free[team, day]) and self.area[team, day] == NOWHERE

    def fits(self, team: int, day: int, area: int) -> bool:
        """Whether an idle team may be in an area on a day: open, and in the group in which it stays."""
        grid = self.grid
        return bool(grid.open[team, day, area]) and self.zone[team, day] == _zone(grid, area)

    def settle(self, team: int) -> bool:
        """Lay the way there and back around each run of fixed days in one group; False where there is no room for it."""
        runs: list[list[int]] = []
        for day in np.flatnonzero(self.area[team] != NOWHERE):
            if runs and self.zone[team, day] == self.zone[team, runs[-1][-1]]:
                runs[-1].append(int(day))
            else:
                runs.append([int(day)])
        edges = [-1, *(run[-1] for run in runs), len(self.grid.days)]
        starts = [*(run[0] for run in runs), len(self.grid.days)]
        return all(self._settle_run(team, run, edges[n], starts[n + 1]) for n, run in enumerate(runs))

    def _settle_run(self, team: int, run: Sequence[int], before: int, after: int) -> bool:
        """The same around one run, between the days ``before`` and ``after`` it on which the team is elsewhere."""
        zone = int(self.zone[team, run[0]])
        if zone == HOME:
            return True
        group, area = self.grid.groups[zone], int(self.area[team, run[0]])
        out = _out(group, [d for d in range(before + 1, run[0]) if self._at_home(team, d)], run[0])
        back = _back(group, [d for d in range(run[-1] + 1, after) if self._at_home(team, d)], run[-1])
        if out is None or back is None:
            return False
        for day in (*out, *back):
            self.area[team, day], self.way[team, day] = area, 1
        first, last = min((*out, run[0])), max((*back, run[-1]))
        self.zone[team, first : last + 1] = zone
        return True

    def _at_home(self, team: int, day: int) -> bool:
        return self.idle(team, day) and self.zone[team, day] == HOME

    def strip(self, days: Ints, order: Sequence[int]) -> None:
        """Team by team and day by day: a team stays where days are wanted, then goes on to the next of the round."""
        wanted = {a: int(days[a] - self.days[a]) for a in order if days[a] > self.days[a] and _zone(self.grid, a) == HOME}
        for team in range(self.grid.teams):
            here = NOWHERE
            for day in range(len(self.grid.days)):
                if not wanted or not self.idle(team, day) or self.zone[team, day] != HOME:
                    continue
                if here not in wanted or not self.grid.open[team, day, here]:
                    here = next((a for a in wanted if self.grid.open[team, day, a]), NOWHERE)
                if here != NOWHERE:
                    self.put(team, day, here)
                    wanted[here] -= 1
                    if not wanted[here]:
                        del wanted[here]

    def stay(self, days: Ints, order: Sequence[int]) -> None:
        """Work on the days that a team stays away anyhow."""
        for team, day in zip(*np.nonzero(self.zone != HOME), strict=True):
            if self.idle(int(team), int(day)):
                here = next((a for a in order if days[a] > self.days[a] and self.fits(int(team), int(day), a)), NOWHERE)
                if here != NOWHERE:
                    self.put(int(team), int(day), here)

    def tour(self, n: int, days: Ints, order: Sequence[int]) -> None:
        """Tours to a group until its days are done or none fits; each with the most work in its days."""
        group = self.grid.groups[n]
        areas = [a for a in order if a in group.areas]
        while True:
            wanted = {a: int(days[a] - self.days[a]) for a in areas if days[a] > self.days[a]}
            if not wanted:
                return
            known: dict[bytes, _Tour | None] = {}
            tours = []
            for team in range(self.grid.teams):
                free = np.array([self.idle(team, d) and self.zone[team, d] == HOME for d in range(len(self.grid.days))])
                key = free.tobytes() + self.grid.open[team][:, areas].tobytes() + (self.area[team] != NOWHERE).tobytes()
                if key not in known:
                    known[key] = _best_tour(self, team, free, group, wanted)
                    if (one := known[key]) is not None:
                        tours.append(one)
            if not tours:
                return
            self._go(max(tours, key=lambda one: one.score), n, wanted)

    def _go(self, tour: _Tour, n: int, wanted: dict[int, int]) -> None:
        left = dict(wanted)
        here = NOWHERE
        done = []
        for day in tour.work:
            if left.get(here, 0) == 0 or not self.grid.open[tour.team, day, here]:
                here = next((a for a, some in left.items() if some and self.grid.open[tour.team, day, a]), NOWHERE)
            if here != NOWHERE:
                self.put(tour.team, day, here)
                left[here] -= 1
                done.append(here)
        first, last = min((*tour.out, *tour.work)), max((*tour.work, *tour.back))
        self.zone[tour.team, first : last + 1] = n
        # where nothing is lost, whoever waits for the boat without work is on the way on its day
        waits = tuple(d for d in (first, last) if not tour.out and self.idle(tour.team, d))
        for days, area in ((tour.out, done[0]), (tour.back, done[-1]), (waits, done[-1])):
            for day in days:
                self.area[tour.team, day], self.way[tour.team, day] = area, 1

    @property
    def visits(self) -> list[tuple[int, int, int]]:
        """(day, team, area) of all work, in order."""
        teams, days = np.nonzero((self.area != NOWHERE) & (self.way == 0))
        return sorted((int(d), int(t), int(self.area[t, d])) for t, d in zip(teams, days, strict=True))


def _zone(grid: Grid, area: int) -> int:
    """The group in which a team has to stay for an area; none where nothing is lost and every day has a boat."""
    group = int(grid.group[area])
    return group if group >= 0 and _apart(grid.groups[group]) else HOME


def _apart(group: Group) -> bool:
    return group.lost > 0 or group.tied


def travels(grid: Grid) -> bool:
    """Whether days or boats matter for any area."""
    return any(_apart(one) and one.areas for one in grid.groups)


def settled(grid: Grid) -> Sheet | None:
    """The sheet with what is fixed, and the way there and back; None where that cannot be kept."""
    sheet = Sheet.empty(grid)
    for team, day, area in grid.fixed:
        sheet.put(team, day, area)
        sheet.zone[team, day] = _zone(grid, area)
    for team in range(grid.teams):
        if not sheet.settle(team):
            return None
    return sheet


def _out(group: Group, free: Sequence[int], work: int) -> list[int] | None:
    """The days on the way there, as late as possible before the first day of work."""
    if group.lost == 0:
        if group.boat[work]:
            return []
        return next(([day] for day in reversed(free) if group.boat[day]), None)
    starts = [n for n in range(len(free) - group.lost, -1, -1) if group.boat[free[n]]]
    return list(free[starts[0] : starts[0] + group.lost]) if starts else None


def _back(group: Group, free: Sequence[int], work: int) -> list[int] | None:
    """The days on the way back, as early as possible after the last day of work."""
    if group.lost == 0:
        if group.boat[work]:
            return []
        return next(([day] for day in free if group.boat[day]), None)
    starts = [n for n in range(len(free) - group.lost + 1) if group.boat[free[n]]]
    return list(free[starts[0] : starts[0] + group.lost]) if starts else None


def lay(sheet: Sheet, problem: Problem, days: Sequence[int] | Ints, order: Sequence[int], *, home_first: bool = False) -> Sheet:
    """A sheet with so many team-days in each area, or as many of them as find a place; ``order`` is that of a round.

    Where days are lost on the way, tours are laid first, or with ``home_first`` the days at home.
    """
    made = _copy(sheet)
    if not travels(sheet.grid):
        made.strip(np.asarray(days), order)
        if (made.days >= np.asarray(days)).all():
            return made
        room = placed(problem, days)
        return made if room is None else _by_day(sheet, problem, room.placed, order)
    if home_first:
        made.strip(np.asarray(days), order)
    for n in sorted(range(len(sheet.grid.groups)), key=lambda n: -int(np.asarray(days)[list(sheet.grid.groups[n].areas)].sum())):
        if _apart(sheet.grid.groups[n]):
            made.stay(np.asarray(days), order)
            made.tour(n, np.asarray(days), order)
    made.stay(np.asarray(days), order)
    made.strip(np.asarray(days), order)
    return made


def lay_on(sheet: Sheet, days: Sequence[int] | Ints, order: Sequence[int]) -> Sheet:
    """The sheet with idle days of teams at home given to areas, up to so many team-days in each."""
    made = _copy(sheet)
    made.strip(np.asarray(days), order)
    return made


def refill(sheet: Sheet, gains: Sequence[Floats], most: Ints) -> Sheet:
    """The sheet with idle days given to the area that they bring most in, where they bring anything."""
    made = _copy(sheet)
    for team in range(made.grid.teams):
        for day in range(len(made.grid.days)):
            if made.idle(team, day):
                best = [
                    (float(gains[a][made.days[a]]), -a)
                    for a in range(len(gains))
                    if made.days[a] < min(most[a], len(gains[a])) and made.fits(team, day, a)
                ]
                if best and max(best)[0] > 0:
                    made.put(team, day, -max(best)[1])
    return made


def _copy(sheet: Sheet) -> Sheet:
    return sheet.on(sheet.grid)


def _by_day(sheet: Sheet, problem: Problem, room: Ints, order: Sequence[int]) -> Sheet:
    """Day by day as the calendar of classes has it: who can stays where it was."""
    made, kinds = _copy(sheet), classes(sheet.grid)
    rank = {a: n for n, a in enumerate(order)}
    last = np.full(sheet.grid.teams, NOWHERE)
    for c, (day, teams) in enumerate(kinds):
        wanted = sorted((a for a in range(problem.areas) for _ in range(int(room[a, c]))), key=lambda a: rank[a])
        idle = [team for team in teams if made.idle(team, day)]
        for team in list(idle):
            if last[team] in wanted:
                made.put(team, day, int(last[team]))
                wanted.remove(last[team])
                idle.remove(team)
        for team, area in zip(idle, wanted, strict=False):
            made.put(team, day, area)
            last[team] = area
    return made


def classes(grid: Grid) -> list[tuple[int, tuple[int, ...]]]:
    """(day, teams) of each class of slots: teams that may be in the same areas on that day; fixed ones are a class."""
    found = []
    for day in range(len(grid.days)):
        kinds: dict[bytes, list[int]] = {}
        for team in range(grid.teams):
            if (team, day) in grid.taken:
                kinds.setdefault(b"fixed", []).append(team)
            elif grid.free[team, day]:
                kinds.setdefault(grid.open[team, day].tobytes(), []).append(team)
        found += [(day, tuple(teams)) for teams in kinds.values()]
    return found


@dataclass(frozen=True)
class _Tour:
    """One tour that a team can make: the days out, of work, and back."""

    team: int
    out: tuple[int, ...]
    work: tuple[int, ...]
    back: tuple[int, ...]
    span: int  # days of the team from the first to the last, waiting included

    @property
    def score(self) -> tuple[float, int, int]:
        """Work in all its days; of equal ones the longer, then the earlier."""
        return len(self.work) / self.span, len(self.work), -min((*self.out, *self.work))


def _best_tour(sheet: Sheet, team: int, free: Ints, group: Group, wanted: dict[int, int]) -> _Tour | None:
    """The tour of a team with the most work in its days; None where there is none."""
    at = np.flatnonzero(free)
    busy = np.flatnonzero(sheet.area[team] != NOWHERE)
    reachable = sheet.grid.open[team][:, list(wanted)].any(axis=1)
    tours: list[_Tour] = []
    for i in range(len(at)):
        if group.boat[at[i]]:
            stop = busy[busy > at[i]]
            end = len(at) if not len(stop) else int(np.searchsorted(at, stop[0]))
            tours += _tours_from(group, team, [int(d) for d in at[i:end]], reachable, sum(wanted.values()))
    return max(tours, key=lambda one: one.score, default=None)


def _tours_from(group: Group, team: int, days: Sequence[int], reachable: Bools, most: int) -> Iterator[_Tour]:
    """The tours that begin on the first of the days, with at most so many days of work."""
    out = tuple(days[: group.lost])
    work: list[int] = []
    for j in range(group.lost, len(days)):
        back = tuple(days[j : j + group.lost])
        if group.lost and work and len(back) == group.lost and group.boat[days[j]]:
            yield _Tour(team, out, tuple(work), back, j + group.lost)
        if len(work) < most and reachable[days[j]]:
            work.append(days[j])
            if group.lost == 0 and group.boat[days[j]] and work[0] == days[0]:
                yield _Tour(team, (), tuple(work), (), j + 1)


def way_through(areas: Sequence[str], positions: Mapping[str, tuple[float, float]]) -> tuple[int, ...]:
    """The positions in ``areas`` in the order of a short way through them, begun in the west; those without a place come last.

    ``positions``: (longitude, latitude) in degrees.
    """
    placed = [n for n, area in enumerate(areas) if area in positions]
    others = sorted((n for n in range(len(areas)) if areas[n] not in positions), key=lambda n: areas[n])
    if len(placed) < 3:
        return (*sorted(placed, key=lambda n: positions[areas[n]]), *others)
    points = np.array([positions[areas[n]] for n in placed], float)
    metres = METRES_A_DEGREE * points * [np.cos(np.radians(points[:, 1].mean())), 1.0]
    return (*(placed[n] for n in _round(metres)), *others)


def _round(metres: Floats) -> list[int]:
    """A short way through points (x, y) that begins in the west and need not come back: the first point of a closed round is
    that after its longest leg."""
    import pyvrp  # loaded when an order is asked for
    from pyvrp.stop import MaxIterations

    model = pyvrp.Model()
    places = [model.add_location(float(x), float(y)) for x, y in metres]
    depot = model.add_depot(places[0])
    for one in places[1:]:
        model.add_client(one)
    model.add_vehicle_type(1, start_depot=depot, end_depot=depot)
    apart = np.hypot(*(metres[:, None, :] - metres[None, :, :]).transpose(2, 0, 1))
    for n, one in enumerate(places):
        for m, other in enumerate(places):
            if n != m:
                model.add_edge(one, other, distance=int(apart[n, m]))
    found = model.solve(MaxIterations(STEPS), seed=1, collect_stats=False, display=False)
    stops = list(found.best.routes()[0])[1:-1]  # without the depot at both ends; the depot's place is no client
    visits = [0, *(one.idx + 1 for one in stops)]
    legs = [apart[one, visits[(n + 1) % len(visits)]] for n, one in enumerate(visits)]
    cut = int(np.argmax(legs)) + 1
    way = [*visits[cut:], *visits[:cut]]
    return way if metres[way[0], 0] <= metres[way[-1], 0] else way[::-1]
