"""Taking in files: the report before anything is stored, the questions a file leaves open, accept or leave.

A file's bytes live in the browser session only until they are accepted or left.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import TN, T, some
from ektp_analysis.figures import tables
from ektp_analysis.ingest.report import UNDECIDED, ImportReport
from ektp_analysis.office import arrivals, imports
from ektp_analysis.office.arrivals import Waiting
from ektp_analysis.page import many_parts, question_parts, whose
from ektp_analysis.page.choices import View
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
    "complete": T("Completeness"),
}


def upload(view: View) -> None:
    """The place for files, what became of those taken in, and the report of each that waits for a decision."""
    if not whose.may(view.lang, whose.lacking(Role.UPLOADER, None)):
        return
    state = st.session_state
    turn = state.setdefault("upload_turn", 0)
    state.setdefault("upload_read", {})
    _said(view)
    with file_box(view, "uploader", T("at most 200 MB (workbooks 20 MB)")):
        files = st.file_uploader(
            view.say(T("Drop one or more files here")), TYPES, accept_multiple_files=True, key=f"upload_{turn}"
        )
    st.caption(view.say(T("CSV or a workbook; nothing is stored until you accept it")))
    if files:
        state.pop("upload_became", None)
        _read(view, files)
        state["upload_turn"] = turn + 1  # a fresh uploader: the server lets go of the bytes that it holds
        st.rerun()
    waiting = _compared(view)
    if len(waiting) == 1:
        for key, one in waiting.items():
            _box(view, one, key)
    elif waiting:
        _several(view, waiting)


def _several(view: View, waiting: Mapping[str, Waiting]) -> None:
    """The table of all that wait, the way to take in at once what nothing speaks against, and the others below."""
    sure = many_parts.sure(waiting)
    with st.container(border=True, key="several"):
        st.markdown(view.say(many_parts.why_not(waiting)))
        with st.container(horizontal=True):
            all_of_them = st.button(
                view.say(T("Accept all")), type="primary", key="accept_all", icon=":material/done_all:", disabled=not sure
            )
            st.button(view.say(T("Store none")), key="leave_all", icon=":material/close:", on_click=_leave_all)
        if all_of_them:
            _take(view, sure)
        many_parts.waiting_table(view, waiting)
        drawn, folded = many_parts.folded(waiting, sure)
        unseen = {**sure, **folded}
        looked_at = many_parts.choose_one(view, unseen) if unseen else None
    if looked_at is not None:
        _box(view, unseen[looked_at], looked_at)
    for key, one in drawn.items():
        _box(view, one, key)
    if folded:
        many_parts.more(view, len(folded))
    warned = {key: one for key, one in drawn.items() if one.accepted}  # of those folded nobody has seen the warnings
    if len(warned) > 1 and st.button(
        view.say(TN("Accept {n} with its warnings", "Accept {n} with their warnings", n=len(warned))),
        key="accept_warned",
        icon=":material/done_all:",
    ):
        _take(view, warned)


def _box(view: View, waiting: Waiting, key: str) -> None:
    """One file: what was found, how it was read, what it asks, and what may be done with it."""
    with st.container(border=True, key=f"file_{key}"):
        st.markdown(f"**{plain(waiting.report.file)}**: {view.say(_verdict(waiting))}")
        found(view, waiting, key)
        _decide(view, waiting, key)
        _buttons(view, waiting, key)


def _said(view: View) -> None:
    """What became of the files that were accepted last, and the way to what the app shows now."""
    state = st.session_state
    said = state.pop("upload_said", [])
    for kind, text in said:
        getattr(st, kind)(text)
    if any(kind == "success" for kind, _ in said):
        st.page_link("position.py", label=view.say(T("See what it shows")), icon=":material/dashboard:")
    if became := state.get("upload_became"):  # those that are no longer tried have been left or taken in by themselves
        kept = {key: one for key, one in became.items() if one.done or key in state["upload_read"]}
        with st.expander(view.say(T("What became of each file")), expanded=not all(one.done for one in kept.values())):
            many_parts.became_table(view, kept)


def _compared(view: View) -> Mapping[str, Waiting]:
    """The files that wait in the order of their days, those read again that a new decision may answer; compared anew where
    the store or they have changed."""
    state = st.session_state
    waiting: dict[str, Waiting] = state["upload_read"]
    if state.pop("upload_again", False) and (asking := {key: one for key, one in waiting.items() if one.asks}):
        with st.spinner(view.say(T("Reading what is open again …"))):
            for key, one in asking.items():
                waiting[key] = Waiting.of(one.data, imports.read_alone(one.data, one.report.file, one.decided), one.decided)
    if waiting:
        now = (imports.held_token(), [(key, id(one.alone)) for key, one in waiting.items()])
        if state.get("upload_against") != now:
            waiting = state["upload_read"] = arrivals.in_order(waiting)
            state["upload_against"] = (now[0], [(key, id(one.alone)) for key, one in waiting.items()])
    return waiting


def _read(view: View, files: Sequence[Any]) -> None:
    """Read the files one by one. Bytes are held only where a decision may still need them: of a file that is refused for
    what it is, such as a list of persons, nothing stays but the report."""
    bar = st.progress(0.0)
    for place, file in enumerate(files):
        step = _Step(view, bar, file, place, len(files))
        step()
        data = file.getvalue()
        report = imports.read_alone(data, file.name, UNDECIDED, step=step)
        needed = report.status == "accepted" or report.questions or report.refused_rows or report.preview
        st.session_state["upload_read"][file.file_id] = Waiting.of(data if needed else b"", report, UNDECIDED)


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


def _verdict(waiting: Waiting) -> Any:
    if waiting.accepted:
        return TN("{n} row can be accepted", "{n} rows can be accepted", n=len(waiting.report.rows))
    if waiting.asks:
        return T("a question must be answered first")
    return T("refused, nothing is stored")


def found(view: View, waiting: Waiting, key: str) -> None:
    """What was found: totals of each day, changes, who is silent, warnings, each refused row; and how the file was read."""
    report = waiting.report
    if report.reason is not None and not waiting.asks:  # a question stands in its form, once
        st.error(plain(view.say(report.reason)), icon=":material/block:")
    if waiting.rivals:
        said = T("There are other figures for the same areas and day in {files}.", files=some(waiting.rivals, SHOWN_NAMES))
        st.warning(plain(view.say(said)), icon=":material/warning:")
    for fault in report.faults:
        st.markdown("- " + plain(view.say(fault.text())))
    question_parts.parts_table(view, report, key)
    _totals(view, waiting, key)
    _revised(view, report, key)
    if report.silent:
        named = some(imports.names(report.silent), SHOWN_NAMES)
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
    _refused(view, waiting.data, report, key)
    _evidence(view, report)


def _totals(view: View, waiting: Waiting, key: str) -> None:
    """The totals of each day, what is new against the figures that hold, and whether another file said it all."""
    report = waiting.report
    if not report.totals:
        return
    if not question_parts.days_are_parts(report):
        _days(view, report, key)
    if report.status != "accepted":
        return
    st.write(view.say(T("{finding}.", finding=many_parts.changed(waiting))))
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


def _decide(view: View, waiting: Waiting, key: str) -> None:
    """The questions of the file, and the way to read it otherwise; an answer reads the file again."""
    report = waiting.report

    def decide(chosen: Mapping[str, Any]) -> None:
        try:
            _again(waiting, key, chosen)
        except UserError as error:
            st.error(plain(view.sentence(error.message)), icon=":material/error:")
        else:
            st.rerun()

    if waiting.asks:
        question_parts.ask(view, report, key, decide)
    if report.preview is not None:
        with st.expander(view.say(T("Look at the sheet, or read it otherwise")), key=f"{key}_otherwise"):
            chosen = question_parts.adjust(view, report, key)
        if chosen:
            decide(chosen)


def _again(waiting: Waiting, key: str, answers: Mapping[str, Any]) -> None:
    """Read the file again with what was decided so far and now."""
    decided = waiting.decided.but(answers)
    report = imports.read_alone(waiting.data, waiting.report.file, decided)
    st.session_state["upload_read"][key] = Waiting.of(waiting.data, report, decided)


def _value(value: int | str | None) -> str:
    return "–" if value is None else str(value)


def _buttons(view: View, waiting: Waiting, key: str) -> None:
    with st.container(horizontal=True):
        label = T("Hand in for approval") if waiting.accepted and imports.waits(waiting.report) else T("Accept")
        accept = waiting.accepted and st.button(view.say(label), type="primary", key=f"accept_{key}", icon=":material/check:")
        if imports.some_good(waiting.report):
            st.button(
                view.say(T("Take the good rows only")),
                key=f"good_{key}",
                icon=":material/rule:",
                on_click=_again,
                args=(waiting, key, {"take_good_rows": True}),
            )
        st.button(view.say(T("Do not store")), key=f"leave_{key}", icon=":material/close:", on_click=_leave, args=(key,))
    if accept:
        _take(view, {key: waiting})


def _leave(key: str) -> None:
    st.session_state["upload_read"].pop(key, None)


def _leave_all() -> None:
    st.session_state["upload_read"].clear()


def _take(view: View, waiting: Mapping[str, Waiting]) -> None:
    """Take files in and have every page stand where they belong. With one file, what became of it is a sentence alone."""
    state = st.session_state
    became = many_parts.take(view, waiting, _leave)
    state["upload_again"] = any(one.decided.to_json() for one in waiting.values())
    if len(became) == 1:
        state.pop("upload_became")
    state["upload_said"] = [(kind, view.say(text)) for kind, text in many_parts.sentences(view, became)]
    st.rerun()
