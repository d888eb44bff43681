"""Boundaries of areas: import a file, list what is in use, remove one."""

from __future__ import annotations

from pathlib import Path

import click

from ektp_analysis.boundaries.file_kinds import MOST_BYTES, too_large
from ektp_analysis.boundaries.layer import LEVEL_NAMES
from ektp_analysis.boundaries.matching import Choices, Named, Report
from ektp_analysis.cli.nation_commands import crew_options, read_outlines
from ektp_analysis.cli.spoken import (
    REFUSED,
    SpokenCommand,
    SpokenGroup,
    emit,
    json_option,
    lang_option,
    language,
    option,
    say,
)
from ektp_analysis.core.errors import RefusedError, StoreError, UserError
from ektp_analysis.core.text import T, render
from ektp_analysis.office import boundary_files, ledger
from ektp_analysis.office import boundary_files as shelf

MOST_NAMED = 20


@click.group("boundaries", cls=SpokenGroup, text=T("Outlines of areas for the map: import, list, remove."))
@lang_option
def boundaries() -> None:
    """Import, list, remove."""


@boundaries.command(
    "import",
    cls=SpokenCommand,
    text=T("Import outlines: GeoJSON, TopoJSON, GeoPackage, zipped shapefile, FlatGeobuf, GeoParquet or KML."),
)
@click.argument("file", type=click.Path(path_type=Path))
@option("--level", type=click.Choice(["provinsi", "kabupaten", "kecamatan", "desa"]), text=T("Level of the areas."))
@option("--code-column", default="", text=T("The column that holds the codes."))
@option("--name-column", default="", text=T("The column that holds the names."))
@option("--layer", default="", text=T("The layer of the file."))
@option("--crs", default="", text=T("The coordinate system where the file names none: EPSG:32651."))
@option(
    "--duplicates",
    default="",
    type=click.Choice(["", "gather", "refuse"]),
    metavar="HOW",
    text=T("Several polygons with one code: gather (merge them) or refuse."),
)
@option("--by-name", is_flag=True, text=T("Also accept the areas that are matched by name only."))
@option("--source", default="", text=T("Where the outlines come from."))
@option("--licence", default="", text=T("Their licence."))
@option("--credit", default="", text=T("The line that stands under each map."))
@option("--valid-from", default="", text=T("The year or day from which they hold: 2020."))
@option("--dry-run", is_flag=True, text=T("Only report; store nothing."))
@crew_options
@json_option
@lang_option
@click.pass_context
def import_(  # noqa: PLR0913 - each is an option of the command
    ctx: click.Context,
    file: Path,
    level: str | None,
    code_column: str,
    name_column: str,
    layer: str,
    crs: str,
    duplicates: str,
    by_name: bool,
    source: str,
    licence: str,
    credit: str,
    valid_from: str,
    dry_run: bool,
    workers: int | None,
    scheduler: str,
    as_json: bool,
) -> None:
    """Exit 1 where the file is refused."""
    choices = Choices(
        layer=layer,
        crs=crs,
        level=LEVEL_NAMES[level] if level else None,
        code_column=code_column,
        name_column=name_column,
        duplicates=duplicates,  # type: ignore[arg-type]
        by_name=by_name,
        source=source,
        licence=licence,
        credit=credit,
        valid_from=valid_from,
    )
    try:
        report = read_outlines(_bytes(file), file.name, choices, workers, scheduler)
    except RefusedError as error:
        if as_json:
            emit({"status": "refused", "file": file.name, "reason": render(error.message, language())})
        say(error.message, err=True, capital=False)
        ctx.exit(REFUSED)
    saved = None if dry_run else ledger.keep_outlines(report)
    if as_json:
        emit({**report.as_dict(language()), "stored_as": saved})
        return
    for place, text in enumerate(boundary_files.summary(report)):
        say(text, capital=place > 0)
    _named(report)
    say(T("Nothing was stored.") if saved is None else T("Stored as {file}; the map uses it now.", file=saved))


def _bytes(file: Path) -> bytes:
    """The file whole; one that is too large to be read at all is refused before it fills the memory."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise too_large(file.name)
        return file.read_bytes()
    except OSError as error:
        raise StoreError(T("{file} cannot be read: {reason}.", file=file.name, reason=error.strerror or "-")) from error


def _named(report: Report) -> None:
    for title, found in boundary_files.lists(report):
        if found:
            say(
                T(
                    "{title}: {names}",
                    title=title,
                    names=", ".join(map(_name, found[:MOST_NAMED])) + (f" … ({len(found)})" if len(found) > MOST_NAMED else ""),
                ),
                err=True,
            )


def _name(one: Named) -> str:
    return " ".join(part for part in (one.code, one.name, f"({one.register})" if one.register else "") if part)


@boundaries.command("list", cls=SpokenCommand, text=T("List the outlines in use, imported ones first."))
@json_option
@lang_option
def list_(as_json: bool) -> None:
    """One line a file."""
    for one in shelf.kept():
        layer = one.layer
        if as_json:
            emit(
                {
                    "file": one.name,
                    "own": one.own,
                    "area": layer.area,
                    "level": layer.level.name.lower(),
                    "areas": len(layer.shapes),
                    "source": layer.source,
                    "licence": layer.licence,
                    "credit": layer.credit,
                    "valid_from": layer.valid_from,
                }
            )
        else:
            say(boundary_files.line(one), capital=False)


@boundaries.command("remove", cls=SpokenCommand, text=T("Remove outlines that were imported."))
@click.argument("name")
@lang_option
def remove(name: str) -> None:
    """By the file's name as the list gives it."""
    if not ledger.remove_outlines(name):
        raise UserError(T("There are no imported outlines with the name {name}; the list has the names.", name=name[:80]))
    say(T("{name} is removed.", name=name))
