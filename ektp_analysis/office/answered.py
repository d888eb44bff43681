"""What is said of an area or a batch as plain values: the commands and the API give the same, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from ektp_analysis.core.aims import Aim
from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, render, sentence
from ektp_analysis.figures.cleaning import Cleaning, Listed
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import Change, change_between, eligible_estimate, history_of, pace_of_now, reached_on
from ektp_analysis.figures.standing import Figure, Standing, standing_of
from ektp_analysis.narrative import counts, notes
from ektp_analysis.narrative.notes import warnings_of
from ektp_analysis.office import stores
from ektp_analysis.office.reports import around, day_of, today_of
from ektp_analysis.projection.answers import Ground, answer, inside, plan_for
from ektp_analysis.projection.can_come import can_come
from ektp_analysis.projection.reasons import line_days, middle, stall
from ektp_analysis.projection.result import Inside, NotReached, Projection
from ektp_analysis.store.records import Batch
from ektp_analysis.store.visits import VisitBatch

Moment = date | datetime | None


@dataclass(frozen=True)
class Stand:
    """Where an area stands, and its history."""

    at: Standing
    history: pd.DataFrame


def stand(now: stores.Office, area: str, known_at: Moment) -> Stand:
    """As :class:`Stand`; of an area without figures too."""
    rolled = now.store.rolled(area, down_to=Level(min(level_of(area) + 1, Level.DESA)), known_at=known_at)
    return Stand(standing_of(rolled, area), history_of(rolled, area))


def status_json(now: stores.Office, found: Stand, known_at: date | datetime | None, lang: str) -> dict[str, Any]:
    """What ``status --json`` says of an area, as plain values."""
    at, history, names = found.at, found.history, register()
    aim = stores.aim_of(now, at.area, known_at)
    target = Target.national() if aim is None else aim.target
    figure, estimate = at.figure, eligible_estimate(history)
    change, reached = change_between(history), reached_on(history, target)
    said: dict[str, Any] = {
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
        **cleaning_json(stores.cleaning_of(now, at, known_at), lang),
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
    return said


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


@dataclass(frozen=True)
class Wanted:
    """What is asked of a projection; without a target and days, those of the office's aim. ``horizon`` in days."""

    target: Target | None = None
    by: tuple[date, ...] = ()
    horizon: int = 730
    level: Level | None = None


@dataclass(frozen=True)
class Projected:
    """A projection with all that is said beside it."""

    target: Target
    found: Projection
    parts: Inside | None
    at: Standing
    history: pd.DataFrame
    by: tuple[date, ...]
    aim: Aim | None
    today: date | None
    recent: Change
    clean: Cleaning | None
    come: Projection | None


def projected(now: stores.Office, area: str, wanted: Wanted, known_at: Moment) -> Projected:
    """The projection of an area. Raises UserError where those of the level inside it cannot be projected with it."""
    near, aim = around(now, area, known_at=known_at), stores.aim_of(now, area, known_at)
    today = today_of(now, known_at=known_at)
    target, by = _asked(wanted.target, wanted.by, aim, today)
    ground = Ground.of(near, area, today=today)
    parts = None if wanted.level is None else _inside(ground, area, target, wanted.level, wanted.horizon)
    found = answer(ground, area, target, horizon_days=wanted.horizon) if parts is None else parts.whole
    rolled = roll_up(near, area)
    at, history = standing_of(rolled, area), history_of(rolled, area)
    recent = pace_of_now(history, found.inputs.even_since)  # the step over a break is no part of it
    clean = stores.cleaning_of(now, at, known_at)
    come = None if clean is None else can_come(answer(ground, area, ZERO, horizon_days=wanted.horizon), clean)
    return Projected(target, found, parts, at, history, by, aim, today, recent, clean, come)


def project_json(now: stores.Office, area: str, said: Projected, known_at: Moment, lang: str) -> dict[str, Any]:
    """What ``project --json`` says, as plain values."""
    return {
        **said.found.as_dict(by=said.by, lang=lang),
        "stall": _stall_json(said.found),
        "standing": _standing_json(said.at),
        "rests_on": _rests_on_json(said.found, said.recent),
        "area_code": area,
        "sample": now.sample,
        "known_at": known_at.isoformat() if known_at else None,
        **cleaning_json(said.clean, lang, said.come, said.by),
        **aimed_json(said.history, said.at, said.aim, said.today),
        **({} if said.parts is None else _inside_json(said.parts, said.by, lang)),
    }


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


def _inside_json(found: Inside, by: tuple[date, ...], lang: str) -> dict[str, Any]:
    all_, last = found.all_of_them, {} if found.without else found.last()
    said = (
        None
        if found.without
        else {
            key: value
            for key, value in all_.as_dict(by=by, lang=lang).items()
            if key in ("quantiles", "probability_by", "probability_never")
        }
    )
    return {
        "inside": {
            code: {
                **child.as_dict(by=by, lang=lang),
                "stall": _stall_json(child),
                "probability_last": round(last[code], 4) if code in last else None,
            }
            for code, child in found.children.items()
        },
        "all_inside": said,
    }


def aim_json(one: Aim) -> dict[str, Any]:
    """An aim as JSON: its area, target, day and name, and who set it when."""
    return {
        "area": one.area_code,
        "target": one.target.key,
        "by": one.by.isoformat(),
        "name": one.name,
        "set_by": one.set_by,
        "set_at": one.set_at.isoformat(),
    }


def aimed_json(history: pd.DataFrame, at: Standing, aim: Aim | None, today: date | None) -> dict[str, Any]:
    """The aim with its plan: both ends, what it says for the day of the figures and for today, the people behind it. Nothing
    without an aim."""
    return {} if aim is None else {"aim": {**aim_json(aim), "plan": _plan_json(history, at, aim, today)}}


def _plan_json(history: pd.DataFrame, at: Standing, aim: Aim, today: date | None) -> dict[str, Any] | None:
    """Null where there is no plan."""
    plan = plan_for(history, aim)
    if plan is None or at.as_of_date is None:
        return None
    behind = None if at.unrecorded is None else plan.behind(at.unrecorded, at.as_of_date)
    ends = [{"day": day.isoformat(), "unrecorded": left} for day, left in plan.points]
    now = None if today is None else {"day": today.isoformat(), "unrecorded": plan.on(today)}
    return {"from": ends[0], "to": ends[1], "planned": plan.on(at.as_of_date), "behind": behind, "today": now}


def _list_json(said: Listed) -> dict[str, Any]:
    """What the figures themselves say; the areas whose figures do not are no 0."""
    return {"to_clean": said.people, "since": said.since.isoformat(), "silent": list(said.silent), "unsaid": said.unsaid}


def cleaning_json(found: Cleaning | None, lang: str, come: Projection | None = None, by: tuple[date, ...] = ()) -> dict[str, Any]:
    """Who is to be cleaned off the list and who can come, at least and at most, and when these are recorded; nothing where
    neither figures nor visits say so."""
    if found is None:
        return {}
    least, most = found.can_come
    said: dict[str, Any] = {
        "to_clean": {"low": found.low, "high": found.high},
        "can_come": {"low": least, "high": most},
        "kinds": dict(found.kinds),
        "visits": found.visits,
        "since": found.since.isoformat() if found.since else None,
        "list": None if found.listed is None else _list_json(found.listed),
        "text": sentence(notes.cleaning(found), lang),
    }
    if come is not None:
        whole = come.as_dict(by=by, lang=lang)
        said["recorded"] = {key: whole[key] for key in ("quantiles", "probability_by", "probability_never")}
    return {"cleaning": said}


def figures_batch_json(batch: Batch) -> dict[str, object]:
    """A batch of figures, as ``batches --json`` gives it."""
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
