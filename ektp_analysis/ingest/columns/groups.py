"""Columns of one role that are disjoint groups: by age, 'AKTIF' beside 'NON AKTIF', or citizens beside foreigners. Their sum may
be everyone, one never."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from ektp_analysis.ingest.cells import topics, words
from ektp_analysis.ingest.cells.ages import EVERYONE, Ages, ages_in, apart, bare, follow, without_ages
from ektp_analysis.ingest.cells.column import Floats, Values, adds_up
from ektp_analysis.ingest.ground import Columns, Ground, Quote

MOST_LISTED = 3  # groups that a question names
ROLES = (words.ELIGIBLE, words.RECORDED, words.UNRECORDED)
MOST_PARTS = 8  # columns of one role
PROVES, FEWEST_PROVING = 0.95, 3  # of the rows, and rows: a sum that holds in so many is no chance
THEIRS = 0.5  # of the rows: a total that is the sum of the groups in so many is theirs alone; the others are slips
_NOT = re.compile(r"\b(?:non|tidak|tdk|bukan)[ -]+", re.IGNORECASE)
_FOREIGN = re.compile(r"\b(?:wna|(?:warga|orang)(?: negara)? asing)\b")
_CITIZENS = re.compile(r"\b(?:wni|(?:warga|orang)(?: negara)? indonesia)\b")

Headers = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Groups:
    """Columns of one role, the youngest first, as ``sure`` as their words are of it. ``whole``: by their words they are everyone
    together; ``totals``: columns of the role for everyone."""

    places: tuple[int, ...]
    whole: bool
    sure: bool
    totals: tuple[int, ...]


def of_role(role: str, headers: Headers, values: Mapping[int, Values]) -> Groups | None:
    """The groups of a role; None where no two columns are groups, or any two overlap."""
    usable = [place for place, one in values.items() if one.usable]
    return _by_age(role, headers, usable) or _by_contrast(role, headers, usable) or _by_nationality(role, headers, usable)


def _by_age(role: str, headers: Headers, places: Collection[int]) -> Groups | None:
    """The columns of a role that name ages. Words for age make no other role of it: 'BELUM REKAM', 'KELOMPOK UMUR', '17-20'."""
    said = {place: one for place in places if (one := _said(role, without_ages(headers[place]))) is not None}
    found = {place: ages_in(headers[place]) for place in said}
    ages = sorted((one, place) for place, one in found.items() if one is not None and _is_group(one))
    several, order = [one for one, _ in ages], tuple(place for _, place in ages)
    if len(order) < 2 or not apart(several):
        return None
    totals = tuple(place for place, one in said.items() if (found[place] or EVERYONE).everyone and not one.part)
    return Groups(order, _are_all(several), min(said[place].sure for place in order), totals)


def _are_all(several: Sequence[Ages]) -> bool:
    """Whether ages, the youngest first, are together those of everyone who must have a KTP."""
    return follow(several) and several[0].first <= topics.WHOLE_AGE and several[-1].last >= topics.MOST_AGE


def _is_group(found: Ages) -> bool:
    """Whether ages are some of those who must have a KTP."""
    return not found.everyone and found.last >= topics.WHOLE_AGE - 1


def _said(role: str, path: Sequence[str]) -> words.Meaning | None:
    """What header cells say, where they name a role for men and women."""
    said = words.meaning(path)
    return said if said.measure == role and said.sex not in (words.MEN, words.WOMEN) else None


def _by_contrast(role: str, headers: Headers, places: Collection[int]) -> Groups | None:
    """The only two columns of which one says what the other says not: 'BELUM REKAM AKTIF', 'BELUM REKAM NON AKTIF'."""
    found = [pair for pair, stem, group in _contrasts(headers, places) if _is_of(role, stem, group)]
    if len(found) != 1:
        return None
    return Groups(found[0], whole=True, sure=words.SURE, totals=_totals(role, headers, places, found[0]))


def _contrasts(headers: Headers, places: Collection[int]) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Two columns of which one says what the other says not, with what stands before and after that word."""
    texts = {" ".join(headers[place]).lower(): place for place in places}
    for text, place in texts.items():
        for negation in _NOT.finditer(text):
            stem, group = text[: negation.start()], text[negation.end() :]
            if (other := texts.get(stem + group, place)) != place:
                yield (other, place), stem, group


def _by_nationality(role: str, headers: Headers, places: Collection[int]) -> Groups | None:
    """The only column of citizens and the only one of foreigners whose headers are the same but for that: 'WNI', 'WNA'."""
    citizens, foreigners = _without(_CITIZENS, headers, places), _without(_FOREIGN, headers, places)
    found = [(stem, one, other) for one, stem in citizens.items() for other, same in foreigners.items() if stem == same]
    found = [one for one in found if _said(role, one[0]) is not None]
    if len(found) != 1:
        return None
    stem, *pair = found[0]
    return Groups(tuple(pair), whole=True, sure=words.meaning(stem).sure, totals=_totals(role, headers, places, pair))


def _without(word: re.Pattern[str], headers: Headers, places: Collection[int]) -> dict[int, list[str]]:
    """The headers that say a word, in lower case and without it."""
    split = {place: [cell.lower() for cell in headers[place]] for place in places}
    return {
        place: [" ".join(word.sub("", cell).split()) for cell in path]
        for place, path in split.items()
        if word.search(" ".join(path))
    }


def _totals(role: str, headers: Headers, places: Collection[int], parts: Collection[int]) -> tuple[int, ...]:
    """The columns of a role for everyone, but for its parts."""
    found = (place for place in places if (said := _said(role, headers[place])) is not None and not said.part)
    return tuple(place for place in found if place not in parts)


def _is_of(role: str, stem: str, group: str) -> bool:
    """Whether what stands before a group surely names the role for men and women, and the group is nothing that is counted
    itself."""
    said, beside = _said(role, [stem]), words.meaning([group])
    counted = beside.measure in ROLES or topics.speaks_of_ktp(group) or bool(topics.other_in(group))
    return said is not None and said.sure == words.SURE and not counted


def proven_parts(
    role: str, meanings: Mapping[int, words.Meaning], values: Mapping[int, Values], options: Mapping[str, Sequence[Floats]]
) -> tuple[int, ...]:
    """The columns that surely name the recorded, or the unrecorded, and together are what the one figure of the other leaves of
    the one eligible, as none of them is alone: by place, by reason. () where they are not."""
    places = [place for place, said in meanings.items() if (said.measure, said.sure) == (role, words.SURE) and not said.sex]
    whole, rest = (options[one] for one in ROLES if one != role)
    if not 2 <= len(places) <= MOST_PARTS or not len(whole) == len(rest) == 1:
        return ()
    hits, rows = adds_up(whole[0], rest[0], np.sum([values[place].counts for place in places], axis=0))
    alone = [adds_up(whole[0], rest[0], values[place].counts)[0] for place in places]
    proven = rows >= FEWEST_PROVING and hits >= PROVES * rows and max(alone) < THEIRS * rows
    return tuple(places) if proven and all(values[place].usable for place in places) else ()


def summed(headers: Headers, places: Sequence[int]) -> str:
    """What columns are that were summed: 'sexes', 'ages', 'groups', or '' where they are none of these."""
    sexes = {words.meaning(headers[place]).sex for place in places}
    if len(places) == 2 and sexes == {words.MEN, words.WOMEN}:
        return "sexes"
    ages = [found for place in places if (found := ages_in(headers[place])) is not None]
    if len(places) > 1 and len(ages) == len(places) and apart(sorted(ages)):
        return "ages"
    return "groups" if len(places) > 1 else ""


def unsettled(ground: Ground) -> Quote | None:
    """The groups whose sum is taken though no figure adds up with it; None where one does, or none is summed.

    Where every role is a sum of groups that are not everyone by their words, they add up too: :func:`part_of` tells those.
    """
    by_role = _summed_roles(ground.table.headers, ground.columns)
    if not by_role or ground.proven:
        return None
    places = next(iter(by_role.values()))
    return Quote(ground.header(places[0]).where, _listed([ground.table.name(place) for place in places]))


def part_of(ground: Ground) -> Quote | None:
    """A chosen column that names a part of the residents, or groups that are not everyone by their words where their sum or
    their total is taken; a figure of everyone with which such a sum adds up proves it."""
    added = {place for places in _summed_roles(ground.table.headers, ground.columns).values() for place in places}
    alone = (place for place in ground.chosen if place not in added and _names_part(ground.table.headers[place]))
    found = next(alone, None)
    divided = {role: first for role in ground.columns if (first := _first_of_some(role, ground)) is not None}
    if found is None and divided and not (ground.proven and len(divided) < len(ground.columns)):
        found = next(iter(divided.values()))
    return None if found is None else ground.header(found)


def _names_part(path: Sequence[str]) -> bool:
    return bool(topics.part_in(" ".join(path))) or any(map(bare, path))


def _first_of_some(role: str, ground: Ground) -> int | None:
    """The first group of a role whose figures are those of groups that are not everyone by their words."""
    found = of_role(role, ground.table.headers, ground.parsed) if role in ROLES else None
    if found is None or found.whole:
        return None
    both = np.sum([ground.parsed[place].counts[ground.areas] for place in found.places], axis=0)
    hits, rows = adds_up(ground.figures[role][ground.areas], both)
    return found.places[0] if rows and hits >= THEIRS * rows else None


def _summed_roles(headers: Headers, columns: Columns) -> dict[str, tuple[int, ...]]:
    """The roles whose columns are groups that were summed."""
    return {role: places for role, places in columns.items() if role in ROLES and summed(headers, places) in ("ages", "groups")}


def _listed(names: Sequence[str]) -> str:
    """Headers as one text, what they all begin with said once: 'BELUM REKAM 17-20, 21-40, >40'."""
    split = [name.split() for name in names]
    same = sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, zip(*split, strict=False)))
    short = [names[0], *(" ".join(one[same:]) or name for one, name in zip(split[1:], names[1:], strict=True))]
    return ", ".join(short) if len(short) <= MOST_LISTED else ", ".join([*short[: MOST_LISTED - 2], "…", short[-1]])
