"""The program as a whole: ``run`` starts it, ``doctor`` and ``verify`` say whether all is well; ``store anew`` and ``keep``."""

from __future__ import annotations

import contextvars
import runpy
import sys
from typing import Any

import click

from ektp_analysis.cli.nation_commands import crew_options, keep_ready
from ektp_analysis.cli.spoken import (
    DONE,
    FAILED,
    SpokenCommand,
    SpokenGroup,
    emit,
    json_option,
    lang_option,
    language,
    option,
    sample_option,
    say,
)
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import IN_WHEEL, PROJECT
from ektp_analysis.core.text import TN, T, render
from ektp_analysis.office import checkup, imports, stores
from ektp_analysis.store.records import Difference

HEAD = "17-1f0c9e2ab33d4c5e"
_HELD = {
    True: T("The entry that you noted elsewhere is in the trail."),
    False: T("The entry that you noted elsewhere is not in the trail: the trail was rewritten, or is older."),
}


def _asked(sample: bool) -> stores.Office:
    """The store to be verified: the own one also where it holds visits alone."""
    return stores.own() if not sample and stores.own().store.visit_batches() else stores.asked(sample=sample)


def _difference_json(one: Difference) -> dict[str, Any]:
    return {
        "batch": one.batch_id,
        **({"visits": True} if one.visits else {}),
        "file": one.batch_name,
        "area_code": one.area_code or None,
        "as_of_date": one.as_of_date.isoformat() if one.as_of_date else None,
        "column": one.column,
        "stored": str(one.stored),
        "read": str(one.read),
    }


@click.command("verify", cls=SpokenCommand, text=T("Read every kept file again and compare every figure."))
@option("--head", metavar="NAME", text=T("An entry of the trail that you noted elsewhere, such as 17-1f0c9e2ab33d4c5e."))
@sample_option
@json_option
@lang_option
@click.pass_context
def verify(ctx: click.Context, head: str | None, sample: bool, as_json: bool) -> None:
    """Exit 3 if the store differs from its own kept bytes, from its trail, or does not have the entry that was kept elsewhere."""
    now = _asked(sample)
    held = None if head is None else now.store.holds(head)
    if head is not None and held is None:
        raise click.BadParameter(render(T("'{text}' is not of the form {form}.", text=head[:40], form=HEAD), language()), ctx)
    differences, count = imports.verify(now), now.store.info().batches
    if as_json:
        emit(
            {
                "batches": count,
                "sample": now.sample,
                "trail": stores.head_of(now).name or None,
                **({} if head is None else {"head": {"name": head, "held": held}}),
                "differences": [_difference_json(one) for one in differences],
            }
        )
    else:
        for one in differences:
            say(one.text())
        if not differences:
            say(TN("{n} batch: every figure agrees with its file.", "{n} batches: every figure agrees with its file.", n=count))
            if not now.sample:
                last = stores.head_of(now).name
                say(T("Every entry of the trail fits. To check it later, note this name elsewhere: {head}.", head=last))
        if held is not None:
            say(_HELD[held])
    ctx.exit(DONE if not differences and held is not False else FAILED)


@click.group("store", cls=SpokenGroup, text=T("The store as a whole."))
@lang_option
def store() -> None:
    """What is done with it."""


@store.command("anew", cls=SpokenCommand, text=T("Start this data folder anew after its store was lost; nothing is deleted."))
@json_option
@lang_option
def anew(as_json: bool) -> None:
    """With the store that is at its address, or an empty one."""
    now = stores.anew()
    batches = now.store.info().batches
    if as_json:
        emit({"store": now.store.place, "batches": batches})
        return
    say(TN("{n} batch is in the store {place}.", "{n} batches are in the store {place}.", n=batches, place=now.store.place))
    say(T("From now on this data folder uses it; the note about the lost store is kept beside it."))


@store.command("keep", cls=SpokenCommand, text=T("Make what a server keeps ready for maps and first pages, where it is missing."))
@crew_options
@lang_option
def keep(workers: int | None, scheduler: str) -> None:
    """After an upgrade, or after many imports by commands; a server that runs does the same by itself."""
    made = keep_ready(workers, scheduler)
    if made is None:
        say(T("A store in a file keeps nothing ready: what is asked for is made then."))
    else:
        say(TN("{n} part was made; all is ready.", "{n} parts were made; all is ready.", n=made))


@click.command("doctor", cls=SpokenCommand, text=T("Check versions, store, fonts and boundaries, and say what to mend."))
@option("--start", is_flag=True, text=T("Only what a start needs: a store that serves and a free port."))
@option("--port", type=click.IntRange(1, 65_535), default=8501, show_default=True, text=T("The port that must be free."))
@json_option
@lang_option
@click.pass_context
def doctor(ctx: click.Context, start: bool, port: int, as_json: bool) -> None:
    """Exit 3 if anything has to be mended."""
    if start:
        _ready(port)
        return
    findings = list(checkup.examine())
    if as_json:
        emit(
            [
                {
                    "name": one.name,
                    "well": one.well,
                    "text": render(one.text, language()),
                    "mend": None if one.well or one.mend is None else render(one.mend, language()),
                }
                for one in findings
            ]
        )
    else:
        for one in {render(one.text, language()): one for one in findings}.values():  # one fault may be met by several
            say(
                T("ok    {text}", text=one.text)
                if one.well or one.mend is None
                else T("MEND  {text} {mend}", text=one.text, mend=one.mend)
            )
    ctx.exit(DONE if all(one.well for one in findings) else FAILED)


@click.command("run", cls=SpokenCommand, text=T("Start the app and print its address; Ctrl+C ends it."))
@option("--port", type=click.IntRange(1, 65_535), default=8501, show_default=True, text=T("The port to listen on."))
@option("--address", default="localhost", show_default=True, text=T("The address to listen on; localhost is this machine only."))
@lang_option
@click.pass_context
def run(ctx: click.Context, port: int, address: str) -> None:
    """As `make run` does; from whatever folder, with the settings of its file .env where it has one."""
    _ready(port)
    sys.argv = ["streamlit", "run", str(PROJECT / "app.py"), "--server.port", str(port), "--server.address", address]
    try:  # in a context of its own: the server acts for whoever comes in, and not for who started it
        contextvars.Context().run(runpy.run_module, "streamlit", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        ctx.exit(end.code if isinstance(end.code, int) else DONE if end.code is None else FAILED)


def _ready(port: int) -> None:
    """Raises StoreError where the store cannot serve or the port is taken."""
    stores.check_store()
    if not checkup.port_is_free(port):
        raise StoreError(
            T(
                "Port {port} is taken by another program; stop it, or start with another port: {command}.",
                port=str(port),
                command=f"ektp run --port {port + 1}" if IN_WHEEL else f"make run PORT={port + 1}",
            )
        )
