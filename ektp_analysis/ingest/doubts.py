"""What makes columns doubtful that the arithmetic alone would let pass: other words beside them, unlikely shares, totals
far off, figures that stand for several rows at once. A doubt is asked; it never changes what is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells import topics, words
from ektp_analysis.ingest.cells.column import Floats, adds_up
from ektp_analysis.ingest.columns import groups
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.ground import Columns, Doubt, Ground, Quote, merged

FAR = 0.2  # of the larger: a printed total further from its members is of other columns; a slip or a late row is nearer
LOW = 0.4  # of the eligible: an office with fewer recorded is unheard of; one month, or one campaign, has fewer
MOST_ROWS = 0.5  # of the rows: more of them are the column's way, not a few odd areas
TAKES_PLACE = 0.95  # of the rows: a column that with the rest gives the eligible in so many is what the rest is left of
FEWEST_TAKING = 2  # of so many rows, for one row adds up by chance
QUOTED = 60  # letters of a title or name that a question repeats

_RECORDING = re.compile(r"\b(?:pe)?rekam(?:an)?\b.*\b(?:e-?)?ktp|\bktp\b.*rekam", re.IGNORECASE | re.DOTALL)
_OTHER = re.compile(r"vaksin|\bkia\b|\bakta\b|imunisasi|pencetakan|kepemilikan", re.IGNORECASE)
_MEN = re.compile(r"\b(?:laki|laki[- ]?laki|pria)\b", re.IGNORECASE)
_WOMEN = re.compile(r"\b(?:perempuan|wanita)\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"\b(?:dalam ribu\w*|ribuan|ribu jiwa|ribu orang|x ?1[.,]?000|juta)\b", re.IGNORECASE)
_RESULT = re.compile(r"realisasi|capai|\bhasil\b|perolehan", re.IGNORECASE)
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
    return [*made, _without(ground, words.RECORDED)] if Doubt.REACHED in found else made


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


def _other(ground: Ground) -> Quote | None:
    """What says that something else is counted: around columns that do not say themselves that they are of recording, or a
    column beside them that the rest is left of."""
    if found := _headed_so(ground) or _taking_place(ground):
        return found
    return None if _says_recording(ground) else _around_or_beside(ground)


def _headed_so(ground: Ground) -> Quote | None:
    """A header of the recorded or unrecorded that says something else, and recording only in general words."""
    unsure = (place for place in _done(ground) if words.meaning(ground.table.headers[place]).sure < words.SURE)
    return next((ground.header(place) for place in unsure if topics.other_in(ground.table.name(place))), None)


def _around_or_beside(ground: Ground) -> Quote | None:
    """What says something else around columns of general words; beside them only where nothing around says recording."""
    around = [quote for quote in ground.around if topics.other_in(quote.text)]
    if around or any(topics.speaks_of_recording(quote.text) for quote in ground.around):
        return around[0] if around else None
    beside_them = (ground.header(place) for place in range(len(ground.table.headers)) if place not in ground.chosen)
    return next((quote for quote in beside_them if _of_cards(quote.text)), None)


_CARDS = re.compile(r"cetak|\b(?:ber-?)?(?:e-?)?ktp\b|rekam|aktivasi|\bikd\b|\bprr\b", re.IGNORECASE)


def _of_cards(header: str) -> bool:
    """Whether a header counts something else of the same KTP, whose rest a bare 'BELUM' may be."""
    return bool(topics.other_in(header)) and bool(_CARDS.search(header))


def _says_recording(ground: Ground) -> bool:
    """Whether the recorded or the unrecorded are called so by their own headers: both, or one where all three add up."""
    said = [words.meaning(ground.table.headers[place]) for place in _done(ground)]
    sure = [one.sure == words.SURE for one in said]
    return bool(sure) and (all(sure) or (ground.proven and any(sure)))


def _done(ground: Ground) -> list[int]:
    """The chosen columns of the recorded and of the unrecorded."""
    return [place for role in (words.RECORDED, words.UNRECORDED) for place in ground.columns.get(role, ())]


def _taking_place(ground: Ground) -> Quote | None:
    """A column of something else that with the rest gives the eligible: the rest is left of that."""
    whole, rest = ground.figures.get(words.ELIGIBLE), ground.figures.get(words.UNRECORDED)
    if whole is None or rest is None or words.RECORDED in ground.columns:
        return None
    sure = all(words.meaning(ground.table.headers[place]).sure == words.SURE for place in ground.columns[words.UNRECORDED])
    for place, one in ground.parsed.items():
        said = words.meaning(ground.table.headers[place])
        if place in ground.chosen or not one.usable or (sure and not said.part and said.measure == words.NOISE):
            continue
        hits, rows = adds_up(whole[ground.areas], one.counts[ground.areas], rest[ground.areas])
        if rows >= FEWEST_TAKING and hits >= TAKES_PLACE * rows and said.measure in (words.NOISE, words.ELIGIBLE):
            return ground.header(place)
    return None


def _part(ground: Ground) -> Quote | None:
    """What says that the figures are of a part of the residents: around them, in their headers, or what they are counted of."""
    around = next((quote for quote in ground.around if topics.part_in(quote.text)), None)
    return around or groups.part_of(ground) or _counted_of(ground)


def _counted_of(ground: Ground) -> Quote | None:
    """Where no column says everyone: one of a part of the residents of whom the recorded and unrecorded are all, or more than
    the one of these that is there."""
    if words.ELIGIBLE in ground.columns:
        return None
    given = [ground.figures[role][ground.areas] for role in (words.RECORDED, words.UNRECORDED) if role in ground.figures]
    for place, one in ground.parsed.items():
        if not given or place in ground.chosen or not one.usable or not words.meaning(ground.table.headers[place]).part:
            continue
        part = one.counts[ground.areas]
        hits, rows = adds_up(part, *given) if len(given) > 1 else _above(part, given[0])
        if rows and hits >= TAKES_PLACE * rows:
            return ground.header(place)
    return None


def _above(part: Floats, count: Floats) -> tuple[int, int]:
    """In how many rows one is at least the other, and how many have both."""
    both = ~np.isnan(part) & ~np.isnan(count)
    return int((part[both] >= count[both]).sum()), int(both.sum())


def _narrowed(ground: Ground) -> Quote | None:
    """A header of the recorded or unrecorded with words that may narrow whom it counts, where no other column proves that it
    counts all of them."""
    if ground.proven:
        return None
    return next((ground.header(place) for place in _done(ground) if words.beyond(ground.table.name(place))), None)


def _planned(ground: Ground) -> Quote | None:
    """What says that the figures are planned: of the recorded also an aim, which of the eligible may be said."""
    around = (quote for quote in ground.around if _plans(quote))
    heads = (ground.header(place) for place in ground.chosen if topics.planned_in(ground.table.name(place)))
    return next((quote for one in (around, heads) for quote in one), None)


def _plans(quote: Quote) -> bool:
    return bool(topics.undone_in(quote.text)) and (bool(topics.planned_in(quote.text)) or topics.speaks_of_recording(quote.text))


def _while(ground: Ground) -> Quote | None:
    """What says that the recorded are those of a while: their own header, a column of which they are a part, or a title where the
    three columns do not add up."""
    done = ground.columns.get(words.RECORDED, ())
    heads = (ground.header(place) for place in done if _in_a_while(ground.table.name(place)))
    titled = (quote for quote in ground.around if topics.while_in(quote.text) and topics.speaks_of_recording(quote.text))
    return next(heads, None) or _aimed_at(ground) or (None if ground.proven else next(titled, None))


def _aimed_at(ground: Ground) -> Quote | None:
    """A column of a while, such as an aim of the week, of which the recorded and the unrecorded are all; or one of those who are
    left of the unrecorded without the recorded."""
    done, rest = (ground.figures.get(role) for role in (words.RECORDED, words.UNRECORDED))
    if done is None or rest is None:
        return None
    for place, one in ground.parsed.items():
        aim = bool(topics.while_in(ground.table.name(place)))
        if place in ground.chosen or not one.usable or not (aim or words.meaning(ground.table.headers[place]).measure):
            continue
        sums = (one.counts, done, rest) if aim else (rest, done, one.counts)
        hits, rows = adds_up(*(figures[ground.areas] for figures in sums))
        if rows >= FEWEST_TAKING and hits >= TAKES_PLACE * rows:
            return ground.header(place)
    return None


def _in_a_while(header: str) -> bool:
    return bool(topics.while_in(header, header=True))


def _reached(ground: Ground) -> Quote | None:
    """A header that calls the recorded no more than what was reached, where no eligible shows whether these are all so far."""
    if words.ELIGIBLE in ground.columns:
        return None
    unsure = (one for one in ground.columns.get(words.RECORDED, ()) if words.meaning(ground.table.headers[one]).sure < words.SURE)
    return next((ground.header(one) for one in unsure if _RESULT.search(ground.table.name(one))), None)


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
    return far and not ground.agree


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
        says=_other,
    ),
    Rule(
        Doubt.PART,
        T(
            "'{quote}' ({where}) names a part of the residents. Accept these columns only if they count everyone "
            "who must have a KTP."
        ),
        says=_part,
    ),
    Rule(
        Doubt.PLANNED,
        T("'{quote}' ({where}) names what is planned. Accept these columns only if they count what was done."),
        says=_planned,
    ),
    Rule(
        Doubt.WHILE,
        T("'{quote}' ({where}) names a period. Accept these columns only if they count all who are recorded so far."),
        says=_while,
    ),
    Rule(
        Doubt.REACHED,
        T("'{quote}' ({where}) may be what was reached in a while. Accept these columns only if they count all recorded so far."),
        says=_reached,
    ),
    Rule(
        Doubt.MERGED,
        T("Figures are in cells merged across several areas. Give each area its own figure, or say that these are right."),
        merged,
    ),
    Rule(
        Doubt.FRACTIONS,
        T("A column of counts holds fractions; perhaps thousands marks were read as decimal marks. Are these columns right?"),
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
        says=_narrowed,
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
