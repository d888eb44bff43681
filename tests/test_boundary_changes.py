"""Outlines of several years: the change is named, and the outlines of a snapshot's year serve that snapshot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from ektp_analysis.boundaries.layer import Boundaries, as_geojson
from ektp_analysis.boundaries.shelf import between, find_layer
from ektp_analysis.core.area import register
from ektp_analysis.ingest.report import Choices
from ektp_analysis.office import boundary_files, imports
from ektp_analysis.office import boundary_files as shelf
from tests.apps import AppTest, forget

ROOT = Path(__file__).resolve().parents[1]
FOUND = find_layer("75.05")
assert FOUND is not None
NOW: Boundaries = FOUND
SHAPES = {shape.code: shape for shape in NOW.shapes}


def layer(valid_from: str, **parts: tuple[str, ...]) -> Boundaries:
    """The eleven, with areas gathered: Kwandang='75.05.02' holds the areas of its value as well."""
    joined = {code.replace("_", "."): codes for code, codes in parts.items()}
    gone = {code for codes in joined.values() for code in codes}
    shapes = tuple(
        replace(shape, geometry=shapely.union_all([shape.geometry, *(SHAPES[c].geometry for c in joined[code])]))
        if code in joined
        else shape
        for code, shape in SHAPES.items()
        if code not in gone
    )
    return replace(NOW, shapes=shapes, valid_from=valid_from, digest=valid_from.ljust(64, "0"))


BEFORE = layer("2005", **{"75_05_02": ("75.05.09", "75.05.08")})  # Kwandang held Tomilito and Ponelo Kepulauan


def test_what_was_split_off_is_named_with_what_it_was_split_off_from() -> None:
    found = between(BEFORE, NOW)
    assert [(c.kind, c.code, c.other) for c in found] == [("split", "75.05.08", "75.05.02"), ("split", "75.05.09", "75.05.02")]
    assert all(c.share > 0.99 for c in found)
    assert str(boundary_files.change(found[0])) == (
        f"{SHAPES['75.05.08'].name} was split off from Kwandang between the outlines of 2005 and 2020"
    )


def test_what_was_merged_is_named_with_what_it_was_merged_into() -> None:
    later = layer("2030", **{"75_05_03": ("75.05.07",)})
    (change,) = between(NOW, later)
    assert (change.kind, change.code, change.other) == ("merged", "75.05.07", "75.05.03")
    assert "was merged into Anggrek between the outlines of 2020 and 2030" in str(boundary_files.change(change))


def test_another_code_for_the_same_area_is_neither_split_nor_merged() -> None:
    recoded = replace(
        NOW,
        valid_from="2005",
        shapes=tuple(replace(shape, code="75.05.91") if shape.code == "75.05.03" else shape for shape in NOW.shapes),
    )
    (change,) = between(recoded, NOW)
    assert (change.kind, change.code, change.other) == ("recoded", "75.05.03", "75.05.91")
    assert "has the code 75.05.03 in the outlines of 2020 and 75.05.91 in those of 2005" in str(boundary_files.change(change))


def test_a_new_island_belongs_to_nobody_and_equal_sets_have_no_changes() -> None:
    island = replace(SHAPES["75.05.09"], code="75.05.12", geometry=shapely.box(125, 3, 125.1, 3.1))
    assert between(NOW, replace(NOW, shapes=(*NOW.shapes, island))) == ()
    assert between(NOW, NOW) == () and between(replace(NOW, shapes=()), NOW) == ()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with the outlines of 2005 and figures of 2015 and 2024."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    forget()
    (tmp_path / "boundaries").mkdir()
    (tmp_path / "boundaries" / "2005.geojson").write_bytes(as_geojson(BEFORE))
    take_in("2015-06-01", list(BEFORE.codes))
    take_in("2024-06-01", list(NOW.codes))
    yield tmp_path
    forget()


def take_in(day: str, codes: list[str]) -> None:
    text = "area_code,as_of_date,eligible,unrecorded\n" + "".join(f"{code},{day},9000,{int(code[-2:])}\n" for code in codes)
    report = imports.read(text.encode(), f"{day}.csv", Choices())
    imports.commit(report, text.encode(), uploader="tester")


def page(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=300)
    app.run()
    app.switch_page(str(ROOT / "pages" / "area_map.py"))
    for key, value in {"lang": "en", "area": "75.05", **query}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, [e.value for e in app.exception]
    return app


def said(app: AppTest) -> str:
    return "\n".join(str(element.value) for kind in ("caption", "warning") for element in getattr(app, kind))


def test_each_snapshot_is_drawn_in_the_outlines_of_its_year_and_the_change_is_named(folder: Path) -> None:
    split = "was split off from Kwandang between the outlines of 2005 and 2020"
    for day, count in (("2015-06-01", 9), ("latest", 11)):
        app = page(day=day)
        text = said(app)
        assert text.count(split) == 2 and "have no outline" not in text, day
        drawn = shelf.find("75.05", on=date(2015, 6, 1) if day != "latest" else date(2024, 6, 1))
        assert drawn is not None and len(drawn.shapes) == count


def test_figures_older_than_all_outlines_say_whom_they_do_not_name(folder: Path) -> None:
    (folder / "boundaries" / "2005.geojson").unlink()
    text = said(page(day="2015-06-01"))
    missing = " and ".join(SHAPES[code].name for code in ("75.05.08", "75.05.09"))
    assert "The outlines hold from 2020 on; the figures are older." in text
    assert f"perhaps part of a neighbour at that time: {missing}." in text
    assert "perhaps part of a neighbour" not in said(page(day="latest"))


def test_figures_without_an_outline_are_explained_by_the_other_set(folder: Path) -> None:
    """A new area in the figures, an old set alone that is valid: the change is named from the set to come."""
    head: dict[str, Any] = json.loads(as_geojson(replace(BEFORE, valid_from="2023")))
    (folder / "boundaries" / "2005.geojson").write_text(json.dumps(head), encoding="utf-8")
    text = said(page(day="latest"))
    assert "2 areas with figures have no outline on this map" in text
    assert f"{SHAPES['75.05.09'].name} was merged into Kwandang between the outlines of 2020 and 2023" in text


def test_outlines_of_a_few_do_not_hide_the_many(folder: Path) -> None:
    """The kecamatan of Tambrauw have figures, only 11 of them had outlines in 2020: squares stand in for all."""
    take_in("2024-07-01", list(register().children("96.04")))
    app = page(area="96.04", level="KECAMATAN")
    told = "\n".join(str(element.value) for element in app.info)
    assert "Outlines for 11 of 29 areas only: equal squares stand in for all of them." in told
    assert "have no outline" not in said(app) and "Equal squares in rough geographic order" in said(app)
    assert not [element for element in page(area="75.05").info if "equal squares" in str(element.value)]


def test_what_the_shipped_outlines_lack_is_told_with_their_year(folder: Path) -> None:
    take_in("2024-07-01", ["21.02.01", "21.02.13"])
    text = said(page(area="21.02"))
    assert "1 area with figures has no outline on this map: Kecamatan Selat Gelam" in text
    lacking = "Kecamatan Selat Gelam and Kecamatan Sugie Besar"
    assert f"2 of 14 areas (district (kecamatan)) have no outline in the file of 2020: {lacking}" in text
    assert "BPS via OCHA/HDX COD-AB (2020), CC BY 3.0 IGO, simplified" in text.replace("\\", "")
    text = said(page(area="21.02", lang="id"))
    assert "2 dari 14 kecamatan belum memiliki batas di berkas 2020: Kecamatan Selat Gelam dan Kecamatan Sugie Besar" in text
    assert "no outline in the file" not in said(page(area="75.05"))
