"""The slides as PDF: the same content as the PowerPoint, for those who only show or send it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from ektp_analysis import narrative
from ektp_analysis.area import register
from ektp_analysis.choropleth import legend
from ektp_analysis.classes import Classes
from ektp_analysis.report import pictures, typesetting, words
from ektp_analysis.report.deck import Big, Block, Changes, Deck, Dots, Fan, Lines, Map, Ranking, Slide, Told, Trend
from ektp_analysis.report.layout import (
    BOTTOM,
    LINES_SIZES,
    MARGIN,
    SMALLEST,
    TITLE_HEIGHT,
    TITLE_SIZES,
    TOP,
    WIDTH,
    lines_of,
    names_in,
    pages,
    shortened,
    size_for,
)
from ektp_analysis.report.logo import Logo
from ektp_analysis.theme import palette

COLOURS = palette("light")
ACROSS, DOWN = WIDTH - 2 * MARGIN, BOTTOM - TOP - 0.1
Part = dict[str, Any]
_SIZE = re.compile(r'<svg[^>]* width="([0-9.]+)" height="([0-9.]+)"')


def pdf(deck: Deck, lang: str, *, office: str = "", logo: Logo | None = None, told: Told | None = None) -> bytes:
    """The file, in the language; ``told`` hears of each slide.

    Raises:
        StoreError: it cannot be set, or the fonts are missing.
    """
    data, files = _content(deck, lang, office, told)
    return typesetting.pdf("deck.typ", data, files, deck.state.made_at, logo)


def previews(deck: Deck, lang: str, *, office: str = "", logo: Logo | None = None, ppi: int = 60,
             told: Told | None = None) -> dict[str, bytes]:
    """A picture (PNG) of each slide by its key; of one that goes on, the first.

    Raises:
        StoreError: as for :func:`pdf`.
    """
    data, files = _content(deck, lang, office, told)
    drawn = iter(typesetting.pngs("deck.typ", data, files, logo, ppi=ppi))
    found: dict[str, bytes] = {}
    for slide in deck.slides:
        for _page in pages(slide, lang):
            picture = next(drawn)
            found.setdefault(slide.key, picture)
    return found


def _content(deck: Deck, lang: str, office: str, told: Told | None) -> tuple[Part, dict[str, str]]:
    """What the template sets, and its pictures."""
    drawer = Drawer(lang, pictures.SLIDE)
    slides: list[Part] = []
    for number, slide in enumerate(deck.slides, 1):
        slides += [_slide(page, drawer) for page in pages(slide, lang)]
        if told is not None:
            told(number, len(deck.slides))
    named = shortened(narrative.sentence(deck.named, lang), ACROSS - 1.2, SMALLEST)
    return {**about(deck, lang, office), "slides": slides, "named": named}, drawer.files


def about(deck: Deck, lang: str, office: str) -> Part:
    """What every PDF says about itself."""
    return {"lang": lang, "office": office, "author": office or "e-KTP", "fingerprint": deck.fingerprint,
            "title": narrative.sentence(deck.named, lang), "made": narrative.sentence(deck.made, lang),
            "stamp": "" if deck.stamp is None else narrative.sentence(deck.stamp, lang),
            "colours": {name: getattr(COLOURS, name) for name in ("ink", "muted", "accent", "calm", "grid", "surface")}}


class Drawer:
    """Draws blocks as data for a template; keeps the pictures that they need."""

    def __init__(self, lang: str, pixels: int) -> None:
        self.lang, self.pixels = lang, pixels
        self.files: dict[str, str] = {}

    def picture(self, block: pictures.Picture, width: float, height: float, alt: str) -> Part:
        """A chart or map of so many inches."""
        name = f"picture{len(self.files)}.svg"
        drawn = self.files[name] = pictures.svg(pictures.spec(block, self.lang, width, height, pixels=self.pixels))
        found = _SIZE.search(drawn)
        wide, high = (float(one) / self.pixels for one in found.groups()) if found else (width, height)
        return {"kind": "picture", "file": name, "width": min(wide, width), "height": min(high, height), "alt": alt}

    def table(self, found: words.Table, words_in: Sequence[int] = (0,)) -> Part:
        """A plain table; the columns of words stand left, numbers right."""
        return {"kind": "table", "heads": list(found[0]), "rows": [list(row) for row in found[1]], "words": list(words_in)}

    def legend(self, classes: Classes) -> Part:
        """The classes of a map; marks are left to the words, for not every font has them."""
        return {"kind": "legend", "rows": [{"fill": row.colour, "hatch": COLOURS.hatch if row.hatched else "",
                                            "label": f"{row.label} ({row.areas})"}
                                           for row in legend(classes, self.lang)]}

    def ranking(self, block: Ranking, room: float, pad: float = 4.5) -> Part:
        """Names, bars with their number, change."""
        rest = "" if block.rest is None else narrative.sentence(block.rest, self.lang)
        return self._bars(block.rows, "unrecorded", (words.AREA, words.UNRECORDED, words.CHANGE), room, pad, rest,
                          lambda row: block.classes.fill(str(row.area_code), "light"),
                          lambda row: [words.signed(row.change, self.lang)])

    def changes(self, block: Changes, room: float, pad: float = 4.5) -> Part:
        """Names, bars with the change, what is left."""
        return self._bars(block.rows, "change", (words.AREA, words.CHANGE, words.UNRECORDED), room, pad, "",
                          lambda row: COLOURS.calm if row.change <= 0 else COLOURS.accent,
                          lambda row: [words.count(row.unrecorded, self.lang)])

    def _bars(self, rows: pd.DataFrame, column: str, heads: tuple[Any, ...], room: float, pad: float, rest: str,
              fill: Callable[[Any], str], others: Callable[[Any], list[str]]) -> Part:
        most = max((abs(int(value)) for value in rows[column].dropna()), default=0) or 1
        names = names_in([register().name(str(code)) for code in rows["area_code"]], 2.6 * 48 / self.pixels,
                         9 * 96 / self.pixels)
        made = [{"name": name, "share": 0 if pd.isna(value := getattr(row, column)) else abs(int(value)) / most,
                 "value": words.signed(value, self.lang) if column == "change" else words.count(value, self.lang),
                 "fill": fill(row), "others": others(row)} for name, row in zip(names, rows.itertuples(), strict=True)]
        return {"kind": "bars", "heads": words.say(heads, self.lang), "rows": made, "room": room, "pad": pad, "rest": rest}

    def big(self, block: Big) -> Part:
        """The large figure and its lines."""
        value, lines = words.big(block, self.lang), words.say(block.lines, self.lang)
        size = next(size for size in (120, 96, 72, 54, 40, 28) if lines_of(value, 4.7, size, bold=True) == 1 or size == 28)
        return {"kind": "big", "value": value, "label": narrative.sentence(block.label, self.lang), "lines": lines, "size": size,
                "fits": size_for(lines, ACROSS - 5.2, DOWN - 0.5, LINES_SIZES, bold=True)}


def _slide(slide: Slide, drawer: Drawer) -> Part:
    title, alt = (narrative.sentence(text, drawer.lang) for text in (slide.title, slide.alt))
    return {"title": title, "size": size_for([title], ACROSS, TITLE_HEIGHT, TITLE_SIZES, bold=True),
            "blocks": [_block(block, drawer, alt) for block in slide.blocks]}


def _block(block: Block, drawer: Drawer, alt: str) -> Part:
    lang = drawer.lang
    if isinstance(block, Big):
        return drawer.big(block)
    if isinstance(block, Lines):
        return _lines(words.say(block.lines, lang), ACROSS - 0.3, DOWN - 0.1)
    if isinstance(block, Trend):
        return _beside(drawer.picture(block, 6.9, DOWN, alt), drawer.table(words.trend_table(block, lang)), 6.9)
    if isinstance(block, Fan):
        return drawer.picture(block, ACROSS, DOWN, alt)
    if isinstance(block, Map):
        return _beside(drawer.picture(block, 8.0, DOWN, alt), drawer.legend(block.classes), 8.0)
    if isinstance(block, Ranking):
        return drawer.ranking(block, 5.6)
    if isinstance(block, Dots):
        heads, rows = words.chances_table(block, lang)
        if not rows:
            return drawer.picture(block, ACROSS, DOWN, alt)
        chances = [{"day": day, "said": f"{often}: {word}"} for day, often, word in rows]
        return _beside(drawer.picture(block, 6.6, DOWN, alt), {
            "kind": "chances", "head": f"{heads[0]} / {heads[1]}", "rows": chances}, 6.6)
    lines = words.say(block.lines, lang)
    if not len(block.rows):
        return _lines(lines, ACROSS - 0.3, DOWN - 0.1)
    return _beside(drawer.changes(block, 2.4), _lines(lines, ACROSS - 7.5, DOWN - 0.2), 7.1)


def _lines(lines: list[str], width: float, height: float) -> Part:
    return {"kind": "lines", "lines": lines, "size": size_for(lines, width, height, LINES_SIZES)}


def _beside(first: Part, second: Part, left: float) -> Part:
    return {"kind": "beside", "first": first, "second": second, "left": left}
