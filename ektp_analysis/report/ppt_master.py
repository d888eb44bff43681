"""The master of the slides: 16:9, the theme's colours, a font that every office has, the office's name and logo."""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.oxml.shapes.autoshape import CT_Shape
from pptx.oxml.shapes.picture import CT_Picture
from pptx.shapes.autoshape import Shape
from pptx.util import Emu, Inches, Pt

from ektp_analysis import private
from ektp_analysis.report.layout import HEIGHT, MARGIN, SMALLEST, TITLE_HEIGHT, WIDTH, shortened
from ektp_analysis.report.logo import Logo
from ektp_analysis.theme import palette

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
    for old, new_colour in (("4F81BD", colours.accent), ("C0504D", colours.calm), ("9BBB59", colours.context),
                            ("8064A2", colours.over), ("4BACC6", colours.done), ("F79646", colours.muted),
                            ("1F497D", colours.ink)):
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
        tree.append(CT_Picture.new_pic(9001, "Logo", office, rel, Inches(left), Inches(STRIP), Inches(width),
                                       Inches(width * logo.height / logo.width)))
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
