"""Months of weekly files at once: chosen, taken in by one click, each a batch of its own; those in doubt stay below."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from ektp_analysis.core.text import day, number
from tests.breadth import first_of_each
from tests.browser.conftest import Opener, Server, axe, serve, settle
from tests.browser.test_reach import OUT_OF_SIGHT
from tests.recaps import NAMES

pytestmark = pytest.mark.browser
OUTPUT = Path(__file__).parent / "output"
FIRST = date(2023, 7, 3)
WEEKS = (9, 24)  # two months, and half a year. A whole year, and how long it takes: tests/benchmarks/weekly.py


def unrecorded(week: int) -> list[int]:
    """Of each kecamatan in a week: each falls by some few a week."""
    return [407 + 21 * place - (5 + place % 3) * week - week * place % 4 for place in range(len(NAMES))]


def nearly_done(week: int) -> list[int]:
    """Of each kecamatan in a week: a hundred each, some few fewer every week."""
    return [100 + 2 * place - (7 + place % 3) * week for place in range(len(NAMES))]


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A fresh app that sends each piece of a page at once: here it is seen how far it is."""
    with serve(tmp_path / "own", at_once=True) as running:
        yield running


def weekly(
    folder: Path, weeks: Sequence[int], *, spoilt: Sequence[int] = (), left_in: Callable[[int], list[int]] = unrecorded
) -> list[Path]:
    """The recaps of these weeks as colleagues write them, named by their day; in a spoilt one a count is a word."""
    made = []
    folder.mkdir(exist_ok=True)
    for week in weeks:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for line in (["REKAPITULASI PEREKAMAN KTP-EL"], ["KABUPATEN GORONTALO UTARA"], []):
            sheet.append(line)
        sheet.append(["NO", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"])
        for place, (name, left) in enumerate(zip(NAMES, left_in(week), strict=True)):
            people = 8013 + 103 * place + 2 * week
            sheet.append([place + 1, name.upper(), people if week not in spoilt or place != 3 else "banyak", people - left, left])
        path = folder / f"rekap per {day(FIRST + timedelta(weeks=week), 'id')}.xlsx"
        book.save(path)
        made.append(path)
    return made


def upload(page: Page, files: Sequence[Path]) -> None:
    page.locator(".st-key-uploader input[type=file]").set_input_files(files)


def held(server: Server) -> dict[str, int]:
    """The unrecorded of each day in the store; and as many batches as there are days."""
    with sqlite3.connect(server.data / "ektp.sqlite") as base:
        batches = base.execute("SELECT count(*) FROM batch").fetchone()[0]
        found = dict(base.execute("SELECT as_of_date, sum(unrecorded) FROM figure GROUP BY as_of_date").fetchall())
    assert batches == len(found)
    return found


def picture(page: Page, name: str) -> None:
    """For looking at; only where pictures are asked for."""
    if os.environ.get("EKTP_TEST_PICTURES"):
        OUTPUT.mkdir(exist_ok=True)
        settle(page)
        page.screenshot(path=OUTPUT / f"{name}.png")


# The sentences beside the bar, one after the other; a bar can be drawn just before its sentence
PROGRESS = """() => {
  window.ektpSaid = new Set();
  const look = () => document.querySelectorAll("[data-testid=stProgress]").forEach(
    one => one.innerText.trim() && window.ektpSaid.add(one.innerText.trim()));
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


COUNTED = "() => { window.ektpClicks = 0; addEventListener('click', one => { window.ektpClicks += one.isTrusted; }, true); }"
MOST_CLICKS = 5


def test_a_newcomer_reads_both_dates_after_a_few_clicks(own_server: Server, opened: Opener, tmp_path: Path) -> None:
    """From the first page of an empty store, five weekly files in hand."""
    page, guard = opened(f"{own_server.url}/?lang=id")
    page.evaluate(COUNTED)
    page.get_by_role("link", name="Data", exact=True).click()
    with page.expect_file_chooser() as asked:
        page.locator(".st-key-uploader button").first.click()
    asked.value.set_files(weekly(tmp_path / "weeks", range(5), left_in=nearly_done))
    page.get_by_role("button", name="Terima semua", exact=True).click()
    page.get_by_role("link", name="Lihat hasilnya").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(f"{number(sum(nearly_done(4)), 'id')} jiwa belum rekam. Target 99,40")
    said = heading.inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert re.search(r"Target 99,40 %: [^.]*20\d\d.*Tuntas: [^.]*20\d\d", said), said
    assert page.evaluate("window.ektpClicks") <= MOST_CLICKS
    assert guard.foreign == [] and guard.errors == []


@pytest.mark.parametrize("weeks", first_of_each(WEEKS))
def test_months_of_weekly_files_in_three_clicks(own_server: Server, opened: Opener, tmp_path: Path, weeks: int) -> None:
    page, guard = opened(f"{own_server.url}/data?lang=id")
    files = weekly(tmp_path / "weeks", range(weeks))
    page.evaluate(PROGRESS)
    upload(page, files[::-1])  # one: choose files
    everything = page.get_by_role("button", name="Terima semua", exact=True)
    expect(page.get_by_text(f"Pada {weeks} dari {weeks} berkas tidak ada yang meragukan")).to_be_visible()
    settle(page)
    assert axe(page) == []
    picture(page, "many")
    assert page.evaluate(OUT_OF_SIGHT) == []
    everything.click()  # two: accept all
    expect(page.get_by_text(f"{weeks} berkas diterima: semua halaman kini menampilkan Kabupaten Gorontalo Utara")).to_be_visible()
    settle(page)
    picture(page, "many-taken")
    assert page.evaluate(OUT_OF_SIGHT) == []
    assert axe(page) == []
    assert held(own_server) == {str(FIRST + timedelta(weeks=week)): sum(unrecorded(week)) for week in range(weeks)}
    # Of what is said quickly the browser draws the last; that it is said of each file is held by test_page_uploads.
    drawn = page.evaluate("() => [...window.ektpSaid]")
    assert drawn
    for said in drawn:
        assert re.fullmatch(rf"(Membaca|Menerima) rekap per \d+ \w+ 2023\.xlsx \(\d+ dari {weeks}\)(, \d+ detik)? …", said), said
    page.get_by_role("link", name="Lihat hasilnya").click()  # three: see it
    expect(page.locator("h1")).to_contain_text(number(sum(unrecorded(weeks - 1)), "id"))
    assert guard.foreign == [] and guard.errors == []
