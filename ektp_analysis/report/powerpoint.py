"""The deck as PowerPoint: real titles, native charts and tables, pictures with their words, speaker notes."""

from __future__ import annotations

import io
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from ektp_analysis import narrative
from ektp_analysis.choropleth import legend
from ektp_analysis.report import pictures, ppt_charts, words
from ektp_analysis.report import ppt_parts as parts
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
    pages,
    shortened,
    size_for,
    width_of,
)
from ektp_analysis.report.logo import Logo
from ektp_analysis.report.ppt_master import add_slide, colour, new, write
from ektp_analysis.theme import palette

COLOURS = palette("light")
WHOLE: parts.Box = (MARGIN, TOP, WIDTH - 2 * MARGIN, BOTTOM - TOP)


def pptx(deck: Deck, lang: str, *, office: str = "", logo: Logo | None = None, told: Told | None = None) -> bytes:
    """The file, in the language; ``office`` and ``logo`` stand on its master. ``told`` hears of each slide."""
    made = new(office, logo)
    properties = made.core_properties
    properties.title, properties.author = narrative.sentence(deck.named, lang), office or "e-KTP"
    properties.subject, properties.language = deck.fingerprint, lang
    properties.comments, properties.keywords = narrative.sentence(deck.made, lang), deck.fingerprint
    properties.created = properties.modified = deck.state.made_at.replace(tzinfo=None)
    properties.last_modified_by = office or "e-KTP"
    for number, slide in enumerate(deck.slides, 1):
        for page in pages(slide, lang):
            _slide(made, deck, page, lang)
        if told is not None:
            told(number, len(deck.slides))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _slide(made: Any, deck: Deck, slide: Slide, lang: str) -> None:
    drawn = add_slide(made)
    title = narrative.sentence(slide.title, lang)
    frame = drawn.shapes.title.text_frame
    write(frame, title, size_for([title], WIDTH - 2 * MARGIN, TITLE_HEIGHT, TITLE_SIZES, bold=True), COLOURS.ink, bold=True)
    for block in slide.blocks:
        _block(drawn, block, lang, narrative.sentence(slide.alt, lang))
    if deck.stamp is not None:
        _stamp(drawn, narrative.sentence(deck.stamp, lang))
    named = shortened(narrative.sentence(deck.named, lang), WIDTH - 2 * MARGIN - 1.2, SMALLEST)
    parts.text(drawn, (MARGIN, 6.98, WIDTH - 2 * MARGIN - 1.1, 0.35), [(named, SMALLEST, False, COLOURS.muted)], name="Footer")
    drawn.notes_slide.notes_text_frame.text = "\n".join(words.say(slide.notes, lang))


def _stamp(drawn: Any, said: str) -> None:
    """The few words that say that not all was counted, at the top right."""
    width = min(width_of(said, SMALLEST, bold=True) + 0.3, 5.0)
    shape = drawn.shapes.add_textbox(*parts.inches((WIDTH - MARGIN - width, 0.2, width, 0.42)))
    shape.name = "Stamp"
    shape.line.color.rgb = colour(COLOURS.accent)
    write(shape.text_frame, said, SMALLEST, COLOURS.accent, bold=True)
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE


def _block(drawn: Any, block: Block, lang: str, alt: str) -> None:
    left, top, width, height = WHOLE
    if isinstance(block, Big):
        _big(drawn, block, lang)
    elif isinstance(block, Lines):
        _lines(drawn, block, lang, WHOLE)
    elif isinstance(block, Trend):
        ppt_charts.trend_chart(drawn, (left, top, 7.0, height), block, lang, alt=alt)
        parts.table(drawn, (left + 7.3, top, width - 7.3, height), words.trend_table(block, lang), (0.36, 0.36, 0.28),
                    alt=alt, name="Snapshots")
    elif isinstance(block, Fan):
        parts.picture(drawn, WHOLE, pictures.png(pictures.spec(block, lang, width, height)), alt=alt, name="Fan")
    elif isinstance(block, Map):
        _map(drawn, block, lang, alt)
    elif isinstance(block, Ranking):
        ppt_charts.bars(drawn, (left, top, 6.8, height), block.rows, "unrecorded", lang, alt=alt, name="Ranking",
                   classes=block.classes)
        rest = None if block.rest is None else narrative.sentence(block.rest, lang)
        parts.table(drawn, (left + 6.9, top, width - 6.9, height), words.ranking_table(block, lang), (0.425, 0.312, 0.263),
                    alt=alt, name="Areas", last=rest)
    elif isinstance(block, Dots):
        wide = 6.4 if block.chances else width
        drawing = pictures.png(pictures.spec(block, lang, wide, height))
        parts.picture(drawn, (left, top, wide, height), drawing, alt=alt, name="Dots")
        if block.chances:
            _chances(drawn, block, lang, (left + 6.7, top + 0.2, width - 6.7, height))
    elif isinstance(block, Changes):
        _changes(drawn, block, lang, alt)


def _big(drawn: Any, block: Big, lang: str) -> None:
    """One number, its change, its date."""
    left, top, width, height = WHOLE
    said = words.big(block, lang)
    size = next(size for size in (120, 96, 72, 54, 40, 28) if lines_of(said, 4.7, size, bold=True) == 1 or size == 28)
    parts.text(drawn, (left, top, 4.8, height - 0.2), [(said, size, True, COLOURS.accent), (
        narrative.sentence(block.label, lang), 24, False, COLOURS.muted)], name="Figure", middle=True)
    lines = words.say(block.lines, lang)
    fits = size_for(lines, width - 5.2, height - 0.4, LINES_SIZES, bold=True)
    parts.text(drawn, (left + 5.1, top, width - 5.1, height - 0.2), [
        (line, fits, number == 0, COLOURS.ink) for number, line in enumerate(lines)], name="Facts", middle=True)


def _lines(drawn: Any, block: Lines, lang: str, box: parts.Box) -> None:
    lines = words.say(block.lines, lang)
    size = size_for(lines, box[2] - 0.3, box[3] - 0.2, LINES_SIZES)
    parts.text(drawn, box, [(line, size, False, COLOURS.ink) for line in lines], name="Text")


def _map(drawn: Any, block: Map, lang: str, alt: str) -> None:
    """The map as a picture, its legend as text beside it."""
    left, top, width, height = WHOLE
    wide, room = 8.0, width - 8.0 - 0.68
    parts.picture(drawn, (left, top, wide, height), pictures.png(pictures.spec(block, lang, wide, height)), alt=alt, name="Map")
    y = top + 0.1
    for place, row in enumerate(legend(block.classes, lang)):
        label = f"{row.mark} {row.label} ({row.areas})".strip()
        swatch = drawn.shapes.add_shape(MSO_SHAPE.RECTANGLE, *parts.inches((left + wide + 0.15, y + 0.03, 0.4, 0.28)))
        parts.fill(swatch, row.colour, hatched=row.hatched)
        swatch.line.color.rgb = colour(COLOURS.context)
        swatch.shadow.inherit = False
        swatch.name = f"Legend {place + 1}"
        tall = 0.32 * lines_of(label, room, SMALLEST)
        parts.text(drawn, (left + wide + 0.68, y, room, tall), [(label, SMALLEST, False, COLOURS.ink)],
                   name=f"Legend text {place + 1}")
        y += tall + 0.14


def _chances(drawn: Any, block: Dots, lang: str, box: parts.Box) -> None:
    heads, rows = words.chances_table(block, lang)
    left, top, width, _height = box
    lines: list[tuple[str, float, bool, str]] = [(f"{heads[0]} / {heads[1]}", SMALLEST, True, COLOURS.muted)]
    for day, often, word in rows:
        lines += [(day, 20, False, COLOURS.ink), (f"{often}: {word}", 24, True, COLOURS.accent)]
    parts.text(drawn, (left, top, width, 4.4), lines, name="Chances")


def _changes(drawn: Any, block: Changes, lang: str, alt: str) -> None:
    left, top, width, height = WHOLE
    if not len(block.rows):
        _lines(drawn, Lines(block.lines), lang, WHOLE)
        return
    ppt_charts.bars(drawn, (left, top, 6.8, height), block.rows, "change", lang, alt=alt, name="Changes")
    _lines(drawn, Lines(block.lines), lang, (left + 7.1, top + 0.2, width - 7.1, height - 0.2))
