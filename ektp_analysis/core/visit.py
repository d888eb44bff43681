"""The contract of a visit: each column of the log of visits defined once, and the arithmetic that every row must keep.

A row is one visit: on a day, in an area, at a kind of place. What it leaves open is not said (``<NA>``), never 0. No names of
persons and no personal numbers belong into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.core.contract import DTYPES, Breach, Column, check_columns, folded
from ektp_analysis.core.errors import Fault
from ektp_analysis.core.text import T, Text

FIRST_DAY = date(2011, 1, 1)  # the year in which biometric recording began; a visit before it has a wrong year
MOST_PEOPLE = 100_000  # at one visit: more than a kecamatan has unrecorded
MOST_TEAMS, MOST_DEVICES, MOST_HOURS = 1000, 5000, 24
LONGEST_NOTE = 300  # letters


class Place(StrEnum):
    """The kinds of place that a team goes to."""

    VILLAGE_HALL = "village_hall"
    SCHOOL = "school"
    PRISON = "prison"
    HOME = "home"
    OFFICE = "office"
    OTHER = "other"


PLACE_LABELS: dict[Place, Text] = {
    Place.VILLAGE_HALL: T("Village hall"),
    Place.SCHOOL: T("School"),
    Place.PRISON: T("Prison"),
    Place.HOME: T("At home"),
    Place.OFFICE: T("Office"),
    Place.OTHER: T("Another place"),
}
# As offices write them, compared like header words; the first of each is that of the template.
PLACE_WORDS: dict[Place, tuple[str, ...]] = {
    Place.VILLAGE_HALL: (
        *("balai desa", "kantor desa", "balai", "desa", "aula desa", "balai dusun", "balai kelurahan", "kantor kelurahan"),
        *("village hall", "village office", "village_hall"),
    ),
    Place.SCHOOL: ("sekolah", "sma", "smk", "ma", "smp", "mts", "pesantren", "school"),
    Place.PRISON: ("lapas", "rutan", "lapas/rutan", "lp", "prison", "jail"),
    Place.HOME: ("rumah", "rumah warga", "dari rumah ke rumah", "home", "at home", "house"),
    Place.OFFICE: ("kantor", "kantor camat", "kantor kecamatan", "dinas", "kantor dinas", "office"),
    Place.OTHER: ("lainnya", "lain-lain", "lain", "tempat lain", "other", "another place"),
}


def _count(name: str, label: Text, about: Text, headers: tuple[str, ...], most: int = MOST_PEOPLE, least: int = 0) -> Column:
    return Column(name, label, "count", about, headers, minimum=least, maximum=most)


COLUMNS: tuple[Column, ...] = (
    Column(
        "day",
        T("Day of the visit"),
        "date",
        T("The day of the visit: 2023-06-21, 21/06/2023 or 21 Juni 2023"),
        ("day", "tanggal", "tanggal kunjungan", "tgl", "hari", "date", "date of visit"),
        required=True,
        roll="key",
    ),
    Column(
        "area_code",
        T("Area"),
        "area",
        T("The desa or kecamatan, by its Kemendagri code (75.05.03) or its name"),
        ("area_code", "wilayah", "kode wilayah", "kode", "desa", "kecamatan", "desa/kecamatan", "desa atau kecamatan", "area"),
        required=True,
        roll="key",
    ),
    Column(
        "place",
        T("Place"),
        "choice",
        T("The kind of place: balai desa, sekolah, lapas, rumah, kantor or lainnya"),
        ("place", "tempat", "jenis tempat", "lokasi", "kind of place"),
        required=True,
        choices=tuple(Place),
        roll="none",
    ),
    _count("teams", T("Teams"), T("How many teams were there"), ("teams", "tim", "jumlah tim"), MOST_TEAMS, 1),
    _count("devices", T("Devices"), T("How many recording devices they had"), ("devices", "alat", "jumlah alat"), MOST_DEVICES),
    _count("hours", T("Hours"), T("How many whole hours the service was open"), ("hours", "jam", "jam layanan"), MOST_HOURS),
    _count("invited", T("Invited"), T("How many had been invited"), ("invited", "diundang", "undangan")),
    _count(
        "came",
        T("Came"),
        T("How many came or were met at home, whatever became of it"),
        ("came", "datang", "hadir", "yang datang", "jumlah datang"),
    ),
    _count(
        "recorded",
        T("Recorded there"),
        T("How many were recorded at this visit"),
        ("recorded", "terekam", "direkam", "rekam", "perekaman", "berhasil rekam"),
    ),
    _count("failed", T("Failed"), T("How many came but could not be recorded"), ("failed", "gagal", "gagal rekam")),
    _count(
        "under_age", T("Under age"), T("How many came who are not yet 17"), ("under_age", "belum cukup umur", "di bawah umur")
    ),
    _count(
        "already",
        T("Already recorded"),
        T("How many came who have one already"),
        ("already", "sudah punya", "sudah pernah rekam"),
    ),
    _count(
        "not_found",
        T("Not found"),
        T("How many of the list could not be met, and nobody knows more"),
        ("not_found", "tidak ditemukan", "tidak ditemui"),
    ),
    _count("dead", T("Dead"), T("How many of the list have died"), ("dead", "meninggal", "meninggal dunia")),
    _count("moved", T("Moved away"), T("How many of the list have moved away"), ("moved", "pindah", "pindah domisili")),
    _count("duplicate", T("Double"), T("How many of the list stand there twice"), ("duplicate", "ganda", "data ganda", "double")),
    _count(
        "unknown",
        T("Unknown"),
        T("How many of the list nobody there knows"),
        ("unknown", "tidak dikenal", "tidak diketahui"),
    ),
    Column(
        "note",
        T("Note"),
        "text",
        T("Free text; no names of persons, no NIK"),
        ("note", "catatan", "keterangan"),
    ),
)
check_columns(COLUMNS)
BY_NAME = {column.name: column for column in COLUMNS}
COUNTED = tuple(column.name for column in COLUMNS if column.kind == "count")
PRESENT = ("recorded", "failed", "under_age", "already")  # what became of those who came; they do not overlap
CLEANING = ("dead", "moved", "duplicate", "unknown")  # these leave the list by cleaning it, never by recording
ORIGIN = ("batch_id", "sheet", "row")


def column_of(word: object) -> str:
    """The name of the column that a header word means, '' where it means none."""
    return _HEADERS.get(folded(word), "") if isinstance(word, str) else ""


def heads_visits(words: Iterable[object]) -> bool:
    """Whether a row of header words is that of a table of visits: it names the day, and two things that no snapshot has."""
    found = {column_of(word) for word in words}
    return "day" in found and len(found & _OF_VISITS_ALONE) > 1


_HEADERS = {folded(word): column.name for column in COLUMNS for word in (column.name, *column.headers)}
_OF_VISITS_ALONE = frozenset({"place", "teams", "invited", "came", "failed", "under_age", "not_found"})


def place_of(words: str) -> Place | None:
    """The kind of place that a word of a file means; None where it is none of those that are known."""
    return _PLACES.get(folded(words))


_PLACES = {folded(word): place for place, words in PLACE_WORDS.items() for word in (place.value, *words)}


def frame(rows: Any = ()) -> pd.DataFrame:
    """Visits in the contract's columns and dtypes from rows (dicts) or a frame; a column that is absent is not said.

    ``day`` is a midnight (datetime64[s]), counts are nullable integers, ``area_code``, ``place`` and ``note`` text.
    """
    given = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    made: dict[str, Any] = {}
    for column in COLUMNS:
        dtype = DTYPES[column.kind]
        absent = {"text": "", "date": pd.NaT}.get(column.kind, pd.NA)
        values = given[column.name] if column.name in given else pd.Series(absent, index=given.index, dtype=dtype)
        values = values.fillna(absent) if column.kind == "text" else values
        made[column.name] = values if values.dtype == dtype else values.astype(dtype)
    return pd.DataFrame(made).reset_index(drop=True)


def breaches(rows: pd.DataFrame, *, today: date | None = None) -> Iterator[Breach]:
    """Each rule of the contract over a frame of visits: (column, mask of the rows that break it, row -> fault and mend).

    Bounds of the columns; a day that has been (where ``today`` is given) and is not before recording began; a kind of place; at
    least one figure; those recorded, failed, under age and recorded before together not more than came.
    """
    days = rows["day"]
    if today is not None:
        yield (
            "day",
            days > pd.Timestamp(today),
            lambda row: (
                T("{date} has not been yet.", date=row["day"].date()),
                T("Correct the date; visits are written down when they have been made."),
            ),
        )
    yield (
        "day",
        days < pd.Timestamp(FIRST_DAY),
        lambda row: (T("{date} is before recording began.", date=row["day"].date()), T("Correct the year.")),
    )
    yield (
        "place",
        ~rows["place"].isin([*Place]),
        lambda _row: (T("the kind of place is missing or unknown."), T("Write one of: {words}.", words=_template_words())),
    )
    for name in COUNTED:
        column = BY_NAME[name]
        yield name, (rows[name] < column.minimum) | (rows[name] > column.maximum), _out_of_bounds(column)
    yield (
        "",
        rows[[name for name in COUNTED if name not in ("teams", "devices", "hours")]].isna().all(axis=1),
        lambda _row: (T("the row has no figure."), T("Give at least one of: came, recorded, not found; 0 where it was none.")),
    )
    told = rows[list(PRESENT)].sum(axis=1, min_count=1)
    yield (
        "came",
        told > rows["came"],
        lambda row: (
            T(
                "of {came} who came, {sum} were recorded, failed, under age or recorded before.",
                came=int(row["came"]),
                sum=int(sum(row[name] for name in PRESENT if not pd.isna(row[name]))),
            ),
            T("All of these came, also who was met at home: correct the wrong figure, or leave 'came' empty."),
        ),
    )
    yield (
        "note",
        rows["note"].str.len() > LONGEST_NOTE,
        lambda row: (
            T("the note has {n} characters; at most {most} are kept.", n=len(row["note"]), most=LONGEST_NOTE),
            T("Shorten it."),
        ),
    )


def _template_words() -> str:
    return ", ".join(words[0] for words in PLACE_WORDS.values())


def _out_of_bounds(column: Column) -> Any:
    def said(row: Any) -> tuple[Text, Text]:
        return (
            T("{value} is out of bounds.", value=int(row[column.name])),
            T("Give a whole number from {least} to {most}.", least=int(column.minimum or 0), most=int(column.maximum or 0)),
        )

    return said


def check(rows: pd.DataFrame, *, today: date | None = None) -> list[tuple[int, Fault]]:
    """Each breach of the contract in a frame of visits, as (position of the row, fault without its place)."""
    found: list[tuple[int, Fault]] = []
    for column, mask, make in breaches(rows, today=today):
        broken = np.flatnonzero(np.asarray(mask.fillna(False), dtype=bool))
        found.extend((int(position), Fault(*make(rows.iloc[position]), column=column)) for position in broken)
    return sorted(found, key=lambda item: item[0])
