"""Why a reading is what it is, and what in its table deserves a second look, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np

from ektp_analysis.core.area import register
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.ingest import doubts
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.cells import topics, written
from ektp_analysis.ingest.cells.words import ELIGIBLE, RECORDED, UNRECORDED
from ektp_analysis.ingest.opening import package
from ektp_analysis.ingest.opening.containers import Book
from ektp_analysis.ingest.places import totals
from ektp_analysis.ingest.report import Check, Evidence, Question, Reading
from ektp_analysis.ingest.rows import shown

# Beyond these a report would be a list that nobody reads; what is left out is of the same kind.
MOST_LABEL = 40  # letters of a row that is repeated
MOST_REGENCIES, MOST_TOLD, MOST_TOTALS, MOST_RENAMED, MOST_IN_WORDS = 5, 60, 20, 30, 8


def of(found: Candidate, book: Book, holding: int, *, turned: bool = False) -> tuple[Evidence, ...]:
    """What was decided, and why. ``holding``: how many sheets hold figures per area; ``turned``: the areas stand side by
    side, and rows were made of columns."""
    table, sheets = found.table, len(book.sheets)
    several = (T("{n} of {all} sheets hold figures per area", n=holding, all=sheets),) if sheets > 1 else ()
    header = T("rows {rows}", rows=", ".join(map(str, table.header_rows)))
    if turned:
        header = T("the areas stand side by side: each column was read as a row, and is counted as one")
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
    sexes = [T("the sum of the columns of men and of women, for there is no total")]
    agree = []
    if found.totals_agree:
        agree = [TN("{n} printed total agrees", "{n} printed totals agree", n=found.totals_agree)]
    made = [
        Evidence("columns", _columns_of(found, role, places), (*sums, *(sexes if len(places) == 2 else ()), *agree))
        for role, places in found.picked.columns.items()
    ]
    if found.picked.percent >= 0:
        made.append(Evidence("columns", _columns_of(found, "coverage_reported", (found.picked.percent,))))
    return made


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
    where = found.when.where or T("the person's choice")
    if found.when.day:
        return [Evidence("date", T("{day} ({where})", day=found.when.day, where=where))]
    return [Evidence("date", T("each row says its day ({where})", where=where))] if found.when.cells else []


def _total_evidence(found: Candidate) -> list[Evidence]:
    left = sum(kind == totals.TOTAL for kind in found.kinds)
    if not left:
        return []
    said = TN("{n} row is a total and counts as no area", "{n} rows are totals and count as no area", n=left)
    return [Evidence("totals", said)]


def _area_evidence(found: Candidate) -> list[Evidence]:
    placed, made = found.placed, []
    if placed.by_code:
        made.append(Evidence("areas", T("by code")))
    if placed.foreign_codes:
        made.append(
            Evidence("areas", T("the codes are not Kemendagri's, for the names beside them are others; the names are taken"))
        )
    for code in placed.regencies[:MOST_REGENCIES]:
        reasons: tuple[Text, ...] = (T("the only kabupaten that holds these names as a set"),) if placed.inferred else ()
        made.append(Evidence("areas", T("by name within {code} {name}", code=code, name=register().name(code)), reasons))
    how = {"spelling": T("other spelling"), "near": T("resembles it alone"), "alias": T("as decided before"),
           "members": T("its desa lie there")}  # fmt: skip
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
                "Row {row} ({label}): the printed total of {role} is {printed}, its members give {summed}.",
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
    if found.when.other is not None and found.when.day is not None:
        made.append(
            Check(
                "date",
                "warning",
                T(
                    "The file says {inside}, its name {named}; what the file says is taken.",
                    inside=found.when.day,
                    named=found.when.other,
                ),
            )
        )
    if found.without:
        codes = [found.placed.codes[number] for number in found.without]
        made.append(
            Check(
                "no_figure",
                "warning",
                TN(
                    "{n} area stands without a figure and counts as silent: {areas}.",
                    "{n} areas stand without a figure and count as silent: {areas}.",
                    n=len(codes),
                    areas=", ".join(f"{code} {register().name(code)}" for code in codes[:MOST_IN_WORDS]),
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


def _apart(found: Candidate) -> list[Check]:
    """Rows of no area, kept apart with what they count."""
    rows = totals.positions(found.kinds, totals.APART)
    if not rows:
        return []
    counts = [
        T("{role} {total}", role=ROLE_NAMES[role], total=int(np.nansum(values[rows]))) for role, values in found.figures.items()
    ]
    text = TN(
        "{n} row is of no area and counts in none: {labels} ({counts}).",
        "{n} rows are of no area and count in none: {labels} ({counts}).",
        n=len(rows),
        labels=", ".join(found.table.name_of(number)[:MOST_LABEL] for number in rows[:MOST_IN_WORDS]),
        counts=_joined(counts),
    )
    return [Check("apart", "warning", text, tuple(int(found.table.row_numbers[number]) for number in rows))]


def _marked(found: Candidate) -> list[Check]:
    """Counts that carry a mark or a unit, which is left out."""
    rows: dict[int, str] = {}
    for place in (place for places in found.picked.columns.values() for place in places):
        column = found.table.columns[place]
        texts = {text for text in column.texts if written.marked(text)}
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


def _sexes(found: Candidate) -> list[Check]:
    """Rows in which men and women do not give the total that is taken."""
    made = []
    for role, (whole, men, women) in found.picked.triplets.items():
        if not found.rows or found.picked.columns.get(role) != (whole,) or not {whole, men, women} <= set(found.parsed):
            continue
        total, left, right = (found.parsed[place].counts[found.rows] for place in (whole, men, women))
        differs = (left + right != total) & ~np.isnan(left + right + total)
        off = [found.rows[int(place)] for place in np.flatnonzero(differs)]
        if off:
            rows = tuple(int(found.table.row_numbers[number]) for number in off)
            made.append(
                Check(
                    "sexes",
                    "warning",
                    TN(
                        "In {n} row men and women do not give the printed total of {role}; the total is taken (row {rows}).",
                        "In {n} rows men and women do not give the printed total of {role}; the total is taken (rows {rows}).",
                        n=len(off),
                        role=ROLE_NAMES[role],
                        rows=", ".join(map(str, rows[:MOST_IN_WORDS])),
                    ),
                    rows,
                    tuple(found.placed.codes[number] for number in off),
                )
            )
    return made


ROLE_NAMES: Mapping[str, Text] = {
    ELIGIBLE: T("eligible"),
    RECORDED: T("recorded"),
    UNRECORDED: T("unrecorded"),
    "coverage_reported": T("coverage"),
}
MOST_ALIASES, MOST_LETTERS = 40, 600  # questions about names in one report; letters of a list of columns
MOST_SUBJECTS, MOST_HEADERS_LETTERS = 3, 120  # what a table seems to hold, and its headers, in one sentence
NEAREST, MOST_RIVALS = 3, 4  # areas to choose from for a name, kabupaten for a sheet


def questions(found: Candidate) -> tuple[Question, ...]:
    """All that must be asked before the candidate may be accepted."""
    asked: list[Question] = []
    if not found.speaks:
        return (_of_something_else(found),)
    if found.placed.at_odds:
        asked.append(_trust(found))
    if found.unfitting or found.placed.contradicted or (not found.rows and found.placed.rivals):
        return (*asked, _regency(found))
    if found.doubts:
        asked.append(_columns(found))
    if found.when.day is None and not found.when.cells:
        asked.append(_day(found))
    unplaced = _unplaced(found)
    if unplaced and found.placed.rivals:
        asked.append(_regency(found))
    else:
        asked += [
            Question(
                "alias",
                T("Which area is '{name}' (row {row})?", name=label, row=str(row)),
                tuple(
                    Reading(T("{code} {name}", code=code, name=register().name(code)), {"aliases": {label: code}})
                    for code in codes[:NEAREST]
                ),
                subject=label,
            )
            for label, (row, codes) in list(unplaced.items())[:MOST_ALIASES]
        ]
    return tuple(asked)


def _of_something_else(found: Candidate) -> Question:
    """The refusal of a table that says nowhere that it is of recording; a person who names its columns is believed."""
    held = topics.subjects_in(found.spoken)[:MOST_SUBJECTS]
    what = reduce(lambda one, two: T("{list}, {more}", list=one, more=two), held) if held else T("something else")
    text = T(
        "No title, header or name speaks of KTP or recording ({columns}); the file seems to hold {what}. A table is needed with an "
        "area and wajib KTP, sudah rekam or belum rekam in each row. Where these are such figures, name their columns.",
        columns=", ".join(found.table.name(place) for place in range(len(found.table.headers)))[:MOST_HEADERS_LETTERS],
        what=what,
    )
    return Question("columns", text, refuses=True)


def _trust(found: Candidate) -> Question:
    """Which holds where codes and names contradict each other, shown on the first such row."""
    first, register_ = found.placed.at_odds[0], register()
    row, code = str(found.table.row_numbers[first.row]), f"{first.code} {register_.name(first.code)}"
    text = T(
        "Codes and names contradict each other in {n} of {all} rows: row {row} has the code of {code} and the name '{name}'. "
        "Such codes are often those of BPS or of before 2022, or moved by a row. Which hold?",
        n=len(found.placed.at_odds),
        all=sum(map(bool, found.placed.codes)),
        row=row,
        code=code,
        name=first.name,
    )
    readings = (
        Reading(T("the names: row {row} is {area}", row=row, area=first.name), {"trust": "name"}),
        Reading(T("the codes: row {row} is {area}", row=row, area=code), {"trust": "code"}),
    )
    return Question("trust", text, readings)


def _unplaced(found: Candidate) -> dict[str, tuple[int, Sequence[str]]]:
    made: dict[str, tuple[int, Sequence[str]]] = {}
    for number in found.unplaced:
        label = found.placed.labels[number]
        if label not in made:
            made[label] = (int(found.table.row_numbers[number]), found.placed.unmatched.get(label, []))
    return made


def _regency(found: Candidate) -> Question:
    rivals = [*found.placed.rivals, *(code for code in found.hints if code not in found.placed.rivals)][:MOST_RIVALS]
    return Question(
        "area",
        T("Which kabupaten or kota is the sheet about? Its names do not say it for sure."),
        tuple(Reading(T("{code} {name}", code=code, name=register().name(code)), {"area": code}) for code in rivals),
    )


def sums(found: Candidate, columns: Mapping[str, Sequence[int]]) -> dict[str, int | None]:
    """Totals over the areas that a choice of columns gives; a third one follows where all areas give two."""
    counts = {
        role: np.sum([found.parsed[place].counts[found.rows] for place in columns[role]], axis=0)
        for role in (ELIGIBLE, RECORDED, UNRECORDED)
        if columns.get(role)
    }
    made: dict[str, int | None] = dict.fromkeys((ELIGIBLE, RECORDED, UNRECORDED))
    made |= {role: None if np.isnan(numbers).all() else int(np.nansum(numbers)) for role, numbers in counts.items()}
    if len(counts) == 2 and not any(np.isnan(numbers).any() for numbers in counts.values()):
        eligible, recorded, unrecorded = (made[role] or 0 for role in (ELIGIBLE, RECORDED, UNRECORDED))
        missing = next(role for role in made if role not in counts)
        third = recorded + unrecorded if missing == ELIGIBLE else eligible - recorded - unrecorded
        made[missing] = third if third >= 0 else None
    return made


def column_key(found: Candidate, place: int) -> str:
    """How a column is named in choices: its header where that is unique, else its letter."""
    name = found.table.name(place)
    same = [one for one in range(len(found.table.headers)) if found.table.name(one) == name]
    return name if len(same) == 1 and name != "-" and " + " not in name else package.column_letters(place + 1)


def column_choice(found: Candidate, columns: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Columns by role in the form of choices."""
    return {role: " + ".join(column_key(found, place) for place in places) for role, places in columns.items()}


def _reading(found: Candidate, columns: Mapping[str, Sequence[int]]) -> Reading:
    parts = [T("{role}: {column}", role=ROLE_NAMES[role], column=text) for role, text in column_choice(found, columns).items()]
    return Reading(_joined(parts), {"columns": column_choice(found, columns)}, sums(found, columns))


def _joined(parts: Sequence[Text]) -> Text:
    """Several pieces as one text, each in the reader's language."""
    if not parts:
        return T("none of the columns")
    return reduce(lambda one, two: T("{one}; {two}", one=one, two=two), parts)


def _columns(found: Candidate) -> Question:
    columns = ", ".join(column_key(found, place) for place in range(len(found.table.headers)))[:MOST_LETTERS]
    roles = _joined([ROLE_NAMES[role] for role in found.picked.missing])
    text = doubts.question(found.doubts, found.picked.quotes, columns=columns, roles=roles)
    return Question("columns", text, tuple(_reading(found, one) for one in found.picked.readings))


def _day(found: Candidate) -> Question:
    if not found.when.readings:
        return Question("date", T("Neither the file nor its name says which day (date) the figures are about; give it."))
    readings = tuple(
        Reading(T("{day} ({where})", day=day, where=where), {"date": day.isoformat()}) for day, where in found.when.readings
    )
    return Question("date", T("Which day are the figures about?"), readings)
