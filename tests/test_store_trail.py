"""The trail: every change that somebody makes behind the store's back is named by the first entry that it does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ektp_analysis.core import text
from ektp_analysis.core.targets import ZERO
from ektp_analysis.store import schema, trail
from ektp_analysis.store.persons import LoginEvent, PersonEvent
from ektp_analysis.store.records import Arrangement, Edit, Head, PlanScenario
from ektp_analysis.store.review_tables import review_event, review_switch, submission
from ektp_analysis.store.store import Store
from ektp_analysis.store.submissions import Actor
from ektp_analysis.store.visits import Received
from tests.engines import NewUrl, kept, kept_visits, moment, read_visits, reading, visited

DAYS = [moment(f"2024-02-{day:02d} 03:00") for day in range(1, 29)]
# Entry by entry, what the store of these tests was told.
TOLD = (
    *("batch", "remembered_alias", "remembered_layout", "batch", "retraction", "retraction", "retraction", "saved_deck", "aim"),
    *("occasion", "remembered_alias", "remembered_layout", "saved_deck", "aim", "visit_batch", "visit_retraction", "alert_event"),
    *("plan_scenario", "person_event", "login_event", "submission", "review_event", "review_switch", "export", "setting"),
)


class Undo(Exception):
    """Takes back what a test did to the store."""


def told(url: str) -> Store:
    """A store with each kind of entry."""
    store, by = Store.open(url), "petugas"
    rows = reading({"area_code": "75.05", "as_of_date": "2024-01-01", "unrecorded": 862})
    kept(store, rows, "2024-02-01 03:00", name="a.csv")
    store.remember_aliases("75.05", {"Kwdg": "75.05.03"}, by=by, at=DAYS[1])
    store.remember_layout("0123", {"level": "kecamatan"}, by=by, at=DAYS[2])
    kept(store, rows.assign(unrecorded=850), "2024-02-04 03:00", name="b.csv")
    store.retract(2, reason="salah berkas", by=by, at=DAYS[4])
    store.restore(2, reason="ternyata benar", by=by, at=DAYS[5])
    store.retract(1, reason="diganti", by=by, at=DAYS[6])
    deck = store.save_deck(Arrangement("75.05", False, "Rapat", (Edit("map", title="Peta"),)), over=None, by=by, at=DAYS[7])
    store.set_aim("75.05", ZERO, DAYS[27].date(), "tuntas", by=by, at=DAYS[8])
    store.add_event("75.05", DAYS[8].date(), DAYS[9].date(), "Pameran", by=by, at=DAYS[9])
    store.forget_alias("75.05", "kwdg", by=by, at=DAYS[10])
    store.forget_layout("0123", by=by, at=DAYS[11])
    store.forget_deck(deck.id, by=by, at=DAYS[12])
    store.withdraw_aim("75.05", by=by, at=DAYS[13])
    kept_visits(store, visited({"day": "2024-02-14", "area_code": "75.05.01", "came": 70}), "2024-02-15 03:00")
    store.retract_visits(1, reason="salah desa", by=by, at=DAYS[15])
    store.add_alert_event(("stall", "75.05", "stall 75.05"), "raised", by=by, at=DAYS[16], detail={"since": "2024-02-01"})
    store.keep_plan_scenario(PlanScenario("75.05", False, "Empat tim", {"teams": 4}), over=None, by=by, at=DAYS[17])
    store.add_person_event(PersonEvent("loket", "added", DAYS[18], by, "Loket"))
    store.add_login_event(LoginEvent("loket", "login", "accounts", DAYS[19], "0a"))
    more = rows.assign(unrecorded=840)
    handed = Received(more.to_csv(index=False).encode(), "c.csv", "Loket", DAYS[20], {}, {})
    store.submit(more, handed, Actor("loket", "accounts", "Loket"), {})
    store.send_back(1, "salah hari", Actor("camat", "oidc", "Camat"), at=DAYS[21])
    store.switch_review("75.05", True, by=by, at=DAYS[22])
    store.note("export", {"what": "pptx", "value": "00"}, at=DAYS[23])
    store.note("setting", {"name": "home_area", "value": "75.05"}, at=DAYS[24])
    return store


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('trail')}/ektp.sqlite"
    else:
        new: NewUrl = request.getfixturevalue("new_postgres_url")
        url = new()
    with told(url) as opened:
        yield opened


def after(store: Store, *changes: Any) -> list[tuple[int, str]]:
    """What does not fit once these statements were carried out; they are taken back."""
    found: list[tuple[int, str]] = []
    with pytest.raises(Undo), store._database.writing() as connection:
        for change in changes:
            if callable(change):
                change(connection)
            else:
                assert connection.execute(change).rowcount > 0
        found += [(int(str(one.stored) or 0), str(one.text())) for one in trail.differences(connection)]
        raise Undo
    return found


def entries(store: Store) -> list[Any]:
    with store._database.reading() as connection:
        return list(connection.execute(sa.select(schema.trail).order_by(schema.trail.c.number)))


def change(table: sa.Table, number: int, /, **values: Any) -> sa.Update:
    key = table.c.number if table is schema.trail else table.c.id
    return sa.update(table).where(key == number).values(**values)


def remove(table: sa.Table, number: int) -> sa.Delete:
    key = table.c.number if table is schema.trail else table.c.id
    return sa.delete(table).where(key == number)


def test_what_was_told_is_whole(store: Store) -> None:
    found = entries(store)
    assert [one.number for one in found] == list(range(1, len(TOLD) + 1)) and tuple(one.kind for one in found) == TOLD
    assert [one.at for one in found] == DAYS[: len(TOLD)] and len({one.hash for one in found}) == len(TOLD)
    assert after(store) == []
    head = store.head()
    assert (head.entries, head.first, head.last, head.at, head.batch) == (25, found[0].hash, found[-1].hash, DAYS[24], 2)
    assert head.name == f"25-{found[-1].hash[:16]}"
    assert store.head(DAYS[23]).name == f"23-{found[22].hash[:16]}" and store.head(DAYS[19]).name[:3] == "19-", (
        "a login and an export hold nothing"
    )
    assert store.head_and_hash(19)[1] == found[18].hash and store.head_and_hash(99)[1] == ""
    assert store.head(DAYS[4]).name == f"5-{found[4].hash[:16]}" and store.head(DAYS[0] - timedelta(1)).name == ""
    for name, held in ((head.name, True), (head.name.upper(), True), (store.head(DAYS[4]).name, True)):
        assert store.holds(name) is held
    assert store.holds(f"19-{found[-1].hash[:16]}") is False and store.holds(f"21-{found[-1].hash[:16]}") is False
    assert store.holds("20") is store.holds("x") is store.holds(f"20-{found[-1].hash[:7]}") is None
    assert store.noted("setting") == {25: {"name": "home_area", "value": "75.05"}}
    with pytest.raises(ValueError, match="comes with its row"):
        store.note("batch", {}, at=DAYS[20])


def test_an_empty_trail_has_no_end_and_no_clock_is_behind_it(new_sqlite_url: NewUrl) -> None:
    with Store.open(new_sqlite_url()) as store:
        assert store.head() == Head(0, "", "", None, 0) and store.behind(DAYS[0]) == timedelta(0)
        store.note("export", {}, at=DAYS[3])
        assert store.head() == Head(0, "", "", None, 0), "an export holds nothing"
        assert [store.behind(DAYS[day]) for day in (1, 3, 4)] == [timedelta(2), timedelta(0), timedelta(0)]


B, R, A = schema.batch, schema.retraction, schema.trail
NO_BATCH = [sa.delete(table).where(table.c.batch_id == 2) for table in (schema.figure, schema.batch_total, R)]
TAMPERED = {
    "when a batch was received": ([change(B, 2, received_at=DAYS[0])], 4, "batch 2, received_at: the store says 2024-02-01"),
    "who brought it": ([change(B, 2, uploader="orang lain")], 4, "uploader: the store says orang lain, the entry petugas."),
    "its file's name": ([change(B, 1, name="c.csv")], 1, "batch 1, name: the store says c.csv, the entry a.csv."),
    "its report": ([change(B, 1, report='{"warnings": []}')], 1, "batch 1, report was changed."),
    "why it was taken back": ([change(R, 3, reason="lain")], 7, "retraction 3, reason: the store says lain, the entry diganti."),
    "since when": ([change(R, 3, at=DAYS[20])], 7, "retraction 3, at: the store says 2024-02-21"),
    "which": ([change(R, 3, batch_id=2)], 7, "retraction 3, batch_id: the store says 2, the entry 1."),
    "a retraction that is gone": ([remove(R, 3)], 7, "retraction 3, which it is about, is not there."),
    "a batch that is gone": ([*NO_BATCH, remove(B, 2)], 4, "batch 2, which it is about, is not there."),
    "a name's meaning": ([change(schema.remembered_alias, 1, area_code="75.05.04")], 2, "remembered name 1, area_code"),
    "a forgotten layout": ([change(schema.remembered_layout, 2, choices="{}")], 12, "remembered layout 2, choices was changed."),
    "saved slides": ([change(schema.saved_deck, 1, slides="[]")], 8, "saved slides 1, slides was changed."),
    "the day of an aim": ([change(schema.aim, 1, day=DAYS[20].date())], 9, "aim 1, day: the store says 2024-02-21, the entry"),
    "an aim that was withdrawn": ([change(schema.aim, 2, target="zero")], 14, "the store says zero, the entry nothing."),
    "an event's name": ([change(schema.occasion, 1, name="Lomba")], 10, "event 1, name: the store says Lomba, the entry Pameran"),
    "who kept visits": ([change(schema.visit_batch, 1, uploader="x")], 15, "batch of visits 1, uploader: the store says x"),
    "why visits were taken back": ([change(schema.visit_retraction, 1, reason="x")], 16, "retraction of visits 1, reason"),
    "an alert": ([change(schema.alert_event, 1, detail="{}")], 17, "alert 1, detail was changed."),
    "a saved plan": ([change(schema.plan_scenario, 1, plan="{}")], 18, "saved plan 1, plan was changed."),
    "who handed one in": ([change(submission, 1, by="Camat")], 21, "file handed in 1, by: the store says Camat, the entry Loket"),
    "what was handed in": ([change(submission, 1, figures="{}")], 21, "file handed in 1, figures was changed."),
    "who decided": ([change(review_event, 1, person="loket")], 22, "decision on a file 1, person: the store says loket"),
    "that four eyes are on": ([change(review_switch, 1, wanted=False)], 23, "switch of four eyes 1, wanted: the store says"),
    "an export": ([change(A, 24, content='{"value":"00","what":"pdf"}')], 24, "its hash does not match"),
    "an entry's moment": ([change(A, 10, at=DAYS[10])], 10, "its hash does not match"),
    "an entry's kind": ([change(A, 25, kind="export")], 25, "its hash does not match"),
    "an entry's number": ([change(A, 25, number=27)], 25, "it is missing."),
    "an entry that is gone": ([remove(A, 24)], 24, "it is missing."),
    "the first entry": ([remove(A, 1)], 1, "it is missing."),
    "a row with its entry": ([remove(R, 3), remove(A, 7)], 7, "it is missing."),
    "an entry that says nothing": ([change(A, 1, content="[]")], 1, "its hash does not match"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_the_first_entry_that_does_not_fit_is_named(store: Store, name: str) -> None:
    changes, number, sentence = TAMPERED[name]
    found = after(store, *changes)
    assert min(place for place, _ in found if place) == number
    said = next(said for place, said in found if place == number)
    assert said.startswith(f"Entry {number} of the trail does not fit: ")
    assert sentence in said


def hashed(connection: sa.Connection, number: int, kind: str, content: str) -> None:
    """An entry with the hash that it should have, by whom knows how."""
    row = connection.execute(sa.select(A).where(A.c.number == number)).one()
    before = trail.hash_at(connection, number - 1)
    made = trail._hash(before, number, kind, row.at, content)
    connection.execute(change(A, number, kind=kind, content=content, hash=made))


def test_a_row_that_no_entry_tells_of(store: Store) -> None:
    added = R.insert().values(batch_id=2, kind="retract", at=DAYS[20], by="x", reason="y")
    ((number, said),) = after(store, lambda connection: connection.execute(added))
    assert (number, said) == (0, said) and "is in the store, but no entry is about it." in said


def test_an_entry_that_is_written_anew_breaks_the_next_one(store: Store) -> None:
    told = entries(store)
    found = after(
        store, change(R, 3, reason="lain"), lambda c: hashed(c, 7, "retraction", told[6].content.replace("diganti", "lain"))
    )
    assert [number for number, _ in found] == [8] and "its hash does not match" in found[0][1]
    odd = after(store, lambda c: hashed(c, 25, "batch", "[1]"), lambda c: hashed(c, 25, "batch", '{"id": "x"}'))
    assert odd == [(25, "Entry 25 of the trail does not fit: its text cannot be read.")]
    assert "its time is before" in after(
        store,
        change(A, 25, at=DAYS[3]),
        lambda c: hashed(c, 25, "setting", told[24].content),
    )[0][1]  # fmt: skip


def test_who_writes_the_whole_trail_anew_is_found_by_a_head_that_was_kept_elsewhere(store: Store) -> None:
    head = store.head().name
    heads: list[bool | None] = []

    def anew(connection: sa.Connection) -> None:
        connection.execute(sa.delete(A))
        connection.execute(change(R, 3, reason="lain"))
        trail.fill(connection)
        heads.append(trail.holds(connection, head))

    assert after(store, anew) == [] and heads == [False] and store.holds(head) is True


def test_a_difference_is_a_sentence_in_indonesian(store: Store) -> None:
    with pytest.raises(Undo), store._database.writing() as connection:
        connection.execute(change(R, 3, reason="lain"))
        (one,) = trail.differences(connection)
        assert text.render(one.text(), "id") == (
            "Catatan 7 dalam jejak tidak cocok: pencabutan 3, reason: penyimpanan menyebut lain, catatan diganti."
        )
        raise Undo


@dataclass(frozen=True)
class _Act:
    """Something that a store does, and how many entries it adds."""

    do: Callable[[Store], Any]
    adds: int


def test_what_changes_nothing_adds_no_entry(new_sqlite_url: NewUrl) -> None:
    with told(new_sqlite_url()) as store:
        store.remember_aliases("75.05", {"A": "75.05.01", "B": "75.05.02"}, by="x", at=DAYS[20])
        store.set_aim("75.05", ZERO, DAYS[27].date(), by="x", at=DAYS[20])
        rows = reading({"area_code": "75.05", "as_of_date": "2024-01-01", "unrecorded": 862})
        for act in (
            _Act(lambda s: s.remember_aliases("75.05", {"a": "75.05.01", "C": "75.05.03"}, by="x", at=DAYS[21]), 1),
            _Act(lambda s: s.set_aim("75.05", ZERO, DAYS[27].date(), by="x", at=DAYS[21]), 0),
            _Act(lambda s: kept(s, rows, "2024-02-22 03:00", name="a.csv"), 0),
            _Act(lambda s: kept(s, rows.assign(note="x"), "2024-02-22 03:00", aliases={"75.05": {"D": "75.05.04"}}), 2),
        ):
            before = store.head().entries
            act.do(store)
            assert store.head().entries == before + act.adds
        assert [one for one in store.verify(lambda *_: rows, read_visits) if one.batch_name == "trail"] == []
