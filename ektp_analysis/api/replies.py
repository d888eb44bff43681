"""What is replied to a question: the figures, answers and outlines that whoever asks may see, as pages and commands give them.

Everything comes from a store that the gate hands out; an area of which not even a total may be seen is refused.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from ektp_analysis import __version__
from ektp_analysis.access import gate
from ektp_analysis.access.guard import NotAllowedError
from ektp_analysis.access.people import Role
from ektp_analysis.api.questions import HORIZON, LIMIT, Cursor, Question
from ektp_analysis.boundaries.layer import Boundaries, as_geojson
from ektp_analysis.core import contract
from ektp_analysis.core.area import AreaCode, Level, level_of, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, render
from ektp_analysis.figures import tables
from ektp_analysis.office import answered, boundary_files, identity, stores
from ektp_analysis.store.queries import moment
from ektp_analysis.store.records import Batch

MOST_CSV = 1_000_000  # rows of a table that is asked for as a whole


class NotThereError(UserError):
    """What is asked for does not exist."""


class ChangedError(UserError):
    """A list has changed since its first page."""


@dataclass(frozen=True)
class Asked:
    """A question with the store that answers it, the area it is about and the language of sentences."""

    question: Question
    office: stores.Office
    area: str
    lang: str

    @property
    def known_at(self) -> date | datetime | None:
        """The moment whose knowledge counts; None: now."""
        found: date | datetime | None = self.question.get("known_at")
        return found


@dataclass(frozen=True)
class Reply:
    """What is said: plain values, or bytes that are ready (``kind`` is then their media type); where a list goes on."""

    value: Any = None
    data: bytes | None = None
    kind: str = "application/json"
    following: Cursor | None = None


def asked(question: Question, lang: str) -> Asked:
    """A question for whoever acts.

    Raises:
        NotThereError: nothing was imported yet.
        NotAllowedError: nobody acts, or the area is not for this person.
        StoreError: the store cannot be read.
    """
    person = gate.acting()
    if not person.areas():
        gate.need(Role.READER)
    try:
        office = stores.asked(sample=question.get("data") == "sample")
    except NotAllowedError:
        raise
    except UserError as error:
        raise NotThereError(error.message) from error
    sight = office.store.sight
    area = question.get("area") or _first(identity.home_area(), sight.areas, sight.opens)
    if not sight.opens(area):
        raise NotAllowedError(T("{person} may not see {area}.", person=person.told, area=register().name(area)), person)
    return Asked(question, office, area, lang)


def _first(home: str, areas: Sequence[str], opens: Callable[[str], bool]) -> str:
    return home if opens(home) or not areas else areas[0]


def name_of(what: Asked, path: str) -> str:
    """The name of an answer: another one as soon as it could be another, also as another person may see something else."""
    office = what.office
    parts = (
        *(gate.acting().told, repr(gate.acting().grants), __version__, path, what.question.text, what.area, what.lang),
        *(office.url, office.token, office.store.visits_token(), stores.head_of(office).name),
        *(settings().day.isoformat(), settings().timezone, settings().sisters),
        *(_outlines(what).digest if path == "boundaries" else "",),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _paged(what: Asked, rows: Any, limit: int) -> tuple[Any, Cursor | None]:
    """The rows of a page, and where the next one begins. Raises ChangedError."""
    cursor: Cursor = what.question.get("cursor") or Cursor(0, _state(what))
    if cursor.state != _state(what):
        raise ChangedError(
            T("The list has changed since its first page. Begin anew, or ask for it as it was known at a moment (known_at).")
        )
    end = cursor.behind + limit
    return rows[cursor.behind : end], Cursor(end, cursor.state) if end < len(rows) else None


def _state(what: Asked) -> str:
    """What the pages of one list have in common; of a moment that is past nothing changes any more."""
    until = moment(what.known_at, settings().zone)
    fixed = until is not None and until < datetime.now(UTC)
    said = (what.area, str(what.question.get("level")), what.office.store.sight.name, what.office.url)
    since = str(until) if fixed else what.office.token
    return hashlib.sha256("\n".join((*said, since)).encode()).hexdigest()[:16]


def _listed(what: Asked, rows: Any, plain: Callable[[Any], dict[str, Any]], **beside: Any) -> Reply:
    page, following = _paged(what, rows, what.question.get("limit", LIMIT))
    value = {
        "area": what.area,
        "sample": what.office.sample,
        "known_at": None if what.known_at is None else what.known_at.isoformat(),
        **beside,
        "total": len(rows),
        "next": None if following is None else str(following),
        "items": [plain(one) for one in (page.to_dict("records") if isinstance(page, pd.DataFrame) else page)],
    }
    return Reply(value, following=following)


def _whole_or_page(what: Asked, rows: Any) -> tuple[Any, Cursor | None]:
    """For a table as CSV: all of it, but where a page is asked for. Raises UserError where that is too much."""
    if {"limit", "cursor"} & set(what.question.values):
        return _paged(what, rows, what.question.get("limit", LIMIT))
    if len(rows) > MOST_CSV:
        raise UserError(
            T("These are {n} rows; ask for {most} at most, by area, by level or by page (limit).", n=len(rows), most=MOST_CSV)
        )
    return rows, None


def catalogue(what: Asked) -> Reply:
    """The areas with figures, with their first and last day; what the columns mean; who asks."""
    person, lang, names = gate.acting(), what.lang, register()
    days = _figures(what).groupby("area_code", sort=True)["as_of_date"].agg(["min", "max", "nunique"])
    return _listed(
        what,
        [*days.itertuples()],
        lambda one: {
            "area": one.Index,
            "name": names.full_name(one.Index),
            "level": level_of(one.Index).name.lower(),
            "first": one.min.date().isoformat(),
            "last": one.max.date().isoformat(),
            "days": int(one.nunique),
        },
        version=__version__,
        who=person.told,
        roles={grant.area: grant.role.word for grant in person.grants},
        columns=[
            {
                "name": column.name,
                "label": render(column.label, lang),
                "about": render(column.about, lang),
                "kind": column.kind,
                "unit": column.unit,
                "required": column.required,
                "minimum": column.minimum,
                "maximum": column.maximum,
                "choices": [*column.choices],
            }
            for column in contract.COLUMNS
        ],
    )


def areas(what: Asked) -> Reply:
    """The areas of the register in an area that may be seen, itself included."""
    names, sight, wanted = register(), what.office.store.sight, what.question.get("level")
    own = level_of(what.area)
    levels = [level for level in Level if level >= own and wanted in (None, level)]
    inside = [code for level in levels for code in ((what.area,) if level is own else names.codes(level, what.area))]
    codes = inside if sight.all else [code for code in inside if sight.opens(code)]
    return _listed(
        what,
        codes,
        lambda code: {
            "area": code,
            "name": names.full_name(code),
            "level": level_of(code).name.lower(),
            "parent": None if (parent := AreaCode(code).parent) is None else str(parent),
        },
    )


def figures(what: Asked) -> Reply:
    """The figures that hold, a row an area and day, not solved: what a file did not say is null."""
    return _listed(what, _figures(what), _figure)


def figures_csv(what: Asked) -> Reply:
    """The same as a table, as the command ``export csv`` writes it; the totals of sisters among them."""
    rows, following = _whole_or_page(what, _figures(what))
    return Reply(data=tables.as_it_came(rows), kind="text/csv", following=following)


def _figures(what: Asked) -> pd.DataFrame:
    level = what.question.get("level")
    return what.office.store.figures(within=what.area, levels=None if level is None else (level,), known_at=what.known_at)


def _figure(row: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {name: None if pd.isna(row[name]) else row[name] for name in contract.BY_NAME}
    return {
        **{name: int(value) if name in contract.COUNTED and value is not None else value for name, value in plain.items()},
        "as_of_date": row["as_of_date"].date().isoformat(),
        "batch": int(row["batch_id"]) or None,  # a sister's total has none
        "sheet": row["sheet"],
        "row": int(row["row"]) or None,
        "received_at": row["received_at"].isoformat(),
    }


def status(what: Asked) -> Reply:
    """What the command ``status --json`` says."""
    found = answered.stand(what.office, what.area, what.known_at)
    return Reply(answered.status_json(what.office, found, what.known_at, what.lang))


def projections(what: Asked) -> Reply:
    """What the command ``project --json`` says."""
    asked_for = what.question
    wanted = answered.Wanted(
        asked_for.get("target"), asked_for.get("by", ()), asked_for.get("horizon", HORIZON), asked_for.get("level")
    )
    said = answered.projected(what.office, what.area, wanted, what.known_at)
    return Reply(answered.project_json(what.office, what.area, said, what.known_at, what.lang))


def boundaries(what: Asked) -> Reply:
    """The outlines of the areas inside an area, as GeoJSON, with their source and licence."""
    return Reply(data=as_geojson(_outlines(what)), kind="application/geo+json")


def _outlines(what: Asked) -> Boundaries:
    level = what.question.get("level")
    found = boundary_files.find(what.area, level, what.question.get("on"))
    if found is None:
        raise NotThereError(T("There are no outlines of this level in {area}.", area=register().name(what.area)))
    return replace(found, others=())


def batches(what: Asked) -> Reply:
    """What the command ``batches --json`` lists, the latest first, also such as were withdrawn."""
    return _listed(what, what.office.store.batches(known_at=what.known_at), answered.figures_batch_json)


def batches_csv(what: Asked) -> Reply:
    """The same as a table."""
    rows, following = _whole_or_page(what, what.office.store.batches(known_at=what.known_at))
    return Reply(data=_table(map(_batch, rows), BATCH), kind="text/csv", following=following)


BATCH = ("batch", "file", "sha256", "size", "uploader", "received_at", "rows", "first", "last", "retracted_at", "retracted_by",
         "reason")  # fmt: skip


def _batch(batch: Batch) -> dict[str, Any]:
    said, gone, days = answered.figures_batch_json(batch), batch.retracted, batch.as_of_dates
    return {
        **{name: said[name] for name in BATCH if name in said},
        "first": days[0].isoformat() if days else "",
        "last": days[-1].isoformat() if days else "",
        "retracted_at": gone.at.isoformat() if gone else "",
        "retracted_by": gone.by if gone else "",
        "reason": gone.reason if gone else "",
    }


def _table(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([tables.inert(value) if isinstance(value := row[name], str) else value for name in names])
    return out.getvalue().encode("utf-8")


def as_bytes(value: Any) -> bytes:
    """Plain values as JSON, as the commands write them."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
