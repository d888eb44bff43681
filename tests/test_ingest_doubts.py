"""Doubts and findings at their thresholds: what lies exactly there, and what lies just beside it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.core import contract
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.text import render
from ektp_analysis.ingest import doubts, finish, quality, words_against
from ektp_analysis.ingest.cells.column import Cells, Column, values_of
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.doubts import doubted
from ektp_analysis.ingest.ground import Doubt, Ground
from ektp_analysis.ingest.places.totals import Difference
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.rows import build

E, R, U = "eligible", "recorded", "unrecorded"
HEADERS = {E: "WAJIB KTP", R: "SUDAH REKAM", U: "BELUM REKAM"}
TODAY = date(2026, 1, 1)


def ground(figures, *, headers=HEADERS, more=(), titles=(), codes=None, areas=None, spans=(), **known):
    """The ground of a sheet with a column for each role of ``figures``; ``more``: (header, cells) of columns beside them."""
    columns = [(headers[role], cells) for role, cells in figures.items()] + list(more)
    length = len(columns[0][1])
    parsed = {place: values_of(Cells(list(cells))) for place, (_, cells) in enumerate(columns)}
    rows = [list(row) for row in zip(*(cells for _, cells in columns), strict=True)]
    table = Table("S", False, tuple((text,) for text, _ in columns), (1,), rows, range(2, length + 2), titles, spans=spans)
    picked = {role: (place,) for place, role in enumerate(figures)}
    known.setdefault("proven", False)
    known["known"] = frozenset(known.get("known", ()))
    return Ground(
        table,
        picked,
        parsed=parsed,
        figures={role: parsed[place].counts for place, role in enumerate(figures)},
        areas=np.ones(length, dtype=bool) if areas is None else np.array(areas, dtype=bool),
        codes=codes or [f"75.05.{n:02d}" for n in range(1, length + 1)],
        **known,
    )


def found(one, *known):
    return set(doubted(one, list(known), [], []).doubts)


FINE = {E: [1000] * 4, R: [900] * 4}


def test_a_sheet_in_order_is_not_doubted():
    made = doubted(ground(FINE), [], [], [])
    assert (made.doubts, made.readings, made.missing) == ((), (), ())


@pytest.mark.parametrize(
    ("printed", "summed", "agree", "asked"),
    [(100, 80, 0, False), (100, 79, 0, True), (80, 100, 0, False), (79, 100, 0, True), (100, 79, 1, False)],
)
def test_printed_totals_may_lie_a_fifth_from_their_members(printed, summed, agree, asked):
    one = ground(FINE, differences=[Difference(9, "JUMLAH", R, printed, summed)], agree=agree)
    assert found(one) == ({Doubt.TOTALS} if asked else set())
    assert doubted(one, [], [], []).readings == (({E: (0,), R: (1,)},) if asked else ())


@pytest.mark.parametrize(
    ("recorded", "asked"), [([400] * 4, False), ([399] * 4, True), ([399, 399, 900, 900], False), ([399, 399, 399, 900], True)]
)
def test_less_than_two_fifths_recorded_in_more_than_half_of_the_rows_is_unlikely(recorded, asked):
    assert found(ground({E: [1000] * 4, R: recorded})) == ({Doubt.UNLIKELY} if asked else set())


def test_rows_without_eligible_say_nothing_of_what_is_likely():
    assert found(ground({E: [1000, 0, "", 1000], R: [399, 0, 5, 900]})) == set()
    assert found(ground({E: [1000, 0, "", 0], R: [399, 0, 5, 0]})) == {Doubt.UNLIKELY}
    assert found(ground({E: [1000, 1000, 1000], R: [399, 900, 399]}, areas=[True, True, False])) == set()


@pytest.mark.parametrize(
    ("word", "proven", "asked"),
    [("WAJIB KTP", True, False), ("WKTP", True, False), ("TARGET PEREKAMAN", True, True), ("WAJIB KTP", False, True)],
)
def test_few_recorded_are_believed_where_the_sum_holds_and_wajib_ktp_is_named(word, proven, asked):
    one = ground({E: [1000] * 4, R: [300] * 4, U: [700] * 4}, headers={**HEADERS, E: word}, proven=proven)
    assert found(one) == ({Doubt.UNLIKELY} if asked else set())


def test_what_was_unlikely_already_is_not_found_twice():
    one = ground({E: [1000] * 4, R: [300] * 4}, known=[Doubt.UNLIKELY])
    assert doubted(one, [Doubt.UNLIKELY], [], []).doubts == (Doubt.UNLIKELY,)


def blocks(*shown):
    """Rows of several kecamatan, of which each row shows a figure or none."""
    codes = [f"75.05.{n:02d}.{2000 + m}" for n, block in enumerate(shown, 1) for m in range(1, len(block) + 1)]
    cells = [900 if mark == "x" else "" for block in shown for mark in block]
    return ground({E: cells}, codes=codes)


@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        (("x-", "x-"), True),  # exactly half of the rows, two kecamatan
        (("x---",), False),
        (("x--", "-"), False),  # one kecamatan alone
        (("x-", "x-", "x"), False),
        (("x-", "x-", "-"), True),  # more than half, less than half
        (("x-", "-x"), False),
        (("x--", "xx-"), False),
        (("x-", "--"), False),
        (("--", "--"), False),
    ],
)
def test_figures_of_the_first_desa_alone_are_those_of_merged_cells(shown, asked):
    assert found(blocks(*shown)) == ({Doubt.MERGED} if asked else set())


@pytest.mark.parametrize(
    ("span", "areas", "asked"),
    [((0, 2, 3), [1, 1, 1], True), ((0, 2, 3), [1, 0, 1], False), ((0, 2, 2), [1, 1, 1], False), ((2, 2, 3), [1, 1, 1], False)],
)
def test_a_cell_merged_over_two_areas_is_asked_for(span, areas, asked):
    one = ground({E: [1000] * 3, R: [900] * 3}, more=[("KETERANGAN", ["a"] * 3)], spans=[span], areas=areas)
    assert found(one) == ({Doubt.MERGED} if asked else set())


@pytest.mark.parametrize(
    ("header", "cells", "asked"),
    [
        ("WAJIB KTP", [1.234, 2.345], True),
        ("TARGET", [1.234, 2.345], False),
        ("WAJIB KTP", ["", ""], False),
        ("WAJIB KTP", [1.234, 2345], False),
        ("SUDAH REKAM", [1.234, 2.345], False),
    ],
)
def test_fractions_are_asked_for_under_a_sure_word_of_a_role_that_nothing_else_gives(header, cells, asked):
    one = ground({R: [900, 900]}, more=[(header, cells)])
    assert found(one) == ({Doubt.FRACTIONS} if asked else set())


@pytest.mark.parametrize(
    ("chosen", "beside", "cells", "asked"),
    [
        ("TARGET", "WAJIB KTP", [1000, 1001], True),
        ("TARGET", "WAJIB KTP", [1000, 1000], False),
        ("WAJIB KTP", "WKTP", [1000, 1001], False),
        ("TARGET PENDUDUK", "SASARAN", [1000, 1001], False),
        ("TARGET", "WAJIB KTP LAKI-LAKI", [500, 501], False),
    ],
)
def test_wajib_ktp_beside_a_target_is_another_reading_where_it_differs(chosen, beside, cells, asked):
    one = ground({E: [1000, 1000], U: [50, 50]}, headers={**HEADERS, E: chosen}, more=[(beside, cells), ("TOTAL", [1, 1])])
    assert found(one) == ({Doubt.SEVERAL} if asked else set())
    assert doubted(one, [], [], []).readings == (({E: (2,)}, {E: (0,), U: (1,)}) if asked else ())


def test_several_columns_are_asked_for_once():
    one = ground({E: [1000] * 2}, headers={E: "TARGET"}, more=[("WAJIB KTP", [1000, 1001])], known=[Doubt.SEVERAL])
    made = doubted(one, [Doubt.SEVERAL], [{E: (0,)}], [])
    assert made.doubts == (Doubt.SEVERAL,) and made.readings == ({E: (0,)},)


@pytest.mark.parametrize(
    ("titles", "headers", "asked"),
    [
        (["Perempuan"], HEADERS, True),
        (["Laki-laki"], HEADERS, True),
        (["Laki-laki dan perempuan"], HEADERS, False),
        (["Perempuan"], {**HEADERS, E: "JUMLAH WAJIB KTP"}, True),  # a sum of women is one
        (["Perempuan"], {**HEADERS, E: "WAJIB KTP LAKI-LAKI"}, False),
        ([], HEADERS, False),
    ],
)
def test_a_sheet_of_one_sex_gives_no_total(titles, headers, asked):
    made = doubted(ground(FINE, headers=headers, titles=titles), [], [], [R])
    assert made.doubts == ((Doubt.ONE_SEX,) if asked else ())
    assert made.missing == ((R, E) if asked else (R,)) and made.readings == ()


@pytest.mark.parametrize("text", ["dalam ribu", "ribuan", "ribu jiwa", "x1000", "juta"])
def test_thousands_are_asked_for(text):
    assert found(ground(FINE, titles=[f"Penduduk ({text})"])) == {Doubt.THOUSANDS}
    assert found(ground(FINE, titles=["Seribu pulau"])) == set()


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Perekaman KTP-el", ()),
        ("Rekap", (Doubt.GENERIC_WORDS,)),
        ("KTP yang direkam", ()),
        ("Perekaman KTP-el dan KIA", (Doubt.GENERIC_WORDS, Doubt.OTHER)),
    ],
)
def test_generic_words_are_believed_below_a_title_of_recording(title, kept):
    plain = {E: "WAJIB", R: "REALISASI"}
    made = doubted(ground(FINE, headers=plain, titles=[title]), [Doubt.GENERIC_WORDS], [{E: (0,)}], [])
    assert made.doubts == kept


def test_each_doubt_has_one_rule_and_the_gravest_is_asked():
    assert [rule.doubt for rule in doubts.RULES] == list(Doubt)
    for place, rule in enumerate(doubts.RULES):
        assert doubts.question([one.doubt for one in doubts.RULES[place:]]).msgid == rule.question.msgid
    asked = doubts.question([Doubt.TOTALS, Doubt.ONE_SEX], roles="eligible", columns="A")
    assert dict(asked.params) == {"roles": "eligible"} and "eligible" in render(asked, "id")
    assert dict(doubts.question([Doubt.NO_SUM], roles="eligible").params) == {}


def test_doubts_are_the_words_by_which_they_were_known():
    assert [str(one) for one in Doubt] == [
        "no such column",
        "one sex",
        "other",
        "part",
        "planned",
        "void",
        "while",
        "reached",
        "aimed",
        "merged",
        "fractions",
        "no sum",
        "groups",
        "several",
        "thousands",
        "totals",
        "narrowed",
        "eligible alone",
        "recorded alone",
        "unlikely",
        "generic words",
        "unknown words",
        "nothing",
    ]


def rows_of(day, **columns):
    """Rows of kecamatan of one day."""
    length = len(next(iter(columns.values())))
    codes = [f"75.05.{n:02d}" for n in range(1, length + 1)]
    frame = pd.DataFrame({"area_code": codes, "as_of_date": pd.Timestamp(day), **columns})
    return contract.frame(frame).assign(row=range(2, length + 2))


def names_of(now, before, days=365):
    later = pd.Timestamp("2023-01-01") + pd.Timedelta(days=days)
    made = finish.against(rows_of(later, **now), rows_of("2023-01-01", **before).drop(columns="row"))
    return {check.name for check in made}


@pytest.mark.parametrize(("new", "found"), [(104_920, False), (104_921, True), (95_080, False), (95_079, True)])
def test_the_eligible_of_a_year_move_by_five_per_cent_at_most(new, found):
    assert ("eligible_jump" in names_of({E: [new]}, {E: [100_000]})) is found  # 2 % and twice 1.46 %


@pytest.mark.parametrize(("new", "found"), [(50 + 302, False), (50 + 303, True)])
def test_the_unrecorded_rise_by_those_who_turn_17_and_ten_more(new, found):
    now, before = {E: [10_000], U: [new]}, {E: [10_000], U: [50]}
    assert ("unrecorded_rose" in names_of(now, before)) is found  # twice 1.46 % of 10,000 is 292


def test_three_areas_with_the_same_figures_may_be_the_old_file():
    assert "identical" not in names_of({E: [10, 20]}, {E: [10, 20]})
    assert "identical" in names_of({E: [10, 20, 30]}, {E: [10, 20, 30]})
    assert "identical" not in names_of({E: [10, 20, 31]}, {E: [10, 20, 30]})


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([10] * 6 + [11] * 4, True),
        ([10] * 5 + [11] * 5, False),
        ([10] * 9, False),
        ([10] * 9 + [9], False),
        ([10] * 9 + [11], True),
        ([10] * 6 + [11] * 4 + [9] * 5, True),
    ],
)
def test_six_of_ten_round_numbers_look_estimated(values, found):
    frame = solve(rows_of("2023-06-20", unrecorded=values).drop(columns="row"))
    assert bool(quality.round_numbers(frame, np.arange(2, len(frame) + 2))) is found


@pytest.mark.parametrize(("good", "bad", "whole"), [(2, 2, False), (2, 3, True), (1, 2, True), (0, 2, False)])
def test_counts_that_do_not_add_up_in_most_of_three_rows_are_the_files_fault(good, bad, whole):
    lines = [f"75.05.{n:02d};2023-06-20;1000;900;{100 if n <= good else 101}" for n in range(1, good + bad + 1)]
    data = "\n".join(["kode;tanggal;wajib ktp;sudah rekam;belum rekam", *lines]).encode()
    report = read_file(data, "x.csv", today=TODAY)
    assert report.status == "refused" and report.refused_count == bad
    assert str(report.reason).startswith(f"In {bad} of {good + bad} rows the three counts do not add up") is whole


@pytest.mark.parametrize(("printed", "share"), [(1.5, 150.0), (1.51, 1.51), ("1,50", 150.0), ("1,5", 1.5)])
def test_coverage_of_at_most_one_and_a_half_is_a_share(printed, share):
    column = Column("cakupan", [0.9 if isinstance(printed, float) else "0,90", printed], np.array([0, 1]))
    made = build({"coverage_reported": column}, [2, 3], "S", TODAY)
    assert not made.bad.any() and float(made.frame["coverage_reported"].iloc[1]) == share


@pytest.mark.parametrize(
    ("figures", "part", "asked"),
    [
        ({R: [60] * 20, U: [40] * 20}, [100] * 19 + [101], True),  # in nineteen of twenty rows
        ({R: [60] * 20, U: [40] * 20}, [100] * 18 + [101] * 2, False),
        ({R: [60] * 20}, [60] * 19 + [59], True),
        ({R: [60] * 20}, [61] * 18 + [59] * 2, False),
        ({U: [40] * 4}, [40, 41, "", 42], True),
        ({U: [40] * 2}, ["", ""], False),
        ({U: [40] * 2}, ["x", "y"], False),
        ({E: [100] * 4, U: [40] * 4}, [100] * 4, False),
    ],
)
def test_a_part_of_the_residents_that_figures_are_counted_of(figures, part, asked):
    given = ground(figures, more=[("PEMULA", part)])
    quote = words_against._counted_of(given)
    assert (None if quote is None else quote.text) == ("PEMULA" if asked else None)
    assert words_against._counted_of(ground(figures, more=[("JUMLAH", part)])) is None
    first = ground(figures, more=[("PEMULA", part)], areas=[True] + [False] * (len(part) - 1))
    if first.parsed[len(figures)].usable and part[0] != "":
        assert (words_against._counted_of(first) is not None) is (E not in figures)


def test_without_recorded_or_unrecorded_nothing_is_counted_of_a_part():
    given = ground({E: [100] * 2}, more=[("PEMULA", [100] * 2)])
    assert words_against._counted_of(replace(given, columns={}, figures={})) is None


@pytest.mark.parametrize(
    ("recorded", "unrecorded", "told"),
    [
        ([5, 5], [5, 5], False),
        ([5, 5], [5, 6], True),
        ([5, None], [6, 9], True),
        ([9, None], [8, 9], False),
        ([None], [9], False),
    ],
)
def test_fewer_recorded_than_not(recorded, unrecorded, told):
    solved = pd.DataFrame({R: pd.array(recorded, dtype="Int64"), U: pd.array(unrecorded, dtype="Int64")})
    found = quality._low(solved)
    assert [(one.name, one.level) for one in found] == ([("low", "warning")] if told else [])
    if told:
        assert f"Only {recorded[0] + (recorded[1] or 0)} are recorded" in render(found[0].text, "en")


@pytest.mark.parametrize(
    ("printed", "places"), [([5, 5], []), ([6, 5], [0]), ([None, 6], [1]), ([6, None], [0]), ([None, None], []), ([6, 6], [0, 1])]
)
def test_more_cards_than_people_recorded(printed, places):
    solved = pd.DataFrame(
        {R: pd.array([5, 5], dtype="Int64"), "printed": pd.array(printed, dtype="Int64"), "area_code": ["75.05.01", "75.05.02"]}
    )
    found = quality._more_printed(solved, np.array([7, 8]))
    assert [(one.rows, one.areas) for one in found] == (
        [(tuple(7 + place for place in places), tuple(f"75.05.0{1 + place}" for place in places))] if places else []
    )
    unknown = solved.assign(recorded=pd.array([None, None], dtype="Int64"))
    assert quality._more_printed(unknown, np.array([7, 8])) == ()


@pytest.mark.parametrize(
    ("rest", "head", "cells", "asked"),
    [
        ("BELUM", "SUDAH CETAK", [60] * 3, True),  # the rest is left of the cards
        ("BELUM REKAM", "SUDAH CETAK", [60] * 3, False),  # it says itself of what
        ("BELUM REKAM", "PEMULA", [60] * 3, True),
        ("BELUM REKAM", "TARGET", [60] * 3, True),
        ("BELUM", "SUDAH CETAK", [60, 60, 61], False),
        ("BELUM", "X", [60] * 3, False),
        ("BELUM", "SUDAH CETAK", [60, "", ""], False),  # one row adds up by chance
        ("BELUM", "SUDAH CETAK", [60, 60, ""], True),
    ],
)
def test_what_the_rest_is_left_of(rest, head, cells, asked):
    given = ground({E: [100] * 3, U: [40] * 3}, headers={**HEADERS, U: rest}, more=[(head, cells)])
    quote = words_against._taking_place(given)
    assert (None if quote is None else quote.text) == (head if asked else None)


# What an office may write beside the words of recording. Not one of these lists is the product's.
NARROWING = (
    *("PERLU DIBERSIHKAN", "TIDAK DIKENAL", "HIDUP", "DI TEMPAT", "YANG BISA DITEMUI", "SISA KUNJUNGAN", "BERKAS LENGKAP"),
    *("DATA ANOMALI", "LOKET", "MOBIL KELILING", "(SUDAH DIVERIFIKASI)", "BERSEDIA DIREKAM", "PRIORITAS", "TO BE CLEANED"),
)
HARMLESS = (
    *("", "KTP-EL", "E-KTP", "KTP ELEKTRONIK", "(JIWA)", "L+P", "JUMLAH", "s.d. 19 JUNI 2023", "PER TANGGAL 19 JUNI", "TOTAL"),
    *("KUMULATIF", "POSISI AKHIR", "TAHUN 2023", "SEMESTER I", "17 TAHUN KE ATAS", "WAJIB KTP", "ORANG", "SELURUHNYA"),
)
SAID = {U: ("BELUM REKAM", "Belum Perekaman", "blm_rekam", "TIDAK REKAM"), R: ("SUDAH REKAM", "Perekaman", "TELAH MEREKAM")}


def narrowed(role, said, more, before=False):
    """Whether a table of the eligible and one column headed so is doubted to count only some."""
    head = f"{more} {said}" if before else f"{said} {more}"
    figures = {E: [8_000, 9_000, 7_000], role: [90, 200, 70] if role == U else [7_910, 8_800, 6_930]}
    return Doubt.NARROWED in doubted(ground(figures, headers={**HEADERS, role: head}), [], [], []).doubts


@pytest.mark.parametrize("role", [U, R])
def test_words_beside_recording_that_may_narrow_it_are_asked_about(role):
    for said in SAID[role]:
        assert [more for more in NARROWING if not (narrowed(role, said, more) and narrowed(role, said, more, True))] == []
        assert [more for more in HARMLESS if narrowed(role, said, more)] == []


def test_what_the_other_columns_prove_is_not_asked_about():
    figures = {E: [8_000, 9_000], R: [7_910, 8_800], U: [90, 200]}
    headers = {**HEADERS, U: "BELUM REKAM PERLU DIBERSIHKAN"}
    assert Doubt.NARROWED not in doubted(ground(figures, headers=headers, proven=True), [], [], []).doubts
    assert Doubt.NARROWED in doubted(ground(figures, headers=headers), [], [], []).doubts
