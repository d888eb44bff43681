"""The presentation in the browser: what its address asks for, the page itself, and whether its figures still hold.

What a person made of the slides travels in the address, sealed with a key of this installation: it survives a reload and a
restart, and nobody else can put words on the office's slides by a link.
"""

from __future__ import annotations

import hmac
import json
import secrets
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode

from ektp_analysis.area import register
from ektp_analysis.boundaries import available
from ektp_analysis.errors import UserError
from ektp_analysis.office import boundaries, identity, making, reports
from ektp_analysis.office.making import SCREEN, Job
from ektp_analysis.office.stores import Office, current
from ektp_analysis.report import screen
from ektp_analysis.report.deck import Deck
from ektp_analysis.report.editing import Edit, edited
from ektp_analysis.report.state import digest
from ektp_analysis.settings import settings
from ektp_analysis.text import T, Text

THEMES = ("light", "dark", "auto")
SEAL = 16  # bytes
LATEST = "latest"
Beside = tuple[object, ...]
_turn = Lock()  # two decks drawn at once would only slow each other, and the same one would be drawn twice


@dataclass(frozen=True)
class Asked:
    """What an address asks for. ``on`` None is the latest day, ``known_at`` None is what holds now."""

    area: str
    on: date | None
    known_at: date | datetime | None
    sample: bool
    lang: str
    theme: str
    edits: tuple[Edit, ...]


def address(area: str, on: date | None, *, sample: bool, lang: str, theme: str, edits: Sequence[Edit]) -> str:
    """The presentation's address, relative to that of the page Presentation; without ``edits`` the slides as they are."""
    own = {"made": _sealed(edits)} if edits else {}
    return "slides/show?" + urlencode({**_place(area, on, sample, lang), "theme": theme, **own})


def asked(query: Mapping[str, str]) -> Asked:
    """What the query of an address asks for.

    Raises:
        UserError: a part of it cannot be used; the sentence names it.
    """
    area, on, known = query.get("area", settings().home_area), query.get("on", LATEST), query.get("known")
    if area not in register():
        raise UserError(T("There is no area {code} in the register.", code=area[:20]))
    theme, lang = query.get("theme", "auto"), query.get("lang", "")
    return Asked(
        area, None if on == LATEST else _moment(on, day=True), None if known is None else _moment(known),
        query.get("data") == "sample", lang if lang in ("id", "en") else settings().language,
        theme if theme in THEMES else "auto", _opened(query["made"]) if query.get("made") else ())


def html(what: Asked) -> str:
    """The page: all slides from the figures of this moment, or of the one that is asked for.

    Raises:
        UserError: there are no figures, or no slide is shown.
        StoreError: the store cannot be read.
    """
    now = current(sample=what.sample)
    with _turn:
        made, drawn = _drawn(now, what.area, what.on, what.known_at, what.lang, _beside())
    shown = edited(made, what.edits)
    if not shown.slides:
        raise UserError(T("No slide is switched on; switch one on on the page Presentation."))
    place = urlencode(_place(what.area, what.on, what.sample, what.lang))
    ask = None if what.known_at is not None else f"show/state?{place}"
    check = _name(now, digest(made.state.rolled))
    brand = identity.current()
    return screen.html(shown, what.lang, drawn, screen.Frame(
        brand.name, brand.logo, what.theme, check, ask, f"../slides?{place}", _font()))


def refusal(said: Text, query: Mapping[str, str]) -> str:
    """A page that says why there is no presentation."""
    lang = query.get("lang", "")
    lang = lang if lang in ("id", "en") else settings().language
    return screen.sentence(said, lang, "../slides")


def state(what: Asked) -> str:
    """A name that changes with any figure of the area: that of :func:`html` as long as the page on screen holds.

    Raises:
        StoreError: the store cannot be read.
    """
    now = current(sample=what.sample)
    return _name(now, _check(now, what.area, what.on))


def _name(now: Office, check: str) -> str:
    return f"{'sample' if now.sample else 'own'}-{check}"


def _place(area: str, on: date | None, sample: bool, lang: str) -> dict[str, str]:
    return {"area": area, "on": LATEST if on is None else on.isoformat(), "data": "sample" if sample else "own", "lang": lang}


def _moment(text: str, *, day: bool = False) -> date | datetime:
    try:
        found = date.fromisoformat(text) if day or len(text) <= 10 else datetime.fromisoformat(text)
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
def _drawn(now: Office, area: str, on: date | None, known_at: date | datetime | None, lang: str,
           _beside_it: Beside) -> tuple[Deck, dict[str, tuple[str, ...]]]:
    """The deck and its pictures, as long as nothing changes that they are made from."""
    made, drawn = making.make(Job(SCREEN, area, on, now.sample, lang, known_at=known_at))
    return made, drawn


@lru_cache(maxsize=64)
def _check(now: Office, area: str, on: date | None) -> str:
    return digest(reports.rolled(now, area, on=on))


def _beside() -> Beside:
    """What a deck depends on beside the store: the day on which it is read, and the office's own outlines."""
    files = ((path.name, path.stat().st_mtime_ns) for path in available([boundaries.folder()]))
    return datetime.now(settings().zone).date(), *files


def _sealed(edits: Sequence[Edit]) -> str:
    packed = zlib.compress(json.dumps([astuple(edit) for edit in edits], ensure_ascii=False).encode(), 9)
    return urlsafe_b64encode(_seal(packed) + packed).decode().rstrip("=")


def _opened(text: str) -> tuple[Edit, ...]:
    refusal = UserError(T("This address was not made by this installation; open the presentation from the page Presentation."))
    try:
        whole = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError) as error:
        raise refusal from error
    packed = whole[SEAL:]
    if not hmac.compare_digest(whole[:SEAL], _seal(packed)):
        raise refusal
    return tuple(Edit(*one) for one in json.loads(zlib.decompress(packed)))


def _seal(packed: bytes) -> bytes:
    return hmac.digest(_key(settings().data_dir), packed, "sha256")[:SEAL]


@lru_cache(maxsize=4)
def _key(folder: Path) -> bytes:
    """The installation's key; one of this run only where the folder cannot be written."""
    place = folder / "links.key"
    fresh = secrets.token_bytes(32)
    try:
        if not place.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            partial = place.with_name(f"links.{secrets.token_hex(4)}.part")
            partial.touch(mode=0o600)
            partial.write_bytes(fresh)
            partial.replace(place)
        found = place.read_bytes()
    except OSError:
        return fresh
    return found if len(found) == len(fresh) else fresh
