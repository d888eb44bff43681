"""What is said about each of many layouts stands in tests/spec/said.txt, and no figure is taken that the file does not say.

A sentence that changes on purpose: ``python -m tests.spec.said`` writes them anew, and the difference is part of the change.
"""

from __future__ import annotations

from functools import cache

import pytest

from ektp_analysis.ingest.reading import read_file
from tests.breadth import first_of_each
from tests.spec import said


def recorded() -> dict[str, list[str]]:
    """Label of a layout -> its lines."""
    blocks: list[list[str]] = []
    for line in said.RECORD.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return {block[0].rpartition(": ")[0]: block for block in blocks}


@cache
def given() -> dict[str, said.Case]:
    return {case.label: case for case in said.cases()}


RECORDED = recorded()
GENERATED = 3  # of the layouts that a generator makes one in so many is looked at in every run


def kind(label: str) -> str:
    """Of the layouts that a generator makes: the trap that each has, or its turn; each other one is its own."""
    made, _, trap = label.partition(": ")
    if made.startswith("class"):
        return trap.partition(" [")[0]
    turn = made.removeprefix("generated ")
    return str(int(turn) % (len(said.GENERATED) // GENERATED)) if turn != made else label


@pytest.mark.parametrize("label", first_of_each(RECORDED, kind), ids=[label.partition(":")[0] for label in RECORDED])
def test_a_layout_is_read_as_it_says_and_with_the_sentences_that_are_recorded(label: str) -> None:
    case = given()[label]
    report = read_file(case.data, case.name, case.choices, today=said.TODAY)
    assert said.lines(case, report) == RECORDED[label]
    assert (len(report.rows) > 0) is (report.status == "accepted")
    assert report.status != "accepted" or said.exact(case, report)


def test_every_layout_is_recorded_and_of_each_outcome_there_are_many() -> None:
    assert given().keys() == RECORDED.keys()
    became = [block[0].rpartition(": ")[2] for block in RECORDED.values()]
    assert set(became) == {"accepted exact", "needs_choice", "refused"}
    assert min(became.count(one) for one in set(became)) >= 20
