"""`project --all` and `export --each` by one process, by two, and by a Dask cluster of two workers: how much faster, and whether
the bytes are the same. Figures are made here: weekly, so many kabupaten with a dozen kecamatan each.

Wanted: two workers at least 1.6 times one on work that is heavy enough.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from ektp_analysis.core.area import Level, register
from ektp_analysis.core.contract import frame
from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores

KABUPATEN, WEEKS, LAST = 40, 26, date(2024, 6, 2)
WANTED = 1.6


def made(folder: Path) -> int:
    """A store of made figures; gives how many kecamatan it has."""
    os.environ |= {"EKTP_DATA_DIR": str(folder), "EKTP_TODAY": LAST.isoformat(), "EKTP_DATABASE_URL": ""}
    settings.cache_clear()
    store, rng, count = stores.own_store(), np.random.default_rng(5), 0
    for number, kabupaten in enumerate(sorted(register().codes(Level.KABUPATEN))[:KABUPATEN]):
        rows = []
        for code in register().children(kabupaten)[:12]:
            eligible, left = int(rng.integers(4000, 30000)), float(rng.integers(200, 900))
            count += 1
            for week in range(WEEKS):
                day = LAST - timedelta(days=7 * (WEEKS - 1 - week))
                rows.append({"area_code": code, "as_of_date": str(day), "eligible": eligible, "unrecorded": int(left)})
                left *= rng.uniform(0.9, 0.98)
        figures = frame(rows).assign(sheet="", row=range(1, len(rows) + 1))
        at = datetime(2024, 6, 3, 8, tzinfo=settings().zone) + timedelta(seconds=number)
        store.commit(figures, data=kabupaten.encode(), name="made.csv", uploader="made", received_at=at, choices={}, report={})
    stores.close_all()
    return count


def timed(*arguments: str) -> float:
    """Seconds of a command."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "ektp_analysis", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def cluster() -> tuple[str, list[subprocess.Popen[bytes]]]:
    """A scheduler and two workers, as an office would start them; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    started = [subprocess.Popen([*dask, "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
    started += [subprocess.Popen(worker, **quiet) for _ in range(2)]
    return address, started


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        count = made(place / "data")
        every = ("project", "--all", "--level", "kecamatan", "--out")
        one = timed(*every, str(place / "one.csv"), "--workers", "1")
        two = timed(*every, str(place / "two.csv"), "--workers", "2")
        print(f"answers of {count} kecamatan: one process {one:.1f} s, two {two:.1f} s, {one / two:.2f} times (wanted {WANTED})")
        same = (place / "one.csv").read_bytes() == (place / "two.csv").read_bytes()
        address, started = cluster()
        try:
            three = timed(*every, str(place / "three.csv"), "--scheduler", address)
        finally:
            for process in reversed(started):
                process.send_signal(signal.SIGTERM)
                process.wait(20)
        same &= (place / "one.csv").read_bytes() == (place / "three.csv").read_bytes()
        print(f"by a cluster of two workers {three:.1f} s, {one / three:.2f} times; the same bytes: {same}")
        few = ("project", "--all", "--level", "kecamatan", "--area", sorted(register().codes(Level.PROVINSI))[0], "--out")
        one, two = (timed(*few, str(place / "few.csv"), "--workers", n) for n in "12")
        print(f"one provinsi: one process {one:.1f} s, two {two:.1f} s, {one / two:.2f} times: too little work for two")
        decks = ("export", "deck", "--each", "kabupaten", "--area", "11", "--out")
        one, two = (timed(*decks, str(place / "decks.zip"), "--workers", n) for n in "12")
        print(f"decks of a provinsi's kabupaten: {one:.1f} s, {two:.1f} s, {one / two:.2f} times; threads use both cores already")


if __name__ == "__main__":
    main()
