"""Tables of men and of women that are one reading: their figures are added, and held against a table of both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ektp_analysis.core import contract
from ektp_analysis.core.area import register
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.column import constant
from ektp_analysis.ingest.evidence import ROLE_NAMES, joined
from ektp_analysis.ingest.ground import Doubt
from ektp_analysis.ingest.pile import Key, Member
from ektp_analysis.ingest.report import LEFT_OUT, SEXES, Choices, Question, Reading
from ektp_analysis.ingest.rows import Draft

_MEN = re.compile(r"\b(?:laki[- ]?laki|laki2|pria)\b", re.IGNORECASE)
_WOMEN = re.compile(r"\b(?:perempuan|wanita)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Halves:
    """``members``: the tables that are read, men and women; ``whole``: those of both that the sum is held against."""

    members: tuple[Member, ...]
    whole: tuple[Member, ...]
    reasons: tuple[Text, ...]
    questions: tuple[Question, ...] = ()


def of(good: Sequence[Member], choices: Choices) -> Halves | None:
    """One table of men and one of women of the same areas and day; None where there are not just these two."""
    sexes = {one.unit.key: _sex(one, choices) for one in good}
    men, women, whole = (tuple(one for one in good if sexes[one.unit.key] == sex) for sex in (words.MEN, words.WOMEN, ""))
    pair = (*men, *women)
    if len(men) != 1 or len(women) != 1 or not all(_same(one, men[0]) for one in (*women, *whole)):
        return None
    sums = [T("{role} {total}", role=ROLE_NAMES[role], total=total) for role, total in _sums(pair).items()]
    reasons = (T("one is of men and one of women; their figures are added: {sums}", sums=joined(sums)),)
    alone = sorted({code for code, _ in men[0].figures.keys() ^ women[0].figures.keys()})
    asked = [_lacking(pair, alone)] if alone else [_which(one, pair) for one in whole if _differing(one, pair)]
    return Halves(pair, whole, reasons, tuple(asked))


def _sex(one: Member, choices: Choices) -> str:
    """Whom a table counts: what a person said, else the sex that the titles and the name of the sheet name alone."""
    said = choices.part(one.unit.key)
    if said in SEXES:
        return "" if said == "all" else said
    if Doubt.ONE_SEX not in one.found.doubts and not one.found.named:
        return ""
    texts = [*(str(title) for title in one.found.table.titles), one.unit.sheet]
    named = {(bool(_MEN.search(text)), bool(_WOMEN.search(text))) for text in texts}
    alone = named & {(True, False), (False, True)}
    return "" if len(alone) != 1 else words.MEN if (True, False) in alone else words.WOMEN


def _same(one: Member, other: Member) -> bool:
    """Whether two tables give the same counts for the same day and at least for some of the same areas."""
    return one.figures.keys() & other.figures.keys() != set() and set(one.found.picked.columns) == set(other.found.picked.columns)


def _sums(pair: Sequence[Member]) -> dict[str, int]:
    roles = dict.fromkeys(role for one in pair for role in one.found.picked.columns)
    return {role: int(sum(counts.get(role, 0) for one in pair for counts in one.figures.values())) for role in roles}


def _differing(whole: Member, pair: Sequence[Member]) -> list[tuple[Key, str]]:
    """The areas and counts in which a table of both is not the sum of men and women."""
    return [
        (key, role)
        for key, counts in whole.figures.items()
        for role, printed in counts.items()
        if printed != sum(one.figures.get(key, {}).get(role, 0) for one in pair)
    ]


def _which(whole: Member, pair: Sequence[Member]) -> Question:
    """Which holds where the table of both is not the sum of men and women."""
    (code, day), role = _differing(whole, pair)[0]
    text = T(
        "{part} gives {printed} for {area} ({role}), but men and women together are {summed}. Which is right?",
        part=whole.unit.key,
        printed=int(whole.figures[code, day][role]),
        area=f"{code} {register().name(code)}",
        role=ROLE_NAMES[role],
        summed=int(sum(one.figures.get((code, day), {}).get(role, 0) for one in pair)),
    )
    readings = (
        Reading(T("the sum of men and women"), {"parts": {whole.unit.key: LEFT_OUT}}, _sums(pair)),
        Reading(T("{part}", part=whole.unit.key), {"parts": {one.unit.key: LEFT_OUT for one in pair}}, whole.part.totals),
    )
    return Question("part", text, readings)


def _lacking(pair: Sequence[Member], codes: Sequence[str]) -> Question:
    """The refusal of tables of men and women of which one lacks areas: the sum would be of one sex there."""
    text = T(
        "{men} and {women} do not hold the same areas: {area} is in one of them only. Complete the other, as "
        "one sex alone is not everyone.",
        men=pair[0].unit.key,
        women=pair[1].unit.key,
        area=f"{codes[0]} {register().name(codes[0])}",
    )
    return Question("part", text, refuses=True)


def summed(first: Draft, second: Draft) -> Draft:
    """The rows of the first with the counts of the second added, area by area; a row is faulty where either is. Printed shares
    are left out, for they are of one of them."""
    place = {code: position for position, code in enumerate(first.frame["area_code"])}
    into = np.array([place[code] for code in second.frame["area_code"]], dtype=np.int64)
    order = np.argsort(into)
    frame = first.frame.copy()
    for name in contract.COUNTED:
        frame[name] = frame[name] + second.frame[name].iloc[order].reset_index(drop=True)
    frame["coverage_reported"] = constant(None, len(frame))
    faults = (*first.faults, *((int(into[position]), fault) for position, fault in second.faults))
    kinds = {kind: first.kinds.get(kind, 0) + second.kinds.get(kind, 0) for kind in (*first.kinds, *second.kinds)}
    return replace(
        first, frame=contract.frame(frame), bad=first.bad | second.bad[order], faults=faults, kinds=kinds, areas=None, days=None
    )
