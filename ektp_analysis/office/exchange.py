"""A signed file of an office taken in: whole or not at all, once, and nothing merged in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd

from ektp_analysis.access import gate
from ektp_analysis.access.guarded import Guarded
from ektp_analysis.access.people import Role, lies_in
from ektp_analysis.core.area import register
from ektp_analysis.core.contract import BY_NAME
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.ingest.reading import compared
from ektp_analysis.ingest.report import Choices, ImportReport
from ektp_analysis.ingest.visit_report import VisitChoices
from ektp_analysis.ingest.worker import guarded_read, guarded_visits
from ektp_analysis.office import visiting
from ektp_analysis.office.parcels import Parcel
from ektp_analysis.office.stores import own_store
from ektp_analysis.store.records import Batch
from ektp_analysis.store.visits import Received, VisitBatch

NOTE = "exchange"  # the entries of the trail about files that were taken in, and what batches say of their origin
Answer = Literal["take", "leave"]


@dataclass(frozen=True)
class Item:
    """A batch of a parcel. ``here`` is the batch of the store that it is, if it is there; ``conflicts`` are what it says
    otherwise than another source, in words."""

    said: Mapping[str, Any]
    visits: bool
    rows: pd.DataFrame = field(compare=False)
    report: Mapping[str, Any] = field(compare=False)
    here: Batch | VisitBatch | None = None
    conflicts: tuple[Text, ...] = ()

    @property
    def gone(self) -> bool:
        """Whether the office has withdrawn it."""
        return self.said["retracted"] is not None


@dataclass(frozen=True)
class Step:
    """What is to be done about a batch ('add', 'withdraw', 'restore'), and what speaks against doing it unasked."""

    item: Item
    todo: tuple[str, ...] = ()
    conflicts: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Taken:
    """What a file would do, or did: batches added, withdrawn, restored and left out, and the conflicts with other sources."""

    office: str
    there: int
    added: int
    withdrawn: int
    restored: int
    left: int
    conflicts: tuple[Text, ...]
    done: bool


def take_in(parcel: Parcel, answer: Answer | None = None, *, dry_run: bool = False) -> Taken:
    """Take in what is new in a parcel: in one transaction, whole or not at all. The same parcel again adds nothing.

    Args:
        answer: what is done with batches that say otherwise than another source, or whose withdrawal does: 'take' them, as later
            news, or 'leave' them out. Without it nothing is done where there is one.

    Raises:
        UserError: it is older than what was taken in before; it speaks of areas for which the office is not trusted; a file of it
            is not read here as the office read it.
        NotAllowedError: whoever acts may not do everything here.
    """
    gate.need(Role.ADMIN)
    store = own_store()
    notes = [one for one in store.noted(NOTE).values() if one.get("office") == parcel.office]
    _see_welcome(parcel, notes)
    withdrawn = _withdrawn(notes)
    steps = [_step(one, withdrawn, parcel.office) for one in (*_figures(store, parcel), *_visits(store, parcel))]
    doubted = [one for one in steps if one.conflicts]
    wanted = [one for one in steps if one.todo and (answer == "take" or not one.conflicts)]
    done = not dry_run and (answer is not None or not doubted)
    if done and wanted:
        _do(store, parcel, wanted, withdrawn)
    left = len(doubted) if answer == "leave" else 0
    return _taken(parcel.office, steps, wanted, left, done=done)


def _withdrawn(notes: Sequence[Mapping[str, Any]]) -> set[tuple[bool, int]]:
    """The batches (of visits, or not) that were withdrawn here because the office had."""
    return {(bool(one[0]), int(one[1])) for note in notes[-1:] for one in note.get("withdrawn", ())}


def _taken(office: str, steps: Sequence[Step], wanted: Sequence[Step], left: int, *, done: bool) -> Taken:
    there, todo = sum(one.item.here is not None for one in steps), [kind for one in wanted for kind in one.todo]
    conflicts = tuple(text for one in steps for text in one.conflicts)
    return Taken(office, there, todo.count("add"), todo.count("withdraw"), todo.count("restore"), left, conflicts, done)


def _see_welcome(parcel: Parcel, notes: Sequence[Mapping[str, Any]]) -> None:
    """See that no later file was taken in before, and that the office is trusted for the area."""
    last = max((int(one["entries"]) for one in notes if one.get("store") == parcel.said["store"]), default=0)
    if parcel.said["entries"] < last:
        raise UserError(T("A later file of {name} was taken in already; nothing was changed.", name=parcel.office))
    if not any(lies_in(parcel.said["area"], area) for area in parcel.areas):
        raise UserError(
            T("{name} is trusted for {areas}, not for {area}.", name=parcel.office, areas=", ".join(parcel.areas),
              area=str(parcel.said["area"])[:20])
        )  # fmt: skip


def _step(item: Item, withdrawn: Collection[tuple[bool, int]], office: str) -> Step:
    """What is to be done about a batch. ``withdrawn`` are the batches here that the office itself has withdrawn."""
    here, said = item.here, {"file": item.said["name"], "office": office}
    if here is None:
        return Step(item, ("add", "withdraw") if item.gone else ("add",), item.conflicts)
    if item.gone and here.retracted is None:
        other = T(
            "{file}: {office} has withdrawn it, but it came here from another source (batch {batch})", batch=str(here.id), **said
        )
        return Step(item, ("withdraw",), () if _from(here, office) else (other,))
    if not item.gone and here.retracted is not None:
        other = T("{file}: it counts for {office}, but was withdrawn here (batch {batch})", batch=str(here.id), **said)
        return Step(item, ("restore",), () if (item.visits, here.id) in withdrawn else (other,))
    return Step(item)


def _do(store: Guarded, parcel: Parcel, wanted: Sequence[Step], before: Collection[tuple[bool, int]]) -> None:
    now, by, withdrawn = datetime.now(UTC), gate.who(), set(before)
    with store.at_once() as within:
        for step in wanted:
            item = step.item
            number, gone = _add(within, parcel, item, now) if item.here is None else item.here.id, item.said["retracted"]
            if "withdraw" in step.todo:
                retract = within.retract_visits if item.visits else within.retract
                retract(number, reason=f"{gone['reason']} ({parcel.office}: {gone['by']})", by=by, at=now)
                withdrawn.add((item.visits, number))
            if "restore" in step.todo:
                restore = within.restore_visits if item.visits else within.restore
                restore(number, reason=parcel.office, by=by, at=now)
                withdrawn.discard((item.visits, number))
        said = {"office": parcel.office, "store": parcel.said["store"], "entries": parcel.said["entries"], "value": parcel.sha256}
        within.note(NOTE, {**said, "withdrawn": sorted(withdrawn), "by": by}, at=now)


def _add(store: Guarded, parcel: Parcel, item: Item, now: datetime) -> int:
    said = item.said
    origin = {name: said[name] for name in ("batch", "uploader", "received_at")}
    report = {**item.report, NOTE: {"office": parcel.office, **origin}}
    who, data = f"{said['uploader']} ({parcel.office})", parcel.files[said["sha256"]]
    if item.visits:
        received = Received(data, said["name"], who, now, said["choices"], report)
        return store.commit_visits(item.rows, received).batch.id
    made = store.commit(
        item.rows, data=data, name=said["name"], uploader=who, received_at=now, choices=said["choices"], report=report
    )
    return made.batch.id


def _figures(store: Guarded, parcel: Parcel) -> Iterator[Item]:
    there = {(one.sha256, one.report.get("content_key")): one for one in store.batches()}
    held = store.figures(within=parcel.said["area"])
    others = held[~held["batch_id"].isin([one.id for one in there.values() if _from(one, parcel.office)])]
    for said in parcel.said["batches"]:
        report = _read(parcel, said)
        here = there.get((said["sha256"], report.content_key))
        against = () if here or said["retracted"] else compared(report, others).changes.revised
        conflicts = tuple(
            T("{file}: {area} as of {date}, {column}: {old} here, {new} in the file", file=said["name"],
              area=f"{one.area_code} {register().name(one.area_code)}", date=one.date, column=BY_NAME[one.column].label,
              old=_value(one.old), new=_value(one.new))
            for one in against
        )  # fmt: skip
        yield Item(said, False, report.rows, report.to_json(settings().language), here, conflicts)


def _read(parcel: Parcel, said: Mapping[str, Any]) -> ImportReport:
    """The figures of a batch, read from its bytes as the office read them."""
    choices = Choices.from_json(said["choices"])
    report = guarded_read(
        parcel.files[said["sha256"]], said["name"], choices, today=datetime.now(settings().zone).date(), step=None
    )
    if report.status != "accepted" or report.content_key != said["report"].get("content_key") or len(report.rows) != said["rows"]:
        raise _unlike(parcel, said)
    _see_inside(parcel, said["name"], report.rows)
    return report


def _read_visits(parcel: Parcel, said: Mapping[str, Any]) -> pd.DataFrame:
    choices = VisitChoices.from_json(said["choices"])
    report = guarded_visits(parcel.files[said["sha256"]], said["name"], choices, today=visiting.today())
    if not report.accepted or len(report.rows) != said["rows"]:
        raise _unlike(parcel, said)
    _see_inside(parcel, said["name"], report.rows)
    return report.rows


def _unlike(parcel: Parcel, said: Mapping[str, Any]) -> UserError:
    return UserError(
        T(
            "{file} is not read here as {office} has read it; the two run different versions. Nothing was changed.",
            file=said["name"],
            office=parcel.office,
        )
    )


def _see_inside(parcel: Parcel, name: str, rows: pd.DataFrame) -> None:
    outside = [code for code in map(str, rows["area_code"].unique()) if not any(lies_in(code, area) for area in parcel.areas)]
    if outside:
        raise UserError(
            T("{file} holds figures of {area}, for which {office} is not trusted. Nothing was changed.",
              file=name, area=register().name(outside[0]), office=parcel.office)
        )  # fmt: skip


def _visits(store: Guarded, parcel: Parcel) -> Iterator[Item]:
    there = {one.sha256: one for one in store.visit_batches()}
    held = store.visits(within=parcel.said["area"])
    others = held[~held["batch_id"].isin([one.id for one in there.values() if _from(one, parcel.office)])]
    same = ["day", "area_code", "place"]  # two visits with these alike may be one
    for said in parcel.said["visits"]:
        rows = _read_visits(parcel, said)
        here = there.get(said["sha256"])
        alike = 0 if here or said["retracted"] else len(rows.merge(others[same].drop_duplicates(), on=same))
        text = TN(
            "{file}: {n} visit of the same day, area and kind of place came here from another source",
            "{file}: {n} visits of the same day, area and kind of place came here from another source",
            n=alike,
            file=said["name"],
        )
        yield Item(said, True, rows, said["report"], here, (text,) if alike else ())


def _from(one: Batch | VisitBatch, office: str) -> bool:
    origin = one.report.get(NOTE)
    return isinstance(origin, Mapping) and origin.get("office") == office


def _value(value: int | str | None) -> int | str:
    return "–" if value is None or value == "" else value
