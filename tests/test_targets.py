"""Targets: exact arithmetic, parsing, the data file."""

from decimal import Decimal

import pytest

from ektp_analysis.core import targets
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import ZERO, Target


@pytest.mark.parametrize(
    ("share", "eligible", "allowed"),
    [
        ("99.4", 92_654, 555),
        ("99.4", 92_199, 553),
        ("99.4", 1_000, 6),
        ("99.4", 999, 5),
        ("99.4", 0, 0),
        ("99.9", 10_000, 10),
        ("50", 3, 1),
        ("zero", 92_654, 0),
    ],
)
def test_what_may_remain_is_the_exact_floor(share, eligible, allowed):
    assert Target.parse(share).remaining(eligible) == allowed


@pytest.mark.parametrize(
    ("text", "share", "key", "shown"),
    [
        ("99.4", "0.994", "99.4", 2),
        ("99,40", "0.994", "99.4", 2),
        (" 99,40 % ", "0.994", "99.4", 2),
        ("97", "0.97", "97", 2),
        ("99.405", "0.99405", "99.405", 3),
    ],
)
def test_a_coverage_is_read_as_written(text, share, key, shown):
    target = Target.parse(text)
    assert (target.share, target.key, target.percent.decimals) == (Decimal(share), key, shown)


@pytest.mark.parametrize("text", ["zero", "ZERO", "nol", "tuntas", "0", "100", "100,00 %"])
def test_zero_has_several_names(text):
    assert Target.parse(text) == ZERO and ZERO.key == "zero"


@pytest.mark.parametrize("text", ["", "many", "-5", "120", "0.0", "9 9", "99.4.1", "1e2", "nan"])
def test_what_is_no_target_is_refused_with_a_sentence(text):
    with pytest.raises(UserError) as caught:
        Target.parse(text)
    assert "coverage" in str(caught.value)


def test_negative_eligible_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="negative"):
        Target.parse("99.4").remaining(-1)


def test_the_file_gives_the_national_target_and_zero_with_sources():
    loaded = targets.load()
    assert [target.key for target in loaded] == ["99.4", "zero"]
    assert all(target.source for target in loaded)
    assert Target.national().key == "99.4"
