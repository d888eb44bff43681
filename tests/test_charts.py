"""Charts: what is drawn is what the frame says; missing stays missing; words and numbers are in the language."""

import json
from datetime import date

import altair as alt
import pandas as pd
import pytest
from jsonschema import ValidationError

from ektp_analysis.charts.axes import Look, Mark, apart, headroom, settled, stacked
from ektp_analysis.charts.drawing import as_png, as_svg
from ektp_analysis.charts.joined import Joined
from ektp_analysis.charts.over_time import fan, history_chart, ranked, trend
from ektp_analysis.charts.projected import dot_chart
from ektp_analysis.core import contract
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T
from ektp_analysis.core.theme import palette
from ektp_analysis.figures.classes import Cuts, classify_rows
from ektp_analysis.figures.series import history_of
from ektp_analysis.maps.measures import UNRECORDED
from tests.projecting import project


def frame(*rows):
    return solve(contract.frame([{"area_code": "75.05", **row, "as_of_date": pd.Timestamp(row["as_of_date"])} for row in rows]))


JUNE = frame(
    {"as_of_date": "2023-06-14", "unrecorded": 862},
    {"as_of_date": "2023-06-20", "unrecorded": 554, "coverage_reported": "99.40"},
    {"as_of_date": "2023-06-19", "unrecorded": 650, "coverage_reported": "99.30"},
)
PLACES = solve(
    contract.frame(
        [
            {"area_code": "75.05.01", "as_of_date": pd.Timestamp("2023-06-20"), "eligible": 9000, "unrecorded": 0},
            {"area_code": "75.05.02", "as_of_date": pd.Timestamp("2023-06-20"), "eligible": 21000, "unrecorded": 1260},
            {"area_code": "75.05.03", "as_of_date": pd.Timestamp("2023-06-20"), "eligible": 12000, "unrecorded": 72},
            {"area_code": "75.05.04", "as_of_date": pd.Timestamp("2023-06-20"), "eligible": 8000, "recorded": 8100},
            {"area_code": "75.05.05", "as_of_date": pd.Timestamp("2023-06-20"), "coverage_reported": "99.40"},
        ]
    )
)


def rows_of(chart, mark):
    """The data behind the first layer with this mark."""
    spec = chart.to_dict()
    for layer in spec["layer"]:
        if layer["mark"]["type"] == mark:
            data = layer.get("data", spec.get("data"))
            return spec["datasets"][data["name"]] if "name" in data else data["values"]
    raise AssertionError(f"no {mark}")


def marks_of(chart):
    return [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]


def text_of(chart):
    return json.dumps(chart.to_dict(), ensure_ascii=False)


def test_trend_draws_each_day_with_its_figure_in_order():
    points = rows_of(trend(JUNE, Look("id")), "point")
    assert [(point["day"], point["value"]) for point in points] == [
        ("2023-06-14T00:00:00", 862),
        ("2023-06-19T00:00:00", 650),
        ("2023-06-20T00:00:00", 554),
    ]
    assert points[2]["day_text"] == "20 Juni 2023" and points[2]["value_text"] == "554"


def test_trend_breaks_where_a_figure_is_missing_and_never_draws_0():
    rows = frame(
        {"as_of_date": "2023-01-02", "unrecorded": 900},
        {"as_of_date": "2023-01-09", "eligible": 10, "recorded": 12},
        {"as_of_date": "2023-01-16", "unrecorded": 700},
    )
    chart = trend(rows, Look("id"))
    assert [point["value"] for point in rows_of(chart, "line")] == [900, None, 700]
    assert [point["value"] for point in rows_of(chart, "point")] == [900, 700]
    assert chart.to_dict()["layer"][0]["mark"]["invalid"] == "break-paths-filter-domains"


def test_the_target_is_the_interval_that_the_eligible_allow():
    chart = trend(JUNE, Look("id"), target=Target.parse("99.4"))
    band = rows_of(chart, "rect")[0]
    assert (band["low"], band["high"]) == (549, 558)  # 0.6 % of 91,571 and of 93,109, rounded down
    assert "Target 99,40\N{NO-BREAK SPACE}%: 549 sampai 558 belum rekam" in text_of(chart)


@pytest.mark.parametrize(("counts", "side"), [((862, 554), "left"), ((165, 0), "right"), ((165,), "left"), ((130, 165), "right")])
def test_words_of_the_target_stand_where_the_line_is_farther_from_it(counts, side):
    rows = frame(
        *({"as_of_date": f"2023-06-{day:02}", "unrecorded": count, "eligible": 24_000} for day, count in enumerate(counts, 1))
    )
    marks = [layer["mark"] for layer in trend(rows, Look("id"), target=Target.parse("99.4")).to_dict()["layer"]]
    assert {mark["align"] for mark in marks if mark["type"] == "text" and mark.get("dy") == -8} == {side}


def test_no_target_line_without_an_eligible_count_or_for_zero():
    unknown = frame({"as_of_date": "2023-06-14", "unrecorded": 862})
    assert "rect" not in marks_of(trend(unknown, Look("id"), target=Target.parse("99.4")))
    assert "rect" not in marks_of(trend(JUNE, Look("id"), target=ZERO))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_modelled_points_are_hollow(theme):
    rows = frame(
        {"as_of_date": "2023-06-14", "unrecorded": 862, "status": "modelled"}, {"as_of_date": "2023-06-15", "unrecorded": 800}
    )
    fills = [point["fill"] for point in rows_of(trend(rows, Look("id", theme)), "point")]
    assert fills == [palette(theme).paper, palette(theme).accent]


def test_title_note_marks_and_language_are_in_the_picture():
    mark = Mark(date(2023, 6, 15), T("Median"))
    chart = trend(JUNE, Look("id", title="A finding", note=T("No data")), marks=[mark])
    spec = chart.to_dict()
    assert spec["title"]["text"] == "A finding" and spec["title"]["subtitle"] == ["Tidak ada data"]
    assert "Nilai tengah" in text_of(chart) and "jiwa belum rekam" in text_of(chart)
    assert spec["config"]["locale"]["time"]["months"][5] == "Juni" and spec["width"] == "container"
    assert "people not yet recorded" in text_of(trend(JUNE, Look("en")))


def test_ranked_has_the_most_first_and_says_why_a_figure_is_missing():
    bars = rows_of(ranked(PLACES, Look("id"), classes=classify_rows(PLACES, UNRECORDED)), "bar")
    assert [(bar["name"], bar["value"], bar["value_text"]) for bar in bars] == [
        ("Kwandang", 1260, "1.260"),
        ("Anggrek", 72, "72"),
        ("Atinggola", 0, "0"),
        ("Sumalata", None, "tidak diketahui: di atas 100\N{NO-BREAK SPACE}%"),
        ("Tolinggula", None, "tidak ada data"),
    ]
    assert [bar["coverage_text"] for bar in bars][-1] == "99,40\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ranked_has_the_colours_of_the_map(theme):
    classes = classify_rows(PLACES, UNRECORDED, cuts=Cuts(steps=2))
    bars = rows_of(ranked(PLACES, Look("id", theme), classes=classes, chosen="75.05.03"), "bar")
    assert {bar["code"]: bar["fill"] for bar in bars} == {code: classes.fill(code, theme) for code in PLACES.area_code}
    assert [bar["code"] for bar in bars if bar["chosen"]] == ["75.05.03"]


def weekly():
    return frame(
        *(
            {"as_of_date": f"2023-{3 + i // 4:02}-{1 + 7 * (i % 4):02}", "unrecorded": 2000 - 90 * i, "eligible": 92654}
            for i in range(12)
        )
    )


def test_fan_draws_uncertainty_before_the_median_before_the_points():
    found = project(weekly(), ZERO)
    chart = fan(weekly(), found.fan(), Look("id"), target=found)
    marks = marks_of(chart)
    assert marks[:4] == ["area", "area", "area", "line"] and marks.index("point") > 3
    bands = rows_of(chart, "area")
    given = found.fan().set_index("as_of_date")
    for row in bands:
        for name in ("q05", "q10", "q25", "q50", "q75", "q90", "q95"):
            assert row[name] == pytest.approx(given.loc[pd.Timestamp(row["day"]), name])
    assert [point["value"] for point in rows_of(chart, "point")] == weekly().unrecorded.tolist()
    assert "skenario buruk (1 dari 20)" in text_of(chart)


def test_fan_ends_where_nothing_moves_but_not_before_the_day_asked_about():
    found = project(weekly(), ZERO)
    short = rows_of(fan(weekly(), found.fan(), Look("id"), target=found), "area")
    asked = Mark(date(2025, 1, 1), T("Day"))
    long = rows_of(fan(weekly(), found.fan(), Look("id"), target=found, marks=[asked]), "area")
    assert long[-1]["day"] >= "2025-01-01" and len(short) <= len(long) <= len(found.fan())


def test_fan_of_a_target_has_its_line():
    found = project(weekly(), Target.parse("99.4"))
    chart = fan(weekly(), found.fan(), Look("id"), target=found)
    assert rows_of(chart, "rect")[0]["low"] == Target.parse("99.4").remaining(92654)


def test_dots_are_all_there_each_once():
    found = project(JUNE, ZERO)
    by = Mark(date(2024, 2, 14), T("Day"))
    chart = dot_chart(found, Look("id"), by=by)
    spec = chart.to_dict()
    outcomes = found.dots(20)
    days = [day for day in outcomes if isinstance(day, date)]
    drawn = rows_of(chart, "circle")
    assert len(drawn) == len(days) and len({(dot["day"], dot["stack"]) for dot in drawn}) == len(drawn)
    assert sum(dot["reached"] for dot in drawn) == sum(day <= by.day for day in days)
    apart_dots = [layer for layer in spec["layer"] if layer["mark"].get("shape") == "cross"]
    crosses = (
        spec["datasets"][apart_dots[0]["data"]["name"]] if "name" in apart_dots[0]["data"] else apart_dots[0]["data"]["values"]
    )
    assert len(crosses) == 20 - len(days) > 0
    assert f"{20 - len(days)} dari 20 di luar jangka proyeksi" in text_of(chart)


@pytest.mark.parametrize("draw", [trend, history_chart])
def test_an_empty_history_is_an_empty_chart(draw):
    empty = solve(contract.frame())
    assert as_png(draw(empty, Look("id"))).startswith(b"\x89PNG")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_png_and_svg_are_drawn_offline_with_indonesian_numbers(theme):
    rows = frame({"as_of_date": "2023-06-14", "unrecorded": 12862}, {"as_of_date": "2023-07-20", "unrecorded": 9554})
    chart = trend(rows, Look("id", theme))
    assert as_png(chart, theme=theme).startswith(b"\x89PNG")
    svg = as_svg(chart, theme=theme)
    assert "12.862" in svg and "10.000" in svg and "14 Jun 2023" in svg and "20 Jul" in svg and palette(theme).paper in svg


def test_headroom_is_above_the_data_and_never_zero():
    assert headroom([]) == 1 and headroom([0]) == 1 and 100 < headroom([100, 5]) < 120


def test_labels_are_moved_apart_in_their_order():
    assert apart([10, 12, 100], gap=15) == [10, 25, 100]
    assert apart([50, 10], gap=15) == [50, 10]
    assert apart([10, 10, 10], gap=5) == [10, 15, 20]


def test_stacked_keeps_every_day_in_its_bin():
    days = [date(2023, 7, 1), date(2023, 7, 1), date(2023, 7, 2), date(2023, 12, 31)]
    dots = stacked(days, days[0], days[-1], columns=30)
    assert [dot.height for dot in dots] == [1, 2, 3, 1]
    assert all(abs((dot.day - day).days) <= 4 for dot, day in zip(dots, days, strict=True))


def test_settled_cuts_only_what_does_not_move():
    moving = [[100.0 - i, 200.0 - i] for i in range(50)] + [[50.0, 150.0]] * 100
    assert 50 <= settled(moving, 200) <= 57
    assert settled([[1.0]], 1) == 1 and settled([], 1) == 0


def test_a_trend_is_parted_where_other_areas_are_counted_and_shows_what_stands_on_older_figures():
    weeks = ("2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22")
    first = {"75.05.01": (90, 80, 70, 60), "75.05.02": (50, None, None, None), "75.05.03": (None, None, 40, 30)}
    rows = contract.frame(
        [
            {"area_code": code, "as_of_date": day, "unrecorded": count, "eligible": 5000}
            for code, counts in first.items()
            for day, count in zip(weeks, counts, strict=True)
            if count is not None
        ]
    )
    spec = trend(history_of(rows, "75.05"), Look("id"))
    assert [point["value"] for point in rows_of(spec, "line")] == [140, 130, None, 160, 140]
    assert "wilayah terhitung berbeda" in text_of(spec)
    assert [(row["day"], row["older"]) for row in rows_of(spec, "area")] == [
        (f"{day}T00:00:00", older) for day, older in zip(weeks, (0, 50, 50, 50), strict=True)
    ]
    complete = rows[rows["area_code"] == "75.05.01"]
    assert "area" not in marks_of(trend(history_of(complete, "75.05"), Look("id")))


def test_a_bar_whose_figure_is_of_an_earlier_day_is_pale_and_says_the_day():
    rows = pd.concat([PLACES.assign(reported=True), PLACES.iloc[:1].assign(area_code="75.05.06", unrecorded=30, reported=False)])
    bars = {bar["code"]: bar for bar in rows_of(ranked(rows, Look("id"), classes=classify_rows(rows, UNRECORDED)), "bar")}
    assert (bars["75.05.06"]["opacity"], bars["75.05.02"]["opacity"]) == (0.5, 1.0)
    assert bars["75.05.06"]["day_text"] == "20 Juni 2023"


def test_charts_are_put_together_as_altair_does():
    one, other = (alt.Chart(alt.Data(values=[{"n": n}])).encode(x=alt.X("n:Q")) for n in (1, 2))
    title = alt.TitleParams("both")

    def layers(*parts):
        return Joined("layer", parts, width=9, title=title), alt.layer(*parts, width=9, title=title)

    for whole, theirs in (
        layers(one.mark_point(), one.mark_line()),  # the same rows stand once
        layers(one.mark_point(), other.mark_line()),
    ):
        assert whole.to_dict() == theirs.to_dict()
        for parts, altairs in (([whole], [theirs]), ([whole, other.mark_bar()], [theirs, other.mark_bar()])):
            below = Joined("vconcat", parts, spacing=3).to_dict()
            assert below == alt.vconcat(*altairs, spacing=3).to_dict()
            assert Joined("concat", parts, columns=1).to_dict() == alt.concat(*altairs, columns=1).to_dict() != below
    with pytest.raises(ValidationError):
        Joined("layer", [one.mark_point()], width="wide").to_dict()
