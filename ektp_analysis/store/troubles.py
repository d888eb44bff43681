"""What can go wrong with a database: what a driver's error means, in one sentence that says what to mend.

Values and passwords are never repeated.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import PROGRAM
from ektp_analysis.core.text import T, Text


class NoStoreError(StoreError):
    """Where the store should be, there is none: no file, or none of its tables."""


class UnfinishedError(StoreError):
    """What is there is a copy of a store that is not whole yet."""


class CutOffError(StoreError):
    """The connection to the server broke while something was under way."""


class UnreadableError(Exception):
    """What stands in a row cannot be what its column is for: the file was spoilt."""


@contextmanager
def readable(place: str) -> Iterator[None]:
    """Turn errors of database and driver inside the block into a StoreError about the store at ``place``."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        kind = CutOffError if error.connection_invalidated else StoreError
        raise kind(_sentence(error.orig, place)) from error
    except sqlite3.Error as error:
        raise StoreError(_sentence(error, place)) from error
    except _of_server("Error") as error:  # of rows that are handed to the driver itself
        kind = CutOffError if isinstance(error, _of_server("OperationalError")) and _gone(error) else StoreError
        raise kind(_sentence(error, place)) from error
    except (UnreadableError, UnicodeDecodeError) as error:
        raise StoreError(damaged(place)) from error
    except sa.exc.TimeoutError as error:
        raise StoreError(busy(place)) from error


def _of_server(name: str) -> tuple[type[Exception], ...]:
    """The error of this name of a server's driver; none where no store on a server was opened: to load the driver takes a
    twentieth of the start of a command."""
    driver = sys.modules.get("psycopg")
    return () if driver is None else (getattr(driver, name),)


def comes_back(error: sa.exc.DBAPIError) -> bool:
    """Whether a server that refused a connection may take one in a moment: it starts, stops, is full or is not to be seen."""
    return _gone(error.orig) or (getattr(error.orig, "sqlstate", None) or "").startswith("53")


def _gone(error: BaseException | None) -> bool:
    """Whether it comes from a connection that is no more, or from a server that stops or is not to be seen."""
    return (getattr(error, "sqlstate", None) or "08")[:2] in ("08", "57")


def _sentence(error: BaseException | None, place: str) -> Text:
    if isinstance(error, sqlite3.Error):
        return _sqlite(error, place)
    state = getattr(error, "sqlstate", None) or ""
    if state == "55P03":
        return busy(place)
    if state in ("25006", "42501"):
        return not_writable(place)
    if state == "53100":
        return _full(place)
    if isinstance(error, _of_server("OperationalError")) and (not state or state[:2] in ("08", "28", "3D", "57")):
        return T(
            "The PostgreSQL server of the store {place} does not answer or refuses the connection ({reason}). "
            "Check that it runs and that EKTP_DATABASE_URL names the right server, database and user.",
            place=place,
            reason=_first_line(error),
        )
    return T(
        "The store {place} failed ({kind}); run doctor, and see the server's log.",
        place=place,
        kind=state or type(error).__name__,
    )


def _sqlite(error: sqlite3.Error, place: str) -> Text:
    # Errors that Python itself raises carry no code of SQLite.
    name: str = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return busy(place)
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return not_writable(place)
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")):  # the second: no room for the side file that readers share
        return _full(place)
    if name.startswith("SQLITE_NOTADB"):
        return T("{place} is not a database; choose another file in EKTP_DATABASE_URL, or move this one away.", place=place)
    if name.startswith("SQLITE_CORRUPT") or (not name and "decode" in str(error)):  # text that is no UTF-8 any more
        return damaged(place)
    if name.startswith("SQLITE_CANTOPEN"):
        return cannot_open(place)
    return T(
        "The store {place} failed ({kind}); run doctor, and see the server's log.", place=place, kind=name or type(error).__name__
    )


def damaged(place: str) -> Text:
    """The sentence for a file whose structures are broken."""
    return T(
        "The store {place} is damaged; move it away, and restore the latest backup: {program} restore DIR",
        place=place,
        program=PROGRAM,
    )


def cannot_open(place: str) -> Text:
    """The sentence for a file that the system does not hand out."""
    return T(
        "The store {place} cannot be opened; check that its folder exists and that this user may read and write in it.",
        place=place,
    )


def not_writable(place: str) -> Text:
    """The sentence for a store into which this user may not write."""
    return T(
        "The store {place} cannot be written to; give this user the right to write to it, or choose another "
        "place in EKTP_DATABASE_URL.",
        place=place,
    )


def busy(place: str) -> Text:
    return T("The store {place} is locked by another import; nothing was stored, try again in a minute.", place=place)


def _full(place: str) -> Text:
    return T("The disk of the store {place} is full; nothing was stored, make room and try again.", place=place)


def _first_line(error: BaseException) -> str:
    """The driver's own words: host, user and database, never a password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
