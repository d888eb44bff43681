"""Imported outlines: by command and worker, kept in the data folder, found by area and day, listed and removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ektp_analysis.__main__ import cli
from ektp_analysis.boundaries.shelf import find_layer
from ektp_analysis.core.area import Level
from ektp_analysis.core.aside import Aside
from ektp_analysis.core.errors import RefusedError
from ektp_analysis.core.settings import BOUNDARIES, settings
from ektp_analysis.office import boundary_files as shelf
from ektp_analysis.server import TILES, policy

FILE = BOUNDARIES / "gorontalo_utara_kecamatan.geojson"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("EKTP_LANGUAGE", "en")
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["boundaries", *arguments])
    return done.exit_code, done.stdout, done.stderr


def altered(folder: Path, name: str, keep: int = 11, **head: Any) -> Path:
    said = json.loads(FILE.read_text(encoding="utf-8"))
    said.update(head)
    said["features"] = said["features"][:keep]
    path = folder / name
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


def test_import_list_remove(folder: Path) -> None:
    code, out, _ = run("import", str(FILE), "--json")
    said = json.loads(out)
    assert code == 0 and said["status"] == "accepted" and said["matched"] == 11 and said["area"] == "75.05"
    assert (shelf.folder() / said["stored_as"]).is_file()
    found = shelf.find("75.05")
    assert found is not None and len(found.shapes) == 11 and found.licence == "CC BY 3.0 IGO"
    _, out, _ = run("list", "--json")
    assert [json.loads(line)["own"] for line in out.splitlines()] == [True, False]
    assert run("remove", said["stored_as"])[0] == 0
    assert [one.own for one in shelf.kept()] == [False]
    code, _, err = run("remove", said["stored_as"])
    assert code == 1 and said["stored_as"] in err


def test_the_shipped_outlines_cannot_be_removed() -> None:
    assert run("remove", FILE.name)[0] == 1 and FILE.is_file()


def test_a_dry_run_keeps_nothing() -> None:
    code, out, _ = run("import", str(FILE), "--dry-run")
    assert code == 0 and "11 areas" in out and "Nothing was stored" in out
    assert not shelf.folder().exists()


def test_what_does_not_fit_is_named(folder: Path) -> None:
    told = ("--source", "Dinas PUPR", "--licence", "CC0", "--credit", "Batas: kami", "--valid-from", "2024")
    read = ("--level", "kecamatan", "--code-column", "code", "--name-column", "name")
    code, _, err = run("import", str(altered(folder, "ten.geojson", keep=10)), *told, *read)
    assert code == 0 and "Areas without an outline: 75.05.11 Sumalata Timur" in err
    layer = next(one.layer for one in shelf.kept() if one.own)
    assert (layer.source, layer.licence, layer.credit, layer.valid_from) == told[1::2]
    assert run("import", str(FILE), "--code-column", "nama")[0] == run("import", str(FILE), "--level", "desa")[0] == 1


def test_a_refused_file_exits_with_1_and_a_sentence(folder: Path) -> None:
    path = folder / "empty.geojson"
    path.write_text('{"type":"FeatureCollection","features":[]}', encoding="utf-8")
    code, out, err = run("import", str(path), "--json")
    assert code == 1 and json.loads(out)["status"] == "refused" and "empty.geojson" in err and "Traceback" not in err
    assert run("import", str(folder / "none.geojson"))[0] == 3


def test_a_file_of_too_many_bytes_is_refused_before_it_is_read(folder: Path) -> None:
    path = folder / "huge.geojson"
    with path.open("wb") as out:
        out.truncate((200 << 20) + 1)  # a hole: it takes no room
    code, out_text, err = run("import", str(path), "--json")
    assert code == 1 and json.loads(out_text)["status"] == "refused" and "huge.geojson: the file is larger than 200 MB" in err


def test_a_file_that_takes_too_long_is_refused_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "SECONDS", 0.05)
    with pytest.raises(RefusedError, match="longer"):
        shelf.read(FILE.read_bytes(), FILE.name)


def test_a_file_that_takes_too_much_memory_is_refused_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    # a process that ends with an error, as one does whose memory is refused
    monkeypatch.setattr(shelf, "Aside", lambda module: Aside(module, "missing"))
    with pytest.raises(RefusedError, match="memory"):
        shelf.read(FILE.read_bytes(), FILE.name)


def test_outlines_of_the_days_year_are_found(folder: Path) -> None:
    for year in ("2010", "2022"):
        shelf.save(shelf.read(altered(folder, f"{year}.geojson", valid_from=year).read_bytes(), f"{year}.geojson"))

    def year_of(day: date | None) -> str:
        found = shelf.find("75.05", on=day)
        assert found is not None
        return found.valid_from

    assert year_of(date(2015, 1, 1)) == "2010"
    assert year_of(date(2023, 6, 20)) == "2022"
    assert year_of(date(2022, 1, 1)) == "2022"
    assert year_of(date(2005, 1, 1)) in {"2010", "2022"}  # none was valid then: the imported ones still come first


def test_a_small_layer_does_not_hide_a_whole_one(folder: Path) -> None:
    shelf.save(shelf.read(altered(folder, "all.geojson", valid_from="2010").read_bytes(), "all.geojson"))
    shelf.save(shelf.read(altered(folder, "two.geojson", keep=2, valid_from="2022", area="75.05").read_bytes(), "two.geojson"))
    found = shelf.find("75.05", on=date(2023, 1, 1))
    assert found is not None and len(found.shapes) == 11


def test_the_screens_detail_is_prepared_once() -> None:
    layer = find_layer("75.05", Level.KECAMATAN)
    assert layer is not None
    first = shelf.for_screen(layer)
    made = {path.name: path.stat().st_mtime_ns for path in shelf.prepared().iterdir()}
    assert shelf.for_screen(layer).codes == first.codes
    assert {path.name: path.stat().st_mtime_ns for path in shelf.prepared().iterdir()} == made and len(made) == 1


def test_a_large_layer_is_prepared_when_it_is_taken_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.save(shelf.read(FILE.read_bytes(), FILE.name))
    assert not list(shelf.prepared().iterdir())  # a small one is drawn as it is
    monkeypatch.setattr(shelf, "MANY", 10)
    shelf.save(shelf.read(altered(folder, "again.geojson", credit="Again").read_bytes(), "again.geojson"))
    made = {path.name: path.stat().st_mtime_ns for path in shelf.prepared().iterdir()}
    large = [one.layer for one in shelf.kept() if one.own and one.layer.credit == "Again"]
    assert [shelf.outlines_file(layer) in made for layer in large] == [True]
    assert {path.name: path.stat().st_mtime_ns for path in shelf.prepared().iterdir()} == made


@pytest.mark.parametrize(("value", "allowed"), [("off", False), ("false", False), ("on", True), ("", True)])
def test_the_policy_follows_the_setting(monkeypatch: pytest.MonkeyPatch, value: str, allowed: bool) -> None:
    if value:
        monkeypatch.setenv("EKTP_BASE_MAP", value)
    settings.cache_clear()
    frame = policy("/dinas/component/streamlit_folium.st_folium/index.html").split("; ")
    assert [part for part in frame if TILES in part] == [f"img-src 'self' data: blob: {TILES}"] * allowed
    assert "http" not in "".join(frame).replace(TILES, "")
    for path in ("/", "/area_map", "/component/ektp_analysis.page.map_parts.area_canvas/index.html", "/component/x.st_folium/"):
        rules = dict(part.partition(" ")[::2] for part in policy(path).split("; "))
        assert "http" not in policy(path) and "unsafe-eval" not in policy(path), path
        assert [name for name, rule in rules.items() if "unsafe-inline" in rule] == ["style-src"], path
        assert "blob:" in rules["script-src"] and "nonce-" not in rules["script-src"], path


def test_the_policy_names_the_maps_own_tile_server() -> None:
    from ektp_analysis.maps.leaflet import TILE_HOST

    assert TILE_HOST == TILES
