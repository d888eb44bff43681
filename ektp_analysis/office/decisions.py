"""What persons decided about earlier files, applied to the next one and said so; and what is to be remembered of this one.

A file is read first as if nothing were remembered. Only then a remembered layout of the same fingerprint is tried, and
remembered names of the same kabupaten for those that it asks about. What a person decides now always comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from ektp_analysis.access.guarded import Guarded
from ektp_analysis.core.aims import Aim, Event, set_now
from ektp_analysis.core.area import NATION
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells import names, written
from ektp_analysis.ingest.evidence import ROLE_NAMES
from ektp_analysis.ingest.opening import package, personal
from ektp_analysis.ingest.opening.personal import in_text
from ektp_analysis.ingest.places import placement
from ektp_analysis.ingest.report import LEVELS, Check, Choices, Evidence, ImportReport
from ektp_analysis.office.identity import who
from ektp_analysis.office.stores import own_store, reading_store
from ektp_analysis.store.memory import deck_key
from ektp_analysis.store.records import Alias, Arrangement, Edit, Layout, SavedDeck

LAYOUT = ("sheet", "columns", "numbers", "level", "trust")
PLACES = "places"  # role -> letters of its columns, beside the choices of a remembered layout
_MOST_ROUNDS = 10

Again = Callable[[Choices], ImportReport]


@dataclass(frozen=True)
class Decisions:
    """What is remembered with a batch: kabupaten -> name -> area, fingerprint -> choices."""

    aliases: Mapping[str, Mapping[str, str]]
    layouts: Mapping[str, Mapping[str, Any]]


def read(again: Again, choices: Choices, store: Guarded) -> ImportReport:
    """Read a file with what is remembered. ``again`` reads it with the choices that it is given."""
    asking = choices.but({"take_good_rows": False}) if choices.take_good_rows and store.aliases() else choices
    found = again(asking)
    kept = store.layout(found.layout) if found.layout and not choices.layout else None
    if kept is not None:
        found = _laid_out(again, found, asking, kept)
    found = _named(again, found, store)
    if asking is not choices and found.status != "accepted":
        found = again(found.choices.but({"take_good_rows": True}))
    applied = store.layout(found.choices.layout) if found.choices.layout else None
    return found if applied is None else _saying(found, applied)


def _laid_out(again: Again, found: ImportReport, choices: Choices, kept: Layout) -> ImportReport:
    """The reading with the layout that was confirmed for this fingerprint, where it is another and leaves less open."""
    ways = [{name: value for name, value in way.items() if not getattr(choices, name)} for way in _ways(kept.choices)]
    if _settled(found, ways[0]):
        return found
    for way in ways:
        tried = again(choices.but({**way, "layout": kept.fingerprint}))
        partly = found.status != "accepted" and (tried.status != "refused" or tried.totals or tried.questions)
        if not _open(tried) and (tried.status == "accepted" or partly):
            return tried
    return found


def _ways(kept: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """As it was said; by the columns' letters, for a header may hold the month; without a sheet that may be gone."""
    said = {name: kept[name] for name in LAYOUT if name in kept}
    lettered = {**said, "columns": {**said.get("columns", {}), **kept[PLACES]}} if PLACES in kept else said
    for way in (said, lettered):
        yield way
        if "sheet" in way and len(way) > 1:
            yield {name: value for name, value in way.items() if name != "sheet"}


def _open(found: ImportReport) -> bool:
    return any(question.topic in LAYOUT for question in found.questions)


def _settled(found: ImportReport, wanted: Mapping[str, Any]) -> bool:
    """Whether the file says by itself what is wanted."""
    if found.status != "accepted":
        return not wanted
    said = found.choices.to_json()
    columns = {
        role: header for role, header in wanted.get("columns", {}).items() if said.get("columns", {}).get(role, "none") != header
    }
    return not columns and all(said.get(name) == value for name, value in wanted.items() if name != "columns")


def _saying(found: ImportReport, kept: Layout) -> ImportReport:
    text = T(
        "the layout that {who} confirmed on {date} was applied",
        who=kept.by or "-",
        date=kept.at.astimezone(settings().zone).date(),
    )
    return replace(
        found, evidence=(*found.evidence, Evidence("layout", text)), checks=(*found.checks, Check("layout", "note", text))
    )


def _named(again: Again, found: ImportReport, store: Guarded) -> ImportReport:
    """The reading with the remembered names of its kabupaten, for those that it asks about."""
    for _ in range(_MOST_ROUNDS):  # a report asks only so many at a time
        known = _known(found, store)
        if not known:
            break
        found = again(found.choices.but({"aliases": known}))
    return found


def _known(found: ImportReport, store: Guarded) -> dict[str, str]:
    asked = [question for question in found.questions if question.topic == "alias"]
    if not asked:
        return {}
    around = _kabupaten(found)
    taken = {names.plain(name) for name in found.choices.aliases}
    made: dict[str, str] = {}
    for question in asked:
        near = {code[:5] for reading in question.readings for code in reading.choices.get("aliases", {}).values()}
        keys = {names.plain(part) for part in (question.subject, *question.subject.split(" / "))}
        codes: dict[str, set[str]] = {}
        for scope in near or around:
            for one in store.aliases(scope):
                if names.plain(one.name) in keys - taken:
                    codes.setdefault(one.name, set()).add(one.area_code)
        made |= {name: meant.pop() for name, meant in codes.items() if len(meant) == 1}
    return made


def _kabupaten(found: ImportReport) -> set[str]:
    """The kabupaten that the file is about, as far as the reading says it."""
    if "." in found.choices.area:
        return {found.choices.area[:5]}
    said = {str(item.choice.params.get("code", "")) for item in found.evidence if item.topic == "areas"}
    return {code[:5] for code in said if "." in code}


def decisions(decided: Choices, report: ImportReport, again: Again) -> Decisions:
    """What is remembered of what a person decided about an accepted file. ``again`` is as for :func:`read`.

    Raises:
        UserError: a name that holds a personal number.
    """
    aliases: dict[str, dict[str, str]] = {}
    for name, code in decided.aliases.items():
        if personal.in_text(name):
            raise UserError(T("A name holds a personal number (NIK); it is not kept."))
        if code != NATION and not placement.is_by_number(name):
            aliases.setdefault(code[:5], {})[name] = code
    return Decisions(aliases, _layouts(decided, report, again))


def _layouts(decided: Choices, report: ImportReport, again: Again) -> dict[str, dict[str, Any]]:
    values = {name: value for name, value in decided.to_json().items() if name in LAYOUT}
    if written.search(values.get("sheet", "")):
        del values["sheet"]  # the sheet of one month says nothing of the next
    if not values or not report.layout:
        return {}
    undecided = again(replace(decided, sheet="", columns={}, numbers="", level="", layout=""))
    if undecided.status == "accepted":
        values = {name: value for name, value in values.items() if not _settled(undecided, {name: value})}
    if not values:
        return {}
    if places := _places(report, values.get("columns", {})):
        values[PLACES] = places
    return {print_: values for print_ in dict.fromkeys((undecided.layout, report.layout)) if print_}


def _places(report: ImportReport, roles: Iterable[str]) -> dict[str, str]:
    shown = report.preview.roles if report.preview is not None else {}
    found = {
        role: " + ".join(package.column_letters(place + 1) for place, what in sorted(shown.items()) if what == role)
        for role in roles
    }
    return {role: letters for role, letters in found.items() if letters}


def layouts() -> list[Layout]:
    """The layouts that persons confirmed, latest first."""
    return reading_store().layouts()


def forget_layout(fingerprint: str, *, by: str = "") -> None:
    """Ask about files of this layout again. Raises UserError where it is not remembered."""
    own_store().forget_layout(fingerprint, by=by or who(), at=datetime.now(UTC))


def aliases(scope: str | None = None) -> list[Alias]:
    """The names that persons gave a meaning, of one kabupaten or of all."""
    return reading_store().aliases(scope)


def forget_alias(scope: str, name: str, *, by: str = "") -> None:
    """Ask about this name again. Raises UserError where it is not remembered."""
    own_store().forget_alias(scope, name, by=by or who(), at=datetime.now(UTC))


def decks(area: str, *, sample: bool, known_at: date | datetime | None = None) -> list[SavedDeck]:
    """The slides saved for an area by name; those on the sample's figures are kept in the own store as well, apart."""
    found = reading_store().decks(known_at=known_at)
    return [one for one in found if (one.area, one.sample) == (area, sample)]


def deck(deck_id: int, *, known_at: date | datetime | None = None) -> SavedDeck | None:
    """The saved slides of a number; None where there are none, or no more, or none at that moment."""
    found = reading_store().decks(known_at=known_at)
    return next((one for one in found if one.id == deck_id), None)


def deck_named(name: str, area: str, *, sample: bool, known_at: date | datetime | None = None) -> SavedDeck:
    """The slides saved for an area under a name; case and blanks do not matter.

    Raises:
        UserError: there are none, or were none at that moment.
    """
    found = decks(area, sample=sample, known_at=known_at)
    for one in found:
        if deck_key(one.name) == deck_key(name):
            return one
    raise UserError(
        T("No slides named '{name}' are saved for {area}; the list of decks shows which are.", name=name[:80], area=area)
    )


def save_deck(wanted: Arrangement, *, over: int | None, by: str = "") -> SavedDeck:
    """Save slides under their name. ``over`` is the version that they replace, None where the name is to be new.

    Raises:
        UserError: a name, title or note holds a personal number; or as :meth:`Store.save_deck`.
    """
    if in_text(wanted.name):
        raise UserError(T("A name holds a personal number (NIK); it is not kept."))
    if found := with_personal_numbers(wanted.edits):
        raise UserError(
            T(
                "The title or the notes of slide {number} hold a personal number (NIK); remove it. Nothing was saved.",
                number=str(found[0]),
            )
        )
    return own_store().save_deck(wanted, over=over, by=by or who(), at=datetime.now(settings().zone))


def forget_deck(deck_id: int, *, by: str = "") -> None:
    """Let saved slides hold no more. Raises UserError where there are none of this number."""
    own_store().forget_deck(deck_id, by=by or who(), at=datetime.now(settings().zone))


def aims(known_at: date | datetime | None = None) -> list[Aim]:
    """The aims of the own store that hold, or did at a moment, by area."""
    return reading_store().aims(known_at)


def set_aim(area: str, target: Target, until: date, name: str = "", *, by: str = "") -> Aim:
    """Let an area aim at a target by a day, in the place of its former aim.

    Raises:
        UserError: the name holds a personal number; or as :meth:`Store.keep_aim`.
    """
    _without_number(name)
    now = datetime.now(settings().zone)
    return own_store().keep_aim(Aim(area, target, until, name, set_now(now, settings().day), by or who()), at=now)


def withdraw_aim(area: str, *, by: str = "") -> Aim:
    """Let the area's own aim hold no more; gives what it was. Raises UserError where it has none."""
    return own_store().withdraw_aim(area, by=by or who(), at=datetime.now(settings().zone))


def restore_aim(area: str, *, by: str = "") -> Aim:
    """Let the aim that was withdrawn hold again, from the day on which it was set. Raises UserError where none is."""
    return own_store().restore_aim(area, by=by or who(), at=datetime.now(settings().zone))


def events(known_at: date | datetime | None = None) -> list[Event]:
    """The events of the own store that hold, or did at a moment, by their days."""
    return reading_store().events(known_at)


def add_event(area: str, first: date, last: date, name: str, *, by: str = "") -> Event:
    """Keep an event of an area, both days included.

    Raises:
        UserError: the name holds a personal number; or as :meth:`Store.add_event`.
    """
    _without_number(name)
    return own_store().add_event(area, first, last, name, by=by or who(), at=datetime.now(settings().zone))


def withdraw_event(number: int, *, by: str = "") -> Event:
    """Let an event hold no more; gives what it was. Raises UserError where there is none of this number."""
    return own_store().withdraw_event(number, by=by or who(), at=datetime.now(settings().zone))


def restore_event(number: int, *, by: str = "") -> Event:
    """Let an event that was withdrawn hold again. Raises UserError where none of this number is withdrawn."""
    return own_store().restore_event(number, by=by or who(), at=datetime.now(settings().zone))


def _without_number(name: str) -> None:
    if in_text(name) or in_text(" ".join(name.split())):
        raise UserError(T("A name holds a personal number (NIK); it is not kept."))


def with_personal_numbers(edits: Sequence[Edit]) -> list[int]:
    """The slides, counted from 1, in whose words a personal number stands; also where it is broken over two lines."""
    return [
        number
        for number, edit in enumerate(edits, 1)
        if any(in_text(text) or in_text(" ".join(text.split())) for text in (edit.key, edit.title, edit.notes))
    ]


def said(layout: Layout) -> tuple[Text, ...]:
    """What was decided about a layout, one sentence each."""
    choices, found = layout.choices, []
    if choices.get("sheet"):
        found.append(T("sheet {sheet}", sheet=choices["sheet"]))
    for role, header in choices.get("columns", {}).items():
        found.append(T("{role}: {column}", role=ROLE_NAMES[role], column=T("none") if header == "none" else header))
    if choices.get("level") in LEVELS:
        found.append(T("rows are of the level {level}", level=LEVELS[choices["level"]].label))
    if choices.get("trust"):
        found.append(T("the codes say the areas") if choices["trust"] == "code" else T("the names say the areas"))
    if choices.get("numbers"):
        found.append(T("thousands are marked with {mark}", mark=T("a dot") if choices["numbers"] == "dot" else T("a comma")))
    return tuple(found)
