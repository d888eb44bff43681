"""Questions and their answers, aliases, overrides, evidence, quality, refused rows: what a person meets around a reading."""

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import render
from ektp_analysis.ingest import finish, workbooks
from ektp_analysis.ingest.cells import names
from ektp_analysis.ingest.columns import pick
from ektp_analysis.ingest.opening import personal
from ektp_analysis.ingest.places import nearness
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from ektp_analysis.ingest.worker import guarded_read
from tests.layouts import canonical, whole

TODAY = date(2026, 1, 1)
GORUT = list(whole.areas("75.05", "kecamatan"))


def rows_of(header, *, seed=50, skip=(), rename=None):
    """A file by kecamatan name with the roles of the header, and its truth."""
    figures = whole.Figures(seed)
    lines = [";".join(["KECAMATAN", *header])]
    for code, kec, _ in GORUT:
        if kec in skip:
            continue
        n = figures.of(code)
        lines.append(";".join([(rename or {}).get(kec, kec), *(str(n[key]) for key in header.values())]))
    return "\n".join(lines).encode(), figures.truth


SUMS = {"WAJIB KTP": "e", "SUDAH REKAM": "r", "BELUM REKAM": "u"}


def test_a_question_gives_readings_with_totals_and_its_answer_is_read():
    data, truth = rows_of({"A": "e", "B": "r", "C": "u"})
    asked = read_file(data, "KTP 20 Juni 2023.csv", today=TODAY)
    assert asked.status == "needs_choice" and [q.topic for q in asked.questions] == ["columns"]
    readings = asked.questions[0].readings
    assert {reading.totals["eligible"] for reading in readings} == {sum(n[0] for n in truth.values())}
    answered = read_file(data, "KTP 20 Juni 2023.csv", asked.choices.but(readings[0].choices), today=TODAY)
    assert answered.status == "accepted"
    assert answered.totals[0].unrecorded == sum(n[2] for n in truth.values()) == readings[0].totals["unrecorded"]


def test_a_day_is_asked_for_where_only_a_month_is_known():
    data, _ = rows_of(SUMS)
    asked = read_file(data, "rekap Juni 2023.csv", today=TODAY)
    assert asked.status == "needs_choice" and asked.questions[0].topic == "date"
    answered = read_file(data, "rekap Juni 2023.csv", asked.choices.but(asked.questions[0].readings[0].choices), today=TODAY)
    assert answered.as_of_dates == (date(2023, 6, 30),)


def test_an_unknown_name_is_asked_for_and_remembered_as_an_alias():
    data, truth = rows_of(SUMS, rename={"Anggrek": "Wilayah Pantai"})
    asked = read_file(data, "20 Juni 2023.csv", today=TODAY)
    assert asked.status == "needs_choice"
    question = asked.questions[0]
    assert (question.topic, question.subject) == ("alias", "Wilayah Pantai")
    answered = read_file(data, "20 Juni 2023.csv", Choices(aliases={"Wilayah Pantai": "75.05.03"}), today=TODAY)
    assert answered.status == "accepted" and set(answered.rows.area_code) == set(truth)
    rest = read_file(data, "20 Juni 2023.csv", Choices(take_good_rows=True), today=TODAY)
    assert rest.status == "accepted" and rest.silent == ("75.05.03",) and rest.refused_count == 1


def test_a_near_spelling_is_taken_and_shown():
    data, truth = rows_of(SUMS, rename={"Tolinggula": "TOLINGULLA", "Gentuma Raya": "Gentoema Raja"})
    report = read_file(data, "20 Juni 2023.csv", today=TODAY)
    assert report.status == "accepted" and set(report.rows.area_code) == set(truth)
    shown = " ".join(str(item.choice) for item in report.evidence)
    assert "'TOLINGULLA' is 75.05.05 Tolinggula" in shown and "75.05 Kabupaten Gorontalo Utara" in shown


def test_no_kabupaten_is_inferred_from_names_that_fit_none_alone():
    data = b"KECAMATAN;WAJIB KTP;SUDAH REKAM\nKota;100;90\nTimur;100;90\nUtara;100;90\n"
    report = read_file(data, "20 Juni 2023.csv", today=TODAY)
    assert report.status in ("needs_choice", "refused") and len(report.rows) == 0


def test_a_title_that_disagrees_with_the_names_is_a_question():
    data, _ = rows_of(SUMS)
    report = read_file(b"KABUPATEN MADIUN\n" + data, "20 Juni 2023.csv", today=TODAY)
    assert report.status == "needs_choice" and report.questions[0].topic == "area"
    assert {"35.19", "75.05"} <= {reading.choices["area"] for reading in report.questions[0].readings}


def test_columns_are_named_by_header_or_letter_and_a_wrong_name_is_asked():
    data = "KECAMATAN;SASARAN;BELUM VAKSIN\n" + "".join(f"{kec};{100 + n};{n}\n" for n, (_, kec, _) in enumerate(GORUT))
    chosen = Choices(columns={"eligible": "SASARAN", "unrecorded": "C"}, date=date(2021, 9, 1))
    report = read_file(data.encode(), "x.csv", chosen, today=TODAY)
    assert report.status == "accepted" and report.totals[0].eligible == sum(100 + n for n in range(len(GORUT)))
    assert read_file(data.encode(), "x.csv", Choices(columns={"eligible": "TARGET"}), today=TODAY).questions[0].topic == "columns"
    with pytest.raises(UserError):
        Choices(columns={"population": "SASARAN"})


def test_level_and_sheet_choices():
    file = whole.desa_and_recap()
    recap = read_file(file.data, file.name, Choices(sheet="REKAP"), today=TODAY)
    assert recap.status == "accepted" and {code.count(".") for code in recap.rows.area_code} == {2}
    assert recap.totals[0].eligible == read_file(file.data, file.name, today=TODAY).totals[0].eligible
    assert "no sheet" in str(read_file(file.data, file.name, Choices(sheet="X"), today=TODAY).reason)


def test_thousands_in_two_ways_are_a_fault_until_chosen():
    data, _ = rows_of({"WAJIB KTP": "e", "BELUM REKAM": "u"})
    mixed = data.decode().splitlines()
    first, second = mixed[1].split(";"), mixed[2].split(";")
    first[1], second[1] = "8.468", "8,468"
    text = "\n".join([mixed[0], ";".join(first), ";".join(second), *mixed[3:]]).encode()
    report = read_file(text, "20 Juni 2023.csv", today=TODAY)
    assert report.status == "refused" and "two ways" in str(report.reason)


def test_a_float_of_a_misread_thousand_is_refused_never_rounded():
    rows = [["KODE", "WAJIB KTP", "SUDAH REKAM"], *[[code, 8.468, 8.4] for code, _, _ in GORUT]]
    report = read_file(whole.xlsx(("a", rows)), "20 Juni 2023.xlsx", today=TODAY)
    assert report.status != "accepted" and len(report.rows) == 0


def test_men_and_women_that_do_not_give_the_total_are_told():
    figures = whole.Figures(60)
    lines = ["KODE;WKTP L;WKTP P;WKTP JML;BELUM REKAM"]
    for place, (code, _, _) in enumerate(GORUT):
        n = figures.of(code, "eu")
        lines.append(f"{code};{n['el'] + (place == 2)};{n['ep']};{n['e']};{n['u']}")
    report = read_file("\n".join(lines).encode(), "20 Juni 2023.csv", today=TODAY)
    assert report.status == "accepted" and [check.rows for check in report.checks if check.name == "sexes"] == [(4,)]


def test_totals_that_differ_are_told_with_both_numbers():
    file = whole.contradicting_total()
    report = read_file(file.data, file.name, today=TODAY)
    summed = sum(n[1] for n in file.truth.values())
    assert any(f"{summed + 10:,}" in str(text) and f"{summed:,}" in str(text) for text in report.warnings)


def test_an_area_without_a_figure_counts_as_silent_not_as_zero():
    data, truth = rows_of(SUMS)
    lines = data.decode().splitlines()
    lines[3] = lines[3].split(";")[0] + ";-;nihil;"
    report = read_file("\n".join(lines).encode(), "20 Juni 2023.csv", today=TODAY)
    assert report.status == "accepted" and len(report.rows) == len(truth) - 1 and report.silent == (GORUT[2][0],)
    assert any("without a figure" in str(text) for text in report.warnings)


def test_an_error_cell_names_its_row_and_column():
    file = whole.error_cell()
    report = read_file(file.data, file.name, today=TODAY)
    assert [(fault.row, fault.column) for fault in report.refused_rows] == [(4, "SUDAH REKAM")]
    assert "#REF!" in str(report.reason)


def test_refused_rows_come_back_as_a_workbook_that_can_be_corrected_and_uploaded():
    data = canonical.as_csv().replace(b";8000;7940;60;", b";=8000+1;7940;60;", 1)
    report = read_file(data, "a.csv", today=TODAY)
    made = workbooks.workbook(data, report, "id")
    book = openpyxl.load_workbook(io.BytesIO(made))
    page = book.active
    assert [cell.value for cell in page[1]][-2:] == ["Kesalahan", "Perbaikan"]
    assert page["C2"].value == "=8000+1" and page["C2"].data_type == "s" and page.max_row == 2
    page["C2"] = 8000
    out = io.BytesIO()
    book.save(out)
    again = read_file(out.getvalue(), "ditolak.xlsx", today=TODAY)
    assert again.status == "accepted" and again.rows.area_code.tolist() == ["75.05.01"] and again.rows.eligible.tolist() == [8000]


def test_refused_rows_of_an_office_layout_come_back_readable_too():
    file = whole.error_cell()
    report = read_file(file.data, file.name, today=TODAY)
    book = openpyxl.load_workbook(io.BytesIO(workbooks.workbook(file.data, report)))
    page = book.active
    n = file
    page["D2"] = page["C2"].value - page["E2"].value
    out = io.BytesIO()
    book.save(out)
    again = read_file(out.getvalue(), n.name, today=TODAY)
    assert again.status == "accepted" and len(again.rows) == 1


def frame_of(shift=0, day="2023-06-13", factor=1.0, drop=()):
    rows = [
        {
            "area_code": code,
            "as_of_date": pd.Timestamp(day),
            "eligible": int((8000 + 37 * n) * factor),
            "unrecorded": 63 + n + shift,
        }
        for n, (code, _, _) in enumerate(GORUT)
        if code not in drop
    ]
    from ektp_analysis.core.contract import frame

    return frame(rows)


QUALITY = [
    ("identical", {}, {}),
    ("unrecorded_rose", {"shift": 40}, {}),
    ("eligible_jump", {"factor": 1.2}, {}),
    ("vanished", {"drop": ("75.05.03",), "shift": -1}, {}),
    ("appeared", {"shift": -1}, {"drop": ("75.05.03",)}),
]


@pytest.mark.parametrize(("name", "now", "before"), QUALITY, ids=[one[0] for one in QUALITY])
def test_quality_against_the_past(name, now, before):
    rows = frame_of(day="2023-06-20", **now).assign(sheet="", row=lambda frame: range(2, len(frame) + 2))
    found = {check.name: check for check in finish.against(rows, frame_of(**before))}
    assert name in found and render(found[name].text, "id") != str(found[name].text)
    if name != "identical":
        assert "identical" not in found


def test_quiet_weeks_raise_no_finding():
    rows = frame_of(day="2023-06-20", shift=-3).assign(sheet="", row=lambda frame: range(2, len(frame) + 2))
    assert finish.against(rows, frame_of()) == ()


def test_round_numbers_are_told():
    lines = ["kode;tanggal;wajib ktp;belum rekam"] + [
        f"{code};2023-06-20;{8000 + 10 * n};{50 + 10 * n}" for n, (code, _, _) in enumerate(GORUT)
    ]
    report = read_file(("\n".join(lines) + "\n").encode(), "a.csv", today=TODAY)
    assert [check.name for check in report.checks] == ["round_numbers"]


def test_nothing_new_is_said():
    first = read_file(canonical.as_csv(), "a.csv", today=TODAY)
    again = guarded_read(canonical.as_xlsx(), "b.xlsx", current=first.rows, today=TODAY)
    assert again.changes.nothing and "nothing_new" in [check.name for check in again.checks]
    assert again.content_key == first.content_key


def test_the_layout_is_known_again_next_month():
    july, _ = rows_of(SUMS, seed=1)
    august, _ = rows_of(SUMS, seed=2)
    other, _ = rows_of({"WAJIB KTP": "e", "BELUM REKAM": "u"})
    prints = [
        read_file(data, f"{day} {month} 2023.csv", today=TODAY).layout
        for data, day, month in ((july, 31, "Juli"), (august, 31, "Agustus"), (other, 31, "Juli"))
    ]
    assert prints[0] == prints[1] != prints[2] and prints[0]


def test_the_preview_marks_the_chosen_columns():
    file = whole.agregat_merged()
    preview = read_file(file.data, file.name, today=TODAY).preview
    assert preview.header_rows == (5, 6, 7) and preview.first_data_row == 8
    assert {place: role for place, role in preview.roles.items() if role != "area"} == {
        4: "eligible",
        7: "recorded",
        8: "printed",
        9: "coverage_reported",
    }
    assert preview.cells[7][1].startswith("KEC. ")


def test_choices_travel_as_json():
    choices = Choices(
        sheet="A", area="75.05", date=date(2023, 6, 20), columns={"eligible": "X"}, aliases={"n": "75.05.03"}, take_good_rows=True
    )
    assert Choices.from_json(choices.to_json()) == choices
    assert choices.but({"aliases": {"m": "75.05.02"}}).aliases == {"n": "75.05.03", "m": "75.05.02"}
    for wrong in ({"level": "rt"}, {"numbers": "x"}, {"area": "75.5"}, {"aliases": {"a": "x"}}):
        with pytest.raises(UserError):
            Choices(**wrong)


MATCHES = [
    ("Anggrek", "75.05.03", "exact"),
    ("ANGGREK", "75.05.03", "exact"),
    ("Kec. Anggrek", "75.05.03", "exact"),
    ("gentumaraya", "75.05.06", "exact"),
    ("Soemalata Timoer", "75.05.11", "spelling"),
    ("SUMALATA TMR.", "75.05.11", "spelling"),
    ("Angrek", "75.05.03", "spelling"),
    ("Kwandan", "75.05.02", "near"),
    ("Tolinggola", None, None),
    ("Sumalata Barat", None, None),
    ("Biawu", None, None),
    ("X", None, None),
]


@pytest.mark.parametrize(("name", "code", "how"), MATCHES)
def test_matching_names_below_a_kabupaten(name, code, how):
    found = nearness.match([name], "75.05", {}).get(name)
    assert (found.code, found.how) == (code, how) if code else found is None


def test_kabupaten_and_kota_of_one_name_are_kept_apart():
    assert names.find_regencies("Rekap Kab. Bogor 2023") == ("32.01",) and names.find_regencies("KOTA BOGOR") == ("32.71",)
    assert names.find_regencies("KAB. BOGOR DAN KAB. GORONTALO UTARA") == ("32.01", "75.05")  # none hides the one behind it
    assert names.find_regencies("Kabupaten Kotawaringin Barat, Kabupaten Kota Waringin Barat") == ("62.01",)
    assert names.find_regencies("KAB/KOTA BOGOR") == ("32.71",) and names.find_regencies("KAB. LAIN") == ()


def test_a_pick_never_takes_men_for_all():
    file = whole.men_only()
    report = read_file(file.data, file.name, today=TODAY)
    assert "men or of women" in str(report.reason) and pick.ROLES == ("eligible", "recorded", "unrecorded")


def codes_file(*above):
    figures = whole.Figures(70)
    rows = [*([text] for text in above), ["KODE", "WAJIB KTP", "SUDAH REKAM"]]
    rows += [
        [code, n["e"], n["r"]] for code, n in ((code, figures.of(code, "er")) for code, _, _ in whole.areas("35.19", "kecamatan"))
    ]
    return whole.xlsx(("a", rows)), figures.truth


def test_codes_that_contradict_the_title_are_a_question_until_the_area_is_chosen():
    data, truth = codes_file("KABUPATEN BANYUWANGI")
    asked = read_file(data, "30 Juni 2023.xlsx", today=TODAY)
    assert asked.status == "needs_choice" and [q.topic for q in asked.questions] == ["area"]
    assert {reading.choices["area"] for reading in asked.questions[0].readings} == {"35.19", "35.10"}
    chosen = read_file(data, "30 Juni 2023.xlsx", Choices(area="35.19"), today=TODAY)
    assert chosen.status == "accepted" and set(chosen.rows.area_code) == set(truth)
    assert read_file(data, "30 Juni 2023.xlsx", Choices(area="35.10"), today=TODAY).status == "refused"


DAYS = [
    ((), "30 Juni 2031.xlsx", "refused", "future"),
    ((), "30 Juni 2009.xlsx", "refused", "2011"),
    ((), "rekap.xlsx", "refused", "which day"),
    (("Data per 14 Juni 2023", "Keadaan 20 Juni 2023"), "x.xlsx", "needs_choice", "Which day"),
    ((), "rekap 2023.xlsx", "needs_choice", "Which day"),
    (("Dicetak: 5 Juli 2023", "Data per 30 Juni 2023"), "x.xlsx", "accepted", date(2023, 6, 30)),
    (("Data per 30 Juni 2023",), "1 Juli 2023.xlsx", "accepted", date(2023, 6, 30)),
    (("Periode 1 Juni 2023 s/d 30 Juni 2023",), "x.xlsx", "accepted", date(2023, 6, 30)),
    (("DKB SEMESTER I TAHUN 2023",), "per 15 Agustus 2023.xlsx", "accepted", date(2023, 8, 15)),
    (("DKB SEMESTER I (SATU) TAHUN 2023",), "x.xlsx", "accepted", date(2023, 6, 30)),
]


@pytest.mark.parametrize(("titles", "name", "status", "says"), DAYS, ids=[" | ".join((*one[0], one[1])) for one in DAYS])
def test_the_day_of_a_file(titles, name, status, says):
    report = read_file(codes_file(*titles)[0], name, today=TODAY)
    assert report.status == status, report.reason
    if status == "accepted":
        assert report.as_of_dates == (says,)
        assert (report.rows.basis == ("DKB 2023-1" if "DKB" in titles[0] else "")).all()
    else:
        assert says in str(report.reason)


def named_file(header, cells):
    figures = whole.Figures(71)
    lines = [";".join(header)] + [
        ";".join(map(str, [kec, *cells(figures.of(code), place)])) for place, (code, kec, _) in enumerate(GORUT)
    ]
    return "\n".join(lines).encode()


NEVER = {
    "a total that is the men's": (
        ["KECAMATAN", "WKTP L", "WKTP P", "WKTP JUMLAH"],
        lambda n, _: (n["el"], n["ep"], n["el"]),
        "needs_choice",
    ),
    "unrecorded that is something else": (
        ["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"],
        lambda n, _: (n["e"], n["r"], n["u"] + 13),
        "needs_choice",
    ),
    "one row that does not add up": (
        ["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"],
        lambda n, place: (n["e"], n["r"], n["u"] + (place == 3)),
        "refused",
    ),
    "the recordings of a month": (["KECAMATAN", "PEREKAMAN BULAN INI", "PENCETAKAN"], lambda n, _: (n["u"], n["u"]), "refused"),
    "owned cards": (
        ["KECAMATAN", "WAJIB KTP", "SUDAH KTP-EL", "BELUM KTP-EL"],
        lambda n, _: (n["e"], n["r"], n["u"]),
        "needs_choice",
    ),
    "recorded of something else": (
        ["KECAMATAN", "WAJIB KTP", "SUDAH REKAM"],
        lambda n, _: (n["e"], n["u"] // 40),
        "needs_choice",
    ),
}


@pytest.mark.parametrize(("header", "cells", "status"), NEVER.values(), ids=NEVER)
def test_never_silently(header, cells, status):
    report = read_file(named_file(header, cells), "20 Juni 2023.csv", today=TODAY)
    assert report.status == status and len(report.rows) == 0, report.reason


def test_a_kabupaten_column_that_contradicts_its_kecamatan_is_not_taken():
    text = named_file(["KECAMATAN", "WAJIB KTP", "SUDAH REKAM"], lambda n, _: (n["e"], n["r"])).decode().splitlines()
    data = "\n".join(["KABUPATEN;" + text[0], *("KAB. BANYUWANGI;" + line for line in text[1:])]).encode()
    assert read_file(data, "20 Juni 2023.csv", today=TODAY).status == "needs_choice"


def test_groups_of_men_and_women_without_a_total_are_summed():
    header = ["", "LAKI-LAKI", "", "PEREMPUAN", ""], ["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "WAJIB KTP", "SUDAH REKAM"]
    figures = whole.Figures(72)
    rows = [
        *header,
        *([kec, n["el"], n["rl"], n["ep"], n["rp"]] for kec, n in ((kec, figures.of(code, "er")) for code, kec, _ in GORUT)),
    ]
    report = read_file(whole.xlsx(("a", [list(row) for row in rows])), "20 Juni 2023.xlsx", today=TODAY)
    assert report.status == "accepted", report.reason
    assert report.totals[0].eligible == sum(n[0] for n in figures.truth.values())
    men_alone = [list(row)[:3] for row in rows]
    assert read_file(whole.xlsx(("a", men_alone)), "20 Juni 2023.xlsx", today=TODAY).status == "needs_choice"


def test_areas_of_several_levels_and_days_stand_beside_each_other():
    text = (
        "kode,wilayah,tanggal,wajib_ktp,sudah_rekam,belum_rekam,persen_dilaporkan,sumber\n"
        "75.05,Kabupaten Gorontalo Utara,2021-09-30,90060,88491,1569,98.18,x\n75.05,Kabupaten "
        "Gorontalo Utara,2023-06-20,,,554,99.40,x\n"
        "-,Indonesia,2021-12-31,198628692,,1569178,99.21,x\n"
    )
    report = read_file(text.encode(), "reported.csv", today=TODAY)
    assert report.status == "accepted" and report.rows.area_code.tolist() == ["75.05", "75.05", "ID"]
    assert report.rows.coverage_reported.tolist() == ["98.18", "99.40", "99.21"] and len(report.warnings) == 1


def test_an_area_without_a_figure_on_several_days_is_one_area():
    text = (
        "kode,wilayah,tanggal,wajib_ktp,sudah_rekam,belum_rekam\n75.05,Kabupaten Gorontalo Utara,2017-12-31,,,\n"
        "75.05,Kabupaten Gorontalo Utara,2020-12-31,,,\n75.05,Kabupaten Gorontalo Utara,2023-06-20,,,554\n"
    )
    report = read_file(text.encode(), "reported.csv", today=TODAY)
    (found,) = [one for one in report.checks if one.name == "no_figure"]
    assert report.status == "accepted" and len(found.rows) == 2 and found.areas == ("75.05",)
    assert str(found.text).startswith("1 area is listed without a figure")


def test_formulas_copied_below_the_table_are_no_areas():
    text = rows_of(SUMS)[0].decode() + "\n" + "\n".join([";0;0;0"] * 9)
    report = read_file(text.encode(), "20 Juni 2023.csv", today=TODAY)
    assert report.status == "accepted" and len(report.rows) == len(GORUT) and report.warnings == ()


def test_the_chosen_area_places_names_that_occur_elsewhere_too():
    figures = whole.Figures(73)
    desa = [
        [name, n["e"], n["r"]]
        for name, n in ((name, figures.of(code, "er")) for code, name in names.children("35.19.02").items())
    ]
    data = whole.xlsx(("a", [["DESA", "WAJIB KTP", "SUDAH REKAM"], *desa]))
    assert read_file(data, "30 Juni 2023.xlsx", Choices(area="35.19"), today=TODAY).status == "needs_choice"
    report = read_file(data, "30 Juni 2023.xlsx", Choices(area="35.19.02"), today=TODAY)
    assert report.status == "accepted" and set(report.rows.area_code) == set(figures.truth)
    two = whole.xlsx(("a", [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM"], ["Kebonsari", 100, 90], ["Dolopo", 100, 90]]))
    assert read_file(two, "30 Juni 2023.xlsx", today=TODAY).status == "needs_choice"
    assert read_file(two, "30 Juni 2023.xlsx", Choices(area="35.19"), today=TODAY).status == "accepted"


def test_the_same_figures_in_another_layout_are_the_same_content():
    figures = whole.Figures(74)
    listed = [(code, kec, figures.of(code)) for code, kec, _ in GORUT]
    office = whole.xlsx(
        (
            "a",
            [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"], *([kec, n["e"], n["r"], n["u"]] for _, kec, n in listed)],
        )
    )
    own = "\n".join(
        ["kode;tanggal;wajib ktp;sudah rekam", *(f"{code};2023-06-20;{n['e']};{n['r']}" for code, _, n in listed)]
    ).encode()
    first, second = read_file(office, "20 Juni 2023.xlsx", today=TODAY), read_file(own, "b.csv", today=TODAY)
    assert first.content_key == second.content_key and first.sha256 != second.sha256
    assert read_file(own, "b.csv", current=first.rows, today=TODAY).changes.nothing


def test_who_is_silent_counts_desa_kecamatan_and_the_chosen_area():
    listed = list(whole.areas("75.05"))
    figures = whole.Figures(75)
    left_out = {listed[3][0], *(code for code, _, _ in listed if code.startswith("75.05.07"))}
    lines = ["kode;tanggal;wajib ktp;sudah rekam"]
    for code, _, _ in listed:
        n = figures.of(code)
        if code not in left_out:
            lines.append(f"{code};2023-06-20;{n['e']};{n['r']}")
    assert set(read_file("\n".join(lines).encode(), "a.csv", today=TODAY).silent) == {listed[3][0], "75.05.07"}
    one = b"kode;tanggal;wajib ktp;sudah rekam\n75.05.01;2023-06-20;100;90\n"
    assert read_file(one, "a.csv", today=TODAY).silent == ()
    assert len(read_file(one, "a.csv", Choices(area="75.05"), today=TODAY).silent) == 10


def test_a_subtotal_by_code_that_differs_is_told():
    rows = [["KODE", "WAJIB KTP", "SUDAH REKAM"], ["75.05.01", 100, 90]]
    rows += [[code, 30, 27] for code in list(names.children("75.05.01"))[:3]]
    report = read_file(whole.xlsx(("a", rows)), "20 Juni 2023.xlsx", Choices(complete="yes"), today=TODAY)
    assert report.status == "accepted" and len(report.rows) == 3
    assert ["the total of" in str(text) for text in report.warnings] == [True, True] and "100" in str(report.warnings[0])


def test_names_that_fit_two_kabupaten_are_asked():
    shared: dict[tuple[str, str], list[str]] = {}
    for name, codes in names.everywhere(3).items():
        for pair in {(a[:5], b[:5]) for a in codes for b in codes if a[:5] < b[:5]}:
            shared.setdefault(pair, []).append(name)
    pair, common = max(shared.items(), key=lambda item: len(item[1]))
    assert len(common) >= 3
    lines = ["KECAMATAN;WAJIB KTP;SUDAH REKAM", *(f"{name};100;90" for name in common)]
    report = read_file("\n".join(lines).encode(), "20 Juni 2023.csv", today=TODAY)
    assert report.status == "needs_choice" and set(pair) <= {reading.choices["area"] for reading in report.questions[0].readings}


def test_a_sister_s_name_beside_a_code_leaves_the_row_open():
    figures = whole.Figures(76)
    listed = [[code, kec, n["e"], n["r"]] for code, kec, n in ((code, kec, figures.of(code)) for code, kec, _ in GORUT)]
    listed[2][1] = GORUT[5][1]
    data = whole.xlsx(("a", [["KODE", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM"], *listed]))
    report = read_file(data, "20 Juni 2023.xlsx", today=TODAY)
    *areas, left_out = report.questions[0].readings
    assert report.status == "needs_choice" and left_out.choices == {"take_good_rows": True}
    assert {one.choices["aliases"][GORUT[5][1]] for one in areas} == {"75.05.03", "75.05.06"}
    renamed = [[*row] for row in listed]
    renamed[2][1] = "Nama Baru"
    told = read_file(
        whole.xlsx(("a", [["KODE", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM"], *renamed])), "20 Juni 2023.xlsx", today=TODAY
    )
    assert told.status == "accepted" and [check.name for check in told.checks] == ["renamed"]


def test_a_total_far_from_its_rows_is_a_question():
    text, _ = rows_of(SUMS)
    sums = [sum(int(line.split(";")[place]) for line in text.decode().splitlines()[1:]) * 2 for place in (1, 2, 3)]
    data = text + ("\nJUMLAH;" + ";".join(map(str, sums))).encode()
    report = read_file(data, "20 Juni 2023.csv", today=TODAY)
    assert report.status == "needs_choice" and "are far" in str(report.reason)


def test_a_number_that_excel_cut_to_fifteen_digits_is_still_known():
    assert personal.in_number(7505030101900000.0) and not personal.in_number(7505039901900000.0)
    assert not personal.in_number(7505030101900000.5e-3)
