"""Every page for everyone: at 200 %, on a phone, light and dark, held still, by keyboard, charts with words and a table."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.conftest import SIZES, Guard, Opener, Server, axe, go, look_as, settle
from tests.browser.test_app import PAGES
from tests.browser.test_forecasts import sticks_out
from tests.browser.test_keyboard import MOST_STOPS, press

pytestmark = pytest.mark.browser
AXED_ELSEWHERE = {"area_map"}  # test_map looks at it with its parts open
MOVING = """() => document.getAnimations().filter(one => one.playState === "running" &&
  one.effect.getComputedTiming().activeDuration > 50).map(one => one.effect.target.outerHTML.slice(0, 160))"""
# Words that are cut: in a box of their own that hides what does not fit, or beyond the nearest box around that does.
CUT = """() => [...document.querySelectorAll("[data-testid=stMain] *")].filter(one => {
  const box = one.getBoundingClientRect(), look = getComputedStyle(one);
  if (box.width < 2 || box.height < 2 || one.closest("[data-testid=stDataFrame], svg, .leaflet-container") ||
      ![...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())) { return false; }
  if (["hidden", "clip"].includes(look.overflowX) && one.scrollWidth > one.clientWidth + 1) { return true; }
  let around = one.parentElement;
  while (around.dataset.testid !== "stMain" && getComputedStyle(around).overflowX === "visible") {
    around = around.parentElement;
  }
  const edge = around.getBoundingClientRect();
  return ["hidden", "clip"].includes(getComputedStyle(around).overflowX) && edge.width > 2 && box.right > edge.right + 1.5;
}).map(one => one.outerHTML.slice(0, 160))"""
# Tables and drawings that are wider than the box they stand in, so that a part of them is out of sight. What a chart says is in
# its own heading and table too; a grid of many columns keeps its first one in sight, and is folded away until it is asked for.
OUT_OF_SIGHT = """() => [...document.querySelectorAll(`[data-testid=stMain] :is(table, canvas, .dvn-scroller, svg,
    [data-testid=stVegaLiteChart])`)].filter(one => {
  const box = one.getBoundingClientRect();
  if (box.width < 2 || box.height < 2 ||
      one.closest(".leaflet-container, .unseen, [data-testid=stElementToolbar]")) { return false; }
  if (one.classList.contains("dvn-scroller") && one.scrollWidth > one.clientWidth + 1) { return true; }
  let around = one.parentElement;
  while (around.dataset.testid !== "stMain" && getComputedStyle(around).overflowX === "visible") {
    around = around.parentElement;
  }
  return box.right > around.getBoundingClientRect().right + 1.5;
}).map(one => one.outerHTML.slice(0, 160))"""
LOOKS = {
    "light": (SIZES["desktop"], False),
    "dark": (SIZES["desktop"], True),
    "phone": (SIZES["phone"], False),
    "narrower": ((1024, 768), False),
    "zoomed": ((683, 384), False),  # what is left of 1366 x 768 at 200 %
}
PRODUCT = "() => getComputedStyle(document.querySelector('[data-testid=stSidebarHeader]'), '::before').content"
CHARTS = """() => [...document.querySelectorAll("[data-testid=stVegaLiteChart]")].map(
  one => one.getAttribute("aria-label") || "")"""


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    settle(page)
    with contextlib.suppress(TimeoutError):  # what follows the new size may come late; whether it came is asserted
        page.wait_for_function(
            "() => { const main = document.querySelector('[data-testid=stMain]');"
            " return main.scrollWidth - main.clientWidth <= 1; }",
            polling=50,
            timeout=10_000,
        )


def spread() -> Iterator[ParameterSet]:
    """Every page in every look. Of each page a run of the tests has one, opened by a step from the page before, and of each look
    at least one page; the first is looked at in English too. ``make faults`` opens each page by its address, in both languages,
    and has all its other looks."""
    for at, name in enumerate(PAGES):
        mine = [*LOOKS][at % len(LOOKS)]
        yield pytest.param(name, (mine,), id=f"{name}-{mine}")
        others = tuple(look for look in LOOKS if look != mine)
        yield pytest.param(name, others, id=f"{name}-cold", marks=pytest.mark.breadth)


@pytest.fixture(scope="module")
def first(server: Server, opened_once: Opener) -> tuple[Page, Guard]:
    """A page of the app, opened once."""
    return opened_once(f"{server.url}/?lang=en")


def in_english(page: Page, guard: Guard) -> None:
    assert len(page.locator("h1").first.inner_text()) > 10
    assert page.evaluate(PRODUCT) == '"e-KTP"' and page.title().endswith("e-KTP")
    assert page.get_by_test_id("stException").count() == 0
    assert guard.foreign == [] and guard.errors == []
    assert "Belum rekam" not in page.inner_text("body")


@pytest.mark.parametrize(("name", "looks"), spread())
def test_each_page_opens_cold_and_everyone_can_use_it(
    request: pytest.FixtureRequest, server: Server, name: str, looks: tuple[str, ...]
) -> None:
    """It opens in English, and is used in Indonesian. The words of all of them in both languages: tests/test_pages.py."""
    if len(looks) > 1:
        page, guard = request.getfixturevalue("opened")(f"{server.url}/{PAGES[name]}?lang=en")
        in_english(page, guard)
    else:
        page, guard = request.getfixturevalue("first")
        look_as(page)
        if name == next(iter(PAGES)):  # it stands there
            in_english(page, guard)
    go(page, f"/{PAGES[name]}?lang=id")
    expect(page.locator("html")).to_have_attribute("lang", "id")
    if name == "slides":
        expect(page.get_by_role("tab", name="terbanyak di Kwandang")).to_have_count(1)
    settle(page)
    assert page.locator("html").get_attribute("lang") == "id"
    assert len(page.get_by_role("heading", level=1).inner_text()) > 10
    assert page.get_by_test_id("stException").count() == 0
    assert "Belum rekam" in page.inner_text("body") or name in {"data", "projection", "method", "slides"}
    page.keyboard.press("Tab")
    start = page.evaluate("document.activeElement.textContent")
    for _ in range(MOST_STOPS):  # to the end of the page, where the browser's own controls follow
        if press(page, "Tab") in {"", start}:
            break
    else:
        raise AssertionError("the keyboard does not come to the end of the page")
    assert page.evaluate(MOVING) == []
    said = page.evaluate(CHARTS)
    assert all(len(words.split()) >= 3 for words in said), said
    tables = page.locator("[data-testid=stDataFrame], [data-testid=stMarkdown] table, .areas table").count()
    assert tables >= len(said), (tables, said)
    was = False
    for look in looks:
        size, dark = LOOKS[look]
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        resize(page, size)
        if dark != was:
            go(page, page.url)  # what the server colours follows at its next answer
            was = dark
        assert sticks_out(page) <= 1, look
        assert page.evaluate(CUT) == [] and page.evaluate(OUT_OF_SIGHT) == [], look
        if name not in AXED_ELSEWHERE:
            assert axe(page) == [], look
    assert guard.foreign == [] and guard.errors == []
