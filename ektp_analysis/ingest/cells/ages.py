"""The ages that a header cell names: '17-20', '> 40', '41 TH KE ATAS'; whether several follow each other without a gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ektp_analysis.ingest.cells import topics

_SAID = r"(?:(?:kelompok )?(?:usia|umur) ?:?)"
_YEARS = r"(?:tahun|thn|th)\b\.?"
_TO = r"(?:-|–|—|s[./ ]{0,2}d\.?|sampai(?: dengan)?|hingga)"
_SPAN = re.compile(rf"(?<![\d.,])(\d{{1,3}}) ?(?:{_YEARS})? ?{_TO} ?(\d{{1,3}})(?![\d.,/]|-\d)(?: ?{_YEARS})?", re.IGNORECASE)
_FROM = re.compile(
    rf"(?P<above>>=?|≥|di ?atas|lebih dari|minimal|mulai|dari) ?(?P<first>\d{{1,3}})(?!\d)(?: ?{_YEARS})?"
    rf"|(?<![\d.,])(?P<from>\d{{1,3}}) ?(?:{_YEARS})? ?(?:\+|(?:dan |/ ?)?(?:ke ?atas|lebih|plus)\b)(?: ?{_YEARS})?",
    re.IGNORECASE,
)
_BELOW = re.compile(rf"(?P<below><=?|≤|di ?bawah|kurang dari) ?(?P<last>\d{{1,3}})(?!\d)(?: ?{_YEARS})?", re.IGNORECASE)
_ONE = re.compile(rf"\b(?:usia|umur) ?(\d{{1,3}})(?!\d)(?: ?{_YEARS})?|(?<![\d.,/-])(\d{{1,3}}) ?{_YEARS}", re.IGNORECASE)
_INCLUSIVE = (">=", "≥", "minimal", "mulai", "dari", "<=", "≤")
_AGE_WORDS = re.compile(r"\b(?:menurut |berdasarkan |per )?(?:kelompok |kel\.? )?(?:usia|umur)\b:?", re.IGNORECASE)
LEAST_SPAN = 2  # years that a bare cell spans: '17-18' may be the difference of two columns


class Ages(NamedTuple):
    """The first and the last age; ``last`` is :data:`topics.MOST_AGE` where it goes on."""

    first: int
    last: int

    @property
    def everyone(self) -> bool:
        """Whether these are all who must have a KTP."""
        return self.first in (topics.WHOLE_AGE - 1, topics.WHOLE_AGE) and self.last >= topics.MOST_AGE


EVERYONE = Ages(topics.WHOLE_AGE, topics.MOST_AGE)


def ages_in(path: Sequence[str]) -> Ages | None:
    """The ages that the lowest of the header cells that names any names; without a word for age only where the cell says
    nothing else, and no age below which nobody is recorded."""
    worded = bool(re.search(rf"{_SAID}|\b\d{{1,3}} ?{_YEARS}", " ".join(path), re.IGNORECASE))
    for cell in reversed(path):
        found = _named(topics.spaced(cell), worded=True) if worded else _alone(cell)
        if found is not None:
            return found
    return None


def bare(text: str) -> bool:
    """Whether a header cell says ages and nothing else, not even that they are ages: '17-20', '>40'."""
    found = _alone(text)
    return found is not None and (found.first < topics.WHOLE_AGE or found.last - found.first >= LEAST_SPAN)


def _alone(text: str) -> Ages | None:
    """The ages that a whole cell says, without a word for age; None where they are all, or it may be days of a month."""
    text = topics.spaced(text).strip("() ")
    whole = _SPAN.fullmatch(text) or _FROM.fullmatch(text) or _BELOW.fullmatch(text)
    found = _named(text, worded=False) if whole else None
    if found is None or found.everyone or found.last < topics.WHOLE_AGE:
        return None
    return found if found.first in (0, topics.WHOLE_AGE - 1) or found.first >= topics.WHOLE_AGE else None


def without_ages(path: Sequence[str]) -> list[str]:
    """Header cells without the ages and the words for age that they say; the cells of which nothing is left, left out."""
    return [rest for cell in path if (rest := _without(topics.spaced(cell)))]


def only_words(cells: Iterable[object]) -> bool:
    """Whether cells say that ages stand below them and nothing else."""
    return all(isinstance(cell, str) and _AGE_WORDS.fullmatch(topics.spaced(cell)) for cell in cells)


def _without(text: str) -> str:
    for pattern in (_SPAN, _FROM, _BELOW, _ONE, _AGE_WORDS):
        text = pattern.sub(" ", text)
    return " ".join(text.split()).strip("()- ")


def _named(text: str, *, worded: bool) -> Ages | None:
    for pattern, read in ((_SPAN, _span), (_FROM, _upward), (_BELOW, _downward), (_ONE, _single)):
        found = pattern.search(text) if worded or pattern is not _ONE else None
        ages = None if found is None else read(found)
        if ages is not None and 0 <= ages.first <= ages.last <= topics.MOST_AGE:
            return ages
    return None


def _span(found: re.Match[str]) -> Ages:
    return Ages(int(found[1]), int(found[2]))


def _upward(found: re.Match[str]) -> Ages:
    if found["from"]:
        return Ages(int(found["from"]), topics.MOST_AGE)
    return Ages(int(found["first"]) + (found["above"].lower() not in _INCLUSIVE), topics.MOST_AGE)


def _downward(found: re.Match[str]) -> Ages:
    return Ages(0, int(found["last"]) - (found["below"].lower() not in _INCLUSIVE))


def _single(found: re.Match[str]) -> Ages:
    age = int(found[1] or found[2])
    return Ages(age, age)


def follow(several: Sequence[Ages]) -> bool:
    """Whether ages, the youngest first, follow each other: none left out, none in two but the one at which both may end."""
    return all(older.first in (younger.last, younger.last + 1) for younger, older in pairwise(several))


def apart(several: Sequence[Ages]) -> bool:
    """Whether ages, the youngest first, do not overlap, but for the one at which both may end."""
    return all(younger.last <= older.first for younger, older in pairwise(several))
