"""The evaluation on one A4 page: for those who print, legible in black and white."""

from __future__ import annotations

from ektp_analysis import narrative
from ektp_analysis.report import pictures, typesetting, words
from ektp_analysis.report.deck import Big, Deck, Dots, Fan, Lines, Map, Ranking, Told, Trend
from ektp_analysis.report.logo import Logo
from ektp_analysis.report.pdf import Drawer, Part, about

HALF, WHOLE = 3.3, 7.0  # inches of a column and of the page between its margins
MOST_LINES, MOST_SIDES = 9, 4


def pdf(deck: Deck, lang: str, *, office: str = "", logo: Logo | None = None, told: Told | None = None) -> bytes:
    """The page, in the language; ``told`` hears of each slide whose content stands on it.

    Raises:
        StoreError: it cannot be set, or the fonts are missing.
    """
    drawer = Drawer(lang, pictures.PAPER)
    first, said = deck.slides[0], about(deck, lang, office)
    big = next(block for block in first.blocks if isinstance(block, Big))
    drawn = drawer.big(big)
    drawn["size"] = min(54, 240 // len(drawn["value"]))
    foot = " · ".join([said["title"], said["made"]])
    data = {**said, "heading": narrative.sentence(first.title, lang), "big": drawn, "foot": foot,
            "sides": _sides(deck, drawer, told), "last": _last(deck, lang)}
    return typesetting.pdf("onepager.typ", data, drawer.files, deck.state.made_at, logo)


def _sides(deck: Deck, drawer: Drawer, told: Told | None) -> list[Part]:
    """What stands in the two columns, row by row."""
    found: list[Part] = []
    for number, slide in enumerate(deck.slides, 1):
        if told is not None:
            told(number, len(deck.slides))
        title, alt = (narrative.sentence(text, drawer.lang) for text in (slide.title, slide.alt))
        for block in slide.blocks:
            if isinstance(block, Map):
                parts = [drawer.picture(block, HALF, 2.1, alt), drawer.legend(block.classes)]
            elif isinstance(block, Ranking):
                parts = [drawer.ranking(block, 0.9)]
            elif isinstance(block, Trend):
                parts = [drawer.picture(block, HALF, 1.9, alt), drawer.table(_latest(words.trend_table(block, drawer.lang)))]
            elif isinstance(block, Fan):
                parts = [drawer.picture(block, HALF, 1.9, alt)]
            elif isinstance(block, Dots) and block.chances:
                parts = [drawer.picture(block, HALF, 1.5, alt), drawer.table(words.chances_table(block, drawer.lang), (0, 2))]
            else:
                continue
            found.append({"key": slide.key, "title": title, "parts": parts})
    return found if len(found) <= MOST_SIDES else [side for side in found if side["key"] != "fan"]


def _latest(found: words.Table) -> words.Table:
    """The last five rows of a table."""
    return found[0], found[1][-5:]


def _last(deck: Deck, lang: str) -> Part:
    """Data, warnings, method and sources; the reading order ends here."""
    lines = [line for slide in deck.slides for block in slide.blocks if isinstance(block, Lines) for line in block.lines]
    title = next(slide.title for slide in deck.slides if slide.key == "data")
    return {"title": narrative.sentence(title, lang), "parts": [{"kind": "lines", "lines": words.say(lines[:MOST_LINES], lang)}]}
