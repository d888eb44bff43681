"""A nation that is made up: 514 offices that send a file of their desa each week for a year, 4.3 million figures of nobody.

``python -m tests.nation FOLDER [--share 0.1]`` fills a PostgreSQL server of its own in FOLDER through the product's own way into
the store, and leaves it there, so that measurements (:mod:`tests.benchmarks.nation_store`) need not wait for it again. The same
seed gives the same figures. No number stands for a person who lives: eligible and unrecorded are drawn, area by area.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core import contract
from ektp_analysis.core.area import Level, register
from ektp_analysis.store.store import Store
from tests.engines import address_of, server

SEED = 514
WEEKS = 52
FIRST = datetime(2024, 1, 1, 2, 0, tzinfo=UTC)  # a Monday; a file is received the morning after its day
WHO = "simulasi"
READY = "ready.json"


@cache
def desa() -> dict[str, tuple[str, ...]]:
    """Kabupaten -> its desa, by the register."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in register().codes(Level.DESA):
        found[code[:5]].append(code)
    return {code: tuple(inside) for code, inside in sorted(found.items())}


def offices(share: float = 1.0) -> list[str]:
    """So many of the kabupaten, drawn by the seed, in order."""
    codes = list(desa())
    drawn = np.random.default_rng(SEED).permutation(len(codes))[: max(1, round(share * len(codes)))]
    return sorted(codes[place] for place in drawn)


@cache
def _course(office: str) -> tuple[Any, Any]:
    """The eligible of each desa, and its unrecorded of each week: fewer from week to week, at a pace of its own."""
    random = np.random.default_rng([SEED, int(office.replace(".", ""))])
    size = len(desa()[office])
    eligible = np.maximum(random.lognormal(7.4, 0.7, size), 80).astype("int64")
    share = random.beta(1.2, 30, size)
    pace = random.uniform(0, 0.06, size)[:, None] * random.gamma(2, 0.5, (size, WEEKS))
    left = np.minimum(share[:, None] * np.exp(-np.cumsum(pace, axis=1)) * eligible[:, None], eligible[:, None])
    return eligible, left.astype("int64")


def rows_of(office: str, week: int) -> pd.DataFrame:
    """The file of an office of one week, as a reader gives it."""
    eligible, left = _course(office)
    day = pd.Timestamp(FIRST.date() + timedelta(weeks=week))
    made = contract.frame(
        pd.DataFrame({"area_code": desa()[office], "as_of_date": day, "eligible": eligible, "unrecorded": left[:, week]})
    )
    made["sheet"], made["row"] = "", np.arange(2, len(made) + 2)
    return made


def given(office: str, week: int, rows: pd.DataFrame) -> dict[str, Any]:
    """What comes with the rows of a file: its bytes, its name and how it was read."""
    lines = [f"{row.area_code},{row.as_of_date:%Y-%m-%d},{row.eligible},{row.unrecorded}" for row in rows.itertuples()]
    return {
        "data": "\n".join(["area_code,as_of_date,eligible,unrecorded", *lines]).encode(),
        "name": f"simulasi-{office}-{week + 1:02}.csv",
        "uploader": WHO,
        "received_at": FIRST + timedelta(weeks=week, days=1),
        "choices": {"sheet": "", "header_row": 1},
        "report": {"made_up": True, "rows": len(rows), "evidence": ["-"] * 40},
    }


def send(url: str, codes: Sequence[str], week: int) -> None:
    """Let each of these offices send its file of a week."""
    with Store.open(url) as store:
        for office in codes:
            rows = rows_of(office, week)
            store.commit(rows, **given(office, week, rows))


def fill(url: str, codes: Sequence[str], workers: int) -> None:
    """All weeks of these offices, week by week, as they would have come."""
    Store.open(url).close()
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for week in range(WEEKS):
            pool.starmap(send, [(url, codes[first::workers], week) for first in range(workers)])
            print(f"week {week + 1} of {WEEKS}", flush=True)


def _wait_for_disk(url: str, *, wait: bool) -> None:
    """Whether the server answers a transaction only once its disk has it, as it does by itself."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ALTER SYSTEM SET synchronous_commit = {'on' if wait else 'off'}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


@contextlib.contextmanager
def nation(folder: Path, share: float, workers: int = 2) -> Iterator[tuple[Any, str]]:
    """A server in ``folder`` that holds a share of the nation, made there if it is not: (server, address)."""
    folder.mkdir(parents=True, exist_ok=True)
    with server(folder) as made:
        url = address_of(made)
        if not (folder / READY).is_file():
            start = time.monotonic()
            codes = offices(share)
            _wait_for_disk(url, wait=False)  # what is lost here is made again
            fill(url, codes, workers)
            _wait_for_disk(url, wait=True)
            seconds = time.monotonic() - start
            (folder / READY).write_text(json.dumps({"share": share, "offices": len(codes), "seconds": round(seconds)}))
        yield made, url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with nation(asked.folder, asked.share, asked.workers) as (_, url):
        print(url, (asked.folder / READY).read_text())


if __name__ == "__main__":
    main()
