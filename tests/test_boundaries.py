"""Boundaries: what is read, which file serves which area, and what is left over when figures are joined."""

import json
from dataclasses import replace

import pytest
import shapely

from ektp_analysis.boundaries import shelf
from ektp_analysis.boundaries.layer import match, read_layer, tile_map
from ektp_analysis.boundaries.shelf import find_layer
from ektp_analysis.core.area import Level
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import render

SQUARE = {"type": "Polygon", "coordinates": [[[120, 0], [121, 0], [121, 1], [120, 1], [120, 0]]]}


def layer_file(folder, name="x.geojson", *, area="75.05", level="kecamatan", codes=("75.05.01",), **head):
    features = [{"type": "Feature", "properties": {"code": c, "name": c}, "geometry": SQUARE} for c in codes]
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "area": area, "level": level, "features": features, **head}))
    return path


def test_shipped_layer_serves_gorontalo_utara():
    layer = find_layer("75.05")
    assert layer.level is Level.KECAMATAN and len(layer.shapes) == 11
    assert layer.codes == tuple(f"75.05.{i:02}" for i in range(1, 12))
    assert layer.credit.startswith("Batas wilayah: BPS") and layer.licence == "CC BY 3.0 IGO"
    west, south, east, north = layer.bounds
    assert 121.9 < west < east < 123.4 and 0.6 < south < north < 1.1


def test_our_own_credit_is_said_in_the_readers_language_and_that_of_others_as_given():
    layer = find_layer("75.05")
    assert render(layer.credited, "id") == layer.credit
    assert render(layer.credited, "en").startswith("Boundaries: BPS via OCHA/HDX COD-AB (2020), CC BY 3.0 IGO")
    for given in ("Batas: {kami}", ""):
        assert {render(replace(layer, credit=given).credited, lang) for lang in ("id", "en")} == {given}


def test_exterior_rings_run_clockwise():
    for shape in find_layer("75.05").shapes:
        for part in getattr(shape.geometry, "geoms", [shape.geometry]):
            assert not part.exterior.is_ccw


def test_one_kecamatan_and_the_province_see_their_part():
    assert find_layer("75.05.03", Level.KECAMATAN).codes == ("75.05.03",)
    assert len(find_layer("75", Level.KECAMATAN).shapes) == 77


@pytest.mark.parametrize(("area", "level"), [("75.05", Level.DESA), ("75.05.03", None), ("75.99", None)])
def test_where_there_are_no_polygons_none_is_found(area, level):
    assert find_layer(area, level) is None


def test_earlier_folders_win_and_a_missing_folder_is_empty(tmp_path):
    layer_file(tmp_path, codes=("75.05.01", "75.05.02"), credit="mine")
    found = find_layer("75.05", folders=(tmp_path / "nowhere", tmp_path, *shelf.SHIPPED))
    assert found.credit == "mine" and found.codes == ("75.05.01", "75.05.02")
    other = find_layer("75.05.03", Level.KECAMATAN, folders=(tmp_path, *shelf.SHIPPED))
    assert other.codes == ("75.05.03",) and other.credit != "mine"


def test_a_national_layer_serves_a_kabupaten(tmp_path):
    layer_file(tmp_path, area="ID", codes=("11.01.01", "75.05.01"))
    assert find_layer("75.05", folders=(tmp_path,)).codes == ("75.05.01",)


def test_match_returns_both_sides():
    layer = find_layer("75.05")
    found = match(["75.05.02", "75.05.01", "75.05.99", "75.05"], layer)
    assert found.matched == ("75.05.01", "75.05.02")
    assert found.unmatched_figures == ("75.05", "75.05.99")
    assert found.unmatched_polygons == tuple(f"75.05.{i:02}" for i in range(3, 12))


def test_label_point_lies_inside_where_the_file_gives_none(tmp_path):
    shape = read_layer(layer_file(tmp_path)).shapes[0]
    assert shape.geometry.contains(shapely.Point(shape.label))


def test_a_changed_file_is_read_again(tmp_path):
    path = layer_file(tmp_path)
    before = read_layer(path)
    assert read_layer(path) is before
    layer_file(tmp_path, codes=("75.05.01", "75.05.02"))
    after = read_layer(path)
    assert len(after.shapes) == 2 and after.digest != before.digest


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        '{"features": []}',
        '{"features": [1], "level": "x", "area": "75"}',
        '{"features": [], "level": "kecamatan", "area": "seventy"}',
        "[]",
    ],
)
def test_a_file_that_is_none_is_refused_with_its_name(tmp_path, content):
    path = tmp_path / "bad.geojson"
    path.write_text(content)
    with pytest.raises(UserError, match=r"bad\.geojson"):
        read_layer(path)


def test_a_missing_file_is_refused_with_its_name(tmp_path):
    with pytest.raises(UserError, match=r"gone\.geojson cannot be read"):
        read_layer(tmp_path / "gone.geojson")


def test_tiles_are_equal_squares_in_rough_geographic_order():
    layer = find_layer("75.05")
    tiles = tile_map("75.05", layer.codes, points={shape.code: shape.label for shape in layer.shapes})
    assert tiles.codes == layer.codes and tiles.tiles and tiles.level is Level.KECAMATAN
    assert len({round(shape.geometry.area, 9) for shape in tiles.shapes}) == 1
    assert len({shape.label for shape in tiles.shapes}) == 11
    assert not any(a.geometry.intersects(b.geometry) for a in tiles.shapes for b in tiles.shapes if a.code < b.code)
    across = {shape.code: shape.label[0] for shape in tiles.shapes}
    assert across["75.05.05"] < across["75.05.04"] < across["75.05.03"] < across["75.05.01"]  # west to east
    down = {shape.code: shape.label[1] for shape in tiles.shapes}
    assert down["75.05.08"] > down["75.05.02"]  # Ponelo lies north of Kwandang
    assert not tiles.shapes[0].geometry.exterior.is_ccw


def test_tiles_are_the_same_every_time_and_need_no_points():
    layer = find_layer("75.05")
    points = {shape.code: shape.label for shape in layer.shapes}
    turned = dict(reversed(points.items()))
    assert tile_map("75.05", layer.codes, points=points) == tile_map("75.05", layer.codes[::-1], points=turned)
    by_order = tile_map("75.05", layer.codes)
    assert by_order.shapes[0].label[0] < by_order.shapes[1].label[0]
    assert tile_map("75.05", []).shapes == () and len(tile_map("75.05", ["75.05.01"]).shapes) == 1
    assert len(tile_map("75.05", [f"75.05.01.{i:04}" for i in range(2001, 2900)]).shapes) == 899


def test_areas_at_one_point_still_have_a_tile_each():
    codes = [f"75.05.{i:02}" for i in range(1, 8)]
    tiles = tile_map("75.05", codes, points=dict.fromkeys(codes, (122.0, 0.9)))
    assert len({shape.label for shape in tiles.shapes}) == 7
