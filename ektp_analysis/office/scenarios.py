"""Plans of visits under a name: saved with all that they held, found again, forgotten. No plan is ever changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T
from ektp_analysis.ingest.opening.personal import in_text
from ektp_analysis.office import held
from ektp_analysis.office.identity import who
from ektp_analysis.office.stores import Office, own_store, reading_store
from ektp_analysis.planning import saving
from ektp_analysis.planning.proposal import Plan
from ektp_analysis.store.memory import deck_key
from ektp_analysis.store.records import PlanScenario

FORMAT = 1  # of a plan as it is saved
Moment = date | datetime | None


@dataclass(frozen=True)
class Scenario:
    """A plan as it was saved last under a name: who, and when (UTC); ``sample``: on the sample's figures. ``id`` names it in
    links and stays for all versions of a name, ``version`` does not."""

    id: int
    version: int
    area: str
    sample: bool
    name: str
    plan: Plan = field(hash=False)
    by: str
    at: datetime | None


def scenarios(area: str, *, sample: bool, known_at: Moment = None) -> list[Scenario]:
    """The plans saved for an area, the latest first; those on the sample's figures are kept in the own store as well, apart."""
    found = [one for one in reading_store().plan_scenarios(known_at=known_at) if (one.area, one.sample) == (area, sample)]
    return [_read(one) for one in sorted(found, key=lambda one: -one.version)]


def scenario(number: int, *, known_at: Moment = None) -> Scenario | None:
    """The saved plan of a number; None where there is none, or no more, or none at that moment."""
    found = (one for one in reading_store().plan_scenarios(known_at=known_at) if one.id == number)
    return next((_read(one) for one in found), None)


def named(name: str, area: str, *, sample: bool, known_at: Moment = None) -> Scenario:
    """The plan saved for an area under a name; case and blanks do not matter.

    Raises:
        UserError: there is none, or was none at that moment.
    """
    for one in scenarios(area, sample=sample, known_at=known_at):
        if deck_key(one.name) == deck_key(name):
            return one
    raise UserError(T("No plan named '{name}' is saved for {area}; the list shows which there are.", name=name[:80], area=area))


def shown(area: str, *, sample: bool, known_at: Moment = None) -> Scenario | None:
    """The plan of an area that its slides and papers show: the one saved last. None where none is saved.

    Slides of the sample do without where the own store, in which its plans are kept too, was never made or cannot be opened.
    """
    try:
        return None if sample and held.seen() is None else next(iter(scenarios(area, sample=sample, known_at=known_at)), None)
    except StoreError:
        if sample:
            return None
        raise


def save(office: Office, name: str, planned: Plan, *, over: int | None = None, by: str = "") -> Scenario:
    """Save a plan under a name. ``over`` is the version that it replaces, None where the name is to be new.

    Raises:
        UserError: the name holds a personal number; or as :meth:`Store.keep_plan_scenario`.
    """
    if in_text(name) or in_text(" ".join(name.split())):
        raise UserError(T("A name holds a personal number (NIK); it is not kept."))
    wanted = PlanScenario(planned.request.area, office.sample, name, {"format": FORMAT, "plan": saving.plain(planned)})
    kept = own_store().keep_plan_scenario(wanted, over=over, by=by or who(), at=datetime.now(settings().zone))
    return _read(kept)


def forget(number: int, *, by: str = "") -> None:
    """Let a saved plan hold no more; nothing is deleted. Raises UserError where there is none of this number."""
    own_store().forget_plan_scenario(number, by=by or who(), at=datetime.now(settings().zone))


def _read(kept: PlanScenario) -> Scenario:
    try:
        if kept.plan["format"] != FORMAT:
            raise ValueError
        found = saving.built(Plan, kept.plan["plan"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(
            T("The saved plan '{name}' cannot be read: another version of the program made it, or it is damaged.", name=kept.name)
        ) from error
    return Scenario(kept.id, kept.version, kept.area, kept.sample, kept.name, found, kept.by, kept.at)
