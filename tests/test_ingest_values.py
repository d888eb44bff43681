"""Single cells, by the tables of tests/spec/ingest_values.py."""

import pytest

from ektp_analysis.core.errors import UserError
from ektp_analysis.ingest.cells import numerals, written
from ektp_analysis.ingest.columns.area_columns import code_of
from tests.spec import ingest_values as spec


def outcome(read, value, error):
    try:
        return read(value)
    except error:
        return spec.FAULT


@pytest.mark.parametrize(("value", "meaning"), spec.COUNTS)
def test_counts(value, meaning):
    assert outcome(numerals.count, value, numerals.NotANumber) == meaning


@pytest.mark.parametrize(("value", "meaning"), spec.PERCENTS)
def test_percents(value, meaning):
    assert outcome(numerals.percent, value, numerals.NotANumber) == meaning


def test_a_share_is_written_as_per_cent():
    assert numerals.percent(0.994, fraction=True) == "99.4"
    assert numerals.percent("0.9940", fraction=True) == "99.40"


@pytest.mark.parametrize(("value", "meaning"), spec.DATES)
def test_dates(value, meaning):
    assert written.parse(value) == meaning


@pytest.mark.parametrize(("text", "found"), spec.SEARCHES)
def test_dates_in_titles(text, found):
    assert [(hit.kind, hit.day, hit.basis) for hit in written.search(text)] == found


@pytest.mark.parametrize(("value", "meaning"), spec.CODES)
def test_codes(value, meaning):
    assert outcome(code_of, value, UserError) == meaning
