"""Reports: PPTX and PDF of one kabupaten warm and cold, eleven one-pagers against one, memory of all processes.

Goals: 3 s each after a warm start, 6 s cold (a whole command), eleven one-pagers at most 4 times one, 600 MB for a command
and the processes that it starts. Warm and cold are the quietest of their repeats; the ratios are of pairs measured in turn, by
the clock: as a command for one kecamatan against a command for all of them, and in a warm process against one of the
kabupaten and one of a kecamatan. Beside each stands the processor's time, which other work on the machine disturbs less.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ektp_analysis.charts import drawing
from ektp_analysis.core.area import Level
from ektp_analysis.core.settings import settings
from ektp_analysis.office import reports, stores

ROOT = Path(__file__).resolve().parents[2]
AREA, WARM, COLD, PAIRS = "75.05", 7, 5, 5
WARM_GOAL, COLD_GOAL, TIMES_GOAL, MEMORY_GOAL = 3.0, 6.0, 4.0, 600


def engine() -> float:
    """Seconds of the processor that the drawing engine has used."""
    fields = Path(f"/proc/{drawing._engine.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def taken(task: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor in this process and the engine."""
    clock, processor = time.perf_counter(), time.process_time() + engine()
    task()
    return time.perf_counter() - clock, time.process_time() + engine() - processor


def tree(pid: int) -> set[int]:
    """A process and all below it."""
    found, left = set(), [pid]
    while left:
        one = left.pop()
        found.add(one)
        try:
            below = [(task / "children").read_text() for task in Path(f"/proc/{one}/task").iterdir()]
        except OSError:
            continue
        left += [int(child) for text in below for child in text.split()]
    return found


def resident(pid: int) -> int:
    """Megabytes that a process holds; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    except (OSError, IndexError):
        return 0


def command(*arguments: str) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, and the most megabytes that the command and its processes held at once."""
    before = os.times()
    clock = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "ektp_analysis", "export", *arguments, "--sample"], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    most, done = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.02):
            most = max(most, sum(map(resident, tree(process.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    clock = time.perf_counter() - clock
    done.set()
    watcher.join()
    if code:
        raise RuntimeError(f"{arguments}: {code}")
    after = os.times()
    return clock, after.children_user + after.children_system - before.children_user - before.children_system, most


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ektp-bench-") as name:
        os.environ["EKTP_DATA_DIR"] = name
        settings.cache_clear()
        now = stores.current(sample=True)
        inside = reports.areas_inside(AREA, Level.KECAMATAN, reports.rolled(now, AREA))

        def one(area: str, kind: str) -> None:
            reports.file(reports.deck(now, area), kind, "id")

        for kind in ("pptx", "pdf", "one-pager pdf"):
            one(AREA, kind)
            found = [taken(lambda kind=kind: one(AREA, kind)) for _ in range(WARM)]  # type: ignore[misc]
            clock, processor = (min(values) for values in zip(*found, strict=True))
            print(f"  warm {kind:14} {clock:.2f} s (processor {processor:.2f} s; goal {WARM_GOAL:.0f} s)", flush=True)
        for what, area in (("a kecamatan", inside[0]), ("the kabupaten", AREA)):
            pairs = [
                (
                    taken(lambda area=area: one(area, "one-pager pdf")),  # type: ignore[misc]
                    taken(lambda: list(reports.files(now, inside, "one-pager pdf", "id"))),
                )
                for _ in range(PAIRS + 1)
            ][1:]
            each = sorted(many[0] / single[0] for single, many in pairs)
            print(
                f"  {len(inside)} one-pagers against one of {what}: {statistics.median(each):.1f} times "
                f"({each[0]:.1f} to {each[-1]:.1f}; goal {TIMES_GOAL:.0f}); processor "
                f"{min(many[1] for _, many in pairs) / min(single[1] for single, _ in pairs):.1f} times",
                flush=True,
            )
        stores.close_all()
        alone = ("one-pager", "--area", inside[0], "--out", f"{name}/one.pdf")
        every = ("one-pager", "--area", AREA, "--each", "kecamatan", "--out", f"{name}/all.zip")
        whole = sorted(command(*every)[0] / command(*alone)[0] for _ in range(COLD))
        print(
            f"  {len(inside)} one-pagers by one command against one by a command: {statistics.median(whole):.1f} times "
            f"({whole[0]:.1f} to {whole[-1]:.1f}; goal {TIMES_GOAL:.0f})",
            flush=True,
        )
        for arguments in (
            ("deck", "--out", f"{name}/x.pptx"),
            ("deck", "--out", f"{name}/x.pdf"),
            ("one-pager", "--out", f"{name}/x1.pdf"),
            ("workbook", "--out", f"{name}/x.xlsx"),
            ("one-pager", "--each", "kecamatan", "--out", f"{name}/x.zip"),
        ):
            clocks, processors, memory = zip(*(command(*arguments, "--area", AREA) for _ in range(COLD)), strict=True)
            print(
                f"  cold {arguments[0]:9} {Path(arguments[-1]).suffix[1:]:4} {min(clocks):.2f} s (processor "
                f"{min(processors):.2f} s; goal {COLD_GOAL:.0f} s)   memory {max(memory)} MB (goal {MEMORY_GOAL})",
                flush=True,
            )


if __name__ == "__main__":
    main()
