"""Presentasi in a real browser: the slides stand there, can be changed by keyboard, taken away, and the office put on them."""

from __future__ import annotations

import contextlib
import os
import signal
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from ektp_analysis.store.store import Store
from tests.breadth import first_of_each
from tests.browser.comers import Visitor, see
from tests.browser.conftest import Guard, Opener, Server, axe, go, settle, until
from tests.browser.test_presentation import showing
from tests.engines import kept, reading
from tests.reports import row

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def slides(office: Server, opened_once: Opener) -> tuple[Page, Guard]:
    """Its Presentasi, opened once."""
    urllib.request.urlopen(f"{office.url}/slides/show", timeout=120).close()  # the sample is built, the first slides drawn
    return opened_once(f"{office.url}/slides?lang=id")


def tab(page: Page, number: int) -> Locator:
    """A slide in the strip."""
    return page.get_by_role("tab").nth(number - 1)


def makers(server: Server) -> list[int]:
    """The processes of the server that make files: they read what it writes into a pipe."""
    mine = {held(one) for one in Path(f"/proc/{server.process.pid}/fd").iterdir()} - {None}
    return [
        int(one.name)
        for one in Path("/proc").iterdir()
        if one.name.isdigit() and int(one.name) != server.process.pid and held(one / "fd/0") in mine
    ]


def held(place: Path) -> str | None:
    """The pipe that stands at a place of a process, if there is one."""
    with contextlib.suppress(OSError):
        name = str(place.readlink())
        return name if name.startswith("pipe:") else None
    return None


@contextlib.contextmanager
def halted(pids: list[int]) -> Iterator[None]:
    """The processes stand still."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def test_strip_slide_and_edits_are_seen_at_once_and_a_click_shows_the_slide(slides: tuple[Page, Guard]) -> None:
    page, _ = slides
    expect(page.locator(".tab .picture svg")).to_have_count(4)
    for place in (page.locator(".strip"), page.locator(".large .slide"), page.get_by_role("button", name="Turunkan")):
        box = place.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 768, box
    tab(page, 4).click()
    expect(page.get_by_label("Judul sendiri salindia 4", exact=True)).to_be_visible()
    panel = page.get_by_role("tabpanel", name="4. Kabupaten Gorontalo Utara: terbanyak di Kwandang")
    expect(panel.locator(".picture svg")).to_have_count(1)
    until(page, "() => new URL(location).searchParams.get('slide') === 'map'")
    tab(page, 1).click()
    settle(page)


def test_saved_and_shown_by_keyboard_from_the_page_with_own_words(office: Server, slides: tuple[Page, Guard]) -> None:
    page, guard = slides
    title = page.get_by_label("Judul sendiri salindia 1", exact=True)
    expect(title).to_be_visible()
    title.fill("<img src=x onerror=alert(1)>")
    title.press("Tab")
    expect(page.get_by_text("Perubahan belum disimpan")).to_be_visible()
    settle(page)
    for preview in (page.locator(".tab .slide h2").first, page.locator(".large .slide h2")):
        expect(preview).to_have_text("<img src=x onerror=alert(1)>")
    for caption in (tab(page, 1), page.get_by_role("tabpanel")):
        expect(caption).to_have_accessible_name("1. <img src=x onerror=alert(1)>")
    tab(page, 1).focus()
    page.keyboard.press("ArrowRight")
    expect(tab(page, 2)).to_have_attribute("aria-selected", "true")
    page.get_by_label("Tampilkan salindia 2").press("Space")
    expect(page.get_by_role("heading", level=1)).to_contain_text("8 salindia")
    settle(page)
    show = page.get_by_role("link", name="Tampilkan")
    expect(show).to_have_count(0)
    expect(page.get_by_role("button", name="Tampilkan")).to_be_disabled()
    name = page.get_by_label("Simpan dengan nama")
    name.fill("Rapat Senin")
    name.press("Enter")
    expect(page.get_by_text("Disimpan sebagai 'Rapat Senin'")).to_be_visible()
    until(page, "() => new URL(location).searchParams.get('deck') === '1'")
    assert axe(page) == []
    show.focus()
    with page.context.expect_page() as started:
        page.keyboard.press("Enter")
    shown = started.value
    shown.wait_for_selector(".slide.on")
    assert shown.url == f"{office.url}/slides/show?deck=1&lang=id&theme=light"
    assert shown.locator(".slide h2").evaluate_all("all => all.map(one => one.textContent)")[0] == "<img src=x onerror=alert(1)>"
    assert shown.locator(".slide").count() == 8 and shown.locator("img").count() == 0
    shown.reload()
    expect(shown.locator(".slide.on h2")).to_have_text("<img src=x onerror=alert(1)>")
    shown.get_by_role("link", name="Kembali ke halaman Presentasi").click()
    expect(shown.get_by_role("heading", level=1)).to_contain_text("8 salindia: ")
    expect(shown.get_by_label("Simpan dengan nama")).to_have_value("Rapat Senin")
    expect(shown.get_by_label("Judul sendiri salindia 1", exact=True)).to_have_value("<img src=x onerror=alert(1)>")
    expect(shown.get_by_text("Disimpan oleh")).to_be_visible()
    settle(shown)
    for button in ("Keluarkan dari daftar", "Ya, keluarkan"):
        expect(shown.get_by_role("button", name=button, exact=True)).to_be_visible()
        settle(shown)
        shown.get_by_role("button", name=button, exact=True).press("Enter")
    expect(shown.get_by_text("'Rapat Senin' dikeluarkan dari daftar.")).to_be_visible()
    refused = page.request.get(f"{office.url}/slides/show?deck=1&lang=id")
    assert refused.status == 404 and "pilih yang lain di halaman Presentasi" in refused.text()
    shown.close()
    assert guard.foreign == [] and guard.errors == []
    assert page.locator("html").get_attribute("lang") == "id"


FILES = (("PowerPoint", "pptx"), ("PDF", "pdf"), ("A4", "pdf"), ("Excel", "xlsx"))


# The others are taken in other tests.
@pytest.mark.parametrize("files", first_of_each([(FILES[:2],), (FILES,)]), ids=["some", "all"])
def test_name_logo_and_order_are_entered_on_the_page_and_the_files_follow(
    slides: tuple[Page, Guard], tmp_path: Path, files: tuple[tuple[str, str], ...]
) -> None:
    page, guard = slides
    go(page, "/slides?lang=id&deck=standard&slide=answer")
    page.get_by_text("Nama dan logo kantor").click()
    name = page.get_by_label("Nama kantor")
    expect(name).to_be_visible()
    box = page.get_by_test_id("stFileUploader")
    assert "Upload" not in box.inner_text() or box.locator("button p").evaluate("one => getComputedStyle(one).fontSize") == "0px"
    assert axe(page, within="details[open]") == []
    keep = page.get_by_role("button", name="Simpan untuk semua")
    no_picture = tmp_path / "logo.png"
    no_picture.write_bytes(b"<svg onload=alert(1)>")
    page.locator("input[type=file]").set_input_files(no_picture)
    settle(page)  # no hand clicks before the page has noticed the file
    keep.click()
    expect(page.get_by_role("alert").first).to_contain_text("logo")
    settle(page)
    Image.new("RGB", (90, 60), "#123456").save(tmp_path / "lambang.png")
    page.locator("input[type=file]").set_input_files(tmp_path / "lambang.png")
    settle(page)
    name.fill("Dinas Dukcapil Contoh")
    keep.click()
    expect(page.get_by_role("img", name="Logo pada salindia")).to_have_count(1)
    settle(page)
    order_and_files(page, tmp_path, files)
    made = Presentation(str(tmp_path / "PowerPoint.pptx"))
    assert any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in made.slide_master.shapes)
    assert any("Dinas Dukcapil Contoh" in shape.text_frame.text for shape in made.slide_master.shapes if shape.has_text_frame)
    page.get_by_role("button", name="Hapus logo").click()
    expect(page.get_by_role("img", name="Logo pada salindia")).to_have_count(0)
    assert guard.foreign == [] and guard.errors == []


def order_and_files(page: Page, folder: Path, files: tuple[tuple[str, str], ...]) -> None:
    """The first slide goes down by keyboard, with a title of its own, and so it stands in what is taken away."""
    expect(page.get_by_label("Judul sendiri salindia 1", exact=True)).to_be_visible()
    title = page.get_by_label("Judul sendiri salindia 1", exact=True)
    title.fill("Sambutan Kepala Dinas")
    title.press("Tab")
    settle(page)
    page.get_by_role("button", name="Turunkan").focus()
    page.keyboard.press("Enter")
    settle(page)
    expect(tab(page, 2)).to_have_accessible_name("2. Sambutan Kepala Dinas")
    expect(page.get_by_label("Judul sendiri salindia 2", exact=True)).to_have_value("Sambutan Kepala Dinas")
    settle(page)
    expect(page.get_by_role("button", name="PowerPoint")).to_be_visible()
    for label, ending in files:
        with page.expect_download() as started:
            page.get_by_role("button", name=label).click()
        file = folder / f"{label}.{ending}"
        started.value.save_as(file)
        assert file.read_bytes()[:4] in (b"PK\x03\x04", b"%PDF"), label
        assert started.value.suggested_filename.startswith("evaluasi_75.05_2023-06-20")
        settle(page)
    made = Presentation(str(folder / "PowerPoint.pptx")).slides
    assert made[1].shapes.title.text_frame.text == "Sambutan Kepala Dinas" and len(made) == 9


@pytest.mark.parametrize("times", first_of_each((1, 2)))
def test_the_browser_is_told_the_language(slides: tuple[Page, Guard], times: int) -> None:
    page, _ = slides
    go(page, "/data?lang=en")
    told = page.locator("html")
    expect(told).to_have_attribute("lang", "en")
    for language, lang in (("Indonesia", "id"), ("English", "en")):
        page.get_by_text(language, exact=True).click()
        expect(told).to_have_attribute("lang", lang)
        settle(page)
    for language in ("Indonesia", "English") * times:  # one at once after the other: the last one holds
        page.get_by_text(language, exact=True).click()
    expect(page.get_by_role("link", name="Method")).to_be_visible()
    settle(page)
    assert told.get_attribute("lang") == "en" and "lang=en" in page.url


def test_a_click_elsewhere_is_answered_while_a_deck_is_made(office: Server, slides: tuple[Page, Guard], tmp_path: Path) -> None:
    """Files are made aside: meanwhile everybody else is answered; a process that dies is one sentence on the page."""
    page, guard = slides
    go(page, "/slides?lang=id&deck=standard&slide=answer")
    button = page.get_by_role("button", name="PowerPoint")
    expect(button).to_be_visible()
    expect(page.locator(".tab .picture svg")).to_have_count(4)  # drawn by a maker
    pids = makers(office)
    assert pids
    with page.expect_download() as download, Visitor(office.url).line() as other:
        assert "554" in see(other, "position").heading
        with halted(pids):  # the deck is under way and cannot be finished
            button.click()
            expect(page.get_by_text("PowerPoint sedang dibuat")).to_be_visible()
            assert "Kwandang" in see(other, "area_map").heading
            assert page.get_by_text("PowerPoint sedang dibuat").is_visible()
        download.value.save_as(tmp_path / "salindia.pptx")
    assert (tmp_path / "salindia.pptx").read_bytes().startswith(b"PK")
    expect(page.get_by_text("PowerPoint sedang dibuat")).to_have_count(0)

    with halted(makers(office)):
        page.get_by_role("button", name="PDF").click()
        expect(page.get_by_text("PDF sedang dibuat")).to_be_visible()
        for pid in makers(office):
            os.kill(pid, signal.SIGKILL)
        expect(page.get_by_text("proses pembuatnya terhenti")).to_be_visible()
    assert not guard.foreign
    settle(page)
    with page.expect_download() as again:
        page.get_by_role("button", name="Excel").click()
    again.value.save_as(tmp_path / "buku.xlsx")
    assert (tmp_path / "buku.xlsx").read_bytes().startswith(b"PK")


def test_newer_figures_are_told_and_loaded_with_a_key(office: Server, chromium: Browser) -> None:
    with showing(chromium, f"{office.url}/slides/show?lang=id&area=75.05#2") as page:
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        fresh = page.get_by_role("button", name="Ada angka yang lebih baru")
        expect(fresh).to_be_hidden()
        with Store.open(f"sqlite:///{(office.data / 'ektp.sqlite').as_posix()}", zone=ZoneInfo("Asia/Makassar")) as store:
            kept(
                store,
                reading(
                    *(
                        row("75.05", date(2025, 3, 3 + 7 * week), eligible=92_000, unrecorded=1000 - 100 * week)
                        for week in range(2)
                    )
                ),
                "2025-04-01 03:00",
                name="rekap.csv",
            )
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(fresh).to_be_visible()
        page.keyboard.press("r")
        expect(page.locator(".slide.on h2")).to_contain_text("Turun 100 sejak 3 Maret 2025")
        assert page.url.endswith("#2") and page.locator(".stamp").count() == 0
