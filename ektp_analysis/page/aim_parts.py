"""The office's aim on a page: the plan that it draws for the chosen area."""

from __future__ import annotations

from ektp_analysis.figures.planned import Plan, plan_of
from ektp_analysis.page.choices import View


def plan(view: View) -> Plan | None:
    """The line that the aim draws for the chosen area, None where there is none."""
    aim = view.aim
    return None if aim is None else plan_of(view.history, aim, broken_on=view.project(aim.target).inputs.broken_on)
