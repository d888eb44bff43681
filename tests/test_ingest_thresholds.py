"""Where a decision about numbers, columns and days turns: on either side of each threshold, and on it."""

from datetime import date

import numpy as np
import pytest

from ektp_analysis.ingest.cells import numerals, rowkinds
from ektp_analysis.ingest.cells.column import Cells, values_of
from ektp_analysis.ingest.columns import day, pick
from ektp_analysis.ingest.columns.table import Table, table_of
from ektp_analysis.ingest.ground import Doubt
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.reading import read_file
from tests.layouts.whole import xlsx

JUNE = date(2023, 6, 30)


def sheet_of(headers, rows, titles=(), name="S"):
    return Table(name, False, tuple((text,) for text in headers), (1,), rows, range(2, len(rows) + 2), tuple(titles))


def picked(**columns):
    """The headers, and what is picked of columns (header -> numbers; a blank in a header is written as an underscore)."""
    headers = [text.replace("_", " ") for text in columns]
    rows = [list(map(float, row)) for row in zip(*columns.values(), strict=True)]
    return headers, pick.pick(sheet_of(headers, rows), {place: values_of(Cells(cells)) for place, cells in columns_of(rows)})


def columns_of(rows):
    return enumerate(map(list, zip(*rows, strict=True)))


@pytest.mark.parametrize(
    ("text", "count"),
    [("1234.0", 1234), ("1234,0", 1234), ("1234.00", 1234), ("1234,00", 1234), ("0.0", 0), ("12,00", 12), ("1.234,00", 1234)],
)
def test_one_or_two_zeros_behind_a_mark_are_no_fraction(text, count):
    assert numerals.count(text) == count


@pytest.mark.parametrize("text", ["1234.000", "1234,000", "1234.", "1234.5", "12.01", "12,10", ".0", ",00", "1234.0000"])
def test_other_digits_behind_a_mark_are_no_count(text):
    with pytest.raises(numerals.NotANumber):
        numerals.count(text)


def test_three_zeros_behind_a_mark_are_thousands():
    assert numerals.count("12.000") == numerals.count("12,000") == 12_000


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("9", ""),
        ("999", ""),
        ("1000", "bare"),
        ("999 jiwa", ""),
        ("1 000", "blank"),
        ("1 00", ""),
        ("1.000", "dot"),
        ("1,000", "comma"),
    ],
)
def test_a_number_is_bare_from_four_digits_on(text, style):
    assert numerals.style(text) == style


def men_women_total(rows, off):
    """Columns of recorded by sex and two of all, of which the first is their sum but in ``off`` rows."""
    men, women = np.arange(1, rows + 1) * 10, np.arange(1, rows + 1) * 7
    total = men + women
    total[:off] += 1
    return {"Rekam_L": men, "Rekam_P": women, "Rekam": total, "Perekaman": total * 3 + 5}


@pytest.mark.parametrize(
    ("rows", "off", "proven"),
    [(20, 0, True), (20, 1, True), (20, 2, False), (20, 4, False), (10, 1, False), (40, 3, False)],
)
def test_a_total_is_proven_by_nineteen_rows_of_twenty(rows, off, proven):
    headers, found = picked(**men_women_total(rows, off))
    assert [headers[place] for place in found.columns["recorded"]] == ["Rekam"]
    assert (Doubt.SEVERAL in found.doubts) is not proven


@pytest.mark.parametrize(("off", "taken"), [(0, True), (1, True), (2, False), (4, False)])
def test_a_bare_total_is_the_eligible_where_nineteen_rows_of_twenty_add_up(off, taken):
    done, left = np.arange(1, 21) * 90, np.arange(1, 21) * 10
    whole = done + left
    whole[:off] += 1
    _, found = picked(Sudah_rekam=done, Belum_rekam=left, Jumlah=whole)
    assert found.columns.get("eligible") == ((2,) if taken else None)


@pytest.mark.parametrize(("off", "first"), [(0, True), (1, True), (2, False)])
def test_sums_that_hold_go_before_sums_of_more_rows_that_half_hold(off, first):
    """The second column adds up in more rows than the first, for it is filled in twice as many, but not in enough of them."""
    done, left = np.arange(1.0, 41) * 90, np.arange(1.0, 41) * 10
    sure, half = done + left, done + left
    sure[:off] += 1
    sure[20:] = np.nan
    half[:10] += 1
    _, found = picked(Wajib_KTP=sure, WKTP=half, Sudah_rekam=done, Belum_rekam=left)
    assert found.columns["eligible"] == ((0,) if first else (1,))


@pytest.mark.parametrize(("off", "doubted"), [(9, False), (10, False), (11, True)])
def test_columns_contradict_each_other_where_fewer_than_half_of_the_rows_add_up(off, doubted):
    done, left = np.arange(1, 21) * 90, np.arange(1, 21) * 10
    whole = done + left
    whole[:off] += 1
    _, found = picked(Wajib_KTP=whole, Sudah_rekam=done, Belum_rekam=left)
    assert (found.doubts == [Doubt.NO_SUM]) is doubted and bool(found.proofs) is not doubted


@pytest.mark.parametrize(("done", "doubted"), [(151, True), (150, False), (100, False), (2, False), (1, True)])
def test_recorded_are_odd_beyond_half_as_many_again_and_below_a_fiftieth(done, doubted):
    _, found = picked(Wajib_KTP=[100] * 4, Sudah_rekam=[done] * 4)
    assert (Doubt.UNLIKELY in found.doubts) is doubted


@pytest.mark.parametrize(("odd", "doubted"), [(2, False), (3, True)])
def test_recorded_are_odd_in_more_than_half_of_the_rows(odd, doubted):
    _, found = picked(Wajib_KTP=[100] * 4, Sudah_rekam=[200] * odd + [90] * (4 - odd))
    assert (Doubt.UNLIKELY in found.doubts) is doubted


@pytest.mark.parametrize(("largest", "shares"), [(1.0, True), (1.5, True), (1.51, False), (1.6, False)])
def test_a_column_of_coverage_holds_shares_up_to_one_and_a_half(largest, shares):
    done = np.array([90, 80, 70, largest * 100])
    _, found = picked(Wajib_KTP=[100] * 4, Sudah_rekam=done.round(), persen=done / 100)
    assert found.percent == (2 if shares else -1)


@pytest.mark.parametrize(("largest", "printed"), [(1.5, ["90", "150"]), (1.51, ["0.9", "1.51"])])
def test_a_printed_coverage_is_a_share_up_to_one_and_a_half(largest, printed):
    rows = [["kode", "tanggal", "wajib ktp", "sudah rekam", "cakupan"]]
    rows += [[f"75.05.0{number}", "2023-06-20", 100, 90, cell] for number, cell in ((1, 0.9), (2, largest))]
    report = read_file(xlsx(("S", rows)), "a.xlsx", today=date(2026, 1, 1))
    assert list(report.rows["coverage_reported"]) == printed


@pytest.mark.parametrize(("beside", "near"), [(0.9, True), (1.0, False), (-0.9, True), (-1.0, False)])
def test_a_coverage_lies_less_than_a_point_from_the_one_that_is_computed(beside, near):
    _, found = picked(Wajib_KTP=[100] * 4, Sudah_rekam=[90] * 4, persen=[90 + beside] * 4)
    assert found.percent == (2 if near else -1)


@pytest.mark.parametrize(("near", "taken"), [(1, -1), (2, 2), (3, 2)])
def test_a_coverage_is_near_in_half_of_the_rows(near, taken):
    _, found = picked(Wajib_KTP=[100] * 4, Sudah_rekam=[90] * 4, persen=[90] * near + [50] * (4 - near))
    assert found.percent == taken


@pytest.mark.parametrize(("rows", "asked"), [(2, Doubt.NOTHING), (3, Doubt.UNKNOWN_WORDS)])
def test_columns_without_words_need_three_rows(rows, asked):
    _, found = picked(A=np.arange(1, rows + 1) * 9, B=np.arange(1, rows + 1) * 7, C=np.arange(1, rows + 1) * 2)
    assert found.doubts == [asked]


@pytest.mark.parametrize(("days", "taken"), [(5, False), (6, True), (10, True)])
def test_a_column_is_of_days_where_six_cells_of_ten_are(days, taken):
    rows = [["X", JUNE if number < days else "lengkap"] for number in range(10)]
    assert (day.decide(sheet_of(["KECAMATAN", "LAPOR"], rows), "x.xlsx", frozenset({0}), range(10)).column == 1) is taken


@pytest.mark.parametrize(("serial", "taken"), [(40543.0, False), (40544.0, True), (55153.0, True), (55154.0, False)])
def test_numbers_under_a_day_are_days_from_2011_to_2050(serial, taken):
    table = sheet_of(["KECAMATAN", "TANGGAL"], [["X", serial], ["Y", serial]])
    found = day.decide(table, "x.xlsx", frozenset({0}), range(2))
    assert (found.column == 1) is taken
    assert not taken or found.cells[0] in (date(2011, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("file", "asked"), [("16-1-2024", False), ("17-1-2024", True), ("12-12-2022", False), ("11-12-2022", True)]
)
def test_a_day_in_the_name_further_than_200_days_from_the_semester_is_asked(file, asked):
    table = sheet_of(["KECAMATAN"], [["X"]], titles=["SEMESTER I TAHUN 2023"])
    found = day.decide(table, f"rekap {file}.xlsx", frozenset({0}), [0])
    assert ([day for day, _ in found.readings][:1] == [JUNE]) is asked and (found.day is None) is asked
    assert found.basis == "DKB 2023-1"


def test_each_day_is_offered_once():
    table = sheet_of(["KECAMATAN", "30 Juni 2023"], [["X", 1.0]], titles=["30 Juni 2023", "31 Juli 2023"], name="31 Juli 2023")
    found = day.decide(table, "x.xlsx", frozenset({0}), [0])
    assert [(day, str(where)) for day, where in found.readings] == [(JUNE, "title"), (date(2023, 7, 31), "title")]


@pytest.mark.parametrize(
    ("row", "numbered"),
    [
        ([1, 2, 3], True),
        ([1, 2], False),
        ([1, 2, 3, "a"], True),
        ([1, 2, 3, "a", "b"], False),
        ([0, 1, 2], True),
        ([2, 3, 4], False),
    ],
)
def test_a_row_of_column_numbers_has_three_that_rise_in_seven_cells_of_ten(row, numbered):
    assert rowkinds.is_sequence(row) is numbered


HEAD = ["NO", "KECAMATAN", "WAJIB KTP", "SUDAH", "BELUM", "A", "B", "C", "D", "E"]


def body(rows=4):
    return [[number, f"X{number}", *range(100, 108)] for number in range(1, rows + 1)]


@pytest.mark.parametrize(("filled", "header"), [(2, False), (3, True), (10, True)])
def test_a_row_is_of_the_header_where_three_cells_of_ten_are_filled(filled, header):
    """The row stands above a full one; with fewer cells it is a title."""
    above = [""] * 5 + ["Q", "R", "S", "T", "U"]
    above = [*["V"] * (filled - 5), *above[filled - 5 :]] if filled > 5 else [*[""] * (10 - filled), *"QRSTU"[:filled]]
    table = table_of(Sheet("S", [above, HEAD, *body()]))
    assert (table.header_rows == (1, 2)) is header


@pytest.mark.parametrize(("same", "left_out"), [(7, False), (8, True), (10, True)])
def test_a_header_is_repeated_where_eight_texts_of_ten_are_its_own(same, left_out):
    again = [*HEAD[:same], *["Z"] * (10 - same)]
    table = table_of(Sheet("S", [HEAD, *body(), again, *body()]))
    assert (len(table.rows) == 8) is left_out
