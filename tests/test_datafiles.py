"""The project's own data files: what they say, to the digit, and that they agree with each other."""

import csv
import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ektp_analysis.core import settings
from ektp_analysis.core.area import register
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.contract import check, frame
from ektp_analysis.core.errors import EktpError
from ektp_analysis.office import sample
from tests.engines import eligible_bounds

BOUNDARY_FILE = settings.BOUNDARIES / "gorontalo_utara_kecamatan.geojson"


def table(path):
    return pd.read_csv(path, dtype={"area_code": str, "coverage_reported": str, "code": str, "bps_code": str})


def test_boundaries_are_11_valid_polygons_that_share_their_borders():
    shapes = gpd.read_file(BOUNDARY_FILE)
    assert len(shapes) == 11
    assert shapes.is_valid.all()
    assert set(shapes.geom_type) <= {"Polygon", "MultiPolygon"}
    assert shapely.coverage_is_valid(shapes.geometry.to_numpy())
    assert shapes.crs == "EPSG:4326"
    low_x, low_y, high_x, high_y = shapes.total_bounds
    assert 121.9 < low_x < high_x < 123.4 and 0.6 < low_y < high_y < 1.1


def test_a_moved_border_point_breaks_the_coverage():
    shapes = gpd.read_file(BOUNDARY_FILE).geometry.to_numpy().copy()
    shapes[0] = shapely.affinity.translate(shapes[0], 0.0005)
    assert not shapely.coverage_is_valid(shapes)


def test_boundaries_carry_their_credit_and_known_codes():
    head = json.loads(BOUNDARY_FILE.read_text(encoding="utf-8"))
    assert head["credit"].startswith("Batas wilayah: BPS melalui OCHA/HDX COD-AB (2020), CC BY 3.0 IGO")
    assert (head["area"], head["level"], head["licence"]) == ("75.05", "kecamatan", "CC BY 3.0 IGO")
    named = {feature["properties"]["code"]: feature["properties"] for feature in head["features"]}
    assert tuple(sorted(named)) == register().children("75.05")
    for code, properties in named.items():
        assert register().name(code) == properties["name"]


def test_label_points_lie_in_their_polygon():
    shapes = gpd.read_file(BOUNDARY_FILE)
    points = gpd.points_from_xy(shapes.label_lon, shapes.label_lat)
    assert shapes.geometry.contains(gpd.GeoSeries(points, crs=shapes.crs)).all()


def test_kecamatan_table_agrees_with_register_and_boundaries():
    areas = table(settings.KECAMATAN)
    assert areas.population_2020.sum() == 124_957
    assert areas.voters_2021.sum() == 85_348
    assert list(areas.code) == list(register().children("75.05"))
    assert list(areas.name) == [register().name(code) for code in areas.code]
    shapes = gpd.read_file(BOUNDARY_FILE)
    assert list(shapes.bps_code) == list(areas.bps_code)
    assert areas.bps_code.str.fullmatch(r"7505\d{3}").all() and areas.bps_code.is_unique
    assert dict(zip(areas.code, areas.bps_code, strict=True))["75.05.06"] == "7505011"


def test_sample_files_are_what_sample_py_writes():
    assert sample.MODELLED_FILE.read_bytes() == sample.modelled_csv()
    assert sample.REPORTED_FILE.read_bytes() == sample.reported_csv()


def test_sample_adds_up_to_the_published_totals():
    rows = frame(table(sample.MODELLED_FILE).assign(as_of_date=lambda d: pd.to_datetime(d.as_of_date)))
    assert len(rows) == 33 and set(rows.status) == {"modelled"} and rows.note.str.startswith("Model:").all()
    assert check(rows) == []
    totals = rows.groupby("as_of_date")[["eligible", "recorded", "unrecorded"]].sum()
    assert totals.unrecorded.tolist() == [862, 650, 554]
    assert set(totals.eligible) == {92_654}
    coverage = totals.recorded / totals.eligible * 100
    assert [f"{value:.2f}" for value in coverage.tail(2)] == ["99.30", "99.40"]


def test_reported_sample_stands_as_published():
    with sample.REPORTED_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["as_of_date"], r["unrecorded"], r["coverage_reported"], r["eligible"]) for r in rows] == [
        ("2023-06-14", "862", "", ""),
        ("2023-06-19", "650", "99.30", ""),
        ("2023-06-20", "554", "99.40", ""),
    ]
    assert {r["status"] for r in rows} == {"reported"}


def test_assumed_eligible_lies_in_both_printed_intervals():
    for unrecorded, printed in ((650, "99.30"), (554, "99.40")):
        low, high = eligible_bounds(unrecorded=unrecorded, printed=printed)
        assert low <= sample.ELIGIBLE <= high


def test_reported_figures_keep_the_contract_and_their_contradictions_are_named():
    rows = table(settings.REPORTED)
    assert len(rows) == 12 and rows.source.notna().all()
    contract = frame(rows.assign(as_of_date=pd.to_datetime(rows.as_of_date)))
    assert check(contract) == []
    solved = solve(contract)
    over = solved[solved.coverage_reported == "103.94"].iloc[0]
    assert pd.isna(over.unrecorded)
    counts = solved[solved.coverage_reported == "98.18"].iloc[0]
    assert f"{counts.coverage * 100:.2f}" == "98.26"
    log = (settings.DATA / "README.md").read_text(encoding="utf-8")
    for contradiction in ("103.94 %", "98.18 %", "98.26 %", "99.21 %", "97.19 %"):
        assert contradiction in log


@given(st.integers(0, 10**9), st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 10**6), min_size=1))
def test_split_adds_up_and_stays_within_one_of_the_quota(total, weights):
    whole = sum(weights.values())
    if whole == 0:
        with pytest.raises(EktpError):
            sample.split(total, weights)
        return
    parts = sample.split(total, weights)
    assert sum(parts.values()) == total
    for code, part in parts.items():
        assert total * weights[code] // whole <= part <= -(-total * weights[code] // whole)


def test_split_gives_equal_remainders_to_the_lower_code():
    assert sample.split(1, {"b": 1, "a": 1}) == {"b": 0, "a": 1}
    assert sample.split(4, {"a": 1, "b": 1, "c": 1}) == {"a": 2, "b": 1, "c": 1}


def test_split_refuses_a_negative_total():
    with pytest.raises(EktpError):
        sample.split(-1, {"a": 1})
