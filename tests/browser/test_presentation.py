"""The presentation in a real browser: keys, address, full screen, hover, themes, print, newer figures, and who reads it."""

from __future__ import annotations

import base64
import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, Server, axe, until
from tests.pdf_words import texts

pytestmark = pytest.mark.browser
OUTPUT = Path(__file__).parent / "output"
SIZES = {"desktop": (1366, 768), "wall": (1920, 1080), "phone": (390, 844)}
TITLES = {"id": "554 jiwa belum rekam", "en": "554 residents unrecorded"}
# What reaches beyond its slide or the screen, text that is cut, and the smallest text in points of a slide 7.5 inches high.
LOOK = """() => {
  const slide = document.querySelector(".slide.on"), edge = slide.getBoundingClientRect(), wrong = [];
  const flows = getComputedStyle(slide.querySelector(".body")).position === "static";
  const foot = slide.querySelector("footer").getBoundingClientRect();
  const tools = document.querySelector(".tools").getBoundingClientRect();
  let smallest = 999;
  for (const one of slide.querySelectorAll("header *, h2 *, .body *, footer *")) {
    const box = one.getBoundingClientRect(), inside = one.closest("svg") && one.tagName !== "svg";
    if (!box.width) { continue; }
    const text = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (text) {
      const scale = inside ? one.getScreenCTM().a : 1;
      smallest = Math.min(smallest, parseFloat(getComputedStyle(one).fontSize) * scale * 540 / edge.height);
    }
    if (text && !flows && box.bottom > tools.top + 1 && box.top < tools.bottom && box.right > tools.left + 1 &&
        box.left < tools.right) { wrong.push("the controls cover " + one.textContent.slice(0, 60)); }
    if (inside) { continue; }
    if (box.right > edge.right + 1 || box.left < edge.left - 1 || (!flows && box.bottom > edge.bottom + 1) ||
        (one.closest(".body") && box.bottom > foot.top + 1) || (text && one.scrollWidth > one.clientWidth + 1 &&
        getComputedStyle(one).display !== "inline")) { wrong.push(one.tagName + " " + one.textContent.slice(0, 60)); }
  }
  if (document.documentElement.scrollWidth > innerWidth) { wrong.push("the page is wider than the screen"); }
  return [wrong, flows ? 99 : smallest];
}"""


@contextmanager
def showing(chromium: Browser, url: str, size: str = "desktop", *, dark: bool = False, touch: bool = False) -> Iterator[Page]:
    """The presentation at an address; foreign requests, errors and refusals of the page's policy are not forgiven."""
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        has_touch=touch,
    )
    context.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    own = url.split("/slides/")[0]
    context.on("request", lambda request: None if request.url.startswith((own, "data:")) else wrong.append(request.url))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    context.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".slide.on")
    yield page
    assert wrong == []
    context.close()


def number(page: Page, awaited: int) -> int:
    """The slide that is seen, which the address names too, as soon as it is the one that is awaited."""
    seen = page.locator(".slide:visible")
    expect(seen).to_have_count(1)
    expect(seen).to_have_id(str(awaited))
    found = int(seen.get_attribute("id") or 0)
    assert page.url.endswith(f"#{found}") or (found == 1 and "#" not in page.url), page.url
    assert page.title().startswith(f"{found}/9 ")
    return found


@pytest.fixture(scope="module")
def screen(server: Server, chromium: Browser) -> Iterator[Page]:
    """The presentation on a desktop, opened once."""
    with showing(chromium, f"{server.url}/slides/show?lang=id&area=75.05") as page:
        yield page


def turn_to(page: Page, awaited: int) -> None:
    page.evaluate(f"location.hash = '#{awaited}'")
    assert number(page, awaited) == awaited


def test_keys_turn_the_pages_and_the_address_follows(screen: Page) -> None:
    page = screen
    assert number(page, 1) == 1
    for key, then in (
        ("ArrowRight", 2),
        ("Space", 3),
        ("PageDown", 4),
        ("ArrowDown", 5),
        ("ArrowLeft", 4),
        ("PageUp", 3),
        ("ArrowUp", 2),
        ("Shift+Space", 1),
        ("ArrowLeft", 1),
        ("End", 9),
        ("ArrowRight", 9),
        ("Home", 1),
    ):
        page.keyboard.press(key)
        assert number(page, then) == then, key
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    assert number(page, 7) == 7
    expect(page.locator(".says")).to_have_text(page.locator(".slide.on").get_attribute("data-said") or "?")
    page.reload()
    assert number(page, 7) == 7, "a reload stays where it was"
    page.keyboard.press("ArrowRight")
    page.go_back()
    assert number(page, 7) == 7, "back leads to the slide before"
    page.evaluate("location.hash = '#99'")
    expect(page.locator(".slide.on")).to_have_attribute("id", "9")
    page.evaluate("location.hash = '#<img src=x onerror=alert(1)>'")
    expect(page.locator(".slide.on")).to_have_attribute("id", "1")


def test_words_at_the_pointer(screen: Page) -> None:
    page = screen
    turn_to(page, 4)
    tip = page.locator(".tip")
    page.locator(".on [data-tip*=Kwandang]").hover()
    expect(tip).to_contain_text("126 jiwa belum rekam")
    page.keyboard.press("ArrowRight")
    expect(tip).to_be_hidden()
    page.locator(".on tr[data-tip*=Anggrek]").hover()
    expect(tip).to_contain_text("72 jiwa belum rekam")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    box = page.locator(".on [data-tip*='19 Juni']").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2 + 24, box["y"] + box["height"] / 2)
    expect(tip).to_contain_text("Belum rekam: 650")
    page.keyboard.press("ArrowRight")
    median = page.locator(".on .wide rect[data-tip], .on .wide line[data-tip]").nth(20)
    median.hover(force=True)
    expect(tip).to_contain_text("Nilai tengah")


def test_it_travels_packed_and_as_it_is(server: Server, screen: Page) -> None:
    page = screen
    asked = urllib.request.Request(page.url, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as packed:
        assert packed.headers["Content-Encoding"] == "gzip" and len(packed.read()) < 100_000
    answer = page.request.get(page.url, headers={"Accept": "text/html"})
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-cache" and "__streamlit" not in answer.text()
    refused = page.request.get(f"{server.url}/slides/show?area=99.99&lang=id")
    assert refused.status == 400 and "99.99" in refused.text() and "Traceback" not in refused.text()
    behind_a_proxy = page.request.get(f"{server.url}/kantor/slides/show/state?area=75.05")
    assert behind_a_proxy.json() == {"state": page.locator("body").get_attribute("data-state")}


def test_full_screen_notes_keys_and_black(screen: Page) -> None:
    page = screen
    turn_to(page, 2)
    page.keyboard.press("f")
    until(page, "() => document.fullscreenElement === document.documentElement")
    expect(page.get_by_role("button", name="Layar penuh")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("f")
    until(page, "() => document.fullscreenElement === null")
    page.get_by_role("button", name="Layar penuh").click()
    until(page, "() => document.fullscreenElement !== null")
    page.keyboard.press("Space")
    assert number(page, 3) == 3, "a button that was clicked does not keep the space bar"
    page.keyboard.press("n")
    notes = page.get_by_role("region", name="Catatan dan angka, 3")
    expect(notes).to_be_in_viewport()
    expect(notes).to_contain_text("Sumber: ANTARA Gorontalo")
    expect(notes.get_by_role("row")).to_have_count(20)
    page.keyboard.press("Escape")
    assert (notes.bounding_box() or {"width": 99})["width"] <= 1
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tombol")).to_be_visible()
    page.keyboard.press("ArrowRight")
    assert number(page, 3) == 3, "the pages wait while the keys are shown"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Tombol")).to_be_hidden()
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    page.keyboard.press("p")
    assert page.evaluate("window.printed")
    page.keyboard.press("b")
    expect(page.locator(".slide.on h2")).to_be_hidden()
    page.keyboard.press("b")
    page.get_by_role("button", name="Salindia berikutnya").focus()
    page.keyboard.press("Enter")
    assert number(page, 4) == 4
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_swipes_turn_the_pages_on_a_phone(server: Server, chromium: Browser) -> None:
    with showing(chromium, f"{server.url}/slides/show?lang=id&area=75.05", "phone", touch=True) as page:
        for start, end, then in ((300, 60, 2), (300, 60, 3), (60, 300, 2), (300, 280, 2)):
            swipe(page, start, end)
            assert number(page, then) == then
        page.get_by_role("button", name="Salindia sebelumnya").tap()
        assert number(page, 1) == 1


def swipe(page: Page, start: int, end: int) -> None:
    hand = page.context.new_cdp_session(page)
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": start, "y": 400}]})
    hand.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": end, "y": 404}]})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    hand.detach()


@pytest.mark.parametrize(("size", "dark", "lang"), [("desktop", True, "en"), ("wall", False, "en"), ("phone", False, "id")])
def test_everyone_can_read_every_slide(server: Server, chromium: Browser, size: str, dark: bool, lang: str) -> None:
    OUTPUT.mkdir(exist_ok=True)
    with showing(chromium, f"{server.url}/slides/show?lang={lang}&area=75.05", size, dark=dark) as page:
        assert page.locator("html").get_attribute("lang") == lang
        expect(page.locator(".slide.on h2")).to_contain_text(TITLES[lang])
        paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert paper == ("rgb(20, 23, 28)" if dark else "rgb(255, 255, 255)")
        for at in range(1, 10):
            page.evaluate(f"location.hash = '#{at}'")
            expect(page.locator(".slide.on")).to_have_attribute("id", str(at))
            wrong, smallest = page.evaluate(LOOK)
            assert wrong == [], (at, wrong)
            assert smallest >= 17.9, (at, smallest)
            if os.environ.get("EKTP_TEST_PICTURES"):  # for looking at
                page.screenshot(path=OUTPUT / f"presentation-{size}-{lang}{'-dark' if dark else ''}-{at}.png")
            if (size, dark) not in (("wall", False), ("phone", False)):  # the same marks and colours as another
                assert axe(page) == [], at
        page.keyboard.press("n")
        page.keyboard.press("?")
        assert axe(page) == []


def test_light_and_dark_by_key_outlive_a_reload(server: Server, chromium: Browser) -> None:
    with showing(chromium, f"{server.url}/slides/show?lang=id&area=75.05&theme=light#4", dark=True) as page:
        area = page.locator(".on [data-tip*=Kwandang]")
        assert area.evaluate("one => getComputedStyle(one).fill") == "rgb(103, 52, 42)"
        page.keyboard.press("d")
        assert area.evaluate("one => getComputedStyle(one).fill") != "rgb(103, 52, 42)"
        page.reload()
        assert page.locator("html").get_attribute("data-theme") == "dark" and number(page, 4) == 4


@pytest.fixture(scope="module")
def at_night(server: Server, chromium: Browser) -> Iterator[Page]:
    """A slide of it in a dark browser, opened once."""
    with showing(chromium, f"{server.url}/slides/show?lang=id&area=75.05#5", dark=True) as page:
        yield page


@pytest.mark.parametrize("own_size", [True, False])
def test_print_is_light_and_one_slide_a_page(at_night: Page, own_size: bool) -> None:
    page = at_night
    titles = page.locator(".slide h2").evaluate_all("all => all.map(one => one.textContent)")
    paper = {} if own_size else {"paperWidth": 11.69, "paperHeight": 8.27}  # A4, lying
    made = page.context.new_cdp_session(page).send(
        "Page.printToPDF", {"preferCSSPageSize": own_size, "printBackground": own_size, **paper}
    )
    data = base64.b64decode(made["data"])
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / f"presentation-print{'' if own_size else '-a4'}.pdf").write_bytes(data)
    pages = texts(data)
    assert len(pages) == len(titles) == 9
    for sheet, title in zip(pages, titles, strict=True):
        text = " ".join(sheet.split())
        assert "".join(title.split()) in "".join(text.split()), title  # a line that ends takes its space with it
        assert "CONTOH" in text and "Kembali ke halaman" not in text
        assert "Sumber: ANTARA" not in text or title == titles[-1], "notes stay off the paper"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    page.emulate_media(media="null")
