"""Histories that anyone can judge by eye, and what a planner expects of them; made apart from the projection.

A case is a campaign of one kind with a pace, a spacing, a length and a share unrecorded of its own. Where the pace is steady,
zero comes from a little before the line to a third after it, and half and nine tenths of those left follow the line closely.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

Floats = npt.NDArray[np.float64]
HORIZON = 730.0
PACES, STEPS, WEEKS = (7, 20, 35, 140), (1, 7, 7, 14, 30), (26, 104)  # people a week, days between, weeks at least and at most
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Expected:
    """Of a fraction of today's count: bounds of the median in days (None: any), and of the chance of never."""

    fraction: float
    median: Bounds | None
    never: Bounds


@dataclass(frozen=True)
class Sane:
    """A history, what is expected of it, and how it was made."""

    kind: str
    days: Floats
    remaining: Floats
    eligible: Floats
    expected: tuple[Expected, ...]
    made: Mapping[str, float]


def steady(line: float, slack: float, never: float) -> tuple[Expected, ...]:
    return (
        Expected(0.0, (line * (1 - slack), line * (1.2 + slack)), (0, never)),
        Expected(0.5, (line * 0.5 * (1 - slack), line * 0.5 * (1 + slack)), (0, 0.10)),
        Expected(0.1, (line * 0.9 * (1 - slack), line * 0.9 * (1.1 + slack)), (0, 0.20)),
    )


@dataclass(frozen=True)
class Frame:
    """What all kinds are made from: weeks ago of each snapshot, people a week, those left, the line's day."""

    rng: np.random.Generator
    back: Floats
    step: int
    weeks: int
    pace: int
    left: float
    line: float

    @property
    def straight(self) -> Floats:
        return self.left + self.pace * self.back

    @property
    def span(self) -> float:
        return float(self.weeks * 7)


Made = tuple[Floats, tuple[Expected, ...]]


def _steady(f: Frame) -> Made:
    return f.straight, steady(f.line, 0.15, 0.35)


def _uneven(f: Frame) -> Made:
    steps = f.rng.gamma(4, 0.25, len(f.back) - 1) * f.pace * f.step / 7
    return f.left + np.r_[np.cumsum(steps[::-1])[::-1], 0], steady(f.line, 0.30, 0.40)


def _corrected(f: Frame) -> Made:
    size = f.pace / 2 * max(np.sqrt(f.step / 7), 0.4)
    return f.straight + np.r_[f.rng.normal(0, size, len(f.back) - 1), 0], steady(f.line, 0.25, 0.35)


def _holiday(f: Frame) -> Made:
    weeks, ago = int(f.rng.integers(2, 5)), int(f.rng.integers(8, max(9, f.weeks - 6)))
    return f.left + f.pace * (f.back - np.clip(f.back - ago, 0, weeks)), steady(f.line, 0.25, 0.40)


def _decay(f: Frame) -> Made:
    """A tenth less in each of 26 steps: slow at the end, yet mostly reached."""
    left = f.left * 0.9 ** (-f.back * 26 / f.weeks)
    return left, (Expected(0.0, None, (0, 0.60 if f.span < 330 else 1.0)),)


def _faster(f: Frame) -> Made:
    k = np.linspace(0, 25, len(f.back))
    return (3000 - 4 * k * k) * f.pace / 20, (Expected(0.0, (20 / 182 * f.span, 120 / 182 * f.span), (0, 0.30)),)


def _flat(f: Frame) -> Made:
    return f.left + np.maximum(0, f.back - f.weeks * 0.65) * f.pace * 2.5, (Expected(0.0, None, (0.8, 1)),)


def _after_the_deadline(f: Frame) -> Made:
    slow = f.weeks * 8 / 34
    fast = f.left * 1.05 + f.left * 9 * (f.back - slow) / (f.weeks - slow)
    return np.where(f.back > slow, fast, f.left + f.left * 0.05 * f.back / slow), (Expected(0.0, None, (0.5, 1)),)


KINDS: Mapping[str, tuple[float, Callable[[Frame], Made]]] = {
    "steady": (0.28, _steady),
    "the list grows": (0.13, _steady),
    "uneven": (0.16, _uneven),
    "corrections": (0.13, _corrected),
    "holiday": (0.11, _holiday),
    "flat": (0.06, _flat),
    "a tenth less each time": (0.05, _decay),
    "faster and faster": (0.04, _faster),
    "after the deadline": (0.04, _after_the_deadline),
}


def case(seed: int) -> Sane:
    """A case of a kind drawn by its share; the same for the same seed."""
    rng = np.random.default_rng([20260, seed])
    kind = str(rng.choice(list(KINDS), p=[share for share, _make in KINDS.values()]))
    pace, step = int(rng.choice(PACES)), int(rng.choice(STEPS))
    weeks = int(rng.integers(WEEKS[0], WEEKS[1] + 1))
    return _made(kind, rng, pace, step, weeks)


@st.composite
def cases(draw: st.DrawFn) -> Sane:
    """Cases of any kind, each by its share, as Hypothesis draws them: it likes the ends of what it may choose from."""
    kind = draw(st.sampled_from([kind for kind, (share, _make) in KINDS.items() for _ in range(round(100 * share))]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return _made(kind, rng, draw(st.sampled_from(PACES)), draw(st.sampled_from(STEPS)), draw(st.integers(*WEEKS)))


def _made(kind: str, rng: np.random.Generator, pace: int, step: int, weeks: int) -> Sane:
    back = np.arange(max(weeks * 7 // step, 11), -1, -1) * step / 7
    most = min(float(weeks * 7), 400.0)
    line = float(rng.uniform(0.3 * most, min(1.95 * weeks * 7, 400)))
    remaining, expected = KINDS[kind][1](Frame(rng, back, step, weeks, pace, pace * line / 7, line))
    remaining = np.round(np.maximum(remaining, 0))
    share = float(rng.uniform(0.01, 0.30))
    eligible = np.full(len(back), np.round(max(remaining[0] / share, 1.5 * remaining.max())))
    if kind == "the list grows":
        eligible = np.round(eligible * (1 + rng.uniform(0.005, 0.03) * (back[0] - back) / 52))
    made = {"pace": pace, "step": step, "weeks": weeks, "line": round(line), "share": round(share, 2)}
    return Sane(kind, -7 * back, remaining, eligible, expected, made)
