"""The three ways of logging in behind Caddy with TLS: ``python -m tests.behind_caddy`` (part of `make faults`).

The rules are those of deploy/Caddyfile and docs/login.md, word for word but for the name and the port; the app, Caddy and the
provider are real. What somebody outside claims to be never counts ("passed": goal 0). Where there is no Caddy, that is said.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import requests

from ektp_analysis.access import gate, roster
from tests.browser.comers import HTML, PATIENCE, Visitor, cookies, leads_to, provider, through
from tests.browser.conftest import ROOT, free_port, serve
from tests.shared import OWN, PASSWORD, fill, folder_of

CADDY = shutil.which("caddy")
RULE = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
WRITTEN = re.findall(r"^```caddyfile\n(.*?)^```$", (ROOT / "docs" / "login.md").read_text(encoding="utf-8"), re.M | re.S)
FORGED = (
    {"Remote-User": "sekretaris"},
    {"remote-user": "sekretaris", "X-Forwarded-For": "127.0.0.1"},
    {"X-Ektp-Acting": "operator"},
)
_wrong: list[str] = []


def hold(well: bool, said: str) -> None:
    """Count what is not as it should be."""
    if not well:
        _wrong.append(said)
    print(f"    {'yes' if well else 'NO '} {said}", flush=True)


@contextlib.contextmanager
def caddy(place: Path, rule: str, **environment: str) -> Iterator[str]:
    """Caddy with a rule, by its address; its authority is trusted here for as long."""
    port, plain = free_port(), free_port() + 1
    name = f"localhost:{port}"
    told = re.sub(r"^ektp\.kantor\.lan \{", f"{name} {{", rule, flags=re.M)
    folder = place / "caddy"
    (folder / "Caddyfile").parent.mkdir(exist_ok=True)
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {plain}\n}}\n{told}", encoding="utf-8")
    given = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder), "EKTP_HOST": name}
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [CADDY or "caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"],
            env={**given, **environment}, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    root = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    try:
        os.environ["REQUESTS_CA_BUNDLE"] = os.environ["SSL_CERT_FILE"] = str(root)
        end = time.monotonic() + PATIENCE
        while not (root.exists() and _answers(f"https://{name}/healthz")):
            assert running.poll() is None and time.monotonic() < end, (folder / "log").read_text()[-2000:]
            time.sleep(0.1)
        yield f"https://{name}"
    finally:
        for one in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            os.environ.pop(one, None)
        running.terminate()
        running.wait()


def _answers(url: str) -> bool:
    with contextlib.suppress(requests.RequestException):
        return bool(requests.get(url, timeout=5).status_code)
    return False


def shut(url: str, who: Mapping[str, str], said: str) -> None:
    """Nobody gets in who sends no more than this."""
    for forged in ({}, *FORGED):
        one = Visitor(url, {**who, **forged})
        statuses = {one.get("/position", **HTML).status_code, one.get(f"/slides/show?area={OWN}").status_code, one.socket()}
        hold(statuses <= {303, 401, 403}, f"{said}, claiming {forged or 'nothing'}: {sorted(statuses)}")


def inside(one: Visitor, said: str) -> None:
    """Loket is in, and nobody else, whatever is claimed beside."""
    for forged in ({}, *FORGED):
        shown = Visitor(one.url, {**one.headers, **forged}).page("data", f"area={OWN}").text
        hold("Logged in as Loket" in shown and "This takes the role uploader" in shown, f"{said}, claiming {forged or 'nothing'}")


def by_account(url: str) -> None:
    shut(url, {}, "anonymous")
    browser = requests.Session()
    page = browser.get(url + "/signin", timeout=PATIENCE)
    form = {"form": re.findall(r'name="form" value="([^"]+)"', page.text)[0], "name": "loket", "password": PASSWORD}
    came = browser.post(url + "/signin", data=form, headers={"Origin": url}, allow_redirects=False, timeout=PATIENCE)
    hold(came.status_code == 303, f"an account logs in: {came.status_code}")
    hold("Secure" in came.headers.get("set-cookie", ""), "its cookie is sent over TLS alone")
    hold("strict-transport-security" in came.headers, "browsers are told to stay with TLS")
    inside(Visitor(url, {"Cookie": cookies(browser)}), "an account")


def by_provider(url: str, issuer: str) -> None:
    shut(url, {}, "anonymous")
    browser, came = through(url, issuer, "loket")
    hold(came.url == url + "/", f"a provider leads back: {came.url}")
    inside(Visitor(url, {"Cookie": cookies(browser)}), "through a provider")


def by_password(url: str) -> None:
    """Caddy asks for the password itself."""
    shut(url, {}, "without a password")
    shut(url, _basic("loket", "falsch"), "with a wrong password")
    inside(Visitor(url, _basic("loket", PASSWORD)), "with the password of Caddy")


def _basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@contextlib.contextmanager
def another(port: int) -> Iterator[None]:
    """A programme that Caddy asks: it knows one cookie, and lets another one in without saying who that is."""

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers.get("Cookie", "")
            self.send_response(200 if known in ("sso=loket", "sso=tamu") else 401)
            if known == "sso=loket":
                self.send_header("Remote-User", "loket")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("localhost", port), Asked) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def main() -> int:
    """0 where everybody is who they are."""
    if CADDY is None:
        print("There is no Caddy here (Debian: apt-get install caddy): what stands behind it was not tried.")
        return 0
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ektp-caddy") as folder, provider(["loket"]) as issuer:
        place = Path(folder)
        with folder_of(place, "accounts"):
            fill(plans=False)
            roster.set_password("loket", PASSWORD)
            roster.bind(gate.known_people()["loket"], roster.identity_of(issuer, "loket"))
        given = {"EKTP_DATA_DIR": str(place), "EKTP_LANGUAGE": "en"}
        with serve(place / "accounts", anew=True, EKTP_LOGIN="accounts", **given) as app, _ruled(place, RULE, app.url) as url:
            print("  accounts, deploy/Caddyfile")
            by_account(url)
        with _oidc(place, issuer, given) as url:
            print("  oidc, deploy/Caddyfile")
            by_provider(url, issuer)
        header = {"EKTP_PROXY_HEADER": "Remote-User", "EKTP_PROXY_ADDRESSES": "127.0.0.1,::1"}
        with serve(place / "proxy", anew=True, EKTP_LOGIN="proxy", **header, **given) as app:
            with _ruled(place, RULE, app.url) as url:
                print("  proxy, deploy/Caddyfile, which asks nobody")
                shut(url, {}, "anonymous")
            hashed = subprocess.run(
                [CADDY, "hash-password", "--plaintext", PASSWORD], capture_output=True, text=True, check=True
            ).stdout.strip()
            asks, forwards = WRITTEN
            with _ruled(place, asks.replace("HASH", hashed), app.url) as url:
                print("  proxy, docs/login.md: Caddy asks for a password")
                by_password(url)
            port = free_port() + 2
            with another(port), _ruled(place, forwards.replace("localhost:9091", f"localhost:{port}"), app.url) as url:
                print("  proxy, docs/login.md: Caddy asks another programme")
                shut(url, {}, "unknown there")
                shut(url, {"Cookie": "sso=tamu"}, "let in there without a name")
                inside(Visitor(url, {"Cookie": "sso=loket"}), "known there")
    print(f"  passed: {len(_wrong)} (goal 0); {time.monotonic() - start:.0f} s")
    return 1 if _wrong else 0


@contextlib.contextmanager
def _ruled(place: Path, rule: str, app: str) -> Iterator[str]:
    there = app.removeprefix("http://")
    with caddy(place, rule.replace("reverse_proxy localhost:8501", f"reverse_proxy {there}"), EKTP_UPSTREAM=there) as url:
        yield url


@contextlib.contextmanager
def _oidc(place: Path, issuer: str, given: Mapping[str, str]) -> Iterator[str]:
    """The app with a provider, which leads back to Caddy's address; that is known before the app starts."""
    home, port = place / "oidc", free_port() + 3
    with caddy(place, RULE, EKTP_UPSTREAM=f"localhost:{port}") as url:
        leads_to(home, issuer, url)
        with serve(home, anew=True, port=port, EKTP_LOGIN="oidc", HOME=str(home), **given):
            yield url


if __name__ == "__main__":
    sys.exit(main())
