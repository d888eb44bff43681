"""A file with a personal number leaves no trace: not in the data folder, the temporary folder, the logs or the output."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import seed
from tests.layouts import personal

SEEDS = range(40)


@pytest.mark.parametrize("command", [[], ["--json"], ["--take-good-rows", "--json"]])
def test_no_trace_of_a_personal_number(tmp_path: Path, command: list[str]) -> None:
    files, data, temporary = tmp_path / "files", tmp_path / "data", tmp_path / "tmp"
    for folder in (files, data, temporary):
        folder.mkdir()
    numbers, names = [], []
    for number_of in SEEDS:
        _kind, content, name, number = personal.planted(number_of)
        place = files / str(number_of)
        place.mkdir()
        (place / name).write_bytes(content)
        numbers.append(number)
        names.append(str(place / name))
    env = {**os.environ, "EKTP_DATA_DIR": str(data), "TMPDIR": str(temporary), "EKTP_DATABASE_URL": ""}
    done = seed.begin("command", "import", *command, *names, environment=env)(300)
    assert done.returncode == 1, done.stderr[-2000:]
    if "--json" in command:
        assert done.stdout.count('"status": "refused"') == len(SEEDS)
    kept = [path for folder in (data, temporary) for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite" for path in kept)
    traces = {"stdout": done.stdout.encode(), "stderr": done.stderr.encode(), **{str(path): path.read_bytes() for path in kept}}
    for where, content in traces.items():
        plain = bytes(byte for byte in content if chr(byte).isalnum())
        for number in numbers:
            assert number.encode() not in plain, where
