"""Several areas at once: joint draws, so that totals agree with their parts and 'all' is not a product of margins.

Areas of one kabupaten share staff, budget and holidays. Their ranks are drawn with one common factor: draw i is a good
or a bad year for all of them, the more so the larger ``SHARED``.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

import numpy as np
import numpy.typing as npt
import pandas as pd

from ektp_analysis.projection import inflow
from ektp_analysis.projection.history import History, read
from ektp_analysis.projection.outlook import MOST_SISTERS, POOL_UP_TO, Outlook, campaign, falls, futures, look_ahead
from ektp_analysis.projection.paths import FRACTIONS, Floats, Paths, SummedPaths
from ektp_analysis.projection.result import Inputs, Meaning, Projection, Reason
from ektp_analysis.projection.single import METHOD, date_quantiles, hitting, inputs_of, no_answer, notes, paths_of
from ektp_analysis.targets import Target
from ektp_analysis.text import T, Text

# Share of the variance of the ranks that sister areas have in common. In the open series areas of different offices share
# 0.15 to 0.45 of it, areas of one campaign 0.96; the kecamatan of a kabupaten are served by one office.
SHARED = 0.8
AGREES_WITHIN = 0.03  # log spread around what the whole reports for itself


@dataclass(frozen=True)
class Together:
    """The joint projection of the areas below ``whole``; draw i of every child and of the whole belong together.

    ``silent`` have no figure on or before the origin. ``difference`` is what the whole reports for itself minus the
    sum of its parts on the same day, None where it reports nothing then. ``origin`` is the day from which all count.
    """

    whole: Projection
    children: Mapping[str, Projection]
    silent: tuple[str, ...] = ()
    difference: int | None = None
    draws: int = 0
    origin: date | None = None

    @property
    def all_reached(self) -> Floats:
        """Days until the last child has reached the target, one per draw; inf is never."""
        return np.asarray(self._days().max(axis=0))

    def probability_all_by(self, days: int) -> float:
        """Chance that every child has reached the target within ``days``."""
        return float((self.all_reached <= days).mean())

    def last(self) -> dict[str, float]:
        """Chance of each child to be the last one; draws in which several never arrive are shared among them."""
        days = self._days()
        latest = days == days.max(axis=0)
        shares = (latest / latest.sum(axis=0)).mean(axis=1)
        return {code: float(share) for code, share in zip(self.children, shares, strict=True)}

    def _days(self) -> Floats:
        """Days from the origin, (children, draws): 0 where arrived already, never where no answer."""
        return np.stack([_days(child, self.origin, self.draws) for child in self.children.values()])


Histories = Mapping[str, pd.DataFrame] | Mapping[str, History]


def project_together(histories: Histories, target: Target, *, code: str, whole: pd.DataFrame | History | None = None,
                     horizon_days: int = 730, origin: date | None = None, seed: int = 0, draws: int = 1000,
                     meaning: Meaning | None = None, allowed: tuple[int, int] | None = None) -> Together:
    """Project the areas of ``histories`` (code -> contract rows, or what was read from them) jointly, and their total as
    area ``code``.

    ``whole`` are the rows that the total reports for itself; where they differ from the sum on the last day, the
    difference is spread over the parts in proportion and said. A child of few snapshots is pooled with its sisters.
    ``allowed`` bounds how many of the total may remain, where its own figures say so better than the sum of its parts.

    Raises:
        ValueError: no history at all.
    """
    family = _Family.of(histories, code, whole, origin, seed, draws, meaning)
    looks = family.looks(list(family.seen))
    children = {child: _child(look, target, seed, horizon_days, family.meaning) for child, look in looks.items()}
    total, difference = _whole(looks, target, code, family.reported, family.last, seed, horizon_days, family.meaning, allowed)
    return Together(total, children, family.silent, difference, draws, family.last)


def project_child(histories: Histories, child: str, target: Target, *, code: str,
                  whole: pd.DataFrame | History | None = None, horizon_days: int = 730, origin: date | None = None,
                  seed: int = 0, draws: int = 1000, meaning: Meaning | None = None) -> Projection | None:
    """One child of :func:`project_together`, the same to the bit; None where it has no figure.

    The others are looked at only as far as they matter for it: as sisters, or where a later total conditions them all.
    """
    family = _Family.of(histories, code, whole, origin, seed, draws, meaning)
    if child not in family.seen:
        return None
    return _child(family.looks([child])[child], target, seed, horizon_days, family.meaning)


@dataclass(frozen=True)
class _Family:
    """The histories of an area's parts, and the randomness that they share."""

    code: str
    seen: Mapping[str, History]
    silent: tuple[str, ...]
    reported: History | None
    last: date
    seed: int
    draws: int
    meaning: Meaning

    @classmethod
    def of(cls, histories: Histories, code: str, whole: pd.DataFrame | History | None, origin: date | None, seed: int,
           draws: int, meaning: Meaning | None) -> _Family:
        past = {child: _read(rows, origin) for child, rows in sorted(histories.items())}
        seen = {child: found for child, found in past.items() if found.dates}
        if not seen:
            raise ValueError("at least one area with a figure is needed")
        meaning = meaning or meaning_of(seen)
        reported = None if whole is None or (isinstance(whole, pd.DataFrame) and whole.empty) else _read(whole, origin)
        last = max(found.dates[-1] for found in seen.values())
        if reported is not None and reported.dates and reported.dates[-1] > last and reported.exact:
            last = reported.dates[-1]
        return cls(code, seen, tuple(child for child in past if child not in seen), reported, last, seed, draws, meaning)

    def looks(self, wanted: list[str]) -> dict[str, _Look]:
        """What is ahead of the wanted children; each has randomness of its own beside the common one."""
        rng = np.random.default_rng([self.seed, zlib.crc32(self.code.encode())])
        common = rng.standard_normal(self.draws)
        # A split that was only modelled from the total says nothing of its own: its parts move as one, and know nothing
        # of each other that they do not know of themselves.
        split = all(found.modelled for found in self.seen.values())
        shared = 1.0 if split else SHARED
        told = self.last > max(found.dates[-1] for found in self.seen.values())
        made = list(self.seen) if told else wanted
        pool = {} if split else self._pool(made)
        looks = {}
        for child in made:
            past, own = self.seen[child], np.random.default_rng([self.seed, zlib.crc32(child.encode())])
            chances = _ranks(np.sqrt(shared) * common + np.sqrt(1 - shared) * own.standard_normal(self.draws))
            sisters = [found for name, found in pool.items() if name != child][:MOST_SISTERS]
            looks[child] = _look(past, chances, own, sisters if len(past.dates) <= POOL_UP_TO else [], self.meaning)
        if told and self.reported is not None:
            picks = _agreeing(looks, self.reported, rng)
            looks = {child: look.pick(picks) for child, look in looks.items()}
        return {child: looks[child] for child in wanted}

    def _pool(self, made: list[str]) -> dict[str, Floats]:
        """The futures of the sisters that can be learnt from, where somebody needs them."""
        if all(len(self.seen[child].dates) > POOL_UP_TO for child in made):
            return {}
        found = {child: campaign(past) for child, past in self.seen.items()}
        falling = {child: past for child, past in found.items() if past is not None}
        return {child: futures(past) for child, past in islice(falling.items(), MOST_SISTERS + 1)}


def meaning_of(histories: Mapping[str, History]) -> Meaning:
    """What the figures of several areas mean together: closed lists only where all of them are."""
    return "list" if all(inflow.is_list(found) for found in histories.values() if found.dates) else "eligible"


def _read(rows: pd.DataFrame | History, origin: date | None) -> History:
    return rows if isinstance(rows, History) else read(rows, origin=origin)


@dataclass(frozen=True)
class _Look:
    """What is ahead of one child: its history, paths, and the outlook they came from (None: it does not move)."""

    past: History
    paths: Paths
    found: Outlook | None
    sisters: int

    def pick(self, draws: npt.NDArray[np.intp]) -> _Look:
        return replace(self, paths=replace(self.paths, times=self.paths.times[draws]))


def _look(past: History, chances: Floats, rng: np.random.Generator, sisters: list[Floats], meaning: Meaning) -> _Look:
    if (falls(past) or sisters) and past.middle[-1] > 0:
        found = look_ahead(past, rng, sisters)
        return _Look(past, paths_of(past, found, chances, meaning, inflow.per_day(past, None)), found, len(sisters))
    stays = np.where(FRACTIONS < 1.0, np.inf, 0.0) * np.ones((len(chances), 1)) if past.middle[-1] > 0 else np.zeros(
        (len(chances), len(FRACTIONS)))
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


def _child(look: _Look, target: Target, seed: int, horizon: int, meaning: Meaning) -> Projection:
    past, newcomers = look.past, inflow.per_day(look.past, None)
    inputs = inputs_of(past, target, look.sisters, newcomers)
    reason, last = no_answer(past, target, inputs), past.dates[-1]
    if reason is not None or look.found is None:
        return Projection(past.area_code, target, meaning, last, horizon, {}, inputs, METHOD, seed, reason)
    days = hitting(look.paths, past, target, inputs, look.found, meaning)
    return Projection(past.area_code, target, meaning, last, horizon, date_quantiles(days, last, horizon), inputs, METHOD,
                      seed, None, notes(past, inputs), days, look.paths)


def _whole(looks: Mapping[str, _Look], target: Target, code: str, reported: History | None, last: date, seed: int,
           horizon: int, meaning: Meaning, given: tuple[int, int] | None = None) -> tuple[Projection, int | None]:
    lags = tuple((last - look.past.dates[-1]).days for look in looks.values())
    parts = tuple(look.paths for look in looks.values())
    middle = sum(part.now for part in parts)
    bounds = [look.past.eligible_now() for look in looks.values()]
    low, high = sum(b[0] for b in bounds), sum(b[1] for b in bounds)
    difference, factor, remarks = None, 1.0, []
    told = reported if reported is not None and reported.exact and reported.dates[-1:] == (last,) else None
    if told is not None and not any(lags) and middle > 0:
        difference = round(float(told.middle[-1]) - middle)
        factor = float(told.middle[-1]) / middle
        if difference:
            remarks.append(T("The total reports {reported}, its parts add up to {parts}; the difference is spread over "
                             "them.", reported=round(float(told.middle[-1])), parts=round(middle)))
    elif told is not None:
        factor = float(told.middle[-1]) / max(float(np.median(SummedPaths(parts, lags, 1).left(np.zeros(parts[0].count)))), 0.5)
        remarks.append(T("The total of {date} is later than its parts; they are projected so that they agree with it.",
                         date=last))
    known = not (np.isnan(low) or np.isnan(high))
    allowed = (target.remaining(int(low)), target.remaining(int(high))) if known else (0, 0) if target.is_zero else None
    allowed = given or allowed
    paths = SummedPaths(parts, lags, horizon, factor)
    now = float(np.median(paths.left(np.zeros(paths.count))))
    inputs = Inputs((last,), ((now, now),), "people", (low, high) if known else None, allowed, (), 0,
                    sum(inflow.per_day(look.past, None) for look in looks.values()))
    reason = None
    if allowed is None:
        reason = Reason("unknown_eligible", T("The eligible are not known, so coverage cannot be projected; zero can."))
    elif now <= allowed[0]:
        reason = Reason("already_reached", T("Already reached on {date}.", date=last), last)
    elif any(look.past.unit == "share" for look in looks.values()):
        reason = Reason("no_figures", T("Of some areas inside only a percentage is known, so they do not add up."))
    if reason is not None or allowed is None:
        return Projection(code, target, meaning, last, horizon, {}, inputs, METHOD, seed, reason, tuple(remarks)), difference
    days = first_days(paths, target, allowed, inputs.inflow_per_day, meaning)
    made: tuple[Text, ...] = tuple(remarks)
    return Projection(code, target, meaning, last, horizon, date_quantiles(days, last, horizon), inputs, METHOD, seed, None,
                      made, days, paths), difference


def first_days(paths: SummedPaths, target: Target, allowed: tuple[int, int], newcomers: float, meaning: Meaning) -> Floats:
    """The first day of each draw of a total on which the target is met: the eligible between their bounds, growing."""
    growth = 0.0 if target.share is None or meaning == "list" else float(1 - target.share) * newcomers
    return paths.hitting(np.round(np.linspace(*allowed, paths.count)), growth)


def _ranks(scores: Floats) -> Floats:
    """Chances spread evenly over 0 to 1, in the order of the scores."""
    out = np.empty(len(scores))
    out[np.argsort(scores, kind="stable")] = (np.arange(len(scores)) + 0.5) / len(scores)
    return out


def _days(child: Projection, origin: date | None, draws: int) -> Floats:
    if child.answered and child.origin is not None and origin is not None:
        return np.asarray(np.maximum(child.draws - (origin - child.origin).days, 0.0))
    arrived = child.reason is not None and child.reason.code == "already_reached"
    return np.full(draws, 0.0 if arrived else np.inf)
