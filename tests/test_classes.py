"""Classes: every area in exactly one; zero, no data, above 100 % and outdated are never part of the ramp."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ektp_analysis.core import contract
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.text import render
from ektp_analysis.core.theme import cool, palette, ramp
from ektp_analysis.figures import classes
from ektp_analysis.figures.class_bounds import METHODS
from ektp_analysis.figures.classes import Cuts, older_than
from ektp_analysis.maps.measures import AGE, CHANGE, COVERAGE, DAYS, MEASURES, PACE, PROBABILITY, UNRECORDED
from ektp_analysis.maps.measures import available as available_measures

ALL = {measure.key: measure for measure in MEASURES}


def cut(how):
    """What is said of the cuts, taken out of the arguments."""
    given = {name: how.pop(name) for name in ("steps", "method", "own", "bounds") if name in how}
    return Cuts(**{name: tuple(value) if name in ("own", "bounds") else value for name, value in given.items()})


def classify(values, measure=UNRECORDED, **how):
    return classes.classify(values, measure, cuts=cut(how), **how)


def classify_rows(rows, measure=UNRECORDED, **how):
    return classes.classify_rows(rows, measure, cuts=cut(how), **how)


def frozen(rows, every, measure=UNRECORDED, **how):
    return classes.frozen(rows, every, measure, cut(how))


def available(columns):
    return [measure.key for measure in available_measures(columns)]


def series(values, dtype="Int64"):
    return pd.Series(values, index=[f"75.05.{i + 1:02}" for i in range(len(values))], dtype=dtype)


COUNTS = st.lists(st.one_of(st.none(), st.integers(0, 5000)), max_size=40)
SHARES = st.lists(st.one_of(st.none(), st.floats(0, 1.2, allow_nan=False)), max_size=40)


@given(COUNTS, st.integers(1, 7), st.sampled_from(METHODS))
def test_every_count_is_in_exactly_one_class_that_contains_it(values, steps, method):
    check(series(values), UNRECORDED, steps, method)


@given(SHARES, st.integers(1, 7), st.sampled_from(METHODS))
def test_every_share_is_in_exactly_one_class_that_contains_it(values, steps, method):
    check(series(values, "Float64"), COVERAGE, steps, method)


def check(values, measure, steps, method):
    found = classify(values, measure=measure, steps=steps, method=method)
    placed = [code for item in found.items for code in item.codes]
    assert sorted(placed) == sorted(values.index)
    assert len([item for item in found.items if item.kind == "step"]) <= steps
    half = measure.precision / 2 + 1e-9
    for code, value in values.items():
        item = found.item(code)
        if pd.isna(value):
            assert item.kind == "none"
        elif value == measure.done:
            assert item.kind == "done"
        elif measure is COVERAGE and value > 1:
            assert item.kind == "over"
        else:
            assert item.kind == "step"
            # within what is shown: 99.998 % is shown below 100 %, never as 100 %
            assert item.low - half <= min(value, (measure.most or 10**9) * measure.precision) <= item.high + half


def test_the_four_states_are_told_apart():
    found = classify(series([None, 0, 12, None]), over=["75.05.04"], stale=["75.05.03"])
    assert [found.item(code).kind for code in ("75.05.01", "75.05.02", "75.05.03", "75.05.04")] == [
        "none",
        "done",
        "stale",
        "over",
    ]
    assert found.item("75.05.99").kind == "none"
    fills = {found.fill(code, "light") for code in ("75.05.01", "75.05.02", "75.05.04")}
    assert len(fills) == 3 and not fills & set(ramp(5))


def test_an_answer_that_is_still_to_come_is_neither_no_data_nor_outdated():
    codes = [f"75.05.0{place}" for place in range(1, 7)]
    rows = pd.DataFrame({"area_code": codes, "eligible": 9.0, "unrecorded": 3.0, "coverage": 0.6, "coverage_reported": None})
    rows["days"] = [30.0, None, None, None, None, 30.0]
    rows["awaited"] = [None, True, True, None, None, True]
    found = classes.classify_rows(rows, DAYS, stale=codes[2:4])
    assert [found.item(code).kind for code in codes] == ["step", "awaited", "awaited", "stale", "none", "step"]
    assert not found.hatched(codes[1]) and found.hatched(codes[4])
    assert "awaited" not in {item.kind for item in classes.classify_rows(rows, UNRECORDED).items}
    assert "awaited" not in {item.kind for item in classes.classify_rows(rows.drop(columns="awaited"), DAYS).items}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_more_unrecorded_is_darker_for_counts_and_lower_coverage_is_darker(theme):
    counts = classify(series([1, 50, 500]), steps=3)
    shares = classify(series([0.99, 0.9, 0.5], "Float64"), measure=COVERAGE, steps=3)
    for found in (counts, shares):
        assert [found.fill(f"75.05.0{i}", theme) for i in (1, 2, 3)] == list(ramp(3, theme))


@pytest.mark.parametrize(
    ("values", "kinds"), [([], set()), ([None, None], {"none"}), ([0, 0, 0], {"done"}), ([5], {"step"}), ([7, 7, 7], {"step"})]
)
def test_degenerate_values(values, kinds):
    found = classify(series(values))
    assert {item.kind for item in found.items if item.codes} == kinds
    assert {"done", "over", "none"} <= {item.kind for item in found.items}  # the legend always explains them


def test_frozen_bounds_give_a_colour_one_meaning():
    first = classify(series([10, 20, 40, 80, 160]), steps=5)
    later = classify(series([5, 20, 38, 80, 200]), bounds=first.bounds)
    assert later.bounds[1:-1] == first.bounds[1:-1]
    assert later.bounds[0] <= 5 and later.bounds[-1] >= 200
    assert later.fill("75.05.02", "light") == first.fill("75.05.02", "light")


def test_shares_that_read_the_same_share_a_class():
    found = classify(series([0.99396, 0.99404, 0.9939], "Float64"), measure=COVERAGE)
    assert found.item("75.05.01") == found.item("75.05.02") != found.item("75.05.03")


def test_almost_complete_is_not_complete():
    found = classify(series([0.999999, 1.0, 1.000001], "Float64"), measure=COVERAGE)
    assert [found.item(f"75.05.0{i}").kind for i in (1, 2, 3)] == ["step", "done", "over"]


def test_labels_of_neighbours_do_not_touch():
    found = classify(series([19, 25, 33, 34, 44, 45, 48, 51, 57, 72, 126]))
    assert [render(item.label, "id") for item in found.items if item.kind == "step"] == [
        "10 – 29",
        "30 – 39",
        "40 – 59",
        "60 – 99",
        "100 – 130",
    ]
    shares = classify(series([0.99396, 0.99404, 0.9939], "Float64"), measure=COVERAGE)
    assert [render(item.label, "en") for item in shares.items if item.kind == "step"] == ["99.40%", "99.39%"]


def test_what_is_almost_complete_is_shown_below_100_per_cent():
    assert classify(series([0.999999], "Float64"), measure=COVERAGE).item("75.05.01").high == pytest.approx(0.9999)


def test_held_says_how_many_people_a_class_holds():
    values = series([10, 11, 100, 0, None])
    found = classify(values, held=values, steps=2)
    held = {item.key: (item.held, item.held_share) for item in found.items}
    assert held["step1"] == (21, pytest.approx(21 / 121)) and held["step2"] == (100, pytest.approx(100 / 121))
    assert held["done"] == (0, 0) and held["none"] == (None, None)


def rows(*given):
    return solve(contract.frame([{"as_of_date": pd.Timestamp("2023-06-20"), **row} for row in given]))


def test_rows_with_more_than_100_per_cent_are_above_in_both_measures():
    frame = rows(
        {"area_code": "75.05.01", "eligible": 100, "recorded": 104},
        {"area_code": "75.05.02", "coverage_reported": "103.94"},
        {"area_code": "75.05.03", "eligible": 100, "recorded": 90},
    )
    for measure in (UNRECORDED, COVERAGE):
        found = classify_rows(frame, measure=measure, areas=["75.05.04"])
        assert [found.item(f"75.05.0{i}").kind for i in (1, 2, 3, 4)] == ["over", "over", "step", "none"]


def test_a_known_count_beside_a_printed_percentage_above_100_keeps_its_class():
    frame = rows({"area_code": "75.05.01", "unrecorded": 6000, "coverage_reported": "103.94"})
    assert classify_rows(frame).item("75.05.01").kind == "step"


def test_a_printed_percentage_stands_for_the_coverage():
    frame = rows({"area_code": "75.05.01", "coverage_reported": "99.40"}, {"area_code": "75.05.02", "unrecorded": 3})
    found = classify_rows(frame, measure=COVERAGE)
    assert found.item("75.05.01").low == pytest.approx(0.994)
    assert found.item("75.05.02").kind == "none"


def test_palette_of_special_classes():
    found = classify(series([None, 0]), over=[])
    assert found.fill("75.05.02", "dark") == palette("dark").done and found.fill("75.05.01", "dark") == palette("dark").none


@given(st.lists(st.one_of(st.none(), st.integers(-3000, 3000)), max_size=30), st.integers(1, 7), st.sampled_from(METHODS))
def test_change_diverges_about_zero_and_every_value_has_one_class(values, steps, method):
    values = series(values)
    found = classify(values, measure=CHANGE, steps=steps, method=method)
    assert sorted(code for item in found.items for code in item.codes) == sorted(values.index)
    for code, value in values.items():
        item = found.item(code)
        if pd.isna(value) or value == 0:
            assert item.kind == ("none" if pd.isna(value) else "same")
        else:
            assert item.low <= value <= item.high
            assert (item.rank > 0) == (value > 0)  # a rise is warm, a fall is cool


def test_a_fall_is_cool_and_a_larger_one_darker():
    found = classify(series([-500, -5, 0, 7]), measure=CHANGE, steps=4)
    assert [found.fill(f"75.05.0{i}", "light") for i in (1, 2, 3, 4)] == [
        cool(2)[1],
        cool(2)[0],
        palette("light").same,
        ramp(1)[0],
    ]
    assert [render(item.label, "en") for item in found.items if item.kind == "step"] == ["-500", "-499 to -1", "1 – 7"]


def test_a_falling_pace_is_good():
    found = classify(series([12.5, -0.04, 0.0], "Float64"), measure=PACE, steps=4)
    assert found.item("75.05.01").rank < 0 < found.item("75.05.02").rank
    assert found.item("75.05.03").kind == "same"


@pytest.mark.parametrize(("first", "later"), [([5, 9], [-4, 7]), ([-5, -9], [-4, 7]), ([-5, 9], [-400, 700])])
def test_frozen_bounds_of_a_change_gain_the_side_they_lacked(first, later):
    frozen = classify(series(first), measure=CHANGE)
    found = classify(series(later), measure=CHANGE, bounds=frozen.bounds)
    assert {item.kind for item in found.items if item.codes} == {"step"}
    for code, value in series(later).items():
        assert found.item(code).low <= value <= found.item(code).high


def test_days_know_reached_and_never():
    found = classify(series([0.0, 12.0, float("inf"), None], "Float64"), measure=DAYS)
    assert [found.item(f"75.05.0{i}").kind for i in (1, 2, 3, 4)] == ["done", "step", "beyond", "none"]
    assert str(found.item("75.05.01").label) == "Target reached"
    assert found.fill("75.05.03", "light") == palette("light").beyond


def test_a_chance_of_0_or_100_per_cent_is_a_step():
    found = classify(series([0.0, 1.0, 0.4], "Float64"), measure=PROBABILITY)
    assert {item.kind for item in found.items if item.codes} == {"step"}
    assert found.item("75.05.01").rank > found.item("75.05.02").rank


def test_old_figures_are_a_class_of_their_own():
    frame = solve(
        contract.frame(
            [
                {"area_code": "75.05.01", "as_of_date": pd.Timestamp("2023-04-20"), "unrecorded": 9},
                {"area_code": "75.05.02", "as_of_date": pd.Timestamp("2023-04-22"), "unrecorded": 9},
            ]
        )
    )
    old = older_than(frame, pd.Timestamp("2023-06-20").date())
    assert old == {"75.05.01"}
    assert classify_rows(frame, stale=old).item("75.05.01").kind == "stale"


def test_measures_are_offered_where_their_column_is():
    assert list(available(["area_code", "unrecorded", "coverage", "change"])) == ["unrecorded", "coverage", "change"]
    assert all(str(measure.good_for).endswith(".") and str(measure.hides).endswith(".") for measure in ALL.values())
    assert classify(series([0, 3, 90]), measure=AGE).item("75.05.01").kind == "step"


@pytest.mark.parametrize(("own", "bounds"), [((30, 60), (0, 30, 60, 100)), ((60, 30, 30), (0, 30, 60, 100)), ((200,), None)])
def test_own_breaks_are_kept_as_typed(own, bounds):
    values = pd.Series([1, 29, 30, 59, 60, 95], index=[f"75.05.0{i}" for i in range(1, 7)])
    found = classify(values, own=own)
    if bounds:
        assert found.bounds[1:-1] == bounds[1:-1]
        steps = [found.item(code).rank for code in values.index]
        assert steps == [1, 1, 2, 2, 3, 3]
    assert found.bounds[0] <= 1 and found.bounds[-1] >= 95
    assert sum(len(item.codes) for item in found.items) == len(values)


def test_own_breaks_of_a_diverging_measure_keep_zero_in_the_middle():
    values = pd.Series([-50, -5, 0, 5, 50], index=[f"75.05.0{i}" for i in range(1, 6)])
    found = classify(values, measure=ALL["change"], own=(-10, 10))
    kinds = [found.item(code) for code in values.index]
    assert [item.kind for item in kinds] == ["step", "step", "same", "step", "step"]
    assert [item.rank for item in kinds] == [-2, -1, 0, 1, 2]


def test_more_than_six_own_breaks_do_not_exceed_the_ramp():
    values = pd.Series(range(1, 101), index=[f"x{i}" for i in range(100)])
    assert len(classify(values, own=range(5, 95, 5)).bounds) == 8


def test_frozen_bounds_hold_every_day():
    def day(values):
        return solve(
            contract.frame(
                [
                    {
                        "area_code": f"75.05.{i:02d}",
                        "as_of_date": pd.Timestamp("2024-01-01"),
                        "eligible": 9000,
                        "unrecorded": value,
                    }
                    for i, value in enumerate(values, 1)
                ]
            )
        )

    latest, before = day([1, 4, 9, 20, 40]), day([10, 40, 90, 200, 400])
    every = pd.concat([latest, before])
    bounds = frozen(latest, every)
    assert bounds[1:-1] == classify_rows(latest).bounds[1:-1] and bounds[-1] >= 400
    for rows in (latest, before):
        assert classify_rows(rows, bounds=bounds).bounds == bounds
    assert frozen(day([0, 0]), before) == classify_rows(before).bounds  # nothing to class on the day itself


def exact(value, measure):
    """The value in units of the precision, reckoned with decimals instead of floats."""
    return Decimal(repr(float(value))) / Decimal(repr(measure.precision))


# Ties, constants, all zero, all missing, one area, negative changes: each kind of column, for each measure.
KINDS = st.sampled_from(["ties", "constant", "zero", "missing", "one", "mixed"])


def drawn(draw, measure):
    kind = draw(KINDS)
    low, high = {"people": (-4000, 90_000), "days": (0, 900), "share": (0, 1.1), "per_day": (-60, 400)}[measure.unit]
    if not measure.diverging:
        low = max(low, 0)
    fine = st.floats(low, high, allow_nan=False).map(lambda value: round(value, 6))
    number = st.integers(low, high) if measure.precision == 1 else fine
    if kind == "missing":
        return [None] * draw(st.integers(1, 12))
    if kind == "zero":
        return [0] * draw(st.integers(1, 12))
    if kind == "one":
        return [draw(number)]
    if kind == "constant":
        return [draw(number)] * draw(st.integers(2, 12))
    if kind == "ties":
        return draw(st.lists(st.sampled_from(draw(st.lists(number, min_size=1, max_size=3))), min_size=2, max_size=30))
    return draw(st.lists(st.one_of(st.none(), number), min_size=1, max_size=30))


@st.composite
def columns(draw):
    measure = draw(st.sampled_from(list(ALL.values())))
    return measure, drawn(draw, measure)


@settings(max_examples=120)
@given(columns(), st.integers(1, 7), st.sampled_from(METHODS))
def test_whatever_the_column_each_value_has_one_class_and_the_bounds_hold_it(column, steps, method):
    measure, given_values = column
    values = series(given_values, "Float64")
    found = classify(values, measure=measure, steps=steps, method=method)
    assert sorted(code for item in found.items for code in item.codes) == sorted(values.index)
    shown = [item for item in found.items if item.kind == "step"]
    assert len(shown) <= max(steps, 2 if measure.diverging else 1)
    assert list(found.bounds) == sorted(found.bounds)
    numbers = []
    for code, value in values.items():
        item = found.item(code)
        if pd.isna(value):
            assert item.kind == "none"
        elif measure is COVERAGE and value > 1:
            assert item.kind == "over"
        elif measure.diverging and value == 0:
            assert item.kind == "same"
        elif measure.done is not None and value == measure.done:
            assert item.kind == "done"
        else:
            assert item.kind == "step"
            units = measure.units(float(value))
            numbers.append(units)
            # what is shown is what was given, rounded by at most half a unit, or held at the measure's own limits
            limits = {measure.least, measure.most}
            assert abs(units - exact(value, measure)) <= Decimal("0.5000001") or units in limits or abs(units) == 1
            assert round(item.low / measure.precision) <= units <= round(item.high / measure.precision)
            assert [
                other.key
                for other in shown
                if other.low <= units * measure.precision + 1e-9 and units * measure.precision <= other.high + 1e-9
            ] == [item.key]  # and in no second one
    if numbers:
        assert found.bounds[0] <= min(numbers) and max(numbers) <= found.bounds[-1]
        span = max(numbers) - min(numbers)
        if not measure.diverging and method != "round":  # readable, and not far outside of the data
            assert min(numbers) - found.bounds[0] <= max(span / 8, 1) and found.bounds[-1] - max(numbers) <= max(span / 8, 1)
    else:
        assert shown == []


@given(columns(), columns(), st.integers(1, 7))
def test_frozen_bounds_keep_every_colour_whatever_comes_later(first, later, steps):
    measure, early = first
    bounds = classify(series(early, "Float64"), measure=measure, steps=steps).bounds
    if not bounds or measure.diverging:
        return
    values = [value for value in later[1] if value is None or value >= 0]
    found = classify(series(values or [None], "Float64"), measure=measure, bounds=bounds)
    assert found.bounds[1:-1] == bounds[1:-1]
    assert found.bounds[0] <= bounds[0] and bounds[-1] <= found.bounds[-1]
    numbers = [
        measure.units(float(value)) for code, value in series(values, "Float64").items() if found.item(code).kind == "step"
    ]
    assert all(found.bounds[0] <= number <= found.bounds[-1] for number in numbers)


@pytest.mark.parametrize(("steps", "each"), [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 3)])
def test_the_steps_of_a_difference_are_shared_by_both_sides(steps, each):
    """Half of the steps a side, and never none; with one side alone all of them."""
    both = classify(series([*range(-90, 0, 10), *range(10, 100, 10)]), measure=CHANGE, steps=steps)
    ranks = [item.rank for item in both.items if item.kind == "step"]
    assert sum(rank < 0 for rank in ranks) == sum(rank > 0 for rank in ranks) == each
    if each == 1:  # whatever the method: one class a side, also where a half of the steps is none
        for method in METHODS:
            found = classify(series([-90, -10, 10, 90]), measure=CHANGE, steps=steps, method=method)
            assert [item.rank for item in found.items if item.kind == "step"] == [-1, 1]
    one = classify(series(range(10, 100, 10)), measure=CHANGE, steps=steps)
    assert sum(item.kind == "step" for item in one.items) == min(steps, 6)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_bounds_can_be_found_on_all_days_together(measure):
    """The rows of several days hold each area several times; each counts as a value of its own."""
    others = [one.column for one in MEASURES if one.column not in ("unrecorded", "coverage")]
    every = pd.concat(
        [
            rows(
                {"area_code": "75.05.01", "unrecorded": 10 * day + 1}, {"area_code": "75.05.02", "unrecorded": 40 * day + 2}
            ).assign(**{name: pd.Series([day + 0.5, 3.0 * day]) for name in others})
            for day in (1, 2, 3)
        ]
    )
    bounds = frozen(every, every, measure)
    apart = every.assign(area_code=[f"75.05.{place + 1:02}" for place in range(len(every))])
    assert bounds == classify_rows(apart, measure).bounds
    assert not classes.reach_beyond(every, every, measure)
    assert classes.reach_beyond(every, every.iloc[:1], measure) is (measure is not COVERAGE)  # which nobody says here
