"""How commands ended that a clock starts (cron, timers): kept beside the store for whoever watches the server."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.settings import settings
from ektp_analysis.office import kept

COMMANDS = ("alerts", "backup", "export", "import", "verify", "visits")
FINE = (0, 4)  # done, and something new was told
_FILE = "ended-{command}.json"


@dataclass(frozen=True)
class Ended:
    """The last end of a command: when (UTC), with which exit code; and how often it ended and failed since it is counted."""

    at: datetime
    code: int
    runs: int
    failures: int


def tell(arguments: Sequence[str], code: int, at: datetime) -> None:
    """Keep how a command ended, where somebody watches (the setting EKTP_METRICS_TOKEN); what cannot be kept fails nothing."""
    command = next((one for one in arguments if one in COMMANDS), None)
    with contextlib.suppress(EktpError):
        if command is None or not settings().metrics_token or not settings().data_dir.is_dir():
            return
        before = _read(command)
        runs, failures = (before.runs, before.failures) if before else (0, 0)
        ended = Ended(at, code, runs + 1, failures + (code not in FINE))
        kept.write(_FILE.format(command=command), json.dumps({**asdict(ended), "at": at.isoformat()}).encode())


def told() -> dict[str, Ended]:
    """Of each command that was told of, the last end. What cannot be read is left out."""
    found = {}
    for command in COMMANDS:
        with contextlib.suppress(EktpError):
            ended = _read(command)
            if ended is not None:
                found[command] = ended
    return found


def _read(command: str) -> Ended | None:
    try:
        said = json.loads(kept.read(_FILE.format(command=command)) or b"null")
        if said is None:
            return None
        at = datetime.fromisoformat(said["at"]).astimezone(UTC)
        return Ended(at, int(said["code"]), int(said["runs"]), int(said["failures"]))
    except (ValueError, TypeError, KeyError):
        return None
