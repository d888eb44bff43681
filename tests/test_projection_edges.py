"""Projections at the edge of each rule, and one step beside it, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri
from scipy.stats import kruskal

from ektp_analysis.core.area import Level, register
from ektp_analysis.core.contract import frame
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, render
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import history_of
from ektp_analysis.narrative.forecasts import newcomers_a_day
from ektp_analysis.projection import backtest, inflow, networks, steady
from ektp_analysis.projection.answers import by_risk, histories
from ektp_analysis.projection.features import COUNT, base_log_time, describe, describe_many, describe_target
from ektp_analysis.projection.history import Snapshots, breaks_in, find, last_breaks, read
from ektp_analysis.projection.outlook import campaign, falls
from ektp_analysis.projection.paths import Paths
from ektp_analysis.projection.result import (
    NOT_REACHED,
    Inputs,
    Inside,
    Projection,
    Question,
    Reason,
    all_seen_from,
    date_quantiles,
    seen_from,
    usual_gap,
)

CODE, LAST, COVERAGE = "75.05.03", date(2024, 6, 3), Target.parse("99.4")
KECAMATAN = list(register().codes(Level.KECAMATAN, "75.05"))
NAN, INF = float("nan"), float("inf")


def step(old: dict[str, float], new: dict[str, float], days: int = 0, share: bool = False) -> list[str]:
    """The kinds of the breaks of two snapshots, so many days apart."""

    def both(name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([old.get(name, NAN), new.get(name, NAN)])

    left, eligible = both("left"), both("eligible")
    seen = (LAST - timedelta(days), LAST)
    return [one.kind for one in find(Snapshots(seen, left, left, eligible, eligible, both("recorded"), ("", ""), share))]


FOUR_YEARS = 1461  # of the eligible 16 % may join


@pytest.mark.parametrize(
    ("old", "new", "days", "kinds"),
    [
        # four in a thousand of the eligible, and 15 % of the unrecorded
        ({"left": 100, "eligible": 10_000}, {"left": 100, "eligible": 9_960}, 0, []),
        ({"left": 100, "eligible": 10_000}, {"left": 100, "eligible": 9_959}, 0, ["eligible"]),
        ({"left": 1000, "eligible": 10_000}, {"left": 1000, "eligible": 9_850}, 0, []),
        ({"left": 1000, "eligible": 10_000}, {"left": 1000, "eligible": 9_849}, 0, ["eligible"]),
        ({"left": 100, "eligible": 10_000}, {"left": 100, "eligible": 11_640}, FOUR_YEARS, []),
        ({"left": 100, "eligible": 10_000}, {"left": 100, "eligible": 11_641}, FOUR_YEARS, ["eligible"]),
        ({"left": 100, "recorded": 9_000}, {"left": 100, "recorded": 8_964}, 0, []),
        ({"left": 100, "recorded": 9_000}, {"left": 100, "recorded": 8_963}, 0, ["recorded"]),
        ({"left": 1000, "recorded": 9_000}, {"left": 1000, "recorded": 8_850}, 0, []),
        ({"left": 1000, "recorded": 9_000}, {"left": 1000, "recorded": 8_849}, 0, ["recorded"]),
        # a quarter of the unrecorded, beside those who joined
        ({"left": 100, "eligible": 1000}, {"left": 125, "eligible": 1000}, 0, []),
        ({"left": 100, "eligible": 1000}, {"left": 126, "eligible": 1000}, 0, ["revision"]),
        ({"left": 100, "eligible": 1000}, {"left": 285, "eligible": 1000}, FOUR_YEARS, []),
        ({"left": 100, "eligible": 1000}, {"left": 286, "eligible": 1000}, FOUR_YEARS, ["revision"]),
        ({"left": 100}, {"left": 1725}, FOUR_YEARS, []),
        ({"left": 100}, {"left": 1726}, FOUR_YEARS, ["revision"]),
    ],
)
def test_a_step_is_a_break_beyond_its_bound(old: Any, new: Any, days: int, kinds: list[str]) -> None:
    assert step(old, new, days) == kinds


@pytest.mark.parametrize(("left", "kinds"), [(0.284, []), (0.286, ["revision"])])
def test_a_rise_of_a_share_is_measured_by_the_whole(left: float, kinds: list[str]) -> None:
    assert step({"left": 0.1}, {"left": left}, FOUR_YEARS, share=True) == kinds


def told(*counts: float | None, eligible: Any = 20_000, gap: int = 7, basis: str = "", printed: str = "") -> Any:
    sizes = np.broadcast_to(eligible, len(counts)).tolist()
    return frame(
        [
            {
                "area_code": CODE,
                "as_of_date": LAST - timedelta(days=gap * (len(counts) - 1 - i)),
                "unrecorded": count,
                "eligible": sizes[i],
                "basis": basis,
                "coverage_reported": printed,
            }
            for i, count in enumerate(counts)
        ]
    )


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_the_first_snapshots_are_a_history_of_their_own(n: int) -> None:
    rows = told(100, 90, 300, 280, 270, 260)  # a revision between the second and the third
    cut, alone = read(rows).first(n), read(rows.iloc[:n])
    assert cut.dates == alone.dates and cut.breaks == alone.breaks and len(cut.breaks) == (n > 2)
    for name in ("days", "low", "high", "eligible_low", "eligible_high", "printed"):
        assert np.array_equal(getattr(cut, name), getattr(alone, name), equal_nan=True), name


@pytest.mark.parametrize(
    ("counts", "fall"),
    [((2, 1), True), ((1, 1), False), ((1, 2), False), ((10, 5, 0), False), ((5,), False), ((3, 1, 2), True), ((0, 0), False)],
)
def test_there_is_a_pace_where_fewer_are_left_than_before_and_somebody_is(counts: tuple[int, ...], fall: bool) -> None:
    assert bool(falls(read(told(*counts)))) is fall


@pytest.mark.parametrize(
    ("counts", "kept"), [((9, 5, 1), 3), ((9, 5, 0), 2), ((9, 5, 0, 0, 0), 2), ((9, 0), None), ((0, 0), None), ((5, 5), None)]
)
def test_others_learn_from_a_campaign_until_its_end(counts: tuple[int, ...], kept: int | None) -> None:
    found = campaign(read(told(*counts)))
    assert (None if found is None else len(found.dates)) == kept


def said(
    *draws: float, horizon: int = 730, gap: int = 7, unit: str = "people", target: Target = ZERO, **inputs: Any
) -> Projection:
    """An answer of these draws, on three snapshots so many days apart."""
    dates = tuple(LAST - timedelta(days=gap * n) for n in (2, 1, 0))
    given = Inputs(dates, ((30, 30), (25, 25), inputs.pop("left", (20, 20))), unit, None, inputs.pop("allowed", (0, 0)), **inputs)
    days = np.array(draws, float)
    found = date_quantiles(days, LAST, horizon)
    return Projection(CODE, target, "list", LAST, horizon, found, given, "by hand", 0, draws=days)


@pytest.mark.parametrize(
    ("age", "passed", "answered"),
    [
        (100, 89, True),  # of a hundred outcomes, on old figures
        (100, 90, False),
        (30, 95, True),  # young figures
        (30, 100, False),
        (365, 0, True),
        (366, 0, False),
    ],
)
def test_where_a_date_would_be_idle(age: int, passed: int, answered: bool) -> None:
    found = seen_from(said(*[float(age)] * passed, *[700.0] * (100 - passed)), LAST + timedelta(age))
    assert found.answered is answered
    if answered:
        assert (found.draws > age).all() and len(found.draws) == 100


@pytest.mark.parametrize(("gap", "age", "old"), [(7, 30, None), (7, 31, 31), (10, 30, None), (20, 60, None), (20, 61, 61)])
def test_figures_are_old_after_three_gaps_and_a_month(gap: int, age: int, old: int | None) -> None:
    assert seen_from(said(*[700.0] * 20, gap=gap), LAST + timedelta(age)).old == old


def test_figures_without_a_day_are_not_called_old():
    answer = seen_from(said(*[700.0] * 20), LAST + timedelta(400))
    assert answer.old and replace(answer, origin=None).old is None and replace(answer, seen=None).old is None


def test_an_answer_is_as_it_was_until_a_day_has_passed() -> None:
    plain = said(*range(1, 21))
    assert seen_from(plain, LAST) is plain and seen_from(plain, None) is plain and seen_from(plain, LAST - timedelta(1)) is plain
    later = seen_from(plain, LAST + timedelta(1))
    assert later.since == LAST + timedelta(1) and sorted(later.draws) == [2, *range(2, 21)]
    assert usual_gap(plain.inputs) == 7 and usual_gap(replace(plain.inputs, dates=(LAST,))) == 0


@pytest.mark.parametrize(
    ("passed", "chance"), [(0, "less than 1 in 20"), (2, "less than 1 in 20"), (3, "1 in 20"), (52, "10 in 20"), (99, "19 in 20")]
)
def test_the_chance_of_an_arrival_that_nobody_told(passed: int, chance: str) -> None:
    found = seen_from(said(*[80.0] * passed, *[700.0] * (100 - passed), gap=30), LAST + timedelta(91))
    if found.answered:
        assert f"unreported, is {chance}." in render(found.notes[0], "en")


def test_chances_of_a_reason_and_beyond_the_horizon() -> None:
    found = said(1.0, 2.0, 3.0, INF, horizon=3)
    assert [found.probability_by(LAST + timedelta(n)) for n in (-1, 0, 1, 3, 4)] == [0, 0, 0.25, 0.75, 0.75]
    assert found.probability_never == 0.25 and found.day(3.0) == LAST + timedelta(3) and found.day(3.1) is NOT_REACHED
    there = replace(found, reason=Reason("already_reached", T("x"), LAST))
    assert there.probability_never == 0 and there.probability_by(LAST) == 1 and there.probability_by(LAST - timedelta(1)) is None
    assert replace(found, reason=Reason("too_few", T("x"))).probability_never is None


def test_nobody_is_told_to_join_where_nobody_knows() -> None:
    assert newcomers_a_day(said(1.0)) is None
    assert said(1.0).as_dict()["inputs"]["inflow_per_day"] == 0


def family(**children: Projection) -> Inside:
    codes = {f"75.05.0{number}": child for number, child in enumerate(children.values(), 1)}
    return Inside(said(1.0), codes, draws=4, origin=LAST)


def test_the_last_of_several_shares_what_never_ends() -> None:
    found = family(one=said(1, 2, INF, 9), other=said(2, 1, INF, 9))
    assert list(found.last().values()) == [0.5, 0.5]
    assert found.all_reached.tolist() == [2, 2, INF, 9]
    early = replace(said(5, 6, 7, 8), origin=LAST - timedelta(6))  # its own last figure is six days older
    assert family(one=early, other=said(0.5, 0.5, 0.5, 3)).all_reached.tolist() == [0.5, 0.5, 1, 3]
    there = replace(said(1, 1, 1, 1), reason=Reason("already_reached", T("x"), LAST))
    assert list(family(one=there, other=said(1, 2, 3, 4)).last().values()) == [0, 1]
    unknown = replace(there, reason=Reason("too_few", T("x")))
    assert np.isinf(family(one=unknown, other=said(1, 2, 3, 4)).all_reached).all()
    assert all_seen_from(found, LAST + timedelta(1)).whole.reason.code == "too_old"  # type: ignore[union-attr]


def test_the_areas_most_at_risk_stand_first_with_the_middle_of_what_is_left() -> None:
    found = by_risk(
        family(one=said(1, 2, 3, 4), other=said(5, 6, 7, 8, left=(10, 21)), third=said(9, 9, 9, 9, unit="share")),
        LAST + timedelta(5),
    )
    assert found["area_code"].tolist() == ["75.05.03", "75.05.02", "75.05.01"]
    assert found["unrecorded"].fillna(-1).tolist() == [-1, 16, 20]
    assert found["chance_by"].tolist() == [0, 0.25, 1] and found["chance_last"].tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("unit", "target", "allowed", "left"),
    [
        ("share", ZERO, None, 0),
        ("share", COVERAGE, None, 0.006),
        ("people", ZERO, None, 0),
        ("people", COVERAGE, (300, 401), 350.5),
    ],
)
def test_what_the_past_is_judged_against(unit: str, target: Target, allowed: Any, left: float) -> None:
    assert backtest._allowed(said(1.0, unit=unit, target=target, allowed=allowed)) == pytest.approx(left)


@pytest.mark.parametrize(
    ("counts", "allowed", "snapshots", "days"),
    [
        ((40, 30, 20), 0, 3, 14.0),
        ((40, 30, 20), 6, 3, 9.8),
        ((40, 30, 20), 21, 3, 0.0),
        ((90, 30, 20), 0, 2, 14.0),
        ((20, 20), 0, 2, INF),
        ((20, 21), 0, 2, INF),
        ((20,), 0, 2, INF),
    ],
)
def test_the_straight_line_beside_which_the_past_is_judged(counts: Any, allowed: float, snapshots: int, days: float) -> None:
    assert backtest._line(read(told(*counts)), allowed, snapshots) == pytest.approx(days)


@pytest.mark.parametrize(
    ("falls_by_day", "days"),
    [
        ([20] * 8 + [5, 5], 0.0),  # a quarter of the pace before is not quiet
        ([20] * 8 + [5, 4], 0.55),  # two days less 9 / 20 of one, beyond the usual gap of one
        ([20] * 3 + [0] * 7, 5.0),  # of seven tenths of the span and more the quarters tell
        ([20] * 4 + [0] * 6, 5.0),
        ([20] * 3 + [0] * 2 + [20] * 3 + [0] * 2, 0.0),  # as quiet as once before
        ([20] * 3 + [0] * 1 + [20] * 3 + [0] * 3, 2.0),
    ],
)
def test_a_quiet_end_in_days(falls_by_day: list[int], days: float) -> None:
    remaining = 100.0 + np.r_[np.cumsum(falls_by_day[::-1])[::-1], 0]
    found = steady._quiet_end(np.arange(-10.0, 1), remaining[None, :])
    assert found == pytest.approx(days)


@pytest.mark.parametrize(
    ("falls_by_week", "days"),
    [
        ([20] * 8 + [0], 4.0),  # a week less a weekend, however far apart the snapshots
        ([20] * 8 + [0, 0], 11.0),
        ([20] * 4 + [0] + [20] * 4 + [0, 0], 7.0),  # a week of nothing has been before
    ],
)
def test_a_quiet_end_in_weekly_figures(falls_by_week: list[int], days: float) -> None:
    remaining = 100.0 + np.r_[np.cumsum(falls_by_week[::-1])[::-1], 0]
    found = steady._quiet_end(-7.0 * np.arange(len(falls_by_week), -1, -1), remaining[None, :])
    assert found == pytest.approx(days)


@pytest.mark.parametrize(
    ("falls_by_week", "lost"),
    [
        ([20] * 20, 0.0),
        ([20] * 8 + [0] * 3 + [20] * 9, 21.0),
        ([20] * 8 + [0] + [20] * 11, 0.0),  # a week is not told from chance
        ([20] * 16 + [0] * 10 + [20] * 24, 70 / 3),  # ten weeks are a holiday no more, twelve none
        ([20] * 16 + [0] * 12 + [20] * 24, 0.0),
        ([0] * 3 + [20] * 17, 0.0),  # it had not begun
        ([20] * 17 + [0] * 3, 0.0),  # it has not ended
        ([20] * 13 + [0] * 4 + [20] * 3, 14.0),  # back for three quarters of the pause counts half
        ([20] * 14 + [0] * 4 + [20] * 2, 0.0),
        ([40] * 10 + [0] * 2 + [15, 15, 15, 8, 8, 8, 8, 8], 14 * (85 / (8 * 485 / 20) - 0.25) / 0.25),  # back at .44 of the pace
        ([20] * 5 + [0] * 3 + [20] * 4 + [0] * 3 + [20] * 5, 35.0),  # six weeks of twenty, of which five count
        ([20] * 5 + [0] * 2 + [20] * 4 + [0] * 3 + [20] * 6, 35.0),
        ([100] * 8 + [15] * 3 + [100] * 9, 3 * 7 * (0.25 - 15 / 87.25) / 0.15 * (21 * (0.25 - 15 / 87.25) / 0.15 - 7) / 7),
    ],
)
def test_pauses_that_have_ended_are_no_time_of_work(falls_by_week: list[int], lost: float) -> None:
    remaining = 100.0 + np.r_[np.cumsum(falls_by_week[::-1])[::-1], 0]
    gaps = np.full(len(falls_by_week), 7.0)
    found = steady._worked(gaps, np.stack([remaining, 100.0 + np.arange(len(remaining))[::-1]]))
    assert gaps.sum() - found[0].sum() == pytest.approx(lost)
    assert (found[1] == gaps).all() and (found >= 0).all()  # each history by itself


@pytest.mark.parametrize(
    ("falls_by_day", "lost"),
    [([3] * 56 + [0] * 21 + [3] * 63, 21.0), ([3] * 56 + [0] * 7 + [3] * 77, 0.0), ([3] * 56 + [1] * 21 + [3] * 63, 0.0)],
)
def test_a_pause_in_daily_figures_is_as_many_days(falls_by_day: list[int], lost: float) -> None:
    remaining = 100.0 + np.r_[np.cumsum(falls_by_day[::-1])[::-1], 0]
    found = steady._worked(np.ones(len(falls_by_day)), remaining[None, :])
    assert len(falls_by_day) - found.sum() == pytest.approx(lost)


@pytest.mark.parametrize(("value", "ramp"), [(3.0, 0), (4.0, 0), (5.0, 0.25), (8.0, 1), (9.0, 1)])
def test_a_weight_rises_between_two_numbers(value: float, ramp: float) -> None:
    assert steady._ramp(value, 4, 8) == ramp


def test_days_are_never_without_end_as_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "load", lambda: [lambda x: np.full((len(x), 19), 900.0)])
    found = networks.log_times(np.zeros((1, COUNT)), np.array([0.1]), np.array([0.5, 0.0]))
    assert np.isfinite(np.exp(found)).all() and np.exp(found).min() > 1e9


@pytest.mark.parametrize(
    ("level", "area", "count"),
    [(Level.KECAMATAN, "75.05", 1), (Level.KABUPATEN, "75", 2), (Level.KABUPATEN, "ID", 3), (Level.DESA, "75.05", 0)],
)
def test_how_many_histories_a_map_rests_on(level: Level, area: str, count: int) -> None:
    rolled = pd.DataFrame({"area_code": ["75.05.03", "75.05.03", "75.05", "75", "76.01"], "level": [3, 3, 2, 1, 2]})
    assert histories(rolled, area, level) == count


@pytest.mark.parametrize(
    ("days", "eligible", "meaning"),
    # about 2 newcomers a day where 36,500 are eligible; 5 of them and more leave little doubt: ln 2 of 5 is 3.5
    [(1, 36_500, "eligible"), (2, 36_500, "list"), (17, 3_650, "eligible"), (18, 3_650, "list")],
)
def test_from_how_many_missing_newcomers_on_a_list_is_taken_for_closed(days: int, eligible: int, meaning: str) -> None:
    assert inflow.meaning_of(read(told(100, 90, eligible=eligible, gap=days))) == meaning


def test_a_draw_hits_on_its_line_and_not_before() -> None:
    line = Paths(100.0, np.array([1.0, 0.5, 0.0]), np.array([[0.0, 10.0, 40.0], [0.0, 5.0, INF]]))
    for left, days in ((101, (0, 0)), (100, (0, 0)), (75, (5, 2.5)), (50, (10, 5)), (25, (25, INF)), (0, (40, INF))):
        assert line.hitting(left).tolist() == pytest.approx(list(days))
    for day, left in ((0, (100, 100)), (5, (75, 50)), (10, (50, 50)), (25, (25, 50)), (40, (0, 50)), (99, (0, 50))):
        assert line.left(np.full(2, float(day))).tolist() == pytest.approx(list(left))
        assert line.remaining(day)[:, 0].tolist() == pytest.approx(list(left))


# Histories at the ends of what there is, and what their features were when the networks were trained: (days, unrecorded,
# eligible), then the features weighted by cosines, the sum of their sizes, and the hazard a day.
TRAINED: list[tuple[list[int], list[int], list[int] | None, float, float, float]] = [
    ([-40, -30, -20, -10, 0], [50, 40, 30, 20, 10], [100] * 5, 6.57704, 63.16627, 0.0466698),
    ([-40, -30, -20, -10, 0], [10, 10, 10, 10, 10], [100] * 5, 10.3105, 42.09563, 0.0005),
    ([-40, -30, -20, -10, 0], [10, 12, 14, 20, 30], [100] * 5, -21.50338, 106.49975, 0.0005),
    ([-40, -30, -20, -10, 0], [900, 900, 900, 2, 2], [1000] * 5, -4.81776, 42.3372, 0.1578222),
    ([-90, -60, -31, -1, 0], [900, 500, 300, 300, 300], [5000, 5100, 5200, 5300, 5400], 7.71394, 40.77904, 0.0092311),
    ([-1, 0], [30, 20], [60, 60], 9.07689, 51.19189, 0.4054651),
    ([-70, -50, -20, 0], [80, 20, 60, 40], [90, 20, 60, 40], 0.35838, 48.02194, 0.0077332),
    ([-70, -50, -20, 0], [80, 60, 50, 45], None, 9.86291, 42.06177, 0.0072478),
    ([-40, -30, -20, -10, 0], [10, 50, 40, 30, 20], [100] * 5, -13.40513, 83.04858, 0.010771),
    ([-40, -30, -20, -10, 0], [20, 20, 20, 20, 10], [10] * 5, -3.21034, 43.89984, 0.0271483),
    ([-40, -30, -20, -10, 0], [50, 40, 30, 120, 20], [1000] * 5, -11.01, 52.19975, 0.0434117),  # more fell at once than in all
    ([-300, -200, -100, 0], [500_000, 9_000, 50, 1], [600_000, 600_000, 600_000, 900_000], 2.2255, 111.00519, 0.0431193),
    ([-40, -30, -20, -10, 0], [0, 30, 20, 20, 10], [100] * 5, -12.83532, 134.17692, 0.0005),  # it began with nobody
    ([-300, -200, -100, 0], [500_000, 9_000, 50, 1], [900_000, 900_000, 600_000, 600_000], -13.18212, 111.41066, 0.0431193),
]


@pytest.mark.parametrize(("days", "left", "eligible", "weighted", "size", "hazard"), TRAINED)
def test_the_features_are_those_that_the_networks_were_trained_on(
    days: list[int], left: list[int], eligible: list[int] | None, weighted: float, size: float, hazard: float
) -> None:
    listed = None if eligible is None else np.array([eligible], float)
    features, per_day = describe_many(np.array(days, float), np.array([left], float), listed)
    found = features[0] @ np.cos(np.arange(COUNT)), np.abs(features[0]).sum(), per_day[0]
    assert found == pytest.approx((weighted, size, hazard), rel=1e-4, abs=1e-4 * hazard)
    alone, its = describe(np.array(days, float), np.array(left, float), None if listed is None else listed[0])
    assert (alone == features[0]).all() and its == per_day[0]


def test_what_the_networks_are_told_of_a_target() -> None:
    found = describe_target(np.array([0.0, 0.01, 0.02, 0.5, 0.999]))
    logs = np.log([0.01, 0.01, 0.02, 0.5, 0.999])
    kept = np.array([0.005, 0.01, 0.02, 0.5, 0.995])
    assert (
        pytest.approx(np.array([logs, [0, 0.01, 0.02, 0.5, 0.999], [1, 0, 0, 0, 0], [1, 1, 0, 0, 0], np.log(-np.log(kept))]))
        == found.T
    )
    base = base_log_time(np.array([0.0, 0.5, 0.999]), 0.1)
    assert np.exp(base) == pytest.approx(-np.log([0.01, 0.5, 0.995]) / 0.1)


@pytest.mark.parametrize(
    ("share", "snapshots", "later", "narrower"),
    [
        (0.2, 20, 0, 1),
        (0.2, 25, 0.1, np.exp(-0.15)),
        (0.2, 40, 0.4, np.exp(-0.6)),
        (0.2, 41, 0.4, np.exp(-0.6)),
        (0.4, 40, 0.8, np.exp(-1.2)),
        (0.5, 40, 0.8, np.exp(-1.2)),
        (-0.1, 40, 0, 1),
    ],
)
def test_how_much_the_share_left_moves_the_days(share: float, snapshots: int, later: float, narrower: float) -> None:
    own = np.linspace(4, 8, 19)[None, None, :]
    found = networks.recalibrated(own, np.array([share]), snapshots)[0, 0]
    assert found[9] - 6 == pytest.approx(later) and (found[-1] - found[0]) / 4 == pytest.approx(narrower)
    assert networks.recalibrated(own + 900, np.array([share]), snapshots).max() < 900


@pytest.mark.parametrize(("counts", "kept"), [(59, 59), (60, 60), (61, 60), (400, 60)])
def test_so_many_snapshots_are_looked_at(counts: int, kept: int) -> None:
    days = -np.arange(counts - 1.0, -1, -1)
    found = networks.thinned(days, days[None, :], days[None, :])
    assert [part.shape[-1] for part in found if part is not None] == [kept] * 3
    assert (found[0][0], found[0][-1]) == (days[0], 0) and np.array_equal(found[1][0], found[0])


def test_chances_between_and_beyond_the_levels() -> None:
    scores = networks._SCORES[None, :]  # log days that are the normal scores themselves
    chances = np.array([0.01, 0.05, 0.07, 0.5, 0.93, 0.95, 0.99])
    assert np.log(networks.at(scores, chances))[:, 0] == pytest.approx(ndtri(chances))


def daily(days: int, even: int = 0) -> Any:
    """So many days that end on Monday, 3 June 2024; nobody is recorded at weekends but on the first so many days."""
    falls = [10 if n >= days - even or (LAST - timedelta(n)).weekday() < 5 else 0 for n in range(days)]
    return read(told(*(100 + sum(falls[: days - i]) for i in range(days + 1)), eligible=90_000, gap=1))


def test_a_rhythm_of_the_week_shows_in_four_weeks_and_counts_the_last_twelve() -> None:
    assert inflow.week(daily(27)) is None and inflow.week(daily(28, even=28)) is None
    four = inflow.week(daily(28))
    assert four is not None and four.sum() == pytest.approx(7) and four.argmin() in (5, 6)
    for found, weeks in ((four, 4), (inflow.week(daily(84)), 12), (inflow.week(daily(140, even=56)), 12)):
        open_, shut = (weeks * 7 / 5 + 1) / (weeks + 1), 1 / (weeks + 1)  # one even week is added to what was seen
        whole = np.array([open_] * 5 + [shut] * 2)
        assert found == pytest.approx(whole * 7 / whole.sum())
    assert inflow.week(daily(140, even=140)) is None


@pytest.mark.parametrize("weeks", [4, 12])
def test_a_rhythm_is_as_sure_as_the_rank_test_says_with_its_many_ties(weeks: int) -> None:
    which = np.arange(weeks * 7) % 7
    falls = np.array([5, 6, 5, 7, 6, 4, 4] * weeks) + np.arange(weeks * 7) % 3  # few numbers, each often
    assert inflow._alike(falls * 1.0, which) == pytest.approx(
        kruskal(*(falls[which == day] for day in range(7))).pvalue, rel=1e-9
    )


def test_only_late_breaks_are_looked_for_and_they_are_those_of_the_history() -> None:
    def area(place: int, *left: int, basis: tuple[str, str] = ("DKB 2023-1",) * 2, eligible: int = 1000) -> list[dict[str, Any]]:
        return [
            {
                "area_code": KECAMATAN[place],
                "as_of_date": date(2023, 6, 20) - timedelta(7 * back),
                "eligible": eligible if back >= 2 else 1000,
                "unrecorded": n,
                "basis": basis[back < 2],
            }
            for back, n in enumerate(reversed(left))
        ]

    figures = frame(
        [
            *area(0, 100, 90, 80, 70, 60, 50),
            *area(1, 100, 90, 80, 70, 60, 50, basis=("DKB 2023-1", "dinamis")),
            *area(2, 100, 90, 80, 180, 170, 160),  # a revision three weeks ago
            *area(3, 100, 90, 80, 91, 81, 71),  # a rise that is none
            *area(4, 100, 90, 80, 70, 60, 50, eligible=900),
            *({**row, "eligible": None} for row in area(5, 100, 90, 80, 70, 170, 160)),
        ]
    )
    rolled = roll_up(figures, "75.05")
    told_of = {code: breaks_in(history_of(rolled, code)) for code in KECAMATAN[:6]}
    everything = {code: found[-1].on for code, found in told_of.items() if found}
    assert last_breaks(rolled, Level.KECAMATAN, date(2023, 6, 20), 28) == everything
    assert [KECAMATAN.index(code) for code in everything] == [1, 2, 4, 5]
    lately = last_breaks(rolled, Level.KECAMATAN, date(2023, 6, 20), 14)
    assert [KECAMATAN.index(code) for code in lately] == [1, 4, 5], "two weeks ago a revision was there already"


def test_a_horizon_is_a_day_or_more() -> None:
    assert Question(ZERO, horizon_days=1).horizon_days == 1
    with pytest.raises(ValueError, match="at least one day"):
        Question(ZERO, horizon_days=0)
