"""A table of percentages alone is a snapshot too; a column may be named TAHUN and hold codes."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pandas as pd
import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
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


def beside(header: str, share: Callable[[int, int], object], *, counts: str = "eru") -> ImportReport:
    """Eleven kecamatan with the counts named, and a column of shares that is written from (eligible, unrecorded)."""
    words = {"e": "WAJIB KTP", "r": "SUDAH REKAM", "u": "BELUM REKAM"}
    lines: list[list[object]] = [["PEREKAMAN KTP-EL PER 30 JUNI 2023"], ["KODE", *(words[role] for role in counts), header]]
    for place, code in enumerate(register().children("75.05")):
        eligible, left = 4000 + 137 * place, 40 + 9 * place
        cells = {"e": eligible, "r": eligible - left, "u": left}
        lines.append([code, *(cells[role] for role in counts), share(eligible, left)])
    return read_file(book(*lines), "a.xlsx", today=TODAY)


SHARES = {
    "% BELUM REKAM": (100.0, True, ("eru", "er", "eu", "ru")),
    "PERSENTASE BELUM REKAM": (1.0, True, ("eru", "er", "eu", "ru")),
    "SISA": (100.0, True, ("eru", "eu", "ru")),  # beside e and r it would be the only one that says what is left
    "PERSEN SISA": (1.0, True, ("eru", "er", "eu", "ru")),
    "CAPAIAN PEREKAMAN (%)": (100.0, False, ("eru", "er", "eu", "ru")),
}


@pytest.mark.parametrize(
    ("header", "unit", "left", "counts"),
    [(header, unit, left, one) for header, (unit, left, several) in SHARES.items() for one in several],
)
def test_a_share_that_the_counts_contradict_is_told(header: str, unit: str, left: bool, counts: str) -> None:
    def right(eligible: int, rest: int) -> float:
        return round((rest if left else eligible - rest) / eligible * unit, 6)

    def off(eligible: int, rest: int) -> float:  # three points too much in every other row
        return round(right(eligible, rest) - (0.03 * unit if rest % 2 else 0), 6)

    fine, wrong = beside(header, right, counts=counts), beside(header, off, counts=counts)
    assert fine.status == wrong.status == "accepted" and fine.rows.equals(wrong.rows) is left
    assert not [check for check in fine.checks if check.level == "warning"]
    (told,) = [check for check in wrong.checks if check.name == "share"] if left else [None]
    if told is not None:
        assert len(told.rows) == 5 and header in render(told.text, "id") and "baris 4" in render(told.text, "id")


@pytest.mark.parametrize(("points", "told"), [(0.98, False), (1.02, True)])
def test_a_share_is_off_from_one_point_on(points: float, told: bool) -> None:
    report = beside("% BELUM REKAM", lambda eligible, left: 100 * left / eligible + points)
    assert [check.name for check in report.checks if check.level == "warning"] == (["share"] if told else [])
