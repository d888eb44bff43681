"""What is awaited from others: ``review``, a second person's approval of files; ``missing``, figures of a week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

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
    sample_option,
    say,
)
from ektp_analysis.cli.telling import tell_clock
from ektp_analysis.core.area import around, register
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.narrative import awaited
from ektp_analysis.office import awaiting, identity, reviewing, stores
from ektp_analysis.office.reviewing import Handed, Looked

_area: Callable[[Any], Any] = option(
    "--area", type=AreaType(), required=True, text=T("The area that is meant, with all in it; ID: everywhere.")
)


@click.group("review", cls=SpokenGroup, text=T("Four eyes: files wait until somebody else has approved them."))
@lang_option
def review() -> None:
    """Switch on and off, list, approve, send back."""


@review.command("on", cls=SpokenCommand, text=T("From now on files of an area wait for a second person."))
@_area
@lang_option
def on(area: str) -> None:
    """By who looks after the people of the area; recorded."""
    reviewing.switch(area, wanted=True)
    say(T("Files of {area} are stored from now on once somebody else has approved them.", area=register().full_name(area)))
    tell_clock()


@review.command("off", cls=SpokenCommand, text=T("Files of an area are stored at once again; those that wait go on waiting."))
@_area
@lang_option
def off(area: str) -> None:
    """By who looks after the people of the area; recorded."""
    reviewing.switch(area, wanted=False)
    say(T("Files of {area} are stored at once from now on.", area=register().full_name(area)))
    if (waits := reviewing.told_waiting()) is not None:
        say(waits, err=True)
    tell_clock()


@review.command("list", cls=SpokenCommand, text=T("List the files that wait, with what each would change."))
@option("--all", "every", is_flag=True, text=T("Also those about which somebody has decided."))
@json_option
@lang_option
def list_(every: bool, as_json: bool) -> None:
    """One line a file, the latest first."""
    found = reviewing.handed_in() if every else reviewing.waiting()
    for one in found:
        looked = reviewing.look(one.submission.id, read=False) if one.waits else None
        if as_json:
            emit(one.to_json() if looked is None else looked.to_json(language()))
        else:
            _line(one, looked)
    if as_json:
        return
    if switched := reviewing.areas():
        say(T("Four eyes are switched on for: {areas}", areas=reviewing.named(switched)), err=True)
    if not found:
        say(T("No file waits for approval."), err=True)


def _line(one: Handed, looked: Looked | None) -> None:
    handed = one.submission
    say(
        T(
            "{number}: {file}, {area}, handed in {at} by {who}, {rows}, latest as of {date}, {state}",
            number=str(handed.id),
            file=handed.name,
            area=register().full_name(around(handed.areas)),
            at=handed.at.astimezone(settings().zone),
            who=handed.by,
            rows=TN("{n} row", "{n} rows", n=one.rows),
            date=one.day or "–",
            state=one.state,
        )
    )
    if looked is None:
        return
    changes = looked.report.changes
    say(
        T(
            "  new: {new}, known already: {same}, values revised: {revised}",
            new=changes.new,
            same=changes.same,
            revised=len(changes.revised),
        ),
        capital=False,
    )
    for text in (looked.warning, looked.hindrance):
        if text is not None:
            say(T("  {what}", what=text), capital=False)


@review.command("approve", cls=SpokenCommand, text=T("Store a file that waits, exactly as it was handed in."))
@click.argument("number", type=int, metavar="N")
@option(
    "--over",
    type=int,
    multiple=True,
    metavar="BATCH",
    text=T("A batch that has given other figures since, which the file may replace."),
)
@json_option
@lang_option
def approve(number: int, over: tuple[int, ...], as_json: bool) -> None:
    """By an approver of all its areas who did not hand it in."""
    done = reviewing.approve(number, seen=over)
    if as_json:
        emit({"submission": number, "batch": done.batch.id, "already_there": done.already_there})
    else:
        said: Text = T("File {number} is approved and stored as batch {batch}.", number=str(number), batch=str(done.batch.id))
        if done.already_there:
            said = T("File {number} is stored already as batch {batch}.", number=str(number), batch=str(done.batch.id))
        say(said)
    tell_clock()


@review.command("back", cls=SpokenCommand, text=T("Send a file back, with a reason; it is not stored and stays in the record."))
@click.argument("number", type=int, metavar="N")
@option("--reason", required=True, text=T("Why; who handed it in sees it."))
@json_option
@lang_option
def back(number: int, reason: str, as_json: bool) -> None:
    """By an approver of all its areas who did not hand it in."""
    found = reviewing.send_back(number, reason)
    if as_json:
        emit({"submission": number, "state": "returned", "reason": found.decision.reason if found.decision else reason})
    else:
        say(T("File {number} is sent back.", number=str(number)))
    tell_clock()


@click.command("missing", cls=SpokenCommand, text=T("List who has no figures of a week yet, with a reminder to copy."))
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise. Listed are the areas one level below."))
@option("--week", type=DayType(), text=T("A day of the week that is meant, Monday to Sunday; this week otherwise."))
@option("--text", "text_only", is_flag=True, text=T("Only the reminder."))
@json_option
@sample_option
@lang_option
def missing(area: str | None, week: date | None, text_only: bool, as_json: bool, sample: bool) -> None:
    """One line an area, and the reminder below."""
    found = awaiting.look(stores.asked(sample=sample), area or identity.home_area(), week)
    if as_json:
        emit(found.to_json(language()))
        return
    if not text_only:
        say(found.headline, capital=False)
        for one in found.missing:
            said = T("  {code} {area}: {what}", code=one.area, area=register().full_name(one.area), what=awaited.said(one))
            say(said, capital=False)
    if found.left_out is not None:
        say(found.left_out, err=True)
    if found.reminder is not None:
        click.echo("" if text_only else "\n", nl=False)
        say(found.reminder, capital=False)
