"""Simulated campaigns of the first kind: a hazard that drifts, stalls, sweeps and stops.

A step is a day; nothing depends on its length, since the features have no scale. Ranges are wide on purpose: the
library is to hold more kinds of campaigns than anybody has seen, not to resemble the ones at hand.
"""

from __future__ import annotations

import numpy as np


def log_uniform(rng, low, high, size=None):
    return np.exp(rng.uniform(np.log(low), np.log(high), size))


def chance(rng, probability, values, otherwise, size):
    return np.where(rng.random(size) < probability, values, otherwise)


def campaigns(rng, n, steps):
    """(remaining, eligible), each an array (n, steps) of whole numbers."""
    never = np.inf
    tau = log_uniform(rng, 6, 220, n)  # days in which a constant share would leave 1/e
    kind = rng.random(n)
    power = np.select([kind < 0.2, kind < 0.45, kind < 0.75], [0.0, rng.random(n), 1.0], rng.uniform(1, 2.8, n))
    core = chance(rng, 0.5, log_uniform(rng, 0.002, 0.6, n), 0.0, n)
    core = chance(rng, 0.15, -log_uniform(rng, 0.003, 0.3, n), core, n)  # the list was too long by that much
    lumpy = rng.random(n) < 0.25
    report_gap = np.where(lumpy, log_uniform(rng, 2, 25, n), 1.0)
    start = rng.random(n)  # a slow start: logistic, linear, or by word of mouth
    start_at = tau * log_uniform(rng, 0.1, 3, n)
    start_width = start_at * rng.uniform(0.1, 0.6, n)
    drift = log_uniform(rng, 0.04, 1.3, n) / np.sqrt(tau)
    revert = chance(rng, 0.5, 0.0, 1 / (tau * log_uniform(rng, 0.2, 3, n)), n)
    jump_rate, jump_size = chance(rng, 0.6, rng.uniform(0, 1.5, n), 0.0, n) / tau, rng.uniform(0.3, 1.6, n)
    fading = chance(rng, 0.4, 0.0, rng.normal(0.3, 0.5, n), n) / tau
    stalls = rng.random(n) < 0.35
    idle_share = chance(rng, 0.5, 0.0, rng.uniform(0.02, 0.3, n), n)
    idle_days, busy_days = tau * log_uniform(rng, 0.1, 3, n), tau * log_uniform(rng, 0.3, 4, n)
    sweep_at = chance(rng, np.where(lumpy, 0.45, 0.1), tau * log_uniform(rng, 0.7, 8, n), never, n)
    sweep_force, sweeps_core = log_uniform(rng, 3, 40, n) * np.where(lumpy, 8, 1), rng.random(n) < 0.7
    release_at = np.where((core > 0) & (rng.random(n) < 0.3), tau * log_uniform(rng, 0.7, 6, n), never)
    stop_at = chance(rng, 0.15, tau * log_uniform(rng, 0.7, 8, n), never, n)
    stop_share = chance(rng, 0.5, 0.0, rng.uniform(0, 0.1, n), n)
    deadline = chance(rng, 0.1, tau * log_uniform(rng, 0.7, 4, n), never, n)
    rush_width, rush_force = tau * log_uniform(rng, 0.1, 0.6, n), rng.uniform(1, 8, n)
    weekday, weekdays = chance(rng, 0.3, rng.uniform(0.2, 1, n), 0.0, n), rng.random((n, 7))
    second = chance(rng, 0.3, rng.uniform(0.1, 0.8, n), 0.0, n)  # a second group with its own hazard and start
    second_hazard = log_uniform(rng, 0.03, 1.5, n) / tau
    second_at = chance(rng, 0.5, 0.0, tau * log_uniform(rng, 0.3, 3, n), n)
    people, daily_noise = np.round(10 ** rng.uniform(1.7, 6, n)), 1.5 * log_uniform(rng, 0.003, 0.3, n)
    eligible = people / (1 - chance(rng, 0.6, 0.0, rng.uniform(0, 0.95, n), n))
    inflow = chance(rng, 0.2, log_uniform(rng, 0.001, 0.08, n), 0.0, n) / tau

    first, later, log_force, shown, busy = 1 - second, second.copy(), np.zeros(n), np.ones(n), np.ones(n, bool)
    remaining, listed = np.empty((n, steps), np.float32), np.empty((n, steps), np.float32)
    for t in range(steps):
        total = first + later
        shown = np.where(rng.random(n) < 1 / report_gap, total, shown)
        remaining[:, t], listed[:, t] = shown * people, eligible
        log_force += drift * rng.standard_normal(n) - revert * log_force - fading
        log_force += np.where(rng.random(n) < jump_rate, jump_size * rng.standard_normal(n), 0.0)
        busy ^= stalls & (rng.random(n) < np.where(busy, 1 / busy_days, 1 / idle_days))
        force = np.exp(np.clip(log_force, -6, 4)) * np.where(busy, 1.0, idle_share)
        force *= np.select(
            [start < 0.35, start < 0.5, start < 0.62],
            [
                1 / (1 + np.exp(-np.clip((t - start_at) / start_width, -30, 30))),
                np.minimum(1, (t + 1) / start_at),
                1.5 * np.clip(1.02 - total, 0, 1),
            ],
            1.0,
        )
        swept = t >= sweep_at
        force *= np.where(swept, sweep_force, 1.0) * np.where(t >= stop_at, stop_share, 1.0)
        force *= np.where(np.isfinite(deadline), 1 + rush_force * np.exp(np.minimum((t - deadline) / rush_width, 0)), 1.0)
        force *= np.where(t > deadline + 2, 0.03, 1.0) * (1 - weekday + 2 * weekday * weekdays[:, t % 7])
        force *= np.exp(daily_noise * rng.standard_normal(n))
        stays = np.where((t >= release_at) | (swept & sweeps_core), np.minimum(core, 0), core)
        open_first = np.maximum(first - stays * (1 - second), 0)
        open_later = np.maximum(later - np.maximum(stays, 0) * second, 0)
        bent = np.where(swept, np.minimum(power, 1), power)
        come = np.where(bent == 0, 0.6 * (open_first > 0), np.maximum(open_first, 1e-12) ** bent)
        come = np.minimum(force * come / tau, open_first)
        come_later = np.minimum(second_hazard * force * (t >= second_at) * open_later, open_later)
        expected = (come + come_later) * people
        counted = np.minimum(np.where(expected < 30, rng.poisson(np.minimum(expected, 60)), expected), total * people)
        ratio = np.where(expected > 0, counted / np.maximum(expected, 1e-12), 0.0)
        first = np.maximum(first - come * ratio, 0) + inflow
        later = np.maximum(later - come_later * ratio, 0)
        eligible = eligible + inflow * people
    whole = np.maximum(np.round(remaining), 0).astype(float)
    return whole, np.maximum(np.round(listed), whole)
