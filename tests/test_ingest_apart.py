"""Tables of one sheet taken apart, and days beside each other: each function at its edges, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.columns import day_groups, tables_apart
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.opening.containers import Sheet

HEAD: list[object] = ["KECAMATAN", "WAJIB KTP", "SUDAH REKAM"]
FIRST: list[object] = ["Atinggola", 100.0, 90.0]
SECOND: list[object] = ["Kwandang", 120.0, 80.0]
TITLES: list[list[object]] = [["REKAP PEREKAMAN KTP-EL"], ["KABUPATEN GORONTALO UTARA"]]
NONE: list[object] = ["", "", ""]


def apart(rows: list[list[object]], merged: tuple[tuple[int, int, int, int], ...] = ()) -> list[tables_apart.TableApart]:
    return tables_apart.apart(Sheet("S", rows, False, merged))


def table(heads: list[tuple[str, ...]], *rows: list[object], titles: tuple[object, ...] = ()) -> Table:
    return Table("S", False, tuple(heads), (1,), list(rows), range(2, len(rows) + 2), titles)


# Tables below each other


def test_tables_below_each_other_have_the_titles_above_all_and_their_own() -> None:
    rows = [*TITLES, ["PER 14 JUNI 2023"], HEAD, FIRST, SECOND, [], ["PER 20 JUNI 2023"], HEAD, SECOND, FIRST]
    one, two = apart(rows, ((3, 0, 3, 1), (8, 0, 8, 1), (0, 0, 0, 5), (5, 1, 8, 1)))
    assert (one.place, two.place) == ("A4:C6", "A9:C11") and not one.beside and not two.beside
    assert one.sheet.rows == [*TITLES, ["PER 14 JUNI 2023"], HEAD, FIRST, SECOND, [], [""], NONE, NONE, NONE]
    assert two.sheet.rows == [*TITLES, [""], NONE, NONE, NONE, [], ["PER 20 JUNI 2023"], HEAD, SECOND, FIRST]
    assert one.sheet.merged == ((3, 0, 3, 1), (0, 0, 0, 5)) and two.sheet.merged == ((8, 0, 8, 1),)


def test_a_title_of_a_table_may_stand_an_empty_row_above_its_header_and_a_total_is_none() -> None:
    total: list[object] = ["JUMLAH", 220.0, 170.0]
    one, two = apart([*TITLES, [], HEAD, FIRST, total, ["LAKI-LAKI"], ["PER MEI"], [], HEAD, SECOND])
    assert two.sheet.rows[5:8] == [NONE, ["LAKI-LAKI"], ["PER MEI"]]
    assert two.sheet.rows[:2] == [[""], [""]]  # it has two titles of its own in the place of these
    assert one.sheet.rows[6] == [""]


def test_a_table_that_begins_in_the_first_row_has_no_titles() -> None:
    one, two = apart([HEAD, FIRST, HEAD, SECOND])
    assert (one.place, two.place) == ("A1:C2", "A3:C4")
    assert two.sheet.rows == [NONE, NONE, HEAD, SECOND]
    assert tables_apart._top([HEAD, FIRST], 0) == 0
    assert tables_apart._top([["", ""], HEAD, FIRST], 1) == 0
    assert tables_apart._top([["JUMLAH", "1"], ["X"], HEAD], 2) == 1


@pytest.mark.parametrize(("many", "found"), [(1, 0), (2, 2), (12, 12), (13, 0)])
def test_more_tables_are_blocks_of_one(many: int, found: int) -> None:
    assert len(apart([row for _ in range(many) for row in (HEAD, FIRST)])) == found


@pytest.mark.parametrize(("wide", "found"), [(60, 2), (61, 0)])
def test_a_wide_sheet_is_not_looked_at(wide: int, found: int) -> None:
    made = [HEAD, [*FIRST, *[""] * (wide - 4), "x"], HEAD, SECOND]
    assert len(apart(made)) == found
    if found:
        assert apart(made)[0].sheet.rows[1][-1] == "x"


def test_no_rows_are_no_tables() -> None:
    assert tables_apart._range(Sheet("S", [["x"], ["", "y"]])) == "A1:B2"
    assert apart([]) == [] and tables_apart._range(Sheet("S", [["", ""]])) == ""


@pytest.mark.parametrize(
    ("rows", "heads"),
    [
        ([HEAD, FIRST], [0]),
        ([["KECAMATAN", ""], ["", "WAJIB KTP"], FIRST], [0]),
        ([["KECAMATAN", ""], ["", ""], ["", "WAJIB KTP"], FIRST], []),
        ([["KECAMATAN", "LAKI-LAKI", "PEREMPUAN"], FIRST], [0]),
        ([HEAD, HEAD, FIRST, HEAD, FIRST], [0, 3]),
        ([["KECAMATAN", "WAJIB KTP", "100"], FIRST], []),
        ([["KECAMATAN", "WAJIB KTP", 100.0], FIRST], []),
        ([["WAJIB KTP", "SUDAH REKAM"], FIRST], []),
        ([["KECAMATAN KWANDANG", "WAJIB KTP"], FIRST], []),
    ],
)
def test_where_headers_begin(rows: list[list[object]], heads: list[int]) -> None:
    assert tables_apart._heads(rows) == heads


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("KECAMATAN", (3,)),
        ("NAMA KECAMATAN", (3,)),
        ("NAMA DESA", (4,)),
        ("KECAMATAN KWANDANG", ()),
        ("JUMLAH DESA", ()),
        ("NAMA", ()),
        ("WAJIB KTP KECAMATAN", ()),
        (3.0, ()),
    ],
)
def test_what_a_header_of_areas_says_and_nothing_else(cell: object, level: tuple[int, ...]) -> None:
    assert tables_apart._level(cell) == level


# Tables beside each other


def test_tables_beside_each_other_have_the_titles_that_no_other_has_for_itself() -> None:
    rows = [
        *TITLES,
        ["14 JUNI 2023", "", "", "", "20 JUNI 2023"],
        ["NO", *HEAD[:2], "", "NO", *HEAD[:2]],
        [1.0, "Atinggola", 90.0, "", 1.0, "Kwandang", 80.0],
    ]
    one, two = apart(rows, ((2, 0, 2, 2), (2, 4, 2, 6), (2, 2, 2, 4)))
    assert one.beside and two.beside and (one.place, two.place) == ("A4:C5", "E4:G5")
    assert one.sheet.rows == [
        *TITLES,
        ["14 JUNI 2023", "", "", "", ""],
        ["NO", *HEAD[:2], "", "", "", ""],
        [1.0, "Atinggola", 90.0, "", "", "", ""],
    ]
    assert two.sheet.rows[2:] == [
        ["", "", "", "", "20 JUNI 2023"],
        ["", "", "", "", "NO", *HEAD[:2]],
        ["", "", "", "", 1.0, "Kwandang", 80.0],
    ]
    assert two.sheet.rows[:2] == TITLES
    assert one.sheet.merged == ((2, 0, 2, 2),) and two.sheet.merged == ((2, 4, 2, 6),)


@pytest.mark.parametrize(
    ("row", "under", "starts"),
    [
        (["KECAMATAN", "WAJIB KTP", "KECAMATAN", "WAJIB KTP"], [], [0, 2]),
        (["KECAMATAN", "X", "KECAMATAN", "X"], ["", "WAJIB KTP", "", "WAJIB KTP"], [0, 2]),
        (["KECAMATAN", "X", "KECAMATAN", "WAJIB KTP"], ["", "X", "", "X"], [0]),  # nothing is counted between
        (["KECAMATAN", "NO", "KECAMATAN"], ["", "WAJIB KTP", ""], [0]),
        (["KABUPATEN", "KECAMATAN", "WAJIB KTP"], [], [0]),
        (["KECAMATAN", "WAJIB KTP", "DESA", "WAJIB KTP"], [], [0]),  # of another level
        (["KECAMATAN", "WAJIB KTP", "NO", "KECAMATAN", "WAJIB KTP"], [], [0, 2]),
        (["KECAMATAN", "WAJIB KTP", "NO", "KODE", "KECAMATAN", "WAJIB KTP"], [], [0, 2]),
        (["KECAMATAN", "WAJIB KTP", "", "KECAMATAN", "WAJIB KTP"], [], [0, 3]),
        (["KECAMATAN", "WAJIB KTP", 3.0, "KECAMATAN", "WAJIB KTP"], [], [0, 3]),
        (["KECAMATAN", "KECAMATAN", "WAJIB KTP"], [], [0]),
        (["NO", "KECAMATAN", "WAJIB KTP", "KABUPATEN", "KECAMATAN", "SUDAH REKAM"], [], [0]),
        (["KECAMATAN", "A", "KECAMATAN", "A", "KECAMATAN", "A"], ["", "L", "", "L", "", "L"], [0, 2, 4]),
        (["WAJIB KTP"], [], []),
    ],
)
def test_where_tables_beside_each_other_begin(row: list[object], under: list[object], starts: list[int]) -> None:
    assert tables_apart._starts([["T"], row, under], 1) == starts
    if not under:
        assert tables_apart._starts([["T"], row], 1) == starts


def test_what_heads_all_columns_is_a_title() -> None:
    both = [("LAKI-LAKI", "KECAMATAN"), (), ("LAKI-LAKI", "REKAM", "SUDAH")]
    made = tables_apart.titled(table(both, titles=("REKAP",)))
    assert made.titles == ("REKAP", "LAKI-LAKI") and made.headers == (("KECAMATAN",), (), ("REKAM", "SUDAH"))
    for other in ([("LAKI-LAKI",), ("LAKI-LAKI", "REKAM")], [("KECAMATAN", "X"), ("LAKI-LAKI", "REKAM")], [(), ()]):
        assert tables_apart.titled(table(other)) == table(other)


# Days beside each other


def days(
    *heads: tuple[str, ...], rows: list[list[object]] | None = None, titles: tuple[object, ...] = ()
) -> list[tuple[str, date]]:
    made = [["Atinggola", *map(float, range(len(heads)))]] if rows is None else rows
    return [(one.text, one.day) for one in day_groups.by_day(table([("KECAMATAN",), *heads], *made, titles=titles))]


def test_each_day_has_its_columns_and_those_of_none() -> None:
    heads = [("KECAMATAN",), ("WAJIB KTP",), ("BELUM REKAM", "14 Juni 2023"), ("20 Juni 2023", "BELUM REKAM")]
    made = table(heads, ["Atinggola", 9.0, 5.0, 4.0], ["Kwandang", 9.0, 6.0, ""])
    made = Table(**{**vars(made), "spans": [(0, 1, 2), (2, 1, 2), (3, 1, 2)]})
    one, two = day_groups.by_day(made)
    assert (one.text, one.day, one.month, one.basis, one.filled, one.places) == (
        "14 Juni 2023", date(2023, 6, 14), False, "", True, (2,),
    )  # fmt: skip
    assert one.table.headers == (("KECAMATAN",), ("WAJIB KTP",), ("BELUM REKAM",), ())
    assert one.table.rows == [["Atinggola", 9.0, 5.0, ""], ["Kwandang", 9.0, 6.0, ""]]
    assert list(one.table.spans) == [(0, 1, 2), (2, 1, 2)] and one.table.whole is None
    assert two.table.headers == (("KECAMATAN",), ("WAJIB KTP",), (), ("BELUM REKAM",))
    assert two.table.rows == [["Atinggola", 9.0, "", 4.0], ["Kwandang", 9.0, "", ""]]
    assert list(two.table.spans) == [(0, 1, 2), (3, 1, 2)]


def test_a_day_is_filled_where_one_of_its_cells_is() -> None:
    heads = [("KECAMATAN",), *[(role, day) for day in ("1 Mei 2023", "2 Mei 2023") for role in ("WAJIB KTP", "BELUM REKAM")]]
    one, two = day_groups.by_day(table(heads, ["A", "", "", "", ""], ["B", "", "", "", 4.0]))
    assert (one.filled, two.filled) == (False, True)


def test_days_that_head_different_counts_are_figures_of_one_table() -> None:
    assert days(("WAJIB KTP 14 Juni 2023",), ("SUDAH REKAM 20 Juni 2023",)) == []
    assert days(("BELUM REKAM 14 Juni 2023",)) == []
    assert days(("LAKI-LAKI 14 Juni 2023",), ("PEREMPUAN 20 Juni 2023",)) == []
    assert days(("BELUM REKAM 14 Juni 2023 20 Juni 2023",), ("BELUM REKAM 21 Juni 2023",)) == []
    assert days(("BELUM REKAM L 14 Juni 2023",), ("BELUM REKAM P 20 Juni 2023",)) == []
    both = [("SUDAH REKAM", day, "BELUM REKAM") for day in ("14 Juni 2023", "20 Juni 2023")]
    assert days(*both) == [] or len(days(*both)) == 2


def test_the_number_of_days_beside_each_other() -> None:
    named = [date.fromordinal(date(2023, 1, 1).toordinal() + 2 * n).isoformat() for n in range(63)]
    heads = [(f"BELUM REKAM {one}",) for one in named]
    assert len(days(*heads[:2])) == 2 and len(days(*heads[:62])) == 62 and days(*heads) == []


def test_recorded_of_months_may_be_those_of_each() -> None:
    assert days(("SUDAH REKAM JANUARI 2023",), ("SUDAH REKAM FEBRUARI 2023",)) == []
    assert days(("BELUM REKAM JANUARI 2023",), ("BELUM REKAM FEBRUARI 2023",)) == [
        ("JANUARI 2023", date(2023, 1, 31)),
        ("FEBRUARI 2023", date(2023, 2, 28)),
    ]
    assert len(days(("SUDAH REKAM 14 Juni 2023",), ("SUDAH REKAM 20 Juni 2023",))) == 2
    both = [(f"{role} {month} 2023",) for month in ("JANUARI", "MARET") for role in ("WAJIB KTP", "SUDAH REKAM")]
    assert len(days(*both)) == 2


def test_a_month_without_a_year_is_of_the_one_year_that_is_said() -> None:
    heads = [("BELUM REKAM", "JAN"), ("BELUM REKAM", "PEB")]
    assert days(*heads, titles=("TAHUN 2024",)) == [("JAN", date(2024, 1, 31)), ("PEB", date(2024, 2, 29))]
    assert days(*heads) == [] and days(*heads, titles=("TAHUN 2024", "TAHUN 2023")) == []
    own = [("2022", "BELUM REKAM", "JAN"), ("2022", "BELUM REKAM", "PEB")]
    assert [day.year for _, day in days(*own, titles=("TAHUN 2024",))] == [2022, 2022]
    assert days(("BELUM REKAM", "JAN", "PEB"), ("BELUM REKAM", "MAR"), titles=("TAHUN 2024",)) == []


def test_a_cell_that_holds_a_day_of_each_month_is_the_month() -> None:
    typed = [("BELUM REKAM", "2023-01-01 00:00:00"), ("BELUM REKAM", "2023-02-01")]
    made = day_groups.by_day(table([("KECAMATAN",), *typed], ["A", 5.0, 4.0]))
    assert [(one.day, one.month) for one in made] == [(date(2023, 1, 31), True), (date(2023, 2, 28), True)]
    other = [("BELUM REKAM", "2023-01-01 00:00:00"), ("BELUM REKAM", "2023-02-02")]
    made = day_groups.by_day(table([("KECAMATAN",), *other], ["A", 5.0, 4.0]))
    assert [(one.day, one.month) for one in made] == [(date(2023, 1, 1), False), (date(2023, 2, 2), False)]
    written = [("BELUM REKAM 1 Januari 2023",), ("BELUM REKAM 1 Februari 2023",)]
    assert days(*written)[0][1] == date(2023, 1, 1)


def test_a_semester_is_a_day_with_its_basis() -> None:
    heads = [("KECAMATAN",), ("BELUM REKAM SEMESTER I 2023",), ("BELUM REKAM SEMESTER II 2023",)]
    one, two = day_groups.by_day(table(heads, ["A", 5.0, 4.0]))
    assert (one.day, two.day) == (date(2023, 6, 30), date(2023, 12, 31)) and one.basis != two.basis and one.basis
    assert not one.month and not two.month


@pytest.mark.parametrize(
    ("path", "text", "rest"),
    [
        (("BELUM REKAM 14 Juni 2023",), "14 Juni 2023", ("BELUM REKAM",)),
        (("PER TANGGAL 14 Juni 2023", "BELUM REKAM"), "14 Juni 2023", ("BELUM REKAM",)),
        (("14 Juni 2023 12:30", "BELUM REKAM"), "14 Juni 2023", ("BELUM REKAM",)),
        (("14 Juni 2023 5", "BELUM"), "14 Juni 2023", ("BELUM",)),
        (("14 Juni 2023 REKAP", "BELUM"), "14 Juni 2023", ("REKAP", "BELUM")),
        (("14 Juni 2023",), "14 Juni 2023", ()),
    ],
)
def test_a_header_without_its_day(path: tuple[str, ...], text: str, rest: tuple[str, ...]) -> None:
    assert day_groups._without(path, text) == rest


def test_a_title_may_say_what_all_days_count() -> None:
    named = (("14 Juni 2023",), ("20 Juni 2023",))
    said = ("REKAP", "BELUM REKAM KTP-EL PER BULAN TAHUN 2023")
    made = day_groups.by_day(table([("KECAMATAN",), *named], ["A", 5.0, 4.0], titles=said))
    assert [one.table.headers for one in made] == [
        (("KECAMATAN",), ("BELUM REKAM KTP-EL",), ()),
        (("KECAMATAN",), (), ("BELUM REKAM KTP-EL",)),
    ]
    assert days(*named) == [] and days(*named, titles=("SUDAH REKAM",)) == []
    assert days(("14 Juni 2023", "X"), ("20 Juni 2023", "X"), titles=said) == []
    assert days(("14 Juni 2023",), ("14 Juni 2023",), ("20 Juni 2023",), titles=said) == []


def test_too_many_cells_are_not_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    heads = (("BELUM REKAM 14 Juni 2023",), ("BELUM REKAM 20 Juni 2023",))
    rows: list[list[object]] = [["A", 5.0, 4.0], ["B", 5.0, 4.0]]
    monkeypatch.setattr(day_groups, "MOST_CELLS", 12)  # two days of two rows of three cells
    assert len(days(*heads, rows=rows)) == 2
    assert days(*heads, rows=[*rows, ["C", 5.0, 4.0]]) == []


# Rows that are days


def test_rows_of_months_are_their_last_day_or_their_first() -> None:
    made = table([("BULAN",), ("BELUM REKAM",)], ["JANUARI", 5.0], ["PEB", 4.0], ["JUMLAH", 9.0], titles=("TAHUN 2024",))
    assert day_groups.is_of_one_area(made)
    last, months = day_groups.of_one_area(made, "75.05.01")
    assert months and last.headers == (("BULAN",), ("BELUM REKAM",), (day_groups.CODE,))
    assert last.rows == [[date(2024, 1, 31), 5.0, "75.05.01"], [date(2024, 2, 29), 4.0, "75.05.01"], ["JUMLAH", 9.0, ""]]
    first, _ = day_groups.of_one_area(made, "75.05.01", start=True)
    assert [row[0] for row in first.rows] == [date(2024, 1, 1), date(2024, 2, 1), "JUMLAH"]
    for titles in ((), ("TAHUN 2024", "TAHUN 2023")):
        unsaid = Table(**{**vars(made), "titles": titles})
        assert [row[0] for row in day_groups.of_one_area(unsaid, "75.05.01")[0].rows] == ["JANUARI", "PEB", "JUMLAH"]


def test_rows_of_days_have_the_area_beside_them() -> None:
    made = table([("TANGGAL",), ("BELUM REKAM",)], ["14-06-2023", 5.0], ["20-06-2023", 4.0], ["JUMLAH", 9.0])
    assert day_groups.is_of_one_area(made)
    rows, months = day_groups.of_one_area(made, "75.05.01")
    assert not months and [row[-1] for row in rows.rows] == ["75.05.01", "75.05.01", ""]


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        (["JANUARI", "FEBRUARI"], 1),
        (["JANUARI", "X"], -1),  # one alone may be a word
        (["JAN", "JANUARI"], -1),
        (["JAN", "X", "FEB"], 1),
        (["X", "Y"], -1),
    ],
)
def test_a_column_of_months(cells: list[str], place: int) -> None:
    made = table([("NO",), ("BULAN",)], *([n, cell] for n, cell in enumerate(cells)))
    assert day_groups._month_column(made) == place and day_groups.is_of_one_area(made) is (place >= 0)
    first = table([("BULAN",)], *([cell] for cell in cells))
    assert day_groups.is_of_one_area(first) is (place >= 0)


def test_roles_that_headers_name() -> None:
    assert day_groups._counts(("BELUM REKAM",)) == f"{words.UNRECORDED} "
    assert day_groups._counts(("BELUM REKAM", "L")) == f"{words.UNRECORDED} {words.MEN}"
    assert day_groups._counts(("KECAMATAN",)) == "" and day_groups._counts(("PERSENTASE",)) == ""
