"""No plan breaks what its request asks for, whatever that is; and of small problems no plan is better than the one proposed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from ektp_analysis.planning.judging import Table
from ektp_analysis.planning.pools import Pool, Standing
from ektp_analysis.planning.request import (
    At,
    Bounds,
    Deadline,
    Fixed,
    Forbidden,
    Goal,
    Position,
    Request,
    Shut,
    Term,
    Travel,
)
from ektp_analysis.planning.solving import Case, Refused, solve
from tests.breadth import crossed, examples
from tests.plans import CODES, START, Small, agrees, broken, calibration, carried_out, check

DAYS = st.integers(0, 13).map(lambda n: START + timedelta(days=n))
AREAS = st.sampled_from(CODES)
SPANS = st.tuples(DAYS, st.integers(0, 4)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
TEAMS = st.integers(1, 4)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    split = draw(st.integers(1, 3))
    boats = st.lists(st.integers(0, 4), max_size=3, unique=True).map(tuple)
    isles = [
        Travel("isle", CODES[split:], draw(st.integers(0, 2)), draw(boats), tuple(draw(st.lists(DAYS, max_size=2)))),
    ]
    least = draw(st.integers(0, 2))
    return Request(
        "75.05",
        draw(TEAMS),
        START,
        START + timedelta(days=draw(st.integers(0, 13))),
        draw(st.sampled_from(Goal)),
        devices=draw(st.none() | st.integers(1, 5)),
        operators=draw(st.none() | st.integers(2, 9)),
        weekdays=tuple(draw(st.lists(st.integers(0, 6), min_size=2, unique=True))),
        holidays=False,
        closed=tuple(draw(st.lists(DAYS, max_size=2))),
        opened=tuple(draw(st.lists(DAYS, max_size=2))),
        travel=tuple(isles if draw(st.booleans()) else ()),
        bounds=tuple(draw(st.lists(st.just(Bounds(CODES[0], least, least + draw(st.integers(0, 3)))), max_size=1))),
        shut=tuple(Shut(area, *span) for area, span in draw(st.lists(st.tuples(AREAS, SPANS), max_size=2))),
        terms=tuple(Term(*span) for span in draw(st.lists(SPANS, max_size=2))),
        deadlines=tuple(Deadline(area, day) for area, day in draw(st.lists(st.tuples(AREAS, DAYS), max_size=2))),
        fixed=tuple(Fixed(*one) for one in draw(st.lists(st.tuples(TEAMS, DAYS, AREAS), max_size=2))),
        forbidden=tuple(
            Forbidden(team, area, *span)
            for team, area, span in draw(st.lists(st.tuples(st.none() | TEAMS, st.none() | AREAS, SPANS), max_size=2))
        ),
        places=(At(CODES[1], "school"),) if draw(st.booleans()) else (),
        no_connection=tuple(draw(st.lists(AREAS, max_size=1))),
        offline=draw(st.booleans()),
        positions=tuple(Position(code, 122.0 + n, 0.5) for n, code in enumerate(CODES)) if draw(st.booleans()) else (),
    )


def standing() -> Standing:
    pools = [Pool(code, 90, np.full(20, 90.0), None, 0, (78, 78), 0.0, 0.0, 8, START - timedelta(days=1)) for code in CODES]
    return Standing(tuple(pools), 0.0, (315, 315), 0.0, None, START - timedelta(days=1), 0, None)


def table() -> Table:
    drawn = [np.outer(90 * (1 - 0.85 ** np.arange(40)), np.linspace(0.7, 1.3, 20)) for _ in CODES]
    return Table(tuple(drawn), tuple(np.diff(one.mean(axis=1)) for one in drawn))


@examples(20, 60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(requests())
def test_no_plan_breaks_its_request(request: Request) -> None:
    problem = Small(request, standing(), table())
    made = problem.ready().case(request) if request.able else None
    if not isinstance(made, Case):
        return
    found = solve(made)
    if isinstance(found, Refused):
        return
    sheet = found.sheet
    rows = [
        (int(team) + 1, sheet.grid.days[day], sheet.grid.areas[sheet.area[team, day]], bool(sheet.way[team, day]))
        for team, day in np.argwhere(sheet.area >= 0)
    ]
    assert not broken(request, CODES, rows)


def test_what_a_plan_breaks_is_found() -> None:
    """The check itself: each row breaks one thing."""
    isle = Travel("isle", (CODES[1],), 1, (0,))
    request = Request(
        "75.05", 1, START, START + timedelta(days=4), holidays=False, travel=(isle,), fixed=(Fixed(1, START, CODES[0]),)
    )
    day = [START + timedelta(days=n) for n in range(5)]

    def said(*rows: tuple[int, date, str, bool]) -> str:
        return "; ".join(broken(request, CODES, [(1, START, CODES[0], False), *rows]))

    assert not said((1, day[1], CODES[0], False))
    assert "outside" in said((2, day[1], CODES[0], False))
    assert "two places" in said((1, START, CODES[2], False))
    assert "on the way are missing" in said((1, day[1], CODES[1], False))
    assert "without a boat" in said((1, day[1], CODES[1], True), (1, day[2], CODES[1], False), (1, day[3], CODES[1], True))
    assert "fixed" in "; ".join(broken(request, CODES, []))


@pytest.mark.parametrize(("goal", "travel"), crossed(Goal, [False, True]))
def test_no_other_plan_is_better(goal: Goal, travel: bool) -> None:
    """A part of `python -m tests.plans 300`."""
    assert not [said for seed in range(20) if (said := check(seed, goal, travel=travel)) is not None]


@pytest.mark.parametrize("goal", [Goal.MOST, Goal.FEWEST])
def test_one_by_one_is_as_good_as_the_linear_programme(goal: Goal) -> None:
    assert [said for seed in range(20) if (said := agrees(seed, goal)) is not None] == []


def test_a_plan_in_worlds_whose_yields_are_known() -> None:
    """A part of `python -m tests.plans 300`, which prints the chances of 200 worlds: here too few for more than a rough look."""
    outcomes = [one for seed in range(5) if (one := carried_out(seed)) is not None]
    assert len(outcomes) == 5
    said, came = np.mean([one.chance for one in outcomes]), np.mean([one.reached for one in outcomes])
    assert abs(said - came) < 0.45
    assert np.mean([one.came for one in outcomes]) > -5
    assert sum(n for _said, _came, n in calibration(outcomes)) == 5
