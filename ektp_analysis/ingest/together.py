"""Whether the tables of a file are one reading (a table a day, a table a kecamatan) or rivals, and what must be asked of them.

A recapitulation among them is compared with the others and never counted beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ektp_analysis.core.area import register
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.ingest import halves, parts_asked, parts_told
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.pile import Key, Member, Pile, alike, blank, day_of
from ektp_analysis.ingest.places import totals
from ektp_analysis.ingest.report import LEFT_OUT, Check, Choices, Evidence, Question, Reading
from ektp_analysis.ingest.units import Unit

FEWEST = 2  # tables that differ in their areas or days; of fewer nothing is joined


@dataclass(frozen=True)
class Together:
    """Tables that are one reading. ``choices``: what was decided of each by evidence, in the form of choices;
    ``summed``: they are men and women, whose figures are added."""

    members: tuple[Member, ...]
    questions: tuple[Question, ...]
    checks: tuple[Check, ...]
    evidence: tuple[Evidence, ...]
    choices: Mapping[str, object]
    summed: bool = False


def of(units: Sequence[Unit], choices: Choices) -> Together | None:
    """The units as one reading; None where there are fewer than two tables of different areas, days or sexes."""
    good = _speaking([Member(unit, unit.found) for unit in units if unit.found is not None and _holds(unit.found)])
    if len(units) < FEWEST or not good:
        return None
    both = halves.of(good, choices)
    if both is not None:
        return _together(Pile(units, both.members, both.whole, _beside(units, (*both.members, *both.whole)), choices, True), both)
    members = _members(good)
    several = len({frozenset(one.figures) for one in members}) >= FEWEST
    if not several and not _missing(_beside(units, good), members):
        return None
    recaps = tuple(one for one in good if one not in members)
    return _together(Pile(units, members, recaps, _beside(units, good), choices))


def _missing(rest: Sequence[Unit], members: Sequence[Member]) -> bool:
    """Whether a sheet is named by a day or a kecamatan as the one that is read is, and cannot be read."""
    named = [
        one for one in rest if (one.said is not None and members[0].unit.said is not None) or (one.area and members[0].unit.area)
    ]
    return any(not blank(one, members) for one in named)


def _beside(units: Sequence[Unit], used: Sequence[Member]) -> tuple[Unit, ...]:
    """The units that are neither read nor compared."""
    return tuple(unit for unit in units if unit not in [one.unit for one in used])


def _together(pile: Pile, both: halves.Halves | None = None) -> Together:
    """The reading of a pile, with what it is asked about and what is told of it."""
    kept, repeated, clashes = (pile.members, [], list(both.questions)) if both is not None else _apart(pile.members)
    asked = parts_asked.of(pile)
    return Together(
        kept,
        (*asked, *clashes),
        (*parts_told.of(pile), *repeated),
        tuple(_evidence(pile, both)),
        _settled(pile),
        pile.summed,
    )


def _members(good: Sequence[Member]) -> tuple[Member, ...]:
    """The tables that are read: those of the level of most, and one of another level on a day that is its own."""
    main = _main_level(good)
    same = [one for one in good if one.found.level == main and not _sums_up(one, good)]
    days = {day for one in same for _, day in one.figures}
    other = [one for one in good if one.found.level != main and not one.unit.is_recap]
    own = [one for one in other if one.unit.day is not None and one.unit.day not in days]
    return tuple(one for one in good if one in same or (len(days) > 1 and one in own))


def _holds(found: Candidate) -> bool:
    """Whether a table shows counts of recording, and for areas of which some are known."""
    return bool(found.picked.columns) and bool(found.rows) and not found.unfitting


def _speaking(good: Sequence[Member]) -> list[Member]:
    """The tables that speak of KTP; a doubtful one only where it is made like one that is sure."""
    speaking = [one for one in good if one.found.speaks]
    sure = [one for one in speaking if not one.found.doubts]
    return [one for one in speaking if not one.found.doubts or not sure or alike(one.unit, sure)]


def _main_level(good: Sequence[Member]) -> int:
    """The level of most tables; of as many the lower one."""
    counted = Counter(one.found.level for one in good)
    return max(counted, key=lambda level: (counted[level], level))


def _sums_up(one: Member, good: Sequence[Member]) -> bool:
    """Whether a table named as a recapitulation says again what others say."""
    others = {key for other in good if not other.unit.is_recap for key in other.figures}
    return one.unit.is_recap and bool(others & one.figures.keys())


def _apart(members: Sequence[Member]) -> tuple[tuple[Member, ...], list[Check], list[Question]]:
    """The members with each figure once; what was said twice alike, and the questions where it was said otherwise."""
    held: dict[Key, Member] = {}
    kept: dict[str, Member] = {}
    told, asked = [], []
    for one in sorted(members, key=lambda one: -len(one.found.picked.columns)):  # who says more is held against nobody
        same = {key: held[key] for key in one.figures if key in held}
        again = {key for key, other in same.items() if _agree(other.figures[key], one.figures[key])}
        asked += _clashes(one, {key: other for key, other in same.items() if key not in again})
        held |= {key: one for key in one.figures if key not in held}
        if again:
            told.append(_twice(one, same[min(again, key=str)], len(again)))
        kept[one.unit.key] = _without(one, again)
    order = (kept[one.unit.key] for one in members)
    return tuple(one for one in order if one.found.rows or one.found.unplaced), told, asked


def _clashes(one: Member, same: Mapping[Key, Member]) -> list[Question]:
    """The questions about areas and days of which others say something else; one for each of these others."""
    others = {other.unit.key: other for other in same.values()}
    return [_which(other, one, [key for key in same if same[key] is other]) for other in others.values()]


def _without(one: Member, keys: set[Key]) -> Member:
    """A member without some of its areas."""
    gone = {number for number in one.found.rows if (one.found.placed.codes[number], day_of(one, number)) in keys}
    kinds = tuple(totals.NOTE if number in gone else kind for number, kind in enumerate(one.found.kinds))
    return Member(one.unit, replace(one.found, kinds=kinds)) if gone else one


def _agree(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether two give a count both, and none otherwise."""
    both = one.keys() & other.keys()
    return bool(both) and all(one[role] == other[role] for role in both)


def _which(first: Member, second: Member, keys: Sequence[Key]) -> Question:
    """Which of two tables holds where they say other figures of the same areas on the same day."""
    code, day = min(keys, key=str)
    mine, theirs = first.figures[code, day], second.figures[code, day]
    role = next((role for role in mine if mine[role] != theirs.get(role, mine[role])), next(iter(mine), ""))
    text = T(
        "{one} and {two} give different figures for the same {n} areas: {area} has {first} and {second}. Which of them is right?",
        one=first.unit.key,
        two=second.unit.key,
        n=len(keys),
        area=f"{code} {register().name(code)}",
        first=_count(mine.get(role)),
        second=_count(theirs.get(role)),
    )
    readings = tuple(
        Reading(
            T("{one}; {two} is left out", one=one.unit.key, two=other.unit.key),
            {"parts": {other.unit.key: LEFT_OUT}},
            one.part.totals,
        )
        for one, other in ((first, second), (second, first))
    )
    return Question("part", text, readings)


def _count(value: float | None) -> int | str:
    return "–" if value is None else int(value)


def _twice(one: Member, other: Member, n: int) -> Check:
    text = TN(
        "{one} repeats for {n} area what {other} says; it is counted once.",
        "{one} repeats for {n} areas what {other} says; they are counted once.",
        n=n,
        one=one.unit.key,
        other=other.unit.key,
    )
    return Check("together", "note", text)


def _evidence(pile: Pile, both: halves.Halves | None) -> Iterable[Evidence]:
    """That the tables are one reading, and why."""
    areas = len({code for one in pile.members for code, _ in one.figures})
    reasons: list[Text] = []
    if both is not None:
        reasons += both.reasons
    elif len(pile.days) < len(pile.members):
        reasons.append(T("they are of different areas, {n} in all", n=areas))
    if len(pile.days) > 1:
        reasons.append(T("they are of {n} days", n=len(pile.days)))
    yield evidence_of([one.unit.key for one in pile.members], *reasons)
    for unit in pile.units:
        if unit.area:
            where = T("the sheet {part} is {code} {name}", part=unit.sheet, code=unit.area, name=register().name(unit.area))
            yield Evidence("areas", where)


def evidence_of(parts: Sequence[str], *reasons: Text) -> Evidence:
    """That these tables are read as one, and why."""
    return Evidence("together", T("{n} tables are read together: {parts}", n=len(parts), parts=", ".join(parts)), reasons)


def _settled(pile: Pile) -> dict[str, object]:
    """The choices that make the reading repeatable, whatever the file is called: of each part its kecamatan where its sheet says
    it, else its day; the day of all where it is one, and the kabupaten that holds them all."""
    parts = dict(pile.choices.parts)
    for one in pile.members:
        if one.unit.area:
            parts.setdefault(one.unit.key, one.unit.area)
        elif one.unit.day is not None and len(pile.days) > 1:
            parts.setdefault(one.unit.key, one.unit.day.isoformat())
    made: dict[str, object] = {"parts": parts}
    if len({one.unit.day for one in pile.members}) == 1 and pile.members[0].unit.day is not None:
        made["date"] = pile.members[0].unit.day.isoformat()
    around = {".".join(code.split(".")[:2]) for one in pile.members for code, _ in one.figures}
    if len(around) == 1 and not pile.choices.area and pile.members[0].found.level > 2:
        made["area"] = around.pop()
    return made
