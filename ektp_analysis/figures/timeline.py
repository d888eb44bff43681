"""The line of the office's plan, holidays and events that stand beside the figures of an area on a time axis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from ektp_analysis.core.aims import Event
from ektp_analysis.core.occasions import Occasion, between
from ektp_analysis.core.text import render
from ektp_analysis.figures.planned import Plan

LEAST_AHEAD = 28  # days: how far a plan is drawn past the figures at least


@dataclass(frozen=True)
class Along:
    """The plan of an area, and its own events; ``holidays``: whether the long ones are drawn as well."""

    plan: Plan | None = None
    events: tuple[Event, ...] = ()
    holidays: bool = True

    def until(self, first: date, last: date) -> date:
        """How far a picture of figures from ``first`` to ``last`` reaches, so that the plan ahead takes at most half of it."""
        if self.plan is None:
            return last
        return max(last, min(self.plan.by, last + max(timedelta(days=LEAST_AHEAD), last - first)))

    def occasions(self, first: date, last: date) -> tuple[Occasion, ...]:
        """What happens between two days."""
        found = between(self.events, first, last)
        return found if self.holidays else tuple(one for one in found if one.own)

    def table(self, first: date, last: date, lang: str) -> pd.DataFrame:
        """What happens between two days, as rows: its name, its first and its last day."""
        shown = self.occasions(first, last)
        return pd.DataFrame(
            {
                "event": [render(one.name, lang) for one in shown],
                "event_from": pd.to_datetime([one.first for one in shown]),
                "event_to": pd.to_datetime([one.last for one in shown]),
            }
        )


NOTHING = Along(holidays=False)
