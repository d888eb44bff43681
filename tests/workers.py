"""Tests on several processes (``pytest --workers 4``): collected once, then forked.

A file is run whole by one process, so that what it shares is made once. The first processes take the files of the browser
before all others, as each of them starts one. What a process tells of its tests reaches the terminal of the first; the
tests of one that dies are failed by name, and the rest of its file goes to another.
"""

from __future__ import annotations

import os
import selectors
import traceback
import warnings
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import pytest

BROWSERS = 2  # processes that take the files of the browser first; each starts one, which compiles the pages' scripts for itself
TOGETHER = {
    "test_report_files.py": "test_report.py",  # both read the decks and files of tests/reports.py
    "test_private.py": "test_structure.py",  # these look through the trees of tests/sources.py
    "test_map_registry.py": "test_structure.py",
    "test_text.py": "test_structure.py",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--workers", type=int, default=0, help="run the tests on so many processes")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    workers = session.config.getoption("workers")
    if workers < 2 or session.testsfailed or session.config.getoption("collectonly"):
        return None
    _Run(session, workers).to_the_end()
    return True


def units(items: list[pytest.Item]) -> Iterator[tuple[str, list[int]]]:
    """What one process runs in one go: a file, with its place among the items."""

    def unit(index: int) -> str:
        path = items[index].path
        return "browser/" + path.name if path.parent.name == "browser" else TOGETHER.get(path.name, path.name)

    members: dict[str, list[int]] = {}
    for index in range(len(items)):
        members.setdefault(unit(index), []).append(index)
    yield from members.items()


@dataclass
class _Worker:
    number: int
    pid: int
    line: Connection
    running: list[int] = field(default_factory=list)  # what it was given and has not finished


class _Run:
    """The first process: gives out units, hears of tests, and reports them."""

    def __init__(self, session: pytest.Session, workers: int) -> None:
        self.session, self.hook = session, session.config.hook
        self.queues = {True: deque[list[int]](), False: deque[list[int]]()}  # of the browser, and the others
        for name, members in units(session.items):
            self.queues[name.startswith("browser/")].append(members)
        self.free = list(range(workers))
        self.workers: list[_Worker] = []
        self.lines = selectors.PollSelector()
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # one for all, made before they are

    def to_the_end(self) -> None:
        try:
            while self.free and any(self.queues.values()):
                self._fork(self.free.pop(0))
            while self.workers:
                for key, _ in self.lines.select():
                    self._hear(key.data)
        finally:
            for worker in self.workers:
                os.kill(worker.pid, 15)
                os.waitpid(worker.pid, 0)
        if self.session.shouldfail:
            raise self.session.Failed(self.session.shouldfail)
        if self.session.shouldstop:
            raise self.session.Interrupted(self.session.shouldstop)

    def _fork(self, number: int) -> None:
        ours, theirs = Pipe()
        pid = os.fork()
        if not pid:
            ours.close()
            for worker in self.workers:
                worker.line.close()
            _become(self.session, theirs)
        theirs.close()
        self.workers.append(_Worker(number, pid, ours))
        self.lines.register(ours, selectors.EVENT_READ, self.workers[-1])

    def _next(self, number: int) -> list[int] | None:
        if self.session.shouldfail or self.session.shouldstop:
            return None
        queue = self.queues[number < BROWSERS] or self.queues[number >= BROWSERS]
        return queue.popleft() if queue else None

    def _hear(self, worker: _Worker) -> None:
        try:
            what, *told = worker.line.recv()
        except EOFError:
            self._ended(worker)
            return
        if what == "next":
            given = self._next(worker.number)
            worker.running += given or ()
            worker.line.send(given)
        elif what == "finished":
            for data in told[1]:
                report = self.hook.pytest_report_from_serializable(config=self.session.config, data=data)
                self.hook.pytest_runtest_logreport(report=report)
            item = self.session.items[told[0]]
            worker.running.remove(told[0])
            self.hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        else:
            message, filename, line, when, nodeid = told
            warning = warnings.WarningMessage(message, UserWarning, filename, line)
            self.hook.pytest_warning_recorded.call_historic(
                kwargs={"warning_message": warning, "nodeid": nodeid, "when": when, "location": None}
            )

    def _ended(self, worker: _Worker) -> None:
        code = os.waitstatus_to_exitcode(os.waitpid(worker.pid, 0)[1])
        self.lines.unregister(worker.line)
        worker.line.close()
        self.workers.remove(worker)
        if code:
            broken, *rest = worker.running or [None]
            self._broken(broken, code)
            if rest:
                self.queues[worker.number < BROWSERS].appendleft(rest)
                self._fork(worker.number)

    def _broken(self, index: int | None, code: int) -> None:
        item = self.session.items[index] if index is not None else self.session.items[0]
        where = "in it" if index is not None else "after its tests"
        report = pytest.TestReport(
            item.nodeid, item.location, {}, "failed", f"The process of this test ended {where}, with code {code}.", "call"
        )
        self.hook.pytest_runtest_logreport(report=report)


class _Teller:
    """In a forked process: what its tests report goes to the first."""

    def __init__(self, config: pytest.Config, line: Connection) -> None:
        self.config, self.line = config, line
        self.reports: list[Any] = []  # those of the test that is run: they are told at its end, in one go

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.reports.append(self.config.hook.pytest_report_to_serializable(config=self.config, report=report))

    def finished(self, index: int) -> None:
        self.line.send(("finished", index, self.reports))
        self.reports.clear()

    @pytest.hookimpl
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage, when: str, nodeid: str) -> None:
        said = f"{warning_message.category.__name__}: {warning_message.message}"
        self.line.send(("warning", said, warning_message.filename, warning_message.lineno, when, nodeid))


def _become(session: pytest.Session, line: Connection) -> None:
    """In the child: run what is given until there is nothing, then end without what the first process does at its end."""
    code = 1
    try:
        manager = session.config.pluginmanager
        capture: Any = manager.getplugin("capturemanager")
        capture.stop_global_capturing()  # its files are shared with the others
        capture.start_global_capturing()
        manager.unregister(name="terminalreporter")
        teller = _Teller(session.config, line)
        manager.register(teller)
        _work(session, teller)
        code = 0
    except BaseException:  # noqa: BLE001 (nothing may go on as if it were the first process)
        os.write(2, traceback.format_exc().encode())
    os._exit(code)


def _work(session: pytest.Session, teller: _Teller) -> None:
    def ask() -> list[int]:
        teller.line.send(("next",))
        return list(teller.line.recv() or ())

    given = ask()
    while given:
        index = given.pop(0)
        given = given or ask()
        item, after = session.items[index], session.items[given[0]] if given else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        teller.finished(index)
        if session.shouldfail or session.shouldstop:
            break
