"""How long plans take: a kabupaten (40 areas, 10 teams, 60 days), and a province (500 areas, 100 teams, 60 days).

Wanted: 2 s with a gap of at most 1 %, or shown; 60 s and 3 GB, with progress, and cancelled within a few seconds. Figures and
histories are made here; each plan is made in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from ektp_analysis.core.area import Level, register
from ektp_analysis.core.contract import frame
from ektp_analysis.core.targets import Target
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.planning.making import plan
from ektp_analysis.planning.proposal import Plan
from ektp_analysis.planning.request import Goal, Request, Travel
from ektp_analysis.projection.answers import Ground

LAST = date(2024, 6, 2)  # a Sunday
WANTED = {"kabupaten": (2.0, 3.0), "province": (60.0, 3.0)}  # seconds, gigabytes


def ground_of(codes: list[str]) -> Ground:
    """Ten weeks of figures of these areas, each falling at a pace of its own."""
    rng = np.random.default_rng(4)
    rows = []
    for code in codes:
        eligible, left = int(rng.integers(4000, 30000)), float(rng.integers(80, 900))
        for week in range(10):
            day = LAST - timedelta(days=7 * (9 - week))
            rows.append({"area_code": code, "as_of_date": str(day), "eligible": eligible, "unrecorded": int(left)})
            left *= rng.uniform(0.85, 0.97)
    return Ground(roll_up(frame(rows)), today=LAST)


def request_of(kind: str) -> tuple[Request, list[str]]:
    """The request of a kind of case, and its areas."""
    by = LAST + timedelta(days=86)  # sixty days of work
    if kind == "kabupaten":
        codes = list(register().codes(Level.KECAMATAN, "32.01"))[:40]
        return Request("32.01", 10, LAST + timedelta(days=1), by, holidays=False, target=Target.parse("99.4")), codes
    codes = list(register().codes(Level.KECAMATAN, "33"))[:500]
    return Request(
        "33", 100, LAST + timedelta(days=1), by, areas=tuple(codes), holidays=False, target=Target.parse("99.4")
    ), codes


def one(kind: str, goal: str, travel: bool, cancel: bool) -> None:
    """A plan in this process: seconds, gigabytes, gap, and what was told of it on the way."""
    request, codes = request_of(kind)
    if travel:
        groups = [codes[n : n + 5] for n in range(0, len(codes) // 2, 5)]
        isles = tuple(Travel(f"group {n}", tuple(group), 1, (0, 3)) for n, group in enumerate(groups))
        request = replace(request, travel=isles)
    ground = ground_of(codes)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    told: list[float] = []

    def progress(share: float) -> bool:
        told.append(share)
        return not (cancel and len(told) >= 2)

    begun = time.perf_counter()
    made = plan(ground, None, replace(request, goal=Goal(goal)), progress=progress)
    took = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    said = (
        f"gap {made.quality.gap:.2%} ({made.quality.solver.value}), {made.team_days} team-days"
        if isinstance(made, Plan)
        else made.why.value
    )
    print(
        f"{kind}, {goal}{', travel' if travel else ''}{', cancelled' if cancel else ''}: {took:.1f} s "
        f"(wanted {WANTED[kind][0]:.0f}), {most:.2f} GB ({before:.2f} before), {said}, told {len(told)} times",
        flush=True,
    )


def main() -> None:
    for kind in WANTED:
        for goal, travel, cancel in (
            ("most", False, False),
            ("target", False, False),
            ("every", False, False),
            ("probability", False, False),
            ("most", True, False),
            ("most", False, True),
        ):
            code = f"from tests.benchmarks.plans import one; one({kind!r}, {goal!r}, {travel}, {cancel})"
            subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    main()
