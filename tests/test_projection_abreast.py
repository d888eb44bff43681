"""The list of the page Posisi, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ektp_analysis.core.targets import ZERO
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.side_by_side import mapped
from ektp_analysis.figures.standing import Silence, standing_of
from ektp_analysis.projection.abreast import Goal, Line, lines
from ektp_analysis.projection.answers import Ground, of_level
from tests.spec.measures_cases import KABUPATEN, rows
from tests.spec.measures_cases import figures as frame
from tests.test_narrative import NATIONAL

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


def listed(goal: Goal, *, answered: bool = True, **own: Goal) -> dict[str, Line]:
    figures = frame(*(rows(code, day.isoformat(), people, eligible) for code, day, eligible, people in weekly()))
    rolled = roll_up(figures, KABUPATEN)
    shown = mapped(rolled, KABUPATEN)
    found = of_level(Ground(rolled, today=LAST), KABUPATEN, standing_of(rolled, KABUPATEN).child_level, goal.target)
    goals = {str(code): own.get(str(code)[-1:], goal) for code in shown["area_code"]}
    silent_ones = {one.area_code: one for one in standing_of(rolled, KABUPATEN).silent}
    return {one.code: one for one in lines(shown, rolled, goals, found if answered else {}, silent_ones)}


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
