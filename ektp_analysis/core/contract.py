"""The contract: each column of a snapshot defined once, and the arithmetic that every row must keep.

A row says, for one area and one day, any of eligible, recorded, unrecorded and the coverage as it was printed. Reader,
table, template and documentation derive from :data:`COLUMNS`. What a row leaves open stays open: a missing number is
missing (``<NA>``), never 0, never interpolated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from ektp_analysis.core.errors import Fault
from ektp_analysis.core.text import T, Text

Kind = Literal["area", "date", "count", "percent", "choice", "text"]
Roll = Literal["key", "sum_all", "sum_any", "shared", "worst", "none"]
REPORTED, MODELLED = "reported", "modelled"


@dataclass(frozen=True)
class Column:
    """One column of the contract.

    ``headers`` are the header words accepted in a file, compared case-folded with runs of blanks and underscores as
    one blank. ``minimum`` and ``maximum`` are inclusive. ``unit`` is '' where the column has none. ``roll`` is what the
    column is of a whole whose parts are known: 'key' (says which row it is), 'sum_all' (their sum, where all that
    reported give it), 'sum_any' (the sum of those that give it), 'shared' (what all have in common, else all that
    occur), 'worst' (the last of ``choices`` that occurs), 'none' (left empty).

    Raises:
        ValueError: what is declared does not fit together; the sentence names the column.
    """

    name: str
    label: Text
    kind: Kind
    about: Text
    headers: tuple[str, ...]
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    roll: Roll = "none"

    @property
    def is_free_text(self) -> bool:
        """Whether it stands beside a figure without being part of it."""
        return self.kind == "text" and self.roll == "none"

    def __post_init__(self) -> None:
        """Refuse an entry that no reader could use, when the program starts."""
        if self.kind not in DTYPES or self.roll not in ROLLS.get(self.kind, ()):
            raise ValueError(f"column {self.name}: a {self.kind} cannot be rolled up by {self.roll!r}")
        if not (self.label.msgid.strip() and self.about.msgid.strip()):
            raise ValueError(f"column {self.name}: a label and a sentence about it are needed")
        if not self.name.isidentifier() or not self.headers or not all(map(folded, self.headers)):
            raise ValueError(f"column {self.name}: a plain name and at least one header word are needed")
        if self.name in (*DERIVED, *ORIGIN):
            raise ValueError(f"column {self.name}: what is derived or says where a row came from has this name already")
        if self.kind == "choice" and not self.choices:
            raise ValueError(f"column {self.name}: a choice needs its choices")
        if self.kind == "count" and not (
            self.minimum is not None and self.maximum is not None and 0 <= self.minimum <= self.maximum <= LARGEST
        ):
            raise ValueError(f"column {self.name}: a count needs a minimum and a maximum, between 0 and {LARGEST}")


MANY = 20_000  # rows from which texts are quicker in Arrow's columns, and need a third of the room; below, Python's own are
DTYPES = {"area": "str", "date": "datetime64[s]", "count": "Int64", "percent": "str", "choice": "str", "text": "str"}
# What each kind can be of a whole.
ROLLS: dict[Kind, tuple[Roll, ...]] = {
    "area": ("key",),
    "date": ("key",),
    "count": ("sum_all", "sum_any", "none"),
    "percent": ("none",),
    "choice": ("worst", "none"),
    "text": ("shared", "none"),
}
MOST_RESIDENTS = 400_000_000
LARGEST = 2**31 - 1  # that the store keeps of a count
DERIVED = ("coverage", "coverage_low", "coverage_high", "eligible_low", "eligible_high")
ORIGIN = ("batch", "batch_id", "sheet", "row")


def folded(text: object) -> str:
    """A header word as it is compared: case-folded, blanks and underscores one blank."""
    return " ".join(str(text).replace("_", " ").casefold().split())


def check_columns(columns: tuple[Column, ...]) -> None:
    """Refuse columns of which two would be taken for each other.

    Raises:
        ValueError: a name, or a header word as it is compared, belongs to two; the sentence names them.
    """
    owners: dict[str, str] = {}
    for column in columns:
        for word in {f"the name {column.name}", *(f"the header word {folded(word)}" for word in column.headers)}:
            if word in owners:
                raise ValueError(f"columns {owners[word]} and {column.name} of the contract both have {word}")
            owners[word] = column.name


COLUMNS: tuple[Column, ...] = (
    Column(
        "area_code",
        T("Area code"),
        "area",
        T("Kemendagri code of the area, as text: 75.05.03"),
        ("area_code", "kode", "kode wilayah", "kode kemendagri", "kode_wilayah", "area code"),
        required=True,
        roll="key",
    ),
    Column(
        "as_of_date",
        T("As of"),
        "date",
        T("The day the figures are about: 2023-06-20, 20/06/2023 or 20 Juni 2023"),
        ("as_of_date", "per tanggal", "tanggal", "tanggal data", "date", "as of"),
        required=True,
        roll="key",
    ),
    Column(
        "eligible",
        T("Eligible"),
        "count",
        T("Residents aged 17 or over, or ever married"),
        ("eligible", "wajib ktp", "wajib_ktp", "wktp", "wajib ktp-el"),
        "people",
        minimum=0,
        maximum=MOST_RESIDENTS,
        roll="sum_all",
    ),
    Column(
        "recorded",
        T("Recorded"),
        "count",
        T("Residents whose biometrics are recorded; may exceed the eligible"),
        ("recorded", "sudah rekam", "sudah_rekam", "perekaman", "rekam"),
        "people",
        minimum=0,
        maximum=MOST_RESIDENTS,
        roll="sum_all",
    ),
    Column(
        "unrecorded",
        T("Unrecorded"),
        "count",
        T("Eligible residents not yet recorded; never negative"),
        ("unrecorded", "belum rekam", "belum_rekam", "sisa"),
        "people",
        minimum=0,
        maximum=MOST_RESIDENTS,
        roll="sum_any",
    ),
    Column(
        "printed",
        T("Cards printed"),
        "count",
        T("Cards printed so far for those recorded; may exceed the recorded, as cards are reprinted"),
        ("printed", "kartu tercetak", "kartu dicetak"),
        "cards",
        minimum=0,
        maximum=MOST_RESIDENTS,
        roll="sum_all",
    ),
    Column(
        "to_clean",
        T("To be cleaned"),
        "count",
        T("Of the unrecorded, those to be cleaned off the list: dead, moved away, double, unknown; recording never reaches them"),
        ("to_clean", "perlu dibersihkan", "belum dibersihkan", "to be cleaned"),
        "people",
        minimum=0,
        maximum=MOST_RESIDENTS,
        roll="sum_all",
    ),
    Column(
        "coverage_reported",
        T("Coverage as printed"),
        "percent",
        T("Recorded per eligible in per cent, as the report gives it, with its decimals: 99,40"),
        ("coverage_reported", "cakupan", "persen", "persentase", "%", "persen dilaporkan", "persen_dilaporkan", "coverage"),
        "%",
        minimum=0,
        maximum=1000,
    ),
    Column(
        "basis",
        T("Basis"),
        "text",
        T("The population that the eligible count rests on: DKB 2023-1, dinamis; empty: not stated"),
        ("basis", "dasar", "dasar penyebut", "dasar_penyebut"),
        roll="shared",
    ),
    Column(
        "status",
        T("Status"),
        "choice",
        T("reported (a figure that was published) or modelled (computed, not counted)"),
        ("status",),
        choices=(REPORTED, MODELLED),
        roll="worst",
    ),
    Column("note", T("Note"), "text", T("Free text that stays beside the figure"), ("note", "catatan", "keterangan")),
)
check_columns(COLUMNS)
BY_NAME = {column.name: column for column in COLUMNS}
COUNTS = ("eligible", "recorded", "unrecorded")  # the three that the arithmetic binds
COUNTED = tuple(column.name for column in COLUMNS if column.kind == "count")
_BLOCK = 1 << 15  # rows that stay near the processor
# What arithmetic, keys and digests know by name; whatever else is declared is carried, summed and compared as it says.
_FIRST = {"area_code", "as_of_date", *COUNTS, "coverage_reported", "basis", "status", "note"}


def further(rows: pd.DataFrame) -> list[str]:
    """Names of the columns beyond the first nine that some row gives: keys and digests of all other rows stay as they were."""
    others = [column for column in COLUMNS if column.name not in _FIRST]
    return [one.name for one in others if not _left_open(rows[one.name], one)]


def _left_open(cells: pd.Series, column: Column) -> bool:
    """Whether no row gives a column."""
    none = cells.isna()
    return bool(none.all() or (column.kind != "count" and (none | cells.isin(["", *column.choices[:1]])).all()))


def rolled_by(*rolls: Roll) -> list[str]:
    """Names of the columns that are rolled up in one of these ways, in the contract's order."""
    return [column.name for column in COLUMNS if column.roll in rolls]


def missing(column: Column) -> Any:
    """What stands where a column is left open: '' for text, the first of the choices, else a missing value."""
    if column.kind == "choice":
        return column.choices[0]
    return {"text": "", "date": pd.NaT}.get(column.kind, pd.NA)


_KEPT = {kind: pd.api.types.pandas_dtype(kept) for kind, kept in DTYPES.items()}
_TEXTS = {kept: pd.StringDtype(kept, na_value=np.nan) for kept in ("python", "pyarrow")}


def quick_texts() -> None:
    """From here on pandas keeps texts as Python does unless it is told otherwise: see :func:`texts`. For the start of a program;
    names of columns are texts as well, and tables of some hundred rows cost a third less."""
    pd.set_option("mode.string_storage", "python")


def texts(rows: int) -> pd.StringDtype:
    """How the texts of so many rows are kept; what they say and how they compare is the same either way."""
    return _TEXTS["pyarrow" if rows >= MANY else "python"]


def dtype_of(column: Column, rows: int) -> Any:
    """The dtype of a column of so many rows."""
    return texts(rows) if DTYPES[column.kind] == "str" else _KEPT[column.kind]


def frame(rows: Any = ()) -> pd.DataFrame:
    """A snapshot frame of the contract's columns and dtypes from rows (dicts) or a frame; absent columns are missing.

    Counts are nullable integers, dates are midnights, the printed coverage is text with a decimal point. A missing
    basis or note is ''; a missing status is 'reported'.
    """
    given = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    if (
        list(given.columns) == list(BY_NAME)
        and all(kind == dtype_of(column, len(given)) for column, kind in zip(COLUMNS, given.dtypes, strict=True))
        and not any(given[column.name].hasnans for column in COLUMNS if column.kind in ("text", "choice"))
    ):
        return given.reset_index(drop=True)
    made = {
        column.name: kept_as(column, given[column.name]) if column.name in given else _nothing(column, len(given))
        for column in COLUMNS
    }
    return pd.DataFrame(made, index=range(len(given)))


def kept_as(column: Column, values: pd.Series) -> Any:
    """The values of a column in its dtype, what is missing as :func:`frame` says.

    Raises:
        ValueError, TypeError: they are none of this kind.
    """
    dtype = dtype_of(column, len(values))
    if values.dtype == dtype:
        return (values.fillna(missing(column)) if column.kind in ("text", "choice") and values.hasnans else values).array
    if values.dtype == object and all(value is None for value in values):
        return _nothing(column, len(values))
    if column.kind in ("text", "choice") and values.hasnans:
        values = values.fillna(missing(column))
    return values.astype(dtype).array


def _nothing(column: Column, rows: int) -> Any:
    """A column that no row gives."""
    return pd.array([missing(column)], dtype=dtype_of(column, rows)).repeat(rows)


_Mask = np.ndarray[Any, np.dtype[np.bool_]]
Breach = tuple[str, Any, Callable[[Any], tuple[Text, Text]]]


def breaches(rows: pd.DataFrame, *, repeated: Any = None) -> Iterator[Breach]:
    """Each rule of the contract over a snapshot frame: (column, mask of the rows that break it, row -> fault and mend).

    Bounds of the columns; at least one figure; recorded + unrecorded = eligible where all three stand; unrecorded not
    above eligible; an area and a day named once (``repeated`` marks the rows that break this, where it is known already).
    """
    for name in COUNTED:
        yield name, pd.Series(_outside(rows[name])), _out_of_bounds(name)
    (eligible, told), (recorded, done), (unrecorded, left) = (_numbers(rows[name]) for name in COUNTS)
    yield (
        "",
        pd.Series(~(told | done | left) & rows["coverage_reported"].isna().to_numpy()),
        lambda _row: (T("the row has no figure."), T("Give at least one of eligible, recorded, unrecorded or coverage.")),
    )
    yield (
        "unrecorded",
        pd.Series(told & done & left & (recorded + unrecorded != eligible)),
        lambda row: (
            T(
                "recorded {recorded} + unrecorded {unrecorded} is {total}, not eligible {eligible}.",
                recorded=int(row.recorded),
                unrecorded=int(row.unrecorded),
                total=int(row.recorded + row.unrecorded),
                eligible=int(row.eligible),
            ),
            T("Correct the wrong one of the three, or leave it empty."),
        ),
    )
    yield (
        "unrecorded",
        pd.Series(told & left & ~done & (unrecorded > eligible)),
        lambda row: (
            T(
                "unrecorded {unrecorded} is more than eligible {eligible}.",
                unrecorded=int(row.unrecorded),
                eligible=int(row.eligible),
            ),
            T("Correct one of the two."),
        ),
    )
    twice = rows.duplicated(["area_code", "as_of_date"], keep="first") if repeated is None else pd.Series(repeated)
    yield (
        "area_code",
        twice,
        lambda row: (
            T("area {area} appears twice for {date}.", area=row.area_code, date=row.as_of_date.date()),
            T("Keep one row for an area and a day."),
        ),
    )


def _numbers(counts: pd.Series) -> tuple[np.ndarray[Any, np.dtype[np.int64]], _Mask]:
    """The counts, 0 where there is none, and where there is one."""
    return counts.to_numpy(dtype="int64", na_value=0), ~counts.isna().to_numpy()


def _outside(counts: pd.Series) -> _Mask:
    """Which counts lie outside the bounds of their column."""
    column, (numbers, there) = BY_NAME[str(counts.name)], _numbers(counts)
    return there & ((numbers < (column.minimum or 0)) | (numbers > (column.maximum or np.inf)))


def _out_of_bounds(name: str) -> Callable[[Any], tuple[Text, Text]]:
    return lambda row: (T("{value} is out of bounds.", value=int(row[name])), T("A count is a whole number from 0 upwards."))


def sound(rows: pd.DataFrame) -> bool:
    """Whether the three counts stand in all rows and all counts keep the rules; False does not say what is wrong."""
    if any(rows[name].hasnans for name in COUNTS) or any(_outside(rows[name]).any() for name in COUNTED if name not in COUNTS):
        return False
    eligible, recorded, unrecorded = (rows[name].to_numpy(dtype="int64") for name in COUNTS)
    for start in range(0, len(rows), _BLOCK):
        whole, done, left = (numbers[start : start + _BLOCK] for numbers in (eligible, recorded, unrecorded))
        if (done + left != whole).any() or any(
            numbers.min() < (BY_NAME[name].minimum or 0) or numbers.max() > (BY_NAME[name].maximum or np.inf)
            for name, numbers in zip(COUNTS, (whole, done, left), strict=True)
        ):
            return False
    return True


def check(rows: pd.DataFrame) -> list[tuple[int, Fault]]:
    """Each breach of the contract in a snapshot frame, as (position of the row, fault without its place)."""
    found: list[tuple[int, Fault]] = []
    for column, mask, make in breaches(rows):
        broken = np.flatnonzero(np.asarray(mask.fillna(False), dtype=bool))
        found.extend((int(position), Fault(*make(rows.iloc[position]), column=column)) for position in broken)
    return sorted(found, key=lambda item: item[0])
