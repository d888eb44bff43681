"""What an office's own laptop knows as one signed file, and that file opened elsewhere, where the office is trusted.

The file is a zip: a manifest of the batches of figures and visits of an area with who brought them when and what was decided,
its Ed25519 signature, and the bytes that they were read from. Figures are not in it: they are read from the bytes again, as
everywhere. A file holds all that the office has, so a later one replaces an earlier one.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ektp_analysis import __version__
from ektp_analysis.access import gate, outsiders
from ektp_analysis.access.outsiders import Kind
from ektp_analysis.access.people import Role
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.text import T
from ektp_analysis.office import kept
from ektp_analysis.office.stores import Office
from ektp_analysis.store.records import Batch
from ektp_analysis.store.visits import VisitBatch

KEY = "exchange.key"  # beside the office's other files; whoever has it can sign as the office
MANIFEST, SIGNATURE, FILES = "manifest.json", "signature", "files/"
FORMAT, PREFIX = 1, b"ektp exchange 1\n"  # what is signed begins so, and can be taken for nothing else
MOST_FILES, MOST_MANIFEST, MOST_FILE, MOST_ALL = 20_000, 100_000_000, 200_000_000, 2_000_000_000  # bytes, but for the first
_BROKEN = T("This is no exchange file, or it is damaged; ask the office for it again.")


@dataclass(frozen=True)
class Parcel:
    """A file whose signature is that of a trusted ``office``: what it says, and its bytes by their hash."""

    office: str
    areas: tuple[str, ...]
    said: Mapping[str, Any]
    files: Mapping[str, bytes]
    sha256: str


def public_key() -> str:
    """The key by which others know this office's files, as text; made at the first time.

    Raises:
        NotAllowedError: whoever acts may not do everything here.
        StoreError: the data folder cannot be read or written.
    """
    gate.need(Role.ADMIN)
    return _text(_private().public_key())


def _private() -> Ed25519PrivateKey:
    place = kept.folder() / KEY
    if kept.read(KEY) is None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
                out.write(Ed25519PrivateKey.generate().private_bytes_raw())
        except FileExistsError:
            pass  # somebody else made it at the same moment
        except OSError as error:
            raise kept.unwritable(place, error) from error
    try:
        return Ed25519PrivateKey.from_private_bytes(kept.read(KEY) or b"")
    except ValueError as error:
        raise StoreError(T("{file} is no key; restore it from a backup, or remove it and tell the new key.", file=KEY)) from error


def _text(key: Ed25519PublicKey) -> str:
    return base64.urlsafe_b64encode(key.public_bytes_raw()).decode().rstrip("=")


def _key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(text.strip() + "="))
    except ValueError as error:
        raise UserError(T("'{text}' is no key of an office, as its command exchange key prints it.", text=text[:60])) from error


def trust(name: str, key: str, area: str) -> None:
    """Take files of an office from now on, signed with this key, about an area and all in it.

    Raises:
        UserError: no such key; an office of this name, or with this key, is trusted already.
        NotAllowedError: whoever acts does not look after the area.
    """
    text, there = _text(_key(key)), outsiders.known(Kind.OFFICE)
    for other, known in there.items():
        if not known.withdrawn and (known.identity == text or outsiders.key(Kind.OFFICE, name) == known.key):
            raise UserError(T("The office {name} is trusted already, with the key {key}.", name=other, key=known.identity))
    outsiders.add(Kind.OFFICE, name, text, {area: Role.UPLOADER})


def export(office: Office, area: str) -> bytes:
    """All batches of an area with their bytes, as one signed file.

    Raises:
        UserError: there are none.
        NotAllowedError: whoever acts does not look after the area.
    """
    gate.need(Role.ADMIN, area)
    store = office.store
    head, figures, visits = store.head(), store.batches_in(area), store.batches_in(area, visits=True)
    batches = [one for one in reversed(store.batches()) if figures.get(one.id)]
    visited = [one for one in reversed(store.visit_batches()) if visits.get(one.id)]
    if not batches and not visited:
        raise UserError(T("There is no batch of {area} to hand on.", area=register().name(area)))
    files = {one.sha256: store.original(one.id)[1] for one in batches}
    files |= {one.sha256: store.visits_original(one.id)[1] for one in visited}
    private = _private()
    manifest = json.dumps(
        {
            "format": FORMAT,
            "program": __version__,
            "key": _text(private.public_key()),
            "area": area,
            "made_at": datetime.now(UTC).isoformat(),
            "store": head.first,
            "entries": head.entries,
            "batches": [_batch(one) for one in batches],
            "visits": [_batch(one) for one in visited],
        },
        ensure_ascii=False,
    ).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(MANIFEST, manifest)
        made.writestr(SIGNATURE, private.sign(PREFIX + manifest))
        for sha256, data in files.items():
            made.writestr(FILES + sha256, data)
    return out.getvalue()


def _batch(one: Batch | VisitBatch) -> dict[str, Any]:
    gone = one.retracted
    return {
        "batch": one.id,
        "name": one.name,
        "sha256": one.sha256,
        "uploader": one.uploader,
        "received_at": one.received_at.isoformat(),
        "rows": one.rows,
        "choices": dict(one.choices),
        "report": dict(one.report),
        "retracted": {"at": gone.at.isoformat(), "by": gone.by, "reason": gone.reason} if gone else None,
    }


def from_file(path: Path) -> bytes:
    """The bytes of a file. Raises UserError where it is larger than any parcel, StoreError where it cannot be read."""
    try:
        if path.stat().st_size > MOST_ALL:
            raise UserError(T("The exchange file is larger than any that this program writes."))
        return path.read_bytes()
    except OSError as error:
        raise StoreError(
            T("{file} cannot be read: {reason}.", file=path.name, reason=error.strerror or type(error).__name__)
        ) from error


def opened(data: bytes) -> Parcel:
    """A file, once its signature is found to be that of an office that is trusted.

    Raises:
        UserError: it is no such file; nobody who is trusted signed it; it was altered.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            manifest = _member(file, MANIFEST, MOST_MANIFEST)
            said = json.loads(manifest)
            office, areas = _signed(said["key"], _member(file, SIGNATURE, 64), manifest)
            _see_shape(said)
            wanted = dict.fromkeys(one["sha256"] for one in (*said["batches"], *said["visits"]))
            if len(wanted) > MOST_FILES or sum(one.file_size for one in file.infolist()) > MOST_ALL:
                raise UserError(T("The exchange file is larger than any that this program writes."))
            files = {sha256: _member(file, FILES + sha256, MOST_FILE) for sha256 in wanted}
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise UserError(_BROKEN) from error
    if any(hashlib.sha256(content).hexdigest() != sha256 for sha256, content in files.items()):
        raise UserError(_BROKEN)
    return Parcel(office, areas, said, files, hashlib.sha256(data).hexdigest())


def _member(file: zipfile.ZipFile, name: str, most: int) -> bytes:
    if file.getinfo(name).file_size > most:
        raise ValueError(name)
    with file.open(name) as content:
        return content.read(most)


def _signed(key: Any, signature: bytes, manifest: bytes) -> tuple[str, tuple[str, ...]]:
    """The office whose signature it is, and the areas about which it may speak."""
    for name, known in outsiders.known(Kind.OFFICE).items():
        if known.identity == key and not known.withdrawn:
            try:
                _key(known.identity).verify(signature, PREFIX + manifest)
            except InvalidSignature as error:
                altered = T("The signature of the exchange file is not that of {name}: it was altered.", name=name)
                raise UserError(altered) from error
            return name, tuple(known.roles)
    raise UserError(
        T(
            "Nobody who is trusted here has signed this file. Its key is {key}; where the office says that this is its key, "
            "trust it: exchange trust NAME KEY --area CODE",
            key=str(key)[:60],
        )
    )


_SHAPE: Mapping[str, type | tuple[type, ...]] = {
    "batch": int, "name": str, "sha256": str, "uploader": str, "received_at": str, "rows": int, "choices": dict, "report": dict,
    "retracted": (dict, type(None)),
}  # fmt: skip


def _see_shape(said: Any) -> None:
    if said["format"] != FORMAT:
        raise UserError(T("The exchange file is from a later version of this program; update it here first."))
    if not (isinstance(said["area"], str) and isinstance(said["store"], str) and isinstance(said["entries"], int)):
        raise TypeError
    for one in (*said["batches"], *said["visits"]):
        if not all(isinstance(one[name], kind) for name, kind in _SHAPE.items()):
            raise TypeError
        if (gone := one["retracted"]) is not None and not all(isinstance(gone[name], str) for name in ("at", "by", "reason")):
            raise TypeError
