"""Samples of the counts that ``python -m tests.moved`` makes in full: kills amid a backup, a restoring, a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from ektp_analysis.office import backups, stores
from tests import kills, moved
from tests.engines import NewUrl
from tests.offices import Place, office

KILLS = 2


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = next(kills.places(tmp_path_factory.mktemp("first")))
    moved.furnished(place)
    return place


def test_a_kill_amid_a_backup_leaves_none_or_a_whole_one(first: Place, tmp_path: Path) -> None:
    counts, lines = moved.count(moved.backed_up(first, tmp_path / "backups"), KILLS)
    assert lines == [] and sum(counts.values()) == KILLS


def test_a_kill_amid_restoring_or_copying_leaves_none_or_a_whole_store(
    first: Place, tmp_path: Path, new_schema_url: NewUrl
) -> None:
    with office(first):
        folder = backups.make(tmp_path / "backups").backup.folder
        rows = moved.contents(stores.own_store())
    for several in (
        moved.restored(kills.places(tmp_path / "restored"), folder, rows),
        moved.copied(kills.places(tmp_path / "copied", iter(new_schema_url, "")), first, rows),
    ):
        counts, lines = moved.count(several, 1)
        assert lines == [] and sum(counts.values()) == 1


def test_what_is_lost_or_half_done_is_found_out(first: Place) -> None:
    """By what says that it is done and is not, and what leaves something that is wrong."""
    nothing = kills.Operation("nothing", lambda place, number: None, lambda place, connection, number: True)
    for look, what in ((lambda: (False, []), "lost"), (lambda: (True, ["it holds something else"]), "torn")):
        counts, lines = moved.count(iter([(nothing, first, look)] * 2), 0)
        assert counts[what] == 2 and len(lines) == 2
