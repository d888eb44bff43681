"""The evaluation on one A4 page: for those who print, legible in black and white."""

from __future__ import annotations

from ektp_analysis import narrative
from ektp_analysis.report import pictures, typesetting, words
from ektp_analysis.report.blocks import Big, Changes, Dots, Fan, Lines, Map, Picture, Ranking, Trend, compose
from ektp_analysis.report.deck import Deck, Told
from ektp_analysis.report.logo import Logo
from ektp_analysis.report.pdf import Drawer, Part, SlideSheet, about

HALF, WHOLE = 3.3, 7.0  # inches of a column and of the page between its margins
MOST_LINES, MOST_SIDES = 9, 4


def page_pdf(deck: Deck, lang: str, *, office: str = "", logo: Logo | None = None, told: Told | None = None) -> bytes:
    """The page, in the language; ``told`` hears of each slide whose content stands on it.

    Raises:
        StoreError: it cannot be set, or the fonts are missing.
    """
    drawer = Drawer(lang, pictures.PAPER)
    first, said = deck.slides[0], about(deck, lang, office)
    big = next(block for block in first.blocks if isinstance(block, Big))
    drawn = SlideSheet(drawer, "").big(big)
    drawn["size"] = min(54, 240 // len(drawn["value"]))
    foot = " · ".join([said["title"], said["made"]])
    data = {**said, "heading": narrative.sentence(first.title, lang), "big": drawn, "foot": foot,
            "sides": _sides(deck, drawer, told), "last": _last(deck, lang)}
    return typesetting.set_pdf("onepager.typ", data, drawer.files, deck.state.made_at, logo)


def _sides(deck: Deck, drawer: Drawer, told: Told | None) -> list[Part]:
    """What stands in the two columns, row by row."""
    found: list[Part] = []
    for number, slide in enumerate(deck.slides, 1):
        if told is not None:
            told(number, len(deck.slides))
        title, alt = (narrative.sentence(text, drawer.lang) for text in (slide.title, slide.alt))
        for block in slide.blocks:
            parts = compose(block, _Column(drawer, alt))
            if parts:
                found.append({"key": slide.key, "title": title, "parts": parts})
    return found if len(found) <= MOST_SIDES else [side for side in found if side["key"] != "fan"]


class _Column:
    """A block in one of the two columns, as parts of the template: none where it stands elsewhere on the page."""

    def __init__(self, drawer: Drawer, alt: str) -> None:
        self._drawer, self._alt = drawer, alt

    def big(self, block: Big) -> list[Part]:  # noqa: ARG002 - it stands at the head of the page
        return []

    def lines(self, block: Lines) -> list[Part]:  # noqa: ARG002 - they stand at its foot
        return []

    def trend(self, block: Trend) -> list[Part]:
        return [self._picture(block, 1.9), self._drawer.table(_latest(words.trend_table(block, self._drawer.lang)))]

    def fan(self, block: Fan) -> list[Part]:
        return [self._picture(block, 1.9)]

    def dots(self, block: Dots) -> list[Part]:
        if not block.chances:
            return []
        return [self._picture(block, 1.5), self._drawer.table(words.chances_table(block, self._drawer.lang), (0, 2))]

    def map(self, block: Map) -> list[Part]:
        return [self._picture(block, 2.1), self._drawer.legend(block.classes)]

    def ranking(self, block: Ranking) -> list[Part]:
        return [self._drawer.ranking(block, 0.9)]

    def changes(self, block: Changes) -> list[Part]:  # noqa: ARG002 - the page has no room for them
        return []

    def _picture(self, block: Picture, height: float) -> Part:
        return self._drawer.picture(block, HALF, height, self._alt)


def _latest(found: words.Table) -> words.Table:
    """The last five rows of a table."""
    return found[0], found[1][-5:]


def _last(deck: Deck, lang: str) -> Part:
    """Data, warnings, method and sources; the reading order ends here."""
    lines = [line for slide in deck.slides for block in slide.blocks if isinstance(block, Lines) for line in block.lines]
    title = next(slide.title for slide in deck.slides if slide.key == "data")
    return {"title": narrative.sentence(title, lang), "parts": [{"kind": "lines", "lines": words.say(lines[:MOST_LINES], lang)}]}
