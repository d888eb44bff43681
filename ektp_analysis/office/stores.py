"""Which store is the current one: the office's own as soon as it holds an import, the sample until then or when asked for."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from ektp_analysis import __version__
from ektp_analysis.access import gate
from ektp_analysis.access.guard import NotAllowedError
from ektp_analysis.access.guarded import Guarded
from ektp_analysis.access.sight import TOTAL
from ektp_analysis.core import visit
from ektp_analysis.core.aims import Aim, Event, aim_for, events_for
from ektp_analysis.core.area import NATION, around, register
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T
from ektp_analysis.figures import tables
from ektp_analysis.figures.cleaning import Cleaning, split
from ektp_analysis.figures.standing import Standing
from ektp_analysis.ingest import workbooks as templates
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.office import held, identity, sample
from ektp_analysis.store.migrations import latest as schema_version
from ektp_analysis.store.records import Head, Info
from ektp_analysis.store.troubles import NoStoreError

# The moment from which the sample counts as known; fixed, so that the sample is the same on every machine.
SAMPLE_RECEIVED = datetime(2023, 6, 20, 12, 0, tzinfo=UTC)
_lock = threading.RLock()


@dataclass(frozen=True)
class Office:
    """An open store with what names its state: ``url`` and ``token`` together are a key for caches."""

    store: Guarded
    url: str
    token: str
    sample: bool


def current(*, sample: bool = False, reading: bool = False, area: str = "") -> Office:
    """The store to show: the own one if anything was ever imported into it and ``sample`` is not asked for.

    ``reading`` contents itself with a store that cannot be written; ``area`` as :func:`near`.

    Raises:
        LostError: the data folder held a store that is not there; the sample never stands in for it.
        StoreError: the store cannot be opened, with the reason.
    """
    if not sample:
        url = settings().store_url
        mine, head = held.once((url, gate.sight(), reading), _reading if reading else _writing)
        if head.batch:
            token = held.once(("token", mine, area), lambda: mine.token(area) if area else mine.token())
            return Office(mine, url, token, sample=False)
    store = sample_store()
    return Office(store, store.place, store.token(), sample=True)


def near(office: Office, area: str) -> Office:
    """The same store, with a token that only what lies in an area changes: for what is made of the figures there alone."""
    return office if office.sample else replace(office, token=office.store.token(area))


def asked(*, sample: bool) -> Office:
    """The store that a command answers from: the own one, or the sample where that is asked for, and only there.

    Raises:
        UserError: nothing was imported into the own one yet.
        StoreError: as :func:`current`.
    """
    if sample:
        return current(sample=True)
    store, head = _reading()
    if not head.batch:
        raise UserError(T("Nothing has been imported yet. Import a file, or ask for the sample of June 2023 with --sample."))
    return Office(store, settings().store_url, store.token(), sample=False)


def own() -> Office:
    """The own store, also where nothing was imported yet. Raises StoreError as :func:`current`."""
    store = reading_store()
    return Office(store, settings().store_url, store.token(), sample=False)


def aim_of(office: Office, area: str, known_at: date | datetime | None = None) -> Aim | None:
    """What the office aims at in an area: its own aim, else that of the nearest around it. None in the sample."""
    return None if office.sample else aim_for(office.store.aims(known_at), area)


def events_of(office: Office, area: str, known_at: date | datetime | None = None) -> tuple[Event, ...]:
    """The office's own events of an area and of those around it, by their days; none in the sample."""
    return () if office.sample else tuple(events_for(office.store.events(known_at), area))


def cleaning_of(office: Office, at: Standing, known_at: date | datetime | None = None) -> Cleaning | None:
    """The unrecorded of an area split into those who can come and those who are to be cleaned off the list, as its figures and
    its visits say; None where none says so, and in the sample."""
    if office.sample or at.unrecorded is None:
        return None
    return split(office.store.visits(known_at, within=at.area), at.area, at.unrecorded, at.as_of_date, at.listed)


def head_of(office: Office, known_at: date | datetime | None = None) -> Head:
    """The end of what holds in the own store, or held at a moment; the sample has no trail."""
    return Head(0, "", "", None, 0) if office.sample else office.store.head(known_at)


def opening_area(office: Office) -> str:
    """The area that opens first: the office's own where figures lie in it, else the smallest around all figures; for who may not
    see all, the first of the own areas."""
    home = identity.home_area()
    if not office.sample and not (opens(office, home) and gate.sight().all):  # everybody sees the same sample
        mine = gate.acting().areas()
        return home if not mine or home in mine else mine[0]
    if office.store.areas(home):
        return home
    codes = office.store.areas()
    return around([code for code in codes if code != NATION]) if codes else home


def homes(office: Office) -> tuple[str, ...]:
    """The kabupaten with figures, where there are several and nobody has said which one opens first; else none."""
    if office.sample or identity.home_is_chosen() or not gate.sight().all:
        return ()
    codes = {".".join(code.split(".")[:2]) for code in office.store.areas() if "." in code}
    return tuple(sorted(codes)) if len(codes) > 1 else ()


def opens(office: Office, area: str) -> bool:
    """Whether whoever acts sees enough of an area to be told about it: all of it, or the totals of all in it."""
    return office.sample or gate.sight().opens(area)


def hold_open(office: Office, area: str) -> None:
    """See that it is so.

    Raises:
        NotAllowedError: it is not; the sentence says what may be seen.
    """
    if not opens(office, area):
        names = register()
        raise NotAllowedError(
            T(
                "You may not see {area}. Your areas: {areas}.",
                area=names.full_name(area),
                areas=", ".join(names.full_name(one) for one in gate.acting().areas()) or "-",
            ),
            gate.acting(),
        )


def own_store() -> Guarded:
    """The office's own store, open for writing; made if there never was one.

    Raises:
        LostError: there was one, and it is not the one that is there.
        StoreError: it cannot be opened or written.
    """
    return _writing()[0]


def _writing() -> tuple[Guarded, Head]:
    return _held(lambda create: gate.opened(settings().store_url, create=create, written=held.remember))


def _held(opening: Callable[[bool], Guarded]) -> tuple[Guarded, Head]:
    """The store that ``opening`` gives (it is told whether it may make one), once it is the one that the folder remembers; and
    where it stands."""
    remembered = held.seen()
    try:
        store = opening(remembered is None)
    except NoStoreError as error:
        if remembered is None:
            raise
        raise held.lost(held.Lost.MISSING, str(error.message.params["place"]), remembered) from error
    try:
        head = held.hold(store, remembered)
    except StoreError:
        if not gate.stays_open(store):
            store.close()
        raise
    if head.entries > (remembered.entries if remembered else 0):
        with contextlib.suppress(StoreError):  # who only reads may not be allowed to write
            held.remember(store)
    return store, head


def anew() -> Office:
    """Let the data folder start anew with the store at its address, or an empty one where there is none; what it remembered of
    the lost one is laid aside, and the trail of the new one tells so.

    Raises:
        UserError: no store is lost.
        StoreError: the store cannot be opened, or the data folder not be written.
    """
    try:
        own_store()
    except held.LostError:
        aside = held.lay_aside()
    else:
        raise UserError(T("No store is lost; this data folder does not need to start anew."))
    gate.let_go(settings().store_url)
    store = own_store()
    store.note("anew", {"by": identity.who(), "remembered": aside}, at=datetime.now(UTC))
    return Office(store, settings().store_url, store.token(), sample=False)


def has_own() -> bool:
    """Whether anything was ever imported into the own store."""
    return _writing()[1].batch > 0


def check_store() -> None:
    """See that the own store can serve: opened, of this version, writable.

    Raises:
        StoreError: it cannot, with the reason.
    """
    own_store().info()


def looked_at() -> Info:
    """The own store in a few words, opened for that.

    Raises:
        StoreError: there is no store, it is not the one that the data folder remembers, or it cannot be opened.
    """
    # Opened anew: a connection that is already open does not notice that its file is spoilt. Never made: it would look well.
    with _held(lambda _: gate.apart(settings().store_url, create=False))[0] as store:
        return store.info()


def health() -> dict[str, Any]:
    """Version, schema version and moment of the last import (UTC, None: never), for /healthz. Raises as :func:`looked_at`."""
    info = looked_at()
    return {
        "version": __version__,
        "schema_version": info.schema_version,
        "last_import": info.last_import.isoformat() if info.last_import else None,
    }


def close_all() -> None:
    """Let go of every open store."""
    held.ask_again()
    gate.let_go()


def sample_store() -> Guarded:
    """The sample of June 2023, built once into the data folder through the same reading and storing as any file.

    Raises:
        StoreError: it cannot be built or opened.
    """
    place = sample_path()
    with _lock:
        if not place.is_file():
            _build_sample(place)
        return gate.opened(_url(place), read_only=True, sample=True)


def sample_path() -> Path:
    """Where the sample's store lies: its name changes with the sample's files, the program's version and the schema."""
    sha = hashlib.sha256(f"{__version__} {schema_version()}".encode())
    for path in (sample.REPORTED_FILE, sample.MODELLED_FILE):
        try:
            sha.update(path.read_bytes())
        except OSError as error:
            raise StoreError(
                T("The file {file} of the sample cannot be read; install the program again.", file=path.name)
            ) from error
    return settings().data_dir / f"sample-{sha.hexdigest()[:12]}.sqlite"


def _build_sample(place: Path) -> None:
    """Build beside its place and rename, so that nobody ever sees half of it."""
    partial = place.with_name(f"{place.stem}.{secrets.token_hex(4)}.part")
    try:
        with gate.acting_as(gate.SYSTEM), gate.apart(_url(partial)) as store:
            for path in (sample.REPORTED_FILE, sample.MODELLED_FILE):
                data = path.read_bytes()
                report = read_file(data, path.name)
                if report.status != "accepted":
                    raise StoreError(
                        T("The file {file} of the sample cannot be read; install the program again.", file=path.name)
                    )
                store.commit(
                    report.rows,
                    data=data,
                    name=report.file,
                    uploader="",
                    received_at=SAMPLE_RECEIVED,
                    choices=report.choices.to_json(),
                    report=report.to_json(settings().language),
                )
        partial.replace(place)
    except OSError as error:
        raise StoreError(
            T(
                "The sample cannot be written into the folder {folder}; make it writable, or choose another in EKTP_DATA_DIR.",
                folder=str(place.parent),
            )
        ) from error
    finally:
        for left in place.parent.glob(partial.name + "*"):
            left.unlink(missing_ok=True)


def reading_store() -> Guarded:
    """The own store; for reading only where it is there but cannot be written.

    A store that is nowhere is an error, not an empty one: its disk may be away, and the sample would hide that.
    """
    return _reading()[0]


def _reading() -> tuple[Guarded, Head]:
    url = settings().store_url

    def opening(create: bool) -> Guarded:
        try:
            return gate.opened(url, create=create, written=held.remember)
        except NoStoreError:
            raise
        except StoreError as unwritable:
            try:
                return gate.apart(url, read_only=True)
            except StoreError:
                raise unwritable from None

    return _held(opening)


def _url(path: Path) -> str:
    return f"sqlite:///{path.as_posix()}"


def export_csv(office: Office, *, within: str | None = None, known_at: date | datetime | None = None) -> bytes:
    """The figures that hold, as CSV in UTF-8: the contract's columns, then batch, sheet and row of their origin.

    Decimal points, dates as 2023-06-20, a missing figure is an empty field; text that a spreadsheet would take for a
    formula begins with an apostrophe. The import reads it.
    """
    found = office.store.figures(within=within, known_at=known_at)
    return tables.as_it_came(found[found["batch_id"] != TOTAL])  # a sister's total is no figure of this office


def export_aims(office: Office, *, known_at: date | datetime | None = None) -> bytes:
    """The aims and events that hold, as CSV in UTF-8, a line each; none in the sample.

    Days as 2023-06-20; an aim has a target and no first day. Names as :func:`export_csv` writes texts.
    """
    heads = ("kind", "area_code", "target", "first", "last", "name", "set_by", "set_at")
    store = office.store
    rows = (
        []
        if office.sample
        else [
            *(("aim", a.area_code, a.target.key, "", a.by, a.name, a.set_by, a.set_at) for a in store.aims(known_at)),
            *(("event", e.area_code, "", e.first, e.last, e.name, e.set_by, e.set_at) for e in store.events(known_at)),
        ]
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([*row[:5], tables.inert(row[5]), tables.inert(row[6]), row[7].isoformat()] for row in rows)
    return out.getvalue().encode("utf-8")


def template(kind: Literal["csv", "xlsx"] | str, *, visits: bool = False) -> bytes:
    """The empty table to fill in, as CSV or XLSX: of a snapshot, or of visits.

    Raises:
        UserError: another kind.
    """
    makers: dict[str, Callable[[], bytes]] = {"csv": templates.csv_bytes, "xlsx": templates.xlsx_bytes}
    if visits:
        words = {"place": [words[0] for words in visit.PLACE_WORDS.values()]}
        makers = {
            "csv": lambda: templates.csv_bytes(visit.COLUMNS),
            "xlsx": lambda: templates.xlsx_bytes(visit.COLUMNS, words),
        }
    if kind not in makers:
        raise UserError(T("There is a template as csv and as xlsx, not as {kind}.", kind=str(kind)[:20]))
    return makers[kind]()
