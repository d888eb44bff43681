"""Groups of columns whose name stands over the first of them alone, unmerged: read where the sums prove them, else asked."""

from __future__ import annotations

from datetime import date

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import ImportReport

CODES = register().children("75.05")
TITLE = "REKAP KTP-EL KABUPATEN GORONTALO UTARA PER 30 JUNI 2023;\n"
TRUTH = {code: (5000 + 3 * n, 4900 + n, 100 + 2 * n) for n, code in enumerate(CODES)}


def read(heads: str, sub: list[str]) -> ImportReport:
    """A table of three groups; ``sub``: what stands below each, J total, L men, P women, % share, X any number."""
    rows = []
    for code, counts in TRUTH.items():
        cells = [str({"J": one, "L": one // 2, "P": one - one // 2, "%": 50, "X": 1}[kind[0]]) for one in counts for kind in sub]
        rows.append(";".join([register().name(code), *cells]))
    data = "\n".join([TITLE + heads, ";" + ";".join(sub * 3), *rows, ""])
    return read_file(data.encode(), "rekap.csv", today=date(2026, 1, 1))


def figures(report: ImportReport) -> dict[str, tuple[int, int, int]]:
    rows = report.rows
    return {row.area_code: (row.eligible, row.recorded, row.unrecorded) for row in rows.itertuples()}


@pytest.mark.parametrize(
    "sub", [["L", "P", "JML"], ["L", "P", "JML", "% L", "% P"], ["JML", "L", "P", "X1", "X2", "X3", "X4", "X5"]]
)
def test_few_names_over_wide_groups_are_read(sub: list[str]):
    left = ";" * len(sub)
    assert figures(read(f"KECAMATAN;WAJIB KTP{left}SUDAH{left}BELUM{left[1:]}", sub)) == TRUTH


@pytest.mark.parametrize("sub", [["JML", "L", "P"], ["L", "P", "JML"], ["JML", "L", "P", "X1", "X2", "X3", "X4", "X5"]])
def test_names_over_the_middle_of_their_groups_are_asked(sub: list[str]):
    left = ";" * (len(sub) - 1)
    report = read(f"KECAMATAN;;WAJIB KTP;{left}SUDAH REKAM;{left}BELUM REKAM", sub)
    assert report.status == "needs_choice" and "add up" in render(report.reason or "", "en")


def test_a_single_name_over_a_wide_group_is_no_header_and_refused():
    left = ";" * 24
    report = read(f"KECAMATAN;WAJIB KTP{left}", ["JML", "L", "P", "X1", "X2", "X3", "X4", "X5"])
    assert report.status == "refused"
