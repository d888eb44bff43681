"""The parts of the page Metode: campaigns like this one, the past answers about the area, and public countdowns."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.drawing import as_png
from ektp_analysis.charts.over_time import Behind, fan
from ektp_analysis.charts.projected import calibration
from ektp_analysis.core import contract
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T
from ektp_analysis.figures.series import one_series
from ektp_analysis.narrative import chances, grounds, notes
from ektp_analysis.narrative import forecasts as said
from ektp_analysis.page.choices import View
from ektp_analysis.page.forecast_choices import replay
from ektp_analysis.page.parts import behind, chart, downloads, fitted
from ektp_analysis.projection import examples
from ektp_analysis.projection.examples import Nearest
from ektp_analysis.projection.history import read
from ektp_analysis.projection.replay import BENCHMARK_COLUMNS
from ektp_analysis.projection.replay import benchmark as public_series
from ektp_analysis.projection.result import METHOD


def campaigns_alike(view: View) -> None:
    """Which simulated campaigns are most like the area's history: counted by kind, drawn behind the fan, and as a table."""
    projections = (view.project(target) for target in (Target.national(), ZERO))
    found = next((one for one in projections if one.answered), None)
    alike = None if found is None else examples.nearest(read(one_series(view.history)[list(contract.BY_NAME)]))
    if found is None or alike is None:
        st.write(view.say(T("There is no date for this area, so there is nothing to compare with campaigns.")))
        return
    finding = grounds.nearest(alike)
    st.markdown("**" + view.sentence(finding) + "**")
    steadily = grounds.steadily(alike)
    if steadily is not None:
        st.write(view.sentence(steadily))

    def draw(**look: Any) -> Any:
        lines = Behind(alike, grounds.KINDS)
        return fan(view.history, found.fan(), Look(view.lang, note=view.note, **look), target=found, behind=lines)

    chart(draw(theme=view.theme), "alike", alt=view.sentence(finding))
    st.caption(view.say(grounds.simulated(alike)))
    rows = _rows(view, alike)
    behind(view, "alike_table", rows)
    name = view.say(T("Campaigns alike"))

    def picture() -> bytes:
        return as_png(draw(title=view.sentence(finding), method=chances.method(found)))

    downloads(view, "alike", frames={name: rows.assign(method=found.method)}, pictures={name: picture})


def _rows(view: View, alike: Nearest) -> pd.DataFrame:
    """The campaigns, the nearest first: kind, and the days until half, nine tenths and all of those left were recorded."""
    days = {f"days_{name}": alike.days_to(share) for name, share in (("half", 0.5), ("tenth", 0.1), ("all", 0.0))}
    return pd.DataFrame(
        {
            "rank": range(1, len(alike.kinds) + 1),
            "kind": [view.say(grounds.KINDS[kind]) for kind in alike.kinds],
            **{name: pd.array([None if day is None else round(day) for day in found], "Int64") for name, found in days.items()},
        }
    )


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
        st.page_link("data.py", label=view.say(T("Upload earlier files: each day in them counts")), icon=":material/upload_file:")
        return
    if not found.came:
        st.write(view.say(T("Choose a coverage that has been passed already: there the outcome is known.")))
        return
    listed = pd.DataFrame(
        [
            {
                "forecaster": view.say(name),
                "cases": one.cases,
                "hit_rate": _of_100(one.hit_rate),
                "cover80": _of_100(one.cover80) if one is verdict else None,
                "bias": None if one.bias_days is None else round(one.bias_days),
                "error": _of_100(_ratio(one.crps_days, found.line.crps_days)),
            }
            for name, one in (
                (T("This projection"), verdict),
                (T("Straight line through the last snapshots"), found.line),
                (T("As between the last two snapshots"), found.last_pace),
            )
        ]
    ).astype(dict.fromkeys(("cases", "cover80", "hit_rate", "bias", "error"), "Int64"))
    if len(found.calibration):
        left, right = st.columns([2, 3], gap="large")
        with left:
            chart(
                calibration(found.calibration, Look(view.lang, view.theme, note=view.note)),
                "calibration",
                alt=view.sentence(finding),
            )
        with right:
            st.caption(
                view.say(
                    T(
                        "Of the days given with a chance of, say, 8 in 10, about 8 in 10 should have come true: the closer "
                        "to the dotted line, the better. Below it the answers were too early, above it too late. The answers "
                        "overlap, so neighbouring points are alike."
                    )
                )
            )
    fitted(view, listed, "past_table")
    downloads(
        view,
        "past",
        frames={view.say(T("Past answers")): listed.assign(method=METHOD)},
        pictures={
            view.say(T("Said and happened")): lambda: as_png(
                calibration(
                    found.calibration,
                    Look(view.lang, title=view.sentence(finding), note=view.note, method=chances.method()),
                )
            )
        }
        if len(found.calibration)
        else {},
    )


def _ratio(one: float | None, other: float | None) -> float | None:
    return None if one is None or not other else one / other


def _of_100(value: float | None) -> int | None:
    return None if value is None or pd.isna(value) else round(100 * value)


def benchmark(view: View) -> None:
    """The projection on public countdown series."""
    rows = public_series()
    if rows.empty:
        st.info(view.say(notes.NO_BENCHMARK), icon=":material/info:")
        return
    st.write(view.say(notes.BENCHMARK))
    shown = rows[list(BENCHMARK_COLUMNS)].copy()
    kinds = notes.KINDS
    shown["kind"] = [view.say(kinds[kind]) if kind in kinds else kind for kind in shown["kind"]]
    for name in TIMES_IN_100:
        if name in shown:
            shown[name] = pd.array([_of_100(value) for value in shown[name]], dtype="Int64")
    listed = shown.rename(columns={"ratio": "error"})
    fitted(view, listed, "benchmark_table")
    if rows["source"].notna().any():
        st.caption(view.say(T("Source: {source}", source="; ".join(dict.fromkeys(rows["source"].dropna())))))
    downloads(view, "benchmark", frames={view.say(T("Public data")): listed})
