"""Old figures: nothing is promised before today, the age is said, and where a date would be a guess there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.core.area import Level
from ektp_analysis.core.contract import frame
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import render
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.narrative.forecasts import SHORT, remedy
from ektp_analysis.projection.answers import Ground, answer, by_level, inside
from ektp_analysis.projection.result import NOT_REACHED, Projection, seen_from

KABUPATEN, LAST = "75.05", date(2024, 6, 3)
PARTS = [f"{KABUPATEN}.{n:02d}" for n in range(1, 5)]


def figures(left: int = 60, pace: int = 5, weeks: int = 30, gap: int = 7) -> pd.DataFrame:
    return frame(
        [
            {
                "area_code": code,
                "as_of_date": (LAST - timedelta(days=gap * week)).isoformat(),
                "eligible": 6000,
                "unrecorded": left + 3 * k + pace * week,
            }
            for week in range(weeks)
            for k, code in enumerate(PARTS)
        ]
    )


def asked(age: int | None, **given: int) -> list[Projection]:
    today = None if age is None else LAST + timedelta(days=age)
    ground, found = Ground.of(figures(**given), KABUPATEN, today=today), []
    for target in (ZERO, Target.parse("99.7")):
        family = inside(ground, KABUPATEN, target)
        assert family is not None
        found += [family.whole, *family.children.values(), answer(ground, PARTS[0], target), answer(ground, KABUPATEN, target)]
    return found


@pytest.mark.parametrize("age", [0, 10, 40, 90, 190, 550])
def test_no_promised_day_lies_before_today(age: int) -> None:
    today = LAST + timedelta(days=age)
    for found in asked(age):
        days = [day for day in (*found.quantiles.values(), *found.dots()) if day is not NOT_REACHED]
        assert all(day >= today for day in days) and found.probability_by(today - timedelta(days=1)) in (0.0, None)
        assert found.answered or found.reason.code in ("too_old", "already_reached")


def test_what_is_said_is_the_answer_without_what_would_have_come() -> None:
    plain, later = asked(None), asked(60)
    for before, now in zip(plain, later, strict=True):
        if not now.answered or not before.answered:
            continue
        waiting = before.draws[before.draws > 60]
        for days in (80, 120, 300):
            assert (now.draws <= days).mean() == pytest.approx((waiting <= days).mean(), abs=0.02)
        assert now.paths is not None and np.array_equal(now.paths.pick(np.arange(5)).hitting(0.0), now.paths.hitting(0.0)[:5])


def test_a_fresh_answer_is_as_it_was_to_the_bit() -> None:
    for before, now in zip(asked(None), asked(0), strict=True):
        assert now.to_json() == before.to_json() and np.array_equal(now.draws, before.draws)


@pytest.mark.parametrize(("gap", "age", "old"), [(7, 30, False), (7, 31, True), (14, 42, False), (14, 43, True), (30, 90, False)])
def test_old_is_older_than_three_of_its_own_gaps_and_a_month(gap: int, age: int, old: bool) -> None:
    found = answer(Ground.of(figures(left=900, gap=gap), KABUPATEN, today=LAST + timedelta(days=age)), PARTS[0], ZERO)
    assert ("latest figure" in render(found.notes[0], "en")) is old if found.notes else not old


def test_the_age_and_the_chance_are_said_in_both_languages() -> None:
    found = answer(Ground.of(figures(), KABUPATEN, today=LAST + timedelta(days=75)), PARTS[0], ZERO)
    unseen = (answer(Ground.of(figures(), KABUPATEN), PARTS[0], ZERO).draws <= 75).mean()
    english, indonesian = render(found.notes[0], "en"), render(found.notes[0], "id")
    assert "3 June 2024, 75 days ago" in english and f"{round(20 * unseen)} in 20" in english and 0 < unseen < 0.5
    assert "3 Juni 2024" in indonesian and "75 hari" in indonesian and f"{round(20 * unseen)} dari 20" in indonesian


def test_where_any_date_would_be_idle_there_is_none() -> None:
    for age, given in ((366, {"left": 5000, "pace": 1}), (190, {})):
        found = answer(Ground.of(figures(**given), KABUPATEN, today=LAST + timedelta(days=age)), PARTS[0], ZERO)
        assert not found.answered and found.reason is not None and found.reason.code == "too_old"
        assert str(age) in render(found.reason.text, "id") and found.median is None and found.dots() == ()
        assert render(remedy(found.reason), "id") and render(SHORT["too_old"], "id")
    rows = by_level(
        Ground(roll_up(figures(), KABUPATEN), today=LAST + timedelta(days=550)), KABUPATEN, Level.KECAMATAN, ZERO, LAST
    )
    assert rows["days"].isna().all() and rows["probability"].isna().all()


def test_where_every_draw_has_passed_there_is_no_date_however_young_the_figures_are() -> None:
    plain = answer(Ground.of(figures(), KABUPATEN), PARTS[0], ZERO)
    passed = replace(plain, draws=np.minimum(plain.draws, 9.0))
    found = seen_from(passed, LAST + timedelta(days=10))
    assert found.reason is not None and found.reason.code == "too_old" and found.quantiles == {}


def test_what_was_said_on_a_day_of_the_past_stays() -> None:
    day = LAST - timedelta(days=70)
    plain, now = (Ground.of(figures(), KABUPATEN, today=today) for today in (None, LAST + timedelta(days=500)))
    assert answer(now, KABUPATEN, ZERO, upto=day).to_json() == answer(plain, KABUPATEN, ZERO, upto=day).to_json()
