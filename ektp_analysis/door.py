"""Who may come in: the names by which the server is called, the pages that may call it, and the addresses that stay shut.

A page of another site can make a browser ask this server, by its address or, with a name that it points here (DNS rebinding),
as if the server were its own. What such a page cannot forge is what the browser itself says of the request: the name that it
called (Host), the page that asks (Origin), and how far apart they are (Sec-Fetch-Site).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ektp_analysis.core.text import T, Text

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
EVERY_ADDRESS = ("0.0.0.0", "::")  # listened on, but nobody's name
# Streamlit's counters, its interface for programs, and its check that runs a page: nobody here asks for them.
SHUT = re.compile(r"(?:^|/)_stcore/+(?:metrics|agent|script-health-check)(?:/|$)")
AUTHORITY = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")
USUAL_PORTS = ("80", "443")  # browsers leave them out
MOST_REPEATED = 60  # letters of a foreign name that an answer repeats
MISDIRECTED, FORBIDDEN, NOT_FOUND = 421, 403, 404
NOTHING_HERE = T("There is nothing at this address.")


@dataclass(frozen=True)
class Name:
    """A name or number of a machine with a port, as a browser calls it; the usual ports are ''."""

    host: str
    port: str = ""

    @classmethod
    def of(cls, text: str) -> Name | None:
        """``localhost:8501``, ``[::1]:8501``, ``ektp.kantor.lan``; None where it is none."""
        found = AUTHORITY.fullmatch(text)
        if found is None:
            return None
        port = found[2] or ""
        return cls(plain(found[1]), "" if port in USUAL_PORTS else port)


def plain(host: str) -> str:
    """A host as it is compared: small letters, no dot at the end, one spelling a number."""
    bare = host.strip("[]").lower().removesuffix(".")
    try:
        number = ip_address(bare)
    except ValueError:
        return bare
    return str((number.ipv4_mapped if isinstance(number, IPv6Address) else None) or number)


class Door:
    """ASGI middleware: what comes under a foreign name, from a foreign page or to a shut address is refused in a sentence.

    ``hosts`` are further names, each perhaps with a port (the setting EKTP_HOSTS), ``listens`` the address that the server was
    told to listen on. The number at which a connection came in is a name too: no foreign page can have it.
    ``render`` writes a sentence in the language of the installation.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], listens: str | None, render: Callable[[Text], str]) -> None:
        self.app, self._render = app, render
        self._named = {name for text in hosts if (name := Name.of(text)) is not None}
        told = () if listens is None or listens in EVERY_ADDRESS else (listens,)
        self._hosts = {plain(one) for one in (*THIS_MACHINE, *told)} | {name.host for name in self._named}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refused = self._refused(scope)
        if refused is not None:
            await self._say(*refused)(scope, receive, send)
        else:
            await self.app(_from_here(scope), receive, send)

    def _say(self, status: int, said: Text) -> ASGIApp:
        return PlainTextResponse(self._render(said), status)

    def _refused(self, scope: Scope) -> tuple[int, Text] | None:
        """Status and sentence; None for who may come in."""
        headers = Headers(scope=scope)
        called = headers.getlist("host")
        here = Name.of(called[0]) if len(called) == 1 else None
        if here is None or not self._is_ours(here.host, scope):
            return MISDIRECTED, T(
                "This server is not called {name}. If people in your office call it so, put the name into the setting "
                "EKTP_HOSTS and start the server again.",
                name=", ".join(called)[:MOST_REPEATED] or "-",
            )
        foreign = self._foreign(headers, here)
        if foreign:
            return FORBIDDEN, T("A page from elsewhere ({name}) may not use this server.", name=foreign[:MOST_REPEATED])
        if SHUT.search(str(scope["path"])):
            return NOT_FOUND, NOTHING_HERE
        return None

    def _is_ours(self, host: str, scope: Scope) -> bool:
        at = scope.get("server")
        return host in self._hosts or (at is not None and host == plain(str(at[0])))

    def _foreign(self, headers: Headers, here: Name) -> str:
        """The page from elsewhere that asks, in its own words; '' where it is one of ours, or no page.

        Another port of this machine is elsewhere. A person who follows a link from elsewhere comes with a page of its own.
        """
        origins = headers.getlist("origin")
        for origin in origins:
            page = Name.of(urlsplit(origin).netloc) if origin.startswith(("http://", "https://")) else None
            if page is None or (page != here and page not in self._named):
                return origin or "null"
        away = headers.get("sec-fetch-site", "same-origin") in ("cross-site", "same-site")
        follows = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("navigate", "document")
        return headers["sec-fetch-site"] if away and not follows and not origins else ""


def _from_here(scope: Scope) -> Scope:
    """The request with the origin that belongs to its host, as a proxy may have changed the one and not the other.

    Streamlit looks for this machine's address outside, on the internet, where the two differ.
    """
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None or urlsplit(origin).netloc == headers["host"]:
        return scope
    mended = f"{urlsplit(origin).scheme}://{headers['host']}".encode()
    kept = [(name, value) for name, value in scope["headers"] if name != b"origin"]
    return {**scope, "headers": [*kept, (b"origin", mended)]}
