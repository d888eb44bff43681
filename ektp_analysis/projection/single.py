"""One area by its own history: paths, days and notes, and the reason where nothing can be said."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import islice

import numpy as np

from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.projection import inflow
from ektp_analysis.projection.history import Break, History
from ektp_analysis.projection.outlook import (
    FEW,
    MOST_SISTERS,
    POOL_UP_TO,
    Outlook,
    campaign,
    falls,
    futures,
    learnable,
    look_ahead,
    mixture,
    ranks,
)
from ektp_analysis.projection.paths import Floats, Paths, SummedPaths, of_columns
from ektp_analysis.projection.result import (
    ARRIVED,
    METHOD,
    Inputs,
    Meaning,
    Projection,
    Question,
    Reason,
    date_quantiles,
)

WIDE = T("Few snapshots: the range is wide.")
UNKNOWN_ELIGIBLE = Reason("unknown_eligible", T("The eligible are not known, so coverage cannot be projected; zero can."))


def project(
    past: History, question: Question, *, inflow_per_day: float | None = None, sisters: Iterable[History] = ()
) -> Projection:
    """When the area of ``past`` first reaches the target, seen from its last snapshot.

    ``inflow_per_day`` are the residents who become eligible a day (default: the usual rate). ``sisters`` are histories
    of like areas, pooled in; with them one snapshot suffices.
    """
    others: tuple[History, ...] = ()
    if len(past.dates) <= POOL_UP_TO:
        found_in = (campaign(one) for one in sisters)
        others = tuple(islice((one for one in found_in if one is not None and one.area_code != past.area_code), MOST_SISTERS))
    newcomers = inflow.per_day(past, inflow_per_day)
    asked = replace(question, meaning=question.meaning or inflow.meaning_of(past))
    inputs = inputs_of(past, question.target, len(others), newcomers)
    reason = no_answer(past, question.target, inputs)
    if reason is not None or not past.dates:
        return unanswered(asked, past.area_code, inputs, reason)
    rng = np.random.default_rng([question.seed, zlib.crc32(past.area_code.encode())])
    chances = ranks(rng, question.draws)
    found = look_ahead(past, rng, mixture([futures(one) for one in others]) if others else None)
    paths = paths_of(past, found, chances, question.meaning, newcomers)
    days = hitting(paths, past, question.target, inputs, found, question.meaning)
    return answered(asked, past.area_code, inputs, days, paths, notes(past, inputs))


def unanswered(question: Question, area: str, inputs: Inputs, reason: Reason | None, notes: tuple[Text, ...] = ()) -> Projection:
    """The projection that says why there is no distribution; the question says the meaning."""
    return Projection(
        area,
        question.target,
        question.meant,
        inputs.dates[-1] if inputs.dates else None,
        question.horizon_days,
        {},
        inputs,
        METHOD,
        question.seed,
        reason,
        notes,
    )


def answered(
    question: Question, area: str, inputs: Inputs, days: Floats, paths: Paths | SummedPaths, notes: tuple[Text, ...]
) -> Projection:
    """The projection of the draws ``days`` from the last day of the inputs; the question says the meaning."""
    last, horizon = inputs.dates[-1], question.horizon_days
    return Projection(
        area,
        question.target,
        question.meant,
        last,
        horizon,
        date_quantiles(days, last, horizon),
        inputs,
        METHOD,
        question.seed,
        None,
        notes,
        days,
        paths,
    )


def paths_of(past: History, found: Outlook, chances: Floats, meaning: Meaning | None, newcomers: float) -> Paths:
    """The draws of an outlook at the given ranks, in the meaning that is asked for, or None for that of the figures."""
    times, _now = found.times(chances)
    paths = of_columns(float(past.middle[-1]), times.T)
    paths = inflow.newcomers_queue(paths, inflow.beside(past, meaning) * newcomers)
    pace = inflow.week(past)
    return paths if pace is None else inflow.on_calendar(paths, pace, past.dates[-1].weekday())


def inputs_of(past: History, target: Target, pooled: int, newcomers: float) -> Inputs:
    """What the projection of an area is computed from; ``pooled`` sisters, ``newcomers`` a day."""
    eligible = known_bounds(*past.eligible_now()) if past.dates else None
    return Inputs(
        past.dates,
        tuple(zip(past.low.tolist(), past.high.tolist(), strict=True)),
        past.unit,
        eligible,
        allowed_of(target, eligible),
        past.breaks,
        pooled,
        newcomers,
        beside=past.beside,
    )


def known_bounds(low: float, high: float) -> tuple[float, float] | None:
    """The bounds of the eligible, None where either is unknown."""
    return None if np.isnan(low) or np.isnan(high) else (low, high)


def allowed_of(target: Target, eligible: tuple[float, float] | None) -> tuple[int, int] | None:
    """How many may remain, for the least and the most eligible; None where a coverage cannot be turned into people."""
    if eligible is None:
        return (0, 0) if target.is_zero else None
    return target.remaining(int(eligible[0])), target.remaining(int(eligible[1]))


def arrived(on: date) -> Reason:
    """The reason that the target was met on a day, and has been since."""
    return Reason(ARRIVED, T("Already reached on {date}.", date=on), on)


def no_answer(past: History, target: Target, inputs: Inputs) -> Reason | None:
    """The reason why there is no distribution, or None."""
    if past.over:
        return Reason("above_hundred", T("More are recorded than are eligible, so the unrecorded are unknown."))
    if not past.dates:
        return Reason("no_figures", T("There is no figure of the unrecorded for this area."))
    if inputs.allowed is None and past.unit == "people":
        return UNKNOWN_ELIGIBLE
    reached = _reached_since(past, target)
    if reached is not None:
        return arrived(reached)
    if inputs.pooled:
        return None
    if len(past.dates) < 2:
        return Reason("too_few", T("One snapshot shows no pace: a second one is needed."))
    if past.breaks and past.breaks[-1].position == len(past.dates) - 1:
        return Reason(
            "basis_break",
            T("The last snapshot does not continue the earlier ones ({what}): one more is needed.", what=past.breaks[-1].text),
        )
    if not falls(past):
        start = past.breaks[-1].position if past.breaks else 0
        return Reason(
            "not_falling",
            T("The unrecorded have not fallen from {first} to {last}.", first=past.dates[start], last=past.dates[-1]),
        )
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


def hitting(paths: Paths, past: History, target: Target, inputs: Inputs, found: Outlook, meaning: Meaning | None) -> Floats:
    """Days to the target, one per draw: the eligible between their bounds, the allowance growing with them."""
    turns = found.now[np.arange(paths.count) % len(found.now)] / paths.now
    if target.share is None:
        return paths.hitting(0.0)
    if past.unit == "share":
        return paths.hitting(float(1 - target.share) / turns)
    assert inputs.allowed is not None
    allowed = np.round(np.linspace(*inputs.allowed, paths.count))
    growth = float(1 - target.share) * inputs.inflow_per_day * inflow.allowance_grows(past, meaning)
    if growth * inflow.CENTURY < inflow.NOBODY:
        return paths.hitting(allowed / turns)
    return inflow.growing_hits(paths, allowed / turns, growth)


def beside_said(bases: Iterable[str]) -> list[Text]:
    """That figures on these bases are another series, and not used; nothing without any."""
    names = ", ".join(dict.fromkeys(bases))
    return [T("There are also figures on another basis, which are not used: {names}.", names=names)] if names else []


def breaks_said(breaks: Iterable[Break]) -> list[Text]:
    """The places at which a series does not continue, each as a sentence."""
    return [T("Not counted as recording: {what}.", what=one.text) for one in breaks]


def notes(past: History, inputs: Inputs) -> tuple[Text, ...]:
    """What a reader must know about the answer."""
    found = breaks_said(past.breaks)
    used = len(learnable(past, past.middle)[0])
    if inputs.pooled:
        found.append(
            TN(
                "Few snapshots of its own: pooled with {n} sister area.",
                "Few snapshots of its own: pooled with {n} sister areas.",
                n=inputs.pooled,
            )
        )
    elif used <= FEW:
        found.append(WIDE)
    if inflow.week(past) is not None:
        found.append(T("The daily figures show a weekly rhythm; the dates follow it."))
    found += beside_said(past.beside)
    if not past.exact:
        found.append(T("Part of the unrecorded is known only as a range, from a reported percentage."))
    return tuple(found)
