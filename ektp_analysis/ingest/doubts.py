"""What makes columns doubtful that the arithmetic alone would let pass: other words beside them, unlikely shares, totals
far off, figures that stand for several rows at once. A doubt is asked; it never changes what is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest import words_against
from ektp_analysis.ingest.cells import topics, words
from ektp_analysis.ingest.columns import groups
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.ground import Columns, Doubt, Ground, Quote, merged
from ektp_analysis.ingest.report import Question

FAR = 0.2  # of the larger: a printed total further from its members is of other columns; a slip or a late row is nearer
LOW = 0.4  # of the eligible: an office with fewer recorded is unheard of; one month, or one campaign, has fewer
MOST_ROWS = 0.5  # of the rows: more of them are the column's way, not a few odd areas
QUOTED = 60  # letters of a title or name that a question repeats

_RECORDING = re.compile(r"\b(?:pe)?rekam(?:an)?\b.*\b(?:e-?)?ktp|\bktp\b.*rekam", re.IGNORECASE | re.DOTALL)
_OTHER = re.compile(r"vaksin|\bkia\b|\bakta\b|imunisasi|pencetakan|kepemilikan", re.IGNORECASE)
_MEN = re.compile(r"\b(?:laki|laki[- ]?laki|pria)\b", re.IGNORECASE)
_WOMEN = re.compile(r"\b(?:perempuan|wanita)\b", re.IGNORECASE)
_THOUSANDS = re.compile(
    r"\b(?:dalam ribu\w*|ribuan|ribu jiwa|ribu orang|x ?1[.,]?000|juta)\b|\([x'’ ]*(?:1?[.,]?000|ribu)\)", re.IGNORECASE
)
_OBLIGED = re.compile(r"\bwajib|\bwktp\b|\beligible\b")


@dataclass(frozen=True)
class Doubted:
    """The doubts of columns (one for each time it was found), the readings to choose from, the roles that are not given, and the
    texts of the file that made one of them doubtful."""

    doubts: tuple[Doubt, ...]
    readings: tuple[Columns, ...]
    missing: tuple[str, ...]
    quotes: Mapping[Doubt, Quote] = field(default_factory=dict)


def doubted(ground: Ground, known: Sequence[Doubt], readings: Sequence[Columns], missing: Sequence[str]) -> Doubted:
    """What must be asked of columns, with what was in doubt, to be read and missing when they were picked."""
    kept = [one for one in known if one is not Doubt.GENERIC_WORDS or not _of_recording(ground)]
    quotes = _quotes(ground)
    found = [rule.doubt for rule in RULES if rule.doubt in quotes or rule.is_there(ground)]
    if Doubt.ONE_SEX in found:
        missing = [*missing, *(role for role in ground.columns if role not in missing)]
    answers = _answers(ground, found, readings)
    return Doubted((*kept, *found), tuple(answers), tuple(missing), quotes)


def _answers(ground: Ground, found: Sequence[Doubt], readings: Sequence[Columns]) -> list[Columns]:
    """The readings to choose from: those that the columns were picked with, else these columns, else without what is in doubt."""
    rival = _obliged_beside(ground) if Doubt.SEVERAL in found else None
    if rival is not None:
        return [{**_without(ground, words.UNRECORDED), words.ELIGIBLE: (rival,)}, dict(ground.columns)]
    made = [*readings] or ([dict(ground.columns)] if set(found) - {Doubt.ONE_SEX} else [])
    of_a_while = Doubt.REACHED in found or (Doubt.WHILE in found and not readings)
    return [*made, _without(ground, words.RECORDED)] if of_a_while and words.UNRECORDED in ground.columns else made


def _without(ground: Ground, role: str) -> Columns:
    return {one: places for one, places in ground.columns.items() if one != role}


def _quotes(ground: Ground) -> dict[Doubt, Quote]:
    """The texts of the file that make columns doubtful, by the doubt."""
    said = {rule.doubt: rule.says(ground) for rule in RULES if rule.says is not None}
    return {doubt: quote for doubt, quote in said.items() if quote is not None}


def question(doubts: Collection[Doubt], quotes: Mapping[Doubt, Quote] | None = None, **said: object) -> Text:
    """What is asked where these doubts are there: the sentence of the first of them in the order of the rules, its named
    places filled from ``said`` and from the text that made it doubtful."""
    rule = next(rule for rule in RULES if rule.doubt in doubts)
    quote = (quotes or {}).get(rule.doubt)
    if quote is not None:
        said = {**said, "quote": " ".join(quote.text.split())[:QUOTED], "where": quote.where}
    return T(rule.question.msgid, **{name: value for name, value in said.items() if "{" + name + "}" in rule.question.msgid})


def is_of_aim(questions: Sequence[Question]) -> bool:
    """Whether the first question is whether a target is that of everyone, with an answer."""
    return bool(questions) and questions[0].text.msgid == AIMED.msgid and bool(questions[0].readings)


def _of_recording(ground: Ground) -> bool:
    """Whether titles and headers together speak of recording, and of nothing else that is counted alike."""
    return bool(_RECORDING.search(ground.spoken)) and not _OTHER.search(ground.spoken)


def _one_sex(ground: Ground) -> bool:
    """Whether the sheet or its file speaks of men alone or of women alone, and no header names the other or both."""
    said = topics.spaced(" ".join([ground.spoken, *(quote.text for quote in ground.around)]))
    if bool(_MEN.search(said)) == bool(_WOMEN.search(said)):
        return False
    sexes = {words.meaning(path).sex for path in ground.table.headers}
    return not ({words.MEN, words.WOMEN} & sexes)


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
    return Doubt.SEVERAL not in ground.known and _obliged_beside(ground) is not None


def _obliged_beside(ground: Ground) -> int | None:
    """A column of 'wajib KTP' beside a chosen one of targets that differs from it (a target may be a share)."""
    table, areas, chosen = ground.table, ground.areas, ground.columns.get(words.ELIGIBLE, ())
    if len(chosen) != 1 or _OBLIGED.search(_named(table, chosen)):
        return None
    taken = ground.parsed[chosen[0]].counts[areas]
    for place, one in ground.parsed.items():
        said = words.meaning(table.headers[place])
        if place in chosen or said.measure != words.ELIGIBLE or said.sex in (words.MEN, words.WOMEN) or not one.usable:
            continue
        if _OBLIGED.search(_named(table, (place,))) and not np.array_equal(one.counts[areas], taken, equal_nan=True):
            return place
    return None


def _named(table: Table, places: Sequence[int]) -> str:
    return words.tidy(" ".join(" ".join(table.headers[place]) for place in places))


def _thousands(ground: Ground) -> bool:
    return bool(_THOUSANDS.search(ground.spoken))


def _totals_far(ground: Ground) -> bool:
    """Whether a printed total lies far from what its members give, and none agrees."""
    far = any(abs(one.printed - one.summed) > FAR * max(one.printed, one.summed) for one in ground.differences)
    return far and not ground.agree and not _stands_twice(ground)


def _stands_twice(ground: Ground) -> bool:
    """Whether an area stands in two rows with the same figures: it is refused as such, and no wonder that the totals differ."""
    rows = [(ground.codes[row], *(one[row] for one in ground.figures.values())) for row in np.flatnonzero(ground.areas).tolist()]
    return len({*rows}) < len(rows)


def _unlikely(ground: Ground) -> bool:
    """Whether few of the eligible are recorded in most rows: the recorded of one month, or a target of one campaign. Not
    doubted where all three columns add up and the eligible are called so."""
    figures = ground.figures
    rest = words.ELIGIBLE if words.ELIGIBLE in figures else words.UNRECORDED
    if Doubt.UNLIKELY in ground.known or rest not in figures or words.RECORDED not in figures:
        return False
    if ground.proven and _OBLIGED.search(_named(ground.table, ground.columns[words.ELIGIBLE])):
        return False
    done, whole = figures[words.RECORDED][ground.areas], figures[rest][ground.areas]
    whole = whole if rest == words.ELIGIBLE else whole + done
    both = ~np.isnan(whole) & ~np.isnan(done) & (whole > 0)
    return bool(both.any() and (done[both] < LOW * whole[both]).mean() > MOST_ROWS)


@dataclass(frozen=True)
class Rule:
    """A doubt, what is asked where it is there, and when it holds: by ``holds``, or by the text that ``says`` finds. Both are
    None where the picking of columns says so."""

    doubt: Doubt
    question: Text
    holds: Callable[[Ground], bool] | None = None
    says: Callable[[Ground], Quote | None] | None = None

    def is_there(self, ground: Ground) -> bool:
        """Whether the rule holds by itself."""
        return self.holds is not None and self.holds(ground)


AIMED = T(
    "'{quote}' ({where}) may be the target of a campaign or of a while. Accept these columns only if it counts everyone who must "
    "have a KTP."
)

# The first that is there is asked: what makes figures unusable stands above what only makes them odd.
RULES = (
    Rule(
        Doubt.NO_SUCH_COLUMN,
        T("A chosen column is not in the sheet, or its header appears there more than once. The columns: {columns}."),
    ),
    Rule(
        Doubt.ONE_SEX,
        T("For {roles} only a column of men or of women was found, but no total. Which columns are meant?"),
        _one_sex,
    ),
    Rule(
        Doubt.OTHER,
        T("'{quote}' ({where}) is not recording. Accept these columns only if they count those who are recorded or not."),
        says=words_against.other,
    ),
    Rule(
        Doubt.PART,
        T(
            "'{quote}' ({where}) names a part of the residents. Accept these columns only if they count everyone "
            "who must have a KTP."
        ),
        says=words_against.part,
    ),
    Rule(
        Doubt.PLANNED,
        T("'{quote}' ({where}) names what is planned. Accept these columns only if they count what was done."),
        says=words_against.planned,
    ),
    Rule(
        Doubt.VOID,
        T(
            "'{quote}' ({where}) says that these figures are an example or hold no longer. Accept these columns only if they "
            "hold."
        ),
        says=words_against.void,
    ),
    Rule(
        Doubt.WHILE,
        T("'{quote}' ({where}) names a period. Accept these columns only if they count all who are recorded so far."),
        says=words_against.of_a_while,
    ),
    Rule(
        Doubt.REACHED,
        T("'{quote}' ({where}) may be what was reached in a while. Accept these columns only if they count all recorded so far."),
        says=words_against.reached,
    ),
    Rule(Doubt.AIMED, AIMED, says=words_against.aimed),
    Rule(
        Doubt.MERGED,
        T("Figures are in cells merged across several areas. Give each area its own figure, or say that these are right."),
        merged,
    ),
    Rule(
        Doubt.FRACTIONS,
        T(
            "A column of counts holds fractions or numbers below 0; perhaps thousands marks were read as decimal marks. "
            "Are these columns right?"
        ),
        _fractions,
    ),
    Rule(Doubt.NO_SUM, T("The columns do not add up in the rows. Which of them are right?")),
    Rule(
        Doubt.GROUPS,
        T("No column is the total of these groups: {quote}. Use their sum only if together they cover everyone."),
        says=groups.unsettled,
    ),
    Rule(Doubt.SEVERAL, T("Several columns may be meant. Which ones?"), _several),
    Rule(Doubt.THOUSANDS, T("The sheet speaks of thousands. Do the figures count single persons?"), _thousands),
    Rule(
        Doubt.TOTALS,
        T("The totals in the file are far from the sums of the rows. Are these the right columns?"),
        _totals_far,
    ),
    Rule(
        Doubt.NARROWED,
        T("'{quote}' ({where}) may count only some. Accept these columns only if they count everyone who is recorded or is not."),
        says=words_against.narrowed,
    ),
    Rule(Doubt.ELIGIBLE_ALONE, T("No column says how many are recorded or unrecorded. Accept the eligible alone?")),
    Rule(
        Doubt.RECORDED_ALONE,
        T("Only a column of recorded was found. Does it count all who are recorded so far, not those of one month?"),
    ),
    Rule(
        Doubt.UNLIKELY,
        T("Recorded and eligible are far apart in most rows. Are these the right columns?"),
        _unlikely,
    ),
    Rule(Doubt.GENERIC_WORDS, T("The headers do not say KTP or recording. Are these the right columns?")),
    Rule(Doubt.UNKNOWN_WORDS, T("No header says what is counted; these columns add up. Which is which?")),
    Rule(Doubt.NOTHING, T("No column of eligible, recorded or unrecorded was found. Which columns are meant?")),
)
