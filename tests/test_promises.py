"""README.md and SECURITY.md, sentence by sentence: each with the tests that hold what it says, in tests/spec/promises.toml."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from ektp_analysis.__main__ import cli
from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "SECURITY.md")
CODE = re.compile(r"^```\w*\n(.*?)^```$", re.M | re.S)
END = re.compile(r"(?<=[.!?])[)*]* +(?=[A-Z`*/<(])")  # of a sentence: a mark, and a capital or something quoted after it
PEOPLE = ("add", "password", "role", "withdraw")  # commands of this group that are written out
OUTSIDE = ("list", "key", "export", "trust")  # and of tokens and exchange, beside those of people
LEAST_ROWS = 10  # of SECURITY.md that name a test


@dataclass(frozen=True)
class Entry:
    """What a document says in these words, and the tests that hold it or the reason for which there are none."""

    says: str
    tests: tuple[str, ...] = ()
    none: str = ""


def plain(text: str) -> str:
    """With single blanks."""
    return " ".join(text.split())


def text_of(document: str) -> str:
    """The whole document."""
    return (ROOT / document).read_text(encoding="utf-8")


@cache
def entries(document: str) -> tuple[Entry, ...]:
    """What is written down about a document, in the order in which it is written."""
    told = tomllib.loads((ROOT / "tests" / "spec" / "promises.toml").read_text(encoding="utf-8"))[document]
    assert all(one.keys() <= {"says", "tests", "none"} for one in told)
    return tuple(Entry(plain(one["says"]), tuple(one.get("tests", ())), one.get("none", "")) for one in told)


def sentences(text: str) -> Iterator[str]:
    """The sentences and rows of a document in their order, without headings, heads of tables, pictures and code."""
    text = re.sub(r"^\|.*\n\|[ |-]+\|$", "", CODE.sub("", text), flags=re.M)
    text = re.sub(r"^(?:#+ .*|!\[.*\]\(.*\))$", "", text, flags=re.M)
    text = re.sub(r"^(?=\|)|^(?:\d+\.|-) ", "\n", text, flags=re.M)  # a row or an item stands by itself
    for block in map(plain, re.split(r"\n\s*\n", text)):
        if block.startswith("|"):
            yield block.strip("| ")
        elif block:
            yield from END.split(block)


def said_otherwise(said: Sequence[str], quoted: Sequence[str]) -> list[str]:
    """The sentences that the quotes do not give word for word: all of it, each part once."""
    wrong = []
    for sentence in said:
        rest = sentence
        for part in quoted:
            rest = rest.replace(part, " ", 1)
        parts = [part for part in quoted if part in sentence]
        if re.search(r"\w", rest) or sum(map(len, parts)) > len(sentence):
            wrong.append(sentence)
    return wrong


def out_of_place(said: Sequence[str], quoted: Sequence[str]) -> list[str]:
    """The quotes that are in no sentence, or that stand before one that comes earlier."""
    wrong, at = [], 0
    for part in quoted:
        found = next((place for place, sentence in enumerate(said) if part in sentence), None)
        if found is None or found < at:
            wrong.append(part)
        else:
            at = found
    return wrong


@cache
def there_in(file: str) -> tuple[str, frozenset[str]]:
    """The text of a file of tests and the names of its tests; of another file neither."""
    path = ROOT / file
    is_one = path.is_relative_to(ROOT / "tests") and path.name.startswith("test_") and path.is_file()
    text = path.read_text(encoding="utf-8") if is_one else ""
    return text, frozenset(re.findall(r"^def (test_\w+)\(", text, re.M))


def is_there(test: str) -> bool:
    """Whether there is such a test (``tests/test_x.py::test_y``); a case of it may be named as it is written (``[z]``)."""
    file, _, name = test.partition("::")
    name, _, case = name.removesuffix("]").partition("[")
    text, names = there_in(file)
    return name in names and case in text


def held(entry: Entry) -> bool:
    """Whether its tests are there, or it says in some words why there are none; not both."""
    if entry.none:
        return not entry.tests and len(entry.none.split()) > 1
    return bool(entry.tests) and all(map(is_there, entry.tests))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_sentence_and_every_row_has_its_entry(document: str) -> None:
    said = list(sentences(text_of(document)))
    assert said_otherwise(said, [one.says for one in entries(document)]) == [], "tests/spec/promises.toml lacks them"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_entry_is_said_and_in_its_place(document: str) -> None:
    said = list(sentences(text_of(document)))
    assert out_of_place(said, [one.says for one in entries(document)]) == [], f"{document} does not say so, or elsewhere"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_entry_names_tests_that_are_there_or_a_reason(document: str) -> None:
    assert [one for one in entries(document) if not held(one)] == []


def test_what_is_missing_is_found() -> None:
    text = "# A head\n\nOne is so. Two (2.5) is `x`;\nand three. `y` is four.\n\n"
    text += "| a | b |\n| - | - |\n| 1 | is |\n| 2 | is |\n\n1. Five.\n2. Six"
    said = list(sentences(text + "\n\n```sh\nno word\n```\n![no](word)\n"))
    assert said == ["One is so.", "Two (2.5) is `x`; and three.", "`y` is four.", "1 | is", "2 | is", "Five.", "Six"]
    kept = ["One is so.", "Two (2.5) is `x`;", "and three.", *said[2:]]
    assert said_otherwise(said, kept) == out_of_place(said, kept) == []
    for place, wrong in ((1, [said[1]]), (2, [said[1]]), (3, [said[2]]), (5, ["2 | is"])):
        assert said_otherwise(said, kept[:place] + kept[place + 1 :]) == wrong
    assert said_otherwise(said, [*kept, "is four."]) == ["`y` is four."], "said twice"
    assert out_of_place(said, [*kept, "Seven."]) == ["Seven."] and out_of_place(said, [kept[3], *kept[:3], *kept[4:]]) == kept[:3]
    here = "tests/test_promises.py::test_what_is_missing_is_found"
    assert held(Entry("x", (here,))) and held(Entry("x", none="only a description"))
    for wrong in (Entry("x"), Entry("x", (here,), "only a description"), Entry("x", none="none"), Entry("x", (here, here[:-1]))):
        assert not held(wrong)
    assert is_there("tests/test_cli.py::test_refused[empty.csv]") and not is_there("tests/test_cli.py::test_refused[none.csv]")
    assert not any(
        map(is_there, ("tests/conftest.py::said", "tests/test_none.py::test_x", "tests/test_promises.py", "README.md::x"))
    )


def test_each_row_of_the_security_page_names_the_tests_that_hold_it() -> None:
    rows = [one for one in entries("SECURITY.md") if one.says.count(" | ") == 3]
    assert len(rows) >= LEAST_ROWS
    for row in rows:
        assert re.findall(r"`(tests/[\w/]+\.py::\w+)`", row.says.rpartition(" | ")[2]) == list(row.tests), row.says


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_linked_is_there(document: str) -> None:
    linked = re.findall(r"\]\(([^)]+)\)", text_of(document))
    assert [one for one in linked if not (ROOT / one).is_file()] == []


def typed(text: str) -> list[list[str]]:
    """The words after ``python -m ektp_analysis`` wherever a document gives them to be typed."""
    code = "\n".join(CODE.findall(text))
    quoted = re.findall(r"`([^`]+)`", plain(CODE.sub("", text)))
    lines = [line for line in (*code.splitlines(), *quoted) if "-m ektp_analysis" in line]
    asked = [
        re.split(r" 2>|[;)|]", line.partition("-m ektp_analysis")[2])[0] for line in lines
    ]  # not what the shell does with it
    return [shlex.split(line.strip('" ')) for line in asked]


def test_every_line_of_code_can_be_typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []

    def only_told(group: click.Group) -> None:
        for command in group.commands.values():
            if isinstance(command, click.Group):
                only_told(command)
            else:

                def told(_name: str | None = command.name, **_: Any) -> None:
                    asked.append(str(_name))

                monkeypatch.setattr(command, "callback", told)

    only_told(cli)
    lines = [line for document in DOCUMENTS for line in typed(text_of(document))]
    (tmp_path / "week.csv").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    for line in lines:
        cli.main(line, standalone_mode=False)  # raises where a word or an option is not known
    stores.close_all()
    settings.cache_clear()
    known = {"import", "status", "project", "tell", "template", "deck", "anew", "make", "restore", "copy"}
    assert set(asked) == {*known, *PEOPLE, *OUTSIDE}
    with pytest.raises(click.NoSuchOption):
        cli.main(["backup", "DIR", "--keeps", "12"], standalone_mode=False)

    code = "\n".join(CODE.findall(text_of("README.md")))
    assert re.findall(r"^(\d+ \d+ \* \* \d) +cd \S+ && .* (export|backup) ", code, re.M) == [
        ("0 6 * * 1", "export"),  # each Monday at six
        ("0 18 * * 5", "backup"),  # each Friday at six, as in the line for Windows
    ]
    assert re.search(r'^schtasks /create /tn "[^"]+" /sc weekly /d FRI /st 18:00 /tr "cmd /c cd /d [^"]+ --keep 12"$', code, re.M)
    assert all(importlib.util.find_spec(name) for name in re.findall(r" -m (\w+)", code))
    assert [name for name in re.findall(r"(?<![\w/\\])[\w-]+\.(?:txt|py)\b", code) if not (ROOT / name).is_file()] == []
