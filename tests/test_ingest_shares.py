"""Columns of percentages, and cards printed, at their thresholds: what lies exactly there, and what lies just beside it."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ektp_analysis.core.text import render
from ektp_analysis.ingest import candidate, evidence
from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.column import Cells, Values, values_of
from ektp_analysis.ingest.cells.words import Meaning
from ektp_analysis.ingest.columns import pick, shares
from ektp_analysis.ingest.ground import Doubt, Unread
from tests.test_ingest_apart import table

E, R, U, P = words.ELIGIBLE, words.RECORDED, words.UNRECORDED, words.PRINTED
NAN = float("nan")


def values(*cells: object) -> Values:
    return values_of(Cells(list(cells)))


def floats(*numbers: float) -> Any:
    return np.array(numbers, dtype=np.float64)


@pytest.mark.parametrize(
    ("figures", "share"),
    [
        ({E: [100, 0, NAN], R: [50, 5, 5]}, [50, NAN, NAN]),
        ({E: [100, 80], U: [40, 20]}, [60, 75]),
        ({R: [60, 3], U: [40, 1]}, [60, 75]),
        ({E: [200], R: [60], U: [40]}, [30]),
        ({E: [100]}, None),
        ({R: [60]}, None),
        ({U: [40]}, None),
        ({}, None),
    ],
)
def test_the_coverage_that_counts_give(figures: dict[str, Sequence[float]], share: list[float] | None) -> None:
    found = shares.coverage({role: floats(*numbers) for role, numbers in figures.items()})
    if share is None:
        assert found is None
    else:
        assert found is not None and np.array_equal(found, floats(*share), equal_nan=True)


@pytest.mark.parametrize(
    ("share", "cells", "near"),
    [
        ([90], [90.95], True),
        ([90], [89.05], True),
        ([90], [91], False),
        ([90], [91.1], False),
        ([90, 90], [90, 10], True),
        ([90] * 5, [90, 90, 10, 10, 10], False),
        ([90, 90, NAN, 90], [90, 10, 10, NAN], True),
        ([NAN], [90], False),
        ([90], [NAN], False),
        ([90, 80], [0.9, 0.8], True),
        ([150, 80], [1.5, 0.8], True),
        ([152, 80], [1.52, 0.8], False),
    ],
)
def test_a_column_lies_near_the_coverage_of_the_counts(share: list[float], cells: list[float], near: bool) -> None:
    assert shares._lies_near(floats(*share), floats(*cells)) is near


def test_shares_of_one_are_told_by_the_largest() -> None:
    assert shares.in_per_cent(floats(1.5, 0.5)).tolist() == [150, 50]
    assert shares.in_per_cent(floats(1.51, 0.5)).tolist() == [1.51, 0.5]
    assert np.isnan(shares.in_per_cent(floats(NAN, NAN))).all() and shares.in_per_cent(floats()).tolist() == []


@pytest.mark.parametrize(
    ("said", "cells", "role"),
    [
        (Meaning(words.PERCENT, of=R), [99.4, 90], R),
        (Meaning(words.PERCENT, of=U), [0.6, 9], U),
        (Meaning(R), [99.4, 90], R),
        (Meaning(R), [99, 90], ""),  # counts
        (Meaning(R), [99.4, 150], R),
        (Meaning(R), [99.4, 151], ""),
        (Meaning(E), [99.4], ""),
        (Meaning(words.PERCENT, of=E), [99.4], ""),
        (Meaning(R, part=True), [99.4], ""),
        (Meaning(R, words.MEN), [99.4], ""),
        (Meaning(R, words.WOMEN), [99.4], ""),
        (Meaning(R, words.TOTAL), [99.4], R),
        (Meaning(R), ["", ""], ""),
    ],
)
def test_what_a_column_gives_percentages_of(said: Meaning, cells: list[object], role: str) -> None:
    assert shares.share_of(said, values(*cells)) == role


COUNTS = {E: floats(100, 200), R: floats(90, 190), U: None}
OF_R, SURE_R, BARE = Meaning(words.PERCENT, of=R), Meaning(words.PERCENT, of=R, sure=words.SURE), Meaning(words.PERCENT)


@pytest.mark.parametrize(
    ("meanings", "figures", "place"),
    [
        ({3: BARE}, COUNTS, 3),  # its numbers are those of the counts
        ({2: SURE_R}, COUNTS, 2),
        ({2: SURE_R, 3: BARE}, COUNTS, 3),  # numbers outrank names
        ({2: OF_R}, COUNTS, -1),
        ({2: SURE_R, 4: SURE_R}, COUNTS, -1),  # two are named so
        ({2: Meaning(words.PERCENT, of=E, sure=words.SURE)}, COUNTS, 2),
        ({3: Meaning(words.PERCENT, of=U)}, COUNTS, -1),
        ({3: Meaning(words.PERCENT, of=words.NOISE)}, COUNTS, -1),
        ({3: Meaning(words.PERCENT, words.MEN)}, COUNTS, -1),
        ({3: Meaning(words.PERCENT, words.WOMEN)}, COUNTS, -1),
        ({3: Meaning(words.PERCENT, part=True)}, COUNTS, -1),
        ({3: Meaning(E)}, COUNTS, -1),
        ({2: BARE}, {}, 2),  # alone
        ({2: BARE}, {R: floats(90, 190)}, -1),
        ({2: OF_R}, {}, -1),
        ({2: BARE}, COUNTS, -1),
        ({2: SURE_R}, {R: floats(90, 190)}, 2),
    ],
)
def test_which_column_is_the_coverage(meanings: dict[int, Meaning], figures: dict[str, Any], place: int) -> None:
    cells = {2: values(55.5, 44.5), 3: values(90.2, 95.1), 4: values(55, 44)}
    assert shares.column_of_coverage(meanings, cells, figures) == place


# Cards printed


@pytest.mark.parametrize(
    ("figures", "cards", "few"),
    [
        ({R: [100, 100]}, [40, 40], False),
        ({R: [100, 100]}, [39, 39], True),
        ({R: [100, 100]}, [39, 90], False),  # in half of the rows is not in most
        ({R: [100, 100, 100]}, [39, 39, 90], True),
        ({R: [100, 0, NAN, 100, 100]}, [39, 0, 1, NAN, 90], False),
        ({R: [100, 0, NAN]}, [39, 0, 1], True),
        ({E: [120, 120], U: [20, 20]}, [39, 39], True),
        ({E: [120, 120], U: [20, 20]}, [40, 40], False),
        ({U: [20, 20]}, [1, 1], False),
        ({R: [0]}, [0], False),
    ],
)
def test_few_cards(figures: dict[str, list[float]], cards: list[float], few: bool) -> None:
    read: Any = SimpleNamespace(rows=[*range(len(cards))], figures={role: floats(*one) for role, one in figures.items()})
    assert candidate._few(read, floats(*cards)) is few
    above: Any = SimpleNamespace(
        rows=[n + 1 for n in read.rows], figures={role: floats(1, *one) for role, one in figures.items()}
    )
    assert candidate._few(above, floats(0, *cards)) is few


@pytest.mark.parametrize(
    ("heads", "cells", "places"),
    [
        (["CETAK"], [[5, 6]], (1,)),
        (["CETAK", "TERCETAK"], [[5, 6], [5, 6]], (1,)),
        (["CETAK", "TERCETAK"], [[5, 6], [5, 7]], ()),
        (["CETAK L", "CETAK P"], [[5, 6], [4, 3]], (1, 2)),
        (["CETAK L", "CETAK P", "TERCETAK L"], [[5, 6], [4, 3], [1, 2]], ()),
        (["CETAK L"], [[5, 6]], ()),
        (["CETAK P"], [[5, 6]], ()),
        (["CETAK L", "CETAK P", "CETAK"], [[5, 6], [4, 3], [9, 9]], (3,)),
        (["CETAK L", "CETAK P", "CETAK", "TERCETAK"], [[5, 6], [4, 3], [9, 9], [9, 8]], ()),
        (["CETAK"], [["x", "y"]], ()),
        (["SUDAH REKAM"], [[5, 6]], ()),
    ],
)
def test_the_columns_of_cards(heads: list[str], cells: list[list[object]], places: tuple[int, ...]) -> None:
    made = table([("KECAMATAN",), *((head,) for head in heads)], ["A"])
    given = {place: values(*one) for place, one in enumerate(cells, 1)}
    assert pick.with_beside(pick.Picked(), made, given, ()).beside.get(P, ()) == places
    assert (
        pick.with_beside(pick.Picked(), made, given, set(given)).beside
        == {}
        == pick.with_beside(pick.Picked(), made, {}, ()).beside
    )


def with_cards(
    columns: dict[str, tuple[int, ...]], doubts: Sequence[Doubt] = (), *, named: bool = False, cards: float = 50
) -> Any:
    """A candidate of three rows with cards in column 4, the roles in columns 1 to 3."""
    cells = {E: values(100, 100, 100), R: values(90, 90, 90), U: values(10, 10, 10)}
    parsed = {4: values(cards, cards, cards), **{place: cells[role] for role, (place, *_) in columns.items()}}
    picked = pick.Picked(columns, doubts=list(doubts), readings=[dict(columns)] if doubts else [], beside={P: (4,)})
    return candidate.Candidate(
        table([("KECAMATAN",)], ["A"], ["B"], ["C"]),
        None,  # type: ignore[arg-type]
        SimpleNamespace(codes=["75.05.01", "75.05.02", "75.05.03"], labels=["", "", ""]),  # type: ignore[arg-type]
        picked,
        None,  # type: ignore[arg-type]
        ("area",) * 3,
        {role: cells[role].counts for role in columns},
        parsed,
        3,
        named=named,
    )


@pytest.mark.parametrize(
    ("columns", "doubts", "named", "taken", "readings"),
    [
        ({E: (1,), R: (2,)}, (), False, True, []),
        ({E: (1,), U: (3,)}, (), False, True, []),
        ({E: (1,), U: (3,)}, (Doubt.OTHER,), False, False, [{E: (1,), U: (3,)}, {E: (1,), P: (4,)}]),
        ({E: (1,), R: (2,)}, (Doubt.OTHER,), False, True, [{E: (1,), R: (2,), P: (4,)}]),
        ({E: (1,)}, (Doubt.ELIGIBLE_ALONE,), False, False, [{E: (1,)}, {E: (1,), P: (4,)}]),
        ({E: (1,)}, (), False, False, []),
        ({U: (3,)}, (Doubt.OTHER,), False, False, [{U: (3,)}]),
        ({E: (1,)}, (), True, True, []),
    ],
)
def test_cards_are_read_beside_the_recorded(
    columns: dict[str, tuple[int, ...]], doubts: Sequence[Doubt], named: bool, taken: bool, readings: list[Any]
) -> None:
    found = candidate._with_printed(with_cards(columns, doubts, named=named), ["", "", ""])
    assert (P in found.picked.columns, P in found.figures) == (taken, taken) and found.picked.readings == readings
    assert not found.picked.unread and (not taken or found.figures[P].tolist() == [50, 50, 50])


def test_few_cards_are_not_read_unless_a_person_names_them() -> None:
    columns = {E: (1,), R: (2,)}
    few = candidate._with_printed(with_cards(columns, cards=30), ["", "", ""])
    assert few.picked.unread == {Unread.FEW_PRINTED: (4,)} and P not in few.figures
    named = candidate._with_printed(with_cards(columns, named=True, cards=30), ["", "", ""])
    assert not named.picked.unread and P in named.figures


# A share beside the counts


def test_a_share_that_is_not_that_of_the_counts_is_told() -> None:
    heads = [("KECAMATAN",), ("WAJIB KTP",), ("SUDAH REKAM",), ("% SUDAH REKAM",), ("% BELUM REKAM",)]
    rows: list[list[object]] = [["A", 100, 90, 91, 9.0], ["B", 100, 80, 80.9, 20.1], ["C", 100, 70, 71.5, 40.5]]

    def told(number: Sequence[int], percent: int = -1) -> list[tuple[tuple[int, ...], tuple[str, ...], str]]:
        parsed = {place: values(*(row[place] for row in rows)) for place in range(1, 5)}
        found: Any = SimpleNamespace(
            table=table(heads, *rows),
            picked=SimpleNamespace(columns={E: (1,), R: (2,)}, percent=percent),
            figures={E: parsed[1].counts, R: parsed[2].counts},
            parsed=parsed,
            rows=list(number),
            placed=SimpleNamespace(codes=["a", "b", "c"]),
        )
        return [(one.rows, one.areas, render(one.text, "en")) for one in evidence._shares_aside(found)]

    done, left = told([0, 1, 2])
    assert done == (
        (2, 4), ("a", "c"),
        "In 2 rows the percentage in % SUDAH REKAM is not that of the counts: 91.00% in row 2, but 90.00% "
        "by the counts.",
    )  # fmt: skip
    assert left[0] == (2, 4) and "% BELUM REKAM is not that of the counts: 9.00% in row 2, but 10.00% by the counts." in left[2]
    assert told([1]) == []
    assert [one[0] for one in told([0, 2], 3)] == [(2, 4)] and "% BELUM" in told([0, 2], 3)[0][2]
