"""The projection's face: the sample of June 2023, the reasons for no answer, and what must hold for any history."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ektp_analysis.core.contract import frame
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.projection.result import LEVELS, NOT_REACHED, Projection, date_quantiles
from tests.breadth import examples
from tests.projecting import project

JUNE = [("2023-06-14", 862, ""), ("2023-06-19", 650, "99.30"), ("2023-06-20", 554, "99.40")]
NATIONAL = Target.parse("99.4")
ELECTION = date(2024, 2, 14)


def history(*rows, area="75.05", **more):
    return frame(
        [
            {"area_code": area, "as_of_date": day, "unrecorded": count, "coverage_reported": printed or None, **more}
            for day, count, printed in rows
        ]
    )


def falling(counts, *, step=7, eligible=100_000):
    days = [date(2023, 1, 2) + timedelta(days=step * i) for i in range(len(counts))]
    return frame(
        [
            {"area_code": "75.05.03", "as_of_date": day.isoformat(), "eligible": eligible, "unrecorded": int(count)}
            for day, count in zip(days, counts, strict=True)
        ]
    )


def position(day):
    return float("inf") if day is NOT_REACHED else day.toordinal()


def test_june_2023_has_reached_the_national_target_on_the_20th():
    answer = project(history(*JUNE), NATIONAL)
    assert answer.reason is not None
    assert (answer.reason.code, answer.reason.on) == ("already_reached", date(2023, 6, 20))
    assert answer.probability_by(ELECTION) == 1.0 and answer.probability_never == 0.0 and answer.quantiles == {}


def test_june_2023_is_wide_for_zero():
    answer = project(history(*JUNE), ZERO)
    assert answer.inputs.eligible == (92_199, 93_109)
    december, february = answer.probability_by(date(2023, 12, 31)), answer.probability_by(ELECTION)
    assert 0.05 < december <= february < 0.95
    assert 0.005 < answer.probability_never < 0.8
    days = [position(answer.quantiles[level]) for level in LEVELS]
    assert days == sorted(days)
    assert days[-2] - days[1] > 60


@pytest.mark.parametrize(
    ("rows", "target", "code"),
    [
        ([], ZERO, "no_figures"),
        (JUNE[:1], ZERO, "too_few"),
        ([("2023-06-14", 500, ""), ("2023-06-20", 510, "")], ZERO, "not_falling"),
        ([("2023-06-14", 862, ""), ("2023-06-19", 650, "")], NATIONAL, "unknown_eligible"),
        ([*JUNE, ("2023-06-27", 1900, "")], ZERO, "basis_break"),
        ([*JUNE, ("2023-06-27", 0, "")], ZERO, "already_reached"),
    ],
)
def test_where_nothing_can_be_said_the_reason_stands(rows, target, code):
    answer = project(history(*rows), target)
    assert answer.reason is not None and answer.reason.code == code
    assert not answer.answered and answer.dots() == () and answer.fan().empty


def test_above_a_hundred_per_cent_nothing_is_known():
    rows = frame([{"area_code": "75.05", "as_of_date": f"2017-0{m}-01", "eligible": 100, "recorded": 104} for m in (1, 2)])
    assert project(rows, ZERO).reason.code == "above_hundred"
    printed = frame([{"area_code": "75.05", "as_of_date": "2017-12-31", "coverage_reported": "103.94"}])
    assert project(printed, ZERO).reason.code == "above_hundred"
    counted = printed.assign(unrecorded=6000).astype({"unrecorded": "Int64"})
    assert project(counted, ZERO).reason.code == "too_few"


def test_two_snapshots_give_a_wider_answer_than_six():
    def width(rows):
        answer = project(rows, Target.parse("99.9"), meaning="list")
        ordered = np.sort(np.log(np.maximum(answer.draws, 1e-3)))
        return ordered[int(0.75 * len(ordered))] - ordered[int(0.25 * len(ordered))]

    counts = 1000 * 0.8 ** np.arange(6)
    assert width(falling(counts[-2:])) > width(falling(counts))


def test_a_percentage_alone_is_projected_by_share():
    rows = [
        {"area_code": "75.05", "as_of_date": f"2023-0{m}-01", "coverage_reported": printed}
        for m, printed in ((1, "97.10"), (2, "97.90"), (3, "98.40"))
    ]
    answer = project(frame(rows), NATIONAL)
    assert answer.answered and answer.inputs.unit == "share" and answer.inputs.eligible is None
    assert answer.inputs.unrecorded[0] == pytest.approx((0.02895, 0.02905))


def test_the_past_replays_bit_for_bit():
    whole = history(*JUNE)
    then = project(whole, ZERO, origin=date(2023, 6, 19))
    assert then.to_json(by=[ELECTION]) == project(whole.iloc[:2], ZERO).to_json(by=[ELECTION])
    assert then.origin == date(2023, 6, 19)


def test_fan_and_dates_come_from_the_same_draws():
    answer = project(falling(1000 * 0.8 ** np.arange(6)), Target.parse("99.9"))
    for level in (25, 50):
        day = answer.quantiles[level]
        days = (day - answer.origin).days
        allowed = 100 + 0.001 * answer.inputs.inflow_per_day * days  # of more eligible, more may be missing
        fan = answer.fan([days], levels=(100 - level, level))
        assert fan[f"q{level:02d}"].item() <= allowed + 1e-9 or answer.probability_by(day) >= level / 100
        assert answer.probability_by(day) == pytest.approx((answer.paths.remaining([days]) <= allowed + 1e-9).mean(), abs=0.01)


series = st.lists(st.floats(0.05, 0.6), min_size=2, max_size=8).map(lambda falls: 1e4 * np.cumprod(1 - np.array(falls)))


@examples(8, 25)
@given(series, st.integers(2, 9), st.integers(0, 5))
def test_what_holds_for_any_falling_history(counts, times, seed):
    counts = np.maximum(np.round(counts), 2)
    if counts[-1] >= counts[0]:
        return
    rows = falling(counts)
    answer = project(rows, ZERO, seed=seed)
    assert answer.answered
    # order of rows changes nothing
    assert project(rows.iloc[::-1], ZERO, seed=seed).to_json() == answer.to_json()
    # scaling all counts scales nothing in time, where newcomers, of whom more show, do not matter
    scaled, listed = (project(falling(counts * k, eligible=100_000 * k), ZERO, meaning="list", seed=seed) for k in (times, 1))
    assert np.allclose(scaled.draws, listed.draws)
    # more horizon never less probability
    assert project(rows, ZERO, seed=seed, horizon_days=900).probability_never <= answer.probability_never
    # a later target is never earlier
    easier = project(rows, Target.parse("99.999"), seed=seed)
    if easier.answered:
        assert (easier.draws <= answer.draws + 1e-9).all()


def drawn(*days, horizon=10):
    origin, draws = date(2023, 6, 20), np.array(days)
    return Projection(
        "75.05",
        ZERO,
        "list",
        origin,
        horizon,
        date_quantiles(draws, origin, horizon),
        project(history(*JUNE), ZERO).inputs,
        "by hand",
        0,
        None,
        (),
        draws,
    )


def test_dates_and_chances_by_hand():
    answer = drawn(7.5, 1.2, 50.0, 3.0)
    after = [date(2023, 6, 20) + timedelta(days=n) for n in range(100)]
    assert answer.dots(4) == (after[2], after[3], after[8], NOT_REACHED)
    assert [answer.probability_by(after[n]) for n in (0, 1, 2, 3, 8, 99)] == [0, 0, 0.25, 0.5, 0.75, 0.75]
    assert answer.probability_by(date(2023, 6, 19)) == 0 and answer.probability_never == 0.25
    assert answer.quantiles[5] == after[2] and answer.quantiles[50] == after[3] and answer.quantiles[95] is NOT_REACHED
    assert answer.day(3.0) == after[3] and answer.day(3.2) == after[4] and answer.day(10.5) is NOT_REACHED


def test_a_coverage_target_allows_more_as_the_eligible_grow():
    snapshots = [date(2023, 1, 2) + timedelta(days=14 * i) for i in range(8)]
    rows = frame(
        [
            {"area_code": "75.05.03", "as_of_date": day.isoformat(), "eligible": 10_000 + 50 * i, "unrecorded": 4000 - 200 * i}
            for i, day in enumerate(snapshots)
        ]
    )
    still, growing = (project(rows, Target.parse("90"), inflow_per_day=inflow) for inflow in (0, 4))
    assert (growing.draws <= still.draws).all() and growing.median < still.median
    # on the day itself as many remain as are allowed then: 10 % of 10,350 and 0.4 more a day
    there = np.flatnonzero(growing.draws < 700)
    days, place = np.unique(growing.draws[there], return_inverse=True)
    left = growing.paths.remaining(days)[there, place]
    assert left == pytest.approx(1035 + 0.4 * growing.draws[there], abs=0.5)


def test_the_fan_is_calm_where_newcomers_join():
    found = project(history(*JUNE), ZERO, meaning="eligible")
    fan = found.fan(range(1, 120))
    assert fan["days"].tolist() == [*range(1, 120)]
    edge = fan["q95"].to_numpy()
    steps = -np.diff(edge)
    assert steps.min() >= -1e-9  # it never rises again
    assert steps.max() < 0.08 * 554  # and does not break off: it once lost a sixth of all from one day to the next
    # a draw that reaches less was not held at today's count on the way
    assert found.paths is not None
    first, half = found.paths.hitting(550), found.paths.hitting(277)
    assert (first[np.isfinite(half)] < half[np.isfinite(half)]).all()
