"""What a map asks beyond the ranking: change since a day, pace, age, last known figures of the silent."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from ektp_analysis.core import contract
from ektp_analysis.figures.series import PACE_DAYS
from ektp_analysis.figures.side_by_side import mapped
from ektp_analysis.maps.seen import MOST_TICK, pace, sheets

DAYS = ("2024-01-01", "2024-02-01", "2024-02-15", "2024-03-01")
COUNTS = {"75.05.01": (400, 300, 280, 200), "75.05.02": (100, 90, None, 110), "75.05.03": (50, 40, None, None)}

WEEKS = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(53)]


@pytest.fixture
def figures() -> pd.DataFrame:
    return contract.frame(
        [
            {"area_code": code, "as_of_date": pd.Timestamp(day), "eligible": 9000, "unrecorded": count}
            for code, counts in COUNTS.items()
            for day, count in zip(DAYS, counts, strict=True)
            if count is not None
        ]
    )


def at(rows: pd.DataFrame, code: str) -> pd.Series:
    return rows.set_index("area_code").loc[code]


def test_change_is_counted_from_the_day_that_is_asked_for(figures: pd.DataFrame) -> None:
    rows = mapped(figures, "75.05", since=date(2024, 1, 1))
    assert at(rows, "75.05.01")["change"] == -200 and at(rows, "75.05.02")["change"] == 10
    assert at(rows, "75.05.01")["previous_date"] == pd.Timestamp("2024-01-01")
    assert pd.isna(at(rows, "75.05.03")["change"]) and pd.isna(at(rows, "75.05.03")["previous_date"])
    none_then = mapped(figures, "75.05", since=date(2024, 2, 15))
    assert pd.isna(at(none_then, "75.05.02")["change"])
    assert at(mapped(figures, "75.05"), "75.05.02")["change"] == 20  # the snapshot before


def test_pace_is_of_the_last_four_weeks(figures: pd.DataFrame) -> None:
    rows = mapped(figures, "75.05")
    assert at(rows, "75.05.01")["per_day"] == pytest.approx((280 - 200) / 15)  # 1 February lies 29 days back
    assert at(rows, "75.05.02")["per_day"] == pytest.approx(-20 / 29)  # none within four weeks: since the last before them
    earlier = mapped(figures, "75.05", on=date(2024, 2, 15))
    assert at(earlier, "75.05.01")["per_day"] == pytest.approx(20 / 14)


def test_age_counts_from_the_last_figure(figures: pd.DataFrame) -> None:
    rows = mapped(figures, "75.05")
    assert at(rows, "75.05.01")["age"] == 0 and at(rows, "75.05.03")["age"] == 29
    assert pd.isna(at(rows, "75.05.04")["age"])


def test_the_silent_keep_their_last_figure(figures: pd.DataFrame) -> None:
    rows = mapped(figures, "75.05")
    silent = at(rows, "75.05.03")
    assert silent["unrecorded"] == 40 and silent["as_of_date"] == pd.Timestamp("2024-02-01") and not silent["reported"]
    assert silent["rank"] == 3 and rows["share"].sum() == pytest.approx(1)
    assert pd.isna(silent["change"]) and pd.isna(silent["per_day"])  # nobody knows whether it moved
    assert pd.isna(at(rows, "75.05.04")["unrecorded"]) and len(rows) == 11


def test_an_area_without_figures() -> None:
    rows = mapped(contract.frame([]), "75.05", since=date(2024, 1, 1))
    assert len(rows) == 11 and rows["unrecorded"].isna().all() and rows["per_day"].isna().all()


def kabupaten(on: dict[str, dict[str, int]]) -> pd.DataFrame:
    """The kabupaten of a provinsi on the last day, from counts of their kecamatan by day; changes since the first day."""
    rows = [
        {"area_code": code, "as_of_date": pd.Timestamp(day), "eligible": 9000, "unrecorded": count}
        for day, counts in on.items()
        for code, count in counts.items()
    ]
    return mapped(contract.frame(rows), "75", since=date.fromisoformat(min(on)))


def test_a_change_since_a_day_is_of_the_same_areas_alone() -> None:
    same = kabupaten({"2024-01-01": {"75.05.01": 40, "75.05.02": 30}, "2024-01-08": {"75.05.01": 30, "75.05.02": 25}})
    assert at(same, "75.05")["change"] == -15
    fewer = kabupaten({"2024-01-01": {"75.05.01": 40, "75.05.02": 30}, "2024-01-08": {"75.05.01": 30}})
    assert at(fewer, "75.05")["unrecorded"] == 60 and at(fewer, "75.05")["change"] == -10  # one moved, one stands as it was
    more = kabupaten({"2024-01-01": {"75.05.01": 40}, "2024-01-08": {"75.05.01": 30, "75.05.02": 30}})
    assert at(more, "75.05")["unrecorded"] == 60  # a sum of two kecamatan, where one was known before
    assert pd.isna(at(more, "75.05")["change"]) and pd.isna(at(more, "75.05")["previous_date"])
    other = kabupaten({"2024-01-01": {"75.05.01": 40}, "2024-01-08": {"75.05.02": 30}})
    assert pd.isna(at(other, "75.05")["change"])  # as many areas, but not the same


@pytest.mark.parametrize(("first", "pace"), [("2024-02-01", 56 / 29), ("2024-02-02", 2.0), ("2024-02-03", 56 / 27)])
def test_pace_begins_on_the_28th_day_before_or_with_the_last_figure_earlier(first: str, pace: float) -> None:
    rows = [
        {"area_code": "75.05.01", "as_of_date": pd.Timestamp(day), "eligible": 9000, "unrecorded": count}
        for day, count in ((first, 156), ("2024-03-01", 100))
    ]
    found = at(mapped(contract.frame(rows), "75.05"), "75.05.01")["per_day"]
    assert found == pytest.approx(pace)
    assert PACE_DAYS == 28


@pytest.mark.parametrize(("speed", "seconds"), [("fast", 20), ("medium", 40), ("slow", 80)])
def test_playing_shows_a_year_of_weekly_days_in_the_time_that_its_speed_says(speed: str, seconds: float) -> None:
    assert pace(WEEKS, speed) * 52 == pytest.approx(seconds, rel=0.01)
    assert pace([WEEKS[0], WEEKS[-1]], speed) == MOST_TICK  # days far apart do not stand still


def test_all_days_side_by_side_are_on_sheets_of_which_the_last_is_full() -> None:
    found = sheets(WEEKS, 12)
    assert [len(days) for days in found] == [5, 12, 12, 12, 12] and [day for days in found for day in days] == WEEKS
    assert sheets(WEEKS[:12], 12) == [WEEKS[:12]]


def test_what_lies_before_a_break_is_no_part_of_the_pace(figures: pd.DataFrame) -> None:
    rows = mapped(figures, "75.05", broken={"75.05.01": date(2024, 2, 16), "75.05.02": date(2024, 2, 1)})
    assert pd.isna(at(rows, "75.05.01")["per_day"]) and at(rows, "75.05.02")["per_day"] == pytest.approx(-20 / 29)
