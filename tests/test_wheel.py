"""The wheel: it holds all that the app needs, asks for the packages that are tested, and starts anywhere without a network."""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import runpy
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from ektp_analysis import __version__
from ektp_analysis.access import gate
from ektp_analysis.core.settings import PROGRAM, settings
from ektp_analysis.core.text import LOCALES, T
from ektp_analysis.office import stores
from tests.browser.conftest import free_port, without_settings
from tests.conftest import Said
from tests.pins import PINS, RUN, asked
from tests.test_pins import versions

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds in which a busy machine starts it
# Whatever the server asks of another machine is written down, and fails.
ALONE = """
import sys
def told(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        asked = arguments[1][0] if event == "socket.connect" and isinstance(arguments[1], tuple) else arguments[0]
        if isinstance(asked, str) and asked not in ("localhost", "127.0.0.1", "::1"):
            open({place!r}, "a").write(f"{{event}} {{asked}}\\n")
            raise OSError("no network")
sys.addaudithook(told)
"""


@dataclass(frozen=True)
class Installed:
    """The wheel, and the folder of the virtual environment into which it was installed."""

    wheel: Path
    folder: Path

    @property
    def bin(self) -> Path:
        return self.folder / ("Scripts" if sys.platform == "win32" else "bin")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """As pip builds and installs it; the packages that it needs are those of the tests."""
    top = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(top)], cwd=ROOT, check=True, capture_output=True
    )
    (wheel,) = top.glob("*.whl")
    made = Installed(wheel, top / "venv")
    venv.create(made.folder, with_pip=False, symlinks=sys.platform != "win32")
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(made.folder), "platbase": str(made.folder)}))
    (packages / "present.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (packages / "sitecustomize.py").write_text(ALONE.format(place=str(top / "asked")))
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", "--no-compile")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(made.bin / "python"), "install", *quiet, str(wheel)], cwd=top, check=True
    )
    return made


def test_it_holds_what_is_committed_of_the_app_and_nothing_else(installed: Installed) -> None:
    parts = ["ektp_analysis", "pages", "data", "app.py", ".streamlit"]
    listed = subprocess.run(["git", "ls-files", *parts], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    inside = {name if name.startswith("ektp_analysis/") else f"ektp_analysis/installed/{name}" for name in listed}
    inside = inside - {"ektp_analysis/README.md"} | {"ektp_analysis/installed/requirements.txt"}
    with zipfile.ZipFile(installed.wheel) as packed:
        assert {name for name in packed.namelist() if ".dist-info/" not in name} == inside


def test_it_asks_for_the_packages_that_are_tested(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as packed:
        (place,) = (name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        told = importlib.metadata.PathDistribution(zipfile.Path(packed, place.removesuffix("METADATA")))
        needs = [Requirement(line) for line in told.requires or ()]
        assert (told.version, [one.name for one in told.entry_points]) == (__version__, ["ektp"])
    assert {canonicalize_name(one.name): str(one.specifier) for one in needs} == {
        name: f"=={version}" for name, version in versions(PINS).items()
    }
    assert len(needs) == len(versions(PINS))
    extras = {canonicalize_name(one.name): one.extras for one in needs if one.extras}
    assert extras == {canonicalize_name(one.name): one.extras for one in asked(RUN) if one.extras} == {"psycopg": {"binary"}}
    elsewhere = {one.name for one in needs if one.marker and not one.marker.evaluate({"sys_platform": "linux"})}
    assert elsewhere == {"colorama"}, "what only Windows needs"


@contextlib.contextmanager
def running(installed: Installed, folder: Path) -> Iterator[str]:
    """``ektp run`` in a folder of its own; gives its address."""
    port, log = free_port(), folder / "log"
    env = without_settings(folder / "data", STREAMLIT_SERVER_HEADLESS="true")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [installed.bin / "ektp", "run", "--port", str(port)], cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT
        )
    url = f"http://localhost:{port}"
    try:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and process.poll() is None:
            with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(url + "/healthz", timeout=30):
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(log.read_text(errors="replace"))
        yield url
    finally:
        process.kill()
        process.wait()


def page(url: str) -> str:
    """What the first page sends to a browser, in words."""
    said = []
    with connect(f"ws{url.removeprefix('http')}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as line:  # type: ignore[list-item]
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        line.send(ask.SerializeToString())
        while True:
            got = ForwardMsg()
            got.ParseFromString(bytes(line.recv(PATIENCE)))
            said.append(str(got))
            if got.WhichOneof("type") == "script_finished":
                return "\n".join(said)


def test_started_from_another_folder_without_a_network_it_shows_the_sample(installed: Installed, tmp_path: Path) -> None:
    with running(installed, tmp_path) as url:
        assert "554 jiwa belum rekam" in page(url), "as was published"
        with urllib.request.urlopen(url + "/slides/show") as answer:
            assert "Gorontalo Utara" in answer.read().decode()
    asked_outside = installed.wheel.with_name("asked")
    assert not asked_outside.exists(), asked_outside.read_text()


def test_a_server_that_is_started_acts_for_nobody(said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command acts for the operator of the machine; the server that one of them starts does not."""
    acting: list[str | None] = []
    monkeypatch.setattr(runpy, "run_module", lambda *_, **__: acting.append(gate.reference()))
    monkeypatch.setattr(sys, "argv", ["ektp"])
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    logging.disable(logging.CRITICAL)  # Streamlit's own words, to a stream of an earlier test
    try:
        assert said("run", "--port", str(free_port())) == (0, "", "")
    finally:
        logging.disable(logging.NOTSET)
        stores.close_all()
        settings.cache_clear()
    assert acting == [None]


def test_sentences_name_the_program_as_it_was_installed() -> None:
    """A command that a sentence gives to be typed begins as this installation's commands do."""
    said = [str(entry.id) for path in LOCALES.rglob("*.po") for entry in read_po(BytesIO(path.read_bytes())) if entry.id]
    assert len(said) > 2_000 and not [one for one in said if "ektp_analysis" in one and "/" not in one]
    assert (
        PROGRAM == "python -m ektp_analysis" and str(T("{program} doctor", program=PROGRAM)) == "python -m ektp_analysis doctor"
    )
