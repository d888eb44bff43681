"""Single cells, by the tables of tests/spec/ingest_values.py."""

import pytest

from ektp_analysis.errors import UserError
from ektp_analysis.ingest import dates, numbers
from ektp_analysis.ingest.areacodes import code_of
from tests.spec import ingest_values as spec


def outcome(read, value, error):
    try:
        return read(value)
    except error:
        return spec.FAULT


@pytest.mark.parametrize(("value", "meaning"), spec.COUNTS)
def test_counts(value, meaning):
    assert outcome(numbers.count, value, numbers.NotANumber) == meaning


@pytest.mark.parametrize(("value", "meaning"), spec.PERCENTS)
def test_percents(value, meaning):
    assert outcome(numbers.percent, value, numbers.NotANumber) == meaning


def test_a_share_is_written_as_per_cent():
    assert numbers.percent(0.994, fraction=True) == "99.4"
    assert numbers.percent("0.9940", fraction=True) == "99.40"


@pytest.mark.parametrize(("value", "meaning"), spec.DATES)
def test_dates(value, meaning):
    assert dates.parse(value) == meaning


@pytest.mark.parametrize(("text", "found"), spec.SEARCHES)
def test_dates_in_titles(text, found):
    assert [(hit.kind, hit.day, hit.basis) for hit in dates.search(text)] == found


@pytest.mark.parametrize(("value", "meaning"), spec.CODES)
def test_codes(value, meaning):
    assert outcome(code_of, value, UserError) == meaning
