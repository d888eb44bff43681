"""Tests on several processes say what they say on one: each test once, and those whose process dies by name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import seed

ROOT = Path(__file__).resolve().parent.parent
FILES = {
    "test_one.py": """
import os, warnings, pytest

@pytest.fixture(scope="module")
def shared():
    yield os.getpid()
    print("the shared thing is put away")

def test_passes(shared): assert shared == os.getpid()
def test_fails(shared): print("said before"); assert 1 + 1 == 3
def test_is_skipped(): pytest.skip("for a reason")
def test_warns(shared): warnings.warn("mind the step")
""",
    "test_two.py": """
import os, pytest

@pytest.fixture
def breaks_at_its_end():
    yield
    raise OSError("left undone")

def test_before(): pass
def test_ends_the_process(): os._exit(3)
def test_after(breaks_at_its_end): pass
def test_waits_for_ever(): import time; time.sleep(600)
""",
    "browser/test_three.py": "def test_in_a_browser(tmp_path): (tmp_path / 'x').write_text('x')\n",
    "test_four.py": "def test_in_a_browser(tmp_path): assert not list(tmp_path.iterdir())\n",
}


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.workers", "-p", "no:cacheprovider", "-q", *arguments, "."],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if name != seed.ADDRESS},  # these tests know no product
            "PYTHONPATH": str(ROOT),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # those of others take longest
        },
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def failed(said: str) -> set[str]:
    return set(re.findall(r"^(?:FAILED|ERROR) (\S+)", said, re.MULTILINE))


def test_each_test_is_run_once_and_told_of(tmp_path: Path) -> None:
    code, said = run(tmp_path, "--workers", "3", "-o", "faulthandler_timeout=4", "-o", "faulthandler_exit_on_timeout=true")
    assert code == 1
    assert failed(said) == {
        "test_one.py::test_fails",
        "test_two.py::test_ends_the_process",
        "test_two.py::test_after",
        "test_two.py::test_waits_for_ever",
    }
    assert re.search(r"3 failed, 6 passed, 1 skipped, 1 warning, 1 error", said)
    for words in ("assert (1 + 1) == 3", "said before", "ended in it, with code 3", "left undone", "UserWarning: mind the step"):
        assert words in said
    assert re.search(r"Timeout.*in test_waits_for_ever", said, re.DOTALL)  # where it waits


def test_one_process_says_the_same(tmp_path: Path) -> None:
    with_others, alone = (
        run(
            tmp_path,
            *arguments,
            "--deselect",
            "test_two.py::test_ends_the_process",
            "--deselect",
            "test_two.py::test_waits_for_ever",
        )
        for arguments in (["--workers", "2"], [])
    )
    assert with_others[0] == alone[0] == 1
    assert failed(with_others[1]) == failed(alone[1])
    assert (
        re.findall(r"\d+ \w+", with_others[1].rsplit("\n", 2)[1])[:-1] == re.findall(r"\d+ \w+", alone[1].rsplit("\n", 2)[1])[:-1]
    )


@pytest.mark.parametrize("workers", ["2", "0"])
def test_the_first_failure_ends_the_run_where_asked(tmp_path: Path, workers: str) -> None:
    code, said = run(tmp_path, "--workers", workers, "-x", "--deselect", "test_two.py")
    assert code == 1 and "stopping after 1 failures" in said
    assert failed(said) == {"test_one.py::test_fails"}
    assert "skipped" not in said.rsplit("\n", 2)[1]
