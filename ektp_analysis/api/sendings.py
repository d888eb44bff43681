"""Files that a program sends in, in the two steps of the page: a report of what was read, and the word to store exactly that.

Nothing is kept between the steps: the file comes twice, and the key of the report says that both are one reading of it against
the same figures. So any server can take the second step, and one that was answered twice stores once.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ektp_analysis.access import gate
from ektp_analysis.access.people import Role
from ektp_analysis.api.questions import Question
from ektp_analysis.api.replies import ChangedError, Reply
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T
from ektp_analysis.ingest.report import UNDECIDED, Choices, ImportReport
from ektp_analysis.office import imports

# As a page takes them; a server has as much in memory for each file that is on its way.
MOST_BYTES = 200_000_000


def look(question: Question, data: bytes, lang: str) -> Reply:
    """What is read in a file, asked about it and refused of it; nothing is stored.

    Raises:
        NotAllowedError: whoever acts may upload nothing, or not in the areas of its rows.
    """
    report = _read(question, data)
    if report.status != "accepted":
        return Reply(_plain(imports.Imported(report.status, report), None, lang))
    same = imports.same_content(report)
    if same:
        return Reply(_plain(imports.Imported("already_there", report, same[-1], same), None, lang))
    return Reply(_plain(imports.Imported("dry_run", report), key_of(report), lang))


def accept(question: Question, data: bytes, lang: str) -> Reply:
    """Store what a report said, whole or not at all; the same again stores nothing.

    Raises:
        ChangedError: this is not what was reported: another file, other choices, or other figures are held by now.
        UserError: the file is not accepted.
        NotAllowedError: as :func:`look`.
    """
    report = _read(question, data)
    if report.status != "accepted":
        raise UserError(report.reason or T("The file was not accepted, so nothing was stored."))
    if not imports.same_content(report) and question.get("key") != key_of(report):
        raise ChangedError(
            T("This is not what was reported: the file, the choices or the figures held are others. Ask for the report again.")
        )
    done = imports.take_in(report, data, decided=question.get("choices", UNDECIDED))
    return Reply(_plain(done, None, lang))


def key_of(report: ImportReport) -> str:
    """The key of a reading: of the file, of how it was read, and of what it would change."""
    changes = report.changes
    revised = [[one.area_code, one.date.isoformat(), one.column, str(one.old), str(one.new)] for one in changes.revised]
    said = [report.sha256, report.content_key, report.choices.to_json(), changes.new, changes.same, revised]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _read(question: Question, data: bytes) -> ImportReport:
    if not gate.acting().areas(Role.UPLOADER):
        gate.need(Role.UPLOADER)
    choices: Choices = question.get("choices", UNDECIDED)
    report = imports.read(data, question.get("name"), choices)
    for area in () if report.rows.empty else sorted(map(str, report.rows["area_code"].unique())):
        gate.need(Role.UPLOADER, area)
    return report


def _plain(done: imports.Imported, key: str | None, lang: str) -> dict[str, Any]:
    return {**done.to_json(lang), "key": key}
