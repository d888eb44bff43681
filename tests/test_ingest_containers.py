"""Files as containers: what kind they are, how large they may be, whether they are whole, markup and packed tables."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import replace
from datetime import date

import pytest
import xlsxwriter

from ektp_analysis.core.contract import MOST_RESIDENTS
from ektp_analysis.core.errors import Fault, RefusedError
from ektp_analysis.core.text import T, render
from ektp_analysis.ingest import signs, workbooks
from ektp_analysis.ingest.cells.column import Cells, from_cells
from ektp_analysis.ingest.opening import containers, markup, own_layout, package, texts
from ektp_analysis.ingest.opening.containers import Book, Collected, Sheet, read_text
from ektp_analysis.ingest.opening.texts import delimiter_of
from ektp_analysis.ingest.reading import book_of, read_file
from ektp_analysis.ingest.report import ImportReport
from ektp_analysis.ingest.rows import build
from tests.layouts import canonical
from tests.layouts.binary import xlsb
from tests.spec.plants import packed

TODAY = date(2026, 1, 1)


# Kinds

OFFICE = {"[Content_Types].xml": b"<a/>"}


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"xl/workbook.xml": b""}, "xlsx"),
        ({"XL/Workbook.xml": b""}, "xlsx"),
        ({"xl/workbook.bin": b""}, "xlsb"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}, "ods"),
        ({"content.xml": b"", "META-INF/manifest.xml": b""}, "ods"),
        ({"word/document.xml": b""}, "a text document"),
        ({"ppt/presentation.xml": b""}, "slides"),
        ({"a": b""}, "an archive (ZIP)"),
        ({"content.xml": b""}, "an archive (ZIP)"),
        ({"META-INF/manifest.xml": b""}, "an archive (ZIP)"),
    ],
)
def test_the_kind_of_an_archive(parts: dict[str, bytes], kind: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    if len(kind) > 4:
        with pytest.raises(RefusedError) as refused:
            package.kind_of(out.getvalue())
        assert f"The file is {kind}, not a table" in str(refused.value)
    else:
        assert package.kind_of(out.getvalue()) == kind == containers.kind_of(out.getvalue())


def test_a_text_in_an_open_document_is_no_table() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", b"application/vnd.oasis.opendocument.text")
        made.writestr("content.xml", b"")
        made.writestr("META-INF/manifest.xml", b"")
    with pytest.raises(RefusedError, match="an archive"):
        package.kind_of(out.getvalue())


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"a;b\n1;2\n", "csv"),
        (b"BMW;5\n1;2\n", "csv"),  # two letters of a picture's signature begin a text as well
        (b"MZ;5\n", "csv"),
        (b"\xef\xbb\xbfa;b\n", "csv"),
        ("a;b\n".encode("utf-16"), "csv"),
        (b"<table><tr><td>1</td></tr></table>", "html"),
        (b"  \r\n<HTML><body/></HTML>", "html"),
        ("<html><table/></html>".encode("utf-16"), "html"),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "html"),
        (b"<?xml version='1.0'?><a/>", "an XML document"),
        (b'{"a": 1}', "a JSON document"),
        (b"[1];5\n", "csv"),
        (b'[{"a": 1}]', "a JSON document"),
        (b"{a};5\n", "csv"),
        (b"\x89PNG\r\n", "a picture (PNG)"),
        (b"BM\0\0\1\2\3", "a picture (BMP)"),
        (b"MZ\0\0\1\2\3", "a program"),
        (b"%PDF-1.4", "a PDF document"),
        (containers.OLE + bytes(9), "xls"),
        (b"\1\2\3\4", "neither text nor a workbook"),
        (b"a\0b;c", "neither text nor a workbook"),
        (b"", "empty"),
        (b" \r\n\0" * 2000, "empty"),
        (b" " * 5000 + b"a;b", "csv"),
        (("a;b\n" * 1100 + "<table").encode("utf-16"), "csv"),  # so far down nothing is looked for
    ],
)
def test_the_kind_of_bytes(data: bytes, kind: str) -> None:
    if kind in ("csv", "html", "xls"):
        assert containers.kind_of(data) == kind
    else:
        with pytest.raises(RefusedError, match=kind.replace("(", r"\(").replace(")", r"\)")):
            containers.kind_of(data)


def test_a_file_is_read_up_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    text, book = b"a;b\n1;2\n", canonical.as_xlsx()
    monkeypatch.setattr(containers, "MAX_CSV", len(text))
    monkeypatch.setattr(containers, "MAX_WORKBOOK", len(book))
    assert containers.kind_of(text) == "csv" and containers.kind_of(book) == "xlsx"
    monkeypatch.setattr(containers, "MAX_CSV", len(text) - 1)
    monkeypatch.setattr(containers, "MAX_WORKBOOK", len(book) - 1)
    for data in (text, book):
        with pytest.raises(RefusedError, match="MB are read"):
            containers.kind_of(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"abc", True),
        (b"a\tb\r\n\x0c", True),
        (b"\xe9" * 300, True),
        (b"\1" + b"a" * 199, True),  # one of two hundred letters
        (b"\1" + b"a" * 198, False),
        (b"\1\1" + b"a" * 398, True),
        (b"\1\x81" + b"a" * 398, True),
        (b"\1\x81" + b"a" * 397, False),
        (b"\x81" * 9, True),
        *((bytes([1, odd]) + b"a" * 397, False) for odd in (0x8D, 0x8F, 0x90, 0x9D)),
        *((bytes([1, usual]) + b"a" * 397, True) for usual in (0x80, 0x82, 0x8E, 0x91, 0x9E)),
        (b"\0" + b"a" * 999, False),
        (b"\xff\xfe\1\0", True),
        (b"\xfe\xff\0\1", True),
        (b"a" * (1 << 16) + b"\0", True),  # the beginning decides
        (b"a" * ((1 << 16) - 1) + b"\0", False),
    ],
)
def test_bytes_that_look_like_text(data: bytes, text: bool) -> None:
    assert texts.looks_like_text(data) is text


def test_texts_are_decoded_as_they_were_written() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert texts.decode("Kecamatan é;5".encode(encoding)) == "Kecamatan é;5"
    assert texts.decode(b"a\x81") == "a\x81"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a;b;c\n1;2;3\n", ";"),
        ("a,b\n1,2\n", ","),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("a;b;c\n1,5;2,5;3\n3,5;4,5;3\n", ";"),
        ("judul\na;b;c,d\n1;2;3\n", ";"),
        ("judul\nper 20 Juni\nsumber\na;b\n1;2\n", ";"),  # more lines above than rows
        ("sep=|\na;b;c\n1;2;3\n", "|"),
        ("sep=;\na,b,c\n1,2,3\n", ";"),
        ("sep=;x\na,b,c\n1,2,3\n", ","),
        ("a,b,c\n1;2\n3;4\n5;6\n", ";"),  # evenly in more lines
        ("x\n", ","),
        ("", ","),
        ("a;b,c,d\na;b,c,d\n", ","),  # more fields
        ("a;b,c\n1;2,3\n", ";"),  # of as many the one that is the rarer in texts
        ("a\tb|c\n1\t2|3\n", "\t"),
    ],
)
def test_the_mark_between_fields(text: str, mark: str) -> None:
    assert delimiter_of(text) == mark


def test_a_text_is_cut_into_rows() -> None:
    book = read_text(b"a;b\n1;2\n")
    assert (book.kind, book.delimiter, book.ends, book.sheets[0].rows) == ("csv", ";", True, [["a", "b"], ["1", "2"]])
    assert read_text(b"sep=;\na;b\n").sheets[0].rows == [[], ["a", "b"]]
    assert read_text(b"sep=|a|b\n1|2|3\n").sheets[0].rows[0] == ["sep=", "a", "b"]  # a header
    assert read_text(b"").sheets[0].rows == []


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        (b"a;b\n1;2", True),
        (b"a;b\n1;2\n", True),
        (b"x\na;b;c\nJumlah;1", False),
        (b"a;b\n1\n", True),
        (b"a;b", True),
        (b"a;b\r1;2\r", True),
    ],
)
def test_whether_a_text_ends_with_a_whole_row(text: bytes, ends: bool) -> None:
    assert read_text(text).ends is ends


def test_a_text_that_ends_inside_a_row_is_refused_with_it() -> None:
    text = b"kec;wajib;rekam\nA;1;2\nB;3;4\nC;5"
    with pytest.raises(RefusedError) as refused:
        read_text(text)
    assert "inside row 4: 'C | 5'" in str(refused.value) and "last whole row is 3" in str(refused.value)
    with pytest.raises(RefusedError, match="inside row 4"):
        read_text(b'kec;wajib;rekam\nA;1;2\nB;3;4\nC;5;"6\n7')
    assert read_text(b'kec;wajib;rekam\nA;1;2\nB;3;4\nC;"5";"6\n7"').ends


def test_a_text_has_a_most_of_rows_and_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_COLUMNS", 3)
    assert len(read_text(b"a;b;c\n1;2;3\n").sheets[0].rows) == 2
    with pytest.raises(RefusedError, match="A row has 4 columns; at most 3"):
        read_text(b"a;b;c;d\n1;2;3\n")
    monkeypatch.setattr(containers, "MAX_ROWS", 3)
    monkeypatch.setattr(containers, "_ROWS_BESIDE", 2)
    assert len(read_text(b"a;b\n" * 5).sheets[0].rows) == 5
    with pytest.raises(RefusedError, match="more than 3 rows"):
        read_text(b"a;b\n" * 6)


# Sheets


def sheet(*cells: str, rows: str = "") -> bytes:
    made = "".join(f'<row r="{"".join(filter(str.isdigit, cell))}"><c r="{cell}"><v>1</v></c></row>' for cell in cells)
    return f"<worksheet><sheetData>{rows}{made}</sheetData></worksheet>".encode()


@pytest.mark.parametrize(
    ("xml", "fits"),
    [
        (sheet("A1", "T50"), True),  # twenty columns by fifty rows
        (sheet("A1", "U50"), False),  # twenty-one columns
        (sheet("A1", "T51"), False),
        (sheet("T1", "A50"), True),
        (sheet("T1", "A51"), False),
        (sheet("A1", "A52"), True),
        (sheet("AD1", "A33"), True),
        (sheet("AD1", "A34"), False),
        (sheet("A34", "AD1"), False),
        (sheet("AAA1"), False),
        (sheet("AB1", "A20"), True),
        (sheet(), True),
        (b"", True),
    ],
)
def test_a_sheet_spans_so_much_at_most(xml: bytes, fits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a thousand cells and thirty columns."""
    monkeypatch.setattr(package, "MAX_CELLS", 1000)
    monkeypatch.setattr(package, "MAX_COLUMNS", 30)
    monkeypatch.setattr(package, "_ROWS_BESIDE", 0)
    if fits:
        package.check_extent(xml)
    else:
        with pytest.raises(RefusedError, match="more than can be read"):
            package.check_extent(xml)


@pytest.mark.parametrize(("rows", "fits"), [(17, True), (16, False)])
def test_a_sheet_of_rows_close_together_is_not_measured(rows: int, fits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty columns of thirty-four rows are more than a thousand cells; of these half are there."""
    monkeypatch.setattr(package, "MAX_CELLS", 1000)
    monkeypatch.setattr(package, "_ROWS_BESIDE", 0)
    xml = sheet("AD34", rows='<row r="1"/>' * (rows - 1))
    if fits:
        package.check_extent(xml)
    else:
        with pytest.raises(RefusedError):
            package.check_extent(xml)


def test_the_span_of_a_sheet_is_said() -> None:
    for where in ("XFD1048576", "ZZ1048576", "Z1048576"):
        if where != "Z1048576":
            with pytest.raises(RefusedError, match=r"1,048,576 rows by (16,384|702) columns"):
                package.check_extent(sheet("A1", where))
        else:
            package.check_extent(sheet("A1", where))
    with pytest.raises(RefusedError, match="1 rows by 2,001 columns"):
        package.check_extent(sheet(f"{package.column_letters(2001)}1"))
    package.check_extent(sheet(f"{package.column_letters(2000)}1"))


DIMENSION = '<worksheet><dimension ref="A1:B{}"/><sheetData>{}</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("said", "rows", "cut"),
    [
        (3, '<row r="1"/><row r="3"/>', None),
        (4, '<row r="1"/><row r="3"/>', (3, 4)),
        (2, '<row r="1"/><row r="3"/>', None),
        (4, "<row/><row/><row/>", (3, 4)),  # rows without a number are counted
        (3, "<row/><row/><row/>", None),
        (4, '<x:row r="1"/><x:row r="3"/>', (3, 4)),
        (4, "<x:row/><x:row/>", (2, 4)),
        (4, "", None),  # an empty sheet
        (1_048_576, '<row r="3"/>', None),  # says nothing
        (1_048_575, '<row r="3"/>', (3, 1_048_575)),
    ],
)
def test_a_sheet_that_holds_fewer_rows_than_it_says(said: int, rows: str, cut: tuple[int, int] | None) -> None:
    xml = DIMENSION.format(said, rows).encode()
    assert package.cut_off(xml) == cut
    assert package.cut_off(xml[:-5]) == (package._last_row(xml), 0)  # without its end


def test_a_sheet_that_is_cut_off_is_refused() -> None:
    made = Collected()
    with pytest.raises(RefusedError, match=r"says that it has 4 rows .* last whole row is 3"):
        made.note("xl/worksheets/sheet1.xml", DIMENSION.format(4, '<row r="3"/>').encode())
    with pytest.raises(RefusedError, match=r"breaks off.* last whole row is 3"):
        made.note("xl/worksheets/sheet1.xml", b'<worksheet><sheetData><row r="3"/>')
    made.note("xl/styles.xml", b"<a>")


@pytest.mark.parametrize(
    ("name", "content", "fits"),
    [
        ("xl/sharedStrings.xml", b'<sst count="9" uniqueCount="30">', True),
        ("xl/sharedStrings.xml", b'<sst count="33" uniqueCount="9">', False),
        ("xl/sharedStrings.xml", b'<sst count="9" uniqueCount="33">', False),
        ("xl/sharedStrings.xml", b"<x:sst count = '33'>", False),
        ("xl/sharedStrings.xml", b'<sst count="33">' + b" " * 17, True),  # as many bytes
        ("xl/sharedStrings.xml", b'<sst count="33">' + b" " * 16, False),
        ("xl/sharedStrings.xml", b"<sst>", True),
        ("xl/sharedStrings.xml", b"", True),
        ("xl/sharedStrings.bin", b"\x9f\x01\x08" + struct.pack("<II", 30, 5), True),
        ("xl/sharedStrings.bin", b"\x9f\x01\x08" + struct.pack("<II", 31, 5), False),
        ("xl/sharedStrings.bin", b"\x9f\x01\x08" + struct.pack("<II", 5, 31), False),
        ("xl/sharedStrings.bin", b"x", True),
    ],
)
def test_shared_texts_are_no_more_than_they_can_be(
    name: str, content: bytes, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MOST_STRINGS", 30)
    if fits:
        package.check_strings(name, content)
    else:
        with pytest.raises(RefusedError, match="more than its size allows"):
            package.check_strings(name, content)


@pytest.mark.parametrize(("what", "said"), [("rows", "1,048,577 rows by 1 columns"), ("columns", "1 rows by 1,048,577 columns")])
def test_an_open_document_repeats_no_more_than_a_sheet_has_rows(what: str, said: str) -> None:
    package.check_repeats(f'<t number-{what}-repeated="1048576"/>'.encode())
    with pytest.raises(RefusedError, match=said):
        package.check_repeats(f'<t number-{what}-repeated="1048577"/>'.encode())


def test_only_sheets_are_looked_at_for_far_cells() -> None:
    far = sheet("A1", "XFD1048576")
    assert list(package.parts(packed({"xl/styles.xml": far, "xl/worksheets/sheet1.bin": far})))
    with pytest.raises(RefusedError, match="1,048,576 rows"):
        list(package.parts(packed({"xl/worksheets/sheet1.xml": far})))


def test_only_the_content_of_an_open_document_is_looked_at_for_repetitions() -> None:
    many = b'<t number-rows-repeated="1048577"/>'
    assert list(package.parts(packed({"styles.xml": many})))
    with pytest.raises(RefusedError, match="1,048,577 rows"):
        list(package.parts(packed({"content.xml": many})))


@pytest.mark.parametrize(
    ("content", "fits"),
    [
        (b"<a/>", True),
        (b"<!DOCTYPE a>", False),
        (b" " * 4080 + b"<!DOCTYPE a>", False),
        (b" " * 4090 + b"<!DOCTYPE a>", True),
        (b" " * 65_530 + b"<!ENTITY", True),
        (b" " * 65_520 + b"<!ENTITY", False),
        (b"\xff\xfe<", False),
        (b"\xfe\xff<", False),
    ],
)
def test_parts_with_declarations_are_refused(content: bytes, fits: bool) -> None:
    data = packed({"a.xml": content})
    if fits:
        assert list(package.parts(data)) == [("a.xml", content)]
    else:
        with pytest.raises(RefusedError, match="entity declarations"):
            list(package.parts(data))
    assert list(package.parts(packed({"a.bin": content}))) == [("a.bin", content)]


def test_an_archive_has_a_most_of_parts_and_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({"a": b"1", "b": b"2"})
    locked = bytearray(data)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        locked[data.find(mark) + at] |= 1
    with pytest.raises(RefusedError, match="password"):
        list(package.parts(bytes(locked)))
    monkeypatch.setattr(package, "MAX_PARTS", 1)
    with pytest.raises(RefusedError, match="has 2 parts"):
        list(package.parts(data))


def test_errors_and_formulas_without_a_value_stand_where_their_cell_is() -> None:
    xml = b'<c r="B3" t="e"><v>#REF!</v></c><c r="AA10" t="e"><f>A1</f><v>#N/A</v></c><c r="C4"><v>5</v></c>'
    assert package.errors(xml) == {(2, 1): "#REF!", (9, 26): "#N/A"}
    formulas = b'<c r="A1"><f>SUM(B1:B2)&amp;"x"</f></c><c r="B2"><f>A1</f><v></v></c><c r="C3"><f>A1</f><v>5</v></c>'
    assert package.errors(formulas) == {(0, 0): '=SUM(B1:B2)&"x"', (1, 1): "=A1"}
    assert package.errors(b'<c r="A1"><f>' + b"A" * 40 + b"</f></c>") == {(0, 0): "=" + "A" * 30}
    assert package.errors(b"<c/>") == {}


RELATIONS = b'<Relationship Id="r1" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Target="/xl/worksheets/sheet2.xml"/>'
WORKBOOK = b'<sheets><sheet name="A" r:id="r1"/><sheet name="B" r:id="r2"/></sheets>'
WRONG = b'<worksheet><sheetData><row r="1"><c r="A1" t="e"><v>#REF!</v></c></row></sheetData></worksheet>'


@pytest.mark.parametrize("kept", [containers.MOST_KEPT, 10])
def test_errors_belong_to_the_sheet_of_their_part(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MOST_KEPT", kept)
    made = Collected()
    made.note("xl/workbook.xml", WORKBOOK)
    made.note("/xl/_rels/workbook.xml.rels", RELATIONS)
    made.note("xl/worksheets/sheet2.xml", WRONG)
    empty, full = Sheet("A", [["", 5.0]]), Sheet("A", [[5.0, 5.0]])
    assert made.by_sheet([empty, empty]) == {1: {(0, 0): "#REF!"}} == made.by_sheet([full, empty])
    assert made.by_sheet([empty, full]) == ({} if kept > 10 else {1: {(0, 0): "#REF!"}})
    assert made.by_sheet([empty]) == {1: {(0, 0): "#REF!"}}  # hidden parts: every sheet is looked at
    book = containers.with_errors(Book("xlsx", (empty, empty)), made.by_sheet([empty, empty]))
    assert [one.rows for one in book.sheets] == [[["", 5.0]], [["#REF!", 5.0]]]


def test_errors_of_an_old_workbook_stand_where_a_cell_is_empty() -> None:
    record = b"\x05\x02\x08\x00" + struct.pack("<HHH", 1, 2, 0) + b"\x07\x01"
    formula = b"\x06\x00\x20\x00" + struct.pack("<HHH", 0, 1, 0) + b"\x02\x00\x2a\x00\x00\x00\xff\xff"
    rows = [["a", "", ""], ["b", 5.0, ""]]
    sheets = [
        Sheet("A", rows),
        Sheet("B", [["x", 1.0, 1.0], ["y", 1.0, 1.0]]),
        Sheet("C", [["", ""]]),
        Sheet("D", [[""], ["", ""]]),
    ]
    assert containers.in_xls(b"..." + record + formula, sheets) == {0: {(1, 2): "#DIV/0!", (0, 1): "#N/A"}, 2: {(0, 1): "#N/A"}}


def record(kind: int, body: bytes, *, wide: bool = False) -> bytes:
    return bytes([kind]) + (bytes([len(body) & 0x7F | 0x80, len(body) >> 7]) if wide else bytes([len(body)])) + body


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        (
            record(0, b"row") + record(12, b"") + record(13, b"xy"),
            record(0, b"row") + record(1, bytes(4)) + record(2, b"\1\0\0\0xy"),
        ),
        (
            record(0, b"r") + record(18, b"a") + record(0, b"r") + record(18, b"b"),
            record(0, b"r") + record(7, bytes(4) + b"a") + record(0, b"r") + record(7, bytes(4) + b"b"),
        ),
        (
            record(0, b"r") + record(5, b"\5\0\0\0x") + record(12, b"y"),  # after a cell that names its column
            record(0, b"r") + record(5, b"\5\0\0\0x") + record(1, b"\6\0\0\0y"),
        ),
        (
            record(0, b"r") + record(62, b"\5\0\0\0x") + record(12, b"y"),
            record(0, b"r") + record(62, b"\5\0\0\0x") + record(1, b"\6\0\0\0y"),
        ),
        (record(12, b"z" * 123), record(1, bytes(4) + b"z" * 123)),
        (record(12, b"z" * 124, wide=True), record(1, bytes(4) + b"z" * 124, wide=True)),
        (record(12, b"z" * 200, wide=True), record(1, bytes(4) + b"z" * 200, wide=True)),
        (record(12, b"z") + b"\x80", record(1, bytes(4) + b"z") + b"\x80"),
    ],
)
def test_cells_of_a_binary_workbook_are_given_their_columns(short: bytes, whole: bytes) -> None:
    assert package._short(short) and package._columns_named(short) == whole
    assert package._columns_named(whole) == whole and not package._short(whole)


@pytest.mark.parametrize(("kind", "short"), [(11, False), (12, True), (18, True), (19, False)])
def test_a_record_that_leaves_its_column_out(kind: int, short: bool) -> None:
    assert package._short(record(0, b"row") + record(kind, b"abcd")) is short
    assert package._short(b"") is False


@pytest.mark.parametrize("size", [0, 1, 127, 128, 16_383, 16_384])
def test_a_length_is_written_as_it_is_read(size: int) -> None:
    assert package._number(package._length(size), 0, 4) == (size, len(package._length(size)))
    assert len(package._length(size)) == (1 if size < 128 else 2 if size < 16_384 else 3)


def test_only_the_tables_of_a_binary_workbook_are_rewritten() -> None:
    short = record(0, b"r") + record(12, b"y")
    data = packed({"xl/worksheets/sheet1.bin": short, "xl/styles.bin": short})
    with zipfile.ZipFile(io.BytesIO(package.binary(data))) as made:
        assert made.read("xl/styles.bin") == short and made.read("xl/worksheets/sheet1.bin") != short
    whole = packed({"xl/worksheets/sheet1.bin": record(0, b"r"), "xl/styles.bin": short})
    assert package.binary(whole) is whole


def test_an_open_document_is_written_with_its_type_first_and_without_blanks_between_tags() -> None:
    data = packed({"content.xml": b"<table:a>  <table:b>x  y</table:b>\n</table:a>", "mimetype": b"m"})
    with zipfile.ZipFile(io.BytesIO(package.open_document(data))) as made:
        assert made.namelist() == ["mimetype", "content.xml"]
        assert made.read("content.xml") == b"<table:a><table:b>x  y</table:b></table:a>"
        assert made.getinfo("mimetype").compress_type == zipfile.ZIP_STORED


# Markup


def tables(text: str) -> list[tuple[str, list[list[object]]]]:
    return [(one.name, [list(row) for row in one.rows]) for one in markup.read_html(text.encode()).sheets]


def page(body: str) -> list[list[object]]:
    return tables(body)[0][1]


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ("<table><tr><td>a</td><th> b\n c </th></tr><tr><td>1<td>2</table>", [["a", "b c"], ["1", "2"]]),
        ("<p>Judul</p>x<table><tr><td>a</td></tr></table>", [["Judul"], ["x"], [""], ["a"]]),
        ("<h1>A</h1><b>B</b><table><tr><td>a</td></tr></table>", [["A"], ["B"], [""], ["a"]]),
        ("A<br>B<i>C</i><table><tr><td>a</td></tr></table>", [["A"], ["BC"], [""], ["a"]]),
        ("<table><tr><td>a<br>b<p>c</p></td></tr></table>", [["a bc"]]),
        ("<script>x</script><style>y</style><table><tr><td>a</td></tr></table>", [["a"]]),
        ("<table><tr><td>a<script>x</script>b</td></tr></table>", [["ab"]]),
        ("</script><p>A</p><table><tr><td>a</td></tr></table>", [["A"], [""], ["a"]]),
        ("<table><tr><td colspan=3>a</td><td>b</td></tr></table>", [["a", "", "", "b"]]),
        ("<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>", [["a", "b"], ["", "c"]]),
        ("<table><tr><td rowspan=2 colspan=2>a<td>b<tr><td>c</table>", [["a", "", "b"], ["", "", "c"]]),
        ("<table><td>a</td></table>", [["a"]]),
        ("<table><tr><td>2023-06-20T00:00:00.000</td></tr></table>", [["2023-06-20"]]),
        ("<table><tr><td>2023-06-20T10:00:00</td></tr></table>", [["2023-06-20T10:00:00"]]),
        ("<td>x</td><table><tr><td>a</td></tr></table>", [["x"], [""], ["a"]]),
    ],
)
def test_a_table_of_a_page_with_what_stands_above_it(body: str, rows: list[list[object]]) -> None:
    assert page(body) == rows


def test_merged_cells_of_a_page_stand_below_its_lines() -> None:
    text = b"<p>A</p><table><tr><td rowspan=2>a</td><td colspan=2>b</td><td>c</td></tr><tr><td>d</td></tr></table>"
    assert markup.read_html(text).sheets[0].merged == ((2, 0, 3, 0), (2, 1, 2, 2))
    assert markup.read_html(b"<table><tr><td>a</td></tr></table>").sheets[0].merged == ()


def test_the_largest_table_comes_first_and_one_in_a_cell_is_a_table_too() -> None:
    text = "<table><tr><td>Judul<table><tr><td>a</td></tr><tr><td>b</td></tr><tr><td>c</td></tr></table></td></tr></table>"
    first, second = tables(text)
    assert first == ("", [["Judul"], [""], ["a"], ["b"], ["c"]]) and second[0] == "2"
    assert tables("<table><tr><td></td></tr></table><table><tr><td>a</td></tr></table>") == [("", [["a"]])]


XML = (
    "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>"
    "<Worksheet ss:Name='{}'><Table>{}</Table></Worksheet></Workbook>"
)


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ("<Row><Cell><Data ss:Type='Number'>5</Data></Cell><Cell><Data ss:Type='String'>6</Data></Cell></Row>", [[5.0, "6"]]),
        ("<Row><Cell><Data ss:Type='Number'>x</Data></Cell></Row>", [["x"]]),
        ("<Row ss:Index='3'><Cell><Data>a</Data></Cell></Row>", [[], [], ["a"]]),
        ("<Row><Cell ss:Index='3'><Data>a</Data></Cell></Row>", [["", "", "a"]]),
        ("<Row><Cell ss:MergeAcross='1'><Data>a</Data></Cell><Cell><Data>b</Data></Cell></Row>", [["a", "", "b"]]),
        ("<Row><Cell ss:MergeDown='1'><Data>a</Data></Cell></Row><Row><Cell><Data>b</Data></Cell></Row>", [["a"], ["", "b"]]),
        ("<Row><Cell><Data ss:Type='DateTime'>2023-06-20T00:00:00.000</Data></Cell></Row>", [["2023-06-20"]]),
    ],
)
def test_an_xml_spreadsheet_says_places_and_kinds(body: str, rows: list[list[object]]) -> None:
    assert tables(XML.format("Data", body)) == [("Data", rows)]
    assert tables(XML.format("N" * 61, body))[0][0] == "N" * 60


def test_limits_of_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "<table><tr><td>" * 20 + "a" + "</td></tr></table>" * 20
    assert page(deep)
    with pytest.raises(RefusedError, match="no table"):
        page("<table><tr><td>" * 21 + "a" + "</td></tr></table>" * 21)
    lines = "".join(f"<p>{n}</p>" for n in range(50)) + "<table><tr><td>a</td></tr></table>"
    assert [row[0] for row in page(lines)[:-2]] == [str(n) for n in range(10, 50)]
    assert page("<p>" + "x" * 301 + "</p><table><tr><td>a</td></tr></table>")[0] == ["x" * 300]
    assert page("<p>" + "x" * 300 + "</p><table><tr><td>a</td></tr></table>")[0] == ["x" * 300]
    monkeypatch.setattr(markup, "MAX_ROWS", 3)
    assert len(page("<table>" + "<tr><td>a</td></tr>" * 3 + "</table>")) == 3
    with pytest.raises(RefusedError, match="more than 3 rows"):
        page("<table>" + "<tr><td>a</td></tr>" * 4 + "</table>")
    assert tables(XML.format("D", "<Row ss:Index='3'><Cell><Data>a</Data></Cell></Row>")) == [("D", [[], [], ["a"]])]
    assert tables(XML.format("D", "<Row ss:Index='4'><Cell><Data>a</Data></Cell></Row>")) == [("D", [["a"]])]
    monkeypatch.setattr(markup, "MAX_COLUMNS", 3)
    assert page("<table><tr><td colspan=2>a</td><td>b</td></tr></table>") == [["a", "", "b"]]
    with pytest.raises(RefusedError, match="A row has 4 columns"):
        page("<table><tr><td colspan=3>a</td><td>b</td></tr></table>")
    with pytest.raises(RefusedError, match="columns"):
        tables(XML.format("D", "<Row><Cell ss:Index='9'><Data>a</Data></Cell></Row>"))
    monkeypatch.setattr(markup, "MAX_CELLS", 4)
    assert page("<table><tr><td rowspan=2 colspan=2>a</td></tr></table>") == [["a", ""]]
    with pytest.raises(RefusedError, match="columns"):
        page("<table><tr><td rowspan=2 colspan=2>a</td><td>b</td></tr></table>")


def test_a_page_that_ends_inside_a_table_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"ends inside a table.*last whole row is 1\."):
        page("<table><tr><td>a</td></tr><tr><td>b</td>")
    with pytest.raises(RefusedError, match="no table"):
        page("<p>a</p>")


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5), ("0", 0), ("5000", 5000), ("5001", 5000), ("99999", 5000), ("100000", 0), ("x", 0), ("²", 0), (None, 0)],
)
def test_a_number_of_an_attribute(text: str | None, number: int) -> None:
    assert markup._number(text) == number


# The project's own layout


@pytest.mark.parametrize(
    ("rows", "dated", "found"),
    [
        ([["kode", "tanggal", "wajib ktp"]], False, (0, {"area_code": 0, "as_of_date": 1, "eligible": 2}, ())),
        (
            [["", " "], ["Kode", "TANGGAL", "belum rekam", "x"]],
            False,
            (1, {"area_code": 0, "as_of_date": 1, "unrecorded": 2}, ("x",)),
        ),
        ([["kode", "wajib ktp"]], False, None),
        ([["kode", "wajib ktp"]], True, (0, {"area_code": 0, "eligible": 1}, ())),
        ([["kode", "tanggal"]], False, None),
        ([["tanggal", "wajib ktp"]], True, None),
        ([["kode", "tanggal", "wajib ktp", "wajib ktp"]], False, None),  # twice
        ([["x"], ["kode", "tanggal", "wajib ktp"]], False, None),  # not the first row
        (
            [["kode", "tanggal", "wajib ktp", "Kesalahan", "perbaikan", ""]],
            False,
            (0, {"area_code": 0, "as_of_date": 1, "eligible": 2}, ()),
        ),
        ([["kode", "tanggal", "wajib ktp", "y" * 41]], False, (0, {"area_code": 0, "as_of_date": 1, "eligible": 2}, ("y" * 40,))),
        ([*[[""]] * 49, ["kode", "tanggal", "wajib ktp"]], False, (49, {"area_code": 0, "as_of_date": 1, "eligible": 2}, ())),
        ([*[[""]] * 50, ["kode", "tanggal", "wajib ktp"]], False, None),
        ([], False, None),
    ],
)
def test_the_header_of_the_own_layout(rows: list[list[object]], dated: bool, found: object) -> None:
    header = own_layout.header_of(rows, dated=dated)
    assert (None if header is None else (header.row, header.columns, header.ignored)) == found


@pytest.mark.parametrize(
    ("row", "says"), [(["x"], "area code"), (["kode"], "the date"), (["kode", "tanggal"], "a figure"), (["tanggal"], "area code")]
)
def test_what_a_first_row_lacks(row: list[object], says: str) -> None:
    assert says in str(own_layout.missing(row))


OWN = "kode;tanggal;wajib ktp;sudah rekam;sumber\n"


@pytest.mark.parametrize(
    ("lines", "counts"),
    [
        (["75.05.03;2023-06-20;100;90;a", "75.05.04;2023-06-20;;80;b"], [[100, None], [90, 80]]),
        (["75.05.03;2023-06-20;100;90;a", "75.05.04;2023-06-20;-1;80;b"], None),
        ([f"75.05.03;2023-06-20;{MOST_RESIDENTS + 1};90;a"], None),
        ([f"75.05.03;2023-06-20;{MOST_RESIDENTS};90;a"], [[MOST_RESIDENTS], [90]]),
        (["75.05.03;2023-06-20;100;90;0x1F"], [[100], [90]]),
        (["75.05.03;2023-06-20;0x1F;90;a"], None),
        (["75.05.03;2023-06-20;0X1F;90;a"], None),
        (["75.05.03;2023-06-20;;;a"], [[None], [None]]),
        (["75.05.03;2023-06-20;0;0;a"], [[0], [0]]),
    ],
)
def test_counts_of_a_text_in_bulk(lines: list[str], counts: list[list[int | None]] | None) -> None:
    read = own_layout.read((OWN + "\n".join(lines) + "\n").encode(), dated=False)
    assert read is not None and read[2] == len(lines) and read[3] is None
    columns = [read[0][role] for role in ("eligible", "recorded")]
    whole = [
        None
        if one.whole is None
        else [None if n is None else int(n) for n in one.whole.astype(object).where(one.whole.notna(), None)]
        for one in columns
    ]
    assert (whole == counts) if counts is not None else whole[0] is None


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("75.05.03;2023-06-20;100;90;cek 7505030101900001", ("sumber", 3)),
        ("75.05.03;7505030101900001;100;90;x", ("tanggal", 3)),
        ("75.05.03;2023-06-20;7505030101900001;90;x", ("wajib ktp", 3)),
        ("75.05.03;2023-06-20;100;90;750503010190000", None),
    ],
)
def test_a_personal_number_of_a_text_in_bulk_has_its_place(line: str, place: tuple[str, int] | None) -> None:
    read = own_layout.read((OWN + "75.05.03;2023-06-20;100;90;x\n" + line + "\n").encode(), dated=False)
    assert read is None or read[3] == place
    assert read is not None or place is None or line.endswith("0000")


def test_a_personal_number_in_the_header_of_a_text_in_bulk_has_its_place() -> None:
    head = OWN.replace("sumber", "7505030101900001")
    read = own_layout.read((head + "75.05.03;2023-06-20;100;90;x\n").encode(), dated=False)
    assert read is not None and read[3] == ("7505030101900001", 1)


def test_texts_that_are_not_read_in_bulk() -> None:
    assert own_layout.read((OWN + "75.05.03;2023-06-20;100;90\n").encode(), dated=False) is None  # a cell is missing
    assert own_layout.read((OWN + "75.05.03;2023-06-20;100;90;x\n").encode("utf-16"), dated=False) is None
    assert own_layout.read(b"a;b\n1;2\n", dated=False) is None
    for encoding in ("utf-8", "cp1252"):
        read = own_layout.read((OWN + "75.05.03;2023-06-20;100;90;é\n").encode(encoding), dated=False)
        assert read is not None and read[0]["area_code"].values[0] == "75.05.03"
    pieces = "kode;tanggal;wajib ktp;catatan\n75.05.03;2023-06-20;100;{}\n"
    assert own_layout.read(pieces.format("01900001").encode(), dated=False) is None  # its neighbours must be looked at
    assert own_layout.read(pieces.format("13900001").encode(), dated=False) is not None
    assert own_layout.read(pieces.format("0001").encode(), dated=False) is None  # so may those of a serial
    assert own_layout.read(pieces.format("001").encode(), dated=False) is not None


# Tables that are handed out


def handed(report: ImportReport, data: bytes, lang: str = "en") -> Sheet:
    return book_of(workbooks.workbook(data, report, lang)).sheets[0]


def refused(
    rows: list[list[object]], name: str, merges: list[tuple[int, int, int, int]], *numbers: int
) -> tuple[ImportReport, bytes]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for top, left, bottom, right in merges:
            page.merge_range(top, left, bottom, right, rows[top][left])
    report = read_file(out.getvalue(), "a.xlsx", today=TODAY)
    faults = tuple(Fault(T("wrong {n}", n=number), T("mend it"), row=number) for number in numbers)
    return replace(report, sheet=name, refused_rows=faults, preview=None), out.getvalue()


ROWS: list[list[object]] = [["kode", "tanggal", "wajib ktp"], ["75.05.03", "=1+1", 100], ["x", "2023-06-20", 5.5], ["y", "z", 7]]


def test_refused_rows_are_handed_out_with_their_faults() -> None:
    report, data = refused(ROWS, "Lap/ran".replace("/", "-"), [], 3, 2, 3, 9)
    made = handed(report, data)
    assert made.name == "Lap-ran"
    assert [list(row) for row in made.rows] == [
        ["kode", "tanggal", "wajib ktp", "Fault", "Mend"],
        ["75.05.03", "=1+1", 100.0, "wrong 2", "mend it"],
        ["x", "2023-06-20", 5.5, "wrong 3 wrong 3", "mend it"],
        ["", "", "", "wrong 9", "mend it"],
    ]


def test_merged_cells_above_the_data_stay_merged() -> None:
    rows: list[list[object]] = [["KODE", "WAJIB KTP", ""], ["75.05.03", 5, 6], ["75.05.04", 7, 8]]
    report, data = refused(rows, "S", [(0, 1, 0, 2), (1, 1, 2, 1)], 2)
    made = handed(report, data)
    assert made.merged == ((0, 1, 0, 2),) and list(made.rows[0]) == ["KODE", "WAJIB KTP", "", "Fault", "Mend"]


@pytest.mark.parametrize(
    ("merge", "kept"),
    [
        ((0, 0, 0, 1), True),
        ((0, 0, 1, 0), True),
        ((1, 1, 1, 2), True),
        ((0, 0, 0, 0), False),
        ((1, 0, 2, 0), False),
        ((2, 0, 2, 1), False),
    ],
)
def test_merged_cells_are_kept_where_all_of_them_stands_above_the_data(merge: tuple[int, int, int, int], kept: bool) -> None:
    """Of two rows above."""
    assert workbooks._merged_above(Sheet("S", [], merged=(merge,)), 2) == ([merge] if kept else [])
    assert workbooks._merged_above(None, 2) == []


def test_without_rows_that_are_known_only_the_words_stand() -> None:
    report, data = refused(ROWS, "S", [])
    made = handed(replace(report, sheet="another"), data, "id")
    assert made.name == "another" and list(made.rows[-1])[:2] != [] and len(made.rows) == 1
    assert handed(replace(report, sheet=""), data).name == "Data"
    assert handed(replace(report, sheet="a" * 40), data).name == "a" * 31
    assert handed(replace(report, sheet="a/b?c"), data).name == "a b c"


def test_the_template_has_a_sheet_to_fill_in_and_one_that_explains() -> None:
    book = book_of(workbooks.xlsx_bytes())
    assert [one.name for one in book.sheets] == ["Data", "Keterangan"]
    assert [list(row) for row in book.sheets[0].rows] == [workbooks.header()]
    about = book.sheets[1].rows
    assert list(about[0]) == ["Kolom", "Keterangan", "Column", "About"]
    assert [row[0] for row in about[1:]] == workbooks.header() and [row[2] for row in about[1:]] == workbooks.header("en")
    assert all(all(row) for row in about)
    with zipfile.ZipFile(io.BytesIO(workbooks.xlsx_bytes())) as made:
        widths = [made.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)]
    assert '<col min="1" max="1" width="18.7' in widths[0] and '<col min="1" max="4" width="60.7' in widths[1]


@pytest.mark.parametrize("short", [False, True])
def test_a_binary_workbook_is_read_with_and_without_its_columns(short: bool) -> None:
    rows: list[list[object]] = [["KEC", "REKAM", ""], ["A", 5.0, 6.5], ["", "x", 7.0]]
    (found,) = containers.read_workbook(xlsb(rows, short=short), "xlsb").sheets
    assert found.name == "Rekap" and [list(row) for row in found.rows] == rows
    assert containers.read_workbook(canonical.as_xlsx(), "xlsx").sheets[0].rows
    with pytest.raises(RefusedError, match="damaged"):
        containers.read_workbook(b"PK\3\4", "xlsx")


@pytest.mark.parametrize(
    ("text", "ends"),
    [("a\n", True), ("a", False), ("a\r", True), ("a\r\nb\r", False), ("a\r\n", True), ("", False), ("a\rb", False)],
)
def test_whether_a_text_ends_with_a_whole_end_of_line(text, ends):
    assert texts.ends_in_line(text) is ends


@pytest.mark.parametrize(
    ("last", "level"), [((900, 880, 20), "note"), ((900, 880, None), "warning"), ((None, None, None), "warning")]
)
def test_a_text_without_an_end_of_line_is_told_of(last, level):
    columns = {
        name: from_cells(name, Cells([1, "" if cell is None else cell]), count=True)
        for name, cell in zip(("eligible", "recorded", "unrecorded"), last, strict=True)
    }
    draft = build(columns, [5, 9], "S", date(2026, 1, 1))
    (told,) = signs.open_end(draft, True)
    assert (told.name, told.level) == ("open_end", level) and "row 9" in render(told.text, "en")
    assert signs.open_end(draft, False) == () and signs.open_end(build({}, [], "S", date(2026, 1, 1)), True) == ()
