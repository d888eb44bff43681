"""A reading's rows made ready for the store: checked, added up, and given a digest by which they are known again."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis import snapshot
from ektp_analysis.area import AreaCode, Level, level_of
from ektp_analysis.errors import RefusedError, UserError
from ektp_analysis.store.records import Total
from ektp_analysis.text import T

KEY = ["area_code", "as_of_date"]
NAMES = (*(column.name for column in snapshot.COLUMNS), "sheet", "row")
_TEXTS = (*(column.name for column in snapshot.COLUMNS if snapshot.DTYPES[column.kind] == "str"), "sheet")


def canonical(rows: pd.DataFrame) -> pd.DataFrame:
    """Contract columns with 'sheet' (str) and 'row' (int), in the contract's dtypes, sorted by area and day."""
    made = snapshot.frame(rows)
    made["sheet"] = rows["sheet"].fillna("").astype("str").to_numpy()
    made["row"] = rows["row"].astype("int64").to_numpy()
    return made.sort_values(KEY, kind="stable", ignore_index=True)


def checked(rows: pd.DataFrame) -> pd.DataFrame:
    """The canonical rows, if the store may take them: the last gate behind the reader.

    Raises:
        UserError: no rows; a row without area or day; rows that break the contract; text that no database keeps.
    """
    if rows.empty:
        raise UserError(T("The file has no figures, so nothing was stored."))
    made = canonical(rows)
    if made[KEY].isna().to_numpy().any():
        raise UserError(T("A row without area or date cannot be stored; nothing was stored."))
    for code in made["area_code"].unique():
        AreaCode(code)
    if faults := snapshot.check(made):
        raise RefusedError(T("The rows break the rules of a snapshot, so nothing was stored."),
                           tuple(fault for _, fault in faults))
    for name in _TEXTS:
        if made[name].str.contains("\0", regex=False).fillna(False).any():
            raise UserError(T("Column {column} holds a character that cannot be stored (NUL); remove it from the file.",
                              column=name))
    return made


def digest(rows: pd.DataFrame) -> str:
    """SHA-256 over canonical rows. Columns without any value do not count, so that a column added later changes nothing."""
    sha = hashlib.sha256()
    for name in NAMES:
        values = _plain(rows[name])
        if any(value not in (None, "") for value in values):
            joined = "\x1f".join("" if value is None else str(value) for value in values)
            sha.update(f"{name}\x1e{joined}\x1e".encode())
    return sha.hexdigest()


def records(rows: pd.DataFrame, batch_id: int) -> list[dict[str, Any]]:
    """Canonical rows as the figure table takes them."""
    columns = [_plain(rows[name]) for name in NAMES]
    names = (*NAMES, "batch_id")
    return [dict(zip(names, (*values, batch_id), strict=True)) for values in zip(*columns, strict=True)]


def totals(rows: pd.DataFrame) -> tuple[Total, ...]:
    """Canonical rows added up by day and level, after the third count was derived from the other two."""
    solved = snapshot.solve(rows)
    codes, places = np.unique(solved["area_code"].to_numpy(dtype=object), return_inverse=True)
    solved["level"] = np.array([int(level_of(code)) for code in codes])[places]
    groups = solved.groupby(["as_of_date", "level"], sort=True)
    sums = groups[list(snapshot.COUNTS)].sum(min_count=1)
    given, areas = groups[list(snapshot.COUNTS)].count(), groups.size()
    made = []
    for key in sums.index:
        eligible, recorded, unrecorded = (None if pd.isna(value) else int(value) for value in sums.loc[key])
        made.append(Total(key[0].date(), Level(key[1]), int(areas[key]), eligible, recorded, unrecorded,
                          *(int(value) for value in given.loc[key])))
    return tuple(made)


def _plain(values: pd.Series) -> list[Any]:
    """Python values with None for a missing one; dates as date."""
    if pd.api.types.is_datetime64_any_dtype(values):
        places, days = pd.factorize(values)
        plain = [day.date() for day in days]
        return [plain[place] for place in places.tolist()]
    return [None if value is pd.NA or value != value else value for value in values.tolist()]
