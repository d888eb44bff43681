"""What a file leaves open is asked on the page, once; the answer is remembered, said, and can be forgotten."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from ektp_analysis.core.area import register
from tests.browser.comers import Shown, Visitor
from tests.browser.conftest import SIZES, Guard, Opener, Server, axe, command, look_as, settle, unfold

pytestmark = pytest.mark.browser
OUTPUT = Path(__file__).parent / "output"
ASKED = "[class*=st-key-questions_]"
NAMES = (
    "Atinggola",
    "Kwandang",
    "Anggrek",
    "Sumalata",
    "Tolinggula",
    "Gentuma Raya",
    "Tomilito",
    "Ponelo Kepulauan",
    "Monano",
    "Biau",
    "Sumalata Timur",
)


def workbook(file: Path, *, names: tuple[str, ...] = NAMES, spoilt: str = "") -> Path:
    """A recap as colleagues write it: title, names, three counts, a total."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        ["REKAPITULASI PEREKAMAN KTP-EL"],
        ["KABUPATEN GORONTALO UTARA"],
        [],
        ["NO", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"],
    ):
        sheet.append(line)
    total = [0, 0, 0]
    for place, name in enumerate(names):
        counts = [8013 + 103 * place, 7971 + 100 * place, 42 + 3 * place]
        sheet.append([place + 1, name.upper(), *(counts if not (spoilt and place == 3) else [spoilt, *counts[1:]])])
        total = [a + b for a, b in zip(total, counts, strict=True)]
    sheet.append([None, "JUMLAH", *total])
    book.save(file)
    return file


def put(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("button", name="Jangan simpan")).to_be_visible()
    settle(page)


def questions(page: Page) -> Locator:
    """What a file leaves open, as it stands on the page."""
    return page.locator(ASKED).first


def picture(page: Page, name: str) -> None:
    """For looking at; only where pictures are asked for."""
    if os.environ.get("EKTP_TEST_PICTURES"):
        OUTPUT.mkdir(exist_ok=True)
        size = page.viewport_size
        assert size is not None
        page.set_viewport_size({"width": size["width"], "height": 2200})  # the page scrolls inside of itself
        settle(page)
        page.screenshot(path=OUTPUT / f"{name}.png")
        page.set_viewport_size(size)
        settle(page)


def forget_all(page: Page) -> None:
    """Forget what is remembered, one after the other; each click takes one away."""
    buttons = page.get_by_role("button", name="Lupakan")
    expect(buttons.first).to_be_visible()
    settle(page)
    for left in reversed(range(buttons.count())):
        buttons.first.click()
        expect(buttons).to_have_count(left)
        settle(page)


def accept(page: Page) -> None:
    expect(page.get_by_role("button", name="Terima", exact=True)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Terima", exact=True).click()
    expect(page.get_by_role("button", name="Jangan simpan")).to_have_count(0)
    expect(page.get_by_text("diterima: semua halaman").first).to_be_visible()
    settle(page)


def position(office: Server, query: str = "") -> Shown:
    """The page Posisi as it is sent to a reader."""
    return Visitor(office.url).page("position", query, lang="id")


@pytest.fixture(scope="module")
def desk(office: Server, opened_once: Opener) -> tuple[Page, Guard]:
    """Its page, opened once."""
    return opened_once(f"{office.url}/data?lang=id")


def test_a_question_about_the_day(office: Server, desk: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = desk
    put(page, workbook(tmp_path / "rekap.xlsx"))
    picture(page, "question-day")
    expect(page.get_by_role("button", name="Terima", exact=True)).to_have_count(0)
    questions(page).get_by_role("spinbutton").first.click()
    page.keyboard.type("01072023")
    page.keyboard.press("Escape")  # closes the calendar, as a click beside it does
    page.get_by_role("button", name="Baca dengan jawaban ini").click()
    accept(page)
    assert "627" in position(office).heading


def test_a_name_is_asked_once_and_remembered(office: Server, desk: tuple[Page, Guard], tmp_path: Path) -> None:
    odd = (*NAMES[:2], "Pusat Layanan Barat", *NAMES[3:])
    page, _ = desk
    put(page, workbook(tmp_path / "rekap per 8 Juli 2023.xlsx", names=odd))
    picture(page, "question-name")
    form = questions(page)
    expect(form.get_by_text("PUSAT LAYANAN BARAT").first).to_be_visible()
    form.get_by_label("Kode wilayah").first.fill("75.05.03")
    form.get_by_label("Kode wilayah").first.press("Tab")
    page.get_by_role("button", name="Baca dengan jawaban ini").click()
    accept(page)
    put(page, workbook(tmp_path / "rekap per 15 Juli 2023.xlsx", names=odd))
    expect(page.get_by_role("button", name="Terima", exact=True)).to_be_visible()
    page.get_by_role("button", name="Jangan simpan").click()
    settle(page)
    unfold(page, "Yang diingat dari unggahan sebelumnya")
    picture(page, "remembered")
    expect(page.get_by_text("PUSAT LAYANAN BARAT").first).to_be_visible()
    forget_all(page)


def test_refused_rows_come_back_as_a_workbook(office: Server, desk: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = desk
    put(page, workbook(tmp_path / "rekap per 22 Juli 2023.xlsx", spoilt="delapan ribu"))
    picture(page, "refused-rows")
    with page.expect_download() as started:
        page.get_by_role("button", name="Baris yang ditolak").click()
    file = tmp_path / "ditolak.xlsx"
    started.value.save_as(file)
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert "SUMALATA" in cells and "delapan ribu" in cells
    page.get_by_role("button", name="Terima baris yang baik saja").click()
    accept(page)
    said = position(office).said
    assert "10 dari 11 kecamatan melapor" in said and "Angka lama: Sumalata" in said


def test_a_single_reading_is_not_taken_by_a_hasty_click(desk: tuple[Page, Guard], tmp_path: Path) -> None:
    """By keyboard alone: the answer is closed until its reading is chosen, with the arrows or the blank."""
    page, guard = desk
    lines = [f"{name.upper()};{8013 + 103 * place}" for place, name in enumerate(NAMES)]
    file = tmp_path / "rekap perekaman ktp gorontalo utara per 1 Juli 2023.csv"
    file.write_text("\n".join(["KECAMATAN;WAJIB KTP", *lines]), encoding="utf-8")
    put(page, file)
    asked = questions(page)
    reading, answer = asked.get_by_role("radio"), asked.get_by_role("button", name="Baca dengan jawaban ini")
    expect(reading).to_have_count(1)
    expect(reading).not_to_be_checked()
    expect(answer).to_be_disabled()
    expect(asked.get_by_text("1 pertanyaan belum dijawab")).to_be_visible()
    picture(page, "question-single")
    assert axe(page, within=ASKED) == []
    reading.focus()
    page.keyboard.press("Space")
    expect(answer).to_be_enabled()
    expect(asked.get_by_text("1 pertanyaan belum dijawab")).to_have_count(0)
    assert axe(page, within=ASKED) == []
    page.keyboard.press("Tab")
    expect(answer).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Terima", exact=True)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Jangan simpan").click()
    expect(page.get_by_role("button", name="Jangan simpan")).to_have_count(0)
    settle(page)
    assert not guard.errors


def test_a_sheet_a_month_is_asked_about_once_and_each_is_shown(office: Server, desk: tuple[Page, Guard], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for month in ("April 2023", "Mei 2023"):
        sheet = book.create_sheet(month)
        for line in openpyxl.load_workbook(workbook(tmp_path / "sebulan.xlsx")).active.iter_rows(values_only=True):  # type: ignore[union-attr]
            sheet.append(line)
    book.create_sheet("Petunjuk").append(["Isilah kolom yang kosong"])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "rekap bulanan.xlsx")
    page, _ = desk
    put(page, tmp_path / "rekap bulanan.xlsx")
    form = questions(page)
    expect(form.get_by_text("2 tabel menyebut bulan tanpa tanggal").first).to_be_visible()
    picture(page, "several-question")
    form.get_by_text("hari terakhir bulan itu").click()
    page.get_by_role("button", name="Baca dengan jawaban ini").click()
    expect(page.get_by_role("button", name="Terima", exact=True)).to_be_visible()
    expect(page.get_by_text("2 tabel dibaca bersama-sama").first).to_be_visible()
    expect(page.get_by_text(re.compile("31 Mei 2023: semua angka sama", re.IGNORECASE)).first).to_be_visible()
    picture(page, "several-read")
    accept(page)
    shown = position(office, "data=own&on=2023-05-31")
    assert "31 Mei 2023" in shown.said and "627" in shown.heading


def recap_of_two_lists(file: Path, add: int = 0) -> Path:
    """A recap with the recorded of two lists, of which nothing says which one counts, on a sheet beside a cover."""
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"])
    sheet = book.create_sheet("REKAP")
    for line in (["KABUPATEN GORONTALO UTARA"], [], ["NO", "KECAMATAN", "WAJIB KTP", "PEREKAMAN SIAK", "PEREKAMAN PUSAT"]):
        sheet.append(line)
    for place, name in enumerate(NAMES):
        eligible = 8013 + 103 * place
        sheet.append([place + 1, name.upper(), eligible, eligible - 60 - place + add, eligible - 42 - 3 * place + add])
    book.save(file)
    return file


def test_a_confirmed_layout_is_applied_next_month_and_can_be_forgotten(
    office: Server,
    desk: tuple[Page, Guard],
    tmp_path: Path,
) -> None:
    unrecorded = sum(42 + 3 * place for place in range(len(NAMES)))
    page, guard = desk
    put(page, recap_of_two_lists(tmp_path / "rekap per 1 Agustus 2023.xlsx"))
    expect(page.get_by_text("Ada beberapa kolom yang mungkin dimaksud").first).to_be_visible()
    expect(page.get_by_role("button", name="Terima", exact=True)).to_have_count(0)
    expect(page.get_by_text(f"Belum rekam {unrecorded}").first).to_be_visible()  # what the reading gives, told before it counts
    picture(page, "question-columns")
    questions(page).locator("label", has_text="PEREKAMAN PUSAT").first.click()
    page.get_by_role("button", name="Baca dengan jawaban ini").click()
    accept(page)
    put(page, recap_of_two_lists(tmp_path / "rekap per 1 September 2023.xlsx", add=11))
    expect(page.get_by_role("button", name="Terima", exact=True)).to_be_visible()
    said = page.get_by_text(re.compile(r"Tata letak yang dipastikan .+ pada .+ diterapkan"))
    expect(said.first).to_be_visible()
    expect(page.get_by_text("Agar ditanyakan lagi").first).to_be_visible()
    expect(page.get_by_role("button", name="Baca dengan jawaban ini")).to_have_count(0)
    picture(page, "layout-applied")
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    expect(said.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "layout-applied-phone")
    page.set_viewport_size({"width": 1366, "height": 768})
    accept(page)
    assert str(unrecorded - 11 * len(NAMES)) in position(office).heading  # of the column that was confirmed
    unfold(page, "Yang diingat dari unggahan sebelumnya")
    expect(page.get_by_text("PEREKAMAN PUSAT").first).to_be_visible()
    picture(page, "layout-remembered")
    forget_all(page)
    settle(page)
    put(page, recap_of_two_lists(tmp_path / "rekap per 1 Oktober 2023.xlsx", add=13))
    expect(page.get_by_text("Ada beberapa kolom yang mungkin dimaksud").first).to_be_visible()
    expect(page.get_by_role("button", name="Terima", exact=True)).to_have_count(0)
    assert not guard.errors
    page.get_by_role("button", name="Jangan simpan").click()
    expect(page.get_by_role("button", name="Jangan simpan")).to_have_count(0)
    settle(page)


HEADS = ("NO", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM")
Line = list[object]


def desa_of(district: str) -> tuple[list[Line], tuple[int, int, int]]:
    """The sheet of a kecamatan, one row a desa, and its sums."""
    lines: list[Line] = [["REKAP PEREKAMAN KTP-EL"], ["PER 2 DESEMBER 2023"], ["NO", "DESA", *HEADS[2:]]]
    eligible = recorded = 0
    for place, code in enumerate(register().children(district)):
        lines.append([place + 1, register().name(code).upper(), 900 + 7 * place, 860 + 6 * place, 40 + place])
        eligible, recorded = eligible + 900 + 7 * place, recorded + 860 + 6 * place
    return lines, (eligible, recorded, eligible - recorded)


def kept_as(file: Path, **sheets: list[Line]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(file)
    return file


def pictures(page: Page, name: str) -> None:
    """At both sizes and in both themes; only where pictures are asked for."""
    for size, dark in itertools.product(SIZES, (False, True)) if os.environ.get("EKTP_TEST_PICTURES") else ():
        look_as(page, size, dark)
        settle(page)
        picture(page, f"{name}-{size}{'-dark' if dark else ''}")
    look_as(page)


def test_a_sheet_a_kecamatan_beside_a_recap_that_is_off_by_one(
    office: Server,
    desk: tuple[Page, Guard],
    tmp_path: Path,
) -> None:
    districts = register().children("75.05")[:3]
    read = {register().name(code).upper(): desa_of(code) for code in districts}
    recap: list[Line] = [["REKAP PEREKAMAN KTP-EL"], ["KABUPATEN GORONTALO UTARA"], ["PER 2 DESEMBER 2023"], [*HEADS]]
    for place, (name, (_, (eligible, recorded, left))) in enumerate(read.items()):
        recap.append([place + 1, name, eligible, recorded + (place == 1), left - (place == 1)])
    sheets = {name: lines for name, (lines, _) in read.items()}
    page, guard = desk
    put(page, kept_as(tmp_path / "rekap desa.xlsx", REKAP=recap, **sheets))
    recorded = read["KWANDANG"][1][1]
    expect(page.get_by_text(f"sudah rekam tercatat {recorded + 1:_}".replace("_", ".")).first).to_be_visible()
    expect(page.get_by_text(f"jumlah lembar lain {recorded:_}".replace("_", ".")).first).to_be_visible()
    pictures(page, "several-recap")
    accept(page)
    told = re.match(r"([\d.]+) jiwa belum rekam(?:, ([\d.]+) di antaranya)?", position(office).heading)
    assert told is not None
    total, older = (int((one or "0").replace(".", "")) for one in told.groups())
    assert total - older == sum(sums[2] for _, sums in read.values())  # the other kecamatan count as they last did
    stored = [line for line in command(office.data, "export", "csv").splitlines() if "2023-12-02" in line]
    desa = [code for district in districts for code in register().children(district)]
    assert sorted(re.findall(r"\b\d\d(?:\.\d\d){2}\.\d{4}\b", "\n".join(stored))) == sorted(desa)
    assert len(stored) == len(desa) and not guard.errors


def test_tables_of_men_and_of_women_below_each_other_are_summed(office: Server, desk: tuple[Page, Guard], tmp_path: Path) -> None:
    lines: list[Line] = [["REKAP PEREKAMAN KTP-EL"], ["KABUPATEN GORONTALO UTARA"], ["PER 9 DESEMBER 2023"]]
    for number, sex in enumerate(("LAKI-LAKI", "PEREMPUAN")):
        lines += [[], [sex], [*HEADS]]
        lines += [
            [place + 1, name.upper(), 4000 + 31 * place, 3850 + 28 * place - number, 150 + 3 * place + number]
            for place, name in enumerate(NAMES)
        ]
    total = sum(2 * (150 + 3 * place) + 1 for place in range(len(NAMES)))
    page, guard = desk
    put(page, kept_as(tmp_path / "rekap kelamin.xlsx", Data=lines))
    expect(page.get_by_text("2 tabel dibaca bersama-sama").first).to_be_visible()
    shown = f"{total:_}".replace("_", ".")
    expect(page.get_by_text("satu untuk laki-laki dan satu untuk perempuan; angkanya dijumlahkan").first).to_contain_text(shown)
    pictures(page, "several-summed")
    accept(page)
    there = position(office)
    assert shown in there.heading and "9 Desember 2023" in there.said
    assert not guard.errors


def test_a_list_of_persons_is_refused_and_let_go(office: Server, desk: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = desk
    book = openpyxl.load_workbook(workbook(tmp_path / "rekap per 1 November 2023.xlsx"))
    assert book.active is not None
    number = "7505" + "0341" + "0788" + "0002"  # made up: valid in form, of nobody
    book.active["H9"] = f"NIK {number}"
    book.save(tmp_path / "daftar per 1 November 2023.xlsx")
    put(page, tmp_path / "daftar per 1 November 2023.xlsx")
    expect(page.get_by_text("nomor induk kependudukan").or_(page.get_by_text("NIK")).first).to_be_visible()
    expect(page.get_by_role("button", name="Terima", exact=True)).to_have_count(0)
    assert number not in page.content()
    assert all(number.encode() not in path.read_bytes() for path in office.data.rglob("*") if path.is_file())
