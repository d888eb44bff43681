"""Each answer, picture and file of a projection names the method that it was made by."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ektp_analysis.__main__ import main
from ektp_analysis.office import reports, stores
from ektp_analysis.page import forecast_parts, map_files, method_parts
from ektp_analysis.projection.result import METHOD
from tests.apps import forget
from tests.test_pages import start, texts
from tests.test_report_files import of_pdf, of_pptx

AREA = "75.05"
Taken = dict[str, tuple[list[pd.DataFrame], list[Any]]]


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("\\", "").split())


@pytest.fixture(scope="module", autouse=True)
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The sample, in a place without data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EKTP_DATA_DIR", str(tmp_path_factory.mktemp("none")))
        patch.setenv("EKTP_LANGUAGE", "en")
        patch.delenv("EKTP_DATABASE_URL", raising=False)
        forget()
        yield
        forget()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    """What a page gives to take away: by its key the tables, and the pictures as what they are drawn from."""
    found: Taken = {}

    def collect(
        _view: Any, key: str, *, frames: Mapping[str, Any] | None = None, pictures: Mapping[str, Callable[[], Any]] | None = None
    ) -> None:
        found[key] = list((frames or {}).values()), [make() for make in (pictures or {}).values()]

    for module in (forecast_parts, method_parts, map_files):
        monkeypatch.setattr(module, "downloads", collect)
        monkeypatch.setattr(module, "as_png", lambda chart: chart.to_dict() if hasattr(chart, "to_dict") else chart)
    return found


def under(picture: Any) -> str:
    """What stands in a picture as words."""
    return json.dumps(picture, ensure_ascii=False, default=str)


def test_the_page_proyeksi_and_what_is_taken_from_it(taken: Taken) -> None:
    app = start("projection.py", lang="en", area=AREA, target="zero")
    app.session_state["inside_areas"] = app.session_state["river_of_dates"] = True
    app.run()
    assert not app.exception and f"projection method: {METHOD}" in plain(texts(app))
    assert set(taken) == {"projection", "together", "river"}
    for key, (frames, pictures) in taken.items():
        assert frames and pictures, key
        assert all((rows["method"] == METHOD).all() for rows in frames), key
        assert all(f"projection method: {METHOD}" in under(picture) for picture in pictures), key


def test_the_page_metode_and_what_is_taken_from_it(taken: Taken) -> None:
    app = start("method.py", lang="en", area=AREA)
    for part in ("alike", "past", "public"):
        app.session_state[part] = True
    app.run()
    assert not app.exception and METHOD in plain(texts(app))
    assert "alike" in taken and "past" in taken
    for key in ("alike", "past"):
        frames, pictures = taken[key]
        assert all((rows["method"] == METHOD).all() for rows in frames), key
        assert all(f"projection method: {METHOD}" in under(picture) for picture in pictures), key


@pytest.mark.parametrize(("measure", "projected"), [("days", True), ("probability", True), ("pace", False)])
def test_a_map_of_what_is_projected(taken: Taken, measure: str, projected: bool) -> None:
    app = start("area_map.py", lang="en", area=AREA, show=measure)
    app.session_state["more"] = True
    app.run()
    assert not app.exception and (f"projection method: {METHOD}" in plain(texts(app))) is projected
    (frames, pictures) = taken["map"]
    assert all(("method" in rows) is projected for rows in frames)
    assert all((METHOD in under(picture)) is projected for picture in pictures) and pictures


def test_the_files_of_an_evaluation() -> None:
    deck = reports.deck(stores.current(), AREA)
    for kind, read in (("pptx", of_pptx), ("pdf", of_pdf), ("one-pager pdf", of_pdf)):
        assert METHOD in plain(read(reports.file(deck, kind, "en"))), kind
    book = openpyxl.load_workbook(io.BytesIO(reports.file(deck, "xlsx", "en")))
    assert any(METHOD in str(cell.value) for row in book["Method"].iter_rows() for cell in row)
    assert any(METHOD in str(cell.value) for row in book["Projection"].iter_rows() for cell in row)


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["project", "--sample", "--area", AREA, "--json", "--lang", "en"]) == 0
    assert json.loads(capsys.readouterr().out)["method"] == METHOD
    assert main(["project", "--sample", "--area", AREA, "--lang", "id"]) == 0
    assert re.search(f"metode proyeksi: {METHOD}", plain(capsys.readouterr().out))
