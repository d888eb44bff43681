"""Provinsi, kabupaten and kota by the names that files give them: with the word of their kind, in short, or by an older name.

Older names: of regulations that renamed a kabupaten (PP 74/2005 Polewali Mandar, PP 59/2008 Kepulauan Selayar, PP 58/2014
Mempawah, PP 61/2017 Pasangkayu, PP 2/2019 Kepulauan Tanimbar, PP 14/2020 Toba). Short names: only those that one area has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from ektp_analysis.ingest.cells import names, words
from ektp_analysis.ingest.places import nearness
from ektp_analysis.ingest.places.nearness import How, Match, match, suggestions
from ektp_analysis.ingest.places.row_names import Said, Told

OLDER = {
    "polewali mamasa": "polewali mandar",
    "selayar": "kepulauan selayar",
    "mamuju utara": "pasangkayu",
    "maluku tenggara barat": "kepulauan tanimbar",
    "toba samosir": "toba",
    "yapen waropen": "kepulauan yapen",
    "mahakam hulu": "mahakam ulu",
    "pangkajene kepulauan": "pangkajene dan kepulauan",
    "nanggroe aceh darussalam": "aceh",
    "yogyakarta": "daerah istimewa yogyakarta",
}
SHORT = {
    "nad": "aceh", "sumut": "sumatera utara", "sumbar": "sumatera barat", "sumsel": "sumatera selatan",
    "kepri": "kepulauan riau", "babel": "kepulauan bangka belitung", "dki": "daerah khusus ibukota jakarta",
    "jabar": "jawa barat", "jateng": "jawa tengah", "diy": "daerah istimewa yogyakarta", "jatim": "jawa timur",
    "ntb": "nusa tenggara barat", "ntt": "nusa tenggara timur", "kalbar": "kalimantan barat", "kalteng": "kalimantan tengah",
    "kalsel": "kalimantan selatan", "kaltim": "kalimantan timur", "kaltara": "kalimantan utara", "sulut": "sulawesi utara",
    "sulteng": "sulawesi tengah", "sulsel": "sulawesi selatan", "sultra": "sulawesi tenggara", "sulbar": "sulawesi barat",
    "malut": "maluku utara", "oku": "ogan komering ulu", "oki": "ogan komering ilir", "oku timur": "ogan komering ulu timur",
    "oku selatan": "ogan komering ulu selatan", "pali": "penukal abab lematang ilir", "pangkep": "pangkajene dan kepulauan",
    "sidrap": "sidenreng rappang", "hst": "hulu sungai tengah", "hss": "hulu sungai selatan", "hsu": "hulu sungai utara",
    "ppu": "penajam paser utara", "tts": "timor tengah selatan", "ttu": "timor tengah utara", "inhu": "indragiri hulu",
    "inhil": "indragiri hilir", "rohul": "rokan hulu", "rohil": "rokan hilir", "bolmong": "bolaang mongondow",
    "tanjabbar": "tanjung jabung barat", "tanjabtim": "tanjung jabung timur", "tanjab barat": "tanjung jabung barat",
    "tanjab timur": "tanjung jabung timur", "sitaro": "kep siau tagulandang biaro",
}  # fmt: skip


def other(text: str) -> str:
    """The name of today for an older or a short one, with the word of its kind if the text has one; '' where none is known."""
    kind, _ = names.regency(text)
    plain = names.plain(text, 1)
    for word in ("kabupaten", "kab", "kota") if kind else ():
        plain = plain.removeprefix(f"{word} ").strip()
    found = OLDER.get(plain) or SHORT.get(plain)
    return f"{kind} {found}".strip() if found else ""


def named(regency: str, above: str, cities_marked: bool) -> list[str]:
    """Kabupaten and kota of a name below ``above`` ('' for the whole country). A file that writes 'Kota' before its cities
    means a kabupaten where it does not."""
    for text in (regency, other(regency)):
        kind, key = names.regency(text)
        found = [code for code in names.everywhere(2).get(key, ()) if code.startswith(above)] if text else []
        if not found and text:
            found = [code for code in names.everywhere(2).get(names.compact(text, 1), ()) if code.startswith(above)]
            kind = ""
        of_kind = [code for code in found if names.is_city(code) == (kind == "kota")] if kind or cities_marked else found
        if found:
            return of_kind or (found if len(found) == 1 else [])
    return []


def likely(regency: str, above: str, cities_marked: bool, aliases: Mapping[str, str]) -> list[str]:
    """The kabupaten and kota that a name may mean: as written, else as one alone in the provinsi is spelt, else anywhere."""
    codes = named(regency, above, cities_marked)
    if codes:
        return codes
    if above:
        near = nearness.match([regency], above, aliases)
        return [near[regency].code] if regency in near else []
    return list(names.loosely(2).get(names.loose_regency(regency), ()))


def province(text: str) -> str:
    """The code of the provinsi that a text names, as such, in short or by an older name; '' where it is none."""
    keys = names.keyed("")[0]
    codes = keys.get(names.compact(text, 1)) or keys.get(names.compact(other(text) or "-", 1), ())
    return codes[0] if len(codes) == 1 else ""


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
    name -> code that a person decided; ``trust``: code or name, of which a person said that it holds."""

    hints: Sequence[str]
    area: str
    aliases: Mapping[str, str]
    trust: str = ""


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
    districts = nearness.match(_districts(pairs), regency, aliases, fuzzy=False)
    return sum(_lies(pair, districts, regency) for pair in pairs) / len(pairs)


def _lies(pair: tuple[str, str], districts: Mapping[str, nearness.Match], regency: str) -> bool:
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
    best, *others = ranked
    alone = fits[best] >= FITS and all(fits[one] < RIVAL for one in others)
    if alone and len(pairs) >= FEWEST and not clues.hints:
        return Inferred(best, alone=True)
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
    rivals = [share for code, share in fits.items() if code != best]
    alike = fuzz.ratio(names.loose(district, 3), names.loose(names.children(regency)[best], 3))
    sure = fits[best] >= (MEMBERS_FIT if many else 1.0) and all(one <= (MEMBERS_RIVAL if many else 0.0) for one in rivals)
    return best if sure and alike >= (LIKE if many else LIKE_FEW) else ""


def _claimed(district: str, below: Mapping[str, set[str]], meant: Mapping[str, str]) -> bool:
    """Whether another name for the same kecamatan has one of the desa too: then one of the two means something else."""
    mine = {names.loose(village, 4) for village in below[district]}
    others = [other for other, code in meant.items() if code == meant[district] and other != district]
    return any(mine & {names.loose(village, 4) for village in below.get(other, ())} for other in others)
