"""Odd requests on every address of the server: ``python -m tests.odd_requests [count]``. Ends with 1 where one is a fault.

A fault is an answer of 5xx that is not the queue's (503 with a sentence and Retry-After), or none at all. The full count is
2,000 an address; the tests take a few.
"""

from __future__ import annotations

import contextlib
import random
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from ektp_analysis.access.tokens import BASE
from ektp_analysis.api import endpoints
from ektp_analysis.api.questions import PARAMETERS
from ektp_analysis.page import registry

FULL, AT_ONCE, PATIENCE = 2000, 4, 30.0  # requests an address, at a time, seconds
ADDRESSES = (
    "/",
    *(f"/{page.file}" for page in registry.PAGES),
    "/healthz",
    *(f"{base}/slides/show{tail}" for base in ("", "/dinas") for tail in ("", "/state", "/pictures")),
    *(f"/_stcore/{name}" for name in ("health", "metrics", "host-config", "stream", "script-health-check", "upload_file/a/b")),
    *(f"/_stcore/{name}" for name in ("bidi-components/ektp_slides/x.js", "agent/openapi.json", "agent/interact", "agent/mcp")),
    "/media/x.png",
    "/component/streamlit_folium.st_folium/index.html",
    "/static/js/index.js",
    "/app/static/x",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
    "/favicon.png",
    *(f"{BASE}/{one.path}" for one in endpoints.ENDPOINTS),
    *(f"/dinas{BASE}/{one}" for one in ("figures.csv", "batches.csv", "openapi.json", "nothing")),
)
NAMES = (
    "area",
    "on",
    "known",
    "data",
    "lang",
    "theme",
    "deck",
    "made",
    "level",
    "inside",
    "day",
    "code",
    "state",
    "provider",
    "x",
    "known_at",
    "limit",
    "cursor",
    "target",
    "by",
    "horizon",
    "name",
    "choices",
    "key",
)
VALUES = (
    *(
        "",
        "0",
        "-1",
        "75.05",
        "75.05.01",
        "99.99",
        "71.01",
        "ID",
        "75",
        "latest",
        "sample",
        "own",
        "id",
        "en",
        "null",
        "NaN",
        "1e309",
        "true",
    ),
    *("2023-06-19", "2023-06-14", "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *("2023-02-30", "10000-01-01", "2023-W01-1", "20230619", "2023-06-19T99:99", "2023-06-19T00:00:00.1+23:59:59.999999"),
    *(
        "../../etc/passwd",
        "..\\..\\x",
        "/etc/passwd",
        "file:///etc/passwd",
        "\0",
        "\r\nX: y",
        "\ud7ff\uffff",
        "٣",
        "１",
        "%",
        "%00",
    ),
    *(
        "<script>1</script>",
        "' OR 1=1 --",
        "{{7*7}}",
        "${x}",
        "A" * 3000,
        "9" * 400,
        "[]",
        "{}",
        "a&b=c",
        "#",
        ";",
        "𝟙",
        "\u202e",
    ),
)
METHODS = ("GET",) * 8 + ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get", "X" * 40)
HEADERS = (
    "Accept: text/html",
    "Accept-Encoding: gzip;q=nan, br",
    "Accept-Language: \xff",
    "Content-Type: application/json",
    "Content-Type: multipart/form-data",
    "Content-Type: multipart/form-data; boundary=" + "b" * 200,
    "Cookie: _streamlit_xsrf=2|x|y|z; session=%00; _streamlit_user=1",
    "If-None-Match: *",
    "If-Modified-Since: yesterday",
    "Origin: null",
    "Origin: http://localhost:PORT",
    "Range: bytes=5-1,-0,99999999999999999999-",
    "Sec-WebSocket-Protocol: streamlit, \xe9, x",
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99",
    "X-Forwarded-For: x, 10.0.0.1",
    "X-Forwarded-Proto: gopher",
    "X-Xsrftoken: 2|0|0|0",
    "Transfer-Encoding: chunked",
    "Expect: 100-continue",
)
TAILS = (
    "",
    "",
    "",
    "/",
    "//",
    "/..",
    "/../..",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/%00",
    "%ff",
    "%",
    ";a",
    "/" + "a" * 2000,
    "/x.html",
    "\\",
)


def request(address: str, number: int, port: int) -> bytes:
    """The odd request of a number on an address; the same each time."""
    dice = random.Random(f"{address} {number}")
    method, path = dice.choice(METHODS), address + dice.choice(TAILS)
    if dice.random() < 0.1:
        path = dice.choice(("/", "//", "/./", "/%2f")) + path.lstrip("/")
    pairs = [(dice.choice(NAMES), dice.choice(VALUES)) for _ in range(dice.randint(0, 4))]
    raw = dice.random() < 0.1  # as no browser would write it
    query = "&".join(f"{name}={value if raw else quote(value, safe='')}" for name, value in pairs)
    host = dice.choices((f"localhost:{port}", "evil.example", "", "\xff", f"localhost:{port}, x"), (90, 3, 3, 2, 2))[0]
    more = dice.sample(HEADERS, dice.choice((0, 0, 1, 1, 2, 3)))
    upgrade = [line for line in more if line.startswith("Upgrade")][:1]
    if upgrade:  # a handshake is a GET without a body; a server waits for the rest of anything else
        method, more = (
            "GET",
            [line for line in more if not line.startswith(("Upgrade", "Transfer", "Expect", "Content"))] + upgrade,
        )
    lines = [f"{method} {path}{'?' if query else ''}{query} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += more
    body = (
        dice.choice(("", "", "", "{}", "\0" * 50, "--" + "b" * 200 + "\r\n\r\n", "[" * 5000))
        if method not in ("GET", "HEAD")
        else ""
    )
    if "Transfer-Encoding: chunked" in lines:  # every request has an end: to wait for one is no fault
        body = "0\r\n\r\n"
    elif not upgrade and (body or dice.random() < 0.05):
        lines.append(f"Content-Length: {dice.choice((len(body), len(body), -1, 'x')) if dice.random() < 0.2 else len(body)}")
    whole = "\r\n".join(lines).replace("PORT", str(port)) + "\r\n\r\n" + body
    return whole.encode("utf-8" if raw else "latin-1", "replace")


def status(answer: bytes) -> str:
    """The status of an answer; ``queue`` for a refusal that says in a sentence when to come again."""
    head = answer.partition(b"\r\n\r\n")[0]
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
    if found is None:
        return "none"
    says = all(re.search(rb"(?i)\r\n" + name + rb": [1-9]", head) for name in (b"retry-after", b"content-length"))
    return "queue" if found[1] == b"503" and says else found[1].decode()


def asked(port: int, sent: bytes) -> str:
    """What the server says to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        with contextlib.suppress(ConnectionError):
            line.sendall(sent)
        answer = b""
        with contextlib.suppress(ConnectionError, TimeoutError):
            while (more := line.recv(1 << 16)) and not (answer.startswith(b"HTTP/1.1 101") or len(answer) > 1 << 22):
                answer += more
    return status(answer)


def counted(port: int, count: int) -> tuple[Counter[str], list[str]]:
    """What became of ``count`` odd requests on every address, and a line about each fault."""

    def one(task: tuple[str, int]) -> tuple[str, str]:
        sent = request(*task, port)
        return asked(port, sent), f"{task[0]} {task[1]}: {sent[:200]!r}"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(one, [(address, number) for address in ADDRESSES for number in range(count)]))
    faults = [f"{what} {line}" for what, line in found if what.startswith("5") or what == "none"]
    return Counter(what for what, _ in found), faults


@dataclass(frozen=True)
class Answer:
    """What came of a request, in one process: its number, status, whether it says when to come again, and its body."""

    number: int
    status: int
    retry: bool
    body: bytes


async def in_process(app: Any, count: int, token: str) -> list[Answer]:
    """Odd requests on the interface for programs, with and without a token, without a server between."""
    return [await _in_process(app, number, token) for number in range(count)]


async def _in_process(app: Any, number: int, token: str) -> Answer:
    dice = random.Random(f"api {number}")
    path = f"{BASE}/{dice.choice([*endpoints.BY_PATH, 'figures.csv', 'batches.csv', 'openapi.json'])}"
    if dice.random() < 0.1:
        path += dice.choice(("/", "/x", ".csv", "\0", "%2e%2e", "é", "/" + "a" * 2000))
    names = [name for name in NAMES if name in PARAMETERS] if dice.random() < 0.9 else NAMES
    pairs = {dice.choice(names): dice.choice(VALUES) for _ in range(dice.choice((0, 1, 1, 2, 3)))}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs.items())
    query = query if dice.random() < 0.9 else dice.choice(("%", "&&=", "area", "limit=%ff", "a" * 5000, "=&=&="))
    headers = {"authorization": f"Bearer {token}" if dice.random() < 0.9 else dice.choice(VALUES)}
    for line in dice.sample(HEADERS, dice.choice((0, 1, 2))):
        name, _, value = line.partition(": ")
        headers[name.lower()] = value.partition("\r")[0]
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "http_version": "1.1", "method": dice.choice(METHODS), "scheme": "http", "server": ("localhost", 80),
        "path": path, "raw_path": quote(path).encode(), "root_path": "", "client": ("127.0.0.1", 1),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("utf-8", "replace")) for name, value in headers.items()],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": dice.choice((b"", b"{}", b"\0" * 50)), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *rest = sent
    body = b"".join(one.get("body", b"") for one in rest)
    return Answer(number, start["status"], any(name == b"retry-after" for name, _ in start["headers"]), body)


def main() -> int:
    """All of them; 0 where there is no fault."""
    from tests.browser.conftest import serve

    count = int(sys.argv[1]) if len(sys.argv) > 1 else FULL
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), anew=True) as server:
        found, faults = counted(urlsplit(server.url).port or 80, count)
        log = server.log.read_text(errors="replace")
    print(*faults[:40], sep="\n")
    seconds = time.monotonic() - start
    print(f"odd requests: {count} on each of {len(ADDRESSES)} addresses in {seconds:.0f} s: {dict(sorted(found.items()))}")
    if "Traceback" in log:
        print("the log has a traceback:\n" + log[log.index("Traceback") :][:3000])
    return 1 if faults or "Traceback" in log else 0


if __name__ == "__main__":
    sys.exit(main())
