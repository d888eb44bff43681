"""Simulated campaigns of the second kind: units that finish after random durations, in clusters that report in lumps."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from tests.benchmarks.training.hazards import log_uniform

SHAPES = ("weibull", "lognormal", "gompertz", "logistic", "pareto", "linear")


def surviving(rng, shape, u):
    """Share not finished after relative time ``u`` >= 0."""
    if shape == "weibull":
        return np.exp(-(u ** log_uniform(rng, 0.35, 3)))
    if shape == "lognormal":
        return ndtr(-np.log(np.maximum(u, 1e-9)) / rng.uniform(0.35, 2))
    if shape == "gompertz":
        b = rng.uniform(0.2, 3)
        return np.exp(-np.expm1(np.minimum(b * u, 6)) / b * rng.uniform(0.05, 0.8))
    if shape == "logistic":
        c = rng.uniform(1, 4)
        return (1 + np.exp(-1.5 * c)) / (1 + np.exp(np.clip(c * (u - 1.5), -40, 40)))
    if shape == "pareto":
        a = rng.uniform(0.4, 3)
        return (1 + u / a) ** -a
    return np.clip(1 - 0.6 * u, 0, 1)


def activity(rng, steps, scale):
    """Calendar time as the campaign feels it: drift, days off, one pause; increasing from 0."""
    pace = np.exp(np.clip(np.cumsum(log_uniform(rng, 0.05, 0.9) / np.sqrt(scale) * rng.standard_normal(steps)), -3, 3))
    if rng.random() < 0.3:
        off = (np.arange(steps) + rng.integers(7)) % 7 < rng.integers(1, 3)
        pace *= np.where(off, 1 - rng.uniform(0.2, 1), 1.0)
    if rng.random() < 0.25:
        start = int(rng.random() * steps * 0.6)
        pace[start : start + int(scale * log_uniform(rng, 0.2, 3))] *= rng.choice([0, 0.1, 0.3])
    return np.cumsum(pace) - pace[0]


def campaign(rng, steps):
    """(remaining, eligible) of one campaign: an array of ``steps`` and a number."""
    people = int(10 ** rng.uniform(1.5, 5.5))
    clusters = int(min(people, rng.choice([1, 1, 3, 8, 20, 60, 150])))
    sizes = rng.pareto(rng.uniform(0.6, 2.5), clusters) + 0.05
    sizes = np.maximum(sizes / sizes.sum() * people, 1e-9)[:, None]
    scale = log_uniform(rng, 5, 160)
    unlike = rng.uniform(0.2, 1.2) * rng.random()
    own_scale = scale * np.exp(unlike * rng.standard_normal(clusters))
    start = scale * rng.exponential(rng.choice([0, 0, 0.3, 1.0]), clusters)
    shape = rng.choice(SHAPES, p=[0.25, 0.2, 0.1, 0.15, 0.15, 0.15])
    felt = activity(rng, steps, scale)
    left = surviving(rng, shape, np.maximum(felt - start[:, None], 0) / own_scale[:, None])
    if rng.random() < 0.4:
        core = np.clip(log_uniform(rng, 0.003, 0.6) * np.exp(rng.normal(0, 0.4, clusters)), 0, 0.9)[:, None]
        left = core + (1 - core) * left
    day = np.arange(steps)
    lumps = rng.random()
    counts = left * sizes
    if lumps < 0.12:  # a cluster reports once, all of it
        when = np.argmax(left < rng.uniform(0.05, 0.9), axis=1)
        when = np.where(left[:, -1] < 0.9, np.maximum(when, 1), steps + 1)
        counts = np.where(day >= when[:, None], 0.0, sizes)
    elif lumps < 0.45:  # a cluster reports now and then
        reports = rng.random((clusters, steps)) < 1 / log_uniform(rng, 1.5, max(2, 0.6 * scale))
        reports[:, 0] = True
        seen = np.maximum.accumulate(np.where(reports, day, 0), axis=1)
        counts = np.take_along_axis(counts, seen, axis=1)
    if rng.random() < (0.5 if lumps < 0.45 else 0.12):  # closed on a day, or almost
        spread = 0.0 if rng.random() < 0.5 else rng.exponential(0.3 * scale, clusters)
        close = rng.exponential(2 * scale) + 0.5 * scale + start + spread
        counts = np.where(day >= close[:, None], counts * rng.choice([0, 0, 0.05, 0.2]), counts)
    total = counts.sum(axis=0)
    if rng.random() < 0.12:  # the list was too long
        total = np.maximum(total - people * log_uniform(rng, 0.003, 0.2), 0)
    spread = np.sqrt(np.maximum(total * (1 - total / people), 0))
    total = np.round(total + 0.3 * rng.standard_normal() * spread)
    total = np.minimum.accumulate(np.clip(total, 0, people))
    return total, people / (1 - (0.0 if rng.random() < 0.6 else rng.uniform(0, 0.95)))


def campaigns(rng, n, steps):
    """(remaining, eligible), each an array (n, steps) of whole numbers."""
    made = [campaign(rng, steps) for _ in range(n)]
    remaining = np.stack([counts for counts, _ in made])
    eligible = np.round([size for _, size in made])[:, None]
    return remaining, np.maximum(eligible, remaining.max(axis=1, keepdims=True)) * np.ones(remaining.shape)
