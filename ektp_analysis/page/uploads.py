"""Taking in files: the report before anything is stored, accept or leave; and the batches, with retract and undo.

A file's bytes live in the browser session only until they are accepted or left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from ektp_analysis import office, tables
from ektp_analysis.errors import EktpError
from ektp_analysis.ingest import Choices, ImportReport
from ektp_analysis.page.choosing import OWN, SAMPLE, set_choice
from ektp_analysis.page.placing import plain, table
from ektp_analysis.page.viewing import View
from ektp_analysis.settings import settings
from ektp_analysis.text import TN, T

TYPES = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "xlsb", "ods"]
SHOWN_ROWS = 200


@dataclass(frozen=True)
class _Pending:
    """A file that was read and is neither accepted nor left."""

    data: bytes
    report: ImportReport


def upload(view: View) -> None:
    """The place for files, and the report of each."""
    state = st.session_state
    turn = state.setdefault("upload_turn", 0)
    for kind, text in state.pop("upload_said", []):
        getattr(st, kind)(text)
    files = st.file_uploader(view.say(T("Drop one or more files here")), TYPES, accept_multiple_files=True,
                             key=f"upload_{turn}", help=view.say(T("CSV or a workbook; nothing is stored before you accept")))
    left: set[str] = state.setdefault("upload_left", set())
    waiting = [file for file in files if file.file_id not in left]
    for place, file in enumerate(waiting):
        with st.container(border=True):
            if len(waiting) > 1:
                st.progress((place + 1) / len(waiting), view.say(T("file {n} of {all}", n=place + 1, all=len(waiting))))
            with st.spinner(view.say(T("Reading {file} …", file=file.name))):
                pending = _read(file)
            st.markdown(f"**{plain(file.name)}**: {view.say(_verdict(pending.report))}")
            _report(view, pending.report, file.file_id)
            _buttons(view, pending, file.file_id)


def _read(file: Any) -> _Pending:
    """Read a file once; a rerun of the page takes the report that is there."""
    kept: dict[str, _Pending] = st.session_state.setdefault("upload_read", {})
    if file.file_id not in kept:
        data = file.getvalue()
        kept[file.file_id] = _Pending(data, office.read(data, file.name, Choices()))
    return kept[file.file_id]


def _verdict(report: ImportReport) -> Any:
    if report.status == "accepted":
        return TN("{n} row can be taken in", "{n} rows can be taken in", n=len(report.rows))
    if report.status == "needs_choice":
        return T("a question must be answered first")
    return T("refused, nothing is stored")


def _report(view: View, report: ImportReport, key: str) -> None:
    """What was found: totals of each day, changes, who is silent, warnings, and each refused row."""
    if report.reason is not None:
        st.error(view.sentence(report.reason), icon=":material/block:")
    for fault in report.faults:
        st.markdown("- " + plain(view.say(fault.text())))
    if report.totals:
        table(view, pd.DataFrame([{"as_of_date": pd.Timestamp(total.date), "n_reported": total.areas,
                                   "eligible": total.eligible, "recorded": total.recorded,
                                   "unrecorded": total.unrecorded} for total in report.totals]).astype(
            dict.fromkeys(("n_reported", "eligible", "recorded", "unrecorded"), "Int64")), f"totals_{key}")
        changes = report.changes
        st.write(view.say(T("{new} figures are new, {same} are known already, {revised} values are revised.",
                            new=changes.new, same=changes.same, revised=len(changes.revised))))
    if report.changes.revised:
        with st.expander(view.say(T("Revised values"))):
            table(view, pd.DataFrame([{
                "area_code": one.area_code, "as_of_date": pd.Timestamp(one.date),
                "column": tables.label(one.column, view.lang), "old": _value(one.old), "new": _value(one.new)}
                for one in report.changes.revised[:SHOWN_ROWS]]), f"revised_{key}")
    if report.silent:
        st.info(view.say(TN("{n} area did not report for the latest day: {areas}",
                            "{n} areas did not report for the latest day: {areas}", n=len(report.silent),
                            areas=", ".join(office.names(report.silent[:12])) + (" …" if len(report.silent) > 12 else ""))),
                icon=":material/volume_off:")
    for warning in report.warnings:
        st.warning(view.sentence(warning), icon=":material/warning:")
    if report.refused_rows:
        st.markdown("**" + view.say(TN("{n} refused row", "{n} refused rows", n=report.refused_count)) + "**")
        for fault in report.refused_rows[:SHOWN_ROWS]:
            st.markdown("- " + plain(view.say(fault.text())))


def _value(value: int | str | None) -> str:
    return "–" if value is None else str(value)


def _buttons(view: View, pending: _Pending, key: str) -> None:
    report = pending.report
    with st.container(horizontal=True):
        if report.status == "accepted":
            st.button(view.say(T("Accept")), type="primary", key=f"accept_{key}", icon=":material/check:",
                      on_click=_accept, args=(view, pending.data, report, key))
        elif report.status == "refused" and office.some_good(report):
            st.button(view.say(T("Take the good rows only")), key=f"good_{key}", icon=":material/rule:",
                      on_click=_take_good, args=(pending, key))
        st.button(view.say(T("Leave")), key=f"leave_{key}", icon=":material/close:", on_click=_leave, args=(key,))


def _take_good(pending: _Pending, key: str) -> None:
    choices = pending.report.choices.but({"take_good_rows": True})
    st.session_state["upload_read"][key] = _Pending(pending.data, office.read(pending.data, pending.report.file, choices))


def _leave(key: str) -> None:
    st.session_state["upload_left"].add(key)
    st.session_state["upload_read"].pop(key, None)


def _accept(view: View, data: bytes, report: ImportReport, key: str) -> None:
    said: list[tuple[str, str]] = st.session_state.setdefault("upload_said", [])
    try:
        commit = office.commit(report, data, uploader=office.who())
    except EktpError as error:
        said.append(("error", view.say(error.message)))
        return
    _leave(key)
    set_choice("data", OWN)
    text = T("{file} was there already; nothing was added.", file=report.file) if commit.already_there else T(
        "{file} is taken in: every page shows it now.", file=report.file)
    said.append(("success", view.say(text)))


def batches(view: View) -> None:
    """All uploads with who, when and totals; take one back with a reason, or undo that."""
    found = view.office.store.batches()
    if not found:
        st.caption(view.say(T("Nothing has been taken in yet.")))
        return
    zone = settings().zone
    rows = pd.DataFrame([{
        "batch_id": batch.id, "name": batch.name, "received_at": view.say(T("{at}", at=batch.received_at.astimezone(zone))),
        "uploader": batch.uploader, "as_of_date": pd.Timestamp(max(batch.as_of_dates)), "rows": batch.rows,
        "unrecorded": office.latest_unrecorded(batch),
        "state": view.say(T("taken back") if batch.retracted else T("in force"))} for batch in found]).astype(
            {"unrecorded": "Int64"})
    table(view, rows, "batches")
    if view.office.sample:
        return
    by_id = {batch.id: batch for batch in found}
    chosen = by_id[st.selectbox(view.say(T("Upload")), list(by_id), key="batch",
                                format_func=lambda key: f"{key} · {by_id[key].name}")]
    name, data = view.office.store.original(chosen.id)
    with st.form(f"mark_{chosen.id}", border=True):
        if chosen.retracted is None:
            st.write(view.say(T("Take back {file}: its figures no longer count; nothing is deleted.", file=chosen.name)))
        else:
            st.write(view.say(T("Taken back by {who}: {reason}", who=chosen.retracted.by, reason=chosen.retracted.reason)))
        reason = st.text_input(view.say(T("Reason")), key=f"reason_{chosen.id}")
        pressed = st.form_submit_button(view.say(T("Take back") if chosen.retracted is None else T("Undo")))
    if pressed:
        mark = view.office.store.retract if chosen.retracted is None else view.office.store.restore
        mark(chosen.id, reason=reason, by=office.who(), at=datetime.now(zone))
        st.rerun()
    st.download_button(view.say(T("The file as it was received")), data, name, key="original",
                       icon=":material/download:", on_click="ignore")


def source_switch(view: View) -> None:
    """Own data or the sample; only where there are own data to go back to."""
    if not view.office.sample:
        st.button(view.say(T("Show the sample")), on_click=set_choice, args=("data", SAMPLE), key="to_sample")
    elif office.has_own():
        st.button(view.say(T("Back to own data")), on_click=set_choice, args=("data", OWN), key="to_own")


def whole_store(view: View) -> None:
    """Templates, the whole store as CSV, and the check of every figure against its file."""
    with st.container(horizontal=True):
        for kind, mime in (("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")):
            st.download_button(view.say(T("Template ({kind})", kind=kind.upper())), office.template(kind),
                               f"templat.{kind}", mime, key=f"template_{kind}", icon=":material/description:", on_click="ignore")
        st.download_button(view.say(T("All figures (CSV)")), lambda: office.export_csv(view.office), "semua-angka.csv",
                           "text/csv", key="all_csv", icon=":material/table:", on_click="ignore")
        checked = st.button(view.say(T("Check every figure against its file")), key="verify", icon=":material/fact_check:")
    if checked:
        with st.spinner(view.say(T("Reading every kept file again …"))):
            differences = office.verify(view.office)
        if not differences:
            st.success(view.say(T("Every figure is as its file says.")), icon=":material/check:")
        for one in differences:
            st.error(view.sentence(one.text()), icon=":material/error:")
