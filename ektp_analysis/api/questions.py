"""What a program may ask: each parameter once, with what it means, how it is written and how it is read; and a question, read.

A parameter that is not known, or that cannot be read, is refused: an answer to half of a question would look like one to all.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ektp_analysis.core.area import AreaCode, Level, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import LANGUAGES, T
from ektp_analysis.ingest.report import Choices

LIMIT, MOST = 1_000, 10_000  # rows of a page: without a word about it, and at most
HORIZON, LONGEST = 730, 36_500  # days ahead
MOST_DAYS = 20  # whose chance one question asks for
MOST_NAME, MOST_CHOICES = 200, 100_000  # letters of a file's name, and of the answers about it
YEARS = range(1990, 2200)  # in which days and moments lie
LEVELS = {level.name.lower(): level for level in Level}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_KEY = re.compile(r"[0-9a-f]{64}")
_CURSOR = re.compile(r"[A-Za-z0-9_-]{1,300}")


@dataclass(frozen=True)
class Cursor:
    """Where a list goes on: behind so many rows of the answer of a ``state``."""

    behind: int
    state: str

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(json.dumps([self.behind, self.state]).encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises UserError where it is none that a list gave."""
        try:
            if _CURSOR.fullmatch(text) is None:
                raise ValueError
            behind, state = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if isinstance(behind, bool) or not isinstance(behind, int) or behind < 0 or not isinstance(state, str):
                raise ValueError
        except (ValueError, TypeError, RecursionError) as error:
            raise UserError(T("The cursor is none that a list gave; ask for the list from its beginning.")) from error
        return cls(behind, state)


@dataclass(frozen=True)
class Parameter:
    """Something that may stand in the query: its name, its JSON schema, what it means, and how it is read.

    ``many``: it may stand there several times, and its value is a tuple.
    """

    name: str
    schema: Mapping[str, Any]
    about: str
    read: Callable[[str], Any]
    many: bool = False
    needed: bool = False


def _area(text: str) -> str:
    code = str(AreaCode.parse(text))
    if code not in register():
        raise UserError(T("There is no area {code} in the register.", code=code))
    return code


def _day(text: str) -> Any:
    try:
        if _DAY.fullmatch(text) is None:
            raise ValueError
        found = date.fromisoformat(text)
    except ValueError as error:
        raise UserError(T("'{text}' is not a day such as 2023-06-20.", text=text[:40])) from error
    return _near(found, text)


def _moment(text: str) -> Any:
    if "T" not in text:
        return _day(text)
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))  # a plus that was not written as %2B
    except ValueError as error:
        raise UserError(T("'{text}' is neither a day nor a moment such as 2023-06-20T15:00.", text=text[:40])) from error
    return _near(found, text)


def _near(found: Any, text: str) -> Any:
    if found.year not in YEARS:
        raise UserError(T("'{text}' is not a day such as 2023-06-20.", text=text[:40]))
    return found


def _count(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if _NUMBER.fullmatch(text) is None or not least <= int(text) <= most:
            raise UserError(T("'{text}' is not a whole number from {least} to {most}.", text=text[:40], least=least, most=most))
        return int(text)

    return read


def _one_of(values: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text not in values:
            raise UserError(T("'{text}' is none of {values}.", text=text[:40], values=", ".join(values)))
        return values[text]

    return read


def _name(text: str) -> str:
    if not text.strip() or len(text) > MOST_NAME or not text.isprintable() or "/" in text or "\\" in text:
        raise UserError(T("A file has a name of at most {most} letters, without folders.", most=MOST_NAME))
    return text


def _key(text: str) -> str:
    if _KEY.fullmatch(text) is None:
        raise UserError(T("The key is that of a report, of 64 letters."))
    return text


def _choices(text: str) -> Choices:
    """As the report gives them; what is no choice is refused here, as it would be left out in silence there."""
    try:
        given = json.loads(text) if len(text) <= MOST_CHOICES else None
        if not isinstance(given, dict) or not all(map(_fits, given.items())):
            raise ValueError
        return Choices.from_json(given)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(
            T("The choices are not those of a report: an object of JSON with names such as date, area, sheet.")
        ) from error


def _fits(one: tuple[str, Any]) -> bool:
    name, value = one
    shape = CHOICES["properties"].get(name)
    if shape is None:
        return False
    if shape["type"] == "object":
        return isinstance(value, dict) and all(isinstance(word, str) for word in value.values())
    return isinstance(value, bool if shape["type"] == "boolean" else str)


_WORDS = {"type": "object", "additionalProperties": {"type": "string"}}
CHOICES: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **{name: {"type": "string"} for name in ("sheet", "area", "date", "level", "numbers", "trust", "complete", "basis")},
        **dict.fromkeys(("columns", "aliases", "parts"), _WORDS),
        "take_good_rows": {"type": "boolean"},
        "layout": {"type": "string"},
    },
}
_CODE = {"type": "string", "pattern": r"^(ID|[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?)$"}
_DATA, _LANGUAGES = {one: one for one in ("own", "sample")}, {str(one): str(one) for one in LANGUAGES}
_ONE_DAY = {"type": "string", "format": "date"}
PARAMETERS = {
    one.name: one
    for one in (
        Parameter(
            "area", _CODE, "Kemendagri code of an area. Without it: the area that opens first, or the first of yours.", _area
        ),
        Parameter(
            "known_at",
            {"type": "string"},
            "As it was known at the end of that day (2023-06-20) or that moment (2023-06-20T15:00, in the zone of the server).",
            _moment,
        ),
        Parameter(
            "data", {"enum": ["own", "sample"]}, "'sample': the sample of June 2023 that comes with the app.", _one_of(_DATA)
        ),
        Parameter(
            "lang",
            {"enum": [*LANGUAGES]},
            "Language of sentences. Without it: Accept-Language, else the server's.",
            _one_of(_LANGUAGES),
        ),
        Parameter(
            "level",
            {"enum": [*LEVELS]},
            "Only areas of this level; with projections: the areas directly inside as well, which have this level.",
            _one_of(LEVELS),
        ),
        Parameter(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
            "Rows of a page. A list as CSV is whole without it.",
            _count(1, MOST),
        ),
        Parameter(
            "cursor",
            {"type": "string", "pattern": f"^{_CURSOR.pattern}$"},
            "'next' of the page before. Where figures have changed since, the answer is 409: begin anew, or give known_at.",
            Cursor.parse,
        ),
        Parameter(
            "target",
            {"type": "string"},
            "'zero', or a coverage in per cent such as 99.4. Without it: what the office aims at, else zero.",
            Target.parse,
        ),
        Parameter("by", _ONE_DAY, "A day whose chance is asked for; may be given several times.", _day, many=True),
        Parameter(
            "horizon",
            {"type": "integer", "minimum": 1, "maximum": LONGEST, "default": HORIZON},
            "Days to look ahead.",
            _count(1, LONGEST),
        ),
        Parameter("on", _ONE_DAY, "The day for whose figures the outlines are.", _day),
        Parameter("name", {"type": "string", "maxLength": MOST_NAME}, "Name of the file, with its ending.", _name, needed=True),
        Parameter(
            "choices",
            {"type": "string", "contentMediaType": "application/json", "contentSchema": CHOICES},
            "What was decided about the file, as the report gives it: an object of JSON.",
            _choices,
        ),
        Parameter(
            "key",
            {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "The key of the report that is accepted.",
            _key,
            needed=True,
        ),
    )
}


@dataclass(frozen=True)
class Question:
    """A query, read; what is not asked for is not in ``values``. ``text`` is the same for the same question."""

    values: Mapping[str, Any] = field(hash=False)
    text: str = ""

    def get(self, name: str, otherwise: Any = None) -> Any:
        """The value of a parameter."""
        return self.values.get(name, otherwise)


def read(pairs: Sequence[tuple[str, str]], known: Sequence[str]) -> Question:
    """The question in a query.

    Args:
        pairs: names and values as they stand there.
        known: the parameters that may.

    Raises:
        UserError: a parameter that is not known, stands there twice, is missing, or cannot be read.
    """
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name not in known:
            raise UserError(
                T("There is no parameter '{name}' here; there are {names}.", name=name[:40], names=", ".join(sorted(known)))
            )
        one = PARAMETERS[name]
        value = _read(one, text)
        if one.many and len(values.get(name, ())) < MOST_DAYS:
            values[name] = (*values.get(name, ()), value)
        elif name in values:
            raise UserError(T("The parameter '{name}' stands there too often.", name=name))
        else:
            values[name] = value
    for name in known:
        if PARAMETERS[name].needed and name not in values:
            raise UserError(T("The parameter '{name}' is missing.", name=name))
    return Question(values, json.dumps(sorted(pairs)))


def _read(one: Parameter, text: str) -> Any:
    try:
        return one.read(text)
    except UserError as error:
        raise UserError(T("The parameter '{name}' cannot be used: {reason}", name=one.name, reason=error.message)) from error


def asked_language(pairs: Sequence[tuple[str, str]], accepted: str) -> str:
    """The language of an answer by the query and a header Accept-Language; '' where neither names one that there is."""
    for name, text in pairs:
        if name == "lang" and text in LANGUAGES:
            return text
    for part in accepted[:500].split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in LANGUAGES:
            return tag
    return ""
