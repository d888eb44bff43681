"""What was taken in: the uploads with who, when and totals; take back and undo; the whole store out, and its check."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from ektp_analysis import office
from ektp_analysis.page.choosing import OWN, SAMPLE, set_choice
from ektp_analysis.page.placing import table
from ektp_analysis.page.viewing import View
from ektp_analysis.settings import settings
from ektp_analysis.text import T


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
