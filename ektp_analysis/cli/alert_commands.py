"""``alerts``: what is new in an area, each told once; seen, closed with a reason, opened again."""

from __future__ import annotations

import sys
from typing import Any

import click

from ektp_analysis.cli.spoken import AreaType, SpokenCommand, SpokenGroup, emit, json_option, lang_option, language, option, say
from ektp_analysis.core.area import register
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, Text, render, sentence
from ektp_analysis.narrative import alerting
from ektp_analysis.office import identity, stores, watch
from ektp_analysis.office.watch import Look, Watched
from ektp_analysis.projection.rules import RULES
from ektp_analysis.store.records import AlertEvent

NEW = 4  # exit code: a new alert is among those that were told


class _AlertsGroup(SpokenGroup):
    """``alerts`` is ``alerts tell``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without the name of a command, it is the telling that is asked for."""
        known = any(word in self.commands or word in ctx.help_option_names for word in args)
        return super().parse_args(ctx, args if known else ["tell", *args])


@click.group("alerts", cls=_AlertsGroup, text=T("What needs attention: told once, seen, closed with a reason."))
@lang_option
def alerts() -> None:
    """What is done with alerts."""


@alerts.command(
    "tell",
    cls=SpokenCommand,
    text=T("Tell what is new in an area and in those inside, each once; ends with 4 where something is. Short: alerts."),
)
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))
@option("--all", "every", is_flag=True, text=T("List all that are open; none counts as told by it."))
@json_option
@lang_option
@click.pass_context
def tell(ctx: click.Context, area: str | None, every: bool, as_json: bool) -> None:
    """What is told is kept only once it is written: what could not be written is told again."""
    now = stores.asked(sample=False)
    found = watch.look(now, area or identity.home_area())
    shown = found.open if every else found.new
    if as_json:
        emit(_json(found, shown, every))
    else:
        _say(found, shown, every)
    sys.stdout.flush()
    if not every:
        watch.tell(shown)
    if found.new:
        ctx.exit(NEW)


def _say(found: Look, shown: tuple[Watched, ...], every: bool) -> None:
    """A line for each, or that there is nothing."""
    if found.on is None:
        say(T("{area}: no figures, so nothing was looked for", area=register().full_name(found.area)))
    elif not shown:
        say(alerting.nothing(found.area, every=every))
    else:
        say(T("{area}, by the figures of {date}", area=register().full_name(found.area), date=found.on))
    for one in shown:
        say(T("- {finding}", finding=alerting.said(one.alert)))
        for text in _became(one):
            click.echo("    " + sentence(text, language()))
        click.echo("    " + one.alert.key)
    if not found.asked:
        say(alerting.UNASKED, err=True)


def _became(one: Watched) -> list[Text]:
    zone = settings().zone
    found = []
    if one.seen is not None:
        found.append(alerting.seen(one.seen.by, one.seen.at.astimezone(zone).date()))
    if one.before is not None:
        found.append(alerting.before(one.before.by, one.before.at.astimezone(zone).date(), one.before.reason))
    return found


def _json(found: Look, shown: tuple[Watched, ...], every: bool) -> dict[str, Any]:
    return {
        "area": found.area,
        "name": register().full_name(found.area),
        "as_of_date": found.on.isoformat() if found.on else None,
        "all": every,
        "new": len(found.new),
        "looked_for_stalls": found.asked,
        "alerts": [_one_json(one) for one in shown],
    }


def _one_json(one: Watched) -> dict[str, Any]:
    alert, lang = one.alert, language()
    return {
        "key": alert.key,
        "kind": str(alert.kind),
        "severity": str(RULES[alert.kind].severity),
        "area": alert.area,
        "name": register().name(alert.area),
        "since": alert.since.isoformat(),
        "new": one.new,
        "text": sentence(alerting.said(alert), lang),
        "figures": alert.as_dict(),
        "threshold": RULES[alert.kind].threshold,
        "rule": render(alerting.asked(alert.kind), lang),
        "seen": _event_json(one.seen),
        "closed_before": _event_json(one.before),
    }


def _event_json(event: AlertEvent | None) -> dict[str, Any] | None:
    if event is None:
        return None
    return {"by": event.by, "at": event.at.isoformat(), "reason": event.reason or None}


def _done(event: AlertEvent, as_json: bool, said: Text) -> None:
    if as_json:
        emit({"key": event.key, "event": event.event, **(_event_json(event) or {})})
    else:
        say(said, capital=False)


@alerts.command("see", cls=SpokenCommand, text=T("Say that you have seen an alert; it stays open."))
@click.argument("key")
@json_option
@lang_option
def see(key: str, as_json: bool) -> None:
    """By its name."""
    made = watch.mark_named(stores.asked(sample=False), key, watch.SEEN)
    _done(made, as_json, T("{key}: seen", key=made.key))


@alerts.command("close", cls=SpokenCommand, text=T("Close an alert, with the reason; it is given again when it happens anew."))
@click.argument("key")
@option("--reason", required=True, text=T("Why it is closed, in a few words."))
@json_option
@lang_option
def close(key: str, reason: str, as_json: bool) -> None:
    """By its name."""
    made = watch.mark_named(stores.asked(sample=False), key, watch.CLOSED, reason=reason)
    _done(made, as_json, T("{key}: closed", key=made.key))


@alerts.command("reopen", cls=SpokenCommand, text=T("Open an alert again that was closed."))
@click.argument("key")
@json_option
@lang_option
def reopen(key: str, as_json: bool) -> None:
    """By its name."""
    made = watch.mark_named(stores.asked(sample=False), key, watch.REOPENED)
    _done(made, as_json, T("{key}: open again", key=made.key))
