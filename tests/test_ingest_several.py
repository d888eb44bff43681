"""Several days or tables in one file: a sample by rule, and what is told, asked and refused, word by word.

The full counts: ``python -m tests.several``.
"""

import io
from datetime import date

import openpyxl
import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import render
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from ektp_analysis.ingest.workbooks import workbook
from tests.layouts.several import RULES, make
from tests.layouts.whole import xlsx
from tests.several import GOOD, figures, outcome

TODAY, DAY = date(2026, 1, 1), date(2023, 6, 30)
REGENCY = "75.05"
TITLES = [["REKAP PEREKAMAN KTP-EL"], ["KABUPATEN GORONTALO UTARA"]]
HEAD = ["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
AREAS = [str(code) for code in register().children(REGENCY)]


@pytest.mark.parametrize("place", range(len(RULES)), ids=[rule.__name__ for rule in RULES])
def test_a_file_of_each_rule_is_read_exactly_or_asked_or_refused_well(place):
    rule, what, line, enough = outcome(len(RULES) * 300 + place)
    assert rule == RULES[place].__name__
    assert what in (("exact",) if enough else GOOD), line


def rows(step=0, codes=AREAS, *, titles=(), extra=0):
    """A table of kecamatan: ``step`` fewer unrecorded each; ``extra``: more eligible and recorded in the first."""
    made = [*TITLES, *([title] for title in titles), HEAD]
    for number, code in enumerate(codes):
        eligible, rest = 9_000 + 31 * number + (extra if not number else 0), 300 + 3 * number - step
        made.append([register().name(code), eligible, eligible - rest, rest])
    return made


def villages(district, *, off=0):
    """A table of the desa of a kecamatan, and its sums; ``off``: more eligible and recorded in the first desa."""
    made, sums = [*TITLES, ["PER 30 JUNI 2023"], ["DESA", *HEAD[1:]]], [0, 0, 0]
    for number, code in enumerate(register().children(district)):
        eligible = 900 + number + (off if not number else 0)
        counts = [eligible, eligible - 40, 40]
        made.append([register().name(code), *counts])
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
    return made, sums


def read(*sheets, name="x.xlsx", **choices):
    return read_file(xlsx(*sheets), name, Choices(**choices), today=TODAY)


def said(report, level="warning"):
    return [render(check.text, "en") for check in report.checks if check.level == level]


def asked(report):
    return [render(question.text, "en") for question in report.questions]


# Days


def test_each_day_is_told_with_its_rows_and_totals_and_held_against_the_day_before():
    report = read(("14-06-2023", rows()), ("20-06-2023", rows(20, AREAS[1:], extra=4_000)))
    assert report.status == "accepted"
    assert [(one.key, one.day, one.rows) for one in report.parts] == [
        ("14-06-2023", date(2023, 6, 14), 11),
        ("20-06-2023", date(2023, 6, 20), 10),
    ]
    assert (
        [one.totals["unrecorded"] for one in report.parts]
        == [int(total.unrecorded or 0) for total in report.totals]
        == [3465, 2935]
    )
    told = said(report)
    assert any(text.startswith("20 June 2023: 1 area that reported on 14 June 2023 is missing: 75.05.01") for text in told)
    assert any("20 June 2023: The eligible went from" in text for text in told)
    assert report.to_json()["parts"][1]["totals"]["unrecorded"] == 2935


def test_an_eligible_that_stands_once_beside_days_is_taken_for_each_and_said():
    lines = [*TITLES, ["KECAMATAN", "WAJIB KTP", "BELUM REKAM 14 Juni 2023", "BELUM REKAM 19 Juni 2023"]]
    lines += [[register().name(code), 900, 30 + number, 20 + number] for number, code in enumerate(AREAS)]
    report = read(("S", lines))
    assert figures(report)[AREAS[1], date(2023, 6, 19)] == (900, None, 21)
    assert "WAJIB KTP appears once for 2 days and is used for each of them." in said(report)


def test_sheets_are_days_only_where_a_person_has_not_named_one_or_the_day():
    sheets = (("14-06-2023", rows()), ("20-06-2023", rows(20)))
    one = read(*sheets, sheet="20-06-2023")
    assert one.as_of_dates == (date(2023, 6, 20),) and not one.parts
    given = read(*sheets, date=DAY)
    assert given.status == "needs_choice" and given.questions[0].topic == "sheet"


def test_the_same_twice_counts_once_and_something_else_is_asked():
    alike = read(("14-06-2023", rows()), ("20-06-2023", rows(9)), ("20-06-2023 (2)", rows(9)))
    assert alike.status == "accepted" and len(alike.rows) == 22
    assert any("repeats for 11 areas what 20-06-2023 says" in text for text in said(alike, "note"))
    other = read(("14-06-2023", rows()), ("20-06-2023", rows(9)), ("20-06-2023 (2)", rows(10)))
    assert other.status == "needs_choice"
    assert "20-06-2023 and 20-06-2023 (2) give different figures for the same 11 areas: 75.05.01 Atinggola has" in asked(other)[0]
    left = read(("14-06-2023", rows()), ("20-06-2023", rows(9)), ("20-06-2023 (2)", rows(10)), parts={"20-06-2023": "none"})
    assert left.status == "accepted" and left.totals[-1].unrecorded == 3465 - 110
    assert "20-06-2023 is left out, as decided." in said(left)


def test_a_month_is_asked_about_once_for_all_sheets_and_the_answer_may_be_any_day():
    sheets = (("Januari 2023", rows()), ("Februari 2023", rows(5)))
    report = read(*sheets)
    assert len(report.questions) == 1 and "(Januari 2023 to Februari 2023)" in asked(report)[0]
    last, first = (reading.choices["parts"] for reading in report.questions[0].readings)
    assert last == {"Januari 2023": "2023-01-31", "Februari 2023": "2023-02-28"}
    assert first == {"Januari 2023": "2023-01-01", "Februari 2023": "2023-02-01"}
    own = read(*sheets, parts={"Januari 2023": "2023-01-15", "Februari 2023": "2023-02-15"})
    assert own.as_of_dates == (date(2023, 1, 15), date(2023, 2, 15))


def test_a_sheet_that_cannot_be_read_is_named_and_may_be_left_out():
    broken = [[str(cell).replace("KTP", "") if isinstance(cell, str) else "x" for cell in row] for row in rows()]
    sheets = (("14-06-2023", rows()), ("19-06-2023", broken[:2] + broken[3:]), ("20-06-2023", rows(9)))
    report = read(*sheets)
    assert report.status == "needs_choice" and "19-06-2023" in asked(report)[0]
    left = read(*sheets, parts=report.questions[0].readings[-1].choices["parts"])
    assert left.status == "accepted" and len(left.as_of_dates) == 2
    cell = rows()
    cell[5][1] = "12x9"
    refused = read(("14-06-2023", rows()), ("19-06-2023", cell))
    assert refused.status == "refused" and "sheet 19-06-2023, row 6" in render(refused.reason, "en")
    assert len(refused.rows) == 0


@pytest.mark.parametrize("name", ["Februari 2023", "28-02-2023"])
def test_of_two_sheets_one_that_cannot_be_read_is_never_left_out_without_a_word(name):
    broken = [row for row in rows() if row != HEAD]
    report = read(("31-01-2023", rows()), (name, broken))
    assert report.status == "needs_choice" and name in " ".join(asked(report))
    left = read(("31-01-2023", rows()), (name, broken), parts={name: "none"})
    assert left.status == "accepted" and f"{name} is left out, as decided." in said(left)


def test_refused_rows_come_back_on_the_sheets_that_they_stand_on():
    sheets = []
    for name, row in (("14-06-2023", 5), ("19-06-2023", 7)):
        made = rows()
        made[row][1] = "12x9"
        sheets.append((name, made))
    data = xlsx(*sheets)
    report = read_file(data, "x.xlsx", today=TODAY)
    book = openpyxl.load_workbook(io.BytesIO(workbook(data, report, "en")))
    assert book.sheetnames == ["14-06-2023", "19-06-2023"]
    assert [book[name].cell(4, 1).value for name in book.sheetnames] == [register().name(AREAS[2]), register().name(AREAS[4])]
    taken = read_file(data, "x.xlsx", Choices(take_good_rows=True), today=TODAY)
    assert taken.status == "accepted" and len(taken.rows) == 20


# Kecamatan


def by_kecamatan(**off):
    return [(register().name(code), villages(code, **(off if code == AREAS[2] else {}))[0]) for code in AREAS]


def recap():
    return ("REKAP", [*TITLES, ["PER 30 JUNI 2023"], HEAD, *([register().name(code), *villages(code)[1]] for code in AREAS)])


def test_a_recap_is_compared_and_never_counted():
    fine = read(recap(), *by_kecamatan())
    assert fine.status == "accepted" and fine.rows["area_code"].str.count(r"\.").eq(3).all()
    assert "REKAP agrees with the sums of the other tables (33 figures)." in said(fine, "note")
    other = read(recap(), *by_kecamatan(off=7))
    total = villages(AREAS[2])[1][0]
    assert (
        f"REKAP, row 7 (75.05.03 Anggrek): eligible is {total:,}, but the other sheets add up to {total + 7:,}, which is used."
        in said(other)
    )
    short = read(recap(), *by_kecamatan()[1:])
    assert short.status == "accepted"
    assert "REKAP holds areas that are in no other table: 75.05.01 Atinggola." in said(short)


def test_a_sheet_that_is_no_table_of_recording_is_told():
    kia = ("KIA", [["DATA KIA"], ["KECAMATAN", "JUMLAH ANAK", "MEMILIKI KIA"], *([register().name(c), 90, 10] for c in AREAS)])
    report = read(*by_kecamatan(), kia, ("Petunjuk", [["Isilah kolom yang kosong"]]))
    assert report.status == "accepted"
    assert any(text.startswith("KIA is not read") for text in said(report))
    assert "Petunjuk shows no figure; nothing is read of it." in said(report, "note")


def test_zero_for_every_area_is_no_figure_until_a_person_says_so():
    sheets = (
        ("14-06-2023", rows()),
        ("20-06-2023", [row if len(row) < 4 or row == HEAD else [row[0], 0, 0, 0] for row in rows()]),
    )
    report = read(*sheets)
    assert "20-06-2023 gives 0 for every area" in asked(report)[0]
    leave, take = (reading.choices["parts"] for reading in report.questions[0].readings)
    assert read(*sheets, parts=leave).as_of_dates == (date(2023, 6, 14),)
    assert read(*sheets, parts=take).totals[-1].eligible == 0


def test_sheets_of_which_none_speaks_of_recording_are_refused():
    def plain(day):
        return (day, [["KABUPATEN GORONTALO UTARA"], ["KECAMATAN", "TARGET", "REALISASI", "SISA"], *rows()[3:]])

    report = read(plain("14-06-2023"), plain("19-06-2023"))
    assert report.status == "refused" and "No title, header or name speaks of KTP" in render(report.reason, "en")


# Men and women


def by_sex(*, lost=(), other=0):
    """A sheet of men, one of women and one of all, and the truth; ``lost``: areas that the women's lacks."""
    men, women, both, truth = [], [], [], {}
    for number, code in enumerate(AREAS):
        one, two = [400 + number, 380, 20 + number], [500, 470 - number, 30 + number]
        whole = [a + b for a, b in zip(one, two, strict=True)]
        truth[code, DAY] = tuple(whole)
        name = register().name(code)
        men.append([name, *one])
        women += [] if code in lost else [[name, *two]]
        both.append([name, whole[0] + other, whole[1] + other, whole[2]] if not number else [name, *whole])
    top = [*TITLES, ["PER 30 JUNI 2023"]]
    return [("LAKI-LAKI", [*top, HEAD, *men]), ("PEREMPUAN", [*top, HEAD, *women]), ("JUMLAH", [*top, HEAD, *both])], truth


def test_men_and_women_are_added_and_said():
    sheets, truth = by_sex()
    report = read(*sheets[:2])
    assert report.status == "accepted" and figures(report) == truth
    reasons = [render(reason, "en") for item in report.evidence if item.topic == "together" for reason in item.reasons]
    total = sum(one[0] for one in truth.values())
    assert any("one of women" in reason and f"eligible {total:,}" in reason for reason in reasons)
    whole = read(*sheets)
    assert figures(whole) == truth and any(text.startswith("JUMLAH agrees") for text in said(whole, "note"))


def test_where_the_table_of_both_says_something_else_it_is_asked():
    sheets, truth = by_sex(other=5)
    report = read(*sheets)
    assert "JUMLAH gives 905 for 75.05.01 Atinggola (eligible), but men and women together are 900." in asked(report)[0]
    added, printed = (read(*sheets, parts=reading.choices["parts"]) for reading in report.questions[0].readings)
    assert figures(added) == truth
    assert figures(printed)[AREAS[0], DAY] == (905, 855, 50)


def test_men_alone_are_never_all():
    sheets, _ = by_sex(lost=(AREAS[3],))
    report = read(*sheets[:2])
    assert report.status == "refused" and f"{AREAS[3]} {register().name(AREAS[3])} is in one of them" in asked(report)[0]
    assert read(sheets[0]).status == "needs_choice"


def test_men_and_women_of_a_part_of_the_residents_are_asked_about_all_the_same():
    sheets, truth = by_sex()
    part = [(name, [["PEREKAMAN KTP-EL PEMULA"], *made[1:]]) for name, made in sheets[:2]]
    report = read(*part)
    assert report.status == "needs_choice" and "PEMULA" in asked(report)[0]
    named = read(*part, columns=report.questions[0].readings[0].choices["columns"])
    assert named.status == "accepted" and figures(named) == truth


def test_a_cell_that_is_no_number_takes_the_area_out_of_both():
    sheets, truth = by_sex()
    sheets[1][1][6][1] = "12x9"
    assert read(*sheets[:2]).status == "refused"
    taken = read(*sheets[:2], take_good_rows=True)
    assert figures(taken) == {key: value for key, value in truth.items() if key[0] != AREAS[2]}


# The own layout


def test_all_sheets_of_the_own_layout_are_read():
    head = ["kode_wilayah", "tanggal", "wajib_ktp", "sudah_rekam", "belum_rekam"]
    sheets = [
        (name, [head, *([code, day, 100, 90, 10] for code in AREAS)]) for name, day in (("A", "2023-06-14"), ("B", "2023-06-20"))
    ]
    report = read(*sheets)
    assert report.status == "accepted" and [(one.key, one.rows) for one in report.parts] == [("A", 11), ("B", 11)]
    assert set(report.rows["sheet"]) == {"A", "B"}
    again = read(sheets[0], ("B", sheets[0][1]))
    assert again.status == "refused" and "sheet B, row 2" in render(again.reason, "en")


# Rows that are days, and choices


def test_rows_of_days_whose_area_nothing_says_are_asked_about():
    lines = [
        ["REKAP PEREKAMAN KTP-EL"],
        ["TANGGAL", *HEAD[1:]],
        [date(2023, 6, 14), 900, 880, 20],
        [date(2023, 6, 19), 900, 890, 10],
    ]
    report = read(("S", lines))
    assert report.status == "needs_choice" and report.questions[0].topic == "area"
    given = read(("S", lines), area="75.05.03")
    assert figures(given) == {("75.05.03", date(2023, 6, 14)): (900, 880, 20), ("75.05.03", date(2023, 6, 19)): (900, 890, 10)}


@pytest.mark.parametrize("value", ["2023-02-30", "somebody", "75.05.99.99.99", ""])
def test_a_part_is_a_day_an_area_or_a_word(value):
    with pytest.raises(UserError):
        Choices(parts={"Sheet1": value})


def test_choices_of_parts_add_up():
    one = Choices(parts={" A ": "none"}).but({"parts": {"B": "2023-06-30"}})
    assert dict(one.parts) == {"A": "none", "B": "2023-06-30"} and Choices.from_json(one.to_json()) == one
    assert one.day_of("B") == date(2023, 6, 30) and one.day_of("A") is None and one.part("C") == ""


def test_a_desa_called_sumber_is_a_row_and_no_line_of_a_title():
    lines = [*TITLES[:1], ["KABUPATEN BATU BARA"], ["PER 30 JUNI 2023"], ["DESA", "BELUM REKAM"]]
    codes = [str(code) for code in register().children("12.19.11")]
    lines += [[register().name(code).upper(), 30 + number] for number, code in enumerate(codes)]
    assert lines[4][0] == "SUMBER TANI"
    report = read(("S", lines), area="12.19.11")
    assert figures(report) == {(code, DAY): (None, None, 30 + number) for number, code in enumerate(codes)}


def test_the_rules_make_files_of_many_kinds():
    made = [make(seed) for seed in range(2 * len(RULES))]
    assert len({(one.rule, one.layout) for one in made}) > 1.5 * len(RULES) and any(one.name.endswith(".csv") for one in made)


def test_between_days_only_warnings_warn():
    report = read(("14-06-2023", rows(0, AREAS[1:])), ("20-06-2023", rows(5)))
    found = {check.name: check for check in report.checks}
    assert found["appeared"].level == "note" and found["appeared"].text not in report.warnings
    less = read(("14-06-2023", rows()), ("20-06-2023", rows(5, AREAS[1:])))
    assert {check.name: check.text for check in less.checks}["vanished"] in less.warnings
