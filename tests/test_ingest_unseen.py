"""Files in layouts that nobody had sent yet: families of made files, each with what it says, read as it says or asked about."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
from ektp_analysis.ingest.cells import numerals, written
from ektp_analysis.ingest.columns import area_columns, day_columns
from ektp_analysis.ingest.opening import texts
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices, ImportReport
from tests.layouts import whole

CODES = [str(code) for code in register().children("75.05")]
TITLE = ["REKAP PEREKAMAN KTP-EL KABUPATEN GORONTALO UTARA"]
DAY = date(2023, 6, 19)
HEADS = ["WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
FINE = {code: (5000 + 31 * n, 4900 + 30 * n, 100 + n) for n, code in enumerate(CODES)}


def text(*rows: Sequence[object], mark: str = ";") -> bytes:
    return "".join(mark.join(map(str, row)) + "\n" for row in rows).encode()


def named(code: str) -> str:
    return register().name(code)


def read(data: bytes, name: str = "rekap.csv", **choices: object) -> ImportReport:
    return read_file(data, name, Choices(**choices), today=date(2026, 1, 1))  # type: ignore[arg-type]


def reason(report: ImportReport) -> str:
    return render(report.reason or "", "en")


def got(report: ImportReport) -> dict[tuple[str, date], tuple[object, ...]]:
    rows = report.rows.astype(dict.fromkeys(("eligible", "recorded", "unrecorded"), object))
    rows = rows.where(rows.notna(), None)
    return {(row.area_code, row.as_of_date.date()): (row.eligible, row.recorded, row.unrecorded) for row in rows.itertuples()}


def told(report: ImportReport) -> list[str]:
    return [check.name for check in report.checks]


# Columns that say more, or less, than recording


@pytest.mark.parametrize("head", ["CAPAIAN", "REALISASI", "HASIL"])
def test_what_was_reached_beside_the_unrecorded_alone_is_asked(head: str):
    rows = [[named(code), 700 + 9 * n, 50 + n] for n, code in enumerate(CODES)]
    report = read(text(TITLE, ["PER 19 JUNI 2023"], ["KECAMATAN", head, "BELUM REKAM"], *rows))
    assert report.status != "accepted"
    if report.questions:  # the unrecorded alone are one of the answers, where that is what is asked
        answers = [reading.choices.get("columns", {}) for reading in report.questions[0].readings]
        assert any("unrecorded" in answer and "recorded" not in answer for answer in answers) or "may count" in reason(report)
    whole_rows = [[named(code), *FINE[code]] for code in CODES]
    assert read(text(TITLE, ["PER 19 JUNI 2023"], ["KECAMATAN", HEADS[0], head, HEADS[2]], *whole_rows)).status == "accepted"


@pytest.mark.parametrize("aim", ["TARGET REKAM MINGGU INI", "TARGET BULAN INI"])
def test_an_aim_of_a_while_is_asked(aim: str):
    rows = [[named(code), 300 + n, 200, 100 + n] for n, code in enumerate(CODES)]
    report = read(text(TITLE, ["PER 19 JUNI 2023"], ["KECAMATAN", aim, "REALISASI PEREKAMAN", "SISA"], *rows))
    assert report.status == "needs_choice" and aim in reason(report) and "names a period" in reason(report)


def test_few_recorded_beside_the_unrecorded_alone_are_asked():
    for share, status in ((0.39, "needs_choice"), (0.41, "accepted")):
        rows = [[named(code), round(1000 * share), 1000 - round(1000 * share)] for code in CODES]
        data = text(TITLE, ["PER 19 JUNI 2023"], ["KECAMATAN", "PEREKAMAN", "BELUM REKAM"], *rows)
        assert read(data).status == status


@pytest.mark.parametrize(
    ("counts", "warned"),
    [((0, 1.0), True), ((0.399, 0.7), True), ((0.4, 0.7), False), ((0.399, 0.699), False), ((0.95, 0.95), False)],
)
def test_one_area_where_hardly_anybody_is_recorded_is_told(counts: tuple[float, float], warned: bool):
    odd, usual = counts
    rows = [[named(code), 10_000, round(10_000 * (usual if n else odd))] for n, code in enumerate(CODES)]
    report = read(text(TITLE, ["PER 19 JUNI 2023"], ["KECAMATAN", *HEADS[:2]], *rows))
    assert report.status == "accepted" and ("hardly_any" in told(report)) is warned
    assert [check.areas for check in report.checks if check.name == "hardly_any"] == ([(CODES[0],)] if warned else [])


def test_one_area_of_few_is_not_held_against_them():
    for areas, warned in ((3, False), (4, True)):
        rows = [[named(code), 10_000, 9_500 if n else 0] for n, code in enumerate(CODES[:areas])]
        assert ("hardly_any" in told(read(text(TITLE, ["PER 19 JUNI 2023"], ["KECAMATAN", *HEADS[:2]], *rows)))) is warned


@pytest.mark.parametrize("ways", itertools.product(("dot", "comma"), repeat=2))
def test_thousands_in_two_ways_in_all_columns_are_refused_with_the_cell(ways: tuple[str, str]):
    marks = {"dot": ".", "comma": ","}
    rows = [
        [named(code), *(f"{count:,}".replace(",", marks[ways[n % 2]]) for count in FINE[code])] for n, code in enumerate(CODES)
    ]
    report = read(text(TITLE, ["PER 19 JUNI 2023"], ["KECAMATAN", *HEADS], *rows))
    if len(set(ways)) == 1:
        assert list(got(report).values()) == list(FINE.values())
    else:
        assert report.status == "refused" and "two ways" in reason(report)


# Days of the columns of counts


def test_recorded_of_one_day_beside_the_eligible_of_two_are_no_figures_of_both():
    heads = ["KECAMATAN", "WAJIB KTP DKB SEM II 2022", "WAJIB KTP DKB SEM I 2023"]
    rows = [[named(code), FINE[code][0] - 50, FINE[code][0], *FINE[code][1:]] for code in CODES]
    for below in (HEADS[1:2], HEADS[2:], HEADS[1:]):
        places = [1 if head == HEADS[1] else 2 for head in below]
        kept = [[*row[:3], *(row[2 + place] for place in places)] for row in rows]
        report = read(text(TITLE, ["PER 19 JUNI 2023"], [*heads, *below], *kept))
        if len(below) == 2:  # the sum shows which
            assert got(report) == {(code, DAY): FINE[code] for code in CODES}
        else:
            assert report.status == "needs_choice" and "Several columns" in reason(report)


DAYS = [DAY + timedelta(days=7 * n) for n in range(-2, 1)]


@pytest.mark.parametrize(
    ("title", "top", "write"),
    [
        ("TAHUN 2023", "BELUM REKAM", lambda day: f"{day.day}/{day.month}"),
        ("TAHUN 2023", "BELUM REKAM", lambda day: f"{day.day} Juni"),
        ("BULAN JUNI 2023", "BELUM REKAM", lambda day: f"Tgl {day.day}"),
        ("BULAN JUNI 2023", "BELUM REKAM", lambda day: f"tanggal {day.day:02d}"),
    ],
)
def test_days_without_a_year_in_headers_are_those_of_the_title(title: str, top: str, write):
    rows = [[named(code), FINE[code][0], *(FINE[code][2] + 20 - n for n in range(3))] for code in CODES]
    heads = [["KECAMATAN", "WAJIB KTP", top, "", ""], ["", "", *map(write, DAYS)]]
    report = read(text(TITLE, [title], *heads, *rows))
    wanted = {(code, day): (FINE[code][0], FINE[code][2] + 20 - n) for code in CODES for n, day in enumerate(DAYS)}
    assert {key: (one[0], one[2]) for key, one in got(report).items()} == wanted


def test_days_without_a_year_that_go_back_are_asked():
    rows = [[named(code), FINE[code][0], FINE[code][2], FINE[code][2] - 1] for code in CODES]
    for below in (["Tgl 26", "Tgl 3"], ["28 Des", "4 Jan"]):
        heads = [["KECAMATAN", "WAJIB KTP", "BELUM REKAM", ""], ["", "", *below]]
        assert read(text(TITLE, ["BULAN JUNI 2023"], *heads, *rows)).status == "needs_choice"


@pytest.mark.parametrize(("sheet", "named_by"), [("Tgl {}", "title"), ("TGL{}", "file"), ("Per {}", "file")])
def test_sheets_called_by_the_number_of_a_day_are_of_the_month_that_is_named(sheet: str, named_by: str):
    month = [["BULAN JUNI 2023"]] if named_by == "title" else []
    sheets = []
    for n, day in enumerate(DAYS):
        rows = [[named(code), FINE[code][0], FINE[code][1] - n, FINE[code][2] + n] for code in CODES[:5]]
        sheets.append((sheet.format(day.day), [TITLE, *month, ["KECAMATAN", *HEADS], *rows]))
    report = read(whole.xlsx(*sheets), "rekap.xlsx" if month else "rekap Juni 2023.xlsx")
    assert report.status == "accepted" and list(report.as_of_dates) == DAYS


def test_the_number_of_a_sheet_is_no_day_where_nothing_or_two_months_are_named():
    june, may = written.search("Juni 2023"), written.search("Mei 2023")
    assert [hit.day for hit in written.of_month(14, june, "Tgl 14")] == [date(2023, 6, 14)]
    assert written.of_month(31, june, "Tgl 31") == written.of_month(14, [], "Tgl 14") == []
    assert written.of_month(14, [*june, *may], "Tgl 14") == []


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("PER 16-VI-2023", date(2023, 6, 16)),
        ("Keadaan 3 XII 2022", date(2022, 12, 3)),
        ("Nomor 470/16/VI/2023", None),
        ("12/VI/2023", None),
        ("Data per 9 Juni 2023, dicetak 14 Juni 2023", date(2023, 6, 9)),
        ("Dicetak 14 Juni 2023", None),
    ],
)
def test_days_in_titles(title: str, day: date | None):
    rows = [[named(code), *FINE[code]] for code in CODES]
    report = read(text(TITLE, [title.replace(",", " -")], ["KECAMATAN", *HEADS], *rows))
    assert report.as_of_dates == ((day,) if day else ()) and (report.status == "accepted") is bool(day)


# The month before the day


def of_days(cells: Sequence[object], *above: str) -> ImportReport:
    rows = [[cell, named(code), *FINE[code]] for cell in cells for code in CODES[:4]]
    return read(text(TITLE, *([line] for line in above), ["TANGGAL", "KECAMATAN", *HEADS], *rows))


@pytest.mark.parametrize("mark", "/-.")
@pytest.mark.parametrize(
    "days", [[date(2023, 6, 5), date(2023, 6, 19)], [date(2023, 5, 30), date(2023, 6, 6), date(2023, 6, 13)]]
)
def test_days_that_can_only_have_the_month_first_are_read_so(days: list[date], mark: str):
    report = of_days([f"{day.month:02d}{mark}{day.day:02d}{mark}{day.year}" for day in days])
    assert report.status == "accepted" and list(report.as_of_dates) == days


@pytest.mark.parametrize("above", [["Diperbarui 06/19/2023"], []])
def test_days_that_may_have_the_month_first_are_refused_where_the_file_speaks_for_it(above: list[str]):
    cells = ["06/05/2023", "06/12/2023"]  # a week apart with the month first, half a year else
    report = of_days(cells, *above)
    assert report.status == "refused" and "TANGGAL" in reason(report) and "2023-06-20" in reason(report)
    assert len(of_days(["06/05/2023"], "Diperbarui 06/19/2023").questions[0].readings) == 2
    assert of_days(["05/06/2023", "12/06/2023"]).as_of_dates == (date(2023, 6, 5), date(2023, 6, 12))
    assert of_days(["01/03/2023", "01/04/2023"]).as_of_dates == (date(2023, 3, 1), date(2023, 4, 1))
    assert of_days(["06/05/2023"], "Dicetak 19/06/2023").as_of_dates == (date(2023, 5, 6),)


def test_days_of_which_a_program_exchanged_some_are_refused():
    cells: list[object] = [date(2023, 5, 6), date(2023, 12, 6), "06/19/2023", "06/26/2023"]
    rows = [[cell, named(code), *FINE[code]] for cell in cells for code in CODES[:4]]
    report = read(whole.xlsx(("Data", [TITLE, ["TANGGAL", "KECAMATAN", *HEADS], *rows])), "rekap.xlsx")
    assert report.status == "refused" and "TANGGAL" in reason(report) and len(report.rows) == 0


def test_weeks_that_show_only_with_the_month_first():
    assert day_columns.weeks_if_turned(["06/05/2023", "06/12/2023"])
    assert not day_columns.weeks_if_turned(["05/06/2023", "12/06/2023"])  # weeks as they are
    assert not day_columns.weeks_if_turned(["06/05/2023"]) and not day_columns.weeks_if_turned(["06/05/2023", "06/19/2023"])
    assert not day_columns.weeks_if_turned(["01/01/2023", "01/02/2023", "01/03/2023"])
    assert day_columns.weeks_if_turned(["01/12/2023", "02/02/2023"])  # three weeks
    assert not day_columns.weeks_if_turned(["02/04/2023", "03/04/2023"])  # four, or one day


# Codes, encodings, notes


@pytest.mark.parametrize("mark", [" ", "_"])
def test_codes_with_blanks_without_names_are_read(mark: str):
    rows = [[code.replace(".", mark), *FINE[code]] for code in CODES]
    assert got(read(text(TITLE, ["PER 19 JUNI 2023"], ["KODE", *HEADS], *rows))) == {(code, DAY): FINE[code] for code in CODES}
    assert area_columns.code_of("75 05 01 2003") == "75.05.01.2003" and area_columns.whole_code("75 5 01") is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_wide_text_with_and_without_its_mark_is_read(encoding: str):
    rows = [[named(code), *FINE[code]] for code in CODES]
    plain = text(TITLE, ["PER 19 JUNI 2023 – é"], ["KECAMATAN", *HEADS], *rows, mark="\t")
    assert got(read(plain.decode().encode(encoding))) == {(code, DAY): FINE[code] for code in CODES}
    assert texts.wide(plain) == "" and texts.wide("ab".encode("utf-16-le")) == "" and texts.wide(b"\0" * 40) == ""


@pytest.mark.parametrize(("cell", "count"), [("4786 [1]", 4786), ("4.786[a]", 4786), ("4786 [12]", None), ("[4786]", None)])
def test_notes_in_square_brackets(cell: str, count: int | None):
    if count is None:
        with pytest.raises(numerals.NotANumber):
            numerals.count(cell)
    else:
        assert numerals.count(cell) == count and numerals.marked(cell)


@pytest.mark.parametrize(
    "heads",
    [
        ["Mandatory e-KTP", "Enrolled", "Not enrolled"],
        ["Required to have an e-KTP", "Enrolled", "Unenrolled"],
        ["W-KTP", "S.REKAM", "B.REKAM"],
    ],
)
def test_more_words_of_recording(heads: list[str]):
    rows = [[named(code), *FINE[code]] for code in CODES]
    assert got(read(text(TITLE, ["PER 19 JUNI 2023"], ["KECAMATAN", *heads], *rows))) == {
        (code, DAY): FINE[code] for code in CODES
    }


@pytest.mark.parametrize("word", ["KEC.", "KABUPATEN"])
def test_a_desa_called_a_larger_area_is_not_left_out_without_a_word(word: str):
    desa = [str(code) for kecamatan in CODES[:2] for code in register().children(kecamatan)[:4]]
    counts = dict(zip(desa, FINE.values(), strict=False))
    for odd in desa:
        rows = [[named(code[:8]), f"{word} {named(code)}" if code == odd else named(code), *counts[code]] for code in desa]
        report = read(text(TITLE, ["PER 19 JUNI 2023"], ["KECAMATAN", "DESA", *HEADS], *rows))
        assert report.status == "needs_choice" or {code for code, _ in got(report)} == set(desa)


@pytest.mark.parametrize("heads", [["BELUM REKAM", "DIREKAM", "SISA"], ["JUMLAH BELUM REKAM", "SUDAH REKAM", "SISA"]])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_those_recorded_of_the_unrecorded_of_before_are_asked(heads: list[str], share: float):
    rows = [
        [named(code), 100 + 10 * n, done := round(share * (100 + 10 * n)), 100 + 10 * n - done] for n, code in enumerate(CODES)
    ]
    report = read(text(TITLE, ["PER 19 JUNI 2023"], ["KECAMATAN", *heads], *rows))
    assert report.status == "needs_choice" or {one[1:] for one in got(report).values()} == {(None, row[3]) for row in rows}
