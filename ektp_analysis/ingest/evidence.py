"""Why a reading is what it is, and what in its table deserves a second look, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import numpy as np

from ektp_analysis.core.area import register
from ektp_analysis.core.text import TN, Percent, T, Text, some
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.cells import names, numerals, words
from ektp_analysis.ingest.cells.words import BESIDE, ELIGIBLE, PRINTED, RECORDED, TO_CLEAN, UNRECORDED
from ektp_analysis.ingest.columns import groups, shares
from ektp_analysis.ingest.ground import Unread
from ektp_analysis.ingest.opening.containers import Book
from ektp_analysis.ingest.places import lapsed, totals
from ektp_analysis.ingest.report import Check, Evidence
from ektp_analysis.ingest.rows import shown

# Beyond these a report would be a list that nobody reads; what is left out is of the same kind.
CHOSEN = T("the column was chosen by the user")
MOST_LABEL = 40  # letters of a row that is repeated
MOST_REGENCIES, MOST_TOLD, MOST_TOTALS, MOST_RENAMED, MOST_IN_WORDS = 5, 60, 20, 30, 8


def of(found: Candidate, book: Book, holding: int, *, turned: bool = False) -> tuple[Evidence, ...]:
    """What was decided, and why. ``holding``: how many sheets hold figures per area; ``turned``: the areas stand side by
    side, and rows were made of columns."""
    table, sheets = found.table, len(book.sheets)
    several = (T("{n} of {all} sheets hold figures per area", n=holding, all=sheets),) if sheets > 1 else ()
    header = T("rows {rows}", rows=", ".join(map(str, table.header_rows)))
    if turned:
        header = T("the areas are side by side: each column was read as a row, and is counted as one")
    return (
        Evidence("sheet", T("sheet {sheet}", sheet=table.sheet) if table.sheet else T("the only table"), several),
        Evidence("header", header),
        *_column_evidence(found),
        *_style_evidence(found),
        *_day_evidence(found),
        *_area_evidence(found),
        *_total_evidence(found),
    )


def _column_evidence(found: Candidate) -> list[Evidence]:
    """Each role with its column, and what says so; the column of coverage last."""
    sums = [
        T("adds up with the others in {hits} of {rows} rows", hits=hits, rows=rows) for _, _, hits, rows in found.picked.proofs
    ]
    named = [CHOSEN] if found.named else []
    agree = []
    if found.totals_agree:
        agree = [TN("{n} total in the file agrees", "{n} totals in the file agree", n=found.totals_agree)]
    made = [
        Evidence(
            "columns",
            _columns_of(found, role, places),
            (*named, *(sums if role not in BESIDE else ()), *_sum_of(found, places), *agree),
        )
        for role, places in found.picked.columns.items()
    ]
    if found.picked.percent >= 0:
        made.append(Evidence("columns", _columns_of(found, "coverage_reported", (found.picked.percent,))))
    return made


_SUMS = {
    "sexes": T("the sum of the columns of men and of women, as there is no total"),
    "ages": T("the sum of its age groups, as there is no total"),
    "groups": T("the sum of its groups, as there is no total"),
}


def _sum_of(found: Candidate, places: Sequence[int]) -> list[Text]:
    kind = groups.summed(found.table.headers, places)
    return [_SUMS[kind]] if kind else []


def _columns_of(found: Candidate, role: str, places: Sequence[int]) -> Text:
    names = " + ".join(found.table.name(place) for place in places)
    return T("{role}: {column}", role=ROLE_NAMES[role], column=names)


def _style_evidence(found: Candidate) -> list[Evidence]:
    """The mark between thousands, where counts are written with one."""
    chosen = {place for places in found.picked.columns.values() for place in places}
    styles = {found.parsed[place].style for place in chosen & found.parsed.keys()} - {""}
    if not styles:
        return []
    return [Evidence("numbers", T("thousands are marked with {mark}", mark=T("a dot") if styles == {"dot"} else T("a comma")))]


def _day_evidence(found: Candidate) -> list[Evidence]:
    where = found.when.where or T("chosen by the user")
    if found.when.day:
        return [Evidence("date", T("{day} ({where})", day=found.when.day, where=where))]
    return [Evidence("date", T("each row says its day ({where})", where=where))] if found.when.cells else []


def _total_evidence(found: Candidate) -> list[Evidence]:
    left = sum(kind == totals.TOTAL for kind in found.kinds)
    if not left:
        return []
    said = TN("{n} row is a total and is not counted as an area", "{n} rows are totals and are not counted as areas", n=left)
    return [Evidence("totals", said)]


def _area_evidence(found: Candidate) -> list[Evidence]:
    placed, made = found.placed, []
    if placed.by_code:
        made.append(Evidence("areas", T("by code")))
    if placed.foreign_codes:
        made.append(Evidence("areas", T("the codes are not Kemendagri's, as the names beside them differ; the names are used")))
    for code in placed.regencies[:MOST_REGENCIES]:
        reasons: tuple[Text, ...] = (T("the only kabupaten that holds these names as a set"),) if placed.inferred else ()
        made.append(Evidence("areas", T("by name within {code} {name}", code=code, name=register().name(code)), reasons))
    how = {"spelling": T("other spelling"), "near": T("resembles only this one"), "alias": T("as decided before"),
           "members": T("its desa are there")}  # fmt: skip
    made += [
        Evidence("areas", T("'{name}' is {code} {register}", name=name, code=code, register=register().name(code)), (how[kind],))
        for name, code, kind in placed.told[:MOST_TOLD]
        if kind in how
    ]
    return made


def checks(found: Candidate) -> tuple[Check, ...]:
    """Totals that differ, days that disagree, areas without figures, names that the register gives otherwise."""
    made = [
        Check(
            "total",
            "warning",
            T(
                "Row {row} ({label}): the total of {role} in the file is {printed}, but its rows add up to {summed}.",
                row=str(one.row),
                label=one.label or "-",
                role=ROLE_NAMES[one.role],
                printed=one.printed,
                summed=one.summed,
            ),
            (one.row,),
        )
        for one in found.differences[:MOST_TOTALS]
    ]
    made += _apart(found)
    made += _marked(found)
    made += _sexes(found)
    made += _shares_aside(found)
    made += [
        Check(why.value, "note", _UNREAD[why](" + ".join(map(found.table.name, places))))
        for why, places in found.picked.unread.items()
        if not found.named
    ]
    if found.when.other is not None and (day := found.when.day or found.when.only) is not None:
        made.append(
            Check(
                "date",
                "warning",
                T(
                    "The file says {inside}, its name {named}; what the file says is used.",
                    inside=day,
                    named=found.when.other,
                ),
            )
        )
    made += _other_place(found)
    made += _other_codes(found)
    if found.without:
        codes = list(dict.fromkeys(found.placed.codes[number] for number in found.without))  # each once, on however many days
        made.append(
            Check(
                "no_figure",
                "warning",
                TN(
                    "{n} area is listed without a figure and counts as not reported: {areas}.",
                    "{n} areas are listed without a figure and count as not reported: {areas}.",
                    n=len(codes),
                    areas=some((f"{code} {register().name(code)}" for code in codes), MOST_IN_WORDS),
                ),
                tuple(int(found.table.row_numbers[number]) for number in found.without),
                tuple(codes),
            )
        )
    made += [
        Check(
            "renamed",
            "note",
            T(
                "Row {row}: the code {code} is {register} in the register, the file writes '{name}'.",
                row=str(found.table.row_numbers[number]),
                code=code,
                register=register().name(code),
                name=name,
            ),
            (int(found.table.row_numbers[number]),),
            (code,),
        )
        for number, name, code, *_ in found.placed.disagree[:MOST_RENAMED]
    ]
    return tuple(made)


def _other_place(found: Candidate) -> list[Check]:
    """The file's name speaks of another kabupaten than all of its areas."""
    named = names.find_regencies(found.file)
    if not named:
        return []
    own = {found.placed.codes[number][:5] for number in found.rows if "." in found.placed.codes[number]}
    if not own or own & set(named):
        return []
    text = T(
        "The file holds areas of {inside}, its name says {named}; what the file says is used.",
        inside=register().full_name(min(own)),
        named=register().full_name(named[0]),
    )
    return [Check("place", "warning", text)]


def _other_codes(found: Candidate) -> list[Check]:
    """Rows that were placed by their names though a code beside them is another, or none that the register has."""
    placed = found.placed
    if placed.foreign_codes or (placed.by_code and not (placed.regencies or placed.told)):
        return []  # it is said already; none was placed by its name
    column, codes = lapsed.others(found.table, placed.codes)
    rows = [number for number in found.rows if number in codes]
    if not rows:
        return []
    first = rows[0]
    said = TN(
        "{n} code in the column '{column}' is not that of its area in the register: row {row}, {code} {name} "
        "is {now}. The name was used.",
        "{n} codes in the column '{column}' are not those of their areas in the register, the first in row "
        "{row}: {code} {name} is {now}. The names were used.",
        n=len(rows),
        column=column,
        row=str(found.table.row_numbers[first]),
        code=codes[first],
        name=placed.labels[first].removeprefix(codes[first]).strip(" -–:|")[:MOST_LABEL],
        now=placed.codes[first],
    )
    numbers = tuple(int(found.table.row_numbers[number]) for number in rows)
    areas = tuple(placed.codes[number] for number in rows)
    return [Check("codes", "note", lapsed.with_reason(said, (codes[number] for number in rows)), numbers, areas)]


def _apart(found: Candidate) -> list[Check]:
    """Rows of no area, kept apart with what they count."""
    rows = totals.positions(found.kinds, totals.APART)
    if not rows:
        return []
    counts = [
        T("{role} {total}", role=ROLE_NAMES[role], total=int(np.nansum(values[rows]))) for role, values in found.figures.items()
    ]
    text = TN(
        "{n} row is not an area and is counted in none: {labels} ({counts}).",
        "{n} rows are not areas and are counted in none: {labels} ({counts}).",
        n=len(rows),
        labels=some((found.table.name_of(number)[:MOST_LABEL] for number in rows), MOST_IN_WORDS),
        counts=joined(counts),
    )
    return [Check("apart", "warning", text, tuple(int(found.table.row_numbers[number]) for number in rows))]


def _marked(found: Candidate) -> list[Check]:
    """Counts that carry a mark or a unit, which is left out."""
    rows: dict[int, str] = {}
    for place in (place for places in found.picked.columns.values() for place in places):
        column = found.table.columns[place]
        texts = {text for text in column.texts if numerals.marked(text)}
        rows |= {number: str(column.all[number]) for number in found.rows if column.all[number] in texts} if texts else {}
    if not rows:
        return []
    numbers = sorted(rows)
    text = TN(
        "{n} count carries a mark or a unit and is read without it: '{cell}' in row {row}.",
        "{n} counts carry a mark or a unit and are read without it, the first: '{cell}' in row {row}.",
        n=len(rows),
        cell=shown(rows[numbers[0]]),
        row=str(found.table.row_numbers[numbers[0]]),
    )
    return [Check("marks", "note", text, tuple(int(found.table.row_numbers[number]) for number in numbers[:MOST_TOLD]))]


def off_totals(found: Candidate) -> dict[str, tuple[Sequence[int], list[int]]]:
    """For each role whose parts stand beside its total: the columns of the parts, and the body rows where they do not give it."""
    made: dict[str, tuple[Sequence[int], list[int]]] = {}
    for role, (whole, *parts) in found.picked.totals.items():
        if not found.rows or found.picked.columns.get(role) != (whole,):
            continue
        total = found.parsed[whole].counts[found.rows]
        given = np.sum([found.parsed[place].counts[found.rows] for place in parts], axis=0)
        differs = (given != total) & ~np.isnan(given + total)
        made[role] = parts, [found.rows[int(place)] for place in np.flatnonzero(differs)]
    return made


def _sexes(found: Candidate) -> list[Check]:
    """Rows in which men and women, or the groups, do not give the total that is taken."""
    made = []
    for role, (parts, off) in off_totals(found).items():
        if off:
            rows = tuple(int(found.table.row_numbers[number]) for number in off)
            made.append(
                Check(
                    "sexes",
                    "warning",
                    _off_total(groups.summed(found.table.headers, parts) == "sexes", len(off), role, rows),
                    rows,
                    tuple(found.placed.codes[number] for number in off),
                )
            )
    return made


def _off_total(sexes: bool, count: int, role: str, rows: Sequence[int]) -> Text:
    told = some(map(str, rows), MOST_IN_WORDS)
    if sexes:
        return TN(
            "In {n} row men and women do not add up to the total of {role} in the file; that total is used (row {rows}).",
            "In {n} rows men and women do not add up to the total of {role} in the file; that total is used (rows {rows}).",
            n=count,
            role=ROLE_NAMES[role],
            rows=told,
        )
    return TN(
        "In {n} row the groups do not add up to the total of {role} in the file; that total is used (row {rows}).",
        "In {n} rows the groups do not add up to the total of {role} in the file; that total is used (rows {rows}).",
        n=count,
        role=ROLE_NAMES[role],
        rows=told,
    )


def _shares_aside(found: Candidate) -> list[Check]:
    """Columns of percentages of the recorded or of those left that were not taken, and say another share than the counts."""
    taken = {place for places in found.picked.columns.values() for place in places} | {found.picked.percent}
    coverage, made = shares.coverage(found.figures), []
    if coverage is None:
        return []
    for place, values in found.parsed.items():
        role = shares.share_of(words.meaning(found.table.headers[place]), values)
        if place in taken or not role:
            continue
        said, expected = shares.in_per_cent(values.floats), coverage if role == RECORDED else 100 - coverage
        off = [number for number in found.rows if abs(said[number] - expected[number]) >= shares.NEAR]
        if off:
            text = TN(
                "In {n} row the percentage in {column} is not that of the counts: {printed} in row {row}, but "
                "{computed} by the counts.",
                "In {n} rows the percentage in {column} is not that of the counts: {printed} in row {row}, but "
                "{computed} by the counts.",
                n=len(off),
                column=found.table.name(place),
                row=str(found.table.row_numbers[off[0]]),
                printed=Percent(float(said[off[0]]) / 100, 2),
                computed=Percent(float(expected[off[0]]) / 100, 2),
            )
            rows = tuple(int(found.table.row_numbers[number]) for number in off)
            made.append(Check("share", "warning", text, rows, tuple(found.placed.codes[number] for number in off)))
    return made


ROLE_NAMES: Mapping[str, Text] = {
    ELIGIBLE: T("eligible"),
    RECORDED: T("recorded"),
    UNRECORDED: T("unrecorded"),
    PRINTED: T("cards printed"),
    TO_CLEAN: T("to be cleaned"),
    "coverage_reported": T("coverage"),
}


_UNREAD: Mapping[Unread, Callable[[str], Text]] = {
    Unread.FEW_PRINTED: lambda column: T(
        "The column '{column}' counts far fewer cards than people recorded and is not read: perhaps only "
        "those of a certain period. If it counts all cards printed so far, name it as the column of cards "
        "printed.",
        column=column,
    ),
    Unread.SEVERAL_TO_CLEAN: lambda column: T(
        "The columns '{column}' count those to be cleaned off the list differently, so none is read. If one counts all "
        "of them, name it.",
        column=column,
    ),
    Unread.SOME_TO_CLEAN: lambda column: T(
        "'{column}' names only some of those to be cleaned off the list; such columns are neither added up nor read. If one "
        "column counts all who are still on the list, name it.",
        column=column,
    ),
}


def joined(parts: Sequence[Text]) -> Text:
    """Several pieces as one text, each in the reader's language."""
    if not parts:
        return T("none of the columns")
    return reduce(lambda one, two: T("{one}; {two}", one=one, two=two), parts)
