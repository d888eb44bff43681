"""Several areas at once: joint draws, so that totals agree with their parts and 'all' is not a product of margins.

Areas of one kabupaten share staff, budget and holidays. Their ranks are drawn with one common factor: draw i is a good
or a bad year for all of them, the more so the larger ``SHARED``. Where all parts can be projected, their draws carry the
answer about the total as well.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import islice

import numpy as np
import numpy.typing as npt

from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.projection import inflow
from ektp_analysis.projection.history import History, other_areas
from ektp_analysis.projection.outlook import (
    AGREES_WITHIN,
    FEW,
    MOST_SISTERS,
    POOL_UP_TO,
    SHARED,
    Outlook,
    by_score,
    campaign,
    falls,
    futures,
    look_ahead,
)
from ektp_analysis.projection.paths import FRACTIONS, Floats, Paths, SummedPaths
from ektp_analysis.projection.reasons import stall
from ektp_analysis.projection.result import ARRIVED, Inputs, Inside, Meaning, Projection, Question, Reason
from ektp_analysis.projection.single import (
    UNKNOWN_ELIGIBLE,
    WIDE,
    allowed_of,
    answered,
    arrived,
    beside_said,
    breaks_said,
    hitting,
    inputs_of,
    known_bounds,
    no_answer,
    notes,
    paths_of,
    unanswered,
)

# What the total's own figures say for themselves, whatever its parts say.
ABOVE = "above_hundred"
OWN_WORD = {ARRIVED, ABOVE, "unknown_eligible", "no_figures"}


@dataclass(frozen=True)
class Family:
    """The histories of the areas directly below ``code``, and what it reports for itself, all up to one day.

    Raises:
        ValueError: none of them has a snapshot.
    """

    code: str
    histories: Mapping[str, History]
    reported: History | None = None

    def __post_init__(self) -> None:
        if not self.seen:
            raise ValueError("at least one area with a figure is needed")

    @cached_property
    def seen(self) -> Mapping[str, History]:
        """The histories with a snapshot, by code."""
        return {child: past for child, past in sorted(self.histories.items()) if past.dates}

    @property
    def silent(self) -> tuple[str, ...]:
        """The areas without one."""
        return tuple(child for child in sorted(self.histories) if child not in self.seen)

    @cached_property
    def seen_until(self) -> date:
        """The last day of a part."""
        return max(past.dates[-1] for past in self.seen.values())

    @property
    def told(self) -> bool:
        """Whether the whole tells a count of a later day than any of its parts."""
        own = self.reported
        return own is not None and bool(own.dates) and own.dates[-1] > self.seen_until and own.exact

    @property
    def origin(self) -> date:
        """The day from which all count."""
        return self.reported.dates[-1] if self.reported is not None and self.told else self.seen_until

    @property
    def counted(self) -> float | None:
        """What the whole counts for itself on the origin; None where it reports nothing exact then."""
        own = self.reported
        return float(own.middle[-1]) if own is not None and own.exact and own.dates[-1:] == (self.origin,) else None

    @cached_property
    def split(self) -> bool:
        """Whether the parts were only modelled from the total.

        Such a split says nothing of its own: its parts move as one, and know nothing of each other that they do not know of
        themselves.
        """
        return all(past.modelled for past in self.seen.values())


def project_inside(family: Family, question: Question, *, allowed: tuple[int, int] | None = None) -> Inside:
    """The areas of a family with joint draws, and their total.

    Where the whole reports another count than the sum of its parts on the last day, the difference is spread over them in
    proportion and said. A child of few snapshots is pooled with its sisters. ``allowed`` bounds how many of the total may
    remain, where its own figures say so better than the sum of its parts.
    """
    looks = _looks(family, question, list(family.seen))
    children = {child: _child(look, question) for child, look in looks.items()}
    # Who stands above 100 % is in no sum of unrecorded, so not in this one either.
    summed = _summed(family, {child: look for child, look in looks.items() if not look.past.over} or looks, question)
    closed = all(child.meaning == "list" for child in children.values())
    asked = replace(question, meaning=question.meaning or ("list" if closed else "eligible"))
    return Inside(
        _whole(family.code, summed, asked, allowed), children, family.silent, summed.difference, question.draws, family.origin
    )


def project_child(family: Family, child: str, question: Question) -> Projection | None:
    """One child of :func:`project_inside`, the same to the bit; None where it has no figure.

    The others are looked at only as far as they matter for it: as sisters, or where a later total conditions them all.
    """
    if child not in family.seen:
        return None
    return _child(_looks(family, question, [child])[child], question)


def carry(found: Inside, own: Projection) -> Inside:
    """The areas with ``whole`` as the answer about the total: its draws add up from those of its parts.

    ``own`` is the projection of the total's own series: it says what was seen, whether the target was met, and is the
    answer where the parts do not carry one: an area silent, without an answer, or known by a percentage alone.
    """
    if not _carries(found, own):
        return replace(found, whole=own)
    whole, children = found.whole, found.children.values()
    seen = _up_to(own.inputs, whole)
    steps = found.broken_after(seen.broken_on)
    inputs = replace(
        seen,
        allowed=whole.inputs.allowed,
        parts=len(children) - len(_above(found)),
        pooled=0,
        inflow_per_day=whole.inputs.inflow_per_day,
        broken_inside=steps,
    )
    pooled = max(child.inputs.pooled for child in children if child.answered)
    remarks: list[Text] = [*breaks_said(own.inputs.breaks), *whole.notes]
    if above := len(_above(found)):
        remarks.append(
            TN(
                "{n} area inside is above 100%; its unrecorded are unknown and not included in this date.",
                "{n} areas inside are above 100%; their unrecorded are unknown and not included in this date.",
                n=above,
            )
        )
    if steps:
        remarks.append(
            TN(
                "In {n} area inside, a jump in the figures is not counted as recording.",
                "In {n} areas inside, a jump in the figures is not counted as recording.",
                n=len(steps),
            )
        )
    if stalled := sum(stall(child) is not None for child in children):
        remarks.append(
            TN(
                "In {n} area inside, recording has stalled; the date also depends on when it picks up again.",
                "In {n} areas inside, recording has stalled; the date also depends on when it picks up again.",
                n=stalled,
            )
        )
    if pooled:
        remarks.append(
            TN(
                "Few snapshots: each area inside was pooled with up to {n} sister area.",
                "Few snapshots: each area inside was pooled with up to {n} sister areas.",
                n=pooled,
            )
        )
    elif own.inputs.snapshots <= FEW:
        remarks.append(WIDE)
    remarks += beside_said(name for one in (own, *children) for name in one.inputs.beside)
    return replace(found, whole=replace(whole, inputs=inputs, notes=tuple(remarks)))


def _up_to(seen: Inputs, whole: Projection) -> Inputs:
    """What was seen of a total up to the day of its parts, which may count other areas than its own series did."""
    on = whole.origin
    if on is None or (seen.dates and seen.dates[-1] >= on):
        return seen
    breaks = (*seen.breaks, other_areas(len(seen.dates), on)) if seen.dates else seen.breaks
    return replace(seen, dates=(*seen.dates, on), unrecorded=(*seen.unrecorded, whole.inputs.unrecorded[-1]), breaks=breaks)


def _carries(found: Inside, own: Projection) -> bool:
    """Whether the parts carry the total: all of them with an answer or arrived, up to its last day, and not all arrived."""
    whole = found.whole
    if own.reason is not None and own.reason.code in OWN_WORD:
        return False
    if found.silent or set(found.without) - set(_above(found)) or not whole.answered:
        return False
    behind = whole.origin is None or own.origin is None or whole.origin < own.origin
    return not behind and any(child.answered for child in found.children.values())


def _above(found: Inside) -> tuple[str, ...]:
    """The areas inside that stand above 100 %."""
    return tuple(code for code, child in found.children.items() if child.reason is not None and child.reason.code == ABOVE)


def with_answers(found: Inside, answers: Mapping[str, Projection]) -> Inside:
    """The areas with better answers about some of them, their draws in the order of the old ones.

    So each child is what it is when asked for alone, and good and bad times stay common.
    """
    children = dict(found.children)
    for code, answer in answers.items():
        old = children[code]
        draws = answer.draws
        if answer.answered and len(draws) == len(old.draws):
            draws = np.empty(len(answer.draws))
            draws[np.argsort(old.draws, kind="stable")] = np.sort(answer.draws)
        children[code] = replace(answer, draws=draws)
    return replace(found, children=children)


@dataclass(frozen=True)
class _Look:
    """What is ahead of one child: its history, paths, and the outlook they came from (None: it does not move)."""

    past: History
    paths: Paths
    found: Outlook | None
    sisters: int

    def pick(self, draws: npt.NDArray[np.intp]) -> _Look:
        return replace(self, paths=replace(self.paths, times=self.paths.times[draws]))


def _looks(family: Family, question: Question, wanted: list[str]) -> dict[str, _Look]:
    """What is ahead of the wanted children; each has randomness of its own beside the common one."""
    rng = np.random.default_rng([question.seed, zlib.crc32(family.code.encode())])
    common = rng.standard_normal(question.draws)
    # What is each part's own adds up to nothing in a whole of many, whose own series says when it arrives.
    shared = 1.0 if family.split else 1 - (1 - SHARED) / max(len(family.seen) - 1, 1)
    made = list(family.seen) if family.told else wanted
    pool = {} if family.split else _pool(family, made)
    looks = {}
    for child in made:
        past, own = family.seen[child], np.random.default_rng([question.seed, zlib.crc32(child.encode())])
        chances = by_score(np.sqrt(shared) * common + np.sqrt(1 - shared) * own.standard_normal(question.draws))
        sisters = [found for name, found in pool.items() if name != child][:MOST_SISTERS]
        looks[child] = _look(past, chances, own, sisters if len(past.dates) <= POOL_UP_TO else [], question.meaning)
    if family.told and family.reported is not None:
        picks = _agreeing(looks, family.reported, rng)
        looks = {child: look.pick(picks) for child, look in looks.items()}
    return {child: looks[child] for child in wanted}


def _pool(family: Family, made: list[str]) -> dict[str, Floats]:
    """The futures of the sisters that can be learnt from, where somebody needs them."""
    if all(len(family.seen[child].dates) > POOL_UP_TO for child in made):
        return {}
    found = {child: campaign(past) for child, past in family.seen.items()}
    falling = {child: past for child, past in found.items() if past is not None}
    return {child: futures(past) for child, past in islice(falling.items(), MOST_SISTERS + 1)}


def _look(past: History, chances: Floats, rng: np.random.Generator, sisters: list[Floats], meaning: Meaning | None) -> _Look:
    if (falls(past) or sisters) and past.middle[-1] > 0:
        found = look_ahead(past, rng, sisters)
        return _Look(past, paths_of(past, found, chances, meaning, inflow.per_day(past, None)), found, len(sisters))
    stays = (
        np.tile(np.where(FRACTIONS < 1.0, np.inf, 0.0), (len(chances), 1))
        if past.middle[-1] > 0
        else np.zeros((len(chances), len(FRACTIONS)))
    )
    return _Look(past, Paths(float(past.middle[-1]), FRACTIONS, stays), None, len(sisters))


def _agreeing(looks: Mapping[str, _Look], reported: History, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Draws picked by how well their sum meets what the whole reports on a later day: the parts are conditioned on it."""
    on, counted = reported.dates[-1], float(reported.middle[-1])
    sums = sum(look.paths.remaining([(on - look.past.dates[-1]).days])[:, 0] for look in looks.values())
    off = (np.log(np.maximum(sums, 0.5)) - np.log(max(counted, 0.5))) / AGREES_WITHIN
    weight = np.exp(-0.5 * (off**2 - (off**2).min()))
    n = len(weight)
    steps = (np.arange(n) + rng.random()) / n
    return np.minimum(np.searchsorted(np.cumsum(weight / weight.sum()), steps), n - 1)


def _child(look: _Look, question: Question) -> Projection:
    past = look.past
    inputs = inputs_of(past, question.target, look.sisters, inflow.per_day(past, None))
    reason = no_answer(past, question.target, inputs)
    said = replace(question, meaning=question.meaning or inflow.meaning_of(past))
    if reason is not None or look.found is None:
        return unanswered(said, past.area_code, inputs, reason)
    days = hitting(look.paths, past, question.target, inputs, look.found, question.meaning)
    return answered(said, past.area_code, inputs, days, look.paths, notes(past, inputs))


@dataclass(frozen=True)
class _Sum:
    """The parts added up on a day, and how that agrees with what the whole reports (``difference``, ``remarks``)."""

    on: date
    paths: SummedPaths
    eligible: tuple[float, float] | None
    newcomers: float
    growth: float  # of the eligible, people a day
    by_share: bool
    difference: int | None
    remarks: tuple[Text, ...]


def _summed(family: Family, looks: Mapping[str, _Look], question: Question) -> _Sum:
    origin, counted = family.origin, family.counted
    # A part that is silent on the day counts in the sum at its last figure, so its paths begin there on that day; where a
    # later total tells more than all parts, they have run up to its day.
    lags = tuple((origin - look.past.dates[-1]).days if family.told else 0 for look in looks.values())
    parts = tuple(look.paths for look in looks.values())
    middle = sum(part.now for part in parts)
    difference, factor, remarks = None, 1.0, []
    if counted is not None and not any(lags) and middle > 0:
        difference, factor = round(counted - middle), counted / middle
        if difference:
            remarks.append(
                T(
                    "The area's own total is {reported}, its parts add up to {parts}; the difference is spread over the parts.",
                    reported=round(counted),
                    parts=round(middle),
                )
            )
    elif counted is not None:
        alone = SummedPaths(parts, lags, question.horizon_days)
        factor = counted / max(float(np.median(alone.left(np.zeros(alone.count)))), 0.5)
        remarks.append(
            T(
                "The area's own total, of {date}, is later than its parts; the parts are projected so that they agree with it.",
                date=origin,
            )
        )
    bounds = [look.past.eligible_now() for look in looks.values()]
    eligible = known_bounds(sum(low for low, _high in bounds), sum(high for _low, high in bounds))
    return _Sum(
        origin,
        SummedPaths(parts, lags, question.horizon_days, factor),
        eligible,
        sum(inflow.per_day(look.past, None) for look in looks.values()),
        sum(inflow.per_day(look.past, None) * inflow.allowance_grows(look.past, question.meaning) for look in looks.values()),
        any(look.past.unit == "share" for look in looks.values()),
        difference,
        tuple(remarks),
    )


def _whole(code: str, summed: _Sum, question: Question, given: tuple[int, int] | None) -> Projection:
    """The total as the sum of its parts."""
    paths, target = summed.paths, question.target
    allowed = given or allowed_of(target, summed.eligible)
    now = float(np.median(paths.left(np.zeros(paths.count))))
    inputs = Inputs((summed.on,), ((now, now),), "people", summed.eligible, allowed, inflow_per_day=summed.newcomers)
    reason = None
    if allowed is None:
        reason = UNKNOWN_ELIGIBLE
    elif now <= allowed[0]:
        reason = arrived(summed.on)
    elif summed.by_share:
        reason = Reason("no_figures", T("Of some areas inside only a percentage is known, so they do not add up."))
    if reason is not None or allowed is None:
        return unanswered(question, code, inputs, reason, summed.remarks)
    return answered(question, code, inputs, _first_days(paths, target, allowed, summed.growth), paths, summed.remarks)


def _first_days(paths: SummedPaths, target: Target, allowed: tuple[int, int], growth: float) -> Floats:
    """The first day of each draw of a total on which the target is met: the eligible between their bounds, growing."""
    more = 0.0 if target.share is None else float(1 - target.share) * growth
    return paths.hitting(np.round(np.linspace(*allowed, paths.count)), more)
