"""The arithmetic below the projection: paths, features, the learnt map, scores, many areas at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ektp_analysis.projection import networks
from ektp_analysis.projection.backtest import capped_crps
from ektp_analysis.projection.features import COUNT, base_log_time, describe, describe_target
from ektp_analysis.projection.paths import FRACTIONS, Paths, SummedPaths
from tests.benchmarks import countdown
from tests.benchmarks.many import project_many
from tests.benchmarks.scores import interval_score, weighted_interval_score
from tests.benchmarks.training import make_constants

INF = np.inf


def line(now, days):
    """One draw that falls on a straight line to zero."""
    return Paths(now, FRACTIONS, ((1 - FRACTIONS) * days)[None, :])


@pytest.mark.parametrize(("left", "day"), [(100, 0), (120, 0), (75, 5), (50, 10), (1, 19.8), (0.1, 19.98), (0, 20)])
def test_a_straight_path_hits_where_it_should(left, day):
    assert line(100, 20).hitting(left)[0] == pytest.approx(day)
    if 0 < day < 20:
        assert line(100, 20).remaining([day])[0, 0] == pytest.approx(left)


def test_a_path_that_stalls_stays_and_never_hits():
    times = np.where(FRACTIONS >= 0.5, (1 - FRACTIONS) * 20, INF)[None, :]
    path = Paths(100.0, FRACTIONS, times)
    assert path.hitting(50)[0] == pytest.approx(10) and path.hitting(49)[0] == INF
    assert path.remaining([5, 10, 500])[0] == pytest.approx([75, 50, 50])


def test_parts_add_up_draw_by_draw_and_late_parts_are_brought_forward():
    whole = SummedPaths((line(100, 20), line(40, 10)), (0, 4), 30)
    assert whole.remaining([0, 5, 10, 25])[0] == pytest.approx([100 + 24, 75 + 4, 50, 0])
    assert whole.hitting(0)[0] == 20 and whole.hitting(79)[0] == 5
    assert SummedPaths((line(100, 20),), (0,), 10).hitting(0)[0] == INF


def made(falls, gaps, start):
    """(days, counts) of a history that falls by the given shares after the given gaps."""
    days = -np.cumsum(np.r_[0, gaps[: len(falls)]])[::-1].astype(float)
    return days, np.round(start * np.cumprod(1 - np.array([0, *falls])) + 2)


history = st.builds(
    made,
    st.lists(st.floats(0.02, 0.7), min_size=2, max_size=20),
    st.lists(st.integers(1, 60), min_size=20, max_size=20),
    st.integers(50, 100_000),
)


@settings(max_examples=40)
@given(history, st.sampled_from([2, 10, 1000]), st.sampled_from([0.25, 7.0]))
def test_scale_of_people_and_of_days_does_not_matter(given_history, people, stretch):
    days, counts = given_history
    seen = 3 * counts.max() * np.ones_like(counts)
    features, hazard = describe(days, counts, seen)
    assert features.shape == (COUNT,) and np.isfinite(features).all()
    more, same = describe(days, people * counts, people * seen)
    assert np.allclose(more, features) and same == pytest.approx(hazard)
    longer, slower = describe(days * stretch, counts, seen)
    assert np.allclose(longer, features) and slower * stretch == pytest.approx(hazard)


@settings(max_examples=30)
@given(history)
def test_quantiles_rise_with_the_level_and_with_the_distance(given_history):
    days, counts = given_history
    times = networks.of_history(days, counts, None, FRACTIONS[1:])
    assert (np.diff(times, axis=1) >= 0).all() and (np.diff(times, axis=0) >= 0).all()
    at = networks.at(times, np.array([0.01, 0.05, 0.5, 0.95, 0.99]))
    assert np.allclose(np.log(at[1:4]), np.moveaxis(times[:, [0, 9, 18]], -1, 0)) and (np.diff(at, axis=0) >= 0).all()


def test_the_networks_are_averaged_in_log_time(monkeypatch):
    given = [lambda x, c=c: np.full((len(x), 19), c) for c in (0.0, 1.0, 5.0)]
    monkeypatch.setattr(networks, "load", lambda: given)
    found = networks.log_times(np.zeros((1, COUNT)), np.array([0.1]), np.array([0.5]))
    assert np.allclose(found, 2 + base_log_time(np.array(0.5), 0.1))


def test_intervals_are_spread_about_their_median(monkeypatch):
    monkeypatch.setattr(networks, "load", lambda: [lambda x: np.tile(np.arange(19.0), (len(x), 1))])
    found = networks.log_times(np.zeros((1, COUNT)), np.array([0.1]), np.array([0.5]))[0, 0] - base_log_time(np.array(0.5), 0.1)
    assert found == pytest.approx(9 + networks.SPREAD * np.arange(-9, 10)) and networks.SPREAD > 1


def test_the_farthest_target_speaks_for_itself(monkeypatch):
    by_fraction = [lambda x: np.where(x[:, COUNT + 1, None] > 0.3, 5.0, 1.0) * np.ones(19)]
    monkeypatch.setattr(networks, "load", lambda: by_fraction)
    features, hazard = np.zeros((1, COUNT)), np.array([0.1])
    alone, both = (networks.log_times(features, hazard, np.array(f))[0] for f in ([0.2], [0.4, 0.2]))
    assert np.allclose(both, alone) and np.allclose(alone, 1 + base_log_time(np.array(0.2), 0.1))


SHAPES = {
    "constant pace": np.arange(30.0, 9, -1),
    "constant share": 1000 * 0.9 ** np.arange(21),
    "hard core": 200 + 800 * 0.8 ** np.arange(21),
}


@pytest.mark.parametrize(("shape", "slope"), [("constant pace", 0.0), ("constant share", 1.0), ("hard core", 2.0)])
def test_a_history_shows_whether_its_pace_depends_on_those_left(shape, slope):
    counts = SHAPES[shape]
    features, _hazard = describe(np.arange(-20.0, 1), counts, None)
    found, error, correlation, straighter = features[-8:-4]
    if shape == "hard core":  # the pace is 0 at the 200 who stay: a line through that point
        left, pace = (counts[1:] + counts[:-1]) / 2, -np.diff(counts)
        slope = np.polyfit(left / left.mean(), pace / pace.mean(), 1)[0]
        assert slope > 1.5
    assert np.sinh(1.8 * found) / 3 == pytest.approx(slope, abs=2e-3)
    assert np.exp(error) - 0.02 == pytest.approx(0, abs=1e-3)
    assert correlation == pytest.approx(0 if shape == "constant pace" else 1, abs=1e-3)
    assert (straighter < -3) == (shape == "constant pace") and (straighter > 3) == (shape == "constant share")


def test_noise_makes_the_slope_uncertain():
    rng = np.random.default_rng(2)
    noisy = np.cumsum(rng.gamma(1, 1, 21))[::-1] + 40
    calm, wild = (describe(np.arange(-20.0, 1), counts, None)[0][-7] for counts in (np.arange(60.0, 39, -1), noisy))
    assert wild > calm + 2


def test_the_base_is_a_constant_share():
    assert np.exp(base_log_time(np.array([0.5]), 0.1))[0] == pytest.approx(np.log(2) / 0.1)
    assert describe_target(np.array([0.5, 0.0])).shape == (2, 5)


def test_a_forecast_is_what_the_scorer_expects():
    days, eligible, recorded = np.array([-14.0, -7.0, 0.0]), np.full(3, 1000.0), np.array([700.0, 800.0, 860.0])
    q = countdown.forecast(days, eligible, recorded, np.array([70.0, 6.0, 0.0]), horizon=50.0, rng=np.random.default_rng(0))
    assert q.shape == (3, 19) and not np.isnan(q).any() and (q >= 0).all()
    assert ((q <= 50) | np.isinf(q)).all() and (q[0] <= q[2]).all()
    assert 5 < q[0, 9] < 30


def test_many_areas_get_what_one_gets():
    rng = np.random.default_rng(5)
    days = np.arange(-9.0, 1.0) * 7
    remaining = np.round(900 * np.exp(-np.cumsum(rng.exponential(0.1, (6, 10)), axis=1))) + 5
    eligible = np.full((6, 10), 20_000.0)
    remaining[0, 3] = np.nan  # silent once
    remaining[1, :] = remaining[1, 0]  # does not fall
    remaining[2, -1] = 0
    q = project_many(days, remaining, eligible, [0.999, 1.0])
    assert np.isnan(q[1]).all() and (q[2] == 0).all()
    for i in (0, 3, 4, 5):
        seen = ~np.isnan(remaining[i])
        one = networks.forecast(days[seen], eligible[i][seen], (eligible - remaining)[i][seen], [20.0, 0.0], horizon=INF)
        reached = remaining[i, -1] <= 20
        assert np.allclose(q[i, 1], one[1], rtol=1e-3) and (reached or np.allclose(q[i, 0], one[0], rtol=1e-3))


def test_the_interval_score_by_hand():
    low, high = np.array([10.0, 10.0, 10.0]), np.array([20.0, 20.0, 20.0])
    assert interval_score(low, high, np.array([15.0, 8.0, 23.0]), 0.2) == pytest.approx([10, 10 + 10 * 2, 10 + 10 * 3])


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (12.0, (0.5 * 0 + 0.1 * 10) / 1.5),  # at the median: only the width counts
        (16.0, (0.5 * 4 + 0.1 * 10) / 1.5),  # inside, off the median: the distance counts, not the median itself
        (25.0, (0.5 * 13 + 0.1 * (10 + 10 * 5)) / 1.5),
    ],
)
def test_the_weighted_interval_score_by_hand(observed, expected):
    quantiles, levels = np.array([[10.0, 12.0, 20.0]]), np.array([0.1, 0.5, 0.9])
    assert weighted_interval_score(quantiles, levels, np.array([observed]))[0] == pytest.approx(expected)
    with pytest.raises(ValueError, match="symmetric"):
        weighted_interval_score(quantiles, np.array([0.1, 0.4, 0.9]), np.array([observed]))


def test_the_weighted_interval_score_is_the_mean_pinball_loss():
    rng = np.random.default_rng(1)
    levels = np.arange(5, 100, 5) / 100
    quantiles, seen = np.sort(rng.exponential(30, (50, 19)), axis=1), rng.exponential(30, 50)
    crps = capped_crps(quantiles, levels, seen, np.full(50, INF))
    assert weighted_interval_score(quantiles, levels, seen) == pytest.approx(crps)
    assert capped_crps(np.array([[5.0, 50.0, INF]]), np.array([0.25, 0.5, 0.75]), np.array([INF]), np.array([10.0]))[
        0
    ] == pytest.approx(2 * 0.25 * 5 / 3)


def test_the_constants_are_what_their_script_makes():
    with np.load(networks.CONSTANTS) as file:
        kept = {name: file[name] for name in file.files}
    assert np.allclose(make_constants.probe(), kept["probe"], rtol=1e-4, atol=1e-6)
    assert sum(name.startswith("mean") for name in kept) == make_constants.NETWORKS
    assert np.array_equal(make_constants.digest(kept), kept["digest"])
    kept["w00"] = kept["w00"] + np.float32(1e-6)
    assert not np.array_equal(make_constants.digest(kept), kept["digest"])
