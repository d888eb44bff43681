"""The areas inside an area side by side on one day, the most unrecorded first, the silent last and without figures."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ektp_analysis import snapshot
from ektp_analysis.area import Level, level_of, register
from ektp_analysis.errors import UserError
from ektp_analysis.measures.rollup import rollup
from ektp_analysis.measures.standing import latest_day
from ektp_analysis.text import T

_FIRST = ["eligible", "recorded", "unrecorded", "coverage", "coverage_low", "coverage_high", "coverage_reported",
          "eligible_low", "eligible_high", "basis", "status"]
# What is carried of an area's figure: all of the contract but its key and free text.
CARRIED = [*_FIRST, *(column.name for column in snapshot.COLUMNS if column.name not in _FIRST and column.roll != "key"
                      and (column.kind, column.roll) != ("text", "none")),
           "source", "complete", "n_reported", "n_expected", "members"]


def ranking(figures: pd.DataFrame, area: str, level: Level | None = None, on: date | None = None) -> pd.DataFrame:
    """Every area of ``level`` (default: directly below) in ``area`` by the register, with its figure of one day.

    The day is the latest one for the area that is not after ``on``; areas without a figure on that very day are
    silent: their figures are missing, not 0, and they stand last.

    Returns:
        area_code, name, as_of_date, rank (1 = most unrecorded; equal counts share a rank; missing where unrecorded
        is), the figure's columns, ``share`` (of the unrecorded of those who reported, 0 to 1), ``change`` (unrecorded
        against ``previous_date``, the area's latest earlier day that rests on the same areas; missing without one),
        ``reported`` and ``last_reported`` (day; missing: never). Ties and the silent stand in order of the code.

    Raises:
        UserError: ``level`` does not lie below the area.
    """
    level = Level(min(level_of(area) + 1, Level.DESA)) if level is None else level
    if level <= level_of(area):
        raise UserError(T("{area} has no areas of the level {level} inside.", area=area, level=level.label))
    rolled = rollup(figures, area)
    day = latest_day(rolled[rolled["area_code"] == area], on)
    heads = rolled[(rolled["level"] == int(level)) & rolled["headline"]]
    known = register()
    codes = pd.Index(list(known.codes(level, area)), dtype="str")
    heads = heads[heads["as_of_date"] <= day] if day is not None else heads.iloc[:0]
    now = heads[heads["as_of_date"] == day].set_index("area_code")[CARRIED]
    out = now.reindex(codes.union(now.index))
    out.insert(0, "as_of_date", pd.Series(day, index=out.index, dtype="datetime64[s]"))
    out["reported"] = out.index.isin(now.index)
    out["last_reported"] = heads.groupby("area_code")["as_of_date"].max().reindex(out.index)
    _add_change(out, heads, day)
    out["share"] = out["unrecorded"].astype("Float64") / (out["unrecorded"].sum() or pd.NA)
    out["rank"] = out["unrecorded"].rank(ascending=False, method="min").astype("Int64")
    out = out.drop(columns="members").rename_axis("area_code").reset_index()
    out.insert(1, "name", pd.Series([known.name(code) for code in out["area_code"]], dtype="str"))
    out["silent"] = ~out["reported"]
    out = out.sort_values(["silent", "rank", "area_code"], na_position="last", kind="stable", ignore_index=True)
    return out.drop(columns="silent")


def _add_change(out: pd.DataFrame, heads: pd.DataFrame, day: pd.Timestamp | None) -> None:
    """Add the change of each area against its own latest comparable day before."""
    earlier = heads[(heads["as_of_date"] < day) & heads["unrecorded"].notna()] if day is not None else heads
    before = earlier.join(out["members"].rename("members_now"), on="area_code")
    before = before[before["members"] == before["members_now"]].drop_duplicates("area_code", keep="last")
    last = before.set_index("area_code")
    out["previous_date"] = last["as_of_date"].reindex(out.index)
    out["change"] = out["unrecorded"] - last["unrecorded"].reindex(out.index)
    out.loc[out["change"].isna(), "previous_date"] = pd.NaT
