"""Taking in files: the report before anything is stored, the questions a file leaves open, accept or leave.

A file's bytes live in the browser session only until they are accepted or left.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from ektp_analysis.core.errors import EktpError, UserError
from ektp_analysis.core.text import TN, T
from ektp_analysis.figures import tables
from ektp_analysis.ingest.report import Choices, ImportReport
from ektp_analysis.office import identity, imports
from ektp_analysis.page import question_parts
from ektp_analysis.page.choices import OWN, View, set_choice
from ektp_analysis.page.parts import file_box, plain, table

TYPES = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "xlsb", "ods"]
SHOWN_ROWS, SHOWN_NAMES = 200, 12
BYTES_A_SECOND = 10_000_000  # of a large CSV, on a slow laptop
TOPICS = {
    "sheet": T("Sheet"),
    "header": T("Header"),
    "columns": T("Columns"),
    "numbers": T("Number style"),
    "date": T("As of"),
    "areas": T("Areas"),
    "totals": T("Totals"),
    "layout": T("Layout"),
    "together": T("Together"),
}


@dataclass(frozen=True)
class _Pending:
    """A file that was read and is neither accepted nor left; ``decided`` is what a person decided about it."""

    data: bytes
    report: ImportReport
    decided: Choices


def upload(view: View) -> None:
    """The place for files, and the report of each that waits for a decision."""
    state = st.session_state
    turn, waiting = state.setdefault("upload_turn", 0), state.setdefault("upload_read", {})
    for kind, text in state.pop("upload_said", []):
        getattr(st, kind)(text)
    with file_box(view, "uploader", T("at most 200 MB (workbooks 20 MB)")):
        files = st.file_uploader(
            view.say(T("Drop one or more files here")), TYPES, accept_multiple_files=True, key=f"upload_{turn}"
        )
    st.caption(view.say(T("CSV or a workbook; nothing is stored before you accept")))
    if files:
        _read(view, files)
        state["upload_turn"] = turn + 1  # a fresh uploader: the server lets go of the bytes that it holds
        st.rerun()
    for key, pending in list(waiting.items()):
        with st.container(border=True):
            st.markdown(f"**{plain(pending.report.file)}**: {view.say(_verdict(pending.report))}")
            _report(view, pending.data, pending.report, key)
            _evidence(view, pending.report)
            _decide(view, pending, key)
            _buttons(view, pending, key)


def _read(view: View, files: Sequence[Any]) -> None:
    """Read the files one by one. Bytes are held only where a decision may still need them: of a file that is refused for
    what it is, such as a list of persons, nothing stays but the report."""
    bar = st.progress(0.0)
    for place, file in enumerate(files):
        step = _Step(view, bar, file, place, len(files))
        step()
        data = file.getvalue()
        report = imports.read(data, file.name, Choices(), step=step)
        needed = report.status == "accepted" or report.questions or report.refused_rows or report.preview
        st.session_state["upload_read"][file.file_id] = _Pending(data if needed else b"", report, Choices())


class _Step:
    """How far the reading is: the seconds are counted, the bar is a guess from the file's size that never says 'done'."""

    def __init__(self, view: View, bar: Any, file: Any, place: int, many: int) -> None:
        self.view, self.bar, self.file, self.place, self.many = view, bar, file, place, many
        self.start, self.shown = time.monotonic(), -1

    def __call__(self) -> None:
        passed = time.monotonic() - self.start
        if int(2 * passed) == self.shown:  # twice a second is enough
            return
        self.shown = int(2 * passed)
        share = self.place + 1 - math.exp(-passed / (1 + self.file.size / BYTES_A_SECOND))
        self.bar.progress(
            share / self.many,
            self.view.say(
                T(
                    "Reading {file} ({n} of {all}), {seconds} s …",
                    file=plain(self.file.name),
                    n=self.place + 1,
                    all=self.many,
                    seconds=int(passed),
                )
            ),
        )


def _asks(report: ImportReport) -> bool:
    """Whether an answer would help."""
    return report.status != "accepted" and bool(report.questions) and not any(one.refuses for one in report.questions)


def _verdict(report: ImportReport) -> Any:
    if report.status == "accepted":
        return TN("{n} row can be taken in", "{n} rows can be taken in", n=len(report.rows))
    if _asks(report):
        return T("a question must be answered first")
    return T("refused, nothing is stored")


def _report(view: View, data: bytes, report: ImportReport, key: str) -> None:
    """What was found: totals of each day, changes, who is silent, warnings, and each refused row."""
    if report.reason is not None and not _asks(report):  # a question stands in its form, once
        st.error(plain(view.say(report.reason)), icon=":material/block:")
    for fault in report.faults:
        st.markdown("- " + plain(view.say(fault.text())))
    question_parts.parts_table(view, report, key)
    _totals(view, report, key)
    _revised(view, report, key)
    if report.silent:
        named = ", ".join(imports.names(report.silent[:SHOWN_NAMES])) + (" …" if len(report.silent) > SHOWN_NAMES else "")
        st.info(
            view.say(
                TN(
                    "{n} area did not report for the latest day: {areas}",
                    "{n} areas did not report for the latest day: {areas}",
                    n=len(report.silent),
                    areas=named,
                )
            ),
            icon=":material/volume_off:",
        )
    checked = {check.text for check in report.checks}
    for warning in (text for text in report.warnings if text not in checked):
        st.warning(plain(view.sentence(warning)), icon=":material/warning:")
    _checks(view, report)
    _refused(view, data, report, key)


def _totals(view: View, report: ImportReport, key: str) -> None:
    """The totals of each day, what is new against the figures that hold, and whether another file said it all."""
    if not report.totals:
        return
    if not question_parts.days_are_parts(report):
        _days(view, report, key)
    changes = report.changes
    st.write(
        view.say(
            T(
                "{new} figures are new, {same} are known already, {revised} values are revised.",
                new=changes.new,
                same=changes.same,
                revised=len(changes.revised),
            )
        )
    )
    same = imports.sentence_of_same(report, imports.same_content(report))
    if same is not None:
        st.info(plain(view.say(same)), icon=":material/content_copy:")


def _days(view: View, report: ImportReport, key: str) -> None:
    table(
        view,
        pd.DataFrame(
            [
                {
                    "as_of_date": pd.Timestamp(total.date),
                    "n_reported": total.areas,
                    "eligible": total.eligible,
                    "recorded": total.recorded,
                    "unrecorded": total.unrecorded,
                }
                for total in report.totals
            ]
        ).astype(dict.fromkeys(("n_reported", "eligible", "recorded", "unrecorded"), "Int64")),
        f"totals_{key}",
    )


def _revised(view: View, report: ImportReport, key: str) -> None:
    if not report.changes.revised:
        return
    with st.expander(view.say(T("Revised values"))):
        table(
            view,
            pd.DataFrame(
                [
                    {
                        "area_code": one.area_code,
                        "as_of_date": pd.Timestamp(one.date),
                        "column": tables.label(one.column, view.lang),
                        "old": _value(one.old),
                        "new": _value(one.new),
                    }
                    for one in report.changes.revised[:SHOWN_ROWS]
                ]
            ),
            f"revised_{key}",
        )


def _refused(view: View, data: bytes, report: ImportReport, key: str) -> None:
    """Each refused row with its fault, and all of them as a workbook."""
    if not report.refused_rows:
        return
    st.markdown("**" + view.say(TN("{n} refused row", "{n} refused rows", n=report.refused_count)) + "**")
    for fault in report.refused_rows[:SHOWN_ROWS]:
        st.markdown("- " + plain(view.say(fault.text())))
    st.download_button(
        view.say(T("Refused rows as a workbook, to correct and upload")),
        lambda: imports.refused_rows(data, report, view.lang),
        f"ditolak-{report.sha256[:8]}.xlsx",
        key=f"refused_{key}",
        icon=":material/table:",
        on_click="ignore",
    )


def _checks(view: View, report: ImportReport) -> None:
    """What is odd about the figures: told, never mended in silence."""
    icons = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}
    show = {"error": st.error, "warning": st.warning, "note": st.info}
    for check in report.checks:
        show.get(check.level, st.info)(plain(view.sentence(check.text)), icon=icons.get(check.level))
        if check.name == "layout":
            st.caption(view.say(T("To be asked again, forget it below, under what is remembered from earlier uploads")))


def _evidence(view: View, report: ImportReport) -> None:
    """How the file was read: each decision with its reasons."""
    if not report.evidence:
        return
    with st.expander(view.say(T("How the file was read"))):
        for item in report.evidence:
            reasons = "; ".join(view.say(reason) for reason in item.reasons)
            topic = view.say(TOPICS[item.topic]) + ": " if item.topic in TOPICS else ""
            st.markdown(f"- {topic}**{plain(view.say(item.choice))}**" + (f"  \n  {plain(reasons)}" if reasons else ""))


def _decide(view: View, pending: _Pending, key: str) -> None:
    """The questions of the file, and the way to read it otherwise; an answer reads the file again."""
    report = pending.report
    chosen = question_parts.ask(view, report, key) if _asks(report) else None
    if report.preview is not None:
        with st.expander(view.say(T("Look at the sheet, or read it otherwise")), key=f"{key}_otherwise"):
            chosen = question_parts.adjust(view, report, key) or chosen
    if chosen:
        try:
            _again(pending, key, chosen)
        except UserError as error:
            st.error(plain(view.sentence(error.message)), icon=":material/error:")
        else:
            st.rerun()


def _again(pending: _Pending, key: str, answers: Mapping[str, Any]) -> None:
    """Read the file again with what was decided so far and now."""
    decided = pending.decided.but(answers)
    report = imports.read(pending.data, pending.report.file, decided)
    st.session_state["upload_read"][key] = _Pending(pending.data, report, decided)


def _value(value: int | str | None) -> str:
    return "–" if value is None else str(value)


def _buttons(view: View, pending: _Pending, key: str) -> None:
    report = pending.report
    with st.container(horizontal=True):
        if report.status == "accepted":
            st.button(
                view.say(T("Accept")),
                type="primary",
                key=f"accept_{key}",
                icon=":material/check:",
                on_click=_accept,
                args=(view, pending, key),
            )
        elif report.status == "refused" and imports.some_good(report):
            st.button(
                view.say(T("Take the good rows only")),
                key=f"good_{key}",
                icon=":material/rule:",
                on_click=_take_good,
                args=(pending, key),
            )
        st.button(view.say(T("Leave")), key=f"leave_{key}", icon=":material/close:", on_click=_leave, args=(key,))


def _take_good(pending: _Pending, key: str) -> None:
    _again(pending, key, {"take_good_rows": True})


def _leave(key: str) -> None:
    st.session_state["upload_read"].pop(key, None)


def _accept(view: View, pending: _Pending, key: str) -> None:
    report = pending.report
    said: list[tuple[str, str]] = st.session_state.setdefault("upload_said", [])
    try:
        commit = imports.commit(report, pending.data, uploader=identity.who(), decided=pending.decided)
    except EktpError as error:
        said.append(("error", view.say(error.message)))
        return
    _leave(key)
    set_choice("data", OWN)
    text = (
        T("{file} was there already; nothing was added.", file=report.file)
        if commit.already_there
        else T("{file} is taken in: every page shows it now.", file=report.file)
    )
    said.append(("success", view.say(text)))
