"""What PowerPoint slides are built from: the master with the office's name and logo; text, pictures and tables in inches."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.oxml.shapes.autoshape import CT_Shape
from pptx.oxml.shapes.picture import CT_Picture
from pptx.shapes.autoshape import Shape
from pptx.util import Emu, Inches, Pt

from ektp_analysis.core import private
from ektp_analysis.core.theme import palette
from ektp_analysis.report import fitting
from ektp_analysis.report.fitting import (
    HEIGHT,
    LEADING,
    MARGIN,
    POINTS,
    SMALLEST,
    TITLE_HEIGHT,
    WIDTH,
    names_in,
    shortened,
)
from ektp_analysis.report.logo import Logo

FONT = "Arial"  # on every Windows and Mac; LibreOffice has Liberation Sans in the same widths
TITLE_ONLY = "Title Only"
LOGO_HEIGHT, STRIP = 0.5, 0.15  # inches: the strip above the title


def new(office: str, logo: Logo | None) -> Any:
    """An empty presentation with one layout: title and slide number, the office above."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    master = deck.slide_master
    for layout in list(deck.slide_layouts):
        if layout.name != TITLE_ONLY:
            deck.slide_layouts.remove(layout)
    _paint(master)
    for holder in (master, deck.slide_layouts[0]):
        for shape in list(holder.placeholders):
            _place(shape)
    _brand(master, office, logo)
    return deck


def colour(code: str) -> RGBColor:
    """A colour of the theme as PowerPoint takes it."""
    return RGBColor.from_string(code[1:].upper())


def add_slide(deck: Any) -> Any:
    """A slide of the one layout, with its number."""
    layout = deck.slide_layouts[0]
    slide = deck.slides.add_slide(layout)
    for shape in layout.placeholders:
        if shape.placeholder_format.type is not None and shape.placeholder_format.type.name == "SLIDE_NUMBER":
            slide.shapes.clone_placeholder(shape)
            number = slide.placeholders[shape.placeholder_format.idx]
            paragraph = private.xml_of_paragraph(number.text_frame.paragraphs[0])
            field = paragraph.makeelement(qn("a:fld"), {"id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type": "slidenum"})
            field.append(field.makeelement(qn("a:rPr"), {"sz": str(SMALLEST * 100)}))
            text = field.makeelement(qn("a:t"), {})
            text.text = str(len(deck.slides))
            field.append(text)
            paragraph.insert(0, field)
    return slide


def _place(shape: Any) -> None:
    """Put a placeholder of the master or the layout where it belongs, or take it away."""
    kind = shape.placeholder_format.type.name
    if kind in ("TITLE", "CENTER_TITLE"):
        _box(shape, MARGIN, 0.76, WIDTH - 2 * MARGIN, TITLE_HEIGHT)
        body = private.xml_of_text(shape.text_frame).find(qn("a:bodyPr"))
        for child in list(body):
            body.remove(child)
        body.set("anchor", "ctr")
    elif kind == "SLIDE_NUMBER":
        _box(shape, WIDTH - MARGIN - 1.0, 6.95, 1.0, 0.4)
    elif kind == "BODY":
        _box(shape, MARGIN, 2.0, WIDTH - 2 * MARGIN, 4.8)
    else:
        element = private.xml_of(shape)
        element.getparent().remove(element)


def _box(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = (Inches(value) for value in (left, top, width, height))


def _paint(master: Any) -> None:
    """Fonts and colours of the theme; the title left-aligned in the theme's ink."""
    part, colours = master.part.part_related_by(RELATIONSHIP_TYPE.THEME), palette("light")
    text = part.blob.decode("utf-8").replace('typeface="Calibri"', f'typeface="{FONT}"')
    for old, new_colour in (
        ("4F81BD", colours.accent),
        ("C0504D", colours.calm),
        ("9BBB59", colours.context),
        ("8064A2", colours.over),
        ("4BACC6", colours.done),
        ("F79646", colours.muted),
        ("1F497D", colours.ink),
    ):
        text = text.replace(f'val="{old}"', f'val="{new_colour[1:].upper()}"')
    private.replace_bytes(part, text.encode("utf-8"))
    styles = private.xml_of(master).find(qn("p:txStyles"))
    for level in styles.find(qn("p:titleStyle")):
        level.set("algn", "l")
        properties = level.find(qn("a:defRPr"))
        if properties is not None:
            properties.set("sz", "2800")
            properties.set("b", "1")
    for level in [*styles.find(qn("p:bodyStyle")), *styles.find(qn("p:otherStyle"))]:
        properties = level.find(qn("a:defRPr"))
        if properties is not None and "sz" in properties.attrib:
            properties.set("sz", str(max(int(properties.get("sz")), SMALLEST * 100)))
    for holder in (master, *master.slide_layouts):
        for properties in private.xml_of(holder).iter(qn("a:defRPr")):
            if int(properties.get("sz", "1800")) < SMALLEST * 100:
                properties.set("sz", str(SMALLEST * 100))


def _brand(master: Any, office: str, logo: Logo | None) -> None:
    """The office's logo and name, on the master."""
    tree, left = private.shape_tree(master.shapes), MARGIN
    if logo is not None:
        height = LOGO_HEIGHT
        width = min(height * logo.width / logo.height, 3.0)
        _part, rel = master.part.get_or_add_image_part(io.BytesIO(logo.png))
        tree.append(
            CT_Picture.new_pic(
                9001, "Logo", office, rel, Inches(left), Inches(STRIP), Inches(width), Inches(width * logo.height / logo.width)
            )
        )
        left += width + 0.15
    if not office:
        return
    box = CT_Shape.new_textbox_sp(9002, "Office", Inches(left), Inches(0.1), Inches(7.7 - left), Inches(0.62))
    tree.append(box)
    frame = Shape(box, master.shapes).text_frame
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    write(frame, shortened(office, 1.9 * (7.7 - left), SMALLEST), SMALLEST, palette("light").muted)


def write(frame: Any, text: str, size: float, ink: str, *, bold: bool = False) -> None:
    """One paragraph into a frame without inner margins."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    frame.word_wrap = True
    run = frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.bold, run.font.color.rgb = text, Pt(size), bold, colour(ink)


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


def text(
    slide: Any, box: Box, lines: Sequence[tuple[str, float, bool, str]], *, name: str, middle: bool = False, right: bool = False
) -> Any:
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


def table(
    slide: Any, box: Box, found: fitting.Table, widths: Sequence[float], *, alt: str, name: str, last: str | None = None
) -> None:
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
