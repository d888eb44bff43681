"""The outlines of Indonesia that come with the app: one coverage, joined to the right codes, found where no better ones are."""

import csv
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ektp_analysis.boundaries import national
from ektp_analysis.boundaries.layer import tile_map
from ektp_analysis.boundaries.shelf import find_layer
from ektp_analysis.core import settings
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.text import render
from ektp_analysis.maps import canvas, leaflet, legend
from ektp_analysis.office import boundary_files
from tests import nation_outlines as maker

TABLES = national.outlines().tables
DRAWN = {key for key in TABLES[Level.KECAMATAN].keys if "~" not in key}
LEFT = national.unjoined()


def shapes(area, level):
    found = national.layer(area, level)
    return np.array([shape.geometry for shape in (*found.shapes, *found.others)], dtype=object)


def test_each_code_of_today_is_drawn_once_or_listed_and_the_numbers_are_those_of_the_readme():
    lacking = {one.code for one in LEFT if one.code}
    assert set(register().codes(Level.KECAMATAN)) == DRAWN | lacking and not DRAWN & lacking
    assert (len(DRAWN), len(lacking), sum(not one.code for one in LEFT)) == (7002, 283, 28)
    assert TABLES[Level.KABUPATEN].keys == tuple(register().codes(Level.KABUPATEN))
    assert TABLES[Level.PROVINSI].keys == tuple(register().codes(Level.PROVINSI))
    assert len(TABLES[Level.KECAMATAN].keys) == 7068
    log = (settings.DATA / "README.md").read_text(encoding="utf-8")
    assert "7,002" in log and "283" in log and "28 kecamatan of 2020" in log
    assert settings.NATIONAL.stat().st_size < 4_000_000


@pytest.mark.parametrize("area", ["12", "31", "35", "53", "75", "93", "96"])
def test_neighbours_meet_without_gap_and_overlap_on_every_level(area):
    for level in (Level.KECAMATAN, Level.KABUPATEN):
        drawn = shapes(area, level)
        assert shapely.is_valid(drawn).all() and shapely.coverage_is_valid(drawn)
        assert not any(part.exterior.is_ccw for part in shapely.get_parts(drawn))


@pytest.mark.parametrize("area", ["35.19", "35.77", "53.09", "31.74", "93.01", "96.03", "18.04"])
def test_a_kabupaten_is_its_kecamatan_and_no_more(area):
    whole = shapely.union_all(shapes(area, Level.KECAMATAN))
    (kabupaten,) = shapes(area, Level.KABUPATEN)
    assert shapely.equals(whole, kabupaten)


def test_a_moved_point_would_be_seen():
    drawn = shapes("35.19", Level.KECAMATAN)
    drawn[0] = shapely.affinity.translate(drawn[0], 0.0005)
    assert not shapely.coverage_is_valid(drawn)


def test_no_kecamatan_lies_outside_its_kabupaten_and_no_kabupaten_outside_its_provinsi():
    for inner, outer in ((Level.KECAMATAN, Level.KABUPATEN), (Level.KABUPATEN, Level.PROVINSI)):
        around = dict(zip(TABLES[outer].keys, TABLES[outer].boxes, strict=True))
        for key, box in zip(TABLES[inner].keys, TABLES[inner].boxes, strict=True):
            parent = around.get(key.split("~")[0] if "~" in key else key.rpartition(".")[0])
            assert parent is None or ((box[:2] >= parent[:2]).all() and (box[2:] <= parent[2:]).all()), key


def test_names_are_joined_to_the_codes_of_today():
    bps = national.outlines().bps
    with settings.KECAMATAN.open(encoding="utf-8", newline="") as file:
        assert all(bps[row["bps_code"]] == row["code"] for row in csv.DictReader(file))
    known = register()
    for theirs, code, name in (
        ("9401010", "93.01.04", "Kimaam"),  # the kabupaten went to another provinsi
        ("3201181", "32.01.32", "Klapanunggal"),  # Kelapa Nunggal in the file
        ("1209120", "12.08.27", "Silou Kahean"),
    ):
        assert (bps[theirs], known.name(code)) == (code, name)


def test_what_may_be_another_area_is_not_joined():
    """Bengkunat of 2020 is Ngaras today, and Bengkunat Belimbing is Bengkunat: by the name alone, one would be the other."""
    assert {"18.13.10", "18.13.11"}.isdisjoint(DRAWN)
    assert {(one.bps_code, one.name) for one in LEFT if one.inside == "18.13" and one.bps_code} == {
        ("1813100", "Bengkunat"),
        ("1813110", "Bengkunat Belimbing"),
    }
    assert {shape.name for shape in find_layer("12").others} == set()
    assert "Danau Limboto" in {shape.name for shape in find_layer("75", Level.KECAMATAN).others}


def test_the_own_outlines_win_and_gorontalo_utara_keeps_its_finer_ones():
    finer, coarse = find_layer("75.05"), national.layer("75.05", Level.KECAMATAN)
    assert finer.digest != coarse.digest and finer.codes == coarse.codes
    assert find_layer("35.19").source == national.SOURCE == find_layer("75", Level.KECAMATAN).source


@pytest.mark.parametrize(("area", "level"), [("35", Level.KABUPATEN), ("53", Level.KECAMATAN), ("96", Level.KABUPATEN)])
def test_a_map_gets_as_many_points_as_it_can_show_and_every_area(area, level):
    exact, drawn = national.layer(area, level), national.layer(area, level, 700)
    points = [shapely.get_num_coordinates([shape.geometry for shape in layer.shapes]).sum() for layer in (exact, drawn)]
    assert points[1] < 0.5 * points[0] and drawn.codes == exact.codes
    there = np.array([shape.geometry for shape in drawn.shapes])
    assert shapely.is_valid(there).all() and not shapely.is_empty(there).any()
    overlap = shapely.area(there).sum() - shapely.union_all(there).area
    assert overlap < 0.001 * shapely.area(there).sum()  # borders are drawn alike for both neighbours


def test_every_level_is_found_and_the_credit_is_said():
    for area, level, count in (("35", None, 38), ("35.19", None, 15), ("35", Level.KECAMATAN, 666)):
        found = find_layer(area, level)
        assert len(found.shapes) == count and found.valid_from == "2020"
        assert render(found.credited, "id").startswith("Batas wilayah: BPS melalui OCHA/HDX COD-AB (2020), CC BY 3.0 IGO")
    assert [len(national.layer("ID", level).shapes) for level in (Level.PROVINSI, Level.KABUPATEN)] == [38, 514]


def test_layers_of_two_levels_never_share_a_prepared_file():
    assert len({canvas.file_name(find_layer("35", level)) for level in (Level.KABUPATEN, Level.KECAMATAN)}) == 2


def test_the_land_around_lies_behind_without_a_name_and_takes_no_click():
    found = boundary_files.find("35.77")
    land = shapely.union_all(found.behind)
    assert shapely.covers(land.buffer(0.002), shapely.union_all([shape.geometry for shape in found.shapes]))
    west, _, east, _ = land.bounds
    assert east - west > 2 * (found.bounds[2] - found.bounds[0])
    drawn = leaflet.base_map(found, leaflet="x", lang="id")
    script = drawn.get_root().render()
    assert '"interactive": false' in script and "L.polygon(" in script
    assert json.loads(canvas.pack(found))["land"] and not json.loads(canvas.pack(find_layer("35.77")))["land"]
    assert boundary_files.find("75.05").codes == find_layer("75.05").codes and boundary_files.find("75.05").behind
    assert not national.around(tile_map("75.05", ["75.05.01"])).behind


@pytest.mark.parametrize(("area", "level"), [("15", Level.KABUPATEN), ("74.02", Level.KECAMATAN)])
def test_the_land_around_is_there_where_the_quick_way_of_cutting_it_fails(area, level):
    drawn = boundary_files.find(area, level)
    land, whole = shapely.union_all(drawn.behind), shapely.union_all([shape.geometry for shape in drawn.shapes])
    assert shapely.intersection(land, whole).area > 0.98 * whole.area


def test_a_first_view_leaves_out_only_islands_far_away_without_which_the_rest_is_large():
    left = {area: [one.name for one in find_layer(area).far] for area in ("31", "33.20", "53.20", "61.06", "75.05", "91.03")}
    assert {area: names for area, names in left.items() if names} == {
        "31": ["Kabupaten Administrasi Kepulauan Seribu"],
        "33.20": ["Karimunjawa"],
        "53.20": ["Raijua"],
    }
    jakarta = find_layer("31")
    (west, south, east, north), whole = jakarta.first_view, jakarta.bounds
    assert (west, east) != (whole[0], whole[2]) and 2 * (north - south) < whole[3] - whole[1]
    assert find_layer("75.05").first_view == find_layer("75.05").bounds
    assert not tile_map("31", jakarta.codes).far
    assert leaflet.map_height(jakarta, width=300, most=9000) == int(300 * (north - south) / (east - west) + 40)
    script = leaflet.base_map(jakarta, leaflet="x", lang="id").get_root().render()
    assert "Seluruh wilayah, juga Kabupaten Administrasi Kepulauan Seribu" in script


def test_squares_stand_where_the_areas_lie_also_without_an_outline_of_their_own():
    codes = ["75.05.03", "75.05.03.2001", "18.13.10", "99.01"]
    points = national.label_points(codes)
    assert set(points) == set(codes[:3]) and points["75.05.03"] == points["75.05.03.2001"]
    (kabupaten,) = shapes("18.13", Level.KABUPATEN)
    assert shapely.contains_xy(kabupaten, *points["18.13.10"])
    drawn = codes[::2]
    assert tile_map("ID", drawn, points=points).placed and not tile_map("ID", [*drawn, "99.01"], points=points).placed
    assert "urutan kode" in render(legend.CODED, "id") and "menurut letaknya" in render(legend.TILES, "id")


def test_the_maker_joins_level_by_level_and_leaves_out_what_is_doubtful():
    rows = gpd.GeoDataFrame(
        [("3519", "Madiun", "3519010", "Kebonsari"), ("3577", "Kota Madiun", "3577010", "Manguharjo")]
        + [("9199", "Nowhere", "9199010", "Kebonsari"), ("1288", "Danau Toba", "1288010", "Danau Toba")]
        + [("7601", "Mamuju Utara", f"76010{i}0", name) for i, name in enumerate(("Sarjo", "Bambaira", "Baras", "Pasangkayu"))],
        columns=["regency_code", "regency", "bps_code", "name"],
    )
    assert maker.regencies(rows) == {"3519": "35.19", "3577": "35.77", "7601": "76.01"}
    assert maker.districts({"1": "Kebonsari", "2": "Keb. Sari", "3": "Danau"}, "35.19") == {"1": "35.19.01"}
    assert maker.districts({"1": "Bengkunat", "2": "Bengkunat Belimbing"}, "18.13") == {}
    assert maker.districts({"1": "Bengkunat"}, "18.13") == {"1": "18.13.11"}  # with nothing beside it, it resembles this one


@pytest.mark.parametrize("gap", [0.0002, 0.01])
def test_the_maker_closes_gaps_of_rounding_and_leaves_water(gap):
    one, other = shapely.box(0, 0, 0.1, 0.1), shapely.box(0.1 + gap, 0, 0.2 + gap, 0.1)
    roof = shapely.box(0, 0.1, 0.2 + gap, 0.2)
    floor = shapely.box(0, -0.1, 0.2 + gap, 0)
    made = maker.as_coverage(np.array([one, other, roof, floor], dtype=object))
    assert shapely.coverage_is_valid(made)
    assert shapely.area(made[:2]).sum() == pytest.approx(0.02 if gap > maker.THIN else 0.02 + gap * 0.1)


def test_the_maker_gives_what_overlaps_to_the_first():
    made = maker.as_coverage(np.array([shapely.box(0, 0, 0.1, 0.1), shapely.box(0.09, 0, 0.2, 0.1)], dtype=object))
    assert shapely.coverage_is_valid(made) and shapely.area(made) == pytest.approx([0.01, 0.01])


def test_outlines_that_take_long_are_kept_and_made_anew_where_they_are_spoilt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(national, "MANY_PARTS", 10)
    places, folder = national.outlines().tables[Level.KABUPATEN].inside("75"), tmp_path / "outlines"
    made = national._drawn(Level.KABUPATEN, places, 0.01, None)
    for turn in range(4):
        found = national._drawn(Level.KABUPATEN, places, 0.01, folder)
        assert shapely.equals_exact(found, made, 0).all() and [one.geom_type for one in found] == [one.geom_type for one in made]
        (kept,) = folder.iterdir()
        if turn == 1:
            kept.write_bytes(kept.read_bytes()[:-400])
    assert not shapely.equals_exact(national._drawn(Level.KABUPATEN, places, 0.02, folder), made, 0).all()
    nowhere = tmp_path / "file"
    nowhere.write_bytes(b"")
    assert shapely.equals_exact(national._drawn(Level.KABUPATEN, places, 0.01, nowhere), made, 0).all(), "a disk that is full"
