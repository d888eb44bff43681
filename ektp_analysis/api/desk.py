"""Where programs ask: who they are, how often they may, whose turn it is; and answers as bytes, with their names and errors.

Whatever goes wrong is said in one sentence, as JSON, in the language that was asked for.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ektp_analysis.access import gate, tokens
from ektp_analysis.access.guard import NotAllowedError
from ektp_analysis.api import endpoints, questions, replies
from ektp_analysis.api.endpoints import BY_PATH, DESCRIPTION, Endpoint
from ektp_analysis.api.replies import ChangedError, NotThereError, Reply
from ektp_analysis.api.sendings import MOST_BYTES
from ektp_analysis.core.errors import EktpError, StoreError
from ektp_analysis.core.giving_way import giving_way
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text, sentence
from ektp_analysis.turns import BUSY, COSTLY, READING, SENDING, FullError, Places, Turns, own

UNKNOWN, FORBIDDEN, NOT_FOUND, NOT_SO, CHANGED, TOO_LARGE, TOO_OFTEN = 401, 403, 404, 405, 409, 413, 429
POLICY = "default-src 'none'; frame-ancestors 'none'"  # of an answer that a browser opens as a page
STANDS_BACK = 1.0  # seconds, altogether, for which a file that a program sends lets the pages of readers go first
AGAIN = 30  # seconds after which it is worth asking again where the store failed
_NOT_HERE = T("There is nothing at this address; {address} describes what there is.", address=f"{tokens.BASE}/{DESCRIPTION}")


class RefusedError(EktpError):
    """A request that is refused before it is a question: with its status and headers."""

    def __init__(self, status: int, message: Text, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, dict(headers or {})


@dataclass(frozen=True)
class Call:
    """A request, as far as it is known: its address in the table, whether CSV is asked for, who acts, the language."""

    request: Request
    endpoint: Endpoint
    csv: bool
    acting: str | None
    lang: str

    @property
    def visitor(self) -> str:
        """Whose turns and requests are counted together."""
        return self.acting or (self.request.client.host if self.request.client else "")


class Desk:
    """What all requests pass; holds the turns and the counts of this server."""

    def __init__(self, pace: tokens.Pace | None = None) -> None:
        self._turns = {"read": Turns("api", READING), "costly": Turns("projections", COSTLY)}
        self._sending, self._pace = Places(SENDING), pace or tokens.Pace(store=gate.people_store)
        self._one_at_a_time = asyncio.Semaphore(SENDING.at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        answer = await self._said(Request(scope, receive))
        answer.headers["Content-Security-Policy"] = POLICY
        await answer(scope, receive, send)

    async def _said(self, request: Request) -> Response:
        pairs = request.query_params.multi_items()
        lang = questions.asked_language(pairs, request.headers.get("accept-language", "")) or _language()
        try:
            return await self._answer(request, lang)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 (a program gets a sentence, whatever it is)
            return refusal(error, lang)

    async def _answer(self, request: Request, lang: str) -> Response:
        path = str(request.path_params["rest"]).strip("/")
        if path == DESCRIPTION and request.method in ("GET", "HEAD"):
            return _described(request)
        csv = path.endswith(".csv")
        endpoint = BY_PATH.get(path.removesuffix(".csv"))
        if endpoint is None or (csv and endpoint.table is None):
            raise RefusedError(NOT_FOUND, _NOT_HERE)
        if request.method not in endpoint.methods:
            allowed = ", ".join(endpoint.methods)
            raise RefusedError(NOT_SO, T("This address is asked with {methods}.", methods=allowed), {"Allow": allowed})
        acting = await asyncio.to_thread(who, request, endpoint.takes is not None)
        wants = request.headers.get("accept", "")
        csv = csv or (endpoint.table is not None and "text/csv" in wants and "json" not in wants)
        call = Call(request, endpoint, csv, acting, lang)
        await asyncio.to_thread(self._count, call)  # where servers share a store, it is asked
        return await (self._read(call) if endpoint.takes is None else self._take(call))

    def _count(self, call: Call) -> None:
        """Each token has a pace; in local mode the queue alone bounds."""
        wait = self._pace.wait(call.visitor, call.endpoint.kind) if gate.shared() else 0.0
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise RefusedError(
                TOO_OFTEN,
                TN("Too many requests; try again in {n} second.", "Too many requests; try again in {n} seconds.", n=seconds),
                {"Retry-After": str(seconds)},
            )

    async def _read(self, call: Call) -> Response:
        pairs = call.request.query_params.multi_items()
        known = call.request.headers.get("if-none-match", "")
        key = call.acting, call.endpoint.path, call.csv, call.lang, tuple(pairs), known

        def work() -> Response:
            with gate.acting_as(call.acting):
                return _replied(call, questions.read(pairs, call.endpoint.parameters), known)

        return own(await self._turns[call.endpoint.kind].taken(call.visitor, key, work))

    async def _take(self, call: Call) -> Response:
        """A file waits for its turn outside of memory, as far as it can."""
        self._sending.take(call.visitor)
        try:
            async with self._one_at_a_time:
                data = await _body(call.request)
                return await asyncio.to_thread(_taken, call, data)
        finally:
            self._sending.leave(call.visitor)


def who(request: Request, sends: bool) -> str | None:
    """What stands for whoever asks: the token, else who is logged in; in local mode whoever reaches the app. Who ``sends`` a file
    needs a token: what a browser sends by itself counts for nothing there.

    Raises:
        RefusedError: nobody, or a token that opens nothing.
    """
    if not gate.shared():
        return gate.reference()
    said = tokens.bearer(request.headers.get("authorization", ""))
    acting = tokens.reference(said) if said is not None else None if sends else gate.reference()
    if acting:
        with gate.acting_as(acting):
            if gate.acting().key:
                return acting
    raise RefusedError(
        UNKNOWN,
        T("A token is needed: Authorization: Bearer ...")
        if said is None
        else T("This token opens nothing: it is not one of this server, has ended, or was withdrawn."),
        {"WWW-Authenticate": 'Bearer realm="e-KTP"'},
    )


async def _body(request: Request) -> bytes:
    """The file that is sent. Raises RefusedError where it is larger than any file may be."""
    too_large = RefusedError(TOO_LARGE, T("A file has at most {n} megabytes.", n=MOST_BYTES // 1_000_000))
    if request.headers.get("content-length", "").isdecimal() and int(request.headers["content-length"][:20]) > MOST_BYTES:
        raise too_large
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            raise too_large
    if not data:
        raise RefusedError(400, T("The request holds no file: its bytes are the body."))
    return bytes(data)


def _taken(call: Call, data: bytes) -> Response:
    assert call.endpoint.takes is not None
    with gate.acting_as(call.acting), giving_way(STANDS_BACK):
        question = questions.read(call.request.query_params.multi_items(), call.endpoint.parameters)
        return _response(call, call.endpoint.takes(question, data, call.lang), {"Cache-Control": "no-store"})


def _replied(call: Call, question: questions.Question, known: str) -> Response:
    what = replies.asked(question, call.lang)
    name = f'W/"{replies.name_of(what, call.endpoint.path + ("csv" if call.csv else ""))}"'
    headers = {"ETag": name, "Cache-Control": "private, no-cache", "Vary": "Accept, Accept-Language, Authorization, Cookie"}
    if known.strip() == "*" or name in [one.strip() for one in known.split(",")]:
        return Response(status_code=304, headers=headers)
    make = call.endpoint.table if call.csv else call.endpoint.reply
    assert make is not None
    return _response(call, make(what), headers)


def _response(call: Call, reply: Reply, headers: dict[str, str]) -> Response:
    if reply.following is not None:
        pairs = [one for one in call.request.query_params.multi_items() if one[0] != "cursor"]
        headers["Link"] = f'<?{urlencode([*pairs, ("cursor", str(reply.following))])}>; rel="next"'
    data = replies.as_bytes(reply.value) if reply.data is None else reply.data
    kind = f"{reply.kind}; charset=utf-8" if reply.kind == "text/csv" else reply.kind
    return Response(data, headers={**headers, "Content-Type": kind})


def refusal(error: Exception, lang: str) -> Response:
    """What is said where there is no answer."""
    status, said, headers = _said(error)
    value = {"error": {"status": status, "message": sentence(said, lang)}}
    return Response(
        replies.as_bytes(value),
        status,
        {"Cache-Control": "no-store", **headers},
        media_type="application/json",
    )


def _said(error: Exception) -> tuple[int, Text, Mapping[str, str]]:
    if isinstance(error, RefusedError):
        return error.status, error.message, error.headers
    if isinstance(error, FullError):
        return BUSY, error.message, {"Retry-After": str(error.seconds)}
    if isinstance(error, StoreError):
        return BUSY, error.message, {"Retry-After": str(AGAIN)}
    if isinstance(error, EktpError):
        statuses: tuple[tuple[type[EktpError], int], ...] = (
            (NotAllowedError, FORBIDDEN),
            (NotThereError, NOT_FOUND),
            (ChangedError, CHANGED),
        )
        return next((status for kind, status in statuses if isinstance(error, kind)), 400), error.message, {}
    logging.getLogger("ektp_analysis").error("api: %s", type(error).__name__)
    return 500, T("The server failed unexpectedly ({kind}).", kind=type(error).__name__), {}


@lru_cache(maxsize=1)
def _description() -> tuple[bytes, str]:
    data = replies.as_bytes(endpoints.description())
    return data, f'W/"{hashlib.sha256(data).hexdigest()[:32]}"'


def _described(request: Request) -> Response:
    """The description is no secret: it says what may be asked, not what is answered."""
    data, name = _description()
    if request.headers.get("if-none-match", "").strip() == name:
        return Response(status_code=304, headers={"ETag": name})
    return Response(data, headers={"ETag": name, "Cache-Control": "no-cache"}, media_type="application/json")


def _language() -> str:
    try:
        return settings().language
    except EktpError:
        return "id"
