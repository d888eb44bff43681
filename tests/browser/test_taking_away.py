"""What a page shows can be taken away, says the same, and carries the banner of the sample."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page

from ektp_analysis.projection.result import METHOD
from tests.browser.conftest import Opener, Server, go, map_frame, unfold, until

pytestmark = pytest.mark.browser
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def page(server: Server, opened_once: Opener) -> Page:
    """A page of the app, opened once."""
    return opened_once(f"{server.url}/?lang=id")[0]


def take(page: Page, label: str, folder: Path) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("button", name=label).click()
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    return file.read_bytes()


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_position(page: Page, tmp_path: Path) -> None:
    go(page, "/?lang=id")
    unfold(page, "Rincian, tabel, dan unduhan")
    inside = rows(take(page, "Wilayah (CSV)", tmp_path))
    assert len(inside) == 11 and sum(int(row["Belum rekam"]) for row in inside) == 554
    history = rows(take(page, "Riwayat (CSV)", tmp_path))
    assert [row["Belum rekam"] for row in history] == ["862", "650", "554"]
    assert [row["Cakupan menurut laporan"] for row in history] == ["", "99.30", "99.40"]
    assert all(any("Contoh Juni 2023" in (cell or "") for cell in row.values()) for row in inside)
    assert take(page, "Tren (PNG)", tmp_path).startswith(PNG)


def test_map_and_projection(page: Page, tmp_path: Path) -> None:
    go(page, "/area_map?lang=id")
    unfold(page, "Tabel yang dapat diurutkan dan unduhan")
    assert len(rows(take(page, "Wilayah (CSV)", tmp_path))) == 11
    assert take(page, "Peta (PNG)", tmp_path).startswith(PNG)
    go(page, "/projection?lang=id")
    ahead = rows(take(page, "Proyeksi (CSV)", tmp_path))
    assert len(ahead) == 19 and {row["Metode proyeksi"] for row in ahead} == {METHOD}
    assert take(page, "Kipas proyeksi (PNG)", tmp_path).startswith(PNG)


def test_data(page: Page, tmp_path: Path) -> None:
    go(page, "/data?lang=id")
    everything = list(csv.DictReader(io.StringIO(take(page, "Semua angka (CSV)", tmp_path).decode("utf-8-sig"))))
    assert len(everything) == 36
    assert [row["unrecorded"] for row in everything if row["area_code"] == "75.05"] == ["862", "650", "554"]
    assert take(page, "Templat (XLSX)", tmp_path).startswith(b"PK")
    assert b"kode;per tanggal" in take(page, "Templat (CSV)", tmp_path)


def test_by_keyboard_alone(page: Page) -> None:
    """From the map page's heading to the history of an area without a mouse."""
    go(page, "/area_map?lang=id")
    frame = map_frame(page)
    for _ in range(60):
        page.keyboard.press("Tab")
        if frame.evaluate("() => document.activeElement && document.activeElement.getAttribute('data-code')"):
            break
    code = frame.evaluate("() => document.activeElement.getAttribute('data-code')")
    assert code
    page.keyboard.press("Enter")
    until(page, "code => new URL(location).searchParams.get('inside') === code", arg=code)
