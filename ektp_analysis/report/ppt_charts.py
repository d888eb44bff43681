"""Native charts as PowerPoint draws them: their numbers can be edited there, and labels, signs and thousands follow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.oxml.ns import qn
from pptx.util import Pt

from ektp_analysis.core import private
from ektp_analysis.core.text import sentence
from ektp_analysis.core.theme import palette
from ektp_analysis.report import fitting
from ektp_analysis.report.blocks import Trend
from ektp_analysis.report.fitting import SMALLEST, names_in, width_of
from ektp_analysis.report.ppt_parts import Box, colour, describe, inches

DAYS = {"id": "[$-421]d mmm yyyy", "en": "[$-809]d mmm yyyy"}
# Written out, so that the thousands of a file in one language do not follow the computer that shows it.
MARK = {"id": ".", "en": ","}
COUNT = {lang: f"[>=1000000]0\\{mark}000\\{mark}000;[>=1000]0\\{mark}000;0" for lang, mark in MARK.items()}
COLOURS = palette("light")
FEW = 7


def trend_chart(slide: Any, box: Box, block: Trend, lang: str, *, alt: str) -> None:
    """The unrecorded on their real days, and what the target allows as a level line (the most it allows)."""
    rows = block.history
    data = CategoryChartData(number_format=COUNT[lang])
    data.categories = [day.date() for day in rows["as_of_date"]]
    data.add_series(sentence(fitting.UNRECORDED, lang), [None if pd.isna(n) else int(n) for n in rows["unrecorded"]])
    if block.allowed is not None:
        data.add_series(sentence(fitting.ALLOWED, lang), [block.allowed[1]] * len(rows))
    plan = block.along.plan
    if plan is not None:
        data.add_series(sentence(fitting.PLANNED, lang), [plan.on(day.date()) for day in rows["as_of_date"]])
    shape = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *inches(box), data)
    describe(shape, alt, "Trend")
    chart = shape.chart
    _plain(chart, legend=block.allowed is not None or plan is not None)
    chart.category_axis.tick_labels.number_format, chart.category_axis.tick_labels.number_format_is_linked = DAYS[lang], False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _days(chart.category_axis, [day.toordinal() for day in rows["as_of_date"]])
    axis = chart.value_axis
    axis.minimum_scale, axis.has_major_gridlines = 0, True
    axis.major_gridlines.format.line.color.rgb = colour(COLOURS.grid)
    axis.format.line.fill.background()
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = COUNT[lang], False
    seen = chart.plots[0].series[0]
    _line(seen, COLOURS.accent, 2.75)
    if block.allowed is not None:
        _unmarked(chart.plots[0].series[1], COLOURS.calm, 2)
    if plan is not None:
        _unmarked(chart.plots[0].series[-1], COLOURS.muted, 1)
    _counted(chart, block)


def _counted(chart: Any, block: Trend) -> None:
    """The numbers at the points of few snapshots, or at the last of many, and at the level that the target allows."""
    counts = {i: int(n) for i, n in enumerate(block.history["unrecorded"]) if not pd.isna(n)}
    seen, axis, known = chart.plots[0].series[0], chart.value_axis, list(counts)
    for place in known if len(known) <= FEW else known[-1:]:  # the first of many would stand on the numbers of the axis
        _number(seen.points[place].data_label, COLOURS.ink)
    if len(known) <= FEW:  # every point says its number, so the axis need not
        axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        if block.allowed is not None:  # at the end where the line of the unrecorded is far enough from it
            away = {place: abs(counts[place] - block.allowed[1]) for place in (known[0], known[-1])}
            place = known[0] if away[known[0]] > 0.2 * max(counts.values()) else known[-1]
            if away[place] > 0.2 * max(counts.values()):
                _number(chart.plots[0].series[1].points[place].data_label, COLOURS.calm)


def _days(axis: Any, days: Sequence[int]) -> None:
    """Labels of days that stand upright and apart: at most four, on days of snapshots, the last among them where it can be."""
    element, span = private.xml_of(axis), days[-1] - days[0]
    step = math.gcd(*(day - days[0] for day in days)) or 1  # a label on each step stands on a snapshot's day
    steps = max(span // step, 1)
    unit = step * next((steps // parts for parts in (3, 2) if steps % parts == 0), -(-steps // 3))
    for tag, value in (("c:majorUnit", str(unit)), ("c:majorTimeUnit", "days")):
        for old in element.findall(qn(tag)):
            element.remove(old)
        child = element.makeelement(qn(tag), {"val": value})
        before = next((one for one in (*element.findall(qn("c:minorUnit")), *element.findall(qn("c:minorTimeUnit")))), None)
        if before is None:
            element.append(child)
        else:
            before.addprevious(child)
    axis.tick_labels.font.size = Pt(SMALLEST)
    element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "0")


def _unmarked(series: Any, ink: str, width: float) -> None:
    """A line without points, so many points wide."""
    _line(series, ink, width)
    series.marker.style = XL_MARKER_STYLE.NONE


def _number(label: Any, ink: str, *, written: str = "") -> None:
    """The number itself as the label of its point, so that it follows the data; ``written`` in a format of its own."""
    label.position = XL_LABEL_POSITION.OUTSIDE_END if written else XL_LABEL_POSITION.ABOVE
    label.font.size, label.font.bold, label.font.color.rgb = Pt(SMALLEST), not written, colour(ink)
    element = private.label_of_point(label)
    for tag in ("c:showVal", "c:showLegendKey", "c:showCatName", "c:showSerName", "c:showPercent", "c:showBubbleSize"):
        for child in element.findall(qn(tag)):
            child.set("val", "1" if tag == "c:showVal" else "0")
    _unbroken(element)
    if written:
        shape = element.makeelement(qn("c:numFmt"), {"formatCode": written, "sourceLinked": "0"})
        next(one for one in element if one.tag in (qn("c:spPr"), qn("c:txPr"))).addprevious(shape)


def _unbroken(labels: Any) -> None:
    """A number stays on one line, however narrow its chart."""
    labels.find(qn("c:txPr")).find(qn("a:bodyPr")).set("wrap", "none")


def _signed(most: int, lang: str) -> str:
    """The format of changes of so many people: with a sign, and with as many marks as its thousands ask."""
    digits = "0" + f"\\{MARK[lang]}000" * ((len(str(most)) - 1) // 3)
    return f"+{digits};−{digits};0"


def bars(slide: Any, box: Box, found: fitting.Bars, lang: str, *, alt: str, name: str) -> None:
    """One bar an area, the first on top; a missing figure has no bar."""
    written = _signed(0, lang) if found.column == "change" else COUNT[lang]
    data = CategoryChartData(number_format=written)
    names = names_in(found.names, box[2] * 0.36, SMALLEST)
    data.categories = names
    numbers = [None if pd.isna(n) else int(n) for n in found.rows[found.column]]
    data.add_series(sentence(found.title, lang), numbers)
    left, top, width, height = box
    tall = min(height, 0.3 + 0.55 * len(names))
    shape = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *inches((left, top, width, tall)), data)
    describe(shape, alt, name)
    chart = shape.chart
    _plain(chart, legend=False)
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.format.line.color.rgb = colour(COLOURS.grid)
    _every_name(private.xml_of(chart.category_axis))
    chart.value_axis.has_major_gridlines, chart.value_axis.visible = False, False
    room = max(width_of(one, SMALLEST) for one in names) + 0.25
    _room(chart, room / width)
    chart.value_axis.maximum_scale, chart.value_axis.minimum_scale = _scale(
        [n for n in numbers if n is not None], 0.99 * width - room, lang
    )
    chart.plots[0].gap_width, chart.plots[0].vary_by_categories = 35, False
    series = chart.plots[0].series[0]
    _numbers(series.data_labels, written)
    series.invert_if_negative = False
    for place, (value, row) in enumerate(zip(numbers, found.rows.itertuples(), strict=True)):
        point = series.points[place]
        point.format.fill.solid()
        if found.column == "change" and abs(value or 0) >= 1000:  # no one format has room for signs and for thousands
            _number(point.data_label, COLOURS.ink, written=_signed(abs(value or 0), lang))
        point.format.fill.fore_color.rgb = colour(found.fill(row))


def _scale(numbers: Sequence[int], room: float, lang: str) -> tuple[float, float]:
    """Where the axis of bars ends and begins, so that in ``room`` inches a number stands beyond each bar."""
    most, least = max(*numbers, 0), min(*numbers, 0)
    spread = max(most - least, 1)
    widest = max(width_of(fitting.signed(n, lang), SMALLEST) for n in (most, least)) + 0.1
    share = widest / room  # of the plot, on each side on which a number stands
    beyond = spread * max(0.25, share / (1 - share * (2 if most and least else 1)))
    return most + (beyond if most or not least else 0.02 * spread), least - (beyond if least else 0)


def _numbers(labels: Any, written: str) -> None:
    """Every bar's number at its end."""
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = written, False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size, labels.font.color.rgb = Pt(SMALLEST), colour(COLOURS.ink)
    _unbroken(private.xml_of(labels))


def _room(chart: Any, share: float) -> None:
    """Leave so much of the chart's width to the names, each on one line, whatever program draws it."""
    area = private.plot_area(chart)
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    layout = area.makeelement(qn("c:layout"), {})
    inner = layout.makeelement(qn("c:manualLayout"), {})
    layout.append(inner)
    for tag, value in (
        ("layoutTarget", "inner"),
        ("xMode", "edge"),
        ("yMode", "edge"),
        ("x", share),
        ("y", 0.01),
        ("w", 0.99 - share),
        ("h", 0.98),
    ):
        inner.append(inner.makeelement(qn(f"c:{tag}"), {"val": value if isinstance(value, str) else f"{value:.4f}"}))
    area.insert(0, layout)


def _every_name(axis: Any) -> None:
    """No name of an area is skipped."""
    skip = axis.makeelement(qn("c:tickLblSkip"), {"val": "1"})
    last = axis.find(qn("c:noMultiLvlLbl"))
    if last is None:
        axis.append(skip)
    else:
        last.addprevious(skip)


def _plain(chart: Any, *, legend: bool) -> None:
    chart.has_title, chart.has_legend = False, legend
    chart.font.size, chart.font.color.rgb = Pt(SMALLEST), colour(COLOURS.muted)
    if legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.legend.font.size = Pt(SMALLEST)


def _line(series: Any, ink: str, width: float) -> None:
    series.smooth = False
    series.format.line.color.rgb, series.format.line.width = colour(ink), Pt(width)
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = colour(ink)
    series.marker.format.line.color.rgb = colour(ink)
    series.marker.size = 9
