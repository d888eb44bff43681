"""``visits``: files of the log of visits taken in, listed, withdrawn, restored, and handed out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import click

from ektp_analysis.cli.import_commands import MOST_FAULTS, content, expanded
from ektp_analysis.cli.keep_commands import batch_state, out_option, reason_option
from ektp_analysis.cli.spoken import (
    DONE,
    REFUSED,
    AreaType,
    PairType,
    SpokenCommand,
    SpokenGroup,
    emit,
    json_option,
    known_at_option,
    lang_option,
    language,
    option,
    say,
)
from ektp_analysis.cli.telling import give, tell_clock
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.ingest.report import Question
from ektp_analysis.ingest.visit_report import NO, YES, VisitChoices
from ektp_analysis.office import answered, stores, visiting
from ektp_analysis.store.visits import VisitBatch


@click.group("visits", cls=SpokenGroup, text=T("The log of visits: where teams were, who came, who was recorded."))
@lang_option
def visits() -> None:
    """Import, list, withdraw, restore, hand out."""


@visits.command(
    "import", cls=SpokenCommand, text=T("Read files of visits and store what is accepted; a file with a fault is refused.")
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("--area", type=AreaType(), text=T("The area in which names are looked up; the home area otherwise."))
@option(
    "--alias",
    "aliases",
    type=PairType("NAME=CODE", last=True),
    multiple=True,
    text=T('Which area a name in the file means: "Kec. X=75.05.03".'),
)
@option(
    "--yes",
    is_flag=True,
    text=T("Answer with yes where that is the only answer: names that fit one area alone, a high number."),
)
@option(
    "--again",
    type=click.Choice([YES, NO]),
    text=T("Whether visits like those that are stored are others (yes: count them too) or the same (no: leave them out)."),
)
@option("--dry-run", is_flag=True, text=T("Only report; store nothing."))
@json_option
@lang_option
@click.pass_context
def import_visits(  # noqa: PLR0913 - each is an option of the command
    ctx: click.Context,
    files: tuple[str, ...],
    area: str | None,
    aliases: tuple[tuple[str, str], ...],
    yes: bool,
    again: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Exit 1 if any of the files is refused or leaves a question open; the others are taken in all the same."""
    said = YES if yes else ""
    choices = VisitChoices(area=area or "", aliases=dict(aliases), names=said, unlikely=said, again=again or "")
    code = DONE
    for path in expanded(files, ctx):
        done = visiting.import_file(content(path), path.name, choices, dry_run=dry_run)
        if as_json:
            emit(done.to_json(language()))
        elif done.batch is not None or done.status == "dry_run":
            say(_summary(done), capital=False)
        _messages(done)
        if done.status in ("refused", "needs_choice"):
            code = REFUSED
    tell_clock()
    ctx.exit(code)


def _summary(done: visiting.Taken) -> Text:
    what = {
        "accepted": T("accepted"),
        "already_there": T("already stored, nothing was added"),
        "dry_run": T("would be accepted; nothing was stored"),
    }[done.status]
    text = T("{file}: {what}", file=done.report.file, what=what)
    if done.batch is not None:
        text = T("{text}, batch of visits {batch}", text=text, batch=str(done.batch.id))
    rows, sums = done.report.rows, done.report.sums()
    text = T("{text}: {visits}", text=text, visits=TN("{n} visit", "{n} visits", n=len(rows)))
    recorded = sums["recorded"]
    return text if recorded is None else T("{text}, {n} recorded", text=text, n=recorded)


def _messages(done: visiting.Taken) -> None:
    """Why a file was refused, each fault, question and note, to stderr."""
    report, file = done.report, done.report.file
    if done.status == "needs_choice":
        said = T("{file}: a choice is needed, nothing was stored. Read it again with one of these options.", file=file)
        say(said, err=True, capital=False)
    elif done.reason is not None:
        text = T("{file}: refused. {reason}", file=file, reason=done.reason)
        say(text if done.status == "refused" else T("{file}: {what}", file=file, what=done.reason), err=True, capital=False)
    for fault in report.faults[:MOST_FAULTS]:
        say(fault.text(), err=True, capital=False)
    if len(report.faults) > MOST_FAULTS:
        say(T("... and {n} more.", n=len(report.faults) - MOST_FAULTS), err=True, capital=False)
    for question in report.questions:
        say(T("{file}: {what}", file=file, what=question.text), err=True, capital=False)
        for answer, label in _answers(question):
            say(T("  {option}  for {reading}", option=answer, reading=label), err=True, capital=False)
    for note in report.notes:
        say(T("{file}: {what}", file=file, what=note), err=True, capital=False)


def _answers(question: Question) -> list[tuple[str, Text]]:
    """The options that answer a question, each with what it means."""
    if question.topic == "alias":
        given = [
            (f'--alias "{question.subject}={next(iter(way.choices["aliases"].values()))}"', way.label)
            for way in question.readings
        ]
        return given or [(f'--alias "{question.subject}=CODE"', T("the area that is meant"))]
    if question.topic == "again":
        return [(f"--again {way.choices['again']}", way.label) for way in question.readings]
    return [("--yes", way.label) for way in question.readings]


@visits.command("list", cls=SpokenCommand, text=T("List the batches of visits, latest first."))
@known_at_option
@json_option
@lang_option
def list_visits(known_at: date | None, as_json: bool) -> None:
    """One line a batch."""
    found = stores.reading_store().visit_batches(known_at=known_at)
    for batch in found:
        _tell(batch, as_json)
    if not found and not as_json:
        say(T("No visit has been taken in yet."), err=True)


@visits.command("retract", cls=SpokenCommand, text=T("Withdraw a batch of visits, with a reason; nothing is deleted."))
@click.argument("batch", type=int, metavar="ID")
@reason_option
@json_option
@lang_option
def retract_visits(batch: int, reason: str, as_json: bool) -> None:
    """Its visits no longer hold from now on."""
    _mark("retract", batch, reason, as_json)


@visits.command("restore", cls=SpokenCommand, text=T("Let a withdrawn batch of visits count again, with a reason."))
@click.argument("batch", type=int, metavar="ID")
@reason_option
@json_option
@lang_option
def restore_visits(batch: int, reason: str, as_json: bool) -> None:
    """Its visits hold again from now on."""
    _mark("restore", batch, reason, as_json)


def _mark(kind: Literal["retract", "restore"], batch: int, reason: str, as_json: bool) -> None:
    found = visiting.mark(kind, batch, reason)
    tell_clock()
    _tell(found, as_json)


def _tell(batch: VisitBatch, as_json: bool) -> None:
    if as_json:
        emit(answered.batch_json(batch, first=batch.first.isoformat(), last=batch.last.isoformat(), visits=batch.rows))
        return
    say(
        T(
            "{batch}: {file}, received {at} from {who}, {visits} from {first} to {last}, {state}",
            batch=str(batch.id),
            file=batch.name,
            at=batch.received_at.astimezone(settings().zone),
            who=batch.uploader or "-",
            visits=TN("{n} visit", "{n} visits", n=batch.rows),
            first=batch.first,
            last=batch.last,
            state=batch_state(batch),
        )
    )


@click.command("visits", cls=SpokenCommand, text=T("All visits that hold, with batch and row, as CSV."))
@known_at_option
@out_option
@lang_option
def export_visits(known_at: date | None, out: Path | None) -> None:
    """UTF-8, the columns of the contract."""
    now = stores.own()
    give(now, "visits", visiting.export_csv(now, known_at=known_at), out)
