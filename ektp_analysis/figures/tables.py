"""Frames as people read them: column names in the reader's language, and CSV that opens right in their spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ektp_analysis.core import contract
from ektp_analysis.core.text import T, Text, number, render

_OTHERS: dict[str, Text] = {
    "name": T("Name"),
    "coverage": T("Coverage"),
    "coverage_low": T("Coverage, at least"),
    "coverage_high": T("Coverage, at most"),
    "eligible_low": T("Eligible, at least"),
    "eligible_high": T("Eligible, at most"),
    "share": T("Share of the unrecorded"),
    "change": T("Change"),
    "previous_date": T("Compared with"),
    "last_reported": T("Last reported"),
    "rank": T("Rank"),
    "source": T("Source"),
    "chance": T("Chance"),
    "day": T("Day"),
    "file": T("File"),
    "area": T("Area"),
    "doubt": T("In doubt"),
    "target": T("Target"),
    "received_at": T("Received"),
    "handed_in": T("Handed in"),
    "rows": T("Rows"),
    "unrecorded_in_file": T("Unrecorded in the file"),
    "areas_in_file": T("Areas in the file"),
    "state": T("State"),
    "column": T("Column"),
    "old": T("Before"),
    "new": T("Now"),
    "part": T("Sheet or table"),
    "n_reported": T("Areas reported"),
    "n_expected": T("Areas expected"),
    "n_older": T("Areas with older figures"),
    "unrecorded_older": T("Unrecorded in older figures"),
    "older_since": T("Oldest figure"),
    "origin": T("Snapshot"),
    "q10": T("1 chance in 10 by"),
    "q50": T("Even chances on"),
    "q90": T("9 chances in 10 by"),
    "moved_by": T("Moved by"),
    "came": T("Reached on"),
    "chance_by": T("Chance by the day"),
    "chance_last": T("Chance to be last"),
    "forecaster": T("Who says it"),
    "cases": T("Answers"),
    "cover80": T("Inside the 80% range, of 100"),
    "hit_rate": T("Reached or not: right, of 100"),
    "bias": T("Too early (+) or too late (-), days"),
    "error": T("Error (straight line = 100)"),
    "family": T("Series"),
    "kind": T("Kind"),
    "late": T("Came late, of 100"),
    "wrong_never": T("Wrongly said never, of 100"),
    "false_promise": T("Wrongly promised, of 100"),
    "per_day": T("Pace"),
    "age": T("Age of the figure"),
    "days": T("Days to the target"),
    "probability": T("Chance"),
    "method": T("Projection method"),
    "event": T("Event"),
    "event_from": T("From"),
    "event_to": T("To"),
    "days_half": T("Half recorded after, days"),
    "days_tenth": T("Nine tenths recorded after, days"),
    "days_all": T("All recorded after, days"),
    "visits": T("Visits"),
    "last_visit": T("Last visit"),
    "plan_order": T("Order"),
    "plan_days": T("Team-days"),
    "plan_first": T("First day"),
    "plan_last": T("Last day"),
    "plan_team": T("Team"),
    "plan_teams": T("Teams"),
    "plan_left": T("Left"),
    "plan_goal": T("Goal"),
    "expected": T("Expected recorded"),
    "expected_low": T("Expected recorded, at least"),
    "expected_high": T("Expected recorded, at most"),
    "planned_days": T("Team-days planned"),
    "done_days": T("Team-days done"),
    "done_recorded": T("Recorded"),
    "unsaid": T("Visits without a number"),
    "assumption": T("Assumed"),
    "value": T("Value"),
    "work": T("Work"),
    "place": T("Place"),
    "target_day": T("Even chances by"),
    "least_days": T("Team-days, at least"),
    "most_days": T("Team-days, at most"),
    "shut_from": T("Closed from"),
    "shut_to": T("Closed to"),
    "deadline": T("Deadline"),
    "group": T("Reached together"),
    "lost_days": T("Days lost"),
}
if _taken := contract.BY_NAME.keys() & _OTHERS.keys():
    raise ValueError(f"a column of the contract has a name that tables give to another: {', '.join(sorted(_taken))}")
LABELS: dict[str, Text] = {**{column.name: column.label for column in contract.COLUMNS}, **_OTHERS}
_RANKED = (
    "rank",
    "name",
    "area_code",
    "as_of_date",
    "unrecorded",
    "change",
    "previous_date",
    "share",
    "eligible",
    "recorded",
    "coverage",
    "coverage_reported",
    "status",
    "last_reported",
)
_OLDER = ("n_older", "unrecorded_older", "older_since")
_OVER_TIME = (
    "as_of_date",
    "unrecorded",
    "eligible",
    "recorded",
    "coverage",
    "coverage_reported",
    "eligible_low",
    "eligible_high",
    "n_reported",
    "n_expected",
    *_OLDER,
    "basis",
    "status",
    "note",
)
# Whatever else the contract has stands last.
_FURTHER = tuple(name for name in contract.BY_NAME if name not in {*_RANKED, *_OVER_TIME})
RANKING, HISTORY = (*_RANKED, *_FURTHER), (*_OVER_TIME, *_FURTHER)
SEVERAL = ("name", "as_of_date", "unrecorded", "coverage_reported", "status")
_ALWAYS = {"rank", "name", "area_code", "as_of_date", "unrecorded", "change"}
PERCENT = ("coverage", "coverage_low", "coverage_high", "share", "probability")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def label(column: str, lang: str) -> str:
    """The column's name in the language; unknown columns keep their own."""
    return render(LABELS.get(column, column), lang)


def pick(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """The columns that a reader needs, in order; those that are empty throughout are left out."""
    kept = [name for name in names if name in frame and (name in _ALWAYS or not _empty(frame[name], name in _OLDER))]
    return frame[kept].reset_index(drop=True)


def _empty(column: pd.Series, none_is_zero: bool) -> bool:
    said = column.replace("", pd.NA)
    return bool((said.isna() | (said == 0)).all() if none_is_zero else said.isna().all())


def together(histories: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The histories of several areas, by their names, in one table: a row for each area and day."""
    return pick(pd.concat([rows.assign(name=name) for name, rows in histories.items()]), SEVERAL)


def inert(text: object) -> object:
    """Text that no spreadsheet takes for a formula: such a cell begins with an apostrophe."""
    return "'" + text if isinstance(text, str) and text.startswith(_FORMULA) else text


def as_it_came(figures: pd.DataFrame) -> bytes:
    """Figures with their origin as CSV in UTF-8 that the import reads: the contract's columns, then batch, sheet and row.

    Decimal points, dates as 2023-06-20, a missing figure is an empty field; a row without a batch (0) has neither batch nor row.
    """
    found = figures.rename(columns={"batch_id": "batch"}).astype({"batch": "Int64", "row": "Int64"})
    found.loc[found["batch"] == 0, ["batch", "row"]] = pd.NA
    out = found[[*contract.BY_NAME, "batch", "sheet", "row"]].copy()
    out["as_of_date"] = out["as_of_date"].dt.strftime("%Y-%m-%d")
    for name in (*(column.name for column in contract.COLUMNS if column.kind in ("text", "choice")), "sheet"):
        out[name] = out[name].map(inert)
    text: str = out.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8")


def csv(frame: pd.DataFrame, lang: str) -> bytes:
    """The frame as CSV for a spreadsheet in the language: UTF-8 with BOM, dates as 2023-06-20.

    Indonesian: semicolons and decimal commas; English: commas and points. Shares are per cent with two decimals, a
    missing figure is an empty field. What the import accepts, it accepts in either.
    """
    separator, point, grouping = (";", ",", ".") if lang == "id" else (",", ".", ",")
    out = frame.copy()
    for name in out.columns:
        if name in PERCENT:
            out[name] = (
                out[name]
                .map(lambda share: number(100 * share, lang, 2).replace(grouping, ""), na_action="ignore")
                .astype("object")
            )
        elif pd.api.types.is_datetime64_any_dtype(out[name]):
            out[name] = out[name].dt.strftime("%Y-%m-%d")
        elif not pd.api.types.is_numeric_dtype(out[name]):
            out[name] = out[name].map(inert)
    out.columns = [label(str(name), lang) + (" (%)" if name in PERCENT else "") for name in out.columns]
    text: str = out.to_csv(index=False, sep=separator, decimal=point, lineterminator="\r\n")
    return text.encode("utf-8-sig")
