"""The few words that files need beside the sentences: heads of tables, names of series, areas as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from ektp_analysis import i18n, narrative
from ektp_analysis.area import register
from ektp_analysis.classes import Classes
from ektp_analysis.report.blocks import Big, Changes, Dots, Ranking, Trend
from ektp_analysis.text import Percent, T, Text
from ektp_analysis.theme import palette

UNRECORDED, CHANGE, AREA, DAY, COVERAGE = T("Unrecorded"), T("Change"), T("Area"), T("Day"), T("Coverage")
BY, CHANCE, IN_WORDS, ALLOWED = T("Up to"), T("Chance"), T("In words"), T("Target allows")
Table = tuple[Sequence[str], Sequence[Sequence[str]]]
DASH = "–"


@dataclass(frozen=True)
class Bar:
    """One area: its figure as a share of the longest bar and as written, the other figure as written."""

    code: str
    name: str
    share: float
    value: str
    other: str
    fill: str


@dataclass(frozen=True)
class Bars:
    """Areas as bars of one column of their ranking, in the colours of their classes, else of the sign."""

    rows: pd.DataFrame = field(compare=False)
    column: Literal["unrecorded", "change"]
    classes: Classes | None = None
    rest: Text | None = None

    @property
    def title(self) -> Text:
        """What the bars show."""
        return UNRECORDED if self.column == "unrecorded" else CHANGE

    @property
    def heads(self) -> tuple[Text, Text, Text]:
        """The heads of a table of area, bar, and the other figure."""
        return AREA, self.title, CHANGE if self.column == "unrecorded" else UNRECORDED

    @property
    def names(self) -> list[str]:
        """The names of the areas."""
        return [register().name(str(code)) for code in self.rows["area_code"]]

    def fill(self, row: Any) -> str:
        """The colour of an area's bar on paper."""
        if self.classes is not None:
            return self.classes.fill(str(row.area_code), "light")
        value = getattr(row, self.column)
        colours = palette("light")
        return colours.calm if pd.isna(value) or value <= 0 else colours.accent

    def bars(self, lang: str) -> list[Bar]:
        """The bars, the first area first; a missing figure has none."""
        most = max((abs(int(value)) for value in self.rows[self.column].dropna()), default=0) or 1
        made = []
        for name, row in zip(self.names, self.rows.itertuples(), strict=True):
            unrecorded, change, value = count(row.unrecorded, lang), signed(row.change, lang), getattr(row, self.column)
            shown, other = (unrecorded, change) if self.column == "unrecorded" else (change, unrecorded)
            share = 0 if pd.isna(value) else abs(int(value)) / most
            made.append(Bar(str(row.area_code), name, share, shown, other, self.fill(row)))
        return made


def ranked(block: Ranking) -> Bars:
    """The bars of a ranking."""
    return Bars(block.rows, "unrecorded", block.classes, block.rest)


def moved(block: Changes) -> Bars:
    """The bars of the changes."""
    return Bars(block.rows, "change")


def big(block: Big, lang: str) -> str:
    """The large figure as it is written."""
    if isinstance(block.value, Percent):
        return i18n.percent(block.value.share, lang, block.value.decimals)
    return i18n.number(block.value, lang) if isinstance(block.value, int) else narrative.sentence(block.value, lang)


def say(texts: Sequence[Text], lang: str) -> list[str]:
    """The sentences in the language."""
    return [narrative.sentence(text, lang) for text in texts]


def trend_table(block: Trend, lang: str) -> Table:
    """Day, unrecorded, coverage."""
    return say((DAY, UNRECORDED, COVERAGE), lang), [
        [i18n.day(day, lang, short=True), DASH if n is None else i18n.number(n, lang),
         DASH if share is None else i18n.percent(share.share, lang, share.decimals)] for day, n, share in block.rows]


def ranking_table(rows: pd.DataFrame, lang: str) -> Table:
    """Area, unrecorded, change."""
    return say((AREA, UNRECORDED, CHANGE), lang), [
        [register().name(str(row.area_code)), count(row.unrecorded, lang), signed(row.change, lang)]
        for row in rows.itertuples()]


def chances_table(block: Dots, lang: str) -> Table:
    """Day with its reason, frequency, word."""
    return say((BY, CHANCE, IN_WORDS), lang), [
        [f"{i18n.day(day, lang, short=True)} ({i18n.render(why, lang)})", i18n.render(often, lang), i18n.render(word, lang)]
        for day, why, often, word in block.chances]


def chances(block: Dots, lang: str) -> tuple[str, list[tuple[str, str]]]:
    """The same as a head and, for each day, one line."""
    heads, rows = chances_table(block, lang)
    return f"{heads[0]} / {heads[1]}", [(day, f"{often}: {word}") for day, often, word in rows]


def signed(value: object, lang: str) -> str:
    """A change with its sign; a dash where there is none."""
    if pd.isna(value):
        return DASH
    number = int(value)  # type: ignore[call-overload]
    return ("+" if number > 0 else "−" if number < 0 else "") + i18n.number(abs(number), lang)


def count(value: object, lang: str) -> str:
    """A count; a dash where it is not known."""
    return DASH if pd.isna(value) else i18n.number(int(value), lang)  # type: ignore[call-overload]
