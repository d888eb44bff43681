"""Whose figures of a week an office waits for: the areas one level below, as far as whoever asks may see them whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ektp_analysis.core.area import register
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, Text, render
from ektp_analysis.figures import weekly
from ektp_analysis.figures.weekly import Missing, Week
from ektp_analysis.narrative import awaited
from ektp_analysis.office import reviewing
from ektp_analysis.office.stores import Office


@dataclass(frozen=True)
class Awaited:
    """Who lacks figures of a week in an area. ``areas``: how many were looked at; ``unseen``: how many were not, as whoever asks
    does not see all of them."""

    area: str
    week: Week
    areas: int
    unseen: int
    missing: tuple[Missing, ...]
    reminder: Text | None

    @property
    def headline(self) -> Text:
        """How many are awaited."""
        return awaited.headline(self.area, self.week, self.missing, self.areas)

    @property
    def left_out(self) -> Text | None:
        """That areas were not looked at; None where all were."""
        if not self.unseen:
            return None
        return TN(
            "{n} area of which you do not see all is left out.",
            "{n} areas of which you do not see all are left out.",
            n=self.unseen,
        )

    def to_json(self, lang: str) -> dict[str, Any]:
        """Plain values for the command line."""
        return {
            "area": self.area,
            "week": {"first": self.week.monday.isoformat(), "last": self.week.sunday.isoformat()},
            "areas": self.areas,
            "unseen": self.unseen,
            "missing": [
                {
                    "area": one.area,
                    "name": register().full_name(one.area),
                    "lack": one.lack.value,
                    "last": one.last.isoformat() if one.last else None,
                    "absent": list(one.absent),
                }
                for one in self.missing
            ],
            "reminder": None if self.reminder is None else render(self.reminder, lang),
        }


def today() -> date:
    """The day of the clock in the zone of the installation."""
    return datetime.now(settings().zone).date()


def look(office: Office, area: str, day: date | None = None) -> Awaited:
    """Who lacks figures of the week of a day, today's otherwise, one level below an area."""
    now = today()
    week, inside = Week.of(day or now), register().children(area)
    seen = [code for code in inside if office.store.sight.whole(code)]
    figures = office.store.figures(within=area)[["area_code", "as_of_date"]]
    handed = [] if office.sample else [
        code
        for one in reviewing.waiting()
        if any(week.monday.isoformat() <= str(of) <= week.sunday.isoformat() for of in one.submission.report["as_of_dates"])
        for code in one.submission.areas
    ]  # fmt: skip
    found = weekly.missing(figures, seen, week, handed)
    return Awaited(area, week, len(seen), len(inside) - len(seen), found, awaited.reminder(week, found, now))
