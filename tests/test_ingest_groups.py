"""Columns that are groups of a role, by age or otherwise: their total, their sum, or a question; never one of them for everyone.

Many made layouts of them are class 7 of ``tests.silent``.
"""

from datetime import date

import pytest

from ektp_analysis.core.text import render
from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.ages import ages_in, apart, bare, follow
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from tests.silent import figures
from tests.test_ingest_silent import REGENCY, body, text

TODAY = date(2026, 1, 1)
ROWS, TRUTH = body(REGENCY)
AGES = ["17-20", "21-40", ">40"]


def parts(count, number):
    """A count in three groups, which no two of them show to be a sum."""
    first, second = count * 47 // 100 + number, count * 29 // 100
    return [first, second, count - first - second]


def read(heads, row, **choices):
    """A table of header rows and one row an area; ``row``: (eligible, recorded, unrecorded, number of the row) -> its cells."""
    rows = [[name, *row(e, r, u, number)] for number, (name, e, r, u) in enumerate(ROWS)]
    top = [["KABUPATEN GORONTALO UTARA"], ["PEREKAMAN KTP-EL PER 30 JUNI 2023"]]
    return read_file(text(*top, *heads, *rows), "x.csv", Choices(**choices), today=TODAY)


def only(*roles):
    return {code: tuple(n if role in roles else None for n, role in zip(one, "eru", strict=True)) for code, one in TRUTH.items()}


def why(report, role):
    """What is said of the column of a role: the columns, and the reasons."""
    found = next(one for one in report.evidence if render(one.choice, "en").startswith(f"{role}: "))
    return render(found.choice, "en").removeprefix(f"{role}: "), [render(one, "en") for one in found.reasons]


def asked(report):
    return render(report.questions[0].text, "en"), [one.choices["columns"] for one in report.questions[0].readings]


def test_a_total_of_the_groups_is_the_figure_and_nothing_is_asked():
    under = [["KECAMATAN", "BELUM REKAM", "", "", ""], ["", *AGES, "JUMLAH"]]
    report = read(under, lambda e, r, u, n: [*parts(u, n), u])
    assert report.status == "accepted" and figures(report) == only("u")
    assert why(report, "unrecorded") == ("BELUM REKAM JUMLAH", []) and not report.checks
    three = [["KECAMATAN", "BELUM REKAM", "", "", ""], ["", "KELOMPOK UMUR", "", "", ""], ["", *AGES, "JUMLAH"]]
    assert figures(read(three, lambda e, r, u, n: [*parts(u, n), u])) == only("u")


def test_groups_that_add_up_with_the_others_are_summed():
    out = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", *(f"BELUM REKAM USIA {one}" for one in AGES)]]
    report = read(out, lambda e, r, u, n: [e, r, *parts(u, n)])
    assert report.status == "accepted" and figures(report) == TRUTH
    assert why(report, "unrecorded") == (
        "BELUM REKAM USIA 17-20 + BELUM REKAM USIA 21-40 + BELUM REKAM USIA >40",
        ["adds up with the others in 11 of 11 rows", "the sum of its age groups, as there is no total"],
    )
    pair = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM", ""], ["", "", "", "17-40", ">40"]]
    said = why(read(pair, lambda e, r, u, n: [e, r, n, u - n]), "unrecorded")[1]
    assert said[-1] == "the sum of its age groups, as there is no total"  # two columns, and not of men and women
    sexes = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM", ""], ["", "", "", "L", "P"]]
    said = why(read(sexes, lambda e, r, u, n: [e, r, n, u - n]), "unrecorded")[1]
    assert said[-1] == "the sum of the columns of men and of women, as there is no total"


def test_groups_that_nothing_proves_are_asked_about_with_their_sum():
    under = [["KECAMATAN", "WAJIB KTP", "BELUM REKAM", "", ""], ["", "", *AGES]]
    report = read(under, lambda e, r, u, n: [e, *parts(u, n)])
    whole = {"eligible": "WAJIB KTP", "unrecorded": "BELUM REKAM 17-20 + BELUM REKAM 21-40 + BELUM REKAM >40"}
    assert asked(report) == (
        "No column is the total of these groups: BELUM REKAM 17-20, 21-40, >40. Use their sum only if together "
        "they cover everyone.",
        [whole],
    )
    assert report.questions[0].readings[0].totals["unrecorded"] == sum(u for *_, u in ROWS)
    taken = read(under, lambda e, r, u, n: [e, *parts(u, n)], columns=whole)
    assert taken.status == "accepted" and figures(taken) == only("e", "u")
    letters = read(under, lambda e, r, u, n: [e, *parts(u, n)], columns={"eligible": "B", "unrecorded": "C + D + E"})
    assert figures(letters) == only("e", "u") and "the column was chosen by the user" in why(letters, "unrecorded")[1]


def test_what_excludes_each_other_by_its_words_is_summed_or_asked_about():
    heads = [["KECAMATAN", "WAJIB KTP", "BELUM REKAM", ""], ["", "", "AKTIF", "NON AKTIF"]]
    question, readings = asked(read(heads, lambda e, r, u, n: [e, u - n, n]))
    assert "BELUM REKAM AKTIF, NON AKTIF" in question
    assert readings == [{"eligible": "WAJIB KTP", "unrecorded": "BELUM REKAM AKTIF + BELUM REKAM NON AKTIF"}]
    proven = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM AKTIF", "BELUM REKAM TIDAK AKTIF"]]
    report = read(proven, lambda e, r, u, n: [e, r, u - n, n])
    assert figures(report) == TRUTH
    assert why(report, "unrecorded")[1][-1] == "the sum of its groups, as there is no total"
    beside = [["KECAMATAN", "WAJIB KTP REKAM", "WAJIB KTP TIDAK REKAM"]]  # no groups, but those recorded and those not
    assert figures(read(beside, lambda e, r, u, n: [r, u])) == only("r", "u")


@pytest.mark.parametrize("total", [[], ["JUMLAH"]])
def test_groups_that_are_not_everyone_are_a_part_with_a_total_or_without(total):
    heads = [["KECAMATAN", "BELUM REKAM", "", *[""] * len(total)], ["", "17-20", "21-40", *total]]
    question, _ = asked(read(heads, lambda e, r, u, n: [n, u, *([n + u] if total else [])]))
    assert question.startswith("'BELUM REKAM 17-20' (a header) names a part of the residents.")
    proven = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM", ""], ["", "", "", "17-20", "21-40"]]
    assert figures(read(proven, lambda e, r, u, n: [e, r, n, u - n])) == TRUTH  # everyone who is left is young


@pytest.mark.parametrize(("slips", "theirs"), [(0, True), (5, True), (6, False), (11, False)])
def test_a_total_is_of_some_groups_alone_where_it_is_their_sum_in_half_of_the_rows(slips, theirs):
    heads = [["KECAMATAN", "BELUM REKAM", "", ""], ["", "17-20", "21-40", "JUMLAH"]]
    report = read(heads, lambda e, r, u, n: [n, u - n - (n < slips), u])
    assert (report.status == "needs_choice") is theirs  # else those above 40 are in it as well
    assert theirs or figures(report) == only("u")


def test_all_three_in_groups_that_are_not_everyone_add_up_and_are_still_a_part():
    heads = [
        ["KECAMATAN", *(f"{role} USIA {age}" for role in ("WAJIB KTP", "REKAM", "BELUM REKAM") for age in ("17-20", "21-30"))]
    ]
    question, _ = asked(read(heads, lambda e, r, u, n: [e, e + 9, r, r + 9, u, u]))
    assert "names a part of the residents" in question


@pytest.mark.parametrize("head", [["BELUM REKAM", "17-20"], ["BELUM REKAM", "> 60"], ["BELUM REKAM", "< 21 TH"]])
def test_a_single_group_is_never_taken_for_everyone(head):
    heads = [["KECAMATAN", "WAJIB KTP", head[0]], ["", "", head[1]]]
    question, _ = asked(read(heads, lambda e, r, u, n: [e, u]))
    assert "names a part of the residents" in question


def test_a_total_that_the_groups_miss_is_told_or_asked_about():
    heads = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM", "", "", ""], ["", "", "", *AGES, "JUMLAH"]]

    def off(rows):
        return lambda e, r, u, n: [e, r, *parts(u + (n < rows), n), u]

    assert not read(heads, off(0)).checks
    few = read(heads, off(2))
    assert few.status == "accepted" and figures(few) == TRUTH
    assert [render(one.text, "en") for one in few.checks] == [
        "In 2 rows the groups do not add up to the total of unrecorded in the file; that total is used (rows 5, 6)."
    ]
    question, readings = asked(read(heads, off(11)))
    assert question.startswith("The columns do not add up in the rows.") and readings


@pytest.mark.parametrize(
    ("path", "first", "last"),
    [
        (("BELUM REKAM", "17-20"), 17, 20),
        (("BELUM REKAM", "17 s/d 20 TH"), 17, 20),
        (("BELUM REKAM USIA 21–40 TAHUN",), 21, 40),
        (("BELUM REKAM", "> 40"), 41, 120),
        (("BELUM REKAM", ">=41"), 41, 120),
        (("BELUM REKAM", "41+"), 41, 120),
        (("BELUM REKAM UMUR 41 KE ATAS",), 41, 120),
        (("BELUM REKAM", "60 TAHUN KE ATAS"), 60, 120),
        (("BELUM REKAM", "< 21"), 0, 20),
        (("BELUM REKAM", "<=20"), 0, 20),
        (("UMUR", "17-18"), 17, 18),
        (("BELUM REKAM USIA 17",), 17, 17),
    ],
)
def test_ages_as_offices_write_them(path, first, last):
    assert ages_in(path) == (first, last)


@pytest.mark.parametrize("cell", ["1-7", "8-14", "2023", "17-20 JUNI", "JUMLAH", "20-17", "17+", ">=17", "-", "130-140", "3=1-2"])
def test_other_cells_are_no_ages(cell):
    assert (
        not bare(cell) and ages_in(("BELUM REKAM", cell)) in (None, (17, 120)) and not words.meaning(("BELUM REKAM", cell)).part
    )


def test_two_years_are_the_least_that_a_bare_cell_spans():
    assert bare("18-20") and not bare("18-19") and bare("16-17")


def test_groups_follow_each_other_or_lie_apart():
    def several(*cells):
        return [ages_in(("USIA", cell)) for cell in cells]

    assert follow(several("17-20", "21-40", ">40")) and follow(several("17-20", "20-40"))
    assert not follow(several("17-20", "22-40")) and apart(several("17-20", "22-40"))
    assert not apart(several("17-21", "20-40"))


@pytest.mark.parametrize(
    ("citizens", "foreigners"),
    [("WNI", "WNA"), ("(WNI)", "(WNA)"), ("Warga Negara Indonesia", "Warga Negara Asing"), ("ORANG INDONESIA", "ORANG ASING")],
)
@pytest.mark.parametrize("above", [True, False])
def test_citizens_and_foreigners_are_one_figure_together(citizens, foreigners, above):
    heads = ["WAJIB KTP", "SUDAH", "BELUM"]
    if above:
        under = [["KECAMATAN", citizens, "", "", foreigners, "", ""], ["", *heads, *heads]]
        report = read(under, lambda e, r, u, n: [e - 3 - n, r - 2 - n, u - 1, 3 + n, 2 + n, 1])
    else:
        under = [["KECAMATAN", "WAJIB KTP", "", "SUDAH REKAM", "", "BELUM REKAM", ""], ["", *[citizens, foreigners] * 3]]
        report = read(under, lambda e, r, u, n: [e - 3 - n, 3 + n, r - 2 - n, 2 + n, u - 1, 1])
    assert report.status == "accepted" and figures(report) == TRUTH
    assert why(report, "unrecorded")[1][-1] == "the sum of its groups, as there is no total"


def test_of_citizens_and_foreigners_the_total_is_taken_and_one_of_them_never_without_a_word():
    total = [["KECAMATAN", "BELUM REKAM WNI", "BELUM REKAM WNA", "BELUM REKAM JUMLAH"]]
    assert figures(read(total, lambda e, r, u, n: [u - n, n, u])) == only("u")
    pair = read([["KECAMATAN", "BELUM REKAM WNA", "BELUM REKAM WNI"]], lambda e, r, u, n: [n, u - n])
    assert asked(pair)[1] == [{"unrecorded": "BELUM REKAM WNI + BELUM REKAM WNA"}]
    beside = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM", "WNA"]]
    assert figures(read(beside, lambda e, r, u, n: [e, r, u, n])) == TRUTH
    alone = [["KECAMATAN", "WAJIB KTP WNI", "SUDAH REKAM WNI", "BELUM REKAM WNI"]]
    assert figures(read(alone, lambda e, r, u, n: [e, r, u])) == TRUTH  # nobody else is listed
