"""Proyeksi and Metode in a real browser: the parts that open on request, a shared link, a year looked back on, a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.breadth import first_of_each
from tests.browser.conftest import Opener, Server, command, serve, settle, until
from tests.test_pages import weekly

pytestmark = pytest.mark.browser
# Which of the words came to stand on the page together, and in which order.
ORDER = """wanted => {
  window.ektpSeen = [];
  new MutationObserver(() => {
    const said = document.body.textContent, old = window.ektpSeen.flat();
    const fresh = wanted.filter(one => !old.includes(one) && said.includes(one));
    if (fresh.length) { window.ektpSeen.push(fresh); }
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""
PARTS = ("Wilayah di dalamnya", "Bagaimana tanggal proyeksi bergeser", "Seandainya")


def part(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stExpander").filter(has_text=name)


def open_part(page: Page, name: str) -> Locator:
    part(page, name).locator("summary").click()
    settle(page)
    return part(page, name)


def sticks_out(page: Page) -> int:
    width: int = page.evaluate(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth - document.querySelector("
        "'[data-testid=stMain]').clientWidth"
    )
    return width


def test_what_opens_on_request_and_a_link_that_carries_target_meaning_and_day(server: Server, opened: Opener) -> None:
    page, guard = opened(f"{server.url}/projection?lang=id&target=zero&meaning=list&by=2023-12-31", size="phone", dark=True)
    body = page.inner_text("body")
    assert "Peluang tuntas sampai 31 Desember 2023" in body and "semua yang tercantum dalam daftar 20 Juni 2023" in body
    query = parse_qs(urlsplit(page.url).query)
    assert (query["target"], query["meaning"], query["by"]) == (["zero"], ["list"], ["2023-12-31"])
    assert part(page, PARTS[0]).get_by_test_id("stVegaLiteChart").count() == 0  # nothing is computed before it is asked for
    inside = open_part(page, PARTS[0])
    expect(inside.get_by_test_id("stVegaLiteChart")).to_have_count(11)
    expect(inside.get_by_role("table")).to_contain_text("Ponelo Kepulauan")
    river = open_part(page, PARTS[1])
    expect(river.get_by_test_id("stVegaLiteChart")).to_have_count(1)
    assumed = open_part(page, PARTS[2])
    expect(assumed).to_contain_text("Andaian, bukan proyeksi")
    heading = page.locator("h1").inner_text()
    assumed.get_by_role("slider").press("ArrowRight")
    settle(page)
    until(page, "() => new URL(location).searchParams.has('rate')")
    assert page.locator("h1").inner_text() == heading
    assert sticks_out(page) <= 1
    assert page.get_by_test_id("stException").count() == 0 and guard.foreign == [] and guard.errors == []


@pytest.fixture(params=first_of_each((14, 27)))
def weeks(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """The app over a quarter of weeks, or over half a year."""
    file = tmp_path / "setahun.csv"
    file.write_text(weekly(weeks=request.param), encoding="utf-8")
    command(tmp_path / "data", "import", str(file))
    with serve(tmp_path / "data") as running:
        yield running


def test_a_year_of_weeks_is_looked_back_on(weeks: Server, opened: Opener) -> None:
    explained, answered = "Dua arti tuntas", "jawaban terdahulu: pada"
    page, guard = opened(f"{weeks.url}/data")
    expect(page.get_by_text("setahun.csv").first).to_be_visible()
    page.evaluate(ORDER, [explained, answered])
    page.get_by_role("link", name="Metode").click()
    expect(page.get_by_text(explained)).to_be_visible()
    expect(page.get_by_text(answered).first).to_be_visible()
    settle(page)
    assert page.evaluate("ektpSeen") == [[explained], [answered]]  # read while the past answers are computed
    expect(page.get_by_role("table").first).to_contain_text("Garis lurus")
    assert page.get_by_test_id("stVegaLiteChart").count() == 2  # campaigns alike, and what was said and came
    expect(page.get_by_text("dari 12 perekaman simulasi terdekat").first).to_be_visible()
    page.get_by_test_id("stExpander").filter(has_text="Angka sebagai tabel").locator("summary").press("Enter")
    settle(page)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.get_by_role("link", name="Proyeksi").click()
    settle(page)
    river = open_part(page, PARTS[1])
    expect(river.get_by_test_id("stVegaLiteChart")).to_have_count(1)
    assert page.get_by_test_id("stException").count() == 0 and guard.foreign == [] and guard.errors == []
