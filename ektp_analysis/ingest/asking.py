"""What must be asked of a candidate before it may be accepted, each question with the readings to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np

from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest import doubts
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.cells import topics, written
from ektp_analysis.ingest.cells.words import BESIDE, ELIGIBLE, RECORDED, UNRECORDED, is_named
from ektp_analysis.ingest.columns import day_groups, shares
from ektp_analysis.ingest.evidence import ROLE_NAMES, joined
from ektp_analysis.ingest.opening import package
from ektp_analysis.ingest.places import placement
from ektp_analysis.ingest.report import Question, Reading

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
    months = of_months(found) if found.doubts else None
    if months is not None:
        return (Question("columns", months, refuses=True),)
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
                (
                    *(
                        Reading(T("{code} {name}", code=code, name=register().name(code)), {"aliases": {label: code}})
                        for code in codes[:NEAREST]
                    ),
                    Reading(T("none: leave this row out, and all others that stay open"), {"take_good_rows": True}),
                ),
                subject=label,
            )
            for label, (row, codes) in list(unplaced.items())[:MOST_ALIASES]
        ]
    return tuple(asked)


def held(found: Candidate) -> Text:
    """What a table that is none of recording seems to hold."""
    subjects = topics.subjects_in(found.spoken)[:MOST_SUBJECTS]
    return reduce(lambda one, two: T("{list}, {more}", list=one, more=two), subjects) if subjects else T("something else")


def of_months(found: Candidate) -> Text | None:
    """Why columns of months that count those recorded are not read; None where there are none, or the unrecorded stand there."""
    months, days = day_groups.months_in(found.table), day_groups.days_in(found.table)
    if UNRECORDED in found.picked.columns or not (months or days):
        return None
    if not months:
        return T(
            "The columns '{first}' to '{last}' are days, and seem to count who was recorded on each of them, or no header says "
            "what they count. What is needed is how many are recorded so far, or not yet, on a day: write it into each header, "
            "such as {example}.",
            first=days[0],
            last=days[-1],
            example="BELUM REKAM 31/01/2023",
        )
    return T(
        "The columns '{first}' to '{last}' are months, and seem to count who was recorded in each of them. "
        "What is needed is how many are recorded so far, or not yet, on a day: give sudah rekam or belum "
        "rekam. If these columns count all up to their month, write the day into each header, such as "
        "{example}.",
        first=months[0],
        last=months[-1],
        example="SUDAH REKAM 31/01/2023",
    )


def of_fractions(found: Candidate) -> tuple[Text, Text] | None:
    """Why columns that are named as counts are not read where most of their cells hold fractions, and how to mend it; None where
    there are none. Cells up to 1,5 are shares."""
    table = found.table
    for place in filter(lambda place: is_named(table.headers[place]), range(len(table.headers))):
        cells = {row: cell for row, cell in enumerate(table.column(place)) if isinstance(cell, float)}
        odd = [row for row, cell in cells.items() if not cell.is_integer()]
        if len(odd) > len(cells) / 2 and max(cells.values()) > shares.SHARES:
            where = T("column {column}, row {row}", column=table.name(place)[:60], row=str(int(table.row_numbers[odd[0]])))
            fault = T(
                "{where}: {cell} has a fraction, and a count has none; perhaps marks between thousands were read as decimal "
                "marks, or the figures are in thousands.",
                where=T("{part}: {what}", part=table.sheet, what=where) if table.sheet else where,
                cell=str(cells[odd[0]]),
            )
            return fault, T("Write every count as a whole number, and upload the file again.")
    return None


def _headers(found: Candidate) -> str:
    """The names of its columns, as far as a sentence has room for them."""
    return ", ".join(found.table.name(place) for place in range(len(found.table.headers)))[:MOST_HEADERS_LETTERS]


def _of_something_else(found: Candidate) -> Question:
    """The refusal of a table that says nowhere that it is of recording; a person who names its columns is believed."""
    text = T(
        "No title, header or name speaks of KTP or recording ({columns}); the file seems to hold {what}. A "
        "table is needed with an area and wajib KTP, sudah rekam or belum rekam in each row. If these are "
        "such figures, name their columns.",
        columns=_headers(found),
        what=held(found),
    )
    return Question("columns", text, refuses=True)


def unnamed(found: Candidate) -> Text:
    """The refusal of a table that speaks of recording, but of whose columns none is named so."""
    return T(
        "The file speaks of recording, but no header says which of its figures are eligible, recorded or unrecorded ({columns}).",
        columns=_headers(found),
    )


def _trust(found: Candidate) -> Question:
    """Which holds where codes and names contradict each other, shown on the first such row."""
    first, register_ = found.placed.at_odds[0], register()
    row, code = str(found.table.row_numbers[first.row]), f"{first.code} {register_.name(first.code)}"
    text = T(
        "Codes and names contradict each other in {n} of {all} rows: row {row} has the code of {code} and "
        "the name '{name}'. Such codes are often those of BPS or from before 2022, or shifted by a row. "
        "Which are right?",
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
        label = placement.called(found.table, found.placed, number)
        if label not in made:
            made[label] = (int(found.table.row_numbers[number]), found.placed.unmatched.get(label, []))
    return made


def _regency(found: Candidate) -> Question:
    rivals = [*dict.fromkeys([*found.placed.rivals, *found.hints])]
    if not rivals:  # a row may be called as a kabupaten and a kota
        called = (code for codes in found.placed.unmatched.values() for code in codes)
        rivals = [code for code in dict.fromkeys(called) if level_of(code) is Level.KABUPATEN]
    offered = ((code, register().name(code)) for code in rivals[:MOST_RIVALS])
    return Question(
        "area",
        T("Which kabupaten or kota is the sheet about? The names in it do not settle it."),
        tuple(Reading(T("{code} {name}", code=code, name=name), {"area": code}) for code, name in offered),
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
    return made | _beside(found, columns)


def _beside(found: Candidate, columns: Mapping[str, Sequence[int]]) -> dict[str, int | None]:
    """What the columns beside those of recording count over the areas; None where no area gives it."""
    made: dict[str, int | None] = {}
    for role in BESIDE:
        if columns.get(role):
            counts = np.sum([found.parsed[place].counts[found.rows] for place in columns[role]], axis=0)
            made[role] = None if np.isnan(counts).all() else int(np.nansum(counts))
    return made


def column_key(found: Candidate, place: int) -> str:
    """How a column is named in choices: its header where that is unique, else its letter."""
    name = found.table.name(place)
    same = [one for one in range(len(found.table.headers)) if found.table.name(one) == name]
    return name if len(same) == 1 and name != "-" and " + " not in f" {name} " else package.column_letters(place + 1)


def column_choice(found: Candidate, columns: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Columns by role in the form of choices."""
    return {role: " + ".join(column_key(found, place) for place in places) for role, places in columns.items()}


def _reading(found: Candidate, columns: Mapping[str, Sequence[int]]) -> Reading:
    parts = [T("{role}: {column}", role=ROLE_NAMES[role], column=text) for role, text in column_choice(found, columns).items()]
    return Reading(joined(parts), {"columns": column_choice(found, columns)}, sums(found, columns))


def _columns(found: Candidate) -> Question:
    columns = ", ".join(column_key(found, place) for place in range(len(found.table.headers)))[:MOST_LETTERS]
    roles = joined([ROLE_NAMES[role] for role in found.picked.missing])
    text = doubts.question(found.doubts, found.picked.quotes, columns=columns, roles=roles)
    return Question("columns", text, tuple(_reading(found, one) for one in found.picked.readings))


def _day(found: Candidate) -> Question:
    if found.when.either_way:
        return Question(
            "date",
            T(
                "The days of column {column} may have the month before the day or after it. Write them as 2023-06-20.",
                column=found.when.either_way,
            ),
            refuses=True,
        )
    if not found.when.readings:
        return Question("date", T("Neither the file nor its name says which day (date) the figures are about. Enter the date."))
    readings = tuple(
        Reading(T("{day} ({where})", day=day, where=where), {"date": day.isoformat()}) for day, where in found.when.readings
    )
    if slip := next(filter(None, map(written.slip_of_weekday, found.around)), None):
        text = T("'{cell}' names another weekday than that of the day. Which day are the figures about?", cell=slip)
        return Question("date", text, readings)
    return Question("date", T("Which day are the figures about?"), readings)
