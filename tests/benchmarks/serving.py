"""What each layer of our own between server and browser gains on a slow link (10 Mbit/s, 40 ms), cold, to the painted map.

The link is simulated by the browser; the rounds visit every server once, in turn from either end. What counts is the median
of the rounds' ratios to the server with all layers. A layer of our own that gains less than a fifth
and has its like in Starlette has no right to be.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.pages import until
from tests.browser.conftest import ARGS, CHROMIUM, serve

ROUNDS = 9
LINK = {"offline": False, "latency": 40, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}
SIDES = {
    "all": "AtOnce,Lasting,Placed,Packed",
    "without Placed": "AtOnce,Lasting,Packed",
    "without packing": "AtOnce,Lasting,Placed",
    "without AtOnce": "Lasting,Placed,Packed",
    "none": "",
}


def cold(browser: Browser, url: str, slow: bool) -> float:
    """Seconds from asking for the map to 11 painted areas, over the slow link."""
    far = {"X-Forwarded-For": "10.0.0.9"} if slow else {}  # a browser elsewhere, for which answers are packed
    context = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce", extra_http_headers=far)
    page = context.new_page()
    if slow:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINK)
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    until(page, "")
    taken = time.perf_counter() - start
    context.close()
    return taken


def main() -> None:
    slow = "fast" not in sys.argv
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, contextlib.ExitStack() as stack:
        urls = {
            name: stack.enter_context(
                serve(Path(folder) / str(n), "tests/benchmarks/serving_app.py", anew=True, LAYERS=layers)
            ).url
            for n, (name, layers) in enumerate(SIDES.items())
        }
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        taken: dict[str, list[float]] = {name: [] for name in SIDES}
        for turn in range(ROUNDS + 1):
            for name in list(SIDES)[:: 1 if turn % 2 else -1]:
                seconds = cold(browser, urls[name] + "/area_map?lang=en", slow)
                if turn:
                    taken[name].append(seconds)
        browser.close()
    print(f"\nLayers of the server, {ROUNDS} rounds, seconds to the painted map over {'the slow' if slow else 'a fast'} link")
    for name, seconds in taken.items():
        ratios = [one / whole for one, whole in zip(seconds, taken["all"], strict=True)]
        print(
            f"  {name:20} {statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"
            f"   ratio {statistics.median(ratios):.2f}"
        )


if __name__ == "__main__":
    main()
