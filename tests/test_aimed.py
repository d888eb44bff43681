"""The office's aim where it shows: pages, slides and commands start from it; what is said of its plan; what is drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from pptx import Presentation

from ektp_analysis.__main__ import main
from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.over_time import trend
from ektp_analysis.core import contract
from ektp_analysis.core.aims import Aim, Event
from ektp_analysis.core.occasions import between
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.figures.planned import Plan, plan_of
from ektp_analysis.figures.series import history_of
from ektp_analysis.figures.timeline import LEAST_AHEAD, NOTHING, Along
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.office import reports, sample, stores
from ektp_analysis.projection.answers import plan_for
from ektp_analysis.report.ppt_charts import trend_chart
from tests.apps import AppTest, forget
from tests.engines import moment

ROOT = Path(__file__).resolve().parent.parent
AIM = Aim("75.05", Target.parse("99.6"), date(2024, 7, 31), "sebelum Pilkada", moment("2024-06-01 02:00"), "petugas")
PLAN = Plan(AIM, date(2024, 6, 1), 1000, 400)  # ten people a day


def test_long_holidays_and_elections_lie_on_their_days_beside_own_events() -> None:
    drive = Event(1, "75.05", date(2024, 4, 1), date(2024, 4, 5), "jemput bola", moment("2024-03-01 02:00"), "petugas")
    found = [(one.first, one.last, str(one.name), one.own) for one in between([drive], date(2024, 1, 1), date(2024, 12, 31))]
    assert found == [
        (date(2023, 12, 25), date(2024, 1, 1), "Christmas and New Year", False),
        (date(2024, 2, 14), date(2024, 2, 14), "general election", False),
        (date(2024, 4, 1), date(2024, 4, 5), "jemput bola", True),
        (date(2024, 4, 8), date(2024, 4, 15), "Eid al-Fitr", False),
        (date(2024, 11, 27), date(2024, 11, 27), "regional elections", False),
        (date(2024, 12, 25), date(2025, 1, 1), "Christmas and New Year", False),
    ]
    vote = replace(drive, first=date(2024, 2, 14), last=date(2024, 2, 14), name="Pemilu")
    assert [str(one.name) for one in between([vote], date(2024, 2, 1), date(2024, 2, 29))] == ["Pemilu"]
    days = [date(2024, 4, 7), date(2024, 4, 8), date(2024, 4, 15), date(2024, 4, 16)]
    assert [len(between([], day, day)) for day in days] == [0, 1, 1, 0]


def history(*left: int, first: date = date(2024, 5, 26)) -> pd.DataFrame:
    days = pd.date_range(first, periods=len(left), freq="7D")
    rows = [
        {"area_code": "75.05", "as_of_date": f"{day:%Y-%m-%d}", "eligible": 100_000, "unrecorded": n}
        for day, n in zip(days, left, strict=True)
    ]
    return history_of(contract.frame(rows), "75.05")


def drawn(rows: pd.DataFrame, along: Along) -> list[dict[str, Any]]:
    """All values of the layers of a trend."""
    layers = trend(rows, Look("id"), along=along).to_dict(validate=False)["layer"]
    return [value for layer in layers for value in layer.get("data", {}).get("values", [])]


def test_the_plan_is_drawn_to_its_day_or_as_far_as_the_figures_reach_back() -> None:
    rows = history(1010, 990, 950, 900, 860)  # four weeks
    plan = plan_of(rows, AIM)
    assert plan is not None and plan.points == ((date(2024, 6, 1), 1010), (date(2024, 7, 31), 400))
    found = [value for value in drawn(rows, Along(plan, holidays=False)) if "plan" in value]
    last = date(2024, 6, 23) + (date(2024, 6, 23) - date(2024, 5, 26))
    assert [(value["day"][:10], value["plan"], value["plan_text"]) for value in (found[0], found[-2])] == [
        ("2024-06-01", 1010, "1.010"),
        (last.isoformat(), pytest.approx(1010 - 610 * 50 / 60), str(plan.on(last))),
    ]
    assert Along(plan).until(date(2024, 6, 22), date(2024, 6, 23)) == date(2024, 6, 23 + 7) + pd.Timedelta(days=LEAST_AHEAD - 7)
    assert Along(plan).until(date(2024, 1, 1), date(2024, 6, 23)) == AIM.by
    texts = [value["text"] for value in drawn(rows, Along(plan)) if value.get("text")]
    assert "rencana: 99,60\u00a0% sampai 31 Jul 2024" in texts
    assert drawn(rows, NOTHING) == drawn(rows, Along(holidays=False)), "without a plan nothing is drawn"


def test_events_are_named_at_the_pointer_in_the_picture_where_there_is_room_and_in_the_table() -> None:
    rows = history(*range(1000, 500, -10), first=date(2024, 1, 7))  # to December
    close = [
        Event(n, "75.05", date(2024, 8, 5 + n), date(2024, 8, 5 + n), f"jemput bola {n}", moment("2024-03-01 02:00"), "petugas")
        for n in range(3)
    ]
    along = Along(None, tuple(close))
    values = [value for value in drawn(rows, along) if "event_text" in value]
    layers = trend(rows, Look("id"), along=along).to_dict(validate=False)["layer"]
    marks = [one["mark"] for one in layers if "event_text" in str(one.get("data")) and isinstance(one["mark"], dict)]
    assert [1, 3] in [mark.get("strokeDash") for mark in marks if mark["type"] == "rule"], "dotted, on the axis of days"
    names = ["pemilu", "Lebaran", "jemput bola 0", "jemput bola 1", "jemput bola 2", "pilkada"]
    assert {value["event_text"] for value in values} == set(names)
    written = {value["text"] for value in values} - {""}
    assert written == {"pemilu", "Lebaran", "jemput bola 2"}, "of three that lie close the last, and none beyond the edge"
    table = along.table(date(2024, 4, 1), date(2024, 8, 6), "id")
    assert list(table["event"]) == ["Lebaran", "jemput bola 0", "jemput bola 1"]
    assert list(table["event_to"].dt.strftime("%d %m")) == ["15 04", "05 08", "06 08"]


def test_a_plan_begins_anew_where_the_series_breaks() -> None:
    rows = contract.frame(
        [
            {"area_code": "75.05", "as_of_date": day, "eligible": n, "unrecorded": left, "basis": basis}
            for day, n, left, basis in (
                ("2024-05-26", 100_000, 1010, "DP4"),
                ("2024-06-02", 100_000, 990, "DP4"),
                ("2024-06-09", 120_000, 3000, "DKB"),
                ("2024-06-16", 120_000, 2900, "DKB"),
            )
        ]
    )
    plan = plan_for(history_of(rows, "75.05"), replace(AIM, target=ZERO))
    assert plan is not None and (plan.start, plan.unrecorded) == (date(2024, 6, 9), 3000)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An office with eight weekly figures of a kabupaten, the last of two days ago."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("EKTP_LANGUAGE", "en")
    monkeypatch.setenv("EKTP_UPLOADER", "petugas")
    for name in ("EKTP_DATABASE_URL", "EKTP_TODAY"):  # an aim is set on the clock's day
        monkeypatch.delenv(name, raising=False)
    forget()
    days = pd.date_range(end=datetime.now(settings().zone).date() - timedelta(days=2), periods=8, freq="7D")
    lines = [f"75.05;{day:%Y-%m-%d};100000;{1200 - 40 * n}" for n, day in enumerate(days)]
    data = "\n".join(["area_code;as_of_date;eligible;unrecorded", *lines]).encode()
    read = read_file(data, "weekly.csv")
    given = {"choices": read.choices.to_json(), "report": read.to_json("en")}
    received = datetime.now(settings().zone)
    stores.own_store().commit(read.rows, data=data, name="weekly.csv", uploader="petugas", received_at=received, **given)
    yield tmp_path
    forget()


Call = Callable[..., str]


@pytest.fixture
def call(office: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def call(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(list(arguments)) == code
        found = capsys.readouterr()
        return found.out if code == 0 else found.err

    return call


def until() -> str:
    """A day that is ahead whenever the test runs."""
    return f"{settings().day.year + 2}-06-30"


def usual() -> str:
    """The day that is asked about without an aim."""
    return f"{settings().day.year + (settings().day.month == 12)}-12-31"


def test_commands_set_list_withdraw_and_start_from_the_aim(call: Call) -> None:
    before = json.loads(call("project", "--json"))
    assert before["target"] == "zero" and "aim" not in before and "aim" not in json.loads(call("status", "--json"))
    made = json.loads(call("aim", "set", "--target", "99.5", "--by", until(), "--name", "sebelum Pilkada", "--json"))
    assert (made["area"], made["target"], made["by"], made["name"]) == ("75.05", "99.5", until(), "sebelum Pilkada")
    found = json.loads(call("project", "--json"))
    assert (
        found["target"] == "99.5" and list(found["probability_by"]) == [until()] and found["aim"]["plan"]["to"]["day"] == until()
    )
    assert json.loads(call("project", "--target", "99.9", "--by", "2027-01-01", "--json"))["target"] == "99.9"
    status = json.loads(call("status", "--json"))
    assert status["target"]["target"] == "99.5" and status["aim"]["set_by"] == "petugas"
    assert "the office aims at 99.50%" in call("status").lower() and "(sebelum Pilkada); set by petugas" in call("aim", "list")
    assert call("aim", "list", "--known-at", "2020-01-01") == ""
    assert "aim,75.05,99.5,," in call("export", "aims")
    assert "Withdrawn for" in call("aim", "withdraw") and json.loads(call("project", "--json")) == before
    assert "No aim is set for 75.05" in call("aim", "withdraw", code=1)
    assert call("aim", "restore", "--json") == call("aim", "list", "--json")
    assert "not after" in call("aim", "set", "--target", "zero", "--by", "2020-01-01", code=1)
    for name in ("7505012304890001", "NIK 750501-230489-0001"):
        assert "personal number" in call("aim", "set", "--target", "zero", "--by", until(), "--name", name, code=1)
        assert "personal number" in call("event", "add", name, "--from", "2026-07-01", code=1)


def test_commands_keep_events(call: Call) -> None:
    assert "1: jemput bola, 1 July 2026 to 5 July 2026" in call(
        "event", "add", "jemput bola", "--from", "2026-07-01", "--to", "2026-07-05"
    )
    assert "regional" not in call("event", "list") and "Eid al-Fitr, 20 March 2026 to 24 March 2026" in call(
        "event", "list", "--holidays", "2026"
    )
    assert "event,75.05,,2026-07-01,2026-07-05,jemput bola,petugas," in call("export", "aims")
    assert call("event", "withdraw", "1") and call("event", "list", "--json") == ""
    assert json.loads(call("event", "restore", "1", "--json"))["to"] == "2026-07-05"


def test_slides_page_and_workbook_start_from_the_aim(office: Path, call: Call) -> None:
    plain = reports.deck(stores.current(), "75.05")
    assert plain.state.aim is None and plain.state.target == Target.national() and plain.state.by_plan == ()
    call("aim", "set", "--target", "99.5", "--by", until(), "--name", "sebelum Pilkada")
    made = reports.deck(stores.current(), "75.05")
    day = date.fromisoformat(until())
    assert made.state.target.key == "99.5" and (day, "sebelum Pilkada") in [(one, str(why)) for one, why in made.state.dates]
    when = next(slide for slide in made.slides if slide.key == "when")
    assert when.blocks[0].by is not None and when.blocks[0].by[0] == day, "its day is asked about first"
    assert len(made.slides[0].blocks[0].lines) == len(plain.slides[0].blocks[0].lines) + 1
    paper, block = Presentation(), next(one for one in made.slides if one.key == "trend").blocks[0]
    canvas = paper.slides.add_slide(paper.slide_layouts[6])
    trend_chart(canvas, (0.5, 0.5, 7.0, 4.0), block, "en", alt="Trend")
    series = {one.name: list(one.values) for shape in canvas.shapes if shape.has_chart for one in shape.chart.plots[0].series}
    assert series["By the plan"] == [None] * 8, "the plan begins today, the figures end two days ago"
    book = office / "book.xlsx"
    book.write_bytes(reports.file(made, "xlsx", "en"))
    method = [str(cell.value) for row in load_workbook(book)["Method"] for cell in row]
    assert any("The office aims at 99.50%" in text or "the office aims at 99.50%" in text for text in method)


def page(name: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=300)
    app.switch_page(str(ROOT / "pages" / name))
    for key, value in {"area": "75.05", **query}.items():  # a first visit is in the language of the settings
        app.query_params[key] = value
    app.run()
    assert not app.exception, [one.value for one in app.exception]
    return app


def asked(app: AppTest) -> tuple[str, str]:
    found = [app.query_params[key] for key in ("target", "by")]
    target, by = (one if isinstance(one, str) else one[0] for one in found)
    return target, by


def test_the_first_own_figures_and_a_new_year_bring_a_deadline_of_their_own(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stood there before was nobody's choice, or is past: a pace up to such a day would be none."""
    monkeypatch.setattr(sample, "VOTE", date.fromisoformat(until()))
    app = page("projection.py", data="sample")
    assert asked(app)[1] == until(), "the election that the sample is about"
    app.query_params["data"] = "own"
    assert asked(app.run())[1] == usual()
    app.query_params["by"] = until()
    assert asked(app.run())[1] == until() == app.date_input[0].value.isoformat(), "now somebody chose it"
    today = settings().day
    for linked, shown in (("2024-02-14", usual()), (today - timedelta(days=1), usual()), (today, today)):
        assert str(page("projection.py", by=str(linked)).date_input[0].value) == str(shown)


def test_an_aim_set_on_the_page_changes_what_pages_and_commands_start_from(office: Path, call: Call) -> None:
    app = page("projection.py")
    assert asked(app) == ("99.4", usual())
    app.button(key="aim").click().run()
    app.segmented_control(key="aim_target").set_value("zero")
    app.date_input(key="aim_by").set_value(date.fromisoformat(until()))
    app.text_input(key="aim_name").input("sebelum Pilkada")
    app.button(key="aim_set").click().run()
    assert not app.exception and "Aim set for" in app.toast[0].value and asked(app) == ("zero", until())
    assert json.loads(call("project", "--json"))["aim"]["name"] == "sebelum Pilkada"
    assert any("full recording" in one.value.lower() for one in page("position.py").title)
    assert not page("slides.py").error  # nor an exception: what it keeps, it keeps by the aim too
    linked = page("projection.py", target="99.9", by=usual())
    assert asked(linked) == ("99.9", usual()), "what a link chose stays"
    app.button(key="aim").click().run()
    app.button(key="aim_withdraw_75.05").click().run()
    assert not app.exception and asked(app) == ("99.4", usual()) and call("aim", "list") == ""
    app.button(key="aim_undo").click().run()
    assert asked(app) == ("zero", until()) and "sebelum Pilkada" in call("aim", "list")
