"""``tokens``: what programs show instead of logging in; made, listed, withdrawn. A token is printed once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

from ektp_analysis.access import tokens as access_tokens
from ektp_analysis.access.people import Role
from ektp_analysis.access.tokens import Token
from ektp_analysis.cli.spoken import (
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
from ektp_analysis.core.area import register
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, Text, render
from ektp_analysis.office import stores

ROLES = [one.word for one in Role]


@click.group("tokens", cls=SpokenGroup, text=T("What programs show to the server instead of logging in."))
@lang_option
def tokens() -> None:
    """Make, list, withdraw."""
    stores.own_store()  # made, if there never was one; and the one that this data folder knows


@tokens.command("add", cls=SpokenCommand, text=T("Make a token and print it; it can never be shown again."))
@click.argument("name", metavar="NAME")
@option("--role", type=click.Choice(ROLES), required=True, text=T("What whoever has it may do."))
@option("--area", type=AreaType(), required=True, text=T("In which area and all in it; ID: everywhere."))
@option("--until", type=DayType(), text=T("Its last day; without it, it ends after a year."))
@json_option
@lang_option
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
    return T("{name}: {said}, until {end}", name=one.name, said=said, end=one.until.astimezone(settings().zone))


def _json(one: Token) -> dict[str, object]:
    return {
        "name": one.name,
        "roles": {area: role.word for area, role in sorted(one.known.roles.items())},
        "made": None if one.made is None else one.made.isoformat(),
        "until": None if one.until is None else one.until.isoformat(),
        "withdrawn": one.known.withdrawn,
        "holds": one.holds(datetime.now(UTC)),
    }
