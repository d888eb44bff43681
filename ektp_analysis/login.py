"""The page for logging in and the one for leaving: plain HTML that needs no script, in both languages.

An account's name and password are asked here. With a provider the page leads there; with a proxy there is nothing to ask.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ektp_analysis.access import audit, gate, passwords
from ektp_analysis.access.people import key_of
from ektp_analysis.core.errors import EktpError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import LANGUAGES, T, Text, render
from ektp_analysis.core.theme import FONT, both
from ektp_analysis.entry import COOKIE, NO_PROXY, NOT_NOW
from ektp_analysis.page import whose
from ektp_analysis.turns import BUSY, Bound, FullError, Turns

FORM = "ektp_form"  # the cookie that a form sends again as a field, which no foreign page can
MOST_BYTES = 4_000  # of a form: a name, a password, an address
# A page of the app with what is chosen there, and nothing that a browser would take for another server.
NEXT = re.compile(r"[a-z_]*(?:\?[\w=&.%+:,~-]*)?")
# One password is checked at a time: it takes a fifth of a second and 64 MB by design.
CHECKS = Bound(at_once=1, waiting=20, each=3, seconds=0.3)
WRONG, AGAIN_LATER, NOT_THIS = 401, 429, 403
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LOG = logging.getLogger("ektp_analysis")
_WRONG = T("Name or password is wrong.")
_TRIES, _CHECKS = passwords.Tries(store=gate.people_store), Turns("login", CHECKS)


@dataclass(frozen=True)
class Form:
    """What the page is made for: its language, where it leads back to, and the name that was typed."""

    lang: str
    back: str = ""
    name: str = ""


async def signin(request: Request) -> Response:
    """The page for logging in; with a form the login itself."""
    if request.method != "POST":
        return _page(_form(request.query_params))
    fields = await _fields(request)
    form, sent = _form(fields), fields.get("form", "")
    if settings().login != "accounts" or not sent or not secrets.compare_digest(sent, request.cookies.get(FORM, "")):
        return _page(form, T("This page was open for too long. Try again."), NOT_THIS)
    address = request.client.host if request.client else ""
    try:
        return await _CHECKS.taken(address, object(), lambda: _checked(form, fields.get("password", ""), address, request))
    except EktpError as failed:
        return _failed(form, failed)


def _checked(form: Form, password: str, address: str, request: Request) -> Response:
    """One after the other, so that many tries at once get no further than as many in a row."""
    try:
        key = key_of(form.name)
    except UserError:
        key = ""
    known = gate.known_people().get(key)
    secret = "" if known is None or known.withdrawn else known.secret
    with _TRIES.turn(key, address) as turn:  # the trail is told behind it: it may have to wait for somebody
        wait = turn.wait
        if wait > 0:
            later = _page(form, T("Too many tries. Wait {n} seconds.", n=int(wait) + 1), AGAIN_LATER)
            later.headers["Retry-After"] = str(int(wait) + 1)
            return later
        fits = passwords.fits(secret, password)
        (turn.succeeded if fits else turn.failed)()
    if not fits or known is None:
        audit.failed("" if known is None else key, "accounts")
        return _page(form, _WRONG, WRONG)
    token = audit.begin(known, "accounts")
    done = RedirectResponse("./" + form.back, 303, {"Cache-Control": "no-store"})
    _set(done, request, COOKIE, token, int(audit.LASTS.total_seconds()))
    done.delete_cookie(FORM, path="/")
    return done


async def signout(request: Request) -> Response:
    """The page for leaving; with a form the leaving itself, which ends the session for whoever else has its token."""
    if request.method != "POST":
        return _page(_form(request.query_params), leaving=True)
    fields = await _fields(request)
    form, sent = _form(fields), fields.get("form", "")
    if not sent or not secrets.compare_digest(sent, request.cookies.get(FORM, "")):
        return _page(form, T("This page was open for too long. Try again."), NOT_THIS, leaving=True)
    said = whose.said_by_provider(request.cookies) if settings().login == "oidc" else None
    token = request.cookies.get(COOKIE, "") if said is None else said[0]
    try:
        if token:
            audit.end(token)
    except EktpError as failed:
        return _failed(form, failed)
    left = _page(form, T("You have logged out."), left=True)
    left.delete_cookie(COOKIE, path="/")
    return left


def _failed(form: Form, error: EktpError) -> Response:
    """Too much is asked at the moment; or the store fails, of which nothing is told to whoever has not logged in."""
    if not isinstance(error, FullError):
        _LOG.error("%s", error)
    return _page(form, error.message if isinstance(error, FullError) else NOT_NOW, BUSY)


def _form(fields: Mapping[str, str]) -> Form:
    lang, back = fields.get("lang", ""), fields.get("next", "")
    return Form(
        lang if lang in LANGUAGES else settings().language,
        back if NEXT.fullmatch(back) and "//" not in back else "",
        fields.get("name", "")[:200],
    )


async def _fields(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return {}
    try:
        found = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def _set(answer: Response, request: Request, name: str, value: str, seconds: int | None = None) -> None:
    """A cookie for this server alone that no script reads; over TLS only where the page came so, also through a proxy."""
    origin = urlsplit(request.headers.get("origin", "")).scheme
    secure = request.url.scheme == "https" or origin == "https"
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


def _page(form: Form, said: Text | None = None, status: int = 200, *, leaving: bool = False, left: bool = False) -> HTMLResponse:
    token = secrets.token_urlsafe(24)
    answer = HTMLResponse(
        _html(form, said, token, status, leaving=leaving, left=left),
        status,
        {"Cache-Control": "no-store", "Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"},
    )
    answer.set_cookie(FORM, token, path="/", httponly=True, samesite="strict")
    return answer


def page_that_says(said: Text) -> str:
    """A page for somebody who gets nothing else, with the way out."""
    form = Form(settings().language)
    return _html(form, said, "", NOT_THIS, left=True)


def _html(form: Form, said: Text | None, token: str, status: int, *, leaving: bool = False, left: bool = False) -> str:
    def word(text: Text) -> str:
        return escape(render(text, form.lang))

    back = f'<input type="hidden" name="next" value="{escape(form.back)}"><input type="hidden" name="lang" value="{form.lang}">'
    hidden = f'<input type="hidden" name="form" value="{escape(token)}">{back}'
    way = settings().login
    enter, leave = word(T("Log in")), word(T("Log out"))
    if left:
        elsewhere = word(T("Log out at the provider too"))
        body = f'<p><a href="signin">{enter}</a></p>' if way != "proxy" else ""
        body += f'<p><a href="auth/logout">{elsewhere}</a></p>' if way == "oidc" else ""
    elif leaving:
        back_to = word(T("Back to the app"))
        body = f'<form method="post" action="signout">{hidden}<button>{leave}</button></form><p><a href="./">{back_to}</a></p>'
    elif way == "accounts":
        name, password = word(T("Name")), word(T("Password"))
        made_by = word(T("Accounts are made by whoever looks after this server."))
        first, second = ("", " autofocus") if form.name else (" autofocus", "")
        body = (
            f'<form method="post" action="signin">{hidden}<label for="name">{name}</label>'
            f'<input id="name" name="name" value="{escape(form.name)}" autocomplete="username" autocapitalize="none" '
            f'required{first}><label for="password">{password}</label><input id="password" name="password" type="password" '
            f'autocomplete="current-password" required{second}><button>{enter}</button></form><p>{made_by}</p>'
        )
    elif way == "oidc":
        body = f'<p><a class="button" href="{escape(whose.provider_address())}">{enter}</a></p>'
    else:
        body = f"<p>{word(NO_PROXY)}</p>"
    title = leave if leaving or left else enter
    alarm = f'<p role="{"alert" if status != 200 else "status"}" class="said">{word(said)}</p>' if said is not None else ""
    others = "".join(
        f'<a href="?lang={lang}&amp;next={escape(form.back)}" lang="{lang}" hreflang="{lang}">{name}</a> '
        for lang, name in (("id", "Indonesia"), ("en", "English"))
        if lang != form.lang
    )
    return (
        f'<!DOCTYPE html><html lang="{form.lang}"><head><meta charset="utf-8"><title>e-KTP · {title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{_STYLE}</style></head><body><main><h1>e-KTP</h1>{alarm}{body}<p>{others}</p></main></body></html>"
    )


_STYLE = (
    f":root{{color-scheme:light dark}}body{{font:1rem/1.5 {FONT};background:{both('paper')};color:{both('ink')};margin:12vh auto;"
    "max-width:22rem;padding:0 1rem}h1{font-size:1.6rem}label{display:block;margin:.75rem 0 .25rem;font-weight:600}"
    f"input{{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid {both('muted')};border-radius:6px;"
    f"background:{both('paper')};color:{both('ink')}}}button,a.button{{font:inherit;display:inline-block;margin:1rem 0;"
    f"padding:.5rem 1.25rem;border:0;border-radius:6px;background:{both('calm')};color:{both('paper')};text-decoration:none;"
    f"cursor:pointer}}a{{color:{both('calm')}}}.said{{border-left:4px solid {both('accent')};padding-left:.75rem}}"
    f":focus-visible{{outline:2px solid {both('calm')};outline-offset:2px}}"
)
