"""Samples of the counts that ``python -m tests.kills`` makes in full: kills, collisions, a full disk, a stopped server."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ektp_analysis.office import stores
from ektp_analysis.store import schema
from tests import engines, kills, spoilt
from tests.breadth import case
from tests.engines import NewUrl
from tests.offices import Place, begin, office

KILLS = 2
ON_A_SERVER = ("import (store)", "migration")  # what differs there most


def good(found: spoilt.Found) -> dict[str, int]:
    """What was counted, where nothing of it is bad."""
    counts, lines = found
    assert lines == [] and not any(counts[what] for what in kills.BAD)
    return {what: many for what, many in counts.items() if many}


@pytest.mark.parametrize(
    ("many", "operation"),
    [case(many, one, further=many > 1) for many in (1, KILLS) for one in kills.OPERATIONS],
    ids=lambda one: getattr(one, "name", one),
)
def test_a_kill_loses_nothing_and_leaves_nothing_half_done(tmp_path: Path, many: int, operation: kills.Operation) -> None:
    assert sum(good(kills.count(operation, kills.places(tmp_path), many)).values()) == many


def test_nor_does_it_on_a_server(tmp_path: Path, new_schema_url: NewUrl) -> None:
    operations = {one.name: one for one in kills.OPERATIONS}
    for name in ON_A_SERVER:
        places = kills.places(tmp_path / name, iter(new_schema_url, ""))
        assert sum(good(kills.count(operations[name], places, 1)).values()) == 1


def test_what_is_lost_or_half_done_is_found_out(tmp_path: Path) -> None:
    """By an operation that says that it is done and does nothing, and one that stores the bytes without their batch."""

    def half(place: Place, number: int) -> None:
        with stores.own_store()._store._database.writing() as connection:
            connection.execute(schema.original.insert().values(sha256=str(number), size=1, packed=b"x"))

    for act, what in ((lambda place, number: None, "lost"), (half, "torn")):
        operation = kills.Operation(what, act, lambda place, connection, number: False)
        counts, lines = kills.count(operation, kills.places(tmp_path / what), 1)
        assert counts[what] and what in lines[0]


def test_imports_at_once(tmp_path: Path, postgres_url: str) -> None:
    assert good(kills.two_imports(next(kills.places(tmp_path)), 2)) == {"kept": 4}
    assert good(kills.one_file(Place(tmp_path / "server", postgres_url), 3, 3)) == {"kept": 1, "there already": 2}


def test_a_server_that_is_stopped_under_load(tmp_path: Path, postgres_url: str, postgres_server: Any) -> None:
    restart = partial(engines.stop_server, postgres_server), partial(engines.start_server, postgres_server)
    found = good(spoilt.stopped(Place(tmp_path / "office", postgres_url), *restart, 1))
    assert found["done"] and found["refused"] and found["stops"] == 1


def test_a_full_disk(tmp_path: Path) -> None:
    """The store is full once, and of each kind the next is refused; then there is room again."""
    place = next(kills.places(tmp_path))
    with office(place):
        begin(place)
    for what in spoilt.FILLING:
        assert good(spoilt.full(place, what, None))["refused"] == 1


def test_a_file_that_is_spoilt_is_found(tmp_path: Path) -> None:
    place = next(kills.places(tmp_path))
    spoilt.furnish(place, 2)
    assert place.file is not None
    data, kept = place.file.read_bytes(), spoilt.contents(place.file)
    chance = random.Random(3)
    several = itertools.chain(spoilt.flipped(data, 2, chance), spoilt.shortened(data, 1, chance), aimed(data))
    found = good(spoilt.damaged(place, data, kept, several))
    assert found["found"] >= 1 + len(AIMED)


# What no figure is read from, or whose text cannot be read: what stands there -> what it becomes.
AIMED = {
    "an index": (b"75.05rapat\x02", b"75.05rapbt\x02"),
    "a definition": (b"areas INTEGER NOT NULL", b"areas INTEGDR NOT NULL"),
    "a definition that is no text": (b"CREATE TABLE aim", b"CREATE TABLE ai\xff"),
    "a rule": (b"printed BETWEEN 0 AND 400000000", b"printed BETWEEN 0 AND 500000000"),
    "a day": (b"2035-01-01", b"2035-01-0q"),
    "a note that is no text": (b"Pilkada", b"Pilkad\xff"),
}


def aimed(data: bytes) -> Iterator[tuple[str, bytes]]:
    for name, (before, after) in AIMED.items():
        assert before in data, name
        yield name, data.replace(before, after)
