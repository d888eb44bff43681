"""``status`` and ``project``: where an area stands, and when a target is reached."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import click
import pandas as pd

from ektp_analysis.cli.nation_commands import LEVELS, all_options
from ektp_analysis.cli.plan_commands import plan_said
from ektp_analysis.cli.spoken import (
    AreaType,
    DayType,
    SpokenCommand,
    TargetType,
    emit,
    json_option,
    known_at_option,
    lang_option,
    language,
    option,
    sample_option,
    say,
)
from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, number, percent
from ektp_analysis.core.text import day as written_day
from ektp_analysis.figures.series import change_between, eligible_estimate, reached_on
from ektp_analysis.narrative import chances, counts, forecasts, grounds, notes
from ektp_analysis.narrative.notes import banners_of, warnings_of
from ektp_analysis.office import answered, identity, stores
from ektp_analysis.office.reports import day_of
from ektp_analysis.projection.result import Inside

MOST_SHOWN = 12


@click.command("status", cls=SpokenCommand, text=T("Latest totals, coverage, and who is silent."))
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))
@known_at_option
@sample_option
@json_option
@lang_option
def status(area: str | None, known_at: date | None, sample: bool, as_json: bool) -> None:
    """Where an area stands."""
    code = area or identity.home_area()
    now = stores.asked(sample=sample)
    found = answered.stand(now, code, known_at)
    if as_json:
        emit(answered.status_json(now, found, known_at, language()))
        return
    at, history = found.at, found.history
    aim, today = stores.aim_of(now, code, known_at), day_of(now)
    target = Target.national() if aim is None else aim.target
    for banner in banners_of(at, sample=now.sample):
        say(banner, err=True)
    say(T("{area} ({code})", area=register().full_name(code), code=code))
    say(notes.overview(at, target, reached_on(history, target)))
    if at.figure is None:
        _elsewhere(now, code)
        return
    say(counts.as_of(at, today))
    say(counts.source(at))
    say(counts.coverage(at.figure, target))
    say(counts.eligible(eligible_estimate(history)))
    say(counts.change(change_between(history)))
    for said in plan_said(now, at, history, aim, known_at):
        say(said)
    if at.child_level is not None:
        say(counts.silence(at))
    if (clean := stores.cleaning_of(now, at, known_at)) is not None:
        say(notes.cleaning(clean))
    for warning in warnings_of(at, today):
        say(warning)
    if head := stores.head_of(now, known_at).name:
        say(T("The last change is entry {head} of the trail", head=head))
    for row in history.tail(MOST_SHOWN).itertuples(index=False):
        click.echo("  " + "  ".join(_line(row, language())))


def _line(row: Any, lang: str) -> tuple[str, str, str]:
    """Day, unrecorded and coverage of a snapshot, in columns; an unknown figure is a dash."""
    unrecorded = "–" if pd.isna(row.unrecorded) else number(int(row.unrecorded), lang)
    text = "" if pd.isna(row.coverage_reported) else str(row.coverage_reported)
    shown = counts.printed(text) if pd.isna(row.coverage) else None
    share = percent(shown.share, lang, shown.decimals) if shown else "–"
    if not pd.isna(row.coverage):
        share = percent(float(row.coverage), lang)
    return f"{written_day(row.as_of_date.date(), lang):<18}", f"{unrecorded:>12}", f"{share:>10}"


def _elsewhere(now: stores.Office, area: str) -> None:
    """Where there are figures, if not in the area that was asked for."""
    found = sorted({code if level_of(code) <= Level.KABUPATEN else code[:5] for code in now.store.areas()})
    others = [code for code in found if code != area]
    if others:
        named = [T("{area} ({code})", area=register().name(code), code=code) for code in others]
        say(T("There are figures for {areas}.", areas=counts.listed(named)), err=True)


@click.command("project", cls=SpokenCommand, text=T("When a target is reached, as chances."))
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))
@option(
    "--target", type=TargetType(), text=T("zero, or a coverage such as 99.4; without it, what the office aims at, else zero.")
)
@option(
    "--by",
    type=DayType(),
    multiple=True,
    text=T("A day whose chance is asked for; may be given several times. Without it, the day of the office's aim."),
)
@option("--horizon", type=click.IntRange(1, 36_500), default=730, show_default=True, text=T("Days to look ahead."))
@option("--level", type=click.Choice(list(LEVELS)), text=T("The areas directly inside as well, computed together."))
@all_options
@known_at_option
@sample_option
@json_option
@lang_option
def project(  # noqa: PLR0913 - each is an option of the command
    area: str | None,
    target: Target | None,
    by: tuple[date, ...],
    horizon: int,
    level: str | None,
    known_at: date | None,
    sample: bool,
    as_json: bool,
) -> None:
    """The projection of an area; a target that cannot be projected comes with the reason."""
    code = area or identity.home_area()
    now = stores.asked(sample=sample)
    wanted = answered.Wanted(target, by, horizon, None if level is None else LEVELS[level])
    said = answered.projected(now, code, wanted, known_at)
    if as_json:
        emit(answered.project_json(now, code, said, known_at, language()))
        return
    found, parts, at, history, by = said.found, said.parts, said.at, said.history, said.by
    for banner in banners_of(at, sample=now.sample):
        say(banner, err=True)
    reached = reached_on(history, said.target)
    say(T("{area}: {finding}", area=register().name(code), finding=chances.when(found, reached)))
    for day in by:
        say(chances.chance_by(found, day))
    if found.answered:
        say(chances.chance_never(found))
        for text in (*filter(None, [grounds.stalled(found)]), *grounds.reasons(found, said.recent)):
            say(text)
    if said.clean is not None and said.clean.high:
        say(forecasts.cleaned(said.clean, said.come))
    say(chances.basis(found))
    say(notes.stands(at, notes.dated(at, said.today)))
    for note in (*found.notes, *plan_said(now, at, history, said.aim, known_at)):
        say(note)
    if parts is not None:
        _say_inside(parts, by)


def _say_inside(found: Inside, by: tuple[date, ...]) -> None:
    """A line for each area inside, and when the last one has arrived."""
    children = found.children
    for code, child in children.items():
        say(T("{area}: {finding}", area=register().name(code), finding=chances.when(child)))
    stalls = grounds.stalled_inside(children)
    if stalls is not None:
        say(stalls)
    level = level_of(next(iter(children)))
    if found.without:
        say(forecasts.open_areas(found.without, len(children), level))
        return
    all_ = found.all_of_them
    assert all_.origin is not None
    for day in by or (all_.origin + timedelta(days=all_.horizon_days),):
        say(forecasts.all_reached(all_, len(children), level, day))
    say(forecasts.last_one(found.last()))
