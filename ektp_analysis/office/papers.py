"""The papers of a plan: which files there are, made from a plan and the office's templates; and the templates themselves.

What makes them is loaded when they are asked for, so that a page or a command without papers starts no later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, Text, render, sentence
from ektp_analysis.narrative import on_papers, stamps
from ektp_analysis.office import identity, kept
from ektp_analysis.office.stores import Office
from ektp_analysis.planning.proposal import Plan, Work

MOST_SHEETS = 600  # at once: 15 seconds on two cores, a quarter of a minute in which nobody else's file is made


@dataclass(frozen=True)
class Paper:
    """One file of papers: its key, what its button says, the name of its file without area and days, its ending, its kind of
    content, and what is in it.
    """

    key: str
    label: Text
    file: str
    ending: str
    mime: str
    about: Text


PAPERS = (
    Paper(
        "papers zip",
        T("All papers (ZIP)"),
        "berkas-rencana",
        "zip",
        "application/zip",
        T("Day sheets and all papers as PDF, letters as DOCX, texts for the groups, calendars."),
    ),
    Paper(
        "papers pdf",
        T("All papers (PDF)"),
        "berkas-rencana",
        "pdf",
        "application/pdf",
        T("The calendar by team, the day sheets, the letters and the texts, to print."),
    ),
    Paper(
        "papers sheets",
        T("Day sheets (PDF)"),
        "lembar-kunjungan",
        "pdf",
        "application/pdf",
        T("A sheet per team and day, to fill in by hand."),
    ),
    Paper(
        "papers calendar",
        T("Calendar (ICS)"),
        "jadwal",
        "ics",
        "text/calendar",
        T("The days of all teams, for a calendar on phone or computer."),
    ),
)


def paper(key: str) -> Paper:
    """The paper of a key. Raises KeyError where there is none."""
    return {one.key: one for one in PAPERS}[key]


def file_name(one: Paper, plan: Plan) -> str:
    """How the file of a plan is called: with the area and the days."""
    first, last = on_papers.days(plan)
    return f"{one.file}_{plan.request.area}_{first.isoformat()}_{last.isoformat()}.{one.ending}"


def between(plan: Plan, first: date | None, last: date | None) -> Plan:
    """The plan with the days from ``first`` to ``last`` alone, both included (None: no bound); what it says of itself stays.

    Raises:
        UserError: nobody is out on these days.
    """
    kept_days = tuple(
        one for one in plan.assignments if (first is None or one.day >= first) and (last is None or one.day <= last)
    )
    if not any(one.work is Work.VISIT for one in kept_days):
        out = [one.day for one in plan.assignments if one.work is Work.VISIT]
        if not out:
            raise UserError(T("The plan sends nobody anywhere, so there are no papers."))
        raise UserError(
            T(
                "No team is out on these days; the plan has visits from {first} to {last}, so choose days of these.",
                first=min(out),
                last=max(out),
            )
        )
    return replace(plan, assignments=kept_days)


def sheets(plan: Plan) -> int:
    """How many day sheets a plan has."""
    return len({(one.team, one.day) for one in plan.assignments if one.work is Work.VISIT})


def few_enough(plan: Plan) -> None:
    """Raises UserError where a plan has more sheets than are made at once."""
    if (n := sheets(plan)) > MOST_SHEETS:
        raise UserError(T("These are {n} day sheets; at most {most} are made at once. Choose fewer days.", n=n, most=MOST_SHEETS))


def made(office: Office, key: str, plan: Plan, name: str, lang: str, *, told: Callable[[int, int], None] | None = None) -> bytes:
    """A file of :data:`PAPERS` from a plan; ``name`` is that of its scenario ('': none), ``told`` hears how far it is.

    Raises:
        UserError: no visit, too many sheets, a template that cannot be filled in, or the logo is no picture.
        StoreError: a PDF cannot be set, or the data folder cannot be read.
    """
    from ektp_analysis.report import day_sheets, handouts

    plan = between(plan, None, None)
    if key != "papers calendar":
        few_enough(plan)
    brand = identity.current()
    frame = day_sheets.Frame(
        lang, brand.name, brand.logo, name, datetime.now(settings().zone).replace(microsecond=0), stamp(office, plan, lang)
    )
    makers: dict[str, Callable[[], bytes]] = {
        "papers zip": lambda: handouts.zipped(plan, frame, template, told),
        "papers pdf": lambda: handouts.everything(plan, frame, list(handouts.filled(plan, frame, template))),
        "papers sheets": lambda: day_sheets.sheets_pdf(plan, frame),
        "papers calendar": lambda: handouts.calendar(plan, frame),
    }
    return makers[key]()


def stamp(office: Office, plan: Plan, lang: str) -> str:
    """The few words on papers from a sample's or modelled figures; '' for counts."""
    figures = office.store.figures(within=plan.request.area)
    status = figures.loc[figures["as_of_date"].dt.date == plan.origin, "status"]
    found = stamps.stamp(sample=office.sample, modelled="modelled" in set(status))
    return "" if found is None else sentence(found, lang)


def areas(plan: Plan) -> list[str]:
    """The areas that get a letter and a text, in the order in which they are first visited."""
    from ektp_analysis.report import handouts

    return handouts.visited(plan)


def message(plan: Plan, area: str, lang: str) -> str:
    """The text for the group of an area, to copy."""
    from ektp_analysis.report import handouts

    return handouts.message(plan, area, identity.current().name, lang)


def template(kind: str, lang: str) -> tuple[bytes, str]:
    """The template of a letter and how it is called in messages: the office's own, else the one that comes with the program.

    Raises:
        StoreError: the data folder cannot be read.
    """
    from ektp_analysis.report import letters

    file = identity.LETTERS[str(kind), lang]
    own = kept.read(file)
    return (letters.standard(letters.Kind(kind), lang), f"{kind}.{lang}.docx") if own is None else (own, file)


def is_own(kind: str, lang: str) -> bool:
    """Whether the office has a template of its own for a letter."""
    return (kept.folder() / identity.LETTERS[kind, lang]).is_file()


def keep_template(kind: str, lang: str, data: bytes, file: str) -> None:
    """Keep a template in the data folder, for everyone who uses it, once it is seen that it can be filled in.

    Raises:
        UserError: it is no DOCX, asks for a field that is not known, is too large, or holds a personal number.
        StoreError: the data folder cannot be written.
    """
    from ektp_analysis.report import letters

    letters.check(data, file, letters.Kind(kind))
    kept.write(identity.LETTERS[kind, lang], data)


def remove_template(kind: str, lang: str) -> None:
    """Forget the office's own template; the one that comes with the program holds again. Raises StoreError."""
    kept.remove(identity.LETTERS[kind, lang])


def fields(kind: str) -> Text:
    """What a template may name, as a sentence."""
    from ektp_analysis.report import letters

    return T(
        "Fields: {fields}; and in each row of {rows}: {row}.",
        fields=", ".join("{{ %s }}" % one for one in letters.FIELDS[letters.Kind(kind)]),  # noqa: UP031 - braces are the template's
        rows=letters.ROWS,
        row=", ".join(letters.ROW),
    )


LABELS: dict[str, Text] = {"village": T("Letter to the village head"), "task": T("Task letter (surat tugas)")}


def label(kind: str, lang: str) -> str:
    """How a letter is called."""
    return render(LABELS[kind], lang)
