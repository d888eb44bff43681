"""The deck as PowerPoint: real titles, native charts and tables, pictures with their words, speaker notes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from ektp_analysis.core.text import Text, sentence
from ektp_analysis.core.theme import palette
from ektp_analysis.maps.legend import legend
from ektp_analysis.report import fitting, pictures, ppt_charts
from ektp_analysis.report import ppt_parts as parts
from ektp_analysis.report.blocks import Big, Changes, Dots, Fan, Lines, Map, Picture, Ranking, Teams, Trend, compose
from ektp_analysis.report.deck import Deck, Slide, Told
from ektp_analysis.report.fitting import (
    BOTTOM,
    CALENDAR,
    LINES_SIZES,
    MARGIN,
    SMALLEST,
    TITLE_HEIGHT,
    TITLE_SIZES,
    TOP,
    WIDTH,
    lines_of,
    pages,
    shortened,
    size_for,
    size_of_figure,
    that_fit,
    width_of,
)
from ektp_analysis.report.logo import Logo
from ektp_analysis.report.ppt_parts import add_slide, colour, new, write

COLOURS = palette("light")
PROPERTIES = "docProps/core.xml"
MOMENTS = re.compile(rb"(<dcterms:(?:created|modified)\b[^>]*>)[^<]*")  # in them, when a file was made
WHOLE: parts.Box = (MARGIN, TOP, WIDTH - 2 * MARGIN, BOTTOM - TOP)


def pptx(deck: Deck, lang: str, *, office: str = "", logo: Logo | None = None, told: Told | None = None) -> bytes:
    """The file, in the language; ``office`` and ``logo`` stand on its master. ``told`` hears of each slide."""
    made = new(office, logo)
    properties = made.core_properties
    properties.title, properties.author = sentence(deck.named, lang), office or "e-KTP"
    properties.subject, properties.language = deck.fingerprint, lang
    properties.comments, properties.keywords = sentence(deck.made, lang), deck.fingerprint
    moment = deck.state.made_at.astimezone(UTC)
    properties.created = properties.modified = moment.replace(tzinfo=None)
    properties.last_modified_by = office or "e-KTP"
    for number, slide in enumerate(deck.slides, 1):
        for page in pages(slide, lang):
            _slide(made, deck, page, lang)
        if told is not None:
            told(number, len(deck.slides))
    out = io.BytesIO()
    made.save(out)
    return _made_at(out.getvalue(), moment)


def _made_at(data: bytes, moment: datetime) -> bytes:
    """The file as one of this moment (UTC), down to its parts and the workbooks behind its charts.

    They hold the moment of the clock instead, so that no two files of the same deck would be equal.
    """
    said, out = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            part = given.read(name)
            if name.endswith(".xlsx"):
                part = _made_at(part, moment)
            elif name == PROPERTIES:
                part = MOMENTS.sub(rb"\g<1>" + said, part)
            made.writestr(zipfile.ZipInfo(name, moment.timetuple()[:6]), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _slide(made: Any, deck: Deck, slide: Slide, lang: str) -> None:
    drawn = add_slide(made)
    title = sentence(slide.title, lang)
    frame = drawn.shapes.title.text_frame
    write(frame, title, size_for([title], WIDTH - 2 * MARGIN, TITLE_HEIGHT, TITLE_SIZES, bold=True), COLOURS.ink, bold=True)
    sheet = _Sheet(drawn, lang, sentence(slide.alt, lang))
    for block in slide.blocks:
        compose(block, sheet)
    if deck.stamp is not None:
        _stamp(drawn, sentence(deck.stamp, lang))
    named = shortened(sentence(deck.named, lang), WIDTH - 2 * MARGIN - 1.2, SMALLEST)
    parts.text(drawn, (MARGIN, 6.98, WIDTH - 2 * MARGIN - 1.1, 0.35), [(named, SMALLEST, False, COLOURS.muted)], name="Footer")
    drawn.notes_slide.notes_text_frame.text = "\n".join(fitting.say(slide.notes, lang))


def _stamp(drawn: Any, said: str) -> None:
    """The few words that say that not all was counted, at the top right."""
    width = min(width_of(said, SMALLEST, bold=True) + 0.3, 5.0)
    shape = drawn.shapes.add_textbox(*parts.inches((WIDTH - MARGIN - width, 0.2, width, 0.42)))
    shape.name = "Stamp"
    shape.line.color.rgb = colour(COLOURS.accent)
    write(shape.text_frame, said, SMALLEST, COLOURS.accent, bold=True)
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE


class _Sheet:
    """A slide of the file, on which blocks are put; ``alt`` is what its pictures, charts and tables say."""

    def __init__(self, drawn: Any, lang: str, alt: str) -> None:
        self._drawn, self._lang, self._alt = drawn, lang, alt

    def big(self, block: Big) -> None:
        """One number, its change, its date."""
        left, top, width, height = WHOLE
        said, label = fitting.big(block, self._lang), sentence(block.label, self._lang)
        parts.text(
            self._drawn,
            (left, top, 4.8, height - 0.2),
            [(said, size_of_figure(said), True, COLOURS.accent), (label, 24, False, COLOURS.muted)],
            name="Figure",
            middle=True,
        )
        lines = fitting.say(block.lines, self._lang)
        fits = size_for(lines, width - 5.2, height - 0.4, LINES_SIZES, bold=True)
        parts.text(
            self._drawn,
            (left + 5.1, top, width - 5.1, height - 0.2),
            [(line, fits, number == 0, COLOURS.ink) for number, line in enumerate(lines)],
            name="Facts",
            middle=True,
        )

    def lines(self, block: Lines) -> None:
        self._said(block.lines, WHOLE)

    def trend(self, block: Trend) -> None:
        left, top, width, height = WHOLE
        ppt_charts.trend_chart(self._drawn, (left, top, 7.0, height), block, self._lang, alt=self._alt)
        parts.table(
            self._drawn,
            (left + 7.3, top, width - 7.3, height),
            fitting.trend_table(block, self._lang),
            (0.36, 0.36, 0.28),
            alt=self._alt,
            name="Snapshots",
        )

    def fan(self, block: Fan) -> None:
        self._picture(block, WHOLE, "Fan")

    def dots(self, block: Dots) -> None:
        left, top, width, height = WHOLE
        if not block.chances:
            self._picture(block, WHOLE, "Dots")
            return
        self._picture(block, (left, top, 6.4, height), "Dots")
        head, rows = fitting.chances(block, self._lang)
        lines: list[tuple[str, float, bool, str]] = [(head, SMALLEST, True, COLOURS.muted)]
        for day, said in rows:
            lines += [(day, 20, False, COLOURS.ink), (said, 24, True, COLOURS.accent)]
        parts.text(self._drawn, (left + 6.7, top + 0.2, width - 6.7, 4.4), lines, name="Chances")

    def map(self, block: Map) -> None:
        """The map as a picture, its legend as text beside it."""
        left, top, width, height = WHOLE
        wide, room = 8.0, width - 8.0 - 0.68
        self._picture(block, (left, top, wide, height), "Map")
        y = top + 0.1
        for place, row in enumerate(legend(block.classes, self._lang)):
            label = f"{row.mark} {row.label} ({row.areas})".strip()
            swatch = self._drawn.shapes.add_shape(MSO_SHAPE.RECTANGLE, *parts.inches((left + wide + 0.15, y + 0.03, 0.4, 0.28)))
            parts.fill(swatch, row.colour, hatched=row.hatched)
            swatch.line.color.rgb = colour(COLOURS.context)
            swatch.shadow.inherit = False
            swatch.name = f"Legend {place + 1}"
            tall = 0.32 * lines_of(label, room, SMALLEST)
            parts.text(
                self._drawn,
                (left + wide + 0.68, y, room, tall),
                [(label, SMALLEST, False, COLOURS.ink)],
                name=f"Legend text {place + 1}",
            )
            y += tall + 0.14

    def teams(self, block: Teams) -> None:
        left, top, width, height = WHOLE
        self._picture(block, (left, top, CALENDAR, height), "Calendar")
        room = width - CALENDAR - 0.3
        self._said(that_fit(block.lines, self._lang, room - 0.3, height - 0.4), (left + CALENDAR + 0.3, top, room, height - 0.2))

    def ranking(self, block: Ranking) -> None:
        left, top, width, height = WHOLE
        ppt_charts.bars(self._drawn, (left, top, 6.8, height), fitting.ranked(block), self._lang, alt=self._alt, name="Ranking")
        rest = None if block.rest is None else sentence(block.rest, self._lang)
        parts.table(
            self._drawn,
            (left + 6.9, top, width - 6.9, height),
            fitting.ranking_table(block.rows, self._lang),
            (0.425, 0.312, 0.263),
            alt=self._alt,
            name="Areas",
            last=rest,
        )

    def changes(self, block: Changes) -> None:
        left, top, width, height = WHOLE
        if not len(block.rows):
            self._said(block.lines, WHOLE)
            return
        ppt_charts.bars(self._drawn, (left, top, 6.8, height), fitting.moved(block), self._lang, alt=self._alt, name="Changes")
        self._said(block.lines, (left + 7.1, top + 0.2, width - 7.1, height - 0.2))

    def _said(self, said: Sequence[Text], box: parts.Box) -> None:
        lines = fitting.say(said, self._lang)
        size = size_for(lines, box[2] - 0.3, box[3] - 0.2, LINES_SIZES)
        parts.text(self._drawn, box, [(line, size, False, COLOURS.ink) for line in lines], name="Text")

    def _picture(self, block: Picture, box: parts.Box, name: str) -> None:
        parts.picture(self._drawn, box, pictures.png(pictures.spec(block, self._lang, box[2], box[3])), alt=self._alt, name=name)
