"""Sentences about the areas below: who has most, who is silent and since when, where sum and own figure differ."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ektp_analysis.area import Level, register
from ektp_analysis.measures import Difference, Silence, Standing
from ektp_analysis.snapshot import BY_NAME
from ektp_analysis.text import TN, Percent, T, Text

MOST_NAMED = 5


def counted(n: int, level: Level) -> Text:
    """'11 kecamatan', '1 province'."""
    if level is Level.PROVINSI:
        return TN("{n} province", "{n} provinces", n=n)
    if level is Level.KABUPATEN:
        return TN("{n} regency or city", "{n} regencies and cities", n=n)
    if level is Level.KECAMATAN:
        return TN("{n} kecamatan", "{n} kecamatan", n=n)
    return TN("{n} desa or kelurahan", "{n} desa and kelurahan", n=n)


def listed(items: Sequence[Text | str], most: int = MOST_NAMED) -> Text:
    """'A, B and C'; more than ``most`` are cut: 'A, B, C and 8 others'."""
    if not items:
        return T("none")
    shown, rest = list(items[:most]), len(items) - most
    if rest > 0:
        return TN("{list} and {n} other", "{list} and {n} others", n=rest, list=_commas(shown))
    if len(shown) == 1:
        return T("{one}", one=shown[0])
    return T("{list} and {last}", list=_commas(shown[:-1]), last=shown[-1])


def _commas(items: Sequence[Text | str]) -> Text:
    text = T("{one}", one=items[0])
    for item in items[1:]:
        text = T("{list}, {one}", list=text, one=item)
    return text


def silence(at: Standing) -> Text:
    """Who has not reported for the day, and since when; or that all have; or that nobody below ever did."""
    if at.child_level is None:
        return T("a desa has no areas below it")
    if not at.silent:
        return T("all {all} have reported", all=counted(at.n_expected, at.child_level))
    if not at.n_reported and all(one.since is None for one in at.silent):
        return T("none of {all} has ever reported", all=counted(at.n_expected, at.child_level))
    names = [silent(one) for one in at.silent]
    if at.as_of_date is None:
        return T("not reported: {names}", names=listed(names))
    return T("not reported for {date}: {names}", date=at.as_of_date, names=listed(names))


def silent(one: Silence) -> Text:
    """'Biau (last on 19 June 2023)'."""
    name = register().name(one.area_code)
    if one.since is None:
        return T("{area} (never)", area=name)
    return T("{area} (last on {date})", area=name, date=one.since)


def difference(found: Difference) -> Text:
    """The own figure beside the sum, and by how much they differ."""
    return T("{column}: {own} reported for the area itself, {total} as the sum of its parts, a difference of {gap}",
             column=BY_NAME[found.column].label, own=found.own, total=found.total, gap=abs(found.own - found.total))


def ranking(rows: pd.DataFrame) -> Text:
    """The heading of a ranking or a map (frame of ``measures.ranking``): where most of the unrecorded are."""
    known = rows[rows["unrecorded"].notna()]
    if known.empty:
        return T("no figures for these areas on this day")
    total = int(known["unrecorded"].sum())
    over = int((rows["unrecorded"].isna() & rows["coverage"].gt(1).fillna(False)).sum())
    silent_count = len(rows) - len(known) - over
    if total == 0 and over:
        return _without(T("nobody unrecorded where the number is known"), over, silent_count)
    if total == 0:
        if silent_count:
            return TN("nobody unrecorded in the areas with a figure; {n} area is without",
                      "nobody unrecorded in the areas with a figure; {n} areas are without", n=silent_count)
        return T("nobody unrecorded in any of the areas")
    first = known[known["rank"] == 1]
    most = int(first["unrecorded"].iloc[0])
    names = listed([str(name) for name in first["name"]], 3)
    if len(first) > 1:
        text = T("the largest number is in {names}, {most} each of {total} unrecorded", names=names, most=most, total=total)
    else:
        share = most / total
        text = T("the largest number is in {names}, {most} of {total} unrecorded ({share})", names=names, most=most,
                 total=total, share=Percent(share, 0 if 0.01 <= share < 0.995 or most == total else 1))
    return _without(text, over, silent_count)


def _without(text: Text, over: int, silent: int) -> Text:
    """The clause, with how many areas are above 100 % and how many without a figure."""
    if over:
        text = TN("{text}; {n} area is above 100%", "{text}; {n} areas are above 100%", n=over, text=text)
    if not silent:
        return text
    return TN("{text}; {n} area is without a figure", "{text}; {n} areas are without a figure", n=silent, text=text)


def concentration(rows: pd.DataFrame) -> Text | None:
    """In how few of the areas at least half of the known unrecorded are; None where there is nothing to say."""
    counts = rows["unrecorded"].dropna().sort_values(ascending=False)
    total = int(counts.sum()) if len(counts) else 0
    if total == 0 or len(counts) < 3:
        return None
    n = int((counts.cumsum() * 2 < total).sum()) + 1
    return TN("at least half of the unrecorded are in {n} of {all} areas",
              "at least half of the unrecorded are in {n} of {all} areas", n=n, all=len(counts))
