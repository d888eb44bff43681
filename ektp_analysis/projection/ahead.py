"""What a map shows of an answer, on whatever day it is said: the answer itself rests on figures alone, so it can be kept.

Kept are the draws, the day from which they count, and the day since which recording stalls; days are counted, and what has passed
by is taken out, when the map is drawn. What is kept and read again says the same to the bit.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ektp_analysis.figures.measure import AHEAD
from ektp_analysis.projection.draws import old_by, still_ahead, whole_days
from ektp_analysis.projection.paths import Floats
from ektp_analysis.projection.reasons import stall
from ektp_analysis.projection.result import ARRIVED, TOO_OLD, Projection, usual_gap

_NEVER = 2**16 - 1  # stands for infinity among whole days
_FAR = _NEVER - 1  # and this for all that lies farther: 179 years
_HEAD, _CHECK = 4, 4  # bytes that say how long the head is, and hold the checksum of all that follows
_MOST = 2**28  # bytes of a part, unpacked


@dataclass(frozen=True)
class Foreseen:
    """An answer before the day on which it is said. ``draws`` are days from the origin, inf is never, empty without a
    distribution; ``reason`` is then its code, and ``on`` the day on which the target was reached. ``gap``: days between two of
    its figures; ``stalled``: since when recording stalls."""

    area_code: str
    origin: date | None
    horizon: int
    reason: str
    on: date | None
    gap: float
    stalled: date | None
    draws: Floats

    @classmethod
    def of(cls, found: Projection) -> Foreseen:
        """Of an answer as seen on its last figure."""
        since = stall(found)
        return cls(
            found.area_code,
            found.origin,
            found.horizon_days,
            "" if found.reason is None else found.reason.code,
            None if found.reason is None else found.reason.on,
            usual_gap(found.inputs),
            None if since is None else since.since,
            found.draws if found.reason is None else np.empty(0),
        )

    def said(self, today: date | None, by: date | None) -> dict[str, Any]:
        """The row of :func:`table` on a day; as :func:`~ektp_analysis.projection.result.seen_from` says it."""
        reason, draws, passed, old = self.reason, self.draws, 0, None
        if not reason and self.origin is not None and today is not None and today > self.origin:
            passed = (today - self.origin).days
            old = old_by(passed, self.gap)
            picks = still_ahead(draws, passed, old=old is not None)
            reason, draws = (TOO_OLD, np.empty(0)) if picks is None else (reason, draws[picks])
        return {
            "area_code": self.area_code,
            "days": self._days(reason, draws, passed),
            "probability": None if by is None else self._probability(reason, draws, by),
            "old": old,
            "stalled": self._stalled(reason, passed),
        }

    def _days(self, reason: str, draws: Floats, passed: int) -> float | None:
        if reason or self.origin is None:
            return 0.0 if reason == ARRIVED else None
        half = int(np.ceil(50 / 100 * len(draws))) - 1
        middle = float(np.partition(draws, half)[half])
        return float(whole_days(middle) - passed) if middle <= self.horizon else float("inf")

    def _probability(self, reason: str, draws: Floats, by: date) -> float | None:
        if reason or self.origin is None:
            return 1.0 if self.on is not None and self.on <= by else None
        ahead = min((by - self.origin).days, self.horizon)
        return float((draws <= ahead).mean()) if ahead >= 0 else 0.0

    def _stalled(self, reason: str, passed: int) -> int | None:
        if reason or self.origin is None:
            return 0 if reason == ARRIVED else None
        return 0 if self.stalled is None else (self.origin - self.stalled).days + passed


def table(found: Iterable[Foreseen], today: date | None, by: date | None = None) -> pd.DataFrame:
    """One row an area, in their order: area_code, days, probability, old, stalled.

    ``days`` is the median from ``today`` on, without one from the area's last figure: 0 where the target is reached, infinite
    where it is not within the horizon, missing where nothing can be said; ``probability`` (0 to 1) is that of the target by the
    day ``by``, missing without; ``old`` the age in days of figures that are old on ``today``, missing of others; ``stalled`` the
    days for which recording has stalled, 0 where it has not, missing where no date can be given.
    """
    rows = [one.said(today, by) for one in sorted(found, key=lambda one: one.area_code)]
    return pd.DataFrame(rows, columns=["area_code", *AHEAD]).astype(
        {"area_code": "str", "days": "float64", "probability": "Float64", "old": "Int64", "stalled": "Int64"}
    )


def packed(found: Sequence[Foreseen]) -> bytes:
    """Answers as bytes, from which :func:`unpacked` gives what says the same."""
    heads, draws = [], []
    for one in found:
        kept, short = stored(one.draws)
        days = (None if day is None else day.toordinal() for day in (one.origin, one.on, one.stalled))
        heads.append([one.area_code, one.horizon, one.reason, one.gap, *days, len(one.draws), short])
        draws.append(kept)
    return sealed(heads, b"".join(draws))


def sealed(heads: Any, draws: bytes) -> bytes:
    """What JSON can hold and the draws behind it, packed, with a checksum."""
    head = json.dumps(heads).encode()
    whole = zlib.compress(len(head).to_bytes(_HEAD, "big") + head + draws, 1)
    return zlib.crc32(whole).to_bytes(_CHECK, "big") + whole


def unsealed(data: bytes) -> tuple[Any, memoryview]:
    """What :func:`sealed` was given.

    Raises:
        ValueError: the bytes are not whole.
    """
    if zlib.crc32(data[_CHECK:]) != int.from_bytes(data[:_CHECK], "big"):
        raise ValueError("the answers are not as they were kept")
    whole = zlib.decompressobj().decompress(data[_CHECK:], _MOST)
    at = _HEAD + int.from_bytes(whole[:_HEAD], "big")
    return json.loads(whole[_HEAD:at]), memoryview(whole)[at:]


def stored(draws: Floats) -> tuple[bytes, bool]:
    """Draws as bytes, and whether they are short."""
    short = _short(draws)
    return (draws.astype("<f8") if short is None else short).tobytes(), short is not None


def restored(kept: memoryview, count: int, *, short: bool) -> tuple[Floats, memoryview]:
    """So many draws from the bytes of :func:`stored`, and the bytes behind them."""
    draws = np.frombuffer(kept, "<u2" if short else "<f8", count)
    days = draws.astype("float64")
    if short:
        days[draws == _NEVER] = np.inf
    return days, kept[draws.nbytes :]


def _short(draws: Floats) -> npt.NDArray[np.uint16] | None:
    """The days after which draws are complete, which say all that is asked of them; None where a fraction would be lost that
    decides on which day it is. What lies a century past every horizon is as far as :data:`_FAR`."""
    whole = np.ceil(draws)
    near = whole < _FAR
    if (whole[near] != np.ceil(draws[near] - 1e-9)).any() or not (whole >= 0).all():
        return None
    return np.where(np.isinf(whole), _NEVER, np.minimum(whole, _FAR)).astype("<u2")


def unpacked(data: bytes) -> list[Foreseen]:
    """The answers in bytes of :func:`packed`.

    Raises:
        ValueError: the bytes are not whole.
    """
    heads, draws = unsealed(data)
    found = []
    for code, horizon, reason, gap, origin, on, stalled, count, short in heads:
        days, draws = restored(draws, count, short=short)
        first, reached, since = (None if day is None else date.fromordinal(day) for day in (origin, on, stalled))
        found.append(Foreseen(code, first, horizon, reason, reached, gap, since, days))
    return found
