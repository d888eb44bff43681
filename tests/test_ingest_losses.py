"""What is said, asked or refused where a file has lost rows: by its numbering, cells, days and letters, and by the register."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
from ektp_analysis.ingest.cells.rowkinds import ends_inside
from ektp_analysis.ingest.opening.texts import odd_letter
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices, ImportReport
from tests import faults
from tests.layouts import binary

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


def own(rows: list[tuple[str, str]], basis: dict[int, str] | None = None, **choices: object) -> ImportReport:
    lines = [f"{code};{day};4000;3900;100;{(basis or {}).get(number, 'DKB')}" for number, (code, day) in enumerate(rows)]
    text = "\n".join(["kode;tanggal;wajib ktp;sudah rekam;belum rekam;dasar", *lines, ""])
    return read_file(text.encode(), "isian.csv", Choices(**choices), today=TODAY)  # type: ignore[arg-type]


def taken(lines: list[str]) -> ImportReport:
    """As :func:`read`, of a file that is said to be complete."""
    return read(lines, complete="yes")


def said(report: ImportReport, name: str) -> list[str]:
    return [render(check.text, "en") for check in report.checks if check.name == name]


def test_a_numbering_that_leaps_is_told_with_its_row():
    report = taken(numbered(without=(4, 5)))
    assert report.status == "accepted" and report.silent == (CODES[3], CODES[4])
    assert [line.partition(",")[0] for line in said(report, "numbering")] == [
        "The numbering of the rows jumps before row 6: 2 rows are missing there"
    ]


def test_leaps_in_two_places_are_counted_together():
    codes = [code for kecamatan in CODES for code in register().children(kecamatan)][:30]
    rows = [f"{number};{code};{4000 + number};3900;{100 + number}" for number, code in enumerate(codes, 1)]
    left = [row for row in rows if row.partition(";")[0] not in ("3", "9", "10")]
    found = taken(["NO;KODE DESA;WAJIB KTP;SUDAH REKAM;BELUM REKAM", *left])
    assert ["jumps in 2 places" in line and "3 rows are missing in all" in line for line in said(found, "numbering")] == [True]


@pytest.mark.parametrize(("without", "told"), [((3, 9), True), ((3, 9, 14), False)])  # of 20 steps: a tenth, and one more
def test_a_numbering_that_leaps_often_is_none(without, told):
    codes = [code for kecamatan in CODES for code in register().children(kecamatan)][: 21 + len(without)]
    rows = [
        f"{number};{code};{4000 + number};3900;{100 + number}" for number, code in enumerate(codes, 1) if number not in without
    ]
    found = taken(["NO;KODE DESA;WAJIB KTP;SUDAH REKAM;BELUM REKAM", *rows])
    assert found.status == "accepted" and bool(said(found, "numbering")) is told


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


def test_a_numbering_that_begins_anew_in_each_block_hides_no_leap():
    anew: dict[int, object] = {number: (number - 1) % 4 + 1 for number in range(1, 12)}  # 1 to 4, 1 to 4, 1 to 3
    leaps = said(taken(numbered(without=(6,), numbers=anew)), "numbering")
    assert ["before row 8: 1 row is missing" in line for line in leaps] == [True]


def test_two_numbers_show_no_way_of_counting_and_three_do():
    assert said(taken(numbered(3, without=(2,))), "numbering") == []
    assert len(said(taken(numbered(4, without=(2,))), "numbering")) == 1


def test_a_numbering_that_begins_late_has_lost_its_first_rows():
    late = taken(numbered(without=(1, 2)))
    assert ["before row 3: 2 rows" in line for line in said(late, "numbering")] == [True]
    assert said(taken(numbered(9, without=tuple(range(1, 6)))), "numbering") != []
    codes = [code for kecamatan in CODES for code in register().children(kecamatan)]
    for first, leaps in ((9, 1), (10, 0)):  # eight before four rows, as many as may be missing; nine, as codes would be
        rows = [f"{first + place};{code};{4000 + place};3900;{100 + place}" for place, code in enumerate(codes[:4])]
        found = taken(["NO;KODE DESA;WAJIB KTP;SUDAH REKAM;BELUM REKAM", *rows])
        assert found.status == "accepted" and len(said(found, "numbering")) == leaps


def test_a_slip_beside_a_leap_hides_it_not():
    numbers: dict[int, object] = {8: 778}
    assert ["3 rows are missing" in line for line in said(taken(numbered(without=(5, 6, 7), numbers=numbers)), "numbering")] == [
        True
    ]


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
    rest = read(lines, take_good_rows=True, complete="yes")
    assert rest.status == "accepted" and len(rest.rows) == 8 and set(rest.silent) == set(CODES[3:6])


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
    two = (CODES[4], DAYS[1]), (CODES[7], DAYS[0])
    (line,) = said(own([(code, day) for day in DAYS for code in CODES if (code, day) not in two]), "absent")
    assert "75.05.05 Tolinggula on 13 June 2023" in line
    assert said(own([(code, day) for day in DAYS for code in CODES]), "absent") == []


def test_of_the_latest_day_one_row_is_left_and_the_others_are_named():
    rows = [(code, day) for day in DAYS for code in CODES if day != DAYS[2] or code == CODES[0]]
    report = own(rows, complete="yes")
    assert [set(check.areas) for check in report.checks if check.name == "cut_out"] == [set(CODES[1:])]


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
    # only areas that are missing somewhere count: 32 on a day each beside one on all of them are not too many
    many = [code for kecamatan in CODES for code in register().children(kecamatan)][:33]
    dated = [(code, f"2023-{6 + n // 16:02d}-{1 + n % 16:02d}") for n, code in enumerate(many[:32])]
    assert len(said(own([*dated, *((many[32], day) for _, day in dated)]), "absent")) == 1


def test_one_desa_left_of_a_kecamatan_among_whole_ones_tells_the_others():
    first, second, third = (list(register().children(code)) for code in CODES[:3])
    report = own([(code, DAYS[0]) for code in (*first, *second, third[0])])
    assert set(third[1:]) <= set(report.silent)
    alone = own([(children[0], DAYS[0]) for children in (first, second, third)])
    assert not set(alone.silent) & {*first, *second, *third}


def test_a_row_with_a_basis_of_its_own_is_told():
    rows = [(code, DAYS[0]) for code in CODES]
    assert "Row 5 alone names the basis 'DKB 2023 as'" in said(own(rows, {3: "DKB 2023 as"}, complete="yes"), "odd_basis")[0]
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


def asks(report: ImportReport) -> str:
    """The question whether the file is complete, '' where it is not asked."""
    found = [render(one.text, "en") for one in report.questions if one.topic == "complete"]
    assert len(found) <= 1 and bool(found) == (report.status == "needs_choice")
    return "".join(found)


def test_a_sign_of_loss_is_asked_about_once_and_the_answer_stands_with_the_figures():
    lines = numbered(without=(4, 5))
    report = read(lines)
    assert "may have lost rows. The numbering of the rows jumps before row 6: 2 rows" in asks(report)
    assert "Without a figure on 20 June 2023: 75.05.04 Sumalata, 75.05.05 Tolinggula." in asks(report)
    assert report.rows.empty and report.content_key == "" and said(report, "numbering") == [] and report.warnings == ()
    assert [dict(one.choices) for one in report.questions[0].readings] == [{"complete": "yes"}, {"complete": "no"}]
    whole = taken(lines)
    assert whole.status == "accepted" and whole.choices.complete == "yes" and len(said(whole, "numbering")) == 1
    assert [render(one.choice, "en") for one in whole.evidence if one.topic == "complete"] == ["complete as it is, as decided"]
    left = read(lines, complete="no")
    assert (
        left.status == "refused"
        and "Left out because it is not complete" in render(left.reason or "", "en")
        and not left.questions
    )
    assert read(numbered(), complete="no").status == "accepted"  # nothing is missing there


def test_what_is_missing_in_one_piece_is_asked_about_and_scattered_gaps_are_told():
    grid = [(code, day) for day in DAYS for code in CODES]
    piece, by_area = grid[8:14], sorted(grid)
    assert "75.05.09 Monano on 6 June 2023" in asks(own([one for one in grid if one not in piece]))
    assert asks(own([one for one in grid if one not in (grid[3], grid[20])])) == ""
    assert asks(own([one for one in by_area if one not in by_area[7:10]])) != ""
    assert asks(own([one for one in by_area if one != by_area[7]])) != ""  # neither began late nor stopped
    for gone in (by_area[7:9], by_area[6:8]):  # an area that stopped, one that began late
        assert asks(own([one for one in by_area if one not in gone])) == ""
    assert asks(own([*grid[11:14], *grid[17:22], *grid[:11], *grid[22:]])) != ""  # in the order of the file's own days
    mixed = [*grid[20:], *grid[:14]]
    assert asks(own([one for one in mixed if one[1] != DAYS[1]] + mixed[:3])) == ""


def test_areas_missing_at_an_end_of_a_text_are_asked_about_two_of_them_beside_ten_rows():
    day = [(code, DAYS[0]) for code in register().children(CODES[0])]
    assert len(day) == 14
    assert "before the first row, 75.05.01.2007" in asks(own(day[4:]))
    assert "after the last row, 75.05.01.2017" in asks(own(day[:-2]))
    for rest in (day[1:], day[:-1], [*day[:3], *day[5:]], day[1:-1], day[:-2][::-1], day[5:], day[:9]):
        report = own(rest)
        assert report.status == "accepted" and report.silent, rest


def test_a_last_day_that_ends_early_is_asked_about_where_the_days_stand_together():
    grid = [(code, day) for day in DAYS for code in CODES]
    assert "after the last row, 75.05.04 Sumalata" in asks(own(grid[:26]))
    assert asks(own(sorted(grid[:26]))) == ""
    part = [one for one in grid if one[0] in CODES[:4]]  # an office that sends some of its kecamatan, week after week
    assert without_end(part).status == "accepted" and own(part).status == "accepted"
    alone = "\n".join(["kode;tanggal;wajib ktp;belum rekam", *(f"{CODES[2]};{day};4000;{100}" for day in DAYS)])
    assert read_file(alone.encode(), "a.csv", Choices(area="75.05"), today=TODAY).status == "accepted"


def test_an_open_end_whose_last_row_contradicts_itself_is_asked_about():
    head = [
        "REKAP KTP-EL KABUPATEN GORONTALO UTARA PER 20 JUNI 2023",
        "KODE;WAJIB KTP L;WAJIB KTP P;WAJIB KTP JML;BELUM L;BELUM P;BELUM JML",
    ]
    for last, asked in ((13, False), (1, True)):
        text = "\n".join([*head, f"{CODES[0]};2000;2001;4001;6;7;{last}"])
        assert bool(asks(read_file(text.encode(), "a.csv", today=TODAY))) == asked
        assert asks(read_file(f"{text}\n".encode(), "a.csv", today=TODAY)) == ""


def test_a_list_of_one_kecamatan_lacks_none_of_the_others():
    lines = [f"{register().name(code)};4000;3900;100" for code in register().children(CODES[0])]
    text = "\n".join(["DESA DI KECAMATAN ATINGGOLA KABUPATEN GORONTALO UTARA", "DESA;WAJIB KTP;SUDAH REKAM;BELUM REKAM", *lines])
    for end in ("", "\n"):
        report = read_file((text + end).encode(), "a.csv", Choices(date=TODAY, area="75.05"), today=TODAY)
        assert report.status == "accepted" and report.silent == tuple(CODES[1:])


def test_silent_areas_alone_are_no_sign_of_loss():
    lines = numbered(numbers=dict.fromkeys(range(1, 12), ""))
    for gone in ((4, 5), (2,), (3, 9)):
        report = read([row for place, row in enumerate(lines) if place not in gone])
        assert report.status == "accepted" and len(report.silent) == len(gone)


def without_end(rows: list[tuple[str, str]]) -> ImportReport:
    text = "\n".join(["kode;tanggal;wajib ktp;sudah rekam;belum rekam", *(f"{code};{day};4000;3900;100" for code, day in rows)])
    return read_file(text.encode(), "isian.csv", today=TODAY)


def test_a_text_without_an_end_of_line_is_asked_about_where_more_may_follow():
    grid = [(code, day) for day in DAYS for code in CODES]
    assert without_end(grid[:11]).status == "accepted"  # each kecamatan is there
    assert "without an end of line" in asks(without_end(grid[:10]))
    assert without_end([*grid[:4], *grid[5:11]]).status == "accepted"  # the one that is missing stands above
    assert "without an end of line" in asks(without_end([*grid[:11][::-1][:-1]]))
    assert without_end(grid).status == "accepted" and without_end(sorted(grid)).status == "accepted"


@pytest.mark.parametrize(
    ("ending", "status"),
    [("Dinas Ko", "refused"), ("Dinas Kota", "accepted"), ("", "accepted"), ("Bidang", "accepted"), ("Dinas Kota 2", "accepted")],
)
def test_a_text_that_ends_inside_a_word_is_refused(ending: str, status: str):
    rows = [f"{code};{DAYS[0]};4000;3900;100;Dinas Kota" for code in CODES]
    text = "\n".join(["kode;tanggal;wajib ktp;sudah rekam;belum rekam;catatan", *rows]).removesuffix("Dinas Kota") + ending
    assert read_file(text.encode(), "isian.csv", today=TODAY).status == status
    for tail in ("\n", f"\n{rows[0].replace(DAYS[0], DAYS[1])}\n"):
        assert "incomplete" not in str(read_file((text + tail).encode(), "isian.csv", today=TODAY).reason)


def test_two_rows_that_end_alike_show_no_word_and_three_do():
    rows = [["kode", "catatan"], *([code, "Dinas"] for code in CODES)]
    for many, inside in ((2, False), (3, True)):
        assert ends_inside([*rows[: many + 1], ["75.05.09", "Din"]], open_quote=False) is inside
    numbers = [["kode", "jumlah"], *([code, "100"] for code in CODES), ["75.05.09", "10"]]
    assert not ends_inside(numbers, open_quote=False)


def test_what_a_person_leaves_out_is_not_asked_about_again():
    rows = [(code, day) for day in DAYS for code in CODES]
    lines = [f"{code};{day};4000;3900;{'x' if place in (14, 15) else 100}" for place, (code, day) in enumerate(rows)]
    text = "\n".join(["kode;tanggal;wajib ktp;sudah rekam;belum rekam", *lines, ""])
    report = read_file(text.encode(), "isian.csv", Choices(take_good_rows=True), today=TODAY)
    assert report.status == "accepted" and "cut_out" in [check.name for check in report.checks]


def test_a_printed_total_above_its_members_is_asked_about_where_an_area_is_missing():
    lines = numbered(numbers=dict.fromkeys(range(1, 12), ""))
    whole = sum(4000 + n for n in range(1, 12))
    for gone, total, asked in (((), 1, False), ((6,), 0, True), ((6,), -9_000, False)):
        rows = [line for place, line in enumerate(lines) if place not in gone]
        report = read([*rows, f";JUMLAH;{whole + total};;"])
        assert bool(asks(report)) == asked and (asked or len(said(report, "total")) == 1), (gone, total)


def test_a_header_that_has_run_into_a_row_is_asked_about():
    rows = [
        "REKAP KTP-EL KABUPATEN GORONTALO UTARA PER 20 JUNI 2023",
        "",
        "",
        *(f"{register().name(code)};{4000 + n};3900;lapor;Dinas" for n, code in enumerate(CODES)),
    ]
    for head, asked in (("lapor;Dinas", True), ("lapor;catatan", False), ("Lapor;Dinas", False)):
        rows[2] = f"KECAMATAN;WAJIB KTP;SUDAH REKAM;{head}"
        report = read_file("\n".join([*rows, ""]).encode(), "rekap.csv", today=TODAY)
        assert bool(asks(report)) == asked and (not asked or "The header is 'lapor, Dinas'" in asks(report)), head


def page(rows: list[list[str]], torn: str = "") -> ImportReport:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    text = f"<html><body><p>REKAP KTP-EL KABUPATEN GORONTALO UTARA PER 20 JUNI 2023</p><table>{body}{torn}</table></body></html>"
    return read_file(text.encode(), "rekap.xls", today=TODAY)


@pytest.mark.parametrize(
    ("torn", "asked"), [("4.037</td></tr>", True), ("td></tr>", True), ("Sumber: DKB", False), (" \n", False)]
)
def test_text_in_no_cell_of_a_web_page_is_asked_about(torn: str, asked: bool):
    report = page([line.split(";") for line in numbered()], torn)
    assert bool(asks(report)) == asked and (not asked or f"At row 14 the text '{torn[:3]}" in asks(report))


def test_a_row_that_is_no_area_and_has_other_cells_is_asked_about():
    for odd, asked in (("KEC. X", False), ("9,KABUPATEN X,Senaung,4811", True), (";JUMLAH;4001;3900;101", False)):
        lines = numbered(numbers=dict.fromkeys(range(1, 12), ""))
        assert bool(asks(read([*lines[:2], odd, *lines[2:]]))) == asked, odd


def test_two_rows_show_no_way_of_cells_and_three_do():
    lines = numbered(numbers=dict.fromkeys(range(1, 12), ""))
    for rows, asked in (([lines[1], lines[11]], False), ([lines[1], lines[10], lines[11]], True)):
        for odd in (rows[-1] + ";7", rows[-1].rpartition(";")[0]):  # one cell more, or without the last figure
            assert bool(asks(read([lines[0], *rows[:-1], odd]))) == asked, odd


def old(missing: int, said: int, head: str = "KODE", *below: list[object]) -> ImportReport:
    """An old workbook that says it has so many rows, the last areas not among them."""
    rows = [[head, "TANGGAL", "WAJIB KTP", "BELUM REKAM"], *([code, "20/06/2023", 4000.0, 40.0] for code in CODES)]
    data = binary.xls([*rows[: len(rows) - missing], *below])
    place = data.index(b"\x00\x02\x0e\x00") + 8
    return read_file(data[:place] + said.to_bytes(4, "little") + data[place + 4 :], "rekap.xls", today=TODAY)


@pytest.mark.parametrize(
    ("missing", "rows", "asked"), [(1, 12, True), (1, 11, False), (1, 40, False), (2, 12, True), (0, 13, False)]
)
def test_an_old_workbook_that_says_it_has_as_many_rows_more_as_areas_are_missing_is_asked_about(
    missing: int, rows: int, asked: bool
):
    assert bool(asks(old(missing, rows))) == asked


def test_below_the_rows_of_an_old_workbook_may_stand_its_total():
    assert "has 12 rows" in asks(old(1, 12, "KODE WILAYAH KECAMATAN"))
    assert asks(old(1, 12, "KODE WILAYAH KECAMATAN", ["JUMLAH", "", 40_000.0, 400.0])) == ""


def test_no_damaged_file_is_accepted_with_less():
    found = Counter(faults.damage(seed)[0] for seed in (74, 105, 172, 275, 400, 574, 656, 801, 933, 1395, 2414, 4007, 7128))
    assert found["fewer"] == found["answered badly"] == 0 and found["asked of loss"] >= 9, found
