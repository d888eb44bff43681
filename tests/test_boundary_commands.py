"""Four boundary files of our own, each taken in by one command without options, and what the report says to the number."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from math import atanh, radians, sin, sqrt
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ektp_analysis.core import settings
from ektp_analysis.core.area import Level, register
from tests import seed

SHIPPED = settings.BOUNDARIES / "gorontalo_utara_kecamatan.geojson"
Run = tuple[int, dict[str, Any], str]


def km2(west: float, south: float, east: float, north: float) -> float:
    """The area between two meridians and two parallels on the ellipsoid WGS 84, by its closed formula."""
    a, f = 6378.137, 1 / 298.257223563
    e, b = sqrt(f * (2 - f)), a * (1 - f)

    def zone(latitude: float) -> float:
        s = sin(radians(latitude))
        return b * b / 2 * (s / (1 - (e * s) ** 2) + atanh(e * s) / e)

    return radians(east - west) * (zone(north) - zone(south))


def clean(folder: Path) -> Path:
    """The eleven as they are shipped, under other heads."""
    frame = gpd.read_file(SHIPPED)[["code", "name", "geometry"]].rename(columns={"code": "KDCPUM", "name": "WADMKC"})
    frame.to_file(folder / "bersih.gpkg")
    return folder / "bersih.gpkg"


def flawed(folder: Path) -> Path:
    """Four areas: two overlap, a hole that nobody fills lies between them, one crosses itself, one is unknown."""
    left = shapely.box(122.0, 0.5, 122.15, 0.8) - shapely.box(122.1, 0.6, 122.15, 0.7)
    right = shapely.box(122.14, 0.5, 122.3, 0.8) - shapely.box(122.14, 0.6, 122.2, 0.7)
    bow = shapely.Polygon([(123.0, 0.5), (123.1, 0.6), (123.1, 0.5), (123.0, 0.6)])
    far = shapely.segmentize(shapely.box(123.5, 0.5, 123.6, 0.6), 0.01)  # ten points on each side, none needed
    frame = gpd.GeoDataFrame(
        {"kode": ["75.05.01", "75.05.02", "75.05.03", "75.05.77"], "nama": ["Atinggola", "Kwandang", "Monano", "Baru"]},
        geometry=[left, right, bow, far],
        crs=4326,
    )
    frame.to_file(folder / "cacat.geojson")
    return folder / "cacat.geojson"


def bps(folder: Path) -> Path:
    """The eleven as BPS hands them out: a zipped shapefile in metres, the code in three columns."""
    frame = gpd.read_file(SHIPPED)
    pieces = {head: frame.bps_code.str[a:b] for head, a, b in (("PROVNO", 0, 2), ("KABKOTNO", 2, 4), ("KECNO", 4, 7))}
    shapes = gpd.GeoDataFrame({**pieces, "KECAMATAN": frame.name.str.upper()}, geometry=frame.geometry, crs=4326)
    shapes.to_crs(32651).to_file(folder / "kec.shp")
    with zipfile.ZipFile(folder / "bps.zip", "w") as file:
        for part in folder.glob("kec.*"):
            file.write(part, part.name)
    return folder / "bps.zip"


def nation(folder: Path) -> Path:
    """Every kecamatan of the nation as a made-up Voronoi cell within rough islands: shapes for size, not for truth."""
    codes = list(register().codes(Level.KECAMATAN))
    islands = [
        (95.5, -5.5, 105.5, 5.5),
        (105.2, -8.7, 114.6, -5.9),
        (109, -4, 118.5, 4.5),
        (119, -5.6, 125, 1.8),
        (126, -8.5, 131, 2),
        (131, -8.8, 141, -0.8),
        (114.7, -9, 125, -8),
    ]
    outline = shapely.union_all([shapely.box(*island) for island in islands])
    points = np.random.default_rng(1).uniform((95, -9.5), (141, 5.8), (40_000, 2))
    points = points[shapely.contains_xy(outline, points)][: len(codes)]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=outline, ordered=True))
    frame = gpd.GeoDataFrame(
        {"WADMKC": [register().name(code).upper() for code in codes], "KDCPUM": codes},
        geometry=shapely.intersection(cells, outline),
        crs=4326,
    )
    frame.to_file(folder / "nasional.fgb")
    return folder / "nasional.fgb"


FILES = {"clean": clean, "flawed": flawed, "bps": bps, "nation": nation}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Run, Path, Path]]]:
    """``boundaries import FILE --json`` for each, all at once, each with a data folder of its own: result, file, folder."""
    running = {}
    for name, make in FILES.items():
        folder = tmp_path_factory.mktemp(name)
        file = make(folder)
        env = {**{k: v for k, v in os.environ.items() if not k.startswith("EKTP_")}, "EKTP_DATA_DIR": str(folder / "data")}
        running[name] = (
            seed.begin("command", "boundaries", "import", str(file), "--json", "--lang", "en", environment=env),
            file,
            folder / "data" / "boundaries",
        )
    done = {}
    for name, (finish, file, place) in running.items():
        ended = finish(300)
        done[name] = ((ended.returncode, json.loads(ended.stdout), ended.stderr), file, place)
    yield done


def stored(said: dict[str, Any], place: Path) -> Path:
    (path,) = place.iterdir()
    assert path.name == said["stored_as"]
    return path


def points(path: Path) -> int:
    return sum(
        shapely.get_num_coordinates(shapely.from_geojson(json.dumps(feature["geometry"])))
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    )


@pytest.mark.parametrize("name", FILES)
def test_one_command_takes_it_in_and_what_it_says_is_what_is_stored(runs: dict[str, Any], name: str) -> None:
    (code, said, err), file, place = runs[name]
    path = stored(said, place)
    assert code == 0 and said["status"] == "accepted" and err == ""
    assert said["bytes"] == {"before": file.stat().st_size, "after": path.stat().st_size}
    assert said["vertices"]["after"] == points(path)


def test_the_clean_one(runs: dict[str, Any]) -> None:
    (_, said, _), _, _ = runs["clean"]
    assert (said["format"], said["layer"], said["level"], said["area"]) == ("GeoPackage", "bersih", "kecamatan", "75.05")
    assert (said["code_column"], said["code_system"], said["name_column"]) == ("KDCPUM", "kemendagri", "WADMKC")
    assert (said["features"], said["matched"], said["repaired"], said["gathered"]) == (11, 11, 0, [])
    for nothing in (
        "unmatched_polygons",
        "unmatched_areas",
        "suggestions",
        "disagreements",
        "others",
        "overlaps",
        "gaps_km2",
        "warnings",
    ):
        assert said[nothing] == [], nothing
    assert said["vertices"]["before"] == 1696 == points(SHIPPED)


def test_the_one_with_overlaps_and_gaps(runs: dict[str, Any]) -> None:
    (_, said, _), _, _ = runs["flawed"]
    assert (said["features"], said["matched"], said["repaired"]) == (4, 3, 1)
    assert said["unmatched_polygons"] == [{"code": "75.05.77", "name": "Baru"}]
    assert said["disagreements"] == [{"code": "75.05.03", "name": "Monano", "register": "Anggrek"}]
    missing = [f"75.05.{n:02}" for n in range(4, 12)]
    assert said["unmatched_areas"] == [{"code": code, "name": register().name(code)} for code in missing]
    # Where both reach from 122.14 to 122.15: below the hole and above it.
    both = km2(122.14, 0.5, 122.15, 0.6) + km2(122.14, 0.7, 122.15, 0.8)
    assert said["overlaps"] == [{"areas": ["Atinggola", "Kwandang"], "km2": pytest.approx(both, abs=6e-5)}]
    assert said["overlap_km2"] == pytest.approx(both, abs=6e-5)
    assert said["gaps_km2"] == [pytest.approx(km2(122.1, 0.6, 122.2, 0.7), abs=6e-5)]
    # left 9, right 9, the repaired bow two triangles of 4, far 41 -> 5
    assert said["vertices"] == {"before": 9 + 9 + 8 + 41, "after": 9 + 9 + 8 + 5}


def test_the_one_in_bps_codes(runs: dict[str, Any]) -> None:
    (_, said, _), _, place = runs["bps"]
    assert (said["format"], said["crs"], said["level"], said["area"]) == ("ZIP", "EPSG:32651", "kecamatan", "75.05")
    assert (said["code_column"], said["code_system"], said["name_column"]) == ("PROVNO+KABKOTNO+KECNO", "bps", "KECAMATAN")
    assert (said["matched"], said["unmatched_polygons"], said["unmatched_areas"], said["disagreements"]) == (11, [], [], [])
    kept = {f["properties"]["code"]: f["properties"]["name"] for f in json.loads(stored(said, place).read_text())["features"]}
    assert kept == {code: register().name(code).upper() for code in kept} and kept["75.05.06"] == "GENTUMA RAYA"


def test_the_national_one(runs: dict[str, Any]) -> None:
    (_, said, _), _, place = runs["nation"]
    assert (said["features"], said["matched"], said["area"], said["level"]) == (7285, 7285, "ID", "kecamatan")
    assert (said["code_column"], said["name_column"]) == ("KDCPUM", "WADMKC")
    assert (said["unmatched_polygons"], said["unmatched_areas"], said["disagreements"]) == ([], [], [])
    assert stored(said, place).stat().st_size < 8_000_000


def test_the_closed_formula_gives_the_surface_of_the_earth() -> None:
    assert km2(-180, -90, 180, 90) == pytest.approx(510_065_622, abs=1)
