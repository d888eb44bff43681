"""A backup and what is restored from it: equal by verify, by status at twenty moments, by bytes; and what is refused."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import streamlit as st

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO
from ektp_analysis.core.text import T, render
from ektp_analysis.office import backups, boundary_files, checkup, held, identity, kept, ledger, restoring, stores
from ektp_analysis.store import schema
from ektp_analysis.store.records import Arrangement, Edit
from ektp_analysis.store.store import Store
from tests.apps import AppTest
from tests.breadth import case
from tests.conftest import Said
from tests.engines import NewUrl
from tests.offices import contents

ROOT = Path(__file__).resolve().parents[1]
WEEKS = [date(2023, 5, 2) + timedelta(weeks=number) for number in range(8)]
Home = Callable[..., None]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """``home(name, url="", **settings)``: from now on this is the data folder, and this the address of its store."""
    given: list[str] = []

    def at(name: str, url: str = "", **others: str) -> None:
        stores.close_all()
        for one in given:
            monkeypatch.delenv(one, raising=False)
        given.clear()
        for key, value in {
            "data_dir": str(tmp_path / name),
            "database_url": url,
            "language": "en",
            "uploader": "petugas",
            **others,
        }.items():
            monkeypatch.setenv(f"EKTP_{key.upper()}", value)
            given.append(f"EKTP_{key.upper()}")
        settings.cache_clear()

    yield at
    stores.close_all()
    settings.cache_clear()


def week(said: Said, folder: Path, number: int, *, off: int = 0) -> None:
    """A file of the week comes in by the command line."""
    lines = ["kode;per tanggal;wajib ktp;belum rekam"]
    lines += [f"75.05.{area:02d};{WEEKS[number]};{9000 + area};{900 - 40 * number - area - off}" for area in range(1, 12)]
    file = folder / f"minggu-{number}{'-koreksi' * bool(off)}.csv"
    file.write_text("\n".join(lines) + "\n")
    assert said("import", str(file))[0] == 0


def fill(said: Said, folder: Path) -> None:
    """An office with everything that can be kept: imports, corrections, retractions, slides, aims, events, names, settings."""
    folder.mkdir(exist_ok=True)
    for number in range(5):
        week(said, folder, number)
    week(said, folder, 4, off=5)
    assert said("retract", "2", "--reason", "salah berkas")[0] == 0
    assert said("retract", "3", "--reason", "keliru")[0] == 0
    assert said("restore", "3", "--reason", "ternyata benar")[0] == 0
    store, by = stores.own_store(), "petugas"
    now = datetime.now(UTC)
    store.save_deck(Arrangement("75.05", False, "Rapat", (Edit("map", title="Peta"),)), over=None, by=by, at=now)
    store.set_aim("75.05", ZERO, date.today() + timedelta(365), "tuntas", by=by, at=now)
    store.add_event("75.05", WEEKS[1], WEEKS[2], "Pameran", by=by, at=now)
    store.remember_aliases("75.05", {"Kwdg": "75.05.03"}, by=by, at=now)
    ledger.keep_name("Dinas Dukcapil Gorontalo Utara")
    ledger.keep_home("75.05")
    ledger.keep_logo(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="9"/></svg>', "logo.svg"
    )
    ledger.keep_letter("task", "id", (ROOT / "data/letters/task.id.docx").read_bytes(), "surat.docx")
    data = (ROOT / "data/boundaries").glob("*.geojson")
    report = boundary_files.read(next(iter(sorted(data))).read_bytes(), "batas.geojson")
    ledger.keep_outlines(report)


def asked(said: Said, every: int) -> list[Any]:
    """What the office is told: verify, status now and as known at every so manieth of twenty moments, every file as it was
    received."""
    moments = [batch.received_at for batch in stores.own_store().batches()]
    moments += [at + timedelta(microseconds=step) for at in moments for step in (-1, 1)]
    assert len(moments) >= 18
    code, out, _ = said("verify", "--json")
    told = json.loads(out)
    assert (code, told["differences"]) == (0, [])
    answers = [said("status", "--json")[1]]
    for at in (*moments[::every], WEEKS[0], max(moments) + timedelta(milliseconds=1)):
        state = said("status", "--json", "--known-at", at.isoformat())
        if not state[0]:
            state = (0, json.dumps({key: value for key, value in json.loads(state[1]).items() if key != "trail"}), "")
        answers.append(state)
    answers[0] = {key: value for key, value in json.loads(answers[0]).items() if key != "trail"}
    store = stores.own_store()
    return [told["batches"], answers, [store.original(batch.id) for batch in store.batches()], store.decks(), store.aims()]


def files_of(name: str, tmp_path: Path) -> dict[str, bytes]:
    """The small files of a data folder that are not about the machine."""
    there = [*(tmp_path / name / "office").glob("*"), *(tmp_path / name / "boundaries").glob("*")]
    return {path.name: path.read_bytes() for path in there if not path.name.startswith(("store", "backup"))}


BOTH_WAYS = (("sqlite", "postgresql"), ("postgresql", "sqlite"))
EVERY = 7  # of the moments one in so many is asked about in every run


@pytest.mark.parametrize(
    ("there", "here", "every"),
    [
        *(case(there, here, EVERY, further=False) for there, here in BOTH_WAYS),
        *(case(there, here, 1, further=True) for there, here in (("sqlite", "sqlite"), *BOTH_WAYS)),
    ],
)
def test_what_is_restored_is_what_was_backed_up(
    there: str, here: str, every: int, home: Home, said: Said, tmp_path: Path, new_postgres_url: NewUrl
) -> None:
    url = {"sqlite": lambda: "", "postgresql": new_postgres_url}
    home("first", url[there](), timezone="Asia/Jakarta")
    fill(said, tmp_path / "berkas")
    place = tmp_path / "cadangan"
    short = there == "sqlite"
    code, out, err = said("backup", *(() if short else ("make",)), str(place), "--keep", "12")
    assert (code, err) == (0, "") and "Backed up to" in out
    answers = [] if there == here else asked(said, every)  # that equal rows give equal answers, the two others show
    rows, files = contents(stores.own_store()), files_of("first", tmp_path)
    assert set(files) >= {"name.txt", "logo.png", "home_area.txt", "letter-task-id.docx"} and len(files) == 5
    assert said("backup", "verify", str(place))[0] == 0

    home("second", url[here]())
    code, out, _ = said("restore", str(place))
    assert code == 0 and "EKTP_TIMEZONE=Asia/Jakarta" in out and "lost store" not in out
    home("second", settings().database_url, timezone="Asia/Jakarta")
    assert there == here or asked(said, every) == answers
    assert files_of("second", tmp_path) == files
    now = contents(stores.own_store())
    last = now["trail"].pop()
    assert now == rows and last.__class__ is tuple and "restored" in last
    week(said, tmp_path / "berkas", 5)
    assert said("verify")[0] == 0
    code, _, err = said("restore", str(place))
    assert code == 1 and "holds something" in err, "nothing is ever replaced"


@pytest.fixture
def office(home: Home, said: Said, tmp_path: Path) -> Path:
    """A small office with a backup; gives the folder of its backups."""
    home("data")
    (tmp_path / "berkas").mkdir()
    week(said, tmp_path / "berkas", 0)
    ledger.keep_name("Dinas")
    backups.make(tmp_path / "cadangan")
    return tmp_path / "cadangan"


def test_a_lost_store_is_restored_and_what_came_after_the_backup_is_said(office: Path, said: Said, tmp_path: Path) -> None:
    week(said, tmp_path / "berkas", 1)
    stores.close_all()
    lost = tmp_path / "data" / "ektp.sqlite"
    log = lost.with_name(lost.name + "-wal")
    lost.unlink()
    log.write_bytes(b"of the lost store")
    code, _, err = said("status")
    assert code == 3 and "restore DIR" in err
    code, out, _ = said("restore", str(office))
    assert code == 0 and "The lost store had 1 entry after that" in out
    assert [path.read_bytes() for path in lost.parent.glob("*.lost-*")] == [b"of the lost store"]
    assert max(max(batch.as_of_dates) for batch in stores.own_store().batches()) == WEEKS[0]
    assert said("verify")[0] == 0
    assert len(list((lost.parent / "office").glob("store.before-*.json"))) == 1


def test_a_backup_restored_halfway_is_a_lost_store_until_the_same_call_ends_it(
    office: Path, home: Home, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_: Any) -> None:
        raise KeyboardInterrupt

    for step in ("_put_file", "_put_store"):
        home("second")
        with monkeypatch.context() as patch:
            patch.setattr(restoring, step, ends)
            assert said("restore", str(office))[0] == 130
        code, _, err = said("status")
        assert code == 3 and "There is no store" in err
    assert said("restore", str(office))[0] == 0
    assert said("verify")[0] == 0


def test_a_server_restored_halfway_goes_on(
    office: Path, home: Home, said: Said, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ektp_analysis.store import moving

    monkeypatch.setattr(moving, "ENTRIES", 1)

    def tell(done: int, of: int) -> None:
        raise KeyboardInterrupt

    home("second", postgres_url)
    with pytest.raises(KeyboardInterrupt):
        restoring.restore(office, tell)
    code, _, err = said("status")
    assert code == 3 and "not whole yet" in err
    assert said("restore", str(office))[0] == 0
    assert said("verify")[0] == 0 and said("status")[0] == 0


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ("another store", "belongs to another store"),
        ("another store's memory", "belongs to another store"),
        ("another name", "name.txt is there already"),
        ("a logo", "logo.png is there already"),
        ("a spoilt store", "Move what is there away"),
    ],
)
def test_a_place_that_is_not_empty_is_refused_and_stays(
    there: str, words: str, office: Path, home: Home, said: Said, tmp_path: Path
) -> None:
    home("second")
    folder = tmp_path / "second"
    if "store" in there and "spoilt" not in there:
        week(said, tmp_path / "berkas", 3)
        stores.close_all()
        if "memory" in there:
            (folder / "ektp.sqlite").unlink()
    elif "spoilt" in there:
        folder.mkdir()
        (folder / "ektp.sqlite").write_bytes(b"no database at all" * 99)
    else:
        kept.write("name.txt" if "name" in there else "logo.png", b"Kantor lain")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    code, _, err = said("restore", str(office))
    assert code == 1 and words in err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_every_flipped_bit_and_every_cut_is_found(office: Path, tmp_path: Path, said: Said) -> None:
    (folder,) = backups.found(office)
    assert re.fullmatch(r"ektp-\d{8}-\d{6}Z", folder.name) and stat.S_IMODE(folder.stat().st_mode) == 0o700
    chance = random.Random(15)
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert len(files) == 4
    for number in range(40):
        spoilt = tmp_path / f"spoilt {number}" / folder.name
        shutil.copytree(folder, spoilt)
        file = spoilt / files[number % len(files)]
        data = bytearray(file.read_bytes())
        at = chance.randrange(len(data))
        if number < 30:
            data[at] ^= 1 << chance.randrange(8)
        file.write_bytes(data[:at] if number >= 30 else data)
        assert backups.check(spoilt).faults, f"{file.name} at {at}"
    (spoilt / "store.sqlite").unlink()
    assert any("cannot be read" in str(fault) for fault in backups.check(spoilt).faults)
    for asked_for in (spoilt.parent, spoilt):
        code, out, _ = said("backup", "verify", str(asked_for))
        assert code == 3 and "NOT whole" in out
    code, _, err = said("restore", str(spoilt.parent))
    assert code == 1 and "No backup in" in err


def test_the_newest_whole_one_is_restored_and_the_other_is_named(office: Path, home: Home, said: Said) -> None:
    newer = backups.make(office).backup.folder
    (newer / "store.sqlite").write_bytes(b"")
    home("second")
    code, out, err = said("restore", str(office))
    assert code == 0 and newer.name in err and newer.name not in out


def test_rotation_keeps_the_newest_good_ones_and_never_the_last_good_one_alone(office: Path, home: Home, tmp_path: Path) -> None:
    first = backups.found(office)[0]
    made = [backups.make(office).backup.folder for _ in range(3)]
    (made[2] / "manifest.json").write_bytes(b"{}")  # not whole: it stays, and does not count
    done = backups.make(office, keep=2)
    assert set(done.removed) == {first, made[0]}
    assert set(backups.found(office)) == {made[1], made[2], done.backup.folder}
    assert [one.name for one in office.iterdir() if one.name.startswith(".")] == []
    with pytest.raises(UserError):
        backups.make(office, keep=0)
    # a store whose trail was rewritten pushes out no backup from before
    with stores.own_store()._store._database.writing() as connection:
        connection.execute(sa.update(schema.batch).values(uploader="orang lain"))
    bad = backups.make(office, keep=1)
    assert bad.removed == () and not bad.backup.good and bad.backup.manifest is not None and bad.backup.manifest.misfits == 1
    # nor does another office's, and which of the two is to be restored is asked
    home("other")
    stores.own_store().note("setting", {"name": "office_name", "value": None}, at=datetime.now(UTC))
    assert backups.make(office, keep=1).removed == ()
    home("third")
    with pytest.raises(UserError, match="backups of several stores; name one of them"):
        restoring.restore(office)
    home("other")
    stores.close_all()
    (tmp_path / "other" / "ektp.sqlite").unlink()
    restoring.restore(office)  # of the store that was lost here
    assert stores.own_store().head().entries == 3  # with the backup and the restoring


def test_what_is_newest_is_told_by_the_trail_and_not_by_a_clock(office: Path, home: Home, said: Said, tmp_path: Path) -> None:
    """The computer's clock went back by years between two backups."""
    week(said, tmp_path / "berkas", 1)
    newer = backups.make(office).backup.folder
    newer.rename(office / "ektp-20190101-000000Z")
    done = backups.make(office, keep=2)
    assert [one.name[:8] for one in done.removed] == ["ektp-202"]
    home("second")
    assert restoring.restore(office).backup.folder == done.backup.folder


def test_a_backup_that_names_foreign_files_or_is_of_a_later_version_is_refused(
    office: Path, home: Home, said: Said, tmp_path: Path
) -> None:
    (folder,) = backups.found(office)
    told = json.loads((folder / "manifest.json").read_bytes())

    def seal(**changes: Any) -> None:
        data = json.dumps({**told, **changes}).encode()
        (folder / "manifest.json").write_bytes(data)
        (folder / "manifest.sha256").write_bytes(backups._seal(data))

    home("second")
    for name in ("../../outside.txt", "office/../../outside.txt", "office/other.txt", "ektp.sqlite"):
        seal(files={**told["files"], name: "0" * 64})
        code, _, err = said("restore", str(office))
        assert code == 1 and "is no file of a backup" in err
    seal(format=2)
    code, _, err = said("restore", str(office))
    assert code == 1 and "newer version of this program" in err
    with Store.open(f"sqlite:///{folder}/store.sqlite") as store, store._database.writing() as connection:
        connection.execute(schema.migration.insert().values(version=99, name="x", applied_at=datetime.now(UTC)))
    for side in ("-wal", "-shm"):
        (folder / f"store.sqlite{side}").unlink(missing_ok=True)
    seal(files={**told["files"], "store.sqlite": backups.hashed(folder / "store.sqlite")})
    code, _, err = said("restore", str(office))
    assert code == 3 and "newer version of this program" in err
    assert not (tmp_path / "second" / "office").exists()


def test_what_a_broken_backup_left_is_removed_a_day_later(office: Path) -> None:
    for name, age in ((".ektp.aaaa.part", 25), (".ektp.bbbb.part", 23)):
        (office / name).mkdir()
        at = datetime.now(UTC).timestamp() - age * 3600
        os.utime(office / name, (at, at))
    backups.make(office)
    assert [one.name for one in office.glob(".*")] == [".ektp.bbbb.part"]


def test_nothing_is_left_of_a_backup_that_fails(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    before, last = list(office.iterdir()), backups.last()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "hashed", full)
    code, _, err = said("backup", str(office))
    assert code == 3 and "No space left on device" in err
    assert list(office.iterdir()) == before and backups.last() == last


def test_settings_that_change_while_the_store_is_written_are_those_of_the_store(
    office: Path, home: Home, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay, names = Store.lay_away, iter(["Dinas baru"])

    def and_meanwhile(self: Store, path: Path, told: Any = None) -> None:
        lay(self, path, told)
        if (name := next(names, None)) is not None:
            ledger.keep_name(name)

    monkeypatch.setattr(Store, "lay_away", and_meanwhile)
    made = backups.make(office).backup
    home("second")
    assert said("restore", str(made.folder))[0] == 0
    assert identity.current().name == "Dinas baru" and said("verify")[0] == 0


def test_a_damaged_store_is_not_taken_for_a_backup(office: Path, said: Said, tmp_path: Path) -> None:
    stores.close_all()
    path = tmp_path / "data" / "ektp.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[:8192] + bytes(4096) + data[12288:])
    code, _, err = said("backup", str(office))
    assert code == 3 and "damaged" in err and len(list(office.iterdir())) == 1


def test_the_reminder_and_doctor(home: Home, said: Said, tmp_path: Path) -> None:
    home("data")
    now = datetime.now(UTC)
    assert backups.reminder(now) is None and checkup._CHECKS["backup"]("backup").well, "there is nothing to lose"
    code, _, err = said("backup", str(tmp_path / "cadangan"))
    assert code == 1 and "nothing to back up" in err
    (tmp_path / "berkas").mkdir()
    week(said, tmp_path / "berkas", 0)
    assert "No backup has been made yet" in str(backups.reminder(now))
    assert not checkup._CHECKS["backup"]("backup").well
    made = backups.make(tmp_path / "cadangan").backup.manifest
    assert made is not None and checkup._CHECKS["backup"]("backup").well
    assert backups.reminder(made.made_at + backups.OLD) is None
    last = backups.last()
    assert last is not None
    for days, age in ((0, "(today)"), (1, "(1 day ago)"), (30, "(30 days ago)")):
        assert age in str(backups.line(last, last.at + timedelta(days)))
    late = made.made_at + backups.OLD + timedelta(seconds=1)
    assert "The last backup is 31 days old" in str(backups.reminder(late))
    assert [one["what"] for one in stores.own_store().noted("export").values()] == ["backup"]


def test_the_page_data_warns_backs_up_and_says_where(home: Home, said: Said, tmp_path: Path) -> None:
    home("data")
    assert backups.folder() == tmp_path / "data" / "backups"
    home("data", backup_dir=str(tmp_path / "disk"))
    st.cache_data.clear()
    st.cache_resource.clear()
    (tmp_path / "berkas").mkdir()
    week(said, tmp_path / "berkas", 0)
    app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=300)
    app.switch_page(str(ROOT / "pages" / "data.py"))
    app.query_params["lang"] = "id"
    app.run()
    assert any("Belum pernah ada cadangan" in one.value for one in app.warning)
    app.button("backup").click().run()
    app.button("backup").click().run()
    assert any("Tidak ada yang disimpan sejak" in one.value for one in app.info)
    ledger.keep_name("Dinas")
    assert backups.unchanged() is None
    app.button("backup").click().run()
    assert not app.exception and any("utuh" in one.value for one in app.success)
    assert not any("cadangan" in one.value for one in app.warning)
    folder, _ = backups.found(tmp_path / "disk")
    made = backups.check(folder)
    assert made.good and made.manifest is not None
    when = render(T("{date}", date=made.manifest.made_at.astimezone(settings().zone)), "id")
    assert any(folder.name in said and when in said for said in (one.value.replace("\\", "") for one in app.markdown))


def test_copied_by_command_to_the_other_engine_and_used_there(
    office: Path, home: Home, said: Said, tmp_path: Path, postgres_url: str
) -> None:
    before = said("status", "--json")[1]
    stores.close_all()
    code, out, _ = said("store", "copy", str(tmp_path / "data" / "ektp.sqlite"), postgres_url)
    assert code == 0 and "3 entries copied" in out
    home("data", postgres_url)  # the same data folder: its memory holds for the copy
    assert said("status", "--json")[1] == before and said("verify")[0] == 0
    home("data")
    code, _, err = said("store", "copy", str(tmp_path / "nowhere.sqlite"), postgres_url)
    assert code == 3 and "There is no store" in err
    assert held.seen() is not None
    with pytest.raises(StoreError):
        stores.own_store().copy_to("nothing")
