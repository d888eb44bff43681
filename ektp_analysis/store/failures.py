"""What a driver's error means, in one sentence that says what to mend. Values and passwords are never repeated."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from psycopg.errors import OperationalError as ServerError

from ektp_analysis.errors import StoreError
from ektp_analysis.text import T, Text


@contextmanager
def readable(place: str) -> Iterator[None]:
    """Turn errors of database and driver inside the block into a StoreError about the store at ``place``."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise StoreError(_sentence(error.orig, place)) from error
    except sqlite3.Error as error:
        raise StoreError(_sentence(error, place)) from error
    except sa.exc.TimeoutError as error:
        raise StoreError(_busy(place)) from error


def _sentence(error: BaseException | None, place: str) -> Text:
    if isinstance(error, sqlite3.Error):
        return _sqlite(error, place)
    state = getattr(error, "sqlstate", None) or ""
    if state == "55P03":
        return _busy(place)
    if state in ("25006", "42501"):
        return not_writable(place)
    if state == "53100":
        return _full(place)
    if isinstance(error, ServerError) and (not state or state[:2] in ("08", "28", "3D", "57")):
        return T("The PostgreSQL server of the store {place} does not answer or refuses the connection ({reason}); check "
                 "that it runs and that EKTP_DATABASE_URL names server, database and user rightly.", place=place,
                 reason=_first_line(error))
    return T("The store {place} failed ({kind}); run doctor, and see the server's log.", place=place,
             kind=state or type(error).__name__)


def _sqlite(error: sqlite3.Error, place: str) -> Text:
    # Errors that Python itself raises carry no code of SQLite.
    name: str = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return _busy(place)
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return not_writable(place)
    if name.startswith("SQLITE_FULL"):
        return _full(place)
    if name.startswith("SQLITE_NOTADB"):
        return T("{place} is not a database; choose another file in EKTP_DATABASE_URL, or move this one away.", place=place)
    if name.startswith("SQLITE_CORRUPT"):
        return T("The store {place} is damaged; put the latest copy in its place.", place=place)
    if name.startswith("SQLITE_CANTOPEN"):
        return cannot_open(place)
    return T("The store {place} failed ({kind}); run doctor, and see the server's log.", place=place,
             kind=name or type(error).__name__)


def cannot_open(place: str) -> Text:
    """The sentence for a file that the system does not hand out."""
    return T("The store {place} cannot be opened; check that its folder exists and that this user may read and write "
             "in it.", place=place)


def not_writable(place: str) -> Text:
    """The sentence for a store into which this user may not write."""
    return T("The store {place} cannot be written; give this user the right to write to it, or choose another place in "
             "EKTP_DATABASE_URL.", place=place)


def _busy(place: str) -> Text:
    return T("The store {place} is locked by another import; nothing was stored, try again in a minute.", place=place)


def _full(place: str) -> Text:
    return T("The disk of the store {place} is full; nothing was stored, make room and try again.", place=place)


def _first_line(error: BaseException) -> str:
    """The driver's own words: host, user and database, never a password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
