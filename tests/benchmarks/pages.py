"""Our map page against the floor (a bare Streamlit script with the same 11 polygons), in turn, in one run.

cold: a new browser context asks for the page until all 11 areas are painted. switch: a click on the other measure until
the fills have changed. Each round visits both, in turn the one and the other first, so that a slow minute hits both; what
counts is the median of the rounds' ratios.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.browser.conftest import ARGS, CHROMIUM, serve

ROUNDS = 12
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
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        serve(Path(folder) / "ours", anew=True) as ours,
        serve(Path(folder) / "floor", "tests/benchmarks/floor.py", anew=True) as floor,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        sides = {"ours": (ours.url + "/area_map?lang=en", "Coverage"), "floor": (floor.url, "two")}
        times: dict[str, dict[str, list[float]]] = {name: {"cold": [], "switch": []} for name in sides}
        for turn in range(ROUNDS + 1):
            for name, (url, label) in list(sides.items())[:: 1 if turn % 2 else -1]:
                taken, page = cold(browser, url)
                switched = switch(page, label)
                page.context.close()
                if turn:  # the first round warms both servers
                    times[name]["cold"].append(taken)
                    times[name]["switch"].append(switched)
        browser.close()
    print(f"\nMap page against the floor, {ROUNDS} rounds, seconds (median, min to max)")
    for what in ("cold", "switch"):
        spans = {
            name: f"{statistics.median(taken):.2f} ({min(taken):.2f} to {max(taken):.2f})"
            for name, taken in ((name, values[what]) for name, values in times.items())
        }
        ratios = [ours / floor for ours, floor in zip(times["ours"][what], times["floor"][what], strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(
            f"  {what:7} ours {spans['ours']}   floor {spans['floor']}   "
            f"ratio {middle:.2f} (half of them {low:.2f} to {high:.2f})"
        )


if __name__ == "__main__":
    main()
