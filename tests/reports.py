"""Offices whose reports are hard to draw: one area, forty areas, the longest names, above 100 %, totals only, one snapshot."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ektp_analysis.core.area import Level, register
from ektp_analysis.core.settings import settings
from ektp_analysis.office import reports, stores
from ektp_analysis.office.stores import Office
from ektp_analysis.report.deck import Deck
from ektp_analysis.store.store import Store
from tests.engines import kept, reading

FIRST = date(2025, 3, 3)
Row = dict[str, Any]


def office_of(folder: Path, batches: Iterable[Iterable[Row]]) -> Office:
    """An office whose store has taken in the batches, one a day from 1 April 2025 on."""
    url = f"sqlite:///{(folder / 'kantor.sqlite').as_posix()}"
    store = Store.open(url, zone=settings().zone)
    for number, rows in enumerate(batches, 1):
        kept(store, reading(*rows), f"2025-04-{number:02} 03:00", name=f"pekan-{number}.csv")
    return Office(store, url, store.token(), sample=False)


def row(area: str, day: date, **figures: Any) -> Row:
    return {"area_code": area, "as_of_date": day, "status": "reported", **figures}


def weekly(areas: Iterable[str], weeks: int, *, start: int = 900) -> list[list[Row]]:
    """Every area each week, with fewer unrecorded."""
    return [
        [
            row(
                code,
                FIRST + timedelta(days=7 * week),
                eligible=8000 + 10 * place,
                unrecorded=max(start - 5 * place - 60 * week, 0),
            )
            for place, code in enumerate(areas)
        ]
        for week in range(weeks)
    ]


def forty() -> str:
    """The kabupaten with the most kecamatan."""
    known = register()
    return max(known.codes(Level.KABUPATEN), key=lambda code: len(known.children(code)))


def longest() -> tuple[str, list[str]]:
    """The kabupaten in which a kecamatan has the longest name, with its kecamatan, the longest names first."""
    known = register()
    parent = max(known.codes(Level.KECAMATAN), key=lambda code: len(known.name(code))).rpartition(".")[0]
    return parent, sorted(known.children(parent), key=lambda code: -len(known.name(code)))


def no_projection(folder: Path) -> tuple[Office, str]:
    return office_of(folder, weekly(["75.05.01", "75.05.02"], 1)), "75.05"


def one_area(folder: Path) -> tuple[Office, str]:
    return office_of(folder, weekly(["75.05.03"], 6)), "75.05.03"


def many_areas(folder: Path) -> tuple[Office, str]:
    return office_of(folder, weekly(register().children(forty()), 4)), forty()


def long_names(folder: Path) -> tuple[Office, str]:
    parent, codes = longest()
    return office_of(folder, weekly(codes, 3)), parent


def longest_kabupaten(folder: Path) -> tuple[Office, str]:
    known = register()
    parent = max(known.codes(Level.KABUPATEN), key=lambda code: len(known.full_name(code)))
    return office_of(folder, weekly(known.children(parent), 3)), parent


def above_hundred(folder: Path) -> tuple[Office, str]:
    codes = register().children("75.05")
    rows = [row(code, FIRST, eligible=8000, recorded=8000 + 20 * place) for place, code in enumerate(codes)]
    return office_of(folder, [[row("75.05", FIRST, eligible=90_000, recorded=91_000), *rows]]), "75.05"


def totals_only(folder: Path) -> tuple[Office, str]:
    return office_of(
        folder, [[row("75.05", FIRST + timedelta(days=7 * week), unrecorded=862 - 100 * week)] for week in range(4)]
    ), "75.05"


def totals_with_eligible(folder: Path) -> tuple[Office, str]:
    return office_of(
        folder,
        [[row("75.05", FIRST + timedelta(days=7 * week), unrecorded=1862 - 100 * week, eligible=92_654)] for week in range(4)],
    ), "75.05"


def nobody_left(folder: Path) -> tuple[Office, str]:
    return office_of(folder, weekly(["75.05.01", "75.05.02", "75.05.04"], 3, start=60)), "75.05"


def markup(folder: Path) -> tuple[Office, str]:
    rows = [
        [
            row(code, FIRST + timedelta(days=7 * week), eligible=900, unrecorded=90 - 20 * week, note="=1+1#<b>*x*_y_$z$@")
            for code in ("75.05.01", "75.05.02")
        ]
        for week in range(2)
    ]
    return office_of(folder, rows), "75.05"


def sample(_folder: Path) -> tuple[Office, str]:
    return stores.current(sample=True), "75.05"


CASES: dict[str, Callable[[Path], tuple[Office, str]]] = {
    "sample": sample,
    "no projection": no_projection,
    "one area": one_area,
    "many areas": many_areas,
    "long names": long_names,
    "longest kabupaten": longest_kabupaten,
    "above 100": above_hundred,
    "totals only": totals_only,
    "totals with eligible": totals_with_eligible,
    "nobody left": nobody_left,
    "markup": markup,
}

OFFICE = "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Gorontalo Utara"


@cache
def folder() -> Path:
    """A data folder that all decks of a process share."""
    made = Path(tempfile.mkdtemp(prefix="ektp-reports-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def deck_of(case: str) -> Deck:
    """The deck of a case, built once in a process."""
    made: Deck = _settled(lambda: reports.deck(*CASES[case](Path(tempfile.mkdtemp(dir=folder())))))
    return made


@cache
def file_of(case: str, kind: str, lang: str = "id") -> bytes:
    """The deck of a case as a file, made once in a process, with a long name of the office on it."""
    made = deck_of(case)
    data: bytes = _settled(lambda: reports.file(made, kind, lang))
    return data


def _settled(make: Callable[[], Any]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EKTP_DATA_DIR", str(folder()))
        patch.setenv("EKTP_OFFICE_NAME", OFFICE)
        for name in ("EKTP_DATABASE_URL", "EKTP_LOGO"):
            patch.delenv(name, raising=False)
        settings.cache_clear()
        try:
            return make()
        finally:
            stores.close_all()
            settings.cache_clear()
