"""The slides as PDF: the same content as the PowerPoint, for those who only show or send it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ektp_analysis import narrative
from ektp_analysis.choropleth import legend
from ektp_analysis.classes import Classes
from ektp_analysis.report import pictures, typesetting, words
from ektp_analysis.report.blocks import Picture, Ranking, compose
from ektp_analysis.report.deck import Deck, Slide, Told
from ektp_analysis.report.layout import (
    ACROSS,
    DOWN,
    SMALLEST,
    TITLE_HEIGHT,
    TITLE_SIZES,
    Sheet,
    names_in,
    pages,
    shortened,
    size_for,
    size_of_figure,
)
from ektp_analysis.report.logo import Logo
from ektp_analysis.theme import palette

COLOURS = palette("light")
PAD = 4.5  # points above and below a bar
Part = dict[str, Any]
_SIZE = re.compile(r'<svg[^>]* width="([0-9.]+)" height="([0-9.]+)"')


def slides_pdf(deck: Deck, lang: str, *, office: str = "", logo: Logo | None = None, told: Told | None = None) -> bytes:
    """The file, in the language; ``told`` hears of each slide.

    Raises:
        StoreError: it cannot be set, or the fonts are missing.
    """
    data, files = _content(deck, lang, office, told)
    return typesetting.set_pdf("deck.typ", data, files, deck.state.made_at, logo)


def previews(deck: Deck, lang: str, *, office: str = "", logo: Logo | None = None, ppi: int = 60,
             told: Told | None = None) -> dict[str, bytes]:
    """A picture (PNG) of each slide by its key; of one that goes on, the first.

    Raises:
        StoreError: as for :func:`slides_pdf`.
    """
    data, files = _content(deck, lang, office, told)
    drawn = iter(typesetting.set_pngs("deck.typ", data, files, logo, ppi=ppi))
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

    def picture(self, block: Picture, width: float, height: float, alt: str) -> Part:
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

    def ranking(self, block: Ranking, room: float) -> Part:
        """Names, bars with their number, change."""
        return self.bars(words.ranked(block), room)

    def bars(self, bars: words.Bars, room: float) -> Part:
        """Names, bars with their number (the longest ``room`` inches), the other figure."""
        names = names_in(bars.names, 2.6 * 48 / self.pixels, 9 * 96 / self.pixels)
        rows = [{"name": name, "share": one.share, "value": one.value, "fill": one.fill, "others": [one.other]}
                for name, one in zip(names, bars.bars(self.lang), strict=True)]
        rest = "" if bars.rest is None else narrative.sentence(bars.rest, self.lang)
        return {"kind": "bars", "heads": words.say(bars.heads, self.lang), "rows": rows, "room": room, "pad": PAD, "rest": rest}


class SlideSheet(Sheet[Part]):
    """A slide as data for the template; ``alt`` is what its picture says."""

    def __init__(self, drawer: Drawer, alt: str) -> None:
        super().__init__(drawer.lang)
        self.drawer, self.alt = drawer, alt

    def figure(self, value: str, label: str, lines: list[str], size: int) -> Part:
        """The figure and its lines."""
        return {"kind": "big", "value": value, "label": label, "lines": lines, "size": size_of_figure(value), "fits": size}

    def sentences(self, lines: list[str], size: int) -> Part:
        """The sentences."""
        return {"kind": "lines", "lines": lines, "size": size}

    def picture(self, block: Picture, width: float) -> Part:
        """The chart or map, as high as the slide allows."""
        return self.drawer.picture(block, width, DOWN, self.alt)

    def grid(self, table: words.Table) -> Part:
        """The table."""
        return self.drawer.table(table)

    def key(self, classes: Classes) -> Part:
        """The legend."""
        return self.drawer.legend(classes)

    def bars(self, bars: words.Bars, room: float) -> Part:
        """The bars."""
        return self.drawer.bars(bars, room)

    def chances(self, head: str, lines: list[tuple[str, str]]) -> Part:
        """The days and what is said of each."""
        return {"kind": "chances", "head": head, "rows": [{"day": day, "said": said} for day, said in lines]}

    def beside(self, first: Part, second: Part, left: float) -> Part:
        """Both parts."""
        return {"kind": "beside", "first": first, "second": second, "left": left}


def _slide(slide: Slide, drawer: Drawer) -> Part:
    title, alt = (narrative.sentence(text, drawer.lang) for text in (slide.title, slide.alt))
    return {"title": title, "size": size_for([title], ACROSS, TITLE_HEIGHT, TITLE_SIZES, bold=True),
            "blocks": [compose(block, SlideSheet(drawer, alt)) for block in slide.blocks]}
