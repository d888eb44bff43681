"""``tokens`` of programs, and ``exchange``: signed files of offices. Who is trusted without logging in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import click

from ektp_analysis.access import outsiders
from ektp_analysis.access import tokens as access_tokens
from ektp_analysis.access.outsiders import Kind
from ektp_analysis.access.people import Role
from ektp_analysis.access.tokens import Token
from ektp_analysis.cli.keep_commands import out_option
from ektp_analysis.cli.spoken import (
    REFUSED,
    AreaType,
    DayType,
    SpokenCommand,
    SpokenGroup,
    emit,
    json_option,
    lang_option,
    language,
    option,
    say,
)
from ektp_analysis.cli.telling import give
from ektp_analysis.core.area import register
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text, render
from ektp_analysis.office import exchange as taking
from ektp_analysis.office import identity, parcels, stores
from ektp_analysis.office.exchange import Answer, Taken

ROLES = [one.word for one in Role]


def _in_store(command: Any) -> Any:
    """The command, once the store is there: made, if there never was one; and the one that this data folder knows."""

    @wraps(command)
    def run(*given: Any, **asked: Any) -> Any:
        stores.own_store()
        return command(*given, **asked)

    return run


@click.group("tokens", cls=SpokenGroup, text=T("What programs show to the server instead of logging in."))
@lang_option
def tokens() -> None:
    """Make, list, withdraw."""


@tokens.command("add", cls=SpokenCommand, text=T("Make a token and print it; it can never be shown again."))
@click.argument("name", metavar="NAME")
@option("--role", type=click.Choice(ROLES), required=True, text=T("What whoever has it may do."))
@option("--area", type=AreaType(), required=True, text=T("In which area and all in it; ID: everywhere."))
@option("--until", type=DayType(), text=T("Its last day; without it, it ends after a year."))
@json_option
@lang_option
@_in_store
def add(name: str, role: str, area: str, until: date | None, as_json: bool) -> None:
    """The token to stdout, about it to stderr."""
    token, made = access_tokens.add(name, Role.parse(role), area, until)
    if as_json:
        emit({**_json(made), "token": token})
        return
    click.echo(token)
    say(_told(made), err=True, capital=False)
    say(T("Keep it now: only its hash is stored, and it is not shown again."), err=True)


@tokens.command("list", cls=SpokenCommand, text=T("List the tokens, with what each may do until when."))
@json_option
@lang_option
@_in_store
def list_(as_json: bool) -> None:
    """One line a token."""
    found = access_tokens.listed()
    for one in found:
        _tell(one, as_json)
    if not found and not as_json:
        say(T("There is no token yet."), err=True)


@tokens.command("withdraw", cls=SpokenCommand, text=T("Let a token open nothing more, within a minute."))
@click.argument("name", metavar="NAME")
@json_option
@lang_option
@_in_store
def withdraw(name: str, as_json: bool) -> None:
    """Nothing is deleted: what was done with it stays recorded."""
    _tell(access_tokens.withdraw(name), as_json)


def _tell(one: Token, as_json: bool) -> None:
    if as_json:
        emit(_json(one))
    else:
        say(_told(one), capital=False)


def _told(one: Token) -> Text:
    names = register()
    given = [T("{role} in {area}", role=role.label, area=names.full_name(area)) for area, role in sorted(one.known.roles.items())]
    said = "; ".join(render(grant, language()) for grant in given)
    if one.known.withdrawn:
        return T("{name}: withdrawn", name=one.name)
    if one.until is None or not one.holds(datetime.now(UTC)):
        return T("{name}: ended", name=one.name)
    last = (one.until - timedelta(seconds=1)).astimezone(settings().zone).date()
    return T("{name}: {said}, until {end}", name=one.name, said=said, end=last)


def _json(one: Token) -> dict[str, object]:
    return {
        "name": one.name,
        "roles": {area: role.word for area, role in sorted(one.known.roles.items())},
        "made": None if one.made is None else one.made.isoformat(),
        "until": None if one.until is None else one.until.isoformat(),
        "withdrawn": one.known.withdrawn,
        "holds": one.holds(datetime.now(UTC)),
    }


@click.group("exchange", cls=SpokenGroup, text=T("Signed files between an office that is offline and its province."))
@lang_option
def exchange() -> None:
    """Hand on, take in, and whom to trust."""


@exchange.command("export", cls=SpokenCommand, text=T("Write all batches of an area with their files as one signed file."))
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))
@out_option
@lang_option
@_in_store
def export(area: str | None, out: Path | None) -> None:
    """The files themselves, what was decided about them, what was withdrawn, visits."""
    now, code = stores.own(), area or identity.home_area()
    give(now, "exchange", parcels.export(now, code), out)


@exchange.command("key", cls=SpokenCommand, text=T("Print the key by which others know the files of this office."))
@lang_option
@_in_store
def key() -> None:
    """It is no secret; what signs stays in the data folder."""
    click.echo(parcels.public_key())


@exchange.command(
    "trust",
    cls=SpokenCommand,
    text=T("Take files of an office from now on, about its area alone."),
    context_settings={"ignore_unknown_options": True},  # one key in 64 begins with "-"
)
@click.argument("name", metavar="NAME")
@click.argument("public", metavar="KEY")
@option("--area", type=AreaType(), required=True, text=T("In which area and all in it."))
@lang_option
@_in_store
def trust(name: str, public: str, area: str) -> None:
    """KEY as the office's own command exchange key prints it, told by another way than the file."""
    parcels.trust(name, public, area)
    _list_offices(as_json=False)


@exchange.command("list", cls=SpokenCommand, text=T("List the offices that are trusted, and such as were."))
@json_option
@lang_option
@_in_store
def list_offices(as_json: bool) -> None:
    """One line an office."""
    _list_offices(as_json=as_json)


@exchange.command("withdraw", cls=SpokenCommand, text=T("Take no more files of an office; what it brought stays."))
@click.argument("name", metavar="NAME")
@lang_option
@_in_store
def distrust(name: str) -> None:
    """By its name."""
    outsiders.withdraw(Kind.OFFICE, name)
    _list_offices(as_json=False)


def _list_offices(*, as_json: bool) -> None:
    found = {name: one for name, one in sorted(outsiders.known(Kind.OFFICE).items()) if outsiders.may_change(one)}
    for name, one in found.items():
        areas = sorted(one.roles)
        if as_json:
            emit({"name": name, "key": one.identity, "areas": areas, "withdrawn": one.withdrawn})
        elif one.withdrawn:
            say(T("{name}: withdrawn", name=name), capital=False)
        else:
            named = ", ".join(register().full_name(area) for area in areas)
            say(T("{name}: {areas}, key {key}", name=name, areas=named, key=one.identity), capital=False)
    if not found and not as_json:
        say(T("No office is trusted yet."), err=True)


@exchange.command("import", cls=SpokenCommand, text=T("Take in the signed file of an office: whole, or not at all."))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@option(
    "--conflicts",
    type=click.Choice(["take", "leave"]),
    text=T("What is done with batches that say otherwise than another source: take them as later news, or leave them out."),
)
@option("--dry-run", is_flag=True, text=T("Only report; store nothing."))
@json_option
@lang_option
@click.pass_context
@_in_store
def import_parcel(ctx: click.Context, file: Path, conflicts: Answer | None, dry_run: bool, as_json: bool) -> None:
    """Exit 1 where a conflict waits for an answer; nothing is stored then."""
    done = taking.take_in(parcels.opened(parcels.from_file(file)), conflicts, dry_run=dry_run)
    if as_json:
        emit({**vars(done), "conflicts": [render(one, language()) for one in done.conflicts]})
    else:
        _tell_taken(done)
    if done.conflicts and conflicts is None and not dry_run:
        ctx.exit(REFUSED)


def _tell_taken(done: Taken) -> None:
    for one in done.conflicts:
        say(one, err=True, capital=False)
    if done.done:
        text = T(
            "{office}: batches added {added}, withdrawn {withdrawn}, restored {restored}, left out {left}; here before {there}.",
            office=done.office,
            added=done.added,
            withdrawn=done.withdrawn,
            restored=done.restored,
            left=done.left,
            there=done.there,
        )
        say(text, capital=False)
    elif done.conflicts:
        say(
            TN(
                "Nothing was stored: {n} conflict with another source waits for an answer (--conflicts take or leave).",
                "Nothing was stored: {n} conflicts with other sources wait for an answer (--conflicts take or leave).",
                n=len(done.conflicts),
            ),
            err=True,
        )
    else:
        text = T("{office}: batches to add {added}; here before {there}.", office=done.office, added=done.added, there=done.there)
        say(text, capital=False)
