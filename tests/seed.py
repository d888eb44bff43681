"""Processes that start at once: one process has imported everything and forks itself for each that is asked for.

A child differs from a process of its own only in that it has imported before it was told what to do: it gets the
arguments, the environment and the folder of a fresh process, and shares nothing that was changed.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent


class Seed:
    """The process that forks; one for all tests of a worker."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "tests.seed"], cwd=ROOT, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)
        self._turn = threading.Lock()
        atexit.register(self.close)

    def close(self) -> None:
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait()

    def ask(self, **request: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        with self._turn:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def start(self, what: str, *arguments: str, environment: Mapping[str, str], log: Path) -> Started:
        """Run one of :data:`WHAT` with these arguments; what it prints goes to ``log``."""
        return Started(self, int(self.ask(do=what, arguments=arguments, environment=dict(environment), log=str(log))))


class Started:
    """A forked process, with what is asked of a ``subprocess.Popen``."""

    def __init__(self, seed: Seed, pid: int) -> None:
        self._seed, self.pid, self.returncode = seed, pid, None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._seed.ask(do="poll", pid=self.pid)
        return self.returncode

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = self._seed.ask(do="wait", pid=self.pid)
        return int(self.returncode)


@cache
def seed() -> Seed:
    """The seed of this process, made when it is first asked for."""
    return Seed()


def _streamlit(arguments: list[str]) -> None:
    from streamlit.web import cli

    cli.main(arguments, prog_name="streamlit")


def _command(arguments: list[str]) -> None:
    from ektp_analysis.cli import main

    sys.argv[1:] = arguments
    main()


WHAT: dict[str, Callable[[list[str]], None]] = {"streamlit": _streamlit, "command": _command}


def _prepare() -> None:
    """Import what servers and commands need, without effect, and read the register of areas."""
    import importlib

    for name in ("altair", "babel.dates", "dateparser", "fiona", "folium", "geopandas", "pptx", "psycopg", "pyogrio",
                 "python_calamine", "rapidfuzz", "scipy.stats", "scipy.optimize", "sqlalchemy.dialects.sqlite",
                 "streamlit.web.cli", "typst", "uvicorn", "xlsxwriter"):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    from ektp_analysis import charts, choropleth, cli, ingest, office, projection, report, server, serving  # noqa: F401
    from ektp_analysis.area import register
    from ektp_analysis.office import presentation, reports  # noqa: F401

    register()


def _become(request: Mapping[str, Any]) -> None:
    """In the child: what a fresh process has, then the work, then the end."""
    null, log = os.open(os.devnull, os.O_RDONLY), os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for ours, theirs in ((null, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(request["environment"])
    try:
        WHAT[request["do"]](request["arguments"])
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else 1 if end.code else 0
    else:
        code = 0
    sys.stdout.flush()
    os._exit(code)


def _serve(requests: IO[str], answers: IO[str]) -> None:
    ended: dict[int, int] = {}
    for line in requests:
        request = json.loads(line)
        if request["do"] in WHAT:
            pid = os.fork()
            if not pid:
                _become(request)
            answer: int | None = pid
        else:
            pid = request["pid"]
            if pid not in ended:
                found, status = os.waitpid(pid, os.WNOHANG if request["do"] == "poll" else 0)
                if found:
                    ended[pid] = os.waitstatus_to_exitcode(status)
            answer = ended.get(pid)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    _prepare()
    gc.collect()
    gc.freeze()  # the children share what is here, and do not look through it again
    _serve(sys.stdin, sys.stdout)
