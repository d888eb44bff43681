"""How often the intervals hold on a kind of campaign that the library lacks: each kind left out in turn.

    python -m tests.benchmarks.training.unforeseen      about ten minutes; one small network for each kind left out

The world holds kinds that nobody thought of. What the library's own kinds lose when they are left out tells how much;
``networks.SPREAD`` widens the intervals by that. No real series and no kind of tests/benchmarks/simulated.py is used.
"""

from __future__ import annotations

from multiprocessing import Pool

import numpy as np

from ektp_analysis.projection.features import base_log_time, describe_target
from ektp_analysis.projection.networks import LEVELS, Network
from tests.benchmarks.simulated import chance_by
from tests.benchmarks.training import durations, hazards, structures
from tests.benchmarks.training.cases import cases
from tests.benchmarks.training.fit import train

SEED, CAMPAIGNS, STEPS = 20240601, 1500, 1500
SPREADS = (1.0, 1.1, 1.2, 1.3)


NAMES = ("hazards", "durations", *(kind.__name__ for kind in structures.KINDS))
BATCHES = (4, 4, *(1 for _ in structures.KINDS))
HELD_OUT = 99  # the batch that is scored


def part(number, batch):
    """Cases of one batch of one kind."""
    rng = np.random.default_rng([SEED, number, batch])

    def generate(rng, n, steps):
        if number < 2:
            return (hazards, durations)[number].campaigns(rng, n, steps)
        return structures.campaigns(rng, n, steps, kinds=(number - 2,))

    return cases(rng, generate, 400 if batch == HELD_OUT else CAMPAIGNS)


def ranks(network, held, spread, rng):
    """Rank of each known outcome of a library within its horizon; past it a random one of the chances left."""
    i, j = np.nonzero(~np.isnan(held["fraction"]))
    picks = rng.permutation(len(i))[:4000]
    i, j = i[picks], j[picks]
    fraction, came, horizon = held["fraction"][i, j], held["days"][i, j], held["horizon"][i]
    logs = network(np.concatenate([held["features"][i], describe_target(fraction)], 1))
    logs += base_log_time(fraction, held["hazard"][i])[:, None]
    middle = logs[:, len(LEVELS) // 2, None]
    said = np.exp(np.minimum(middle + spread * (logs - middle), 40.0))
    within = np.array([chance_by(h, q) for h, q in zip(horizon, said, strict=True)])
    hit = np.array([chance_by(min(y, h), q) for y, h, q in zip(came, horizon, said, strict=True)])
    return np.where(came <= horizon, hit, within + (1 - within) * rng.random(len(within)))


HELD = {}


def hold(library):
    """Keep the library in a process of the pool."""
    HELD["library"] = library


def left_out(number):
    """Shares held by the 80 and 50 % intervals (spreads, 2) on a kind by a network that never saw it."""
    library = HELD["library"]
    known = [one for (kind, batch), one in library.items() if kind != number and batch != HELD_OUT]
    fitted, mean, scale = train({key: np.concatenate([one[key] for one in known]) for key in known[0]}, seed=SEED, steps=STEPS)
    network = Network(mean, scale, tuple(zip(fitted.weights, fitted.biases, strict=True)))
    found = []
    for spread in SPREADS:
        rank = ranks(network, library[number, HELD_OUT], spread, np.random.default_rng(SEED))
        found.append((np.mean((rank >= 0.1) & (rank <= 0.9)), np.mean((rank >= 0.25) & (rank <= 0.75))))
    return np.array(found)


def main() -> None:
    wanted = [(number, batch) for number, n in enumerate(BATCHES) for batch in (*range(n), HELD_OUT)]
    with Pool() as pool:
        library = dict(zip(wanted, pool.starmap(part, wanted, chunksize=1), strict=True))
    with Pool(initializer=hold, initargs=(library,)) as pool:
        found = pool.map(left_out, range(len(NAMES)), chunksize=1)
    print(f"{'left out':12s}" + "".join(f"  spread {spread}: 80 %, 50 %" for spread in SPREADS))
    for name, row in zip((*NAMES, "mean"), (*found, np.mean(found, axis=0)), strict=True):
        print(f"{name:12s}" + "".join(f"          {a:.3f}  {b:.3f}  " for a, b in row))


if __name__ == "__main__":
    main()
