"""Files on their way in, on the page Data: what is asked, what is chosen beforehand, what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from ektp_analysis.core.settings import settings
from ektp_analysis.ingest.report import UNDECIDED, Choices
from ektp_analysis.office import imports, stores
from ektp_analysis.page import upload_parts
from tests.apps import AppTest

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("ATINGGOLA", "KWANDANG", "ANGGREK", "SUMALATA", "TOLINGGULA", "GENTUMA RAYA")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own and empty caches."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    settings.cache_clear()
    stores.close_all()
    st.cache_data.clear()
    st.cache_resource.clear()


def desk(files: dict[str, bytes], **query: str) -> AppTest:
    """The page Data with these files read and waiting for a decision."""
    app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=300)
    app.switch_page(str(ROOT / "pages" / "data.py"))
    for key, value in {"lang": "id", **query}.items():
        app.query_params[key] = value
    app.session_state["upload_read"] = {
        name: upload_parts.Pending(data, imports.read(data, name, UNDECIDED), Choices()) for name, data in files.items()
    }
    app.run()
    assert not app.exception, [one.value for one in app.exception]
    return app


def lists(first: str = "PEREKAMAN SIAK", second: str = "PEREKAMAN PUSAT") -> bytes:
    """A table with the recorded of two lists, in no file that says its day: two questions."""
    lines = [f"{name};{8013 + 103 * place};{7900 + 100 * place};{7950 + 99 * place}" for place, name in enumerate(NAMES)]
    return "\n".join([f"KECAMATAN;WAJIB KTP;{first};{second}", *lines]).encode()


def test_nothing_is_chosen_beforehand_and_all_must_be_answered(office: Path) -> None:
    app = desk({"gorontalo utara.csv": lists()})
    columns, answer = app.radio[0], app.button(key="answered_gorontalo utara.csv")
    assert len(columns.options) > 1 and columns.value is None and answer.disabled
    columns.set_value(1).run()
    assert app.button(key="answered_gorontalo utara.csv").disabled  # the day is open
    app.date_input(key="day_gorontalo utara.csv_1").set_value("2023-07-01").run()
    app.button(key="answered_gorontalo utara.csv").click().run()
    assert not app.exception
    report = app.session_state["upload_read"]["gorontalo utara.csv"].report
    assert report.status == "accepted" and report.latest.recorded == sum(7950 + 99 * place for place in range(6))


def test_a_single_reading_is_not_chosen_beforehand(office: Path) -> None:
    """The eligible alone, which a hasty click took."""
    lines = [f"{name};{8013 + 103 * place};{7000 + 100 * place}" for place, name in enumerate(NAMES)]
    name = "gorontalo utara per 1 Juli 2023.csv"
    app = desk({name: "\n".join(["KECAMATAN;WAJIB KTP;REKAM BULAN INI", *lines]).encode()})
    (reading,) = app.radio
    assert len(reading.options) == 1 and reading.value is None
    assert app.button(key=f"answered_{name}").disabled and f"accept_{name}" not in [one.key for one in app.button]
    reading.set_value(0).run()
    assert not app.button(key=f"answered_{name}").disabled


def test_an_answer_of_ones_own_is_closed_while_a_reading_is_chosen(office: Path) -> None:
    """Two readings of the day, and a day of one's own: only one of them can be meant."""
    lines = [f"{name};{8013 + 103 * place};{7900 + 100 * place}" for place, name in enumerate(NAMES)]
    text = "\n".join(["01/02/2023 03/04/2023", "KECAMATAN;WAJIB KTP;SUDAH REKAM", *lines])
    app = desk({"gorontalo utara.csv": text.encode()})
    own, (reading,) = app.date_input[0], app.radio
    assert reading.value is None and not own.disabled
    reading.set_value(0).run()
    assert app.date_input[0].disabled and not app.button(key="answered_gorontalo utara.csv").disabled
    app.radio[0].set_value(-1).run()
    assert not app.date_input[0].disabled and app.button(key="answered_gorontalo utara.csv").disabled
