"""Rows of a table -> area codes, jointly: the codes they carry, else their names within the one kabupaten that fits all.

Never name by name: a desa is looked for in its kecamatan, a kecamatan in its kabupaten, and a kabupaten that the file
does not name is taken only where the set of names fits one alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ektp_analysis.ingest import matching, names, words
from ektp_analysis.ingest.areas import AreaColumns
from ektp_analysis.ingest.said import Placed, Said, said_by
from ektp_analysis.ingest.table import Table

FITS, RIVAL, FEWEST = 0.8, 0.5, 3


def place(table: Table, columns: AreaColumns, *, hints: Sequence[str], area: str, aliases: Mapping[str, str]) -> Placed:
    """Place every row. ``hints``: kabupaten that titles or names say; ``area``: what a person chose."""
    keyed_aliases = {names.plain(name): code for name, code in aliases.items()} | {
        name.strip().lower(): code for name, code in aliases.items()
    }
    said = said_by(table, columns)
    placed = Placed(
        [""] * len(said),
        [
            " / ".join(one.texts[level] for level in sorted(one.texts) if level >= min(one.own, 3)) or one.bare_code
            for one in said
        ],
        [one.own for one in said],
        [""] * len(said),
    )
    coded = sum(bool(one.code) for one in said)
    speaking = sum(bool(one.own or one.bare_code) for one in said)
    if coded and coded >= 0.5 * max(1, sum(bool(one.bare_code) for one in said)):
        _by_code(said, placed)
        placed.by_code = coded >= 0.5 * speaking
    rest = [number for number, one in enumerate(said) if not placed.codes[number] and one.own]
    if rest:
        _by_name(said, rest, placed, hints, area, keyed_aliases)
    return placed


def _by_code(said: Sequence[Said], placed: Placed) -> None:
    for number, one in enumerate(said):
        if not one.code:
            continue
        placed.codes[number] = one.code
        placed.levels[number] = one.code.count(".") + 1
        level = placed.levels[number]
        name = one.texts.get(level, "")
        if name:
            register_name = names.children(one.code.rpartition(".")[0]).get(one.code, "")
            same = (
                names.regency(name)[1] == names.regency(register_name)[1]
                if level == 2
                else names.compact(name, level) == names.compact(register_name, level)
                or names.loose(name, level) == names.loose(register_name, level)
            )
            if not same:
                placed.disagree.append((number, name, one.code))


def _by_name(
    said: Sequence[Said], rest: Sequence[int], placed: Placed, hints: Sequence[str], area: str, aliases: Mapping[str, str]
) -> None:
    mixed = any(0 in said[number].texts for number in rest)
    known_regencies = {code[:5] for code in placed.codes if code.count(".") >= 1}
    if any(2 in said[number].texts or 1 in said[number].texts for number in rest) and not mixed:
        _by_given_regency(said, rest, placed, aliases, hints, area)
        return
    candidates = [area[:5]] if area.count(".") >= 1 else sorted(known_regencies) if len(known_regencies) == 1 else []
    chosen = candidates[0] if candidates else _infer(said, rest, placed, hints, area, aliases)
    if not chosen:
        for number in rest:
            placed.unmatched.setdefault(placed.labels[number], [])
        return
    placed.regencies = (chosen,)
    _within(said, rest, placed, chosen, aliases)


def _by_given_regency(
    said: Sequence[Said], rest: Sequence[int], placed: Placed, aliases: Mapping[str, str], hints: Sequence[str], area: str
) -> None:
    """Rows that name their kabupaten (or provinsi): matched from the top down."""
    groups: dict[tuple[str, str], list[int]] = {}
    for number in rest:
        groups.setdefault((said[number].texts.get(1, ""), said[number].texts.get(2, "")), []).append(number)
    provinces = matching.match([key[0] for key in groups if key[0]], "", aliases)
    regencies: set[str] = set()
    for (province, regency), numbers in groups.items():
        above = provinces[province].code if province in provinces else ""
        if not regency:
            if above and all(said[number].own == 1 for number in numbers):
                for number in numbers:
                    placed.codes[number] = above
                continue
            inferred = _infer(said, numbers, placed, hints, area, aliases, within=above)
            if inferred:
                regencies.add(inferred)
                _within(said, numbers, placed, inferred, aliases)
            else:
                for number in numbers:
                    placed.unmatched.setdefault(placed.labels[number], [])
            continue
        kind, key = names.regency(regency)
        codes = [code for code in names.everywhere(2).get(key, ()) if not above or code.startswith(above)]
        if kind:
            codes = [code for code in codes if names.is_city(code) == (kind == "kota")] or codes
        if not codes and above:
            near = matching.match([regency], above, aliases)
            codes = [near[regency].code] if regency in near else []
        elif not codes:
            codes = list(names.loosely(2).get(names.loose(regency, 1), ()))
        if len(codes) > 1:
            deeper = [number for number in numbers if said[number].own > 2]
            fits = {code: _fit(said, deeper, code, aliases) for code in codes}
            ranked = sorted(codes, key=lambda code: -fits[code])
            hinted = [code for code in codes if code in hints or code == area]
            if deeper and fits[ranked[0]] >= FITS and fits[ranked[1]] < RIVAL:
                codes = ranked[:1]
            elif len(hinted) == 1:
                codes = hinted
        if len(codes) != 1:
            for number in numbers:
                placed.unmatched.setdefault(placed.labels[number] or regency, codes)
            continue
        regencies.add(codes[0])
        _within(said, numbers, placed, codes[0], aliases)
    placed.regencies = tuple(sorted(set(placed.regencies) | regencies))


def _pairs(said: Sequence[Said], numbers: Sequence[int]) -> list[tuple[str, str]]:
    """Distinct (kecamatan, desa) names; '' where a row says none. A text of unknown level stands as ('?', text)."""
    pairs: dict[tuple[str, str], None] = {}
    for number in numbers:
        texts = said[number].texts
        if 0 in texts:
            pairs["?", texts[0]] = None
        elif texts.get(3) or texts.get(4):
            pairs[texts.get(3, ""), texts.get(4, "")] = None
    return list(pairs)


def _fit(said: Sequence[Said], numbers: Sequence[int], regency: str, aliases: Mapping[str, str]) -> float:
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
            if found and (not village or _has(found.code, village)):
                hits += 1
            elif found:
                hits += 0
        else:
            if below is None:
                below = {key for child in names.children(regency) for key in names.keyed(child)[1]} | set(names.keyed(regency)[1])
            hits += names.loose(village, 4) in below or (district == "?" and names.loose(village, 3) in below)
    return hits / len(pairs)


def _has(district: str, village: str) -> bool:
    exact, spelled = names.keyed(district)
    return names.compact(village, 4) in exact or names.loose(village, 4) in spelled


def _infer(
    said: Sequence[Said],
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
    fits = {code: _fit(said, numbers, code, aliases) for code in dict.fromkeys([*hints, *candidates]) if code.startswith(inside)}
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


def _within(said: Sequence[Said], numbers: Sequence[int], placed: Placed, regency: str, aliases: Mapping[str, str]) -> None:
    """Kecamatan and desa of the rows within a kabupaten."""
    own_name = names.regency(names.children(regency[:2]).get(regency, ""))[1]
    if any(0 in said[number].texts for number in numbers):
        _mixed(said, numbers, placed, regency, aliases)
        return
    districts = matching.match([said[number].texts[3] for number in numbers if said[number].texts.get(3)], regency, aliases)
    villages: dict[str, list[str]] = {}
    for number in numbers:
        texts = said[number].texts
        if texts.get(4) and texts.get(3) in districts:
            villages.setdefault(districts[texts[3]].code, []).append(texts[4])
    matched = {district: matching.match(given, district, aliases) for district, given in villages.items()}
    anywhere = _unique_below(regency)
    for number in numbers:
        one, texts = said[number], said[number].texts
        if one.own == 2:
            placed.codes[number] = regency
        elif one.own == 3 and texts.get(3) in districts:
            _take(placed, number, texts[3], districts[texts[3]])
        elif one.own == 3 and names.regency(texts[3])[1] == own_name:
            placed.codes[number], placed.levels[number] = regency, 2
        elif one.own == 4 and texts.get(3) in districts:
            district = districts[texts[3]].code
            found = matched[district].get(texts[4])
            _tell(placed, texts[3], districts[texts[3]])
            if found:
                _take(placed, number, texts[4], found)
            else:
                placed.parents[number] = district
                placed.unmatched.setdefault(placed.labels[number], matching.suggestions(texts[4], district))
        elif one.own == 4 and not texts.get(3) and len(anywhere.get(names.loose(texts[4], 4), ())) == 1:
            placed.codes[number] = anywhere[names.loose(texts[4], 4)][0]
        else:
            placed.parents[number] = regency
            text = texts.get(one.own) or placed.labels[number]
            placed.unmatched.setdefault(
                placed.labels[number],
                list(anywhere.get(names.loose(text, 4), ()))[:4]
                if one.own == 4 and not texts.get(3)
                else matching.suggestions(texts.get(3, text) if texts.get(3) not in districts else text, regency),
            )


def _unique_below(regency: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for district in names.children(regency):
        for key, codes in names.keyed(district)[1].items():
            found[key] = found.get(key, ()) + codes
    return found


def _mixed(said: Sequence[Said], numbers: Sequence[int], placed: Placed, regency: str, aliases: Mapping[str, str]) -> None:
    """One column of kecamatan rows, each followed by its desa."""
    exact, spelled = names.keyed(regency)
    current = ""
    seen: set[str] = set()
    for number in numbers:
        text = said[number].texts.get(0, "")
        explicit = words.level_of([text]) == (3,)
        codes = exact.get(names.compact(text, 3)) or spelled.get(names.loose(text, 3), ())
        in_current = current and _has(current, text)
        if codes and len(codes) == 1 and codes[0] not in seen and (explicit or not in_current or words.level_of([text]) == (3,)):
            current = codes[0]
            seen.add(current)
            placed.codes[number], placed.levels[number] = current, 3
            continue
        found = matching.match([text], current, aliases, fuzzy=False).get(text) if current else None
        if found:
            _take(placed, number, text, found)
            placed.levels[number] = 4
        else:
            placed.parents[number] = current or regency
            placed.unmatched.setdefault(text, matching.suggestions(text, current or regency))


def _take(placed: Placed, number: int, name: str, found: matching.Match) -> None:
    placed.codes[number] = found.code
    _tell(placed, name, found)


def _tell(placed: Placed, name: str, found: matching.Match) -> None:
    if found.how != "exact" and (name, found.code, found.how) not in placed.told:
        placed.told.append((name, found.code, found.how))
