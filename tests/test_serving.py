"""How answers travel, on the real server: at once, packed for browsers elsewhere, outlines that last, pages that know their
server."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from ektp_analysis import server, serving

FAR = {"X-Forwarded-For": "10.0.0.9", "Accept-Encoding": "gzip, br"}  # as of a browser elsewhere, through a proxy of this machine
PATIENCE = 120  # seconds; how busy the machine is must not decide
SCRIPT = "const word = 'kecamatan';\n" * 200
PAGE = (
    "<!DOCTYPE html><html><head><title>x</title>"
    '<link rel="modulepreload" crossorigin href="./static/js/index.b2.js"></head></html>'
)


async def _file(request: Request) -> Response:
    if request.url.path.endswith("missing.js"):
        return Response("no", 404)
    return Response(SCRIPT, media_type="text/javascript", headers={"ETag": '"1"', "Cache-Control": "public"})


async def _page(request: Request) -> Response:
    return HTMLResponse(PAGE, headers={"ETag": '"1"'})


FILES = (
    Route("/static/js/{name}", _file),
    Route("/component/{name:path}", _file),
    Route("/media/{name}", _file),
    Route("/{path:path}", _page),
)


def running(
    routes: Sequence[BaseRoute], middleware: Sequence[Middleware], protocol: type[H11Protocol] = H11Protocol
) -> Iterator[int]:
    listening = socket.socket()  # without a named protocol, as the server opens it
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    app = Starlette(routes=[*routes], middleware=[*middleware])
    server = uvicorn.Server(uvicorn.Config(app, http=protocol, log_level="error"))
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
    yield from running(FILES, [*serving.layers({"area_map": ("Slider", "Gone"), "data": ()}, scripts)])


def get(port: int, path: str, far: bool = False, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={**asked, **(FAR if far else {})})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_files_are_packed_for_browsers_elsewhere_that_can_read_it(port: int) -> None:
    status, headers, body = get(port, "/static/js/index.abc.js", far=True)
    assert status == 200 and headers["content-encoding"] == "gzip" and headers["vary"] == "Accept-Encoding"
    assert int(headers["content-length"]) == len(body) < len(SCRIPT) / 10
    assert gzip.decompress(body).decode() == SCRIPT
    for asked in ({"X-Forwarded-For": "10.0.0.9"}, {"Accept-Encoding": "gzip, br"}):  # who cannot read it, and who is here
        status, headers, body = get(port, "/static/js/index.abc.js", **asked)
        assert status == 200 and "content-encoding" not in headers and body.decode() == SCRIPT
    assert "content-encoding" not in get(port, "/static/js/missing.js", far=True)[1]  # too short to gain


@pytest.mark.parametrize(
    ("number", "told", "here"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("::ffff:127.0.0.1", "", True),
        ("10.0.0.9", "", False),
        ("::1", "X-Forwarded-For", False),  # a proxy whose word is not trusted still says that somebody is behind it
        ("127.0.0.1", "Forwarded", False),
    ],
)
def test_this_machine_is_known_by_each_of_its_numbers(number: str, told: str, here: bool) -> None:
    headers = get_from(serving.Packed(_answering), number, **({told: "10.0.0.9"} if told else {}))
    assert ("content-encoding" in headers) != here


async def _answering(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(SCRIPT)(scope, receive, send)


def get_from(app: ASGIApp, number: str, **told: str) -> dict[str, str]:
    """The headers of an answer to somebody who asks from this number."""
    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    headers = Headers({"Accept-Encoding": "gzip", **told}).raw
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "client": (number, 5)}
    with ThreadPoolExecutor(1) as apart:  # where no browser of another test has its loop
        apart.submit(lambda: asyncio.run(app(scope, nothing, keep))).result()
    return dict(Headers(raw=sent[0]["headers"]))


@pytest.mark.parametrize("layers", [(), serving.layers({}, Path())])
def test_connections_do_not_wait_to_fill_a_packet(layers: Sequence[Middleware]) -> None:
    """Looked at by the server's own protocol, which is told of each connection, and not by what the layer itself finds."""
    connections: list[socket.socket] = []

    class Noting(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            connections.append(transport.get_extra_info("socket"))
            super().connection_made(transport)

    def said(_: Request) -> Response:
        return Response(str(nodelay(connections[-1])))

    found = [get(port, "/")[2] for port in running([Route("/", said)], layers, Noting)]
    assert found == [str(bool(layers)).encode()]  # without the layer it waits, or the layer has nothing to do any more


def nodelay(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_outlines_named_by_their_content_stay_in_the_browser(port: int) -> None:
    for name in ("ektp_analysis.page.map_parts.outlines/0123_75.json", "streamlit_folium.st_folium/main.js"):
        headers = get(port, f"/component/{name}", far=True)[1]
        assert headers["content-encoding"] == "gzip"
        assert ("immutable" in headers["cache-control"]) == ("outlines" in name)
    missing = get(port, "/component/ektp_analysis.page.map_parts.outlines/missing.js")
    assert missing[0] == 404 and "immutable" not in missing[1].get("cache-control", "")


def test_a_page_says_where_its_server_is(port: int) -> None:
    status, headers, body = get(port, "/area_map", far=True, Accept="text/html,*/*", If_None_Match='"1"')
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
