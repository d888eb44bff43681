"""Our map page against the floor (a bare Streamlit script with the same 11 polygons), in turn, in one run.

cold: a new browser context asks for the page until all 11 areas are painted. switch: a click on the other measure until
the fills have changed. Ratios of medians; the pairs alternate, so that a slow minute hits both.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.browser.conftest import ARGS, CHROMIUM, serve

ROUNDS = 7
WAIT = 30.0
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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, \
            serve(Path(folder) / "ours") as ours, serve(Path(folder) / "floor", "tests/benchmarks/floor.py") as floor:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        sides = {"ours": (ours.url + "/area_map?lang=en", "Coverage"), "floor": (floor.url, "two")}
        times: dict[str, dict[str, list[float]]] = {name: {"cold": [], "switch": []} for name in sides}
        for turn in range(ROUNDS + 1):
            for name, (url, label) in sides.items():
                taken, page = cold(browser, url)
                switched = switch(page, label)
                page.context.close()
                if turn:  # the first round warms both servers
                    times[name]["cold"].append(taken)
                    times[name]["switch"].append(switched)
        browser.close()
    print(f"\nMap page against the floor, {ROUNDS} rounds, seconds (median, min to max)")
    for what in ("cold", "switch"):
        medians = {name: statistics.median(values[what]) for name, values in times.items()}
        spans = {name: f"{medians[name]:.2f} ({min(v[what]):.2f} to {max(v[what]):.2f})" for name, v in times.items()}
        print(f"  {what:7} ours {spans['ours']}   floor {spans['floor']}   ratio {medians['ours'] / medians['floor']:.2f}")


if __name__ == "__main__":
    main()
