"""How answers travel: at once, files packed on the way, outlines kept by the browser, and pages know where their server is.

Streamlit sends its 100 script files unpacked, and its sockets wait up to 40 ms to fill a packet; the first visit to a page is
mostly that. Starlette's own middleware packs them: keeping them packed in memory gained 6 % on a slow link (`make bench`).
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ektp_analysis.core import private
from ektp_analysis.door import THIS_MACHINE, plain

NAMED_BY_CONTENT = re.compile(r"/component/[\w.]*\.outlines/")
LEAST_PACKED, LEVEL = 500, 5  # bytes below which packing gains nothing; a hundredth smaller would take a third longer
FORWARDED = {"forwarded", "x-forwarded-for"}  # what a proxy says of who asks
FOREVER = "public, immutable, max-age=31536000"
IMPORTED = re.compile(r"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")
LINK = re.compile(rb"<link[^>]*>")


def layers(pages: Mapping[str, Sequence[str]], scripts: Path) -> tuple[Middleware, ...]:
    """What answers pass on their way to the browser, the outermost first; the arguments are those of :class:`Placed`."""
    return (
        Middleware(AtOnce),
        Middleware(Lasting),
        Middleware(Placed, pages=pages, scripts=scripts),
        Middleware(Packed),
    )


class AtOnce:
    """ASGI middleware: a connection sends what it has, without waiting for more (TCP_NODELAY).

    asyncio asks for that itself, but only of sockets that name their protocol, which those of Streamlit do not. An answer goes
    out in two pieces, and the second would wait until the browser has said, 40 ms later, that it has the first.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = private.connection_of(receive)
        if connection is not None and connection.family in {socket.AF_INET, socket.AF_INET6}:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.app(scope, receive, send)


class Lasting:
    """ASGI middleware: files whose name is made of their content may be kept by the browser for good."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def lasting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["cache-control"] = FOREVER
            await send(message)

        named = scope["type"] == "http" and NAMED_BY_CONTENT.search(str(scope["path"]))
        await self.app(scope, receive, lasting if named else send)


class Placed:
    """ASGI middleware: the page is told where its server is and which scripts it will need, so that it need not find out.

    Under /area_map Streamlit's scripts would first ask for a server at /area_map/, wait, and then ask at /. Whatever
    stands before the name of the page (a proxy's path) stays. ``pages`` has the names of pages in addresses, and for each
    the elements that it shows at once, such as Selectbox: their scripts are sent for together with the main one, instead
    of each when the first such element arrives.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, Sequence[str]], scripts: Path) -> None:
        self.app = app
        self.script = f"<script>{script_for(pages)}</script>".encode()
        self.links = {page: _links(elements, scripts) for page, elements in pages.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope) if scope["type"] == "http" else Headers()
        page = str(scope.get("path", "")).rpartition("/")[2]
        # Whatever else is HTML (the presentation, a component) is no page of Streamlit's and stays as it is, and packed.
        if scope.get("method") != "GET" or "text/html" not in asked.get("accept", "") or (page and page not in self.links):
            await self.app(scope, receive, send)
            return
        kept = [
            (name, value)
            for name, value in scope["headers"]
            if name not in {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
        ]
        links = self.links.get(page, b"")
        await self.app({**scope, "headers": kept}, receive, _inserting(send, self.script, links))


class Packed:
    """ASGI middleware: Starlette packs answers for browsers elsewhere; on this machine to pack takes longer than to send."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.packing = app, GZipMiddleware(app, minimum_size=LEAST_PACKED, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.app if _near(scope) else self.packing)(scope, receive, send)


def _near(scope: Scope) -> bool:
    """Whether the browser is on this machine; one behind a proxy of this machine need not be."""
    client = scope.get("client")
    here = client is not None and plain(str(client[0])) in THIS_MACHINE
    return here and scope["type"] == "http" and FORWARDED.isdisjoint(Headers(scope=scope).keys())


def script_for(pages: Iterable[str]) -> str:
    """The script that tells a page where its server is."""
    return _SCRIPT.replace("PAGES", json.dumps(sorted(pages)))


def _links(elements: Sequence[str], scripts: Path) -> bytes:
    """What sends for the scripts of the elements and for those that they import; the main page's own come anyway."""
    found: dict[str, None] = {}
    waiting = [path.name for name in elements for path in sorted(scripts.glob(f"{name}.*.js"))]
    while waiting:
        name = waiting.pop(0)
        path = scripts / name
        if name not in found and path.is_file():
            found[name] = None
            waiting += _imported(path)
    return "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in found).encode()


@cache
def _imported(path: Path) -> tuple[str, ...]:
    """The scripts that one names; many pages need the same ones, which do not change while a server runs."""
    return tuple(IMPORTED.findall(path.read_text(encoding="utf-8")))


def _inserting(send: Send, script: bytes, links: bytes) -> Callable[[Message], Any]:
    """A ``send`` that puts the script at the beginning of an HTML page's head, and those links at its end that are new."""
    start: list[Message] = []
    body = bytearray()

    async def gather(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=list(message["headers"]))
            if message["status"] == 200 and headers.get("content-type", "").startswith("text/html"):
                start.append(message)
                return
        if not start or message["type"] != "http.response.body":
            await send(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body", False):
            return
        new = b"".join(link for link in LINK.findall(links) if link.partition(b"href=")[2] not in body)
        whole = bytes(body).replace(b"<head>", b"<head>" + script, 1).replace(b"</head>", new + b"</head>", 1)
        headers = MutableHeaders(raw=list(start[0]["headers"]))
        headers["content-length"] = str(len(whole))
        for name in ("etag", "last-modified", "accept-ranges"):
            del headers[name]
        await send({**start[0], "headers": headers.raw})
        await send({"type": "http.response.body", "body": whole})

    return gather


# Settings that Streamlit's scripts read before they connect; ones that they do not know change nothing.
_SCRIPT = """(() => {
  const parts = location.pathname.split("/");
  if (PAGES.includes(parts[parts.length - 1])) { parts[parts.length - 1] = ""; }
  window.__streamlit = { BACKEND_BASE_URL: location.origin + parts.join("/"),
    HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false } };
})();"""
