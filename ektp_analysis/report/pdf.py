"""PDF from a template and data: tagged for screen readers (PDF/UA-1), fonts embedded, nothing fetched from anywhere."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import typst

from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.text import T, sentence
from ektp_analysis.core.theme import palette
from ektp_analysis.figures.classes import Classes
from ektp_analysis.maps.legend import legend
from ektp_analysis.report import fitting, pictures
from ektp_analysis.report.blocks import Big, Changes, Dots, Fan, Lines, Map, Picture, Ranking, Teams, Trend, compose
from ektp_analysis.report.deck import Deck, Slide, Told
from ektp_analysis.report.fitting import (
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

FONT = "Source Sans Pro"
FONT_PACKAGE = "font_source_sans_pro"
PARTS = "parts.typ"  # what the templates share
STANDARD: Literal["ua-1"] = "ua-1"
HERE = Path(__file__).parent


def fonts() -> Path:
    """The folder of the fonts that are embedded.

    Raises:
        StoreError: they are not installed.
    """
    found = find_spec(FONT_PACKAGE)
    folders = [] if found is None else [Path(place) / "files" for place in found.submodule_search_locations or ()]
    for folder in folders:
        if any(folder.glob("SourceSansPro-Regular.*")):
            return folder
    raise StoreError(T("The font {font} is missing, so no PDF can be made; install the program's requirements again.", font=FONT))


def set_pdf(template: str, data: Mapping[str, Any], pictures: Mapping[str, str], made_at: datetime, logo: Logo | None) -> bytes:
    """The PDF of a template (a file beside this module) with data.json and pictures (name -> SVG) in its folder.

    Raises:
        StoreError: the fonts are missing, the disk is full, or the text cannot be set.
    """
    moment = made_at.astimezone(UTC).replace(microsecond=0)
    with _folder(template, data, pictures, logo) as (main, root, font):
        return bytes(
            typst.compile(main, root=root, font_paths=[font], timestamp=moment, ignore_system_fonts=True, pdf_standards=STANDARD)
        )


@contextmanager
def _folder(
    template: str, data: Mapping[str, Any], pictures: Mapping[str, str], logo: Logo | None
) -> Iterator[tuple[str, str, str]]:
    """A folder with all that the template needs: its main file, itself, the folder of the fonts."""
    font = fonts()
    try:
        with tempfile.TemporaryDirectory(prefix="ektp-") as name:
            place = Path(name)
            for file, drawing in pictures.items():
                (place / file).write_text(drawing, encoding="utf-8")
            if logo is not None:
                (place / "logo.png").write_bytes(logo.png)
            whole = {"font": FONT, "logo": "" if logo is None else "logo.png", **data}
            (place / "data.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
            (place / "main.typ").write_bytes((HERE / template).read_bytes())
            (place / PARTS).write_bytes((HERE / PARTS).read_bytes())
            yield str(place / "main.typ"), str(place), str(font)
    except OSError as error:
        raise StoreError(T("The PDF cannot be made: {reason}.", reason=error.strerror or type(error).__name__)) from error
    except typst.TypstError as error:
        raise StoreError(T("The PDF cannot be made: {reason}.", reason=error.message)) from error


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
    return set_pdf("deck.typ", data, files, deck.state.made_at, logo)


def _content(deck: Deck, lang: str, office: str, told: Told | None) -> tuple[Part, dict[str, str]]:
    """What the template sets, and its pictures."""
    drawer = Drawer(lang, pictures.SLIDE)
    slides: list[Part] = []
    for number, slide in enumerate(deck.slides, 1):
        slides += [_slide(page, drawer) for page in pages(slide, lang)]
        if told is not None:
            told(number, len(deck.slides))
    named = shortened(sentence(deck.named, lang), ACROSS - 1.2, SMALLEST)
    return {**about(deck, lang, office), "slides": slides, "named": named}, drawer.files


def about(deck: Deck, lang: str, office: str) -> Part:
    """What every PDF says about itself."""
    return {
        "lang": lang,
        "office": office,
        "author": office or "e-KTP",
        "fingerprint": deck.fingerprint,
        "title": sentence(deck.named, lang),
        "made": sentence(deck.made, lang),
        "stamp": "" if deck.stamp is None else sentence(deck.stamp, lang),
        "colours": {name: getattr(COLOURS, name) for name in ("ink", "muted", "accent", "calm", "grid", "surface")},
    }


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

    def table(self, found: fitting.Table, words_in: Sequence[int] = (0,)) -> Part:
        """A plain table; the columns of words stand left, numbers right."""
        return {"kind": "table", "heads": list(found[0]), "rows": [list(row) for row in found[1]], "words": list(words_in)}

    def legend(self, classes: Classes) -> Part:
        """The classes of a map; marks are left to the words, for not every font has them."""
        return {
            "kind": "legend",
            "rows": [
                {"fill": row.colour, "hatch": COLOURS.hatch if row.hatched else "", "label": f"{row.label} ({row.areas})"}
                for row in legend(classes, self.lang)
            ],
        }

    def ranking(self, block: Ranking, room: float) -> Part:
        """Names, bars with their number, change."""
        return self.bars(fitting.ranked(block), room)

    def bars(self, bars: fitting.Bars, room: float) -> Part:
        """Names, bars with their number (the longest ``room`` inches), the other figure."""
        names = names_in(bars.names, 2.6 * 48 / self.pixels, 9 * 96 / self.pixels)
        rows = [
            {"name": name, "share": one.share, "value": one.value, "fill": one.fill, "others": [one.other]}
            for name, one in zip(names, bars.bars(self.lang), strict=True)
        ]
        rest = "" if bars.rest is None else sentence(bars.rest, self.lang)
        return {"kind": "bars", "heads": fitting.say(bars.heads, self.lang), "rows": rows, "room": room, "pad": PAD, "rest": rest}


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

    def grid(self, table: fitting.Table) -> Part:
        """The table."""
        return self.drawer.table(table)

    def key(self, classes: Classes) -> Part:
        """The legend."""
        return self.drawer.legend(classes)

    def bars(self, bars: fitting.Bars, room: float) -> Part:
        """The bars."""
        return self.drawer.bars(bars, room)

    def chances(self, head: str, lines: list[tuple[str, str]]) -> Part:
        """The days and what is said of each."""
        return {"kind": "chances", "head": head, "rows": [{"day": day, "said": said} for day, said in lines]}

    def beside(self, first: Part, second: Part, left: float) -> Part:
        """Both parts."""
        return {"kind": "beside", "first": first, "second": second, "left": left}


def _slide(slide: Slide, drawer: Drawer) -> Part:
    title, alt = (sentence(text, drawer.lang) for text in (slide.title, slide.alt))
    return {
        "title": title,
        "size": size_for([title], ACROSS, TITLE_HEIGHT, TITLE_SIZES, bold=True),
        "blocks": [compose(block, SlideSheet(drawer, alt)) for block in slide.blocks],
    }


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
    data = {
        **said,
        "heading": sentence(first.title, lang),
        "big": drawn,
        "foot": foot,
        "sides": _sides(deck, drawer, told),
        "last": _last(deck, lang),
    }
    return set_pdf("onepager.typ", data, drawer.files, deck.state.made_at, logo)


def _sides(deck: Deck, drawer: Drawer, told: Told | None) -> list[Part]:
    """What stands in the two columns, row by row."""
    found: list[Part] = []
    for number, slide in enumerate(deck.slides, 1):
        if told is not None:
            told(number, len(deck.slides))
        title, alt = (sentence(text, drawer.lang) for text in (slide.title, slide.alt))
        for block in slide.blocks:
            parts = compose(block, _Column(drawer, alt))
            if parts:
                found.append({"key": slide.key, "title": title, "parts": parts})
    return found if len(found) <= MOST_SIDES else [side for side in found if side["key"] not in ("fan", "zero")]


class _Column:
    """A block in one of the two columns, as parts of the template: none where it stands elsewhere on the page."""

    def __init__(self, drawer: Drawer, alt: str) -> None:
        self._drawer, self._alt = drawer, alt

    def big(self, block: Big) -> list[Part]:  # noqa: ARG002 - it stands at the head of the page
        return []

    def lines(self, block: Lines) -> list[Part]:  # noqa: ARG002 - they stand at its foot
        return []

    def trend(self, block: Trend) -> list[Part]:
        return [self._picture(block, 1.9), self._drawer.table(_latest(fitting.trend_table(block, self._drawer.lang)))]

    def fan(self, block: Fan) -> list[Part]:
        return [self._picture(block, 1.9)]

    def dots(self, block: Dots) -> list[Part]:
        if not block.chances:
            return []
        return [self._picture(block, 1.5), self._drawer.table(fitting.chances_table(block, self._drawer.lang), (0, 2))]

    def map(self, block: Map) -> list[Part]:
        return [self._picture(block, 2.1), self._drawer.legend(block.classes)]

    def ranking(self, block: Ranking) -> list[Part]:
        return [self._drawer.ranking(block, 0.9)]

    def teams(self, block: Teams) -> list[Part]:  # noqa: ARG002 - its lines stand at the foot of the page
        return []

    def changes(self, block: Changes) -> list[Part]:  # noqa: ARG002 - the page has no room for them
        return []

    def _picture(self, block: Picture, height: float) -> Part:
        return self._drawer.picture(block, HALF, height, self._alt)


def _latest(found: fitting.Table) -> fitting.Table:
    """The last five rows of a table."""
    return found[0], found[1][-5:]


def _last(deck: Deck, lang: str) -> Part:
    """Data, warnings, method and sources; the reading order ends here."""
    lines = [line for slide in deck.slides for block in slide.blocks if isinstance(block, Lines) for line in block.lines]
    title = next(slide.title for slide in deck.slides if slide.key == "data")
    planned = [block.whole for slide in deck.slides for block in slide.blocks if isinstance(block, Teams)]
    said = fitting.say([*planned, *lines[:MOST_LINES]], lang)
    return {"title": sentence(title, lang), "parts": [{"kind": "lines", "lines": said}]}
