"""The zip container of a workbook: what kind it is, whether it is safe to open, and the text that no cell shows.

Checked before any part is parsed: sizes as the container states them are not believed, parts are unpacked up to a
limit; entities are refused; a cell far outside of the others would make a table of billions of empty cells.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator

from ektp_analysis.core.errors import RefusedError
from ektp_analysis.core.text import T, Text

MAX_PART, MAX_UNPACKED = 400_000_000, 600_000_000  # bytes: what fits into the memory of the process that reads
MAX_PARTS = 5_000  # a workbook of an office has some twenty, one of many pictures some hundred
MAX_CELLS, MAX_COLUMNS = 40_000_000, 2_000  # of one sheet, empty ones with them
_ONE_LETTER, _TWO_LETTERS = 26, 702  # columns that have names of one letter, of up to two
_ROWS_BESIDE = 5_000  # rows that a sheet of rows close together may pass over
_HEAD, _DECLARED = 4_096, 65_536  # bytes of a part in which a document type, an entity would be declared
_TYPE = 200  # bytes of an OpenDocument that name its type
_ROW = re.compile(rb'<(?:x:)?row[^>]*?\br="(\d{1,9})"')
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension [^>]*?\bref="(?:\$?[A-Z]{1,3}\$?\d{1,7}:)?\$?[A-Z]{1,3}\$?(\d{1,7})"')
_SHEET_END = re.compile(rb"</(?:\w+:)?worksheet\s*>\s*$")
_TWO, _THREE = re.compile(rb'r="[A-Z]{2}'), re.compile(rb'r="[A-Z]{3}')
_CELL = re.compile(rb'<(?:x:)?c [^>]*?\br="([A-Z]{1,4})(\d{1,9})"[^>/]*>')
_ERROR = re.compile(rb'<(?:x:)?c (?=[^>]*?\bt="e")[^>]*?\br="([A-Z]{1,4})(\d{1,9})"[^>]*>.*?<(?:x:)?v>([^<]{1,20})', re.DOTALL)
_VALUELESS = re.compile(
    rb'<(?:x:)?c [^>]*?\br="([A-Z]{1,4})(\d{1,9})"[^>/]*>\s*<(?:x:)?f(?:\s[^>/]*)?(?:/>|>([^<]{0,8000})</(?:x:)?f>)\s*'
    rb"(?:<(?:x:)?v\s*/>|<(?:x:)?v>\s*</(?:x:)?v>)?\s*</(?:x:)?c>"
)
MOST_FORMULA = 30  # letters of a formula that a message repeats
MOST_REPEATED = 1_048_576  # rows of a sheet
_REPEATED = re.compile(rb'number-(rows|columns)-repeated="(\d{7,30})"')
MOST_STRINGS = 1_000_000  # texts that a workbook may say it holds whatever its size; many programs count them carelessly
_STRINGS, _SAID = re.compile(rb"<(?:\w+:)?sst\b[^>]*"), re.compile(rb"""\b(?:count|uniqueCount)\s*=\s*["'](\d{1,40})""")
_STRINGS_BINARY = re.compile(rb"\x9f\x01\x08(.{4})(.{4})", re.DOTALL)
_TEXT_PARTS = (".xml", ".rels", ".vml", ".txt", ".htm", ".html")


def _refuse(fault: Text, mend: Text) -> RefusedError:
    return RefusedError(T("{fault} {mend}", fault=fault, mend=mend))


def _too_large() -> RefusedError:
    fault = T("The workbook unpacks to more than {limit} MB.", limit=MAX_UNPACKED // 1_000_000)
    return _refuse(fault, T("Save the sheet alone."))


def opened(data: bytes) -> zipfile.ZipFile:
    """The container.

    Raises:
        RefusedError: damaged.
    """
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        IndexError,
        UnicodeDecodeError,
    ) as error:
        raise _refuse(
            T("The workbook is damaged and cannot be read."), T("Open and save it anew, or export it again.")
        ) from error


def kind_of(data: bytes) -> str:
    """xlsx, xlsb or ods.

    Raises:
        RefusedError: another archive or document, an encrypted or damaged one.
    """
    names = set(opened(data).namelist())
    if "xl/workbook.xml" in names or any(name.lower() == "xl/workbook.xml" for name in names):
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "content.xml" in names and b"opendocument.spreadsheet" in data[:_TYPE]:
        return "ods"
    if "content.xml" in names and "META-INF/manifest.xml" in names and b"opendocument.text" not in data[:_TYPE]:
        return "ods"
    what = (
        T("a text document")
        if "word/document.xml" in names
        else T("slides")
        if "ppt/presentation.xml" in names
        else (T("an archive (ZIP)"))
    )
    raise _refuse(
        T("The file is {what}, not a table.", what=what), T("Give the figures as XLSX, XLSM, XLSB, XLS, ODS, CSV or TSV.")
    )


def parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each part with its unpacked bytes, checked on the way.

    Raises:
        RefusedError: too much when unpacked, entities, damaged, a sheet with cells far apart.
    """
    package, total = opened(data), 0
    infos = package.infolist()
    if len(infos) > MAX_PARTS:
        raise _refuse(T("The workbook has {n} parts, more than can be read.", n=len(infos)), T("Save the sheet alone."))
    if sum(info.file_size for info in infos) > MAX_UNPACKED:  # as it says itself; what it does not say shows below
        raise _too_large()
    for info in infos:
        if info.flag_bits & 1:
            raise _refuse(T("The workbook is protected by a password."), T("Save it without a password."))
        try:
            with package.open(info) as stream:
                content = stream.read(MAX_PART + 1)
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, RuntimeError, EOFError) as error:
            raise _refuse(
                T("The workbook is damaged and cannot be read."), T("Open and save it anew, or export it again.")
            ) from error
        total += len(content)
        if len(content) > MAX_PART or total > MAX_UNPACKED:
            raise _too_large()
        _check(info.filename.lower(), content)
        yield info.filename, content


def _check(name: str, content: bytes) -> None:
    """Refuse a part that would do harm to a reader."""
    if name.endswith(_TEXT_PARTS):
        head = content[:_HEAD]
        if b"<!DOCTYPE" in head or b"<!ENTITY" in content[:_DECLARED] or head.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _refuse(
                T("The workbook holds entity declarations, which no office program writes."),
                T("Open and save it anew, or export it again."),
            )
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        check_extent(content)
    if name.endswith(("sharedstrings.xml", "sharedstrings.bin")):
        check_strings(name, content)
    if name == "content.xml":
        check_repeats(content)


def check_strings(name: str, content: bytes) -> None:
    """Refuse shared texts that say they are more than their bytes can hold: a reader that believes it asks for the memory at
    once, and its process ends.

    Raises:
        RefusedError: so many.
    """
    if name.endswith(".bin"):
        head = _STRINGS_BINARY.match(content)
        said = [int.from_bytes(number, "little") for number in head.groups()] if head else []
    else:
        start = _STRINGS.search(content)
        said = [int(number) for number in _SAID.findall(start.group(0))] if start else []
    if any(number > max(MOST_STRINGS, len(content)) for number in said):
        raise _refuse(
            T("The workbook says that it holds {n} texts, more than its size allows.", n=max(said)),
            T("Open and save it anew, or export it again."),
        )


def check_extent(xml: bytes) -> None:
    """Refuse a sheet whose cells span more than is read; cheap unless rows or columns are far apart.

    Raises:
        RefusedError: too wide, or too many empty cells between the filled ones.
    """
    ends = (_ROW.search(xml), _ROW.search(xml, max(xml.rfind(b"row "), len(b"<x:")) - len(b"<x:")))
    last = max((int(found.group(1)) for found in ends if found), default=0)
    if not _TWO.search(xml):
        if last * _ONE_LETTER <= MAX_CELLS:
            return
    elif not _THREE.search(xml) and (last * _TWO_LETTERS <= MAX_CELLS or last <= 2 * xml.count(b"<row") + _ROWS_BESIDE):
        return
    if not (cells := _CELL.findall(xml)):
        return
    right = max(column_number(letters.decode()) for letters in {letters for letters, _ in cells})
    bottom = max(int(digits) for _, digits in cells)
    if right > MAX_COLUMNS or right * bottom > MAX_CELLS:
        raise _too_wide(bottom, right)


def cut_off(xml: bytes) -> tuple[int, int] | None:
    """The last row of a sheet that holds fewer rows than its own dimension says, or has no end, and the rows that it says (0
    where it says none); None where it is whole. A dimension down to the end of every sheet says nothing."""
    stated = _DIMENSION.search(xml[:_HEAD])
    said = int(stated.group(1)) if stated else MOST_REPEATED
    last = _last_row(xml)
    if not _SHEET_END.search(xml[-_HEAD:]):
        return last, 0
    return (last, said) if last and last < said < MOST_REPEATED else None


def _last_row(xml: bytes) -> int:
    """The number of the last row, by its mark or by counting where rows have none."""
    start = xml.rfind(b"<row")
    start = start if start >= 0 else xml.rfind(b"<x:row")
    found = _ROW.match(xml, start) if start >= 0 else None
    return int(found.group(1)) if found else xml.count(b"<row") + xml.count(b"<x:row")


def check_repeats(xml: bytes) -> None:
    """Refuse an OpenDocument sheet that repeats a row or a cell more often than a sheet has rows.

    Raises:
        RefusedError: so many repetitions.
    """
    for what, number in _REPEATED.findall(xml):
        if int(number) > MOST_REPEATED:
            raise _too_wide(int(number), 1) if what == b"rows" else _too_wide(1, int(number))


def _too_wide(rows: int, columns: int) -> RefusedError:
    return _refuse(
        T("A sheet is {rows} rows by {columns} columns, more than can be read.", rows=rows, columns=columns),
        T("Delete what lies beyond the table."),
    )


def errors(xml: bytes) -> dict[tuple[int, int], str]:
    """Cells that hold an error (#REF!) or a formula whose value was not kept, which the reader gives as empty: (row, column) from
    0 -> error or formula."""
    found: dict[tuple[int, int], str] = {}
    if b"</f>" in xml or b":f>" in xml:
        found |= {
            (int(digits) - 1, column_number(letters.decode()) - 1): "="
            + html.unescape(formula.decode("utf-8", "replace"))[:MOST_FORMULA]
            for letters, digits, formula in _VALUELESS.findall(xml)
        }
    if b't="e"' in xml:
        found |= {
            (int(digits) - 1, column_number(letters.decode()) - 1): value.decode("ascii", "replace")
            for letters, digits, value in _ERROR.findall(xml)
        }
    return found


def column_number(letters: str) -> int:
    """A -> 1, Z -> 26, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 -> A, 27 -> AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


_ROW_RECORD, _FIRST, _LAST, _FULL, _RICH = 0, 12, 18, range(1, 12), 62
_LOOK = 4_000  # records of a sheet that show whether it leaves columns out
_TABLES = re.compile(rb"xl/worksheets/[^/]+\.bin", re.IGNORECASE)
_BETWEEN = re.compile(rb"(</?(?:table|office):[^<>]*>)\s+(?=</?(?:table|office|text):)")


def binary(data: bytes) -> bytes:
    """The xlsb with every cell naming its column; the same bytes where all do.

    Raises:
        RefusedError, ValueError: damaged.
    """
    with opened(data) as container:
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
    with opened(data) as container, zipfile.ZipFile(made, "w") as out:
        names = sorted(dict.fromkeys(container.namelist()), key=lambda name: name != "mimetype")
        for name in names:
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            out.writestr(zipfile.ZipInfo(name), change(name, _content(container, name)), stored, compresslevel=1)
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
    while True:
        start = at
        try:
            kind, at = _number(content, at, 2)
            size, at = _number(content, at, 4)
        except IndexError:  # at the end, or in a record that is cut off
            return bytes(made + content[start:])
        body, at = content[at : at + size], at + size
        if kind == _ROW_RECORD:
            column = -1
        elif kind in _FULL or kind == _RICH:
            column = int.from_bytes(body[:4], "little")
        elif _FIRST <= kind <= _LAST:
            column += 1
            made += bytes([kind - _FIRST + 1]) + _length(size + 4) + column.to_bytes(4, "little") + body
            continue
        made += content[start:at]


def _length(size: int) -> bytes:
    made = bytearray()
    while True:
        made.append((size & 0x7F) | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return bytes(made)
