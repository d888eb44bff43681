"""Where text fits: sizes and lines from letters and inches, so that nothing on a slide or a page overflows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ektp_analysis import narrative
from ektp_analysis.report.deck import Lines, Slide
from ektp_analysis.text import T, Text

POINTS = 72
LETTER = 0.53  # mean width of a letter, in parts of its size: wide enough for Arial in both languages
LEADING = 1.22
SMALLEST = 18  # points, on a slide
WIDTH, HEIGHT = 13.333, 7.5  # inches of a slide
MARGIN, TOP, BOTTOM = 0.5, 1.95, 6.8  # inches: what a slide shows stands between top and bottom
TITLE_HEIGHT = 1.15
LINES_SIZES = (24, 22, 20, 18)
TITLE_SIZES = (30, 28, 26, 24, 22, 20, 18)


def lines_of(text: str, width: float, size: float) -> int:
    """Lines that a text takes in ``width`` inches, words kept whole."""
    room, lines, used = max(int(width * POINTS / (size * LETTER)), 1), 1, 0
    for word in text.split():
        length = len(word)
        if used and used + 1 + length > room:
            lines, used = lines + 1, 0
        if length > room:
            lines, length = lines + length // room, length % room
        used += length + (used > 0)
    return lines


def height_of(texts: Sequence[str], width: float, size: float, *, gap: float = 0.35) -> float:
    """Inches that paragraphs take, with ``gap`` lines between them."""
    lines = sum(lines_of(text, width, size) for text in texts) + gap * max(len(texts) - 1, 0)
    return lines * size * LEADING / POINTS


def size_for(texts: Sequence[str], width: float, height: float, sizes: Sequence[int]) -> int:
    """The largest of the sizes (falling) at which the paragraphs fit; the smallest where none does."""
    return next((size for size in sizes if height_of(texts, width, size) <= height), sizes[-1])


def shortened(text: str, width: float, size: float) -> str:
    """The text, cut with an ellipsis where one line cannot hold it."""
    room = int(width * POINTS / (size * LETTER))
    return text if len(text) <= room else text[:max(room - 1, 1)].rstrip() + "…"


def pages(slide: Slide, lang: str) -> Iterator[Slide]:
    """The slide, or several where its lines do not fit on one at the smallest size."""
    if not any(isinstance(block, Lines) for block in slide.blocks):
        yield slide
        return
    width, height = WIDTH - 2 * MARGIN - 0.3, BOTTOM - TOP
    parts: list[list[Text]] = [[]]
    for line in (line for block in slide.blocks if isinstance(block, Lines) for line in block.lines):
        trial = [narrative.sentence(text, lang) for text in [*parts[-1], line]]
        if parts[-1] and height_of(trial, width, SMALLEST) > height:
            parts.append([])
        parts[-1].append(line)
    for number, lines in enumerate(parts, 1):
        title = slide.title if number == 1 else T("{title} ({number})", title=slide.title, number=str(number))
        yield replace(slide, title=title, blocks=(Lines(tuple(lines)),))
