"""The real server, a real Chromium, and a guard that no request leaves the machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--force-device-scale-factor=1"]
expect.set_options(timeout=15_000)  # three at a time on two cores
SIZES = {"desktop": (1366, 768), "phone": (390, 844)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A real browser on a busy machine may miss its moment once: such a test is tried a second time, and said so."""
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.flaky(reruns=1))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running app with a data folder of its own."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]
    log: Path


@contextlib.contextmanager
def serve(data: Path, script: str = "app.py", **environment: str) -> Iterator[Server]:
    port, log = free_port(), data / "server.log"
    data.mkdir(parents=True, exist_ok=True)
    env = {**{k: v for k, v in os.environ.items() if not k.startswith("EKTP_")}, "EKTP_DATA_DIR": str(data), **environment}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), "--server.headless", "true"],
            cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)
    url = f"http://localhost:{port}"
    try:
        wait_until_up(url, process, log)
        yield Server(url, data, process, log)
    finally:
        process.kill()  # to end in order takes it two seconds
        process.wait()


def wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(log.read_text(errors="replace"))
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError), \
                urllib.request.urlopen(url + "/_stcore/health", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(log.read_text(errors="replace"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as it starts for a new user: no data of its own, the sample shown."""
    with serve(tmp_path_factory.mktemp("sample")) as running:
        yield running


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A fresh app for a test that changes what is stored."""
    with serve(tmp_path / "own") as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "Chromium is needed: make test installs it, or says what to install"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@dataclass
class Guard:
    """What a context asked for and what went wrong in it."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


Opener = Callable[..., tuple[Page, Guard]]


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opener]:
    """``opened(url, size="desktop", dark=False)`` -> a page and its guard. Foreign requests are cut and remembered."""
    contexts: list[BrowserContext] = []

    def start(url: str, size: str = "desktop", dark: bool = False) -> tuple[Page, Guard]:
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="id-ID",
                                       color_scheme="dark" if dark else "light", reduced_motion="reduce",
                                       accept_downloads=True)
        contexts.append(context)
        guard = Guard()

        def look(request: Request) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {"localhost", "127.0.0.1"}:
                guard.foreign.append(request.url)

        context.on("request", look)
        context.on("weberror", lambda error: guard.errors.append(str(error.error)))
        page = context.new_page()
        page.on("console", lambda message: guard.errors.append(message.text)
                if "Content Security Policy" in message.text else None)
        page.goto(url)
        settle(page)
        return page, guard

    yield start
    for context in contexts:
        context.close()


def settle(page: Page, timeout: float = 30_000) -> None:
    """Wait until the app has run to its end and drawn."""
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']", timeout=timeout)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stSkeleton]') && !document.querySelector('[data-stale=true]')",
        timeout=timeout)
    page.wait_for_timeout(250)
