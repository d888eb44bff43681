"""A map of thousands of areas: boundaries sent once as a small file, then one letter per area and its figures.

The page serves two folders as Streamlit components: :data:`FRONTEND`, and the folder that :func:`store` writes to. It
calls the first with :func:`arguments`; a click or Enter gives back ``{"code": ...}``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ektp_analysis.boundaries.layer import Boundaries
from ektp_analysis.core.text import T, percent, render
from ektp_analysis.core.theme import FONT, Theme, palette, readable_on
from ektp_analysis.figures.classes import HATCHED, Classes, MapClass, known_coverage
from ektp_analysis.maps.leaflet import ZOOM_IN, ZOOM_OUT
from ektp_analysis.maps.legend import COUNT, COVERAGE, NOTHING, UNKNOWN
from ektp_analysis.maps.lettering import LEAST_RADIUS, MOST_RADIUS
from ektp_analysis.maps.seen import AreaMap

FRONTEND = Path(__file__).parent / "frontend"
GRID = 20_000  # whole-number places across the longer side
FEWEST_PIXELS = 6.0  # radius of the largest circle however many areas there are
DRAWN_WITH = ("paper", "surface", "ink", "muted", "grid", "outline", "chosen", "land", "shore")  # colours of the theme
KEYS = "0123456789abcdefghijklmnopqrstuvwxyz"
TITLE = T("Map: arrow keys go from area to area, Enter chooses, plus and minus zoom")


def pack(boundaries: Boundaries) -> bytes:
    """Boundaries as JSON of whole numbers, each ring as steps from point to point, y downwards; names and label points, and
    the rings of the land around.

    Degrees of longitude and latitude are taken as equal, which holds near the equator.
    """
    west, south, east, north = boundaries.bounds
    scale = GRID / max(east - west, north - south)

    def place(points: Any) -> Any:
        return np.round((np.asarray(points) - [west, north]) * [scale, -scale]).astype(int)

    def rings(shapes: Sequence[Any]) -> list[list[list[int]]]:
        """Of each shape the outer ring of each part, then its holes; all at once, as a large layer has many."""
        if not shapes:
            return []
        parts, of_part = shapely.get_parts(np.array(shapes, dtype=object), return_index=True)
        lines, of_line = shapely.get_rings(parts, return_index=True)
        points, of_point = shapely.get_coordinates(lines, return_index=True)
        begins = np.flatnonzero(np.diff(of_point, prepend=-1))
        steps = np.diff(place(points), axis=0, prepend=0)
        steps[begins] = place(points[begins])
        moved = np.any(steps != 0, axis=1)
        moved[begins - 1] = False  # the last point of each ring is its first
        moved[begins] = True
        ends = np.cumsum(moved)[np.append(begins[1:], len(moved)) - 1]
        found: list[list[list[int]]] = [[] for _ in shapes]
        numbers = steps[moved].ravel().tolist()
        for shape, begin, end in zip(of_part[of_line].tolist(), [0, *ends[:-1].tolist()], ends.tolist(), strict=True):
            found[shape].append(numbers[2 * begin : 2 * end])
        return found

    packed = {
        "width": round((east - west) * scale),
        "height": round((north - south) * scale),
        "codes": boundaries.codes,
        "names": [shape.name for shape in boundaries.shapes],
        "labels": place([shape.label for shape in boundaries.shapes]).tolist(),
        "rings": rings([shape.geometry for shape in boundaries.shapes]),
        "land": [one for shape in rings(boundaries.behind) for one in shape],
    }
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def file_name(boundaries: Boundaries) -> str:
    """The name of the file that :func:`store` writes: made of the content of the layer."""
    return f"{boundaries.digest[:16]}_{boundaries.area.replace('.', '')}_{'land' if boundaries.behind else 'alone'}.json"


def store(boundaries: Boundaries, folder: Path) -> str:
    """Write the boundaries under a name made of their content, once; gives the name."""
    name = file_name(boundaries)
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(pack(boundaries))
        part.replace(path)
    return name


def arguments(
    drawn: AreaMap, *, geometry: str, lang: str, theme: Theme = "light", chosen: str | None = None, height: int = 480
) -> dict[str, Any]:
    """What the map needs for a measure: classes and figures in the order of the boundaries, colours, words.

    ``geometry`` is the address of the stored boundaries, relative to the map's frame.
    """
    colours, classes, rows, codes = palette(theme), drawn.classes, drawn.rows, drawn.boundaries.codes
    keys = {item.key: KEYS[i] for i, item in enumerate(classes.items)}
    fills = {keys[item.key]: _fill(classes, item, theme) for item in classes.items}
    own = (
        {}
        if classes.measure.reported
        else {
            keys[item.key]: render(T("{measure}: {value}", measure=classes.measure.label, value=item.label), lang)
            for item in classes.items
        }
    )
    people = dict(zip(rows["area_code"], rows["unrecorded"], strict=True))
    shares = dict(zip(rows["area_code"], known_coverage(rows), strict=True))
    said = {"title": TITLE, "zoom_in": ZOOM_IN, "zoom_out": ZOOM_OUT, "none": NOTHING[0], "unknown": UNKNOWN}
    return {
        "geometry": geometry,
        "classes": "".join(keys[classes.item(code).key] for code in codes),
        "fills": fills,
        "own": own,
        "keys": {item.key: keys[item.key] for item in classes.items},
        "people": [None if pd.isna(people.get(code)) else int(people[code]) for code in codes],
        "shares": [None if pd.isna(shares.get(code)) else round(float(shares[code]), 4) for code in codes],
        "circles": drawn.circles,
        "largest": drawn.largest,
        "radius": (LEAST_RADIUS / 2, _most_radius(len(codes)), MOST_RADIUS),
        "older": [place for place, code in enumerate(codes) if code in classes.older],
        "chosen": chosen or "",
        "height": height,
        "lang": lang,
        "locale": {"id": "id-ID", "en": "en-GB"}[lang],
        "percent": percent(0, lang, 0)[1:],
        "font": FONT,
        "colours": {name: getattr(colours, name) for name in DRAWN_WITH},
        "words": {
            **{name: render(text, lang) for name, text in said.items()},
            "people": render(COUNT, lang),
            "share": render(COVERAGE, lang),
        },
    }


def _fill(classes: Classes, item: MapClass, theme: Theme) -> dict[str, Any]:
    """A class as it is drawn: fill and pattern, the ink of names on it with its halo, and its weight among the names."""
    colours, fill = palette(theme), classes.colour(item, theme)
    if item.kind not in HATCHED:
        return {"fill": fill, "ink": readable_on(fill), "halo": fill, "rank": item.rank}
    pattern = "dots" if item.kind == "stale" else "hatch"
    return {"fill": fill, pattern: colours.hatch, "ink": colours.ink, "halo": colours.paper, "rank": item.rank}


def _most_radius(areas: int) -> float:
    """Pixels of the largest circle before one zooms in: the more areas, the less room each has."""
    return max(FEWEST_PIXELS, MOST_RADIUS * min(1.0, sqrt(100 / max(areas, 1))))
