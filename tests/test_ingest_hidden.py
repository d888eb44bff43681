"""Personal numbers in every kind of place of a file are refused with the place; and bytes in which one may hide."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from datetime import date

import pytest

from ektp_analysis.core.errors import RefusedError
from ektp_analysis.ingest.opening import containers, package, searching
from ektp_analysis.ingest.opening.containers import Book, Sheet
from ektp_analysis.ingest.opening.searching import in_binary, in_bytes, in_markup
from ektp_analysis.ingest.reading import read_file
from tests.layouts import canonical
from tests.spec import plants

TODAY = date(2026, 1, 1)
NIK, WOMAN = "7505030101900001", "7505034112990012"
UNSEARCHED = ("gzip after the archive", "member twice")
SLOW = ("large", "remark")  # files of many megabytes: tests/faults.py

# Where a number is said to be, of those that stand neither in a part by themselves nor in the text of a page
SAID = {
    "cell": "sheet Data, cell K40",
    "far cell": "sheet Data, cell ZZ40",
    "hidden row": "sheet Data, cell K50",
    "hidden column": "sheet Data, cell K50",
    "as a number": "sheet Data, cell K40",
    "as a rounded number": "sheet Data, cell K40",
    "formula with its value": "sheet Data, cell K40",
    "cells with a gap": "sheet Data, cell M40",
    "cells of numbers 6+10": "sheet Data, cell L40",
    "cells 4x4": "sheet Data, cell N40",
    "cells 6+6+4": "sheet Data, cell M40",
    "cells 6+2+2+2+4": "sheet Data, cell O40",
    "boxes": "sheet Data, cell Z40",
    "boxes of numbers": "sheet Data, cell Z40",
    "rows 6+10": "sheet Data, cell K41",
    "rows 8+8": "sheet Data, cell K41",
    "rows 4x4": "sheet Data, cell K43",
    "csv header": "cell D1",
    "csv rows": "cell F4",
    "csv cut inside its row": "the text",
    "csv cells torn by commas": "cell E2",
    "csv cells 6+10": "cell G3",
    "csv cells 8+8, apostrophes": "cell G3",
    "formula of cells": "a formula",
    "formula TEXT": "a formula",
    "old workbook's string": "the workbook",
    "file name": "its name",
    "member's name": "the name or the note of a part",
    "member's comment": "the name or the note of a part",
    "extra field": "the name or the note of a part",
    "archive's comment": "the note of the archive",
    "before the archive": "the bytes outside the parts of the file",
    "after the archive": "the bytes outside the parts of the file",
}


def said_of(one: plants.Plant) -> str:
    """Where the number of a plant is, as a refusal says it: by hand, else the part that the project's own workbook lacks."""
    if one.place in SAID or one.place.startswith("cells "):
        return SAID.get(one.place, "sheet Data, cell L40")
    if one.place.startswith("csv ") and one.place != "csv within":
        return "cell F3"
    if one.place.startswith("html "):
        return "the markup"
    names = {"ods cell": "content.xml", "ods annotation": "content.xml", "ods properties": "meta.xml", "ods style": "styles.xml"}
    if one.place not in names:
        with zipfile.ZipFile(io.BytesIO(one.data)) as made:
            (names[one.place],) = [name for name in made.namelist() if OWN.get(name) != made.read(name)]
    return f"the part {names[one.place].rpartition('/')[2]} of the workbook"


OWN = plants._base()
PLANTS = [one for one in plants.family(1, seed=3) if not one.place.startswith(SLOW)]


@pytest.mark.parametrize("one", PLANTS, ids=[f"{one.place} {one.spelling}" for one in PLANTS])
def test_a_number_in_every_kind_of_place_is_refused_and_the_place_is_named(one: plants.Plant) -> None:
    report = read_file(one.data, one.name, today=TODAY)
    assert report.status == "refused" and len(report.rows) == 0 and one.number not in repr(report)
    if one.place in UNSEARCHED:
        assert "What lies outside the parts of the file cannot be searched" in str(report.reason)
    else:
        assert f"(NIK) in {said_of(one)};" in str(report.reason)


def packed_pieces(*pieces: bytes, flags: int = 0) -> bytes:
    """The source of a module of macros as it is kept: each piece of up to 4,096 bytes behind its size."""
    made = b"\x01"
    for piece in pieces:
        made += struct.pack("<H", (len(piece) - 1) | 0x3000 | flags) + piece
    return made


HEAD = b"\x00Attribut"


def literal(text: bytes) -> bytes:
    """A packed piece of single letters: a byte of marks before each eight."""
    return b"".join(b"\0" + text[at : at + 8] for at in range(0, len(text), 8))


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        (literal(b"Attribute"), b"Attribute"),
        # A copy is two bytes: how far back and how many more than three, in as many bits as the distance needs
        (b"\x08abc" + struct.pack("<H", (2 << 12) | 3), b"abcabcabc"),
        (b"\x02a" + struct.pack("<H", 0), b"aaaa"),
        (b"\x02a" + struct.pack("<H", 0x0FFF), b"a" * 4099),
        (b"\x00abcdefgh\x00ijklmnop\x02q" + struct.pack("<H", (16 << 11) | 1), b"abcdefghijklmnopqabcd"),
        (b"\x00abcdefgh\x80ijklmno" + struct.pack("<H", (14 << 12) | 1), b"abcdefghijklmnoabcd"),
        (b"\x00abcdefgh\x00ijklmnop\x01" + struct.pack("<H", (15 << 12) | 0), b"abcdefghijklmnopabc"),
        (b"\x01" + struct.pack("<H", 0), b""),  # nothing to copy from
        (b"\x00ab\x04", b"ab\x04"),
        (b"\x02a" + struct.pack("<H", 1) + b"bcdef", b"aaaaabcdef"),  # letters behind a copy
        (b"\x0aa" + struct.pack("<H", 0) + b"b" + struct.pack("<H", 0) + b"c", b"aaaabbbbc"),
        (b"", b""),
    ],
)
def test_a_piece_of_a_packed_module_is_unpacked(packed: bytes, text: bytes) -> None:
    assert searching._chunk(packed) == text


def test_modules_of_macros_are_unpacked_piece_by_piece() -> None:
    first, second = literal(b"Attribute VB_Name\r\n"), literal(b"x = 75050301\r\n")
    packed = packed_pieces(first, second, flags=0x8000)
    assert packed[3:12] == HEAD
    made = list(searching._macros(b"xyz" + packed + b"\0\0\0"))
    assert made == [b"Attribute VB_Name\r\nx = 75050301\r\n"]
    plain = packed_pieces(first, flags=0x8000) + packed_pieces(b"as it is")[1:]  # a piece that is not packed
    assert list(searching._macros(plain + packed)) == [b"Attribute VB_Name\r\nas it is", *made]
    assert list(searching._macros(b"no module")) == []


def test_the_packed_texts_of_pictures_are_unpacked() -> None:
    body = zlib.compress(b"a text")
    z, i = plants.png(b"zTXt", b"Comment\0\0" + body), plants.png(b"iTXt", b"C\0\1\0en\0Title\0" + body)
    plain = plants.png(b"iTXt", b"C\0\0\0en\0Title\0a text")
    assert list(searching._chunks(b"xx" + z + b"between" + plain + i, "a.png")) == [b"a text\n", b"a text\n"]
    assert list(searching._chunks(z[: len(z) // 3], "a.png")) == [] and list(searching._chunks(b"", "a.png")) == []
    with pytest.raises(RefusedError, match=r"a\.png cannot be searched"):
        list(searching._chunks(plants.png(b"zTXt", b"Comment\0\0" + body[:-5]), "a.png"))
    with pytest.raises(RefusedError, match=r"a\.png cannot be searched"):
        list(searching._chunks(plants.png(b"zTXt", b"Comment\0\0no such thing"), "a.png"))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", [b"", b"\1", b"\1\2\3"])
def test_a_number_among_other_bytes_is_seen_in_every_encoding(before: bytes, encoding: str) -> None:
    for written in (NIK, f"{NIK[:6]} {NIK[6:12]} {NIK[12:]}"):
        assert in_binary(before + written.encode(encoding) + b"\0\xff")
        assert not in_binary(before + written[:-1].encode(encoding) + b"\0\xff")


@pytest.mark.parametrize("first", [0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("before", [b"\1", b"\1\2"])
def test_digits_of_other_scripts_are_seen_among_bytes(first: int, before: bytes, encoding: str) -> None:
    spelt = "".join(chr(first + int(digit)) for digit in NIK)
    assert in_binary(before + spelt.encode(encoding) + b"\1\2") and not in_binary(before + spelt[:-1].encode(encoding))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (f"<a>{NIK}</a>", True),
        (f"<a>{NIK[:-1]}</a>", False),
        (f"<a b='{NIK}'/>", True),
        (f'<a b="x {NIK}"/>', True),
        (f"<a b='{NIK[:-1]}'/>", False),
        (f"<!-- {NIK} -->", True),
        (f"<x><![CDATA[{NIK}]]></x>", True),
        (f"<p>{NIK[:7]}<b>{NIK[7:]}</b></p>", True),
        (f"<p>{NIK[:7]}<!-- a -->{NIK[7:]}</p>", True),
        (f"<p>{NIK[:7]}</p><p>{NIK[7:]}</p>", True),  # texts that follow each other
        (f"<p>{NIK[:7]}</p><p>x</p><p>{NIK[7:]}</p>", False),
        (f"<p>{NIK[:6]}</p><p>{NIK[6:]}</p>", True),
        ("<p>0.9940371234567890</p>", False),
        ("<p>" + "".join(f"&#{ord(digit)};" for digit in NIK) + "</p>", True),
        ("<p>" + "".join(f"&amp;#{ord(digit)};" for digit in NIK) + "</p>", True),
        ("", False),
    ],
)
def test_a_number_in_markup(text: str, holds: bool) -> None:
    assert in_markup(text) is holds
    assert in_bytes(text.encode(), "a.xml") is holds


def test_pieces_of_a_markup_are_joined_only_where_it_is_asked() -> None:
    text = f"<p>{NIK[:6]}</p><p>{NIK[6:]}</p>"
    assert in_markup(text) and not in_markup(text, pieces=False) and in_markup(f"<p>{NIK}</p>", pieces=False)
    assert in_bytes(text.encode(), "a.xml") and not in_bytes(text.encode(), "xl/SharedStrings.xml")
    counts = "".join(f"<c>{n}</c>" for n in (75050301, 10900001, 22345678, 22345679, 22345670, 22345671))
    assert not in_markup(counts)  # a count among counts


@pytest.mark.parametrize(
    ("content", "may"),
    [
        (b"<a>" + NIK.encode() + b"</a>", True),
        (b"<a>" + NIK[:8].encode() + b"</a><c>" + NIK[8:].encode() + b"</c>", False),
        (b"<a>7505 0301 abc 0190 x 0001</a>", True),
        (b"<a>" + NIK[:-1].encode() + b"</a>", False),
        (b"<a>" + b"".join(b"&#%d;" % digit for digit in NIK.encode()) + b"</a>", True),
        (b"<a>" + b"".join(b"&#x%x;" % digit for digit in NIK.encode()) + b"</a>", True),
        (b"<a>" + b"5&lt;" * 20 + b"</a>", True),
        (b"<r><t>75050301</t></r><r><t>01900001</t></r>", True),
        (b"<p>75050301<b>01900001</b></p>", True),
        (b"<p>75050301<!-- x -->01900001</p>", True),
        ("<a>٧٥٠٥٠٣٠١٠١٩٠٠٠٠١</a>".encode(), True),
        ("<a>７５０５０３０１０１９００００１</a>".encode(), True),
        ("\ufeff<a>x</a>".encode("utf-16-le"), True),  # cannot be told so quickly
        ("\ufeff<a>x</a>".encode("utf-16-be"), True),
        (b"<a>x</a>", False),
        (b"", False),
    ],
)
def test_the_quick_answer_whether_markup_may_hold_one(content: bytes, may: bool) -> None:
    assert searching._may_hold(content) is may


def test_around_the_cells_of_a_large_sheet_stand_what_is_before_after_and_remarks() -> None:
    sheet = b"<w><a/><sheetData><row><!-- one --><c/></row></sheetData><b/></w>"
    assert searching._around_cells(sheet) == b"<w><a/><!-- one --></sheetData><b/></w>"
    assert searching._around_cells(sheet.replace(b"<!-- one -->", b"")) == b"<w><a/></sheetData><b/></w>"


SHEET = Book("xlsx", (Sheet("Data", [["750503", "x", "0101900001"], [750503.0, "", 101900001.0], ["7505"], ["0301"]]),))


@pytest.mark.parametrize(
    ("formula", "holds"),
    [
        ('"750503"&"0101900001"', True),
        ('"750503"&"010190001"', False),
        ("A1&C1", True),
        ("A1&B1&C1", False),
        ("$A$1&$C$1", True),
        ("A1&C9", False),
        ("A1&Z1", False),
        ("A0&C1", False),
        ('A2&TEXT(C2,"0000000000")', True),
        ('A2&TEXT(C2;"0000000000")', True),
        ("A2&C2", False),  # without its zero
        ('TEXT([.A2],"000000")&TEXT([.C2],"0000000000")', True),
        ('TEXT(7505030101900001,"0")', True),
        ("CONCAT(A3:A4)&01900001", True),
        ("CONCAT(A3:B4)&01900001", True),
        ("CONCAT(A4:A4)&01900001", False),
        ('A1&"01""01900001"', True),
        ("CONCAT(A1:A1)&C1", True),
        ("CONCAT(A1:A2)&C1", False),
        ("7505030101900001", True),
    ],
)
def test_a_formula_that_would_join_one(formula: str, holds: bool) -> None:
    assert (searching.in_formulas([formula], SHEET) is not None) is holds


def test_formulas_that_join_texts_are_found_where_no_value_was_kept() -> None:
    made = b'<c r="A1"><f>A2&amp;C2</f></c><c r="A2"><f t="a">TEXT(B1,"0")</f><v/></c><c r="A3"><f>A2&amp;C3</f><v>5</v></c>'
    made += b'<c r="A4"><f>SUM(A1:A2)</f></c><x:c r="A5"><x:f>CONCATENATE(A2,B2)</x:f><x:v></x:v></x:c>'
    assert searching.formulas_in("xl/worksheets/sheet1.xml", made) == ["A2&C2", 'TEXT(B1,"0")', "CONCATENATE(A2,B2)"]
    assert searching.formulas_in("XL/Worksheets/Sheet1.xml", made) and not searching.formulas_in("xl/styles.xml", made)
    assert searching.formulas_in("xl/worksheets/sheet1.xml", b'<c r="A4"><f>SUM(A1:A2)</f></c>') == []
    ods = b'<table:table-cell table:formula="of:=[.A1]&amp;[.B1]"/><table:table-cell table:formula="of:=SUM([.A1])"/>'
    assert searching.formulas_in("content.xml", ods) == ["[.A1]&[.B1]"]


def test_what_is_packed_by_itself_is_unpacked_whole_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zlib.compress(b"x" * 100)
    assert searching._unpacked(packed + b"rest", 15, "a") == b"x" * 100 + b"\nrest"
    for most, fits in ((101, True), (100, True), (99, False)):
        monkeypatch.setattr(searching, "MOST_WITHIN", most)
        if fits:
            assert searching._unpacked(packed, 15, "a").startswith(b"x" * 100)
        else:
            with pytest.raises(RefusedError):
                searching._unpacked(packed, 15, "a")


def test_a_formula_joins_so_many_cells_of_a_range() -> None:
    for cells in (64, 65):
        rows = [["x"]] * (cells - 2) + [["750503"], ["0101900001"]]
        found = searching.in_formulas([f"CONCAT(A1:A{cells})"], Book("xlsx", (Sheet("", rows),)))
        assert (found is not None) is (cells == searching.MOST_JOINED)


@pytest.mark.parametrize("function", ["CONCAT(A2,B2)", 'TEXT(B1,"0")', "A2&amp;B2"])
def test_each_way_to_join_texts_is_looked_for(function: str) -> None:
    assert searching.formulas_in("xl/worksheets/sheet1.xml", f'<c r="A1"><f>{function}</f></c>'.encode())


@pytest.mark.parametrize("size", [15, 16])
def test_texts_of_a_few_bytes(size: int) -> None:
    assert searching.in_bytes_of_text(NIK[:size].encode()) is (size == 16)
    assert searching.in_bytes_of_text(NIK[:size].encode("utf-16-le")) is (size == 16)
    bengali = "".join(chr(0x9E6 + int(digit)) for digit in NIK[:size])
    assert searching.in_bytes_of_text(bengali.encode()) is (size == 16)


def test_sixteen_digits_that_are_no_number_are_none_among_bytes() -> None:
    assert not in_binary(b"\1\2" + b"1234567890123456" + b"\1\2")


def test_a_name_that_only_the_parts_own_head_says_is_searched() -> None:
    data = plants.packed({"x" * 16: b"<a/>"})
    assert searching.in_container(data) is None
    assert "name" in str(searching.in_container(data.replace(b"x" * 16, NIK.encode(), 1)))


def test_gzip_within_gzip_is_opened_to_a_depth() -> None:
    content = NIK.encode()
    for _ in range(searching.MOST_DEPTH):
        content = gzip.compress(content)
    assert in_bytes(content, "a.gz")
    with pytest.raises(RefusedError):
        in_bytes(gzip.compress(content), "a.gz")


def test_an_encrypted_package_is_known_by_its_first_megabyte() -> None:
    mark = "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(RefusedError):
        in_bytes(b"\1" * ((1 << 20) - len(mark)) + mark, "a.bin")
    assert not in_bytes(b"\1" * (1 << 20) + mark, "a.bin")


@pytest.mark.parametrize(
    ("opening", "joined"), [(b"<x:r>", True), (b"<r>", True), (b"<span>", True), (b"<b>", False), (b"<rPr/>", False)]
)
def test_in_a_large_part_only_runs_of_texts_are_joined(opening: bytes, joined: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"<t>75050301</t>" + opening + b"<t>01900001</t>"
    monkeypatch.setattr(searching, "_PIECED", len(content))
    assert searching._may_hold(content) is joined
    monkeypatch.setattr(searching, "_PIECED", len(content) + 1)
    assert searching._may_hold(content)


@pytest.mark.parametrize("beside", [b"", b"\0" * 30, b"\r\n  ", b"PK\7\x08" + bytes(range(20)), b"<!-- saved by a program -->"])
def test_bytes_beside_the_parts_that_hold_nothing(beside: bytes) -> None:
    assert searching.in_container(canonical.as_xlsx() + beside) is None


def test_bytes_beside_the_parts_that_are_no_text_refuse_the_file() -> None:
    many = bytes(range(1, 26))
    with pytest.raises(RefusedError, match="outside the parts"):
        searching.in_container(canonical.as_xlsx() + many)
    assert searching.in_container(canonical.as_xlsx() + many[:24]) is None  # no more than a size and a sum
    with pytest.raises(RefusedError, match="outside the parts"):
        searching.in_container(many + canonical.as_xlsx())


@pytest.mark.parametrize("closed", [b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"%PDF", b"\x28\xb5\x2f\xfd"])
def test_what_is_packed_in_other_ways_is_refused(closed: bytes) -> None:
    with pytest.raises(RefusedError, match=r"a\.bin cannot be searched"):
        in_bytes(closed + bytes(40), "a.bin")
    assert not in_bytes(bytes(9) + closed + bytes(40), "a.bin")  # not at its beginning


@pytest.mark.parametrize("within", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"%PDF-"])
def test_an_object_with_something_closed_in_it_is_refused(within: bytes) -> None:
    with pytest.raises(RefusedError, match="cannot be searched"):
        in_bytes(containers.OLE + bytes(99) + within + bytes(40), "a.bin")
    assert not in_bytes(b"\1" * 99 + within + bytes(40), "a.bin")


def test_files_within_files_are_opened_to_a_depth_and_searched() -> None:
    content = NIK.encode()
    for _ in range(searching.MOST_DEPTH):
        content = plants.packed({"a": content})
    assert in_bytes(content, "a.zip")
    with pytest.raises(RefusedError):
        in_bytes(plants.packed({"a": content}), "a.zip")
    assert not in_bytes(plants.packed({"a": b"x", "b": b"y"}), "a.zip")
    assert in_bytes(b"\1\2" + plants.packed({"a": b"x", "b": NIK.encode()}), "a.zip")


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA")]
)
def test_columns_have_letters(number: int, letters: str) -> None:
    assert package.column_letters(number) == letters and package.column_number(letters) == number
