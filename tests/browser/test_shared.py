"""The role table against the real server: who gets what, by each way of logging in; pages over their sockets, no browser."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import BrowserContext, expect

from ektp_analysis.access import audit, gate, roster
from ektp_analysis.access.people import Role
from ektp_analysis.login import MOST_BYTES
from ektp_analysis.office import stores
from ektp_analysis.page import registry
from ektp_analysis.store.persons import LoginEvent
from tests import seed
from tests.breadth import crossed
from tests.browser.comers import ERROR, HTML, PATIENCE, Visitor, cookies, leads_to, provider, raw, see, see_again, signed, through
from tests.browser.conftest import Server, axe, free_port, serve, without_settings
from tests.shared import OTHER, OWN, PASSWORD, ROLES, SISTER, fill, folder_of

pytestmark = pytest.mark.browser
SECRETS = re.compile(r"(?<![\d.,])(?:4[.,]?177|6[.,]?389)(?!\d)")  # of a sister's kecamatan, of another province
FIGURES = re.compile(r"^  (?:metric|dataframe|vega_lite_chart|component_instance|bidi_component) \{", re.M)
WAYS = ("accounts", "oidc", "proxy")
PART = f"{OWN}.01"  # of the office's area
UPLOADED = {"Content-Type": "multipart/form-data; boundary=x", "X-Xsrftoken": "x"}
OUTSIDE = ("anonymous", "stale", "withdrawn", "none")
# What a page offers to whom: its label, and the role that it takes in the office's area; None: in the whole of Indonesia.
OFFERS: Mapping[str, Mapping[str, Role | None]] = {
    "plan": {"Save this plan": Role.UPLOADER, "Enter a visit from the field": Role.UPLOADER},
    "slides": {"Save": Role.UPLOADER, "Name and logo of the office": None},
    "data": {
        "Drop one or more files here": Role.UPLOADER,
        "Enter a visit from the field": Role.UPLOADER,
        "Visits from a file": Role.UPLOADER,
        "Forget": Role.UPLOADER,
        "Check every figure against its file": None,
        "Back up now": None,
    },
}
# The same behind a click: the page, what is opened or pressed there, and what is offered then.
WITHIN: Mapping[str, tuple[tuple[str, ...], Mapping[str, Role | None]]] = {
    "position": (("Office's aim", "Holidays and events"), {"Set this aim": Role.APPROVER, "Add event": Role.UPLOADER}),
    "data": (
        ("Outlines for the map", "Visits taken in"),
        {"File with outlines": None, "Withdraw these visits": Role.UPLOADER},
    ),
}


@dataclass(frozen=True)
class Way:
    """A server with one way of logging in; ``visitor`` gives who comes by it, ``issuer`` is its provider."""

    server: Server
    visitor: Callable[[str], Visitor]
    issuer: str = ""


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
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Way]]:
    """One office's data behind three servers, one for each way of logging in."""
    place, port = tmp_path_factory.mktemp("shared"), free_port()
    with provider(ROLES) as issuer, contextlib.ExitStack() as servers:
        with folder_of(place, "accounts"):
            fill(plans=False)
            for key in ("loket", "unit"):
                roster.set_password(key, PASSWORD)
            for key in (*ROLES, "none", "pergi"):
                roster.bind(gate.known_people()[key], roster.identity_of(issuer, key))
            roster.add("loket@kantor.go.id", "Loket")
            roster.grant("loket@kantor.go.id", Role.READER, OWN)
            roster.add("kepala", identity=roster.identity_of(issuer, "u2"))
            roster.grant("kepala", Role.UPLOADER, OWN)
            known = tokens()
        leads_to(place / "oidc", issuer, f"http://localhost:{port}")

        def start(way: str, port: int = 0, **given: str) -> Server:
            shared = {"EKTP_DATA_DIR": str(place), "EKTP_LOGIN": way, "EKTP_LANGUAGE": "en"}
            server = servers.enter_context(serve(place / way, port=port, at_once=True, **shared, **given))
            return replace(server, data=place)

        oidc = start("oidc", port, HOME=str(place / "oidc"))
        accounts = start("accounts")
        header = {"EKTP_PROXY_HEADER": "Remote-User", "EKTP_PROXY_ADDRESSES": "127.0.0.1"}
        proxy = start("proxy", STREAMLIT_SERVER_ADDRESS="0.0.0.0", EKTP_HOSTS="ektp.kantor.lan", **header)

        def by_cookie(who: str) -> Visitor:
            return Visitor(accounts.url, {"Cookie": f"ektp_session={known[who]}"} if who in known else {})

        came = {
            "anonymous": Visitor(oidc.url),
            "stale": signed(oidc.url, issuer, sub="loket", exp=time.time() - 1),
            "withdrawn": signed(oidc.url, issuer, sub="pergi", email="pergi"),
            "none": signed(oidc.url, issuer, sub="none", email="none"),
        }

        def by_provider(who: str) -> Visitor:
            if who not in came:  # each logs in once
                browser, _ = through(oidc.url, issuer, who)
                came[who] = Visitor(oidc.url, {"Cookie": cookies(browser)})
            return came[who]

        def by_header(who: str) -> Visitor:
            named = {"anonymous": {}, "withdrawn": {"Remote-User": "pergi"}}.get(who, {"Remote-User": who})
            return Visitor(proxy.url, named)

        yield {"accounts": Way(accounts, by_cookie), "oidc": Way(oidc, by_provider, issuer), "proxy": Way(proxy, by_header)}


@pytest.fixture
def accounts(ways: dict[str, Way]) -> tuple[Server, Callable[[str], Visitor]]:
    """The server with accounts, and its visitors by role."""
    return ways["accounts"].server, ways["accounts"].visitor


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


# Without a stale one by a proxy: a header does not outlast its request.
@pytest.mark.parametrize(("who", "way"), [one for one in crossed(OUTSIDE, WAYS) if one.values != ("stale", "proxy")])
def test_who_is_not_in_gets_nothing(ways: dict[str, Way], way: str, who: str) -> None:
    one = ways[way].visitor(who)
    nothing(one, way, known=who == "none" or (way, who) == ("oidc", "withdrawn"))
    forged = replace(one, headers={**one.headers, "X-Ektp-Acting": "operator"})
    assert forged.socket() in (401, 403) and forged.get("/slides/show").status_code in (401, 403)
    if who == "none":
        assert "nobody has given you a role" in one.get("/", **HTML).text
    elif who == "anonymous" and way != "proxy":
        assert one.get(f"/position?area={OWN}", **HTML).headers["location"] == f"signin?next=position%3Farea%3D{OWN}"


def test_what_one_way_gives_is_worth_nothing_at_another(ways: dict[str, Way]) -> None:
    for at in WAYS:
        others = [dict(ways[way].visitor("sekretaris").headers) for way in WAYS if way != at]
        for sent in others:
            assert Visitor(ways[at].server.url, sent).socket() in (401, 403), (at, list(sent))


@pytest.mark.parametrize(("who", "way"), crossed(ROLES, WAYS))
def test_each_role_gets_at_each_address_what_it_may(ways: dict[str, Way], way: str, who: str) -> None:
    """Pages, what they offer, routes, files and areas."""
    one, role, first = ways[way].visitor(who), ROLES[who], who == "loket"
    with one.line() as line:
        for place in registry.PAGES:
            shown = see(line, place.file, f"area={PART}")
            assert not ERROR.search(shown.text) and not SECRETS.search(shown.text), place.file
            assert f"Logged in as {who.title()} ({who})" in shown.text, place.file
            offers = OFFERS.get(place.file, {})
            mine = {label for label, takes in offers.items() if takes and role >= takes}
            assert {*offers} & {*shown.offered} == mine, place.file
            if place.file == "data":
                taken = shown.files[0]
                assert ("This takes the role uploader; you may look only." in shown.text) == (role < Role.UPLOADER)
                assert one.get(taken).status_code == 200
                for other in {*ROLES, "anonymous"} - {who}:  # a file is for whose page it is
                    assert ways[way].visitor(other).get(taken).status_code in (401, 403, 404), other
        for area in (f"{SISTER}.01", OTHER, "ID"):
            for place in registry.PAGES if first and area == OTHER else registry.PAGES[-1:]:
                told = see(line, place.file, f"area={area}")
                assert "You may not see" in told.text and not SECRETS.search(told.text), (place.file, area)
        for area in (SISTER, "75") if first else ():
            told = see(line, "position", f"area={area}")
            assert not ERROR.search(told.text) and not SECRETS.search(told.text), area
        routes(one, role, shown.session)


def routes(one: Visitor, role: Role, session: str) -> None:
    """Every other address, for somebody with a role, whose open page is ``session``."""
    for place in registry.PAGES:
        assert one.get(f"/{place.file}?area={OTHER}", **HTML).status_code == 200, "the page itself holds nothing"
    assert one.get(f"/slides/show/state?area={PART}").json()["state"]
    for path in ("slides/show", "slides/show/state", "slides/show/pictures", "api/v1/figures", "api/v1/status"):
        answer = one.get(f"/{path}?area={OTHER}")
        assert answer.status_code == 403 and not SECRETS.search(answer.text), path
    for path, status in (
        ("/media/none.png", 404), ("/_stcore/host-config", 200), ("/metrics", 404), ("/healthz", 200), ("/api/v1/areas", 200),
    ):  # fmt: skip
        answer = one.get(path)
        assert answer.status_code == status and not SECRETS.search(answer.text), path
    for whose, said in ((session, "XSRF" if role > Role.READER else "uploader"), ("0" * 32, "not yours")):
        put = one.ask("PUT", f"/_stcore/upload_file/{whose}/1", b"--x--", **UPLOADED)
        assert put.status_code == 403 and said in put.text, (whose, put.text)


def test_who_may_see_a_whole_province_does(accounts: Any) -> None:
    _, visitor = accounts
    prov = visitor("prov")
    assert SECRETS.search(prov.page("position", f"area={SISTER}").text), "also of a sister's kecamatan"
    assert prov.get(f"/slides/show/state?area={SISTER}.01").status_code == 200
    assert "You may not see" in prov.page("method", f"area={OTHER}").text


@pytest.mark.parametrize("who", ["loket", "unit", "camat"])
def test_what_stands_behind_a_click_is_for_whose_role_it_is(accounts: Any, who: str) -> None:
    _, visitor = accounts
    with visitor(who).line() as line:
        for page, (boxes, behind) in WITHIN.items():
            before = see(line, page, f"area={OWN}")
            keys = [next(key for label, key in before.offered.items() if label.startswith(box)) for box in boxes]
            after = see(line, page, f"area={OWN}", clicked={key: key in before.buttons for key in keys})
            assert not ERROR.search(after.text) and not SECRETS.search(after.text), page
            offered = {label for label in behind if any(one.startswith(label) for one in after.offered)}
            assert offered == {label for label, takes in behind.items() if takes and ROLES[who] >= takes}, page


def test_what_others_can_reach_does_not_start(tmp_path: Path) -> None:
    """As app.py reads the address itself: also where none is set, which is every one."""
    for address in ("0.0.0.0", ""):
        log = tmp_path / "start.log"
        told = ("run", "app.py", "--server.headless", "true", "--server.port", str(free_port()), "--server.address", address)
        environment = without_settings(tmp_path, EKTP_LANGUAGE="en")
        assert seed.start("streamlit", *told, environment=environment, log=log).wait() != 0
        assert "nobody would have to log in" in log.read_text() and "Traceback" not in log.read_text()


def test_what_a_request_claims_of_itself_does_not_count(accounts: Any) -> None:
    _, visitor = accounts
    one = visitor("loket")
    for forged in ("operator", "system", "person:prov"):
        with replace(one, headers={**one.headers, "X-Ektp-Acting": forged}).line() as line:
            assert "You may not see" in see(line, "method", f"area={SISTER}.01").text, forged


def test_a_page_and_what_is_sent_to_it_are_for_whose_page_it_is(accounts: Any) -> None:
    _, visitor = accounts
    loket, unit = visitor("loket"), visitor("unit")
    with unit.line() as other:
        theirs = see(other, "method", f"area={OWN}").session
        put = loket.ask("PUT", f"/_stcore/upload_file/{theirs}/1", b"--x--", **UPLOADED)
        assert put.status_code == 403 and "not yours" in put.text
        assert theirs != see_again(loket, theirs), "nobody goes on with somebody else's page"


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
    page.keyboard.type("Unit")  # the first field has the keyboard
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Logged in as Unit (unit)")).to_be_visible()
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
        assert list(stores.own_store().noted("export").values())[-1]["by"] == "Unit (unit)"


def test_a_trusted_proxy_says_who_comes(ways: dict[str, Way]) -> None:
    server, way = ways["proxy"].server, ways["proxy"].visitor
    assert way("Loket").socket() == 101, "in letters of any size"
    for name in ("niemand", "", "a b", "operator", "loket, sekretaris"):
        assert way(name).socket() == 403, name
    # from another machine, also where it claims to be the proxy, and with the header twice
    port = urlsplit(server.url).port
    for sent in (["Remote-User: loket"], ["Remote-User: loket", "X-Forwarded-For: 127.0.0.1"]):
        assert raw(port, "127.0.0.2", sent) == 403
    assert raw(port, "127.0.0.1", ["Remote-User: loket", "Remote-User: sekretaris"]) == 403
    assert raw(port, "127.0.0.1", ["Remote-User: loket", "X-Forwarded-For: 10.0.0.9"]) == 200
    with folder_of(server.data, "proxy"):
        told = [(one.person, one.event) for one in audit.latest(100) if one.way == "proxy"]
        assert told.count(("loket", "login")) == 1 and "pergi" not in dict(told)


def test_a_provider_says_who_comes(ways: dict[str, Way]) -> None:
    server, issuer = ways["oidc"].server, ways["oidc"].issuer
    browser, came = through(server.url, issuer, "u1")
    assert came.url == server.url + "/" and "signin" not in came.url, came.text[:500]
    loket = Visitor(server.url, {"Cookie": cookies(browser)})
    assert loket.get("/", **HTML).status_code == 200
    with loket.line() as line:
        shown = see(line, "position", f"area={OWN}")
        assert "Logged in as Loket" in shown.text and not SECRETS.search(shown.text)
        # she is known by the provider's own number from now on, whatever address another one has
        known = {"email": "loket@kantor.go.id", "email_verified": True}
        nothing(signed(server.url, issuer, sub="u7", **known), known=True)
        assert signed(server.url, issuer, sub="u1", email="baru@kantor.go.id").socket() == 101
        leave = browser.get(server.url + "/signout?lang=en", timeout=PATIENCE).text
        token = re.findall(r'name="form" value="([^"]+)"', leave)[0]
        left = browser.post(server.url + "/signout", data={"form": token, "lang": "en"}, timeout=PATIENCE).text
        assert "You have logged out" in left and 'href="auth/logout"' in left
        assert loket.socket() == 401 == loket.get("/slides/show").status_code, "the cookie is worth nothing any more"
        assert "Log in" in see(line, "position").text


def test_what_a_provider_did_not_say_does_not_count(ways: dict[str, Way]) -> None:
    server, issuer = ways["oidc"].server, ways["oidc"].issuer
    kepala = {"sub": "u2"}
    assert signed(server.url, issuer, **kepala).socket() == 101
    for wrong in (
        {"exp": time.time() - 1}, {"exp": None}, {"exp": True}, {"exp": "morgen"}, {"secret": "x" * 40}, {"is_logged_in": False},
    ):  # fmt: skip
        assert signed(server.url, issuer, **{**kepala, **wrong}).socket() == 401, wrong
    for other in (
        {"iss": "http://evil.example"}, {"sub": "u3"}, {"sub": None}, {"sub": "u3", "iss": None},
        {"sub": "u3", "email": "loket", "email_verified": False}, {"sub": "u3", "email": "pergi", "email_verified": True},
    ):  # fmt: skip
        assert signed(server.url, issuer, **{**kepala, **other}).socket() in (401, 403), other
    with folder_of(server.data, "oidc"):
        told = [(one.person, one.event) for one in audit.latest(100) if one.way == "oidc"]
    assert told.count(("kepala", "login")) == 1 and {*dict(told)} <= {"kepala", "loket@kantor.go.id", *ROLES, "none"}


def test_what_becomes_of_a_person_reaches_open_pages(ways: dict[str, Way]) -> None:
    """A person taken out, and one whose role was taken: within a minute, at addresses and on pages that are open."""
    gone = [(way, ways[way].visitor(who)) for way in WAYS for who in ("camat", "sekretaris")]
    with contextlib.ExitStack() as opened:
        lines = [opened.enter_context(one.line()) for _, one in gone]
        for (_, one), line in zip(gone, lines, strict=True):
            assert one.get("/").status_code == 200 and not ERROR.search(see(line, "method", f"area={OWN}").text)
        with folder_of(ways["accounts"].server.data, "accounts"):
            roster.withdraw("camat")
            roster.grant("sekretaris", None, OWN)
        end = datetime.now(UTC) + timedelta(seconds=gate.FRESH + 1)
        while any(one.get("/", **HTML).status_code == 200 for _, one in gone):
            assert datetime.now(UTC) < end, "within a minute at most"
            time.sleep(0.1)
        for (way, one), line in zip(gone, lines, strict=True):
            shown = see(line, "position", f"area={OWN}")
            assert "Drop one" not in shown.text and not FIGURES.search(shown.text), way
            assert one.socket() in (401, 403) and one.get("/slides/show").status_code in (401, 403), way
