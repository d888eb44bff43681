"""A campaign that goes on at one pace: how surely a history is one, and how long it then takes.

The history is cut into quarters of its time. Where the net fall in them is as even as the noise of its steps allows, not as
uneven as campaigns are, and does not shrink with those left, the campaign is steady. A holiday that has ended is no
unevenness: it is taken out of the time that is cut. The evidence counts for less with few snapshots or weeks, where most
people were unrecorded at first (there a steady pace often ends in a plateau), and where it is quiet at the end for longer
than it has been before. What is steady arrives about when the straight line does; only the last tenth may take longer. The
weight moves smoothly with every figure. Pure numpy.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from ektp_analysis.projection.paths import Floats

QUARTERS = 4
EVEN, UNEVEN = 0.12, 0.6  # spread of the quarters about their mean in a steady campaign, and in others
SLOPE_EVEN, SLOPE_OTHER = 0.3, 0.6  # spread of the pace's slope on those left: about 0 in a steady campaign, 1 in others
PRIOR = 0.3  # share of steady campaigns among those that could be
MOST = 0.9  # weight of what was steady throughout
SNAPSHOTS = (4, 8)  # none of the weight up to the first, all of it from the second on
DAYS = (21.0, 49.0)
FIRST_SHARE = (0.3, 0.4)  # unrecorded of the eligible at first: all of the weight up to the first, none from the second on
QUIET = 0.25  # of the pace before: below it a campaign is quiet
PAUSE, PAUSE_DAYS = 0.09, 20.0  # of the span, and at most: so long a quiet end, beyond pauses before, divides the weight by e
LEAST_PAUSE = 7.0  # days; no quiet end needs to last longer than what is left would have taken, but so long at least
WEEKEND = 3.0  # days without work that are none of a pause, however far apart the snapshots
# A pause that has ended: steps below the second share of the pace a little, from the first on in full; lasting days of work
# lost, from the second number on in full, up to the third, no longer beyond the fourth; since when the pace came back (shares
# of it), for as long as the pause (shares of its length); all pauses together at most so much of the time.
PAUSED, PAUSE_LASTS, PACE_IS_BACK, BACK_FOR, MOST_PAUSED = (0.1, 0.25), (7.0, 14.0, 42.0, 84.0), (0.25, 0.5), (0.5, 1.0), 0.25
UNKNOWN_SHARE = 0.3  # unrecorded of the eligible, where those are unknown
SPREAD, DRIFT = 0.13, 0.15  # of the log days: at once, and for each span ahead
LAST, LAST_SPREAD = 0.1, 0.5  # the last tenth takes twice as long as on the line, give or take its half
LEAST = 0.01  # a weight below it changes nothing
_BEYOND: Floats = np.array([-3.5, 3.5])  # normal scores at which a distribution is looked at beside its quantiles


def evidence(days: Floats, remaining: Floats, eligible: Floats | None) -> tuple[Floats, Floats, Floats]:
    """(weight 0 to 1, people a day, relative error of that pace) of n histories on the same days: arrays (n,).

    ``days`` (t >= 2) increase to 0; ``remaining`` (n, t) ends above 0; ``eligible`` likewise, or None where unknown. Where no
    history can have a weight, none is looked at and the error is 0.
    """
    span, count = -float(days[0]), len(days)
    fall = remaining[:, 0] - remaining[:, -1]
    pace = fall / span
    share = np.full(len(fall), UNKNOWN_SHARE) if eligible is None else remaining[:, 0] / np.maximum(eligible[:, 0], 1e-9)
    seen, long, low = _ramp(count, *SNAPSHOTS), _ramp(span, *DAYS), 1 - _ramp(share, *FIRST_SHARE)
    if not (seen * long * low).any():
        return np.zeros(len(fall)), np.where(fall > 0, pace, np.nan), np.zeros(len(fall))
    known = np.where(fall > 0, fall, 1.0)
    odds = _even(_worked(np.diff(days), remaining), remaining) + np.log(PRIOR / (1 - PRIOR))
    weight = MOST / (1 + np.exp(-np.clip(odds, -50, 50)))
    line = np.maximum(remaining[:, -1] * span / known, LEAST_PAUSE)
    weight = weight * np.exp(-_quiet_end(days, remaining) / np.minimum(line, min(PAUSE * span, PAUSE_DAYS)))
    weight = weight * seen * long * low
    error = np.sqrt(_noise(-np.diff(remaining) - np.outer(pace, np.diff(days)))) / known
    return np.where(fall > 0, weight, 0.0), np.where(fall > 0, pace, np.nan), error


def _ramp(value: Floats | float, low: float, high: float) -> Floats:
    return np.asarray(np.clip((value - low) / (high - low), 0.0, 1.0))


def _noise(off: Floats) -> Floats:
    """Variance of the sum of the steps' distances (n, t - 1) from the pace: (n,). Steps that follow each other may belong
    together."""
    steps = off.shape[1]
    lags = min(max(1, round(np.sqrt(steps))), steps - 1)
    total = (off**2).sum(axis=1)
    for lag in range(1, lags + 1):
        total = total + 2 * (1 - lag / (lags + 1)) * (off[:, lag:] * off[:, :-lag]).sum(axis=1)
    return np.asarray(np.maximum(total, 0.0))


def _worked(gaps: Floats, remaining: Floats) -> Floats:
    """The days between snapshots (n, t - 1) without the pauses that have ended: what is quiet at first or at the end stays."""
    span, fall = float(gaps.sum()), remaining[:, :1] - remaining[:, -1:]
    pace = np.where(fall > 0, fall, np.inf) / span
    lost = gaps * (1 - _ramp(-np.diff(remaining) / (pace * gaps), *PAUSED))
    if not lost.any():
        return np.broadcast_to(gaps, lost.shape)
    run, back, left = np.full(len(lost), np.inf), np.zeros(len(lost)), remaining[:, -1]
    so_far, until, then = np.empty_like(lost), np.empty_like(lost), np.empty_like(lost)
    for i in range(len(gaps)):  # a pause has begun after something was done
        run = so_far[:, i] = np.where(lost[:, i] > 0, run + lost[:, i], 0.0)
    ends = np.cumsum(gaps[::-1])[-2::-1]
    until[:, -1], then[:, -1] = back, left
    for i in range(len(gaps) - 2, -1, -1):  # of each step of a pause what is known at its end; the last has none
        inside = lost[:, i + 1] > 0
        run, back, left = (
            np.where(inside, later, here) for later, here in ((run, so_far[:, i]), (back, ends[i]), (left, remaining[:, i + 1]))
        )
        so_far[:, i], until[:, i], then[:, i] = run, back, left
    begins, full, fades, over = PAUSE_LASTS
    since = (then - remaining[:, -1:]) / (pace * np.maximum(until, 1e-9))
    again = _ramp(since, *PACE_IS_BACK) * _ramp(until / np.maximum(so_far, 1e-9), *BACK_FOR)
    lost = lost * _ramp(so_far, begins, full) * (1 - _ramp(so_far, fades, over)) * again
    most = MOST_PAUSED * span / np.maximum(lost.sum(axis=1), MOST_PAUSED * span)
    return np.asarray(gaps - most[:, None] * lost)


def _even(gaps: Floats, remaining: Floats) -> Floats:
    """Log odds (n,) that the quarters of the time are those of one pace, from how even they are and whether they follow those
    left; ``gaps`` (n, t - 1) are the days between snapshots, of each history its own."""
    span, fall = gaps.sum(axis=1), remaining[:, 0] - remaining[:, -1]
    each = np.where(fall > 0, fall, 1.0) / QUARTERS
    error = _noise(-np.diff(remaining) - (fall / span)[:, None] * gaps) / QUARTERS / each**2
    ends = np.concatenate([np.zeros((len(gaps), 1)), np.cumsum(gaps, axis=1)], axis=1)
    edges = np.linspace(0.0, ends[:, -1], QUARTERS + 1, axis=1)
    at = np.stack([np.interp(*row) for row in zip(edges, ends, remaining, strict=True)])
    relative = -np.diff(at) / each[:, None] - 1
    even, uneven = error + EVEN**2, error + UNEVEN**2
    odds = 0.5 * (relative**2).sum(axis=1) * (1 / uneven - 1 / even) + 0.5 * (QUARTERS - 1) * np.log(uneven / even)
    left = at[:, 1:] + at[:, :-1]  # twice as many, of which only the ratio to their mean counts
    about = left / left.mean(axis=1)[:, None] - 1
    spread = (about**2).sum(axis=1) + 1e-9
    slope, slope_error = (about * relative).sum(axis=1) / spread, error / spread
    one, other = slope_error + SLOPE_EVEN**2, slope_error + SLOPE_OTHER**2
    return np.asarray(odds - 0.5 * slope**2 / one + 0.5 * (slope - 1) ** 2 / other + 0.5 * np.log(other / one))


def _quiet_end(days: Floats, remaining: Floats) -> Floats:
    """Days by which the quiet at the end is longer than any before it, counted at the pace before: (n,)."""
    span, gaps = -float(days[0]), np.diff(days)
    back, steps = -days[:-1], -np.diff(remaining)
    passed = span - back
    before = (remaining[:, :1] - remaining[:, :-1]) / np.where(passed > 0, passed, np.inf)
    done = remaining[:, :-1] - remaining[:, -1:]
    # a quiet end of most of the history is told by the quarters
    quiet = (done < QUIET * before * back) & (back < 0.7 * span)
    missed = np.where(quiet, back - done / np.where(before > 0, before, np.inf), 0.0)
    longest = missed.max(axis=1)
    if not longest.any():
        return np.asarray(longest)
    begins = np.where(longest > 0, missed.argmax(axis=1), len(gaps))
    slow = steps < QUIET * (remaining[:, :1] - remaining[:, -1:]) / span * gaps
    run, usual = np.zeros(len(remaining)), np.full(len(remaining), min(float(np.median(gaps)), WEEKEND))
    for i, gap in enumerate(gaps):
        run = np.where(slow[:, i], run + gap, 0.0)
        usual = np.where(i < begins, np.maximum(usual, run), usual)
    return np.asarray(np.maximum(longest - usual, 0.0))


def log_days(fractions: Floats, now: Floats, span: float, pace: Floats, error: Floats) -> tuple[Floats, Floats]:
    """(mean, spread) of the log days until ``fractions`` of today's count remain at one pace: (n, k) from (n or 1, k)."""
    ahead = (now / pace)[:, None]
    tail = np.clip(1 - fractions / LAST, 0.0, 1.0) * LAST
    line = 1 - fractions
    taken = np.maximum(ahead * (line + tail), 1e-9)
    spread = SPREAD**2 + error[:, None] ** 2 + DRIFT**2 * np.minimum(taken / span, 4.0)
    spread = spread + (LAST_SPREAD * tail / np.maximum(line + tail, 1e-9)) ** 2
    return np.log(taken), np.sqrt(spread)


def pooled(log_quantiles: Floats, levels: Floats, mean: Floats, spread: Floats, weight: Floats, never: float) -> Floats:
    """Quantiles at ``levels`` of the mixture of what ``log_quantiles`` (n, k, levels) say and a normal of ``weight`` (n,).

    ``mean`` and ``spread`` (n, k) are those of the normal; a quantile beyond both is ``never``.
    """
    scores = np.asarray(ndtri(levels))
    n, k, m = log_quantiles.shape
    own = np.maximum.accumulate(log_quantiles, axis=-1).reshape(n * k, m) + np.arange(m) * 1e-9
    middle, wide = mean.ravel()[:, None], spread.ravel()[:, None]
    grid = np.sort(np.concatenate([own, middle + wide * np.r_[scores, _BEYOND]], axis=1), axis=1)
    share = np.repeat(weight, k)[:, None]
    chance = (1 - share) * ndtr(_between(grid, own, np.broadcast_to(scores, own.shape))) + share * ndtr((grid - middle) / wide)
    chance = np.maximum.accumulate(chance + np.arange(chance.shape[1]) * 1e-12, axis=1)
    wanted = np.broadcast_to(levels, own.shape)
    out = np.where(wanted > chance[:, -1:], never, _between(wanted, chance, grid))
    return np.asarray(out.reshape(n, k, m))


def _between(at: Floats, x: Floats, y: Floats) -> Floats:
    """``y`` at the places ``at``, row by row, linear between the increasing ``x``; the outermost slopes go on."""
    right = np.clip((x[:, None, :] < at[:, :, None]).sum(axis=2), 1, x.shape[1] - 1)
    low, high = np.take_along_axis(x, right - 1, axis=1), np.take_along_axis(x, right, axis=1)
    first, last = np.take_along_axis(y, right - 1, axis=1), np.take_along_axis(y, right, axis=1)
    return np.asarray(first + (at - low) / np.maximum(high - low, 1e-12) * (last - first))
