"""The deck as data: which slides an area on a day has, and which blocks stand on each. No file format, no language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import Percent, T, Text
from ektp_analysis.figures.classes import Classes
from ektp_analysis.figures.measure import MapRequest
from ektp_analysis.figures.series import Reached, change_between, eligible_estimate, reached_on
from ektp_analysis.maps.measures import UNRECORDED
from ektp_analysis.maps.seen import MapChoices, classes_of, days_of
from ektp_analysis.narrative import chances, counts, forecasts, grounds, teams
from ektp_analysis.narrative import stamps as said
from ektp_analysis.narrative.notes import area_map, banners_of, cleaning, cleaning_rule, overview, projection, stands, warnings_of
from ektp_analysis.planning.proposal import Rule
from ektp_analysis.projection.result import Projection
from ektp_analysis.report.blocks import Big, Block, Changes, Dots, Fan, Lines, Map, Ranking, Teams, Trend
from ektp_analysis.report.state import State
from ektp_analysis.store.records import Edit

Told = Callable[[int, int], None]  # is told so many of so many parts are drawn
MOST_ROWS = 11  # of a table or bars on one slide
FEW = 2  # lines: a slide that would have no more joins the next one


@dataclass(frozen=True)
class Slide:
    """One slide: ``title`` is its finding, ``alt`` its message for those who do not see its picture, ``notes`` what is
    said with it and where each figure comes from."""

    key: str
    title: Text
    blocks: tuple[Block, ...]
    alt: Text
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Deck:
    """All slides with what stands on each: the stamp (None: counted figures), the banner, the state it was made from."""

    state: State
    slides: tuple[Slide, ...]
    stamp: Text | None
    banner: Text | None
    named: Text
    made: Text

    @property
    def fingerprint(self) -> str:
        """The short name of the state."""
        return self.state.fingerprint


def build(state: State) -> Deck:
    """The slides that the state carries: one for which there is nothing to show is left out."""
    at = state.standing
    banners = banners_of(at, sample=state.sample)
    modelled = state.rows is not None and bool((state.rows["status"] == "modelled").any())
    stamp = said.stamp(sample=state.sample, modelled=bool(banners) or modelled)
    made = said.made(state.known_at, state.made_at, state.version)
    changes = _changes(state)
    little = () if changes is None else _few(changes)
    slides = [
        slide
        for slide in (
            _answer(state),
            _trend(state),
            _fan(state, projected(state)),
            _zero(state),
            _map(state),
            _ranking(state),
            _when(state),
            _teams(state),
            None if little else changes,
            *_data(state, banners, little, unchanged=changes is None),
        )
        if slide is not None
    ]
    sources = (T("Source: {source}", source=state.source), made, T("short name of this report: {name}", name=state.fingerprint))
    noted = tuple(
        Slide(one.key, one.title, one.blocks, one.alt, (*dict.fromkeys((*one.notes, *banners, *sources)),)) for one in slides
    )
    return Deck(state, noted, stamp, banners[0] if banners else None, said.named(state.area, state.as_of), made)


def snapshots(history: pd.DataFrame, most: int = MOST_ROWS) -> tuple[tuple[date, int | None, Percent | None], ...]:
    """The last snapshots: day, unrecorded, and coverage by counts, else as printed."""
    rows = []
    for row in history.tail(most).itertuples():
        printed = "" if pd.isna(row.coverage_reported) else str(row.coverage_reported)
        share = counts.printed(printed) if pd.isna(row.coverage) else Percent(float(row.coverage))
        rows.append((row.as_of_date.date(), None if pd.isna(row.unrecorded) else int(row.unrecorded), share))
    return tuple(rows)


def projected(state: State) -> Projection:
    """The projection that the slides show: the target's while it is open and rests on the figures of the day, else zero."""
    found = state.to_target
    return found if found.answered and not found.ends_before(state.as_of) else state.to_zero


def reached(state: State, target: Target) -> Reached:
    """Since when a target holds."""
    return reached_on(state.history, target)


def _answer(state: State) -> Slide:
    at, figure = state.standing, state.standing.figure
    assert figure is not None
    target = reached(state, state.target)
    title = state.heading or overview(at, state.target, target, state.to_target)
    share = counts.percent_of(figure, state.target)
    change = counts.change(change_between(state.history))
    big: int | Percent | Text
    if figure.unrecorded is not None:
        big, label, coverage = figure.unrecorded, T("residents unrecorded"), counts.coverage(figure, state.target)
    elif share is not None:
        big, label, coverage = share, T("coverage"), counts.unrecorded(at)
    else:
        big, label, coverage = T("unknown"), T("residents unrecorded"), counts.coverage(figure, state.target)
    lines = (
        change,
        T("as of {date}", date=state.as_of),
        *state.by_plan[1:],
        coverage,
    )
    return Slide(
        "answer",
        title,
        (Big(big, label, lines),),
        title,
        (title, *lines, *state.by_plan[:1], counts.source(at), counts.eligible(eligible_estimate(state.history))),
    )


def _stalled(found: Projection) -> tuple[Text, ...]:
    """That the campaign stalls, where it does."""
    said = grounds.stalled(found)
    return () if said is None else (said,)


def _trend(state: State) -> Slide | None:
    if state.history["unrecorded"].notna().sum() < 2:
        return None
    known = state.history.dropna(subset=["eligible_low", "eligible_high"])
    allowed = (
        None
        if state.target.is_zero or known.empty
        else (
            state.target.remaining(int(known["eligible_low"].iloc[-1])),
            state.target.remaining(int(known["eligible_high"].iloc[-1])),
        )
    )
    halted = _stalled(projected(state))
    title = halted[0] if halted else counts.change(change_between(state.history))
    notes = [
        T(
            "{date}: {people}, {coverage}",
            date=day,
            people=T("number of unrecorded not known") if n is None else counts.people(n),
            coverage=T("coverage not known") if share is None else T("coverage {share}", share=share),
        )
        for day, n, share in snapshots(state.history)
    ]
    drawn = Trend(state.history, state.target, allowed, snapshots(state.history), state.along)
    return Slide("trend", title, (drawn,), title, (title, *state.by_plan, *notes))


def _zero(state: State) -> Slide | None:
    """Zero by itself, while what the slides project is another target."""
    return None if projected(state).target.is_zero else _fan(state, state.to_zero, "zero")


def _fan(state: State, found: Projection, key: str = "fan") -> Slide | None:
    if not found.answered:
        return None
    title, along = projection(found, reached(state, found.target)), state.along
    if along.plan is not None and along.plan.aim.target != found.target:
        along = replace(along, plan=None)
    notes = (title, *_stalled(found), _stands(state), chances.basis(found), *found.notes)
    return Slide(key, title, (Fan(state.history, found, along),), title, notes)


def _stands(state: State) -> Text:
    """The day, how many are left, and of which days and areas: said with each slide about areas or days ahead."""
    return stands(state.standing, T("as of {date}", date=state.as_of))


def _map(state: State) -> Slide | None:
    rows, shapes = state.rows, state.boundaries
    if rows is None or shapes is None or not rows["reported"].any() or len(shapes.shapes) < 2:
        return None
    found = _classes(state)
    title = area_map(rows, state.area)
    half = counts.concentration(rows)
    notes = () if half is None else (half,)
    return Slide("map", title, (Map(shapes, found, rows),), title, (title, _stands(state), *notes, shapes.credited))


def _classes(state: State) -> Classes:
    """The classes of the unrecorded as the page Peta has them at first: found on this day, wide enough for all days."""
    assert state.rows is not None and state.level is not None
    rows, figures = state.rows, state.rolled
    asked = MapChoices(UNRECORDED, state.level, days_of(figures, state.area), None, MapRequest(day=state.as_of))
    reported = figures[(figures["level"] == int(state.level)) & figures["headline"]]
    return classes_of(asked, reported, lambda _day: rows, state.boundaries)[0]


def _ranking(state: State) -> Slide | None:
    rows = state.rows
    if rows is None or not rows["unrecorded"].sum() > 0:
        return None
    known = rows[rows["unrecorded"].notna()]
    shown = known if len(known) == len(rows) <= MOST_ROWS + 1 else known.head(MOST_ROWS)
    rest = said.rest(len(known) - len(shown), int(known["unrecorded"].iloc[len(shown) :].sum()), len(rows) - len(known))
    half = counts.concentration(rows)
    title = half or counts.ranking(rows)
    return Slide(
        "ranking",
        title,
        (Ranking(shown.reset_index(drop=True), _classes(state), rest),),
        counts.ranking(rows),
        (counts.ranking(rows), _stands(state), counts.silence(state.standing)),
    )


def _when(state: State) -> Slide | None:
    found = projected(state)
    if not found.answered or found.origin is None:
        return None
    rows = []
    for day, label in state.dates:
        given = said.by(found, day)
        if given is not None and day > found.origin:
            rows.append((day, label, *given))
    by = (rows[0][0], rows[0][1]) if rows else None
    title = chances.chance_by(found, by[0]) if by else chances.chance_never(found)
    notes = tuple(chances.chance_by(found, day) for day, *_rest in rows)
    whom = forecasts.zero_means(found)
    return Slide(
        "when",
        title,
        (Dots(found, by, tuple(rows)),),
        title,
        (*notes, chances.chance_never(found), *_stalled(found), chances.basis(found), *(() if whom is None else (whom,))),
    )


def _teams(state: State) -> Slide | None:
    """The plan of visits that was saved last, where there is one."""
    if state.teams is None:
        return None
    made, name = state.teams.plan, state.teams.name
    title = teams.heading(made)
    largest = made.comparison(Rule.LARGEST)
    whole = T("plan '{name}', on assumptions: {finding}", name=name, finding=title)
    lines = (
        T("plan '{name}'; it rests on assumptions", name=name),
        *(() if largest is None else (teams.beside(made, largest),)),
        teams.basis(made),
        *(() if made.hinge is None else (teams.hinge(made.hinge),)),
    )
    notes = [teams.beside(made, one) for one in made.comparisons] + [teams.worth(one) for one in made.worth]
    return Slide(
        "plan", title, (Teams(made, lines, whole),), title, (whole, *lines, teams.left(made), *notes, teams.proven(made))
    )


def _changes(state: State) -> Slide | None:
    if state.before is None or state.before.as_of_date is None:
        return None
    change = change_between(state.history)
    since = state.before.as_of_date
    lines = [counts.change(change)]
    rows = pd.DataFrame() if state.rows is None else state.rows[state.rows["change"].notna()]
    finding = said.moved(rows) if len(rows) else None  # of all areas, though the chart shows only some
    if finding is not None:
        lines.append(finding)
        rows = rows[rows["change"] != 0]
    if len(rows):
        rows = rows.reindex(rows["change"].abs().sort_values(ascending=False, kind="stable").index).head(MOST_ROWS)
    who = said.newly(state.standing, state.before)
    if not len(rows) and who is None and state.revised.empty:
        return None  # the trend says the change already, and the data that nothing was corrected
    lines += [*(() if who is None else (who,)), said.revised(state.revised, since)]
    title = T("Since {date}: {finding}", date=since, finding=finding) if len(rows) else lines[0]
    shown = [line for line in lines if line is not (finding if len(rows) else lines[0])]  # the title says that one already
    return Slide("changes", title, (Changes(rows.reset_index(drop=True), tuple(shown)),), title, tuple(lines))


def _few(slide: Slide) -> tuple[Text, ...]:
    """Its lines, where it has nothing else and no more than :data:`FEW`."""
    block = slide.blocks[0]
    alone = isinstance(block, Lines) or (isinstance(block, Changes) and not len(block.rows))
    lines = block.lines if isinstance(block, (Lines, Changes)) else ()
    return lines if alone and len(lines) <= FEW else ()


def _data(state: State, banners: Sequence[Text], little: Sequence[Text], *, unchanged: bool) -> list[Slide]:
    at = state.standing
    first = [
        counts.source(at),
        *(() if at.child_level is None else (counts.silence(at),)),
        *banners,
        *warnings_of(at, state.today),
        *cleaned(state),
        *little,
        *_aged(projected(state)),
    ]
    if unchanged and state.before is not None and state.before.as_of_date is not None:
        first.append(said.revised(state.revised, state.before.as_of_date))
    credit = () if state.boundaries is None else (state.boundaries.credited,)
    made = said.made(state.known_at, state.made_at, state.version)
    names = T("{one}; {other}", one=made, other=T("short name of this report: {name}", name=state.fingerprint))
    if state.trail:
        names = T("{one}; {other}", one=names, other=T("trail: {head}", head=state.trail))
    last = [*said.METHOD, T("Source: {source}", source=state.source), *credit, names]
    if len(first) <= FEW:
        both = (*first, *last)
        return [Slide("data", said.whole(at), (Lines(both),), said.whole(at), both)]
    return [
        Slide("data", said.whole(at), (Lines(tuple(first)),), said.whole(at), tuple(first)),
        Slide("method", T("Method and sources"), (Lines(tuple(last)),), T("Method and sources"), tuple(last)),
    ]


def cleaned(state: State) -> tuple[Text, ...]:
    """Who of the unrecorded is to be cleaned off the list; nothing where neither figures nor visits say so."""
    return () if state.cleaning is None else (cleaning(state.cleaning), *cleaning_rule(state.cleaning))


def _aged(found: Projection) -> tuple[Text, ...]:
    """How old the figures of a date are, and the chance that it has come unseen, where they are old."""
    if found.old is None:
        return ()
    return found.notes[:1] if found.reason is None else (found.reason.text,)


__all__ = ["Edit", "completed", "edited"]


def completed(deck: Deck, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits, and those slides of the deck that they do not name, last. Edits of slides that it lacks today stay."""
    named = {edit.key for edit in edits}
    return *edits, *(Edit(slide.key) for slide in deck.slides if slide.key not in named)


def edited(deck: Deck, edits: Sequence[Edit]) -> Deck:
    """The slides in the order of the edits; those switched off are left out, those not named come last."""
    by_key = {slide.key: slide for slide in deck.slides}
    return replace(
        deck,
        slides=tuple(_edited(by_key[edit.key], edit) for edit in completed(deck, edits) if edit.shown and edit.key in by_key),
    )


def _edited(slide: Slide, edit: Edit) -> Slide:
    title = T("{one}", one=edit.title.strip()) if edit.title.strip() else slide.title
    lines = [line.strip() for line in edit.notes.splitlines() if line.strip()]
    return replace(slide, title=title, notes=tuple(T("{one}", one=line) for line in lines) or slide.notes)
