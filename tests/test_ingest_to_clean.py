"""Those to be cleaned off the list: read beside the unrecorded where the header says exactly so, and all else as before."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from ektp_analysis.core.text import render
from ektp_analysis.ingest.cells.topics import counts_some_to_clean, counts_to_clean
from ektp_analysis.ingest.report import Choices, ImportReport
from tests.test_ingest_printed import CARDS, ELIGIBLE, RECORDED, names_of, read

UNRECORDED = [one - other for one, other in zip(ELIGIBLE, RECORDED, strict=True)]
FEW = [one // 3 for one in UNRECORDED]
HEADS = ["WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
FIGURES = [ELIGIBLE, RECORDED, UNRECORDED]


def to_clean(report: ImportReport) -> list[int | None]:
    return [None if pd.isna(one) else int(one) for one in report.rows["to_clean"]]


# The cases, each made of pieces that say by themselves whether it is a count of all who are still to be cleaned off the list.

ASKS = (
    "PERLU DIBERSIHKAN",
    "BELUM DIBERSIHKAN",
    "Belum Dibersihkan",
    "perlu_dibersihkan",
    "HARUS DIBERSIHKAN",
    "PERLU PEMBERSIHAN",
)
ALL_KINDS = (
    "GANDA+MENINGGAL+PINDAH",
    "MENINGGAL/PINDAH/GANDA",
    "GANDA, MENINGGAL DAN PINDAH",
    "MENINGGAL, PINDAH, GANDA, TIDAK DIKENAL",
)
SOME_KINDS = (
    "MENINGGAL",
    "PINDAH",
    "GANDA",
    "TIDAK DIKENAL",
    "MENINGGAL DAN PINDAH",
    "DATA GANDA",
    "GANDA/MENINGGAL",
    "MENINGGAL DUNIA",
)
WHOLE = [
    *(f"{before}{ask}" for before, ask in itertools.product(("", "JUMLAH ", "DATA ", "DATA YANG ", "PENDUDUK "), ASKS)),
    *(f"{before}{kinds} {ask}" for before, kinds, ask in itertools.product(("", "DATA "), ALL_KINDS, ASKS[:3])),
    *(f"{ask} ({kinds})" for ask, kinds in itertools.product(ASKS[:2], ALL_KINDS)),
    *(f"{kinds} YANG {ask}" for kinds, ask in itertools.product(ALL_KINDS, ASKS[:2])),
]
PARTLY = [*SOME_KINDS, *ALL_KINDS, *(f"{kinds} {ask}" for kinds, ask in itertools.product(SOME_KINDS, ASKS[:2]))]
ELSE = [  # they sound like it
    *("SUDAH DIBERSIHKAN", "TELAH DIBERSIHKAN", "DIBERSIHKAN", "DATA DIBERSIHKAN", "HASIL PEMBERSIHAN", "PEMBERSIHAN DATA"),
    *("HASIL PEMBERSIHAN BULAN INI", "PERLU DIBERSIHKAN BULAN INI", "BELUM DIBERSIHKAN 2023", "TIDAK PERLU DIBERSIHKAN"),
    *(
        "% PERLU DIBERSIHKAN",
        "KK PERLU DIBERSIHKAN",
        "KIA BELUM DIBERSIHKAN",
        "TARGET PERLU DIBERSIHKAN",
        "SUDAH/BELUM DIBERSIHKAN",
    ),
    *("RENCANA PERLU DIBERSIHKAN", "SISA PERLU DIBERSIHKAN JULI", "DESA BELUM DIBERSIHKAN", "PINDAH DATANG", "AKTA KEMATIAN"),
    *("LAPORAN MENINGGAL", "PINDAH KELUAR 2023", "GANDA SUDAH DIBERSIHKAN", "MENINGGAL BULAN INI"),
]
LAYOUTS: tuple[tuple[list[str], list[list[int]], int], ...] = (  # heads, columns, where the column in question stands
    (HEADS, FIGURES, 3),
    (HEADS[:2], FIGURES[:2], 1),
    ([HEADS[0], HEADS[2]], [FIGURES[0], FIGURES[2]], 0),
    ([*HEADS[:2], "CETAK"], [*FIGURES[:2], CARDS], 2),
    ([HEADS[0], "BELUM REKAM L", "BELUM REKAM P"], [ELIGIBLE, FEW, [a - b for a, b in zip(UNRECORDED, FEW, strict=True)]], 1),
    (HEADS[:1], FIGURES[:1], 1),
    (["BELUM"], [UNRECORDED], 1),
    (["JUMLAH", "SUDAH", "BELUM"], FIGURES, 3),
)


def recording(report: ImportReport) -> Any:
    """All that is read, asked and found but for those to be cleaned off the list."""
    readings = [[{k: v for k, v in one.choices.get("columns", {}).items() if k != "to_clean"} for one in q.readings]
                for q in report.questions]  # fmt: skip
    return (
        report.status,
        {role: head for role, head in report.choices.columns.items() if role != "to_clean"},
        report.rows.drop(columns="to_clean", errors="ignore").astype(object).where(report.rows.notna(), None).to_dict("list"),
        [(one.topic, render(one.text, "en").replace("DIMAKSUD", "*")) for one in report.questions if one.topic != "columns"],
        readings,
        sorted(names_of(report) - {"some_to_clean", "several_to_clean", "more_to_clean"}),
    )


def with_column(layout: int, head: str, numbers: Sequence[int]) -> ImportReport:
    heads, columns, at = LAYOUTS[layout]
    return read([*heads[:at], head, *heads[at:]], *columns[:at], numbers, *columns[at:])


def test_words_are_taken_where_they_say_exactly_so() -> None:
    assert [head for head in WHOLE if not counts_to_clean(head)] == []
    assert [head for head in (*PARTLY, *ELSE) if counts_to_clean(head)] == []
    assert [head for head in PARTLY if not counts_some_to_clean(head)] == []
    assert [head for head in (*WHOLE, *ELSE) if counts_some_to_clean(head)] == []


def test_columns_of_recording_are_read_as_without_it() -> None:
    """Whatever such a column is called and counts, the rest is read as beside a column that nobody knows."""
    draw = random.Random(16)
    numbers = {"few": FEW, "as many as are unrecorded": UNRECORDED, "more": CARDS}
    for layout, (kind, given) in itertools.product(range(len(LAYOUTS)), numbers.items()):
        plain = recording(with_column(layout, "DIMAKSUD", given))
        for head in (draw.choice(WHOLE), draw.choice((PARTLY, ELSE)[draw.randrange(2)])):
            report = with_column(layout, head, given)
            if head not in ELSE or head in ELSE[:9]:  # of the others some words are known, and were before
                assert recording(report) == plain, (layout, kind, head)
            read_ = report.status == "accepted" and head in WHOLE
            assert ("to_clean" in report.choices.columns) is read_, (layout, kind, head)
            assert ("some_to_clean" in names_of(report)) is (head in PARTLY), (layout, kind, head)


def test_it_is_read_kept_apart_and_said() -> None:
    heads, columns = [*HEADS, "PERLU DIBERSIHKAN"], [*FIGURES, FEW]
    report = read(heads, *columns, below=["JUMLAH", *map(sum, columns)])
    assert report.status == "accepted" and report.warnings == () and to_clean(report) == FEW
    assert any(render(one.choice, "id") == "perlu dibersihkan: PERLU DIBERSIHKAN" for one in report.evidence)
    off = read(heads, *columns, below=["JUMLAH", *map(sum, FIGURES), sum(FEW) - 4])
    assert to_clean(off) == FEW and any("to be cleaned" in render(text, "en") for text in off.warnings)
    gap = read(heads, *FIGURES, ["", *FEW[1:]])
    assert gap.status == "accepted" and to_clean(gap) == [None, *FEW[1:]], "not said is not 0"
    sexes = read([*HEADS, "PERLU DIBERSIHKAN L", "PERLU DIBERSIHKAN P"], *FIGURES, FEW, FEW)
    assert to_clean(sexes) == [2 * one for one in FEW]


def test_what_differs_is_not_read_and_single_kinds_are_not_added_up() -> None:
    two = ["PERLU DIBERSIHKAN", "BELUM DIBERSIHKAN"]
    other = [one - 1 for one in FEW]
    report = read([*HEADS, *two], *FIGURES, FEW, other)
    assert report.status == "accepted" and to_clean(report) == [None] * 6 and "several_to_clean" in names_of(report)
    assert to_clean(read([*HEADS, *two], *FIGURES, FEW, FEW)) == FEW
    chosen = {"eligible": "WAJIB KTP", "unrecorded": "BELUM REKAM", "to_clean": two[1]}
    named = read([*HEADS, *two], *FIGURES, FEW, other, choices=Choices(columns=chosen))
    assert to_clean(named) == other and "several_to_clean" not in names_of(named)
    kinds = read([*HEADS, "MENINGGAL", "PINDAH", "DATA GANDA"], *FIGURES, FEW, FEW, FEW)
    assert kinds.status == "accepted" and to_clean(kinds) == [None] * 6
    (told,) = [one for one in kinds.checks if one.name == "some_to_clean"]
    assert told.level == "note" and "'MENINGGAL + PINDAH + DATA GANDA' names only some" in render(told.text, "en")


@pytest.mark.parametrize(("more", "found"), [(0, False), (1, True)])
def test_more_than_are_unrecorded_are_told_and_not_mended(more: int, found: bool) -> None:
    many = [FEW[0], UNRECORDED[1] + more, *FEW[2:]]
    report = read([*HEADS[:2], "PERLU DIBERSIHKAN"], *FIGURES[:2], many)
    assert report.status == "accepted" and to_clean(report) == many
    told = [one for one in report.checks if one.name == "more_to_clean"]
    assert bool(told) is found and all(one.level == "warning" and one.areas == ("75.05.02",) for one in told)


def test_where_the_columns_are_asked_it_stands_in_the_answers() -> None:
    report = read(["WAJIB KTP", "PERLU DIBERSIHKAN"], ELIGIBLE, FEW)
    (question,) = report.questions
    assert [one.totals["to_clean"] for one in question.readings] == [sum(FEW)]
    taken = read(["WAJIB KTP", "PERLU DIBERSIHKAN"], ELIGIBLE, FEW, choices=Choices(**dict(question.readings[0].choices)))
    assert taken.status == "accepted" and to_clean(taken) == FEW and taken.rows["unrecorded"].isna().all()
