"""The projection on real countdown series, and its speed.

``forecast`` is what the product itself calls. Its networks were fitted to simulated campaigns alone; two numbers, by which
what they say is recalibrated (``LATER_PER_SHARE``, ``NARROWER_PER_SHARE``), were chosen on these families with whole groups
left out. ``python -m tests.benchmarks.countdown --write`` writes data/benchmark.csv.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:  # a scorer may load this file by its path, from anywhere
    sys.path.insert(0, ROOT)

from ektp_analysis.core import settings  # noqa: E402
from ektp_analysis.projection.networks import forecast  # noqa: E402
from tests.benchmarks import countdown_scorer as scorer  # noqa: E402
from tests.benchmarks.many import project_many  # noqa: E402

DATA = scorer.HERE / "data"


def tables(every: int = 1):
    """(per family, pooled) for the straight line and the product, as the scorer gives them."""
    scorer.FORECASTERS["projection"] = forecast
    frame = scorer.score(scorer.build_cases(DATA)[::every], os.cpu_count() or 1)
    families = json.loads((DATA / "families.json").read_text())
    return scorer.summarise(frame, {name for name, conf in families.items() if conf.get("plateau")})


SOURCES = {
    "malaysia_dose1": "CITF-Malaysia, data.gov.my",
    "malaysia_dose2": "CITF-Malaysia, data.gov.my",
    "us2020_precincts": "NYT 2020 results scraper, MIT",
    "nyc_census": "NYC census 2020 self-response, MIT",
    "germany_dose2": "Robert Koch-Institut, CC BY 4.0",
    "germany_booster": "Robert Koch-Institut, CC BY 4.0",
    "us2020_counties": "NYT 2020 results, MIT",
}
PUBLISHED = settings.DATA / "benchmark.csv"


def published(table):
    """What data/benchmark.csv says: the projection per family, three decimals, empty where nothing can be judged."""
    families = json.loads((DATA / "families.json").read_text())
    rows = table[table.forecaster == "projection"].round(3)
    out = rows[["family", "ratio", "cover80", "late", "wrong_never", "false_promise"]].copy()
    out.insert(1, "kind", ["plateau" if families[name].get("plateau") else "countdown" for name in out.family])
    out["source"] = [SOURCES[name] for name in out.family]
    return out.to_csv(index=False, lineterminator="\n")


def seconds_for(areas: int, snapshots: int = 60) -> float:
    """Seconds to project so many areas for 99.4 % and zero, single process, by its processor."""
    rng = np.random.default_rng(0)
    days = np.arange(-snapshots + 1.0, 1.0) * 7
    remaining = np.round(rng.uniform(20, 900, (areas, 1)) * np.exp(-np.cumsum(rng.exponential(0.05, (areas, snapshots)), 1)))
    remaining += 1
    eligible = np.broadcast_to(3.0 * remaining[:, :1], remaining.shape)
    start = time.process_time()
    project_many(days, remaining, eligible, [0.994, 1.0])
    return time.process_time() - start


def main() -> None:
    table, pooled = tables()
    if "--write" in sys.argv:
        PUBLISHED.write_text(published(table), encoding="utf-8")
    print(table.round(3).to_string(index=False), "\n\n", pooled.round(3).to_string(), sep="")
    print("\nNetworks: simulated campaigns alone. Recalibration: two numbers chosen on the families with whole groups left out.")
    took = seconds_for(83_762)
    print(f"83,762 areas x 60 snapshots, two targets: {took:.1f} s ({1e3 * took / 83_762:.3f} ms an area)")


if __name__ == "__main__":
    main()
