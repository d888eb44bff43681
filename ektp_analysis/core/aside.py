"""Work done aside: a process of its own that answers requests, so that no other thread waits and nothing else breaks.

The process is kept for the next request. One that takes too long, takes too much memory or dies is gone after that, and
the next request starts another. It ends when its parent does. Requests and answers travel over a connection of
:mod:`multiprocessing` that only holders of a fresh key can open.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import IO, Any

from ektp_analysis.core.errors import EktpError

Tell = Callable[[Any], None]
_NO_MORE = object()  # in place of a request: the process is ended
LOOK = 0.02  # seconds between two looks at the memory and two calls of ``meanwhile``


class Why(StrEnum):
    """Why there is no answer."""

    UNSTARTED = "it could not be started"
    TIME = "it took too long"
    MEMORY = "it took too much memory"
    ENDED = "it ended by itself"


class Broken(Exception):
    """The process died, took too much or could not be started: ``why``, and a message in technical words."""

    def __init__(self, message: str, why: Why = Why.ENDED) -> None:
        super().__init__(message)
        self.why = why


class _Said(StrEnum):
    """What a message from the other side is."""

    TOLD = "told"
    DONE = "done"
    FAULT = "fault"
    GONE = "gone"


@dataclass
class _Other:
    """A running process, and what came from it so far."""

    process: subprocess.Popen[bytes]
    answers: queue.Queue[tuple[_Said, Any]]
    requests: queue.Queue[Any]


_known: dict[str, Aside] = {}


def of(module: str) -> Aside:
    """The one process that runs the ``serve`` of a module, for whoever asks in this program; it is not started by that."""
    return _known.setdefault(module, Aside(module))


class Aside:
    """A process that runs ``module.function`` (made by :func:`serve`), started when first needed and spoken to in turn.

    Requests and answers are plain values that can be pickled.
    """

    def __init__(self, module: str, function: str = "serve") -> None:
        self._code = (
            "import gc, sys; gc.disable(); "  # what is imported stays, and need not be looked through meanwhile
            f"sys.path[:0] = {{path!r}}; from {module} import {function} as serve; gc.freeze(); gc.enable(); serve()"
        )
        self._other: _Other | None = None
        self._turn, self._birth = threading.Lock(), threading.Lock()

    @property
    def pid(self) -> int | None:
        """The number of the process while it runs."""
        other = self._other
        return None if other is None or other.process.poll() is not None else other.process.pid

    def start(self) -> None:
        """Start the process, if none runs, and do not wait for it.

        Raises:
            Broken: the system starts no process.
        """
        with self._birth:
            if self.pid is not None:
                return
            try:
                process = subprocess.Popen(
                    [sys.executable, "-c", self._code.format(path=sys.path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise Broken(error.strerror or type(error).__name__, Why.UNSTARTED) from error
            self._other = _Other(process, queue.Queue(), queue.Queue())
            atexit.register(self.stop)
            threading.Thread(target=_converse, args=(self._other,), daemon=True).start()

    def ask(
        self,
        request: Any,
        seconds: float,
        told: Tell | None = None,
        *,
        memory: int | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Any:
        """The answer to a request; ``told`` is called with what the process tells meanwhile.

        ``seconds`` are those without a word from it, ``memory`` the bytes that it may hold (where the system tells).
        ``meanwhile`` is called again and again; what it raises ends the process and is raised here.

        Raises:
            Broken: there is no answer; the process is gone.
            EktpError: the one that was raised there.
            ValueError: as there.
        """
        with self._turn:
            self.start()
            other = self._other
            assert other is not None
            other.requests.put(request)
            try:
                while (said := _next(other, seconds, memory, meanwhile))[0] is _Said.TOLD:
                    if told is not None:
                        told(said[1])
                if said[0] is _Said.GONE:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        other.process.wait(5)
                    raise Broken(f"it ended with {other.process.returncode}")
            except BaseException:  # nobody waits for the answer any more, or there is none
                self.stop()
                raise
        if said[0] is _Said.FAULT:
            raise said[1]
        return said[1]

    def stop(self) -> None:
        """End the process; what was being asked breaks off."""
        other, self._other = self._other, None
        if other is None:
            return
        atexit.unregister(self.stop)
        other.process.kill()
        other.process.wait()
        other.requests.put(_NO_MORE)
        if other.process.stdin is not None:
            with contextlib.suppress(OSError):
                other.process.stdin.close()


def _next(other: _Other, seconds: float, memory: int | None, meanwhile: Callable[[], None] | None) -> tuple[_Said, Any]:
    """What comes next from the process, within its limits."""
    end = time.monotonic() + seconds
    looking = memory is not None or meanwhile is not None
    while (left := end - time.monotonic()) > 0:
        with contextlib.suppress(queue.Empty):
            return other.answers.get(timeout=min(left, LOOK) if looking else left)
        if meanwhile is not None:
            meanwhile()
        if memory is not None and held_by(other.process.pid) > memory:
            raise Broken(f"more than {memory >> 20} MB", Why.MEMORY)
    raise Broken(f"no answer within {seconds:.0f} s", Why.TIME)


def held_by(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, ValueError, IndexError):
        return 0


def _converse(other: _Other) -> None:
    """Hand over requests one by one and gather what comes, until the process ends."""
    with contextlib.suppress(OSError, EOFError, AuthenticationError), _connected(other.process) as connection:
        while (request := other.requests.get()) is not _NO_MORE:
            connection.send(request)
            kind = _Said.TOLD
            while kind is _Said.TOLD:
                kind, value = connection.recv()
                other.answers.put((kind, value))
    other.answers.put((_Said.GONE, None))


def _connected(process: subprocess.Popen[bytes]) -> Connection[Any, Any]:
    """The connection to a process that was just started: it gets a key, and says where it listens.

    Raises:
        EOFError: it ended before it listened.
        OSError: likewise.
    """
    source, answers = process.stdin, process.stdout
    assert source is not None and answers is not None
    key = secrets.token_bytes(32)
    source.write(key)
    source.flush()
    with answers:
        address = answers.readline().decode().rstrip("\r\n")
    if not address:
        raise EOFError
    return Client(address, authkey=key)


def serve(answer: Callable[[Any, Tell], Any]) -> None:
    """The other side: answers requests until its parent ends. ``answer`` gets the request and a way to tell how far it is."""
    source, said = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    key = source.read(32)
    if len(key) < 32:
        return
    with Listener(authkey=key) as listener:
        said.write(f"{listener.address}\n".encode())
        said.flush()
        threading.Thread(target=_end_with_parent, args=(source,), daemon=True).start()
        connection = listener.accept()
    with connection, contextlib.suppress(EOFError):
        while True:
            request = connection.recv()
            try:
                done = answer(request, lambda value: connection.send((_Said.TOLD, value)))
            except (EktpError, ValueError, RuntimeError) as error:
                connection.send((_Said.FAULT, error if isinstance(error, EktpError) else ValueError(str(error))))
            else:
                connection.send((_Said.DONE, done))
            del request


def _end_with_parent(source: IO[bytes]) -> None:
    """Wait until the parent has closed the pipe, as it does when it ends however, and end too."""
    while os.read(source.fileno(), 1):
        pass
    os._exit(0)


def limit_memory(most: int, *, beyond: bool) -> None:
    """Let the system refuse this process more memory than ``most`` bytes, where it can; ``beyond`` what it holds already."""
    try:
        import resource
    except ImportError:  # not on Windows; the parent watches there
        return
    with contextlib.suppress(ValueError, OSError):
        used = int(Path("/proc/self/statm").read_text().split()[5]) * 4096 if beyond else 0
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (used + most, hard))
