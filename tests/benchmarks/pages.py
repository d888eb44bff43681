"""Posisi and Peta against the floor (a bare Streamlit script with the same 11 polygons), in turn, in one run.

cold: a new browser context asks for the page until all 11 areas are painted. switch: a click on the other measure until
the fills have changed. select (Posisi): a click on a row of the list, and on an area of the map, until the outline, the heading
of the chart and the chart are those of the area. Each round visits all, in turn the one and the other first, so that a slow
minute hits all; what counts is the median of the rounds' ratios.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.browser.conftest import ARGS, CHROMIUM, serve

ROUNDS = 12
WAIT = 30.0
CODES = {"Anggrek": "75.05.03", "Biau": "75.05.10"}
BIAU = f"path[data-code='{CODES['Biau']}']"
# What the chart shows, as its browser drew it.
CHART = """() => document.querySelector("[data-testid=stVegaLiteChart] :is(canvas, svg)")?.toDataURL?.().length +
    (document.querySelector("[data-testid=stVegaLiteChart]")?.getAttribute("aria-label") || "")"""
FILLS = """() => {
    const areas = [...document.querySelectorAll("path.leaflet-interactive")];
    return areas.length === 11 ? areas.map(area => area.getAttribute("fill")).join() : "";
}"""


def fills(page: Page) -> str:
    """The fills of the 11 areas as one text; '' while they are not all there. The floor makes a new frame on a switch."""
    for frame in page.frames:
        with contextlib.suppress(Error):
            if "st_folium" in frame.url and (found := frame.evaluate(FILLS)):
                return str(found)
    return ""


def until(page: Page, changed_from: str) -> None:
    end = time.perf_counter() + WAIT
    while time.perf_counter() < end:
        if (now := fills(page)) and now != changed_from:
            return
        page.wait_for_timeout(10)
    raise TimeoutError("the map was not painted")


def cold(browser: Browser, url: str) -> tuple[float, Page]:
    """Seconds from asking for the page to 11 painted areas."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce").new_page()
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    until(page, "")
    return time.perf_counter() - start, page


def switch(page: Page, label: str) -> float:
    """Seconds from a click on the other measure to changed fills."""
    page.wait_for_timeout(1500)
    before = fills(page)
    start = time.perf_counter()
    page.get_by_text(label, exact=True).first.click()
    until(page, before)
    return time.perf_counter() - start


def select(page: Page) -> float:
    """Seconds from a click on a row, and then on an area of the map, until all is about it; the mean of the two."""
    map_ = next(frame for frame in page.frames if "st_folium" in frame.url)
    taken = 0.0
    for name, place in (("Anggrek", page.locator(".areas button[data-code='75.05.03']")), ("Biau", map_.locator(BIAU))):
        page.wait_for_timeout(1000)
        before = page.evaluate(CHART)
        start = time.perf_counter()
        place.click()
        expect(page.locator("h2").first).to_contain_text(f"Kecamatan {name}")
        expect(map_.locator("path[aria-pressed=true]")).to_have_attribute("data-code", CODES[name])
        while page.evaluate(CHART) == before:
            page.wait_for_timeout(5)
        taken += time.perf_counter() - start
    return taken / 2


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        serve(Path(folder) / "ours", anew=True) as ours,
        serve(Path(folder) / "floor", "tests/benchmarks/floor.py", anew=True) as floor,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        sides = {
            "Posisi": (ours.url + "/?lang=en", "Coverage"),
            "Peta": (ours.url + "/area_map?lang=en", "Coverage"),
            "floor": (floor.url, "two"),
        }
        times: dict[str, dict[str, list[float]]] = {name: {"cold": [], "switch": [], "select": []} for name in sides}
        for turn in range(ROUNDS + 1):
            for name, (url, label) in list(sides.items())[:: 1 if turn % 2 else -1]:
                taken, page = cold(browser, url)
                switched = switch(page, label)
                selected = select(page) if name == "Posisi" else 0.0
                page.context.close()
                if turn:  # the first round warms both servers
                    times[name]["cold"].append(taken)
                    times[name]["switch"].append(switched)
                    times[name]["select"].append(selected)
        browser.close()
    print(f"\nPosisi and Peta against the floor, {ROUNDS} rounds, seconds (median, min to max)")
    for name, what in ((name, what) for name in ("Posisi", "Peta") for what in ("cold", "switch")):
        ratios = [one / floor for one, floor in zip(times[name][what], times["floor"][what], strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(
            f"  {name:7} {what:7} ours {span(times[name][what])}   floor {span(times['floor'][what])}   "
            f"ratio {middle:.2f} (half of them {low:.2f} to {high:.2f})"
        )
    print(f"  Posisi  select  {span(times['Posisi']['select'])}   goal 0.50")


def span(taken: list[float]) -> str:
    """The median of so many seconds, the least and the most."""
    return f"{statistics.median(taken):.2f} ({min(taken):.2f} to {max(taken):.2f})"


if __name__ == "__main__":
    main()
