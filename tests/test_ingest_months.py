"""Columns of months that count who was recorded in each: refused with what they are, what is needed, and what leads on."""

from __future__ import annotations

from datetime import date

import pytest

from ektp_analysis.core.text import render
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices, ImportReport

NAMES = ("Atinggola", "Kwandang", "Anggrek", "Sumalata", "Tolinggula")
TITLE = "PEREKAMAN KTP-EL KABUPATEN GORONTALO UTARA;\nTAHUN 2023;\n"


def read(header: str, counts: int, **choices: object) -> ImportReport:
    rows = "".join(f"{name};" + ";".join(str(3000 + 100 * n + at) for at in range(counts)) + "\n" for n, name in enumerate(NAMES))
    data = f"{TITLE}{header}\n{rows}".encode()
    return read_file(data, "rekap.csv", Choices(**choices), today=date(2026, 1, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "first"),
    [
        ("KECAMATAN;JANUARI;FEBRUARI;MARET", "JANUARI"),
        ("KECAMATAN;PEREKAMAN JANUARI;PEREKAMAN FEBRUARI;PEREKAMAN MARET", "PEREKAMAN JANUARI"),
        ("KECAMATAN;PEREKAMAN;;\n;JANUARI;FEBRUARI;MARET", "PEREKAMAN JANUARI"),
        ("KECAMATAN;PEREKAMAN JAN 2023;PEREKAMAN FEB 2023;PEREKAMAN MAR 2023", "PEREKAMAN JAN 2023"),
    ],
)
def test_recordings_of_each_month_are_refused_with_what_is_needed(header: str, first: str):
    report = read(header, 3)
    reason = render(report.reason or "", "en")
    assert (
        report.status == "refused" and reason.startswith(f"The columns '{first}' to ") and "sudah rekam or belum rekam" in reason
    )
    assert "bulan" in render(report.reason or "", "id")


def test_what_the_reason_says_leads_on_and_a_person_who_names_a_column_is_believed():
    header = "KECAMATAN;WAJIB KTP;SUDAH REKAM 31/01/2023;SUDAH REKAM 28/02/2023"
    assert read(header.replace("31/01/", "JANUARI ").replace("28/02/", "FEBRUARI "), 3).status == "refused"
    assert [day.month for day in read(header, 3).as_of_dates] == [1, 2]
    named = read("KECAMATAN;JANUARI;FEBRUARI", 2, columns={"recorded": "FEBRUARI"}, date=date(2023, 2, 28))
    assert named.status == "accepted" and named.rows["recorded"].tolist() == [3001 + 100 * n for n in range(5)]


def test_the_unrecorded_of_months_are_read_and_one_month_is_asked():
    left = read("KECAMATAN;BELUM REKAM JANUARI 2023;BELUM REKAM FEBRUARI 2023", 2)
    assert not render(left.reason or "", "en").startswith("The columns")
    assert read("KECAMATAN;PEREKAMAN JANUARI", 1).status == "needs_choice"
