"""Processes aside: they answer, tell how far they are, die without harm, and end with their parent."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ektp_analysis.charts import drawing
from ektp_analysis.core import aside
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.text import T

pytestmark = pytest.mark.usefixtures("started_anew")
PATIENCE = 300  # seconds; how busy the machine is must not decide
ROOT = Path(__file__).resolve().parent.parent
SPEC = {
    "mark": "bar",
    "data": {"values": [{"a": "x", "b": 2}]},
    "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}},
}


def answer(request: tuple[str, Any], tell: aside.Tell) -> object:
    """What the process of these tests does."""
    what, value = request
    if what == "count":
        for number in range(value):
            tell(number)
    elif what == "refuse":
        raise UserError(T("row {row}: not a number", row=value))
    elif what == "wrong":
        raise ValueError(value)
    elif what == "die":
        os._exit(3)
    elif what == "sleep":
        tell("asleep")
        time.sleep(value)
    return what, value, os.getpid()


def serve() -> None:
    """The other side."""
    aside.serve(answer)


@pytest.fixture
def other() -> Iterator[aside.Aside]:
    found = aside.Aside(__name__)
    yield found
    found.stop()


def test_a_process_answers_tells_and_refuses(other: aside.Aside) -> None:
    told: list[int] = []
    first = other.ask(("count", 3), PATIENCE, told.append)
    assert told == [0, 1, 2] and first[2] == other.pid != os.getpid()
    with pytest.raises(UserError, match="row 7: not a number"):
        other.ask(("refuse", "7"), PATIENCE)
    with pytest.raises(ValueError, match="nope"):
        other.ask(("wrong", "nope"), PATIENCE)
    assert other.ask(("x", b"\0" * 3_000_000), PATIENCE)[1] == b"\0" * 3_000_000
    assert other.ask(("x", 1), PATIENCE)[2] == first[2]


def test_one_that_dies_or_takes_too_long_is_replaced(other: aside.Aside) -> None:
    with pytest.raises(aside.Broken, match="ended with 3"):
        other.ask(("die", 0), PATIENCE)
    one = other.ask(("x", 1), PATIENCE)[2]
    with pytest.raises(aside.Broken, match="no answer"):
        other.ask(("sleep", 60), 0.3)
    two = other.ask(("x", 1), PATIENCE)[2]
    os.kill(two, signal.SIGKILL)
    with contextlib.suppress(aside.Broken):  # it may not be dead yet
        other.ask(("x", 1), PATIENCE)
    assert one != two and other.ask(("x", 1), PATIENCE)[2] != two


def test_an_answer_that_nobody_waits_for_is_not_given_to_the_next(other: aside.Aside) -> None:
    def refuses(_value: object) -> None:
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        other.ask(("count", 3), 30, refuses)
    assert other.ask(("x", 7), 30)[:2] == ("x", 7)


def test_it_can_be_ended_while_it_works(other: aside.Aside) -> None:
    other.ask(("x", 1), PATIENCE)
    with pytest.raises(aside.Broken, match="it ended with -9"):
        other.ask(("sleep", 2 * PATIENCE), PATIENCE, lambda _told: threading.Thread(target=other.stop).start())


def test_requests_of_many_threads_come_in_turn(other: aside.Aside) -> None:
    found: list[Any] = []
    threads = [threading.Thread(target=lambda n=n: found.append((n, other.ask(("x", n), PATIENCE)))) for n in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 12 and all(n == got[1] for n, got in found) and len({got[2] for _n, got in found}) == 1


def test_it_ends_when_its_parent_is_killed() -> None:
    code = (
        "import time\nfrom ektp_analysis.core import aside\nother = aside.Aside('tests.test_aside')\n"
        "print(other.ask(('x', 1), 300)[2], flush=True)\ntime.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    end = time.monotonic() + PATIENCE
    while _runs(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_pictures_are_drawn_aside_and_a_dead_engine_is_replaced() -> None:
    first = drawing.as_svg(SPEC)
    assert first.startswith("<svg") and drawing.as_png(SPEC).startswith(b"\x89PNG")
    assert drawing._engine.pid not in (None, os.getpid())
    os.kill(drawing._engine.pid or 0, signal.SIGKILL)
    assert drawing.as_svg(SPEC) == first
    with pytest.raises(ValueError, match="JSON"):
        drawing.drawn("svg", "{")


def test_an_engine_that_cannot_start_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_engine", aside.Aside("tests.test_aside", "missing"))
    with pytest.raises(StoreError, match="The pictures cannot be drawn: it ended with 1"):
        drawing.drawn("svg", "{}")
