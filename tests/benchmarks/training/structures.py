"""Simulated campaigns of the third kind: those with a structure, such as a fixed capacity, waves, a deadline, a sweep.

The first two kinds drift; these are cleaner, so that the map learns what a clean history shows: a pace that does not
depend on how many are left, a decline that levels off, waves that come again.
"""

from __future__ import annotations

import numpy as np

from tests.benchmarks.training.hazards import log_uniform


def maybe(rng, probability, value, otherwise=0.0):
    return value if rng.random() < probability else otherwise


def steps_of(rng, steps, scale, spread):
    """A level that is constant for a while, then another: exp of normal steps at random days."""
    turns = np.sort(rng.integers(0, steps, rng.poisson(steps / scale)))
    levels = np.exp(spread * rng.standard_normal(len(turns) + 1))
    return levels[np.searchsorted(turns, np.arange(steps), side="right")]


def capacity(rng, steps, scale):
    """Work of so many a day, until the queue is short: the pace follows the rest only below a threshold."""
    knee = maybe(rng, 0.3, log_uniform(rng, 0.005, 0.5))
    lasting = scale * log_uniform(rng, 0.5, 5)
    pace = steps_of(rng, steps, lasting, maybe(rng, 0.6, rng.uniform(0, 0.8))) / scale
    return lambda t, left, start: pace[t] * (left / (left + knee) if knee else 1.0) * (1 + knee)


def share(rng, steps, scale):
    """A share of those who still come, the same every day; or two groups, one eager and one slow."""
    slow, ratio = maybe(rng, 0.5, rng.uniform(0.02, 0.6)), log_uniform(rng, 3, 40)
    days = np.arange(steps + 1) / scale
    hazard = -np.diff(np.log((1 - slow) * np.exp(-days) + slow * np.exp(-days / ratio)))
    return lambda t, left, start: hazard[t] * left


def waves(rng, steps, scale):
    """Campaigns one after the other, each with its onset, height, length and shape."""
    day, force = np.arange(steps), np.zeros(steps)
    for k in range(int(rng.integers(1, 6))):
        onset, width = rng.uniform(0, min(steps, 6 * scale)) * (k > 0), scale * log_uniform(rng, 0.1, 2)
        rise = maybe(rng, 0.5, width * rng.uniform(0.05, 0.6), 0.5)
        before = np.exp(-np.clip((onset - day) / rise, 0, 50))
        after = np.exp(-(((day - onset) / width).clip(0) ** rng.choice([1, 1, 2, 6])))
        force += log_uniform(rng, 0.2, 5) / scale * np.where(day < onset, before, after)
    force += maybe(rng, 0.5, log_uniform(rng, 0.003, 0.3)) / scale
    by_head = rng.random() < 0.7
    return lambda t, left, start: force[t] * (left if by_head else 0.5)


def batches(rng, steps, scale):
    """Places that finish on one day each, in silence between; a last day may bring all that is left."""
    n = int(log_uniform(rng, 3, 200))
    sizes = rng.dirichlet(np.full(n, log_uniform(rng, 0.1, 20)))
    when = rng.gamma(log_uniform(rng, 0.4, 4), 1, n)
    when = np.minimum(when / np.quantile(when, 0.9) * scale * log_uniform(rng, 0.7, 4), 1e6).astype(int)
    if rng.random() < 0.6:
        when = np.minimum(when, int(np.quantile(when, rng.uniform(0.5, 1)) + scale * log_uniform(rng, 0.03, 2)))
    done = np.cumsum(np.bincount(when[when < steps], sizes[when < steps], minlength=steps)[:steps])
    done[done > 1 - 1e-9] = 1.0
    return lambda t, left, start: np.maximum(left - start * (1 - done[t]), 0.0)


def trickle(rng, steps, scale):
    """A few a day at the counter for long, and then, mostly, teams that go from door to door, often to the last one."""
    slow = log_uniform(rng, 0.0007, 0.015)
    force = slow * steps_of(rng, steps, log_uniform(rng, 30, 600), maybe(rng, 0.5, rng.uniform(0, 0.5)))
    if rng.random() < 0.9:
        onset = int(min(steps, 3 / slow) * rng.uniform(0.03, 0.8))
        last = steps if rng.random() < 0.6 else onset + int(log_uniform(rng, 3, 400))
        force[onset:last] = log_uniform(rng, 0.03, 0.8)
    return lambda t, left, start: force[t] * left


def deadline(rng, steps, scale):
    """People come shortly before a last day; afterwards few do."""
    last, power = scale * log_uniform(rng, 0.7, 5), rng.uniform(0.3, 1.5)
    after, close = maybe(rng, 0.6, rng.uniform(0, 0.2)), log_uniform(rng, 0.3, 10)
    day = np.arange(steps)
    rush = 0.5 / (np.maximum(last - day, 0) + close) ** power * close ** (power - 1) + 0.2 / scale
    force = np.where(day < last, rush, after / scale)
    return lambda t, left, start: force[t] * left


# Each kind takes the random numbers, the days, a time scale; it gives the share of the people done on day t, at ordinary
# force, from what is left and what was there at the start.
KINDS = (capacity, share, waves, batches, deadline, trickle)
WEIGHTS = (0.29, 0.17, 0.09, 0.12, 0.04, 0.29)
ALL = tuple(range(len(KINDS)))
CORES = (0.2, 0.7, 0.4, 0.2, 0.5, 0.15)  # how often some never come, by kind


def campaign(rng, steps, kinds):
    """(remaining, eligible), arrays of ``steps``, of one campaign of one of ``kinds`` (positions in KINDS)."""
    people, scale = int(10 ** rng.uniform(1.8, 5.5)), log_uniform(rng, 8, 300)
    kind = rng.choice(kinds, p=np.take(WEIGHTS, kinds) / np.take(WEIGHTS, kinds).sum())
    work = KINDS[kind](rng, steps, scale)
    day = np.arange(steps)
    core = maybe(rng, CORES[kind], log_uniform(rng, 0.003, 0.8))
    thaw = maybe(rng, 0.15, 1 / (scale * log_uniform(rng, 2, 20)))
    short = maybe(rng, 0.08, log_uniform(rng, 0.003, 0.2))
    noise = maybe(rng, 0.8, log_uniform(rng, 0.02, 1.2))
    force = np.exp(noise * rng.standard_normal(steps) - noise**2 / 2)
    if rng.random() < 0.25:  # closed days
        force *= np.where((day + rng.integers(7)) % 7 < rng.integers(1, 3), rng.uniform(0, 0.5), 1.0)
    for _ in range(rng.poisson(0.5)):  # a pause: a holiday, a flood, an empty store
        start = int(rng.random() * min(steps, 5 * scale))
        force[start : start + int(scale * log_uniform(rng, 0.05, 1.5))] *= rng.choice([0, 0, 0.2])
    if rng.random() < 0.15:  # the year has seasons
        force *= 1 + rng.uniform(0.2, 1) * np.sin(2 * np.pi * (day / rng.choice([30, 91, 182, 365]) + rng.random()))
    drift = maybe(rng, 0.4, log_uniform(rng, 0.03, 0.6)) / np.sqrt(scale)
    force *= np.exp(np.clip(np.cumsum(drift * rng.standard_normal(steps)), -3, 3))
    if rng.random() < 0.12:  # it stops for good
        force[int(scale * log_uniform(rng, 0.3, 5)) :] = 0.0
    sweep, onset, whole = np.zeros(steps), steps, rng.random() < 0.7
    if rng.random() < 0.12:  # teams go from door to door
        onset = int(scale * log_uniform(rng, 0.3, 8))
        sweep[onset : onset + int(rng.integers(2, 120))] = log_uniform(rng, 0.02, 0.8)
    inflow = maybe(rng, 0.15, log_uniform(rng, 0.001, 0.3)) / scale
    left, rest, listed = 1 - core, core, 1 / (1 - maybe(rng, 0.6, rng.uniform(0, 0.95)))
    remaining, eligible = np.empty(steps), np.empty(steps)
    for t in range(steps):
        remaining[t], eligible[t] = left + rest, listed
        wanted = (work(t, left, 1 - core) * force[t] + sweep[t] * left) * people
        came = min(rng.poisson(max(wanted, 0.0)) if wanted < 1e4 else wanted, left * people) / people
        left += inflow - came + thaw * rest
        rest -= thaw * rest
        if t >= onset and whole:
            left, rest = left + 0.1 * rest, 0.9 * rest
        listed += inflow
    remaining = np.maximum(np.round((remaining - short) * people), 0)
    if rng.random() < 0.2:  # reported now and then
        reports = rng.random(steps) < 1 / log_uniform(rng, 1.5, 0.5 * scale + 2)
        reports[0] = True
        remaining = remaining[np.maximum.accumulate(np.where(reports, day, 0))]
    return remaining, np.maximum(np.round(eligible * people), remaining)


def campaigns(rng, n, steps, kinds=ALL):
    """(remaining, eligible), each an array (n, steps) of whole numbers."""
    made = [campaign(rng, steps, kinds) for _ in range(n)]
    return np.stack([counts for counts, _ in made]), np.stack([size for _, size in made])
