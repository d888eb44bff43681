"""Four eyes: a file waits until somebody else has approved it, counts nowhere before, and is then what was handed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from ektp_analysis.__main__ import main
from ektp_analysis.access import gate, roster
from ektp_analysis.access.guard import NotAllowedError
from ektp_analysis.access.people import Known, Person, Role
from ektp_analysis.access.review import ReviewedError, hindrance
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import render
from ektp_analysis.figures.weekly import USUAL_WEEKS, Lack, Week, missing
from ektp_analysis.ingest.report import UNDECIDED, Choices
from ektp_analysis.office import awaiting, imports, reviewing, stores
from ektp_analysis.office.arrivals import Waiting
from ektp_analysis.store import schema, trail
from ektp_analysis.store.review_tables import review_event, submission
from ektp_analysis.store.store import Store
from ektp_analysis.store.submissions import Actor, LaterError, Submission
from ektp_analysis.store.visits import Received
from tests.apps import AppTest, start
from tests.engines import kept, moment, reading, visited
from tests.shared import start as begin

ROOT = Path(__file__).resolve().parent.parent

OWN, SISTER, PART = "75.05", "75.04", "75.05.01"
PEOPLE = {
    "unit": (Role.UPLOADER, OWN), "camat": (Role.APPROVER, OWN), "sekretaris": (Role.ADMIN, OWN), "loket": (Role.READER, OWN),
    "dinas": (Role.APPROVER, PART), "prov": (Role.ADMIN, "75"),
}  # fmt: skip
LOKET, CAMAT = Actor("loket", "accounts", "Loket (loket)"), Actor("camat", "accounts", "Camat (camat)")


def csv(day: str, unrecorded: int = 10, area: str = OWN) -> bytes:
    """A file of an office: each kecamatan on one day."""
    codes = [code for code in register().codes(3) if code.startswith(area + ".")]
    lines = [f"{code},{day},1000,{unrecorded + place}" for place, code in enumerate(codes)]
    return "\n".join(["area_code,as_of_date,eligible,unrecorded", *lines, ""]).encode()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store of a server with its people and a first file, four eyes switched on for one kabupaten; as bytes of its file."""
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patch, gate.acting_as(gate.OPERATOR):
        begin(patch, folder)
        stores.own_store()
        for key, (role, area) in PEOPLE.items():
            roster.add(key, key.title())
            roster.grant(key, role, area)
        assert imports.import_file(csv("2024-01-01"), "awal.csv", UNDECIDED).status == "accepted"
        reviewing.switch(OWN, wanted=True)
        stores.close_all()
    settings.cache_clear()
    return (folder / "ektp.sqlite").read_bytes()


@pytest.fixture
def office(begun: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    (tmp_path / "ektp.sqlite").write_bytes(begun)
    monkeypatch.setattr(gate, "FRESH", 0.0)

    def anew(**environment: str) -> None:
        begin(monkeypatch, tmp_path, **environment)

    anew()
    yield anew
    stores.close_all()
    settings.cache_clear()


def acting(key: str) -> Any:
    return gate.acting_as(gate.OPERATOR if key == "operator" else gate.PERSON + key)


def hand_in(key: str = "unit", data: bytes = csv("2024-01-08"), name: str = "minggu.csv") -> Submission:
    with acting(key):
        done = imports.import_file(data, name, UNDECIDED)
    assert done.status == "submitted" and done.batch is None and done.submission is not None
    return done.submission


def test_a_file_waits_counts_nowhere_and_is_stored_as_it_was_handed_in(office: Callable[..., None]) -> None:
    with acting("prov"):
        before = stores.own_store()
        token, figures, batches = before.token(), before.figures(), before.batches()
    handed = hand_in()
    assert hand_in().id == handed.id, "the same file twice is one"
    with acting("loket"):
        assert [one.submission for one in reviewing.waiting()] == [handed], "a reader of the area sees what waits"
        looked = reviewing.look(handed.id)
        assert looked.report.changes.new == len(looked.report.rows) > 5 and looked.report.preview and not looked.later
    with acting("prov"):
        store = stores.own_store()
        assert store.figures().equals(figures) and store.batches() == batches and store.token() == token
        assert "1 file waits" in str(reviewing.told_waiting())
    with acting("camat"):
        done = reviewing.approve(handed.id)
        assert not done.already_there and done.batch.uploader == "Unit (unit)" and done.batch.approved_by == "Camat (camat)"
        assert reviewing.approve(handed.id).batch == done.batch, "again adds nothing"
        with pytest.raises(UserError, match=f"withdraw batch {done.batch.id}"):
            reviewing.send_back(handed.id, "salah")
    with acting("prov"):
        store = stores.own_store()
        (stored, *others) = store.batches()
        assert others == batches and stored == done.batch and stored.received_at > handed.at
        rows = store.submitted_rows(handed.id)
        held = store.figures(within=OWN)
        assert held[held["batch_id"] == stored.id][list(rows)].reset_index(drop=True).equals(rows)
        assert store.original(stored.id) == ("minggu.csv", csv("2024-01-08"))
        assert store.batches(known_at=handed.at) == batches, "what was known when it was handed in had no such file"
        assert (
            reviewing.told_waiting() is None and imports.import_file(csv("2024-01-08"), "x", UNDECIDED).status == "already_there"
        )
    with acting("operator"):
        assert imports.verify(stores.own()) == []


@pytest.mark.parametrize("key", ["unit", "loket", "dinas"])
def test_who_is_not_the_second_person_decides_nothing(office: Callable[..., None], key: str) -> None:
    handed = hand_in()
    with acting(key):
        store = stores.own_store()
        for decide in (
            lambda: reviewing.approve(handed.id),
            lambda: reviewing.send_back(handed.id, "salah"),
            lambda: store.approve(handed.id, seen=(), by="Camat", at=datetime.now(UTC)),
        ):
            with pytest.raises(NotAllowedError):
                decide()
    with acting("camat"):
        assert [one.waits for one in reviewing.handed_in()] == [True]


def test_nobody_approves_their_own(office: Callable[..., None]) -> None:
    own = hand_in("sekretaris")
    by_command = hand_in("operator", csv("2024-01-15"))
    with acting("sekretaris"):
        with pytest.raises(NotAllowedError, match="handed it in yourself"):
            reviewing.approve(own.id)
        assert reviewing.approve(by_command.id).batch.approved_by == "Sekretaris (sekretaris)"
    third = hand_in("operator", csv("2024-01-22"))
    with acting("operator"):
        assert reviewing.approve(own.id).batch.uploader == "Sekretaris (sekretaris)"
        with pytest.raises(NotAllowedError, match="Somebody who logs in"):
            reviewing.approve(third.id)


@pytest.mark.parametrize(
    ("person", "names", "why"),
    [
        (Person("camat", "Camat", (), "accounts"), {}, None),
        (Person("loket", "Loket", (), "proxy"), {}, "yourself"),
        (Person("loket@kab", "S. Aminah", (), "oidc"), {"identity": "https://id 7"}, "under the name loket"),
        (Person("loket@kab", "loket  AMINAH", (), "oidc"), {"name": "loket  AMINAH"}, "the same name"),
        (Person("camat", "Camat", (), "token"), {}, "Only somebody who has logged in"),
        (Person("camat", "Camat", (), "local"), {}, "Only somebody who has logged in"),
        (Person("root", "root", (), "operator"), {}, None),
        (Person("loket", "loket", (), "operator"), {}, "yourself"),
    ],
    ids=lambda value: value.key + "-" + value.source if isinstance(value, Person) else "",
)
def test_the_same_person_by_another_way_is_not_a_second_one(person: Person, names: dict[str, str], why: str | None) -> None:
    handed = Submission(1, "a.csv", "", "", (OWN,), "loket", "accounts", "Loket", moment("2024-01-01 00:00"), {}, {}, {})
    known = {"loket": Known("loket", "Loket Aminah", identity="https://id 7"), "camat": Known("camat", "Camat")}
    known[person.key] = known.get(person.key) or Known(person.key, **{"name": person.name, **names})
    found = hindrance(handed, person, known)
    assert found is None if why is None else why in str(found)


def test_what_is_sent_back_stays_with_its_reason_and_may_be_handed_in_again(office: Callable[..., None]) -> None:
    handed = hand_in()
    with acting("camat"):
        with pytest.raises(UserError, match="with a reason"):
            reviewing.send_back(handed.id, " ")
        found = reviewing.send_back(handed.id, "tanggal salah")
        assert reviewing.send_back(handed.id, "lain") == found
        with pytest.raises(UserError, match="was sent back by Camat"):
            reviewing.approve(handed.id)
    with acting("unit"):
        (one,) = reviewing.handed_in()
        assert [one] == reviewing.decided(1) and reviewing.decided(0) == []
        assert not one.waits and "tanggal salah" in str(one.state) and reviewing.waiting() == []
    again = hand_in()
    assert again.id != handed.id and hand_in().id == again.id
    with acting("camat"):
        assert reviewing.approve(again.id).batch.approved_by == "Camat (camat)"
    with acting("operator"):
        assert imports.verify(stores.own()) == []


def test_a_later_revision_is_told_before_it_is_replaced(office: Callable[..., None]) -> None:
    first, second = hand_in(), hand_in("sekretaris", csv("2024-01-08", 50), "ralat.csv")
    with acting("camat"):
        assert reviewing.look(first.id, read=False).warning is None
        later = reviewing.approve(second.id).batch.id
        looked = reviewing.look(first.id)
        assert looked.later == (later,) and f"batch {later}" in str(looked.warning) and looked.report.changes.revised
        with pytest.raises(LaterError) as told:
            reviewing.approve(first.id, seen=[later - 1])
        assert told.value.batches == (later,) and len(stores.own_store().batches()) == 2, "nothing was stored"
        assert reviewing.approve(first.id, seen=looked.later).batch.id > later
        assert stores.own_store().figures(within=PART)["unrecorded"].tolist()[-1] == 10


def test_what_was_stored_and_withdrawn_meanwhile_is_not_stored_by_the_way(office: Callable[..., None]) -> None:
    handed = hand_in()
    with acting("sekretaris"):
        reviewing.switch(OWN, wanted=False)
        batch = imports.import_file(csv("2024-01-08"), "minggu.csv", UNDECIDED).batch
        assert batch is not None and reviewing.waiting(), "what waits goes on waiting"
        stores.own_store().retract(batch.id, reason="salah", by="", at=datetime.now(UTC))
    with acting("camat"), pytest.raises(UserError, match=f"restore batch {batch.id} instead"):
        reviewing.approve(handed.id)


def test_where_it_is_on_nothing_is_stored_at_once(office: Callable[..., None]) -> None:
    rows = reading({"area_code": PART, "as_of_date": "2024-02-01", "unrecorded": 1})
    direct: dict[str, Any] = {"data": b"x", "name": "x", "uploader": "x", "received_at": datetime.now(UTC), "choices": {}}
    with acting("prov"):
        store = stores.own_store()
        with pytest.raises(ReviewedError):
            store.commit(rows, **direct, report={})
        mixed = csv("2024-01-08") + b"75.04.01,2024-01-08,1000,5\n"
        done = imports.import_file(mixed, "campur.csv", UNDECIDED)
        assert done.status == "submitted", "one row there, and the whole file waits"
        assert imports.import_file(csv("2024-01-08", area=SISTER), "tetangga.csv", UNDECIDED).status == "accepted"
    with acting("camat"):
        assert reviewing.handed_in() == [], "it also holds figures of areas that one may not see"
        with pytest.raises(NotAllowedError):
            reviewing.look(done.submission.id if done.submission else 0)
    with acting("unit"), pytest.raises(NotAllowedError):
        stores.own_store().retract(1, reason="salah", by="", at=datetime.now(UTC))
    with acting("camat"):
        stores.own_store().retract(1, reason="salah", by="", at=datetime.now(UTC))
        assert stores.own_store().batch(1).retracted.by == "Camat (camat)"  # type: ignore[union-attr]
    with acting("unit"), pytest.raises(NotAllowedError):
        stores.own_store().restore(1, reason="benar", by="", at=datetime.now(UTC))


def test_visits_are_stored_at_once(office: Callable[..., None]) -> None:
    with acting("unit"):
        one = visited({"day": "2024-01-03", "area_code": PART, "came": 70})
        assert stores.own_store().commit_visits(one, Received(b"x", "x", "x", datetime.now(UTC), {}, {})).batch.rows == 1


def test_the_switch_is_of_who_looks_after_the_area_and_holds_for_all_in_it(office: Callable[..., None]) -> None:
    for key in ("unit", "camat", "loket"):
        with acting(key), pytest.raises(NotAllowedError):
            reviewing.switch(OWN, wanted=False)
    with acting("sekretaris"):
        with pytest.raises(NotAllowedError):
            reviewing.switch(SISTER, wanted=True)
        reviewing.switch(OWN, wanted=True)  # again adds nothing
    with acting("prov"):
        assert reviewing.areas() == (OWN,)
        reviewing.switch("75", wanted=True)
    with acting("sekretaris"):
        with pytest.raises(UserError, match="switch them off there"):
            reviewing.switch(PART, wanted=False)
        with pytest.raises(UserError, match="switch them off there"):
            reviewing.switch(OWN, wanted=False)
        assert reviewing.areas() == ("75", OWN)
    with acting("prov"):
        reviewing.switch("75", wanted=False)
        reviewing.switch(OWN, wanted=False)
        assert reviewing.areas() == () and imports.import_file(csv("2024-01-08"), "x.csv", UNDECIDED).status == "accepted"
    office(EKTP_LOGIN="")
    with pytest.raises(UserError, match="take two people"):
        reviewing.switch(OWN, wanted=True)


def test_a_store_with_four_eyes_keeps_them_on_one_machine(office: Callable[..., None]) -> None:
    handed = hand_in()
    office(EKTP_LOGIN="")
    assert imports.import_file(csv("2024-01-15"), "lokal.csv", UNDECIDED).status == "submitted"
    with pytest.raises(NotAllowedError, match="Only somebody who has logged in"):
        reviewing.approve(handed.id)
    reviewing.switch(OWN, wanted=False)
    assert imports.import_file(csv("2024-01-15"), "lokal.csv", UNDECIDED).status == "accepted"


def test_what_was_decided_about_a_file_is_remembered_once_it_is_approved(office: Callable[..., None]) -> None:
    lines = [f"{name};1000;{place}" for place, name in enumerate(("KEC. LAMA", "KWANDANG", "ANGGREK", "SUMALATA"), 10)]
    data = "\n".join(["KECAMATAN;WAJIB KTP;BELUM REKAM", *lines, ""]).encode()
    with acting("unit"):
        told = Choices(area=OWN, date=date(2024, 1, 8), aliases={"KEC. LAMA": PART})
        done = imports.import_file(data, "nama.csv", told)
        assert done.submission is not None and stores.own_store().aliases() == []
    with acting("camat"):
        reviewing.approve(done.submission.id)
        assert [(one.name, one.area_code) for one in stores.own_store().aliases()] == [("KEC. LAMA", PART)]


ROWS = reading(
    {"area_code": OWN, "as_of_date": "2024-01-01", "unrecorded": 862, "coverage_reported": "99.30", "note": 'a "b"\nc'},
    {"area_code": PART, "as_of_date": "2024-01-02", "unrecorded": 1, "basis": "DKB"},
    sheet="Lembar 1",
)


def submit(store: Store, at: str = "2024-02-01 03:00") -> int:
    done = store.submit(ROWS, Received(b"abc", "a.csv", "Loket", moment(at), {"sheet": "x"}, {"warnings": []}), LOKET, {})
    assert done.submission is not None
    return done.submission.id


def test_both_engines_keep_what_was_handed_in_and_carry_it_to_another(new_url: Callable[[], str], sqlite_url: str) -> None:
    with Store.open(new_url()) as store:
        number = submit(store)
        store.switch_review(OWN, True, by="x", at=moment("2024-02-02 03:00"))
        assert store.submitted_original(number) == ("a.csv", b"abc") and store.submission(number).areas == (OWN,)
        assert store.submitted_rows(number).equals(store.submitted_rows(submit(store)))
        done = store.approve(number, CAMAT, seen=(), at=moment("2024-02-03 03:00"))
        held = store.figures()
        assert held[list(store.submitted_rows(number))].equals(store.submitted_rows(number))
        assert store.submit(ROWS, Received(b"abc", "b", "x", moment("2024-02-04 03:00"), {}, {}), LOKET, {}).batch == done.batch
        other = store.submit(ROWS.assign(unrecorded=5), Received(b"d", "d", "x", moment("2024-02-05 03:00"), {}, {}), LOKET, {})
        assert other.submission is not None
        store.send_back(other.submission.id, "salah", CAMAT, at=moment("2024-02-06 03:00"))
        for lacking in (0, 99, 2**40):
            with pytest.raises(UserError, match="no file"):
                store.submission(lacking)
        copied = store.copy_to(sqlite_url)
        with Store.open(sqlite_url) as there:
            assert not copied.untold and there.submissions() == store.submissions() and there.review_areas() == (OWN,)
            assert there.batches() == store.batches() and there.head() == store.head()
            assert there.submitted_rows(other.submission.id)["unrecorded"].tolist() == [5, 5]


def test_what_was_altered_since_is_neither_shown_nor_stored(sqlite_url: str) -> None:
    with Store.open(sqlite_url) as store:
        number = submit(store)
        spoilt = json.loads(_value(store, number))
        spoilt["unrecorded"][0] = 8
        with store._database.writing() as connection:
            connection.execute(sa.update(submission).values(figures=json.dumps(spoilt)))
        for use in (
            lambda: store.submitted_rows(number),
            lambda: store.approve(number, CAMAT, seen=(), at=moment("2024-02-03 03:00")),
        ):
            with pytest.raises(StoreError, match="no longer what was handed in"):
                use()
        found = [str(one.text()) for one in store.verify(lambda *_: ROWS)]
        assert len(found) == 2 and "Row 1 of submission" in found[0] and "file handed in 1, figures was changed" in found[1]
        assert store.batches() == []


def _value(store: Store, number: int) -> str:
    with store._database.reading() as connection:
        return str(connection.execute(sa.select(submission.c.figures).where(submission.c.id == number)).scalar_one())


def test_a_file_read_otherwise_than_it_was_is_named(sqlite_url: str) -> None:
    with Store.open(sqlite_url) as store:
        submit(store)
        assert store.verify(lambda *_: ROWS) == []
        (found,) = store.verify(lambda *_: ROWS.assign(unrecorded=1))
        assert "gives other figures" in str(found.text())


def test_approval_and_batch_come_together_or_not_at_all(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ended(Exception):
        pass

    with Store.open(sqlite_url) as store:
        number, add = submit(store), trail.add

        def broken(connection: sa.Connection, table: sa.Table, values: Any) -> Any:
            if table is review_event:
                raise Ended
            return add(connection, table, values)

        with monkeypatch.context() as patch, pytest.raises(Ended):
            patch.setattr(trail, "add", broken)
            store.approve(number, CAMAT, seen=(), at=moment("2024-02-03 03:00"))
        with store._database.reading() as connection:
            assert connection.execute(sa.select(schema.figure)).first() is None
        assert store.batches() == [] and store.submission(number).decision is None and store.verify(lambda *_: ROWS) == []
        assert store.approve(number, CAMAT, seen=(), at=moment("2024-02-03 03:00")).batch.as_of_dates[0] == date(2024, 1, 1)


THIS = Week(date(2024, 3, 11))


def days(*given: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(given, columns=["area_code", "as_of_date"]).assign(
        as_of_date=lambda rows: pd.to_datetime(rows["as_of_date"])
    )


@pytest.mark.parametrize(
    ("given", "lack", "absent"),
    [
        ([], Lack.NEVER, ()),
        ([(OWN, "2024-03-18")], Lack.NEVER, ()),  # of the next week
        ([(OWN, "2024-03-10")], Lack.NONE, ()),
        ([(OWN, "2024-03-11")], None, ()),
        ([(PART, "2024-03-17")], None, ()),
        ([("75.050", "2024-03-12"), (OWN, "2023-01-01")], Lack.NONE, ()),
        ([(PART, "2024-03-12"), ("75.05.02", "2024-01-15")], Lack.PARTLY, ("75.05.02",)),  # in the eighth week before
        ([(PART, "2024-03-12"), ("75.05.02", "2024-01-14")], None, ()),
        ([(f"{PART}.2001", "2024-03-12"), (PART, "2024-03-05")], None, ()),
        ([(OWN, "2024-03-12"), (PART, "2024-03-05"), (f"{PART}.2001", "2024-03-05")], None, ()),
    ],
)
def test_an_area_lacks_figures_of_a_week(given: list[tuple[str, str]], lack: Lack | None, absent: tuple[str, ...]) -> None:
    found = missing(days(*given), [OWN], THIS)
    assert [(one.lack, one.absent) for one in found] == ([] if lack is None else [(lack, absent)])
    assert USUAL_WEEKS == 8 and Week.of(date(2024, 3, 17)) == THIS == Week.of(date(2024, 3, 11))


def test_who_is_awaited_is_listed_and_reminded_without_a_name_of_a_person(office: Callable[..., None]) -> None:
    hand_in()
    with acting("prov"):
        assert imports.import_file(csv("2024-01-09", area=SISTER), "tetangga.csv", UNDECIDED).status == "accepted"
        found = awaiting.look(stores.own(), "75", date(2024, 1, 14))
        lacks = {one.area: one.lack for one in found.missing}
        assert lacks == {OWN: Lack.HANDED_IN, **dict.fromkeys(("75.01", "75.02", "75.03", "75.71"), Lack.NEVER)}
        assert (found.areas, found.unseen, found.reminder) == (6, 0, None), "nobody is reminded of what was sent"
        later = awaiting.look(stores.own(), "75", date(2024, 1, 15))
        assert [one.area for one in later.missing][:2] == [SISTER, OWN] and later.missing[0].last == date(2024, 1, 9)
        assert later.reminder is not None
        for lang, words in (("id", "minggu 15 Januari 2024 sampai 21 Januari 2024"), ("en", "week of 15 January 2024 to")):
            text = render(later.reminder, lang)
            assert words in text and "Bone Bolango" not in text and "Kabupaten Gorontalo Utara" in text and "Unit" not in text
    with acting("loket"):
        mine = awaiting.look(stores.own(), "75", date(2024, 1, 15))
        assert [one.area for one in mine.missing] == [OWN] and mine.unseen == 5, "of a sister one sees too little to say so"
        assert "5 areas" in str(mine.left_out)
        assert awaiting.look(stores.own(), OWN, date(2024, 1, 3)).missing == ()


def test_commands_hand_in_list_decide_and_tell_who_is_awaited(
    office: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "minggu.csv"
    file.write_bytes(csv("2024-01-08"))
    handed = hand_in("sekretaris", csv("2024-01-08", 50))

    def run(*arguments: str, code: int = 0) -> tuple[str, str]:
        assert main(arguments) == code
        out, err = capsys.readouterr()
        return out, err

    out, err = run("import", str(file))
    assert "handed in, not stored yet" in out and "waits as file 2" in err
    assert json.loads(run("import", "--json", str(file))[0])["submission"] == 2
    first, second = map(json.loads, run("review", "list", "--json")[0].splitlines())
    assert (first["submission"], first["may_decide"], second["may_decide"]) == (2, False, True)
    assert second["changes"] == {"new": 11, "same": 0, "revised": 0} and second["rows"] == 11 and second["state"] == "waits"
    out, err = run("review", "list")
    assert "2: minggu.csv" in out and "new: 11" in out and "Somebody who logs in" in out and "switched on for" in err
    assert "2 files wait" in run("batches")[1]
    assert "cannot decide about file 2" in run("review", "approve", "2", code=1)[1]
    assert "stored as batch 2" in run("review", "approve", str(handed.id))[0]
    assert "already as batch 2" in run("review", "approve", str(handed.id))[0]
    assert "approved by" in run("batches")[0] and "batch 2 has given other figures" in run("review", "list")[0]
    third = hand_in("sekretaris", csv("2024-01-15"))
    assert json.loads(run("review", "back", str(third.id), "--reason", "salah", "--json")[0])["state"] == "returned"
    assert "sent back by" in run("review", "list", "--all")[0]
    run("review", "off", "--area", OWN)
    run("review", "on", "--area", OWN)
    out, err = run("missing", "--area", "75", "--week", "2024-01-20")
    assert "2 of" not in out and "6 of 6 areas lack figures" in out and "Reminder: figures" in out
    assert json.loads(run("missing", "--area", "75", "--week", "2024-01-20", "--json")[0])["missing"][0]["area"] == OWN
    assert run("missing", "--area", "75", "--week", "2024-01-20", "--text", "--lang", "id")[0].startswith("Pengingat:")


def test_the_page_data_has_what_waits_and_its_decision(office: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    """As the one that handed it in, then as the second person; one app each, whose scripts run in a thread of their own."""
    data, name = csv("2024-01-08"), "minggu.csv"
    monkeypatch.setattr(gate, "_sources", [lambda: gate.PERSON + "unit"])
    with acting("unit"):
        app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=300)
        app.switch_page(str(ROOT / "pages" / "data.py"))
        app.query_params["lang"] = "en"
        app.session_state["upload_read"] = {name: Waiting.of(data, imports.read_alone(data, name, UNDECIDED), UNDECIDED)}
        app.run()
        app.button(key=f"accept_{name}").click().run()
        assert not app.exception, [one.value for one in app.exception]
        said = [one.value for one in app.info]
        assert any("is handed in. It waits as file 1" in text for text in said), said
        assert any("handed it in yourself" in text or "role approver" in text for text in said)
        assert not [one for one in app.button if one.key == "approve_1"]
    second = hand_in("sekretaris", csv("2024-01-15"))
    monkeypatch.setattr(gate, "_sources", [lambda: gate.PERSON + "camat"])
    with acting("camat"):
        app = start("data.py", lang="id")
        app.selectbox(key="review_chosen").set_value(second.id).run()
        assert not app.exception, [one.value for one in app.exception]
        app.text_input(key=f"back_reason_{second.id}").input("tanggal salah")
        next(one for one in app.button if one.label == "Kembalikan").click().run()
        assert any("dikembalikan" in one.value for one in app.info)
        app.button(key="approve_1").click().run()
        assert not app.exception, [one.value for one in app.exception]
        assert any("minggu.csv disetujui dan disimpan sebagai unggahan 2" in one.value.replace("\\", "") for one in app.success)
        assert [one.approved_by for one in stores.own_store().batches()] == ["Camat (camat)", ""]


def test_later_is_what_held_not_yet_and_says_otherwise(sqlite_url: str) -> None:
    with Store.open(sqlite_url) as store:
        kept(store, ROWS.assign(unrecorded=900), "2024-01-15 03:00")
        number = submit(store)
        assert store.later(number) == (), "what it would revise was known when it was handed in"
        kept(store, ROWS, "2024-02-02 03:00")
        assert store.later(number) == (), "the same figures by another file"
        other = kept(store, ROWS.assign(note="x", unrecorded=[862, 2]), "2024-02-03 03:00").batch.id
        assert store.later(number) == (other,)
        store.retract(other, reason="salah", by="x", at=moment("2024-02-04 03:00"))
        assert store.later(number) == ()
        store.retract(2, reason="salah", by="x", at=moment("2024-02-05 03:00"))
        assert store.later(number) == (), "what held then holds again"
