"""Colours and type, once: pages, charts, maps and slides take them from here, and .streamlit/config.toml agrees.

One warm accent carries the message (the unrecorded), greys carry the context, one calm blue stands for the target and
for 'tuntas'. The sequential ramp is lajolla of Crameri's Scientific colour maps 8.0 (MIT licence,
doi:10.5281/zenodo.1243862), cut to a lightness (CIE L*) of 92 to 28 in equal steps: even to the eye, safe for
colour-blind readers, and in order on a grey print.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]
FONT = "Source Sans, Source Sans Pro, Liberation Sans, Arial, sans-serif"
RAMP = ("#fbe890", "#f4ce63", "#edb054", "#e79252", "#e0714f", "#cf544c", "#ad4746", "#873e3a", "#67342a")
# The blue half of vik, from the same maps: the good side of a measure that diverges about zero.
COOL = ("#c3d9e3", "#9ac2d5", "#67a2c0", "#3983ab", "#116496", "#034280")
DEEPEST = {"light": 1.0, "dark": 0.9}  # a dark page must still show its darkest area
MOST_STEPS = 7


@dataclass(frozen=True)
class Palette:
    """The named colours of one theme, as #rrggbb."""

    paper: str  # the page
    surface: str  # sidebar, cards
    ink: str  # text
    muted: str  # secondary text: 4.5:1 on paper
    grid: str  # axes and grid lines
    context: str  # marks that are not the message
    accent: str  # the message as a line, point or number: 3:1 on paper
    primary: str  # buttons and chosen controls: white text on it 4.5:1
    calm: str  # target line: 3:1 on paper
    done: str  # fill of 'tuntas': zero unrecorded
    over: str  # fill of more than 100 %
    same: str  # fill of no change, the middle of a diverging ramp
    beyond: str  # fill of 'not within the horizon'
    stale: str  # ground of an outdated figure, under dots
    none: str  # ground of 'no data', under the hatch
    hatch: str  # lines of the hatch
    outline: str  # border between areas
    land: str  # the land around the areas, without figures
    shore: str  # its coast and borders
    chosen: str  # border of the chosen area
    picked: str  # ground of the chosen row: text of every colour stays readable on it
    doubt: str  # words of what makes a figure doubtful, on its ground: 4.5:1
    doubted: str  # that ground


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        paper="#ffffff",
        surface="#f6f5f2",
        ink="#22262b",
        muted="#5b6470",
        grid="#e3e5e8",
        context="#a3abb5",
        accent="#b5433f",
        primary="#b5433f",
        calm="#1f6f8b",
        done="#8fc1d4",
        over="#4b4a8f",
        same="#ebebeb",
        beyond="#30353d",
        stale="#dcd6ca",
        none="#f1f2f4",
        hatch="#a3abb5",
        outline="#ffffff",
        land="#edeff1",
        shore="#cfd4da",
        chosen="#22262b",
        picked="#f6efea",
        doubt="#7a4b00",
        doubted="#fdf0d9",
    ),
    "dark": Palette(
        paper="#14171c",
        surface="#1d2128",
        ink="#eceef1",
        muted="#a7b0bc",
        grid="#343a43",
        context="#737d8a",
        accent="#ec7f62",
        primary="#c4503c",
        calm="#6fb7d2",
        done="#8fc1d4",
        over="#7372c4",
        same="#d8dadd",
        beyond="#5b6470",
        stale="#4a463f",
        none="#23272e",
        hatch="#737d8a",
        outline="#14171c",
        land="#1e232a",
        shore="#353c46",
        chosen="#ffffff",
        picked="#2a2524",
        doubt="#f0c987",
        doubted="#3a2f1c",
    ),
}


def palette(theme: Theme) -> Palette:
    """The colours of a theme, 'light' or 'dark'."""
    return PALETTES[theme]


def ramp(steps: int, theme: Theme = "light") -> tuple[str, ...]:
    """``steps`` colours (1 to 7) from fewest (lightest) to most unrecorded (darkest), in both themes."""
    return _cut(RAMP, steps, theme)


def cool(steps: int, theme: Theme = "light") -> tuple[str, ...]:
    """``steps`` blues (1 to 7) from the middle of a diverging measure outwards, darker is further."""
    return _cut(COOL, steps, theme)


def _cut(colours: tuple[str, ...], steps: int, theme: Theme) -> tuple[str, ...]:
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"1 to {MOST_STEPS} steps, not {steps}")
    first, last = {1: (0.55, 0.55), 2: (0.25, 0.9), 3: (0.12, 0.95)}.get(steps, (0.0, 1.0))
    places = (first + (last - first) * i / max(steps - 1, 1) for i in range(steps))
    return tuple(_at(colours, place * DEEPEST[theme]) for place in places)


def _at(colours: tuple[str, ...], place: float) -> str:
    """The colour at a place (0 to 1) of a ramp, linear between its neighbours."""
    whole, part = divmod(place * (len(colours) - 1), 1)
    left, right = (colours[min(int(whole) + step, len(colours) - 1)] for step in (0, 1))
    mixed = (round(int(left[i : i + 2], 16) * (1 - part) + int(right[i : i + 2], 16) * part) for i in (1, 3, 5))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def css() -> str:
    """Rules that Streamlit's theme has no setting for: chosen buttons, the slider's value and small print stay readable.

    The browser takes the colour of the theme that the page stands in, so they follow it before the server answers again.
    """
    ink, muted, calm = both("ink"), both("muted"), both("calm")
    return (
        f'<style>[data-testid="stButtonGroup"] [data-selected="true"] p {{ color: {ink}; font-weight: 600; }} '
        f'[data-testid="stSliderThumbValue"] p {{ color: {ink}; }} '
        f'[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {{ color: {muted}; opacity: 1; }} '
        '[data-testid="stHeading"] h2 { padding: .5rem 0 1rem; } '
        '[data-testid="stSidebarHeader"]::before { content: "e-KTP"; '
        f"font: 700 1.35rem/1 {FONT}; color: {ink}; margin: auto auto auto .5rem; }} "
        ".st-key-glance h2 { font-size: 1.25rem; padding: .25rem 0; } " + _focus(calm) + _STILL + "</style>"
    )


def both(name: str) -> str:
    """A colour of both themes, in CSS: the part of the page it stands in says which, by its ``color-scheme``."""
    return f"light-dark({getattr(PALETTES['light'], name)}, {getattr(PALETTES['dark'], name)})"


# Animations take a moment instead of none: a countdown waits for its end. No transitions at all: where one is given a length,
# every element has some, and a list of choices that waits for one that was broken off never closes.
_STILL = (
    "@media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation-duration: .01ms !important; "
    "animation-iteration-count: 1 !important; transition: none !important; scroll-behavior: auto !important; } }"
)


def _focus(colour: str) -> str:
    """One ring wherever the keyboard is: around the whole box of a field, and inside what would cut it off."""
    field = 'div:has(> :is(input, textarea):focus-visible), [data-testid="stSlider"] div:has(> * > input:focus-visible)'
    inside = '[data-testid="stMain"]:focus-visible, [data-testid="stSidebarNavLink"]:focus-visible, canvas:focus-within, ' + field
    return (
        f":focus-visible, canvas:focus-within, label:has(input:focus-visible), {field} {{ "
        f"outline: 2px solid {colour} !important; outline-offset: 1px !important; }} "
        f"{inside} {{ outline-offset: -2px !important; }} "
        ":is(input, textarea):focus-visible { outline: none !important; } "
    )


def readable_on(fill: str) -> str:
    """Ink that can be read on a fill: near-black or white, whichever contrasts more."""
    dark, light = "#0b0c0e", "#ffffff"
    return dark if contrast(fill, dark) >= contrast(fill, light) else light


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
