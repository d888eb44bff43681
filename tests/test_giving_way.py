"""What can wait stands back while pages get on, and not where one of them waits for it."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ektp_analysis import server
from ektp_analysis.core import giving_way
from ektp_analysis.core.giving_way import awaited, give_way

MUCH = 600.0  # seconds: more than any of these tests takes
told = pytest.mark.skipif(not hasattr(time, "pthread_getcpuclockid"), reason="the system tells of no thread what it spends")


@contextmanager
def page(work: Callable[[], object]) -> Iterator[None]:
    """Somebody waits for a thread that does this over and over."""
    begun, end = threading.Event(), threading.Event()

    def run() -> None:
        with awaited():
            begun.set()
            while not end.is_set():
                work()

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        end.set()
        thread.join()


def left() -> float:
    """The seconds for which this thread stands back yet; it looks at once again."""
    mine = giving_way._patience.get()
    assert mine is not None
    mine.looks_at = 0.0
    return mine.left


@told
def test_it_stands_back_while_a_page_gets_on_and_altogether_for_so_long() -> None:
    with page(lambda: sum(range(1000))), giving_way.giving_way(0.05):
        while left() > 0:
            give_way()
        give_way()  # goes on, although the page has not come to its end


@told
def test_it_goes_on_where_a_page_waits_for_it_even_beside_one_that_gets_on() -> None:
    mine = threading.Lock()
    with mine, page(lambda: sum(range(1000))), giving_way.giving_way(20.0):
        waits = threading.Thread(target=waiting, args=(mine,))
        waits.start()
        went_on = 0
        while left() > 0 and went_on < 20:  # at first that thread may not have come so far that it waits
            before = left()
            give_way()
            went_on = went_on + 1 if left() == before else 0
        assert went_on == 20
        mine.release()
        waits.join()
        mine.acquire()


def waiting(lock: threading.Lock) -> None:
    with awaited(), lock:
        pass


def test_nobody_stands_back_without_a_page_nor_who_was_not_told_to() -> None:
    with page(lambda: sum(range(1000))):
        give_way()
        with giving_way.giving_way(MUCH), giving_way.giving_way(0.0):  # as within what is written
            give_way()
    with giving_way.giving_way(MUCH):
        give_way()
        assert left() == MUCH
        with awaited(), awaited():
            pass
        assert not giving_way._awaited


@told
def test_it_looks_again_after_a_spell_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()
    monkeypatch.setattr(giving_way, "_get_on", lambda: bool(asked.append(1)))
    with giving_way.giving_way(MUCH):
        give_way()
        give_way()
        assert len(asked) == 1
        begun = time.thread_time()
        while time.thread_time() - begun <= giving_way.SPELL:
            pass
        give_way()
        assert len(asked) == 2


def test_it_waits_till_nobody_waits_for_a_page_and_no_longer_than_it_was_told() -> None:
    begun, end, seen = threading.Event(), threading.Event(), list[str]()

    def run() -> None:
        with awaited():
            begun.set()
            end.wait()
            seen.append("page")

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    giving_way.wait_for_quiet(2 * giving_way.LOOK)
    seen.append("told so long")
    end.set()
    giving_way.wait_for_quiet(MUCH)
    seen.append("quiet")
    thread.join()
    assert seen == ["told so long", "page", "quiet"]


def test_what_was_left_of_a_look_for_garbage_is_gone_after_one_through_all() -> None:
    class Cycle:
        def __init__(self) -> None:
            self.itself = self

    held = Cycle()
    gone = weakref.ref(held)
    server._look_for_garbage(whole=False)
    del held
    server._look_for_garbage(whole=False)
    assert gone() is not None, "it was set aside"
    server._look_for_garbage(whole=True)
    assert gone() is None
    lone = weakref.ref(Cycle())
    server._look_for_garbage(whole=False)
    assert lone() is None
