"""A shared server's data folder: a province with offices that see some of it, and its people."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from ektp_analysis.access import gate, roster
from ektp_analysis.access.guarded import Guarded
from ektp_analysis.access.people import Role
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO
from ektp_analysis.office import stores
from ektp_analysis.store.records import Arrangement, Edit, PlanScenario
from ektp_analysis.store.visits import Received
from tests.engines import reading, visited

OWN, SISTER, LACKING, PRINTED, OTHER = "75.05", "75.04", "75.01", "75.02", "71.01"
AT = datetime(2024, 2, 1, 3, tzinfo=UTC)
ROLES = {"loket": Role.READER, "unit": Role.UPLOADER, "camat": Role.APPROVER, "sekretaris": Role.ADMIN}
PASSWORD = "kuda lumping biru"


def rows(area: str, day: str = "2024-01-01", **counts: int) -> dict[str, Any]:
    return {"area_code": area, "as_of_date": day, "eligible": 7000, "unrecorded": 10, **counts}


def inside(area: str) -> list[str]:
    return [code for code in register().codes(Level.KECAMATAN) if code.startswith(area + ".")]


def commit(store: Guarded, *given: dict[str, Any], name: str) -> int:
    made = store.commit(
        reading(*given), data=name.encode(), name=name, uploader="x", received_at=AT, choices={}, report={"warnings": []}
    )
    return made.batch.id


def fill(*, plans: bool = True) -> None:
    """Put into the store of the settings what the tests look at; ``plans``: also saved ones, which no page can read."""
    with gate.acting_as(gate.OPERATOR):
        store = stores.own_store()
        for area, unrecorded in ((OWN, 10), (SISTER, 4177)):
            commit(store, *(rows(code, unrecorded=unrecorded) for code in inside(area)), name=f"{area}.csv")
        commit(store, *(rows(code) for code in inside(LACKING)[:2]), name="kurang.csv")
        commit(store, rows(PRINTED), rows("75"), name="cetak.csv")
        commit(store, rows(OTHER, unrecorded=6389), name="sulut.csv")
        commit(
            store, rows(inside(OWN)[0], "2024-01-08"), rows(inside(SISTER)[0], "2024-01-08", unrecorded=4177), name="campur.csv"
        )
        for code in (inside(OWN)[0], inside(SISTER)[0]):
            desa = visited({"day": "2024-01-03", "area_code": code, "came": 70})
            store.commit_visits(desa, Received(code.encode(), code, "x", AT, {}, {}))
        for area in (OWN, SISTER, "75"):
            store.set_aim(area, ZERO, date(2025, 1, 1), by="x", at=AT)
            store.add_event(area, date(2024, 1, 1), date(2024, 1, 2), f"Pameran {area}", by="x", at=AT)
            store.save_deck(Arrangement(area, False, "Rapat", (Edit("map"),)), over=None, by="x", at=AT)
            if plans:
                store.keep_plan_scenario(PlanScenario(area, False, "Tim", {"teams": 1}), over=None, by="x", at=AT)
            store.add_alert_event(("stall", area, f"stall {area}"), "raised", by="x", at=AT)
            store.remember_aliases(area, {"Kota": OWN if area == "75" else f"{area}.01"}, by="x", at=AT)
        for key, role in ROLES.items():
            roster.add(key, key.title())
            roster.grant(key, role, OWN)
        roster.add("prov")
        roster.grant("prov", Role.ADMIN, "75")
        roster.add("none")
        roster.add("pergi")
        roster.grant("pergi", Role.READER, OWN)
        roster.withdraw("pergi")


def start(patch: pytest.MonkeyPatch, folder: Path, **environment: str) -> None:
    said = {"EKTP_DATA_DIR": str(folder), "EKTP_LOGIN": "accounts", "EKTP_LANGUAGE": "en", "EKTP_DATABASE_URL": "", **environment}
    for name, value in said.items():
        patch.setenv(name, value)
    settings.cache_clear()
    stores.close_all()


@contextlib.contextmanager
def folder_of(place: Path, way: str) -> Iterator[None]:
    """This process is the machine on which the server's data lie."""
    with pytest.MonkeyPatch.context() as patch:
        start(patch, place, EKTP_LOGIN=way)
        with gate.acting_as(gate.OPERATOR):
            yield
        stores.close_all()
    settings.cache_clear()
