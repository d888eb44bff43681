"""Whoever comes to a shared server, by each way of logging in: what they send, and what is answered; pages over their sockets."""

from __future__ import annotations

import codecs
import contextlib
import importlib
import json
import logging
import re
import socket
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

SIGNED_WITH = "s3cr3t" * 8
HTML = {"Accept": "text/html"}
PATIENCE = 60.0
ERROR = re.compile(r"format: error|^  exception \{", re.M)  # a sentence on a page, or what is none
NAME = re.compile(r"(?<![0-9a-f])[0-9a-f-]{32,}")  # of a session, an element, a file: any figure may stand in it
EMPTY: Mapping[str, bool] = MappingProxyType({})
PRESSED = ("button", "file_uploader")  # elements with which somebody changes something
OPENED = ("expandable", "popover")


@dataclass
class Shown:
    """What a page sent: all texts, the session, the addresses of the pages beside it and of files; and by its label what can be
    pressed or opened, what makes a file when it is clicked, and what is there but switched off."""

    text: str = ""
    session: str = ""
    places: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    offered: dict[str, str] = field(default_factory=dict)
    makes: dict[str, str] = field(default_factory=dict)
    buttons: set[str] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)

    @property
    def said(self) -> str:
        """The texts with their letters as they are read."""
        return codecs.escape_decode(self.text.encode())[0].decode(errors="replace").replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[attr-defined]

    @property
    def heading(self) -> str:
        """The heading of the page."""
        found = re.search(r'tag: "h1"\n\s+body: "([^"]*)"', self.said)
        assert found, "a page has a heading"
        return found[1]

    def take(self, delta: Delta) -> None:
        text = str(delta)
        self.text += NAME.sub("", text)
        self.files += re.findall(r"/media/\w+\.\w+", text)
        element, block = delta.new_element.WhichOneof("type"), delta.add_block.WhichOneof("type")
        if element == "download_button" and (made_by := delta.new_element.download_button.deferred_file_id):
            self.makes[delta.new_element.download_button.label] = made_by
        if element in PRESSED:
            self._note(getattr(delta.new_element, element))
            self.buttons |= {delta.new_element.button.id} if element == "button" else set()
        elif block in OPENED:
            self._note(getattr(delta.add_block, block))

    def _note(self, thing: Any) -> None:
        if getattr(thing, "disabled", False):
            self.withheld.add(thing.label)
        else:
            self.offered[thing.label] = thing.id


@dataclass(frozen=True)
class Visitor:
    """Somebody with what a browser or a proxy sends of them."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return requests.request(method, self.url + path, headers=given, data=body, allow_redirects=False, timeout=PATIENCE)

    @contextlib.contextmanager
    def line(self, session: str = "") -> Iterator[ClientConnection]:
        """A socket as a page opens it; ``session``: one that is to go on."""
        spoken = ["streamlit", "x", session] if session else ["streamlit"]
        with connect(
            f"ws{self.url[4:]}/_stcore/stream", origin=self.url, subprotocols=spoken, max_size=None,  # type: ignore[arg-type, list-item]
            additional_headers=dict(self.headers),
        ) as opened:  # fmt: skip
            yield opened

    def socket(self) -> int:
        """The status with which a socket is answered."""
        try:
            with self.line():
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    def page(self, name: str, query: str = "", *, lang: str = "en") -> Shown:
        with self.line() as line:
            return see(line, name, query, lang=lang)


def see(line: ClientConnection, name: str, query: str = "", *, clicked: Mapping[str, bool] = EMPTY, lang: str = "en") -> Shown:
    """A page, once it is done; with what was ``clicked`` on it, by ids: true for a button that is pressed, false for a
    box that is open then."""
    ask, shown = BackMsg(), Shown()
    ask.rerun_script.page_name, ask.rerun_script.query_string = name, f"lang={lang}&{query}"
    for key, pressed in clicked.items():
        ask.rerun_script.widget_states.widgets.add(id=key, **{"trigger_value" if pressed else "bool_value": True})
    line.send(ask.SerializeToString())
    while True:
        said = _heard(line)
        if said.WhichOneof("type") == "new_session":
            shown.session = said.new_session.initialize.session_id
        if said.WhichOneof("type") == "navigation":
            shown.places = [one.url_pathname for one in said.navigation.app_pages if not one.is_hidden]
        if said.WhichOneof("type") == "delta":
            shown.take(said.delta)
        ended = shown.session and said.WhichOneof("type") == "script_finished"  # what ends before it began was another run
        if ended and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return shown


def made(line: ClientConnection, session: str, button: str) -> str:
    """The address of a file that is made on a click; '' where there is none."""
    ask = BackMsg()
    ask.backend_operation_request.session_id, ask.backend_operation_request.request_id = session, button
    ask.backend_operation_request.deferred_file.file_id = button
    line.send(ask.SerializeToString())
    while (said := _heard(line)).WhichOneof("type") != "backend_operation_response":
        pass
    return said.backend_operation_response.deferred_file.url


def _heard(line: ClientConnection) -> ForwardMsg:
    """What the server says next."""
    said = ForwardMsg()
    said.ParseFromString(line.recv(timeout=PATIENCE, decode=False))
    return said


def see_again(visitor: Visitor, session: str) -> str:
    with visitor.line(session) as line:
        return see(line, "method").session


def signed(url: str, issuer: str, *, secret: str = SIGNED_WITH, **claims: Any) -> Visitor:
    """Somebody with a cookie as Streamlit makes it of what a provider said."""
    said = {"iss": issuer, "exp": time.time() + 600, "is_logged_in": True, "origin": url, **claims}
    value = create_signed_value(secret, "_streamlit_user", json.dumps({k: v for k, v in said.items() if v is not None}))
    return Visitor(url, {"Cookie": f"_streamlit_user={value.decode()}"})


@contextlib.contextmanager
def provider(names: Iterable[str]) -> Iterator[str]:
    """A real provider, by its address; it knows these by their names, and Loket's address for e-mail, by the number u1."""
    importlib.import_module("authlib.deprecate")  # it has its warnings always said
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what the provider is made of
        import oidc_provider_mock as mock
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    claims = {"email": "loket@kantor.go.id", "email_verified": True, "name": "Loket"}
    people = [mock.User(sub="u1", claims=claims), *(mock.User(sub=name) for name in names)]
    with mock.run_server_in_thread(user_claims=people) as running:
        yield f"http://localhost:{running.server_port}"


def leads_to(home: Path, issuer: str, url: str) -> None:
    """Write for the app, which has this home, what leads to a provider and back to an address."""
    (home / ".streamlit").mkdir(parents=True, exist_ok=True)
    (home / ".streamlit" / "secrets.toml").write_text(
        f'[auth]\nredirect_uri = "{url}/oauth2callback"\ncookie_secret = "{SIGNED_WITH}"\n'
        f'client_id = "ektp"\nclient_secret = "rahasia"\n'
        f'server_metadata_url = "{issuer}/.well-known/openid-configuration"\n'
        "client_kwargs = { timeout = 100 }\n"  # how busy the machine is must not decide
    )


def through(url: str, issuer: str, subject: str) -> tuple[requests.Session, requests.Response]:
    """A browser that logged in at a provider, and the page to which that led."""
    browser = requests.Session()
    page = browser.get(url + "/position", headers=HTML, timeout=PATIENCE).text
    way = re.findall(r'href="(auth/login[^"]+)"', page)[0]
    asked = browser.get(f"{url}/{way}", timeout=PATIENCE)
    assert asked.url.startswith(issuer), asked.text[:500]
    return browser, browser.post(asked.url, data={"sub": subject}, timeout=PATIENCE)


def cookies(browser: requests.Session) -> str:
    return "; ".join(f"{one.name}={one.value}" for one in browser.cookies)


def raw(port: int | None, source: str, headers: list[str]) -> int:
    """The status of a request from a number of this machine."""
    with socket.create_connection(("127.0.0.1", port or 0), source_address=(source, 0)) as line:
        asked = ["GET / HTTP/1.1", f"Host: localhost:{port}", "Accept: text/html", "Connection: close", *headers]
        line.sendall(("\r\n".join(asked) + "\r\n\r\n").encode())
        return int(line.recv(20).split()[1])
