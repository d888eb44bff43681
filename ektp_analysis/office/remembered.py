"""What is remembered of names and layouts, to be looked at and forgotten; and slides saved by name, to be opened again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from ektp_analysis.errors import UserError
from ektp_analysis.ingest import privacy
from ektp_analysis.ingest.asking import ROLE_NAMES
from ektp_analysis.ingest.choices import LEVELS
from ektp_analysis.office.identity import who
from ektp_analysis.office.stores import own_store, reading_store
from ektp_analysis.settings import settings
from ektp_analysis.store import Alias, Arrangement, Edit, Layout, SavedDeck
from ektp_analysis.store.decks import key_of
from ektp_analysis.text import T, Text


def layouts() -> list[Layout]:
    """The layouts that persons confirmed, latest first."""
    return reading_store(settings().store_url).layouts()


def forget_layout(fingerprint: str, *, by: str = "") -> None:
    """Ask about files of this layout again. Raises UserError where it is not remembered."""
    own_store().forget_layout(fingerprint, by=by or who(), at=datetime.now(UTC))


def aliases(scope: str | None = None) -> list[Alias]:
    """The names that persons gave a meaning, of one kabupaten or of all."""
    return reading_store(settings().store_url).aliases(scope)


def forget_alias(scope: str, name: str, *, by: str = "") -> None:
    """Ask about this name again. Raises UserError where it is not remembered."""
    own_store().forget_alias(scope, name, by=by or who(), at=datetime.now(UTC))


def decks(area: str, *, sample: bool, known_at: date | datetime | None = None) -> list[SavedDeck]:
    """The slides saved for an area by name; those on the sample's figures are kept in the own store as well, apart."""
    found = reading_store(settings().store_url).decks(known_at=known_at)
    return [one for one in found if (one.area, one.sample) == (area, sample)]


def deck(deck_id: int, *, known_at: date | datetime | None = None) -> SavedDeck | None:
    """The saved slides of a number; None where there are none, or no more, or none at that moment."""
    found = reading_store(settings().store_url).decks(known_at=known_at)
    return next((one for one in found if one.id == deck_id), None)


def deck_named(name: str, area: str, *, sample: bool, known_at: date | datetime | None = None) -> SavedDeck:
    """The slides saved for an area under a name; case and blanks do not matter.

    Raises:
        UserError: there are none, or were none at that moment.
    """
    found = decks(area, sample=sample, known_at=known_at)
    for one in found:
        if key_of(one.name) == key_of(name):
            return one
    raise UserError(T("No slides named '{name}' are saved for {area}; the list of decks shows which are.", name=name[:80],
                      area=area))


def save_deck(wanted: Arrangement, *, over: int | None, by: str = "") -> SavedDeck:
    """Save slides under their name. ``over`` is the version that they replace, None where the name is to be new.

    Raises:
        UserError: a name, title or note holds a personal number; or as :meth:`Store.save_deck`.
    """
    if privacy.in_text(wanted.name):
        raise UserError(T("A name holds a personal number (NIK); it is not kept."))
    if found := personal(wanted.edits):
        raise UserError(T("Title or notes of slide {number} hold a personal number (NIK); take it out. Nothing was saved.",
                          number=str(found[0])))
    return own_store().save_deck(wanted, over=over, by=by or who(), at=datetime.now(settings().zone))


def forget_deck(deck_id: int, *, by: str = "") -> None:
    """Let saved slides hold no more. Raises UserError where there are none of this number."""
    own_store().forget_deck(deck_id, by=by or who(), at=datetime.now(settings().zone))


def personal(edits: Sequence[Edit]) -> list[int]:
    """The slides, counted from 1, in whose words a personal number stands; also where it is broken over two lines."""
    return [number for number, edit in enumerate(edits, 1) if any(
        privacy.in_text(text) or privacy.in_text(" ".join(text.split())) for text in (edit.key, edit.title, edit.notes))]


def said(layout: Layout) -> tuple[Text, ...]:
    """What was decided about a layout, one sentence each."""
    choices, found = layout.choices, []
    if choices.get("sheet"):
        found.append(T("sheet {sheet}", sheet=choices["sheet"]))
    for role, header in choices.get("columns", {}).items():
        found.append(T("{role}: {column}", role=ROLE_NAMES[role], column=T("none") if header == "none" else header))
    if choices.get("level") in LEVELS:
        found.append(T("rows are of the level {level}", level=LEVELS[choices["level"]].label))
    if choices.get("numbers"):
        found.append(T("thousands are marked with {mark}", mark=T("a dot") if choices["numbers"] == "dot" else T("a comma")))
    return tuple(found)
