"""Reading at the first column, the last row that is looked at, and one beside it: small files and tables by hand."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date

import numpy as np
import pytest

from ektp_analysis.core import contract
from ektp_analysis.core.area import register
from ektp_analysis.ingest import candidate, units
from ektp_analysis.ingest.cells import names, rowkinds, topics, words
from ektp_analysis.ingest.columns import area_columns
from ektp_analysis.ingest.columns import table as columns_table
from ektp_analysis.ingest.columns.area_columns import AreaColumns
from ektp_analysis.ingest.columns.table import table_of, turned
from ektp_analysis.ingest.ground import Doubt, Unread
from ektp_analysis.ingest.opening import containers, own_layout, package, personal, searching
from ektp_analysis.ingest.opening.containers import Book, Sheet
from ektp_analysis.ingest.places import placement, regencies, totals
from ektp_analysis.ingest.places.row_names import Placed
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Changes, Choices, ImportReport
from tests.layouts.whole import xlsx
from tests.test_ingest_edges import table
from tests.test_ingest_picking import picked

TODAY = date(2024, 6, 30)
CODES = [str(code) for code in register().codes(3, "75.05")]  # type: ignore[arg-type]
DISTRICTS = [register().name(code) for code in CODES]
TITLE = "REKAP PEREKAMAN KTP-EL KAB. GORONTALO UTARA PER 20 JUNI 2023"


def read(heads: list[object], *rows: list[object], title: str = TITLE) -> ImportReport:
    return read_file(xlsx(("S", [[title], heads, *rows])), "a.xlsx", today=TODAY)


def test_a_percentage_may_stand_in_the_first_column() -> None:
    cells = [90.5 + number for number in range(len(DISTRICTS) - 1)]
    report = read(["PERSENTASE REKAM KTP-EL", "KECAMATAN"], *map(list, zip(cells, DISTRICTS, strict=False)))
    assert report.status == "accepted" and [float(cell) for cell in report.rows["coverage_reported"]] == cells
    assert report.choices.columns == {"coverage_reported": "PERSENTASE REKAM KTP-EL"}
    assert report.preview is not None and report.preview.roles == {0: "coverage_reported", 1: "area"}
    assert "coverage: PERSENTASE REKAM KTP-EL" in [str(one.choice) for one in report.evidence]


@pytest.mark.parametrize(("area", "found", "ways"), [
    ("", AreaColumns(names={4: 0}), 2),
    ("75.05", AreaColumns(names={4: 0}), 2),
    ("75.05.03", AreaColumns(names={4: 0}), 1),  # the whole file is about one kecamatan
    ("", AreaColumns(names={3: 0}), 1),
    ("", AreaColumns(names={3: 1, 4: 0}), 1),
    ("", AreaColumns(names={2: 1, 4: 0}), 2),
    ("", AreaColumns(whole=0, names={4: 1}), 1),
    ("", AreaColumns(parts={3: 0, 4: 1}, names={4: 2}), 1),
])  # fmt: skip
def test_a_column_of_desa_may_hold_their_kecamatan_above_them(area: str, found: AreaColumns, ways: int) -> None:
    made = candidate._ways(found, Choices(area=area))
    assert len(made) == ways and made[0] == found
    assert [(one.mixed, dict(one.names)) for one in made[1:]] == [(0, {k: v for k, v in found.names.items() if k != 4})] * (
        ways - 1
    )


@pytest.mark.parametrize(("text", "around", "above", "larger"), [
    ("Kecamatan Kwandang", "", "Kwandang", True),
    ("KWANDANG", "", "Kec. Kwandang", True),
    ("Desa Kwandang", "", "Kwandang", False),  # its desa of the same name
    ("Kwandang", "", "Desa Kwandang", False),
    ("Kwandang", "", "", False),
    ("Gorontalo Utara", "gorontaloutara", "", True),
    ("KAB. GORONTALO UTARA", "gorontaloutara", "Kwandang", True),
    ("Gorontalo", "gorontaloutara", "", False),
])  # fmt: skip
def test_an_open_row_that_bears_the_name_of_a_larger_area(text: str, around: str, above: str, larger: bool) -> None:
    assert totals._is_larger(text, {around} - {""}, above) is larger


@pytest.mark.parametrize(("level", "code", "twin"), [(3, "75.05.02", True), (4, "75.05.02", False), (2, "75.05.02", False)])
def test_an_open_row_is_one_of_several_areas_of_its_name(level: int, code: str, twin: bool) -> None:
    placed = Placed([""], ["Kwandang"], [level], unmatched={"Kwandang": [code]})
    assert totals._is_twin(placed, 0, "KEC. KWANDANG" if level == 3 else "KWANDANG", level) is twin
    assert not totals._is_twin(placed, 0, "Anggrek", level)


@pytest.mark.parametrize(("empty", "found"), [(0, True), (478, True), (479, False)])
def test_the_first_figures_stand_in_the_first_480_rows(empty: int, found: bool) -> None:
    made = table_of(Sheet("S", [["KECAMATAN", "WAJIB KTP"], *[["", ""]] * empty, ["Kwandang", 5], ["Anggrek", 6]]))
    assert (made is not None) is found
    assert made is None or (made.header_rows, list(made.row_numbers)) == ((1,), [empty + 2, empty + 3])


@pytest.mark.parametrize(("titles", "found"), [(0, True), (78, True), (79, False)])
def test_the_first_figures_stand_in_the_first_80_rows_that_show_anything(titles: int, found: bool) -> None:
    lines = [[f"KETERANGAN TENTANG PENDATAAN PENDUDUK NOMOR {number} DARI SEMUA", ""] for number in range(titles)]
    made = table_of(Sheet("S", [*lines, ["KECAMATAN", "WAJIB KTP"], ["Kwandang", 5], ["Anggrek", 6]]))
    assert (made is not None) is found


@pytest.mark.parametrize(("rows", "columns", "is_turned"), [
    (1, 2, True), (1, 1, False), (120, 2, True), (121, 2, False), (2, 700, True), (2, 701, False),
])  # fmt: skip
def test_a_sheet_of_few_rows_may_have_its_areas_side_by_side(rows: int, columns: int, is_turned: bool) -> None:
    made = turned(Sheet("S", [["x"] * columns for _ in range(rows)]))
    assert (made is not None) is is_turned
    assert made is None or (len(made.rows), len(made.rows[0])) == (columns, rows)
    assert turned(Sheet("S", [])) is None and turned(Sheet("S", [[""], []])) is None


CODE = "KODE WILAYAH"


@pytest.mark.parametrize(("heads", "row", "found"), [
    # whole codes with dots say it all: numbers beside them are no parts of a code
    ([CODE, "KODE KEC", "KODE DESA"], ["75.05.03.2001", "03", "2001"], AreaColumns(whole=0)),
    (["KODE KEC", CODE, "KODE DESA"], ["03", "75.05.03.2001", "2001"], AreaColumns(whole=1)),
    (["KODE KEC", "KODE DESA"], ["75.05.03", "2001"], AreaColumns(whole=0)),
    (["KODE KEC", "KODE DESA"], ["03", "2001"], AreaColumns(parts={3: 0, 4: 1})),
    (["KODE DESA", "KODE KEC"], ["2001", "03"], AreaColumns(parts={3: 1, 4: 0})),
    (["KODE KAB", "KODE KEC", "KODE DESA"], ["05", "03", "2001"], AreaColumns(parts={3: 1, 4: 2})),
    (["KODE KAB", "KODE DESA"], ["05", "2001"], AreaColumns()),
    (["KODE PROV", "KODE KAB", "KODE KEC"], ["75", "05", "03"], AreaColumns(parts={1: 0, 2: 1, 3: 2})),
    (["KODE PROV", "KODE KAB"], ["75", "05"], AreaColumns(parts={1: 0, 2: 1})),
    (["KODE KAB", "KODE PROV"], ["75.05", "75"], AreaColumns(whole=0)),
    # no header says it: a run of columns from the provinsi down, with the number of the row between
    (["A", "B", "C"], ["75", "05", "03"], AreaColumns(parts={1: 0, 2: 1, 3: 2})),
    (["A", "X", "B", "C"], ["75", "99", "05", "03"], AreaColumns(parts={1: 0, 2: 2, 3: 3})),
    (["X", "A", "B", "C", "D"], ["1", "75", "05", "03", "2001"], AreaColumns(parts={1: 1, 2: 2, 3: 3, 4: 4})),
    (["A", "X", "Y", "B", "C"], ["75", "99", "99", "05", "03"], AreaColumns()),
])  # fmt: skip
def test_codes_beside_their_parts(heads: list[str], row: list[object], found: AreaColumns) -> None:
    made = area_columns.find(table(heads, row))
    assert made == found


@pytest.mark.parametrize(("head", "code", "level"), [("KODE DESA", "7505032001", 4), ("KODE KEC", "750503", 3)])
def test_whole_codes_under_a_header_of_a_part_may_stand_in_half_of_the_rows(head: str, code: str, level: int) -> None:
    for codes, found in ((6, AreaColumns(whole=0)), (5, AreaColumns(parts={level: 0}))):
        assert area_columns.find(table([head, "X"], *[[code, "x"]] * codes, *[["2 Ulu", "x"]] * (10 - codes))) == found


def test_one_table_may_list_its_areas_on_several_days_without_a_word_on_each_day() -> None:
    rows: list[list[object]] = [[name, day, 100, 90] for day in ("2023-06-20", "2023-06-21") for name in DISTRICTS]
    report = read(["KECAMATAN", "TANGGAL", "WAJIB KTP", "SUDAH REKAM"], *rows[:-1], title="KAB. GORONTALO UTARA")
    assert report.status == "accepted" and len(report.rows) == 21
    assert not {"vanished", "identical"} & {check.name for check in report.checks}


@pytest.mark.parametrize("mark", [";", ","])
@pytest.mark.parametrize(("day", "dated", "accepted"), [(None, True, True), (None, False, False), (TODAY, False, True)])
def test_a_text_in_the_own_layout_needs_a_day_however_large_it_is(
    day: date | None, dated: bool, accepted: bool, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{code};{'2024-06-30;' * dated}7".replace(";", mark) for code in CODES]
    heads = ["area_code", *["as_of_date"] * dated, "unrecorded"]
    data = "\n".join([mark.join(heads), *lines, ""]).encode()
    made = []
    for least in (own_layout.LARGE, 0):
        monkeypatch.setattr(own_layout, "LARGE", least)
        made.append(read_file(data, "a.csv", Choices(date=day), today=TODAY))
    small, large = made
    assert small.status == large.status and (small.status == "accepted") is accepted
    assert str(small.reason) == str(large.reason) and [*small.questions] == [*large.questions]
    assert list(small.rows["unrecorded"]) == list(large.rows["unrecorded"]) == ([7] * 11 if accepted else [])
    assert small.content_key == large.content_key
    if accepted:
        assert large.preview is not None and large.preview.cells == (tuple(heads),)
        assert small.preview is not None and small.preview.roles == large.preview.roles


def test_areas_of_refused_rows_are_not_counted() -> None:
    text = "area_code,as_of_date,unrecorded\n" + "".join(f"{code},2023-06-20,{number}\n" for number, code in enumerate(CODES[:4]))
    report = read_file(text.replace(",3\n", ",x\n").encode(), "a.csv", Choices(take_good_rows=True), today=TODAY)
    assert (report.status, report.areas, list(report.rows["unrecorded"]), report.refused_count) == ("accepted", 3, [0, 1, 2], 1)


@pytest.mark.parametrize("note", ["", "x", "Rekap bulan Juni dari Dinas Dukcapil"])
def test_a_workbook_whose_archive_has_a_note_is_read(note: str) -> None:
    made = io.BytesIO(xlsx(("S", [[TITLE], ["KECAMATAN", "SUDAH REKAM", "BELUM REKAM"], *([one, 90, 5] for one in DISTRICTS)])))
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = note.encode()
    assert searching.in_container(made.getvalue()) is None
    assert len(read_file(made.getvalue(), "a.xlsx", today=TODAY).rows) == 11


@pytest.mark.parametrize(("rows", "first"), [
    # the second row of a header holds a year, and the rows below it speak otherwise
    ([["KECAMATAN", "WAJIB KTP", "SUDAH REKAM"], ["KECAMATAN", "WAJIB KTP", 2023.0], ["Biau", 5.0, 6.0], ["Biau", 7.0, 8.0]], 2),
    # in a long form every row speaks like a header
    ([["KECAMATAN", "APA", "SIAPA", "N"], *[[one, "WAJIB KTP", "LAKI-LAKI", 5.0] for one in DISTRICTS[:3]]], 1),
    ([["KECAMATAN", "WAJIB KTP"], ["Kwandang", 5.0]], 1),
    ([["Kwandang", 5.0]], 0),
    ([["KECAMATAN", "WAJIB KTP"]], None),
])  # fmt: skip
def test_where_a_body_begins(rows: list[list[object]], first: int | None) -> None:
    assert rowkinds.body_start(rows, range(len(rows))) == first


@pytest.mark.parametrize(("cells", "taken"), [(2, [1]), (3, [0, 1])])
def test_a_row_of_two_cells_of_eight_is_no_header_by_itself(cells: int, taken: list[int]) -> None:
    rows = [["x"] * cells + [""] * (8 - cells), list("abcdefgh")]
    assert rowkinds.header_rows(rows, [0, 1], ()) == taken


@pytest.mark.parametrize(("code", "error"), [
    (0x00, "#NULL!"), (0x07, "#DIV/0!"), (0x0F, "#VALUE!"), (0x17, "#REF!"), (0x1D, "#NAME?"), (0x24, "#NUM!"), (0x2A, "#N/A"),
])  # fmt: skip
def test_every_error_of_an_old_workbook_is_told_by_its_name(code: int, error: str) -> None:
    record = b"\x05\x02\x08\x00" + struct.pack("<HHH", 0, 1, 0) + bytes([code]) + b"\x01"
    formula = b"\x06\x00\x15\x00" + struct.pack("<HHH", 1, 0, 0) + b"\x02\x00" + bytes([code]) + b"\x00\x00\x00\xff\xff"
    found = containers.in_xls(record + formula, [Sheet("S", [["x", ""], ["", "x"]]), Sheet("T", [["x"]])])
    assert found == {0: {(0, 1): error, (1, 0): error}}


def test_a_total_anywhere_in_the_own_layout_is_left_out() -> None:
    rows = [
        ["area_code", "as_of_date", "unrecorded"],
        ["JUMLAH", "2023-06-20", 15],
        *([one, "2023-06-20", 5] for one in CODES[:3]),
    ]
    report = read_file(xlsx(("S", rows)), "a.xlsx", today=TODAY)
    assert list(report.rows["area_code"]) == CODES[:3] and list(report.rows["unrecorded"]) == [5, 5, 5]


YOUNG, OLD = [40.0, 20.0, 30.0, 10.0, 5.0], [60.0, 30.0, 10.0, 10.0, 5.0]


@pytest.mark.parametrize(("first", "second", "total"), [
    ((), None, (0, 1, 2)),
    ((0,), None, (0, 1, 2)),  # in four rows of five
    ((0, 1), None, (0, 1, 2)),
    ((0, 1, 2), None, None),  # in fewer than half: one of the two is wrong
    ((0, 1), (), (1, 2, 3)),  # of two totals the one that is the sum
    ((0, 1), (3, 4), None),  # two totals that differ, and neither is proven
])  # fmt: skip
def test_a_total_beside_its_groups(first: tuple[int, ...], second: tuple[int, ...] | None, total: tuple[int, ...] | None) -> None:
    def all_but(rows: tuple[int, ...]) -> list[float]:
        return [a + b + (row in rows) for row, (a, b) in enumerate(zip(YOUNG, OLD, strict=True))]

    totals = [("WAJIB KTP", all_but(first)), *([("WAJIB KTP SEMUA", all_but(second))] if second is not None else [])]
    made = picked(*totals, ("WAJIB KTP USIA 17-30", YOUNG), ("WAJIB KTP USIA 31 KE ATAS", OLD))
    assert made.totals == ({} if total is None else {"eligible": total})
    assert (Doubt.NO_SUM in made.doubts) is (first == (0, 1, 2))


@pytest.mark.parametrize(("named", "file", "hints", "areas"), [
    (["Kwandang", "Anggrek"], "x.xlsx", ("75.05",), {"Kwandang": "75.05.02", "Anggrek": "75.05.03"}),
    (["Kwandang", "Rekap"], "x.xlsx", (), {}),  # one name alone
    (["Kwandang", "Rekap"], "Kab. Gorontalo Utara.xlsx", ("75.05",), {"Kwandang": "75.05.02"}),
    (["Sheet1", "Sheet2"], "Kab. Gorontalo Utara.xlsx", ("75.05",), {}),
    (["Sheet1", "Sheet2"], "Kab. Bogor dan Kab. Gorontalo Utara.xlsx", ("32.01", "75.05"), {}),
])  # fmt: skip
def test_what_the_names_of_sheets_say_of_each_other(
    named: list[str], file: str, hints: tuple[str, ...], areas: dict[str, str]
) -> None:
    made = units._beside([Sheet(name, []) for name in named], [None] * len(named), Choices(), file)
    assert (made.hints, dict(made.areas), made.year) == (hints, areas, 0)


SHORT = bytes([12])  # the first kind of record that leaves its column out


@pytest.mark.parametrize(("before", "short"), [
    (b"", True),
    (b"\x41\x02..", True),
    (b"\xff\xff\x00", True),  # a kind has two bytes at most
    (b"\x41\x80\x80\x80\x80", True),  # a size four
    (b"\x41\x03..", False),  # the next record is within this one
    (b"\x41\x00" * 3999, True),
    (b"\x41\x00" * 4000, False),
])  # fmt: skip
def test_a_binary_sheet_leaves_columns_out(before: bytes, short: bool) -> None:
    assert package._short(before + SHORT + b"\x00") is short
    named = before + (SHORT + b"\x00" if before == b"\x41\x03.." else b"\x01\x04\x00\x00\x00\x00")
    assert package._columns_named(before + SHORT + b"\x00") == named


@pytest.mark.parametrize(("rows", "merged", "last"), [
    # a group beside a merged one reaches over the empty cell on its right
    ([["KECAMATAN", "WAJIB KTP", "", "SUDAH REKAM", ""], ["", "L", "P", "L", "P"]], (0, 1, 0, 2), ("SUDAH REKAM", "P")),
    # so does one that begins below a merged cell
    ([["KECAMATAN", "PENDUDUK", "", ""], ["", "LAMA", "WAJIB KTP", ""], ["", "N", "L", "P"]], (0, 1, 0, 2), ("WAJIB KTP", "P")),
    # what is merged reaches no further than it says
    ([["KECAMATAN", "WAJIB KTP", "", "", ""], ["", "L", "P", "L", "P"]], (0, 1, 0, 2), ("P",)),
])  # fmt: skip
def test_a_group_beside_a_merged_cell(rows: list[list[object]], merged: tuple[int, ...], last: tuple[str, ...]) -> None:
    width = len(rows[0])
    body = [[name, *range(15, 14 + width)][:width] for name in ("Biau", "Kwandang")]
    made = table_of(Sheet("S", [*rows, *([one[0], *(7.0 * n for n in one[1:])] for one in body)], merged=(merged,)))
    assert made is not None and made.headers[-1] == last


@pytest.mark.parametrize(("text", "part"), [
    ("17 tahun ke atas", False),
    ("lebih dari 16 tahun", False),  # from 17 on
    ("lebih dari 15 tahun", True),
    ("usia di atas 16", False),
    ("usia di atas 15", True),
    ("usia 17", True),
    ("17 tahun", False),  # so the obliged are called
    ("16 tahun", False),
    ("18 tahun", True),
])  # fmt: skip
def test_ages_of_everyone_and_of_a_part(text: str, part: bool) -> None:
    assert bool(topics.part_in(text)) is part


ROWS: list[list[object]] = [[name, 100.0 + number, 90.0] for number, name in enumerate(DISTRICTS)]
HEADS = ["KECAMATAN", "WAJIB KTP", "SUDAH REKAM"]


@pytest.mark.parametrize(("heads", "rows", "hidden", "score"), [
    (HEADS, ROWS, False, 5.0),  # two columns of figures, of kecamatan
    (HEADS, ROWS, True, 4.7),
    (HEADS, ROWS[:1], False, 5.0),  # be it one row
    (["KECAMATAN", "Sum of WAJIB KTP", "SUDAH REKAM"], ROWS, False, 4.5),  # a pivot
    (["Row Labels", "WAJIB KTP", "SUDAH REKAM"], ROWS, False, 4.5),
    ([*HEADS, "% REKAM"], [[*row, row[2] / row[1] * 100] for row in ROWS], False, 5.5),  # type: ignore[operator]
    (["% REKAM", *HEADS], [[row[2] / row[1] * 100, *row] for row in ROWS], False, 5.5),  # type: ignore[operator]
    ([*HEADS, "SUDAH CETAK KTP"], [[*row, 85.0] for row in ROWS], False, 5.0),  # cards are no further reason
    (HEADS, [*ROWS, ["Entah", 1.0, 2.0]], False, 3 + 2 * 11 / 12),  # a row without an area
    (HEADS[:2], [row[:2] for row in ROWS], False, 3.5),  # the eligible alone, which is asked about
])  # fmt: skip
def test_what_a_sheet_is_worth_among_sheets(heads: list[object], rows: list[list[object]], hidden: bool, score: float) -> None:
    made = candidate.read_sheet(Sheet("S", [["KAB. GORONTALO UTARA"], heads, *rows], hidden), Choices(), "")
    assert made is not None and made.score == pytest.approx(score)


def test_a_total_is_known_by_a_text_between_the_areas_and_the_figures() -> None:
    rows: list[list[object]] = [["", "JUMLAH", 1060, 990], *([name, "", 100, 90] for name in DISTRICTS)]
    report = read(["KECAMATAN", "KET", "WAJIB KTP", "SUDAH REKAM"], *rows)
    assert report.status == "accepted" and report.areas == 11
    said = [str(check.text) for check in report.checks if check.name == "total"]
    assert said == ["Row 3 (JUMLAH): the total of eligible in the file is 1,060, but its rows add up to 1,100."]


@pytest.mark.parametrize(("own", "labels", "made"), [
    (0, ["Biau", "PROVINSI GORONTALO"], ["", "PROVINSI GORONTALO"]),
    (0, ["75.05.10", ""], ["", ""]),  # every row speaks by its code alone
    (-1, ["Biau", "PROVINSI GORONTALO"], ["", ""]),  # no column holds names: the last one is none either
])  # fmt: skip
def test_a_row_of_a_larger_area_is_known_in_the_column_of_names(own: int, labels: list[str], made: list[str]) -> None:
    given = table(["KECAMATAN", "KET"], ["Biau", "x"], ["PROVINSI GORONTALO", "PROVINSI GORONTALO"])
    placed = Placed(["75.05.10", ""], labels, [3, 3])
    assert totals.with_larger(given, placed, own, 3, ["", ""]) == made


def test_of_what_a_file_changes_only_warnings_are_warnings() -> None:
    held = contract.frame([{"area_code": code, "as_of_date": date(2023, 5, 1), "unrecorded": 9} for code in CODES[:4]])
    lines = [f"{code},2023-06-20,{number}" for number, code in enumerate(CODES[1:6])]
    report = read_file("\n".join(["area_code,as_of_date,unrecorded", *lines, ""]).encode(), "a.csv", current=held, today=TODAY)
    levels = {check.name: check.level for check in report.checks}
    assert levels["vanished"] == "warning" and levels["appeared"] == "note"
    said = [str(one) for one in report.warnings]
    assert [one for one in said if "75.05.01" in one] == ["1 area that reported on 1 May 2023 is missing: 75.05.01."]
    assert not [one for one in said if "did not report" in one]


def test_a_row_of_nothing_is_no_sum_of_rows_of_nothing() -> None:
    zeros = {"eligible": np.array([0.0, 0.0, 0.0, np.nan]), "recorded": np.zeros(4), "unrecorded": np.full(4, np.nan)}
    placed = Placed(CODES[:4], CODES[:4], [3] * 4)
    assert not totals.summed_rows(zeros, np.ones(4, dtype=bool), placed, 3).any()
    sums = {"eligible": np.array([1.0, 2.0, 3.0]), "recorded": np.array([0.0, 2.0, 2.0]), "unrecorded": np.full(3, np.nan)}
    placed = Placed(CODES[:3], CODES[:3], [3] * 3)
    assert totals.summed_rows(sums, np.ones(3, dtype=bool), placed, 3).tolist() == [False, False, True]


def test_what_stands_below_the_grand_total_is_a_note() -> None:
    area, total, note, unplaced, bare = totals.AREA, totals.TOTAL, totals.NOTE, totals.UNPLACED, totals.BARE
    assert totals._noted_below([unplaced, total]) == [unplaced, total]  # no area is known yet
    assert totals._noted_below([unplaced, total, bare]) == [unplaced, total, note]
    assert totals._noted_below([total, area, unplaced]) == [total, area, unplaced]
    assert totals._noted_below([area, unplaced, total, unplaced, total]) == [area, unplaced, total, note, total]


def test_a_sheet_named_by_a_month_alone_says_no_day_without_a_year() -> None:
    rows: list[list[object]] = [["KAB. GORONTALO UTARA"], ["KECAMATAN", "WAJIB KTP", "SUDAH REKAM"], *ROWS]
    (one,) = units.of([Sheet("Juni", rows)], Choices(), "x.xlsx")
    assert one.said is None and one.day is None and not one.dated
    (one,) = units.of([Sheet("Juni 2023", rows)], Choices(), "x.xlsx")
    assert one.said is not None and one.said.day == date(2023, 6, 30)


def test_a_refused_file_changes_nothing() -> None:
    report = read_file(b"", "a.csv", today=TODAY)
    assert report.status == "refused" and report.changes == Changes(0, 0) and report.areas == 0 and report.refused_count == 0


@pytest.mark.parametrize(("before", "after", "place"), [(0, 0, 15), (1, 0, 16), (0, 1, 15), (3, 2, 18)])
def test_a_number_in_boxes_is_found_in_a_form_of_sixteen_columns_and_more(before: int, after: int, place: int) -> None:
    boxes = [*[""] * before, *"7505034512900001", *[""] * after]
    assert personal.numbers_in_book(Book("xlsx", (Sheet("S", [["FORM"], [*boxes]]),))) is not None
    assert personal._short_pieces(Sheet("S", [["FORM"], [*boxes]])) == (1, place)
    assert personal._short_pieces(Sheet("S", [["FORM"], [*boxes[: place - 1], *boxes[place + 1 :]]])) is None


DONE, LEFT = "SUDAH REKAM", "BELUM REKAM"


@pytest.mark.parametrize(("texts", "category"), [
    ([DONE, LEFT] * 2, True),
    ([DONE, LEFT, DONE], False),  # each stands twice on average
    ([DONE] * 4, False),  # one word says nothing apart
    ([DONE, "TIDAK TAHU"] * 2, False),  # half of them are known, and two
    ([DONE, LEFT, "TIDAK TAHU", "LAIN"] * 2, True),
    ([DONE, LEFT, "TIDAK TAHU", "LAIN", "ANEH"] * 2, False),
    (["LAKI-LAKI", "PEREMPUAN", "TOTAL"] * 2, True),
    ([DONE, LEFT, "5"] * 2, False),  # a number is no category
    ([*[DONE, LEFT, "L", "P"], *"ABCD"] * 2, True),  # eight of them at most
    ([*[DONE, LEFT, "L", "P", "WAJIB KTP"], *"ABCD"] * 2, False),
])  # fmt: skip
def test_a_column_of_categories(texts: list[str], category: bool) -> None:
    assert columns_table._is_category([[text] for text in texts], 0) is category


@pytest.mark.parametrize(("text", "measure"), [
    ("BELUM", "unrecorded"),
    ("BELUM X", "unrecorded"),
    ("BELUM 2", "unrecorded"),
    ("BELUM XY", "noise"),
    ("BELUM TAMAT SD", "noise"),
    ("BELUM JUNI", "unrecorded"),
])  # fmt: skip
def test_what_may_stand_beside_a_general_word(text: str, measure: str) -> None:
    assert words.meaning([text]).measure == measure


def test_the_total_of_a_provinsi_among_its_kabupaten_is_the_provinsi() -> None:
    given = table(["KABUPATEN"], ["KAB. LEBAK"], ["KAB. SERANG"], ["PROVINSI BANTEN"], ["KAB. ENTAH"])
    made = placement.place(given, AreaColumns(names={2: 0}), hints=(), area="", aliases={})
    assert list(made.codes) == ["36.02", "36.04", "36", ""] and list(made.levels)[2] == 1
    assert [*made.unmatched] == ["KAB. ENTAH"]


def test_rows_without_a_desa_or_a_kecamatan_say_nothing_of_where_desa_lie() -> None:
    villages = [register().name(code) for code in register().codes(4, "75.05.02")][:3]  # type: ignore[arg-type]
    pairs = [*(("Kwandangg", village) for village in villages), ("Kwandangg", ""), ("", villages[0])]
    assert {name: one.code for name, one in regencies.by_members(pairs, {}, "75.05").items()} == {"Kwandangg": "75.05.02"}


@pytest.mark.parametrize(("end", "told"), [("\n", False), ("\r\n", False), ("", True)])
@pytest.mark.parametrize("least", [0, 2_000_000])
def test_a_text_in_the_own_layout_without_an_end_of_line_may_be_cut_off(
    end: str, told: bool, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_layout, "LARGE", least)
    lines = ["area_code;as_of_date;unrecorded", *(f"{code};2023-06-20;7" for code in CODES)]
    report = read_file(("\n".join(lines) + end).encode(), "a.csv", today=TODAY)
    assert report.status == "accepted" and ("open_end" in [check.name for check in report.checks]) is told


@pytest.mark.parametrize(("few", "of", "told"), [(4, 8, False), (5, 9, True), (4, 9, False), (11, 11, True), (0, 11, False)])
def test_cards_that_are_few_in_most_rows_are_those_of_a_while(few: int, of: int, told: bool) -> None:
    rows = [[*row, 35.0 if number < few else 36.0] for number, row in enumerate(ROWS[:of])]  # four of ten that are recorded
    made = candidate.read_sheet(Sheet("S", [["KAB. GORONTALO UTARA"], [*HEADS, "SUDAH CETAK KTP"], *rows]), Choices(), "")
    assert (
        made is not None and (Unread.FEW_PRINTED in made.picked.unread) is told and ("printed" in made.picked.columns) is not told
    )


def test_a_total_that_its_men_and_women_do_not_give_is_told() -> None:
    rows: list[list[object]] = [[name, 40, 60, 100 + (number == 3)] for number, name in enumerate(DISTRICTS)]
    report = read(["KECAMATAN", "BELUM REKAM L", "BELUM REKAM P", "BELUM REKAM JUMLAH"], *rows)
    assert report.status == "accepted" and int(report.rows["unrecorded"].sum()) == 1101
    assert [check.rows for check in report.checks if check.name == "sexes"] == [(6,)]


def test_a_desa_that_begins_with_the_word_of_its_kind_is_known_with_and_without_it() -> None:
    exact, spelled = names.keyed("11.01.01")  # it has Gampong Drien, which is also written 'Desa Gampong Drien'
    assert exact["drien"] == exact["gampongdrien"] == ("11.01.01.2004",)
    assert names.has("11.01.01", "Gampong Gampong Drien") and names.has("11.01.01", "DRIEN") and "gampongdrien" in spelled
    assert "11.01.01.2004" in names.everywhere(4)["gampongdrien"]
    assert not [key for key in names.keyed("11.01")[0] if key.startswith(("desa", "kecamatan"))]


def test_a_note_is_kept_up_to_five_hundred_letters() -> None:
    text = f"area_code,as_of_date,unrecorded,note\n{CODES[0]},2023-06-20,5,{'x' * 500}\n{CODES[1]},2023-06-20,5,{'y' * 501}\n"
    report = read_file(text.encode(), "a.csv", today=TODAY)
    assert list(report.rows["note"]) == ["x" * 500, "y" * 500]
