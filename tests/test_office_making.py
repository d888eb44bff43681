"""Files made aside: the same as made here, with how far they are; a process that dies is one sentence and is replaced."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from pptx import Presentation

from ektp_analysis.core.area import Level
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import settings
from ektp_analysis.office import makers, reports, stores
from ektp_analysis.office.makers import Job
from ektp_analysis.store.records import Edit
from tests.reports import folder
from tests.test_papers import plan


@pytest.fixture(autouse=True, scope="module")
def home() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setenv("EKTP_DATA_DIR", str(folder()))
    settings.cache_clear()
    yield
    makers.stop()
    stores.close_all()
    patch.undo()
    settings.cache_clear()


def watch(patch: pytest.MonkeyPatch, seen: Callable[[float], object]) -> None:
    """Whatever is made from now on tells how far it is, each time that it changes."""

    class Watched(makers.Making):
        def __setattr__(self, name: str, value: Any) -> None:
            super().__setattr__(name, value)
            if name == "progress":
                seen(value)

    patch.setattr(makers, "Making", Watched)


def processes() -> list[int]:
    return [one.pid for one in (*makers._makers._resting, *makers._makers._working) if one.pid is not None]


def test_a_file_is_made_in_another_process_as_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job("pptx", "75.05", date(2023, 6, 19), True, "en", (Edit("answer", title="Our answer"), Edit("fan", shown=False)))
    seen = set()
    watch(monkeypatch, seen.add)
    found = makers.submit(job)
    slides = Presentation(io.BytesIO(found.result())).slides
    assert slides[0].shapes.title.text_frame.text == "Our answer" and found.error is None
    assert len(seen) > 2 and max(seen) <= 1 and found.progress > 0.9
    assert processes() and os.getpid() not in processes()
    papers = Job("papers calendar", "75.05", None, True, "id", plan=(plan().to_json(), "Barat"))
    assert makers.make(papers).count(b"BEGIN:VEVENT") == len(plan().assignments)


def test_the_slides_come_with_their_deck() -> None:
    deck, drawn = makers.make(Job(makers.SCREEN, "75.05", None, True, "id"))
    assert set(drawn) == {"trend", "fan", "map", "when"} < {slide.key for slide in deck.slides}
    assert all(svg.startswith("<svg") for svgs in drawn.values() for svg in svgs)


def test_a_process_that_dies_is_one_sentence_and_the_next_file_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(makers, "MOST_WAITING", 1 - makers.MOST)
        first, second = (makers.submit(Job(kind, "75.05", None, True, "id")) for kind in ("xlsx", "pdf"))
        assert second.error == makers.FULL and first.result().startswith(b"PK") and first.error is None
    with monkeypatch.context() as patch:
        watch(patch, lambda share: [os.kill(pid, signal.SIGKILL) for pid in processes() if share])  # as soon as it is under way
        found = makers.submit(Job("pdf", "75.05", None, True, "id"))
    with pytest.raises(StoreError, match=r"stopped \(it ended with -9\)\. Nothing else is harmed; ask for it again\."):
        found.result()
    assert found.error is not None
    assert makers.make(Job("xlsx", "75.05", None, True, "id")).startswith(b"PK")


def test_a_fault_of_the_program_is_one_sentence_and_the_process_stays() -> None:
    before = processes()
    first = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))  # no time zone to the west has this moment
    with pytest.raises(StoreError, match=r"could not be made \(OverflowError\)"):
        makers.make(Job(makers.SCREEN, "75.05", None, True, "id", known_at=first))
    assert processes() == before != []


def test_no_figures_is_the_same_sentence_as_here() -> None:
    found = makers.submit(Job("pdf", "35.19", None, True, "id"))
    with pytest.raises(Exception, match="No figures"):
        found.result()


def test_several_areas_at_once_are_what_each_is_alone() -> None:
    now = stores.current(sample=True)
    areas = reports.areas_inside("75.05", Level.KECAMATAN, reports.rolled(now, "75.05"))[:3]
    for state, data in reports.files(now, areas, "xlsx", "id"):
        alone = reports.state(now, state.area)
        assert data.startswith(b"PK") and state.rolled.reset_index(drop=True).equals(alone.rolled.reset_index(drop=True))
        assert state.fingerprint.rpartition("-")[2] == alone.fingerprint.rpartition("-")[2]
        assert state.to_target.quantiles == alone.to_target.quantiles and state.to_zero.quantiles == alone.to_zero.quantiles
        assert state.revised.equals(alone.revised)
