"""Signed files of an office taken in by its province: whole or not at all, once, only what is trusted, nothing in silence."""

from __future__ import annotations

import base64
import io
import json
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ektp_analysis.access import gate, outsiders
from ektp_analysis.access.guarded import Guarded
from ektp_analysis.access.outsiders import Kind
from ektp_analysis.access.review import ReviewedError
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T
from ektp_analysis.ingest.report import Choices
from ektp_analysis.ingest.visit_report import VisitChoices
from ektp_analysis.office import exchange, imports, parcels, stores, visiting
from ektp_analysis.store.store import Store
from tests.conftest import Said
from tests.engines import kept, reading

OWN, SISTER = "75.05", "75.04"
CODES, OTHERS = (list(register().codes(Level.KECAMATAN, area)) for area in (OWN, SISTER))


@contextmanager
def at(folder: Path, login: str = "") -> Iterator[Guarded]:
    """At the machine with this data folder."""
    with pytest.MonkeyPatch.context() as patch:
        said = {"DATA_DIR": str(folder), "LOGIN": login, "LANGUAGE": "en", "DATABASE_URL": "", "UPLOADER": "Loket"}
        for name, value in said.items():
            patch.setenv(f"EKTP_{name}", value)
        settings.cache_clear()
        stores.close_all()
        with gate.acting_as(gate.OPERATOR):
            yield stores.own_store()
        stores.close_all()
    settings.cache_clear()


def content(day: str, left: int, codes: list[str] = CODES) -> bytes:
    lines = [
        "area_code,as_of_date,eligible,unrecorded",
        *(f"{code},{day},9000,{left + place}" for place, code in enumerate(codes)),
    ]
    return "\r\n".join(lines).encode()


def bring(day: str, left: int, codes: list[str] = CODES) -> int:
    done = imports.import_file(content(day, left, codes), f"minggu-{day}.csv", Choices())
    assert done.batch is not None
    return done.batch.id


def hand_on(area: str = OWN) -> bytes:
    return parcels.export(stores.own(), area)


def figures(store: Guarded) -> list[tuple[str, str, int]]:
    return [(one.area_code, str(one.as_of_date.date()), int(one.unrecorded)) for one in store.figures().itertuples()]


class Office:
    """A laptop with two weeks, of which the first was withdrawn, and visits; what it handed on at each step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with at(folder) as store:
            self.key = parcels.public_key()
            first = bring("2024-01-01", 100)
            bring("2024-01-08", 90)
            self.early = hand_on()
            store.retract(first, reason="salah hitung", by="Loket", at=datetime.now(UTC))
            visits = f"day,area_code,place,came\r\n2024-01-03,{CODES[0]},desa,7".encode()
            assert visiting.import_file(visits, "kunjungan.csv", VisitChoices()).batch is not None
            self.late = hand_on()
            self.figures = figures(store)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("laptop"))


@pytest.fixture
def province(office: Office, tmp_path: Path) -> Iterator[Guarded]:
    with at(tmp_path, "accounts") as store:
        parcels.trust("gorut", office.key, OWN)
        yield store


def take(data: bytes, answer: Any = None, **more: Any) -> exchange.Taken:
    return exchange.take_in(parcels.opened(data), answer, **more)


def numbers(done: exchange.Taken) -> tuple[int, ...]:
    return done.there, done.added, done.withdrawn, done.restored, done.left, len(done.conflicts)


def test_a_file_is_taken_in_once_with_its_provenance_its_withdrawals_and_its_visits(office: Office, province: Guarded) -> None:
    assert numbers(take(office.early, dry_run=True)) == (0, 2, 0, 0, 0, 0) and not province.batches()
    assert numbers(take(office.early)) == (0, 2, 0, 0, 0, 0)
    assert numbers(take(office.late)) == (2, 1, 1, 0, 0, 0), "the withdrawal and the visits came later"
    token = province.token(), len(province.visit_batches())
    assert numbers(take(office.late)) == (3, 0, 0, 0, 0, 0) and (province.token(), len(province.visit_batches())) == token
    assert figures(province) == office.figures
    second, first = province.batches()
    assert first.retracted is not None and first.retracted.reason == "salah hitung (gorut: Loket)"
    assert second.uploader == "Loket (gorut)" and second.report["exchange"]["uploader"] == "Loket"
    assert second.report["exchange"].keys() == {"office", "batch", "uploader", "received_at"}
    assert province.visits()["came"].tolist() == [7]
    assert imports.verify(stores.own()) == []
    with pytest.raises(UserError, match="later file of gorut"):
        take(office.early)
    again = parcels.opened(office.late)
    assert again.said["key"] == office.key and again.office == "gorut"


def test_what_the_office_takes_up_again_is_restored_and_what_the_province_withdrew_is_asked(
    office: Office, province: Guarded, tmp_path_factory: pytest.TempPathFactory
) -> None:
    take(office.late)
    second, first = province.batches()
    with at(office.folder) as store:
        store.restore(store.batches()[-1].id, reason="doch", by="Loket", at=datetime.now(UTC))
        restored = hand_on()
    folder = Path(province.place).parent
    with at(folder, "accounts") as here:
        here.retract(second.id, reason="ditarik", by="x", at=datetime.now(UTC))
        done = take(restored)
        assert numbers(done) == (3, 0, 0, 1, 0, 1) and not done.done and here.batch(first.id).retracted is not None
        assert "withdrawn here" in str(done.conflicts[0])
        assert numbers(take(restored, "leave")) == (3, 0, 0, 1, 1, 1)
        assert here.batch(first.id).retracted is None and here.batch(second.id).retracted is not None
        assert numbers(take(restored, "take"))[3] == 1 and here.batch(second.id).retracted is None


def test_figures_that_another_source_gives_otherwise_are_asked_about(office: Office, province: Guarded) -> None:
    bring("2024-01-08", 55)
    mine = figures(province)
    done = take(office.late)
    assert not done.done and len(done.conflicts) == 2 * len(CODES), "unrecorded and recorded of each kecamatan"
    assert any("55 here, 90 in the file" in str(one) for one in done.conflicts) and figures(province) == mine
    assert len(province.batches()) == 1, "nothing, also of what nobody doubts"
    left = take(office.late, "leave")
    assert (left.left, left.done) == (1, True) and figures(province) == mine
    assert take(office.late, "take").added == 1
    assert [one for one in figures(province) if one[1] == "2024-01-08"] == [
        one for one in office.figures if one[1] == "2024-01-08"
    ]


def test_visits_that_may_be_the_same_are_asked_about(office: Office, province: Guarded) -> None:
    visits = f"day,area_code,place,came\r\n2024-01-03,{CODES[0]},desa,9".encode()
    assert visiting.import_file(visits, "lain.csv", VisitChoices()).batch is not None
    done = take(office.late)
    assert not done.done and "1 visit of the same day" in str(done.conflicts[0])
    assert take(office.late, "leave").left == 1 and province.visits()["came"].tolist() == [9]
    assert take(office.late, "take").added == 1 and sorted(province.visits()["came"]) == [7, 9]


def changed(data: bytes, name: str, new: bytes | None = None, signed: Ed25519PrivateKey | None = None, **said: Any) -> bytes:
    """The file with a member or words of its manifest changed; ``signed`` anew or not."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        members = {one: old.read(one) for one in old.namelist()}
    if said:
        members[parcels.MANIFEST] = json.dumps({**json.loads(members[parcels.MANIFEST]), **said}).encode()
    if new is not None:
        members[name] = new
    if signed is not None:
        members[parcels.SIGNATURE] = signed.sign(parcels.PREFIX + members[parcels.MANIFEST])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for one, content in members.items():
            made.writestr(one, content)
    return out.getvalue()


def test_only_what_a_trusted_office_signed_of_its_area_is_taken_in(office: Office, province: Guarded, tmp_path: Path) -> None:
    with at(office.folder):
        key = Ed25519PrivateKey.from_private_bytes((office.folder / "office" / parcels.KEY).read_bytes())
    folder = Path(province.place).parent
    foreign = Ed25519PrivateKey.generate()
    other_key = base64.urlsafe_b64encode(foreign.public_key().public_bytes_raw()).decode().rstrip("=")
    said = json.loads(zipfile.ZipFile(io.BytesIO(office.late)).read(parcels.MANIFEST))
    named = next(one for one in zipfile.ZipFile(io.BytesIO(office.late)).namelist() if one.startswith(parcels.FILES))
    elsewhere = content("2024-01-08", 1, OTHERS)
    with at(folder, "accounts") as here:
        refused = {
            "no exchange file": (
                *(b"", b"PK", office.late[:-400], changed(office.late, named, b"other")),
                changed(office.late, "", signed=key, batches=[{}]),
                changed(office.late, "", signed=key, batches=[{**said["batches"][0], "sha256": "0" * 64}]),
                changed(office.late, "", signed=key, area=5),
            ),
            "altered": (changed(office.late, "", entries=10**6), changed(office.late, parcels.SIGNATURE, b"x" * 64)),
            "Nobody who is trusted": (changed(office.late, "", signed=foreign, key=other_key),),
            "later version": (changed(office.late, "", signed=key, format=2),),
            "not for 75.04": (changed(office.late, "", signed=key, area=SISTER),),
            "not read here": (changed(office.late, "", signed=key, batches=[{**said["batches"][0], "rows": 7}]),),
        }  # fmt: skip
        for words, files in refused.items():
            for data in files:
                with pytest.raises(UserError) as error:
                    take(data)
                assert words in str(error.value), (words, str(error.value))
        assert here.batches() == [] and here.visit_batches() == []
    laptop = tmp_path / "sister"
    with at(laptop):
        bring("2024-01-08", 1, OTHERS)
        other = json.loads(zipfile.ZipFile(io.BytesIO(hand_on(SISTER))).read(parcels.MANIFEST))
    smuggled = changed(office.late, parcels.FILES + other["batches"][0]["sha256"], elsewhere, key, batches=other["batches"])
    with at(folder, "accounts") as here:
        with pytest.raises(UserError, match="not trusted"):
            take(smuggled)
        assert here.batches() == []
        assert outsiders.withdraw(Kind.OFFICE, "gorut").withdrawn
        with pytest.raises(UserError, match="Nobody who is trusted"):
            take(office.late)


def test_whole_or_not_at_all(office: Office, province: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise StoreError(T("The disk is full."))

    with monkeypatch.context() as patch:
        patch.setattr(Guarded, "commit_visits", full)  # the last step
        with pytest.raises(StoreError):
            take(office.late)
    assert province.batches() == [] and province.noted(exchange.NOTE) == {}
    assert take(office.late).added == 3


def test_figures_of_an_area_with_four_eyes_are_not_taken_in_past_a_second_person(office: Office, province: Guarded) -> None:
    gate.people_store().switch_review(OWN, True, by="x", at=datetime.now(UTC))
    with pytest.raises(ReviewedError):
        take(office.late)
    assert province.batches() == [] and province.noted(exchange.NOTE) == {}


def test_a_key_that_begins_like_an_option_is_a_key(tmp_path: Path, said: Said) -> None:
    with at(tmp_path / "server", "accounts"):
        for number, begins in enumerate(("-", "--", "-a", "-h", "-l", "_")):
            key = begins.ljust(43, "A")
            assert said("exchange", "trust", f"office{number}", key, "--area", OWN)[0] == 0, key


def test_the_commands(office: Office, tmp_path: Path, said: Said) -> None:
    laptop, server, file = office.folder, tmp_path / "server", tmp_path / "gorut.ektp"
    with at(laptop):
        assert said("exchange", "export", "--area", OWN, "--out", str(file))[0] == 0
        assert said("exchange", "key")[1].strip() == office.key
        assert said("exchange", "export", "--area", SISTER)[0] == 1, "nothing of it"
        assert stat.S_IMODE((laptop / "office" / parcels.KEY).stat().st_mode) == 0o600
    with at(server, "accounts"):
        assert said("exchange", "import", str(file))[0] == 1, "not trusted yet"
        assert said("exchange", "trust", "gorut", "rubbish", "--area", OWN)[0] == 1
        assert said("exchange", "trust", "gorut", office.key, "--area", OWN)[0] == 0
        for name in ("gorut", "other"):
            assert said("exchange", "trust", name, office.key, "--area", OWN)[0] == 1, "its name, and its key, are taken"
        bring("2024-01-08", 55)
        code, out, err = said("--lang", "en", "exchange", "import", str(file))
        assert (code, out) == (1, "") and f"Nothing was stored: {2 * len(CODES)} conflicts" in err
        code, out, _ = said("exchange", "import", str(file), "--conflicts", "take", "--json")
        assert code == 0 and json.loads(out)["added"] == 3
        code, out, _ = said("--lang", "en", "exchange", "import", str(file))
        assert code == 0 and "batches added 0" in out
        assert json.loads(said("exchange", "list", "--json")[1]) == {
            "name": "gorut", "key": office.key, "areas": [OWN], "withdrawn": False,
        }  # fmt: skip
        assert "withdrawn" in said("--lang", "en", "exchange", "withdraw", "gorut")[1]
        assert said("exchange", "import", str(file))[0] == 1 and said("exchange", "withdraw", "gorut")[0] == 1


def test_what_is_done_at_once_is_stored_whole_or_not_at_all_on_either_engine(url: str) -> None:
    rows = reading({"area_code": OWN, "as_of_date": "2024-01-01", "eligible": 9, "unrecorded": 1})
    with Store.open(url) as store:
        told: list[str] = []
        store.tell_to(lambda one: told.append(one.token()))
        with pytest.raises(StoreError), store.at_once() as within:
            first = kept(within, rows, "2024-02-01T00:00").batch.id
            within.retract(first, reason="x", by="x", at=datetime.now(UTC))
            assert within.batch(first).retracted is not None and within.figures().empty, "seen within"
            raise StoreError(T("The disk is full."))
        assert store.batches() == [] and store.token() == "empty" and told == []
        with store.at_once() as within:
            kept(within, rows, "2024-02-01T00:00")
            within.retract(within.batches()[0].id, reason="x", by="x", at=datetime.now(UTC))
        assert len(store.batches()) == 1 and store.figures().empty and told == [store.token()]
        assert store.verify(lambda *_: rows) == []
