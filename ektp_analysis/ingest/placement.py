"""Rows of a table -> area codes, jointly: the codes they carry, else their names within the one kabupaten that fits all.

Never name by name: a desa is looked for in its kecamatan, a kecamatan in its kabupaten, and a kabupaten that the file
does not name is taken only where the set of names fits one alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ektp_analysis.area import NATION
from ektp_analysis.ingest import matching, names, regencies, words
from ektp_analysis.ingest.areas import AreaColumns
from ektp_analysis.ingest.inference import FITS, RIVAL, fit, has, infer
from ektp_analysis.ingest.members import by_members
from ektp_analysis.ingest.said import Placed, Said, depth_of, depths, names_beside, said_by
from ektp_analysis.ingest.table import Table


def place(table: Table, columns: AreaColumns, *, hints: Sequence[str], area: str, aliases: Mapping[str, str]) -> Placed:
    """Place every row. ``hints``: kabupaten that titles or names say; ``area``: what a person chose."""
    keyed_aliases = {names.plain(name): code for name, code in aliases.items()} | {
        name.strip().lower(): code for name, code in aliases.items()
    }
    codes, said = said_by(table, columns)
    if area.count(".") == 2:  # a sheet of one kecamatan, which a person named
        district = {3: names.register().get(area, "")}
        for number, one in said.items():
            if one.own == 4 and not one.code:
                said[number] = one._replace(texts={**district, **one.texts})
    placed = Placed([""] * len(codes), list(codes), depths(codes), [""] * len(codes))
    for number, one in said.items():
        placed.labels[number], placed.levels[number] = _label(one), one.own
    coded, by_code_alone = len(codes) - codes.count(""), len(codes) - len(said)
    if coded and coded >= 0.5 * (by_code_alone + sum(bool(one.bare_code) for one in said.values())):
        both = _by_code(table, columns, codes, placed)
        placed.by_code = coded >= 0.5 * (by_code_alone + sum(bool(one.own or one.bare_code) for one in said.values()))
        regencies = {code[:5] for code in placed.codes if "." in code}
        if hints and not area and not both and regencies and not regencies & set(hints):
            placed.contradicted, placed.rivals = True, tuple(dict.fromkeys([*sorted(regencies)[:2], *hints]))[:4]
        _judge_codes(placed, both, lambda rows: _without_codes(table, columns, said, rows, placed, hints, area, keyed_aliases))
    elif coded:
        said |= {number: Said({}, depth_of(len(code)), code, code) for number, code in enumerate(codes) if number not in said}
    for number in _open(placed):
        if placed.labels[number] and names.plain(placed.labels[number]) in ("indonesia", "nasional"):
            placed.codes[number], placed.levels[number] = NATION, 0
    rest = [row for row in _open(placed) if row in said and said[row].own and placed.labels[row] not in placed.unmatched]
    if rest:
        _by_name(said, rest, placed, hints, area, keyed_aliases)
    for number in _open(placed) if keyed_aliases else ():
        label = placed.labels[number]
        code = keyed_aliases.get(names.plain(label)) or keyed_aliases.get(label.lower()) if label else None
        if code:
            placed.codes[number], placed.levels[number] = code, code.count(".") + 1
            placed.told.append((label, code, "alias"))
    return placed


def _open(placed: Placed) -> list[int]:
    """The rows whose area is not known yet."""
    return [] if all(placed.codes) else [number for number, code in enumerate(placed.codes) if not code]


def _without_codes(
    table: Table,
    columns: AreaColumns,
    said: dict[int, Said],
    rows: Sequence[int],
    placed: Placed,
    hints: Sequence[str],
    area: str,
    aliases: Mapping[str, str],
) -> None:
    """Place rows by their names alone, as if they had no code."""
    _, bare = said_by(table, AreaColumns(names=columns.names))
    for number in rows:
        said[number] = bare[number]
        placed.levels[number] = bare[number].own
        placed.labels[number] = _label(bare[number])
    _by_name(said, [number for number in rows if said[number].own], placed, hints, area, aliases)


def _label(one: Said) -> str:
    if not one.texts:
        return one.bare_code
    said = [text for level, text in sorted(one.texts.items()) if level in (0, one.own) or level >= min(one.own, 3)]
    return " / ".join(said) or one.bare_code


def _by_code(table: Table, columns: AreaColumns, codes: Sequence[str], placed: Placed) -> int:
    """Take the codes, and list where the name beside a code is another; how many rows have both."""
    placed.codes = list(codes)
    placed.levels = [depth or level for depth, level in zip(depths(codes), placed.levels, strict=True)]
    (both, *_), *differ = names_beside(table, columns, placed.codes)
    for number, level, name, registered in differ:
        if not _same_name(name, registered, level):
            code = ".".join(placed.codes[number].split(".")[:level])
            other = matching.match([name], code.rpartition(".")[0], {}, fuzzy=False).get(name)
            placed.labels[number] = name
            placed.disagree.append((number, name, code, other.code if other else ""))
    return both


def _same_name(name: str, register_name: str, level: int) -> bool:
    if level == 2:
        return names.regency(name)[1] == names.regency(register_name)[1] or names.loose_regency(name) == names.loose_regency(
            register_name
        )
    return names.compact(name, level) == names.compact(register_name, level) or names.loose(name, level) == names.loose(
        register_name, level
    )


def _judge_codes(placed: Placed, both: int, by_name: Callable[[list[int]], None]) -> None:
    """Codes whose names are mostly others are some other register's (BPS): the names are taken if they fit as a set. A few
    rows in which the name is a sister's are left open; names that the register does not know are told, for areas are renamed."""
    if both >= 3 and len(placed.disagree) > 0.5 * both:
        kept, disagree = list(placed.codes), list(placed.disagree)
        rows = [number for number, code in enumerate(kept) if code]
        for number in rows:
            placed.codes[number] = ""
        placed.disagree, placed.by_code = [], False
        by_name(rows)
        fits = sum(bool(placed.codes[number]) for number in rows)
        if fits >= 0.5 * len(rows):
            placed.foreign_codes = True
            return
        if sum(bool(other) for *_, other in disagree) > 0.3 * both:
            return
        placed.codes, placed.disagree, placed.by_code = kept, disagree, True
        placed.unmatched.clear()
        return
    for number, _, code, other in placed.disagree:
        if other:
            placed.codes[number] = ""
            placed.unmatched[placed.labels[number]] = [code, other]
    placed.disagree = [one for one in placed.disagree if not one[3]]


def _by_name(
    said: Mapping[int, Said], rest: Sequence[int], placed: Placed, hints: Sequence[str], area: str, aliases: Mapping[str, str]
) -> None:
    mixed = any(0 in said[number].texts for number in rest)
    known_regencies = {code[:5] for code in placed.codes if code.count(".") >= 1}
    if any(2 in said[number].texts or 1 in said[number].texts for number in rest) and not mixed:
        _by_given_regency(said, rest, placed, aliases, hints, area)
        return
    candidates = [area[:5]] if area.count(".") >= 1 else sorted(known_regencies) if len(known_regencies) == 1 else []
    chosen = candidates[0] if candidates else infer(said, rest, placed, hints, area, aliases)
    if not chosen:
        for number in rest:
            placed.unmatched.setdefault(placed.labels[number], [])
        return
    placed.regencies = (chosen,)
    _within(said, rest, placed, chosen, aliases)


def _by_given_regency(
    said: Mapping[int, Said], rest: Sequence[int], placed: Placed, aliases: Mapping[str, str], hints: Sequence[str], area: str
) -> None:
    """Rows that name their kabupaten (or provinsi): matched from the top down."""
    groups: dict[tuple[str, str], list[int]] = {}
    for number in rest:
        groups.setdefault((said[number].texts.get(1, ""), said[number].texts.get(2, "")), []).append(number)
    provinces = matching.match([key[0] for key in groups if key[0]], "", aliases)
    found: set[str] = set()
    cities_marked = any(names.regency(regency)[0] == "kota" for _, regency in groups)
    for (province, regency), numbers in groups.items():
        above = provinces[province].code if province in provinces else regencies.province(province)
        if not regency:
            if above and all(said[number].own == 1 for number in numbers):
                for number in numbers:
                    placed.codes[number] = above
                continue
            inferred = infer(said, numbers, placed, hints, area, aliases, within=above)
            if inferred:
                found.add(inferred)
                _within(said, numbers, placed, inferred, aliases)
            else:
                for number in numbers:
                    placed.unmatched.setdefault(placed.labels[number], [])
            continue
        codes = regencies.named(regency, above, cities_marked)
        if not codes and above:
            near = matching.match([regency], above, aliases)
            codes = [near[regency].code] if regency in near else []
        elif not codes:
            codes = list(names.loosely(2).get(names.loose_regency(regency), ()))
        if not codes and all(said[number].own == 2 for number in numbers) and regencies.province(regency):
            for number in numbers:  # the provinsi as the label of a total among its kabupaten
                placed.codes[number], placed.levels[number] = regencies.province(regency), 1
            continue
        if len(codes) > 1:
            deeper = [number for number in numbers if said[number].own > 2]
            fits = {code: fit(said, deeper, code, aliases) for code in codes}
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
        if regencies.other(regency) and names.compact(regency, 1) not in names.everywhere(2):
            placed.told.append((regency, codes[0], "spelling"))
        found.add(codes[0])
        _within(said, numbers, placed, codes[0], aliases)
    placed.regencies = tuple(sorted(set(placed.regencies) | found))


def _within(said: Mapping[int, Said], numbers: Sequence[int], placed: Placed, regency: str, aliases: Mapping[str, str]) -> None:
    """Kecamatan and desa of the rows within a kabupaten."""
    own_name = names.regency(names.children(regency[:2]).get(regency, ""))[1]
    if any(0 in said[number].texts for number in numbers):
        _mixed(said, numbers, placed, regency, aliases)
        return
    pairs = [(said[number].texts.get(3, ""), said[number].texts.get(4, "")) for number in numbers]
    districts = matching.match([district for district, _ in pairs if district], regency, aliases)
    districts |= by_members(pairs, districts, regency)
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


def _mixed(said: Mapping[int, Said], numbers: Sequence[int], placed: Placed, regency: str, aliases: Mapping[str, str]) -> None:
    """One column of kecamatan rows, each followed by its desa."""
    exact, spelled = names.keyed(regency)
    current = ""
    seen: set[str] = set()
    for number in numbers:
        text = said[number].texts.get(0, "")
        explicit = words.level_of([text]) == (3,)
        codes = exact.get(names.compact(text, 3)) or spelled.get(names.loose(text, 3), ())
        in_current = current and has(current, text)
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
