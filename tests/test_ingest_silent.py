"""No file is read wrongly without a word: a sample of files with a trap each, and what is asked and refused, word by word.

The full counts: ``python -m tests.silent``.
"""

import io
import zipfile
from collections import Counter
from datetime import date

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
from ektp_analysis.ingest.cells import numerals, topics, words, written
from ektp_analysis.ingest.places import totals
from ektp_analysis.ingest.places.row_names import Placed
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from tests.breadth import crossed, crossed_with_further, examples
from tests.layouts.traps_by_class import CLASSES, CUT, make
from tests.silent import figures, outcome

TODAY, DAY = date(2026, 1, 1), date(2023, 6, 30)
REGENCY = "75.05"
HEADS = ["WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
FINE = ("exact", "asked", "refused")
SEEDS = range(5000, 5024)


@pytest.mark.parametrize(("further", "number"), crossed_with_further([*CLASSES, 6]))
def test_files_with_a_trap_are_read_exactly_or_asked_or_refused_well(further, number):
    """The first file with each trap; all the others of so many seeds."""
    first = {}
    for seed in SEEDS:
        first.setdefault(make(number, seed)[0], seed)
    found = [outcome(number, seed) for seed in SEEDS if (seed not in first.values()) is further]
    assert [line for _, what, line in found if what not in FINE] == []
    assert len({trap for trap, _, _ in found}) >= min(3, len(set(CLASSES.get(number, CUT))))


@examples(10, 30)
@given(st.sampled_from([*CLASSES, 6]), st.integers(0, 2**32 - 1))
def test_files_with_a_trap_that_hypothesis_draws(number, seed):
    trap, what, line = outcome(number, seed)
    assert what in FINE, (trap, line)


def test_each_class_has_thirty_layouts_and_files_without_a_trap_are_read():
    for number in (*CLASSES, 6):
        assert len({(trap, case.layout) for trap, case in (make(number, seed) for seed in range(40))}) >= 30
    assert sum(outcome(0, seed)[1] == "exact" for seed in range(25)) >= 23


# What stands around a table of good figures


def body(code=REGENCY):
    """Rows of the areas below one: name, eligible, recorded, unrecorded; and the truth."""
    made, truth = [], {}
    for number, area in enumerate(register().children(code)):
        eligible, rest = 10_000 + 37 * number, 300 + 3 * number
        truth[area] = (eligible, eligible - rest, rest)
        made.append([register().name(area), *truth[area]])
    return made, truth


def text(*rows):
    return ("\n".join(";".join(map(str, row)) for row in rows) + "\n").encode()


def read(*rows, name="x.csv", **choices):
    return read_file(text(*rows), name, Choices(**choices), today=TODAY)


def said(report):
    return render(report.reason, "en") if report.reason else ""


TITLES = [["KABUPATEN GORONTALO UTARA"], ["PER 30 JUNI 2023"]]
ROWS, TRUTH = body()
GOOD = [*TITLES, ["KECAMATAN", *HEADS], *ROWS]


@pytest.mark.parametrize(
    ("title", "words_"),
    [
        ("PEREKAMAN KTP-EL PEMULA", "PEMULA"),
        ("PEREKAMAN USIA 17-20 TAHUN", "PEREKAMAN USIA 17-20 TAHUN"),
        ("RENCANA PEREKAMAN 2023", "RENCANA"),
    ],
)
def test_a_title_of_a_part_or_of_a_plan_is_asked_about_in_its_own_words_and_the_answer_is_read(title, words_):
    rows = [*TITLES, [title], ["KECAMATAN", *HEADS], *ROWS]
    asked = read(*rows)
    assert asked.status == "needs_choice" and words_ in said(asked) and "(the title)" in said(asked)
    answered = read_file(text(*rows), "x.csv", asked.choices.but(asked.questions[0].readings[0].choices), today=TODAY)
    assert answered.status == "accepted" and figures(answered) == TRUTH
    assert any("the column was chosen by the user" in [render(r, "en") for r in item.reasons] for item in answered.evidence)


def test_what_the_rest_is_left_of_is_quoted():
    rows = [[name, e, r, u] for name, e, r, u in ROWS]
    asked = read(*TITLES, ["KECAMATAN", "WKTP", "E-KTP CETAK", "BELUM"], *rows)
    assert asked.status == "needs_choice" and "E-KTP CETAK" in said(asked) and "not recording" in said(asked)


@pytest.mark.parametrize("file", ["rekap pencetakan.csv", "KIA 2023.csv"])
def test_a_file_named_by_something_else_is_asked_about_unless_its_headers_say_recording(file):
    assert read(*GOOD, name=file).status == "accepted"
    asked = read(*TITLES, ["KECAMATAN", "WAJIB KTP", "SUDAH", "BELUM"], *ROWS, name=file)
    assert asked.status == "needs_choice" and "(the name of the file)" in said(asked)


@pytest.mark.parametrize(
    ("heads", "what"),
    [
        (["0-4", "5-9", "10-14"], "age groups"),
        (["JUMLAH", "TAMAT SD", "BELUM TAMAT SD"], "education"),
        (["SASARAN", "DOSIS 1", "BELUM VAKSIN"], "vaccination"),
        (["TARGET", "REALISASI", "SISA"], "something else"),
    ],
)
def test_a_file_without_a_word_of_recording_is_refused_with_what_it_holds_and_a_person_is_believed(heads, what):
    refused = read(*TITLES, ["KECAMATAN", *heads], *ROWS)
    assert refused.status == "refused" and f"to hold {what}" in said(refused)
    named = read(
        *TITLES, ["KECAMATAN", *heads], *ROWS, columns=dict(zip(("eligible", "recorded", "unrecorded"), heads, strict=True))
    )
    assert named.status == "accepted" or what == "education"
    if named.status == "accepted":
        assert figures(named) == TRUTH


@pytest.mark.parametrize("header", ["BELUM TAMAT SD", "BELUM SEKOLAH", "SUDAH BEKERJA", "TARGET IMUNISASI", "SISA ANGGARAN"])
def test_a_column_is_offered_only_if_its_words_could_mean_the_figure(header):
    assert words.meaning([header]).measure == words.NOISE


@pytest.mark.parametrize("header", ["BELUM", "SISA TARGET", "SUDAH (JIWA)", "TARGET 2023", "CAPAIAN S/D JUNI"])
def test_words_that_change_nothing_leave_a_column_what_it_is(header):
    assert words.meaning([header]).measure in (words.ELIGIBLE, words.RECORDED, words.UNRECORDED)


# Days


@pytest.mark.parametrize(
    ("above", "day"),
    [
        (["Akhir Juni 2023"], DAY),
        (["30 Juny 2023"], DAY),
        (["Per 30 Juni 2023 pukul 14.00 WIB"], DAY),
        (["Data tarikan 30-06-2023 08:15:22"], DAY),
        (["TANGGAL", "30", "JUNI", "2023"], DAY),
    ],
)
def test_days_as_offices_write_them(above, day):
    assert read(GOOD[0], above, *GOOD[2:]).as_of_dates == (day,)


WEEK_ENDS = {1: 7, 2: 14, 3: 21, 4: 28, 5: 30}  # of June
WORDS = ("MINGGU", "Minggu", "PEKAN", "week", "Mgg", "M", "W")


@pytest.mark.parametrize(("word", "nth"), crossed(WORDS, [("1", "I", "pertama"), ("3", "III", "ketiga"), ("5", "V", "kelima")]))
def test_a_week_that_is_counted_in_its_month_is_no_day_of_it(word, nth):
    """Whichever way it is written and wherever it stands: asked about, with the last day of that week among the answers."""
    number, roman, spelt = nth
    end = date(2023, 6, WEEK_ENDS[int(number)])
    for mark in (" KE-", " ke ", "-", " ", ""):
        for written_ in (number, roman, spelt):
            if not mark and (len(word) > 1 or written_ != number):  # nobody writes MINGGUIII
                continue
            if word.lower() == "minggu" and mark == " " and written_ == number:
                continue  # may be the weekday, see below
            said_ = f"{word}{mark}{written_} Juni 2023"
            titled = read([f"REKAP PEREKAMAN KTP-EL {said_}"], [], *GOOD[2:])
            named = [read_file(text(GOOD[0], *GOOD[2:]), f"rekap {said_}.csv", today=TODAY)] if mark == " ke " else []
            for report in (titled, *named):
                (asked,) = report.questions
                assert (report.status, asked.topic) == ("needs_choice", "date"), said_
                assert {"date": end.isoformat()} in [reading.choices for reading in asked.readings], said_


@pytest.mark.parametrize(
    ("said_", "sure", "days"),
    [
        ("Minggu, 4 Juni 2023", True, [date(2023, 6, 4)]),  # a Sunday
        ("Minggu 18 Juni 2023", True, [date(2023, 6, 18)]),
        ("MINGGU 4 JUNI 2023", False, [date(2023, 6, 28), date(2023, 6, 4)]),
        ("Minggu 3 Juni 2023", False, [date(2023, 6, 21)]),  # a Saturday
        ("Minggu, 3 Juni 2023", False, [date(2023, 6, 21), date(2023, 6, 3)]),
        ("Senin 5 Juni 2023", True, [date(2023, 6, 5)]),
        ("TAHAP 2 JUNI 2023", False, [date(2023, 6, 30)]),
        ("gelombang ke-3 Juni 2023", False, [date(2023, 6, 30)]),
        ("Minggu ke-6 Juni 2023", False, [date(2023, 6, 30)]),
        ("Minggu ke-18 Juni 2023", False, [date(2023, 6, 30)]),
    ],
)
def test_a_sunday_and_a_week_are_told_apart(said_, sure, days):
    assert [(hit.day, hit.kind) for hit in written.search(said_)] == [(day, "day" if sure else "month") for day in days]
    assert written.parse(said_) == (days[0] if sure else None)


def test_a_day_in_pieces_and_one_beside_a_signature():
    pieces = [["TANGGAL", ": 30"], ["BULAN", ": JUNI"], ["TAHUN", ": 2023"]]
    assert read(GOOD[0], *pieces, *GOOD[2:]).as_of_dates == (DAY,)
    assert read(*TITLES, ["Kwandang, 5 Juli 2023"], *GOOD[2:]).as_of_dates == (DAY,)
    apart = [["TGL", "BLN", "THN", *GOOD[2]], *([30, "Juni", 2023, *row] for row in ROWS)]
    assert read(GOOD[0], *apart).as_of_dates == (DAY,)


def test_a_quarter_is_asked_about_with_its_last_day_and_so_is_a_month_before_the_day():
    asked = read(GOOD[0], ["Triwulan II 2023"], *GOOD[2:])
    assert [one.choices for one in asked.questions[0].readings] == [{"date": "2023-06-30"}]
    rows = [GOOD[0], ["TANGGAL", *GOOD[2]], *(["06/30/2023", *row] for row in ROWS)]
    asked = read(*rows)
    assert asked.status == "needs_choice" and "before the day" in render(asked.questions[0].readings[0].label, "en")
    answered = read_file(text(*rows), "x.csv", asked.choices.but(asked.questions[0].readings[0].choices), today=TODAY)
    assert answered.as_of_dates == (DAY,)


# Areas


def test_kecamatan_and_kabupaten_in_one_title():
    district = register().children("33.07")[3]
    rows, truth = body(district)
    name = register().name(district).upper()
    for title in (f"REKAP PEREKAMAN KECAMATAN {name} KABUPATEN WONOSOBO", f"Kec. {name}, Kab. Wonosobo"):
        found = read([title], TITLES[1], ["DESA", *HEADS], *rows)
        assert found.status == "accepted" and figures(found) == truth


def test_rows_of_no_area_are_kept_apart_and_counted():
    apart = [["LUAR DAERAH", 50, 40, 10], ["TIDAK DIKETAHUI", 5, 4, 1]]
    sums = [sum(row[place] for row in [*ROWS, *apart]) for place in (1, 2, 3)]
    found = read(*GOOD, *apart, ["JUMLAH", *sums])
    assert found.status == "accepted" and figures(found) == TRUTH
    (check,) = [check for check in found.checks if check.name == "apart"]
    assert "LUAR DAERAH" in render(check.text, "en") and "eligible 55" in render(check.text, "en")
    assert not [check for check in found.checks if check.name == "total"]


def test_codes_against_names_are_asked_about_and_both_answers_are_read():
    codes = list(TRUTH)
    rows = [[other, *row] for other, row in zip([*codes[1:], codes[0]], ROWS, strict=True)]
    asked = read(*TITLES, ["KODE", *GOOD[2]], *rows)
    assert asked.status == "needs_choice" and "BPS" in said(asked) and "Atinggola" in said(asked)
    by_name, by_code = (
        read(*TITLES, ["KODE", *GOOD[2]], *rows, **dict(reading.choices)) for reading in asked.questions[0].readings
    )
    assert figures(by_name) == TRUTH and figures(by_code) != TRUTH and by_code.status == "accepted"


@pytest.mark.parametrize(
    ("others", "total", "found"), [([60, 50, 40], 150, True), ([20, 20, 9], 49, False), ([20, 20, 10], 50, True)]
)
def test_a_single_figure_that_is_the_sum_of_the_others_is_a_total_from_fifty_on(others, total, found):
    values = np.array([*others, total], dtype=float)
    placed = Placed([f"75.05.{n:02}" for n in range(1, 5)], [""] * 4, [3] * 4)
    assert totals.summed_rows({"u": values}, np.ones(4, dtype=bool), placed, 3)[-1] == found


@pytest.mark.parametrize(("total", "asked"), [(240, True), (241, False), (160, True), (159, False)])
def test_a_namesake_near_the_sum_of_the_others_is_asked_about(total, asked):
    codes = ["17.01", "17.02", "17.03", "17.04", "17.71"]
    values = np.array([50, 50, 50, 50, total], dtype=float)
    placed = Placed(codes, ["A", "B", "C", "D", "BENGKULU"], [2] * 5)
    assert totals.near_totals({"e": values}, np.ones(5, dtype=bool), placed, 2) == ([4] if asked else [])


# Cells and ends


@pytest.mark.parametrize(
    ("cell", "count"), [("326*)", 326), ("8063 jw", 8063), ("±4.301", 4301), ("4.593¹⁾", 4593), ("83 1)", 83), ("1.089,-", 1089)]
)
def test_marks_and_units_that_a_person_would_strip(cell, count):
    assert numerals.count(cell) == count and numerals.marked(cell)
    rows = [*ROWS[:-1], [ROWS[-1][0], *ROWS[-1][1:3], cell]]
    found = read(*TITLES, ["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"], *rows)
    told = [render(check.text, "en") for check in found.checks if check.name == "marks"]
    assert found.status == "refused" or cell in told[0]


@pytest.mark.parametrize("cell", ["Rp 1.250", "(1.250)", "-125", "1O3", "ada", "12.34.5", "1234.", "12 ribu"])
def test_anything_else_is_a_fault_of_its_cell(cell):
    with pytest.raises(numerals.NotANumber):
        numerals.count(cell)
    refused = read(*GOOD[:-1], [ROWS[-1][0], *ROWS[-1][1:3], cell])
    assert refused.status == "refused" and f"'{cell}' is not a count" in said(refused)


def workbook(rows, formula=""):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    if not formula:
        return out.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<v>300</v>", f"<f>{formula}</f>".encode())
            new.writestr(name, content)
    return changed.getvalue()


def test_a_formula_without_a_value_is_quoted():
    refused = read_file(workbook(GOOD, "B4-C4"), "x.xlsx", today=TODAY)
    assert refused.status == "refused" and "'=B4-C4'" in said(refused) and "save it" in said(refused)


def test_thousands_that_part_the_cells_are_refused_with_the_row():
    rows = [GOOD[0][0], GOOD[1][0], ",".join(GOOD[2]), *(f"{name},{e:,},{r:,},{u:,}" for name, e, r, u in ROWS)]
    refused = read_file("\n".join(rows).encode(), "x.csv", today=TODAY)
    assert refused.status == "refused" and "Row 4 has more cells" in said(refused) and "Atinggola,10,000" in said(refused)


@pytest.mark.parametrize("cut", [4, 5, 8])
def test_a_text_that_ends_inside_a_row_names_the_last_whole_one(cut):
    whole = text(*GOOD)
    last = len(GOOD)
    line = whole.rstrip(b"\n").rfind(b"\n") + 1
    refused = read_file(whole[: line + len(ROWS[-1][0]) + cut], "x.csv", today=TODAY)
    assert refused.status == "refused" and f"the last whole row is {last - 1}" in said(refused)
    assert read_file(whole.rstrip(b"\n"), "x.csv", today=TODAY).status == "accepted"


@pytest.mark.parametrize(
    ("data", "what"),
    [(b'[{"kecamatan": "Anggrek"}]', "a JSON document"), (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(300), "before 1997")],
)
def test_what_is_no_table_is_named(data, what):
    assert what in said(read_file(data, "x.xls", today=TODAY))


# Words


@pytest.mark.parametrize(
    ("said_", "part"),
    [
        ("USIA 17-20 TAHUN", True),
        ("17 s/d 21 tahun", True),
        ("usia 17 tahun ke atas", False),
        ("17 tahun ke atas atau sudah kawin", False),
        ("PER 17-20 JUNI 2023", False),
        ("31-12 TAHUN 2023", False),
        ("UMUR 60 TAHUN KE ATAS", True),
        ("termasuk pemula", False),
        ("KECAMATAN PEMULUTAN", False),
        ("BELUM REKAM > 40 TAHUN", True),
    ],
)
def test_parts_of_the_residents_and_everyone(said_, part):
    assert bool(topics.part_in(said_)) == part


@pytest.mark.parametrize(
    ("header", "found"),
    [("PEREKAMAN JUNI", True), ("REKAM S/D JUNI 2023", False), ("PEREKAMAN 30 JUNI 2023", False), ("PEREKAMAN BULAN INI", True)],
)
def test_a_while_and_a_day(header, found):
    assert bool(topics.while_in(header, header=True)) == found


@pytest.mark.parametrize(
    ("named", "heads"),
    crossed([("BENGKULU", ""), ("PROVINSI BENGKULU", ""), ("BENGKULU", "1700")], [HEADS, HEADS[2:]]),
)
def test_the_sum_of_the_kabupaten_is_never_the_kota_of_the_same_name(named, heads):
    label, code = named
    rows, truth = body("17")
    kabupaten = [row for row in rows if row[0] != "Kota Bengkulu"]
    shown = [[row[0].removeprefix("Kabupaten "), *row[-len(heads) :]] for row in kabupaten]
    sums = [sum(row[place] for row in shown) for place in range(1, len(heads) + 1)]
    given = [["", *row] for row in shown] + [[code, label, *sums]] if code else [*shown, [label, *sums]]
    found = read(TITLES[1], [*(["KODE"] if code else []), "KABUPATEN/KOTA", *heads], *given)
    assert found.status == "accepted" and set(figures(found)) == {area for area in truth if area != "17.71"}


# A text that was cut off where a row or a figure could end


def counted(roles: str, *, named: bool) -> bytes:
    """Eleven kecamatan with these counts in lines of Windows: in the project's own layout, or with a title and names."""
    heads = {"e": "wajib ktp", "r": "sudah rekam", "u": "belum rekam"}
    words_ = [heads[role] for role in roles]
    lines = ["PEREKAMAN KTP-EL PER 20 JUNI 2023", ";".join(["kode wilayah", "nama", *words_])]
    lines = lines if named else [";".join(["kode", "per tanggal", *words_])]
    for place, code in enumerate(register().children("75.05")):
        counts = {"e": 4000 + 37 * place, "r": 3900 + 30 * place, "u": 100 + 7 * place}
        beside = register().name(code) if named else "2023-06-20"
        lines.append(";".join([code, beside, *(str(counts[role]) for role in roles)]))
    return ("\r\n".join(lines) + "\r\n").encode()


@pytest.mark.parametrize(("roles", "named"), crossed(["eru", "eu", "er", "ru"], [False, True]))
def test_wherever_a_text_is_cut_off_it_is_refused_or_told(roles: str, named: bool) -> None:
    """Cut at each letter of its last two rows: a refusal, or a mark, which is a warning where a figure is another."""
    whole, codes = counted(roles, named=named), register().children("75.05")
    sound = read_file(whole, "a.csv", today=TODAY)
    assert sound.status == "accepted" and len(sound.rows) == 11 and "open_end" not in {check.name for check in sound.checks}
    told = Counter[str]()
    for cut in range(whole.rfind(b"75.05.10"), len(whole)):
        report = read_file(whole[:cut], "a.csv", today=TODAY)
        if [one.topic for one in report.questions] == ["complete"]:
            report = read_file(whole[:cut], "a.csv", Choices(complete="yes"), today=TODAY)
            assert report.silent
        if report.status != "accepted":
            told["refused"] += 1
            continue
        marks = [check for check in report.checks if check.name == "open_end"]
        if whole[:cut].endswith(b"\n"):  # nothing in the text can tell; the kecamatan that are missing are named as silent
            assert not marks and set(report.silent) == set(codes) - set(report.rows["area_code"])
            continue
        (mark,) = marks
        changed = not figures(report).items() <= figures(sound).items()
        assert mark.level == "warning" or not changed, whole[:cut][-40:]
        told[mark.level] += 1
    assert told["refused"] >= 30 and told["warning" if len(roles) == 2 else "note"] >= 4


# Whom the figures are counted of, and of which place


@pytest.mark.parametrize(
    ("part", "roles"),
    crossed(["DPT", "JUMLAH PEMILIH", "JUMLAH SISWA", "PEMULA", "PENYANDANG DISABILITAS", "WARGA BINAAN"], ["ru", "r", "u"]),
)
def test_a_part_of_the_residents_that_the_figures_are_counted_of_is_asked_about(part, roles):
    """No column says everyone: those recorded and those left are of the voters beside them."""
    heads = {"r": "SUDAH REKAM", "u": "BELUM REKAM"}
    rows = [[name, e, *({"r": r, "u": u}[role] for role in roles)] for name, e, r, u in ROWS]
    asked = read(*TITLES, ["KECAMATAN", part, *(heads[role] for role in roles)], *rows)
    assert asked.status == "needs_choice" and f"'{part}' (a header)" in said(asked)


@pytest.mark.parametrize("heads", [["BELUM REKAM", "PEMULA"], ["WAJIB KTP", "BELUM REKAM", "PEMULA"]])
def test_a_part_of_those_left_is_no_doubt_about_them(heads):
    cells = {"WAJIB KTP": 1, "BELUM REKAM": 3}
    rows = [[row[0], *(row[cells[head]] if head in cells else row[3] - 50 for head in heads)] for row in ROWS]
    assert read(*TITLES, ["KECAMATAN", *heads], *rows).status == "accepted"


def test_a_file_named_by_another_kabupaten_says_so():
    told = read(*GOOD, name="rekap kabupaten boalemo.csv")
    assert told.status == "accepted" and [check.name for check in told.checks] == ["place"]
    assert "Kabupaten Boalemo" in render(told.warnings[0], "id") and "Gorontalo Utara" in render(told.warnings[0], "id")
    assert read(*GOOD, name="rekap kabupaten gorontalo utara.csv").checks == ()


@pytest.mark.parametrize(("done", "told"), [(5_000, False), (4_999, True)])
def test_fewer_recorded_than_not_are_told_for_two_headers_may_be_exchanged(done, told):
    rows = [[name, 10_000, done, 10_000 - done] for name, *_ in ROWS]
    report = read(*TITLES, ["KECAMATAN", *HEADS], *rows)
    assert report.status == "accepted" and ("low" in {check.name for check in report.checks}) is told


NAMESAKES = ("12.01.10", "71.02.11", "94.03.01")  # kecamatan in which two desa, or a desa and a kelurahan, have one name


@pytest.mark.parametrize(("district", "answer"), crossed(NAMESAKES, [0, 1]))
def test_two_desa_of_one_name_are_asked_about_row_by_row_and_the_answers_are_read(district, answer):
    """Which of the two stands first is for a person to say; either answer to the first row leads on, with the other one below."""
    codes = register().children(district)
    names_ = [register().name(code) for code in codes]
    (twice,) = {name for name in names_ if names_.count(name) > 1}
    first, second = (code for code in codes if register().name(code) == twice)
    rows = [[name, 900 + place, 800, 100 + place] for place, name in enumerate(names_)]
    around = [f"KECAMATAN {register().name(district).upper()} {register().full_name(district[:5]).upper()}"], ["PER 30 JUNI 2023"]
    data = text(*around, ["DESA", *HEADS], *rows)
    choices, report = Choices(), read_file(data, "x.csv", today=TODAY)
    assert len(report.questions) == 2 and len({one.subject for one in report.questions}) == 2
    for place, code in enumerate((first, second) if answer == 0 else (second, first)):
        asked = report.questions[0]
        assert len(report.questions) == 2 - place
        (reading,) = [one for one in asked.readings if one.choices == {"aliases": {asked.subject: code}}]
        choices = choices.but(reading.choices)
        report = read_file(data, "x.csv", choices, today=TODAY)
    taken = dict(zip(report.rows["area_code"], report.rows["eligible"], strict=True))
    where = [900 + names_.index(twice), 900 + len(names_) - 1 - names_[::-1].index(twice)]
    assert report.status == "accepted" and [taken[first], taken[second]] == where[:: 1 if answer == 0 else -1]
