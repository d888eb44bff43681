"""The map: colours and numbers are read back from what is drawn; names are data; nothing comes from a network."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import date
from hashlib import sha256

import folium
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ektp_analysis.boundaries.layer import tile_map
from ektp_analysis.boundaries.shelf import find_layer
from ektp_analysis.charts import drawing
from ektp_analysis.core import contract
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.text import T
from ektp_analysis.core.theme import palette
from ektp_analysis.figures import classes as class_module
from ektp_analysis.figures.classes import Cuts
from ektp_analysis.maps.leaflet import area_layer as area_layer_of
from ektp_analysis.maps.leaflet import base_map, clicked, map_height
from ektp_analysis.maps.leaflet import standalone_html as standalone_html_of
from ektp_analysis.maps.legend import footnotes, legend, legend_html
from ektp_analysis.maps.lettering import LETTER, dots, hatch, legend_places, name_places, radii
from ektp_analysis.maps.measures import CHANGE, COVERAGE, UNRECORDED
from ektp_analysis.maps.picture import small_multiples as small_multiples_of
from ektp_analysis.maps.picture import static_map as static_map_of
from ektp_analysis.maps.seen import AreaMap, Caption, geojson

MEASURES = {measure.key: measure for measure in (UNRECORDED, COVERAGE)}
LAYER = find_layer("75.05")
EVIL = '<img src=x onerror="alert(1)">{{ 7 * 191 }}{% end %}{# no #}'


def classify_rows(rows, measure=UNRECORDED, *, areas=(), stale=(), **cuts):
    return class_module.classify_rows(rows, measure, areas=areas, stale=stale, cuts=Cuts(**cuts))


def classify_dates(frames, *, areas):
    """Days with the same bounds, found over all of them, as the page does it."""
    every = pd.concat(frames.values())
    bounds = class_module.frozen(every, every, UNRECORDED)
    return {day: classify_rows(rows, areas=areas, bounds=bounds) for day, rows in frames.items()}


def area_layer(layer, found, rows, *, circles=False, largest=None, **how):
    return area_layer_of(AreaMap(layer, found, rows, circles, largest), **how)


def static_map(layer, found, rows, *, title, source, note=None, circles=False, **how):
    return static_map_of(AreaMap(layer, found, rows, circles), Caption(title, source, note), **how)


def small_multiples(layer, days, *, title, source, **how):
    return small_multiples_of(layer, days, Caption(title, source), **how)


def standalone_html(layer, found, rows, *, title, source, note=None, **how):
    return standalone_html_of(AreaMap(layer, found, rows), Caption(title, source, note), **how)


def figures(**special):
    """Eleven kecamatan: the first complete, the second above 100 %, the third without a row."""
    rows = [
        {"area_code": code, "as_of_date": pd.Timestamp("2023-06-20"), "eligible": 1000, "unrecorded": 10 * i}
        for i, code in enumerate(LAYER.codes)
    ]
    rows[1].update(unrecorded=None, recorded=1040)
    return solve(contract.frame(row for i, row in enumerate(rows) if i != 2))


ROWS = figures()
CLASSES = classify_rows(ROWS, areas=LAYER.codes)


def page(layer, theme="light", lang="id"):
    base = base_map(LAYER, leaflet="../x.leaflet", lang=lang, theme=theme)
    layer.add_to(base)
    return base.get_root().render()


def features(layer):
    geojson = next(child for child in layer._children.values() if isinstance(child, folium.GeoJson))
    return {feature["id"]: feature for feature in geojson.data["features"]}, geojson


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_each_area_has_the_fill_of_its_class(measure, theme):
    classes = classify_rows(ROWS, measure=measure, areas=LAYER.codes)
    found, geojson = features(area_layer(LAYER, classes, ROWS, lang="id", theme=theme))
    for code, feature in found.items():
        fill = geojson.style_function(feature)["fillColor"]
        assert fill == ("url(#ektp-hatch)" if code == "75.05.03" else classes.fill(code, theme))
    assert geojson.style_function(found["75.05.01"])["fillColor"] == palette(theme).done
    assert geojson.style_function(found["75.05.02"])["fillColor"] == palette(theme).over


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_circles_grow_with_the_square_root_and_keep_the_colours(theme):
    layer = area_layer(LAYER, CLASSES, ROWS, lang="id", theme=theme, circles=True, chosen="75.05.04")
    areas, circles = (child for child in layer._children.values() if isinstance(child, folium.GeoJson))
    drawn = {feature["id"]: circles.style_function(feature) for feature in circles.data["features"]}
    assert set(drawn) == set(LAYER.codes) - {"75.05.02", "75.05.03"}  # unknown is no circle
    assert drawn["75.05.11"]["radius"] == 30
    assert drawn["75.05.05"]["radius"] / drawn["75.05.11"]["radius"] == pytest.approx((40 / 100) ** 0.5)
    assert drawn["75.05.01"]["radius"] == 3  # nobody: still to be seen
    assert all(style["fillColor"] == CLASSES.fill(code, theme) for code, style in drawn.items())
    assert drawn["75.05.04"]["weight"] == 3
    ground = {feature["id"]: areas.style_function(feature)["fillColor"] for feature in areas.data["features"]}
    assert ground["75.05.05"] == palette(theme).grid and ground["75.05.03"] == "url(#ektp-hatch)"
    assert circles.data["features"][0]["id"] == "75.05.11"  # large ones below


def test_circles_keep_their_size_over_time():
    assert radii(ROWS, largest=400)["75.05.11"] == pytest.approx(15)
    assert radii(ROWS.iloc[:0]) == {}


def test_circles_in_the_picture():
    spec = static_map(LAYER, CLASSES, ROWS, title="x", source="y", lang="id", circles=True).to_dict()
    layer = next(layer for layer in layers(spec) if layer["mark"]["type"] == "circle")
    assert {row["code"]: row["fill"] for row in values(spec, layer)} == {
        code: CLASSES.fill(code, "light") for code in radii(ROWS)
    }


def test_a_tile_map_goes_the_same_way_and_says_what_it_is():
    tiles = tile_map("75.05", LAYER.codes)
    found, geojson = features(area_layer(tiles, CLASSES, ROWS, lang="id"))
    assert geojson.style_function(found["75.05.05"])["fillColor"] == CLASSES.fill("75.05.05", "light")
    spec = static_map(tiles, CLASSES, ROWS, title="x", source="y", lang="id").to_dict()
    assert "Kotak sama besar" in json.dumps(spec, ensure_ascii=False)


def test_another_measure_is_said_first():
    rows = ROWS.assign(change=pd.array([-3 * i for i in range(len(ROWS))], dtype="Int64"))
    classes = classify_rows(rows, measure=CHANGE, areas=LAYER.codes)
    found, _ = features(area_layer(LAYER, classes, rows, lang="id"))
    assert found["75.05.04"]["properties"]["label"].startswith("Sumalata. Perubahan belum rekam: -6. 30 jiwa belum rekam")
    assert found["75.05.01"]["properties"]["label"].startswith("Atinggola. Perubahan belum rekam: Tidak berubah.")


def test_tooltip_and_screen_reader_say_the_same_in_the_language():
    found, _ = features(area_layer(LAYER, CLASSES, ROWS, lang="id"))
    said = found["75.05.05"]["properties"]
    assert said["label"] == "Tolinggula. 40 jiwa belum rekam. Cakupan 96,00\N{NO-BREAK SPACE}%. Per tanggal 20 Juni 2023"
    assert said["tip"].startswith("<strong>Tolinggula</strong><br>40 jiwa belum rekam<br>")
    assert found["75.05.02"]["properties"]["label"].startswith("Kwandang. Belum rekam: tidak diketahui. Cakupan 104,00")
    assert found["75.05.03"]["properties"]["label"] == "Anggrek. Tidak ada data"
    english, _ = features(area_layer(LAYER, CLASSES, ROWS, lang="en"))
    assert english["75.05.05"]["properties"]["label"].startswith("Tolinggula. 40 people not yet recorded. Coverage 96.00%")


def test_the_chosen_area_is_outlined_on_top():
    layer = area_layer(LAYER, CLASSES, ROWS, lang="id", chosen="75.05.04")
    found, geojson = features(layer)
    assert list(found)[-1] == "75.05.04"
    assert geojson.style_function(found["75.05.04"])["weight"] == 3
    assert {geojson.style_function(found[code])["weight"] for code in list(found)[:-1]} == {1}


def test_names_are_data_and_never_markup():
    shapes = tuple(replace(shape, name=EVIL) for shape in LAYER.shapes)
    layer = replace(LAYER, shapes=shapes)
    group = area_layer(layer, CLASSES, ROWS, lang="id")
    found, _ = features(group)
    assert all(feature["properties"]["tip"].startswith("<strong>&lt;img src=x") for feature in found.values())
    names = [child.icon.options["html"] for child in group._children.values() if isinstance(child, folium.Marker)]
    assert len(names) == 11 and not any("<img" in name for name in names)
    assert "<img src=x" not in page(group) and "{{ 7 * 191 }}{% end %}{# no #}" in page(group)
    text = json.dumps(static_map(layer, CLASSES, ROWS, title=EVIL, source=EVIL, lang="id").to_dict())
    svg = drawing.as_svg(json.loads(text))
    assert "<img" not in svg and "onerror" in svg  # shown as text


def test_nothing_comes_from_a_network():
    html = page(area_layer(LAYER, CLASSES, ROWS, lang="id"))
    addresses = re.findall(r'(?:src|href)="([^"]+)"', html)
    base = base_map(LAYER, leaflet="../x.leaflet", lang="id")
    assert base.default_js == [("leaflet", "../x.leaflet/leaflet.js")]
    assert base.default_css == [("leaflet_css", "../x.leaflet/leaflet.css")]
    assert [a for a in addresses if a.startswith("http")] == []


def test_same_input_same_text_other_language_or_theme_other_base():
    def text(**how):
        base = base_map(LAYER, leaflet="../x", **how)
        return re.sub(r"_[0-9a-f]{32}", "", base.get_root().render())

    assert text(lang="id", theme="light") == text(lang="id", theme="light")
    assert "Perbesar" in text(lang="id", theme="light") and "Zoom in" in text(lang="en", theme="light")
    assert text(lang="id", theme="light") != text(lang="id", theme="dark")


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        (None, None),
        ({}, None),
        ({"last_active_drawing": None}, None),
        ({"last_active_drawing": {"properties": {}}}, None),
        ({"last_active_drawing": {"properties": {"code": "75.05.03"}}}, ("75.05.03", 0)),
        ({"last_active_drawing": {"properties": {"code": "75.05.03", "at": 1700000000000}}}, ("75.05.03", 1_700_000_000_000)),
    ],
)
def test_clicked(returned, code):
    assert clicked(returned) == code


def test_legend_counts_every_area_once_and_always_explains_the_special_classes():
    rows = legend(CLASSES, "id")
    assert sum(row.areas for row in rows) == 11
    assert [row.kind for row in rows][-3:] == ["done", "over", "none"]
    ranks = [float(row.label.replace(".", "").split(" – ")[-1]) for row in rows if row.kind == "step"]
    assert ranks == sorted(ranks, reverse=True)  # the most unrecorded first
    assert rows[-1].areas_text == "1 wilayah" and rows[-3].label == "Tuntas: nol belum rekam"


PARTS = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 900)), st.booleans()), min_size=1, max_size=11)


@given(PARTS)
def test_the_classes_and_the_areas_without_an_outline_are_all_areas_and_all_people(parts):
    rows = pd.DataFrame({"area_code": LAYER.codes[: len(parts)], "unrecorded": pd.Series([n for n, _ in parts], dtype="Int64")})
    rows["coverage"], rows["coverage_reported"] = pd.Series([None] * len(rows), dtype="Float64"), ""
    classes = classify_rows(rows)
    drawn = {code for code, (_, has) in zip(LAYER.codes, parts, strict=False) if has}
    found = legend(classes, "id", drawn=drawn)
    assert sum(row.areas for row in found) == len(parts)
    left = [row for row in found if row.kind == "undrawn"]
    assert sum(row.areas for row in left) == len(parts) - len(drawn) and len(left) == (len(drawn) < len(parts))
    people = sum(n or 0 for n, _ in parts)
    if people:  # whole per cents, rounded one by one
        shares = [int(row.held.removesuffix("\N{NO-BREAK SPACE}%")) for row in found if row.held]
        assert abs(sum(shares) - 100) <= len(shares) / 2


def test_an_area_without_an_outline_is_named_in_picture_and_page_and_kept_in_the_geojson():
    missing = "75.05.11"  # 100 of the 530 people
    layer = replace(LAYER, shapes=tuple(shape for shape in LAYER.shapes if shape.code != missing))
    classes = classify_rows(ROWS, areas=layer.codes)
    said = {"title": "x", "source": "y", "lang": "id"}
    picture = json.dumps(static_map(layer, classes, ROWS, **said).to_dict(), ensure_ascii=False)
    html = standalone_html(layer, classes, ROWS, **said)
    for text in (picture, html):
        assert "1 wilayah tanpa batas, tidak digambar di peta: Sumalata Timur (100)" in text
        assert "Tanpa batas wilayah: tidak di peta" in text
    rows = {row.key: row for row in legend(classes, "id", drawn=layer.codes)}
    assert rows["undrawn"].held == "19\N{NO-BREAK SPACE}%" and rows["undrawn"].areas == 1
    assert rows["none"].areas == 1  # the one without a figure, and no more
    features = json.loads(geojson(layer, classes, ROWS))["features"]
    assert [f["geometry"] for f in features if f["id"] == missing] == [None]
    assert sum(f["properties"]["unrecorded"] or 0 for f in features) == ROWS["unrecorded"].sum()
    assert "tanpa batas" not in json.dumps(static_map(LAYER, CLASSES, ROWS, **said).to_dict())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_legend_html_has_each_colour_and_no_script(theme):
    html = legend_html(CLASSES, "id", theme)
    for row in legend(CLASSES, "id", theme):
        assert row.colour in html
    assert "repeating-linear-gradient" in html and "<script" not in html
    measure = replace(UNRECORDED, label=T("{name}", name=EVIL))
    assert "<img" not in legend_html(replace(CLASSES, measure=measure), "id")


def layers(spec):
    for part in spec.get("vconcat", spec.get("concat", spec.get("layer", []))):
        yield from layers(part)
    if "mark" in spec:
        yield spec


def values(spec, layer):
    data = layer.get("data", {})
    return spec["datasets"][data["name"]] if "name" in data else data.get("values", [])


@pytest.mark.parametrize("measure", [UNRECORDED, COVERAGE], ids=lambda m: m.key)
def test_picture_has_the_same_colours_as_the_map(measure):
    classes = classify_rows(ROWS, measure=measure, areas=LAYER.codes)
    spec = static_map(LAYER, classes, ROWS, title="A finding", source="A source", lang="id", note=T("modelled")).to_dict()
    shapes = next(layer for layer in layers(spec) if layer["mark"]["type"] == "geoshape")
    drawn = {feature["code"]: feature["fill"] for feature in values(spec, shapes)}
    assert drawn == {code: classes.fill(code, "light") for code in LAYER.codes}
    text = json.dumps(spec, ensure_ascii=False)
    for needed in ("A finding", "Sumber: A source", "Per tanggal 20 Juni 2023", LAYER.credit, "hasil pemodelan"):
        assert needed in text
    assert spec["config"]["locale"]["number"]["decimal"] == ","


def test_the_credit_under_a_map_is_in_the_language_of_the_map():
    under = {lang: footnotes(LAYER, ROWS, "A source", lang)[-1] for lang in ("id", "en")}
    assert under["id"] == LAYER.credit and under["en"].startswith("Boundaries: BPS") and "wilayah" not in under["en"]


def test_picture_is_drawn_offline_as_png():
    chart = static_map(LAYER, CLASSES, ROWS, title="x", source="y", lang="id", width=400)
    assert drawing.as_png(chart, scale=1).startswith(b"\x89PNG")


def test_the_html_to_take_away_needs_no_network_and_escapes_names():
    shapes = tuple(replace(shape, name=EVIL) for shape in LAYER.shapes)
    html = standalone_html(replace(LAYER, shapes=shapes), CLASSES, ROWS, title=EVIL, source=EVIL, lang="id", note=T("modelled"))
    assert "<img src=x" not in html and "default-src 'none'" in html
    assert html.count("{{ 7 * 191 }}{% end %}{# no #}") > 11, "no name is run as a template"
    assert not re.search(r"(?<![\w+/])1337(?![\w+/=])", html), "a name made at random may hold it, a text does not"
    assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", html) == []
    named = {
        f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'"
        for one in re.findall(r"<script[^>]*>(.*?)</script>", html, re.S)
    }
    assert named == set(re.findall(r"script-src ([^;]*)", html)[0].split()), "its own scripts run, and nothing else"
    assert LAYER.credit in html and "hasil pemodelan" in html and "L.geoJson" in html and "Leaflet 1." in html


def test_geojson_to_take_away_has_the_figures_and_null_where_there_are_none():
    found = json.loads(geojson(LAYER, CLASSES, ROWS))
    said = {feature["id"]: feature["properties"] for feature in found["features"]}
    assert found["credit"] == LAYER.credit and len(said) == 11
    assert (said["75.05.05"]["unrecorded"], said["75.05.05"]["as_of_date"], said["75.05.05"]["coverage"]) == (
        40,
        "2023-06-20",
        0.96,
    )
    assert said["75.05.02"]["unrecorded"] is None and said["75.05.02"]["class"] == "over"
    assert said["75.05.03"]["unrecorded"] is None and said["75.05.03"]["class"] == "none"
    assert shapely.geometry.shape(found["features"][0]["geometry"]).exterior.is_ccw  # as the standard wants it
    assert "projection_method" not in found
    assert json.loads(geojson(LAYER, CLASSES, ROWS, "campaigns 1"))["projection_method"] == "campaigns 1"  # of what is projected


def days(n):
    frames = {
        date(2023, 1, 1 + i): figures().assign(unrecorded=lambda rows, i=i: rows["unrecorded"] // (1 + i)) for i in range(n)
    }
    classes = classify_dates(frames, areas=LAYER.codes)
    return {day: (classes[day], frames[day]) for day in frames}


def test_playing_through_12_days_changes_no_bound():
    found = days(12)
    bounds = {classes.bounds for classes, _rows in found.values()}
    assert len(bounds) == 1
    for classes, rows in found.values():
        for code, count in zip(rows["area_code"], rows["unrecorded"], strict=True):
            item = classes.item(code)
            assert item.kind != "step" or item.low <= count <= item.high


def test_small_multiples_show_each_day_in_the_same_colours():
    found = days(4)
    spec = small_multiples(LAYER, found, title="x", source="y", lang="id").to_dict()
    maps = [layer for layer in layers(spec) if layer["mark"]["type"] == "geoshape" and layer["mark"].get("filled") is not False]
    assert len(maps) == 4
    for layer, (classes, _rows) in zip(maps, found.values(), strict=True):
        assert {row["code"]: row["fill"] for row in values(spec, layer)} == {c: classes.fill(c, "light") for c in LAYER.codes}
    assert "4 Januari 2023" in json.dumps(spec)
    assert drawing.as_png(spec, scale=0.5).startswith(b"\x89PNG")


def test_small_multiples_refuse_what_cannot_be_compared():
    with pytest.raises(ValueError, match="1 to 12 days"):
        small_multiples(LAYER, {}, title="x", source="y", lang="id")
    one = days(1)
    other = {date(2024, 1, 1): (classify_rows(ROWS, steps=2, areas=LAYER.codes), ROWS)}
    with pytest.raises(ValueError, match="different classes"):
        small_multiples(LAYER, one | other, title="x", source="y", lang="id")


def test_hatch_stays_in_its_area():
    shape = LAYER.shapes[2]
    lines = hatch(shape, 0.01)
    assert lines.length > 0 and shape.geometry.buffer(1e-9).contains(lines)
    tiny = replace(shape, geometry=shapely.box(120, 0, 120.0001, 0.0001))
    assert hatch(tiny, 1).length >= 0


def test_on_the_page_a_name_on_a_square_breaks_at_each_word_and_knows_its_square():
    tiles = tile_map("75.05", LAYER.codes)

    def names(layer):
        return [marker.icon.options["html"] for marker in layer._children.values() if isinstance(marker, folium.Marker)]

    assert any(
        'data-within="75.05.11"' in name and "Sumalata<br>Timur" in name
        for name in names(area_layer(tiles, CLASSES, ROWS, lang="id"))
    )
    assert not any("data-within" in name for name in names(area_layer(LAYER, CLASSES, ROWS, lang="id")))


def test_dots_stay_in_their_area_and_an_islet_has_one():
    shape = LAYER.shapes[0]
    found = dots(shape, 0.004)
    assert len(found.geoms) > 50 and shapely.covers(shape.geometry, found)
    islet = replace(shape, geometry=shapely.box(122, 0.5, 122.001, 0.501), label=(122.0005, 0.5005))
    assert [point.coords[0] for point in dots(islet, 0.004).geoms] == [islet.label]


def test_on_squares_each_name_stays_on_its_own():
    tiles = tile_map("75.05", LAYER.codes, points={shape.code: shape.label for shape in LAYER.shapes})
    spec = static_map(tiles, CLASSES, ROWS, title="x", source="y", lang="id", width=560).to_dict()
    texts = {
        text["text"] for layer in layers(spec) if layer["mark"]["type"] == "text" for text in values(spec, layer) if "lon" in text
    }
    assert "Ponelo\nKepulauan\n70" in texts and not any(" " in text for text in texts)
    west, _, east, _ = tiles.bounds
    side = (tiles.shapes[0].geometry.bounds[2] - tiles.shapes[0].geometry.bounds[0]) * 560 / (east - west)
    assert all(max(map(len, text.split("\n"))) * LETTER <= 1.1 * side for text in texts)
    small = static_map(tiles, CLASSES, ROWS, title="x", source="y", lang="id", width=300).to_dict()
    assert not any(
        "Kepulauan" in text.get("text", "") for layer in layers(small) for text in values(small, layer) if "lon" in text
    )  # too long for a square of 30 pixels: left out, not cut


def test_names_give_way_to_circles_of_others_where_they_can():
    names = [("a", "Kwandang", (122.5, 0.9)), ("b", "Anggrek", (122.9, 0.9))]
    wall = {"x": (122.4, 0.89, 122.6, 0.93)}
    free, kept = (name_places(names, LAYER.bounds, 900, 244, obstacles=given)[0] for given in ({}, wall))
    assert free.shift == 0 and kept.shift != 0
    blocked = {"x": (122.0, 0.0, 123.5, 2.0)}  # nowhere to go: then over it, rather than not at all
    assert len(name_places(names, LAYER.bounds, 900, 244, obstacles=blocked)) == 2


def test_names_never_overlap_and_stay_in_the_picture():
    west, _south, east, _north = LAYER.bounds
    places = name_places([(s.code, s.name + " 1.234", s.label) for s in LAYER.shapes], LAYER.bounds, 900, 244)
    assert len(places) == 11
    for i, one in enumerate(places):
        assert west - 1e-9 <= one.box[0] and one.box[2] <= east + 1e-9
        for other in places[i + 1 :]:
            assert not shapely.box(*one.box).buffer(-1e-6).intersects(shapely.box(*other.box).buffer(-1e-6))
    assert len(name_places([("a", "x" * 50, (122.5, 0.9)), ("b", "y" * 50, (122.5, 0.9))] * 4, LAYER.bounds, 900, 244)) == 5


def test_a_name_at_the_edge_moves_inwards():
    west = LAYER.bounds[0]
    placed = name_places([("a", "Sumalata Timur", (west + 0.001, 0.9))], LAYER.bounds, 900, 244)[0]
    assert placed.box[0] >= west - 1e-9


def test_legend_flows_into_lines():
    places, height = legend_places(["x" * 60] * 3, 500)
    assert [y for _x, y in places] == [0, 22, 44] and height == 64


def test_map_height_follows_the_shape():
    assert 240 <= map_height(LAYER, width=800) <= 300
    assert map_height(LAYER, width=400) == 200
