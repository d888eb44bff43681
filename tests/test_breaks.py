"""Breaks: they contain the data, rise, can be read, and the natural ones are the best there are."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ektp_analysis.figures import class_bounds

VALUES = st.lists(st.integers(1, 10**6), min_size=1, max_size=60)


@given(VALUES, st.integers(1, 7), st.sampled_from(class_bounds.METHODS))
def test_bounds_rise_and_contain_the_data(values, steps, method):
    bounds = class_bounds.find(values, steps=steps, method=method, lowest=1)
    assert 1 <= bounds[0] <= min(values) and max(values) <= bounds[-1]
    assert all(a < b for a, b in pairwise(bounds[:-1])) and bounds[-2] <= bounds[-1]
    assert 1 <= len(bounds) - 1 <= steps
    for value in values:
        at = class_bounds.place(value, bounds)
        assert bounds[at] <= value and (value < bounds[at + 1] or at == len(bounds) - 2)


def squares(groups):
    return sum(sum((v - sum(g) / len(g)) ** 2 for v in g) for g in groups)


@settings(max_examples=60)
@given(st.lists(st.integers(1, 200), min_size=1, max_size=9), st.integers(1, 4))
def test_natural_breaks_have_the_least_squares_of_all(values, steps):
    numbers = sorted(values)
    bounds = class_bounds.find(numbers, steps=steps)
    groups = {}
    for value in numbers:
        groups.setdefault(class_bounds.place(value, bounds), []).append(value)
    every = [cut for size in range(steps) for cut in combinations(range(1, len(numbers)), size)]
    least = min(squares([numbers[a:b] for a, b in zip((0, *cut), (*cut, len(numbers)), strict=True)]) for cut in every)
    assert squares(groups.values()) == pytest.approx(least, abs=1e-6)


def test_breaks_are_the_roundest_of_their_gap():
    assert class_bounds.find([19, 25, 33, 34, 44, 45, 48, 51, 57, 72, 126]) == (10, 30, 40, 60, 100, 130)


@pytest.mark.parametrize("method", class_bounds.METHODS)
def test_ties_stay_together_and_a_constant_is_one_class(method):
    assert class_bounds.find([7] * 20, method=method) == (7, 7)
    bounds = class_bounds.find([5, 5, 5, 5, 5, 5, 90], steps=5, method=method)
    assert class_bounds.place(5, bounds) < class_bounds.place(90, bounds)


@pytest.mark.parametrize(
    ("method", "bounds"),
    [
        ("natural", (1, 100, 500, 1000)),
        ("quantiles", (1, 10, 100, 1000)),
        ("equal", (1, 334, 667, 1000)),
        ("round", (1, 500, 1000)),
    ],
)
def test_the_four_methods(method, bounds):
    assert class_bounds.find([1, 2, 3, 10, 20, 30, 100, 900, 1000], steps=3, method=method, lowest=1) == bounds


def test_round_breaks_are_multiples_of_one_width():
    assert class_bounds.find([500, 2501], method="round") == (500, 1000, 1500, 2000, 2500, 3000)
    assert class_bounds.find([500, 2500], method="round") == (500, 1000, 1500, 2000, 2500)
    assert class_bounds.find([3, 48], method="round", lowest=1) == (1, 10, 20, 30, 40, 50)


def test_no_values_no_bounds():
    assert class_bounds.find([]) == () and class_bounds.own([], []) == ()


def test_quantiles_hold_about_equally_many():
    bounds = class_bounds.find(range(1, 101), steps=4, method="quantiles")
    counts = [0] * 4
    for value in range(1, 101):
        counts[class_bounds.place(value, bounds)] += 1
    assert counts == [25, 25, 25, 25] or max(counts) - min(counts) <= 1


def test_frozen_bounds_move_only_at_the_ends():
    assert class_bounds.widen((10, 20, 30), [12, 29]) == (10, 20, 30)
    assert class_bounds.widen((10, 20, 30), [12, 47])[:2] == (10, 20) and class_bounds.widen((10, 20, 30), [12, 47])[-1] >= 47
    assert class_bounds.widen((10, 20, 30), [3, 29])[0] <= 3
    assert class_bounds.widen((10, 20, 30), []) == (10, 20, 30)


@given(VALUES, st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_own_breaks_are_kept_and_contain_the_data(values, inner):
    bounds = class_bounds.own(values, inner)
    assert bounds[0] <= min(values) and max(values) <= bounds[-1]
    assert set(inner) <= set(bounds)


@pytest.mark.parametrize(
    ("values", "steps", "limits", "method", "bounds"),
    [
        ([3, 9, 14, 27, 41, 66, 80, 95], 4, {}, "natural", (0, 20, 50, 90, 95)),
        ([3, 9, 14, 27, 41, 66, 80, 95], 4, {}, "quantiles", (0, 10, 40, 80, 95)),
        ([3, 9, 14, 27, 41, 66, 80, 95], 4, {}, "equal", (0, 24, 48, 72, 95)),
        ([3, 9, 14, 27, 41, 66, 80, 95], 4, {}, "round", (0, 50, 100)),
        ([3, 9, 14, 27, 41, 66, 80, 95], 5, {"lowest": 1, "highest": 97}, "natural", (1, 20, 40, 50, 90, 95)),
        ([3, 9, 14, 27, 41, 66, 80, 95], 5, {"lowest": 1, "highest": 97}, "quantiles", (1, 5, 20, 40, 80, 95)),
        ([3, 9, 14, 27, 41, 66, 80, 95], 5, {"lowest": 1, "highest": 97}, "equal", (1, 20, 39, 58, 77, 95)),
        ([3, 9, 14, 27, 41, 66, 80, 95], 5, {"lowest": 1, "highest": 97}, "round", (1, 20, 40, 60, 80, 97)),
        ([101, 140, 155, 290, 480], 3, {}, "natural", (100, 200, 400, 480)),
        ([101, 140, 155, 290, 480], 3, {}, "quantiles", (100, 140, 200, 480)),
        ([101, 140, 155, 290, 480], 3, {}, "equal", (100, 227, 354, 480)),
        ([101, 140, 155, 290, 480], 3, {}, "round", (0, 200, 400, 600)),
        ([-42, -7, 3, 18, 55], 3, {}, "natural", (-45, -20, 50, 55)),
        ([-42, -7, 3, 18, 55], 3, {}, "quantiles", (-45, -20, 10, 55)),
        ([-42, -7, 3, 18, 55], 3, {}, "equal", (-45, -11, 22, 55)),
        ([-42, -7, 3, 18, 55], 3, {}, "round", (-50, 0, 50, 100)),
        ([994, 995, 997, 999], 2, {"highest": 999}, "natural", (994, 996, 999)),
        ([994, 995, 997, 999], 2, {"highest": 999}, "quantiles", (994, 996, 999)),
        ([994, 995, 997, 999], 2, {"highest": 999}, "equal", (994, 997, 999)),
        ([994, 995, 997, 999], 2, {"highest": 999}, "round", (990, 995, 999)),
        ([1, 1, 1, 2, 2, 9], 3, {"lowest": 1}, "natural", (1, 2, 5, 9)),
        ([1, 1, 1, 2, 2, 9], 3, {"lowest": 1}, "quantiles", (1, 2, 9)),
        ([1, 1, 1, 2, 2, 9], 3, {"lowest": 1}, "equal", (1, 4, 7, 9)),
        ([1, 1, 1, 2, 2, 9], 3, {"lowest": 1}, "round", (1, 5, 10)),
        ([12345, 23456, 99999, 500000], 3, {}, "natural", (0, 50000, 500000, 500000)),
        ([12345, 23456, 99999, 500000], 3, {}, "quantiles", (0, 20000, 50000, 500000)),
        ([12345, 23456, 99999, 500000], 3, {}, "equal", (0, 166667, 333334, 500000)),
        ([12345, 23456, 99999, 500000], 3, {}, "round", (0, 200000, 400000, 600000)),
    ],
)
def test_bounds_can_be_read(values, steps, limits, method, bounds):
    assert class_bounds.find(values, steps=steps, method=method, **limits) == bounds


@pytest.mark.parametrize(
    ("values", "inner", "limits", "bounds"),
    [
        ([3, 95], [20, 50], {}, (0, 20, 50, 95)),
        ([3, 95], [3, 95], {}, (0, 3, 95)),
        ([3, 95], [200], {"highest": 150}, (0, 200)),
        ([30, 95], [10], {"lowest": 20}, (10, 95)),
        ([30, 95], [50], {"lowest": 29, "highest": 96}, (30, 50, 95)),
        ([], [5], {}, (5, 5)),
        ([5], [], {}, (5, 5)),
    ],
)
def test_own_breaks_within_the_outermost(values, inner, limits, bounds):
    assert class_bounds.own(values, inner, **limits) == bounds
