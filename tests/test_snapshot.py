"""The contract's arithmetic: any two give the third, a percentage gives an interval, missing stays missing."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.contract import BY_NAME, COLUMNS, COUNTS, DTYPES, check, frame
from ektp_analysis.core.text import render
from tests.engines import eligible_bounds


def row(**values: object) -> pd.DataFrame:
    return frame([{"area_code": "75.05", "as_of_date": "2023-06-20", **values}])


@pytest.mark.parametrize(
    ("given_counts", "printed", "expected"),
    [
        ({"unrecorded": 650}, "99.30", (92_199, 93_525)),
        ({"unrecorded": 554}, "99.40", (91_571, 93_109)),
        ({"recorded": 91_570}, "99.30", (92_211, 92_220)),
        ({"unrecorded": 6_000}, "103.94", (None, None)),
        ({"unrecorded": 0}, "100", (0, None)),
        ({"unrecorded": 5}, "50", (10, 10)),
    ],
)
def test_a_percentage_with_a_count_gives_an_interval(
    given_counts: dict[str, int], printed: str, expected: tuple[int | None, int | None]
) -> None:
    assert eligible_bounds(**given_counts, printed=printed) == expected


@given(st.integers(1, 300_000_000), st.integers(0, 10**6), st.integers(0, 4))
def test_the_interval_holds_the_truth(eligible: int, millionths: int, decimals: int) -> None:
    unrecorded = eligible * millionths // 10**6
    share = round(100 * (eligible - unrecorded) / eligible, decimals)
    low, high = eligible_bounds(unrecorded=unrecorded, printed=f"{share:.{decimals}f}")
    assert (low is None or low <= eligible) and (high is None or eligible <= high)


@pytest.mark.parametrize(("recorded", "unrecorded"), [(93, 7), (100, 0), (0, 100)])
def test_any_two_give_the_third(recorded: int, unrecorded: int) -> None:
    for absent in COUNTS:
        counts = {"eligible": 100, "recorded": recorded, "unrecorded": unrecorded}
        out = solve(row(**{k: v for k, v in counts.items() if k != absent})).iloc[0]
        assert [out[k] for k in COUNTS] == [100, recorded, unrecorded]
        assert out["coverage"] == pytest.approx(recorded / 100) and out["eligible_low"] == out["eligible_high"] == 100


def test_more_than_all_leaves_unrecorded_unknown() -> None:
    out = solve(row(eligible=100, recorded=104)).iloc[0]
    assert out["coverage"] == pytest.approx(1.04) and pd.isna(out["unrecorded"])
    printed = solve(row(coverage_reported="103.94", unrecorded=6_000)).iloc[0]
    assert printed["unrecorded"] == 6_000 and pd.isna(printed["eligible"])
    assert (printed["coverage_low"], printed["coverage_high"]) == pytest.approx((1.03935, 1.03945))
    alone = solve(row(coverage_reported="103.94")).iloc[0]
    assert pd.isna(alone["unrecorded"]) and pd.isna(alone["eligible_low"])


def test_missing_is_missing() -> None:
    out = solve(row(unrecorded=7)).iloc[0]
    assert pd.isna(out["eligible"]) and pd.isna(out["recorded"]) and pd.isna(out["coverage"])
    assert out["unrecorded"] == 7
    assert pd.isna(solve(row(eligible=0, recorded=0)).iloc[0]["coverage"])


@pytest.mark.parametrize(
    ("values", "column", "says"),
    [
        ({"eligible": 100, "recorded": 90, "unrecorded": 11}, "unrecorded", "101"),
        ({"eligible": 5, "unrecorded": 6}, "unrecorded", "more than eligible"),
        ({"eligible": -1}, "eligible", "out of bounds"),
        ({"recorded": 500_000_000}, "recorded", "out of bounds"),
        ({}, "", "no figure"),
    ],
)
def test_what_breaks_the_contract(values: dict[str, int], column: str, says: str) -> None:
    faults = check(row(**values))
    assert [(position, fault.column) for position, fault in faults] == [(0, column)]
    assert says in render(faults[0][1].fault, "en")


def test_all_may_be_unrecorded_but_no_more() -> None:
    assert check(row(eligible=100, unrecorded=100)) == []
    assert len(check(row(eligible=100, unrecorded=101))) == 1


def test_a_coverage_of_none_begins_at_zero() -> None:
    out = solve(row(coverage_reported="0.00")).iloc[0]
    assert (out["coverage_low"], out["coverage_high"]) == pytest.approx((0.0, 0.00005))
    first = solve(row(coverage_reported="0.01")).iloc[0]
    assert (first["coverage_low"], first["coverage_high"]) == pytest.approx((0.00005, 0.00015))


def test_an_area_and_a_day_stand_once() -> None:
    twice = pd.concat([row(eligible=1), row(eligible=1), row(eligible=2)], ignore_index=True)
    assert [position for position, _ in check(twice)] == [1, 2]
    assert check(row(eligible=100, recorded=104)) == []


def test_each_column_is_defined_once_and_whole() -> None:
    assert len(BY_NAME) == len(COLUMNS)
    headers = [h for c in COLUMNS for h in c.headers]
    assert len(headers) == len(set(headers))
    made = frame()
    assert {name: str(dtype) for name, dtype in made.dtypes.items()} == {c.name: DTYPES[c.kind] for c in COLUMNS}
