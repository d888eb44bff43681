"""What is told of tables that are one reading: of each by itself, a recapitulation against their sums, and what was not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ektp_analysis.core.area import register
from ektp_analysis.core.text import T
from ektp_analysis.ingest import evidence, losses
from ektp_analysis.ingest.evidence import ROLE_NAMES
from ektp_analysis.ingest.pile import Key, Member, Pile, alike, blank
from ektp_analysis.ingest.report import LEFT_OUT, Check, Choices

MOST_TOLD, MOST_NAMED = 20, 8  # differences in one report, areas in one sentence

Tells = Callable[[Pile], Iterable[Check]]


def _of_members(pile: Pile) -> Iterable[Check]:
    """What there is to be said of each table by itself, in the name of its sheet."""
    for one in pile.members:
        if one.found.table.hidden:
            yield Check("together", "warning", T("{part} is a hidden sheet; it is read as well.", part=one.unit.key))
        for check in (*evidence.checks(one.found), *losses.told(one.found)):
            yield replace(check, text=T("{part}: {what}", part=one.unit.key, what=check.text))


def _shared(pile: Pile) -> Iterable[Check]:
    """Figures that stand once beside several days, so that of most of them they may be those of another day."""
    for sheet in dict.fromkeys(one.unit.sheet for one in pile.members if one.unit.shared):
        mine = [one.unit for one in pile.members if one.unit.sheet == sheet and one.unit.shared]
        text = T(
            "{columns} appears once for {n} days and is used for each of them.", columns=", ".join(mine[0].shared), n=len(mine)
        )
        yield Check("together", "warning", text)


def _compared(pile: Pile) -> Iterable[Check]:
    """A recapitulation against the sums of the tables."""
    for recap in pile.recaps:
        days = {day for _, day in recap.figures if day is not None}
        if recap.found.doubts or not recap.figures:
            text = T(
                "{part} is neither read nor compared with the others: it cannot be read with certainty.", part=recap.unit.key
            )
            yield Check("recap", "warning", text)
        elif days and pile.days and not days & set(pile.days):
            text = T(
                "{part} is of {day}, and no other table is; it is neither read nor compared.", part=recap.unit.key, day=max(days)
            )
            yield Check("recap", "warning", text)
        else:
            yield from against(recap, pile.members)


def against(recap: Member, members: Sequence[Member]) -> Iterable[Check]:
    """Where a recapitulation differs from the sums of the tables, the areas that it alone holds, and how many figures agree."""
    level = min(recap.found.level, *(one.found.level for one in members))
    mine, theirs = _rolled([recap], level), _rolled(members, level)
    several = len({day for _, day in theirs}) > 1
    by_area = {code: counts for (code, _), counts in theirs.items()}  # of one day, whichever the recapitulation says
    pairs = {key: theirs.get(key) if several else by_area.get(key[0]) for key in sorted(mine, key=str)}
    both = list(_counts(mine, pairs))
    differing = [_difference(recap, key, role, *two) for key, role, two in both if two[0] != two[1]]
    yield from differing[:MOST_TOLD]
    alone = sorted({code for code, _ in mine} - {code for code, _ in theirs})
    if alone:
        text = T(
            "{part} holds areas that are in no other table: {areas}.",
            part=recap.unit.key,
            areas=", ".join(f"{code} {register().name(code)}" for code in alone[:MOST_NAMED]),
        )
        yield Check("recap", "warning", text, (), tuple(alone))
    if both and not differing:
        text = T("{part} agrees with the sums of the other tables ({n} figures).", part=recap.unit.key, n=len(both))
        yield Check("recap", "note", text)


Sums = Mapping[Key, Mapping[str, float]]


def _counts(mine: Sums, pairs: Mapping[Key, Mapping[str, float] | None]) -> Iterable[tuple[Key, str, tuple[float, float]]]:
    """The counts that both give, of each area and day."""
    for key, other in pairs.items():
        for role in mine[key].keys() & (other or {}).keys():
            yield key, role, (mine[key][role], (other or {})[role])


def _difference(recap: Member, key: Key, role: str, printed: float, summed: float) -> Check:
    found, code = recap.found, key[0]
    row = next(int(found.table.row_numbers[number]) for number in found.rows if found.placed.codes[number].startswith(code))
    text = T(
        "{part}, row {row} ({area}): {role} is {printed}, but the other sheets add up to {summed}, which is used.",
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


def _not_read(pile: Pile) -> Iterable[Check]:
    """Tables that are not read, and why."""
    for unit in pile.rest:
        made_alike = alike(unit, pile.members)
        if unit.empty and (blank(unit, pile.members) or not made_alike):
            text = T("{part} shows no figure; nothing is read of it.", part=unit.key)
            yield Check("together", "warning" if made_alike else "note", text)
        elif not made_alike:
            yield unlike(unit.key)
    yield from left(pile.choices)


def unlike(part: str) -> Check:
    """That a table is not read beside another."""
    text = T(
        "{part} is not read: it is laid out differently from what is read, or holds no certain figures of recording.", part=part
    )
    return Check("together", "warning", text)


def left(choices: Choices) -> Iterable[Check]:
    """What a person left out."""
    for key, value in choices.parts.items():
        if value == LEFT_OUT:
            yield Check("together", "warning", T("{part} is left out, as decided.", part=key))


_CHECKS: tuple[Tells, ...] = (_of_members, _shared, _compared, _not_read)


def of(pile: Pile) -> list[Check]:
    """All that is told, in the order of the rules."""
    return [check for rule in _CHECKS for check in rule(pile)]
