"""The page Presentasi: every slide with its figures, order, own title and notes, and what is switched off."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from ektp_analysis import office
from ektp_analysis.office import reports
from ektp_analysis.report.editing import Edit, edited
from ektp_analysis.settings import settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    settings.cache_clear()
    st.cache_data.clear()
    app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=300)
    app.query_params["lang"] = "id"
    app.run()
    app.switch_page(str(ROOT / "pages" / "slides.py"))
    app.query_params["lang"] = "id"
    app.run()
    assert not app.exception, [e.value for e in app.exception]
    yield app
    office.close_all()
    settings.cache_clear()


def titles(page: AppTest) -> list[Any]:
    """The fields for own titles, in the order of the slides."""
    return [field for field in page.text_input if field.label.startswith("Judul sendiri")]


def test_every_slide_with_the_published_figures(page: AppTest) -> None:
    assert page.title[0].value == "9 salindia untuk evaluasi Kabupaten Gorontalo Utara, per 20 Juni 2023"
    assert len(page.toggle) == len(titles(page)) == len(page.text_area) == 9
    said = "\n".join(area.value for area in page.text_area).replace("\N{NO-BREAK SPACE}", " ")
    for figure in ("862", "650", "554", "99,30 %", "99,40 %"):
        assert figure in said, figure
    assert any("Contoh Juni 2023" in info.value for info in page.info)


def test_off_order_and_own_words_are_kept(page: AppTest) -> None:
    page.toggle[1].set_value(False).run()
    titles(page)[0].set_value("=Kita *tuntas* <b>").run()
    page.text_area[0].set_value("Sambutan").run()
    assert page.title[0].value.startswith("8 salindia")
    later = next(button for button in page.button if button.label == "Salindia 1 ke belakang")
    later.click().run()
    assert not page.exception
    assert titles(page)[1].value == "=Kita *tuntas* <b>" and page.text_area[1].value == "Sambutan"
    assert not page.toggle[0].value
    assert next(button for button in page.button if button.label == "Salindia 1 ke depan").disabled


def test_the_file_follows_what_was_made_of_the_slides(page: AppTest) -> None:
    deck = reports.deck(office.current(sample=True), "75.05")
    made = edited(deck, [Edit("map"), Edit("answer", title="=Kita *tuntas* <b>", notes="Sambutan\n\nTerima kasih"),
                         Edit("fan", shown=False)])
    assert [slide.key for slide in made.slides] == ["map", "answer", "trend", "ranking", "when", "changes", "data", "method"]
    slides = Presentation(io.BytesIO(reports.file(made, "pptx", "id"))).slides
    assert slides[1].shapes.title.text_frame.text == "=Kita *tuntas* <b>"
    assert slides[1].notes_slide.notes_text_frame.text == "Sambutan\nTerima kasih"
    assert reports.file(made, "pdf", "id").startswith(b"%PDF")
    assert list(reports.previews(made, "id")) == [slide.key for slide in made.slides]
