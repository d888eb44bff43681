"""Several files at once on the page Data: one table of all that wait, by their days, one button for those without doubts, and
what became of each that was taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce

import pandas as pd
import streamlit as st

from ektp_analysis.core.area import around, register
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.ingest.report import ImportReport
from ektp_analysis.office import arrivals, identity, imports
from ektp_analysis.office.arrivals import Against, Waiting
from ektp_analysis.office.imports import Imported
from ektp_analysis.page.choices import View, stand
from ektp_analysis.page.parts import fitted, plain

MOST_DRAWN = 4  # files with what is in doubt that are drawn at once: each takes a quarter of a second on a slow laptop


@dataclass(frozen=True)
class Became:
    """What became of a file; ``failed`` says why it was not stored, None where it was or where it was not tried."""

    report: ImportReport
    done: Imported | None = None
    failed: Text | None = None

    @property
    def said(self) -> Text:
        """Its state in the table."""
        if self.failed is not None:
            return T("not stored: {reason}", reason=self.failed)
        if self.done is None:
            return T("not stored, still waiting")
        if self.done.status == "already_there":
            return self.done.reason or T("already stored")
        if self.done.submission is not None:
            return T("handed in as file {number}, waits for approval", number=str(self.done.submission.id))
        return T("accepted, upload {batch}", batch=str(self.done.batch.id if self.done.batch else "–"))


def doubt(waiting: Waiting) -> Text:
    """What speaks against taking a file in unseen, in a few words."""
    words: dict[Against, Callable[[int], Text]] = {
        Against.REFUSED: lambda _: T("refused"),
        Against.QUESTION: lambda n: TN("{n} question", "{n} questions", n=n),
        Against.RIVAL: lambda _: T("another file says otherwise"),
        Against.REVISED: lambda n: TN("revises {n} value", "revises {n} values", n=n),
        Against.WARNING: lambda n: TN("{n} warning", "{n} warnings", n=n),
    }
    found = [words[why](number) for why, number in arrivals.against(waiting).items()]
    return _listed(found) if found else T("none")


def _listed(texts: list[Text]) -> Text:
    return reduce(lambda left, right: T("{list}, {more}", list=left, more=right), texts)


def changed(waiting: Waiting) -> Text:
    """What a file would bring: only what there is of it, and what is known from a file beside it alone is not stored yet."""
    changes, beside = waiting.report.changes, waiting.beside
    found = [
        text
        for number, text in (
            (changes.new, TN("{n} figure is new", "{n} figures are new", n=changes.new)),
            (changes.same - beside, TN("{n} is known already", "{n} are known already", n=changes.same - beside)),
            (beside, TN("{n} also waits in another file", "{n} also wait in another file", n=beside)),
            (
                len(changes.revised),
                TN("{n} value is revised", "{n} values are revised", n=len(changes.revised)),
            ),
        )
        if number
    ]
    return _listed(found or [T("nothing is new")])


def sure(waiting: Mapping[str, Waiting]) -> dict[str, Waiting]:
    """The files that nothing speaks against."""
    return {key: one for key, one in waiting.items() if not arrivals.against(one)}


def folded(waiting: Mapping[str, Waiting], sure: Mapping[str, Waiting]) -> tuple[dict[str, Waiting], dict[str, Waiting]]:
    """Of the files that something speaks against the first, which are drawn, and the others, which are not."""
    most = MOST_DRAWN + st.session_state.get("upload_more", 0)
    doubtful = [(key, one) for key, one in waiting.items() if key not in sure]
    return dict(doubtful[:most]), dict(doubtful[most:])


def choose_one(view: View, unseen: Mapping[str, Waiting]) -> str | None:
    """A file that is not drawn below, to be looked at all the same."""
    return st.selectbox(
        view.say(T("Look at one of them")),
        list(unseen),
        index=None,
        key="looked_at",
        format_func=lambda key: unseen[key].report.file if key in unseen else "",
        placeholder=view.say(T("the report of a file that is not shown below")),
    )


def more(view: View, folded: int) -> None:
    """That files wait that are not drawn, and the way to draw some more of them."""
    with st.container(horizontal=True, vertical_alignment="center", key="folded"):
        text = TN(
            "{n} more file with something in doubt is waiting; it is shown once one above is done.",
            "{n} more files with something in doubt are waiting; they are shown as those above are done.",
            n=folded,
        )
        st.caption(view.say(text))
        shown = min(MOST_DRAWN, folded)
        st.button(
            view.say(TN("Show {n} more", "Show {n} more", n=shown)),
            key="more",
            icon=":material/expand_more:",
            on_click=_draw_more,
        )


def _draw_more() -> None:
    st.session_state["upload_more"] = st.session_state.get("upload_more", 0) + MOST_DRAWN


def waiting_table(view: View, waiting: Mapping[str, Waiting]) -> None:
    """All files that wait, a line each."""
    lines = [{**_line(view, one.report), "doubt": view.say(doubt(one))} for one in waiting.values()]
    _table(view, lines, "waiting")


def became_table(view: View, became: Mapping[str, Became]) -> None:
    """What became of each file of the last go."""
    _table(view, [{**_line(view, one.report), "state": view.say(one.said)} for one in became.values()], "became")


def _line(view: View, report: ImportReport) -> dict[str, object]:
    latest, days = report.latest, report.as_of_dates
    codes = report.rows["area_code"] if len(report.rows) else ()
    day = "–" if not days else view.say(T("{date}", date=days[-1]))
    if len(days) > 1:
        day = view.say(T("{first} to {last}", first=days[0], last=days[-1]))
    whole = report.status == "accepted" and latest is not None and not latest.missing.get("unrecorded")
    return {
        "file": report.file,
        "day": day,
        "area": register().name(around(codes)) if len(codes) else "–",
        "rows": len(report.rows) or pd.NA,
        "unrecorded": latest.unrecorded if whole and latest is not None and latest.unrecorded is not None else pd.NA,
    }


def _table(view: View, lines: list[dict[str, object]], key: str) -> None:
    rows = pd.DataFrame(lines).astype({"rows": "Int64", "unrecorded": "Int64"})
    fitted(view, rows, f"files_{key}")


def why_not(waiting: Mapping[str, Waiting]) -> Text:
    """How many files nothing speaks against, and why the others are not among them."""
    ready = len(sure(waiting))
    whys = Counter(next(iter(found)) for one in waiting.values() if (found := arrivals.against(one)))
    words: dict[Against, Callable[[int], Text]] = {
        Against.REFUSED: lambda n: TN("{n} is refused", "{n} are refused", n=n),
        Against.QUESTION: lambda n: TN("{n} has a question", "{n} have a question", n=n),
        Against.RIVAL: lambda n: T("{n} contradict each other", n=n),
        Against.REVISED: lambda n: TN("{n} revises what holds", "{n} revise what holds", n=n),
        Against.WARNING: lambda n: TN("{n} has a warning", "{n} have a warning", n=n),
    }
    others = [words[why](whys[why]) for why in Against if whys[why]]
    if not ready:
        return T("None of the {all} files can be accepted without a look: {others}.", all=len(waiting), others=_listed(others))
    text = TN(
        "Nothing is in doubt in {n} of {all} files.", "Nothing is in doubt in {n} of {all} files.", n=ready, all=len(waiting)
    )
    return T("{sure} Not among them, and shown below: {others}.", sure=text, others=_listed(others)) if others else text


def take(view: View, waiting: Mapping[str, Waiting], let_go: Callable[[str], None]) -> dict[str, Became]:
    """Take files in, with how far it is; ``let_go`` is called for each that is in, before anything else can happen.

    What became of each is kept in the session file by file, so that an end in between leaves a true account.
    """
    became = {key: Became(one.report) for key, one in waiting.items()}
    st.session_state["upload_became"] = became
    bar = st.progress(0.0)
    for place, (key, one) in enumerate(waiting.items()):
        said = T("Accepting {file} ({n} of {all}) …", file=plain(one.report.file), n=place + 1, all=len(waiting))
        bar.progress(place / len(waiting), view.say(said))
        try:
            done = imports.take_in(one.report, one.data, uploader=identity.who(), decided=one.decided)
        except EktpError as error:  # the next would fail alike; they go on waiting
            became[key] = Became(one.report, failed=error.message)
            break
        became[key] = Became(one.report, done)
        let_go(key)
    return became


def sentences(view: View, became: Mapping[str, Became]) -> list[tuple[str, Text]]:
    """What is said of files that were taken in or not, as kinds of boxes and texts. Every page then stands where they belong."""
    taken = [one for one in became.values() if one.done is not None]
    failed = next((one for one in became.values() if one.failed is not None), None)
    said: list[tuple[str, Text]] = []
    if failed is not None and failed.failed is not None:
        text = T("{file} was not stored: {reason}", file=failed.report.file, reason=failed.failed)
        if len(became) > 1:
            text = T(
                "{file} was not stored: {reason} {n} of {all} files are accepted; the others wait below.",
                file=failed.report.file,
                reason=failed.failed,
                n=len(taken),
                all=len(became),
            )
        said.append(("error", text))
    if taken:
        waits = any(one.done is not None and one.done.submission is not None for one in taken)
        said.append(("info" if waits else "success", _taken(taken)))
    return said


def _taken(taken: list[Became]) -> Text:
    """That files are taken in, and where every page now stands; or that they were there already."""
    handed = [one for one in taken if one.done is not None and one.done.status == "submitted"]
    if handed:
        return _waiting(taken, handed)
    rows = pd.concat([one.report.rows[["area_code", "as_of_date"]] for one in taken])
    day = rows["as_of_date"].max().date()
    where = T("{area} as of {date}", area=register().full_name(stand(rows["area_code"].unique(), day)), date=day)
    fresh = [one for one in taken if one.done is not None and one.done.status == "accepted"]
    if not fresh:
        first, reason = taken[0], taken[0].done.reason if taken[0].done else None
        if len(taken) > 1:
            return TN(
                "{n} file is already stored; nothing was added.", "{n} files are already stored; nothing was added.", n=len(taken)
            )
        return reason or T("{file} is already stored; nothing was added.", file=first.report.file)
    if len(taken) == 1:
        return T("{file} is accepted: every page now shows {where}.", file=fresh[0].report.file, where=where)
    return TN(
        "{n} file is accepted: every page now shows {where}.",
        "{n} files are accepted: every page now shows {where}.",
        n=len(fresh),
        where=where,
    )


def _waiting(taken: list[Became], handed: list[Became]) -> Text:
    """That files wait for a second person; the pages show what they showed before."""
    first = handed[0].done
    if len(taken) == 1 and first is not None and first.reason is not None:
        return T("{file} is handed in. {reason}", file=handed[0].report.file, reason=first.reason)
    said = TN(
        "{n} file is handed in and waits until somebody else approves it; until then it counts nowhere.",
        "{n} files are handed in and wait until somebody else approves them; until then they count nowhere.",
        n=len(handed),
    )
    others = len(taken) - len(handed)
    if not others:
        return said
    return TN("{said} {n} other file is stored.", "{said} {n} other files are stored.", n=others, said=said)
