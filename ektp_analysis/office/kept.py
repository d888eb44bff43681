"""Small files of the data folder, beside the store: read, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T


def folder() -> Path:
    """Where they lie."""
    return settings().data_dir / "office"


def read(file: str) -> bytes | None:
    """What a file holds; None where it is not there. Raises StoreError where it cannot be read."""
    try:
        return (folder() / file).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(
            T("{file} cannot be read: {reason}.", file=str(folder() / file), reason=error.strerror or type(error).__name__)
        ) from error


def write(file: str, data: bytes) -> None:
    """Under a temporary name that then takes the file's name, once it is on the disk. Raises StoreError."""
    place = folder() / file
    partial = place.with_name(f".{file}.{secrets.token_hex(4)}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(place)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise unwritable(place, error) from error


def remove(file: str) -> None:
    """Remove a file, if it is there. Raises StoreError where it cannot be."""
    try:
        (folder() / file).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(folder() / file, error) from error


def unwritable(place: Path, error: OSError) -> StoreError:
    """The error that a file or a folder could not be written."""
    return StoreError(T("{file} cannot be written: {reason}.", file=str(place), reason=error.strerror or type(error).__name__))
