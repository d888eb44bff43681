"""Many areas by one process, by two, and by a Dask cluster of two workers: how much faster, and whether the bytes are the same.

    python -m tests.benchmarks.many_parts [--share 0.12] [--rounds 2] [--only desa,plans,decks,light] [--folder DIR]

desa: `project --all` of the desa of so large a share of the nation's offices, a year of weeks (:mod:`tests.nation`; made figures)
in SQLite. plans, decks: `plan --each kabupaten` and `export deck --each kabupaten` of all of them. light: a few
kecamatan, too little for two. Each round asks one process, two, and the cluster in turns, so that a slow hour of the machine
meets all three; ratios are those of the quickest of each. Beside the seconds, in brackets, those for which all processes of a
command worked.

Wanted: two workers at least 1.6 times one on work that is heavy enough.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores
from tests import nation

WANTED = 1.6
LAST = nation.FIRST + timedelta(weeks=nation.WEEKS)
HOW = ("one", "two", "cluster")


def made(folder: Path, share: float) -> tuple[list[str], int]:
    """A store in which each office's year came in as one file: the offices, and how many desa they have."""
    os.environ |= {"EKTP_DATA_DIR": str(folder), "EKTP_TODAY": LAST.date().isoformat(), "EKTP_DATABASE_URL": ""}
    settings.cache_clear()
    codes = nation.offices(share)
    if not (folder / nation.READY).is_file():
        store = stores.own_store()
        for number, code in enumerate(codes):
            rows = pd.concat([nation.rows_of(code, week) for week in range(nation.WEEKS)], ignore_index=True)
            rows["row"] = np.arange(2, len(rows) + 2)
            given = {**nation.given(code, nation.WEEKS - 1, rows), "received_at": LAST + timedelta(seconds=number)}
            store.commit(rows, **given)
        stores.close_all()
        (folder / nation.READY).touch()
    return codes, sum(len(nation.desa()[code]) for code in codes)


def timed(*arguments: str) -> tuple[float, float]:
    """Seconds of a command, and those for which its processes worked (without those of a cluster)."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "ektp_analysis", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, worked


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """A scheduler and two workers, as an office would start them; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with tempfile.TemporaryDirectory() as folder:
        dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
        started = [subprocess.Popen([*dask, "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet)]
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
        started += [subprocess.Popen([*worker, "--local-directory", folder], **quiet) for _ in range(2)]
        try:
            yield address
        finally:
            for process in reversed(started):
                process.send_signal(signal.SIGTERM)
                process.wait(20)


# What a deck says of when it was made: the moment and, from it, a part of its name. Two runs begin at two moments.
BEGUN = re.compile(rb"\d+ \w+ \d{4} \d\d\.\d\d, |-\w{6}-(?=[0-9a-f]{6}\b)|<dcterms:(?:created|modified)[^<]*")


def said(data: bytes) -> object:
    """What a file says: its bytes; of the decks in a zip the parts of each, but for when their run began."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return BEGUN.sub(b"", data)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return [(name, said(packed.read(name))) for name in packed.namelist()]


def compared(what: str, arguments: Sequence[str], place: Path, ending: str, rounds: int) -> None:
    """Say how long one process, two and a cluster take, in turns, and whether they say the same, byte by byte."""
    taken: dict[str, list[tuple[float, float]]] = {how: [] for how in HOW}
    given = {how: place / f"{how}{ending}" for how in HOW}
    for turn in range(rounds):
        for how in HOW if turn % 2 == 0 else HOW[::-1]:
            out = ("--out", str(given[how]))
            if how == "cluster":
                with cluster() as address:
                    taken[how].append(timed(*arguments, *out, "--scheduler", address))
            else:
                taken[how].append(timed(*arguments, *out, "--workers", str(HOW.index(how) + 1)))
            print(f"  {how}: {taken[how][-1][0]:.1f} s ({taken[how][-1][1]:.1f})", flush=True)
    best = {how: min(seconds for seconds, _ in times) for how, times in taken.items()}
    first, *others = (said(path.read_bytes()) if ending == ".zip" else path.read_bytes() for path in given.values())
    same = all(one == first for one in others)
    print(
        f"{what}: one process {best['one']:.1f} s; two {best['two']:.1f} s, {best['one'] / best['two']:.2f} times; a cluster of "
        f"two workers {best['cluster']:.1f} s, {best['one'] / best['cluster']:.2f} times (wanted {WANTED}); same bytes: {same}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=0.12)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="desa,plans,decks,light")
    parser.add_argument("--folder", type=Path, help="where the store is made, and found the next time")
    asked = parser.parse_args() if __name__ == "__main__" else parser.parse_args([])
    wanted = set(asked.only.split(","))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        codes, count = made(asked.folder or place / "data", asked.share)
        by_size = sorted({code[:2] for code in codes}, key=lambda one: (sum(code[:2] == one for code in codes), one))
        few = by_size[0]
        print(f"{len(codes)} offices, {count} desa, {nation.WEEKS} weeks", flush=True)
        if "desa" in wanted:
            compared(f"answers of {count} desa", ("project", "--all", "--level", "desa"), place, ".csv", asked.rounds)
        if "plans" in wanted:
            plan = ("plan", "--each", "kabupaten", "--teams", "3")
            compared(f"plans of {len(codes)} kabupaten", plan, place, ".jsonl", asked.rounds)
        if "decks" in wanted:
            decks = ("export", "deck", "--each", "kabupaten", "--area", "ID")
            compared(f"decks of {len(codes)} kabupaten", decks, place, ".zip", asked.rounds)
        if "light" in wanted:
            light = ("project", "--all", "--level", "kecamatan", "--area", few)
            compared(
                f"answers of the kecamatan of {sum(code[:2] == few for code in codes)} kabupaten",
                light,
                place,
                ".jsonl",
                asked.rounds,
            )


if __name__ == "__main__":
    main()
