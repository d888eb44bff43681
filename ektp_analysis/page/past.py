"""The parts of the page Metode: the past answers about the chosen area, and the public benchmark."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ektp_analysis import charts, narrative
from ektp_analysis.narrative import forecast as said
from ektp_analysis.page.forecasts import replay
from ektp_analysis.page.outlook import wide
from ektp_analysis.page.placing import chart, downloads
from ektp_analysis.page.viewing import View
from ektp_analysis.projection.replay import BENCHMARK_COLUMNS
from ektp_analysis.projection.replay import benchmark as public_series
from ektp_analysis.targets import Target
from ektp_analysis.text import T

TIMES_IN_100 = ("cover80", "late", "wrong_never", "false_promise", "ratio")


def past_answers(view: View, target: Target) -> None:
    """The backtest on the user's own history, beside the straight line and 'as last month'."""
    found = replay(view, target)
    verdict, finding = found.projection, said.record(found.projection, found.came)
    st.markdown("**" + view.sentence(finding) + "**")
    for clause in (said.bias(verdict), said.caution(verdict)):
        if clause is not None and found.came:
            st.write(view.sentence(clause))
    if not verdict.cases:
        st.page_link("data.py", label=view.say(T("Take in earlier files: each day in them counts")),
                     icon=":material/upload_file:")
        return
    if not found.came:
        st.write(view.say(T("Choose a coverage that has been passed already: there the outcome is known.")))
        return
    listed = pd.DataFrame([{
        "forecaster": view.say(name), "cases": one.cases, "hit_rate": _of_100(one.hit_rate),
        "cover80": _of_100(one.cover80) if one is verdict else None,
        "bias": None if one.bias_days is None else round(one.bias_days),
        "error": _of_100(_ratio(one.crps_days, found.line.crps_days))}
        for name, one in ((T("This projection"), verdict), (T("Straight line through the last snapshots"), found.line),
                          (T("As in the last interval"), found.last_pace))]).astype(
        dict.fromkeys(("cases", "cover80", "hit_rate", "bias", "error"), "Int64"))
    if len(found.calibration):
        left, right = st.columns([2, 3], gap="large")
        with left:
            chart(charts.calibration(found.calibration, charts.Look(view.lang, view.theme, note=view.note)), "calibration",
                  alt=view.sentence(finding))
        with right:
            st.caption(view.say(T("Of all days that were given with a chance, as many outcomes should have come by then: "
                                  "the closer to the dotted line, the better. Below it the answers were too early, above "
                                  "it too late. The answers overlap, so neighbouring points are alike.")))
    wide(view, listed, "past_table")
    downloads(view, "past", frames={view.say(T("Past answers")): listed}, pictures={
        view.say(T("Said and come")): lambda: charts.png(charts.calibration(
            found.calibration, charts.Look(view.lang, title=view.sentence(finding), note=view.note)))}
        if len(found.calibration) else {})


def _ratio(one: float | None, other: float | None) -> float | None:
    return None if one is None or not other else one / other


def _of_100(value: float | None) -> int | None:
    return None if value is None or pd.isna(value) else round(100 * value)


def benchmark(view: View) -> None:
    """The projection on public countdown series."""
    rows = public_series()
    if rows.empty:
        st.info(view.say(narrative.method.NO_BENCHMARK), icon=":material/info:")
        return
    st.write(view.say(narrative.method.BENCHMARK))
    shown = rows[list(BENCHMARK_COLUMNS)].copy()
    kinds = narrative.method.KINDS
    shown["kind"] = [view.say(kinds[kind]) if kind in kinds else kind for kind in shown["kind"]]
    for name in TIMES_IN_100:
        if name in shown:
            shown[name] = pd.array([_of_100(value) for value in shown[name]], dtype="Int64")
    listed = shown.rename(columns={"ratio": "error"})
    wide(view, listed, "benchmark_table")
    if rows["source"].notna().any():
        st.caption(view.say(T("Source: {source}", source="; ".join(dict.fromkeys(rows["source"].dropna())))))
    downloads(view, "benchmark", frames={view.say(T("Public countdowns")): listed})
