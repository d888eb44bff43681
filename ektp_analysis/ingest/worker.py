"""Reading in a process of its own, which can be ended: no file, however made, holds the server for long or fills its memory.

The process is kept for the next file; one that took too long or too much is killed and another starts when needed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pandas as pd

from ektp_analysis.core import aside, contract
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.reading import NO_ROWS, compared, file_name, read_file
from ektp_analysis.ingest.report import REFUSED, UNDECIDED, Choices, ImportReport
from ektp_analysis.ingest.visit_reading import read_visits
from ektp_analysis.ingest.visit_report import VisitChoices, VisitReport, refused

SECONDS, MEMORY = 10.0, 1_073_741_824  # more than any real file takes; nobody waits longer, and a small server has 2 GB
START = 60.0  # seconds until a new process is ready, on a slow and busy machine
LARGE, BYTES_A_SECOND, TIMES = 20_000_000, 2e6, 15  # a text beyond that size: its seconds, and its rows as bytes of memory
_WARM = b"KECAMATAN;DESA;WAJIB KTP;SUDAH REKAM\nAnggrek;Ilangata;100;90\nAnggrek;Ibarat;100;90\nKwandang;Titidu;100;90\n"
_TOO_MUCH = T("Reading the file takes more memory than is allowed ({limit} MB).", limit=MEMORY >> 20)
_BROKE_OFF = T("The file cannot be read: reading it stopped halfway.")
Step = Callable[[], None] | None
_Request = tuple[bytes, str, Choices | VisitChoices, date | None]
MOST_WAITING = 20  # files beside the one that is read; a file takes a second or two, and nobody waits longer than a minute
_lock, _places = threading.Lock(), threading.BoundedSemaphore(1 + MOST_WAITING)
_reader = aside.of("ektp_analysis.ingest.worker")
_warmed: set[int] = set()  # processes that have said that they are warm


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
    """``read_file`` in a process that is ended after ``seconds`` or 1 GB (more of both for files above 20 MB).

    ``step`` is called again and again meanwhile, also while another file is read first; what it raises ends the reading.
    The answer is always a report; a file that could not be read in time is refused with that reason.

    Raises:
        StoreError: too many files wait already; of this one nothing was read.
    """
    answer = _in_turn((data, name, choices, today), seconds, step)
    if not isinstance(answer, Text):
        return compared(answer, current)
    rows, size = NO_ROWS, len(data)
    return ImportReport(file_name(name), sha256(data).hexdigest(), size, REFUSED, rows, reason=_mended(answer), choices=choices)


def guarded_visits(data: bytes, name: str, choices: VisitChoices, *, today: date | None = None, step: Step = None) -> VisitReport:
    """``read_visits`` in the same process and within the same limits as :func:`guarded_read`. Raises as it does."""
    answer = _in_turn((data, name, choices, today), SECONDS, step)
    if isinstance(answer, Text):
        return refused(file_name(name), sha256(data).hexdigest(), len(data), choices, _mended(answer))
    found: VisitReport = answer
    return found


def _in_turn(request: _Request, seconds: float, step: Step) -> Any:
    """The report, or why there is none."""
    if not _places.acquire(blocking=False):
        raise StoreError(T("Too many files are being read at the moment; try again in a minute."))
    try:
        while not _lock.acquire(timeout=0.1):
            if step is not None:
                step()
        try:
            return _asked(request, seconds, step)
        finally:
            _lock.release()
    finally:
        _places.release()


def _asked(request: _Request, seconds: float, step: Step) -> Any:
    """The report, or why there is none. The process is warm before the time counts."""
    large = max(0, len(request[0]) - LARGE)
    memory = MEMORY + _more(large)
    limit = START
    try:
        if _reader.pid not in _warmed:
            _reader.ask(None, START, memory=MEMORY, meanwhile=step)
            _warmed.add(_reader.pid or 0)
        limit = seconds + large / BYTES_A_SECOND
        answer = _reader.ask(request, limit, memory=memory, meanwhile=step)
    except aside.Broken as error:
        if error.why is aside.Why.MEMORY:
            return T("Reading the file takes more memory than is allowed ({limit} MB).", limit=memory >> 20)
        if error.why is aside.Why.TIME:
            return T("Reading the file takes longer than is allowed ({limit} seconds).", limit=int(limit))
        return _BROKE_OFF
    return answer


def _mended(why: Text) -> Text:
    return T("{fault} {mend}", fault=why, mend=T("Save only the sheet with the figures, as XLSX or CSV."))


def serve() -> None:
    """The reading process itself."""
    contract.quick_texts()
    read_file(_WARM, "warm.csv")  # the register is loaded once, not within the time of the first file
    aside.serve(_answer)


def _answer(request: _Request | None, _tell: aside.Tell) -> object:
    if request is None:
        return True
    data, name, choices, today = request
    aside.limit_memory(MEMORY + _more(max(0, len(data) - LARGE)), beyond=True)
    try:
        if isinstance(choices, VisitChoices):
            return replace(read_visits(data, name, choices, today=today))
        return replace(read_file(data, name, choices, today=today))
    except MemoryError:
        return _TOO_MUCH
    except (ArithmeticError, AssertionError, LookupError, RecursionError, TypeError, ValueError, RuntimeError, OSError):
        return _BROKE_OFF


def _more(large: int) -> int:
    """Memory beyond 1 GB that a text file of more than 20 MB may take: its rows, some fifteen times."""
    return TIMES * large
