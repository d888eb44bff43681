"""Costly answers take turns: so many are made at once, so many wait, so many are one visitor's; the next is told to come later.

Each kind has threads of its own, so that whoever waits for one keeps nobody from another, least of all from /healthz and the
files of the pages. What is asked for twice is made once.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ektp_analysis.access import gate
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.text import TN, Text

BUSY = 503


@dataclass(frozen=True)
class Bound:
    """How many answers of a kind are made ``at_once`` and how many may be ``waiting``; how many of both ``each`` visitor may
    have, and the ``seconds`` that one takes, which say when to come again."""

    at_once: int
    waiting: int
    each: int
    seconds: float


# Slides are drawn one after the other anyway; nine of them are half a minute, which is what a person waits for.
SLIDES = Bound(at_once=1, waiting=8, each=3, seconds=3)
FIGURES = Bound(at_once=2, waiting=16, each=6, seconds=0.5)  # whether slides on screen still hold
HEALTH = Bound(at_once=1, waiting=1, each=1, seconds=1)  # everyone asks the same, so nobody is ever turned away

SESSIONS = Bound(at_once=200, waiting=0, each=100, seconds=5)  # pages that are open


class FullError(StoreError):
    """No place is left; ``seconds`` from now there may be one."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            TN(
                "Too much is asked of the server at the moment; try again in {n} second.",
                "Too much is asked of the server at the moment; try again in {n} seconds.",
                n=seconds,
            )
        )
        self.seconds = seconds


class Places:
    """The places of one kind, and who holds how many."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self._held: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How many are held."""
        return self._held.total()

    def take(self, visitor: str) -> None:
        """Take a place.

        Raises:
            FullError: there is none, or none for this visitor.
        """
        bound, taken = self.bound, self.taken
        if taken >= bound.at_once + bound.waiting or self._held[visitor] >= bound.each:
            raise FullError(math.ceil(max(1, taken / bound.at_once) * bound.seconds))
        self._held[visitor] += 1

    def leave(self, visitor: str) -> None:
        """Give a place back."""
        self._held[visitor] -= 1
        self._held += Counter()  # forgets who holds nothing


class Turns:
    """Answers of one kind, each in its place. All but the work itself happens on the server's own thread."""

    def __init__(self, name: str, bound: Bound) -> None:
        self._name, self.places = name, Places(bound)
        self._threads: ThreadPoolExecutor | None = None
        self._going: dict[Hashable, asyncio.Future[Response]] = {}

    async def taken(self, visitor: str, key: Hashable, work: Callable[[], Response]) -> Response:
        """What the work gives, once its turn has come; of work with the same key that is on its way, the same.

        Raises:
            FullError: there is no place, or none for this visitor.
        """
        if key not in self._going:
            self.places.take(visitor)
            self._threads = self._threads or ThreadPoolExecutor(self.places.bound.at_once, thread_name_prefix=self._name)
            self._going[key] = made = asyncio.get_running_loop().run_in_executor(self._threads, work)
            made.add_done_callback(lambda _: self._left(visitor, key))
        # Who goes away takes nothing from the others who wait for the same.
        return await asyncio.shield(self._going[key])

    def _left(self, visitor: str, key: Hashable) -> None:
        made = self._going.pop(key)
        if not made.cancelled():
            made.exception()  # nobody may be left to whom it matters
        self.places.leave(visitor)


def in_turn(
    turns: Turns,
    answer: Callable[[Request], Response],
    refusal: Callable[[Text, Mapping[str, str], int], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers in turn; beyond the bounds with the ``refusal`` of a sentence (given with the query and the
    status), 503 and Retry-After."""

    async def endpoint(request: Request) -> Response:
        acting = gate.reference()
        address = request.client.host if request.client else ""
        visitor = gate.acting().key if gate.shared() else address
        key = acting, answer, frozenset(request.query_params.multi_items())

        def work() -> Response:
            with gate.acting_as(acting):
                return answer(request)

        try:
            return own(await turns.taken(visitor, key, work))
        except FullError as full:
            refused = await asyncio.to_thread(refusal, full.message, dict(request.query_params), BUSY)
            refused.headers["Retry-After"] = str(full.seconds)
            return refused

    return endpoint


def own(answer: Response) -> Response:
    """An answer for one visitor: the layers around change its headers."""
    mine = copy(answer)
    mine.raw_headers = [*answer.raw_headers]
    return mine
