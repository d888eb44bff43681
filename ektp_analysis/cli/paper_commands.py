"""``export papers`` and ``letters``: the papers of a saved plan as files, and the templates that its letters are made from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from ektp_analysis.cli.import_commands import content
from ektp_analysis.cli.spoken import (
    AreaType,
    DayType,
    SpokenCommand,
    SpokenGroup,
    emit,
    hand_out,
    json_option,
    known_at_option,
    lang_option,
    language,
    option,
    sample_option,
    say,
)
from ektp_analysis.cli.telling import give
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import LANGUAGES, TN, T, Text, render
from ektp_analysis.office import identity, ledger, papers, planning, stores
from ektp_analysis.office.papers import PAPERS, Paper

KINDS = list(dict.fromkeys(kind for kind, _lang in identity.LETTERS))
_kind = click.argument("kind", type=click.Choice(KINDS))
_of_option = option(
    "--of", "tongue", type=click.Choice(LANGUAGES), text=T("Language of the letter; that of the messages otherwise.")
)


def _ending(ctx: click.Context, param: click.Parameter, value: Path) -> Path:
    endings = list(dict.fromkeys(one.ending for one in PAPERS))
    if value.suffix.lower().lstrip(".") not in endings:
        said = T("{file} must end in {endings}.", file=value.name, endings=", ".join("." + one for one in endings))
        raise click.BadParameter(render(said, language()), ctx, param)
    return value


@click.command(
    "papers",
    cls=SpokenCommand,
    text=T("The papers of a saved plan: day sheets, letters, texts and calendar as ZIP; all as PDF; or the calendar as ICS."),
)
@option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_ending,
    text=T("File to write, whole or not at all; its ending says the kind."),
)
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))
@option("--scenario", metavar="NAME", text=T("The saved plan; the one saved last otherwise."))
@option("--from", "first", type=DayType(), text=T("Only from this day on."))
@option("--to", "last", type=DayType(), text=T("Only up to this day."))
@option("--sheets", is_flag=True, text=T("Of a PDF: the day sheets alone."))
@known_at_option
@sample_option
@lang_option
def export_papers(  # noqa: PLR0913 - each is an option of the command
    out: Path,
    area: str | None,
    scenario: str | None,
    first: date | None,
    last: date | None,
    sheets: bool,
    known_at: date | None,
    sample: bool,
) -> None:
    """Exit 1 where no plan is saved under the name, or nobody is out on these days."""
    wanted = _paper(out, sheets)
    now, code = stores.asked(sample=sample), area or identity.home_area()
    found = (
        planning.named(scenario, code, sample=sample, known_at=known_at)
        if scenario
        else planning.shown(code, sample=sample, known_at=known_at)
    )
    if found is None:
        raise UserError(T("No plan is saved for {area}; save one on the page Plan or with plan --scenario NAME.", area=code))
    plan = papers.between(found.plan, first, last)
    give(now, wanted.key, papers.made(now, wanted.key, plan, found.name, language()), out)
    n = papers.sheets(plan)
    said = TN(
        "{file}: plan '{name}', {n} day sheet", "{file}: plan '{name}', {n} day sheets", n=n, file=str(out), name=found.name
    )
    say(said, capital=False)


def _paper(out: Path, sheets: bool) -> Paper:
    """The first kind of this ending; of a PDF the sheets alone where these are asked for."""
    ending = out.suffix.lower().lstrip(".")
    if sheets and ending != "pdf":
        raise click.UsageError(render(T("--sheets makes a .pdf."), language()))
    return papers.paper("papers sheets") if sheets else next(one for one in PAPERS if one.ending == ending)


@click.group("letters", cls=SpokenGroup, text=T("Templates of the letters that go with a plan: take, keep, list, remove."))
@lang_option
def letters() -> None:
    """Take one, change its words, keep it."""


@letters.command("list", cls=SpokenCommand, text=T("List the templates, and which of them are the office's own."))
@json_option
@lang_option
def list_letters(as_json: bool) -> None:
    """One a line."""
    for kind, tongue in identity.LETTERS:
        own = papers.is_own(kind, tongue)
        if as_json:
            emit(_json(kind, tongue, own))
        else:
            whose: Text = T("the office's own") if own else T("that of the program")
            say(T("{kind} ({lang}): {label}, {whose}", kind=kind, lang=tongue, label=papers.label(kind, language()), whose=whose))


def _json(kind: str, tongue: str, own: bool) -> dict[str, Any]:
    return {"kind": kind, "language": tongue, "own": own, "file": identity.LETTERS[kind, tongue]}


@letters.command(
    "template", cls=SpokenCommand, text=T("Write the template that is in use, to be changed in Word or LibreOffice.")
)
@_kind
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_of_option
@lang_option
def take_template(kind: str, file: Path, tongue: str | None) -> None:
    """A DOCX; what it may name is said."""
    hand_out(papers.template(kind, tongue or language())[0], file)
    say(papers.fields(kind))


@letters.command("keep", cls=SpokenCommand, text=T("Keep a changed template: letters are made from it from now on."))
@_kind
@click.argument("file", type=click.Path(path_type=Path))
@_of_option
@lang_option
def keep_template(kind: str, file: Path, tongue: str | None) -> None:
    """Exit 1 where it is no DOCX or asks for a field that is not known."""
    ledger.keep_letter(kind, tongue or language(), content(file), file.name)
    say(T("{file} is kept; letters are made from it now.", file=file.name), capital=False)


@letters.command("remove", cls=SpokenCommand, text=T("Forget the office's own template; that of the program is used again."))
@_kind
@_of_option
@lang_option
def remove_template(kind: str, tongue: str | None) -> None:
    """Nothing happens where there is none."""
    ledger.remove_letter(kind, tongue or language())
    say(T("The template of the program is used again."))
