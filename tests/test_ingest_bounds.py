"""Reading at the first column, the last row that is looked at, and one beside it: small files and tables by hand."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.ingest import candidate
from ektp_analysis.ingest.cells import rowkinds
from ektp_analysis.ingest.columns import area_columns
from ektp_analysis.ingest.columns.area_columns import AreaColumns
from ektp_analysis.ingest.columns.table import table_of, turned
from ektp_analysis.ingest.opening import containers, own_layout, searching
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.places import totals
from ektp_analysis.ingest.places.row_names import Placed
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices, ImportReport
from tests.layouts.whole import xlsx
from tests.test_ingest_edges import table

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
])  # fmt: skip
def test_codes_beside_their_parts(heads: list[str], row: list[object], found: AreaColumns) -> None:
    made = area_columns.find(table(heads, row))
    assert made == found


def test_one_table_may_list_its_areas_on_several_days_without_a_word_on_each_day() -> None:
    rows: list[list[object]] = [[name, day, 100, 90] for day in ("2023-06-20", "2023-06-21") for name in DISTRICTS]
    report = read(["KECAMATAN", "TANGGAL", "WAJIB KTP", "SUDAH REKAM"], *rows[:-1], title="KAB. GORONTALO UTARA")
    assert report.status == "accepted" and len(report.rows) == 21
    assert not {"vanished", "identical"} & {check.name for check in report.checks}


@pytest.mark.parametrize(("day", "dated", "accepted"), [(None, True, True), (None, False, False), (TODAY, False, True)])
def test_a_text_in_the_own_layout_needs_a_day_however_large_it_is(
    day: date | None, dated: bool, accepted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{code};{'2024-06-30;' * dated}7" for code in CODES]
    data = "\n".join(["area_code;" + "as_of_date;" * dated + "unrecorded", *lines, ""]).encode()
    made = []
    for least in (own_layout.LARGE, 0):
        monkeypatch.setattr(own_layout, "LARGE", least)
        made.append(read_file(data, "a.csv", Choices(date=day), today=TODAY))
    small, large = made
    assert small.status == large.status and (small.status == "accepted") is accepted
    assert str(small.reason) == str(large.reason) and [*small.questions] == [*large.questions]
    assert list(small.rows["unrecorded"]) == list(large.rows["unrecorded"]) == ([7] * 11 if accepted else [])
    assert small.content_key == large.content_key


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
    ([["KECAMATAN", "WAJIB KTP", "SUDAH REKAM"], ["KECAMATAN", "WAJIB KTP", 2023.0], ["Kwandang", 5.0, 6.0], ["Biau", 7.0, 8.0]], 2),
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
