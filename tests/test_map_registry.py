"""A measure of the map is one entry: what is added to the registry is seen everywhere, what is incomplete is refused."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st

import ektp_analysis
from ektp_analysis.boundaries.shelf import find_layer
from ektp_analysis.core import contract
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, render
from ektp_analysis.figures.classes import classify_rows
from ektp_analysis.figures.measure import MapFigures, MapRequest, Measure, checked
from ektp_analysis.figures.side_by_side import COLUMNS, mapped
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from ektp_analysis.maps import canvas, measures
from ektp_analysis.maps.legend import legend, lines
from ektp_analysis.maps.picture import static_map
from ektp_analysis.maps.seen import AreaMap, Caption
from ektp_analysis.office import imports, stores
from tests.apps import AppTest
from tests.sources import nodes_of

ROOT = Path(__file__).resolve().parent.parent
DAYS = ("2024-01-01", "2024-01-08", "2024-01-22")
REPORTED = {"75.05.01": DAYS, "75.05.02": DAYS[:2], "75.05.03": DAYS[:1], "75.05.04": DAYS}


Page = Callable[..., tuple[AppTest, dict[str, Any]]]


def silent(figures: MapFigures) -> pd.Series:
    """Days since an area gave its last figure, from the history alone."""
    last = figures.history.groupby("area_code")["as_of_date"].max().reindex(figures.rows["area_code"])
    return pd.Series((pd.Timestamp(figures.request.day) - last).dt.days.to_numpy(), dtype="Int64")


SILENT = Measure(
    "silent_days",
    T("Days without a figure"),
    T("Silence"),
    "silent_days",
    "days",
    1,
    "high",
    good_for=T("Whom to call."),
    hides=T("Why they are silent."),
    finding=lambda rows, request: T(
        "the longest silence is {n} days on {day}", n=int(rows["silent_days"].max()), day=request.day
    ),
    compute=silent,
    done=0,
    least=1,
    words={"done": T("Reported on the day")},
)
ELIGIBLE = Measure(
    "eligible",
    T("Eligible residents"),
    T("Eligible"),
    "eligible",
    "people",
    1,
    "high",
    good_for=T("How large an area is."),
    hides=T("How much of it is done."),
    finding=lambda rows, _request: T("{n} residents are eligible", n=int(rows["eligible"].sum())),
    least=0,
)


def text_of_the_figures() -> str:
    return "area_code,as_of_date,eligible,unrecorded\n" + "".join(
        f"{code},{day},{1000 * (place + 1)},{90 - 10 * place - step}\n"
        for place, (code, days) in enumerate(REPORTED.items())
        for step, day in enumerate(days)
    )


@pytest.fixture
def two_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "MEASURES", checked((*measures.MEASURES, SILENT, ELIGIBLE), COLUMNS))


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The page of the map over figures of its own, and the files that it offers."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    offered: dict[str, Any] = {}
    button = st.download_button
    monkeypatch.setattr(
        st,
        "download_button",
        lambda label, data, *args, **how: (offered.update({label: data}), button(label, data, *args, **how))[1],
    )

    def forget() -> None:
        settings.cache_clear()
        stores.close_all()
        st.cache_data.clear()
        st.cache_resource.clear()

    def start(**query: str) -> tuple[AppTest, dict[str, Any]]:
        app = AppTest.from_file(str(ROOT / "pages" / "area_map.py"), default_timeout=120)
        app.session_state["more"] = True
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception, [error.value for error in app.exception]
        return app, offered

    forget()
    data = text_of_the_figures().encode()
    report = read_file(data, "week.csv", Choices())
    assert report.status == "accepted", report
    imports.commit(report, data, uploader="tester")
    yield start
    forget()


def html(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.get("html"))


@pytest.mark.usefixtures("two_more")
def test_a_new_measure_is_on_the_page_in_its_table_and_its_files(page: Page) -> None:
    app, files = page(lang="en", show="silent_days")
    assert app.title[0].value == "Kabupaten Gorontalo Utara: the longest silence is 21 days on 22 January 2024"
    offered = [option.content for group in app.get("button_group") for option in group.proto.options]
    assert {"Silence", "Eligible", "Pace", "Chance"} <= set(offered)
    assert "Days without a figure" in html(app) and "Reported on the day" in html(app)
    assert any("Whom to call. Why they are silent." in caption.value for caption in app.caption)
    listed = next(one.value for one in app.markdown if one.value.startswith("| Name"))
    assert "Days without a figure" in listed and "| Atinggola | 88 | 99.12% | Reported on the day |" not in listed
    rows = next(one.value for one in app.dataframe if "Silence" in one.value.columns).set_index("Name")
    assert list(rows.loc[["Atinggola", "Kwandang", "Anggrek"], "Silence"].astype(int)) == [0, 14, 21]
    csv = files["Areas (CSV)"].decode("utf-8-sig").splitlines()
    assert csv[0].split(",").count("Silence") == 1
    assert "the longest silence is 21 days" in files["Map (HTML)"]().decode()
    assert "Days without a figure: 14" in files["Map (HTML)"]().decode()
    drawn = files["Map (SVG)"]().decode()
    assert "the longest silence is 21 days" in drawn and "Reported on the day (2)" in drawn


@pytest.mark.usefixtures("two_more")
def test_a_new_measure_of_a_column_that_is_there_takes_an_entry_alone(page: Page) -> None:
    app, files = page(lang="en", show="eligible", method="equal", day="2024-01-08", bounds="all")
    assert app.title[0].value == "Kabupaten Gorontalo Utara: 10,000 residents are eligible"
    assert "Eligible residents" in html(app)
    assert "Kwandang 2,000" in files["Map (SVG)"]().decode()  # people stand beside the names


CARDS = (
    "area_code,as_of_date,eligible,recorded,printed\n75.05.01,2024-02-01,1000,920,900\n75.05.02,2024-02-01,2000,1930,1930\n"
    "75.05.03,2024-02-01,3000,2940,2950\n75.05.04,2024-02-01,4000,3960,\n"
)


def offers(app: AppTest) -> set[str]:
    return {option.content for group in app.get("button_group") for option in group.proto.options}


def test_cards_not_yet_printed_are_a_map_only_where_cards_are_told(page: Page) -> None:
    """More cards than people recorded, and no cards at all, are no number: only two areas have one."""
    app, _ = page(lang="en", show="unprinted")
    assert "Not yet printed" not in offers(app) and app.title[0].value.startswith("Kabupaten Gorontalo Utara: ")
    assert any("No figure here says how many cards are printed" in one.value for one in app.warning)
    report = imports.read(CARDS.encode(), "cards.csv", Choices())
    assert report.status == "accepted", report
    imports.commit(report, CARDS.encode(), uploader="tester")
    app, _ = page(lang="en", show="unprinted")
    assert "Not yet printed" in offers(app) and not app.warning
    title = "20 recorded residents wait for a card; most are in Atinggola (20); 9 areas are without a figure"
    assert app.title[0].value == f"Kabupaten Gorontalo Utara: {title}"
    assert "All printed" in html(app)
    table = next(one.value for one in app.dataframe if "Not yet printed" in one.value.columns).set_index("Name")
    assert [str(table.loc[name, "Not yet printed"]) for name in ("Atinggola", "Kwandang", "Anggrek")] == ["20", "0", "nan"]


@pytest.mark.parametrize("show", ["unrecorded", "pace"])
def test_the_class_bounds_can_be_those_of_all_days(page: Page, show: str) -> None:
    app, _files = page(lang="en", show=show, bounds="all")
    assert not app.error and app.title[0].value.startswith("Kabupaten Gorontalo Utara: ")


def test_each_picture_of_a_new_measure_says_it() -> None:
    layer = find_layer("75.05")
    assert layer is not None
    given = [
        {"area_code": code, "as_of_date": pd.Timestamp(day), "eligible": 9000, "unrecorded": 50}
        for code, days in REPORTED.items()
        for day in days
    ]
    figures = contract.frame(given)
    rows = mapped(figures, "75.05")
    rows["silent_days"] = silent(MapFigures(rows, figures, MapRequest(day=date(2024, 1, 22))))
    classes = classify_rows(rows, SILENT, areas=layer.codes)
    assert [row.label for row in legend(classes, "en")] == [
        "20 – 21",
        "14 – 19",
        "Reported on the day",
        "No data",
        "Hatched, among these: figures of earlier days",
    ]
    said = lines(rows, classes)
    assert [render(line, "en") for line in said["75.05.02"]] == [
        "Days without a figure: 14",
        "50 people not yet recorded",
        "Coverage 99.44%",
        "As of 8 January 2024",
    ]
    sent = canvas.arguments(AreaMap(layer, classes, rows), geometry="x", lang="en")
    assert "Days without a figure: Reported on the day" in sent["own"].values()
    spec = static_map(AreaMap(layer, classes, rows), Caption("A finding", "a source"), lang="en").to_dict()
    assert spec["title"]["subtitle"] == ["Days without a figure"] and "Reported on the day (2)" in json.dumps(spec)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"compute": None}, "The measure 'silent_days' is not computed, and no frame has its column 'silent_days'."),
    ({"label": T("")}, "The measure 'silent_days' has no label."),
    ({"short": T(" ")}, "The measure 'silent_days' has no short label."),
    ({"good_for": None}, "The measure 'silent_days' has no sentence on what it is good for."),
    ({"hides": T("")}, "The measure 'silent_days' has no sentence on what it hides."),
    ({"words": {"done": T("")}}, "The measure 'silent_days' has no word for 'done'."),
    ({"words": {"gone": T("Gone")}}, "The measure 'silent_days' names classes that there are not: gone."),
    ({"finding": None}, "The measure 'silent_days' has no finding."),
    ({"key": "Silent days"}, "The measure 'Silent days' has no key of small letters, digits and underscores."),
    ({"key": "pace"}, "Two measures have the key 'pace'."),
    ({"column": "age", "compute": None}, "Two measures have the column 'age'."),
    ({"column": "eligible"}, "The measure 'silent_days' computes the column 'eligible', which the frame has already."),
    ({"unit": "weeks"}, "The measure 'silent_days' has the unit 'weeks', which nobody can write."),
    ({"precision": 0}, "The measure 'silent_days' has the precision 0, which is not above zero."),
    ({"worse": "more"}, "The measure 'silent_days' gets worse to 'more', which is neither high nor low."),
    ({"cost": "much"}, "The measure 'silent_days' costs 'much', which is neither figures nor projection."),
    ({"asks": ("colour",)}, "The measure 'silent_days' asks for colour, of which not all can be asked."),
    ({"asks": ("by",)}, "The measure 'silent_days' asks for a target or a day, which only a projection answers."),
    (
        {"needs": "printed"},
        "The measure 'silent_days' needs 'printed', but not with a sentence for figures that lack it.",
    ),
    ({"cost": "projection"}, "The measure 'silent_days' is projected, but asks for no target."),
]


@pytest.mark.parametrize(("wrong", "sentence"), REFUSED, ids=[next(iter(wrong)) for wrong, _ in REFUSED])
def test_an_incomplete_entry_is_refused_with_a_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        checked((*measures.MEASURES, replace(SILENT, **wrong)), COLUMNS)
    assert str(refused.value) == sentence


def test_the_first_measure_asks_for_nothing() -> None:
    for entries in ((), (measures.DAYS,), (measures.CHANGE,)):
        with pytest.raises(ValueError, match="The first measure is shown where no other is chosen"):
            checked(entries, COLUMNS)


def test_the_frame_of_a_map_has_the_columns_that_entries_may_name() -> None:
    assert set(mapped(contract.frame([]), "75.05").columns) == set(COLUMNS)


def test_a_key_that_no_measure_has_is_the_first_one() -> None:
    assert measures.by_key("gone") is measures.UNRECORDED and measures.by_key("pace") is measures.PACE


def test_nothing_but_the_registry_knows_a_measure_by_its_name() -> None:
    """No comparison of a measure's key or column with a word, anywhere in the library."""
    for path in Path(ektp_analysis.__file__).resolve().parent.rglob("*.py"):
        for node in nodes_of(path):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                named = any(
                    isinstance(side, ast.Attribute) and side.attr in ("key", "column") and "measure" in ast.unparse(side)
                    for side in sides
                )
                assert not named or not any(
                    isinstance(one, ast.Constant) and isinstance(one.value, str) for side in sides for one in ast.walk(side)
                ), f"{path.name}: {ast.unparse(node)}"
