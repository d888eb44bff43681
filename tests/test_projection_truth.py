"""The projection against what came: simulated campaigns of known future, and the real countdown series."""

import io

import numpy as np
import pandas as pd
import pytest

from tests.benchmarks import countdown, simulated

CASES = 400


@pytest.fixture(scope="module")
def pooled():
    """The scorer's tables: (per family, pooled)."""
    return countdown.tables()


def test_intervals_hold_on_campaigns_like_the_library_and_never_is_calibrated():
    found = simulated.summary("library", CASES)
    noise = 3 * np.sqrt(0.25 / CASES)
    assert 0.80 - noise <= found["cover80"] <= 0.80 + noise + 0.05  # what lies past the horizon counts as held
    assert 0.50 - noise <= found["cover50"] <= 0.50 + noise + 0.12
    assert abs(found["said_never"] - found["never"]) <= noise


@pytest.mark.parametrize(("kind", "least"), [
    ("two waves", 0.72), ("hard core", 0.72), ("constant pace", 0.55), ("final sweep", 0.4)])
def test_intervals_hold_up_on_campaigns_of_one_kind_that_nobody_announced(kind, least):
    assert simulated.summary(kind, CASES // 2)["cover80"] >= least


def test_real_countdowns_are_met_within_the_aims(pooled):
    table, groups = pooled
    best = groups.loc["projection / countdown"]
    assert best.ratio <= 0.52 and 0.75 <= best.cover80 <= 0.87 and 0.40 <= best.late <= 0.60
    assert best.false_promise <= 0.05 and best.wrong_never <= 0.20
    assert groups.loc["projection / plateau"].ratio <= 0.42
    assert (table[table.forecaster == "projection"].ratio < 0.75).all()


def test_the_straight_line_scores_as_published(pooled):
    table, _groups = pooled
    known = {"malaysia_dose1": 126.481, "malaysia_dose2": 129.107, "nyc_census": 42.892, "us2020_precincts": 6.249}
    found = table[table.forecaster == "straight_line"].set_index("family").crps_days
    assert found.to_dict() == pytest.approx(known, abs=1e-3)


def test_the_published_table_is_what_the_benchmark_gives(pooled):
    kept, made = pd.read_csv(countdown.PUBLISHED), pd.read_csv(io.StringIO(countdown.published(pooled[0])))
    pd.testing.assert_frame_equal(kept, made, rtol=0, atol=0.002)


def test_many_areas_are_fast():
    assert countdown.seconds_for(2000) / 2000 * 83_762 < 90
