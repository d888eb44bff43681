"""Several areas at once: joint draws, so that totals agree with their parts and 'all' is not a product of margins.

Areas of one kabupaten share staff, budget and holidays. Their ranks are drawn with one common factor: draw i is a good
or a bad year for all of them, the more so the larger ``SHARED``.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ektp_analysis.projection import inflow
from ektp_analysis.projection.answer import Inputs, Meaning, Projection, Reason
from ektp_analysis.projection.drawing import falls, outlook
from ektp_analysis.projection.face import METHOD, date_quantiles, hitting, inputs_of, no_answer, notes, paths_of
from ektp_analysis.projection.history import History, read
from ektp_analysis.projection.paths import FRACTIONS, Floats, Paths, SummedPaths
from ektp_analysis.targets import Target
from ektp_analysis.text import T, Text

SHARED = 0.5  # share of the variance of the ranks that sister areas have in common


@dataclass(frozen=True)
class Together:
    """The joint projection of the areas below ``whole``; draw i of every child and of the whole belong together.

    ``silent`` have no figure on or before the origin. ``difference`` is what the whole reports for itself minus the
    sum of its parts on the same day, None where it reports nothing then.
    """

    whole: Projection
    children: Mapping[str, Projection]
    silent: tuple[str, ...] = ()
    difference: int | None = None
    draws: int = 0

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
        """Days from the origin of the whole, (children, draws): 0 where arrived already, never where no answer."""
        return np.stack([_days(child, self.whole.origin, self.draws) for child in self.children.values()])


def project_together(histories: Mapping[str, pd.DataFrame], target: Target, *, code: str, whole: pd.DataFrame | None = None,
                     horizon_days: int = 730, origin: date | None = None, seed: int = 0, draws: int = 1000,
                     meaning: Meaning = "eligible") -> Together:
    """Project the areas of ``histories`` (code -> contract rows) jointly, and their total as area ``code``.

    ``whole`` are the rows that the total reports for itself; where they differ from the sum on the last day, the
    difference is spread over the parts in proportion and said. A child of few snapshots is pooled with its sisters.

    Raises:
        ValueError: no history at all.
    """
    past = {child: read(rows, origin=origin) for child, rows in sorted(histories.items())}
    seen = {child: found for child, found in past.items() if found.dates}
    if not seen:
        raise ValueError("at least one area with a figure is needed")
    rng = np.random.default_rng([seed, zlib.crc32(code.encode())])
    common = rng.standard_normal(draws)
    children: dict[str, Projection] = {}
    parts: list[Paths] = []
    for child, found in seen.items():
        chances = _ranks(np.sqrt(SHARED) * common + np.sqrt(1 - SHARED) * rng.standard_normal(draws))
        sisters = [other for name, other in seen.items() if name != child and falls(other)]
        own, paths = _one(found, target, chances, rng, sisters if len(found.dates) <= 3 else [], seed, horizon_days, meaning)
        children[child] = own
        parts.append(paths)
    total, difference = _whole(seen, parts, target, code, whole, origin, seed, horizon_days, meaning)
    return Together(total, children, tuple(child for child in past if child not in seen), difference,
                    draws)


def _one(past: History, target: Target, chances: Floats, rng: np.random.Generator, sisters: list[History], seed: int,
         horizon: int, meaning: Meaning) -> tuple[Projection, Paths]:
    """A child's projection and its paths; a child without a pace stays where it is."""
    newcomers = inflow.per_day(past, None)
    inputs = inputs_of(past, target, len(sisters), newcomers)
    reason = no_answer(past, target, inputs)
    last = past.dates[-1]
    if (falls(past) or sisters) and past.middle[-1] > 0:
        found = outlook(past, rng, sisters)
        paths = paths_of(past, found, chances, meaning, newcomers)
    else:
        stays = np.where(FRACTIONS < 1.0, np.inf, 0.0) * np.ones((len(chances), 1))
        return Projection(past.area_code, target, meaning, last, horizon, {}, inputs, METHOD, seed, reason), Paths(
            float(past.middle[-1]), FRACTIONS, np.where(np.isnan(stays), 0.0, stays))
    if reason is not None:
        return Projection(past.area_code, target, meaning, last, horizon, {}, inputs, METHOD, seed, reason), paths
    days = hitting(paths, past, target, inputs, found, horizon)
    return Projection(past.area_code, target, meaning, last, horizon, date_quantiles(days, last, horizon), inputs, METHOD,
                      seed, None, notes(past, inputs), days, paths), paths


def _whole(seen: Mapping[str, History], parts: list[Paths], target: Target, code: str, rows: pd.DataFrame | None,
           origin: date | None, seed: int, horizon: int, meaning: Meaning) -> tuple[Projection, int | None]:
    last = max(found.dates[-1] for found in seen.values())
    middle = sum(part.now for part in parts)
    bounds = [found.eligible_now() for found in seen.values()]
    low, high = sum(b[0] for b in bounds), sum(b[1] for b in bounds)
    difference, factor, remarks = None, 1.0, []
    reported = read(rows, origin=origin) if rows is not None and len(rows) else None
    if reported is not None and reported.dates and reported.dates[-1] == last and reported.exact and middle > 0 \
            and all(found.dates[-1] == last for found in seen.values()):
        difference = round(float(reported.middle[-1]) - middle)
        factor = float(reported.middle[-1]) / middle
        if difference:
            remarks.append(T("The total reports {reported}, its parts add up to {parts}; the difference is spread over them.",
                             reported=round(float(reported.middle[-1])), parts=round(middle)))
    known = not (np.isnan(low) or np.isnan(high))
    allowed = (target.remaining(int(low)), target.remaining(int(high))) if known else (0, 0) if target.is_zero else None
    now = middle * factor
    inputs = Inputs((last,), ((now, now),), "people", (low, high) if known else None, allowed, (), len(seen),
                    sum(inflow.per_day(found, None) for found in seen.values()))
    lags = tuple((last - found.dates[-1]).days for found in seen.values())
    paths = SummedPaths(tuple(parts), lags, horizon, factor)
    reason = None
    if allowed is None:
        reason = Reason("unknown_eligible", T("The eligible are not known, so coverage cannot be projected; zero can."))
    elif now <= allowed[0]:
        reason = Reason("already_reached", T("Already reached on {date}.", date=last), last)
    if reason is not None or allowed is None:
        return Projection(code, target, meaning, last, horizon, {}, inputs, METHOD, seed, reason, tuple(remarks)), difference
    days = paths.hitting(np.round(np.linspace(*allowed, paths.count)))
    made: tuple[Text, ...] = tuple(remarks)
    return Projection(code, target, meaning, last, horizon, date_quantiles(days, last, horizon), inputs, METHOD, seed, None,
                      made, days, paths), difference


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
