"""Several areas at once: joint draws, so that totals agree with their parts and 'all' is not a product of margins.

Areas of one kabupaten share staff, budget and holidays. Their ranks are drawn with one common factor: draw i is a good
or a bad year for all of them, the more so the larger ``SHARED``. Where all parts can be projected, their draws carry the
answer about the total as well.
"""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import islice

import numpy as np
import numpy.typing as npt

from ektp_analysis.core.recent import Recent
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.projection import inflow
from ektp_analysis.projection.history import History
from ektp_analysis.projection.outlook import (
    AGREES_WITHIN,
    MOST_SISTERS,
    POOL_UP_TO,
    SHARED,
    Outlook,
    by_score,
    campaign,
    falls,
    futures,
    learn,
    look_ahead,
    mixture,
)
from ektp_analysis.projection.paths import FRACTIONS, Floats, Paths, SummedPaths
from ektp_analysis.projection.result import Inputs, Inside, Meaning, Projection, Question, Reason
from ektp_analysis.projection.single import (
    UNKNOWN_ELIGIBLE,
    allowed_of,
    answered,
    arrived,
    hitting,
    inputs_of,
    known_bounds,
    no_answer,
    notes,
    paths_of,
    unanswered,
)

FAMILIES = 12  # whose looks are kept, about half a megabyte an area; answers that are made from them hold the same memory


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
    def campaigns(self) -> Mapping[str, History]:
        """What can be learnt from the areas that fall, as many as one is pooled with and one more."""
        falling = ((child, campaign(past)) for child, past in self.seen.items())
        return dict(islice(((child, past) for child, past in falling if past is not None), MOST_SISTERS + 1))

    def sisters(self, child: str) -> tuple[str, ...]:
        """The areas that one is pooled with; none where it speaks for itself."""
        if self.split or len(self.seen[child].dates) > POOL_UP_TO:
            return ()
        return tuple(name for name in self.campaigns if name != child)[:MOST_SISTERS]

    @cached_property
    def split(self) -> bool:
        """Whether the parts were only modelled from the total.

        Such a split says nothing of its own: its parts move as one, and know nothing of each other that they do not know of
        themselves.
        """
        return all(past.modelled for past in self.seen.values())


def project_inside(
    family: Family, question: Question, *, allowed: tuple[int, int] | None = None, outlines: bool = False, keep: bool = False
) -> Inside:
    """The areas of a family with joint draws, and their total.

    Where the whole reports another count than the sum of its parts on the last day, the difference is spread over them in
    proportion and said. A child of few snapshots is pooled with its sisters. ``allowed`` bounds how many of the total may
    remain, where its own figures say so better than the sum of its parts. ``outlines``: only the total is wanted, and of the
    children no draws; ``keep``: another question is likely to follow, and what is ahead of the children is kept for it.
    """
    looks = _KEPT.of(family, question) if keep else _looks(family, question, list(family.seen))
    if outlines:
        children = {child: _outline(family, child, question) for child in looks}
    else:
        children = {child: _child(look, question) for child, look in looks.items()}
    # Who stands above 100 % is in no sum of unrecorded, so not in this one either.
    summed = _summed(family, {child: look for child, look in looks.items() if not look.past.over} or looks, question)
    closed = all(child.meaning == "list" for child in children.values())
    asked = replace(question, meaning=question.meaning or ("list" if closed else "eligible"))
    return Inside(
        _whole(family.code, summed, asked, allowed), children, family.silent, summed.difference, question.draws, family.origin
    )


def project_each(family: Family, question: Question, *, keep: bool = False) -> dict[str, Projection]:
    """The children of :func:`project_inside`, the same to the bit, where no total is wanted."""
    looks = _KEPT.of(family, question) if keep else _looks(family, question, list(family.seen))
    return {child: _child(look, question) for child, look in looks.items()}


def project_child(family: Family, child: str, question: Question) -> Projection | None:
    """One child of :func:`project_inside`, the same to the bit; None where it has no figure.

    The others are looked at only as far as they matter for it: as sisters, or where a later total conditions them all.
    """
    found = outline(family, child, question)
    if found is None or not found.answered:
        return found
    return _child(_looks(family, question, [child])[child], question)


def outline(family: Family, child: str, question: Question) -> Projection | None:
    """As :func:`project_child`, but without draws: what was seen of the child, and why there is no answer if none is."""
    return _outline(family, child, question) if child in family.seen else None


def _outline(family: Family, child: str, question: Question) -> Projection:
    past = family.seen[child]
    said, inputs, reason = _seen(past, len(family.sisters(child)), question)
    return unanswered(said, past.area_code, inputs, reason)


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
    sisters = {child: family.sisters(child) for child in made}
    learn([*(family.seen[child] for child in made), *(family.campaigns.values() if any(sisters.values()) else ())])
    pool, looks = _Pool(family), {}
    for child in made:
        past, own = family.seen[child], np.random.default_rng([question.seed, zlib.crc32(child.encode())])
        chances = by_score(np.sqrt(shared) * common + np.sqrt(1 - shared) * own.standard_normal(question.draws))
        looks[child] = _look(past, chances, own, pool.beside(sisters[child]), len(sisters[child]), question.meaning)
    if family.told and family.reported is not None:
        picks = _agreeing(looks, family.reported, rng)
        looks = {child: look.pick(picks) for child, look in looks.items()}
    return {child: looks[child] for child in wanted}


class _Pool:
    """What areas are pooled with, made once for all who have the same sisters."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._futures: dict[str, Floats] = {}
        self._made: dict[tuple[str, ...], Floats] = {}

    def beside(self, sisters: tuple[str, ...]) -> Floats | None:
        """The quantiles of the sisters' futures, None without sisters."""
        if not sisters:
            return None
        if sisters not in self._made:
            for name in sisters:
                if name not in self._futures:
                    self._futures[name] = futures(self._family.campaigns[name])
            self._made[sisters] = mixture([self._futures[name] for name in sisters])
        return self._made[sisters]


class _Kept:
    """What is ahead of the areas of a few families, by all that it rests on: most who ask for one target ask for zero too."""

    def __init__(self, most: int) -> None:
        self._made = Recent[str, dict[str, _Look]](most)

    def of(self, family: Family, question: Question) -> dict[str, _Look]:
        """The looks of all children with a figure; read, never changed."""
        pasts = (family.code, family.reported, tuple(family.seen.items()), question.meaning, question.seed, question.draws)
        key = hashlib.sha256(pickle.dumps(pasts)).hexdigest()
        found = self._made.get(key)
        return self._made.put(key, _looks(family, question, list(family.seen))) if found is None else found


_KEPT = _Kept(FAMILIES)


def _look(
    past: History, chances: Floats, rng: np.random.Generator, pooled: Floats | None, sisters: int, meaning: Meaning | None
) -> _Look:
    if (falls(past) or sisters) and past.middle[-1] > 0:
        found = look_ahead(past, rng, pooled)
        return _Look(past, paths_of(past, found, chances, meaning, inflow.per_day(past, None)), found, sisters)
    stays = (
        np.tile(np.where(FRACTIONS < 1.0, np.inf, 0.0), (len(chances), 1))
        if past.middle[-1] > 0
        else np.zeros((len(chances), len(FRACTIONS)))
    )
    return _Look(past, Paths(float(past.middle[-1]), FRACTIONS, stays), None, sisters)


def _agreeing(looks: Mapping[str, _Look], reported: History, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Draws picked by how well their sum meets what the whole reports on a later day: the parts are conditioned on it."""
    on, counted = reported.dates[-1], float(reported.middle[-1])
    sums = sum(look.paths.remaining([(on - look.past.dates[-1]).days])[:, 0] for look in looks.values())
    off = (np.log(np.maximum(sums, 0.5)) - np.log(max(counted, 0.5))) / AGREES_WITHIN
    weight = np.exp(-0.5 * (off**2 - (off**2).min()))
    n = len(weight)
    steps = (np.arange(n) + rng.random()) / n
    return np.minimum(np.searchsorted(np.cumsum(weight / weight.sum()), steps), n - 1)


def _seen(past: History, sisters: int, question: Question) -> tuple[Question, Inputs, Reason | None]:
    """What is asked of a child, what was seen of it, and why there is no answer if none is."""
    inputs = inputs_of(past, question.target, sisters, inflow.per_day(past, None))
    asked = replace(question, meaning=question.meaning or inflow.meaning_of(past))
    return asked, inputs, no_answer(past, question.target, inputs)


def _child(look: _Look, question: Question) -> Projection:
    past = look.past
    said, inputs, reason = _seen(past, look.sisters, question)
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
