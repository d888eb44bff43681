"""The comparison with the record of answers tells differences, and the record is one of stores that hold what they say."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tests.frozen import answers
from tests.frozen.compared import differences, recorded


def test_every_store_of_the_record_holds_what_its_files_say() -> None:
    for name in answers.AREAS:
        batches, said = (recorded(f"store-{name}")[part] for part in ("batches", "commands"))
        assert json.loads(said["verify --json"]["out"][0])["differences"] == []
        held = {str(one["batch"]) for one in map(json.loads, filter(None, said["batches --json"]["out"])) if not one["retracted"]}
        for number, batch in batches.items():
            if number.isdigit():
                assert batch["the same again"] == [True, True]
                assert batch["read"]["en"]["content_key"] == batch["report"]["content_key"] != ""
                assert batch["taken in"] is None or (batch["taken in"][0] == "already_there") == (number in held)


@pytest.mark.parametrize(
    ("before", "now", "exact", "count"),
    [
        ({"a": [1.0, 0.1 + 0.2]}, {"a": [1.0, 0.3]}, True, 1),
        ({"a": [1.0, 0.1 + 0.2]}, {"a": [1.0, 0.3]}, False, 0),
        ({"digest": "a", "b": 1}, {"digest": "b", "b": 1}, True, 1),
        ({"digest": "a", "b": 1}, {"digest": "b", "b": 1}, False, 0),
        ({"b": 1}, {"b": 1.0}, False, 1),
        ([1, 2], [1], True, 1),
        ({"a": 1}, {"b": 1}, True, 2),
        ("x", "x ", False, 1),
        ([math.nan], [math.nan], True, 0),
        (0.3, 0.300001, False, 1),
    ],
)
def test_what_counts_as_a_difference(before: Any, now: Any, exact: bool, count: int) -> None:
    assert len(list(differences(before, now, exact=exact))) == count
