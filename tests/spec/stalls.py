"""Histories that end in a stall, and histories that do not though something is low at their end; made apart from the code.

A planner looks at the pace of each step: it stalls when nearly nothing has been done for some weeks where much was done before,
all at once. It does not when it has always been uneven, fades by and by, pauses as it did before, or goes on again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A history, and how many days before its end the stall begins (None: it does not stall)."""

    kind: str
    days: Floats
    remaining: Floats
    quiet: float | None
    made: Mapping[str, float]


@dataclass(frozen=True)
class Frame:
    """What all kinds are made from: steps of so many days, their time from 0 to 1, how uneven they are, days of quiet."""

    rng: np.random.Generator
    step: int
    time: Floats
    uneven: float
    steps_quiet: int

    @property
    def noise(self) -> Floats:
        """How much of what was to be expected comes in each step: 1 in the mean, less uneven the longer the step."""
        if not self.uneven:
            return np.ones_like(self.time)
        shape = self.step / 7 / self.uneven**2
        return self.rng.gamma(shape, 1 / shape, len(self.time))

    def until(self, pace: Floats, rest: float) -> Floats:
        """The pace, all at once at ``rest`` of what it was when the quiet begins."""
        begins = len(pace) - self.steps_quiet
        return np.where(np.arange(len(pace)) < begins, pace, rest * pace[begins - 1])


Made = Callable[[Frame], Floats]
even, slowing = np.ones_like, lambda time: np.exp(-2 * time)
STALLS: Mapping[str, Made] = {
    "still": lambda f: f.until(even(f.time), 0.0) * f.noise,
    "a tenth of it": lambda f: f.until(even(f.time), 0.08) * f.noise,
    "slower, then still": lambda f: f.until(np.exp(-1.0 * f.time), 0.0) * f.noise,
    "faster, then still": lambda f: f.until(0.5 + f.time, 0.0) * f.noise,
}


def _resumed(f: Frame) -> Floats:
    """Still for a while, and at work again for as long as a month or two steps."""
    again = max(round(30 / f.step), 2)
    pace = even(f.time)
    pace[-again - f.steps_quiet : -again] = 0.0
    return pace * f.noise


def _paused_before(f: Frame) -> Floats:
    """Still as it was once before, for a little longer then; at work most of the time."""
    pace, before, still = even(f.time), len(f.time) // 3, max(min(f.steps_quiet, len(f.time) // 8), 1)
    pace[before : before + still + 1] = 0.0
    pace[-still:] = 0.0
    return pace * f.noise


def _one_low(f: Frame) -> Floats:
    """One step without anything: a late report, or chance."""
    pace = even(f.time)
    pace[-1] = 0.0
    return pace * f.noise


NONE: Mapping[str, Made] = {
    "even": lambda f: even(f.time) * f.noise,
    "slowing": lambda f: slowing(f.time) * f.noise,
    "slowing fast": lambda f: np.exp(-5 * f.time) * f.noise,
    "to an end": lambda f: (1 - f.time) ** 2 * f.noise,
    "a wave that fades": lambda f: np.exp(-(((f.time - 0.35) / 0.3) ** 2)) * f.noise,
    "faster and faster": lambda f: (0.2 + f.time) * f.noise,
    "half of it": lambda f: f.until(even(f.time), 0.5) * f.noise,
    "resumed": _resumed,
    "paused as before": _paused_before,
    "one low step": _one_low,
}
KINDS: Mapping[str, Made] = {**STALLS, **NONE}


def case(kind: str, seed: int) -> Case:
    """A case of a kind; the same for the same seed."""
    rng = np.random.default_rng([20261, seed, *kind.encode()])
    step, pace = int(rng.choice([1, 7, 7, 14, 30])), float(rng.choice([20, 35, 140]))
    n, uneven = int(rng.integers(300, 500)) // step, float(rng.choice([0.0, 0.2, 0.35]))
    quiet = max(round(rng.integers(28, 100) / step), 2)
    frame = Frame(rng, step, (np.arange(n) + 0.5) / n, uneven, quiet)
    falls = KINDS[kind](frame) * pace * step / 7
    left = float(rng.choice([0.3, 1.0, 3.0])) * pace * 20
    remaining = np.round(left + np.r_[np.cumsum(falls[::-1])[::-1], 0.0])
    made = {"step": step, "pace": pace, "uneven": uneven, "quiet": quiet * step, "left": round(left)}
    return Case(kind, -np.arange(n + 1.0)[::-1] * step, remaining, float(quiet * step) if kind in STALLS else None, made)
