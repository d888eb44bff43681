"""Import of boundaries: every format, every fault in words, exact reports, and what is kept serves the map."""

import io
import json
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ektp_analysis.boundaries import geometry, importing, shelf
from ektp_analysis.boundaries.code_columns import by_name, digits
from ektp_analysis.boundaries.importing import at_detail
from ektp_analysis.boundaries.layer import read_layer
from ektp_analysis.boundaries.matching import Choices
from ektp_analysis.boundaries.shelf import find_layer, remove_layer
from ektp_analysis.core import settings
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.errors import RefusedError
from ektp_analysis.core.text import render
from ektp_analysis.office import boundary_files
from tests.breadth import crossed

SHIPPED = settings.BOUNDARIES / "gorontalo_utara_kecamatan.geojson"


@pytest.fixture(scope="module")
def eleven():
    return gpd.read_file(SHIPPED)[["code", "bps_code", "name", "geometry"]]


def squares(*cells, codes=("75.05.01", "75.05.02", "75.05.03"), names=None, crs=4326, **columns):
    """Unit squares of 0.1 degrees at (x, y), or shapes, one row each."""
    shapes = [
        shapely.box(122 + 0.1 * c[0], 0.5 + 0.1 * c[1], 122.1 + 0.1 * c[0], 0.6 + 0.1 * c[1]) if isinstance(c, tuple) else c
        for c in cells
    ]
    names = names or [register().name(code) for code in codes[: len(shapes)]]
    return gpd.GeoDataFrame({"kode": list(codes[: len(shapes)]), "nama": names, **columns}, geometry=shapes, crs=crs)


def as_file(frame, tmp_path, ending="geojson", **how):
    path = tmp_path / f"file.{ending}"
    frame.to_file(path, **how)
    return path.read_bytes()


def zipped(frame, tmp_path, drop=()):
    frame.to_file(tmp_path / "a.shp")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for part in tmp_path.glob("a.*"):
            if part.suffix not in drop:
                file.write(part, part.name)
    return held.getvalue()


TOPOJSON = {
    "type": "Topology",
    "arcs": [[[122, 0.5], [122.1, 0.5], [122.1, 0.6], [122, 0.6], [122, 0.5]]],
    "objects": {
        "kec": {
            "type": "GeometryCollection",
            "geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"kode": "75.05.01", "nama": "Atinggola"}}],
        }
    },
}


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "fgb", "kml", "zip", "parquet"])
def test_every_format_gives_the_same_eleven(eleven, tmp_path, ending):
    if ending == "zip":
        data = zipped(eleven, tmp_path)
    elif ending == "parquet":
        eleven.to_parquet(tmp_path / "file.parquet")
        data = (tmp_path / "file.parquet").read_bytes()
    else:
        data = as_file(eleven, tmp_path, ending, **({"driver": "KML"} if ending == "kml" else {}))
    report = importing.read(data, f"file.{ending}")
    assert report.matched == tuple(eleven.code) and report.area == "75.05" and report.level is Level.KECAMATAN
    assert (report.unmatched_polygons, report.unmatched_areas, report.disagreements, report.overlaps) == ((), (), (), ())
    assert report.repaired == 0 and report.vertices_before == 1696
    assert report.boundaries.shapes[0].name == "Atinggola"


def test_topojson():
    report = importing.read(json.dumps(TOPOJSON).encode(), "kec.topojson")
    assert report.format == "TopoJSON" and report.matched == ("75.05.01",)


@pytest.mark.parametrize("crs", ["EPSG:32651", "EPSG:3857", "EPSG:23830"])
def test_any_coordinate_system(eleven, tmp_path, crs):
    report = importing.read(as_file(eleven.to_crs(crs), tmp_path, "gpkg"), "utm.gpkg")
    assert report.crs == crs
    assert np.allclose(report.boundaries.bounds, find_layer("75.05").bounds, atol=0.001)


def test_bps_codes_go_through_the_table_of_pairs_never_by_position(eleven, tmp_path):
    report = importing.read(as_file(eleven[["bps_code", "name", "geometry"]], tmp_path, "gpkg"), "bps.gpkg")
    assert report.system == "bps" and report.matched == tuple(eleven.code) and not report.disagreements
    named = {shape.code: shape.name for shape in report.boundaries.shapes}
    assert named["75.05.06"] == "Gentuma Raya"  # 7505011, the second in the order of BPS


def test_bps_codes_of_an_unknown_kabupaten_are_suggested_by_name_and_joined_only_when_told_so(tmp_path):
    frame = squares((0, 0), (1, 0), codes=("7505010", "9120031"), names=["Atinggola", "Rufaer"])  # no BPS code began with 9120
    report = importing.read(as_file(frame, tmp_path), "b.geojson")
    assert report.matched == ("75.05.01",) and report.others == ("Rufaer",) and report.named == ()
    assert [(n.code, n.register) for n in report.suggestions] == [("9120031", by_name("Rufaer", "91.20", Level.KECAMATAN))]
    taken = importing.read(as_file(frame, tmp_path), "b.geojson", Choices(by_name=True))
    assert taken.matched == ("75.05.01", report.suggestions[0].register) and taken.suggestions == ()


def test_bps_codes_without_a_pair_are_joined_by_a_name_that_only_one_area_of_their_kabupaten_has(tmp_path):
    names = ["Kimaam", "MERAUKE", "Sota", "Sota", "Nowhere"]
    codes = ("9401010", "9401998", "9401997", "9401996", "9401995")
    report = importing.read(as_file(squares(*((n, 0) for n in range(5)), codes=codes, names=names), tmp_path), "b.geojson")
    assert report.matched == ("93.01.01", "93.01.04") and report.named == ("93.01.01",)
    assert report.others == ("Sota", "Sota", "Nowhere")
    assert [(n.code, n.register) for n in report.suggestions] == [("9401997", "93.01.08"), ("9401996", "93.01.08")]  # asked
    said = [render(text, "id") for text in boundary_files.summary(report)]
    assert any(text.startswith("1 wilayah tanpa padanan kode disambungkan menurut namanya") for text in said)
    lists = boundary_files.lists(report, {"93.01.22"})
    assert lists[1][1][0].code == "93.01.22" and lists[1][1][1].code == "93.01.02"  # what has figures comes first


def test_a_pair_against_its_name_is_not_taken_and_a_name_of_2020_is_no_contradiction(tmp_path):
    codes, names = ("9401010", "7505010", "3201181"), ["Merauke", "Atinggola", "Kelapa Nunggal"]
    report = importing.read(as_file(squares((0, 0), (1, 0), (2, 0), codes=codes, names=names), tmp_path), "b.geojson")
    assert report.matched == ("32.01.32", "75.05.01", "93.01.01") and report.disagreements == ()
    one = squares((0, 0), (1, 0), codes=("9401010", "9401040"), names=["Merauke", "Merauke"])  # the second has the pair
    found = importing.read(as_file(one, tmp_path), "b.geojson")
    assert found.matched == ("93.01.01",) and found.named == () and found.others == ("Merauke",)


def test_areas_missing_and_unknown_on_both_sides_are_named(eleven, tmp_path):
    frame = eleven[["code", "name", "geometry"]].iloc[1:].copy()
    frame.loc[1, "code"] = "75.05.77"
    report = importing.read(as_file(frame, tmp_path), "x.geojson")
    assert [n.code for n in report.unmatched_areas] == ["75.05.01", "75.05.02"]
    assert [(n.code, n.name) for n in report.unmatched_polygons] == [("75.05.77", "Kwandang")]


def test_a_name_that_does_not_fit_its_code_is_listed(tmp_path):
    report = importing.read(as_file(squares((0, 0), (1, 0), names=["KEC. ATINGGOLA", "Anggrek"]), tmp_path), "x.geojson")
    assert [(n.code, n.name, n.register) for n in report.disagreements] == [("75.05.02", "Anggrek", "Kwandang")]


def test_codes_of_another_system_are_refused_and_areas_taken_by_name_when_told_so(eleven, tmp_path):
    wrong = eleven.assign(code=[*eleven.code[1:], "75.05.01"])[["code", "name", "geometry"]]
    data = as_file(wrong, tmp_path)
    with pytest.raises(RefusedError, match=r"75\.05\.02 is Atinggola in the file and Kwandang in the register"):
        importing.read(data, "x.geojson")
    taken = importing.read(data, "x.geojson", Choices(by_name=True))
    assert taken.matched == tuple(eleven.code) and taken.disagreements == ()
    assert {shape.code: shape.name for shape in taken.boundaries.shapes} == dict(zip(eleven.code, eleven.name, strict=True))


def test_kabupaten_in_the_codes_of_bps_are_never_taken_for_others(tmp_path):
    frame = squares((0, 0), (1, 0), codes=("1201", "1202"), names=["Nias", "Mandailing Natal"])  # Kemendagri: 12.04, 12.13
    data = as_file(frame, tmp_path)
    with pytest.raises(RefusedError, match=r"12\.01 is Nias in the file and Kabupaten Tapanuli Tengah in the register"):
        importing.read(data, "x.geojson")
    assert importing.read(data, "x.geojson", Choices(by_name=True)).matched == ("12.04", "12.13")


@pytest.mark.parametrize(
    ("codes", "names", "meant"),
    [  # in Papua no name agrees with a code; elsewhere most codes mean the same in both; two are called alike
        (("9401", "9402"), ("Merauke", "Jayawijaya"), ("93.01", "95.01")),
        (("5101", "5102", "5103", "1201"), ("Jembrana", "Tabanan", "Badung", "Nias"), ("12.04", "51.01", "51.02", "51.03")),
        (("9403", "9471"), ("Jayapura", "Jayapura"), ("91.03", "91.71")),
    ],
)
def test_a_few_kabupaten_in_the_codes_of_bps_are_asked_about_and_taken_by_name(tmp_path, codes, names, meant):
    frame = squares(*((n, 0) for n in range(len(codes))), codes=codes, names=names).rename(columns={"name": "regency"})
    data = as_file(frame, tmp_path)
    with pytest.raises(RefusedError, match="names belong to other codes"):
        importing.read(data, "x.geojson")
    assert importing.read(data, "x.geojson", Choices(by_name=True)).matched == meant


def test_kabupaten_in_codes_of_kemendagri_are_taken_at_once(tmp_path):
    codes, names = ("1201", "9401", "5101"), ("Tapanuli Tengah", "Nabire", "Jembrana")
    frame = squares(*((n, 0) for n in range(3)), codes=codes, names=names)
    assert importing.read(as_file(frame, tmp_path), "x.geojson").matched == ("12.01", "51.01", "94.01")


def test_codes_of_both_systems_are_not_mixed(eleven, tmp_path):
    half = eleven.assign(kode=[*eleven.code[:6], *eleven.bps_code[6:]])[["kode", "name", "geometry"]]
    with pytest.raises(RefusedError, match="the column kode mixes codes of Kemendagri"):
        importing.read(as_file(half, tmp_path), "x.geojson")
    few = eleven.assign(kode=[*eleven.code[:10], *eleven.bps_code[10:]])[["kode", "name", "geometry"]]
    report = importing.read(as_file(few, tmp_path), "x.geojson")
    assert len(report.matched) == 10 and report.others == ("Sumalata Timur",)
    assert any("1 code is of the other system and was not mixed in: 11 Sumalata Timur" in str(w) for w in report.warnings)


def in_pieces(eleven, heads, code, kind):
    """The codes cut into columns: as text with zeros, as whole numbers, as numbers with a decimal, or as text of such."""
    cuts = (0, 2, 4, 7) if code == "bps_code" else (0, 2, 4, 6)
    whole = [text.replace(".", "") for text in eleven[code]]
    as_kind = {"text": str, "number": int, "float": float, "float text": lambda text: f"{int(text)}.0"}[kind]
    pieces = {head: [as_kind(text[a:b]) for text in whole] for head, a, b in zip(heads, cuts, cuts[1:], strict=False)}
    return eleven.assign(**pieces)[[*heads, "name", "geometry"]]


@pytest.mark.parametrize(
    ("kind", "heads", "code"),
    crossed(
        ["text", "number", "float", "float text"],
        [("KDPROV", "KDKAB", "KDKEC"), ("PROVNO", "KABKOTNO", "KECNO"), ("kode_prov", "kode_kab", "kode_kec")],
        ["bps_code", "code"],
    ),
)
def test_codes_in_pieces_are_put_together(eleven, tmp_path, kind, heads, code):
    system = {"bps_code": "bps", "code": "kemendagri"}[code]
    report = importing.read(as_file(in_pieces(eleven, heads, code, kind), tmp_path, "gpkg"), "pieces.gpkg")
    assert report.matched == tuple(eleven.code) and report.system == system and report.level is Level.KECAMATAN
    assert report.code_column == "+".join(heads) and report.name_column == "name" and report.disagreements == ()


def test_pieces_below_a_whole_code(eleven, tmp_path):
    frame = in_pieces(eleven, ("KDPROV", "KDKAB", "KDKEC"), "bps_code", "text").assign(KDPROV="75", KDKAB="7505")
    assert importing.read(as_file(frame, tmp_path), "x.geojson").matched == tuple(eleven.code)
    whole = frame.assign(KDKEC=list(eleven.bps_code))
    report = importing.read(as_file(whole, tmp_path), "y.geojson")
    assert report.code_column == "KDKEC" and report.matched == tuple(eleven.code)


@pytest.mark.parametrize("code", [[float(f"7505{i:02}") for i in range(1, 12)], [f"7505{i:02}.0" for i in range(1, 12)]])
def test_codes_as_numbers_with_a_decimal(eleven, tmp_path, code):
    report = importing.read(as_file(eleven.assign(kode=code)[["kode", "name", "geometry"]], tmp_path, "gpkg"), "x.gpkg")
    assert report.matched == tuple(eleven.code) and report.code_column == "kode"


def test_latitude_and_longitude_exchanged_are_found_out_and_said(eleven, tmp_path):
    turned = eleven.set_geometry(geometry.exchange(eleven.geometry.to_numpy()), crs=4326)
    report = importing.read(as_file(turned, tmp_path), "x.geojson")
    assert any("swapped" in str(text) for text in report.warnings)
    assert np.allclose(report.boundaries.bounds, find_layer("75.05").bounds, atol=1e-6)


def test_invalid_rings_are_repaired_and_counted(tmp_path):
    bow = shapely.Polygon([(122, 0.5), (122.1, 0.6), (122.1, 0.5), (122, 0.6)])
    report = importing.read(as_file(squares(bow, (2, 0)), tmp_path), "x.geojson")
    assert report.repaired == 1 and all(shape.geometry.is_valid for shape in report.boundaries.shapes)


def test_overlaps_and_gaps_are_measured_in_km2_and_not_mended(tmp_path):
    ring = shapely.box(122, 0.5, 122.3, 0.8) - shapely.box(122.1, 0.6, 122.2, 0.7)
    left, right = ring & shapely.box(122, 0.5, 122.15, 0.8), ring & shapely.box(122.14, 0.5, 122.3, 0.8)
    report = importing.read(as_file(squares(left, right), tmp_path), "x.geojson")
    square = 11.132 * 11.057  # km2 of 0.1 degrees squared at the equator
    assert [pair[:2] for pair in report.overlaps] == [("Atinggola", "Kwandang")]
    assert sum(pair[2] for pair in report.overlaps) == pytest.approx(0.2 * square, rel=0.01)
    assert report.gaps == (pytest.approx(square, rel=0.01),)
    total = sum(shape.geometry.area for shape in report.boundaries.shapes)
    assert total == pytest.approx(left.area + right.area, rel=1e-6)


def test_a_lake_drawn_as_a_hole_of_one_area_is_no_gap(tmp_path):
    lake = shapely.box(122, 0.5, 122.3, 0.8) - shapely.box(122.1, 0.6, 122.2, 0.7)
    assert importing.read(as_file(squares(lake), tmp_path), "x.geojson").gaps == ()


def test_parts_of_one_area_are_gathered(tmp_path):
    frame = squares((0, 0), (2, 0), codes=("75.05.01", "75.05.01"))
    report = importing.read(as_file(frame, tmp_path), "x.geojson")
    assert report.gathered == ("75.05.01",) and len(report.boundaries.shapes) == 1
    with pytest.raises(RefusedError, match=r"several areas: 75\.05\.01"):
        importing.read(as_file(frame, tmp_path), "x.geojson", Choices(duplicates="refuse"))


@pytest.mark.parametrize(
    "frame",
    [
        squares((0, 0), (0, 0), codes=("75.05.01", "75.05.01")),
        squares((0, 0), (2, 0), codes=("75.05.01", "75.05.01"), names=["Atinggola", "Kwandang"]),
    ],
    ids=["overlap", "names"],
)
def test_one_code_for_different_areas_is_refused_unless_told_to_gather(frame, tmp_path):
    data = as_file(frame, tmp_path)
    with pytest.raises(RefusedError, match=r"several areas: 75\.05\.01 \(1 Atinggola, 2 "):
        importing.read(data, "x.geojson")
    assert importing.read(data, "x.geojson", Choices(duplicates="gather")).gathered == ("75.05.01",)


def test_a_lake_without_code_comes_along_without_figures(tmp_path):
    frame = squares(
        (0, 0),
        (1, 0),
        (2, 0),
        (3, 0),
        (4, 0),
        (5, 0),
        codes=(*(f"75.05.0{i}" for i in range(1, 6)), ""),
        names=[*(register().name(f"75.05.0{i}") for i in range(1, 6)), "Danau Limboto"],
    )
    report = importing.read(as_file(frame, tmp_path), "x.geojson")
    assert report.others == ("Danau Limboto",)
    kept = read_layer(importing.save(report, tmp_path / "shelf"))
    assert len(kept.shapes) == 5 and [shape.name for shape in kept.others] == ["Danau Limboto"]


def test_a_file_of_several_levels_is_taken_at_its_smallest(tmp_path):
    frame = squares((0, 0), (1, 0), prov=["75", "75"], kab=["7505", "7505"], NAMA_KAB=["GORONTALO UTARA"] * 2)
    report = importing.read(as_file(frame, tmp_path), "x.geojson")
    assert (report.level, report.code_column, report.name_column) == (Level.KECAMATAN, "kode", "nama")


def test_level_and_columns_can_be_chosen(tmp_path):
    frame = squares((0, 0), (1, 0), kab=["75.05", "75.01"])
    report = importing.read(as_file(frame, tmp_path), "x.geojson", Choices(level=Level.KABUPATEN))
    assert report.level is Level.KABUPATEN and report.matched == ("75.01", "75.05")
    with pytest.raises(RefusedError, match="there is no column nothing"):
        importing.read(as_file(frame, tmp_path), "x.geojson", Choices(code_column="nothing"))


@pytest.mark.filterwarnings("ignore:.*bad application_id")  # GDAL, of the damaged ones
@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.geojson", "the file is empty"),
        (b"\x00\x01random bytes\xff" * 10, "a.geojson", "not a boundary file that can be read"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "a.gpkg", "not a boundary file that can be read"),
        (b"SQLite format 3\x00" + b"0" * 200, "a.gpkg", "damaged"),
        (b"PAR1broken", "a.parquet", "not GeoParquet"),
        (b"PK\x03\x04broken", "a.zip", "the ZIP is damaged"),
        (b'{"type": "FeatureCollection", "features": []}', "a.geojson", "nothing in the file|damaged"),
        (b'{"type": "FeatureCollection", "feat', "a.geojson", "damaged"),
        (b"'\x0a\x00\x00", "a.shp", "a shapefile is several files"),
    ],
)
def test_what_is_no_boundary_file_is_refused_in_words(data, name, words):
    with pytest.raises(RefusedError, match=words) as caught:
        importing.read(data, name)
    assert name in str(caught.value)


def test_points_only(tmp_path):
    frame = gpd.GeoDataFrame({"kode": ["75.05.01"]}, geometry=[shapely.Point(122, 0.5)], crs=4326)
    for ending in ("geojson", "gpkg"):
        with pytest.raises(RefusedError, match=r"there are no polygons in it, only: file: Point \(1\)"):
            importing.read(as_file(frame, tmp_path, ending), f"a.{ending}")


def test_outside_indonesia(tmp_path):
    frame = gpd.GeoDataFrame({"kode": ["75.05.01"]}, geometry=[shapely.box(4, 50, 5, 51)], crs=4326)
    with pytest.raises(RefusedError, match=r"outside Indonesia: 4\.0 to 5\.0 east.*rows: 1"):
        importing.read(as_file(frame, tmp_path), "a.geojson")
    one = squares((0, 0), (-500, 0), codes=("75.05.01", "75.05.02"))
    with pytest.raises(RefusedError, match=r"rows: 2 Kwandang"):
        importing.read(as_file(one, tmp_path), "a.geojson")


def test_no_attributes_and_no_codes(tmp_path):
    bare = gpd.GeoDataFrame(geometry=[shapely.box(122, 0.5, 122.1, 0.6)], crs=4326)
    with pytest.raises(RefusedError, match="no attributes"):
        importing.read(as_file(bare, tmp_path), "a.geojson")
    with pytest.raises(RefusedError, match="no column holds the codes"):
        importing.read(as_file(bare.assign(nama="Atinggola"), tmp_path), "a.geojson")


def test_a_missing_coordinate_system_is_asked(eleven, tmp_path):
    data = zipped(eleven, tmp_path, drop=(".prj",))
    with pytest.raises(RefusedError, match="which coordinate system"):
        importing.read(data, "a.zip")
    assert len(importing.read(data, "a.zip", Choices(crs="EPSG:4326")).matched) == 11
    with pytest.raises(RefusedError, match="nonsense is not a coordinate system"):
        importing.read(data, "a.zip", Choices(crs="nonsense"))


def test_several_layers_are_asked(eleven, tmp_path):
    path = tmp_path / "two.gpkg"
    eleven.to_file(path, layer="kecamatan")
    eleven.to_file(path, layer="lama")
    with pytest.raises(RefusedError, match="several layers with polygons: kecamatan, lama"):
        importing.read(path.read_bytes(), "two.gpkg")
    assert importing.read(path.read_bytes(), "two.gpkg", Choices(layer="lama")).layer == "lama"
    with pytest.raises(RefusedError, match="no layer x"):
        importing.read(path.read_bytes(), "two.gpkg", Choices(layer="x"))


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (["../../evil.geojson"], "leads out of it"),
        (["/etc/a.geojson"], "leads out of it"),
        (["C:\\a.geojson"], "leads out of it"),
        (["readme.txt"], "no boundary file"),
        (["a.geojson", "b.geojson"], "several boundary files: a.geojson, b.geojson"),
    ],
)
def test_zip_tricks(members, words):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for member in members:
            file.writestr(zipfile.ZipInfo(member), "{}")
    with pytest.raises(RefusedError, match=words):
        importing.read(held.getvalue(), "a.zip")


def test_hostile_names_are_said_and_kept_as_harmless_words(tmp_path):
    evil = ["\x1b[2J\x07Merah\n\u202ehitam", "../../../etc/cron.d/x", "<script>alert(1)</script>" + "A" * 50_000]
    data = as_file(squares((0, 0), (1, 0), (2, 0), names=evil, **{"k\x1b[2Jet": evil}), tmp_path)
    report = importing.read(data, "../../\x1b[31mja\nhat.geojson")
    lists = boundary_files.lists(report)
    names = [one.name for _title, found in lists for one in found if one.code in ("75.05.01", "75.05.02", "75.05.03")]
    assert names == ["[2JMerah hitam", evil[1], evil[2][:120] + "…"]
    kept = importing.save(report, tmp_path / "kept")
    assert kept.parent == tmp_path / "kept" and kept.name.startswith("7505_kecamatan_") and kept.stat().st_size < 5000
    layer = read_layer(kept)
    said = [
        render(text, "id")
        for text in (*boundary_files.summary(report), boundary_files.line(boundary_files.Kept("a", True, layer)))
    ]
    assert layer.source == "[31mja hat.geojson" and said[0].startswith("[31mja hat.geojson: 3 wilayah")
    assert all(text.isprintable() and len(text) < 500 for text in (*said, *names, *(shape.name for shape in layer.shapes)))
    with pytest.raises(RefusedError) as caught:
        importing.read(data, "a\x1b[2J.geojson", Choices(code_column="x"))
    assert str(caught.value).isprintable() and "[2Jet" in str(caught.value)


def test_too_large_a_file_is_refused(monkeypatch):
    monkeypatch.setattr("ektp_analysis.boundaries.file_kinds.MOST_BYTES", 10)
    with pytest.raises(RefusedError, match="larger than 0 MB"):
        importing.read(b"{" * 11, "a.geojson")


def test_what_is_saved_serves_the_map_before_the_shipped_file_and_can_be_removed(eleven, tmp_path):
    report = importing.read(as_file(eleven, tmp_path), "mine.geojson", Choices(credit="Batas: kami", valid_from="2024"))
    path = importing.save(report, tmp_path / "shelf")
    assert importing.save(report, tmp_path / "shelf") == path and len(list((tmp_path / "shelf").iterdir())) == 1
    found = find_layer("75.05", folders=(tmp_path / "shelf", *shelf.SHIPPED))
    assert found.credit == "Batas: kami" and found.valid_from == "2024" and len(found.shapes) == 11
    assert shapely.coverage_is_valid([shape.geometry for shape in found.shapes])
    assert remove_layer(path.name, tmp_path / "shelf") and not remove_layer(path.name, tmp_path / "shelf")
    assert not remove_layer("../" + SHIPPED.name, tmp_path / "shelf") and SHIPPED.exists()


def test_the_credit_of_a_file_of_this_app_is_kept():
    report = importing.read(SHIPPED.read_bytes(), SHIPPED.name)
    assert report.boundaries.credit == find_layer("75.05").credit


def test_detail_is_kept_by_content_and_stays_one_coverage(tmp_path):
    layer = find_layer("75.05")
    coarse = at_detail(layer, 150, cache=tmp_path)
    assert geometry.vertices([s.geometry for s in coarse.shapes]) < 500
    assert shapely.coverage_is_valid([shape.geometry for shape in coarse.shapes])
    assert coarse.codes == layer.codes
    (kept,) = tmp_path.iterdir()
    before = kept.stat().st_mtime_ns
    assert at_detail(layer, 150, cache=tmp_path).codes == layer.codes and kept.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("75.05.03", "750503"),
        ("ID7505030", "7505030"),
        (750503.0, "750503"),
        ("750503.0", "750503"),
        (7505032001, "7505032001"),
        ("7505", "7505"),
        ("abc", ""),
        ("", ""),
        (None, ""),
        (float("nan"), ""),
        ("123", ""),
        ("IDN", ""),
    ],
)
def test_digits_of_a_code(value, expected):
    assert digits(value) == expected


def test_by_name_only_where_one_area_of_that_name_lies_in_the_parent():
    assert by_name("KEC. ANGGREK", "75.05", Level.KECAMATAN) == "75.05.03"
    assert by_name("Anggrek", "75", Level.KECAMATAN) == "75.05.03"
    assert by_name("Nowhere", "75.05", Level.KECAMATAN) is None


def test_the_report_is_plain_json():
    text = json.dumps(importing.read(SHIPPED.read_bytes(), SHIPPED.name).as_dict("id"))
    assert json.loads(text)["matched"] == 11
