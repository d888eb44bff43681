"""``import``: files into the own store, one report each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ektp_analysis import office
from ektp_analysis.area import register
from ektp_analysis.cli.files import content, expanded
from ektp_analysis.cli.output import emit, hand_out, on_terminal
from ektp_analysis.cli.questions import ask
from ektp_analysis.cli.spoken import (
    DONE,
    REFUSED,
    AreaType,
    DayType,
    PairType,
    SpokenCommand,
    json_option,
    lang_option,
    language,
    option,
    say,
)
from ektp_analysis.errors import UserError
from ektp_analysis.i18n import render
from ektp_analysis.ingest import Choices
from ektp_analysis.ingest.choices import LEVELS
from ektp_analysis.ingest.reading import file_name
from ektp_analysis.snapshot import BY_NAME
from ektp_analysis.text import TN, T, Text

MOST_FAULTS = 20


@click.command("import", cls=SpokenCommand, text=T("Read files and store what is accepted; a file with a fault is refused."))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("--area", type=AreaType(), text=T("The area that the files are about; rows outside of it are refused."))
@option("--date", "day", type=DayType(), text=T("The day of every row, whatever the file says."))
@option("--sheet", default="", text=T("The sheet that holds the figures."))
@option("--column", "columns", type=PairType("ROLE=HEADER"), multiple=True,
        text=T("Which column holds eligible, recorded, unrecorded or coverage_reported: eligible=SASARAN."))
@option("--level", default="", type=click.Choice(["", *LEVELS]), metavar="LEVEL",
        text=T("Level of the areas in the rows: provinsi, kabupaten, kecamatan or desa."))
@option("--numbers", default="", type=click.Choice(["", "dot", "comma"]), metavar="STYLE",
        text=T("The mark between thousands: dot or comma."))
@option("--basis", default="", text=T("The basis of the eligible, where the file does not say it: \"DKB 2024-1\"."))
@option("--alias", "aliases", type=PairType("NAME=CODE", last=True), multiple=True,
        text=T("Which area a name in the file means: \"Kec. X=75.05.03\"."))
@option("--dry-run", is_flag=True, text=T("Only report; store nothing."))
@option("--take-good-rows", is_flag=True, text=T("Leave refused rows out and take the rest."))
@option("--refused-rows", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.xlsx",
        text=T("Write the refused rows as a workbook, to be corrected and taken in; for one file."))
@json_option
@lang_option
@click.pass_context
def import_(ctx: click.Context, files: tuple[str, ...], area: str | None, day: date | None, sheet: str,
            columns: tuple[tuple[str, str], ...], level: str, numbers: str, basis: str, aliases: tuple[tuple[str, str], ...],
            dry_run: bool, take_good_rows: bool, refused_rows: Path | None, as_json: bool) -> None:
    """Exit 1 if any of the files is refused or leaves a question open; the others are taken in all the same."""
    try:
        choices = Choices(area=area or "", date=day, sheet=sheet, columns=dict(columns), level=level,
                          numbers=numbers, basis=basis, aliases=dict(aliases), take_good_rows=take_good_rows)
    except UserError as error:
        raise click.UsageError(render(error.message, language()), ctx) from error
    paths, code = expanded(files, ctx), DONE
    if refused_rows is not None and len(paths) > 1:
        raise click.UsageError(render(T("--refused-rows is for one file, and these are {n}.", n=len(paths)), language()), ctx)
    for number, path in enumerate(paths, start=1):
        if on_terminal():
            say(T("{file} ({n} of {all})", file=file_name(path.name), n=number, all=len(paths)), err=True, capital=False)
        data = content(path)
        done = office.import_file(data, path.name, choices, dry_run=dry_run)
        if as_json:
            emit(done.to_json(language()))
        elif done.batch is not None or done.status == "dry_run":
            say(_summary(done), capital=False)
        _messages(done)
        if refused_rows is not None:
            _hand_back(data, done, refused_rows)
        if done.status in ("refused", "needs_choice"):
            code = REFUSED
    ctx.exit(code)


def _hand_back(data: bytes, done: office.Imported, place: Path) -> None:
    if not done.report.refused_rows:
        say(T("{file}: no row is refused, so {place} is not written.", file=done.report.file, place=place.name), err=True,
            capital=False)
        return
    hand_out(office.refused_rows(data, done.report, language()), place)
    say(T("{place}: the refused rows of {file}.", place=place.name, file=done.report.file), err=True, capital=False)


def _summary(done: office.Imported) -> Text:
    report, latest = done.report, done.report.latest
    what = {"accepted": T("taken in"), "already_there": T("was there already, nothing was added"),
            "dry_run": T("would be taken in; nothing was stored")}[done.status]
    text = T("{file}: {what}", file=report.file, what=what)
    if done.batch is not None:
        text = T("{text}, batch {batch}", text=text, batch=str(done.batch.id))
    if latest is None:
        return text
    rows = TN("{n} row", "{n} rows", n=len(report.rows))
    if latest.unrecorded is None:
        return T("{text}: {rows}, latest as of {date}", text=text, rows=rows, date=latest.date)
    return T("{text}: {rows}, latest as of {date} with {n} unrecorded", text=text, rows=rows, date=latest.date,
             n=latest.unrecorded)


def _messages(done: office.Imported) -> None:
    """Why a file was refused, each fault, each question and each warning, to stderr."""
    report, reason = done.report, done.reason
    file = report.file
    if done.status == "needs_choice":
        say(T("{file}: a choice is needed, nothing was stored. Read it again with one of these options.", file=file), err=True,
            capital=False)
    elif reason is not None:
        say(T("{file}: refused. {reason}", file=file, reason=reason) if done.status == "refused" else
            T("{file}: {what}", file=file, what=reason), err=True, capital=False)
    faults = (*report.faults, *report.refused_rows)
    for fault in faults[:MOST_FAULTS] if len(faults) > 1 or reason is None else ():
        say(fault.text(), err=True, capital=False)
    if len(faults) > MOST_FAULTS:
        say(T("... and {n} more.", n=max(report.refused_count, len(faults)) - MOST_FAULTS), err=True, capital=False)
    ask(file, report.questions, reason if done.status == "refused" else None)
    for item in report.evidence:
        if item.topic == "layout":
            say(T("{file}: {what}", file=file, what=item.choice), err=True, capital=False)
    revised = () if done.status == "already_there" else report.changes.revised
    for one in revised[:MOST_FAULTS]:
        say(T("{file}: {area} as of {date}, {column}: {old} becomes {new}", file=file, area=_area(one.area_code), date=one.date,
              column=BY_NAME[one.column].label, old=_value(one.old), new=_value(one.new)), err=True, capital=False)
    if len(revised) > MOST_FAULTS:
        say(T("... and {n} more.", n=len(revised) - MOST_FAULTS), err=True, capital=False)
    for warning in report.warnings:
        say(T("{file}: {what}", file=file, what=warning), err=True, capital=False)
    if office.some_good(report):
        say(T("With --take-good-rows the other rows are taken in and these are left out."), err=True)


def _area(code: str) -> str:
    return f"{code} {register().name(code)}"


def _value(value: int | str | None) -> int | str:
    return "–" if value is None or value == "" else value
