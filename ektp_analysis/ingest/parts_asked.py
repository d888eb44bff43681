"""What must be asked of tables that are one reading: each question has answers that move on, one of them to leave a table out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from ektp_analysis.core.area import register
from ektp_analysis.core.text import T
from ektp_analysis.ingest import asking
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.cells import names, written
from ektp_analysis.ingest.ground import Doubt
from ektp_analysis.ingest.pile import Pile, alike, blank
from ektp_analysis.ingest.report import LEFT_OUT, MONTH_END, MONTH_START, Question, Reading
from ektp_analysis.ingest.units import Unit

WEEK = 7  # days
FEWEST_IN_ORDER = 3  # days beside each other that show an order
ALIKE = 0.5  # of the areas of a table: if fewer are those of the other days, it is of something else
MOST_ANSWERS = 3  # kecamatan to choose from for a sheet

Asks = Callable[[Pile], Iterable[Question]]


def _months(pile: Pile) -> Iterable[Question]:
    """Which day of their month the tables are about, once for all of them."""
    monthly = [one.unit for one in pile.members if one.unit.month and one.unit.day is not None]
    if not monthly:
        return
    if len({(unit.day.year, unit.day.month) for unit in monthly if unit.day}) < len({unit.day for unit in monthly}):
        yield _weeks(monthly)
        return
    ends = {unit.key: unit.day.isoformat() for unit in monthly if unit.day}
    firsts = {unit.key: unit.day.replace(day=1).isoformat() for unit in monthly if unit.day}
    text = T("{n} tables name a month but no day ({first} to {last}). Which day of the month are they about?", n=len(monthly),
             first=monthly[0].key, last=monthly[-1].key)  # fmt: skip
    yield Question(
        "part",
        text,
        (
            Reading(T("the last day of the month"), {"parts": ends}),
            Reading(T("the first day of the month"), {"parts": firsts}),
        ),
    )


def _weeks(units: Sequence[Unit]) -> Question:
    """Which day of their week the tables are about, where each is of another week of a month."""
    days = {unit.key: unit.day for unit in units if unit.day}
    ends = {key: day.isoformat() for key, day in days.items()}
    firsts = {key: day.replace(day=(day.day - 1) // WEEK * WEEK + 1).isoformat() for key, day in days.items()}
    text = T("{n} tables name a week of a month but no day ({first} to {last}). Which day of the week are they about?",
             n=len(units), first=units[0].key, last=units[-1].key)  # fmt: skip
    last = Reading(T("the last day of the week (7, 14, 21, 28 or the end of the month)"), {"parts": ends})
    return Question("part", text, (last, Reading(T("the first day of the week (1, 8, 15, 22 or 29)"), {"parts": firsts})))


def month_rows(units: Iterable[Unit]) -> Iterable[Question]:
    """Which day of their month the rows are about, once for all tables whose rows are months."""
    keys = [unit.key for unit in units if unit.months]
    if keys:
        yield Question(
            "part",
            T("The rows name months but no days. Which day of its month is each row about?"),
            (
                Reading(T("the last day of the month"), {"parts": dict.fromkeys(keys, MONTH_END)}),
                Reading(T("the first day of the month"), {"parts": dict.fromkeys(keys, MONTH_START)}),
            ),
        )


def _undated(pile: Pile) -> Iterable[Question]:
    """Which day a table is about that says none, beside those of the others; one question where none says any."""
    without = [one for one in pile.members if not one.unit.dated]
    if not without:
        return
    if len(without) == len(pile.members) or (len(pile.days) == 1 and len(without) > 1):
        offered = {day: where for one in pile.members for day, where in one.found.when.readings}
        offered |= {day: T("as the others") for day in pile.days}
        readings = tuple(
            Reading(T("{day} ({where})", day=day, where=where), {"date": day.isoformat()}) for day, where in offered.items()
        )
        yield Question(
            "date", T("The tables do not all say which day they are about. Which day are the figures about?"), readings
        )
        return
    for one in without:
        text = T("{part} does not say which day it is about. Which day is it?", part=one.unit.key)
        offered_here = [day for day, _ in one.found.when.readings] or (pile.days if len(pile.days) == 1 else [])
        yield Question("part_day", text, (*_days(one.unit, offered_here), _leaving(one.unit)), subject=one.unit.key)


def _at_odds(pile: Pile) -> Iterable[Question]:
    """Which day holds where the name of a sheet and its title say two."""
    for one in pile.members:
        said, day = one.unit.said, one.unit.day
        if said is None or day is None or pile.choices.date or one.unit.key in pile.choices.parts or _within(day, said):
            continue
        text = T("The sheet {part} is named after {said}, but its table says {day}. Which day is it about?", part=one.unit.key,
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


def _out_of_order(pile: Pile) -> Iterable[Question]:
    """The day of columns that breaks the order of the days beside it, as a slip in its header does."""
    for sheet in dict.fromkeys(one.unit.sheet for one in pile.members if one.unit.grouped):
        beside = {min(_places(one.found)): one.unit for one in pile.members if one.unit.sheet == sheet and one.unit.grouped}
        units = [beside[place] for place in sorted(beside)]
        days = [unit.day for unit in units if unit.day is not None]
        odd = _slip(days) if len(days) == len(units) == sum(one.unit.sheet == sheet for one in pile.members) else None
        if odd is None or units[odd].key in pile.choices.parts:
            continue
        around = days[max(odd - 1, 0) : odd] + days[odd + 1 : odd + 2]
        between = [around[0] + (around[1] - around[0]) / 2] if len(around) > 1 else []
        text = T("{part} is out of order among the days beside it. Which day is it about?", part=units[odd].key)
        yield Question(
            "part_day", text, (*_days(units[odd], [*between, days[odd]]), _leaving(units[odd])), subject=units[odd].key
        )


def _places(found: Candidate) -> list[int]:
    return [place for places in found.picked.columns.values() for place in places]


def _slip(days: Sequence[date]) -> int | None:
    """The position of the day without which the others rise or fall and are nearest to each other; None where all do."""
    if len(days) < FEWEST_IN_ORDER or _in_order(days):
        return None
    without = {place: [*days[:place], *days[place + 1 :]] for place in range(len(days))}
    spans = {place: max(rest) - min(rest) for place, rest in without.items() if _in_order(rest)}
    return min(spans, key=lambda place: spans[place], default=None)


def _in_order(days: Sequence[date]) -> bool:
    return list(days) in (sorted(days), sorted(days, reverse=True))


def _strangers(pile: Pile) -> Iterable[Question]:
    """Tables whose day is that of none of the others, and whose areas are too: a slip, or something else."""
    counted = Counter(one.unit.day for one in pile.members)
    usual = max((day for day in counted if day is not None), key=lambda one: (counted[one], one), default=None)
    for one in pile.members:
        day = one.unit.day
        if day is None or usual is None or day == usual or counted[day] > 1 or one.unit.key in pile.choices.parts:
            continue
        others = {code for other in pile.members if other is not one for code, _ in other.figures}
        codes = {code for code, _ in one.figures}
        if len(codes & others) < ALIKE * len(codes):
            text = T(
                "{part} is of {day}, and its areas are in no other table. Is it part of the same set?",
                part=one.unit.key,
                day=day,
            )
            yield Question("part_day", text, (*_days(one.unit, [day, usual]), _leaving(one.unit)), subject=one.unit.key)


def _zeros(pile: Pile) -> Iterable[Question]:
    """Tables that say 0 of every area, as one does that is not filled yet, beside others that do not."""
    bare = [one for one in pile.members if not any(value for counts in one.figures.values() for value in counts.values())]
    for one in bare if len(bare) < len(pile.members) else ():
        said = one.unit.area or (one.unit.day.isoformat() if one.unit.day else "")
        if one.unit.key not in pile.choices.parts:
            text = T(
                "{part} gives 0 for every area, like a table that is not filled in yet. Should it be read?", part=one.unit.key
            )
            taken = Reading(T("{part} is read: it really is 0", part=one.unit.key), {"parts": {one.unit.key: said}})
            yield Question("part", text, (_leaving(one.unit), *([taken] if said else [])), subject=one.unit.key)


def _own(pile: Pile) -> Iterable[Question]:
    """What each table leaves open by itself, in the name of its sheet."""
    for one in pile.members:
        for question in asking.questions(_of_both(one.found) if pile.summed else one.found):
            if question.topic == "date":
                continue
            if question.topic == "alias" and len(one.found.unplaced) >= len(one.found.rows):
                yield _whose(one.unit, pile)
                break
            text = T("{part}: {what}", part=one.unit.key, what=question.text)
            readings = (*question.readings, _leaving(one.unit))
            yield replace(question, text=text, readings=readings, refuses=False)


def _of_both(found: Candidate) -> Candidate:
    """A table of one sex that is added to that of the other: that it counts one sex is no question then."""
    doubts: list[Doubt] = [doubt for doubt in found.picked.doubts if doubt is not Doubt.ONE_SEX]
    return replace(found, picked=replace(found.picked, doubts=doubts))


def _unread(pile: Pile) -> Iterable[Question]:
    """Sheets that are named as the others, or built like them, and cannot be read."""
    for unit in pile.rest:
        if blank(unit, pile.members) or not alike(unit, pile.members):
            continue
        if unit.found is not None and (unit.found.unplaced or unit.found.unfitting):
            yield _whose(unit, pile)
            continue
        text = T(
            "The sheet {part} is named like the others but cannot be read like them: no areas with counts of "
            "recording were found in it. Mend it, or leave it out.",
            part=unit.key,
        )
        yield Question("part", text, (_leaving(unit),), subject=unit.key)


def _whose(unit: Unit, pile: Pile) -> Question:
    """Which kecamatan a sheet is about, whose rows are not known: those of the same kabupaten that no other sheet is about."""
    taken = {code.rpartition(".")[0] for one in pile.members for code, _ in one.figures}
    found = unit.found
    texts = [label.split(" / ")[-1] for label in found.placed.labels if label] if found is not None else []
    regencies = {code.rpartition(".")[0] for code in taken if code.count(".") == 2}
    fits = {
        district: sum(names.has(district, text) for text in texts)
        for regency in sorted(regencies)
        for district in names.children(regency)
        if district not in taken
    }
    best = [code for code, hits in sorted(fits.items(), key=lambda one: -one[1]) if hits][:MOST_ANSWERS]
    readings = [Reading(T("{code} {name}", code=code, name=register().name(code)), {"parts": {unit.key: code}}) for code in best]
    text = T("Which kecamatan is the sheet {part} about? Its name and its rows do not settle it.", part=unit.key)
    return Question("part_area", text, (*readings, _leaving(unit)), subject=unit.key)


def _month_rows(pile: Pile) -> Iterable[Question]:
    return month_rows(one.unit for one in pile.members)


_QUESTIONS: tuple[Asks, ...] = (_months, _month_rows, _undated, _at_odds, _out_of_order, _strangers, _zeros, _own, _unread)


def of(pile: Pile) -> list[Question]:
    """All that is asked, each once: what one answer settles for all tables is not asked of each."""
    seen: dict[tuple[str, str], Question] = {}
    for question in (question for rule in _QUESTIONS for question in rule(pile)):
        answers = [dict(reading.choices) for reading in question.readings if "parts" not in reading.choices]
        seen.setdefault((question.topic, f"{question.subject}{answers or question.readings}"), question)
    return list(seen.values())
