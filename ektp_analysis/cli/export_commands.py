"""``export deck``, ``one-pager`` and ``workbook``: the evaluation of an area as a file, from cron as well as by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from ektp_analysis.charts import drawing
from ektp_analysis.cli.keep_commands import export
from ektp_analysis.cli.nation_commands import LEVELS, Many, crew_options, report_each
from ektp_analysis.cli.spoken import (
    AreaType,
    DayType,
    SpokenCommand,
    known_at_option,
    lang_option,
    language,
    option,
    sample_option,
    say,
)
from ektp_analysis.cli.telling import give
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T, render
from ektp_analysis.office import decisions, identity, reports, stores
from ektp_analysis.report.deck import Deck, edited
from ektp_analysis.report.formats import Format, by_command

__all__ = ["export"]


def _options(*kinds: str) -> Callable[[Any], Any]:
    """The options that all reports share; ``kinds`` are the endings of ``--out``."""
    shared = [
        option(
            "--out",
            required=True,
            type=click.Path(dir_okay=False, path_type=Path),
            callback=_ending(*kinds),
            text=T("File to write, whole or not at all; its ending says the kind."),
        ),
        option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise.")),
        option("--date", "on", type=DayType(), text=T("The latest figures not after this day.")),
        known_at_option,
        option(
            "--level",
            type=click.Choice(list(LEVELS)),
            text=T("The areas inside that are compared; those directly below otherwise."),
        ),
        option(
            "--again", metavar="NAME", text=T("The state that an earlier report names, instead of --area, --date and --known-at.")
        ),
        sample_option,
        option("--each", type=click.Choice(list(LEVELS)), text=T("A report for every area of this level inside, in a zip.")),
        lang_option,
    ]

    def decorate(command: Any) -> Any:
        for one in reversed(shared):
            command = one(command)
        return command

    return decorate


def _ending(*kinds: str) -> Callable[[click.Context, click.Parameter, Path], Path]:
    def check(ctx: click.Context, param: click.Parameter, value: Path) -> Path:
        allowed = (*kinds, "zip") if ctx.params.get("each") is None else ("zip",)
        if value.suffix.lower().lstrip(".") not in allowed:
            raise click.BadParameter(
                render(
                    T("{file} must end in {endings}.", file=value.name, endings=", ".join("." + kind for kind in kinds)),
                    language(),
                ),
                ctx,
                param,
            )
        return value

    return check


@dataclass(frozen=True)
class Wanted:
    """What the options ask for; ``deck`` is the name of saved slides."""

    area: str | None
    on: date | None
    known_at: date | None
    level: str | None
    each: str | None
    again: str | None
    sample: bool
    workers: int | None = None
    scheduler: str = ""
    deck: str | None = None


def _write(out: Path, made: Format, wanted: Wanted) -> None:
    """Make the report, or a zip with one for each area inside, and hand it out whole."""
    now, code = stores.asked(sample=wanted.sample), wanted.area or identity.home_area()
    _agree(out, wanted)
    if made.drawn:
        drawing.warm()
    if wanted.each is None:
        deck = _deck(now, code, wanted)
        give(now, made.key, reports.file(deck, made.key, language()), out, deck.fingerprint)
        say(T("{file}: {name}", file=str(out), name=deck.fingerprint), capital=False)
        return
    many = Many(code, LEVELS[wanted.each], out, wanted.workers, wanted.scheduler)
    report_each(many, now, made, wanted.on, wanted.known_at)


def _agree(out: Path, wanted: Wanted) -> None:
    """Options that contradict each other are said so."""
    if (wanted.each is None) == (out.suffix.lower() == ".zip"):
        raise click.UsageError(render(T("A .zip is made with --each, and --each makes a .zip."), language()))
    if wanted.again is not None and (wanted.each or wanted.area or wanted.on or wanted.known_at):
        raise click.UsageError(render(T("--again says area, day and moment; leave out the other options."), language()))
    if wanted.deck is not None and wanted.each is not None:
        raise click.UsageError(render(T("--deck names slides saved for one area; leave out --each."), language()))


def _deck(now: stores.Office, code: str, wanted: Wanted) -> Deck:
    """The slides of one area, as they were saved under a name where one is given."""
    inner = LEVELS[wanted.level] if wanted.level else None
    made = reports.built(
        reports.again(now, wanted.again, level=inner)
        if wanted.again
        else reports.state(now, code, on=wanted.on, known_at=wanted.known_at, level=inner)
    )
    if wanted.deck is None:
        return made
    named = decisions.deck_named(wanted.deck, made.state.area, sample=now.sample, known_at=made.state.known_at)
    shown = edited(made, named.edits)
    if not shown.slides:
        raise UserError(T("No slide is shown; choose at least one to show on the page Presentation."))
    return shown


def _command(formats: tuple[Format, ...]) -> click.Command:
    """The command that makes these formats, told apart by the ending of the file; in a zip it is the first."""
    by_ending = {one.ending: one for one in formats}

    def run(out: Path, **asked: Any) -> None:
        _write(out, by_ending.get(out.suffix.lower().lstrip("."), formats[0]), Wanted(**asked))

    command = formats[0].command
    run = _options(*by_ending)(crew_options(run))
    if any(one.edited for one in formats):
        run = option(
            "--deck", metavar="NAME", text=T("Saved slides of the area: their order, titles and notes, and which are shown.")
        )(run)
    made: click.Command = click.command(command.name, cls=SpokenCommand, text=command.help)(run)
    return made


def commands(formats: Iterable[Format]) -> list[click.Command]:
    """A command for each that the formats name."""
    return [_command(found) for found in by_command(formats).values()]
