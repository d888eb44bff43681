"""The areas of a ranking with what a map asks beyond it: change since a chosen day, pace, age, last known figures."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ektp_analysis.area import Level, level_of
from ektp_analysis.measures.ranking import CARRIED, ranking
from ektp_analysis.measures.rollup import rollup

PACE_DAYS = 28
COLUMNS = ("area_code", "name", "as_of_date", *(name for name in CARRIED if name != "members"), "reported", "last_reported",
           "previous_date", "change", "share", "rank", "per_day", "age")


def mapped(figures: pd.DataFrame, area: str, *, level: Level | None = None, on: date | None = None,
           since: date | None = None, carry: bool = False) -> pd.DataFrame:
    """:func:`~ektp_analysis.measures.ranking.ranking` with the columns that a map can show.

    Args:
        figures: as for the ranking.
        since: the day that ``change`` is counted from; by default each area's latest comparable day before. An area
            whose figure of that day rests on other areas, or that has none, has no change.
        carry: fill the silent with the last figure that they gave before; ``as_of_date`` says of which day it is, and
            ``reported`` stays False. Nothing is invented: who never reported stays without.

    Returns:
        The columns of :data:`COLUMNS`; beside those of the ranking ``per_day`` (people a day by which the unrecorded fell
        since the earliest comparable day of the last 28, Float64), ``age`` (days from the last figure to the day shown,
        Int64).
    """
    rolled = rollup(figures, area)
    rows = ranking(rolled, area, level, on)
    day = rows["as_of_date"].iloc[0] if len(rows) else pd.NaT
    wanted = Level(min(level_of(area) + 1, Level.DESA)) if level is None else level
    heads = rolled[(rolled["level"] == int(wanted)) & rolled["headline"]]
    heads = heads[heads["as_of_date"] <= day] if not pd.isna(day) else heads.iloc[:0]
    now = heads[heads["as_of_date"] == day].set_index("area_code")
    codes = rows["area_code"]
    if since is not None:
        then = heads[heads["as_of_date"] == pd.Timestamp(since)].set_index("area_code")
        same = now["members"] == then["members"].reindex(now.index)
        change = (now["unrecorded"] - then["unrecorded"].reindex(now.index)).where(same)
        rows["change"] = change.reindex(codes).to_numpy()
        rows["change"] = rows["change"].astype("Int64")
        compared = pd.Series(pd.Timestamp(since), index=rows.index, dtype="datetime64[s]")
        rows["previous_date"] = compared.where(rows["change"].notna())
    rows["per_day"] = _pace(heads, now, day).reindex(codes).astype("Float64").to_numpy()
    rows["age"] = (day - rows["last_reported"]).dt.days.astype("Int64") if len(rows) else pd.Series(dtype="Int64")
    return _carried(rows, heads) if carry else rows


def _pace(heads: pd.DataFrame, now: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """People a day, positive where they fall, from the earliest comparable day of the last weeks."""
    if pd.isna(day):
        return pd.Series(dtype="Float64")
    window = heads[(heads["as_of_date"] >= day - pd.Timedelta(days=PACE_DAYS)) & (heads["as_of_date"] < day)
                   & heads["unrecorded"].notna()]
    window = window.join(now["members"].rename("members_now"), on="area_code")
    first = window[window["members"] == window["members_now"]].drop_duplicates("area_code").set_index("area_code")
    days = (day - first["as_of_date"]).dt.days
    fallen = first["unrecorded"].astype("Float64") - now["unrecorded"].reindex(first.index).astype("Float64")
    return fallen / days


def _carried(rows: pd.DataFrame, heads: pd.DataFrame) -> pd.DataFrame:
    """The last figure of the silent in its place, ranks and shares over all that is then known."""
    last = heads.drop_duplicates("area_code", keep="last").set_index("area_code")
    out = rows.set_index("area_code")
    silent = out.index[~out["reported"] & out.index.isin(last.index)]
    for name in (*CARRIED, "as_of_date"):
        if name in out:
            out.loc[silent, name] = last.loc[silent, name]
    out["share"] = out["unrecorded"].astype("Float64") / (out["unrecorded"].sum() or pd.NA)
    out["rank"] = out["unrecorded"].rank(ascending=False, method="min").astype("Int64")
    return out.reset_index().sort_values(["rank", "area_code"], na_position="last", kind="stable", ignore_index=True)
