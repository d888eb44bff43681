"""Alerts as values: what holds of an area since which snapshot, and the figures that say so.

An alert is named by its kind, its area and the snapshot that began it, so that it is one alert as long as it lasts.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from ektp_analysis.core.area import AreaCode, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T


class Kind(StrEnum):
    """What an alert is about."""

    BELOW = "below"  # a coverage that was reached and no longer is
    SLIPPED = "slipped"  # the date of the target
    BEHIND = "behind"  # the plan missed
    STALL = "stall"
    RISEN = "risen"  # more unrecorded than before
    SILENT = "silent"
    DOUBTFUL = "doubtful"  # the quality of the figures


class Severity(StrEnum):
    """What an alert puts at risk, the weightiest first."""

    AIM = "aim"  # what the office wants to reach
    PACE = "pace"  # how it gets there
    FIGURES = "figures"  # what both are read from


class Doubt(StrEnum):
    """Why the figures of an area are doubtful."""

    ABOVE = "above"  # coverage above 100 %
    PRINTED = "printed"  # the printed percentage is not that of the counts
    MIXED = "mixed"  # the areas rest on different bases
    PARTS = "parts"  # the area's own figures are not the sum of its parts
    BREAK = "break"  # the series does not continue
    FILE = "file"  # the file was accepted with warnings


@dataclass(frozen=True)
class Silent:
    """Days without a figure, and the usual gap (days; None: as the figures of the whole are old)."""

    days: int
    usual: float | None = None


@dataclass(frozen=True)
class Stalled:
    """Since which snapshot recording stalls by the figures of now; the paces since and before, in ``people`` or else shares a
    day."""

    since: date
    pace_since: float
    pace_before: float
    people: bool = True


@dataclass(frozen=True)
class Risen:
    """People unrecorded at the fewest, and now."""

    was: int
    now: int


@dataclass(frozen=True)
class Below:
    """The target's key, and the last day on which it held."""

    target: str
    held: date


@dataclass(frozen=True)
class Slipped:
    """The target's key, the day that was said for it and the one that is said now (None: not within the horizon), and the days
    between them, at least."""

    target: str
    was: date
    now: date | None
    days: int
    horizon_days: int


@dataclass(frozen=True)
class Behind:
    """Snapshots in a row behind the plan, and by how many people at the last."""

    snapshots: int
    people: int


@dataclass(frozen=True)
class Doubtful:
    """What is in doubt, and of how many warnings of files."""

    doubts: tuple[Doubt, ...]
    warnings: int = 0


Facts = Silent | Stalled | Risen | Below | Slipped | Behind | Doubtful


@dataclass(frozen=True)
class Alert:
    """That something holds of an area since a snapshot; ``on`` is the day of the figures that say so."""

    kind: Kind
    area: str
    since: date
    on: date
    facts: Facts

    @property
    def key(self) -> str:
        """Its name, by which it is told, seen and closed: 'silent:75.05.03:2023-06-06'."""
        return f"{self.kind}:{self.area}:{self.since.isoformat()}"

    def as_dict(self) -> dict[str, Any]:
        """Its figures as plain values, for JSON."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self.facts).items()}


def parse(key: str) -> tuple[Kind, str, date]:
    """Kind, area and day of an alert's name.

    Raises:
        UserError: it is none.
    """
    kind, _, rest = key.strip().partition(":")
    code, _, day = rest.partition(":")
    try:
        found = Kind(kind), str(AreaCode(code)), date.fromisoformat(day)
    except (ValueError, UserError):
        found = None
    if found is None or found[1] not in register():
        raise UserError(T("'{key}' names no alert; it is written as in {form}.", key=key[:60], form="silent:75.05.03:2023-06-06"))
    return found


NAMED_BY_DAY = frozenset({Kind.DOUBTFUL, Kind.SLIPPED})  # what is added later, or compared with a later day, is another alert


def lasting(alert: Alert, since: date, on: date) -> Alert:
    """The alert under the name of an earlier one of its kind and area, which began ``since`` and was told of the figures of the
    day ``on``: it is that one if it had begun by then. What a stall is dated from moves a little with each snapshot."""
    return replace(alert, since=since) if alert.kind not in NAMED_BY_DAY and alert.since <= on else alert
