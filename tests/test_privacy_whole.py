"""A file with a personal number leaves no trace: not in the data folder, the temporary folder, the logs or the output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.layouts import personal

ROOT = Path(__file__).resolve().parent.parent
SEEDS = range(40)


@pytest.mark.parametrize("command", [[], ["--json"], ["--take-good-rows", "--json"]])
def test_no_trace_of_a_personal_number(tmp_path: Path, command: list[str]) -> None:
    files, data, temporary = tmp_path / "files", tmp_path / "data", tmp_path / "tmp"
    for folder in (files, data, temporary):
        folder.mkdir()
    numbers, names = [], []
    for seed in SEEDS:
        _kind, content, name, number = personal.planted(seed)
        place = files / str(seed)
        place.mkdir()
        (place / name).write_bytes(content)
        numbers.append(number)
        names.append(str(place / name))
    done = subprocess.run(
        [sys.executable, "-m", "ektp_analysis", "import", *command, *names],
        cwd=ROOT,
        capture_output=True,
        timeout=300,
        env={**os.environ, "EKTP_DATA_DIR": str(data), "TMPDIR": str(temporary), "EKTP_DATABASE_URL": ""},
        check=False,
    )
    assert done.returncode == 1, done.stderr.decode()[-2000:]
    if "--json" in command:
        assert done.stdout.decode().count('"status": "refused"') == len(SEEDS)
    kept = [path for folder in (data, temporary) for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite" for path in kept)
    traces = {"stdout": done.stdout, "stderr": done.stderr, **{str(path): path.read_bytes() for path in kept}}
    for where, content in traces.items():
        plain = bytes(byte for byte in content if chr(byte).isalnum())
        for number in numbers:
            assert number.encode() not in plain, where
