"""The findings of maps, one sentence for each measure: which areas stand out, how many share that, and who is without.

All take a frame of :func:`ektp_analysis.figures.side_by_side` and what is asked; a missing figure is counted apart and never as
zero.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ektp_analysis.core.area import AreaCode, register
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, Percent, T, Text
from ektp_analysis.figures.classes import OLD
from ektp_analysis.figures.measure import MapRequest
from ektp_analysis.narrative.chances import frequency
from ektp_analysis.narrative.counts import listed, missing, printed, ranking, target_name, without

MOST_FIRST = 3  # areas that a finding names before it tells of one alone
MANY = 60  # areas, from which on how concentrated the unrecorded are says more than who has most
HELD = 0.3  # the share of the unrecorded from which those few are the finding
EVEN = 0.5


def told_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """The frame with the parent's name beside each name that several of its areas bear: 'Bojong (Kabupaten Tegal)'."""
    twice = rows["name"].duplicated(keep=False)
    if not twice.any():
        return rows
    names = [
        f"{name} ({register().name(parent)})" if same and (parent := AreaCode(str(code)).parent) is not None else name
        for code, name, same in zip(rows["area_code"], rows["name"], twice, strict=True)
    ]
    return rows.assign(name=pd.Series(names, index=rows.index, dtype="str"))


def beside(first: Mapping[str, object], second: Mapping[str, object]) -> Text:
    """Two rows of a frame compared: who has more unrecorded, and whose coverage is higher."""
    one, other = str(first["name"]), str(second["name"])
    if first["area_code"] == second["area_code"]:
        return T("{area} is compared with itself: choose another one", area=one)
    left, right = first["unrecorded"], second["unrecorded"]
    if pd.isna(left) or pd.isna(right):
        without = [name for name, count in ((one, left), (other, right)) if pd.isna(count)]
        return T("cannot be compared: no count of the unrecorded from {names}", names=listed(without))
    fewest = int(str(left))
    gap = fewest - int(str(right))
    text = (
        T("{area} and {other} have the same number of unrecorded, {n} each", area=one, other=other, n=fewest)
        if not gap
        else (
            TN(
                "{area} has {n} more unrecorded resident than {other}",
                "{area} has {n} more unrecorded residents than {other}",
                n=abs(gap),
                area=one if gap > 0 else other,
                other=other if gap > 0 else one,
            )
        )
    )
    shares = first["coverage"], second["coverage"]
    if pd.isna(shares[0]) or pd.isna(shares[1]):
        return text
    points = round(100 * (float(shares[0]) - float(shares[1])), 2)  # type: ignore[arg-type]
    if not points:
        return T("{text}; the coverage is the same", text=text)
    return T(
        "{text}; the coverage of {area} is {points} percentage points higher",
        text=text,
        points=abs(points),
        area=one if points > 0 else other,
    )


def unrecorded(rows: pd.DataFrame, _request: MapRequest) -> Text:
    """'4 in 10 of the unrecorded are in Kwandang and Anggrek (198 of 554)', where few hold so much; else who has most."""
    known = _known(rows, "unrecorded")
    counts = known["unrecorded"].astype("int64").to_numpy()
    total = int(counts.sum())
    if len(known) > MANY and total:
        half = int((counts.cumsum() * 2 < total).sum()) + 1
        text = TN(
            "half of the unrecorded are in {n} of {all} areas; most are in {area}: {most} of {total}",
            "half of the unrecorded are in {n} of {all} areas; most are in {area}: {most} of {total}",
            n=half,
            all=len(known),
            area=str(known["name"].iloc[0]),
            most=int(counts[0]),
            total=total,
        )
        return without(text, *missing(rows))
    for n in range(1, MOST_FIRST + 1):
        held = int(counts[:n].sum())
        if len(counts) > max(n, 2) and counts[n - 1] > counts[n] and held >= HELD * total > 0 and held < total:
            names = listed([str(name) for name in known["name"][:n]])
            text = T(
                "{tenths} in 10 of the unrecorded are in {names} ({held} of {total})",
                names=names,
                tenths=min(round(10 * held / total), 9),
                held=held,
                total=total,
            )
            return without(text, *missing(rows))
    return ranking(rows)


def coverage(rows: pd.DataFrame, request: MapRequest) -> Text:
    """The lowest coverage, and how many areas are below the target."""
    shares, target = _shares(rows), request.target or Target.national()
    known = rows.assign(_share=shares)[shares.notna()].sort_values(["_share", "area_code"])
    if known.empty:
        return _nothing(rows)
    limit = 1.0 if target.share is None else float(target.share)
    below = int((known["_share"] < limit).sum())
    if not below:
        text = (
            T("all areas with a figure have reached {target}", target=target_name(target))
            if len(known) < len(rows)
            else T("all areas have reached {target}", target=target_name(target))
        )
        return _without(text, len(rows) - len(known))
    lowest = float(known["_share"].iloc[0])
    names = listed([str(name) for name in known.loc[known["_share"] == lowest, "name"]], MOST_FIRST)
    text = TN(
        "the lowest coverage is in {names}, {share}; {n} of {all} areas is below {target}",
        "the lowest coverage is in {names}, {share}; {n} of {all} areas are below {target}",
        n=below,
        all=len(known),
        names=names,
        share=_written(lowest, limit),
        target=target_name(target),
    )
    return _without(text, len(rows) - len(known))


def _written(share: float, limit: float) -> Percent:
    """With the decimals that keep it below what it does not reach."""
    return next((Percent(share, n) for n in (2, 3, 4) if round(share, n + 2) < limit), Percent(share, 5))


def share(rows: pd.DataFrame, _request: MapRequest) -> Text:
    """How few areas hold half of the unrecorded."""
    known = _known(rows, "unrecorded")
    total = int(known["unrecorded"].sum())
    if known.empty or not total:
        return ranking(rows)
    n = int((known["unrecorded"].cumsum() * 2 < total).sum()) + 1
    names = listed([str(name) for name in known["name"][:n]], MOST_FIRST)
    held = Percent(int(known["unrecorded"][:n].sum()) / total, 0)
    text = TN(
        "{n} of {all} areas holds {held} of the unrecorded: {names}",
        "{n} of {all} areas hold {held} of the unrecorded: {names}",
        n=n,
        all=len(known),
        held=held,
        names=names,
    )
    return without(text, *missing(rows))


def change(rows: pd.DataFrame, request: MapRequest) -> Text:
    """The sum of the changes, where most fell and where the number rose."""
    known = rows[rows["change"].notna()].sort_values(["change", "area_code"])
    if known.empty:
        return T("no area can be compared with an earlier day")
    days = {stamp.date() for stamp in known["previous_date"].dropna()}
    then = request.since or (days.pop() if len(days) == 1 else None)
    when = T("the snapshot before") if then is None else T("{date}", date=then)
    total = int(known["change"].sum())
    fell, rose = known[known["change"] < 0], known[known["change"] > 0]
    if not len(fell) and not len(rose):
        return _without(T("no change in any area since {when}", when=when), len(rows) - len(known))
    same, more, fewer = T("as many as there were"), TN("{n} more", "{n} more", n=total), TN("{n} fewer", "{n} fewer", n=-total)
    text = T("{change} unrecorded since {when}", change=(same, more, fewer)[np.sign(total)], when=when)
    if len(fell):
        text = T(
            "{text}; fell most in {area} (by {n})", text=text, area=str(fell["name"].iloc[0]), n=-int(fell["change"].iloc[0])
        )
    if len(rose):
        names = listed([str(name) for name in rose["name"][::-1]], MOST_FIRST)
        text = TN(
            "{text}; the number rose in {n} area: {names}",
            "{text}; the number rose in {n} areas: {names}",
            n=len(rose),
            text=text,
            names=names,
        )
    return _without(text, len(rows) - len(known))


def pace(rows: pd.DataFrame, _request: MapRequest) -> Text:
    """Where recording runs fastest, and where it stands still or falls behind."""
    known = rows[rows["per_day"].notna()].sort_values(["per_day", "area_code"], ascending=[False, True])
    if known.empty:
        return T("no pace can be given: that needs two snapshots from the last weeks over the same areas")
    still = known[known["per_day"] <= 0]
    fastest = round(float(known["per_day"].iloc[0]), 1)
    if len(still) == len(known):
        text = T("in none of the areas does the number of unrecorded fall")
    elif not len(still):
        text = T("the number falls everywhere, fastest in {area}: {pace} a day", area=str(known["name"].iloc[0]), pace=fastest)
    else:
        text = TN(
            "fastest in {area}: {pace} a day; in {n} of {all} areas the number does not fall: {names}",
            "fastest in {area}: {pace} a day; in {n} of {all} areas the number does not fall: {names}",
            n=len(still),
            all=len(known),
            area=str(known["name"].iloc[0]),
            pace=fastest,
            names=listed([str(name) for name in still["name"][::-1]], MOST_FIRST),
        )
    return _without(text, len(rows) - len(known))


def days(rows: pd.DataFrame, request: MapRequest) -> Text:
    """Who reaches the target last, and who not within the horizon."""
    known = rows[rows["days"].notna()].sort_values(["days", "area_code"], ascending=[False, True])
    assert request.target is not None  # a finding is asked for with what its measure asks for
    name = target_name(request.target)
    if known.empty:
        text = T("no date can be given for {target}: the figures of the areas show no pace", target=name)
        return text if not _old(rows) else _aged(T("no date can be given for {target}", target=name), rows)
    never = known[np.isinf(known["days"].astype("float64"))]
    if len(never):
        names = listed([str(one) for one in never["name"]], MOST_FIRST)
        text = TN(
            "{n} of {all} areas is not expected to reach {target} as far as the projection looks: {names}",
            "{n} of {all} areas are not expected to reach {target} as far as the projection looks: {names}",
            n=len(never),
            all=len(known),
            target=name,
            names=names,
        )
    elif float(known["days"].iloc[0]) == 0:
        text = T("all areas have reached {target}", target=name)
    else:
        text = TN(
            "{area} is the last to reach {target}, in about {n} day",
            "{area} is the last to reach {target}, in about {n} days",
            n=int(known["days"].iloc[0]),
            area=str(known["name"].iloc[0]),
            target=name,
        )
    return _aged(text, rows, rows["days"].isna())


def stalled(rows: pd.DataFrame, request: MapRequest) -> Text:  # noqa: ARG001 - every finding is asked alike
    """Where recording has stalled, the longest first."""
    known = rows[rows["stalled"].notna()]
    halted = known[known["stalled"] > 0].sort_values(["stalled", "area_code"], ascending=[False, True])
    if known.empty:
        text = T("it cannot be said whether recording has stalled: the figures of the areas show no pace")
    elif halted.empty:
        text = T("recording has stalled in none of the {all} areas", all=len(known))
    else:
        each = zip(halted["name"], halted["stalled"], strict=True)
        named = [T("{area} (for {n} days)", area=str(area), n=int(lasting)) for area, lasting in each]
        text = TN(
            "recording has stalled in {n} of {all} areas: {areas}",
            "recording has stalled in {n} of {all} areas: {areas}",
            n=len(halted),
            all=len(known),
            areas=listed(named, MOST_FIRST),
        )
    return _aged(text, rows, rows["stalled"].isna())


def chance(rows: pd.DataFrame, request: MapRequest) -> Text:
    """Who is more likely than not to miss the target, and who most."""
    known = rows[rows["probability"].notna()].sort_values(["probability", "area_code"])
    assert request.target is not None and request.by is not None
    name, by = target_name(request.target), request.by
    if known.empty:
        return _aged(T("no chance can be given for {target}", target=name), rows)
    doubtful = known[known["probability"] < EVEN]
    least = frequency(float(known["probability"].iloc[0]))
    if len(doubtful):
        text = TN(
            "{n} of {all} areas is more likely than not to miss {target} by {by}, most of all {area} (chance {chance})",
            "{n} of {all} areas are more likely than not to miss {target} by {by}, most of all {area} (chance {chance})",
            n=len(doubtful),
            all=len(known),
            target=name,
            by=by,
            area=str(known["name"].iloc[0]),
            chance=least,
        )
    else:
        text = T(
            "all areas have at least even chances of {target} by {by}; the lowest are in {area} ({chance})",
            target=name,
            by=by,
            area=str(known["name"].iloc[0]),
            chance=least,
        )
    return _aged(text, rows, rows["probability"].isna())


def age(rows: pd.DataFrame, request: MapRequest) -> Text:
    """Whose figures are too old to decide by, and who never gave any."""
    known = rows[rows["age"].notna()].sort_values(["age", "area_code"], ascending=[False, True])
    if known.empty:
        return T("none of the areas has ever reported")
    old, oldest = known[known["age"] > OLD], int(known["age"].iloc[0])
    if len(old):
        text = TN(
            "{n} area has a figure older than {days} days: {names}",
            "{n} areas have figures older than {days} days: {names}",
            n=len(old),
            days=OLD,
            names=listed([str(name) for name in old["name"]], MOST_FIRST),
        )
    elif oldest:
        text = TN(
            "the oldest figure is that of {area}, {n} day old",
            "the oldest figure is that of {area}, {n} days old",
            n=oldest,
            area=str(known["name"].iloc[0]),
        )
    elif request.day is not None:
        text = T("all figures are of {date}", date=request.day)
    else:
        text = T("all figures are of the same day")
    never = len(rows) - len(known)
    return (
        text
        if not never
        else TN("{text}; {n} area has never reported", "{text}; {n} areas have never reported", n=never, text=text)
    )


def unprinted(rows: pd.DataFrame, _request: MapRequest) -> Text:
    """How many of those recorded have no card yet, and where most of them are."""
    known = _known(rows, "unprinted")
    if known.empty:
        return T("no area says how many cards are printed")
    total, without = int(known["unprinted"].sum()), len(rows) - len(known)
    if not total:
        return _without(T("everyone who is recorded has a printed card"), without)
    text = TN(
        "{n} recorded resident waits for a card; most are in {area} ({most})",
        "{n} recorded residents wait for a card; most are in {area} ({most})",
        n=total,
        area=str(known["name"].iloc[0]),
        most=int(known["unprinted"].iloc[0]),
    )
    return _without(text, without)


def _known(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    known: pd.DataFrame = rows[rows[column].notna()].sort_values([column, "area_code"], ascending=[False, True])
    return known


def _shares(rows: pd.DataFrame) -> pd.Series:
    """Coverage by counts, else as printed."""
    as_printed = [
        None if not text or pd.isna(text) or (found := printed(str(text))) is None else found.share
        for text in rows["coverage_reported"]
    ]
    return rows["coverage"].astype("Float64").fillna(pd.Series(as_printed, index=rows.index, dtype="Float64"))


def _nothing(rows: pd.DataFrame) -> Text:
    return T("no coverage is known for these areas on this day") if len(rows) else T("no figures for these areas on this day")


def _without(text: Text, n: int) -> Text:
    return text if not n else TN("{text}; {n} area is without a figure", "{text}; {n} areas are without a figure", n=n, text=text)


def _old(rows: pd.DataFrame) -> int:
    """Areas whose figures are too old to look ahead from as if they were of today."""
    return int(rows["old"].notna().sum()) if "old" in rows else 0


def _aged(text: Text, rows: pd.DataFrame, unknown: pd.Series | None = None) -> Text:
    """The sentence about what lies ahead with how old its figures are; ``unknown`` are the areas that it says nothing of."""
    n = _old(rows)
    if n:
        text = TN(
            "{text}; the figure of {n} area is {days} days old or more",
            "{text}; the figures of {n} areas are {days} days old or more",
            n=n,
            days=int(rows["old"].min()),
            text=text,
        )
        unknown = None if unknown is None else unknown & rows["old"].isna()
    return text if unknown is None else _without(text, int(unknown.sum()))
