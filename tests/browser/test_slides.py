"""Presentasi in a real browser: the slides stand there, can be changed by keyboard, taken away, and the office put on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from tests.browser.conftest import Guard, Opener, axe, go, serve, settle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory, opened_once: Opener) -> Iterator[tuple[Page, Guard]]:
    """Presentasi of an office of its own, opened once."""
    with serve(tmp_path_factory.mktemp("slides")) as running:
        yield opened_once(f"{running.url}/slides?lang=id")


def test_name_and_logo_of_the_office_are_entered_on_the_page(slides: tuple[Page, Guard], tmp_path: Path) -> None:
    page, guard = slides
    page.get_by_text("Nama dan logo kantor").click()
    name = page.get_by_label("Nama kantor")
    expect(name).to_be_visible()
    box = page.get_by_test_id("stFileUploader")
    assert "Upload" not in box.inner_text() or box.locator("button p").evaluate("one => getComputedStyle(one).fontSize") == "0px"
    assert axe(page) == []
    keep = page.get_by_role("button", name="Simpan untuk semua")
    no_picture = tmp_path / "logo.png"
    no_picture.write_bytes(b"<svg onload=alert(1)>")
    page.locator("input[type=file]").set_input_files(no_picture)
    keep.click()
    expect(page.get_by_role("alert").first).to_contain_text("logo")
    settle(page)
    Image.new("RGB", (90, 60), "#123456").save(tmp_path / "lambang.png")
    page.locator("input[type=file]").set_input_files(tmp_path / "lambang.png")
    name.fill("Dinas Dukcapil Contoh")
    keep.click()
    expect(page.get_by_role("img", name="Logo pada salindia")).to_have_count(1)
    with page.expect_download() as started:
        page.get_by_role("button", name="PowerPoint").click()
    started.value.save_as(tmp_path / "a.pptx")
    made = Presentation(str(tmp_path / "a.pptx"))
    assert any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in made.slide_master.shapes)
    assert any("Dinas Dukcapil Contoh" in shape.text_frame.text for shape in made.slide_master.shapes if shape.has_text_frame)
    settle(page)
    page.get_by_role("button", name="Hapus logo").click()
    expect(page.get_by_role("img", name="Logo pada salindia")).to_have_count(0)
    assert guard.foreign == [] and guard.errors == []


def test_the_browser_is_told_the_language(slides: tuple[Page, Guard]) -> None:
    page, _ = slides
    go(page, "/method?lang=en")
    told = page.locator("html")
    expect(told).to_have_attribute("lang", "en")
    for language, lang in (("Indonesia", "id"), ("English", "en")):
        page.get_by_text(language, exact=True).click()
        expect(told).to_have_attribute("lang", lang)
        settle(page)


def test_order_by_keyboard_and_the_file_that_follows(slides: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = slides
    go(page, "/slides?lang=id")
    expect(page.get_by_label("Judul sendiri salindia 1", exact=True)).to_be_visible()
    title = page.get_by_label("Judul sendiri salindia 1", exact=True)
    title.fill("Sambutan Kepala Dinas")
    title.press("Tab")
    settle(page)
    later = page.get_by_role("button", name="Salindia 1 ke belakang")
    later.focus()
    page.keyboard.press("Enter")
    settle(page)
    expect(page.get_by_label("Judul sendiri salindia 2", exact=True).first).to_have_value("Sambutan Kepala Dinas")
    settle(page)
    expect(page.get_by_role("button", name="PowerPoint")).to_be_visible()
    for label, ending in (("PowerPoint", "pptx"), ("PDF", "pdf"), ("A4", "pdf"), ("Excel", "xlsx")):
        with page.expect_download() as started:
            page.get_by_role("button", name=label).click()
        file = tmp_path / f"{label}.{ending}"
        started.value.save_as(file)
        assert file.read_bytes()[:4] in (b"PK\x03\x04", b"%PDF"), label
        assert started.value.suggested_filename.startswith("evaluasi_75.05_2023-06-20")
        settle(page)
    made = Presentation(str(tmp_path / "PowerPoint.pptx")).slides
    assert made[1].shapes.title.text_frame.text == "Sambutan Kepala Dinas" and len(made) == 9
