"""A year of weekly files in the real browser: from choosing 52 workbooks to their last figure on the first page, in three clicks.

Seconds count from the choice of the files: until all are read and can be accepted, until all are taken in, and until the first
page shows the last of them. Nothing stands beside it to compare with: the goal is a minute for all.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import ARGS, CHROMIUM, serve
from tests.browser.test_many_files import unrecorded, upload, weekly

WEEKS, GOAL = 52, 60.0  # files, seconds
ROUNDS = 3


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = weekly(Path(folder) / "weeks", range(WEEKS))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for turn in range(ROUNDS):
            with serve(Path(folder) / str(turn), anew=True) as server:
                page = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce").new_page()
                page.goto(server.url + "/data?lang=id")
                everything = page.get_by_role("button", name="Terima semua", exact=True)
                expect(page.get_by_role("button", name="Templat (CSV)")).to_be_visible()
                start = time.perf_counter()
                upload(page, files[::-1])
                expect(everything).to_be_visible()
                read = time.perf_counter() - start
                everything.click()
                expect(page.get_by_text(f"{WEEKS} berkas diterima")).to_be_visible()
                taken = time.perf_counter() - start
                page.get_by_role("link", name="Lihat hasilnya").click()
                expect(page.locator("h1")).to_contain_text(f"{sum(unrecorded(WEEKS - 1)):,}".replace(",", "."))
                whole = time.perf_counter() - start
                page.context.close()
            print(
                f"  {WEEKS} files: read after {read:.1f} s, taken in after {taken:.1f}, seen after {whole:.1f} (goal {GOAL:.0f})",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
