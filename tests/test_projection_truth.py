"""The projection against what came: simulated campaigns of known future, and the real countdown series."""

import io

import numpy as np
import pandas as pd
import pytest

from tests.benchmarks import countdown, simulated
from tests.breadth import case

CASES = simulated.CASES
SEVERAL = [CASES // 2, case(CASES, further=True)]  # of one kind, in every run and further
OF_EACH = [CASES // 4, case(CASES, further=True)]  # of each of many kinds


def noise(many):
    """What so many simulations allow of the shares that an interval of 80 and of 50 % hold."""
    return {"cover80": 2 * np.sqrt(0.16 / many), "cover50": 2 * np.sqrt(0.25 / many)}


@pytest.fixture(scope="module")
def pooled():
    """The scorer's tables: (per family, pooled)."""
    return countdown.tables()


def beside(many):
    """By how much the shares that so many of the simulations hold may lie beside those of all."""
    apart = 1 / many - 1 / CASES
    return {"cover80": 2 * np.sqrt(0.16 * apart), "cover50": 2 * np.sqrt(0.25 * apart)}


def as_said(found, many):
    """Whether the shares held, and how often it was never, are what was said, as far as so many simulations tell."""
    allowed = noise(many)
    off = max(abs(found["cover80"] - 0.8) / allowed["cover80"], abs(found["cover50"] - 0.5) / allowed["cover50"])
    return off <= 1 and abs(found["said_never"] - found["never"]) <= allowed["cover50"]


@pytest.mark.parametrize("many", SEVERAL)
@pytest.mark.parametrize("kind", ["library", "basis change"])
def test_intervals_hold_as_often_as_they_say_on_campaigns_like_the_library(kind, many):
    found = simulated.summary(simulated.judged(kind, many))
    assert as_said(found, many), found


@pytest.mark.parametrize("many", OF_EACH)
@pytest.mark.parametrize("kinds", [simulated.KINDS, simulated.FORESEEABLE], ids=["all kinds", "all but the sweep"])
def test_intervals_hold_as_often_as_they_say_over_an_equal_mixture(kinds, many):
    found = simulated.summary(simulated.pooled(kinds, many))
    assert as_said(found, many), found


@pytest.mark.parametrize("many", OF_EACH)
@pytest.mark.parametrize(
    ("kind", "least80", "least50"),
    [
        ("two waves", 0.76, 0.45),
        ("hard core", 0.76, 0.44),
        ("constant pace", 0.76, 0.45),
        ("final sweep", 0.58, 0.35),
        ("steady, uneven", 0.76, 0.45),
        ("paused", 0.76, 0.45),
        ("growing list", 0.72, 0.45),
    ],
)
def test_intervals_hold_up_on_campaigns_of_one_kind_that_nobody_announced(kind, least80, least50, many):
    found = simulated.summary(simulated.judged(kind, many))
    allowed = beside(many)
    assert found["cover80"] >= least80 - allowed["cover80"] and found["cover50"] >= least50 - allowed["cover50"]


@pytest.mark.parametrize("many", OF_EACH)
def test_no_kind_is_met_too_seldom_or_by_ranges_that_hold_nearly_everything(many):
    held = {kind: simulated.summary(simulated.judged(kind, many))["cover80"] for kind in simulated.KINDS}
    allowed = beside(many)["cover80"]
    assert all(0.55 - allowed <= share <= 0.95 + allowed for share in held.values()), held


def test_a_list_grows_by_its_newcomers_and_a_pause_is_silent():
    rng = np.random.default_rng(1)
    left, listed = simulated.worked(rng, np.full(simulated.STEPS, 0.004), newcomers=0.03 / 365)
    assert listed[365] / listed[0] == pytest.approx(1.03, abs=0.003) and (np.diff(listed) >= 0).all()
    assert left[100] / left[0] == pytest.approx(0.6, abs=0.08) and left.min() == 0
    force = np.where((np.arange(simulated.STEPS) >= 50) & (np.arange(simulated.STEPS) < 80), 0.0, 0.004)
    left, listed = simulated.worked(rng, force)
    assert left[50] == left[80] < left[0] and left[81] < left[80] and (listed == listed[0]).all()


@pytest.mark.parametrize("many", SEVERAL)
def test_every_change_of_basis_is_found_in_the_rows_and_would_mislead_if_it_were_learnt_from(many):
    cases, found = simulated.cases("basis change", many)
    assert len(found) == many and all(found)
    kept, learnt_from = (simulated.summary(simulated.judged(kind, many)) for kind in ("basis change", simulated.LEARNT_FROM))
    assert learnt_from["cover80"] < kept["cover80"] and learnt_from["cover50"] < kept["cover50"] - noise(many)["cover50"]
    assert learnt_from["said_never"] - learnt_from["never"] > 2 * abs(kept["said_never"] - kept["never"])
    assert {one.eligible is None for one in cases} == {True, False}


def test_ranks_by_hand():
    said = np.exp(np.linspace(0, 1.8, 19))
    assert [simulated.chance_by(said[k], said) for k in (0, 9, 18)] == pytest.approx([0.05, 0.5, 0.95])
    assert simulated.chance_by(np.exp(0.85), said) == pytest.approx(0.475, abs=1e-3)  # between 45 and 50 per cent
    assert simulated.chance_by(1e9, said) == pytest.approx(1) and simulated.chance_by(1e-6, said) == pytest.approx(0)
    rows = np.array([[0.05, 0.2, 0, 1], [0.3, 0.2, 0, 1], [0.74, 0.2, 0, 0], [0.95, 0.6, 1, 1]])
    assert simulated.summary(rows) == pytest.approx(
        {"cover80": 0.5, "cover50": 0.5, "said_never": 0.3, "never": 0.25, "late": 0.5, "held80": 0.75}
    )


def test_real_countdowns_are_met_within_the_aims(pooled):
    table, groups = pooled
    best, plateau = groups.loc["projection / countdown"], groups.loc["projection / plateau"]
    assert best.ratio <= 0.4555 and plateau.ratio <= 0.34
    for one in (best, plateau):
        assert 0.76 <= one.cover80 <= 0.90 and 0.40 <= one.late <= 0.65
        assert one.wrong_never <= 0.22 and one.false_promise <= 0.01
    assert (table[table.forecaster == "projection"].ratio < 0.75).all()


def test_the_straight_line_scores_as_published(pooled):
    table, _groups = pooled
    known = {
        "germany_booster": 118.467,
        "germany_dose2": 128.239,
        "malaysia_dose1": 126.481,
        "malaysia_dose2": 129.107,
        "nyc_census": 42.892,
        "us2020_counties": 4.379,
        "us2020_precincts": 6.249,
    }
    found = table[table.forecaster == "straight_line"].set_index("family").crps_days
    assert found.to_dict() == pytest.approx(known, abs=1e-3)


def test_the_published_table_is_what_the_benchmark_gives(pooled):
    kept, made = pd.read_csv(countdown.PUBLISHED), pd.read_csv(io.StringIO(countdown.published(pooled[0])))
    pd.testing.assert_frame_equal(kept, made, rtol=0, atol=0.002)


def test_an_area_among_many_costs_a_third_of_what_it_costs_alone_at_most():
    """Each the quickest of five in turns, by the processor: it is a seventh or less."""
    taken = {areas: min(countdown.seconds_for(areas) / areas for _ in range(5)) for areas in (1, 400)}
    assert taken[400] < taken[1] / 3
