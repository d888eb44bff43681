"""What the server adds around the pages: security headers, /healthz, and a check before the first page."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import logging
import re
import sys
import threading
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ektp_analysis import login, serving
from ektp_analysis.access import audit, gate
from ektp_analysis.access.guard import NotAllowedError
from ektp_analysis.access.tokens import BASE
from ektp_analysis.core import contract, inline, private
from ektp_analysis.core.errors import EktpError, UserError
from ektp_analysis.core.giving_way import wait_for_quiet
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import Text, render
from ektp_analysis.door import FORBIDDEN, NOT_FOUND, NOTHING_HERE, Door
from ektp_analysis.entry import Entry, see_closed
from ektp_analysis.metrics import Watched, for_token
from ektp_analysis.office import keeper, stores
from ektp_analysis.page import registry, whose
from ektp_analysis.page import scripts as page_scripts
from ektp_analysis.report import formats
from ektp_analysis.turns import BUSY, FIGURES, HEALTH, SESSIONS, SLIDES, Places, Turns, in_turn

# What a policy says of scripts, styles and pictures; no address but our own, so the browser itself keeps everything here.
# Scripts made by the app's own code (blob:) are those of Streamlit's components; styles stand in elements throughout.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src {scripts}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:{pictures}",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
# The frame of the map builds its script from what the page sends it, and runs that (streamlit-folium).
MAP_FRAME = re.compile(r"(?:^|/)component/streamlit_folium\.st_folium/")
MAP_SCRIPTS = "'self' 'unsafe-inline' 'unsafe-eval'"
# The one other address, for the base map that a reader may switch on; only in the map's frame, and not with EKTP_BASE_MAP=off.
TILES = "https://tile.openstreetmap.org"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OWN_HEADERS = ("Referrer-Policy",)  # that a page may set itself: without a referrer no form says where it is from
STORE_FAILED = 3
FIRST_VISITS = (0.0, 15.0, 45.0)  # seconds from one to the next, until what visits have in common has been made
GARBAGE = 30.0  # seconds between two looks for garbage, in which no page goes on
WHOLE = 5  # of so many looks one goes through all that is held, a quarter of a second; the others through what came since
STANDS_BACK = 5.0  # seconds for which a look waits till no page is being made
# Seconds for which one thread may hold up the others. A page asks the store some tens of times, and after each answer waits so
# long for each of those that reckon: at Python's 5 ms a second and more.
SWITCH = 0.001
AGAIN = 30  # seconds after which it is worth asking again where the store or the machine failed
ELEMENTS = registry.elements(registry.PAGES)


def policy(path: str) -> str:
    """What a page at this address may run and load."""
    if not MAP_FRAME.search(path):
        return POLICY.format(scripts=_own_scripts(), pictures="")
    try:
        tiles = settings().base_map
    except EktpError:
        tiles = False
    return POLICY.format(scripts=MAP_SCRIPTS, pictures=f" {TILES}" if tiles else "")


@lru_cache(maxsize=1)
def _own_scripts() -> str:
    """The server's files, and of what stands in pages the scripts that we and Streamlit put there, each by its hash."""
    index = (scripts().parents[1] / "index.html").read_text(encoding="utf-8")
    ours = (serving.script_for(ELEMENTS), *page_scripts.every())
    return f"'self' blob: {inline.named((*inline.scripts(index), *ours))}"


class SecurityHeaders:
    """ASGI middleware that sets :data:`HEADERS` on every HTTP response, and :func:`policy` where it has none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.setdefault("Content-Security-Policy", policy(str(scope["path"])))
                for name, value in HEADERS.items():
                    if name not in answer or name not in OWN_HEADERS:
                        answer[name] = value
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def healthz(_request: Request) -> JSONResponse:
    """200 with version, schema version and date of the last import; 503 with the reason if the store cannot be opened. On a
    shared server, where anybody may ask, only whether."""
    try:
        found = stores.health()
        return JSONResponse({"status": "ok", **({} if gate.shared() else found)})
    except EktpError as error:
        return JSONResponse({"status": "failed", **({} if gate.shared() else {"reason": str(error)})}, status_code=503)


def show(request: Request) -> Response:
    """The presentation that the query asks for; 404 with a sentence where its saved slides are not there, 400 where it cannot
    be, 503 where the store cannot be read.

    It is made anew at each visit, so that it shows what holds.
    """
    from ektp_analysis.office import presentation  # charts and fonts would make the server start later
    from ektp_analysis.report import screen

    query = dict(request.query_params)
    try:
        return HTMLResponse(
            presentation.html(presentation.asked(query)),
            headers={"Cache-Control": "no-cache", "Content-Security-Policy": f"{screen.policy()}; frame-ancestors 'self'"},
        )
    except EktpError as error:
        return _no_page(error.message, query, 404 if isinstance(error, presentation.NotThereError) else _status(error))


def show_state(request: Request) -> Response:
    """The name of the figures that a presentation on screen compares with its own; 503 where they cannot be read."""
    from ektp_analysis.office import presentation

    query = dict(request.query_params)
    try:
        found = presentation.state(presentation.asked(query))
        return JSONResponse({"state": found}, headers={"Cache-Control": "no-store"})
    except EktpError as error:
        return _no_figures(error.message, query, _status(error))


def show_pictures(request: Request) -> Response:
    """The pictures of the slides for the page Presentation; 400 or 503 with a sentence where there can be none."""
    from ektp_analysis.office import presentation

    query = dict(request.query_params)
    try:
        return JSONResponse(presentation.pictures(presentation.asked(query)), headers={"Cache-Control": "no-store"})
    except EktpError as error:
        return _no_figures(error.message, query, _status(error))


def _status(error: EktpError) -> int:
    if isinstance(error, NotAllowedError):
        return FORBIDDEN
    return 400 if isinstance(error, UserError) else BUSY


def _no_page(said: Text, query: Mapping[str, str], status: int) -> Response:
    from ektp_analysis.office import presentation

    return HTMLResponse(presentation.refusal(said, query), status, headers=_unkept(status))


def _no_figures(said: Text, query: Mapping[str, str], status: int) -> Response:
    lang = query.get("lang", "")
    reason = render(said, lang if lang in ("id", "en") else _language())
    return JSONResponse({"state": None, "reason": reason}, status, headers=_unkept(status))


def _unkept(status: int) -> dict[str, str]:
    return {"Cache-Control": "no-store", **({"Retry-After": str(AGAIN)} if status == BUSY else {})}


@lru_cache(maxsize=1)
def watched() -> Watched:
    """What this server counts and how full it is, for /metrics."""
    return Watched(Places(SESSIONS))


def _nothing_here() -> Response:
    return PlainTextResponse(render(NOTHING_HERE, _language()), NOT_FOUND)


class Programs:
    """ASGI: what programs ask for; what answers them is loaded when the first one asks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        desk = await asyncio.to_thread(_desk)
        await desk(scope, receive, send)


@lru_cache(maxsize=1)
def _desk() -> ASGIApp:
    from ektp_analysis.api.desk import Desk  # projections would make the server start later

    return Desk()


def routes() -> Sequence[Route]:
    """Addresses beside the pages; those of the presentation also behind a proxy's path."""
    slides, figures = Turns("slides", SLIDES), Turns("figures", FIGURES)
    watched().queues.update(slides=slides.places, figures=figures.places)
    numbers = in_turn(Turns("metrics", HEALTH), watched().answer, _no_figures)
    return (
        Route("/healthz", in_turn(Turns("health", HEALTH), healthz, _no_figures)),
        Route("/metrics", for_token(numbers, _nothing_here)),
        *(
            Route(base + path, answer)
            for base in ("", "/{base:path}")
            for path, answer in (
                ("/slides/show", in_turn(slides, show, _no_page)),
                ("/slides/show/state", in_turn(figures, show_state, _no_figures)),
                ("/slides/show/pictures", in_turn(slides, show_pictures, _no_figures)),
            )
        ),
        *(Route(base + BASE + "/{rest:path}", Programs()) for base in ("", "/{base:path}")),
        *(
            Route(base + path, answer, methods=["GET", "POST"])
            for base in ("", "/{base:path}")
            for path, answer in (("/signin", login.signin), ("/signout", login.signout))
            if gate.shared()
        ),
    )


def middleware(listens: str | None = None) -> Sequence[Middleware]:
    """What every request and response passes; ``listens`` is the address that the server was told to listen on."""
    gate.ask(whose.acting)
    if settings().login == "proxy":
        private.keep_peer()
    return (
        Middleware(watched().counting),
        Middleware(SecurityHeaders),
        Middleware(Door, hosts=settings().host_names, listens=listens, render=_said),
        Middleware(Entry, page=login.page_that_says, render=_said, places=watched().sessions),
        *serving.layers(ELEMENTS, scripts()),
    )


def _said(said: Text) -> str:
    return render(said, _language())


def scripts() -> Path:
    """Where Streamlit's own scripts lie."""
    found = find_spec("streamlit")
    return Path(found.origin if found and found.origin else "").parent / "static" / "static" / "js"


def on_error(error: Exception) -> bool:
    """An error that no page expected: one sentence on screen, its kind and place in the log."""
    from ektp_analysis.page.parts import unexpected  # needs the running server, which this module is loaded before

    return unexpected(error)


@contextlib.asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """While the server runs: at its start, and beside it, what a first visitor needs is prepared."""
    whose.watch_files()
    sys.setswitchinterval(SWITCH)
    threading.Thread(target=_prepare, daemon=True).start()
    keeper.begin(_prepare_again)
    yield
    keeper.end()
    with contextlib.suppress(EktpError):
        audit.tell_failures()


def _prepare() -> None:
    # Streamlit warns of work outside a visit, which this is.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    _prepare_again(())
    for seconds in FIRST_VISITS:
        time.sleep(seconds)
        _look_for_garbage(whole=False)
    # Streamlit would do so after each visit, and hold up all others meanwhile.
    for number in itertools.count(1):
        time.sleep(GARBAGE)
        wait_for_quiet(STANDS_BACK)
        _look_for_garbage(whole=number % WHOLE == 0)


def _look_for_garbage(*, whole: bool) -> None:
    if whole:
        gc.unfreeze()
    gc.collect()
    gc.freeze()  # what is left need not be looked through at each look


def _prepare_again(offices: Collection[str]) -> None:
    try:
        _compute(offices)
    except Exception as error:  # noqa: BLE001 (whatever it is, a visitor meets it as well and is told in a sentence)
        logging.getLogger("ektp_analysis").warning("nothing prepared: %s", type(error).__name__)


def _compute(offices: Collection[str]) -> None:
    """What first visitors ask for: of all, or of offices alone whose figures changed."""
    from ektp_analysis.page import map_files  # a slow import, and it needs the running server

    with gate.acting_as(gate.SYSTEM):
        if offices:
            map_files.warm_offices(offices)
        else:
            map_files.warm()


def check_or_exit(listens: str | None) -> None:
    """End the process with one sentence if the store cannot serve (not writable, newer schema, wrong address), if a page or
    an export is not whole, or if the address on which the server listens lets others in who need not log in."""
    contract.quick_texts()
    try:
        see_closed(listens)
        registry.check(registry.PAGES)
        formats.check(formats.FORMATS)
        stores.check_store()
    except EktpError as error:
        print(render(error.message, _language()), file=sys.stderr)  # noqa: T201 (the start-up's one sentence)
        sys.exit(STORE_FAILED)


def _language() -> str:
    try:
        return settings().language
    except EktpError:
        return "id"
