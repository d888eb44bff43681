"""The presentation in the browser: what its address asks for, the page itself, and whether its figures still hold.

What a person made of the slides is saved in the store and named in the address by its number: it survives a reload and a
restart, and nobody can put words on the office's slides by a link.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode

from ektp_analysis.boundaries.shelf import available
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, Text
from ektp_analysis.office import boundary_files, decisions, identity, makers, reports, scenarios
from ektp_analysis.office.makers import SCREEN, Job
from ektp_analysis.office.stores import Office, aim_of, current, events_of, hold_open, opening_area
from ektp_analysis.projection.answers import scope
from ektp_analysis.report import screen
from ektp_analysis.report.deck import Deck, edited
from ektp_analysis.report.state import digest
from ektp_analysis.store.records import SavedDeck

THEMES = ("light", "dark", "auto")
LATEST = "latest"
YEARS = range(1900, 2200)  # outside them moments cannot be reckoned with in every time zone, nor in every calendar
ZONES = timedelta(days=1)  # a moment in another time zone is at most on the next day
Beside = tuple[object, ...]
_NOT_THERE = T("There are no saved slides at this address, or no longer; choose others on the page Presentation.")
_turn = Lock()  # two decks drawn at once would only slow each other, and the same one would be drawn twice


class NotThereError(UserError):
    """What an address names is not there, or no more."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for. ``on`` None is the latest day, ``known_at`` None what holds now, ``deck`` None the slides as
    the evaluation makes them."""

    area: str
    on: date | None
    known_at: date | datetime | None
    sample: bool
    lang: str
    theme: str
    deck: SavedDeck | None = None


def address(what: Asked) -> str:
    """The presentation's address, relative to that of the page Presentation; a saved deck says area and data by itself."""
    return "slides/show?" + urlencode({**_place(what), "theme": what.theme})


def pictures_address(area: str, on: date | None, *, sample: bool, lang: str) -> str:
    """Where the slides' pictures are asked for, relative to the page Presentation."""
    return "slides/show/pictures?" + urlencode(_place(Asked(area, on, None, sample, lang, "light")))


def asked(query: Mapping[str, str]) -> Asked:
    """What the query of an address asks for.

    Raises:
        NotThereError: the saved slides that it names are not there, or it is of a time when they stood in the address.
        UserError: a part of it cannot be used; the sentence names it.
        StoreError: the store cannot be read.
    """
    if "made" in query:
        raise NotThereError(
            T(
                "This address is from an earlier version, which kept the slides in the address. Open the slides "
                "again from the page Presentation."
            )
        )
    known = query.get("known")
    known_at = None if known is None else _moment(known)
    deck = _saved(query["deck"], known_at) if "deck" in query else None
    sample = deck.sample if deck else query.get("data") == "sample"
    area = query.get("area") or (deck.area if deck else opening_area(current(sample=sample)))
    if area not in register():
        raise UserError(T("There is no area {code} in the register.", code=area[:20]))
    if deck is not None and deck.area != area:
        raise NotThereError(_NOT_THERE)
    on, theme, lang = query.get("on", LATEST), query.get("theme", "auto"), query.get("lang", "")
    return Asked(
        area,
        None if on == LATEST else _moment(on, day=True),
        known_at,
        sample,
        lang if lang in ("id", "en") else settings().language,
        theme if theme in THEMES else "auto",
        deck,
    )


def html(what: Asked) -> str:
    """The page: all slides from the figures of this moment, or of the one that is asked for.

    Raises:
        UserError: there are no figures, or no slide is shown.
        StoreError: the store cannot be read.
    """
    now, on = _looked_at(what)
    with _turn:
        made, drawn = _drawn(now, what.area, on, what.known_at, what.lang, _beside(now, what.area, what.known_at))
    shown = edited(made, what.deck.edits if what.deck else ())
    if not shown.slides:
        raise UserError(T("No slide is shown; choose at least one to show on the page Presentation."))
    place = _place(replace(what, deck=None))
    ask = None if what.known_at is not None else f"show/state?{urlencode(place)}"
    back = urlencode({**place, "deck": what.deck.id} if what.deck else place)
    brand = identity.current()
    frame = screen.Frame(brand.name, brand.logo, what.theme, named(now, made), ask, f"../slides?{back}", _font())
    return screen.html(shown, what.lang, drawn, frame)


def pictures(what: Asked) -> dict[str, object]:
    """The pictures of the slides as :func:`html` shows them: SVG by slide, and the name of the figures they are drawn from.

    Raises:
        UserError: there are no figures.
        StoreError: the store cannot be read, or they cannot be drawn.
    """
    now, on = _looked_at(what)
    with _turn:
        made, drawn = _drawn(now, what.area, on, what.known_at, what.lang, _beside(now, what.area, what.known_at))
    return {"state": named(now, made), "pictures": {key: svgs[0] for key, svgs in drawn.items()}}


def named(now: Office, made: Deck) -> str:
    """The name of the figures that a deck is made from, as :func:`state` gives it."""
    return _name(now, made.state.area, digest(made.state.rolled))


def refusal(said: Text, query: Mapping[str, str]) -> str:
    """A page that says why there is no presentation."""
    lang = query.get("lang", "")
    lang = lang if lang in ("id", "en") else settings().language
    return screen.one_sentence(said, lang, "../slides")


def state(what: Asked) -> str:
    """A name that changes with any figure of the area, its aim and its events: that of :func:`html` as long as the page on
    screen holds.

    Raises:
        UserError: the day lies outside the figures.
        StoreError: the store cannot be read.
    """
    now, on = _looked_at(what)
    return _name(now, what.area, _check(now, what.area, on))


def _looked_at(what: Asked) -> tuple[Office, date | None]:
    """The office, and of the days with figures the one that is looked at: days that show the same are drawn once.

    Raises:
        UserError: the day lies outside the figures, or nothing was known then.
        StoreError: the store cannot be read.
    """
    now = current(sample=what.sample)
    hold_open(now, what.area)
    if what.known_at is not None:
        _refuse_unknown(what.known_at, _first_known(now), datetime.now(settings().zone).date())
    days = () if what.on is None else _days(now, scope(what.area), what.known_at)
    if what.on is None or not days:
        return now, what.on
    if not days[0] <= what.on <= days[-1]:
        raise UserError(
            T(
                "{day} lies outside the figures, which are of {first} to {last}; choose a day in between.",
                day=what.on,
                first=days[0],
                last=days[-1],
            )
        )
    return now, days[bisect_right(days, what.on) - 1]


def _refuse_unknown(moment: date | datetime, first: date, last: date) -> None:
    day = moment.date() if isinstance(moment, datetime) else moment
    if not first - ZONES <= day <= last + ZONES:
        raise UserError(
            T(
                "What was known on {day} cannot be shown; choose a day from {first}, when the first figures came in, to {last}.",
                day=day,
                first=first,
                last=last,
            )
        )


def _name(now: Office, area: str, check: str) -> str:
    planned: tuple[object, ...] = (aim_of(now, area), events_of(now, area))
    saved = _saved_plan(now, area, None)
    planned = planned if saved is None else (*planned, saved)
    tail = "" if planned == (None, ()) else "-" + hashlib.sha256(repr(planned).encode()).hexdigest()[:6]
    return f"{'sample' if now.sample else 'own'}-{check}{tail}"


def _place(what: Asked) -> dict[str, str]:
    """The parts of an address that say which slides, on which day, in which language; short where a saved deck says more."""
    day = LATEST if what.on is None else what.on.isoformat()
    if what.deck is not None:
        return {"deck": str(what.deck.id), **({} if what.on is None else {"on": day}), "lang": what.lang}
    return {"area": what.area, "on": day, "data": "sample" if what.sample else "own", "lang": what.lang}


def _saved(number: str, known_at: date | datetime | None) -> SavedDeck:
    numeric = number.isascii() and number.isdigit() and len(number) < 10
    found = decisions.deck(int(number), known_at=known_at) if numeric else None
    if found is None:
        raise NotThereError(_NOT_THERE)
    return found


def _moment(text: str, *, day: bool = False) -> date | datetime:
    try:
        found = date.fromisoformat(text) if day or len(text) <= 10 else datetime.fromisoformat(text)
        if found.year not in YEARS:
            raise ValueError
    except ValueError as error:
        raise UserError(T("'{text}' is not a date such as 2023-06-20.", text=text[:30])) from error
    if isinstance(found, datetime) and found.tzinfo is None:
        return found.replace(tzinfo=settings().zone)
    return found


@lru_cache(maxsize=1)
def _font() -> str | None:
    """The address of the font that the pages use and the browser has kept since; None where there is none."""
    found = find_spec("streamlit")
    folder = Path(found.origin or "").parent / "static" if found is not None else Path("nowhere")
    file = next(iter(sorted(folder.glob("static/media/SourceSansVF-Upright*.woff2"))), None)
    return None if file is None else f"../static/media/{file.name}"


@lru_cache(maxsize=8)
def _drawn(
    now: Office, area: str, on: date | None, known_at: date | datetime | None, lang: str, _beside_it: Beside
) -> tuple[Deck, dict[str, tuple[str, ...]]]:
    """The deck and its pictures, as long as nothing changes that they are made from."""
    made, drawn = makers.make(Job(SCREEN, area, on, now.sample, lang, known_at=known_at))
    return made, drawn


@lru_cache(maxsize=64)
def _days(now: Office, within: str, known_at: date | datetime | None) -> tuple[date, ...]:
    """The days with figures of an area or one in it, in order."""
    found = now.store.figures(within=within, known_at=known_at)["as_of_date"].unique()
    return tuple(sorted({stamp.date() for stamp in found}))


@lru_cache(maxsize=8)
def _first_known(now: Office) -> date:
    """The day on which the first figures came in."""
    days = (batch.received_at.astimezone(settings().zone).date() for batch in now.store.batches())
    return min(days, default=date(YEARS.start + 1, 1, 1))


@lru_cache(maxsize=64)
def _check(now: Office, area: str, on: date | None) -> str:
    return digest(reports.rolled(now, area, on=on))


def _beside(now: Office, area: str, known_at: date | datetime | None) -> Beside:
    """What a deck depends on beside the figures: the aim and the events, the day on which it is read, the office's outlines."""
    files = ((path.name, path.stat().st_mtime_ns) for path in available([boundary_files.folder()]))
    saved = _saved_plan(now, area, known_at)
    return aim_of(now, area, known_at), events_of(now, area, known_at), saved, settings().day, *files


def _saved_plan(now: Office, area: str, known_at: date | datetime | None) -> tuple[int, int] | None:
    """Number and version of the plan of visits that the slides show."""
    kept = scenarios.shown(area, sample=now.sample, known_at=known_at)
    return None if kept is None else (kept.id, kept.version)
