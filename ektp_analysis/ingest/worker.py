"""Reading in a process of its own, which can be ended: no file, however made, holds the server for long or fills its memory.

The process is kept for the next file; one that took too long or too much is killed and another starts when needed.
"""

from __future__ import annotations

import contextlib
import pickle
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import pandas as pd

from ektp_analysis.ingest.choices import Choices
from ektp_analysis.ingest.reading import NO_ROWS, compared, file_name, read
from ektp_analysis.ingest.report import REFUSED, UNDECIDED, ImportReport
from ektp_analysis.text import T, Text

SECONDS, MEMORY = 10.0, 1 << 30  # more than any real file takes; nobody waits longer, and a small server has 2 GB
START = 60.0  # seconds until a new process is ready, on a slow and busy machine
LARGE, BYTES_A_SECOND, TIMES = 20_000_000, 2e6, 15  # a text beyond that size: its seconds, and its rows as bytes of memory
_HEAD = struct.Struct("<Q")
_WARM = b"KECAMATAN;DESA;WAJIB KTP;SUDAH REKAM\nAnggrek;Ilangata;100;90\nAnggrek;Ibarat;100;90\nKwandang;Titidu;100;90\n"


class _Worker:
    """One reading process, spoken to over its pipes."""

    def __init__(self) -> None:
        code = f"import sys; sys.path[:0] = {sys.path!r}; from ektp_analysis.ingest.worker import serve; serve()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.answer: bytes | None = None

    def ask(self, request: bytes, seconds: float, memory: int = MEMORY, step: Step = None) -> bytes | Text:
        """The answer, or why there is none; after that the process is gone."""
        self.answer = None
        reader = threading.Thread(target=self._talk, args=(request,), daemon=True)
        reader.start()
        end = time.monotonic() + seconds
        while reader.is_alive() and time.monotonic() < end:
            reader.join(0.02)
            if step is not None:
                step()
            if _resident(self.process.pid) > memory:
                self.stop()
                return T("Reading the file takes more memory than is allowed ({limit} MB).", limit=memory >> 20)
        if reader.is_alive():
            self.stop()
            return T("Reading the file takes longer than is allowed ({limit} s).", limit=int(seconds))
        if self.answer is None:
            self.stop()
            return T("The file cannot be read: the reading of it broke off.")
        return self.answer

    def _talk(self, request: bytes) -> None:
        with contextlib.suppress(OSError, struct.error, ValueError):
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.write(_HEAD.pack(len(request)))
            self.process.stdin.write(request)
            self.process.stdin.flush()
            self.answer = _received(self.process.stdout)

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, ValueError, IndexError):
        return 0


def _received(pipe: IO[bytes]) -> bytes:
    (length,) = _HEAD.unpack(pipe.read(_HEAD.size))
    return pipe.read(int(length))


Step = Callable[[], None] | None
_lock = threading.Lock()
_kept: list[_Worker] = []


def guarded_read(
    data: bytes,
    name: str,
    choices: Choices = UNDECIDED,
    *,
    current: pd.DataFrame | None = None,
    today: date | None = None,
    seconds: float = SECONDS,
    step: Step = None,
) -> ImportReport:
    """:func:`read` in a process that is ended after ``seconds`` or 1 GB (more of both for files above 20 MB).

    ``step`` is called again and again meanwhile, also while another file is read first; what it raises ends the reading.
    The answer is always a report; a file that could not be read in time is refused with that reason.
    """
    request = pickle.dumps((data, name, choices, today))
    while not _lock.acquire(timeout=0.1):
        if step is not None:
            step()
    try:
        answer = _asked(request, len(data), seconds, step)
    finally:
        _lock.release()
    if isinstance(answer, Text):
        return _refused(data, name, choices, answer)
    report: ImportReport | Text = pickle.loads(answer)
    if isinstance(report, Text):
        return _refused(data, name, choices, report)
    return compared(report, current)


def _asked(request: bytes, size: int, seconds: float, step: Step) -> bytes | Text:
    """The answer of the process that is kept, or of a new one; it is kept again if it answered."""
    worker = _kept.pop() if _kept else None
    try:
        if worker is None or worker.process.poll() is not None:
            worker = _Worker()
            ready = worker.ask(pickle.dumps(None), START, step=step)
            if isinstance(ready, Text):
                return ready
        large = max(0, size - LARGE)
        answer = worker.ask(request, seconds + large / BYTES_A_SECOND, MEMORY + _more(large), step)
    except BaseException:  # the page was left: nobody waits for the answer
        if worker is not None:
            worker.stop()
        raise
    if not isinstance(answer, Text):
        _kept.append(worker)
    return answer


def _refused(data: bytes, name: str, choices: Choices, why: Text) -> ImportReport:
    reason = T("{fault} {mend}", fault=why, mend=T("Save the sheet with the figures alone, as XLSX or CSV."))
    return ImportReport(file_name(name), sha256(data).hexdigest(), len(data), REFUSED, NO_ROWS, reason=reason, choices=choices)


def serve() -> None:
    """The other side: reads requests from standard input until it ends, answers on standard output."""
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while True:
        head = source.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return
        request: Any = pickle.loads(source.read(_HEAD.unpack(head)[0]))
        if request is None:
            read(_WARM, "warm.csv")  # the register is loaded once, not within the time of the first file
            answer: object = True
        else:
            data, name, choices, today = request
            _limit(_more(max(0, len(data) - LARGE)))
            try:
                answer = read(data, name, choices, today=today)
            except MemoryError:
                answer = T("Reading the file takes more memory than is allowed ({limit} MB).", limit=MEMORY >> 20)
            except (ArithmeticError, AssertionError, LookupError, RecursionError, TypeError, ValueError, RuntimeError, OSError):
                answer = T("The file cannot be read: the reading of it broke off.")
        packed = pickle.dumps(answer if not isinstance(answer, ImportReport) else replace(answer))
        answers.write(_HEAD.pack(len(packed)))
        answers.write(packed)
        answers.flush()
        del request, answer, packed


def _more(large: int) -> int:
    """Memory beyond 1 GB that a text file of more than 20 MB may take: its rows, some fifteen times."""
    return TIMES * large


def _limit(more: int) -> None:
    """Let the system refuse memory beyond the limit, where it can."""
    try:
        import resource
    except ImportError:  # not on Windows; the parent watches there only the time
        return
    with contextlib.suppress(ValueError, OSError):
        used = int(Path("/proc/self/statm").read_text().split()[5]) * 4096
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (used + MEMORY + more, hard))
