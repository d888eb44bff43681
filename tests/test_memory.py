"""Where the tests' temporary files lie."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests import memory


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MEMORY", tmp_path)
    monkeypatch.setattr(memory, "ROOM", 1)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("TMPDIR", raising=False)


def test_they_lie_in_memory_from_then_on_and_are_gone_at_the_end(tmp_path: Path) -> None:
    place = memory.take()
    assert place == tmp_path / f"ektp-tests-{os.getpid()}" and Path(tempfile.mkdtemp()).parent == place
    assert place.stat().st_mode & 0o777 == 0o711, "tests have processes of another user"
    assert subprocess.check_output(["mktemp", "-u"], text=True).startswith(str(place))
    memory.give_back()
    assert not place.exists()


def test_not_where_somebody_said_where_nor_where_there_is_too_little_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "ROOM", 1 << 60)
    assert memory.take() is None
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "none")
    monkeypatch.setattr(memory, "ROOM", 1)
    assert memory.take() is None
    monkeypatch.setattr(memory, "MEMORY", tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert memory.take() is None and not list(tmp_path.iterdir())
    memory.give_back()
    assert tmp_path.exists()


def test_what_a_run_left_that_is_no_more_goes_and_what_one_beside_uses_stays(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    beside, other = (tmp_path / f"ektp-tests-{one}" for one in (os.getppid(), "x"))
    for one in (tmp_path / f"ektp-tests-{ended.pid}" / "a", beside, other):
        one.mkdir(parents=True)
    place = memory.take()
    assert sorted(tmp_path.iterdir()) == sorted([place, beside, other])
