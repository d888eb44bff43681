"""Sentences, numbers and dates in both languages, and the catalogues that carry them."""

from __future__ import annotations

import ast
import pickle
import string
from datetime import date, datetime
from functools import cache

import pytest
from babel.messages.pofile import read_po

from ektp_analysis.core.text import LOCALES, TN, Percent, T, day, number, percent, render, some
from tests.sources import nodes, nodes_of

LIBRARY = LOCALES.resolve().parent
ROOT = LIBRARY.parent
NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "decimals", "indonesian", "english"),
    [
        (1234, None, "1.234", "1,234"),
        (0, None, "0", "0"),
        (1234567, None, "1.234.567", "1,234,567"),
        (-12.5, 1, "-12,5", "-12.5"),
        (92.654, 1, "92,7", "92.7"),
        (3.0, None, "3", "3"),
    ],
)
def test_numbers(value: float, decimals: int | None, indonesian: str, english: str) -> None:
    assert number(value, "id", decimals) == indonesian
    assert number(value, "en", decimals) == english


def test_percent_and_day() -> None:
    assert percent(0.994, "id") == f"99,40{NBSP}%"
    assert percent(0.994, "en") == "99.40%"
    assert percent(1.0394, "id") == f"103,94{NBSP}%"
    assert day(date(2023, 6, 20), "id") == "20 Juni 2023"
    assert day(date(2023, 6, 20), "en") == "20 June 2023"
    assert day(date(2023, 8, 1), "id", short=True) == "1 Agu 2023"


def test_places_are_filled_by_kind() -> None:
    text = T(
        "{n} of {share} on {day}, {inner}, {code}",
        n=1234,
        share=Percent(0.5, 1),
        day=date(2023, 6, 1),
        inner=T("{n} people", n=5000),
        code="75.05",
    )
    assert render(text, "en") == "1,234 of 50.0% on 1 June 2023, 5,000 people, 75.05"
    assert render(T("{at}", at=datetime(2023, 6, 1, 7, 5)), "id") == "1 Juni 2023 07.05"


def test_plural_follows_the_count() -> None:
    assert [str(TN("{n} row", "{n} rows", n=n)) for n in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]


def test_a_text_survives_pickling() -> None:
    text = T("{n} people", n=3)
    assert pickle.loads(pickle.dumps(text)) == text


def used_messages() -> set[str]:
    """What stands as a text in a call of ``T`` or ``TN``, as ``pybabel extract`` finds it: not inside of an f-string."""
    found = set()
    for path in (path for folder in (LIBRARY, ROOT / "pages") for path in folder.rglob("*.py")):
        inside = {id(node) for top in nodes_of(path) if isinstance(top, ast.JoinedStr) for node in nodes(top)}
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and node.args and id(node) not in inside:
                name, first = getattr(node.func, "id", getattr(node.func, "attr", "")), node.args[0]
                if name in ("T", "TN") and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found - {""}


@cache
def catalogue_entries() -> dict[str, tuple[str, ...]]:
    entries: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALES / "id" / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="id", abort_invalid=True):
                if message.id:
                    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
                    strings = (message.string,) if isinstance(message.string, str) else tuple(message.string)
                    assert ids[0] not in entries, f"{path.name} repeats {ids[0]!r}"
                    entries[ids[0]] = (*strings, *ids)
    return entries


def test_the_indonesian_catalogue_is_complete() -> None:
    used, entries = used_messages(), catalogue_entries()
    assert used - set(entries) == set(), "not translated"
    assert set(entries) - used == set(), "no longer used"
    assert [key for key, (wording, *_) in entries.items() if not wording] == []


def test_places_are_the_same_in_both_languages() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    wrong = [
        key for key, (wording, *ids) in catalogue_entries().items() if places(wording) != set.union(*(places(i) for i in ids))
    ]
    assert wrong == []


@pytest.mark.parametrize(("items", "listed"), [("", ""), ("a", "a"), ("abc", "a, b, c"), ("abcd", "a, b, c …")])
def test_a_list_that_is_cut_says_so(items: str, listed: str) -> None:
    assert some(items, 3) == listed
