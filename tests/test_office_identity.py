"""The office's name and logo: kept in the data folder, before the settings; what is no picture is refused and changes nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pptx import Presentation

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.office import identity, makers, reports, stores
from tests.reports import deck_of
from tests.test_report import SVG, png


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("EKTP_OFFICE_NAME", "Dinas di pengaturan")
    settings.cache_clear()
    yield tmp_path / "data"
    stores.close_all()
    makers.stop()
    settings.cache_clear()


def test_what_is_entered_comes_before_the_settings_and_can_be_taken_back() -> None:
    before = identity.stamp()
    assert identity.current() == identity.Identity("Dinas di pengaturan", None)
    identity.keep_name("  Dinas \x07 Dukcapil\n<b>*x*</b> ")
    kept = identity.keep_logo(SVG, "lambang.svg")
    assert identity.current() == identity.Identity("Dinas Dukcapil <b>*x*</b>", kept) and identity.has_own_logo()
    assert identity.stamp() != before
    made = Presentation(io.BytesIO(reports.file(deck_of("one area"), "pptx", "id")))
    assert "Dinas Dukcapil <b>*x*</b>" in [shape.text_frame.text for shape in made.slide_master.shapes if shape.has_text_frame]
    assert [shape.image.blob for shape in made.slide_master.shapes if hasattr(shape, "image")] == [kept.png]
    identity.remove_logo()
    identity.keep_name(" ")
    assert identity.current() == identity.Identity("Dinas di pengaturan", None) and not identity.has_own_logo()


def test_the_logo_of_the_settings_holds_until_one_is_entered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "lambang.png").write_bytes(png(40, 20))
    monkeypatch.setenv("EKTP_LOGO", str(tmp_path / "lambang.png"))
    settings.cache_clear()
    found = identity.current().logo
    assert found is not None and (found.width, found.height) == (40, 20) and not identity.has_own_logo()
    kept = identity.keep_logo(SVG, "lambang.svg")
    assert identity.current().logo == kept != found


@pytest.mark.parametrize(
    "data",
    [
        b"MZ",
        b"\0" * 3_000_000,
        SVG.replace(b"<rect", b'<x:image xmlns:x="http://www.w3.org/2000/svg" x:href="a.png"/><rect'),
        SVG.replace(b"<rect", b"<script>1</script><rect"),
        SVG.replace(b"fill=", b"style='fill:url(http://a/b)' fill="),
        png(40, 20).replace(b"IEND", b"IEN"),
    ],
)
def test_a_refused_logo_changes_nothing(data: bytes) -> None:
    kept = identity.keep_logo(png(40, 20), "a.png")
    with pytest.raises(UserError, match=r"lambang\.png is not a PNG or SVG picture of at most 2 MB"):
        identity.keep_logo(data, "lambang.png")
    assert identity.current().logo == kept


def test_a_picture_that_lacks_some_of_its_rows_is_refused() -> None:
    with pytest.raises(UserError, match="is not a PNG"):
        identity.keep_logo(png(40, 20)[:33] + png(40, 10)[33:], "a.png")
    assert not identity.has_own_logo()


def test_a_data_folder_that_is_none_is_one_sentence(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "office").write_text("x")
    with pytest.raises(StoreError, match="cannot be written"):
        identity.keep_name("Dinas")
