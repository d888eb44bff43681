"""Workbooks in binary and open formats, written byte by byte: the xlsb of Excel and of programs that leave columns out."""

from __future__ import annotations

import io
import random
import struct
import zipfile

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _number(value: int) -> bytes:
    made = bytearray()
    while True:
        made.append((value & 0x7F) | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(made)


def _record(kind: int, body: bytes = b"") -> bytes:
    return _number(kind) + _number(len(body)) + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _relations(kind: str, target: str) -> str:
    link = f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<?xml version="1.0"?><Relationships xmlns="{_RELATIONS}">{link}</Relationships>'


def xlsb(rows: list[list], name: str = "Rekap", *, short: bool = False) -> bytes:
    """An xlsb of one sheet. ``short``: cells that follow their neighbour leave out their column."""
    sheet = _record(129) + _record(148, struct.pack("<4I", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)) + _record(145)
    for number, row in enumerate(rows):
        sheet += _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        last = -2
        for place, cell in enumerate(row):
            if cell in ("", None):
                continue
            body = struct.pack("<I", 0) + (_wide(cell) if isinstance(cell, str) else struct.pack("<d", cell))
            kind = 6 if isinstance(cell, str) else 5
            beside = short and last == place - 1
            sheet += _record(kind + 11, body) if beside else _record(kind, struct.pack("<I", place) + body)
            last = place
    sheet += _record(146) + _record(130)
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name)
    book = _record(131) + _record(143) + _record(156, bundle) + _record(144) + _record(132)
    kinds = '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    kinds += '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", f'<?xml version="1.0"?><Types xmlns="{_TYPES}">{kinds}</Types>')
        parts.writestr("_rels/.rels", _relations("officeDocument", "xl/workbook.bin"))
        parts.writestr("xl/_rels/workbook.bin.rels", _relations("worksheet", "worksheets/sheet1.bin"))
        parts.writestr("xl/workbook.bin", book)
        parts.writestr("xl/worksheets/sheet1.bin", sheet)
    return out.getvalue()


def laid_out(data: bytes) -> bytes:
    """The same ods as a program writes it that breaks lines between tags and puts the type of the file last."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as parts, zipfile.ZipFile(out, "w") as made:
        for name in sorted(parts.namelist(), key=lambda name: name == "mimetype"):
            content = parts.read(name)
            made.writestr(name, content.replace(b"><table:", b">\n      <table:").replace(b"></table:", b">\n    </table:"))
    return out.getvalue()


def encrypted(seed: int = 1) -> bytes:
    """What Office saves under a password: bytes that nothing can be read from, as a stream of a compound file."""
    return _compound(random.Random(seed).randbytes(9_000), "EncryptedPackage")


_FREE, _END, _TABLE, _SECTOR, _ENTRIES = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 512, 128  # of a compound file; sectors a table names
_LEAST = 4096  # bytes of a stream that has sectors of its own


def _old(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls(rows: list[list], name: str = "Rekap") -> bytes:
    """An old workbook (BIFF8) of one sheet."""
    sheet = _old(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    sheet += _old(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            at = struct.pack("<HHH", y, x, 0)
            if isinstance(cell, str) and cell:
                sheet += _old(0x0204, at + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
            elif cell not in ("", None):
                sheet += _old(0x0203, at + struct.pack("<d", cell))
    sheet += _old(0x000A)

    def book(start: int) -> bytes:
        of = struct.pack("<IBBBB", start, 0, 0, len(name), 1) + name.encode("utf-16-le")
        head = _old(0x0809, struct.pack("<HHHHII", 0x0600, 0x05, 0, 0, 0, 0)) + _old(0x0042, struct.pack("<H", 1200))
        return head + _old(0x0085, of) + _old(0x000A)

    return _compound(book(len(book(0))) + sheet)


def _compound(stream: bytes, name: str = "Workbook") -> bytes:
    """A compound file of one stream: head, tables of sectors, directory, the stream's sectors."""
    stream = stream.ljust(max(_LEAST, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count, tables = len(stream) // _SECTOR, 1
    while tables * _ENTRIES < tables + 1 + count:
        tables += 1
    first = tables + 1
    chain = [*[_TABLE] * tables, _END, *range(first + 1, first + count), _END]
    chain += [_FREE] * (tables * _ENTRIES - len(chain))

    def entry(called: str, kind: int, start: int, size: int, child: int) -> bytes:
        wide = called.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<HBBIII", len(wide), kind, 1, _FREE, _FREE, child)
        return (wide.ljust(64, b"\0") + links).ljust(116, b"\0") + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, _END, 0, 1) + entry(name, 2, first, len(stream), _FREE)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, tables, tables, 0, _LEAST, _END, 0, _END, 0)
    head += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    return head + struct.pack(f"<{len(chain)}I", *chain) + directory.ljust(_SECTOR, b"\0") + stream
