"""What stands on a slide as PowerPoint draws it: text, tables, pictures with their words."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx.enum.dml import MSO_PATTERN
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from ektp_analysis import private
from ektp_analysis.report import words
from ektp_analysis.report.layout import LEADING, POINTS, SMALLEST, names_in, shortened
from ektp_analysis.report.ppt_master import colour
from ektp_analysis.theme import palette

Box = tuple[float, float, float, float]  # left, top, width, height in inches
COLOURS = palette("light")


def inches(box: Box) -> tuple[Any, Any, Any, Any]:
    """A box in PowerPoint's unit."""
    left, top, width, height = (Inches(value) for value in box)
    return left, top, width, height


def describe(shape: Any, text: str, name: str) -> None:
    """Alternative text and name of a shape."""
    properties = private.xml_of(shape).xpath(".//p:cNvPr")[0]
    properties.set("descr", text)
    properties.set("name", name)


def fill(shape: Any, ground: str, *, hatched: bool) -> None:
    """A shape in one colour, or hatched on it as the map is."""
    if not hatched:
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour(ground)
        return
    shape.fill.patterned()
    shape.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
    shape.fill.fore_color.rgb, shape.fill.back_color.rgb = colour(COLOURS.hatch), colour(ground)


def text(slide: Any, box: Box, lines: Sequence[tuple[str, float, bool, str]], *, name: str, middle: bool = False,
         right: bool = False) -> Any:
    """Paragraphs (words, size, bold, colour) in one box."""
    shape = slide.shapes.add_textbox(*inches(box))
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
    for number, (said, size, bold, ink) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        paragraph.space_after = Pt(size * 0.35)
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold, run.font.color.rgb = said, Pt(size), bold, colour(ink)
    return shape


def table(slide: Any, box: Box, found: words.Table, widths: Sequence[float], *, alt: str, name: str,
          last: str | None = None) -> None:
    """A native table: first column left, the others right; ``last`` is a row over all columns."""
    heads, rows = found
    left, top, width, height = box
    count = len(rows) + 1 + (last is not None)
    line = min(0.42, max(height / count, SMALLEST * LEADING / POINTS + 0.04))
    shape = slide.shapes.add_table(count, len(heads), *inches((left, top, width, line * count)))
    describe(shape, alt, name)
    grid = shape.table
    private.xml_of_table(grid).tblPr.find(qn("a:tableStyleId")).text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
    grid.horz_banding = False
    for position, share in enumerate(widths):
        grid.columns[position].width = Inches(width * share)
    for row in grid.rows:
        row.height = Inches(line)
    named = names_in([row[0] for row in rows], width * widths[0] - 0.1, SMALLEST)
    body = [list(heads), *[[name, *row[1:]] for name, row in zip(named, rows, strict=True)]]
    for y, cells in enumerate(body):
        for x, said in enumerate(cells):
            kept = shortened(said, width * widths[x] - 0.1, SMALLEST, bold=y == 0)
            _cell(grid.cell(y, x), kept, head=y == 0, right=x > 0, odd=y % 2 == 0)
    if last is not None:
        cell = grid.cell(count - 1, 0)
        cell.merge(grid.cell(count - 1, len(heads) - 1))
        _cell(cell, shortened(last, width - 0.1, SMALLEST), head=False, right=False, odd=False)


def _cell(cell: Any, said: str, *, head: bool, right: bool, odd: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(0.05)
    cell.margin_top = cell.margin_bottom = Inches(0.01)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    if head or odd:
        cell.fill.solid()
        cell.fill.fore_color.rgb = colour(COLOURS.grid if head else COLOURS.surface)
    paragraph = cell.text_frame.paragraphs[0]
    cell.text_frame.word_wrap = True
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold, run.font.color.rgb = said, Pt(SMALLEST), head, colour(COLOURS.ink)


def picture(slide: Any, box: Box, png: bytes, *, alt: str, name: str) -> None:
    """A picture as large as its box allows, in its middle."""
    left, top, width, height = box
    shape = slide.shapes.add_picture(io.BytesIO(png), Inches(left), Inches(top))
    scale = min(Inches(width) / shape.width, Inches(height) / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    shape.left = int(Inches(left) + (Inches(width) - shape.width) / 2)
    shape.top = int(Inches(top) + (Inches(height) - shape.height) / 2)
    describe(shape, alt, name)
