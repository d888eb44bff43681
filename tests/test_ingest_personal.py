"""What a personal number is: in a text, in a number, over neighbouring cells, and what only looks like one. No whole files."""

from __future__ import annotations

import numpy as np
import pytest

from ektp_analysis.ingest.opening import personal
from ektp_analysis.ingest.opening.containers import Book, Sheet
from ektp_analysis.ingest.opening.personal import in_text
from tests.spec.plants import SPELLINGS

# All made up: kecamatan 75.05.03, born on 01-01-1990, the first of that day; and one whose digits are like dates
NIK = "7505030101900001"
WOMAN = "7505034112990012"
DATED = "1201202305062023"


@pytest.mark.parametrize("number", [NIK, WOMAN])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_is_seen_in_every_spelling_and_within_a_sentence(spelling: str, number: str) -> None:
    written = SPELLINGS[spelling](number)
    assert in_text(written) and in_text(f"cek {written} ya")
    assert in_text(written[:-1]) is (spelling == "sentence" or spelling == "numbered")


@pytest.mark.parametrize("mark", [*" .-'’`\u00a0\u2003\u202f\ufeff\t", "   ", " - "])
def test_marks_may_stand_between_any_digits_but_no_more_than_three(mark: str) -> None:
    assert in_text(mark.join(NIK)) and in_text(f"{NIK[:7]}{mark}{NIK[7:]}")
    assert not in_text(f"{NIK[:7]}    {NIK[7:]}")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (NIK, True),
        (f"a{NIK}b", True),
        (NIK[:-1], False),
        (f"{NIK}5", True),  # a digit too many
        (f"5{NIK}", True),
        (f"{NIK}55", False),  # longer numbers are none
        (f"55{NIK}", False),
        (f"5{NIK}5", False),
        (f"1.5{NIK}", False),  # a number with decimals
        (f"1,{NIK}5", False),
        (f"{NIK}5,25", False),
        (f"{NIK}5.", True),
        (f"{NIK[:12]}10015", False),  # a thousand born on a day: where a digit is too many, it must be likely
        (f"5{DATED}", False),
        (f"{NIK}.0", True),  # as a program prints a float
        (f"{NIK},00", True),
        (f"{NIK}.5", True),  # nobody prints so many digits before a mark
        ("0.7505030101900001", False),  # a fraction
        ("0,7505030101900001", False),
        ("7.505030101900001", False),  # a number with decimals, a coordinate
        ("750.5030101900001", False),
        ("7505.030101900001", True),
        ("7.505030101900001E+15", True),
        ("7,505030101900001e15", True),
        ("7.50503010190000E+15", True),  # its last digit is lost
        ("7.505030101900001E+14", False),
        ("7.505030101900001E+150", False),
        ("7.50503010190001E+15", True),
        ("7.50503010190E+15", False),  # only eleven digits behind the mark
        ("7500030101900001", False),  # no kabupaten
        ("7505000101900001", False),
        ("7505033201900001", False),  # no day
        ("7505030113900001", False),  # no month
        ("7505030101900000", False),  # no serial
        ("1005030101900001", False),  # no provinsi
        ("12-01-2023 05-06-2023", False),  # two days
        ("12 01 2023 - 05 06 2023", False),
        (DATED, True),  # the same digits without the shape of days
        ("12-01-20 2305 06-2023", True),
        ("", False),
        ("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", False),
    ],
)
def test_texts_that_hold_a_number(text: str, holds: bool) -> None:
    assert in_text(text) is holds and in_text(f"NIP: {text}") is holds


@pytest.mark.parametrize(
    ("digits", "holds"),
    [
        ("7505030101900999", True),
        ("7505030101901000", False),  # no thousand persons of a day and a kecamatan
        ("7501010101900001", True),  # the lowest numbers of a kabupaten and a kecamatan
        ("7500010101900001", False),
        ("7501000101900001", False),
        ("7530600101900001", True),  # the highest
        ("7531600101900001", False),
        ("7530610101900001", False),
        ("7570010101900001", False),
        ("7571010101900001", True),
        ("7579010101900001", True),
        ("7580010101900001", False),
        ("7505033101900001", True),
        ("7505033201900001", False),
        ("7505037101900001", True),
        ("7505037201900001", False),
    ],
)
def test_pieces_are_joined_to_what_is_likely(digits: str, holds: bool) -> None:
    assert (personal.joined([digits[:6], digits[6:]]) is not None) is holds
    assert in_text(f"{digits[:6]}/{digits[6:12]}/{digits[12:]}") is holds


def cut(number: str, *lengths: int) -> list[str]:
    ends = np.cumsum(lengths)
    return [number[end - length : end] for end, length in zip(ends, lengths, strict=True)]


@pytest.mark.parametrize(
    ("lengths", "in_cells", "in_a_text"),
    [
        ((6, 10), True, True),
        ((8, 8), True, True),
        ((10, 6), True, True),
        ((12, 4), True, True),
        ((7, 9), True, False),  # two cells may be cut anywhere; in a text the second is a decimal
        ((3, 13), True, False),
        ((15, 1), True, False),
        ((6, 6, 4), True, True),
        ((2, 2, 2, 2, 2, 2, 4), True, True),
        ((4, 4, 4, 4), True, True),
        ((6, 2, 4, 4), True, True),
        ((2, 4, 10), True, True),
        ((2, 2, 2, 10), True, True),
        ((6, 2, 8), True, True),
        ((1, 3, 3, 3, 3, 3), True, True),
        ((2,) * 8, True, True),
        ((1,) * 16, True, True),
        ((5, 7, 4), False, False),  # nothing of a number ends behind its fifth digit
        ((6, 5, 5), False, False),
        ((3, 3, 3, 3, 4), False, False),
        ((1,) * 12 + (4,), False, False),
    ],
)
def test_a_number_is_known_where_it_is_cut_as_people_cut_one(lengths: tuple[int, ...], in_cells: bool, in_a_text: bool) -> None:
    pieces = cut(NIK, *lengths)
    assert personal.joined(pieces) == (len(pieces) - 1 if in_cells else None)
    assert personal.joined(["Kwandang", "", "x", *pieces, "", "x"]) == (len(pieces) + 2 if in_cells else None)
    assert personal.joined([one for piece in pieces for one in (piece, "  ", None)]) == (
        3 * len(pieces) - 3 if in_cells else None
    )
    assert in_text("/".join(pieces)) is in_a_text


def test_other_cells_between_the_pieces_end_them() -> None:
    assert personal.joined(["750503", "x", "0101900001"]) is None
    assert personal.joined(["750503", "-", "0101900001"]) == 2  # a mark is nothing
    assert personal.joined([NIK]) is None and personal.joined([]) is None
    assert personal.joined(["7", *cut(NIK, 6, 10)]) == 2 and personal.joined([*cut(NIK, 6, 10), "7"]) == 1
    assert personal.joined(["12", *NIK, "12"]) == 16 and personal.joined(["1", *NIK]) is None  # seventeen boxes


def test_a_zero_that_a_number_of_ten_digits_lost_is_put_back() -> None:
    assert personal.joined(["750503", 101900001.0]) == 1
    assert personal.joined(["750503", "101900001"]) == 1
    assert personal.joined(["75050", "101900001"]) is None
    assert personal.joined(["750503", "10190001"]) is None


def test_the_codes_of_a_kecamatan_and_its_village_are_no_number() -> None:
    assert personal.joined(["110101", "1101010001"]) is None
    assert personal.joined(["110101", "1101020001"]) == 1  # ten digits that belong to no village of it
    assert personal.joined(["1101012001", "110102"]) is None
    assert personal.joined(["1101011001", "110102"]) is None
    assert personal.joined(["1101012012", "010001"]) is None  # a village, whatever stands behind its second digit
    assert personal.joined(["1101012101", "010001"]) == 1


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        ("750503", "750503"),
        ("0503", "0503"),
        (" 75.05.03 ", "750503"),  # a code
        ("75.05.03.2001", "7505032001"),
        ("'75 05-03", "750503"),
        ("75’05`03/", "750503"),
        ("٧٥٠٥٠٣", "750503"),
        ("12,5", ""),
        ("12.5", ""),
        ("x5", ""),
        ("", ""),
        ("-", ""),
        ("5" * 40, "5" * 40),
        ("5" * 41, ""),
        (750503.0, "750503"),
        (750503, "750503"),
        (0, "0"),
        (0.5, ""),
        (-5, ""),
        (1e15 - 1, "999999999999999"),
        (1e15, ""),
        (True, ""),
        (None, ""),
    ],
)
def test_the_digits_of_a_cell_with_nothing_else(cell: object, digits: str) -> None:
    assert personal.digits_of(cell) == digits


@pytest.mark.parametrize(
    ("cell", "may"),
    [
        ("0001", True),
        ("1001", False),
        ("001", False),
        ("00001", False),
        ("01900001", True),  # month, year and serial
        ("12900001", True),
        ("13900001", False),
        ("00900001", False),
        ("01901001", False),
        ("0101900001", True),
        (101900001.0, True),  # the zero is lost
        ("101900001", True),
        ("901900001", True),
        ("301900001", True),
        ("331900001", False),
        ("010113900001", False),
        ("030101900001", True),
        ("505030101900001", True),  # all but one
        (NIK, False),
        ("1900001", False),
        ("", False),
        ("x", False),
    ],
)
def test_a_piece_that_may_end_a_number(cell: object, may: bool) -> None:
    assert personal.may_end(cell) is may


@pytest.mark.parametrize(
    ("cell", "may"),
    [
        ("750503010", True),
        ("7505030", False),
        ("75050301", True),
        ("7505030101", True),
        ("7505033101", True),
        ("7505037112", True),
        ("7505037212", False),  # no day
        ("7505030001", False),
        ("7505030113", False),  # no month
        ("7505030100", False),
        ("7505030112", True),
        ("750503011", True),
        ("750503012", False),
        ("7531030101", False),
        ("7505610101", False),
        ("7505032001", False),  # a village
        ("7505031001", False),
        ("75050301019000", True),
        ("750503010190000", True),
        (NIK, False),
        ("x", False),
    ],
)
def test_a_piece_that_may_begin_a_number(cell: object, may: bool) -> None:
    assert personal.may_begin(cell) is may


@pytest.mark.parametrize(
    ("last", "beside", "sure"),
    [
        ("0001", ["2345"] * 9, True),  # it has a zero before it
        (1.0, [7.0] * 9, True),  # a digit in a box
        (10900001.0, [10900001.0, 12345678.0], True),  # half of those as long
        (10900001.0, [10900001.0, 12900002.0, *[22345678.0] * 3], True),  # two of five
        (10900001.0, [10900001.0, *[22345678.0] * 2], False),  # one of three
        (10900001.0, [10900001.0, *[5.0] * 9], True),  # shorter ones do not count
        (10900001.0, [10900001.0, *[1234567.0] * 9], False),  # but those one digit shorter
        (10900001.0, [10900001.0, *[123456.0] * 9], True),
        (10900001.0, [10900001.0, *["x"] * 9], True),
        (123.0, [123.0, 456.0, 4567.0], True),  # below four digits any may be a serial without its zeros
        (1234.0, [1234.0, 5678.0, 2345.0], False),
        ("120456", ["120456", "340567"], True),  # two digits of a year and a serial
        ("121456", ["121456", "341567"], False),  # no serial begins so
        ("12345", ["12345", "23456"], False),
        ("20456", ["20456", "30456"], True),
        ("99990123", ["99990123", "99980456"], False),  # no month
    ],
)
def test_a_count_among_counts_ends_no_number(last: object, beside: list[object], sure: bool) -> None:
    assert personal.no_count(last, beside) is sure


@pytest.mark.parametrize("alike", [1, 2])
def test_pieces_among_counts_are_found_where_two_of_five_are_alike(alike: int) -> None:
    pair = ["75050301", "10900001"]
    others = ["10900123", "22345678", "22345679", "22345670"][2 - alike : 6 - alike]
    sheet = Sheet("", [pair, *(["", one] for one in others), *([["", "22345671"]] if alike == 1 else [])])
    assert (personal.numbers_in_book(Book("csv", (sheet,))) is not None) is (alike == 2)


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        (float(NIK), True),
        (-float(NIK), True),
        (7505030101900000.0, True),  # the fifteen digits that a workbook keeps
        (7505030101900010.0, True),
        (7505033901900000.0, False),
        (1101010101900001.0, True),
        (1001010101900001.0, False),
        (9471010101900001.0, True),
        (7505030101900001.5e-3, False),
        (750503010190000.0, False),
        (75050301019000010.0, True),  # a digit too many
        (75050301019000000.0, True),
        (57505030101900000.0, True),
        (75050333019000010.0, False),
        (75050301019010010.0, False),
        (750503010190000100.0, False),
        (0.0, False),
    ],
)
def test_numbers_of_a_workbook_that_are_one(number: float, holds: bool) -> None:
    assert personal.in_number(number) is holds
    assert personal.first([5.0, "x", number]) == (2 if holds else None)
    assert personal.long_numbers(np.array([5.0, number])).tolist() == ([number] if abs(number) > 1.1e15 else [])


def test_the_first_value_that_holds_one_is_named() -> None:
    assert personal.first(["x", "", 5, float(NIK), NIK]) == 3 and personal.first([f"cek {NIK}"]) == 0
    assert personal.first(["x", True, None, 1.5]) is None and personal.first([]) is None
    assert personal.first([int(NIK)]) == 0


def found(rows: list[list[object]], name: str = "", *, columns: bool = False) -> str | None:
    """Where a sheet of these cells holds one; ``columns``: all rows are as long, so that it is searched column by column."""
    given = rows if columns else [*rows, []]
    place = personal.numbers_in_book(Book("csv", (Sheet("", [["a"]]), Sheet(name, given))))
    return None if place is None else str(place)


NEAR = ["x", 12.0]


@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([NEAR, NEAR], None),
        ([NEAR, ["y", NIK]], "cell B2"),
        ([NEAR, NEAR, [float(NIK), "y"]], "cell A3"),
        ([[int(NIK), "y"]], "cell A1"),
        ([["y", -float(NIK)]], "cell B1"),
        ([NEAR, ["750503", "0101900001"]], "cell B2"),  # over two cells
        ([NEAR, [750503.0, 101900001.0]], "cell B2"),
        ([NEAR, ["x", "750503"], ["x", "0101900001"]], "cell B3"),  # over two rows
        ([["7505030101", "x"], ["90", "x"], ["0001", "x"]], "cell A3"),
        ([["7505030101", "x"], *[["", "x"]] * 5, ["900001", "x"]], "cell A7"),  # six rows below
        ([["7505030101", "x"], *[["", "x"]] * 6, ["900001", "x"]], None),
        ([["x", "y"], ["x", "y"], ["x", "750503"], ["x", "010190"], ["x", "0001"]], "cell B5"),
    ],
)
def test_the_place_of_a_number_in_the_cells(rows: list[list[object]], place: str | None, columns: bool) -> None:
    assert found(rows, columns=columns) == place
    named = found(rows, "Data", columns=columns)
    assert named == (None if place is None else f"sheet Data, {place}")


@pytest.mark.parametrize("month", [10.0, 11.0, 12.0])
def test_pieces_that_are_numbers_among_texts_are_looked_at(month: float) -> None:
    end = month * 1e6 + 900_001
    assert (
        found([["75050301", "x"], [end, "y"]], columns=True) == "cell A2" == found([[75050301.0, "x"], [end, "y"]], columns=True)
    )


def test_a_row_of_boxes_holds_one() -> None:
    assert found([["NIK", *NIK]]) == "cell Q1" and found([["NIK", *map(float, NIK)]]) == "cell Q1"
    assert found([[*NIK[:15], ""]]) is None
    assert found([[1.0] * 17, [float(n) for n in range(1, 18)]]) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Data", "Data"),
        (f"x {NIK[:-1]}", f"x {NIK[:-1]}"),
        (f"x {NIK}", "x " + "x" * 16),
        ("2023 75050301 0190", "xxxx xxxxxxxx xxxx"),
        ("a" * 61, "a" * 60),
    ],
)
def test_a_name_is_repeated_without_digits_that_may_be_somebody_s(name: str, shown: str) -> None:
    assert personal.shown(name) == shown


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("abc 12", "abc 12"),
        ("١٢٣", "123"),
        ("１２", "12"),
        ("1\u200b2\u00ad3", "123"),
        ("a\x002", "a2"),
        ("é5", "é5"),
    ],
)
def test_digits_of_every_script_are_spelt_out(text: str, plain: str) -> None:
    assert personal.plain(text) == plain
