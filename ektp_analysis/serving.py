"""How answers travel: without delay, files packed once and kept in memory, and pages that know where their server is.

Streamlit sends its 60 script files unpacked, each read anew from disk by a thread, and its sockets wait up to 40 ms to
fill a packet. The first visit to a page is mostly that.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import socket
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES = re.compile(r"^(/[\w.-]+)?/(static/(js|css|media)|component)/[^?]+$")
NAMED_BY_CONTENT = re.compile(r"/component/[\w.]*\.outlines/")
PACKABLE = re.compile(r"^(text/|image/svg|application/(javascript|json|manifest|wasm))")
MOST_KEPT, MOST_ONE = 64 << 20, 8 << 20  # bytes of all kept files, and of one
LEAST_PACKED = 500  # bytes below which packing gains nothing
FOREVER = "public, immutable, max-age=31536000"
IMPORTED = re.compile(r"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")
LINK = re.compile(rb"<link[^>]*>")


class AtOnce:
    """ASGI middleware: every connection sends what it has, without waiting for more (TCP_NODELAY).

    asyncio does so by itself only for sockets that name their protocol, which the server's do not. The transport is
    found through the server's own ``receive``; where a server hides it, nothing changes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if isinstance(transport, asyncio.BaseTransport):
            connection = transport.get_extra_info("socket")
            if connection is not None and connection.family in {socket.AF_INET, socket.AF_INET6}:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.app(scope, receive, send)


class KeptFiles:
    """ASGI middleware: the app's own script, font and component files, asked of the app once and packed once.

    They do not change while the server runs. Kept by path, the longest unused one dropped when ``most`` bytes are full.
    Files whose name is made of their content may be kept by the browser for good.
    """

    def __init__(self, app: ASGIApp, most: int = MOST_KEPT) -> None:
        self.app, self.most = app, most
        self.kept: OrderedDict[str, tuple[list[tuple[bytes, bytes]], bytes]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._concerned(scope):
            await self.app(scope, receive, send)
            return
        path = str(scope["path"])
        if path in self.kept:
            self.kept.move_to_end(path)
            raw, body = self.kept[path]
            await send({"type": "http.response.start", "status": 200, "headers": list(raw)})
            await send({"type": "http.response.body", "body": body})
            return
        answer = _Answer(send)
        await self.app(scope, receive, answer.pass_on)
        if answer.whole and len(answer.body) <= MOST_ONE:
            headers, body = await asyncio.to_thread(_packed, answer.headers, bytes(answer.body))
            del headers["access-control-allow-origin"]  # it names the one who asked, who is of this address and needs it not
            if NAMED_BY_CONTENT.search(path):
                headers["cache-control"] = FOREVER
            self._keep(path, headers.raw, body)

    @staticmethod
    def _concerned(scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET" or not FILES.match(scope["path"]):
            return False
        asked = Headers(scope=scope)
        own = asked.get("origin", "").partition("://")[2] in {"", asked.get("host")}
        return own and "gzip" in asked.get("accept-encoding", "") and "range" not in asked

    def _keep(self, path: str, raw: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.kept[path] = raw, body
        while sum(len(one) for _, one in self.kept.values()) > self.most:
            self.kept.popitem(last=False)


class _Answer:
    """What the app answers, passed on as it comes and remembered."""

    def __init__(self, send: Send) -> None:
        self.send, self.body, self.status, self.ended = send, bytearray(), 0, False
        self.headers = MutableHeaders()

    @property
    def whole(self) -> bool:
        """Whether it is a file from its first to its last byte."""
        return self.status == 200 and self.ended

    async def pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], MutableHeaders(raw=list(message["headers"]))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            self.ended = not message.get("more_body", False)
        await self.send(message)


def _packed(headers: MutableHeaders, body: bytes) -> tuple[MutableHeaders, bytes]:
    """The file as it is kept: packed, unless it is packed already or gains nothing by it."""
    if "content-encoding" not in headers and PACKABLE.match(headers.get("content-type", "")) and len(body) >= LEAST_PACKED:
        body = gzip.compress(body, 6, mtime=0)
        headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(body))
        headers.add_vary_header("Accept-Encoding")
        del headers["etag"]
    return headers, body


class Placed:
    """ASGI middleware: the page is told where its server is and which scripts it will need, so that it need not find out.

    Under /area_map Streamlit's scripts would first ask for a server at /area_map/, wait, and then ask at /. Whatever
    stands before the name of the page (a proxy's path) stays. ``pages`` has the names of pages in addresses, and for each
    the elements that it shows at once, such as Selectbox: their scripts are sent for together with the main one, instead
    of each when the first such element arrives.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, Sequence[str]], scripts: Path) -> None:
        self.app = app
        self.script = _SCRIPT.replace("PAGES", json.dumps(sorted(pages))).encode()
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


def _links(elements: Sequence[str], scripts: Path) -> bytes:
    """What sends for the scripts of the elements and for those that they import; the main page's own come anyway."""
    found: dict[str, None] = {}
    waiting = [path.name for name in elements for path in sorted(scripts.glob(f"{name}.*.js"))]
    while waiting:
        name = waiting.pop(0)
        path = scripts / name
        if name not in found and path.is_file():
            found[name] = None
            waiting += IMPORTED.findall(path.read_text(encoding="utf-8"))
    return "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in found).encode()


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
_SCRIPT = """<script>(() => {
  const parts = location.pathname.split("/");
  if (PAGES.includes(parts[parts.length - 1])) { parts[parts.length - 1] = ""; }
  window.__streamlit = { BACKEND_BASE_URL: location.origin + parts.join("/"),
    HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false } };
})();</script>"""
