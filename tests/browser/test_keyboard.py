"""The whole main job without a mouse: take in, read, accept, map, projection, deck; the focus is seen at every stop."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, TimeoutError, expect
from pptx import Presentation

from ektp_analysis.office import backups
from tests.breadth import first_of_each
from tests.browser.conftest import ROOT, Opener, Server, axe, settle, until
from tests.pdf_words import texts

pytestmark = pytest.mark.browser
MOST_STOPS, MOST_IN_ONE = 160, 30  # a table is one stop with a step for each of its columns
# What has the focus, in a frame too; whether a ring of 2 px or a line of 4 px (areas on the map) shows it; a mark of its own.
STOP = """() => {
  let at = document.activeElement, left = 0, top = 0;
  while (at && at.tagName === "IFRAME" && at.contentDocument) {
    const frame = at.getBoundingClientRect();
    [left, top, at] = [left + frame.left, top + frame.top, at.contentDocument.activeElement];
  }
  while (at && at.shadowRoot && at.shadowRoot.activeElement) { at = at.shadowRoot.activeElement; }
  if (!at || at.tagName === "BODY") { return {name: "", mark: 0, seen: true}; }
  at = at.closest("canvas") || at;  // the cells of a drawn table are in it, unseen
  const look = one => one.ownerDocument.defaultView.getComputedStyle(one);
  const ringed = one => look(one).outlineStyle === "solid" && parseFloat(look(one).outlineWidth) >= 2 &&
    !/, 0\\)$|transparent/.test(look(one).outlineColor) && one.getBoundingClientRect().width >= 8;
  let ring = at.tagName === "path" && parseFloat(look(at).strokeWidth) >= 4, shown = at;
  for (let one = at, up = 0; one && up < 4 && !ring; one = one.parentElement, up++) { ring = ringed(one); shown = one; }
  const box = shown.getBoundingClientRect();
  const inside = box.bottom + top > 0 && box.top + top < innerHeight && box.right + left > 0 && box.left + left < innerWidth;
  at.ektpStop = at.ektpStop || (window.ektpStops = (window.ektpStops || 0) + 1);
  return {name: at.getAttribute("aria-label") || (at.matches("a, button, summary") && at.innerText) || at.tagName,
          mark: at.ektpStop, seen: ring && inside,
          html: at.outerHTML.slice(0, 200), inside, box: [box.x, box.y, box.width, box.height]};
}"""


def press(page: Page, key: str) -> str:
    """Press a key; gives the name of what then has the focus, which must be seen and must not hold the keyboard."""
    page.keyboard.press(key)
    stop = page.evaluate(STOP)
    if not stop["seen"]:  # a scroll or a rerun may be under way
        settle(page)
        with contextlib.suppress(TimeoutError):
            page.wait_for_function(f"() => ({STOP})().seen", polling=50, timeout=10_000)
        stop = page.evaluate(STOP)
    assert stop["seen"], str(stop)
    return str(stop["name"])


def go_to(page: Page, wanted: str, key: str = "Tab") -> None:
    """Press Tab (or Shift+Tab) until the focus is on what is named so."""
    names: list[str] = []
    for _ in range(MOST_STOPS):
        names.append(press(page, key))
        if wanted in names[-1]:
            return
        assert len(names) < MOST_IN_ONE or len(set(names[-MOST_IN_ONE:])) > 1, f"the keyboard is held by {names[-1]}"
    raise AssertionError(f"no way to {wanted} by {key}: {dict.fromkeys(name[:40] for name in names)}")


def arrow_to(page: Page, wanted: str, key: str = "ArrowRight") -> None:
    """Within a group of choices the arrows go from one to the next."""
    names: list[str] = []
    for _ in range(12):
        names.append(press(page, key))
        if wanted in names[-1]:
            return
    raise AssertionError(f"no way to {wanted} by {key}: {names}")


def open_page(page: Page, name: str, key: str = "Shift+Tab") -> None:
    """By its link, which stands before what a page shows: most often the way back to it is the shorter one."""
    before = page.inner_text("h1")
    go_to(page, f"\n\n{name}", key)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).not_to_have_text(before)
    settle(page)


def query(page: Page, key: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(key, [""])[0]


def weeks() -> tuple[str, int]:
    """The sample's kecamatan as an office would upload them, with a week more; gives the file and its last total."""
    text = (ROOT / "data/samples/gorontalo_utara_2023-06.csv").read_text(encoding="utf-8-sig")
    rows = [
        (row["area_code"], row["as_of_date"], row["eligible"], int(row["unrecorded"]))
        for row in csv.DictReader(io.StringIO(text))
    ]
    later = [(code, "2023-06-27", eligible, people * 4 // 5) for code, day, eligible, people in rows if day == "2023-06-20"]
    lines = [";".join(map(str, row)) for row in (*rows, *later)]
    return "\n".join(["area_code;as_of_date;eligible;unrecorded", *lines]), sum(row[3] for row in later)


def first_of_powerpoint(file: Path) -> str:
    """The title on the first slide."""
    return str(Presentation(str(file)).slides[0].shapes.title.text_frame.text)


def first_of_pdf(file: Path) -> str:
    """The words of the first page."""
    return texts(file.read_bytes())[0]


FILES = (("A4", b"%PDF", first_of_pdf), ("PowerPoint", b"PK\x03\x04", first_of_powerpoint), ("PDF", b"%PDF", first_of_pdf))


@pytest.mark.parametrize("files", first_of_each([(FILES[:1],), (FILES,)]), ids=["one", "all"])  # test_slides takes the others
def test_the_main_job_by_keyboard_alone(
    own_server: Server, opened: Opener, tmp_path: Path, files: tuple[tuple[str, bytes, Callable[[Path], str]], ...]
) -> None:
    text, people = weeks()
    file = tmp_path / "minggu-ini.csv"
    file.write_text(text, encoding="utf-8")
    page, guard = opened(f"{own_server.url}/?lang=id")
    assert f"{people} jiwa" not in page.inner_text("h1")

    page.on("filechooser", lambda _: None)  # from now on the browser tells of it: told at the press, it may come too late
    open_page(page, "Data", "Tab")
    go_to(page, "Upload")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Enter")
    chosen.value.set_files(file)
    expect(page.get_by_text("44 baris dapat diterima")).to_be_visible()
    settle(page)
    expect(page.get_by_text("44 angka baru")).to_be_visible()
    go_to(page, "Terima")
    page.keyboard.press("Enter")
    expect(page.get_by_text("minggu-ini.csv diterima")).to_be_visible()
    settle(page)

    open_page(page, "Posisi")
    go_to(page, "Perlu perhatian")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sudah dilihat").first).to_be_visible()
    settle(page)
    go_to(page, "Sudah dilihat")
    page.keyboard.press("Enter")
    expect(page.get_by_text("dilihat oleh")).to_be_visible()
    settle(page)
    go_to(page, "Tutup")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Alasan ditutup")).to_be_visible()
    settle(page)
    assert axe(page, within="[data-testid=stPopoverBody]") == []
    go_to(page, "Alasan ditutup")
    page.keyboard.type("sudah ditanyakan")
    page.keyboard.press("Enter")
    expect(page.get_by_text(": sudah ditanyakan")).to_be_visible()
    settle(page)

    open_page(page, "Peta")
    page.wait_for_selector("iframe[title*='st_folium']")
    before = page.inner_text("h1")
    go_to(page, "Belum rekam")
    arrow_to(page, "Cakupan")
    page.keyboard.press("Space")
    until(page, "() => new URL(location).searchParams.get('show') === 'coverage'")
    settle(page)
    assert page.inner_text("h1") != before
    go_to(page, "Wilayah pada peta", "Shift+Tab")
    page.keyboard.type("Anggrek")
    page.keyboard.press("Enter")
    until(page, "() => new URL(location).searchParams.get('inside') === '75.05.03'")
    settle(page)
    expect(page.get_by_role("heading", name="Anggrek").first).to_be_visible()

    open_page(page, "Proyeksi")
    assert query(page, "target") == "zero"  # the national one is reached: 99,52 %
    go_to(page, "Target 99,40")
    arrow_to(page, "Tuntas")
    arrow_to(page, "Target 99,40", "ArrowLeft")
    page.keyboard.press("Space")
    until(page, "() => new URL(location).searchParams.get('target') !== 'zero'")
    settle(page)
    assert "tercapai" in page.inner_text("h1")
    go_to(page, "Rencana kantor")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Nama, misalnya: sebelum pemilu")).to_be_visible()
    settle(page)
    go_to(page, "Nama, misalnya")
    page.keyboard.type("sebelum Pemilu")
    go_to(page, "Tetapkan rencana")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Rencana kantor: 99,40")).to_be_visible()
    settle(page)
    go_to(page, "Hari libur dan kegiatan")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Kegiatan sendiri, misalnya: jemput bola")).to_be_visible()
    settle(page)
    go_to(page, "Kegiatan sendiri")
    page.keyboard.type("Jemput bola")
    for field, day in (("Hari pertama", "01072023"), ("Hari terakhir", "05072023")):
        go_to(page, field)
        page.keyboard.type(day)  # part by part
    go_to(page, "Tambah kegiatan")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ditambahkan: Jemput bola")).to_be_visible()
    expect(page.get_by_role("row", name="Jemput bola 1 Juli 2023 5 Juli 2023")).to_be_visible()
    settle(page)

    open_page(page, "Data")
    go_to(page, "Rencana dan kegiatan (CSV)")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    taken = started.value.path().read_text(encoding="utf-8")
    assert "sebelum Pemilu" in taken and "Jemput bola" in taken
    settle(page)
    go_to(page, "Cadangkan sekarang")
    page.keyboard.press("Enter")
    expect(page.get_by_text("utuh.")).to_be_visible()
    (kept,) = backups.found(own_server.data / "backups")
    assert backups.check(kept).good
    settle(page)

    open_page(page, "Presentasi")
    expect(page.get_by_label("Judul sendiri salindia 1", exact=True)).to_be_visible()
    settle(page)
    for label, begin, first in files:
        go_to(page, label)
        with page.expect_download() as started:
            page.keyboard.press("Enter")
        taken = tmp_path / label
        started.value.save_as(taken)
        assert taken.read_bytes().startswith(begin)
        settle(page)
        assert f"{people} jiwa belum rekam" in " ".join(first(taken).split()) and "Contoh" not in first(taken)
    assert page.get_by_test_id("stException").count() == 0 and guard.foreign == [] and guard.errors == []
