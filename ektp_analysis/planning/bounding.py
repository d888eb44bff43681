"""How many team-days each area gets where days are lost on the way: a linear programme with whole tours, solved by HiGHS.

What days bring falls from one to the next, so it is a sum of pieces that are taken in their order by themselves; whole numbers
are asked for only of the tours. What it says no plan can pass: the calendar of each team is laid afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from ektp_analysis.planning.dividing import ENOUGH, Problem
from ektp_analysis.planning.workdays import Ints
from ektp_analysis.projection.paths import Floats

SECONDS = 15.0  # that HiGHS may take; then the best so far stands, with its gap
WHOLE = 1e-6  # a number is whole if it is so near to one
CLOSE = 1e-4  # of the bound: nearer is not looked for


@dataclass(frozen=True)
class Tours:
    """Areas that are reached together: a tour costs ``cost`` team-days on the way and lasts ``longest`` days of work at most."""

    areas: tuple[int, ...]
    cost: int
    longest: int


@dataclass(frozen=True)
class Divided:
    """Team-days of each area, the number of tours to each group, the value, and the bound that no plan passes.

    The value is in people recorded, or where the fewest days are asked for in team-days, those on the way included.
    """

    days: Ints
    tours: Ints
    value: float
    bound: float


def divide(problem: Problem, groups: Sequence[Tours], *, need: float | None = None) -> Divided | None:
    """The division with the most people recorded; with ``need``, the fewest team-days that record so many. None: there is none.

    Of the fewest, a part of a day is made whole, so it may be a few days above its bound.
    """
    model = _Model(problem, groups)
    solved = model.solve(need)
    if solved is None:
        return None
    columns, bound = solved
    found = model.per_area @ columns
    days = np.asarray(np.round(found) if need is None else np.ceil(found - WHOLE), np.int64)
    tours = np.round(columns[model.first_tour :][: len(groups)]).astype(np.int64)
    if need is None:
        return Divided(days, tours, problem.value(days), bound)
    on_the_way = sum(int(n) * one.cost for n, one in zip(tours, groups, strict=True))
    return Divided(days, tours, float(days.sum() + on_the_way), float(np.ceil(bound - WHOLE)))


class _Model:
    """The linear programme: a column for each piece of each area, for each tour, and where areas are shut for each area and kind
    of day; fixed days are the first pieces."""

    def __init__(self, problem: Problem, groups: Sequence[Tours]) -> None:
        self.problem, self.groups = problem, groups
        pieces = [problem.bound(a) for a in range(problem.areas)]
        self.gains = np.concatenate(
            [np.r_[gain, np.zeros(max(n - len(gain), 0))][:n] for gain, n in zip(problem.gains, pieces, strict=True)]
        )
        owner = np.repeat(np.arange(problem.areas), pieces)
        self.first_tour = len(owner)
        shut = not problem.open.all()
        kinds, kind = np.unique(problem.open, axis=1, return_inverse=True)
        free = problem.room - problem.fixed.sum(axis=0)
        room = np.bincount(np.ravel(kind), weights=free, minlength=kinds.shape[1])
        flows = [(a, c) for a in range(problem.areas) for c in range(kinds.shape[1]) if kinds[a, c]] if shut else []
        self.width = self.first_tour + len(groups) + len(flows)
        self.per_area = sparse.csr_matrix(
            (np.ones(len(owner)), (owner, np.arange(len(owner)))), shape=(problem.areas, self.width)
        )
        self._rows: list[tuple[Any, Floats, Floats]] = []
        start = problem.fixed.sum(axis=1)
        self._add(self.per_area, np.maximum(problem.least, start), problem.most)
        self._capacity(owner, int(problem.room.sum()))
        if shut:
            self._shut(np.array(flows, int).reshape(-1, 2), room, start)

    def _add(self, matrix: Any, low: Any, high: Any) -> None:
        rows = sparse.csr_matrix(matrix)
        size = rows.shape[0]
        self._rows.append(
            (rows, np.broadcast_to(np.asarray(low, float), (size,)), np.broadcast_to(np.asarray(high, float), size))
        )

    def _capacity(self, owner: Ints, slots: int) -> None:
        """Days at work and on the way fit into the calendar, and work in a group into its tours."""
        cost = np.array([one.cost for one in self.groups], float)
        row = np.zeros((1, self.width))
        row[0, : self.first_tour] = 1.0
        row[0, self.first_tour : self.first_tour + len(cost)] = cost
        self._add(row, -np.inf, slots)
        for n, one in enumerate(self.groups):
            row = np.zeros((1, self.width))
            row[0, : self.first_tour] = np.isin(owner, one.areas)
            row[0, self.first_tour + n] = -one.longest
            self._add(row, -np.inf, 0.0)

    def _shut(self, flows: Any, room: Any, start: Any) -> None:
        """Days of an area lie on days on which it may be visited."""
        at = self.first_tour + len(self.groups) + np.arange(len(flows))
        areas, kinds = flows.T
        by_area = sparse.csr_matrix((np.ones(len(at)), (areas, at)), shape=(self.problem.areas, self.width))
        self._add(self.per_area - by_area, start, start)
        self._add(sparse.csr_matrix((np.ones(len(at)), (kinds, at)), shape=(len(room), self.width)), -np.inf, room)

    def solve(self, need: float | None) -> tuple[Floats, float] | None:
        """The columns of the best solution found, and the bound; None where there is none."""
        import highspy  # loaded when days are lost on the way

        rows = list(self._rows)
        if need is not None:
            row = np.zeros((1, self.width))
            row[0, : self.first_tour] = self.gains
            rows.append((sparse.csr_matrix(row), np.array([need - ENOUGH]), np.array([np.inf])))
        matrix = sparse.csr_matrix(sparse.vstack([one[0] for one in rows]))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.width, matrix.shape[0]
        cost = np.zeros(self.width)
        if need is None:
            cost[: self.first_tour] = -self.gains
        else:
            cost[: self.first_tour] = 1.0
            cost[self.first_tour : self.first_tour + len(self.groups)] = [one.cost for one in self.groups]
        lp.col_cost_, lp.col_lower_ = cost, np.zeros(self.width)
        upper = np.full(self.width, float(max(self.problem.room.sum(), 1)))
        upper[: self.first_tour] = 1.0
        lp.col_upper_ = upper
        lp.row_lower_, lp.row_upper_ = np.concatenate([one[1] for one in rows]), np.concatenate([one[2] for one in rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        whole = [highspy.HighsVarType.kContinuous] * self.width
        whole[self.first_tour : self.first_tour + len(self.groups)] = [highspy.HighsVarType.kInteger] * len(self.groups)
        lp.integrality_ = whole
        return _run(lp, -1.0 if need is None else 1.0)


def _run(lp: Any, sign: float) -> tuple[Floats, float] | None:
    import highspy

    class Quiet(highspy.Highs):
        """HiGHS without its callbacks, whose first use prints a banner: commands print JSON there."""

        def enableCallbacks(self) -> None:
            pass

    solver: Any = Quiet()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 1),
        ("time_limit", SECONDS),
        ("mip_rel_gap", CLOSE),
    ):
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status != 2:  # no feasible point was found
        return None
    columns = np.asarray(solver.getSolution().col_value, float)
    objective = sign * info.objective_function_value
    bound = sign * info.mip_dual_bound if np.isfinite(info.mip_dual_bound) else objective
    whole = any(one == highspy.HighsVarType.kInteger for one in lp.integrality_)
    return columns, bound if whole else objective
