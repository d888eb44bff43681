"""The few words that files need beside the sentences: heads of tables, names of series."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ektp_analysis import i18n, narrative
from ektp_analysis.area import register
from ektp_analysis.report.deck import Big, Changes, Dots, Ranking, Trend
from ektp_analysis.text import Percent, T, Text

UNRECORDED, CHANGE, AREA, DAY, COVERAGE = T("Unrecorded"), T("Change"), T("Area"), T("Day"), T("Coverage")
BY, CHANCE, IN_WORDS, ALLOWED = T("Up to"), T("Chance"), T("In words"), T("Target allows")
Table = tuple[Sequence[str], Sequence[Sequence[str]]]
DASH = "–"


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


def ranking_table(block: Ranking, lang: str) -> Table:
    """Area, unrecorded, change."""
    return say((AREA, UNRECORDED, CHANGE), lang), [
        [register().name(str(row.area_code)), count(row.unrecorded, lang), signed(row.change, lang)]
        for row in block.rows.itertuples()]


def chances_table(block: Dots, lang: str) -> Table:
    """Day with its reason, frequency, word."""
    return say((BY, CHANCE, IN_WORDS), lang), [
        [f"{i18n.day(day, lang, short=True)} ({i18n.render(why, lang)})", i18n.render(often, lang), i18n.render(word, lang)]
        for day, why, often, word in block.chances]


def changes_table(block: Changes, lang: str) -> Table:
    """Area, unrecorded, change."""
    return say((AREA, UNRECORDED, CHANGE), lang), [
        [register().name(str(row.area_code)), count(row.unrecorded, lang), signed(row.change, lang)]
        for row in block.rows.itertuples()]


def signed(value: object, lang: str) -> str:
    """A change with its sign; a dash where there is none."""
    if pd.isna(value):
        return DASH
    number = int(value)  # type: ignore[call-overload]
    return ("+" if number > 0 else "−" if number < 0 else "") + i18n.number(abs(number), lang)


def count(value: object, lang: str) -> str:
    """A count; a dash where it is not known."""
    return DASH if pd.isna(value) else i18n.number(int(value), lang)  # type: ignore[call-overload]
