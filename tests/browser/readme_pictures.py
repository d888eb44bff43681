"""A picture of every page (`make pictures`): those of the README, or (EKTP_TEST_PICTURES=all) each language, size and theme."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Guard, Opener, Server, go, idle, look_as, settle, until
from tests.browser.test_app import PAGES

pytestmark = pytest.mark.browser
KEPT = Path(__file__).parent / "pictures"
WANTED = os.environ["EKTP_TEST_PICTURES"]
LOOKS = list(itertools.product(("id", "en"), SIZES, (False, True))) if WANTED == "all" else [("id", "desktop", False)]


@pytest.fixture(scope="module")
def app(server: Server, opened_once: Opener) -> tuple[Page, Guard]:
    """A page of the app, opened once."""
    return opened_once(f"{server.url}/?lang=id")


@pytest.mark.parametrize(("lang", "size", "dark"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_picture(app: tuple[Page, Guard], name: str, lang: str, size: str, dark: bool) -> None:
    page, guard = app
    look_as(page, size, dark)
    go(page, f"/{PAGES[name]}?lang={lang}")
    if name == "area_map":
        page.wait_for_selector("iframe[title*='st_folium']")
        frame = next(f for f in page.frames if "st_folium" in f.url)
        until(frame, "() => document.querySelectorAll('path.leaflet-interactive').length === 11")
    if name == "slides":  # each slide that has a picture has it
        expect(page.locator(".tab .picture svg")).to_have_count(4)
    width, height = SIZES[size]
    tall = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, min(tall, 4000))})
    settle(page)
    idle(page.main_frame)
    readme = (lang, size, dark) == ("id", "desktop", False)
    folder = KEPT if readme else KEPT.parent / "output"
    folder.mkdir(exist_ok=True)
    file = folder / (f"{name}.png" if readme else f"{name}-{lang}-{size}-{'dark' if dark else 'light'}.png")
    page.screenshot(path=file)
    assert page.locator("h1").count() == 1 and page.get_by_test_id("stException").count() == 0
    # Nothing sticks out at the side, at any width.
    wide = page.evaluate(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth - document.querySelector("
        "'[data-testid=stMain]').clientWidth"
    )
    assert wide <= 1
    assert guard.foreign == [] and guard.errors == []
