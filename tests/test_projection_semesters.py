"""Semesters of the cleansed register (DKB) are one series; a running count beside them is another, and a step is a break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.contract import frame
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import render
from ektp_analysis.ingest.report import Choices
from ektp_analysis.office import imports
from ektp_analysis.projection import networks
from ektp_analysis.projection.history import History, one_basis, read, series_of
from ektp_analysis.projection.result import NOT_REACHED
from tests.projecting import project
from tests.test_cli_import import book
from tests.test_pages import enter, forget, start, texts

ENDS = [date(2022, 12, 31), date(2023, 6, 30), date(2023, 12, 31), date(2024, 6, 30)]
DKB = ["DKB 2022-2", "DKB 2023-1", "DKB 2023-2", "DKB 2024-1"]
LEFT, ELIGIBLE = [2900, 2200, 1600, 1100], [88_000, 88_800, 89_700, 90_500]


def rows(*told):
    """Rows of (day, basis, eligible, unrecorded)."""
    names = ("as_of_date", "basis", "eligible", "unrecorded")
    return frame([{"area_code": "75.05.03", **dict(zip(names, (str(one[0]), *one[1:]), strict=True))} for one in told])


def semesters(n: int, **changed):
    told = list(zip(ENDS, DKB, ELIGIBLE, LEFT, strict=True))[4 - n :]
    return rows(*told)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_semesters_are_projected_as_one_series(n: int) -> None:
    past = read(semesters(n))
    assert past.breaks == () and past.beside == () and len(past.dates) == n
    found = project(semesters(n), Target.national())
    assert found.answered and found.inputs.snapshots == n
    early, late = found.quantiles[10], found.quantiles[90]
    assert early is not NOT_REACHED and (late is NOT_REACHED or (late - early).days > 180)
    wide = any("the range is wide" in render(note, "en") for note in found.notes)
    assert wide is (n <= 3)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_a_list_that_grows_as_a_people_does_is_a_net_pace(n: int) -> None:
    even, growing = (
        np.quantile(project(rows(*told[4 - n :]), ZERO, horizon_days=3650).draws, [0.1, 0.5], method="inverted_cdf")
        for more in (0, 1200)
        if (told := [(ENDS[i], DKB[i], 85_000 + more * i, LEFT[i]) for i in range(4)])
    )
    assert growing == pytest.approx(even, rel=0.05)


@pytest.mark.parametrize(
    ("days", "growth", "kept"),
    [
        (365, 0.03, 0),
        (365, -0.03, 0),
        (365, 0.045, 0.5),
        (365, 0.06, 1),
        (365, -0.2, 1),
        (180, 0, 0),
        (135, 0.01, 0.5),
        (90, 0.01, 1),
    ],
)
def test_how_much_of_a_change_of_the_list_the_networks_see(days: float, growth: float, kept: float) -> None:
    end = 1000 * np.exp(growth * days / 365.25)
    seen = networks.queued(np.array([-days, 0.0]), np.array([[30.0, 20.0]]), np.array([[1000.0, end]]))
    assert seen[0] == pytest.approx([end + kept * (1000 - end), end])


def test_a_step_between_semesters_is_a_break_and_its_size_is_named() -> None:
    told = list(zip(ENDS, DKB, [88_000, 88_500, 97_000, 97_800], [2900, 2200, 5600, 5000], strict=True))
    (found,) = read(rows(*told)).breaks
    assert (found.position, found.kind) == (2, "eligible") and "88,500 to 97,000" in render(found.text, "en")
    assert "88.500 ke 97.000" in render(found.text, "id")


def test_a_running_count_between_semesters_is_another_series() -> None:
    running = [(date(2023, 4, 3), "dinamis", 93_000, 6000), (date(2023, 10, 2), "dinamis", 93_500, 5200)]
    both = rows(*sorted([*zip(ENDS, DKB, ELIGIBLE, LEFT, strict=True), *running]))
    past, alone = read(both), read(semesters(4))
    assert past.beside == ("dinamis",) and past.dates == alone.dates and past.breaks == ()
    assert np.array_equal(past.middle, alone.middle) and np.array_equal(past.days, alone.days)
    found = project(both, ZERO)
    assert found.quantiles == project(semesters(4), ZERO).quantiles
    assert any("dinamis" in render(note, "en") and "not used" in render(note, "en") for note in found.notes)
    assert any("tidak dipakai: dinamis" in render(note, "id") for note in found.notes)


def test_a_basis_that_gives_way_to_another_is_a_break() -> None:
    told = [(ENDS[0], DKB[0], 88_000, 2900), (ENDS[1], DKB[1], 88_800, 2200), (ENDS[2], "dinamis", 89_000, 2100)]
    past: History = read(rows(*told))
    assert past.beside == () and [(one.position, one.kind) for one in past.breaks] == [(2, "basis")]


@pytest.mark.parametrize(
    ("basis", "kept", "beside"),
    [
        ([], [], ()),
        (["", "", ""], [0, 1, 2], ()),
        (["DKB 2023-1", "", "DKB 2023-2"], [0, 1, 2], ()),
        (["DKB 2023-1", "dinamis", "DKB 2023-2"], [0, 2], ("dinamis",)),
        (["dinamis", "DKB 2023-1", "dinamis", "", "DKB 2023-2"], [1, 3, 4], ("dinamis",)),
        (["dinamis", "DKB 2023-1", "DKB 2023-2"], [0, 1, 2], ()),
        (["DKB 2023-1", "Siak", "dinamis", "siak"], [0, 1, 3], ("dinamis",)),
    ],
)
def test_which_rows_are_one_series_with_the_last(basis: list[str], kept: list[int], beside: tuple[str, ...]) -> None:
    found, left = one_basis(basis)
    assert found.tolist() == kept and left == beside


SEMESTERS = (("II", 2022), ("I", 2023), ("II", 2023), ("I", 2024))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An office with nothing of its own."""
    forget()
    enter(tmp_path, monkeypatch)
    yield
    forget()


def sent(name: str, title: str, eligible: int, left: int, choices: Choices) -> None:
    """Take in the workbook of an office: each kecamatan of the kabupaten, under a title."""
    codes, head = register().children("75.05"), ("KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM")
    each = [(eligible // len(codes) + 37 * place, left // len(codes) + 3 * place) for place in range(len(codes))]
    told = [[register().name(code).upper(), of, of - here, here] for code, (of, here) in zip(codes, each, strict=True)]
    data = book(head, told, title=f"REKAPITULASI PEREKAMAN KTP-EL KABUPATEN GORONTALO UTARA {title}")
    report = imports.read(data, name, choices)
    assert report.status == "accepted", report.reason
    imports.commit(report, data, uploader="petugas")


def semester(place: int, eligible: int | None = None) -> None:
    half, year = SEMESTERS[place]
    sent(
        f"Rekap DKB Sem {half} {year}.xlsx",
        f"DKB SEMESTER {half} TAHUN {year}",
        eligible or ELIGIBLE[place],
        LEFT[place],
        Choices(),
    )


def shown() -> tuple[str, list[str]]:
    """What the page Proyeksi says, and the days of its table of chances."""
    app = start("projection.py", lang="en", area="75.05", target="99.4")
    days = [] if not app.dataframe else [str(day) for day in app.dataframe[0].value.iloc[:, 1]]
    return texts(app).replace("\N{NO-BREAK SPACE}", " "), days


def test_files_of_two_three_and_four_semesters_are_one_series_on_the_page(office: None) -> None:
    semester(0)
    for n in (2, 3, 4):
        semester(n - 1)
        text, days = shown()
        assert f"computed from {n} snapshots, 31 December 2022 to " in text and "as the sum of 11 areas inside" in text
        assert len(days) == 19 and days[0].endswith(("2023", "2024", "2025")) and days[-1] == "not within 2 years"
        assert "Few snapshots" in text and "break" not in text
    before = days
    sent("Rekap 2 Oktober 2023.xlsx", "PER 2 OKTOBER 2023", 93_500, 5200, Choices(basis="dinamis"))
    text, days = shown()
    assert "dinamis" in text and "not used" in text and days == before and "computed from 4 snapshots" in text


def test_a_step_in_the_files_of_semesters_is_named_with_its_size_on_the_page(office: None) -> None:
    for place, eligible in enumerate((88_000, 88_500, 97_000, 97_800)):
        semester(place, eligible)
    text, _days = shown()
    assert "computed from 4 snapshots" in text and re.search(r"eligible[^.]* (?:from )?[\d,]+ to [\d,]+", text), text


def test_only_whole_names_of_semesters_are_semesters() -> None:
    assert series_of("DKB 2023-1") == series_of("DKB 2031-2") == "DKB"
    assert len({series_of(one) for one in ("DKB 2023-1", "DKB 2023", "DKB 2023-3", "DKB 2023-1 awal", "Dinamis")}) == 5
