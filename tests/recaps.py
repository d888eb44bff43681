"""Recaps as colleagues write them, for what a file leaves open."""

from __future__ import annotations

from pathlib import Path

import openpyxl

NAMES = (
    "Atinggola",
    "Kwandang",
    "Anggrek",
    "Sumalata",
    "Tolinggula",
    "Gentuma Raya",
    "Tomilito",
    "Ponelo Kepulauan",
    "Monano",
    "Biau",
    "Sumalata Timur",
)


def workbook(file: Path, *, names: tuple[str, ...] = NAMES, spoilt: str = "") -> Path:
    """A recap as colleagues write it: title, names, three counts, a total."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        ["REKAPITULASI PEREKAMAN KTP-EL"],
        ["KABUPATEN GORONTALO UTARA"],
        [],
        ["NO", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"],
    ):
        sheet.append(line)
    total = [0, 0, 0]
    for place, name in enumerate(names):
        counts = [8013 + 103 * place, 7971 + 100 * place, 42 + 3 * place]
        sheet.append([place + 1, name.upper(), *(counts if not (spoilt and place == 3) else [spoilt, *counts[1:]])])
        total = [a + b for a, b in zip(total, counts, strict=True)]
    sheet.append([None, "JUMLAH", *total])
    book.save(file)
    return file


def recap_of_two_lists(file: Path, add: int = 0) -> Path:
    """A recap with the recorded of two lists, of which nothing says which one counts, on a sheet beside a cover."""
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"])
    sheet = book.create_sheet("REKAP")
    for line in (["KABUPATEN GORONTALO UTARA"], [], ["NO", "KECAMATAN", "WAJIB KTP", "PEREKAMAN SIAK", "PEREKAMAN PUSAT"]):
        sheet.append(line)
    for place, name in enumerate(NAMES):
        eligible = 8013 + 103 * place
        sheet.append([place + 1, name.upper(), eligible, eligible - 60 - place + add, eligible - 42 - 3 * place + add])
    book.save(file)
    return file
