"""Codes that are not those of the areas beside them, or of no area any more: what is said of them, and what leads on."""

from datetime import date

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.places import lapsed
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from tests.silent import figures
from tests.test_ingest_silent import text

TODAY = date(2026, 1, 1)
OLD = {
    "91.01": ("MERAUKE", "93.01"),
    "91.02": ("JAYAWIJAYA", "95.01"),
    "91.04": ("NABIRE", "94.01"),
    "91.09": ("MIMIKA", "94.04"),
}
HEADS = ["WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
REASON = " Codes of Papua changed in 2022."


def read(head, areas, title="PEREKAMAN KTP-EL PROVINSI PAPUA", **choices):
    rows = [[*area, 1000 + number, 900, 100 + number] for number, area in enumerate(areas)]
    return read_file(text([title], ["PER 30 JUNI 2021"], [*head, *HEADS], *rows), "x.csv", Choices(**choices), today=TODAY)


def said(report):
    return render(report.reason, "en") if report.reason else ""


def notes(report):
    return [(render(one.text, "en"), one.level, one.rows, one.areas) for one in report.checks if one.name == "codes"]


def test_names_beside_lapsed_codes_are_taken_and_it_is_said():
    report = read(["KODE", "KABUPATEN"], [[code, name] for code, (name, _) in OLD.items()])
    assert report.status == "accepted"
    assert figures(report) == {code: (1000 + n, 900, 100 + n) for n, (_, code) in enumerate(OLD.values())}
    told = (
        "4 codes in the column 'KODE' are not those of their areas in the register, the first in row 4: 91.01 "
        "MERAUKE is 93.01. The names were used." + REASON
    )
    assert notes(report) == [(told, "note", (4, 5, 6, 7), tuple(code for _, code in OLD.values()))]
    in_one = read(["KODE KABUPATEN"], [[f"{code} {name}"] for code, (name, _) in OLD.items()])
    assert figures(in_one) == figures(report) and "row 4: 91.01 MERAUKE is 93.01." in notes(in_one)[0][0]
    numbers = read(["KODE", "KABUPATEN"], [[code.replace(".", ""), name] for code, (name, _) in OLD.items()])
    assert figures(numbers) == figures(report) and "91.01 MERAUKE is 93.01" in notes(numbers)[0][0]


def test_a_single_code_of_another_place_among_right_ones():
    codes = register().children("75.05")
    rows = [[code, register().name(code)] for code in codes]
    assert notes(read(["KODE", "KECAMATAN"], rows, "PEREKAMAN KTP-EL")) == []
    rows[3][0] = "75.05.99"
    report = read(["KODE", "KECAMATAN"], rows, "PEREKAMAN KTP-EL")
    assert report.status == "accepted" and set(figures(report)) == set(codes)
    assert [one[0] for one in notes(report)] == [
        f"1 code in the column 'KODE' is not that of its area in the register: row 7, 75.05.99 {rows[3][1]} is {codes[3]}. "
        "The name was used."
    ]


def test_lapsed_codes_alone_are_refused_with_what_helps_and_names_lead_on():
    report = read(["KODE"], [[code] for code in OLD])
    assert report.status == "refused"
    assert said(report) == (
        "4 of 4 codes in the column 'KODE' are not in the register of areas, the first in row 4: 91.01."
        + REASON
        + " Write the names of the areas beside the codes, or the codes in force."
    )
    assert read(["KODE"], [[code] for _, code in OLD.values()]).status == "accepted"
    other = said(read(["KODE"], [[f"75.05.9{number}"] for number in range(4)], "PEREKAMAN KTP-EL"))
    assert other.startswith("4 of 4 codes") and "Papua" not in other
    assert "91.01.01.2001" in said(read(["KODE"], [[f"91.01.01.200{number}"] for number in range(1, 5)]))
    assert said(read(["URAIAN"], [["a"], ["b"], ["c"], ["d"]])).startswith("No sheet holds figures of recording per area.")


def test_a_lapsed_code_in_the_own_layout_says_why():
    data = text(["kode", "per tanggal", "wajib ktp", "sudah rekam"], ["91.01", "2021-06-30", 100, 90])
    assert "the code 91.01 is not in the register of areas; codes of Papua changed in 2022." in said(
        read_file(data, "x.csv", Choices(), today=TODAY)
    )


@pytest.mark.parametrize("header", [["NO_PROP", "NO_KAB"], ["KODE PROV", "KODE KAB"], ["KODE", ""]])
def test_lapsed_codes_in_two_columns_say_why_and_names_lead_on(header):
    parts = [code.split(".") for code in OLD]
    report = read(header, parts)
    column = " + ".join(filter(None, header))
    assert report.status == "refused" and said(report) == (
        f"4 of 4 codes in the column '{column}' are not in the register of areas, the first in row 4: 91.01."
        + REASON
        + " Write the names of the areas beside the codes, or the codes in force."
    )
    named = read([*header, "KABUPATEN"], [[*code, name] for code, (name, _) in zip(parts, OLD.values(), strict=True)])
    assert figures(named) == {code: (1000 + n, 900, 100 + n) for n, (_, code) in enumerate(OLD.values())}
    assert "row 4: 91.01 MERAUKE is 93.01. The names were used." + REASON in notes(named)[0][0]


def test_codes_in_two_columns_under_one_header_are_read():
    report = read(["KODE", ""], [code.split(".") for _, code in OLD.values()])
    assert set(figures(report)) == {code for _, code in OLD.values()}


def table_of(header, cells):
    return Table("S", False, ((header,),), (1,), [[cell] for cell in cells], range(2, len(cells) + 2), ())


@pytest.mark.parametrize(
    ("header", "cells", "first"),
    [
        ("KODE", ["91.01", "91.02"], "91.01"),
        ("KODE", [91.01, 91.1], "91.01"),
        ("KODE", [9101.0, 9102.0], "91.01"),
        ("KODE", ["'910101", "910102"], "91.01.01"),
        ("KODE", ["9101012001", "9101012002"], "91.01.01.2001"),
        ("", ["91.01.01", "91.01.02"], "91.01.01"),
        ("", ["91.01", "91.02"], None),
        ("KABUPATEN", ["91.01 MERAUKE", "91.02 JAYAWIJAYA"], "91.01"),
        ("KODE BPS", ["91.01", "91.02"], None),
        ("WAJIB KTP", ["91.01.01", "91.01.02"], None),
        ("KODE POS", ["96191", "96192"], None),
        ("KODE", ["91.01", "91.01", "91.01"], None),
        ("KODE", ["a", "b", "91.01"], None),
    ],
)
def test_a_column_of_codes_is_known_by_its_header_or_its_cells(header, cells, first):
    found = lapsed.written(table_of(header, cells))
    assert (found and found.by_row[0]) == first


def test_a_code_of_the_area_around_is_no_other_code():
    assert lapsed.others(table_of("KODE", ["75.05", "75.04"]), ["75.05.01", "75.05.02"]) == ("KODE", {1: "75.04"})
    assert lapsed.others(table_of("KODE", ["75.05", "75.04"]), ["", ""]) == ("KODE", {})
    assert lapsed.others(table_of("KET", ["a", "b"]), ["75.05.01", "75.05.02"]) == ("", {})
