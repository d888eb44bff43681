"""Some of the simulated campaigns that the projection has learnt from, and those among them that are most like a history.

A few hundred campaigns of all kinds (tests/benchmarks/training makes the file) stand for the many thousands of the training
library: what each looked like on a day, of which kind it is, and how it went on. None of it enters an answer; it shows which
kinds of campaign an answer rests on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ektp_analysis.projection import networks, steady
from ektp_analysis.projection.features import COUNT, describe_many
from ektp_analysis.projection.history import History
from ektp_analysis.projection.outlook import falls, learnable
from ektp_analysis.projection.paths import Floats

EXAMPLES = Path(__file__).with_name("examples.npz")
KINDS = ("drifting", "places", "even", "share", "waves", "batches", "deadline", "trickle")  # as the file counts them
# How far ahead the courses are kept: in units of 1 / reference hazard (a constant share leaves 1/e after one of them), finer near
# the origin.
AHEAD: Floats = np.r_[0.0, np.geomspace(0.04, 8.0, 28)]
SHOWN = 12  # nearest campaigns: enough to count kinds, few enough to be drawn as lines
FARTHEST = 4.0  # standard deviations at which a feature is cut, as the networks do


@dataclass(frozen=True)
class Library:
    """Of n campaigns: features (n, COUNT), position in :data:`KINDS` (n,), and course (n, ahead) as share of the origin's
    count, NaN where the simulation had ended."""

    features: Floats
    kinds: npt.NDArray[np.uint8]
    courses: Floats


@dataclass(frozen=True)
class Nearest:
    """The campaigns most like a history, the nearest first: their kinds (of :data:`KINDS`), and the share of the last count
    that was left (n, k) so many ``days`` (k,) later, NaN where the simulation had ended.

    ``steady`` is the weight (0 to 1) that the answer gives to a steady pace beside what was learnt from the library; ``among``
    how many campaigns were compared.
    """

    kinds: tuple[str, ...]
    days: Floats
    left: Floats
    steady: float
    among: int

    @property
    def counted(self) -> Mapping[str, int]:
        """How many there are of each kind, the most first; of as many the nearer first."""
        return dict(Counter(self.kinds).most_common())

    def days_to(self, share: float) -> tuple[float | None, ...]:
        """The days after which at most ``share`` of the last count was left, one per campaign; None where never, or unseen."""
        return tuple(_first(self.days, row, share) for row in self.left)


def _first(days: Floats, left: Floats, share: float) -> float | None:
    """The day on which a falling course first meets ``share``, linear between the days."""
    met = np.flatnonzero(left <= share)
    if not len(met):
        return None
    k = int(met[0])
    if k == 0:
        return float(days[k])
    return float(days[k] - (share - left[k]) / (left[k - 1] - left[k]) * (days[k] - days[k - 1]))


@lru_cache(maxsize=1)
def load() -> Library:
    """The campaigns of the file."""
    with np.load(EXAMPLES) as file:
        return Library(file["features"].astype(float), file["kinds"], file["courses"].astype(float))


def nearest(past: History, n: int = SHOWN) -> Nearest | None:
    """The ``n`` campaigns whose features are nearest to those of a history; None where it shows no pace to compare.

    Each feature counts by its spread in the training library, as in the networks.
    """
    if not falls(past):
        return None
    days, counts, eligible = learnable(past, past.middle)
    days, rows, listed = networks.thinned(days, counts[None, :], None if eligible is None else eligible[None, :])
    features, hazard = describe_many(days, rows, listed)
    library = load()
    apart = _standard(library.features) - _standard(features)
    order = np.argsort((apart**2).sum(axis=1), kind="stable")[:n]
    weight, _pace, _error = steady.evidence(days, rows, listed)
    return Nearest(
        tuple(KINDS[int(kind)] for kind in library.kinds[order]),
        AHEAD / float(hazard[0]),
        library.courses[order],
        float(weight[0]) if weight[0] >= steady.LEAST else 0.0,
        len(library.kinds),
    )


def _standard(features: Floats) -> Floats:
    """Features in standard deviations of the training library."""
    by = networks.load()[0]
    return np.clip((features - by.mean[:COUNT]) / by.scale[:COUNT], -FARTHEST, FARTHEST)
