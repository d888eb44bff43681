"""Families of files that were once read wrongly without a word, or not at all: each is made here from parts, with its truth."""

import itertools
import random
import re
from datetime import date, timedelta

import numpy as np
import pytest

from ektp_analysis.core.area import Level, register
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.contract import frame
from ektp_analysis.core.text import render
from ektp_analysis.ingest import quality
from ektp_analysis.ingest.cells import numerals, topics
from ektp_analysis.ingest.opening import personal
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import UNDECIDED
from tests.layouts.personal import nik

TODAY, DAY = date(2026, 1, 1), date(2023, 6, 20)
REGENCY, SISTER = "75.05", "75.04"
HEADS = ["WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
TITLES = [["PEREKAMAN KTP-EL KABUPATEN GORONTALO UTARA"], ["PER 20 JUNI 2023"]]


def body(code=REGENCY):
    """Rows of the kecamatan of a kabupaten, name and three counts, and their truth."""
    rows, truth = [], {}
    for number, area in enumerate(register().children(code)):
        whole, left = 20_000 + 311 * number, 700 + 13 * number
        truth[area] = (whole, whole - left, left)
        rows.append([register().name(area).upper(), *truth[area]])
    return rows, truth


ROWS, TRUTH = body()
LEFT = [(name, left) for name, _, _, left in ROWS]


def read(*rows, name="x.csv", **more):
    data = "\n".join(";".join(map(str, row)) for row in rows).encode()
    return read_file(data, name, today=TODAY, **more)


def figures(report):
    return {row.area_code: (row.eligible, row.recorded, row.unrecorded) for row in report.rows.itertuples()}


def left(report):
    return {(row.area_code, row.as_of_date.date()): int(row.unrecorded) for row in report.rows.itertuples()}


def asked(report):
    return render(report.questions[0].text, "en") if report.questions else ""


# Figures that are an example, hold no longer, or are filtered

VOID = ["CONTOH PENGISIAN", "DUMMY", "tidak dipakai", "JANGAN DIGUNAKAN", "DIBATALKAN", "data lama", "uji coba", "tdk berlaku"]
PLACES = ["LAMA", "KAMPUNG LAMA", "SALAH SIRONG", "SUKA JANGAN", "PERCONTOHAN"]


@pytest.mark.parametrize(("word", "where"), [*zip(VOID, itertools.cycle(["title", "file"]), strict=False)])
def test_figures_that_say_themselves_that_they_do_not_hold_are_asked_about(word, where):
    rows = [*TITLES, *([[word]] if where == "title" else []), ["KECAMATAN", *HEADS], *ROWS]
    report = read(*rows, name=f"{word}.csv" if where == "file" else "x.csv")
    assert report.status == "needs_choice" and word in asked(report) and "hold no longer" in asked(report)


def test_names_of_places_are_no_such_words():
    assert [topics.void_in(place) for place in PLACES] == [""] * len(PLACES)


@pytest.mark.parametrize("key", ["UMUR is 17", "Jenis Kelamin = Laki-laki", "STATUS_REKAM is BELUM", "usia 17-20"])
@pytest.mark.parametrize("sign", ["Applied filters:\n", "Filter: ", "difilter berdasarkan "])
def test_a_filter_by_what_is_no_area_and_no_day_is_found(key, sign):
    assert topics.filtered_in(sign + key) == topics.spaced(key)
    for fine in ("KABUPATEN is X", "Tahun = 2023, Periode = Semester I", "NAMA_KEC is not blank\nTANGGAL is 20/06/2023", "semua"):
        assert topics.filtered_in(sign + fine) == ""
    assert topics.filtered_in(f"{sign}PROVINSI is X and {key}") == topics.spaced(key)


@pytest.mark.parametrize("above", [True, False])
def test_a_filtered_table_is_asked_about_wherever_that_stands(above):
    note = ["Filter: UMUR = 17"]
    report = read(*TITLES, *([note] if above else []), ["KECAMATAN", *HEADS], *ROWS, *([] if above else [[], note]))
    assert report.status == "needs_choice" and "UMUR" in asked(report)
    assert read(*TITLES, ["KECAMATAN", *HEADS], *ROWS, [], ["Filter: Tahun = 2023"]).status == "accepted"


# Days that no figures are about, and days that may be meant

AIMED = ["TARGET SELESAI {}", "BATAS WAKTU {}", "PALING LAMBAT {}", "MENJELANG PEMUNGUTAN SUARA {}", "TENGGAT {}"]


@pytest.mark.parametrize("title", AIMED)
def test_a_day_that_is_aimed_at_is_only_offered(title):
    aim = [title.format("14 Februari 2024")]
    only = read(TITLES[0], aim, ["KECAMATAN", *HEADS], *ROWS)
    assert only.status == "needs_choice" and "aimed" in render(only.questions[-1].readings[0].label, "en")
    both = read(TITLES[0], aim, TITLES[1], ["KECAMATAN", *HEADS], *ROWS)
    assert both.status != "accepted" or both.as_of_dates == (DAY,)


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        ([[]], "rekap 200623.csv"),
        ([["PER TANGGAL 20 JUNI"]], "rekap 2023.csv"),
    ],
)
def test_a_day_that_may_be_meant_is_offered(titles, name):
    report = read(TITLES[0], *titles, ["KECAMATAN", *HEADS], *ROWS, name=name)
    assert report.status == "needs_choice"
    assert DAY.isoformat() in [reading.choices.get("date") for reading in report.questions[0].readings]


def test_a_day_in_english_is_read():
    assert read(TITLES[0], ["As of June 20, 2023"], ["KECAMATAN", *HEADS], *ROWS).as_of_dates == (DAY,)


@pytest.mark.parametrize("slip", [1, 2])
def test_a_slip_in_the_days_of_headers_is_asked_about_and_the_day_between_is_offered(slip):
    days = [DAY + timedelta(days=7 * week) for week in range(4)]
    typed = [date(day.year, 12, day.day) if place == slip else day for place, day in enumerate(days)]
    titles = ["BELUM REKAM KTP-EL KABUPATEN GORONTALO UTARA"], []
    rows = [[name, *[count - week for week in range(4)]] for name, count in LEFT[:6]]
    report = read(*titles, ["KECAMATAN", *[f"{day:%d/%m/%Y}" for day in typed]], *rows)
    assert report.status == "needs_choice" and "out of order" in asked(report)
    answer = report.choices.but(report.questions[0].readings[0].choices)
    right = read(*titles, ["KECAMATAN", *[f"{day:%d/%m/%Y}" for day in typed]], *rows, choices=answer)
    assert right.status == "accepted" and right.as_of_dates == tuple(days)
    fine = days if slip == 1 else days[::-1]
    assert read(*titles, ["KECAMATAN", *[f"{day:%d/%m/%Y}" for day in fine]], *rows).status == "accepted"


def test_columns_of_days_that_count_no_one_knows_what_are_refused_as_such():
    report = read(["HASIL PEREKAMAN"], ["KECAMATAN", "19/06/2023", "20/06/2023"], *[[name, 3, 4] for name, _ in LEFT])
    assert report.status == "refused" and "are days" in render(report.reason, "en")


# Counts


def test_areas_with_0_among_others_with_many_are_told():
    zero = [[*row[:1], 0, 0, 0] if place == 2 else row for place, row in enumerate(ROWS)]
    names = [name for name, _ in LEFT]
    bare = [[name, 0 if name == names[3] else count] for name, count in LEFT]
    for rows, heads in ((zero, HEADS), (bare, HEADS[2:])):
        report = read(*TITLES, ["KECAMATAN", *heads], *rows)
        assert report.status == "accepted" and [one.areas for one in report.checks if one.name == "none"] != []
    assert not [one for one in read(*TITLES, ["KECAMATAN", *HEADS], *ROWS).checks if one.name == "none"]


def told_of_a_zero(roles, left):
    """The rows of a table of the kecamatan with so many unrecorded that are told as perhaps holding a zero too many."""
    rows = [[name, *(whole, whole - n, n)] for (name, whole, *_), n in zip(ROWS, left, strict=False)]
    kept = [place for place, role in enumerate("eru", 1) if role in roles]
    heads = ["KECAMATAN", *(HEADS[place - 1] for place in kept)]
    report = read(*TITLES, heads, *([row[0], *(row[place] for place in kept)] for row in rows))
    assert report.status == "accepted"
    return [one.areas for one in report.checks if one.name == "zero_too_many"]


@pytest.mark.parametrize("roles", ["u", "eu", "er"])
@pytest.mark.parametrize("place", [0, 10])
def test_unrecorded_with_a_zero_too_many_are_told(roles, place):
    left = [count for _, count in LEFT]
    assert told_of_a_zero(roles, left) == []
    left[place] *= 10
    assert told_of_a_zero(roles, left) == [(list(TRUTH)[place],)]
    assert told_of_a_zero(roles, [*left[:place], left[place] + 1, *left[place + 1 :]]) == [], "a zero is no other digit"


@pytest.mark.parametrize(
    ("left", "told"),
    [
        ([300, 100, 99, 98, 97], 1),
        ([290, 100, 99, 98, 97], 0),  # not three times as many
        ([300, 101, 99, 98, 97], 0),
        ([300, 100, 99, 98], 0),  # too few sisters
        ([100, 33, 33, 33, 33], 1),
        ([90, 29, 29, 29, 29], 0),  # too small to be sure
        ([300, 0, 0, 0, 0], 0),
    ],
)
def test_a_zero_too_many_is_told_where_all_sisters_have_far_fewer(left, told):
    rows = [{"area_code": code, "as_of_date": DAY, "unrecorded": n} for code, n in zip(TRUTH, left, strict=False)]
    other = [{"area_code": "75.04.01", "as_of_date": DAY, "unrecorded": 250}]  # of another kabupaten, and of another day
    later = [{"area_code": "75.05.01", "as_of_date": date(2023, 6, 21), "unrecorded": 250}]
    found = quality.checks(solve(frame([*later, *rows, *other])), np.arange(len(rows) + 2))
    assert [one.rows for one in found if one.name == "zero_too_many"] == [(1,)] * told


def test_the_most_unrecorded_of_the_eligible_are_looked_at_where_these_are_known():
    rows = [[name, whole, left] for name, whole, _, left in ROWS]
    large = [[rows[0][0], 200_000, 7000], *rows[1:]]  # ten times as many people, and as many of them unrecorded
    report = read(*TITLES, ["KECAMATAN", HEADS[0], HEADS[2]], *large)
    assert report.status == "accepted" and "zero_too_many" not in [one.name for one in report.checks]
    assert told_of_a_zero("u", [left for *_, left in large]) != []


@pytest.mark.parametrize(
    ("whole", "left", "told"),
    [
        (60_000, 600, 1),  # three times as many as in any other, and 1 % of them unrecorded where elsewhere it is 3 %
        (59_990, 590, 0),
        (60_001, 600, 0),
        (60_000, 601, 0),
        (60_000, 0, 0),
    ],
)
def test_eligible_with_a_zero_too_many_are_told_where_hardly_any_of_them_are_unrecorded(whole, left, told):
    given = [(20_000, 600), (19_000, 600), (whole, left), (18_000, 600), (17_000, 600)]
    rows = [
        {"area_code": code, "as_of_date": DAY, "eligible": e, "unrecorded": u} for code, (e, u) in zip(TRUTH, given, strict=False)
    ]
    found = quality.checks(solve(frame(rows)), np.arange(5))
    assert [one.rows for one in found if one.name == "zero_too_many"] == [(2,)] * told


def test_areas_that_are_so_unlike_that_some_end_in_0_by_chance_are_not_told():
    families = [code for code in sorted(register().codes(Level.KABUPATEN, "35")) if len(register().children(code)) > 4][:3]
    rows = [[area, (300 if kabupaten == families[0] else 301) if place == 0 else 99 - place] for kabupaten in families[:2]
            for place, area in enumerate(register().children(kabupaten))]  # fmt: skip
    for most, told in ((rows, 0), ([[code, 300 if count == 301 else count] for code, count in rows], 1)):
        report = read(["PEREKAMAN KTP-EL"], TITLES[1], ["KODE", HEADS[2]], *most)
        assert report.status == "accepted" and [one.name for one in report.checks].count("zero_too_many") == told


@pytest.mark.parametrize(("first", "second"), [(203, 183), (75, 1200), (8, 9), (1200, 75)])
def test_two_numbers_in_a_cell_are_no_count(first, second):
    rows = [[name, f"{first} {second}" if place == 2 else 100 + place] for place, (name, _) in enumerate(LEFT)]
    report = read(*TITLES, ["KECAMATAN", "BELUM REKAM"], *rows)
    assert report.status == "refused" and f"{first} {second}" in render(report.reason, "en")


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f"])
def test_thousands_parted_by_blanks_are_read_where_the_column_writes_them_so(blank):
    rows = [[name, f"{count * 7:,}".replace(",", blank)] for name, count in LEFT]
    report = read(
        *TITLES, ["KECAMATAN", "BELUM REKAM"], *rows, ["JUMLAH", f"{sum(c for _, c in LEFT) * 7:,}".replace(",", blank)]
    )
    assert set(left(report).values()) == {count * 7 for _, count in LEFT}
    assert numerals.odd_blanks(["1 234", "999", "20"]) == set() and numerals.odd_blanks(["1 234", "5678"]) == {"1 234"}
    largest = f"37{blank}614"  # of three; a program's blank does not stand between two numbers
    assert numerals.odd_blanks([largest, "9 939", "4 491"]) == ({largest} if blank == " " else set())
    assert numerals.odd_blanks([f" {largest} ", "9939"]) == {f" {largest} "}


@pytest.mark.parametrize("share", ["98%", "NASIONAL 99,4%", "99.4"])
def test_what_is_left_of_a_share_that_is_aimed_at_is_not_the_unrecorded_without_a_word(share):
    rows = [[name, whole - 50, done, whole - 50 - done] for name, whole, done, _ in ROWS]
    report = read(*TITLES, ["KECAMATAN", f"TARGET {share}", "SUDAH REKAM", "BELUM REKAM"], *rows)
    assert report.status == "needs_choice" and "TARGET" in asked(report)


# A title that says what the one total counts; kabupaten in rows


@pytest.mark.parametrize(
    "parts", [[], ["LAKI-LAKI", "PEREMPUAN"], ["ADA", "MENINGGAL", "PINDAH"], ["2004", "2005", "SEBELUM 2004"]], ids=len
)
def test_the_one_total_is_what_the_title_says(parts):
    rows = []
    for number, (name, count) in enumerate(LEFT):
        each = [count // (len(parts) + 1)] * (len(parts) - 1)
        rows.append([number + 1, name, *each, *([count - sum(each)] if parts else []), count])
    titles = [["PENDUDUK BELUM REKAM KTP-EL KABUPATEN GORONTALO UTARA"], TITLES[1]]
    report = read(*titles, ["NO", "KECAMATAN", *parts, "JUMLAH"], *rows)
    truth = {(code, DAY): count for code, (_, _, count) in TRUTH.items()}
    assert left(report) == truth
    other = [[*row[:-1], row[-1] + 5] for row in rows]
    assert not parts or read(*titles, ["NO", "KECAMATAN", *parts, "JUMLAH"], *other).status != "accepted"


@pytest.mark.parametrize("way", ["head", "figures", "foot"])
def test_rows_that_name_the_kabupaten_part_a_list_of_several(way):
    rows, truth = [], {}
    for code in (REGENCY, SISTER):
        mine, theirs = body(code)
        total = [sum(row[place] for row in mine) for place in (1, 2, 3)]
        called = f"KABUPATEN {register().name(code).upper().removeprefix('KABUPATEN ')}"
        above = {"head": [[called, "", "", ""]], "figures": [[called, *total]], "foot": []}[way]
        rows += [*above, *mine, *([[f"JUMLAH {called}", *total]] if way == "foot" else [])]
        truth |= theirs
    report = read(["PEREKAMAN KTP-EL PROVINSI GORONTALO"], TITLES[1], ["WILAYAH", *HEADS], *rows)
    assert report.status == "accepted" and {code: figures(report).get(code) for code in truth} == truth


# Personal numbers


@pytest.mark.parametrize("seed", range(6))
def test_a_number_with_letters_for_digits_or_its_end_masked_is_found(seed):
    number = nik(random.Random(seed))
    for digit, letter in (("0", "O"), ("0", "o"), ("1", "l"), ("1", "I")):
        assert personal.in_text(number.replace(digit, letter, 3)), (digit, letter)
    assert personal.in_text(f"a.n. {number[:15]}x") and personal.in_text(f"{number[:14]}**")
    assert not personal.in_text(f"{number[:8]}xxxxxxxx")


@pytest.mark.parametrize("seed", range(6))
def test_a_number_with_a_digit_too_many_is_found_in_a_text_and_in_a_cell(seed):
    number = nik(random.Random(seed))
    number = f"{number[:12]}0{number[13:]}"
    for digit in "0179":
        for longer in (number + digit, digit + number):
            assert personal.in_text(longer) and personal.in_text(f"no. {longer}.") and personal.in_number(float(longer)), longer
        assert not personal.in_text(f"{digit}{number}{digit}") and not personal.in_text(f"0.{number}{digit}")
    report = read(*TITLES, ["KECAMATAN", *HEADS, "KET"], *([*row, ""] for row in ROWS[1:]), [*ROWS[0], number + "1"])
    assert report.status == "refused" and number not in str(report.to_json("en"))


@pytest.mark.parametrize("cut", [8, 12])
def test_a_number_over_two_cells_that_lost_its_zeros_is_found(cut):
    number = "7505031204900012" if cut == 12 else "7505031201900012"
    assert personal.joined([float(number[:cut]), float(number[cut:])]) == 1
    assert personal.joined([int(number[:cut]), "", int(number[cut:])]) == 2
    assert personal.joined([12345678, 1234567]) is None


# Against what is stored


@pytest.mark.parametrize("shift", [0, 1, 4])
def test_names_beside_the_figures_of_others_are_told_where_theirs_are_stored(shift):
    rows = [[name, whole * (3 + place % 5), done, left_] for place, (name, whole, done, left_) in enumerate(ROWS)]
    rows = [[name, whole, whole - left_, left_] for name, whole, _, left_ in rows]
    before = read(TITLES[0], ["PER 13 JUNI 2023"], ["KECAMATAN", *HEADS], *rows).rows
    names = [name for name, *_ in rows]
    moved = [[name, *row[1:]] for name, row in zip([*names[shift:], *names[:shift]], rows, strict=True)]
    report = read(*TITLES, ["KECAMATAN", *HEADS], *moved, current=before)
    assert ("exchanged" in [one.name for one in report.checks]) is (shift > 0)


@pytest.mark.parametrize(("share", "told"), [(0.01, True), (0.19, True), (0.3, False), (0.95, False)])
def test_unrecorded_that_are_but_a_few_of_those_stored_are_told(share, told):
    before = read(TITLES[0], ["PER 13 JUNI 2023"], ["KECAMATAN", "BELUM REKAM"], *LEFT).rows
    fewer = [[name, int(count * share)] for name, count in LEFT]
    report = read(*TITLES, ["KECAMATAN", "BELUM REKAM"], *fewer, current=before)
    assert ("unrecorded_fell" in [one.name for one in report.checks]) is told


def called_alike():
    """Names that a kabupaten and a kota have in common, with the codes of both."""
    known, by_name = register(), {}
    for code in sorted(known.codes(Level.KABUPATEN)):
        by_name.setdefault(re.sub("^(Kabupaten|Kota) ", "", known.name(code)), []).append(code)
    return [(name, codes) for name, codes in by_name.items() if len(codes) > 1]


def test_a_lone_row_that_is_called_as_a_kabupaten_and_a_kota_is_asked_about_with_both():
    alike = called_alike()
    assert len(alike) > 20
    for name, codes in alike[:: len(alike) // 12]:
        rows, day = (["KABUPATEN/KOTA", *HEADS], [name.upper(), 4000, 3900, 100]), "rekap 20 Juni 2023.csv"
        (asked,) = read(*rows, name=day).questions
        assert (asked.topic, [one.choices["area"] for one in asked.readings]) == ("area", codes), name
        for code in codes:
            chosen = read(*rows, name=day, choices=UNDECIDED.but({"area": code}))
            assert chosen.status == "accepted" and list(chosen.rows["area_code"]) == [code], name
