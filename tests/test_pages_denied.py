"""What the pages say where the machine denies something: a sentence each, in the log too, and never a password."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ektp_analysis.store.store import Store
from tests import seed
from tests.apps import PAGES, PATIENCE
from tests.engines import kept, reading

PASSWORD = "rahasia-besar"
ROW = {"area_code": "75.05.01", "as_of_date": "2023-06-20", "eligible": 9000, "unrecorded": 862}
SERVERS = {
    "server": f"postgresql+psycopg://petugas:{PASSWORD}@127.0.0.1:9/ektp",
    "server and a password with @": f"postgresql+psycopg://petugas:kata@{PASSWORD}@127.0.0.1:9/ektp",
}
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


# In a process of its own, that can give up its rights: from the seed, which has no other threads that could hold a lock.
VISIT = """
import json, logging, os, sys
from io import StringIO
from tests.apps import PAGES, start

kind = sys.argv[1]
logging.getLogger("ektp_analysis").addHandler(logging.StreamHandler(log := StringIO()))
if kind == "read-only" and os.geteuid() == 0:
    os.setuid(65534)
if kind == "full":
    import resource
    sys.dont_write_bytecode = True  # what Python compiles would be cut off too, and stay so
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
pages = [start(page, lang="en") for page in PAGES]
shown = [[one.value for part in (page.error, page.warning, page.markdown, page.info) for one in part] for page in pages]
print(json.dumps([[[one.value for one in page.error] for page in pages], repr(shown), log.getvalue()]))
"""


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
    given = {"EKTP_DATA_DIR": str(folder), "EKTP_LANGUAGE": "id", "EKTP_DATABASE_URL": SERVERS.get(kind, "")}
    done = seed.begin("code", VISIT, kind, str(ROOM), environment={**os.environ, **given})(PATIENCE)
    assert done.returncode == 0, done.stderr
    errors, shown, log = json.loads(done.stdout.splitlines()[-1])
    assert len(errors) == len(PAGES) and all(len(said) == 1 and words in said[0] for said in errors), errors
    assert words in log and "Traceback" not in log
    assert PASSWORD not in shown + log
