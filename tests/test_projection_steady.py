"""A steady campaign is taken for one, a stall for a stall; each function by hand, then what a planner expects of many cases."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from ektp_analysis.projection import networks, steady
from tests.breadth import parted
from tests.spec import sane

WEEKS = -np.arange(51.0, -1, -1) * 7
LINE = 1000 + 20 * np.arange(51.0, -1, -1)


def weight(remaining, days=WEEKS, eligible=60_000.0):
    listed = None if eligible is None else np.full((1, len(days)), eligible)
    return float(steady.evidence(days, np.asarray(remaining, float)[None, :], listed)[0][0])


def judged(case):
    """What does not hold of a case: (fraction, median, chance of never, expected)."""
    wrong = []
    for expected in case.expected:
        target = np.floor(case.remaining[-1] * expected.fraction)
        found = networks.forecast(case.days, case.eligible, case.eligible - case.remaining, [target], horizon=sane.HORIZON)[0]
        never, middle = float((found > sane.HORIZON).mean()), float(found[len(found) // 2])
        low, high = expected.median or (0.0, np.inf)
        if not (expected.never[0] <= never <= expected.never[1] and low <= middle <= high):
            wrong.append((expected.fraction, middle, round(never, 2), expected))
    return wrong


def test_an_exact_line_is_steady_at_its_pace():
    found, pace, error = steady.evidence(WEEKS, LINE[None, :], np.full((1, 52), 60_000.0))
    assert 0.8 < found[0] <= steady.MOST and pace[0] == pytest.approx(20 / 7) and error[0] == pytest.approx(0, abs=1e-6)


def test_what_does_not_fall_has_neither_weight_nor_pace_and_nothing_is_divided_by_it():
    flat, rising = np.full(52, 30.0), LINE[::-1]
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        found, pace, error = steady.evidence(WEEKS, np.stack([LINE, flat, rising]), np.full((3, 52), 60_000.0))
    assert found[0] > 0.8 and found[1:].tolist() == [0, 0] and pace[0] == pytest.approx(20 / 7)
    assert np.isnan(pace[1:]).all() and np.isfinite(error).all()


def test_what_takes_the_weight_away():
    noise = np.random.default_rng(3)
    assert weight(LINE + np.r_[noise.normal(0, 10, 51), 0]) > 0.7  # corrections
    assert weight(4000 * 0.95 ** np.arange(52)) < 0.05  # a constant share of those left
    assert weight(np.r_[LINE[:30], np.full(22, LINE[30])]) < 0.05  # no more since five months
    assert weight(LINE, eligible=LINE[0] / 0.5) == 0 and weight(LINE, eligible=LINE[0] / 0.30) > 0.8  # most unrecorded at first
    assert 0 < weight(LINE, eligible=LINE[0] / 0.35) < weight(LINE)
    assert weight(LINE, eligible=None) == weight(LINE, eligible=LINE[0] / 0.30)
    assert weight(LINE[-4:], WEEKS[-4:]) == 0 and weight(LINE[-8:], WEEKS[-8:]) > 0.7  # few snapshots
    assert weight(LINE, WEEKS / 17) == 0 < weight(LINE, WEEKS / 14) < 0.2  # a few weeks
    assert weight(LINE[::-1]) == 0 and weight(np.full(52, 30.0)) == 0  # it does not fall


def test_three_quiet_weeks_are_neither_nothing_nor_the_end():
    quiet = np.r_[LINE[3:], np.full(3, LINE[-1])]
    assert 0.25 < weight(quiet) < 0.6 < weight(LINE)
    paused = quiet + 0.0
    paused[:30] -= 60  # a pause of three weeks has been before: rows 27 to 29 lie on one level
    paused[27:31] = paused[30]
    assert weight(paused) > weight(quiet)


def test_the_noise_of_steps_that_belong_together_is_counted_once_or_more():
    alone, pairs, against = (
        float(steady._noise(np.array([row], float))[0])
        for row in ([1, 0, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0], [1, -1, 0, 0, 0, 0, 0, 0])
    )
    assert alone == 1.0 and pairs == pytest.approx(2 + 2 * 0.75) and against == pytest.approx(2 - 2 * 0.75)


def test_days_on_the_line_and_the_last_tenth():
    mean, spread = steady.log_days(np.array([0.5, 0.1, 0.0]), np.array([1000.0]), 350.0, np.array([20 / 7]), np.array([0.1]))
    assert np.exp(mean[0]) == pytest.approx([175, 315, 385])
    by_hand = [np.sqrt(steady.SPREAD**2 + 0.01 + steady.DRIFT**2 * days / 350) for days in (175, 315)]
    assert spread[0, :2] == pytest.approx(by_hand)
    last = np.sqrt(steady.SPREAD**2 + 0.01 + steady.DRIFT**2 * 1.1 + (steady.LAST_SPREAD * 0.1 / 1.1) ** 2)
    assert spread[0, 2] == pytest.approx(last)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_mixture_has_the_quantiles_of_both(share):
    levels = networks.LEVELS
    own = norm.ppf(levels, 6.0, 1.5)[None, None, :]
    found = steady.pooled(own, levels, np.array([[5.0]]), np.array([[0.2]]), np.array([share]), 40.0)[0, 0]
    chances = (1 - share) * norm.cdf(found, 6.0, 1.5) + share * norm.cdf(found, 5.0, 0.2)
    assert chances == pytest.approx(levels, abs=0.012)
    none = steady.pooled(own, levels, np.array([[5.0]]), np.array([[0.2]]), np.array([1e-9]), 40.0)[0, 0]
    assert none == pytest.approx(own[0, 0], abs=1e-3)


def test_at_most_sixty_snapshots_spread_over_all_of_the_history():
    days = -np.arange(400.0, -1, -1)
    kept, remaining, eligible = networks.thinned(days, np.arange(401.0)[None, :], None)
    assert len(kept) == networks.MOST_SNAPSHOTS and (kept[0], kept[-1]) == (-400, 0) and eligible is None
    assert np.diff(kept).max() <= 7 and np.diff(kept).min() >= 6 and (remaining[0] == kept + 400).all()
    assert networks.thinned(WEEKS, LINE[None, :], None)[0] is WEEKS


def test_the_share_left_counts_where_the_history_is_closely_followed():
    own = np.linspace(4, 8, 19)[None, None, :]
    few, some, many = (networks.recalibrated(own, np.array([0.2]), n)[0, 0] for n in (20, 30, 40))
    assert few == pytest.approx(own[0, 0])
    assert many[9] - 6 == pytest.approx(0.4) and (many[-1] - many[0]) / 4 == pytest.approx(np.exp(-0.6))
    assert some[9] - 6 == pytest.approx(0.2)
    assert networks.recalibrated(own, np.array([0.9]), 60)[0, 0, 9] - 6 == pytest.approx(0.8)


@pytest.mark.parametrize("seeds", parted(range(500), 100), ids=len)
def test_what_a_planner_expects_of_five_hundred_campaigns(seeds):
    wrong, made = {}, {}
    for seed in seeds:
        case = sane.case(seed)
        made[case.kind] = made.get(case.kind, 0) + 1
        found = judged(case)
        if found:
            wrong.setdefault(case.kind, []).append((case.made, found))
    print({kind: f"{len(wrong.get(kind, []))} of {n}" for kind, n in made.items()}, wrong)
    assert set(made) == set(sane.KINDS) and sum(map(len, wrong.values())) <= len(seeds) / 20
    for kind in ("steady", "the list grows"):
        assert kind not in wrong


@pytest.mark.parametrize("other", [1, 14, 28])
def test_the_same_year_told_more_or_less_often_has_the_same_median(other):
    back = np.arange(364, -1, -1)
    for counts in (1000 + 20 * back / 7, 700 + 15 * back / 7 + 60 * np.sin(back / 40.0) * (back > 0)):
        medians = []
        for step in (7, other):
            at = np.arange(364 // step * step, -1, -step)
            remaining = np.round(np.interp(at, back[::-1], counts[::-1]))
            said = networks.forecast(-at.astype(float), np.full(len(at), 6e4), 6e4 - remaining, [0.0], horizon=1e6)[0]
            medians.append(said[9])
        assert abs(medians[1] / medians[0] - 1) <= 0.15


def test_one_more_week_on_trend_hardly_moves_the_median_from_the_ninth_on():
    medians = []
    for n in range(9, 60):
        left = 1000.0 + 20 * np.arange(n)[::-1] + 20 * (60 - n)
        days = -np.arange(n)[::-1] * 7.0
        said = networks.forecast(days, np.full(n, 6e4), 6e4 - left, [0.0], horizon=1e6)[0]
        medians.append(said[9] / (left[-1] / 20 * 7))
    assert np.abs(np.diff(np.log(medians))).max() <= 0.05
