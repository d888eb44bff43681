"""The deck as one HTML page for the wall: the slides of the PDF, live at the pointer, in the theme of the room."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from html import escape
from pathlib import Path

from ektp_analysis.core import inline
from ektp_analysis.core.text import T, Text, render, sentence
from ektp_analysis.core.theme import FONT, Theme, palette
from ektp_analysis.report import fitting, pictures
from ektp_analysis.report.deck import Deck, Slide
from ektp_analysis.report.fitting import DASH, MARGIN, TITLE_HEIGHT, TITLE_SIZES, WIDTH, pages, size_for
from ektp_analysis.report.logo import Logo
from ektp_analysis.report.screen_blocks import body, tag, told

FOLDER = Path(__file__).parent
ON, BACK, FULL, NOTES = T("Next slide"), T("Slide before"), T("Full screen"), T("Notes and figures")
THEME, PRINT, KEYS, CLOSE = T("Light or dark"), T("Print"), T("Keys"), T("Back to the page Presentation")
# What each button does, its words, its picture (24 by 24), and whether a small phone does without it.
TOOLS: tuple[tuple[str, Text, str, bool], ...] = (
    ("back", BACK, "M15 5l-7 7 7 7", False),
    ("on", ON, "M9 5l7 7-7 7", False),
    ("full", FULL, "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5", False),
    ("notes", NOTES, "M6 4h12v16H6zM9 9h6M9 13h6", False),
    ("theme", THEME, "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16", False),
    ("print", PRINT, "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z", True),
    ("help", KEYS, "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10", True),
)
HELP: tuple[tuple[str, Text], ...] = (
    ("→ ↓ PageDown", ON),
    ("← ↑ PageUp", BACK),
    ("Home End", T("First and last slide")),
    ("3 Enter", T("To slide 3")),
    ("F", FULL),
    ("N", NOTES),
    ("D", THEME),
    ("B", T("Black screen")),
    ("P", PRINT),
    ("R", T("Load the newest figures")),
    ("?", KEYS),
)


@dataclass(frozen=True)
class Frame:
    """What stands around the slides: the office and its logo, the theme ('light', 'dark', 'auto'), the address that tells
    whether ``state`` still holds (None: the figures are of a fixed moment), the one that leads back, and that of the font
    of the pages (None: one of the reader's machine)."""

    office: str
    logo: Logo | None
    theme: str
    state: str
    ask: str | None
    back: str
    font: str | None = None


def html(deck: Deck, lang: str, drawn: Mapping[str, Sequence[str]], frame: Frame) -> str:
    """The page, with everything that it needs inside; ``drawn`` are the deck's :func:`~ektp_analysis.report.pictures.drawn`."""
    shown = [(page, slide.key) for slide in deck.slides for page in pages(slide, lang)]
    slides = [
        _slide(deck, page, lang, drawn.get(key, ()), frame, (str(number), len(shown)))
        for number, (page, key) in enumerate(shown, 1)
    ]
    named = sentence(deck.named, lang)
    return "".join(
        (
            _head(lang, frame.theme, policy()),
            tag("title", escape(named)),
            ""
            if frame.font is None
            else f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{escape(frame.font)}">',
            tag("style", _font(frame.font), _colours(deck), style(), (FOLDER / "screen.css").read_text(encoding="utf-8")),
            f'</head><body data-state="{escape(frame.state)}"',
            "" if frame.ask is None else f' data-ask="{escape(frame.ask)}"',
            ">",
            tag("main", tag("h1", escape(named), class_="unseen"), *slides),
            _around(lang, frame, len(shown)),
            tag("script", _script()),
            "</body></html>",
        )
    )


def policy() -> str:
    """What the page may run and load: its own script, known by its hash, and nothing from elsewhere."""
    return (
        f"default-src 'none'; script-src {inline.named([_script()])}; style-src 'unsafe-inline'; img-src data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def _script() -> str:
    return (FOLDER / "screen.js").read_text(encoding="utf-8")


def style() -> str:
    """The rules of a slide, wherever it stands; its measure ``--u`` is an inch."""
    return (FOLDER / "slide.css").read_text(encoding="utf-8")


def sheets(deck: Deck, lang: str, frame: Frame, hidden: Collection[str]) -> dict[str, str]:
    """Each slide of the deck by its key, as it looks in the presentation, without notes; of ``hidden`` ones the number is a dash.

    Where a picture belongs stands an empty element of the class ``picture``; a slide with more lines than fit is several.
    """
    count = sum(len([*pages(slide, lang)]) for slide in deck.slides if slide.key not in hidden)
    made: dict[str, str] = {}
    number = 0
    for slide in deck.slides:
        made[slide.key] = ""
        for page in pages(slide, lang):
            number += slide.key not in hidden
            place = DASH if slide.key in hidden else str(number)
            made[slide.key] += _slide(deck, page, lang, ("",), frame, (place, count), noted=False)
    return made


def one_sentence(said: Text, lang: str, back: str) -> str:
    """A page with one sentence, for what cannot be shown, and the way back."""
    text, label = render(said, lang), render(CLOSE, lang)
    light, dark = palette("light"), palette("dark")
    style = (
        f"body{{font:1.4rem/1.5 {FONT};max-width:40rem;margin:20vh auto;padding:0 1rem;background:{light.paper};"
        f"color:{light.ink}}}a{{color:inherit}}@media(prefers-color-scheme:dark){{body{{background:{dark.paper};"
        f"color:{dark.ink}}}}}"
    )
    return (
        _head(lang, "auto", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        + f"<title>e-KTP</title><style>{style}</style></head><body>"
        + tag(
            "main",
            tag("h1", escape(text), style="font-size:1.4rem;font-weight:400"),
            tag("p", tag("a", escape(label), href=back)),
        )
        + "</body></html>"
    )


def _head(lang: str, theme: str, policy: str) -> str:
    """The beginning of a page that may load nothing but what is in it."""
    return (
        f'<!DOCTYPE html><html lang="{lang}" data-theme="{escape(theme)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
    )


def _slide(
    deck: Deck, slide: Slide, lang: str, drawn: Sequence[str], frame: Frame, place: tuple[str, int], *, noted: bool = True
) -> str:
    """One slide; ``place`` is its number and how many there are."""
    (number, count), title, named = place, sentence(slide.title, lang), sentence(deck.named, lang)
    said = render(T("Slide {number} of {count}: {title}", number=number, count=str(count), title=title), lang)
    logo = (
        ""
        if frame.logo is None
        else (
            f'<img alt="" src="data:image/png;base64,{b64encode(frame.logo.png).decode()}" '
            f'width="{frame.logo.width}" height="{frame.logo.height}">'
        )
    )
    known = deck.state.known_at
    about = named if known is None else render(T("{area}; as known on {known}", area=named, known=known), lang)
    stamp = "" if deck.stamp is None else tag("span", escape(sentence(deck.stamp, lang)), class_="stamp")
    label, lines = render(NOTES, lang), fitting.say(slide.notes, lang)
    notes = tag(
        "div",
        tag("h3", escape(label)),
        *(tag("p", escape(line)) for line in lines),
        told(slide, lang),
        class_="more",
        role="region",
        aria_label=f"{label}, {number}",
    )
    size = size_for([title], WIDTH - 2 * MARGIN, TITLE_HEIGHT, TITLE_SIZES, bold=True)
    return tag(
        "section",
        tag("header", tag("span", logo, tag("span", escape(frame.office)), class_="office"), stamp),
        tag("h2", tag("span", escape(title)), style=f"--s:{size}"),
        tag("div", body(slide, lang, drawn), class_="body"),
        notes if noted else "",
        tag(
            "footer",
            tag("span", tag("span", escape(about)), class_="named"),
            tag("span", escape(deck.fingerprint), class_="report"),
            tag("span", f"{number} / {count}", class_="report place"),
        ),
        class_="slide",
        id=number if noted else None,
        aria_label=f"{number} / {count}",
        data_said=said if noted else None,
    )


def _around(lang: str, frame: Frame, count: int) -> str:
    """The controls, the keys, and what is said and shown for a moment."""

    def say(text: Text) -> str:
        return render(text, lang)

    def icon(path: str) -> str:
        return f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg>'

    buttons = [
        tag(
            "button",
            icon(path),
            type="button",
            data_do=do,
            aria_label=say(label),
            title=say(label),
            aria_pressed="false" if do in ("full", "notes") else None,
            class_="rare" if rare else None,
        )
        for do, label, path, rare in TOOLS
    ]
    leave = tag("a", icon("M6 6l12 12M18 6L6 18"), href=frame.back, data_do="close", aria_label=say(CLOSE), title=say(CLOSE))
    tools = tag(
        "nav",
        buttons[0],
        tag("output", f"1 / {count}", aria_live="off"),
        *buttons[1:],
        leave,
        class_="tools",
        aria_label=say(T("Controls of the presentation")),
    )
    rows = [
        tag("dt", " ".join(tag("kbd", escape(one)) for one in shown.split())) + tag("dd", escape(say(what)))
        for shown, what in HELP
    ]
    keys = tag(
        "dialog",
        tag("h2", escape(say(KEYS)), id="keys"),
        tag("dl", *rows),
        tag("button", escape(say(T("Close"))), type="button", data_do="help"),
        aria_labelledby="keys",
    )
    fresh = tag(
        "button",
        escape(say(T("Newer figures have come in: load them (R)"))),
        type="button",
        class_="fresh",
        data_do="reload",
        hidden="",
    )
    return "".join(
        (
            tag("div", fresh, role="status"),
            tools,
            tag("div", class_="progress", aria_hidden="true"),
            tag("div", class_="unseen says", role="status", aria_live="polite"),
            tag("div", class_="tip", hidden="", aria_hidden="true"),
            keys,
        )
    )


def _font(address: str | None) -> str:
    return (
        ""
        if address is None
        else (
            f'@font-face{{font-family:"{FONT.partition(",")[0]}";src:url("{address}") format("woff2");font-weight:200 900;'
            "font-display:swap}"
        )
    )


def colours(deck: Deck, theme: Theme) -> str:
    """The colours of a theme as CSS variables: those of pages, and those that the slides' pictures are drawn with."""
    return ";".join(
        (
            *(f"--{field.name}:{getattr(palette(theme), field.name)}" for field in fields(palette(theme))),
            *(f"--h{one[1:]}:{one if theme == 'light' else other}" for one, other in pictures.colours(deck).items()),
        )
    )


def _colours(deck: Deck) -> str:
    """The theme as CSS variables. Paper is always light."""
    light, dark = colours(deck, "light"), colours(deck, "dark")
    return (
        f":root{{{light};color-scheme:light;font-family:{FONT}}}"
        f"@media screen{{:root[data-theme=dark]{{{dark};color-scheme:dark}}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root[data-theme=auto]{{{dark};color-scheme:dark}}}}"
    )
