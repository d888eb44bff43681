"""The office's logo: a PNG, or an SVG that is drawn as one; whatever else calls itself a picture is refused."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32, decompressobj
from zlib import error as zlib_error

from ektp_analysis.charts.drawing import drawn as draw
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T

PNG = b"\x89PNG\r\n\x1a\n"
MOST_BYTES, MOST_PIXELS = 2_000_000, 4000
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
            drawn = draw("svg to png", data.decode("utf-8"), 3)
        except ValueError as error:
            raise refusal from error
    else:
        raise refusal
    width, height = _size(drawn)
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS) or not _whole(drawn, width, height):
        raise refusal
    return Logo(drawn, width, height)


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
