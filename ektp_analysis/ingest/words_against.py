"""What the words of a file say against its columns: that something else is counted, a part of the residents, what is planned,
what was done in a while or in one campaign."""

from __future__ import annotations

import re

import numpy as np

from ektp_analysis.ingest.cells import names, topics, words
from ektp_analysis.ingest.cells.column import Floats, adds_up
from ektp_analysis.ingest.columns import groups
from ektp_analysis.ingest.ground import Ground, Quote

FEWEST_TAKING = 2  # of so many rows, for one row adds up by chance
TAKES_PLACE = 0.95  # of the rows: a column that with the rest gives the eligible in so many is what the rest is left of
_AIM = re.compile(r"\b(?:target|sasaran)\b")
_EVERYONE = re.compile(  # what says that a target is everyone who must have a KTP
    r"\b(?:wajib|wjb|wktp|eligible|penduduk|pddk|populasi|population|dp ?4|dkb|17 ?(?:tahun|thn|th))\b|(?:>=?|≥) ?17\b|\b17 ?\+"
)
_SHARE = re.compile(r"\b\d{2}[.,]\d{1,2}\b|\b\d{2,3} ?(?:%|persen)")  # of everyone that a target may be
_RESULT = re.compile(r"realisasi|capai|\bhasil\b|perolehan", re.IGNORECASE)


def other(ground: Ground) -> Quote | None:
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
        if said.measure in (words.NOISE, words.ELIGIBLE) and _add_up(ground, whole, one.counts, rest):
            return ground.header(place)
    return None


def _add_up(ground: Ground, whole: Floats, *parts: Floats) -> bool:
    """Whether the parts give the whole in nearly all rows of areas, and in enough of them."""
    hits, rows = adds_up(*(figures[ground.areas] for figures in (whole, *parts)))
    return rows >= FEWEST_TAKING and hits >= TAKES_PLACE * rows


def part(ground: Ground) -> Quote | None:
    """What says that the figures are of a part of the residents: around them, in their headers, or what they are counted of."""
    around = next((quote for quote in ground.around if topics.part_in(quote.text)), None)
    return around or _filtered(ground) or groups.part_of(ground) or _counted_of(ground)


def _filtered(ground: Ground) -> Quote | None:
    """A note above or below the figures that says that they were filtered by something else than an area or a day."""
    return next((quote for quote in (*ground.around, *ground.below) if topics.filtered_in(quote.text)), None)


def void(ground: Ground) -> Quote | None:
    """What says around the figures that they are an example, or hold no longer."""
    return next((quote for quote in ground.around if topics.void_in(quote.text)), None)


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


def narrowed(ground: Ground) -> Quote | None:
    """A header of the recorded or unrecorded with words that may narrow whom it counts, where no other column proves that it
    counts all of them; or of what they are all of, where that is called otherwise than everyone."""
    if ground.proven:
        return None
    heads = (ground.header(place) for place in _done(ground) if words.beyond(names.without_areas(ground.table.name(place))))
    return next(heads, None) or _called_otherwise(ground)


def _called_otherwise(ground: Ground) -> Quote | None:
    """A column of unknown words ('TERDAFTAR', 'DIUNDANG') of whom the recorded and the unrecorded are all, where none says
    everyone."""
    given = [ground.figures[role] for role in (words.RECORDED, words.UNRECORDED) if role in ground.figures]
    if words.ELIGIBLE in ground.columns or len(given) < 2:
        return None
    for place, one in ground.parsed.items():
        said = words.meaning(ground.table.headers[place]).measure
        if (
            place in ground.chosen
            or not one.usable
            or said not in ("", words.NOISE)
            or not words.beyond(ground.table.name(place))
        ):
            continue
        if _add_up(ground, one.counts, *given):
            return ground.header(place)
    return None


def planned(ground: Ground) -> Quote | None:
    """What says that the figures are planned: of the recorded also an aim, which of the eligible may be said."""
    around = (quote for quote in ground.around if _plans(quote))
    heads = (ground.header(place) for place in ground.chosen if topics.planned_in(ground.table.name(place)))
    return next((quote for one in (around, heads) for quote in one), None)


def _plans(quote: Quote) -> bool:
    return bool(topics.undone_in(quote.text)) and (bool(topics.planned_in(quote.text)) or topics.speaks_of_recording(quote.text))


def of_a_while(ground: Ground) -> Quote | None:
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
        if _add_up(ground, *sums):
            return ground.header(place)
    return None


def _in_a_while(header: str) -> bool:
    return bool(topics.while_in(header, header=True))


def reached(ground: Ground) -> Quote | None:
    """A header that calls the recorded no more than what was reached, where no eligible shows whether these are all so far."""
    if words.ELIGIBLE in ground.columns:
        return None
    unsure = (one for one in ground.columns.get(words.RECORDED, ()) if words.meaning(ground.table.headers[one]).sure < words.SURE)
    return next((ground.header(one) for one in unsure if _RESULT.search(ground.table.name(one))), None)


def aimed(ground: Ground) -> Quote | None:
    """A header that calls the eligible no more than a target, which may be that of a campaign: where nothing in the file says
    that everyone is meant, and the recorded and the unrecorded that give it are not both called so. Beside a 'TARGET PEREKAMAN'
    one of them is enough."""
    chosen = ground.columns.get(words.ELIGIBLE, ())
    place = next((one for one in chosen if _AIM.search(words.tidy(ground.table.name(one)))), None)
    if place is None:
        return None if chosen else _rest_of_an_aim(ground)
    if _SHARE.search(ground.table.name(place)):
        return ground.header(place)
    of_recording = words.meaning(ground.table.headers[place]).sure == words.SURE
    if _says_recording(ground) if of_recording else ground.proven and _all_say_recording(ground):
        return None
    said = " ".join([ground.spoken, *(quote.text for quote in ground.around)])
    return None if _EVERYONE.search(words.tidy(topics.spaced(said))) else ground.header(place)


def _rest_of_an_aim(ground: Ground) -> Quote | None:
    """A column of a target ('TARGET 98%') that the recorded and the unrecorded give together, where none says everyone: the
    unrecorded are what is left of the target."""
    given = [ground.figures[role] for role in (words.RECORDED, words.UNRECORDED) if role in ground.figures]
    for place, one in ground.parsed.items():
        aim = place not in ground.chosen and one.usable and _AIM.search(words.tidy(ground.table.name(place)))
        if aim and len(given) > 1 and _add_up(ground, one.counts, *given):
            return ground.header(place)
    return None


def _all_say_recording(ground: Ground) -> bool:
    return all(words.meaning(ground.table.headers[place]).sure == words.SURE for place in _done(ground))
