"""Which files a call means: files, folders, patterns; temporary copies are left out and named."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ektp_analysis.cli.spoken import language, say
from ektp_analysis.errors import StoreError
from ektp_analysis.i18n import render
from ektp_analysis.ingest.containers import MAX_CSV
from ektp_analysis.ingest.reading import file_name
from ektp_analysis.text import TN, T

READ = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_PATTERN = frozenset("*?[")


def expanded(given: Sequence[str], ctx: click.Context) -> list[Path]:
    """The files in the order in which they were given, those of a folder or pattern by name; none of them twice.

    A folder stands for the tables in it, not for its folders. A temporary copy (~$...) that is not all that was asked for
    is left out, and said so.

    Raises:
        click.UsageError: nothing has that name, or nothing in it can be read.
    """
    found = [path for text in given for path in _files(text, ctx)]
    temporary = [path for path in found if path.name.startswith("~$")]
    if len(temporary) < len(found):
        for path in temporary:
            say(T("{file}: left out, for it is a temporary copy of Excel.", file=file_name(path.name)), err=True, capital=False)
        found = [path for path in found if path not in temporary]
    return list({path.resolve(): path for path in reversed(found)}.values())[::-1]


def _files(text: str, ctx: click.Context) -> Iterator[Path]:
    path = Path(text)
    if path.is_dir():
        inside = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        tables = [one for one in inside if one.suffix.lower() in READ]
        if not tables:
            raise click.UsageError(render(T("No table lies in the folder {folder}.", folder=file_name(text)), language()), ctx)
        if len(tables) < len(inside):
            say(TN("{folder}: {n} file is no table and is left out.", "{folder}: {n} files are no tables and are left out.",
                   n=len(inside) - len(tables), folder=file_name(path.name or text)), err=True, capital=False)
        yield from tables
    elif path.exists() or not _PATTERN & set(text):
        if not path.is_file():
            raise click.UsageError(render(T("There is no file {file}.", file=file_name(text)), language()), ctx)
        yield path
    else:
        hits = sorted(Path(one) for one in glob.glob(text) if Path(one).is_file())  # noqa: PTH207 - any pattern, absolute too
        if not hits:
            raise click.UsageError(render(T("There is no file {file}.", file=file_name(text)), language()), ctx)
        yield from hits


def content(path: Path) -> bytes:
    """The file's bytes; of one above every limit only as many as show that it is.

    Raises:
        StoreError: the system does not hand it out.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_CSV + 1)
    except OSError as error:
        raise StoreError(T("{file} cannot be read: {reason}.", file=file_name(path.name),
                           reason=error.strerror or type(error).__name__)) from error
