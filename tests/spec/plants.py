"""Personal numbers in every kind of place of a file, made apart from the code that reads. All are made up and belong to nobody.

``PLACES``: name of a kind of place -> (number, how it is written) -> (bytes, file name). ``SPELLINGS``: ways to write one.
A place that is a way of cutting a number takes the number itself. ``family()`` gives them all with their names.
"""

from __future__ import annotations

import base64
import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from tests.layouts import canonical, personal

Made = tuple[bytes, str]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DRAWN = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
SHEET, STRINGS, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


def _digits(first: int) -> Callable[[str], str]:
    return lambda number: "".join(chr(first + int(digit)) for digit in number)


def _cut(number: str, *lengths: int) -> list[str]:
    made = []
    for length in lengths:
        made.append(number[:length])
        number = number[length:]
    return made


def _joined(mark: str, *lengths: int) -> Callable[[str], str]:
    return lambda number: mark.join(_cut(number, *lengths))


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "spaced": lambda number: " ".join(number),
    "blanks": _joined(" ", 6, 6, 4),
    "dots": _joined(".", 6, 6, 4),
    "dashes": _joined("-", 6, 6, 4),
    "slashes": _joined("/", 6, 6, 4),
    "commas": _joined(",", 4, 4, 4, 4),
    "thousands": _joined(",", 1, 3, 3, 3, 3, 3),
    "no-break": _joined("\u00a0", 6, 10),
    "narrow": _joined("\u202f", 4, 4, 4, 4),
    "apostrophe": lambda number: f"'{number}",
    "sentence": lambda number: f"NIK: {number}, cek",
    "numbered": lambda number: f"1. {' '.join(_cut(number, 4, 4, 4, 4))} 2023",
    "arabic": _digits(0x660),
    "persian": _digits(0x6F0),
    "devanagari": _digits(0x966),
    "fullwidth": _digits(0xFF10),
    "mathematical": _digits(0x1D7CE),
    "zero-width": lambda number: "\u200b".join(number),
    "joiner": _joined("\u2060\u200d", 6, 10),
    "soft hyphen": _joined("\u00ad", 8, 8),
    "long dash": _joined(" \u2013 ", 6, 6, 4),
    "underscore": _joined("_", 6, 6, 4),
    "colon": _joined(":", 4, 4, 4, 4),
    "mixed": lambda number: "{}.{}/{} {}".format(*_cut(number, 6, 2, 4, 4)),
}


@cache
def _base() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(canonical.as_xlsx())) as source:
        return {name: source.read(name) for name in source.namelist()}


def packed(parts: dict[str, bytes], *, comment: bytes = b"", extra: bytes = b"", note: bytes = b"") -> bytes:
    """A zip of these parts; ``extra`` and ``note`` stand at the last one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            if name == next(reversed(parts)):
                info.extra, info.comment = extra, note
            made.writestr(info, content, zipfile.ZIP_DEFLATED, 1)
        made.comment = comment
    return out.getvalue()


def book(change: dict[str, tuple[str, str]] | None = None, add: dict[str, bytes] | None = None) -> bytes:
    """The project's own workbook: in each part named in ``change`` one text replaced, with the parts of ``add``."""
    parts = dict(_base())
    for name, (old, new) in (change or {}).items():
        assert old.encode() in parts[name], (name, old)
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)
    return packed(parts | (add or {}))


def _rows(*rows: str) -> bytes:
    """The workbook with rows below its table; ``{r}`` is the row's number."""
    made = "".join(f'<row r="{n}">{row.format(r=n)}</row>' for n, row in enumerate(rows, start=40))
    return book({SHEET: ("</sheetData>", made + "</sheetData>")})


def _text(column: str, value: str) -> str:
    return f'<c r="{column}{{r}}" t="str"><v>{_safe(value)}</v></c>'


def _number(column: str, value: str) -> str:
    return f'<c r="{column}{{r}}"><v>{value}</v></c>'


def _safe(text: str) -> str:
    return escape(text).replace("{", "{{").replace("}", "}}")


def _across(*lengths: int, numbers: bool = False, gap: bool = False) -> Callable[[str, str], Made]:
    def make(number: str, _: str) -> Made:
        places = "KLMNOPQRSTUVWXYZ"[:: 2 if gap else 1]
        cells = (
            _number(place, piece) if numbers else _text(place, piece)
            for place, piece in zip(places, _cut(number, *lengths), strict=False)
        )
        return _rows("".join(cells)), "a.xlsx"

    return make


def _down(*lengths: int) -> Callable[[str, str], Made]:
    return lambda number, _: (_rows(*(_text("K", piece) for piece in _cut(number, *lengths))), "a.xlsx")


def _formula(make: Callable[[str], tuple[str, str]]) -> Callable[[str, str], Made]:
    """``make``: the number -> the formula and the cells that it speaks of."""

    def made(number: str, _: str) -> Made:
        formula, cells = make(number)
        return _rows(cells, "", f'<c r="K{{r}}"><f>{_safe(formula)}</f></c>'), "a.xlsx"

    return made


def _part(name: str, around: str) -> Callable[[str, str], Made]:
    """A part of its own in which ``@`` is the writing, safe in a text and an attribute alike."""
    return lambda _, written: (
        book(add={name: ('<?xml version="1.0" encoding="UTF-8"?>' + around.replace("@", _attribute(written))).encode()}),
        "a.xlsx",
    )


def _attribute(text: str) -> str:
    return quoteattr(text)[1:-1].replace('"', "&quot;")


def _in(part: str, old: str, new: str) -> Callable[[str, str], Made]:
    return lambda _, written: (book({part: (old, new.replace("@", _attribute(written)))}), "a.xlsx")


def _bytes(name: str, make: Callable[[str, str], bytes]) -> Callable[[str, str], Made]:
    return lambda number, written: (book(add={name: make(number, written)}), "a.xlsx")


def png(kind: bytes, body: bytes, after: bytes = b"") -> bytes:
    """A picture of one dot with a chunk of text."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    dot = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(kind, body) + dot + chunk(b"IEND", b"") + after


def jpeg(marker: int, body: bytes) -> bytes:
    """The head of a picture with one segment of text."""
    return b"\xff\xd8\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body + b"\xff\xda\0\2\x12\x34\xff\xd9"


def macros(text: str) -> bytes:
    """A module of macros as it is packed: literal bytes, each eight behind a byte of marks."""
    plain = f'Attribute VB_Name = "A"\r\nSub A()\r\nx = "{text}"\r\nEnd Sub\r\n'.encode("cp1252", "replace")
    body = b"".join(b"\0" + plain[at : at + 8] for at in range(0, len(plain), 8))
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + b"\x01"
        + struct.pack("<H", 0xB000 | (len(body) - 1))
        + body
        + bytes(99)
    )


def _csv(row: Callable[[str, str], str], encoding: str = "utf-8-sig") -> Callable[[str, str], Made]:
    def make(number: str, written: str) -> Made:
        head = "kode;tanggal;wajib ktp;sudah rekam;belum rekam;catatan;lain\n75.05.04;2023-06-20;100;90;10;;\n"
        return (head + row(number, written)).encode(encoding, "replace"), "a.csv"

    return make


def _html(body: str) -> Callable[[str, str], Made]:
    page = (
        "<table><tr><th>KECAMATAN</th><th>WAJIB KTP</th><th>REKAM</th></tr><tr><td>Anggrek</td><td>7</td><td>6</td></tr></table>"
    )
    return lambda number, written: (
        (
            page
            + body.replace("@", _attribute(written))
            .replace("#A", number[:8])
            .replace("#B", number[8:])
            .replace("#R", "".join(f"&#{ord(digit)};" for digit in number))
            .replace("#X", "".join(f"&#x{ord(digit):x};" for digit in number))
        ).encode(),
        "a.xls",
    )


def _ods(make: Callable[[dict[str, bytes], str], dict[str, bytes]]) -> Callable[[str, str], Made]:
    def made(_: str, written: str) -> Made:
        plain = personal.ods([["kode", "tanggal", "wajib ktp"], ["75.05.03", "2023-06-20", "100"]])
        with zipfile.ZipFile(io.BytesIO(plain)) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        return packed(make(parts, _attribute(written))), "a.ods"

    return made


def _swap(old: str, new: str) -> Callable[[dict[str, bytes], str], dict[str, bytes]]:
    return lambda parts, text: (
        parts | {"content.xml": parts["content.xml"].replace(old.encode(), new.replace("@", text).encode(), 1)}
    )


def _archive(**given: bytes) -> Callable[[str, str], Made]:
    return lambda number, _: (packed(_base(), **{k: v.replace(b"@", number.encode()) for k, v in given.items()}), "a.xlsx")


def _extra(number: str, _: str) -> Made:
    return packed(_base(), extra=struct.pack("<HH", 0x7A7A, 16) + number.encode()), "a.xlsx"


def _shared(number: str) -> str:
    return "".join(f"<r><rPr><b/><sz val='11'/></rPr><t>{piece}</t></r>" for piece in _cut(number, 5, 5, 6))


def _inner(number: str) -> bytes:
    return packed({"a.csv": f"NAMA;NIK\nA;{number}\n".encode()})


YEARS = 11  # with so many a text is as large as those that are read in bulk


def _large(rows: str) -> bytes:
    """A text of the project's own layout that is read in bulk, with these rows below."""
    head = b"kode;tanggal;wajib ktp;sudah rekam;dasar;catatan\n"
    days = [(2013 + year, month, day) for month in range(1, 13) for day in range(1, 28) for year in range(YEARS)]
    row = b"75.05.%02d;%d-%02d-%02d;100;90;DKB 2023-1;catatan yang biasa saja\n"
    body = (row % (area, *day) for day in days for area in range(1, 12))
    return head + b"".join(body) + rows.encode() + b"\n"


def _ole(text: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + text + bytes(512)


def _xls(text: str) -> bytes:
    """What an old workbook keeps of a string, without the workbook."""
    return _ole(struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


CT = "<si><t>kode</t></si>"
SPELT: dict[str, Callable[[str, str], Made]] = {
    "cell": lambda _, written: (_rows(_text("K", written)), "a.xlsx"),
    "far cell": lambda _, written: (_rows(_text("ZZ", written)), "a.xlsx"),
    "hidden row": lambda _, w: (
        book({SHEET: ("</sheetData>", f'<row r="50" hidden="1">{_text("K", w).format(r=50)}</row></sheetData>')}),
        "a.xlsx",
    ),
    "hidden column": lambda _, w: (
        packed(
            _base()
            | {
                SHEET: _base()[SHEET]
                .replace(b"<sheetData>", b'<cols><col min="11" max="11" hidden="1"/></cols><sheetData>')
                .replace(b"</sheetData>", f'<row r="50">{_text("K", w).format(r=50)}</row></sheetData>'.encode())
            }
        ),
        "a.xlsx",
    ),
    "inline text": lambda _, w: (
        _rows(f'<c r="K{{r}}" t="inlineStr"><is><t xml:space="preserve">{_safe(w)}</t></is></c>'),
        "a.xlsx",
    ),
    "cell with a shared string": _in(STRINGS, CT, "<si><t>kode @</t></si>"),
    "unused shared string": _in(STRINGS, CT, CT + "<si><t>@</t></si>"),
    "phonetic run": _in(STRINGS, CT, '<si><t>kode</t><rPh sb="0" eb="1"><t>@</t></rPh></si>'),
    "sheet name": _in(WORKBOOK, "</sheets>", '<sheet name="@" sheetId="9" state="hidden" r:id="rId1"/></sheets>'),
    "defined name": _in(
        WORKBOOK, "</sheets>", '</sheets><definedNames><definedName name="Orang">"@"</definedName></definedNames>'
    ),
    "header and footer": _in(SHEET, "</sheetData>", "</sheetData><headerFooter><oddHeader>&amp;C@</oddHeader></headerFooter>"),
    "data validation": _in(
        SHEET,
        "</sheetData>",
        '</sheetData><dataValidations count="1"><dataValidation type="list" sqref="L2" prompt="@"><formula1>"a"</formula1>'
        "</dataValidation></dataValidations>",
    ),
    "conditional format": _in(
        SHEET,
        "</sheetData>",
        '</sheetData><conditionalFormatting sqref="A1"><cfRule type="containsText" priority="1" operator="containsText" text="@">'
        "<formula>1</formula></cfRule></conditionalFormatting>",
    ),
    "hyperlink": _in(
        SHEET, "</sheetData>", '</sheetData><hyperlinks><hyperlink ref="A1" location="A1" tooltip="@"/></hyperlinks>'
    ),
    "link's address": _part(
        "xl/worksheets/_rels/sheet9.xml.rels", '<Relationships><Relationship Id="r" Target="x?nik=@"/></Relationships>'
    ),
    "note": _part(
        "xl/comments1.xml",
        f"<comments {MAIN}><commentList><comment ref='A1'><text><t>@</t></text></comment></commentList></comments>",
    ),
    "threaded note": _part(
        "xl/threadedComments/threadedComment1.xml",
        "<ThreadedComments><threadedComment><text>@</text></threadedComment></ThreadedComments>",
    ),
    "person of a note": _part("xl/persons/person.xml", '<personList><person displayName="@"/></personList>'),
    "core properties": _in("docProps/core.xml", "<dc:creator>", "<dc:title>@</dc:title><dc:creator>"),
    "app properties": _in("docProps/app.xml", "<Application>", "<Manager>@</Manager><Application>"),
    "custom properties": _part(
        "docProps/custom.xml", "<Properties><property name='a'><vt:lpwstr>@</vt:lpwstr></property></Properties>"
    ),
    "text box": _part("xl/drawings/drawing9.xml", f"<x {DRAWN}><a:p><a:r><a:rPr lang='id'/><a:t>@</a:t></a:r></a:p></x>"),
    "picture's description": _part("xl/drawings/drawing8.xml", '<x><cNvPr id="2" name="a" descr="@"/></x>'),
    "old drawing": _part("xl/drawings/vmlDrawing1.vml", "<xml><div style='a'><font>@</font></div></xml>"),
    "chart title": _part("xl/charts/chart1.xml", f"<c {DRAWN}><a:t>@</a:t></c>"),
    "chart cache": _part("xl/charts/chart2.xml", "<c:strCache><c:pt idx='0'><c:v>@</c:v></c:pt></c:strCache>"),
    "pivot cache": _part("xl/pivotCache/pivotCacheDefinition1.xml", "<d><sharedItems><s v='@'/></sharedItems></d>"),
    "external link": _part("xl/externalLinks/externalLink1.xml", "<x><cell r='A1'><v>@</v></cell></x>"),
    "table's column": _part("xl/tables/table1.xml", "<table><tableColumn id='1' name='@'/></table>"),
    "custom XML": _part("customXml/item1.xml", "<data><orang>@</orang></data>"),
    "markup comment": _part("customXml/item2.xml", "<data><!-- @ --></data>"),
    "CDATA": _part("customXml/item3.xml", "<data><![CDATA[@]]></data>"),
    "text of a part": _bytes("xl/readme.txt", lambda _, written: written.encode()),
    "part without a name": _bytes("xl/unknown.dat", lambda _, written: written.encode()),
    "JSON part": _bytes("customXml/a.json", lambda _, written: f'{{"nik": "{written}"}}'.encode()),
    "UTF-16 in bytes": _bytes(
        "xl/printerSettings/printerSettings1.bin", lambda _, written: b"\1\2" + written.encode("utf-16-le")
    ),
    "csv cell": _csv(lambda _, written: f'75.05.03;2023-06-20;100;90;10;"{written}";\n'),
    "csv over lines": _csv(lambda _, written: f'75.05.03;2023-06-20;100;90;10;"satu\n{written}\n";\n'),
    "csv UTF-16": _csv(lambda _, written: f'75.05.03;2023-06-20;100;90;10;"{written}";\n', "utf-16"),
    "csv header": lambda _, written: (f'kode;tanggal;wajib ktp;"{written}"\n75.05.03;2023-06-20;100;1\n'.encode(), "a.csv"),
    "html text": _html("<p>@</p>"),
    "html attribute": _html("<p title='a' data-x=\"@\">a</p>"),
    "html comment": _html("<!-- @ -->"),
    "html script": _html("<script>var x = '@'</script>"),
    "ods cell": _ods(_swap(">100<", ">100 @<")),
    "ods annotation": _ods(
        _swap("<text:p>100</text:p>", "<text:p>100</text:p><office:annotation><text:p>@</text:p></office:annotation>")
    ),
    "ods properties": _ods(
        lambda parts, text: parts | {"meta.xml": f"<office:meta><dc:title>{text}</dc:title></office:meta>".encode()}
    ),
    "ods style": _ods(lambda parts, text: parts | {"styles.xml": f'<s><style:style style:display-name="{text}"/></s>'.encode()}),
    "old workbook's string": lambda _, written: (_xls(written), "a.xls"),
    "file name": lambda _, written: (canonical.as_xlsx(), f"KTP {written}.xlsx"),
}
CUT: dict[str, Callable[[str, str], Made]] = {
    "as a number": lambda number, _: (_rows(_number("K", number)), "a.xlsx"),
    "as a rounded number": lambda number, _: (_rows(_number("K", number[:15] + "0")), "a.xlsx"),
    "csv as a number": _csv(lambda number, _: f"75.05.03;2023-06-20;100;90;10;{number[0]},{number[1:15]}E+15;\n"),
    "cells 6+10": _across(6, 10),
    "cells 8+8": _across(8, 8),
    "cells 12+4": _across(12, 4),
    "cells 10+6": _across(10, 6),
    "cells 7+9": _across(7, 9),
    "cells 9+7": _across(9, 7),
    "cells 5+11": _across(5, 11),
    "cells 13+3": _across(13, 3),
    "cells 4x4": _across(4, 4, 4, 4),
    "cells 6+6+4": _across(6, 6, 4),
    "cells 6+2+2+2+4": _across(6, 2, 2, 2, 4),
    "boxes": _across(*[1] * 16),
    "boxes of numbers": _across(*[1] * 16, numbers=True),
    "cells with a gap": _across(6, 10, gap=True),
    "cells of numbers 6+10": lambda number, _: _across(6, 10, numbers=True)(number, ""),
    "rows 6+10": _down(6, 10),
    "rows 8+8": _down(8, 8),
    "rows 4x4": _down(4, 4, 4, 4),
    "csv cells 6+10": _csv(lambda number, _: f"75.05.03;2023-06-20;100;90;10;{number[:6]};{number[6:]}\n"),
    "csv cells 8+8, apostrophes": _csv(lambda number, _: f"75.05.03;2023-06-20;100;90;10;'{number[:8]};'{number[8:]}\n"),
    "csv rows": _csv(lambda n, _: f"75.05.03;2023-06-20;100;90;10;{n[:6]};\n75.05.05;2023-06-20;100;90;10;{n[6:]};\n"),
    "csv cut inside its row": lambda n, _: (
        f"kode;tanggal;wajib ktp;nama\n75.05.03;2023-06-20;100;A\n75.05.04;{n}".encode(),
        "a.csv",
    ),
    "csv cells torn by commas": lambda n, _: (f"kode,tanggal,wajib ktp\n75.05.03,2023-06-20,1,234,{n}\n".encode(), "a.csv"),
    "large csv cells": lambda n, _: (_large(f"75.05.03;2024-06-20;100;90;{n[:6]};{n[6:]}"), "a.csv"),
    "large csv rows": lambda n, _: (
        _large(f"75.05.03;2024-06-20;100;90;DKB;{n[:8]}\n75.05.04;2024-06-20;100;90;DKB;{n[8:]}"),
        "a.csv",
    ),
    "remark in a large sheet": lambda n, _: (
        book({SHEET: ("<sheetData>", f"<!--{'y' * 3_100_000}--><!-- {n} --><sheetData>")}),
        "a.xlsx",
    ),
    "remark among many cells": lambda n, _: (
        book({SHEET: ("</sheetData>", f"<!--{n}--><!--{'y' * 3_100_000}--></sheetData>")}),
        "a.xlsx",
    ),
    "formula &": _formula(lambda number: (f'"{number[:6]}"&"{number[6:]}"', "")),
    "formula CONCATENATE": _formula(lambda number: (f'CONCATENATE("{number[:8]}","{number[8:]}")', "")),
    "formula of cells": _formula(lambda number: ("K40&M40", _text("K", number[:6]) + _text("L", "x") + _text("M", number[6:]))),
    "formula TEXT": _formula(
        lambda number: (
            'TEXT(K40,"000000")&TEXT(M40,"0000000000")',
            _number("K", number[:6]) + _text("L", "x") + _number("M", number[6:]),
        )
    ),
    "formula TEXT of a number": _formula(lambda number: (f'TEXT({number},"0")', "")),
    "formula with its value": lambda number, _: (
        _rows(f'<c r="K{{r}}" t="str"><f>A1&amp;A2</f><v>{number}</v></c>'),
        "a.xlsx",
    ),
    "runs of a shared string": lambda number, _: (book({STRINGS: (CT, CT + f"<si>{_shared(number)}</si>")}), "a.xlsx"),
    "runs of a note": lambda number, _: (
        book(add={"xl/comments1.xml": f"<comments {MAIN}><comment><text>{_shared(number)}</text></comment></comments>".encode()}),
        "a.xlsx",
    ),
    "runs of a text box": lambda number, _: (
        book(
            add={
                "xl/drawings/drawing9.xml": (
                    f"<x {DRAWN}><a:p>"
                    + "".join(f"<a:r><a:rPr b='1'/><a:t>{one}</a:t></a:r>" for one in _cut(number, 7, 9))
                    + "</a:p></x>"
                ).encode()
            }
        ),
        "a.xlsx",
    ),
    "lines of a text box": _bytes(
        "xl/drawings/drawing9.xml",
        lambda n, _: f"<x {DRAWN}><a:p><a:t>{n[:6]}</a:t></a:p><a:p><a:t>{n[6:]}</a:t></a:p></x>".encode(),
    ),
    "references in a part": _bytes(
        "customXml/item1.xml", lambda n, _: ("<a>" + "".join(f"&#{ord(digit)};" for digit in n) + "</a>").encode()
    ),
    "html references": _html("<p>#R</p>"),
    "html hexadecimal": _html("<p>#X</p>"),
    "html runs": _html("<p>#A<b>#B</b></p>"),
    "html cells": _html("<table><tr><td>#A</td><td>#B</td></tr></table>"),
    "html around a comment": _html("<p>#A<!-- a -->#B</p>"),
    "html picture": lambda number, _: (
        _html("<img src='data:image/png;base64,!'>")(number, "")[0].replace(
            b"!", base64.b64encode(png(b"tEXt", b"Comment\0" + number.encode()))
        ),
        "a.xls",
    ),
    "macros": _bytes("xl/vbaProject.bin", lambda number, _: macros(number)),
    "xlsx within": _bytes("xl/embeddings/a.xlsx", lambda n, _: _rows(_text("K", n))),
    "csv within": _bytes("xl/embeddings/a.csv", lambda n, _: f"a;b\n1;{n}\n".encode()),
    "zip within": _bytes("xl/embeddings/a.zip", lambda n, _: _inner(n)),
    "zip within an object": _bytes("xl/embeddings/oleObject1.bin", lambda n, _: _ole(_inner(n))),
    "zip in zips": _bytes("xl/embeddings/a.bin", lambda n, _: packed({"b": packed({"c": packed({"d": _inner(n)})})})),
    "zip in bytes of a picture": _bytes("xl/media/image2.emf", lambda n, _: bytes(40) + _inner(n)),
    "gzip within": _bytes("xl/embeddings/a.gz", lambda n, _: gzip.compress(n.encode())),
    "PNG tEXt": _bytes("xl/media/image1.png", lambda n, _: png(b"tEXt", b"Comment\0" + n.encode())),
    "PNG zTXt": _bytes("xl/media/image1.png", lambda n, _: png(b"zTXt", b"Comment\0\0" + zlib.compress(n.encode()))),
    "PNG iTXt": _bytes("xl/media/image1.png", lambda n, _: png(b"iTXt", b"C\0\1\0\0\0" + zlib.compress(n.encode()))),
    "PNG after its end": _bytes("xl/media/image1.png", lambda n, _: png(b"tEXt", b"a\0b", n.encode())),
    "JPEG comment": _bytes("xl/media/image1.jpeg", lambda n, _: jpeg(0xFE, n.encode())),
    "JPEG EXIF": _bytes("xl/media/image1.jpg", lambda n, _: jpeg(0xE1, b"Exif\0\0UNICODE\0" + n.encode("utf-16-be"))),
    "member's name": lambda n, _: (book(add={f"xl/media/{n}.xml": b"<a/>"}), "a.xlsx"),
    "archive's comment": _archive(comment=b"cek @"),
    "member's comment": _archive(note=b"cek @"),
    "extra field": _extra,
    "before the archive": lambda n, _: (b"PK\3\4 " + n.encode() + b"\n" + canonical.as_xlsx(), "a.xlsx"),
    "after the archive": lambda n, _: (canonical.as_xlsx() + b"\n" + n.encode() + b"\n", "a.xlsx"),
    "gzip after the archive": lambda n, _: (canonical.as_xlsx() + gzip.compress(n.encode()), "a.xlsx"),
    "member twice": lambda n, _: (_twice(n), "a.xlsx"),
}
EACH, OF_A_CUT = 4, 2


def _twice(number: str) -> bytes:
    """A member that the directory no longer names."""
    first = packed({"a.txt": number.encode()})
    return first[: first.rfind(b"PK\1\2")] + canonical.as_xlsx()


@dataclass(frozen=True)
class Plant:
    """A file with a number in it."""

    place: str
    spelling: str
    data: bytes
    name: str
    number: str


def family(each: int = EACH, seed: int = 1) -> Iterator[Plant]:
    """Every place with ``each`` spellings in turn, and every cut with two numbers."""
    rng, names = random.Random(seed), list(SPELLINGS)
    turn = 0
    for place, make in SPELT.items():
        for _ in range(each):
            spelling = names[turn % len(names)]
            turn += 1
            number = personal.nik(rng)
            yield Plant(place, spelling, *make(number, SPELLINGS[spelling](number)), number)
    for place, make in CUT.items():
        for _ in range(OF_A_CUT if "large" not in place else 1):
            number = personal.nik(rng)
            yield Plant(place, "", *make(number, number), number)


def harmless() -> Iterator[tuple[str, bytes]]:
    """Workbooks and texts as the project's own layout, with parts in which nothing is hidden, however many digits they have."""
    staff, path = "19710101 199503 1 001", " ".join(f"L {n * 17 % 977}.{n * 31 % 97} {n * 13 % 991}" for n in range(400))
    counts = "".join(f"<c:pt idx='{n}'><c:v>{12_345_678 + n * 7_654_321 % 30_000_000}</c:v></c:pt>" for n in range(60))
    dots = "".join(f"<a:pt x='{n * 7919}' y='{n * 104729 % 10**7}'/>" for n in range(300))
    noise = bytes(random.Random(5).randrange(256) for _ in range(40_000))
    yield "a.csv", canonical.as_csv()
    yield "a.xlsx", canonical.as_xlsx()
    yield "Rekap 12-05-2012 s.d. 10-05-2023 (0812 3456 7890).xlsx", canonical.as_xlsx()
    yield "a.csv", _large("75.05.03;2024-06-20;100;90;DKB 2023-1;dasar")
    for name, content in {
        "xl/media/image1.svg": f"<svg><path d='{path}'/></svg>".encode(),
        "xl/media/image1.png": png(b"zTXt", b"Comment\0\0" + zlib.compress(f"NIP {staff}".encode())),
        "xl/media/image2.jpeg": jpeg(0xE1, b"Exif\0\0" + noise),
        "xl/charts/chart1.xml": f"<c:numCache>{counts}</c:numCache>".encode(),
        "xl/drawings/drawing1.xml": f"<x {DRAWN}>{dots}<a:r><a:t>NIP {staff}</a:t></a:r></x>".encode(),
        "xl/comments1.xml": f"<c><text><r><t>NIP </t></r><r><t>{staff}</t></r></text></c>".encode(),
        "xl/vbaProject.bin": macros("NIP 197101011995031001"),
        "xl/embeddings/a.xlsx": canonical.as_xlsx(),
        "xl/embeddings/oleObject1.bin": _ole(canonical.as_xlsx()),
        "xl/printerSettings/printerSettings1.bin": noise,
        "customXml/item1.xml": b"<a><g>7505 0301</g><g>2023-06-20T10:11:12</g><g>470/123/Dukcapil/2023</g></a>",
    }.items():
        yield "a.xlsx", book(add={name: content})
    yield (
        "a.xlsx",
        packed(_base(), comment=b"dibuat 2023-06-20 10:11:12, 0435 821234", extra=struct.pack("<HH", 0x5455, 5) + b"\1" * 5),
    )
    yield "a.xlsx", canonical.as_xlsx() + b"\r\n"
    joining = '<c r="K{r}"><f>A2&amp;"-"&amp;C2</f></c>' + _text("L", "750503") + _text("M", "7505032001")
    yield "a.xlsx", _rows(joining, *(_text("N", code) for code in ("110101", "1101012001", "1101012002", "110102")))


def clean_table(seed: int, rows: int = 50) -> list[list[object]]:
    """A table of figures as offices have them, in which neighbours make sixteen digits by accident: codes of kecamatan and desa,
    telephones, counts of any size, percentages, days, a month of single digits."""
    rng = random.Random(seed)
    province, scale = rng.choice([11, 12, 13, 32, 33, 35, 64, 75, 91, 94]), rng.choice([10, 1000, 10**5, 10**7, 3 * 10**7])
    text = rng.random() < 0.5
    mark = rng.choice(["", "."])
    made: list[list[object]] = []

    def count(value: int) -> object:
        return (f"{value:,}".replace(",", mark)) if text else float(value)

    for number in range(rows):
        area = f"{province}{rng.choice([1, 2, 5, 12, 29, 71]):02d}{rng.randint(1, 30):02d}"
        village = f"{area}{rng.choice('12')}0{rng.randint(1, 25):02d}"
        born = f"{rng.randint(1960, 1999)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
        men, women = rng.randint(scale // 3, scale), rng.randint(scale // 3, scale)
        done = int((men + women) * rng.uniform(0.8, 1))
        made.append(
            [
                f"{number + 1:02d}" if text else float(number + 1),
                *([area, village] if text else [float(area), float(village)]),
                f"08{rng.randint(10**8, 10**10)}",
                *map(count, (men, women, men + women, done, men + women - done)),
                done / (men + women),
                f"{rng.randint(1, 28):02d}-{rng.randint(1, 12):02d}-2023",
                f"{born}199503{rng.randint(1, 2)}{rng.randint(1, 99):03d}",
                *(float(rng.randint(0, rng.choice([9, 40]))) for _ in range(16)),
            ]
        )
    return made
