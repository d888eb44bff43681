"""``status`` and ``project``: where an area stands, and when a target is reached."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import click
import pandas as pd

from ektp_analysis.cli.nation_commands import LEVELS, all_options
from ektp_analysis.cli.plan_commands import aimed_json, cleaning_json, plan_said
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
from ektp_analysis.core.aims import Aim
from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, number, percent, render, sentence
from ektp_analysis.core.text import day as written_day
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import Change, change_between, eligible_estimate, history_of, pace_of_now, reached_on
from ektp_analysis.figures.standing import Figure, Standing, standing_of
from ektp_analysis.narrative import chances, counts, forecasts, grounds, notes
from ektp_analysis.narrative.notes import banners_of, warnings_of
from ektp_analysis.office import identity, stores
from ektp_analysis.office.reports import around, day_of, today_of
from ektp_analysis.projection.answers import Ground, answer, inside
from ektp_analysis.projection.can_come import can_come
from ektp_analysis.projection.reasons import line_days, middle, stall
from ektp_analysis.projection.result import Inside, NotReached, Projection

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
    rolled = now.store.rolled(code, down_to=Level(min(level_of(code) + 1, Level.DESA)), known_at=known_at)
    at, history = standing_of(rolled, code), history_of(rolled, code)
    if as_json:
        emit(_status_json(now, at, history, known_at))
        return
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
    if (found := stores.cleaning_of(now, at, known_at)) is not None:
        say(notes.cleaning(found))
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


def _status_json(now: stores.Office, at: Standing, history: pd.DataFrame, known_at: date | None) -> dict[str, Any]:
    lang, names, aim = language(), register(), stores.aim_of(now, at.area, known_at)
    target = Target.national() if aim is None else aim.target
    figure, estimate = at.figure, eligible_estimate(history)
    change, reached = change_between(history), reached_on(history, target)
    found: dict[str, Any] = {
        "area": at.area,
        "name": names.full_name(at.area),
        "sample": now.sample,
        "known_at": known_at.isoformat() if known_at else None,
        "trail": stores.head_of(now, known_at).name or None,
        "as_of_date": _iso(at.as_of_date),
        **_figure_json(figure),
        "heading": sentence(notes.overview(at, target, reached), lang),
        "own": _figure_json(at.own) if at.own else None,
        "sum": _figure_json(at.total) if at.total else None,
        "differences": [{"column": one.column, "own": one.own, "sum": one.total} for one in at.differences],
        "n_expected": at.n_expected,
        "n_reported": at.n_reported,
        "silent": [
            {"area": one.area_code, "name": names.name(one.area_code), "since": _iso(one.since), "overdue": one.overdue}
            for one in at.silent
        ],
        "incomplete": list(at.partial),
        **cleaning_json(stores.cleaning_of(now, at, known_at)),
        **_in_no_sum_json(at),
        "eligible_estimate": {"low": estimate.low, "high": estimate.high, "text": render(counts.eligible(estimate), lang)},
        "change": {
            "from": _iso(change.start),
            "to": _iso(change.end),
            "unrecorded": change.absolute,
            "per_day": None if change.per_day is None else round(change.per_day, 4),
            "reason": change.gap or None,
        },
        "target": {"target": target.key, "verdict": reached.reach, "reached_on": _iso(reached.on)},
        **aimed_json(history, at, aim, today_of(now, known_at=known_at)),
        "warnings": [render(text, lang) for text in warnings_of(at, day_of(now))],
        "history": [{"as_of_date": _iso(row.as_of_date.date()), **_row_json(row)} for row in history.itertuples(index=False)],
    }
    return found


def _figure_json(figure: Figure | None) -> dict[str, Any]:
    if figure is None:
        return {
            "totals": {"eligible": None, "recorded": None, "unrecorded": None},
            "coverage": None,
            "coverage_low": None,
            "coverage_high": None,
            "coverage_reported": None,
            "basis": None,
            "status": None,
            "source": None,
            "complete": None,
            "older": None,
        }
    return {
        "totals": {"eligible": figure.eligible, "recorded": figure.recorded, "unrecorded": figure.unrecorded},
        "coverage": figure.coverage,
        "coverage_low": figure.coverage_low,
        "coverage_high": figure.coverage_high,
        "coverage_reported": figure.coverage_reported or None,
        "basis": figure.basis or None,
        "status": figure.status,
        "source": figure.source,
        "complete": figure.complete,
        "older": {"areas": figure.n_older, "unrecorded": figure.unrecorded_older, "since": _iso(figure.older_since)},
    }


def _row_json(row: Any) -> dict[str, Any]:
    counts = {
        name: None if pd.isna(value := getattr(row, name)) else int(value) for name in ("eligible", "recorded", "unrecorded")
    }
    shares = {
        name: None if pd.isna(value := getattr(row, name)) else round(float(value), 6)
        for name in ("coverage", "coverage_low", "coverage_high")
    }
    return {
        **counts,
        **shares,
        "coverage_reported": None if pd.isna(row.coverage_reported) else str(row.coverage_reported),
        "source": row.source,
        "status": row.status,
        "complete": bool(row.complete),
        "n_reported": int(row.n_reported),
        "n_older": int(row.n_older),
        "unrecorded_older": int(row.unrecorded_older),
    }


def _in_no_sum_json(at: Standing) -> dict[str, Any]:
    """The areas that have reported and are in no sum of the unrecorded."""
    return {"above_hundred": list(at.over), "uncounted": list(at.uncounted)}


def _standing_json(at: Standing) -> dict[str, Any]:
    """The figure that a projection stands beside, with its conditions."""
    figure = _figure_json(at.figure)
    return {"as_of_date": _iso(at.as_of_date), **figure["totals"], "older": figure["older"], **_in_no_sum_json(at)}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


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
def project(
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
    near, aim = around(now, code, known_at=known_at), stores.aim_of(now, code, known_at)
    today = today_of(now, known_at=known_at)
    target, by = _asked(target, by, aim, today)
    ground = Ground.of(near, code, today=today)
    parts = None if level is None else _inside(ground, code, target, LEVELS[level], horizon)
    found = answer(ground, code, target, horizon_days=horizon) if parts is None else parts.whole
    rolled = roll_up(near, code)
    at, history = standing_of(rolled, code), history_of(rolled, code)
    recent = pace_of_now(history, found.inputs.even_since)  # the step over a break is no part of it
    clean = stores.cleaning_of(now, at, known_at)
    come = None if clean is None else can_come(answer(ground, code, ZERO, horizon_days=horizon), clean)
    if as_json:
        emit(
            {
                **found.as_dict(by=by, lang=language()),
                "stall": _stall_json(found),
                "standing": _standing_json(at),
                "rests_on": _rests_on_json(found, recent),
                "area_code": code,
                "sample": now.sample,
                "known_at": known_at.isoformat() if known_at else None,
                **cleaning_json(clean, come, by),
                **aimed_json(history, at, aim, today),
                **({} if parts is None else _inside_json(parts, by)),
            }
        )
        return
    for banner in banners_of(at, sample=now.sample):
        say(banner, err=True)
    reached = reached_on(history, target)
    say(T("{area}: {finding}", area=register().name(code), finding=chances.when(found, reached)))
    for day in by:
        say(chances.chance_by(found, day))
    if found.answered:
        say(chances.chance_never(found))
        for text in (*filter(None, [grounds.stalled(found)]), *grounds.reasons(found, recent)):
            say(text)
    if clean is not None and clean.high:
        say(forecasts.cleaned(clean, come))
    say(chances.basis(found))
    say(notes.stands(at, notes.dated(at, today)))
    for note in (*found.notes, *plan_said(now, at, history, aim, known_at)):
        say(note)
    if parts is not None:
        _say_inside(parts, by)


def _asked(target: Target | None, by: tuple[date, ...], aim: Aim | None, today: date | None) -> tuple[Target, tuple[date, ...]]:
    """The target and the days that were asked for, else those of the office's aim, as long as its day is ahead; else zero."""
    if aim is None:
        return target or ZERO, by
    ahead = today is None or aim.by > today
    return target or aim.target, by or ((aim.by,) if ahead else ())


def _stall_json(found: Projection) -> dict[str, Any] | None:
    """Since when recording stalls, its pace since and before in the unit of the inputs a day; null where it does not."""
    seen = stall(found)
    if seen is None:
        return None
    decimals = 3 if found.inputs.unit == "people" else 8
    return {
        "since": seen.since.isoformat(),
        "pace_since": round(seen.pace_since, decimals),
        "pace_before": round(seen.pace_before, decimals),
    }


def _rests_on_json(found: Projection, recent: Change) -> dict[str, Any]:
    """What the date rests on: the recent pace, the line's day at it, the pace that the median asks for, and its tail."""
    days, outcome = line_days(found, recent.per_day), middle(found)
    line = None if days is None else found.day(days)
    need = None if outcome is None else outcome.per_day
    tail = None if outcome is None else outcome.tail_days
    return {
        "pace_recent": None if recent.per_day is None else round(recent.per_day, 3),
        "pace_recent_days": recent.days,
        "line": line.value if isinstance(line, NotReached) else None if line is None else line.isoformat(),
        "median_days": None if outcome is None else outcome.days,
        "median_pace": None if need is None else round(need, 3),
        "last_tenth_days": None if tail is None else round(tail, 1),
    }


def _inside(ground: Ground, code: str, target: Target, level: Level, horizon: int) -> Inside:
    """The areas inside, where the level is the one directly below."""
    if level != level_of(code) + 1:
        raise UserError(
            T(
                "{area} is projected together with the areas directly inside it, not with a {level}.",
                area=register().name(code),
                level=level.label,
            )
        )
    found = inside(ground, code, target, horizon_days=horizon)
    if found is None:
        raise UserError(T("No area of the level {level} in {area} has figures.", level=level.label, area=register().name(code)))
    return found


def _inside_json(found: Inside, by: tuple[date, ...]) -> dict[str, Any]:
    all_, last = found.all_of_them, {} if found.without else found.last()
    said = (
        None
        if found.without
        else {
            key: value
            for key, value in all_.as_dict(by=by, lang=language()).items()
            if key in ("quantiles", "probability_by", "probability_never")
        }
    )
    return {
        "inside": {
            code: {
                **child.as_dict(by=by, lang=language()),
                "stall": _stall_json(child),
                "probability_last": round(last[code], 4) if code in last else None,
            }
            for code, child in found.children.items()
        },
        "all_inside": said,
    }


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
