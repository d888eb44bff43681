"""Whole workbooks as offices send them: exact, asked or refused, never silently wrong."""

from datetime import date

import pandas as pd
import pytest

from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from tests import several
from tests.layouts import habits, whole

TODAY = date(2026, 1, 1)


def figures(report):
    """code -> (eligible, recorded, unrecorded) of a report's rows, None where not given."""
    return {
        row.area_code: tuple(None if pd.isna(n) else int(n) for n in (row.eligible, row.recorded, row.unrecorded))
        for row in report.rows.itertuples()
    }


def hold(file):
    """The file is read as its truth, and again by the choices that its report gives; or it gets the status that it must."""
    report = read_file(file.data, file.name, file.choices or Choices(), today=TODAY)
    assert report.status == file.status, f"{report.reason} {[str(question.text) for question in report.questions]}"
    if file.status == "accepted":
        days = file.day if isinstance(file.day, tuple) else (file.day,)
        assert (figures(report) if len(days) == 1 else several.figures(report)) == file.truth
        assert report.as_of_dates == days
        assert sum(total.areas for total in report.totals) == len(file.truth)
        again = read_file(file.data, "renamed.bin", report.choices, today=TODAY)
        assert again.status == "accepted" and again.rows.equals(report.rows) and again.content_key == report.content_key
    else:
        assert len(report.rows) == 0 and report.reason


@pytest.mark.parametrize("make", whole.ALL, ids=[make.__name__ for make in whole.ALL])
def test_whole_layouts(make):
    hold(make())


@pytest.mark.parametrize(("label", "file"), habits.cases(), ids=[label for label, _ in habits.cases()])
def test_habits(label, file):
    hold(file)
