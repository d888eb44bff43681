"""Cut the power while SQLite writes its log, simulated at many places: ``python -m tests.power`` (part of `make faults`).

The log (the -wal file) is cut where only a part of a commit has reached the disk; every second time sectors behind the last
acknowledged commit are there or not at random, as a disk may write them in any order. What was acknowledged before must be whole
("lost": goal 0), what was not is whole or not there ("torn": goal 0). Ends with 1 where a goal is missed.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.store.store import Store
from tests.benchmarks.revisions import revision
from tests.engines import kept

CUTS, BATCHES, SECTOR = 200, 8, 512
FULL = 2  # as SQLite numbers its modes: at each commit it waits until the log is on the disk


def written(folder: Path, weeks: int = 1) -> tuple[bytes, bytes, list[int], dict[bytes, pd.DataFrame]]:
    """The file as it was before, its whole log, how long the log was at each acknowledgement, and the rows by their bytes."""
    file = folder / "store.sqlite"
    log = file.with_name(file.name + "-wal")
    rows = {}
    with Store.open(f"sqlite:///{file.as_posix()}") as store:
        store.batches()
        before, ends = file.read_bytes(), [log.stat().st_size]
        for number in range(BATCHES):
            made = revision(number, weeks=weeks)
            rows[made.to_csv(index=False).encode()] = made
            kept(store, made, f"2025-01-{number + 1:02d} 08:00")
            ends.append(log.stat().st_size)
        assert file.read_bytes() == before, "nothing was moved out of the log meanwhile"
        return before, log.read_bytes(), ends, rows


def after(whole: bytes, ends: list[int], place: int, chance: random.Random | None) -> bytes:
    """What is on the disk of a log that was written up to ``place``; with ``chance``, any of the sectors not acknowledged."""
    if chance is None:
        return whole[:place]
    sure = max(end for end in ends if end <= place)
    beyond = range(sure, place, SECTOR)
    return whole[:sure] + b"".join(
        whole[at : min(at + SECTOR, place)] if chance.random() < 0.5 else bytes(min(SECTOR, place - at)) for at in beyond
    )


def cut(file: Path, rows: dict[bytes, pd.DataFrame], sure: int) -> str:
    """What became of a store after a cut, of which ``sure`` batches had been acknowledged."""

    def again(data: bytes, _name: str, _choices: Any) -> pd.DataFrame:
        return rows[data]

    with Store.open(f"sqlite:///{file.as_posix()}") as store:
        ids = sorted(batch.id for batch in store.batches())
        with store._database.reading() as connection:
            sound = connection.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
        if not sound or store.verify(again) or ids != list(range(1, len(ids) + 1)) or len(ids) > sure + 1:
            return "torn"
        return "lost" if len(ids) < sure else "kept"


def count(folder: Path, cuts: int = CUTS, seed: int = 1) -> Counter[str]:
    """How many cuts left what was acknowledged ("kept"), lost some of it, or left a batch torn."""
    found: Counter[str] = Counter()
    before, whole, ends, rows = written(folder)
    chance = random.Random(seed)
    for number in range(cuts):
        place = chance.randint(ends[0] + 1, len(whole) - 1) if number % 4 else chance.choice(ends[1:])  # or just acknowledged
        file = folder / f"cut {number}.sqlite"
        file.write_bytes(before)
        left = after(whole, ends, place, chance if number % 2 else None)
        file.with_name(file.name + "-wal").write_bytes(left)
        sure = sum(end <= place for end in ends[1:])
        found[cut(file, rows, sure)] += 1
    return found


def main() -> int:
    """The full count; 0 where every goal is met."""
    with tempfile.TemporaryDirectory() as folder:
        found = count(Path(folder))
    print(f"power cuts: {sum(found.values())} places of the log: {dict(sorted(found.items()))}")
    return 1 if found["torn"] or found["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
