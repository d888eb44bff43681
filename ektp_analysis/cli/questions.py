"""What a file leaves open, on stderr: each question with its readings, the totals that each gives, and the option to say so."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

from ektp_analysis.cli.spoken import say
from ektp_analysis.ingest import Question, Reading
from ektp_analysis.ingest.asking import ROLE_NAMES
from ektp_analysis.text import T, Text

_OPTIONS = {"columns": "--column", "aliases": "--alias"}
_FORMS = {"sheet": "--sheet NAME", "columns": "--column eligible=HEADER --column unrecorded=HEADER",
          "numbers": "--numbers dot|comma", "date": "--date 2024-06-30", "area": "--area 75.05", "level": "--level kecamatan"}
MOST_ASKED = 20


def ask(file: str, questions: tuple[Question, ...], said: Text | None = None) -> None:
    """Every question with its possible answers; nobody is waited for. ``said`` is a sentence that was printed already."""
    for question in questions[:MOST_ASKED]:
        if question.text != said:
            say(T("{file}: {what}", file=file, what=question.text), err=True, capital=False)
        for reading in question.readings:
            say(_answer(reading), err=True, capital=False)
        if not question.readings:
            say(T("  answer with {option}", option=form(question)), err=True, capital=False)
    if len(questions) > MOST_ASKED:
        say(T("... and {n} more.", n=len(questions) - MOST_ASKED), err=True, capital=False)


def _answer(reading: Reading) -> Text:
    answer = option(reading.choices)
    given = {name: total for name, total in reading.totals.items() if name in ROLE_NAMES}
    if not given:
        return T("  {option}  for {reading}", option=answer, reading=reading.label)
    totals: Text | None = None
    for name, total in given.items():
        one = T("{role} {total}", role=ROLE_NAMES[name], total="–" if total is None else total)
        totals = one if totals is None else T("{list}, {more}", list=totals, more=one)
    return T("  {option}  gives {totals}", option=answer, totals=totals)


def option(choices: Mapping[str, Any]) -> str:
    """The options of ``import`` that make these choices, as a shell takes them."""
    made = []
    for name, value in choices.items():
        values = [f"{left}={right}" for left, right in value.items()] if isinstance(value, Mapping) else [str(value)]
        made += [f"{_OPTIONS.get(name, f'--{name}')} {_quoted(one)}" for one in values]
    return " ".join(made)


def form(question: Question) -> str:
    """How an answer of one's own is written."""
    if question.topic == "alias":
        return f"--alias {_quoted(f'{question.subject}=CODE')}"
    return _FORMS.get(question.topic, f"--{question.topic}")


def _quoted(text: str) -> str:
    """In double quotes, which every shell takes, where that is the same; else as a Unix shell takes it."""
    if re.fullmatch(r"[\w.,:=/+-]+", text):
        return text
    return shlex.quote(text) if set(text) & set('"$`\\!') else f'"{text}"'
