"""The whole path in a real browser: cold links, the map, a click, an upload to the changed map, a visit, both languages."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ektp_analysis.server import HEADERS
from tests import seed
from tests.browser.comers import Visitor
from tests.browser.conftest import (
    PATIENCE,
    ROOT,
    SIZES,
    Guard,
    Opener,
    Server,
    axe,
    command,
    go,
    look_as,
    map_frame,
    settle,
    unfold,
    until,
)

pytestmark = pytest.mark.browser
PAGES = {
    "position": "",
    "area_map": "area_map",
    "projection": "projection",
    "plan": "plan",
    "slides": "slides",
    "data": "data",
    "method": "method",
}
UPLOAD = "area_code;as_of_date;eligible;unrecorded\n" + "".join(f"75.05.{n:02d};2023-07-01;8000;{n * 10}\n" for n in range(1, 11))

A_MINUTE = 60.0  # seconds that a visit may take; the clock runs for the typing and the server, not for the start
A_LETTER = 150  # ms between letters, as thumbs type

# Fetches the scripts of a page once more, past the cache, with these headers; gives their sizes as they travel and as they are.
AGAIN = """async (headers) => {
  const ours = () => performance.getEntriesByType("resource").filter(one => one.name.includes("/static/js/"));
  const names = ours().map(one => one.name);
  performance.clearResourceTimings();
  await Promise.all(names.map(name => fetch(name, {cache: "no-store", headers}).then(answer => answer.blob())));
  return ours().map(one => [one.encodedBodySize, one.decodedBodySize]);
}"""


def test_no_page_runs_past_the_router(server: Server) -> None:
    for path in ("position.py", "pages/data.py", "pages/router.py", "app.py"):
        try:
            with urllib.request.urlopen(f"{server.url}/{path}") as answer:
                assert b"page.view()" not in answer.read() and b"st.App" not in answer.read()
        except urllib.error.HTTPError as refused:
            assert refused.code == 404
    # The router's own list of pages is there, whatever the address: the page file was not run by itself.
    for path in ("router", "upload"):
        assert sorted(place or "position" for place in Visitor(server.url).page(path).places) == sorted(PAGES)


def test_headers_and_health(server: Server) -> None:
    with urllib.request.urlopen(server.url + "/healthz") as answer:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        rules = dict(part.partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split("; "))
        assert "http" not in "".join(rules.values())  # no other address
        scripts = rules["script-src"].split()
        assert scripts[:2] == ["'self'", "blob:"] and all(one.startswith("'sha256-") for one in scripts[2:])
        health = json.loads(answer.read())
    assert health["status"] == "ok" and set(health) >= {"version", "schema_version", "last_import"}


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., str]:
    """Start the app in a way that must fail; gives what it printed."""

    def run(**environment: str) -> str:
        given = {**os.environ, "EKTP_DATA_DIR": str(tmp_path), **environment}
        done = seed.begin("streamlit", "run", "app.py", "--server.port", "0", environment=given)(PATIENCE / 1000)
        assert done.returncode != 0
        return done.stdout + done.stderr

    return run


def test_the_start_says_what_is_wrong(start: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "ektp.sqlite").write_bytes(b"this is not a database" * 100)
    printed = start()
    assert "ektp.sqlite" in printed and "Traceback" not in printed
    printed = start(EKTP_DATABASE_URL="mysql://x/y")
    assert "Traceback" not in printed


def test_a_first_visit_is_short_and_one_step_back_and_its_map_answers(opened: Opener, server: Server) -> None:
    page, guard = opened(server.url + "/area_map", cold=True)
    assert page.evaluate("history.length") <= 3  # a blank page, the address, the address with what is chosen
    assert "shape=outlines" in page.url and "area=75.05" in page.url
    asked = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert not [name for name in asked if "/area_map/_stcore" in name]
    scripts = page.evaluate(AGAIN, {"X-Forwarded-For": "10.0.0.9"})  # as from elsewhere, through a proxy of this machine
    assert len(scripts) > 50 and sum(packed for packed, _ in scripts) < sum(whole for _, whole in scripts) / 2
    assert all(sent == whole for sent, whole in page.evaluate(AGAIN, {}))  # on this machine nothing is packed
    frame = map_frame(page)
    assert frame.locator("path.leaflet-interactive").count() == 11
    frame.locator("path[data-code='75.05.03']").click()
    expect(page.get_by_role("heading", name="Anggrek").first).to_be_visible()
    until(page, "() => new URL(location).searchParams.get('inside') === '75.05.03'")
    settle(page)
    path = frame.locator("path[data-code='75.05.02']")
    path.focus()
    path.press("Enter")
    expect(page.get_by_role("heading", name="Kwandang").first).to_be_visible()
    assert guard.foreign == [] and guard.errors == []


@pytest.fixture(scope="module")
def desk(office: Server, opened_once: Opener) -> tuple[Page, Guard]:
    """Its page, opened once."""
    return opened_once(f"{office.url}/data")


def test_a_refused_file_says_row_and_column(desk: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = desk
    file = tmp_path / "salah.csv"
    file.write_text("area_code;as_of_date;unrecorded\n75.05.03;2023-07-01;banyak\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("baris 2").first).to_be_visible()
    expect(page.get_by_role("button", name="Terima", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Jangan simpan").click()
    expect(page.get_by_text("baris 2")).to_have_count(0)
    settle(page)


def test_an_upload_changes_the_map(desk: tuple[Page, Guard], tmp_path: Path) -> None:
    page, guard = desk
    file = tmp_path / "minggu-ini.csv"
    file.write_text(UPLOAD, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    accept = page.get_by_role("button", name="Terima", exact=True)
    expect(accept).to_be_visible()
    settle(page)
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


def test_outlines_are_taken_in_and_removed_on_the_page(office: Server, desk: tuple[Page, Guard]) -> None:
    page, guard = desk
    go(page, "/data?lang=id")
    unfold(page, "Batas wilayah untuk peta")
    page.locator(".st-key-outlines_uploader input[type=file]").set_input_files(
        ROOT / "data/boundaries/gorontalo_utara_kecamatan.geojson"
    )
    accept = page.get_by_role("button", name="Terima", exact=True)
    expect(accept).to_be_visible()
    expect(page.get_by_text("11 wilayah di Kabupaten Gorontalo Utara").last).to_be_visible()
    settle(page)
    accept.click()
    expect(page.get_by_text("Peta kini memakai batas dari gorontalo_utara_kecamatan.geojson")).to_be_visible()
    assert len(list((office.data / "boundaries").glob("*.geojson"))) == 1
    settle(page)
    page.get_by_role("button", name="Hapus").click()
    expect(page.get_by_role("button", name="Hapus")).to_have_count(0)
    assert list((office.data / "boundaries").glob("*.geojson")) == [] and guard.errors == []


def test_a_visit_is_typed_in_on_a_phone_in_under_a_minute(office: Server, desk: tuple[Page, Guard]) -> None:
    """What stands in the store is what was typed."""
    page, guard = desk
    look_as(page, "phone")
    go(page, "/data?lang=id")
    begun = time.monotonic()
    unfold(page, "Catat kunjungan dari lapangan")
    form = page.locator(".st-key-visit_form")
    form.get_by_role("combobox", name="Wilayah").click()
    page.keyboard.type("moluo", delay=A_LETTER)
    page.get_by_role("option", name="Moluo (Desa, Kwandang)").click()
    form.get_by_role("radio", name="Sekolah").click()
    for label, count in (("Datang", "42"), ("Terekam", "38")):
        form.get_by_label(label, exact=True).click()
        page.keyboard.type(count, delay=A_LETTER)
    form.get_by_role("button", name="Simpan kunjungan").click()
    expect(form.get_by_text("Kunjungan tersimpan: Desa Moluo, 38 terekam")).to_be_visible()
    assert time.monotonic() - begun < A_MINUTE
    settle(page)
    # nothing has to be moved sideways, everything can be used by all, and 'Lanjutan' has room for two side by side
    form.locator(".st-key-visit_more summary").click()
    settle(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= SIZES["phone"][0]
    first, second = (form.get_by_label(name, exact=True).bounding_box() for name in ("Tim", "Alat"))
    assert first and second and first["y"] == second["y"]
    assert axe(page, within=".st-key-visit_form") == [] and guard.foreign == guard.errors == []
    (row,) = csv.DictReader(io.StringIO(command(office.data, "export", "visits")))
    said = {name: row[name] for name in ("area_code", "place", "came", "recorded", "invited", "dead")}
    assert said == {"area_code": "75.05.02.2006", "place": "school", "came": "42", "recorded": "38", "invited": "", "dead": ""}
    look_as(page)


def test_a_file_of_which_the_trail_cannot_be_told_is_handed_out_and_said(office: Server, desk: tuple[Page, Guard]) -> None:
    page, _ = desk
    with closing(sqlite3.connect(office.data / "ektp.sqlite")) as store:
        count = "SELECT count(*) FROM trail WHERE kind = 'export'"
        for address, button, untold in (
            ("data", "All figures", 1),
            ("", "Aims and events", 0),
            ("slides", "Excel", 1),
            ("", "Excel", 0),
        ):
            store.execute("DROP TRIGGER IF EXISTS full")
            if untold:
                store.execute("CREATE TRIGGER full BEFORE INSERT ON trail BEGIN SELECT RAISE(ABORT, 'full'); END")
            store.commit()
            (before,) = store.execute(count).fetchone()
            if address:
                go(page, f"/{address}?lang=en")
            with page.expect_download() as started:
                page.get_by_role("button", name=button).click()
            assert Path(started.value.path()).stat().st_size > 0
            settle(page)
            expect(page.get_by_text("This file is not in the trail")).to_have_count(untold)
            assert store.execute(count).fetchone() == (before + 1 - untold,)
    said = office.log.read_text()
    assert "csv: This file is not in the trail" in said and "xlsx: This file is not in the trail" in said


def test_an_error_that_no_page_expected_is_a_sentence(office: Server, desk: tuple[Page, Guard]) -> None:
    """The pages run against a store whose table was taken away under the running server."""
    page, _ = desk
    with sqlite3.connect(office.data / "ektp.sqlite") as base:
        base.execute("PRAGMA foreign_keys = off")
        base.execute("ALTER TABLE batch RENAME TO gone")
    go(page, "/?lang=id")
    text = page.inner_text("body")
    assert "Traceback" not in text and "Ask Google" not in text and "no such table" not in text
    expect(page.get_by_test_id("stAlert").first).to_be_visible()


def unwell(office: Server, path: str = "/healthz") -> str:
    """What an address says with 503."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(office.url + path)
    assert caught.value.code == 503
    return str(caught.value.read().decode())


def test_a_store_that_is_lost_under_the_running_server(office: Server, desk: tuple[Page, Guard]) -> None:
    """No page shows the sample in its place, no address calls it well, and nothing makes it anew."""
    page, _ = desk
    for path in office.data.glob("ektp.sqlite*"):
        path.unlink()
    assert "There is no store at" in json.loads(unwell(office))["reason"]
    assert "There is no store at" in unwell(office, "/slides/show?lang=en")
    go(page, "/?lang=en")
    expect(page.get_by_test_id("stAlert").first).to_contain_text("There is no store at")
    assert "554" not in page.inner_text("body")
    comer = Visitor(office.url)
    for name in PAGES:
        shown = comer.page(name)
        assert "There is no store at" in shown.said and not re.search(r"\b554\b", shown.said), name
    assert "554" in comer.page("position", "data=sample").heading, "asked for, the sample is shown"
    assert list(office.data.glob("ektp.sqlite*")) == []


def test_a_store_that_cannot_be_opened(office: Server) -> None:
    (office.data / "ektp.sqlite").write_bytes(b"this is not a database" * 100)
    assert json.loads(unwell(office))["reason"]
