"""The role table against the real server: who gets what, by each way of logging in; pages over their sockets, no browser."""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import re
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import BrowserContext, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from ektp_analysis.access import audit, gate, roster
from ektp_analysis.access.people import Role
from ektp_analysis.login import MOST_BYTES
from ektp_analysis.office import stores
from ektp_analysis.page import registry
from ektp_analysis.store.persons import LoginEvent
from tests import seed
from tests.browser.conftest import Server, axe, free_port, serve, without_settings
from tests.shared import OTHER, OWN, PASSWORD, ROLES, SISTER, fill, folder_of

pytestmark = pytest.mark.browser
SECRETS = re.compile(r"(?<![\d.,])(?:4[.,]?177|6[.,]?389)(?!\d)")  # of a sister's kecamatan, of another province
SIGNED_WITH = "s3cr3t" * 8
ERROR = "format: error"  # of a sentence on a page
OUTSIDE = ("anonymous", "withdrawn", "stale", "none")
HTML = {"Accept": "text/html"}
PATIENCE = 60.0


@dataclass
class Shown:
    """What a page sent: all texts, the session, and addresses of files."""

    text: str
    session: str
    files: list[str] = field(default_factory=list)


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

    def page(self, name: str, query: str = "") -> Shown:
        with self.line() as line:
            return see(line, name, query)


def see(line: ClientConnection, name: str, query: str = "") -> Shown:
    """A page, once it is done."""
    ask, shown = BackMsg(), Shown("", "")
    ask.rerun_script.page_name, ask.rerun_script.query_string = name, f"lang=en&{query}"
    line.send(ask.SerializeToString())
    while True:
        said = ForwardMsg()
        said.ParseFromString(line.recv(timeout=PATIENCE, decode=False))
        if said.WhichOneof("type") == "new_session":
            shown.session = said.new_session.initialize.session_id
        text = str(said.delta)
        shown.text += text
        shown.files += re.findall(r"/media/\w+\.\w+", text)
        if said.WhichOneof("type") == "script_finished" and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return shown


def tokens() -> dict[str, str]:
    """The tokens of sessions, by who has them."""
    found = {key: audit.begin(gate.known_people()[key], "accounts") for key in [*ROLES, "prov", "none"]}
    past = datetime.now(UTC) - timedelta(minutes=1)
    for name, person, until in (("stale", "loket", past), ("withdrawn", "pergi", past + audit.LASTS)):
        told = LoginEvent(person, "login", "accounts", datetime.now(UTC), gate.session_name(name), until)
        gate.people_store().add_login_event(told)
        found[name] = name
    return found


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Callable[[str], Visitor]]]:
    """A server with accounts, and its visitors by role."""
    place = tmp_path_factory.mktemp("accounts")
    with folder_of(place, "accounts"):
        fill(plans=False)
        for key in ("loket", "ulfa"):
            roster.set_password(key, PASSWORD)
        known = tokens()
    with serve(place, EKTP_LOGIN="accounts", EKTP_LANGUAGE="en") as server:

        def visitor(who: str) -> Visitor:
            return Visitor(server.url, {"Cookie": f"ektp_session={known[who]}"} if who in known else {})

        yield server, visitor


def nothing(visitor: Visitor, way: str = "accounts", *, known: bool = False) -> None:
    """Whoever is not in gets the page for logging in, and nothing else at any address."""
    page = 403 if known or way == "proxy" else 303
    other = 403 if known or way == "proxy" else 401
    for one in registry.PAGES:
        assert visitor.get(f"/{one.file}", **HTML).status_code == page
    for path in (
        "/", "/slides/show", "/x/slides/show", "/static/slides/show", "/slides/show?data=sample", f"/slides/show?area={OWN}",
        "/slides/show/state", "/slides/show/pictures", "/media/x.png", "/component/streamlit_folium.st_folium/index.html",
        "/_stcore/host-config", "/_stcore/bidi-components/x", "/app/static/x", "/oauth2callbackx", "/nowhere",
        "/_stcore/upload_file/a/healthz", "/static/../position", "/static/%2e%2e/position", "/healthz/",
    ):  # fmt: skip
        answer = visitor.get(path)
        assert answer.status_code in (other, 400), path
        assert not re.search(r"\d{3,}", re.sub(r"\S+://\S+|#\w+", "", answer.text)), path
    for method in ("PUT", "DELETE", "OPTIONS", "POST", "PATCH"):
        for path in ("/_stcore/upload_file/a/signin", "/media/signin", "/_stcore/stream", "/healthz"):
            assert visitor.ask(method, path).status_code in (other, 405, 401, 403), (method, path)
    assert visitor.socket() == other
    health = visitor.get("/healthz")
    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert visitor.get("/static/js/none.js").status_code in (200, 404) and visitor.get("/favicon.png").status_code == 200


@pytest.mark.parametrize("who", OUTSIDE)
def test_who_is_not_in_gets_nothing(accounts: Any, who: str) -> None:
    _, visitor = accounts
    one = visitor(who)
    nothing(one, known=who == "none")
    forged = replace(one, headers={**one.headers, "X-Ektp-Acting": "operator"})
    assert forged.socket() in (401, 403) and forged.get("/slides/show").status_code in (401, 403)
    if who == "none":
        assert "nobody has given you a role" in one.get("/", **HTML).text
    elif who == "anonymous":
        assert one.get(f"/position?area={OWN}", **HTML).headers["location"] == f"signin?next=position%3Farea%3D{OWN}"


def test_each_page_shows_what_the_role_may_see(accounts: Any) -> None:
    _, visitor = accounts
    with visitor("loket").line() as line:
        for one in registry.PAGES:
            own = see(line, one.file, f"area={OWN}")
            assert ERROR not in own.text and not SECRETS.search(own.text), one.file
        for area in (SISTER, "75"):
            shown = see(line, "position", f"area={area}")
            assert ERROR not in shown.text and not SECRETS.search(shown.text), area
        for area in (f"{SISTER}.01", OTHER, "ID"):
            for page in ("area_map", "data"):
                shown = see(line, page, f"area={area}")
                assert "You may not see" in shown.text and not SECRETS.search(shown.text), (page, area)
        assert "This takes the role uploader" in see(line, "data", f"area={OWN}").text
    for forged in ("operator", "system", "person:prov"):
        one = visitor("loket")
        with replace(one, headers={**one.headers, "X-Ektp-Acting": forged}).line() as line:
            assert "You may not see" in see(line, "method", f"area={SISTER}.01").text, forged
    for who in ("ulfa", "rudi"):
        shown = visitor(who).page("data", f"area={OWN}")
        assert "Drop one or more files here" in shown.text and not SECRETS.search(shown.text), who
        assert "Back up now" not in shown.text
    seen = visitor("prov").page("position", f"area={SISTER}")
    assert SECRETS.search(seen.text), "who may see a sister's kecamatan does"


def test_what_others_can_reach_does_not_start(tmp_path: Path) -> None:
    """As app.py reads the address itself: also where none is set, which is every one."""
    for address in ("0.0.0.0", ""):
        log = tmp_path / "start.log"
        told = ("run", "app.py", "--server.headless", "true", "--server.port", str(free_port()), "--server.address", address)
        environment = without_settings(tmp_path, EKTP_LANGUAGE="en")
        assert seed.start("streamlit", *told, environment=environment, log=log).wait() != 0
        assert "nobody would have to log in" in log.read_text() and "Traceback" not in log.read_text()


def test_slides_and_their_figures_are_those_that_one_may_see(accounts: Any) -> None:
    _, visitor = accounts
    loket, prov = visitor("loket"), visitor("prov")
    names = {who: one.get(f"/slides/show/state?area={OWN}").json()["state"] for who, one in (("loket", loket), ("prov", prov))}
    assert all(names.values())
    for area in (OTHER, f"{SISTER}.01"):
        for path in ("show", "show/state", "show/pictures"):
            answer = loket.get(f"/slides/{path}?area={area}")
            assert not SECRETS.search(answer.text), (path, area)
    assert prov.get(f"/slides/show/state?area={SISTER}.01").status_code == 200


def test_files_of_a_page_are_for_whose_page_it_is(accounts: Any) -> None:
    _, visitor = accounts
    loket, ulfa = visitor("loket"), visitor("ulfa")
    with loket.line() as line, ulfa.line() as other:
        shown, theirs = see(line, "data", f"area={OWN}"), see(other, "method", f"area={OWN}")
        assert shown.session and theirs.session and shown.session != theirs.session and shown.files
        for name in shown.files:
            assert (
                loket.get(name).status_code == 200 and ulfa.get(name).status_code == 404 == visitor("rudi").get(name).status_code
            )
            assert visitor("anonymous").get(name).status_code == 401
        put = f"/_stcore/upload_file/{theirs.session}/1"
        body = {"Content-Type": "multipart/form-data; boundary=x", "X-Xsrftoken": "x"}
        assert loket.ask("PUT", put, b"--x--", **body).status_code == 403
        assert "not yours" in loket.ask("PUT", put, b"--x--", **body).text
        mine = loket.ask("PUT", f"/_stcore/upload_file/{shown.session}/1", b"--x--", **body)
        assert mine.status_code == 403 and "uploader" in mine.text
        assert "XSRF" in ulfa.ask("PUT", put, b"--x--", **body).text, "who may upload comes as far as Streamlit's own check"
        taken = see_again(loket, theirs.session)
        assert taken != theirs.session, "nobody goes on with somebody else's page"


def see_again(visitor: Visitor, session: str) -> str:
    with visitor.line(session) as line:
        return see(line, "method").session


def test_logging_in_and_out(accounts: Any) -> None:
    server, _ = accounts
    browser = requests.Session()

    def form() -> str:
        page = browser.get(f"{server.url}/signin?lang=en&next=position", timeout=PATIENCE)
        assert "form-action 'self'" in page.headers["content-security-policy"] and "<script" not in page.text
        return re.findall(r'name="form" value="([^"]+)"', page.text)[0]

    def sent(path: str = "/signin", **fields: str) -> requests.Response:
        return browser.post(server.url + path, data=fields, allow_redirects=False, timeout=PATIENCE)

    token, wrong = form(), {}
    assert sent(form="", name="loket", password=PASSWORD).status_code == 403
    assert sent(form="x" * 30, name="loket", password=PASSWORD).status_code == 403
    assert sent(form=form(), name="loket", password="x" * MOST_BYTES).status_code == 403, "no form is that long"
    for name in ("loket", "niemand", "a b"):
        answer = sent(form=form(), name=name, password="falsch", lang="en")
        wrong[name] = answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)
    assert len(set(wrong.values())) == 1 and wrong["loket"][0] == 401 and "wrong" in wrong["loket"][1]
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert "evil" not in sent(form="", name="x", password="x", next=back).text
    came = browser.post(
        server.url + "/signin",
        data={"form": form(), "name": " Loket ", "password": PASSWORD, "next": "position?area=75.05"},
        headers={"Origin": server.url}, allow_redirects=False, timeout=PATIENCE,
    )  # fmt: skip
    assert (came.status_code, came.headers["location"]) == (303, "./position?area=75.05"), came.text
    cookie = came.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and token not in cookie
    loket = Visitor(server.url, {"Cookie": f"ektp_session={browser.cookies['ektp_session']}"})
    assert loket.socket() == 101 and loket.get("/", **HTML).status_code == 200
    with loket.line() as line:
        assert "Loket" in see(line, "method").text
        assert sent("/signout").status_code == 403 and loket.socket() == 101
        leave = browser.get(server.url + "/signout?lang=en", timeout=PATIENCE).text
        out = sent("/signout", form=re.findall(r'name="form" value="([^"]+)"', leave)[0])
        assert "logged out" in out.text or "keluar" in out.text
        assert loket.socket() == 401 == loket.get("/slides/show").status_code, "the token is worth nothing any more"
        assert "Log in" in see(line, "position").text, "an open page shows nothing more"
    for number in range(30):
        last = sent(form=form(), name="camat", password=str(number))
        if last.status_code == 429:
            break
    assert last.status_code == 429 and int(last.headers["retry-after"]) > 5
    assert sent(form=form(), name="camat", password=PASSWORD).status_code == 429


def test_in_a_browser_by_keyboard(accounts: Any, reader: BrowserContext) -> None:
    server, _ = accounts
    page = reader.new_page()
    page.goto(server.url + f"/data?lang=en&area={OWN}")
    assert "/signin?next=" in page.url and axe(page) == []
    expect(page.get_by_role("link", name="Indonesia")).to_be_visible()
    page.keyboard.type("Ulfa")  # the first field has the keyboard
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Logged in as Ulfa (ulfa)")).to_be_visible()
    assert urlsplit(page.url).path == "/data"
    expect(page.get_by_text("Drop one or more files here")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    assert axe(page, only=("color-contrast",)) == []
    expect(page.get_by_role("button", name="Back up now")).to_have_count(0)
    with page.expect_download() as started:
        page.get_by_role("button", name="All figures (CSV)").click()
    taken = started.value.path().read_text(encoding="utf-8")
    assert f"{OWN}.01" in taken and not SECRETS.search(taken) and f"\n{SISTER}," not in taken
    page.get_by_role("link", name="Log out").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You have logged out.")).to_be_visible()
    page.goto(server.url + "/position")
    assert "/signin" in page.url
    page.close()
    with folder_of(server.data, "accounts"):
        assert list(stores.own_store().noted("export").values())[-1]["by"] == "Ulfa (ulfa)"


def test_what_becomes_of_a_person_reaches_open_pages(accounts: Any) -> None:
    server, visitor = accounts
    camat = visitor("camat")
    with camat.line() as line:
        assert not SECRETS.search(see(line, "position", f"area={OWN}").text) and camat.get("/").status_code == 200
        with folder_of(server.data, "accounts"):
            roster.withdraw("camat")
        end = datetime.now(UTC) + timedelta(seconds=gate.FRESH + 1)
        while camat.get("/", **HTML).status_code == 200:
            assert datetime.now(UTC) < end, "within a minute at most"
        assert "Log in" in see(line, "position", f"area={OWN}").text
    assert camat.socket() == 401


def test_a_trusted_proxy_says_who_comes(tmp_path: Path) -> None:
    place = tmp_path / "proxy"
    with folder_of(place, "proxy"):
        fill(plans=False)
    given = {"EKTP_LOGIN": "proxy", "EKTP_PROXY_HEADER": "Remote-User", "EKTP_PROXY_ADDRESSES": "127.0.0.1"}
    with serve(place, STREAMLIT_SERVER_ADDRESS="0.0.0.0", EKTP_HOSTS="ektp.kantor.lan", **given) as server:
        loket = Visitor(server.url, {"Remote-User": "Loket"})
        assert loket.socket() == 101 and loket.get("/", **HTML).status_code == 200
        assert "Loket" in loket.page("position", f"area={OWN}").text
        nothing(Visitor(server.url), "proxy")
        nothing(Visitor(server.url, {"Remote-User": "none"}), "proxy", known=True)
        for name in ("pergi", "niemand", "", "a b", "operator", "loket, rudi"):
            assert Visitor(server.url, {"Remote-User": name}).socket() == 403, name
        # from another machine, also where it claims to be the proxy, and with the header twice
        port = urlsplit(server.url).port
        assert (
            raw(port, "127.0.0.2", ["Remote-User: loket"])
            == 403
            == raw(port, "127.0.0.2", ["Remote-User: loket", "X-Forwarded-For: 127.0.0.1"])
        )
        assert raw(port, "127.0.0.1", ["Remote-User: loket", "Remote-User: rudi"]) == 403
        assert raw(port, "127.0.0.1", ["Remote-User: loket", "X-Forwarded-For: 10.0.0.9"]) == 200
    with folder_of(place, "proxy"):
        told = [(one.person, one.event, one.way) for one in audit.latest(5)]
        assert told.count(("loket", "login", "proxy")) == 1


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server whose people come from a real provider, and the provider's address."""
    place, port = tmp_path_factory.mktemp("oidc"), free_port()
    importlib.import_module("authlib.deprecate")  # it has its warnings always said
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what the provider is made of
        import oidc_provider_mock as mock
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    claims = {"email": "loket@kantor.go.id", "email_verified": True, "name": "Loket"}
    people = [mock.User(sub="u1", claims=claims), mock.User(sub="u9", claims={"email": "lain@kantor.go.id"})]
    with mock.run_server_in_thread(user_claims=people) as running:
        issuer = f"http://localhost:{running.server_port}"
        secrets = (
            f'[auth]\nredirect_uri = "http://localhost:{port}/oauth2callback"\ncookie_secret = "{SIGNED_WITH}"\n'
            f'client_id = "ektp"\nclient_secret = "rahasia"\n'
            f'server_metadata_url = "{issuer}/.well-known/openid-configuration"\n'
            "client_kwargs = { timeout = 100 }\n"  # how busy the machine is must not decide
        )
        (place / ".streamlit").mkdir()
        (place / ".streamlit" / "secrets.toml").write_text(secrets)
        with folder_of(place, "oidc"):
            fill(plans=False)
            roster.add("loket@kantor.go.id", "Loket")
            roster.grant("loket@kantor.go.id", Role.READER, OWN)
            roster.add("kepala", identity=roster.identity_of(issuer, "u2"))
            roster.grant("kepala", Role.UPLOADER, OWN)
        with serve(place, port=port, EKTP_LOGIN="oidc", EKTP_LANGUAGE="en", HOME=str(place)) as server:
            yield server, issuer


def signed(server: Server, issuer: str, *, secret: str = SIGNED_WITH, **claims: Any) -> Visitor:
    """Somebody with a cookie as Streamlit makes it of what a provider said."""
    said = {"iss": issuer, "exp": time.time() + 600, "is_logged_in": True, "origin": server.url, **claims}
    value = create_signed_value(secret, "_streamlit_user", json.dumps({k: v for k, v in said.items() if v is not None}))
    return Visitor(server.url, {"Cookie": f"_streamlit_user={value.decode()}"})


def test_a_provider_says_who_comes(provider: tuple[Server, str]) -> None:
    server, issuer = provider
    nothing(Visitor(server.url))
    browser = requests.Session()
    page = browser.get(server.url + "/position", headers=HTML, timeout=PATIENCE).text
    way = re.findall(r'href="(auth/login[^"]+)"', page)[0]
    asked = browser.get(f"{server.url}/{way}", timeout=PATIENCE)
    assert asked.url.startswith(issuer), server.log.read_text()[-2000:]
    came = browser.post(asked.url, data={"sub": "u1"}, timeout=PATIENCE)
    assert came.url == server.url + "/" and "signin" not in came.url, came.text[:500]
    cookies = "; ".join(f"{one.name}={one.value}" for one in browser.cookies)
    loket = Visitor(server.url, {"Cookie": cookies})
    assert loket.get("/", **HTML).status_code == 200
    with loket.line() as line:
        shown = see(line, "position", f"area={OWN}")
        assert "Logged in as Loket" in shown.text and not SECRETS.search(shown.text)
        # she is known by the provider's own number from now on, whatever address another one has
        known = {"email": "loket@kantor.go.id", "email_verified": True}
        nothing(signed(server, issuer, sub="u7", **known), known=True)
        assert signed(server, issuer, sub="u1", email="baru@kantor.go.id").socket() == 101
        leave = browser.get(server.url + "/signout?lang=en", timeout=PATIENCE).text
        token = re.findall(r'name="form" value="([^"]+)"', leave)[0]
        left = browser.post(server.url + "/signout", data={"form": token, "lang": "en"}, timeout=PATIENCE).text
        assert "You have logged out" in left and 'href="auth/logout"' in left
        assert loket.socket() == 401 == loket.get("/slides/show").status_code, "the cookie is worth nothing any more"
        assert "Log in" in see(line, "position").text


def test_what_a_provider_did_not_say_does_not_count(provider: tuple[Server, str]) -> None:
    server, issuer = provider
    kepala = {"sub": "u2"}
    assert signed(server, issuer, **kepala).socket() == 101
    for wrong in (
        {"exp": time.time() - 1}, {"exp": None}, {"exp": True}, {"exp": "morgen"}, {"secret": "x" * 40}, {"is_logged_in": False},
    ):  # fmt: skip
        assert signed(server, issuer, **{**kepala, **wrong}).socket() == 401, wrong
    for other in (
        {"iss": "http://evil.example"}, {"sub": "u3"}, {"sub": None}, {"sub": "u3", "iss": None},
        {"sub": "u3", "email": "loket", "email_verified": False}, {"sub": "u3", "email": "pergi", "email_verified": True},
    ):  # fmt: skip
        assert signed(server, issuer, **{**kepala, **other}).socket() in (401, 403), other
    with folder_of(server.data, "oidc"):
        told = [(one.person, one.event) for one in audit.latest(10) if one.way == "oidc"]
    assert told.count(("kepala", "login")) == 1 and all(person in ("kepala", "loket@kantor.go.id") for person, _ in told)


def raw(port: int | None, source: str, headers: list[str]) -> int:
    """The status of a request from a number of this machine."""
    import socket

    with socket.create_connection(("127.0.0.1", port or 0), source_address=(source, 0)) as line:
        asked = ["GET / HTTP/1.1", f"Host: localhost:{port}", "Accept: text/html", "Connection: close", *headers]
        line.sendall(("\r\n".join(asked) + "\r\n\r\n").encode())
        return int(line.recv(20).split()[1])
