"""Make ektp_analysis/projection/constants.npz: simulate the library, fit the networks, write their weights.

    python -m tests.benchmarks.training.make_constants            about ten minutes on one core
    python -m tests.benchmarks.training.make_constants --probe    only the small run that the test compares

No real series is read: every constant comes from simulated campaigns and the seeds below. The file also keeps the
outcome of a small run (``probe``), so that a test can tell in seconds whether this script still makes it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from ektp_analysis.projection.learnt import CONSTANTS
from tests.benchmarks.training import durations, hazards
from tests.benchmarks.training.cases import cases
from tests.benchmarks.training.fit import train

SEED, BATCHES, CAMPAIGNS, STEPS, NETWORKS = 20230620, 18, 4000, 7000, 5
GENERATORS = (hazards.campaigns, durations.campaigns)


def library(seed, batches, campaigns):
    """Cases of both kinds of campaigns, half and half."""
    parts = [cases(np.random.default_rng([seed, kind, batch]), generate, campaigns)
             for kind, generate in enumerate(GENERATORS) for batch in range(batches)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def probe():
    """Output weights of a network after a few steps on a small library: a fingerprint of the whole procedure."""
    network, mean, _scale = train(library(SEED, 1, 40), seed=SEED, steps=20)
    return np.concatenate([mean, network.biases[-1]]).astype(np.float64)


def make(batches=BATCHES, campaigns=CAMPAIGNS, steps=STEPS, networks=NETWORKS):
    """The arrays of the constants file."""
    known = library(SEED, batches, campaigns)
    out = {"probe": probe()}
    for k in range(networks):
        network, mean, scale = train(known, seed=SEED + k, steps=steps)
        out[f"mean{k}"], out[f"scale{k}"] = mean.astype(np.float32), scale.astype(np.float32)
        for layer, (w, b) in enumerate(zip(network.weights, network.biases, strict=True)):
            out[f"w{k}{layer}"], out[f"b{k}{layer}"] = w, b
        print(f"network {k + 1} of {networks}", flush=True)
    return out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probe", action="store_true")
    parser.add_argument("--out", type=Path, default=CONSTANTS)
    args = parser.parse_args()
    if args.probe:
        print(probe())
    else:
        np.savez_compressed(args.out, **make())
