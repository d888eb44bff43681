"""Kecamatan and desa within one kabupaten: by name, and a kecamatan whose name nobody knows by the desa that stand below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from ektp_analysis.ingest import names, words
from ektp_analysis.ingest.matching import How, Match, match, suggestions
from ektp_analysis.ingest.said import Said, Told

MANY = 3  # desa of one name from which they are judged as a set
MEMBERS_FIT = 0.8  # of many desa four of five stand in one kecamatan; of fewer all
MEMBERS_RIVAL = 0.34  # and hardly one of three in any other, for names such as Sukamaju stand everywhere; of fewer none
LIKE, LIKE_FEW = 60.0, 75.0  # likeness in per cent of the two names, where many or few desa speak
MOST_UNKNOWN = 100  # a file of more unknown kecamatan is another country's
MOST_SUGGESTED = 4  # areas of one name that a person is asked about


class Outcome(NamedTuple):
    """What the names of one row are: ``code``, '' where none is sure; ``level`` where it is not the one that the row speaks of;
    ``label`` and ``suggestions`` where a person must be asked."""

    code: str = ""
    level: int | None = None
    told: tuple[Told, ...] = ()
    label: str | None = None
    suggestions: Sequence[str] = ()


class _Within(NamedTuple):
    """A kabupaten as its rows are looked up in it: names of kecamatan as the rows write them -> kecamatan; code of a kecamatan
    -> names of desa -> desa."""

    regency: str
    name: str
    districts: Mapping[str, Match]
    villages: Mapping[str, Mapping[str, Match]]


def within_regency(
    said: Mapping[int, Said], labels: Sequence[str], numbers: Sequence[int], regency: str, aliases: Mapping[str, str]
) -> dict[int, Outcome]:
    """What the names of some rows are within a kabupaten. ``labels``: of each row, under which a person is asked about it."""
    if any(0 in said[number].texts for number in numbers):
        return _outline([(number, said[number].texts.get(0, "")) for number in numbers], regency, aliases)
    inside = _looked_up([said[number].texts for number in numbers], regency, aliases)
    return {number: _outcome(inside, said[number], labels[number]) for number in numbers}


def _looked_up(rows: Sequence[Mapping[int, str]], regency: str, aliases: Mapping[str, str]) -> _Within:
    pairs = [(texts.get(3, ""), texts.get(4, "")) for texts in rows]
    districts = match([district for district, _ in pairs if district], regency, aliases)
    districts |= by_members(pairs, districts, regency)
    given: dict[str, list[str]] = {}
    for district, village in pairs:
        if village and district in districts:
            given.setdefault(districts[district].code, []).append(village)
    villages = {district: match(texts, district, aliases) for district, texts in given.items()}
    return _Within(regency, names.regency(names.register().get(regency, ""))[1], districts, villages)


def _outcome(inside: _Within, one: Said, label: str) -> Outcome:
    return next(found for rule in _RULES if (found := rule(inside, one, label)) is not None)


def _regency_itself(inside: _Within, one: Said, _: str) -> Outcome | None:
    """A row of the kabupaten; also one whose kecamatan bears its name, as a total does."""
    if one.own == 2:
        return Outcome(inside.regency)
    district = one.texts.get(3, "")
    total = one.own == 3 and district not in inside.districts and names.regency(district)[1] == inside.name
    return Outcome(inside.regency, 2) if total else None


def _district(inside: _Within, one: Said, _: str) -> Outcome | None:
    found = inside.districts.get(one.texts.get(3, "")) if one.own == 3 else None
    return Outcome(found.code, told=_as_told(one.texts[3], found)) if found else None


def _village_of_district(inside: _Within, one: Said, label: str) -> Outcome | None:
    district = inside.districts.get(one.texts.get(3, "")) if one.own == 4 else None
    if not district:
        return None
    name, told = one.texts[4], _as_told(one.texts[3], district)
    found = inside.villages[district.code].get(name)
    if found:
        return Outcome(found.code, told=(*told, *_as_told(name, found)))
    return Outcome(told=told, label=label, suggestions=suggestions(name, district.code))


def _village_alone(inside: _Within, one: Said, label: str) -> Outcome | None:
    """A desa without a kecamatan: the only one of its name in the kabupaten. A row of a code alone has no name at all."""
    if one.own != 4 or one.texts.get(3):
        return None
    codes = names.villages(inside.regency).get(names.loose(one.texts.get(4, ""), 4), ())
    return Outcome(codes[0]) if len(codes) == 1 else Outcome(label=label, suggestions=codes[:MOST_SUGGESTED])


def _asked(inside: _Within, one: Said, label: str) -> Outcome:
    """A name that the kabupaten does not have: the kecamatan's, if that is not known either."""
    text, district = one.texts.get(one.own) or label, one.texts.get(3)
    unknown = district if district is not None and district not in inside.districts else text
    return Outcome(label=label, suggestions=suggestions(unknown, inside.regency))


_Rule = Callable[[_Within, Said, str], Outcome | None]
# The first that knows decides
_RULES: tuple[_Rule, ...] = (_regency_itself, _district, _village_of_district, _village_alone, _asked)


def _as_told(name: str, found: Match) -> tuple[Told, ...]:
    return () if found.how == How.EXACT else (Told(name, found.code, found.how),)


def _outline(texts: Iterable[tuple[int, str]], regency: str, aliases: Mapping[str, str]) -> dict[int, Outcome]:
    """One column of kecamatan rows, each followed by its desa: (row, its text)."""
    current, seen = "", set[str]()
    made: dict[int, Outcome] = {}
    for number, text in texts:
        code = _heads(text, regency, current)
        if code and code not in seen:
            current = code
            seen.add(code)
            made[number] = Outcome(code, 3)
        else:
            made[number] = _below(text, current, regency, aliases)
    return made


def _heads(text: str, regency: str, current: str) -> str:
    """The kecamatan that a text names, '' where it is none or rather a desa of the kecamatan above it."""
    exact, spelled = names.keyed(regency)
    codes = exact.get(names.compact(text, 3)) or spelled.get(names.loose(text, 3), ())
    if len(codes) != 1 or (current and words.level_of([text]) != (3,) and names.has(current, text)):
        return ""
    return codes[0]


def _below(text: str, current: str, regency: str, aliases: Mapping[str, str]) -> Outcome:
    found = match([text], current, aliases, fuzzy=False).get(text) if current else None
    if found:
        return Outcome(found.code, 4, _as_told(text, found))
    return Outcome(label=text, suggestions=suggestions(text, current or regency))


def by_members(pairs: Iterable[tuple[str, str]], known: Mapping[str, Match], regency: str) -> dict[str, Match]:
    """Names of kecamatan that ``known`` lacks -> the one kecamatan in which their desa lie.

    ``pairs``: names of (kecamatan, desa). Of three desa or more four of five must stand in that kecamatan and hardly one in
    any other; of fewer, all in that and none in any other. The two names must be alike, for a desa may have moved to a new
    kecamatan. Another name of the file may mean the same kecamatan (a misspelling here and there) if it has none of the desa.
    """
    below: dict[str, set[str]] = {}
    for district, village in pairs:
        if district and village:
            below.setdefault(district, set()).add(village)
    meant = {district: one.code for district, one in known.items()}
    unknown = sorted(below.keys() - known.keys())
    for district in unknown if len(unknown) <= MOST_UNKNOWN else ():
        code = _home(district, below[district], regency)
        if code:
            meant[district] = code
    return {
        district: Match(code, How.MEMBERS)
        for district, code in meant.items()
        if district not in known and not _claimed(district, below, meant)
    }


def _home(district: str, villages: set[str], regency: str) -> str:
    """The one kecamatan that has these desa and a like name, or ''."""
    many = len(villages) >= MANY
    fits = {code: sum(names.has(code, village) for village in villages) / len(villages) for code in names.children(regency)}
    best = max(fits, key=lambda code: fits[code])
    rival = max((share for code, share in fits.items() if code != best), default=0.0)
    alike = fuzz.ratio(names.loose(district, 3), names.loose(names.children(regency)[best], 3))
    sure = fits[best] >= (MEMBERS_FIT if many else 1.0) and rival <= (MEMBERS_RIVAL if many else 0.0)
    return best if sure and alike >= (LIKE if many else LIKE_FEW) else ""


def _claimed(district: str, below: Mapping[str, set[str]], meant: Mapping[str, str]) -> bool:
    """Whether another name for the same kecamatan has one of the desa too: then one of the two means something else."""
    mine = {names.loose(village, 4) for village in below[district]}
    others = [other for other, code in meant.items() if code == meant[district] and other != district]
    return any(mine & {names.loose(village, 4) for village in below.get(other, ())} for other in others)
