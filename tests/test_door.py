"""Who may come in, and how many: foreign names and pages, shut addresses, and the places of costly answers."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from streamlit.web.server.starlette import starlette_server
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from ektp_analysis.core.text import Text, render
from ektp_analysis.door import Door
from ektp_analysis.ingest import worker
from ektp_analysis.office import makers
from ektp_analysis.turns import SESSIONS, SLIDES, Bound, FullError, Places, Turns, in_turn
from tests import odd_requests
from tests.test_serving import PATIENCE, get, running

SLOW = Bound(at_once=1, waiting=3, each=2, seconds=7)
TURNS = Turns("slow", SLOW)
begun, made = threading.Semaphore(0), threading.Event()


def _slow(request: Request) -> Response:
    begun.release()
    made.wait(PATIENCE)
    return PlainTextResponse(f"made {request.query_params['for']}")


def _said(said: Text, query: Mapping[str, str], status: int) -> Response:
    return PlainTextResponse(render(said, query.get("lang", "id")), status)


async def _seen(request: Request) -> Response:
    return PlainTextResponse(request.headers.get("origin", "none"))


async def _open(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(socket.headers.get("origin", "none"))
    await socket.receive()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    door = Middleware(Door, hosts=("ektp.kantor.lan", "peta.lan:8443"), listens="pc-dinas", render=partial(render, lang="en"))
    slow, other = in_turn(TURNS, _slow, _said), in_turn(Turns("other", SLOW), lambda _: Response("ok"), _said)
    routes = [
        Route("/slow", slow),
        Route("/other", other),
        WebSocketRoute("/_stcore/stream", _open),
        Route("/{path:path}", _seen),
    ]
    yield from running(routes, [door])


FETCH = {"Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
LINK = {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
FRAME = {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST.:PORT", 200),
        ("127.0.0.1:PORT", 200),  # also the number at which it is reached
        ("[::1]:8501", 200),
        ("[0:0::1]", 200),
        ("[::ffff:127.0.0.1]:PORT", 200),
        ("ektp.kantor.lan", 200),
        ("peta.lan:8443", 200),
        ("pc-dinas:PORT", 200),
        ("evil.example", 421),
        ("evil.example:PORT", 421),
        ("localhost.evil.example", 421),
        ("ektp.kantor.lan.evil.example", 421),
        ("evil.example@localhost", 421),
        ("127.1", 421),
        ("0.0.0.0:PORT", 421),
        ("192.168.1.5", 421),
        ("localhost:PORT, evil.example", 421),
        ("", 421),
    ],
)
def test_names_of_the_server(port: int, host: str, status: int) -> None:
    answer = get(port, "/healthz", Host=host.replace("PORT", str(port)))
    assert answer[0] == status
    assert status == 200 or (b"is not called" in answer[2] and b"EKTP_HOSTS" in answer[2])


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("localhost:PORT", {"Origin": "http://localhost:PORT"}, 200),
        ("localhost:PORT", {"Origin": "http://localhost:9999"}, 403),  # other local ports are no friends
        ("localhost:PORT", {"Origin": "http://127.0.0.1:PORT"}, 403),
        ("localhost:PORT", {"Origin": "https://evil.example"}, 403),
        ("localhost:PORT", {"Origin": "null"}, 403),
        ("localhost:PORT", {"Origin": "file://localhost:PORT"}, 403),
        ("localhost:PORT", {"Origin": ""}, 403),
        ("ektp.kantor.lan", {"Origin": "https://ektp.kantor.lan"}, 200),
        ("ektp.kantor.lan", {"Origin": "http://ektp.kantor.lan:9999"}, 403),
        ("localhost:PORT", {"Origin": "https://ektp.kantor.lan"}, 200),  # a proxy changed the one and not the other
        ("peta.lan", {"Origin": "https://peta.lan:8443"}, 200),
        ("localhost:PORT", {"Sec_Fetch_Site": "same-origin", **FETCH}, 200),
        ("localhost:PORT", {"Sec_Fetch_Site": "none", **LINK}, 200),
        ("localhost:PORT", {"Sec_Fetch_Site": "cross-site", **LINK}, 200),
        ("localhost:PORT", {"Sec_Fetch_Site": "cross-site", **FETCH}, 403),
        ("localhost:PORT", {"Sec_Fetch_Site": "same-site", **FETCH}, 403),
        ("localhost:PORT", {"Sec_Fetch_Site": "same-site", **FRAME}, 403),
    ],
)
def test_pages_that_may_ask(port: int, host: str, headers: dict[str, str], status: int) -> None:
    sent = {name: value.replace("PORT", str(port)) for name, value in headers.items()}
    host = host.replace("PORT", str(port))
    answer = get(port, "/data", Host=host, **sent)
    assert answer[0] == status, answer
    if status == 403:
        assert b"A page from elsewhere" in answer[2]
    elif "Origin" in sent:
        assert answer[2].decode().partition("://")[2] == host  # what Streamlit sees agrees with the host, and it asks nobody


def test_shut_addresses_and_those_beside_them(port: int) -> None:
    for path in ("/_stcore/metrics", "/dinas/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check"):
        assert get(port, path)[0] == 404, path
    for path in ("/_stcore/health", "/_stcore/metrics.js", "/metrics"):
        assert get(port, path)[0] == 200, path


def test_a_websocket_passes_the_same_door_and_open_pages_have_a_bound(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    for headers, origin, status in (
        ({}, "https://evil.example", 403),
        ({}, f"http://localhost:{port}", 403),
        ({"Sec-Fetch-Site": "cross-site"}, None, 403),
        ({"Sec-Fetch-Site": "same-origin"}, f"http://127.0.0.1:{port}", None),
    ):
        if status is None:
            with connect(url, origin=origin, additional_headers=headers) as socket:
                assert socket.recv(PATIENCE) == origin
        else:
            with pytest.raises(InvalidStatus) as refused:
                connect(url, origin=origin, additional_headers=headers)
            assert refused.value.response.status_code == status
            assert b"A page from elsewhere" in (refused.value.response.body or b"")
    places = Places(SESSIONS)
    for _ in range(SESSIONS.each):
        places.take("10.0.0.1")
    with pytest.raises(FullError):
        places.take("10.0.0.1")
    for number in range(SESSIONS.at_once - SESSIONS.each):
        places.take(f"10.1.0.{number}")
    with pytest.raises(FullError) as full:
        places.take("10.2.0.1")
    assert full.value.seconds == SESSIONS.seconds
    places.leave("10.0.0.1")
    places.take("10.2.0.1")


def test_who_comes_beyond_the_places_is_told_when_to_come_again(port: int) -> None:
    def ask(number: int, visitor: str, **more: str) -> tuple[int, dict[str, str], bytes]:
        query = "&".join(f"{name}={value}" for name, value in {"for": str(number), **more}.items())
        return get(port, f"/slow?{query}", Host="localhost", X_Forwarded_For=visitor)

    def holding(places: int) -> None:
        end = time.monotonic() + PATIENCE
        while TURNS.places.taken != places:
            assert time.monotonic() < end
            time.sleep(0.01)

    made.clear()
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(ask, 1, "10.0.0.1")]
        assert begun.acquire(timeout=PATIENCE)
        asked.append(threads.submit(ask, 2, "10.0.0.1"))
        holding(2)
        own = ask(3, "10.0.0.1", lang="en")
        assert own[0] == 503 and b"try again in 14 seconds" in own[2]  # two are theirs
        asked += [threads.submit(ask, number, f"10.0.0.{number}") for number in (3, 4)]
        holding(4)
        asked.append(threads.submit(ask, 1, "10.0.0.1"))  # what is asked for twice is made once
        late = ask(6, "10.0.0.5")
        assert late[0] == 503 and int(late[1]["retry-after"]) == 4 * SLOW.seconds and b"coba lagi 28 detik lagi" in late[2]
        assert get(port, "/other?for=1", Host="localhost")[0] == 200
        made.set()
        assert [one.result(PATIENCE)[2] for one in asked] == [b"made 1", b"made 2", b"made 3", b"made 4", b"made 1"]
    holding(0)
    assert ask(1, "10.0.0.1")[2] == b"made 1"
    with ThreadPoolExecutor(1) as threads, pytest.raises(FullError):  # beside the loop of the browser tests
        threads.submit(lambda: asyncio.run(_fails())).result(PATIENCE)


async def _fails() -> None:
    """Work that breaks gives its place back as well."""
    turns = Turns("breaks", SLOW)

    def broken() -> Response:
        raise FullError(5)

    try:
        await turns.taken("10.0.0.1", 1, broken)
    finally:
        await asyncio.sleep(0)
        assert turns.places.taken == 0


def test_who_stands_behind_a_proxy_is_told_apart_where_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    route = Route("/", lambda request: PlainTextResponse(request.client.host if request.client else ""))
    for named, seen in (("127.0.0.1", b"10.0.0.7"), ("10.0.0.9", b"127.0.0.1")):
        monkeypatch.setenv("FORWARDED_ALLOW_IPS", named)
        for port in running([route], []):
            assert get(port, "/", X_Forwarded_For="10.0.0.7")[2] == seen
    streamlit = Path(starlette_server.__file__).read_text(encoding="utf-8")
    assert "uvicorn.Config(" in streamlit and "forwarded_allow_ips" not in streamlit  # it leaves that to the variable, as here


def test_the_numbers_of_the_security_page_are_those_of_the_bounds() -> None:
    text = " ".join((Path(__file__).resolve().parent.parent / "SECURITY.md").read_text(encoding="utf-8").split())
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", *["more"] * 9, "twenty")
    slides, files = (SLIDES.at_once, SLIDES.waiting, SLIDES.each), (makers.MOST, makers.MOST_WAITING)
    for told in (
        f"at most {SESSIONS.at_once + SESSIONS.waiting} open pages, {SESSIONS.each} of one visitor",
        "{} deck is drawn at a time, {} wait, {} places are one visitor's".format(*(words[n] for n in slides)),
        "{} are made at a time, {} wait, the next is refused".format(*(words[n] for n in files)),
        f"one is read at a time, {words[worker.MOST_WAITING]} wait, the next is told",
        f"{odd_requests.FULL:,} odd requests on every address",
    ):
        assert told in text, told
