"""Real processes that import at once: both arrive, and the same file is stored once."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

from ektp_analysis.store.store import Store
from tests.engines import kept, moment, reading

ROUNDS = 3
AREAS = range(2001, 2101)
PATIENCE = 300  # seconds; how busy the machine is must not decide
START = moment("2023-06-20 10:00")


def rows_of(who: str, number: int) -> Any:
    return reading(
        *({"area_code": f"75.05.01.{area}", "as_of_date": "2023-06-20", "unrecorded": number, "note": who} for area in AREAS)
    )


def office(who: str, url: str, barrier: Barrier, answers: Any) -> None:
    """Open the store that nobody has made yet, then commit a file of its own and the common one, several times."""
    answer = []
    barrier.wait()
    with Store.open(url) as store:
        for number in range(ROUNDS):
            barrier.wait()
            own = kept(store, rows_of(who, number), "2023-06-20 10:00", received_at=START + timedelta(minutes=number))
            barrier.wait()
            same = kept(store, rows_of("both", number), "2023-06-20 10:00", received_at=START + timedelta(hours=number + 1))
            answer.append((own.already_there, own.batch.id, same.already_there, same.batch.id))
    answers.put((who, answer))


def test_two_imports_at_once_both_arrive_and_the_same_one_once(url: str) -> None:
    context = multiprocessing.get_context("fork")  # each opens the store for itself: nothing of this process is used
    barrier, answers = context.Barrier(2), context.Queue()
    children = [context.Process(target=office, args=(who, url, barrier, answers)) for who in ("Kwandang", "Anggrek")]
    for child in children:
        child.start()
    told = dict(answers.get(timeout=PATIENCE) for _ in children)
    for child in children:
        child.join(timeout=PATIENCE)
        assert child.exitcode == 0
    for one, other in zip(told["Kwandang"], told["Anggrek"], strict=True):
        assert (one[0], other[0]) == (False, False)
        assert one[1] != other[1]
        assert sorted([one[2], other[2]]) == [False, True]
        assert one[3] == other[3]
    with Store.open(url) as store:
        assert len(store.batches()) == 3 * ROUNDS
        assert {batch.rows for batch in store.batches()} == {len(AREAS)}
        held = store.figures()
        assert (len(held), set(held["unrecorded"]), set(held["note"])) == (len(AREAS), {ROUNDS - 1}, {"both"})
        at_first = store.figures(known_at=START)
        assert set(at_first["batch_id"]) == {max(told["Kwandang"][0][1], told["Anggrek"][0][1])}
        assert store.verify(lambda data, name, choices: _read(data)) == []


def _read(data: bytes) -> Any:
    lines = data.decode().splitlines()
    names = lines[0].split(",")
    return reading(
        *(
            {name: value for name, value in zip(names, line.split(","), strict=True) if value}
            | {"unrecorded": int(line.split(",")[4])}
            for line in lines[1:]
        )
    )
