"""What stands on a slide as HTML: figures, bars, tables, pictures with their words; the same sizes as on paper."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ektp_analysis.core import text
from ektp_analysis.core.area import register
from ektp_analysis.core.text import T, sentence
from ektp_analysis.core.theme import readable_on
from ektp_analysis.figures.classes import Classes
from ektp_analysis.maps.legend import legend
from ektp_analysis.maps.legend import lines as of_areas
from ektp_analysis.narrative import chances
from ektp_analysis.projection.result import NotReached, Projection
from ektp_analysis.report import fitting
from ektp_analysis.report.blocks import Big, Changes, Dots, Fan, Lines, Map, Picture, Ranking, Teams, Trend, compose
from ektp_analysis.report.deck import Slide
from ektp_analysis.report.fitting import DOWN, POINTS, SMALLEST, Sheet, size_of_figure
from ektp_analysis.report.pictures import SEPARATOR, variable

LOOSEST = 34  # points: a row of bars


def tag(name: str, *content: str, **attributes: str | None) -> str:
    """An element: ``content`` is markup, ``attributes`` are text (``class_``, ``data_tip`` for class, data-tip)."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value is not None
    )
    return f"<{name}{given}>{''.join(content)}</{name}>"


def paragraphs(texts: Sequence[str], size: int) -> str:
    """Sentences at a size in points."""
    return tag("div", *(tag("p", escape(text)) for text in texts), class_="lines", style=f"--s:{size}")


def body(slide: Slide, lang: str, drawn: Sequence[str]) -> str:
    """All that a slide shows below its title; ``drawn`` is its picture."""
    sheet = _ScreenSheet(lang, drawn, sentence(slide.alt, lang))
    return "".join(compose(block, sheet) for block in slide.blocks)


def told(slide: Slide, lang: str) -> str:
    """The figures behind a slide's picture as tables, for those who read rather than look."""
    return "".join(compose(block, _Behind(lang)) for block in slide.blocks)


class _ScreenSheet(Sheet[str]):
    """A slide as HTML; ``drawn`` is its picture, ``alt`` what that says."""

    def __init__(self, lang: str, drawn: Sequence[str], alt: str) -> None:
        super().__init__(lang)
        self._drawn, self._alt = drawn, alt

    def big(self, block: Big) -> str:
        return super().big(block).replace("beside", "beside answer", 1)

    def figure(self, value: str, label: str, lines: list[str], size: int) -> str:
        large = tag(
            "p",
            tag("strong", escape(value), style=f"--s:{size_of_figure(value)}"),
            tag("span", escape(label), style="--s:24"),
            class_="big",
        )
        return self.beside(large, paragraphs(lines, size), 4.8)

    def sentences(self, lines: list[str], size: int) -> str:
        return paragraphs(lines, size)

    def picture(self, block: Picture, width: float) -> str:  # noqa: ARG002 - it is drawn already
        kinds = [""] if len(self._drawn) == 1 else [" wide", " narrow"]
        return "".join(
            tag("div", svg, class_=f"picture{kind}", role="img", aria_label=self._alt)
            for svg, kind in zip(self._drawn, kinds, strict=True)
        )

    def grid(self, table: fitting.Table) -> str:
        return _table(table)

    def key(self, classes: Classes) -> str:
        rows = []
        for row in legend(classes, self.lang):
            swatch = tag(
                "span",
                escape(row.mark),
                class_="swatch hatched" if row.hatched else "swatch",
                aria_hidden="true",
                style=f"background-color:{variable(row.colour)};color:{readable_on(row.colour)}",
            )
            label = tag("span", escape(f"{row.label} ({row.areas})"))
            rows.append(tag("li", swatch, label, class_=None if row.areas else "empty"))
        return tag("ul", *rows, class_="legend")

    def bars(self, bars: fitting.Bars, room: float) -> str:  # noqa: ARG002 - the style sheet knows
        """A table whose second column is drawn as bars, so that it can be read and looked at."""
        said = {} if bars.classes is None else of_areas(bars.rows, bars.classes)
        made = []
        for one in bars.bars(self.lang):
            lines = (text.render(line, self.lang) for line in said.get(one.code, ()))
            tip = SEPARATOR.join([register().full_name(one.code), *lines])
            bar = tag("span", class_="bar", style=f"--share:{one.share:.3f};background-color:{variable(one.fill)}")
            made.append(
                tag(
                    "tr",
                    tag("th", escape(one.name), scope="row"),
                    tag("td", tag("span", bar, escape(one.value), class_="measure")),
                    tag("td", escape(one.other)),
                    data_tip=tip,
                )
            )
        height = min(DOWN * POINTS / (len(made) + 1 + (bars.rest is not None)), LOOSEST)
        head = tag("thead", tag("tr", *(tag("th", escape(text), scope="col") for text in fitting.say(bars.heads, self.lang))))
        rest = (
            "" if bars.rest is None else tag("p", escape(sentence(bars.rest, self.lang)), class_="rest", style=f"--s:{SMALLEST}")
        )
        return tag("table", head, tag("tbody", *made), class_="bars", style=f"--row:{height:.2f}") + rest

    def chances(self, head: str, lines: list[tuple[str, str]]) -> str:
        return tag(
            "dl",
            tag("div", tag("dt", escape(head), class_="head")),
            *(tag("div", tag("dt", escape(day)), tag("dd", escape(said))) for day, said in lines),
            class_="chances",
        )

    def beside(self, first: str, second: str, left: float) -> str:
        return tag("div", tag("div", first), tag("div", second), class_="beside", style=f"--left:{left}")


class _Behind:
    """The figures that a block shows as a picture alone, as tables; '' where it says them itself."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def _nothing(self, block: Big | Lines | Trend | Ranking | Changes) -> str:  # noqa: ARG002
        return ""

    big = lines = trend = ranking = changes = _nothing

    def map(self, block: Map) -> str:
        return _table(fitting.ranking_table(block.rows, self._lang))

    def fan(self, block: Fan) -> str:
        return _table(_quantiles(block.projection, self._lang))

    def dots(self, block: Dots) -> str:
        return _table(_quantiles(block.projection, self._lang))

    def teams(self, block: Teams) -> str:
        return _table(fitting.calendar_table(block, self._lang))


def _table(found: fitting.Table) -> str:
    heads, rows = found
    return tag(
        "table",
        tag("thead", tag("tr", *(tag("th", escape(head), scope="col") for head in heads))),
        tag(
            "tbody",
            *(tag("tr", tag("th", escape(row[0]), scope="row"), *(tag("td", escape(cell)) for cell in row[1:])) for row in rows),
        ),
    )


def _quantiles(found: Projection, lang: str) -> fitting.Table:
    beyond = sentence(T("not within {horizon}", horizon=chances.horizon(found.horizon_days)), lang)
    return fitting.say((fitting.CHANCE, fitting.BY), lang), [
        [text.percent(level / 100, lang, 0), beyond if isinstance(day, NotReached) else text.day(day, lang)]
        for level, day in sorted(found.quantiles.items())
    ]
