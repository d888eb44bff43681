"""A click elsewhere, quiet and while slides are made: from the click on Peta or Posisi to the heading of that page.

Each round clicks both ways, in turn first quiet and first busy; busy means that another visitor has just asked for the slides
of an area that nobody has asked for yet. What counts is the median of the rounds' ratios: on two processors a click should
take at most twice as long as without.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from ektp_analysis.core.area import register
from tests.browser.conftest import ARGS, CHROMIUM, serve

GOAL = 2.0
ASKED = [(code, lang) for lang in ("id", "en") for code in register().children("75.05")]
HEADS = {"Peta": "Kwandang", "Posisi": "554 jiwa belum rekam"}


def click(page: Page, name: str) -> float:
    """Seconds from the click on a page's name to its heading."""
    start = time.perf_counter()
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(HEADS[name], timeout=60_000)
    return time.perf_counter() - start


def both(page: Page) -> float:
    """Seconds of a click there and back, a moment apart."""
    there = click(page, "Peta")
    page.wait_for_timeout(300)
    return there + click(page, "Posisi")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, serve(Path(folder), anew=True) as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        ours, theirs = (browser.new_context(reduced_motion="reduce").new_page() for _ in range(2))
        ours.goto(server.url + "/?lang=id")
        expect(ours.get_by_role("heading", level=1)).to_contain_text("554", timeout=60_000)
        both(ours)
        ratios, times = [], {"quiet": [], "busy": []}
        for turn, (code, lang) in enumerate(ASKED):
            taken = {}
            for way in ("quiet", "busy") if turn % 2 else ("busy", "quiet"):
                if way == "busy":
                    theirs.goto(f"{server.url}/slides?lang={lang}&area={code}", wait_until="commit")
                    expect(theirs.locator(".tab .picture:empty").first).to_be_attached(timeout=60_000)
                taken[way] = both(ours)
                if way == "busy":  # let it finish, so that the next turn is quiet
                    expect(theirs.locator(".tab .picture:empty")).to_have_count(0, timeout=60_000)
                    theirs.wait_for_timeout(500)
            if turn >= 2:  # the first two start the processes
                ratios.append(taken["busy"] / taken["quiet"])
                for way, seconds in taken.items():
                    times[way].append(seconds)
        browser.close()
    quiet, busy = (statistics.median(times[way]) for way in ("quiet", "busy"))
    print(
        f"  two clicks elsewhere: quiet {quiet:.2f} s, while slides are made {busy:.2f} s; of {len(ratios)} pairs the median "
        f"{statistics.median(ratios):.2f} times ({min(ratios):.2f} to {max(ratios):.2f}; goal {GOAL:.0f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
