"""The project's own layout: what comes in, what is refused, and what the report says."""

import io
import itertools
import zipfile
from datetime import date

import pandas as pd
import pytest

from ektp_analysis.core import settings
from ektp_analysis.core.contract import frame
from ektp_analysis.core.text import render
from ektp_analysis.ingest import workbooks
from ektp_analysis.ingest.opening import containers
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from tests.layouts import canonical as layout
from tests.spec.plants import macros

TODAY = date(2024, 1, 1)
MONTHS = {6: "Juni"}


def dmy(day):
    return day.strftime("%d/%m/%Y")


def in_words(day):
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def thousands(mark):
    return lambda n: f"{n:,}".replace(",", mark)


def with_macros(book):
    """The workbook as an XLSM."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as plain, zipfile.ZipFile(out, "w") as made:
        for name in plain.namelist():
            kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
            made.writestr(name, plain.read(name).replace(kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
        made.writestr("xl/vbaProject.bin", macros("Sub Rekap()"))
    return out.getvalue()


FILES = {
    "semicolon cp1252": layout.as_csv(),
    "comma utf-8": layout.as_csv(mark=",", encoding="utf-8", end="\n"),
    "tab utf-8 bom": layout.as_csv(mark="\t", encoding="utf-8-sig"),
    "utf-16": layout.as_csv(mark="\t", encoding="utf-16"),
    "days first": layout.as_csv(write_date=dmy),
    "months in words": layout.as_csv(write_date=in_words),
    "thousands with a dot": layout.as_csv(write_count=thousands(".")),
    "thousands with a comma": layout.as_csv(write_count=thousands(",")),
    "thousands with a blank": layout.as_csv(write_count=thousands("\u00a0")),
    "decimals": layout.as_csv(write_count=lambda n: f"{n},00"),
    "workbook": layout.as_xlsx(),
    "workbook, dates as text": layout.as_xlsx(real_dates=False),
    "workbook with macros": with_macros(layout.as_xlsx()),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_each_variant_comes_in_exactly(data):
    report = read_file(data, "minggu ini.csv", today=TODAY)
    assert report.status == "accepted", report.reason
    assert report.as_of_dates == layout.DAYS
    for total in report.totals:
        assert (total.eligible, total.recorded, total.unrecorded) == layout.totals(total.date)
        assert total.areas == 11 and not total.missing
    first = next(layout.rows())
    row = report.rows.iloc[0]
    assert (row.area_code, row.as_of_date.date(), row.eligible, row.recorded, row.unrecorded) == first[:5]
    assert (row.basis, row.status, row.note, row.row) == ("DKB 2023-1", "reported", "Dinas é", 2)
    assert len(report.rows) == 33 and report.silent == () and report.warnings == ()


def test_every_variant_has_the_same_content_key_and_another_figure_has_not():
    keys = {read_file(data, "a", today=TODAY).content_key for data in FILES.values()}
    assert len(keys) == 1
    other = layout.as_csv().replace(b"8000", b"8001", 1).replace(b"7940", b"7941", 1)
    assert read_file(other, "a", today=TODAY).content_key not in keys


REFUSED = {
    "text in a count": (layout.one(wajib_ktp="banyak"), ["row 2", "column wajib ktp", "'banyak' is not a count"]),
    "fraction in a count": (layout.one(wajib_ktp="100,5"), ["row 2", "column wajib ktp", "'100,5'"]),
    "unknown code": (layout.one(kode="75.05.99"), ["row 2", "column kode", "75.05.99 is not in the register"]),
    "no code": (layout.one(kode=""), ["row 2", "column kode", "missing"]),
    "missing date": (layout.one(tanggal=""), ["row 2", "column tanggal", "the date is missing"]),
    "a day that does not exist": (layout.one(tanggal="31/02/2023"), ["row 2", "column tanggal", "31/02/2023"]),
    "future": (layout.one(tanggal="2024-01-02"), ["row 2", "column tanggal", "future"]),
    "before the recording": (layout.one(tanggal="2010-12-31"), ["row 2", "column tanggal", "2011"]),
    "does not add up": (layout.one(belum_rekam="11"), ["row 2", "column belum rekam", "recorded 90 + unrecorded 11 is 101"]),
    "no figure": (layout.one(wajib_ktp="", sudah_rekam="-", belum_rekam="nihil"), ["row 2", "no figure"]),
    "status unknown": (layout.one(status="guess"), ["row 2", "column status", "'guess'"]),
    "percentage as text": (layout.one(cakupan="baik"), ["row 2", "column cakupan", "'baik'"]),
    "empty": (b"", ["The file is empty"]),
    "blank lines": (b"\r\n\r\n  \n", ["The file is empty"]),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(200)), ["a picture (PNG)"]),
    "random bytes": (bytes((i * 167 + 13) % 256 for i in range(5000)), ["neither text nor a workbook"]),
    "cut workbook": (layout.as_xlsx()[:3000], ["damaged"]),
    "no date column": (b"kode;wajib ktp\n75.05.03;1\n", ["date"]),
    "header alone": (b"kode;tanggal;wajib ktp\n", ["no rows"]),
}


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_refused_with_a_sentence_and_nothing_accepted(data, says):
    report = read_file(data, "foto.xlsx", today=TODAY)
    assert report.status == "refused" and len(report.rows) == 0
    sentence = str(report.reason)
    assert all(part in sentence for part in says), sentence
    assert "\n" not in sentence and render(report.reason, "id") != sentence


def test_one_bad_row_refuses_the_file_until_the_rest_is_asked_for():
    data = layout.as_csv().replace(b"8000;7940", b"x;7940", 1)
    report = read_file(data, "a.csv", today=TODAY)
    assert report.status == "refused" and report.refused_count == 1 and len(report.rows) == 0
    assert (report.refused_rows[0].row, report.refused_rows[0].column) == (2, "wajib ktp")
    rest = read_file(data, "a.csv", Choices(take_good_rows=True), today=TODAY)
    assert rest.status == "accepted" and len(rest.rows) == 32 and rest.refused_count == 1
    assert "75.05.01" not in set(rest.rows.loc[rest.rows.as_of_date == "2023-06-14", "area_code"])


def test_the_rows_left_out_are_silent():
    data = layout.as_csv().replace(b"75.05.03;2023-06-20;8074", b"75.05.03;2023-06-20;x", 1)
    assert read_file(data, "a.csv", Choices(take_good_rows=True), today=TODAY).silent == ("75.05.03",)


def test_a_file_of_which_most_rows_do_not_add_up_is_refused_whole():
    head, *lines = layout.as_csv().decode("cp1252").split("\r\n")
    bad = "\r\n".join([head, *[line.replace(";8", ";9", 1) for line in lines]]).encode()
    report = read_file(bad, "a.csv", Choices(take_good_rows=True), today=TODAY)
    assert report.status == "refused" and "33 of 33 rows" in str(report.reason)


def test_a_percentage_that_contradicts_its_counts_is_a_warning_with_both_numbers():
    data = layout.one(
        kode="75.05", tanggal="2021-09-30", wajib_ktp="90060", sudah_rekam="88491", belum_rekam="1569", cakupan="98,18"
    )
    report = read_file(data, "a.csv", today=TODAY)
    assert report.status == "accepted" and report.rows.coverage_reported[0] == "98.18"
    assert "88,491 of 90,060 is 98.26%, but the file says 98.18%" in str(report.warnings[0])
    rounded = read_file(data.replace(b"98,18", b"98,26"), "a.csv", today=TODAY)
    cut = read_file(data.replace(b"98,18", b"98,25"), "a.csv", today=TODAY)
    assert rounded.warnings == () and cut.warnings == ()


def test_above_100_percent_is_kept_and_told():
    report = read_file(layout.one(wajib_ktp="100", sudah_rekam="104", belum_rekam=""), "a.csv", today=TODAY)
    assert report.status == "accepted" and pd.isna(report.rows.unrecorded[0]) and "100%" in str(report.warnings[0])
    assert report.totals[0].unrecorded is None


def test_missing_counts_stay_missing():
    report = read_file(layout.one(wajib_ktp="", sudah_rekam="", belum_rekam="650", cakupan="99,30"), "a.csv", today=TODAY)
    row = report.rows.iloc[0]
    assert pd.isna(row.eligible) and pd.isna(row.recorded) and row.unrecorded == 650 and row.coverage_reported == "99.30"
    assert report.totals[0].eligible is None and report.totals[0].missing == {"eligible": 1, "recorded": 1}


def test_totals_count_no_area_twice():
    text = "kode;tanggal;wajib ktp;rekam\n75.05;2023-06-20;300;290\n75.05.01;2023-06-20;100;95\n75.05.02;2023-06-20;200;195\n"
    total = read_file(text.encode(), "a.csv", today=TODAY).totals[0]
    assert (total.eligible, total.recorded, total.areas) == (300, 290, 3)


def test_date_choice_serves_a_file_without_a_date_and_area_choice_refuses_others():
    data = b"kode;wajib ktp;rekam\n75.05.01;100;90\n75.01.01;100;90\n"
    dated = read_file(data, "a.csv", Choices(date=date(2023, 6, 20)), today=TODAY)
    assert dated.status == "accepted" and dated.as_of_dates == (date(2023, 6, 20),)
    inside = read_file(data, "a.csv", Choices(date=date(2023, 6, 20), area="75.05"), today=TODAY)
    assert inside.status == "refused" and inside.refused_rows[0].row == 3 and "75.01.01" in str(inside.reason)


def test_changes_against_what_holds():
    first = read_file(layout.as_csv(), "a.csv", today=TODAY)
    assert (first.changes.new, first.changes.same) == (33, 0)
    again = read_file(layout.as_xlsx(), "a.xlsx", current=first.rows, today=TODAY)
    assert again.changes.nothing and again.changes.same == 33
    data = layout.as_csv().replace(b"8000;7940;60", b"8000;7950;50", 1)
    revised = read_file(data, "a.csv", current=first.rows, today=TODAY).changes
    assert (revised.new, revised.same) == (0, 32)
    assert [(r.area_code, r.column, r.old, r.new) for r in revised.revised] == [
        ("75.05.01", "recorded", 7940, 7950),
        ("75.05.01", "unrecorded", 60, 50),
    ]


def test_a_third_count_that_only_follows_is_no_change():
    held = frame([{"area_code": "75.05.03", "as_of_date": date(2023, 6, 20), "eligible": 100, "recorded": 90}])
    assert read_file(layout.one(), "a.csv", current=held, today=TODAY).changes.nothing


@pytest.mark.parametrize("written", ["{n}", "{a} {b} {c}", "'{n}", "{a}.{b}.{c}", "NIK: {n}", "{n}.0", "{spaced}"])
def test_a_personal_number_refuses_the_file_and_is_not_repeated(written):
    nik = "7505030101900001"
    text = written.format(n=nik, a=nik[:6], b=nik[6:12], c=nik[12:], spaced=" ".join(nik))
    report = read_file(layout.one(catatan=text), "a.csv", Choices(take_good_rows=True), today=TODAY)
    assert report.status == "refused" and "cell F2" in str(report.reason)
    assert not any(form in repr(report) + repr(report.to_json()) for form in (nik, text))


def test_the_report_reads_again_by_its_choices():
    report = read_file(layout.as_csv(), "a.csv", Choices(take_good_rows=True, area="75.05"), today=TODAY)
    again = read_file(layout.as_csv(), "a.csv", Choices.from_json(report.choices.to_json()), today=TODAY)
    assert again.rows.equals(report.rows) and again == report


# Areas of which none lies in another for its day, by the levels that a file may mix; and days on which they stand.
APART = {
    "nation": [("ID", "2023-06-19")],
    "provinsi": [("31", "2023-06-12"), ("73", "2023-06-12")],
    "kabupaten": [("75.05", "2023-06-05"), ("75.71", "2023-06-05")],
    "kecamatan": [("53.01.05", "2023-05-29"), ("53.01.06", "2023-05-29")],
    "desa": [("75.05.03.2001", "2023-05-22"), ("75.05.03.2002", "2023-05-22")],
}


def mixed(levels, more):
    """A file whose rows are of these levels, and the codes of its rows; with a column ``more`` it is not in the own layout."""
    rows = [row for level in levels for row in APART[level]]
    lines = [f"{code},{day},{1000 + place},{900 + place},-" for place, (code, day) in enumerate(rows)]
    return "\n".join([f"area_code,as_of_date,eligible,recorded,{more}", *lines, ""]).encode(), [code for code, _ in rows]


def test_a_file_of_several_levels_reads_again_by_its_choices():
    cases = [(pair, "source") for pair in itertools.permutations(APART, 2)] + [(tuple(APART), "source"), (tuple(APART), "note")]
    for levels, more in cases:
        data, codes = mixed(levels, more)
        report = read_file(data, "a.csv", Choices(complete="yes"), today=TODAY)
        assert report.rows.area_code.tolist() == codes, (levels, more)
        again = read_file(data, "a.csv", Choices.from_json(report.choices.to_json()), today=TODAY)
        assert again.rows.equals(report.rows), (levels, more)


def test_limits(monkeypatch):
    monkeypatch.setattr(containers, "MAX_ROWS", 30)
    assert "more than 30 rows" in str(read_file(layout.as_csv(), "a.csv", today=TODAY).reason)
    monkeypatch.setattr(containers, "MAX_CSV", 1000)
    assert "MB" in str(read_file(layout.as_csv(), "a.csv", today=TODAY).reason)


def test_a_file_name_is_data():
    assert read_file(b"", "../../etc/<b>x\u202egnp.csv\n").file == "bxgnp.csv"


def test_bulk_and_plain_paths_agree(monkeypatch):
    from ektp_analysis.ingest.opening import own_layout

    plain = read_file(layout.as_csv(), "a.csv", today=TODAY)
    monkeypatch.setattr(own_layout, "LARGE", 0)
    large = read_file(layout.as_csv(), "a.csv", today=TODAY)
    assert large.rows.equals(plain.rows) and large.totals == plain.totals and large.content_key == plain.content_key
    hit = read_file(layout.one(catatan="7505030101900001"), "a.csv", today=TODAY)
    assert "column catatan, row 2" in str(hit.reason)


def test_the_committed_templates_are_what_the_contract_makes():
    assert (settings.DATA / "template.csv").read_bytes() == workbooks.csv_bytes()
    committed, made = (
        (pd.read_excel(source, sheet_name=None, header=None, engine="calamine", dtype="str"))
        for source in (settings.DATA / "template.xlsx", io.BytesIO(workbooks.xlsx_bytes()))
    )
    assert committed.keys() == made.keys() and all(committed[name].equals(made[name]) for name in made)
    filled = workbooks.csv_bytes() + b"75.05.03;20 Juni 2023;100;90;10;90,00;;;\r\n"
    assert read_file(filled, "a.csv", today=TODAY).status == "accepted"
