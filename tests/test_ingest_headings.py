"""Days that head rows between others, stand once for several rows, or are contradicted by the file's name; tables of something
else below; first rows that speak like a header; tables across in a text. Made from the register alone: what is expected follows
from how each file was made."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
import xlsxwriter

from ektp_analysis.core.area import register
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import ImportReport

TODAY = date(2024, 1, 1)
Figures = Mapping[tuple[str, date], int]


def read(rows: Sequence[Sequence[object]], name: str = "rekap.csv") -> ImportReport:
    """Who is asked whether all areas are there says yes."""
    data = ("\n".join(",".join(map(str, row)) for row in rows) + "\n").encode()
    report = read_file(data, name, today=TODAY)
    whole = {one.topic for one in report.questions} == {"complete"}
    return read_file(data, name, report.choices.but({"complete": "yes"}), today=TODAY) if whole else report


def unrecorded(report: ImportReport) -> Figures:
    assert report.status == "accepted", str(report.reason)
    return {(row.area_code, row.as_of_date.date()): int(row.unrecorded) for row in report.rows.itertuples()}


def drawn(number: int) -> tuple[random.Random, tuple[str, ...], list[date]]:
    """A chance, all areas of a place, two or three days."""
    chance = random.Random(number)
    first = date(2023, chance.randint(1, 6), chance.randint(1, 28))
    days = [first + timedelta(days=chance.choice((1, 7, 30)) * place) for place in range(chance.choice((2, 3)))]
    return chance, register().children(chance.choice(("75.05", "62.05", "91.03"))), sorted(set(days))


def lines(chance: random.Random, codes: Sequence[str], left: dict[tuple[str, date], int], day: date) -> list[list[object]]:
    """A row of each area with its name, eligible and unrecorded, which is put down."""
    for code in codes:
        left[code, day] = chance.choice((chance.randint(0, 60), chance.randint(100, 900)))
    return [[code, register().name(code), chance.randint(2000, 9000), left[code, day]] for code in codes]


HEAD = ["KODE", "KECAMATAN", "WAJIB KTP", "BELUM REKAM"]
WRITTEN = ("PER {0:%d-%m-%Y}", "TANGGAL : {0:%d/%m/%Y}", "{0:%Y-%m-%d}", "KEADAAN {0:%d.%m.%Y}", "TANGGAL,{0:%d/%m/%Y}")


@pytest.mark.parametrize("number", range(14))
def test_a_day_between_rows_is_that_of_the_rows_below_it(number: int) -> None:
    chance, codes, days = drawn(number)
    cut = chance.randint(2, len(codes) - 2)
    parts = [codes] * len(days) if number % 2 else [codes[:cut], codes[cut:]]
    again, way, left = chance.random() < 0.5, chance.choice(WRITTEN), dict[tuple[str, date], int]()
    rows: list[list[object]] = [["REKAP PEREKAMAN KTP-EL"]] + ([] if again else [HEAD])
    for day, part in zip(days, parts, strict=False):
        rows += [*[[""]] * chance.randint(0, 2), [way.format(day)], *([HEAD] if again else []), *lines(chance, part, left, day)]
    assert unrecorded(read(rows)) == left


@pytest.mark.parametrize("remark", ["BULAN JUNI 2023", "Kecamatan Kwandang menyusul 20 Juni 2023"])
def test_a_month_or_a_remark_with_a_day_between_rows_is_asked_about(remark: str) -> None:
    chance, codes, _ = drawn(1)
    day, left = date(2023, 5, 5), dict[tuple[str, date], int]()
    made = lines(chance, codes, left, day)
    report = read([["PER 5 MEI 2023"], HEAD, *made[:4], [remark], *made[4:]])
    assert report.status == "needs_choice" and any(one.topic == "date" for one in report.questions)


@pytest.mark.parametrize("note", ["Dicetak 7 Juli 2023", "PER 5 MEI 2023"])
def test_a_day_of_printing_or_the_same_day_between_rows_changes_nothing(note: str) -> None:
    chance, codes, _ = drawn(1)
    left = dict[tuple[str, date], int]()
    made = lines(chance, codes, left, date(2023, 5, 5))
    report = read([["PER 5 MEI 2023"], HEAD, *made[:4], [note], *made[4:]])
    assert unrecorded(report) == left


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("number", range(4))
def test_a_day_or_an_area_that_stands_once_is_that_of_its_rows(number: int, merged: bool) -> None:
    chance, codes, days = drawn(number)
    left = dict[tuple[str, date], int]()
    by_day = [lines(chance, codes, left, day) for day in days]
    rows: list[list[object]] = [["REKAP PEREKAMAN"], ["TANGGAL", *HEAD] if number % 2 else [*HEAD[:2], "TANGGAL", *HEAD[2:]]]
    size = len(codes) if number % 2 else len(days)
    if number % 2:
        rows += [
            [f"{day:%d/%m/%Y}" if not place else "", *row]
            for day, made in zip(days, by_day, strict=True)
            for place, row in enumerate(made)
        ]
    else:
        for made in zip(*by_day, strict=True):
            rows += [
                [*(row[:2] if not place else ["", ""]), f"{day:%d/%m/%Y}", *row[2:]]
                for place, (day, row) in enumerate(zip(days, made, strict=True))
            ]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    for top in range(2, len(rows), size) if merged else ():
        for column in (0,) if number % 2 else (0, 1):
            sheet.merge_range(top, column, top + size - 1, column, rows[top][column])
    book.close()
    assert unrecorded(read_file(out.getvalue(), "rekap.xlsx", today=TODAY)) == left


@pytest.mark.parametrize("named", ["KODE", "KECAMATAN"])
@pytest.mark.parametrize("other", ["WAJIB KIA,BELUM KIA", "WAJIB KTP,BELUM CETAK", "JUMLAH KK,SISA"])
@pytest.mark.parametrize("same", [True, False])
def test_a_table_of_something_else_below_is_not_read_as_recording(named: str, other: str, same: bool) -> None:
    chance, codes, (day, *_) = drawn(4)
    left = dict[tuple[str, date], int]()
    place = HEAD.index(named)
    made = [[row[place], *row[2:]] for row in lines(chance, codes[:6], left, day)]
    below = [[row[place], *row[2:]] for row in lines(chance, codes[:6] if same else codes[6:9], {}, day)]
    report = read([["REKAP"], [f"PER {day:%d/%m/%Y}"], [named, *HEAD[2:]], *made, [named, *other.split(",")], *below])
    assert report.status == "needs_choice" or unrecorded(report) == left
    assert not report.refused_count


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("first", ["SUDAH REKAM", "WAJIB KTP"])
def test_the_first_row_of_a_long_list_is_no_header(first: str, dated: bool) -> None:
    codes = register().children("12.71")[:8]
    assert register().name(codes[0]) == "Medan Kota"
    day = ["14/06/2023"] if dated else []
    rows: list[list[object]] = [["PER 14 JUNI 2023"], ["KECAMATAN", *["TANGGAL"] * dated, "URAIAN", "JUMLAH"]]
    rows += [[register().name(code), *day, first, 5000 + 9 * place] for place, code in enumerate(codes)]
    rows += [[register().name(code), *day, "BELUM REKAM", 50 + place] for place, code in enumerate(codes)]
    report = read(rows)
    assert report.status == "accepted" and len(report.rows) == len(codes)
    assert report.rows[["eligible", "recorded"]].max(axis=1).notna().all()


@pytest.mark.parametrize("areas", [4, 9])
def test_a_text_with_its_areas_across_is_read(areas: int) -> None:
    codes = register().children("75.05")[:areas]
    rows: list[list[object]] = [["PER 14 JUNI 2023"], ["URAIAN", *map(register().name, codes)]]
    rows += [["WAJIB KTP", *range(4000, 4000 + areas)], ["BELUM REKAM", *range(40, 40 + areas)]]
    report = read(rows)
    assert report.status == "needs_choice" or len(report.rows) == areas


@pytest.mark.parametrize(("name", "told"), [("data 23-06-2023.csv", True), ("data 14-06-2023.csv", False), ("data.csv", False)])
def test_a_name_that_says_another_day_than_the_column_is_told(name: str, told: bool) -> None:
    chance, codes, _ = drawn(4)
    made = lines(chance, codes, {}, date(2023, 6, 14))
    report = read([[*HEAD, "TANGGAL"], *[[*row, "14/06/2023"] for row in made]], name)
    assert [one.name for one in report.checks if one.name == "date"] == ["date"] * told


def test_sheets_that_are_named_by_a_day_without_its_year_have_the_year_of_their_titles() -> None:
    chance, codes, _ = drawn(4)
    out, left = io.BytesIO(), dict[tuple[str, date], int]()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, day in (("24 Jan", date(2023, 1, 24)), ("310123", date(2023, 1, 31))):
        sheet = book.add_worksheet(name)
        for place, row in enumerate([["TAHUN 2023"], HEAD, *lines(chance, codes, left, day)]):
            sheet.write_row(place, 0, row)
    book.close()
    assert unrecorded(read_file(out.getvalue(), "rekap.xlsx", today=TODAY)) == left


@pytest.mark.parametrize("group", ["BELUM REKAM", "TDK REKAM"])
def test_a_header_whose_middle_row_names_one_count_is_whole(group: str) -> None:
    codes = register().children("75.05")
    rows: list[list[object]] = [
        ["PER 14 JUNI 2023"],
        ["NO", "KECAMATAN", "PEREKAMAN KTP-EL", "", ""],
        ["", "", group, "", ""],
        ["", "", "L", "P", "JML"],
    ]
    rows += [[place + 1, register().name(code), 20 + place, 30, 50 + place] for place, code in enumerate(codes)]
    assert set(unrecorded(read(rows)).values()) == {50 + place for place in range(len(codes))}
