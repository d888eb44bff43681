"""Files with a personal number planted in every kind of place, and clean ones full of numbers that only look alike."""

from __future__ import annotations

import io
import random
import zipfile

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from tests.layouts import canonical


def nik(rng: random.Random) -> str:
    """A number that is valid as a NIK and belongs to nobody: kecamatan code, day, month, year, serial."""
    district = rng.choice(["750503", "351901", "320401", "110101", "910101", "647203"])
    day = rng.randint(1, 28) + rng.choice([0, 40])
    return f"{district}{day:02d}{rng.randint(1, 12):02d}{rng.randint(50, 99):02d}{rng.randint(1, 999):04d}"


def _spaced(number: str, rng: random.Random) -> str:
    return rng.choice(
        [
            " ".join(number),
            f"{number[:6]} {number[6:12]} {number[12:]}",
            f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}",
            f"{number[:6]}.{number[6:12]}.{number[12:]}",
            f"'{number}",
            f"{number[:8]}\u00a0{number[8:]}",
            f"NIK: {number}",
            f"{number}.",
            f"{number[:6]}-{number[6:12]}-{number[12:]}",
        ]
    )


def _book(change) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(canonical.as_xlsx()))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def planted(seed: int) -> tuple[str, bytes, str, str]:
    """(kind of place, bytes, file name, the number)."""
    rng = random.Random(seed)
    number = nik(rng)
    written = rng.choice([number, _spaced(number, rng)])
    kinds = [
        "visible",
        "hidden",
        "comment",
        "property",
        "float",
        "csv",
        "title",
        "defined",
        "headerfooter",
        "sheetname",
        "richtext",
        "csv-float",
        "validation",
        "csv-quoted",
        "html",
        "name",
        "ods",
        "veryhidden",
        "far",
        "textbox",
    ]
    kind = kinds[seed % len(kinds)]

    def on(sheet_name, cell, value):
        def change(book):
            sheet = book[sheet_name] if sheet_name in book.sheetnames else book.create_sheet(sheet_name)
            sheet[cell] = value
            if kind in ("hidden", "veryhidden"):
                sheet.sheet_state = "hidden" if kind == "hidden" else "veryHidden"

        return change

    name = "rekap.xlsx"
    if kind == "visible":
        data = _book(on("Data", "K5", written))
    elif kind in ("hidden", "veryhidden"):
        data = _book(on("Lain", "C7", written))
    elif kind == "far":
        data = _book(on("Data", "ZZ900", written))
    elif kind == "title":
        data = _book(on("Data", "A40", f"Penanggung jawab {written}"))
    elif kind == "float":
        data = _book(on("Data", "K9", float(number)))
    elif kind == "comment":
        data = _book(lambda book: setattr(book["Data"]["B2"], "comment", Comment(f"cek {written}", "x")))
    elif kind == "property":
        data = _book(lambda book: setattr(book.properties, rng.choice(["title", "description", "creator", "keywords"]), written))
    elif kind == "defined":
        data = _book(lambda book: book.defined_names.add(DefinedName("Orang", attr_text=f'"{written}"')))
    elif kind == "headerfooter":
        data = _book(lambda book: setattr(book["Data"].oddHeader.center, "text", f"NIK {number}"))
    elif kind == "sheetname":
        data = _book(lambda book: book.create_sheet(number))
    elif kind == "validation":
        from openpyxl.worksheet.datavalidation import DataValidation

        def change(book):
            rule = DataValidation(
                type="whole", operator="between", formula1="1", formula2="9", prompt=written, showInputMessage=True
            )
            rule.add("L2")
            book["Data"].add_data_validation(rule)

        data = _book(change)
    elif kind == "richtext":
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            sheet = book.add_worksheet()
            sheet.write_rich_string(0, 0, "N ", book.add_format({"bold": True}), number[:8], number[8:])
            sheet.write_row(1, 0, canonical.HEADER)
        data = out.getvalue()
    elif kind == "textbox":
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            sheet = book.add_worksheet()
            sheet.insert_textbox(3, 3, f"hubungi {written}")
            sheet.write_row(1, 0, canonical.HEADER)
        data = out.getvalue()
    elif kind == "csv":
        data, name = canonical.one(catatan=written), "a.csv"
    elif kind == "csv-float":
        data, name = canonical.one(catatan=rng.choice([f"{number}.0", f"{number[0]}.{number[1:]}E+15"])), "a.csv"
    elif kind == "csv-quoted":
        data, name = (
            (b'kode,tanggal,wajib ktp,catatan\n75.05.03,2023-06-20,100,"baris satu\n' + written.encode() + b'"\n'),
            "a.csv",
        )
    elif kind == "html":
        data, name = (
            f"<table><tr><th>KECAMATAN</th><th>WKTP</th></tr><tr><td "
            f"title='{number}'>Anggrek</td><td>7</td></tr></table>".encode(),
            "a.xls",
        )
    elif kind == "name":
        data, name = canonical.as_xlsx(), f"KTP {number}.xlsx"
    else:
        data, name = ods([["kode", "tanggal", "wajib ktp"], ["75.05.03", "2023-06-20", "100"], ["", written, ""]]), "a.ods"
    return kind, data, name, number


def ods(rows) -> bytes:
    """A minimal OpenDocument spreadsheet."""

    def cell(value):
        if isinstance(value, (int, float)):
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
            )
        return (
            f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
            if value
            else "<table:table-cell/>"
        )

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Data">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def clean_rows(seed: int, count: int) -> list[str]:
    """Texts of a signature block and of figures that are no personal numbers: staff numbers, village codes, telephones."""
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        year, month, day = rng.randint(1960, 1999), rng.randint(1, 12), rng.randint(1, 28)
        begun = f"{rng.randint(1985, 2022)}{rng.randint(1, 12):02d}"
        staff = f"{year}{month:02d}{day:02d} {begun} {rng.randint(1, 2)} {rng.randint(1, 30):03d}"
        made.append(
            rng.choice(
                [
                    f"NIP. {staff}",
                    f"NIP {staff.replace(' ', '')}",
                    f"{rng.randint(11, 94)}{rng.randint(1, 30):02d}{rng.randint(1, 20):02d}{rng.randint(1001, 2050)}",
                    f"08{rng.randint(10**8, 10**10)}",
                    f"+62 8{rng.randint(10, 99)}-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
                    f"(0435) {rng.randint(100000, 999999)}",
                    f"00000000{rng.randint(10**7, 10**8 - 1)}",
                    f"{rng.randint(1, 99)}.{rng.randint(10**13, 10**14 - 1)}",
                    f"0.{rng.randint(10**15, 10**16 - 1)}",
                    f"{rng.randint(1, 28):02d}-{month:02d}-2023 s/d {day:02d}-{month:02d}-2024",
                    "2020 2021 2022 2023",
                    f"{rng.randint(10**5, 10**9):,}".replace(",", "."),
                    " ".join(str(n) for n in range(1, 20)),
                    f"470/{rng.randint(1, 999)}/Dukcapil/2023",
                    f"DPPA-{rng.randint(10**9, 10**10)}",
                ]
            )
        )
    return made
