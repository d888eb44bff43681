"""What a file leaves open is asked on the page, once; the answer is remembered, said, and can be forgotten.

More files, on the same page without a browser: tests/test_page_questions.py.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.comers import Shown, Visitor
from tests.browser.conftest import Guard, Opener, Server, axe, settle, unfold
from tests.recaps import NAMES, recap_of_two_lists, workbook

pytestmark = pytest.mark.browser
OUTPUT = Path(__file__).parent / "output"
ASKED = "[class*=st-key-questions_]"


def put(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("button", name="Jangan simpan")).to_be_visible()
    settle(page)


def questions(page: Page) -> Locator:
    """What a file leaves open, as it stands on the page."""
    return page.locator(ASKED).first


def picture(page: Page, name: str) -> None:
    """For looking at; only where pictures are asked for."""
    if os.environ.get("EKTP_TEST_PICTURES"):
        OUTPUT.mkdir(exist_ok=True)
        size = page.viewport_size
        assert size is not None
        page.set_viewport_size({"width": size["width"], "height": 2200})  # the page scrolls inside of itself
        settle(page)
        page.screenshot(path=OUTPUT / f"{name}.png")
        page.set_viewport_size(size)
        settle(page)


def forget_all(page: Page) -> None:
    """Forget what is remembered, one after the other; each click takes one away."""
    buttons = page.get_by_role("button", name="Lupakan")
    expect(buttons.first).to_be_visible()
    settle(page)
    for left in reversed(range(buttons.count())):
        buttons.first.click()
        expect(buttons).to_have_count(left)
        settle(page)


def accept(page: Page) -> None:
    expect(page.get_by_role("button", name="Terima", exact=True)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Terima", exact=True).click()
    expect(page.get_by_role("button", name="Jangan simpan")).to_have_count(0)
    expect(page.get_by_text("diterima: semua halaman").first).to_be_visible()
    settle(page)


def position(office: Server) -> Shown:
    """The page Posisi as it is sent to a reader."""
    return Visitor(office.url).page("position", lang="id")


@pytest.fixture(scope="module")
def desk(office: Server, opened_once: Opener) -> tuple[Page, Guard]:
    """Its page, opened once."""
    return opened_once(f"{office.url}/data?lang=id")


def test_a_question_about_the_day(office: Server, desk: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = desk
    put(page, workbook(tmp_path / "rekap.xlsx"))
    picture(page, "question-day")
    expect(page.get_by_role("button", name="Terima", exact=True)).to_have_count(0)
    questions(page).get_by_role("spinbutton").first.click()
    page.keyboard.type("01072023")
    page.keyboard.press("Escape")  # closes the calendar, as a click beside it does
    page.get_by_role("button", name="Baca dengan jawaban ini").click()
    accept(page)
    assert "627" in position(office).heading


def test_refused_rows_come_back_as_a_workbook(office: Server, desk: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = desk
    put(page, workbook(tmp_path / "rekap per 22 Juli 2023.xlsx", spoilt="delapan ribu"))
    picture(page, "refused-rows")
    with page.expect_download() as started:
        page.get_by_role("button", name="Baris yang ditolak").click()
    file = tmp_path / "ditolak.xlsx"
    started.value.save_as(file)
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert "SUMALATA" in cells and "delapan ribu" in cells
    page.get_by_role("button", name="Terima baris yang baik saja").click()
    accept(page)
    said = position(office).said
    assert "10 dari 11 kecamatan melapor" in said and "Angka lama: Sumalata" in said


def test_a_single_reading_is_not_taken_by_a_hasty_click(desk: tuple[Page, Guard], tmp_path: Path) -> None:
    """By keyboard alone: the answer is closed until its reading is chosen, with the arrows or the blank."""
    page, guard = desk
    lines = [f"{name.upper()};{8013 + 103 * place}" for place, name in enumerate(NAMES)]
    file = tmp_path / "rekap perekaman ktp gorontalo utara per 1 Juli 2023.csv"
    file.write_text("\n".join(["KECAMATAN;WAJIB KTP", *lines]), encoding="utf-8")
    put(page, file)
    asked = questions(page)
    reading, answer = asked.get_by_role("radio"), asked.get_by_role("button", name="Baca dengan jawaban ini")
    expect(reading).to_have_count(1)
    expect(reading).not_to_be_checked()
    expect(answer).to_be_disabled()
    expect(asked.get_by_text("1 pertanyaan belum dijawab")).to_be_visible()
    picture(page, "question-single")
    assert axe(page, within=ASKED) == []
    reading.focus()
    page.keyboard.press("Space")
    expect(answer).to_be_enabled()
    expect(asked.get_by_text("1 pertanyaan belum dijawab")).to_have_count(0)
    assert axe(page, within=ASKED) == []
    page.keyboard.press("Tab")
    expect(answer).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Terima", exact=True)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Jangan simpan").click()
    expect(page.get_by_role("button", name="Jangan simpan")).to_have_count(0)
    settle(page)
    assert not guard.errors


def test_a_confirmed_layout_is_applied_next_month_and_can_be_forgotten(
    office: Server,
    desk: tuple[Page, Guard],
    tmp_path: Path,
) -> None:
    unrecorded = sum(42 + 3 * place for place in range(len(NAMES)))
    page, guard = desk
    put(page, recap_of_two_lists(tmp_path / "rekap per 1 Agustus 2023.xlsx"))
    expect(page.get_by_text("Ada beberapa kolom yang mungkin dimaksud").first).to_be_visible()
    expect(page.get_by_role("button", name="Terima", exact=True)).to_have_count(0)
    expect(page.get_by_text(f"Belum rekam {unrecorded}").first).to_be_visible()  # what the reading gives, told before it counts
    picture(page, "question-columns")
    questions(page).locator("label", has_text="PEREKAMAN PUSAT").first.click()
    page.get_by_role("button", name="Baca dengan jawaban ini").click()
    accept(page)
    put(page, recap_of_two_lists(tmp_path / "rekap per 1 September 2023.xlsx", add=11))
    expect(page.get_by_role("button", name="Terima", exact=True)).to_be_visible()
    said = page.get_by_text(re.compile(r"Tata letak yang dipastikan .+ pada .+ diterapkan"))
    expect(said.first).to_be_visible()
    expect(page.get_by_text("Agar ditanyakan lagi").first).to_be_visible()
    expect(page.get_by_role("button", name="Baca dengan jawaban ini")).to_have_count(0)
    picture(page, "layout-applied")
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    expect(said.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "layout-applied-phone")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("button", name="Jangan simpan").click()
    expect(page.get_by_role("button", name="Jangan simpan")).to_have_count(0)
    unfold(page, "Yang diingat dari unggahan sebelumnya")
    expect(page.get_by_text("PEREKAMAN PUSAT").first).to_be_visible()
    picture(page, "layout-remembered")
    forget_all(page)
    settle(page)
    assert not guard.errors


def test_a_list_of_persons_is_refused_and_let_go(office: Server, desk: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = desk
    book = openpyxl.load_workbook(workbook(tmp_path / "rekap per 1 November 2023.xlsx"))
    assert book.active is not None
    number = "7505" + "0341" + "0788" + "0002"  # made up: valid in form, of nobody
    book.active["H9"] = f"NIK {number}"
    book.save(tmp_path / "daftar per 1 November 2023.xlsx")
    put(page, tmp_path / "daftar per 1 November 2023.xlsx")
    expect(page.get_by_text("nomor induk kependudukan").or_(page.get_by_text("NIK")).first).to_be_visible()
    expect(page.get_by_role("button", name="Terima", exact=True)).to_have_count(0)
    assert number not in page.content()
    assert all(number.encode() not in path.read_bytes() for path in office.data.rglob("*") if path.is_file())
