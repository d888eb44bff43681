"""What is remembered of layouts and names, and slides saved by name: list it, forget it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from ektp_analysis import office
from ektp_analysis.area import register
from ektp_analysis.cli.output import emit
from ektp_analysis.cli.spoken import AreaType, SpokenCommand, SpokenGroup, json_option, lang_option, option, say
from ektp_analysis.errors import UserError
from ektp_analysis.settings import settings
from ektp_analysis.store import Alias, Layout, SavedDeck
from ektp_analysis.text import TN, T, Text


@click.group("layouts", cls=SpokenGroup, text=T("Layouts that were confirmed and are applied without a question."))
@lang_option
def layouts() -> None:
    """List and forget."""


@layouts.command("list", cls=SpokenCommand, text=T("List the confirmed layouts, latest first."))
@json_option
@lang_option
def list_layouts(as_json: bool) -> None:
    """One line a layout."""
    found = office.layouts()
    for one in found:
        if as_json:
            emit(_layout_json(one))
        else:
            say(T("{fingerprint}: {what}; confirmed by {who} on {date}", fingerprint=one.fingerprint, what=_joined(one),
                  who=one.by or "-", date=one.at.astimezone(settings().zone).date()), capital=False)
    if not found and not as_json:
        say(T("No layout is remembered."), err=True)


@layouts.command("forget", cls=SpokenCommand, text=T("Ask about files of this layout again."))
@click.argument("fingerprint")
@lang_option
def forget_layout(fingerprint: str) -> None:
    """By its fingerprint, or the beginning of it that no other has."""
    hits = [one.fingerprint for one in office.layouts() if one.fingerprint.startswith(fingerprint)]
    whole = hits[0] if len(hits) == 1 else fingerprint
    office.forget_layout(whole)
    say(T("Layout {fingerprint} is forgotten; its next file is asked about.", fingerprint=whole))


@click.group("aliases", cls=SpokenGroup, text=T("Names that were given a meaning, each for its kabupaten."))
@lang_option
def aliases() -> None:
    """List and forget."""


@aliases.command("list", cls=SpokenCommand, text=T("List the remembered names."))
@option("--area", type=AreaType(), text=T("Only those of this kabupaten."))
@json_option
@lang_option
def list_aliases(area: str | None, as_json: bool) -> None:
    """One line a name."""
    found = office.aliases(area)
    for one in found:
        if as_json:
            emit(_alias_json(one))
        else:
            say(T("{scope}: '{name}' is {code} {register}; decided by {who} on {date}", scope=one.scope, name=one.name,
                  code=one.area_code, register=register().name(one.area_code), who=one.by or "-",
                  date=one.at.astimezone(settings().zone).date()))
    if not found and not as_json:
        say(T("No name is remembered."), err=True)


@aliases.command("forget", cls=SpokenCommand, text=T("Ask about this name again."))
@click.argument("name")
@option("--area", type=AreaType(), text=T("The kabupaten; needed where several remember the name."))
@lang_option
def forget_alias(name: str, area: str | None) -> None:
    """In its kabupaten."""
    folded = " ".join(name.casefold().split())
    scopes = [area] if area else [one.scope for one in office.aliases() if " ".join(one.name.casefold().split()) == folded]
    if len(scopes) > 1:
        raise UserError(T("'{name}' is remembered for {scopes}; say which with --area.", name=name[:60],
                          scopes=", ".join(scopes)))
    office.forget_alias(scopes[0] if scopes else settings().home_area, name)
    say(T("'{name}' is forgotten; the next file that writes it is asked about.", name=name))


@click.group("decks", cls=SpokenGroup, text=T("Slides that were saved by name on the page Presentation."))
@lang_option
def decks() -> None:
    """List and forget."""


@decks.command("list", cls=SpokenCommand, text=T("List the saved slides of an area by name."))
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))
@json_option
@lang_option
def list_decks(area: str | None, as_json: bool) -> None:
    """One line a name, with the number that opens it in the browser."""
    found = _decks(area)
    for one in found:
        if as_json:
            emit(_deck_json(one))
        else:
            say(T("{name}: saved by {who} on {at}, {shown}, opens at {address}", name=one.name, who=one.by or "-",
                  at=one.at.astimezone(settings().zone), address=f"/slides/show?deck={one.id}",
                  shown=TN("{n} slide switched off", "{n} slides switched off", n=sum(not edit.shown for edit in one.edits))),
                capital=False)
    if not found and not as_json:
        say(T("No slides are saved."), err=True)


@decks.command("forget", cls=SpokenCommand, text=T("Let saved slides hold no more; nothing is deleted."))
@click.argument("name")
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))
@lang_option
def forget_deck(name: str, area: str | None) -> None:
    """By their name."""
    found = office.deck_named(name, area or settings().home_area, sample=office.current(reading=True).sample)
    office.forget_deck(found.id)
    say(T("'{name}' is forgotten.", name=found.name))


def _decks(area: str | None) -> list[SavedDeck]:
    return office.decks(area or settings().home_area, sample=office.current(reading=True).sample)


def _deck_json(one: SavedDeck) -> dict[str, Any]:
    return {"deck": one.id, "area": one.area, "name": one.name, "sample": one.sample, "by": one.by, "at": one.at.isoformat(),
            "slides": [asdict(edit) for edit in one.edits]}


def _joined(one: Layout) -> Text | str:
    made: Text | None = None
    for part in office.said(one):
        made = part if made is None else T("{list}, {more}", list=made, more=part)
    return made or "-"


def _layout_json(one: Layout) -> dict[str, Any]:
    return {"fingerprint": one.fingerprint, "choices": dict(one.choices), "by": one.by, "at": one.at.isoformat()}


def _alias_json(one: Alias) -> dict[str, Any]:
    return {"area": one.scope, "name": one.name, "area_code": one.area_code, "by": one.by, "at": one.at.isoformat()}
