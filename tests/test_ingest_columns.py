"""Which columns say the area: codes whole and split, names by level, each share on its threshold and beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ektp_analysis.core.area import NATION, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.ingest.candidate import read_table
from ektp_analysis.ingest.cells import names
from ektp_analysis.ingest.columns import area_columns
from ektp_analysis.ingest.columns.area_columns import AreaColumns, find
from ektp_analysis.ingest.columns.table import table_of
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.report import UNDECIDED
from tests.test_ingest_edges import table

DISTRICTS = [str(code) for code in register().codes(3, "35.19")]  # type: ignore[arg-type]
REGENCIES = [str(code) for code in register().codes(2, "35")]  # type: ignore[arg-type]
VILLAGES = [str(code) for code in register().codes(4, "35.19.02")]  # type: ignore[arg-type]
LAPSED = "35.19.99"


def column(header: str, cells: list[object], *more: tuple[str, list[object]]) -> AreaColumns:
    """What is found in a table of one column or several."""
    given = [(header, cells), *more]
    return find(table([name for name, _ in given], *map(list, zip(*(cells for _, cells in given), strict=True))))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("75.05.03", "75.05.03"),
        ("750503", "75.05.03"),
        (750503.0, "75.05.03"),
        (750503, "75.05.03"),
        ("7505032001", "75.05.03.2001"),
        (7505032001.0, "75.05.03.2001"),
        (75.0, "75"),
        (75.05, "75.05"),
        (35.1, "35.10"),  # a workbook keeps no last zero
        (11.01, "11.01"),
        ("75-05-03", "75.05.03"),
        ("75/05/03", "75.05.03"),
        ("75 . 05 . 03", "75.05.03"),
        ("75.05.03.", "75.05.03"),
        ("'750503", "75.05.03"),
        ("’75.05", "75.05"),
        ("750503.0", "75.05.03"),
        ("7505.0", "75.05"),
        ("75.05", "75.05"),
        ("\u00a0750503 ", "75.05.03"),
        ("75.05.99", None),
        (75.055, None),
        (100.05, None),
        (7505.5, None),
        (True, None),
        ("x", None),
        ("", None),
    ],
)
def test_a_code_as_a_cell_holds_it(cell: object, code: str | None) -> None:
    if code is None:
        with pytest.raises(UserError):
            area_columns.code_of(cell)
    else:
        assert area_columns.code_of(cell) == code
    assert area_columns.whole_code(cell) == code


def test_the_nation_has_a_code_of_its_own() -> None:
    assert area_columns.code_of(NATION) == NATION


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("75.05.03 Kwandang", "75.05.03"),
        ("750503 - Kwandang", "75.05.03"),
        ("75.05.03: Kwandang", "75.05.03"),
        ("75.05.03 | KWANDANG", "75.05.03"),
        ("75.05.99 Kwandang", None),
        ("75.05.03 2001", None),
        ("Kwandang", None),
        (None, None),
        (" ", None),
    ],
)
def test_a_code_before_a_name(cell: object, code: str | None) -> None:
    assert area_columns.whole_code(cell) == code


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        (5.0, "5"),
        (5, "5"),
        (0, "0"),
        ("05", "05"),
        ("'05", "05"),
        (" 5.0", "5"),
        ("`5'", "5"),
        (5.5, None),
        (-1, None),
        (1e10, None),
        (1e10 - 1, "9999999999"),
        ("1" * 10, "1" * 10),
        ("1" * 11, None),
        ("²", None),
        ("٥", None),
        ("x", None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_a_part_of_a_code_as_a_cell_holds_it(cell: object, digits: str | None) -> None:
    assert area_columns.part(cell) == digits


@pytest.mark.parametrize(("codes", "taken"), [(5, True), (4, False)])
def test_a_column_of_codes_has_them_in_half_of_its_cells(codes: int, taken: bool) -> None:
    cells = [*DISTRICTS[:codes], *["keterangan"] * (10 - codes)]
    assert (column("KODE", cells).whole == 0) is taken


@pytest.mark.parametrize(("known", "taken"), [(10, True), (9, True), (8, False)])
def test_without_a_word_nine_codes_of_ten_are_known(known: int, taken: bool) -> None:
    assert (column("X", [*DISTRICTS[:known], *[LAPSED] * (10 - known)]).whole == 0) is taken


@pytest.mark.parametrize(("known", "taken"), [(10, True), (6, True), (5, False)])
def test_with_a_word_six_of_ten_are_enough_for_kecamatan(known: int, taken: bool) -> None:
    assert (column("KODE", [*DISTRICTS[:known], *[LAPSED] * (10 - known)]).whole == 0) is taken
    assert (column("KECAMATAN", [*DISTRICTS[:known], *[LAPSED] * (10 - known)]).whole == 0) is taken


@pytest.mark.parametrize(("known", "taken"), [(10, True), (9, True), (8, False)])
def test_but_not_for_kabupaten(known: int, taken: bool) -> None:
    assert (column("KODE", [*REGENCIES[:known], *["35.99"] * (10 - known)]).whole == 0) is taken


@pytest.mark.parametrize(("dotted", "taken"), [(10, True), (9, True), (8, False), (5, False)])
def test_dots_prove_codes_of_kabupaten_without_a_word(dotted: int, taken: bool) -> None:
    cells = [code if number < dotted else code.replace(".", "") for number, code in enumerate(REGENCIES[:10])]
    assert (column("X", cells).whole == 0) is taken


@pytest.mark.parametrize(
    ("cells", "taken"),
    [
        (DISTRICTS[:3], True),
        (DISTRICTS[:2], False),  # fewer than three
        ([*DISTRICTS[:2], *DISTRICTS[:2]], True),  # half of them differ
        ([*DISTRICTS[:2], *DISTRICTS[:2], DISTRICTS[0]], False),
        (REGENCIES[:5], False),  # four digits may be a count
        (VILLAGES[:5], True),
    ],
)
def test_codes_without_dots_and_without_a_word_tell_areas_apart(cells: list[str], taken: bool) -> None:
    assert (column("X", [int(code.replace(".", "")) for code in cells]).whole == 0) is taken
    assert column("KODE", [int(code.replace(".", "")) for code in cells]).whole == 0


def test_what_is_no_column_of_codes() -> None:
    assert column("WAJIB KTP", list(DISTRICTS)).whole == -1
    assert column("KODE BPS", list(DISTRICTS)).whole == -1
    assert column("NO", [float(n) for n in range(11, 19)]).whole == -1  # the eleventh row is not Aceh
    assert column("KODE PROV", ["11", "12", "13", "14"]).whole == 0
    assert column("KODE", ["", "x"]).whole == -1


def test_of_two_columns_of_codes_the_deeper_one_is_taken() -> None:
    codes = ("KODE KEC", list(DISTRICTS[:9])), ("KODE DESA", list(VILLAGES[:9]))
    assert column(*codes[0], codes[1]).whole == 1 and column(*codes[1], codes[0]).whole == 0


@pytest.mark.parametrize(("parts", "alone"), [(10, False), (9, False), (8, True), (0, True)])
def test_a_column_of_provinsi_codes_beside_one_of_parts_is_a_part_itself(parts: int, alone: bool) -> None:
    beside = [99.0 if number <= parts else "x" for number in range(1, 11)]
    assert (column("KODE PROV", ["11"] * 10, ("KODE KAB", beside)).whole == 0) is alone
    assert column("KODE PROV", ["11"] * 10, ("LAIN", beside)).whole == 0


def split(codes: list[str]) -> list[list[object]]:
    return [[float(piece) for piece in code.split(".")] for code in codes]


HEADS = ["NO_PROP", "NO_KAB", "NO_KEC", "NO_KEL"]


def of_parts(heads: list[str], rows: list[list[object]]) -> dict[int, int]:
    return dict(find(table(heads, *rows)).parts)


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_parts_named_from_the_provinsi_down_are_a_code(depth: int) -> None:
    codes = {2: REGENCIES, 3: DISTRICTS, 4: VILLAGES}[depth][:9]
    assert of_parts(HEADS[:depth], split(codes)) == {level: level - 1 for level in range(1, depth + 1)}
    shuffled = [[*row[1:], row[0]] for row in split(codes)]
    assert of_parts([*HEADS[1:depth], HEADS[0]], shuffled) == {
        1: depth - 1,
        **{level: level - 2 for level in range(2, depth + 1)},
    }


@pytest.mark.parametrize(("good", "taken"), [(10, True), (8, True), (7, False)])
def test_four_rows_of_five_with_all_parts_are_a_code(good: int, taken: bool) -> None:
    rows = split([*DISTRICTS[:good], *[LAPSED] * (10 - good)])
    assert (3 in of_parts(HEADS[:3], rows)) is taken


@pytest.mark.parametrize(("written", "taken"), [(10, True), (5, True), (4, False)])
def test_half_of_the_rows_show_all_parts(written: int, taken: bool) -> None:
    rows = [row if number < written else ["", "", row[2]] for number, row in enumerate(split(DISTRICTS[:10]))]
    assert (of_parts(HEADS[:3], rows) == {1: 0, 2: 1, 3: 2}) is taken


@pytest.mark.parametrize("heads", [["A", "B", "C", "D"], ["A", "B", "C", "D", "E"]])
def test_parts_without_words_stand_in_a_row_from_the_provinsi_on(heads: list[str]) -> None:
    rows = split(VILLAGES[:9])
    if len(heads) == 4:
        assert of_parts(heads, rows) == {1: 0, 2: 1, 3: 2, 4: 3}
    else:  # one column between is left out
        assert of_parts(heads, [[row[0], float(n), *row[1:]] for n, row in enumerate(rows, start=300)]) == {
            1: 0,
            2: 2,
            3: 3,
            4: 4,
        }


def test_a_part_may_be_a_whole_code() -> None:
    whole = [int(code.replace(".", "")) for code in DISTRICTS[:9]]
    assert column("KODE KEC", whole).whole == 0
    assert column("X", ["a"] * 9, ("KECAMATAN", [*whole[:8], ""])).whole == 1


def test_parts_below_the_kabupaten_are_named_by_their_headers() -> None:
    desa = [float(code.rpartition(".")[2]) for code in VILLAGES[:9]]
    found = column("NO_KEC", [2.0] * 9, ("NO_KEL", desa))
    assert dict(found.parts) == {3: 0, 4: 1} and found.whole == -1
    assert dict(column("NO_KEL", desa).parts) == {} == dict(column("NO_KEC", [2.0] * 9).parts)


def test_all_columns_that_are_used() -> None:
    assert AreaColumns().used == frozenset() and AreaColumns(whole=0, mixed=4, parts={1: 2}, names={3: 3}).used == {0, 2, 3, 4}


# Names

EVERY = {level: names.everywhere(level) for level in (1, 2, 3, 4)}


def only_at(level: int, count: int) -> list[str]:
    """Names of areas of one level that the register has at no other, in any spelling."""
    found: list[str] = []
    for code in register().codes(level):  # type: ignore[arg-type]
        name = str(register().name(code)).replace("Kabupaten ", "")
        others = (one for one in (1, 2, 3, 4) if one != level)
        if " " not in name and not name.startswith("Kota") and not any(area_columns._is_name(name, other) for other in others):
            found.append(name)
        if len(set(found)) == count:
            break
    return list(dict.fromkeys(found))


AT = {level: only_at(level, 10) for level in (2, 3, 4)}
NOWHERE = [f"Zzqx{letter}wv" for letter in "abcdefghij"]


@pytest.mark.parametrize("level", [2, 3, 4])
@pytest.mark.parametrize(("known", "taken"), [(10, True), (6, True), (5, False)])
def test_names_without_a_header_are_of_the_level_at_which_most_are(level: int, known: int, taken: bool) -> None:
    cells = [*AT[level][:known], *NOWHERE[known:]]
    assert dict(column("X", cells).names) == ({level: 0} if taken else {})


@pytest.mark.parametrize("level", [3, 4])
@pytest.mark.parametrize(
    ("here", "elsewhere", "taken"), [(0, 10, False), (1, 8, False), (2, 8, True), (0, 7, True), (1, 7, True)]
)
def test_a_header_is_wrong_where_hardly_a_name_is_of_its_level_but_most_of_another(
    level: int, here: int, elsewhere: int, taken: bool
) -> None:
    """Hardly: fewer than two of ten; most: more than seven of ten."""
    other = 7 - level
    cells = [*AT[level][:here], *AT[other][:elsewhere], *NOWHERE[: 10 - here - elsewhere]]
    assert dict(column({3: "KECAMATAN", 4: "DESA"}[level], cells).names) == {level if taken else other: 0}


def test_of_two_columns_of_a_level_the_one_with_more_known_names_is_taken() -> None:
    many, few = AT[3][:9], [*AT[3][:5], *NOWHERE[:4]]
    assert dict(column("KECAMATAN", many, ("KECAMATAN", few)).names) == {3: 0}
    assert dict(column("KECAMATAN", few, ("KECAMATAN", many)).names) == {3: 1}
    assert dict(column("KECAMATAN", many, ("KECAMATAN", many)).names) == {3: 0}


def test_names_of_several_levels_stand_in_one_column() -> None:
    cells: list[object] = [*AT[3][:4], *AT[4][:6]]
    found = column("KECAMATAN / DESA", cells)
    assert found.mixed == 0 and dict(found.names) == {}
    assert column("KABUPATEN / KECAMATAN", cells).mixed == 0 and column("KECAMATAN", cells).mixed == -1
    both = column("KECAMATAN / DESA", cells, ("KECAMATAN", AT[3][:10]), ("DESA", AT[4][:10]))
    assert both.mixed == -1 and dict(both.names) == {3: 1, 4: 2}
    assert column("KECAMATAN / DESA", cells, ("KECAMATAN", AT[3][:10])).mixed == 0


def shares(*given: float) -> dict[int, float]:
    return dict(zip((1, 2, 3, 4), given, strict=True))


@pytest.mark.parametrize(
    ("texts", "given", "level"),
    [
        (["Desa A", "Desa B", "C"], shares(0, 0, 0.9, 0.9), 4),  # most texts bear its word
        (["Desa A", "B"], shares(0, 0, 0.9, 0.9), 3),  # half are not most
        (["Kec. A", "Kec. B"], shares(0, 0, 0.85, 0.9), 3),
        (["A", "B"], shares(0, 0, 0.7, 0.9), 4),
        (["A", "B"], shares(0, 0, 0.81, 0.9), 3),  # a desa is called like its kecamatan
        (["A", "B"], shares(0, 0, 0.8, 0.9), 3),
        (["A", "B"], shares(0, 0, 0.79, 0.9), 4),
        (["A", "B"], shares(0, 0.9, 0.85, 0.2), 2),
        (["A"], shares(0, 0.9, 0.85, 0.2), 3),  # one kabupaten alone says nothing
        (["A", "A"], shares(0, 0.9, 0.85, 0.2), 3),
        (["A", "B"], shares(0, 0.9, 0.9, 0.2), 3),
        (["A", "B"], shares(0.9, 0.95, 0.85, 0.2), 3),
        (["A", "B"], shares(0.9, 0.95, 0.2, 0.2), 2),
        (["A", "B"], shares(0.9, 0.2, 0.2, 0.2), 1),
        (["Provinsi A", "Provinsi B"], shares(0.9, 0.9, 0.2, 0.2), 2),  # a provinsi's word decides nothing here
    ],
)
def test_of_levels_that_fit_as_well_one_is_likeliest(texts: list[str], given: dict[int, float], level: int) -> None:
    assert area_columns._best_level(texts, given) == level


@pytest.mark.parametrize(
    ("text", "level", "known"),
    [
        ("Gorontalo", 1, True),
        ("PROVINSI GORONTALO", 1, True),
        ("Kwandang", 1, False),
        ("Yogyakarta", 1, True),
        ("KAB. GORONTALO UTARA", 2, True),
        ("Gorontalo Utara", 2, True),
        ("Kwandang", 2, False),
        ("KEC. KWANDANG", 3, True),
        ("Kuandang", 3, False),
        ("Soemalata", 3, True),  # an old spelling
        ("Zzqxwv", 4, False),
        ("Desa Moluo", 4, True),
    ],
)
def test_a_name_is_known_at_a_level(text: str, level: int, known: bool) -> None:
    assert area_columns._is_name(text, level) is known


def test_a_merged_cell_beyond_the_last_column_heads_nothing() -> None:
    rows: list[list[object]] = [["KECAMATAN", "WAJIB KTP"], ["Kwandang", 5.0], ["Anggrek", 6.0]]
    for merged in ((), ((0, 2, 0, 4),), ((0, 1, 0, 4),)):
        made = table_of(Sheet("S", rows, False, merged))
        assert made is not None and made.headers == (("KECAMATAN",), ("WAJIB KTP",))


def test_a_row_of_the_nation_alone_is_no_table_of_areas() -> None:
    made = replace(table(["PROVINSI", "WAJIB KTP", "SUDAH REKAM"], ["INDONESIA", 900.0, 880.0]), titles=("KTP",))
    found = read_table(made, UNDECIDED, "x")
    assert found is not None and (found.unfitting, found.level, found.rows) == ("areas", 0, [])
