"""A table of percentages alone is a snapshot too; a column may be named TAHUN and hold codes."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from ektp_analysis.core.area import register
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import ImportReport

TODAY = date(2026, 1, 1)


def book(*lines: list[object], sheet: str = "Sheet1") -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active.title = sheet
    for line in lines:
        made.active.append(line)
    made.save(out)
    return out.getvalue()


def percentages(header: str, write: object) -> ImportReport:
    names = [register().name(code) for code in register().children("75.05")]
    return read_file(
        book(
            ["PER 30 JUNI 2023 KABUPATEN GORONTALO UTARA"],
            ["KECAMATAN", header],
            *([name, write(place)] for place, name in enumerate(names)),
        ),
        "a.xlsx",
        today=TODAY,
    )  # type: ignore[operator]


@pytest.mark.parametrize("write", [lambda n: f"97,{50 + n} %", lambda n: (9750 + n) / 100, lambda n: f"97.{50 + n}%"])
def test_percentages_of_recording_alone(write: object) -> None:
    report = percentages("PERSENTASE PEREKAMAN", write)
    assert report.status == "accepted", report.reason
    assert [float(text) for text in report.rows["coverage_reported"]] == [97.5 + n / 100 for n in range(11)]
    assert report.rows[["eligible", "recorded", "unrecorded"]].isna().all(axis=None)


def test_percentages_of_something_else_are_refused() -> None:
    assert percentages("PERSENTASE KEPEMILIKAN KIA", lambda n: f"97,{50 + n} %").status == "refused"


def test_a_column_named_tahun_may_hold_codes() -> None:
    codes = [code for kecamatan in register().children("75.05")[:2] for code in register().children(kecamatan)]
    report = read_file(
        book(
            ["TAHUN", "NAMA", "WKTP", "REKAM"],
            *([int(code.replace(".", "")), register().name(code).upper(), 1003 + n, 987 + n] for n, code in enumerate(codes)),
            sheet="DKB_SMSTR_1_2025",
        ),
        "a.xlsx",
        today=TODAY,
    )
    assert report.status == "accepted", report.reason
    assert list(report.rows["area_code"]) == codes and report.as_of_dates == (date(2025, 6, 30),)
    assert report.rows["eligible"].sum() == sum(1003 + n for n in range(len(codes)))
    assert set(report.rows["basis"]) == {"DKB 2025-1"} and not pd.isna(report.rows["recorded"]).any()
