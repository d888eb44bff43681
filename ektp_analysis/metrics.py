"""What to watch, as numbers for a program that watches: /metrics in the text form of Prometheus, for whoever shows the token.

No name of an area, a person or a file stands in it. Moments are seconds since 1970, so that the watching program computes ages.
"""

from __future__ import annotations

import hmac
import mmap
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ektp_analysis import __version__
from ektp_analysis.access import gate
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.settings import settings
from ektp_analysis.office import backups, makers, scheduled, stores
from ektp_analysis.turns import Bound, Places

FORM = "text/plain; version=0.0.4; charset=utf-8"
BEARER = "Bearer "
MADE = "made"  # files that are made aside
MEMORY = Path("/proc/self/statm")  # its second number: pages in memory; only where there is Linux
Value = tuple[Mapping[str, str], float]  # labels and the number


@dataclass(frozen=True)
class Gauge:
    """A number, or one for each of its labels: its name without ``ektp_``, what it is, and whether it only grows."""

    name: str
    text: str
    grows: bool = False


UP = Gauge("store_up", "1 where the store can be opened and is the one that the data folder remembers, else 0.")
PROGRAM = Gauge("program", "Always 1; the version of the program.")
SCHEMA = Gauge("store_schema_version", "Version of the store's tables.")
SIZE = Gauge("store_bytes", "Size of the store.")
BATCHES = Gauge("store_batches", "Batches of figures in the store.")
IMPORTED = Gauge("last_import_timestamp_seconds", "Moment of the last import.")
BACKED_UP = Gauge("last_backup_timestamp_seconds", "Moment of the last backup.")
ANSWERS = Gauge("requests_total", "Answers since the server started, by the first digit of their status.", grows=True)
SESSIONS = Gauge("sessions_open", "Pages that are open.")
SESSIONS_MOST = Gauge("sessions_most", "Pages that may be open at once.")
QUEUED = Gauge("queue", "What is being made or waits for it, by kind.")
QUEUED_MOST = Gauge("queue_most", "How many may be made and wait, by kind; the next is told to come later.")
RESIDENT = Gauge("memory_bytes", "Memory of the server's own process.")
RAN_AT = Gauge("command_last_run_timestamp_seconds", "Moment at which a command of cron or a timer last ended.")
RAN_WITH = Gauge("command_last_exit_code", "How it ended: 0 done, 1 refused, 2 wrong usage, 3 failed, 4 something new was told.")
RUNS = Gauge("command_runs_total", "How often it ended.", grows=True)
FAILURES = Gauge("command_failures_total", "How often with another code than 0 and 4.", grows=True)


class Watched:
    """What one server counts, and how full its queues are. ``sessions``: the places of open pages."""

    def __init__(self, sessions: Places) -> None:
        self.sessions = sessions
        self.queues: dict[str, Places] = {}
        self._answers: Counter[str] = Counter()

    def counting(self, app: ASGIApp) -> ASGIApp:
        """ASGI middleware that counts answers by the first digit of their status."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._answers[f"{message['status'] // 100}xx"] += 1
                await send(message)

            await app(scope, receive, sending if scope["type"] == "http" else send)

        return counted

    def numbers(self) -> Iterator[tuple[Gauge, list[Value]]]:
        """Each number with its labels; what is not known now is left out."""
        yield PROGRAM, [({"version": __version__}, 1)]
        yield from _store()
        yield ANSWERS, [({"status": status}, count) for status, count in sorted(self._answers.items())]
        yield SESSIONS, [({}, self.sessions.taken)]
        yield SESSIONS_MOST, [({}, _most(self.sessions.bound))]
        kinds = sorted(self.queues.items())
        yield QUEUED, [*(({"kind": k}, p.taken) for k, p in kinds), ({"kind": MADE}, makers.on_their_way())]
        most = makers.MOST + makers.MOST_WAITING
        yield QUEUED_MOST, [*(({"kind": k}, _most(p.bound)) for k, p in kinds), ({"kind": MADE}, most)]
        yield RESIDENT, _memory()
        ended = scheduled.told()
        yield RAN_AT, [({"command": name}, one.at.timestamp()) for name, one in ended.items()]
        yield RAN_WITH, [({"command": name}, one.code) for name, one in ended.items()]
        yield RUNS, [({"command": name}, one.runs) for name, one in ended.items()]
        yield FAILURES, [({"command": name}, one.failures) for name, one in ended.items()]

    def text(self) -> str:
        """All of it, as Prometheus reads it."""
        lines = []
        for gauge, values in self.numbers():
            if values:
                name = f"ektp_{gauge.name}"
                lines += [f"# HELP {name} {gauge.text}", f"# TYPE {name} {'counter' if gauge.grows else 'gauge'}"]
                lines += [f"{name}{_labels(labels)} {number:.15g}" for labels, number in values]
        return "\n".join([*lines, ""])

    def answer(self, _request: Request) -> Response:
        """The text, for whom :func:`for_token` lets pass."""
        return PlainTextResponse(self.text(), media_type=FORM, headers={"Cache-Control": "no-store"})


def for_token(
    answer: Callable[[Request], Awaitable[Response]], refusal: Callable[[], Response]
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers whoever shows the token (``Authorization: Bearer TOKEN``), and everyone else as if it were not
    there; so also where no token is set."""

    async def endpoint(request: Request) -> Response:
        shown, token = request.headers.get("authorization", ""), settings().metrics_token
        known = hmac.compare_digest(shown.encode(), f"{BEARER}{token}".encode())
        return await answer(request) if token and known else refusal()

    return endpoint


def _store() -> Iterator[tuple[Gauge, list[Value]]]:
    try:
        with gate.acting_as(gate.SYSTEM):  # the token stands for the office, not for a person
            info, backup = stores.looked_at(), backups.last()
    except EktpError:
        yield UP, [({}, 0)]
        return
    yield UP, [({}, 1)]
    yield SCHEMA, [({}, info.schema_version)]
    yield SIZE, [({}, info.size)]
    yield BATCHES, [({}, info.batches)]
    yield IMPORTED, [({}, info.last_import.timestamp())] if info.last_import else []
    yield BACKED_UP, [({}, backup.at.timestamp())] if backup else []


def _memory() -> list[Value]:
    try:
        return [({}, int(MEMORY.read_text().split()[1]) * mmap.PAGESIZE)]
    except (OSError, ValueError, IndexError):
        return []


def _most(bound: Bound) -> int:
    return bound.at_once + bound.waiting


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}" if labels else ""
