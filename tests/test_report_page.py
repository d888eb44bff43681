"""The page Presentasi: every slide with its figures, order, own title and notes, and what is switched off."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from pptx import Presentation

from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.office import decisions, held, reports, stores
from ektp_analysis.report.deck import edited
from ektp_analysis.store.records import Arrangement, Edit
from tests.apps import AppTest

ROOT = Path(__file__).resolve().parent.parent


NIK = "7505036006990001"
Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample, which is built, and its slides drawn, once."""
    return tmp_path_factory.mktemp("sample")


@pytest.fixture
def opened(tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """``opened(deck="1")``: the page as a new visitor finds it, on the same data each time; nothing is saved yet."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(sample))
    monkeypatch.setenv("EKTP_UPLOADER", "petugas")
    monkeypatch.setenv("EKTP_DATABASE_URL", f"sqlite:///{(tmp_path / 'own.sqlite').as_posix()}")
    (sample / "office" / held.FILE).unlink(missing_ok=True)  # the store of the test before is not missed
    settings.cache_clear()
    st.cache_data.clear()

    def start(**query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=300)
        app.switch_page(str(ROOT / "pages" / "slides.py"))
        for key, value in {"lang": "id", **query}.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception, [e.value for e in app.exception]
        return app

    yield start
    stores.close_all()
    settings.cache_clear()


@pytest.fixture
def page(opened: Open) -> AppTest:
    return opened()


def click(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception, [e.value for e in page.exception]


def save(page: AppTest, name: str | None = None) -> None:
    """Save what is on the page, under another name if one is given."""
    if name is not None:
        next(field for field in page.text_input if field.label == "Simpan dengan nama").set_value(name)
    click(page, "Simpan")


def choose(page: AppTest, number: str) -> None:
    page.selectbox(key="widget_deck").select(number).run()
    assert not page.exception, [e.value for e in page.exception]


def said(page: AppTest) -> str:
    return "\n".join(one.value for kind in ("success", "info", "warning", "error", "caption") for one in getattr(page, kind))


def present(page: AppTest) -> Any:
    """What the button Tampilkan opens; None where it cannot be pressed."""
    links = [one.proto.url for one in page.get("link_button") if one.proto.label == "Tampilkan"]
    assert links or next(one for one in page.button if one.label == "Tampilkan").disabled
    return links[0] if links else None


def address(page: AppTest) -> str:
    """The chosen slides as they stand in the address."""
    found = page.query_params["deck"]
    return str(found if isinstance(found, str) else found[-1])


def decks() -> list[tuple[str, list[Edit]]]:
    """What is saved for the sample's area, without the slides of which nothing was made."""
    return [(one.name, [edit for edit in one.edits if edit != Edit(edit.key)]) for one in decisions.decks("75.05", sample=True)]


def strip(page: AppTest) -> dict[str, Any]:
    """What the strip of slides is sent."""
    return dict(json.loads(next(one.proto.json for one in page.get("bidi_component") if "slides" in one.proto.json)))


def turn(page: AppTest, slide: str) -> None:
    """Choose a slide, as a click in the strip does."""
    page.query_params["slide"] = slide
    page.run()
    assert not page.exception, [e.value for e in page.exception]


def own_title(page: AppTest, slide: str) -> Any:
    """The field for the own title of a slide."""
    turn(page, slide)
    (found,) = (field for field in page.text_input if field.label.startswith("Judul sendiri"))
    return found


def test_every_slide_with_the_published_figures(page: AppTest) -> None:
    assert page.title[0].value == "9 salindia: Kabupaten Gorontalo Utara, per 20 Juni 2023"
    assert len(page.toggle) == len(page.text_area) == 1
    slides = strip(page)["slides"]
    assert [one["number"] for one in slides] == list("123456789")
    said = page.text_area[0].value + "".join(one["html"] for one in slides).replace("\N{NO-BREAK SPACE}", " ")
    for figure in ("862", "650", "554", "99,30 %", "99,40 %"):
        assert figure in said, figure
    assert sum('class="picture"' in one["html"] for one in slides) == 4, "their pictures come by themselves"
    assert any("Contoh Juni 2023" in info.value for info in page.info)


def test_off_order_and_own_words_are_kept(page: AppTest) -> None:
    own_title(page, "trend")
    page.toggle[0].set_value(False).run()
    own_title(page, "answer").set_value("=Kita *tuntas* <b>").run()
    first = strip(page)["slides"][0]
    assert first["said"] == "1. =Kita *tuntas* <b>" and "<span>=Kita *tuntas* &lt;b&gt;</span></h2>" in first["html"], "at once"
    page.text_area[0].set_value("Sambutan").run()
    assert page.title[0].value.startswith("8 salindia")
    assert next(button for button in page.button if button.label == "Naikkan").disabled
    click(page, "Turunkan")
    assert strip(page)["chosen"] == "answer" and [one["key"] for one in strip(page)["slides"]][:2] == ["trend", "answer"]
    hidden, second = strip(page)["slides"][:2]
    assert hidden["hidden"] and "(tidak ditampilkan)" in hidden["said"] and "– / 8" in hidden["html"]
    assert "1 / 8" in second["html"] and not second["hidden"] and page.text_area[0].label == "Catatan salindia 2"
    assert own_title(page, "answer").value == "=Kita *tuntas* <b>" and page.text_area[0].value == "Sambutan"
    turn(page, "trend")
    assert not page.toggle[0].value and next(button for button in page.button if button.label == "Naikkan").disabled


def test_the_file_follows_what_was_made_of_the_slides(page: AppTest) -> None:
    deck = reports.deck(stores.current(sample=True), "75.05")
    made = edited(
        deck,
        [Edit("map"), Edit("answer", title="=Kita *tuntas* <b>", notes="Sambutan\n\nTerima kasih"), Edit("fan", shown=False)],
    )
    assert [slide.key for slide in made.slides] == ["map", "answer", "trend", "ranking", "when", "changes", "data", "method"]
    slides = Presentation(io.BytesIO(reports.file(made, "pptx", "id"))).slides
    assert slides[1].shapes.title.text_frame.text == "=Kita *tuntas* <b>"
    assert slides[1].notes_slide.notes_text_frame.text == "Sambutan\nTerima kasih"
    assert reports.file(made, "pdf", "id").startswith(b"%PDF")


def test_saved_slides_are_there_after_a_reload_and_a_restart(page: AppTest, opened: Open) -> None:
    assert present(page) == "slides/show?area=75.05&on=latest&data=own&lang=id&theme=light" and decks() == []
    own_title(page, "answer").set_value("Sambutan Kepala").run()
    turn(page, "fan")
    page.toggle[0].set_value(False).run()
    turn(page, "trend")
    page.text_area[0].set_value("Satu\n\ndua").run()
    click(page, "Naikkan")
    assert "Perubahan belum disimpan" in said(page) and present(page) is None
    save(page, "Rapat Senin")
    assert "Disimpan sebagai 'Rapat Senin'" in said(page).replace("\\", "") and "belum disimpan" not in said(page)
    assert decks() == [
        ("Rapat Senin", [Edit("trend", notes="Satu\n\ndua"), Edit("answer", title="Sambutan Kepala"), Edit("fan", shown=False)])
    ]
    assert address(page) == "1" and present(page) == "slides/show?deck=1&lang=id&theme=light"
    stores.close_all()
    again = opened(deck="1")
    assert again.selectbox(key="widget_deck").value == "1"
    assert again.text_area[0].value == "Satu\n\ndua" and own_title(again, "answer").value == "Sambutan Kepala"
    assert [one["hidden"] for one in strip(again)["slides"]].index(True) == 2 and again.title[0].value.startswith("8 salindia")
    assert "Disimpan oleh petugas pada" in said(again).replace("\\", "") and present(again) is not None
    new = opened()
    assert own_title(new, "answer").value == "" and new.selectbox(key="widget_deck").options == [
        "sesuai hasil evaluasi",
        "Rapat Senin",
    ]


def test_an_unsaved_change_waits_while_other_slides_are_chosen(page: AppTest) -> None:
    save(page, "Rapat Senin")
    own_title(page, "answer").set_value("Belum").run()
    choose(page, "standard")
    assert own_title(page, "answer").value == "" and "belum disimpan" not in said(page)
    assert page.selectbox(key="widget_deck").options[1] == "Rapat Senin (perubahan belum disimpan)"
    choose(page, "1")
    assert own_title(page, "answer").value == "Belum" and "Perubahan belum disimpan" in said(page)
    click(page, "Batalkan perubahan")
    assert own_title(page, "answer").value == "" and page.selectbox(key="widget_deck").options[1] == "Rapat Senin"
    assert decks() == [("Rapat Senin", [])]


def test_what_is_put_back_by_hand_is_no_change_and_own_notes_can_be_taken_out(page: AppTest) -> None:
    before = page.text_area[0].value
    page.text_area[0].set_value("Sambutan").run()
    assert "belum disimpan" in said(page)
    page.text_area[0].set_value(" ").run()
    assert page.text_area[0].value == before and "belum disimpan" not in said(page)
    page.toggle[0].set_value(False).run()
    page.toggle[0].set_value(True).run()
    assert "belum disimpan" not in said(page) and present(page) is not None


def test_over_itself_under_another_name_and_forgotten(page: AppTest, opened: Open) -> None:
    save(page, "Rapat Senin")
    page.toggle[0].set_value(False).run()
    save(page)
    own_title(page, "trend").set_value("Selasa").run()
    save(page, "Rapat Selasa")
    assert decks() == [
        ("Rapat Selasa", [Edit("answer", shown=False), Edit("trend", title="Selasa")]),
        ("Rapat Senin", [Edit("answer", shown=False)]),
    ]
    save(page, "rapat SENIN")
    assert "sudah tersimpan, oleh petugas" in said(page) and len(decks()) == 2
    click(page, "Keluarkan dari daftar")
    click(page, "Tetap simpan")
    assert len(decks()) == 2
    click(page, "Keluarkan dari daftar")
    click(page, "Ya, keluarkan")
    assert [name for name, _edits in decks()] == ["Rapat Senin"] and address(page) == "standard"
    gone = opened(deck="2")
    assert "tidak ada lagi" in said(gone) and gone.selectbox(key="widget_deck").value == "standard"


def test_what_somebody_else_saved_meanwhile_is_not_replaced_and_nothing_is_lost(page: AppTest) -> None:
    save(page, "Rapat Senin")
    own_title(page, "answer").set_value("Milik saya").run()
    (held,) = decisions.decks("75.05", sample=True)
    decisions.save_deck(Arrangement("75.05", True, "Rapat Senin", (Edit("map"),)), over=held.version, by="kepala")
    save(page)
    assert "sudah disimpan lagi oleh kepala" in said(page) and own_title(page, "answer").value == "Milik saya"
    assert decks() == [("Rapat Senin", [])] and decisions.decks("75.05", sample=True)[0].edits == (Edit("map"),)
    decisions.forget_deck(held.id, by="kepala")
    page.run()
    assert page.selectbox(key="widget_deck").value == "standard" and own_title(page, "answer").value == "Milik saya"
    assert "Perubahan belum disimpan" in said(page)
    save(page, "Milik saya")
    assert decks() == [("Milik saya", [Edit("answer", title="Milik saya")])]


@pytest.mark.parametrize("written", [NIK, "750503 600699 0001", "a\n7505.0360.0699\n.0001 b"])
def test_a_personal_number_is_neither_saved_nor_made_into_a_file(page: AppTest, written: str) -> None:
    turn(page, "trend")
    page.text_area[0].set_value(written).run()
    assert "catatan salindia 2 memuat NIK" in said(page) and "0001" not in said(page)
    assert present(page) is None and all(one.proto.disabled for one in page.get("download_button"))
    assert next(one for one in page.button if one.label == "Simpan").disabled
    page.text_area[0].set_value("").run()
    save(page, f"Rapat {NIK}")
    assert "memuat NIK" in said(page).replace("\\", "") and "0001" not in said(page) and decks() == []
    for edit in (Edit("map", title=f"x {written}"), Edit("map", notes=written)):
        with pytest.raises(UserError, match=r"slide 1 hold a personal number \(NIK\)") as refused:
            decisions.save_deck(Arrangement("75.05", False, "Rapat", (edit,)), over=None)
        assert "0001" not in str(refused.value)
    assert stores.own_store().decks() == []
