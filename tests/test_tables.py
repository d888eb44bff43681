"""Tables that leave the app open right in a spreadsheet, and no cell of them is run as a formula."""

from __future__ import annotations

import pandas as pd

from ektp_analysis.figures.tables import csv, inert, together

FRAME = pd.DataFrame(
    {
        "area_code": pd.Series(["75.05.03", "75.05.04"], dtype="str"),
        "name": ["=cmd|'x'", "Sumalata"],
        "as_of_date": pd.to_datetime(["2023-06-20", "2023-06-20"]),
        "unrecorded": pd.array([72, pd.NA], dtype="Int64"),
        "coverage": pd.array([0.994, pd.NA], dtype="Float64"),
        "change": pd.array([-12, pd.NA], dtype="Int64"),
    }
)


def test_indonesian_spreadsheet() -> None:
    lines = csv(FRAME, "id").decode("utf-8-sig").splitlines()
    assert lines == [
        "Kode wilayah;Nama;Per tanggal;Belum rekam;Cakupan (%);Perubahan",
        "75.05.03;'=cmd|'x';2023-06-20;72;99,40;-12",
        "75.05.04;Sumalata;2023-06-20;;;",
    ]


def test_english_spreadsheet() -> None:
    lines = csv(FRAME, "en").decode("utf-8-sig").splitlines()
    assert lines[0] == "Area code,Name,As of,Unrecorded,Coverage (%),Change"
    assert lines[1] == "75.05.03,'=cmd|'x',2023-06-20,72,99.40,-12"


def test_formulas_are_inert() -> None:
    assert [inert(t) for t in ("=1+1", "+62", "-5", "@x", "\tx", "\rx", "x=1", 5)] == [
        "'=1+1",
        "'+62",
        "'-5",
        "'@x",
        "'\tx",
        "'\rx",
        "x=1",
        5,
    ]


def test_histories_of_several_areas_stand_under_each_other_and_keep_what_is_missing() -> None:
    rows = together({"Anggrek": FRAME[:1], "Sumalata": FRAME[1:], "Kwandang": FRAME[:0]})
    assert list(rows.columns) == ["name", "as_of_date", "unrecorded"]
    assert list(rows["name"]) == ["Anggrek", "Sumalata"] and list(rows["unrecorded"].fillna(-1)) == [72, -1]
