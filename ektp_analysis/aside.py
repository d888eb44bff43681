"""Work done aside: a process of its own that answers requests, so that no other thread waits and nothing else breaks.

The process is kept for the next request. One that takes too long or dies is gone after that, and the next request
starts another. It ends by itself when its parent does.
"""

from __future__ import annotations

import atexit
import contextlib
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

from ektp_analysis.errors import EktpError

_HEAD = struct.Struct("<Q")
_TOLD, _DONE, _FAULT, _GONE = "told", "done", "fault", "gone"
Tell = Callable[[Any], None]


class Broken(Exception):
    """The process died, took too long or could not be started; the message says which, in technical words."""


class Aside:
    """A process that runs ``module.function`` (made by :func:`serve`), started when first needed and spoken to in turn.

    Requests and answers are plain values that can be pickled.
    """

    def __init__(self, module: str, function: str = "serve") -> None:
        self._code = (f"import sys; sys.path[:0] = {{path!r}}; from {module} import {function} as serve; serve()")
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._turn, self._birth = threading.Lock(), threading.Lock()

    @property
    def pid(self) -> int | None:
        """The number of the process while it runs."""
        process = self._process
        return None if process is None or process.poll() is not None else process.pid

    def start(self) -> None:
        """Start the process, if none runs, and do not wait for it.

        Raises:
            Broken: the system starts no process.
        """
        with self._birth:
            if self.pid is not None:
                return
            self._answers = queue.Queue()
            try:
                self._process = subprocess.Popen([sys.executable, "-c", self._code.format(path=sys.path)], stdin=subprocess.PIPE,
                                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            except OSError as error:
                raise Broken(error.strerror or type(error).__name__) from error
            atexit.register(self.stop)
            threading.Thread(target=_listen, args=(self._process.stdout, self._answers), daemon=True).start()

    def ask(self, request: Any, seconds: float, told: Tell | None = None) -> Any:
        """The answer to a request; ``told`` is called with what the process tells meanwhile.

        Raises:
            Broken: there is no answer; the process is gone.
            EktpError: the one that was raised there.
            ValueError: as there.
        """
        packed = pickle.dumps(request)
        with self._turn:
            self.start()
            process = self._process
            assert process is not None and process.stdin is not None
            with contextlib.suppress(OSError):  # a process that died says so on the other pipe
                process.stdin.write(_HEAD.pack(len(packed)) + packed)
                process.stdin.flush()
            while True:
                try:
                    kind, value = self._answers.get(timeout=seconds)
                except queue.Empty:
                    self.stop()
                    raise Broken(f"no answer within {seconds:.0f} s") from None
                if kind == _TOLD:
                    if told is not None:
                        told(value)
                elif kind == _DONE:
                    return value
                elif kind == _FAULT:
                    raise value
                else:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(5)
                    self.stop()
                    raise Broken(f"it ended with {process.returncode}")

    def stop(self) -> None:
        """End the process; what was being asked breaks off."""
        process, self._process = self._process, None
        if process is None:
            return
        atexit.unregister(self.stop)
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()


def _listen(pipe: IO[bytes], answers: queue.Queue[tuple[str, Any]]) -> None:
    with pipe, contextlib.suppress(OSError, struct.error, EOFError, pickle.UnpicklingError):
        while True:
            (length,) = _HEAD.unpack(pipe.read(_HEAD.size))
            answers.put(pickle.loads(pipe.read(length)))
    answers.put((_GONE, None))


def serve(answer: Callable[[Any, Tell], Any]) -> None:
    """The other side: answers requests from standard input until it ends. ``answer`` gets the request and a way to tell
    how far it is."""
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr

    def send(kind: str, value: Any) -> None:
        packed = pickle.dumps((kind, value))
        answers.write(_HEAD.pack(len(packed)) + packed)
        answers.flush()

    while len(head := source.read(_HEAD.size)) == _HEAD.size:
        request = pickle.loads(source.read(_HEAD.unpack(head)[0]))
        try:
            done = answer(request, lambda value: send(_TOLD, value))
        except (EktpError, ValueError, RuntimeError) as error:
            send(_FAULT, error if isinstance(error, EktpError) else ValueError(str(error)))
        else:
            send(_DONE, done)
        del request
