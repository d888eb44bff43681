"""Containers that are as the formats allow, but that the reader of cells would not read whole, put into its usual form.

xlsb: a cell may leave out its column where it follows its neighbour ([MS-XLSB] 2.1.7.62, records 12 to 18); the reader
passes over such cells without a word. ods: the part 'mimetype' may stand later, and blanks between the tags of a table
mean nothing (OpenDocument 1.3, part 2, 3.3); the reader takes either for damage.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable

from ektp_analysis.ingest import package

_ROW, _FIRST, _LAST, _FULL, _RICH = 0, 12, 18, range(1, 12), 62
_LOOK = 4_000  # records of a sheet that show whether it leaves columns out
_TABLES = re.compile(rb"xl/worksheets/[^/]+\.bin", re.IGNORECASE)
_BETWEEN = re.compile(rb"(</?(?:table|office):[^<>]*>)\s+(?=</?(?:table|office|text):)")


def binary(data: bytes) -> bytes:
    """The xlsb with every cell naming its column; the same bytes where all do.

    Raises:
        RefusedError, ValueError: damaged.
    """
    with package.opened(data) as container:
        parts = [name for name in container.namelist() if _TABLES.fullmatch(name.encode())]
        if not any(_short(_content(container, name)) for name in parts):
            return data
    return _rewritten(data, lambda name, content: _columns_named(content) if name in parts else content)


def open_document(data: bytes) -> bytes:
    """The ods with its type first and without blanks between the tags of its tables.

    Raises:
        RefusedError, ValueError: damaged.
    """
    return _rewritten(data, lambda name, content: _tight(content) if name == "content.xml" else content)


def _tight(content: bytes) -> bytes:
    return _BETWEEN.sub(rb"\1", content)


def _rewritten(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    made = io.BytesIO()
    with package.opened(data) as container, zipfile.ZipFile(made, "w") as out:
        names = sorted(dict.fromkeys(container.namelist()), key=lambda name: name != "mimetype")
        for name in names:
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            out.writestr(zipfile.ZipInfo(name), change(name, _content(container, name)), stored, 1)
    return made.getvalue()


def _content(container: zipfile.ZipFile, name: str) -> bytes:
    try:
        return container.read(name)
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        raise ValueError(name) from error


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of up to ``most`` bytes, seven bits each, and where it ends."""
    value = 0
    for step in range(most):
        byte = content[at + step]
        value |= (byte & 0x7F) << (7 * step)
        if byte < 0x80:
            return value, at + step + 1
    return value, at + most


def _short(content: bytes) -> bool:
    """Whether a sheet leaves columns out: a program does so from its first rows on."""
    at = 0
    try:
        for _ in range(_LOOK):
            kind, at = _number(content, at, 2)
            size, at = _number(content, at, 4)
            if _FIRST <= kind <= _LAST:
                return True
            at += size
    except IndexError:
        pass
    return False


def _columns_named(content: bytes) -> bytes:
    made, at, column = bytearray(), 0, -1
    while at < len(content):
        start = at
        try:
            kind, at = _number(content, at, 2)
            size, at = _number(content, at, 4)
        except IndexError:
            made += content[start:]
            break
        body, at = content[at : at + size], at + size
        if kind == _ROW:
            column = -1
        elif kind in _FULL or kind == _RICH:
            column = int.from_bytes(body[:4], "little")
        elif _FIRST <= kind <= _LAST:
            column += 1
            made += bytes([kind - _FIRST + 1]) + _length(size + 4) + column.to_bytes(4, "little") + body
            continue
        made += content[start:at]
    return bytes(made)


def _length(size: int) -> bytes:
    made = bytearray()
    while True:
        made.append((size & 0x7F) | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return bytes(made)
