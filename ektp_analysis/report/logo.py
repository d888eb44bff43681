"""The office's logo: a PNG, or an SVG that is drawn as one; whatever else calls itself a picture is refused."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat
from zlib import crc32, decompressobj
from zlib import error as zlib_error

from ektp_analysis.charts.drawing import drawn as draw
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.text import T

PNG = b"\x89PNG\r\n\x1a\n"
MOST_BYTES, MOST_PIXELS = 2_000_000, 4000
SVG_PIXELS, SVG_SCALE = 1600, 3  # an SVG is drawn at three times its size, but never wider or higher than this
MOST_PARTS, MOST_DEPTH, MOST_USES = 10_000, 32, 200  # of an SVG: a crest has hundreds of parts, a bomb millions
SECONDS = 20.0  # a logo that takes longer is none
_OUTSIDE = {"script", "foreignobject", "image", "iframe", "feimage"}
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_REACHES_OUT = re.compile(
    rb"<!ENTITY|<!DOCTYPE|<(\w+:)?(script|foreignObject|image|iframe)|@import"
    rb"|url\(\s*['\"]?(?!['\"#])|href\s*=\s*['\"](?!#)",
    re.I,
)


@dataclass(frozen=True)
class Logo:
    """A PNG with its size in pixels."""

    png: bytes
    width: int
    height: int


def load(path: Path | None) -> Logo | None:
    """The logo of a file; None where none is set.

    Raises:
        UserError: it cannot be read, or is not a picture.
    """
    if path is None:
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            T("The logo {file} cannot be read: {reason}.", file=path.name, reason=error.strerror or type(error).__name__)
        ) from error
    return read(data, path.name)


def read(data: bytes, name: str) -> Logo:
    """The logo from its bytes.

    Raises:
        UserError: not a PNG or SVG, too large, damaged, or an SVG that asks for something outside of itself.
    """
    refusal = UserError(T("The logo {file} is not a PNG or SVG picture of at most 2 MB; save it as PNG.", file=name))
    if len(data) > MOST_BYTES:
        raise refusal
    if data.startswith(PNG):
        drawn = data
    elif b"<svg" in data[:2000].lower() and not _REACHES_OUT.search(data):
        try:
            scale = min(SVG_SCALE, SVG_PIXELS / _longest(data))
            drawn = draw("svg to png", data.decode("utf-8"), scale, seconds=SECONDS)
        except (ValueError, expat.ExpatError, StoreError) as error:
            raise refusal from error
    else:
        raise refusal
    width, height = _size(drawn)
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS) or not _whole(drawn, width, height):
        raise refusal
    return Logo(drawn, width, height)


def _longest(svg: bytes) -> float:
    """Width or height of an SVG, whichever is more, in pixels, as it says itself.

    Raises:
        ValueError: it is more than a logo: too many parts, nested too deep, of no size, or with something from outside.
        ExpatError: it is no XML.
    """
    root: dict[str, str] = {}
    depth = parts = uses = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, parts, uses
        plain = name.rpartition(":")[2].lower()
        if not parts:
            root.update(attributes)
        depth, parts, uses = depth + 1, parts + 1, uses + (plain == "use")
        reaches = any(key.rpartition(":")[2].lower() == "href" and not to.startswith("#") for key, to in attributes.items())
        if depth > MOST_DEPTH or parts > MOST_PARTS or uses > MOST_USES or plain in _OUTSIDE or reaches:
            raise ValueError(plain)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.Parse(svg, True)
    box = [float(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if part]
    sides = [_pixels(root.get(name, ""), side) for name, side in (("width", box[2:3]), ("height", box[3:4]))]
    if not all(0 < side < float("inf") for side in sides):
        raise ValueError(sides)
    return max(sides)


def _pixels(length: str, of_box: list[float]) -> float:
    """A length in pixels; a share, also where none is given (all), is of the box, and without one of a hundred pixels."""
    found = re.fullmatch(r"\+?([\d.]+(?:e[+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|%|)", length.strip() or "100%", re.I)
    if found is None:
        raise ValueError(length)
    whole = of_box[0] if of_box else 100.0
    return float(found[1]) * (whole / 100 if found[2] == "%" else _UNITS[found[2].lower()])


def _size(png: bytes) -> tuple[int, int]:
    if len(png) < 33 or png[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _whole(png: bytes, width: int, height: int) -> bool:
    """Whether every part of the PNG is there and as its checksum says, and its pixels can be unpacked, all of them."""
    place, packed = len(PNG), bytearray()
    while place + 12 <= len(png):
        size, kind = struct.unpack(">I4s", png[place : place + 8])
        end = place + 12 + size
        if end > len(png) or struct.unpack(">I", png[end - 4 : end])[0] != crc32(png[place + 4 : end - 4]):
            return False
        if kind == b"IDAT":
            packed += png[place + 8 : end - 4]
        if kind == b"IEND":
            return _unpacks(bytes(packed), png, width, height)
        place = end
    return False


def _unpacks(packed: bytes, png: bytes, width: int, height: int) -> bool:
    depth, colour, interlaced = png[24], png[25], png[28]
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour)
    if channels is None:
        return False
    size = (-(-width * channels * depth // 8) + 1) * height
    try:
        pixels = decompressobj().decompress(packed, size + 8 * height + 64)  # rows of an interlaced one begin more often
    except zlib_error:
        return False
    return len(pixels) == size or (interlaced == 1 and len(pixels) >= size)
