"""One area chosen for map, list and chart: by mouse and keyboard, undone in three ways, sent as a link, taken to Peta; and what
the pages show is taken away, says the same, and carries the banner of the sample. A page of the app, opened once."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from ektp_analysis.projection.result import METHOD
from tests.browser.comers import Visitor, made, see
from tests.browser.conftest import Guard, Opener, Server, go, map_frame, settle, unfold, until
from tests.browser.test_app import PAGES
from tests.browser.test_keyboard import press

pytestmark = pytest.mark.browser
ANGGREK, KWANDANG = "75.05.03", "75.05.02"
EARLIER = "2023-06-19"
MOST_TABS = 5  # from the top of the page to the map
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def posisi(server: Server, opened_once: Opener) -> tuple[Page, Guard]:
    """By a link with an old address, with what another reader had chosen: an area, and a day."""
    return opened_once(f"{server.url}/overview?lang=id&area=75.05&on={EARLIER}&inside={KWANDANG}")


def chosen(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("inside", [""])[0]


def heading(page: Page) -> str:
    return page.locator("h1").first.inner_text()


def shows(page: Page, code: str, name: str) -> None:
    """Address, row, outline and the heading of the chart are about this area; '' for none."""
    until(page, "code => (new URL(location).searchParams.get('inside') || '') === code", arg=code)
    expect(page.locator("h2").first).to_contain_text(name)
    pressed = page.locator(".areas tbody button[aria-pressed=true]")
    expect(pressed).to_have_count(1 if code else 0)
    outlined = map_frame(page).locator("path[aria-pressed=true]")
    expect(outlined).to_have_count(1 if code else 0)
    if code:
        expect(pressed).to_have_attribute("data-code", code)
        expect(outlined).to_have_attribute("data-code", code)


def test_a_link_opens_the_same_view_with_one_choice_for_map_list_and_chart(posisi: tuple[Page, Guard], server: Server) -> None:
    page, guard = posisi
    whole = "Kabupaten Gorontalo Utara seluruhnya"
    assert "650" in heading(page)
    expect(page.get_by_test_id("stSidebarNav").get_by_role("link")).to_have_count(len(PAGES))
    query = parse_qs(urlsplit(page.url).query)
    assert query["on"] == [EARLIER] and query["area"] == ["75.05"]
    shows(page, KWANDANG, "Kecamatan Kwandang")
    for _ in range(MOST_TABS):
        press(page, "Tab")
        if page.evaluate("document.activeElement.getAttribute('href') === '#stMain'"):
            assert page.evaluate("document.activeElement.textContent") == "Langsung ke isi"
            page.keyboard.press("Enter")
        if page.evaluate("document.activeElement.tagName") == "IFRAME":
            break
    else:
        raise AssertionError(f"the map is not reached within {MOST_TABS} tabs")
    page.keyboard.press("Escape")
    shows(page, "", whole)
    press(page, "Tab")  # from the map to its first area
    page.keyboard.press("Enter")
    until(page, "() => new URL(location).searchParams.get('inside')")
    kept = chosen(page)
    page.get_by_role("link", name="Peta").click()
    until(page, "day => location.pathname === '/area_map' && location.search.includes('on=' + day)", arg=EARLIER)
    settle(page)
    seen = heading(page)
    assert Visitor(server.url).page("area_map", urlsplit(page.url).query).heading == seen.replace("\N{NO-BREAK SPACE}", " ")
    assert parse_qs(urlsplit(page.url).query)["on"] == [EARLIER]
    assert chosen(page) == kept and map_frame(page).locator(f"path[data-code='{kept}'][aria-pressed=true]").count() == 1
    _sorts(page)
    settle(page)
    area = map_frame(page).locator(f"path[data-code='{ANGGREK}']")
    area.click()
    expect(page.locator("h2").first).to_contain_text("Kecamatan Anggrek")
    shows(page, ANGGREK, "Kecamatan Anggrek")
    row = page.locator(f".areas button[data-code='{KWANDANG}']")
    row.click()
    shows(page, KWANDANG, "Kecamatan Kwandang")
    page.go_back()
    shows(page, ANGGREK, "Kecamatan Anggrek")
    area.click()  # a second time
    shows(page, "", whole)
    assert guard.foreign == [] and guard.errors == []


def _sorts(page: Page) -> None:
    """The list is a table that sorts by its headers."""
    page.get_by_role("link", name="Posisi").click()
    until(page, "() => location.pathname === '/'")
    settle(page)
    names = page.locator(".areas tbody th button")
    before = names.all_inner_texts()
    head = page.get_by_role("columnheader", name="Wilayah", exact=True)
    assert head.get_attribute("aria-sort") == "none"
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert names.all_inner_texts() == sorted(before) != before
    assert page.evaluate("document.activeElement.dataset.sort") == "0"
    for _ in range(2):
        page.keyboard.press("Enter")
    assert names.all_inner_texts() == before
    kept = names.nth(3).get_attribute("data-code") or ""
    names.nth(3).press("Enter")  # and a row is chosen by its key, as by a click
    shows(page, kept, names.nth(3).inner_text())
    page.go_back()
    until(page, "kept => new URL(location).searchParams.get('inside') !== kept", arg=kept)


def take(page: Page, label: str, folder: Path) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("button", name=label).click()
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    return file.read_bytes()


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_what_is_made_on_a_click_waits_for_its_reader_whoever_comes_and_goes(server: Server) -> None:
    """One reader is slow to fetch it, and clicks once more on the page as it was."""
    one = Visitor(server.url)

    def others_come_and_go() -> None:
        for _ in range(2):
            assert one.page("method").heading

    with one.line() as line:
        page = see(line, "data")
        button = page.makes["All figures (CSV)"]
        address = made(line, page.session, button)
        others_come_and_go()
        file = one.get(address)
        assert file.status_code == 200 and len(list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))) == 36
        assert see(line, "data").makes["All figures (CSV)"] != button
        others_come_and_go()
        assert one.get(made(line, page.session, button)).content == file.content


def test_position(posisi: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = posisi
    go(page, "/?lang=id&on=latest")
    unfold(page, "Rincian, tabel, dan unduhan")
    inside = rows(take(page, "Wilayah (CSV)", tmp_path))
    assert len(inside) == 11 and sum(int(row["Belum rekam"]) for row in inside) == 554
    history = rows(take(page, "Riwayat (CSV)", tmp_path))
    assert [row["Belum rekam"] for row in history] == ["862", "650", "554"]
    assert [row["Cakupan menurut laporan"] for row in history] == ["", "99.30", "99.40"]
    assert all(any("Contoh Juni 2023" in (cell or "") for cell in row.values()) for row in inside)
    assert take(page, "Tren (PNG)", tmp_path).startswith(PNG)


def test_projection(posisi: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = posisi
    go(page, "/projection?lang=id")
    ahead = rows(take(page, "Proyeksi (CSV)", tmp_path))
    assert len(ahead) == 19 and {row["Metode proyeksi"] for row in ahead} == {METHOD}
    assert take(page, "Kipas proyeksi (PNG)", tmp_path).startswith(PNG)


def test_data(posisi: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = posisi
    go(page, "/data?lang=id")
    everything = list(csv.DictReader(io.StringIO(take(page, "Semua angka (CSV)", tmp_path).decode("utf-8-sig"))))
    assert len(everything) == 36
    assert [row["unrecorded"] for row in everything if row["area_code"] == "75.05"] == ["862", "650", "554"]
    assert take(page, "Templat (XLSX)", tmp_path).startswith(b"PK")
    assert b"kode;per tanggal" in take(page, "Templat (CSV)", tmp_path)
