"""The published figures in every file, equal to the digit; tags, bookmarks and fonts of the PDF; the workbook's cells."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
import streamlit as st
from pptx import Presentation
from pypdf.generic import ContentStream

from ektp_analysis.__main__ import main
from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores
from ektp_analysis.report import pdf, pictures, powerpoint, workbook
from ektp_analysis.report.blocks import Dots, Fan, Map, Trend
from ektp_analysis.report.deck import Deck, edited
from ektp_analysis.report.state import parse
from ektp_analysis.store.records import Edit
from tests.apps import AppTest
from tests.breadth import case as further_case
from tests.breadth import crossed
from tests.pdf_words import Word, texts, words_of
from tests.reports import CASES, OFFICE, deck_of, file_of, folder

ROOT = Path(__file__).resolve().parent.parent
FIGURES = {"id": ("862", "650", "554", "99,30 %", "99,40 %"), "en": ("862", "650", "554", "99.30%", "99.40%")}


@pytest.fixture(autouse=True, scope="module")
def home() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setenv("EKTP_DATA_DIR", str(folder()))
    settings.cache_clear()
    yield
    stores.close_all()
    patch.undo()
    settings.cache_clear()


@pytest.fixture(scope="module")
def deck() -> Deck:
    return deck_of("sample")


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
    return "\n".join(texts(data))


def of_xlsx(data: bytes, lang: str) -> str:
    """Cells as their number format shows them."""
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            share = cell.number_format == "0.00%"
            text = f"{cell.value:.2%}" if share else str(cell.value)
            found.append(text.replace(".", ",").replace("%", " %") if share and lang == "id" else text)
    return "\n".join(found)


def of_page(lang: str) -> str:
    """What the page Presentation shows: heading, slides, and the notes of one of them."""
    st.cache_data.clear()
    app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=300)
    app.switch_page(str(ROOT / "pages" / "slides.py"))
    app.query_params["lang"] = lang
    app.run()
    assert not app.exception, [one.value for one in app.exception]
    slides = next(one.proto.json for one in app.get("bidi_component") if "slides" in one.proto.json)
    shown = [re.sub(r"<[^>]+>", "\n", one["html"]) for one in json.loads(slides)["slides"]]
    return "\n".join([app.title[0].value, *shown, *(one.value for one in app.text_area)])


def of_status(lang: str) -> str:
    with redirect_stdout(io.StringIO()) as out:
        assert main(["status", "--sample", "--area", "75.05", "--lang", lang]) == 0
    return out.getvalue()


WHERE: dict[str, Callable[[str], str]] = {
    "pptx": lambda lang: of_pptx(file_of("sample", "pptx", lang)),
    "page": of_page,
    "pdf": lambda lang: of_pdf(file_of("sample", "pdf", lang)),
    "status": of_status,
    "one-pager pdf": lambda lang: of_pdf(file_of("sample", "one-pager pdf", lang)),
    "xlsx": lambda lang: of_xlsx(file_of("sample", "xlsx", lang), lang),
}


@pytest.mark.parametrize(("lang", "where"), crossed(["id", "en"], WHERE))
def test_the_published_figures_stand_in_every_file_on_the_page_and_in_status(lang: str, where: str) -> None:
    text = WHERE[where](lang)
    for figure in FIGURES[lang]:
        assert re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d])", plain(text)), figure
    ours, other = ("Batas wilayah: BPS", "Boundaries: BPS")[:: 1 if lang == "id" else -1]
    if where in ("page", "pptx", "pdf", "xlsx"):
        text = " ".join(text.split())
        assert ours in text and other not in text


@pytest.mark.parametrize("kind", ["pdf", "one-pager pdf"])
def test_a_pdf_is_tagged_bookmarked_and_carries_its_fonts(kind: str) -> None:
    data = file_of("sample", kind)
    assert len(data) < 3_000_000
    found = pypdf.PdfReader(io.BytesIO(data))
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value and root["/Lang"] == "id"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert found.metadata.title == "Kabupaten Gorontalo Utara, per 20 Juni 2023" and found.metadata.author == OFFICE
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
    found = pypdf.PdfReader(io.BytesIO(file_of("sample", "pdf")))
    assert len(found.outline) == len(found.pages) == len(deck.slides)
    assert all(tuple(map(float, page.mediabox[2:])) == pytest.approx((960, 540), abs=0.1) for page in found.pages)


IN_BOTH = {"long names", "many areas", "above 100"}  # where words are longest


def sheets() -> list[Any]:
    """Each case on both sheets, some in both languages; every run has each case on one, in turn."""
    return [
        further_case(name, kind, lang, further=(turn + place) % 2 == 0 or other > 0)
        for turn, name in enumerate(CASES)
        for place, kind in enumerate(("pdf", "one-pager pdf"))
        for other, lang in enumerate(("id", "en") if name in IN_BOTH else ("id",))
    ]


@pytest.mark.parametrize(("case", "kind", "lang"), sheets())
def test_the_onepager_is_one_page_each_slide_one_and_all_words_lie_on_them(case: str, kind: str, lang: str) -> None:
    data = file_of(case, kind, lang)
    words = words_of(data)
    if kind == "one-pager pdf":
        assert len(words) == 1
        assert inside(words, 40, 20)
        assert smallest(words) >= 8.9
    else:
        assert len(words) == len(pypdf.PdfReader(io.BytesIO(data)).outline) >= len(deck_of(case).slides)
        assert inside(words, 35, 15)
        assert smallest(words) >= 17.9


def inside(pages: list[tuple[float, float, list[Word]]], side: float, edge: float) -> bool:
    """Whether every word begins so many points from left and right, and from top and bottom; no page is without words."""
    return all(
        words and all(side - 5 <= x <= width - side and edge <= y <= height - edge for x, y, _ in words)
        for width, height, words in pages
    )


def smallest(pages: list[tuple[float, float, list[Word]]]) -> float:
    """The smallest type on any page, in points."""
    return min(size for _, _, words in pages for *_, size in words)


PAINTS = {b"Tj", b"TJ", b"'", b'"', b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"Do", b"sh"}


@pytest.mark.parametrize(
    ("case", "kind"), [("sample", "pdf"), ("sample", "one-pager pdf"), ("many areas", "pdf"), ("above 100", "one-pager pdf")]
)
def test_a_pdf_keeps_the_rules_of_pdf_ua(case: str, kind: str) -> None:
    """What a validator of PDF/UA-1 looks at and a program can: the document says so, has title, language and tags; every
    mark on a page is content in the structure or an artifact; figures have words; tables have heads; headings do not skip."""
    found = pypdf.PdfReader(io.BytesIO(file_of(case, kind)))
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value and root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert root["/Lang"] == "id" and found.metadata is not None and found.metadata.title
    assert re.search(r"pdfuaid:part[>=\"]+1", root["/Metadata"].get_data().decode())
    for page in found.pages:
        assert page.get("/Tabs", "/S") == "/S"
        depth, outside = 0, []
        for operands, operator in ContentStream(page["/Contents"].get_object(), found).operations:
            if operator in (b"BDC", b"BMC"):
                depth += 1
                assert depth > 1 or operands[0] == "/Artifact" or "/MCID" in operands[1], operands
            elif operator == b"EMC":
                depth -= 1
            elif operator in PAINTS and not depth:
                outside.append(operator)
        assert depth == 0 and not outside, outside[:3]
    kinds = structure(root["/StructTreeRoot"])
    assert all(str(one.get("/Alt", "")).strip() for one in kinds if one["/S"] == "/Figure")
    for table in (one for one in kinds if one["/S"] == "/Table"):
        assert "/TH" in {one["/S"] for one in structure(table)}
    levels = [int(one["/S"][2:]) for one in kinds if re.fullmatch(r"/H[1-6]", one["/S"])]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in pairwise(levels)), levels
    assert "/ParentTree" in root["/StructTreeRoot"]


def structure(node: Any) -> list[Any]:
    """The elements below a node of the structure tree, in reading order."""
    found: list[Any] = []
    below = node["/K"].get_object() if hasattr(node.get("/K"), "get_object") else node.get("/K", [])
    for one in below if isinstance(below, list) else [below]:
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, dict) and "/S" in one:
            found += [one, *structure(one)]
    return found


@pytest.mark.parametrize("case", ["sample", "many areas"])
def test_text_in_pictures_is_as_large_as_the_paper_asks(case: str) -> None:
    made = deck_of(case)
    blocks = [block for slide in made.slides for block in slide.blocks if isinstance(block, (Map, Trend, Fan, Dots))]
    assert len(blocks) >= 3
    for block in blocks:
        drawn = pictures.svg(pictures.spec(block, "id", 6, 4))
        width, height = (float(re.search(rf'{name}="([0-9.]+)', drawn)[1]) for name in ("width", "height"))  # type: ignore[index]
        assert width <= 6 * pictures.SLIDE + 1 and height <= 4 * pictures.SLIDE + 1, type(block)
        assert min(map(float, re.findall(r'font-size="([0-9.]+)', drawn))) >= 12 == 18 * pictures.SLIDE / 72


def test_the_workbook_holds_dates_and_numbers(deck: Deck) -> None:
    book = openpyxl.load_workbook(io.BytesIO(file_of("sample", "xlsx")))
    assert book.sheetnames == ["Potret data", "Riwayat", "Proyeksi", "Peringatan", "Metode"]
    history = book["Riwayat"]
    heads = [cell.value for cell in history[4]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in history.iter_rows(min_row=5, max_row=7)]
    assert [row["Per tanggal"] for row in rows] == [datetime(2023, 6, 14), datetime(2023, 6, 19), datetime(2023, 6, 20)]
    assert [row["Belum rekam"] for row in rows] == [862, 650, 554]
    assert [row["Cakupan menurut laporan"] for row in rows] == [None, 0.993, 0.994]
    assert len(history._charts) == 1
    for sheet in book:
        assert sheet.freeze_panes == "B5" and sheet.auto_filter.ref
        assert "Contoh Juni 2023" in sheet["A2"].value and deck.fingerprint in sheet["A2"].value


ATTACK = '=1+1|@SUM(A1)|<img src=x onerror=alert(1)>#read("/etc/passwd")*_$x$_*[a](javascript:alert(1))'


def test_text_that_looks_like_a_formula_stays_text() -> None:
    history = deck_of("markup").state.history.copy()
    history["note"] = ["=1+1", "@SUM(A1)\x07"]
    made = replace(deck_of("markup"), state=replace(deck_of("markup").state, history=history))
    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx(made, "id")))
    cells = [cell for row in book["Riwayat"].iter_rows(min_row=5) for cell in row if str(cell.value)[:1] in ("=", "@")]
    assert [cell.value for cell in cells] == ["=1+1", "@SUM(A1)"]
    assert all(cell.data_type in ("s", "inlineStr") and cell.quotePrefix for cell in cells)


def test_markup_in_titles_notes_names_and_credits_is_only_text() -> None:
    """An own title, notes, the office's name, the name of an area in a file of outlines and its credit, in all four files."""
    whole = deck_of("sample")
    shapes = next(block for slide in whole.slides for block in slide.blocks if isinstance(block, Map))
    hostile = replace(
        shapes.boundaries, credit=ATTACK, shapes=tuple(replace(shape, name=ATTACK) for shape in shapes.boundaries.shapes)
    )
    made = edited(
        replace(
            whole,
            slides=tuple(
                replace(slide, blocks=(replace(shapes, boundaries=hostile),)) if slide.key == "map" else slide
                for slide in whole.slides
            ),
            state=replace(whole.state, boundaries=hostile),
        ),
        [Edit("answer", title=ATTACK, notes=ATTACK), Edit("map", title=ATTACK)],
    )
    slides = powerpoint.pptx(made, "id", office=ATTACK)
    first = Presentation(io.BytesIO(slides)).slides[0]
    assert first.shapes.title.text_frame.text == ATTACK == first.notes_slide.notes_text_frame.text
    with zipfile.ZipFile(io.BytesIO(slides)) as package:
        assert not [name for name in package.namelist() if b'TargetMode="External"' in package.read(name)]
    for data in (pdf.slides_pdf(made, "id", office=ATTACK), pdf.page_pdf(made, "id", office=ATTACK)):
        text = "".join(of_pdf(data).split())
        assert "".join(ATTACK.split()) in text and "root:" not in text
        for action in (b"/JavaScript", b"/URI", b"/Launch", b"/EmbeddedFile"):
            assert action not in data
    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx(made, "id", office=ATTACK)))
    held = [cell for row in book["Metode"].iter_rows() for cell in row if cell.value == ATTACK]
    assert held and all(cell.data_type in ("s", "inlineStr") and cell.hyperlink is None for cell in held)
    drawn = pictures.svg(pictures.spec(replace(shapes, boundaries=hostile), "id", 8, 4))
    assert "<img" not in drawn and "&lt;img" in drawn
