"""Who may do what, below the pages: each method of the store, for each role, in one's own area and in others."""

from __future__ import annotations

import asyncio
import getpass
import inspect
import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from ektp_analysis import entry, server
from ektp_analysis.__main__ import main
from ektp_analysis.access import audit, counted, gate, passwords, people, roster, tokens
from ektp_analysis.access.guard import NotAllowedError
from ektp_analysis.access.guarded import Guarded
from ektp_analysis.access.people import Grant, Person, Role
from ektp_analysis.access.sight import sight_of
from ektp_analysis.core.area import Level
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.office import identity, ledger, makers, reports, stores
from ektp_analysis.office.makers import Job
from ektp_analysis.page import whose
from ektp_analysis.store import queries, schema
from ektp_analysis.store.persons import LoginEvent, PersonEvent
from ektp_analysis.store.records import Arrangement, Edit, PlanScenario
from ektp_analysis.store.store import Store
from ektp_analysis.store.visits import Received
from ektp_analysis.turns import Bound, Turns, in_turn
from tests.engines import visited
from tests.shared import AT, LACKING, OTHER, OWN, PASSWORD, PRINTED, ROLES, SISTER, commit, fill, inside, rows, start

FILLED, VISITS_FILLED = 6, 2  # batches of the filled store
# Of the store itself: what the gate alone asks, and what opens a store.
WITHHELD = {
    "open", "tell_to", "add_person_event", "person_events", "add_login_event", "session_events", "login_events",
    "batches_inside", "visit_batches_inside", "area_of", "received", "arrivals", "counting", "counts_together",
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store of a province with its people, as bytes of its file."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        start(patch, folder)
        fill()
        stores.close_all()
    settings.cache_clear()
    return (folder / "ektp.sqlite").read_bytes()


@pytest.fixture
def shared(filled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A server's data folder with that store; called with settings, it is as if started anew with them."""
    (tmp_path / "ektp.sqlite").write_bytes(filled)
    monkeypatch.setattr(gate, "FRESH", 0.0)

    def anew(**environment: str) -> None:
        start(monkeypatch, tmp_path, **environment)

    anew()
    yield anew
    stores.close_all()
    settings.cache_clear()


def acting(key: str) -> Any:
    return gate.acting_as(None if key == "nobody" else gate.PERSON + key)


def codes(store: Guarded, within: str | None = None) -> set[str]:
    return set(store.figures(within=within)["area_code"])


def test_each_method_of_the_store_is_named_or_withheld() -> None:
    """A method that is added to the store is out of everybody's reach until it is named here."""
    public = {name for name, _ in inspect.getmembers(Store) if not name.startswith("_")}
    guarded = {name for name, _ in inspect.getmembers(Guarded) if not name.startswith("_")}
    assert public - guarded == WITHHELD and not guarded & WITHHELD
    extra = {"batches_in", "cannot_mark"}
    assert guarded - public == {"sight", "is_the_one", "opens", "waits", "hindrance"} | extra


def test_only_the_gate_opens_a_store() -> None:
    library = Path(inspect.getfile(gate)).parents[1]
    opening = {str(path.relative_to(library)) for path in library.rglob("*.py") if "Store.open(" in path.read_text("utf-8")}
    assert opening == {"access/gate.py"}


def test_figures_are_those_of_the_own_area_and_the_totals_of_sisters(shared: Callable[..., None]) -> None:
    with acting("loket"):
        seen, token = stores.own_store(), stores.own_store().token()
        assert codes(seen) == {*inside(OWN), SISTER, PRINTED, "75"}, "no total where a kecamatan is missing, nothing of elsewhere"
        assert codes(seen, OWN) == set(inside(OWN)) and codes(seen, SISTER) == {SISTER} and codes(seen, OTHER) == set()
        assert codes(seen, inside(SISTER)[0]) == set() and codes(seen, LACKING) == set()
        sister = seen.figures(within=SISTER)
        assert sister["unrecorded"].tolist()[0] == 4177 * len(inside(SISTER)) and set(sister["batch_id"]) == {0}
        assert seen.figures(levels=(2,))["area_code"].nunique() == 2
        assert seen.figures(known_at=date(2024, 1, 1)).empty
        assert list(seen.figures()) == list(seen.figures(within=OTHER)), "the same columns where nothing is seen"
        assert seen.figures(within=OTHER).dtypes.equals(seen.figures(within=OWN).dtypes)
        assert seen.figures().dtypes.equals(seen.figures(within=OWN).dtypes)
    with acting("prov"):
        whole = stores.own_store()
        assert codes(whole) == {*inside(OWN), *inside(SISTER), *inside(LACKING)[:2], PRINTED, "75"}
        assert whole.token() != token and whole != seen and hash(whole) != hash(seen)
        # a total is what the province itself sees
        rolled = roll_up(whole.figures(within="75"), "75")
        mine = rolled[(rolled["area_code"] == SISTER) & rolled["headline"]]
        assert mine["unrecorded"].tolist() == sister["unrecorded"].tolist()
    with acting("unit"):
        assert stores.own_store() == seen and stores.own_store().token() == token, "who sees the same shares what is kept of it"
    shared(EKTP_SISTERS="none")
    with acting("loket"):
        assert codes(stores.own_store()) == set(inside(OWN)) and codes(stores.own_store(), "75") == set(inside(OWN))


@pytest.mark.parametrize("key", ["nobody", "none", "pergi", "niemand"])
def test_who_has_no_role_gets_nothing(shared: Callable[..., None], key: str) -> None:
    with acting(key):
        for office in (stores.own, lambda: stores.current(sample=True)):
            store = office().store
            for read in (
                store.figures, store.batches, store.visits, store.visit_batches, store.aims, store.events, store.decks,
                store.plan_scenarios, store.alert_events, store.aliases, store.layouts,
            ):  # fmt: skip
                with pytest.raises(NotAllowedError):
                    read()
            with pytest.raises(NotAllowedError):
                store.original(1)
        assert stores.own_store().info().batches == 0
        with pytest.raises(NotAllowedError):
            commit(stores.own_store(), rows(OWN), name="x.csv")


def test_what_else_is_read_is_of_the_own_area_and_of_those_around_it(
    shared: Callable[..., None],
) -> None:
    with acting("loket"):
        store = stores.own_store()
        assert {one.name for one in store.batches()} == {"75.05.csv", "campur.csv"}
        mixed = next(one for one in store.batches() if one.name == "campur.csv")
        assert mixed.rows == 0 and mixed.report == {} and mixed.as_of_dates == (date(2024, 1, 8),)
        assert {one.eligible for one in mixed.totals} == {None} and store.batch(mixed.id) == mixed
        assert store.original(1)[0] == "75.05.csv" and store.opens(store.batch(1)) and not store.opens(mixed)
        for number in (2, 5, mixed.id):
            with pytest.raises(UserError):
                store.original(number)
        with pytest.raises(UserError, match="no batch 2"):
            store.batch(2)
        assert set(store.visits()["area_code"]) == {inside(OWN)[0]} == set(store.visits(within="75")["area_code"])
        assert store.visits(within=SISTER).empty and [one.id for one in store.visit_batches()] == [1]
        assert store.visit_batch(1).id == 1 and store.visits_original(1)[0] == inside(OWN)[0]
        for refused in (store.visit_batch, store.visits_original):
            with pytest.raises(NotAllowedError):
                refused(2)
        assert {one.area_code for one in store.aims()} == {OWN, "75"} == {one.area_code for one in store.events()}
        assert {one.scope for one in store.aliases()} == {OWN, "75"}
        found = (store.decks(), store.plan_scenarios(), store.alert_events())
        assert [{one.area for one in some} for some in found] == [{OWN}] * 3
        assert store.info().batches == 2
    with acting("prov"):
        assert len(stores.own_store().batches()) == 5, "the file of another province is not seen"


def writes(store: Guarded, area: str) -> dict[str, tuple[Role, Callable[[], Any]]]:
    """What can be changed in an area, and the least role for it. The ids are those of the filled store."""
    told: dict[str, Any] = {"by": "x", "at": AT}
    code, number, why = inside(area)[0], {OWN: 1, SISTER: 2}[area], {"reason": "salah", "by": "x", "at": AT}
    desa = visited({"day": "2024-01-04", "area_code": code, "came": 7})
    wanted = Received(b"y", "y", "x", AT, {}, {})
    day, deck, plan = date(2024, 1, 5), Arrangement(area, False, "Lain", (Edit("map"),)), PlanScenario(area, False, "Lain", {})
    alert, up = ("stall", area, f"stall {area}"), Role.UPLOADER
    return {
        "commit": (up, lambda: commit(store, rows(code, "2024-03-01"), name=f"baru {area}")),
        "commit_visits": (up, lambda: store.commit_visits(desa, wanted)),
        "retract": (up, lambda: store.retract(number, **why)),
        "restore": (up, lambda: store.restore(number, **why)),
        "retract_visits": (up, lambda: store.retract_visits(number, **why)),
        "restore_visits": (up, lambda: store.restore_visits(number, **why)),
        "remember_aliases": (up, lambda: store.remember_aliases(area, {"X": code}, **told)),
        "forget_alias": (up, lambda: store.forget_alias(area, "Kota", **told)),
        "save_deck": (up, lambda: store.save_deck(deck, over=None, **told)),
        "forget_deck": (up, lambda: store.forget_deck(number, **told)),
        "keep_plan_scenario": (up, lambda: store.keep_plan_scenario(plan, over=None, **told)),
        "forget_plan_scenario": (up, lambda: store.forget_plan_scenario(number, **told)),
        "add_event": (up, lambda: store.add_event(area, day, day, "Lain", **told)),
        "withdraw_event": (up, lambda: store.withdraw_event(number, **told)),
        "restore_event": (up, lambda: store.restore_event(number, **told)),
        "set_aim": (Role.APPROVER, lambda: store.set_aim(area, ZERO, date(2035, 1, 1), **told)),
        "withdraw_aim": (Role.APPROVER, lambda: store.withdraw_aim(area, **told)),
        "restore_aim": (Role.APPROVER, lambda: store.restore_aim(area, **told)),
        "alert told": (Role.READER, lambda: store.add_alert_event((*alert[:2], "neu"), "raised", **told)),
        "alert seen": (up, lambda: store.add_alert_event(alert, "seen", **told)),
    }


@pytest.mark.parametrize("key", [*ROLES, "none", "nobody", "pergi"])
def test_what_is_changed_takes_the_role_in_that_area(shared: Callable[..., None], key: str) -> None:
    with acting(key):
        store = stores.own_store()
        mine = ROLES.get(key, 0)
        for area in (SISTER, OWN):
            for name, (role, change) in writes(store, area).items():
                assert (whose.lacking(role, area) is None) == (area == OWN and mine >= role), "pages offer what the gate lets by"
                if area == OWN and mine >= role:
                    change()
                else:
                    with pytest.raises(NotAllowedError):
                        change()
                        pytest.fail(f"{key} could {name} in {area}")
        anywhere = (
            lambda: store.remember_layout("a", {"level": "desa"}, by="x", at=AT),
            lambda: store.forget_layout("a", by="x", at=AT),
        )
        for change in anywhere:
            if mine >= Role.UPLOADER:
                change()
            else:
                with pytest.raises(NotAllowedError):
                    change()
        assert (whose.lacking(Role.UPLOADER, None) is None) == (mine >= Role.UPLOADER)
        if mine:  # of the batches that were there: one's own, and none that also holds what is another's
            for there, last in ((store.batches(), FILLED), (store.visit_batches(), VISITS_FILLED)):
                marked = {one.id for one in there if one.id <= last and store.cannot_mark(one) is None}
                assert marked == ({1} if mine >= Role.UPLOADER else set())
        if mine == Role.READER:  # an uploader of its areas may, so nothing is said of the whole of Indonesia
            assert str(store.cannot_mark(store.batches()[0])).endswith("holds figures of areas in which you may change nothing.")
        if mine >= Role.UPLOADER:
            assert store.layouts() == [] and store.layout("a") is None
            with pytest.raises(NotAllowedError):
                commit(store, rows(inside(OWN)[0]), rows(inside(SISTER)[0]), name="beide")
            with pytest.raises(NotAllowedError):
                store.retract(6, reason="x", by="x", at=AT)
            assert store.batches()[0].uploader == f"{key.title()} ({key})", "who is recorded is who is logged in"
            assert {one.set_by for one in store.events() if one.name == "Lain"} == {f"{key.title()} ({key})"}


@pytest.mark.parametrize("key", ["sekretaris", "prov", "loket"])
def test_what_is_of_the_whole_takes_who_may_do_everything(shared: Callable[..., None], key: str, tmp_path: Path) -> None:
    with acting(key):
        store = stores.own_store()
        for change in (
            lambda: store.verify(lambda *_: None), lambda: store.copy_to("sqlite:///x"), lambda: store.lay_away(tmp_path / "y"),
            lambda: store.noted("export"), lambda: store.note("setting", {}, at=AT), store.open_to_others,
            lambda: ledger.keep_home(OWN), lambda: ledger.keep_name("X"), ledger.remove_logo,
            lambda: ledger.keep_logo(b"", "x.png"), lambda: ledger.remove_letter("task", "id"),
            lambda: ledger.keep_letter("task", "id", b"", "x"), lambda: ledger.remove_outlines("x"), lambda: audit.latest(1),
        ):  # fmt: skip
            with pytest.raises(NotAllowedError):
                change()
        said = whose.offered("en", whose.lacking(Role.ADMIN), help="x")
        assert said == {
            "disabled": True,
            "help": "This takes the role administrator for the whole of Indonesia; you may look only.",
        }
        assert whose.offered("en", None, help="x") == {"disabled": False, "help": "x"}
        assert identity.kept_here()["office_name"] is None and identity.kept_here()["home_area"] is None
        store.note("export", {"what": "csv", "by": "x"}, at=AT)
    with gate.acting_as(gate.OPERATOR):
        told = list(stores.own_store().noted("export").values())[-1]
        assert told["by"] == (f"{key.title()} ({key})" if key in ROLES else key)


def test_roles_are_given_where_one_looks_after_people(shared: Callable[..., None]) -> None:
    with acting("sekretaris"):
        roster.add("Baru@Kantor.go.id", "Baru")
        assert roster.grant("baru@kantor.go.id", Role.READER, "750503").roles == {"75.05.03": Role.READER}
        assert roster.grant("baru@kantor.go.id", Role.READER, "75.05.03").roles == {"75.05.03": Role.READER}
        assert roster.grant("baru@kantor.go.id", None, "75.05.03").roles == {}
        listed = {one.known.key: one.may_change for one in roster.people()}
        assert listed == dict.fromkeys([*ROLES, "baru@kantor.go.id", "none", "pergi"], True)
        for refused in (
            lambda: roster.grant("loket", Role.READER, SISTER), lambda: roster.grant("loket", Role.READER, "ID"),
            lambda: roster.withdraw("prov"), lambda: roster.set_password("prov", PASSWORD),
        ):  # fmt: skip
            with pytest.raises(NotAllowedError):
                refused()
        for wrong in (
            lambda: roster.add("loket"), lambda: roster.add("a b"), lambda: roster.add("7505030101900001"),
            lambda: roster.add("x", "7505030101900001"), lambda: roster.grant("loket", Role.READER, "99"),
            lambda: roster.withdraw("pergi"), lambda: roster.grant("loket", None, "75.05.03"), lambda: Role.parse("raja"),
            lambda: roster.set_password("loket", "kurang"), lambda: roster.set_password("loket", "a" * 12),
        ):  # fmt: skip
            with pytest.raises(UserError):
                wrong()
        with pytest.raises(UserError, match=r"pergi was withdrawn; .* people add pergi"):
            roster.set_password("pergi", PASSWORD)
    with acting("loket"), pytest.raises(NotAllowedError):
        roster.add("lain")
    with acting("loket"), pytest.raises(NotAllowedError):
        roster.people()
    # a role of a kecamatan: what is around is seen by its total alone
    one = Person("x", "x", (Grant(Role.READER, "75.05.03"), Grant(Role.ADMIN, "71.01")))
    sight = sight_of(one, sisters=True)
    assert sight.opens("75.05") and sight.opens("75") and not sight.opens("75.05.04") and not sight.opens("ID")
    assert one.may(Role.READER, "75.05.03.2001") and not one.may(Role.UPLOADER, "75.05.03") and one.may(Role.UPLOADER, "71.01.02")


def test_a_role_that_is_taken_holds_no_longer_also_in_what_was_handed_out(
    shared: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {}
    with gate.acting_as(gate.OPERATOR):
        stores.own_store()
        roster.set_password("loket", PASSWORD)
        for key in ("loket", "unit"):
            known[key] = audit.begin(gate.known_people()[key], "accounts")
    sessions = {key: gate.SESSION + gate.session_name(token) for key, token in known.items()}
    with gate.acting_as(sessions["loket"]):
        held = stores.own_store()
        assert gate.acting().source == "accounts" and gate.who() == "Loket (loket)" and not held.figures().empty
        with gate.acting_as(gate.OPERATOR):
            roster.grant("loket", Role.READER, "71.01")
        with pytest.raises(NotAllowedError, match="has changed"):
            held.figures()
        assert OTHER in codes(stores.own_store())
        with gate.acting_as(gate.OPERATOR):
            roster.set_password("loket", PASSWORD + "!")
        assert not gate.acting().key, "who was logged in with the old password is not any more"
    with gate.acting_as(sessions["unit"]):
        assert gate.acting().key == "unit"
        held = stores.own_store()
        audit.end(known["unit"])
        assert not gate.acting().key
        with pytest.raises(NotAllowedError, match="Log in"):
            held.figures()
    with gate.acting_as(gate.OPERATOR):
        late = audit.begin(gate.known_people()["unit"], "accounts")
    with gate.acting_as(gate.SESSION + gate.session_name(late)):
        assert gate.acting().key == "unit"
        passed = datetime.now(UTC) + audit.LASTS + timedelta(seconds=1)

        class Later(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return passed

        monkeypatch.setattr(gate, "datetime", Later)
        assert not gate.acting().key, "a session ends by itself"
    for wrong in ("session:", "session:" + "0" * 64, "person:", "sesam", ""):
        with gate.acting_as(wrong):
            assert not gate.acting().key


def test_roles_are_believed_for_seconds_only(shared: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    """As another process changes them: this one asks again within a minute."""
    monkeypatch.setattr(gate, "FRESH", 5.0)
    now = [1000.0]
    monkeypatch.setattr(gate.time, "monotonic", lambda: now[0])
    with acting("loket"):
        assert gate.acting().key == "loket"
        with Store.open(settings().store_url) as elsewhere:
            elsewhere.add_person_event(gate_event("loket", "withdrawn"))
        assert gate.acting().key == "loket"
        now[0] += 5.0
        assert not gate.acting().key
    assert gate.FRESH < 60


def gate_event(key: str, event: str) -> Any:
    return PersonEvent(key, event, datetime.now(UTC), "x")


def test_who_acts_is_nobody_in_a_thread_that_was_not_told(shared: Callable[..., None]) -> None:
    found: list[str] = []
    with acting("loket"):
        carried = gate.reference()
        thread = threading.Thread(target=lambda: found.append(gate.acting().key))
        thread.start()
        thread.join()

        def told() -> None:
            with gate.acting_as(carried):
                found.append(gate.acting().key)

        thread = threading.Thread(target=told)
        thread.start()
        thread.join()
    assert found == ["", "loket"]


def test_local_mode_is_the_machines_user_with_everything(shared: Callable[..., None]) -> None:
    shared(EKTP_LOGIN="", EKTP_UPLOADER="petugas")
    assert gate.acting().whole and gate.who() == "petugas" and gate.sight().all
    store = stores.own_store()
    assert OTHER in codes(store) and len(store.batches()) == 6 and "~" not in store.token()
    commit(store, rows(OWN, "2024-05-01"), name="lokal")
    assert store.batches()[0].uploader == "x", "what a caller says"


def test_tries_cost_pauses_that_grow_and_end() -> None:
    now = [0.0]
    tries, limit = passwords.Tries(lambda: now[0]), passwords.LIMITS["name"]

    def wait(name: str, address: str, *, fits: bool | None = None) -> float:
        with tries.turn(name, address) as turn:
            if fits is not None:
                (turn.succeeded if fits else turn.failed)()
            return turn.wait

    for _ in range(limit.free):
        assert wait("loket", "1", fits=False) == 0
    assert wait("loket", "1") == 0, "at the bound"
    waited = []
    for _ in range(10):
        wait("loket", "1", fits=False)
        waited.append(wait("loket", "2"))
        now[0] += waited[-1]
        assert wait("loket", "2") == 0
    assert waited[:3] == [15, 30, 60] and max(waited) == limit.longest
    assert wait("camat", "1") == 0
    for number in range(limit.free + 10):
        wait(f"x{number}", "1", fits=False)
    assert wait("camat", "1") > 0 and wait("camat", "2") == 0, "an address that tries many names waits too"
    wait("loket", "3", fits=False)
    wait("loket", "3", fits=True)
    assert wait("loket", "3") == 0
    now[0] += counted.MEMORY
    assert wait("camat", "1") == 0
    for number in range(counted.MOST_KNOWN + 5):
        wait(f"y{number}", "z", fits=False)
    assert len(tries._counted._known) == counted.MOST_KNOWN


def test_what_servers_of_one_store_count_they_count_together(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted, "MOST_KNOWN", 40)
    with Store.open(postgres_url) as one, Store.open(postgres_url) as other, Store.open(postgres_url, read_only=True) as read:
        servers, limit = [passwords.Tries(store=lambda store=store: store) for store in (one, other)], passwords.LIMITS["name"]
        for number in range(limit.free + 2):
            with servers[number % 2].turn("loket", f"10.0.0.{number}") as turn:
                assert (turn.wait > 0) == (number > limit.free), "the same bound, however many servers are asked"
                turn.failed()
        with servers[1].turn("loket", "10.0.1.1") as turn:
            assert limit.first < turn.wait <= 2 * limit.first
        done: list[float] = []

        def second() -> None:
            with servers[1].turn("camat", "10.0.1.2") as turn:
                done.append(turn.wait)

        with servers[0].turn("camat", "10.0.1.3") as turn:
            waiting = threading.Thread(target=second)
            waiting.start()
            waiting.join(0.2)
            assert not done, "who tries under a name waits for who tries under it elsewhere"
            turn.failed()
        waiting.join()
        assert done == [0]
        with servers[1].turn("loket", "10.0.1.1") as turn:
            turn.succeeded()
        with servers[0].turn("loket", "10.0.1.1") as turn:
            assert turn.wait == 0
        paces = [tokens.Pace(store=lambda store=store: store) for store in (one, other)]
        monkeypatch.setitem(tokens.RATES, "read", tokens.Rate(6))
        waits = [paces[number % 2].wait("session:a", "read") for number in range(8)]
        assert waits[:6] == [0] * 6 and 0 < waits[6] <= 10 and waits[7] > 0 == paces[0].wait("session:b", "read")
        assert not read.counts_together and one.head().entries == 0, "what is counted is no record"
        with one._database.writing() as connection:
            kept = connection.execute(sa.select(schema.tried.c.name)).scalars().all()
            assert {re.sub(r"[0-9a-f]{8}$", "", name) for name in kept} == {"name:", "address:", "read:"}
            connection.execute(schema.tried.update().values(at=AT))
        for number in range(30):
            with servers[0].turn(f"x{number}", "10.0.2.1") as turn:
                assert turn.wait == 0 or number > passwords.LIMITS["address"].free, "what is an hour old is forgotten"
                turn.failed()
        with one._database.reading() as connection:
            assert connection.execute(sa.select(sa.func.count(), sa.func.min(schema.tried.c.at) > AT)).one() == (31, True)
        for number in range(15):
            with servers[0].turn(f"y{number}", "10.0.2.1") as turn:
                turn.failed()
        with one._database.reading() as connection:
            assert connection.execute(sa.select(sa.func.count()).select_from(schema.tried)).scalar_one() == 40


def test_who_sees_little_sees_on_a_server_what_the_figures_say(
    shared: Callable[..., None], postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared()
    with gate.acting_as(gate.OPERATOR):
        stores.own_store().copy_to(postgres_url)
    seen: dict[str, list[Any]] = {}
    for url in ("", postgres_url):
        shared(EKTP_DATABASE_URL=url)
        for who in ("loket", "prov"):
            with acting(who):
                store = stores.own_store()
                for area in ("75", OWN, SISTER, "ID"):
                    figures = store.figures(within=area)
                    assert store.areas(area) == sorted(figures["area_code"].unique())
                    assert store.days(area) == sorted({stamp.date() for stamp in figures["as_of_date"]})
                    rolled = store.rolled(area, down_to=Level.KECAMATAN)
                    pd.testing.assert_frame_equal(rolled, roll_up(figures, area))
                    seen.setdefault(f"{who} {area}", []).append(figures)
                seen.setdefault(who, []).append(store.info().last_import)
    for sqlite, postgres in seen.values():
        assert sqlite.equals(postgres) if isinstance(sqlite, pd.DataFrame) else sqlite == postgres
    with acting("loket"):
        store = stores.own_store()
        near, own, whole = store.token("75"), store.token(OWN), store.token()
    with gate.acting_as(gate.OPERATOR):
        commit(stores.own_store(), rows(OTHER, "2024-05-01"), name="jauh")
    with acting("loket"):
        assert (store.token("75"), store.token(OWN), store.token()) == (near, own, whole), "of which nothing is seen"
    with gate.acting_as(gate.OPERATOR):
        commit(stores.own_store(), rows(SISTER, "2024-05-01"), name="dekat")
    with acting("loket"):
        assert store.token(OWN) == own and store.token("75") != near and store.token() != whole
        with monkeypatch.context() as patch:
            patch.setattr(queries, "figures", None)  # of the own area none is read again
            again = {area: store.rolled(area) for area in ("75", OWN, "ID")}
        for area, rolled in again.items():
            rolled["unrecorded"] = 0  # its reader's alone
            pd.testing.assert_frame_equal(store.rolled(area), roll_up(store.figures(within=area), area))
        assert store.figures(within=SISTER)["as_of_date"].max() == pd.Timestamp("2024-05-01"), "a total is never an old one"


def test_a_password_is_kept_as_what_it_is_checked_against(
    shared: Callable[..., None], passwords_at_little_cost: Callable[[], PasswordHasher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", passwords_at_little_cost)
    with gate.acting_as(gate.OPERATOR):
        stores.own_store()
        secret = roster.set_password("loket", PASSWORD).secret
        audit.failed("loket", "accounts")
        audit.failed("", "accounts")
        audit.failed("", "accounts")
        audit.tell_failures()
        told = [(one.person, one.event, one.n) for one in audit.latest(10)]
        assert {who: sum(n for person, _, n in told if person == who) for who, _, _ in told} == {"loket": 1, "": 2}, told
    assert secret.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "64 MiB and three passes for each try"
    assert passwords.fits(secret, PASSWORD) and not passwords.fits(secret, PASSWORD + " ")
    assert not passwords.fits("", PASSWORD) and not passwords.fits("x", PASSWORD)
    assert PASSWORD not in repr(gate.known_people()["loket"]) and secret not in repr(gate.known_people()["loket"])
    assert secret.encode() not in (settings().data_dir / "office" / "store.json").read_bytes()


@pytest.mark.parametrize(
    ("listens", "hosts", "reached"),
    [
        *((one, "", "") for one in ("localhost", "127.0.0.1", "127.0.0.2", "LOCALHOST.")),
        ("::1", "localhost:8443", ""),
        (None, "", "0.0.0.0"),
        *((one, "", one) for one in ("0.0.0.0", "::", "192.168.1.5", "pc-dinas", "localhost.evil.example")),
        ("localhost", "ektp.kantor.lan", "ektp.kantor.lan"),
        ("localhost", "10.0.0.5:8443", "10.0.0.5"),
    ],
)
def test_what_others_can_reach_is_not_started_without_a_login(
    shared: Callable[..., None], capsys: pytest.CaptureFixture[str], listens: str | None, hosts: str, reached: str
) -> None:
    shared(EKTP_LOGIN="", EKTP_HOSTS=hosts)
    if not reached:
        entry.see_closed(listens)
        return
    with pytest.raises(SystemExit):
        server.check_or_exit(listens)
    said = capsys.readouterr().err
    assert reached in said and "EKTP_LOGIN=accounts, oidc or proxy" in said
    shared(EKTP_LOGIN="accounts", EKTP_HOSTS=hosts)
    entry.see_closed(listens)


def test_a_way_of_logging_in_needs_what_it_stands_on(shared: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    shared(EKTP_LOGIN="proxy", EKTP_PROXY_HEADER="Remote-User")
    with pytest.raises(UserError, match="EKTP_PROXY_ADDRESSES"):
        entry.see_closed("0.0.0.0")
    shared(EKTP_LOGIN="proxy", EKTP_PROXY_HEADER="Remote-User", EKTP_PROXY_ADDRESSES="10.0.0.1, ::1")
    entry.see_closed("0.0.0.0")
    assert settings().proxies == ("10.0.0.1", "::1") and settings().proxy_header == "remote-user"
    for name, value in (("EKTP_PROXY_HEADER", "Remote User"), ("EKTP_PROXY_ADDRESSES", "proxy.lan"), ("EKTP_LOGIN", "ldap")):
        with monkeypatch.context() as patch, pytest.raises(UserError, match=name):
            patch.setenv(name, value)
            settings.cache_clear()
            settings()
    settings.cache_clear()
    shared(EKTP_LOGIN="oidc")
    whole = dict.fromkeys(whose.PROVIDER, "x" * whose.LEAST_SECRET)
    for given in ({}, {**whole, "client_id": ""}, {**whole, "cookie_secret": "x" * (whose.LEAST_SECRET - 1)}, None):
        monkeypatch.setattr(whose.st, "secrets", {} if given is None else {"auth": given})
        with pytest.raises(UserError, match="cookie_secret"):
            entry.see_closed("0.0.0.0")
    monkeypatch.setattr(whose.st, "secrets", {"auth": whole})
    entry.see_closed("0.0.0.0")
    monkeypatch.setattr(whose.st, "get_option", lambda name: {})
    with pytest.raises(UserError, match="trustedUserHeaders"):
        entry.see_closed("0.0.0.0")


def test_people_are_looked_after_by_commands(
    shared: Callable[..., None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["people", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    code, out, err = run("add", "Baru", "--name", "Orang Baru", "--role", "uploader", "--area", OWN)
    assert (code, out) == (0, "Orang Baru (baru): uploader in Kabupaten Gorontalo Utara\n") and "people password baru" in err
    assert run("role", "baru", "--role", "reader", "--area", "ID", "--json")[0] == 0
    assert run("role", "baru", "--role", "none", "--area", "ID")[1].endswith("uploader in Kabupaten Gorontalo Utara\n")
    assert run("password", "baru", typed="pendek\n")[0] == 1
    code, out, _ = run("password", "baru", "--json", typed=PASSWORD + "\n")
    assert code == 0 and json.loads(out)["password"] is True and PASSWORD not in out
    assert passwords.fits(gate.known_people()["baru"].secret, PASSWORD)
    assert run("add", "nomor", "--issuer", "https://masuk.go.id", "--subject", "17", "--json")[0] == 0
    assert gate.known_people()["nomor"].identity == "https://masuk.go.id 17"
    for wrong in (
        ("add", "x", "--role", "reader"), ("add", "x", "--area", OWN), ("add", "baru"), ("add", "x", "--issuer", "https://a"),
        ("role", "niemand", "--role", "reader", "--area", OWN), ("password", "niemand"), ("withdraw", "niemand"),
    ):  # fmt: skip
        assert run(*wrong, typed=PASSWORD)[0] == 1, wrong
    assert run("role", "baru", "--role", "raja", "--area", OWN)[0] == 2
    assert run("withdraw", "baru")[1] == "Orang Baru (baru): withdrawn\n"
    listed = run("list")[1]
    assert "Loket (loket): reader in Kabupaten Gorontalo Utara\n" in listed and "none: no role yet" in listed
    with gate.acting_as(gate.OPERATOR):
        known = gate.known_people()["loket"]
        audit.end(audit.begin(known, "accounts"))
        audit.failed("", "accounts")
        audit.tell_failures()
    said = run("logins")[1]
    assert (
        "loket logged in (accounts)" in said
        and "loket logged out" in said
        and "nobody has failed to log in (accounts), 1 time" in said
    )
    assert {"login", "logout", "failed"} <= {json.loads(line)["event"] for line in run("logins", "--json")[1].splitlines()}
    events = gate.people_store().person_events()
    assert {one.by for one in events} == {getpass.getuser()}, "who runs a command is whoever is at the machine"
    assert not gate.acting().key, "and nobody once it is done"


def test_what_the_gate_asks_is_answered_alike_by_both_engines(url: str) -> None:
    every, now = dict.fromkeys((1, 2, 3), True), datetime.now(UTC)
    with Store.open(url) as store:
        for number, given in enumerate(([rows(OWN)], [rows(OWN, "2024-02-01"), rows(SISTER)], [rows(SISTER, "2024-02-01")])):
            commit(store, *given, name=str(number))  # type: ignore[arg-type]
        desa = visited({"day": "2024-01-03", "area_code": f"{OWN}.01", "came": 7})
        store.commit_visits(desa, Received(b"v", "v", "x", AT, {}, {}))
        assert store.batches_inside([OWN]) == {1: True, 2: False} and store.batches_inside([]) == {}
        assert store.batches_inside([OWN, SISTER]) == every == store.batches_inside(["75"])
        assert store.visit_batches_inside([OWN]) == {1: True} and store.visit_batches_inside([SISTER]) == {}
        event = store.add_event(OWN, date(2024, 1, 1), date(2024, 1, 1), "x", by="x", at=AT)
        assert store.area_of("event", event.id) == OWN and store.area_of("deck", 1) is None is store.area_of("plan", 2**40)
        token = store.people_token()
        told = store.add_person_event(PersonEvent("loket", "granted", AT, "x", "Loket", "reader", OWN))
        assert store.person_events() == [told] and store.people_token() != token and store.person_events(date(2020, 1, 1)) == []
        login = LoginEvent("loket", "login", "accounts", now, "0a", now)
        first, again = store.add_login_event(login), store.add_login_event(login)
        assert first == again and store.session_events("0a") == [first] == store.login_events(5)
        assert store.session_events("") == []


def test_files_made_aside_are_made_as_who_asked(shared: Callable[..., None]) -> None:
    with acting("unit"):
        stores.own_store().forget_plan_scenario(1, by="x", at=datetime.now(UTC))
    with acting("loket"):
        made = list(reports.files(stores.own(), inside(OWN)[:2], "xlsx", "en"))
        assert [state.area for state, _ in made] == inside(OWN)[:2] and all(data for _, data in made)
        job = Job("xlsx", OWN, None, False, "en")
    assert job.acting == "person:loket" and makers._answered(job, lambda share: None).startswith(b"PK")
    with pytest.raises(NotAllowedError):
        makers._answered(replace(job, acting=None), lambda share: None)
    with pytest.raises(UserError):
        makers._answered(replace(job, area=inside(SISTER)[0]), lambda share: None)


def test_what_two_ask_at_once_is_answered_to_each(shared: Callable[..., None]) -> None:
    """What is asked for twice is made once, but only for the same person."""
    both, made = threading.Barrier(2, timeout=30), []

    def answer(_request: Request) -> PlainTextResponse:
        both.wait()
        made.append(gate.reference())
        return PlainTextResponse(gate.acting().key)

    endpoint = in_turn(
        Turns("who", Bound(at_once=2, waiting=2, each=1, seconds=1)), answer, lambda *_: PlainTextResponse("", 503)
    )

    async def asked(key: str) -> bytes:
        with gate.acting_as(gate.PERSON + key):
            return bytes((await endpoint(Request({"type": "http", "query_string": b"", "headers": []}))).body)

    async def all_of_them() -> list[bytes]:
        return await asyncio.gather(asked("loket"), asked("unit"), asked("loket"))

    with ThreadPoolExecutor(1) as apart:  # where no browser of another test has its loop
        assert apart.submit(lambda: asyncio.run(all_of_them())).result() == [b"loket", b"unit", b"loket"]
    assert len(made) == 2


def test_the_bounds_of_names_and_passwords(shared: Callable[..., None]) -> None:
    short, letters = passwords.LEAST, "abcdefghijklmnopqrstuvwxyz" * 10
    for length, good in ((short - 1, False), (short, True), (passwords.MOST, True), (passwords.MOST + 1, False)):
        if good:
            assert passwords.fits(passwords.secret_of(letters[:length], "x"), letters[:length])
        else:
            with pytest.raises(UserError, match=str(short)):
                passwords.secret_of(letters[:length], "x")
    with pytest.raises(UserError, match="easy"):
        passwords.secret_of("Loket.Kantor", "loket.kantor")
    assert people.key_of(" " + letters[: people.LONGEST_KEY]) == letters[: people.LONGEST_KEY]
    for wrong in (letters[: people.LONGEST_KEY + 1], "", " ", "a/b", "a\nb"):
        with pytest.raises(UserError):
            people.key_of(wrong)
    assert people.name_of("  Ibu\tLoket ", "x") == "Ibu Loket" and people.name_of("", "x") == "x"
    assert len(people.name_of(letters, "x")) == people.LONGEST_NAME
