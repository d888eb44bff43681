"""Whether the tables of a file are one reading (a table a day, a table a kecamatan) or rivals, and what must be asked of them.

A recapitulation among them is compared with the others and never counted beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from ektp_analysis.core.area import register
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.ingest import asking, evidence
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.cells import names, written
from ektp_analysis.ingest.evidence import ROLE_NAMES
from ektp_analysis.ingest.report import LEFT_OUT, Check, Choices, Evidence, Part, Question, Reading
from ektp_analysis.ingest.units import Unit

ALIKE = 0.5  # of the areas of a day: a table that shares fewer with the other days is of something else
MOST_TOLD, MOST_NAMED = 20, 8  # differences in one report, areas in one sentence
MOST_ANSWERS = 3  # kecamatan to choose from for a sheet

Key = tuple[str, date | None]  # an area and a day


@dataclass(frozen=True)
class Member:
    """A unit that is read, without the rows that another one gives alike."""

    unit: Unit
    found: Candidate

    @cached_property
    def figures(self) -> dict[Key, dict[str, float]]:
        """What it gives: area and day -> role -> count."""
        made = {}
        for number in self.found.rows:
            key = (self.found.placed.codes[number], _day_of(self, number))
            made[key] = {role: float(values[number]) for role, values in self.found.figures.items() if not np.isnan(values[number])}
        return made

    @property
    def part(self) -> Part:
        """What came in with it."""
        sums = asking.sums(self.found, self.found.picked.columns) if self.found.rows else {}
        return Part(self.unit.key, self.unit.sheet, self.unit.day, len(self.found.rows), sums)


def _day_of(member: Member, number: int) -> date | None:
    cells = member.found.when.cells
    return written.parse(cells[number]) if cells else member.unit.day


@dataclass(frozen=True)
class Together:
    """Tables that are one reading. ``choices``: what was decided of each by evidence, in the form of choices."""

    members: tuple[Member, ...]
    questions: tuple[Question, ...]
    checks: tuple[Check, ...]
    evidence: tuple[Evidence, ...]
    choices: Mapping[str, str]


@dataclass(frozen=True)
class _Pile:
    """All units of a file, and those of them that are read together or compared with those."""

    units: Sequence[Unit]
    members: tuple[Member, ...]
    recaps: tuple[Member, ...]
    rest: tuple[Unit, ...]
    choices: Choices

    @property
    def days(self) -> list[date]:
        return sorted({day for member in self.members for _, day in member.figures if day is not None})


def of(units: Sequence[Unit], choices: Choices) -> Together | None:
    """The units as one reading; None where there are fewer than two tables of different areas or days."""
    good = [Member(unit, unit.found) for unit in units if unit.found is not None and _holds(unit.found)]
    good = _speaking(good)
    main = _main_level(good)
    recaps = [one for one in good if one.found.level != main or _sums_up(one, good)]
    members = [one for one in good if one not in recaps]
    if len(members) < 2 or len({frozenset(one.figures) for one in members}) < 2:
        return None
    rest = [unit for unit in units if unit not in [one.unit for one in (*members, *recaps)]]
    pile = _Pile(units, tuple(members), tuple(recaps), tuple(rest), choices)
    kept, repeated, clashes = _apart(pile.members)
    asked = _distinct(question for rule in _QUESTIONS for question in rule(pile))
    told = [check for rule in _CHECKS for check in rule(pile)]
    return Together(kept, (*asked, *clashes), (*told, *repeated), tuple(_evidence(pile)), _settled(pile))


def _holds(found: Candidate) -> bool:
    """Whether a table shows counts of recording, and for areas of which some are known."""
    return bool(found.picked.columns) and bool(found.rows) and not found.unfitting


def _speaking(good: Sequence[Member]) -> list[Member]:
    """The tables that speak of KTP, where any does; a doubtful one only where it is made like one that is sure."""
    speaking = [one for one in good if one.found.speaks] or list(good)
    sure = [one for one in speaking if not one.found.doubts]
    return [one for one in speaking if not one.found.doubts or not sure or _alike(one.unit, sure)]


def _main_level(good: Sequence[Member]) -> int:
    """The level of most tables; of as many the lower one."""
    counted = Counter(one.found.level for one in good)
    return max(counted, key=lambda level: (counted[level], level), default=0)


def _sums_up(one: Member, good: Sequence[Member]) -> bool:
    """Whether a table named as a recapitulation says again what others say."""
    others = {key for other in good if other is not one and not other.unit.is_recap for key in other.figures}
    return one.unit.is_recap and bool(others & one.figures.keys())


def _apart(members: Sequence[Member]) -> tuple[tuple[Member, ...], list[Check], list[Question]]:
    """The members with each figure once; what was said twice alike, and the questions where it was said otherwise."""
    held: dict[Key, Member] = {}
    kept, told, asked = [], [], []
    for one in sorted(members, key=lambda one: -len(one.found.picked.columns)):  # who says more is held against nobody
        same = {key: held[key] for key in one.figures if key in held}
        alike = {key for key, other in same.items() if _agree(other.figures[key], one.figures[key])}
        for other in {id(other): other for key, other in same.items() if key not in alike}.values():
            asked.append(_which(other, one, [key for key in same if key not in alike and same[key] is other]))
        held |= {key: one for key in one.figures if key not in held}
        if alike:
            told.append(_twice(one, next(same[key] for key in same if key in alike), alike))
            gone = {number for number in one.found.rows if (one.found.placed.codes[number], _day_of(one, number)) in alike}
            kinds = tuple("note" if number in gone else kind for number, kind in enumerate(one.found.kinds))
            one = Member(one.unit, replace(one.found, kinds=kinds))
        kept.append(one)
    order = [one.unit.key for one in members]
    kept = [one for one in kept if one.found.rows or one.found.unplaced]
    return tuple(sorted(kept, key=lambda one: order.index(one.unit.key))), told, asked


def _agree(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether two give a count both, and none otherwise."""
    both = one.keys() & other.keys()
    return bool(both) and all(one[role] == other[role] for role in both)


def _which(first: Member, second: Member, keys: Sequence[Key]) -> Question:
    """Which of two tables holds where they say other figures of the same areas on the same day."""
    code, day = min(keys, key=str)
    role = next((role for role in first.figures[code, day] if first.figures[code, day] != second.figures[code, day]), "")
    text = T(
        "{one} and {two} give other figures for the same {n} areas: {area} has {first} and {second}. Which of them holds?",
        one=first.unit.key,
        two=second.unit.key,
        n=len(keys),
        area=f"{code} {register().name(code)}",
        first=_count(first.figures[code, day].get(role)),
        second=_count(second.figures[code, day].get(role)),
    )
    readings = tuple(
        Reading(T("{one}; {two} is left out", one=one.unit.key, two=other.unit.key), {"parts": {other.unit.key: LEFT_OUT}}, one.part.totals)
        for one, other in ((first, second), (second, first))
    )
    return Question("part", text, readings)


def _count(value: float | None) -> int | str:
    return "–" if value is None else int(value)


def _twice(one: Member, other: Member, keys: Iterable[Key]) -> Check:
    n = len(list(keys))
    text = TN(
        "{one} says of {n} area what {other} says already; it counts once.",
        "{one} says of {n} areas what {other} says already; they count once.",
        n=n,
        one=one.unit.key,
        other=other.unit.key,
    )
    return Check("together", "note", text)


# What must be asked

Asks = Callable[[_Pile], Iterable[Question]]


def _months(pile: _Pile) -> Iterable[Question]:
    """Which day of their month the tables are about, once for all of them."""
    monthly = [one.unit for one in pile.members if one.unit.month and one.unit.day is not None]
    if not monthly:
        return
    ends = {unit.key: unit.day.isoformat() for unit in monthly if unit.day}
    firsts = {unit.key: unit.day.replace(day=1).isoformat() for unit in monthly if unit.day}
    text = T("{n} tables name a month and no day ({first} to {last}). Which day of it are they about?", n=len(monthly),
             first=monthly[0].key, last=monthly[-1].key)  # fmt: skip
    yield Question(
        "part",
        text,
        (
            Reading(T("the last day of the month"), {"parts": ends}),
            Reading(T("the first day of the month"), {"parts": firsts}),
        ),
    )


def _undated(pile: _Pile) -> Iterable[Question]:
    """Which day a table is about that says none, beside those of the others; one question where none says any."""
    without = [one for one in pile.members if not one.unit.dated]
    if not without:
        return
    if len(without) == len(pile.members) or (len(pile.days) == 1 and len(without) > 1):
        offered = {day: where for one in pile.members for day, where in one.found.when.readings}
        offered |= {day: T("as the others") for day in pile.days}
        readings = tuple(Reading(T("{day} ({where})", day=day, where=where), {"date": day.isoformat()}) for day, where in offered.items())
        yield Question("date", T("The tables do not all say which day they are about. Which day are the figures about?"), readings)
        return
    for one in without:
        text = T("{part} does not say which day it is about. Which day is it?", part=one.unit.key)
        offered_here = [day for day, _ in one.found.when.readings] or (pile.days if len(pile.days) == 1 else [])
        yield Question("part_day", text, (*_days(one.unit, offered_here), _leaving(one.unit)), subject=one.unit.key)


def _at_odds(pile: _Pile) -> Iterable[Question]:
    """Which day holds where the name of a sheet and its title say two."""
    for one in pile.members:
        said, day = one.unit.said, one.unit.day
        if said is None or day is None or pile.choices.date or one.unit.key in pile.choices.parts or _within(day, said):
            continue
        text = T("The sheet {part} is named by {said}, but its table says {day}. Which day is it about?", part=one.unit.key,
                 said=said.text, day=day)  # fmt: skip
        yield Question("part_day", text, (*_days(one.unit, [said.day, day]), _leaving(one.unit)), subject=one.unit.key)


def _within(day: date, said: written.Found) -> bool:
    """Whether a day is what a sheet's name says: the day itself, in its month, or in the half-year of its semester."""
    if said.kind == "day":
        return day == said.day
    if said.kind == "semester":
        return abs((day - said.day).days) <= 200
    return (day.year, day.month) == (said.day.year, said.day.month)


def _days(unit: Unit, days: Sequence[date]) -> list[Reading]:
    return [Reading(T("{day}", day=day), {"parts": {unit.key: day.isoformat()}}) for day in dict.fromkeys(days)]


def _leaving(unit: Unit) -> Reading:
    return Reading(T("leave {part} out", part=unit.key), {"parts": {unit.key: LEFT_OUT}})


def _strangers(pile: _Pile) -> Iterable[Question]:
    """Tables whose day is one, or whose areas are, of none of the others: a slip, or something else."""
    usual = _usual_areas(pile)
    counted = Counter(one.unit.day for one in pile.members)
    day = max(counted, key=lambda one: (counted[one], str(one)))
    for one in pile.members:
        codes = {code for code, _ in one.figures}
        if len(counted) < 2 or one.unit.day in (None, day) or counted[one.unit.day] > 1 or one.unit.key in pile.choices.parts:
            continue
        if codes & usual[one.unit.key] and len(codes & usual[one.unit.key]) >= ALIKE * len(codes):
            continue
        text = T("{part} is of {day} and of areas that the other tables do not hold. Is it part of the same?", part=one.unit.key,
                 day=one.unit.day)  # fmt: skip
        offered = [one.unit.day, *([day] if day is not None else [])]
        yield Question("part_day", text, (*_days(one.unit, [d for d in offered if d]), _leaving(one.unit)), subject=one.unit.key)


def _usual_areas(pile: _Pile) -> dict[str, set[str]]:
    """For each member the areas of the others."""
    counted = Counter(code for one in pile.members for code in {code for code, _ in one.figures})
    return {
        one.unit.key: {code for code, hits in counted.items() if hits > ((code, one.unit.day) in one.figures)} for one in pile.members
    }


def _own(pile: _Pile) -> Iterable[Question]:
    """What each table leaves open by itself, in the name of its sheet."""
    for one in pile.members:
        for question in asking.questions(one.found):
            if question.topic == "date":
                continue
            if question.topic == "alias" and len(one.found.unplaced) >= len(one.found.rows):
                yield _whose(one.unit, pile)
                break
            text = T("{part}: {what}", part=one.unit.key, what=question.text)
            readings = (*question.readings, _leaving(one.unit)) if question.readings else (_leaving(one.unit),)
            yield replace(question, text=text, readings=readings, refuses=False)


def _unread(pile: _Pile) -> Iterable[Question]:
    """Sheets that are named as the others, or built like them, and cannot be read."""
    for unit in pile.rest:
        if unit.empty or not _alike(unit, pile.members):
            continue
        if unit.found is not None and (unit.found.unplaced or unit.found.unfitting):
            yield _whose(unit, pile)
            continue
        text = T(
            "The sheet {part} is named like the others, but cannot be read like them: no areas with counts of recording were found "
            "in it. Mend it, or leave it out.",
            part=unit.key,
        )
        yield Question("part", text, (_leaving(unit),), subject=unit.key)


def _alike(unit: Unit, members: Sequence[Member]) -> bool:
    """Whether a sheet is named by a day or a kecamatan as the members are, or has their header."""
    prints = {one.found.fingerprint() for one in members}
    by_day = unit.said is not None and any(one.unit.said is not None for one in members)
    by_area = bool(unit.area) and any(one.unit.area for one in members)
    heads = {tuple(one.found.table.headers) for one in members}
    built = unit.found is not None and (unit.found.fingerprint() in prints or tuple(unit.found.table.headers) in heads)
    return by_day or by_area or built or (unit.grouped and any(one.unit.sheet == unit.sheet for one in members))


def _whose(unit: Unit, pile: _Pile) -> Question:
    """Which kecamatan a sheet is about, whose rows are not known: those of the same kabupaten that no other sheet is about."""
    taken = {code.rpartition(".")[0] for one in pile.members for code, _ in one.figures}
    found = unit.found
    texts = [label.split(" / ")[-1] for label in found.placed.labels if label] if found is not None else []
    regencies = {code.rpartition(".")[0] for code in taken if code.count(".") == 2}
    fits = {
        district: sum(names.has(district, text) for text in texts)
        for regency in regencies
        for district in names.children(regency)
        if district not in taken
    }
    best = [code for code, hits in sorted(fits.items(), key=lambda one: (-one[1], one[0])) if hits][:MOST_ANSWERS]
    readings = [Reading(T("{code} {name}", code=code, name=register().name(code)), {"parts": {unit.key: code}}) for code in best]
    text = T("Which kecamatan is the sheet {part} about? Its name and its rows do not say it for sure.", part=unit.key)
    return Question("part_area", text, (*readings, _leaving(unit)), subject=unit.key)


_QUESTIONS: tuple[Asks, ...] = (_months, _undated, _at_odds, _strangers, _own, _unread)


def _distinct(questions: Iterable[Question]) -> list[Question]:
    """Each question once: what one answer settles for all tables is not asked of each."""
    seen: dict[tuple[str, str], Question] = {}
    for question in questions:
        answers = [dict(reading.choices) for reading in question.readings if "parts" not in reading.choices]
        own = question.subject or (question.text.msgid if not answers else "")
        seen.setdefault((question.topic, f"{own}{answers or question.readings}"), question)
    return list(seen.values())


# What is told

Tells = Callable[[_Pile], Iterable[Check]]


def _of_members(pile: _Pile) -> Iterable[Check]:
    """What there is to be said of each table by itself, in the name of its sheet."""
    for one in pile.members:
        for check in evidence.checks(one.found):
            yield replace(check, text=T("{part}: {what}", part=one.unit.key, what=check.text))


def _compared(pile: _Pile) -> Iterable[Check]:
    """A recapitulation against the sums of the tables."""
    for recap in pile.recaps:
        if recap.found.doubts or not recap.figures:
            yield Check("recap", "warning", T("{part} is not compared with the others: it cannot be read for sure.", part=recap.unit.key))
            continue
        differences, alone, held = _against(recap, pile)
        yield from differences[:MOST_TOLD]
        if alone:
            text = T(
                "{part} holds areas of which no other sheet says anything: {areas}.",
                part=recap.unit.key,
                areas=", ".join(f"{code} {register().name(code)}" for code in alone[:MOST_NAMED]),
            )
            yield Check("recap", "warning", text, (), tuple(alone))
        if not differences and held:
            yield Check("recap", "note", T("{part} agrees with the sums of the other sheets ({n} figures).", part=recap.unit.key, n=held))


def _against(recap: Member, pile: _Pile) -> tuple[list[Check], list[str], int]:
    """Where a recapitulation differs, the areas that it alone holds, and how many figures agree."""
    level = min(recap.found.level, pile.members[0].found.level)
    days, held, made, alone = pile.days, 0, [], []
    mine = _rolled([recap], level)
    theirs = _rolled(pile.members, level)
    for (code, day), counts in sorted(mine.items(), key=str):
        at = day if (code, day) in theirs or len(days) != 1 else days[0]
        other = theirs.get((code, at)) or (theirs.get((code, None)) if len(days) <= 1 else None)
        if other is None:
            alone += [code] if not any(one == code for one, _ in theirs) else []
            continue
        for role, printed in counts.items():
            if role in other and other[role] != printed:
                made.append(_difference(recap, code, role, printed, other[role]))
            elif role in other:
                held += 1
    return made, list(dict.fromkeys(alone)), held


def _difference(recap: Member, code: str, role: str, printed: float, summed: float) -> Check:
    found = recap.found
    row = next((int(found.table.row_numbers[number]) for number in found.rows if found.placed.codes[number] == code), 0)
    text = T(
        "{part}, row {row} ({area}): the {role} is {printed}, but the other sheets give {summed}, which is taken.",
        part=recap.unit.key,
        row=str(row),
        area=f"{code} {register().name(code)}",
        role=ROLE_NAMES[role],
        printed=int(printed),
        summed=int(summed),
    )
    return Check("recap", "warning", text, (row,), (code,))


def _rolled(members: Iterable[Member], level: int) -> dict[Key, dict[str, float]]:
    """Sums per area of a level and day."""
    made: dict[Key, dict[str, float]] = {}
    for one in members:
        for (code, day), counts in one.figures.items():
            mine = made.setdefault((".".join(code.split(".")[:level]), day), {})
            for role, value in counts.items():
                mine[role] = mine.get(role, 0.0) + value
    return made


def _not_read(pile: _Pile) -> Iterable[Check]:
    """Sheets that are not read, and why."""
    for unit in pile.rest:
        if unit.empty and _alike(unit, pile.members):
            yield Check("together", "warning", T("The sheet {part} shows no figure yet; nothing is read of it.", part=unit.key))
        elif not _alike(unit, pile.members) and (unit.found is not None or not unit.empty):
            yield Check("together", "warning", T("The sheet {part} is not read: it holds no figures of recording per area.", part=unit.key))
        elif unit.empty:
            yield Check("together", "note", T("The sheet {part} holds no figures.", part=unit.key))
    for key, value in pile.choices.parts.items():
        if value == LEFT_OUT:
            yield Check("together", "warning", T("{part} is left out, as it was decided.", part=key))


_CHECKS: tuple[Tells, ...] = (_of_members, _compared, _not_read)


def _evidence(pile: _Pile) -> Iterable[Evidence]:
    """That the tables are one reading, and why."""
    keys = ", ".join(one.unit.key for one in pile.members)
    areas = len({code for one in pile.members for code, _ in one.figures})
    reasons: list[Text] = []
    if len(pile.days) > 1:
        reasons.append(T("they are of {n} days", n=len(pile.days)))
    if len(pile.days) < len(pile.members):
        reasons.append(T("they are of different areas, {n} together", n=areas))
    yield Evidence("together", T("{n} tables are read together: {parts}", n=len(pile.members), parts=keys), tuple(reasons))
    for unit in pile.units:
        if unit.area:
            yield Evidence("areas", T("the sheet {part} is {code} {name}", part=unit.key, code=unit.area, name=register().name(unit.area)))


def _settled(pile: _Pile) -> dict[str, str]:
    """What each part was read as: its kecamatan where its sheet says it, else its day."""
    made = dict(pile.choices.parts)
    for one in pile.members:
        if one.unit.area:
            made.setdefault(one.unit.key, one.unit.area)
        elif one.unit.day is not None and not pile.choices.date:
            made.setdefault(one.unit.key, one.unit.day.isoformat())
    return made
