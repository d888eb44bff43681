"""What a plan is made from and what it says: calendar, yields, chances, worth, replanning, and why there is none."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.core import settings
from ektp_analysis.core.contract import frame
from ektp_analysis.core.occasions import days_off
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.visit import CLEANING
from ektp_analysis.figures.cleaning import Cleaning
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.narrative import forecasts, no_plan, teams
from ektp_analysis.planning.against import against, planned_left, replan, rest_of
from ektp_analysis.planning.dividing import Drawn, Problem, by_gain, fill, needed
from ektp_analysis.planning.judging import LEAST_GAIN, as_now
from ektp_analysis.planning.laying import lay, settled, way_through
from ektp_analysis.planning.making import by_teams, plan
from ektp_analysis.planning.pools import DAY_HOURS, falls_in, seen_in, stand
from ektp_analysis.planning.proposal import Basis, Comparison, Infeasible, More, Plan, Rule, Spread, Verdict, Why, Work
from ektp_analysis.planning.ready import Ready, ready
from ektp_analysis.planning.request import (
    HALL,
    At,
    Bounds,
    Deadline,
    Fixed,
    Forbidden,
    Goal,
    Key,
    Position,
    Request,
    Shut,
    Term,
    Travel,
    Typed,
)
from ektp_analysis.planning.solving import Case
from ektp_analysis.planning.workdays import LONGEST_DAYS, grid_of, working_days
from ektp_analysis.planning.worth import _verdict
from ektp_analysis.planning.yields import Seen, a_day, learn, priors
from ektp_analysis.projection.answers import Ground, answer
from ektp_analysis.projection.can_come import can_come
from ektp_analysis.projection.result import NotReached
from tests.plans import CODES, START, Small, carried_out, world
from tests.test_plans_kept import standing, table

LAST = date(2023, 6, 20)
ASKED = Request("75.05", 4, date(2023, 6, 21), date(2023, 7, 14))


def places() -> tuple[Position, ...]:
    with settings.KECAMATAN.open(encoding="utf-8", newline="") as file:
        return tuple(Position(r["code"], float(r["label_lon"]), float(r["label_lat"])) for r in csv.DictReader(file))


@pytest.fixture(scope="module")
def ground() -> Ground:
    rows = pd.read_csv(settings.SAMPLES / "gorontalo_utara_2023-06.csv", dtype={"area_code": str})
    return Ground(roll_up(frame(rows)), today=LAST)


@pytest.fixture(scope="module")
def sample(ground: Ground) -> Plan:
    found = plan(ground, None, replace(ASKED, positions=places(), prints=20))
    assert isinstance(found, Plan)
    return found


def log(*rows: dict[str, Any]) -> pd.DataFrame:
    whole = {"place": "village_hall", "teams": 1, "hours": pd.NA, "recorded": pd.NA, **dict.fromkeys(CLEANING, pd.NA)}
    return pd.DataFrame([{**whole, **row, "day": pd.Timestamp(row["day"])} for row in rows])


def no(found: object) -> Infeasible:
    assert isinstance(found, Infeasible), found
    return found


# Kept and read again.


def test_a_plan_is_the_same_after_it_was_kept(sample: Plan) -> None:
    assert Plan.from_json(sample.to_json()) == sample
    full = replace(
        ASKED,
        goal=Goal.EVERY,
        target=Target.parse("99.40"),
        travel=(Travel("isle", (CODES[1],), 1, (0, 2), (LAST,)),),
        bounds=(Bounds(CODES[0], 1, None),),
        shut=(Shut(CODES[0], LAST, LAST),),
        terms=(Term(LAST, LAST),),
        deadlines=(Deadline(CODES[0], LAST),),
        fixed=(Fixed(1, LAST, CODES[0]),),
        forbidden=(Forbidden(area=CODES[2]),),
        places=(At(CODES[0], "school"),),
        assumed=(Typed(Key.REACH, 2.0),),
    )
    again = Request.from_json(full.to_json())
    assert again == full and again.target is not None and again.target.decimals == 2
    assert Request.from_json(replace(ASKED, target=ZERO).to_json()).target == ZERO


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"area": "75.05", "teams": "4", "start": "2023-06-21", "by": "2023-07-01"}', '{"tims": 4}', "null"]
)
def test_what_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Request|no int"):
        Request.from_json(text)


# The calendar.


def test_working_days_are_those_of_the_request() -> None:
    first, last = date(2023, 6, 26), date(2023, 7, 2)  # Eid al-Adha with its joint leave, and a week's end
    assert [day.day for day in working_days(ASKED, first, last)] == [26, 27]
    assert set(days_off(first, last)) == {date(2023, 6, 28), date(2023, 6, 29), date(2023, 6, 30)}
    assert len(working_days(replace(ASKED, holidays=False), first, last)) == 5
    own = replace(ASKED, closed=(first,), opened=(date(2023, 6, 29), date(2023, 7, 1)))
    assert [day.day for day in working_days(own, first, last)] == [27, 29, 1]


def opened(request: Request, area: str) -> list[int]:
    grid = grid_of(request, CODES)
    assert not isinstance(grid, tuple), grid
    return [n for n in range(len(grid.days)) if grid.open[0, n, CODES.index(area)]]


def test_each_constraint_closes_its_days_and_no_other() -> None:
    request = replace(ASKED, area="75.05", teams=1, start=START, by=START + timedelta(days=4), holidays=False)
    day = [START + timedelta(days=n) for n in range(5)]
    a = CODES[0]
    for made, left in (
        ({"shut": (Shut(a, day[1], day[2]),)}, [0, 3, 4]),
        ({"deadlines": (Deadline(a, day[2]),)}, [0, 1, 2]),
        ({"forbidden": (Forbidden(1, a, day[1], day[1]),)}, [0, 2, 3, 4]),
        ({"forbidden": (Forbidden(2, a),)}, [0, 1, 2, 3, 4]),
        ({"forbidden": (Forbidden(area=a, first=day[3]),)}, [0, 1, 2]),
        ({"no_connection": (a,)}, [0, 1, 2, 3, 4]),
        ({"no_connection": (a,), "offline": False}, []),
        ({"places": (At(a, "school"),), "terms": (Term(day[1], day[3]),)}, [1, 2, 3]),
        ({"terms": (Term(day[1], day[3]),)}, [0, 1, 2, 3, 4]),
        ({"closed": (day[0],)}, [0, 1, 2, 3]),
    ):
        assert opened(replace(request, **made), a) == left, made
        assert made.get("closed") or opened(replace(request, **made), CODES[3]) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"fixed": (Fixed(5, START, CODES[0]),)}, Why.FIXED_CLASH),
        ({"fixed": (Fixed(1, START, CODES[0]), Fixed(1, START, CODES[1]))}, Why.FIXED_CLASH),
        ({"fixed": (Fixed(1, START + timedelta(days=1), CODES[0]),), "deadlines": (Deadline(CODES[0], START),)}, Why.FIXED_CLASH),
        ({"fixed": (Fixed(1, START, CODES[0]),), "shut": (Shut(CODES[0], START, START),)}, Why.FIXED_CLASH),
        ({"shut": (Shut("75.05.11", START, START),)}, Why.UNKNOWN_AREA),
        ({"weekdays": ()}, Why.NO_WORKING_DAY),
    ],
)
def test_a_calendar_that_cannot_be_says_why(made: dict[str, Any], why: Why) -> None:
    request = replace(ASKED, start=START, by=START + timedelta(days=4), holidays=False)
    found = grid_of(replace(request, **made), CODES)
    assert isinstance(found, tuple) and found[0] is why
    ok = replace(request, fixed=(Fixed(1, START, CODES[0]),), deadlines=(Deadline(CODES[0], START),))
    assert not isinstance(grid_of(ok, CODES), tuple)


def test_teams_without_device_or_operator_stay_at_home() -> None:
    assert [replace(ASKED, devices=n).able for n in (0, 3, 9)] == [0, 3, 4]
    assert [replace(ASKED, operators=n).able for n in (1, 5, 8)] == [0, 2, 4]


# Tours.


def rows_of(request: Request, days: list[int], order: tuple[int, ...] = (0, 1, 2, 3)) -> str:
    case = Small(request, standing(), table()).case()
    start = settled(case.grid)
    assert start is not None
    sheet = lay(start, case.problem, days, order)
    marks = np.where(sheet.area < 0, ".", np.where(sheet.way > 0, "w", np.char.mod("%d", sheet.area)))
    return " ".join("".join(row) for row in marks)


def test_tours_go_and_come_back_by_boat() -> None:
    request = Request("75.05", 1, START, START + timedelta(days=9), holidays=False)
    isle = Travel("isle", (CODES[3],), 1)
    assert rows_of(replace(request, travel=(isle,)), [0, 0, 0, 3]) == "w333w..."
    # Monday and Thursday: out on Monday, back on Thursday
    by_boat = replace(request, travel=(replace(isle, boats=(0, 3)),))
    assert rows_of(by_boat, [0, 0, 0, 2]) == "w33w...."
    assert rows_of(by_boat, [1, 0, 0, 2]) == "w33w0..."
    # nothing is lost: the first and the last day there are boat days, and who waits for the boat is on the way
    no_loss = replace(request, travel=(Travel("isle", (CODES[3],), 0, (0, 3)),))
    assert rows_of(no_loss, [0, 0, 0, 4]) == "3333...."
    assert rows_of(no_loss, [0, 0, 0, 1]) == "3......."
    shut = replace(no_loss, shut=(Shut(CODES[3], START + timedelta(days=3), START + timedelta(days=20)),))
    assert rows_of(shut, [0, 0, 0, 3]) == "3......."
    short = replace(
        request,
        travel=(Travel("isle", CODES[2:], 0, (0, 3)),),
        shut=(Shut(CODES[2], START + timedelta(days=1), START + timedelta(days=20)),),
    )
    assert rows_of(short, [0, 0, 2, 2]) == "233w...."
    waits = replace(
        request,
        travel=(Travel("isle", CODES[2:], 0, (0, 3)),),
        shut=(Shut(CODES[2], START + timedelta(days=1), START + timedelta(days=20)),),
        fixed=(Fixed(1, START + timedelta(days=1), CODES[3]),),
    )
    assert rows_of(waits, [0, 0, 0, 1]) == "w3.w...."


def test_what_is_fixed_on_an_island_has_its_way_or_is_refused() -> None:
    isle = Travel("isle", (CODES[3],), 1, (1,))  # Tuesdays
    request = Request("75.05", 1, START, START + timedelta(days=9), holidays=False, travel=(isle,))
    there = replace(request, fixed=(Fixed(1, START + timedelta(days=3), CODES[3]),))
    assert rows_of(there, [0, 0, 0, 1]) == ".w.3..w."
    early = Small(replace(request, fixed=(Fixed(1, START, CODES[3]),)), standing(), table()).case()
    assert settled(early.grid) is None


def test_the_way_begins_in_the_west() -> None:
    at = {one.area: (one.lon, one.lat) for one in places()}
    codes = sorted(at)
    west = [codes[n] for n in way_through(codes, at)]
    assert west[:4] == ["75.05.05", "75.05.10", "75.05.04", "75.05.11"] and sorted(west) == codes
    assert [codes[n] for n in way_through(codes, {})] == codes


# Dividing.


def test_a_need_is_met_at_it_and_not_beside() -> None:
    gains = (np.array([5.0, 3.0, 1.0]), np.array([4.0, 4.0]))
    some = Problem(
        gains, np.array([2, 2]), np.array([0, 1]), np.ones((2, 2), bool), np.zeros((2, 2), int), np.zeros(2, int), np.full(2, 9)
    )
    assert needed(some, np.array([8.0, 8.0])).tolist() == [2, 2]  # type: ignore[union-attr]
    assert needed(some, np.array([8.001, 0.0])).tolist() == [3, 0]  # type: ignore[union-attr]
    assert needed(some, np.array([9.1, 0.0])) == 0
    room = fill(some, by_gain(some), need=13.0)
    assert room is not None and room.days().tolist() == [1, 2]
    room = fill(some, by_gain(some), need=13.001)
    assert room is not None and room.days().tolist() == [2, 2]


def test_no_division_passes_the_bound_of_each_draw() -> None:
    people = (np.array([[0, 0], [4, 1], [5, 2]], float), np.array([[0, 0], [1, 4], [2, 5]], float))
    drawn = Drawn(people, np.array([5.0, 5.0]))
    assert drawn.chance((1, 1)) == 1.0 and drawn.chance((2, 0)) == 0.5
    assert drawn.most(2) == 1.0 and drawn.most(1) == 0.0


# Yields.


def test_what_a_day_brings_saturates() -> None:
    left = np.array([0.0, 1.0, 50.0, 1e6])
    brought = a_day(70.0, 0.2, left)
    assert brought[0] == 0 and brought[1] == pytest.approx((1 - np.exp(-0.2)), rel=0.01)
    assert brought[3] == pytest.approx(70, rel=0.001) and (np.diff(brought) > 0).all()


def test_the_prior_is_that_of_the_data_file() -> None:
    before = learn([], [], 3, draws=4000)
    for key, drawn in (("reach", before.reach), ("absent", before.absent), ("spread", before.size)):
        prior = priors()[(key, "")]
        assert np.median(drawn) == pytest.approx(prior.middle, rel=0.08), key
    assert {one.basis for one in before.assumptions} == {Basis.PRIOR} and all(one.source for one in before.assumptions)
    typed = learn([], [], 3, typed=(Typed(Key.REACH, 2.5),), draws=50)
    assert np.allclose(typed.reach, 2.5)
    assert next(one for one in typed.assumptions if one.key == "reach").basis is Basis.TYPED


def test_thirty_visits_are_learnt_from_as_surely_as_is_said() -> None:
    """In 14 worlds the bounds of 80 of 100 hold the truth; `python -m tests.plans` judges 200 of them by what comes."""
    held = []
    for seed in range(14):
        there = world(seed)
        seen, unused = seen_in(there.ground, there.visits, sorted(there.left), START)
        assert len(seen) == 30 and not unused
        got = learn(seen, [], 6, draws=300, seed=seed)
        for drawn, true in ((got.capacity["village_hall"], there.capacity), (got.reach, there.reach), (got.size, there.size)):
            held.append(0.1 < (drawn < true).mean() < 0.9)
    assert 0.62 < np.mean(held) < 0.95


def test_figures_that_fall_slowly_tell_of_few_visits_rather_than_of_people_who_never_come() -> None:
    falls = [Seen((0, 1), (8.0, 12.0), (120.0, 180.0), (120.0, 180.0), (5, 7), 8.0, fall=True) for _ in range(6)]

    def middle(*typed: Typed) -> dict[str, float]:
        return {one.key: one.value for one in learn(falls, [], 2, typed=typed, draws=400).assumptions}

    unsaid, said = middle(), middle(Typed(Key.BUSY, 1.0))  # nobody says who worked; all of the teams did, all the time
    assert unsaid["absent"] < 0.3 and unsaid["busy"] < 0.2
    assert said["absent"] > 0.6 and said["busy"] > 0.99
    assert "busy" not in {one.key for one in learn([], [], 2, draws=50).assumptions}


def test_a_list_that_was_corrected_upwards_tells_nothing_of_who_came() -> None:
    days = pd.date_range("2024-01-01", periods=5, freq="7D")
    figures = [
        {"area_code": "75.05.01", "as_of_date": day, "eligible": 1000, "unrecorded": left}
        for day, left in zip(days, (300, 280, 230, 260, 240), strict=True)
    ]
    ground = Ground(roll_up(frame(figures)))
    asked = Request("75.05.01", 2, date(2024, 1, 30), date(2024, 2, 28))
    there = stand(ground, None, asked, None)
    assert there is not None
    assert [one.recorded for one in falls_in(ground, there, asked)] == [20, 50, 20]


def test_more_is_learnt_of_an_area_that_was_visited() -> None:
    rich = [Seen((0,), (1.0,), (400.0,), (400.0,), (10,), 45.0) for _ in range(12)]
    poor = [Seen((1,), (1.0,), (400.0,), (400.0,), (10,), 12.0) for _ in range(12)]
    got = learn([*rich, *poor], [], 3, draws=400)
    assert got.factor[0].mean() > 1.2 * got.factor[2].mean() > 1.2 * got.factor[1].mean()
    assert got.factor[0].std() / got.factor[0].mean() < got.factor[2].std() / got.factor[2].mean()


def test_one_visit_tells_little_of_an_area() -> None:
    """Its factor is not surer away from the others than areas are known to differ."""
    got = learn([Seen((0,), (1.0,), (400.0,), (400.0,), (10,), 45.0)], [], 1, draws=2000)
    between = priors()[("between", "")].middle
    assert np.log(got.factor[0]).std() < 1.02 * between and abs(np.log(got.factor[0]).mean()) < between


def test_visits_tell_of_yields_as_far_as_they_say(ground: Ground) -> None:
    day = "2023-06-20"
    visits = log(
        {"day": day, "area_code": "75.05.01", "recorded": 7, "hours": DAY_HOURS // 2},
        {"day": day, "area_code": "75.05.01.2001", "recorded": 2, "teams": 2},
        {"day": day, "area_code": "75.05.02"},
        {"day": day, "area_code": "75.05.03", "recorded": 5, "teams": pd.NA},
        {"day": "2023-06-10", "area_code": "75.05.04", "recorded": 5},
        {"day": "2023-06-21", "area_code": "75.05.04", "recorded": 5},
        {"day": day, "area_code": "71.01.01", "recorded": 5},
    )
    seen, unused = seen_in(ground, visits, [f"75.05.{n:02}" for n in range(1, 12)], date(2023, 6, 21))
    assert [(one.area, one.effort, one.desa, one.recorded) for one in seen] == [((0,), (0.5,), (14,), 7), ((0,), (2.0,), (1,), 2)]
    assert [one.left for one in seen] == [(66.0,), (59.0 / 14,)] and unused == 3


# The plan.


def test_the_sample_is_planned_in_blocks_from_the_west(sample: Plan) -> None:
    assert sample.unrecorded == 554 and sample.origin == LAST and sample.team_days == 60 and sample.travel_days == 0
    by_team = {n: [one.area for one in sample.assignments if one.team == n] for n in range(1, 5)}
    assert by_team[1][0] == "75.05.05" and all(len(rows) == 15 for rows in by_team.values())
    changes = sum(a != b for rows in by_team.values() for a, b in pairwise(rows))
    assert changes <= 11 - 1 + 4 - 1  # each area is one block, and each team begins one
    assert sum(one.days for one in sample.areas) == 60 and sum(one.unrecorded for one in sample.areas) == 554


def test_the_numbers_of_a_plan_agree(sample: Plan) -> None:
    assert sum(one.expected for one in sample.assignments) == pytest.approx(sample.recorded.mean, rel=1e-4)
    assert sum(one.recorded.mean for one in sample.areas) == pytest.approx(sample.recorded.mean, rel=1e-4)
    assert sum(one.left.mean for one in sample.areas) == pytest.approx(sample.left.mean, rel=1e-4)
    newcomers = next(one.value for one in sample.assumptions if one.key == "newcomers")
    assert sample.left.mean == pytest.approx(554 - sample.recorded.mean + 24 * newcomers, rel=1e-4)
    assert sample.line[-1].left == sample.left and [one.day for one in sample.line] == sorted({one.day for one in sample.line})
    assert sample.chance is None and sample.day is None and sample.quality.gap == 0
    assert all(one.expected >= LEAST_GAIN / 2 for one in sample.assignments)


def test_what_it_rests_on_is_named(sample: Plan) -> None:
    basis = {one.key: one.basis for one in sample.assumptions}
    assert basis["reach"] is Basis.FALLS and basis["between"] is Basis.PRIOR and basis["teams_now"] is Basis.DEFAULT
    assert next(one for one in sample.assumptions if one.key == "reach").used == 2  # steps of the figures


def test_it_stands_beside_the_rules_and_the_projection(sample: Plan, ground: Ground) -> None:
    largest, now = sample.comparison(Rule.LARGEST), sample.comparison(Rule.AS_NOW)
    assert largest is not None and now is not None
    assert largest.difference.mean == pytest.approx(largest.left.mean - sample.left.mean)
    assert largest.verdict is Verdict.BETTER and largest.difference.low > 0
    whole = answer(ground, "75.05", ZERO)
    assert whole.paths is not None
    assert now.left.mean == pytest.approx(float(whole.paths.remaining([24])[:, 0].mean()), rel=0.01)
    # what is not surely better is not called so: the draws in which nothing changes reach further here
    assert now.verdict is Verdict.NOT_BETTER


def test_who_was_recorded_after_the_figure_is_not_left(ground: Ground) -> None:
    """Not those of the figure's own day, who are in it, nor those of the plan's first day, who are in the plan."""
    days = (("2023-06-20", 9), ("2023-06-21", 6), ("2023-06-22", 4))
    visits = log(*({"day": day, "area_code": "75.05.05", "recorded": n} for day, n in days))
    made = ready(ground, visits, replace(ASKED, start=date(2023, 6, 22)))
    assert isinstance(made, Ready)
    assert {pool.area: pool.unrecorded for pool in made.standing.pools}["75.05.05"] == 48 - 6


@pytest.mark.parametrize(
    ("mean", "low", "verdict"),
    [
        (8, 0.51, "better"),
        (8, 0.5, "unsure"),
        (8, -2, "unsure"),
        (0.51, -3, "unsure"),
        (0.5, 0.4, "not_better"),
        (-8, -9, "not_better"),
    ],
)
def test_a_plan_is_better_only_where_nine_in_ten_outcomes_are(sample: Plan, mean: float, low: float, verdict: str) -> None:
    found = _verdict(Spread(mean, low, 22))
    assert found == verdict
    beside = Comparison(Rule.LARGEST, *[Spread(1, 1, 1)] * 2, None, Spread(mean, low, 22), None, found)
    said = str(teams.beside(replace(sample, chance=None), beside))
    assert said.startswith(
        {
            "better": "better than going where most are left: 8 fewer left",
            "unsure": f"on average {round(mean)} fewer left than by going where most are left, but not surely better",
            "not_better": "not better than going where most are left",
        }[verdict]
    )


def test_who_is_to_be_cleaned_off_the_list_is_not_visited(ground: Ground) -> None:
    """Teams go only for those who can come; those found out stay among the left, at least and at most as visits may say."""
    dead = log(
        *({"day": f"2023-06-{day}", "area_code": "75.05.05", "dead": n} for day, n in ((19, 8), (20, 20), (20, 6), (21, 9)))
    )
    plain, made = (ready(ground, visits, ASKED) for visits in (None, dead))
    assert isinstance(plain, Ready) and isinstance(made, Ready)
    before, there = (next(pool for pool in one.standing.pools if pool.area == "75.05.05") for one in (plain, made))
    assert before.to_clean is None and np.array_equal(before.can_come, before.start)
    assert there.to_clean == made.standing.to_clean == (20, 34) and there.unrecorded == before.unrecorded  # not that of the start
    never = there.start - there.can_come
    assert (never.min(), never.max(), round(float(never.mean()))) == (20, 34, 27) and np.array_equal(there.start, before.start)
    at = made.standing.codes.index("75.05.05")
    assert (made.table.people[at][-1] <= there.can_come).all()
    assert made.table.people[at][-1].mean() < plain.table.people[at][-1].mean()
    others = [n for n, code in enumerate(plain.standing.codes) if code != "75.05.05"]
    assert all(np.array_equal(plain.standing.pools[n].can_come, made.standing.pools[n].can_come) for n in others)
    found = plan(ground, dead, replace(ASKED, target=ZERO))
    assert isinstance(found, Plan) and found.to_clean == (20, 34) and found.unrecorded == 554
    assert Plan.from_json(found.to_json()) == found and found.left.low >= 20 and found.chance == 0
    area = found.of("75.05.05")
    assert area is not None and area.to_clean == (20, 34) and area.left.low >= 20
    assert str(teams.basis(found)).endswith("520 to 534 can come, 20 to 34 are to be cleaned off the list")
    assert "20 to 34 of those left are to be cleaned" in str(teams.left(found))
    assert str(teams.left(found)).endswith("recording alone does not reach full recording")
    never_met = no(plan(ground, dead, replace(ASKED, goal=Goal.FEWEST, target=ZERO)))
    assert never_met.to_clean == (20, 34) and "20 to 34 of those left" in str(no_plan.none(never_met))


def test_what_the_list_says_of_those_to_be_cleaned_is_not_visited_either() -> None:
    rows = pd.read_csv(settings.SAMPLES / "gorontalo_utara_2023-06.csv", dtype={"area_code": str})
    on = (rows["area_code"] == "75.05.05") & (rows["as_of_date"] == "2023-06-20")
    told = Ground(roll_up(frame(rows.assign(to_clean=pd.array([12 if one else None for one in on], dtype="Int64")))), today=LAST)
    dead = log(*({"day": f"2023-06-{day}", "area_code": "75.05.05", "dead": n} for day, n in ((19, 8), (20, 20), (21, 9))))
    for visits, wanted in ((None, (12, 12)), (dead, (12, 21))):
        made = stand(told, visits, replace(ASKED, start=date(2023, 6, 22)), None)
        assert made is not None and made.to_clean == wanted, "the visit of the 21st alone is not in the list of the 20th"
        assert [pool.area for pool in made.pools if pool.to_clean is not None] == ["75.05.05"]


def test_where_all_who_are_left_are_to_be_cleaned_nobody_is_sent(ground: Ground) -> None:
    asked = replace(ASKED, areas=("75.05.05",))
    all_dead = log({"day": "2023-06-20", "area_code": "75.05.05", "unknown": 10_000})
    found = no(plan(ground, all_dead, asked))
    assert found.why is Why.ONLY_CLEANING and found.left is not None and found.to_clean == (found.left, found.left)
    assert isinstance(plan(ground, log({"day": "2023-06-20", "area_code": "75.05.05", "unknown": found.left - 1}), asked), Plan)


def test_those_who_can_come_have_a_day_of_their_own(ground: Ground) -> None:
    zero = answer(ground, "75.05", ZERO)
    assert zero.paths is not None and isinstance(zero.median, date)

    def day(low: int, high: int) -> object:
        found = can_come(zero, Cleaning(554, LAST, low, high, 1, LAST))
        return None if found is None else found.median

    days = np.sort(zero.paths.hitting(200.0))
    assert day(0, 0) is None and day(200, 200) == zero.day(float(days[499]))
    least, between, most = day(200, 200), day(0, 200), day(554, 554)
    assert most == LAST and isinstance(least, date) and isinstance(between, date) and least < between <= zero.median
    assert can_come(answer(ground, "75.05", Target.parse("99.9")), Cleaning(554, LAST, 5, 5, 1, LAST)) is None
    found = can_come(zero, Cleaning(554, LAST, 100, 200, 1, LAST))
    said = str(forecasts.cleaned(Cleaning(554, LAST, 100, 200, 1, LAST), found))
    assert (
        "zero is about the list: 100 to 200 of 554 leave it only by being cleaned off (by visits); those who can come are "
        "recorded about" in said
    )
    assert found is not None and isinstance(found.quantiles[10], date)
    never = NotReached.NOT_REACHED
    unsure = replace(found, quantiles={**found.quantiles, 50: never, 90: never})
    said = str(forecasts.cleaned(Cleaning(554, LAST, 100, 200, 1, LAST), unsure))
    assert "recorded about" not in said and "of not all being recorded within" in said


def test_good_draws_of_yields_stand_beside_good_ones_of_the_projection(ground: Ground) -> None:
    made = ready(ground, None, ASKED)
    assert isinstance(made, Ready)
    now = as_now(made.standing, np.array([24.0]))[:, 0]
    days = sum(
        made.yields.mean(n, HALL, pool.desa, (1 - made.yields.absent) * pool.unrecorded)
        for n, pool in enumerate(made.standing.pools)
    )
    ranks = [np.argsort(np.argsort(one)) for one in (now, days)]
    assert np.corrcoef(*ranks)[0, 1] < -0.9


def test_one_more_and_weaker_yields_and_the_hinge(sample: Plan) -> None:
    worth = {one.more: one.people for one in sample.worth}
    assert worth[More.TEAM] > worth[More.DAY] > 0 and More.DEVICE not in worth and More.WEEK not in worth
    assert sample.weaker is not None and sample.weaker.share == 0.7
    assert 0.7 * sample.recorded.mean < sample.weaker.recorded.mean < sample.recorded.mean
    assert sample.hinge is not None and sample.hinge.area == "75.05.02" and 0 < sample.hinge.share < 1


def test_cards_are_printed_after_recording(sample: Plan) -> None:
    printed = sample.printing
    assert printed is not None and printed.stock_ends is None
    assert printed.printed + printed.waiting == pytest.approx(sample.recorded.mean, rel=1e-4)
    assert printed.printed <= 20 * 15 and printed.done is not None and printed.done > ASKED.by


def test_chances_and_days_follow_the_target(ground: Ground) -> None:
    goal = replace(ASKED, goal=Goal.TARGET, target=Target.parse("99.6"))
    found = plan(ground, None, goal)
    assert isinstance(found, Plan) and found.chance is not None and found.day is not None
    assert found.allowed == 370 and found.early is not None and found.early <= found.day <= ASKED.by
    line = {one.day: one.left.mean for one in found.line}
    assert line[found.day] <= 371 and all(left > 370 for day, left in line.items() if day < found.day)
    harder = plan(ground, None, replace(goal, target=Target.parse("99.7"), goal=Goal.PROBABILITY))
    assert isinstance(harder, Plan) and harder.chance is not None and harder.chance < found.chance
    fewest = plan(ground, None, replace(goal, goal=Goal.FEWEST))
    assert isinstance(fewest, Plan) and fewest.team_days < found.team_days


def test_teams_against_date(ground: Ground) -> None:
    goal = replace(ASKED, goal=Goal.TARGET, target=Target.parse("99.6"))
    rows = by_teams(ground, None, goal, (1, 2, 4))
    assert [one.teams for one in rows] == [1, 2, 4]
    assert rows[0].left.mean > rows[1].left.mean > rows[2].left.mean
    days = [one.day or date.max for one in rows]
    assert days == sorted(days, reverse=True) and days[2] < days[1]


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"teams": 0}, Why.NO_TEAMS),
        ({"devices": 0}, Why.NO_EQUIPMENT),
        ({"by": date(2023, 6, 20)}, Why.END_BEFORE_START),
        ({"by": ASKED.start + timedelta(days=LONGEST_DAYS)}, Why.TOO_LONG),
        ({"start": date(2023, 6, 19)}, Why.STARTS_BEFORE_FIGURES),
        ({"weekdays": ()}, Why.NO_WORKING_DAY),
        ({"area": "71.01"}, Why.NO_FIGURES),
        ({"goal": Goal.TARGET}, Why.REACHED),
        ({"goal": Goal.TARGET, "target": ZERO}, Why.NEVER),
        ({"forbidden": (Forbidden(),)}, Why.NOWHERE_TO_GO),
        ({"bounds": (Bounds("75.05.01", 70),)}, Why.LEAST_TOO_MUCH),
        ({"shut": (Shut("75.05.99", LAST, LAST),)}, Why.UNKNOWN_AREA),
    ],
)
def test_why_there_is_no_plan(ground: Ground, made: dict[str, Any], why: Why) -> None:
    assert no(plan(ground, None, replace(ASKED, **made))).why is why


def test_what_is_too_far_says_what_is_nearest(ground: Ground) -> None:
    asked = replace(ASKED, teams=1, by=date(2023, 6, 30), goal=Goal.TARGET, target=Target.parse("99.6"))
    found = no(plan(ground, None, asked))
    assert found.why is Why.TARGET_TOO_FAR and found.allowed == 370 and found.left is not None and found.left > 370
    assert found.day is not None and found.day > asked.by and found.teams is not None and found.teams > 1
    later = plan(ground, None, replace(asked, by=found.day))
    more = plan(ground, None, replace(asked, teams=found.teams))
    assert isinstance(later, Plan) and isinstance(more, Plan)
    assert isinstance(plan(ground, None, replace(asked, by=found.day - timedelta(days=1))), Infeasible)
    assert isinstance(plan(ground, None, replace(asked, teams=found.teams - 1)), Infeasible)


def test_whoever_stops_gets_the_plan_so_far(ground: Ground) -> None:
    told: list[float] = []

    def progress(share: float) -> bool:
        told.append(share)
        return len(told) < 2

    found = plan(ground, None, ASKED, progress=progress)
    assert isinstance(found, Plan) and found.quality.stopped and not found.worth and found.team_days == 60
    assert told == sorted(told)


# Planned and done.


def test_planned_against_done_to_the_digit(sample: Plan, ground: Ground) -> None:
    on = date(2023, 6, 23)
    visits = log(
        {"day": "2023-06-20", "area_code": "75.05.05", "recorded": 9},
        {"day": "2023-06-21", "area_code": "75.05.05", "recorded": 6, "teams": 2},
        {"day": "2023-06-22", "area_code": "75.05.05.2001", "recorded": 3},
        {"day": "2023-06-23", "area_code": "75.05.05"},
        {"day": "2023-06-23", "area_code": "75.05.06", "recorded": 4, "teams": pd.NA},
        {"day": "2023-06-24", "area_code": "75.05.05", "recorded": 8},
    )
    found = against(sample, ground, visits, on)
    rows = {one.area: one for one in found.areas}
    west, other = rows["75.05.05"], rows["75.05.06"]
    assert (west.planned_days, west.done_days, west.recorded, west.unsaid) == (3, 4, 9, 1)
    assert (other.done_days, other.recorded, found.recorded, found.done_days) == (1, 4, 13, 5)
    assert found.planned_days == sum(one.day <= on and one.work is Work.VISIT for one in sample.assignments) == 12
    assert found.expected == pytest.approx(sum(one.expected for one in sample.assignments if one.day <= on))
    assert found.unrecorded is None and found.as_of is None and found.planned_left is None
    assert planned_left(sample, on) == next(one.left for one in sample.line if one.day == on)
    assert planned_left(sample, LAST).mean == 554


def test_the_rest_is_planned_anew_and_what_is_fixed_stays(ground: Ground) -> None:
    keep = Fixed(2, date(2023, 7, 4), "75.05.03")
    past = Fixed(1, date(2023, 6, 21), "75.05.01")
    made = plan(ground, None, replace(ASKED, fixed=(past, keep), bounds=(Bounds("75.05.01", 3, 5),)))
    assert isinstance(made, Plan)
    visits = log(
        *({"day": f"2023-06-{day}", "area_code": "75.05.01", "recorded": 1, "teams": 1} for day in (21, 22)),
        *({"day": f"2023-06-{day}", "area_code": "75.05.02", "recorded": 2, "teams": 1} for day in (21, 22, 23)),
    )
    on = date(2023, 6, 23)
    rest = rest_of(made, visits, on)
    assert rest.start == date(2023, 6, 24) and rest.fixed == (keep,) and rest.bounds == (Bounds("75.05.01", 1, 3),)
    kept = made.to_json()
    again = replan(made, ground, visits, on)
    assert isinstance(again, Plan) and made.to_json() == kept
    assert next(one for one in again.assignments if (one.team, one.day) == (2, keep.day)).area == keep.area
    assert min(one.day for one in again.assignments) == date(2023, 6, 26)
    basis = {one.key: one for one in again.assumptions}
    assert basis["reach"].basis is Basis.LEARNT and basis["reach"].used == 5
    # days that bring so little are learnt from
    assert basis["reach"].value < next(one for one in made.assumptions if one.key == "reach").value
    kwandang = again.of("75.05.02")
    assert kwandang is not None and kwandang.unrecorded == 126 - 6
    assert no(replan(made, ground, visits, ASKED.by)).why is Why.END_BEFORE_START


def test_a_world_is_the_same_each_time() -> None:
    assert carried_out(3) == carried_out(3)
    assert isinstance(Small(ASKED, standing(), table()).ready().case(replace(ASKED, holidays=False)), Case)
