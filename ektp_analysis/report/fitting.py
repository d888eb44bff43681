"""Where text fits: sizes and lines from the widths of letters, so that nothing on a slide or a page overflows; and where
the parts of a slide stand beside each other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, TypeVar

import pandas as pd

from ektp_analysis.core import text
from ektp_analysis.core.area import register
from ektp_analysis.core.text import Percent, T, Text, sentence
from ektp_analysis.core.theme import palette
from ektp_analysis.figures import tables
from ektp_analysis.figures.classes import Classes
from ektp_analysis.planning import frames
from ektp_analysis.planning.proposal import Work
from ektp_analysis.report.blocks import Big, Changes, Dots, Fan, Lines, Map, Picture, Ranking, Teams, Trend
from ektp_analysis.report.deck import Slide

POINTS = 72
# Widths of Helvetica in thousandths of its size (Adobe's font metrics), which Arial and Liberation Sans share; the font of
# the PDF is narrower. What is not named is as wide as a capital.
_WIDTHS = {
    letter: width
    for width, letters in {
        191: "'",
        222: "ijl",
        260: "|",
        278: " !,./:;I[\\]ft\N{NO-BREAK SPACE}·",
        333: "()-`r",
        334: "{}",
        355: '"',
        389: "*",
        469: "^",
        500: "Jcksvxyz",
        556: "#$0123456789?L_abdeghnopqu–",
        584: "+<=>~−",
        611: "FTZ",
        667: "&ABEKPSVXY",
        722: "CDHNRUw",
        778: "GOQ",
        833: "Mm",
        889: "%",
        944: "W",
        1000: "…—▲✓",
        1015: "@",
    }.items()
    for letter in letters
}
CAPITAL, BOLD = 778, 1.08  # bold letters are so much wider, at most, over a line
LEADING = 1.22
SMALLEST = 18  # points, on a slide
WIDTH, HEIGHT = 13.333, 7.5  # inches of a slide
MARGIN, TOP, BOTTOM = 0.5, 1.95, 6.8  # inches: what a slide shows stands between top and bottom
ACROSS, DOWN = WIDTH - 2 * MARGIN, BOTTOM - TOP - 0.1  # inches of what a slide shows
TITLE_HEIGHT = 1.15
LINES_SIZES = (24, 22, 20, 18)
BIG_SIZES = (120, 96, 72, 54, 40, 28)
BIG_WIDTH = 4.7  # inches
CALENDAR = 7.0  # inches of a calendar of teams
LEAST_OF_NAME = 3  # letters before its last words
TITLE_SIZES = (30, 28, 26, 24, 22, 20, 18)


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Inches that a line takes."""
    return sum(_WIDTHS.get(letter, CAPITAL) for letter in text) / 1000 * size / POINTS * (BOLD if bold else 1)


def lines_of(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Lines that a text takes in ``width`` inches, words kept whole where a line can hold them."""
    lines, used, blank = 1, 0.0, width_of(" ", size, bold=bold)
    for word in text.split(" "):
        wide = width_of(word, size, bold=bold)
        if used and used + blank + wide > width:
            lines, used = lines + 1, 0.0
        if wide > width:  # broken between its letters
            lines, wide = lines + int(wide / width), wide % width
        used += wide + (blank if used else 0)
    return lines


def height_of(texts: Sequence[str], width: float, size: float, *, gap: float = 0.35, bold: bool = False) -> float:
    """Inches that paragraphs take, with ``gap`` lines between them."""
    lines = sum(lines_of(text, width, size, bold=bold) for text in texts) + gap * max(len(texts) - 1, 0)
    return lines * size * LEADING / POINTS


def size_for(texts: Sequence[str], width: float, height: float, sizes: Sequence[int], *, bold: bool = False) -> int:
    """The largest of the sizes (falling) at which the paragraphs fit; the smallest where none does."""
    return next((size for size in sizes if height_of(texts, width, size, bold=bold) <= height), sizes[-1])


def size_of_figure(text: str) -> int:
    """The largest size at which a large figure stands on one line; the smallest where it does at none."""
    return next((size for size in BIG_SIZES if lines_of(text, BIG_WIDTH, size, bold=True) == 1), BIG_SIZES[-1])


def shortened(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis where one line cannot hold it."""
    if width_of(text, size, bold=bold) <= width:
        return text
    kept = text
    while kept and width_of(kept.rstrip() + "…", size, bold=bold) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def names_in(names: Sequence[str], width: float, size: float) -> list[str]:
    """Names of areas on one line each: a long one keeps its beginning and its last word (Utara, Selatan), or so many of its
    last words that it is not taken for another of the list. 'Kabupaten' is written 'Kab.' where one does not fit."""
    told: dict[str, str] = {}
    if any(width_of(name, size) > width for name in names):
        names = [name.replace("Kabupaten ", "Kab. ", 1) if name.startswith("Kabupaten ") else name for name in names]
    for name in dict.fromkeys(names):
        cuts = [_cut(name, words, width, size) for words in (1, 2, 3, 0)]
        told[name] = next((cut for cut in cuts if cut and cut not in told.values()), cuts[-1])
    return [told[name] for name in names]


def _cut(name: str, words: int, width: float, size: float) -> str:
    """The name with its last words kept, '' where they leave no room for its beginning; without words cut at its end."""
    parts = name.split(" ")
    if width_of(name, size) <= width or not words:
        return shortened(name, width, size)
    first, last = " ".join(parts[:-words]), " ".join(parts[-words:])
    kept = shortened(first, width - width_of(f" {last}", size), size)
    return f"{kept} {last}" if len(kept) > LEAST_OF_NAME else ""


def pages(slide: Slide, lang: str) -> Iterator[Slide]:
    """The slide, or several where its lines do not fit on one at the smallest size."""
    if not any(isinstance(block, Lines) for block in slide.blocks):
        yield slide
        return
    width, height = WIDTH - 2 * MARGIN - 0.3, BOTTOM - TOP
    parts: list[list[Text]] = [[]]
    for line in (line for block in slide.blocks if isinstance(block, Lines) for line in block.lines):
        trial = [sentence(text, lang) for text in [*parts[-1], line]]
        if parts[-1] and height_of(trial, width, SMALLEST) > height:
            parts.append([])
        parts[-1].append(line)
    for number, lines in enumerate(parts, 1):
        title = slide.title if number == 1 else T("{title} ({number})", title=slide.title, number=str(number))
        yield replace(slide, title=title, blocks=(Lines(tuple(lines)),))


Made = TypeVar("Made")


class Sheet(ABC, Generic[Made]):
    """A slide as PDF and screen show it: which parts a block has and how wide they are, in inches. Each says how a part is
    made. It is a :class:`~ektp_analysis.report.blocks.Paper`."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def big(self, block: Big) -> Made:
        """The figure, its lines beside it."""
        lines = say(block.lines, self.lang)
        return self.figure(
            big(block, self.lang),
            sentence(block.label, self.lang),
            lines,
            size_for(lines, ACROSS - 5.2, DOWN - 0.5, LINES_SIZES, bold=True),
        )

    def lines(self, block: Lines) -> Made:
        """The sentences over the whole width."""
        return self._said(block.lines, ACROSS - 0.3, DOWN - 0.1)

    def trend(self, block: Trend) -> Made:
        """The chart, its table beside it."""
        return self.beside(self.picture(block, 6.9), self.grid(trend_table(block, self.lang)), 6.9)

    def fan(self, block: Fan) -> Made:
        """The chart."""
        return self.picture(block, ACROSS)

    def map(self, block: Map) -> Made:
        """The map, its legend beside it."""
        return self.beside(self.picture(block, 8.0), self.key(block.classes), 8.0)

    def ranking(self, block: Ranking) -> Made:
        """The bars."""
        return self.bars(ranked(block), 5.6)

    def dots(self, block: Dots) -> Made:
        """The chart, the chances beside it where there are any."""
        if not block.chances:
            return self.picture(block, ACROSS)
        return self.beside(self.picture(block, 6.6), self.chances(*chances(block, self.lang)), 6.6)

    def teams(self, block: Teams) -> Made:
        """The calendar, the sentences beside it."""
        width, height = ACROSS - CALENDAR - 0.6, DOWN - 0.3
        lines = that_fit(block.lines, self.lang, width, height)
        return self.beside(self.picture(block, CALENDAR), self._said(lines, width, height), CALENDAR)

    def changes(self, block: Changes) -> Made:
        """The bars, the sentences beside them; the sentences alone where no area changed."""
        if not len(block.rows):
            return self._said(block.lines, ACROSS - 0.3, DOWN - 0.1)
        return self.beside(self.bars(moved(block), 2.4), self._said(block.lines, ACROSS - 7.5, DOWN - 0.2), 7.1)

    def _said(self, lines: Sequence[Text], width: float, height: float) -> Made:
        said = say(lines, self.lang)
        return self.sentences(said, size_for(said, width, height, LINES_SIZES))

    @abstractmethod
    def figure(self, value: str, label: str, lines: list[str], size: int) -> Made:
        """One large figure, what it is, and lines at a size in points beside it."""

    @abstractmethod
    def sentences(self, lines: list[str], size: int) -> Made:
        """Sentences at a size in points, one below the other."""

    @abstractmethod
    def picture(self, block: Picture, width: float) -> Made:
        """A chart or map so many inches wide."""

    @abstractmethod
    def grid(self, table: Table) -> Made:
        """A table."""

    @abstractmethod
    def key(self, classes: Classes) -> Made:
        """The legend of a map."""

    @abstractmethod
    def bars(self, bars: Bars, room: float) -> Made:
        """Areas as bars, the longest so many inches where the output does not say itself."""

    @abstractmethod
    def chances(self, head: str, lines: list[tuple[str, str]]) -> Made:
        """A head, and days with what is said of each."""

    @abstractmethod
    def beside(self, first: Made, second: Made, left: float) -> Made:
        """Two parts, the first in so many inches."""


UNRECORDED, CHANGE, AREA, DAY, COVERAGE = T("Unrecorded"), T("Change"), T("Area"), T("Day"), T("Coverage")
BY, CHANCE, IN_WORDS, ALLOWED = T("Up to"), T("Chance"), T("In words"), T("Target allows")
PLANNED = T("By the plan")
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
        return text.percent(block.value.share, lang, block.value.decimals)
    return text.number(block.value, lang) if isinstance(block.value, int) else sentence(block.value, lang)


def say(texts: Sequence[Text], lang: str) -> list[str]:
    """The sentences in the language."""
    return [sentence(text, lang) for text in texts]


def trend_table(block: Trend, lang: str) -> Table:
    """Day, unrecorded, coverage."""
    return say((DAY, UNRECORDED, COVERAGE), lang), [
        [
            text.day(day, lang, short=True),
            DASH if n is None else text.number(n, lang),
            DASH if share is None else text.percent(share.share, lang, share.decimals),
        ]
        for day, n, share in block.rows
    ]


def ranking_table(rows: pd.DataFrame, lang: str) -> Table:
    """Area, unrecorded, change."""
    return say((AREA, UNRECORDED, CHANGE), lang), [
        [register().name(str(row.area_code)), count(row.unrecorded, lang), signed(row.change, lang)] for row in rows.itertuples()
    ]


def chances_table(block: Dots, lang: str) -> Table:
    """Day with its reason, frequency, word."""
    return say((BY, CHANCE, IN_WORDS), lang), [
        [f"{text.day(day, lang, short=True)} ({text.render(why, lang)})", text.render(often, lang), text.render(word, lang)]
        for day, why, often, word in block.chances
    ]


def chances(block: Dots, lang: str) -> tuple[str, list[tuple[str, str]]]:
    """The same as a head and, for each day, one line."""
    heads, rows = chances_table(block, lang)
    return f"{heads[0]} / {heads[1]}", [(day, f"{often}: {word}") for day, often, word in rows]


def that_fit(lines: Sequence[Text], lang: str, width: float, height: float) -> Sequence[Text]:
    """The first of the lines, as many as find room at the smallest size; one at least."""
    said = say(lines, lang)
    most = next((n for n in range(len(said), 1, -1) if height_of(said[:n], width, SMALLEST) <= height), 1)
    return lines[:most]


def calendar_table(block: Teams, lang: str) -> Table:
    """Team, area, first and last day, team-days, people expected."""
    heads = (tables.label(name, lang) for name in ("plan_team", "name", "plan_first", "plan_last", "plan_days", "expected"))
    return list(heads), [
        [
            text.number(int(row.plan_team), lang),
            str(row.name),
            text.day(row.plan_first.date(), lang, short=True),
            text.day(row.plan_last.date(), lang, short=True),
            text.number(int(row.plan_days), lang),
            text.number(int(row.expected), lang),
        ]
        for row in frames.calendar(block.plan).itertuples()
        if row.work == Work.VISIT
    ]


def signed(value: object, lang: str) -> str:
    """A change with its sign; a dash where there is none."""
    if pd.isna(value):
        return DASH
    number = int(value)  # type: ignore[call-overload]
    return ("+" if number > 0 else "−" if number < 0 else "") + text.number(abs(number), lang)


def count(value: object, lang: str) -> str:
    """A count; a dash where it is not known."""
    return DASH if pd.isna(value) else text.number(int(value), lang)  # type: ignore[call-overload]
