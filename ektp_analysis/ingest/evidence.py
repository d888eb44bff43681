"""Why a reading is what it is, and what in its table deserves a second look, as sentences."""

from __future__ import annotations

import numpy as np

from ektp_analysis.area import register
from ektp_analysis.ingest import asking, totals
from ektp_analysis.ingest.containers import Book
from ektp_analysis.ingest.layout import Candidate
from ektp_analysis.ingest.report import Check, Evidence
from ektp_analysis.text import TN, T, Text


def of(found: Candidate, book: Book, holding: int, *, turned: bool = False) -> tuple[Evidence, ...]:
    """What was decided, and why. ``turned``: the areas stand side by side, and rows were made of columns."""
    table = found.table
    made = [
        Evidence(
            "sheet",
            T("sheet {sheet}", sheet=table.sheet) if table.sheet else T("the only table"),
            (T("{n} of {all} sheets hold figures per area", n=holding, all=len(book.sheets)),) if len(book.sheets) > 1 else (),
        )
    ]
    where = T("rows {rows}", rows=", ".join(map(str, table.header_rows)))
    if turned:
        where = T("the areas stand side by side: each column was read as a row, and is counted as one")
    made.append(Evidence("header", where))
    for role, places in found.picked.columns.items():
        reasons = [
            T("adds up with the others in {hits} of {rows} rows", hits=hits, rows=rows)
            for _, _, hits, rows in found.picked.proofs
        ]
        if len(places) == 2:
            reasons.append(T("the sum of the columns of men and of women, for there is no total"))
        if found.totals_agree:
            reasons.append(TN("{n} printed total agrees", "{n} printed totals agree", n=found.totals_agree))
        made.append(
            Evidence(
                "columns",
                T("{role}: {column}", role=asking.ROLE_NAMES[role], column=" + ".join(table.name(place) for place in places)),
                tuple(reasons),
            )
        )
    if found.picked.percent >= 0:
        made.append(
            Evidence(
                "columns",
                T("{role}: {column}", role=asking.ROLE_NAMES["coverage_reported"], column=table.name(found.picked.percent)),
            )
        )
    styles = {
        found.parsed[place].style for places in found.picked.columns.values() for place in places if place in found.parsed
    } - {""}
    if styles:
        made.append(
            Evidence("numbers", T("thousands are marked with {mark}", mark=T("a dot") if styles == {"dot"} else T("a comma")))
        )
    where = found.when.where or T("the person's choice")
    if found.when.day:
        made.append(Evidence("date", T("{day} ({where})", day=found.when.day, where=where)))
    elif found.when.cells:
        made.append(Evidence("date", T("each row says its day ({where})", where=where)))
    made += _area_evidence(found)
    left = sum(kind == totals.TOTAL for kind in found.kinds)
    if left:
        made.append(
            Evidence("totals", TN("{n} row is a total and counts as no area", "{n} rows are totals and count as no area", n=left))
        )
    return tuple(made)


def _area_evidence(found: Candidate) -> list[Evidence]:
    placed, made = found.placed, []
    if placed.by_code:
        made.append(Evidence("areas", T("by code")))
    if placed.foreign_codes:
        made.append(
            Evidence("areas", T("the codes are not Kemendagri's, for the names beside them are others; the names are taken"))
        )
    for code in placed.regencies[:5]:
        reasons: tuple[Text, ...] = (T("the only kabupaten that holds these names as a set"),) if placed.inferred else ()
        made.append(Evidence("areas", T("by name within {code} {name}", code=code, name=register().name(code)), reasons))
    how = {"spelling": T("other spelling"), "near": T("resembles it alone"), "alias": T("as decided before"),
           "members": T("its desa lie there")}  # fmt: skip
    made += [
        Evidence("areas", T("'{name}' is {code} {register}", name=name, code=code, register=register().name(code)), (how[kind],))
        for name, code, kind in placed.told[:60]
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
                role=asking.ROLE_NAMES[one.role],
                printed=one.printed,
                summed=one.summed,
            ),
            (one.row,),
        )
        for one in found.differences[:20]
    ]
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
                    areas=", ".join(f"{code} {register().name(code)}" for code in codes[:8]),
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
        for number, name, code, _ in found.placed.disagree[:30]
    ]
    return tuple(made)


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
                        role=asking.ROLE_NAMES[role],
                        rows=", ".join(map(str, rows[:8])),
                    ),
                    rows,
                    tuple(found.placed.codes[number] for number in off),
                )
            )
    return made
