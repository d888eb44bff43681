"""Proyeksi for histories with a catch: a break, a revision, newcomers, percentages alone, more than all, one or two snapshots.

EKTP_TEST_PICTURES=1 keeps a picture of each in tests/browser/output, on a desktop and a phone, in both themes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.breadth import first_of_each
from tests.browser.comers import ERROR, Visitor
from tests.browser.conftest import SIZES, Guard, Opener, Server, command, go, look_as, serve, settle

pytestmark = pytest.mark.browser
HEAD = "area_code,as_of_date,eligible,unrecorded,coverage_reported,basis"
FALL = (2400, 2050, 1800, 1500, 1290, 1100, 930, 800, 690, 580)
# A kabupaten of its own provinsi for each, so that none has a sister.
BREAK, REVISED, JOINING, PERCENT, MORE, ONE, TWO, POOLED = (
    "11.01",
    "12.01",
    "13.01",
    "14.01",
    "15.01",
    "16.01",
    "17.01",
    "75.05.03",
)


def week(number: int) -> date:
    return date(2024, 1, 1) + timedelta(weeks=number)


def figures() -> str:
    rows = [HEAD]
    for n, left in enumerate(FALL):
        basis, size = ("DKB 2023-1", 140_000) if n < 6 else ("dinamis", 151_000)
        rows += [
            f"{BREAK},{week(n)},{size},{left if n < 6 else round(2.6 * left)},,{basis}",
            f"{REVISED},{week(n)},140000,{left},,",
            f"{JOINING},{week(n)},{140_000 + 56 * n},{2400 - 40 * n},,",
            f"{PERCENT},{week(n)},,,{100 - left / 1400:.2f},",
            f"{MORE},{week(n)},140000,,{100.2 + n / 10:.2f},",
        ]
    rows += [f"{ONE},{week(9)},140000,1200,,", f"{TWO},{week(8)},140000,1300,,", f"{TWO},{week(9)},140000,1200,,"]
    rows += [f"75.05.{k:02d},{week(n)},14000,{round(900 * 0.9 ** (n * k / 3))},," for k in (1, 2, 4, 5) for n in range(10)]
    rows += [f"{POOLED},{week(n)},14000,{700 - 60 * (n - 7)},," for n in (7, 8, 9)]
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app over a store that these histories came into by the command line, the revision in a file of its own."""
    folder = tmp_path_factory.mktemp("cases")
    (folder / "1.csv").write_text(figures(), encoding="utf-8")
    corrected = [f"{REVISED},{week(n)},140000,{count},," for n, count in ((4, 1410), (9, 930))]
    (folder / "2.csv").write_text("\n".join([HEAD, *corrected]), encoding="utf-8")
    command(folder / "data", "import", str(folder / "1.csv"), str(folder / "2.csv"))
    with serve(folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def shown(cases: Server, opened_once: Opener) -> tuple[Page, Guard]:
    """The page of the first of them, opened once."""
    return opened_once(f"{cases.url}/projection?lang=id&area={BREAK}&target=zero")


SAID = {
    "break": (
        BREAK,
        "zero",
        (
            "Tidak dihitung sebagai perekaman: per 12 Februari 2024 dasar penyebut berganti dari DKB 2023-1 ke dinamis",
            "dari 12 Februari 2024 sampai 4 Maret 2024",
            "dasar penyebut lain",
        ),
    ),
    "revision": (REVISED, "zero", ("dihitung dari 10 potret data", "930 jiwa harus direkam")),
    "inflow": (JOINING, "zero", ("termasuk yang baru genap 17 tahun", "Wajib KTP baru")),
    "percentage": (PERCENT, "99.9", ("hanya diketahui sebagai rentang, dari persentase yang dilaporkan", "bagian wajib KTP")),
    "above": (MORE, "zero", ("Sudah rekam melebihi wajib KTP, sehingga belum rekam tidak diketahui", "Cakupan di atas 100 %")),
    "one": (ONE, "zero", ("Satu potret data belum menunjukkan laju: perlu potret kedua", "satu potret data saja, per 4 Maret")),
    "two": (TWO, "zero", ("rentang perkiraan lebar", "Dua puluh kemungkinan sama besar")),
    "pooled": (POOLED, "zero", ("perhitungannya digabung dengan 4 wilayah setara", "dan dari 4 wilayah lain")),
}
WANTED = os.environ.get("EKTP_TEST_PICTURES")


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_of_a_history_with_a_catch(cases: Server, name: str) -> None:
    area, target, said = SAID[name]
    text = Visitor(cases.url).page("projection", f"area={area}&target={target}", lang="id").said
    for words in said:
        assert words in text
    assert not ERROR.search(text)


@pytest.mark.parametrize("name", first_of_each(SAID))
def test_a_history_with_a_catch(shown: tuple[Page, Guard], name: str) -> None:
    page, guard = shown
    area, target, said = SAID[name]
    looks = [("desktop", False), ("phone", name in ("break", "pooled"))]
    for size, dark in [*looks, ("desktop", True)] if WANTED else looks[:1]:
        look_as(page, size, dark)
        if WANTED or f"area={area}" not in page.url:
            go(page, f"/projection?lang=id&area={area}&target={target}")
        if WANTED:
            picture(page, Path(__file__).parent / "output" / f"case-{name}-{size}-{'dark' if dark else 'light'}.png", size)
        for words in said:
            expect(page.get_by_test_id("stMain")).to_contain_text(words, use_inner_text=True)
        assert page.get_by_test_id("stException").count() == 0 and guard.foreign == [] and guard.errors == []


def picture(page: Page, file: Path, size: str) -> None:
    """The whole page, however long."""
    tall = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": SIZES[size][0], "height": max(SIZES[size][1], min(tall, 3000))})
    settle(page)
    file.parent.mkdir(exist_ok=True)
    page.screenshot(path=file)
