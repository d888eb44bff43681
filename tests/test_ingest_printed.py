"""Cards printed: read beside the recorded, kept apart, asked where they stand alone, told where they are too many or too few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import render
from ektp_analysis.ingest.cells.topics import counts_cards
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import UNDECIDED, Choices, ImportReport
from ektp_analysis.office import imports, stores

NAMES = ("ATINGGOLA", "KWANDANG", "ANGGREK", "SUMALATA", "TOLINGGULA", "GENTUMA RAYA")
RECORDED = [7901 + 101 * place for place in range(6)]
ELIGIBLE = [8013 + 103 * place for place in range(6)]
CARDS = [one - 12 - place for place, one in enumerate(RECORDED)]


def table(heads: Sequence[str], *columns: Sequence[Any], below: Sequence[Any] = ()) -> bytes:
    """A table of six kecamatan with these columns, in the form in which offices send it."""
    rows = [";".join(map(str, (name, *cells))) for name, *cells in zip(NAMES, *columns, strict=True)]
    end = [";".join(map(str, below))] if below else []
    return "\n".join(["KABUPATEN GORONTALO UTARA", "PER 1 JULI 2023", ";".join(("KECAMATAN", *heads)), *rows, *end, ""]).encode()


def read(heads: Sequence[str], *columns: Sequence[Any], choices: Choices = UNDECIDED, below: Sequence[Any] = ()) -> ImportReport:
    return read_file(table(heads, *columns, below=below), "rekap.csv", choices, today=date(2026, 1, 1))


def cards(report: ImportReport) -> list[int | None]:
    return [None if pd.isna(one) else int(one) for one in report.rows["printed"]]


def names_of(report: ImportReport) -> set[str]:
    return {check.name for check in report.checks}


@pytest.mark.parametrize("head", ["SUDAH CETAK", "KTP-EL TERCETAK", "CETAK", "PENCETAKAN KTP-EL", "Jumlah KTP-el yang dicetak"])
def test_both_are_read_without_a_question(head: str) -> None:
    report = read(["WAJIB KTP", "SUDAH REKAM", head], ELIGIBLE, RECORDED, CARDS)
    assert report.status == "accepted" and report.warnings == ()
    assert report.rows["recorded"].tolist() == RECORDED and cards(report) == CARDS
    assert report.choices.columns["printed"] == head
    assert any("KTP-el tercetak: " + head == render(one.choice, "id") for one in report.evidence)


def test_men_and_women_are_summed_where_no_total_is_printed() -> None:
    men = [one // 2 for one in CARDS]
    women = [one - other for one, other in zip(CARDS, men, strict=True)]
    report = read(["WAJIB KTP", "SUDAH REKAM", "CETAK L", "CETAK P"], ELIGIBLE, RECORDED, men, women)
    assert report.status == "accepted" and cards(report) == CARDS
    assert report.choices.columns["printed"] == "CETAK L + CETAK P"


@pytest.mark.parametrize(
    "head",
    ["BELUM CETAK", "CETAK KIA", "CETAK BULAN INI", "SISA BLANKO CETAK", "PRR", "SIAP CETAK", "% CETAK", "CETAK ULANG",
     "GAGAL CETAK", "MEMILIKI KTP-EL", "CETAK 2023", "TANGGAL CETAK"],
)  # fmt: skip
def test_what_is_no_count_of_all_cards_is_not_read_as_one(head: str) -> None:
    assert not counts_cards(head)
    report = read(["WAJIB KTP", "SUDAH REKAM", head], ELIGIBLE, RECORDED, CARDS)
    assert report.status == "accepted" and cards(report) == [None] * 6


def test_two_columns_of_cards_that_differ_are_none() -> None:
    report = read(["WAJIB KTP", "SUDAH REKAM", "CETAK", "TERCETAK"], ELIGIBLE, RECORDED, CARDS, [one - 1 for one in CARDS])
    assert report.status == "accepted" and cards(report) == [None] * 6
    report = read(["WAJIB KTP", "SUDAH REKAM", "CETAK", "TERCETAK"], ELIGIBLE, RECORDED, CARDS, CARDS)
    assert cards(report) == CARDS


@pytest.mark.parametrize(("share", "read_"), [(0.39, False), (0.41, True)])
def test_too_few_cards_are_not_all_that_were_printed(share: float, read_: bool) -> None:
    few = [round(share * one) for one in RECORDED]
    report = read(["WAJIB KTP", "SUDAH REKAM", "CETAK"], ELIGIBLE, RECORDED, few)
    assert report.status == "accepted" and cards(report) == (few if read_ else [None] * 6)
    assert ("few_printed" in names_of(report)) is not read_
    assert report.warnings == ()
    chosen = {"eligible": "WAJIB KTP", "recorded": "SUDAH REKAM", "printed": "CETAK"}
    assert cards(read(["WAJIB KTP", "SUDAH REKAM", "CETAK"], ELIGIBLE, RECORDED, few, choices=Choices(columns=chosen))) == few


def test_more_cards_than_people_are_told_and_not_refused() -> None:
    many = [CARDS[0], RECORDED[1] + 1, RECORDED[2], *CARDS[3:]]
    report = read(["WAJIB KTP", "SUDAH REKAM", "CETAK"], ELIGIBLE, RECORDED, many)
    assert report.status == "accepted" and cards(report) == many
    (told,) = [check for check in report.checks if check.name == "more_printed"]
    assert told.level == "warning" and told.areas == ("75.05.02",) and told.text in report.warnings


def test_a_card_that_is_no_count_is_a_fault_of_its_cell() -> None:
    report = read(["WAJIB KTP", "SUDAH REKAM", "CETAK"], ELIGIBLE, RECORDED, [*CARDS[:5], "habis"])
    assert report.status == "refused" and report.refused_count == 1
    assert "CETAK" in render(report.refused_rows[0].text(), "id") and "habis" in render(report.refused_rows[0].text(), "id")


def test_a_missing_count_of_cards_is_missing_and_never_zero() -> None:
    report = read(["WAJIB KTP", "SUDAH REKAM", "CETAK"], ELIGIBLE, RECORDED, ["", *CARDS[1:]])
    assert report.status == "accepted" and cards(report) == [None, *CARDS[1:]]


def test_a_printed_total_is_compared_with_its_members() -> None:
    heads = ["WAJIB KTP", "SUDAH REKAM", "CETAK"]
    good = read(heads, ELIGIBLE, RECORDED, CARDS, below=["JUMLAH", sum(ELIGIBLE), sum(RECORDED), sum(CARDS)])
    assert good.status == "accepted" and good.warnings == ()
    off = read(heads, ELIGIBLE, RECORDED, CARDS, below=["JUMLAH", sum(ELIGIBLE), sum(RECORDED), sum(CARDS) - 5])
    assert off.status == "accepted" and cards(off) == CARDS
    assert any(str(sum(CARDS))[-3:] in render(text, "en") and "cards printed" in render(text, "en") for text in off.warnings)


@pytest.mark.parametrize("heads", [["WAJIB KTP", "SUDAH CETAK"], ["WAJIB KTP", "SUDAH CETAK", "BELUM"]])
def test_cards_alone_are_asked_with_cards_among_the_answers(heads: list[str]) -> None:
    columns = [ELIGIBLE, CARDS, [one - other for one, other in zip(ELIGIBLE, CARDS, strict=True)]][: len(heads)]
    report = read(heads, *columns)
    (question,) = report.questions
    assert report.status == "needs_choice" and question.topic == "columns"
    (answer,) = [one for one in question.readings if "printed" in one.choices["columns"]]
    assert answer.totals["printed"] == sum(CARDS) and "KTP-el tercetak: SUDAH CETAK" in render(answer.label, "id")
    taken = read(heads, *columns, choices=UNDECIDED.but(answer.choices))
    assert taken.status == "accepted" and cards(taken) == CARDS and taken.rows["eligible"].tolist() == ELIGIBLE
    assert taken.rows["recorded"].isna().all() and taken.rows["unrecorded"].isna().all()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes, str], imports.Imported]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    settings.cache_clear()
    stores.close_all()
    return lambda data, name: imports.import_file(data, name, UNDECIDED, uploader="tester")


def test_they_are_kept_added_up_and_read_again_alike(office: Callable[[bytes, str], imports.Imported]) -> None:
    done = office(table(["WAJIB KTP", "SUDAH REKAM", "CETAK"], ELIGIBLE, RECORDED, CARDS), "rekap.csv")
    assert done.status == "accepted" and imports.verify(stores.current()) == []
    held = stores.own_store().figures(within="75.05")
    assert held["printed"].tolist() == CARDS and held["recorded"].tolist() == RECORDED
    more = office(table(["WAJIB KTP", "SUDAH REKAM", "CETAK"], ELIGIBLE, RECORDED, [CARDS[0] + 3, *CARDS[1:]]), "lagi.csv")
    assert [(one.column, one.old, one.new) for one in more.report.changes.revised] == [("printed", CARDS[0], CARDS[0] + 3)]
    settings.cache_clear()
    stores.close_all()
