"""Backups: everything that the office has, as it was at one moment, in a folder of its own; whether that is whole; which may go.

A backup is the store as one SQLite file, whatever its engine, the files of the data folder, the settings that matter, and a
manifest with the SHA-256 of each, which is sealed by its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ektp_analysis import __version__
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.narrative.position import last_report
from ektp_analysis.office import boundary_files, identity, kept, ledger, stores
from ektp_analysis.store import moving
from ektp_analysis.store.engine import damaged
from ektp_analysis.store.records import Head

OLD = timedelta(days=31)  # after which the page and doctor ask for a new one
STORE, MANIFEST, SEAL = "store.sqlite", "manifest.json", "manifest.sha256"
OFFICE, OUTLINES, LOGO = "office", "boundaries", "settings-logo"  # where the files of the data folder lie in a backup
SETTINGS = (
    *("home_area", "language", "timezone", "office_name", "base_map", "hosts", "uploader"),
    *("login", "proxy_header", "proxy_addresses", "sisters"),
)
_LAST = "backup.json"
_NAME = re.compile(r"ektp-\d{8}-\d{6}Z(-\d+)?")
# What may lie in a backup; a manifest that names anything else is not of this program's making.
_KNOWN = re.compile(
    rf"{re.escape(STORE)}|{OFFICE}/(?:{'|'.join(map(re.escape, identity.FILES))})|{OUTLINES}/[\w-]+\.geojson|{LOGO}\.(?:png|svg)"
)
_LEFT = timedelta(days=1)  # after which what a broken backup left is removed by the next
_ATTEMPTS = 3  # to find the files of the data folder unchanged while the store is written


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. ``files``: name in its folder -> SHA-256; ``settings``: only those that were set."""

    made_at: datetime
    made_by: str
    program: str
    store: str
    head: Head
    misfits: int
    settings: Mapping[str, str]
    files: Mapping[str, str]


@dataclass(frozen=True)
class Checked:
    """A backup that was looked through: what it says of itself (None where that cannot be read), and what is wrong with it."""

    folder: Path
    manifest: Manifest | None
    faults: tuple[Text, ...]

    @property
    def good(self) -> bool:
        """Whether it is whole, and is of a store whose trail fits."""
        return self.manifest is not None and not self.faults and not self.manifest.misfits


@dataclass(frozen=True)
class Made:
    """A new backup, the earlier ones that went for it, and what of it trail or data folder could not note (None: nothing)."""

    backup: Checked
    removed: tuple[Path, ...]
    untold: Text | None


@dataclass(frozen=True)
class Last:
    """The last backup that was made from this data folder: when, where, and the entry of the trail that told last what holds."""

    at: datetime
    place: str
    head: str


def folder() -> Path:
    """Where backups go that are made from the page."""
    return settings().backup_dir or settings().data_dir / "backups"


def make(place: Path, *, keep: int | None = None, told: moving.Told | None = None) -> Made:
    """Make a backup in the folder ``place``, while others go on working; whole, or not at all.

    Args:
        keep: how many good ones of this store stay, this one included; older good ones are removed, others never. None: all.
        told: called with the entries written and those there are, where the store is on a server.

    Raises:
        UserError: nothing was stored yet, or ``keep`` is below 1.
        StoreError: the store is lost or damaged, or the folder cannot be written. Then no earlier backup is touched.
    """
    if keep is not None and keep < 1:
        raise UserError(T("At least one backup must be kept."))
    office = stores.own()
    if not office.store.head().entries:
        raise UserError(T("Nothing has been stored yet, so there is nothing to back up."))
    partial = place / f".ektp.{secrets.token_hex(4)}.part"
    try:
        partial.mkdir(0o700, parents=True)
        _clear(place)
        untold = ledger.backed_up(str(place))
        manifest = _write(partial, office, told)
        final = _free(place, manifest.made_at)
        partial.rename(final)
        sync(place)
    except OSError as error:
        raise kept.unwritable(place, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    made = check(final)
    if made.faults:
        raise StoreError(T("The backup {folder} is not whole: {reason}", folder=str(final), reason=made.faults[0]))
    removed = tuple(_rotate(place, keep, made)) if keep is not None and made.good else ()
    last = {"at": manifest.made_at.isoformat(), "place": str(final), "head": office.store.head().name}
    try:
        kept.write(_LAST, json.dumps(last).encode())
    except StoreError as error:  # the backup is whole all the same
        untold = error.message
    return Made(made, removed, untold)


def check(folder: Path) -> Checked:
    """Look through a backup: every file against the manifest, and the manifest against its seal. Nothing is changed."""
    try:
        data = (folder / MANIFEST).read_bytes()
        seal = (folder / SEAL).read_bytes()
    except OSError as error:
        return Checked(folder, None, (_unread(folder / MANIFEST, error),))
    if seal != _seal(data):
        return Checked(folder, None, (T("{file} is not what it was when the backup was made.", file=MANIFEST),))
    manifest = _manifest(data)
    if manifest is None:
        return Checked(folder, None, (T("{file} was written by a newer version of this program; update it.", file=MANIFEST),))
    faults = []
    for name, sha256 in manifest.files.items():
        if not _KNOWN.fullmatch(name):
            faults.append(T("{file} is no file of a backup.", file=name[:60]))
            continue
        try:
            found = hashed(folder / name)
        except OSError as error:
            faults.append(_unread(folder / name, error))
            continue
        if found != sha256:
            faults.append(T("{file} is not what it was when the backup was made.", file=name))
    return Checked(folder, manifest, tuple(faults))


def found(place: Path) -> list[Path]:
    """The backups in a folder, the latest first; or the folder itself, where it is one.

    Raises:
        UserError: there is none.
    """
    if (place / MANIFEST).exists() or _NAME.fullmatch(place.name):
        return [place]
    try:
        there = [one for one in place.iterdir() if _NAME.fullmatch(one.name) and one.is_dir()]
    except OSError:
        there = []
    if not there:
        raise UserError(T("There is no backup in {folder}.", folder=str(place)))
    return sorted(there, key=lambda one: (one.name[:21], len(one.name), one.name), reverse=True)


def last() -> Last | None:
    """The last backup that was made from this data folder; None where there is none, or its note cannot be read."""
    try:
        told = json.loads(kept.read(_LAST) or b"null")
        return None if told is None else Last(datetime.fromisoformat(told["at"]), str(told["place"]), str(told["head"]))
    except (ValueError, TypeError, KeyError):
        return None


def unchanged() -> Last | None:
    """The last backup, where it is still there and whole and nothing was stored since; else None."""
    made = last()
    if made is None or made.head != stores.own().store.head().name:
        return None
    checked = check(Path(made.place))
    same = checked.manifest is not None and {name: sha for name, sha in checked.manifest.files.items() if name != STORE} == {
        name: hashlib.sha256(data).hexdigest() for name, data in _office_files().items()
    }
    return made if checked.good and same else None


def reminder(now: datetime) -> Text | None:
    """What is to be said where the own store has figures and no backup, or only an old one; else None."""
    if not stores.has_own():
        return None
    made = last()
    if made is None:
        return T("No backup has been made yet. If this disk fails, every figure is lost.")
    if now - made.at > OLD:
        return TN(
            "The last backup is {n} day old. If this disk fails, everything since is lost.",
            "The last backup is {n} days old. If this disk fails, everything since is lost.",
            n=(now - made.at).days,
        )
    return None


def line(made: Last, now: datetime) -> Text:
    """When and where the last backup was made, and how old it is."""
    zone = settings().zone
    age = last_report(made.at.astimezone(zone).date(), now.astimezone(zone).date())
    return T("Last backup: {at} ({age}), in {folder}", at=made.at.astimezone(zone), age=age, folder=made.place)


def _write(partial: Path, office: stores.Office, told: moving.Told | None) -> Manifest:
    """Everything into the folder; the files of the data folder are those that the store then knew of."""
    for _ in range(_ATTEMPTS):
        before = _office_files()
        (partial / STORE).unlink(missing_ok=True)
        office.store.lay_away(partial / STORE, told)
        if before == _office_files():
            break
    else:
        raise StoreError(T("The settings or outlines are being changed; make the backup again."))
    for name, data in before.items():
        (partial / name).parent.mkdir(0o700, exist_ok=True)
        (partial / name).write_bytes(data)
    laid = moving.examine(partial / STORE)
    if not laid.sound:
        raise StoreError(damaged(office.store.place))
    manifest = Manifest(
        datetime.now(UTC),
        identity.who(),
        __version__,
        office.store.place,
        laid.head,
        laid.misfits,
        {name: str(getattr(settings(), name)) for name in SETTINGS if name in settings().model_fields_set},
        {name: hashed(partial / name) for name in (STORE, *before)},
    )
    data = json.dumps({"format": 1, **asdict(manifest)}, indent=1, sort_keys=True, default=datetime.isoformat).encode()
    (partial / MANIFEST).write_bytes(data)
    (partial / SEAL).write_bytes(_seal(data))
    for path in sorted(partial.rglob("*"), reverse=True):
        if path.is_file():
            path.chmod(0o600)
        sync(path)
    return manifest


def _office_files() -> dict[str, bytes]:
    """What is kept beside the store: the office's name, area, logo and letters, its outlines, and the logo of the settings."""
    files = {f"{OFFICE}/{name}": data for name in identity.FILES if (data := kept.read(name)) is not None}
    try:
        outlines = sorted(boundary_files.folder().glob("*.geojson"))
        files |= {f"{OUTLINES}/{path.name}": path.read_bytes() for path in outlines}
    except OSError as error:
        raise StoreError(_unread(boundary_files.folder(), error)) from error
    if (logo := settings().logo) is not None:
        with contextlib.suppress(OSError):  # where it cannot be read there is none on the slides either
            files[LOGO + logo.suffix.lower()] = logo.read_bytes()
    return {name: data for name, data in files.items() if _KNOWN.fullmatch(name)}


def _clear(place: Path) -> None:
    """Remove what backups left that were broken off a day ago or earlier."""
    for left in place.glob(".ektp*"):
        with contextlib.suppress(OSError):
            if datetime.now(UTC).timestamp() - left.stat().st_mtime > _LEFT.total_seconds():
                shutil.rmtree(left, ignore_errors=True)


def _free(place: Path, at: datetime) -> Path:
    name = f"ektp-{at:%Y%m%d-%H%M%SZ}"
    return next(path for number in range(1, 1000) if not (path := place / (name if number == 1 else f"{name}-{number}")).exists())


def newest_first(checked: Iterable[Checked]) -> list[Checked]:
    """In the order of what they hold, not of a clock that may have gone back."""

    def order(one: Checked) -> tuple[int, float, str]:
        assert one.manifest is not None
        return one.manifest.head.entries, one.manifest.made_at.timestamp(), one.folder.name

    return sorted(checked, key=order, reverse=True)


def _rotate(place: Path, keep: int, newest: Checked) -> Iterator[Path]:
    """Remove the good backups of the same store beyond so many; one that is not good stays, and does not count."""
    assert newest.manifest is not None
    checked = [newest if folder == newest.folder else check(folder) for folder in found(place)]
    first = newest.manifest.head.first
    good = [one for one in checked if one.good and one.manifest is not None and one.manifest.head.first == first]
    for one in newest_first(good)[keep:]:
        hidden = one.folder.with_name(f".{one.folder.name}.gone")
        with contextlib.suppress(OSError):  # one that cannot be removed stays
            one.folder.rename(hidden)
            shutil.rmtree(hidden, ignore_errors=True)
            yield one.folder


def _manifest(data: bytes) -> Manifest | None:
    """What a sealed manifest says; None where it is of a later form."""
    told: dict[str, Any] = json.loads(data)
    if told.pop("format") != 1:
        return None
    head = told.pop("head")
    at = None if head["at"] is None else datetime.fromisoformat(head["at"])
    return Manifest(**{**told, "made_at": datetime.fromisoformat(told["made_at"])}, head=Head(**{**head, "at": at}))


def _seal(data: bytes) -> bytes:
    """As the program sha256sum writes it."""
    return f"{hashlib.sha256(data).hexdigest()}  {MANIFEST}\n".encode()


def hashed(path: Path) -> str:
    """The SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """See that a file or the names in a folder are on the disk; where folders cannot be asked for that, only files are."""
    windows = os.name == "nt"
    if windows and path.is_dir():
        return
    number = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _unread(path: Path, error: OSError) -> Text:
    return T("{file} cannot be read: {reason}.", file=str(path), reason=error.strerror or type(error).__name__)
