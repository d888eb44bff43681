"""The wiring that pages and commands share: which store is the current one, what is stored, what is handed out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from ektp_analysis import __version__
from ektp_analysis.core.area import around, register
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import history_of
from ektp_analysis.ingest.report import Choices
from ektp_analysis.office import checkup, decisions, identity, imports, sample, stores
from ektp_analysis.store import schema, writing
from ektp_analysis.store.migrations import latest
from ektp_analysis.store.store import Store
from tests import seed
from tests.projecting import project_area
from tests.spec.measures_cases import DAY_1, DAY_2, DAY_3, KABUPATEN, all_eleven, figures, rows

ROOT = Path(__file__).resolve().parent.parent
FILE = b"kode;per tanggal;wajib ktp;belum rekam\n75.05;2024-01-01;92654;100\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("EKTP_UPLOADER", "petugas")
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    settings.cache_clear()
    stores.close_all()
    yield tmp_path / "data"
    stores.close_all()
    settings.cache_clear()


def test_the_sample_until_the_first_import_and_when_asked_for(home: Path) -> None:
    assert stores.current().sample and not stores.has_own()
    assert len(stores.current().store.figures()) == 36
    taken = imports.import_file(FILE, "week.csv", Choices())
    assert taken.status == "accepted" and taken.batch is not None and taken.batch.uploader == "petugas"
    own = stores.current()
    assert not own.sample and own.store.figures()["unrecorded"].tolist() == [100] and stores.has_own()
    assert stores.current(sample=True).sample and len(stores.current(sample=True).store.figures()) == 36
    own.store.retract(taken.batch.id, reason="salah", by="petugas", at=datetime.now(UTC))
    assert not stores.current().sample and stores.current().store.figures().empty
    assert stores.current().token != own.token
    assert sorted(path.name for path in home.glob("*.sqlite")) == ["ektp.sqlite", stores.sample_path().name]


@pytest.mark.usefixtures("sample_made_anew")
def test_the_sample_cannot_be_written_and_is_what_its_files_say() -> None:
    now = stores.current()
    assert now.store.read_only
    with pytest.raises(StoreError, match="reading only"):
        now.store.retract(1, reason="x", by="y", at=datetime.now(UTC))
    assert imports.verify(now) == []
    assert [batch.name for batch in reversed(now.store.batches())] == [sample.REPORTED_FILE.name, sample.MODELLED_FILE.name]
    history = history_of(now.store.figures(within=KABUPATEN), KABUPATEN)
    assert history["unrecorded"].tolist() == [862, 650, 554]


def test_another_version_builds_another_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    first = stores.sample_path()
    monkeypatch.setattr(stores, "__version__", "9.9.9")
    assert stores.sample_path() != first


@pytest.mark.usefixtures("sample_made_anew")
def test_half_a_sample_is_never_seen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Store, "commit", failing)
    with pytest.raises(StoreError, match="sample cannot be written"):
        stores.current()
    assert not list(home.glob("sample*"))


def test_two_processes_at_once_build_one_sample(home: Path) -> None:
    code = "from ektp_analysis.office import stores; print(len(stores.current().store.figures()))"
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "EKTP_DATA_DIR": str(home)}
    finishes = [seed.begin("code", code, environment=env) for _ in range(2)]
    assert [finish(300).stdout.strip() for finish in finishes] == ["36", "36"]
    assert len(list(home.glob("sample*.sqlite"))) == 1 and not list(home.glob("*.part*"))


def test_health_and_check() -> None:
    stores.check_store()
    assert stores.health()["last_import"] is None
    imports.import_file(FILE, "week.csv", Choices())
    health = stores.health()
    assert health["schema_version"] == latest() and health["version"] == __version__
    assert abs((datetime.now(UTC) - datetime.fromisoformat(health["last_import"])).total_seconds()) < 60
    stores.check_store()


def test_a_store_that_cannot_be_opened_is_no_empty_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKTP_DATABASE_URL", "sqlite:////proc/no/store.sqlite")
    settings.cache_clear()
    for ask in (stores.check_store, stores.health, stores.current, lambda: stores.current(reading=True)):
        with pytest.raises(StoreError):
            ask()
    assert stores.current(sample=True).sample


def test_a_store_that_cannot_be_written_can_still_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    imports.import_file(FILE, "week.csv", Choices())
    stores.close_all()
    opened = Store.open

    def only_reading(url: str, *, read_only: bool = False, **others: object) -> Store:
        if not read_only:
            raise StoreError(stores.T("not writable"))
        return opened(url, read_only=True, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "open", only_reading)
    assert stores.current(reading=True).store.figures()["unrecorded"].tolist() == [100]
    with pytest.raises(StoreError, match="not writable"):
        stores.current()


def test_what_is_not_accepted_is_not_stored() -> None:
    refused = imports.read(FILE.replace(b";100", b";many"), "week.csv", Choices())
    assert refused.status == "refused" and not imports.some_good(refused)
    with pytest.raises(UserError, match="row 2"):
        imports.commit(refused, FILE)
    assert not stores.has_own()


def test_some_good_rows() -> None:
    partly = imports.read(FILE + b"75.05.01;2024-01-01;x;y\n", "week.csv", Choices())
    assert partly.status == "refused" and imports.some_good(partly)
    assert not imports.some_good(imports.read(FILE, "week.csv", Choices()))


def test_the_report_stays_with_the_batch() -> None:
    taken = imports.import_file(FILE, "week.csv", Choices(area="75.05"))
    assert taken.batch is not None
    assert taken.batch.choices == {"area": "75.05"} and taken.batch.report["rows_accepted"] == 1
    again = imports.import_file(FILE, "copy.csv", Choices())
    assert again.status == "already_there" and again.reason is None


@pytest.mark.parametrize(
    ("area", "codes"),
    [
        ("75.05", ("75.05.01", "75.05.11")),
        ("75.05.01", ("75.05.01",)),
        ("75", ("75.05", "75.01.01")),
        ("ID", ("11.01", "75.05")),
        ("ID", ("ID", "75.05")),
        ("75.05", ("75.05", "75.05.01.2003")),
    ],
)
def test_a_file_is_compared_with_what_holds_around_it(area: str, codes: tuple[str, ...]) -> None:
    lines = [f"{code};2024-01-01;1000;5" for code in codes]
    assert around(pd.Series(codes, dtype="str")) == area
    assert (
        imports.import_file(
            ("kode;per tanggal;wajib ktp;belum rekam\n" + "\n".join([*lines, ""])).encode(), "a.csv", Choices()
        ).status
        == "accepted"
    )
    lines[-1] = f"{codes[-1]};2024-01-01;1000;6"
    report = imports.read(("kode;per tanggal;wajib ktp;belum rekam\n" + "\n".join(lines)).encode(), "b.csv", Choices())
    revised = {(one.area_code, one.column, one.old, one.new) for one in report.changes.revised}
    assert (codes[-1], "unrecorded", 5, 6) in revised and report.changes.new == 0


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (("75.05;2024-01-01;1000;100", "75.05;2024-02-01;1000;90"), (90, 1)),
        (("75.05.01;2024-01-01;1000;100", "75.05.02;2024-01-01;1000;50"), (150, 2)),
        (("75.05;2024-01-01;1000;100", "75.05.02;2024-01-01;1000;50"), (100, 1)),
        (("75.05.01;2024-01-01;1000;100", "75.05.02;2024-01-01;1000;"), (None, 2)),
    ],
)
def test_latest_unrecorded(lines: tuple[str, ...], wanted: tuple[int | None, int]) -> None:
    taken = imports.import_file(
        ("kode;per tanggal;wajib ktp;belum rekam\n" + "\n".join([*lines, ""])).encode(), "a.csv", Choices()
    )
    assert taken.batch is not None
    assert imports.latest_unrecorded(taken.batch) == wanted


def test_what_is_handed_out_can_be_taken_in_again() -> None:
    imports.import_file(FILE.replace(b"75.05;", b"75.05.02;") + b"75.05.01;2024-01-01;1000;5\n", "week.csv", Choices())
    handed = stores.export_csv(stores.current())
    assert handed.decode().splitlines()[2] == "75.05.02,2024-01-01,92654,,100,,,,,reported,,1,,2"
    again = imports.read(handed, "all.csv", Choices())
    assert (again.status, again.changes.new, again.changes.same, again.changes.revised) == ("accepted", 0, 2, ())


def test_templates() -> None:
    assert stores.template("csv").startswith(b"\xef\xbb\xbf") and stores.template("xlsx").startswith(b"PK")
    with pytest.raises(UserError, match="not as pdf"):
        stores.template("pdf")


def test_names() -> None:
    assert imports.names(["75.05.02", "ID", "99"]) == ["Kwandang", "Indonesia", "99"]


def test_who_falls_back_on_the_user_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert identity.who() == "petugas"
    monkeypatch.setenv("EKTP_UPLOADER", "")
    settings.cache_clear()
    assert identity.who()


def test_a_projection_reads_one_series() -> None:
    falling = figures(all_eleven(DAY_1, 80), all_eleven(DAY_2, 70), all_eleven(DAY_3, 60)[:10])
    found = project_area(falling, KABUPATEN, ZERO)
    assert [day.isoformat() for day in found.inputs.dates] == [DAY_1, DAY_2, DAY_3]
    assert found.inputs.unrecorded[-1] == (670, 670) and found.paths is not None  # the silent one at its last figure
    assert found.paths.left(np.zeros(found.paths.count)).tolist() == pytest.approx([670] * found.paths.count)
    one_more = figures(all_eleven(DAY_1, 80)[:10], all_eleven(DAY_2, 70), all_eleven(DAY_3, 60))
    found = project_area(one_more, KABUPATEN, ZERO)
    assert [day.isoformat() for day in found.inputs.dates] == [DAY_2, DAY_3]
    same_ten = figures(all_eleven(DAY_1, 80), all_eleven(DAY_2, 70)[:10], all_eleven(DAY_3, 60)[:10])
    found = project_area(same_ten, KABUPATEN, ZERO)
    assert [day.isoformat() for day in found.inputs.dates] == [DAY_1, DAY_2, DAY_3]
    assert found.inputs.unrecorded == ((880, 880), (780, 780), (680, 680))
    nothing = project_area(figures(), KABUPATEN, ZERO)
    assert nothing.reason is not None and nothing.reason.code == "no_figures"


def test_a_rolled_up_frame_projects_the_same() -> None:
    june = stores.current().store.figures()
    direct = project_area(june, KABUPATEN, ZERO)
    rolled = project_area(roll_up(june), KABUPATEN, ZERO)
    assert direct.to_json() == rolled.to_json()
    assert project_area(june, KABUPATEN, Target.parse("99.4")).reason is not None
    desa = figures(rows("75.05.08.2001", DAY_2, 9), rows("75.05.08.2001", DAY_3, 5))
    assert project_area(desa, "75.05.08.2001", ZERO).inputs.dates[-1] == date(2023, 6, 20)


def test_doctor_names_what_is_lost(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(checkup, "REQUIREMENTS", tmp_path / "requirements.txt")
    (tmp_path / "requirements.txt").write_text("pandas==0.1\nnothing-like-this==1.0\npytest>=1\n")
    monkeypatch.setattr(checkup, "TARGETS", tmp_path / "targets.csv")
    found = {one.name: one for one in checkup.examine()}
    assert (
        not found["packages"].well
        and "pandas" in str(found["packages"].text)
        and "nothing-like-this - " in str(found["packages"].text)
    )
    assert not found["files"].well and "targets.csv" in str(found["files"].text)
    assert found["store"].well and found["boundaries"].well
    assert all(one.mend is not None for one in found.values() if not one.well)


def workbook(step: int) -> bytes:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.append(["KTP-EL KABUPATEN GORONTALO UTARA"])
    page.append(["KECAMATAN", "ANGKA A", "ANGKA B", "ANGKA C"])
    for place, code in enumerate(register().children(KABUPATEN)):
        page.append([register().name(code), 1000 + place, 900 + step + place, 100 - step])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_what_a_page_lets_a_person_decide_is_remembered_on_accepting() -> None:
    june, july = workbook(0), workbook(9)
    asked = imports.read(june, "Rekap 30 Juni 2024.xlsx", Choices())
    assert asked.status == "needs_choice"
    decided = Choices().but(asked.questions[0].readings[0].choices)
    report = imports.read(june, "Rekap 30 Juni 2024.xlsx", decided)
    imports.commit(report, june)
    assert decisions.layouts() == [], "nobody said that a person decided"
    done = imports.commit(report, june, decided=decided)
    assert done.already_there and decisions.layouts()[0].by == "petugas"
    assert [str(text) for text in decisions.said(decisions.layouts()[0])] == [
        "eligible: ANGKA A",
        "recorded: ANGKA B",
        "unrecorded: ANGKA C",
    ]
    taken = imports.import_file(july, "Rekap 31 Juli 2024.xlsx", Choices())
    assert taken.status == "accepted" and taken.report.totals[0].unrecorded == 91 * 11
    decisions.forget_layout(decisions.layouts()[0].fingerprint)
    assert decisions.layouts() == [] and imports.verify(stores.current()) == []


def test_a_decision_is_not_remembered_of_what_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    june = workbook(0)
    asked = imports.read(june, "Rekap 30 Juni 2024.xlsx", Choices())
    decided = Choices().but(asked.questions[0].readings[0].choices)
    report = imports.read(june, "Rekap 30 Juni 2024.xlsx", decided)
    made = writing.records
    place = schema.figure.c.keys().index("eligible")
    monkeypatch.setattr(
        writing, "records", lambda *given, **same: [(*row[:place], -1, *row[place + 1 :]) for row in made(*given, **same)]
    )
    with pytest.raises(StoreError):
        imports.commit(report, june, decided=decided)
    assert decisions.layouts() == [] and stores.own_store().batches() == []


def test_files_are_read_where_they_can_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    def here(*_: object, **__: object) -> None:
        raise AssertionError("read in the server's own process")

    imports.read(FILE, "week.csv", Choices())
    monkeypatch.setattr("ektp_analysis.ingest.reading.read_file", here)
    monkeypatch.setattr("ektp_analysis.ingest.worker.read_file", here)
    assert imports.import_file(FILE, "week.csv", Choices()).status == "accepted"
