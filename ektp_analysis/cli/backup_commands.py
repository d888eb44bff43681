"""`backup DIR`, `backup verify DIR`, `restore DIR` and `store copy FROM TO`: keep what the office has, and move it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ektp_analysis.access import gate
from ektp_analysis.cli.spoken import (
    DONE,
    FAILED,
    SpokenCommand,
    SpokenGroup,
    emit,
    json_option,
    lang_option,
    language,
    on_terminal,
    option,
    say,
)
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, render
from ektp_analysis.office import backups, restoring
from ektp_analysis.office.backups import Checked

_folder = click.Path(file_okay=False, path_type=Path)


class _BackupGroup(SpokenGroup):
    """``backup DIR`` is ``backup make DIR``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A first word that is no command is a folder."""
        first = next((word for word in args if not word.startswith("-")), None)
        known = first is None or first in self.commands
        return super().parse_args(ctx, args if known else ["make", *args])


@click.group("backup", cls=_BackupGroup, text=T("Back up everything into a folder (backup DIR); see whether backups are whole."))
@lang_option
def backup() -> None:
    """What is done with backups."""


@backup.command("make", cls=SpokenCommand, text=T("Make a backup in a folder of its own inside DIR; short: backup DIR."))
@click.argument("folder", metavar="DIR", type=_folder)
@option("--keep", type=click.IntRange(1), text=T("Remove older good backups, but for so many; without it all stay."))
@json_option
@lang_option
def make(folder: Path, keep: int | None, as_json: bool) -> None:
    """Store, files, settings, and a manifest with hashes."""
    made = backups.make(folder, keep=keep, told=_progress)
    manifest = made.backup.manifest
    assert manifest is not None
    if made.untold is not None:
        say(made.untold, err=True)
    if as_json:
        emit({**_json(made.backup), "removed": [str(one) for one in made.removed]})
        return
    say(T("Backed up to {folder}, as of entry {head}.", folder=str(made.backup.folder), head=manifest.head.name))
    _say_misfits(made.backup)
    for one in made.removed:
        say(T("Removed, as there are enough newer ones: {folder}", folder=str(one)))


@backup.command("verify", cls=SpokenCommand, text=T("See whether the backup DIR, or each backup in DIR, is whole."))
@click.argument("folder", metavar="DIR", type=_folder)
@json_option
@lang_option
@click.pass_context
def verify(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Exit 3 if one is not."""
    found = [backups.check(one) for one in backups.found(folder)]
    for one in found:
        if as_json:
            emit(_json(one))
        elif one.manifest is None or one.faults:
            for fault in one.faults:
                say(T("{folder} is NOT whole: {reason}", folder=str(one.folder), reason=fault), capital=False)
        else:
            head = one.manifest.head.name
            said = T("{folder} is whole: as of entry {head}, {date}", folder=str(one.folder), head=head, date=_made(one))
            say(said, capital=False)
            _say_misfits(one)
    ctx.exit(FAILED if any(one.faults for one in found) else DONE)


def restore_from(folder: Path, as_json: bool) -> None:
    """What `restore DIR` does."""
    done = restoring.restore(folder, _progress)
    manifest = done.backup.manifest
    assert manifest is not None
    for one in done.passed:
        say(T("{folder} is NOT whole: {reason}", folder=str(one.folder), reason=one.faults[0]), err=True, capital=False)
    if as_json:
        emit({**_json(done.backup), "lost_entries": done.behind, "settings": list(done.settings)})
        return
    say(T("Restored from {folder}, as of entry {head}.", folder=str(done.backup.folder), head=manifest.head.name))
    _say_misfits(done.backup)
    if done.behind:
        say(
            TN(
                "The lost store had {n} entry after that: what it told of has to be entered again.",
                "The lost store had {n} entries after that: what they told of has to be entered again.",
                n=done.behind,
            )
        )
    if done.settings:
        say(T("These settings were others there; write them into the file .env if they are to hold here:"))
        for line in done.settings:
            say(line, capital=False)


@click.command("copy", cls=SpokenCommand, text=T("Copy a store to another place or engine; broken off, it goes on where it was."))
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@json_option
@lang_option
@click.pass_context
def copy(ctx: click.Context, source: str, target: str, as_json: bool) -> None:
    """FROM and TO as in EKTP_DATABASE_URL, or a file of SQLite. Exit 3 if anything had to stay behind."""
    with gate.apart(_url(source), create=False) as store:
        done = store.copy_to(_url(target), _progress)
    if as_json:
        emit(
            {"entries": done.entries, "head": done.head.name or None, "left_behind": {k: list(v) for k, v in done.untold.items()}}
        )
    else:
        say(
            TN(
                "{n} entry copied; the copy ends with entry {head}.",
                "{n} entries copied; the copy ends with entry {head}.",
                n=done.entries,
                head=done.head.name,
            )
        )
        for name, ids in done.untold.items():
            say(T("Left behind, as no entry of the trail is about it: {table} {ids}", table=name, ids=", ".join(map(str, ids))))
    ctx.exit(FAILED if done.untold else DONE)


def _url(place: str) -> str:
    return place if "://" in place else f"sqlite:///{Path(place).expanduser().absolute().as_posix()}"


def _progress(done: int, of: int) -> None:
    if on_terminal():
        click.echo(f"\r{done}/{of}" + ("\n" if done == of else ""), err=True, nl=False)


def _made(one: Checked) -> Any:
    assert one.manifest is not None
    return one.manifest.made_at.astimezone(settings().zone)


def _say_misfits(one: Checked) -> None:
    if one.manifest is not None and one.manifest.misfits:
        say(
            TN(
                "{n} entry of the trail did not fit when it was made; verify says which.",
                "{n} entries of the trail did not fit when it was made; verify says which.",
                n=one.manifest.misfits,
            )
        )


def _json(one: Checked) -> dict[str, Any]:
    manifest = one.manifest
    return {
        "folder": str(one.folder),
        "whole": not one.faults,
        "made_at": manifest.made_at.isoformat() if manifest else None,
        "head": manifest.head.name if manifest else None,
        "misfits": manifest.misfits if manifest else None,
        "faults": [render(fault, language()) for fault in one.faults],
    }
