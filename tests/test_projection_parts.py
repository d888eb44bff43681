"""Parts of a projection by hand: the tail of the median outcome, how often chances came true, draws that agree with a whole."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.projection import joint, networks, outlook, reasons, replay
from ektp_analysis.projection.history import History
from ektp_analysis.projection.paths import FRACTIONS, Paths
from ektp_analysis.projection.result import NOT_REACHED, Projection, Question

DAY = date(2024, 6, 3)
SHAPE = np.array([1.0, 0.5, 0.25, 0.0]), np.array([0.0, 10.0, 30.0, 100.0])  # shares left, and the days on which they are


def tail(
    now: float, *, allowed: tuple[float, float] | None = None, share: str | None = None, unit: str = "people"
) -> float | None:
    """Of a hundred days of the median."""
    found = SimpleNamespace(
        paths=Paths(now, SHAPE[0], np.tile(SHAPE[1], (20, 1))),
        inputs=SimpleNamespace(allowed=allowed, unit=unit),
        target=SimpleNamespace(share=None if share is None else Decimal(share)),
        draws=np.full(20, 100.0),
    )
    return reasons._tail(found, 100)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"now": 1000}, 28),  # a hundred are left on day 72
        ({"now": 1000, "allowed": (100, 300)}, 100 * (1 - 27.6 / 44)),  # 200 may stay: reached on day 44, 280 on day 27.6
        ({"now": 1000, "share": "0.99"}, 28),  # of people the allowed count, not the share
        ({"now": 0.05, "unit": "share", "share": "0.99"}, 100 * (1 - 27.6 / 44)),  # a hundredth may stay of a twentieth
        ({"now": 0.05, "unit": "share"}, 28),
        ({"now": 10}, 28),  # the last tenth is one person
        ({"now": 9.9}, None),
        ({"now": 200, "allowed": (200, 200)}, None),  # nobody has to be recorded any more
        ({"now": 100, "allowed": (200, 200)}, None),
        ({"now": 0.01, "unit": "share", "share": "0.99"}, None),
    ],
)
def test_the_last_tenth_of_those_left_to_record(given: dict[str, Any], days: float | None) -> None:
    assert tail(**given) == (None if days is None else pytest.approx(days))


def test_there_is_no_tail_without_draws() -> None:
    found = SimpleNamespace(paths=None, inputs=None, target=None, draws=np.zeros(0))
    assert reasons._tail(found, 100) is None  # type: ignore[arg-type]


TENS = np.array([10.0, 20.0, 30.0, 40.0])


def calibrated(*said: tuple[int | None, int], draws: np.ndarray[Any, Any] = TENS) -> dict[int, float]:
    """Level -> share, of answers with these draws: (the day that came, days watched)."""
    given = [
        SimpleNamespace(
            origin=DAY,
            came=NOT_REACHED if came is None else DAY + timedelta(days=came),
            watched=watched,
            projection=SimpleNamespace(draws=draws),
        )
        for came, watched in said
    ]
    rows = replay.calibration(SimpleNamespace(said=given))  # type: ignore[arg-type]
    return dict(zip(rows["level"].tolist(), rows["share"].tolist(), strict=True))


def test_how_often_chances_came_true() -> None:
    """A day on which half of the draws fall from a quarter on counts with three eighths; what has not come is later than it."""
    found = calibrated((20, 99), (None, 30), (40, 99))  # at 0.375, beyond 0.75, at 0.875
    assert found == {level: pytest.approx(0 if level < 37.5 else 1 / 3) for level in range(5, 90, 5)}
    later = calibrated((20, 99), (None, 10), (40, 99))  # what is not watched as long says nothing of the first
    assert later[40] == pytest.approx(1 / 2) and later[85] == pytest.approx(1 / 2) and later[35] == 0
    assert calibrated((None, 30)) == {} == calibrated()


def test_a_chance_that_is_a_level_counts_for_it() -> None:
    assert calibrated((25, 99), (None, 50)) == {level: 0 if level < 50 else 0.5 for level in range(5, 100, 5)}
    assert calibrated((25, 99)) == {level: 0 if level < 50 else 1.0 for level in range(5, 55, 5)}  # beyond it nothing is known
    assert calibrated((25, 99), (25, 99), (None, 20))[50] == pytest.approx(2 / 3)  # watched up to that very chance
    assert calibrated((10, 99)) == {5: 0, 10: 0} and calibrated((9, 99)) == {}


def test_the_day_before_counts_half() -> None:
    found = calibrated((11, 99), (20, 99), draws=np.array([10.0, 11.0, 12.0, 13.0]))
    assert found[35] == 0 and found[40] == pytest.approx(1 / 2)


def test_a_level_beyond_all_that_is_known_is_left_out() -> None:
    found = calibrated((500, 999), (None, 943), draws=np.arange(1.0, 1001))
    assert max(found) == 90 and found[90] == pytest.approx(1 / 2)


class _Middle:
    """A generator whose draw is the middle."""

    def __init__(self, drawn: float = 0.5) -> None:
        self.drawn = drawn

    def random(self) -> float:
        return self.drawn


def agreeing(sums: np.ndarray[Any, Any], counted: float, drawn: float = 0.5) -> np.ndarray[Any, Any]:
    """Draws picked by their sums on the day of the whole, six days after the parts'."""
    asked: list[Any] = []

    def remaining(days: Any) -> np.ndarray[Any, Any]:
        asked.append(days)
        return np.column_stack([sums / 2, sums * 9])

    look = SimpleNamespace(paths=SimpleNamespace(remaining=remaining), past=SimpleNamespace(dates=[date(2020, 1, 1), DAY]))
    whole = SimpleNamespace(dates=[DAY, DAY + timedelta(days=6)], middle=[1.0, counted])
    picked = joint._agreeing({"a": look, "b": look}, whole, _Middle(drawn))  # type: ignore[arg-type, dict-item]
    assert asked == [[6], [6]] and len(picked) == len(sums)
    return picked


@pytest.mark.parametrize(("steps", "weight"), [(0, 1.0), (1, np.exp(-0.5)), (2, np.exp(-2)), (-2, np.exp(-2))])
def test_draws_are_picked_as_well_as_they_agree_with_the_whole(steps: int, weight: float) -> None:
    """A thousand at the count, and a thousand some spreads beside it."""
    sums = np.repeat([100.0, 100.0 * np.exp(steps * joint.AGREES_WITHIN)], 1000)
    picked = agreeing(sums, 100.0)
    assert (picked < 1000).sum() == pytest.approx(2000 / (1 + weight), abs=1)
    assert picked.min() == 0 and picked.max() >= 1990 and (np.diff(picked) >= 0).all()


def test_where_nobody_is_left_half_a_person_stands_for_it() -> None:
    near = 0.5 * np.exp(joint.AGREES_WITHIN)
    for left, counted in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5)):
        picked = agreeing(np.repeat([left, near], 1000), counted)
        assert (picked < 1000).sum() == pytest.approx(2000 / (1 + np.exp(-0.5)), abs=1)


def test_draws_far_from_the_whole_still_give_the_nearest() -> None:
    picked = agreeing(np.repeat([200.0, 400.0], 10), 1e6)
    assert (picked >= 10).all()


def test_a_draw_beyond_the_last_weight_is_the_last() -> None:
    assert agreeing(np.array([100.0]), 100.0).tolist() == [0]
    assert agreeing(np.full(10, 100.0), 100.0, np.nextafter(1.0, 0.0))[-1] == 9  # ten tenths are a little less than one


def still(now: float) -> Paths:
    return Paths(now, FRACTIONS, np.where(FRACTIONS < 1.0, np.inf, 0.0) * np.ones((4, 1)))


@pytest.mark.parametrize(
    ("counted", "lags", "factor", "difference", "says"),
    [
        (90, (0, 0), 90 / 60, 30, "adds up"),
        (60, (0, 0), 1.0, 0, ""),
        (None, (0, 0), 1.0, None, ""),
        (90, (2, 3), 90 / 60, None, "is later than its parts"),
        (90, (0, 3), 90 / 60, 30, "adds up"),  # who is silent counts at the last figure
        (None, (0, 3), 1.0, None, ""),
    ],
)
def test_what_a_whole_reports_beside_its_parts(
    counted: float | None, lags: tuple[int, int], factor: float, difference: int | None, says: str
) -> None:
    found = summed((20.0, 40.0), lags, counted)
    assert found.paths.factor == pytest.approx(factor) and found.difference == difference
    assert [True for text in found.remarks] == [True] * bool(says) and found.paths.lags == (lags if min(lags) else (0, 0))


def test_parts_of_which_nobody_is_left_take_what_the_whole_reports_as_half_a_person() -> None:
    assert summed((0.0, 0.0), (1, 3), 5.0).paths.factor == pytest.approx(10)
    assert summed((0.0, 0.0), (0, 0), 5.0).difference is None  # nothing to spread it over
    assert summed((0.02, 0.04), (0, 0), 0.09).paths.factor == pytest.approx(1.5)  # shares


def summed(now: tuple[float, float], lags: tuple[int, int], counted: float | None) -> Any:
    looks = {
        name: SimpleNamespace(
            paths=still(number),
            past=SimpleNamespace(dates=[DAY - timedelta(days=lag)], eligible_now=lambda: (100.0, 100.0), unit="people"),
        )
        for name, number, lag in zip("ab", now, lags, strict=True)
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joint.inflow, "per_day", lambda *_: 0.0)
        patch.setattr(joint.inflow, "allowance_grows", lambda *_: False)
        family = SimpleNamespace(origin=DAY, counted=counted, told=min(lags) > 0)
        return joint._summed(family, looks, SimpleNamespace(horizon_days=100, meaning=None, target=None))  # type: ignore[arg-type]


def test_the_eligible_of_the_past_are_those_that_were_given() -> None:
    """A past day of nobody eligible does no harm; the eligible of the other days decide."""
    days = np.array([-300.0, -200.0, -100.0, 0.0])
    eligible, left = np.array([1000.0, 1010.0, 1020.0, 1030.0]), np.array([400.0, 300.0, 200.0, 100.0])
    found = networks.forecast(days, eligible, eligible - left, [50.0, 0.0], horizon=36_500)
    assert found.shape == (2, 19) and np.isfinite(found[0]).all() and not (found[:, 1:] < found[:, :-1]).any()
    assert (found[0] <= found[1]).all()
    known = np.exp(networks.of_history(days, left, eligible, np.array([0.5, 0.0])))
    assert found == pytest.approx(np.where(known > 36_500, np.inf, known))
    grown = networks.forecast(
        days, eligible * np.array([0.6, 0.7, 0.8, 1.0]), eligible * np.array([0.6, 0.7, 0.8, 1.0]) - left, [50.0], horizon=36_500
    )
    assert not np.allclose(grown[0], found[0])
    gone, done = np.array([0.0, 310.0, 300.0, 290.0]), np.array([0.0, 10.0, 100.0, 190.0])
    few = np.exp(networks.of_history(days, gone - done, np.maximum(gone, 0.001), np.array([0.5])))  # of 100 left today
    found = networks.forecast(days, gone, done, [50.0], horizon=36_500)
    assert found[:, 0] == pytest.approx(few[:, 0], rel=1e-9) and not np.isnan(found).any()
    assert np.isinf(networks.forecast(days, eligible, eligible - left, [0.0], horizon=1.0)).all()


def seen(code: str, left: np.ndarray) -> History:
    """Weekly counts of an area of 20,000."""
    days, many = tuple(DAY + timedelta(weeks=k) for k in range(len(left))), np.full(len(left), 20_000.0)
    back = np.arange(1.0 - len(left), 1) * 7
    return History(code, days, back, left, left, many, many, np.full(len(left), np.nan), "people")


def relatives(weeks: int) -> joint.Family:
    random = np.random.default_rng(weeks)
    falls = np.exp(-np.cumsum(random.gamma(2, 0.03, (5, weeks)), axis=1))
    return joint.Family("75.01", {f"75.01.0{k}": seen(f"75.01.0{k}", np.round(900 * falls[k])) for k in range(5)})


def same(one: Projection, other: Projection) -> bool:
    assert one.paths is not None and other.paths is not None
    left = (found.paths.remaining([0, 30]) for found in (one, other) if found.paths is not None)
    return one == other and bool((one.draws == other.draws).all()) and bool(np.equal(*left).all())


@pytest.mark.parametrize("weeks", [9, 70])
def test_histories_learnt_from_together_say_to_the_bit_what_each_says_alone(weeks: int) -> None:
    pasts = list(relatives(weeks).histories.values())
    left, listed = np.stack([one.middle for one in pasts]), np.stack([one.eligible_low for one in pasts])
    for eligible in (listed, None):
        together = networks.of_histories(pasts[0].days, left, eligible, FRACTIONS)
        for k, found in enumerate(together):
            alone = networks.of_history(pasts[0].days, left[k], None if eligible is None else eligible[k], FRACTIONS)
            assert (alone == found).all()


@pytest.mark.parametrize("weeks", [9, 20])
def test_what_is_kept_or_left_out_of_a_family_changes_no_bit(weeks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    outlook._KEPT.clear()
    made, look = [], joint._looks
    monkeypatch.setattr(joint, "_KEPT", joint._Kept(1))
    monkeypatch.setattr(joint, "_looks", lambda family, *asked: made.append(family) or look(family, *asked))
    for target in (Target.national(), ZERO):
        asked = Question(target)
        kept = joint.project_inside(relatives(weeks), asked, keep=True)
        assert len(made) == 1  # for both targets
        anew = joint.project_inside(relatives(weeks), asked, outlines=True)
        assert same(kept.whole, anew.whole)
        each = joint.project_each(relatives(weeks), asked, keep=True)
        assert len(made) == 2 and each.keys() == kept.children.keys()  # the other one wanted no draws of its parts
        for code, child in kept.children.items():
            assert same(each[code], child)
            alone = joint.project_child(relatives(weeks), code, asked)
            assert alone is not None and same(child, alone)
            assert anew.children[code].inputs == child.inputs and anew.children[code].answered
        made[1:] = []
    joint.project_inside(relatives(weeks + 1), Question(ZERO), keep=True)
    joint.project_inside(relatives(weeks + 1), Question(ZERO, "list"), keep=True)
    assert len(made) == 3  # other figures, and another meaning, are another thing
