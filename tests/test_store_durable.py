"""What an import costs after many revisions, and what a power cut leaves: a batch that was acknowledged is whole, always."""

from __future__ import annotations

import itertools
from pathlib import Path

from ektp_analysis.store.store import Store
from tests import power
from tests.benchmarks.revisions import revision
from tests.engines import kept


def steps(store: Store) -> int:
    """Steps of SQLite's machine, in hundreds, to ask what holds."""
    counted = itertools.count()
    with store._database.engine.connect() as connection:
        opened = connection.connection.driver_connection
        opened.set_progress_handler(lambda: next(counted) < 0, 100)  # type: ignore[union-attr]
    store.figures(within="75.05")
    opened.set_progress_handler(None, 0)  # type: ignore[union-attr]
    return next(counted)


def test_what_holds_is_found_as_fast_however_often_it_was_revised(sqlite_url: str) -> None:
    with Store.open(sqlite_url) as store:
        found = []
        for number in range(21):
            kept(store, revision(number, weeks=1), f"2025-01-{1 + number:02d} 08:00")
            found.append(steps(store) if number in (0, 10, 20) else 0)
        assert store.figures()["unrecorded"].tolist() == revision(20, weeks=1)["unrecorded"].tolist()
    assert found[20] - found[10] < 1.3 * (found[10] - found[0]), "the last revisions cost no more than the first"


def test_a_power_cut_anywhere_in_the_log_leaves_each_batch_whole_or_not_there(tmp_path: Path) -> None:
    assert power.count(tmp_path, cuts=5) == {"kept": 5}
    before, log, ends, rows = power.written(tmp_path / "again")
    for end, became in ((ends[-1], "kept"), (ends[-1] - 1, "lost")):  # less than what was acknowledged is found out
        file = tmp_path / f"{became}.sqlite"
        file.write_bytes(before)
        file.with_name(file.name + "-wal").write_bytes(log[:end])
        assert power.cut(file, rows, power.BATCHES) == became


def test_what_is_acknowledged_is_on_the_disk(sqlite_url: str) -> None:
    """SQLite waits for the disk at each commit (synchronous FULL), and in the log that it writes."""
    with Store.open(sqlite_url) as store, store._database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == power.FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
