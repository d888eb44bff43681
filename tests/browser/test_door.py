"""The door of the real server: foreign names and pages, shut addresses, costly requests, and no call to the outside."""

from __future__ import annotations

import http.client
import re
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from ektp_analysis.access import roster
from ektp_analysis.access.people import Role
from ektp_analysis.office import stores
from ektp_analysis.turns import SLIDES
from tests.browser.conftest import Server, serve, until
from tests.odd_requests import ADDRESSES, counted
from tests.shared import folder_of

pytestmark = pytest.mark.browser
STREAM = "/_stcore/stream"
MEANWHILE = 6  # answers of /healthz while slides are drawn, at least; one that waits for them answers once, however quick that is
ANOTHER = "127.0.0.2"  # number of this machine


def ask(server: Server, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    place = urlsplit(server.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=120)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


def status_of_socket(server: Server, origin: str | None, **headers: str) -> int:
    place = urlsplit(server.url)
    host = headers.pop("Host", place.netloc)
    with socket.create_connection((place.hostname, place.port)) as line:
        try:
            connect(f"ws://{host}{STREAM}", sock=line, origin=origin, additional_headers=headers).close()  # type: ignore[arg-type]
        except InvalidStatus as refused:
            return refused.response.status_code
    return 101


def test_a_foreign_page_gets_nothing(server: Server) -> None:
    place = urlsplit(server.url)
    for path in ("/", "/slides/show?data=sample", "/healthz", "/_stcore/health", "/static/js/none.js"):
        status, headers, said = ask(server, path, Host=f"evil.example:{place.port}")
        assert status == 421 and "evil.example" in said and "content-security-policy" in headers
        assert ask(server, path, Origin="http://localhost:9999")[0] == 403
    assert ask(server, "/_stcore/metrics")[0] == 404
    assert status_of_socket(server, f"http://evil.example:{place.port}", Host=f"evil.example:{place.port}") == 421
    assert status_of_socket(server, "http://localhost:9999") == status_of_socket(server, "null") == 403
    assert status_of_socket(server, server.url) == status_of_socket(server, None) == 101
    with pytest.raises(ConnectionRefusedError):  # it listens at one number of this machine, and not at the others
        socket.create_connection((ANOTHER, place.port or 0)).close()


def test_a_named_server_answers_to_its_name_and_calls_nobody_outside(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as outside:
        proxy = f"http://127.0.0.1:{outside.getsockname()[1]}"
        named = {
            "EKTP_HOSTS": "ektp.kantor.lan",
            "EKTP_LOGIN": "proxy",
            "EKTP_PROXY_HEADER": "Remote-User",
            "EKTP_PROXY_ADDRESSES": "127.0.0.1",
            "STREAMLIT_SERVER_ADDRESS": "0.0.0.0",
            "http_proxy": proxy,
            "https_proxy": proxy,
        }
        with folder_of(tmp_path / "named", "proxy"):
            stores.own_store()
            roster.add("loket")
            roster.grant("loket", Role.READER, "75.05")
        loket = {"Remote-User": "loket"}
        with serve(tmp_path / "named", **named) as running:
            assert ask(running, "/healthz", Host="ektp.kantor.lan", Origin="https://ektp.kantor.lan")[0] == 200
            assert status_of_socket(running, "https://ektp.kantor.lan", Host="ektp.kantor.lan", **loket) == 101
            assert status_of_socket(running, "https://ektp.kantor.lan", **loket) == 101  # behind a proxy that calls it localhost
            assert status_of_socket(running, "https://evil.example", **loket) == 403
            assert ask(running, "/healthz", Host="lain.kantor.lan")[0] == 421
            socket.create_connection((ANOTHER, urlsplit(running.url).port or 0)).close()  # as 0.0.0.0 asks for
            written = running.log.read_text()
            assert "external" not in written.lower() and "URL" in written
        outside.settimeout(0)
        with pytest.raises(BlockingIOError):
            outside.accept()


def test_a_foreign_script_does_not_run(server: Server, reader: BrowserContext) -> None:
    page = reader.new_page()
    try:
        page.goto(server.url + "/method", wait_until="commit")
        until(page, "() => window.__streamlit")  # before that the page may be empty: its head and its body come one by one
        assert page.evaluate("""() => new Promise(done => setTimeout(() => {  // later, as what is asked from here may do more
            const script = document.createElement("script");
            script.textContent = "window.foreign = 1";
            document.documentElement.append(script);
            try { (0, eval)("window.foreign = 1"); } catch { /* as it should be */ }
            done([typeof window.foreign, typeof window.__streamlit]);
        }))""") == ["undefined", "object"]  # the script that tells the page where its server is has run
    finally:
        page.close()


def test_odd_requests_find_no_fault(office: Server) -> None:
    found, faults = counted(urlsplit(office.url).port or 80, 12)
    assert not faults and found.total() == 12 * len(ADDRESSES) and len(found) > 5
    assert "Traceback" not in office.log.read_text(errors="replace")


def test_costly_requests_keep_nobody_waiting(office: Server) -> None:
    """One visitor has slides drawn; meanwhile others ask for slides of areas that have no figures."""

    def slides(number: int) -> tuple[int, dict[str, str], str]:
        area = f"73.{number:02}" if number else "75.05"
        return ask(office, f"/slides/show?data=sample&lang=en&area={area}", X_Forwarded_For=f"10.0.{number % 7}.1")

    with ThreadPoolExecutor(20) as threads:
        asked = [threads.submit(slides, number) for number in range(20)]
        answered = 0
        while not all(one.done() for one in asked):
            assert ask(office, "/healthz")[0] == 200
            answered += 1
            time.sleep(0.05)
        answers = [one.result() for one in asked]
    assert answered > MEANWHILE, answered
    found = Counter(status for status, _, _ in answers)
    assert set(found) == {200, 400, 503} and SLIDES.at_once + SLIDES.waiting <= found[200] + found[400] < len(answers)
    for status, headers, said in answers:
        if status == 503:
            assert int(headers["retry-after"]) > 0 and re.search(r"try again in \d+ seconds?", said)
    assert ask(office, "/slides/show?data=sample&area=75.05&on=2031-01-01&lang=en")[0] == 400
