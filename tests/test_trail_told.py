"""What the trail is told by commands and pages, and what is said of it: a clock that went back, the head, exports, settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ektp_analysis.core.settings import settings
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.office import checkup, identity, imports, ledger, reports, stores
from ektp_analysis.report.state import parse
from ektp_analysis.store import schema
from tests.conftest import Said
from tests.engines import NewUrl, kept, reading

OUTLINES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"kode": f"75.05.{n:02d}", "nama": f"Kecamatan {n}"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[122 + n, 0], [122.9 + n, 0], [122.9 + n, 0.9], [122 + n, 0.9], [122 + n, 0]]],
            },
        }
        for n in range(1, 12)
    ],
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("EKTP_LANGUAGE", "en")
    monkeypatch.setenv("EKTP_UPLOADER", "petugas")
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    settings.cache_clear()
    yield tmp_path
    stores.close_all()
    settings.cache_clear()


def week(day: str, unrecorded: int, at: datetime | None = None) -> None:
    rows = reading({"area_code": "75.05", "as_of_date": day, "eligible": 9000, "unrecorded": unrecorded})
    kept(stores.own_store(), rows, (at or datetime.now(UTC)).isoformat()[:19])


def told(kind: str) -> list[dict[str, Any]]:
    return [dict(content) for content in stores.own_store().noted(kind).values()]


def test_a_clock_that_went_back_hides_no_correction_and_is_said(said: Said, home: Path) -> None:
    """The week before was taken in by a clock that was three days ahead."""
    assert ledger.clock() is None
    week("2024-01-01", 900, datetime.now(UTC) + timedelta(days=3, hours=12))
    file = home / "koreksi.csv"
    file.write_text("kode;per tanggal;wajib ktp;belum rekam\n75.05;2024-01-01;9000;850\n")
    code, _, err = said("import", str(file))
    assert code == 0 and "which is 3 days before the last entry of the store" in err
    assert json.loads(said("status", "--json")[1])["totals"]["unrecorded"] == 850, "the correction holds"
    first, second = reversed(stores.own_store().batches())
    assert second.received_at == first.received_at
    for what in ("retract", "restore"):
        code, _, err = said(what, "2", "--reason", "salah")
        assert code == 0 and "3 days before" in err
    assert json.loads(said("status", "--json")[1])["totals"]["unrecorded"] == 850
    finding = checkup._CHECKS["clock"]("clock")
    assert not finding.well and "3 days" in str(finding.text)
    # A report that is made now can be had again: its moment is that of what it shows.
    state, head = reports.state(stores.current(), "75.05"), stores.own_store().head()
    assert head.at is not None
    assert state.moment == head.at and parse(state.fingerprint).known_at >= head.at


def test_how_far_a_clock_is_behind() -> None:
    for behind, span in (
        (ledger.CLOCK_TOLD - timedelta(seconds=1), None),
        (ledger.CLOCK_TOLD + timedelta(seconds=30), "1 minute "),
        (timedelta(minutes=119, seconds=30), "119 minutes "),
        (timedelta(minutes=120, seconds=30), "2 hours "),
        (timedelta(hours=47, minutes=30), "47 hours "),
        (timedelta(hours=48, minutes=1), "2 days "),
    ):
        stores.own_store().note("export", {}, at=datetime.now(UTC) + behind)
        found = ledger.clock()
        assert (found is None) == (span is None)
        assert span is None or f"which is {span}before" in str(found)


def test_settings_and_outlines_are_told(said: Said, home: Path) -> None:
    ledger.keep_home("75.01")
    ledger.keep_name("  Dinas  Dukcapil ")
    png = (Path(__file__).parent / "browser" / "pictures" / "data.png").read_bytes()
    ledger.keep_logo(png, "logo.png")
    ledger.remove_logo()
    found = told("setting")
    assert [(one["name"], one["value"], one["by"]) for one in found[:2]] == [
        ("home_area", "75.01", "petugas"),
        ("office_name", "Dinas Dukcapil", "petugas"),
    ]
    assert (found[2]["name"], len(found[2]["value"]), found[3]["value"]) == ("logo", 64, None)
    assert identity.home_area() == "75.01" and identity.current().name == "Dinas Dukcapil"
    assert ledger.differences(stores.own_store()) == []
    for name in ("name.txt", "home_area.txt"):
        (home / "data" / "office" / name).write_text("75.02")
    assert [str(one.text()) for one in ledger.differences(stores.own_store())] == [
        "Entry 1 of the trail does not fit: home_area: what is in the data folder is not what the entry says.",
        "Entry 2 of the trail does not fit: office_name: what is in the data folder is not what the entry says.",
    ]
    ledger.keep_home("75.01")
    ledger.keep_name("")
    file = home / "batas.geojson"
    file.write_text(json.dumps(OUTLINES))
    code, out, _ = said("boundaries", "import", str(file), "--json")
    name = json.loads(out)["stored_as"]
    kept_file = home / "data" / "boundaries" / name
    whole = kept_file.read_bytes()
    kept_file.write_bytes(whole + b" ")
    (one,) = ledger.differences(stores.own_store())
    assert f"{name}: what is in the data folder" in str(one.text())
    kept_file.write_bytes(whole)
    assert ledger.differences(stores.own_store()) == []
    assert code == 0 and said("boundaries", "remove", name)[0] == 0 and said("boundaries", "remove", name)[0] == 1
    assert [(one["name"], one["value"] is None) for one in told("outline")] == [(name, False), (name, True)]


def test_what_is_handed_out_is_told(said: Said, home: Path) -> None:
    """A deck with the name of the last entry on its last slide is in test_cli_export.py."""
    week("2024-01-07", 900)
    assert said("export", "csv", "--out", str(home / "semua.csv"))[0] == 0 and said("export", "aims")[0] == 0
    assert said("export", "csv", "--sample")[0] == 0, "of which there is nothing to tell"
    assert "trail" not in said("verify", "--sample")[1], "nor to note"
    entries = told("export")
    assert [(one["what"], one["by"]) for one in entries] == [("csv", "petugas"), ("aims", "petugas")]
    assert entries[0]["value"] == hashlib.sha256((home / "semua.csv").read_bytes()).hexdigest() != entries[1]["value"]
    head = stores.own_store().head().name
    assert head.startswith("1-") and head in said("status", "--area", "75.05")[1], "what is handed out changes nothing that holds"
    stores.close_all()
    engine = sa.create_engine(settings().store_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON trail BEGIN SELECT RAISE(ABORT, 'full'); END")
    engine.dispose()
    code, out, err = said("export", "csv")
    assert code == 0 and out.startswith("area_code,") and "This file is not in the trail" in err


def test_verify_names_the_entry_and_looks_for_one_that_was_kept(
    said: Said, new_url: NewUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_url()
    monkeypatch.setenv("EKTP_DATABASE_URL", url)
    settings.cache_clear()
    data = b"kode;per tanggal;wajib ktp;belum rekam\n75.05;2024-01-01;9000;850\n"
    imports.commit(read_file(data, "minggu.csv"), data)
    assert said("retract", "1", "--reason", "salah berkas")[0] == 0
    head = json.loads(said("status", "--json")[1])["trail"]
    code, out, _ = said("verify", "--head", head, "--json")
    assert code == 0 and json.loads(out)["trail"] == head and json.loads(out)["head"] == {"name": head, "held": True}
    assert f"note this name elsewhere: {head}." in said("verify")[1]
    code, out, _ = said("verify", "--head", "2-0123456789abcdef")
    assert code == 3 and "is not in the trail" in out
    assert said("verify", "--head", "2")[0] == 2
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.update(schema.retraction).values(reason="salah tanggal"))
    engine.dispose()
    code, out, _ = said("verify")
    assert code == 3 and "Entry 2 of the trail does not fit: retraction 1, reason" in out and "every figure" not in out
    (one,) = json.loads(said("verify", "--json")[1])["differences"]
    assert (one["batch"], one["file"], one["stored"]) == (0, "trail", "2")
