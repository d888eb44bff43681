"""What is said, asked or refused where a file has lost rows: by its numbering, cells, days and letters, and by the register."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
from ektp_analysis.ingest.opening.texts import odd_letter
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices, ImportReport
from tests import faults

TODAY = date(2026, 1, 1)
DAYS = ("2023-06-06", "2023-06-13", "2023-06-20")
CODES = [f"75.05.{number:02d}" for number in range(1, 12)]


def numbered(lines: int = 11, *, without: tuple[int, ...] = (), numbers: dict[int, object] | None = None) -> list[str]:
    """Rows of the kecamatan of one kabupaten, with NO, names, and counts; ``without``: numbers of rows that are left out."""
    made = ["NO;KECAMATAN;WAJIB KTP;SUDAH REKAM;BELUM REKAM"]
    for number, code in enumerate(CODES[:lines], 1):
        if number not in without:
            made.append(f"{(numbers or {}).get(number, number)};{register().name(code)};{4000 + number};3900;{100 + number}")
    return made


def read(lines: list[str], **choices: object) -> ImportReport:
    text = "\n".join(["REKAP KTP-EL KABUPATEN GORONTALO UTARA PER 20 JUNI 2023", *lines, ""])
    return read_file(text.encode(), "rekap.csv", Choices(**choices), today=TODAY)  # type: ignore[arg-type]


def own(rows: list[tuple[str, str]], basis: dict[int, str] | None = None) -> ImportReport:
    lines = [f"{code};{day};4000;3900;100;{(basis or {}).get(number, 'DKB')}" for number, (code, day) in enumerate(rows)]
    text = "\n".join(["kode;tanggal;wajib ktp;sudah rekam;belum rekam;dasar", *lines, ""])
    return read_file(text.encode(), "isian.csv", today=TODAY)


def said(report: ImportReport, name: str) -> list[str]:
    return [render(check.text, "en") for check in report.checks if check.name == name]


def test_a_numbering_that_leaps_is_told_with_its_row():
    report = read(numbered(without=(4, 5)))
    assert report.status == "accepted" and report.silent == (CODES[3], CODES[4])
    assert [line.partition(",")[0] for line in said(report, "numbering")] == [
        "The numbering of the rows leaps before row 6: 2 rows are missing there"
    ]


def test_leaps_in_two_places_are_counted_together():
    codes = [code for kecamatan in CODES for code in register().children(kecamatan)][:30]
    rows = [f"{number};{code};{4000 + number};3900;{100 + number}" for number, code in enumerate(codes, 1)]
    left = [row for row in rows if row.partition(";")[0] not in ("3", "9", "10")]
    found = read(["NO;KODE DESA;WAJIB KTP;SUDAH REKAM;BELUM REKAM", *left])
    assert ["leaps in 2 places" in line and "3 rows are missing in all" in line for line in said(found, "numbering")] == [True]


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        {number: number - 5 for number in range(6, 12)},  # anew in each block
        {number: number * 10 for number in range(1, 12)},  # no numbering of rows
        dict.fromkeys(range(1, 12), ""),
        {number: number + (number > 3) + (number > 7) for number in range(1, 12)},  # more than one in ten
        {11: 10},
    ],
)
def test_other_numbers_are_no_leap(numbers: dict[int, object]):
    report = read(numbered(numbers=numbers))
    assert report.status == "accepted" and said(report, "numbering") == []


def test_three_numbers_show_no_way_of_counting_and_four_do():
    assert said(read(numbered(4, without=(2,))), "numbering") == []
    assert len(said(read(numbered(5, without=(2,))), "numbering")) == 1


def test_a_number_that_is_a_slip_is_no_leap():
    codes = [code for kecamatan in CODES for code in register().children(kecamatan)][:30]
    rows = [
        f"{1450 if number == 14 else number};{code};{4000 + number};3900;{100 + number}" for number, code in enumerate(codes, 1)
    ]
    assert said(read(["NO;KODE DESA;WAJIB KTP;SUDAH REKAM;BELUM REKAM", *rows]), "numbering") == []


def test_a_row_that_was_run_together_is_refused_and_the_others_can_be_taken():
    lines = ["NO;KODE;WAJIB KTP L;WAJIB KTP P;WAJIB KTP JML;BELUM REKAM"]
    lines += [f"{n};{code};{2000 + n};{2000 + 2 * n};{4000 + 3 * n};{100 + n}" for n, code in enumerate(CODES, 1)]
    lines[4:7] = [";".join([*lines[4].split(";")[:3], *lines[6].split(";")[3:]])]  # the head of 4, the tail of 6
    report = read(lines)
    assert report.status == "refused" and [fault.row for fault in report.refused_rows] == [6]
    assert "beginning of one row and the end of another" in render(report.reason or "", "en")
    taken = read(lines, take_good_rows=True)
    assert taken.status == "accepted" and len(taken.rows) == 8 and set(taken.silent) == set(CODES[3:6])


@pytest.mark.parametrize("change", ["{row};7", "{short}"])
def test_a_row_with_other_cells_than_all_others_is_refused(change: str):
    lines = numbered(10)
    lines[5] = change.format(row=lines[5], short=lines[5].rpartition(";")[0])
    report = read(lines)
    assert report.status == "refused" and [fault.row for fault in report.refused_rows] == [7]
    assert f"has {6 if '7' in change else 4} cells, the others have 5" in render(report.reason or "", "en")


def test_two_rows_in_ten_with_other_cells_are_the_way_of_the_file():
    lines = numbered(10)
    for number in (5, 6):
        lines[number] += ";7"
    assert read(lines).status == "accepted"


def test_a_short_row_of_the_own_layout_is_refused():
    rows = [f"{code};2023-06-20;4000;3900;100" for code in CODES]
    rows[3] = rows[3].rpartition(";")[0]
    text = "\n".join(["kode;tanggal;wajib ktp;sudah rekam;belum rekam", *rows, ""])
    report = read_file(text.encode(), "isian.csv", today=TODAY)
    assert report.status == "refused" and [fault.row for fault in report.refused_rows] == [5]


def test_a_row_of_markup_that_lost_a_cell_is_refused():
    cells = [line.split(";") for line in numbered(10)]
    del cells[5][2]
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    page = f"<html><body><p>REKAP KTP-EL KABUPATEN GORONTALO UTARA PER 20 JUNI 2023</p><table>{body}</table></body></html>"
    report = read_file(page.encode(), "rekap.xls", today=TODAY)
    assert report.status == "refused" and "has 4 cells, the others have 5" in render(report.reason or "", "en")


def test_an_area_missing_on_an_earlier_day_is_named_with_the_day():
    rows = [(code, day) for day in DAYS for code in CODES if (code, day) != (CODES[4], DAYS[1])]
    (line,) = said(own(rows), "absent")
    assert "75.05.05 Tolinggula on 13 June 2023" in line
    assert said(own([(code, day) for day in DAYS for code in CODES]), "absent") == []


def test_of_the_latest_day_one_row_is_left_and_the_others_are_named():
    rows = [(code, day) for day in DAYS for code in CODES if day != DAYS[2] or code == CODES[0]]
    report = own(rows)
    assert [set(check.areas) for check in report.checks if check.name == "absent"] == [set(CODES[1:])]


def test_what_is_silent_on_the_latest_day_is_told_once():
    report = own([(code, day) for day in DAYS for code in CODES if (code, day) != (CODES[4], DAYS[2])])
    assert report.silent == (CODES[4],) and said(report, "absent") == []


def test_a_kabupaten_that_reports_itself_on_another_day_misses_no_kecamatan():
    assert said(own([("75.05", DAYS[0]), *((code, DAYS[1]) for code in CODES)]), "absent") == []


def test_areas_that_report_once_in_a_while_are_not_missing():
    days = [f"2023-06-{number:02d}" for number in range(1, 21)]
    rows = [(CODES[0], day) for day in days[:2]]
    assert len(said(own([*rows, *((CODES[1], day) for day in days)]), "absent")) == 1
    rare = [code for kecamatan in CODES for code in register().children(kecamatan)][:17]
    assert said(own([(code, f"2023-06-{day:02d}") for day, code in enumerate(rare, 1)]), "absent") == []
    assert len(said(own([(code, f"2023-06-{day:02d}") for day, code in enumerate(rare[:16], 1)]), "absent")) == 1


def test_one_desa_left_of_a_kecamatan_among_whole_ones_tells_the_others():
    first, second, third = (list(register().children(code)) for code in CODES[:3])
    report = own([(code, DAYS[0]) for code in (*first, *second, third[0])])
    assert set(third[1:]) <= set(report.silent)
    alone = own([(children[0], DAYS[0]) for children in (first, second, third)])
    assert not set(alone.silent) & {*first, *second, *third}


def test_a_row_with_a_basis_of_its_own_is_told():
    rows = [(code, DAYS[0]) for code in CODES]
    assert "Row 5 alone names the basis 'DKB 2023 as'" in said(own(rows, {3: "DKB 2023 as"}), "odd_basis")[0]
    assert said(own(rows, {3: "DAK", 4: "DAK"}), "odd_basis") == []
    assert said(own(rows[:4], {3: "DAK"}), "odd_basis") == []


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a;b\nc;\x02", 2),
        (b"a;b\r\nc;d\r\n\x7f", 3),
        ("a é\nü ö\n".encode() + b"\xff;1", 3),
        (b"\xef\xbb\xbfa\n\xe9", 2),
        (b"a;b\nc;d\n\x1a", 0),
        ("Dinas é\nDinas é".encode("cp1252"), 0),
        ("a é\n\ufffd".encode(), 0),
        (b"a\x0bb\x0c", 0),
        ("é;1\n".encode() + b"\xe9;2", 0),
    ],
)
def test_letters_that_no_text_has(data: bytes, line: int):
    text = data.decode("utf-8-sig", errors="replace")
    assert odd_letter(data, text) == line
    if line:
        report = read_file(b"\n".join(one.encode() for one in numbered()) + b"\n\x03", "a.csv", Choices(date=TODAY), today=TODAY)
        assert report.status == "refused" and "Line 13 of the text" in render(report.reason or "", "en")


def test_no_damaged_file_is_accepted_with_less_and_says_nothing():
    found = Counter(faults.damage(seed)[0] for seed in (74, 105, 172, 275, 400, 574, 656, 933, 1243, 1395, 1475))
    assert found["fewer"] == 0 and found["accepted, told"] >= 4, found
