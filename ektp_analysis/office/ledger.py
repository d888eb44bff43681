"""What the trail is told beside the store's own rows: settings, outlines, files handed out; and how the clock stands to it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ektp_analysis.access import gate
from ektp_analysis.access.guarded import Guarded
from ektp_analysis.access.people import Role
from ektp_analysis.boundaries.matching import Report
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.office import boundary_files, identity, papers
from ektp_analysis.office.stores import Office, own_store, reading_store
from ektp_analysis.report.logo import Logo
from ektp_analysis.store.records import Difference
from ektp_analysis.store.trail import EXPORT, misfit

CLOCK_TOLD = timedelta(minutes=1)  # clocks of several machines that share a store differ by less


def keep_home(area: str) -> None:
    """Keep the area that opens first, as :func:`identity.keep_home` does, and tell the trail. Raises as it does."""
    gate.need(Role.ADMIN)
    identity.keep_home(area)
    _note("setting", name="home_area", value=area)


def keep_name(name: str) -> None:
    """Keep the office's name, as :func:`identity.keep_name` does, and tell the trail. Raises as it does."""
    gate.need(Role.ADMIN)
    identity.keep_name(name)
    _note("setting", name="office_name", value=identity.kept_here()["office_name"])


def keep_logo(data: bytes, file: str) -> Logo:
    """Keep a logo, as :func:`identity.keep_logo` does, and tell the trail. Raises as it does."""
    gate.need(Role.ADMIN)
    found = identity.keep_logo(data, file)
    _note("setting", name="logo", value=identity.kept_here()["logo"])
    return found


def remove_logo() -> None:
    """Forget the logo that was taken in, as :func:`identity.remove_logo` does, and tell the trail. Raises as it does."""
    gate.need(Role.ADMIN)
    identity.remove_logo()
    _note("setting", name="logo", value=None)


def keep_letter(kind: str, lang: str, data: bytes, file: str) -> None:
    """Keep a template of a letter, as :func:`papers.keep_template` does, and tell the trail. Raises as it does."""
    gate.need(Role.ADMIN)
    papers.keep_template(kind, lang, data, file)
    _note_letter(kind, lang)


def remove_letter(kind: str, lang: str) -> None:
    """Forget the office's template of a letter, as :func:`papers.remove_template` does, and tell the trail. Raises as it does."""
    gate.need(Role.ADMIN)
    papers.remove_template(kind, lang)
    _note_letter(kind, lang)


def _note_letter(kind: str, lang: str) -> None:
    name = Path(identity.LETTERS[kind, lang]).stem
    _note("setting", name=name, value=identity.kept_here()[name])


def keep_outlines(report: Report) -> str:
    """Keep the outlines of a report, as :func:`boundary_files.save` does, and tell the trail. Gives the name of the file."""
    gate.need(Role.ADMIN)
    path = boundary_files.save(report)
    _note("outline", name=path.name, value=_sha256(path.read_bytes()))
    return path.name


def remove_outlines(name: str) -> bool:
    """Remove outlines by their name and tell the trail; False where there are none of this name."""
    gate.need(Role.ADMIN)
    removed = boundary_files.remove(name)
    if removed:
        _note("outline", name=name, value=None)
    return removed


def differences(store: Guarded) -> list[Difference]:
    """Settings and outlines that are not what the last entry about them says, by its number."""
    brand = identity.kept_here()
    found = []
    for kind in ("setting", "outline"):
        last = {str(told.get("name")): (number, told.get("value")) for number, told in store.noted(kind).items()}
        for name, (number, value) in last.items():
            now = brand.get(name) if kind == "setting" else _outlines(name)
            if now != value:
                said = T("{name}: what is in the data folder is not what the entry says.", name=name)
                found.append(misfit(number, said))
    return sorted(found, key=lambda one: int(str(one.stored)))


def _outlines(name: str) -> str | None:
    path = boundary_files.folder() / Path(name).name
    return _sha256(path.read_bytes()) if path.is_file() else None


def handed_out(office: Office, what: str, data: bytes, name: str = "") -> Text | None:
    """Tell the trail of a file of the office's own figures; ``name`` is the short name of the state that it shows.

    Gives a sentence where that cannot be, for the store can only be read; the file is not to blame.
    """
    if office.sample:
        return None
    try:
        own_store().note(EXPORT, {"what": what, "name": name, "value": _sha256(data), "by": identity.who()}, at=_now())
    except StoreError as error:
        return T("This file is not in the trail: {reason}", reason=error.message)
    return None


def backed_up(place: str) -> Text | None:
    """Tell the trail of a backup that is about to be made, so that the backup has this entry too; else as :func:`handed_out`."""
    try:
        own_store().note(EXPORT, {"what": "backup", "name": place, "by": identity.who()}, at=_now())
    except StoreError as error:
        return T("This file is not in the trail: {reason}", reason=error.message)
    return None


def clock() -> Text | None:
    """What is to be said where the clock is behind the last entry; None where it is not."""
    now = _now()
    behind = reading_store().behind(now)
    if behind < CLOCK_TOLD:
        return None
    return T(
        "The clock of this computer says {now}, which is {span} before the last entry of the store. What is stored now counts "
        "from the time of that entry ({last}); correct the clock.",
        now=now.astimezone(settings().zone),
        span=_span(behind),
        last=(now + behind).astimezone(settings().zone),
    )


def _span(delta: timedelta) -> Text:
    minutes = delta // timedelta(minutes=1)
    if minutes < 2 * 60:
        return TN("{n} minute", "{n} minutes", n=minutes)
    hours = minutes // 60
    return TN("{n} hour", "{n} hours", n=hours) if hours < 2 * 24 else TN("{n} day", "{n} days", n=hours // 24)


def _note(kind: str, *, name: str, value: str | None) -> None:
    own_store().note(kind, {"name": name, "value": value, "by": identity.who()}, at=_now())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
