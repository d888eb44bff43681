"""What was taken in: the uploads with who, when and totals; take back and undo; the whole store out, and its check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.boundaries.file_kinds import MOST_BYTES
from ektp_analysis.boundaries.matching import Choices, Named, Report
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.errors import EktpError, RefusedError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text, day
from ektp_analysis.office import backups, boundary_files, decisions, identity, imports, ledger, reviewing, stores
from ektp_analysis.office import boundary_files as shelf
from ektp_analysis.page import handing, whose
from ektp_analysis.page.choices import OWN, SAMPLE, View, set_choice
from ektp_analysis.page.parts import file_box, fitted, plain
from ektp_analysis.store.records import Batch


def batches(view: View) -> None:
    """All uploads with who, when and totals; take one back with a reason, or undo that."""
    if (behind := ledger.clock()) is not None:
        st.warning(view.say(behind), icon=":material/schedule:")
    if not view.office.sample and (waits := reviewing.told_waiting()) is not None:
        st.caption(view.say(waits))
    found = view.office.store.batches()
    if not found:
        st.caption(view.say(T("Nothing has been uploaded yet.")))
        return
    fitted(view, _listed(view, found), "batches")
    said = T(
        "For an upload, the unrecorded are added up over the areas in it, on its latest day. The other pages "
        "count every area that has ever reported."
    )
    st.caption(view.say(said))
    if view.office.sample:
        return
    by_id = {batch.id: batch for batch in found}
    chosen = by_id[
        st.selectbox(view.say(T("Upload")), list(by_id), key="batch", format_func=lambda key: f"{key} · {by_id[key].name}")
    ]
    st.caption(view.say(TN("{n} row", "{n} rows", n=chosen.rows)))
    if not view.office.store.opens(chosen):
        st.caption(view.say(T("This file also holds figures of areas that you may not see.")))
        return
    name, data = view.office.store.original(chosen.id)
    _mark(view, chosen, view.office.store.cannot_mark(chosen))
    st.download_button(
        view.say(T("The file as it was received")), data, name, key="original", icon=":material/download:", on_click="ignore"
    )


def _mark(view: View, chosen: Batch, lacks: Text | None) -> None:
    """Take an upload back with a reason, or undo that; for whom ``lacks`` a right, what became of it alone."""
    said = T("Withdraw {file}: its figures no longer count; nothing is deleted.", file=chosen.name)
    if chosen.retracted is not None:
        said = T("Withdrawn by {who}: {reason}", who=chosen.retracted.by, reason=chosen.retracted.reason)
    if not whose.may(view.lang, lacks, None if chosen.retracted is None else said):
        return
    with st.form(f"mark_{chosen.id}", border=True):
        st.write(view.say(said))
        reason = st.text_input(view.say(T("Reason")), key=f"reason_{chosen.id}")
        pressed = st.form_submit_button(view.say(T("Withdraw this upload") if chosen.retracted is None else T("Undo")))
    if pressed:
        mark = view.office.store.retract if chosen.retracted is None else view.office.store.restore
        mark(chosen.id, reason=reason, by=identity.who(), at=datetime.now(settings().zone))
        st.rerun()


def _listed(view: View, found: Sequence[Batch]) -> pd.DataFrame:
    """The uploads in few columns, so that none of them is out of sight: number and file, who when, day, totals, state."""
    zone = settings().zone
    return pd.DataFrame(
        [
            {
                "file": f"{batch.id}\u00a0·\u00a0{batch.name}",
                "received_at": _who(view, batch, batch.received_at.astimezone(zone)),
                "as_of_date": day(max(batch.as_of_dates), view.lang, short=True),
                **dict(zip(("unrecorded_in_file", "areas_in_file"), imports.latest_unrecorded(batch), strict=True)),
                "state": view.say(T("withdrawn") if batch.retracted else T("in force")),
            }
            for batch in found
        ]
    ).astype({"unrecorded_in_file": "Int64"})


def _who(view: View, batch: Batch, at: datetime) -> str:
    if not batch.uploader:  # the sample
        return view.say(T("{one}", one=at))
    if not batch.approved_by:
        return view.say(T("{at}, {who}", at=at, who=batch.uploader))
    return view.say(T("{at}, {who}, approved by {other}", at=at, who=batch.uploader, other=batch.approved_by))


def source_switch(view: View) -> None:
    """Own data or the sample; only where there are own data to go back to."""
    if not view.office.sample:
        st.button(view.say(T("Show the sample")), on_click=set_choice, args=("data", SAMPLE), key="to_sample")
    elif stores.has_own():
        st.button(view.say(T("Back to own data")), on_click=set_choice, args=("data", OWN), key="to_own")


@st.fragment
def whole_store(view: View) -> None:
    """Templates, the whole store and what the office set itself as CSV, and the check of every figure against its file."""
    with st.container(horizontal=True):
        for kind, mime in (("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")):
            st.download_button(
                view.say(T("Template ({kind})", kind=kind.upper())),
                stores.template(kind),
                f"templat.{kind}",
                mime,
                key=f"template_{kind}",
                icon=":material/description:",
                on_click="ignore",
            )
        for what, key, label, make in (
            ("csv", "semua-angka", T("All figures (CSV)"), stores.export_csv),
            ("aims", "rencana-dan-kegiatan", T("Aims and events (CSV)"), stores.export_aims),
        ):
            st.download_button(
                view.say(label),
                handing.taker(view, what, partial(make, view.office)),
                f"{key}.csv",
                "text/csv",
                key=f"all_{key}",
                icon=":material/table:",
                on_click=handing.clicked,
                args=(what,),
            )
        checked = st.button(
            view.say(T("Check every figure against its file")),
            key="verify",
            icon=":material/fact_check:",
            **whose.offered(view.lang, whose.lacking(Role.ADMIN)),
        )
    handing.told(view)
    if checked:
        with st.spinner(view.say(T("Reading every kept file again …"))):
            differences = imports.verify(view.office)
        if not differences:
            st.success(view.say(T("Every figure agrees with its file.")), icon=":material/check:")
        for one in differences:
            st.error(view.sentence(one.text()), icon=":material/error:")


@st.fragment
def backup(view: View) -> None:
    """When the last backup was made and where it lies, a warning where it is due, and a new one with a click."""
    if view.office.sample or whose.lacking(Role.ADMIN) is not None:
        return
    st.header(view.say(T("Backup")), anchor=False)
    above = st.container()  # filled last, as a click changes it
    if st.button(view.say(T("Back up now")), key="backup", icon=":material/save:"):
        try:
            with st.spinner(view.say(T("Backing up …"))):
                there = backups.unchanged()  # else clicks would fill the disk
                made = None if there else backups.make(backups.folder())
            if made is None:
                st.info(view.say(T("Nothing was stored since the last backup; it is whole.")), icon=":material/check:")
            else:
                said = T("The backup {name} is whole.", name=made.backup.folder.name)
                st.success(plain(view.say(said)), icon=":material/check:")
        except EktpError as error:
            st.error(plain(view.say(error.message)), icon=":material/error:")
    with above:
        if (due := backups.reminder(datetime.now(settings().zone))) is not None:
            st.warning(view.say(due), icon=":material/save:")
        if (last := backups.last()) is not None:
            st.markdown(plain(view.say(backups.line(last, datetime.now(settings().zone)))))
        said = T(
            "Backups go to {folder}. Copy that folder to another disk from time to time, such as a memory stick.",
            folder=str(backups.folder()),
        )
        st.caption(plain(view.say(said)))


KINDS = ["geojson", "json", "topojson", "gpkg", "zip", "fgb", "parquet", "kml"]
MOST_NAMED = 30


def outlines(view: View) -> None:
    """The section, folded; read and placed only when it is opened."""
    with st.expander(view.say(T("Outlines for the map")), key="outlines", icon=":material/map:", on_change="rerun") as opened:
        if opened.open:
            _section(view)


@st.fragment
def _section(view: View) -> None:
    for one in shelf.kept():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(view.say(boundary_files.line(one))))
            if one.own:
                st.button(
                    view.say(T("Remove")),
                    key=f"remove_{one.name}",
                    icon=":material/delete:",
                    on_click=_remove,
                    args=(one.name,),
                    **whose.offered(view.lang, whose.lacking(Role.ADMIN)),
                )
    said = st.session_state.pop("outlines_said", None)
    if said:
        st.success(plain(said), icon=":material/check:")
    if not whose.may(view.lang, whose.lacking(Role.ADMIN)):
        return
    with file_box(view, "outlines_uploader", T("at most {n} MB", n=MOST_BYTES >> 20)):
        file = st.file_uploader(
            view.say(T("File with outlines (GeoJSON, TopoJSON, GeoPackage, zipped shapefile, FlatGeobuf, GeoParquet, KML)")),
            KINDS,
            key=f"outlines_{st.session_state.get('outlines_turn', 0)}",
        )
    if file is None:
        return
    choices = _choices(view)
    try:
        with st.spinner(view.say(T("Reading {file} …", file=file.name))):
            report = _read(file, choices)
    except RefusedError as error:
        st.error(plain(view.say(error.message)), icon=":material/block:")
        return
    _report(view, report)
    st.button(
        view.say(T("Accept")),
        type="primary",
        key="outlines_accept",
        icon=":material/check:",
        on_click=_accept,
        args=(view, report),
    )


def _remove(name: str) -> None:
    ledger.remove_outlines(name)


def _choices(view: View) -> Choices:
    """What the file does not say of itself; the rest it settles by itself, or it is asked here."""
    with st.expander(view.say(T("What the file does not say")), key="outlines_unsaid"):
        levels = ["", *(level.name for level in Level if level > Level.NATION)]
        level = st.selectbox(
            view.say(T("Level of the areas")),
            levels,
            key="outlines_level",
            format_func=lambda name: view.sentence(Level[name].label) if name else view.say(T("as the file says")),
        )
        fields = {
            "code_column": T("Column with the codes"),
            "name_column": T("Column with the names"),
            "layer": T("Layer"),
            "crs": T("Coordinate system, such as EPSG:32651"),
            "source": T("Source"),
            "licence": T("Licence"),
            "credit": T("Credit line under each map"),
            "valid_from": T("Valid from (year or day)"),
        }
        typed: dict[str, Any] = {
            name: st.text_input(view.say(label), key=f"outlines_{name}").strip() for name, label in fields.items()
        }
        gather = st.toggle(view.say(T("Merge several polygons of one code")), key="outlines_gather")
    by_name = st.toggle(view.say(T("Also accept areas matched by name only")), key="outlines_by_name")
    return Choices(level=Level[level] if level else None, duplicates="gather" if gather else "", by_name=by_name, **typed)


def _read(file: Any, choices: Choices) -> Report:
    """Read once for the same file and choices."""
    kept: dict[tuple[str, Choices], Report] = st.session_state.setdefault("outlines_read", {})
    key = (file.file_id, choices)
    if key not in kept:
        kept.clear()
        kept[key] = shelf.read(file.getvalue(), file.name, choices)
    return kept[key]


def _report(view: View, report: Report) -> None:
    for text in boundary_files.summary(report):
        st.markdown("- " + plain(view.sentence(text)))
    for title, found in boundary_files.lists(report, frozenset(view.office.store.areas())):
        if found:
            with st.expander(f"{view.say(title)} ({len(found)})"):
                st.markdown("\n".join("- " + plain(_name(one)) for one in found[:MOST_NAMED]))


def _name(one: Named) -> str:
    return " ".join(part for part in (one.code, one.name, f"({one.register})" if one.register else "") if part)


def _accept(view: View, report: Report) -> None:
    try:
        ledger.keep_outlines(report)
    except EktpError as error:
        st.session_state["outlines_said"] = view.say(error.message)
        return
    st.session_state["outlines_turn"] = st.session_state.get("outlines_turn", 0) + 1
    st.session_state["outlines_said"] = view.say(T("The map uses the outlines of {file} now.", file=report.file))


def remembered(view: View) -> None:
    """Layouts and names that a person confirmed, each with a way to forget it; nothing where nothing is remembered."""
    layouts, aliases = decisions.layouts(), decisions.aliases()
    if view.office.sample or not (layouts or aliases):
        return
    with st.expander(view.say(T("What is remembered from earlier uploads")), icon=":material/bookmark:"):
        for alias in aliases:
            text = T(
                "'{name}' means {area} in files of {scope}",
                name=alias.name,
                area=register().full_name(alias.area_code),
                scope=register().name(alias.scope),
            )
            _line(
                view,
                text,
                alias.by,
                f"alias_{alias.scope}_{alias.name}",
                partial(decisions.forget_alias, alias.scope, alias.name),
                whose.lacking(Role.UPLOADER, alias.scope),
            )
        for layout in layouts:
            said = "; ".join(view.say(text) for text in decisions.said(layout))
            _line(
                view,
                T("layout {fingerprint}: {said}", fingerprint=layout.fingerprint[:8], said=said),
                f"{layout.by}, {view.say(T('{at}', at=layout.at.astimezone(settings().zone)))}",
                f"layout_{layout.fingerprint}",
                partial(decisions.forget_layout, layout.fingerprint),
                whose.lacking(Role.UPLOADER, None),
            )


def _line(view: View, text: Text, who: str, key: str, forget: Callable[[], None], lacks: Text | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(plain(view.sentence(text)) + f" :gray[({plain(who)})]")
        offer = whose.offered(view.lang, lacks)
        st.button(view.say(T("Forget")), key=f"forget_{key}", on_click=forget, icon=":material/delete:", **offer)
