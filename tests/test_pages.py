"""Every page with nothing of its own, with the sample, and with a year of weekly data; both languages; no exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ektp_analysis import office
from ektp_analysis.ingest import Choices
from ektp_analysis.settings import settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("overview.py", "area_map.py", "projection.py", "data.py")
Run = Callable[..., AppTest]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """``run("overview.py", lang="en", area="75.05")``: the page behind the router, with a data folder of its own."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    forget()

    def start(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        if page != PAGES[0]:
            app.switch_page(str(ROOT / "pages" / page))
            for key, value in query.items():
                app.query_params[key] = value
            app.run()
        assert not app.exception, [e.value for e in app.exception]
        return app

    yield start
    forget()


def forget() -> None:
    settings.cache_clear()
    office.close_all()
    st.cache_data.clear()
    st.cache_resource.clear()


def texts(app: AppTest) -> str:
    kinds = ("title", "subheader", "caption", "markdown", "info", "warning", "error", "success", "metric")
    found = [getattr(element, "value", "") for kind in kinds for element in getattr(app, kind)]
    return "\n".join(str(text) for text in found)


def take_in(text: str, name: str = "week.csv") -> None:
    data = text.encode()
    report = office.read(data, name, Choices())
    assert report.status == "accepted", report
    office.commit(report, data, uploader="tester")


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_the_sample(run: Run, page: str, lang: str) -> None:
    app = run(page, lang=lang)
    said = texts(app)
    assert "554" in said or page in {"projection.py", "data.py"}
    banner = {"id": "Contoh Juni 2023", "en": "Sample of June 2023"}[lang]
    assert any(banner in info.value for info in app.info)
    assert not app.error


@pytest.mark.parametrize(("on", "unrecorded", "coverage"), [
    ("2023-06-14", "862", ""), ("2023-06-19", "650", "99,30"), ("2023-06-20", "554", "99,40")])
def test_the_published_days(run: Run, on: str, unrecorded: str, coverage: str) -> None:
    app = run("overview.py", on=on)
    assert unrecorded in app.title[0].value
    shown = [metric.value for metric in app.metric]
    assert unrecorded in shown
    assert any(coverage in value for value in shown)


@pytest.mark.parametrize("page", PAGES)
def test_an_area_without_figures(run: Run, page: str) -> None:
    app = run(page, area="35.19")
    assert not app.error
    assert page == "data.py" or app.title[0].value


@pytest.mark.parametrize("page", PAGES)
def test_a_year_of_weekly_data(run: Run, page: str) -> None:
    days = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(53)]
    rows = ["area_code,as_of_date,eligible,unrecorded"]
    for week, day in enumerate(days):
        rows += [f"75.05.{n:02d},{day},{8000 + week * 3},{max(5, int((400 + 30 * n) * 0.95 ** week))}" for n in range(1, 12)]
    take_in("\n".join(rows))
    app = run(page)
    assert not app.error and not any("Contoh Juni" in info.value for info in app.info)
    if page == "overview.py":
        last = sum(max(5, int((400 + 30 * n) * 0.95 ** 52)) for n in range(1, 12))
        assert str(last) in app.title[0].value


def test_a_choice_moves_with_the_reader(run: Run) -> None:
    app = run("overview.py", on="2023-06-19")
    app.switch_page(str(ROOT / "pages" / "projection.py")).run()
    assert not app.exception
    assert app.query_params["on"] in (["2023-06-19"], "2023-06-19")


def test_more_than_all_is_said_and_unrecorded_stays_unknown(run: Run) -> None:
    take_in("area_code,as_of_date,coverage_reported\n75.05,2017-12-31,103.94\n")
    app = run("overview.py")
    shown = [metric.value for metric in app.metric]
    assert any("103,94" in value for value in shown)
    assert "–" in shown and "0" not in shown


def test_retract_and_undo_on_the_page(run: Run) -> None:
    take_in("area_code,as_of_date,unrecorded\n75.05,2024-01-01,100\n")
    app = run("data.py")
    app.text_input[0].set_value("wrong file")
    next(b for b in app.button if "Tarik" in b.label).click().run()
    assert not app.exception and not app.error
    batch = office.current().store.batches()[0]
    assert batch.retracted is not None and batch.retracted.reason == "wrong file"
    app.text_input[0].set_value("was right")
    next(b for b in app.button if "Batalkan" in b.label).click().run()
    assert office.current().store.batches()[0].retracted is None


def test_a_retraction_needs_a_reason(run: Run) -> None:
    take_in("area_code,as_of_date,unrecorded\n75.05,2024-01-01,100\n")
    app = run("data.py")
    next(b for b in app.button if "Tarik" in b.label).click().run()
    assert app.error and not app.exception
    assert office.current().store.batches()[0].retracted is None


def test_verify_on_the_page(run: Run) -> None:
    take_in("area_code,as_of_date,unrecorded\n75.05,2024-01-01,100\n")
    app = run("data.py")
    app.button(key="verify").click().run(timeout=60)
    assert app.success and not app.error


@pytest.mark.parametrize("page", PAGES)
def test_a_store_in_which_nothing_holds(run: Run, page: str) -> None:
    """The only upload was taken back: the sample does not come back in silence, and every page says what to do next."""
    take_in("area_code,as_of_date,unrecorded\n75.05,2024-01-01,100\n")
    now = office.current()
    now.store.retract(now.store.batches()[0].id, reason="wrong", by="tester", at=datetime.now(UTC))
    app = run(page)
    assert not app.error and not any("Contoh Juni" in info.value for info in app.info)
    assert page in {"data.py", "method.py"} or "100" not in texts(app)
    assert app.title[0].value
