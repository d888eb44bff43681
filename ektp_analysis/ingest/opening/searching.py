"""Personal numbers outside of the cells: parts and edges of a container, markup, bytes, pictures, files within files.

What cannot be searched refuses the file: an archive of another kind or under a password, bytes beside the parts that are no text.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from ektp_analysis.core.errors import RefusedError
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.opening import containers, package, personal, texts
from ektp_analysis.ingest.opening.containers import Book
from ektp_analysis.ingest.opening.personal import SHORTEST, in_text, plain

MOST_DEPTH = 4  # files within files; an office has a workbook within a workbook
MOST_WITHIN = 50_000_000  # bytes to which one that is packed by itself may unpack
_SMALL = 3_000_000  # bytes of a sheet that is also searched as a text; the cells of a larger one are searched as cells alone
_MARKED = 1_048_576  # bytes in which a file within would say that it is encrypted
_PIECED = 300_000  # bytes of a part up to which pieces between its tags are joined
_TAG, _COMMENT = re.compile(r"<[^>]*>"), re.compile(r"<!(?:--|\[CDATA\[)(.*?)(?:--|\]\])>", re.DOTALL)
_REMARK, _CDATA = re.compile(r"<!--.*?-->", re.DOTALL), re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_INLINE = re.compile(
    r"<(?:\w+:)?rPr\b(?:[^>]*/>|[^>]*>.*?</(?:\w+:)?rPr>)|"
    r"</?(?:(?:\w+:)?[rt]|text:span|text:s|b|i|u|em|strong|font|span|small|big|sub|sup|a|wbr)(?=[\s/>])[^>]*>",
    re.DOTALL,
)
_SPLIT = re.compile(rb"<(?:\w+:)?r[ >]|<rPr|<(?:text:span|b|i|u|em|strong|font|span|small|big|sub|sup|wbr)[ />]|<!--")
_REMARKS = re.compile(rb"<!--.*?-->", re.DOTALL)
_REFERENCE = re.compile(rb"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_VALUE = re.compile(rb"<(?:x:)?v>[^<]*</(?:x:)?v>")
_ODD = re.compile(r"(?![0-9])\d|[\u00ad\u200b-\u200f\u2060-\u206f\ufeff\u2070-\u2089\u2460-\u249b]")
_NO_ASCII = re.compile(r"[^\x00-\x7f]+")  # the letters among which one of the above may be
_DIGITS, _SIXTEEN = bytes(48 if 48 <= code < 58 else code for code in range(256)), b"0" * SHORTEST
_OTHERS = bytes(code for code in range(256) if code not in b"0123456789<>")
_NOTHING = re.compile(rb"[0-9](?:[^<>0-9]{0,3}[0-9]){15}")
_WIDE = re.compile(rb"[0-9]\0(?:(?:(?![0-9]\0)..){0,3}[0-9]\0){15}", re.DOTALL)
_SCRIPTS = re.compile(
    rb"(?:[\x60-\x69\xf0-\xf9]\x06){4}|(?:[\x66-\x6f]\x09){4}|(?:[\x10-\x19]\xff){4}|(?:\x35\xd8[\xce-\xff]\xdf){4}|"
    rb"(?:[0-9]\0(?:[\xad]\0|[\x0b-\x0f\x60-\x6f] |\xff\xfe|[\x10-\x1f ] )+){4}|(?:[0-9]\0){4,12}[\x0b-\x0f\x60-\x6f\x10-\x1f] "
)
_SCRIPT_BYTES = re.compile(
    rb"(?:\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]){4}|(?:\xe0\xa5[\xa6-\xaf]){4}|(?:\xef\xbc[\x90-\x99]){4}|(?:\xf0\x9d\x9f[\x8e-\xbf]){4}"
)
_EMBEDDED = re.compile(r"base64\s*,\s*([A-Za-z0-9+/=\s]{24,})")
_PNG, _GZIP, _ZIP, _MACROS = b"\x89PNG\r\n\x1a\n", b"\x1f\x8b\x08", b"PK\3\4", re.compile(rb"\x01..\x00Attribut", re.DOTALL)
_CLOSED = (b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"%PDF", b"\x28\xb5\x2f\xfd")  # packed in ways that are not opened here
_CLOSED_WITHIN = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"%PDF-")
_ENCRYPTED, _OLD_BOOK = "EncryptedPackage".encode("utf-16-le"), "Workbook".encode("utf-16-le")
_WHOLE = "workbook"  # the name of a file that stands in no other
_BLANK = b"\0 \r\n\t"
_END, _ENTRY, _DIRECTORY = b"PK\5\6", 30, 22  # of an archive: its end, bytes of an entry's head and of the end
_DESCRIPTOR = 24  # bytes at most between two entries that say the sizes of the first
_FORMULA = re.compile(
    rb"<(?:x:)?f(?:\s[^>]*)?>([^<]{5,8000})</(?:x:)?f>\s*(?:<(?:x:)?v\s*/>|<(?:x:)?v>\s*</(?:x:)?v>)?\s*</(?:x:)?c>"
)
_ODS_FORMULA = re.compile(rb'table:formula="(?:of:)?=([^"]{5,8000})"')
_OPERAND = re.compile(
    r'TEXT\(\s*(?:\[?\.?\$?([A-Z]{1,3})\$?([0-9]{1,7})\]?|([0-9]+))\s*[,;]\s*"([^"]*)"\)|"((?:[^"]|"")*)"|'
    r"\$?\b([A-Z]{1,3})\$?([0-9]{1,7})(?::\.?\$?([A-Z]{1,3})\$?([0-9]{1,7}))?\b(?!\()|([0-9]+)"
)
MOST_JOINED = 64  # cells of a range in a formula


def unsearchable(place: Text | str) -> RefusedError:
    """The refusal of a file of which a part cannot be searched."""
    shown = personal.shown(place) if isinstance(place, str) else place
    return containers.refuse(
        T("{place} cannot be searched for personal numbers; nothing of the file is kept.", place=shown),
        T("Save only the sheet with the figures, as XLSX or CSV."),
    )


def in_container(data: bytes) -> Text | None:
    """The place of a personal number in what an archive holds beside its parts, or None.

    Raises:
        RefusedError: damaged, or bytes beside the parts that are no text.
    """
    with package.opened(data) as archive:
        if in_bytes_of_text(archive.comment):
            return T("the note of the archive")
        named, beside = _around(data, archive)
    if any(in_bytes_of_text(piece) for piece in named):
        return T("the name or the note of a part")
    if any(in_bytes_of_text(piece) for piece in beside):
        return T("the bytes outside the parts of the file")
    rest = [piece for piece in beside if len(piece) > _DESCRIPTOR and piece.strip(_BLANK)]
    if any(len(piece) > _SMALL or not texts.looks_like_text(piece) for piece in rest):
        raise unsearchable(T("What lies outside the parts of the file"))
    return None


def _around(data: bytes, archive: zipfile.ZipFile) -> tuple[list[bytes], list[bytes]]:
    """The names, extra fields and notes of an archive, and the bytes between its parts, before and after them."""
    ends, beside, end = 0, [], data.rfind(_END)
    named = [data[archive.start_dir : end]]
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        beside.append(data[ends : info.header_offset])
        start = info.header_offset + _ENTRY
        named += [info.filename.encode("utf-8", "replace"), info.comment, info.extra]
        if len(head := data[info.header_offset : start]) == _ENTRY:
            names = sum(struct.unpack("<HH", head[26:]))
            named.append(data[start : start + names])
            ends = max(ends, start + names + info.compress_size)
    beside += [data[ends : archive.start_dir], data[end + _DIRECTORY + len(archive.comment) :]]
    return named, beside


def in_parts(parts: Iterator[tuple[str, bytes]]) -> Text | None:
    """The name of the first part of a container (comments, properties, names, drawings) that holds one, or None.

    The cells of large sheets are left to :func:`personal.numbers_in_book`; what stands after the cells is searched here.
    """
    hit = None
    for name, content in parts:  # all parts are unpacked, for each is checked on the way
        if hit is None and _in_part(name, content):
            hit = T("the part {part} of the workbook", part=personal.shown(name.rpartition("/")[2]))
    return hit


def _in_part(name: str, content: bytes) -> bool:
    low = name.lower()
    if low.startswith("xl/worksheets/") and low.endswith(".xml"):
        content = _VALUE.sub(b"", content) if len(content) <= _SMALL else _around_cells(content)  # cells are searched as cells
        return _may_hold(content) and in_markup(content.decode("utf-8", "replace"))
    return in_bytes(content, name)


def _around_cells(sheet: bytes) -> bytes:
    """What stands before and after the cells of a sheet, and the remarks among them."""
    remarks = _REMARKS.findall(sheet) if b"<!--" in sheet else []
    return b"".join((sheet[: sheet.find(b"<sheetData")], *remarks, sheet[sheet.rfind(b"</sheetData>") :]))


def in_bytes(content: bytes, name: str, depth: int = 0) -> bool:
    """Whether a file within a file holds one, whatever it is.

    Raises:
        RefusedError: it cannot be searched.
    """
    if depth > MOST_DEPTH or content.startswith(_CLOSED) or _ENCRYPTED in content[:_MARKED]:
        raise unsearchable(name)
    if content.startswith(_GZIP):
        return in_bytes(_unpacked(content, 31, name), name, depth + 1)
    if content.startswith(_ZIP):
        return _in_archive(content, name, depth + 1)
    if texts.looks_like_text(content):
        return (len(content) < _PIECED or _may_hold(content)) and in_markup(
            texts.decode(content), pieces=not name.lower().endswith("sharedstrings.xml")
        )
    return _in_packed(content, name, depth)


def _in_packed(content: bytes, name: str, depth: int) -> bool:
    """As :func:`in_bytes`, of bytes that are no text: pictures, macros, embedded objects."""
    old = content.startswith(containers.OLE)
    if old and any(mark in content for mark in _CLOSED_WITHIN):
        raise unsearchable(name)
    if in_binary(content) or any(map(in_bytes_of_text, (*_chunks(content, name), *_macros(content)))):
        return True
    if old and _OLD_BOOK in content and name != _WHOLE:
        return personal.numbers_in_book(containers.read_workbook(content, "xls")) is not None
    within = content.find(_ZIP)
    return within > 0 and _in_archive(content[within:], name, depth + 1)


def in_old_workbook(data: bytes) -> bool:
    """Whether the bytes of an old workbook hold one, its cells apart.

    Raises:
        RefusedError: it is under a password, or something in it cannot be searched.
    """
    if _ENCRYPTED in data and _OLD_BOOK not in data:
        raise containers.under_password()
    try:
        return in_bytes(data, _WHOLE)
    except RefusedError as error:
        raise unsearchable(T("What is embedded in the workbook")) from error


def _in_archive(content: bytes, name: str, depth: int) -> bool:
    try:
        if in_container(content) is not None:
            return True
        names = []
        for part, inner in package.parts(content):
            names.append(part)
            if in_bytes(inner, part, depth):
                return True
        if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
            return False
        kind = "xlsx" if "xl/workbook.xml" in names else "xlsb"
        return personal.numbers_in_book(containers.read_workbook(content, kind)) is not None
    except (RefusedError, zipfile.BadZipFile, struct.error) as error:
        raise unsearchable(name) from error


def _unpacked(content: bytes, bits: int, name: str) -> bytes:
    packed = zlib.decompressobj(bits)
    try:
        made = packed.decompress(content, MOST_WITHIN)
    except zlib.error as error:
        raise unsearchable(name) from error
    if not packed.eof:
        raise unsearchable(name)
    return made + b"\n" + packed.unused_data


def _chunks(content: bytes, name: str) -> Iterator[bytes]:
    """The packed texts of the PNG pictures in these bytes."""
    at = content.find(_PNG)
    while at >= 0:
        at += len(_PNG)
        while True:
            try:
                size, kind = struct.unpack_from(">I4s", content, at)
            except struct.error:  # the picture is cut off
                break
            body, at = content[at + 8 : at + 8 + size], at + 12 + size
            packed = body.partition(b"\0")[2]
            if kind == b"zTXt":
                yield _unpacked(packed[1:], 15, name)
            elif kind == b"iTXt" and packed[:1] == b"\1":
                yield _unpacked(packed[2:].split(b"\0", 2)[-1], 15, name)
            elif kind == b"IEND":
                break
        at = content.find(_PNG, at)


def _macros(content: bytes) -> Iterator[bytes]:
    """The sources of the modules in a project of macros, unpacked."""
    for found in _MACROS.finditer(content):
        at, made = found.start() + 1, bytearray()
        while True:  # behind the end a head is 0
            head = int.from_bytes(content[at : at + 2], "little")
            if head >> 12 & 7 != 3 or len(made) > MOST_WITHIN:
                break
            end = at + (head & 0xFFF) + 3
            made += _chunk(content[at + 2 : end]) if head >> 15 else content[at + 2 : end]
            at = end
        yield bytes(made)


def _chunk(packed: bytes) -> bytes:
    """A chunk of a module: a byte of marks, then for each mark a letter, or where to copy from in what was unpacked before."""
    made, at = bytearray(), 0
    while at < len(packed):
        marks, at = packed[at], at + 1
        for bit in range(8):
            if at >= len(packed):
                break
            if not marks >> bit & 1:
                made.append(packed[at])
                at += 1
                continue
            token = int.from_bytes(packed[at : at + 2], "little")
            at += 2
            size = max(4, (len(made) - 1).bit_length())
            back, length = (token >> (16 - size)) + 1, (token & (0xFFFF >> size)) + 3
            if back > len(made):
                return bytes(made)
            for _ in range(length):
                made.append(made[-back])
    return bytes(made)


def in_bytes_of_text(content: bytes) -> bool:
    """Texts of a few bytes in any encoding."""
    return len(content) >= SHORTEST and (in_binary(content) or in_text(content.decode("utf-8", "replace")))


def _may_hold(content: bytes) -> bool:
    """The quick answer for markup and text: whether there are sixteen digits between two tags, once these are spelt out."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"&#" in content:
        content = _REFERENCE.sub(_spelt, content)
    if not content.isascii() and _ODD.search("".join(_NO_ASCII.findall(text := content.decode("utf-8", "replace")))):
        content = plain(text).encode()
    if (len(content) < _PIECED or b"<r>" in content or b":r>" in content or b"span" in content) and _SPLIT.search(content):
        content = _INLINE.sub("", _REMARK.sub("", content.decode("utf-8", "replace"))).encode()
    return _SIXTEEN in content.translate(_DIGITS, _OTHERS)


def _spelt(found: re.Match[bytes]) -> bytes:
    letter = html.unescape(found.group(0).decode())
    return b" " if letter in "<>&" else letter.encode("utf-8", "replace")


def in_markup(text: str, *, pieces: bool = True) -> bool:
    """Whether the texts or attributes of a markup hold a personal number. Tags of letters are cut out, so a number that
    formatting splits is seen whole; fractions such as 0.9940371234567890 and coordinates are none. ``pieces``: whether texts that
    follow each other are also joined."""
    text = plain(text)
    aside = [*re.findall(r'"([^"<>]{16,})"', text), *re.findall(r"'([^'<>]{16,})'", text), *_COMMENT.findall(text)]
    between = _INLINE.sub("", _CDATA.sub(r"\1", _REMARK.sub("", text)))
    texts = [plain(html.unescape(piece)) for piece in _TAG.split(between) if piece.strip()]
    if any(in_text(html.unescape(piece)) for piece in (*texts, *aside) if len(piece) >= SHORTEST):
        return True
    if pieces and any(map(personal.may_end, texts)):
        last = personal.joined(texts)
        if last is not None and personal.no_count(texts[last], texts):
            return True
    return any(in_bytes(_decoded(found), "base64") for found in _EMBEDDED.findall(text))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()) + "===")
    except (binascii.Error, ValueError) as error:
        raise unsearchable("base64") from error


def in_binary(content: bytes) -> bool:
    """Texts of a binary part, as 8-bit, as UTF-8 and as UTF-16."""
    if _NOTHING.search(content) and (in_text(content.decode("latin-1")) or in_text(content.decode("utf-8", "replace"))):
        return True
    if _SCRIPT_BYTES.search(content) and in_text(content.decode("utf-8", "replace")):
        return True
    wide = _WIDE.search(content) or _SCRIPTS.search(content)
    return wide is not None and any(in_text(content[start:].decode("utf-16-le", "replace")) for start in (0, 1))


def formulas_in(name: str, content: bytes) -> list[str]:
    """The formulas of a sheet that join texts and whose value was not kept."""
    found: list[bytes] = []
    if (
        name.lower().startswith("xl/worksheets/")
        and b"f>" in content
        and (b"&amp;" in content or b"CONCAT" in content or b"TEXT" in content)
    ):
        found = _FORMULA.findall(content)
    elif name.lower() == "content.xml":
        found = _ODS_FORMULA.findall(content)
    texts = (html.unescape(formula.decode("utf-8", "replace")) for formula in found)
    return [text for text in texts if "&" in text or "CONCAT" in text or "TEXT" in text]


def in_formulas(formulas: Sequence[str], book: Book) -> Text | None:
    """The place of a personal number that a formula would join from cells of a sheet and texts of its own, or None."""
    for sheet in book.sheets:
        for formula in formulas:
            operands = _OPERAND.finditer(formula)
            if in_text("".join(_operand(found.groups(), sheet.rows) for found in operands)):
                return T("a formula")
    return None


def _operand(given: Sequence[str | None], rows: Sequence[Sequence[object]]) -> str:
    letters, digits, literal, shape, text, left, top, right, bottom, number = given
    if shape is not None:
        value = literal or _cell(rows, letters or "A", digits or "1")
        return value.rjust(shape.count("0"), "0")
    match left, top, right, bottom:
        case str(), str(), None, None:
            return _cell(rows, left, top)
        case str(), str(), str(), str():
            columns = range(package.column_number(left), package.column_number(right) + 1)
            places = ((column, row) for row in range(int(top), int(bottom) + 1) for column in columns)
            return "".join(
                _cell(rows, package.column_letters(column), str(row))
                for _, (column, row) in zip(range(MOST_JOINED), places, strict=False)
            )
    return (text or "").replace('""', '"') + (number or "")


def _cell(rows: Sequence[Sequence[object]], letters: str, digits: str) -> str:
    row, column = int(digits) - 1, package.column_number(letters) - 1
    if not 0 <= row < len(rows) or not 0 <= column < len(rows[row]):
        return ""
    return personal.digits_of(rows[row][column]) or str(rows[row][column] or "")
