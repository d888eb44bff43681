"""How answers travel, on the real server: sockets that do not wait, files packed once, pages that know their server."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from ektp_analysis import server, serving

PATIENCE = 120  # seconds; how busy the machine is must not decide
SCRIPT = "const word = 'kecamatan';\n" * 200
PAGE = (
    "<!DOCTYPE html><html><head><title>x</title>"
    '<link rel="modulepreload" crossorigin href="./static/js/index.b2.js"></head></html>'
)
HITS: list[str] = []


async def _file(request: Request) -> Response:
    HITS.append(request.url.path)
    if request.url.path.endswith("missing.js"):
        return Response("no", 404)
    return Response(SCRIPT, media_type="text/javascript", headers={"ETag": '"1"', "Cache-Control": "public"})


async def _page(request: Request) -> Response:
    return HTMLResponse(PAGE, headers={"ETag": '"1"'})


async def _waits(request: Request) -> Response:
    transport = request.receive.__self__.transport  # type: ignore[attr-defined]
    return JSONResponse(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0)


def _running(middleware: list[Middleware]) -> Iterator[int]:
    routes = [
        Route("/waits", _waits),
        Route("/static/js/{name}", _file),
        Route("/component/{name:path}", _file),
        Route("/media/{name}", _file),
        Route("/{path:path}", _page),
    ]
    listening = socket.socket()  # without a named protocol, as the server opens it
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes, middleware=middleware), log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    yield int(listening.getsockname()[1])
    server.should_exit = True
    thread.join(PATIENCE)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    scripts = tmp_path_factory.mktemp("scripts")
    (scripts / "Slider.a1.js").write_text('import{t as e}from"./index.b2.js";import*as x from"./moment.c3.js";')
    (scripts / "moment.c3.js").write_text('import"./Slider.a1.js";')
    (scripts / "index.b2.js").write_text("")
    yield from _running(
        [
            Middleware(serving.AtOnce),
            Middleware(serving.Placed, scripts=scripts, pages={"area_map": ("Slider", "Gone"), "data": ()}),
            Middleware(serving.KeptFiles),
        ]
    )


@pytest.fixture(scope="module")
def bare() -> Iterator[int]:
    yield from _running([])


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def packed(port: int, path: str, accepted: str) -> tuple[int, dict[str, str], bytes]:
    """The first answer that is packed: that happens after an answer has gone."""
    end = time.monotonic() + PATIENCE
    while "content-encoding" not in (answer := get(port, path, Accept_Encoding=accepted))[1]:
        assert time.monotonic() < end, "never packed"
        time.sleep(0.01)
    return answer


def test_connections_do_not_wait_to_fill_a_packet(port: int, bare: int) -> None:
    assert json.loads(get(bare, "/waits")[2]) is True  # else there is nothing to mend
    assert json.loads(get(port, "/waits")[2]) is False


def test_a_file_is_asked_of_the_app_once_and_packed(port: int) -> None:
    path = "/static/js/index.abc.js"
    first = get(port, path, Accept_Encoding="gzip, br")
    status, headers, body = packed(port, path, "gzip, br")
    assert status == 200 and headers["content-encoding"] == "gzip" and headers["vary"] == "Accept-Encoding"
    assert int(headers["content-length"]) == len(body) < len(SCRIPT) / 10
    assert gzip.decompress(body).decode() == SCRIPT and first[2].decode() == SCRIPT
    before = len(HITS)
    assert get(port, path, Accept_Encoding="gzip", Origin=f"http://127.0.0.1:{port}")[2] == body  # as browsers ask for modules
    assert len(HITS) == before


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/js/plain.js", {}),
        ("/static/js/cross.js", {"Accept_Encoding": "gzip", "Origin": "http://else.example"}),
        ("/static/js/part.js", {"Accept_Encoding": "gzip", "Range": "bytes=0-3"}),
        ("/media/chart.png", {"Accept_Encoding": "gzip"}),
        ("/static/js/missing.js", {"Accept_Encoding": "gzip"}),
    ],
)
def test_what_depends_on_who_asks_is_left_to_the_app(port: int, path: str, headers: dict[str, str]) -> None:
    before = len(HITS)
    for _ in range(3):
        assert "content-encoding" not in get(port, path, **headers)[1]
    assert len(HITS) == before + 3


def test_outlines_named_by_their_content_stay_in_the_browser(port: int) -> None:
    for name in ("ektp_analysis.page.map_parts.outlines/0123_75.json", "streamlit_folium.st_folium/main.js"):
        headers = packed(port, f"/component/{name}", "gzip")[1]
        assert ("immutable" in headers["cache-control"]) == ("outlines" in name)


def test_the_longest_unused_file_is_dropped() -> None:
    async def app(scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        await Response(b"\x00" * 1000, media_type="font/woff2")(scope, receive, send)

    async def swallow(_message: Any) -> None:
        return

    kept = serving.KeptFiles(app, most=2500)
    for name in ("a", "b", "a", "c"):
        scope = {"type": "http", "method": "GET", "path": f"/static/media/{name}", "headers": [(b"accept-encoding", b"gzip")]}
        with ThreadPoolExecutor(1) as aside:  # a browser driven in this process has a loop of its own
            aside.submit(asyncio.run, kept(scope, swallow, swallow)).result()  # type: ignore[arg-type]
    assert list(kept.kept) == ["/static/media/a", "/static/media/c"]


def test_a_page_says_where_its_server_is(port: int) -> None:
    status, headers, body = get(port, "/area_map", Accept="text/html,*/*", Accept_Encoding="gzip", If_None_Match='"1"')
    assert status == 200 and int(headers["content-length"]) == len(body) and "etag" not in headers
    text = body.decode()
    assert text.startswith("<!DOCTYPE html><html><head><script>") and '["area_map", "data"]' in text
    assert re.findall(r"js/([\w.]+)", text) == ["index.b2.js", "Slider.a1.js", "moment.c3.js"]  # each once, the new ones last
    assert "Slider" not in get(port, "/data", Accept="text/html")[2].decode()
    assert b"__streamlit" not in get(port, "/area_map")[2]  # a program that asks for no page gets it as it is


def test_streamlit_still_has_what_is_sent_for_and_reads_what_the_page_says() -> None:
    for element in {name for names in server.ELEMENTS.values() for name in names}:
        assert len(list(server.scripts().glob(f"{element}.*.js"))) == 1, element
    main = next(path for path in server.scripts().glob("index.*.js") if "_stcore/health" in path.read_text(encoding="utf-8"))
    said = set(re.findall(r"\b([A-Z_]{6,}|allowedOrigins|useExternalAuthToken):", serving._SCRIPT))
    assert said == {"BACKEND_BASE_URL", "HOST_CONFIG", "allowedOrigins", "useExternalAuthToken"}
    assert all(word in main.read_text(encoding="utf-8") for word in {"window.__streamlit", *said})
