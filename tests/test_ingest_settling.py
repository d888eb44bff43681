"""Which rows are areas, totals or notes, what a row's names and codes say, and which sheet of several is meant: small tables."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ektp_analysis.core import aside
from ektp_analysis.core.area import NATION
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.text import render
from ektp_analysis.ingest import asking, candidate, worker
from ektp_analysis.ingest.cells import names
from ektp_analysis.ingest.columns.area_columns import AreaColumns
from ektp_analysis.ingest.places import nearness, placement, regencies, row_names, totals
from ektp_analysis.ingest.places.row_names import Placed, Said
from ektp_analysis.ingest.places.totals import APART, AREA, BARE, NOTE, TOTAL, UNPLACED
from ektp_analysis.ingest.reading import file_name, preview_of, read_file
from ektp_analysis.ingest.report import Choices, ImportReport
from tests.layouts.whole import xlsx
from tests.test_ingest_edges import table

TODAY = date(2026, 1, 1)
NAN = np.nan
DISTRICTS = list(names.children("75.05"))
NAME = {code: name for code, name in names.register().items() if code.startswith("75.05")}
VILLAGES = list(names.children(DISTRICTS[0]))


def placed(codes: Sequence[str], labels: Sequence[str] | None = None, levels: Sequence[int] | None = None, **more: Any) -> Placed:
    labels = labels or [NAME.get(code, "") for code in codes]
    return Placed(list(codes), list(labels), list(levels or [code.count(".") + 1 if code else 3 for code in codes]), **more)


def floats(*given: float) -> Any:
    return np.array(given, dtype=float)


def mask(*given: int) -> Any:
    return np.array(given, dtype=bool)


# Rows that are sums


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        ({"r": floats(10, 20, 30), "u": floats(1, 2, 3)}, [0, 0, 1]),
        ({"r": floats(10, 20, 30), "u": floats(1, 2, 4)}, [0, 0, 0]),
        ({"r": floats(10, 20, 30), "u": floats(1, 2, NAN)}, [0, 0, 0]),  # a single figure says less
        ({"r": floats(0, 0, 0), "u": floats(0, 0, 0)}, [0, 0, 0]),
    ],
)
def test_a_row_that_is_the_sum_of_all_others_in_several_figures_is_a_total(figures: dict[str, Any], found: list[int]) -> None:
    assert totals.summed_rows(figures, mask(1, 1, 1), placed(DISTRICTS[:3]), 3).tolist() == [bool(one) for one in found]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((10, 15, 25, 50), 3),
        ((10, 15, 24, 49), None),  # fewer than fifty persons may be chance
        ((20, 30, 50), None),  # and two areas
        ((50, 10, 15, 25), 0),
    ],
)
def test_a_single_figure_is_a_sum_of_three_areas_of_fifty_persons(values: tuple[int, ...], found: int | None) -> None:
    made = totals.summed_rows({"r": floats(*values)}, mask(*[1] * len(values)), placed(DISTRICTS[: len(values)]), 3)
    assert np.flatnonzero(made).tolist() == ([] if found is None else [found])


@pytest.mark.parametrize(("total", "found"), [(100, []), (99, [3])])
def test_a_row_as_large_as_all_others_is_an_area_where_a_total_counts_it_in(total: int, found: list[int]) -> None:
    made = totals.summed_rows({"r": floats(10, 15, 25, 50, total)}, mask(1, 1, 1, 1, 0), placed(DISTRICTS[:5]), 3)
    assert np.flatnonzero(made).tolist() == found


def test_rows_that_are_no_areas_are_not_looked_at_and_two_are_too_few() -> None:
    figures = {"r": floats(10, 20, 30), "u": floats(1, 2, 3)}
    assert not totals.summed_rows(figures, mask(1, 1, 0), placed(DISTRICTS[:3]), 3).any()
    assert not totals.summed_rows({"r": floats(10, 10), "u": floats(1, 1)}, mask(1, 1), placed(DISTRICTS[:2]), 3).any()
    assert not totals.summed_rows({}, mask(1, 1, 1), placed(DISTRICTS[:3]), 3).any()


# Gorontalo Utara has no kecamatan of its name; Gorontalo (75) has a kabupaten Gorontalo (75.01), and Bengkulu a kota Bengkulu
NAMESAKE, SISTERS = "75.01", ["75.02", "75.03", "75.04", "75.05"]


@pytest.mark.parametrize(
    ("code", "level", "found"),
    [("75.01", 2, True), ("75.02", 2, False), ("75.05.01", 3, False), ("75.01", 3, False), ("75", 1, False)],
)
def test_an_area_that_bears_the_name_of_the_one_above(code: str, level: int, found: bool) -> None:
    assert totals.namesakes(placed([code], ["x"]), mask(1), level).tolist() == [found]


@pytest.mark.parametrize(("own", "near"), [(100, True), (120, True), (121, False), (80, True), (79, False), (NAN, False)])
def test_a_namesake_within_a_fifth_of_the_sum_of_its_sisters_is_asked_about(own: float, near: bool) -> None:
    codes = [NAMESAKE, *SISTERS]
    figures = {"r": floats(own, 25, 25, 25, 25)}
    given = placed(codes, ["Gorontalo", *"abcd"])
    assert totals.near_totals(figures, mask(1, 1, 1, 1, 1), given, 2) == ([0] if near else [])
    turned = {"r": floats(25, 25, 25, 25, own)}
    assert totals.near_totals(turned, mask(1, 1, 1, 1, 1), placed([*SISTERS, NAMESAKE], [*"abcd", "Gorontalo"]), 2) == (
        [4] if near else []
    )
    middle = placed([SISTERS[0], NAMESAKE, *SISTERS[1:]], ["a", "Gorontalo", *"bcd"])
    assert totals.near_totals({"r": floats(25, own, 25, 25, 25)}, mask(1, 1, 1, 1, 1), middle, 2) == []  # neither first nor last


@pytest.mark.parametrize(("sisters", "near"), [(3, True), (2, False)])
def test_of_fewer_than_three_sisters_one_may_be_as_large(sisters: int, near: bool) -> None:
    figures = {"r": floats(25 * sisters, *[25] * sisters)}
    given = placed([NAMESAKE, *SISTERS[:sisters]], ["Gorontalo", *"abcd"[:sisters]])
    assert totals.near_totals(figures, mask(*[1] * (sisters + 1)), given, 2) == ([0] if near else [])
    assert (
        totals.near_totals(
            figures, mask(*[1] * (sisters + 1)), placed([NAMESAKE, *SISTERS[:sisters]], [NAMESAKE, *SISTERS[:sisters]]), 2
        )
        == []
    )


def test_the_sum_of_sisters_beside_a_namesake_is_a_total_where_other_areas_stand_too() -> None:
    codes = [NAMESAKE, *SISTERS, "76.01"]
    figures = {"r": floats(100, 25, 25, 25, 25, 7), "u": floats(10, 1, 2, 3, 4, 7)}
    found = totals.summed_rows(figures, mask(*[1] * 6), placed(codes, ["Gorontalo", *"abcde"]), 2)
    assert found.tolist() == [True, *[False] * 5]
    one = totals.summed_rows({"r": figures["r"]}, mask(*[1] * 6), placed(codes, ["Gorontalo", *"abcde"]), 2)
    assert not one.any()  # of a single figure it may be chance


def test_rows_that_may_be_an_area_or_the_one_above_it() -> None:
    given = placed([NAMESAKE, *SISTERS], ["GORONTALO", *"abcd"])
    asked = totals.asked_about(given, [0], {})
    assert asked.codes[0] == "" and asked.unmatched == {"GORONTALO": [NAMESAKE, "75"]} and list(asked.codes[1:]) == SISTERS
    assert totals.asked_about(given, [0], {"Gorontalo": "75"}) is given and totals.asked_about(given, [], {}) is given
    assert (
        totals.said_larger(given, [0], {"Gorontalo": "75"}) == [0]
        and totals.said_larger(given, [0], {"Gorontalo": NAMESAKE}) == []
    )
    assert totals.said_larger(given, [0], {"Gorontalo": "7"}) == [] and totals.said_larger(given, [0], {}) == []


# Kinds of rows


def kinds(
    rows: list[list[object]], codes: Sequence[str], labels: Sequence[str], shows: Sequence[int], level: int = 3, **more: Any
) -> list[str]:
    areas = mask(*(int(bool(code) and code.count(".") == level - 1) for code in codes))
    given = placed(codes, more.pop("said", None) or [str(row[0]) for row in rows], more.pop("levels", None))
    return totals.kinds(table(["KEC", "REKAM"], *rows), given, labels, [bool(one) for one in shows], level, areas)


def test_what_each_row_is() -> None:
    rows: list[list[object]] = [
        ["A", 1.0], ["B", ""], ["75.05", 3.0], ["Luar Negeri", 4.0], ["X Y", 5.0], ["", 6.0], ["JUMLAH", 2.0],
    ]  # fmt: skip
    codes = [DISTRICTS[0], "", "75.05", "", "", "", ""]
    labels = ["", "", "", "", "", "", "JUMLAH"]
    said = ["A", "B", "75.05", "", "X Y", "", ""]
    found = kinds(rows, codes, labels, [1, 0, 1, 1, 1, 1, 1], said=said, levels=[3, 3, 2, 3, 3, 0, 0])
    assert found == [AREA, NOTE, TOTAL, APART, NOTE, NOTE, TOTAL]  # below the total of a larger area
    above = [rows[3], rows[4], rows[5], *rows[:2], rows[2], rows[6]]
    found = kinds(
        above,
        ["", "", "", codes[0], "", "75.05", ""],
        ["", "", "", "", "", "", "JUMLAH"],
        [1, 1, 1, 1, 0, 1, 1],
        said=["", "X Y", "", "A", "B", "75.05", ""],
        levels=[3, 3, 0, 3, 3, 2, 0],
    )
    assert found == [APART, UNPLACED, BARE, AREA, NOTE, TOTAL, TOTAL]
    assert kinds([["A", 1.0]] * 2, DISTRICTS[:2], ["", ""], [0, 0]) == [AREA, AREA]
    assert kinds([["A", 1.0]] * 2, DISTRICTS[:2], ["", "JUMLAH"], [1, 1]) == [AREA, TOTAL]


@pytest.mark.parametrize(
    ("own", "level", "kind"),
    [
        (1, 3, TOTAL),
        (2, 3, TOTAL),
        (3, 3, UNPLACED),
        (0, 3, UNPLACED),
        (2, 4, TOTAL),
        (3, 4, UNPLACED),
        (2, 2, UNPLACED),
        (1, 2, TOTAL),
    ],
)
def test_an_open_row_that_speaks_of_a_larger_area_is_a_total(own: int, level: int, kind: str) -> None:
    code = {2: "75.05", 3: DISTRICTS[0], 4: VILLAGES[0]}[level]
    assert kinds([["A", 1.0], ["B", 2.0]], [code, ""], ["", ""], [1, 1], level, levels=[level, own]) == [AREA, kind]


def test_what_stands_below_the_grand_total_is_a_note() -> None:
    rows: list[list[object]] = [["Q R", 9.0], ["A", 1.0], ["Z W", 5.0], ["JUMLAH", 1.0], ["Kepala", 2.0], ["", 3.0]]
    codes, labels = ["", DISTRICTS[0], "", "", "", ""], ["", "", "", "JUMLAH", "", ""]
    assert kinds(rows, codes, labels, [1] * 6) == [UNPLACED, AREA, UNPLACED, TOTAL, NOTE, NOTE]
    assert kinds(rows[:3], codes[:3], labels[:3], [1] * 3) == [UNPLACED, AREA, UNPLACED]


def test_rows_without_a_word_are_totals_where_they_are_sums() -> None:
    made = [AREA, AREA, UNPLACED, BARE, BARE, BARE]
    figures = {"r": floats(100, 200, 300, 300, 7, 0), "u": floats(1, 2, 3, 3, 7, 0)}
    assert totals.settle(made, figures) == [AREA, AREA, TOTAL, TOTAL, TOTAL if False else UNPLACED, NOTE]
    assert totals.settle([AREA, AREA, BARE], {"r": floats(10, 20, 25)}) == [AREA, AREA, TOTAL]  # the last row
    assert totals.settle([AREA, AREA, BARE], {"r": floats(10, 20, 20)}) == [AREA, AREA, TOTAL]
    assert totals.settle([AREA, AREA, BARE], {"r": floats(10, 20, 19)}) == [AREA, AREA, UNPLACED]  # below one of its members
    assert totals.settle([AREA, BARE], {"r": floats(10, 7)}) == [AREA, UNPLACED]  # of one area
    assert totals.settle([AREA, AREA, BARE, NOTE], {"r": floats(10, 20, 27, NAN)}) == [AREA, AREA, TOTAL, NOTE]
    assert totals.settle([AREA, AREA, UNPLACED], {"r": floats(10, 20, 31), "u": floats(1, 2, 3)})[-1] == UNPLACED
    assert totals.settle([AREA, AREA, UNPLACED], {"r": floats(0, 0, 0), "u": floats(0, 0, 0)})[-1] == UNPLACED
    assert totals.settle([AREA, AREA, UNPLACED], {"r": floats(1, 2, NAN)})[-1] == UNPLACED
    assert totals.settle([AREA, AREA, UNPLACED], {"r": floats(50, 0, 50), "u": floats(1, 0, 1)})[-1] == TOTAL
    assert totals.settle([AREA, AREA, UNPLACED], {"r": floats(49, 0, 49), "u": floats(1, 0, 1)})[-1] == UNPLACED  # by chance
    asked = [AREA, AREA, UNPLACED]
    assert totals.settle(asked, {"r": floats(50, 0, 50), "u": floats(1, 0, 1)}, [2])[-1] == UNPLACED  # a person says
    assert totals.settle([AREA, TOTAL], {"r": floats(1, 1)}) == [AREA, TOTAL]


@pytest.mark.parametrize(
    ("row", "scopes"),
    [
        (3, [[0, 1, 4, 5], [0, 1], [4, 5]]),  # all; those above; those above since the last total: none; those below
        (2, [[0, 1, 4, 5], [0, 1], [0, 1], [4, 5] if False else []]),
        (6, [[0, 1, 4, 5], [0, 1, 4, 5], [4, 5]]),
    ],
)
def test_the_rows_that_a_total_may_stand_for(row: int, scopes: list[list[int]]) -> None:
    made = [AREA, AREA, TOTAL, TOTAL, AREA, AREA, TOTAL]
    found = totals._scopes(row, made, mask(1, 1, 0, 0, 1, 1, 0))
    assert [np.flatnonzero(one).tolist() for one in found] == [one for one in scopes if one]


def compared(
    made: list[str], values: Any, labels: Sequence[str] = (), codes: Sequence[str] | None = None
) -> tuple[list[tuple[int, str, int, int]], int]:
    rows: list[list[object]] = [["x", float(n)] for n in range(len(made))]
    codes = codes or [DISTRICTS[n] if kind == AREA else "" for n, kind in enumerate(made)]
    given = placed(codes, ["x"] * len(made))
    found, agree = totals.compare(table(["KEC", "R"], *rows), given, made, labels or ["JUMLAH"] * len(made), {"r": values})
    return [(one.row, one.label, one.printed, one.summed) for one in found], agree


def test_totals_that_agree_and_totals_that_differ() -> None:
    assert compared([AREA, AREA, TOTAL], floats(1, 2, 3)) == ([], 1)
    assert compared([AREA, AREA, TOTAL], floats(1, 2, 4)) == ([(4, "JUMLAH", 4, 3)], 0)
    assert compared([AREA, AREA, TOTAL], floats(1, 2, NAN)) == ([], 0)
    assert compared([AREA, AREA, TOTAL], floats(1, 2, 4), ["", "", "RATA-RATA"]) == ([], 0)
    assert compared([AREA, AREA, TOTAL], floats(NAN, NAN, 4)) == ([], 0)
    blocks = [AREA, AREA, TOTAL, AREA, AREA, TOTAL, TOTAL]
    assert compared(blocks, floats(1, 2, 3, 4, 5, 9, 12)) == ([], 3)
    assert compared(blocks, floats(1, 2, 7, 4, 5, 10, 13)) == (
        [(4, "JUMLAH", 7, 3), (7, "JUMLAH", 10, 9), (8, "JUMLAH", 13, 12)],
        0,
    )
    assert compared([TOTAL, AREA, AREA], floats(3, 1, 2)) == ([], 1)


def test_rows_of_no_area_may_be_counted_in_a_total_or_not() -> None:
    made = [AREA, AREA, APART, TOTAL]
    assert compared(made, floats(1, 2, 5, 8)) == ([], 1) == compared(made, floats(1, 2, 5, 3))
    assert compared(made, floats(1, 2, 5, 7)) == ([(5, "JUMLAH", 7, 3)], 0)


def test_a_total_that_says_its_area_is_the_sum_of_its_members() -> None:
    codes = [DISTRICTS[0], "75.01.01", "75.05"]
    assert compared([AREA, AREA, TOTAL], floats(1, 2, 1), codes=codes) == ([], 1)
    assert compared([AREA, AREA, TOTAL], floats(1, 2, 3), codes=codes) == ([(4, "JUMLAH", 3, 1)], 0)
    assert compared([AREA, AREA, TOTAL], floats(1, 2, 3), codes=[*codes[:2], "76"]) == ([], 0)


def test_labels_of_totals() -> None:
    given = table(
        ["NO", "KEC", "KET", "R"],
        [1.0, "A", "", 5.0],
        ["JUMLAH  X", "", "", 5.0],
        ["", "", "Total", 5.0],
        ["", "B", "", "Jumlah"],
    )
    assert totals.labels(given, 3) == ["", "JUMLAH X", "Total", ""] and totals.labels(given, 2) == ["", "JUMLAH X", "", ""]
    assert totals.labels(given, 1) == ["", "JUMLAH X", "", ""] and totals.labels(given, 4)[3] == "Jumlah"


@pytest.mark.parametrize(
    ("name", "level", "label"),
    [
        ("PROVINSI X", 2, True),
        ("Se-Provinsi", 2, True),
        ("PROV. X", 3, True),
        ("KABUPATEN X", 3, True),
        ("SE-KAB X", 3, True),
        ("KABUPATEN X", 2, False),
        ("SE KOTA", 3, True),
        ("KOTA X", 3, False),
        ("KECAMATAN X", 4, True),
        ("KEC. X", 4, True),
        ("KECAMATAN X", 3, False),
        ("Propok", 3, False),
    ],
)
def test_a_row_of_a_larger_area_by_its_word_is_a_total(name: str, level: int, label: bool) -> None:
    given = table(["NAMA", "R"], ["A", 1.0], [name, 2.0])
    where = placed([{2: "75.05", 3: DISTRICTS[0], 4: VILLAGES[0]}[level], ""], ["A", name], [level, 0])
    assert totals.with_larger(given, where, 0, level, ["", ""])[1] == (name if label else "")
    assert totals.with_larger(given, where, -1, level, ["", ""]) == ["", ""]


@pytest.mark.parametrize(
    ("name", "codes", "level", "label"),
    [
        ("Gorontalo Utara", [DISTRICTS[0], ""], 3, True),  # the kabupaten around
        ("GORONTALO", [DISTRICTS[0], ""], 3, True),  # the provinsi around
        ("Gorontalo", ["75.05", ""], 2, True),
        ("Boalemo", [DISTRICTS[0], ""], 3, False),
        ("Gorontalo Utara", ["75.01.01", ""], 3, False),
    ],
)
def test_a_row_that_bears_the_name_of_the_area_around_is_a_total(name: str, codes: list[str], level: int, label: bool) -> None:
    given = table(["NAMA", "R"], ["A", 1.0], [name, 2.0])
    where = placed(codes, ["A", name], [level, level])
    assert totals.with_larger(given, where, 0, level, ["", ""])[1] == (name if label else "")
    twin = placed(codes, ["A", name], [level, level], unmatched={name: [codes[0]]})
    own = names.register()[codes[0]]
    renamed = table(["NAMA", "R"], ["A", 1.0], [own, 2.0])
    assert (
        totals.with_larger(
            renamed, placed(codes, ["A", own], [level, level], unmatched={own: [codes[0], "x"]}), 0, level, ["", ""]
        )[1]
        == ""
    )
    assert totals.with_larger(given, twin, 0, level, ["", "JUMLAH"])[1] == "JUMLAH"


# What a row says

COLUMNS = AreaColumns(names={3: 0, 4: 1})


def by_names(
    *rows: list[object], columns: AreaColumns = COLUMNS, titles: tuple[str, ...] = ()
) -> list[tuple[dict[int, str], int]]:
    from dataclasses import replace

    given = replace(table(["KEC", "DESA", "R"], *rows), titles=titles)
    return [(dict(one.texts), one.own) for one in row_names._by_names(given, columns)]


def test_blocks_are_filled_down_until_another_begins() -> None:
    assert by_names(["A", "x", 1.0], ["", "y", 2.0], ["B", "", 3.0], ["", "z", 4.0], ["JUMLAH", "", 5.0], ["", "w", 5.0]) == [
        ({3: "A", 4: "x"}, 4),
        ({3: "A", 4: "y"}, 4),
        ({3: "B"}, 3),
        ({3: "B", 4: "z"}, 4),
        ({}, 0),
        ({3: "B", 4: "w"}, 4),
    ]


def test_a_kecamatan_heads_a_block_of_desa() -> None:
    alone = AreaColumns(names={4: 1})
    rows: tuple[list[object], ...] = (
        ["", "x", 1.0],
        ["KECAMATAN  AB", "", ""],
        ["", "y", 2.0],
        ["2. Kec. B C", "", ""],
        ["", "z", 3.0],
    )
    assert by_names(*rows, columns=alone) == [
        ({4: "x"}, 4),
        ({3: "AB"}, 3),
        ({3: "AB", 4: "y"}, 4),
        ({3: "B C"}, 3),
        ({3: "B C", 4: "z"}, 4),
    ]
    titled = by_names(["", "x", 1.0], columns=alone, titles=("DATA KECAMATAN KWANDANG KABUPATEN GORONTALO UTARA",))
    assert titled == [({3: "KWANDANG", 4: "x"}, 4)]
    two = by_names(["", "x", 1.0], columns=alone, titles=("KECAMATAN KWANDANG", "KECAMATAN ANGGREK"))
    assert two == [({4: "x"}, 4)] == by_names(["", "x", 1.0], columns=alone, titles=("KECAMATAN",))
    assert by_names(["", "KECAMATAN AB", 1.0], columns=alone)[0] == ({3: "AB"}, 3)
    assert by_names(["", "x", "KECAMATAN A"], columns=alone)[0] == ({4: "x"}, 4)  # right of the names


def test_a_column_of_several_levels_says_texts_of_none() -> None:
    assert by_names(["A", "", 1.0], ["", "", 2.0], columns=AreaColumns(mixed=0)) == [({0: "A"}, 4), ({}, 0)]


@pytest.mark.parametrize(
    ("one", "label"),
    [
        (Said({3: "A", 4: "x"}, 4, "", ""), "A / x"),
        (Said({2: "K", 3: "A", 4: "x"}, 4, "", ""), "A / x"),
        (Said({2: "K", 3: "A"}, 3, "", ""), "A"),
        (Said({2: "K"}, 2, "", ""), "K"),
        (Said({1: "P", 2: "K"}, 2, "", ""), "K"),
        (Said({0: "A"}, 4, "", ""), "A"),
        (Said({}, 0, "", "75.05.99"), "75.05.99"),
    ],
)
def test_how_a_row_is_called(one: Said, label: str) -> None:
    assert one.label == label


@pytest.mark.parametrize(("length", "depth"), [(2, 1), (5, 2), (8, 3), (13, 4), (0, 0), (10, 0)])
def test_the_level_of_a_code_is_told_by_its_length(length: int, depth: int) -> None:
    assert row_names.depth_of(length) == depth and row_names.depths(["x" * length, ""]) == [depth, 0]


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        (("75", "5", "3"), "75.05.03"),
        (("75", "7505", "3"), "75.05.03"),
        (("75", "5", "99"), ""),
        (("75", None, "3"), ""),
        ((None,), ""),
        ((), ""),
    ],
)
def test_a_code_of_parts(chain: tuple[str | None, ...], code: str) -> None:
    assert row_names._chain_code(chain) == code


def test_parts_written_once_count_for_the_rows_below() -> None:
    parts = {1: 0, 2: 1, 3: 2, 4: 3}
    head = ["A", "B", "C", "D"]

    def codes(*rows: list[object]) -> list[str]:
        return row_names._joined_codes(table(head, *rows), parts)

    assert codes([75.0, 5.0, 3.0, 2001.0], ["", "", "", 2002.0], ["", "", 4.0, ""], ["", "", "", 2001.0], [76.0, "", "", ""]) == [
        "75.05.03.2001",
        "75.05.03.2002",
        "75.05.04",
        "75.05.04.2001",
        "76",
    ]
    assert codes([75.0, 5.0, 3.0, 2001.0], [75.0, 5.0, 3.0, 2002.0]) == ["75.05.03.2001", "75.05.03.2002"]
    assert codes([75.0, 5.0, 3.0, 2001.0], [75.0, 5.0, 99.0, 2002.0]) == ["75.05.03.2001", ""]


def beside(rows: list[list[object]], level: int = 3) -> tuple[int, list[tuple[str, str, tuple[str, ...]]]]:
    given = table(["KODE", "NAMA"], *rows)
    both, differ = row_names.names_beside(given, AreaColumns(whole=0, names={level: 1}), [str(row[0]) for row in rows])
    return both, [(one.name, one.other, one.elsewhere) for one in differ]


def test_names_beside_their_codes() -> None:
    own = [[code, NAME[code]] for code in DISTRICTS[:3]]
    assert beside(own) == (3, []) == beside([[code, name.upper()] for code, name in own])
    assert beside([[DISTRICTS[0], NAME[DISTRICTS[1]]], own[1]]) == (2, [(NAME[DISTRICTS[1]], DISTRICTS[1], (DISTRICTS[1],))])
    assert beside([[DISTRICTS[0], "Xqzwvj"], [DISTRICTS[1], ""], ["", "Anggrek"], [DISTRICTS[2], 5.0]]) == (
        2,
        [("Xqzwvj", "", ())],
    )
    assert beside([[DISTRICTS[0], f"KEC. {NAME[DISTRICTS[0]]}"]]) == (1, [])
    assert beside([[VILLAGES[0], NAME[DISTRICTS[0]]]]) == (1, [])  # the kecamatan of a desa
    elsewhere = beside([[DISTRICTS[0], "Dolopo"]])[1][0]
    assert elsewhere[1] == "" and [code[:5] for code in elsewhere[2]] == ["35.19"]
    desa = beside([[VILLAGES[0], "Sukamaju"]], 4)[1]
    assert desa == [("Sukamaju", "", ())]  # of desa the same names stand everywhere
    assert row_names.names_beside(table(["KODE"], [DISTRICTS[0]]), AreaColumns(whole=0), [DISTRICTS[0]]) == (0, ())


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("KOTA GORONTALO", ("75.71",)),
        ("KAB. GORONTALO", ("75.01",)),
        ("Gorontalo", ("75.01", "75.71")),
        ("Xqz", ()),
        ("KOTA BOALEMO", ()),
    ],
)
def test_kabupaten_and_kota_of_a_name(text: str, codes: tuple[str, ...]) -> None:
    assert sorted(row_names._elsewhere(text, 2)) == sorted(codes) and row_names._elsewhere(text, 4) == ()
    assert sorted(regencies.named(text, "", False)) == sorted(codes) or len(codes) != 1


@pytest.mark.parametrize(
    ("text", "above", "marked", "codes"),
    [
        ("Gorontalo", "", False, ["75.01", "75.71"]),
        ("Gorontalo", "", True, ["75.01"]),  # a file that writes 'Kota' before its cities
        ("KOTA GORONTALO", "", True, ["75.71"]),
        ("Gorontalo", "76", False, []),
        ("KOTA BOALEMO", "", False, ["75.02"]),  # the only one of its name
        ("Selayar", "", False, ["73.01"]),  # by an older name
        ("KAB. TOBA SAMOSIR", "", False, ["12.12"]),
        ("OKU TIMUR", "", False, ["16.08"]),  # in short
        ("", "", False, []),
        ("Xqz", "", False, []),
    ],
)
def test_a_kabupaten_by_the_name_that_a_file_gives_it(text: str, above: str, marked: bool, codes: list[str]) -> None:
    assert regencies.named(text, above, marked) == codes


@pytest.mark.parametrize(
    ("short", "code"),
    [
        ("SUMUT", "12"),
        ("Prov. Jabar", "32"),
        ("DIY", "34"),
        ("DKI", "31"),
        ("Gorontalo", "75"),
        ("Provinsi Gorontalo", "75"),
        ("x", ""),
        ("", ""),
    ],
)
def test_a_provinsi_by_its_name_or_in_short(short: str, code: str) -> None:
    assert regencies.province(short) == code


def test_every_older_and_short_name_leads_to_one_area() -> None:
    for text in (*regencies.OLDER, *regencies.SHORT):
        assert len(regencies.named(text, "", False)) == 1 or regencies.province(text), text


def within(
    *texts: dict[int, str], own: int = 0, aliases: dict[str, str] | None = None
) -> list[tuple[str, int | None, Sequence[str]]]:
    said = {number: Said(one, own or max(one), "", "") for number, one in enumerate(texts)}
    labels = [one.label for one in said.values()]
    found = regencies.within_regency(said, labels, list(said), "75.05", aliases or {})
    return [(found[number].code, found[number].level, found[number].suggestions) for number in said]


def test_rows_within_a_kabupaten() -> None:
    desa = NAME[VILLAGES[0]]
    kec = NAME[DISTRICTS[0]]
    assert within({2: "x"}) == [("75.05", None, ())]
    assert within({3: kec}) == [(DISTRICTS[0], None, ())]
    assert within({3: "Gorontalo Utara"}) == [("75.05", 2, ())]  # as the label of a total
    assert within({3: kec, 4: desa}) == [(VILLAGES[0], None, ())]
    ((code, _, suggested),) = within({3: kec, 4: "Xqzwvj"})
    assert code == "" and all(one.startswith(DISTRICTS[0]) for one in suggested)
    assert within({4: desa})[0][0] in (VILLAGES[0], "") and within({4: "Xqzwvj"}) == [("", None, ())]
    assert within({3: "Xq"}, aliases=nearness.keyed({"Xq": DISTRICTS[1]})) == [(DISTRICTS[1], None, ())]


def test_an_outline_of_kecamatan_with_their_desa() -> None:
    kec, other, desa = NAME[DISTRICTS[0]], NAME[DISTRICTS[1]], NAME[VILLAGES[0]]
    found = within({0: kec}, {0: desa}, {0: other}, {0: "Xqzwvj"}, {0: kec}, own=4)
    assert found[0][:2] == (DISTRICTS[0], 3) and found[1][:2] == (VILLAGES[0], 4) and found[2][:2] == (DISTRICTS[1], 3)
    assert found[3][0] == "" and found[4][0] == ""  # a kecamatan heads one block alone


@pytest.mark.parametrize(
    ("key", "names_", "other"),
    [
        ({"a": {"Desa A", "Desa B"}, "b": {"Desa B"}}, {"a": "75.05.01", "b": "75.05.01"}, True),
        ({"a": {"Desa A"}, "b": {"Desa B"}}, {"a": "75.05.01", "b": "75.05.01"}, False),
        ({"a": {"Desa A"}, "b": {"Desa A"}}, {"a": "75.05.01", "b": "75.05.02"}, False),
    ],
)
def test_another_name_of_the_same_kecamatan_with_one_of_the_desa(
    key: dict[str, set[str]], names_: dict[str, str], other: bool
) -> None:
    assert regencies._claimed("a", key, names_) is other


def test_names_below_a_provinsi_are_looked_for_in_it() -> None:
    rows: list[list[object]] = [["GORONTALO" if not n else "", NAME[code], 1.0] for n, code in enumerate(DISTRICTS)]
    columns = AreaColumns(names={1: 0, 3: 1})
    found = placement.place(table(["PROVINSI", "KECAMATAN", "R"], *rows), columns, hints=(), area="", aliases={})
    assert list(found.codes) == DISTRICTS and found.regencies == ("75.05",) and found.inferred
    alone = placement.place(table(["PROVINSI", "KECAMATAN", "R"], ["GORONTALO", "", 1.0]), columns, hints=(), area="", aliases={})
    assert list(alone.codes) == ["75"]


def test_a_text_of_unknown_level_may_be_a_kecamatan_and_a_desa_is_none() -> None:
    name = next(NAME[code] for code in DISTRICTS if f"kec{names.loose(NAME[code], 3)}" not in names.villages("75.05"))
    assert regencies._lies(("?", f"KEC. {name}"), {}, "75.05") and not regencies._lies(("", f"KEC. {name}"), {}, "75.05")
    assert regencies._lies(("", NAME[VILLAGES[0]]), {}, "75.05") and not regencies._lies(("?", "Xqzwvj"), {}, "75.05")


def test_the_areas_that_bear_a_name() -> None:
    (homes,) = regencies._homes([("?", "Dolopo")])
    assert "35.19.02" in homes and any(code.startswith("35.19.02.") for code in homes)
    assert [list(one) for one in regencies._homes([("Dolopo", "x"), ("Dolopo", "y")])] == [["35.19.02"]]
    assert list(regencies._homes([])) == [] and regencies._voted([("?", "Dolopo")], "75") == []


def test_the_kabupaten_that_titles_say_are_offered_once() -> None:
    found = SimpleNamespace(placed=SimpleNamespace(rivals=("75.01", "75.02")), hints=("75.02", "75.05", "75.03", "75.04"))
    asked = asking._regency(found)  # type: ignore[arg-type]
    assert [one.choices["area"] for one in asked.readings] == ["75.01", "75.02", "75.05", "75.03"]


def test_areas_that_a_name_may_mean_are_the_likest() -> None:
    own = NAME[DISTRICTS[0]]
    found = nearness.suggestions(own, "75.05")
    assert found[0] == DISTRICTS[0] and len(found) <= 3 and len(nearness.suggestions(own, "75.05", limit=1)) == 1
    assert VILLAGES[0] in nearness.suggestions(NAME[VILLAGES[0]], "75.05") and nearness.suggestions("Xqzwvj", "75.05") == []
    assert VILLAGES[0] not in nearness.suggestions(NAME[VILLAGES[0]], DISTRICTS[1])


def test_the_whole_country_and_what_a_person_decided() -> None:
    given = table(["WILAYAH", "R"], ["Indonesia", 1.0], ["NASIONAL", 2.0], ["Xq", 3.0], ["Gorontalo", 3.0])
    found = placement.place(given, AreaColumns(names={1: 0}), hints=(), area="", aliases={"Xq": "76"})
    assert list(found.codes) == [NATION, NATION, "76", "75"] and list(found.levels) == [0, 0, 1, 1]


# Sheets and files


def read(*sheets: tuple[str, list[list[Any]]], name: str = "30 Juni 2023.xlsx", hidden: Any = (), **choices: Any) -> ImportReport:
    return read_file(xlsx(*sheets, hidden=hidden), name, Choices(**choices), today=TODAY)


def page(
    shift: int = 0,
    codes: Sequence[str] = DISTRICTS[:5],
    heads: Sequence[str] = ("KECAMATAN", "WAJIB KTP", "SUDAH REKAM"),
    title: str = "KABUPATEN GORONTALO UTARA",
) -> list[list[Any]]:
    return [
        [title],
        list(heads),
        *[[NAME[code], 1000 + n + shift, *[900 + n] * (len(heads) - 2)] for n, code in enumerate(codes)],
    ]


def test_two_sheets_that_differ_are_asked_about_with_what_they_would_give() -> None:
    report = read(("A", page()), ("B", page(7)))
    (question,) = report.questions
    assert report.status == "needs_choice" and question.topic == "sheet"
    assert [(render(one.label, "en"), dict(one.choices), one.totals["eligible"]) for one in question.readings] == [
        ("sheet A", {"sheet": "A"}, 5010),
        ("sheet B", {"sheet": "B"}, 5045),
    ]
    assert read(("A", page()), ("B", page(7)), sheet=" B ").totals[0].eligible == 5045
    assert "no sheet 'C'" in str(read(("A", page()), sheet="C").reason) and "Its sheets: A" in str(
        read(("A", page()), sheet="C").reason
    )


def test_six_sheets_are_offered_at_most() -> None:
    (question,) = read(*((f"S{n}", page(10 * n, DISTRICTS[:2])) for n in range(8))).questions
    assert [one.choices["sheet"] for one in question.readings] == [f"S{n}" for n in range(6)]


@pytest.mark.parametrize(
    ("other", "asked"),
    [
        (page(), []),  # the same
        (page(codes=DISTRICTS[:3]), []),  # of fewer areas the same
        (page(7, DISTRICTS[:3]), ["part"]),
        (page(codes=DISTRICTS[5:9]), []),  # other areas: both are read
        ([["x"]], []),
        (page(heads=("KECAMATAN", "WAJIB KTP")), []),
        (page(7, heads=("KECAMATAN", "WAJIB KTP")), []),  # the eligible alone
        (page(heads=("KECAMATAN", "AKTA", "KIA"), title="AKTA"), []),
        (page(7, title="KABUPATEN GORONTALO UTARA 31 JULI 2023"), []),  # another day: both are read
        ([*page(7, DISTRICTS[:3]), ["Xqzwvj", 5, 5], ["Qqzwvj", 5, 5]], ["alias", "alias", "part"]),
    ],
)
def test_a_second_sheet_is_asked_about_where_it_says_something_else_as_well(other: list[list[Any]], asked: list[str]) -> None:
    report = read(("A", page()), ("B", other))
    assert [one.topic for one in report.questions] == asked and (report.status == "accepted") is (not asked)


def test_sheets_are_held_against_each_other_on_the_level_that_both_have() -> None:
    kec = page(codes=DISTRICTS[:2])
    sums = {code: sum(100 + n for n, one in enumerate(names.children(code))) for code in DISTRICTS[:2]}
    kec[2:] = [[NAME[code], total, total - 10 * len(names.children(code))] for code, total in sums.items()]
    desa: list[list[Any]] = [["KABUPATEN GORONTALO UTARA"], ["KODE", "WAJIB KTP", "SUDAH REKAM"]]
    for code in DISTRICTS[:2]:
        desa += [[one, 100 + n, 90 + n] for n, one in enumerate(names.children(code))]
    assert [one.topic for one in read(("A", kec), ("B", desa)).questions] == []
    kec[2][1] += 1
    assert [one.topic for one in read(("A", kec), ("B", desa)).questions] == ["sheet"]


def test_a_hidden_sheet_and_a_pivot_stand_back() -> None:
    assert read(("A", page()), ("B", page()), hidden=("A",)).sheet == "B" and read(("A", page()), ("B", page())).sheet == "A"
    pivot = page(heads=("Row Labels", "Sum of WAJIB KTP", "Sum of SUDAH REKAM"))
    assert read(("A", pivot), ("B", page())).sheet == "B"


def test_of_two_ways_to_read_the_names_the_one_that_leaves_nothing_open() -> None:
    desa = [[NAME[code], 100, 90] for code in VILLAGES[:3]]
    rows = [["KABUPATEN GORONTALO UTARA"], ["DESA", "WAJIB KTP", "SUDAH REKAM"], [NAME[DISTRICTS[0]].upper(), 300, 270], *desa]
    report = read(("A", rows))
    assert report.status == "accepted" and list(report.rows["area_code"]) == VILLAGES[:3]


@pytest.mark.parametrize(("code", "area"), [("75.05", False), ("75.01", True), ("75", False)])
def test_a_larger_area_none_of_whose_parts_is_there_is_an_area(code: str, area: bool) -> None:
    rows = [["KODE", "WAJIB KTP", "SUDAH REKAM"], ["75.05.01", 1000, 900], ["75.05.02", 1001, 901], [code, 2001 + area, 1801]]
    report = read(("A", rows))
    assert report.status == "accepted" and list(report.rows["area_code"]) == ["75.05.01", "75.05.02", *[code] * area]


def test_rows_without_a_figure_are_silent_and_rows_with_an_error_are_faults() -> None:
    rows = [*page(), [NAME[DISTRICTS[6]], "", ""], [NAME[DISTRICTS[7]], "-", "-"]]
    report = read(("A", rows))
    assert report.status == "accepted" and len(report.rows) == 5 and DISTRICTS[6] in report.silent
    (found,) = [one for one in report.checks if one.name == "no_figure"]
    assert found.areas == (DISTRICTS[6], DISTRICTS[7]) and found.rows == (8, 9)
    broken = read(("A", [*page(), [NAME[DISTRICTS[6]], "#REF!", "#REF!"]]))
    assert broken.status == "refused" and {one.row for one in broken.refused_rows} == {8}


def test_a_column_of_coverage_may_be_the_first() -> None:
    rows = [["KABUPATEN GORONTALO UTARA"], ["%", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM"]]
    rows += [[90.0, NAME[code], 1000, 900] for code in DISTRICTS[:4]]
    report = read(("A", rows))
    assert report.status == "accepted" and report.choices.columns["coverage_reported"] == "%"
    assert report.preview is not None and report.preview.roles[0] == "coverage_reported"
    assert "coverage: %" in [render(one.choice, "en") for one in report.evidence]
    assert set(report.rows["coverage_reported"]) == {"90"}


def test_a_text_whose_last_row_has_neither_figure_nor_end_is_refused() -> None:
    lines = "\n".join(";".join(map(str, row)) for row in page()[1:])
    tail = f"\n{NAME[DISTRICTS[6]]}"
    report = read_file((lines + tail).encode(), "30 Juni 2023.csv", today=TODAY)
    assert report.status == "refused" and "incomplete" in str(report.reason)
    assert read_file(lines.encode(), "30 Juni 2023.csv", Choices(area="75.05", complete="yes"), today=TODAY).status == "accepted"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\data\\a.csv", "a.csv"),
        ("/tmp/a.csv", "a.csv"),
        ('a<b>"c|:*?.csv', "abc.csv"),
        ("a\n.csv", "a.csv"),
        ("", "-"),
        ("x" * 130, "x" * 120),
        ("KTP 7505030101900001.csv", "KTP xxxxxxxxxxxxxxxx.csv"),
    ],
)
def test_a_file_name_as_it_may_be_shown(name: str, shown: str) -> None:
    assert file_name(name) == shown


def test_the_preview_shows_the_first_rows_and_columns() -> None:
    rows = [[f"{letter}{n}" for letter in "abc"] for n in range(60)]
    made = preview_of(rows, (1, 2), 3, {0: "area"})
    assert made.headers == ("a1", "b1", "c1") and made.cells[0] == ("a0", "b0", "c0") and made.first_data_row == 3
    assert preview_of(rows[:2], (1, 2), 3, {}).headers == ("a1", "b1", "c1") and preview_of(rows[:1], (1, 2), 3, {}).headers == ()
    assert preview_of([[None, 5.0]], (), 1, {}).cells == (("", "5"),)
    assert len(made.cells) == 15 and len(preview_of([["x"] * 70], (), 1, {}).cells[0]) == 60


def test_codes_of_levels() -> None:
    assert candidate._levels(["75.05", "", NATION, VILLAGES[0], "75", DISTRICTS[0]]).tolist() == [2, -1, 0, 4, 1, 3]


def test_a_large_text_may_take_more_memory() -> None:
    assert worker._more(0) == 0 and worker._more(1_000_000) == 15_000_000


# The process that reads


class _Reader:
    """Stands for the process aside: what was asked of it, and what it answers."""

    def __init__(self, answer: Any, pid: int | None = 1) -> None:
        self.pid, self.answer, self.asked = pid, answer, list[tuple[Any, float, int]]()

    def ask(self, request: Any, seconds: float, *, memory: int, meanwhile: Any) -> Any:
        self.asked.append((request, seconds, memory))
        if request is not None and isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def stands_in(reader: _Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the process that reads, of which number 1 is warm."""
    monkeypatch.setattr(worker, "_reader", reader)
    monkeypatch.setattr(worker, "_warmed", {1})


@pytest.mark.parametrize(
    ("why", "says"),
    [
        (aside.Why.MEMORY, "more memory than is allowed (1024 MB)"),
        (aside.Why.TIME, "longer than is allowed (10 seconds)"),
        (None, "stopped halfway"),
    ],
)
def test_a_reading_that_ends_early_says_why(why: Any, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [one for one in aside.Why if one not in (aside.Why.MEMORY, aside.Why.TIME)]
    reader = _Reader(aside.Broken("x", why or others[0]))
    stands_in(reader, monkeypatch)
    report = worker.guarded_read(b"abc", "a.csv")
    said = render(report.reason, "en").replace(",", "") if report.reason else ""
    assert report.status == "refused" and says in said and report.size == 3 and len(report.rows) == 0
    assert reader.asked == [((b"abc", "a.csv", Choices(), None), 10.0, 1 << 30)]


@pytest.mark.parametrize("pid", [None, 7])  # not started; started early, and not known to be warm
def test_a_new_process_is_made_warm_before_the_time_counts(pid: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = _Reader(read_file(b"", "a.csv"), pid=pid)
    stands_in(reader, monkeypatch)
    assert worker.guarded_read(b"abc", "a.csv", seconds=3.0).status == "refused"
    assert [(one[0] is None, one[1], one[2]) for one in reader.asked] == [(True, 60.0, 1 << 30), (False, 3.0, 1 << 30)]
    reader.pid = 7
    worker._warmed.add(7)
    worker.guarded_read(b"abc", "a.csv", seconds=3.0)
    assert len(reader.asked) == 3


def test_a_large_text_gets_more_seconds_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = _Reader(read_file(b"", "a.csv"))
    stands_in(reader, monkeypatch)
    worker.guarded_read(b"x" * 20_000_000, "a.csv")
    worker.guarded_read(b"x" * 24_000_000, "a.csv")
    assert [one[1:] for one in reader.asked] == [(10.0, 1 << 30), (12.0, (1 << 30) + 60_000_000)]


@pytest.mark.parametrize(
    ("error", "says"), [(MemoryError(), "more memory"), (ValueError(), "stopped halfway"), (RecursionError(), "stopped halfway")]
)
def test_what_the_process_answers_where_reading_fails(error: Exception, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[int] = []

    def failing(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(worker.aside, "limit_memory", lambda most, beyond: limits.append(most))
    request = (b"KECAMATAN;WAJIB KTP;SUDAH REKAM\n", "a.csv", Choices(), TODAY)
    assert isinstance(worker._answer(request, None), ImportReport) and worker._answer(None, None) is True  # type: ignore[arg-type]
    monkeypatch.setattr(worker, "read_file", failing)
    assert says in str(worker._answer(request, None)) and limits == [1 << 30] * 2  # type: ignore[arg-type]


def test_whoever_waits_for_another_reading_is_told_to_step(monkeypatch: pytest.MonkeyPatch) -> None:
    stands_in(_Reader(read_file(b"", "a.csv")), monkeypatch)
    steps: list[int] = []

    def step() -> None:
        steps.append(1)
        if len(steps) == 2:
            worker._lock.release()

    assert worker._lock.acquire(timeout=1)
    assert worker.guarded_read(b"abc", "a.csv", step=step).status == "refused" and len(steps) == 2
    assert worker._lock.acquire(timeout=1)
    worker._lock.release()


def test_the_desa_of_a_sheet_of_one_kecamatan_lie_below_it() -> None:
    said = {
        0: Said({4: "Ilangata"}, 4, "", ""),
        1: Said({4: "Ilangata"}, 4, "75.05.03.2001", ""),
        2: Said({2: "K"}, 2, "", ""),
        3: Said({3: "Biau", 4: "Omuto"}, 4, "", ""),
    }
    found = placement._below_district(said, "75.05.03")
    assert found[0] == Said({3: "Anggrek", 4: "Ilangata"}, 4, "", "")
    assert {number: found[number] for number in (1, 2, 3)} == {number: said[number] for number in (1, 2, 3)}
    assert placement._below_district(said, "75.05") is said and placement._below_district(said, "") is said


@pytest.mark.parametrize(("parent", "level", "text", "code"), [("75", 2, "Boaxxmo", ""), ("75.05", 3, "Angxxek", "75.05.03")])
def test_the_last_name_is_the_last_area_only_below_a_kabupaten(parent: str, level: int, text: str, code: str) -> None:
    known = {name: nearness.Match(one, nearness.How.NEAR) for one, name in names.children(parent).items()}
    others = {name: match for name, match in known.items() if match.code not in ("75.02", "75.05.03")}
    found = nearness._near([text], parent, level, others)
    assert (found[text].code if text in found else "") == code


class NoLonger(Exception):
    """A reader goes away."""


def test_files_that_wait_have_a_bound_and_the_next_is_told_to_come_again() -> None:
    go, waiting = threading.Event(), threading.Semaphore(0)

    def step() -> None:
        waiting.release()
        if go.is_set():
            raise NoLonger

    def ask() -> None:
        with pytest.raises(NoLonger):
            worker.guarded_read(b"", "x.csv", step=step)

    with worker._lock:
        threads = [threading.Thread(target=ask) for _ in range(worker.MOST_WAITING + 1)]
        for thread in threads:
            thread.start()
        for _ in threads:
            assert waiting.acquire(timeout=300)
        with pytest.raises(StoreError, match="Too many files are being read"):
            worker.guarded_read(b"", "x.csv")
        go.set()
        for thread in threads:
            thread.join(300)
    text = b"KECAMATAN;WAJIB KTP;SUDAH REKAM\nAnggrek;100;90\nKwandang;100;90\n"
    assert worker.guarded_read(text, "x.csv").file == "x.csv", "their places are free again"
