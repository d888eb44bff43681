"""Parts made by whoever works, kept part by part, and handed on in their order, whoever was faster.

What is kept of a run that was broken off is not made again, as long as it would come out the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ektp_analysis.core.errors import EktpError, StoreError, UserError
from ektp_analysis.core.text import T
from ektp_analysis.nation.crew import Crew, Gone, hands
from ektp_analysis.nation.each import Made, Sees, Work, seen

AHEAD = 2  # parts a worker has been handed, the one that it makes among them: it never waits for the next
Told = Callable[[int, int, int], None]  # parts that are there, all, and how many of them were kept already


@dataclass(frozen=True)
class Run:
    """A run: how each of ``parts`` is made of what is ``asked``, and the folder in which what is made is kept meanwhile.

    ``sees``: what a worker says that it sees, which must be what this process sees. ``of``: what a worker is handed of a part in
    place of what is asked, where it cannot read the part for itself. ``heavy``: how much work a part is, so that those that take
    longest are begun first and nobody waits for one at the end; None for parts that come in that order.
    """

    work: Work
    asked: Any
    parts: Sequence[str]
    folder: Path
    sees: Sees = seen
    of: Callable[[str], Any] | None = None
    heavy: Callable[[str], int] | None = None

    def made(self, crew: Crew, told: Told | None = None) -> Iterator[tuple[str, bytes]]:
        """Each part and its bytes, in the order of the parts.

        Raises:
            UserError: a part cannot be made; those that are there are kept.
            StoreError: the store, a process, the cluster or the folder failed; likewise.
        """
        kept, there, next_ = 0, set[str](), 0
        for done, (part, made) in enumerate(self._finished(crew), 1):
            kept += made.data is None
            if made.data is not None:
                self._keep(part, made.key, made.data)
            there.add(part)
            while next_ < len(self.parts) and (one := self.parts[next_]) in there:
                yield one, made.data if one == part and made.data is not None else self._read(one)
                next_ += 1
            if told is not None:
                told(done, len(self.parts), kept)

    def _finished(self, crew: Crew) -> Iterator[tuple[str, Made]]:
        """The parts as they are made, whichever is first."""
        alone = crew == Crew(1)  # then the order of the parts is as good as any, and each is handed on at once
        heavy = None if alone else self.heavy
        left = iter(self.parts if heavy is None else sorted(self.parts, key=heavy, reverse=True))
        with hands(crew, len(self.parts), self.work, self.sees, self.asked) as hand:
            handed = 0
            for done in range(len(self.parts)):
                ahead = done + hand.width * AHEAD
                while handed < ahead and (part := next(left, None)) is not None:
                    asked = self.asked if self.of is None else self.of(part)
                    with self._said(part, done):
                        hand.submit(self.work, part, asked, self._key(part))
                    handed += 1
                part, future = hand.finished()
                with self._said(part, done):
                    made = future.result()
                yield part, made

    def clear(self) -> None:
        """Take away what is kept: the whole is there."""
        with contextlib.suppress(OSError):
            for one in self.folder.iterdir():
                one.unlink()
            self.folder.rmdir()

    @contextlib.contextmanager
    def _said(self, part: str, done: int) -> Iterator[None]:
        """Why a part is not made, and that so many are."""
        try:
            yield
        except EktpError as error:
            kind = UserError if isinstance(error, UserError) else StoreError
            raise kind(
                T(
                    "{part}: {why} {n} of {all} parts are made and kept; the same command goes on there.",
                    part=part,
                    why=error.message,
                    n=done,
                    all=len(self.parts),
                )
            ) from error
        except (Gone, OSError, RuntimeError) as error:
            raise StoreError(
                T(
                    "{part} could not be made ({kind}). {n} of {all} parts are made and kept; the same command goes on there.",
                    part=part,
                    kind=str(error) if isinstance(error, Gone) else type(error).__name__,
                    n=done,
                    all=len(self.parts),
                )
            ) from error

    def _path(self, part: str) -> Path:
        return self.folder / f"{part}.part"

    def _key(self, part: str) -> str:
        """The key of what is kept of a part; '' where nothing is."""
        try:
            with self._path(part).open("rb") as file:
                return file.readline().decode("ascii", "replace").strip()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise self._failed(error) from error

    def _read(self, part: str) -> bytes:
        try:
            return self._path(part).read_bytes().partition(b"\n")[2]
        except OSError as error:
            raise self._failed(error) from error

    def _keep(self, part: str, key: str, data: bytes) -> None:
        if len(self.parts) == 1:  # nothing would go on after it
            return
        partial = self._path(part).with_suffix(".half")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(key.encode("ascii") + b"\n" + data)
            partial.replace(self._path(part))
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> StoreError:
        return StoreError(
            T("{file} cannot be written: {reason}.", file=str(self.folder), reason=error.strerror or type(error).__name__)
        )
