"""The published figures in every file, equal to the digit; tags, bookmarks and fonts of the PDF; the workbook's cells."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from pptx import Presentation

from ektp_analysis import office
from ektp_analysis.cli import main
from ektp_analysis.office import reports
from ektp_analysis.report import onepager, pdf, pictures, workbook
from ektp_analysis.report.deck import Deck, Dots, Fan, Map, Trend
from ektp_analysis.report.state import parse
from ektp_analysis.settings import settings
from tests.reports import CASES

FIGURES = {"id": ("862", "650", "554", "99,30 %", "99,40 %"), "en": ("862", "650", "554", "99.30%", "99.40%")}


@pytest.fixture(autouse=True, scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setenv("EKTP_DATA_DIR", str(tmp_path_factory.getbasetemp() / "reports"))
    settings.cache_clear()
    yield
    office.close_all()
    patch.undo()
    settings.cache_clear()


@pytest.fixture(scope="module")
def deck() -> Deck:
    return reports.deck(office.current(sample=True), "75.05")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def of_pptx(data: bytes) -> str:
    found = []
    for slide in Presentation(io.BytesIO(data)).slides:
        for shape in slide.shapes:
            found += [shape.text_frame.text] if shape.has_text_frame else []
            found += [cell.text for row in shape.table.rows for cell in row.cells] if shape.has_table else []
    return "\n".join(found)


def of_pdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def of_xlsx(data: bytes, lang: str) -> str:
    """Cells as their number format shows them."""
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            share = cell.number_format == "0.00%"
            text = f"{cell.value:.2%}" if share else str(cell.value)
            found.append(text.replace(".", ",").replace("%", " %") if share and lang == "id" else text)
    return "\n".join(found)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_published_figures_stand_in_every_file(lang: str, deck: Deck, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--area", "75.05", "--lang", lang]) == 0
    texts = {"status": capsys.readouterr().out,
             **{kind: read(reports.file(deck, kind, lang)) for kind, read in (
                 ("pptx", of_pptx), ("pdf", of_pdf), ("one-pager pdf", of_pdf), ("xlsx", lambda data: of_xlsx(data, lang)))}}
    for where, text in texts.items():
        for figure in FIGURES[lang]:
            assert re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d])", plain(text)), f"{figure} is not in {where}"


@pytest.mark.parametrize("make", [pdf.pdf, onepager.pdf])
def test_a_pdf_is_tagged_bookmarked_and_carries_its_fonts(make: Any, deck: Deck) -> None:
    data = make(deck, "id", office="Dinas Dukcapil")
    assert len(data) < 3_000_000
    found = pypdf.PdfReader(io.BytesIO(data))
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value and root["/Lang"] == "id"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert found.metadata.title == "Kabupaten Gorontalo Utara, per 20 Juni 2023" and found.metadata.author == "Dinas Dukcapil"
    assert parse(found.metadata["/Keywords"]).area == "75.05"
    kinds = tags(root["/StructTreeRoot"])
    pictures = [one for one in kinds if one["/S"] == "/Figure"]
    assert pictures and all(one.get("/Alt") for one in pictures)
    assert {"/H1", "/Table", "/TH", "/TD", "/P"} <= {one["/S"] for one in kinds}
    assert found.outline
    for page in found.pages:
        for font in fonts(page["/Resources"]):
            below = [one.get_object() for one in font.get("/DescendantFonts", [])] or [font]
            assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one["/FontDescriptor"]) for one in below), font


def tags(node: Any) -> list[Any]:
    """Every element of the structure tree."""
    found, left = [], [node]
    while left:
        one = left.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            left += one
        elif isinstance(one, dict):
            if "/S" in one:
                found.append(one)
            if "/K" in one:
                left.append(one["/K"])
    return found


def fonts(resources: Any) -> Iterator[Any]:
    """The fonts of a page and of the pictures on it."""
    resources = resources.get_object()
    for font in resources.get("/Font", {}).values():
        yield font.get_object()
    for inner in resources.get("/XObject", {}).values():
        if "/Resources" in inner.get_object():
            yield from fonts(inner.get_object()["/Resources"])


def test_slides_of_the_pdf_have_a_bookmark_each(deck: Deck) -> None:
    found = pypdf.PdfReader(io.BytesIO(pdf.pdf(deck, "id")))
    assert len(found.outline) == len(found.pages) == len(deck.slides)
    assert all(tuple(map(float, page.mediabox[2:])) == pytest.approx((960, 540), abs=0.1) for page in found.pages)


@pytest.mark.parametrize("case", CASES)
def test_the_onepager_is_one_page_and_each_slide_one(case: str, tmp_path: Path) -> None:
    made = reports.deck(*CASES[case](tmp_path))
    for lang in ("id", "en"):
        page = pypdf.PdfReader(io.BytesIO(onepager.pdf(made, lang, office="Dinas Kependudukan dan Pencatatan Sipil")))
        assert len(page.pages) == 1, (case, lang)
        assert smallest(page) >= 8.9, (case, lang)
    slides = pypdf.PdfReader(io.BytesIO(pdf.pdf(made, "id")))
    assert len(slides.pages) == len(slides.outline) >= len(made.slides)
    assert smallest(slides) >= 17.9


def smallest(found: pypdf.PdfReader) -> float:
    """The smallest type on any page outside of its pictures, in points."""
    sizes = []
    for page in found.pages:
        page["/Resources"].get_object().pop("/XObject", None)
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: sizes.append(
            abs(size * (tm[3] or 1) * (cm[3] or 1))) if text.strip() else None)
    return min(sizes)


@pytest.mark.parametrize("case", ["sample", "many areas"])
def test_text_in_pictures_is_as_large_as_the_paper_asks(case: str, tmp_path: Path) -> None:
    made = reports.deck(*CASES[case](tmp_path))
    blocks = [block for slide in made.slides for block in slide.blocks if isinstance(block, (Map, Trend, Fan, Dots))]
    assert len(blocks) >= 3
    for block in blocks:
        drawn = pictures.svg(pictures.spec(block, "id", 6, 4))
        width, height = (float(re.search(rf'{name}="([0-9.]+)', drawn)[1]) for name in ("width", "height"))  # type: ignore[index]
        assert width <= 6 * pictures.SLIDE + 1 and height <= 4 * pictures.SLIDE + 1, type(block)
        assert min(map(float, re.findall(r'font-size="([0-9.]+)', drawn))) >= 12 == 18 * pictures.SLIDE / 72


def test_the_workbook_holds_dates_and_numbers(deck: Deck) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx(deck, "id")))
    assert book.sheetnames == ["Potret data", "Riwayat", "Proyeksi", "Peringatan", "Metode"]
    history = book["Riwayat"]
    heads = [cell.value for cell in history[4]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in history.iter_rows(min_row=5, max_row=7)]
    assert [row["Per tanggal"] for row in rows] == [datetime(2023, 6, 14), datetime(2023, 6, 19), datetime(2023, 6, 20)]
    assert [row["Belum rekam"] for row in rows] == [862, 650, 554]
    assert [row["Cakupan tercetak"] for row in rows] == [None, 0.993, 0.994]
    assert len(history._charts) == 1
    for sheet in book:
        assert sheet.freeze_panes == "B5" and sheet.auto_filter.ref
        assert "Contoh Juni 2023" in sheet["A2"].value and deck.fingerprint in sheet["A2"].value


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    made = reports.deck(*CASES["markup"](tmp_path))
    made.state.history["note"] = ["=1+1", "@SUM(A1)\x07"]
    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx(made, "id")))
    cells = [cell for row in book["Riwayat"].iter_rows(min_row=5) for cell in row if str(cell.value)[:1] in ("=", "@")]
    assert [cell.value for cell in cells] == ["=1+1", "@SUM(A1)"]
    assert all(cell.data_type in ("s", "inlineStr") and cell.quotePrefix for cell in cells)
