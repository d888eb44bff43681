"""The real server, a real Chromium, and a guard that no request leaves the machine."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, Request, WebError, expect, sync_playwright

from tests import seed
from tests.seed import Started

ROOT = Path(__file__).resolve().parents[2]
# Without windows of its own it needs a quarter less of the processor.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
# What Playwright has Chromium leave out, of which the last list that is given holds, and the fetching of scripts on a thread of
# their own, which compiles each anew at each load although the browser keeps it compiled.
LEFT_OUT = (
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "BackgroundResourceFetch",
)
ARGS = [
    "--disable-features=" + ",".join(LEFT_OUT),
    "--js-flags=--no-opt --no-maglev --max-semi-space-size=64 --min-semi-space-size=64",  # no page lives that long
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
    "--renderer-process-limit=1",  # the pages of an app are drawn by one process, which has its scripts at hand
]
LASTING = contextlib.ExitStack()  # what is not ended before the process is
PATIENCE = 120_000  # ms until a condition counts as missed; how busy the machine is must not decide
QUIET = 250  # ms without a change after which a page counts as drawn
SIZES = {"desktop": (1366, 768), "phone": (390, 844)}
expect.set_options(timeout=PATIENCE)

# How often a page sent something, and asked the server to run (messages that begin with 0x5a); whether a run has begun since
# (a message with a field 4, whatever else may come late from the run before); when the page last changed.
WATCH = """if (window === window.top) {
  const watch = window.ektpWatch = {sent: 0, asked: 0, answered: 0, changed: 0}, Plain = window.WebSocket;
  const begun = bytes => {
    let at = 0;
    const number = () => { for (let value = 0, shift = 0; ; shift += 7) {
      const one = bytes[at++];
      value += (one & 127) * 2 ** shift;
      if (one < 128) { return value; }
    } };
    while (at < bytes.length) {
      const tag = number(), kind = tag & 7;
      if (tag >>> 3 === 4) { return true; }
      if (kind === 0) { number(); } else { const length = kind === 2 ? number() : kind === 1 ? 8 : 4; at += length; }
    }
    return false;
  };
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", event => {
        if (begun(new Uint8Array(event.data))) { watch.answered = watch.asked; }
      });
    }
    send(data) {
      watch.sent += 1;
      if (data instanceof Uint8Array && data[0] === 0x5a) { watch.asked += 1; }
      super.send(data);
    }
  };
  new MutationObserver(() => { watch.changed = performance.now(); }).observe(
    document, {childList: true, subtree: true, characterData: true, attributeFilter: ["width", "height", "style"]});
}"""
SETTLED = """quiet => {
  const app = document.querySelector("[data-testid=stApp]"), watch = window.ektpWatch;
  return app && app.dataset.testScriptState === "notRunning" && watch.asked > 0 && watch.answered === watch.asked &&
    performance.now() - watch.changed > quiet && !document.querySelector("[data-testid=stSkeleton], [data-stale=true]");
}"""

# The theme of the app, if there is one.
TAKEN_UP = """theme => {
  const app = document.querySelector("[data-testid=stApp]");
  return !app || getComputedStyle(app).colorScheme === theme;
}"""
MAP_OF = """count => [...document.querySelectorAll("iframe[title*='st_folium']")].find(
  one => one.contentDocument && one.contentDocument.querySelectorAll("path.leaflet-interactive").length === count)"""
STILL = """() => document.getAnimations().every(
  one => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)"""


def free_port() -> int:
    """The lowest free port of this process's own range: a browser that knows the address has its scripts already."""
    for port in itertools.count(20_000 + os.getpid() % 1000 * 10):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port")


@dataclass
class Server:
    """A running app with a data folder of its own."""

    url: str
    data: Path
    process: subprocess.Popen[bytes] | Started | None  # none: another process of the tests has started it
    log: Path


def without_settings(data: Path, **environment: str) -> dict[str, str]:
    """The environment of a process that knows of this data folder and of what is given, and of no other setting."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("EKTP_") or k == "EKTP_TODAY"}
    return {**kept, "EKTP_DATA_DIR": str(data), **environment}


@contextlib.contextmanager
def serve(
    data: Path,
    script: str = "app.py",
    *,
    anew: bool = False,
    prepares: bool = False,
    at_once: bool = False,
    port: int = 0,
    **environment: str,
) -> Iterator[Server]:
    """The app over a data folder; ``anew`` starts Python as ``make run`` does, else the server is forked from the seed: it
    computes only if it ``prepares`` what first visitors may ask for, and sends pages in few pieces if not ``at_once``."""
    port, log = port or free_port(), data / "server.log"
    data.mkdir(parents=True, exist_ok=True)
    arguments = ("run", script, "--server.port", str(port), "--server.headless", "true")
    env = without_settings(data, **environment)
    process: subprocess.Popen[bytes] | Started
    if anew:
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", *arguments], cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT
            )
    else:
        process = seed.start("streamlit", *arguments, environment=env, log=log, prepares=prepares, at_once=at_once)
    url = f"http://localhost:{port}"
    try:
        wait_until_up(url, process, log)
        yield Server(url, data, process, log)
    finally:
        process.kill()  # to end in order takes it two seconds
        process.wait()


def wait_until_up(url: str, process: subprocess.Popen[bytes] | Started, log: Path) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(log.read_text(errors="replace"))
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(url + "/_stcore/health", timeout=30) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(log.read_text(errors="replace"))


def command(data: Path, *arguments: str) -> str:
    """What the command line prints over a data folder; it must succeed."""
    data.mkdir(parents=True, exist_ok=True)
    log = data / "command.log"
    done = seed.start("command", *arguments, environment=without_settings(data), log=log).wait()
    assert done == 0, log.read_text(errors="replace")
    return log.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as it starts for a new user: no data of its own, the sample shown. It is for tests that only look: the processes
    of the tests share it, and it ends with the seed."""
    folder = tmp_path_factory.getbasetemp() / "sample"
    folder.mkdir(exist_ok=True)
    told = folder / "address"
    with (folder / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if told.exists():
            running = Server(told.read_text(), folder / "data", None, folder / "data" / "server.log")
        else:
            running = LASTING.enter_context(serve(folder / "data", prepares=True))
            told.write_text(running.url)
    yield running
    assert "nothing prepared" not in running.log.read_text(errors="replace")


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A fresh app for a test that changes what is stored."""
    with serve(tmp_path / "own") as running:
        yield running


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app that takes in what the tests of one file give it, in their order."""
    with serve(tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser that keeps the scripts it once got; what else it keeps is taken from it after each test."""
    assert CHROMIUM, "Chromium is needed: make test installs it, or says what to install"
    width, height = SIZES["desktop"]
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            args=ARGS,
            viewport={"width": width, "height": height},
            locale="id-ID",
            color_scheme="light",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCH)
        yield context
        context.close()


@pytest.fixture(scope="session")
def chromium(reader: BrowserContext) -> Browser:
    """The browser itself, for a test that needs a context of another kind."""
    assert reader.browser
    return reader.browser


@dataclass
class Guard:
    """What the pages of a test asked for and what went wrong in them."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


Opener = Callable[..., tuple[Page, Guard]]


@pytest.fixture
def opened(reader: BrowserContext) -> Iterator[Opener]:
    """``opened(url, size="desktop", dark=False)`` -> a page and the guard. Foreign requests are remembered.

    ``cold``: the browser has nothing of it yet.
    """
    with opening(reader) as start:
        yield start


@pytest.fixture(scope="module")
def opened_once(reader: BrowserContext) -> Iterator[Opener]:
    """As ``opened``, for a page that the tests of a file share: see :func:`go`."""
    with opening(reader) as start:
        yield start


@contextlib.contextmanager
def opening(reader: BrowserContext) -> Iterator[Opener]:
    guard, kept, origins = Guard(), set(reader.pages), set()

    def look(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {"localhost", "127.0.0.1"}:
            guard.foreign.append(request.url)

    def failed(error: WebError) -> None:
        guard.errors.append(str(error.error))

    def start(url: str, size: str = "desktop", dark: bool = False, cold: bool = False) -> tuple[Page, Guard]:
        page = reader.new_page()
        look_as(page, size, dark)
        page.on(
            "console", lambda message: guard.errors.append(message.text) if "Content Security Policy" in message.text else None
        )
        if cold:
            session = reader.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.goto(url)
        origins.add("{0.scheme}://{0.netloc}".format(urlsplit(url)))
        settle(page)
        return page, guard

    reader.on("request", look)
    reader.on("weberror", failed)
    try:
        yield start
    finally:
        forget(reader, kept, origins)
        reader.remove_listener("request", look)
        reader.remove_listener("weberror", failed)


def forget(reader: BrowserContext, kept: set[Page], origins: set[str]) -> None:
    """Close what a test opened, and forget what its pages left, so that the next test comes as a new reader."""
    for page in set(reader.pages) - kept:
        page.close()
    reader.unroute_all()
    reader.clear_cookies()
    reader.clear_permissions()
    session: Any = reader.new_cdp_session(reader.pages[0])
    for origin in origins:
        session.send(
            "Storage.clearDataForOrigin",
            {"origin": origin, "storageTypes": "cookies,local_storage,indexeddb,service_workers,cache_storage"},
        )
    session.detach()


def look_as(page: Page, size: str = "desktop", dark: bool = False) -> None:
    """At this size and in this theme; once an app has taken it up, what it asks next is answered in its colours."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
    page.wait_for_function(TAKEN_UP, arg="dark" if dark else "light", polling=50)


def go(page: Page, address: str) -> None:
    """To another address of the app in the page as it stands, as the browser's own "back" leads there.

    What a reader's visit keeps beside the address stays: what is unfolded, and what the new address does not name. First what
    the page still does of itself comes to its end, as its answer would be taken for the one to the new address.
    """
    settle(page)
    asked = page.evaluate(
        """address => {
          const asked = window.ektpWatch.asked;
          history.pushState({}, "", address);
          dispatchEvent(new PopStateEvent("popstate"));
          return asked;
        }""",
        address,
    )
    page.wait_for_function("asked => window.ektpWatch.asked > asked", arg=asked, polling=50)
    settle(page)


COLOURS = ("color-contrast", "link-in-text-block")  # the rules that a theme can break
# axe reads the same few colours thousands of times, a third of its work: each is read once.
AXE_READY = """() => {
  const colour = axe.commons.color.Color.prototype, read = colour.parseString, known = new Map();
  colour.parseString = function(text) {
    if (!known.has(text)) {
      read.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    [this.r, this.g, this.b, this.alpha] = known.get(text);
    return this;
  };
}"""


def axe(
    page: Page, inside: Frame | None = None, only: Sequence[str] = (), *, within: str = "", **rules: bool
) -> list[tuple[str, list[str]]]:
    """What axe finds in the page, or in a frame of it, as soon as nothing changes or fades any more: the rule, the elements.

    ``within``: the part to look at, of a page of which the rest is looked at elsewhere; ``only``: the rules to ask for, where not
    all; ``rules``: whether a rule is asked for, where it is not as usual.
    """
    if page.locator("[data-testid=stApp]").count():
        settle(page)
    looked = inside or page
    looked.wait_for_function(STILL, polling=50)
    if not looked.evaluate("() => 'axe' in window"):
        looked.evaluate(AXE_SCRIPT)
        looked.evaluate(AXE_READY)
    options: dict[str, Any] = {"runOnly": list(only)} if only else {}
    options |= {"resultTypes": ["violations"], "rules": {name.replace("_", "-"): {"enabled": on} for name, on in rules.items()}}
    found = Axe("null").run(looked, context=within or None, options=options).response["violations"]  # type: ignore[arg-type]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]


def unfold(page: Page, name: str, away: bool = False) -> Locator:
    """Open what is folded away under a name, or fold it away, if it is not yet so; gives it."""
    settle(page)  # a page that is still being drawn may put it in another place, folded as it was
    part = page.get_by_test_id("stExpander").filter(has_text=name)
    if (part.locator("details").get_attribute("open") is None) != away:
        part.locator("summary").click()
        settle(page)
    return part


def until(where: Page | Frame, condition: str, arg: object = None) -> None:
    """Wait until the condition holds; it is asked now and then, as asking at each frame would have the page drawn for it."""
    where.wait_for_function(condition, arg=arg, polling=50)


def settle(page: Page) -> None:
    """Wait until the app has run to its end and drawn, and nothing changes any more."""
    page.evaluate("() => { if (window.ektpWatch) { window.ektpWatch.changed = performance.now(); } }")
    page.wait_for_function(SETTLED, arg=QUIET, polling=50)


def map_frame(page: Page, count: int = 11) -> Frame:
    """The map that stands with so many areas; one that is being replaced is not waited for."""
    frame = page.wait_for_function(MAP_OF, arg=count, polling=50).as_element().content_frame()  # type: ignore[union-attr]
    assert frame
    return frame


def idle(frame: Frame) -> None:
    """Wait until the frame has drawn what it has, and has nothing left to do."""
    frame.page.bring_to_front()  # a page behind another draws nothing
    frame.evaluate("""() => Promise.race([
        new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(done)))),
        new Promise(done => setTimeout(done, 5000))])""")
