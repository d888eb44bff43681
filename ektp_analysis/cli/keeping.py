"""Batches and what is in the store: list, retract, restore, verify, hand out."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from ektp_analysis import office
from ektp_analysis.cli.asking import known_at_option
from ektp_analysis.cli.output import emit, hand_out
from ektp_analysis.cli.spoken import (
    DONE,
    FAILED,
    AreaType,
    SpokenCommand,
    SpokenGroup,
    json_option,
    lang_option,
    option,
    say,
)
from ektp_analysis.settings import settings
from ektp_analysis.store import Batch
from ektp_analysis.text import TN, T

reason_option = option("--reason", required=True, text=T("Why; it stays beside the batch."))
out_option = option("--out", type=click.Path(dir_okay=False, path_type=Path),
                    text=T("File to write, whole or not at all; standard output otherwise."))


@click.command("batches", cls=SpokenCommand, text=T("List what was imported, latest first."))
@known_at_option
@json_option
@lang_option
def batches(known_at: date | None, as_json: bool) -> None:
    """One line a batch."""
    found = office.current(reading=True).store.batches(known_at=known_at)
    for batch in found:
        if as_json:
            emit(_batch_json(batch))
            continue
        state = T("taken back: {reason}", reason=batch.retracted.reason) if batch.retracted else T("in force")
        say(T("{batch}: {file}, received {at} from {who}, {rows}, latest as of {date}, {state}", batch=str(batch.id),
              file=batch.name, at=batch.received_at.astimezone(settings().zone), who=batch.uploader or "-",
              rows=TN("{n} row", "{n} rows", n=batch.rows), date=batch.as_of_dates[-1], state=state))
    if not found and not as_json:
        say(T("Nothing was imported yet."), err=True)


def _batch_json(batch: Batch) -> dict[str, object]:
    gone = batch.retracted
    return {"batch": batch.id, "file": batch.name, "sha256": batch.sha256, "size": batch.size, "uploader": batch.uploader,
            "received_at": batch.received_at.isoformat(), "as_of_dates": [day.isoformat() for day in batch.as_of_dates],
            "rows": batch.rows, "choices": dict(batch.choices),
            "retracted": {"at": gone.at.isoformat(), "by": gone.by, "reason": gone.reason} if gone else None}


@click.command("retract", cls=SpokenCommand, text=T("Take a batch out of force, with a reason; nothing is deleted."))
@click.argument("batch", type=int, metavar="ID")
@reason_option
@json_option
@lang_option
def retract(batch: int, reason: str, as_json: bool) -> None:
    """Its figures no longer hold from now on."""
    office.own_store().retract(batch, reason=reason, by=office.who(), at=datetime.now(settings().zone))
    if as_json:
        emit(_batch_json(office.own_store().batch(batch)))
    else:
        say(T("Batch {batch} is taken back; restore {batch} undoes it.", batch=str(batch)))


@click.command("restore", cls=SpokenCommand, text=T("Let a retracted batch count again, with a reason."))
@click.argument("batch", type=int, metavar="ID")
@reason_option
@json_option
@lang_option
def restore(batch: int, reason: str, as_json: bool) -> None:
    """Undo a retraction."""
    office.own_store().restore(batch, reason=reason, by=office.who(), at=datetime.now(settings().zone))
    if as_json:
        emit(_batch_json(office.own_store().batch(batch)))
    else:
        say(T("Batch {batch} counts again.", batch=str(batch)))


@click.command("verify", cls=SpokenCommand, text=T("Read every kept file again and compare every figure."))
@json_option
@lang_option
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Exit 3 if the store differs from its own kept bytes."""
    now = office.current(reading=True)
    differences, count = office.verify(now), now.store.info().batches
    if as_json:
        emit({"batches": count, "sample": now.sample, "differences": [{
            "batch": one.batch_id, "file": one.batch_name, "area_code": one.area_code or None,
            "as_of_date": one.as_of_date.isoformat() if one.as_of_date else None, "column": one.column,
            "stored": str(one.stored), "read": str(one.read)} for one in differences]})
    else:
        for one in differences:
            say(one.text())
        if not differences:
            say(TN("{n} batch: every figure is as its file says.", "{n} batches: every figure is as its file says.", n=count))
    ctx.exit(FAILED if differences else DONE)


@click.command("template", cls=SpokenCommand, text=T("Write the empty table to fill in, as CSV or XLSX by the file's name."))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@lang_option
def template(file: Path | None) -> None:
    """CSV to standard output without a file."""
    hand_out(office.template(file.suffix.lower().lstrip(".") if file else "csv"), file)


@click.group("export", cls=SpokenGroup, text=T("Hand out what is in the store."))
@lang_option
def export() -> None:
    """The kinds of export."""


@export.command("csv", cls=SpokenCommand, text=T("All figures that hold, with batch and row, as CSV."))
@option("--area", type=AreaType(), text=T("Only this area and the areas in it."))
@known_at_option
@out_option
@lang_option
def export_csv(area: str | None, known_at: date | None, out: Path | None) -> None:
    """UTF-8, the columns of the contract."""
    hand_out(office.export_csv(office.current(reading=True), within=area, known_at=known_at), out)
