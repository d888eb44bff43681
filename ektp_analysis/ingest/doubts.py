"""What makes columns doubtful that the arithmetic alone would let pass: other words beside them, unlikely shares, totals
far off, figures that stand for several rows at once. A doubt is asked; it never changes what is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from ektp_analysis.ingest import words
from ektp_analysis.ingest.pick import Picked
from ektp_analysis.ingest.table import Table
from ektp_analysis.ingest.totals import Difference
from ektp_analysis.ingest.values import Floats, Mask, Values

FAR, LOW = 0.2, 0.4
_RECORDING = re.compile(r"\b(?:pe)?rekam(?:an)?\b.*\b(?:e-?)?ktp|\bktp\b.*rekam", re.IGNORECASE | re.DOTALL)
_OTHER = re.compile(r"vaksin|\bkia\b|\bakta\b|imunisasi|pencetakan|kepemilikan", re.IGNORECASE)
_MEN, _WOMEN = r"\b(?:laki|laki[- ]?laki|pria)\b", r"\b(?:perempuan|wanita)\b"
_THOUSANDS = re.compile(r"\b(?:dalam ribu\w*|ribuan|ribu jiwa|ribu orang|x ?1[.,]?000|juta)\b", re.IGNORECASE)
_OBLIGED = re.compile(r"\bwajib|\bwktp\b|\beligible\b")


def doubt(
    table: Table,
    picked: Picked,
    differences: Sequence[Difference],
    agree: int,
    parsed: Mapping[int, Values],
    figures: Mapping[str, Floats],
    areas: Mask,
    codes: Sequence[str],
) -> None:
    """Add to ``picked`` what must be asked. ``areas``: the body rows that are areas; ``codes``: the area of each row."""
    far = [one for one in differences if abs(one.printed - one.summed) > FAR * max(one.printed, one.summed)]
    spoken = " ".join([*(str(title) for title in table.titles), *(" ".join(path) for path in table.headers)])
    men, women = (re.search(pattern, f"{spoken} {table.sheet}", re.IGNORECASE) for pattern in (_MEN, _WOMEN))
    totals_named = any(words.meaning(path).sex for path in table.headers)
    if bool(men) != bool(women) and not totals_named:
        picked.doubts.append("one sex")
        picked.missing += [role for role in picked.columns if role not in picked.missing]
    if "generic words" in picked.doubts and _RECORDING.search(spoken) and not _OTHER.search(spoken):
        picked.doubts.remove("generic words")
    found = ["totals"] if far and not agree else []
    found += ["thousands"] if _THOUSANDS.search(spoken) else []
    found += ["unlikely"] if "unlikely" not in picked.doubts and _unlikely(table, picked, figures, areas) else []
    found += ["merged"] if _merged(table, picked, areas) or _heads(figures, areas, codes) else []
    unread = _unread(table, picked, parsed)
    found += ["fractions"] if unread else []
    rival = _obliged_beside(table, picked, parsed, areas)
    if rival >= 0 and "several" not in picked.doubts:
        found.append("several")
        other = {role: places for role, places in picked.columns.items() if role != words.UNRECORDED}
        picked.readings = [{**other, words.ELIGIBLE: (rival,)}, dict(picked.columns)]
    for one in found:
        picked.doubts.append(one)
        picked.readings = picked.readings or [dict(picked.columns)]


def _named(table: Table, places: Sequence[int]) -> str:
    return words.tidy(" ".join(" ".join(table.headers[place]) for place in places))


def _unlikely(table: Table, picked: Picked, figures: Mapping[str, Floats], areas: Mask) -> bool:
    """Whether few of the eligible are recorded in most rows: the recorded of one month, or a target of one campaign. Not
    doubted where all three columns add up and the eligible are called so."""
    if words.ELIGIBLE not in figures or words.RECORDED not in figures:
        return False
    proven = any(kind == "sum" for kind, *_ in picked.proofs)
    if proven and _OBLIGED.search(_named(table, picked.columns[words.ELIGIBLE])):
        return False
    whole, done = figures[words.ELIGIBLE][areas], figures[words.RECORDED][areas]
    both = ~np.isnan(whole) & ~np.isnan(done) & (whole > 0)
    return bool(both.any() and (done[both] < LOW * whole[both]).mean() > 0.5)


def _merged(table: Table, picked: Picked, areas: Mask) -> bool:
    """Whether a figure stands in a cell merged over several areas: it is that of them all, not of the first."""
    if not table.spans:
        return False
    chosen = {place for places in picked.columns.values() for place in places}
    there = {int(table.row_numbers[int(row)]) for row in np.flatnonzero(areas)}
    return any(
        sum(number in there for number in range(top, bottom + 1)) > 1
        for place, top, bottom in table.spans
        if place in chosen
    )


def _heads(figures: Mapping[str, Floats], areas: Mask, codes: Sequence[str]) -> bool:
    """Whether only the first area of each larger one shows figures, and most show none: those of merged cells whose merging
    was lost on the way (a text, an old format)."""
    rows = np.flatnonzero(areas)
    shows = np.any([~np.isnan(values[rows]) for values in figures.values()], axis=0) if figures else np.zeros(0, dtype=bool)
    if len(rows) < 4 or not shows.any() or 2 * shows.sum() > len(rows):
        return False
    blocks: dict[str, list[bool]] = {}
    for row, shown in zip(rows, shows, strict=True):
        blocks.setdefault(codes[int(row)].rpartition(".")[0], []).append(bool(shown))
    several = [block for block in blocks.values() if len(block) > 1]
    return len(several) > 1 and all(block[0] and sum(block) == 1 for block in several)


def _unread(table: Table, picked: Picked, parsed: Mapping[int, Values]) -> list[int]:
    """Columns that are surely named as a count which no other column gives, but hold fractions: thousands marks that a
    program took for decimal marks, perhaps."""
    found = []
    for place, one in parsed.items():
        said = words.meaning(table.headers[place])
        if said.measure not in (words.ELIGIBLE, words.RECORDED, words.UNRECORDED) or said.sure < 2 or one.usable:
            continue
        if said.measure not in picked.columns and int((~np.isnan(one.floats)).sum()) > 0:
            found.append(place)
    return found


def _obliged_beside(table: Table, picked: Picked, parsed: Mapping[int, Values], areas: Mask) -> int:
    """A column of 'wajib KTP' beside a chosen one of targets that differs from it (a target may be a share); else -1."""
    chosen = picked.columns.get(words.ELIGIBLE, ())
    if len(chosen) != 1 or _OBLIGED.search(_named(table, chosen)):
        return -1
    for place, one in parsed.items():
        said = words.meaning(table.headers[place])
        if place in chosen or said.measure != words.ELIGIBLE or said.sex in (words.MEN, words.WOMEN) or not one.usable:
            continue
        if _OBLIGED.search(_named(table, (place,))) and not np.array_equal(
            one.counts[areas], parsed[chosen[0]].counts[areas], equal_nan=True
        ):
            return place
    return -1
