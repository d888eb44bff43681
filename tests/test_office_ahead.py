"""What lies ahead of each area on a map is the one answer that the area has everywhere."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.core import contract
from ektp_analysis.core.area import Level
from ektp_analysis.core.targets import Target
from ektp_analysis.figures.classes import classify
from ektp_analysis.figures.rollup import OWN, roll_up
from ektp_analysis.maps.measures import STALL
from ektp_analysis.projection.answers import Ground, by_level, histories
from ektp_analysis.projection.reasons import stall
from ektp_analysis.projection.result import NotReached
from tests.projecting import project_area

NATIONAL, BY = Target.parse("99.40"), date(2024, 12, 31)
KECAMATAN = [f"75.0{kab}.{kec:02}" for kab in (1, 2, 5) for kec in range(1, 5)]


@pytest.fixture(scope="module")
def rolled() -> pd.DataFrame:
    """Three kabupaten of four kecamatan over 12 weeks: fast, slow, standing still, and one that has arrived."""
    random, rows = np.random.default_rng(4), []
    for place, code in enumerate(KECAMATAN):
        left = 600.0
        for week in range(12):
            left *= 1 - (0.25, 0.08, 0.0, 0.6)[place % 4] * random.uniform(0.8, 1.2)
            rows.append(
                {
                    "area_code": code,
                    "as_of_date": pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week),
                    "eligible": 20_000,
                    "unrecorded": int(left),
                }
            )
    return roll_up(contract.frame(rows), "75")


@pytest.mark.parametrize("level", [Level.KABUPATEN, Level.KECAMATAN])
def test_each_area_has_its_one_answer(rolled: pd.DataFrame, level: Level) -> None:
    found = by_level(Ground(rolled), "75", level, NATIONAL, BY).set_index("area_code")
    assert len(found) == (3 if level is Level.KABUPATEN else 12)
    for code, row in found.iterrows():
        alone = project_area(rolled, str(code), NATIONAL)
        chance = alone.probability_by(BY)
        assert row["probability"] == pytest.approx(chance) if chance is not None else pd.isna(row["probability"])
        if alone.reason is not None:
            assert row["days"] == 0 if alone.reason.code == "already_reached" else pd.isna(row["days"])
        elif isinstance(alone.median, NotReached):
            assert row["days"] == float("inf")
        else:
            assert alone.median is not None and alone.origin is not None
            assert row["days"] == (alone.median - alone.origin).days
    if level is Level.KECAMATAN:
        assert {"75.01.04", "75.05.04"} <= set(found.index[found["days"] == 0]) and found["days"].notna().sum() >= 9
        assert found["days"].nunique() > 2


def test_two_levels_below_an_area_still_has_its_one_answer(rolled: pd.DataFrame) -> None:
    nation = roll_up(rolled.loc[rolled["source"] == OWN, list(contract.BY_NAME)], "ID")
    found = by_level(Ground(nation), "ID", Level.KABUPATEN, NATIONAL, BY)
    pd.testing.assert_frame_equal(found, by_level(Ground(rolled), "75", Level.KABUPATEN, NATIONAL, BY))


def test_a_stall_is_counted_in_days_from_its_beginning_and_others_go_on() -> None:
    """One halts four weeks before the end, one goes on."""
    halted = [(800 - 30 * min(week, 16), "75.05.01") for week in range(21)]
    others = [(900 - 30 * week, "75.05.02") for week in range(21)]
    rows = [
        {
            "area_code": code,
            "as_of_date": pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week),
            "eligible": 9000,
            "unrecorded": left,
        }
        for series in (halted, others)
        for week, (left, code) in enumerate(series)
    ]
    rows.append({"area_code": "75.05.03", "as_of_date": pd.Timestamp("2024-05-20"), "eligible": 9000, "unrecorded": 700})
    rolled = roll_up(contract.frame(rows), "75.05")
    found = by_level(Ground(rolled), "75.05", Level.KECAMATAN, NATIONAL).set_index("area_code")
    seen = stall(project_area(rolled, "75.05.01", NATIONAL))
    assert seen is not None and seen.since == date(2024, 4, 22)
    assert found.loc["75.05.01", "stalled"] == 28 and found.loc["75.05.02", "stalled"] == 0
    later = by_level(Ground(rolled, today=date(2024, 5, 30)), "75.05", Level.KECAMATAN, NATIONAL).set_index("area_code")
    assert later.loc["75.05.01", "stalled"] == 38, "counted from today"
    told = found.assign(stalled=found["stalled"].where(found.index != "75.05.03"))  # as of an area without a date
    classes = classify(told["stalled"].astype("Float64"), STALL)
    assert [classes.item(code).kind for code in found.index] == ["step", "done", "none"]


def test_without_a_day_there_is_no_chance(rolled: pd.DataFrame) -> None:
    found = by_level(Ground(rolled), "75.05", Level.KECAMATAN, NATIONAL)
    assert len(found) == 4 and found["probability"].isna().all()
    nothing = by_level(Ground(rolled.iloc[:0]), "75.05", Level.KECAMATAN, NATIONAL)
    assert list(nothing.columns) == ["area_code", "days", "probability", "old", "stalled"]


def test_histories_count_what_the_answers_rest_on(rolled: pd.DataFrame) -> None:
    assert histories(rolled, "75", Level.KECAMATAN) == 12
    assert histories(rolled, "75", Level.KABUPATEN) == 15  # three kabupaten, each from its kecamatan
    assert histories(rolled, "75.05", Level.KECAMATAN) == 4
    assert histories(rolled, "ID", Level.PROVINSI) == 1
