"""What tests/breadth.py leaves to ``make faults``, and that each kind stays in every run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.breadth import crossed, crossed_with_further, examples, first_of_each, parted


def kept(cases: Sequence[Any]) -> list[Any]:
    return [one.values for one in cases if not one.marks]


@pytest.mark.parametrize("lists", [("abc", "xy"), ("ab", "xyz"), ("abcde", "wxyz", "12"), ("ab", "xy"), ("a", "x")])
def test_of_combinations_each_value_is_kept_and_none_is_lost(lists: tuple[str, ...]) -> None:
    made = crossed(*lists)
    assert {one.values for one in made} == {*product(*lists)} and len(made) == prod(map(len, lists))
    assert [{case[place] for case in kept(made)} for place in range(len(lists))] == [{*one} for one in lists]
    assert len(kept(made)) == max(map(len, lists))


def test_of_seeds_the_first_are_kept_and_of_a_list_the_first_of_each_kind() -> None:
    assert [one.values for one in parted(range(5), 2)] == [(range(2),), (range(2, 5),)] and len(kept(parted(range(5), 2))) == 1
    assert kept(first_of_each(["apel", "anggur", "jambu"], lambda one: one[0])) == [("apel",), ("jambu",)]
    assert kept(crossed_with_further("ab")) == [(False, "a"), (False, "b")]


def test_of_examples_few_are_drawn_and_further_many_and_one_that_fails_fails_the_test() -> None:
    drawn: list[int] = []

    @examples(3, 40, database=None)
    @given(st.integers(0, 10**9))
    def held(number: int) -> None:
        """Said."""
        drawn.append(number)
        assert number < 10**6

    (mark,) = held.pytestmark  # type: ignore[attr-defined]
    few, many = mark.args[1]
    assert few == 3 and many.values == (40,) and many.marks and (held.__name__, held.__doc__) == ("held", "Said.")
    with pytest.raises(AssertionError):
        held(40)
    assert len(drawn) > 1


def test_the_tests_of_a_file_and_their_cases_take_an_engine_in_turn_and_a_lone_test_both(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nmarkers = breadth: further cases")
    pytester.makeconftest(
        "import pytest\nfrom tests.breadth import in_turn\n"
        "@pytest.fixture(params=['sqlite', 'postgresql'])\ndef new_url(request):\n    return request.param\n"
        "def pytest_collection_modifyitems(config, items):\n    in_turn(items, 'new_url')\n"
    )
    pytester.makepyfile(
        test_several="import pytest\ndef test_first(new_url):\n    pass\n"
        "@pytest.mark.parametrize('n', [1, 2, 3, pytest.param(4, marks=pytest.mark.breadth)])\n"
        "def test_three(new_url, n):\n    pass\n"
        "@pytest.mark.parametrize('n', [1, pytest.param(2, marks=pytest.mark.breadth)])\n"
        "def test_one(new_url, n):\n    pass\n"
        "def test_last(new_url):\n    pass\n",
        test_lone="def test_lone(new_url):\n    pass\n",
    )
    lines = pytester.runpytest_inprocess("-m", "not breadth", "--collect-only", "-q").outlines
    assert sorted(line.partition("::")[2] for line in lines if "::" in line) == [
        *("test_first[sqlite]", "test_last[postgresql]", "test_lone[postgresql]", "test_lone[sqlite]", "test_one[sqlite-1]"),
        *("test_three[postgresql-1]", "test_three[postgresql-3]", "test_three[sqlite-2]"),
    ]
