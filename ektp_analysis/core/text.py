"""Sentences that have not chosen their language yet, and how they, numbers and days are written in the reader's.

Library code says what it has to say as ``T("{n} rows were refused", n=3)``; :func:`render` writes it when somebody reads it.
``str(text)`` is the English sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import NumberPattern, format_decimal, parse_pattern


@dataclass(frozen=True)
class Text:
    """A message id (its English wording) with the values that fill its named places.

    ``plural`` is the English plural wording; which of the two is used follows ``params["n"]``. Values may be int,
    float, date, :class:`Percent`, :class:`Month`, :class:`Weekday`, str or another Text; each is written in the reader's
    language.
    """

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    plural: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def __str__(self) -> str:
        # the reader's side is loaded only when somebody reads

        return render(self, "en")

    def __reduce__(self) -> tuple[object, ...]:
        return (Text, (self.msgid, dict(self.params), self.plural))


@dataclass(frozen=True)
class Percent:
    """A share (0 to 1, may exceed 1) that is written as per cent with this many decimals."""

    share: float
    decimals: int = 2


@dataclass(frozen=True)
class Weekday:
    """A day that a sentence names with its day of the week: 'Wednesday, 21 June 2023'."""

    of: date


@dataclass(frozen=True)
class Month:
    """A day of which a sentence names the month and the year alone: 'August 2024'."""

    of: date


def T(msgid: str, /, **params: object) -> Text:
    """A sentence with named places: ``T("row {row}: not a number", row="7")``."""
    return Text(msgid, params)


def TN(one: str, many: str, /, n: int, **params: object) -> Text:
    """A sentence that changes with the count ``n``: ``TN("{n} row", "{n} rows", n=rows)``."""
    return Text(one, {**params, "n": n}, many)


Lang = Literal["id", "en"]
LANGUAGES: tuple[Lang, ...] = ("id", "en")
LOCALES = Path(__file__).resolve().parents[1] / "locales"
_BABEL: Mapping[str, str] = {"id": "id_ID", "en": "en_GB"}
NBSP = "\N{NO-BREAK SPACE}"


@lru_cache(maxsize=4)
def catalogue(lang: str) -> Mapping[str, str]:
    """Message id -> wording, over all domains of the language. English is empty: the id is the wording."""
    found: dict[str, str] = {}
    for path in sorted((LOCALES / lang / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            entries = read_po(file, locale=lang)
        for message in entries:
            wording: Any = message.string
            key = message.id if isinstance(message.id, str) else message.id[0]
            if isinstance(wording, (tuple, list)):
                wording = wording[0]
            if key and wording and not message.fuzzy:
                found[key] = wording
    return found


@lru_cache(maxsize=4096, typed=True)  # 1 and 1.0 are written alike, but not by the same rule
def number(value: float | int, lang: str, decimals: int | None = None) -> str:
    """1234 -> '1.234' (id) or '1,234' (en); ``decimals`` fixes the digits after the comma."""
    pattern = "#,##0" if decimals is None and isinstance(value, int) else "#,##0." + "0" * (decimals or 0)
    if decimals is None and not isinstance(value, int):
        pattern = "#,##0.###"
    return str(format_decimal(value, format=_pattern(pattern.rstrip(".")), locale=_locale(lang)))


# Babel reads names of locales and patterns anew for each number, which takes three quarters of its time.
@lru_cache(maxsize=4)
def _locale(lang: str) -> Locale:
    return Locale.parse(_BABEL[lang])


@lru_cache(maxsize=16)
def _pattern(text: str) -> NumberPattern:
    return parse_pattern(text)


def some(items: Iterable[str], most: int) -> str:
    """The first ``most`` of them with commas, and ' …' where there are more: a list that is shorter than its count says so."""
    given = list(items)
    return ", ".join(given[:most]) + (" …" if len(given) > most else "")


def percent(share: float, lang: str, decimals: int = 2) -> str:
    """0.994 -> '99,40 %' (id) or '99.40%' (en)."""
    return number(share * 100, lang, decimals) + (NBSP + "%" if lang == "id" else "%")


@lru_cache(maxsize=4096, typed=True)
def day(value: date, lang: str, *, short: bool = False) -> str:
    """A date as '20 Juni 2023' or '20 June 2023'; ``short`` gives '20 Jun 2023'."""
    return str(format_date(value, "d MMM y" if short else "d MMMM y", locale=_BABEL[lang]))


def weekday(value: date, lang: str) -> str:
    """A date with its day of the week: 'Rabu, 21 Juni 2023' or 'Wednesday, 21 June 2023'."""
    return str(format_date(value, "EEEE, d MMMM y", locale=_BABEL[lang]))


def month(value: date, lang: str, *, short: bool = True) -> str:
    """The month of a day and its year: 'Des 2023', or in full 'Desember 2023'."""
    return str(format_date(value, "MMM y" if short else "MMMM y", locale=_BABEL[lang]))


def render(text: Text | str, lang: str) -> str:
    """The sentence in the language, its places filled by the rules of the language."""
    if isinstance(text, str):
        return text
    wording = catalogue(lang).get(text.msgid)
    if wording is None:
        wording = text.plural if text.plural is not None and text.params.get("n") != 1 else text.msgid
    return wording.format_map({key: _value(value, lang) for key, value in text.params.items()})


def sentence(text: Text, lang: str) -> str:
    """The clause in the language, with a capital at its start."""
    words = render(text, lang)
    return words[:1].upper() + words[1:]


def _value(value: object, lang: str) -> str:
    if isinstance(value, Text):
        return render(value, lang)
    if isinstance(value, Percent):
        return percent(value.share, lang, value.decimals)
    if isinstance(value, Weekday):
        return weekday(value.of, lang)
    if isinstance(value, Month):
        return month(value.of, lang, short=False)
    if isinstance(value, datetime):
        return f"{day(value.date(), lang)} {value:%H.%M}" if lang == "id" else f"{day(value.date(), lang)} {value:%H:%M}"
    if isinstance(value, date):
        return day(value, lang)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value, lang)
    return str(value)
