"""Simulated truth: how often the intervals hold on campaigns whose future is known, by kind of campaign.

``library`` draws from the kinds that the constants were made from (other seeds); the next seven are kinds of their own
that the library does not contain in this form; of those that go on steadily (:data:`LONG`) up to a year was seen, of the
others up to 90 days. ``basis change`` takes the library's campaigns, lets the register be
cleansed or renewed between two snapshots, and goes the product's whole way: rows, breaks found, the step left out.

Coverage is counted over ranks: the rank of an outcome is the chance that had been given to its coming so early. What did
not come within the horizon has a rank drawn evenly from the chances that were left, so an interval that reaches past the
horizon is not held for nothing. Of a calibrated forecast the ranks are even, whatever the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from ektp_analysis.core.contract import frame
from ektp_analysis.projection import networks
from ektp_analysis.projection.history import Table
from ektp_analysis.projection.outlook import learnable
from tests.benchmarks.training.make_constants import GENERATORS

STEPS, SEED, CASES = 700, 20240214, 400
START = date(2021, 1, 4)


@dataclass(frozen=True)
class Case:
    """What was seen, what fraction of the last count was asked for, the day on which it came (inf never), the horizon."""

    days: np.ndarray
    remaining: np.ndarray
    eligible: np.ndarray | None
    fraction: float
    came: float
    horizon: float


def final_sweep(rng):
    """Weekly trickle, then teams that clear what is left within days."""
    sweep = rng.integers(60, 400)
    rate = np.where(np.arange(STEPS) < sweep, rng.uniform(0.001, 0.01), rng.uniform(0.1, 0.5))
    return thinned(rng, rate * np.exp(0.3 * rng.standard_normal(STEPS)))


def two_waves(rng):
    """A campaign that fades, and a second one that begins later."""
    day = np.arange(STEPS)
    first, second = np.exp(-day / rng.uniform(10, 60)), np.exp(-np.abs(day - rng.uniform(80, 300)) / rng.uniform(20, 80))
    return thinned(rng, rng.uniform(0.01, 0.06) * first + rng.uniform(0.005, 0.05) * second)


def constant_pace(rng):
    """The same number of people a day, give or take, to the last one."""
    start = int(rng.integers(300, 20_000))
    pace = start / rng.uniform(60, 600)
    return np.maximum(start - np.cumsum(rng.poisson(pace * rng.gamma(4, 0.25, STEPS))), 0)


def hard_core(rng):
    """A constant share of those who will come; the others never do."""
    core = rng.uniform(0.02, 0.5)
    counts = thinned(rng, np.full(STEPS, rng.uniform(0.01, 0.08)))
    return counts + round(core / (1 - core) * counts[0])


def steady_uneven(rng):
    """One pace, with weeks of half and of twice as much; the last few are mostly harder to find."""
    return worked(rng, gross(rng) * np.ones(STEPS))


def paused(rng):
    """One pace, with pauses of one to six weeks again and again: holidays, floods, no ribbons for the printer."""
    force, day = np.ones(STEPS), 0.0
    between = rng.uniform(60, 200)
    while (day := day + rng.exponential(between)) < STEPS:
        force[int(day) : int(day + rng.uniform(7, 42))] = 0
    return worked(rng, gross(rng) * force)


def growing_list(rng):
    """One pace against newcomers: the list grows by 0.3 to 3 % a year while more are recorded than come."""
    return worked(rng, gross(rng) * np.ones(STEPS), newcomers=rng.uniform(0.003, 0.03) / 365)


def gross(rng):
    """Share of the first count that one day of ordinary work takes away, without newcomers."""
    return 1 / rng.uniform(100, 900)


def worked(rng, force, newcomers=0.0):
    """(remaining, eligible) of so much work a day, uneven by week, as shares of the first count; newcomers a day of the list."""
    start, share = int(rng.integers(300, 20_000)), rng.uniform(0.02, 0.3)
    weeks = np.repeat(rng.gamma(4, 0.25, STEPS // 7 + 1), 7)[:STEPS]
    tail = rng.uniform(0, 0.1) * start  # below it, fewer and fewer are found
    joined, came, poisson = newcomers * start / share, 0, rng.poisson
    left, listed, counts = start, round(start / share), []
    eligible = []
    for pace in (force * weeks * start).tolist():
        counts.append(left)
        eligible.append(listed)
        if joined:  # of none nothing is drawn
            came = int(poisson(joined))
        left = max(left + came - int(poisson(pace * min(1.0, (left + 1) / (tail + 1)) + joined)), 0)
        listed += came
    return np.array(counts), np.array(eligible)


def thinned(rng, rate):
    """Counts of a population whose members come with the given chance each day."""
    counts = [int(10 ** rng.uniform(2.3, 4.5))]
    for share in np.clip(rate[1:], 0, 1):
        counts.append(counts[-1] - rng.binomial(counts[-1], share))
    return np.array(counts)


SINGLE = {
    "final sweep": final_sweep,
    "two waves": two_waves,
    "constant pace": constant_pace,
    "hard core": hard_core,
    "steady, uneven": steady_uneven,
    "paused": paused,
    "growing list": growing_list,
}
LONG = ("steady, uneven", "paused", "growing list")
KINDS = ("library", *SINGLE, "basis change")
FORESEEABLE = tuple(kind for kind in KINDS if kind != "final sweep")  # before it, a sudden sweep looks like a steady trickle
LEARNT_FROM = "basis change, learnt from as if it were recording"  # what a product without breaks would do


def campaigns(kind, rng):
    """(remaining, eligible) of campaigns without end; those of the library's kinds take turns."""
    while True:
        if kind in SINGLE:
            made = SINGLE[kind](rng)
            if isinstance(made, tuple):
                yield made
            else:
                yield made, np.full(STEPS, round(made[0] / rng.uniform(0.05, 1)))
        else:
            made = [generate(rng, 40, STEPS) for generate in GENERATORS]
            for k in range(40):
                yield from ((remaining[k], eligible[k]) for remaining, eligible in made)


def origin_and_seen(rng, counts, back=90, most=20):
    """A random day amid activity and the positions of the snapshots seen by then; None where nothing moves.

    At most ``back`` days are looked back on, in fewer than ``most`` snapshots and the last one.
    """
    moving = np.flatnonzero(np.diff(counts) < 0)
    if len(moving) < 8:
        return None
    i = int(np.quantile(moving[:-1], rng.uniform(0.1, 0.9)))
    seen = np.sort(rng.choice(np.arange(max(0, i - back), i), min(i, back, int(rng.integers(2, most))), replace=False))
    seen = np.r_[seen, i]
    if counts[i] < 2 or len(seen) < 3 or counts[seen[0]] - counts[i] < max(1, 0.01 * counts[i]) or STEPS - 1 - i < 60:
        return None
    return i, seen


def ahead(rng, counts, i):
    """(fraction, day on which it came, horizon) of one random target as seen on day ``i``."""
    target = np.floor(float(rng.choice([0.75, 0.5, 0.25, 0.1, 0.0])) * counts[i])
    hit = np.flatnonzero(counts[i + 1 :] <= target)
    return target / counts[i], hit[0] + 1.0 if len(hit) else np.inf, float(rng.integers(30, STEPS - i))


def renewed(rng, counts, eligible, seen):
    """(counts, eligible, position among the seen, kind of break): so many more or fewer are on the list from a day on."""
    p = int(rng.integers(1, len(seen)))
    day = seen[p]
    factor = rng.uniform(1.3, 2.2) if rng.random() < 0.5 else rng.uniform(0.3, 0.75)
    after = np.arange(len(counts)) >= day
    counts, step = np.where(after, np.round(counts * factor), counts), np.round((factor - 1) * counts[day])
    eligible = np.maximum(np.where(after, eligible + step, eligible), counts)
    small = abs(step) < max(0.02 * eligible[day], 0.3 * counts[seen[p - 1]])
    told = small or rng.random() < 0.3  # too small to be seen in the figures: the file names its basis
    return counts, eligible, p, "basis" if told else "eligible"


def through_rows(each):
    """Of each (days, counts, eligible, p, kind): what the product learns from, and the positions of the breaks it found.

    All go as the rows of one table, an area each.
    """
    table = Table.of(
        frame(
            [
                {
                    "area_code": f"75.05.03.{2001 + place}",
                    "as_of_date": (START + timedelta(days=int(day))).isoformat(),
                    "unrecorded": int(left),
                    "eligible": int(size),
                    "basis": ("" if kind != "basis" else "new" if k >= p else "old"),
                }
                for place, (days, counts, eligible, p, kind) in enumerate(each)
                for k, (day, left, size) in enumerate(zip(days - days[0], counts, eligible, strict=True))
            ]
        )
    )
    for place in range(len(each)):
        past = table.rows(np.flatnonzero(table.area == f"75.05.03.{2001 + place}")).history()
        yield learnable(past, past.middle), [found.position for found in past.breaks]


def cases(kind, n=CASES, seed=SEED):
    """``n`` cases of one kind, one of each campaign; of basis changes also whether each break was found."""
    return _cases(kind, n, seed)


@lru_cache(maxsize=32)
def _cases(kind, n, seed):
    rng = np.random.default_rng([seed, *kind.encode()])
    seen_of, asked = [], []
    for counts, eligible in campaigns(kind, rng):
        if len(asked) == n:
            break
        chosen = origin_and_seen(rng, counts, *((int(rng.integers(90, 366)), 53) if kind in LONG else ()))
        if chosen is None:
            continue
        i, seen = chosen
        known = rng.random() >= 0.2
        broken = ()
        if kind in ("basis change", LEARNT_FROM):
            counts, eligible, *broken = renewed(rng, counts, np.round(eligible), seen)
            if counts[i] < 2 or len(seen) < 4:
                continue
        seen_of.append((seen - i, counts[seen], eligible[seen], *broken))
        asked.append((known, *ahead(rng, counts, i)))
    if kind == "basis change":
        learnt = list(through_rows(seen_of))
        found = tuple(p in breaks for (*_, p, _kind), (_learnt, breaks) in zip(seen_of, learnt, strict=True))
        past = [learnt_from for learnt_from, _breaks in learnt]
    else:
        found = ()
        past = [(days.astype(float), left.astype(float), listed.astype(float)) for days, left, listed, *_ in seen_of]
    made = (
        Case(days, left, listed if known else None, *rest)
        for (days, left, listed), (known, *rest) in zip(past, asked, strict=True)
    )
    return tuple(made), found


def quantiles(case):
    """The 19 quantiles of the days (19,) that the product gives."""
    listed = None if case.eligible is None else np.maximum(case.eligible, case.remaining)
    return np.exp(networks.of_history(case.days, case.remaining, listed, np.array([case.fraction]))[0])


def chance_by(days, said):
    """The chance of coming within ``days`` by quantiles ``said`` (19,): linear in normal scores of the log time."""
    scores, logs = ndtri(networks.LEVELS), np.log(np.maximum(said, 1e-9))
    right = int(np.clip(np.searchsorted(logs, np.log(days)), 1, len(logs) - 1))
    step = max(float(logs[right] - logs[right - 1]), 1e-9)
    share = (np.log(days) - logs[right - 1]) / step
    return float(ndtr(np.clip(scores[right - 1] + share * (scores[right] - scores[right - 1]), -8, 8)))


def judged(kind, n=CASES, seed=SEED):
    """Per case (n, 4): rank of the outcome, chance given to never, 1 where it never came, held up to the horizon or not."""
    return _judged(kind, n, seed)


@lru_cache(maxsize=32)
def _judged(kind, n, seed):
    rng = np.random.default_rng([seed, 1])
    out = []
    for case in cases(kind, n, seed)[0]:
        said = quantiles(case)
        never = 1 - chance_by(case.horizon, said)
        came = case.came <= case.horizon
        rank = min(chance_by(case.came, said), 1 - never) if came else 1 - never * rng.random()
        capped, y = np.minimum(said, case.horizon), min(case.came, case.horizon)
        out.append((rank, never, not came, capped[1] <= y <= capped[17]))
    return np.array(out, float)


def summary(rows):
    """Of rows as :func:`judged` gives: shares held by the 80 and 50 % intervals, mean chance of never and how often it was."""
    rank, said, never, held = rows.T
    return {
        "cover80": float(((rank >= 0.1) & (rank <= 0.9)).mean()),
        "cover50": float(((rank >= 0.25) & (rank <= 0.75)).mean()),
        "said_never": float(said.mean()),
        "never": float(never.mean()),
        "late": float((rank > 0.5).mean()),
        "held80": float(held.mean()),
    }


def pooled(kinds=KINDS, n=CASES, seed=SEED):
    """Rows of an equal mixture of kinds, ``n`` of each."""
    return np.concatenate([judged(kind, n, seed) for kind in kinds])


def main() -> None:
    print(f"{'kind':25s}  80 %   50 %   late  said never / never   80 % up to the horizon")
    shown = [(kind, judged(kind)) for kind in KINDS]
    shown += [("all, equally", pooled()), ("all but the sweep", pooled(FORESEEABLE))]
    shown += [("basis change, learnt from", judged(LEARNT_FROM))]
    for kind, rows in shown:
        s = summary(rows)
        print(
            f"{kind:25s} {s['cover80']:.3f}  {s['cover50']:.3f}  {s['late']:.3f}  {s['said_never']:.3f} / {s['never']:.3f}"
            f"        {s['held80']:.3f}"
        )


if __name__ == "__main__":
    main()
