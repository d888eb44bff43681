"""Results to stdout: JSON a line, or a file that is whole or not there at all."""

from __future__ import annotations

import contextlib
import json
import secrets
import sys
from pathlib import Path
from typing import Any

import click

from ektp_analysis.errors import StoreError
from ektp_analysis.text import T


def emit(value: Any) -> None:
    """One JSON object on one line."""
    click.echo(json.dumps(value, ensure_ascii=False, allow_nan=False))


def hand_out(data: bytes, place: Path | None) -> None:
    """Bytes to stdout, or into a file under a temporary name that then takes the file's name.

    Raises:
        StoreError: the file cannot be written; what was there before is untouched.
    """
    if place is None:
        click.echo(data, nl=False)
        return
    partial = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
    try:
        partial.write_bytes(data)
        partial.replace(place)
    except OSError as error:
        raise StoreError(T("{file} cannot be written: {reason}.", file=str(place),
                           reason=error.strerror or type(error).__name__)) from error
    finally:
        with contextlib.suppress(OSError):  # what kept it from being written keeps it from being removed
            partial.unlink()


def on_terminal() -> bool:
    """Whether somebody watches stderr, so that progress makes sense."""
    return sys.stderr.isatty()
