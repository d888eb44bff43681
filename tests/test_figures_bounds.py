"""Figures at the very edge of a rule: one step further, and the answer is another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from ektp_analysis.core import contract
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T
from ektp_analysis.figures.measure import Measure, checked
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import RECENT_DAYS, eligible_estimate, one_series, reached_on
from ektp_analysis.figures.standing import Reach, reach_of, standing_of

DAY = "2023-06-20"
KECAMATAN = list(register().codes(Level.KECAMATAN, "75.05"))
TARGET = Target.parse("99.4%")


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return contract.frame([{"as_of_date": DAY, **row} for row in rows])


def head(figures: pd.DataFrame, area: str) -> Any:
    rolled = roll_up(figures)
    return next(rolled[(rolled["area_code"] == area) & rolled["headline"]].itertuples())


def whole(code: str) -> dict[str, Any]:
    return {"area_code": code, "eligible": 100, "recorded": 90, "unrecorded": 10}


def test_a_coverage_rests_on_all_only_if_each_part_does() -> None:
    first, *others = KECAMATAN
    desa = list(register().codes(Level.DESA, first))
    full = head(frame(*(whole(code) for code in KECAMATAN)), "75.05")
    assert full.coverage_complete and full.n_coverage == full.n_expected == len(KECAMATAN)
    some = head(frame(whole(desa[0]), *(whole(code) for code in others)), "75.05")
    assert some.n_coverage == some.n_expected and not some.coverage_complete
    every = head(frame(*(whole(code) for code in desa), *(whole(code) for code in others)), "75.05")
    assert every.coverage_complete


def test_areas_that_the_register_does_not_know_are_expected_once_they_report() -> None:
    desa = list(register().codes(Level.DESA, KECAMATAN[0]))
    found = head(frame(*(whole(code) for code in desa), whole(KECAMATAN[0] + ".2999")), KECAMATAN[0])
    assert found.n_expected == found.n_reported == len(desa) + 1 and found.complete


@pytest.mark.parametrize(("before", "fuller"), [(1, None), (2, None), (3, date(2023, 6, 13))])
def test_a_fuller_day_has_more_areas_than_the_last(before: int, fuller: date | None) -> None:
    rows = [{**whole(code), "as_of_date": "2023-06-13"} for code in KECAMATAN[:before]]
    rows += [whole(code) for code in KECAMATAN[:2]]
    assert standing_of(frame(*rows), "75.05").fuller == fuller


@pytest.mark.parametrize(
    ("members", "kept"), [([0, 0, 7], [0, 0]), ([0, 7, 7], [7, 7]), ([5, 6, 7], [7]), ([0, 0, 0], [0, 0, 0])]
)
def test_a_single_incomplete_sum_hides_no_series_but_two_do(members: list[int], kept: list[int]) -> None:
    rows = pd.DataFrame({"members": members, "complete": [member == 0 for member in members]})
    assert one_series(rows)["members"].tolist() == kept


def test_a_figure_above_hundred_does_not_break_the_run_of_a_target() -> None:
    def row(day: int, **values: Any) -> dict[str, Any]:
        return {"area_code": "75.05", "as_of_date": f"2023-06-{day}", **values}

    rows = roll_up(
        frame(row(13, eligible=1000, recorded=999), row(14, eligible=1000, recorded=1010), row(15, eligible=1000, recorded=999)),
        "75.05",
    )
    assert reach_of(next(rows.iloc[[1]].itertuples()), TARGET) is Reach.OVER
    assert reached_on(rows, TARGET).on == date(2023, 6, 13)
    broken = roll_up(
        frame(row(13, eligible=1000, recorded=999), row(14, eligible=1000, recorded=900), row(15, eligible=1000, recorded=999)),
        "75.05",
    )
    assert reached_on(broken, TARGET).on == date(2023, 6, 15)


def only_coverage(low: float, high: float, printed: str = "") -> Any:
    return SimpleNamespace(
        unrecorded=None,
        eligible_low=None,
        eligible_high=None,
        coverage_low=low,
        coverage_high=high,
        coverage_reported=printed,
        complete=True,
    )


@pytest.mark.parametrize(
    ("row", "target", "verdict"),
    [
        (only_coverage(1.0, 1.2), ZERO, Reach.OVER),
        (only_coverage(0.9999, 1.2), ZERO, Reach.UNKNOWN),
        (only_coverage(0.99995, 1.0, "100"), TARGET, Reach.PRINTED),
        (only_coverage(0.99995, 1.00001, "100"), TARGET, Reach.OVER),
        (only_coverage(0.98, 0.99399999), TARGET, Reach.NOT_REACHED),
        (only_coverage(0.98, 0.994, "99.4"), TARGET, Reach.PRINTED),
        (only_coverage(0.98, 0.995, "99.3"), TARGET, Reach.UNSURE),
    ],
)
def test_a_coverage_alone_says_no_more_than_it_can(row: Any, target: Target, verdict: Reach) -> None:
    assert reach_of(row, target) is verdict


@pytest.mark.parametrize(("days", "two"), [(RECENT_DAYS, True), (RECENT_DAYS + 1, False)])
def test_an_estimate_rests_on_percentages_of_the_last_month(days: int, two: bool) -> None:
    last = date(2023, 6, 20)
    rows = roll_up(
        contract.frame(
            [
                {"area_code": "75.05", "as_of_date": last - timedelta(days=days), "unrecorded": 650, "coverage_reported": "99.3"},
                {"area_code": "75.05", "as_of_date": last, "unrecorded": 554, "coverage_reported": "99.40"},
            ]
        ),
        "75.05",
    )
    alone = eligible_estimate(rows.iloc[1:])
    assert (eligible_estimate(rows) != alone) is two and RECENT_DAYS == 31


@pytest.mark.parametrize(("value", "units"), [(0.0001, 1), (0.0, 1), (0.9999, 999), (1.0, 999), (0.4996, 500), (0.4994, 499)])
def test_a_value_is_kept_off_the_ends_that_mean_something_else(value: float, units: int) -> None:
    assert measured(0.001, least=1, most=999).units(value) == units


@pytest.mark.parametrize(("value", "units"), [(0.4, 1), (-0.4, -1), (0.0, 0), (0.6, 1), (-1.6, -2)])
def test_a_small_change_is_not_shown_as_none(value: float, units: int) -> None:
    assert measured(1, diverging=True).units(value) == units
    assert measured(1).units(value) == round(value)


@pytest.mark.parametrize(
    ("key", "fit"), [("of", True), ("of_2", True), ("Of", False), ("of-all", False), ("2", False), ("", False)]
)
def test_the_key_of_a_measure_is_small_letters_digits_and_underscores(key: str, fit: bool) -> None:
    given = [replace(measured(1), key=key)]
    if fit:
        assert checked(given, ["of"]) == tuple(given)
    else:
        with pytest.raises(ValueError, match="has no key of small letters"):
            checked(given, ["of"])


def measured(precision: float, **others: Any) -> Measure:
    text = T("Coverage")
    return Measure("of", text, text, "of", "share", precision, "high", text, text, lambda *_: text, **others)
