"""Reference pictures of the map: each measure, theme and state, drawn anew and compared within a tolerance.

EKTP_TEST_PICTURES=1 writes them anew into tests/browser/reference; look at each before it is committed.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from ektp_analysis.boundaries.layer import Boundaries, tile_map
from ektp_analysis.boundaries.shelf import find_layer
from ektp_analysis.charts import drawing
from ektp_analysis.core import contract
from ektp_analysis.core.theme import Theme
from ektp_analysis.figures.classes import Classes, Cuts, classify_rows, older_than
from ektp_analysis.figures.measure import Measure
from ektp_analysis.figures.side_by_side import mapped
from ektp_analysis.maps.measures import MEASURES, UNRECORDED
from ektp_analysis.maps.picture import static_map
from ektp_analysis.maps.seen import AreaMap, Caption
from ektp_analysis.office import sample
from tests.breadth import case

ALL = {measure.key: measure for measure in MEASURES}
KEPT = Path(__file__).parent / "browser" / "reference"
WIDTH = 560
FAR = 48  # levels of 255 by which a pixel must differ to count
MOST_FAR = 0.01  # share of such pixels: lettering may differ a little between machines, an area may not
LAYER = find_layer("75.05")
assert LAYER is not None
SHAPES: Boundaries = LAYER
DAY = date(2023, 6, 20)


def _rows() -> pd.DataFrame:
    """The sample's last day, with a change since its first one; days and chances made up, for they are not of the map."""
    text = [
        line
        for path in (sample.REPORTED_FILE, sample.MODELLED_FILE)
        for line in pd.read_csv(path, dtype={"area_code": "str"}).to_dict("records")
    ]
    given = [
        {
            **{name: row[name] for name in ("area_code", "eligible", "unrecorded") if not pd.isna(row.get(name))},
            "as_of_date": pd.Timestamp(row["as_of_date"]),
        }
        for row in text
    ]
    rows = mapped(contract.frame(given), "75.05", since=date(2023, 6, 14))
    rows["days"] = [float("inf"), 0.0, *(30.0 * (i + 1) for i in range(len(rows) - 2))]
    rows["probability"] = pd.Series([i / (len(rows) - 1) for i in range(len(rows))], dtype="Float64")
    rows["unprinted"] = pd.Series([0, pd.NA, *(11 + 37 * i for i in range(len(rows) - 2))], dtype="Int64")
    rows["age"] = pd.Series([i * 7 for i in range(len(rows))], dtype="Int64")
    rows["stalled"] = pd.Series([0, 0, 0, 35, 0, 0, pd.NA, 63, 0, 28, 0], dtype="Int64")
    return rows


ROWS = _rows()


def _states() -> pd.DataFrame:
    """One area with nobody left, one without data, one above 100 %, one with an old figure."""
    rows = ROWS.set_index("area_code").copy()
    rows.loc["75.05.01", ["unrecorded", "recorded", "coverage"]] = [0, rows.loc["75.05.01", "eligible"], 1.0]
    rows.loc["75.05.04", ["unrecorded", "recorded", "eligible", "coverage", "coverage_reported"]] = pd.NA
    rows.loc["75.05.03", ["unrecorded", "recorded", "coverage"]] = [pd.NA, rows.loc["75.05.03", "eligible"] + 300, 1.03]
    rows.loc["75.05.02", "as_of_date"] = pd.Timestamp("2023-03-01")
    return rows.reset_index()


def _difference() -> pd.DataFrame:
    rows = ROWS.copy()
    rows["change"] = pd.Series([-70, 40, 0, -30, 12, -9, -3, 25, -50, -18, 5], dtype="Int64")
    return rows


def picture(
    rows: pd.DataFrame,
    measure: Measure = UNRECORDED,
    theme: Theme = "light",
    shapes: Boundaries = SHAPES,
    steps: int = 5,
    circles: bool = False,
) -> bytes:
    stale = older_than(rows, DAY) if measure.key == "unrecorded" else frozenset()
    found: Classes = classify_rows(rows, measure, areas=shapes.codes, stale=stale, cuts=Cuts(steps))
    drawn = static_map(
        AreaMap(shapes, found, rows, circles), Caption("Kabupaten Gorontalo Utara", "contoh"), lang="id", theme=theme, width=WIDTH
    )
    return drawing.as_png(drawn, theme=theme, scale=1)


def grey(data: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("L").save(out, "PNG")
    return out.getvalue()


def tiles() -> Boundaries:
    return tile_map("75.05", SHAPES.codes, points={shape.code: shape.label for shape in SHAPES.shapes})


def ten() -> Boundaries:
    """The outlines without that of one area that has figures."""
    return replace(SHAPES, shapes=tuple(shape for shape in SHAPES.shapes if shape.code != "75.05.11"))


THEMES: tuple[Theme, ...] = ("light", "dark")
PICTURES: dict[str, Callable[[], bytes]] = {
    **{
        f"{key}-{theme}": lambda key=key, theme=theme: picture(ROWS, ALL[key], theme)  # type: ignore[misc]
        for key in ALL
        for theme in THEMES
    },
    **{f"states-{theme}": lambda theme=theme: picture(_states(), theme=theme) for theme in THEMES},  # type: ignore[misc]
    **{
        f"states_coverage-{theme}": lambda theme=theme: picture(_states(), ALL["coverage"], theme)  # type: ignore[misc]
        for theme in THEMES
    },
    **{f"circles-{theme}": lambda theme=theme: picture(ROWS, theme=theme, circles=True) for theme in THEMES},  # type: ignore[misc]
    **{f"tiles-{theme}": lambda theme=theme: picture(ROWS, theme=theme, shapes=tiles()) for theme in THEMES},  # type: ignore[misc]
    **{f"difference-{theme}": lambda theme=theme: picture(_difference(), ALL["change"], theme) for theme in THEMES},  # type: ignore[misc]
    **{f"undrawn-{theme}": lambda theme=theme: picture(ROWS, theme=theme, shapes=ten()) for theme in THEMES},  # type: ignore[misc]
    "seven_classes-grey": lambda: grey(picture(ROWS, steps=7)),
    "states-grey": lambda: grey(picture(_states())),
}


def far(one: Image.Image, other: Image.Image) -> float:
    """Share of the pixels that differ by more than :data:`FAR` levels in a channel."""
    if abs(one.width - other.width) > 8 or abs(one.height - other.height) > 8:
        return 1.0
    size = min(one.width, other.width), min(one.height, other.height)
    a, b = (np.asarray(image.convert("RGB").crop((0, 0, *size)), dtype=int) for image in (one, other))
    return float((np.abs(a - b).max(axis=2) > FAR).mean())


def shown() -> list[Any]:
    """What is shown in both themes, in each of them in turn; everything else."""
    by_content: dict[str, list[str]] = {}
    for name in PICTURES:
        by_content.setdefault(name.rpartition("-")[0], []).append(name)
    return [
        case(name, further=len(names) > 1 and place != turn % len(names))
        for turn, names in enumerate(by_content.values())
        for place, name in enumerate(names)
    ]


@pytest.mark.parametrize("name", shown())
def test_the_picture_is_the_one_that_was_looked_at(name: str) -> None:
    made = PICTURES[name]()
    file = KEPT / f"{name}.png"
    if os.environ.get("EKTP_TEST_PICTURES"):
        KEPT.mkdir(exist_ok=True)
        Image.open(io.BytesIO(made)).convert("L" if name.endswith("grey") else "RGB").quantize(64).save(file, optimize=True)
    assert far(Image.open(io.BytesIO(made)), Image.open(file)) <= MOST_FAR


def test_no_reference_picture_is_left_over() -> None:
    assert {file.stem for file in KEPT.glob("*.png")} == set(PICTURES)


def test_the_tolerance_sees_one_area_in_another_class() -> None:
    rows = ROWS.copy()
    rows.loc[rows["area_code"] == "75.05.04", "unrecorded"] = 500
    kept = Image.open(KEPT / "unrecorded-light.png")
    assert far(Image.open(io.BytesIO(picture(rows))), kept) > MOST_FAR


def test_grey_print_keeps_the_order_of_the_classes() -> None:
    found = classify_rows(ROWS, UNRECORDED, areas=SHAPES.codes, cuts=Cuts(7))
    steps = sorted((item for item in found.items if item.kind == "step"), key=lambda item: item.rank)
    levels = [Image.new("RGB", (1, 1), found.colour(item, "light")).convert("L").getpixel((0, 0)) for item in steps]
    assert levels == sorted(levels, reverse=True) and min(-np.diff(levels)) >= 12
