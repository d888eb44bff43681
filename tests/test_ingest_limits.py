"""Files made to do harm, through the reading process: answered within 10 s and 1 GB, and the next file is read as ever."""

import copy
import io
import os
import re
import struct
import zipfile
from pathlib import Path

import pytest

from ektp_analysis.ingest import worker
from ektp_analysis.ingest.opening import containers, package
from ektp_analysis.ingest.worker import guarded_read
from tests.layouts import canonical

pytestmark = pytest.mark.usefixtures("started_anew")
PATIENCE = 300  # seconds: how long it takes is judged by the processor's time, which a busy machine does not change
ENDED = 1  # seconds after which what never ends is ended
CONTENT = """<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Data">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""
CELL = '<table:table-cell office:value-type="float" office:value="7"{repeated}><text:p>{text}</text:p></table:table-cell>'


def patched(part, change):
    """The project's own workbook with one of its parts changed."""
    source, out = zipfile.ZipFile(io.BytesIO(canonical.as_xlsx())), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            content = source.read(name)
            made.writestr(name, change(content) if name == part else content)
    return out.getvalue()


def sheet(cells, row=3000):
    return patched(
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"</sheetData>", b'<row r="%d">' % row + cells + b"</row></sheetData>"),
    )


def ods(rows, doctype=""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        made.writestr(
            "content.xml", CONTENT.replace("<office:document-content", doctype + "<office:document-content", 1).format(rows=rows)
        )
    return out.getvalue()


def one_part_many_times():
    """A directory in which many names stand for the same compressed bytes."""
    out = io.BytesIO(canonical.as_xlsx())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        made.writestr("xl/media/0.bin", bytes(20_000_000))
        for number in range(1, 50):
            again = copy.copy(made.filelist[-1])
            again.filename = f"xl/media/{number}.bin"
            made.filelist.append(again)
    return out.getvalue()


def entities(level=9):
    """A billion letters by ten entities, each ten times the one before."""
    named = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "a" * 10}">' for n in range(level))
    return named, f"&e{level - 1};"


def entities_xlsx():
    named, used = entities()
    return patched(
        "xl/sharedStrings.xml",
        lambda part: part.replace(b"<sst", f"<!DOCTYPE a [{named}]><sst".encode(), 1).replace(
            b"<t>kode</t>", f"<t>{used}</t>".encode()
        ),
    )


def entities_ods():
    named, used = entities()
    cell = CELL.format(repeated="", text=used)
    return ods(f"<table:table-row>{cell}</table:table-row>", f"<!DOCTYPE a [{named}]>")


def billion_rows():
    """The last row of a sheet, and a dimension, far beyond what stands in it."""
    made = sheet(b'<c r="A999999999"><v>1</v></c>', 999_999_999)
    assert len(made) < 10_000
    return made


def billion_rows_first():
    return patched(
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"<sheetData>", b'<sheetData><row r="999999999"><c r="A999999999"><v>1</v></c></row>'),
    )


def billion_rows_ods():
    cells = CELL.format(repeated="", text="7")
    made = ods(f'<table:table-row table:number-rows-repeated="1000000000">{cells}</table:table-row>')
    assert len(made) < 10_000
    return made


def billion_cells_ods():
    cells = CELL.format(repeated=' table:number-columns-repeated="100000"', text="7")
    return ods(f'<table:table-row table:number-rows-repeated="10000">{cells}</table:table-row>')


def wide_xlsx():
    return sheet(b"".join(b'<c r="%s3"><v>1</v></c>' % package.column_letters(n).encode() for n in range(1, 100_001)))


def wide_csv():
    return (";".join(f"KOLOM {n}" for n in range(100_000)) + "\n" + ";".join("7" * 1 for _ in range(100_000)) + "\n").encode()


def wide_html():
    return ("<table><tr>" + "<td>7</td>" * 100_000 + "</tr></table>").encode()


def spans_html():
    return (
        b'<table><tr><th colspan="1000000000" rowspan="1000000000">KECAMATAN</th></tr><tr><td>Anggrek</td><td>7</td></tr></table>'
    )


def deep_html():
    return b"<table><tr><td>" * 50_000 + b"7"


def long_field():
    return b"KECAMATAN;WKTP;REKAM\nAnggrek;" + b"7" * 3_000_000 + b";7\n"


def sheet_of_itself():
    """A sheet whose content is said to be the workbook, which names the sheet."""
    return patched("xl/_rels/workbook.xml.rels", lambda part: part.replace(b"worksheets/sheet1.xml", b"workbook.xml"))


def many_texts(said=b"99999999999"):
    """A workbook that says it holds a hundred billion texts: whoever asks for the memory at once ends there."""
    counted = rb'count="%b" uniqueCount="%b"' % (said, said)
    return patched("xl/sharedStrings.xml", lambda part: re.sub(rb'count="\d+" uniqueCount="\d+"', counted, part))


def ring_of_sectors():
    """An old workbook whose table of sectors leads from each to the next and back to the first."""
    head = bytearray(512)
    head[:8] = containers.OLE
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", head, 44, 1, 1, 0, 4096, 2, 1, 0xFFFFFFFE, 0, 0)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    ring = struct.pack("<128I", 0xFFFFFFFD, *range(2, 128), 1)
    return bytes(head) + ring + bytes(512 * 127)


HARM = [
    one_part_many_times,
    entities_xlsx,
    entities_ods,
    billion_rows,
    billion_rows_first,
    billion_rows_ods,
    billion_cells_ods,
    wide_xlsx,
    wide_csv,
    wide_html,
    spans_html,
    deep_html,
    long_field,
    sheet_of_itself,
    many_texts,
    ring_of_sectors,
]


def spent():
    """The processor time that the reading process took so far, in seconds; 0 where it was ended."""
    if worker._reader.pid is None:
        return 0.0
    fields = Path(f"/proc/{worker._reader.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak():
    """The most memory that the reading process held so far, in bytes; 0 where it was ended."""
    if worker._reader.pid is None:
        return 0
    lines = Path(f"/proc/{worker._reader.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@pytest.mark.parametrize("make", HARM, ids=lambda make: make.__name__)
def test_harm_is_refused_in_time_and_memory(make):
    data = make()
    guarded_read(canonical.as_csv(), "a.csv")  # the process stands ready, as on a server
    before = spent()
    report = guarded_read(data, "bahaya.xlsx", seconds=ENDED if make is ring_of_sectors else PATIENCE)
    assert spent() - before < worker.SECONDS
    assert report.status == "refused" and not len(report.rows)
    assert make is ring_of_sectors or "than is allowed" not in str(report.reason)  # seen for what it is, not ended
    assert peak() < worker.MEMORY + (200 << 20)
    assert guarded_read(canonical.as_xlsx(), "a.xlsx").status == "accepted"


def test_a_count_of_texts_that_cannot_be_is_refused_by_the_same_process():
    guarded_read(canonical.as_csv(), "a.csv")
    process = worker._reader.pid
    report = guarded_read(many_texts(), "a.xlsx", seconds=PATIENCE)
    assert report.status == "refused" and "99,999,999,999 texts" in str(report.reason)
    assert guarded_read(many_texts(b"1000000"), "a.xlsx", seconds=PATIENCE).status == "accepted"  # counted carelessly
    assert guarded_read(many_texts(b"1000001"), "a.xlsx", seconds=PATIENCE).status == "refused"
    assert worker._reader.pid == process


@pytest.mark.parametrize(
    "formula", [b"1+" * 500_000 + b"1", b"SUM(" * 300_000 + b"1" + b")" * 300_000, b"A4" * 1], ids=["long", "deep", "of itself"]
)
def test_formulas_are_never_followed(formula):
    """A formula a megabyte long, or nested, or that refers to its own cell: its stored value is what counts."""
    old = b"<v>8000</v>"
    data = patched("xl/worksheets/sheet1.xml", lambda part: part.replace(old, b"<f>" + formula + b"</f>" + old, 1))
    guarded_read(canonical.as_csv(), "a.csv")
    before = spent()
    report = guarded_read(data, "a.xlsx", seconds=PATIENCE)
    assert spent() - before < worker.SECONDS
    assert report.status == "accepted" and report.rows.eligible.iloc[0] == 8000
