"""What the pages say where the machine denies something: a sentence each, in the log too, and never a password."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from ektp_analysis.core.settings import settings
from ektp_analysis.store.store import Store
from tests.engines import kept, reading
from tests.test_pages import PAGES, start

PASSWORD = "rahasia-besar"
ROW = {"area_code": "75.05.01", "as_of_date": "2023-06-20", "eligible": 9000, "unrecorded": 862}
ROOM = 16_384  # bytes that a file may have: fewer than the side file of a store needs, as on a full disk

pytestmark = pytest.mark.skipif(os.name == "nt", reason="rights and limits of POSIX")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder with a store, where every user may enter."""
    made = Path(tempfile.mkdtemp(prefix="ektp"))
    made.chmod(0o755)
    with Store.open(f"sqlite:///{made}/ektp.sqlite") as store:
        kept(store, reading(ROW), "2023-06-20 10:00")
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


def _deny(kind: str, folder: Path) -> None:
    os.environ["EKTP_DATA_DIR"] = str(folder)
    os.environ.pop("EKTP_DATABASE_URL", None)
    if kind == "read-only" and os.geteuid() == 0:
        os.setuid(65534)
    if kind == "full":
        import resource

        sys.dont_write_bytecode = True  # what Python compiles would be cut off too, and stay so
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    if kind.startswith("server"):
        between = "" if kind == "server" else "kata@"
        os.environ["EKTP_DATABASE_URL"] = f"postgresql+psycopg://petugas:{between}{PASSWORD}@127.0.0.1:9/ektp"
    settings.cache_clear()


def _visit(kind: str, folder: Path, answer: Connection) -> None:
    log = StringIO()
    logging.getLogger("ektp_analysis").addHandler(logging.StreamHandler(log))
    _deny(kind, folder)
    pages = [start(page, lang="en") for page in PAGES]
    shown = [[one.value for part in (page.error, page.warning, page.markdown, page.info) for one in part] for page in pages]
    answer.send(([[one.value for one in page.error] for page in pages], repr(shown), log.getvalue()))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("read-only", "cannot be written"),
        ("full", "is full; nothing was stored, make room and try again"),
        ("server", "does not answer or refuses the connection"),
        ("server and a password with @", "holds a sign that must be written otherwise"),
    ],
)
def test_every_page_says_what_is_denied_and_how_to_mend_it(kind: str, words: str, folder: Path) -> None:
    if kind == "read-only":
        (folder / "ektp.sqlite").chmod(0o444)
        folder.chmod(0o555)
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=_visit, args=(kind, folder, theirs))
    child.start()
    theirs.close()
    errors, shown, log = ours.recv()
    child.join()
    assert len(errors) == len(PAGES) and all(len(said) == 1 and words in said[0] for said in errors), errors
    assert words in log and "Traceback" not in log
    assert PASSWORD not in shown + log
