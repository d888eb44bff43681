"""A new export and a new page are one entry each: seen on the page, in the command's help, made by the maker; a wrong entry is
refused with a sentence."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ektp_analysis import server
from ektp_analysis.__main__ import main
from ektp_analysis.cli import export_commands
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T
from ektp_analysis.office import reports, stores
from ektp_analysis.page import registry
from ektp_analysis.page.registry import PAGES, Page
from ektp_analysis.report import formats
from ektp_analysis.report.formats import FORMATS, Command, Format, by_command, format_of
from tests.apps import AppTest
from tests.reports import deck_of, folder


def make_outline(deck: Any, lang: str, *, office: str, logo: Any, told: Any) -> bytes:
    return f"{lang} {office}: {', '.join(slide.key for slide in deck.slides)}".encode()


OUTLINE = Format("outline", "Outline", "txt", "text/plain", make_outline, Command("outline", T("Method")), drawn=False)
SPARE = replace(OUTLINE, key="md", label="Markdown", ending="md", command=FORMATS[0].command)  # of a command that is there


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(folder()))
    monkeypatch.setenv("EKTP_OFFICE_NAME", "Dinas")
    settings.cache_clear()
    yield
    stores.close_all()
    settings.cache_clear()


def test_a_format_is_one_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, OUTLINE, SPARE))
    formats.check(formats.FORMATS)
    deck = deck_of("sample")
    wanted = ", ".join(slide.key for slide in deck.slides)
    assert reports.file(deck, "outline", "en") == f"en Dinas: {wanted}".encode()

    made = {one.name: one for one in export_commands.commands(formats.FORMATS)}
    assert list(made) == ["deck", "one-pager", "workbook", "outline"]
    said = CliRunner().invoke(made["outline"], ["--lang", "en", "--help"])
    assert said.exit_code == 0 and "Method" in said.output and "--area" in said.output
    out = tmp_path / "x.txt"
    done = CliRunner().invoke(made["outline"], ["--sample", "--area", "75.05", "--out", str(out), "--lang", "en"])
    assert done.exit_code == 0 and out.read_text() == f"en Dinas: {wanted}"
    refused = CliRunner().invoke(made["deck"], ["--out", "x.doc", "--lang", "en"])
    assert refused.exit_code == 2 and ".pptx, .pdf, .md" in refused.output


def test_a_format_and_a_page_stand_on_the_pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pages = shutil.copytree(registry.FOLDER, tmp_path / "pages")
    (pages / "new.py").write_text("import streamlit as st\n\nst.title('A new page')\n")
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, OUTLINE))
    monkeypatch.setattr(registry, "PAGES", (*PAGES, Page("new", T("Fan"), ":material/help:", ("Slider",))))
    registry.check(registry.PAGES, pages)
    assert registry.elements(registry.PAGES)["new"] == (*registry.EVERYWHERE, "Slider")
    app = AppTest.from_file(str(pages / "router.py"), default_timeout=120)
    app.query_params.update({"data": "sample", "lang": "en", "area": "75.05"})
    app.switch_page(str(pages / "new.py")).run()
    assert not app.exception and [one.value for one in app.title] == ["A new page"]
    app.switch_page(str(pages / "slides.py")).run()
    assert not app.exception
    assert [one.proto.label for one in app.get("download_button")][:5] == ["PowerPoint", "PDF", "A4", "Excel", "Outline"]


def test_a_page_is_one_file_and_one_entry(tmp_path: Path) -> None:
    for name in (registry.ROUTER, *(one.file for one in PAGES), "new"):
        (tmp_path / f"{name}.py").write_text("")
    new = Page("new", T("Fan"), ":material/help:")
    registry.check((*PAGES, new), tmp_path)
    with pytest.raises(StoreError, match=r"The file pages/new\.py is not a page: it has no entry in"):
        registry.check(PAGES, tmp_path)
    (tmp_path / "new.py").unlink()
    with pytest.raises(StoreError, match=r"The page 'new' has no file pages/new\.py"):
        registry.check((*PAGES, new), tmp_path)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (Page("data", T("Data"), ":material/help:"), "'data' appears twice"),
        (Page("router", T("Data"), ":material/help:"), "is the router"),
        (Page("new", T("Data"), ""), "'new' is not complete"),
        (Page("", T("Data"), ":material/help:"), "'' is not complete"),
    ],
)
def test_a_page_that_is_not_whole_is_refused(wrong: Page, says: str) -> None:
    with pytest.raises(StoreError, match=says):
        registry.check((*PAGES, wrong))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"key": "pdf"}, "'pdf' appears twice"),
        ({"label": "PDF"}, "'outline' appears twice, or is the same as another: PDF"),
        ({"label": ""}, "'outline' is not complete"),
        ({"make": None}, "is not complete"),
        ({"mime": ""}, "is not complete"),
        ({"ending": ".txt"}, r"has the ending '\.txt'"),
        ({"ending": "zip"}, "has the ending 'zip'"),
        ({"ending": "pdf", "command": FORMATS[0].command}, "the same as another: pdf"),
        ({"ending": "pdf"}, r"the same as another: \.pdf"),
    ],
)
def test_an_export_that_is_not_whole_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(StoreError, match=says):
        formats.check((*FORMATS, replace(OUTLINE, **change)))


def test_what_is_wrong_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(formats, "FORMATS", (*FORMATS, FORMATS[0]))
        assert main(["--lang", "en", "status"]) == 3
        assert "'pptx' appears twice" in capsys.readouterr().err
        with pytest.raises(SystemExit) as ended:
            server.check_or_exit("localhost")
        assert ended.value.code == server.STORE_FAILED and "pptx" in capsys.readouterr().err
    with monkeypatch.context() as patch:
        patch.setattr(registry, "PAGES", PAGES[1:])
        with pytest.raises(SystemExit):
            server.check_or_exit("localhost")
        assert "pages/position.py" in capsys.readouterr().err


def test_what_is_there_is_whole() -> None:
    formats.check(FORMATS)
    registry.check(PAGES)
    assert {name: [one.key for one in found] for name, found in by_command(FORMATS).items()} == {
        "deck": ["pptx", "pdf"],
        "one-pager": ["one-pager pdf"],
        "workbook": ["xlsx"],
    }
    assert all(format_of(one.key) is one for one in FORMATS)
