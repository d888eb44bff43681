"""Visits: what a table of them is read as, to the digit; what is wrong is told with row and column, asked, or refused; and who
leaves the list by cleaning is never recorded."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pandas as pd
import pytest

from ektp_analysis.core import settings, visit
from ektp_analysis.core.text import render
from ektp_analysis.figures.cleaning import STAYS, split
from ektp_analysis.ingest import visit_reading, workbooks
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.visit_reading import MOST_A_TEAM, read_visits
from ektp_analysis.ingest.visit_report import VisitChoices, VisitReport
from ektp_analysis.ingest.worker import guarded_visits
from ektp_analysis.narrative import notes
from ektp_analysis.office import stores
from tests.breadth import case
from tests.engines import visited
from tests.layouts import visits as layouts
from tests.layouts.visits import TODAY, Table

HERE = VisitChoices(area="75.05")
SEEDS = 6  # tables of each fault
EVERY_RUN, FURTHER = range(2), range(2, SEEDS)
XLSX = (0, 2, 3)  # of them as workbooks, too


def read(data: bytes, **choices: Any) -> VisitReport:
    return read_visits(data, "kunjungan.csv", HERE.but(choices), today=TODAY)


def of(*lines: str, **choices: Any) -> VisitReport:
    return read("".join(f"{line}\n" for line in lines).encode(), **choices)


def missed(made: Table, report: VisitReport) -> str:
    """In what a reading is not what the table means, '' where it is."""
    if not report.accepted:
        return f"{report.reason} {[str(one.text()) for one in report.faults]} {[str(one.text) for one in report.questions]}"
    for place, (row, meant) in enumerate(zip(report.rows.to_dict("records"), made.truth, strict=True)):
        for name, value in meant.items():
            found = row[name].date() if name == "day" else row[name]
            if not (pd.isna(found) if value is None else found == value):
                return f"row {place}, {name}: {found!r}, not {value!r}"
        if row["row"] != made.first + place:
            return f"row {place} is said to be {row['row']}"
    return ""


def found(wrong: layouts.Wrong, report: VisitReport) -> bool:
    """Whether it is told where it is."""
    if report.accepted or (report.status == "refused" and not report.rows.empty):
        return False
    if isinstance(wrong, tuple):
        return any((one.row, one.column) == wrong or (one.row == wrong[0] and not wrong[1]) for one in report.faults)
    return any(one.topic == wrong for one in report.questions) or wrong in str(report.reason)


def test_tables_are_read_as_what_they_mean() -> None:
    for made in layouts.good(SEEDS * 2):
        assert missed(made, read(made.csv())) == ""
        assert missed(made, read(made.xlsx())) == ""


@pytest.mark.parametrize(
    ("seeds", "name"),
    [case(seeds, name, further=seeds is FURTHER) for seeds in (EVERY_RUN, FURTHER) for name in layouts.FAULTS],
    ids=str,
)
def test_what_is_wrong_is_told_where_it_is(seeds: range, name: str) -> None:
    for seed in seeds:
        made, wrong = layouts.spoilt(name, seed)
        for data in (made.csv(), made.xlsx())[: 1 + (seed in XLSX)]:
            report = read(data)
            assert found(wrong, report), (seed, wrong, report.status, str(report.reason), [str(f.text()) for f in report.faults])
            assert all(one.file and str(one.mend) for one in report.faults)


HEAD = "tanggal;wilayah;tempat;datang;terekam;tim"


def test_a_name_is_asked_about_and_never_joined_in_silence() -> None:
    rows = ("21/06/2023;Moluo;sekolah;40;30;1", "22/06/2023;Kec. Anggrek;rumah;5;5;1", "22/06/2023;Molu;rumah;5;4;1")
    report = of(HEAD, *rows)
    assert report.status == "needs_choice"
    sure, doubtful = report.questions
    assert sure.readings[0].choices == {"aliases": {"Moluo": "75.05.02.2006", "Kec. Anggrek": "75.05.03"}}
    assert (doubtful.topic, doubtful.subject) == ("alias", "Molu") and "Moluo" in str(doubtful.readings[0].label)
    report = of(HEAD, *rows, names="yes", aliases={"Molu": "75.05.02.2006"})
    assert report.accepted and report.rows["area_code"].tolist() == ["75.05.02.2006", "75.05.03", "75.05.02.2006"]
    # two desa of one name are never taken for each other
    report = of("tanggal;desa;tempat;datang", "21/06/2023;Iloheluma;rumah;3", names="yes")
    assert report.status == "needs_choice" or report.accepted
    by_both = of("tanggal;kecamatan;desa;tempat;datang", "21/06/2023;Anggrek;Iloheluma;rumah;3", names="yes")
    assert by_both.rows["area_code"].tolist() == ["75.05.03.2017"]


def test_a_code_and_a_name_that_contradict_each_other_are_refused() -> None:
    head = "tanggal;kode;desa;kecamatan;tempat;datang"
    assert of(head, "21/06/2023;75.05.02.2006;Moluo;Kwandang;rumah;3").accepted
    assert of(head, "21/06/2023;75.05.02.2006;Molluo;Kwandang;rumah;3").accepted  # as people spell
    for row in ("75.05.02.2006;Titidu;Kwandang", "75.05.02.2006;Moluo;Anggrek"):
        (fault,) = of(head, f"21/06/2023;{row};rumah;3").faults
        assert fault.column == "kode" and "means" in str(fault.fault)


def test_a_visit_of_today_is_read() -> None:
    assert of(HEAD, f"{TODAY:%d/%m/%Y};75.05.03;rumah;3;3;1").accepted


def test_not_said_is_not_zero() -> None:
    report = of(HEAD, "21/06/2023;75.05.03;rumah;;0;", "22/06/2023;75.05.03;rumah;-;;1")
    assert report.status == "refused" and [one.row for one in report.faults] == [3]  # a row that says nothing
    report = of(HEAD, "21/06/2023;75.05.03;rumah;;0;")
    assert pd.isna(report.rows["came"][0]) and report.rows["recorded"][0] == 0 and report.sums()["came"] is None


@pytest.mark.parametrize(
    ("recorded", "teams", "asked"), [(MOST_A_TEAM, "1", False), (MOST_A_TEAM + 1, "", True), (2 * MOST_A_TEAM, "2", False)]
)
def test_more_than_a_team_records_is_asked_about(recorded: int, teams: str, asked: bool) -> None:
    row = f"21/06/2023;75.05.03;sekolah;{recorded};{recorded};{teams}"
    assert bool(of(HEAD, row).questions) is asked
    assert of(HEAD, row, unlikely="yes").accepted


def test_a_text_that_breaks_off_is_refused_or_told() -> None:
    whole = f"{HEAD}\n21/06/2023;75.05.03;rumah;3;3;1\n22/06/2023;75.05.03;rumah;12;1"
    assert "ends inside row 3" in str(read(whole.encode()).reason)
    assert "without an end of line" in str(read(whole.encode() + b"0;1").notes[-1])
    assert read(whole.encode() + b"0;1\n").notes == ()


def test_totals_that_agree_and_other_columns_are_told() -> None:
    report = of(HEAD + ";petugas;No", "21/06/2023;75.05.03;rumah;8 orang;3;1;x;1", "JUMLAH;;;8;3;1;;")
    assert report.accepted and len(report.rows) == 1 and report.rows["came"].tolist() == [8]
    said = " ".join(str(one) for one in report.notes)
    assert "petugas" in said and "Row 3 is a total" in said and "8 orang (2)" in said and "No." not in said


def test_sheets_without_a_header_are_told_and_all_with_one_are_read() -> None:
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter") as book:
        for name, day in (("Juni", "2023-06-21"), ("Juli", "2023-07-02")):
            pd.DataFrame({"tanggal": [day], "wilayah": ["75.05.03"], "tempat": ["rumah"], "datang": [3]}).to_excel(
                book, sheet_name=name, index=False
            )
        pd.DataFrame({"a": ["x"], "b": ["y"], "c": [12], "d": [13], "e": [4]}).to_excel(book, sheet_name="Lain", index=False)
    report = read(out.getvalue())
    assert report.rows["sheet"].tolist() == ["Juni", "Juli"] and report.rows["row"].tolist() == [2, 2]
    assert "Lain" in str(report.notes[-1])


def test_the_templates_are_read_and_stand_in_the_data_folder() -> None:
    filled = stores.template("csv", visits=True) + b"21/06/2023;75.05.03;balai desa;2;6;8;100;70;60;2;3;5;20;4;5;1;2;lancar\r\n"
    (row,) = read(filled).rows.to_dict("records")
    assert [row[name] for name in visit.COUNTED] == [2, 6, 8, 100, 70, 60, 2, 3, 5, 20, 4, 5, 1, 2]
    assert (settings.DATA / "visits.csv").read_bytes() == stores.template("csv", visits=True)
    committed, made = (
        pd.read_excel(source, sheet_name=None, header=None, engine="calamine", dtype="str")
        for source in (settings.DATA / "visits.xlsx", io.BytesIO(stores.template("xlsx", visits=True)))
    )
    assert committed.keys() == made.keys() and all(committed[name].equals(made[name]) for name in made)
    assert list(made["Data"].iloc[0]) == workbooks.header(columns=visit.COLUMNS)
    assert read(stores.template("xlsx", visits=True)).status == "refused"  # nothing in it


def test_visits_are_not_taken_for_figures_nor_figures_for_visits() -> None:
    data = f"{HEAD}\n21/06/2023;75.05.03;rumah;3;3;1\n".encode()
    assert "a table of visits" in str(read_file(data, "a.csv", today=TODAY).reason)
    figures = b"kode;per tanggal;wajib ktp;sudah rekam\n75.05.03;2023-06-20;100;90\n"
    assert read_file(figures, "a.csv", today=TODAY).status == "accepted"
    assert "No table of visits" in str(read(figures).reason)


def test_a_file_is_read_aside_with_the_same_answer() -> None:
    data = f"{HEAD}\n21/06/2023;75.05.03;rumah;3;3;1\n".encode()
    aside = guarded_visits(data, "kunjungan.csv", HERE, today=TODAY)
    assert aside == read(data) and aside.rows.equals(read(data).rows)


def test_choices_repeat_a_reading() -> None:
    made = HERE.but({"names": "yes", "aliases": {"X": "75.05.03"}, "without": ("!3",)})
    assert VisitChoices.from_json(made.to_json()) == made
    with pytest.raises(Exception, match="use yes or no"):
        VisitChoices(again="maybe")


# Who is to be cleaned off the list


def test_cleaning_moves_no_one_into_recorded() -> None:
    """The same visits with and without those to be cleaned: what was recorded is the same, and so is what no one said."""
    rows = [
        {"day": "2023-06-21", "area_code": "75.05.03", "came": 50, "recorded": 40, **more}
        for more in ({}, {"dead": 9, "moved": 3, "unknown": 5})
    ]
    without, with_them = (visited(row) for row in rows)
    assert without["recorded"].sum() == with_them["recorded"].sum() == 40
    found_out = split(with_them, "75.05", 100, date(2023, 6, 20))
    assert found_out is not None and (found_out.low, found_out.high, found_out.can_come) == (17, 17, (83, 83))
    assert found_out.unrecorded == sum(found_out.can_come[:1]) + found_out.high == 100
    assert split(without, "75.05", 100, date(2023, 6, 20)) is None, "not said is not 0"
    assert "Cleaning records nobody" in str(notes.cleaning(found_out))
    assert render(notes.cleaning(found_out), "id").startswith(
        "dari 100 yang belum terekam pada 20 Juni 2023, 17 perlu dibersihkan"
    )


def test_two_visits_may_have_met_the_same_names() -> None:
    """At least the largest visit of an area, at most their sum; a kecamatan's own visits may repeat those to its desa."""
    visits = visited(
        {"day": "2023-06-21", "area_code": "75.05.03.2001", "dead": 3, "moved": 4},
        {"day": "2023-06-22", "area_code": "75.05.03.2001", "dead": 2},
        {"day": "2023-06-22", "area_code": "75.05.03.2002", "unknown": 5},
        {"day": "2023-06-22", "area_code": "75.05.03", "unknown": 9},
        {"day": "2023-06-10", "area_code": "75.05.01", "duplicate": 5},
        {"day": "2023-06-22", "area_code": "75.05.01", "came": 5},
        {"day": "2023-06-22", "area_code": "74.05.01", "dead": 50},
    )
    on = date(2023, 6, 20)
    whole = split(visits, "75.05", 100, on)
    assert whole is not None and (whole.low, whole.high, whole.visits, whole.since) == (7 + 5, 28, 5, date(2023, 6, 10))
    assert whole.can_come == (72, 88)
    assert whole.kinds == {"dead": 5, "moved": 4, "duplicate": 5, "unknown": 14} and not whole.too_many
    inside = split(visits, "75.05.03", 10, on)
    assert inside is not None and (inside.low, inside.high, inside.can_come, inside.too_many) == (10, 10, (0, 0), True)
    assert "more than are unrecorded" in str(notes.cleaning(inside))
    nation = split(visits, "ID", 1000, on)
    assert nation is not None and (nation.low, nation.high) == (62, 78)
    assert split(visits, "75.05", None, on) is split(visits, "75.05.02", 5, on) is None


def test_what_was_found_out_half_a_year_before_is_taken_as_cleaned() -> None:
    for days, high in ((STAYS.days - 1, 5), (STAYS.days, None)):
        visits = visited({"day": date(2023, 6, 20) - pd.Timedelta(days=days), "area_code": "75.05.01", "dead": 5})
        found_out = split(visits, "75.05", 100, date(2023, 6, 20))
        assert (None if found_out is None else (found_out.low, found_out.high)) == (None if high is None else (0, high))


def test_rows_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit_reading, "MOST_ROWS", 1)
    row = "21/06/2023;75.05.03;rumah;3;3;1"
    assert of(HEAD, row).accepted
    assert "more than 1 rows" in str(of(HEAD, row, row.replace("21", "22")).reason)
