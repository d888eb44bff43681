"""``plan``: where the teams go next, with its chance; saved under a name, opened again, held against what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import pandas as pd

from ektp_analysis.cli.import_commands import content
from ektp_analysis.cli.nation_commands import each_options
from ektp_analysis.cli.spoken import (
    DONE,
    REFUSED,
    AreaType,
    DayType,
    SpokenCommand,
    TargetType,
    emit,
    json_option,
    known_at_option,
    lang_option,
    language,
    option,
    sample_option,
    say,
)
from ektp_analysis.cli.telling import tell_clock
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, Text, sentence
from ektp_analysis.ingest.visit_report import VisitChoices
from ektp_analysis.narrative import no_plan
from ektp_analysis.narrative import teams as said
from ektp_analysis.office import identity, planning, stores, visiting
from ektp_analysis.office.planning import Scenario
from ektp_analysis.office.stores import Office
from ektp_analysis.planning import frames, saving
from ektp_analysis.planning.proposal import Against, Infeasible, Plan, Work
from ektp_analysis.planning.request import Goal, Request


@click.command(
    "plan", cls=SpokenCommand, text=T("Where the teams go next: a plan of visits, with what it reaches and its chance.")
)
@option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))
@option("--teams", type=click.IntRange(0, 10_000), text=T("How many teams there are."))
@option("--from", "start", type=DayType(), text=T("Its first day; the day after the figures otherwise, or today."))
@option("--by", type=DayType(), text=T("Its last day; the end of the month after otherwise."))
@option(
    "--goal", type=click.Choice([one.value for one in Goal]), text=T("What it is for; as many recorded as possible otherwise.")
)
@option(
    "--target",
    type=TargetType(),
    text=T("zero, or a coverage such as 99.4; without it, what the office aims at, else the national one until it is reached."),
)
@option(
    "--visits",
    "visits",
    type=click.Path(path_type=Path),
    text=T("A file of visits to learn from beside those that are stored; it is not stored."),
)
@option("--scenario", metavar="NAME", text=T("Save the plan under this name; alone, open the one that is saved under it."))
@each_options
@option("--list", "listed", is_flag=True, text=T("List the plans that are saved for the area."))
@option("--forget", metavar="NAME", text=T("Forget the plan that is saved under this name; nothing is deleted."))
@known_at_option
@sample_option
@json_option
@lang_option
@click.pass_context
def plan(  # noqa: PLR0913 - each is an option of the command
    ctx: click.Context,
    area: str | None,
    teams: int | None,
    start: date | None,
    by: date | None,
    goal: str | None,
    target: Target | None,
    visits: Path | None,
    scenario: str | None,
    listed: bool,
    forget: str | None,
    known_at: date | None,
    sample: bool,
    as_json: bool,
) -> None:
    """Exit 1 where there is no plan; what is nearest to it is said."""
    code, now = area or identity.home_area(), stores.asked(sample=sample)
    if listed:
        _list(code, sample, known_at, as_json)
        return
    if forget is not None:
        _forget(planning.named(forget, code, sample=sample), as_json)
        return
    asked: dict[str, Any] = {
        "teams": teams,
        "start": start,
        "by": by,
        "goal": None if goal is None else Goal(goal),
        "target": target,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    if scenario is not None and not given and visits is None:
        kept = planning.named(scenario, code, sample=sample, known_at=known_at)
        _tell(now, kept.plan, kept, known_at, as_json)
        return
    more = None if visits is None else _visits(visits, code)
    found = planning.made(now, replace(planning.usual(now, code), **given), more=more, known_at=known_at)
    if isinstance(found, Infeasible):
        _tell_none(now, found, known_at, as_json)
        ctx.exit(REFUSED)
    one = None if scenario is None else _save(now, scenario, found)
    _tell(now, found, one, known_at, as_json)
    ctx.exit(DONE)


def _save(now: Office, name: str, found: Plan) -> Scenario:
    """Under a name, in the place of what is saved under it."""
    before = planning.scenarios(found.request.area, sample=now.sample)
    same = [one for one in before if " ".join(one.name.split()).casefold() == " ".join(name.split()).casefold()]
    tell_clock()
    return planning.save(now, name, found, over=same[0].version if same else None)


def _visits(path: Path, area: str) -> pd.DataFrame:
    """The visits of a file. Raises UserError where it is refused or asks something."""
    report = visiting.read(content(path), path.name, VisitChoices(area=area))
    if report.accepted:
        return report.rows
    why: list[Text] = [*(fault.text() for fault in report.faults), *(question.text for question in report.questions)]
    text = why[0] if why else report.reason or T("The file was not accepted, so nothing was stored.")
    raise UserError(T("no plan: {why}", why=text))


def _list(area: str, sample: bool, known_at: date | None, as_json: bool) -> None:
    found = planning.scenarios(area, sample=sample, known_at=known_at)
    for one in found:
        if as_json:
            emit({**_scenario_json(one), "heading": sentence(said.heading(one.plan), language())})
        else:
            say(T("{name}: {finding}", name=one.name, finding=said.heading(one.plan)), capital=False)
    if not found and not as_json:
        say(T("No plan is saved for {area}.", area=register().full_name(area)), err=True)


def _forget(one: Scenario, as_json: bool) -> None:
    planning.forget(one.id)
    tell_clock()
    if as_json:
        emit(_scenario_json(one))
    else:
        say(T("plan forgotten: {name}", name=one.name))


def _tell(now: Office, found: Plan, one: Scenario | None, known_at: date | None, as_json: bool) -> None:
    """A plan; one that is saved also beside what was done since."""
    on = planning.latest_day(now, found, known_at=known_at)
    done = planning.done(now, found, on, known_at=known_at) if one is not None and on >= found.request.start else None
    if as_json:
        emit({**_about(now, found.request, known_at), "plan": saving.plain(found), **_said(found), **_kept(one, done)})
        return
    say(T("{area} ({code})", area=register().full_name(found.request.area), code=found.request.area))
    say(said.heading(found))
    say(said.basis(found))
    say(said.left(found))
    for line in _lines(found):
        say(line)
    for row in frames.calendar(found).itertuples():
        say(_row(row))
    if done is not None:
        say(said.against(done))
    say(said.ASSUMED)
    for assumed in found.assumptions:
        name, value, basis = said.assumption(assumed)
        say(T("{name}: {value}; {basis}", name=name, value=value, basis=basis))
    if one is not None:
        say(T("plan saved: {name}", name=one.name), err=True)


def _lines(found: Plan) -> list[Text]:
    """What stands beside a plan, what would change it, where it hangs."""
    lines = [*(said.beside(found, one) for one in found.comparisons), said.proven(found)]
    lines += [said.worth(one) for one in found.worth]
    if found.weaker is not None:
        lines.append(said.weaker(found.weaker))
    if found.hinge is not None:
        lines.append(said.hinge(found.hinge))
    if found.printing is not None:
        lines.append(said.printing(found, found.printing))
    return lines


def _row(row: Any) -> Text:
    first, last = row.plan_first.date(), row.plan_last.date()
    days = T("{one}", one=first) if first == last else T("{first} to {last}", first=first, last=last)
    if row.work == Work.TRAVEL:
        return T("Team {n}: on the way, {area}, {days}", n=int(row.plan_team), area=row.name, days=days)
    return T(
        "Team {n}: {area}, {days} ({team_days}, about {people} recorded)",
        n=int(row.plan_team),
        area=row.name,
        days=days,
        team_days=said.team_days(int(row.plan_days)),
        people=int(row.expected),
    )


def _tell_none(now: Office, found: Infeasible, known_at: date | None, as_json: bool) -> None:
    """Why there is no plan: as JSON on stdout, the sentence on stderr."""
    why = no_plan.none(found)
    if as_json:
        emit(
            {**_about(now, found.request, known_at), "plan": None, **saving.nearest(found), "sentence": sentence(why, language())}
        )
    say(T("no plan: {why}", why=why), err=True)


def _about(now: Office, request: Request, known_at: date | None) -> dict[str, Any]:
    return {
        "area": request.area,
        "name": register().full_name(request.area),
        "sample": now.sample,
        "known_at": known_at.isoformat() if known_at else None,
        "trail": stores.head_of(now, known_at).name or None,
    }


def _said(found: Plan) -> dict[str, Any]:
    """What a plan says in words, its calendar and its areas as the page shows them."""
    lang = language()
    names = ("assumed", "value", "basis")
    return {
        "heading": sentence(said.heading(found), lang),
        "basis": sentence(said.basis(found), lang),
        "lines": [sentence(line, lang) for line in (said.left(found), *_lines(found))],
        "calendar": _rows(frames.calendar(found)),
        "areas": _rows(frames.areas(found)),
        "assumptions": [
            dict(zip(names, (sentence(part, lang) for part in said.assumption(one)), strict=True)) for one in found.assumptions
        ],
    }


def _rows(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; days as ISO text, what is missing is null."""

    def one(value: Any) -> Any:
        if pd.isna(value):
            return None
        if isinstance(value, pd.Timestamp):
            return value.date().isoformat()
        return value.item() if hasattr(value, "item") else value

    return [{str(name): one(value) for name, value in row.items()} for row in rows.to_dict("records")]


def _kept(one: Scenario | None, done: Against | None) -> Mapping[str, Any]:
    scenario = None if one is None else _scenario_json(one)
    return {"scenario": scenario, **({} if done is None else {"done": saving.plain(done)})}


def _scenario_json(one: Scenario) -> dict[str, Any]:
    return {
        "scenario": one.id,
        "area": one.area,
        "name": one.name,
        "by": one.by,
        "at": None if one.at is None else one.at.isoformat(),
    }
