"""The one kabupaten in which the names of a file lie as a set, where the file does not say it or says it doubtfully."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ektp_analysis.ingest import matching, names
from ektp_analysis.ingest.said import Placed, Said

FITS, RIVAL, FEWEST = 0.8, 0.5, 3


def _pairs(said: Mapping[int, Said], numbers: Sequence[int]) -> list[tuple[str, str]]:
    """Distinct (kecamatan, desa) names; '' where a row says none. A text of unknown level stands as ('?', text)."""
    pairs: dict[tuple[str, str], None] = {}
    for number in numbers:
        texts = said[number].texts
        if 0 in texts:
            pairs["?", texts[0]] = None
        elif texts.get(3) or texts.get(4):
            pairs[texts.get(3, ""), texts.get(4, "")] = None
    return list(pairs)


def fit(said: Mapping[int, Said], numbers: Sequence[int], regency: str, aliases: Mapping[str, str]) -> float:
    """The share of the rows' names that lie in a kabupaten."""
    pairs = _pairs(said, numbers)
    if not pairs:
        return 0.0
    districts = matching.match([district for district, _ in pairs if district and district != "?"], regency, aliases, fuzzy=False)
    hits = 0
    below: set[str] | None = None
    for district, village in pairs:
        if district and district != "?":
            found = districts.get(district)
            if found and (not village or has(found.code, village)):
                hits += 1
            elif found:
                hits += 0
        else:
            if below is None:
                below = {key for child in names.children(regency) for key in names.keyed(child)[1]} | set(names.keyed(regency)[1])
            hits += names.loose(village, 4) in below or (district == "?" and names.loose(village, 3) in below)
    return hits / len(pairs)


def has(district: str, village: str) -> bool:
    exact, spelled = names.keyed(district)
    return names.compact(village, 4) in exact or names.loose(village, 4) in spelled


def infer(
    said: Mapping[int, Said],
    numbers: Sequence[int],
    placed: Placed,
    hints: Sequence[str],
    area: str,
    aliases: Mapping[str, str],
    within: str = "",
) -> str:
    """The one kabupaten in which the names lie as a set, or ''. Hints are tried first and must fit."""
    pairs = _pairs(said, numbers)
    votes: Counter[str] = Counter()
    inside = within or (area if area.count(".") == 0 else "")
    for district in {district for district, _ in pairs if district and district != "?"}:
        codes = names.everywhere(3).get(names.compact(district, 3)) or names.loosely(3).get(names.loose(district, 3), ())
        votes.update({code[:5] for code in codes if code.startswith(inside)})
    loose = [village for district, village in pairs if not district or district == "?"][:300]
    for village in loose:
        codes = names.everywhere(4).get(names.compact(village, 4), ()) + names.everywhere(3).get(names.compact(village, 3), ())
        votes.update({code[:5] for code in codes if code.startswith(inside)})
    candidates = [code for code, _ in votes.most_common(8)]
    fits = {code: fit(said, numbers, code, aliases) for code in dict.fromkeys([*hints, *candidates]) if code.startswith(inside)}
    hinted = [code for code in hints if fits.get(code, 0.0) >= 0.6]
    ranked = sorted(fits, key=lambda code: -fits[code])
    if len(hinted) == 1 and fits[hinted[0]] >= fits[ranked[0]] - 0.1:
        return hinted[0]
    if not ranked:
        return ""
    second = fits[ranked[1]] if len(ranked) > 1 else 0.0
    alone = fits[ranked[0]] >= FITS and second < RIVAL and len(pairs) >= FEWEST
    if alone and not hints:
        placed.inferred = True
        return ranked[0]
    placed.rivals = tuple(dict.fromkeys([*hints, *(code for code in ranked[:3] if fits[code] >= 0.3)]))[:4]
    return ""
