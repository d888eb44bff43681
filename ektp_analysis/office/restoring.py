"""A backup put back: the newest good one of a folder into an empty place, whatever the engine there; nothing is replaced."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ektp_analysis.access import gate
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T
from ektp_analysis.office import backups, boundary_files, held, identity, kept, stores
from ektp_analysis.office.backups import Checked, Manifest
from ektp_analysis.store import moving
from ektp_analysis.store.engine import file_of
from ektp_analysis.store.one_file import for_owner
from ektp_analysis.store.records import Head
from ektp_analysis.store.troubles import NoStoreError, UnfinishedError


@dataclass(frozen=True)
class Restored:
    """What was put back: the backup, those beside it that are not whole, how many entries the lost store
    had beyond it, and the settings of the backup that are not those of here, as lines for a file .env."""

    backup: Checked
    passed: tuple[Checked, ...]
    behind: int
    settings: tuple[str, ...]


def restore(place: Path, told: moving.Told | None = None) -> Restored:
    """Put a backup back where this installation's store and data folder are: ``place`` is the backup, or a folder of backups.

    The place must be empty, or that of the very store that was lost. Broken off, the same call goes on; until it is done the
    data folder says that its store is missing.

    Raises:
        UserError: there is no backup, or none that is whole; something else is there already. Nothing was changed.
        StoreError: store or data folder cannot be written.
    """
    remembered = _remembered()
    chosen, passed = _choose(place, remembered)
    manifest = chosen.manifest
    assert manifest is not None
    moving.examine(chosen.folder / backups.STORE)  # one of a later version is refused before anything is written
    _see_empty(chosen.folder, manifest, remembered)
    behind = max(0, remembered.entries - manifest.head.entries) if remembered is not None else 0
    _remember(manifest.head, remembered)
    for name in manifest.files:
        _put_file(chosen.folder, name)
    _put_store(chosen.folder / backups.STORE, told)
    stores.close_all()
    note = {"from": chosen.folder.name, "made_at": manifest.made_at.isoformat(), "by": identity.who()}
    stores.own_store().note("restored", note, at=datetime.now(UTC))
    return Restored(chosen, passed, behind, tuple(_settings(manifest)))


def _choose(place: Path, remembered: held.Seen | None) -> tuple[Checked, tuple[Checked, ...]]:
    """The newest backup that is whole (of the store that was lost, where one was), and those that are not."""
    checked = [backups.check(folder) for folder in backups.found(place)]
    broken = tuple(one for one in checked if one.manifest is None or one.faults)
    whole = backups.newest_first(one for one in checked if one not in broken)
    if not whole:
        said = T(
            "No backup in {folder} is whole; {name}: {reason}",
            folder=str(place),
            name=broken[0].folder.name,
            reason=broken[0].faults[0],
        )
        raise UserError(said)
    of = {one.manifest.head.first: one for one in reversed(whole) if one.manifest is not None}
    if remembered is not None and remembered.first in of:
        return of[remembered.first], broken
    if len(of) > 1:
        raise UserError(
            T(
                "{folder} has backups of several stores; name one of them: {list}",
                folder=str(place),
                list=", ".join(one.folder.name for one in of.values()),
            )
        )
    return whole[0], broken


def _remembered() -> held.Seen | None:
    """What the data folder remembers of its store; what cannot be read is no hindrance, as the backup knows better."""
    try:
        return held.seen()
    except held.LostError:
        return None


def _see_empty(folder: Path, manifest: Manifest, remembered: held.Seen | None) -> None:
    """Refuse a place in which something is that the backup would replace."""
    if remembered is not None and remembered.first != manifest.head.first:
        raise UserError(
            T(
                "This data folder ({folder}) belongs to another store than the backup. Restore into an empty one: set "
                "EKTP_DATA_DIR.",
                folder=str(settings().data_dir),
            )
        )
    _see_no_store()
    for name in manifest.files:
        there, wanted = _place(name), folder / name
        if there is not None and there.exists() and there.read_bytes() != wanted.read_bytes():
            raise _taken(there)
    extra = [path for name in identity.FILES if (path := kept.folder() / name).exists()]
    extra += sorted(boundary_files.folder().glob("*.geojson"))
    for path in extra:
        if path not in {_place(name) for name in manifest.files}:
            raise _taken(path)


def _taken(path: Path) -> UserError:
    return UserError(
        T(
            "{file} is there already and is not that of the backup. A backup is only restored into an empty place: move it away, "
            "or set EKTP_DATA_DIR to an empty folder.",
            file=str(path),
        )
    )


def _see_no_store() -> None:
    """Raises UserError where the store at the address holds anything, or cannot be read."""
    try:
        with gate.apart(settings().store_url, read_only=True, create=False) as store:
            (found, _), place = store.head_and_hash(0), store.place
    except (NoStoreError, UnfinishedError):  # nothing, or a restoring of which the rest is to come
        return
    except StoreError as error:
        raise UserError(T("{reason} Move what is there away, then restore.", reason=error.message)) from error
    if found.entries or found.batch:
        raise UserError(
            T(
                "There is a store at {place} that holds something. A backup is only restored into an empty place: move it "
                "away, or choose another in EKTP_DATABASE_URL.",
                place=place,
            )
        )


def _remember(head: Head, before: held.Seen | None) -> None:
    """Let the data folder expect the store of the backup from now on."""
    now = held.seen_of(head)
    if before == now:
        return
    if before is not None:
        held.lay_aside()
    held.keep(now)


def _place(name: str) -> Path | None:
    """Where a file of a backup belongs; None for the store, which has an address."""
    kind, _, rest = name.partition("/")
    if kind == backups.OFFICE:
        return kept.folder() / Path(rest).name
    if kind == backups.OUTLINES:
        return boundary_files.folder() / Path(rest).name
    return None if name == backups.STORE else settings().data_dir / Path(name).name


def _put_file(folder: Path, name: str) -> None:
    place = _place(name)
    if place is None or place.exists():
        return
    partial = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
    try:
        place.parent.mkdir(0o700, parents=True, exist_ok=True)
        shutil.copyfile(folder / name, partial)
        backups.sync(partial)
        partial.replace(place)
        backups.sync(place.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise kept.unwritable(place, error) from error


def _put_store(file: Path, told: moving.Told | None) -> None:
    """Put the store where its address says: a file takes the place of the empty one, a server is filled."""
    path = file_of(settings().store_url)
    if path is None:
        with tempfile.TemporaryDirectory(prefix="ektp-") as folder:
            copied = Path(folder) / file.name
            shutil.copyfile(file, copied)  # opening may bring it up to this version, which a backup is not
            with gate.apart(f"sqlite:///{copied.as_posix()}") as store:
                store.copy_to(settings().store_url, told)
        return
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        for_owner(partial)
        shutil.copyfile(file, partial)
        backups.sync(partial)
        for side in ("-wal", "-shm"):  # of the lost store: it would be taken for that of the new one
            with contextlib.suppress(FileNotFoundError):
                lost = path.with_name(path.name + side)
                lost.rename(path.with_name(f"{path.stem}.lost-{datetime.now(UTC):%Y%m%d-%H%M%SZ}{path.suffix}{side}"))
        partial.replace(path)
        backups.sync(path.parent)
    except OSError as error:
        raise kept.unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def _settings(manifest: Manifest) -> list[str]:
    """The settings that are not here as they were there, as lines for .env."""
    here = {name: str(getattr(settings(), name)) for name in backups.SETTINGS}
    lines = [f"EKTP_{name.upper()}={value}" for name, value in manifest.settings.items() if here.get(name) != value]
    logo = next((name for name in manifest.files if name.startswith(backups.LOGO)), None)
    if logo is not None and settings().logo is None:
        lines.append(f"EKTP_LOGO={settings().data_dir / logo}")
    return lines
