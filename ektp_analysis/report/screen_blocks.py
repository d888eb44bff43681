"""What stands on a slide as HTML: figures, bars, tables, pictures with their words; the same sizes as on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pandas as pd

from ektp_analysis import i18n, narrative
from ektp_analysis.area import register
from ektp_analysis.choropleth import legend
from ektp_analysis.choropleth.words import lines
from ektp_analysis.projection.result import NotReached, Projection
from ektp_analysis.report import words
from ektp_analysis.report.deck import Big, Block, Changes, Dots, Fan, Lines, Map, Ranking, Slide, Trend
from ektp_analysis.report.layout import LINES_SIZES, POINTS, SMALLEST, lines_of, size_for
from ektp_analysis.report.screen_pictures import ACROSS, DOWN, SEPARATOR, variable
from ektp_analysis.text import T, Text
from ektp_analysis.theme import palette, readable_on

COLOURS = palette("light")
BIG_SIZES = (120, 96, 72, 54, 40, 28)
LOOSEST = 34  # points: a row of bars


def tag(name: str, *content: str, **attributes: str | None) -> str:
    """An element: ``content`` is markup, ``attributes`` are text (``class_``, ``data_tip`` for class, data-tip)."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items()
                    if value is not None)
    return f"<{name}{given}>{''.join(content)}</{name}>"


def paragraphs(texts: Sequence[str], size: int) -> str:
    """Sentences at a size in points."""
    return tag("div", *(tag("p", escape(text)) for text in texts), class_="lines", style=f"--s:{size}")


def body(slide: Slide, lang: str, drawn: Sequence[str]) -> str:
    """All that a slide shows below its title; ``drawn`` is its picture."""
    return "".join(_block(block, slide, lang, drawn) for block in slide.blocks)


def told(slide: Slide, lang: str) -> str:
    """The figures behind a slide's picture as tables, for those who read rather than look."""
    tables = []
    for block in slide.blocks:
        if isinstance(block, Map):
            tables.append(words.ranking_table(Ranking(block.rows, block.classes, None), lang))
        elif isinstance(block, (Fan, Dots)):
            tables.append(_quantiles(block.projection, lang))
    return "".join(_table(one) for one in tables)


def _block(block: Block, slide: Slide, lang: str, drawn: Sequence[str]) -> str:
    alt = narrative.sentence(slide.alt, lang)
    if isinstance(block, Big):
        return _big(block, lang)
    if isinstance(block, Lines):
        said = words.say(block.lines, lang)
        return paragraphs(said, size_for(said, ACROSS - 0.3, DOWN - 0.1, LINES_SIZES))
    if isinstance(block, Trend):
        return _beside(_picture(drawn, alt), _table(words.trend_table(block, lang)), 6.9)
    if isinstance(block, Fan):
        return _picture(drawn, alt)
    if isinstance(block, Map):
        return _beside(_picture(drawn, alt), _legend(block, lang), 8.0)
    if isinstance(block, Dots):
        if not block.chances:
            return _picture(drawn, alt)
        return _beside(_picture(drawn, alt), _chances(block, lang), 6.6)
    if isinstance(block, Ranking):
        return _ranking(block, lang)
    said = words.say(block.lines, lang)
    if not len(block.rows):
        return paragraphs(said, size_for(said, ACROSS - 0.3, DOWN - 0.1, LINES_SIZES))
    return _beside(_changes(block, lang), paragraphs(said, size_for(said, ACROSS - 7.5, DOWN - 0.2, LINES_SIZES)), 7.1)


def _beside(first: str, second: str, left: float) -> str:
    return tag("div", tag("div", first), tag("div", second), class_="beside", style=f"--left:{left}")


def _picture(drawn: Sequence[str], alt: str) -> str:
    kinds = [""] if len(drawn) == 1 else [" wide", " narrow"]
    return "".join(tag("div", svg, class_=f"picture{kind}", role="img", aria_label=alt)
                   for svg, kind in zip(drawn, kinds, strict=True))


def _big(block: Big, lang: str) -> str:
    value, said = words.big(block, lang), words.say(block.lines, lang)
    size = next(size for size in BIG_SIZES if lines_of(value, 4.7, size, bold=True) == 1 or size == BIG_SIZES[-1])
    figure = tag("p", tag("strong", escape(value), style=f"--s:{size}"),
                 tag("span", escape(narrative.sentence(block.label, lang)), style="--s:24"), class_="big")
    return _beside(figure, paragraphs(said, size_for(said, ACROSS - 5.2, DOWN - 0.5, LINES_SIZES, bold=True)), 4.8).replace(
        "beside", "beside answer", 1)


def _table(found: words.Table) -> str:
    heads, rows = found
    return tag("table", tag("thead", tag("tr", *(tag("th", escape(head), scope="col") for head in heads))), tag("tbody", *(
        tag("tr", tag("th", escape(row[0]), scope="row"), *(tag("td", escape(cell)) for cell in row[1:])) for row in rows)))


def _legend(block: Map, lang: str) -> str:
    rows = []
    for row in legend(block.classes, lang):
        swatch = tag("span", escape(row.mark), class_="swatch hatched" if row.hatched else "swatch", aria_hidden="true",
                     style=f"background-color:{variable(row.colour)};color:{readable_on(row.colour)}")
        rows.append(tag("li", swatch, tag("span", escape(f"{row.label} ({row.areas})")), class_=None if row.areas else "empty"))
    return tag("ul", *rows, class_="legend")


def _chances(block: Dots, lang: str) -> str:
    heads, rows = words.chances_table(block, lang)
    return tag("dl", tag("div", tag("dt", escape(f"{heads[0]} / {heads[1]}"), class_="head")), *(
        tag("div", tag("dt", escape(day)), tag("dd", escape(f"{often}: {word}"))) for day, often, word in rows), class_="chances")


def _ranking(block: Ranking, lang: str) -> str:
    said = lines(block.rows, block.classes)

    def tip(row: Any) -> str:
        return SEPARATOR.join([register().full_name(str(row.area_code)), *(
            i18n.render(line, lang) for line in said.get(str(row.area_code), ()))])

    return _bars(block.rows, "unrecorded", (words.AREA, words.UNRECORDED, words.CHANGE), lang, block.rest,
                 lambda row: block.classes.fill(str(row.area_code), "light"), lambda row: words.signed(row.change, lang), tip)


def _changes(block: Changes, lang: str) -> str:
    return _bars(block.rows, "change", (words.AREA, words.CHANGE, words.UNRECORDED), lang, None,
                 lambda row: COLOURS.calm if row.change <= 0 else COLOURS.accent, lambda row: words.count(row.unrecorded, lang),
                 lambda row: register().full_name(str(row.area_code)))


def _bars(rows: pd.DataFrame, column: str, heads: Sequence[Text], lang: str, rest: Text | None, fill: Callable[[Any], str],
          other: Callable[[Any], str], tip: Callable[[Any], str]) -> str:
    """A table whose second column is drawn as bars, so that it can be read and looked at."""
    most = max((abs(int(value)) for value in rows[column].dropna()), default=0) or 1
    made = []
    for row in rows.itertuples():
        value = getattr(row, column)
        share = 0.0 if pd.isna(value) else abs(int(value)) / most
        shown = words.signed(value, lang) if column == "change" else words.count(value, lang)
        bar = tag("span", class_="bar", style=f"--share:{share:.3f};background-color:{variable(fill(row))}")
        made.append(tag("tr", tag("th", escape(register().name(str(row.area_code))), scope="row"),
                        tag("td", tag("span", bar, escape(shown), class_="measure")), tag("td", escape(other(row))),
                        data_tip=tip(row)))
    height = min(DOWN * POINTS / (len(made) + 1 + (rest is not None)), LOOSEST)
    head = tag("thead", tag("tr", *(tag("th", escape(text), scope="col") for text in words.say(heads, lang))))
    return tag("table", head, tag("tbody", *made), class_="bars", style=f"--row:{height:.2f}") + (
        "" if rest is None else tag("p", escape(narrative.sentence(rest, lang)), class_="rest", style=f"--s:{SMALLEST}"))


def _quantiles(found: Projection, lang: str) -> words.Table:
    beyond = narrative.sentence(T("not within {horizon}", horizon=narrative.chance.horizon(found.horizon_days)), lang)
    return words.say((words.CHANCE, words.BY), lang), [
        [i18n.percent(level / 100, lang, 0), beyond if isinstance(day, NotReached) else i18n.day(day, lang)]
        for level, day in sorted(found.quantiles.items())]
