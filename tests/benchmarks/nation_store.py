"""A whole nation in one PostgreSQL (:mod:`tests.nation`; made figures): imports, size, status, the first page, the past.

``python -m tests.benchmarks.nation_store FOLDER [--share 0.1]``; the folder is filled first where it is not (at 100 % an hour).
cold: a new process and a server that was restarted; what the system still holds of its files is not let go. import: the same
process, right after one kabupaten has imported. again: nothing has changed. Seconds without the start of Python, in brackets
those for which this process worked, as the machine may be busy. Of imports at once, also the longest wait for a lock.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core.area import NATION
from ektp_analysis.store.store import Store
from tests import nation
from tests.engines import start_server, stop_server

FILES = 4  # of each writer
PATIENCE = 600  # seconds
LAST = nation.FIRST + timedelta(weeks=nation.WEEKS)
PARTS = ("original", "batch", "batch_total", "figure", "trail", "rollup", "foreseen")


def office(store: Store, code: str, number: int) -> float:
    """Let an office send a file of the week after the last, another one for each number; seconds."""
    rows = nation.rows_of(code, nation.WEEKS - 1)
    rows["as_of_date"], rows["note"] = pd.Timestamp(LAST.date()), f"{number}"
    given = {**nation.given(code, nation.WEEKS, rows), "received_at": LAST + timedelta(days=1)}
    given["data"] += f"\n{number}".encode()
    start = time.perf_counter()
    store.commit(rows, **given)
    return time.perf_counter() - start


def writer(url: str, code: str, first: int, at_once: Any, told: Any) -> None:
    with Store.open(url, wait=600) as store:
        store.token()
        at_once.wait()
        told.put([office(store, code, first + number) for number in range(FILES)])


def imports(url: str, writers: int, first: int) -> dict[str, Any]:
    """That many offices, each a process of its own, send files at once."""
    context = get_context("fork")
    at_once, told = context.Barrier(writers + 1), context.Queue()
    codes = nation.offices()[:: len(nation.offices()) // writers][:writers]
    children = [context.Process(target=writer, args=(url, code, first, at_once, told)) for code in codes]
    for child in children:
        child.start()
    at_once.wait()
    start = time.perf_counter()
    with waits(url) as longest:
        taken = sorted(one for _ in children for one in told.get(timeout=PATIENCE))
    seconds = time.perf_counter() - start
    for child in children:
        child.join()
    p95 = taken[int(0.95 * (len(taken) - 1))]
    rate = len(taken) / seconds
    return {"files_a_second": rate, "median": statistics.median(taken), "p95": p95, "longest": taken[-1], "lock": max(longest)}


@contextlib.contextmanager
def waits(url: str) -> Iterator[list[float]]:
    """The waits for locks of the server meanwhile, in seconds, looked at every 10 ms."""
    engine, over, found = sa.create_engine(url), threading.Event(), [0.0]
    asked = (
        "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - query_start)), 0) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock'"
    )

    def look() -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not over.wait(0.01):
                found.append(float(connection.exec_driver_sql(asked).scalar_one()))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield found
    finally:
        over.set()
        looking.join()
        engine.dispose()


def sizes(url: str) -> dict[str, float]:
    """Megabytes of each table with its indexes."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        asked = sa.text("SELECT coalesce(pg_total_relation_size(to_regclass(:name)), 0) / 1e6")
        found = {name: float(connection.execute(asked, {"name": name}).scalar_one()) for name in PARTS}
    engine.dispose()
    return found


def status(area: str, *more: str) -> Callable[[], object]:
    """`status --json` in this process."""
    from click.testing import CliRunner

    from ektp_analysis.cli.query_commands import status as command

    def ask() -> object:
        done = CliRunner().invoke(command, ["--area", area, "--json", *more], standalone_mode=False)
        if done.exception is not None:
            raise done.exception
        return json.loads(done.stdout)["as_of_date"]

    return ask


def first_page() -> object:
    """What Posisi of the nation is drawn from: strip, sentence, map, list, chart, alerts."""
    from ektp_analysis.maps.seen import levels_of
    from ektp_analysis.page import alert_parts, choices, position_parts

    view = choices.first(NATION)
    position_parts.warm(view, levels_of(view.rolled, NATION)[0])
    alert_parts.warm(view)
    return view.standing.unrecorded


def days_to_target() -> object:
    """The answers of all kecamatan as the map of the nation shows them, those that are kept; how many are."""
    from ektp_analysis.core.area import Level
    from ektp_analysis.office import foreseeing, stores
    from ektp_analysis.projection.ahead import table

    now = stores.own()
    known = foreseeing.known(now, NATION, Level.KECAMATAN, foreseeing.open_target(now, NATION))
    return len(table(known.found, LAST.date(), LAST.date() + timedelta(days=365)))


def asked(what: str) -> Callable[[], object]:
    kabupaten = nation.offices(0.01)[0]
    then = (nation.FIRST + timedelta(days=2)).date().isoformat()
    return {
        "status of a kabupaten": lambda: status(kabupaten)(),
        "status of a provinsi": lambda: status(kabupaten[:2])(),
        "status of the nation": lambda: status(NATION)(),
        "first page of the nation": first_page,
        "days to the target of all kecamatan": days_to_target,
        "status of the nation a year ago": lambda: status(NATION, "--known-at", then)(),
    }[what]


QUESTIONS = (
    "status of a kabupaten",
    "status of a provinsi",
    "status of the nation",
    "first page of the nation",
    "days to the target of all kecamatan",
    "status of the nation a year ago",
)


def child(what: str, url: str) -> None:
    """Ask cold, after an import, and again; seconds and the most memory of the process as JSON."""
    import resource

    ask = asked(what)
    taken = {}
    status(NATION, "--sample")()  # what Python loads is no part of it: a server has it before it answers
    importlib.import_module("ektp_analysis.page.alert_parts")
    for turn in ("cold", "import", "again"):
        if turn == "import" and "ago" not in what:
            with Store.open(url) as store:
                office(store, nation.offices(0.01)[0], time.time_ns())
        start, worked = time.perf_counter(), time.process_time()
        ask()
        taken[turn] = f"{time.perf_counter() - start:.2f} ({time.process_time() - worked:.2f})"
    taken["MB"] = f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f}"
    print(json.dumps(taken))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--share", type=float, default=0.01)
    parser.add_argument("--child", default="")
    parser.add_argument("--url", default="")
    parser.add_argument("--only", default="", help="questions in which this stands, and no imports")
    given = parser.parse_args()
    if given.child:
        child(given.child, given.url)
        return
    with tempfile.TemporaryDirectory() as office_folder:
        folder = given.folder or Path(tempfile.mkdtemp(prefix="nation"))
        with nation.nation(folder, given.share) as (server, url):
            env = {name: value for name, value in os.environ.items() if not name.startswith("EKTP_")}
            env |= {"EKTP_DATABASE_URL": url, "EKTP_DATA_DIR": office_folder, "EKTP_TODAY": LAST.date().isoformat()}
            with Store.open(url) as store:  # brings it up to date
                start = time.perf_counter()
                store.keep_up()
                print(f"rollups made anew where they had to be: {time.perf_counter() - start:.1f} s", flush=True)
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "ektp_analysis", "store", "keep"], env=env, text=True, capture_output=True, check=False
            )
            print(f"store keep: {time.perf_counter() - start:.1f} s", done.stdout.strip() or done.stderr[-2000:], flush=True)
            for what in (one for one in QUESTIONS if given.only in one):
                stop_server(server)
                start_server(server)
                call = [sys.executable, "-m", "tests.benchmarks.nation_store", "--child", what, "--url", url]
                done = subprocess.run(call, env=env, text=True, capture_output=True, check=False)
                print(what, *(done.stdout.strip().splitlines()[-1:] or [done.stderr[-2000:]]), flush=True)
            if not given.only:
                for writers in (1, 20):
                    found = imports(url, writers, time.time_ns())
                    print(f"imports, {writers} at once:", {name: round(value, 3) for name, value in found.items()}, flush=True)
            print({name: round(size, 1) for name, size in sizes(url).items()}, flush=True)


if __name__ == "__main__":
    main()
