"""The one kabupaten in which the names of a file lie as a set, where the file does not say it or says it doubtfully."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ektp_analysis.ingest import matching, names
from ektp_analysis.ingest.said import Said

# Shares of a file's distinct names that lie in a kabupaten
FITS = 0.8  # four of five: names are misspelt, and areas are new
RIVAL = 0.5  # and fewer than half in any other
FEWEST = 3  # of so many names at least: two lie together in many kabupaten
HINT_FITS, HINT_BEHIND = 0.6, 0.1  # one that a title or file name says needs fewer, and may be behind another by so much
WORTH_ASKING, MOST_ASKED = 0.3, 3  # one with fewer is not offered to a person, nor more than so many
MOST_OFFERED = 4  # with those that titles say
MOST_TRIED, MOST_VILLAGES = 8, 300  # the kabupaten that most names speak for, and names of unknown kecamatan that speak

_UNKNOWN = "?"


@dataclass(frozen=True)
class Clues:
    """What is known beside a table: ``hints``: kabupaten that titles or names say; ``area``: what a person chose; ``aliases``:
    name -> code that a person decided."""

    hints: Sequence[str]
    area: str
    aliases: Mapping[str, str]


class Inferred(NamedTuple):
    """The kabupaten, '' where none is sure; ``alone``: no hint named it; ``rivals``: those to ask about, None where nothing
    was found to ask about."""

    regency: str
    alone: bool = False
    rivals: tuple[str, ...] | None = None


def _pairs(said: Mapping[int, Said], numbers: Sequence[int]) -> list[tuple[str, str]]:
    """Distinct (kecamatan, desa) names; '' where a row says none. A text of unknown level stands as ('?', text)."""
    pairs: dict[tuple[str, str], None] = {}
    for number in numbers:
        texts = said[number].texts
        if 0 in texts:
            pairs[_UNKNOWN, texts[0]] = None
        elif texts.get(3) or texts.get(4):
            pairs[texts.get(3, ""), texts.get(4, "")] = None
    return list(pairs)


def _districts(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The names of kecamatan among pairs."""
    return [district for district, _ in pairs if district not in ("", _UNKNOWN)]


def fit(said: Mapping[int, Said], numbers: Sequence[int], regency: str, aliases: Mapping[str, str]) -> float:
    """The share of the rows' names that lie in a kabupaten."""
    pairs = _pairs(said, numbers)
    if not pairs:
        return 0.0
    districts = matching.match(_districts(pairs), regency, aliases, fuzzy=False)
    return sum(_lies(pair, districts, regency) for pair in pairs) / len(pairs)


def _lies(pair: tuple[str, str], districts: Mapping[str, matching.Match], regency: str) -> bool:
    """Whether a (kecamatan, desa) lies in a kabupaten; a desa alone may lie anywhere in it, and be a kecamatan."""
    district, village = pair
    if district not in ("", _UNKNOWN):
        return district in districts and (not village or names.has(districts[district].code, village))
    keys = {names.loose(village, 4)} | ({names.loose(village, 3)} if district == _UNKNOWN else set())
    return any(key in names.villages(regency) or key in names.keyed(regency)[1] for key in keys)


def infer(said: Mapping[int, Said], numbers: Sequence[int], clues: Clues, within: str = "") -> Inferred:
    """The one kabupaten in which the names lie as a set. Hints are tried first and must fit."""
    pairs = _pairs(said, numbers)
    inside = within or (clues.area if "." not in clues.area else "")
    tried = [code for code in dict.fromkeys([*clues.hints, *_voted(pairs, inside)]) if code.startswith(inside)]
    fits = {code: fit(said, numbers, code, clues.aliases) for code in tried}
    ranked = sorted(fits, key=lambda code: -fits[code])
    if not ranked:
        return Inferred("")
    hinted = _hinted(clues.hints, fits)
    if hinted:
        return Inferred(hinted)
    second = fits[ranked[1]] if len(ranked) > 1 else 0.0
    if fits[ranked[0]] >= FITS and second < RIVAL and len(pairs) >= FEWEST and not clues.hints:
        return Inferred(ranked[0], alone=True)
    asked = [code for code in ranked[:MOST_ASKED] if fits[code] >= WORTH_ASKING]
    return Inferred("", rivals=tuple(dict.fromkeys([*clues.hints, *asked]))[:MOST_OFFERED])


def _hinted(hints: Sequence[str], fits: Mapping[str, float]) -> str:
    """The one hint that fits, '' where none does, several do, or another kabupaten fits much better."""
    fitting = [code for code in hints if fits.get(code, 0.0) >= HINT_FITS]
    return fitting[0] if len(fitting) == 1 and fits[fitting[0]] >= max(fits.values()) - HINT_BEHIND else ""


def narrowed(said: Mapping[int, Said], numbers: Sequence[int], codes: list[str], clues: Clues) -> list[str]:
    """Of kabupaten and kota of one name the one in which the names below lie, else the one that is hinted at; else all."""
    deeper = [number for number in numbers if said[number].own > 2]
    fits = {code: fit(said, deeper, code, clues.aliases) for code in codes}
    ranked = sorted(codes, key=lambda code: -fits[code])
    if fits[ranked[0]] >= FITS and fits[ranked[1]] < RIVAL:
        return ranked[:1]
    hinted = [code for code in codes if code in clues.hints or code == clues.area]
    return hinted if len(hinted) == 1 else codes


def _voted(pairs: Sequence[tuple[str, str]], inside: str) -> list[str]:
    """The kabupaten inside an area ('' for the country) that bear most of the names."""
    homes = ((code[:5] for code in codes if code.startswith(inside)) for codes in _homes(pairs))
    votes = Counter(code for codes in homes for code in dict.fromkeys(codes))
    return [code for code, _ in votes.most_common(MOST_TRIED)]


def _homes(pairs: Sequence[tuple[str, str]]) -> Iterator[Sequence[str]]:
    """For each name the areas of the country that bear it: of kecamatan, then of desa and texts without a kecamatan."""
    for district in dict.fromkeys(_districts(pairs)):
        yield names.everywhere(3).get(names.compact(district, 3)) or names.loosely(3).get(names.loose(district, 3), ())
    for village in [village for district, village in pairs if district in ("", _UNKNOWN)][:MOST_VILLAGES]:
        yield names.everywhere(4).get(names.compact(village, 4), ()) + names.everywhere(3).get(names.compact(village, 3), ())
