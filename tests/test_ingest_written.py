"""Numbers, percentages and days as offices write them, each form and the one beside it; which rows are a header, which a body."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ektp_analysis.ingest.cells import numerals, rowkinds, written
from ektp_analysis.ingest.cells.rowkinds import body_start, header_rows

# How offices write the months, by their number: full, short, misspelt
MONTHS = {
    1: "januari jan january",
    2: "februari pebruari peb feb february febuari pebuari februri",
    3: "maret mar mrt march",
    4: "april apr",
    5: "mei may",
    6: "juni jun june juny yuni juni'",
    7: "juli jul july yuli",
    8: "agustus agust agt ags agu agst agus aug august agustuts agusuts agutus agusus",
    9: "september sept sep septmber sepember",
    10: "oktober okt oct october oktobr octobr",
    11: "november nopember nop nov novmber nopmber",
    12: "desember des dec december desembr desmber",
}
ENDS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


@pytest.mark.parametrize("month", MONTHS)
def test_every_spelling_of_a_month(month: int) -> None:
    for name in MONTHS[month].split():
        assert written.parse(f"20 {name} 2023") == written.parse(f"20-{name.title()}-23") == date(2023, month, 20), name
        assert [(hit.day, hit.kind) for hit in written.search(f"DATA {name.upper()} 2023")] == [
            (date(2023, month, ENDS[month]), "month")
        ]
        assert written.search(f"akhir {name} 2023")[0].day == date(2023, month, ENDS[month])
        assert written.search(f"akhir bulan {name} tahun 2023")[0].kind == "day"


def test_no_other_word_is_a_month() -> None:
    assert sorted(written.MONTHS) == sorted(" ".join(MONTHS.values()).split())


@pytest.mark.parametrize(("word", "month"), [("I", 3), ("II", 6), ("III", 9), ("IV", 12), ("satu", 3), ("tiga", 9), ("2", 6)])
def test_a_quarter_is_its_last_month(word: str, month: int) -> None:
    for before in ("TRIWULAN", "TW", "kuartal", "Q"):
        (hit,) = written.search(f"{before} {word} 2023")
        assert (hit.day, hit.kind) == (date(2023, month, ENDS[month]), "month")


@pytest.mark.parametrize(
    ("text", "day", "basis"),
    [
        ("SEMESTER I 2023", date(2023, 6, 30), "DKB 2023-1"),
        ("SEMESTER 2 TAHUN 2023", date(2023, 12, 31), "DKB 2023-2"),
        ("SMT DUA 2022", date(2022, 12, 31), "DKB 2022-2"),
        ("semester satu 2022", date(2022, 6, 30), "DKB 2022-1"),
        ("DKB 1 2024", date(2024, 6, 30), "DKB 2024-1"),
        ("2024 SMT II", date(2024, 12, 31), "DKB 2024-2"),
        ("semester ii (kedua) th. 2021", date(2021, 12, 31), "DKB 2021-2"),
    ],
)
def test_a_semester_is_a_day_and_a_basis(text: str, day: date, basis: str) -> None:
    assert [(hit.day, hit.kind, hit.basis) for hit in written.search(text)] == [(day, "semester", basis)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("per 20 Juni 2023 dan 30-06-2023", [("day", date(2023, 6, 20)), ("day", date(2023, 6, 30))]),
        ("20 Juni 2023 semester I 2023 tahun 2022", [("day", 20), ("semester", 30), ("year", 31)]),
        ("akhir Juni 2023, Juli 2023", [("day", 30), ("month", 31)]),
        ("1 Juni 2023", [("day", 1)]),
        ("31 Juni 2023", [("month", 30)]),  # no day, but a month
        ("2023", [("year", 31)]),
        ("2010 2029 2030 2009", [("year", 31), ("year", 31)]),
        ("1.2023 2023/5 x", []),
        ("", []),
    ],
)
def test_all_that_a_text_names_the_surest_first(text: str, found: list[tuple[str, object]]) -> None:
    assert [
        (hit.kind, hit.day if isinstance(day, date) else hit.day.day)
        for hit, (_, day) in zip(written.search(text), found, strict=True)
    ] == found


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2023, 6, 20), date(2023, 6, 20)),
        (datetime(2023, 6, 20, 7, 30), date(2023, 6, 20)),
        ("20/06/2023", date(2023, 6, 20)),
        ("per tanggal 20-06-2023", date(2023, 6, 20)),
        ("Selasa, 20 Juni 2023", date(2023, 6, 20)),
        ("2023-06-20 07:30", date(2023, 6, 20)),
        ("2023-06-20T07:30:15.5", date(2023, 6, 20)),
        ("20-06-2023 x", None),
        ("06/20/2023", None),
        ("20.06.23", date(2023, 6, 20)),
        ("20230620", date(2023, 6, 20)),
        ("20062023", date(2023, 6, 20)),
        ("20202020", None),
        ("20122012", date(2012, 12, 20)),
        ("19122012", date(2012, 12, 19)),
        ("2023", None),
        (5.0, None),
        (None, None),
        ("", None),
    ],
)
def test_a_cell_that_is_a_day_and_nothing_else(cell: object, day: date | None) -> None:
    assert written.parse(cell) == day


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (5, 5),
        (5.0, 5),
        (0, 0),
        ("8.468", 8468),
        ("8,468", 8468),
        ("8 468", 8468),
        ("8'468", 8468),
        ("1.234.567", 1234567),
        ("1.234.567,0", 1234567),
        ("1,234,567.00", 1234567),
        ("8468 jiwa", 8468),
        ("± 8.468", 8468),
        ("~8468", 8468),
        ("lk. 8468", 8468),
        ("8468*", 8468),
        ("8468¹", 8468),
        ("8468 1)", 8468),
        ("8468 (a)", 8468),
        ("8468,-", None),
        ("", None),
        ("-", None),
        ("nihil", None),
        ("N/A", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_a_count_as_a_cell_holds_it(cell: object, number: int | None) -> None:
    if cell == "8468,-":
        assert numerals.count("8468 ,-") == 8468
    else:
        assert numerals.count(cell) == number


@pytest.mark.parametrize(
    "cell", [True, -1, -1.0, 1.5, "-5", "(5)", "x", "1.23", "1,234.567", "12.34.567", "1234.567", [], "#N/A"]
)
def test_what_is_no_count_is_a_fault_and_never_0(cell: object) -> None:
    with pytest.raises(numerals.NotANumber):
        numerals.count(cell)


@pytest.mark.parametrize(
    ("cell", "marked"),
    [
        ("8468 jiwa", True),
        ("± 8468", True),
        ("8468*", True),
        ("8468¹", True),
        ("'8468", False),  # kept as a text by a workbook
        ("8.468", False),
        ("8468 ", False),
        ("x jiwa", False),
        ("-", False),
        (8468, False),
        (None, False),
    ],
)
def test_a_count_with_a_mark_that_is_left_out(cell: object, marked: bool) -> None:
    assert numerals.marked(cell) is marked


@pytest.mark.parametrize(
    ("cell", "fraction", "printed"),
    [
        ("99,40", False, "99.40"),
        ("99.40 %", False, "99.40"),
        ("99%", False, "99"),
        ("099,4", False, "99.4"),
        (99.4, False, "99.4"),
        (99, False, "99"),
        (0, False, "0"),
        (0.994, True, "99.4"),
        (1, True, "100"),
        (99.12345, False, "99.1234"),
        (99.12346, False, "99.1235"),
        (0.99123456, True, "99.1235"),
        ("0,994", True, "99.4"),
        ("99,4 %", True, "99.4"),  # with its sign it is no share
        ("1", True, "100"),
        ("", False, None),
        ("%", False, None),
        ("-", False, None),
        (None, False, None),
        (float("nan"), False, None),
    ],
)
def test_a_percentage_as_it_was_printed(cell: object, fraction: bool, printed: str | None) -> None:
    assert numerals.percent(cell, fraction=fraction) == printed


@pytest.mark.parametrize("cell", [True, -0.1, "x", "-5", "12345", "1.2.3", []])
def test_what_is_no_percentage(cell: object) -> None:
    with pytest.raises(numerals.NotANumber):
        numerals.percent(cell)


# Rows

HEAD = ["NO", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM"]


def body(count: int) -> list[list[object]]:
    return [[float(n), f"Nama{n}", 100.0 + n, 90.0 + n] for n in range(1, count + 1)]


def start(*rows: list[object]) -> int | None:
    return body_start(rows, [number for number, row in enumerate(rows) if any(map(rowkinds.filled, row))])


@pytest.mark.parametrize(
    ("above", "first"),
    [
        ([HEAD], 1),
        ([["DATA PEREKAMAN"], HEAD], 2),
        ([["TAHUN", 2023.0], HEAD], 2),
        ([["DATA 2023", 5.0], [], HEAD], 3),  # fewer numbers than the rows usually have
        ([HEAD, [1.0, 2.0, 3.0, 4.0]], 2),
        ([HEAD, ["(1)", "(2)", "(3)", "(4) = 3/2"]], 2),
        ([HEAD, ["KECAMATAN KWANDANG"]], 1),  # heads the rows below
        ([HEAD, ["", "JUMLAH", 900.0, ""]], 1),  # a total above
        ([HEAD, ["KECAMATAN A"], ["KECAMATAN B"]], 1),
        ([["", "KECAMATAN", "TAHUN 2023", "WAJIB KTP", 5.0, 6.0]], 1),
    ],
)
def test_the_first_row_of_the_body(above: list[list[object]], first: int) -> None:
    assert start(*above, *body(4)) == first
    assert start(*above) in (None, 0, 1, 2)


def test_a_sheet_without_numbers_has_no_body() -> None:
    assert start(HEAD, ["a", "b", "c", "d"]) is None and start() is None
    assert start([1.0, 2.0]) == 0  # one row alone


@pytest.mark.parametrize(("cells", "header"), [(3, True), (2, False)])
def test_a_row_of_three_cells_of_ten_is_a_header_by_itself(cells: int, header: bool) -> None:
    wide: list[object] = [f"judul kolom yang panjang sekali {n}" for n in range(10)]
    few: list[object] = [*[""] * 5, *[f"kelompok yang panjang sekali ini {n}" for n in range(cells)], *[""] * (5 - cells)]
    assert heads(few, wide) == ([0, 1] if header else [1])


@pytest.mark.parametrize(("numbers", "begins"), [(3, True), (2, True), (1, False), (0, False)])
def test_a_body_begins_with_half_of_the_numbers_that_its_rows_have(numbers: int, begins: bool) -> None:
    row: list[object] = ["X", *[5.0] * numbers, *[""] * (3 - numbers)]
    full: list[list[object]] = [["A", 1.0, 5.0, 7.0]] * 5
    assert (start(["NAMA", "A", "B", "C"], row, *full) == 1) is begins


def heads(*rows: list[object], merged: tuple[tuple[int, int, int, int], ...] = ()) -> list[int]:
    return header_rows(rows, [number for number, row in enumerate(rows) if any(map(rowkinds.filled, row))], merged)


GROUP = ["", "", "WAJIB KTP", "", "SUDAH REKAM", ""]
SEXES = ["NO", "KECAMATAN", "L", "P", "L", "P"]
LONG = "REKAPITULASI PEREKAMAN KTP ELEKTRONIK KABUPATEN"  # 47 letters


@pytest.mark.parametrize(
    ("rows", "taken"),
    [
        ([HEAD], [0]),
        ([["DATA PEREKAMAN"], HEAD], [1]),
        ([GROUP, SEXES], [0, 1]),
        ([["DATA"], GROUP, SEXES], [1, 2]),
        ([["DATA"], [], GROUP, SEXES], [2, 3]),
        ([GROUP, [], SEXES], [2]),  # blank rows part titles from the header
        ([HEAD, [1.0, 2.0, 3.0, 4.0]], [0, 1]),
        ([HEAD, [1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0]], [0, 1, 2]),
        ([HEAD, *[[1.0, 2.0, 3.0, 4.0]] * 3], [0, 1, 2, 3]),
        ([["TAHUN", "2023"], HEAD], [1]),
        ([["KABUPATEN", ": GORONTALO UTARA"], HEAD], [1]),
        ([["NAMA", "X"], ["a", "b"], HEAD], [0, 1, 2]),
        ([HEAD, ["", "", "L", "P"]], [0, 1]),
        ([HEAD, ["", "", "jiwa", ""]], [0, 1]),  # a word between header and body
        ([HEAD, ["", "", "x" * 29, ""]], [0, 1]),
        ([HEAD, ["", "", "x" * 30, ""]], [0]),
        ([["KECAMATAN"]], [0]),
        ([[LONG, "x"], HEAD], [1]),  # two cells, one of them long: a title
        ([[LONG[:45], "x"], HEAD], [0, 1]),
        ([[LONG, "x", "y"], HEAD], [0, 1]),
    ],
)
def test_the_rows_of_the_header(rows: list[list[object]], taken: list[int]) -> None:
    assert heads(*rows) == taken


@pytest.mark.parametrize(("count", "taken"), [(1, [0, 1]), (2, [0, 1, 2]), (3, [0, 1, 2, 3]), (4, [])])
def test_up_to_three_rows_of_words_stand_between_the_header_and_the_body(count: int, taken: list[int]) -> None:
    assert heads(list("abcdefgh"), *[["", "", "", "", "", "", "", "x"]] * count) == taken


def test_a_header_has_six_rows_at_most() -> None:
    rows: list[list[object]] = [[f"{letter}{n}" for letter in "abcd"] for n in range(8)]
    assert heads(*rows) == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("merge", "joined"),
    [
        ((0, 0, 2, 0), True),
        ((0, 0, 1, 0), False),
        ((1, 0, 2, 0), False),
        ((0, 0, 3, 0), True),
        ((2, 0, 3, 0), False),
    ],
)
def test_a_cell_that_spans_the_blank_rows_joins_a_header(merge: tuple[int, int, int, int], joined: bool) -> None:
    assert heads(GROUP, [], SEXES, merged=(merge,)) == ([0, 2] if joined else [2])


@pytest.mark.parametrize(
    ("merge", "group", "taken"),
    [
        ((0, 5, 0, 7), 5, True),  # names a group of columns
        ((0, 5, 0, 5), 5, False),  # one column
        ((1, 5, 1, 7), 5, False),  # of another row
        ((0, 2, 0, 7), 2, True),
        ((0, 1, 0, 7), 1, False),  # over the columns of areas
    ],
)
def test_one_merged_cell_right_of_the_areas_names_a_group(merge: tuple[int, int, int, int], group: int, taken: bool) -> None:
    above: list[object] = [""] * 8
    above[group] = "PEREKAMAN KTP-EL TAHUN BERJALAN MENURUT JENIS"  # no short word
    below: list[object] = [f"kolom {n}" for n in range(8)]
    assert heads(above, below, merged=(merge,)) == ([0, 1] if taken else [1])


@pytest.mark.parametrize(
    ("row", "count"),
    [
        (["KECAMATAN", "WAJIB KTP", "x", 5.0], 2),
        (["L", "P", "JUMLAH"], 3),
        (["x" * 69 + " WAJIB KTP", ""], 1),
        (["x" * 70 + " WAJIB KTP", " "], 0),  # eighty letters are a sentence
        ([], 0),
    ],
)
def test_how_many_cells_hold_a_word_of_a_header(row: list[object], count: int) -> None:
    assert rowkinds.has_header_words(row) == count


# What is counted in a month: 4 June 2023 is a Sunday


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("minggu ke-3 Juni 2023", [("month", 21)]),
        ("Minggu III Juni 2023", [("month", 21)]),
        ("pekan kedua Juni 2023", [("month", 14)]),
        ("W1 Juni 2023", [("month", 7)]),
        ("week kesatu bulan Juni tahun 2023", [("month", 7)]),
        ("minggu 5 Juni 2023", [("month", 30)]),  # a Monday; the fifth week ends with the month
        ("pekan 6 Juni 2023", [("month", 30)]),  # no month has a sixth
        ("pekan 0 Juni 2023", [("month", 30)]),
        ("tahap 2 Juni 2023", [("month", 30)]),  # not by weeks
        ("Minggu 6 Juni 2023", [("day", 6)]),
        ("Minggu, 4 Juni 2023", [("day", 4)]),
        ("Minggu 4 Juni 2023", [("month", 28), ("month", 4)]),  # the fourth week, or the Sunday
        ("Minggu, 5 Juni 2023", [("month", 30), ("month", 5)]),  # the comma says a day, which is no Sunday
        ("Minggu, ke 4 Juni 2023", [("month", 28)]),
        ("pekan, 4 Juni 2023", [("month", 28)]),
        ("Minggu kelima Juni 2023", [("month", 30)]),
    ],
)
def test_what_is_counted_in_a_month(text: str, found: list[tuple[str, int]]) -> None:
    hits = written.search(text)
    assert [(hit.kind, hit.day.day) for hit in hits] == found
    assert all((hit.day.year, hit.day.month) == (2023, 6) for hit in hits)
    assert all(hit.text == text for hit in hits if hit.kind == "month")
    assert written.parse(text) == (date(2023, 6, found[0][1]) if found[0][0] == "day" else None)


def test_a_week_does_not_run_over_the_end_of_its_month() -> None:
    assert [hit.day for hit in written.search("minggu ke-5 Februari 2023, 3 Maret 2023")] == [date(2023, 3, 3), date(2023, 2, 28)]


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (["TAHUN", "2023", "SEMESTER", "I"], True),
        (["TAHUN", "2023", "SEMESTER", "I", "x"], False),  # a cell more than a line of a title has
        (["TAHUN", 2023], True),
        (["TAHUN", 2023, 5], False),  # two numbers
        (["x", "2023"], False),
    ],
)
def test_a_line_of_a_title(row: list[object], line: bool) -> None:
    assert rowkinds.is_key_value(row) is line
