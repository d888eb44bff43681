"""A sentence that has not chosen its language yet.

Library code says what it has to say as ``T("{n} rows were refused", n=3)``; the sentence is rendered by
:mod:`ektp_analysis.i18n` when somebody reads it. ``str(text)`` is the English sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Text:
    """A message id (its English wording) with the values that fill its named places.

    ``plural`` is the English plural wording; which of the two is used follows ``params["n"]``. Values may be int,
    float, date, :class:`Percent`, str or another Text; each is written in the reader's language.
    """

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    plural: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def __str__(self) -> str:
        from ektp_analysis.i18n import render  # the reader's side is loaded only when somebody reads

        return render(self, "en")

    def __reduce__(self) -> tuple[object, ...]:
        return (Text, (self.msgid, dict(self.params), self.plural))


@dataclass(frozen=True)
class Percent:
    """A share (0 to 1, may exceed 1) that is written as per cent with this many decimals."""

    share: float
    decimals: int = 2


def T(msgid: str, /, **params: object) -> Text:
    """A sentence with named places: ``T("row {row}: not a number", row="7")``."""
    return Text(msgid, params)


def TN(one: str, many: str, /, n: int, **params: object) -> Text:
    """A sentence that changes with the count ``n``: ``TN("{n} row", "{n} rows", n=rows)``."""
    return Text(one, {**params, "n": n}, many)
