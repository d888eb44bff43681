"""The list of the page Posisi, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pandas as pd
import pytest

from ektp_analysis.core.area import NATION, Level
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import Change, Gap, Required
from ektp_analysis.figures.side_by_side import mapped
from ektp_analysis.figures.standing import Silence, standing_of
from ektp_analysis.projection.abreast import Goal, Line, lines, required
from ektp_analysis.projection.answers import Ground, each, inside, of_level
from ektp_analysis.projection.result import Projection, Reason
from tests.spec.measures_cases import KABUPATEN, rows
from tests.spec.measures_cases import figures as frame
from tests.test_narrative import NATIONAL, foreseen, silent

LAST = date(2024, 6, 3)
ONE, TWO, THREE = "75.05.01", "75.05.02", "75.05.03"


def weekly() -> list[tuple[str, date, int, int]]:
    """Twelve weeks of three kecamatan: seven a week; one silent for three weeks; the list of one grows in a step."""
    return [
        (code, LAST - timedelta(weeks=back), 9000 + (500 if code == THREE and back < 2 else 0), first + 7 * back)
        for code, first in ((ONE, 100), (TWO, 200), (THREE, 300))
        for back in range(12)
        if not (code == TWO and back < 3)
    ]


@cache
def rolled_up() -> pd.DataFrame:
    return roll_up(frame(*(rows(code, day.isoformat(), people, eligible) for code, day, eligible, people in weekly())), KABUPATEN)


@cache
def answers(target: Target) -> dict[str, Projection]:
    return of_level(Ground(rolled_up(), today=LAST), KABUPATEN, Level.KECAMATAN, target)


@pytest.mark.parametrize("area", [NATION, "75", KABUPATEN, ONE])
def test_the_answers_of_those_inside_are_what_they_are_beside_the_whole(area: str) -> None:
    rolled = roll_up(frame(*(rows(f"{code}.2001", day.isoformat(), n, of) for code, day, of, n in weekly())))
    ground = Ground(rolled, today=LAST)
    whole, found = inside(ground, area, ZERO), each(ground, area, ZERO)
    assert whole is not None and found.keys() == whole.children.keys() and found
    for code, child in found.items():
        assert child == whole.children[code] and (child.draws == whole.children[code].draws).all()
    assert each(ground, "71", ZERO) == {}


def listed(goal: Goal, *, answered: bool = True, **own: Goal) -> dict[str, Line]:
    rolled = rolled_up()
    shown = mapped(rolled, KABUPATEN)
    goals = {str(code): own.get(str(code)[-1:], goal) for code in shown["area_code"]}
    silent_ones = {one.area_code: one for one in standing_of(rolled, KABUPATEN).silent}
    return {one.code: one for one in lines(shown, rolled, goals, answers(goal.target) if answered else {}, silent_ones)}


def test_a_line_holds_the_pace_the_pace_required_the_day_and_who_is_silent_by_hand() -> None:
    goal = Goal(NATIONAL, date(2024, 7, 3), LAST)
    found = listed(goal)
    one, two, three = found[ONE], found[TWO], found[THREE]
    assert [found[code].unrecorded for code in (ONE, TWO, THREE)] == [100, 221, 300]
    assert one.pace.per_day == two.pace.per_day == 1.0  # 28 people in 28 days, of the silent one until it fell silent
    assert three.pace.per_day == 1.0 and three.pace.days == 7  # only since the step of its list
    assert [len(found[code].trail) for code in (ONE, TWO, THREE)] == [12, 9, 13]
    assert [day for day, people in three.trail if people is None] == [LAST - timedelta(days=8)]
    # 54 of 9,000 may remain, 57 of 9,500: 46, 167 and 243 people in 30 days
    assert [found[code].required.people for code in (ONE, TWO, THREE)] == [46, 167, 243]
    assert one.required.per_day == pytest.approx(46 / 30) and one.short and not replace(one, required=one.pace).short
    assert (one.reported, two.reported, two.last) == (True, False, LAST - timedelta(weeks=3))
    assert two.silence == Silence(TWO, LAST - timedelta(weeks=3), 21, 7.0) and one.silence is None
    assert one.found is not None and one.found.answered and one.stall is None
    assert [line.last for code, line in found.items() if code > THREE] == [None] * 8 and len(found) == 11


def test_where_nobody_waits_for_projections_the_pace_required_is_the_same() -> None:
    goal = Goal(NATIONAL, date(2024, 7, 3), LAST)
    one, other = listed(goal), listed(goal, answered=False)
    assert all(line.found is None for line in other.values())
    for code in (ONE, TWO, THREE):
        assert (one[code].required, one[code].pace) == (other[code].required, other[code].pace)
    zero = listed(Goal(ZERO, date(2024, 7, 3), LAST), answered=False)[ONE]
    assert zero.required.people == 100


def test_an_area_with_an_aim_of_its_own_is_held_against_that() -> None:
    found = listed(Goal(NATIONAL, date(2024, 7, 3), LAST), **{"1": Goal(ZERO, date(2024, 6, 13), LAST)})
    assert found[ONE].required.per_day == 4.6  # until the day of its own aim, to what its answer allows
    answer = listed(Goal(ZERO, date(2024, 7, 3), LAST))[ONE].found
    own = Goal(ZERO, date(2024, 6, 13), LAST, answer)
    found = listed(Goal(NATIONAL, date(2024, 7, 3), LAST), **{"1": own})
    assert found[ONE].required.per_day == 10.0 and found[ONE].found.target == NATIONAL


def line_of(*told: tuple[int, int | None], eligible: int | None = 9000, goal: Goal | None = None) -> Line:
    """The line of an area with figures of so many days ago each, for which no projection was asked."""
    rolled = roll_up(frame(*(rows(ONE, (LAST - timedelta(days)).isoformat(), left, eligible) for days, left in told)), KABUPATEN)
    shown = mapped(rolled, KABUPATEN)
    goals = dict.fromkeys(map(str, shown["area_code"]), goal or Goal(NATIONAL, date(2024, 7, 3), LAST))
    return next(one for one in lines(shown, rolled, goals, {}, {}) if one.code == ONE)


def test_a_trail_is_a_year_and_the_day_before_it() -> None:
    found = line_of((367, 300), (366, 290), (365, 280), (7, None), (0, 100)).trail
    assert found == ((LAST - timedelta(365), 280), (LAST - timedelta(7), None), (LAST, 100))


@pytest.mark.parametrize(
    ("eligible", "target", "left", "gap", "people"),
    [
        (9000, NATIONAL, 100, Gap.NONE, 46),
        (9000, NATIONAL, 54, Gap.REACHED, 0),
        (9000, NATIONAL, None, Gap.UNKNOWN, None),
        (None, NATIONAL, 100, Gap.UNKNOWN, None),
        (None, ZERO, 100, Gap.NONE, 100),
        (9000, ZERO, 1, Gap.NONE, 1),
    ],
)
def test_what_is_required_where_no_projection_is_asked(
    eligible: int | None, target: Target, left: int | None, gap: Gap, people: int | None
) -> None:
    found = line_of((7, 300), (0, left), eligible=eligible, goal=Goal(target, date(2024, 7, 3), LAST)).required
    assert (found.gap, found.people) == (gap, people)


@pytest.mark.parametrize(
    ("need", "now", "short"), [(10, 9, True), (10, 10, False), (0, 0, False), (None, 9, False), (10, None, False)]
)
def test_a_pace_is_short_below_what_is_required(need: int | None, now: int | None, short: bool) -> None:
    required_ = Required(Gap.UNKNOWN) if need is None else Required(Gap.NONE, need, 1)
    pace = Change(Gap.FIRST) if now is None else Change(Gap.NONE, LAST - timedelta(1), LAST, -now)
    assert replace(line_of((0, 5)), required=required_, pace=pace).short is short


def test_what_an_answer_requires_is_over_the_people_that_it_counts() -> None:
    made = foreseen([5])  # of 20 June 2023
    by, people = date(2023, 6, 30), replace(made.inputs, unrecorded=((9, 9), (6, 7)), allowed=(2, 3))
    assert required(50, replace(made, inputs=people), by) == Required(Gap.NONE, 5, 10)
    assert required(50, replace(made, inputs=replace(people, unit="share")), by) == Required(Gap.NONE, 48, 10)
    assert required(50, replace(made, inputs=replace(people, unrecorded=())), by) == Required(Gap.NONE, 48, 10)
    for unknown in (required(None, replace(made, inputs=people), by), required(50, made, by)):
        assert unknown.gap is Gap.UNKNOWN
    assert required(50, silent(Reason("already_reached", T("reached"))), by) == Required(Gap.REACHED, 0)
    assert required(50, silent(), by).gap is Gap.UNKNOWN
