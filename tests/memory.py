"""Temporary files of the tests in memory, where there is room.

Tests make and remove some hundred thousand files. To find a place for each a disk's file system looks through those that were
removed just before, which takes a tenth of the processor of a run; files in memory are made at once, and are files all the same.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # Linux
ROOM = 4 << 30  # bytes: a run takes less than one
PREFIX = "ektp-tests-"


def take() -> Path | None:
    """From here on, in this process and those that it starts, temporary files lie in memory; gives where.

    None: somebody has said where they lie (``TMPDIR``), or there is too little room.
    """
    if "TMPDIR" in os.environ or not _roomy():
        return None
    for left in MEMORY.glob(f"{PREFIX}*"):  # by runs that were killed, or whose files somebody may have looked at since
        with contextlib.suppress(ValueError):
            if not Path("/proc", str(int(left.name.removeprefix(PREFIX)))).exists():
                shutil.rmtree(left, ignore_errors=True)
    place = MEMORY / f"{PREFIX}{os.getpid()}"
    try:
        place.mkdir()
        place.chmod(0o711)  # as through the disk's folder, who is somebody else in a test may go through it
    except OSError:
        return None
    os.environ["TMPDIR"], tempfile.tempdir = str(place), None
    return place


def give_back() -> None:
    """Take away what lies there, at the end of the process that has taken it."""
    place = MEMORY / f"{PREFIX}{os.getpid()}"
    if os.environ.get("TMPDIR") == str(place):
        shutil.rmtree(place, ignore_errors=True)


def _roomy() -> bool:
    try:
        told = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        return min(shutil.disk_usage(MEMORY).free, int(told["MemAvailable"].split()[0]) << 10) >= ROOM and os.access(
            MEMORY, os.W_OK
        )
    except (OSError, KeyError, ValueError):
        return False
