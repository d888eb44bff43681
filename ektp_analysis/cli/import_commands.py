"""``import``: the files that a call means, read, asked about where a person is there, and stored; each with its report."""

from __future__ import annotations

import glob
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from ektp_analysis.cli.spoken import (
    DONE,
    REFUSED,
    AreaType,
    DayType,
    PairType,
    SpokenCommand,
    emit,
    hand_out,
    json_option,
    lang_option,
    language,
    on_terminal,
    option,
    say,
)
from ektp_analysis.cli.telling import tell_clock
from ektp_analysis.core.area import register
from ektp_analysis.core.contract import BY_NAME
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.text import TN, T, Text, render
from ektp_analysis.ingest.evidence import ROLE_NAMES, joined
from ektp_analysis.ingest.opening.containers import MAX_CSV
from ektp_analysis.ingest.reading import file_name
from ektp_analysis.ingest.report import LEVELS, NOT_WHOLE, WHOLE, Choices, Question, Reading
from ektp_analysis.office import imports

READ = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_PATTERN = frozenset("*?[")


def expanded(given: Sequence[str], ctx: click.Context) -> list[Path]:
    """The files in the order in which they were given, those of a folder or pattern by name; none of them twice.

    A folder stands for the tables in it, not for its folders. A temporary copy (~$...) that is not all that was asked for
    is left out, and said so.

    Raises:
        click.UsageError: nothing has that name, or nothing in it can be read.
    """
    found = [path for text in given for path in _files(text, ctx)]
    temporary = [path for path in found if path.name.startswith("~$")]
    if len(temporary) < len(found):
        for path in temporary:
            say(
                T("{file}: left out, because it is a temporary copy made by Excel.", file=file_name(path.name)),
                err=True,
                capital=False,
            )
        found = [path for path in found if path not in temporary]
    return list({path.resolve(): path for path in reversed(found)}.values())[::-1]


def _files(text: str, ctx: click.Context) -> Iterator[Path]:
    path = Path(text)
    if path.is_dir():
        inside = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        tables = [one for one in inside if one.suffix.lower() in READ]
        if not tables:
            raise click.UsageError(
                render(T("There is no table in the folder {folder}.", folder=file_name(text)), language()), ctx
            )
        if len(tables) < len(inside):
            say(
                TN(
                    "{folder}: {n} file is not a table and is left out.",
                    "{folder}: {n} files are not tables and are left out.",
                    n=len(inside) - len(tables),
                    folder=file_name(path.name or text),
                ),
                err=True,
                capital=False,
            )
        yield from tables
    elif path.exists() or not _PATTERN & set(text):
        if not path.is_file():
            raise click.UsageError(render(T("There is no file {file}.", file=file_name(text)), language()), ctx)
        yield path
    else:
        hits = sorted(Path(one) for one in glob.glob(text) if Path(one).is_file())  # noqa: PTH207 - any pattern, absolute too
        if not hits:
            raise click.UsageError(render(T("There is no file {file}.", file=file_name(text)), language()), ctx)
        yield from hits


def content(path: Path) -> bytes:
    """The file's bytes; of one above every limit only as many as show that it is.

    Raises:
        StoreError: the system does not hand it out.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_CSV + 1)
    except OSError as error:
        raise StoreError(
            T("{file} cannot be read: {reason}.", file=file_name(path.name), reason=error.strerror or type(error).__name__)
        ) from error


_OPTIONS = {"columns": "--column", "aliases": "--alias", "parts": "--part", "take_good_rows": "--take-good-rows"}
_FORMS = {
    "sheet": "--sheet NAME",
    "columns": "--column eligible=HEADER --column unrecorded=HEADER",
    "numbers": "--numbers dot|comma",
    "trust": "--trust code|name",
    "complete": "--complete yes|no",
    "date": "--date 2024-06-30",
    "area": "--area 75.05",
    "level": "--level kecamatan",
}
_OF_A_PART = {"part": "none", "part_day": "2024-06-30", "part_area": "75.05.03"}
MOST_ASKED = 20


def ask(file: str, questions: tuple[Question, ...], said: Text | None = None) -> None:
    """Every question with its possible answers; nobody is waited for. ``said`` is a sentence that was printed already."""
    for question in questions[:MOST_ASKED]:
        if question.text != said:
            say(T("{file}: {what}", file=file, what=question.text), err=True, capital=False)
        for reading in question.readings:
            say(_answer(reading), err=True, capital=False)
        if not question.readings or question.topic == "alias":  # any other area may be meant
            say(T("  answer with {option}", option=form(question)), err=True, capital=False)
    if len(questions) > MOST_ASKED:
        say(T("... and {n} more.", n=len(questions) - MOST_ASKED), err=True, capital=False)


def _answer(reading: Reading) -> Text:
    answer = option_for(reading.choices)
    given = {name: total for name, total in reading.totals.items() if name in ROLE_NAMES}
    if not given:
        return T("  {option}  for {reading}", option=answer, reading=reading.label)
    totals: Text | None = None
    for name, total in given.items():
        one = T("{role} {total}", role=ROLE_NAMES[name], total="–" if total is None else total)
        totals = one if totals is None else T("{list}, {more}", list=totals, more=one)
    return T("  {option}  gives {totals}", option=answer, totals=totals)


def option_for(choices: Mapping[str, Any]) -> str:
    """The options of ``import`` that make these choices, as a shell takes them."""
    made = []
    for name, value in choices.items():
        values = [f"{left}={right}" for left, right in value.items()] if isinstance(value, Mapping) else [str(value)]
        made += [_OPTIONS.get(name, f"--{name}") + ("" if value is True else f" {_quoted(one)}") for one in values]
    return " ".join(made)


def form(question: Question) -> str:
    """How an answer of one's own is written."""
    if question.topic == "alias":
        return f"--alias {_quoted(f'{question.subject}=CODE')}"
    if question.topic in _OF_A_PART:
        return f"--part {_quoted(f'{question.subject}={_OF_A_PART[question.topic]}')}"
    return _FORMS.get(question.topic, f"--{question.topic}")


def _quoted(text: str) -> str:
    """In double quotes, which every shell takes, where that is the same; else as a Unix shell takes it."""
    if re.fullmatch(r"[\w.,:=/+-]+", text):
        return text
    return shlex.quote(text) if set(text) & set('"$`\\!') else f'"{text}"'


MOST_FAULTS = 20
_BECAME = {
    "accepted": T("accepted"),
    "submitted": T("handed in, not stored yet"),
    "already_there": T("already stored, nothing was added"),
    "dry_run": T("would be accepted; nothing was stored"),
}


def _one_of(name: str, words: Sequence[str], metavar: str, text: Text) -> Callable[[Any], Any]:
    """An option that is one of some words, or not given."""
    return option(name, default="", type=click.Choice(["", *words]), metavar=metavar, text=text)


@click.command("import", cls=SpokenCommand, text=T("Read files and store what is accepted; a file with a fault is refused."))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("--area", type=AreaType(), text=T("The area that the files are about; rows outside of it are refused."))
@option("--date", "day", type=DayType(), text=T("The day of every row, whatever the file says."))
@option("--sheet", default="", text=T("The sheet that holds the figures."))
@option(
    "--column",
    "columns",
    type=PairType("ROLE=HEADER"),
    multiple=True,
    text=T("Which column holds eligible, recorded, unrecorded, printed or coverage_reported: eligible=SASARAN."),
)
@_one_of("--level", (*LEVELS,), "LEVEL", T("Level of the areas in the rows: provinsi, kabupaten, kecamatan or desa."))
@_one_of("--numbers", ("dot", "comma"), "STYLE", T("The mark between thousands: dot or comma."))
@_one_of(
    "--trust", ("code", "name"), "WHICH", T("Which says the area where codes and names contradict each other: code or name.")
)
@_one_of(
    "--complete",
    (WHOLE, NOT_WHOLE),
    "WHICH",
    T("Whether a file that seems to have lost rows is complete: yes accepts it as it is, no leaves it out."),
)
@option("--basis", default="", text=T('The basis of the eligible, where the file does not say it: "DKB 2024-1".'))
@option(
    "--alias",
    "aliases",
    type=PairType("NAME=CODE", last=True),
    multiple=True,
    text=T('Which area a name in the file means: "Kec. X=75.05.03".'),
)
@option(
    "--part",
    "parts",
    type=PairType("PART=WHAT", last=True),
    multiple=True,
    text=T(
        "What one of several sheets or tables is: its day, its area, men, women, all, month-end, month-start, or none to leave "
        'it out: "Juni 2023=2023-06-30".'
    ),
)
@option("--dry-run", is_flag=True, text=T("Only report; store nothing."))
@option("--take-good-rows", is_flag=True, text=T("Leave out refused rows and accept the rest."))
@option(
    "--refused-rows",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.xlsx",
    text=T("Write the refused rows as a workbook, to be corrected and imported; for one file."),
)
@json_option
@lang_option
@click.pass_context
def import_(  # noqa: PLR0913 - each is an option of the command
    ctx: click.Context,
    files: tuple[str, ...],
    area: str | None,
    day: date | None,
    sheet: str,
    columns: tuple[tuple[str, str], ...],
    level: str,
    numbers: str,
    trust: str,
    complete: str,
    basis: str,
    aliases: tuple[tuple[str, str], ...],
    parts: tuple[tuple[str, str], ...],
    dry_run: bool,
    take_good_rows: bool,
    refused_rows: Path | None,
    as_json: bool,
) -> None:
    """Exit 1 if any of the files is refused or leaves a question open; the others are taken in all the same."""
    try:
        choices = Choices(
            area=area or "",
            date=day,
            sheet=sheet,
            columns=dict(columns),
            level=level,
            numbers=numbers,
            trust=trust,
            complete=complete,
            basis=basis,
            aliases=dict(aliases),
            parts=dict(parts),
            take_good_rows=take_good_rows,
        )
    except UserError as error:
        raise click.UsageError(render(error.message, language()), ctx) from error
    paths, code = expanded(files, ctx), DONE
    if refused_rows is not None and len(paths) > 1:
        raise click.UsageError(render(T("--refused-rows is for one file, and these are {n}.", n=len(paths)), language()), ctx)
    for number, path in enumerate(paths, start=1):
        if on_terminal():
            say(T("{file} ({n} of {all})", file=file_name(path.name), n=number, all=len(paths)), err=True, capital=False)
        data = content(path)
        done = imports.import_file(data, path.name, choices, dry_run=dry_run)
        if as_json:
            emit(done.to_json(language()))
        elif done.status in _BECAME:
            say(_summary(done), capital=False)
            _parts(done)
        _messages(done)
        if refused_rows is not None:
            _hand_back(data, done, refused_rows)
        if done.status in ("refused", "needs_choice"):
            code = REFUSED
    tell_clock()
    ctx.exit(code)


def _hand_back(data: bytes, done: imports.Imported, place: Path) -> None:
    if not done.report.refused_rows:
        say(
            T("{file}: no row is refused, so {place} is not written.", file=done.report.file, place=place.name),
            err=True,
            capital=False,
        )
        return
    hand_out(imports.refused_rows(data, done.report, language()), place)
    say(T("{place}: the refused rows of {file}.", place=place.name, file=done.report.file), err=True, capital=False)


def _summary(done: imports.Imported) -> Text:
    report, latest = done.report, done.report.latest
    text = T("{file}: {what}", file=report.file, what=_BECAME[done.status])
    if done.batch is not None:
        text = T("{text}, batch {batch}", text=text, batch=str(done.batch.id))
    if latest is None:
        return text
    rows = TN("{n} row", "{n} rows", n=len(report.rows))
    if latest.unrecorded is None:
        return T("{text}: {rows}, latest as of {date}", text=text, rows=rows, date=latest.date)
    return T(
        "{text}: {rows}, latest as of {date} with {n} unrecorded", text=text, rows=rows, date=latest.date, n=latest.unrecorded
    )


def _parts(done: imports.Imported) -> None:
    """What came in with each of several tables."""
    for one in done.report.parts:
        totals = joined(
            [T("{role} {total}", role=ROLE_NAMES[role], total=total) for role, total in one.totals.items() if total is not None]
        )
        rows = TN("{n} row", "{n} rows", n=one.rows)
        if one.day is None:
            say(T("  {part}: {rows}, {totals}", part=one.key, rows=rows, totals=totals), capital=False)
        else:
            say(T("  {part} ({day}): {rows}, {totals}", part=one.key, day=one.day, rows=rows, totals=totals), capital=False)


def _messages(done: imports.Imported) -> None:
    """Why a file was refused, each fault, each question and each warning, to stderr."""
    report, reason = done.report, done.reason
    file = report.file
    if done.status == "needs_choice":
        say(
            T("{file}: a choice is needed, nothing was stored. Read it again with one of these options.", file=file),
            err=True,
            capital=False,
        )
    elif reason is not None:
        say(
            T("{file}: refused. {reason}", file=file, reason=reason)
            if done.status == "refused"
            else T("{file}: {what}", file=file, what=reason),
            err=True,
            capital=False,
        )
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
        say(
            T(
                "{file}: {area} as of {date}, {column}: {old} becomes {new}",
                file=file,
                area=_area(one.area_code),
                date=one.date,
                column=BY_NAME[one.column].label,
                old=_value(one.old),
                new=_value(one.new),
            ),
            err=True,
            capital=False,
        )
    if len(revised) > MOST_FAULTS:
        say(T("... and {n} more.", n=len(revised) - MOST_FAULTS), err=True, capital=False)
    for warning in report.warnings:
        say(T("{file}: {what}", file=file, what=warning), err=True, capital=False)
    if imports.some_good(report):
        say(T("With --take-good-rows the other rows are accepted and these are left out."), err=True)


def _area(code: str) -> str:
    return f"{code} {register().name(code)}"


def _value(value: int | str | None) -> int | str:
    return "–" if value is None or value == "" else value
