"""Letters from templates that the office can change: a DOCX with fields in double braces, filled in; and its words for a PDF.

A template may name the fields of :data:`FIELDS`, go through the rows of the schedule, and leave parts out; nothing else of the
template language is carried out, for templates come from anybody who can reach the page.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import LxmlError

from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import DATA
from ektp_analysis.core.text import T
from ektp_analysis.ingest.opening.personal import in_text

Part = dict[str, Any]
LARGEST, UNPACKED = (
    2_000_000,
    20_000_000,
)  # bytes of a template, and of all that is packed in it: a letter with a crest has 0.2 MB
MOST_XML, MOST_BRACES = 1_000_000, 400  # characters of a part, and braces: from each brace on the rest is looked through
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ROWS, ROW = "jadwal", ("hari", "tim", "wilayah", "tempat", "kegiatan", "perkiraan")  # the schedule, and what a row of it holds


USUAL, MOST_SPACE, MOST_INDENT = 6.0, 72.0, 300.0  # points between paragraphs of a PDF, and from the left


class Kind(StrEnum):
    """The letters that there are."""

    VILLAGE = "village"
    TASK = "task"


NOTE = "catatan_perkiraan"  # what expected numbers are, and whether figures are modelled
_SHARED = ("kantor", "wilayah", "wilayah_atas", "hari_pertama", "hari_terakhir", "jumlah_hari", "perkiraan", NOTE)
# What a template may name, beside the schedule: in Indonesian, for it is offices that write templates.
FIELDS: Mapping[Kind, tuple[str, ...]] = MappingProxyType({Kind.VILLAGE: (*_SHARED, "kepada"), Kind.TASK: (*_SHARED, "tim")})

_HARMLESS = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.Const),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand),
)


class _FieldError(Exception):
    """A template asks for what there is not."""


class _Plain(ImmutableSandboxedEnvironment):  # type: ignore[misc]
    """A template language of fields, one loop and conditions."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(autoescape=True)
        self._known = {*FIELDS[kind], ROWS}

    def from_string(self, source: Any, *arguments: Any, **named: Any) -> Any:
        """The template, once it is seen that it holds nothing else."""
        self._look(self.parse(source), {*self._known})
        return super().from_string(source, *arguments, **named)

    def _look(self, node: nodes.Node, names: set[str], row: str = "") -> None:
        """Raises _FieldError where there is something else in a node; ``row``: how a row of the schedule is called around it."""
        if isinstance(node, nodes.For):
            row = _row_of(node, row)
            names = {*names, row, "loop"}
        wrong = "" if isinstance(node, _HARMLESS) else type(node).__name__.lower()
        if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in names:
            wrong = node.name
        if isinstance(node, nodes.Getattr):
            of = node.node.name if isinstance(node.node, nodes.Name) else ""
            known = {("loop", "index"), *((row, name) for name in ROW if row)}
            wrong = "" if (of, node.attr) in known else f"{of}.{node.attr}"
        if wrong:
            raise _FieldError(wrong)
        for child in node.iter_child_nodes():
            self._look(child, names, row)


class _Document(DocxTemplate):  # type: ignore[misc]
    """A template whose parts are small enough to be looked through."""

    def patch_xml(self, src_xml: str) -> str:
        """A part with its fields put together, each in one piece."""
        if len(src_xml) > MOST_XML or src_xml.count("{") > MOST_BRACES:
            raise _LongError
        return str(super().patch_xml(src_xml))


class _LongError(Exception):
    """A part is longer than any letter, or has more fields."""


def _row_of(loop: nodes.For, inside: str) -> str:
    """How a row is called in a loop through the schedule, the only one that there may be."""
    if inside or not (isinstance(loop.iter, nodes.Name) and loop.iter.name == ROWS and isinstance(loop.target, nodes.Name)):
        raise _FieldError("for")
    return str(loop.target.name)


def standard(kind: Kind, lang: str) -> bytes:
    """The template that comes with the program, in a language."""
    return (DATA / "letters" / f"{kind}.{lang}.docx").read_bytes()


def example(kind: Kind) -> dict[str, Any]:
    """Values of which every field has one."""
    return {**{name: name for name in FIELDS[kind]}, ROWS: [{name: name for name in ROW}]}


def check(data: bytes, file: str, kind: Kind) -> None:
    """See that a template can be filled in.

    Raises:
        UserError: it is no DOCX, is too large, asks for a field that is not known, or holds a personal number.
    """
    filled = fill(data, file, kind, example(kind))
    if any(in_text(text) for text in _texts(filled)):
        raise UserError(T("The template {file} holds a personal number (NIK); remove it. Nothing was kept.", file=file))


def fill(data: bytes, file: str, kind: Kind, values: Mapping[str, Any], made_at: datetime | None = None) -> bytes:
    """The letter: a template with its fields filled in; at its end :data:`NOTE`, where the template leaves that out.

    Args:
        data: the template's bytes; ``file`` is how it is called in messages.
        values: a text for each of :data:`FIELDS`, and :data:`ROWS`: mappings with a text for each of :data:`ROW`.

    Raises:
        UserError: as :func:`check`.
    """
    _see_size(data, file)
    try:
        made = _Document(io.BytesIO(data))
        made.render(dict(values), _Plain(kind), autoescape=True)
        _note(made.docx, str(values[NOTE]))
        about = made.docx.core_properties
        about.author = about.last_modified_by = str(values["kantor"])[:250]
        about.created = about.modified = (made_at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0, tzinfo=None)
        out = io.BytesIO()
        made.save(out)
    except _FieldError as error:
        raise UserError(
            T(
                "The template {file} asks for '{field}', which is not known. Known are: {fields}; and in the rows of "
                "{rows}: {row}.",
                file=file,
                field=str(error)[:60],
                fields=", ".join(FIELDS[kind]),
                rows=ROWS,
                row=", ".join(ROW),
            )
        ) from error
    except (_LongError, RecursionError) as error:
        raise _too_large(file) from error
    except TemplateError as error:
        raise UserError(
            T(
                "The template {file} cannot be filled in: {reason}. Take the template that came with the program and change its "
                "words only.",
                file=file,
                reason=str(error.message or type(error).__name__)[:200].rstrip("."),
            )
        ) from error
    except (OpcError, LxmlError, zipfile.BadZipFile, KeyError, ValueError, OSError, AttributeError) as error:
        raise _no_docx(file) from error
    return out.getvalue()


def _note(letter: Any, note: str) -> None:
    """See that a letter says what its numbers are: no template of an office's own may take that away."""
    said = (cell.text for one in _inside(letter) for cell in _lines(one))
    if not any(note in text for text in said):
        letter.add_paragraph(note)


def _lines(one: Paragraph | Table) -> Iterator[Any]:
    if isinstance(one, Table):
        yield from (cell for row in one.rows for cell in row.cells)
    else:
        yield one


def _see_size(data: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            sizes = [one.file_size for one in packed.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _no_docx(file) from error
    if len(data) > LARGEST or sum(sizes) > UNPACKED:
        raise _too_large(file)


def _too_large(file: str) -> UserError:
    return UserError(
        T(
            "The template {file} is too large: it may have {n} MB, and words and fields of a letter. Make its pictures smaller, "
            "or begin with the template that came with the program.",
            file=file,
            n=LARGEST // 1_000_000,
        )
    )


def _no_docx(file: str) -> UserError:
    return UserError(T("no DOCX file that can be read: {file}; save it in Word or LibreOffice as .docx.", file=file))


def blocks(data: bytes) -> list[Part]:
    """A filled letter's words in their order, for a PDF: lines and tables; pictures stay in the DOCX.

    A line is ``{"kind": "line", "text", "align": left|center|right, "bold", "number", "indent", "before", "after"}`` (number 0:
    not in a numbered list; the last three in points), a table ``{"kind": "table", "heads", "rows"}``.
    """
    found: list[Part] = []
    number = 0
    for one in _inside(docx.Document(io.BytesIO(data))):
        if isinstance(one, Table):
            rows = [[cell.text.strip() for cell in row.cells] for row in one.rows]
            if rows:
                found.append({"kind": "table", "heads": rows[0], "rows": rows[1:]})
            continue
        numbered = (one.style.name if one.style is not None else "").startswith("List Number")
        number = number + 1 if numbered else 0
        runs = [run for run in one.runs if run.text.strip()]
        found.append(
            {
                "kind": "line",
                "text": one.text.replace("\t", "  ").strip(),
                "align": _ALIGNED.get(one.alignment, "left"),
                "bold": bool(runs) and all(run.bold for run in runs),
                "number": number,
                **_set(one),
            }
        )
    return found


_WORDS, _TAG = re.compile(r"<w:t(?: [^>]*)?>([^<]*)<"), re.compile(r"<[^>]*>")
_ALIGNED = {WD_ALIGN_PARAGRAPH.CENTER: "center", WD_ALIGN_PARAGRAPH.RIGHT: "right"}


def _set(one: Paragraph) -> Part:
    """How far a paragraph stands from the left and from its neighbours, in points; where its style says so, as usual."""
    shape = one.paragraph_format
    first = shape.first_line_indent.pt if shape.first_line_indent is not None else 0.0
    left = shape.left_indent.pt if shape.left_indent is not None else 0.0
    return {
        "indent": min(max(left + min(first, 0.0), 0.0), MOST_INDENT),
        "before": min(shape.space_before.pt if shape.space_before is not None else USUAL, MOST_SPACE),
        "after": min(shape.space_after.pt if shape.space_after is not None else USUAL, MOST_SPACE),
    }


def _inside(document: Any) -> Iterator[Paragraph | Table]:
    """The head of the first page, then the text."""
    if document.sections:
        section = document.sections[0]
        head = section.first_page_header if section.different_first_page_header_footer else section.header
        if not head.is_linked_to_previous:  # else there is none, and asking for its text would make one
            yield from head.iter_inner_content()
    yield from document.iter_inner_content()


def _texts(data: bytes) -> Iterator[str]:
    """Every paragraph in a letter, headers, footers, notes and what it says about itself included."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            if not name.endswith(".xml"):
                continue
            text = packed.read(name).decode("utf-8", "replace")
            if name.startswith("docProps/"):
                yield " ".join(_TAG.split(text))
            else:
                yield from ("".join(_WORDS.findall(part)) for part in text.split("</w:p>"))
