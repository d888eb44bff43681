"""A file of outlines part by part: each land mass as in the whole, to the bit, whoever draws it; and a reading that goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ektp_analysis.__main__ import main
from ektp_analysis.boundaries import geometry, importing, landmasses, national
from ektp_analysis.boundaries.landmasses import Drawn, Part, divided, drawn, joined
from ektp_analysis.boundaries.matching import Choices, Report
from ektp_analysis.cli import nation_commands
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import settings
from ektp_analysis.nation import crew as working
from ektp_analysis.nation.crew import Crew
from ektp_analysis.office import boundary_files


def islands() -> Any:
    """The kecamatan of three provinsi of many islands, with a few made to overlap and one with a gap around it."""
    found: list[Any] = []
    for area in ("81", "31"):
        layer = national.layer(area, Level.KECAMATAN)
        assert layer is not None
        found += [shape.geometry for shape in layer.shapes]
    shapes = np.array(found, dtype=object)
    shapes[::40] = shapely.buffer(shapes[::40], 0.003)
    shapes[7] = shapely.buffer(shapes[7], -0.002)
    return shapes


def same(one: Drawn, other: Drawn) -> bool:
    """To the bit; but a gap is a ring that may begin elsewhere, so that its area is summed up in another order."""
    wkb = [shapely.to_wkb(drawn.shapes).tolist() for drawn in (one, other)]
    found = [drawn.measured.flaws for drawn in (one, other)]
    alike = found[0].overlaps == found[1].overlaps and found[0].gaps == pytest.approx(found[1].gaps, rel=1e-12)
    return bool(wkb[0] == wkb[1] and np.array_equal(one.labels, other.labels) and alike)


def test_each_land_mass_is_drawn_and_measured_as_in_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = islands()
    monkeypatch.setattr(landmasses, "TOGETHER", 10**9)
    (whole,) = divided(shapes)
    assert np.array_equal(whole.places, np.arange(len(shapes)))
    monkeypatch.setattr(landmasses, "TOGETHER", 1)
    parts = divided(shapes)
    weights = [geometry.vertices(part.shapes) for part in parts]
    assert (
        len(parts) > 20 and weights == sorted(weights, reverse=True) and {part.tolerance for part in parts} == {whole.tolerance}
    )
    together = joined(map(drawn, parts), len(shapes))
    assert same(joined([drawn(whole)], len(shapes)), together)
    found = together.measured.flaws
    assert found.overlaps and found.gaps


def test_small_islands_are_put_together_and_what_hangs_together_is_never_torn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Squares of five points: two that touch, one in the box of a bay, and two islands."""
    box = shapely.box
    bay = shapely.Polygon([(3, 0), (5, 0), (5, 3), (4.9, 3), (4.9, 0.1), (3, 0.1)])
    shapes = np.array([box(9, 9, 10, 10), box(0, 0, 1, 1), box(1, 0, 2, 1), bay, box(4, 1, 4.5, 2), box(20, 0, 21, 1)])
    for most, expected in ((1, [[3, 4], [1, 2], [0], [5]]), (10, [[3, 4], [0, 5], [1, 2]]), (99, [[0, 1, 2, 3, 4, 5]])):
        monkeypatch.setattr(landmasses, "TOGETHER", most)
        assert [part.places.tolist() for part in divided(shapes)] == expected


def test_a_part_is_handed_on_and_back_to_the_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landmasses, "TOGETHER", 1)
    part = next(part for part in divided(islands()) if drawn(part).measured.overlaps)
    there = Part.unpacked(part.packed())
    assert shapely.to_wkb(there.shapes).tolist() == shapely.to_wkb(part.shapes).tolist() and there.tolerance == part.tolerance
    made = drawn(there)
    back = Drawn.unpacked(made.packed())
    assert same(made, back) and back.measured == made.measured and np.array_equal(back.places, part.places)
    assert made.packed() == drawn(part).packed()
    with pytest.raises(ValueError, match=rf"{len(part.places)} of {len(part.places) + 1} areas"):
        joined([made], len(part.places) + 1)
    with pytest.raises(ValueError, match=f"{len(part.places)} of {2 * len(part.places)} areas"):
        joined([made, made], 2 * len(part.places))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the kecamatan of Maluku in many parts, and a data folder of its own."""
    layer = national.layer("81", Level.KECAMATAN)
    assert layer is not None
    frame = gpd.GeoDataFrame(
        {"KDCPUM": layer.codes, "WADMKC": [register().name(code) for code in layer.codes]},
        geometry=[shape.geometry for shape in layer.shapes],
        crs=4326,
    )
    frame.to_file(tmp_path / "maluku.fgb")
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    monkeypatch.setattr(landmasses, "TOGETHER", 500)
    monkeypatch.setattr(boundary_files, "opened", importing.opened)  # in this process, which is quicker
    return tmp_path / "maluku.fgb"


def test_a_reading_that_was_broken_off_goes_on(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int, int]] = []

    def stopped(*state: int) -> None:
        told.append((state[0], state[1], state[2]))
        if state[0] == 3:
            raise KeyboardInterrupt

    def read(tell: Any) -> Report:
        monkeypatch.setattr(nation_commands, "_told", tell)
        return nation_commands.read_outlines(file.read_bytes(), file.name, Choices(), 1, "")

    monkeypatch.setattr(nation_commands, "on_terminal", lambda: True)
    with pytest.raises(KeyboardInterrupt):
        read(stopped)
    (folder,) = boundary_files.prepared().iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["0000.part", "0001.part", "0002.part"]
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(geometry, "ENGINES", "another GEOS")
        read(stopped)
    assert told[-1][2] == 0, "drawn by another library"
    with pytest.raises(KeyboardInterrupt):
        read(stopped)
    assert told[-1][2] == 0
    report = read(lambda *state: told.append(state))
    assert told[-1][0] == told[-1][1] > 9 and told[-1][2] == 3 and not folder.exists()
    assert report == importing.read(file.read_bytes(), file.name)
    folder.touch()
    with pytest.raises(StoreError, match=r"cannot be written|tidak dapat ditulis"):
        read(stopped)


def test_the_command_says_the_same_part_by_part(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*more: str) -> Any:
        assert main(["boundaries", "import", str(file), "--json", "--dry-run", *more]) == 0
        return json.loads(capsys.readouterr().out)

    parts: list[int] = []
    divide = landmasses.divided
    monkeypatch.setattr(landmasses, "divided", lambda shapes: parts.append(len(shapes)) or divide(shapes))  # type: ignore[func-returns-value]
    monkeypatch.setattr(boundary_files, "read", importing.read)
    whole = said()
    monkeypatch.setattr(boundary_files, "read", None)  # is not called any more
    assert said("--workers", "1") == whole and whole["stored_as"] is None and whole["matched"] == 112
    monkeypatch.setattr(nation_commands, "LARGE", 1)
    monkeypatch.setattr(Crew, "usual", lambda _parts: Crew(1))
    assert said() == whole and len(parts) == 3
    monkeypatch.setattr(working, "PATIENCE", working.timedelta(seconds=1))
    assert main(["boundaries", "import", str(file), "--scheduler", "tcp://127.0.0.1:9"]) == 3
    assert "tcp://127.0.0.1:9" in capsys.readouterr().err
