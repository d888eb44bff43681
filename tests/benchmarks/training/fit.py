"""A small network that maps features to quantiles of the log time, fitted to the score itself, in numpy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ektp_analysis.projection.features import base_log_time, describe_target

LEVELS = np.arange(5, 100, 5) / 100
BATCH, RATE = 2048, 2e-3
LOG_WEIGHT = 1.0  # of the pinball loss in log days beside the one in days per horizon
INPUT_NOISE = 0.1  # added to the standardised features: keeps the map smooth
LEAK = 0.02  # gradient left where the quantile is past the horizon, or past what is known, and the target was reached
LAST_LOG_TIME = 16.0


class Network:
    """Two hidden layers (x * sigmoid(x)), an output that cannot cross: first quantile, then positive steps."""

    def __init__(self, sizes, rng):
        self.weights = [(rng.standard_normal((a, b)) * np.sqrt(1.4 / a)).astype(np.float32) for a, b in pairwise(sizes)]
        self.biases = [np.zeros(b, np.float32) for b in sizes[1:]]
        self.weights[-1] *= np.float32(0.1)
        self.biases[-1][:] = -1.5
        self.moments = [(np.zeros_like(p), np.zeros_like(p)) for p in self.parameters]
        self.step = 0

    @property
    def parameters(self):
        return [*self.weights, *self.biases]

    def forward(self, x):
        self.inputs, self.gates, last = [x], [], len(self.weights) - 1
        for layer, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            z = self.inputs[-1] @ w + b
            if layer == last:
                self.out = z
            else:
                gate = 1 / (1 + np.exp(-np.clip(z, -60, 60)))
                self.gates.append((z, gate))
                self.inputs.append(z * gate)
        return np.concatenate([self.out[:, :1], self.out[:, :1] + np.cumsum(np.logaddexp(0, self.out[:, 1:]), 1)], 1)

    def learn(self, gradient, rate):
        summed = np.cumsum(gradient[:, ::-1], 1)[:, ::-1]
        g = summed.copy()
        g[:, 1:] *= 1 / (1 + np.exp(-np.clip(self.out[:, 1:], -60, 60)))
        by_weight, by_bias = [], []
        for layer in reversed(range(len(self.weights))):
            by_weight.insert(0, self.inputs[layer].T @ g)
            by_bias.insert(0, g.sum(0))
            if layer:
                z, gate = self.gates[layer - 1]
                g = (g @ self.weights[layer].T) * (gate * (1 + z * (1 - gate)))
        self.step += 1
        for p, g, (m, v) in zip(self.parameters, by_weight + by_bias, self.moments, strict=True):
            m += 0.1 * (g - m)
            v += 0.01 * (g * g - v)
            p -= (rate * (m / (1 - 0.9**self.step)) / (np.sqrt(v / (1 - 0.99**self.step)) + 1e-8)).astype(np.float32)


def loss_gradient(quantiles, base, days, horizon, known):
    """Gradient with respect to the quantiles of log time.

    One part is the CRPS in days capped at the horizon, per horizon, as the benchmark scores; the other is the pinball
    loss of the log time over all that is known, so that what lies past the horizon, and never, are learnt as well. Past
    what is known neither pulls: a campaign that was watched briefly must not draw the late quantiles in.
    """
    log_time = np.minimum(base[:, None] + quantiles, LAST_LOG_TIME)
    time, cap = np.exp(log_time), horizon[:, None]
    reached, truth, past = (days <= horizon)[:, None], np.minimum(days, horizon)[:, None], np.exp(log_time) >= cap
    side = np.where(np.minimum(time, cap) < truth, -LEVELS, np.where(np.minimum(time, cap) > truth, 1 - LEVELS, 0.0))
    in_days = side * np.where(past, np.where(reached, LEAK * cap, 0.0), time) / cap
    log_truth, log_known = np.log(np.minimum(days, known))[:, None], np.log(known)[:, None]
    above = np.where((days > known)[:, None], 0.0, 1 - LEVELS) * np.where(log_time > log_known, LEAK, 1.0)
    in_logs = np.where(log_time < log_truth, -LEVELS, above)
    return 2 / len(LEVELS) * (in_days + LOG_WEIGHT * in_logs) / len(days)


def train(library, *, seed, steps, hidden=(64, 64)):
    """(network, mean, scale) fitted to a library of cases; deterministic for a seed."""
    rng = np.random.default_rng(seed)
    case, column = np.nonzero(~np.isnan(library["days"]))
    picks = rng.integers(0, len(case), 20_000)
    sample = np.concatenate(
        [library["features"][case[picks]], describe_target(library["fraction"][case[picks], column[picks]])], 1
    )
    mean, scale = sample.mean(0), sample.std(0) + 1e-6
    network = Network((len(mean), *hidden, len(LEVELS)), rng)
    for step in range(steps):
        k = rng.integers(0, len(case), BATCH)
        i, fraction, days = case[k], library["fraction"][case[k], column[k]], library["days"][case[k], column[k]]
        horizon = library["horizon"][i]
        horizon = np.where(rng.random(BATCH) < 0.5, horizon, np.maximum(horizon * rng.random(BATCH), 3))
        x = (np.concatenate([library["features"][i], describe_target(fraction)], 1) - mean) / scale
        x = np.clip(x, -4, 4) + INPUT_NOISE * rng.standard_normal(x.shape)
        gradient = loss_gradient(
            network.forward(x.astype(np.float32)),
            base_log_time(fraction, library["hazard"][i]),
            days,
            horizon,
            library["known"][i],
        )
        rate = RATE * min(1.0, (step + 1) / 200) * 0.5 * (1 + np.cos(np.pi * step / steps))
        network.learn(gradient.astype(np.float32), rate)
    return network, mean, scale
