"""Charts about projections: the river, the panels and the calibration draw what the frame says, and never a made-up day."""

import json
import re
from datetime import date, timedelta
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.charts.axes import Look, Mark, stamp
from ektp_analysis.charts.drawing import as_png, as_svg
from ektp_analysis.charts.over_time import DASHES, POINTS, Behind, fan
from ektp_analysis.charts.projected import calibration, dot_chart, panel, panels, river_chart, span
from ektp_analysis.core import contract
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.targets import ZERO
from ektp_analysis.core.text import T
from ektp_analysis.core.theme import palette
from ektp_analysis.narrative.forecasts import BECAUSE
from ektp_analysis.narrative.grounds import KINDS
from ektp_analysis.projection import examples
from ektp_analysis.projection.examples import Nearest
from ektp_analysis.projection.history import read
from ektp_analysis.report import fitting
from ektp_analysis.report.fitting import width_of
from tests.breadth import crossed
from tests.projecting import project

TWO_YEARS = T("{n} days", n=730)
RIVER = pd.DataFrame(
    {
        "origin": pd.to_datetime(["2023-06-19", "2023-06-26", "2023-07-03", "2023-07-10"]),
        "q10": pd.to_datetime(["2023-07-01", "2023-07-05", "2023-07-20", "2023-07-22"]),
        "q50": pd.to_datetime(["2023-08-01", "2023-08-11", None, "2023-08-20"]),
        "q90": pd.to_datetime(["2024-02-01", None, None, "2023-12-01"]),
        "came": pd.to_datetime([None, None, None, None]),
        "moved_by": ["first", "data", "break", "revision"],
    }
)


def history(*counts, code="75.05.03", first=date(2023, 6, 1)):
    return solve(
        contract.frame(
            [
                {
                    "area_code": code,
                    "as_of_date": pd.Timestamp(first) + pd.Timedelta(weeks=i),
                    "eligible": 9000,
                    "unrecorded": count,
                }
                for i, count in enumerate(counts)
            ]
        )
    )


def layers(chart):
    """(mark, data) of every layer, whole charts flattened."""
    spec = chart.to_dict()

    def rows(layer, outer):
        found = layer.get("data", outer)
        return spec["datasets"][found["name"]] if found and "name" in found else (found or {}).get("values")

    made = []

    def walk(layer, outer):
        own = layer.get("data", outer)
        for inner in layer.get("layer", []) + layer.get("concat", []):
            walk(inner, own)
        if "mark" in layer:
            made.append((layer["mark"], rows(layer, outer), layer))

    walk(spec, spec.get("data"))
    return made


def of(chart, mark):
    return next(rows for drawn, rows, _ in layers(chart) if drawn["type"] == mark)


class Word(NamedTuple):
    """A text of a drawn chart: its left and right end, its foot and its size, in pixels."""

    text: str
    left: float
    right: float
    y: float
    size: float


def drawn(svg):
    """(where upright lines begin, words, heights of the dots) as they stand in the picture, whatever group they are in."""
    tops, words, dots = [], [], []

    def walk(one, x, y):
        moved = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", one.get("transform", ""))
        x, y = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        kind = one.tag.rpartition("}")[2]
        if kind == "text" and one.text and one.get("opacity") != "0":
            size = float(one.get("font-size").removesuffix("px"))
            wide = width_of(one.text, size) * fitting.POINTS
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[one.get("text-anchor", "start")]
            words.append(Word(one.text, left, left + wide, y, size))
        elif kind == "line" and one.get("stroke-dasharray"):
            tops.append(y + min(0.0, float(one.get("y2", 0))))
        elif kind == "path" and one.get("aria-roledescription") in ("circle", "point"):
            dots.append(y)
        for inner in one:
            walk(inner, x, y)

    walk(ElementTree.fromstring(svg), 0.0, 0.0)
    return tops, words, dots


def river(rows=RIVER, **look):
    return river_chart(rows, Look("id", **look), horizon=TWO_YEARS, words=BECAUSE)


def test_the_river_has_each_answer_where_it_was_given():
    rows = of(river(), "area")
    assert [row["day"][:10] for row in rows] == ["2023-06-19", "2023-06-26", "2023-07-03", "2023-07-10"]
    assert [row["q10"][:10] for row in rows] == ["2023-07-01", "2023-07-05", "2023-07-20", "2023-07-22"]
    assert rows[0]["q50_text"] == "1 Agustus 2023" and rows[0]["q90"][:10] == "2024-02-01"


def test_what_is_past_the_horizon_has_no_day_in_the_river():
    rows = of(river(), "area")
    edge = {rows[i]["q90"] for i in (1, 2)}
    assert len(edge) == 1 and min(edge) > "2024-02-01"  # at the upper edge, above all real days
    assert rows[1]["q90_text"] == rows[2]["q50_text"] == "tidak dalam 730 days"
    assert [row["even"] is None for row in rows] == [False, False, True, False]
    line = next(drawn for drawn, _, _ in layers(river()) if drawn["type"] == "line")
    assert line["invalid"] == "break-paths-filter-domains"
    crosses = next(layer for drawn, _, layer in layers(river()) if drawn.get("shape") == "cross")
    assert crosses["transform"] == [{"filter": "datum.never"}] and [row["never"] for row in rows] == [False, False, True, False]


def test_what_moved_the_day_has_its_own_mark_and_a_legend():
    points = next(layer for drawn, _, layer in layers(river()) if drawn["type"] == "point" and "shape" in layer["encoding"])
    scale = points["encoding"]["shape"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {
        "jawaban pertama": "circle",
        "angka baru": "circle",
        "angka lama direvisi": "diamond",
        "deret terputus": "square",
    }
    plain = river(RIVER.iloc[[0]].assign(moved_by="first"))
    assert next(layer for drawn, _, layer in layers(plain) if "shape" in layer["encoding"])["encoding"]["shape"]["legend"] is None


def test_a_day_that_came_is_drawn_across():
    came = RIVER.assign(came=pd.to_datetime("2023-08-15"))
    rule = next(rows for drawn, rows, _ in layers(river(came)) if drawn["type"] == "rule")
    assert rule == [{"came": "2023-08-15T00:00:00", "text": "tercapai 15 Agustus 2023"}]
    assert "rule" not in [drawn["type"] for drawn, _, _ in layers(river())]


def test_the_note_stands_in_every_picture():
    note, found = T("No data"), project(history(900, 700, 550), ZERO)
    first, until = span([found], date(2023, 12, 31))
    made = [
        river(note=note),
        calibration(pd.DataFrame({"level": [10], "share": [0.2]}), Look("id", note=note)),
        panels([("75.05.03", history(900, 700, 550), found, T("{n}", n=1))], Look("id", note=note), first=first, until=until),
    ]
    for chart in made:
        assert chart.to_dict()["title"]["subtitle"] == ["Tidak ada data"]
        assert as_png(chart).startswith(b"\x89PNG")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_panel_draws_the_fan_and_the_observed(theme):
    rows = history(900, 700, 550)
    found = project(rows, ZERO)
    by = Mark(date(2023, 12, 31), T("{date}", date=date(2023, 12, 31)))
    first, until = span([found], by.day)
    chart = panel(rows, found, Look("id", theme), first=first, until=until, by=by)
    assert [point["value"] for point in of(chart, "circle")] == [900, 700, 550]
    fan = found.fan().set_index("as_of_date")
    for row in of(chart, "area"):
        assert row["q50"] == pytest.approx(fan.loc[pd.Timestamp(row["day"]), "q50"])
        assert pd.Timestamp(row["day"]).date() <= until
    assert of(chart, "rule")[0]["day"] == "2023-12-31T00:00:00"
    assert palette(theme).accent in json.dumps(chart.to_dict())


def test_a_panel_without_an_answer_shows_what_was_seen():
    rows = history(900)
    found = project(rows, ZERO)
    chart = panel(rows, found, Look("id"), first=date(2023, 6, 1), until=date(2023, 12, 31))
    assert [drawn["type"] for drawn, _, _ in layers(chart)] == ["line", "circle"]
    assert [point["value"] for point in of(chart, "circle")] == [900]


def test_panels_stand_in_the_order_given():
    found = project(history(900, 700, 550), ZERO)
    items = [
        (code, history(900, 700, 550, code=code), found, T("chance {n}", n=n)) for code, n in (("75.05.02", 1), ("75.05.01", 2))
    ]
    spec = panels(items, Look("id"), first=date(2023, 6, 1), until=date(2023, 12, 31), columns=2).to_dict()
    assert [panel["title"]["text"] for panel in spec["concat"]] == ["Kwandang", "Atinggola"]
    assert [panel["title"]["subtitle"] for panel in spec["concat"]] == [["peluang 1"], ["peluang 2"]]


def test_the_span_holds_the_first_snapshot_and_the_day_asked_about():
    found = project(history(900, 700, 550), ZERO)
    first, until = span([found], date(2030, 1, 1))
    assert (first, until) == (date(2023, 6, 1), date(2030, 1, 1))
    assert span([found], date(2023, 6, 16))[1] >= found.quantiles[50]


def test_calibration_is_drawn_in_times_of_a_hundred():
    rows = pd.DataFrame({"level": [10, 50, 90], "share": [0.0, 0.333, 1.0]})
    chart = calibration(rows, Look("id"))
    assert [(row["said"], row["came"]) for row in of(chart, "circle")] == [(10, 0), (50, pytest.approx(33.3)), (90, 100)]
    assert of(chart, "line") == [{"said": 0, "came": 0}, {"said": 100, "came": 100}]  # what would be right
    assert of(chart, "circle")[1]["text"] == "dikatakan 50 dari 100, terjadi 33 dari 100"


def test_the_label_of_a_late_day_stands_left_of_it():
    found = project(history(900, 700, 550), ZERO)
    last = max(day for day in found.dots(20) if isinstance(day, date))

    def label(by):
        drawn = dot_chart(found, Look("id"), by=Mark(by, T("{date}", date=by))).to_dict()
        return next(layer["mark"]["align"] for layer in drawn["layer"] if layer["mark"].get("baseline") == "top")

    assert label(last) == "right" and label(found.origin) == "left"


@pytest.mark.parametrize(("look", "width"), crossed([("id", "light"), ("en", "dark")], (300, 400, 590)))
def test_no_word_of_the_dots_is_crossed_by_the_line_of_the_day(look, width):
    lang, theme = look
    found = project(history(900, 700, 550), ZERO)
    by = Mark(date(2024, 4, 1), T("{date}", date=date(2024, 4, 1)))
    spec = dot_chart(found, Look(lang, theme), by=by).to_dict() | {
        "width": width,
        "autosize": {"type": "fit", "contains": "padding"},
    }
    tops, words, dots = drawn(as_svg(spec, theme=theme))
    sentence = next(word for word in words if " 20 " in word.text)
    label = next(word for word in words if "2024" in word.text and word.y < 60)
    assert sentence.y < tops[0] and sentence.y < label.y - label.size  # the line begins below the sentence
    assert label.y < min(dots) and sentence.right <= width and sentence.left >= 0


WIDTHS = ((184, "id"), (184, "en"), (240, "id"), (303, "en"), (330, "id"), (400, "en"), (590, "id"))


@pytest.mark.parametrize(("wide", "days"), crossed(WIDTHS, (0, 40, 360)))
def test_no_label_of_a_day_reaches_beyond_the_picture(wide, days):
    width, lang = wide
    found = project(history(900, 700, 550), ZERO)
    by = Mark(found.origin + timedelta(days=days), T("Day"))
    spec = dot_chart(found, Look(lang), by=by).to_dict() | {"width": width, "autosize": "none", "padding": 0}
    for word in drawn(as_svg(spec))[1]:
        assert word.text == "Day" or -1 < word.left < word.right < width + 1, word


def test_the_line_is_parted_where_the_series_breaks():
    rows = history(900, 700, 550, 1500, 1300)
    found = project(rows, ZERO)
    assert [one.kind for one in found.inputs.breaks] == ["recorded"]
    chart = fan(rows, found.fan(), Look("id"), target=found)
    seen = next(data for mark, data, _ in layers(chart) if mark["type"] == "line" and "value" in data[0])
    assert [point["value"] for point in seen] == [900, 700, 550, None, 1500, 1300]
    assert "angka direvisi" in {row["text"] for mark, data, _ in layers(chart) if mark["type"] == "text" for row in data}


def test_simulated_campaigns_lie_behind_the_fan_as_thin_lines_told_apart_without_colour():
    rows = history(*range(900, 340, -40))
    found, alike = project(rows, ZERO), examples.nearest(read(rows))
    plain = layers(fan(rows, found.fan(), Look("id"), target=found))
    drawn = layers(fan(rows, found.fan(), Look("id"), target=found, behind=Behind(alike, KINDS)))
    (mark, lines, spec), *others = drawn
    assert [one[0] for one in others] == [one[0] for one in plain]  # behind all of it, and nothing else changes
    assert (mark["type"], mark["strokeWidth"]) == ("line", 1) and spec["encoding"]["y"]["axis"]["title"] == "jiwa belum rekam"
    assert {row["line"] for row in lines} == set(range(examples.SHOWN))
    assert all(row["left"] == pytest.approx(380) for row in lines if row["day"] == stamp(found.origin))
    ahead = {stamp(day) for day in found.fan()["as_of_date"]}
    assert {row["day"] for row in lines} <= ahead and len(lines) <= examples.SHOWN * POINTS
    dash = spec["encoding"]["strokeDash"]
    assert dash["scale"]["domain"] == list(dict.fromkeys(dash["scale"]["domain"])) and len(dash["scale"]["domain"]) <= len(DASHES)
    assert {row["group"] for row in lines} == set(dash["scale"]["domain"])
    english = layers(fan(rows, found.fan(), Look("en"), target=found, behind=Behind(alike, KINDS)))[0][1]
    assert {row["kind"] for row in english} <= {text.msgid for text in KINDS.values()}


def test_a_simulated_campaign_ends_where_its_simulation_did():
    rows = history(900, 700, 550)
    found = project(rows, ZERO)
    short = Nearest(("even", "even"), np.array([0.0, 10.0, 900.0]), np.array([[1.0, 0.5, np.nan], [1.0, 0.5, 0.0]]), 0.0, 2)
    lines = layers(fan(rows, found.fan(), Look("id"), target=found, behind=Behind(short, KINDS)))[0][1]
    last = {line: max(row["day"] for row in lines if row["line"] == line) for line in (0, 1)}
    assert last[0] <= stamp(found.origin + timedelta(days=10)) < last[1]
    left = {row["day"]: row["left"] for row in lines if row["line"] == 1}
    assert min(left.values()) < 275 and all(left[day] <= 550 for day in left)
