"""What it costs to back up, check, restore and copy a store of 40 MB, on both engines: ``python -m tests.benchmarks backup``.

Seconds of each, beside what it takes to copy the same file with its hash (read, hashed, written, on the disk): the least that any
backup could cost. The goal is 10 s for each.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from ektp_analysis.core.settings import settings
from ektp_analysis.office import backups, restoring, stores
from ektp_analysis.store.store import Store
from tests.benchmarks.revisions import engines, revision
from tests.engines import kept

MEGABYTES, GOAL = 40, 10.0
ENGINES = ("sqlite", "postgresql")


def at(folder: Path, url: str) -> None:
    """From now on this is the data folder, and this the address of its store."""
    stores.close_all()
    os.environ.update(EKTP_DATA_DIR=str(folder), EKTP_DATABASE_URL=url, EKTP_UPLOADER="petugas")
    settings.cache_clear()


def filled(url: str) -> int:
    """A store of 40 MB, as it would lie in a file; gives its rows."""
    rows = 0
    with Store.open(url) as store:
        for number in range(100):
            made = revision(number, weeks=364)
            rows += len(made)
            kept(store, made, f"2025-{1 + number // 28:02d}-{1 + number % 28:02d} 08:00")
            if store._database.path and store._database.path.stat().st_size > MEGABYTES * 1_000_000:
                break
    return rows


def plain(source: Path, target: Path) -> None:
    """Copy a file as a backup has to, at the least."""
    shutil.copyfile(source, target)
    backups.sync(target)
    backups.hashed(source)
    backups.hashed(target)


def schemas(server: str) -> Callable[[str], str]:
    """What makes an empty schema of a name on a server, and gives the address that leads into it."""
    engine = sa.create_engine(server)

    def new(name: str) -> str:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        return f"{server}&options=-csearch_path%3D{name}"

    return new


def timed(what: str, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    took = time.perf_counter() - start
    print(f"  {what:<44}{took:6.2f} s", flush=True)
    return took


def main() -> int:
    """Ends with 1 where the goal is missed."""
    took: list[float] = []
    with tempfile.TemporaryDirectory() as name, engines() as urls:
        folder, new = Path(name), schemas(urls["PostgreSQL"])

        def address(engine: str, what: str) -> str:
            return f"sqlite:///{folder / what}.sqlite" if engine == "sqlite" else new(what)

        source = {engine: address(engine, "forty") for engine in ENGINES}
        rows = filled(source["sqlite"])
        size = (folder / "forty.sqlite").stat().st_size
        print(f"{rows} rows, {size / 1e6:.1f} MB", flush=True)
        timed("the file copied and hashed", lambda: plain(folder / "forty.sqlite", folder / "plain"))
        with Store.open(source["sqlite"]) as store:
            took.append(timed("store copy, sqlite to postgresql", lambda: store.copy_to(source["postgresql"])))
        with Store.open(source["postgresql"]) as store:
            took.append(timed("store copy, postgresql to sqlite", lambda: store.copy_to(address("sqlite", "copied"))))
        for here in ENGINES:
            place = folder / f"backups of {here}"
            at(folder / f"of {here}", source[here])
            took.append(timed(f"backup of {here}", partial(backups.make, place)))
            took.append(timed("backup verify", partial(backups.check, backups.found(place)[0])))
            for there in ENGINES:
                at(folder / f"{here} to {there}", address(there, f"{here}_to_{there}"))
                took.append(timed(f"restored to {there}", partial(restoring.restore, place)))
        stores.close_all()
    print(f"slowest {max(took):.2f} s (goal {GOAL:.0f} s)")
    return 1 if max(took) > GOAL else 0


if __name__ == "__main__":
    sys.exit(main())
