"""Which columns are the figures, what is doubted of them, what of a sheet is a table, which day it says: small tables by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from ektp_analysis.ingest import doubts
from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.column import Cells, values_of
from ektp_analysis.ingest.columns import by_hand, day, pick
from ektp_analysis.ingest.columns.table import Table, table_of, turned, widened
from ektp_analysis.ingest.ground import Doubt, Ground
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.places.totals import Difference

E, R, U = words.ELIGIBLE, words.RECORDED, words.UNRECORDED
NAN = np.nan


def sheet_of(heads: list[Any], rows: list[list[Any]], titles: tuple[object, ...] = (), name: str = "S", spans: Any = ()) -> Table:
    paths = tuple(head if isinstance(head, tuple) else (head,) if head else () for head in heads)
    return Table(name, False, paths, (1,), rows, range(2, len(rows) + 2), titles, spans=spans)


def picked(*columns: tuple[Any, list[Any]]) -> pick.Picked:
    """What is picked of columns (header, or its path; cells)."""
    rows = [list(row) for row in zip(*(cells for _, cells in columns), strict=True)]
    values = {place: values_of(Cells(cells)) for place, (_, cells) in enumerate(columns)}
    return pick.pick(sheet_of([head for head, _ in columns], rows), values)


DONE, LEFT = [90.0, 170.0, 260.0, 350.0], [10.0, 30.0, 40.0, 50.0]
WHOLE = [100.0, 200.0, 300.0, 400.0]


# Columns that a person names

PATHS = [("WAJIB KTP", "L"), ("WAJIB KTP", "P"), ("SUDAH REKAM",), ("L",), (), ("KET", "KET")]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("WAJIB KTP L", [0]),
        ("wajib ktp p", [1]),
        ("sudah rekam", [2]),
        ("L", [3]),  # its whole header goes before the lowest cell of another
        ("P", [1]),  # the lowest cell
        ("KET", [5]),
        ("A", [0]),
        ("F", [5]),
        ("G", []),
        ("AAA", []),
        ("AAAA", []),
        ("a", []),
        ("Ä", []),
        ("5", []),
        ("", []),
    ],
)
def test_a_column_is_named_by_its_header_or_its_letter(text: str, places: list[int]) -> None:
    assert by_hand.named(sheet_of(list(PATHS), []), text) == places


def test_columns_that_a_person_chose() -> None:
    table = sheet_of(list(PATHS), [])
    assert by_hand.chosen(table, {E: "WAJIB KTP L + WAJIB KTP P", R: "C", U: "None"}) == {E: (0, 1), R: (2,)}
    assert (
        by_hand.chosen(table, {E: "Z"}) is None
        and by_hand.chosen(table, {E: "A + Z"}) is None
        and by_hand.chosen(table, {}) == {}
    )
    twice = sheet_of(["X", "X"], [])
    assert by_hand.chosen(twice, {E: "X"}) is None and by_hand.chosen(twice, {E: "A"}) == {E: (0,)}


# Columns that the evidence names


def test_three_columns_that_add_up() -> None:
    found = picked(("SUDAH REKAM", DONE), ("WAJIB KTP", WHOLE), ("BELUM REKAM", LEFT))
    assert found.columns == {E: (1,), R: (0,), U: (2,)} and not found.doubts and found.proofs == [("sum", pick.ROLES, 4, 4)]
    assert found.readings == [] and found.missing == [] and found.percent == -1


def test_a_column_without_a_header_belongs_to_the_group_on_its_left() -> None:
    wrong = [1.0, 2.0, 3.0, 4.0]
    found = picked(("WAJIB KTP", wrong), ("", WHOLE), ("SUDAH REKAM", DONE), ("BELUM REKAM", LEFT))
    assert found.columns == {E: (1,), R: (2,), U: (3,)} and not found.doubts
    assert picked(("", WHOLE), ("SUDAH REKAM", DONE)).columns == {R: (1,)}
    assert picked(("KET", WHOLE), ("", WHOLE), ("SUDAH REKAM", DONE)).columns == {R: (2,)}
    assert picked(("WAJIB KTP", WHOLE), ("", ["x", "y", "z", "w"]), ("SUDAH REKAM", DONE)).columns == {E: (0,), R: (2,)}


MEN, WOMEN = [40.0, 90.0, 150.0, 190.0], [50.0, 80.0, 110.0, 160.0]


def test_men_and_women_are_summed_where_no_total_is_there() -> None:
    found = picked(("WAJIB KTP", WHOLE), (("REKAM", "L"), MEN), (("REKAM", "P"), WOMEN))
    assert found.columns == {E: (0,), R: (1, 2)} and not found.doubts and found.totals == {}
    total = picked(("WAJIB KTP", WHOLE), (("REKAM", "L"), MEN), (("REKAM", "P"), WOMEN), (("REKAM", "JML"), DONE))
    assert total.columns == {E: (0,), R: (3,)} and total.totals == {R: (3, 1, 2)} and not total.doubts


def test_a_column_of_men_alone_is_never_taken_for_the_total() -> None:
    found = picked(("WAJIB KTP", WHOLE), (("REKAM", "L"), MEN))
    assert found.columns == {E: (0,)} and Doubt.ONE_SEX in found.doubts and found.missing == [R]


@pytest.mark.parametrize(("good", "asked"), [(4, False), (2, False), (1, True), (0, True)])
def test_a_total_that_its_men_and_women_contradict_in_most_rows_is_asked(good: int, asked: bool) -> None:
    total = [done if number < good else done + 5 for number, done in enumerate(DONE)]
    found = picked((("REKAM", "L"), MEN), (("REKAM", "P"), WOMEN), (("REKAM", "JML"), total))
    assert (Doubt.NO_SUM in found.doubts) is asked and found.columns[R] == (2,)
    one = picked((("REKAM", "L"), MEN[:1]), (("REKAM", "P"), WOMEN[:1]), (("REKAM", "JML"), [7.0]))
    assert Doubt.NO_SUM not in one.doubts  # one row is no contradiction
    two = picked((("REKAM", "L"), MEN[:2]), (("REKAM", "P"), WOMEN[:2]), (("REKAM", "JML"), [7.0, 8.0]))
    assert Doubt.NO_SUM in two.doubts


def test_cells_that_are_no_numbers_do_not_hide_the_column_that_is_named_so() -> None:
    texts = ["x", "y", "z", "w"]
    found = picked(("WAJIB KTP", texts), ("TARGET", WHOLE), ("SUDAH REKAM", DONE))
    assert found.columns[E] == (0,)  # each cell is a fault then
    assert picked(("WAJIB KTP", texts), ("WKTP", WHOLE), ("SUDAH REKAM", DONE)).columns[E] == (1,)
    assert picked((("WAJIB KTP", "L"), texts), ("TARGET", WHOLE), ("SUDAH REKAM", DONE)).columns[E] == (1,)
    assert picked(("TARGET", texts), ("SUDAH REKAM", DONE)).columns == {E: (0,), R: (1,)}
    halves = [10.5, 20.5, 30.5, 40.5]
    assert picked(("WAJIB KTP", halves), ("TARGET", WHOLE), ("SUDAH REKAM", DONE)).columns[E] == (1,)


def test_a_part_of_the_residents_stands_back() -> None:
    young = [5.0, 6.0, 7.0, 8.0]
    found = picked(("WAJIB KTP", WHOLE), ("REKAM PEMULA", young), ("SUDAH REKAM", DONE))
    assert found.columns == {E: (0,), R: (2,)}
    assert picked(("WAJIB KTP", WHOLE), ("REKAM PEMULA", young)).columns in ({E: (0,), R: (1,)}, {E: (0,)})


@pytest.mark.parametrize(("rows", "taken"), [(2, True), (1, False)])
def test_a_bare_total_needs_two_rows(rows: int, taken: bool) -> None:
    found = picked(("SUDAH REKAM", DONE[:rows]), ("BELUM REKAM", LEFT[:rows]), ("JUMLAH", WHOLE[:rows]))
    assert (found.columns.get(E) == (2,)) is taken


def test_several_columns_that_may_be_meant_are_asked_with_their_readings() -> None:
    others = [one + 1 for one in DONE]
    found = picked(("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("PEREKAMAN", others))
    assert Doubt.SEVERAL in found.doubts and found.readings == [{E: (0,), R: (1,)}, {E: (0,), R: (2,)}]
    same = picked(("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("PEREKAMAN", DONE))
    assert not same.doubts and same.columns == {E: (0,), R: (1,)}
    more = picked(("WAJIB KTP", WHOLE), *(("SUDAH REKAM", [one + n for one in DONE]) for n in range(6)))
    assert len(more.readings) == pick.MOST_OF_A_ROLE
    both = picked(
        *(("WAJIB KTP", [one + n for one in WHOLE]) for n in range(3)), *(("REKAM", [one + n for one in DONE]) for n in (0, 3))
    )
    assert both.readings == [{E: (0,), R: (3,)}, {E: (0,), R: (4,)}, {E: (1,), R: (3,)}, {E: (1,), R: (4,)}]


def test_of_columns_that_add_up_those_that_do_so_in_most_rows() -> None:
    slip = [100.0, 200.0, 300.0, 401.0]
    found = picked(("WAJIB KTP", slip), ("WKTP", WHOLE), ("SUDAH REKAM", DONE), ("BELUM REKAM", LEFT))
    assert found.columns[E] == (1,) and not found.doubts
    shifted = [one + 1 for one in WHOLE], [one + 1 for one in DONE]
    two = picked(
        ("WAJIB KTP", WHOLE), ("WKTP", shifted[0]), ("SUDAH REKAM", DONE), ("PEREKAMAN", shifted[1]), ("BELUM REKAM", LEFT)
    )
    assert two.doubts == [Doubt.SEVERAL] and two.readings == [{E: (0,), R: (2,), U: (4,)}, {E: (1,), R: (3,), U: (4,)}]


def test_columns_that_contradict_each_other_leave_two_of_three() -> None:
    found = picked(("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("BELUM REKAM", [7.0, 7.0, 7.0, 7.0]))
    assert found.doubts == [Doubt.NO_SUM] and found.columns == {E: (0,), R: (1,)}
    assert found.readings == [{E: (0,), R: (1,)}, {E: (0,), U: (2,)}, {R: (1,), U: (2,)}]


SHARE = [90.0, 85.0, 86.7, 87.5]


@pytest.mark.parametrize(
    ("columns", "percent"),
    [
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("%", SHARE)], 2),
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("%", [one / 100 for one in SHARE])], 2),
        ([("WAJIB KTP", WHOLE), ("BELUM REKAM", LEFT), ("%", SHARE)], 2),
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("%", LEFT), ("%", SHARE)], 3),  # the one that is near
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("%", LEFT)], -1),
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("% REKAM", LEFT)], 2),  # named so
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("% REKAM", LEFT), ("% PEREKAMAN", LEFT)], -1),
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("% BELUM REKAM", SHARE)], -1),
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("% CETAK", SHARE)], -1),
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), (("% REKAM", "L"), SHARE)], -1),
        ([("WAJIB KTP", WHOLE), ("%", SHARE)], 1),  # nothing else says how many are recorded
        ([("WAJIB KTP", WHOLE), ("%", SHARE), ("PERSEN", SHARE)], -1),
        ([("SUDAH REKAM", DONE), ("%", SHARE)], -1),
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("CAKUPAN", LEFT)], 2),
        ([("WAJIB KTP", WHOLE), ("SUDAH REKAM", DONE), ("% REALISASI", LEFT)], -1),  # a general word
        ([("% REKAM", SHARE)], 0),
        ([("%", SHARE)], -1),
    ],
)
def test_the_column_of_coverage(columns: list[tuple[Any, list[float]]], percent: int) -> None:
    assert picked(*columns).percent == percent


def test_areas_of_nobody_say_nothing_about_coverage() -> None:
    whole, done = [0.0, 100.0, 0.0, 100.0], [0.0, 90.0, 0.0, 90.0]
    assert picked(("WAJIB KTP", whole), ("SUDAH REKAM", done), ("%", [0.0, 90.0, 0.0, 90.0])).percent == 2
    assert picked(("WAJIB KTP", whole), ("SUDAH REKAM", done), ("%", [NAN] * 4)).percent == -1


def test_what_stands_alone_is_doubted() -> None:
    assert picked(("WAJIB KTP", WHOLE)).doubts == [Doubt.ELIGIBLE_ALONE] and picked(("SUDAH REKAM", DONE)).doubts == [
        Doubt.RECORDED_ALONE
    ]
    assert picked(("BELUM REKAM", LEFT)).doubts == [] and picked(("WAJIB KTP", WHOLE), ("%", SHARE)).doubts == []
    general = picked(("TARGET", WHOLE), ("REALISASI", DONE), ("SISA", LEFT))
    assert general.doubts == [Doubt.GENERIC_WORDS] and general.readings == [{E: (0,), R: (1,), U: (2,)}]
    assert picked(("TARGET", WHOLE), ("SUDAH REKAM", DONE)).doubts == []
    alone = picked(("WAJIB KTP", WHOLE))
    assert alone.readings == [{E: (0,)}] and alone.columns == {E: (0,)}


def test_three_columns_without_words_may_be_read_in_two_ways() -> None:
    found = picked(("A", LEFT), ("B", WHOLE), ("C", DONE))
    assert found.doubts == [Doubt.UNKNOWN_WORDS] and found.columns == found.readings[0]
    assert found.readings == [{E: (1,), R: (2,), U: (0,)}, {E: (1,), R: (0,), U: (2,)}]
    halves = [50.0, 100.0, 150.0, 200.0]
    assert picked(("A", halves), ("B", halves), ("C", WHOLE)).readings[0] == {E: (2,), R: (0,), U: (1,)}
    for broken in (("A", [10.0, 30.0, 40.0, 51.0]), ("A", [10.0, 30.0, 40.0, "x"]), ("L", LEFT), ("KET", ["x"] * 4)):
        assert picked(broken, ("B", WHOLE), ("C", DONE)).doubts == [Doubt.NOTHING]
    one = [1.0, 0.0, 0.0, 0.0]
    assert picked(("A", one), ("B", WHOLE), ("C", [99.0, *WHOLE[1:]])).doubts == [Doubt.UNKNOWN_WORDS]  # a single person
    four = picked(("A", LEFT), ("B", WHOLE), ("C", DONE), ("D", [one + two for one, two in zip(WHOLE, DONE, strict=True)]))
    assert four.doubts == [Doubt.NOTHING]  # there are two sums
    assert picked(("A", LEFT), ("B", WHOLE), ("C", DONE), ("D", [0.0] * 4)).doubts == [Doubt.UNKNOWN_WORDS]


# Doubts


def ground(heads: list[Any], columns: list[list[float]], chosen: dict[str, tuple[int, ...]], **beside: Any) -> Ground:
    rows = [list(row) for row in zip(*columns, strict=True)]
    given = {
        "proven": False,
        "known": frozenset(),
        "differences": (),
        "agree": 0,
        "file": "x.csv",
        "titles": (),
        "codes": None,
    } | beside
    table = sheet_of(heads, rows, given["titles"], spans=given.get("spans", ()))
    parsed = {place: values_of(Cells(cells)) for place, cells in enumerate(columns)}
    figures = {role: np.sum([parsed[place].counts for place in places], axis=0) for role, places in chosen.items()}
    codes = given["codes"] or [f"75.05.{n:02d}" for n in range(1, len(rows) + 1)]
    areas = np.ones(len(rows), dtype=bool)
    return Ground(
        table,
        chosen,
        given["proven"],
        given["known"],
        parsed,
        figures,
        areas,
        codes,
        given["differences"],
        given["agree"],
        given["file"],
    )


def asked(*given: Any, **beside: Any) -> set[Doubt]:
    one = ground(*given, **beside)
    return set(doubts.doubted(one, (), (), ()).doubts)


PAIR: tuple[list[Any], list[list[float]], dict[str, tuple[int, ...]]] = (
    ["WAJIB KTP", "SUDAH REKAM"],
    [WHOLE, DONE],
    {E: (0,), R: (1,)},
)


@pytest.mark.parametrize(("low", "doubted"), [(3, True), (2, False)])
@pytest.mark.parametrize("rows", [4, 5])
@pytest.mark.parametrize(("share", "odd"), [(0.39, True), (0.4, False)])
def test_few_recorded_in_most_rows_are_unlikely(rows: int, low: int, doubted: bool, share: float, odd: bool) -> None:
    whole = [100.0 * n for n in range(1, rows + 1)]
    done = [share * one if number < low else 0.9 * one for number, one in enumerate(whole)]
    assert (Doubt.UNLIKELY in asked(["WAJIB KTP", "SUDAH REKAM"], [whole, done], {E: (0,), R: (1,)})) is (doubted and odd)


def test_few_recorded_are_not_doubted_where_all_adds_up_under_the_word() -> None:
    done = [one / 10 for one in WHOLE]
    given = (["WAJIB KTP", "SUDAH REKAM"], [WHOLE, done], {E: (0,), R: (1,)})
    assert Doubt.UNLIKELY in asked(*given) and Doubt.UNLIKELY not in asked(*given, proven=True)
    assert Doubt.UNLIKELY in asked(["TARGET", "SUDAH REKAM"], *given[1:], proven=True)
    assert Doubt.UNLIKELY not in asked(*given, known=frozenset({Doubt.UNLIKELY}))
    nobody = (["WAJIB KTP", "SUDAH REKAM"], [[0.0] * 4, [0.0] * 4], {E: (0,), R: (1,)})
    assert Doubt.UNLIKELY not in asked(*nobody)


@pytest.mark.parametrize(
    ("printed", "summed", "agree", "far"),
    [(80, 100, 0, False), (79, 100, 0, True), (100, 80, 0, False), (100, 79, 0, True), (79, 100, 1, False)],
)
def test_a_total_is_far_beyond_a_fifth_of_the_larger(printed: int, summed: int, agree: int, far: bool) -> None:
    one = Difference(9, "JUMLAH", R, printed, summed)
    assert (Doubt.TOTALS in asked(*PAIR, differences=(one,), agree=agree)) is far


BLOCKS = ["75.05.01.2001", "75.05.01.2002", "75.05.02.2001", "75.05.02.2002"]


@pytest.mark.parametrize(
    ("done", "codes", "merged"),
    [
        ([9.0, NAN, 9.0, NAN], BLOCKS, True),  # the first desa of each kecamatan alone
        ([NAN, 9.0, 9.0, NAN], BLOCKS, False),
        ([9.0, 9.0, 9.0, NAN], BLOCKS, False),
        ([9.0, NAN, NAN, NAN], BLOCKS, False),
        ([9.0, NAN], BLOCKS[:2], False),  # one kecamatan is chance
        ([9.0, NAN, 9.0], BLOCKS[:3], False),
        ([NAN] * 4, BLOCKS, False),
    ],
)
def test_figures_of_the_first_of_each_block_were_merged_over_it(done: list[float], codes: list[str], merged: bool) -> None:
    assert (Doubt.MERGED in asked(["SUDAH REKAM"], [done], {R: (0,)}, codes=codes)) is merged


@pytest.mark.parametrize(
    ("span", "merged"), [((1, 2, 3), True), ((1, 2, 2), False), ((1, 5, 9), False), ((1, 4, 9), True), ((0, 2, 3), False)]
)
def test_a_figure_in_a_cell_merged_over_areas_is_that_of_them_all(span: tuple[int, int, int], merged: bool) -> None:
    assert (Doubt.MERGED in asked(["X", "SUDAH REKAM"], [WHOLE, DONE], {R: (1,)}, spans=(span,))) is merged


@pytest.mark.parametrize(
    ("heads", "titles", "file", "doubt"),
    [
        (["WAJIB KTP", "SUDAH REKAM"], ("PEREKAMAN LAKI-LAKI",), "x.csv", Doubt.ONE_SEX),
        (["WAJIB KTP", "SUDAH REKAM"], ("PEREKAMAN",), "perempuan.csv", Doubt.ONE_SEX),
        (["WAJIB KTP", "SUDAH REKAM"], ("LAKI-LAKI DAN PEREMPUAN",), "x.csv", None),
        (["WAJIB KTP", "SUDAH REKAM P"], ("PEREKAMAN LAKI-LAKI",), "x.csv", None),
        (["WAJIB KTP", "SUDAH REKAM"], ("DALAM RIBUAN",), "x.csv", Doubt.THOUSANDS),
        (["WAJIB KTP", "SUDAH REKAM"], ("PER RIBU",), "x.csv", None),
        (["WAJIB KTP", "REKAM BULAN INI"], (), "x.csv", Doubt.WHILE),
        (["WAJIB KTP", "SUDAH REKAM"], ("PEREKAMAN BULAN INI",), "x.csv", Doubt.WHILE),
    ],
)
def test_what_stands_around_makes_columns_doubtful(
    heads: list[str], titles: tuple[str, ...], file: str, doubt: Doubt | None
) -> None:
    found = asked(heads, [WHOLE, DONE], {E: (0,), R: (1,)}, titles=titles, file=file)
    assert found == ({doubt} if doubt else set())


@pytest.mark.parametrize(("good", "asked_"), [(20, True), (19, True), (18, False)])
def test_what_the_rest_is_left_of_is_asked_about(good: int, asked_: bool) -> None:
    rest = [float(n) for n in range(1, 21)]
    cards = [10.0 * n + (5 if number >= good else 0) for number, n in enumerate(rest)]
    whole = [11.0 * n for n in rest]
    found = asked(["WAJIB KTP", "MEMILIKI KTP", "BELUM"], [whole, cards, rest], {E: (0,), U: (2,)}, titles=("PEREKAMAN KTP",))
    assert (Doubt.OTHER in found) is asked_


def test_one_row_says_nothing_of_what_the_rest_is_left_of() -> None:
    given = ["WAJIB KTP", "MEMILIKI KTP", "BELUM"], [[11.0], [10.0], [1.0]], {E: (0,), U: (2,)}
    assert Doubt.OTHER not in asked(*given, titles=("PEREKAMAN KTP",))
    two = [given[0], [[11.0, 22.0], [10.0, 20.0], [1.0, 2.0]], given[2]]
    assert Doubt.OTHER in asked(*two, titles=("PEREKAMAN KTP",))


def test_targets_beside_a_column_of_the_obliged_are_asked_about() -> None:
    given = (["TARGET", "WAJIB KTP", "SUDAH REKAM"], [WHOLE, [one + 50 for one in WHOLE], DONE], {E: (0,), R: (2,)})
    one = doubts.doubted(ground(*given), (), (), ())
    assert Doubt.SEVERAL in one.doubts and one.readings == ({R: (2,), E: (1,)}, {E: (0,), R: (2,)})
    same = (given[0], [WHOLE, WHOLE, DONE], given[2])
    assert Doubt.SEVERAL not in asked(*same)
    assert Doubt.SEVERAL not in asked(["TARGET", "WAJIB KTP L", "SUDAH REKAM"], *given[1:])


# Tables


def cells(sheet: list[list[Any]], merged: Any = ()) -> Table | None:
    return table_of(Sheet("S", sheet, False, merged))


HEAD = ["NO", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM"]
BODY: list[list[Any]] = [[float(n), f"Nama {n}", 100.0 + n, 90.0 + n] for n in range(1, 6)]


def test_a_sheet_is_a_table_with_titles_header_and_numbered_rows() -> None:
    found = cells([["DATA", "x"], ["PER 2023"], [], HEAD, *BODY, [], ["JUMLAH", "", 1.0, 2.0, "lebih"]])
    assert found is not None and found.titles == ("DATA", "x", "PER 2023") and found.header_rows == (4,)
    assert list(found.row_numbers) == [5, 6, 7, 8, 9, 11] and found.headers == (*((text,) for text in HEAD), ())
    assert found.rows[0] == [1.0, "Nama 1", 101.0, 91.0, ""] and found.rows[-1][-1] == "lebih"
    assert found.name(1) == "KECAMATAN" and found.name(4) == "-" and found.name_of(0) == "1.0 Nama 1 101.0 91.0"


def test_what_is_no_table() -> None:
    assert cells([]) is None and cells([["a", "b"]]) is None


@pytest.mark.parametrize(
    ("merged", "paths"),
    [
        ((), [("NO",), ("KEC",), ("WAJIB", "L"), ("WAJIB", "P"), ("REKAM", "L"), ("REKAM", "P")]),
        (((0, 2, 0, 3), (0, 4, 0, 5)), [("NO",), ("KEC",), ("WAJIB", "L"), ("WAJIB", "P"), ("REKAM", "L"), ("REKAM", "P")]),
        (((0, 2, 0, 9),), [("NO",), ("KEC",), ("WAJIB", "L"), ("WAJIB", "P"), ("WAJIB", "L"), ("WAJIB", "P")]),
        (((0, 0, 1, 0),), [("NO",), ("KEC",), ("WAJIB", "L"), ("WAJIB", "P"), ("REKAM", "L"), ("REKAM", "P")]),
        (((0, 9, 0, 9),), [("NO",), ("KEC",), ("WAJIB", "L"), ("WAJIB", "P"), ("REKAM", "L"), ("REKAM", "P")]),
    ],
)
def test_the_name_of_a_group_stands_over_its_columns(merged: Any, paths: list[tuple[str, ...]]) -> None:
    rows = [[float(n), "A", 1.0, 2.0, 3.0, 4.0] for n in range(2, 6)]
    found = cells([["NO", "KEC", "WAJIB", "", "REKAM", ""], ["", "", "L", "P", "L", "P"], *rows], merged)
    assert found is not None and list(found.headers) == paths


def test_a_group_ends_where_a_merged_cell_says_so_and_where_nothing_stands_below() -> None:
    rows = [[float(n), "A", 1.0, 2.0, 3.0] for n in range(2, 6)]
    found = cells([["NO", "KEC", "WAJIB", "", ""], ["", "", "L", "P", "KET"], *rows], ((0, 2, 0, 3),))
    assert found is not None and found.headers[2:] == (("WAJIB", "L"), ("WAJIB", "P"), ("KET",))
    bare = cells([["NO", "KEC", "WAJIB", "", ""], ["", "", "L", "P", ""], *rows])
    assert bare is not None and bare.headers[2:] == (("WAJIB", "L"), ("WAJIB", "P"), ())
    assert bare.headers[1] == ("KEC",)  # nothing stands below it


def test_rows_of_column_numbers_and_repeated_headers_are_no_body() -> None:
    numbered = cells([HEAD, [1.0, 2.0, 3.0, 4.0], *BODY])
    assert numbered is not None and list(numbered.row_numbers) == [3, 4, 5, 6, 7]
    again = cells([HEAD, *BODY, HEAD, *BODY])
    assert again is not None and list(again.row_numbers) == [2, 3, 4, 5, 6, 8, 9, 10, 11, 12]
    short = cells([["KECAMATAN", "REKAM"], *([row[1], row[2]] for row in BODY), ["KECAMATAN", "REKAM"], ["Z", 5.0]])
    assert short is not None and len(short.rows) == 7  # two texts are too few
    three = cells([["KEC", "REKAM", "KET"], *([row[1], row[2], "x"] for row in BODY), ["KEC", "REKAM", "KET"], ["Z", 5.0, "x"]])
    assert three is not None and len(three.rows) == 6


@pytest.mark.parametrize(("first", "left_out"), [(3, True), (4, False)])
def test_a_repeated_header_shows_in_one_of_the_first_four_columns(first: int, left_out: bool) -> None:
    heads_ = ["NO", "KEC", "WAJIB KTP", "SUDAH", "BELUM", "KET", "LAIN"]
    rows: list[list[Any]] = [[float(n), f"Nama {n}", 9.0, 8.0, 1.0, "x", "y"] for n in range(1, 6)]
    again = [*[""] * first, *heads_[first:]]
    found = cells([heads_, *rows, again, *rows])
    assert found is not None and (len(found.rows) == 10) is left_out


def test_merged_cells_of_the_body_are_kept_as_spans() -> None:
    found = cells([HEAD, *BODY], ((2, 3, 3, 3), (1, 3, 1, 3), (0, 0, 1, 0), (2, 2, 2, 3)))
    assert found is not None and list(found.spans) == [(3, 3, 4)]


def test_areas_side_by_side_are_turned() -> None:
    made = turned(Sheet("S", [["KEC", "A", "B"], ["REKAM", 1.0, 2.0], [], [""]], False, ((0, 1, 0, 2), (3, 0, 3, 1))))
    assert made is not None and made.rows == [["KEC", "REKAM"], ["A", 1.0], ["B", 2.0]] and made.merged == ((1, 0, 2, 0),)
    assert turned(Sheet("S", [[], []])) is None and turned(Sheet("S", [["a"], ["b"]])) is None


def test_a_long_form_gets_a_column_for_each_category() -> None:
    rows = [[area, sex, float(10 * n + m)] for n, area in enumerate(("A", "B", "C")) for m, sex in enumerate(("L", "P"))]
    made = widened(sheet_of(["KECAMATAN", "JENIS KELAMIN", "REKAM"], rows))
    assert made.headers == (("KECAMATAN",), ("REKAM", "L"), ("REKAM", "P"))
    assert made.rows == [["A", 0.0, 1.0], ["B", 10.0, 11.0], ["C", 20.0, 21.0]] and list(made.row_numbers) == [2, 4, 6]
    once = [
        [area if not m else "", sex, float(10 * n + m)]
        for n, area in enumerate(("A", "B", "C"))
        for m, sex in enumerate(("L", "P"))
    ]
    assert widened(sheet_of(["KECAMATAN", "JENIS KELAMIN", "REKAM"], once)).rows == made.rows  # written once for its rows
    lacking = widened(sheet_of(["KECAMATAN", "JENIS KELAMIN", "REKAM"], [*rows[:5]]))
    assert lacking.rows[-1] == ["C", 20.0, ""]
    twice = sheet_of(["KECAMATAN", "JENIS KELAMIN", "REKAM"], [*rows, ["A", "L", 5.0]])
    assert widened(twice) is twice


# Days

JUNE, JULY = date(2023, 6, 30), date(2023, 7, 31)


def decided(
    titles: tuple[object, ...] = (), file: str = "x.xlsx", name: str = "S", below: tuple[str, ...] = (), heads: Any = ("KEC",)
) -> day.Decided:
    rows: list[list[Any]] = [["A", *[2023.0] * (len(heads) - 1)], *[[text, *[""] * (len(heads) - 1)] for text in below]]
    return day.decide(sheet_of(list(heads), rows, titles, name), file, frozenset({0}), [0])


@pytest.mark.parametrize(
    ("given", "found", "where"),
    [
        ({"titles": ("PER 30 JUNI 2023",)}, JUNE, "title"),
        ({"heads": ("KEC", "REKAM 30 Juni 2023")}, JUNE, "header"),
        ({"name": "30 Juni 2023"}, JUNE, "name of the sheet"),
        ({"file": "rekap 30-6-2023.xlsx"}, JUNE, "name of the file"),
        ({"titles": ("SEMESTER I 2023",)}, JUNE, "title"),
        ({"file": "semester 1 2023.xlsx"}, JUNE, "name of the file"),
        ({"titles": ("SEMESTER I 2023",), "file": "31-7-2023.xlsx"}, JULY, "name of the file"),
        ({"below": ("Data per 30 Juni 2023",)}, JUNE, "note below the table"),
        ({"titles": ("1 s.d. 30 Juni 2023", "x")}, JUNE, "title"),
        ({"titles": ("1 Juni 2023 s/d 30 Juni 2023",)}, JUNE, "title"),
        ({"titles": ("Dicetak 31 Juli 2023", "per 30 Juni 2023")}, JUNE, "title"),
        ({"titles": ("Kwandang, 31 Juli 2023", "per 30 Juni 2023")}, JUNE, "title"),
        ({"titles": ("Kwandang, 30 Juni 2023",)}, JUNE, "title"),
        ({"titles": ("TANGGAL", "30", "BULAN", "JUNI", "TAHUN", 2023.0)}, JUNE, "title"),
        ({"titles": (datetime(2023, 6, 30, 5),)}, JUNE, "title"),
        ({"titles": (JUNE,)}, JUNE, "title"),
    ],
)
def test_a_day_that_one_place_says_for_sure(given: dict[str, Any], found: date, where: str) -> None:
    made = decided(**given)
    assert (made.day, str(made.where), made.readings, made.other) == (found, where, (), None)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"titles": ("30 Juni 2023", "31 Juli 2023")}, [JUNE, JULY]),
        ({"titles": ("30 Juni 2023",), "name": "31 Juli 2023"}, [JUNE, JULY]),
        ({"titles": ("31 Juli 2023 s/d 30 Juni 2023",)}, [JULY, JUNE]),  # no range
        ({"titles": ("JUNI 2023",)}, [JUNE]),
        ({"titles": ("TAHUN 2023",)}, [date(2023, 12, 31), JUNE]),
        ({"heads": ("KEC", "TAHUN")}, [date(2023, 12, 31), JUNE]),
        ({"below": ("Kwandang, 30 Juni 2023",)}, [JUNE]),
        ({"below": ("Data per 30 Juni 2023", "Data per 31 Juli 2023")}, [JUNE, JULY]),
        ({"below": ("Data per 30 Juni 2023",), "titles": ("TAHUN 2022",)}, [JUNE]),
        ({"titles": ("TW I 2023", "JUNI 2023")}, [date(2023, 3, 31), JUNE]),
        ({"titles": ("Dicetak 31 Juli 2023",)}, []),
        ({"heads": ("KEC", "X")}, []),
        ({}, []),
    ],
)
def test_days_that_are_asked_about(given: dict[str, Any], days: list[date]) -> None:
    made = decided(**given)
    assert made.day is None and [one for one, _ in made.readings] == days


def test_a_column_of_several_years_says_no_day() -> None:
    for years, days in (([2023.0, 2023.0], 2), ([2022.0, 2023.0], 0), (["x", "x"], 0), (["x", 2023.0], 0)):
        rows = [[f"K{n}", year] for n, year in enumerate(years)]
        assert len(day.decide(sheet_of(["KEC", "TAHUN"], rows), "x", frozenset({0}), [0, 1]).readings) == days
        assert day.decide(sheet_of(["KEC", "TAHUN"], rows), "x", frozenset({0, 1}), [0, 1]).readings == ()


def test_a_header_cell_is_kept_up_to_120_letters() -> None:
    found = cells([["KEC", "WAJIB KTP " + "x" * 111], ["A", 5.0], ["B", 6.0]])
    assert found is None or len(found.headers[1][0]) == 120
    named = cells([["KEC", "WAJIB KTP", "KET " + "x" * 116], ["A", 5.0, 1.0], ["B", 6.0, 1.0]])
    assert named is not None and len(named.headers[2][0]) == 120


def test_a_name_that_says_another_day_is_told() -> None:
    assert (
        decided(("30 Juni 2023",), "31-7-2023.xlsx").other == JULY and decided(("30 Juni 2023",), "30-6-2023.xlsx").other is None
    )
    assert (
        decided(("30 Juni 2023",), "Juli 2023.xlsx").other is None
        and decided(("SEMESTER I 2023",), "x.xlsx").basis == "DKB 2023-1"
    )


def test_a_column_of_days_goes_before_titles_and_is_asked_where_they_contradict() -> None:
    def column(days: list[date], titles: tuple[str, ...] = ()) -> day.Decided:
        rows = [[f"K{n}", one] for n, one in enumerate(days)]
        return day.decide(sheet_of(["KEC", "TANGGAL"], rows, titles), "x", frozenset({0}), range(len(days)))

    assert column([JUNE, JULY]).column == 1 and column([JUNE, JUNE], ("PER 30 JUNI 2023",)).cells == (JUNE, JUNE)
    asked_ = column([JUNE, JUNE], ("PER 31 JULI 2023",))
    assert [(one, str(where)) for one, where in asked_.readings] == [(JULY, "title"), (JUNE, "column TANGGAL")]
    assert [one for one, _ in column([JUNE, JULY], ("PER 31 JULI 2023",)).readings] == [JULY]
