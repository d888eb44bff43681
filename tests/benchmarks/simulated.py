"""Simulated truth: how often the intervals hold on campaigns whose future is known, by kind of campaign.

``library`` draws from the kinds that the constants were made from (other seeds); the rest are kinds of their own that
the library does not contain in this form.
"""

from __future__ import annotations

import numpy as np

from ektp_analysis.projection import learnt
from ektp_analysis.projection.features import describe
from tests.benchmarks.training import durations, hazards

STEPS, SEED = 700, 20240214


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


def thinned(rng, rate):
    """Counts of a population whose members come with the given chance each day."""
    counts = [int(10 ** rng.uniform(2.3, 4.5))]
    for share in np.clip(rate[1:], 0, 1):
        counts.append(counts[-1] - rng.binomial(counts[-1], share))
    return np.array(counts)


KINDS = {"final sweep": final_sweep, "two waves": two_waves, "constant pace": constant_pace, "hard core": hard_core}


def campaigns(kind, rng):
    """Campaigns without end."""
    while True:
        if kind == "library":
            for generate in (hazards.campaigns, durations.campaigns):
                yield from generate(rng, 150, STEPS)[0]
        else:
            yield np.asarray(KINDS[kind](rng))


def case(rng, counts):
    """(days, seen, fraction, outcome, horizon) of one random origin and target; None where nothing moves."""
    moving = np.flatnonzero(np.diff(counts) < 0)
    if len(moving) < 8:
        return None
    i = int(np.quantile(moving[:-1], rng.uniform(0.1, 0.9)))
    seen = np.sort(rng.choice(np.arange(max(0, i - 90), i), min(i, int(rng.integers(2, 20))), replace=False))
    seen = np.r_[seen, i]
    if counts[i] < 2 or len(seen) < 3 or counts[seen[0]] - counts[i] < max(1, 0.01 * counts[i]) or STEPS - 1 - i < 60:
        return None
    fraction = float(rng.choice([0.75, 0.5, 0.25, 0.1, 0.0]))
    target = np.floor(fraction * counts[i])
    hit = np.flatnonzero(counts[i + 1:] <= target)
    horizon = float(rng.integers(30, STEPS - i))
    return (seen - i).astype(float), counts[seen].astype(float), target / counts[i], hit[0] + 1.0 if len(hit) else np.inf, horizon


def outcomes(kind, n=400, seed=SEED):
    """Of ``n`` cases: the quantiles (n, 19), the day that came, the horizon."""
    rng = np.random.default_rng([seed, len(kind)])
    quantiles, came, horizons = [], [], []
    for counts in campaigns(kind, rng):
        if len(came) == n:
            break
        made = case(rng, counts)
        if made is None:
            continue
        days, seen, fraction, outcome, horizon = made
        features, hazard = describe(days, seen, None if rng.random() < 0.2 else np.full(len(seen), 3 * seen[0]))
        quantiles.append(learnt.log_times(features[None], np.array([hazard]), np.array([fraction]))[0, 0])
        came.append(outcome)
        horizons.append(horizon)
    return np.exp(np.array(quantiles)), np.array(came), np.array(horizons)


def summary(kind, n=400, seed=SEED):
    """Coverage of the 80 and 50 % intervals up to the horizon, the mean chance of never, and how often it was never.

    An interval that reaches past the horizon holds what is past it.
    """
    q, came, horizon = outcomes(kind, n, seed)
    capped, y = np.minimum(q, horizon[:, None]), np.minimum(came, horizon)
    inside = {f"cover{100 - 2 * low}": float(((y >= capped[:, low // 5 - 1]) & (y <= capped[:, 19 - low // 5])).mean())
              for low in (10, 25)}
    late = (q > horizon[:, None]).mean(1)
    return {**inside, "said_never": float(late.mean()), "never": float((came > horizon).mean()),
            "rank": float(np.mean((q < came[:, None]).mean(1)[came <= horizon]))}


def main() -> None:
    print(f"{'kind':15s} cover80 cover50 said never / never")
    for kind in ("library", *KINDS):
        s = summary(kind)
        print(f"{kind:15s} {s['cover80']:.3f}   {s['cover50']:.3f}   {s['said_never']:.3f} / {s['never']:.3f}")


if __name__ == "__main__":
    main()
