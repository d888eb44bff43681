"""A set of names -> the areas below one parent, one to one: the exact ones first, then spellings, then what is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from ektp_analysis.ingest import names

NEAR, NEAR_SHORT, MARGIN, LAST = 84.0, 90.0, 8.0, 60.0
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


@dataclass(frozen=True)
class Match:
    """``how``: exact, spelling (an abbreviation or old spelling), near (resembles one area alone), alias."""

    code: str
    how: str


def match(given: Iterable[str], parent: str, aliases: Mapping[str, str], *, fuzzy: bool = True) -> dict[str, Match]:
    """Names (as the file writes them) to codes directly below ``parent``. A name that fits several areas is left out.

    Several spellings in the file may mean the same area only where both are surely it.
    """
    level = parent.count(".") + 2 if parent else 1
    exact, spelled = names.keyed(parent)
    found: dict[str, Match] = {}
    rest: list[str] = []
    for name in dict.fromkeys(given):
        key = names.plain(name, level)
        if key in aliases or name.strip().lower() in aliases:
            code = aliases.get(key) or aliases[name.strip().lower()]
            if code.rpartition(".")[0] == parent:
                found[name] = Match(code, "alias")
                continue
        kind, bare = names.regency(name) if level == 2 else ("", names.compact(name, level))
        codes = exact.get(bare, ())
        if level == 2 and kind:
            codes = tuple(code for code in codes if names.is_city(code) == (kind == "kota"))
        if len(codes) == 1:
            found[name] = Match(codes[0], "exact")
        elif not codes:
            rest.append(name)
    taken = {one.code for one in found.values()}
    later: list[str] = []
    for name in rest:
        codes = tuple(code for code in spelled.get(_loose(name, level), ()) if level < 4 or code not in taken)
        if level == 2 and names.regency(name)[0]:
            codes = tuple(code for code in codes if names.is_city(code) == (names.regency(name)[0] == "kota"))
        if len(codes) == 1:
            found[name] = Match(codes[0], "spelling")
            taken.add(codes[0])
        else:
            later.append(name)
    if fuzzy:
        _near(later, parent, level, taken, found)
    return found


def _loose(name: str, level: int) -> str:
    return names.loose_regency(name) if level == 2 else names.loose(name, level)


def _near(rest: list[str], parent: str, level: int, taken: set[str], found: dict[str, Match]) -> None:
    """What resembles one free area alone, and is resembled by no other name as much."""
    free = {code: _loose(name, level) for code, name in names.children(parent).items() if code not in taken}
    if not free or len(rest) * len(free) > 200_000:
        return
    best: dict[str, tuple[float, str]] = {}
    for name in rest:
        key = _loose(name, level)
        scores = sorted(((fuzz.ratio(key, other), code) for code, other in free.items()), reverse=True)
        runner_up = scores[1][0] if len(scores) > 1 else 0.0
        every = max(
            (fuzz.ratio(key, _loose(other, level)) for code, other in names.children(parent).items() if code in taken),
            default=0.0,
        )
        if (
            scores[0][0] >= (NEAR if len(key) > 7 else NEAR_SHORT)
            and scores[0][0] - max(runner_up, every) >= MARGIN
            and len(key) >= 5
            and _same_digits(key, free[scores[0][1]])
        ):
            best[name] = scores[0]
    for name, (_, code) in best.items():
        rivals = [other for other, (_, theirs) in best.items() if theirs == code and other != name]
        if not rivals:
            found[name] = Match(code, "near")
    taken |= {one.code for one in found.values()}
    left = [name for name in rest if name not in found]
    open_codes = [code for code in free if code not in taken]
    if len(left) == len(open_codes) == 1 and len(found) + 1 == len(names.children(parent)) and level > 2:
        key, other = _loose(left[0], level), free[open_codes[0]]
        if fuzz.ratio(key, other) >= LAST and _same_digits(key, other):  # the last name for the last area
            found[left[0]] = Match(open_codes[0], "near")


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
    scored = sorted(
        ((fuzz.ratio(key, names.loose(other, code.count(".") + 1)), code) for code, other in pool.items()), reverse=True
    )
    return [code for score, code in scored[:limit] if score >= 55]
