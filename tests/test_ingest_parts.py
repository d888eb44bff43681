"""Columns, names, days and sums of a file, each function by hand or beside a plain one that says the same."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION, register
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.contract import MOST_RESIDENTS
from ektp_analysis.ingest import summary
from ektp_analysis.ingest.cells import column
from ektp_analysis.ingest.cells.column import Cells, Column, adds_up, columns_of, from_arrow, from_cells, values_of
from ektp_analysis.ingest.columns import day_columns
from ektp_analysis.ingest.columns.area_columns import AreaColumns
from ektp_analysis.ingest.places import nearness, row_names
from ektp_analysis.ingest.report import Changes
from tests.test_ingest_edges import table

DAY = date(2023, 6, 20)


def cells_of(made: Column) -> list[object]:
    """What the rows of a column hold, None where nothing."""
    if made.whole is not None:
        return [None if pd.isna(number) else int(number) for number in made.whole]
    return [made.cell(row) for row in range(len(made))]


@pytest.mark.parametrize(
    ("given", "count", "held", "whole"),
    [
        ([5.0, 0.0, 5.0], True, [5, 0, 5], True),
        ([5.0, 0.0, 5.0], False, [5.0, 0.0, 5.0], False),
        ([float(MOST_RESIDENTS)], True, [MOST_RESIDENTS], True),
        ([float(MOST_RESIDENTS + 1)], True, [float(MOST_RESIDENTS + 1)], False),
        ([-1.0, 2.0], True, [-1.0, 2.0], False),
        ([1.5, 2.0], True, [1.5, 2.0], False),
        ([1.0, float("nan")], True, [1.0, ""], False),
        ([True, 1, "x"], True, ["TRUE", 1, "x"], False),
        (["b", "", None, "a", "b"], False, ["b", "", "", "a", "b"], False),
    ],
)
def test_cells_of_a_sheet_stand_where_they_stood(given: list[object], count: bool, held: list[object], whole: bool) -> None:
    made = from_cells("A", Cells(given), count=count)
    assert cells_of(made) == held and (made.whole is not None) is whole and len(made) == len(given)


@pytest.mark.parametrize(
    "given",
    [
        ["a", "b", "a", "b"],
        ["a", "b", "a", "b", "a"],
        ["a", "b", "c", "a", "b"],
        ["a", "a", "a"],
        ["a"],
        ["a", "b"],
        ["a", "b", "b", "a", "b", "c"],
        ["a", "b", "a", "c"],
        [],
        ["", "x", "", "x"],
    ],
)
def test_texts_in_bulk_stand_where_they_stood(given: list[str]) -> None:
    for parts in ([given], [given[:2], given[2:]]):
        made = from_arrow("A", pa.chunked_array(parts, type=pa.string()))
        assert cells_of(made) == given
        assert column.take_text(made, list(made.values)).tolist() == given
    coded = from_arrow("A", pa.chunked_array([pa.array(given, type=pa.string()).dictionary_encode()]))
    assert cells_of(coded) == given


@pytest.mark.parametrize(
    ("given", "held"),
    [
        (["5", "", "0"], [5, None, 0]),
        (["", ""], [None, None]),
        ([str(MOST_RESIDENTS)], [MOST_RESIDENTS]),
        ([str(MOST_RESIDENTS + 1), "5"], None),
        (["-1", "5"], None),
        (["0x1F"], None),
        (["1.5"], None),
        (["x"], None),
    ],
)
def test_counts_in_bulk_are_whole_numbers_or_nothing(given: list[str], held: list[int | None] | None) -> None:
    made = from_arrow("A", pa.chunked_array([given], type=pa.string()), count=True)
    assert (made.whole is not None) is (held is not None) and cells_of(made) == (given if held is None else held)
    numbers = from_arrow("A", pa.chunked_array([[5, None], [0]], type=pa.int64()))
    assert cells_of(numbers) == [5, None, 0]


def test_a_column_of_one_text_is_as_long_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column, "_PIECE", 4)
    for length in range(10):
        assert column.constant("x", length).tolist() == ["x"] * length
        assert column.constant(None, length).isna().tolist() == [True] * length


def test_what_distinct_values_mean_is_given_to_their_rows() -> None:
    made = from_cells("A", Cells(["b", "a", "", "b"]))
    numbers, days = {"b": 2, "a": 1, "": None}, {"b": DAY, "a": date(2020, 2, 29), "": None}
    counts = column.take_counts(made, [numbers[value] for value in made.values])  # type: ignore[index]
    assert counts.fillna(-1).tolist() == [2, 1, -1, 2]
    taken = column.take_dates(made, [days[value] for value in made.values])  # type: ignore[index]
    assert [None if pd.isna(day) else day.date() for day in taken] == [DAY, date(2020, 2, 29), None, DAY]
    assert made.empty().tolist() == [False, False, True, False] and from_cells("A", Cells([])).empty().tolist() == []


@pytest.mark.parametrize(
    ("given", "style", "counts", "wrong", "named"),
    [
        ([1.0, 2.5, -1.0, float("nan")], "", [1, None, None, None], [0, 1, 1, 0], ""),
        (["1.234", "5", "x", ""], "", [1234, 5, None, None], [0, 0, 1, 0], "dot"),
        (["1.234", "1,234"], "", [None, None], [1, 1], "both"),
        (["1.234", "1,234"], "dot", [1234, None], [0, 1], "both"),
        (["1.234", "1,234"], "comma", [None, 1234], [1, 0], "both"),
        (["1,234"], "dot", [None], [1], "comma"),
        (["1,234"], "", [1234], [0], "comma"),
        ([True, "2"], "", [None, 2], [1, 0], ""),
        ([], "", [], [], ""),
    ],
)
def test_numbers_of_a_column(given: list[object], style: str, counts: list[Any], wrong: list[int], named: str) -> None:
    found = values_of(Cells(given), style)
    assert [None if np.isnan(number) else number for number in found.counts] == counts
    assert found.wrong.tolist() == [bool(one) for one in wrong] and found.style == named
    some = found.taken(np.array([n % 2 == 0 for n in range(len(given))], dtype=bool))
    assert len(some.cells) == len(some.counts) == len(some.wrong) == len(some.floats) == (len(given) + 1) // 2


@pytest.mark.parametrize(
    ("given", "usable"), [(["1"], True), (["1", "x"], True), (["1", "x", "y"], False), (["x"], False), ([""], False), ([], False)]
)
def test_a_column_of_counts_has_as_many_as_others(given: list[object], usable: bool) -> None:
    assert values_of(Cells(given)).usable is usable


def test_sums_are_counted_where_all_stand_and_not_all_are_zero() -> None:
    nan = np.nan
    whole, one, other = (
        np.array(row) for row in ([3.0, 4, 0, nan, 5, 0, 2], [1, 1, 0, 1, nan, 1, 0.0], [2, 2, 0, 1, 1, -1, 0.0])
    )
    assert adds_up(whole, one, other) == (1, 3) and adds_up(one, one) == (4, 4)


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 130])
def test_cells_below_a_row_are_those_below_it(rows: int) -> None:
    given = [[float(n), f"x{n}" if n != 70 else ""] for n in range(rows)]
    found = columns_of(given)
    assert found is not None and columns_of([*given, [1.0]]) is None and columns_of([]) is None
    for start in (0, 1, 63, 64, 65, 100):
        for place, cells in enumerate(found):
            wanted = tuple(row[place] for row in given[start:])
            assert cells.below(start).all == wanted and cells.below(start).distinct == frozenset(wanted)
            assert tuple(cell for part in cells.below(start).parts for cell in part.all) == wanted
    assert found[0].kinds == {float} and found[0].numbers.tolist() == [row[0] for row in given]
    assert not found[0].gaps and found[1].gaps is (rows > 70) and found[1].texts == {row[1] for row in given}


@pytest.mark.parametrize(
    ("key", "others", "found"),
    [
        ("abcdefgx", ["abcdefgh"], "abcdefgh"),  # one letter of eight
        ("abcdefxy", ["abcdefgh"], ""),
        ("abcdefx", ["abcdefg"], ""),  # one of seven
        ("abcdefg", ["abcdefgh"], "abcdefgh"),
        ("abcde", ["abcde"], "abcde"),
        ("abcd", ["abcd"], ""),  # short names resemble too many
        ("abcdefghijkl", ["abcdefghijkl", "abcdefghijkx"], "abcdefghijkl"),
        ("abcdefghijkl", ["abcdefghijkl", "abcdefghijklm"], ""),  # another resembles it nearly as much
        ("abcdefgh1", ["abcdefgh2"], ""),
        ("abcdefgh1", ["abcdefgh1"], "abcdefgh1"),
        ("sukaraiutara", ["sukaraiatara"], ""),  # only one of them says 'utara'
    ],
)
def test_a_name_resembles_one_area_clearly(key: str, others: list[str], found: str) -> None:
    assert nearness._resembled(key, {other: other for other in others}, []) == found
    if len(found) > 5:
        assert nearness._resembled(key, {found: found}, [key + "q"]) == ""  # a taken one resembles it as much


def test_an_old_spelling_is_one_desa_that_no_other_name_has() -> None:
    names = {code: register().name(code) for code in map(str, register().codes(4, "75.05.03"))}  # type: ignore[arg-type]
    code, name = next((code, name) for code, name in names.items() if "u" in name)
    old = name.replace("u", "oe")
    assert nearness.match([old], "75.05.03", {}) == {old: nearness.Match(code, nearness.How.SPELLING)}
    assert nearness.match([name, old], "75.05.03", {}, fuzzy=False) == {name: nearness.Match(code, nearness.How.EXACT)}
    twice = nearness.match([old, old.upper()], "75.05.03", {}, fuzzy=False)
    assert list(twice) == [old] and nearness.match(["Entah"], "75.05.03", {}) == {}


@pytest.mark.parametrize(
    ("cell", "year", "half", "month", "day"),
    [
        (2010.0, 2010, 0, 0, 0),
        ("2029", 2029, 0, 0, 0),
        ("2009", 0, 0, 0, 0),
        ("2030", 0, 0, 0, 0),
        (1.0, 0, 1, 1, 1),
        ("II", 0, 2, 0, 0),
        ("Semester 2", 0, 2, 0, 0),
        ("0", 0, 0, 0, 0),
        ("09", 0, 0, 9, 9),
        (10, 0, 0, 10, 10),
        (12.0, 0, 0, 12, 12),
        (13.0, 0, 0, 0, 13),
        (31.0, 0, 0, 0, 31),
        (32.0, 0, 0, 0, 0),
        ("Juni", 0, 0, 6, 0),
        ("jun.", 0, 0, 6, 0),
        ("x", 0, 0, 0, 0),
        (1.5, 0, 0, 0, 0),
    ],
)
def test_parts_of_a_day_in_a_cell(cell: object, year: int, half: int, month: int, day: int) -> None:
    read = day_columns.year_of, day_columns._half, day_columns._month, day_columns._day_number
    assert tuple(one(cell) for one in read) == (year, half, month, day)


@pytest.mark.parametrize(
    ("row", "texts", "own", "code"),
    [
        (["75", "Kwandang", ""], {3: "Kwandang"}, 3, "75"),  # a provinsi says too little to place the name below it
        (["75.05", "Kwandang", ""], {2: "Kabupaten Gorontalo Utara", 3: "Kwandang"}, 3, ""),
        (["75.05", "", ""], {}, 2, "75.05"),
        (["75.05.03", "Kwandang", "Pontolo"], {2: "Kabupaten Gorontalo Utara", 3: "Anggrek", 4: "Pontolo"}, 4, ""),
        (["75.05.03", "Kwandang", ""], {3: "Kwandang"}, 3, "75.05.03"),
        (["", "Kwandang", "X"], {3: "Kwandang", 4: "X"}, 4, ""),
        (["", "", "Y"], {3: "Anggrek", 4: "Y"}, 4, ""),  # of the block above
    ],
)
def test_what_a_row_says_by_its_code_and_its_names(row: list[object], texts: dict[int, str], own: int, code: str) -> None:
    given = table(["KODE", "KECAMATAN", "DESA"], ["", "Anggrek", "Z"], row)
    found = row_names._spoken(given, AreaColumns(whole=0, names={3: 1, 4: 2}), 1, str(row[0]))
    assert (found.texts, found.own, found.code) == (texts, own, code)


def days_of(headers: list[str], *given: list[object]) -> Any:
    found = day_columns.column(table(headers, *given), frozenset(), range(len(given)))
    return None if found is None else (found.place, found.cells, found.basis)


def test_days_of_parts_and_of_semesters() -> None:
    assert days_of(["TAHUN", "BULAN", "TANGGAL"], [2023.0, "Juni", 20.0], [2023.0, 2.0, 30.0]) == (2, (DAY, "30/02/2023"), "")
    assert days_of(["TAHUN", "SEMESTER"], [2023.0, 1.0], [2023.0, "I"])[1:] == ((date(2023, 6, 30),) * 2, "DKB 2023-1")
    assert days_of(["TAHUN", "SEMESTER"], [2023.0, 2.0], [2023.0, 1.0])[1:] == ((date(2023, 12, 31), date(2023, 6, 30)), "")
    assert days_of(["PERIODE"], ["Semester II 2023"], ["Semester II 2023"]) == (0, (date(2023, 12, 31),) * 2, "DKB 2023-2")
    assert days_of(["TAHUN", "BULAN"], [2023.0, "Juni"]) is None
    assert days_of(["X", "", "TANGGAL"], [5.0, "", DAY]) == (2, (DAY,), "")


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["06/30/2023", "06/05/2023"], [date(2023, 6, 5), date(2023, 6, 30)]),
        (["06/13/2023"], [date(2023, 6, 13)]),
        (["06/12/2023"], None),  # day or month, nobody can say
        (["12/31/2023"], [date(2023, 12, 31)]),
        (["12/32/2023"], None),
        (["13/30/2023"], None),
        (["06/30/2023", "x"], None),
        (["02/30/2023"], []),
    ],
)
def test_days_with_the_month_before_them(cells: list[str], days: list[date] | None) -> None:
    given = table(["TANGGAL"], *([cell] for cell in cells))
    found = day_columns.month_first(given, frozenset(), range(len(cells)))
    assert found == (None if days is None else (0, days))


def solved(*rows: dict[str, Any]) -> pd.DataFrame:
    return solve(contract.frame([{"as_of_date": DAY, **row} for row in rows]))


@pytest.mark.parametrize(
    ("codes", "counted"),
    [
        (["75.05.03.2001", "75.05.03.2002"], [0, 1]),
        (["75.05.03", "75.05.03.2001", "75.05.02.2001"], [0, 2]),
        (["75.05", "75.05.03.2001", "75.01.01"], [0, 2]),
        (["75", "75.05.03.2001", "76"], [0, 2]),
        ([NATION, "75.05.03.2001"], [0]),
        ([NATION, "75", "75.05"], [0]),
        ([NATION, "75"], [0]),
        (["75", "76"], [0, 1]),
        (["75.05.03.2001", "75.05.03"], [1]),
    ],
)
def test_an_area_inside_another_is_not_added(codes: list[str], counted: list[int]) -> None:
    rows = solved(*({"area_code": code, "unrecorded": 10**n} for n, code in enumerate(codes)))
    (found,) = summary.totals(rows, summary.keys_of(rows))
    assert found.unrecorded == sum(10**n for n in counted) and found.areas == len(codes)
    assert found.missing == {"eligible": len(counted), "recorded": len(counted)}
    other = solved(*({"area_code": code, "unrecorded": 1, "as_of_date": date(2023, 6, n + 1)} for n, code in enumerate(codes)))
    assert [one.unrecorded for one in summary.totals(other, summary.keys_of(other))] == [1] * len(codes)


EVERY = sorted(str(code) for level in (2, 3, 4) for code in register().codes(level, "75"))  # type: ignore[arg-type]
PARENT = {code: code.rpartition(".")[0] for code in EVERY}


def plainly_silent(present: set[str], area: str) -> list[str]:
    below = {parent: {code for code in present if PARENT[code] == parent} for parent in set(PARENT.values())}
    districts = {PARENT[code] for code in present if code.count(".") == 3}
    inside = {parent: {code for code in districts if PARENT[code] == parent} for parent in set(PARENT.values())}

    def asked(found: dict[str, set[str]], parent: str) -> bool:
        return len(found[parent]) > 1 or (parent == area and len(found[parent]) > 0)

    return [
        code
        for code in EVERY
        if code not in present
        and (asked(below, PARENT[code]) or (code not in districts and code.count(".") == 2 and asked(inside, PARENT[code])))
    ]


@pytest.mark.parametrize("seed", range(8))
def test_the_silent_are_the_sisters_of_those_who_reported(seed: int) -> None:
    draw = random.Random(seed)
    level = draw.choice((2, 3, 4))
    pool = [code for code in EVERY if code.count(".") == level - 1]
    present = set(draw.sample(pool, draw.choice((1, 2, 3, 5))))
    if seed % 2:
        first = min(present)
        present |= {code for code in pool if PARENT[code] == PARENT[first]} - {first}
    rows = solved(*({"area_code": code, "unrecorded": 1} for code in sorted(present)))
    for area in ("", PARENT[min(present)], PARENT.get(PARENT[min(present)], ""), "99"):
        assert list(summary.silent(summary.keys_of(rows), area)) == plainly_silent(present, area)


def test_repeated_rows_are_found_among_few_and_many() -> None:
    for size in (2, 3, 100):
        codes, days = list(range(size)), np.arange(size)
        area, day = np.array([0, 1, 0, 1, 1]), np.array([0, 0, 1, 0, 1])
        made = summary.Keys(codes, area, days, day)  # type: ignore[arg-type]
        assert summary.repeated(made).tolist() == [False, False, False, True, False]
        assert not summary.repeated(summary.Keys(codes, area[:3], days, day[:3])).any()  # type: ignore[arg-type]


def test_the_key_of_the_content_changes_with_each_figure_and_with_nothing_else() -> None:
    base = {"area_code": "75.05.03", "eligible": 100, "recorded": 90}
    beside = {"area_code": "75.05.02", "unrecorded": 5, "coverage_reported": "95.0"}

    def key(*rows: dict[str, Any]) -> str:
        made = solved(*rows)
        return summary.content_key(made, summary.keys_of(made))

    same = key(base, beside)
    assert (
        key(beside, base) == same == key({**base, "unrecorded": 10}, beside) == key({**base, "coverage_reported": "90"}, beside)
    )
    others = [
        key({**base, **change}, beside)
        for change in ({"recorded": 91}, {"eligible": 101}, {"area_code": "75.05.04"}, {"as_of_date": date(2023, 6, 21)})
    ]
    others += [key({**base, "status": "modelled"}, beside), key(base), key(base, {**beside, "coverage_reported": "95"})]
    others += [
        key(base, {**beside, "unrecorded": 6}),
        key({**base, "area_code": "75.05.02"}, {**beside, "area_code": "75.05.03"}),
    ]
    assert len({same, *others}) == len(others) + 1 and key() == ""


@pytest.mark.parametrize(
    ("new", "old", "revised"),
    [
        ({"unrecorded": 5}, {"unrecorded": 5}, []),
        ({"unrecorded": 5}, {"unrecorded": 6}, [("unrecorded", 6, 5)]),
        ({"unrecorded": 5, "coverage_reported": "99"}, {"unrecorded": 5}, [("coverage_reported", None, "99")]),
        ({"eligible": 9, "recorded": 8}, {"eligible": 9, "unrecorded": 1}, []),
        ({"eligible": 9, "recorded": 8, "coverage_reported": "88"}, {"eligible": 9, "recorded": 8}, []),
        (
            {"eligible": 9, "recorded": 8, "coverage_reported": "88"},
            {"eligible": 9, "recorded": 8, "coverage_reported": "89"},
            [("coverage_reported", "89", "88")],
        ),
    ],
)
def test_what_is_a_revision(new: dict[str, Any], old: dict[str, Any], revised: list[tuple[str, Any, Any]]) -> None:
    rows = solved({"area_code": "75.05.03", **new}, {"area_code": "75.05.02", "unrecorded": 1})
    held = contract.frame([{"as_of_date": DAY, "area_code": "75.05.03", **old}])
    found = summary.changes(rows, held)
    assert [(one.column, one.old, one.new) for one in found.revised] == revised
    assert (found.new, found.same) == (1, 0 if revised else 1)
    assert summary.changes(rows, held.iloc[:0]) == Changes(2, 0)


@pytest.mark.parametrize(
    ("texts", "block"),
    [("abab", 2), ("ababa", 2), ("abc", 3), ("aba", 3), ("abac", 4), ("aa", 1), ("a", 1), ("", 0)],
)
def test_after_how_many_rows_texts_repeat(texts: str, block: int) -> None:
    assert column._block(pa.chunked_array([list(texts)], type=pa.string())) == block
