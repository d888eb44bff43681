"""The speed of the projection, in one run: the whole country, one area on screen, and statsforecast's AutoETS beside both.

The country: 83,762 areas with 60 snapshots each, for 99.4 % and for zero, in a process of its own whose peak memory is told;
the goal is 90 s and 4 GB. AutoETS (without a season, two years ahead, the 80 % interval) runs on a sample of the same
series in an environment of its own, in rounds that take turns with ours; the goal is 100 times faster a series. One area:
what a page asks (a kecamatan among eleven, 60 snapshots each, histories read, draws and quantiles made); the goal is 50 ms.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.core.contract import frame
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.projection.answers import Ground, answer
from tests.benchmarks.countdown import ROOT
from tests.benchmarks.many import project_many

HERE = Path(__file__).resolve().parent / "elsewhere"
AREAS, SNAPSHOTS, CHUNK, SAMPLE, ROUNDS, AHEAD = 83_762, 60, 10_000, 40, 5, 104
TARGETS = [0.994, 1.0]
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # as AutoETS, so that a second is a second for both


def series(areas: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(days, unrecorded, eligible) of weekly countdowns that fall by fits and starts."""
    rng = np.random.default_rng(seed)
    days = np.arange(-SNAPSHOTS + 1.0, 1.0) * 7
    start, steps = rng.uniform(20, 900, (areas, 1)), rng.exponential(0.05, (areas, SNAPSHOTS))
    unrecorded = np.round(start * np.exp(-np.cumsum(steps, axis=1))) + 1
    return days, unrecorded, np.broadcast_to(30.0 * unrecorded[:, :1], unrecorded.shape)


def country() -> None:
    """In a process of its own: seconds and peak memory of all areas, as one line of JSON."""
    days, unrecorded, eligible = series(AREAS)
    start = time.perf_counter()
    made = project_many(days, unrecorded, eligible, TARGETS)
    took = time.perf_counter() - start
    print(
        json.dumps(
            {
                "seconds": took,
                "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
                "answered": int(np.isfinite(made[:, 1]).all(axis=1).sum()),
            }
        )
    )


def chunk() -> None:
    """In a process of its own: seconds a series by the clock and by the processor, as one line of JSON."""
    days, unrecorded, eligible = series(CHUNK, seed=2)
    project_many(days, unrecorded[:SAMPLE], eligible[:SAMPLE], TARGETS)
    wall, busy = took(lambda: project_many(days, unrecorded, eligible, TARGETS), CHUNK)
    single = took(
        lambda: [project_many(days, unrecorded[row : row + 1], eligible[row : row + 1], TARGETS) for row in range(SAMPLE)], SAMPLE
    )
    print(json.dumps({"wall": wall, "busy": busy, "single": single[1]}))


def asked(*arguments: str, python: str = sys.executable) -> dict[str, Any]:
    done = subprocess.run(
        [python, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": ROOT, **ONE_THREAD},
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def other_environment() -> str:
    """The interpreter that has statsforecast; made once, beside the product's own."""
    home, wanted = Path(sys.prefix) / "autoets", HERE / "requirements.txt"
    python = home / "bin" / "python"
    if not (home / ".ready").is_file() or (home / ".ready").read_text() != wanted.read_text():
        print("Installing statsforecast in an environment of its own (once) ...", flush=True)
        venv.create(home, with_pip=True, clear=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted)], check=True
        )
        (home / ".ready").write_text(wanted.read_text())
    return str(python)


def kecamatan() -> pd.DataFrame:
    """Sixty weekly snapshots of eleven kecamatan, rolled up as a page holds them."""
    days, unrecorded, _eligible = series(11, seed=1)
    return roll_up(
        frame(
            [
                {
                    "area_code": f"75.05.{n + 1:02d}",
                    "as_of_date": str(np.datetime64("2024-12-30") + int(day)),
                    "eligible": 9000,
                    "unrecorded": int(count),
                }
                for n in range(11)
                for day, count in zip(days, unrecorded[n], strict=True)
            ]
        ),
        "75.05",
    )


def on_screen(near: pd.DataFrame, area: str) -> float:
    """Milliseconds until a page has its answer about an area."""
    start = time.perf_counter()
    for target in (Target.parse("99.4"), ZERO):
        answer(Ground.of(near, area), area, target)
    return 1e3 * (time.perf_counter() - start) / 2


def took(work: Any, pieces: int) -> tuple[float, float]:
    """Milliseconds a piece by the clock and by the processor."""
    wall, busy = time.perf_counter(), time.process_time()
    work()
    return 1e3 * (time.perf_counter() - wall) / pieces, 1e3 * (time.process_time() - busy) / pieces


def main() -> None:
    whole = asked("-c", "from tests.benchmarks.autoets import country; country()")
    print(
        f"{AREAS:,} areas x {SNAPSHOTS} snapshots, {len(TARGETS)} targets: {whole['seconds']:.1f} s, peak "
        f"{whole['gigabytes']:.2f} GB, {whole['answered']:,} with an answer (goal: 90 s, 4 GB)"
    )
    python, near = other_environment(), kecamatan()
    on_screen(near, "75.05.03")
    ratios, ours, told, one, kabupaten = [], [], {}, [], []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "series.npy"
        np.save(file, series(CHUNK, seed=2)[1][:SAMPLE])
        for _ in range(ROUNDS):  # in turn, so that a busy machine is busy for all
            told = asked(str(HERE / "autoets.py"), str(file), str(AHEAD), python=python)
            ours.append(asked("-c", "from tests.benchmarks.autoets import chunk; chunk()"))
            ratios.append(tuple(1e3 * told[name] / ours[-1][name] for name in ("wall", "busy")))
            one += [on_screen(near, "75.05.03") for _ in range(5)]
            kabupaten += [on_screen(near, "75.05") for _ in range(3)]
    best = {name: min(one[name] for one in ours) for name in ours[0]}
    times = tuple(statistics.median(pair[k] for pair in ratios) for k in (0, 1))
    print(
        f"AutoETS (statsforecast {told['version']}), the same series: {1e3 * told['wall']:.1f} ms each, "
        f"{1e3 * told['busy']:.1f} by the processor, {told['finite']} of {SAMPLE} finite"
    )
    print(f"ours: {best['wall']:.3f} ms each, {best['busy']:.3f} by the processor; asked one by one {best['single']:.2f}")
    print(f"times faster, median of {ROUNDS} pairs: {times[0]:.0f}, {times[1]:.0f} by the processor (goal: 100)")
    print(
        f"One area with {SNAPSHOTS} snapshots on screen, each target: median {statistics.median(one):.0f} ms, best "
        f"{min(one):.0f} (goal: 50); a kabupaten from its eleven kecamatan {statistics.median(kabupaten):.0f}, best "
        f"{min(kabupaten):.0f}"
    )


if __name__ == "__main__":
    main()
