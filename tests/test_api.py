"""The interface for programs, in this process: who gets what, in which shape, and whether it is what the commands say."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.routing import Route

from ektp_analysis import turns
from ektp_analysis.access import audit, gate, outsiders, roster, tokens
from ektp_analysis.access.outsiders import Kind
from ektp_analysis.access.people import Role
from ektp_analysis.access.tokens import BASE
from ektp_analysis.api import desk, endpoints, questions, replies, schemas, sendings
from ektp_analysis.api.desk import Desk
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO
from ektp_analysis.entry import Entry
from ektp_analysis.office import stores
from ektp_analysis.store.persons import LoginEvent
from tests import odd_requests
from tests.breadth import case
from tests.conftest import Said
from tests.engines import reading

pytestmark = pytest.mark.usefixtures("projected_once")
OWN, SISTER, OTHER = "75.05", "75.04", "71.01"
AREAS = (OWN, SISTER, OTHER)
BASES = {OWN: 11_113, SISTER: 52_147, OTHER: 73_189}  # so that a number tells whose it is
AT = datetime(2024, 2, 1, 3, tzinfo=UTC)
MADE: dict[str, str] = {}  # name of a token -> the token
GRANTS = {
    "reader": (Role.READER, OWN),
    "uploader": (Role.UPLOADER, OWN),
    "approver": (Role.APPROVER, OWN),
    "admin": (Role.ADMIN, OWN),
    "sister": (Role.READER, SISTER),
    "province": (Role.READER, "75"),
    "all": (Role.READER, "ID"),
}
NOBODY = ("", "Bearer ektp_" + "x" * 43, "Bearer rubbish", "Basic abc", "Bearer", "withdrawn", "ended")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def said(self) -> str:
        return str(self.json["error"]["message"])


def kecamatan(area: str) -> list[str]:
    return [code for code in register().codes(Level.KECAMATAN) if code.startswith(area + ".")]


def start(patch: pytest.MonkeyPatch, folder: Path, login: str) -> None:
    said = {"EKTP_DATA_DIR": str(folder), "EKTP_LOGIN": login, "EKTP_LANGUAGE": "en", "EKTP_DATABASE_URL": ""}
    for name, value in said.items():
        patch.setenv(name, value)
    settings.cache_clear()
    stores.close_all()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    """A store of two provinces with people and tokens, as bytes of its file."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        start(patch, folder, "accounts")
        with gate.acting_as(gate.OPERATOR):
            store = stores.own_store()
            for week in range(3):
                day = str(date(2024, 1, 1) + timedelta(weeks=week))
                for area in (OWN, SISTER, OTHER):
                    left = [(code, BASES[area] + 37 * place - 9 * week) for place, code in enumerate(kecamatan(area))]
                    given = [{"area_code": code, "as_of_date": day, "eligible": 900_000, "unrecorded": n} for code, n in left]
                    store.commit(
                        reading(*given), data=f"{area} {day}".encode(), name=f"{area}.csv", uploader="x", received_at=AT,
                        choices={}, report={"warnings": []},
                    )  # fmt: skip
            store.set_aim(OWN, ZERO, date(2025, 1, 1), by="x", at=AT)
            store.retract(store.batches()[-1].id, reason="=salah", by="x", at=AT)
            for name, (role, area) in GRANTS.items():
                MADE[name] = tokens.add(name, role, area)[0]
            MADE["withdrawn"] = tokens.add("withdrawn", Role.READER, OWN)[0]
            tokens.withdraw("withdrawn")
            MADE["ended"] = f"{tokens.START}{'e' * 43}"
            name, now = gate.session_name(MADE["ended"]), datetime.now(UTC)
            known = outsiders.add(Kind.TOKEN, "ended", name, {OWN: Role.READER})
            gate.people_store().add_login_event(LoginEvent(known.key, "login", tokens.WAY, now, name, now))
            roster.add("loket")
            roster.grant("loket", Role.UPLOADER, OWN)
        stores.close_all()
    settings.cache_clear()
    yield (folder / "ektp.sqlite").read_bytes()


@pytest.fixture(scope="module")
def shared(filled: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A server with that store that nobody changes."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "ektp.sqlite").write_bytes(filled)
    with pytest.MonkeyPatch.context() as patch:
        start(patch, folder, "accounts")
        patch.setenv("EKTP_TODAY", "2024-01-20")
        yield folder
    stores.close_all()
    settings.cache_clear()


@lru_cache(maxsize=1)
def loop() -> tuple[asyncio.AbstractEventLoop, ThreadPoolExecutor]:
    """One for all requests, as a server has; in a thread of its own, as a browser's tests keep one running in this."""
    return asyncio.new_event_loop(), ThreadPoolExecutor(1)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """What comes of it."""
    mine, thread = loop()
    return thread.submit(mine.run_until_complete, work).result()


@lru_cache(maxsize=1)
def app() -> Starlette:
    return Starlette(routes=[Route(BASE + "/{rest:path}", Desk())])


def bearer(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {MADE[name]}"} if name in MADE else {"authorization": name} if name else {}


def ask(
    path: str,
    who: str = "",
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    on: Any = None,
    **query: Any,
) -> Answer:
    """What is answered at an address; the queries' values may be lists."""
    pairs = [(name, str(one)) for name, value in query.items() for one in (value if isinstance(value, list) else [value])]
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "server": ("localhost", 80),
        "path": f"{BASE}/{path}", "raw_path": quote(f"{BASE}/{path}").encode(), "root_path": "", "client": ("127.0.0.1", 1),
        "query_string": urlencode(pairs).encode(),
        "headers": [(name.encode(), value.encode()) for name, value in {**bearer(who), **(headers or {})}.items()],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    run((on or app())(scope, receive, send))
    start, *rest = sent
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], found, b"".join(one.get("body", b"") for one in rest))


def fits(shape: str, value: Any) -> None:
    Draft202012Validator(schemas.NAMED[shape], format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


READ = [one for one in endpoints.ENDPOINTS if one.takes is None]


@pytest.mark.usefixtures("shared")
def test_every_address_answers_in_its_shape() -> None:
    for one in READ:
        for query in ({}, {"data": "sample", "lang": "id"}):
            if one.kind == "costly" and query:
                continue
            found = ask(one.path, "province", **query)
            assert found.status == 200, (one.path, query, found.body[:300])
            assert found.headers["content-type"] == one.media
            fits(one.shape, found.json)
            again = ask(one.path, "province", headers={"if-none-match": f'"x", {found.headers["etag"]}'}, **query)
            assert (again.status, again.body) == (304, b"")
            assert ask(one.path, "all", **query).headers["etag"] != found.headers["etag"], "who sees something else"
    for query in ({"known_at": "2024-01-01"}, {"area": OTHER, "lang": "id"}):  # nothing known, nothing seen
        assert ask("status", "all", **query).status == 200
        fits("Status", ask("status", "all", **query).json)
    fits("Projection", ask("projections", "all", area=OWN, level="kecamatan", by=["2024-06-01", "2024-09-01"]).json)
    fits("Projection", ask("projections", "all", area=OWN, known_at="2023-01-01").json)


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("who", NOBODY)
def test_nobody_gets_anything(who: str) -> None:
    for one in endpoints.ENDPOINTS:
        for path in (one.path, *([f"{one.path}.csv"] if one.table else [])):
            found = ask(path, who, method=one.methods[0], body=b"x", data="sample", area=OWN)
            assert (found.status, set(found.json)) == (401, {"error"}), path
            assert found.headers["www-authenticate"].startswith("Bearer")
            fits("Error", found.json)
            assert ask(path, who, method=one.methods[0], headers={"cookie": f"ektp_session={MADE['all']}"}).status == 401


def hidden(name: str) -> set[int]:
    """The counts of areas of which a token sees no more than a total."""
    with gate.acting_as(gate.OPERATOR):
        every = stores.own_store().figures()
    with gate.acting_as(tokens.reference(MADE[name])):
        seen = gate.sight()
    return {int(one.unrecorded) for one in every.itertuples() if not seen.whole(one.area_code)}


def numbers(value: Any) -> Iterator[int]:
    """All whole numbers anywhere in an answer."""
    if isinstance(value, Mapping):
        yield from (one for inner in value.values() for one in numbers(inner))
    elif isinstance(value, list):
        yield from (one for inner in value for one in numbers(inner))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


TURNS = 3  # parts into which roles x addresses x areas fall; in each stands every role with every address and every area


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(("turn", "name"), [case(turn, name, further=turn > 0) for turn in range(TURNS) for name in GRANTS])
def test_each_role_gets_what_the_gate_gives_and_nothing_of_others(turn: int, name: str) -> None:
    """Roles x addresses x own, sister and other areas: refused where the gate shows not even a total, else its figures.

    A Latin square: of the roles of an address and an area one in three is looked at in every run.
    """
    secret, places = hidden(name), (*AREAS, *(kecamatan(area)[0] for area in AREAS), "75", "71", "ID")
    assert bool(secret) == (name != "all")
    for at, area in enumerate(places):
        with gate.acting_as(tokens.reference(MADE[name])):
            store = stores.own_store()
            opens, figures = store.sight.opens(area), store.figures(within=area)
            inside = {batch.id for batch in store.batches() if batch.rows}
        for place, one in enumerate(READ):
            if ([*GRANTS].index(name) + at + place) % TURNS != turn:
                continue
            slow = one.path in ("projections", "boundaries") and (name, area) not in (("reader", OWN), ("reader", SISTER))
            same = name in ("uploader", "approver", "admin") and one.path != "figures"  # as the reader sees it
            if opens and (slow or same):
                continue
            found = ask(one.path, name, area=area, **({"limit": 30} if one.path in ("areas", "catalogue") else {}))
            assert found.status == (200 if opens else 403), (one.path, area, found.body)
            if found.status == 200:
                assert not secret & set(numbers(found.json)), (one.path, area)
            if found.status == 200 and one.path == "figures":
                assert [row["area_code"] for row in found.json["items"]] == figures["area_code"].tolist()
                assert [row["unrecorded"] for row in found.json["items"]] == figures["unrecorded"].tolist()
                table = list(csv.DictReader(io.StringIO(ask("figures.csv", name, area=area).body.decode())))
                assert [row["area_code"] for row in table] == figures["area_code"].tolist()
            if found.status == 200 and one.path == "batches":
                assert {row["batch"] for row in found.json["items"] if row["rows"]} == inside
                table = list(csv.DictReader(io.StringIO(ask("batches.csv", name).body.decode())))
                assert [int(row["batch"]) for row in table] == [row["batch"] for row in found.json["items"]]


@pytest.mark.usefixtures("shared")
def test_answers_are_those_of_the_commands(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, area in (("reader", OWN), ("reader", SISTER), ("sister", SISTER)):
        monkeypatch.setenv("EKTP_TOKEN", MADE[name])
        settings.cache_clear()
        for known in ({}, {"known_at": "2024-02-02"}):
            options = [part for one, value in known.items() for part in (f"--{one.replace('_', '-')}", value)]
            code, out, _ = said("--lang", "en", "status", "--area", area, "--json", *options)
            assert (code, json.loads(out)) == (0, ask("status", name, area=area, **known).json)
        if name == "reader" and area == OWN:
            ways = ["--target", "99.4", "--by", "2024-06-01", "--by", "2025-01-01", "--level", "kecamatan", "--horizon", "400"]
            code, out, _ = said("--lang", "en", "project", "--area", area, "--json", *ways)
            days = {"by": ["2024-06-01", "2025-01-01"], "level": "kecamatan", "horizon": 400, "target": "99.4"}
            assert (code, json.loads(out)) == (0, ask("projections", name, area=area, **days).json)
        code, out, _ = said("batches", "--json")
        assert [json.loads(line) for line in out.splitlines()] == ask("batches", name).json["items"]
        code, out, _ = said("export", "csv", "--area", area)
        assert out.encode() == ask("figures.csv", name, area=area).body or area != OWN
    code, _, err = said("--lang", "en", "status", "--area", OTHER, "--json")
    assert said("retract", "1", "--reason", "x")[0] == 1, "a reader"
    monkeypatch.setenv("EKTP_TOKEN", MADE["withdrawn"])
    settings.cache_clear()
    code, out, err = said("--lang", "en", "status", "--area", OWN, "--json")
    assert (code, out) == (2, "") and "EKTP_TOKEN opens nothing" in err
    monkeypatch.setenv("EKTP_LOGIN", "")
    settings.cache_clear()
    assert "EKTP_TOKEN counts where people log in" in said("--lang", "en", "status")[2]
    monkeypatch.setenv("EKTP_LOGIN", "accounts")
    monkeypatch.delenv("EKTP_TOKEN")
    settings.cache_clear()


@pytest.mark.usefixtures("shared")
def test_pages_of_a_list_are_the_whole_list_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ask("figures", "province").json
    assert whole["next"] is None and whole["total"] == len(whole["items"]) > 20
    rows: list[Any] = []
    query: dict[str, Any] = {}
    while True:
        page = ask("figures", "province", limit=8, **query)
        rows += page.json["items"]
        if page.json["next"] is None:
            break
        assert len(page.json["items"]) == 8 and page.json["next"] in page.headers["link"]
        query = {"cursor": page.json["next"]}
    assert rows == whole["items"] and "link" not in page.headers
    first = ask("figures.csv", "province", limit=5)
    assert first.body.count(b"\r\n") == 6 and 'rel="next"' in first.headers["link"]
    other = ask("figures", "all", area=OWN, limit=5).json["next"]
    for name, path, area in (("province", "figures", "75"), ("all", "figures", SISTER)):
        assert ask(path, name, area=area, limit=5, cursor=other).status == 409, "another list"
    assert ask("figures", "all", limit=5, cursor="bm9uc2Vuc2U").status == 400
    with monkeypatch.context() as patch:
        patch.setattr(replies, "MOST_CSV", whole["total"] - 1)
        assert ask("figures.csv", "province").status == 400 and ask("figures.csv", "province", limit=5).status == 200
    assert ask("areas", "reader", level="kecamatan").json["total"] == len(kecamatan(OWN))
    assert [one["area"] for one in ask("areas", "reader", area="75", level="kabupaten").json["items"]] == [
        code for code in register().codes(Level.KABUPATEN) if code.startswith("75.")
    ], "sisters are seen by their totals"


@pytest.mark.usefixtures("shared")
def test_what_cannot_be_used_is_said_in_a_sentence_in_the_language_that_was_asked_for() -> None:
    refused = (
        ({"are": OWN}, "There is no parameter 'are'"),
        ({"area": ["75", "75"]}, "too often"),
        ({"area": "75.99"}, "not in the register|no area 75.99"),
        ({"area": "x" * 500}, "not an area code"),
        ({"known_at": "yesterday"}, "known_at"),
        ({"known_at": "0001-01-01T00:00:00+14:00"}, "known_at"),
        ({"limit": "0"}, "whole number from 1 to 10,000"),
        ({"limit": "10001"}, "whole number"),
        ({"limit": "١٢"}, "whole number"),
        ({"level": "rw"}, "desa"),
        ({"data": "mine"}, "own, sample"),
        ({"lang": "fr"}, "id, en"),
    )
    for query, words in refused:
        found = ask("figures", "reader", **query)
        assert found.status == 400 and any(word in found.said for word in words.split("|")), (query, found.body)
        fits("Error", found.json)
    assert ask("status", "reader", level="desa").status == 400, "not of this address"
    assert ask("projections", "all", area=OWN, level="desa").status == 400
    assert ask("projections", "all", by=["2024-01-01"] * (questions.MOST_DAYS + 1)).status == 400
    assert ask("boundaries", "reader", area=kecamatan(OWN)[0]).status == 404, "no outlines of desa"
    for path in ("", "nothing", "status.csv", "figures.csv.csv", "figures/x", "openapi.json.csv"):
        assert ask(path, "reader").status == 404, path
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"):
        found = ask("figures", "reader", method=method)
        assert (found.status, found.headers["allow"]) == (405, "GET, HEAD")
    in_indonesian = ask("figures", "reader", area="75.99", headers={"accept-language": "fr, id-ID;q=0.8, en;q=0.1"})
    assert in_indonesian.said != ask("figures", "reader", area="75.99").said
    assert ask("figures", "reader", area="75.99", lang="id").said == in_indonesian.said
    assert ask("figures", "reader", headers={"accept": "text/csv"}).body == ask("figures.csv", "reader").body
    assert b"'=salah" in ask("batches.csv", "all").body, "no formula"


@pytest.mark.usefixtures("shared")
def test_known_at_is_what_was_known_then() -> None:
    before = ask("batches", "all", known_at="2024-01-31")
    assert before.status == 200 and before.json["items"] == []
    assert ask("figures", "all", known_at="2024-01-31").json["total"] == 0
    now, then = ask("figures", "all").json, ask("figures", "all", known_at=datetime.now(UTC).isoformat()).json
    assert now["items"] == then["items"] and now["total"] > 0


def test_a_token_has_a_pace_and_the_queue_an_end(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    paced = Starlette(routes=[Route(BASE + "/{rest:path}", Desk(tokens.Pace(lambda: clock[0])))])
    monkeypatch.setitem(tokens.RATES, "read", tokens.Rate(6))
    found = [ask("areas", "reader", on=paced).status for _ in range(8)]
    assert found == [200] * 6 + [429] * 2
    late = ask("areas", "reader", on=paced)
    assert (late.headers["retry-after"], late.status) == ("10", 429) and "10 seconds" in late.said
    assert ask("areas", "sister", on=paced).status == 200, "each has its own"
    clock[0] = 10.0
    assert [ask("areas", "reader", on=paced).status for _ in range(2)] == [200, 429]
    monkeypatch.setattr(desk, "READING", turns.Bound(at_once=1, waiting=0, each=0, seconds=4))
    full = ask("areas", "reader", on=Starlette(routes=[Route(BASE + "/{rest:path}", Desk())]))
    assert (full.status, full.headers["retry-after"]) == (503, "4")


@pytest.mark.usefixtures("shared")
def test_the_description_is_made_from_the_table_and_holds() -> None:
    found = ask("openapi.json").json
    assert (
        found["openapi"] == "3.1.0"
        and ask("openapi.json", headers={"if-none-match": ask("openapi.json").headers["etag"]}).status == 304
    )
    paths, names = found["paths"], found["components"]["schemas"]
    served = {f"/{one.path}" for one in endpoints.ENDPOINTS} | {f"/{one.path}.csv" for one in endpoints.ENDPOINTS if one.table}
    assert set(paths) == served and {one.shape for one in endpoints.ENDPOINTS} | {"Error"} == set(names)
    for shape in names.values():
        Draft202012Validator.check_schema(shape)
    said = [operation for one in paths.values() for operation in one.values()]
    assert len({one["operationId"] for one in said}) == len(said)
    for operation in said:
        assert operation["summary"] and {"200", "401", "403", "429", "503"} <= set(operation["responses"])
        for parameter in operation["parameters"]:
            Draft202012Validator.check_schema(parameter["schema"])
            assert parameter["description"] and parameter["in"] == "query"
        for answer in operation["responses"].values():
            for media in answer.get("content", {}).values():
                assert media["schema"].get("$ref", "#/components/schemas/Error").rpartition("/")[2] in names


def file_of(rows: list[tuple[str, str, int, int]]) -> bytes:
    lines = ["area_code,as_of_date,eligible,unrecorded", *(",".join(map(str, row)) for row in rows)]
    return "\r\n".join(lines).encode()


@pytest.fixture
def anew(filled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A server with that store, to write into."""
    (tmp_path / "ektp.sqlite").write_bytes(filled)
    start(monkeypatch, tmp_path, "accounts")
    monkeypatch.setattr(gate, "FRESH", 0.0)
    yield tmp_path
    stores.close_all()
    settings.cache_clear()


def send(path: str, data: bytes, who: str = "uploader", name: str = "minggu.csv", **query: Any) -> Answer:
    return ask(path, who, method="POST", body=data, name=name, **query)


def batches() -> int:
    with gate.acting_as(gate.OPERATOR):
        return len(stores.own_store().batches())


@pytest.mark.usefixtures("anew")
def test_a_file_is_reported_then_accepted_as_it_was_reported_and_stored_once() -> None:
    there = batches()
    data = file_of([(code, "2024-01-22", 900_000, 10_000 + place) for place, code in enumerate(kecamatan(OWN))])
    report = send("uploads", data)
    assert report.status == 200 and batches() == there, "nothing is stored"
    fits("Report", report.json)
    key = report.json["key"]
    assert report.json["status"] == "dry_run" and report.json["changes"] == {"new": len(kecamatan(OWN)), "same": 0, "revised": 0}
    assert send("uploads/accept", data).status == 400, "no key"
    assert send("uploads/accept", data, key="0" * 64).status == 409
    assert send("uploads/accept", data.replace(b"10000", b"10009"), key=key).status == 409, "another file"
    assert send("uploads/accept", data, key=key, choices='{"basis": "DKB 2023-2"}').status == 409, "another reading"
    assert batches() == there
    done = send("uploads/accept", data, key=key)
    fits("Report", done.json)
    assert (done.status, done.json["status"], batches()) == (200, "accepted", there + 1)
    with gate.acting_as(gate.OPERATOR):
        batch = stores.own_store().batch(done.json["batch"])
    assert (batch.uploader, batch.name) == ("token:uploader", "minggu.csv")
    again = send("uploads/accept", data, key=key)
    assert (again.status, again.json["status"], again.json["batch"], batches()) == (200, "already_there", batch.id, there + 1)
    once_more = send("uploads", data).json
    assert (once_more["status"], once_more["key"], once_more["batch"]) == ("already_there", None, batch.id)
    revised = send("uploads", data.replace(b"10000", b"10009"))
    change = {"area_code": kecamatan(OWN)[0], "date": "2024-01-22", "column": "unrecorded", "old": 10_000, "new": 10_009}
    assert change in revised.json["revised"]
    with gate.acting_as(gate.OPERATOR):
        stores.own_store().retract(batch.id, reason="x", by="x", at=datetime.now(UTC))
    late = send("uploads/accept", data.replace(b"10000", b"10009"), key=revised.json["key"])
    assert late.status == 409, "what is held is not what it was reported against"


@pytest.mark.usefixtures("anew")
def test_only_an_uploader_of_all_areas_of_a_file_sends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    there, mine = batches(), file_of([(kecamatan(OWN)[0], "2024-01-22", 900_000, 5)])
    mixed = file_of([(kecamatan(area)[0], "2024-01-22", 900_000, 5) for area in (OWN, SISTER)])
    for who in ("reader", "sister", "province", "all"):
        for path, key in (("uploads", {}), ("uploads/accept", {"key": "0" * 64})):
            assert send(path, mine, who, **key).status == 403
            assert send(path, b"\0 rubbish", who, name="x.xlsx", **key).status == 403, "nothing is read for them"
    for who in ("uploader", "approver", "admin"):
        assert send("uploads", mine, who).status == 200
        assert send("uploads", mixed, who).status == 403
        assert send("uploads/accept", mixed, who, key="0" * 64).status == 403
    nik = file_of([(kecamatan(OWN)[0], "2024-01-22", 900_000, 5)]) + b"\r\nNIK,7505010101900001,,"
    assert send("uploads", nik).json["status"] == "refused" and send("uploads/accept", nik, key="0" * 64).status == 400
    there_is_no = b"Kecamatan;Wajib KTP;Belum Rekam\r\nBukan Nama;100;5\r\nAnggrek;100;5\r\n"
    asked = send("uploads", there_is_no, choices=json.dumps({"area": OWN, "date": "2024-01-22"}))
    fits("Report", asked.json)
    assert asked.json["status"] == "needs_choice" and asked.json["questions"] and asked.json["key"] is None
    for choices in (
        "[]",
        "{",
        '{"x": 1}',
        '{"date": 5}',
        '{"aliases": {"a": 1}}',
        '{"date": "x"}',
        "[" * 5000,
        '{"level": "rw"}',
    ):
        assert send("uploads", mine, choices=choices).status == 400, choices
    assert send("uploads", b"").status == 400 and send("uploads", mine, name="../x").status == 400
    monkeypatch.setattr(desk, "MOST_BYTES", 40)
    assert send("uploads", mine).status == 413
    assert ask("uploads", "uploader", method="POST", headers={"content-length": "99"}, name="x.csv").status == 413
    assert ask("uploads", "uploader", name="x.csv").status == 405
    with gate.acting_as(gate.OPERATOR):
        session = audit.begin(roster.find("loket"), "accounts")
    assert ask("uploads", headers={"cookie": f"ektp_session={session}"}, method="POST", body=b"x", name="x.csv").status == 401
    assert batches() == there


@pytest.mark.usefixtures("anew")
def test_tokens_are_made_listed_and_withdrawn_and_only_their_hash_is_kept(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = said("--lang", "en", "tokens", "add", "Dinas-Bank", "--role", "reader", "--area", OWN)
    token = out.strip()
    assert code == 0 and token.startswith("ektp_") and "reader in Kabupaten Gorontalo Utara" in err and token not in err
    MADE["new"] = token
    assert ask("status", "new").status == 200
    _, listed, _ = said("tokens", "list", "--json")
    mine = next(one for line in listed.splitlines() if (one := json.loads(line))["name"] == "dinas-bank")
    assert mine["roles"] == {OWN: "reader"} and mine["holds"] and token not in listed
    assert {json.loads(line)["name"] for line in listed.splitlines()} == {*GRANTS, "withdrawn", "ended", "dinas-bank"}
    over = {one["name"] for line in listed.splitlines() if not (one := json.loads(line))["holds"]}
    assert over == {"withdrawn", "ended"}
    assert said("tokens", "add", "dinas-bank", "--role", "reader", "--area", OWN)[0] == 1, "the name is taken"
    for until in ("2020-01-01", "2099-01-01"):
        assert said("tokens", "add", "other", "--role", "reader", "--area", OWN, "--until", until)[0] == 1
    kept = (settings().data_dir / "ektp.sqlite").read_bytes() + (settings().data_dir / "ektp.sqlite-wal").read_bytes()
    assert token.encode() not in kept and gate.session_name(token).encode() in kept
    assert "token:" not in said("people", "list")[1], "no people"
    for key in ("token:dinas-bank", "dinas-bank"):
        assert said("people", "withdraw", key)[0] == 1 and said("people", "password", key)[0] == 1
    with gate.acting_as(gate.PERSON + "dinas-bank"):
        assert gate.acting().key == ""
    monkeypatch.setenv("EKTP_TOKEN", MADE["admin"])
    settings.cache_clear()
    assert said("tokens", "add", "more", "--role", "reader", "--area", "75")[0] == 1, "beyond its own area"
    assert said("tokens", "withdraw", "province")[0] == 1
    assert said("tokens", "withdraw", "dinas-bank")[0] == 0
    monkeypatch.setenv("EKTP_TOKEN", MADE["uploader"])
    settings.cache_clear()
    assert said("tokens", "list")[0] == 1 and said("tokens", "withdraw", "reader")[0] == 1
    monkeypatch.delenv("EKTP_TOKEN")
    settings.cache_clear()
    assert ask("status", "new").status == 401
    assert said("tokens", "withdraw", "dinas-bank")[0] == 1, "withdrawn already"
    assert said("--lang", "en", "tokens", "list")[1].count("withdrawn") == 3
    code, out, _ = said("tokens", "add", "dinas-bank", "--role", "reader", "--area", SISTER, "--json")
    assert code == 0 and json.loads(out)["token"] != token and ask("status", "new").status == 401


@pytest.mark.usefixtures("anew")
def test_a_withdrawn_token_opens_nothing_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "FRESH", 5.0)
    assert gate.FRESH < 60 and ask("areas", "reader").status == 200
    with gate.acting_as(gate.OPERATOR):
        tokens.withdraw("reader")
    assert ask("areas", "reader").status == 401


@pytest.mark.usefixtures("shared")
def test_in_local_mode_whoever_reaches_the_machine_needs_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKTP_LOGIN", "")
    settings.cache_clear()
    assert ask("figures").json["total"] == ask("figures", "Bearer rubbish").json["total"] > 0
    monkeypatch.setenv("EKTP_LOGIN", "accounts")
    settings.cache_clear()


@pytest.mark.usefixtures("shared")
def test_who_is_logged_in_reads_and_who_has_no_role_does_not() -> None:
    within = Entry(app(), page=str, render=str)
    with gate.acting_as(gate.OPERATOR):
        session = audit.begin(roster.find("loket"), "accounts")
    cookie = {"cookie": f"ektp_session={session}"}
    assert ask("figures", headers=cookie, on=within).json == ask("figures", "uploader", on=within).json
    assert ask("figures", on=within).status == 401 == ask("figures", "Bearer rubbish", headers=cookie, on=within).status
    as_cookie = {"cookie": f"ektp_session={MADE['all']}"}
    assert ask("figures", headers=as_cookie, on=within).status == 401, "a token opens no page"
    assert ask("figures", headers={"authorization": f"Bearer {session}"}, on=within).status == 401
    audit.end(session)
    assert ask("figures", headers=cookie, on=within).status == 401


ODD = 1000  # requests


@pytest.mark.usefixtures("shared")
def test_a_thousand_odd_requests_are_answered_or_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "RATES", dict.fromkeys(tokens.RATES, tokens.Rate(10**6)))
    answers = run(odd_requests.in_process(Starlette(routes=[Route(BASE + "/{rest:path}", Desk())]), ODD, MADE["reader"]))
    assert len(answers) == ODD
    faults = [one for one in answers if one.status >= 500 and not (one.status == 503 and one.retry)]
    assert not faults, faults[:5]
    assert {200, 304, 400, 401, 403, 404, 405} <= {one.status for one in answers}
    assert not [one for one in answers if b"Traceback" in one.body or (one.status >= 400 and b'"message": "' not in one.body)]


def test_the_page_for_those_who_write_programs_names_every_address_and_bound() -> None:
    page = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
    for one in endpoints.ENDPOINTS:
        assert re.search(rf"[`/]{re.escape(one.path)}[`?]", page), one.path
        assert one.table is None or f"`{one.path}.csv`" in page
    said = {
        f"{questions.LIMIT:,} without a word", f"{questions.MOST:,} at most", f"{sendings.MOST_BYTES // 1_000_000} MB at most",
        f"{tokens.RATES['read'].a_minute} times a minute", f"{tokens.RATES['costly'].a_minute} times for projections and files",
    }  # fmt: skip
    assert not [one for one in said if one not in page] and tokens.RATES["costly"] == tokens.RATES["upload"]
