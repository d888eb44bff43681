"""Where areas are found: every threshold with a case just at it and one just beside it, whose outcomes differ."""

import itertools

import numpy as np
import pytest

from ektp_analysis.ingest.cells import names
from ektp_analysis.ingest.columns import area_columns
from ektp_analysis.ingest.columns.table import Table, widened
from ektp_analysis.ingest.columns.table import turned as turned_sheet
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.places import nearness, placement, regencies, totals
from ektp_analysis.ingest.places.row_names import Said

REGENCY = "75.05"  # Gorontalo Utara: eleven kecamatan
DISTRICTS = list(names.children(REGENCY))
UNKNOWN = [f"Antah Berantah {letter * 3}" for letter in "bdgklmnprstw"]  # names that nothing resembles
LETTERS = "abdegiklmnoprstuwbadegikolmunaprisotuw"  # no pair of them is folded or doubled


def table(headers, rows):
    heads = tuple((text,) for text in headers)
    return Table("S", False, heads, (1,), [list(row) for row in rows], list(range(2, len(rows) + 2)), ())


def column(header, cells, *beside):
    """The area columns of a table of one column, or of several: (header, cells)."""
    columns = [(header, cells), *beside]
    return area_columns.find(table([head for head, _ in columns], list(zip(*(each for _, each in columns), strict=True))))


def changed(text, number, letters="xc"):
    """A text with so many of its letters as others."""
    return (letters * number)[:number] + text[number:]


_PARENTS = itertools.count(10)


@pytest.fixture
def register(monkeypatch):
    """Adds kabupaten to the register: {kecamatan: names of desa} -> its code. No code is used twice, for names are cached."""
    below, found = dict(names._below()), {}

    def add(districts):
        found.clear()
        regency = f"99.{next(_PARENTS)}"
        codes = {f"{regency}.{number:02}": name for number, name in enumerate(districts, start=1)}
        below[regency] = codes
        below["99"] = {**below.get("99", {}), regency: f"Kabupaten {regency}"}
        for (code, _), villages in zip(codes.items(), districts.values(), strict=True):
            below[code] = {f"{code}.{2000 + number}": name for number, name in enumerate(villages, start=1)}
        return regency

    def everywhere(level):
        if level not in found:
            children = [one for parent, inner in below.items() if parent.startswith("99") for one in inner.items()]
            found[level] = names._by_key([one for one in children if one[0].count(".") == level - 1], level, names._exact_key)
        return found[level]

    monkeypatch.setattr(names, "_below", lambda: below)
    monkeypatch.setattr(names, "everywhere", everywhere)
    monkeypatch.setattr(names, "loosely", lambda level: {})
    return add


# Columns of codes


@pytest.mark.parametrize(("codes", "notes", "found"), [(5, 5, 0), (5, 6, -1)])
def test_half_of_a_column_of_codes_looks_like_codes(codes, notes, found):
    assert column("KODE", [*DISTRICTS[:codes], *UNKNOWN[:notes]]).whole == found


@pytest.mark.parametrize(
    ("header", "known", "unknown", "found"), [("A", 9, 1, 0), ("A", 8, 1, -1), ("KODE", 6, 4, 0), ("KODE", 5, 4, -1)]
)
def test_nearly_all_codes_are_known_and_fewer_where_the_header_says_so(header, known, unknown, found):
    assert column(header, [*DISTRICTS[:known], *(f"{REGENCY}.9{n}" for n in range(unknown))]).whole == found


def test_fewer_known_codes_are_enough_only_for_those_of_kecamatan():
    regencies = list(names.children("75"))
    assert column("KODE", [*regencies[:6], *(f"75.9{n}" for n in range(4))]).whole == -1


@pytest.mark.parametrize(("dotted", "numbers", "found"), [(9, 2, 0), (8, 2, -1)])
def test_dots_prove_codes_without_a_header(dotted, numbers, found):
    regencies = list(names.children("35"))
    cells = [*regencies[:dotted], *(int(code.replace(".", "")) for code in regencies[dotted : dotted + numbers])]
    assert column("A", cells).whole == found


@pytest.mark.parametrize(
    ("different", "times", "found"), [(3, [2, 2, 2], 0), (3, [3, 2, 2], -1), (3, [1, 1, 1], 0), (2, [1, 1], -1)]
)
def test_different_numbers_that_are_codes_prove_codes_without_a_header(different, times, found):
    cells = [int(code.replace(".", "")) for code, n in zip(DISTRICTS[:different], times, strict=True) for _ in range(n)]
    assert column("A", cells).whole == found
    assert column("A", [int(code.replace(".", "")) for code in list(names.children("35"))[:4]]).whole == -1


@pytest.mark.parametrize(("empty", "found"), [(399, 0), (400, -1)])
def test_the_first_rows_are_looked_at(empty, found):
    assert column("KODE", [*[None] * empty, DISTRICTS[0]]).whole == found


def split(joining, other=0, without=0):
    """A code in three columns: rows that join, rows that do not, rows that show no provinsi."""
    rows = [*([75, 5, int(code[-2:])] for code in (DISTRICTS * 2)[:joining]), *[[75, 5, 99]] * other, *[["", 5, 1]] * without]
    return area_columns.find(table(["NO_PROP", "NO_KAB", "NO_KEC"], rows)).parts


def test_parts_join_to_codes():
    assert split(8, 2) == {1: 0, 2: 1, 3: 2} and split(7, 2) == {1: 0, 2: 1}
    assert split(5, without=5) == {1: 0, 2: 1, 3: 2} and split(5, without=6) == {}


@pytest.mark.parametrize(("notes", "found"), [(5, {3: 0, 4: 1}), (6, {})])
def test_half_of_a_column_of_parts_holds_parts(notes, found):
    cells = [*range(901, 906), *UNKNOWN[:notes]]
    assert column("KODE KEC", cells, ("KODE DESA", [7] * len(cells))).parts == found


@pytest.mark.parametrize(("parts", "found"), [(8, 0), (9, -1)])
def test_a_column_of_parts_makes_codes_of_provinsi_a_part_too(parts, found):
    beside = [*["99"] * parts, *UNKNOWN[: 10 - parts]]
    assert column("KODE PROV", ["75"] * 10, ("KODE KAB", beside)).whole == found


# Columns of names


def kinds_of_names():
    """Names that are of kecamatan alone, and of kabupaten alone."""
    here = [name for code in names.children("35") for name in names.children(code).values()]
    alone = [name for name in dict.fromkeys(here) if not area_columns._is_name(name, 2) and not area_columns._is_name(name, 1)]
    above = [name.replace("Kabupaten ", "") for code in ("11", "12", "13", "73") for name in names.children(code).values()]
    return alone, [name for name in above if not area_columns._is_name(name, 3) and "Kota" not in name]


@pytest.mark.parametrize(("texts", "found"), [(3, {3: 0}), (2, {})])
def test_a_column_of_names_may_be_filled_once_per_block(texts, found):
    cells = [*list(names.children(REGENCY).values())[:texts], *[5] * 7]
    assert column("KECAMATAN", cells).names == found


@pytest.mark.parametrize(("districts", "regencies", "level"), [(8, 0, 3), (7, 0, 2), (8, 1, 3), (8, 2, 2)])
def test_a_header_is_wrong_where_the_register_has_the_names_at_another_level(districts, regencies, level):
    below, above = kinds_of_names()
    cells = [*below[:districts], *above[:regencies], *UNKNOWN[: 10 - districts - regencies]]
    assert column("KABUPATEN", cells).names == {level: 0}


@pytest.mark.parametrize(("known", "unknown", "found"), [(6, 4, {3: 0}), (5, 4, {})])
def test_without_a_header_most_names_are_known(known, unknown, found):
    assert column("NAMA", [*kinds_of_names()[0][:known], *UNKNOWN[:unknown]]).names == found


@pytest.mark.parametrize(("both", "level"), [(9, 3), (8, 4)])
def test_of_levels_that_fit_as_well_the_likeliest_is_taken(both, level):
    shares = {1: 0.0, 2: 0.0, 3: both / 10, 4: 1.0}
    assert area_columns._best_level(UNKNOWN[:10], shares) == level


# Names below one parent


def near(given, *registered, parent):
    found = nearness.match(given, parent(dict.fromkeys(registered, ())), {})
    return {name: (one.code[-2:], one.how) for name, one in found.items()}


@pytest.mark.parametrize(
    ("letters", "others", "found"),
    [(25, 4, True), (25, 5, False), (8, 1, True), (7, 1, False), (14, 2, True), (12, 2, False)],  # 84, 80, 87.5, 85.7, 85.7, 83.3
)
def test_near_spelling(register, letters, others, found):
    name = LETTERS[:letters]
    got = near([changed(name, others)], name, "Pqr Jkl", parent=register)
    assert got == ({changed(name, others): ("01", "near")} if found else {})


@pytest.mark.parametrize(("given", "registered", "found"), [("prest", "presto", True), ("prest", "pres", False)])  # 90.9, 88.9
def test_near_spelling_of_short_names(register, given, registered, found):
    assert bool(near([given], registered, "Jkl Jkl", parent=register)) == found


def test_names_of_fewer_than_five_letters_resemble_too_many():
    assert nearness.match(["Kota Ngada"], "53", {})["Kota Ngada"].how == "near"
    assert nearness.match(["Kota Alor"], "53", {}) == {}


@pytest.mark.parametrize(("others", "found"), [(3, True), (2, False)])  # 96 against 88 or 92
def test_near_spelling_is_clearly_ahead(register, others, found):
    name = LETTERS[:25]
    areas_of = [changed(name, 1), changed(name, others, "cx"), "Pqr Jkl"]
    assert bool(near([name], *areas_of, parent=register)) == found
    # of one that another name has already as well
    assert (name in near([name, areas_of[1]], *areas_of, parent=register)) == found


@pytest.mark.parametrize(("registered", "found"), [("prest", True), ("prestlomg", False)])  # 60, 57.1
def test_the_last_name_for_the_last_area(register, registered, found):
    last = "prexx" if found else "presx"
    assert (last in near(["Jkl Jkl", last], "Jkl Jkl", registered, parent=register)) == found


def test_names_times_areas_are_bounded(register, monkeypatch):
    name = LETTERS[:25]
    monkeypatch.setattr(nearness, "MOST_PAIRS", 2)
    assert near([changed(name, 1)], name, "Pqr Jkl", parent=register)
    assert not near([changed(name, 1)], name, "Pqr Jkl", "Mno Tuw", parent=register)


@pytest.mark.parametrize(("length", "others", "found"), [(20, 9, 1), (13, 6, 0)])  # 55, 53.8
def test_suggestions(register, length, others, found):
    name = LETTERS[:length]
    parent = register({"Aa": (name,)})
    assert len(nearness.suggestions(changed(name, others), f"{parent}.01")) == found


# A kecamatan by its desa


def by_members(register, in_both, here, nowhere, name="prest", as_written="prexx"):
    """What a name is taken for whose desa stand in one kecamatan, some of them in another too, some nowhere."""
    desa = [f"Desa {letter * 2}{letter}o" for letter in "bdgklmnprst"]
    mine = desa[: in_both + here]
    regency = register({name: mine, "Jkl Jkl": desa[:in_both]})
    given = [(as_written, one) for one in [*mine, *UNKNOWN[:nowhere]]]
    return [one.code for one in regencies.by_members(given, {}, regency).values()] == [f"{regency}.01"]


def test_desa_prove_a_kecamatan(register):
    assert by_members(register, 0, 4, 1) and not by_members(register, 0, 3, 1)
    assert by_members(register, 1, 2, 0) and not by_members(register, 2, 3, 0)


def test_few_desa_prove_less(register):
    few = {"name": "pres", "as_written": "prex"}  # 75 alike
    assert by_members(register, 0, 2, 0, **few) and not by_members(register, 1, 1, 0, **few)
    assert not by_members(register, 0, 1, 1, **few)
    assert by_members(register, 0, 3, 0) and not by_members(register, 0, 2, 0)  # 60 alike


@pytest.mark.parametrize(
    ("desa", "name", "as_written", "found"),
    [(3, "prest", "prexx", True), (3, "prestlomg", "presx", False), (2, "pres", "prex", True), (2, "prestl", "presx", False)],
)  # 60, 57.1, 75, 72.7
def test_the_two_names_are_alike(register, desa, name, as_written, found):
    assert by_members(register, 0, desa, 0, name, as_written) == found


@pytest.mark.parametrize(("unknown", "found"), [(100, True), (101, False)])
def test_a_file_of_very_many_unknown_kecamatan_is_left(register, unknown, found):
    regency = register({"prest": ["Desa bbo"]})
    pairs = [("pres", "Desa bbo"), *((f"Xx {n}", "Yy") for n in range(unknown - 1))]
    assert bool(regencies.by_members(pairs, {}, regency)) == found


# The kabupaten by its names


def inferred(given, hints=()):
    said = {number: Said({3: name}, 3, "", "") for number, name in enumerate(given)}
    return regencies.infer(said, list(said), regencies.Clues(list(hints), "", {}))


def test_a_hint_must_fit_and_be_hardly_behind(register):
    given = UNKNOWN[:10]
    hint, best = (register(dict.fromkeys(given[:n], ())) for n in (6, 5))
    assert inferred(given, [hint]).regency == hint
    assert inferred(given[:9], [best]).regency == ""
    hint, behind, best = (register(dict.fromkeys(given[:n], ())) for n in (9, 8, 10))
    assert inferred(given, [hint]).regency == hint
    assert inferred(given, [behind]).regency == ""


def test_names_lie_as_a_set_in_one_kabupaten(register):
    here = register(dict.fromkeys(UNKNOWN[:4], ()))
    assert inferred(UNKNOWN[:5]) == (here, True, None)
    assert inferred([*UNKNOWN[:3], UNKNOWN[9]]).regency == ""


@pytest.mark.parametrize(("shared", "found"), [(4, True), (5, False)])
def test_and_fewer_than_half_in_any_other(register, shared, found):
    register(dict.fromkeys(UNKNOWN[:10], ()))
    register(dict.fromkeys(UNKNOWN[:shared], ()))
    assert bool(inferred(UNKNOWN[:10]).regency) == found


def test_two_names_are_no_set(register):
    here = register(dict.fromkeys(UNKNOWN[:5], ()))
    assert inferred(UNKNOWN[:3]).regency == here and inferred(UNKNOWN[:2]).regency == ""


def test_kabupaten_that_are_asked_about(register):
    first, third, fifth = (register(dict.fromkeys(UNKNOWN[start:end], ())) for start, end in ((0, 5), (5, 8), (8, 10)))
    assert fifth not in (first, third) and inferred(UNKNOWN[:10]).rivals == (first, third)
    others = [register(dict.fromkeys(UNKNOWN[:4], ())) for _ in range(3)]
    assert inferred(UNKNOWN[:10]).rivals == (first, *others[:2])
    assert inferred(UNKNOWN[:10], ["99.01", "99.02"]).rivals == ("99.01", "99.02", first, others[0])


@pytest.mark.parametrize(("others", "found"), [(7, True), (8, False)])
def test_the_eight_kabupaten_that_bear_most_names_are_tried(register, others, found):
    """The one in which the desa lie bears one kecamatan, the others bear two and none of the desa."""
    desa = UNKNOWN[:8]
    for _ in range(others):
        register({"Mno Mno": (), "Pqr Pqr": ()})
    here = register({"Jkl Jkl": desa})
    texts = [*({3: "Jkl Jkl", 4: one} for one in desa), {3: "Mno Mno", 4: "X"}, {3: "Pqr Pqr", 4: "X"}]
    said = {number: Said(one, 4, "", "") for number, one in enumerate(texts)}
    assert regencies.infer(said, list(said), regencies.Clues([], "", {})).regency == (here if found else "")


@pytest.mark.parametrize(("unknown", "found"), [(299, True), (300, False)])
def test_so_many_desa_without_a_kecamatan_speak(register, unknown, found):
    known = [f"Desa {a}{b}{c}a" for a, b, c in itertools.product("bdgklmnprstw", repeat=3)][: 5 * unknown]
    here = register({"Jkl Jkl": known})
    given = [f"{unknown} {n}" for n in range(unknown)] + known
    said = {number: Said({0: name}, 4, "", "") for number, name in enumerate(given)}
    assert regencies.infer(said, list(said), regencies.Clues([], "", {})).regency == (here if found else "")


def test_desa_of_one_name_that_are_asked_about(register):
    regency = register({name: ["Desa bbo"] for name in UNKNOWN[:5]})
    found = regencies.within_regency({0: Said({4: "Desa bbo"}, 4, "", "")}, ["Desa bbo"], [0], regency, {})
    assert found[0].code == "" and len(found[0].suggestions) == 4


# Codes and names together


def placed(codes, texts, **beside):
    columns = area_columns.AreaColumns(whole=0, names={3: 1})
    given = {"hints": (), "area": "", "aliases": {}} | beside
    return placement.place(table(["KODE", "KECAMATAN"], list(zip(codes, texts, strict=True))), columns, **given)


@pytest.mark.parametrize(("unknown", "found"), [(5, 5), (6, 0)])
def test_codes_place_rows_where_half_of_them_are_known(unknown, found):
    codes = [*DISTRICTS[:5], *[f"{REGENCY}.98"] * unknown]
    assert sum(map(bool, placed(codes, [""] * len(codes)).codes)) == found


@pytest.mark.parametrize(("names_alone", "by_code"), [(5, True), (6, False)])
def test_a_table_is_placed_by_code_where_half_of_its_rows_are(names_alone, by_code):
    codes = [*DISTRICTS[:5], *[""] * names_alone]
    found = placed(codes, [names.register().get(code, "Anggrek") for code in codes])
    assert found.by_code == by_code and all(found.codes)


def turned(same, others, unknown=0, trust=""):
    """Rows of codes: with their own names, with those of sisters, with names that nobody knows."""
    codes = [f"{REGENCY}.{n:02}" for n in range(1, same + others + unknown + 1)]
    own = [names.register()[code] for code in codes]
    sisters = own[same : same + others]
    return placed(codes, [*own[:same], *sisters[1:], *sisters[:1], *UNKNOWN[:unknown]], area=REGENCY, trust=trust)


def test_codes_and_names_at_odds_in_more_than_two_rows_are_asked_about():
    assert not turned(4, 2).at_odds and len(turned(4, 3).at_odds) == 3
    assert len(turned(0, 2).at_odds) == 2  # two rows of two are no slips
    for found in (turned(4, 3, trust="name"), turned(4, 3, trust="code")):
        assert not found.at_odds and all(found.codes) and found.foreign_codes != found.by_code
    assert turned(4, 3, trust="code").codes == DISTRICTS[:7] != turned(4, 3, trust="name").codes


def test_a_few_names_of_sisters_are_left_open():
    found = turned(2, 2)
    assert found.codes == [*DISTRICTS[:2], "", ""] and found.by_code and len(found.unmatched) == 2


def test_names_that_nobody_knows_leave_the_codes():
    found = turned(0, 0, 10)
    assert not found.foreign_codes and found.by_code and all(found.codes) and len(found.disagree) == 10


@pytest.mark.parametrize(
    ("code", "name", "asked"), [("94.01", "MERAUKE", True), ("94.01", "Nabire", False), ("94.01", "Lembah Baru Sekali", False)]
)
def test_a_single_kabupaten_whose_name_is_anothers_is_asked_about(code, name, asked):
    columns = area_columns.AreaColumns(whole=0, names={2: 1})
    given = table(["KODE", "KABUPATEN"], [[code, name]])
    assert bool(placement.place(given, columns, hints=(), area="", aliases={}).at_odds) == asked


def test_kabupaten_that_contradict_the_codes_are_asked_about():
    codes = [next(iter(names.children(regency))) for regency in ("75.01", "75.02", "75.03")]
    found = placed(codes, [None] * 3, hints=["35.19", "35.20", "35.21"])
    assert found.contradicted and found.rivals == ("75.01", "75.02", "35.19", "35.20")
    assert not placed(codes, [None] * 3, hints=["75.03"]).contradicted


def test_twins_are_told_apart_by_what_lies_below(register):
    """Kabupaten and kota of one name: four of five names in one, and fewer than half in the other."""
    one, two = register(dict.fromkeys(UNKNOWN[:8], ())), register(dict.fromkeys(UNKNOWN[:5], ()))
    clues = regencies.Clues([two], "", {})

    def narrowed(given):
        said = {number: Said({2: "X", 3: name}, 3, "", "") for number, name in enumerate(given)}
        return regencies.narrowed(said, list(said), [one, two], clues)

    assert narrowed(UNKNOWN[:10]) == [two]  # the other has half: what the title says is taken
    assert narrowed([*UNKNOWN[1:8], *UNKNOWN[10:11]]) == [two]
    assert narrowed([*UNKNOWN[4:8], UNKNOWN[10]]) == [one] and narrowed([*UNKNOWN[5:8], UNKNOWN[10]]) == [two]


def test_a_code_alone_among_many_unknown_ones_is_asked():
    """Such a row has no name at all; once it ended the reading."""
    village = next(iter(names.children(DISTRICTS[0])))
    rows = [[village, "", ""], *[[f"{REGENCY}.01.98{n}1", "Anggrek", "X"] for n in range(3)]]
    columns = area_columns.AreaColumns(whole=0, names={3: 1, 4: 2})
    found = placement.place(table(["KODE", "KEC", "DESA"], rows), columns, hints=(), area=REGENCY, aliases={})
    assert found.codes[0] == "" and found.unmatched[village] == []


# Totals


@pytest.mark.parametrize(("number", "figures", "kind"), [(2, 2, totals.TOTAL), (1, 2, totals.UNPLACED),
                                                         (3, 1, totals.TOTAL), (2, 1, totals.UNPLACED)])  # fmt: skip
def test_rows_that_are_sums_of_areas_are_totals(number, figures, kind):
    values = {str(role): np.array([*[70.0 + role] * number, (70.0 + role) * number]) for role in range(figures)}
    assert totals.settle([*[totals.AREA] * number, totals.UNPLACED], values)[-1] == kind


@pytest.mark.parametrize(("each", "kind"), [(17.0, totals.TOTAL), (16.0, totals.UNPLACED)])
def test_a_sum_below_fifty_persons_may_be_chance(each, kind):
    made = [*[totals.AREA] * 3, totals.UNPLACED]
    assert totals.settle(made, {"a": np.array([16.0, 17.0, each, 33.0 + each])})[-1] == kind
    assert totals.settle(made, {"a": np.array([16.0, 17.0, np.nan, 33.0])})[-1] == totals.UNPLACED  # of two areas only


@pytest.mark.parametrize(("rows", "kind"), [(200, totals.TOTAL), (201, totals.UNPLACED)])
def test_very_many_rows_without_an_area_are_no_totals(rows, kind):
    made = [*[totals.AREA] * 3, *[totals.UNPLACED] * rows]
    assert totals.settle(made, {"a": np.array([*[70.0] * 3, *[210.0] * rows])})[-1] == kind


# Long form


def long_form(rows, heads=("KECAMATAN", "L/P", "JUMLAH")):
    given = table(heads, rows)
    return widened(given) is not given


def listed(number, categories, value=5):
    return [[f"K{area}", text, value] for area in range(number) for text in categories]


def test_categories_are_few_and_half_of_them_known():
    assert long_form(listed(4, ["L", "P", "aa", "bb"])) and not long_form(listed(4, ["L", "P", "aa", "bb", "cc"]))
    eight = ["L", "P", "JML", "SUDAH REKAM", "BELUM REKAM", "WAJIB KTP", "LAKI-LAKI", "PEREMPUAN"]
    assert long_form(listed(4, eight)) and not long_form(listed(4, [*eight, "PRIA"]))


def test_categories_stand_in_two_rows_each_and_rows_are_four():
    assert long_form(listed(2, ["L", "P"])) and not long_form(listed(2, ["L", "P"])[:3])
    assert long_form(listed(2, ["L", "P", "JML"])) and not long_form(listed(2, ["L", "P", "JML"])[:5])


def test_two_columns_of_categories():
    heads = ("KECAMATAN", "L/P", "STATUS", "JUMLAH")
    rows = [[f"K{n}", sex, status, 5] for n in range(4) for sex in "LP" for status in ("SUDAH REKAM", "BELUM REKAM")]
    assert long_form(rows, heads)
    more = [[*row[:3], other, 5] for row in rows for other in ("L", "P")]
    assert not long_form(more, (*heads[:3], "JK", "JUMLAH"))


@pytest.mark.parametrize(("texts", "found"), [(1, True), (2, False)])
def test_a_column_of_figures_may_show_a_few_notes(texts, found):
    rows = listed(5, ["L", "P"])
    for row in rows[:texts]:
        row[2] = "nihil data"
    assert long_form(rows) == found


def test_what_names_an_area_repeats():
    rows = listed(6, ["L", "P"])
    assert long_form([row for row in rows if row[:2] not in (["K0", "L"], ["K1", "P"])])
    rows = listed(7, ["L", "P"])
    assert not long_form([row for row in rows if row[:2] not in (["K0", "L"], ["K1", "P"], ["K2", "L"])])


@pytest.mark.parametrize(("alone", "found"), [(4, True), (5, False)])
def test_areas_repeat(alone, found):
    """Three areas with both rows and four with one: seven of ten; with five with one: eight of eleven."""
    pairs = list(itertools.product("ABCD", "123"))
    rows = [[*pair, sex, 5] for pair in pairs[:3] for sex in "LP"]
    rows += [[*pair, "LP"[number % 2], 5] for number, pair in enumerate(pairs[3 : 3 + alone])]
    assert long_form(rows, ("KECAMATAN", "DESA", "L/P", "JUMLAH")) == found


def test_columns_of_figures_are_no_more_than_twelve():
    def figures(number):
        rows = [[f"K{n}", sex, *[5] * number] for n in range(4) for sex in "LP"]
        return long_form(rows, ("KECAMATAN", "L/P", *["WAJIB KTP"] * number))

    assert figures(12) and not figures(13)


def test_the_first_rows_of_a_long_form_are_looked_at():
    """Two categories that nobody knows beside two known ones are allowed; the third of them is row 2,001."""
    others = [["K", f"c{number}", 5] for number in range(20)]
    assert long_form([*listed(999, ["L", "P"]), *others]) and not long_form([*listed(998, ["L", "P"]), *others])


# Areas side by side


@pytest.mark.parametrize(("rows", "columns", "found"), [(120, 2, True), (121, 2, False), (3, 700, True), (3, 701, False),
                                                        (3, 1, False)])  # fmt: skip
def test_a_longer_or_wider_sheet_is_not_turned(rows, columns, found):
    assert (turned_sheet(Sheet("S", [["x"] * columns] * rows, False, ())) is not None) == found


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_names_of_a_level_are_found_as_those_of_one_area_are(level: int) -> None:
    """Made plain once for both keys: the same keys with the same codes as name by name."""
    areas = names._of_level(level)
    assert names.everywhere(level) == names._by_key(areas, level, names._exact_key) and len(names.everywhere(level)) > 30
    assert names.loosely(level) == names._by_key(areas, level, names._loose_key)
