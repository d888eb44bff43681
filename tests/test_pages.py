"""Every page with nothing of its own, with the sample, and with months of weekly data; both languages; no exception."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from ektp_analysis.core.area import around
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO
from ektp_analysis.ingest.report import Choices
from ektp_analysis.office import imports, stores
from ektp_analysis.page import choices, parts
from ektp_analysis.projection.result import NOT_REACHED
from tests.apps import PAGES, AppTest, area_list, forget, start, strip
from tests.breadth import crossed

ROOT = Path(__file__).resolve().parent.parent
Run = Callable[..., AppTest]
Having = Callable[..., Run]
PATIENCE = 300  # seconds; how busy the machine is must not decide


def enter(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("EKTP_DATA_DIR", str(folder))
    patch.delenv("EKTP_DATABASE_URL", raising=False)
    settings.cache_clear()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worlds: Worlds) -> Iterator[Run]:
    """The app with a data folder of its own and with empty caches, for a test that changes what is stored."""
    worlds.leave()
    enter(tmp_path, monkeypatch)
    yield start
    forget()


class Worlds:
    """Data folders for tests that only read: what one of them computed is there for the next."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders, self._made, self._here = folders, dict[str, Path](), ""

    def leave(self) -> None:
        forget()
        self._here = ""

    def enter(self, text: str, patch: pytest.MonkeyPatch) -> None:
        new = text not in self._made
        if new:
            self._made[text] = self._folders.mktemp("world")
        if self._here != str(self._made[text]):
            self.leave()
            self._here = str(self._made[text])
        enter(self._made[text], patch)
        if new and text:
            take_in(text)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = Worlds(tmp_path_factory)
    yield made
    made.leave()


@pytest.fixture
def having(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> Iterator[Having]:
    """``having(text)``: the app after this file was taken in, or with the sample; only for reading."""

    def having(text: str = "") -> Run:
        worlds.enter(text, monkeypatch)
        return start

    yield having
    settings.cache_clear()


@pytest.fixture
def reads(having: Having) -> Run:
    """The app with the sample, for a test that changes nothing."""
    return having()


def texts(app: AppTest) -> str:
    kinds = ("title", "header", "caption", "markdown", "info", "warning", "error", "success", "metric")
    found = [getattr(element, "value", "") for kind in kinds for element in getattr(app, kind)]
    return "\n".join(str(text) for text in found)


def take_in(text: str, name: str = "week.csv") -> None:
    data = text.encode()
    report = imports.read(data, name, Choices())
    assert report.status == "accepted", report
    imports.commit(report, data, uploader="tester")


def test_the_first_visitor_finds_the_map_computed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from ektp_analysis.page import choices, map_choices, map_files, map_parts

    map_files.warm()
    for module, name in ((choices, "roll_up"), (map_choices, "mapped"), (map_parts, "area_layer")):
        monkeypatch.setattr(module, name, None)  # whoever computes anew stumbles
    assert "554" in texts(run("area_map.py", area="75.05"))


@pytest.mark.parametrize(
    ("codes", "area"),
    [
        (["75.05.01", "75.05.02"], "75.05"),
        (["75.05.01"], "75.05.01"),
        ([], "ID"),
        (["75.05", "75"], "75"),
        (["75.05", "71.01"], "ID"),
        (["ID", "75.05"], "ID"),
        (["75.05", "75.05.01.2001"], "75.05"),
    ],
)
def test_the_area_of_all_figures(codes: list[str], area: str) -> None:
    assert around(codes) == area


@pytest.mark.parametrize(("page", "lang"), crossed(PAGES, ["id", "en"]))
def test_the_sample(reads: Run, page: str, lang: str) -> None:
    app = reads(page, lang=lang)
    said = texts(app)
    assert "554" in said or page in {"projection.py", "slides.py", "data.py", "method.py"}
    banner = {"id": "Contoh Juni 2023", "en": "Sample of June 2023"}[lang]
    assert any(banner in info.value for info in app.info) or (page == PAGES[0] and banner.lower() in strip(app).lower())
    assert not app.error


@pytest.mark.parametrize(
    ("on", "unrecorded", "coverage"), [("2023-06-14", "862", ""), ("2023-06-19", "650", "99,30"), ("2023-06-20", "554", "99,40")]
)
def test_the_published_days(reads: Run, on: str, unrecorded: str, coverage: str) -> None:
    app = reads("position.py", on=on)
    assert f"{unrecorded} jiwa" in app.title[0].value
    assert f"akupan {coverage}" in strip(app)
    assert sum(row["cells"][1]["sort"] for row in area_list(app)["rows"]) == int(unrecorded)


def test_a_row_says_about_when_and_no_day_that_nobody_knows(reads: Run) -> None:
    app = reads("position.py")
    assert "Target 99,40 %: tercapai pada 20 Juni 2023" in app.title[0].value.replace("\N{NO-BREAK SPACE}", " ")
    for row in area_list(app)["rows"]:
        assert re.fullmatch(r"± (\d+ )?[A-Z][a-z]{2} 202[3-5]|> 2 tahun", row["expected"]), row
    view = choices.first("75.05")
    found = view.project(ZERO)
    near = {level: date(2023, 12, 1) + timedelta(days=level // 2) for level in found.quantiles}
    assert view.about_when(replace(found, quantiles=near)) == "± 26 Des 2023"
    assert view.about_when(replace(found, quantiles={**near, 90: date(2024, 3, 1)})) == "± Des 2023"
    assert view.about_when(replace(found, quantiles={**near, 90: NOT_REACHED})) == "± Des 2023"


@pytest.mark.parametrize("page", PAGES)
def test_an_area_without_figures(reads: Run, page: str) -> None:
    app = reads(page, area="35.19")
    assert not app.error
    assert page == "data.py" or app.title[0].value


def test_a_choice_moves_with_the_reader(reads: Run) -> None:
    app = reads("position.py", on="2023-06-19")
    app.switch_page(str(ROOT / "pages" / "projection.py")).run()
    assert not app.exception
    assert app.query_params["on"] in (["2023-06-19"], "2023-06-19")


def test_own_breaks_of_the_map(reads: Run) -> None:
    app = reads("area_map.py", lang="id", area="75.05")
    app.session_state["advanced"] = True
    app.run()

    def written(text: str) -> str:
        (box,) = [one for one in app.text_input if one.label == "Batas kelas sendiri"]
        box.set_value(text).run()
        assert not app.exception
        return "\n".join([*(str(one.proto.body) for one in app.get("html")), *(one.value for one in app.warning)])

    assert "30 – 59" in written("30; 60").split('data-legend-class="step2"')[1].split("data-legend-class")[0]
    assert "bukan angka" in written("tiga puluh")
    assert "bukan angka" not in written("")


def test_what_if_is_an_assumption_that_leaves_the_projection_alone(reads: Run) -> None:
    app = reads("projection.py", lang="en", target="zero")
    heading = app.title[0].value
    app.session_state["what_if"] = True
    app.run()
    app.slider(key="widget_rate").set_value(25).run()
    assert any("Assuming 25 people are recorded every day" in one.value for one in app.markdown)
    assert app.title[0].value == heading and "25" not in heading
    assert app.query_params["rate"] in (["25"], "25")


def test_zero_says_which_of_its_two_meanings(reads: Run) -> None:
    """In the sample: everyone eligible on the day, until the list is chosen; that is never less likely."""
    app = reads("projection.py", lang="en", target="zero", by="2023-12-31")
    assert any("those who have just turned 17 included" in one.value for one in app.caption)
    assert "The list of 20 June 2023" in str(app.main)
    other = reads("projection.py", lang="en", target="zero", by="2023-12-31", meaning="list")
    assert any("on the list of 20 June 2023 is recorded" in one.value for one in other.caption)

    def chance(of: AppTest) -> int:
        sentence = next(one.value for one in of.markdown if "Chance of full recording by" in one.value)
        return int(sentence.split(": ")[1].split(" in 20")[0].split()[-1])

    assert chance(other) >= chance(app)


def test_where_one_area_is_unknown_nothing_is_said_of_all(reads: Run) -> None:
    """One snapshot each: no date, and above all no 'almost impossible'."""
    app = reads("projection.py", lang="en", on="2023-06-14", target="zero")
    app.session_state["inside_areas"] = True
    app.run()
    said = texts(app)
    assert "No date can be given for 11 of 11 kecamatan yet" in said and "almost impossible" not in said
    assert "one snapshot only" in said


WEEKS = 32  # of them the answers are asked again, one after the other


def weekly(weeks: int = 53, areas: int = 11) -> str:
    """A year of weekly figures of the kecamatan: falling unevenly, past the national target at last."""
    rows = ["area_code,as_of_date,eligible,unrecorded"]
    for week in range(weeks):
        day = date(2024, 1, 1) + timedelta(weeks=week)
        rows += [f"75.05.{n:02d},{day},{8000 + week * 3},{left(n, week)}" for n in range(1, areas + 1)]
    return "\n".join(rows)


def left(area: int, week: int) -> int:
    """Who is unrecorded in a week of :func:`weekly`."""
    return max(4, int((400 + 30 * area) * 0.94 ** (week + 3 * (week % 4 == 1))))


@pytest.mark.parametrize("page", PAGES)
def test_weekly_data(having: Having, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_Whole", lambda chart: chart)  # then Streamlit holds each chart against the schema
    run = having(weekly(WEEKS))
    app = run(page)
    assert not app.error and not any("Contoh Juni" in info.value for info in app.info)
    if page == "position.py":
        assert str(sum(left(n, WEEKS - 1) for n in range(1, 12))) in app.title[0].value


@pytest.mark.parametrize("lang", ["id"])
def test_weekly_data_is_looked_back_on(having: Having, lang: str) -> None:
    run = having(weekly(WEEKS))
    app = run("method.py", lang=lang)
    said = texts(app)
    assert {"id": "jawaban terdahulu: pada", "en": "past answers: in"}[lang] in said
    table = next(one.value for one in app.markdown if "| " in one.value)
    assert {"id": "Garis lurus", "en": "Straight line"}[lang] in table and not app.exception
    assert {"id": "Jawaban", "en": "Answers"}[lang] in table


SECTIONS = ("inside_areas", "river_of_dates", "what_if")


@pytest.mark.parametrize("lang", ["en"])
def test_the_lazily_opened_parts_of_the_projection(having: Having, lang: str) -> None:
    run = having(weekly(weeks=5))
    app = run("projection.py", lang=lang, target="97")
    for key in SECTIONS:
        app.session_state[key] = True
    app.run()
    assert not app.exception and not app.error
    said = texts(app)
    last = {"id": "terakhir: ", "en": "the last: "}[lang]
    moved = {"id": "dibanding sebelum potret data", "en": "than before the snapshot"}[lang]
    assumed = {"id": "Andaian, bukan proyeksi", "en": "Assumption, not a projection"}[lang]
    assert last in said and moved in said and assumed in said
    assert [slider.key for slider in app.slider] == ["widget_rate"]


def test_any_other_coverage_is_a_target(having: Having) -> None:
    run = having(weekly(weeks=5))
    app = run("projection.py", lang="en")
    app.number_input(key="widget_coverage").set_value(98.5).run()
    assert "the target of 98.50%" in app.title[0].value and not app.exception
    assert app.query_params["target"] in (["98.5"], "98.5")
    assert not run("projection.py", lang="en", target="rubbish").error  # a broken link shows the usual target


def test_posisi_and_proyeksi_say_the_same_date(having: Having) -> None:
    run = having(weekly(weeks=5))
    position, projection = run("position.py", lang="en"), run("projection.py", lang="en", target="zero")
    position.session_state["details"] = True
    position.run()
    finding = projection.title[0].value.split(": ", 1)[1]
    assert any(finding.lower() in one.value.lower() for one in position.markdown), finding


def listed(app: AppTest) -> pd.DataFrame:
    """The one table on the page that has a row for each area and day."""
    found = [one.value for one in app.dataframe if list(one.value.columns)[:2] == ["Name", "As of"]]
    assert len(found) == 1
    return found[0]


def test_each_panel_has_its_figures_in_the_one_table(having: Having) -> None:
    run = having(weekly(weeks=5))
    app = run("projection.py", lang="en", target="zero")
    app.session_state["inside_areas"] = True
    app.run()
    assert not app.exception and [one.label for one in app.expander].count("The figures as a table") == 1
    rows = listed(app)
    assert len(rows) == 11 * 5 and rows["Name"].nunique() == 11 and not rows["Unrecorded"].isna().any()
    assert set(rows["As of"]) == {f"{day} January 2024" for day in (1, 8, 15, 22, 29)}


def test_two_areas_compared_have_their_figures_in_one_table(having: Having) -> None:
    run = having(weekly(weeks=5))
    app = run("area_map.py", lang="en", inside="75.05.02", beside="75.05.01")
    app.session_state["compare"] = True
    app.run()
    assert not app.exception
    rows = listed(app)
    assert list(rows["Name"]) == ["Kecamatan Kwandang"] * 5 + ["Kecamatan Atinggola"] * 5
    assert list(rows["Unrecorded"])[::5] == ["460", "430"]  # as they stand in the file on its first day


def test_more_than_all_is_said_and_unrecorded_stays_unknown(run: Run) -> None:
    take_in("area_code,as_of_date,coverage_reported\n75.05,2017-12-31,103.94\n")
    app = run("position.py")
    assert "103,94" in strip(app) and "di atas 100" in strip(app)
    assert "tidak diketahui" in app.title[0].value and not re.search(r"\b0\b", app.title[0].value)


def test_retract_and_undo_on_the_page(run: Run) -> None:
    take_in("area_code,as_of_date,unrecorded\n75.05,2024-01-01,100\n")
    app = run("data.py")
    app.text_input[0].set_value("wrong file")
    next(b for b in app.button if "Cabut unggahan" in b.label).click().run()
    assert not app.exception and not app.error
    batch = stores.current().store.batches()[0]
    assert batch.retracted is not None and batch.retracted.reason == "wrong file"
    app.text_input[0].set_value("was right")
    next(b for b in app.button if "Batalkan" in b.label).click().run()
    assert stores.current().store.batches()[0].retracted is None


def test_a_retraction_needs_a_reason(run: Run) -> None:
    take_in("area_code,as_of_date,unrecorded\n75.05,2024-01-01,100\n")
    app = run("data.py")
    next(b for b in app.button if "Cabut unggahan" in b.label).click().run()
    assert app.error and not app.exception
    assert stores.current().store.batches()[0].retracted is None


def test_verify_on_the_page(run: Run) -> None:
    take_in("area_code,as_of_date,unrecorded\n75.05,2024-01-01,100\n")
    app = run("data.py")
    app.button(key="verify").click().run()
    assert app.success and not app.error


def test_every_page_of_a_store_in_which_nothing_holds(run: Run) -> None:
    """The only upload was taken back: the sample does not come back in silence, and every page says what to do next."""
    take_in("area_code,as_of_date,unrecorded\n75.05,2024-01-01,100\n")
    now = stores.current()
    now.store.retract(now.store.batches()[0].id, reason="wrong", by="tester", at=datetime.now(UTC))
    for page in PAGES:
        app = run(page)
        assert not app.error and not any("Contoh Juni" in info.value for info in app.info), page
        assert page in {"data.py", "method.py"} or "100" not in texts(app), page
        assert app.title[0].value, page


def test_the_pace_is_that_of_four_weeks(run: Run) -> None:
    counts = (900, 800, 700, 690, 670, 640, 600)  # over three weeks 4.3 a day, over five 5.7
    take_in(
        "area_code,as_of_date,eligible,unrecorded\n"
        + "\n".join(f"75.05.03,{date(2024, 1, 1) + timedelta(weeks=week)},9000,{count}" for week, count in enumerate(counts))
    )
    app = run("projection.py", lang="en", area="75.05.03", target="zero")
    assert {one.label: one.value for one in app.metric}["Pace of the last 28 days"] == "3.6 a day"  # 100 people in 28 days


def test_a_stall_is_named_beside_the_dates_and_metode_shows_campaigns_alike(run: Run) -> None:
    rows = ["area_code,as_of_date,eligible,unrecorded"]
    for week in range(30):
        for area, moved in (("75.05.01", week), ("75.05.03", min(week, 24))):
            rows.append(f"{area},{date(2024, 1, 1) + timedelta(weeks=week)},9000,{900 - 20 * moved}")
    take_in("\n".join(rows))
    app = run("projection.py", lang="en", area="75.05.03", target="zero")
    stalled = "Recording has stalled since 17 June 2024: on balance nobody since then, against 2.9 a day before."
    assert [one.value for one in app.warning] == [stalled + " The date depends on when it picks up again."]
    assert app.title[0].value.endswith("; recording has stalled since 17 June 2024")
    app = run("projection.py", lang="en", target="99")
    app.session_state["inside_areas"] = True
    app.run()
    assert any("depends on when it picks up again: Anggrek (since 17 June 2024)." in one.value for one in app.warning)
    assert "In 1 area inside, recording has stalled" in texts(app)
    said = texts(run("projection.py", lang="en", area="75.05.01", target="zero"))
    assert "For that the pace must average" in said and "In the median outcome the last tenth alone takes" in said
    assert "stalled" not in said
    app = run("method.py", lang="en", area="75.05.01")
    assert "of the 12 nearest simulated campaigns: " in texts(app) and "a campaign that a computer made up" in texts(app)
    assert "on this area going on at its steady pace" in texts(app)
    shown = next(one.value for one in app.dataframe if "Half recorded after, days" in one.value)
    assert len(shown) == 12 and list(shown.columns[:2]) == ["Rank", "Kind"]


def test_the_election_is_asked_of_the_sample_and_the_end_of_the_year_of_others(run: Run) -> None:
    app = run("projection.py", lang="en")
    assert app.query_params["by"] in (["2024-02-14"], "2024-02-14")
    assert any("by 14 February 2024" in one.value for one in app.markdown)
    take_in(weekly(weeks=9, areas=2))
    assert run("projection.py").query_params["by"] in (["2024-12-31"], "2024-12-31")


@pytest.mark.parametrize(
    ("rows", "target", "said"),
    [
        ("75.05,2024-01-01,9000,500,\n", "zero", "a second snapshot"),
        ("75.05,2024-01-01,9000,500,\n75.05,2024-01-08,9000,510,\n", "zero", "a fall"),
        ("75.05,2024-01-01,9000,,,9351\n", "zero", "the count of the unrecorded itself"),
        ("75.05,2024-01-01,,500,\n75.05,2024-01-08,,450,\n", "99.4", "the number of eligible"),
        ("75.05,2024-01-01,9000,500,\n75.05,2024-01-08,9000,450,\n75.05,2024-01-15,9000,1500,\n", "zero", "after the change"),
        ("75.05,2024-01-01,9000,500,\n75.05,2024-01-08,9000,40,\n", "99.4", "passed already"),
    ],
)
def test_where_nothing_can_be_said_the_page_says_what_is_missing(run: Run, rows: str, target: str, said: str) -> None:
    take_in("area_code,as_of_date,eligible,unrecorded,coverage_reported,recorded\n" + rows.replace(",\n", ",,\n"))
    app = run("projection.py", lang="en", target=target)
    assert any(said in one.value for one in app.info), [one.value for one in app.info]
    for key in SECTIONS:
        app.session_state[key] = True
    app.run()
    assert not app.exception and not app.error
    assert not run("method.py", lang="en").error


def test_a_percentage_alone_is_projected(run: Run) -> None:
    take_in("area_code,as_of_date,coverage_reported\n75.05,2024-01-01,97.10\n75.05,2024-02-01,97.90\n75.05,2024-03-01,98.40\n")
    app = run("projection.py", lang="en", target="99.4")
    for key in SECTIONS:
        app.session_state[key] = True
    app.run()
    assert not app.exception and not app.error and "the target of 99.40%" in app.title[0].value


def test_too_little_history_says_what_to_do(run: Run) -> None:
    take_in("area_code,as_of_date,unrecorded\n75.05,2024-01-01,100\n")
    app = run("method.py", lang="en")
    assert "Too little history" in texts(app)


def test_a_sister_that_comes_in_or_is_taken_back_changes_the_projection_at_once(run: Run) -> None:
    def three(code: str, first: int) -> str:
        return "area_code,as_of_date,eligible,unrecorded\n" + "".join(
            f"{code},2024-01-{1 + 7 * week:02d},9000,{first - 100 * week}\n" for week in range(3)
        )

    take_in(three("75.05.03", 900))
    page = {"area": "75.05.03", "target": "zero", "lang": "en"}
    alone = texts(run("projection.py", **page))
    assert "Few snapshots: the range is wide" in alone and "pooled" not in alone
    take_in(three("75.05.01", 2500), "sister.csv")
    pooled = texts(run("projection.py", **page))
    assert "pooled with 1 sister area" in pooled
    store = stores.own_store()
    store.retract(
        next(batch for batch in store.batches() if batch.name == "sister.csv").id,
        reason="wrong",
        by="tester",
        at=datetime.now(UTC),
    )
    assert "pooled" not in texts(run("projection.py", **page))
