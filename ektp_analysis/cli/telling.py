"""What commands tell beside their result: how the clock stands to the store, and the trail of each file that is handed out."""

from __future__ import annotations

from pathlib import Path

from ektp_analysis.cli.spoken import hand_out, say
from ektp_analysis.office import ledger
from ektp_analysis.office.stores import Office


def tell_clock() -> None:
    """Say to stderr where the clock is behind the last entry of the store."""
    if (behind := ledger.clock()) is not None:
        say(behind, err=True)


def give(now: Office, what: str, data: bytes, place: Path | None, name: str = "") -> None:
    """Hand a file out, as :func:`hand_out` does, with an entry in the trail; where there can be none, that is said."""
    hand_out(data, place)
    if (untold := ledger.handed_out(now, what, data, name)) is not None:
        say(untold, err=True)
