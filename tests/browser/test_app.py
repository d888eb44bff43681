"""The whole path in a real browser: cold links, the map, a click, an upload through to the changed map, both languages."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Frame, Page, expect

from ektp_analysis.server import HEADERS, TILES
from tests.browser.conftest import PATIENCE, ROOT, Opener, Server, serve, settle

pytestmark = pytest.mark.browser
PAGES = {
    "overview": "",
    "area_map": "area_map",
    "projection": "projection",
    "slides": "slides",
    "data": "data",
    "method": "method",
}
UPLOAD = "area_code;as_of_date;eligible;unrecorded\n" + "".join(f"75.05.{n:02d};2023-07-01;8000;{n * 10}\n" for n in range(1, 11))


def heading(page: Page) -> str:
    return page.locator("h1").first.inner_text()


def map_frame(page: Page) -> Frame:
    page.wait_for_selector("iframe[title*='st_folium']")
    frame = next(f for f in page.frames if "st_folium" in f.url)
    frame.wait_for_function("() => document.querySelectorAll('path.leaflet-interactive').length > 0")
    return frame


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_cold(server: Server, opened: Opener, name: str) -> None:
    """In English; test_reach opens each in Indonesian."""
    page, guard = opened(f"{server.url}/{PAGES[name]}?lang=en")
    assert len(heading(page)) > 10
    assert page.locator("[data-testid=stException]").count() == 0
    assert guard.foreign == [] and guard.errors == []
    assert "Belum rekam" not in page.inner_text("body")


def test_a_link_opens_the_same_view(server: Server, opened: Opener) -> None:
    page, _ = opened(f"{server.url}/?area=75.05&on=2023-06-19&lang=id")
    assert "650" in heading(page)
    query = parse_qs(urlsplit(page.url).query)
    assert query["on"] == ["2023-06-19"] and query["area"] == ["75.05"]
    page.get_by_role("link", name="Peta").click()
    page.wait_for_function("() => location.pathname === '/area_map' && location.search.includes('on=2023-06-19')")
    settle(page)
    again, _ = opened(page.url)
    assert heading(again) == heading(page)
    assert parse_qs(urlsplit(again.url).query)["on"] == ["2023-06-19"]


def test_the_map_is_painted_and_answers(server: Server, opened: Opener) -> None:
    page, guard = opened(f"{server.url}/area_map")
    frame = map_frame(page)
    assert frame.locator("path.leaflet-interactive").count() == 11
    frame.locator("path[data-code='75.05.03']").click()
    expect(page.get_by_role("heading", name="Anggrek").first).to_be_visible()
    page.wait_for_function("() => new URL(location).searchParams.get('inside') === '75.05.03'")
    path = frame.locator("path[data-code='75.05.02']")
    path.focus()
    path.press("Enter")
    expect(page.get_by_role("heading", name="Kwandang").first).to_be_visible()
    assert guard.foreign == [] and guard.errors == []


def test_no_page_runs_past_the_router(server: Server, opened: Opener) -> None:
    for path in ("overview.py", "pages/data.py", "pages/router.py", "app.py"):
        try:
            with urllib.request.urlopen(f"{server.url}/{path}") as answer:
                assert b"page.view()" not in answer.read() and b"st.App" not in answer.read()
        except urllib.error.HTTPError as refused:
            assert refused.code == 404
    for path in ("router", "upload"):
        page, _ = opened(f"{server.url}/{path}?lang=id")
        # The router's own sidebar is there, whatever the address: the page file was not run by itself.
        expect(page.get_by_test_id("stSidebarNav").get_by_role("link")).to_have_count(len(PAGES))


def test_an_upload_changes_the_map(own_server: Server, opened: Opener, tmp_path: Path) -> None:
    page, guard = opened(f"{own_server.url}/data")
    file = tmp_path / "minggu-ini.csv"
    file.write_text(UPLOAD, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    accept = page.get_by_role("button", name="Terima", exact=True)
    expect(accept).to_be_visible()
    accept.click()
    expect(page.get_by_text("minggu-ini.csv").first).to_be_visible()
    settle(page)
    page.get_by_role("link", name="Peta").click()
    settle(page)
    frame = map_frame(page)
    label = frame.locator("path[data-code='75.05.10']").get_attribute("aria-label") or ""
    assert "100" in label, label
    silent = frame.locator("path[data-code='75.05.11']").get_attribute("aria-label") or ""
    assert "Tidak ada data" in silent, silent
    assert "0 " not in silent
    assert guard.foreign == [] and guard.errors == []


def test_a_refused_file_says_row_and_column(own_server: Server, opened: Opener, tmp_path: Path) -> None:
    page, _ = opened(f"{own_server.url}/data")
    file = tmp_path / "salah.csv"
    file.write_text("area_code;as_of_date;unrecorded\n75.05.03;2023-07-01;banyak\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("baris 2").first).to_be_visible()
    expect(page.get_by_role("button", name="Terima", exact=True)).to_have_count(0)


def test_headers_and_health(server: Server) -> None:
    with urllib.request.urlopen(server.url + "/healthz") as answer:
        given = {name: answer.headers[name] for name in HEADERS}
        # Pictures of the one base map that a reader may switch on; no other address.
        assert given["Content-Security-Policy"].replace(f"{TILES} ", "") == HEADERS["Content-Security-Policy"]
        assert given | {"Content-Security-Policy": ""} == HEADERS | {"Content-Security-Policy": ""}
        assert "http" not in HEADERS["Content-Security-Policy"]
        health = json.loads(answer.read())
    assert health["status"] == "ok" and set(health) >= {"version", "schema_version", "last_import"}


def test_a_store_that_cannot_be_opened(own_server: Server) -> None:
    for path in own_server.data.glob("*.sqlite*"):
        path.unlink()
    (own_server.data / "ektp.sqlite").write_bytes(b"this is not a database" * 100)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(own_server.url + "/healthz")
    assert caught.value.code == 503
    assert json.loads(caught.value.read())["reason"]


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., str]:
    """Start the app in a way that must fail; gives what it printed."""
    import subprocess
    import sys

    def run(**environment: str) -> str:
        import os

        done = subprocess.run(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "0"],
            cwd=ROOT,
            env={**os.environ, "EKTP_DATA_DIR": str(tmp_path), **environment},
            capture_output=True,
            text=True,
            timeout=PATIENCE / 1000,
        )
        assert done.returncode != 0
        return done.stdout + done.stderr

    return run


def test_the_start_says_what_is_wrong(start: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "ektp.sqlite").write_bytes(b"this is not a database" * 100)
    printed = start()
    assert "ektp.sqlite" in printed and "Traceback" not in printed
    printed = start(EKTP_DATABASE_URL="mysql://x/y")
    assert "Traceback" not in printed


def test_an_error_that_no_page_expected_is_a_sentence(tmp_path: Path, opened: Opener) -> None:
    """The pages run against a store whose table was taken away under the running server."""
    import sqlite3

    with serve(tmp_path / "spoilt") as running:
        page, _ = opened(running.url)
        with sqlite3.connect(running.data / "ektp.sqlite") as base:
            base.execute("PRAGMA foreign_keys = off")
            base.execute("ALTER TABLE batch RENAME TO gone")
        page.reload()
        settle(page)
        text = page.inner_text("body")
        assert "Traceback" not in text and "Ask Google" not in text and "no such table" not in text
        expect(page.get_by_test_id("stAlert").first).to_be_visible()


def test_a_first_visit_is_short_and_one_step_back(opened: Opener, server: Server) -> None:
    opened(server.url + "/area_map", cold=True)  # the server packs what it has sent once
    page, _ = opened(server.url + "/area_map", cold=True)
    asked = page.evaluate("""performance.getEntriesByType("resource").map(
        one => [one.name, one.encodedBodySize, one.decodedBodySize])""")
    scripts = [(packed, whole) for name, packed, whole in asked if "/static/js/" in name]
    assert len(scripts) > 50 and sum(packed for packed, _ in scripts) < sum(whole for _, whole in scripts) / 2
    assert not [name for name, *_ in asked if "/area_map/_stcore" in name]
    assert page.evaluate("history.length") <= 3  # a blank page, the address, the address with what is chosen
    assert "shape=outlines" in page.url and "area=75.05" in page.url
