"""Sheets as units of one reading: what names, titles and rows say of each, at the edge of each rule; small tables by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.ingest import units
from ektp_analysis.ingest.cells import written
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.report import UNDECIDED, Choices
from ektp_analysis.ingest.units import Unit

REGENCY, OTHER = "75.05", "75.01"
AREAS = [str(code) for code in register().children(REGENCY)]
HEAD: list[object] = ["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
KTP, WITHIN = ["REKAP PEREKAMAN KTP-EL"], ["KABUPATEN GORONTALO UTARA"]
Rows = list[list[object]]


def counts(step: int = 0) -> list[object]:
    return [900.0 + step, 880.0 + step, 20.0]


def of_areas(codes: list[str], *titles: str, head: str = "KECAMATAN") -> Rows:
    """A table of areas below titles."""
    rows: Rows = [[*KTP], *([title] for title in titles), [head, *HEAD[1:]]]
    return [*rows, *([register().name(code), *counts(step)] for step, code in enumerate(codes))]


def villages(district: str, *titles: str) -> Rows:
    return of_areas([str(code) for code in register().children(district)], *titles, head="DESA")


def made(*sheets: tuple[str, Rows], choices: Choices = UNDECIDED, file: str = "x.xlsx") -> list[Unit]:
    return units.of([Sheet(name, rows) for name, rows in sheets], choices, file)


def said(name: str, kind: str = "day", day: date = date(2023, 6, 14)) -> written.Found:
    return written.Found(day, kind, name)


# What a name says


@pytest.mark.parametrize(
    ("name", "titles", "called"),
    [
        ("Anggrek", [], "Anggrek"),
        ("Anggrek", ["KECAMATAN BIAU"], "Anggrek"),
        ("REKAP_KECAMATAN", ["KECAMATAN BIAU"], ""),
        ("Kec. Rekap", [], "Kec. Rekap"),  # a kecamatan, whatever it is called
        ("Sheet1", ["REKAP", "KECAMATAN ANGGREK"], "ANGGREK"),
        ("Lembar 2", ["Kec. Anggrek"], "Anggrek"),
        (" 3 ", ["KECAMATAN ANGGREK"], "ANGGREK"),
        ("Sheet1", ["KECAMATAN ANGGREK", "KECAMATAN BIAU"], ""),
        ("Sheet1", ["REKAP"], ""),
        ("", [], ""),
    ],
)
def test_what_may_be_the_kecamatan_of_a_sheet(name: str, titles: list[str], called: str) -> None:
    assert units._called(name, titles) == called


@pytest.mark.parametrize(
    ("names", "hints", "area", "found"),
    [
        (["Anggrek", "Biau", "Petunjuk"], (), "", {"Anggrek": "75.05.03", "Biau": "75.05.10"}),  # another Biau lies elsewhere
        (["Anggrek"], (), "", {}),  # one alone says no kabupaten
        (["Anggrek"], (REGENCY,), "", {"Anggrek": "75.05.03"}),
        (["Anggrek"], (OTHER, REGENCY), "", {"Anggrek": "75.05.03"}),
        (["Anggrek"], (REGENCY, REGENCY), "", {"Anggrek": "75.05.03"}),
        (["Anggrek"], (), REGENCY, {"Anggrek": "75.05.03"}),
        (["Anggrek"], (OTHER,), REGENCY, {"Anggrek": "75.05.03"}),
        (["Anggrek"], (REGENCY,), "75.05.03", {"Anggrek": "75.05.03"}),
        (["Anggrek"], (), "75", {}),
        (["Anggrek", "Kwandang"], (), "", {"Anggrek": "75.05.03", "Kwandang": "75.05.02"}),
        (["Angrek", "Kwandang", "Tomilito"], (), "", {"Angrek": "75.05.03", "Kwandang": "75.05.02", "Tomilito": "75.05.07"}),
        (["Kec. Anggrek", "Kec. Kwandang"], (), "", {"Kec. Anggrek": "75.05.03", "Kec. Kwandang": "75.05.02"}),
        (["Kec. Angrek"], (REGENCY,), REGENCY, {}),  # in another spelling it says no kabupaten
        ([], (), "", {}),
    ],
)
def test_sheets_named_by_kecamatan(names: list[str], hints: tuple[str, ...], area: str, found: dict[str, str]) -> None:
    assert units.districts([(name, ()) for name in names], Choices(area=area), hints) == found


def test_a_kecamatan_is_found_in_its_kabupaten_by_another_spelling() -> None:
    assert units._district("NEGERI BESAR", "18.08") == "18.08.12"
    assert units._district("Kec. Angrek", REGENCY) == "75.05.03" and units._district("Kec. Nowhere", REGENCY) == ""


def test_a_title_says_the_kabupaten_and_a_person_the_kecamatan() -> None:
    titled = [("Anggrek", ("KABUPATEN GORONTALO UTARA",))]
    assert units.districts(titled, UNDECIDED, ()) == {"Anggrek": "75.05.03"}
    for value, found in (("75.05.04", "75.05.04"), ("none", "75.05.03"), ("2023-06-30", "75.05.03"), ("men", "75.05.03")):
        assert units.districts(titled, Choices(parts={"Anggrek": value}), ()) == {"Anggrek": found}
    assert units.districts([("KIA", ())], Choices(parts={"KIA": "75.05.04"}), ()) == {"KIA": "75.05.04"}


@pytest.mark.parametrize(
    ("counted", "best"),
    [({}, []), ({"a": 1}, []), ({"a": 2}, ["a"]), ({"a": 2, "b": 1}, ["a"]), ({"a": 2, "b": 2}, []), ({"a": 1, "b": 3}, ["b"])],
)
def test_the_kabupaten_that_holds_most_names(counted: dict[str, int], best: list[str]) -> None:
    assert units._most(counted) == best


@pytest.mark.parametrize(
    ("titles", "hints", "area"),
    [
        (["KECAMATAN ANGGREK", "KABUPATEN GORONTALO UTARA"], (), "75.05.03"),
        (["KECAMATAN ANGGREK"], (REGENCY,), "75.05.03"),
        (["KECAMATAN ANGGREK"], (), "75.05.03"),
        (["KECAMATAN NEGERI BESAR"], (), "18.08.12"),  # 'negeri' is a desa elsewhere
        (["KECAMATAN ANGGREK"], (REGENCY, OTHER), ""),
        (["KECAMATAN ANGGREK", "KECAMATAN BIAU"], (REGENCY,), ""),
        (["KECAMATAN SUKAJAYA"], (), ""),  # several are called so, or none
        (["KABUPATEN GORONTALO UTARA"], (), REGENCY),
        (["KABUPATEN GORONTALO UTARA"], (OTHER,), REGENCY),
        (["REKAP"], (REGENCY,), REGENCY),
        (["REKAP"], (REGENCY, OTHER), ""),
        ([], (), ""),
    ],
)
def test_the_area_that_titles_name(titles: list[str], hints: tuple[str, ...], area: str) -> None:
    assert units._titled_area(titles, hints) == area


@pytest.mark.parametrize(
    ("name", "year", "day", "kind"),
    [
        ("14-06-2023", 0, date(2023, 6, 14), "day"),
        ("Februari 2024", 0, date(2024, 2, 29), "month"),
        ("Semester I 2023", 0, date(2023, 6, 30), "semester"),
        ("Februari", 2023, date(2023, 2, 28), "month"),
        ("PEB", 2023, date(2023, 2, 28), "month"),
    ],
)
def test_the_day_that_a_sheet_is_named_by(name: str, year: int, day: date, kind: str) -> None:
    hit = units._said(name, year)
    assert hit is not None and (hit.day, hit.kind) == (day, kind)


@pytest.mark.parametrize(("name", "year"), [("Februari", 0), ("14-06-2023 20-06-2023", 2023), ("2023", 2023), ("Anggrek", 2023)])
def test_a_name_that_says_no_day(name: str, year: int) -> None:
    assert units._said(name, year) is None


def test_the_one_year_that_texts_say() -> None:
    assert units._year(["TAHUN 2023", "x", "14-06-2023"]) == 2023
    assert units._year(["TAHUN 2023", "TAHUN 2022"]) == 0 and units._year([]) == 0


@pytest.mark.parametrize(
    ("sheet", "recap"), [("REKAP_2023", True), ("Jumlah", True), ("Kab", True), ("Anggrek", False), ("Rekapan Kec", True)]
)
def test_a_sheet_that_sums_others_up(sheet: str, recap: bool) -> None:
    assert Unit(sheet, sheet, None).is_recap is recap


def test_a_unit_is_dated_by_its_day_or_its_cells() -> None:
    cells: Any = SimpleNamespace(when=SimpleNamespace(cells=("14-06-2023",)))
    none: Any = SimpleNamespace(when=SimpleNamespace(cells=()))
    assert not Unit("A", "A", None).dated and not Unit("A", "A", none).dated
    assert Unit("A", "A", cells).dated and Unit("A", "A", none, date(2023, 6, 14)).dated


# What a sheet shows


@pytest.mark.parametrize(
    ("rows", "shows"),
    [
        ([["x", "y", 5.0]], True),
        ([["x", "y", "5"]], True),
        ([["x", "y"], ["x", "y", "", 7.0]], True),
        ([[1.0, 2.0], ["1", "7505"]], False),  # numbers of rows and codes
        ([["x", "y", "z"]], False),
        ([], False),
    ],
)
def test_whether_a_sheet_shows_a_number(rows: Rows, shows: bool) -> None:
    assert units.shows_numbers(Sheet("S", rows)) is shows


@pytest.mark.parametrize(
    ("rows", "width"),
    [
        ([], -1),
        ([["", ""]], -1),
        ([["a", "b"], ["a", ""]], 0),  # in half of the rows is not in most
        ([["a", "b"], ["a", "b"], ["a", "b"], ["a", ""], ["a", ""]], 1),
        ([["a", "b"], ["a", "b"], ["a", ""], ["a", ""], ["a", ""]], 0),
        ([["a", "b"], ["a", "b"], ["a", "-"], [""], [""]], 1),
        ([["a", "-"], ["a", "-"]], 0),
    ],
)
def test_the_last_column_that_is_filled_in_most_rows(rows: Rows, width: int) -> None:
    assert units._width(Sheet("S", rows)) == width


def test_a_sheet_without_numbers_is_empty_and_as_wide_as_it_is_filled() -> None:
    bare = [[*KTP], HEAD, *([register().name(code), "x", "", ""] for code in AREAS)]
    filled, empty = made(("A", of_areas(AREAS)), ("B", bare))
    assert (filled.empty, filled.width) == (False, -1) and (empty.empty, empty.width) == (True, 1)


# Units of a file


def test_each_sheet_is_a_unit_but_those_that_are_left_out() -> None:
    sheets = (("14-06-2023", of_areas(AREAS)), ("20-06-2023", of_areas(AREAS)), (" REKAP ", [["x"]]))
    assert [(one.key, one.day, one.sheet) for one in made(*sheets)] == [
        ("14-06-2023", date(2023, 6, 14), "14-06-2023"),
        ("20-06-2023", date(2023, 6, 20), "20-06-2023"),
        ("REKAP", None, " REKAP "),
    ]
    left = made(*sheets, choices=Choices(parts={"14-06-2023": "none", "REKAP": "none"}))
    assert [one.key for one in left] == ["20-06-2023"]


def test_sheets_of_kecamatan_are_read_within_them_and_the_year_is_that_of_their_titles() -> None:
    found = made(("Anggrek", villages("75.05.03", "TAHUN 2023")), ("Januari", villages("75.05.02", "KECAMATAN KWANDANG")),
                 ("Kwandang", villages("75.05.02")))  # fmt: skip
    assert [one.area for one in found] == ["75.05.03", "", "75.05.02"]
    assert all(one.found is not None and one.found.level == 4 for one in found[::2])
    assert found[1].said is not None and (found[1].day, found[1].month) == (date(2023, 1, 31), True)
    assert not any(one.alone for one in found)


def test_a_sheet_by_itself_is_alone() -> None:
    (one,) = made(("S", of_areas(AREAS, *WITHIN)))
    assert one.alone and one.day is None and not one.area and not one.grouped and not one.days
    (of_one,) = made(("Anggrek", villages("75.05.03", *WITHIN)))
    assert of_one.area == "" and of_one.alone
    two = made(("A", of_areas(AREAS)), ("B", of_areas(AREAS)), file="kab gorontalo utara.xlsx")
    assert all(one.alone for one in two)


def test_columns_that_fit_one_sheet_are_not_asked_of_the_others() -> None:
    other = [[*KTP], ["KECAMATAN", "WAJIB KTP", "BELUM"], *([register().name(code), 900.0, 20.0] for code in AREAS)]
    choices = Choices(columns={"eligible": "WAJIB KTP", "recorded": "SUDAH REKAM"})
    one, two = made(("A", of_areas(AREAS)), ("B", other), choices=choices)
    assert one.found is not None and set(one.found.picked.columns) == {"eligible", "recorded"} and one.alone
    assert two.found is not None and set(two.found.picked.columns) == {"eligible", "unrecorded"} and not two.alone
    both = made(("A", other), ("B", other), choices=choices)
    assert all(unit.found is not None and unit.found.named and unit.alone for unit in both)


def test_a_sheet_that_no_name_places_is_of_the_kecamatan_of_its_desa() -> None:
    named = [(register().name(code), villages(code)) for code in ("75.05.03", "75.05.05", "75.05.07")]
    bare = ("Lembar9", villages("75.05.02"))
    assert [one.area for one in made(*named[:2], bare)] == ["75.05.03", "75.05.05", "75.05.02"]
    last = made(*named[:2], bare)[-1]
    assert last.found is not None and set(last.found.placed.codes) == set(map(str, register().children("75.05.02")))
    assert not last.alone
    assert made(*named[:2], ("Lembar9", villages("75.05.03")))[-1].area == ""  # it has a sheet already
    mixed = of_areas([str(register().children(code)[0]) for code in ("75.05.02", "75.05.08")], head="DESA")
    assert made(*named[:2], ("Lembar9", mixed))[-1].area == ""
    assert made(named[0], bare, choices=Choices(area=REGENCY))[-1].area == ""  # among others that names place


# Days and tables of one sheet


def beside(*days: str, empty: tuple[str, ...] = ()) -> Rows:
    rows: Rows = [[*KTP], ["KECAMATAN", "WAJIB KTP", *(f"BELUM REKAM {day}" for day in (*days, *empty))]]
    return [*rows, *([register().name(code), 900.0, *(20.0 for _ in days), *("" for _ in empty)] for code in AREAS)]


def test_days_beside_each_other_are_a_unit_each() -> None:
    found = made(("S", beside("14-06-2023", "20-06-2023", empty=("27-06-2023",))))
    assert [(one.key, one.day, one.empty, one.grouped, one.found is None) for one in found] == [
        ("S / 14-06-2023", date(2023, 6, 14), False, True, False),
        ("S / 20-06-2023", date(2023, 6, 20), False, True, False),
        ("S / 27-06-2023", date(2023, 6, 27), True, True, True),
    ]
    assert found[0].shared == ("WAJIB KTP",) and found[2].shared == () and not found[0].month
    assert [one.key for one in made(("", beside("14-06-2023", "20-06-2023")))] == ["14-06-2023", "20-06-2023"]


def test_one_day_that_is_filled_is_not_parted_nor_what_a_person_gave_a_day() -> None:
    assert [one.grouped for one in made(("S", beside("14-06-2023", empty=("27-06-2023",))))] == [False]
    given = made(("S", beside("14-06-2023", "20-06-2023")), choices=Choices(date=date(2023, 6, 30)))
    assert [one.grouped for one in given] == [False]


def test_a_person_may_give_a_day_of_days_another_day() -> None:
    one, _ = made(("S", beside("Januari 2023", "Februari 2023")), choices=Choices(parts={"S / Januari 2023": "2023-01-15"}))
    assert one.day == date(2023, 1, 15) and not one.month and one.said is None
    assert one.found is not None and one.found.when.day == date(2023, 1, 15)
    _, month = made(("S", beside("Januari 2023", "Februari 2023")))
    assert (month.day, month.month) == (date(2023, 2, 28), True)


def test_a_semester_beside_others_is_the_basis_of_its_figures() -> None:
    one, two = made(("S", beside("SEMESTER I 2023", "SEMESTER II 2023")))
    assert [unit.found.when.basis for unit in (one, two) if unit.found is not None] == ["DKB 2023-1", "DKB 2023-2"]


def unit(codes: str, roles: str = "er", *, beside: bool = False) -> Unit:
    picked = SimpleNamespace(columns=dict.fromkeys(roles, ()))
    found: Any = SimpleNamespace(placed=SimpleNamespace(codes=list(codes)), picked=picked, table=SimpleNamespace(headers=()))
    return Unit("A", "S", found, beside=beside)


@pytest.mark.parametrize(
    ("given", "apart"),
    [
        ([unit("abcd"), unit("abef")], True),  # half of them are the same
        ([unit("abcd"), unit("aefg")], False),
        ([unit("abcde"), unit("abfgh")], False),
        ([unit("abcde"), unit("abcfg")], True),
        ([unit("abcd"), unit("ae")], True),  # half of the smaller
        ([unit("ab"), unit("acde")], True),
        ([unit("ab"), unit("cd")], False),
        ([unit("ab", beside=True), unit("cd", beside=True)], True),
        ([unit("ab", beside=True), unit("cd")], False),
        ([unit("ab"), unit("ab", "eu")], False),
        ([unit("ab"), unit("ab", "")], True),
        ([unit("ab"), Unit("A", "S", None)], False),
        ([unit("ab"), replace(unit("ab"), found=unit("").found)], False),
        ([unit("ab"), unit("ab"), unit("cd")], False),
    ],
)
def test_tables_of_a_sheet_are_several_where_they_hold_the_same_areas(given: list[Unit], apart: bool) -> None:
    assert units._are_apart(given) is apart


def test_tables_below_each_other_are_a_unit_each() -> None:
    rows = [*of_areas(AREAS, "PER 14 JUNI 2023"), [], *of_areas(AREAS, "PER 20 JUNI 2023")[1:]]
    one, two = made(("S", rows))
    assert (one.key, one.day, one.grouped, one.beside) == ("S / A3:D14", date(2023, 6, 14), True, False)
    assert (two.key, two.day) == ("S / A17:D28", date(2023, 6, 20))
    again = [*of_areas(AREAS[:6]), HEAD, *of_areas(AREAS[6:])[2:]]
    assert [unit.grouped for unit in made(("S", again))] == [False]  # one list under its header written again
    left = made(("S", rows), choices=Choices(parts={"S / A3:D14": "none"}))
    assert [unit.key for unit in left] == ["S / A17:D28"]


# Rows that are days


def months(*titles: str) -> Rows:
    return [[*KTP], *([title] for title in titles), ["BULAN", *HEAD[1:]], ["JANUARI", *counts()], ["PEB", *counts(1)]]


def test_rows_of_months_are_of_the_area_that_is_said() -> None:
    (one,) = made(("S", months("KECAMATAN ANGGREK", *WITHIN, "TAHUN 2023")))
    assert (one.key, one.area, one.days, one.months, one.grouped, one.alone) == ("S", "75.05.03", True, True, True, False)
    assert one.found is not None and one.found.when.cells == (date(2023, 1, 31), date(2023, 2, 28))
    named = made(("Anggrek", months("TAHUN 2023")), ("Kwandang", months("TAHUN 2023")))
    assert [one.area for one in named] == ["75.05.03", "75.05.02"]
    (unsaid,) = made(("S", months("TAHUN 2023")))
    assert not unsaid.area and not unsaid.days and unsaid.found is not None and unsaid.found.unfitting
    (nameless,) = made(("", months(*WITHIN, "TAHUN 2023")))
    assert (nameless.key, nameless.area) == ("rows", REGENCY)


@pytest.mark.parametrize(
    ("answer", "first", "asked"),
    [("month-start", date(2023, 1, 1), False), ("month-end", date(2023, 1, 31), False), ("75.05.04", date(2023, 1, 31), True)],
)
def test_a_person_says_the_day_of_the_months_or_the_area(answer: str, first: date, asked: bool) -> None:
    (one,) = made(("S", months("KECAMATAN ANGGREK", *WITHIN, "TAHUN 2023")), choices=Choices(parts={"S": answer}))
    assert one.found is not None and one.found.when.cells[0] == first and one.months is asked
    assert one.area == ("75.05.04" if "." in answer else "75.05.03")


# The day of a table


def test_a_month_that_the_sheet_or_a_title_says_is_a_month() -> None:
    one, two = made(("Januari 2023", of_areas(AREAS)), ("Februari 2023", of_areas(AREAS)))
    assert [(unit.day, unit.month) for unit in (one, two)] == [(date(2023, 1, 31), True), (date(2023, 2, 28), True)]
    (titled,) = made(("S", of_areas(AREAS, "BULAN MARET 2023")))
    assert (titled.day, titled.month) == (date(2023, 3, 31), True)
    (named,) = made(("14-06-2023", of_areas(AREAS, "BULAN MARET 2023")))
    assert (named.day, named.month) == (date(2023, 6, 14), False)
    (below,) = made(("S", [*of_areas(AREAS), [], ["Gorontalo, 14 Juni 2023"]]))
    assert below.day is None and not below.month  # a signature is asked about
    (two_months,) = made(("S", of_areas(AREAS, "BULAN MARET 2023", "BULAN APRIL 2023")))
    assert two_months.day is None


def test_a_day_that_a_person_gave_a_part_is_its_day() -> None:
    one, two = made(
        ("Januari 2023", of_areas(AREAS)), ("B", of_areas(AREAS)), choices=Choices(parts={"Januari 2023": "2023-01-09"})
    )
    assert (one.day, one.month, one.said) == (date(2023, 1, 9), False, None)
    assert one.found is not None and one.found.when.day == date(2023, 1, 9) and two.day is None
