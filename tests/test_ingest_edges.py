"""Reading at the edge of each rule, and one step beside it: small functions by hand, no file of an office."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ektp_analysis.core.contract import MOST_RESIDENTS
from ektp_analysis.core.errors import UserError
from ektp_analysis.ingest import book, rows
from ektp_analysis.ingest.cells import numerals, rowkinds, words, written
from ektp_analysis.ingest.cells.words import Meaning
from ektp_analysis.ingest.columns import area_columns
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.opening import containers, own_layout, package
from ektp_analysis.ingest.opening.containers import Book, Sheet
from ektp_analysis.ingest.opening.personal import LOOK, persons_in_book
from ektp_analysis.ingest.places import regencies, row_names, totals
from ektp_analysis.ingest.reading import read_file
from tests.layouts.whole import xlsx

TODAY = date(2024, 6, 30)


def table(headers: list[str], *given: list[object]) -> Table:
    return Table("S", False, tuple((text,) for text in headers), (1,), list(given), range(2, len(given) + 2), ())


@pytest.mark.parametrize(
    ("text", "named", "kind", "day"),
    [
        ("DATA SEMESTER I TAHUN 2023 X", "SEMESTER I TAHUN 2023", "semester", date(2023, 6, 30)),
        ("rekap smt 2 2023.xlsx", "smt 2 2023", "semester", date(2023, 12, 31)),
        ("rekap 2023 smt 1", "2023 smt 1", "semester", date(2023, 6, 30)),
        ("TW III 2023 akhir", "TW III 2023", "month", date(2023, 9, 30)),
        ("triwulan iv tahun 2023", "triwulan iv tahun 2023", "month", date(2023, 12, 31)),
        ("per akhir Februari 2024", "akhir Februari 2024", "day", date(2024, 2, 29)),
        ("bulan Februari 2023", "Februari 2023", "month", date(2023, 2, 28)),
        ("per 20 Juni '23", "20 Juni '23", "day", date(2023, 6, 20)),
        ("per 20 Juni 2023", "20 Juni 2023", "day", date(2023, 6, 20)),
        ("x 20-06-23 y", "20-06-23", "day", date(2023, 6, 20)),
        ("x 2023-12-31 y", "2023-12-31", "day", date(2023, 12, 31)),
        ("x 2023-01-01 y", "2023-01-01", "day", date(2023, 1, 1)),
        ("dicatat 2023-06-11 12:30:00", "2023-06-11", "day", date(2023, 6, 11)),  # 12:30 is no year
        ("x 11-06-2023 08:15", "11-06-2023", "day", date(2023, 6, 11)),
        ("per 20 Juni 2023 pukul 12.30", "20 Juni 2023", "day", date(2023, 6, 20)),
        ("x20230620y", "20230620", "day", date(2023, 6, 20)),
        ("x20062023y", "20062023", "day", date(2023, 6, 20)),
        ("TAHUN 2023", "2023", "year", date(2023, 12, 31)),
    ],
)
def test_a_day_and_what_of_a_title_names_it(text: str, named: str, kind: str, day: date) -> None:
    assert [(hit.text, hit.kind, hit.day) for hit in written.search(text)] == [(named, kind, day)]


@pytest.mark.parametrize(
    "text",
    [
        "31-04-2023",
        "30-02-2024",
        "0-05-2023",
        "12-13-2023",
        "1-0-2023",
        "2023-13-01",
        "20231301",
        "11-06 12:30",
        "11 Juni 12:30",
        "11 Juni 12.30",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert written.parse(text) is None and not [hit for hit in written.search(text) if hit.kind == "day"]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("75",), "75"),
        (("75", "05"), "75.05"),
        (("75", "5"), "75.05"),
        (("75", "05", "3"), "75.05.03"),
        (("75", "05", "03", "2001"), "75.05.03.2001"),
        (("75", "7505"), "75.05"),
        (("75", "7505", "750503"), "75.05.03"),
        (("75", "05", "750503"), "75.05.03"),
        (("75", "7605"), None),  # another provinsi
        (("75", "7505", "750103"), None),
        (("75", "005"), None),
        (("75", "75055"), None),
        (("75", "0"), None),
        (("75", "00"), None),
        (("75", None), None),
        (("75", "99"), None),
        (("755",), None),
    ],
)
def test_parts_of_a_code(parts: tuple[str | None, ...], code: str | None) -> None:
    assert area_columns.joined(parts) == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (7505032001.0, "75.05.03.2001"),
        (1101012001.0, "11.01.01.2001"),
        (7505032001, "75.05.03.2001"),
        (750503.0, "75.05.03"),
        (7505.0, "75.05"),
        (75.0, "75"),
        ("75.05.03", "75.05.03"),
        ("750503", "75.05.03"),
        (7505032999.0, ""),
        (75050320010.0, ""),
        (12.5, ""),
        ("", ""),
        (True, ""),
    ],
)
def test_a_whole_code_in_a_cell(cell: object, code: str) -> None:
    assert row_names._whole_codes(table(["KODE"], [cell]), 0) == [code]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["Jumlah", "Kwandang"], {"Jumlah"}),  # at the very beginning
        (["Kwandang", "JUMLAH"], {"JUMLAH"}),
        (["Kwandang", "Anggrek"], set()),
        (["a total b", "x", "Total total", "rata-rata"], {"a total b", "Total total", "rata-rata"}),
        (["x"], set()),
        (["total"], {"total"}),
        ([], set()),
        (["é", "x", "total"], {"é", "total"}),  # not looked at in one go
        (["a\0b", "x"], {"a\0b", "x"}),
    ],
)
def test_texts_that_may_be_totals(texts: list[str], found: set[str]) -> None:
    assert set(words.may_be_totals(texts)) == found


def test_a_table_without_rows_has_its_columns() -> None:
    assert [list(column.all) for column in table(["A", "B"]).columns] == [[], []]
    assert [list(column.all) for column in table(["A", "B"], ["x", 1.0]).columns] == [["x"], [1.0]]


@pytest.mark.parametrize(
    ("names", "others", "taken"), [(0, 0, False), (1, 0, True), (1, 2, True), (3, 7, True), (2, 7, False), (1, 3, False)]
)
def test_a_column_of_names_may_be_filled_once_per_block(names: int, others: int, taken: bool) -> None:
    cells: list[object] = [*[f"Desa {n}" for n in range(names)], *[5.0] * others]
    seen = area_columns._sampled(table(["NAMA"], *([cell] for cell in cells)))
    assert area_columns._area_texts(seen, 0) == (cells[:names] if taken else [])
    counted = area_columns._sampled(table(["WAJIB KTP"], *([cell] for cell in cells)))
    assert area_columns._area_texts(counted, 0) == []


def errors_at(monkeypatch: pytest.MonkeyPatch, *places: tuple[int, int], given: int = 1) -> list[list[object]]:
    monkeypatch.setattr(containers, "MOST_ADDED", 5)
    monkeypatch.setattr(package, "MAX_COLUMNS", 3)
    sheet = Sheet("S", [["a"] for _ in range(given)])
    made = containers.with_errors(Book("xlsx", (sheet,)), {0: dict.fromkeys(places, "#N/A")})
    return [list(row) for row in made.sheets[0].rows]


def test_errors_are_written_where_they_stand_and_no_further_than_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert errors_at(monkeypatch, (0, 0)) == [["#N/A"]]
    assert errors_at(monkeypatch, (0, 2)) == [["a", "", "#N/A"]]
    assert errors_at(monkeypatch, (0, 3)) == [["a"]]
    assert errors_at(monkeypatch, (2, 1)) == [["a"], [], ["", "#N/A"]]
    assert errors_at(monkeypatch, (4, 0)) == [["a"], [], [], [], ["#N/A"]]
    assert errors_at(monkeypatch, (5, 0)) == [["a"], [], [], [], []]
    assert errors_at(monkeypatch, (6, 0), given=7) == [["a"]] * 6 + [["#N/A"]]


OWN = [["area_code", "as_of_date", "unrecorded"]]


def test_the_preview_of_the_own_layout_marks_header_and_first_row() -> None:
    report = read_file(xlsx(("S", [*OWN, ["75.05.03", "2023-06-20", 7], ["75.05.02", "2023-06-20", 8]])), "a.xlsx", today=TODAY)
    assert report.preview is not None and report.preview.header_rows == (1,) and report.preview.first_data_row == 2
    assert report.preview.roles == {0: "area", 1: "date", 2: "unrecorded"} and list(report.rows["unrecorded"]) == [7, 8]


def test_empty_rows_of_the_own_layout_are_no_rows_and_keep_the_count_of_the_others() -> None:
    text = "area_code,as_of_date,unrecorded\n\n75.05.03,2023-06-20,7\n,,\n  , ,\n75.05.99,2023-06-20,x\n"
    report = read_file(text.encode(), "a.csv", today=TODAY)
    assert [fault.row for fault in report.refused_rows] == [6, 6] and report.refused_count == 1
    good = read_file(text.replace("75.05.99", "75.05.02").replace(",x", ",8").encode(), "a.csv", today=TODAY)
    assert list(good.rows["unrecorded"]) == [7, 8] and not good.refused_rows


NAMES, NUMBERS = ["NO", "NAMA LENGKAP", "UMUR"], ["", "NIK", "ALAMAT"]


@pytest.mark.parametrize(
    ("given", "row"),
    [
        ([["NO", "NAMA", "NIK"]], "row 1"),  # nothing below it
        ([["NO", "NAMA", "NIK"], ["1", "A", "x"]], "row 1"),
        ([NAMES, NUMBERS], "row 1"),  # over two rows
        ([NAMES, ["1", "A", "B"]], None),
        ([NUMBERS], None),
        ([NAMES, ["x"], NUMBERS], None),
        ([*[["x"]] * (LOOK - 1), NAMES, NUMBERS], f"row {LOOK}"),
        ([*[["x"]] * (LOOK + 1), ["NAMA", "NIK"]], None),
        ([["NAMA " + "x" * 60, "NIK"]], None),
        ([], None),
    ],
)
def test_where_a_list_of_persons_has_its_header(given: list[list[object]], row: str | None) -> None:
    found = persons_in_book(Book("csv", (Sheet("", given),)))
    assert (None if found is None else str(found)) == row
    named = persons_in_book(Book("xlsx", (Sheet("Isi", given),)))
    assert (None if named is None else str(named)) == (None if row is None else f"sheet Isi, {row}")


def test_a_workbook_is_read_up_to_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = xlsx(("S", [["x" * 50, 5] for _ in range(9)]))
    sizes = [len(content) for _, content in package.parts(data)]
    for name, most in (("MAX_PARTS", len(sizes)), ("MAX_PART", max(sizes)), ("MAX_UNPACKED", sum(sizes))):
        with monkeypatch.context() as patch:
            patch.setattr(package, name, most)
            assert [len(content) for _, content in package.parts(data)] == sizes
            patch.setattr(package, name, most - 1)
            with pytest.raises(UserError):
                list(package.parts(data))


def test_figures_are_summed_by_the_area_above() -> None:
    codes = ["75.05.03.2001", "75.05.03.2002", "75.05.02.2001", "75.05.03.2003"]
    found: Any = SimpleNamespace(
        rows=[0, 1, 2, 3],
        placed=SimpleNamespace(codes=codes),
        figures={"recorded": np.array([1.0, 2.0, 4.0, np.nan])},
    )
    assert book._rolled(found, "recorded", 3) == {"75.05.03": 3, "75.05.02": 4}
    assert book._rolled(found, "recorded", 2) == {"75.05": 7}


def test_a_cell_is_repeated_short_and_on_one_line() -> None:
    assert rows.shown("x" * 40) == rows.shown("x" * 41) == "x" * 40
    assert (rows.shown(3.0), rows.shown(3.5), rows.shown("a\nb\x07")) == ("3", "3.5", "ab")


@pytest.mark.parametrize(
    ("row", "header"),
    [
        (["KECAMATAN", "WAJIB KTP"], True),
        (["KECAMATAN", "X"], False),
        (["KECAMATAN", "WAJIB KTP", 5], True),
        (["KECAMATAN", "WAJIB KTP", 5, 6], False),
        (["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", 5, 6], True),
        (["KECAMATAN", 5], False),
        ([], False),
    ],
)
def test_a_row_of_words_of_headers_speaks_like_one(row: list[object], header: bool) -> None:
    assert rowkinds.speaks_like_a_header(row) is header


@pytest.mark.parametrize(
    ("row", "total"),
    [(["Jumlah", 5], True), (["Jumlah", ""], False), (["Kwandang", 5], False), (["Jumlah", 1, 2, 3], False), ([5], False)],
)
def test_a_row_of_a_total_has_its_word_and_a_number(row: list[object], total: bool) -> None:
    assert rowkinds.is_total_row(row) is total


@pytest.mark.parametrize(
    ("given", "first"),
    [
        # the header has three cells; three digits that are too many belong to the number left of them
        ([["kec", "wajib", "rekam"], ["A", "1", "234", "900"], ["B", "2", "345", "900"], ["C", "3", "456", "900"]], 2),
        ([["kec", "wajib", "rekam"], ["A", "1", "234", "900"], ["B", "2", "345", "900"], ["C", "3", "4"]], 2),
        ([["kec", "wajib", "rekam"], ["A", "1", "234", "900"], ["C", "3", "4"]], 0),  # half of the rows
        ([["kec", "wajib", "rekam"], ["A", "1", "23", "900"], ["B", "2", "34", "9"], ["C", "3", "45", "9"]], 0),
        ([["kec", "wajib", "rekam"], ["A", "1000", "234", "90"], ["B", "2000", "345", "90"]], 0),  # no thousands are so written
        ([["kec", "wajib", "rekam"], ["A", "1", "2345", "90"], ["B", "2", "3456", "90"]], 0),
        ([["kec", "wajib", "rekam"], ["A", "1", "2"], ["B", "2", "3"]], 0),
        ([["1", "2", "3"], ["A", "1", "234", "900"]], 0),
        ([], 0),
    ],
)
def test_rows_torn_apart_by_the_marks_of_thousands(given: list[list[str]], first: int) -> None:
    assert rowkinds.torn(given) == first


EVEN = [["kec", "wajib", "rekam"], ["A", "1", "2"], ["B", "3", "4"]]


@pytest.mark.parametrize(
    ("given", "quote", "inside"),
    [
        ([*EVEN, ["C", "5", "6"]], False, False),
        ([*EVEN, ["C", "5"]], False, True),
        ([*EVEN, ["C"]], False, True),
        ([*EVEN[:2], ["C", "5"]], False, True),
        ([EVEN[0], ["C", "5"]], False, True),
        ([["C", "5"]], False, False),  # nothing says how wide it is
        ([*EVEN, ["C", "5", "6\n7"]], True, True),
        ([*EVEN, ["C", "5", "6\n7"]], False, False),
        ([["DATA"], *EVEN, ["C", "5"]], False, True),  # not all as wide, but begun as a row
        ([["DATA"], *EVEN, ["C"]], False, False),
        ([["DATA"], *EVEN, ["7"]], False, True),
        ([["DATA"], *EVEN, ["", "5"]], False, False),
        ([["DATA"], *EVEN, ["Jumlah", "5"]], False, False),
        ([["DATA"], *EVEN, ["Sumber: SIAK", "5"]], False, False),
        ([*EVEN, []], False, False),
    ],
)
def test_a_text_that_ends_inside_its_last_row(given: list[list[str]], quote: bool, inside: bool) -> None:
    assert rowkinds.ends_inside(given, open_quote=quote) is inside


@pytest.mark.parametrize(
    ("row", "typical", "block"),
    [
        (["KECAMATAN KWANDANG"], 5, True),
        (["KECAMATAN KWANDANG"], 2, True),
        (["KECAMATAN KWANDANG"], 1, False),
        (["KECAMATAN"], 5, False),
        (["KWANDANG"], 5, False),
        (["KECAMATAN KWANDANG / DESA X"], 5, False),
        (["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"], 5, False),
        ([""], 5, False),
        ([5.0], 5, False),
    ],
)
def test_a_row_that_names_the_kecamatan_of_the_rows_below(row: list[object], typical: int, block: bool) -> None:
    assert rowkinds.is_block_row(row, typical) is block


@pytest.mark.parametrize(
    ("row", "pair"),
    [
        (["TAHUN", "2023"], True),
        (["Tanggal : 20"], True),
        (["Sumber: SIAK"], True),
        (["SUMBER TANI", 5.0], False),  # a desa and its figure
        (["SUMBER", "2023", "5"], False),
        (["TAHUN", "2023", "5"], False),
        (["PER 20 JUNI 2023", "PER 21 JUNI 2023"], False),  # days side by side
        (["TAHUN", "WAJIB KTP"], False),
        (["DATA", "2023"], False),
    ],
)
def test_a_title_of_a_word_and_its_value(row: list[object], pair: bool) -> None:
    assert rowkinds.is_key_value(row) is pair


@pytest.mark.parametrize(
    ("content", "most", "found"),
    [
        (b"\x05", 2, (5, 1)),
        (b"\x7f", 2, (127, 1)),
        (b"\x80\x01", 2, (128, 2)),
        (b"\xff\x01\x02", 2, (255, 2)),
        (b"\xff\xff\x02", 2, (16383, 2)),
    ],
)
def test_numbers_of_a_binary_workbook_have_seven_bits_a_byte(content: bytes, most: int, found: tuple[int, int]) -> None:
    assert package._number(content, 0, most) == found
    assert package._number(b"\x00" + content, 1, most) == (found[0], found[1] + 1)


@pytest.mark.parametrize(
    ("cell", "number", "shows"),
    [
        (5, True, True),
        (0, True, True),
        (float("nan"), False, True),
        (True, False, True),
        ("5", True, True),
        ("12,5 %", True, True),
        ("x5", False, True),
        ("", False, False),
        ("  ", False, False),
        (None, False, False),
        ("-", False, True),
    ],
)
def test_what_a_cell_shows(cell: object, number: bool, shows: bool) -> None:
    assert rowkinds.is_number(cell) is number and rowkinds.filled(cell) is shows


@pytest.mark.parametrize("text", ["75.05.03.0", "75.0", "75.5"])
def test_a_decimal_of_none_ends_no_code_in_parts(text: str) -> None:
    with pytest.raises(UserError):
        area_columns.code_of(text)
    assert area_columns.code_of("750503.0") == "75.05.03" and area_columns.code_of("7505.0") == "75.05"


@pytest.mark.parametrize(("whole", "used", "header"), [(0, {0, 1}, "KODE"), (-1, {0, 1}, "NAMA"), (1, {1, 2}, "NAMA")])
def test_the_column_of_areas_is_called_by_its_code_or_its_name(whole: int, used: set[int], header: str) -> None:
    found: Any = SimpleNamespace(
        area_columns=SimpleNamespace(whole=whole, used=used),
        table=None,
        placed=SimpleNamespace(codes=["75.05.01", ""], labels=["", "X"], unmatched={"X": ["75.05.02"]}),
        unplaced=[1],
    )
    made = book._areas(found, [0, 1], {0: "KODE", 1: "NAMA", 2: "DESA"})
    assert made.header == header and [str(made.cell(row)) for row in range(2)] == ["75.05.01", "X"]


@pytest.mark.parametrize(
    ("cells", "held"),
    [
        ([b"0", b"5"], [0, 5]),
        ([b"", b"5"], [None, 5]),
        ([b"", b""], [None, None]),
        ([str(MOST_RESIDENTS).encode()], [MOST_RESIDENTS]),
        ([str(MOST_RESIDENTS + 1).encode()], None),
        ([b"-1"], None),
        ([b"x"], None),
        ([b"0x1F"], None),
    ],
)
def test_counts_of_a_text_in_the_own_layout_at_once(cells: list[bytes], held: list[int | None] | None) -> None:
    data = b"a;b\n" + b"".join(b"y;" + cell + b"\n" for cell in cells)
    made = own_layout._with_counts(data, {"a": pa.string()}, ";", ["b"])
    assert (None if made is None else made["b"].to_pylist()) == held


@pytest.mark.parametrize(
    ("found", "above", "made", "settled"),
    [
        (Meaning(), Meaning("eligible", sure=words.SURE), Meaning("eligible", sure=words.SURE), True),
        (Meaning(), Meaning("eligible", sure=words.UNSURE), Meaning("eligible", sure=words.UNSURE), False),
        (Meaning("recorded"), Meaning("noise", sure=words.UNSURE), Meaning("noise", sure=words.SURE, of="noise"), True),
        (Meaning("percent"), Meaning("noise"), Meaning("percent", sure=words.SURE, of="noise"), True),
        (Meaning("recorded"), Meaning("eligible", sure=words.SURE), Meaning("recorded", sure=words.SURE), True),
        (Meaning("unrecorded"), Meaning("recorded", sure=words.SURE), Meaning("unrecorded", sure=words.SURE), True),
        (Meaning("recorded"), Meaning("percent", sure=words.SURE), Meaning("recorded", sure=words.UNSURE), True),
        (
            Meaning("eligible", sure=words.UNSURE),
            Meaning("recorded", sure=words.SURE),
            Meaning("eligible", sure=words.UNSURE),
            False,
        ),
        (
            Meaning("recorded", sure=words.UNSURE),
            Meaning("eligible", sure=words.UNSURE),
            Meaning("recorded", sure=words.UNSURE),
            False,
        ),
    ],
)
def test_an_unsure_header_is_completed_by_the_one_above(found: Meaning, above: Meaning, made: Meaning, settled: bool) -> None:
    assert words._completed(found, above) == (made, settled)


@pytest.mark.parametrize(
    ("hints", "fits", "found"),
    [
        (["a"], {"a": 0.6}, "a"),
        (["a"], {"a": 0.59}, ""),
        (["a"], {"a": 0.9, "b": 1.0}, "a"),
        (["a"], {"a": 0.89, "b": 1.0}, ""),  # another fits much better
        (["a", "b"], {"a": 0.9, "b": 0.9}, ""),
        (["a", "b"], {"a": 0.9, "b": 0.5}, "a"),
        (["c"], {"a": 0.9}, ""),
        ([], {"a": 0.9}, ""),
    ],
)
def test_the_kabupaten_that_is_hinted_at(hints: list[str], fits: dict[str, float], found: str) -> None:
    assert regencies._hinted(hints, fits) == found


@pytest.mark.parametrize(("value", "code"), [(11.1, "11.10"), (11.01, "11.01"), (75.05, "75.05"), (75.0, "75")])
def test_a_number_may_be_a_code_of_a_kabupaten(value: float, code: str) -> None:
    assert area_columns.code_of(value) == code


@pytest.mark.parametrize("value", [75.055, 10.5, 100.25, True, 7.05])
def test_a_number_that_is_no_code(value: object) -> None:
    with pytest.raises(UserError):
        area_columns.code_of(value)


@pytest.mark.parametrize(
    ("row", "has"),
    [(["xy"], True), (["x"], False), ([" x "], False), (["12"], False), ([5.0, ""], False), ([5.0, "", "ab"], True)],
)
def test_whether_a_row_has_a_text(row: list[object], has: bool) -> None:
    assert totals._has_text(row) is has


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (["a", "", "b", 5.0, "c"], "b"),
        (["a", None, "b", "", 5.0], "b"),
        ([5.0, "b", 6.0, "c"], "b"),
        (["a", 5.0, "c"], "a"),
        (["1", "2", "x"], ""),
        (["1", 5.0], ""),
        (["a", "b", "7", "c"], "b"),
    ],
)
def test_what_a_row_calls_itself(row: list[object], text: str) -> None:
    assert totals.own_text(row) == text


@pytest.mark.parametrize(
    ("text", "count", "marked"),
    [
        ("1.234 jiwa²", 1234, True),  # a unit, and the number of a note
        ("1.234² jiwa", 1234, True),
        ("12 jiwa", 12, True),
        ("5²", 5, True),
        ("5", 5, False),
        ("1'234", 1234, False),
        ("1234'5", 12345, False),
        ("12.345", 12345, False),
        ("'12", 12, False),
        ("±5", 5, True),
        ("5*", 5, True),
        ("-", None, False),
        ("-5", None, False),
        (5, 5, False),
    ],
)
def test_a_count_without_its_marks_and_whether_it_had_any(text: object, count: int | None, marked: bool) -> None:
    if text == "-5":
        with pytest.raises(numerals.NotANumber):
            numerals.count(text)
    else:
        assert numerals.count(text) == count
    assert numerals.marked(text) is marked
