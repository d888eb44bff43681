"""Make ektp_analysis/projection/examples.npz: some campaigns of the training library, to be shown beside an answer.

    python -m tests.benchmarks.training.make_examples             about half a minute on one quiet core

The campaigns come from the generators, schedules and origins that the constants were made from, in the same shares of kinds, by
seeds of their own; one origin of each. No constant depends on them. The file keeps the digest of all that it holds, and each
batch has its own seed, so that a test can make one of them anew.
"""

from __future__ import annotations

from functools import partial
from multiprocessing import Pool

import numpy as np

from ektp_analysis.projection.examples import AHEAD, EXAMPLES, KINDS
from ektp_analysis.projection.features import describe
from tests.benchmarks.training import durations, hazards, structures
from tests.benchmarks.training.cases import UNKNOWN_ELIGIBLE, origins, schedule
from tests.benchmarks.training.make_constants import CAMPAIGNS, digest

SEED, NUMBER, STEPS, BATCH = 20230621, 800, 700, 30
GENERATORS = (
    hazards.campaigns,
    durations.campaigns,
    *(partial(structures.campaigns, kinds=(number,)) for number in structures.ALL),
)
SHARES = np.array([*CAMPAIGNS[:2], *(CAMPAIGNS[2] * np.array(structures.WEIGHTS))]) / sum(CAMPAIGNS)


def batch(kind, number):
    """(features (m, d), courses (m, ahead)) of the campaigns of one batch of a kind that are seen and go on."""
    rng = np.random.default_rng([SEED, kind, number])
    features, courses = [], []
    for remaining, eligible in zip(*GENERATORS[kind](rng, BATCH, STEPS), strict=True):
        days = origins(rng, remaining, eligible, STEPS)
        if not days:
            continue
        i = int(rng.choice(days))
        seen = schedule(rng, i)
        if len(seen) < 2 or remaining[seen[0]] - remaining[i] < max(1, 0.01 * remaining[i]):
            continue
        known = None if rng.random() < UNKNOWN_ELIGIBLE else eligible[seen]
        found, hazard = describe((seen - i).astype(float), remaining[seen], known)
        features.append(found)
        courses.append(course(remaining[i:], AHEAD / hazard))
    return np.array(features, np.float16), np.array(courses, np.float16)


def course(future, at):
    """Share of the first count left at the days ``at``; NaN after the end, and 0 once nobody was left."""
    left = np.interp(at, np.arange(len(future)), np.minimum.accumulate(future) / future[0])
    return np.where((at <= len(future) - 1) | (future.min() <= 0), left, np.nan)


def of_kind(kind):
    """The campaigns of a kind, as many as its share asks for, from as many batches as that takes."""
    wanted, features, courses, number = round(NUMBER * SHARES[kind]), [], [], 0
    while sum(map(len, features)) < wanted:
        more, ahead = batch(kind, number)
        features.append(more)
        courses.append(ahead)
        number += 1
    return np.concatenate(features)[:wanted], np.concatenate(courses)[:wanted]


def main() -> None:
    with Pool() as pool:
        found = pool.map(of_kind, range(len(KINDS)), chunksize=1)
    out = {
        "features": np.concatenate([features for features, _courses in found]),
        "courses": np.concatenate([courses for _features, courses in found]),
        "kinds": np.repeat(np.arange(len(KINDS), dtype=np.uint8), [len(features) for features, _courses in found]),
    }
    np.savez_compressed(EXAMPLES, **out, digest=digest(out))
    print(f"{len(out['kinds'])} campaigns, {EXAMPLES.stat().st_size} bytes")


if __name__ == "__main__":
    main()
