"""The templates of letters that come with the program: ``python -m tests.letter_templates`` writes them into data/letters.

No person, number or place of an office is known: what only the office knows stands in square brackets.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "letters"

# (heads, fields) of the schedule; then the words of each letter, line by line: how it is set, and the text.
WORDS: dict[str, Any] = {
    "village.id": {
        "title": "Surat kepada kepala desa",
        "lines": [
            ("head", "{{ kantor }}"),
            ("small", "[alamat, telepon dan surel kantor]"),
            ("right", "[tempat], [tanggal surat]"),
            ("pair", "Nomor\t: [nomor surat]"),
            ("pair", "Lampiran\t: –"),
            ("pair", "Hal\t: Pelayanan perekaman KTP elektronik di {{ wilayah }}"),
            ("gap", "Yth. {{ kepada }}"),
            ("plain", "{{ wilayah_atas }}"),
            ("gap", "Dengan hormat,"),
            (
                "text",
                "Untuk merekam warga yang wajib KTP dan belum merekam, tim perekaman kami akan datang ke {{ wilayah }} selama "
                "{{ jumlah_hari }} hari, dari {{ hari_pertama }} sampai {{ hari_terakhir }}:",
            ),
            ("table", (("Hari", "Tim", "Tempat", "Perkiraan terekam"), ("hari", "tim", "tempat", "perkiraan"))),
            ("text", "{{ catatan_perkiraan }}"),
            ("text", "Kami mohon bantuan Saudara untuk:"),
            ("number", "menyediakan tempat [nama gedung], pukul [jam], dengan listrik dan, bila ada, jaringan internet;"),
            (
                "number",
                "memberitahukan warga yang berumur 17 tahun atau lebih, atau sudah kawin, dan belum merekam, agar datang dengan "
                "membawa Kartu Keluarga;",
            ),
            (
                "number",
                "menyampaikan siapa yang tidak dapat datang karena usia, sakit, atau disabilitas, agar dikunjungi di rumah;",
            ),
            ("number", "memberitahukan warga dalam daftar yang sudah meninggal, pindah, tercatat ganda, atau tidak dikenal."),
            ("text", "Perekaman tidak dipungut biaya. Bila harinya perlu diubah, mohon hubungi [nama dan nomor telepon kantor]."),
            ("text", "Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih."),
            ("sign", "[jabatan penanda tangan]"),
            ("signed", "[nama penanda tangan]"),
            ("signed", "NIP [NIP penanda tangan]"),
        ],
    },
    "task.id": {
        "title": "Surat tugas",
        "lines": [
            ("head", "{{ kantor }}"),
            ("small", "[alamat, telepon dan surel kantor]"),
            ("title", "SURAT TUGAS"),
            ("centre", "Nomor: [nomor surat]"),
            ("text", "Yang bertanda tangan di bawah ini, [jabatan penanda tangan], menugaskan:"),
            ("number", "[nama], NIP [NIP], sebagai operator perekaman;"),
            ("number", "[nama], NIP [NIP], sebagai petugas verifikasi dan pencetakan;"),
            (
                "text",
                "sebagai {{ tim }} untuk melayani perekaman KTP elektronik di {{ wilayah }} selama {{ jumlah_hari }} hari, dari "
                "{{ hari_pertama }} sampai {{ hari_terakhir }}, dengan jadwal:",
            ),
            (
                "table",
                (
                    ("Hari", "Wilayah", "Tempat", "Kegiatan", "Perkiraan terekam"),
                    ("hari", "wilayah", "tempat", "kegiatan", "perkiraan"),
                ),
            ),
            ("text", "Perkiraan seluruhnya: {{ perkiraan }}. {{ catatan_perkiraan }}"),
            (
                "text",
                "Hasil setiap kunjungan dicatat pada lembar kunjungan dan diserahkan kepada kantor pada hari yang sama. "
                "Surat tugas ini dilaksanakan dengan penuh tanggung jawab.",
            ),
            ("right", "[tempat], [tanggal surat]"),
            ("sign", "[jabatan penanda tangan]"),
            ("signed", "[nama penanda tangan]"),
            ("signed", "NIP [NIP penanda tangan]"),
        ],
    },
    "village.en": {
        "title": "Letter to the village head",
        "lines": [
            ("head", "{{ kantor }}"),
            ("small", "[address, telephone and e-mail of the office]"),
            ("right", "[place], [day of the letter]"),
            ("pair", "Number\t: [number of the letter]"),
            ("pair", "Enclosed\t: –"),
            ("pair", "Subject\t: Recording of the electronic ID card in {{ wilayah }}"),
            ("gap", "To {{ kepada }}"),
            ("plain", "{{ wilayah_atas }}"),
            ("gap", "Dear Sir or Madam,"),
            (
                "text",
                "Our team records those who must have an ID card and are not recorded yet. It comes to {{ wilayah }} on "
                "{{ jumlah_hari }} days, from {{ hari_pertama }} to {{ hari_terakhir }}:",
            ),
            ("table", (("Day", "Team", "Place", "Expected recorded"), ("hari", "tim", "tempat", "perkiraan"))),
            ("text", "{{ catatan_perkiraan }}"),
            ("text", "We ask for your help:"),
            ("number", "a room [name of the building] at [hour] with electricity and, if there is one, a network;"),
            (
                "number",
                "word to everyone of 17 years or more, or married, who has not been recorded yet, to come with the family card "
                "(Kartu Keluarga);",
            ),
            ("number", "who cannot come because of age, illness or disability, so that the team may come to the house;"),
            ("number", "who on the list has died, has moved away, stands there twice, or is not known."),
            ("text", "Recording costs nothing. If a day has to be changed, please tell [name and telephone of the office]."),
            ("text", "Thank you for your help."),
            ("sign", "[position of the signatory]"),
            ("signed", "[name of the signatory]"),
            ("signed", "NIP [NIP of the signatory]"),
        ],
    },
    "task.en": {
        "title": "Task letter",
        "lines": [
            ("head", "{{ kantor }}"),
            ("small", "[address, telephone and e-mail of the office]"),
            ("title", "TASK LETTER"),
            ("centre", "Number: [number of the letter]"),
            ("text", "The undersigned, [position of the signatory], sends:"),
            ("number", "[name], NIP [NIP], who records;"),
            ("number", "[name], NIP [NIP], who looks up and prints;"),
            (
                "text",
                "as {{ tim }} to record electronic ID cards in {{ wilayah }} on {{ jumlah_hari }} days, from {{ hari_pertama }} "
                "to {{ hari_terakhir }}, with this schedule:",
            ),
            (
                "table",
                (("Day", "Area", "Place", "Work", "Expected recorded"), ("hari", "wilayah", "tempat", "kegiatan", "perkiraan")),
            ),
            ("text", "Expected in all: {{ perkiraan }}. {{ catatan_perkiraan }}"),
            (
                "text",
                "What was done at each visit is written on the sheet of visits and handed to the office on the same day. This "
                "task is to be carried out with full responsibility.",
            ),
            ("right", "[place], [day of the letter]"),
            ("sign", "[position of the signatory]"),
            ("signed", "[name of the signatory]"),
            ("signed", "NIP [NIP of the signatory]"),
        ],
    },
}


WIDTHS = {"hari": 4.6, "tim": 2, "wilayah": 4.6, "tempat": 2.6, "kegiatan": 2.2, "perkiraan": 2.6}  # of columns, to each other


CLOSING = ("Atas", "Hasil", "Thank", "What was")  # stays with the signature, which is not to stand on a page by itself


def main() -> None:
    """Write the templates."""
    FOLDER.mkdir(exist_ok=True)
    for name, told in WORDS.items():
        made = docx.Document()
        section = made.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(1.8)
        for style in ("Normal", "List Number"):
            made.styles[style].font.name, made.styles[style].font.size = "Times New Roman", Pt(11)
            made.styles[style].paragraph_format.space_after = Pt(4)
        (tongue,) = made.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
        tongue.set(qn("w:val"), {"id": "id-ID", "en": "en-GB"}[name[-2:]])
        about = made.core_properties
        about.title, about.author, about.last_modified_by, about.comments = told["title"], "", "", ""
        about.created = about.modified = datetime(2026, 1, 1)
        about.language = name[-2:]
        for how, words in told["lines"]:
            _table(made, *words) if how == "table" else _line(made, how, words)
        made.save(str(FOLDER / f"{name}.docx"))


def _line(made: Any, how: str, words: str) -> None:
    one = made.add_paragraph(words, style="List Number" if how == "number" else None)
    shape, run = one.paragraph_format, one.runs[0]
    if how in ("head", "title", "small", "centre"):
        one.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if how == "right":
        shape.keep_with_next = True
        one.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if how in ("head", "title"):
        run.bold, run.font.size = True, Pt(14)
    if how == "small":
        run.font.size, shape.space_after = Pt(10), Pt(14)
        _rule(one)
    if how == "pair":
        shape.tab_stops.add_tab_stop(Cm(2.2))
        shape.left_indent, shape.first_line_indent, shape.space_after = Cm(2.4), Cm(-2.4), Pt(0)
    if how in ("gap", "sign"):
        shape.space_before = Pt(14)
    if how in ("sign", "signed"):
        shape.left_indent, shape.space_after, shape.keep_with_next = Cm(9), Pt(0), True
    if how == "sign":
        shape.space_after = Pt(42)
    if how == "text":
        shape.space_before, shape.keep_with_next = Pt(5), words.startswith(CLOSING)


def _rule(one: Any) -> None:
    """A line below the head."""
    border, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "000000")):
        line.set(qn(f"w:{key}"), value)
    border.append(line)
    one._p.get_or_add_pPr().append(border)


def _table(made: Any, heads: tuple[str, ...], fields: tuple[str, ...]) -> None:
    """The schedule: a row of heads that stands on every page, and a row for each of its rows."""
    table = made.add_table(rows=4, cols=len(heads), style="Table Grid")
    table.autofit = False
    for column, field in zip(table.columns, fields, strict=True):
        column.width = Cm(WIDTHS[field] * 16 / sum(WIDTHS[one] for one in fields))
        for cell in column.cells:
            cell.width = column.width
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    table.rows[1].cells[0].text = "{%tr for baris in jadwal %}"
    for cell, field in zip(table.rows[2].cells, fields, strict=True):
        cell.text = "{{ baris.%s }}" % field  # noqa: UP031 - braces are the template's
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for row in table.rows:
        stay = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(stay)
        for cell in row.cells:
            for one in cell.paragraphs:
                one.paragraph_format.space_after = Pt(1)
                one.paragraph_format.space_before = Pt(1)
                for run in one.runs:
                    run.font.size = Pt(10)


if __name__ == "__main__":
    main()
