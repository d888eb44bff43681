"""``project --all``, ``plan --each``, ``export ... --each``, ``store keep``, large outlines: by parts, on all cores or Dask."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from ektp_analysis.boundaries.matching import Choices, Report
from ektp_analysis.cli.spoken import language, on_terminal, option, say
from ektp_analysis.cli.telling import give
from ektp_analysis.core.area import NATION, Level
from ektp_analysis.core.text import T, Text, render
from ektp_analysis.nation.crew import Crew
from ektp_analysis.nation.each import (
    Asked,
    Moment,
    Work,
    answers,
    divided,
    draws,
    files,
    heaviness,
    outlines,
    over,
    plans,
    ready,
    table,
    unpacked,
)
from ektp_analysis.nation.run import Run
from ektp_analysis.office import boundary_files, foreseeing, stores
from ektp_analysis.office.reports import today_of
from ektp_analysis.office.stores import Office
from ektp_analysis.planning.request import Goal
from ektp_analysis.report.formats import Format

LEVELS = {"kabupaten": Level.KABUPATEN, "kecamatan": Level.KECAMATAN, "desa": Level.DESA}
ENDINGS = (".csv", ".jsonl")


def crew_options(command: Any) -> Any:
    """Who works where many areas are asked for."""
    for one in reversed(
        (
            option("--workers", type=click.IntRange(1, 1000), text=T("Processes that work side by side; one a core otherwise.")),
            option("--scheduler", metavar="ADDRESS", default="", text=T("The Dask cluster that works instead: tcp://HOST:PORT.")),
        )
    ):
        command = one(command)
    return command


def crew_of(workers: int | None, scheduler: str) -> Crew | None:
    """Who works, by the options; None where nobody said."""
    return Crew(workers or 1, scheduler) if workers or scheduler else None


def _file_option(text: Text) -> Any:
    return option("--out", type=click.Path(dir_okay=False, path_type=Path), text=text)


def all_options(command: Any) -> Any:
    """``project`` of all areas of a level, into a file; without ``--all`` the command itself."""

    @wraps(command)
    def run(*, all_: bool, out: Path | None, workers: int | None, scheduler: str, **asked: Any) -> None:
        given = {"out": out, "workers": workers, "scheduler": scheduler}
        many = _many(asked["area"], asked["level"] if all_ else None, given, "--all" if all_ else "", "--all")
        if many is None:
            command(**asked)
        else:
            want = {name: asked[name] for name in ("target", "by", "horizon")}
            project_all(many, stores.asked(sample=asked["sample"]), want, asked["known_at"])

    run = _file_option(T("With --all: the file to write, .csv or .jsonl, whole or not at all."))(crew_options(run))
    return option("--all", "all_", is_flag=True, text=T("All areas of --level in --area, else in the nation, into --out."))(run)


OF_PLANS = ("start", "by", "teams", "goal", "target")
OF_ONE = ("scenario", "visits", "listed", "forget", "as_json")


def each_options(command: Any) -> Any:
    """``plan`` for each area of a level, into a file; without ``--each`` the command itself."""

    @wraps(command)
    def run(*, each: str | None, out: Path | None, workers: int | None, scheduler: str, **asked: Any) -> None:
        given = {"out": out, "workers": workers, "scheduler": scheduler}
        many = _many(asked["area"], each, given, "--each" if each else "", "--each")
        if many is None:
            command(**asked)
            return
        if alone := [name for name in OF_ONE if asked[name]]:
            name = {"listed": "list", "as_json": "json"}.get(alone[0], alone[0])
            raise click.UsageError(render(T("--{name} is of one area; leave out --each.", name=name), language()))
        want = {name: asked[name] for name in OF_PLANS if asked[name] is not None}
        plan_each(many, stores.asked(sample=asked["sample"]), want, asked["known_at"])

    run = _file_option(T("With --each: the file to write, .jsonl, whole or not at all."))(crew_options(run))
    text = T("A plan for every area of this level in --area, else in the nation, into --out.")
    return option("--each", type=click.Choice(list(LEVELS)), text=text)(run)


@dataclass(frozen=True)
class Many:
    """What the options say of many areas: those of ``level`` in ``area``, into the file ``out``, by workers or a cluster."""

    area: str
    level: Level
    out: Path
    workers: int | None
    scheduler: str

    def run(self, now: Office, work: Work, asked: Asked, of: Level, known_at: Moment) -> Run:
        """The run, and the folder beside the file that keeps what is made."""
        parts = divided(now, self.area, of, known_at)
        return Run(work, asked, parts, self.out.with_name(self.out.name + ".parts"), heavy=heaviness)

    def made(self, run: Run) -> Iterator[tuple[str, bytes]]:
        """The parts of a run, with a word on how far it is where somebody watches."""
        return run.made(crew_of(self.workers, self.scheduler) or Crew.usual(len(run.parts)), _told if on_terminal() else None)


def _many(area: str | None, level: str | None, given: Mapping[str, Any], asked: str, switch: str) -> Many | None:
    """What the options ask for, ``asked`` being the switch that was given; None where none was.

    Raises:
        UsageError: one of them without the others.
    """
    if not asked:
        if alone := [name for name in ("out", "workers", "scheduler") if given[name]]:
            raise click.UsageError(render(T("--{name} goes with {switch}.", name=alone[0], switch=switch), language()))
        return None
    if level is None or given["out"] is None:
        needed = "--level" if level is None else "--out"
        raise click.UsageError(render(T("{switch} needs {option}.", switch=switch, option=needed), language()))
    return Many(area or NATION, LEVELS[level], given["out"], given["workers"], given["scheduler"])


def _told(done: int, all_: int, kept: int) -> None:
    more = T(" ({n} were made before)", n=kept) if kept else ""
    say(T("{done} of {all} parts{more}", done=done, all=all_, more=more), err=True)


def moment(now: Office, known_at: Moment) -> Moment:
    """The moment up to which everybody reads: what is stored meanwhile is left to the next run."""
    return known_at if known_at is not None or now.sample else now.store.head().at


def project_all(many: Many, now: Office, asked: Mapping[str, Any], known_at: Moment) -> None:
    """The answers of many areas into a file: JSON a line, or a table."""
    if many.out.suffix.lower() not in ENDINGS:
        raise click.UsageError(
            render(T("{file} must end in {endings}.", file=many.out.name, endings=", ".join(ENDINGS)), language())
        )
    want = Asked(many.level, now.sample, language(), moment(now, known_at), today_of(now, known_at=known_at), **asked)
    run = many.run(now, answers, want, over(many.area, many.level), known_at)
    lines = [line for _part, data in many.made(run) for line in data.splitlines(keepends=True)]
    give(now, "answers", b"".join(table(lines) if many.out.suffix.lower() == ENDINGS[0] else lines), many.out)
    run.clear()
    say(T("{file}: {n} areas", file=str(many.out), n=len(lines)), capital=False)


def plan_each(many: Many, now: Office, wanted: Mapping[str, Any], known_at: date | None) -> None:
    """The plans of many areas into a file, JSON a line."""
    if many.out.suffix.lower() != ENDINGS[1]:
        raise click.UsageError(render(T("{file} must end in {endings}.", file=many.out.name, endings=ENDINGS[1]), language()))
    said = tuple(sorted((name, Goal(value) if name == "goal" else value) for name, value in wanted.items()))
    want = Asked(many.level, now.sample, language(), moment(now, known_at), today_of(now, known_at=known_at), wanted=said)
    run = many.run(now, plans, want, many.level, known_at)
    give(now, "plans", b"".join(data for _part, data in many.made(run)), many.out)
    run.clear()
    say(T("{file}: {n} areas", file=str(many.out), n=len(run.parts)), capital=False)


def report_each(many: Many, now: Office, made: Format, on: date | None, known_at: date | None) -> None:
    """The report of each of many areas, in a zip."""
    want = Asked(many.level, now.sample, language(), known_at, today_of(now, on, known_at), kind=made.key, on=on)
    run = many.run(now, files, want, over(many.area, many.level), known_at)
    packed, count = io.BytesIO(), 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for _part, data in many.made(run):
            for name, report in unpacked(data):
                named = zipfile.ZipInfo(f"{name}.{made.ending}", want.made_at.timetuple()[:6])
                archive.writestr(named, report, zipfile.ZIP_DEFLATED)
                count += 1
    give(now, f"{made.key} zip", packed.getvalue(), many.out)
    run.clear()
    say(T("{file}: {n} reports", file=str(many.out), n=count), capital=False)


LARGE = 20 << 20  # bytes: a smaller file of outlines is drawn by one process before others have begun


def read_outlines(data: bytes, name: str, choices: Choices, workers: int | None, scheduler: str) -> Report:
    """What a file of outlines holds, as :func:`boundary_files.read` says it: a large one is drawn part by part, and any where
    somebody says by whom.

    The file is read, and its areas are found, by one process; then each part is handed on whole, as another machine need not see
    the file. What is drawn is kept beside the outlines that are prepared for the screen until all of it is there.

    Raises:
        RefusedError: what is wrong with the file.
        UserError: a worker has another version of the program or of what it draws with.
        StoreError: a process, the cluster or the folder failed; parts that are made are kept.
    """
    crew = crew_of(workers, scheduler)
    if crew is None and len(data) < LARGE:
        return boundary_files.read(data, name, choices)
    from ektp_analysis.boundaries import importing
    from ektp_analysis.boundaries.landmasses import Drawn  # slow imports that other commands do not need

    found = boundary_files.opened(data, name, choices)
    parts = {f"{number:04}": part for number, part in enumerate(found.parts)}
    folder = boundary_files.prepared() / f"{found.sha256[:16]}.parts"
    run = Run(outlines, None, tuple(parts), folder, sees=draws, of=lambda part: parts[part].packed())
    made = run.made(crew or Crew.usual(len(parts)), _told if on_terminal() else None)
    report = importing.reported(found, [Drawn.unpacked(one) for _part, one in made])
    run.clear()
    return report


def keep_ready(workers: int | None, scheduler: str) -> int | None:
    """Make what a server keeps for maps and pages where it is missing; how many parts, None where nothing is kept. Broken off,
    the same command goes on there: what is made is in the store."""
    now = stores.own()
    if not now.store.keeps_rollups:
        return None
    parts, made = foreseeing.provinces(now), 0
    crew = crew_of(workers, scheduler) or Crew.usual(len(parts))
    for rollups_alone in (True, False) if parts else ():
        target = None if rollups_alone else foreseeing.open_target(now, NATION)
        want = Asked(Level.KECAMATAN, False, language(), None, today_of(now), target)
        with tempfile.TemporaryDirectory() as folder:
            run = Run(ready, want, parts, Path(folder), heavy=heaviness)
            made = sum(int(data) for _part, data in run.made(crew, _told if on_terminal() and not rollups_alone else None))
    return made
