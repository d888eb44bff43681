"""Colours: in order, told apart with every kind of colour vision, readable, and the same in config.toml and everywhere."""

import io
import json
import re
import tomllib
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from pptx import Presentation

from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.over_time import ranked
from ektp_analysis.core import theme
from ektp_analysis.figures.classes import classify_rows
from ektp_analysis.maps.leaflet import area_layer, base_map
from ektp_analysis.maps.legend import legend_html
from ektp_analysis.maps.measures import UNRECORDED
from ektp_analysis.maps.seen import AreaMap
from ektp_analysis.report import pdf, pictures
from tests.reports import deck_of, file_of

CONFIG = Path(__file__).parent.parent / ".streamlit" / "config.toml"
# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
DEFICIENCY = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab(colour, vision="none"):
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.asarray(DEFICIENCY[vision]) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    f = xyz / [0.95047, 1, 1.08883]
    f = np.where(f > 216 / 24389, np.cbrt(f), (24389 / 27 * f + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one, other, vision):
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


def fills(steps, name):
    colours = theme.palette(name)
    return [*theme.ramp(steps, name), colours.done, colours.over]


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("vision", DEFICIENCY)
@pytest.mark.parametrize("steps", range(1, theme.MOST_STEPS + 1))
def test_classes_are_told_apart_by_every_eye(steps, vision, name):
    for one, other in combinations(fills(steps, name), 2):
        assert distance(one, other, vision) > 8, (one, other)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("steps", range(2, theme.MOST_STEPS + 1))
def test_more_is_darker_in_both_themes_and_on_grey_print(steps, name):
    lightness = [lab(colour)[0] for colour in theme.ramp(steps, name)]
    assert all(a - b > 7 for a, b in pairwise(lightness)), lightness


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("vision", DEFICIENCY)
@pytest.mark.parametrize("steps", range(1, 4))
def test_both_sides_of_a_diverging_ramp_and_its_middle_are_told_apart(steps, vision, name):
    colours = [*theme.ramp(steps, name), *theme.cool(steps, name), theme.palette(name).same]
    for one, other in combinations(colours, 2):
        assert distance(one, other, vision) > 8, (one, other)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("vision", DEFICIENCY)
@pytest.mark.parametrize("steps", range(1, theme.MOST_STEPS + 1))
def test_not_within_the_horizon_is_no_step_of_the_ramp(steps, vision, name):
    for fill in [*theme.ramp(steps, name), theme.palette(name).done]:
        assert distance(fill, theme.palette(name).beyond, vision) > 8, fill


@pytest.mark.parametrize("name", ["light", "dark"])
def test_contrast(name):
    colours = theme.palette(name)
    for text in (colours.ink, colours.muted):
        assert theme.contrast(text, colours.paper) >= 4.5 and theme.contrast(text, colours.surface) >= 4.5
    for mark in (colours.accent, colours.calm):
        assert theme.contrast(mark, colours.paper) >= 3
    assert theme.contrast("#ffffff", colours.primary) >= 4.5
    assert theme.contrast(colours.chosen, colours.paper) >= 3
    assert distance(theme.ramp(7, name)[-1], colours.paper, "none") > 20  # the darkest area does not sink into the page


def test_text_on_a_fill_is_readable():
    for name in ("light", "dark"):
        for fill in fills(7, name):
            assert theme.contrast(fill, theme.readable_on(fill)) >= 4, fill


def test_contrast_of_known_pairs():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("steps", [0, 8])
def test_a_ramp_has_1_to_7_steps(steps):
    with pytest.raises(ValueError, match="1 to 7"):
        theme.ramp(steps)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_config_toml_agrees(name):
    config = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    colours, written = theme.palette(name), config["theme"][name]
    assert written == {
        "primaryColor": colours.primary,
        "backgroundColor": colours.paper,
        "secondaryBackgroundColor": colours.surface,
        "textColor": colours.ink,
        "linkColor": colours.calm,
        "borderColor": colours.grid,
        "chartCategoricalColors": [colours.accent, colours.calm, colours.context, colours.muted],
    }
    assert config["browser"]["gatherUsageStats"] is False


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_text_of_a_chosen_button_is_readable(name):
    inks = re.search(r"color: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", theme.css()).groups()
    assert theme.contrast(dict(zip(("light", "dark"), inks, strict=True))[name], theme.palette(name).paper) >= 4.5


def test_one_class_has_one_colour_on_page_map_chart_slides_pdf_and_workbook():
    """The area with the most unrecorded: its colour on the page's map and legend, in the page's bars, on the picture of the
    map, the PowerPoint's bars and legend, the drawing of the PDF, and the cell of the workbook."""
    deck = deck_of("sample")
    rows, shapes = deck.state.rows, deck.state.boundaries
    classes = classify_rows(rows, UNRECORDED, areas=shapes.codes)
    worst = str(rows["area_code"].iloc[0])
    colour = classes.fill(worst, "light")
    assert colour in theme.ramp(classes_of(classes), "light")
    page = base_map(shapes, leaflet="x", lang="id")
    area_layer(AreaMap(shapes, classes, rows), lang="id").add_to(page)
    assert colour in page.get_root().render() and colour in legend_html(classes, "id")
    assert colour in json.dumps(ranked(rows, Look("id"), classes=classes).to_dict())
    blocks = {type(block).__name__: block for slide in deck.slides for block in slide.blocks}
    assert colour in pictures.svg(pictures.spec(blocks["Map"], "id", 8, 4))
    slides = Presentation(io.BytesIO(file_of("sample", "pptx"))).slides
    bars = next(shape.chart for slide in slides for shape in slide.shapes if shape.name == "Ranking")
    assert str(bars.plots[0].series[0].points[0].format.fill.fore_color.rgb) == colour[1:].upper()
    assert colour[1:].upper() in {
        str(shape.fill.fore_color.rgb) for slide in slides for shape in slide.shapes if re.fullmatch(r"Legend \d+", shape.name)
    }
    assert pdf.Drawer("id", pictures.SLIDE).ranking(blocks["Ranking"], 5)["rows"][0]["fill"] == colour
    sheet = openpyxl.load_workbook(io.BytesIO(file_of("sample", "xlsx")))["Potret data"]
    place = [cell.value for cell in sheet[4]].index("Belum rekam")
    assert sheet[5][place].fill.fgColor.rgb == "FF" + colour[1:].upper() and sheet[5][place].value == 126


def classes_of(classes):
    return sum(item.kind == "step" for item in classes.items)
