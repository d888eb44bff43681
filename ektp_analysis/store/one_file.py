"""A store in one file of SQLite: made, opened, whether it can be written, and that nobody but its owner may read it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from contextlib import closing
from glob import escape as glob_escape
from pathlib import Path

import sqlalchemy as sa

from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.text import T
from ektp_analysis.store.troubles import NoStoreError, cannot_open, not_writable, readable

OTHERS = 0o077  # what those who do not own a file may do with it
OWNER_ONLY = 0o600
WRITING = "ektp_writing"  # the option of a connection that will write


def opened(path: Path, *, read_only: bool, wait: float, create: bool) -> sa.Engine:
    """The engine of a file; ``wait``: the seconds for which a writer waits for another one. A missing file is made, with its
    folders, if ``create`` and not ``read_only``.

    Raises:
        NoStoreError: it is not there and is not to be made.
        StoreError: it cannot be opened or written, or is no database.
    """
    place = str(path)
    mode = "mode=rw"  # never "rwc": a file that vanished is not made anew in silence
    try:
        if (read_only or not create) and not path.is_file():
            raise NoStoreError(T("There is no store at {place}.", place=place))
        if not read_only:
            path.parent.mkdir(0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(cannot_open(place) if read_only else not_writable(place)) from error
    try:
        if not read_only:
            for_owner(path)
    except OSError as error:
        raise StoreError(cannot_open(place)) from error
    with readable(place):
        if read_only:
            mode = _reading_mode(path)
        else:
            _see_writable(path)

    def connection() -> sqlite3.Connection:
        made = sqlite3.connect(
            f"{path.as_uri()}?{mode}", uri=True, timeout=wait, check_same_thread=False, isolation_level=None
        )  # BEGIN is ours, below
        made.execute("PRAGMA foreign_keys = ON")
        made.execute("PRAGMA synchronous = FULL")  # what is acknowledged survives a power cut; NORMAL may lose the last commits
        made.execute("PRAGMA fullfsync = ON")  # macOS alone: without it the disk may still hold the log in its own memory
        return made

    engine = sa.create_engine("sqlite://", creator=connection, poolclass=sa.QueuePool, hide_parameters=True)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def known_by(path: Path) -> tuple[int, int] | None:
    """What the system knows a file by; None where it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def for_owner(path: Path) -> None:
    """Let only its owner read the file of a store, and the copies and side files beside it; an empty one is made if there is
    none. What belongs to another user stays as it is: ``doctor`` names it."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    for one in files_of(path):
        with contextlib.suppress(OSError):
            if one.stat().st_mode & OTHERS:
                one.chmod(OWNER_ONLY)


def files_of(path: Path) -> list[Path]:
    """The file of a store, its side files, and the copies that were laid beside it before an update; those that are there."""
    beside = (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm"))
    return [*(one for one in beside if one.is_file()), *path.parent.glob(f"{glob_escape(path.stem)}.v*{path.suffix}")]


def _see_writable(path: Path) -> None:
    """See that the file can be written, without changing or waiting for anything."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)) as opened:
        try:
            opened.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
            return  # somebody is writing, so it can be written
        opened.execute("ROLLBACK")


def _reading_mode(path: Path) -> str:
    """Read-only; where the folder cannot be written and nothing waits in a WAL file, SQLite does without side files."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
        try:
            opened.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.DatabaseError as error:
            waiting = path.with_name(path.name + "-wal")
            no_side_files = error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))
            if no_side_files and not (waiting.exists() and waiting.stat().st_size):
                return "mode=ro&immutable=1"
    return "mode=ro"


def _is_busy(error: sqlite3.Error) -> bool:
    return error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def switch_to_wal(path: Path, wait: float) -> None:
    """Let readers of a file go on while somebody writes, within so many seconds; does nothing where it is so already."""
    deadline = time.monotonic() + wait
    with readable(str(path)), closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as opened:
        while True:
            try:
                opened.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:  # SQLite does not wait by itself for this switch
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
