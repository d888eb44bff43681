"""``project``: the history of one area and a target in, a :class:`Projection` out."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import date
from itertools import islice

import numpy as np
import pandas as pd

from ektp_analysis.projection import inflow
from ektp_analysis.projection.breaks import Break
from ektp_analysis.projection.history import History, read
from ektp_analysis.projection.outlook import (
    MOST_SISTERS,
    POOL_UP_TO,
    Outlook,
    campaign,
    falls,
    futures,
    learnable,
    look_ahead,
    ranks,
)
from ektp_analysis.projection.paths import Floats, Paths, monotone
from ektp_analysis.projection.result import LEVELS, NOT_REACHED, Inputs, Meaning, NotReached, Projection, Reason
from ektp_analysis.targets import Target
from ektp_analysis.text import TN, T, Text

FEW, WIDE = 3, T("Few snapshots: the range is wide.")
METHOD = "learnt campaigns 2.3"


def project(history: pd.DataFrame | History, target: Target, *, horizon_days: int = 730, origin: date | None = None,
            seed: int = 0, draws: int = 1000, meaning: Meaning | None = None, inflow_per_day: float | None = None,
            sisters: Iterable[pd.DataFrame | History] = ()) -> Projection:
    """When the area of ``history`` first reaches ``target``, seen from its last snapshot up to ``origin``.

    ``history`` has contract columns and one area, in any order; rows after ``origin`` are not looked at (or it is what was
    read from them, up to the origin). ``meaning``
    says what zero means: everyone eligible on the day ('eligible'), everyone on the list of the origin ('list'), or
    None for what the figures themselves count: a list where the eligible stay the same for long, else 'eligible'.
    ``inflow_per_day`` are the residents who become eligible a day (default: the usual rate). ``sisters`` are histories
    of like areas, pooled in; with them one snapshot suffices. The same input and seed give the same answer to the bit.

    Raises:
        ValueError: more than one area, or a horizon below one day.
    """
    if horizon_days < 1:
        raise ValueError("the horizon is at least one day")
    past = history if isinstance(history, History) else read(history, origin=origin)
    others: tuple[History, ...] = ()
    if len(past.dates) <= POOL_UP_TO:
        found_in = (campaign(one if isinstance(one, History) else read(one, origin=origin)) for one in sisters)
        others = tuple(islice((one for one in found_in if one is not None and one.area_code != past.area_code), MOST_SISTERS))
    newcomers = inflow.per_day(past, inflow_per_day)
    meaning = meaning or inflow.meaning_of(past)
    inputs = inputs_of(past, target, len(others), newcomers)
    last = past.dates[-1] if past.dates else None
    reason = no_answer(past, target, inputs)
    if reason is not None or last is None:
        return Projection(past.area_code, target, meaning, last, horizon_days, {}, inputs, METHOD, seed, reason)
    rng = np.random.default_rng([seed, zlib.crc32(past.area_code.encode())])
    chances = ranks(rng, draws)
    found = look_ahead(past, rng, [futures(one) for one in others])
    paths = paths_of(past, found, chances, meaning, newcomers)
    days = hitting(paths, past, target, inputs, found, meaning)
    return Projection(past.area_code, target, meaning, last, horizon_days, date_quantiles(days, last, horizon_days),
                      inputs, METHOD, seed, None, notes(past, inputs), days, paths)


def paths_of(past: History, found: Outlook, chances: Floats, meaning: Meaning, newcomers: float) -> Paths:
    """The draws of an outlook at the given ranks, in the meaning that is asked for."""
    times, _now = found.times(chances)
    paths = monotone(float(past.middle[-1]), times)
    if meaning == "eligible" and not inflow.shows_newcomers(past):
        paths = inflow.newcomers_join(paths, newcomers)
    elif meaning == "list" and inflow.shows_newcomers(past):
        paths = inflow.newcomers_left_out(paths, newcomers)
    pace = inflow.week(past)
    return paths if pace is None else inflow.on_calendar(paths, pace, past.dates[-1].weekday())


def inputs_of(past: History, target: Target, pooled: int, newcomers: float) -> Inputs:
    low, high = past.eligible_now() if past.dates else (float("nan"), float("nan"))
    known = not (np.isnan(low) or np.isnan(high))
    allowed = (target.remaining(int(low)), target.remaining(int(high))) if known else (0, 0) if target.is_zero else None
    return Inputs(past.dates, tuple(zip(past.low.tolist(), past.high.tolist(), strict=True)), past.unit,
                  (low, high) if known else None, allowed, past.breaks, pooled, newcomers)


def no_answer(past: History, target: Target, inputs: Inputs) -> Reason | None:
    """The reason why there is no distribution, or None."""
    if past.over:
        return Reason("above_hundred", T("More are recorded than are eligible, so the unrecorded are unknown."))
    if not past.dates:
        return Reason("no_figures", T("There is no figure of the unrecorded for this area."))
    if inputs.allowed is None and past.unit == "people":
        return Reason("unknown_eligible", T("The eligible are not known, so coverage cannot be projected; zero can."))
    reached = _reached_since(past, target)
    if reached is not None:
        return Reason("already_reached", T("Already reached on {date}.", date=reached), reached)
    if inputs.pooled:
        return None
    if len(past.dates) < 2:
        return Reason("too_few", T("One snapshot shows no pace: a second one is needed."))
    if past.breaks and past.breaks[-1].position == len(past.dates) - 1:
        return Reason("basis_break", T("The last snapshot does not continue the earlier ones ({what}): one more is "
                                       "needed.", what=past.breaks[-1].text))
    if not falls(past):
        start = past.breaks[-1].position if past.breaks else 0
        return Reason("not_falling", T("The unrecorded have not fallen from {first} to {last}.",
                                       first=past.dates[start], last=past.dates[-1]))
    return None


def _reached_since(past: History, target: Target) -> date | None:
    """The first day of the run of snapshots, up to the last one, on which the target is met; None if it is not met.

    A printed coverage counts as it is printed: 99.40 % meets 99.4 %.
    """
    met = past.high <= 0
    if target.share is not None:
        share = float(target.share)
        by_print = past.printed >= share - 1e-12
        scale = 1.0 if past.unit == "share" else past.eligible_low
        most = np.floor((1 - share) * scale + 1e-9) if past.unit == "people" else (1 - share) * np.ones_like(past.high)
        by_count = past.high <= most
        met = met | by_print | by_count
    if not met[-1]:
        return None
    misses = np.flatnonzero(~met)
    return past.dates[int(misses[-1]) + 1 if len(misses) else 0]


def hitting(paths: Paths, past: History, target: Target, inputs: Inputs, found: Outlook, meaning: Meaning) -> Floats:
    """Days to the target, one per draw: the eligible between their bounds, the allowance growing with them."""
    turns = found.now[np.arange(paths.count) % len(found.now)] / paths.now
    if target.share is None:
        return paths.hitting(0.0)
    if past.unit == "share":
        return paths.hitting(float(1 - target.share) / turns)
    assert inputs.allowed is not None
    allowed = np.round(np.linspace(*inputs.allowed, paths.count))
    growth = float(1 - target.share) * inputs.inflow_per_day
    if meaning == "list" or growth <= 0:
        return paths.hitting(allowed / turns)
    return inflow.growing_hits(paths, allowed / turns, growth)


def date_quantiles(days: Floats, last: date, horizon: int) -> dict[int, date | NotReached]:
    """The 5 to 95 % quantiles of the draws as calendar days; NOT_REACHED past the horizon."""
    ordered = np.sort(days)
    picks = np.ceil(np.asarray(LEVELS) / 100 * len(ordered)).astype(int) - 1
    stamps = [float(ordered[i]) for i in picks]
    return {level: last + pd.Timedelta(days=int(np.ceil(d - 1e-9))).to_pytimedelta() if d <= horizon else NOT_REACHED
            for level, d in zip(LEVELS, stamps, strict=True)}


def breaks_said(breaks: Iterable[Break]) -> list[Text]:
    """The places at which a series does not continue, each as a sentence."""
    return [T("Not learnt from as recording: {what}.", what=one.text) for one in breaks]


def notes(past: History, inputs: Inputs) -> tuple[Text, ...]:
    """What a reader must know about the answer."""
    found = breaks_said(past.breaks)
    used = len(learnable(past, past.middle)[0])
    if inputs.pooled:
        found.append(TN("Few snapshots of its own: pooled with {n} sister area.",
                        "Few snapshots of its own: pooled with {n} sister areas.", n=inputs.pooled))
    elif used <= FEW:
        found.append(WIDE)
    if inflow.week(past) is not None:
        found.append(T("The daily figures show a rhythm of the week; dates are laid on it."))
    if not past.exact:
        found.append(T("Part of the unrecorded is known only as an interval, from a printed percentage."))
    return tuple(found)
