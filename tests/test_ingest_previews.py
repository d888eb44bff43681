"""Of several tables that are one reading each has a preview of its own in which its own columns are marked."""

from __future__ import annotations

import io
from datetime import date

import openpyxl

from ektp_analysis.core.area import register
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import ImportReport

TODAY = date(2026, 1, 1)
CODES = register().children("75.05")


def workbook(**sheets: list[list[object]]) -> ImportReport:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return read_file(out.getvalue(), "gorontalo utara.xlsx", today=TODAY)


def table(day: str, heads: list[str], add: int) -> list[list[object]]:
    counts = {"WAJIB KTP": 4000, "SUDAH REKAM": 3900 + add, "BELUM REKAM": 100 - add}
    rows = [[register().name(code), *(counts[head] + 0 * n for head in heads)] for n, code in enumerate(CODES)]
    return [[f"PEREKAMAN KTP-EL PER {day}"], [], ["KECAMATAN", *heads], *rows]


def marked(report: ImportReport) -> dict[str, dict[int, str]]:
    return {key: dict(one.roles) for key, one in report.previews.items()}


def test_each_sheet_is_marked_by_its_own_columns():
    heads = ["WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
    report = workbook(Mei=table("31 Mei 2023", heads, 0), Juni=table("30 Juni 2023", heads[::-1], 5))
    assert report.status == "accepted" and len(report.parts) == 2
    assert marked(report) == {
        "Mei": {0: "area", 1: "eligible", 2: "recorded", 3: "unrecorded"},
        "Juni": {0: "area", 1: "unrecorded", 2: "recorded", 3: "eligible"},
    }
    assert report.preview is not None and report.preview.roles == report.previews["Mei"].roles


def test_days_side_by_side_are_marked_each_in_the_same_rows():
    rows: list[list[object]] = [["PEREKAMAN KTP-EL"], ["KECAMATAN", "BELUM REKAM 31/05/2023", "BELUM REKAM 30/06/2023"]]
    report = workbook(Data=[*rows, *([register().name(code), 100 + n, 90 + n] for n, code in enumerate(CODES))])
    assert list(marked(report).values()) == [{0: "area", 1: "unrecorded"}, {0: "area", 2: "unrecorded"}]


def test_a_table_further_down_is_shown_from_above_its_header_with_the_rows_of_the_file():
    heads = ["WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
    upper, lower = table("31 Mei 2023", heads, 0), table("30 Juni 2023", heads, 5)
    report = workbook(Data=[*upper, [], [], *lower])
    assert len(report.previews) == 2
    below = list(report.previews.values())[1]
    header = len(upper) + 5
    assert below.header_rows == (header,) and below.start == header - 3 and below.headers[:2] == ("KECAMATAN", "WAJIB KTP")


def test_one_table_has_one_preview():
    assert not workbook(Data=table("31 Mei 2023", ["WAJIB KTP", "BELUM REKAM"], 0)).previews
