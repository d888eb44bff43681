"""Make ektp_analysis/projection/constants.npz: simulate the library, fit the networks, write their weights.

    python -m tests.benchmarks.training.make_constants            about ten minutes on one quiet core
    python -m tests.benchmarks.training.make_constants --probe    only the small run that the test compares

No real series is read: every constant comes from simulated campaigns and the seeds below. The file also keeps the
outcome of a small run (``probe``), so that a test can tell in seconds whether this script still makes it, and the digest
of all that it holds, so that no constant is changed by hand.
"""

from __future__ import annotations

import argparse
import hashlib
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from ektp_analysis.projection.networks import CONSTANTS
from tests.benchmarks.training import durations, hazards, structures
from tests.benchmarks.training.cases import cases
from tests.benchmarks.training.fit import train

SEED, CAMPAIGNS, BATCHES, STEPS = 20230620, (4000, 4000, 6000), 8, 7000
GENERATORS = (hazards.campaigns, durations.campaigns, structures.campaigns)
# Four networks take the world for all kinds, one for the drifting kinds alone: neither belief is safe.
BELIEFS = ((0, 1, 2),) * 4 + ((0, 1),)
NETWORKS = len(BELIEFS)


def part(seed, kind, batch, campaigns):
    """Cases of one batch of campaigns of one kind."""
    return cases(np.random.default_rng([seed, kind, batch]), GENERATORS[kind], campaigns)


def joined(parts):
    """Libraries as one."""
    return {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}


def probe():
    """Output weights of a network after a few steps on a small library: a fingerprint of the whole procedure."""
    small = joined([part(SEED, kind, 0, 40) for kind in range(len(GENERATORS))])
    network, mean, _scale = train(small, seed=SEED, steps=20)
    return np.concatenate([mean, network.biases[-1]]).astype(np.float64)


def digest(arrays):
    """SHA-256 of the named arrays, as bytes; an array of that name is left out."""
    found = hashlib.sha256()
    for name in sorted(set(arrays) - {"digest"}):
        found.update(name.encode() + np.ascontiguousarray(arrays[name]).tobytes())
    return np.frombuffer(found.digest(), dtype=np.uint8)


HELD = {}


def hold(library):
    """Keep the library, by kind and batch, in a process of the pool."""
    HELD["library"] = library


def network(k, steps):
    """Network ``k`` as its scaling and its layers, fitted to the kinds that it believes in."""
    known = joined([one for (kind, _batch), one in HELD["library"].items() if kind in BELIEFS[k]])
    found, mean, scale = train(known, seed=SEED + k, steps=steps)
    scaling = {"mean": mean.astype(np.float32), "scale": scale.astype(np.float32)}
    return scaling, list(zip(found.weights, found.biases, strict=True))


def make(batches=BATCHES, campaigns=CAMPAIGNS, steps=STEPS):
    """The arrays of the constants file."""
    wanted = [(kind, batch) for kind in range(len(GENERATORS)) for batch in range(batches)]
    with Pool() as pool:
        parts = pool.starmap(part, [(SEED, kind, batch, campaigns[kind]) for kind, batch in wanted], chunksize=1)
    with Pool(initializer=hold, initargs=(dict(zip(wanted, parts, strict=True)),)) as pool:
        made = pool.starmap(network, [(k, steps) for k in range(NETWORKS)], chunksize=1)
    out = {"probe": probe()}
    for k, (scaling, layers) in enumerate(made):
        out.update({f"{name}{k}": value for name, value in scaling.items()})
        for layer, (w, b) in enumerate(layers):
            out[f"w{k}{layer}"], out[f"b{k}{layer}"] = w, b
    return {**out, "digest": digest(out)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probe", action="store_true")
    parser.add_argument("--out", type=Path, default=CONSTANTS)
    args = parser.parse_args()
    if args.probe:
        print(probe())
    else:
        np.savez_compressed(args.out, **make())
