"""What is read from the steps of a history, by hand: how steady its pace is, and whether it has stalled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, kruskal

from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.projection import inflow, reasons, steady
from ektp_analysis.projection.backtest import Backtest, Said, Verdict, look_back
from ektp_analysis.projection.history import read
from ektp_analysis.projection.outlook import Outlook, learnable
from ektp_analysis.projection.paths import Paths
from ektp_analysis.projection.reasons import line_days, median_days, median_pace, stalled_at
from ektp_analysis.projection.result import NOT_REACHED
from ektp_analysis.projection.single import allowed_of, hitting
from tests.test_projection_edges import INF, LAST, said, told

WEEKS = -np.arange(19.0, -1, -1) * 7
LINE = 400 + 20 * np.arange(19.0, -1, -1)
WAVES, BENT = LINE + 12 * np.sin(np.arange(20.0)), 30 * np.linspace(-1, 1, 20) ** 2

# Histories about which one may differ, and (weight, relative error of the pace) of a steady campaign as they were when its
# numbers were chosen: (days, unrecorded, eligible).
MEASURED: dict[str, tuple[Any, Any, float | None, float, float]] = {
    "a line": (WEEKS, LINE, 9000, 0.89791, 0.0),
    "waves about it": (WEEKS, WAVES, 9000, 0.876502, 0.056901),
    "slowing down": (WEEKS, LINE + BENT, 9000, 0.414364, 0.080903),
    "slowing down more": (WEEKS, WAVES + 2 * BENT, 9000, 0.069291, 0.174452),
    "speeding up": (WEEKS, WAVES - 2 * BENT, 9000, 0.707572, 0.17001),
    "a third was left": (WEEKS, WAVES, 2300, 0.533523, 0.056901),
    "nobody knows of how many": (WEEKS, WAVES, None, 0.876502, 0.056901),
    "six snapshots": (WEEKS[-6:], WAVES[-6:], 9000, 0.084106, 0.177368),
    "five weeks": (WEEKS / 3.8, WAVES, 9000, 0.438251, 0.056901),
    "a quiet end": (WEEKS, np.r_[WAVES[:17], np.full(3, LINE[16])], 9000, 0.061941, 0.15486),
    "a slow end": (WEEKS, np.r_[LINE[:16], LINE[16] - np.arange(4) * 3], 9000, 0.088896, 0.126908),
    "a holiday of three weeks": (WEEKS, np.r_[LINE[3:10], np.full(3, LINE[9]), LINE[10:]], 9000, 0.89791, 0.137388),
    "little is left, and nothing is done": (
        -30 * np.arange(11.0, -1, -1),
        np.r_[60 + 100 * np.arange(10.0, -1, -1), 59],
        9000,
        0.208695,
        0.09213,
    ),
    "much is left, and nothing is done": (
        -30 * np.arange(11.0, -1, -1),
        np.r_[960 + 100 * np.arange(10.0, -1, -1), 959],
        9000,
        0.174294,
        0.09213,
    ),
    "two are left": (WEEKS, np.r_[LINE[:18] - 438, 2, 2], 9000, 0.163606, 0.104110),
    "uneven gaps": (
        [-133, -120, -90, -80, -77, -50, -30, -20, -10, 0],
        [780, 700, 560, 520, 500, 400, 330, 300, 250, 210],
        3000,
        0.802146,
        0.081963,
    ),
}


@pytest.mark.parametrize("name", MEASURED)
def test_the_weight_of_a_steady_pace(name: str) -> None:
    days, left, eligible, weight, off = MEASURED[name]
    listed = None if eligible is None else np.full((1, len(left)), float(eligible))
    found = [float(one[0]) for one in steady.evidence(np.array(days, float), np.array([left], float), listed)]
    assert found == pytest.approx([weight, (left[0] - left[-1]) / -days[0], off], rel=1e-4, abs=1e-6)


def test_a_normal_beside_quantiles_far_from_it() -> None:
    levels = np.arange(5, 100, 5) / 100
    for weight, chosen in ((0.999, 3.0), (0.6, 3.0), (0.4, 9.0), (0.001, 9.0)):
        own = np.full((1, 1, 19), 9.0) + np.linspace(-0.01, 0.01, 19)
        found = steady.pooled(own, levels, np.array([[3.0]]), np.array([[0.01]]), np.array([weight]), 40.0)[0, 0]
        assert found[9] == pytest.approx(chosen, abs=0.05)
        assert (np.diff(found) >= 0).all() and np.sum(found < 6) == pytest.approx(np.sum(levels < weight), abs=1)


def test_the_last_tenth_and_what_lies_far_ahead_by_hand() -> None:
    fractions = np.array([0.2, 0.1, 0.05, 0.0])
    mean, spread = steady.log_days(fractions, np.array([100.0]), 50.0, np.array([2.0]), np.array([0.0]))
    assert np.exp(mean[0]) == pytest.approx([40, 45, 50, 55])  # fifty days on the line, and as long again from a tenth on
    far = steady.log_days(fractions, np.array([100.0]), 5.0, np.array([2.0]), np.array([0.0]))[1][0]
    assert far[0] == pytest.approx(far[1]) and far[0] > spread[0, 0]  # more than four spans ahead are as four
    assert far[0] ** 2 - spread[0, 0] ** 2 == pytest.approx(steady.DRIFT**2 * (4 - 0.8))


def misfit(falls: list[float], gaps: list[float] | None = None, *terms: list[float]) -> float:
    wide = np.array([1.0] * len(falls) if gaps is None else gaps)
    return reasons._misfit(wide, np.array(falls, float), np.array([np.ones(len(falls)), *terms]).T)


def test_how_far_steps_are_from_a_pace_by_hand() -> None:
    assert misfit([3, 3, 3]) == pytest.approx(0, abs=1e-6) and misfit([0, 0]) == 0
    assert misfit([2, 4]) == pytest.approx(2 * (2 * np.log(2 / 3) + 4 * np.log(4 / 3)))
    assert misfit([0, 4]) == pytest.approx(8 * np.log(2), rel=1e-4)
    assert misfit([3, 6, 9], [1, 2, 3]) == pytest.approx(0, abs=1e-6)
    assert misfit([2, 4, 8, 16], None, [0, 1, 2, 3]) == pytest.approx(0, abs=1e-4)  # its logarithm is a line in time
    assert misfit([2, 4, 8, 30], None, [0, 1, 2, 3]) > 0.5


def series(*left: float, days: Any = None) -> reasons._Series:
    at = -np.arange(len(left) - 1.0, -1, -1) if days is None else np.array(days, float)
    return reasons._Series(at, np.array(left, float))


def test_the_steps_of_a_series() -> None:
    gaps, falls, time = series(20, 14, 15, 10, days=[-8, -4, -2, 0]).steps
    assert gaps.tolist() == [4, 2, 2] and falls.tolist() == [6, 0, 5] and time.tolist() == pytest.approx([-0.5, 0.25, 0.75])
    one = series(20, 14, 15, 10, days=[-8, -4, -2, 0])
    assert one.fall(-8, 0) == 10 and one.fall(-6, -1) == pytest.approx(17 - 12.5)
    assert reasons._scatter(series(9, 7, 5, 3), 3) == 0 and reasons._scatter(series(9, 8, 5), 2) == pytest.approx(0.5)
    assert reasons._scatter(series(9, 8, 5, 0), 2) == pytest.approx(0.5)  # what comes after is not looked at
    assert reasons._scatter(series(9, 7, 1, days=[-4, -3, 0]), 2) == 0
    assert reasons._scatter(series(9, 8, 2, days=[-4, -3, 0]), 2) == pytest.approx(1 / (1 / 3 + 1) / (7 / 4) ** 2)
    drop, smooth = series(50, 40, 30, 20, 10, 9, 8, 7), series(100, 60, 40, 30, 25, 22.5)
    assert reasons._dropping(drop, 4) == pytest.approx(0, abs=1e-3) and reasons._dropping(drop, 2) > 1
    assert reasons._smooth(smooth) == pytest.approx(0, abs=1e-2) and reasons._smooth(drop) > 0.1


def stalled(*weekly: float, start: float = 2000, gap: float = 7, wide: float = 0, people: bool = True) -> float | None:
    left = start - np.r_[0, np.cumsum(weekly)]
    days = -np.arange(len(left) - 1.0, -1, -1) * gap
    at = stalled_at(days, left - wide, left + wide, people=people)
    return None if at is None else -float(days[at])


@pytest.mark.parametrize(
    ("weekly", "how", "days"),
    [
        ([50] * 20 + [0, 0], {}, 14),
        ([50] * 20 + [0, 0], {"gap": 6.9}, None),  # less than two weeks
        ([50] * 20 + [0], {"gap": 14}, None),  # one step
        ([50] * 3 + [0, 0], {}, None),  # five steps are too few
        ([50] * 4 + [0, 0], {}, 14),
        ([50] * 4 + [0, 0, 0], {}, 21),
        ([50] * 5 + [0, 0], {}, 14),
        ([50] * 4 + [0] * 4, {"gap": 6.9}, None),  # the pace before has less than four weeks
        ([50] * 5 + [0] * 4, {"gap": 6.9}, 4 * 6.9),
        ([60] * 20 + [19] * 4, {}, 28),
        ([60] * 20 + [20] * 4, {}, None),  # a third is no stall
        ([50] * 10 + [0, 0, 0] + [50] * 10 + [0, 0, 0], {}, None),  # as quiet as once before
        ([50] * 10 + [0, 0, 0] + [50] * 10 + [0, 0, 0, 0], {}, 28),
        ([0, 0, 0] + [50] * 20 + [0, 0, 0], {}, None),  # at the very beginning
        ([50] * 20 + [0, 0, 0, 0, 50], {}, None),  # it has resumed
        ([5] * 20 + [0, 0], {}, 14),
        ([3] * 20 + [0, 0], {}, None),  # so few may be chance
        ([3] * 20 + [0, 0], {"people": False}, 14),
        ([10, 90] * 10 + [0, 0], {}, None),  # the steps are as uneven
        ([200 * 0.8**n for n in range(20)], {}, None),  # it slows down smoothly
        ([50] * 20 + [0, 0], {"wide": 30}, None),
        ([50] * 20 + [0, 0], {"wide": 10}, 14),
        ([0] * 20 + [0, 0], {}, None),
        ([-50] * 20 + [0, 0], {}, None),
    ],
)
def test_where_a_stall_begins(weekly: list[float], how: Any, days: float | None) -> None:
    assert stalled(*weekly, **how) == (None if days is None else pytest.approx(days))


@pytest.mark.parametrize(
    ("falls", "stalls"), [([0, 0] + [50] * 6 + [0, 0], False), ([0] + [50] * 7 + [0, 0], True), ([50] * 7 + [0, 50, 0, 0], True)]
)
def test_a_quiet_beginning_counts_as_one_before(falls: list[int], stalls: bool) -> None:
    made = series(*(500 - np.r_[0, np.cumsum(falls)]), days=-np.arange(len(falls), -1, -1) * 7.0)
    assert reasons._stalls(made, len(falls) - 2, 0.0, False) is stalls


@pytest.mark.parametrize(
    ("per_day", "left", "allowed", "age", "days"),
    [
        (2.0, (20, 20), (0, 0), None, 10),
        (2.0, (20, 24), (0, 0), None, 11),
        (2.0, (20, 20), (4, 8), None, 7),
        (2.0, (20, 20), (20, 20), None, None),
        (2.0, (20, 20), (19, 19), None, 0.5),
        (2.0, (20, 20), None, None, None),
        (0.0, (20, 20), (0, 0), None, None),
        (-1.0, (20, 20), (0, 0), None, None),
        (None, (20, 20), (0, 0), None, None),
        (2.0, (20, 20), (0, 0), 9, 10),
        (2.0, (20, 20), (0, 0), 10, None),  # the line's day has passed
    ],
)
def test_the_days_of_the_straight_line(per_day: Any, left: Any, allowed: Any, age: int | None, days: float | None) -> None:
    found = said(5.0, left=left, allowed=allowed)
    found = found if age is None else replace(found, seen=LAST + timedelta(age))
    assert line_days(found, per_day) == days
    assert line_days(replace(found, inputs=replace(found.inputs, unit="share")), per_day) is None


def test_the_pace_of_the_median() -> None:
    found = said(*[4.0] * 10, *[8.0] * 10)
    assert (median_days(found), median_pace(found)) == (4, 5.0)
    assert median_days(said(*[0.0] * 20)) is None and median_days(said(*[INF] * 20)) is None
    assert said(*[INF] * 20).median is NOT_REACHED


@pytest.mark.parametrize(
    ("meaning", "closed", "beside", "grows"),
    [
        (None, 0.0, 0.25, 1.0),
        (None, 0.5, 0.25, 0.5),
        ("list", 0.0, -0.75, 0.0),
        ("list", 0.5, 0.0, 0.0),
        ("eligible", 0.0, 0.25, 1.0),
        ("eligible", 0.5, 1.0, 1.0),
    ],
)
def test_which_newcomers_queue(monkeypatch: pytest.MonkeyPatch, meaning: Any, closed: float, beside: float, grows: float) -> None:
    monkeypatch.setattr(inflow, "told", lambda _: 0.75)
    monkeypatch.setattr(inflow, "closed", lambda _: closed)
    past = read(told(9, 8))
    assert (inflow.beside(past, meaning), inflow.allowance_grows(past, meaning)) == (beside, grows)


def test_a_rhythm_is_one_where_chance_shows_it_once_in_a_hundred() -> None:
    rng, near, past = np.random.default_rng(5), 0, read(told(*[500] * 57, eligible=90_000, gap=1))
    for _ in range(120):
        falls = rng.integers(0, 9, 56) + np.where(np.arange(56) % 7 == 3, rng.integers(0, 7), 0)
        chance = kruskal(*(falls[start::7] for start in range(7))).pvalue
        left = 500 + np.r_[np.cumsum(falls[::-1])[::-1], 0]
        near += 0.004 < chance < 0.02
        assert (inflow.week(replace(past, low=left, high=left)) is not None) == (chance <= 0.01)
    assert near >= 10
    for value in (0.5, 6.0, 16.8, 30.0):
        assert inflow._above(value) == pytest.approx(chi2.sf(value, 6))


def test_what_is_learnt_from_has_the_middle_of_the_eligible_and_no_step() -> None:
    past = read(told(100, 80, 60, 40, eligible=[20_000, 20_000, 22_000, 22_000]))
    assert [one.kind for one in past.breaks] == ["eligible"]
    days, left, eligible = learnable(past, past.middle)
    assert days.tolist() == [-14, -7, 0] and left.tolist() == pytest.approx([75, 60, 40])
    assert eligible is not None and eligible.tolist() == pytest.approx([22_000] * 3)
    grown = read(told(100, 80, 60, 40, eligible=[20_000, 20_010, 22_000, 22_000]))  # by its last count before the step
    assert np.asarray(learnable(grown, grown.middle)[2])[0] == pytest.approx(20_000 * 22_000 / 20_010)
    gone = read(told(100, 0, 60, 40, eligible=[20_000, 20_000, 22_000, 22_000]))  # nobody was left before the step
    assert learnable(gone, gone.middle)[1].tolist() == [100, 60, 40]
    printed = read(told(650, 648, printed="99.3").drop(columns="eligible"))
    known = learnable(printed, printed.middle)[2]
    assert known is not None and known.tolist() == ((printed.eligible_low + printed.eligible_high) / 2).tolist()
    assert learnable(read(told(9, 8, eligible=None)), np.array([9.0, 8.0]))[2] is None


def test_the_river_tells_of_the_tenth_the_middle_and_the_ninetieth() -> None:
    nothing = Verdict(0, None, None, None, None, None)
    answer = said(*range(1, 101))
    first = Said(LAST, answer, NOT_REACHED, 0, NOT_REACHED, NOT_REACHED)
    rows = Backtest((first,), nothing, nothing, nothing).river()
    assert rows[["q10", "q50", "q90"]].iloc[0].tolist() == [pd.Timestamp(LAST) + pd.Timedelta(days=n) for n in (10, 50, 90)]
    assert pd.isna(rows["came"].iloc[0]) and rows["moved_by"].tolist() == ["first"]


def line(*times: list[float], week: Any = None) -> Paths:
    """Draws of a hundred people, by the days on which 100, 50 and none of them are left."""
    return Paths(100.0, np.array([1.0, 0.5, 0.0]), np.array(times, float), week)


@pytest.mark.parametrize(
    ("times", "inflow_per_day", "slower"),
    [
        ([0, 10, 20], 0.0, [0, 10, 20]),
        ([0, 10, 20], 1.0, [0, 12.5, 25]),
        ([0, 10, 20], 4.0, [0, 50, 100]),
        ([0, 10, 20], 5.0, [0, INF, INF]),  # as many join as are served
        ([0, 10, INF], 1.0, [0, 12.5, INF]),
        ([0, 40, 50], 1.0, [0, 100, 100]),  # a slow first step does not hold the draw back
        ([0, 10, 20], -1.0, [0, 10 / 1.2, 20 / 1.2]),
        ([0, 10, INF], -1.0, [0, 10 / 1.2, INF]),
    ],
)
def test_newcomers_queue_with_those_on_the_list(times: list[float], inflow_per_day: float, slower: list[float]) -> None:
    found = inflow.newcomers_queue(line([float(one) for one in times]), inflow_per_day)
    assert found.now == 100 and found.times[0][[0, -1]].tolist() == pytest.approx([slower[0], slower[-1]])
    if inflow_per_day:
        found = inflow._stretch(line([float(one) for one in times]), inflow_per_day)
    assert found.times[0].tolist() == pytest.approx(slower)


@pytest.mark.parametrize(
    ("times", "allowed", "growth", "day"),
    [
        ([0, 10, 20], 10, 1.0, 15),
        ([0, 10, 20], 60, 1.0, 40 / 6),
        ([0, 10, INF], 10, 1.0, 40),  # half of them stay, and so many may after forty days
        ([0, 10, INF], 10, 0.001, INF),  # not in a century
        ([0, 10, INF], 60, 1.0, 40 / 6),
        ([0, INF, INF], 99, 0.5, 2),
        ([0, 10, 10], 0, 1.0, 10),
        ([0, 10, 20], 100, 1.0, 0),
        ([0, 10, 20], 0, 0.001, 100 / 5.001),
    ],
)
def test_where_a_path_meets_an_allowance_that_grows(times: list[float], allowed: float, growth: float, day: float) -> None:
    asked = np.array([float(allowed)])
    assert inflow.growing_hits(line(times), asked, growth)[0] == pytest.approx(day)
    even = line(times, week=np.arange(8.0))  # on a calendar without a rhythm the same
    assert inflow.growing_hits(even, asked, growth)[0] == pytest.approx(day, abs=1e-3)


def test_each_reading_of_a_history_has_its_own_measure() -> None:
    paths = line([0, 10, 20], [0, 10, 20], [0, 10, 20])
    found = Outlook(np.zeros((2, 1, 19)), np.array([100.0, 50.0]))  # the second reading has half as many left
    past = read(told(110, 100, eligible=1000))
    asked: Any = said(1.0, allowed=(10, 30), inflow_per_day=0.0).inputs
    target = Target.parse("99")
    assert hitting(paths, past, target, asked, found, None).tolist() == pytest.approx([18, 12, 14])
    assert hitting(paths, past, ZERO, asked, found, None).tolist() == [20, 20, 20]
    many = replace(asked, inflow_per_day=100.0)  # one more may remain every day
    assert hitting(paths, past, target, many, found, "eligible")[0] == pytest.approx(90 / 6)
    share = replace(past, unit="share")
    shares = Paths(0.1, paths.fractions, paths.times)
    half = Outlook(np.zeros((2, 1, 19)), np.array([0.1, 0.05]))
    assert hitting(shares, share, target, asked, half, None).tolist() == pytest.approx([18, 16, 18])


def test_how_many_may_remain() -> None:
    target = Target.parse("99")
    assert allowed_of(target, (1000.0, 2000.0)) == (10, 20) and allowed_of(ZERO, (1000.0, 2000.0)) == (0, 0)
    assert allowed_of(target, None) is None and allowed_of(ZERO, None) == (0, 0)


def test_an_answer_as_plain_values() -> None:
    given = said(1.0, 2.0, 3.0, INF, left=(20, 20.5), allowed=(3, 4)).as_dict(by=[LAST + timedelta(2)])
    assert given["inputs"]["unrecorded"] == [[30, 30], [25, 25], [20, 20.5]] and given["inputs"]["allowed"] == [3, 4]
    assert given["probability_by"] == {(LAST + timedelta(2)).isoformat(): 0.5} and given["probability_never"] == 0.25
    assert given["quantiles"]["0.50"] == (LAST + timedelta(2)).isoformat() and given["quantiles"]["0.95"] == "not_reached"
    assert said(1.0, allowed=None).as_dict()["inputs"]["allowed"] is None and given["inputs"]["eligible"] is None


def test_the_rules_beside_the_past_answers_look_at_five_snapshots_and_at_two() -> None:
    present = read(told(200, 100, 70, 60, 50, 40, 34, 30))
    asked = said(*range(1, 21))
    found = look_back(present, lambda day: (replace(asked, origin=day), present.first(present.dates.index(day) + 1))).said
    assert [one.origin for one in found] == list(present.dates[:-1]) and [one.watched for one in found] == [*range(49, 0, -7)]
    last, five = found[-1], np.polyfit(np.arange(-4, 1) * 7, [70, 60, 50, 40, 34], 1)[0]
    assert last.last_pace == last.origin + timedelta(int(np.ceil(34 * 7 / 6)))
    assert last.line == last.origin + timedelta(int(np.ceil(34 / -five)))
    assert found[0].line is found[0].last_pace is NOT_REACHED and found[1].last_pace == found[1].origin + timedelta(7)


def test_the_last_day_of_the_horizon_counts() -> None:
    for horizon, day in ((7, LAST + timedelta(7)), (6, NOT_REACHED)):
        found = said(*[7.0] * 20, horizon=horizon)
        assert found.median == found.day(7.0) == day and found.probability_never == (0 if horizon == 7 else 1)
    assert list(said(1.0).fan().columns) == ["as_of_date", "days", "q05", "q10", "q25", "q50", "q75", "q90", "q95"]
    assert list(said(1.0).fan(levels=(50,)).columns) == ["as_of_date", "days", "q50"]
