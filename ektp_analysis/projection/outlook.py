"""Histories to draws: intervals sampled, breaks cut out, sister areas pooled, ranks to paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ektp_analysis.core.recent import Recent
from ektp_analysis.projection import networks
from ektp_analysis.projection.history import History
from ektp_analysis.projection.paths import FRACTIONS, Floats

READINGS = 8  # ways to read a history of which only intervals are known
FEW = 3  # snapshots, up to which the range is said to be wide
POOL_WEIGHT = 3.0  # sister areas count as much as so many snapshots of the area itself
POOL_UP_TO = 12  # snapshots; with more of its own, an area speaks for itself
MOST_SISTERS = 12
KEPT = 2048  # histories whose quantiles are kept, 9 kB each: a provinsi with its parts, and a past of some weeks
FUTURES = 200  # continuations of each area that is pooled in
# Share of the variance of the ranks that sister areas have in common. In the open series areas of different offices share
# 0.15 to 0.45 of it, areas of one campaign 0.96; the kecamatan of a kabupaten are served by one office.
SHARED = 0.8
AGREES_WITHIN = 0.03  # log spread around what a whole reports for itself

Series = tuple[Floats, Floats, Floats | None]  # days, remaining, eligible where they are known
Key = tuple[bytes, bytes, bytes | None]


@dataclass(frozen=True)
class Outlook:
    """Quantiles of the log days per reading of the history: (readings, fractions, 19), and today's count in each."""

    log_times: Floats
    now: Floats

    def times(self, chances: Floats) -> tuple[Floats, Floats]:
        """(passage times (n, fractions), today's count (n,)) at the given ranks; readings take turns."""
        if len(self.now) == 1:
            return networks.at(self.log_times[0], chances), np.repeat(self.now, len(chances))
        out = np.empty((len(FRACTIONS), len(chances))).T
        which = np.arange(len(chances)) % len(self.now)
        for k in range(len(self.now)):
            out[which == k] = networks.at(self.log_times[k], chances[which == k])
        return out, self.now[which]


def learnable(past: History, remaining: Floats) -> tuple[Floats, Floats, Floats | None]:
    """(days, remaining, eligible or None) without the steps over breaks.

    What lies before a break is joined to what lies behind it, in time and in level, so that the step is not seen.
    """
    days, counts = past.days.copy(), remaining.copy()
    eligible = (past.eligible_low + past.eligible_high) / 2
    if past.unit == "share":
        eligible = np.ones_like(counts)
    keep = np.ones(len(days), bool)
    for found in reversed(past.breaks):
        p = found.position
        days[:p] += days[p] - days[p - 1]
        if counts[p - 1] > 0:
            counts[:p] *= counts[p] / counts[p - 1]
        eligible[:p] *= eligible[p] / eligible[p - 1]
        keep[p - 1] = False
    days, counts, eligible = days[keep], counts[keep], eligible[keep]
    known = not np.isnan(eligible[-1])
    if known:
        eligible = np.where(np.isnan(eligible), eligible[-1], eligible)
    return days, counts, np.maximum(eligible, counts[-1]) if known else None


def look_ahead(past: History, rng: np.random.Generator, pooled: Floats | None = None) -> Outlook:
    """The outlook of an area, the :func:`mixture` of others pooled in; at least two snapshots, or one and another area.

    Own quantiles of the log days count as the number of snapshots, the pooled ones as :data:`POOL_WEIGHT`.
    """
    readings = (
        [past.middle] if past.exact else [past.low + rng.random(len(past.low)) * (past.high - past.low) for _ in range(READINGS)]
    )
    now = np.array([max(float(reading[-1]), 1e-12) for reading in readings])
    series = [learnable(past, reading) for reading in readings]
    made = []
    for (days, _counts, _eligible), own in zip(series, _learnt(series), strict=True):
        if own is None or pooled is None:
            made.append(own if own is not None else pooled)
        else:
            weight = len(days) / (len(days) + POOL_WEIGHT)
            made.append(weight * own + (1 - weight) * pooled)
    return Outlook(np.stack([item for item in made if item is not None]), now)


def falls(past: History) -> bool:
    """Whether there is a pace to learn from: two snapshots that continue each other, the last below an earlier one."""
    if len(past.dates) < 2:
        return False
    days, counts, _eligible = learnable(past, past.middle)
    return len(days) > 1 and counts[-1] > 0 and bool(counts[-1] < counts.max())


def ranks(rng: np.random.Generator, draws: int) -> Floats:
    """Chances spread evenly over 0 to 1, in random order."""
    return np.asarray(rng.permutation((np.arange(draws) + 0.5) / draws))


def by_score(scores: Floats) -> Floats:
    """Chances spread evenly over 0 to 1, in the order of the scores."""
    out = np.empty(len(scores))
    out[np.argsort(scores, kind="stable")] = (np.arange(len(scores)) + 0.5) / len(scores)
    return out


def campaign(past: History) -> History | None:
    """What of an area others can learn from: its campaign while it fell, up to the end or up to now; None without one.

    One that has arrived belongs to it: to pool only with those still under way would be to pool with the slow.
    """
    left = np.flatnonzero(past.middle > 0)
    if not len(left):
        return None
    under_way = past if left[-1] == len(past.dates) - 1 else past.first(int(left[-1]) + 1)
    return under_way if falls(under_way) else None


def futures(past: History) -> Floats:
    """Equally likely continuations of a campaign, as days to each of the fractions: (FUTURES, fractions)."""
    (own,) = _learnt([learnable(past, past.middle)])
    assert own is not None
    return networks.at(own, (np.arange(FUTURES) + 0.5) / FUTURES)


def learn(pasts: Iterable[History]) -> None:
    """Learn from several histories at once what is asked of each later: it takes a third of the time."""
    _learnt([learnable(past, past.middle) for past in pasts if past.exact and falls(past)])


# Quantiles of the log days of histories: an area is asked for itself and for its sisters, for 99.4 % and for zero.
_KEPT = Recent[Key, Floats](KEPT)


def _learnt(series: Sequence[Series]) -> list[Floats | None]:
    """Quantiles of the log days of each (days, counts, eligible); None for a single day. Those that are seen on the same days are
    worked out together."""
    keys = [
        (days.tobytes(), counts.tobytes(), None if eligible is None else eligible.tobytes()) for days, counts, eligible in series
    ]
    found = {key: _KEPT.get(key) for key in dict.fromkeys(keys)}
    asked: dict[tuple[bytes, bool], dict[Key, Series]] = {}
    for key, one in zip(keys, series, strict=True):
        if found[key] is None and len(one[0]) > 1:
            asked.setdefault((key[0], key[2] is None), {})[key] = one
    for group in asked.values():
        days = next(iter(group.values()))[0]
        known = [eligible for _days, _counts, eligible in group.values() if eligible is not None]
        counts = np.stack([counts for _days, counts, _eligible in group.values()])
        made = networks.of_histories(days, counts, np.stack(known) if known else None, FRACTIONS)
        for key, quantiles in zip(group, made, strict=True):
            found[key] = one = quantiles.copy()  # of its own, so that it is held alone
            one.flags.writeable = False
            _KEPT.put(key, one)
    return [found[key] for key in keys]


def mixture(pool: Sequence[Floats]) -> Floats:
    """Quantiles of the equal mixture of the others' futures: as wide as they differ."""
    ordered = np.concatenate([one.T for one in pool], axis=1)
    np.log(ordered, out=ordered)
    ordered.sort(axis=1)  # to sort once takes half of the time of np.quantile
    place = networks.LEVELS * (ordered.shape[1] - 1)
    below = np.floor(place).astype(int)
    low, high = ordered[:, below], ordered[:, np.minimum(below + 1, ordered.shape[1] - 1)]
    return np.asarray(low + (place - below) * (high - low))
