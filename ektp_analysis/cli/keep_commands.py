"""What is in the store and what is remembered: list, retract, restore, forget, hand out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from ektp_analysis.cli.backup_commands import restore_from
from ektp_analysis.cli.spoken import (
    AreaType,
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
from ektp_analysis.cli.telling import give, tell_clock
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text, render
from ektp_analysis.office import decisions, identity, reviewing, stores
from ektp_analysis.store.records import Alias, Batch, Layout, SavedDeck
from ektp_analysis.store.visits import VisitBatch

reason_option = option("--reason", required=True, text=T("Why; it stays beside the batch."))
out_option = option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    text=T("File to write, whole or not at all; standard output otherwise."),
)


@click.command("batches", cls=SpokenCommand, text=T("List what was imported, latest first."))
@known_at_option
@sample_option
@json_option
@lang_option
def batches(known_at: date | None, sample: bool, as_json: bool) -> None:
    """One line a batch."""
    store = stores.sample_store() if sample else stores.reading_store()
    found = store.batches(known_at=known_at)
    for batch in found:
        if as_json:
            emit(_batch_json(batch))
            continue
        say(
            T(
                "{batch}: {file}, received {at} from {who}, {rows}, latest as of {date}, {state}",
                batch=str(batch.id),
                file=batch.name,
                at=batch.received_at.astimezone(settings().zone),
                who=_who(batch),
                rows=TN("{n} row", "{n} rows", n=batch.rows),
                date=batch.as_of_dates[-1],
                state=batch_state(batch),
            )
        )
    if not found and not as_json:
        say(T("Nothing has been imported yet."), err=True)
    if not sample and (waits := reviewing.told_waiting()) is not None:
        say(T("{waits} They are listed by: review list", waits=waits), err=True)


def _who(batch: Batch) -> Text | str:
    if not batch.approved_by:
        return batch.uploader or "-"
    return T("{who}, approved by {other}", who=batch.uploader or "-", other=batch.approved_by)


def _batch_json(batch: Batch) -> dict[str, object]:
    own = {"approved_by": batch.approved_by} if batch.approved_by else {}
    return batch_json(batch, as_of_dates=[day.isoformat() for day in batch.as_of_dates], rows=batch.rows, **own)


def batch_json(batch: Batch | VisitBatch, **own: object) -> dict[str, object]:
    """A batch of figures or of visits for JSON, with what only its kind has."""
    gone = batch.retracted
    return {
        "batch": batch.id,
        "file": batch.name,
        "sha256": batch.sha256,
        "size": batch.size,
        "uploader": batch.uploader,
        "received_at": batch.received_at.isoformat(),
        **own,
        "choices": dict(batch.choices),
        "retracted": {"at": gone.at.isoformat(), "by": gone.by, "reason": gone.reason} if gone else None,
    }


def batch_state(batch: Batch | VisitBatch) -> Text:
    """Whether it holds, in words."""
    return T("withdrawn: {reason}", reason=batch.retracted.reason) if batch.retracted else T("in force")


@click.command("retract", cls=SpokenCommand, text=T("Withdraw a batch, with a reason; nothing is deleted."))
@click.argument("batch", type=int, metavar="ID")
@reason_option
@json_option
@lang_option
def retract(batch: int, reason: str, as_json: bool) -> None:
    """Its figures no longer hold from now on."""
    stores.own_store().retract(batch, reason=reason, by=identity.who(), at=datetime.now(settings().zone))
    tell_clock()
    if as_json:
        emit(_batch_json(stores.own_store().batch(batch)))
    else:
        say(T("Batch {batch} is withdrawn; restore {batch} undoes it.", batch=str(batch)))


@click.command(
    "restore",
    cls=SpokenCommand,
    text=T("Put a backup back into an empty place (DIR); or let a withdrawn batch count again (ID)."),
)
@click.argument("what", metavar="DIR|ID")
@option("--reason", text=T("Why the batch counts again; it stays beside it."))
@json_option
@lang_option
@click.pass_context
def restore(ctx: click.Context, what: str, reason: str | None, as_json: bool) -> None:
    """A number is a batch, whose retraction is undone; everything else is a folder."""
    if not what.isdecimal():
        restore_from(Path(what), as_json)
        return
    if reason is None:
        raise click.BadParameter(render(T("A batch is restored with a reason: --reason."), language()), ctx)
    batch = int(what)
    stores.own_store().restore(batch, reason=reason, by=identity.who(), at=datetime.now(settings().zone))
    tell_clock()
    if as_json:
        emit(_batch_json(stores.own_store().batch(batch)))
    else:
        say(T("Batch {batch} counts again.", batch=str(batch)))


@click.command("template", cls=SpokenCommand, text=T("Write the empty table to fill in, as CSV or XLSX by the file's name."))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@option("--visits", is_flag=True, text=T("The table of visits, not that of a snapshot."))
@lang_option
def template(file: Path | None, visits: bool) -> None:
    """CSV to standard output without a file."""
    hand_out(stores.template(file.suffix.lower().lstrip(".") if file else "csv", visits=visits), file)


@click.group("export", cls=SpokenGroup, text=T("Export what is in the store."))
@lang_option
def export() -> None:
    """The kinds of export."""


@export.command("csv", cls=SpokenCommand, text=T("All figures that hold, with batch and row, as CSV."))
@option("--area", type=AreaType(), text=T("Only this area and the areas in it."))
@known_at_option
@out_option
@sample_option
@lang_option
def export_csv(area: str | None, known_at: date | None, out: Path | None, sample: bool) -> None:
    """UTF-8, the columns of the contract."""
    now = stores.asked(sample=sample)
    give(now, "csv", stores.export_csv(now, within=area, known_at=known_at), out)


@export.command("aims", cls=SpokenCommand, text=T("The office's aims and events in force, with who set them and when, as CSV."))
@known_at_option
@out_option
@lang_option
def export_aims(known_at: date | None, out: Path | None) -> None:
    """UTF-8, a line each."""
    now = stores.own()
    give(now, "aims", stores.export_aims(now, known_at=known_at), out)


@click.group("layouts", cls=SpokenGroup, text=T("Layouts that were confirmed and are applied without a question."))
@lang_option
def layouts() -> None:
    """List and forget."""


@layouts.command("list", cls=SpokenCommand, text=T("List the confirmed layouts, latest first."))
@json_option
@lang_option
def list_layouts(as_json: bool) -> None:
    """One line a layout."""
    found = decisions.layouts()
    for one in found:
        if as_json:
            emit(_layout_json(one))
        else:
            say(
                T(
                    "{fingerprint}: {what}; confirmed by {who} on {date}",
                    fingerprint=one.fingerprint,
                    what=_joined(one),
                    who=one.by or "-",
                    date=one.at.astimezone(settings().zone).date(),
                ),
                capital=False,
            )
    if not found and not as_json:
        say(T("No layout is remembered."), err=True)


@layouts.command("forget", cls=SpokenCommand, text=T("Ask about files of this layout again."))
@click.argument("fingerprint")
@lang_option
def forget_layout(fingerprint: str) -> None:
    """By its fingerprint, or the beginning of it that no other has."""
    hits = [one.fingerprint for one in decisions.layouts() if one.fingerprint.startswith(fingerprint)]
    whole = hits[0] if len(hits) == 1 else fingerprint
    decisions.forget_layout(whole)
    say(T("Layout {fingerprint} is forgotten; the next such file will be asked about.", fingerprint=whole))


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
    found = decisions.aliases(area)
    for one in found:
        if as_json:
            emit(_alias_json(one))
        else:
            say(
                T(
                    "{scope}: '{name}' is {code} {register}; decided by {who} on {date}",
                    scope=one.scope,
                    name=one.name,
                    code=one.area_code,
                    register=register().name(one.area_code),
                    who=one.by or "-",
                    date=one.at.astimezone(settings().zone).date(),
                )
            )
    if not found and not as_json:
        say(T("No name is remembered."), err=True)


@aliases.command("forget", cls=SpokenCommand, text=T("Ask about this name again."))
@click.argument("name")
@option("--area", type=AreaType(), text=T("The kabupaten; needed where several remember the name."))
@lang_option
def forget_alias(name: str, area: str | None) -> None:
    """In its kabupaten."""
    folded = " ".join(name.casefold().split())
    scopes = [area] if area else [one.scope for one in decisions.aliases() if " ".join(one.name.casefold().split()) == folded]
    if len(scopes) > 1:
        raise UserError(
            T("'{name}' is remembered for {scopes}; say which with --area.", name=name[:60], scopes=", ".join(scopes))
        )
    decisions.forget_alias(scopes[0] if scopes else identity.home_area(), name)
    say(T("'{name}' is forgotten; the next file that uses it will be asked about.", name=name))


@click.group("decks", cls=SpokenGroup, text=T("Slides that were saved by name on the page Presentation."))
@lang_option
def decks() -> None:
    """List and forget."""


@decks.command("list", cls=SpokenCommand, text=T("List the saved slides of an area by name."))
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))
@sample_option
@json_option
@lang_option
def list_decks(area: str | None, sample: bool, as_json: bool) -> None:
    """One line a name, with the number that opens it in the browser."""
    found = decisions.decks(area or identity.home_area(), sample=sample)
    for one in found:
        if as_json:
            emit(_deck_json(one))
        else:
            say(
                T(
                    "{name}: saved by {who} on {at}, {shown}, opens at {address}",
                    name=one.name,
                    who=one.by or "-",
                    at=one.at.astimezone(settings().zone),
                    address=f"/slides/show?deck={one.id}",
                    shown=TN("{n} slide not shown", "{n} slides not shown", n=sum(not edit.shown for edit in one.edits)),
                ),
                capital=False,
            )
    if not found and not as_json:
        say(T("No slides are saved."), err=True)


@decks.command("forget", cls=SpokenCommand, text=T("Take saved slides off the list; nothing is deleted."))
@click.argument("name")
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))
@sample_option
@lang_option
def forget_deck(name: str, area: str | None, sample: bool) -> None:
    """By their name."""
    found = decisions.deck_named(name, area or identity.home_area(), sample=sample)
    decisions.forget_deck(found.id)
    say(T("'{name}' is removed from the list.", name=found.name))


def _deck_json(one: SavedDeck) -> dict[str, Any]:
    return {
        "deck": one.id,
        "area": one.area,
        "name": one.name,
        "sample": one.sample,
        "by": one.by,
        "at": one.at.isoformat(),
        "slides": [asdict(edit) for edit in one.edits],
    }


def _joined(one: Layout) -> Text | str:
    made: Text | None = None
    for part in decisions.said(one):
        made = part if made is None else T("{list}, {more}", list=made, more=part)
    return made or "-"


def _layout_json(one: Layout) -> dict[str, Any]:
    return {"fingerprint": one.fingerprint, "choices": dict(one.choices), "by": one.by, "at": one.at.isoformat()}


def _alias_json(one: Alias) -> dict[str, Any]:
    return {"area": one.scope, "name": one.name, "area_code": one.area_code, "by": one.by, "at": one.at.isoformat()}
