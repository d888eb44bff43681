"""The areas inside an area side by side on one day, the most unrecorded first; a silent one stands on its last figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from ektp_analysis.core import contract
from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import PACE_DAYS, alike, comparable_before
from ektp_analysis.figures.standing import latest_day

_FIRST = [
    "eligible",
    "recorded",
    "unrecorded",
    "coverage",
    "coverage_low",
    "coverage_high",
    "coverage_reported",
    "eligible_low",
    "eligible_high",
    "basis",
    "status",
]
# What is carried of an area's figure: all of the contract but its key and free text.
CARRIED = [
    *_FIRST,
    *(
        column.name
        for column in contract.COLUMNS
        if column.name not in _FIRST and column.roll != "key" and not column.is_free_text
    ),
    "source",
    "complete",
    "n_reported",
    "n_expected",
    "n_older",
    "unrecorded_older",
    "older_since",
    "members",
]


def ranking(figures: pd.DataFrame, area: str, level: Level | None = None, on: date | None = None) -> pd.DataFrame:
    """Every area of ``level`` (default: directly below) in ``area`` by the register, with its figure of one day.

    The day is the latest one for the area that is not after ``on``. An area without a figure on that very day stands on its
    last one before, as it does in the sum; who never reported has none: missing, not 0, and last.

    Returns:
        area_code, name, as_of_date (of the figure; missing: never reported), rank (1 = most unrecorded; equal counts share a
        rank; missing where unrecorded is), the figure's columns, ``share`` (of the unrecorded of all, 0 to 1), ``change``
        (unrecorded against ``previous_date``, the area's latest earlier day that rests on the same areas; missing without one
        and for who did not report), ``reported`` (on the day) and ``last_reported`` (day; missing: never). Ties stand in order
        of the code.

    Raises:
        UserError: ``level`` does not lie below the area.
    """
    level = Level(min(level_of(area) + 1, Level.DESA)) if level is None else level
    if level <= level_of(area):
        raise UserError(T("{area} has no areas of the level {level} inside.", area=area, level=level.label))
    rolled = roll_up(figures, area)
    day = latest_day(rolled[rolled["area_code"] == area], on)
    heads = _upto(rolled, level, day)
    known = register()
    codes = pd.Index(list(known.codes(level, area)), dtype="str")
    last = heads.drop_duplicates("area_code", keep="last").set_index("area_code")
    out = last[[*CARRIED, "as_of_date"]].reindex(codes.union(last.index))
    out.insert(0, "as_of_date", out.pop("as_of_date"))
    out["reported"] = out["as_of_date"].eq(day)
    out["last_reported"] = out["as_of_date"]
    out = _with_change(out, heads, day)
    out["share"] = out["unrecorded"].astype("Float64") / (out["unrecorded"].sum() or pd.NA)
    out["rank"] = out["unrecorded"].rank(ascending=False, method="min").astype("Int64")
    out = out.drop(columns="members").rename_axis("area_code").reset_index()
    out.insert(1, "name", pd.Series([known.name(code) for code in out["area_code"]], dtype="str"))
    out["never"] = out["as_of_date"].isna()
    out = out.sort_values(["never", "rank", "area_code"], na_position="last", kind="stable", ignore_index=True)
    return out.drop(columns="never")


def _upto(rolled: pd.DataFrame, level: Level, day: pd.Timestamp | None) -> pd.DataFrame:
    """The headline rows of a level up to a day, none without one."""
    heads = rolled[(rolled["level"] == int(level)) & rolled["headline"]]
    return heads.iloc[:0] if day is None else heads[heads["as_of_date"] <= day]


def _with_change(out: pd.DataFrame, heads: pd.DataFrame, day: pd.Timestamp | None) -> pd.DataFrame:
    """The ranking with the change of each area that reported against its own latest comparable day before."""
    earlier = heads[heads["as_of_date"] < day] if day is not None else heads
    last = (
        comparable_before(earlier, out.loc[out["reported"], "members"])
        .drop_duplicates("area_code", keep="last")
        .set_index("area_code")
    )
    change = out["unrecorded"] - last["unrecorded"].reindex(out.index)
    return out.assign(previous_date=last["as_of_date"].reindex(out.index).where(change.notna()), change=change)


COLUMNS = (
    "area_code",
    "name",
    "as_of_date",
    *(name for name in CARRIED if name != "members"),
    "reported",
    "last_reported",
    "previous_date",
    "change",
    "share",
    "rank",
    "per_day",
    "age",
)


def mapped(
    figures: pd.DataFrame,
    area: str,
    *,
    level: Level | None = None,
    on: date | None = None,
    since: date | None = None,
    broken: Mapping[str, date] | None = None,
) -> pd.DataFrame:
    """:func:`~ektp_analysis.figures.side_by_side.ranking` with the columns that a map can show.

    Args:
        figures: as for the ranking.
        since: the day that ``change`` is counted from; by default each area's latest comparable day before. An area
            whose figure of that day rests on other areas, or that has none, has no change.
        broken: the day of the last break of an area, by code; what lies before it is no part of its pace.

    Returns:
        The columns of :data:`COLUMNS`; beside those of the ranking ``per_day`` (people a day by which the unrecorded fell
        since the earliest comparable day of the last 28, else since the latest before those; Float64), ``age``
        (days from the last figure to the day shown, Int64).
    """
    rolled = roll_up(figures, area)
    rows = ranking(rolled, area, level, on)
    day = latest_day(rolled[rolled["area_code"] == area], on)
    heads = _upto(rolled, Level(level_of(area) + 1) if level is None else level, day)
    now = heads[heads["as_of_date"] == day].set_index("area_code")
    codes = rows["area_code"]
    if since is not None:
        then = heads[heads["as_of_date"] == pd.Timestamp(since)].set_index("area_code")
        same = alike(now["members"], then["members"].reindex(now.index))
        change = (now["unrecorded"] - then["unrecorded"].reindex(now.index)).where(same)
        rows["change"] = change.reindex(codes).to_numpy()
        rows["change"] = rows["change"].astype("Int64")
        compared = pd.Series(pd.Timestamp(since), index=rows.index, dtype="datetime64[s]")
        rows["previous_date"] = compared.where(rows["change"].notna())
    rows["per_day"] = _pace(heads, now, day, broken or {}).reindex(codes).astype("Float64").to_numpy()
    rows["age"] = (pd.Series(day, index=rows.index, dtype="datetime64[s]") - rows["last_reported"]).dt.days.astype("Int64")
    return rows


def _pace(heads: pd.DataFrame, now: pd.DataFrame, day: pd.Timestamp | None, broken: Mapping[str, date]) -> pd.Series:
    """People a day, positive where they fall, over the days of :func:`~ektp_analysis.figures.series.pace_of_now`."""
    if day is None:
        return pd.Series(dtype="Float64")
    earlier = heads[heads["as_of_date"] < day]
    if broken:
        since = pd.to_datetime(earlier["area_code"].map({code: pd.Timestamp(on) for code, on in broken.items()}))
        earlier = earlier[~(earlier["as_of_date"] < since)]
    lately = earlier["as_of_date"] >= day - pd.Timedelta(days=PACE_DAYS)
    first = comparable_before(earlier[lately], now["members"]).drop_duplicates("area_code")
    others = earlier[~lately & ~earlier["area_code"].isin(first["area_code"])]
    before = comparable_before(others, now["members"]).drop_duplicates("area_code", keep="last")
    first = pd.concat([first, before]).set_index("area_code") if len(before) else first.set_index("area_code")
    days = (day - first["as_of_date"]).dt.days
    fallen = first["unrecorded"].astype("Float64") - now["unrecorded"].reindex(first.index).astype("Float64")
    return fallen / days
