"""``people``: who may log in to a shared server, and what they may do where. A password is asked for, never an argument."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from ektp_analysis.access import audit, roster
from ektp_analysis.access.people import Known, Role, told
from ektp_analysis.cli.spoken import AreaType, SpokenCommand, SpokenGroup, emit, json_option, lang_option, language, option, say
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import PROGRAM, settings
from ektp_analysis.core.text import TN, T, Text, render
from ektp_analysis.office import stores

NONE = "none"
ROLES = [*(one.word for one in Role), NONE]
MOST_LOGINS = 50
_EVENTS = {"login": T("logged in"), "logout": T("logged out"), "failed": T("failed to log in")}


@click.group("people", cls=SpokenGroup, text=T("Who may log in to this server, and what they may do in which area."))
@lang_option
def people() -> None:
    """Add, give roles, take them, list."""


@people.command("add", cls=SpokenCommand, text=T("Let somebody log in: an account, an e-mail address or a user name."))
@click.argument("person", metavar="NAME")
@option("--name", default="", text=T("The name as it is shown and recorded; NAME otherwise."))
@option("--role", type=click.Choice(ROLES[:-1]), text=T("What this person may do."))
@option("--area", type=AreaType(), text=T("In which area and all in it; ID: everywhere."))
@option("--issuer", default="", text=T("With oidc: the provider's address, if it is to know this person by --subject."))
@option("--subject", default="", text=T("With oidc: the provider's own number for this person."))
@json_option
@lang_option
def add(person: str, name: str, role: str | None, area: str | None, issuer: str, subject: str, as_json: bool) -> None:
    """Without a role the person sees nothing yet."""
    stores.own_store()  # made, if there never was one; and the one that this data folder knows
    if (role is None) != (area is None):
        raise UserError(T("A role is given in an area: --role and --area belong together."))
    identity = roster.identity_of(issuer, subject) if issuer or subject else ""
    known = roster.add(person, name, identity=identity)
    if role is not None and area is not None:
        known = roster.grant(known.key, Role.parse(role), area)
    _tell(known, as_json)
    if settings().login == "accounts" and not as_json:
        say(T("Now give a password: {program} people password {key}", program=PROGRAM, key=known.key), err=True)


@people.command("role", cls=SpokenCommand, text=T("Give a role in an area, in place of the one before; none takes it."))
@click.argument("person", metavar="NAME")
@option("--role", type=click.Choice(ROLES), required=True, text=T("What this person may do."))
@option("--area", type=AreaType(), required=True, text=T("In which area and all in it; ID: everywhere."))
@json_option
@lang_option
def role(person: str, role: str, area: str, as_json: bool) -> None:
    """Holds in open pages within a minute."""
    stores.own_store()  # made, if there never was one; and the one that this data folder knows
    _tell(roster.grant(person, None if role == NONE else Role.parse(role), area), as_json)


@people.command("withdraw", cls=SpokenCommand, text=T("Let somebody log in no more; open pages end within a minute."))
@click.argument("person", metavar="NAME")
@json_option
@lang_option
def withdraw(person: str, as_json: bool) -> None:
    """Nothing is deleted: what this person did stays recorded."""
    stores.own_store()  # made, if there never was one; and the one that this data folder knows
    _tell(roster.withdraw(person), as_json)


@people.command("password", cls=SpokenCommand, text=T("Give an account a password, typed twice or as one line of stdin."))
@click.argument("person", metavar="NAME")
@json_option
@lang_option
def password(person: str, as_json: bool) -> None:
    """Whoever is logged in with the old one is not any more."""
    stores.own_store()  # made, if there never was one; and the one that this data folder knows
    known = roster.find(person)
    if sys.stdin.isatty():
        typed = click.prompt(
            render(T("Password of {key}", key=known.key), language()),
            hide_input=True,
            err=True,
            confirmation_prompt=render(T("Once more"), language()),
        )
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    _tell(roster.set_password(person, typed), as_json)


@people.command("list", cls=SpokenCommand, text=T("List the people, with what they may do where."))
@json_option
@lang_option
def list_(as_json: bool) -> None:
    """One line a person."""
    stores.own_store()  # made, if there never was one; and the one that this data folder knows
    found = roster.people()
    for one in found:
        _tell(one.known, as_json)
    if not found and not as_json:
        say(T("Nobody has been added yet."), err=True)


@people.command("logins", cls=SpokenCommand, text=T("List who logged in, out, or failed to, the last first."))
@json_option
@lang_option
def logins(as_json: bool) -> None:
    """The latest ones."""
    stores.own_store()  # made, if there never was one; and the one that this data folder knows
    for one in audit.latest(MOST_LOGINS):
        if as_json:
            emit({"at": one.at.isoformat(), "person": one.person or None, "event": one.event, "way": one.way, "n": one.n})
            continue
        said = T(
            "{at} {person} {event} ({way})",
            at=one.at.astimezone(settings().zone),
            person=one.person or T("a name that nobody has"),
            event=_EVENTS[one.event],
            way=one.way,
        )
        say(said if one.event != "failed" else TN("{said}, {n} time", "{said}, {n} times", n=one.n, said=said))


def _tell(known: Known, as_json: bool) -> None:
    if as_json:
        emit(_json(known))
        return
    names = register()
    given = [T("{role} in {area}", role=role.label, area=names.full_name(area)) for area, role in sorted(known.roles.items())]
    state: Text | str = T("withdrawn") if known.withdrawn else T("no role yet")
    said = "; ".join(render(one, language()) for one in given) or render(state, language())
    say(T("{person}: {said}", person=told(known.key, known.name), said=said), capital=False)


def _json(known: Known) -> dict[str, Any]:
    since: datetime | None = known.since
    return {
        "person": known.key,
        "name": known.name,
        "roles": {area: role.word for area, role in sorted(known.roles.items())},
        "withdrawn": known.withdrawn,
        "password": bool(known.secret),
        "bound": bool(known.identity),
        "since": None if since is None else since.isoformat(),
    }
