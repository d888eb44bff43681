"""Classes of a map at the edge of each rule: what is no step, which bounds move, and how steps are ranked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from ektp_analysis.core.text import T
from ektp_analysis.figures.class_bounds import find, widen
from ektp_analysis.figures.classes import Cuts, classify, classify_rows, frozen
from ektp_analysis.figures.measure import Measure, checked
from ektp_analysis.figures.series import Change, Gap
from tests.test_figures_bounds import measured


def test_frozen_bounds_widen_at_both_ends() -> None:
    def rows(*counts: float | None) -> pd.DataFrame:
        codes = [f"75.05.{n:02d}" for n, _ in enumerate(counts, 1)]
        made = pd.DataFrame({"area_code": codes, "of": counts, "unrecorded": counts, "coverage": None, "coverage_reported": ""})
        return made.astype({"coverage": "Float64", "unrecorded": "Float64"})

    kept = frozen(rows(20, 40, 60, 80), rows(20, 40, 60, 80), measured(1))
    for low, high in ((20, 80), (3, 80), (20, 300), (3, 300)):
        found = frozen(rows(20, 40, 60, 80), rows(low, 50, 60, 50, high), measured(1))
        assert found[1:-1] == kept[1:-1] and found[0] <= low and found[-1] >= high
        assert (found[0] == kept[0]) == (low == 20) and (found[-1] == kept[-1]) == (high == 80)
    # what is no step moves no bound: nothing left to do, beyond what can be, without end, missing
    capped = replace(measured(1), done=0.0, over=100.0, endless=True)
    assert frozen(rows(20, 40, 60, 80), rows(0, 20, 101, float("inf"), None, 80), capped) == kept
    assert frozen(rows(20, 40, 60, 80), rows(20, 100), capped)[-1] == 100


CAPPED = replace(measured(1), done=0.0, over=100.0)
ENDLESS, DIVERGING = replace(measured(1), endless=True), replace(measured(1), diverging=True)
INF = float("inf")


@pytest.mark.parametrize(
    ("measure", "values", "kinds"),
    [
        (CAPPED, (0.0, 1.0, 100.0, 100.5, INF, None), ("done", "step", "step", "over", "over", "none")),
        (ENDLESS, (0.0, 1.0, INF, None), ("step", "step", "beyond", "none")),
        (measured(1), (0.0, 1.0, INF, -1.0), ("step", "step", "none", "step")),
        (DIVERGING, (-1.0, 0.0, 1.0), ("step", "same", "step")),
    ],
)
def test_the_class_of_a_value(measure: Measure, values: tuple[Any, ...], kinds: tuple[str, ...]) -> None:
    given = pd.Series(dict(enumerate(values)), dtype="Float64").rename(str)

    def of(**how: Any) -> tuple[str, ...]:
        found = classify(given, measure, **how)
        return tuple(found.item(code).kind for code in given.index)

    assert of() == kinds
    assert of(stale=list(given.index)) == tuple("none" if value is None else "stale" for value in values)
    told_above = tuple("over" if measure is CAPPED or value is None else kind for value, kind in zip(values, kinds, strict=True))
    assert of(over=list(given.index)) == told_above


def test_an_area_where_all_are_recorded_is_not_above_all() -> None:
    codes = [f"75.05.{n:02d}" for n in range(1, 6)]
    rows = pd.DataFrame({"area_code": codes, "of": [50, 60, 70, 80, 90], "unrecorded": [0, None, 0, None, 9]})
    rows["coverage"] = pd.Series([1.0, 1.0001, None, None, 0.99], dtype="Float64")
    rows["coverage_reported"] = ["", "", "100.00", "100.01", "100.01"]  # a printed one where there are no counts
    found = classify_rows(rows, CAPPED)
    assert [found.item(code).kind for code in codes] == ["step", "over", "step", "over", "step"]


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 7])
def test_steps_are_ranked_from_the_best_and_do_not_touch(steps: int) -> None:
    values = pd.Series({f"a{n}": float(n * n) for n in range(1, 30)}, dtype="Float64")
    for worse in ("high", "low"):
        found = classify(values, replace(measured(1), worse=worse), cuts=Cuts(steps=steps), held=values)
        made = [item for item in found.items if item.kind == "step"]
        assert [item.rank for item in made] == list(range(1, steps + 1))
        ordered = made if worse == "high" else made[::-1]
        assert all(one.high + 1 == next_.low for one, next_ in pairwise(ordered))  # type: ignore[operator]
        assert sum(item.held or 0 for item in made) == values.sum()
        assert sum(item.held_share or 0 for item in made) == pytest.approx(1)


@pytest.mark.parametrize("sign", [1, -1])
def test_what_did_not_change_takes_no_step_from_the_side_that_did(sign: int) -> None:
    def steps(*changes: int) -> list[tuple[int | None, int | None]]:
        given = pd.Series({f"a{n}": float(sign * change) for n, change in enumerate(changes)}, dtype="Float64")
        return [(item.low, item.high) for item in classify(given, DIVERGING).items if item.kind == "step"]

    assert steps(0, 0, 5, 10, 20, 40, 80) == steps(5, 10, 20, 40, 80)
    assert len(steps(5, 10, 20, 40, 80)) > len([one for one in steps(-80, 5, 10, 20, 40, 80) if (one[0] or 0) * sign > 0])


def test_bounds_move_only_where_a_value_lies_beyond() -> None:
    assert widen((10, 20, 30), [10, 30]) == (10, 20, 30)
    low, high = widen((10, 20, 30), [9, 30]), widen((10, 20, 30), [10, 31])
    assert low[0] <= 9 and low[1:] == (20, 30) and high[-1] >= 31 and high[:-1] == (10, 20)
    for method in ("natural", "quantiles", "equal", "round"):
        assert find([7], method=method) == (7, 7)
        for values in ([1, 2], [5, 25], [0, 19], [0, 20], [0, 21], [980, 1000]):
            found = find(values, method=method)
            # readable, and less than an eighth of the span outside of the data
            span = values[-1] - values[0]
            assert found[0] <= values[0] and found[-1] >= values[-1]
            assert method == "round" or (values[0] - found[0] < max(span / 8, 1) and found[-1] - values[-1] < max(span / 8, 1))


@pytest.mark.parametrize(
    ("bounds", "values", "wanted"),
    [
        ((0, 1, 5), [0.0, 3.0], (0, 1, 5)),
        ((0, 1, 5), [], (0, 1, 5)),
        ((0, 1, 5), [-3.0, 3.0], (-3, 0, 1, 5)),
        ((0, 1, 5), [-1.0], (-1, 0, 1, 5)),
        ((-5, 0, 1), [0.0, -2.0], (-5, 0, 1)),
        ((-5, 0, 1), [], (-5, 0, 1)),
        ((-5, 0, 1), [1.0], (-5, 0, 1, 1)),
        ((-5, 0, 1), [-2.0, 4.0], (-5, 0, 1, 4)),
        ((-5, 0, 1, 5), [-2.0, 4.0], (-5, 0, 1, 5)),
    ],
)
def test_frozen_bounds_about_zero_gain_the_side_that_has_values(bounds: Any, values: list[float], wanted: Any) -> None:
    given = pd.Series({f"a{n}": value for n, value in enumerate(values)}, dtype="Float64")
    found = classify(given, DIVERGING, cuts=Cuts(bounds=bounds))
    assert found.bounds == wanted
    for code, value in given.items():
        item = found.item(str(code))
        assert (
            item.kind == ("same" if value == 0 else "step") and (item.rank > 0) == (value > 0) and (item.rank < 0) == (value < 0)
        )


@pytest.mark.parametrize(
    ("values", "ranks"),
    [([-9.0, -1.0, 0.0, 1.0, 9.0], [-2, -1, 0, 1, 2]), ([1.0, 9.0], [1, 2]), ([-1.0, -9.0], [-1, -2]), ([0.0], [0])],
)
def test_ranks_grow_from_zero_to_both_sides(values: list[float], ranks: list[int]) -> None:
    given = pd.Series({f"a{n}": value for n, value in enumerate(values)}, dtype="Float64")
    found = classify(given, DIVERGING, cuts=Cuts(steps=4 if len(values) > 2 else 2))
    assert [found.item(str(code)).rank for code in given.index] == ranks
    other = classify(given, replace(DIVERGING, worse="low"), cuts=Cuts(steps=4 if len(values) > 2 else 2))
    assert [other.item(str(code)).rank for code in given.index] == [-rank for rank in ranks]


def test_what_has_no_words_and_what_has_no_pace() -> None:
    with pytest.raises(ValueError, match="has no label"):
        checked([replace(measured(1), label=T(" "))], ["of"])
    day = date(2023, 6, 20)
    assert Change(Gap.NONE, day, day, -5).per_day is None and Change(Gap.FIRST, end=day).per_day is None
    assert Change(Gap.OTHER_AREAS, date(2023, 6, 19), day).per_day is None
    assert Change(Gap.NONE, date(2023, 6, 19), day, -5).per_day == 5
