"""What makes columns doubtful that the arithmetic alone would let pass: other words beside them, unlikely shares, totals
far off, figures that stand for several rows at once. A doubt is asked; it never changes what is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.column import Floats, Mask, Values
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.places.totals import Difference

FAR = 0.2  # of the larger: a printed total further from its members is of other columns; a slip or a late row is nearer
LOW = 0.4  # of the eligible: an office with fewer recorded is unheard of; one month, or one campaign, has fewer
MOST_ROWS = 0.5  # of the rows: more of them are the column's way, not a few odd areas
MOST_SHOWN = 0.5  # of the rows: where more of them show figures, the empty ones are silent areas
FEWEST_BLOCKS = 2  # one kecamatan whose first desa alone reports is chance, two are merged cells

_RECORDING = re.compile(r"\b(?:pe)?rekam(?:an)?\b.*\b(?:e-?)?ktp|\bktp\b.*rekam", re.IGNORECASE | re.DOTALL)
_OTHER = re.compile(r"vaksin|\bkia\b|\bakta\b|imunisasi|pencetakan|kepemilikan", re.IGNORECASE)
_MEN = re.compile(r"\b(?:laki|laki[- ]?laki|pria)\b", re.IGNORECASE)
_WOMEN = re.compile(r"\b(?:perempuan|wanita)\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"\b(?:dalam ribu\w*|ribuan|ribu jiwa|ribu orang|x ?1[.,]?000|juta)\b", re.IGNORECASE)
_OBLIGED = re.compile(r"\bwajib|\bwktp\b|\beligible\b")

Columns = Mapping[str, tuple[int, ...]]


class Doubt(StrEnum):
    """Why columns must be asked."""

    NO_SUCH_COLUMN = "no such column"
    ONE_SEX = "one sex"
    MERGED = "merged"
    FRACTIONS = "fractions"
    NO_SUM = "no sum"
    SEVERAL = "several"
    THOUSANDS = "thousands"
    TOTALS = "totals"
    ELIGIBLE_ALONE = "eligible alone"
    RECORDED_ALONE = "recorded alone"
    UNLIKELY = "unlikely"
    GENERIC_WORDS = "generic words"
    UNKNOWN_WORDS = "unknown words"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Ground:
    """What columns are doubted on. ``columns``: those picked, by role; ``proven``: eligible, recorded and unrecorded add up;
    ``known``: the doubts with which they were picked; ``parsed`` and ``figures``: numbers of all body rows, by column and by
    role; ``areas``: the body rows that are areas; ``codes``: the area of each row; ``agree``: how many totals agree."""

    table: Table
    columns: Columns
    proven: bool
    known: frozenset[Doubt]
    parsed: Mapping[int, Values]
    figures: Mapping[str, Floats]
    areas: Mask
    codes: Sequence[str]
    differences: Sequence[Difference] = ()
    agree: int = 0

    @cached_property
    def spoken(self) -> str:
        """Titles and headers as one text."""
        return " ".join([*(str(title) for title in self.table.titles), *(" ".join(path) for path in self.table.headers)])


@dataclass(frozen=True)
class Doubted:
    """The doubts of columns (one for each time it was found), the readings to choose from, the roles that are not given."""

    doubts: tuple[Doubt, ...]
    readings: tuple[Columns, ...]
    missing: tuple[str, ...]


def doubted(ground: Ground, known: Sequence[Doubt], readings: Sequence[Columns], missing: Sequence[str]) -> Doubted:
    """What must be asked of columns, with what was in doubt, to be read and missing when they were picked."""
    kept = [one for one in known if one is not Doubt.GENERIC_WORDS or not _of_recording(ground)]
    found = [rule.doubt for rule in RULES if rule.holds is not None and rule.holds(ground)]
    if Doubt.ONE_SEX in found:
        missing = [*missing, *(role for role in ground.columns if role not in missing)]
    rival = _obliged_beside(ground) if Doubt.SEVERAL in found else -1
    if rival >= 0:
        others = {role: places for role, places in ground.columns.items() if role != words.UNRECORDED}
        readings = [{**others, words.ELIGIBLE: (rival,)}, dict(ground.columns)]
    elif set(found) - {Doubt.ONE_SEX}:
        readings = readings or [dict(ground.columns)]
    return Doubted((*kept, *found), tuple(readings), tuple(missing))


def question(doubts: Collection[Doubt], **said: object) -> Text:
    """What is asked where these doubts are there: the sentence of the first of them in the order of the rules, its named
    places filled from ``said``."""
    text = next(rule.question for rule in RULES if rule.doubt in doubts)
    return T(text.msgid, **{name: value for name, value in said.items() if "{" + name + "}" in text.msgid})


def _of_recording(ground: Ground) -> bool:
    """Whether titles and headers together speak of recording, and of nothing else that is counted alike."""
    return bool(_RECORDING.search(ground.spoken)) and not _OTHER.search(ground.spoken)


def _one_sex(ground: Ground) -> bool:
    """Whether the sheet speaks of men alone or of women alone, and no header names a total."""
    said = f"{ground.spoken} {ground.table.sheet}"
    if bool(_MEN.search(said)) == bool(_WOMEN.search(said)):
        return False
    return not any(words.meaning(path).sex for path in ground.table.headers)


def _merged(ground: Ground) -> bool:
    """Whether figures stand in cells merged over several areas, or did before they were saved as a text."""
    return _spans(ground) or _heads(ground)


def _spans(ground: Ground) -> bool:
    """Whether a figure stands in a cell merged over several areas: it is that of them all, not of the first."""
    if not ground.table.spans:
        return False
    chosen = {place for places in ground.columns.values() for place in places}
    there = {int(ground.table.row_numbers[int(row)]) for row in np.flatnonzero(ground.areas)}
    return any(
        sum(number in there for number in range(top, bottom + 1)) > 1
        for place, top, bottom in ground.table.spans
        if place in chosen
    )


def _heads(ground: Ground) -> bool:
    """Whether only the first area of each larger one shows figures, and most show none: those of merged cells whose merging
    was lost on the way (a text, an old format)."""
    rows, figures = np.flatnonzero(ground.areas), ground.figures
    shows = np.any([~np.isnan(values[rows]) for values in figures.values()], axis=0) if figures else np.zeros(0, dtype=bool)
    if not shows.any() or shows.sum() > MOST_SHOWN * len(rows):
        return False
    blocks: dict[str, list[bool]] = {}
    for row, shown in zip(rows, shows, strict=True):
        blocks.setdefault(ground.codes[int(row)].rpartition(".")[0], []).append(bool(shown))
    several = [block for block in blocks.values() if len(block) > 1]
    return len(several) >= FEWEST_BLOCKS and all(block[0] and sum(block) == 1 for block in several)


def _fractions(ground: Ground) -> bool:
    """Whether a column that is surely named as a count which no other column gives holds fractions: thousands marks that a
    program took for decimal marks, perhaps."""
    for place, one in ground.parsed.items():
        said = words.meaning(ground.table.headers[place])
        if said.measure not in (words.ELIGIBLE, words.RECORDED, words.UNRECORDED) or said.sure < words.SURE or one.usable:
            continue
        if said.measure not in ground.columns and not np.isnan(one.floats).all():
            return True
    return False


def _several(ground: Ground) -> bool:
    return Doubt.SEVERAL not in ground.known and _obliged_beside(ground) >= 0


def _obliged_beside(ground: Ground) -> int:
    """A column of 'wajib KTP' beside a chosen one of targets that differs from it (a target may be a share); else -1."""
    table, areas, chosen = ground.table, ground.areas, ground.columns.get(words.ELIGIBLE, ())
    if len(chosen) != 1 or _OBLIGED.search(_named(table, chosen)):
        return -1
    taken = ground.parsed[chosen[0]].counts[areas]
    for place, one in ground.parsed.items():
        said = words.meaning(table.headers[place])
        if place in chosen or said.measure != words.ELIGIBLE or said.sex in (words.MEN, words.WOMEN) or not one.usable:
            continue
        if _OBLIGED.search(_named(table, (place,))) and not np.array_equal(one.counts[areas], taken, equal_nan=True):
            return place
    return -1


def _named(table: Table, places: Sequence[int]) -> str:
    return words.tidy(" ".join(" ".join(table.headers[place]) for place in places))


def _thousands(ground: Ground) -> bool:
    return bool(_THOUSANDS.search(ground.spoken))


def _totals_far(ground: Ground) -> bool:
    """Whether a printed total lies far from what its members give, and none agrees."""
    far = any(abs(one.printed - one.summed) > FAR * max(one.printed, one.summed) for one in ground.differences)
    return far and not ground.agree


def _unlikely(ground: Ground) -> bool:
    """Whether few of the eligible are recorded in most rows: the recorded of one month, or a target of one campaign. Not
    doubted where all three columns add up and the eligible are called so."""
    figures = ground.figures
    if Doubt.UNLIKELY in ground.known or words.ELIGIBLE not in figures or words.RECORDED not in figures:
        return False
    if ground.proven and _OBLIGED.search(_named(ground.table, ground.columns[words.ELIGIBLE])):
        return False
    whole, done = figures[words.ELIGIBLE][ground.areas], figures[words.RECORDED][ground.areas]
    both = ~np.isnan(whole) & ~np.isnan(done) & (whole > 0)
    return bool(both.any() and (done[both] < LOW * whole[both]).mean() > MOST_ROWS)


@dataclass(frozen=True)
class Rule:
    """A doubt, what is asked where it is there, and when it holds. ``holds`` is None where the picking of columns says so."""

    doubt: Doubt
    question: Text
    holds: Callable[[Ground], bool] | None = None


# The first that is there is asked: what makes figures unusable stands above what only makes them odd.
RULES = (
    Rule(
        Doubt.NO_SUCH_COLUMN,
        T("A chosen column is not in the sheet, or its header stands there more than once. The columns: {columns}."),
    ),
    Rule(
        Doubt.ONE_SEX,
        T("For {roles} only a column of men or of women was found, no total. Which columns are meant?"),
        _one_sex,
    ),
    Rule(
        Doubt.MERGED,
        T("Figures stand in cells merged over several areas. Give each area its own figure, or say that these are right."),
        _merged,
    ),
    Rule(
        Doubt.FRACTIONS,
        T("A column of counts holds fractions; perhaps thousands marks were read as decimal marks. Are these right?"),
        _fractions,
    ),
    Rule(Doubt.NO_SUM, T("The columns do not add up in the rows. Which of them are right?")),
    Rule(Doubt.SEVERAL, T("Several columns may be meant. Which ones?"), _several),
    Rule(Doubt.THOUSANDS, T("The sheet speaks of thousands. Are the figures whole persons?"), _thousands),
    Rule(
        Doubt.TOTALS,
        T("The printed totals lie far from the sums of the rows. Are these the right columns?"),
        _totals_far,
    ),
    Rule(Doubt.ELIGIBLE_ALONE, T("No column says how many are recorded or unrecorded. Take the eligible alone?")),
    Rule(
        Doubt.RECORDED_ALONE,
        T("Only a column of recorded was found; is it all who are recorded so far, not those of a month?"),
    ),
    Rule(
        Doubt.UNLIKELY,
        T("Recorded and eligible lie far apart in most rows. Are these the right columns?"),
        _unlikely,
    ),
    Rule(Doubt.GENERIC_WORDS, T("The headers do not say KTP or recording. Are these the right columns?")),
    Rule(Doubt.UNKNOWN_WORDS, T("No header says what is counted; these columns add up. Which is which?")),
    Rule(Doubt.NOTHING, T("No column of eligible, recorded or unrecorded was found. Which columns are meant?")),
)
