"""The words of a PDF, read by PDFium: what a page says, and where each word begins at which size."""

from __future__ import annotations

import ctypes

import pypdfium2 as pdfium
from pypdfium2 import raw

Word = tuple[float, float, float]  # where text begins, from left and from below, and the size of its type; in points


def texts(data: bytes) -> list[str]:
    """The text of each page, pictures included."""
    return [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(data)]


def words_of(data: bytes) -> list[tuple[float, float, list[Word]]]:
    """Width and height of each page, and every word on it outside of pictures."""
    return [(*page.get_size(), list(_words(page))) for page in pdfium.PdfDocument(data)]


def _words(page: pdfium.PdfPage) -> list[Word]:
    found, said, size = [], page.get_textpage(), ctypes.c_float()
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=1):
        if not _text(one, said).strip():
            continue
        placed = one.get_matrix()
        assert raw.FPDFTextObj_GetFontSize(one, size)
        found.append((placed.e, placed.f, abs(size.value * placed.d)))
    return found


def _text(one: pdfium.PdfObject, said: pdfium.PdfTextPage) -> str:
    length = raw.FPDFTextObj_GetText(one, said, None, 0)
    letters = ctypes.create_string_buffer(length)
    raw.FPDFTextObj_GetText(one, said, ctypes.cast(letters, ctypes.POINTER(ctypes.c_ushort)), length)
    return letters.raw.decode("utf-16-le").rstrip("\0")
