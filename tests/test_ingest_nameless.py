"""Rows that no register knows, without a name, or small by chance: each is asked about by what it says or by its number, may
be left out, and is never taken for a total. Files are made from the register; what is expected follows from how each was made."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
from ektp_analysis.ingest.places.placement import is_by_number
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices, ImportReport
from tests.breadth import crossed

TODAY = date(2024, 1, 1)
DISTRICTS = ("74.10.02", "62.04.04", "81.02.19")  # for files of desa whose title alone names the kecamatan
REGENCIES = ("75.05", "61.09", "73.08")
COUNTS = {"eru": ("WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"), "eu": ("WAJIB KTP", "BELUM REKAM"), "u": ("BELUM REKAM",)}


def read(rows: Sequence[Sequence[object]], **choices: object) -> ImportReport:
    text = "\n".join(",".join(map(str, row)) for row in rows) + "\n"
    return read_file(text.encode(), "20 Juni 2023.csv", Choices(**choices), today=TODAY)  # type: ignore[arg-type]


def made(number: int, called: str, *, desa: bool) -> tuple[list[list[object]], str, dict[str, int]]:
    """A file in which one area bears ``called`` for its name; the code of that area, and the unrecorded of all."""
    chance = random.Random(number)
    parent = chance.choice(DISTRICTS if desa else REGENCIES)
    codes = register().children(parent)
    asked = chance.choice(codes)
    title = f"DATA PEREKAMAN KTP-EL {chance.choice(('KECAMATAN ', '')) if desa else ''}{register().name(parent)}".upper()
    which = chance.choice(list(COUNTS))
    rows: list[list[object]] = [[title], ["PER 20 JUNI 2023"], ["DESA" if desa else "KECAMATAN", *COUNTS[which]]]
    left, sums = {}, [0, 0, 0]
    for code in codes:
        everyone, rest = chance.randint(400, 9000), chance.choice((0, 1, 5, chance.randint(2, 60)))
        counts = [everyone, everyone - rest, rest]
        sums = [one + two for one, two in zip(sums, counts, strict=True)]
        left[code] = rest
        rows.append([called if code == asked else register().name(code).upper(), *(counts["eru".index(role)] for role in which)])
    if chance.random() < 0.5:
        rows.append(["JUMLAH", *(sums["eru".index(role)] for role in which)])
    return rows, asked, left


@pytest.mark.parametrize(("number", "called", "desa"), crossed(range(5), ["MEKAR SARI XI", "", "-", "7"], [True, False]))
def test_an_area_of_no_known_name_is_asked_about_and_its_figure_is_read(number: int, called: str, desa: bool) -> None:
    rows, code, left = made(number, called, desa=desa)
    report = read(rows)
    assert report.status == "needs_choice", report.checks
    (question,) = report.questions
    assert question.topic == "alias" and question.subject, render(question.text, "en")
    assert question.subject.rpartition(" / ")[2] == called or is_by_number(question.subject)
    answered = read(rows, aliases={question.subject: code})
    assert answered.status == "accepted", str(answered.reason)
    assert dict(zip(answered.rows["area_code"], map(int, answered.rows["unrecorded"]), strict=True)) == left
    *_, without = question.readings
    rest = read(rows, **dict(without.choices))
    assert rest.status == "accepted" and rest.refused_count == 1
    assert dict(zip(rest.rows["area_code"], map(int, rest.rows["unrecorded"]), strict=True)) == {
        one: count for one, count in left.items() if one != code
    }


@pytest.mark.parametrize("text", ["NASIONAL", "MPP", "TERTINGGI", "Catatan"])
def test_a_row_with_text_in_the_column_of_codes_is_asked_about_by_that_text(text: str) -> None:
    rows = [["KODE", "WAJIB KTP", "BELUM REKAM"], *[[f"75.05.0{place}", 4000 + place, 30 + place] for place in range(1, 6)]]
    report = read([*rows, [text, 700, 35]])
    (question,) = report.questions
    assert question.subject == text and f"'{text}'" in render(question.text, "en")
    assert len(read([*rows, [text, 700, 35]], **dict(question.readings[-1].choices)).rows) == 5


@pytest.mark.parametrize("title", ["KECAMATAN KEI KECIL TIMUR SELATAN", "DATA PEREKAMAN KTP-EL"])
def test_the_name_of_the_one_kecamatan_of_all_desa_is_its_total(title: str) -> None:
    codes = register().children("81.02.19")
    rows: list[list[object]] = [[title], ["DESA", "WAJIB KTP", "BELUM REKAM"]]
    rows += [[register().name(code), 900 + place, 10 + place] for place, code in enumerate(codes)]
    rows.append(["KEI KECIL TIMUR SELATAN", sum(900 + place for place in range(len(codes))), 180])
    report = read(rows, complete="yes")
    assert report.status == "accepted", str(report.reason)
    assert list(report.rows["area_code"]) == list(codes)
    assert any("KEI KECIL TIMUR SELATAN" in render(text, "en") for text in report.warnings), "its sum is told to be off"


def test_a_row_called_by_its_number_is_not_remembered_for_other_files() -> None:
    assert is_by_number("baris 16") and not is_by_number("Bina Jaya, baris 16") and not is_by_number("Baris")
