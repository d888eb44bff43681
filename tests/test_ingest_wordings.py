"""Wordings of offices that were met once and stand here for their class: rates, targets, days both ways, parts, weeks, lists.

Each file is made from figures that are known before, in a kabupaten of which the code under test is told nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import UNDECIDED, Choices, ImportReport
from tests.layouts.whole import xlsx
from tests.several import figures as by_day
from tests.silent import figures

TODAY, DAY = date(2026, 1, 1), date(2023, 6, 30)
REGENCY, TITLE = "75.05", "REKAP PEREKAMAN KTP-EL KABUPATEN GORONTALO UTARA"
HEADS = ["WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
NAMES = {code: register().name(code).upper() for code in register().children(REGENCY)}
COUNTS = {code: (10_000 + 37 * n, 9_700 + 34 * n, 300 + 3 * n) for n, code in enumerate(NAMES)}

Rows = list[list[object]]


def text(rows: Sequence[Sequence[object]]) -> bytes:
    return ("\n".join(";".join(map(str, row)) for row in rows) + "\n").encode()


def read(rows: Rows, choices: Choices = UNDECIDED, current: pd.DataFrame | None = None) -> ImportReport:
    return read_file(text(rows), "x.csv", choices, current=current, today=TODAY)


def table(heads: Sequence[str], row=lambda e, r, u: [e, r, u], day: str = "PER 30 JUNI 2023", title: str = TITLE) -> Rows:
    return [[title], [day], ["KECAMATAN", *heads], *([NAMES[code], *row(*counts)] for code, counts in COUNTS.items())]


def held(day: date, counts=COUNTS) -> pd.DataFrame:
    """The same figures as the store holds them of a day."""
    frame = pd.DataFrame(counts.values(), columns=["eligible", "recorded", "unrecorded"])
    none = dict.fromkeys(("printed", "to_clean", "coverage_reported", "basis"))
    return frame.assign(area_code=list(counts), as_of_date=pd.Timestamp(day), **none)


def said(report: ImportReport) -> str:
    return render(report.reason, "en") if report.reason else ""


def truth(keep: str = "eru") -> dict[str, tuple[int | None, ...]]:
    return {code: tuple(n if role in keep else None for role, n in zip("eru", one, strict=True)) for code, one in COUNTS.items()}


@pytest.mark.parametrize(
    ("role", "what"),
    [
        ("BELUM REKAM", "PER 1.000 WAJIB KTP"),
        ("SUDAH REKAM", "/1000"),
        ("BELUM REKAM", "PER SERIBU"),
        ("SUDAH REKAM", "‰"),
        ("BELUM REKAM", "Δ"),
    ],
)
def test_a_rate_or_a_change_is_no_count(role: str, what: str) -> None:
    report = read(table(["WAJIB KTP", f"{role} {what}"], lambda e, r, u: [e, round(1000 * u / e)]))
    assert report.status == "needs_choice" and all(f"{role}" not in str(one.choices) for one in report.questions[0].readings)
    assert figures(read(table([*HEADS, f"{role} {what}"], lambda e, r, u: [e, r, u, round(1000 * u / e)]))) == truth()


@pytest.mark.parametrize("mark", ["(000)", "(ribu)"])
def test_counts_in_thousands_by_a_mark_in_their_header_are_asked(mark: str) -> None:
    report = read(table([f"WAJIB KTP {mark}", f"BELUM REKAM {mark}"], lambda e, r, u: [e // 1000, 1]))
    assert report.status == "needs_choice" and "thousands" in said(report)


def test_fractions_in_all_counts_are_refused_with_the_cell_and_how_to_mend_it() -> None:
    rows = [[cell / 1000 if isinstance(cell, int) else cell for cell in row] for row in table(HEADS)]
    report = read_file(xlsx(("Rekap", rows)), "x.xlsx", today=TODAY)
    assert report.status == "refused" and "Rekap: column WAJIB KTP, row 5: 10.037 has a fraction" in said(report)


def campaign(title: str, heads: Sequence[str], share: float) -> Rows:
    return table(heads, lambda e, r, u: [u, int(share * u), u - int(share * u)], title=title)


@pytest.mark.parametrize(
    "heads", [["TARGET", "REALISASI", "SISA"], ["SASARAN", "SUDAH", "BELUM"], ["Target 2023", "SUDAH REKAM", "SISA"]]
)
def test_a_target_of_which_nothing_says_that_it_is_everyone_is_asked(heads: list[str]) -> None:
    title = "PEREKAMAN KTP-EL PER KECAMATAN"
    assert read(campaign(title, heads, 0.9)).status == "needs_choice"
    asked = read(table(heads, title=title))
    assert f"'{heads[0]}' (a header)" in said(asked)
    assert figures(read(table(heads, title=title), UNDECIDED.but(asked.questions[0].readings[0].choices))) == truth()


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        (f"{TITLE} DARI PENDUDUK WAJIB KTP", ["TARGET", "REALISASI", "SISA"]),
        (f"{TITLE} (DKB SEMESTER II 2022)", ["SASARAN", "SUDAH", "BELUM"]),
        (TITLE, ["TARGET (17 TAHUN KE ATAS)", "REALISASI", "SISA"]),
        (TITLE, ["TARGET", "SUDAH REKAM", "BELUM REKAM"]),
        (TITLE, ["TARGET PEREKAMAN", "SUDAH REKAM", "BELUM"]),
    ],
)
def test_a_target_that_is_said_to_be_everyone_is_read(title: str, heads: list[str]) -> None:
    assert figures(read(table(heads, title=title))) == truth()


def test_what_is_held_tells_a_target_of_everyone_from_one_of_a_campaign() -> None:
    before, heads = held(DAY - timedelta(days=7)), ["TARGET", "REALISASI", "SISA"]
    report = read(table(heads), current=before)
    assert figures(report) == truth() and read(table(heads), report.choices).rows.equals(report.rows)
    assert "near those that are stored" in str([render(why, "en") for one in report.evidence for why in one.reasons])
    assert read(campaign(TITLE, heads, 0.9), current=before).status == "needs_choice"
    assert read(table(heads), current=before.iloc[:2]).status == "needs_choice"
    far = before.assign(eligible=before["eligible"] * 6 // 5)
    assert read(table(heads), current=far).status == "needs_choice"


@pytest.mark.parametrize("whole", ["TERDAFTAR", "DIUNDANG", "PELAYANAN"])
def test_whom_the_recorded_and_the_unrecorded_are_of_is_asked_where_it_is_not_everyone(whole: str) -> None:
    report = read(campaign(TITLE, [whole, "SUDAH REKAM", "BELUM REKAM"], 0.7))
    assert report.status == "needs_choice" and f"'{whole}' (a header)" in said(report)
    assert read(table(["DATA SIAK", "SUDAH REKAM", "BELUM REKAM"])).status == "accepted"


@pytest.mark.parametrize("day", ["05/06/2023", "5.6.2023"])
def test_a_day_that_reads_both_ways_is_said_in_words(day: str) -> None:
    for rows in (
        table(HEADS, day=f"PER {day}"),
        [["TANGGAL", *row] if n == 2 else [day, *row] for n, row in enumerate(table(HEADS)) if n > 1],
    ):
        report = read(rows)
        (note,) = [one for one in report.checks if one.name == "day_first"]
        assert report.as_of_dates == (date(2023, 6, 5),) and note.level == "note"
        assert "5 June 2023" in render(note.text, "en") and "6 May 2023" in render(note.text, "en")
    for sure in ("PER 5 JUNI 2023", "PER 13/06/2023", "PER 06/06/2023", f"SENIN, {day}"):
        assert "day_first" not in [one.name for one in read(table(HEADS, day=sure)).checks]


@pytest.mark.parametrize(
    ("latest", "written", "asked"),
    [
        (date(2023, 5, 29), "06/05/2023", [date(2023, 6, 5), date(2023, 5, 6)]),
        (date(2023, 6, 19), "08/03/2023", [date(2023, 8, 3), date(2023, 3, 8)]),
        (date(2023, 6, 18), "08/03/2023", []),  # the next figures are not so far off
        (date(2023, 5, 29), "05/06/2023", []),  # the next week, the day first
        (date(2023, 4, 29), "06/05/2023", []),
        (date(2023, 8, 1), "06/05/2023", []),  # both are before what is held
    ],
)
def test_what_is_held_tells_which_way_a_day_is_odd(latest: date, written: str, asked: list[date]) -> None:
    current = held(latest, {code: (e, r - 1, u + 1) for code, (e, r, u) in COUNTS.items()})
    report = read(table(HEADS, day=f"PER {written}"), current=current)
    assert report.status == ("needs_choice" if asked else "accepted")
    for reading, day in zip(report.questions[0].readings, asked, strict=True) if asked else ():
        answered = read(table(HEADS, day=f"PER {written}"), UNDECIDED.but(reading.choices), current)
        assert answered.status == "accepted" and answered.as_of_dates == (day,)


@pytest.mark.parametrize(
    ("said_", "days"),
    [
        ("SENIN, 05/06/2023", None),
        ("Senin 06/05/2023", {"2023-05-06", "2023-06-05"}),  # a Saturday, and a Monday
        ("Selasa, 30 Juni 2023", {"2023-06-30"}),  # a Friday
        ("Jum'at, tanggal 30 Juni 2023", None),
    ],
)
def test_a_weekday_that_is_not_that_of_the_day_is_asked(said_: str, days: set[str] | None) -> None:
    report = read(table(HEADS, day=said_))
    assert (report.status == "accepted") is (days is None)
    assert days is None or {one.choices["date"] for one in report.questions[0].readings} == days
    assert days is None or render(report.questions[0].text, "en").startswith(f"'{said_}' names another weekday")


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        (["REKAM DI KANTOR", "REKAM JEMPUT BOLA", "BELUM REKAM"], lambda r, u: [r - r // 9, r // 9, u]),
        (["REKAM DALAM DAERAH", "REKAM LUAR DAERAH", "BELUM REKAM"], lambda r, u: [r - 40, 40, u]),
        (
            ["SUDAH REKAM", "BELUM REKAM SAKIT", "BELUM REKAM LUAR NEGERI", "BELUM REKAM LAINNYA"],
            lambda r, u: [r, 2, u // 3, u - u // 3 - 2],
        ),
    ],
)
def test_parts_that_together_are_what_the_others_leave_are_their_sum(heads: list[str], row) -> None:
    assert figures(read(table(["WAJIB KTP", *heads], lambda e, r, u: [e, *row(r, u)]))) == truth()
    off = table(["WAJIB KTP", *heads], lambda e, r, u: [e + 5, *row(r, u)])
    asked = read(off)
    assert asked.status == "needs_choice" and " + " not in str([one.choices for one in asked.questions[0].readings])


@pytest.mark.parametrize(
    "heads",
    [
        ["7", "14", "21", "28"],
        ["07-06", "14-06", "21-06", "28-06"],
        ["7/6", "14/6", "21/6", "28/6"],
        ["45084", "45091", "45098", "45105"],
    ],
)
def test_days_as_numbers_pairs_and_serials_head_their_columns(heads: list[str]) -> None:
    days = [date(2023, 6, 7) + timedelta(days=7 * n) for n in range(4)]
    rows = [["BELUM REKAM KTP-EL KABUPATEN GORONTALO UTARA"], ["BULAN JUNI 2023"], ["NO", "KECAMATAN", *heads]]
    rows += [[n, NAMES[code], *(u - k for k in range(4))] for n, (code, (_, _, u)) in enumerate(COUNTS.items(), start=1)]
    want = {(code, day): (None, None, u - k) for code, (_, _, u) in COUNTS.items() for k, day in enumerate(days)}
    assert (
        by_day(
            read_file(xlsx(("S", [[float(c) if str(c).isdigit() else c for c in row] for row in rows])), "x.xlsx", today=TODAY)
        )
        == want
    )


@pytest.mark.parametrize("heads", [["1", "2", "3", "4"], ["0-4", "5-9", "10-14", "15-19"], ["06-05", "06-12", "06-19", "06-26"]])
def test_numbers_of_weeks_ages_and_months_before_days_are_no_days(heads: list[str]) -> None:
    rows = [["BELUM REKAM KTP-EL KABUPATEN GORONTALO UTARA"], ["BULAN JUNI 2023"], ["KECAMATAN", *heads]]
    rows += [[NAMES[code], u, u, u, u] for code, (_, _, u) in COUNTS.items()]
    assert read(rows).status != "accepted"


@pytest.mark.parametrize("name", ["Minggu {}", "M{}"])
def test_sheets_named_by_the_weeks_of_a_month_are_asked_about_once(name: str) -> None:
    data = xlsx(*((name.format(n), [[f"{TITLE} BULAN JUNI 2023"], *table([*HEADS])[2:]]) for n in (1, 2, 3)))
    (question,) = read_file(data, "x.xlsx", today=TODAY).questions
    for reading, first in zip(question.readings, (7, 1), strict=True):
        report = read_file(data, "x.xlsx", UNDECIDED.but(reading.choices), today=TODAY)
        assert report.as_of_dates == tuple(date(2023, 6, first + 7 * n) for n in range(3))


def test_a_number_before_each_name_counts_the_rows_unless_it_is_part_of_the_name() -> None:
    rows = table(HEADS)
    numbered = [row if n < 3 else [f"{n - 2} {row[0]}", *row[1:]] for n, row in enumerate(rows)]
    assert figures(read(numbered)) == truth()
    ulu = {
        code: name
        for district in register().children("16.71")
        for code in register().children(district)
        if (name := register().name(code)).endswith(" Ulu")
    }
    rows = [
        ["PEREKAMAN KTP-EL KOTA PALEMBANG"],
        ["PER 30 JUNI 2023"],
        ["KELURAHAN", *HEADS],
        *([name, 900, 890, 10] for name in ulu.values()),
    ]
    assert len(ulu) > 5 and figures(read(rows)).keys() == ulu.keys()


@pytest.mark.parametrize("style", ["{} (100%)", "{} (96,34%)", "{} (3.5 %)"])
def test_a_percentage_in_brackets_behind_a_count_is_left_out(style: str) -> None:
    assert figures(read(table(HEADS, lambda *counts: [style.format(f"{n:,}".replace(",", ".")) for n in counts]))) == truth()
    assert read(table(HEADS, lambda e, r, u: [e, r, "(3,5%)"])).status == "refused"


def test_words_parted_at_the_end_of_a_line_and_initials_are_read() -> None:
    for heads in (
        ["WAJIB KTP", "SUDAH PERE- KAMAN", "BELUM PERE- KAMAN"],
        ["WKTP", "SR", "BR"],
        ["WKTP", "S. REKAM", "B. REKAM"],
    ):
        assert figures(read(table(heads))) == truth()
    two = table(["WAJIB", "SUDAH PERE-", "BELUM PERE-"])
    assert figures(read([*two[:3], ["", "KTP", "KAMAN", "KAMAN"], *two[3:]])) == truth()
    assert figures(read(table(["WKTP", "SR", "BR"], lambda e, r, u: [e, r, u + 50]))) == {}


def test_a_header_that_names_the_area_narrows_nothing() -> None:
    for where in ("KABUPATEN GORONTALO UTARA", "KAB. GORONTALO UTARA PROVINSI GORONTALO"):
        assert figures(read(table([f"BELUM REKAM {where}"], lambda e, r, u: [u]))) == truth("u")
    assert read(table(["BELUM REKAM KABUPATEN GORONTALO UTARA TERLACAK"], lambda e, r, u: [u])).status == "needs_choice"


MESSAGES = {
    "plain": ("Belum rekam Kabupaten Gorontalo Utara 30 Juni 2023\n", "{name}: {u}", "u"),
    "numbered": ("Belum rekam KTP-el\nKabupaten Gorontalo Utara per 30/06/2023\n\n", "{n}. {name} = {u} jiwa", "u"),
    "unparted": ("Belum rekam KTP-el\nKabupaten Gorontalo Utara per 30/06/2023\n", "{n}) {name}: {u} orang", "u"),
    "three": (
        f"{TITLE}\nPer tanggal: 30/06/2023\nKecamatan: wajib KTP / sudah rekam / belum rekam\n",
        "- {name} : {e} / {r} / {u}",
        "eru",
    ),
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_list_as_it_is_sent_in_a_message_is_read(kind: str) -> None:
    head, line, keep = MESSAGES[kind]
    items = [
        line.format(n=n, name=NAMES[code].title(), e=e, r=r, u=u) for n, (code, (e, r, u)) in enumerate(COUNTS.items(), start=1)
    ]
    made = [head + "\n".join(items) + end for end in ("\n", f"\nJumlah: {sum(u for *_, u in COUNTS.values())}\nTerima kasih\n")]
    for data in made if keep == "u" else made[:1]:
        report = read_file(data.encode(), "pesan.txt", today=TODAY)
        assert figures(report) == truth(keep) and report.as_of_dates == (DAY,)
        assert report.rows["row"].tolist() == [data.splitlines().index(item) + 1 for item in items]


def test_a_list_of_a_message_that_says_something_else_or_more_is_asked_or_refused() -> None:
    items = "\n".join(f"{NAMES[code].title()}: {u}" for code, (_, _, u) in COUNTS.items()) + "\n"
    for head, status in (
        ("Izin melaporkan belum rekam", "needs_choice"),
        ("Laporan", "refused"),
        ("Sudah cetak", "refused"),
        ("Rekam hari ini", "refused"),
    ):
        assert read_file(f"{head} 30 Juni 2023\n{items}".encode(), "pesan.txt", today=TODAY).status == status
    keys = [["Tahun: 2023"], ["Bulan: 6"], ["Hari: 30"]]
    assert figures(read([[TITLE], *keys, *table(HEADS)[1:]])) == truth()


def test_a_kecamatan_of_which_the_old_figures_were_copied_is_told() -> None:
    desa = [code for district in NAMES for code in register().children(district)]
    before = {code: (900 + n, 880 + n, 20) for n, code in enumerate(desa)}
    copied = max(NAMES, key=lambda code: len(register().children(code)))
    rows = [[TITLE], ["PER 30 JUNI 2023"], ["KODE", "DESA", *HEADS]]
    for keep, found in ((copied, [copied]), ("-", [])):
        now = {code: counts if code.startswith(keep) else (counts[0], counts[1] + 2, 18) for code, counts in before.items()}
        report = read(
            [*rows, *([code, register().name(code), *counts] for code, counts in now.items())],
            current=held(DAY - timedelta(days=7), before),
        )
        told = [one for one in report.checks if one.name == "copied"]
        assert figures(report) == now and [area for one in told for area in one.areas] == found
    few = {code: counts if n % 2 else (counts[0], counts[1] + 2, 18) for n, (code, counts) in enumerate(before.items())}
    few |= {code: before[code] for code in register().children(min(NAMES, key=lambda code: len(register().children(code))))}
    report = read(
        [*rows, *([code, register().name(code), *counts] for code, counts in few.items())],
        current=held(DAY - timedelta(days=7), before),
    )
    assert "copied" not in [one.name for one in report.checks]


@pytest.mark.parametrize(
    ("heads", "keep"),
    [
        (["WAJIB REKAM", "BELUM REKAM"], "eu"),
        (["WAJIB PEREKAMAN", "SUDAH REKAM"], "er"),
        (["WAJIB KTP", "KEKURANGAN PEREKAMAN"], "eu"),
        (["WAJIB KTP", "KEKURANGAN TARGET REKAM"], "eu"),
        (["WAJIB KTP", "BELUM REKAM MINGGU INI"], "eu"),
    ],
)
def test_who_must_be_recorded_and_who_is_lacking_are_not_the_recorded(heads: list[str], keep: str) -> None:
    found = read(table(heads, lambda e, r, u: [n for role, n in zip("eru", (e, r, u), strict=True) if role in keep]))
    assert figures(found) == truth(keep)
    assert read(table(["WAJIB KTP", "BELUM WAJIB REKAM"], lambda e, r, u: [e, u])).status == "needs_choice"


def test_recorded_of_a_while_beside_the_unrecorded_may_be_left_out() -> None:
    rows = table(["REKAM SEJAK JANUARI", "BELUM REKAM"], lambda e, r, u: [u, u])
    answers = [read(rows, UNDECIDED.but(one.choices)) for one in read(rows).questions[0].readings]
    assert truth("u") in [figures(one) for one in answers]


@pytest.mark.parametrize("style", ["{n} - {name}", "{n:02} {name}", "{name} (5 desa)", "{name} (3 Kel/2 Desa)"])
def test_numbers_beside_the_names_of_kecamatan_are_no_part_of_them(style: str) -> None:
    rows = table(HEADS)
    made = [[style.format(n=n + 1, name=row[0]), *row[1:]] for n, row in enumerate(rows[3:])]
    assert figures(read([*rows[:3], *made])) == truth()


@pytest.mark.parametrize(
    ("title", "groups", "days"),
    [
        ("TAHUN 2023", ["07-06", "14-06"], [date(2023, 6, 7), date(2023, 6, 14)]),
        ("2023", ["06/12/2023", "06/19/2023"], [date(2023, 6, 12), date(2023, 6, 19)]),
        ("BULAN JUNI 2023", ["Minggu II", "Minggu III"], [date(2023, 6, 14), date(2023, 6, 21)]),
    ],
)
def test_days_without_a_year_with_the_month_first_and_weeks_head_groups(title: str, groups: list[str], days: list[date]) -> None:
    heads = [["KECAMATAN", groups[0], "", groups[1], ""], ["", *["SUDAH REKAM", "BELUM REKAM"] * 2]]
    rows = [[TITLE], [title], *heads, *([NAMES[code], r, u, r + 1, u - 1] for code, (_, r, u) in COUNTS.items())]
    report = read(rows)
    if report.questions:
        report = read(rows, UNDECIDED.but(report.questions[0].readings[0].choices))
    want = {(code, day): (None, r + k, u - k) for code, (_, r, u) in COUNTS.items() for k, day in enumerate(days)}
    assert by_day(report) == want
