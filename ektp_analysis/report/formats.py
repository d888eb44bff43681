"""The files that an evaluation is exported as: the pages, the commands and the makers read this one tuple.

A new export is one entry here, what makes it, and its translations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.text import T, Text

if TYPE_CHECKING:  # the server checks the entries at its start, and needs no deck for that
    from ektp_analysis.report.deck import Deck, Told
    from ektp_analysis.report.logo import Logo


class Make(Protocol):
    """Makes a file of a deck in a language, with the office's name and logo on it; ``told`` hears how far it is."""

    def __call__(self, deck: Deck, lang: str, *, office: str, logo: Logo | None, told: Told | None) -> bytes:
        """The file.

        Raises:
            StoreError: it cannot be made, or a font is missing.
        """


@dataclass(frozen=True)
class Command:
    """What ``export NAME`` makes: one or several formats, told apart by the ending of the file."""

    name: str
    help: Text


@dataclass(frozen=True)
class Format:
    """One kind of file.

    Attributes:
        key: names it among all.
        label: what its button says.
        ending: of its files, without a point.
        mime: what a browser is told that it is.
        make: makes it.
        command: the command that makes it.
        tail: what the names of its files end with before the ending, so that two of one ending differ.
        edited: whether it has what a person made of the slides; the others are the whole evaluation.
        drawn: whether charts are drawn for it.
    """

    key: str
    label: str
    ending: str
    mime: str
    make: Make
    command: Command
    tail: str = ""
    edited: bool = False
    drawn: bool = True


# What makes a format is loaded when it is asked for, so that a page or a command without it starts no later.


def _powerpoint(deck: Deck, lang: str, *, office: str, logo: Logo | None, told: Told | None) -> bytes:
    from ektp_analysis.report import powerpoint

    return powerpoint.pptx(deck, lang, office=office, logo=logo, told=told)


def _slides(deck: Deck, lang: str, *, office: str, logo: Logo | None, told: Told | None) -> bytes:
    from ektp_analysis.report import pdf

    return pdf.slides_pdf(deck, lang, office=office, logo=logo, told=told)


def _page(deck: Deck, lang: str, *, office: str, logo: Logo | None, told: Told | None) -> bytes:
    from ektp_analysis.report import pdf

    return pdf.page_pdf(deck, lang, office=office, logo=logo, told=told)


def _workbook(deck: Deck, lang: str, *, office: str, logo: Logo | None, told: Told | None) -> bytes:
    from ektp_analysis.report import workbook

    return workbook.xlsx(deck, lang, office=office, logo=logo, told=told)


DECK = Command("deck", T("The slides of an area as PowerPoint or PDF."))
ONE_PAGER = Command("one-pager", T("The evaluation on one A4 page, as PDF."))
WORKBOOK = Command("workbook", T("Snapshot, history, projection, warnings and method as XLSX."))
OFFICE_XML = "application/vnd.openxmlformats-officedocument."

FORMATS: tuple[Format, ...] = (
    Format("pptx", "PowerPoint", "pptx", OFFICE_XML + "presentationml.presentation", _powerpoint, DECK, edited=True),
    Format("pdf", "PDF", "pdf", "application/pdf", _slides, DECK, edited=True),
    Format("one-pager pdf", "A4", "pdf", "application/pdf", _page, ONE_PAGER, tail="_a4"),
    Format("xlsx", "Excel", "xlsx", OFFICE_XML + "spreadsheetml.sheet", _workbook, WORKBOOK, drawn=False),
)


def format_of(key: str) -> Format:
    """The format that a key of :data:`FORMATS` names.

    Raises:
        KeyError: it names none.
    """
    return {one.key: one for one in FORMATS}[key]


def by_command(formats: Iterable[Format]) -> dict[str, tuple[Format, ...]]:
    """The formats of each command, in their order; the first is the one that a zip holds."""
    found: dict[str, tuple[Format, ...]] = {}
    for one in formats:
        found[one.command.name] = (*found.get(one.command.name, ()), one)
    return found


def check(formats: Iterable[Format]) -> None:
    """Every entry is complete, and none could be taken for another.

    Raises:
        StoreError: one is not; the sentence names it and what is wrong.
    """
    seen: set[tuple[str, str]] = set()
    for one in formats:
        if not (one.key and one.label and one.mime and one.command.name) or not callable(one.make):
            raise StoreError(
                T("The export '{key}' is not complete: it needs key, label, kind of content, maker and command.", key=one.key)
            )
        if not re.fullmatch("[a-z0-9]+", one.ending) or one.ending == "zip":
            raise StoreError(
                T(
                    "The export '{key}' has the ending '{ending}'; an ending has lower-case letters and digits only, and "
                    ".zip is taken.",
                    key=one.key,
                    ending=one.ending,
                )
            )
        marks = (("key", one.key), ("label", one.label), (one.command.name, one.ending), ("file", f"{one.tail}.{one.ending}"))
        for mark in marks:
            if mark in seen:
                raise StoreError(
                    T("The export '{key}' appears twice, or is the same as another: {name}.", key=one.key, name=mark[1])
                )
            seen.add(mark)
