"""A set of names -> the areas below one parent, one to one: the exact ones first, then spellings, then what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from ektp_analysis.ingest.cells import names

# Likeness of two names in per cent of their letters, abbreviations written out and old spellings folded
NEAR = 84.0  # one letter of seven is another; less is as often another area
NEAR_SHORT, SHORT = 90.0, 7  # in names of up to so many letters a letter tells neighbours apart
FEWEST_LETTERS = 5  # shorter names resemble too many
MARGIN = 8.0  # no other area of the parent, free or taken, resembles the name nearly as much
LAST = 60.0  # the last name for the last area, where all others are matched
SUGGESTED = 55.0  # what a person may have meant
MOST_PAIRS = 200_000  # names times areas that are compared

_TELLING = (
    "utara",
    "selatan",
    "barat",
    "timur",
    "tengah",
    "lor",
    "kidul",
    "kulon",
    "wetan",
    "ulu",
    "ilir",
    "atas",
    "bawah",
    "baru",
    "lama",
    "besar",
    "kecil",
    "jaia",
    "tua",
    "muda",
    "agung",
    "kota",
    "desa",
    "dalam",
    "luar",
    "makmur",
    "mulia",
    "sari",
)


class How(StrEnum):
    """How a name was read: letter by letter; as an abbreviation or old spelling; as what it alone resembles; as a person
    decided before; by the desa that stand below it."""

    EXACT = "exact"
    SPELLING = "spelling"
    NEAR = "near"
    ALIAS = "alias"
    MEMBERS = "members"


@dataclass(frozen=True)
class Match:
    """The area that a name means, and how it was read."""

    code: str
    how: How


def match(given: Iterable[str], parent: str, aliases: Mapping[str, str], *, fuzzy: bool = True) -> dict[str, Match]:
    """Names (as the file writes them) to codes directly below ``parent``. A name that fits several areas is left out.

    Several spellings in the file may mean the same area only where both are surely it.
    """
    level = parent.count(".") + 2 if parent else 1
    exact, spelled = names.keyed(parent)
    found: dict[str, Match] = {}
    rest: list[str] = []
    for name in dict.fromkeys(given):
        alias = _alias(name, level, aliases)
        codes = _exact(name, level, exact)
        if alias and alias.rpartition(".")[0] == parent:
            found[name] = Match(alias, How.ALIAS)
        elif len(codes) == 1:
            found[name] = Match(codes[0], How.EXACT)
        elif not codes:
            rest.append(name)
    found |= _by_spelling(rest, level, spelled, {one.code for one in found.values()})
    left = [name for name in rest if name not in found] if fuzzy else []
    return found | _near(left, parent, level, found) if left else found


def keyed(aliases: Mapping[str, str]) -> dict[str, str]:
    """What a person decided, by the plain name and by the name as the file writes it."""
    plain = {names.plain(name): code for name, code in aliases.items()}
    return plain | {name.strip().lower(): code for name, code in aliases.items()}


def _alias(name: str, level: int, aliases: Mapping[str, str]) -> str:
    """The code that a person decided for a name, '' where there is none."""
    return (aliases.get(names.plain(name, level)) or aliases.get(name.strip().lower(), "")) if aliases else ""


def _exact(name: str, level: int, exact: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if level != 2:
        return exact.get(names.compact(name, level), ())
    kind, bare = names.regency(name)
    return _of_kind(exact.get(bare, ()), kind)


def _of_kind(codes: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """The kabupaten or the kota among codes; all where no kind is said."""
    return tuple(code for code in codes if names.is_city(code) == (kind == "kota")) if kind else codes


def _by_spelling(
    rest: Iterable[str], level: int, spelled: Mapping[str, tuple[str, ...]], taken: Iterable[str]
) -> dict[str, Match]:
    """Names that only abbreviate or spell an area otherwise. A desa that another name has already is not taken again."""
    found: dict[str, Match] = {}
    gone = set(taken)
    for name in rest:
        codes = tuple(code for code in spelled.get(_loose(name, level), ()) if level < 4 or code not in gone)
        codes = _of_kind(codes, names.regency(name)[0]) if level == 2 else codes
        if len(codes) == 1:
            found[name] = Match(codes[0], How.SPELLING)
            gone.add(codes[0])
    return found


def _loose(name: str, level: int) -> str:
    return names.loose_regency(name) if level == 2 else names.loose(name, level)


def _near(rest: Sequence[str], parent: str, level: int, found: Mapping[str, Match]) -> dict[str, Match]:
    """What resembles one free area alone, and is resembled by no other name as much; then the last name for the last area."""
    keys = {code: _loose(name, level) for code, name in names.children(parent).items()}
    taken = {one.code: keys[one.code] for one in found.values() if one.code in keys}
    free = {code: keys[code] for code in keys if code not in taken}
    if not free or len(rest) * len(free) > MOST_PAIRS:
        return {}
    best = {name: code for name in rest if (code := _resembled(_loose(name, level), free, taken.values()))}
    near = _one_to_one(best)
    left = [name for name in rest if name not in near]
    if level > 2 and len(left) == 1 and len(found) + len(near) + 1 == len(keys):
        near |= _last(left[0], level, free, {one.code for one in near.values()})
    return near


def _one_to_one(best: Mapping[str, str]) -> dict[str, Match]:
    """The names that claim an area alone."""
    claims = Counter(best.values())
    return {name: Match(code, How.NEAR) for name, code in best.items() if claims[code] == 1}


def _last(name: str, level: int, free: Mapping[str, str], taken: Collection[str]) -> dict[str, Match]:
    """The last name for the last area, if they are alike at all."""
    codes = [code for code in free if code not in taken]
    key = _loose(name, level)
    alike = len(codes) == 1 and fuzz.ratio(key, free[codes[0]]) >= LAST and _same_digits(key, free[codes[0]])
    return {name: Match(codes[0], How.NEAR)} if alike else {}


def _resembled(key: str, free: Mapping[str, str], others: Iterable[str]) -> str:
    """The free area that a name resembles, clearly more than any other; '' where there is none."""
    (score, code), *rivals = sorted(((fuzz.ratio(key, other), code) for code, other in free.items()), reverse=True)
    beside = [*(rival for rival, _ in rivals), *(fuzz.ratio(key, other) for other in others)]
    alike = score >= (NEAR if len(key) > SHORT else NEAR_SHORT) and all(score - rival >= MARGIN for rival in beside)
    return code if alike and len(key) >= FEWEST_LETTERS and _same_digits(key, free[code]) else ""


def _same_digits(one: str, other: str) -> bool:
    """Whether two names agree in their numbers and in the words that tell neighbours apart."""
    return [letter for letter in one if letter.isdigit()] == [letter for letter in other if letter.isdigit()] and all(
        (word in one) == (word in other) for word in _TELLING
    )


def suggestions(name: str, parent: str, limit: int = 3) -> list[str]:
    """Codes below ``parent`` (or of its children's children, for a kabupaten) that the name resembles most."""
    pool = dict(names.children(parent))
    if parent.count(".") == 1:
        for child in list(pool):
            pool.update(names.children(child))
    key = names.loose(name)
    spelled = {code: names.loose(other, code.count(".") + 1) for code, other in pool.items()}
    scored = [(fuzz.ratio(key, other, score_cutoff=SUGGESTED), code) for code, other in spelled.items()]  # 0 below it
    return [code for score, code in sorted(scored, reverse=True)[:limit] if score]
