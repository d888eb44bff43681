"""Who comes in: on a shared server nothing is answered to whoever has not logged in but the page to do so.

The one place that turns what a browser or a proxy sends into who acts (:mod:`ektp_analysis.access.gate`): a cookie of an account,
what a provider signed, or the header of a trusted proxy. Who that is goes with the request, also into Streamlit's sessions.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ektp_analysis.access import audit, gate, roster
from ektp_analysis.access.guard import LOG_IN
from ektp_analysis.access.people import NOBODY, Known, Person, Role, key_of
from ektp_analysis.core.errors import EktpError, UserError
from ektp_analysis.core.private import PEER
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, Text
from ektp_analysis.door import EVERY_ADDRESS, plain
from ektp_analysis.page import whose
from ektp_analysis.turns import BUSY, SESSIONS, FullError, Places

COOKIE = "ektp_session"
SIGN = re.compile(r"(?:^|/)(?:signin|signout)$")
# Without data: the scripts and fonts of Streamlit itself, and that the server is up. What is counted asks for a token of its own.
OPEN = re.compile(r"/static/(?:js|css|media)/[^/]+|/favicon\.png|/healthz|/metrics|/_stcore/health")
PROVIDER = re.compile(r"/(?:auth/login|auth/logout|oauth2callback)")  # of st.login; shut where nobody logs in so
MEDIA = re.compile(r"(?:^|/)media/([^/]+?)(?:\.[^/.]*)?$")
UPLOAD = re.compile(r"(?:^|/)_stcore/upload_file/([^/]+)/")
READING, SENDING = ("GET", "HEAD"), ("POST",)
REFUSED, LOGGED_OUT, NOT_FOUND = 403, 401, 404
DAY = timedelta(days=1)
_NEEDS = T(
    "The app would answer to {name}, which others than this machine can reach, and nobody would have to log in. Start it for "
    "this machine alone (make run, without ADDRESS and EKTP_HOSTS), or let people log in: EKTP_LOGIN=accounts, oidc or proxy; "
    "the README says how."
)
_UNKNOWN = T(
    "You are logged in as {name}, but nobody has given you a role on this server. Ask whoever looks after its people in your "
    "office."
)
NOT_NOW = T("The server cannot find out who you are at the moment. Whoever looks after it finds the reason in its log.")
_LOG = logging.getLogger("ektp_analysis")
NO_PROXY = T("This server is reached through its proxy, which says who you are. It did not.")


def see_closed(listens: str | None) -> None:
    """See that the app is open to others only where people log in, and that what logging in needs is there.

    Args:
        listens: the address that the server was told to listen on; None: every one.

    Raises:
        UserError: it is not so; the sentence says what to set.
    """
    now = settings()
    if not now.login:
        for name in (listens or EVERY_ADDRESS[0], *now.host_names):
            if not _this_machine(name):
                raise UserError(Text(_NEEDS.msgid, {"name": name}))
    elif not whose.guards_sessions():
        raise UserError(
            T(
                "Streamlit is not told whose its sessions are: server.trustedUserHeaders of .streamlit/config.toml is missing. "
                "Start the app from its own folder."
            )
        )
    if now.login == "oidc" and not whose.has_provider():
        raise UserError(
            T(
                "EKTP_LOGIN=oidc needs the section [auth] of .streamlit/secrets.toml with {names}; the cookie_secret has {least} "
                "characters at least.",
                names=", ".join(whose.PROVIDER),
                least=whose.LEAST_SECRET,
            )
        )
    if now.login == "proxy" and not (now.proxy_header and now.proxies):
        raise UserError(T("EKTP_LOGIN=proxy needs EKTP_PROXY_HEADER and EKTP_PROXY_ADDRESSES."))


def _this_machine(name: str) -> bool:
    host = plain(name.rpartition(":")[0] if name.count(":") == 1 else name)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True)
class Comer:
    """Who a request comes from: what stands for them ('' for nobody), the person, and the name under which a provider or a proxy
    knows somebody who has no role here."""

    reference: str = ""
    person: Person = NOBODY
    named: str = ""

    @property
    def inside(self) -> bool:
        """Whether this is somebody with a role."""
        return bool(self.reference and self.person.areas())


def comer(scope: Scope) -> Comer:
    """Who a request comes from. Raises StoreError where the store cannot be asked."""
    way = settings().login
    found = {"accounts": _by_cookie, "oidc": _by_provider, "proxy": _by_proxy}[way](scope)
    if not found.reference:
        return found
    with gate.acting_as(found.reference):
        person = gate.acting()
    return Comer(found.reference, person, found.named) if person.key else Comer()  # a session that has ended


def _by_cookie(scope: Scope) -> Comer:
    token = HTTPConnection(scope).cookies.get(COOKIE)
    return Comer(gate.SESSION + gate.session_name(token)) if token else Comer()


def _by_provider(scope: Scope) -> Comer:
    """By what a provider signed: until it expires, and only who was taken in before. The first time is a login."""
    said = whose.said_by_provider(HTTPConnection(scope).cookies)
    if said is None:
        return Comer()
    token, claims = said
    until = claims.get("exp")
    if not isinstance(until, int | float) or isinstance(until, bool) or until <= time.time():
        return Comer()
    known = _taken_in(claims)
    named = str(claims.get("email") or claims.get("preferred_username") or claims.get("sub") or "")
    if known is None:
        return Comer(named=named)
    with gate.acting_as(gate.SYSTEM):
        audit.begin_once(known, "oidc", token, datetime.fromtimestamp(until, UTC))
    return Comer(gate.SESSION + gate.session_name(token), named=named)


def _taken_in(claims: Mapping[str, Any]) -> Known | None:
    """The person whom a provider means: by its number for them, else by an address for e-mail that it has verified and that
    nobody else was known by; from then on by its number alone."""
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not isinstance(issuer, str) or not isinstance(subject, str):
        return None
    identity = roster.identity_of(issuer, subject)
    people = gate.known_people(fresh=False)
    if (known := next((one for one in people.values() if one.identity == identity and not one.withdrawn), None)) is not None:
        return known
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        return None
    found = people.get(email.strip().casefold())
    return None if found is None or found.withdrawn or found.identity else roster.bind(found, identity)


def _by_proxy(scope: Scope) -> Comer:
    """By the header of a proxy: only from its address, and only where it stands there once."""
    given = Headers(scope=scope).getlist(settings().proxy_header)
    peer = (scope.get(PEER) or ("",))[0]  # not the client, whom a forwarding header may name
    if len(given) != 1 or plain(str(peer)) not in settings().proxies:
        return Comer()
    try:
        key = key_of(given[0])
    except UserError:
        return Comer()
    known = gate.known_people(fresh=False).get(key)
    if known is None or known.withdrawn:
        return Comer(named=given[0])
    today = datetime.now(settings().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    with gate.acting_as(gate.SYSTEM):
        audit.begin_once(known, "proxy", f"{key} {today.date()}", today + DAY)  # once a day
    return Comer(gate.PERSON + key, named=given[0])


class Entry:
    """ASGI middleware: on a shared server whoever has not logged in is led to the page for it, and gets nothing else.

    ``page`` makes the page that says why somebody gets nothing, from the sentence and the language; ``render`` writes a sentence
    in the language of the installation. Pages that are open have a bound, for each person and for all: ``places``.
    """

    def __init__(
        self, app: ASGIApp, page: Callable[[Text], str], render: Callable[[Text], str], places: Places | None = None
    ) -> None:
        self.app, self._page, self._render = app, page, render
        self._open = Places(SESSIONS) if places is None else places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        who = Comer()
        if gate.shared():
            try:
                who = await asyncio.to_thread(comer, scope) if not _is_open(scope) else who
            except EktpError as error:
                _LOG.error("%s", error)  # which says where the store is: nothing for whoever asks
                await self._said(BUSY, NOT_NOW)(scope, receive, send)
                return
            if (refused := self._refused(scope, who)) is not None:
                await refused(scope, receive, send)
                return
        within = {**scope, "headers": [*_without(scope["headers"]), *_told(who.reference)]}
        with gate.acting_as(who.reference or None):
            if scope["type"] == "http":
                await self.app(within, receive, send)
            else:
                await self._session(within, receive, send, who.person.key)

    async def _session(self, scope: Scope, receive: Receive, send: Send, key: str) -> None:
        """An open page, as long as there is room for one more."""
        visitor = key or (scope.get("client") or ("",))[0]
        try:
            self._open.take(visitor)
        except FullError as full:
            busy = PlainTextResponse(self._render(full.message), BUSY, {"Retry-After": str(full.seconds)})
            await busy(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            self._open.leave(visitor)

    def _refused(self, scope: Scope, who: Comer) -> Response | None:
        """What is answered in place of what was asked for; None for who may have it."""
        path, method = str(scope["path"]), scope.get("method", "")
        if PROVIDER.fullmatch(path):
            return None if settings().login == "oidc" and method == "GET" else self._said(NOT_FOUND, T("There is nothing here."))
        if _is_open(scope) or (SIGN.search(path) and method in (*READING, *SENDING)):
            return None
        if not who.inside:
            return self._outside(scope, who)
        if (file := MEDIA.search(path)) and who.reference not in whose.owners_of_file(file[1]):
            return self._said(NOT_FOUND, T("There is nothing at this address."))
        if session := UPLOAD.search(path):
            if whose.owner(session[1]) != who.reference:
                return self._said(REFUSED, T("This page is not yours."))
            if not who.person.areas(Role.UPLOADER):
                return self._said(REFUSED, T("Uploading takes the role {role}.", role=Role.UPLOADER.label))
        return None

    def _outside(self, scope: Scope, who: Comer) -> Response:
        """For who has not logged in, or has no role."""
        headers = Headers(scope=scope)
        looks = scope["type"] == "http" and scope["method"] in READING and "text/html" in headers.get("accept", "")
        known_without_role = who.person.told or who.named
        if known_without_role:
            said = Text(_UNKNOWN.msgid, {"name": known_without_role})
            return HTMLResponse(self._page(said), REFUSED) if looks else self._said(REFUSED, said)
        if settings().login == "proxy":
            return HTMLResponse(self._page(NO_PROXY), REFUSED) if looks else self._said(REFUSED, NO_PROXY)
        if looks:
            page, query = str(scope["path"]).rpartition("/")[2], scope.get("query_string", b"").decode("latin-1")
            return RedirectResponse(login_address(page, query), 303, {"Cache-Control": "no-store"})
        return self._said(LOGGED_OUT, LOG_IN)

    def _said(self, status: int, said: Text) -> Response:
        return PlainTextResponse(self._render(said), status, {"Cache-Control": "no-store"})


def login_address(page: str, query: str) -> str:
    """The page for logging in, relative to the page that was asked for, to which it leads back."""
    back = page + (f"?{query}" if query else "")
    return "signin" + (f"?next={quote(back, safe='')}" if back else "")


def _is_open(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] in READING and OPEN.fullmatch(str(scope["path"])) is not None


def _without(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of a request without those that only this server sets."""
    return [(name, value) for name, value in headers if name.lower() != whose.HEADER.encode()]


def _told(reference: str) -> list[tuple[bytes, bytes]]:
    return [(whose.HEADER.encode(), reference.encode())] if reference else []
