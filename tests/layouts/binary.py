"""Workbooks in binary and open formats, written byte by byte: the xlsb of Excel and of programs that leave columns out."""

from __future__ import annotations

import io
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
